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

from plotting.theme import SMALL_PT, TEXT_PT, colours, use_theme
from plotting.views.artists import (
    FittedLine,
    OffscreenNote,
    Trail,
    draw_least_squares,
    draw_points,
    set_limits,
)
from plotting.views.axes import (
    apart,
    draw_least,
    floor_of,
    label_epochs,
    least_of,
    log_costs,
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
    name_axes,
    name_axis,
    new_figure,
)
from plotting.views.readout import steady_epochs
from regression import Convergence, Dataset, Floats, History, snapshots_of


def rate_text(lr: float) -> str:
    """Return a learning rate to four digits.

    >>> rate_text(0.0001), rate_text(1 / 10100) == f"9.901e{MINUS}5"
    ('0.0001', True)
    """
    return compact(f"{lr:.4g}")


def contraction_text(contraction: float) -> str:
    """Return it with at least four digits, or so many that it is not 1 when it is not.

    >>> [contraction_text(value) for value in (0.97622, 0.99999751, 1.0234, 1.0, 8.6e8)]
    ['0.9762', '0.9999975', '1.023', '1', '9e8']
    """
    rest = 1.0 - contraction
    if not math.isfinite(rest):
        return "\N{INFINITY}"
    if rest == 0:
        return "1"
    if abs(rest) < 1e-6:
        return f"1 {MINUS if rest > 0 else '+'} {short(abs(rest))}"
    if abs(rest) < 1e-2:
        return f"{contraction:.{max(4, 1 - math.floor(math.log10(abs(rest))))}f}"
    return f"{contraction:#.4g}" if 1e-3 <= contraction < 999.95 else short(contraction)


def settles_text(convergence: Convergence, columns: int) -> str:
    """Return how far above least squares the run settles, if it does, in a panel that is one of
    so many in its row.
    """
    if convergence.limit_cost is None:
        return "diverges"
    # In a panel of two in a row there is room for one of the words.
    verb = "settles " * (columns == 1 or (columns == 2 and not convergence.settings.shuffled))
    verb += "about " * convergence.settings.shuffled
    if not convergence.minimum_cost > 1e-25 * convergence.limit_cost:
        return f"{verb}at cost {short(convergence.limit_cost)}"
    percent = short(100.0 * max(convergence.limit_cost / convergence.minimum_cost - 1.0, 0.0))
    return f"{verb}{percent} % above least squares" if columns == 1 else f"{verb}+{percent} %"


def gone_text(epoch: int | None, columns: int) -> str:
    """Return what to say of a run that overflowed in that epoch."""
    return f"{'overflowed' if columns < 3 else 'gone'} in epoch {epoch}"


def short(value: float) -> str:
    """Return a value from 0 on with two digits, or up to four before the point, or a power of ten.

    >>> [short(value) for value in (0.1079, 9.05, 18.3, 347.2, 3.37e11, 0.0, 99.97)]
    ['0.11', '9.1', '18', '347', '3e11', '0', '100']
    """
    if value == 0 or 1e-3 <= value < 1e4:
        return f"{value:.0f}" if value >= 9.95 else f"{value:.2g}"
    return compact(f"{value:.0e}")


def compact(number: str) -> str:
    """Return a number with as short an exponent as can be read.

    >>> compact("1.5e+07"), compact("1.5")
    ('1.5e7', '1.5')
    """
    digits, e, exponent = number.partition("e")
    return digits + (e and f"e{int(exponent)}".replace("-", MINUS))


MINUS = "\N{MINUS SIGN}"


Run = tuple[Convergence, History]
"""A run's convergence, and those of its epochs that will be shown."""

ABOVE_START = 10.0
"""Costs are shown up to so many times that of the start: a diverging run leaves upwards, lest
it make all the others one line at the bottom."""


def gone_in(run: Run) -> int | None:
    """Return the epoch in which the run overflowed, if it did."""
    convergence, history = run
    last = int(history["epoch"][-1])
    return last + 1 if last < convergence.settings.epochs else None


def tame(runs: Sequence[Run]) -> Sequence[Run]:
    """Return the runs that settle not far above their start, or all if none does."""
    return [
        (convergence, history)
        for convergence, history in runs
        if convergence.limit_cost is not None
        and convergence.limit_cost <= ABOVE_START * convergence.start_cost
    ] or runs


def set_cost_limits(axes: Axes, runs: Sequence[Run]) -> None:
    """Prepare axes for the costs as far as they compare, with least squares as a level line."""
    name_axes(axes, "Epoch", "Cost")
    convergence = runs[0][0]
    costs = np.concatenate([curve_of(run)[1] for run in runs])
    # Who starts on a line through all points, starts at a cost of 0.
    start = max(convergence.start_cost, floor_of(convergence))
    seen = costs[costs <= np.log10(ABOVE_START * start)]
    top = max(seen) if len(seen) else max(costs)
    axes.set_ylim(*padded(min([*costs, *least_of(convergence)]), top, 0.08))
    write_powers_of_ten(axes.yaxis)
    set_epoch_limits(axes, np.concatenate([history["epoch"] for _, history in runs]))
    draw_least(axes, convergence)


def curve_of(run: Run) -> tuple[Floats, Floats]:
    """Return the run's epochs, and the common logarithms of their costs."""
    convergence, history = run
    return history["epoch"].astype(float), log_costs(convergence, history["cost"])


def label_ends(axes: Axes, runs: Sequence[Run], run_colours: Sequence[str]) -> list[Annotation]:
    """Write each rate beside the axes where its curve ends, with an arrow if that is above."""
    top = axes.get_ylim()[1]
    labels = []
    for run, colour in zip(runs, run_colours):
        end = float(curve_of(run)[1][-1])
        above = gone_in(run) is not None or end > top
        labels.append(
            axes.annotate(
                rate_text(run[0].settings.lr) + (" \N{UPWARDS ARROW}" if above else ""),
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
    point = figure_of(axes).dpi / 72
    distance, half = 1.35 * SMALL_PT * point, SMALL_PT * point / 2
    heights = np.array([axes.transData.transform((1, label.xy[1]))[1] for label in labels])
    # Those that end alike stay in the order of their rates, which is that of the panels.
    order = np.argsort(heights, kind="stable")
    low = axes.bbox.y0 + half + distance * np.arange(len(labels))
    high = axes.bbox.y1 - half - distance * np.arange(len(labels))[::-1]
    places = np.clip(apart(heights[order], distance), low, high)
    for index, place in zip(order, places):
        labels[index].set_position((5, (place - heights[index]) / point))


def shape_of(count: int) -> tuple[int, int]:
    """Return how many rows and columns of panels there are."""
    columns = 1 if count <= 3 else 2 if count <= 6 else 3
    return math.ceil(count / columns), columns


def rate_colours(count: int) -> list[str]:
    """Return a colour for each rate, the smallest first, that stands out from the paper."""
    on_dark = sum(to_rgb(colours().ink)) > 1.5
    # Not evenly, or the first ones, and on dark paper the last, would look too much alike.
    even = np.linspace(0.0, 1.0, count)
    share = 0.4 + 0.6 * even**1.2 if on_dark else 0.63 * even**0.5
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


def draw_data(axes: Axes, data: Dataset, convergence: Convergence, columns: int) -> None:
    """Draw the points, pale and the smaller the more panels there are, and least squares."""
    draw_points(axes, data)
    (points,) = axes.lines
    points.set(color=colours().muted, alpha=0.6, markersize=points.get_markersize() * 0.9**columns)
    draw_least_squares(axes, data, convergence.least_squares, colours().ink, width=0.8, zorder=2.1)


def write_heading(axes: Axes, convergence: Convergence, colour: str, columns: int) -> Text:
    """Write above the axes what is to be known of the run; return the text on its end."""
    write_above(axes, f"Rate {rate_text(convergence.settings.lr)}", colour, 1)
    times = f"\N{MULTIPLICATION SIGN} {contraction_text(convergence.contraction)}"
    left = write_above(axes, times if columns > 1 else f"{times} per epoch", colours().ink, 0)
    right = write_above(axes, settles_text(convergence, columns), colours().ink, 0, side=1)
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


def share_names(panels: Sequence[Axes], columns: int, data: Dataset) -> None:
    """Write the names and the numbers along the outer axes only, after these were laid out."""
    for panel in panels:
        panel.xaxis.offsetText.set_visible(False)
        panel.yaxis.offsetText.set_visible(False)
    for panel in panels[-columns:]:
        # Also where the last row has no panel below: its place has room for them.
        panel.tick_params(labelbottom=True)
        name_axis(panel.xaxis, data.x_name, panel.bbox.width)
        move_offset_to_label(panel.xaxis)
    first, last = panels[0], panels[columns * ((len(panels) - 1) // columns)]
    middle = (first.bbox.y1 + last.bbox.y0) / 2
    along = first.bbox.y1 - last.bbox.y0
    name_axis(first.yaxis, data.y_name, along)
    first.yaxis.label.set_y((middle - first.bbox.y0) / first.bbox.height)
    move_offset_to_label(first.yaxis, along)
    for panel in panels[columns::columns]:
        panel.set_ylabel("")


MAX_RUNS = 9
"""More could not be told apart."""

SIZE = (960, 540)
"""Width and height in pixels that the figure is designed for."""

KEY = "\N{MULTIPLICATION SIGN} contraction per epoch,  + cost above least squares"
"""What numbers mean where panels are too narrow for the words."""


class CompareView:
    """A panel for each rate with its line, left; the costs of all of them, right."""

    def __init__(self, data: Dataset, runs: Sequence[Run], *, style: Style = Style()) -> None:
        """Lay the figure out for two to nine runs; the panels are in the order of their rates."""
        self.theme = style.theme
        runs = sorted(runs, key=lambda run: run[0].settings.lr)
        self.moments: Sequence[int] = epochs_of(runs)
        self._write_epoch = steady_epochs(np.array(self.moments))
        rows, columns = shape_of(len(runs))
        with use_theme(style.theme):
            run_colours = rate_colours(len(runs))
            self.figure = new_figure(style, SIZE)
            share = 1.75 if columns == 3 else 1.3
            grid = self.figure.add_gridspec(1, 2, width_ratios=(share, 1))
            panels = add_panels(self.figure, grid[0], len(runs), rows, columns)
            lines, ends = [], []
            for panel, (convergence, _), colour in zip(panels, runs, run_colours):
                draw_data(panel, data, convergence, columns)
                lines.append(FittedLine(panel, data, colour))
                ends.append(write_heading(panel, convergence, colour, columns))
            for panel in panels:
                panel.label_outer()
            set_limits(panels[0], data, np.concatenate([history for _, history in tame(runs)]))
            costs = self.figure.add_subplot(grid[1])
            set_cost_limits(costs, runs)
            write_above(costs, "All rates", colours().ink, 1)
            write_above(costs, KEY if columns > 1 else "cost after each epoch", colours().ink, 0)
            labels = label_ends(costs, runs, run_colours)
            legend = header_legend(self.figure, panels[0].lines[:2], style)
            legend.set_in_layout(False)
            lay_out(self.figure, style, pad=0.08)
            share_names(panels, columns, data)
            spread(labels, costs)
            label_epochs(costs, np.array(self.moments))
            self._readout = header_readout(panels[0], style)
            curves = [
                Trail(costs, *curve_of(run), colour) for run, colour in zip(runs, run_colours)
            ]
            outside = [OffscreenNote(panel, data, short=columns > 1) for panel in panels]
            self._tracks = [
                Track(*track, columns) for track in zip(runs, lines, outside, ends, curves)
            ]
        self.moving: Sequence[Artist] = (
            *chain.from_iterable(track.artists for track in self._tracks),
            self._readout,
        )

    def update(self, epoch: int) -> None:
        """Bring each run to the epoch, or to its last one if it did not come so far."""
        for track in self._tracks:
            track.update(epoch)
        self._readout.set_text(f"Epoch {self._write_epoch(epoch)}")


class Track:
    """A run as it moves: its line, its cost, and what its panel says of its end."""

    def __init__(
        self,
        run: Run,
        line: FittedLine,
        outside: OffscreenNote,
        end: Text,
        curve: Trail,
        columns: int,
    ) -> None:
        _, history = run
        self._epochs, self._snapshots = history["epoch"], snapshots_of(history)
        self._line, self._outside, self._end, self._curve = line, outside, end, curve
        self._gone = gone_in(run)
        self._says = end.get_text(), gone_text(self._gone, columns)
        self.artists = line.artist, *outside.artists, curve.artist, curve.dot

    def update(self, epoch: int) -> None:
        """Show where the run is after this epoch."""
        index = max(int(np.searchsorted(self._epochs, epoch, side="right")) - 1, 0)
        snapshot = self._snapshots[index]
        line = snapshot.line
        self._line.update(line)
        self._outside.update(line)
        self._curve.update(index)
        # A static text, for which all is drawn anew when the run goes, and only then.
        gone = self._gone is not None and epoch >= self._gone
        self._end.set_text(self._says[gone])


def epochs_of(runs: Sequence[Run]) -> list[int]:
    """Return the epochs that any of the runs draws; the start, 0, only if no run has others."""
    epochs = sorted({int(epoch) for _, history in runs for epoch in history["epoch"]})
    return [epoch for epoch in epochs if epoch > 0] or epochs
