"""A view and its snapshots become frames: the static part drawn once, what moves drawn on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from plotting.theme import Theme
from regression.sgd import Snapshot

Frame = npt.NDArray[np.uint8]


class View(Protocol):
    """A figure, the animated artists that move on it, and what a snapshot makes of them."""

    figure: Figure
    moving: Sequence[Artist]
    theme: Theme

    def show(self, snapshot: Snapshot) -> None:
        """Set values on the artists; changing a static one asks for a full redraw."""


class Frames(Sequence[Frame]):
    """The frames of an animation, each drawn when it is asked for.

    A frame is a uint8 array of shape (height, width, 4), RGBA, which is how Agg draws; it is
    valid until the next one is asked for.
    """

    def __init__(self, view: View, snapshots: Sequence[Snapshot]) -> None:
        self._view, self._snapshots = view, snapshots
        self._canvas = cast(FigureCanvasAgg, view.figure.canvas)

    def __len__(self) -> int:
        return len(self._snapshots)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        self._view.show(self._snapshots[index])
        # Animated artists never make a figure stale: it is so at first, and when a view changed
        # something of the static part.
        if self._view.figure.stale:
            self._draw_background()
        np.copyto(self._pixels, self._background)
        renderer = self._canvas.get_renderer()
        for artist in self._view.moving:
            artist.draw(renderer)
        return self._pixels

    def __iter__(self) -> Iterator[Frame]:
        return (self[index] for index in range(len(self)))

    def _draw_background(self) -> None:
        with self._view.theme.settings():
            self._canvas.draw()
        self._pixels = np.asarray(self._canvas.buffer_rgba())
        self._background = self._pixels.copy()
