"""The tutorial's figure: the points, the line as it moves, and at the end the cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast, get_args

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.gridspec import SubplotSpec
from matplotlib.ticker import FixedLocator
from matplotlib.transforms import ScaledTranslation

from plotting.theme import SMALL_PT, colours, use_theme
from plotting.views.artists import FittedLine, OffscreenNote, draw_points, set_limits
from plotting.views.axes import (
    label_epochs,
    move_offset_to_label,
    padded,
    set_epoch_limits,
    write_powers_of_ten,
)
from plotting.views.base import (
    Style,
    figure_of,
    header_legend,
    header_readout,
    lay_out,
    new_figure,
)
from plotting.views.readout import steady_costs, steady_epochs
from regression import Dataset, Floats, History, Snapshot, snapshots_of

Smoothing = Literal["pchip", "spline", "none"]
SMOOTHINGS: tuple[Smoothing, ...] = get_args(Smoothing)


def smooth(x: Floats, y: Floats, method: Smoothing, points: int = 400) -> tuple[Floats, Floats]:
    """Return the curve through (x, y), both (n,) with x rising, as two arrays (points,).

    `pchip` keeps the shape: between two points it never leaves their range, so it shows no
    rise or dip that did not happen (Fritsch and Butland, 1984). `spline` is the cubic of the
    tutorial, which may swing. With `none`, and where n is 1, x and y come back as they are.
    """
    if method == "none" or len(x) == 1:
        return x, y
    from scipy import interpolate  # noqa: PLC0415 - 0.3 s, which a run of --smooth none saves

    # Slopes of costs at either end of float64 would overflow: as shares of the largest, and
    # without differences that no picture shows, they do not.
    unit = np.abs(y).max() or 1.0
    y = np.round(y / unit, 12).astype(np.float64)
    dense = np.linspace(x[0], x[-1], points)
    if method == "pchip":
        return dense, interpolate.PchipInterpolator(x, y)(dense) * unit
    spline = interpolate.make_interp_spline(x, y, k=min(3, len(x) - 1))
    return dense, spline(dense) * unit


SIZE = (640, 480)
"""Width and height in pixels that the figure is designed for."""

DOTTED_EPOCHS = 60
"""Up to so many drawn epochs are told apart as dots on the cost curve and ticks above it."""


class FitView:
    """Points and fitting line; with the last snapshot the cost joins, on axes of its own."""

    def __init__(
        self,
        data: Dataset,
        history: History,
        *,
        smoothing: Smoothing = "pchip",
        style: Style = Style(),
    ) -> None:
        """Lay the figure out for the epochs of `history`: those that will be shown."""
        self.theme = style.theme
        self.moments: Sequence[Snapshot] = snapshots_of(history)
        self._write_epoch = steady_epochs(history["epoch"])
        self._write_cost = steady_costs(history["cost"])
        with use_theme(style.theme):
            self.figure = new_figure(style, SIZE)
            axes = self.figure.add_subplot()
            draw_points(axes, data)
            set_limits(axes, data, history)
            self._line = FittedLine(axes, data, colours().line)
            self._cost_axes = _add_cost_axes(axes)
            _draw_cost(self._cost_axes, history, smoothing)
            handles = [*axes.lines, self._cost_axes.lines[0]]
            self._legend = header_legend(self.figure, handles, style)
            lay_out(self.figure, style)
            label_epochs(self._cost_axes, history["epoch"])
            for axis in (axes.xaxis, axes.yaxis, self._cost_axes.yaxis):
                move_offset_to_label(axis)
            self._outside = OffscreenNote(axes, data)
            self._readout = header_readout(axes, style)
        self.moving: Sequence[Artist] = (
            self._line.artist,
            *self._outside.artists,
            self._readout,
        )

    def update(self, snapshot: Snapshot) -> None:
        """Put the line where the snapshot's W and b are; the last one brings the cost."""
        self._line.update(snapshot.line)
        self._outside.update(snapshot.line)
        self._readout.set_text(
            f"Epoch {self._write_epoch(snapshot.epoch)}    Cost {self._write_cost(snapshot.cost)}"
        )
        at_end = snapshot.epoch == self.moments[-1].epoch
        self._cost_axes.set_visible(at_end)
        for part in (self._legend.legend_handles[-1], self._legend.get_texts()[-1]):
            if part is not None:
                part.set_visible(at_end)


def _add_cost_axes(axes: Axes) -> Axes:
    """Return empty axes laid over the others, with the cost on the right and epochs above."""
    figure = figure_of(axes)
    place = cast(SubplotSpec, axes.get_subplotspec())
    cost_axes = figure.add_subplot(place, frame_on=False, label="cost")
    cost_axes.xaxis.tick_top()
    cost_axes.yaxis.tick_right()
    cost_axes.yaxis.set_label_position("right")
    cost_axes.set_ylabel("Cost", color=colours().cost)
    cost_axes.tick_params(axis="y", color=colours().cost, labelcolor=colours().cost)
    # Beside its numbers, not above them, where it would push the axes down.
    cost_axes.xaxis.set_label_position("top")
    cost_axes.set_xlabel("Epoch", size=SMALL_PT, ha="right", va="bottom")
    aside = ScaledTranslation(-6 / 72, 7 / 72, figure.dpi_scale_trans)
    cost_axes.xaxis.set_label_coords(0.0, 1.0, transform=cost_axes.transAxes + aside)
    return cost_axes


def _draw_cost(cost_axes: Axes, history: History, smoothing: Smoothing) -> None:
    """Draw the curve through the costs of the drawn epochs.

    Epochs are on a logarithmic scale, since most of them are drawn where most happens: at the
    beginning. So is the cost where it spans so much that a linear scale would show one spike.
    """
    epochs, costs = history["epoch"].astype(float), history["cost"]
    logarithmic = costs.min() > 0 and costs.max() / costs.min() > 1e3
    if logarithmic:
        costs = np.log10(costs)
    x, y = epochs, costs
    if len(epochs) > 1:
        x, y = smooth(np.log(epochs), costs, smoothing)
        x = np.exp(x)
    cost_axes.plot(x, y, color=colours().cost, lw=1.8, label="Cost")
    set_epoch_limits(cost_axes, epochs)
    cost_axes.set_ylim(*padded(y.min(), y.max()))
    if logarithmic:
        write_powers_of_ten(cost_axes.yaxis)
    if len(epochs) <= DOTTED_EPOCHS:
        cost_axes.plot(epochs, costs, "o", color=colours().cost, ms=3, mew=0)
        cost_axes.xaxis.set_minor_locator(FixedLocator(list(epochs)))
