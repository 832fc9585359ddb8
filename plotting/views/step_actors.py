"""What moves with a step: its samples, its arrow on the surface, the rises of the cost."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from plotting.theme import Theme
from plotting.views import surface
from plotting.views.actors import Arrow, Growing
from plotting.views.costs import log_costs
from plotting.views.lines import line_within, stems_within
from regression.data import Dataset
from regression.history import History
from regression.line import Line
from regression.outlook import Outlook
from regression.sgd import Step


class SampleInUse:
    """The samples that a step uses, set off from the others, with their errors as stems."""

    def __init__(self, axes: Axes, data: Dataset, theme: Theme, size: float) -> None:
        (self._stem,) = axes.plot([], [], color=theme.data, lw=2.2, animated=True)
        (self._dots,) = axes.plot(
            [],
            [],
            "o",
            color=theme.data,
            ms=size,
            mec=theme.ink,
            mew=1.4,
            label="In use, with its error",
            animated=True,
        )
        self.artists = self._stem, self._dots
        self._axes, self._data = axes, data

    def put(self, step: Step) -> None:
        """Show the samples, and how far the line before the step is from them."""
        x, y = self._data.x[step.samples], self._data.y[step.samples]
        self._stem.set_data(*stems_within(step.before, x, y, self._axes.get_ylim()))
        self._dots.set_data(x, y)


class Rises:
    """The pieces of the curve of the steps' costs where it rises."""

    def __init__(self, axes: Axes, outlook: Outlook, stepped: History, theme: Theme) -> None:
        (self.artist,) = axes.plot(
            [], [], color=theme.data, lw=2.2, label="Cost rises", animated=True
        )
        costs = log_costs(outlook, stepped["cost"])
        rises, gap = np.diff(costs) > 0, np.full(len(costs) - 1, np.nan)
        number = stepped["epoch"].astype(float)
        self._x = np.column_stack([number[:-1], number[1:], gap]).ravel()
        self._y = np.column_stack(
            [np.where(rises, costs[:-1], gap), np.where(rises, costs[1:], gap), gap]
        ).ravel()

    def put(self, count: int) -> None:
        """Show those among the first steps."""
        self.artist.set_data(self._x[: 3 * count], self._y[: 3 * count])


class Plane:
    """The way over the cost surface, the present step, and where its sample has no error."""

    def __init__(
        self, axes: Axes, data: Dataset, way: History, theme: Theme, level: Line2D | None = None
    ) -> None:
        self.axes, self._data, self._level = axes, data, level
        self.path = Growing(axes, *surface.sensible_way(axes, way), theme.line)
        self._arrow = Arrow(axes, theme.ink)
        self.artists_of_step: list[Artist] = [self.path.artist, self._arrow.artist]
        if level is not None:
            self.artists_of_step.insert(0, level)

    def put(self, step: Step) -> None:
        """Show the way up to this step, and the step as an arrow."""
        self.path.put(step.number)
        self._arrow.put(step.before, step.after)
        if self._level is not None:
            # W*x + b = y is a line in this plane too: b = -x*W + y.
            (index,) = step.samples
            line = Line(-float(self._data.x[index]), float(self._data.y[index]))
            self._level.set_data(*line_within(line, self.axes.get_xlim(), self.axes.get_ylim()))


def add_level(axes: Axes, theme: Theme) -> Line2D:
    """Return the line of all W and b that have no error at the sample in use."""
    (level,) = axes.plot([], [], color=theme.data, lw=1.2, label="No error", animated=True)
    return level
