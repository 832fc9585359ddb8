"""The whole story, read from its pixels and artists."""

import numpy as np
import pytest
from matplotlib.lines import Line2D

from plotting.raster import Frames
from plotting.theme import THEMES
from plotting.views.canvas import Look
from plotting.views.story import StoryView
from regression import Line, Outlook, drawn, noisy_line, outlook, record, train
from regression.data import Floats
from regression.history import History
from tests.plotting.views.pictures import assert_texts_are_apart_and_inside, pixels_of
from tests.plotting.views.test_fit import CASES

DATA = noisy_line()


def story(lr: float = 1e-3, epochs: int = 500) -> tuple[StoryView, Outlook, History]:
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
    assert (x[0], y[0]) == expected.start
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
    np.testing.assert_allclose(10 ** np.array(levels), [expected.least_cost, long.cost])


def test_limits_of_the_plane_hold_start_path_star_and_cross() -> None:
    view, expected, history = story()
    low, high = np.transpose([view.figure.axes[2].get_xlim(), view.figure.axes[2].get_ylim()])
    points = [
        expected.start,
        expected.least,
        expected.settles,
        *zip(history["weight"], history["bias"]),
    ]
    for point in points:
        assert (low < point).all()
        assert (point < high).all()


def test_a_diverging_run_keeps_to_the_sensible_part_and_says_so() -> None:
    view, expected, _ = story(lr=0.05)
    (left, right), (low, high) = view.figure.axes[2].get_xlim(), view.figure.axes[2].get_ylim()
    for line in (expected.start, expected.least):
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


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_are_apart_and_inside(case: str, theme: str) -> None:
    data, settings = CASES[case]
    history = drawn(record(train(data, **settings)), 40)  # type: ignore[arg-type]
    expected = outlook(data, **settings)  # type: ignore[arg-type]
    look = Look(480, 270, theme=THEMES[theme], title="A title, with $ in it")
    view = StoryView(data, expected, history, look=look)
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
    assert marked(view, "Start") == expected.start
