"""The first epoch step by step: the sample in use, and what it does to the line and its cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, MaxNLocator

from plotting.readout import Readout
from plotting.theme import Theme
from plotting.views import canvas, scales, surface
from plotting.views.actors import (
    MOST_POINTS,
    Arrow,
    FittingLine,
    Growing,
    draw_points,
    hold_lines,
    line_within,
    stems_within,
)
from plotting.views.canvas import Look
from plotting.views.costs import cost_at_start, draw_least, least_of, log_costs
from plotting.views.story import row_legend
from regression.data import Dataset
from regression.history import History, record, snapshots_of
from regression.line import Line, predict
from regression.outlook import Outlook
from regression.sgd import Snapshot, Step

SIZE = (960, 540)
"""Width and height in pixels that the figure is designed for."""

STEP_TIMES = 3
"""A step is shown for the time of so many epochs: there is more to see in it."""

ZOOM = 0.35
"""Where the steps take up less of the surface's width and height, they have one of their own."""

ABOVE_STEPS = 10.0
"""Costs of epochs are shown up to so many times the highest of a step."""

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
            row_legend(fit, theme)
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
                row_legend(axes, theme)
            self._rises = Rises(step_costs, outlook, stepped, theme)
            row_legend(step_costs, theme)
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
            self._points.set_alpha(0.35 if stepping else None)
            self._whole.axes.set_visible(not stepping)
            self._near.axes.set_visible(stepping or self._near.axes is self._whole.axes)


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


class Words:
    """Writes a moment in words, and in digits that stay in their columns."""

    def __init__(
        self, data: Dataset, outlook: Outlook, steps: Sequence[Step], history: History
    ) -> None:
        self._data, self._steps, self._epochs = data, len(steps), outlook.epochs
        stepped = history_of(outlook, steps)
        way = np.concatenate([stepped, history])
        self._before = dict(zip(stepped["epoch"][1:].tolist(), stepped["cost"].tolist()))
        self._number = scales.steady_epochs(stepped["epoch"])
        self._epoch = scales.steady_epochs(history["epoch"])
        self._x = scales.steady_parameters(data.x)
        self._error = scales.steady_parameters(
            np.array([self._error_of(step) for step in steps] or [0.0])
        )
        self._weight = scales.steady_parameters(way["weight"])
        self._bias = scales.steady_parameters(way["bias"])
        self._cost = scales.steady_costs(way["cost"])

    def what(self, moment: Step | Snapshot) -> str:
        """Return which step this is and what it starts from, or which epoch."""
        if isinstance(moment, Snapshot):
            return f"Epoch {self._epoch(moment.epoch)} of {self._epochs}"
        error = self._error(self._error_of(moment))
        if len(moment.samples) == 1:
            sample = f"x {self._x(self._data.x[moment.samples[0]])}    error {error}"
        else:
            sample = f"{len(moment.samples)} samples    mean error {error}"
        return f"Step {self._number(moment.number)} of {self._steps}    {sample}"

    def where(self, moment: Step | Snapshot) -> str:
        """Return W, b and cost, and which way the cost went."""
        weight, bias = moment.after if isinstance(moment, Step) else moment[1:3]
        text = f"W {self._weight(weight)}    b {self._bias(bias)}    Cost {self._cost(moment.cost)}"
        if isinstance(moment, Step):
            text += " rises" if moment.cost > self._before[moment.number] else " falls"
        return text

    def widest(self, steps: Sequence[Step]) -> str:
        """Return the longest of the texts on a step."""
        return max(map(self.what, steps), key=len, default="Epoch 000 of 000")

    def _error_of(self, step: Step) -> float:
        """Return the error, W*x + b - y, before the step; of several samples, their mean."""
        errors = predict(step.before, self._data.x[step.samples]) - self._data.y[step.samples]
        return float(errors.mean())


def history_of(outlook: Outlook, steps: Sequence[Step]) -> History:
    """Return the start, numbered 0, and the line after each step as if each were an epoch."""
    start = Snapshot(0, *outlook.start, cost_at_start(outlook))
    return record([start, *(Snapshot(step.number, *step.after, step.cost) for step in steps)])


def second_readout(figure: Figure, first: Readout, widest: str, theme: Theme) -> Readout:
    """Return a readout on the line of the first, right of its widest text."""
    first.set_text(widest + "    ")
    box = first.get_window_extent()
    return Readout(figure, box.x1, box.y0 + box.height / 3, theme.ink)


def add_cost_axes(
    figure: Figure,
    place: SubplotSpec,
    outlook: Outlook,
    stepped: History,
    history: History,
    theme: Theme,
) -> tuple[Axes, Axes]:
    """Return axes for the cost after each step and, beside them, after each epoch."""
    halves = place.subgridspec(1, 2, width_ratios=(1.6, 1))
    by_step, by_epoch = figure.add_subplot(halves[0]), figure.add_subplot(halves[1])
    for axes, name in ((by_step, "Step"), (by_epoch, "Epoch")):
        canvas.style_axes(axes, theme)
        canvas.name_axes(axes, name, "Cost" if axes is by_step else "", theme)
    by_epoch.yaxis.tick_right()
    steps, epochs = (log_costs(outlook, each["cost"]) for each in (stepped, history))
    seen = epochs[epochs <= max(steps) + np.log10(ABOVE_STEPS)]
    seen = seen if len(seen) else epochs
    by_step.set_ylim(*scales.padded(min(steps), max(steps), 0.1))
    by_epoch.set_ylim(*scales.padded(min([*least_of(outlook), *seen]), max(seen), 0.2))
    draw_least(by_epoch, outlook, theme, brief=True)
    for axes in (by_step, by_epoch):
        scales.write_powers_of_ten(axes.yaxis)
    by_step.set_xlim(*scales.padded(0, max(len(stepped) - 1, 1), 0.03))
    by_step.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True))
    scales.hold_epochs(by_epoch, history["epoch"])
    return by_step, by_epoch


def draw_plane(axes: Axes, outlook: Outlook, theme: Theme) -> None:
    """Draw the surface, with start, least squares and settling point where they are within."""
    surface.draw_surface(axes, outlook, theme)
    marks = ((outlook.start, "o", "Start"), (outlook.least, "*", "Least squares"))
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    for line, marker, name in (*marks, (outlook.settles, "x", "Settles")):
        if line is not None and surface.is_within(axes, line):
            surface.mark(axes, line, marker, name, theme)


def is_small(whole: Axes, stepped: History) -> bool:
    """Tell whether the steps take up a small part of the axes, where little would be seen."""
    width, height = np.ptp(whole.get_xlim()), np.ptp(whole.get_ylim())
    return bool(
        np.ptp(stepped["weight"]) < ZOOM * width and np.ptp(stepped["bias"]) < ZOOM * height
    )


def hold_near(near: Axes, whole: Axes, stepped: History) -> None:
    """Fix limits close around the steps; not so close that rounding would show."""
    for name, limits, hold in (
        ("weight", whole.get_xlim(), near.set_xlim),
        ("bias", whole.get_ylim(), near.set_ylim),
    ):
        low, high = stepped[name].min(), stepped[name].max()
        least = 1e-4 * (limits[1] - limits[0])
        hold(scales.padded(low - least, high + least, 0.15))
