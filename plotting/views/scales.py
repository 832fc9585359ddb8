"""Limits and ticks that hold for all frames."""

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

from plotting.theme import SMALL_PT
from plotting.views.canvas import figure_of
from plotting.views.names import fit_in
from regression.data import Floats

MOST_TICKS = 7


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
    if len(ticks) <= MOST_TICKS:
        digits = telling_digits([10**tick for tick in ticks])
        axis.set_major_locator(FixedLocator(ticks))
        axis.set_major_formatter(FuncFormatter(lambda exponent, _: f"{10**exponent:.{digits}g}"))
    else:
        axis.set_major_locator(MaxNLocator(nbins=MOST_TICKS, integer=True))
        axis.set_major_formatter(FuncFormatter(lambda exponent, _: f"$10^{{{exponent:.0f}}}$"))


def telling_digits(values: list[float]) -> int:
    """Return how many significant digits, from 4 to 15, tell the values apart."""
    for digits in range(4, 16):
        if len({f"{value:.{digits}g}" for value in values}) == len(values):
            break
    return digits


def hold_epochs(axes: Axes, epochs: Floats) -> None:
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
