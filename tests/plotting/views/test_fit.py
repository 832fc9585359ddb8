"""The tutorial's figure, read from its pixels and artists, and its smoothed curves."""

import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.transforms import Bbox
from scipy.interpolate import CubicSpline

from plotting.frames import Frames
from plotting.views.artists import ABOVE, BELOW, line_within
from plotting.views.axes import EpochScale
from plotting.views.base import Style
from plotting.views.fit import SMOOTHINGS, FitView, Smoothing, smooth
from regression import Dataset, Line, Run, Snapshot, analyse, drawn, noisy_line, record, train
from tests.plotting.helpers import (
    DATA,
    axes_of,
    labelled,
    pixels_of,
    readouts_of,
    run_of,
    said,
    values,
)

RUN = run_of("ordinary")[1]
HISTORY = drawn(RUN.history, 40)


@cache
def fitted() -> tuple[FitView, Frames]:
    view = FitView(DATA, RUN, HISTORY)
    return view, Frames(view)


def of_snapshots(data: Dataset, *snapshots: Snapshot) -> tuple[FitView, Frames]:
    """Return a view of these epochs, whatever training would lead there."""
    settings = train(data, lr=1e-4, epochs=2).settings
    run = Run(data, settings, analyse(data, settings), record(snapshots))
    view = FitView(data, run, run.history, style=Style(400, 320))
    return view, Frames(view)


@pytest.mark.parametrize("index", [0, 9, 23])
def test_the_line_is_where_w_and_b_put_it(index: int) -> None:
    view, frames = fitted()
    axes = axes_of(view.figure, "fit")
    x, y = axes.transData.inverted().transform(np.c_[pixels_of(frames[index], view.theme.line)]).T
    on_line = (x > 0) & (x < 10)  # the legend has a dash of the same colour
    on_line &= y < axes.get_ylim()[1]
    assert on_line.sum() > 250
    error = HISTORY["weight"][index] * x[on_line] + HISTORY["bias"][index] - y[on_line]
    pixel = 1 / axes.transData.get_matrix()[1, 1]
    assert np.abs(error).max() < 2.5 * pixel
    assert abs(error.mean()) < 0.25 * pixel


def test_each_point_is_where_its_x_and_y_are() -> None:
    view, frames = fitted()
    places = axes_of(view.figure, "fit").transData.transform(np.c_[DATA.x, DATA.y])
    dark_x, dark_y = pixels_of(frames[0], view.theme.data)
    for x, y in places:
        assert np.hypot(dark_x - x, dark_y - y).min() < 1.5


def test_the_least_squares_line_is_there_from_the_first_frame() -> None:
    view, _ = fitted()
    x, y = values(labelled(view.figure, "least squares"))
    weight, bias = np.polyfit(DATA.x, DATA.y, 1)
    np.testing.assert_allclose(y, weight * x + bias)


def test_nothing_but_line_marks_and_numbers_moves_before_the_last() -> None:
    view, frames = fitted()
    first = frames[0].copy()
    changed = np.zeros(first.shape[:2], bool)
    for index in range(1, len(frames) - 1):
        changed |= (frames[index] != first).any(axis=-1)
    axes = axes_of(view.figure, "fit")
    rows, columns = np.nonzero(changed)
    left, right = axes.bbox.x0, axes.bbox.x1
    in_header = rows < view.figure.bbox.height - axes.bbox.y1
    assert in_header.any()
    assert (rows[in_header] < 3 * 19 + 5).all()  # above the legend
    assert (columns[~in_header] >= left - 1).all()
    assert (columns[~in_header] <= right + 1).all()


def test_the_cost_joins_on_the_last_frame_only() -> None:
    view, frames = fitted()
    blue = [len(pixels_of(frame, view.theme.cost)[0]) for frame in frames]
    assert max(blue[:-1]) < blue[-1] - 400
    assert max(blue[:-1]) - min(blue[:-1]) < 60  # two marks, and an axis with its numbers
    texts = [text.get_text() for text in view.figure.legends[0].get_texts()]
    assert texts == ["data", "fitted line", "least squares", "now", "cost"]
    seen = []
    for index in (0, -2, -1):
        _ = frames[index]
        seen.append(view.figure.legends[0].get_texts()[-1].get_visible())
    assert seen == [False, False, True]


def test_the_curve_goes_through_the_cost_of_every_epoch_and_of_the_start() -> None:
    view, _ = fitted()
    x, y = values(labelled(view.figure, "cost"))
    np.testing.assert_allclose(10**y, RUN.history["cost"])
    assert len(x) == 501
    np.testing.assert_allclose(10 ** x[1:], np.arange(1, 501))
    assert x[0] < 0
    assert RUN.history["cost"][0] == pytest.approx(((1 - DATA.x - DATA.y) ** 2).sum())


@pytest.mark.parametrize("method", ["pchip", "spline"])
def test_a_smoothed_curve_goes_through_the_drawn_epochs(method: Smoothing) -> None:
    view = FitView(DATA, RUN, HISTORY, smoothing=method)
    x, y = values(labelled(view.figure, "cost"))
    dots_x, dots_y = values(labelled(view.figure, "drawn epochs"))
    np.testing.assert_allclose(10**dots_y, HISTORY["cost"])
    np.testing.assert_allclose(np.interp(dots_x, x, y), dots_y, atol=0.01)


@pytest.mark.parametrize("index", [0, 5, 22])
def test_marks_stand_at_the_epoch_and_the_cost_of_now(index: int) -> None:
    view, frames = fitted()
    _ = frames[index]
    (x,), _ = values(labelled(view.figure, "epoch now"))
    _, (y,) = values(labelled(view.figure, "cost now"))
    assert 10**y == pytest.approx(HISTORY["cost"][index])
    assert x == EpochScale(500).places(HISTORY["epoch"][index : index + 1])[0]


def test_the_lowest_possible_cost_is_drawn_and_numbered() -> None:
    view, _ = fitted()
    least = float(((np.polyval(np.polyfit(DATA.x, DATA.y, 1), DATA.x) - DATA.y) ** 2).sum())
    _, y = values(labelled(view.figure, "lowest possible"))
    np.testing.assert_allclose(10**y, least)
    ticks = [label.get_text() for label in axes_of(view.figure, "cost").get_yticklabels()]
    assert f"{least:.2f}" in ticks


def test_epochs_are_numbered_by_powers_of_ten_with_start_and_end() -> None:
    view, _ = fitted()
    axis = axes_of(view.figure, "cost").xaxis
    labels = [label.get_text() for label in axis.get_majorticklabels()]
    assert labels == ["start", "1", "10", "100", "500"]
    scale = EpochScale(500)
    assert (
        axis.get_majorticklocs().tolist() == scale.places(np.array([0, 1, 10, 100, 500])).tolist()
    )


def test_the_numbers_of_every_frame_are_those_of_its_epoch_in_fixed_columns() -> None:
    view, frames = fitted()
    columns = set()
    for index, row in enumerate(HISTORY):
        _ = frames[index]
        epoch, rate, line, cost, *_ = said(view)
        assert epoch == f"Epoch {row['epoch']} of 500"
        assert rate == "learning rate 0.0001 (safe up to 0.0099)"
        plain = line.replace("\N{MINUS SIGN}", "-")
        sign = "-" if row["bias"] < 0 else "+"
        assert plain == f"y = {row['weight']:.3f}x {sign} {abs(row['bias']):.3f}"
        assert cost == f"cost {row['cost']:,.2f} (lowest 35.67)"
        columns.add(tuple(readout.left for readout in readouts_of(view)[:4]))
    assert len(columns) == 1


def test_the_last_frame_has_the_verdict_and_the_first_the_start() -> None:
    view, frames = fitted()
    _ = frames[0]
    minus = "\N{MINUS SIGN}"
    assert f"start; heads for y = 1.123x {minus} 2.465" in said(view)
    _ = frames[-1]
    assert "74% of the distance; within 1% after 1,295 more epochs" in said(view)
    assert "would end 0.11% above the lowest" in said(view)


def test_names_are_text_and_no_mathematics() -> None:
    data = Dataset(DATA.x, DATA.y, "$x_1$", r"\frac{$")
    view = FitView(data, RUN, HISTORY)
    axes = axes_of(view.figure, "fit")
    assert axes.get_xlabel() == "$x_1$"
    assert not axes.xaxis.label.get_parse_math()
    assert not axes.yaxis.label.get_parse_math()


def test_the_legend_hides_no_data() -> None:
    view, frames = fitted()
    _ = frames[-1]
    legend = view.figure.legends[0].get_window_extent()
    assert Bbox.intersection(legend, axes_of(view.figure, "fit").bbox) is None


def words_outside(view: FitView) -> list[str]:
    """Return what is said of a line that is not in the picture."""
    return [text for text in said(view) if text in (ABOVE, BELOW)]


@pytest.mark.parametrize(
    ("weight", "bias", "expected"),
    [
        (1.0, -2.0, []),
        (0.0, 100.0, [ABOVE]),
        (0.0, -100.0, [BELOW]),
        (1e308, 1e308, [ABOVE]),
        (-1e308, -1e308, [BELOW]),
        (1e300, -5e300, []),
        (1e-310, 1e5, [ABOVE]),
    ],
)
def test_a_line_outside_is_said_to_be_so_on_its_side(
    weight: float, bias: float, expected: list[str]
) -> None:
    view, frames = of_snapshots(DATA, Snapshot(1, weight, bias, 40.0), Snapshot(2, 1.0, -2.0, 40.0))
    _ = frames[0]
    assert words_outside(view) == expected
    _ = frames[1]
    assert not words_outside(view)


@pytest.mark.parametrize("data", [DATA, Dataset(DATA.x, -DATA.y)], ids=["rising", "falling"])
def test_the_words_stand_in_the_corners_that_the_points_leave_empty(data: Dataset) -> None:
    settings = train(data, lr=1e-4, epochs=2).settings
    history = record([Snapshot(1, 0.0, 1e5, 40.0), Snapshot(2, 0.0, -1e5, 40.0)])
    view = FitView(data, Run(data, settings, analyse(data, settings), history), history)
    frames, axes = Frames(view), axes_of(view.figure, "fit")
    places = axes.transData.transform(np.c_[data.x, data.y])
    for index in (0, 1):
        _ = frames[index]
        (words,) = (each for each in readouts_of(view) if each.get_text() in (ABOVE, BELOW))
        box = words.get_window_extent()
        assert axes.bbox.contains(box.x0, box.y0)
        assert axes.bbox.contains(box.x1, box.y1)
        assert not any(box.contains(*place) for place in places)


@pytest.mark.parametrize("height", [3.0, 100.0, -1e-7, 0.0])
def test_all_y_alike_leave_room_for_the_line(height: float) -> None:
    data = Dataset(DATA.x, np.full(50, height))
    view, frames = of_snapshots(data, Snapshot(1, -height, 0.0, 1.0), Snapshot(2, 0.0, height, 1.0))
    for frame in frames:
        x, _ = pixels_of(frame, view.theme.line)
        assert len(x) > 40
        assert not words_outside(view)


@pytest.mark.parametrize(
    ("weight", "bias"), [(1e300, 0.0), (-1e300, 1e300), (1e308, -1e308), (0.0, 1e300), (1e-300, 0)]
)
def test_a_line_out_of_all_proportion_draws_without_a_word(weight: float, bias: float) -> None:
    _, frames = of_snapshots(DATA, Snapshot(1, weight, bias, 1e300), Snapshot(2, 1.0, -2.0, 40.0))
    assert frames[0].shape == frames[1].shape


def test_many_points_are_thinned_evenly_and_the_legend_says_so() -> None:
    data = noisy_line(1_000_000)
    view = FitView(data, RUN, HISTORY)
    (points,) = axes_of(view.figure, "fit").lines[:1]
    x, _ = values(points)
    assert len(x) == 5000
    assert np.diff(x).std() < 1e-5
    assert points.get_label() == "data (5,000 of 1,000,000)"


@pytest.mark.parametrize("slope", [0.0, 0.5, -3.0, 1e9, -1e300, 1e-310])
@pytest.mark.parametrize("bias", [0.0, 0.7, -2.0, 1e9, 1e300])
def test_line_within_keeps_what_is_inside(slope: float, bias: float) -> None:
    x, y = line_within(Line(slope, bias), (0.0, 1.0), (-1.0, 1.0))
    at = np.linspace(0, 1, 10_001)
    with np.errstate(over="ignore", invalid="ignore"):
        inside = at[np.abs(slope * at + bias) <= 1]
    if len(inside):
        np.testing.assert_allclose(x, sorted([inside[0], inside[-1]]), atol=2e-4)
    if not np.isnan(y).any():
        assert (np.abs(y) <= 1).all()


@pytest.mark.parametrize("weight", [1e3, 1e16, 1e60, -1e60, 1e150, -1e12])
def test_a_line_however_steep_goes_from_edge_to_edge(weight: float) -> None:
    x, y = line_within(Line(weight, -3.0 * weight), (0.0, 10.0), (-5.0, 12.0))
    np.testing.assert_allclose(x, 3.0, atol=0.02)
    assert y.tolist() == ([-5.0, 12.0] if weight > 0 else [12.0, -5.0])


def test_without_smoothing_scipy_is_not_imported() -> None:
    code = (
        "import sys\n"
        "from plotting import animate\n"
        "from regression import noisy_line, train\n"
        "data = noisy_line(5)\n"
        "animate(data, train(data, lr=1e-3, epochs=2), 'fit').gif\n"
        "assert not any(name.startswith('scipy') for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


curves = st.lists(st.floats(0, 1e6), min_size=1, max_size=30)
X = np.array([1.0, 2.0, 3.0, 5.0, 9.0, 10.0])
Y = np.array([50.0, 20.0, 21.0, 3.0, 2.0, 2.0])


@given(costs=curves, seed=st.integers(0, 100))
def test_pchip_never_leaves_the_range_between_two_neighbours(costs: list[float], seed: int) -> None:
    y = np.array(costs)
    x = np.cumsum(np.random.default_rng(seed).uniform(0.1, 3.0, len(y)))
    dense, curve = smooth(x, y, "pchip")
    piece = np.clip(np.searchsorted(x, dense, side="right") - 1, 0, max(0, len(y) - 2))
    ends = y[[piece, np.minimum(piece + 1, len(y) - 1)]]
    slack = 1e-9 * y.max()
    assert (curve >= ends.min(axis=0) - slack).all()
    assert (curve <= ends.max(axis=0) + slack).all()


def test_the_spline_is_the_cubic_through_all_points() -> None:
    dense, curve = smooth(X, Y, "spline")
    np.testing.assert_allclose(curve, CubicSpline(X, Y)(dense), atol=1e-9)
    assert curve.min() < Y.min()  # it swings below all costs, which is why it is no default


def test_none_joins_the_points_as_they_are() -> None:
    dense, curve = smooth(X, Y, "none")
    assert dense.tolist() == X.tolist()
    assert curve.tolist() == Y.tolist()


@pytest.mark.parametrize("method", SMOOTHINGS)
@pytest.mark.parametrize("points", [1, 2, 3, 4])
def test_few_points_and_huge_ones(method: Smoothing, points: int) -> None:
    x, y = X[:points], Y[:points] * 1e306
    dense, curve = smooth(x, y, method)
    assert dense[[0, -1]].tolist() == x[[0, -1]].tolist()
    assert np.isfinite(curve).all()
    np.testing.assert_allclose(curve[[0, -1]], y[[0, -1]])
