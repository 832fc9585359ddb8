"""Several rates side by side: the same data and axes for each, and all their costs together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from matplotlib.artist import Artist
from matplotlib.text import Text

from plotting.theme import own_settings
from plotting.views import canvas, digits, scales
from plotting.views.actors import Growing
from plotting.views.canvas import Look
from plotting.views.lines import FittingLine, Outside, hold_lines
from plotting.views.rate_costs import Run, curve_of, gone_in, hold_costs, label_ends, spread, tame
from plotting.views.rate_panels import (
    add_panels,
    draw_data,
    rate_colours,
    shape_of,
    share_names,
    write_above,
    write_heading,
)
from plotting.views.rate_words import gone_text
from regression.data import Dataset
from regression.history import snapshots_of

SIZE = (960, 540)
"""Width and height in pixels that the figure is designed for."""

KEY = "\N{MULTIPLICATION SIGN} contraction per epoch,  + cost above least squares"
"""What numbers mean where panels are too narrow for the words."""


class CompareView:
    """A panel for each rate with its line, left; the costs of all of them, right."""

    def __init__(self, data: Dataset, runs: Sequence[Run], *, look: Look = Look()) -> None:
        """Lay the figure out for two to nine runs; the panels are in the order of their rates."""
        self.theme = theme = look.theme
        runs = sorted(runs, key=lambda run: run[0].lr)
        self.moments: Sequence[int] = epochs_of(runs)
        self._write_epoch = digits.steady_epochs(np.array(self.moments))
        rows, columns = shape_of(len(runs))
        colours = rate_colours(len(runs), theme)
        with own_settings():
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
            scales.label_epochs(costs, np.array(self.moments))
            self._readout = canvas.header_readout(panels[0], look)
            curves = [Growing(costs, *curve_of(run), colour) for run, colour in zip(runs, colours)]
            outside = [Outside(panel, data, theme, short=columns > 1) for panel in panels]
            self._tracks = [
                Track(*track, columns) for track in zip(runs, lines, outside, ends, curves)
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
        self,
        run: Run,
        line: FittingLine,
        outside: Outside,
        end: Text,
        curve: Growing,
        columns: int,
    ) -> None:
        _, history = run
        self._epochs, self._snapshots = history["epoch"], snapshots_of(history)
        self._line, self._outside, self._end, self._curve = line, outside, end, curve
        self._gone = gone_in(run)
        self._says = end.get_text(), gone_text(self._gone, columns)
        self.artists = line.artist, *outside.artists, curve.artist, curve.dot

    def put(self, epoch: int) -> None:
        """Show where the run is after this epoch."""
        index = max(int(np.searchsorted(self._epochs, epoch, side="right")) - 1, 0)
        snapshot = self._snapshots[index]
        line = snapshot.line
        self._line.put(line)
        self._outside.put(line)
        self._curve.put(index)
        # A static text, for which all is drawn anew when the run goes, and only then.
        gone = self._gone is not None and epoch >= self._gone
        self._end.set_text(self._says[gone])


def epochs_of(runs: Sequence[Run]) -> list[int]:
    """Return the epochs that any of the runs draws; the start, 0, only if no run has others."""
    epochs = sorted({int(epoch) for _, history in runs for epoch in history["epoch"]})
    return [epoch for epoch in epochs if epoch > 0] or epochs
