"""Runs side by side, read from artists and pixels."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from scipy.integrate import trapezoid

from plotting.frames import Frames
from plotting.theme import THEMES, use_theme
from plotting.views import create_view
from plotting.views.base import Style
from plotting.views.compare import CompareView, run_colours
from plotting.views.readout import Readout
from regression import START, Dataset, Line, Run, UserError, finish, noisy_line, train
from tests.plotting.helpers import all_texts_of, assert_apart, pixels_of, readouts_of, values
from tests.plotting.test_theme import DEUTERANOPIA, NORMAL, PROTANOPIA, lab, linear

TRITANOPIA = [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.303900],
]

DATA = noisy_line()
RATES = (0.0001, 0.0003, 0.001, 0.002, 0.005, 0.008, 0.012, 0.02, 0.05)


def at_rates(rates: Sequence[float], data: Dataset = DATA, epochs: int = 120) -> list[Run]:
    return [finish(train(data, lr=lr, epochs=epochs)) for lr in rates]


def drawn(runs: Sequence[Run], data: Dataset = DATA, style: Style = Style()) -> tuple[Any, Frames]:
    view = create_view("compare", data, runs, style=style)
    assert isinstance(view, CompareView)
    return view, Frames(view)


@cache
def make(*rates: float) -> tuple[Any, Frames]:
    return drawn(at_rates(rates))


def axes_called(view: CompareView, name: str) -> Axes:
    (found,) = [axes for axes in view.figure.axes if axes.get_label() == name]
    return found


def panels_of(view: CompareView) -> list[Axes]:
    others = "costs", "rates", "plane", "ends"
    return [axes for axes in view.figure.axes if not str(axes.get_label()).startswith(others)]


def moving(view: CompareView, label: str) -> Any:
    (found,) = [part for part in view.moving if part.get_label() == label]
    return found


def texts_above(view: CompareView, panel: Axes) -> list[str]:
    """Return what is written above the panel, from top to bottom and from left to right."""
    whole = view.figure.bbox
    found = []
    for text in view.figure.texts:
        x, y = text.get_position()[0] * whole.width, text.get_position()[1] * whole.height
        in_reach = panel.bbox.x0 - 1 <= x <= panel.bbox.x1 + 1 and 0 < y - panel.bbox.y1 < 55
        if in_reach and text.get_visible():
            found.append((-y, x, text.get_text()))
    return [text for _, _, text in sorted(found)]


def costs_at(run: Run, epoch: int) -> float:
    history = run.history
    return float(history["cost"][min(epoch, len(history) - 1)])


@pytest.mark.parametrize("count", [2, 3, 5, 9])
def test_each_run_has_a_panel_and_none_covers_another(count: int) -> None:
    view, _ = make(*RATES[:count])
    panels = panels_of(view)
    assert [panel.get_label() for panel in panels] == [
        f"learning rate {lr:g}" for lr in RATES[:count]
    ]
    assert len({(*axes.get_xlim(), *axes.get_ylim()) for axes in panels}) == 1
    boxes = [axes.bbox for axes in view.figure.axes if axes.get_label() not in ("rates", "ends")]
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)


@pytest.mark.parametrize("index", [0, 6, -1])
def test_each_panel_has_its_line_where_w_and_b_put_it(index: int) -> None:
    rates = (0.005, 0.0001, 0.0005)
    view, frames = make(*rates)
    frame = frames[index]
    with use_theme(view.theme):
        colours = run_colours(3)
    for axes, lr, colour in zip(panels_of(view), sorted(rates), colours):
        lines = [(0, *START, 0.0), *train(DATA, lr=lr, epochs=120)]
        _, weight, bias, _ = lines[view.moments[index]]
        x, y = pixels_of(frame, colour)
        inside = axes.bbox.padded(-1).contains
        places = np.array([place for place in zip(x, y) if inside(*place)])
        assert len(places) > 60
        x, y = axes.transData.inverted().transform(places).T
        pixel = 1 / axes.transData.get_matrix()[1, 1]
        assert np.abs(weight * x + bias - y).max() < 2.5 * pixel


def test_what_is_between_the_lines_is_shaded() -> None:
    """Its area is that between the two lines, which is worked out here at many x."""
    view, frames = make(0.0001, 0.001)
    _ = frames[8]
    x = np.linspace(0, 10, 2001)
    slope, height = np.polyfit(DATA.x, DATA.y, 1)
    for path, panel, lr in zip(
        moving(view, "between").get_paths(), panels_of(view), (0.0001, 0.001)
    ):
        _, weight, bias, _ = list(train(DATA, lr=lr, epochs=120))[view.moments[8] - 1]
        corners = panel.transData.inverted().transform(path.vertices)
        upper, lower = corners[:25], corners[25:50][::-1]
        between = trapezoid(np.abs(upper[:, 1] - lower[:, 1]), upper[:, 0])
        expected = trapezoid(np.abs((weight - slope) * x + bias - height), x)
        assert between == pytest.approx(expected, rel=0.02)


def test_cost_curves_go_through_every_epoch_from_the_start() -> None:
    rates = (0.0001, 0.001)
    view, _ = make(*rates)
    axes = axes_called(view, "costs")
    curves = [line for line in axes.lines if len(line.get_xdata()) == 121]  # type: ignore[arg-type]
    for curve, lr in zip(curves, rates, strict=True):
        lines = [START, *(snapshot.line for snapshot in train(DATA, lr=lr, epochs=120))]
        errors = [weight * DATA.x + bias - DATA.y for weight, bias in lines]
        costs = np.log10([error @ error for error in errors])
        np.testing.assert_allclose(curve.get_ydata(), costs, atol=1e-9)  # type: ignore[arg-type]
        assert (np.diff(curve.get_xdata()) > 0).all()


def test_dots_move_along_the_curves_and_paths() -> None:
    rates = (0.0001, 0.001)
    view, frames = make(*rates)
    costs = axes_called(view, "costs")
    (plane,) = [axes for axes in view.figure.axes if str(axes.get_label()).startswith("plane")]
    for index, epoch in enumerate(view.moments):
        _ = frames[index]
        dots = moving(view, "dots").get_offsets()
        for at, run in enumerate(at_rates(rates)):
            _, weight, bias, cost = run.history[epoch].tolist()
            height = costs.transData.transform((0, np.log10(cost)))[1]
            assert dots[at][1] == pytest.approx(height, abs=1e-6)
            expected = plane.transData.transform((weight, bias))
            np.testing.assert_allclose(dots[2 + at], expected, atol=1e-6)


def test_headings_tell_what_follows_from_the_epochs_map() -> None:
    """The map is found anew here, from where one epoch takes three lines."""
    rates = (0.0001, 0.001)
    view, frames = make(*rates)
    _ = frames[3]
    for lr, panel in zip(rates, panels_of(view)):
        ends = []
        for start in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)):
            weight, bias = start
            for x, y in zip(DATA.x, DATA.y):
                error = weight * x + bias - y
                weight, bias = weight - 2 * lr * error * x, bias - 2 * lr * error
            ends.append((weight, bias))
        c, *columns = np.array(ends)
        matrix = np.column_stack([column - c for column in columns])
        limit = np.linalg.solve(np.eye(2) - matrix, c)
        design = np.c_[DATA.x, np.ones(50)]
        least = np.linalg.lstsq(design, DATA.y, rcond=None)[0]
        costs = [np.square(design @ line - DATA.y).sum() for line in (limit, least)]
        says = " ".join(texts_above(view, panel))
        radius = np.abs(np.linalg.eigvals(matrix)).max()
        half = float(re.search(r"halves every ([\d,.]+) ep", says)[1])  # type: ignore[index]
        assert half == pytest.approx(np.log(2) / -np.log(radius), rel=0.02)
        percent = float(re.search(r"would end ([\d.]+)% above", says)[1])  # type: ignore[index]
        assert percent == pytest.approx(100 * (costs[0] / costs[1] - 1), rel=0.06)


def test_each_panel_has_the_cost_of_now() -> None:
    view, frames = make(*RATES[:3])
    runs = at_rates(RATES[:3])
    for index, epoch in enumerate(view.moments):
        _ = frames[index]
        said = [text.get_text() for text in readouts_of(view) if text.get_text().startswith("cost")]
        values = [float(text.removeprefix("cost ").replace(",", "")) for text in said]
        assert values == [pytest.approx(costs_at(run, epoch), abs=0.006) for run in runs]


def test_the_last_frame_says_how_far_each_run_came() -> None:
    view, frames = make(0.0001, 0.005)
    for index in (3, -1, 0, -1):
        _ = frames[index]
        says = [" ".join(texts_above(view, panel)) for panel in panels_of(view)]
        assert ("halves" in says[0], "halves" in says[1]) == (index != -1,) * 2
        assert ("% of the distance" in says[0]) == (index == -1)
        assert ("has converged" in says[1]) == (index == -1)
    share = float(re.search(r"([\d.]+)% of", says[0])[1])  # type: ignore[index]
    run = at_rates([0.0001])[0]
    end = run.convergence.limit
    assert end is not None
    line = Line(*run.history[-1].tolist()[1:3])
    left = np.hypot(*np.subtract(line, end)) / np.hypot(*np.subtract(START, end))
    assert share == pytest.approx(100 * (1 - left), abs=0.6)


def test_a_run_off_the_chart_says_so_and_has_no_line() -> None:
    rates = (0.001, 0.02, 0.05)
    view, frames = make(*rates)
    runs = at_rates(rates)
    overflow = len(runs[2].history)
    ceiling = 10 * runs[0].convergence.start_cost
    seen = set()
    for index, epoch in enumerate(view.moments):
        _ = frames[index]
        segments = [path.vertices for path in moving(view, "fitted lines").get_paths()]
        notes = " ".join(text.get_text() for text in readouts_of(view))
        assert np.isfinite(segments[0]).all()
        for segment, run in zip(segments[1:], runs[1:]):
            gone = len(run.history) <= epoch
            is_off = gone or costs_at(run, epoch) > ceiling
            assert np.isnan(segment).any() == is_off
            if is_off:
                power = f"10{int(np.log10(costs_at(run, epoch)))}"
                plain = notes.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
                said = f"overflowed in epoch {overflow}" if gone else f"chart: cost {power}"
                assert said in plain
                seen.add(gone)
    assert seen == {True, False}


def test_ends_that_are_close_are_magnified_in_the_colours_of_their_runs() -> None:
    rates = (0.0001, 0.001, 0.005)
    view, frames = make(*rates)
    _ = frames[-1]
    inset = axes_called(view, "ends")
    with use_theme(view.theme):
        colours = run_colours(3)
    for run, colour in zip(at_rates(rates), colours):
        (mark,) = [
            line for line in inset.lines if line.get_marker() == "x" and line.get_color() == colour
        ]
        assert mark.get_xydata().tolist() == [pytest.approx(run.convergence.limit)]  # type: ignore[union-attr]
    (plane,) = [axes for axes in view.figure.axes if str(axes.get_label()).startswith("plane")]
    says = " ".join(text.get_text() for text in inset.texts)
    times = float(re.search(r"magnified ([\d.]+) times", says)[1])  # type: ignore[index]
    units = [axes.transData.get_matrix()[0, 0] for axes in (inset, plane)]
    assert times == pytest.approx(units[0] / units[1], rel=0.05)


def test_dots_that_lie_on_each_other_show_as_rings() -> None:
    view, frames = make(*RATES[:3])
    _ = frames[0]
    sizes = moving(view, "dots").get_sizes()
    assert (np.diff(sizes[:3]) < 0).all()


def test_the_lowest_possible_cost_is_never_above_one_that_is_shown() -> None:
    """With 181,614.54 and 181,614.57, say, four digits would not tell."""
    rates = [0.5 * lr for lr in (0.0001, 0.001, 0.005)]
    runs = [finish(train(DATA, lr=lr, epochs=400, batch_size=50)) for lr in rates]
    view, frames = drawn(runs)
    _ = frames[-1]
    said = [text.get_text() for text in readouts_of(view)]
    (lowest,) = [float(t.rpartition(" ")[2].replace(",", "")) for t in said if "lowest" in t]
    costs = [float(t.removeprefix("cost ").replace(",", "")) for t in said if t[:5] == "cost "]
    assert len(costs) == 3
    assert lowest <= min(costs)
    ticks = axes_called(view, "costs").get_yticklabels()
    assert f"{lowest}" in [tick.get_text() for tick in ticks]


def test_the_last_frame_has_the_equation_of_each_line() -> None:
    view, frames = make(0.0001, 0.001)
    for index in (-1, 3):
        _ = frames[index]
        found = [t.get_text() for t in readouts_of(view) if t.get_text().startswith("now: ")]
        assert len(found) == (2 if index == -1 else 0)
    _ = frames[-1]
    for text, run in zip(
        [t.get_text() for t in readouts_of(view) if t.get_text().startswith("now: ")],
        at_rates((0.0001, 0.001)),
    ):
        plain = text.removeprefix("now: ").replace("\N{MINUS SIGN}", "-").replace(" ", "")
        weight, bias = map(float, re.fullmatch(r"y=(-?[\d.]+)x([+-][\d.]+)", plain).groups())  # type: ignore[union-attr]
        assert (weight, bias) == pytest.approx(run.history[-1].tolist()[1:3], abs=6e-4)


def test_labels_stand_in_the_order_of_the_ends_of_the_curves() -> None:
    view, frames = make(*RATES)
    _ = frames[-1]
    costs = axes_called(view, "costs")
    right = [text for text in view.figure.texts if text.get_position()[0] * 960 > costs.bbox.x1]
    places = {text.get_text(): text.get_position()[1] for text in right}
    ends = {f"{run.settings.lr:g}": costs_at(run, 120) for run in at_rates(RATES[:7])}
    assert sorted(ends, key=places.__getitem__) == sorted(ends, key=ends.__getitem__)
    above = {name: place for name, place in places.items() if "\N{UPWARDS ARROW}" in name}
    assert {name.split()[0] for name in above} == {"0.02", "0.05"}
    assert min(above.values()) > max(places[name] for name in ends)


def test_the_scale_of_rates_shows_the_limits() -> None:
    """A point's error is multiplied by 1 - 2*lr*(x^2 + 1), which grows it from 1/(x^2 + 1) on."""
    view, _ = make(*RATES)
    axes = axes_called(view, "rates")
    says = " ".join(text.get_text() for text in axes.texts)
    assert float(re.search(r"safe up to ([\d.]+)", says)[1]) == pytest.approx(1 / 101, rel=0.01)  # type: ignore[index]
    unsafe, diverging = axes.patches
    assert unsafe.get_x() == pytest.approx(np.log10(1 / 101))  # type: ignore[attr-defined]
    start = float(re.search(r"diverges from ([\d.]+)", says)[1])  # type: ignore[index]
    assert diverging.get_x() == pytest.approx(np.log10(start), abs=0.01)  # type: ignore[attr-defined]
    for lr, diverges in ((start * 0.99, False), (start * 1.01, True)):
        lines = list(train(DATA, lr=lr, epochs=3000))
        grows = len(lines) < 3000 or lines[-1].cost > 1.5 * lines[1500].cost
        assert grows == diverges


def test_the_scale_of_rates_numbers_the_runs() -> None:
    view, _ = make(0.0001, 0.001, 0.005, 0.02)
    axes = axes_called(view, "rates")
    numbers = [text.get_text() for text in axes.get_xticklabels()]
    assert {"0.0001", "0.001", "0.02"} <= set(numbers) <= {"0.0001", "0.001", "0.005", "0.02"}
    np.testing.assert_allclose(axes.get_xticks(), np.log10([float(text) for text in numbers]))
    says = {text.get_text(): text.get_window_extent() for text in axes.texts}
    assert len(says) == 3
    limits = [(np.log10(rate), 0) for rate in (1 / 101, 0.03036)]
    to_safe, to_edge = axes.transData.transform(limits)[:, 0]
    assert says["unsafe"].x0 > to_safe > says["rates safe up to 0.0099"].x1
    assert says["diverges from 0.0304"].x0 > max(to_edge, says["unsafe"].x1)


@pytest.mark.parametrize(("shuffled", "name"), [(False, "end: "), (True, "mean: ")])
def test_each_panel_has_the_line_of_the_end_until_it_is_reached(shuffled: bool, name: str) -> None:
    runs = [finish(train(DATA, lr=lr, epochs=300, shuffle=shuffled)) for lr in (0.0001, 0.005)]
    view, frames = drawn(runs)
    for index in (0, 8, -1):
        _ = frames[index]
        shown = [
            text.get_text().replace("\N{MINUS SIGN}", "-").replace(" ", "")
            for text in view.moving
            if isinstance(text, Readout) and text.get_text().startswith(name)
        ]
        assert len(shown) == (1 if index == -1 and not shuffled else 2)
        for text, run in zip(shown, runs):
            found = re.fullmatch(rf"{name.strip()}y=(.+)x(.+)", text)
            assert found is not None
            line = tuple(map(float, found.groups()))
            assert line == pytest.approx(run.convergence.limit, abs=6e-4)


def test_a_run_that_ends_at_least_squares_has_no_cross() -> None:
    runs = [finish(train(DATA, lr=0.005, epochs=50, batch_size=size)) for size in (1, 50)]
    view, _ = drawn(runs)
    (plane,) = [axes for axes in view.figure.axes if str(axes.get_label()).startswith("plane")]
    crosses = [values(line) for line in plane.lines if line.get_marker() == "x"]
    limit = runs[0].convergence.limit
    assert limit is not None
    for (weight,), (bias,) in crosses:
        assert (weight, bias) == pytest.approx(limit)
    assert len(crosses) == 2  # with its rim


def test_there_is_no_scale_of_rates_where_another_setting_is_compared() -> None:
    runs = [finish(train(DATA, lr=0.001, epochs=50, batch_size=size)) for size in (50, 1, 10)]
    view, frames = drawn(runs)
    _ = frames[-1]
    assert [panel.get_label() for panel in panels_of(view)] == [
        "1 point a step", "10 points a step", "50 points a step",
    ]  # fmt: skip
    assert not [axes for axes in view.figure.axes if axes.get_label() == "rates"]
    for panel, size in zip(panels_of(view), (1, 10, 50)):
        says = " ".join(texts_above(view, panel))
        limit = float(re.search(r"safe up to ([\d.]+)", says)[1])  # type: ignore[index]
        # The curvature of a batch: the larger eigenvalue of the sum of its a a^T, a = (x, 1).
        parts = [np.c_[DATA.x, np.ones(50)][at : at + size] for at in range(0, 50, size)]
        largest = max(np.linalg.eigvalsh(part.T @ part)[-1] / len(part) for part in parts)
        assert limit == pytest.approx(1 / largest, rel=0.01)


def test_standardized_runs_have_a_plane_of_their_own() -> None:
    """There the bowl is round: a contour is as wide as high."""
    own = finish(train(DATA, lr=0.001, epochs=50))
    standardized = finish(train(DATA, lr=0.001, epochs=50, standardize=True))
    trained = standardized.as_trained
    view, frames = drawn([own, standardized])
    _ = frames[-1]
    assert [panel.get_label() for panel in panels_of(view)] == ["not standardized", "standardized"]
    planes = [axes for axes in view.figure.axes if str(axes.get_label()).startswith("plane")]
    assert len(planes) == 2
    shapes = []
    for plane in planes:
        lines = [line for line in plane.lines if str(line.get_label()).startswith("cost ")]
        size = np.ptp(plane.transData.transform(lines[0].get_xydata()), axis=0)
        shapes.append(size[1] / size[0])
    assert shapes[1] == pytest.approx(1.0, abs=0.02)
    dots = moving(view, "dots").get_offsets()
    expected = planes[1].transData.transform(trained.history[-1].tolist()[1:3])
    np.testing.assert_allclose(dots[5], expected, atol=1e-6)


def test_moments_are_all_epochs_that_any_run_draws() -> None:
    short = finish(train(DATA, lr=0.001, epochs=7))
    long = finish(train(DATA, lr=0.002, epochs=90))
    view, frames = drawn([long, short])
    assert view.moments == [*range(11), 41, 81, 90]
    _ = frames[-1]
    assert len(frames) == len(view.times_ms(100, 2000))
    assert sum(view.times_ms(100, 2000)) == 100 * (len(frames) - 1) + 2000


def luminance(colour: str) -> float:
    return float(np.dot([0.2126, 0.7152, 0.0722], linear(colour)))


@pytest.mark.parametrize("count", [2, 5, 9])
@pytest.mark.parametrize("name", THEMES)
def test_colours_stand_out_from_the_paper_and_rise_in_lightness(name: str, count: int) -> None:
    with use_theme(THEMES[name]):
        colours = run_colours(count)
    papers = {"light": ["#ffffff"], "dark": [THEMES["dark"].paper]}
    for paper in papers.get(name, ["#ffffff", "#000000"]):
        for colour in colours:
            low, high = sorted((luminance(colour), luminance(paper)))
            assert (high + 0.05) / (low + 0.05) >= 3
    assert sorted(colours, key=luminance) == colours
    grey = [lab(np.full(3, luminance(colour)))[0] for colour in colours]
    assert np.diff(grey).min() > 2.3


@pytest.mark.parametrize("sight", [NORMAL, PROTANOPIA, DEUTERANOPIA, TRITANOPIA])
@pytest.mark.parametrize("name", THEMES)
def test_colours_of_nine_runs_are_told_apart_with_any_sight(
    name: str, sight: list[list[float]]
) -> None:
    """A difference of 2.3 is just noticeable; six times that is plain side by side."""
    with use_theme(THEMES[name]):
        seen = [lab(np.array(sight) @ linear(c)) for c in run_colours(9)]
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > 14
    assert len({to_rgb(colour) for colour in run_colours(9)}) == 9


def scaled(factor: float) -> Dataset:
    return Dataset(DATA.x * factor, DATA.y * factor)


CASES: dict[str, tuple[Dataset, Sequence[float]]] = {
    "five, two of them diverging": (DATA, (0.0001, 0.001, 0.005, 0.02, 0.05)),
    "nine long rates": (DATA, [lr / 10.1 for lr in RATES]),
    "all diverging": (DATA, (0.05, 0.07)),
    "one gone in its first epoch": (DATA, (0.001, 1e290)),
    "tiny": (scaled(1e-9), (1e-4, 1e-3, 1e-2, 0.1)),
    "huge": (scaled(1e8), (1e-20, 1e-19, 1e-18, 1e-17, 1e-12)),
    "constant y": (Dataset(DATA.x, np.full(50, 3.0)), (0.0001, 0.001, 0.005)),
    "on the line from the start": (Dataset(DATA.x, 1 - DATA.x), RATES[:3]),
    "falling steeply": (noisy_line(slope=-30, intercept=100, noise=20), RATES[:3]),
    "names": (Dataset(DATA.x, DATA.y, "$x_1$", "a name longer than the others are"), RATES[:4]),
}


def assert_is_legible(view: CompareView, frames: Frames) -> None:
    for index in (0, -1):
        _ = frames[index]
        assert_apart(all_texts_of(view), view.figure.bbox, allowed=3 * view.figure.dpi / 100)


@pytest.mark.parametrize("case", CASES)
def test_texts_are_apart_and_inside(case: str) -> None:
    data, rates = CASES[case]
    assert_is_legible(*drawn(at_rates(rates, data, epochs=30), data))


SIZES = [
    (3, 720, 405),
    (3, 480, 800),
    (9, 480, 860),
    (2, 640, 480),
    (3, 1920, 1080),
    (9, 1200, 600),
]


@pytest.mark.parametrize(("count", "width", "height"), SIZES)
def test_other_sizes_are_legible_with_no_text_under_nine_pixels(
    count: int, width: int, height: int
) -> None:
    view, frames = drawn(at_rates(RATES[:count], epochs=30), style=Style(width, height))
    assert frames[0].shape == (height, width, 4)
    assert_is_legible(view, frames)
    texts = [text for text in view.figure.findobj(Text) if isinstance(text, Text)]
    sizes = [float(text.get_fontsize()) for text in texts]
    assert min(sizes) * view.figure.dpi / 72 > 8.99


def test_a_picture_too_small_is_refused_with_the_smallest_that_works() -> None:
    runs = at_rates(RATES, epochs=30)
    with pytest.raises(UserError, match=r"at least \d+ x \d+ pixels for 9 runs") as refused:
        drawn(runs, style=Style(400, 225))
    width, height = map(int, re.findall(r"(\d+) x (\d+)", str(refused.value))[0])
    assert_is_legible(*drawn(runs, style=Style(width, height)))
    with pytest.raises(UserError):
        drawn(runs, style=Style(int(width / 1.03), int(height / 1.03)))
