"""Sentences at the lower edge of a picture: why the run ends where it does, what a larger rate
would do, and where the cost was lower than at the end.
"""

from __future__ import annotations

import math
from dataclasses import replace
from textwrap import wrap

import numpy as np
from matplotlib.figure import Figure

from plotting.theme import SMALL_PT, colours
from plotting.views.axes import text_px
from plotting.views.base import SIDE_PX, whole_of
from plotting.views.header import floored
from plotting.views.words import SAME, ends, number, times
from regression import Dataset, Ending, Run, analyse

LINE_PX = 16
"""From one line of small text to the next, in pixels of the design."""

NEAR_SAFE = 0.9
"""From this share of the safe limit on there is no larger rate worth naming below it."""

RISEN = 1.01
"""A cost so many times the lowest that was passed has risen again."""


def trained_data(data: Dataset, run: Run) -> Dataset:
    """Return the points in the units of training: standardized, where the run was."""
    if run.trained is None:
        return data
    x, y = ((values - values.mean()) / (values.std() or 1.0) for values in (data.x, data.y))
    return Dataset(x, y, data.x_name, data.y_name)


def why_not_least_squares(run: Run, *, short: bool = False) -> str:
    """Return why the run ends where it does, in a sentence; a `short` one for a small picture."""
    convergence = run.as_trained.convergence
    settings, limit_cost = convergence.settings, convergence.limit_cost
    seen = "one point" if settings.batch_size == 1 else f"{settings.batch_size:,} points"
    if limit_cost is None:
        text = (
            "No line is the end of this run: the steps of an epoch together enlarge the distance "
            "to any line. A smaller rate would converge."
        )
        brief = "No line is the end: an epoch's steps together lead farther from any line."
    elif convergence.limit_is_useless:
        text = (
            "The rate is above the safe limit: steps at large x land farther from their point than "
            "before, and the run ends at a useless line."
        )
        brief = "Above the safe limit, steps at large x land farther from their point than before."
    elif convergence.points_on_a_line:
        text = (
            "All points lie on one line. There no step has an error to correct, so runs end on it."
        )
        brief = "All points lie on one line: there no step has an error to correct."
    elif convergence.full_batch:
        text = (
            "Each step sees all points, so it goes down the whole cost and ends at least squares."
        )
        brief = "Each step sees all points, so that the run ends at least squares."
    elif settings.shuffled:
        text = (
            f"Why not least squares: each step follows {seen}, in a new order every epoch, so the "
            "line never rests. Averaged over orders the steps nearly cancel, but not quite: "
            "each error is measured at another line."
        )
        brief = (
            f"Why it never rests: each step follows {seen}, in a new order every epoch; even the "
            "mean line is only nearly least squares."
        )
    elif convergence.excess(limit_cost) < SAME * convergence.minimum_cost:
        text = (
            "The end is as good as least squares: at so small a rate the line hardly moves between "
            "the points of an epoch."
        )
        brief = "The end is as good as least squares: the line hardly moves within an epoch."
    else:
        too_few = ""
        last = run.as_trained.last
        if last is not None and not convergence.is_near_limit(last.line):
            too_few = f"{settings.epochs:,} epochs are too few, and even the end is beside it: "
        text = (
            f"Why not least squares: {too_few}each step follows {seen}, so the last points of "
            "an epoch count most."
        )
        brief = f"Why not least squares: each step follows {seen}, so the last points count most."
    return brief if short else text


def larger_rate(data: Dataset, run: Run) -> str:
    """Return what a larger rate does with these points, in the units of training: ten times as
    large a one, or the safe limit where that is less.
    """
    convergence = run.as_trained.convergence
    settings, safe = convergence.settings, convergence.safe_rate
    edge = convergence.diverging_rate
    diverges = "" if edge is None else f"; {number(edge)} diverges"
    if settings.lr >= NEAR_SAFE * safe:
        if edge is not None and settings.lr >= edge:
            return f"Smaller rates: up to {floored(safe)} they are safe."
        return f"Larger rates are above the safe limit: they may end far off{diverges}."
    unit = 10.0 ** (math.floor(math.log10(safe)) - 2)
    larger = float(f"{min(10 * settings.lr, math.floor(safe / unit + 1e-9) * unit):.3g}")
    found = analyse(data, replace(settings, lr=larger))
    ratio = found.log_contraction / convergence.log_contraction
    if found.limit is None or not ratio > 0:
        return ""
    speed = f"{times(ratio) if ratio >= 100 else number(ratio, 2)} times as fast"
    if ratio < 1.1:
        speed = "no faster"
    end = min(ends(found), key=lambda text: abs(len(text) - 28))
    return f"Larger rates: {number(larger)} is {speed} and {end}{diverges}."


def lowest_passed(run: Run) -> str:
    """Return at which epoch the cost was lower than it is in the end, if it was."""
    costs, convergence = run.history["cost"], run.convergence
    if run.ending not in {Ending.ON_ITS_WAY, Ending.CONVERGED} or convergence.points_on_a_line:
        return ""
    index = int(np.argmin(costs))
    if not costs[-1] > RISEN * costs[index]:
        return ""
    epoch, cost = int(run.history["epoch"][index]), number(float(costs[index]), 4)
    return (
        f"The cost is lowest at epoch {epoch:,} ({cost}), then rises: SGD heads for its limit, not "
        "the lowest cost."
    )


def write_note(figure: Figure, *texts: str) -> float:
    """Write sentences at the lower edge, each in as many lines as it needs; return where panels
    may begin above them, in pixels of the design.
    """
    whole = whole_of(figure)
    lines = []
    for text in filter(None, texts):
        character = 1.04 * text_px(text) / len(text)
        lines += wrap(text, int((whole.right - 2 * SIDE_PX) / character))
    for index, line in enumerate(reversed(lines)):
        figure.text(
            SIDE_PX / whole.right,
            (9 + LINE_PX * index) / whole.top,
            line,
            size=SMALL_PT,
            color=colours().ink,
        )
    return 12.0 + LINE_PX * len(lines) if lines else 0.0
