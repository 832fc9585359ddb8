"""The plane of W and b: the cost over it in contours, and what is marked on it."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from plotting.theme import SMALL_PT, colours
from plotting.views.artists import Labels
from plotting.views.axes import padded, text_px, write_numbers
from plotting.views.base import box_of, figure_of, name_axes, pixel_of
from plotting.views.words import number
from regression import Convergence, Floats, History, Line

LEVELS = 12
GRID = 121
"""Points along each side at which the cost is computed for the contours."""

SENSIBLE = 1.0
"""How far, in lengths of what must be seen, the limits follow a path that overshoots."""

FARTHEST = 1e6
"""How far a limit is followed, in lengths from start to least squares."""


BEYOND = 0.27
"""The share of width and height that is shown beyond the least-squares line, at least."""


def shades() -> str:
    """Return how the colours of the plane tell a lower cost, in the theme in use."""
    theme = colours()
    return (
        f"{'paler' if sum(to_rgb(theme.low)) > sum(to_rgb(theme.high)) else 'darker'} = lower cost"
    )


def set_plane_limits(
    axes: Axes, convergence: Convergence, history: History, *, far: bool = False
) -> None:
    """Fix the limits: start, least squares, and limit and path where sensible; `far` follows
    a run to a useless line.
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
    for of_must, of_may, least in zip(np.array(must).T, may.T, convergence.least_squares):
        low, high = of_must.min(), of_must.max()
        room = math.inf if convergence.is_safe else SENSIBLE * ((high - low) or 1.0)
        within = of_may[(of_may >= low - room) & (of_may <= high + room)]
        low, high = padded(min([low, *within]), max([high, *within]), 0.12)
        # Beyond the least-squares line too, so that the bowl is seen to close around it.
        share = BEYOND / (1 - BEYOND)
        sides.append(
            (min(low, least - share * (high - least)), max(high, least + share * (least - low)))
        )
    axes.set_xlim(sides[0])
    axes.set_ylim(sides[1])


def draw_surface(axes: Axes, convergence: Convergence) -> None:
    """Draw contours of the cost, even in its logarithm, within the limits of the axes."""
    name_axes(axes, "weight W", "bias b")
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


def name_plane(axes: Axes, *, standardized: bool = False) -> None:
    """Number and name the axes of the plane, which have their place and limits."""
    box = box_of(axes)
    for axis, name, room in (
        (axes.xaxis, "weight W", box.right - box.left),
        (axes.yaxis, "bias b", box.top - box.bottom),
    ):
        whole = f"{name} of standardized x and y"
        short = whole if text_px(whole) < room else f"{name} (standardized)"
        write_numbers(axis, short if standardized else name)


NUMBERED = 3
"""So many contours have a number."""


def number_contours(
    axes: Axes, convergence: Convergence, labels: Labels, unit: float = 1.0
) -> None:
    """Draw a few contours of round costs with their numbers: the lowest closes within the axes.

    Contours are ellipses about the least-squares line, see Convergence.cost(). Costs are written
    in units of 1/`unit`.
    """
    lowest, points, std = convergence.minimum_cost, convergence.points, convergence.std
    mean, least = convergence.mean, convergence.least_squares
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    wide = min(right - least.weight, least.weight - left) * std
    high = min(top - least.bias, least.bias - bottom) / math.hypot(1.0, mean / std)
    if not (wide > 0 and high > 0):
        return
    closed = unit * (lowest + points * min(wide, high) ** 2 * 0.9)
    corners = convergence.cost(np.array([left, left, right, right]), np.array([bottom, top] * 2))
    highest = unit * float(corners.max())
    if not (closed > 0 and math.isfinite(highest)):
        return
    floor = unit * lowest
    first = round_below(closed)
    if first < floor + 0.2 * (closed - floor):  # a round number may be below the lowest cost
        first = float(f"{floor + 0.7 * (closed - floor):.3g}")
    ratio = (highest / first) ** (1 / (NUMBERED + 0.3))
    costs = [first, *(round_below(first * ratio**power) for power in range(1, NUMBERED))]
    turn = np.linspace(0, 2 * math.pi, 241)
    pixel = pixel_of(figure_of(axes))
    theme = colours()
    for cost in dict.fromkeys(costs):
        if cost / unit <= lowest:
            continue
        radius = math.sqrt((cost / unit - lowest) / points)
        weight = least.weight + radius / std * np.cos(turn)
        bias = least.bias + radius * np.sin(turn) - mean * (weight - least.weight)
        axes.plot(
            weight,
            bias,
            color=theme.cost,
            lw=0.9,
            zorder=1.5,
            scalex=False,
            scaley=False,
            label=f"cost {number(cost, 4)}",
        )
        places = axes.transData.transform(np.column_stack([weight, bias]))
        text = number(cost, 4)
        found = labels.clearest(places, text_px(text) * pixel)
        if found is not None:
            axes.annotate(
                text,
                found,
                xycoords="figure pixels",
                ha="center",
                va="center",
                size=SMALL_PT,
                color=theme.readable(theme.cost, on=theme.tint(0.25)),
                bbox={"fc": theme.tint(0.25), "lw": 0, "pad": 0.8},
                zorder=1.6,
            )


def round_below(value: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is not above the value.

    >>> [round_below(value) for value in (7.3, 0.02, 49_000.0)]
    [5.0, 0.02, 20000.0]
    """
    power = 10.0 ** math.floor(math.log10(value) + 1e-12)
    return float(
        f"{max(step for step in (1, 2, 5) if step * power <= value * (1 + 1e-9)) * power:.3g}"
    )


def mark(axes: Axes, line: Line, marker: str, label: str) -> None:
    """Put a marker where the line is in the plane, with an edge that sets it off."""
    theme = colours()
    fill, size, edge = {
        "*": (theme.least, 14, 1.0),
        "o": (theme.surface_ink, 6, 0),
        "x": (None, 8, 2.2),
    }[marker]
    axes.plot(
        [line.weight],
        [line.bias],
        marker,
        mfc=fill,
        mec=theme.surface_ink,
        ms=size,
        mew=edge,
        label=label,
        zorder=3,
        ls="none",
    )


def is_within(axes: Axes, line: Line) -> bool:
    """Tell whether the line's place in the plane is within the limits."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    return left <= line.weight <= right and low <= line.bias <= high


def path_within(axes: Axes, history: History) -> tuple[Floats, Floats]:
    """Return W and b up to where a diverging run is far outside the axes, and nan from there.

    What follows would cross the axes between one far side and the other. The step that
    leads so far keeps its direction, but not its length.
    """
    way = np.column_stack([history["weight"], history["bias"]])
    limits = np.array([axes.get_xlim(), axes.get_ylim()]).T
    room = 10.0 * np.ptp(limits, axis=0)
    with np.errstate(over="ignore"):
        far = ((way < limits[0] - room) | (way > limits[1] + room)).any(axis=1)
    if far.any():
        first = int(np.argmax(far))
        if first > 0:
            leaves = way[first] - way[first - 1]
            leaves *= float((room / np.maximum(np.abs(leaves), room)).min())
            way[first] = way[first - 1] + leaves
        way[first + (first > 0) :] = np.nan
    return way[:, 0], way[:, 1]
