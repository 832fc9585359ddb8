"""The first epoch step by step: the point in use, and what it does to the line and to the cost;
then the epochs and, in the end, the loop that every further epoch runs round.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator

from plotting.theme import SMALL_PT, colours, use_theme
from plotting.views import surface, words
from plotting.views.artists import (
    Arrow,
    FittedLine,
    Labels,
    OffscreenNote,
    Trail,
    dense,
    draw_least_squares,
    draw_points,
    line_within,
    set_limits,
    side_of,
    stems_within,
)
from plotting.views.axes import (
    apart,
    label_room,
    log_costs,
    lowest_of,
    padded,
    text_px,
    write_costs,
    write_numbers,
)
from plotting.views.base import (
    Box,
    Style,
    add_axes,
    box_of,
    figure_of,
    name_axes,
    pixel_of,
    set_box,
)
from plotting.views.header import BETWEEN, Header, final_words, line_text, rate_text
from plotting.views.inset import Area, Inset, around, comes_from_above, is_small
from plotting.views.layout import (
    is_upright,
    legible_figure,
    paper_kind,
    widen_to_scale,
    write_title_above,
)
from plotting.views.notes import larger_rate
from plotting.views.readout import Readout, steady_costs, steady_lines, without_blanks
from plotting.views.reasons import LINE, footer_height, why_beside, why_slow, write_footer
from plotting.views.words import number
from regression import (
    Convergence,
    Dataset,
    Floats,
    History,
    Line,
    Run,
    Snapshot,
    Step,
    predict,
    record_steps,
    rows_of,
    snapshots_of,
    steps_of_epoch,
)

SIZE = (960, 540)
"""Width and height in pixels that the figure is designed for."""

STEP_TIMES = 3
"""A step is shown for the time of so many epochs: there is more to see in it."""

ALL_STEPS = 150
"""So many epochs' times the steps take together, if they are many."""

ABOVE_STEPS = 10.0
"""Costs of epochs are shown up to so many times the highest of a step."""

ZOOM = 0.2
"""Where steps take less of the map's width and height, they are magnified."""

CLOSED = 0.02
"""Steps that come back to where they began, but for such a share of their size, are a loop."""

LAST_EPOCHS = 300
"""So many ends of the last epochs are shown of a shuffled run."""


class MicroscopeView:
    """The points with the line before and after a step; the plane of W and b; the cost."""

    def __init__(
        self, data: Dataset, run: Run, history: History, *, style: Style = Style()
    ) -> None:
        """Lay the figure out for the first steps of the run and, after them, the epochs of
        `history`. Raises UserError for a picture in which the texts would have no room.

        A standardized run is shown in the units of training, where the steps were taken.
        """
        self.theme = style.theme
        is_standardized = run.trained is not None
        if is_standardized:
            of = run.as_trained.data
            names = f"{data.x_name} (standardized)", f"{data.y_name} (standardized)"
            data = Dataset(of.x, of.y, *names)
        run, steps = run.as_trained, run.as_trained.steps or run.steps
        path = np.concatenate([record_steps(run.convergence, steps), run.history[1:]])
        self._steps = len(steps)
        chosen = run.history[rows_of(run.history, history["epoch"])]
        self._epochs = run.history
        # The end of the first epoch is that of its last step.
        skipped = 1 if len(steps) == steps_per_epoch(data, run) else 0
        later = chosen[chosen["epoch"] > skipped]
        start = snapshots_of(run.history[:1])
        self.moments: Sequence[Step | Snapshot] = [*start, *steps, *snapshots_of(later)]
        says = explanation(run, rising_steps(path[: len(steps) + 1]))
        with use_theme(style.theme):
            self.figure, whole = legible_figure(
                style, SIZE, (2, 5), lambda room: plan_for(room, says).is_legible, "view microscope"
            )
            self._write = Words(data, run, steps, path)
            self._header = Header(self.figure, style, self._write.samples(self.moments))
            plan = plan_for(whole, says)
            fit, costs = place_left(self.figure, plan, data, run, steps, path)
            self._fit = FitPanel(fit, data, steps, run.convergence.least_squares)
            self._costs = CostPanel(costs, data, run, steps, path)
            self._plane = PlanePanel(
                self.figure, plan.plane, data, run, steps, path, is_standardized
            )
            write_footer(self.figure, says)
        self._last = self.moments[-1]
        self._stepping: bool | None = None

    @property
    def moving(self) -> Sequence[Artist]:
        """What moves: other artists in the steps than in the epochs after them."""
        panels = self._fit, self._costs, self._plane
        return [*(part for panel in panels for part in panel.artists), *self._header.artists]

    def times_ms(self, frame_ms: int, hold_ms: int) -> list[int]:
        """Return the time of each frame: a step's is longer than an epoch's, and the longer the
        fewer there are.
        """
        share = min(max(ALL_STEPS / max(self._steps, 1), 1.0), STEP_TIMES)
        step_ms = round(share * frame_ms / 10) * 10
        later = len(self.moments) - self._steps - 1
        return [*([step_ms] * (self._steps + 1) + [frame_ms] * later)[:-1], hold_ms]

    def update(self, moment: Step | Snapshot) -> None:
        """Show a step with its point, or where an epoch ended."""
        is_step = isinstance(moment, Step)
        is_last = moment is self._last or moment == self._last
        index = moment.number if isinstance(moment, Step) else self._index(moment.epoch)
        self._header.set_texts(self._write(moment, is_last))
        self._fit.update(moment)
        self._costs.update(index)
        self._plane.update(moment, index, is_first=index <= self._steps, is_last=is_last)
        if is_step != self._stepping:
            self._stepping = is_step
            self._fit.pale(is_step)

    def _index(self, epoch: int) -> int:
        """Return where on the path an epoch ended."""
        return self._steps + int(rows_of(self._epochs, epoch)) if epoch else 0


def steps_per_epoch(data: Dataset, run: Run) -> int:
    """Return how many steps an epoch has."""
    return math.ceil(len(data) / run.settings.batch_size)


# --- the layout ----------------------------------------------------------------------------------

BELOW = 40.0
"""What numbers and name along an axis take, in pixels of the design, as all that follows."""

LABELS = 100.0
"""What the names right of the lines take."""


class Plan(NamedTuple):
    """Where the three panels stand; what stands left of their frames is theirs."""

    fit: Box
    costs: Box
    plane: Box

    @property
    def is_legible(self) -> bool:
        """Whether there is something to be seen in each."""
        return all(
            box.right - box.left >= 250 and box.top - box.bottom >= height
            for box, height in zip(self, (185, 140, 230))
        )


def plan_for(whole: Box, says: Sequence[str]) -> Plan:
    """Return fit above costs, left, and the plane, right; or all three below each other."""
    left, low, right, top = whole
    low += footer_height(says, right - left)
    tall = top - low
    if is_upright(whole):
        first, second = top - 0.31 * tall, top - 0.55 * tall
        return Plan(
            Box(left, first, right, top),
            Box(left, second, right, first),
            Box(left, low, right, second),
        )
    middle, first = left + 0.52 * (right - left), low + 0.42 * tall
    return Plan(
        Box(left, first, middle, top), Box(left, low, middle, first), Box(middle, low, right, top)
    )


def placed(figure: Figure, box: Box, label: str, right: float = 14.0) -> Axes:
    """Return axes with room for their title, numbers and names within the box."""
    frame = Box(box.left + 60, box.bottom + BELOW, box.right - right, box.top - LINE - 8)
    return add_axes(figure, frame, label)


def tighten(axes: Axes, box: Box, room: float) -> None:
    """Let axes begin where their numbers, which are known by now, leave room."""
    set_box(axes, box_of(axes)._replace(left=box.left + room))


# --- the parts -----------------------------------------------------------------------------------


RISES = 1.05
"""So many times the cost of the start is worth a word."""


def rising_steps(path: History) -> int:
    """Return after how many of the steps, from the start, the cost is highest; 0 where it hardly
    rises above that of the start.
    """
    costs = path["cost"]
    return int(np.argmax(costs)) if costs.max() > RISES * costs[0] else 0


def explanation(run: Run, rising: int) -> list[str]:
    """Return what a larger rate does, why the run is slow later, and why it ends where it does; in
    the first `rising` steps the cost rises.
    """
    convergence, rates = run.convergence, larger_rate(run, short=True)
    if run.settings.batch_size == 1 and run.settings.lr < convergence.overshooting_rate:
        passes = f"From {number(convergence.overshooting_rate, 2)} on steps overshoot."
        rates = f"{rates} {passes}".strip()
    return [rates, why_slow([convergence], rising), why_beside([convergence])]


class Words:
    """Writes a moment in two rows of words and numbers."""

    def __init__(self, data: Dataset, run: Run, steps: Sequence[Step], path: History) -> None:
        self._data, self._run, self._steps = data, run, len(steps)
        self._before = dict(enumerate(path["cost"][: len(steps)].tolist(), start=1))
        first = path[: len(steps) + 1]
        # Each with its own digits: what is large in the epochs says nothing of the steps.
        self._line_of_step, self._line_of_epoch = (
            steady_lines(each["weight"], each["bias"]) for each in (first, path)
        )
        lowest = lowest_of(run.convergence)
        self._cost = steady_costs(path["cost"], lowest)
        self._lowest = "" if lowest is None else f" (lowest {self._short(lowest)})"
        self._of = steps_per_epoch(data, run)

    def __call__(self, moment: Step | Snapshot, is_last: bool) -> list[list[str]]:
        """Return the rows for a step, or for the start or the end of an epoch."""
        line = moment.after if isinstance(moment, Step) else moment.line
        epochs = f"{self._run.settings.epochs:,}"
        if isinstance(moment, Step):
            what = f"Step {moment.number:,} of {self._of:,}, epoch 1"
            says = self._on_step(moment)
        else:
            what = f"Epoch {moment.epoch:,} of {epochs}"
            says = self._on_epoch(moment, is_last)
        rate = rate_text(self._run.convergence)
        cost = f"cost {self._cost(moment.cost)}{self._lowest}"
        write = self._line_of_step if isinstance(moment, Step) else self._line_of_epoch
        return [[what, rate, write(*line), cost], says]

    def _on_step(self, step: Step) -> list[str]:
        x, y = self._data.x[step.points], self._data.y[step.points]
        before, after = predict(step.before, x) - y, predict(step.after, x) - y
        if len(step.points) == 1:
            share = 2 * self._run.settings.lr * (float(x[0]) ** 2 + 1)
            way = f"corrects {number(100 * share, 2)}% of the error"
            one = f"this point: error {change_of(float(before[0]), float(after[0]))}"
            better = abs(after[0]) - abs(before[0])
        else:
            way = ""
            old, new = float(before @ before), float(after @ after)
            one = f"these {len(step.points)} points: cost {change_of(old, new)}"
            better = new - old
        was = self._before[step.number]
        change = f"cost {self._short(was)} \N{RIGHTWARDS ARROW} {self._short(step.cost)}"
        return [f"{one}, {judged(better)}", f"all points: {change}, {judged(step.cost - was)}", way]

    def _on_epoch(self, snapshot: Snapshot, is_last: bool) -> list[str]:
        convergence, epochs = self._run.convergence, self._run.settings.epochs
        if snapshot.epoch == 0:
            says = f"start: {line_text(snapshot.line)}"
            if self._steps:
                says += f"{BETWEEN}step by step through the first epoch"
            says += f"{BETWEEN}{words.ends(convergence, 'would end')}"
            return [says, "", ""]
        if is_last:
            progress = final_words(convergence, snapshot.line, snapshot.epoch, epochs)
        else:
            progress = words.gap(convergence)
        return [f"{progress}{BETWEEN}{words.ends(convergence)}", "", ""]

    def _short(self, cost: float) -> str:
        return without_blanks(self._cost(cost))

    def samples(self, moments: Sequence[Step | Snapshot]) -> list[list[list[str]]]:
        """Return the texts that make the fields wide."""
        rows = [self(moment, False) for moment in moments]
        steps = [row for row, moment in zip(rows, moments) if isinstance(moment, Step)]
        # What is said of an epoch is one text, which may go on where steps have other fields.
        says = [row[1] for row in steps] or [["", "", ""]]
        return [[row[0], says[index % len(says)]] for index, row in enumerate(rows)]


def change_of(old: float, new: float) -> str:
    """Return both with so many digits, 3 to 7, as tell them apart."""
    for digits in range(3, 8):
        texts = number(old, digits), number(new, digits)
        if texts[0] != texts[1]:
            break
    return " \N{RIGHTWARDS ARROW} ".join(texts)


def judged(change: float) -> str:
    """Return whether it was a change for the better."""
    return "better" if change < 0 else "worse" if change > 0 else "as before"


def place_left(
    figure: Figure, plan: Plan, data: Dataset, run: Run, steps: Sequence[Step], path: History
) -> tuple[Axes, Axes]:
    """Return the axes of the points and of the costs, with limits and numbers, one edge below the
    other.
    """
    fit = placed(figure, plan.fit, "fit", right=LABELS)
    set_limits(fit, data, path)
    name_axes(fit, data.x_name, data.y_name)
    write_numbers(fit.yaxis, data.y_name, dates=data.y_is_date)
    costs = placed(figure, plan.costs, "costs", right=LABELS)
    logs, lowest = log_costs(run.convergence, path["cost"]), lowest_of(run.convergence)
    known = [] if lowest is None else [math.log10(lowest)]
    near = logs[logs <= logs[: len(steps) + 1].max() + math.log10(ABOVE_STEPS)]
    costs.set_ylim(*padded(min([*near, *known]), max(near), 0.09))
    costs.set_ylabel("cost (log)")
    write_costs(costs.yaxis, lowest)
    room = max(label_room(fit.yaxis), label_room(costs.yaxis))
    tighten(fit, plan.fit, room)
    tighten(costs, plan.costs, room)
    write_numbers(fit.xaxis, data.x_name, dates=data.x_is_date)
    return fit, costs


class FitPanel:
    """The points, the one in use with its error, and the lines before and after the step."""

    def __init__(self, axes: Axes, data: Dataset, steps: Sequence[Step], least: Line) -> None:
        """Take axes with limits, in their place."""
        self._data, self._least, self.axes = data, least, axes
        figure, names = figure_of(axes), [axes.get_xlabel(), axes.get_ylabel()]
        draw_points(axes, data)
        axes.set(xlabel=names[0], ylabel=names[1])
        draw_least_squares(axes, data, least, color=colours().least, width=1.4, zorder=1.5)
        write_title_above(axes, ["data (dots) and fitted line (dashes)", "data and fitted line"])
        self._points = axes.lines[0]
        single = all(len(step.points) == 1 for step in steps)
        theme = colours()
        how: dict[str, Any] = {"animated": True}
        (self._bar,) = axes.plot([], [], color=theme.error, lw=2.4, label="error", **how)
        (self._dot,) = axes.plot(
            [], [], "o", color=theme.error, ms=9 if single else 6, mec=theme.ink, mew=1.2,
            label="in use", **how,
        )  # fmt: skip
        self._exact = FittedLine(axes, data, theme.error, 1.0)
        self._exact.artist.set(linestyle=":", label="no error")
        self._before = FittedLine(axes, data, theme.trace, 1.8)
        self._before.artist.set(linestyle="-", label="before")
        self._line = FittedLine(axes, data, theme.line)
        self._names = EndNames(
            axes,
            [
                ("fitted line", theme.readable(theme.line)),
                ("before", theme.readable(theme.trace)),
                ("no error", theme.readable(theme.error)),
                ("least squares", theme.muted),
            ],
        )
        self._error = Readout(figure, 0, 0, theme.readable(theme.error))
        self._error.set_text("error")
        to_pixels, self._pixel = axes.transData.transform, pixel_of(figure)
        heights = predict(least, np.array(data.x_range))
        still = dense(to_pixels(np.column_stack([data.x_range, heights])), 6 * self._pixel)
        self._still = np.concatenate([to_pixels(self._points.get_xydata()), still])
        self._outside = OffscreenNote(axes, data)
        self._pale = theme.pale(theme.data, 0.4), theme.data
        both = self._line.artist, *self._outside.artists
        self._of_step: Sequence[Artist] = (
            self._before.artist, self._exact.artist, self._bar, *both, self._dot,
            *self._names.artists, self._error,
        )  # fmt: skip
        self._of_epoch: Sequence[Artist] = (*both, *self._names.artists)
        self.artists: Sequence[Artist] = self._of_epoch

    def pale(self, stepping: bool) -> None:
        """Make the points pale behind the one in use, or not."""
        self._points.set_color(self._pale[not stepping])

    def update(self, moment: Step | Snapshot) -> None:
        """Show a step with its point and lines, or the line alone."""
        line = moment.after if isinstance(moment, Step) else moment.line
        self._line.update(line)
        self._outside.update(line)
        if not isinstance(moment, Step):
            self.artists = self._of_epoch
            self._names.update([self._end(line), None, None, self._end(self._least)])
            return
        self.artists = self._of_step
        x, y = self._data.x[moment.points], self._data.y[moment.points]
        self._before.update(moment.before)
        self._dot.set_data(x, y)
        bars = stems_within(moment.before, x, y, self.axes.get_ylim())
        self._bar.set_data(*bars)
        exact = no_error_line(moment.before, float(x[0]), float(y[0]))
        if len(x) > 1:
            exact = Line(math.nan, math.nan)
        self._exact.update(exact)
        self._name_lines(moment.before, line, exact)
        middle = self.axes.transData.transform((float(x[0]), float(np.mean(bars[1][:2]))))
        parts = [part.artist.get_xydata() for part in (self._before, self._line, self._exact)]
        lines = [dense(self.axes.transData.transform(part), 6 * self._pixel) for part in parts]
        labels = Labels(self.axes, np.concatenate([self._still, *lines]))
        self._error.move(*labels.find([middle], self._error.width, reach=(10, 18, 28, 40, 55)))

    def _name_lines(self, before: Line, line: Line, exact: Line) -> None:
        """Name the lines; once, if the one before is where this one is."""
        ends = [self._end(each) for each in (line, before, exact, self._least)]
        now, old = ends[:2]
        if now is not None and old is not None:
            unit = self.axes.bbox.height / float(np.ptp(self.axes.get_ylim()))
            if abs(now - old) * unit < SAME_PX * self._pixel:
                ends[1] = None
        self._names.update(ends)

    def _end(self, line: Line) -> float | None:
        """Return the height at which the line leaves the picture at the right; None of no line."""
        height = float(line.weight * self._data.x_range[1] + line.bias)
        if math.isnan(height) or side_of(line, self._data.x_range, self.axes.get_ylim()):
            return None
        return float(np.clip(height, *self.axes.get_ylim()))


SAME_PX = 3
"""Lines that end nearer to each other look like one."""

NAME_PX = 15
"""From one name to the next, at least."""


class EndNames:
    """Names right of the axes, at the heights where their lines end, and apart from each other."""

    def __init__(self, axes: Axes, names: Sequence[tuple[str, str]]) -> None:
        """Take the names and their colours, on axes that have their place."""
        figure = figure_of(axes)
        self._axes, self._names = axes, [name for name, _ in names]
        self._left = axes.bbox.x1 + 5 * pixel_of(figure)
        self.artists = [Readout(figure, self._left, 0, colour) for _, colour in names]

    def update(self, heights: Sequence[float | None]) -> None:
        """Show each name at its height, in the units of y; None shows none."""
        pixel, box = pixel_of(figure_of(self._axes)), self._axes.bbox
        shown = []
        for index, height in enumerate(heights):
            self.artists[index].set_text("" if height is None else self._names[index])
            if height is not None:
                shown.append((float(self._axes.transData.transform((0, height))[1]), index))
        shown.sort()
        distance, order = NAME_PX * pixel, np.arange(len(shown))
        places = apart(np.array([place for place, _ in shown]), distance)
        low, high = box.y0 + distance * order, box.y1 - distance * order[::-1]
        for (_, index), place in zip(shown, np.clip(places, low, high).tolist()):
            self.artists[index].move(self._left, place - 4 * pixel)


def no_error_line(line: Line, x: float, y: float) -> Line:
    """Return the line nearest to this one, in the plane of W and b, through the point: where the
    step heads for.
    """
    error = line.weight * x + line.bias - y
    share = error / (x * x + 1)
    return Line(line.weight - share * x, line.bias - share)


class StepScale:
    """Where steps stand along an axis, evenly, and after them the epochs, by their logarithm."""

    MARGIN = 0.04
    """Left and right, in shares of the whole."""

    def __init__(self, steps: int, per_epoch: int, epochs: int) -> None:
        """Take how many steps of the first epoch are shown, of how many, and the last epoch."""
        self._steps, self._per_epoch = steps, per_epoch
        self._epochs = max(epochs, 1)
        # The first epoch ends at its last step; a little later, if that is not shown.
        self._first = 1.0 if steps == per_epoch else 1.12 if steps else 0.25
        self._end = self._first + (self._epochs > 1)

    def of_steps(self, count: int) -> Floats:
        """Return the places of the start and of so many steps."""
        return np.arange(count + 1) / max(self._steps, 1)

    def of_epochs(self, epochs: npt.ArrayLike) -> Floats:
        """Return the places of epochs after the start."""
        logs = np.log10(np.maximum(epochs, 1)) / max(math.log10(self._epochs), 1e-9)
        placed: Floats = self._first + logs
        return placed

    def write_on(self, axes: Axes) -> None:
        """Give the axes, which have their place, limits, numbers that have room, and a name."""
        margin = self.MARGIN * self._end
        axes.set_xlim(-margin, self._end + margin)
        each = [step for step in (1, 2, 5, 10, 20, 25, 50) if self._steps / step >= 2]
        every = max(each, default=1)
        texts = {0.0: "start", self._first: "1 epoch"}
        if self._epochs > 1:
            texts[self._end] = f"{self._epochs:,}"
        powers = [10**power for power in range(1, 9) if 10**power < self._epochs]
        texts |= {float(self.of_epochs(epoch)): f"{epoch:,}" for epoch in powers}
        numbered = range(every, self._steps + (self._steps < self._per_epoch), every)
        texts |= {step / self._steps: f"{step}" for step in numbered}
        box, kept = box_of(axes), dict[float, str]()
        unit = (box.right - box.left) / (self._end + 2 * margin)
        for place, text in texts.items():  # the most important first
            widths = {other: (text_px(text) + text_px(kept[other])) / 2 for other in kept}
            if all(unit * abs(place - other) > widths[other] + 8 for other in kept):
                kept[place] = text
        axes.xaxis.set_major_locator(FixedLocator(sorted(kept)))
        axes.xaxis.set_major_formatter(FixedFormatter([kept[place] for place in sorted(kept)]))
        axes.axvline(self._first, color=colours().muted, lw=0.8)
        steps = f"{self._per_epoch:,} step{'s' if self._per_epoch > 1 else ''}"
        axes.set_xlabel(f"steps, then epochs (log): 1 epoch = {steps}")


WORSE = {"light": "#9a5200", "dark": "#e0a458", "none": "#b0742a"}
"""Of steps that raise the cost, by paper: brown, since each other colour has its meaning."""


class CostPanel:
    """The cost after each step of the first epoch and, joined to it, after each epoch."""

    def __init__(
        self, axes: Axes, data: Dataset, run: Run, steps: Sequence[Step], path: History
    ) -> None:
        """Take axes with limits for the costs, in their place."""
        self.axes, convergence, count = axes, run.convergence, len(steps)
        logs = log_costs(convergence, path["cost"])
        lowest = lowest_of(convergence)
        write_title_above(axes, ["cost after each step, then each epoch", "cost"])
        if lowest is not None:
            axes.axhline(
                math.log10(lowest), color=colours().least, lw=1.2, ls=":", label="lowest possible"
            )
            axes.annotate(
                "lowest possible", (0, math.log10(lowest)), (4, 2), ("axes fraction", "data"),
                textcoords="offset points", size=SMALL_PT, color=colours().muted,
            )  # fmt: skip
        scale = StepScale(count, steps_per_epoch(data, run), int(run.history["epoch"][-1]))
        scale.write_on(axes)
        x = np.r_[scale.of_steps(count), scale.of_epochs(path["epoch"][count + 1 :])]
        axes.plot(x, logs, color=colours().pale(colours().cost, 0.35), lw=1.2, label="all costs")
        self._trail = Trail(axes, x, logs, colours().cost)
        rises = np.append(False, np.diff(logs) > 0) & (np.arange(len(logs)) <= count)
        pieces = np.flatnonzero(rises)
        gap = np.full(len(pieces), np.nan)
        self._at = np.repeat(pieces, 3)
        self._x = np.column_stack([x[pieces - 1], x[pieces], gap]).ravel()
        self._y = np.column_stack([logs[pieces - 1], logs[pieces], gap]).ravel()
        brown = WORSE[paper_kind()]
        (self._rises,) = axes.plot([], [], color=brown, lw=2.6, animated=True, label="worse")
        if len(pieces):
            is_low = logs[-1] < sum(axes.get_ylim()) / 2
            axes.legend(
                handles=[Line2D([], [], color=brown, lw=2.6, label="a step made it worse")],
                loc="upper right" if is_low else "lower right",
                fontsize=SMALL_PT, borderpad=0.2, handlelength=1.2,
            )  # fmt: skip
        self.artists: Sequence[Artist] = (self._trail.artist, self._rises, self._trail.dot)

    def update(self, index: int) -> None:
        """Show the costs up to this place on the path."""
        self._trail.update(index)
        shown = int(np.searchsorted(self._at, index, side="right"))
        self._rises.set_data(self._x[:shown], self._y[:shown])


class PlanePanel:
    """The map of W and b with the path, and what is small on it magnified: the first steps, then
    what the last epoch does.
    """

    def __init__(
        self, figure: Figure, box: Box, data: Dataset, run: Run, steps: Sequence[Step],
        path: History, is_standardized: bool,
    ) -> None:  # fmt: skip
        convergence = run.convergence
        self.axes = axes = placed(figure, box, "plane")
        surface.set_plane_limits(axes, convergence, path)
        if is_standardized:
            widen_to_scale(axes)
        surface.name_plane(axes, standardized=is_standardized)
        tighten(axes, box, label_room(axes.yaxis))
        draw_marks(axes, convergence)
        surface.name_plane(axes, standardized=is_standardized)
        write_title_above(
            axes, [f"cost of every line, by its W and b: {surface.shades()}", surface.shades()]
        )
        way = surface.path_within(axes, path)
        width = 0.9 if run.settings.shuffled else 1.6  # or its zigzag would hide itself
        self._map = Trail(axes, *way, colours().line, width)
        places = axes.transData.transform(np.column_stack(way))
        first = np.array([convergence.settings.start, *(step.after for step in steps)])

        def draw(on: Axes) -> None:
            draw_marks(on, convergence)

        self._near = None
        if len(steps) > 1 and is_small(axes, first, ZOOM):
            self._near = Inset(axes, around(first, axes, text=0.6), places, draw, "first steps")
        loop = last_epoch(data, run)
        self._end, self._end_from = None, 0
        if len(loop) > 2 and is_small(axes, loop, ZOOM):
            below = comes_from_above(convergence)
            marks = [convergence.limit, convergence.least_squares]
            area = around(loop, axes, marks, text=0.9 if below else 0.6, below=below)
            self._end = Inset(axes, area, places, draw, name_of(loop, run), below=below)
            if not run.settings.shuffled:
                mark_end(self._end.axes, Line(*loop[-1].tolist()), below=below)
            self._end_from = first_inside(path, area)
        insets = [inset for inset in (self._near, self._end) if inset is not None]
        for inset in insets:
            inset.show(False)
        lines = level_lines(axes, data, steps)
        self._labels = name_places(axes, convergence, places, lines, insets)
        texts = [text.get_window_extent() for text in axes.texts]
        covers = [*texts, *([self._near.axes.bbox] if self._near else [])]
        self._boxes = np.array([box.get_points() for box in covers])
        stepped = self._near.axes if self._near else axes
        self._paths = {
            id(inset): Trail(inset.axes, path["weight"], path["bias"], colours().line)
            for inset in (self._near, None if run.settings.shuffled else self._end)
            if inset is not None
        }
        (self._level,) = axes.plot(
            [], [], color=colours().error, lw=1.3, animated=True, label="no error"
        )
        self._name = Readout(figure, 0, 0, colours().readable(colours().error, colours().tint(0.5)))
        self._name.set_text("no error")
        self._arrow = Arrow(stepped, colours().surface_ink)
        self._data = data
        (self._loop,) = (self._end.axes if self._end else axes).plot(
            [], [], animated=True, color=colours().surface_ink, label="last epoch",
            **({"marker": "o", "ms": 2.5, "ls": "none"} if run.settings.shuffled else {"lw": 1.4}),
        )  # fmt: skip
        self._whole_loop = loop
        self.artists: Sequence[Artist] = ()

    def update(self, moment: Step | Snapshot, index: int, *, is_first: bool, is_last: bool) -> None:
        """Show the path up to this place, a step as an arrow, and at the end the last epoch."""
        at_end = is_last or (index >= self._end_from and not is_first)
        inset = self._near if is_first else self._end if at_end else None
        for each in (self._near, self._end):
            if each is not None:
                each.show(each is inset)
        self._map.update(index)
        artists: list[Artist] = [self._map.artist, self._map.dot]
        if inset is not None and id(inset) in self._paths:
            trail = self._paths[id(inset)]
            trail.update(index)
            artists += [trail.artist, trail.dot]
        if isinstance(moment, Step):
            self._arrow.update(moment.before, moment.after)
            if len(moment.points) == 1:
                level = level_line(self._data, int(moment.points[0]))
                self._level.set_data(*self._in_pieces(level))
                artists[:0] = [self._level, self._name]
                self._name_level()
            artists.append(self._arrow.artist)
        if is_last and self._end is not None:
            self._loop.set_data(*self._whole_loop.T)
            artists.insert(-1, self._loop)
        self.artists = artists

    def _name_level(self) -> None:
        """Write beside the line without error what it is, where that hides least."""
        corners = self.axes.transData.transform(self._level.get_xydata())
        corners = corners[np.isfinite(corners).all(axis=1)]
        self._name.set_text("no error" if len(corners) else "")
        if len(corners):
            along = np.linspace(corners[0], corners[-1], 14)[1:-1]
            place = self._labels.find([*along], self._name.width, reach=(5, 8), keep="never")
            self._name.move(*place)

    def _in_pieces(self, line: Line) -> tuple[Floats, Floats]:
        """Return the ends of the line's pieces over the map, with nan between them: where it would
        cross the inset or a text.
        """
        ends = np.array(line_within(line, self.axes.get_xlim(), self.axes.get_ylim())).T
        points = ends[0] + np.linspace(0, 1, PIECES)[:, None] * (ends[1] - ends[0])
        at = self.axes.transData.transform(points)[:, None]
        hidden = (at > self._boxes[:, 0]) & (at < self._boxes[:, 1])
        points[np.any(np.all(hidden, axis=2), axis=1)] = np.nan
        is_inner = np.zeros(PIECES, bool)
        is_inner[1:-1] = ~np.isnan(points[:-2] + points[1:-1] + points[2:]).any(axis=1)
        return points[~is_inner, 0], points[~is_inner, 1]


PIECES = 400
"""At so many places along the line without error it is looked whether a text is there: about one
for a pixel."""


def draw_marks(axes: Axes, convergence: Convergence) -> None:
    """Draw the cost, and on it start, least squares and where the run ends."""
    surface.draw_surface(axes, convergence)
    marks = [
        (convergence.settings.start, "o", "start"),
        (convergence.least_squares, "*", "least squares"),
        (convergence.limit, "x", "end"),
    ]
    for line, marker, name in marks:
        if line is not None and surface.is_within(axes, line):
            surface.mark(axes, line, marker, name)


def level_line(data: Dataset, point: int) -> Line:
    """Return where in the plane of W and b a point has no error: W*x + b = y is b = -x*W + y."""
    return Line(-float(data.x[point]), float(data.y[point]))


ONE_MARK = 7.0
"""Marks nearer to each other, in pixels of the design, have one name."""

MAX_LINES = 100
"""So many of the lines without error are kept clear of names: more are everywhere."""


def level_lines(axes: Axes, data: Dataset, steps: Sequence[Step]) -> Floats:
    """Return points, (n, 2) in pixels, along the lines without error of steps with one point."""
    used = [step.points[0] for step in steps if len(step.points) == 1][:MAX_LINES]
    limits, distance = (axes.get_xlim(), axes.get_ylim()), 16 * pixel_of(figure_of(axes))
    lines = [line_within(level_line(data, point), *limits) for point in used]
    places = [dense(axes.transData.transform(np.column_stack(line)), distance) for line in lines]
    return np.concatenate([np.empty((0, 2)), *places])


def name_places(
    axes: Axes, convergence: Convergence, path: Floats, lines: Floats, insets: Sequence[Inset]
) -> Labels:
    """Name the marks on the map and a few contours, clear of the path, (n, 2) in pixels, of each
    other and of the insets, and where they can be of the lines through these points, (m, 2);
    return what keeps further labels clear of them.
    """
    pixel = pixel_of(figure_of(axes))
    labels = Labels(axes, dense(path, 4 * pixel))
    names = Labels(axes, np.concatenate([dense(path, 4 * pixel), lines]))
    for inset in insets:
        for part in (inset.axes.bbox, inset.frame.get_window_extent()):
            labels.take(*part.extents)
            names.take(*part.extents)
    end = "mean of its ends" if convergence.hovers else "ends here"
    limit, star = convergence.limit, "least squares"
    if limit is not None:
        ends = axes.transData.transform([limit, convergence.least_squares])
        if np.hypot(*(ends[0] - ends[1])) < ONE_MARK * pixel:
            limit, star = None, "ends beside least squares"
            if convergence.hovers:
                star = "hovers around least squares"
            elif convergence.limit_is_least_squares:
                star = "ends at least squares"
    places = []
    for line, name, half in (
        (convergence.settings.start, "start", 4.0),
        (convergence.least_squares, star, 9.0),
        (limit, end, 6.0),
    ):
        if line is None or not surface.is_within(axes, line):
            continue
        at = axes.transData.transform(line)
        if any(inset.axes.bbox.contains(*at) for inset in insets):
            continue
        x, y = at.tolist()
        for each in (labels, names):
            each.take(x - half * pixel, y - half * pixel, x + half * pixel, y + half * pixel)
        places.append((at, name, half))
    for at, name, half in reversed(places):  # the end first: its mark is in front of the star
        reach = [half + more for more in (6, 11, 17)]
        width = text_px(name) * pixel
        place = names.find([at], width, reach=reach, keep="if free")
        if (
            names.hidden(place[0], place[1] - 3 * pixel, place[0] + width, place[1] + 10 * pixel)
            >= 100
        ):
            far = [half + more for more in (17, 26, 38, 54, 72)]
            place = labels.find([at], width, reach=far, keep="if free")
        names.take(place[0], place[1] - 3 * pixel, place[0] + width, place[1] + 10 * pixel)
        labels.take(place[0], place[1] - 3 * pixel, place[0] + width, place[1] + 10 * pixel)
        axes.annotate(
            name, place, xycoords="figure pixels", size=SMALL_PT, color=colours().surface_ink,
            zorder=4,
        )  # fmt: skip
    surface.number_contours(axes, convergence, labels)
    return labels


WORDS_PX = 64.0
"""What the words of an inset take, from its lower edge."""


def mark_end(axes: Axes, line: Line, *, below: bool) -> None:
    """Name the line after the last step, on what is magnified, whose words are `below` or not."""
    box = box_of(axes)
    height = (WORDS_PX if below else 4.0) / (box.top - box.bottom)
    axes.annotate(
        "after the last point", line, (0.97, height), textcoords="axes fraction", ha="right",
        size=SMALL_PT, color=colours().surface_ink,
        arrowprops={"arrowstyle": "-", "color": colours().surface_ink, "lw": 0.8},
    )  # fmt: skip


def name_of(loop: Floats, run: Run) -> str:
    """Return what the last epoch's steps are."""
    if run.settings.shuffled:
        return f"last {len(loop):,} epochs: no loop"
    gap, size = np.abs(loop[-1] - loop[0]), np.ptp(loop, axis=0)
    if (gap <= CLOSED * size).all():
        return "last epoch: a closed loop"
    return "last epoch: not closed yet" if run.convergence.limit else "last epoch: no loop"


def last_epoch(data: Dataset, run: Run) -> Floats:
    """Return W and b through the steps of the last epoch, (steps + 1, 2); of a shuffled run at the
    ends of its last epochs.
    """
    if run.settings.shuffled:
        last = run.history[max(1, len(run.history) * 9 // 10) :][-LAST_EPOCHS:]
        return np.column_stack([last["weight"], last["bias"]])
    if run.convergence.limit is None:
        return np.empty((0, 2))  # the last steps of a run that diverges lead nowhere
    before = run.history[max(len(run.history) - 2, 0)]
    return steps_of_epoch(data, run.settings, Line(before["weight"], before["bias"]))


def first_inside(path: History, area: Area) -> int:
    """Return the index from which the path stays within the limits; its length if it never does."""
    inside = np.ones(len(path), bool)
    for values, (low, high) in zip((path["weight"], path["bias"]), area):
        inside &= (low < values) & (values < high)
    outside = np.flatnonzero(~inside)
    return int(outside[-1]) + 1 if len(outside) else 0
