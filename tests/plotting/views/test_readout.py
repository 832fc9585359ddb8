"""Text pasted from glyphs, against the same text drawn by matplotlib."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from plotting import theme
from plotting.views.readout import (
    COMMA_SPACE,
    FIGURE_SPACE,
    Readout,
    steady_costs,
    steady_lines,
)

TEXT = "Epoch 0123456789    Cost 38.55e\N{MINUS SIGN}07"


def ink(make: str, text: str, dpi: float) -> npt.NDArray[np.bool_]:
    """Return where the text darkens a white picture."""
    figure = Figure((6, 1), dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    left, baseline = 0.1 * dpi, 0.4 * dpi
    artist: Artist
    if make.startswith("readout"):
        paper = "#ffffff" if "paper" in make else "none"
        artist = Readout(figure, left, baseline, "#000000", paper)
        artist.set_text(text)
    else:
        artist = Text(left, baseline, text, fontfamily=theme.FONT, fontsize=theme.TEXT_PT)
        artist.set_figure(figure)
    artist.draw(canvas.get_renderer())
    return np.asarray(canvas.buffer_rgba())[..., 0] < 128


def extent(mask: npt.NDArray[np.bool_]) -> list[int]:
    rows, columns = np.nonzero(mask)
    return [rows.min(), rows.max(), columns.min(), columns.max()]


@pytest.mark.parametrize("dpi", [80, 100, 200])
@pytest.mark.parametrize("character", ["7", "g", "W", "."])
def test_a_glyph_is_where_matplotlib_puts_it(character: str, dpi: float) -> None:
    ours = extent(ink("readout", character, dpi))
    np.testing.assert_allclose(ours, extent(ink("matplotlib", character, dpi)), atol=1)


@pytest.mark.parametrize("dpi", [80, 100, 200])
def test_a_text_is_as_long_as_matplotlibs(dpi: float) -> None:
    """Whole pixels for each glyph add up to a difference of half a pixel each at most."""
    ours, theirs = extent(ink("readout", TEXT, dpi)), extent(ink("matplotlib", TEXT, dpi))
    assert abs(ours[3] - theirs[3]) <= len(TEXT) / 2
    np.testing.assert_allclose(ours[:3], theirs[:3], atol=1)


def test_a_sign_stands_apart_from_what_is_before_it() -> None:
    """As far as in matplotlib's own text."""
    gaps = []
    for make in ("readout", "matplotlib"):
        columns = np.flatnonzero(ink(make, "l \N{MINUS SIGN}", 100).any(axis=0))
        gaps.append(np.diff(columns).max())
    assert abs(gaps[0] - gaps[1]) <= 1


def test_a_digit_looks_the_same_wherever_it_stands() -> None:
    mask = ink("readout", "8888", 100)
    columns = np.flatnonzero(mask.any(axis=0))
    advance = (columns[-1] - columns[0] + 1) // 3
    starts = [columns[0]]
    for column in columns:
        if column > starts[-1] + 5:
            starts.append(column)
    widths = np.diff(starts)
    assert len(set(widths)) == 1
    assert widths[0] <= advance
    first = mask[:, starts[0] : starts[0] + widths[0] - 1]
    for start in starts[1:-1]:
        np.testing.assert_array_equal(mask[:, start : start + widths[0] - 1], first)


def test_on_paper_of_its_own_it_covers_what_is_below() -> None:
    seen = []
    for below in ("#ffffff", "#cc0000"):
        figure = Figure((3, 1), 100, facecolor=below)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        artist = Readout(figure, 20, 40, "#203040", "#ffffff")
        artist.set_text("Line 7")
        artist.draw(canvas.get_renderer())
        left, bottom, right, top = map(round, artist.get_window_extent().extents)
        seen.append(np.asarray(canvas.buffer_rgba())[100 - top : 100 - bottom, left:right].copy())
    np.testing.assert_array_equal(seen[0], seen[1])
    assert len(np.unique(seen[0][..., 0])) > 10
    np.testing.assert_array_equal(ink("readout", TEXT, 100), ink("readout on paper", TEXT, 100))


def plainly(text: str) -> str:
    """Return a written number as Python reads it."""
    text = text.replace(FIGURE_SPACE, " ").replace(COMMA_SPACE, " ").replace(",", "")
    head, _, power = text.partition("·10")
    if power:
        power = power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
        text = f"{head}e{power}"
    return text.replace("\N{MINUS SIGN}", "-")


@given(
    excess=st.lists(st.floats(1e-3, 1e5), min_size=1, max_size=9),
    lowest=st.floats(1e-3, 1e4),
)
def test_a_cost_never_looks_like_the_lowest_when_seven_digits_tell_them_apart(
    excess: list[float], lowest: float
) -> None:
    costs = lowest + np.array(excess)
    write = steady_costs(costs, lowest)
    for cost in costs.tolist():
        if (cost - lowest) / lowest > 1e-6:
            assert write(cost) != write(lowest)
        if cost < 1e7:
            assert float(plainly(write(cost))) == pytest.approx(cost, rel=1e-3)


@given(
    weights=st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=6),
    biases=st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=6),
)
def test_lines_stay_in_their_columns(weights: list[float], biases: list[float]) -> None:
    write = steady_lines(np.array(weights), np.array(biases))
    texts = [write(*pair) for pair in zip(weights, biases)]
    assert {text.index("x") for text in texts} == {texts[0].index("x")} or any(
        "·" in text for text in texts
    )
    for text, weight in zip(texts, weights):
        factor = plainly(text.removeprefix("y = ").split("x")[0].removesuffix("·")).strip()
        got = -1.0 if factor == "-" else float(factor)
        assert got == pytest.approx(weight, rel=1e-3, abs=1e-3 * max(map(abs, weights)))


def test_w_and_b_have_the_same_digits() -> None:
    write = steady_lines(np.array([-1.0, 1.123]), np.array([1.0, -2.465]))
    assert write(0.686, 0.56) == f"y = {FIGURE_SPACE}0.686x + 0.560"
    assert write(-1.0, -2.4649) == "y = \N{MINUS SIGN}1.000x \N{MINUS SIGN} 2.465"


def test_a_text_moves_to_where_it_is_put() -> None:
    figure = Figure((3, 1), 100)
    readout = Readout(figure, 10, 40, "#000000")
    readout.set_text("500")
    before = readout.get_window_extent()
    readout.move(30, 50)
    after = readout.get_window_extent()
    assert (after.x0 - before.x0, after.y0 - before.y0) == (20, 10)
    assert readout.width == before.width
