"""The panel of the surface, step by step: laid out with the figure first, and then filled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec

from plotting.theme import Theme
from plotting.views import canvas, scales, surface
from plotting.views.step_actors import Plane, add_level
from plotting.views.step_axes import draw_plane, hold_near, is_small
from regression.data import Dataset
from regression.history import History
from regression.outlook import Outlook
from regression.sgd import Step


class PlanePanel:
    """The surface: near the steps while these take up little of it, and then the whole."""

    def __init__(
        self,
        figure: Figure,
        place: SubplotSpec,
        outlook: Outlook,
        stepped: History,
        history: History,
        single: bool,
        theme: Theme,
    ) -> None:
        """Hold the way of steps and epochs; `single`: no step uses more than one sample."""
        self._theme, self._steps, self._epochs = theme, len(stepped) - 1, history["epoch"]
        self._way = np.concatenate([stepped, history])
        self._whole_axes = self._near_axes = whole = figure.add_subplot(place)
        surface.hold_path(whole, outlook, self._way)
        draw_plane(whole, outlook, theme)
        if self._steps and is_small(whole, stepped):
            self._near_axes = figure.add_subplot(place, label="near")
            hold_near(self._near_axes, whole, stepped)
            draw_plane(self._near_axes, outlook, theme)
        self._level = add_level(self._near_axes, theme) if self._steps and single else None
        for axes in (whole, self._near_axes):
            canvas.row_legend(axes, theme)

    def fill(self, data: Dataset) -> None:
        """Add what had to wait for the layout."""
        # Each axes once: they may be the same.
        for axes in dict.fromkeys((self._whole_axes, self._near_axes)):
            scales.move_offset_to_label(axes.xaxis)
            scales.move_offset_to_label(axes.yaxis)
        self._whole = Plane(self._whole_axes, data, self._way, self._theme)
        self._near = Plane(self._near_axes, data, self._way, self._theme, self._level)
        self.artists_of_step: Sequence[Artist] = self._near.artists_of_step
        self.artists_of_epoch: Sequence[Artist] = (
            self._whole.path.artist,
            self._whole.path.dot,
        )

    def enter(self, stepping: bool) -> None:
        """Have the surface near the steps, or the whole, on show."""
        self._whole_axes.set_visible(not stepping)
        self._near_axes.set_visible(stepping or self._near_axes is self._whole_axes)

    def put_step(self, step: Step) -> None:
        """Show the way up to this step, and the step."""
        self._near.put(step)

    def put(self, epoch: int) -> None:
        """Show the way over all steps, and up to this epoch."""
        self._whole.path.put(self._steps + 1 + int(np.searchsorted(self._epochs, epoch)))
