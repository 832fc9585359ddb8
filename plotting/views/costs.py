"""Costs on a logarithmic axis: their floor, and the level of least squares."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from plotting.theme import SMALL_PT, Theme
from regression.data import Floats
from regression.outlook import Outlook


def cost_at_start(outlook: Outlook) -> float:
    """Return the cost before the first step."""
    return float(outlook.cost(*np.array(outlook.start)))


def floor_of(outlook: Outlook) -> float:
    """Return a cost below which there is only rounding: points on a line have a cost of 0."""
    return max(1e-20 * cost_at_start(outlook), np.finfo(float).tiny)


def log_costs(outlook: Outlook, costs: Floats) -> Floats:
    """Return the common logarithms of the run's costs."""
    return np.log10(np.maximum(costs, floor_of(outlook)))


def least_of(outlook: Outlook) -> list[float]:
    """Return the logarithm of the cost of least squares, if it is more than rounding."""
    return [float(np.log10(outlook.least_cost))] if outlook.least_cost > floor_of(outlook) else []


def draw_least(axes: Axes, outlook: Outlook, theme: Theme, *, brief: bool = False) -> None:
    """Draw the cost of least squares as a level line, named in place; if brief, by name only."""
    for height in least_of(outlook):
        axes.axhline(height, color=theme.muted, lw=0.9)
        axes.annotate(
            "least squares" if brief else f"least squares: {outlook.least_cost:.4g}",
            (0, height),
            (4, -3),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="top",
            size=SMALL_PT,
            color=theme.muted,
        )
