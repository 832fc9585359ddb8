"""The whole story: the line on the points, its cost over the epochs, its way over the surface."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from plotting.theme import Theme, own_settings
from plotting.views import canvas, scales, surface
from plotting.views.actors import Cloud, Growing, draw_points, evenly
from plotting.views.canvas import Look
from plotting.views.costs import draw_levels, log_costs
from plotting.views.lines import (
    FittingLine,
    Outside,
    Stems,
    Traces,
    draw_least_squares,
    hold_lines,
)
from plotting.views.step_words import history_of
from plotting.views.story_words import Numbers
from regression.data import Dataset
from regression.history import History, snapshots_of
from regression.outlook import Outlook
from regression.sgd import Snapshot

SIZE = (960, 540)
"""Width and height in pixels that the figure is designed for."""

MOST_CORNERS = 2000
"""Of the way over the surface; no more could be told apart."""

TRACES = 8
"""So many earlier lines stay to be seen."""


class StoryView:
    """Left the fit with its residuals, right the cost above the surface it descends."""

    def __init__(
        self,
        data: Dataset,
        outlook: Outlook,
        history: History,
        *,
        cloud: History | None = None,
        path: History | None = None,
        look: Look = Look(),
    ) -> None:
        """Lay the figure out for the epochs of `history`: those that will be shown.

        `cloud` has the epochs in which a shuffled run, which settles nowhere, wanders about.
        `path` has every epoch of the run, for its way over the surface; without it that goes
        straight from one of `history` to the next.
        """
        self.theme = theme = look.theme
        self.moments: Sequence[Snapshot] = snapshots_of(history)
        self._epochs = history["epoch"]
        with own_settings():
            self.figure = canvas.new_figure(look, SIZE)
            grid = self.figure.add_gridspec(2, 2, width_ratios=(1.15, 1))
            fit = self.figure.add_subplot(grid[:, 0])
            cost = self.figure.add_subplot(grid[0, 1])
            plane = self.figure.add_subplot(grid[1, 1])
            draw_fit(fit, data, outlook, history, theme)
            draw_levels(cost, outlook, history, theme)
            draw_plane(plane, outlook, history, theme)
            self._stems = Stems(fit, data, theme)
            self._line = FittingLine(fit, data, theme.line)
            self._cloud = Cloud(plane, history[:0] if cloud is None else cloud, theme)
            canvas.row_legend(fit, theme)
            canvas.row_legend(plane, theme)
            canvas.lay_out(self.figure, look)
            scales.label_epochs(cost, self._epochs)
            for axis in (fit.xaxis, fit.yaxis, plane.xaxis, plane.yaxis):
                scales.move_offset_to_label(axis)
            self._outside = Outside(fit, data, theme)
            self._readout = canvas.header_readout(fit, look)
            costs = log_costs(outlook, history["cost"])
            self._cost = Growing(cost, self._epochs.astype(float), costs, theme.cost)
            way = way_of(outlook, history, history if path is None else path)
            self._way = way["epoch"]
            self._path = Growing(plane, *surface.sensible_way(plane, way), theme.line)
            self._traced = np.unique(np.geomspace(1, len(history), TRACES).astype(int) - 1)
            earlier = [self.moments[index].line for index in self._traced]
            self._traces = Traces(fit, data, earlier, theme.trace)
        self._write = Numbers(outlook, history)
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

    def show(self, snapshot: Snapshot) -> None:
        """Bring all three panels to the snapshot's epoch."""
        index = int(np.searchsorted(self._epochs, snapshot.epoch))
        line = snapshot.line
        self._line.put(line)
        self._outside.put(line)
        self._stems.put(line)
        self._traces.put(int(np.searchsorted(self._traced, index)))
        self._cost.put(index)
        self._path.put(int(np.searchsorted(self._way, snapshot.epoch, side="right")) - 1)
        self._cloud.put(snapshot.epoch)
        self._readout.set_text(self._write(snapshot))


def way_of(outlook: Outlook, history: History, path: History) -> History:
    """Return the start, as epoch 0, and the path: MOST_CORNERS of it and all that are shown."""
    kept = np.isin(path["epoch"], history["epoch"])
    kept[evenly(len(path), MOST_CORNERS)] = True
    return np.concatenate([history_of(outlook, []), path[kept]])


def draw_fit(axes: Axes, data: Dataset, outlook: Outlook, history: History, theme: Theme) -> None:
    """Draw the points, and the least-squares line in grey."""
    draw_points(axes, data, theme)
    hold_lines(axes, data, history)
    draw_least_squares(axes, data, outlook.least, theme.muted, width=1.2, zorder=1.5)


def draw_plane(axes: Axes, outlook: Outlook, history: History, theme: Theme) -> None:
    """Draw the surface with start, least squares and, in its limits, the settling point."""
    surface.hold_path(axes, outlook, history, far=True)
    surface.draw_surface(axes, outlook, theme)
    surface.mark(axes, outlook.start, "o", "Start", theme)
    surface.mark(axes, outlook.least, "*", "Least squares", theme)
    if outlook.shuffled:
        return
    marked = outlook.start, outlook.least
    if outlook.settles is None:
        surface.note(axes, "settles nowhere: it diverges", marked, theme)
    elif surface.is_within(axes, outlook.settles):
        surface.mark(axes, outlook.settles, "x", "Settles", theme)
    else:
        weight, bias = outlook.settles
        surface.note(axes, f"settles outside: W {weight:.4g}, b {bias:.4g}", marked, theme)
