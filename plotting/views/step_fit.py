"""The panel of the fit, step by step: laid out with the figure first, and then filled."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec

from plotting.theme import Theme
from plotting.views import canvas, scales
from plotting.views.actors import MOST_POINTS, draw_points
from plotting.views.lines import FittingLine, Outside, hold_lines
from plotting.views.step_actors import SampleInUse
from regression.data import Dataset
from regression.history import History
from regression.line import Line
from regression.sgd import Step


class FitPanel:
    """The points, the sample in use, and the line before and after the step."""

    def __init__(
        self,
        figure: Figure,
        place: SubplotSpec,
        data: Dataset,
        way: History,
        single: bool,
        theme: Theme,
    ) -> None:
        """Hold the lines of `way`; `single` says that no step uses more than one sample."""
        self._data, self._theme = data, theme
        self.axes = axes = figure.add_subplot(place)
        draw_points(axes, data, theme)
        self._points = axes.lines[0]
        if len(data) > MOST_POINTS:  # in few words: there are more entries beside it
            self._points.set_label(f"{MOST_POINTS:,} of {len(data):,}")
        hold_lines(axes, data, way)
        self._sample = SampleInUse(axes, data, theme, size=10 if single else 7)
        self._before = FittingLine(axes, data, theme.trace, 1.8)
        self._before.artist.set(linestyle="-", label="Line before")
        self._line = FittingLine(axes, data, theme.line)
        self._line.artist.set_label("Line after")
        canvas.row_legend(axes, theme)

    def fill(self) -> None:
        """Add what had to wait for the layout."""
        self._outside = Outside(self.axes, self._data, self._theme)
        for axis in (self.axes.xaxis, self.axes.yaxis):
            scales.move_offset_to_label(axis)
        line, words = self._line.artist, self._outside.artists
        before, sample = self._before.artist, self._sample.artists
        self.artists_of_step: Sequence[Artist] = (before, line, *sample, *words)
        self.artists_of_epoch: Sequence[Artist] = (line, *words)

    def pale(self, stepping: bool) -> None:
        """Make the points pale behind the sample in use, or not."""
        data = self._theme.data
        self._points.set_color(self._theme.pale(data, 0.35) if stepping else data)

    def put_step(self, step: Step) -> None:
        """Show the sample, and the line before and after."""
        self._before.put(step.before)
        self._sample.put(step)
        self.put(step.after)

    def put(self, line: Line) -> None:
        """Show the line alone."""
        self._line.put(line)
        self._outside.put(line)
