"""The axes that steps need: costs by step and by epoch, and a surface close to the steps."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.ticker import MaxNLocator

from plotting.theme import Theme
from plotting.views import canvas, names, scales, surface
from plotting.views.costs import draw_least, least_of, log_costs
from regression.history import History
from regression.outlook import Outlook

ABOVE_STEPS = 10.0
"""Costs of epochs are shown up to so many times the highest of a step."""

ZOOM = 0.35
"""Where the steps take up less of the surface's width and height, they have one of their own."""


def add_cost_axes(
    figure: Figure,
    place: SubplotSpec,
    outlook: Outlook,
    stepped: History,
    history: History,
    theme: Theme,
) -> tuple[Axes, Axes]:
    """Return axes for the cost after each step and, beside them, after each epoch."""
    halves = place.subgridspec(1, 2, width_ratios=(1.6, 1))
    by_step, by_epoch = figure.add_subplot(halves[0]), figure.add_subplot(halves[1])
    for axes, name in ((by_step, "Step"), (by_epoch, "Epoch")):
        canvas.style_axes(axes, theme)
        names.name_axes(axes, name, "Cost" if axes is by_step else "", theme)
    by_epoch.yaxis.tick_right()
    steps, epochs = (log_costs(outlook, each["cost"]) for each in (stepped, history))
    seen = epochs[epochs <= max(steps) + np.log10(ABOVE_STEPS)]
    seen = seen if len(seen) else epochs
    by_step.set_ylim(*scales.padded(min(steps), max(steps), 0.1))
    by_epoch.set_ylim(*scales.padded(min([*least_of(outlook), *seen]), max(seen), 0.2))
    draw_least(by_epoch, outlook, theme, brief=True)
    for axes in (by_step, by_epoch):
        scales.write_powers_of_ten(axes.yaxis)
    by_step.set_xlim(*scales.padded(0, max(len(stepped) - 1, 1), 0.03))
    by_step.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True))
    scales.hold_epochs(by_epoch, history["epoch"])
    return by_step, by_epoch


def draw_plane(axes: Axes, outlook: Outlook, theme: Theme) -> None:
    """Draw the surface, with start, least squares and settling point where they are within."""
    surface.draw_surface(axes, outlook, theme)
    marks = ((outlook.start, "o", "Start"), (outlook.least, "*", "Least squares"))
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    settles = None if outlook.shuffled else outlook.settles
    for line, marker, name in (*marks, (settles, "x", "Settles")):
        if line is not None and surface.is_within(axes, line):
            surface.mark(axes, line, marker, name, theme)


def is_small(whole: Axes, stepped: History) -> bool:
    """Tell whether the steps take up a small part of the axes, where little would be seen."""
    width, height = np.ptp(whole.get_xlim()), np.ptp(whole.get_ylim())
    return bool(
        np.ptp(stepped["weight"]) < ZOOM * width and np.ptp(stepped["bias"]) < ZOOM * height
    )


def hold_near(near: Axes, whole: Axes, stepped: History) -> None:
    """Fix limits close around the steps; not so close that rounding would show."""
    for name, limits, hold in (
        ("weight", whole.get_xlim(), near.set_xlim),
        ("bias", whole.get_ylim(), near.set_ylim),
    ):
        low, high = stepped[name].min(), stepped[name].max()
        least = 1e-4 * (limits[1] - limits[0])
        hold(scales.padded(low - least, high + least, 0.15))
