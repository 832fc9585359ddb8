"""What is in a picture: where its colours are, whether its texts are apart; and runs to draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxBase

from plotting.encoders.palette import Pixels
from plotting.frames import Resting, View
from plotting.views.readout import Readout
from regression import Dataset, Floats, Run, finish, noisy_line, train

DATA = noisy_line()


def scaled(factor_x: float, factor_y: float) -> Dataset:
    return Dataset(DATA.x * factor_x, DATA.y * factor_y)


CASES: dict[str, tuple[Dataset, dict[str, Any]]] = {
    "ordinary": (DATA, {"lr": 1e-4, "epochs": 500}),
    "one epoch": (DATA, {"lr": 1e-4, "epochs": 1}),
    "two epochs": (DATA, {"lr": 1e-4, "epochs": 2}),
    "many epochs": (DATA, {"lr": 1e-3, "epochs": 30_000}),
    "steep and falling": (noisy_line(slope=-40, intercept=300), {"lr": 5e-4, "epochs": 500}),
    "twice the safe limit": (DATA, {"lr": 0.0198, "epochs": 100}),
    "diverging": (DATA, {"lr": 0.05, "epochs": 500}),
    "overflows at once": (DATA, {"lr": 1e300, "epochs": 3}),
    "shuffled": (DATA, {"lr": 0.005, "epochs": 200, "shuffle": True}),
    "batches": (DATA, {"lr": 0.01, "epochs": 100, "batch_size": 10}),
    "all points at once": (DATA, {"lr": 0.01, "epochs": 300, "batch_size": 50}),
    "tiny": (scaled(1e-9, 1e-9), {"lr": 1e-4, "epochs": 100}),
    "huge": (scaled(1e8, 1e8), {"lr": 1e-20, "epochs": 100}),
    "years": (Dataset(DATA.x + 2000, DATA.y), {"lr": 1e-7, "epochs": 100}),
    "constant y": (Dataset(DATA.x, np.full(50, 3.0)), {"lr": 1e-4, "epochs": 500}),
    "two points": (Dataset(np.array([1.0, 2.0]), np.array([5.0, 4.0])), {"lr": 0.1, "epochs": 50}),
    "names": (
        Dataset(DATA.x, DATA.y, "$x_1$ & <b>", "a name that is longer than most of the others"),
        {"lr": 1e-4, "epochs": 500},
    ),
}


RARE = {"two epochs", "overflows at once", "batches", "tiny", "years", "all points at once"}
"""Cases that are laid out as others are: for more than one picture they are slow tests."""

CASES_AND_RARE = [
    pytest.param(case, marks=pytest.mark.slow) if case in RARE else case for case in CASES
]


@cache
def run_of(case: str) -> tuple[Dataset, Run]:
    """Return the data and the finished run of a case."""
    data, settings = CASES[case]
    return data, finish(train(data, **settings))


def labelled(figure: Figure, label: str, axes: str = "") -> Line2D:
    """Return the line of that label, in the axes of that label if it is given."""
    found = [
        line
        for each in figure.axes
        if each.get_label() == (axes or each.get_label())
        for line in each.lines
        if line.get_label() == label
    ]
    assert len(found) == 1, [line.get_label() for each in figure.axes for line in each.lines]
    return found[0]


def axes_of(figure: Figure, label: str) -> Axes:
    """Return the axes of that label."""
    (found,) = (axes for axes in figure.axes if axes.get_label() == label)
    return found


def values(line: Line2D) -> tuple[Floats, Floats]:
    """Return the x and y that a line was given."""
    return np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)


def said(view: View) -> list[str]:
    """Return the changing texts of a view that are to be seen."""
    return [readout.get_text().strip(" ·") for readout in readouts_of(view)]


def readouts_of(view: View) -> list[Readout]:
    resting: Sequence[Artist] = view.resting if isinstance(view, Resting) else ()
    every = [*view.moving, *resting]
    shown = [each for each in every if isinstance(each, Readout) and each.get_visible()]
    return [each for each in shown if each.get_text()]


def pixels_of(frame: Pixels, colour: str) -> tuple[Floats, Floats]:
    """Return x and y, in pixels from the lower left corner, of the middles of such pixels."""
    rgb = np.round(np.array(to_rgb(colour)) * 255)
    rows, columns = np.nonzero((np.abs(frame[..., :3] - rgb) <= 1).all(axis=-1))
    return (columns + 0.5).astype(float), (len(frame) - rows - 0.5).astype(float)


def texts_of(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return the visible, not empty texts of the figure as last drawn, and their extents."""
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    stale = figure.stale  # which looking for its ticks sets, after which all would be drawn anew
    hidden = {text for axes in figure.axes for text in _not_drawn(axes)}
    found = [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if isinstance(text, Text)
        and text.get_text().strip()
        and text.get_visible()
        and text not in hidden
    ]
    figure.stale = stale
    return found


def _not_drawn(axes: Axes) -> Iterator[Artist]:
    """Return the texts of axes that are invisible, and of ticks outside their limits."""
    if not axes.get_visible():
        yield from axes.findobj(Text)
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if not low <= tick.get_loc() <= high:
                yield from (tick.label1, tick.label2)


def all_texts_of(view: View) -> list[tuple[str, Bbox]]:
    """Return the texts of a view as last drawn, those that change too, and their extents.

    The box of a changing text has empty rows; here it is as high as its capitals.
    """
    changing = []
    for readout in readouts_of(view):
        box = readout.get_window_extent()
        third = box.height / 3
        lowered = Bbox.from_extents(box.x0, box.y0 + 0.7 * third, box.x1, box.y1 - 0.7 * third)
        changing.append((readout.get_text(), lowered))
    return [*texts_of(view.figure), *changing]


def assert_texts_are_apart_and_inside(
    figure: Figure, others: list[tuple[str, Bbox]], allowed: float = 1.0
) -> None:
    """Check that no text covers another or leaves the figure; `others` come on top."""
    texts = [*texts_of(figure), *others]
    assert len(texts) > 4
    assert_apart(texts, figure.bbox, allowed)


def assert_apart(texts: Sequence[tuple[str, Bbox]], whole: BboxBase, allowed: float = 1.0) -> None:
    """Check that of the texts no two overlap by more than `allowed` pixels, and all are inside."""
    names = [name for name, _ in texts]
    x0, y0, x1, y1 = np.array([box.extents for _, box in texts]).T
    inside = (x0 >= -1) & (y0 >= -1) & (x1 <= whole.x1 + 1) & (y1 <= whole.y1 + 1)
    assert inside.all(), [names[at] for at in np.flatnonzero(~inside)]
    widths, heights = (
        np.minimum.outer(ends, ends) - np.maximum.outer(starts, starts)
        for starts, ends in ((x0, x1), (y0, y1))
    )
    overlapping = np.triu(np.minimum(widths, heights) >= allowed, 1)
    assert not overlapping.any(), [(names[i], names[j]) for i, j in np.argwhere(overlapping)]
