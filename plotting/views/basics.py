"""The tutorial's first chapter: a curve that moves, by new values or as a new line each time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator

from plotting.theme import colours, use_theme
from plotting.views import axes, base, readout
from plotting.views.base import Style
from regression import Floats

SIZE = (640, 480)
"""Width and height in pixels that the figure is designed for."""

DESIGNS = (SIZE, (400, 300))
"""Sizes that the figure is designed for: the second for small pictures."""

FRAMES = 100


class BasicsView:
    """A cosine that stays, and sin(x + i/10) for i = 0, 1, 2, ... that moves over it."""

    def __init__(self, redraw: bool, *, style: Style = Style()) -> None:
        """Draw a new line for each frame if `redraw`, else set new values on the one there is.

        The pictures are the same; what differs is only what is done for them.
        """
        self.theme = style.theme
        self.moments: Sequence[int] = range(FRAMES)
        self._redraw = redraw
        self._x = np.arange(0, 2 * np.pi, 0.01)
        self._write = readout.steady_epochs(np.arange(float(FRAMES)))
        with use_theme(style.theme):
            self.figure = base.new_figure(style, base.best_design(style, DESIGNS), SIZE)
            self._axes = self.figure.add_subplot()
            base.name_axes(self._axes, "x", "y")
            self._axes.set_xlim(*axes.padded(0, 2 * np.pi, 0.02))
            self._axes.set_ylim(*axes.padded(-1, 1))
            self._axes.xaxis.set_major_locator(FixedLocator(list(np.pi * np.arange(5) / 2)))
            self._axes.set_xticklabels(["0", "π/2", "π", "3π/2", "2π"])
            self._axes.yaxis.set_major_locator(FixedLocator([-1, -0.5, 0, 0.5, 1]))
            (still,) = self._axes.plot(
                self._x, np.cos(self._x), color=colours().cost, lw=1.8, label="cos(x)"
            )
            self._line = self._plot(np.sin(self._x))
            base.header_legend(self.figure, [still, self._line], style)
            base.lay_out(self.figure, style)
            self._readout = base.header_readout(self._axes, style)

    @property
    def moving(self) -> Sequence[Artist]:
        """The line there is now, and the number of the frame."""
        return self._line, self._readout

    def update(self, i: int) -> None:
        """Move the sine by i/10."""
        y = np.sin(self._x + i / 10)
        with use_theme(self.theme):
            if self._redraw:
                self._plot_anew(y)
            else:
                self._line.set_ydata(y)
                self._line.recache()  # now, since settings say how a path is made of it
        self._readout.set_text(f"i = {self._write(i)}")

    def _plot_anew(self, y: Floats) -> None:
        # What comes and goes is no part of the background, which need not be drawn again.
        stale = self.figure.stale
        self._line.remove()
        self._line = self._plot(y)
        self.figure.stale = stale

    def _plot(self, y: Floats) -> Line2D:
        (line,) = self._axes.plot(
            self._x,
            y,
            color=self.theme.error,
            lw=2.2,
            label="sin(x + i/10)",
            animated=True,
            scalex=False,
            scaley=False,
        )
        return line
