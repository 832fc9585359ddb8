"""The first epoch step by step, read from pixels and artists."""

from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from plotting.frames import Frames
from plotting.theme import THEMES
from plotting.views.base import Style
from plotting.views.microscope import MicroscopeView, Words
from regression import (
    START,
    Dataset,
    Line,
    Snapshot,
    Step,
    cost,
    drawn,
    first_steps,
    least_squares,
    noisy_line,
    record,
    train,
)
from regression.data import Floats
from tests.plotting.animations import Pixels
from tests.plotting.helpers import assert_texts_are_apart_and_inside, pixels_of

DATA = noisy_line()


@cache
def make(
    data: Dataset = DATA,
    *,
    lr: float = 0.005,
    batch_size: int = 1,
    seed: int | None = None,
    most: int = 50,
    epochs: int = 100,
    style: Style = Style(),
) -> tuple[MicroscopeView, Frames]:
    def settings() -> dict[str, Any]:
        shuffle = None if seed is None else np.random.default_rng(seed)
        return {"lr": lr, "batch_size": batch_size, "shuffle": shuffle}

    steps = list(islice(first_steps(data, **settings()), most))
    history = drawn(record(train(data, epochs=epochs, **settings())), 40)
    if not len(history):
        history = record([Snapshot(0, *START, cost(START, data))])
    expected = outlook(data, lr=lr, batch_size=batch_size, epochs=epochs, shuffled=seed is not None)
    view = MicroscopeView(data, expected, steps, history, style=style)
    return view, Frames(view)


def replay(lr: float, count: int, order: Any = None) -> list[tuple[float, float]]:
    """Return (W, b) at the start and after each of the steps, worked out by hand."""
    way = [(-1.0, 1.0)]
    for index in (np.arange(50) if order is None else order)[:count]:
        (weight, bias), x, y = way[-1], DATA.x[index], DATA.y[index]
        error = weight * x + bias - y
        way.append((weight - 2 * lr * error * x, bias - 2 * lr * error))
    return way


def artist(view: MicroscopeView, label: str) -> Any:
    """Return the moving artist of that label, or fail."""
    (found,) = [each for each in view.moving if each.get_label() == label]
    return found


def is_dot(part: Any) -> bool:
    """Tell whether the moving artist is one dot at the end of a curve."""
    named = not str(part.get_label()).startswith("_")
    return isinstance(part, Line2D) and np.size(part.get_xdata()) == 1 and not named


def plane_of(view: MicroscopeView) -> Axes:
    (plane,) = [
        axes
        for axes in view.figure.axes
        if axes.get_visible() and axes.get_xlabel().startswith("Weight")
    ]
    return plane


def axes_named(view: MicroscopeView, name: str) -> Axes:
    (axes,) = [axes for axes in view.figure.axes if axes.get_xlabel() == name]
    return axes


def within(frame: Pixels, colour: str, axes: Axes) -> Floats:
    """Return x and y in data of the axes, (n, 2), where the colour is within them."""
    places = np.c_[pixels_of(frame, colour)]
    inside = [axes.bbox.padded(-2).contains(*place) for place in places]
    transformed: Floats = axes.transData.inverted().transform(places[inside])
    return transformed


@pytest.mark.parametrize("seed", [None, 4])
@pytest.mark.parametrize("index", [0, 20, 49])
def test_the_sample_in_use_is_the_right_one_with_its_error(index: int, seed: int | None) -> None:
    view, frames = make(seed=seed, lr=0.002)
    frame = frames[index]
    order = np.arange(50) if seed is None else np.random.default_rng(seed).permutation(50)
    x, y = DATA.x[order[index]], DATA.y[order[index]]
    weight, bias = replay(0.002, index, order)[-1]
    dots = artist(view, "In use, with its error")
    assert dots.get_xydata().tolist() == [[x, y]]
    stem = view.moving[2].get_xydata()  # type: ignore[attr-defined]
    low, high = view.figure.axes[0].get_ylim()
    np.testing.assert_allclose(stem[:2], [(x, y), (x, np.clip(weight * x + bias, low, high))])
    # It is the largest thing of its colour: the points around it are pale.
    places = within(frame, view.theme.data, view.figure.axes[0])
    assert np.abs(places[:, 0] - x).max() < 0.3
    words = view.moving[-2].get_text().split()  # type: ignore[attr-defined]
    error = float(words[-1].replace("\N{MINUS SIGN}", "-"))
    assert error == pytest.approx(weight * x + bias - y, abs=0.006)


@pytest.mark.parametrize("index", [0, 17, 49])
def test_the_lines_before_and_after_are_where_w_and_b_put_them(index: int) -> None:
    view, frames = make()
    frame, axes = frames[index], view.figure.axes[0]
    before, after = replay(0.005, index + 1)[-2:]
    for label, (weight, bias) in (("Line before", before), ("Line after", after)):
        x, y = artist(view, label).get_data()
        np.testing.assert_allclose(y, weight * x + bias, atol=1e-9)
    places = within(frame, view.theme.line, axes)
    assert len(places) > 150
    pixel = 1 / axes.transData.get_matrix()[1, 1]
    errors = after[0] * places[:, 0] + after[1] - places[:, 1]
    assert np.abs(errors).max() < 2.5 * pixel


@pytest.mark.parametrize("lr", [0.0001, 0.005])
@pytest.mark.parametrize("index", [0, 25, 49])
def test_the_arrow_leads_from_before_to_after(lr: float, index: int) -> None:
    view, frames = make(lr=lr)
    _ = frames[index]
    arrow = view.moving[-3]
    assert arrow.get_visible()
    before, after = plane_of(view).transData.transform(replay(lr, index + 1)[-2:])
    outline = arrow.get_xy()[:-1]  # type: ignore[attr-defined]
    np.testing.assert_allclose(outline[0], after, atol=1e-6)
    along = (after - before) / np.hypot(*(after - before))
    back = (outline - after) @ along
    # As long as the step, or as its head if that is longer.
    assert -back.min() == pytest.approx(max(np.hypot(*(after - before)), 10 / 0.72), rel=1e-6)
    assert abs((outline - after) @ [-along[1], along[0]]).max() == pytest.approx(4 / 0.72)


@pytest.mark.parametrize("index", [0, 25, 49, -1])
def test_the_path_goes_through_the_lines_so_far(index: int) -> None:
    view, frames = make()
    frame, plane = frames[index], plane_of(view)
    count = 50 if index == -1 else index + 1
    way = replay(0.005, count)
    if index == -1:
        way += [(s.weight, s.bias) for s in train(DATA, lr=0.005, epochs=100)]
    x, y = plane.transData.transform(within(frame, view.theme.line, plane)).T
    for at in plane.transData.transform(way[: count + 8] if index == -1 else way[:-2]):
        assert np.hypot(x - at[0], y - at[1]).min() < 9  # a mark or the arrow may lie over it
    # And not beyond.
    assert x.max() < plane.transData.transform(way).max(axis=0)[0] + 6


def test_the_path_of_a_diverging_run_ends_where_it_leaves() -> None:
    """What comes after leads from one far side to the other, right through the picture."""
    view, frames = make(lr=0.05)
    _ = frames[-1]
    axes = plane_of(view)
    paths: list[Any] = [part for part in view.moving if part.axes is axes]
    ends = [path.get_xydata() for path in paths if not is_dot(path)]
    (path,) = ends
    left = np.abs(path).max(axis=1) > 1e3
    assert not left.any()
    assert np.isnan(path[-1]).all()
    assert len(path) > 10


def test_the_line_without_error_holds_all_lines_through_the_sample() -> None:
    view, frames = make()
    for index in (3, 30):
        _ = frames[index]
        weight, bias = artist(view, "No error").get_data()
        np.testing.assert_allclose(weight * DATA.x[index] + bias, DATA.y[index], atol=1e-9)
        assert len(weight) == 2


def test_the_costs_of_steps_and_epochs_go_through_the_right_points() -> None:
    view, frames = make()
    frame = frames[-1]
    costs = [cost(Line(*line), DATA) for line in replay(0.005, 50)]
    epochs = [s.cost for s in train(DATA, lr=0.005, epochs=100)][:10]
    for name, first, values in (("Step", 0, costs), ("Epoch", 1, epochs)):
        axes = axes_named(view, name)
        colours = (view.theme.cost, view.theme.data)
        places = np.concatenate([within(frame, colour, axes) for colour in colours])
        places = axes.transData.transform(places)
        for number, value in enumerate(values, start=first):
            at = axes.transData.transform((number, np.log10(value)))
            assert np.hypot(*(places - at).T).min() < 2


def test_the_steps_that_raise_the_cost_are_marked_and_called_so() -> None:
    view, frames = make()
    costs = [cost(Line(*line), DATA) for line in replay(0.005, 50)]
    rises = [index for index in range(50) if costs[index + 1] > costs[index]]
    assert 5 < len(rises) < 45
    for index in range(50):
        _ = frames[index]
        text = view.moving[-1].get_text()  # type: ignore[attr-defined]
        assert text.endswith("rises" if index in rises else "falls")
        dots: list[Any] = [part for part in view.moving if is_dot(part)]
        ends = [tuple(dot.get_xydata().ravel()) for dot in dots]
        assert ends == [(index + 1, pytest.approx(np.log10(costs[index + 1])))]
    marked = artist(view, "Cost rises").get_xydata()[::3]
    assert marked[~np.isnan(marked[:, 1]), 0].tolist() == rises


def test_a_step_that_changes_nothing_neither_rises_nor_falls() -> None:
    data = Dataset(np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.0, 5.0]))  # two on the start's line
    steps = list(first_steps(data, lr=0.01))
    words = Words(
        data, outlook(data, lr=0.01, epochs=1), steps, record(train(data, lr=0.01, epochs=1))
    )
    assert [words.where(step).split()[-1] for step in steps[:2]] == ["36.00", "36.00"]
    assert words.where(steps[2]).endswith("falls")


def test_a_shuffled_run_settles_nowhere() -> None:
    for seed in (None, 4):
        view, frames = make(lr=0.001, seed=seed)
        _ = frames[-1]
        names = {line.get_label() for line in plane_of(view).lines}
        assert "Least squares" in names
        assert ("Settles" in names) == (seed is None)


def test_the_star_is_at_least_squares() -> None:
    view, frames = make()
    _ = frames[0]
    (star,) = [line for line in plane_of(view).lines if line.get_label() == "Least squares"]
    assert star.get_xydata().tolist() == [pytest.approx(least_squares(DATA))]  # type: ignore[union-attr]


def test_small_steps_have_a_surface_of_their_own_and_the_epochs_the_whole() -> None:
    view, frames = make(lr=0.0001)
    _ = frames[10]
    near = plane_of(view)
    way = np.array(replay(0.0001, 50))
    assert (np.ptp(way, axis=0) > 0.5 * np.array([np.ptp(near.get_xlim()), 0])).all()
    for index in (50, 10, 60):
        _ = frames[index]
        assert (plane_of(view) is near) == (index == 10)
    left, right = plane_of(view).get_xlim()
    assert left < least_squares(DATA).weight < right


def test_a_step_is_shown_three_times_as_long_as_an_epoch() -> None:
    view, _ = make(most=7)
    epochs = len(view.moments) - 7
    assert view.times_ms(100, 2000) == [300] * 7 + [100] * (epochs - 1) + [2000]
    assert [isinstance(moment, Step) for moment in view.moments] == [True] * 7 + [False] * epochs


def test_a_batch_is_in_use_together() -> None:
    view, frames = make(batch_size=10)
    _ = frames[2]
    dots = artist(view, "In use, with its error").get_xydata()
    assert dots.tolist() == np.c_[DATA.x, DATA.y][20:30].tolist()
    assert "10 samples" in view.moving[-2].get_text()  # type: ignore[attr-defined]


def scaled(factor: float) -> Dataset:
    return Dataset(DATA.x * factor, DATA.y * factor)


def test_a_weight_next_to_nothing_does_not_overflow() -> None:
    steps = list(islice(first_steps(DATA, lr=1e-320, start=Line(1e-310, 0.0)), 5))
    expected = outlook(DATA, lr=1e-320, epochs=1, start=Line(1e-310, 0.0))
    history = record([Snapshot(1, *steps[-1].after, steps[-1].cost)])
    view = MicroscopeView(DATA, expected, steps, history)
    for frame in Frames(view):
        assert frame.shape == (540, 960, 4)


CASES: dict[str, dict[str, Any]] = {
    "ordinary": {},
    "slow": {"lr": 0.0001},
    "next to nothing": {"lr": 1e-17},
    "batches": {"batch_size": 10},
    "no steps": {"most": 0},
    "diverging": {"lr": 0.05},
    "gone in its first epoch": {"lr": 1e290},
    "tiny": {"data": scaled(1e-9), "lr": 1e-4},
    "huge": {"data": scaled(1e8), "lr": 1e-19},
    "constant y": {"data": Dataset(DATA.x, np.full(50, 3.0))},
    "on a line": {"data": noisy_line(noise=0), "lr": 0.009},
    "names": {"data": Dataset(DATA.x, DATA.y, "$x_1$", "a name longer than the others are")},
    "many points": {"data": noisy_line(6000), "most": 100, "epochs": 3},
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_are_apart_and_inside(case: str, theme: str) -> None:
    view, frames = make(**CASES[case], style=Style(theme=THEMES[theme]))
    for index in (0, -1):
        _ = frames[index]
        boxes = [(part.get_text(), part.get_window_extent()) for part in view.moving[-2:]]  # type: ignore[attr-defined]
        assert_texts_are_apart_and_inside(view.figure, boxes)


def test_the_costs_of_few_steps_have_numbers_beside_them() -> None:
    view, frames = make(most=3)
    _ = frames[0]
    axes = axes_named(view, "Step")
    low, high = axes.get_ylim()
    ticks = [float(tick) for tick in axes.get_yticks() if low <= tick <= high]
    labels = [float(label.get_text()) for label in axes.get_yticklabels()]
    assert 2 <= len(ticks) == len(set(labels))
    np.testing.assert_allclose(np.log10(labels), ticks, atol=1e-3)


def test_a_run_that_overflows_in_its_first_epoch_ends_with_its_last_step() -> None:
    view, frames = make(lr=1e10)
    assert all(isinstance(moment, Step) for moment in view.moments)
    assert len(frames) == len(list(first_steps(DATA, lr=1e10)))
    _ = frames[-1]
