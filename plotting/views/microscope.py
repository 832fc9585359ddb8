"""The first epoch step by step: the sample in use, and what it does to the line and its cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from plotting.readout import Readout
from plotting.theme import Theme, own_settings
from plotting.views import canvas
from plotting.views.canvas import Look
from plotting.views.step_costs import CostPanel
from plotting.views.step_fit import FitPanel
from plotting.views.step_planes import PlanePanel
from plotting.views.step_words import Words, history_of
from regression.data import Dataset
from regression.history import History, snapshots_of
from regression.outlook import Outlook
from regression.sgd import Snapshot, Step

SIZE = (960, 540)
"""Width and height in pixels that the figure is designed for."""

STEP_TIMES = 3
"""A step is shown for the time of so many epochs: there is more to see in it."""


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
        # A run that overflows in its first epoch has its start for a history: no end to show.
        later = history[history["epoch"] > 0] if steps else history
        self.moments: Sequence[Step | Snapshot] = [*steps, *snapshots_of(later)]
        self._steps = len(steps)
        stepped = history_of(outlook, steps)
        single = all(len(step.samples) == 1 for step in steps)
        with own_settings():
            self.figure = figure = canvas.new_figure(look, SIZE)
            grid = figure.add_gridspec(2, 2, width_ratios=(1.15, 1))
            way = np.concatenate([stepped, history])
            self._fit = FitPanel(figure, grid[:, 0], data, way, single, theme)
            self._costs = CostPanel(figure, grid[0, 1], outlook, stepped, history, theme)
            self._plane = PlanePanel(figure, grid[1, 1], outlook, stepped, history, single, theme)
            canvas.lay_out(figure, look)
            self._fit.fill()
            self._costs.fill()
            self._plane.fill(data)
            self._write = Words(data, outlook, steps, history)
            self._readout = canvas.header_readout(self._fit.axes, look)
            widest = self._write.widest(steps)
            self._numbers = second_readout(figure, self._readout, widest, theme)
        self._stepping: bool | None = None

    @property
    def moving(self) -> Sequence[Artist]:
        """What moves: other artists in the steps than in the epochs after them."""
        panels = self._fit, self._costs, self._plane
        return [
            *(
                artist
                for panel in panels
                for artist in (panel.artists_of_step if self._stepping else panel.artists_of_epoch)
            ),
            self._readout,
            self._numbers,
        ]

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
            self._fit.put_step(moment)
            self._costs.put_step(moment.number)
            self._plane.put_step(moment)
        else:
            self._fit.put(moment.line)
            self._costs.put(moment.epoch)
            self._plane.put(moment.epoch)

    def _enter(self, stepping: bool) -> None:
        """Prepare what stands for the steps or for the epochs; it is drawn anew when it changes."""
        if stepping != self._stepping:
            self._stepping = stepping
            self._fit.pale(stepping)
            self._plane.enter(stepping)


def second_readout(figure: Figure, first: Readout, widest: str, theme: Theme) -> Readout:
    """Return a readout on the line of the first, right of its widest text."""
    first.set_text(widest + "    ")
    box = first.get_window_extent()
    return Readout(figure, box.x1, box.y0 + box.height / 3, theme.ink)
