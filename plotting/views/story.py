"""The whole story: the line on the points, its cost over the epochs, its way over the surface."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator

from plotting.theme import SMALL_PT, Theme
from plotting.views import canvas, names, scales, surface
from plotting.views.actors import Cloud, Growing, draw_points
from plotting.views.canvas import Look
from plotting.views.lines import FittingLine, Outside, Stems, Traces, hold_lines
from regression.data import Dataset
from regression.history import History, snapshots_of
from regression.line import Line, predict
from regression.outlook import Outlook
from regression.sgd import Snapshot

SIZE = (960, 540)
"""Width and height in pixels that the figure is designed for."""

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
        look: Look = Look(),
    ) -> None:
        """Lay the figure out for the epochs of `history`: those that will be shown.

        `cloud` has the epochs in which a shuffled run, which settles nowhere, wanders about.
        """
        self.theme = theme = look.theme
        self.moments: Sequence[Snapshot] = snapshots_of(history)
        self._epochs = history["epoch"]
        with theme.settings():
            self.figure = canvas.new_figure(look, SIZE)
            grid = self.figure.add_gridspec(2, 2, width_ratios=(1.15, 1))
            fit = self.figure.add_subplot(grid[:, 0])
            cost = self.figure.add_subplot(grid[0, 1])
            plane = self.figure.add_subplot(grid[1, 1])
            draw_fit(fit, data, outlook, history, theme)
            draw_cost_levels(cost, outlook, history, theme)
            draw_plane(plane, outlook, history, theme)
            self._stems = Stems(fit, data, theme.data)
            self._line = FittingLine(fit, data, theme.line)
            self._cloud = Cloud(plane, history[:0] if cloud is None else cloud, theme.ink)
            canvas.row_legend(fit, theme)
            canvas.row_legend(plane, theme)
            canvas.lay_out(self.figure, look)
            cost.xaxis.set_major_locator(FixedLocator(scales.label_epochs(cost, self._epochs)))
            for axis in (fit.xaxis, fit.yaxis, plane.xaxis, plane.yaxis):
                scales.move_offset_to_label(axis)
            self._outside = Outside(fit, data, theme)
            self._readout = canvas.header_readout(fit, look)
            self._cost = Growing(cost, *log_costs(history), theme.cost)
            self._path = Growing(plane, *surface.path_of(outlook.start, history), theme.line)
            self._traced = np.unique(np.geomspace(1, len(history), TRACES).astype(int) - 1)
            earlier = [Line(s.weight, s.bias) for s in map(self.moments.__getitem__, self._traced)]
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
        line = Line(snapshot.weight, snapshot.bias)
        self._line.put(line)
        self._outside.put(line)
        self._stems.put(line)
        self._traces.put(int(np.searchsorted(self._traced, index)))
        self._cost.put(index)
        self._path.put(index + 1)
        self._cloud.put(snapshot.epoch)
        self._readout.set_text(self._write(snapshot))


class Numbers:
    """Writes a snapshot in digits that stay in their columns."""

    def __init__(self, outlook: Outlook, history: History) -> None:
        self._lr = outlook.lr
        self._epoch = scales.steady_epochs(history["epoch"])
        self._weight = scales.steady_parameters(history["weight"])
        self._bias = scales.steady_parameters(history["bias"])
        self._cost = scales.steady_costs(history["cost"])

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


def draw_fit(axes: Axes, data: Dataset, outlook: Outlook, history: History, theme: Theme) -> None:
    """Draw the points, and the least-squares line in grey."""
    draw_points(axes, data, theme)
    hold_lines(axes, data, history)
    ends = np.array([data.x.min(), data.x.max()])
    heights = predict(outlook.least, ends)
    axes.plot(ends, heights, color=theme.muted, lw=1.2, label="Least squares", zorder=1.5)


def log_costs(history: History) -> tuple[np.ndarray, np.ndarray]:
    """Return the epochs and the common logarithms of their costs."""
    floor = np.finfo(float).tiny
    return history["epoch"].astype(float), np.log10(np.maximum(history["cost"], floor))


def draw_cost_levels(axes: Axes, outlook: Outlook, history: History, theme: Theme) -> None:
    """Prepare axes for the cost, with least squares and the settling cost as level lines."""
    canvas.style_axes(axes, theme)
    names.name_axes(axes, "Epoch", "Cost", theme)
    epochs, costs = log_costs(history)
    falls = costs[0] >= costs[-1]
    levels = [(outlook.least_cost, "least squares", "top")]
    if outlook.settles_cost is not None:
        name = "settles about here" if outlook.shuffled else "settles here"
        levels.append((outlook.settles_cost, name, "bottom"))
    levels = [level for level in levels if 0 < level[0] < np.inf]
    heights = [float(np.log10(cost)) for cost, _, _ in levels]
    for (cost, name, side), height in zip(levels, heights):
        axes.axhline(height, color=theme.muted, lw=0.9, ls="-" if side == "top" else (0, (5, 3)))
        axes.annotate(
            f"{name}: {cost:.4g}",
            (0 if falls else 1, height),
            (4 if falls else -4, -3 if side == "top" else 2),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="left" if falls else "right",
            va=side,
            size=SMALL_PT,
            color=theme.muted,
        )
    axes.set_ylim(*scales.padded(min([*costs, *heights]), max([*costs, *heights]), 0.16))
    scales.write_powers_of_ten(axes.yaxis)
    scales.hold_epochs(axes, epochs)


def draw_plane(axes: Axes, outlook: Outlook, history: History, theme: Theme) -> None:
    """Draw the surface with start, least squares and, in its limits, the settling point."""
    surface.hold_path(axes, outlook, history)
    surface.draw_surface(axes, outlook, theme)
    surface.mark(axes, outlook.start, "o", "Start", theme)
    surface.mark(axes, outlook.least, "*", "Least squares", theme)
    if outlook.shuffled:
        return
    if outlook.settles is None:
        surface.note(axes, "settles nowhere: it diverges", theme)
    elif surface.is_within(axes, outlook.settles):
        surface.mark(axes, outlook.settles, "x", "Settles", theme)
    else:
        weight, bias = outlook.settles
        surface.note(axes, f"settles outside: W {weight:.4g}, b {bias:.4g}", theme)
