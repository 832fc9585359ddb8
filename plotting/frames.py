"""A view and its snapshots become frames: the static part drawn once, what moves drawn on it."""

from __future__ import annotations

import operator
from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Protocol, cast, runtime_checkable

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure

from plotting.encoders.palette import Pixels
from plotting.theme import Theme, use_theme
from regression import Floats

FRAME_MS, HOLD_MS = 100, 2000
"""How long a frame shows, and the last one, where nobody says."""


class View(Protocol):
    """A figure in a theme, the animated artists that move on it, and the moments it can show.

    A moment is what a frame is of: a snapshot, or whatever else the view follows.
    """

    figure: Figure
    theme: Theme
    moments: Sequence[Any]

    @property
    def moving(self) -> Sequence[Artist]:
        """The artists to draw in each frame, the lowest first."""

    def update(self, moment: Any) -> None:
        """Set values on the artists; changing a static one asks for a full redraw."""


@runtime_checkable
class Resting(Protocol):
    """What a view is too that has artists which change in few frames: below the moving ones, they
    are drawn only when they do.
    """

    @property
    def resting(self) -> Sequence[Artist]:
        """The artists, the lowest first; they are not among the moving ones."""

    @property
    def resting_state(self) -> Hashable:
        """A value that is another one whenever these artists changed."""


@runtime_checkable
class Paced(Protocol):
    """What a view is too whose moments are not all shown for the same time."""

    def times_ms(self, frame_ms: int, hold_ms: int) -> Sequence[int]:
        """Return the time of each moment's frame, from that of an ordinary one and the last."""


def paced(moved: Floats, frame_ms: int, hold_ms: int) -> list[int]:
    """Return the times of frames between which something moves so far, and of the last one.

    A frame before a long way shows for longer than one before a short way: from half of
    `frame_ms` to four times as long, in steps of half, so that all take as long together as if
    they were alike. Where half a time is none that a GIF can show, they are.
    """
    count, half = len(moved), frame_ms // 20 * 10
    times = np.full(count, frame_ms)
    if count and half >= 20 and 2 * half == frame_ms and moved.max() > 0:
        # By the square root: the eye follows a long way faster than a short one.
        weights = np.sqrt(moved)
        shares = np.clip(2 * count * weights / weights.sum(), 1, 8)
        halves = np.floor(shares).astype(int)
        # What rounding and limits took from the total goes to, or comes from, the largest.
        order = np.argsort(-(shares - halves), kind="stable")
        while (missing := 2 * count - int(halves.sum())) != 0:
            step = 1 if missing > 0 else -1
            able = [i for i in order if (halves[i] < 8 if step > 0 else halves[i] > 1)]
            for index in able[: abs(missing)]:
                halves[index] += step
        times = halves * half
    return [*times.tolist(), hold_ms]


class Frames(Sequence[Pixels]):
    """The frames of an animation, each drawn when it is asked for.

    A frame is a uint8 array of shape (height, width, 4), RGBA, which is how Agg draws; it is
    valid until the next one is asked for.
    """

    def __init__(self, view: View) -> None:
        self._view: Any = view
        self._rests, self._state = isinstance(view, Resting), object()
        self._canvas = cast(FigureCanvasAgg, view.figure.canvas)
        view.figure.stale = True  # whatever was drawn before was not drawn for these frames

    def __len__(self) -> int:
        return len(self._view.moments)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        """Return the frame at an index, which may count from the end.

        Raises IndexError beyond the frames, TypeError for a slice: one frame is there at a time.
        """
        self._view.update(self._view.moments[operator.index(index)])
        # Animated artists never make a figure stale: it is so at first, and when a view changed
        # something of the static part.
        view = self._view
        state = view.resting_state if self._rests else None
        stale = view.figure.stale
        if stale:
            self._draw_background()
        renderer = self._canvas.get_renderer()
        if stale or state != self._state:
            self._draw_resting(renderer)
            self._state = state
        np.copyto(self._pixels, self._below)
        for artist in self._view.moving:
            artist.draw(renderer)
        return self._pixels

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a frame in pixels."""
        return self._canvas.get_width_height()

    def times_ms(self, frame_ms: int, hold_ms: int) -> list[int]:
        """Return how long each frame shows: as the view says, else alike, but for the last."""
        if isinstance(self._view, Paced):
            return list(self._view.times_ms(frame_ms, hold_ms))
        return [frame_ms] * (len(self) - 1) + [hold_ms]

    def __iter__(self) -> Iterator[Pixels]:
        return (self[index] for index in range(len(self)))

    def _draw_background(self) -> None:
        with use_theme(self._view.theme):
            self._canvas.draw()
        self._pixels = np.asarray(self._canvas.buffer_rgba())
        self._background = self._pixels.copy()

    def _draw_resting(self, renderer: RendererAgg) -> None:
        """Draw what rests on the background, and keep both."""
        self._below = self._background
        if self._rests:
            np.copyto(self._pixels, self._background)
            for artist in self._view.resting:
                artist.draw(renderer)
            self._below = self._pixels.copy()
