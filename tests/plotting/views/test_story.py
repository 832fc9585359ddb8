"""The whole story, read from its pixels and artists."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.lines import Line2D

from plotting.encoders.delta import Whole
from plotting.encoders.palette import choose_palette
from plotting.frames import Frames
from plotting.theme import THEMES
from plotting.views.axes import levels_of
from plotting.views.base import Style
from plotting.views.story import MAX_CORNERS, StoryView, path_of
from regression import Convergence, Dataset, Line, analyse, drawn, noisy_line, record, train
from regression.data import Floats
from regression.history import History
from tests.plotting.helpers import assert_texts_are_apart_and_inside, pixels_of
from tests.plotting.views.test_fit import CASES

DATA = noisy_line()


def outlook(data: Dataset, *, shuffled: bool = False, **settings: Any) -> Convergence:
    return analyse(data, train(data, shuffle=shuffled, **settings).settings)


def story(lr: float = 1e-3, epochs: int = 500) -> tuple[StoryView, Convergence, History]:
    expected = outlook(DATA, lr=lr, epochs=epochs)
    history = drawn(record(train(DATA, lr=lr, epochs=epochs)), 40)
    return StoryView(DATA, expected, history), expected, history


def values(line: Line2D) -> tuple[Floats, Floats]:
    """Return the x and y that a line was given."""
    return np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)


def marked(view: StoryView, label: str) -> Line:
    """Return where in the plane the marker of this label is."""
    (found,) = (line for line in view.figure.axes[2].lines if line.get_label() == label)
    (weight,), (bias,) = values(found)
    return Line(weight, bias)


def curves(view: StoryView, panel: int) -> list[Line2D]:
    """Return the moving lines of a panel."""
    axes = view.figure.axes[panel]
    return [a for a in view.moving if isinstance(a, Line2D) and a.axes is axes]


def test_the_line_is_where_w_and_b_put_it() -> None:
    view, _, history = story()
    x, y = pixels_of(Frames(view)[3], view.theme.line)
    axes = view.figure.axes[0]
    x, y = axes.transData.inverted().transform(np.c_[x, y]).T
    inside = (x > 0) & (x < 10) & (y < axes.get_ylim()[1])
    assert inside.sum() > 200
    error = history["weight"][3] * x[inside] + history["bias"][3] - y[inside]
    assert np.abs(error).max() < 2.5 / axes.transData.get_matrix()[1, 1]


@pytest.mark.parametrize("index", [0, 4, -1])
def test_the_path_ends_in_a_dot_at_w_and_b(index: int) -> None:
    view, _, history = story()
    x, y = pixels_of(Frames(view)[index], view.theme.line)
    place = (history["weight"][index], history["bias"][index])
    at_x, at_y = view.figure.axes[2].transData.transform(place)
    assert (np.hypot(x - at_x, y - at_y) < 2).sum() > 4


def test_path_and_curve_go_through_the_epochs_so_far_and_no_further() -> None:
    view, expected, history = story()
    _ = Frames(view)[6]
    x, y = next(values(line) for line in curves(view, 2) if line.get_linestyle() == "-")
    assert (x[0], y[0]) == expected.settings.start
    assert (x[-1], y[-1]) == (history["weight"][6], history["bias"][6])
    assert set(x) <= {x[0], *history["weight"][:7]}
    epochs, height = values(curves(view, 1)[0])
    assert epochs[-1] == history["epoch"][6]
    np.testing.assert_allclose(10 ** height[-1], history["cost"][6])


def test_star_and_cross_are_where_they_belong() -> None:
    view, _, _ = story()
    np.testing.assert_allclose(marked(view, "Least squares"), np.polyfit(DATA.x, DATA.y, 1))
    *_, settled = train(DATA, lr=1e-3, epochs=20_000)
    np.testing.assert_allclose(marked(view, "Settles"), [settled.weight, settled.bias], rtol=1e-6)


def test_level_lines_are_at_the_two_costs() -> None:
    view, expected, _ = story()
    levels = [values(line)[1][0] for line in view.figure.axes[1].lines[:2]]
    *_, long = train(DATA, lr=1e-3, epochs=20_000)
    np.testing.assert_allclose(10 ** np.array(levels), [expected.minimum_cost, long.cost])


def test_limits_of_the_plane_hold_start_path_star_and_cross() -> None:
    view, expected, history = story()
    low, high = np.transpose([view.figure.axes[2].get_xlim(), view.figure.axes[2].get_ylim()])
    points = [
        expected.settings.start,
        expected.least_squares,
        expected.limit,
        *zip(history["weight"], history["bias"]),
    ]
    for point in points:
        assert (low < point).all()
        assert (point < high).all()


def test_a_diverging_run_keeps_to_the_sensible_part_and_says_so() -> None:
    view, expected, _ = story(lr=0.05)
    (left, right), (low, high) = view.figure.axes[2].get_xlim(), view.figure.axes[2].get_ylim()
    for line in (expected.settings.start, expected.least_squares):
        assert left < line.weight < right
        assert low < line.bias < high
    assert right - left < 10
    assert any("diverges" in text.get_text() for text in view.figure.axes[2].texts)
    for frame in Frames(view):
        assert frame.shape == (540, 960, 4)


def test_a_shuffled_run_shows_its_cloud_in_place_of_a_cross() -> None:
    expected = outlook(DATA, lr=0.005, epochs=200, shuffled=True)
    history = record(train(DATA, lr=0.005, epochs=200, shuffle=np.random.default_rng(1)))
    view = StoryView(DATA, expected, drawn(history, 40), cloud=history[-20:])
    frames = Frames(view)
    (cloud,) = (line for line in curves(view, 2) if line.get_label() == "Last epochs")
    _ = frames[5]
    assert len(values(cloud)[0]) == 0
    _ = frames[-1]
    np.testing.assert_array_equal(values(cloud), [history["weight"][-20:], history["bias"][-20:]])
    assert not any(line.get_label() == "Settles" for line in view.figure.axes[2].lines)


def test_the_path_given_in_full_goes_through_every_epoch() -> None:
    _, expected, history = story()
    full = record(train(DATA, lr=1e-3, epochs=500))
    view = StoryView(DATA, expected, history, path=full)
    _ = Frames(view)[-2]
    path = next(line for line in curves(view, 2) if line.get_linestyle() == "-")
    to_pixels = view.figure.axes[2].transData.transform
    corners = to_pixels(np.column_stack(values(path)))
    count = int(history["epoch"][-2])
    for place in to_pixels(np.column_stack([full["weight"], full["bias"]])[:count]):
        assert np.hypot(*(corners - place).T).min() < 1
    assert values(path)[0][-1] == history["weight"][-2]
    assert len(corners) > 30


def test_a_very_long_path_keeps_the_epochs_that_are_shown() -> None:
    _, expected, history = story(epochs=30_000)
    full = record(train(DATA, lr=1e-3, epochs=30_000))
    way = path_of(expected, history, full)
    assert len(way) <= 1 + MAX_CORNERS + len(history)
    assert set(history["epoch"]) <= set(way["epoch"])
    assert (way["epoch"][0], way["weight"][0]) == (0, expected.settings.start.weight)


def test_a_run_that_settles_on_nonsense_is_followed_there() -> None:
    view, expected, _ = story(lr=0.02)
    assert expected.limit is not None
    assert expected.limit.weight > 1e4
    assert marked(view, "Settles") == expected.limit
    (left, right), (low, high) = view.figure.axes[2].get_xlim(), view.figure.axes[2].get_ylim()
    for line in (expected.settings.start, expected.least_squares, expected.limit):
        assert left < line.weight < right
        assert low < line.bias < high


@pytest.mark.parametrize(
    ("excess", "texts"),
    [
        (0.1, ["least squares: 4.123e+06", "settles here: 4.535e+06"]),
        (1e-5, ["least squares: 4.12300e+06", "settles here: 4.12304e+06"]),
        (1e-12, ["least squares, settles here: 4.123e+06"]),
        (0.0, ["least squares, settles here: 4.123e+06"]),
    ],
)
def test_levels_are_told_apart_or_are_one(excess: float, texts: list[str]) -> None:
    _, expected, _ = story()
    least = 4.123e6
    expected = replace(expected, minimum_cost=least, limit_cost=least * (1 + excess))
    assert [text for _, text, _ in levels_of(expected)] == texts


def test_stems_and_dots_of_i_are_in_a_transparent_gif() -> None:
    _, expected, history = story()
    view = StoryView(DATA, expected, history, style=Style(theme=THEMES["transparent"]))
    frame = Frames(view)[0]
    patch = Whole(choose_palette([frame], 255)).update(frame)
    assert patch is not None
    axes = view.figure.axes[0]
    middle = DATA.x[0], (DATA.y[0] + history["bias"][0] + history["weight"][0] * DATA.x[0]) / 2
    x, y = axes.transData.transform(middle)
    row = len(frame) - int(y) - patch.top
    seen = patch.indices[row, int(x) - patch.left - 2 : int(x) - patch.left + 3]
    assert (seen != len(choose_palette([frame], 255))).any()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_are_apart_and_inside(case: str, theme: str) -> None:
    data, settings = CASES[case]
    history = drawn(record(train(data, **settings)), 40)  # type: ignore[arg-type]
    expected = outlook(data, **settings)  # type: ignore[arg-type]
    style = Style(480, 270, theme=THEMES[theme], title="A title, with $ in it")
    view = StoryView(data, expected, history, style=style)
    frames = Frames(view)
    for index in (0, len(frames) // 2, -1):
        _ = frames[index]
        box = view.moving[-1].get_window_extent()
        assert_texts_are_apart_and_inside(view.figure, [("readout", box)])


def test_a_long_curve_costs_no_more_than_its_pixels() -> None:
    view, _, _ = story(lr=1e-3, epochs=20_000)
    _ = Frames(view)[-1]
    for artist in view.moving:
        if isinstance(artist, Line2D):
            assert len(values(artist)[0]) < 1000


def test_the_start_is_marked_where_it_is() -> None:
    view, expected, _ = story()
    assert marked(view, "Start") == expected.settings.start


def test_a_start_far_away_hides_neither_what_the_points_cost_nor_the_way() -> None:
    expected = outlook(DATA, lr=0.005, epochs=500, start=Line(1e15, 0.0))
    history = drawn(record(train(DATA, lr=0.005, epochs=500, start=Line(1e15, 0.0))), 40)
    view = StoryView(DATA, expected, history)
    _ = Frames(view)[-1]
    _, height = values(curves(view, 1)[0])
    np.testing.assert_allclose(10 ** height[-1], history["cost"][-1])
    (left, right), (low, high) = view.figure.axes[2].get_xlim(), view.figure.axes[2].get_ylim()
    assert left < history["weight"].min() < 1e15 < right
    assert low < history["bias"].min() < -1e14 < high


@pytest.mark.parametrize("start", [Line(5.0, 2.0), Line(-5.0, 2.0), Line(5.0, -9.0), Line(-3, -9)])
def test_the_note_on_a_run_that_diverges_covers_no_mark(start: Line) -> None:
    expected = outlook(DATA, lr=0.05, epochs=5, start=start)
    view = StoryView(DATA, expected, record(train(DATA, lr=0.05, epochs=5, start=start)))
    _ = Frames(view)[0]
    plane = view.figure.axes[2]
    (note,) = (text for text in plane.texts if "diverges" in text.get_text())
    box = note.get_window_extent()
    assert plane.bbox.x0 < box.x0 < box.x1 < plane.bbox.x1
    assert plane.bbox.y0 < box.y0 < box.y1 < plane.bbox.y1
    for place in plane.transData.transform([expected.settings.start, expected.least_squares]):
        assert not box.padded(8).contains(*place)


@pytest.mark.parametrize("slope", [1.0, 1e100])
def test_the_curve_of_points_on_a_line_falls_as_far_as_the_cost(slope: float) -> None:
    data = noisy_line(noise=0, slope=slope)
    history = drawn(record(train(data, lr=0.0099, epochs=200)), 40)
    view = StoryView(data, outlook(data, lr=0.0099, epochs=200), history)
    _ = Frames(view)[-1]
    _, height = values(curves(view, 1)[0])
    rounding = 1e-31 * float(data.y @ data.y)
    np.testing.assert_allclose(10 ** height[-1], history["cost"][-1], rtol=1e-6, atol=rounding)
    assert len(levels_of(outlook(data, lr=0.0099, epochs=200))) == 0
