"""Costs on a logarithmic axis: their floor, and the level of least squares."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from plotting.theme import SMALL_PT, Theme
from plotting.views import canvas, names, scales
from regression.data import Floats
from regression.history import History
from regression.outlook import Outlook

MOST_DIGITS = 7
"""Costs that only more digits tell apart are one."""


def floor_of(outlook: Outlook) -> float:
    """Return a cost below which there is only rounding: that of the last digit of every y."""
    squares = float(outlook.cost(*np.zeros(2))) or outlook.start_cost  # all y may be 0
    return max(np.finfo(float).eps ** 2 * squares, np.finfo(float).tiny)


def log_costs(outlook: Outlook, costs: Floats) -> Floats:
    """Return the common logarithms of the run's costs."""
    return np.log10(np.maximum(costs, floor_of(outlook)))


def least_of(outlook: Outlook) -> list[float]:
    """Return the logarithm of the cost of least squares, if it is more than rounding."""
    return [] if outlook.points_on_a_line else [float(np.log10(outlook.least_cost))]


Level = tuple[float, str, str]
"""A cost, its name, and whether that is written above the level line or below."""


def draw_least(axes: Axes, outlook: Outlook, theme: Theme, *, brief: bool = False) -> None:
    """Draw the cost of least squares as a level line, named in place; if brief, by name only."""
    if least_of(outlook):
        text = "least squares" if brief else f"least squares: {_told(outlook.least_cost, 4)}"
        _draw_level(axes, (outlook.least_cost, text, "below"), theme)


def draw_levels(axes: Axes, outlook: Outlook, history: History, theme: Theme) -> None:
    """Prepare axes for the cost, with least squares and the settling cost as level lines."""
    canvas.style_axes(axes, theme)
    names.name_axes(axes, "Epoch", "Cost", theme)
    costs = log_costs(outlook, history["cost"])
    levels = levels_of(outlook)
    for level in levels:
        _draw_level(axes, level, theme, falls=bool(costs[0] >= costs[-1]))
    seen = [*costs, *(np.log10(cost) for cost, _, _ in levels)]
    axes.set_ylim(*scales.padded(min(seen), max(seen), 0.16))
    scales.write_powers_of_ten(axes.yaxis)
    scales.hold_epochs(axes, history["epoch"])


def levels_of(outlook: Outlook) -> list[Level]:
    """Return the costs of least squares and of where the run settles, as far as they can be
    shown, with so many digits as tell them apart; as one where no reasonable number does.
    """
    if outlook.points_on_a_line:
        return []
    settles = "settles about here" if outlook.shuffled else "settles here"
    levels = [
        (cost, name, side)
        for cost, name, side in (
            (outlook.least_cost, "least squares", "below"),
            (outlook.settles_cost, settles, "above"),
        )
        if cost is not None and floor_of(outlook) < cost < np.inf
    ]
    digits = scales.telling_digits([cost for cost, _, _ in levels])
    if digits > MOST_DIGITS:
        digits, levels = 4, [(outlook.least_cost, f"least squares, {settles}", "below")]
    return [(cost, f"{name}: {_told(cost, digits)}", side) for cost, name, side in levels]


def _told(cost: float, digits: int) -> str:
    """Return the cost to so many digits, zeros at the end included: 36.00 beside 35.67."""
    return f"{cost:#.{digits}g}".rstrip(".")


def _draw_level(axes: Axes, level: Level, theme: Theme, *, falls: bool = True) -> None:
    """Draw a level line with its text at the end where a curve that falls, or rises, is not."""
    cost, text, side = level
    height, below = float(np.log10(cost)), side == "below"
    axes.axhline(height, color=theme.muted, lw=0.9, ls="-" if below else (0, (5, 3)))
    axes.annotate(
        text,
        (0 if falls else 1, height),
        (4 if falls else -4, -3 if below else 2),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="left" if falls else "right",
        va="top" if below else "bottom",
        size=SMALL_PT,
        color=theme.muted,
    )
