"""Labels that find their places, names at the ends of lines, and curves of no more than pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from plotting.theme import LIGHT, use_theme
from plotting.views.artists import LABEL_PX, EndLabels, Labels, Trail, dense
from plotting.views.base import Box, add_axes


def axes_of_size(width: int = 300, height: int = 200) -> Axes:
    with use_theme(LIGHT):
        axes = add_axes(Figure((5, 4), 100), Box(50, 50, 50 + width, 50 + height), "")
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    return axes


@given(
    places=st.lists(st.tuples(st.integers(10, 290), st.integers(10, 190)), min_size=1, max_size=6),
    width=st.integers(10, 80),
)
def test_labels_that_hide_nothing_cover_neither_each_other_nor_a_curve(
    places: list[tuple[int, int]], width: int
) -> None:
    axes = axes_of_size()
    x = np.linspace(0, 300, 400)
    curve = axes.transData.transform(np.c_[x, 100 + 80 * np.sin(x / 60)])
    labels = Labels(axes, curve)
    boxes: list[tuple[float, float, float, float]] = []
    for place in places:
        left, baseline = labels.find([axes.transData.transform(place)], width)
        if labels.hides:
            continue
        box = (left, baseline - 3, left + width, baseline + 10)
        assert box[0] >= axes.bbox.x0
        assert box[1] >= axes.bbox.y0
        assert box[2] <= axes.bbox.x1
        assert box[3] <= axes.bbox.y1
        inside = (curve[:, 0] > box[0]) & (curve[:, 0] < box[2])
        inside &= (curve[:, 1] > box[1]) & (curve[:, 1] < box[3])
        assert not inside.any()
        for other in boxes:
            assert (
                box[2] <= other[0] or other[2] <= box[0] or box[3] <= other[1] or other[3] <= box[1]
            )
        boxes.append(box)


def test_a_label_stands_right_of_a_point_where_that_is_free_and_left_where_it_is_not() -> None:
    axes = axes_of_size()
    for at, side in ((50, 1), (280, -1)):
        labels = Labels(axes, np.empty((0, 2)))
        left, _ = labels.find([axes.transData.transform((at, 100))], 60)
        x = axes.transData.transform((at, 100))[0]
        assert left > x if side > 0 else left + 60 < x


def test_what_is_not_kept_leaves_its_place_to_others() -> None:
    axes = axes_of_size()
    labels = Labels(axes, np.empty((0, 2)))
    labels.take(*axes.bbox.extents)
    at = [axes.transData.transform((100, 100))]
    first = labels.find(at, 40, keep="if free")
    assert labels.hides
    assert labels.find(at, 40, keep="if free") == first


@given(
    height=st.floats(-500, 700),
    others=st.lists(st.floats(-50, 250), min_size=1, max_size=4),
    mask=st.integers(0, 15),
)
def test_names_at_the_ends_of_lines_are_apart(
    height: float, others: list[float], mask: int
) -> None:
    axes = axes_of_size()
    still = [
        (f"line {index}", "#333333", (20.0 * index, other)) for index, other in enumerate(others)
    ]
    names = EndLabels(axes, ("moving", "#00ff00"), still)
    shown = [bool(mask >> index & 1) for index in range(len(others))]
    names.update(height, shown)
    assert [bool(each.get_text()) for each in names.still] == shown
    boxes = [each.get_window_extent() for each in (*names.still, names.moving) if each.get_text()]
    middles = np.sort([(box.y0 + box.y1) / 2 for box in boxes])
    assert (np.diff(middles) >= LABEL_PX - 1.1).all()
    assert middles.min() > axes.bbox.y0 - 2 * LABEL_PX
    assert middles.max() < axes.bbox.y1 + 2 * LABEL_PX
    names.update(None, shown)
    assert not names.moving.get_text()


def test_a_name_stands_at_its_line_where_it_is_alone() -> None:
    axes = axes_of_size()
    names = EndLabels(axes, ("moving", "#00ff00"), [("other", "#333333", (0.0, 20.0))])
    names.update(150.0, [True])
    box = names.moving.get_window_extent()
    assert (box.y0 + box.y1) / 2 == pytest.approx(axes.transData.transform((0, 150))[1], abs=5)


def test_a_dense_curve_has_no_gap_and_leaves_out_what_is_not_finite() -> None:
    points = np.array([[0, 0], [100, 0], [np.nan, 5], [100, 50]])
    curve = dense(points, 3.0)
    assert np.hypot(*np.diff(curve, axis=0).T).max() <= 3.0
    assert curve[0].tolist() == [0, 0]
    assert curve[-1].tolist() == [100, 50]


def test_a_curve_that_never_comes_in_is_not_drawn_and_one_that_passes_is() -> None:
    axes = axes_of_size()
    beyond = Trail(axes, np.array([400.0, 500.0, 600.0]), np.array([0.0, 0.0, 0.0]), "#000000")
    passing = Trail(axes, np.array([-400.0, -300.0, 600.0]), np.full(3, 100.0), "#000000")
    seen = []
    for last in range(3):
        beyond.update(last)
        passing.update(last)
        assert not beyond.artist.get_visible()
        assert not passing.dot.get_visible()
        seen.append(passing.artist.get_visible())
    assert seen == [False, False, True]


def test_names_stand_in_the_order_in_which_their_lines_end() -> None:
    figure = Figure((4, 2), 100)
    axes = figure.add_axes((0.1, 0.1, 0.6, 0.8))
    axes.set_ylim(0, 10)
    still = [
        ("least squares", "#000000", (0.0, 8.0)),
        ("start", "#000000", (9.0, 8.5)),
        ("epoch 1", "#000000", (9.1, 8.6)),
        ("epoch 10", "#000000", (5.0, 30.0)),
    ]
    names = EndLabels(axes, ("fitted line", "#00ff00"), still)
    for height in (7.9, 8.1, 9.9, 0.0, 1e300):
        names.update(height, [True] * 4)
        seen = [*names.still, names.moving]
        at = {each.get_text(): each.baseline for each in seen if each.get_text()}
        ends = {"least squares": 8.0, "start, epoch 1": 8.5, "epoch 10 \N{UPWARDS ARROW}": 30.0}
        ends[names.moving.get_text()] = height
        assert at.keys() == ends.keys()
        assert sorted(at, key=at.__getitem__) == sorted(ends, key=ends.__getitem__)
        assert np.diff(sorted(at.values())).min() >= 14
        assert axes.bbox.y0 - 5 <= min(at.values()) <= max(at.values()) <= axes.bbox.y1
    names.update(None, [True, True, False, False])
    assert [each.get_text() for each in names.still] == ["least squares", "start", "", ""]
    assert names.moving.get_text() == ""
