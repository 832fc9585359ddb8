"""Runs become an animation that saves and shows itself: the same for scripts and notebooks."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from plotting import encoders, window
from plotting.encoders.gif import MAX_PLAYS
from plotting.encoders.page import TITLE, PageText
from plotting.frames import FRAME_MS, HOLD_MS, Frames, View
from plotting.theme import THEMES
from plotting.views import DISPLAY_STEP, STEPS, TRAINED, VIEWS, create_view
from plotting.views.base import Style
from plotting.views.compare import MAX_RUNS
from plotting.views.fit import SMOOTHINGS, Smoothing
from regression import (
    COUNT,
    Dataset,
    Number,
    Run,
    Snapshot,
    Step,
    Training,
    UserError,
    finish,
    what_differs,
)

PIXELS = Number(int, 100, 10**9, "a whole number of pixels, 100 or more")
SCALE = Number(float, 0.25, 8, "a number from 0.25 to 8")
TIME = Number(int, 20, 600_000, "a whole number of milliseconds from 20 to 600,000")
PLAYS = Number(int, 0, MAX_PLAYS, "a number of plays up to 65,535, or 0 for ever")

MAX_PIXELS = 7680 * 4320
MIN_SIDE_PX = 80
"""Where a small label still has two pixels; fonts fail below."""

BYTES_PER_PIXEL = 26
"""Of peak memory, for a GIF: the slope from scale 2 to scale 6. For a page it is 41."""


class Animation:
    """A view in motion. Jupyter shows it as a GIF; save() writes it as any kind of file."""

    def __init__(
        self,
        view: View,
        data: Dataset | None = None,
        runs: Sequence[Run] = (),
        *,
        title: str = "",
        notes: Sequence[str] = (),
        frame_ms: int = FRAME_MS,
        hold_ms: int = HOLD_MS,
    ) -> None:
        """Take a view, and for the words of a page its data, its runs, and lines to put below."""
        self.frames = Frames(view)
        self.times_ms = self.frames.times_ms(frame_ms, hold_ms)
        self._view, self._data, self._runs = view, data, runs
        self._title, self._notes = title, notes

    def save(
        self, path: str | os.PathLike[str], *, loop: int = 0, progress: bool = False
    ) -> list[Path]:
        """Write the animation, as the suffix says, and return the files written.

        The suffix is one of .gif, .apng, .webp, .mp4, .html, or `%04d.png` for numbered pictures.
        `loop` says how often to play, 0 for ever; `progress` shows a bar on a terminal. Raises
        UserError for another suffix or number, ImportError where the package for .mp4 is
        missing, OSError when writing fails.
        """
        PLAYS.check("loop", loop)
        return encoders.save(
            Path(path), self.frames, self.times_ms, loop=loop, progress=progress, text=self.text
        )

    def show(self, *, loop: int = 0) -> None:
        """Play in a window until it is closed; `loop` as for save(). Raises UserError when no
        window can be opened.
        """
        window.play(self.frames, self.times_ms, title=self._title or TITLE, loop=loop)

    @cached_property
    def gif(self) -> bytes:
        """The animation as a GIF, made once."""
        return encoders.gif_bytes(self.frames, self.times_ms)

    def text(self) -> PageText:
        """Return what a page says beside the pictures."""
        data, own, description = self._data, TITLE, "A cosine stays while a sine moves over it"
        if data is None:
            own = "A picture that moves"
        else:
            description = (
                f"{data.y_name} against {data.x_name}: a line as it is fitted to the points"
            )
        captions = [_caption(moment, self._runs) for moment in self._view.moments]
        title = self._title or own
        return PageText(title, description, captions, self._notes, titled=bool(self._title))

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, str]:
        return {"image/gif": b64encode(self.gif).decode("ascii"), "text/plain": repr(self)}

    def __repr__(self) -> str:
        frames = f"{len(self.frames)} frame{'s' if len(self.frames) != 1 else ''}"
        return f"<animation of {frames}, {sum(self.times_ms) / 1000:g} s>"


def _caption(moment: Any, runs: Sequence[Run]) -> Mapping[str, str]:
    """Return the names and values that belong to a moment of a view of these runs."""
    if isinstance(moment, Snapshot):
        return {"Epoch": f"{moment.epoch}", **_values(*moment[1:])}
    if isinstance(moment, Step):
        points = ", ".join(f"{point + 1}" for point in moment.points[:9])
        more = " and others" if len(moment.points) > 9 else ""
        values = _values(*moment.after, moment.cost)
        return {"Step": f"{moment.number}", "Sample": points + more, **values}
    if not runs:
        return {"i": f"{moment}"}
    names = what_differs(runs)
    costs = {f"Cost, {name}": _cost_at(moment, run) for name, run in zip(names, runs)}
    return {"Epoch": f"{moment}", **costs}


def _values(weight: float, bias: float, cost: float) -> Mapping[str, str]:
    return {"W": f"{weight:.8g}", "b": f"{bias:.8g}", "Cost": f"{cost:.8g}"}


def _cost_at(epoch: int, run: Run) -> str:
    """Return the cost after that epoch, a dash where the run did not come so far."""
    history = run.history
    index = int(np.searchsorted(history["epoch"], epoch, side="right")) - 1
    if index < 0 or (index == len(history) - 1 and epoch > history["epoch"][index]):
        return "\N{EN DASH}"
    return f"{history['cost'][index]:.8g}"


def animate(
    data: Dataset,
    runs: Training | Run | Sequence[Training | Run],
    view: str = "story",
    *,
    display_step: int = DISPLAY_STEP,
    steps: int = STEPS,
    smoothing: Smoothing = "none",
    theme: str = "light",
    title: str = "",
    width: int | None = None,
    height: int | None = None,
    scale: float = 1.0,
    frame_ms: int = FRAME_MS,
    hold_ms: int = HOLD_MS,
    notes: Sequence[str] = (),
) -> Animation:
    """Return an animation of what train() returned for the data; several of them for compare.

    `view` is fit, story, compare or microscope; `width` and `height` are in pixels before
    `scale`, times in milliseconds; `notes` are lines that a page shows below. Raises UserError
    for a view, theme, smoothing or number that is not allowed, or for a run on other data,
    TypeError for what is no training, or a title that is no text.

    >>> from regression import noisy_line, train
    >>> data = noisy_line()
    >>> animate(data, train(data, lr=0.001, epochs=100))
    <animation of 14 frames, 3.3 s>
    """
    for name, value, known in (
        ("view", view, TRAINED),
        ("theme", theme, THEMES),
        ("smoothing", smoothing, SMOOTHINGS),
    ):
        if value not in known:
            raise UserError(f"{name}: expected {', '.join(known)}, not {value!r}")
    if not isinstance(title, str):
        raise TypeError(f"title: expected text, not {title!r}")
    for number, given, allowed in (
        ("display_step", display_step, COUNT),
        ("steps", steps, COUNT),
        ("scale", scale, SCALE),
        ("frame_ms", frame_ms, TIME),
        ("hold_ms", hold_ms, TIME),
    ):
        allowed.check(number, given)
    check_size(view, width, height, scale)
    finished = _finish(data, runs, steps if view == "microscope" else 0)
    if (len(finished) > 1) != (view == "compare"):
        expected = "two runs or more, in a list" if view == "compare" else "one run"
        raise UserError(f"view {view!r}: expected {expected}, not {len(finished)}")
    if len(finished) > MAX_RUNS:
        raise UserError(f"runs: expected at most {MAX_RUNS}, not {len(finished)}")
    drawing = create_view(
        view,
        data,
        finished,
        display_step=display_step,
        smoothing=smoothing,
        style=Style(width, height, scale, THEMES[theme], title),
    )
    return Animation(
        drawing, data, finished, title=title, notes=notes, frame_ms=frame_ms, hold_ms=hold_ms
    )


def _finish(data: Dataset, given: object, steps: int) -> list[Run]:
    if not isinstance(data, Dataset):
        raise TypeError(f"data: expected a Dataset, as read_csv() returns it, not {data!r}")
    runs = [given] if isinstance(given, Training | Run) else given
    if not (
        isinstance(runs, Sequence) and runs and all(isinstance(run, Training | Run) for run in runs)
    ):
        raise TypeError("animate() takes what train() returned, or several of it in a list")
    for run in runs:
        if isinstance(run, Training) and not (
            np.array_equal(run.data.x, data.x) and np.array_equal(run.data.y, data.y)
        ):
            raise UserError("data: expected the points that the run was trained on, not others")
    return [run if isinstance(run, Run) else finish(run, steps) for run in runs]


def check_size(view: str, width: int | None, height: int | None, scale: float) -> None:
    """Raise UserError for a picture that is too small to read, or too large for the memory; a
    side that is not given is the view's own.
    """
    sides = [round(scale * (side or own)) for side, own in zip((width, height), VIEWS[view])]
    if min(sides) < MIN_SIDE_PX:
        few = f"{sides[0]} x {sides[1]} pixels (width and height times scale)"
        raise UserError(f"picture: expected at least {MIN_SIDE_PX} pixels a side, not {few}")
    pixels = sides[0] * sides[1]
    if pixels > MAX_PIXELS:
        raise UserError(
            f"picture: expected at most {MAX_PIXELS:,} pixels, not {sides[0]:,} x {sides[1]:,}, "
            f"which take {pixels * BYTES_PER_PIXEL / 1e9:,.1f} GB of memory"
        )
