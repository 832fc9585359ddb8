"""The costs of several runs on axes that they share, and what may be compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from plotting.theme import SMALL_PT, Theme
from plotting.views import canvas, names, scales
from plotting.views.costs import draw_least, floor_of, least_of, log_costs
from plotting.views.rate_words import rate_text
from regression.data import Floats
from regression.history import History
from regression.outlook import Outlook

Run = tuple[Outlook, History]
"""A run's outlook, and those of its epochs that will be shown."""

ABOVE_START = 10.0
"""Costs are shown up to so many times that of the start: a diverging run leaves upwards, lest
it make all the others one line at the bottom."""


def gone_in(run: Run) -> int | None:
    """Return the epoch in which the run overflowed, if it did."""
    outlook, history = run
    last = int(history["epoch"][-1])
    return last + 1 if last < outlook.epochs else None


def tame(runs: Sequence[Run]) -> Sequence[Run]:
    """Return the runs that settle not far above their start, or all if none does."""
    return [
        (outlook, history)
        for outlook, history in runs
        if outlook.settles_cost is not None
        and outlook.settles_cost <= ABOVE_START * outlook.start_cost
    ] or runs


def hold_costs(axes: Axes, runs: Sequence[Run], theme: Theme) -> None:
    """Prepare axes for the costs as far as they compare, with least squares as a level line."""
    canvas.style_axes(axes, theme)
    names.name_axes(axes, "Epoch", "Cost", theme)
    outlook = runs[0][0]
    costs = np.concatenate([curve_of(run)[1] for run in runs])
    # Who starts on a line through all points, starts at a cost of 0.
    start = max(outlook.start_cost, floor_of(outlook))
    seen = costs[costs <= np.log10(ABOVE_START * start)]
    top = max(seen) if len(seen) else max(costs)
    axes.set_ylim(*scales.padded(min([*costs, *least_of(outlook)]), top, 0.08))
    scales.write_powers_of_ten(axes.yaxis)
    scales.hold_epochs(axes, np.concatenate([history["epoch"] for _, history in runs]))
    draw_least(axes, outlook, theme)


def curve_of(run: Run) -> tuple[Floats, Floats]:
    """Return the run's epochs, and the common logarithms of their costs."""
    outlook, history = run
    return history["epoch"].astype(float), log_costs(outlook, history["cost"])


def label_ends(axes: Axes, runs: Sequence[Run], colours: Sequence[str]) -> list[Annotation]:
    """Write each rate beside the axes where its curve ends, with an arrow if that is above."""
    top = axes.get_ylim()[1]
    labels = []
    for run, colour in zip(runs, colours):
        end = float(curve_of(run)[1][-1])
        above = gone_in(run) is not None or end > top
        labels.append(
            axes.annotate(
                rate_text(run[0].lr) + (" \N{UPWARDS ARROW}" if above else ""),
                (1, top if above else end),
                (5, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va="center",
                size=SMALL_PT,
                color=colour,
                annotation_clip=False,
            )
        )
    return labels


def spread(labels: Sequence[Annotation], axes: Axes) -> None:
    """Move labels up or down as little as keeps them apart, within the height of the axes."""
    point = canvas.figure_of(axes).dpi / 72
    apart, half = 1.35 * SMALL_PT * point, SMALL_PT * point / 2
    heights = np.array([axes.transData.transform((1, label.xy[1]))[1] for label in labels])
    # Those that end alike stay in the order of their rates, which is that of the panels.
    order = np.argsort(heights, kind="stable")
    low = axes.bbox.y0 + half + apart * np.arange(len(labels))
    high = axes.bbox.y1 - half - apart * np.arange(len(labels))[::-1]
    places = np.clip(scales.apart(heights[order], apart), low, high)
    for index, place in zip(order, places):
        labels[index].set_position((5, (place - heights[index]) / point))
