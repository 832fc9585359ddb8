"""The plane of W and b: the cost over it in contours, and what is marked on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from plotting.theme import SMALL_PT, colours
from plotting.views.axes import padded
from plotting.views.base import name_axes
from regression import Convergence, Floats, History, Line

LEVELS = 12
GRID = 121
"""Points along each side at which the cost is computed for the contours."""

SENSIBLE = 1.0
"""How far, in lengths of what must be seen, the limits follow a path that overshoots."""

FARTHEST = 1e6
"""How far a settling point is followed, in lengths from start to least squares."""


def set_plane_limits(
    axes: Axes, convergence: Convergence, history: History, *, far: bool = False
) -> None:
    """Fix the limits: start, least squares, and settling point and path where sensible; `far`
    follows a run that settles on nonsense to where it does.
    """
    must = [convergence.settings.start, convergence.least_squares]
    may = np.column_stack([history["weight"], history["bias"]])
    if convergence.limit is not None and not convergence.settings.shuffled:
        may = np.vstack([may, convergence.limit])
        way = np.abs(np.subtract(convergence.limit, convergence.least_squares))
        near = np.abs(np.subtract(convergence.settings.start, convergence.least_squares)).max()
        if far and (way <= FARTHEST * (near or 1.0)).all():
            must.append(convergence.limit)
    sides = []
    for of_must, of_may in zip(np.array(must).T, may.T):
        low, high = of_must.min(), of_must.max()
        room = math.inf if convergence.is_safe else SENSIBLE * ((high - low) or 1.0)
        within = of_may[(of_may >= low - room) & (of_may <= high + room)]
        sides.append(padded(min([low, *within]), max([high, *within]), 0.12))
    axes.set_xlim(sides[0])
    axes.set_ylim(sides[1])


def draw_surface(axes: Axes, convergence: Convergence) -> None:
    """Draw contours of the cost, even in its logarithm, within the limits of the axes."""
    name_axes(axes, "Weight W", "Bias b")
    weight = np.linspace(*axes.get_xlim(), GRID)
    bias = np.linspace(*axes.get_ylim(), GRID)
    cost = convergence.cost(weight[None, :], bias[:, None])
    # Points on a line have a least cost of 0, or of some rounding, whose logarithm runs away.
    floor = max(cost.min(), 1e-4 * cost.max())
    levels = np.linspace(np.log10(floor), np.log10(cost.max()), LEVELS)
    tints = LinearSegmentedColormap.from_list("cost", [colours().low, colours().high])
    height = np.log10(np.maximum(cost, floor))
    axes.contourf(weight, bias, height, levels, cmap=tints, zorder=0)
    axes.contour(weight, bias, height, levels[1:-1], colors=colours().low, linewidths=0.6, zorder=1)


def mark(axes: Axes, line: Line, marker: str, label: str) -> None:
    """Put a marker where the line is in the plane, with an edge that sets it off."""
    fill, size, edge = {
        "*": (colours().low, 15, 1.2),
        "o": (colours().ink, 5, 0),
        "x": (None, 6, 1.8),
    }[marker]
    axes.plot(
        [line.weight],
        [line.bias],
        marker,
        mfc=fill,
        mec=colours().ink,
        ms=size,
        mew=edge,
        label=label,
        zorder=3,
        ls="none",
    )


def note(axes: Axes, text: str, marked: Sequence[Line]) -> None:
    """Write a few words in the corner that is farthest from what is marked; of two, the lower."""
    places = axes.transLimits.transform(marked)

    def room(corner: tuple[int, int]) -> float:
        return round(float(np.hypot(*(places - corner).T).min()), 3)

    right, top = max(((0, 0), (1, 0), (0, 1), (1, 1)), key=room)
    axes.annotate(
        text,
        (right, top),
        (-5 if right else 5, -5 if top else 5),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right" if right else "left",
        va="top" if top else "bottom",
        size=SMALL_PT,
    )


def is_within(axes: Axes, line: Line) -> bool:
    """Tell whether the line's place in the plane is within the limits."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    return left <= line.weight <= right and low <= line.bias <= high


def path_within(axes: Axes, history: History) -> tuple[Floats, Floats]:
    """Return W and b up to where a diverging run is far outside the axes, and nan from there.

    What follows would cross the axes on its way from one far side to the other.
    """
    way = np.column_stack([history["weight"], history["bias"]])
    limits = np.array([axes.get_xlim(), axes.get_ylim()]).T
    room = 10.0 * np.ptp(limits, axis=0)
    with np.errstate(over="ignore"):
        far = ((way < limits[0] - room) | (way > limits[1] + room)).any(axis=1)
    if far.any():
        way[int(np.argmax(far)) :] = np.nan
    return way[:, 0], way[:, 1]
