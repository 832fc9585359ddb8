"""Limits and ticks that hold for all frames, and costs on a logarithmic axis."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import (
    FixedLocator,
    FuncFormatter,
    MaxNLocator,
    NullFormatter,
    NullLocator,
    StrMethodFormatter,
)

from plotting.theme import SMALL_PT, colours
from plotting.views.base import figure_of, fit_in, name_axes
from regression import Convergence, Floats, History

MAX_TICKS = 7


def padded(low: float, high: float, share: float = 0.05) -> tuple[float, float]:
    """Return the interval widened on both sides by a share of its length, never empty."""
    margin = share * (high - low) or share * abs(high) or 1.0
    return low - margin, high + margin


def epoch_limits(epochs: Floats) -> tuple[float, float]:
    """Return limits of a logarithmic axis with room for half a label beyond its ends.

    The epochs, (n,), may be those of several runs, in any order.
    """
    first, last = max(epochs.min(), 0.8), max(epochs.max(), 1.0)
    room = max(1.15, (last / first) ** 0.05)
    return float(first / room), float(last * room)


def write_powers_of_ten(axis: Axis) -> None:
    """Label an axis that holds common logarithms with what they are logarithms of.

    matplotlib's own logarithmic scale looks for ticks beyond its limits, where costs of a
    diverging run overflow.
    """
    low, high = sorted(axis.get_view_interval())
    decades = range(math.floor(low), math.ceil(high) + 1)
    for steps in ((1, 2, 5), (1, 1.5, 2, 3, 5, 7), (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9)):
        ticks = [decade + math.log10(step) for decade in decades for step in steps]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) > 2:
            break
    if len(ticks) < 2 and -300 < low < high < 300:
        values = MaxNLocator(3).tick_values(10**low, 10**high)
        ticks = [math.log10(value) for value in values if 10**low <= value <= 10**high]
    if len(ticks) <= MAX_TICKS:
        digits = telling_digits([10**tick for tick in ticks])
        axis.set_major_locator(FixedLocator(ticks))
        axis.set_major_formatter(FuncFormatter(lambda exponent, _: f"{10**exponent:.{digits}g}"))
    else:
        axis.set_major_locator(MaxNLocator(nbins=MAX_TICKS, integer=True))
        axis.set_major_formatter(FuncFormatter(lambda exponent, _: f"$10^{{{exponent:.0f}}}$"))


def telling_digits(values: list[float]) -> int:
    """Return how many significant digits, from 4 to 15, tell the values apart."""
    for digits in range(4, 16):
        if len({f"{value:.{digits}g}" for value in values}) == len(values):
            break
    return digits


def set_epoch_limits(axes: Axes, epochs: Floats) -> None:
    """Give axes a logarithmic x for the epochs; label_epochs() sets its ticks, once laid out."""
    if epochs.max() > 0:
        axes.set_xscale("log")
        axes.set_xlim(epoch_limits(epochs))
    else:
        axes.set_xlim(padded(0, 0))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_minor_locator(NullLocator())


def move_offset_to_label(axis: Axis, room: float | None = None) -> None:
    """Write the power of ten, or the sum, that tick labels leave out behind the axis' name.

    Its own place is above the axis, where other views' labels are. `room` for both is in
    pixels, by default as long as the axis, once laid out; a longer name is cut off.
    """
    axis.get_ticklabels()  # has the formatter look at the ticks
    axis.offsetText.set_visible(False)
    offset = axis.get_major_formatter().get_offset()
    sign = "" if offset[:1] in "+\N{MINUS SIGN}" else "\N{MULTIPLICATION SIGN}"
    box = axis.axes.bbox
    along = box.width if axis is axis.axes.xaxis else box.height
    fit_in(axis.label, room or along, f" ({sign}{offset})" if offset else "")


def label_epochs(axes: Axes, epochs: Floats) -> None:
    """Label those of the rising epochs, (n,), that can be written along x without touching.

    The first and the last are always among them. The axes have been laid out.
    """
    figure = figure_of(axes)
    digit_px = 0.65 * SMALL_PT * figure.dpi / 72
    at_px = axes.transData.transform(np.c_[epochs, np.ones(len(epochs))])[:, 0]
    half_px = [digit_px * (len(str(epoch)) + 1.5) / 2 for epoch in epochs]
    chosen = [0]
    last = len(epochs) - 1
    for i in range(1, last):
        clear_of_previous = at_px[i] - half_px[i] > at_px[chosen[-1]] + half_px[chosen[-1]]
        if clear_of_previous and at_px[i] + half_px[i] < at_px[last] - half_px[last]:
            chosen.append(i)
    labelled = [float(epochs[i]) for i in sorted({*chosen, last})]
    axes.xaxis.set_major_locator(FixedLocator(labelled))


def apart(places: Floats, distance: float) -> Floats:
    """Return rising places, shape (n,), moved as little as keeps each a distance from the next.

    The least sum of squared moves, by pooling neighbours that touch (Ayer et al., 1955).

    >>> apart(np.array([0.0, 1.0, 9.0]), 3.0)
    array([-1.,  2.,  9.])
    """
    pools: list[tuple[float, int]] = []
    for index, place in enumerate(places):
        pool = place - index * distance, 1
        while pools and pools[-1][0] > pool[0]:
            (mean, count), (before, more) = pool, pools.pop()
            pool = (mean * count + before * more) / (count + more), count + more
        pools.append(pool)
    means = np.repeat([mean for mean, _ in pools], [count for _, count in pools])
    moved: Floats = means + distance * np.arange(len(places))
    return moved


MAX_DIGITS = 7
"""Costs that only more digits tell apart are one."""


def floor_of(convergence: Convergence) -> float:
    """Return a cost below which there is only rounding: that of the last digit of every y."""
    squares = float(convergence.cost(*np.zeros(2))) or convergence.start_cost  # all y may be 0
    return max(np.finfo(float).eps ** 2 * squares, np.finfo(float).tiny)


def log_costs(convergence: Convergence, costs: Floats) -> Floats:
    """Return the common logarithms of the run's costs."""
    return np.log10(np.maximum(costs, floor_of(convergence)))


def least_of(convergence: Convergence) -> list[float]:
    """Return the logarithm of the cost of least squares, if it is more than rounding."""
    return [] if convergence.points_on_a_line else [float(np.log10(convergence.minimum_cost))]


Level = tuple[float, str, str]
"""A cost, its name, and whether that is written above the level line or below."""


def draw_least(axes: Axes, convergence: Convergence, *, brief: bool = False) -> None:
    """Draw the cost of least squares as a level line, named in place; if brief, by name only."""
    if least_of(convergence):
        text = "least squares" if brief else f"least squares: {_told(convergence.minimum_cost, 4)}"
        _draw_level(axes, (convergence.minimum_cost, text, "below"))


def draw_levels(axes: Axes, convergence: Convergence, history: History) -> None:
    """Prepare axes for the cost, with least squares and the settling cost as level lines."""
    name_axes(axes, "Epoch", "Cost")
    costs = log_costs(convergence, history["cost"])
    levels = levels_of(convergence)
    for level in levels:
        _draw_level(axes, level, falls=bool(costs[0] >= costs[-1]))
    seen = [*costs, *(np.log10(cost) for cost, _, _ in levels)]
    axes.set_ylim(*padded(min(seen), max(seen), 0.16))
    write_powers_of_ten(axes.yaxis)
    set_epoch_limits(axes, history["epoch"])


def levels_of(convergence: Convergence) -> list[Level]:
    """Return the costs of least squares and of where the run settles, as far as they can be
    shown, with so many digits as tell them apart; as one where no reasonable number does.
    """
    if convergence.points_on_a_line:
        return []
    settles = "settles about here" if convergence.settings.shuffled else "settles here"
    levels = [
        (cost, name, side)
        for cost, name, side in (
            (convergence.minimum_cost, "least squares", "below"),
            (convergence.limit_cost, settles, "above"),
        )
        if cost is not None and floor_of(convergence) < cost < np.inf
    ]
    digits = telling_digits([cost for cost, _, _ in levels])
    if digits > MAX_DIGITS:
        digits, levels = 4, [(convergence.minimum_cost, f"least squares, {settles}", "below")]
    return [(cost, f"{name}: {_told(cost, digits)}", side) for cost, name, side in levels]


def _told(cost: float, digits: int) -> str:
    """Return the cost to so many digits, zeros at the end included: 36.00 beside 35.67."""
    return f"{cost:#.{digits}g}".rstrip(".")


def _draw_level(axes: Axes, level: Level, *, falls: bool = True) -> None:
    """Draw a level line with its text at the end where a curve that falls, or rises, is not."""
    cost, text, side = level
    height, below = float(np.log10(cost)), side == "below"
    axes.axhline(height, color=colours().muted, lw=0.9, ls="-" if below else (0, (5, 3)))
    axes.annotate(
        text,
        (0 if falls else 1, height),
        (4 if falls else -4, -3 if below else 2),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="left" if falls else "right",
        va="top" if below else "bottom",
        size=SMALL_PT,
        color=colours().muted,
    )
