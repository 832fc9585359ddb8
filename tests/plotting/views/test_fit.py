"""The tutorial's figure, read from its pixels and artists."""

import numpy as np
import pytest
from matplotlib.transforms import Bbox

from plotting.frames import Frames
from plotting.views.artists import ABOVE, BELOW, line_within
from plotting.views.base import Style
from plotting.views.fit import FitView
from regression import Dataset, Line, Snapshot, drawn, noisy_line, record, snapshots_of, train
from regression.history import History
from tests.plotting.helpers import assert_texts_are_apart_and_inside, pixels_of

DATA = noisy_line()
HISTORY = drawn(record(train(DATA, lr=1e-4, epochs=500)), 40)


def make(
    data: Dataset = DATA, history: History = HISTORY, width: int = 640, height: int = 480
) -> tuple[FitView, Frames]:
    view = FitView(data, history, style=Style(width, height))
    return view, Frames(view)


@pytest.mark.parametrize("index", [0, 9, 22])
def test_the_line_is_where_w_and_b_put_it(index: int) -> None:
    view, frames = make()
    x, y = pixels_of(frames[index], view.theme.line)
    axes = view.figure.axes[0]
    x, y = axes.transData.inverted().transform(np.c_[x, y]).T
    on_line = (x > 0) & (x < 10)  # the legend has a dash of the same colour
    on_line &= y < axes.get_ylim()[1]
    assert on_line.sum() > 300
    error = HISTORY["weight"][index] * x[on_line] + HISTORY["bias"][index] - y[on_line]
    pixel = 1 / axes.transData.get_matrix()[1, 1]
    assert np.abs(error).max() < 2.5 * pixel
    assert abs(error.mean()) < 0.25 * pixel


def test_each_point_is_where_its_x_and_y_are() -> None:
    view, frames = make()
    places = view.figure.axes[0].transData.transform(np.c_[DATA.x, DATA.y])
    red_x, red_y = pixels_of(frames[0], view.theme.data)
    for x, y in places:
        assert np.hypot(red_x - x, red_y - y).min() < 1.5


def test_nothing_but_line_and_numbers_moves_before_the_last() -> None:
    view, frames = make()
    first = frames[0].copy()
    changed = np.zeros(first.shape[:2], bool)
    for index in range(1, len(frames) - 1):
        changed |= (frames[index] != first).any(axis=-1)
    rows, _ = np.nonzero(changed)
    top_of_axes = view.figure.bbox.height - view.figure.axes[0].bbox.y1
    header = rows[rows < top_of_axes]
    assert len(header) > 0
    assert np.ptp(header) < 15  # the one line of numbers


def test_the_cost_joins_on_the_last_frame_only() -> None:
    view, frames = make()
    blue = [len(pixels_of(frame, view.theme.cost)[0]) for frame in frames]
    assert blue[:-1] == [0] * 22
    assert blue[-1] > 500
    cost_axes = view.figure.axes[1]
    assert cost_axes.get_xlabel() == "Epoch"
    assert cost_axes.get_ylabel() == "Cost"
    assert [text.get_text() for text in view.figure.legends[0].get_texts()] == [
        "Original data",
        "Fitting line",
        "Cost",
    ]


def test_the_ticks_above_are_the_drawn_epochs() -> None:
    view, frames = make()
    _ = frames[-1]
    axis = view.figure.axes[1].xaxis
    marks = {*axis.get_majorticklocs(), *axis.get_minorticklocs()}
    assert marks == {float(epoch) for epoch in HISTORY["epoch"]}
    labels = [float(label.get_text()) for label in axis.get_majorticklabels()]
    assert labels == axis.get_majorticklocs().tolist()
    assert {1.0, 500.0} < set(labels)


def test_the_cost_curve_goes_through_the_drawn_costs() -> None:
    view, frames = make()
    x, y = pixels_of(frames[-1], view.theme.cost)
    places = view.figure.axes[1].transData.transform(np.c_[HISTORY["epoch"], HISTORY["cost"]])
    for place_x, place_y in places:
        assert np.hypot(x - place_x, y - place_y).min() < 1.5


def test_epoch_and_cost_are_written_in_every_frame() -> None:
    view, frames = make()
    readout = view.moving[-1]
    for index, snapshot in enumerate(snapshots_of(HISTORY)):
        _ = frames[index]
        words = readout.get_text().split()  # type: ignore[attr-defined]
        assert words[0] == "Epoch"
        assert int(words[1]) == snapshot.epoch
        assert words[2] == "Cost"
        assert float(words[3]) == pytest.approx(snapshot.cost, abs=0.005)


def test_digits_keep_their_columns() -> None:
    view, frames = make()
    lengths = set()
    for index in range(len(frames)):
        _ = frames[index]
        lengths.add(len(view.moving[-1].get_text()))  # type: ignore[attr-defined]
    assert len(lengths) == 1


def scaled(factor_x: float, factor_y: float) -> Dataset:
    return Dataset(DATA.x * factor_x, DATA.y * factor_y)


CASES = {
    "ordinary": (DATA, {"lr": 1e-4, "epochs": 500}),
    "one epoch": (DATA, {"lr": 1e-4, "epochs": 1}),
    "two epochs": (DATA, {"lr": 1e-4, "epochs": 2}),
    "many epochs": (DATA, {"lr": 1e-3, "epochs": 30_000}),
    "diverging": (DATA, {"lr": 0.05, "epochs": 500}),
    "tiny": (scaled(1e-9, 1e-9), {"lr": 1e-4, "epochs": 100}),
    "huge": (scaled(1e8, 1e8), {"lr": 1e-20, "epochs": 100}),
    "far from zero": (Dataset(DATA.x + 1e6, DATA.y + 1e6), {"lr": 1e-14, "epochs": 100}),
    "constant y": (Dataset(DATA.x, np.full(50, 3.0)), {"lr": 1e-4, "epochs": 500}),
    "two points": (Dataset(np.array([1.0, 2.0]), np.array([5.0, 4.0])), {"lr": 0.1, "epochs": 50}),
    "names": (
        Dataset(DATA.x, DATA.y, "$x_1$ & <b>", "a name that is longer than most of the others"),
        {"lr": 1e-4, "epochs": 500},
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("size", [(640, 480), (300, 300)])
def test_texts_are_apart_and_inside(case: str, size: tuple[int, int]) -> None:
    data, settings = CASES[case]
    history = drawn(record(train(data, **settings)), 40)  # type: ignore[arg-type]
    view, frames = make(data, history, width=size[0], height=size[1])
    readout = view.moving[-1]
    for index in (0, len(frames) // 2, -1):
        _ = frames[index]
        box = readout.get_window_extent()
        assert_texts_are_apart_and_inside(view.figure, [("readout", box)])


def test_names_are_text_and_no_mathematics() -> None:
    view, frames = make(Dataset(DATA.x, DATA.y, "$x_1$", r"\frac{$"))
    _ = frames[0]
    axes = view.figure.axes[0]
    assert axes.get_xlabel() == "$x_1$"
    assert not axes.xaxis.label.get_parse_math()
    assert not axes.yaxis.label.get_parse_math()


def test_the_legend_hides_no_data() -> None:
    view, frames = make()
    _ = frames[-1]
    legend = view.figure.legends[0].get_window_extent()
    assert Bbox.intersection(legend, view.figure.axes[0].bbox) is None


def words_outside(view: FitView) -> list[str]:
    """Return what is said of a line that is not in the picture."""
    return [part.get_text() for part in view.moving[1:3] if part.get_text()]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("weight", "bias", "said"),
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
    weight: float, bias: float, said: list[str]
) -> None:
    history = record([Snapshot(1, weight, bias, 40.0), Snapshot(2, 1.0, -2.0, 40.0)])
    view, frames = make(DATA, history)
    _ = frames[0]
    assert words_outside(view) == said
    _ = frames[1]
    assert not words_outside(view)


def test_the_words_stand_in_the_corners_that_the_points_leave_empty() -> None:
    history = record([Snapshot(1, 0.0, 1e5, 40.0), Snapshot(2, 0.0, -1e5, 40.0)])
    for data in (DATA, Dataset(DATA.x, -DATA.y)):
        view, frames = make(data, history)
        axes = view.figure.axes[0]
        places = axes.transData.transform(np.c_[data.x, data.y])
        for index in (0, 1):
            _ = frames[index]
            (words,) = (part for part in view.moving[1:3] if part.get_text())  # type: ignore[attr-defined]
            box = words.get_window_extent()
            assert axes.bbox.contains(box.x0, box.y0)
            assert axes.bbox.contains(box.x1, box.y1)
            assert not any(box.contains(*place) for place in places)


@pytest.mark.parametrize("height", [3.0, 100.0, -1e-7, 0.0])
def test_all_y_alike_leave_room_for_the_line(height: float) -> None:
    data = Dataset(DATA.x, np.full(50, height))
    history = record([Snapshot(1, -height, 0.0, 1.0), Snapshot(2, 0.0, height, 1.0)])
    view, frames = make(data, history)
    for frame in frames:
        x, _ = pixels_of(frame, view.theme.line)
        assert len(x) > 50
        assert not words_outside(view)


@pytest.mark.parametrize(
    ("weight", "bias"), [(1e300, 0.0), (-1e300, 1e300), (1e308, -1e308), (0.0, 1e300), (1e-300, 0)]
)
def test_a_line_out_of_all_proportion_draws_without_a_word(weight: float, bias: float) -> None:
    history = record([Snapshot(1, weight, bias, 1e300), Snapshot(2, 1.0, -2.0, 40.0)])
    _, frames = make(DATA, history)
    assert frames[0].shape == frames[1].shape


def test_many_points_are_thinned_evenly_and_the_legend_says_so() -> None:
    data = noisy_line(1_000_000)
    view, _ = make(data, HISTORY)
    (points,) = view.figure.axes[0].lines[:1]
    assert len(points.get_xdata()) == 5000  # type: ignore[arg-type]
    assert np.diff(np.asarray(points.get_xdata())).std() < 1e-5
    assert points.get_label() == "Original data (5,000 of 1,000,000)"


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
