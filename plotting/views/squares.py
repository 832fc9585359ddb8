"""The cost as what it is: a square on the error of each point, and the sum of their areas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.transforms import Bbox

from plotting.frames import paced
from plotting.theme import SMALL_PT, colours, use_theme
from plotting.views.artists import (
    FittedLine,
    OffscreenNote,
    draw_least_squares,
    draw_points,
    evenly,
    set_limits,
    way_of_line,
)
from plotting.views.axes import label_room, write_numbers
from plotting.views.base import (
    Box,
    Style,
    add_axes,
    best_design,
    box_of,
    new_figure,
    pixel_of,
    set_box,
    whole_of,
)
from plotting.views.header import RunHeader
from plotting.views.readout import Readout
from plotting.views.words import number
from regression import Dataset, Floats, History, Run, Snapshot, predict, snapshots_of

SIZE = (640, 480)
"""Width and height in pixels of the picture, where no other are given."""

DESIGNS = (SIZE,)

MAX_SQUARES = 9
"""More of them hide each other."""


class SquaresView:
    """Points and fitted line; on the error of some points stands its square, with its area."""

    def __init__(
        self, data: Dataset, run: Run, history: History, *, style: Style = Style()
    ) -> None:
        """Lay the figure out for the epochs of `history`: those of the run that will be shown."""
        self.theme = style.theme
        self.moments: Sequence[Snapshot] = snapshots_of(history)
        chosen = evenly(len(data), MAX_SQUARES)
        self._x, self._y = data.x[chosen], data.y[chosen]
        with use_theme(style.theme):
            self.figure = figure = new_figure(style, best_design(style, DESIGNS), SIZE)
            self._header = RunHeader(figure, style, run, history)
            box = Box(60, 44, whole_of(figure).right - 24, self._header.bottom - 26)
            self._axes = axes = add_axes(figure, box, "squares")
            draw_points(axes, data)
            set_limits(axes, data, history)
            least = run.convergence.least_squares
            draw_least_squares(axes, data, least, colours().least, width=1.4, zorder=1.5)
            write_numbers(axes.yaxis, data.y_name, dates=data.y_is_date)
            set_box(axes, box_of(axes)._replace(left=label_room(axes.yaxis)))
            write_numbers(axes.xaxis, data.x_name, dates=data.x_is_date)
            axes.set_title(_title(len(data)), loc="left", size=SMALL_PT + 1, weight="bold")
            # Square in pixels, whatever the units: so wide in x for each unit of error.
            (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
            self._width = (right - left) / axes.bbox.width * axes.bbox.height / (high - low)
            red = colours().error
            tint = to_rgba(red, self.theme.alpha(0.15)) if self.theme.alpha(0.15) else "none"
            self._squares = PolyCollection([], fc=tint, ec=red, lw=0.8, animated=True)
            self._squares.set_label("squared errors")
            axes.add_collection(self._squares)
            (self._errors,) = axes.plot([], [], color=red, lw=1.8, animated=True)
            self._errors.set_label("errors")
            self._areas = [Readout(figure, 0, 0, red, paper=colours().paper) for _ in chosen]
            self._line = FittedLine(axes, data, colours().line)
            self._outside = OffscreenNote(axes, data)
            self._way = way_of_line(axes, data, history)
        self.moving: Sequence[Artist] = (
            self._squares,
            self._errors,
            self._line.artist,
            *self._areas,
            *self._outside.artists,
            *self._header.artists,
        )

    def times_ms(self, frame_ms: int, hold_ms: int) -> list[int]:
        """Return the time of each frame: longer where the line moves more."""
        return paced(self._way, frame_ms, hold_ms)

    def update(self, snapshot: Snapshot) -> None:
        """Put the squares on the errors of this line."""
        self._line.update(snapshot.line)
        self._outside.update(snapshot.line)
        self._header.update(snapshot)
        low, high = self._axes.get_ylim()
        reach = 10 * (high - low)  # farther off, pixels would overflow
        with np.errstate(over="ignore", invalid="ignore"):
            errors = predict(snapshot.line, self._x) - self._y
            ends = self._y + np.clip(errors, -reach, reach)
        corners = self._corners(ends)
        self._squares.set_verts(list(corners))
        gap = np.full(len(ends), np.nan)
        self._errors.set_data(
            np.column_stack([self._x, self._x, gap]).ravel(),
            np.column_stack([self._y, ends, gap]).ravel(),
        )
        taken: list[Bbox] = []
        for index in np.argsort(-np.abs(errors)):  # where numbers would hide each other, the larger
            readout = self._areas[index]
            self._write_area(readout, corners[index], float(errors[index]))
            box = readout.get_window_extent().padded(2 * pixel_of(self.figure))
            if any(box.overlaps(other) for other in taken):
                readout.set_text("")
            elif readout.get_text():
                taken.append(box)

    def _corners(self, ends: Floats) -> Floats:
        """Return the corners of the squares, shape (n, 4, 2): each towards the middle of x, where
        there is room.
        """
        left, right = self._axes.get_xlim()
        towards = np.where(self._x < (left + right) / 2, 1.0, -1.0)
        far = self._x + towards * np.abs(ends - self._y) * self._width
        x = np.stack([self._x, far, far, self._x], axis=1)
        y = np.stack([self._y, self._y, ends, ends], axis=1)
        return np.stack([x, y], axis=2)

    def _write_area(self, readout: Readout, square: Floats, error: float) -> None:
        """Write the area beside the error in its square, where the square has room for it."""
        pixel = pixel_of(self.figure)
        places = self._axes.transData.transform(square)
        (x0, y0), (x1, y1) = places.min(axis=0), places.max(axis=0)
        readout.set_text(number(error * error, 2))
        y0, y1 = max(y0, self._axes.bbox.y0), min(y1, self._axes.bbox.y1)
        if x1 - x0 < readout.width + 8 * pixel or y1 - y0 < 16 * pixel:
            readout.set_text("")
            return
        error_is_left = places[0, 0] == x0
        left = x0 + 4 * pixel if error_is_left else x1 - 4 * pixel - readout.width
        readout.move(left, (y0 + y1) / 2 - 4 * pixel)


def _title(points: int) -> str:
    if points <= MAX_SQUARES:
        return "cost = the sum of the squares' areas"
    return f"cost = the sum of the squares of all {points:,} errors; {MAX_SQUARES} are drawn"
