"""What can be drawn: one file a view, and create_view() that picks it by name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from plotting.frames import View
from plotting.views import basics, compare, fit, microscope, squares, story
from plotting.views.base import Design, Style, check_legible
from plotting.views.fit import Smoothing
from regression import Dataset, Run, drawn

TRAINED = {
    "fit": fit.SIZE,
    "squares": squares.SIZE,
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

STEPS = 150
"""Up to so many of the first epoch are shown in view microscope."""


DESIGNS: dict[str, Sequence[Design]] = {
    "fit": fit.DESIGNS,
    "squares": squares.DESIGNS,
    "story": story.DESIGNS,
    "basics-reset": basics.DESIGNS,
    "basics-redraw": basics.DESIGNS,
}
"""The sizes that views check themselves for: their text can be read from SMALLEST of these on."""


def create_view(
    name: str,
    data: Dataset | None = None,
    runs: Sequence[Run] = (),
    *,
    display_step: int = DISPLAY_STEP,
    frames: int | None = None,
    smoothing: Smoothing = "none",
    style: Style = Style(),
) -> View:
    """Return the view of that name in VIEWS: in TRAINED of one run or, in compare, of several.

    `display_step` chooses the epochs as drawn() does or, where it is given, `frames` as
    epochs_to_draw() does; `smoothing` is for view fit. View microscope is of the steps that the
    run has. The views in BASICS need no data. Raises UserError for a picture too small to read.
    """
    if name in DESIGNS:
        check_legible(name, style, DESIGNS[name])

    if data is None:
        return basics.BasicsView(name == "basics-redraw", style=style)
    histories = [drawn(run.history, display_step, frames=frames) for run in runs]
    shown = np.unique(np.concatenate([each["epoch"] for each in histories]))
    runs = [run.thinned(shown) for run in runs]
    if name == "compare":
        return compare.CompareView(data, runs, histories, style=style)
    (run,), (history,) = runs, histories
    if name == "fit":
        return fit.FitView(data, run, history, smoothing=smoothing, style=style)
    if name == "squares":
        return squares.SquaresView(data, run, history, style=style)
    if name == "story":
        return story.StoryView(data, run, history, style=style)
    return microscope.MicroscopeView(data, run, history, style=style)
