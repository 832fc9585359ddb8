"""The first epoch step by step: the sample in use, and what it does to the line and its cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from plotting.readout import Readout
from plotting.theme import Theme
from plotting.views import canvas, scales, surface
from plotting.views.actors import MOST_POINTS, Growing, draw_points
from plotting.views.canvas import Look
from plotting.views.costs import log_costs
from plotting.views.lines import FittingLine, hold_lines
from plotting.views.step_actors import Plane, Rises, SampleInUse, add_level
from plotting.views.step_axes import add_cost_axes, draw_plane, hold_near, is_small
from plotting.views.step_words import Words, history_of
from regression.data import Dataset
from regression.history import History, snapshots_of
from regression.line import Line
from regression.outlook import Outlook
from regression.sgd import Snapshot, Step

SIZE = (960, 540)
"""Width and height in pixels that the figure is designed for."""

STEP_TIMES = 3
"""A step is shown for the time of so many epochs: there is more to see in it."""

DOTTED_STEPS = 60
"""Up to so many steps are told apart as dots on the curve of their costs."""


class MicroscopeView:
    """Left the sample and the line before and after, right the cost above its surface."""

    def __init__(
        self,
        data: Dataset,
        outlook: Outlook,
        steps: Sequence[Step],
        history: History,
        *,
        look: Look = Look(),
    ) -> None:
        """Lay the figure out for the first steps and, after them, the epochs of `history`."""
        self.theme = theme = look.theme
        self.moments: Sequence[Step | Snapshot] = [*steps, *snapshots_of(history)]
        self._epochs, self._steps = history["epoch"], len(steps)
        stepped = history_of(outlook, steps)
        way = np.concatenate([stepped, history])
        with theme.settings():
            self.figure = canvas.new_figure(look, SIZE)
            grid = self.figure.add_gridspec(2, 2, width_ratios=(1.15, 1))
            fit = self.figure.add_subplot(grid[:, 0])
            draw_points(fit, data, theme)
            self._points = fit.lines[0]
            if len(data) > MOST_POINTS:  # in few words: there are more entries beside it
                self._points.set_label(f"{MOST_POINTS:,} of {len(data):,}")
            hold_lines(fit, data, way)
            single = all(len(step.samples) == 1 for step in steps)
            self._sample = SampleInUse(fit, data, theme, size=10 if single else 7)
            self._before = FittingLine(fit, data, theme.trace, 1.8)
            self._before.artist.set(linestyle="-", label="Line before")
            self._line = FittingLine(fit, data, theme.line)
            self._line.artist.set_label("Line after")
            canvas.row_legend(fit, theme)
            step_costs, epoch_costs = add_cost_axes(
                self.figure, grid[0, 1], outlook, stepped, history, theme
            )
            whole = self.figure.add_subplot(grid[1, 1])
            surface.hold_path(whole, outlook, way)
            draw_plane(whole, outlook, theme)
            near = whole
            if steps and is_small(whole, stepped):
                near = self.figure.add_subplot(grid[1, 1], label="near")
                hold_near(near, whole, stepped)
                draw_plane(near, outlook, theme)
            level = add_level(near, theme) if steps and single else None
            for axes in (whole, near):
                canvas.row_legend(axes, theme)
            self._rises = Rises(step_costs, outlook, stepped, theme)
            canvas.row_legend(step_costs, theme)
            canvas.lay_out(self.figure, look)
            epoch_costs.xaxis.set_major_locator(
                FixedLocator(scales.label_epochs(epoch_costs, self._epochs))
            )
            for axes in {fit: 0, whole: 0, near: 0}:
                scales.move_offset_to_label(axes.xaxis)
                scales.move_offset_to_label(axes.yaxis)
            self._cost = Growing(
                step_costs,
                stepped["epoch"].astype(float),
                log_costs(outlook, stepped["cost"]),
                theme.cost,
            )
            if len(steps) <= DOTTED_STEPS:
                self._cost.artist.set(marker="o", markersize=2.5, markeredgewidth=0)
            self._later = Growing(
                epoch_costs,
                self._epochs.astype(float),
                log_costs(outlook, history["cost"]),
                theme.cost,
            )
            self._whole = Plane(whole, data, way, theme)
            self._near = Plane(near, data, way, theme, level)
            self._readout = canvas.header_readout(fit, look)
            self._write = Words(data, outlook, steps, history)
            widest = self._write.widest(steps)
            self._numbers = second_readout(self.figure, self._readout, widest, theme)
        self._stepping: bool | None = None

    @property
    def moving(self) -> Sequence[Artist]:
        """What moves: other artists in the steps than in the epochs after them."""
        readouts = self._readout, self._numbers
        if self._stepping:
            return (
                self._before.artist,
                self._line.artist,
                *self._sample.artists,
                self._cost.artist,
                self._rises.artist,
                self._cost.dot,
                *self._near.artists_of_step,
                *readouts,
            )
        return (
            self._line.artist,
            self._cost.artist,
            self._rises.artist,
            self._later.artist,
            self._later.dot,
            self._whole.path.artist,
            self._whole.path.dot,
            *readouts,
        )

    def times_ms(self, frame_ms: int, hold_ms: int) -> list[int]:
        """Return the time of each frame: a step's is longer than an epoch's."""
        later = len(self.moments) - self._steps
        times = [STEP_TIMES * frame_ms] * self._steps + [frame_ms] * later
        return [*times[:-1], hold_ms]

    def show(self, moment: Step | Snapshot) -> None:
        """Show a step with its sample, or where an epoch ended."""
        self._enter(isinstance(moment, Step))
        self._readout.set_text(self._write.what(moment))
        self._numbers.set_text(self._write.where(moment))
        if isinstance(moment, Step):
            self._before.put(moment.before)
            self._line.put(moment.after)
            self._sample.put(moment)
            self._cost.put(moment.number)
            self._rises.put(moment.number)
            self._near.put(moment)
        else:
            index = int(np.searchsorted(self._epochs, moment.epoch))
            self._line.put(Line(moment.weight, moment.bias))
            self._cost.put(self._steps)
            self._rises.put(self._steps)
            self._later.put(index)
            self._whole.path.put(self._steps + 1 + index)

    def _enter(self, stepping: bool) -> None:
        """Prepare what stands for the steps or for the epochs; it is drawn anew when it changes."""
        if stepping != self._stepping:
            self._stepping = stepping
            data = self.theme.data
            self._points.set_color(self.theme.pale(data, 0.35) if stepping else data)
            self._whole.axes.set_visible(not stepping)
            self._near.axes.set_visible(stepping or self._near.axes is self._whole.axes)


def second_readout(figure: Figure, first: Readout, widest: str, theme: Theme) -> Readout:
    """Return a readout on the line of the first, right of its widest text."""
    first.set_text(widest + "    ")
    box = first.get_window_extent()
    return Readout(figure, box.x1, box.y0 + box.height / 3, theme.ink)
