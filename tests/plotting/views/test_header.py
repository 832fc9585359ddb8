"""The lines above the panels: in columns, within the picture, and true of the run."""

import re

import pytest
from matplotlib.figure import Figure

from plotting.theme import LIGHT, use_theme
from plotting.views.base import Style, best_design, check_legible, new_figure
from plotting.views.header import Header, RunHeader, final_words, floored, rate_text
from plotting.views.story import DESIGNS
from regression import (
    Run,
    UserError,
    drawn,
    finish,
    noisy_line,
    safe_rate,
    snapshots_of,
    train,
)
from tests.plotting.helpers import DATA, run_of

FIELDS = [["Epoch 1 of 5", "learning rate 0.1", "y = 1x + 2"], ["half of the distance"]]


def header_of(width: int) -> Header:
    with use_theme(LIGHT):
        return Header(Figure((width / 100, 4), 100), Style(), [FIELDS])


@pytest.mark.parametrize(("width", "lines"), [(600, 2), (260, 3), (180, 4)])
def test_a_row_that_is_too_long_goes_on_in_the_next_line(width: int, lines: int) -> None:
    header = header_of(width)
    header.set_texts(FIELDS)
    boxes = [artist.get_window_extent() for artist in header.artists]
    assert len({box.y0 for box in boxes}) == lines
    assert max(box.x1 for box in boxes) <= width
    assert 400 - header.bottom == pytest.approx(19 * lines + 7, abs=1)


def test_columns_stay_whatever_is_written_in_them() -> None:
    header = header_of(600)
    header.set_texts(FIELDS)
    before = [artist.get_window_extent().x0 for artist in header.artists]
    header.set_texts([["1", "", "y"], [""]])
    assert [artist.get_window_extent().x0 for artist in header.artists] == before
    assert header.artists[1].get_text() == ""


def test_fields_of_a_row_that_is_closed_up_follow_each_other() -> None:
    with use_theme(LIGHT):
        samples = [[["a long beginning", "end"]], [["short", "end"]]]
        header = Header(Figure((6, 4), 100), Style(), samples, closed_up=[0])
    for texts in (["short", "end"], ["a long beginning", "end"], ["", "end"]):
        header.set_texts([texts])
        first, second = header.artists
        assert second.left == first.left + first.width


def test_what_is_longer_than_its_room_ends_in_an_ellipsis() -> None:
    header = header_of(300)
    header.set_texts([["Epoch 1 of 5", "x", "y"], ["word " * 40]])
    last = header.artists[-1]
    assert last.get_text().endswith("\N{HORIZONTAL ELLIPSIS}")
    assert last.get_window_extent().x1 <= 300


@pytest.mark.parametrize("value", [1 / 101, 0.0303606, 1.0, 9.999, 1.234e-300, 123456.0])
def test_a_limit_is_never_rounded_up(value: float) -> None:
    text = floored(value).replace(",", "")
    head, _, power = text.partition("·10")
    power = power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    number = float(f"{head}e{power or 0}")
    assert value * 0.989 <= number <= value * (1 + 1e-12)


def test_the_rate_is_compared_with_the_safe_limit() -> None:
    assert (
        rate_text(run_of("ordinary")[1].convergence) == "learning rate 0.0001 (safe up to 0.0099)"
    )
    times = 0.05 / safe_rate(DATA)
    text = rate_text(run_of("diverging")[1].convergence)
    assert float(re.findall(r"\((\S+) times", text)[0]) == pytest.approx(times, rel=0.01)


@pytest.mark.parametrize("lr", [0.0099009, 0.00990099009, 0.00991, 0.0099011])
def test_a_rate_is_shown_on_its_side_of_the_limit(lr: float) -> None:
    text = rate_text(finish(train(DATA, lr=lr, epochs=2)).convergence)
    shown = [float(each) for each in re.findall(r"\d[\d.]*", text)]
    if lr <= safe_rate(DATA):
        assert shown[0] <= shown[1]
        assert shown[0] == pytest.approx(lr, rel=1e-4)
    else:
        assert shown[1] > 1


@pytest.mark.parametrize("noise", [0, 1])
def test_a_shuffled_run_hovers_or_converges_once_and_for_all(noise: float) -> None:
    """Its single lines come near the mean and leave it again."""
    data = noisy_line(noise=noise)
    run = finish(train(data, lr=0.003, epochs=500, shuffle=True))
    history = drawn(run.history, 40)
    with use_theme(LIGHT):
        header = RunHeader(new_figure(Style(), (960, 620)), Style(), run, history)
        said = []
        for snapshot in snapshots_of(history):
            header.update(snapshot)
            said.append(" ".join(each.get_text() for each in header.artists))
    word = "hovers around" if noise else "has converged"
    other = "has converged" if noise else "hover"
    assert not any(other in text for text in said)
    since = [word in text for text in said]
    assert any(since)
    assert sorted(since) == since
    assert (run.average_cost is None) == (noise == 0)


def words(run: Run) -> str:
    last = run.last
    assert last is not None
    return final_words(run.convergence, last.line, last.epoch, run.settings.epochs)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("ordinary", "74% of the distance; within 1% after 1,295 more epochs"),
        ("diverging", "overflows in epoch 17"),
        ("twice the safe limit", "has converged to a line that is worse than its start"),
        ("many epochs", "has converged: within 1% of its end"),
        ("shuffled", "hovers around its mean line and never rests"),
        ("steep and falling", "99.8% of the distance; cost within 1% after 101 more epochs"),
    ],
)
def test_the_verdict_is_that_of_the_run(case: str, expected: str) -> None:
    assert words(run_of(case)[1]) == expected


@pytest.mark.parametrize(
    ("size", "design"),
    [
        ((960, 620), DESIGNS[0]),
        ((None, None), DESIGNS[0]),
        ((3840, 2160), DESIGNS[0]),
        ((480, 800), DESIGNS[1]),
        ((390, 660), DESIGNS[1]),
        ((720, 465), DESIGNS[0]),
        ((1080, 1920), DESIGNS[1]),
    ],
)
def test_a_picture_takes_the_design_that_suits_it(
    size: tuple[int | None, int | None], design: tuple[int, int]
) -> None:
    style = Style(*size)
    assert best_design(style, DESIGNS) == design
    check_legible("story", style, DESIGNS)
    with use_theme(LIGHT):
        figure = new_figure(style, design, DESIGNS[0])
    width, height = (side or own for side, own in zip(size, DESIGNS[0]))
    assert (int(figure.bbox.width), int(figure.bbox.height)) == (width, height)


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(700, 465, 1.0), (960, 620, 0.7), (350, 600, 1)]
)
def test_a_picture_too_small_to_read_is_refused(width: int, height: int, scale: float) -> None:
    with pytest.raises(UserError, match="at least 720 x 465 or 360 x 600 pixels for view story"):
        check_legible("story", Style(width, height, scale), DESIGNS)
