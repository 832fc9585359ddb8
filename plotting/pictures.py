"""Runs become the view that is asked for by name."""

from __future__ import annotations

from collections.abc import Sequence

from plotting.raster import View
from plotting.smooth import Smoothing
from plotting.views import basics as moving
from plotting.views import compare, fit, microscope, story
from plotting.views.canvas import Look
from regression.data import Dataset
from regression.history import drawn
from regression.run import Run

BASICS = ("basics-reset", "basics-redraw")
"""The tutorial's first chapter, which needs no training."""

TRAINED = {
    "fit": fit.SIZE,
    "story": story.SIZE,
    "compare": compare.SIZE,
    "microscope": microscope.SIZE,
}
VIEWS = TRAINED | dict.fromkeys(BASICS, moving.SIZE)
"""The names of views, and their own sizes in pixels."""

EVERY = 40
"""Of the epochs after the first ten, each so many-th is drawn."""

STEPS = 50
"""So many of the first epoch are shown in view microscope."""


def picture(
    view: str,
    data: Dataset,
    runs: Sequence[Run],
    *,
    display_step: int,
    smoothing: Smoothing,
    look: Look,
) -> View:
    """Return the view of that name in TRAINED, of one run or, in view compare, of all.

    `display_step` chooses the epochs as drawn() does, `smoothing` is for view fit. View microscope
    is of the steps that the run has.
    """
    if view == "compare":
        histories = [(run.outlook, drawn(run.history, display_step)) for run in runs]
        return compare.CompareView(data, histories, look=look)
    outlook, history, steps = runs[0]
    chosen = drawn(history, display_step)
    if view == "fit":
        return fit.FitView(data, chosen, smoothing=smoothing, look=look)
    if view == "story":
        # A shuffled run wanders about in the end: its last tenth shows where.
        cloud = history[-(len(history) // 10 + 1) :] if outlook.shuffled else history[:0]
        return story.StoryView(data, outlook, chosen, path=history, cloud=cloud, look=look)
    return microscope.MicroscopeView(data, outlook, steps, chosen, look=look)


def basics(view: str, look: Look) -> View:
    """Return the view of that name in BASICS."""
    return moving.BasicsView(view == "basics-redraw", look=look)
