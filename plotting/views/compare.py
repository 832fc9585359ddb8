"""Several rates side by side: the same data and axes for each, and all their costs together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpecFromSubplotSpec, SubplotSpec
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator

from plotting.theme import SMALL_PT, TEXT_PT, Theme
from plotting.views import canvas, scales
from plotting.views.actors import FittingLine, Growing, draw_points, hold_lines
from plotting.views.canvas import Look
from plotting.views.costs import cost_at_start, draw_least, least_of, log_costs
from plotting.views.words import contraction_text, gone_text, rate_text, settles_text
from regression.data import Dataset, Floats
from regression.history import History, snapshots_of
from regression.line import Line, predict
from regression.outlook import Outlook

SIZE = (960, 540)
"""Width and height in pixels that the figure is designed for."""

Run = tuple[Outlook, History]
"""A run's outlook, and those of its epochs that will be shown."""

ABOVE_START = 10.0
"""Costs are shown up to so many times that of the start: a diverging run leaves upwards, lest
it make all the others one line at the bottom."""

KEY = "\N{MULTIPLICATION SIGN} contraction per epoch,  + cost above least squares"
"""What numbers mean where panels are too narrow for the words."""


class CompareView:
    """A panel for each rate with its line, left; the costs of all of them, right."""

    def __init__(self, data: Dataset, runs: Sequence[Run], *, look: Look = Look()) -> None:
        """Lay the figure out for two to nine runs; the panels are in the order of their rates."""
        self.theme = theme = look.theme
        runs = sorted(runs, key=lambda run: run[0].lr)
        self.moments: Sequence[int] = epochs_of(runs)
        self._write_epoch = scales.steady_epochs(np.array(self.moments))
        rows, columns = shape_of(len(runs))
        colours = rate_colours(len(runs), theme)
        with theme.settings():
            self.figure = canvas.new_figure(look, SIZE)
            share = 1.75 if columns == 3 else 1.3
            grid = self.figure.add_gridspec(1, 2, width_ratios=(share, 1))
            panels = add_panels(self.figure, grid[0], len(runs), rows, columns)
            lines, ends = [], []
            for panel, (outlook, _), colour in zip(panels, runs, colours):
                draw_data(panel, data, outlook, theme, columns)
                lines.append(FittingLine(panel, data, colour))
                ends.append(write_heading(panel, outlook, colour, theme, columns))
            for panel in panels:
                panel.label_outer()
            hold_lines(panels[0], data, np.concatenate([history for _, history in tame(runs)]))
            costs = self.figure.add_subplot(grid[1])
            hold_costs(costs, runs, theme)
            write_above(costs, "All rates", theme.ink, 1)
            write_above(costs, KEY if columns > 1 else "cost after each epoch", theme.ink, 0)
            labels = label_ends(costs, runs, colours)
            legend = canvas.header_legend(self.figure, panels[0].lines[:2], look)
            legend.set_in_layout(False)
            canvas.lay_out(self.figure, look, pad=0.08)
            share_names(panels, columns, data, theme)
            spread(labels, costs)
            costs.xaxis.set_major_locator(
                FixedLocator(scales.label_epochs(costs, np.array(self.moments)))
            )
            self._readout = canvas.header_readout(panels[0], look)
            self._tracks = [
                Track(run, line, end, Growing(costs, *curve_of(run), colour), columns)
                for run, line, end, colour in zip(runs, lines, ends, colours)
            ]
        self.moving: Sequence[Artist] = (
            *chain.from_iterable(track.artists for track in self._tracks),
            self._readout,
        )

    def show(self, epoch: int) -> None:
        """Bring each run to the epoch, or to its last one if it did not come so far."""
        for track in self._tracks:
            track.put(epoch)
        self._readout.set_text(f"Epoch {self._write_epoch(epoch)}")


class Track:
    """A run as it moves: its line, its cost, and what its panel says of its end."""

    def __init__(
        self, run: Run, line: FittingLine, end: Text, curve: Growing, columns: int
    ) -> None:
        _, history = run
        self._epochs, self._snapshots = history["epoch"], snapshots_of(history)
        self._line, self._end, self._curve = line, end, curve
        self._gone = gone_in(run)
        self._says = end.get_text(), gone_text(self._gone, columns)
        self.artists = line.artist, curve.artist, curve.dot

    def put(self, epoch: int) -> None:
        """Show where the run is after this epoch."""
        index = max(int(np.searchsorted(self._epochs, epoch, side="right")) - 1, 0)
        snapshot = self._snapshots[index]
        self._line.put(Line(snapshot.weight, snapshot.bias))
        self._curve.put(index)
        # A static text, for which all is drawn anew when the run goes, and only then.
        gone = self._gone is not None and epoch >= self._gone
        self._end.set_text(self._says[gone])


def gone_in(run: Run) -> int | None:
    """Return the epoch in which the run left the range of numbers, if it did."""
    outlook, history = run
    last = int(history["epoch"][-1])
    return last + 1 if last < outlook.epochs else None


def epochs_of(runs: Sequence[Run]) -> list[int]:
    """Return the epochs that any of the runs draws; the start, 0, only if no run has others."""
    epochs = sorted({int(epoch) for _, history in runs for epoch in history["epoch"]})
    return [epoch for epoch in epochs if epoch > 0] or epochs


def shape_of(count: int) -> tuple[int, int]:
    """Return how many rows and columns of panels there are."""
    columns = 1 if count <= 3 else 2 if count <= 6 else 3
    return math.ceil(count / columns), columns


def rate_colours(count: int, theme: Theme) -> list[str]:
    """Return a colour for each rate, the smallest first, that stands out from the paper."""
    on_dark = sum(to_rgb(theme.ink)) > 1.5
    share = np.linspace(0.42, 0.95, count) if on_dark else np.linspace(0.0, 0.62, count)
    return [to_hex(mpl.colormaps["plasma"](each)) for each in share]


def add_panels(
    figure: Figure, place: SubplotSpec, count: int, rows: int, columns: int
) -> list[Axes]:
    """Return axes in rows, with the same limits."""
    grid = GridSpecFromSubplotSpec(rows, columns, place)
    panels: list[Axes] = []
    for index in range(count):
        row, column = divmod(index, columns)
        first = panels[0] if panels else None
        panels.append(figure.add_subplot(grid[row, column], sharex=first, sharey=first))
    return panels


def draw_data(axes: Axes, data: Dataset, outlook: Outlook, theme: Theme, columns: int) -> None:
    """Draw the points, pale and the smaller the more panels there are, and least squares."""
    draw_points(axes, data, theme)
    (points,) = axes.lines
    points.set(color=theme.muted, alpha=0.6, markersize=points.get_markersize() * 0.9**columns)
    ends = np.array([data.x.min(), data.x.max()])
    heights = predict(outlook.least, ends)
    axes.plot(ends, heights, color=theme.ink, lw=0.8, label="Least squares", zorder=2.1)


def tame(runs: Sequence[Run]) -> Sequence[Run]:
    """Return the runs that settle not far above their start, or all if none does."""
    tame = []
    for outlook, history in runs:
        settles = outlook.settles_cost
        if settles is not None and settles <= ABOVE_START * cost_at_start(outlook):
            tame.append((outlook, history))
    return tame or runs


def write_heading(axes: Axes, outlook: Outlook, colour: str, theme: Theme, columns: int) -> Text:
    """Write above the axes what is to be known of the run; return the text on its end."""
    write_above(axes, f"Rate {rate_text(outlook.lr)}", colour, 1)
    times = f"\N{MULTIPLICATION SIGN} {contraction_text(outlook.contraction)}"
    left = write_above(axes, times if columns > 1 else f"{times} per epoch", theme.ink, 0)
    right = write_above(axes, settles_text(outlook, columns), theme.ink, 0, side=1)
    for text in (left, right):
        text.set_in_layout(False)  # or a long one would make its panel narrow
    return right


def write_above(axes: Axes, text: str, colour: str, line: int, side: int = 0) -> Text:
    """Write in the upper, 1, or lower, 0, of two lines above the axes, left, 0, or right, 1."""
    return axes.annotate(
        text,
        (side, 1),
        (0, 4 + 12 * line),
        xycoords="axes fraction",
        textcoords="offset points",
        va="baseline",
        ha=("left", "right")[side],
        color=colour,
        size=(SMALL_PT, TEXT_PT)[line],
        weight=("normal", "bold")[line],
    )


def hold_costs(axes: Axes, runs: Sequence[Run], theme: Theme) -> None:
    """Prepare axes for the costs as far as they compare, with least squares as a level line."""
    canvas.style_axes(axes, theme)
    canvas.name_axes(axes, "Epoch", "Cost", theme)
    outlook = runs[0][0]
    costs = np.concatenate([curve_of(run)[1] for run in runs])
    seen = costs[costs <= np.log10(ABOVE_START * cost_at_start(outlook))]
    top = max(seen) if len(seen) else max(costs)
    axes.set_ylim(*scales.padded(min([*costs, *least_of(outlook)]), top, 0.08))
    scales.write_powers_of_ten(axes.yaxis)
    scales.hold_epochs(axes, np.concatenate([history["epoch"] for _, history in runs]))
    draw_least(axes, outlook, theme)


def curve_of(run: Run) -> tuple[Floats, Floats]:
    """Return the run's epochs, and the common logarithms of their costs."""
    outlook, history = run
    return history["epoch"].astype(float), log_costs(outlook, history["cost"])


def label_ends(axes: Axes, runs: Sequence[Run], colours: Sequence[str]) -> list[Annotation]:
    """Write each rate beside the axes where its curve ends, with an arrow if that is above."""
    top = axes.get_ylim()[1]
    labels = []
    for run, colour in zip(runs, colours):
        end = float(curve_of(run)[1][-1])
        above = gone_in(run) is not None or end > top
        labels.append(
            axes.annotate(
                rate_text(run[0].lr) + (" \N{UPWARDS ARROW}" if above else ""),
                (1, top if above else end),
                (5, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va="center",
                size=SMALL_PT,
                color=colour,
                annotation_clip=False,
            )
        )
    return labels


def spread(labels: Sequence[Annotation], axes: Axes) -> None:
    """Move labels up or down as little as keeps them apart, within the height of the axes."""
    point = canvas.figure_of(axes).dpi / 72
    apart, half = 1.35 * SMALL_PT * point, SMALL_PT * point / 2
    heights = np.array([axes.transData.transform((1, label.xy[1]))[1] for label in labels])
    # Those that end alike stay in the order of their rates, which is that of the panels.
    order = np.argsort(heights, kind="stable")
    low = axes.bbox.y0 + half + apart * np.arange(len(labels))
    high = axes.bbox.y1 - half - apart * np.arange(len(labels))[::-1]
    places = np.clip(scales.apart(heights[order], apart), low, high)
    for index, place in zip(order, places):
        labels[index].set_position((5, (place - heights[index]) / point))


def share_names(panels: Sequence[Axes], columns: int, data: Dataset, theme: Theme) -> None:
    """Write the names and the numbers along the outer axes only, after these were laid out."""
    for panel in panels:
        panel.xaxis.offsetText.set_visible(False)
        panel.yaxis.offsetText.set_visible(False)
    for panel in panels[-columns:]:
        # Also where the last row has no panel below: its place has room for them.
        panel.tick_params(labelbottom=True)
        panel.set_xlabel(data.x_name, parse_math=False, color=theme.ink)
        scales.move_offset_to_label(panel.xaxis)
    first, last = panels[0], panels[columns * ((len(panels) - 1) // columns)]
    middle = (first.bbox.y1 + last.bbox.y0) / 2
    first.set_ylabel(
        data.y_name,
        parse_math=False,
        color=theme.ink,
        y=(middle - first.bbox.y0) / first.bbox.height,
    )
    scales.move_offset_to_label(first.yaxis)
    for panel in panels[columns::columns]:
        panel.set_ylabel("")
