"""Runs become the view that is asked for by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from plotting.raster import View
from plotting.smooth import Smoothing
from plotting.views.basics import BasicsView
from plotting.views.canvas import Look
from plotting.views.compare import CompareView
from plotting.views.fit import FitView
from plotting.views.microscope import MicroscopeView
from plotting.views.story import StoryView
from regression.data import Dataset
from regression.history import History, drawn
from regression.outlook import Outlook
from regression.sgd import Step

BASICS = ("basics-reset", "basics-redraw")
"""The tutorial's first chapter, which needs no training."""

TRAINED = ("fit", "story", "compare", "microscope")
VIEWS = (*TRAINED, *BASICS)


class Run(NamedTuple):
    """A training as it is drawn: what was to be expected of it, all its epochs, and a function
    that returns up to so many steps of the first.
    """

    outlook: Outlook
    history: History
    first_steps: Callable[[int], Sequence[Step]]


def picture(
    view: str,
    data: Dataset,
    runs: Sequence[Run],
    *,
    display_step: int,
    steps: int,
    smoothing: Smoothing,
    look: Look,
) -> View:
    """Return the view of that name in TRAINED, of one run or, in view compare, of all.

    `display_step` chooses the epochs as drawn() does, `steps` is for view microscope and
    `smoothing` for view fit.
    """
    if view == "compare":
        histories = [(run.outlook, drawn(run.history, display_step)) for run in runs]
        return CompareView(data, histories, look=look)
    expected, history, first_steps = runs[0]
    chosen = drawn(history, display_step)
    if view == "story":
        # A shuffled run wanders about in the end: its last tenth shows where.
        cloud = history[-(len(history) // 10 + 1) :] if expected.shuffled else history[:0]
        return StoryView(data, expected, chosen, path=history, cloud=cloud, look=look)
    if view == "microscope":
        return MicroscopeView(data, expected, first_steps(steps), chosen, look=look)
    return FitView(data, chosen, smoothing=smoothing, look=look)


def basics(view: str, look: Look) -> View:
    """Return the view of that name in BASICS."""
    return BasicsView(view == "basics-redraw", look=look)
