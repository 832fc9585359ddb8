"""The first epoch step by step, then the epochs and the closed loop, read from artists."""

import re
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from plotting.frames import Frames
from plotting.views import STEPS, create_view
from plotting.views.base import Style
from plotting.views.microscope import MicroscopeView
from regression import (
    Dataset,
    Floats,
    Line,
    Step,
    UserError,
    cost,
    finish,
    least_squares,
    noisy_line,
    train,
)
from tests.plotting.helpers import (
    CASES,
    CASES_AND_RARE,
    all_texts_of,
    assert_apart,
    axes_of,
    pixels_of,
    readouts_of,
    said,
)

DATA = noisy_line()


@cache
def make(
    data: Dataset = DATA, style: Style = Style(), steps: int = STEPS, **how: Any
) -> tuple[MicroscopeView, Frames]:
    settings = {"lr": 0.005, "epochs": 100} | how
    run = finish(train(data, **settings), steps)
    view = create_view("microscope", data, [run], style=style)
    assert isinstance(view, MicroscopeView)
    return view, Frames(view)


def replay(lr: float, count: int, start: tuple[float, float] = (-1.0, 1.0)) -> Floats:
    """Return (W, b) at the start and after each of the steps, (count + 1, 2), by hand."""
    path = [start]
    for index in range(count):
        (weight, bias), x, y = path[-1], DATA.x[index % 50], DATA.y[index % 50]
        error = weight * x + bias - y
        path.append((weight - 2 * lr * error * x, bias - 2 * lr * error))
    return np.array(path)


def artist(view: MicroscopeView, label: str) -> Any:
    """Return the moving artist of that label, or fail."""
    (found,) = [each for each in view.moving if each.get_label() == label]
    return found


def visible(view: MicroscopeView, label: str) -> bool:
    return any(axes.get_label() == label and axes.get_visible() for axes in view.figure.axes)


def insets(view: MicroscopeView) -> list[Axes]:
    panels = "fit", "costs", "plane"
    return [axes for axes in view.figure.axes if axes.get_label() not in panels]


def numbers(text: str) -> list[float]:
    plain = text.replace("\N{MINUS SIGN}", "-").replace(",", "").replace("\u2007", "")
    return [float(found) for found in re.findall(r"-?\d+\.?\d*", plain)]


def row(view: MicroscopeView, start: str) -> str:
    (found,) = [text for text in said(view) if text.startswith(start)]
    return found


def test_all_steps_of_the_first_epoch_come_between_the_start_and_the_second_epoch() -> None:
    view, _ = make()
    start, *later = view.moments
    assert not isinstance(start, Step)
    assert start.epoch == 0
    steps = [moment.number for moment in later if isinstance(moment, Step)]
    assert steps == list(range(1, 51))
    epochs = [moment.epoch for moment in later[50:] if not isinstance(moment, Step)]
    assert epochs == [*range(2, 11), 41, 81, 100]
    few, _ = make(steps=7)
    assert not isinstance(few.moments[8], Step)
    assert few.moments[8].epoch == 1


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("number", [1, 21, 50])
def test_the_point_in_use_is_the_right_one_with_its_error(number: int, shuffled: bool) -> None:
    view, frames = make(shuffle=shuffled or None, lr=0.002)
    _ = frames[number]
    step = view.moments[number]
    assert isinstance(step, Step)
    order = np.random.default_rng(0).permutation(50) if shuffled else np.arange(50)
    assert list(step.points) == [order[number - 1]]
    x, y = DATA.x[order[number - 1]], DATA.y[order[number - 1]]
    assert artist(view, "in use").get_xydata().tolist() == [[x, y]]
    low, high = axes_of(view.figure, "fit").get_ylim()
    ends = np.clip([y, step.before.weight * x + step.before.bias], low, high)
    bar = artist(view, "error").get_xydata()[:2]
    np.testing.assert_allclose(sorted(bar[:, 1]), sorted(ends))
    assert (bar[:, 0] == x).all()
    errors = [line.weight * x + line.bias - y for line in (step.before, step.after)]
    told = numbers(row(view, "this point"))
    assert told == [pytest.approx(error, rel=0.006, abs=1e-4) for error in errors]


@pytest.mark.parametrize("number", [1, 18, 50])
def test_the_lines_are_where_w_and_b_put_them(number: int) -> None:
    """The line without error is the nearest, in W and b, that goes through the point."""
    view, frames = make()
    frame = frames[number]
    before, after = replay(0.005, number)[-2:]
    x, y = DATA.x[number - 1], DATA.y[number - 1]
    a = np.array([x, 1.0])
    exact = before - np.linalg.pinv(a[None, :])[:, 0] * (a @ before - y)
    for label, (weight, bias) in (("before", before), ("fitted line", after), ("no error", exact)):
        parts: list[Any] = [each for each in view.moving if each.get_label() == label]
        xs, ys = next(part for part in parts if part.axes.get_label() == "fit").get_data()
        np.testing.assert_allclose(ys, weight * xs + bias, atol=1e-9)
    axes = axes_of(view.figure, "fit")
    places = np.c_[pixels_of(frame, view.theme.line)]
    inside = [axes.bbox.padded(-2).contains(*place) for place in places]
    found = axes.transData.inverted().transform(places[inside])
    pixel = 1 / axes.transData.get_matrix()[1, 1]
    assert len(found) > 100
    assert np.abs(after[0] * found[:, 0] + after[1] - found[:, 1]).max() < 2.5 * pixel


def test_a_step_goes_as_far_as_it_says() -> None:
    """In W and b, of the distance to the nearest line without error at its point: by that share the
    error becomes smaller.
    """
    view, frames = make()
    for number in (1, 20, 50):
        _ = frames[number]
        before, after = replay(0.005, number)[-2:]
        a = np.array([DATA.x[number - 1], 1.0])
        way = np.linalg.pinv(a[None, :])[:, 0] * (a @ before - DATA.y[number - 1])
        share = np.linalg.norm(after - before) / np.linalg.norm(way)
        assert numbers(row(view, "corrects "))[0] == pytest.approx(100 * share, rel=0.05)


def test_better_and_worse_are_worked_out() -> None:
    view, frames = make()
    path = replay(0.005, 50)
    costs = [cost(Line(*line), DATA) for line in path.tolist()]
    worse = [costs[number] > costs[number - 1] for number in range(1, 51)]
    assert 5 < sum(worse) < 45
    for number in range(1, 51):
        _ = frames[number]
        x, y = DATA.x[number - 1], DATA.y[number - 1]
        errors = [abs(weight * x + bias - y) for weight, bias in path[number - 1 : number + 1]]
        for start, is_worse in (("this point", errors[1] > errors[0]), ("all", worse[number - 1])):
            assert row(view, start).endswith("worse" if is_worse else "better")
        drawn = artist(view, "worse").get_ydata()[1::3]
        np.testing.assert_allclose(
            drawn, [np.log10(costs[i + 1]) for i in range(number) if worse[i]]
        )


@pytest.mark.parametrize("lr", [0.0001, 0.005])
@pytest.mark.parametrize("number", [1, 26, 50])
def test_the_arrow_leads_from_before_to_after_towards_no_error(lr: float, number: int) -> None:
    view, frames = make(lr=lr)
    _ = frames[number]
    (level,) = [
        part
        for part in view.moving
        if part.get_label() == "no error" and part.axes.get_label() != "fit"  # type: ignore[union-attr]
    ]
    assert level.axes is axes_of(view.figure, "plane")
    (arrow,) = [part for part in view.moving if type(part).__name__ == "Polygon"]
    axes = axes_of(view.figure, "first steps" if lr == 0.0001 else "plane")
    after = axes.transData.transform(replay(lr, number)[-1])
    np.testing.assert_allclose(arrow.get_xy()[0], after, atol=1e-6)  # type: ignore[attr-defined]
    weight, bias = level.get_data()  # type: ignore[attr-defined]
    x, y = DATA.x[number - 1], DATA.y[number - 1]
    shown = np.isfinite(weight)
    assert 2 <= shown.sum() < 20
    np.testing.assert_allclose((weight * x + bias)[shown], y, atol=1e-9)
    covers = [inset.bbox for inset in insets(view) if inset.get_visible()]
    covers += [text.get_window_extent() for text in level.axes.texts]
    corners = level.axes.transData.transform(level.get_xydata())  # type: ignore
    for ends in pairwise(corners):
        for place in np.linspace(*ends, 50):
            assert not any(box.padded(-1).contains(*place) for box in covers)


def test_path_and_costs_go_through_all_steps_and_all_epochs() -> None:
    view, frames = make()
    _ = frames[-1]
    path = replay(0.005, 50)
    epochs = [snapshot.line for snapshot in train(DATA, lr=0.005, epochs=100)]
    lines = np.concatenate([path, epochs])
    plane, costs = axes_of(view.figure, "plane"), axes_of(view.figure, "costs")
    curve = next(line for line in costs.lines if line.get_label() == "all costs")
    expected = [np.log10(cost(Line(*line), DATA)) for line in lines.tolist()]
    np.testing.assert_allclose(curve.get_ydata(), expected, atol=1e-9)  # type: ignore[arg-type]
    assert (np.diff(curve.get_xdata()) >= 0).all()
    x, y = pixels_of(frames[30], view.theme.line)
    for at in plane.transData.transform(path[:29]):
        assert np.hypot(x - at[0], y - at[1]).min() < 9  # a mark or the arrow may lie over it
    beyond = plane.transData.transform(path)[:, 0].max() + 8
    inside = [plane.bbox.contains(*place) for place in zip(x, y)]
    assert x[inside].max() < beyond


def test_the_last_epoch_is_a_closed_loop_beside_least_squares() -> None:
    """A thousand epochs of steps, taken one by one, end where the loop does."""
    view, frames = make(epochs=1000)
    assert not visible(view, "last epoch: a closed loop")
    _ = frames[-1]
    (inset,) = [axes for axes in insets(view) if axes.get_visible()]
    assert inset.get_label() == "last epoch: a closed loop"
    loop = artist(view, "last epoch").get_xydata()
    path = replay(0.005, 50_000)
    np.testing.assert_allclose(loop, path[-51:], atol=1e-9)
    np.testing.assert_allclose(loop[0], loop[-1], atol=1e-6)
    (left, right), (low, high) = inset.get_xlim(), inset.get_ylim()
    for weight, bias in [*loop, least_squares(DATA)]:
        assert left < weight < right
        assert low < bias < high
    wider, higher = numbers(" ".join(text.get_text() for text in inset.texts))[:2]
    plane = axes_of(view.figure, "plane")
    unit = [axes.transData.get_matrix().diagonal()[:2] for axes in (inset, plane)]
    np.testing.assert_allclose([wider, higher], unit[0] / unit[1], rtol=0.06)
    words = " ".join(text.get_text() for text in view.figure.texts)
    assert "so the last points of an epoch count most" in words
    # The frame on the map shows the same part.
    frame = next(patch for patch in plane.patches if "on the map" in str(patch.get_label()))
    assert isinstance(frame, Rectangle)
    np.testing.assert_allclose([*frame.get_xy()], [left, low])


def test_a_shuffled_run_has_no_loop_but_a_spread() -> None:
    view, frames = make(shuffle=True, epochs=300)
    _ = frames[-1]
    (inset,) = [axes for axes in insets(view) if axes.get_visible()]
    assert inset.get_label() == "last 31 epochs: no loop"
    shuffled = train(DATA, lr=0.005, epochs=300, shuffle=True)
    ends = [snapshot.line for snapshot in shuffled][-31:]
    np.testing.assert_allclose(artist(view, "last epoch").get_xydata(), ends)
    assert artist(view, "last epoch").get_linestyle() == "None"


def test_the_rise_of_the_first_steps_is_worked_out() -> None:
    view, _ = make()
    words = " ".join(text.get_text() for text in view.figure.texts)
    path = replay(0.005, 50)
    costs = [cost(Line(*line), DATA) for line in path.tolist()]
    assert max(costs) > 1.05 * costs[0]
    assert f"In the first {int(np.argmax(costs))} steps the cost rises" in words
    assert re.search(r"0\.0099 is [\d.]+ times as fast and ends \d+% above .*; 0.0304", words)
    slow, frames = make(lr=0.0001, epochs=500)
    words = " ".join(text.get_text() for text in slow.figure.texts)
    assert "Fast at first" in words
    assert "From 0.005 on steps overshoot." in words
    _ = frames[0]
    assert any("would end 0.11% above the lowest cost" in text for text in said(slow))


def test_a_frame_is_the_same_whatever_was_drawn_before_it() -> None:
    _, frames = make()
    steps = range(1, len(frames), 7)
    first = [frames[index].copy() for index in steps]
    for before, index in zip(first, steps):
        np.testing.assert_array_equal(frames[index], before)


def test_the_left_panels_share_their_edges() -> None:
    for view in (make()[0], make(style=Style(480, 800))[0]):
        boxes = [axes_of(view.figure, name).bbox for name in ("fit", "costs")]
        assert (boxes[0].x0, boxes[0].x1) == pytest.approx((boxes[1].x0, boxes[1].x1))


@pytest.mark.parametrize("number", range(1, 51, 7))
def test_the_word_error_covers_no_point(number: int) -> None:
    view, frames = make()
    _ = frames[number]
    (word,) = [text for text in readouts_of(view) if text.get_text() == "error"]
    box, fit = word.get_window_extent(), axes_of(view.figure, "fit")
    places = fit.transData.transform(np.c_[DATA.x, DATA.y])
    middle = (box.y0 + box.y1) / 2
    covered = [box.x0 < x < box.x1 and abs(y - middle) < 4 for x, y in places]
    assert not any(covered)


def test_lines_are_named_once_where_they_coincide() -> None:
    view, frames = make(lr=0.0001, epochs=500)
    for number in (1, 40):
        _ = frames[number]
        names = [text.get_text() for text in readouts_of(view)]
        assert "fitted line" in names
        step = view.moments[number]
        assert isinstance(step, Step)
        ends = [10 * line.weight + line.bias for line in (step.before, step.after)]
        pixels = abs(ends[1] - ends[0]) * axes_of(view.figure, "fit").transData.get_matrix()[1, 1]
        assert ("before" in names) == (pixels >= 3)


def test_small_steps_are_magnified_and_the_map_stays() -> None:
    view, frames = make(lr=0.0001, epochs=500)
    for index in (51, 10, 60, 1):
        _ = frames[index]
        assert visible(view, "plane")
        assert visible(view, "first steps") == (index in (1, 10))
    plane = axes_of(view.figure, "plane")
    assert plane.get_xlim()[0] < -1 < least_squares(DATA).weight < plane.get_xlim()[1]
    _ = frames[-1]
    assert visible(view, "last epoch: not closed yet") or visible(view, "last epoch: a closed loop")


def test_a_step_shows_longer_than_an_epoch_and_all_within_twenty_seconds() -> None:
    for how in ({}, {"lr": 0.0001, "epochs": 500}, {"data": noisy_line(140)}):
        view, frames = make(**how)
        times = frames.times_ms(100, 2000)
        steps = sum(isinstance(moment, Step) for moment in view.moments)
        assert min(times[1 : steps + 1]) >= max(times[steps + 1 : -1])
        assert (times[1], times[-1]) == ({50: 300, 140: 110}[steps], 2000)
        assert sum(times) <= 20_000


def test_a_batch_is_in_use_together() -> None:
    view, frames = make(batch_size=10)
    _ = frames[3]
    assert artist(view, "in use").get_xydata().tolist() == np.c_[DATA.x, DATA.y][20:30].tolist()
    step = view.moments[3]
    assert isinstance(step, Step)
    part = Dataset(DATA.x[20:30], DATA.y[20:30])
    told = numbers(row(view, "these 10 points"))[1:]
    assert told == [
        pytest.approx(cost(line, part), rel=0.006) for line in (step.before, step.after)
    ]


def test_a_run_on_standardized_x_is_shown_in_its_units() -> None:
    x, y = ((values - values.mean()) / values.std() for values in (DATA.x, DATA.y))
    run = finish(train(DATA, lr=0.05, epochs=20, standardize=True), steps=50)
    view: Any = create_view("microscope", DATA, [run])
    _ = Frames(view)[3]
    np.testing.assert_allclose(artist(view, "in use").get_xydata(), [[x[2], y[2]]], rtol=1e-12)


def test_a_run_that_overflows_in_its_first_epoch_ends_with_its_last_step() -> None:
    view, frames = make(lr=1e10)
    assert all(isinstance(moment, Step) for moment in view.moments[1:])
    assert len(frames) == 1 + len(train(DATA, lr=1e10, epochs=1).first_steps(50))
    _ = frames[-1]
    assert not [axes for axes in insets(view) if axes.get_visible()]


def assert_is_legible(view: MicroscopeView, frames: Frames) -> None:
    for index in {0, len(frames) // 3, len(frames) // 2, len(frames) - 1}:
        _ = frames[index]
        assert_apart(all_texts_of(view), view.figure.bbox, allowed=3 * view.figure.dpi / 100)


@pytest.mark.parametrize("case", CASES_AND_RARE)
def test_texts_are_apart_and_inside(case: str) -> None:
    data, settings = CASES[case]
    assert_is_legible(*make(data, **settings))


@pytest.mark.parametrize("size", [(720, 405), (480, 800), (640, 480), (1920, 1080), (1300, 600)])
def test_other_sizes_are_legible_with_no_text_under_nine_pixels(size: tuple[int, int]) -> None:
    view, frames = make(style=Style(*size))
    assert frames[0].shape == (size[1], size[0], 4)
    assert_is_legible(view, frames)
    texts = [text for text in view.figure.findobj(Text) if isinstance(text, Text)]
    sizes = [float(text.get_fontsize()) for text in texts]
    assert min(sizes) * view.figure.dpi / 72 > 8.99


def test_a_picture_too_small_is_refused_with_the_smallest_that_works() -> None:
    with pytest.raises(UserError, match=r"at least \d+ x \d+ pixels for view micro") as refused:
        make(style=Style(320, 180))
    width, height = map(int, re.findall(r"(\d+) x (\d+)", str(refused.value))[0])
    assert_is_legible(*make(style=Style(width, height)))
    with pytest.raises(UserError):
        make(style=Style(int(width / 1.03), int(height / 1.03)))


@pytest.mark.parametrize(
    ("how", "name"),
    [
        ({"lr": 0.0001, "epochs": 500}, "ends beside least squares"),
        ({"shuffle": True, "epochs": 300}, "hovers around least squares"),
        ({}, "ends here"),
    ],
)
def test_marks_that_coincide_have_one_name(how: dict[str, Any], name: str) -> None:
    view, _ = make(**how)
    names = [text.get_text() for text in axes_of(view.figure, "plane").texts]
    assert name in names
    assert ("least squares" in names) == (name == "ends here")
