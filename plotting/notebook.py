"""An animation in a notebook: what train() returned, as an object that shows itself."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from plotting import movie
from plotting.captions import page_text
from plotting.limits import PLAYS, SCALE, TIME
from plotting.movie import Film
from plotting.page import PageText
from plotting.pictures import EVERY, STEPS, TRAINED, picture
from plotting.raster import FRAME_MS, HOLD_MS, Frames, View
from plotting.smooth import SMOOTHINGS, Smoothing
from plotting.theme import THEMES
from plotting.views.canvas import Look
from regression.data import Dataset, check_dataset
from regression.option_values import COUNT
from regression.options import MOST_RATES
from regression.run import finished
from regression.training import Training


class Animation:
    """A view in motion. Jupyter shows it as a GIF; save() writes it as any kind of file."""

    def __init__(
        self, view: View, text: Callable[[], PageText], frame_ms: int, hold_ms: int
    ) -> None:
        """Use animate()."""
        self._frames, self._text = Frames(view), text
        self._times_ms = self._frames.times_ms(frame_ms, hold_ms)

    def save(self, path: str | os.PathLike[str], *, loop: int = 0) -> Path:
        """Write the animation, as the suffix says, and return the path.

        The suffix is one of .gif, .apng, .webp, .mp4, .html, or `%04d.png` for numbered pictures.
        `loop` says how often to play, 0 for ever. Raises ValueError for another suffix or number,
        ImportError where the package for .mp4 is missing, OSError when writing fails.
        """
        PLAYS.check("loop", loop)
        movie.save(Path(path), self._frames, self._times_ms, loop=loop, text=self._text)
        return Path(path)

    @cached_property
    def gif(self) -> bytes:
        """The animation as a GIF, made once."""
        return movie.gif_bytes(Film(self._frames, self._times_ms))

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, str]:
        return {"image/gif": b64encode(self.gif).decode("ascii"), "text/plain": repr(self)}

    def __repr__(self) -> str:
        frames = f"{len(self._frames)} frame{'s' * (len(self._frames) != 1)}"
        return f"<animation of {frames}, {sum(self._times_ms) / 1000:g} s>"


def animate(
    data: Dataset,
    snapshots: Training | Sequence[Training],
    view: str = "story",
    *,
    display_step: int = EVERY,
    steps: int = STEPS,
    smoothing: Smoothing = "pchip",
    theme: str = "light",
    title: str = "",
    scale: float = 1.0,
    frame_ms: int = FRAME_MS,
    hold_ms: int = HOLD_MS,
) -> Animation:
    """Return an animation of what train() returned for the data; several of them for compare.

    `view` is fit, story, compare or microscope; the rest is as on the command line. Raises
    ValueError for a view, theme, smoothing or number that is not allowed, or for a run on other
    data, TypeError for what is no training, or a title that is no text.

    >>> from regression import noisy_line, train
    >>> data = noisy_line()
    >>> animate(data, train(data, lr=0.001, epochs=100))
    <animation of 13 frames, 3.2 s>
    """
    for name, value, known in (
        ("view", view, TRAINED),
        ("theme", theme, THEMES),
        ("smoothing", smoothing, SMOOTHINGS),
    ):
        if value not in known:
            raise ValueError(f"{name} is {value!r}; it can be {', '.join(known)}")
    if not isinstance(title, str):
        raise TypeError(f"title is {title!r}, not text")
    for number, given, allowed in (
        ("display_step", display_step, COUNT),
        ("steps", steps, COUNT),
        ("scale", scale, SCALE),
        ("frame_ms", frame_ms, TIME),
        ("hold_ms", hold_ms, TIME),
    ):
        allowed.check(number, given)
    trainings = _trainings(data, snapshots)
    if (len(trainings) > 1) != (view == "compare"):
        runs_needed = "two runs or more, in a list" if view == "compare" else "one run"
        raise ValueError(f"view {view!r} is of {runs_needed}")
    if len(trainings) > MOST_RATES:
        raise ValueError(f"{len(trainings)} runs given; {MOST_RATES} at most are told apart")
    runs = [finished(run, steps if view == "microscope" else 0) for run in trainings]
    drawing = picture(
        view,
        data,
        runs,
        display_step=display_step,
        smoothing=smoothing,
        look=Look(scale=scale, theme=THEMES[theme], title=title),
    )
    return Animation(drawing, partial(page_text, drawing, data, runs, title), frame_ms, hold_ms)


def _trainings(data: Dataset, given: object) -> list[Training]:
    check_dataset(data)
    trainings = [given] if isinstance(given, Training) else given
    if not (
        isinstance(trainings, Sequence)
        and trainings
        and all(isinstance(run, Training) for run in trainings)
    ):
        raise TypeError("animate() takes what train() returned, or several of it in a list")
    if not all(
        np.array_equal(run.data.x, data.x) and np.array_equal(run.data.y, data.y)
        for run in trainings
    ):
        raise ValueError("data is not what the run was trained on")
    return list(trainings)
