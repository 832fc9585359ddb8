"""Rates side by side, read from pixels and artists."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from plotting.frames import Frames
from plotting.theme import LIGHT, THEMES
from plotting.views.base import Style
from plotting.views.compare import CompareView, Run, rate_colours
from plotting.views.readout import Readout
from regression import START, Dataset, Snapshot, cost, drawn, noisy_line, record, train
from tests.plotting.helpers import assert_texts_are_apart_and_inside, pixels_of, texts_of
from tests.plotting.test_theme import DEUTERANOPIA, NORMAL, PROTANOPIA, lab, linear

DATA = noisy_line()
RATES = [0.0001, 0.0003, 0.001, 0.002, 0.005, 0.008, 0.012, 0.02, 0.05]
SMALL = Style(480, 270)


def runs_of(
    rates: Sequence[float], data: Dataset = DATA, epochs: int = 120, batch_size: int = 1
) -> list[Run]:
    runs = []
    for lr in rates:
        expected = outlook(data, lr=lr, epochs=epochs, batch_size=batch_size)
        history = record(train(data, lr=lr, epochs=epochs, batch_size=batch_size))
        if not len(history):
            history = record([Snapshot(0, *START, cost(START, data))])
        runs.append((expected, drawn(history, 40)))
    return runs


@cache
def make(*rates: float, data: Dataset = DATA) -> tuple[CompareView, Frames]:
    view = CompareView(data, runs_of(rates, data))
    return view, Frames(view)


def headings(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("count", [2, 3, 5, 8, 9])
def test_each_rate_has_a_panel_and_none_covers_another(count: int) -> None:
    view, _ = make(*RATES[:count])
    *panels, _ = view.figure.axes
    assert [headings(panel)[0] for panel in panels] == [f"Rate {lr:g}" for lr in RATES[:count]]
    assert len({(*axes.get_xlim(), *axes.get_ylim()) for axes in panels}) == 1
    boxes = [axes.bbox for axes in view.figure.axes]
    for index, box in enumerate(boxes):
        assert box.width > 120
        assert box.height > 80
        assert not any(box.overlaps(other) for other in boxes[:index])


@pytest.mark.parametrize("index", [0, 6, -1])
def test_each_panel_has_its_line_where_w_and_b_put_it(index: int) -> None:
    rates = [0.005, 0.0001, 0.0005]
    view, frames = make(*rates)
    frame = frames[index]
    colours = rate_colours(3, view.theme)
    for axes, lr, colour in zip(view.figure.axes, sorted(rates), colours):
        snapshots = list(train(DATA, lr=lr, epochs=120))
        at = snapshots[view.moments[index] - 1]
        x, y = pixels_of(frame, colour)
        inside = axes.bbox.padded(-1).contains
        places = np.array([place for place in zip(x, y) if inside(*place)])
        assert len(places) > 100
        x, y = axes.transData.inverted().transform(places).T
        pixel = 1 / axes.transData.get_matrix()[1, 1]
        assert np.abs(at.weight * x + at.bias - y).max() < 2.5 * pixel


def test_the_costs_go_through_the_drawn_costs_in_the_panels_colours() -> None:
    rates = [0.0001, 0.001]
    view, frames = make(*rates)
    frame = frames[-1]
    axes = view.figure.axes[-1]
    for lr, colour in zip(rates, rate_colours(2, view.theme)):
        x, y = pixels_of(frame, colour)
        for snapshot in list(train(DATA, lr=lr, epochs=120))[:10]:
            error = snapshot.weight * DATA.x + snapshot.bias - DATA.y
            place = axes.transData.transform((snapshot.epoch, float(np.log10(error @ error))))
            assert np.hypot(x - place[0], y - place[1]).min() < 1.5


def test_costs_grow_with_the_epochs() -> None:
    view, frames = make(0.0001, 0.001)
    left = view.figure.axes[-1].bbox.x0
    ends = []
    for index in range(len(frames)):
        x, _ = pixels_of(frames[index], rate_colours(2, view.theme)[0])
        right = view.figure.axes[-1].bbox.x1
        ends.append(x[(x > left) & (x < right)].max())
        at = view.figure.axes[-1].transData.transform((view.moments[index], 0))[0]
        assert abs(ends[-1] - at) < 5
    assert ends == sorted(ends)


def test_headings_tell_what_follows_from_the_epochs_map() -> None:
    """The map is found anew here, from where one epoch takes three lines."""
    for lr, panel in zip((0.0001, 0.001), make(0.0001, 0.001)[0].figure.axes):
        ends = []
        for start in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)):
            weight, bias = start
            for x, y in zip(DATA.x, DATA.y):
                error = weight * x + bias - y
                weight, bias = weight - 2 * lr * error * x, bias - 2 * lr * error
            ends.append((weight, bias))
        c, *columns = np.array(ends)
        matrix = np.column_stack([column - c for column in columns])
        settles = np.linalg.solve(np.eye(2) - matrix, c)
        design = np.c_[DATA.x, np.ones(50)]
        least = np.linalg.lstsq(design, DATA.y, rcond=None)[0]
        costs = [np.square(design @ line - DATA.y).sum() for line in (settles, least)]
        _, contraction, above = headings(panel)
        radius = np.abs(np.linalg.eigvals(matrix)).max()
        assert float(contraction.split()[1]) == pytest.approx(radius, abs=6e-5)
        percent = 100 * (costs[0] / costs[1] - 1)
        assert float(above.split()[1]) == pytest.approx(percent, rel=0.06)


def test_a_run_that_left_the_numbers_says_so_from_then_on() -> None:
    runs = runs_of([0.001, 0.05])
    gone = 1 + sum(1 for _ in train(DATA, lr=0.05, epochs=120))
    view = CompareView(DATA, runs, style=SMALL)
    frames, seen = Frames(view), set()
    for index, epoch in [*enumerate(view.moments), (0, view.moments[0])]:
        _ = frames[index]
        text = headings(view.figure.axes[1])[2]
        assert text == (f"overflowed in epoch {gone}" if epoch >= gone else "diverges")
        seen.add(text)
    assert len(seen) == 2


@pytest.mark.parametrize("rates", [[0.001, 0.05], RATES])
def test_a_line_outside_its_panel_is_said_to_be_so_within_it(rates: list[float]) -> None:
    runs = runs_of(rates)
    view = CompareView(DATA, runs)
    words: list[Any] = [part for part in view.moving[:-1] if isinstance(part, Readout)]
    frames, seen = Frames(view), set()
    for index, epoch in enumerate(view.moments):
        _ = frames[index]
        for panel, (_, history), pair in zip(
            view.figure.axes, runs, zip(words[::2], words[1::2]), strict=False
        ):
            weight, bias = history[history["epoch"] <= epoch][-1].tolist()[1:3]
            ends = [weight * x + bias for x in (0.0, 10.0)]
            low, high = panel.get_ylim()
            above, below = (part.get_text() for part in pair)
            assert ("above" in above, "below" in below) == (min(ends) > high, max(ends) < low)
            for part in pair:
                if part.get_text():
                    box = part.get_window_extent()
                    assert panel.bbox.x0 < box.x0 < box.x1 < panel.bbox.x1
                    assert panel.bbox.y0 < box.y0 < box.y1 < panel.bbox.y1
                    seen.add(part.get_text())
    assert len(seen) == 2


def test_the_epochs_go_on_to_the_end_of_the_longest_run() -> None:
    axes = CompareView(DATA, runs_of([0.001, 0.05]), style=SMALL).figure.axes[-1]
    left, right = axes.get_xlim()
    assert left < 1
    assert right > 120
    assert axes.get_xticks()[-1] == 120


def test_moments_are_all_epochs_that_any_run_draws() -> None:
    short, long = runs_of([0.001], epochs=7) + runs_of([0.002], epochs=90)
    view = CompareView(DATA, [long, short], style=SMALL)
    assert view.moments == sorted({*short[1]["epoch"].tolist(), *long[1]["epoch"].tolist()})
    _ = Frames(view)[-1]
    assert headings(view.figure.axes[0])[2].startswith("settles")


def test_labels_are_in_the_order_of_the_ends_of_the_curves() -> None:
    runs = runs_of(RATES)
    view, frames = make(*RATES)
    _ = frames[-1]
    places = {text: box.y0 for text, box in texts_of(view.figure) if box.x0 > 900}
    ends = {f"{o.lr:g}": h["cost"][-1] for o, h in runs if h["cost"][-1] < 1e4}
    by_cost = sorted(ends, key=ends.__getitem__)
    assert sorted(ends, key=places.__getitem__) == by_cost
    assert len(places) > len(ends)
    above = [box for text, box in places.items() if "\N{UPWARDS ARROW}" in text]
    assert len(above) == 2
    assert min(above) > max(places[name] for name in ends)


@pytest.mark.parametrize("count", [2, 5, 9])
def test_colours_stand_out_from_the_paper_and_from_each_other(count: int) -> None:
    def light(rgb: tuple[float, ...]) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    dark = LIGHT.__class__(**{**LIGHT.__dict__, "paper": "#111111", "ink": "#eeeeee"})
    for theme in (LIGHT, dark):
        colours = [to_rgb(colour) for colour in rate_colours(count, theme)]
        for rgb in colours:
            low, high = sorted((light(rgb), light(to_rgb(theme.paper))))
            assert (high + 0.05) / (low + 0.05) >= 3
        assert sorted(colours, key=light) == colours
        steps = np.abs(np.diff(colours, axis=0)).sum(axis=1)
        assert steps.min() > 0.1


@pytest.mark.parametrize("sight", [NORMAL, PROTANOPIA, DEUTERANOPIA])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_of_nine_rates_are_told_apart_with_any_sight(
    theme: str, sight: list[list[float]]
) -> None:
    """A difference of 2.3 is just noticeable; four times that is plain side by side."""
    seen = [lab(np.array(sight) @ linear(c)) for c in rate_colours(9, THEMES[theme])]
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(one - other) > 9


def scaled(factor: float) -> Dataset:
    return Dataset(DATA.x * factor, DATA.y * factor)


CASES: dict[str, tuple[Dataset, list[float]]] = {
    "three": (DATA, RATES[:3]),
    "five, two of them diverging": (DATA, [0.0001, 0.001, 0.005, 0.02, 0.05]),
    "nine": (DATA, RATES),
    "nine long rates": (DATA, [lr / 10.1 for lr in RATES]),
    "all diverging": (DATA, [0.05, 0.07]),
    "one gone in its first epoch": (DATA, [0.001, 1e290]),
    "tiny": (scaled(1e-9), [1e-4, 1e-3, 1e-2, 0.1]),
    "huge": (scaled(1e8), [1e-20, 1e-19, 1e-18, 1e-17, 1e-12]),
    "constant y": (Dataset(DATA.x, np.full(50, 3.0)), [0.0001, 0.001, 0.005]),
    "on the line from the start": (Dataset(DATA.x, 1 - DATA.x), RATES[:3]),
    "names": (Dataset(DATA.x, DATA.y, "$x_1$", "a name longer than the others are"), RATES[:4]),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_are_apart_and_inside(case: str, theme: str) -> None:
    data, rates = CASES[case]
    view = CompareView(data, runs_of(rates, data), style=Style(theme=THEMES[theme]))
    frames = Frames(view)
    for index in (0, -1):
        _ = frames[index]
        box = view.moving[-1].get_window_extent()
        assert_texts_are_apart_and_inside(view.figure, [("readout", box)])
