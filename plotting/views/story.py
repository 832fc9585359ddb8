"""The whole story: the line on the points, its cost over the epochs, its way over the surface."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from plotting.theme import colours, use_theme
from plotting.views import surface
from plotting.views.artists import (
    Cloud,
    FittedLine,
    OffscreenNote,
    PastLines,
    Stems,
    Trail,
    draw_least_squares,
    draw_points,
    evenly,
    set_limits,
)
from plotting.views.axes import draw_levels, label_epochs, log_costs, move_offset_to_label
from plotting.views.base import Style, header_readout, lay_out, new_figure, row_legend
from plotting.views.microscope import record_steps
from plotting.views.readout import steady_costs, steady_epochs, steady_parameters
from regression import Convergence, Dataset, History, Snapshot, snapshots_of


class Numbers:
    """Writes a snapshot in digits that stay in their columns."""

    def __init__(self, convergence: Convergence, history: History) -> None:
        self._lr = convergence.settings.lr
        self._epoch = steady_epochs(history["epoch"])
        self._weight = steady_parameters(history["weight"])
        self._bias = steady_parameters(history["bias"])
        self._cost = steady_costs(history["cost"])

    def __call__(self, snapshot: Snapshot) -> str:
        """Return rate, epoch, W, b and cost in one line."""
        return "    ".join(
            [
                f"Rate {self._lr:g}",
                f"Epoch {self._epoch(snapshot.epoch)}",
                f"W {self._weight(snapshot.weight)}",
                f"b {self._bias(snapshot.bias)}",
                f"Cost {self._cost(snapshot.cost)}",
            ]
        )


SIZE = (960, 540)
"""Width and height in pixels that the figure is designed for."""

MAX_CORNERS = 2000
"""Of the way over the surface; no more could be told apart."""

TRACES = 8
"""So many earlier lines stay to be seen."""


class StoryView:
    """Left the fit with its residuals, right the cost above the surface it descends."""

    def __init__(
        self,
        data: Dataset,
        convergence: Convergence,
        history: History,
        *,
        cloud: History | None = None,
        path: History | None = None,
        style: Style = Style(),
    ) -> None:
        """Lay the figure out for the epochs of `history`: those that will be shown.

        `cloud` has the epochs in which a shuffled run, which settles nowhere, wanders about.
        `path` has every epoch of the run, for its way over the surface; without it that goes
        straight from one of `history` to the next.
        """
        self.theme = style.theme
        self.moments: Sequence[Snapshot] = snapshots_of(history)
        self._epochs = history["epoch"]
        with use_theme(style.theme):
            self.figure = new_figure(style, SIZE)
            grid = self.figure.add_gridspec(2, 2, width_ratios=(1.15, 1))
            fit = self.figure.add_subplot(grid[:, 0])
            cost = self.figure.add_subplot(grid[0, 1])
            plane = self.figure.add_subplot(grid[1, 1])
            draw_fit(fit, data, convergence, history)
            draw_levels(cost, convergence, history)
            draw_plane(plane, convergence, history)
            self._stems = Stems(fit, data)
            self._line = FittedLine(fit, data, colours().line)
            self._cloud = Cloud(plane, history[:0] if cloud is None else cloud)
            row_legend(fit)
            row_legend(plane)
            lay_out(self.figure, style)
            label_epochs(cost, self._epochs)
            for axis in (fit.xaxis, fit.yaxis, plane.xaxis, plane.yaxis):
                move_offset_to_label(axis)
            self._outside = OffscreenNote(fit, data)
            self._readout = header_readout(fit, style)
            costs = log_costs(convergence, history["cost"])
            self._cost = Trail(cost, self._epochs.astype(float), costs, colours().cost)
            way = path_of(convergence, history, history if path is None else path)
            self._way = way["epoch"]
            self._path = Trail(plane, *surface.path_within(plane, way), colours().line)
            self._traced = np.unique(np.geomspace(1, len(history), TRACES).astype(int) - 1)
            earlier = [self.moments[index].line for index in self._traced]
            self._traces = PastLines(fit, data, earlier, colours().trace)
        self._write = Numbers(convergence, history)
        self.moving: Sequence[Artist] = (
            self._traces.artist,
            self._stems.artist,
            self._line.artist,
            self._cost.artist,
            self._cost.dot,
            self._cloud.artist,
            self._path.artist,
            self._path.dot,
            *self._outside.artists,
            self._readout,
        )

    def update(self, snapshot: Snapshot) -> None:
        """Bring all three panels to the snapshot's epoch."""
        index = int(np.searchsorted(self._epochs, snapshot.epoch))
        line = snapshot.line
        self._line.update(line)
        self._outside.update(line)
        self._stems.update(line)
        self._traces.update(int(np.searchsorted(self._traced, index)))
        self._cost.update(index)
        self._path.update(int(np.searchsorted(self._way, snapshot.epoch, side="right")) - 1)
        self._cloud.update(snapshot.epoch)
        self._readout.set_text(self._write(snapshot))


def path_of(convergence: Convergence, history: History, path: History) -> History:
    """Return the start, as epoch 0, and the path: MAX_CORNERS of it and all that are shown."""
    kept = np.isin(path["epoch"], history["epoch"])
    kept[evenly(len(path), MAX_CORNERS)] = True
    return np.concatenate([record_steps(convergence, []), path[kept]])


def draw_fit(axes: Axes, data: Dataset, convergence: Convergence, history: History) -> None:
    """Draw the points, and the least-squares line in grey."""
    draw_points(axes, data)
    set_limits(axes, data, history)
    draw_least_squares(
        axes, data, convergence.least_squares, colours().muted, width=1.2, zorder=1.5
    )


def draw_plane(axes: Axes, convergence: Convergence, history: History) -> None:
    """Draw the surface with start, least squares and, in its limits, the settling point."""
    surface.set_plane_limits(axes, convergence, history, far=True)
    surface.draw_surface(axes, convergence)
    surface.mark(axes, convergence.settings.start, "o", "Start")
    surface.mark(axes, convergence.least_squares, "*", "Least squares")
    if convergence.settings.shuffled:
        return
    marked = convergence.settings.start, convergence.least_squares
    if convergence.limit is None:
        surface.note(axes, "settles nowhere: it diverges", marked)
    elif surface.is_within(axes, convergence.limit):
        surface.mark(axes, convergence.limit, "x", "Settles")
    else:
        weight, bias = convergence.limit
        surface.note(axes, f"settles outside: W {weight:.4g}, b {bias:.4g}", marked)
