"""What can be drawn: one file a view, and create_view() that picks it by name."""

from __future__ import annotations

from collections.abc import Sequence

from plotting.frames import View
from plotting.views import basics, compare, fit, microscope, story
from plotting.views.base import Style
from plotting.views.fit import Smoothing
from regression import Dataset, Run, drawn

TRAINED = {
    "fit": fit.SIZE,
    "story": story.SIZE,
    "compare": compare.SIZE,
    "microscope": microscope.SIZE,
}
BASICS = {"basics-reset": basics.SIZE, "basics-redraw": basics.SIZE}
"""The tutorial's first chapter, which needs no training."""

VIEWS = TRAINED | BASICS
"""The names of views, and their own width and height in pixels."""

DISPLAY_STEP = 40
"""Of the epochs after the first ten, each so many-th is drawn."""

STEPS = 50
"""So many of the first epoch are shown in view microscope."""


def create_view(
    name: str,
    data: Dataset | None = None,
    runs: Sequence[Run] = (),
    *,
    display_step: int = DISPLAY_STEP,
    smoothing: Smoothing = "pchip",
    style: Style = Style(),
) -> View:
    """Return the view of that name in VIEWS: in TRAINED of one run or, in compare, of several.

    `display_step` chooses the epochs as drawn() does, `smoothing` is for view fit. View
    microscope is of the steps that the run has. The views in BASICS need no data.
    """
    if data is None:
        return basics.BasicsView(name == "basics-redraw", style=style)
    if name == "compare":
        histories = [(run.convergence, drawn(run.history, display_step)) for run in runs]
        return compare.CompareView(data, histories, style=style)
    (run,) = runs
    chosen = drawn(run.history, display_step)
    if name == "fit":
        return fit.FitView(data, chosen, smoothing=smoothing, style=style)
    if name == "story":
        # A shuffled run wanders about in the end: its last tenth shows where.
        last_tenth = run.history[-(len(run.history) // 10 + 1) :]
        cloud = last_tenth if run.settings.shuffled else run.history[:0]
        return story.StoryView(
            data, run.convergence, chosen, path=run.history, cloud=cloud, style=style
        )
    return microscope.MicroscopeView(data, run.convergence, run.steps, chosen, style=style)
