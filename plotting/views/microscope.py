"""The first epoch step by step: the sample in use, and what it does to the line and its cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from plotting.theme import colours, use_theme
from plotting.views import surface
from plotting.views.artists import (
    MAX_POINTS,
    Arrow,
    FittedLine,
    OffscreenNote,
    Trail,
    draw_points,
    line_within,
    set_limits,
    stems_within,
)
from plotting.views.axes import (
    draw_least,
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
    header_readout,
    lay_out,
    name_axes,
    new_figure,
    row_legend,
)
from plotting.views.readout import Readout, steady_costs, steady_epochs, steady_parameters
from regression import (
    Convergence,
    Dataset,
    History,
    Line,
    Snapshot,
    Step,
    predict,
    record,
    snapshots_of,
)


class Words:
    """Writes a moment in words, and in digits that stay in their columns."""

    def __init__(
        self, data: Dataset, convergence: Convergence, steps: Sequence[Step], history: History
    ) -> None:
        self._data, self._steps, self._epochs = data, len(steps), convergence.settings.epochs
        stepped = record_steps(convergence, steps)
        way = np.concatenate([stepped, history])
        self._before = dict(zip(stepped["epoch"][1:].tolist(), stepped["cost"].tolist()))
        self._number = steady_epochs(stepped["epoch"])
        self._epoch = steady_epochs(history["epoch"])
        self._x = steady_parameters(data.x)
        self._error = steady_parameters(np.array([self._error_of(step) for step in steps] or [0.0]))
        self._weight = steady_parameters(way["weight"])
        self._bias = steady_parameters(way["bias"])
        self._cost = steady_costs(way["cost"])

    def what(self, moment: Step | Snapshot) -> str:
        """Return which step this is and what it starts from, or which epoch."""
        if isinstance(moment, Snapshot):
            return f"Epoch {self._epoch(moment.epoch)} of {self._epochs}"
        error = self._error(self._error_of(moment))
        if len(moment.points) == 1:
            sample = f"x {self._x(self._data.x[moment.points[0]])}    error {error}"
        else:
            sample = f"{len(moment.points)} samples    mean error {error}"
        return f"Step {self._number(moment.number)} of {self._steps}    {sample}"

    def where(self, moment: Step | Snapshot) -> str:
        """Return W, b and cost, and which way the cost went."""
        weight, bias = moment.after if isinstance(moment, Step) else moment[1:3]
        text = f"W {self._weight(weight)}    b {self._bias(bias)}    Cost {self._cost(moment.cost)}"
        if isinstance(moment, Step):
            before = self._before[moment.number]
            text += " rises" if moment.cost > before else " falls" if moment.cost < before else ""
        return text

    def widest(self, steps: Sequence[Step]) -> str:
        """Return the longest of the texts on a step."""
        return max(map(self.what, steps), key=len, default="Epoch 000 of 000")

    def _error_of(self, step: Step) -> float:
        """Return the error, W*x + b - y, before the step; of several samples, their mean."""
        errors = predict(step.before, self._data.x[step.points]) - self._data.y[step.points]
        return float(errors.mean())


def record_steps(convergence: Convergence, steps: Sequence[Step]) -> History:
    """Return the start, numbered 0, and the line after each step as if each were an epoch."""
    start = Snapshot(0, *convergence.settings.start, convergence.start_cost)
    return record([start, *(Snapshot(step.number, *step.after, step.cost) for step in steps)])


class PointInUse:
    """The samples that a step uses, set off from the others, with their errors as stems."""

    def __init__(self, axes: Axes, data: Dataset, size: float) -> None:
        (self._stem,) = axes.plot([], [], color=colours().data, lw=2.2, animated=True)
        (self._dots,) = axes.plot(
            [],
            [],
            "o",
            color=colours().data,
            ms=size,
            mec=colours().ink,
            mew=1.4,
            label="In use, with its error",
            animated=True,
        )
        self.artists = self._stem, self._dots
        self._axes, self._data = axes, data

    def update(self, step: Step) -> None:
        """Show the samples, and how far the line before the step is from them."""
        x, y = self._data.x[step.points], self._data.y[step.points]
        self._stem.set_data(*stems_within(step.before, x, y, self._axes.get_ylim()))
        self._dots.set_data(x, y)


class Rises:
    """The pieces of the curve of the steps' costs where it rises."""

    def __init__(self, axes: Axes, convergence: Convergence, stepped: History) -> None:
        (self.artist,) = axes.plot(
            [], [], color=colours().data, lw=2.2, label="Cost rises", animated=True
        )
        costs = log_costs(convergence, stepped["cost"])
        rises, gap = np.diff(costs) > 0, np.full(len(costs) - 1, np.nan)
        number = stepped["epoch"].astype(float)
        self._x = np.column_stack([number[:-1], number[1:], gap]).ravel()
        self._y = np.column_stack(
            [np.where(rises, costs[:-1], gap), np.where(rises, costs[1:], gap), gap]
        ).ravel()

    def update(self, count: int) -> None:
        """Show those among the first steps."""
        self.artist.set_data(self._x[: 3 * count], self._y[: 3 * count])


class Plane:
    """The way over the cost surface, the present step, and where its sample has no error."""

    def __init__(
        self, axes: Axes, data: Dataset, way: History, level: Line2D | None = None
    ) -> None:
        self.axes, self._data, self._level = axes, data, level
        self.path = Trail(axes, *surface.path_within(axes, way), colours().line)
        self._arrow = Arrow(axes, colours().ink)
        self.artists_of_step: list[Artist] = [self.path.artist, self._arrow.artist]
        if level is not None:
            self.artists_of_step.insert(0, level)

    def update(self, step: Step) -> None:
        """Show the way up to this step, and the step as an arrow."""
        self.path.update(step.number)
        self._arrow.update(step.before, step.after)
        if self._level is not None:
            # W*x + b = y is a line in this plane too: b = -x*W + y.
            (index,) = step.points
            line = Line(-float(self._data.x[index]), float(self._data.y[index]))
            self._level.set_data(*line_within(line, self.axes.get_xlim(), self.axes.get_ylim()))


def add_level(axes: Axes) -> Line2D:
    """Return the line of all W and b that have no error at the sample in use."""
    (level,) = axes.plot([], [], color=colours().data, lw=1.2, label="No error", animated=True)
    return level


ABOVE_STEPS = 10.0
"""Costs of epochs are shown up to so many times the highest of a step."""

ZOOM = 0.35
"""Where the steps take up less of the surface's width and height, they have one of their own."""


def add_cost_axes(
    figure: Figure,
    place: SubplotSpec,
    convergence: Convergence,
    stepped: History,
    history: History,
) -> tuple[Axes, Axes]:
    """Return axes for the cost after each step and, beside them, after each epoch."""
    halves = place.subgridspec(1, 2, width_ratios=(1.6, 1))
    by_step, by_epoch = figure.add_subplot(halves[0]), figure.add_subplot(halves[1])
    for axes, name in ((by_step, "Step"), (by_epoch, "Epoch")):
        name_axes(axes, name, "Cost" if axes is by_step else "")
    by_epoch.yaxis.tick_right()
    steps, epochs = (log_costs(convergence, each["cost"]) for each in (stepped, history))
    seen = epochs[epochs <= max(steps) + np.log10(ABOVE_STEPS)]
    seen = seen if len(seen) else epochs
    by_step.set_ylim(*padded(min(steps), max(steps), 0.1))
    by_epoch.set_ylim(*padded(min([*least_of(convergence), *seen]), max(seen), 0.2))
    draw_least(by_epoch, convergence, brief=True)
    for axes in (by_step, by_epoch):
        write_powers_of_ten(axes.yaxis)
    by_step.set_xlim(*padded(0, max(len(stepped) - 1, 1), 0.03))
    by_step.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True))
    set_epoch_limits(by_epoch, history["epoch"])
    return by_step, by_epoch


def draw_plane(axes: Axes, convergence: Convergence) -> None:
    """Draw the surface, with start, least squares and settling point where they are within."""
    surface.draw_surface(axes, convergence)
    marks = (
        (convergence.settings.start, "o", "Start"),
        (convergence.least_squares, "*", "Least squares"),
    )
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    settles = None if convergence.settings.shuffled else convergence.limit
    for line, marker, name in (*marks, (settles, "x", "Settles")):
        if line is not None and surface.is_within(axes, line):
            surface.mark(axes, line, marker, name)


def is_small(whole: Axes, stepped: History) -> bool:
    """Tell whether the steps take up a small part of the axes, where little would be seen."""
    width, height = np.ptp(whole.get_xlim()), np.ptp(whole.get_ylim())
    return bool(
        np.ptp(stepped["weight"]) < ZOOM * width and np.ptp(stepped["bias"]) < ZOOM * height
    )


def set_near_limits(near: Axes, whole: Axes, stepped: History) -> None:
    """Fix limits close around the steps; not so close that rounding would show."""
    for name, limits, hold in (
        ("weight", whole.get_xlim(), near.set_xlim),
        ("bias", whole.get_ylim(), near.set_ylim),
    ):
        low, high = stepped[name].min(), stepped[name].max()
        least = 1e-4 * (limits[1] - limits[0])
        hold(padded(low - least, high + least, 0.15))


DOTTED_STEPS = 60
"""Up to so many steps are told apart as dots on the curve of their costs."""


class CostPanel:
    """The cost after each step and, beside it, after each epoch."""

    def __init__(
        self,
        figure: Figure,
        place: SubplotSpec,
        convergence: Convergence,
        stepped: History,
        history: History,
    ) -> None:
        self._by_step, self._by_epoch = add_cost_axes(figure, place, convergence, stepped, history)
        self._rises = Rises(self._by_step, convergence, stepped)
        self._outlook, self._stepped, self._history = convergence, stepped, history
        self._color = colours().cost
        row_legend(self._by_step)

    def fill(self) -> None:
        """Add what had to wait for the layout."""
        label_epochs(self._by_epoch, self._history["epoch"])
        self._steps, self._epochs = (
            Trail(
                axes,
                history["epoch"].astype(float),
                log_costs(self._outlook, history["cost"]),
                self._color,
            )
            for axes, history in (
                (self._by_step, self._stepped),
                (self._by_epoch, self._history),
            )
        )
        if len(self._stepped) <= DOTTED_STEPS + 1:
            self._steps.artist.set(marker="o", markersize=2.5, markeredgewidth=0)
        both = self._steps.artist, self._rises.artist
        self.artists_of_step: Sequence[Artist] = (*both, self._steps.dot)
        self.artists_of_epoch: Sequence[Artist] = (*both, self._epochs.artist, self._epochs.dot)

    def put_step(self, number: int) -> None:
        """Show the costs up to this step."""
        self._steps.update(number)
        self._rises.update(number)

    def update(self, epoch: int) -> None:
        """Show the costs of all steps, and up to this epoch."""
        self.put_step(len(self._stepped) - 1)
        self._epochs.update(int(np.searchsorted(self._history["epoch"], epoch)))


class FitPanel:
    """The points, the sample in use, and the line before and after the step."""

    def __init__(
        self,
        figure: Figure,
        place: SubplotSpec,
        data: Dataset,
        way: History,
        single: bool,
    ) -> None:
        """Hold the lines of `way`; `single` says that no step uses more than one sample."""
        self._data, self._theme = data, colours()
        self.axes = axes = figure.add_subplot(place)
        draw_points(axes, data)
        self._points = axes.lines[0]
        if len(data) > MAX_POINTS:  # in few words: there are more entries beside it
            self._points.set_label(f"{MAX_POINTS:,} of {len(data):,}")
        set_limits(axes, data, way)
        self._sample = PointInUse(axes, data, size=10 if single else 7)
        self._before = FittedLine(axes, data, colours().trace, 1.8)
        self._before.artist.set(linestyle="-", label="Line before")
        self._line = FittedLine(axes, data, colours().line)
        self._line.artist.set_label("Line after")
        row_legend(axes)

    def fill(self) -> None:
        """Add what had to wait for the layout."""
        self._outside = OffscreenNote(self.axes, self._data)
        for axis in (self.axes.xaxis, self.axes.yaxis):
            move_offset_to_label(axis)
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
        self._before.update(step.before)
        self._sample.update(step)
        self.update(step.after)

    def update(self, line: Line) -> None:
        """Show the line alone."""
        self._line.update(line)
        self._outside.update(line)


class PlanePanel:
    """The surface: near the steps while these take up little of it, and then the whole."""

    def __init__(
        self,
        figure: Figure,
        place: SubplotSpec,
        convergence: Convergence,
        stepped: History,
        history: History,
        single: bool,
    ) -> None:
        """Hold the way of steps and epochs; `single`: no step uses more than one sample."""
        self._steps, self._epochs = len(stepped) - 1, history["epoch"]
        self._way = np.concatenate([stepped, history])
        self._whole_axes = self._near_axes = whole = figure.add_subplot(place)
        surface.set_plane_limits(whole, convergence, self._way)
        draw_plane(whole, convergence)
        if self._steps and is_small(whole, stepped):
            self._near_axes = figure.add_subplot(place, label="near")
            set_near_limits(self._near_axes, whole, stepped)
            draw_plane(self._near_axes, convergence)
        self._level = add_level(self._near_axes) if self._steps and single else None
        for axes in (whole, self._near_axes):
            row_legend(axes)

    def fill(self, data: Dataset) -> None:
        """Add what had to wait for the layout."""
        # Each axes once: they may be the same.
        for axes in dict.fromkeys((self._whole_axes, self._near_axes)):
            move_offset_to_label(axes.xaxis)
            move_offset_to_label(axes.yaxis)
        self._whole = Plane(self._whole_axes, data, self._way)
        self._near = Plane(self._near_axes, data, self._way, self._level)
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
        self._near.update(step)

    def update(self, epoch: int) -> None:
        """Show the way over all steps, and up to this epoch."""
        self._whole.path.update(self._steps + 1 + int(np.searchsorted(self._epochs, epoch)))


SIZE = (960, 540)
"""Width and height in pixels that the figure is designed for."""

STEP_TIMES = 3
"""A step is shown for the time of so many epochs: there is more to see in it."""


class MicroscopeView:
    """Left the sample and the line before and after, right the cost above its surface."""

    def __init__(
        self,
        data: Dataset,
        convergence: Convergence,
        steps: Sequence[Step],
        history: History,
        *,
        style: Style = Style(),
    ) -> None:
        """Lay the figure out for the first steps and, after them, the epochs of `history`."""
        self.theme = style.theme
        # A run that overflows in its first epoch has its start for a history: no end to show.
        later = history[history["epoch"] > 0] if steps else history
        self.moments: Sequence[Step | Snapshot] = [*steps, *snapshots_of(later)]
        self._steps = len(steps)
        stepped = record_steps(convergence, steps)
        single = all(len(step.points) == 1 for step in steps)
        with use_theme(style.theme):
            self.figure = figure = new_figure(style, SIZE)
            grid = figure.add_gridspec(2, 2, width_ratios=(1.15, 1))
            way = np.concatenate([stepped, history])
            self._fit = FitPanel(figure, grid[:, 0], data, way, single)
            self._costs = CostPanel(figure, grid[0, 1], convergence, stepped, history)
            self._plane = PlanePanel(figure, grid[1, 1], convergence, stepped, history, single)
            lay_out(figure, style)
            self._fit.fill()
            self._costs.fill()
            self._plane.fill(data)
            self._write = Words(data, convergence, steps, history)
            self._readout = header_readout(self._fit.axes, style)
            widest = self._write.widest(steps)
            self._numbers = second_readout(figure, self._readout, widest)
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

    def update(self, moment: Step | Snapshot) -> None:
        """Show a step with its sample, or where an epoch ended."""
        self._enter(isinstance(moment, Step))
        self._readout.set_text(self._write.what(moment))
        self._numbers.set_text(self._write.where(moment))
        if isinstance(moment, Step):
            self._fit.put_step(moment)
            self._costs.put_step(moment.number)
            self._plane.put_step(moment)
        else:
            self._fit.update(moment.line)
            self._costs.update(moment.epoch)
            self._plane.update(moment.epoch)

    def _enter(self, stepping: bool) -> None:
        """Prepare what stands for the steps or for the epochs; it is drawn anew when it changes."""
        if stepping != self._stepping:
            self._stepping = stepping
            self._fit.pale(stepping)
            self._plane.enter(stepping)


def second_readout(figure: Figure, first: Readout, widest: str) -> Readout:
    """Return a readout on the line of the first, right of its widest text."""
    first.set_text(widest + "    ")
    box = first.get_window_extent()
    return Readout(figure, box.x1, box.y0 + box.height / 3, colours().ink)
