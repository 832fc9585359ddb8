"""The whole story: the line and its errors, its cost, its path in the plane of W and b, and what
other rates would have done.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from plotting.frames import paced
from plotting.theme import SMALL_PT, colours, use_theme
from plotting.views import surface
from plotting.views.artists import (
    Cloud,
    EndLabels,
    FittedLine,
    Labels,
    OffscreenNote,
    Places,
    Stems,
    Trail,
    dense,
    draw_least_squares,
    draw_points,
    evenly,
    line_within,
    set_limits,
    way_of_line,
)
from plotting.views.axes import (
    EpochScale,
    label_room,
    log_costs,
    lowest_of,
    padded,
    text_px,
    write_costs,
    write_numbers,
)
from plotting.views.base import (
    SIDE_PX,
    Box,
    Style,
    add_axes,
    best_design,
    box_of,
    figure_of,
    new_figure,
    pixel_of,
    set_box,
    whole_of,
)
from plotting.views.header import RunHeader, line_text
from plotting.views.notes import (
    larger_rate,
    lowest_passed,
    why_not_least_squares,
    write_note,
)
from plotting.views.rate_strip import RateStrip
from plotting.views.readout import Readout
from plotting.views.reasons import ROUND, why_slow
from plotting.views.words import number, rounded
from regression import (
    Convergence,
    Dataset,
    Floats,
    History,
    Leg,
    Line,
    Run,
    Scale,
    Snapshot,
    legs,
    predict,
    row_of,
    rows_of,
    snapshots_of,
    steps_of_epoch,
)

SIZE = (960, 620)
"""Width and height in pixels of the picture, where no other are given."""

DESIGNS = (SIZE, (480, 800))
"""Sizes that the figure is designed for: panels beside each other, or below each other."""

MAX_CORNERS = 2000
"""Of the path over the plane; no more could be told apart."""

MAX_TRACES = 5
"""So many earlier lines stay to be seen."""

MIDDLE = 0.465
"""The share of the width for the left column, so that the plane has 0.45 without its numbers."""

LABELS_PX = 101
"""Right of the points, for the names of the lines."""

TITLE_LINE_PX = 19
NUMBERS_PX = 46
"""Above a panel for its title, and below it for the numbers and the name of its x axis."""

SMALL_NUMBERS_PX = 24
"""Below a panel whose x axis is named in its title."""


class StoryView:
    """The points with the line, the cost, the plane of W and b, and the rates."""

    def __init__(
        self, data: Dataset, run: Run, history: History, *, style: Style = Style()
    ) -> None:
        """Lay the figure out for the epochs of `history`: those of the run that will be shown."""
        self.theme = style.theme
        self.moments: Sequence[Snapshot] = snapshots_of(history)
        self._epochs = history["epoch"]
        parts = two_legs(run)
        with use_theme(style.theme):
            self.figure = figure = new_figure(style, best_design(style, DESIGNS), SIZE)
            self._header = RunHeader(figure, style, run, history)
            note = write_note(figure, *explanation(run, parts, is_wide=is_wide(figure)))
            boxes = boxes_of(figure, self._header.bottom, note)
            self._fit = FitPanel(add_axes(figure, boxes.fit, "fit"), data, run, history)
            cost = add_axes(figure, boxes.cost, "cost")
            self._cost = CostPanel(cost, run)
            plane = add_axes(figure, boxes.plane, "plane")
            self._plane = PlanePanel(plane, run, history, parts)
            strip = add_axes(figure, boxes.strip, "rates")
            rates = RateStrip(strip, run)
            align(figure, boxes, (self._fit.axes, cost), (plane, strip))
            self._fit.fill(boxes.names)
            self._cost.fill(boxes.names)
            self._plane.fill(boxes.names)
            rates.fill()
            epochs = f"{run.settings.epochs:,} epoch{'s' * (run.settings.epochs > 1)}"
            title = f"cost after {epochs} (log), by learning rate (log)"
            write_panel_title(strip, title)
        self._way = self._fit.way
        self.resting: Sequence[Artist] = (*self._fit.resting, *self._plane.resting)
        self.moving: Sequence[Artist] = (
            *self._fit.artists,
            *self._cost.artists,
            *self._plane.artists,
            *self._header.artists,
        )

    @property
    def resting_state(self) -> Hashable:
        """How many earlier lines, and how much of what names the path, are shown."""
        return self._fit.state, self._plane.state

    def times_ms(self, frame_ms: int, hold_ms: int) -> list[int]:
        """Return the time of each frame: longer where the line moves more."""
        return paced(self._way, frame_ms, hold_ms)

    def update(self, snapshot: Snapshot) -> None:
        """Bring all panels to the snapshot's epoch."""
        is_last = snapshot.epoch == self._epochs[-1]
        self._header.update(snapshot)
        self._fit.update(snapshot)
        self._cost.update(snapshot.epoch)
        self._plane.update(snapshot.epoch, is_last)


def is_wide(figure: Figure) -> bool:
    """Return whether the panels stand beside each other."""
    whole = whole_of(figure)
    return whole.right >= whole.top


def explanation(run: Run, parts: tuple[Leg, Leg] | None, *, is_wide: bool) -> list[str]:
    """Return why the run is fast and then slow, what a larger rate does, and why the run ends
    where it does; less of it where the picture is not wide.
    """
    convergence = run.as_trained.convergence
    has_valley = parts is not None and convergence.condition > ROUND
    slow = why_slow([convergence]) if has_valley else why_slower(run)
    why = why_not_least_squares(run, short=not is_wide)
    # Where panels are low, the strip of rates alone has to say it.
    larger = larger_rate(run) if is_wide else ""
    return [slow, larger, why, lowest_passed(run)]


class Boxes(NamedTuple):
    """The frames of the panels, and whether there is room for the names of epochs and rates."""

    fit: Box
    cost: Box
    plane: Box
    strip: Box
    names: bool


def boxes_of(figure: Figure, top: float, bottom: float) -> Boxes:
    """Return the frames between the header and the note: two columns, or all in one where the
    picture is higher than wide.
    """
    whole = whole_of(figure)
    left, right = 56.0, whole.right - SIDE_PX
    if is_wide(figure):
        middle = MIDDLE * whole.right
        upper, lower = top - TITLE_LINE_PX, bottom + NUMBERS_PX
        free = upper - lower - TITLE_LINE_PX - NUMBERS_PX
        fit = Box(left, upper - 0.62 * free, middle - LABELS_PX, upper)
        cost = Box(left, lower, middle - 18, lower + 0.38 * free)
        plane = Box(middle + left, upper - 0.68 * free, right, upper)
        strip = Box(middle + left, lower, right, lower + 0.32 * free)
        return Boxes(fit, cost, plane, strip, True)
    used = 4 * TITLE_LINE_PX + 2 * NUMBERS_PX + 2 * SMALL_NUMBERS_PX
    free = top - bottom - used
    boxes = []
    for share, below in (
        (0.43, NUMBERS_PX),
        (0.25, NUMBERS_PX),
        (0.14, SMALL_NUMBERS_PX),
        (0.18, SMALL_NUMBERS_PX),
    ):
        upper = top - TITLE_LINE_PX
        boxes.append(Box(left, upper - share * free, right, upper))
        top = upper - share * free - below
    plane, fit, cost, strip = boxes
    return Boxes(fit._replace(right=right - LABELS_PX + 8), cost, plane, strip, False)


def align(figure: Figure, boxes: Boxes, *columns: Sequence[Axes]) -> None:
    """Move the left sides of the panels in a column to where the widest numbers leave them."""
    starts = [0.0, MIDDLE * whole_of(figure).right]
    if not boxes.names:  # all in one column
        columns, starts = ([axes for column in columns for axes in column],), [0.0]
    for start, column in zip(starts, columns):
        room = max(label_room(axes.yaxis) for axes in column)
        for axes in column:
            set_box(axes, box_of(axes)._replace(left=start + room))


def write_panel_title(axes: Axes, text: str) -> None:
    """Write what a panel shows above its left corner, as much of it as fits."""
    axes.annotate(
        text,
        (0, 1),
        (0, 5),
        xycoords="axes fraction",
        textcoords="offset points",
        size=SMALL_PT,
        weight="bold",
        annotation_clip=False,
    )


class FitPanel:
    """The points with their errors, the line now and before, and least squares."""

    def __init__(self, axes: Axes, data: Dataset, run: Run, history: History) -> None:
        self.axes, self._data = axes, data
        self.state: Hashable = None
        draw_points(axes, data)
        set_limits(axes, data, history)
        least = run.convergence.least_squares
        draw_least_squares(axes, data, least, colours().least, width=1.4, zorder=1.5)
        write_numbers(axes.yaxis, data.y_name, dates=data.y_is_date)
        self.way = way_of_line(axes, data, history)
        self._least, self._history = least, run.history
        last = int(history["epoch"][-1])
        epochs = [0, *(10**power for power in range(20) if 10**power < last)]
        self._traced = run.history[np.isin(run.history["epoch"], epochs)][:MAX_TRACES]

    def fill(self, names: bool) -> None:  # noqa: ARG002 - all panels are filled alike
        """Add what has to know where the axes are."""
        axes, data, theme = self.axes, self._data, colours()
        write_numbers(axes.xaxis, data.x_name, dates=data.x_is_date)
        write_panel_title(axes, "data, fitted line and its errors")
        self._traces = []
        for index, snapshot in enumerate(snapshots_of(self._traced)):
            share = 0.22 + 0.3 * index / max(1, len(self._traced) - 1)
            (line,) = axes.plot([], [], lw=1.0, color=theme.pale(theme.line, share), animated=True)
            line.set_label(f"epoch {snapshot.epoch}")
            line.set_data(*line_within(snapshot.line, data.x_range, axes.get_ylim()))
            self._traces.append(line)
        self._stems = Stems(axes, data)
        self._line = FittedLine(axes, data, theme.line)
        self._outside = OffscreenNote(axes, data)
        self._error = ErrorLabel(axes, data, self._least)
        end = data.x_range[1]
        start = data.x_range[0]
        lines = [("least squares", self._least)]
        for snapshot in snapshots_of(self._traced):
            name = f"epoch {snapshot.epoch:,}" if snapshot.epoch else "start"
            lines.append((name, snapshot.line))
        still = [
            (name, theme.muted, (weight * start + bias, weight * end + bias))
            for name, (weight, bias) in lines
        ]
        self._names = EndLabels(axes, ("fitted line", theme.readable(theme.line)), still)
        self.resting: Sequence[Artist] = [*self._traces, *self._names.still]
        self.artists: list[Artist] = [
            self._stems.artist,
            self._line.artist,
            self._error.artist,
            self._names.moving,
            *self._outside.artists,
        ]

    def update(self, snapshot: Snapshot) -> None:
        """Show the line of this epoch, and those before it."""
        line, end = snapshot.line, self._data.x_range[1]
        self._line.update(line)
        self._outside.update(line)
        self._stems.update(line)
        earlier = (self._traced["epoch"] < snapshot.epoch).tolist()
        for trace, shown in zip(self._traces, earlier):
            trace.set_visible(shown)
        is_inside = not any(words.get_text() for words in self._outside.artists)
        height = line.weight * end + line.bias if is_inside else None
        self._names.update(height, [True, *earlier])
        self.state = sum(earlier), self._names.state


class ErrorLabel:
    """The word at one of the bars: that of the point farthest from the least-squares line."""

    def __init__(self, axes: Axes, data: Dataset, least: Line) -> None:
        figure = figure_of(axes)
        errors = data.y - predict(least, data.x)
        # Not at the right end, where the names of the lines are.
        low, high = data.x_range
        far = np.where(data.x <= high - 0.15 * (high - low), np.abs(errors), -1.0)
        index = int(np.argmax(far))
        pixel = pixel_of(figure)
        x, y = axes.transData.transform((data.x[index], data.y[index]))
        self.artist = Readout(figure, 0, 0, colours().readable(colours().error))
        self.artist.set_text("error")
        box = axes.bbox
        left = min(max(x - self.artist.width / 2, box.x0 + 3), box.x1 - self.artist.width - 3)
        away = 9 if errors[index] > 0 else -19
        bottom = min(max(y + away * pixel, box.y0 + 4 * pixel), box.y1 - 14 * pixel)
        self.artist.move(left, bottom)


class CostPanel:
    """The cost through every epoch, with the lowest possible and where the run ends."""

    def __init__(self, axes: Axes, run: Run) -> None:
        self._axes, self._run = axes, run
        convergence, costs = run.convergence, log_costs(run.convergence, run.history["cost"])
        self._scale = EpochScale(int(run.history["epoch"][-1]))
        lowest, ends = lowest_of(convergence), convergence.limit_cost
        known = [] if lowest is None else [math.log10(lowest)]
        if ends is not None and math.isfinite(ends) and ends > 0 and lowest is not None:
            known.append(float(log_costs(convergence, np.array([ends]))[0]))
        low, high = padded(min([*costs, *known]), max([*costs, *known]), 0.08)
        room = 15 / (axes.bbox.height / pixel_of(figure_of(axes)))  # for words below the lowest
        axes.set_ylim(low - room * (high - low), high)
        write_costs(axes.yaxis, lowest)
        self._costs, self._known = costs, known

    def fill(self, names: bool) -> None:
        """Add what has to know where the axes are."""
        axes, theme = self._axes, colours()
        self._scale.write_on(axes.xaxis, "epoch (log)" if names else "")
        title = "cost = sum of the squared errors (log)"
        title += "" if names else ", by epoch (log)"
        write_panel_title(axes, title)
        x = self._scale.places(self._run.history["epoch"])
        self._trail = Trail(axes, x, self._costs, theme.cost)
        self._trail.artist.set_label("cost")
        pixel = pixel_of(figure_of(axes))
        curve = dense(axes.transData.transform(np.column_stack([x, self._costs])), 3 * pixel)
        labels = Labels(axes, curve)
        if len(curve):
            (x_end, y_end), half = curve[-1], 4 * pixel
            labels.take(x_end - half, y_end - half, x_end + half, y_end + half)  # the last dot
        words = ("lowest possible", end_words(self._run))
        if self._run.convergence.hovers:
            words = ("lowest possible", "mean line")
        heights = [axes.transData.transform((0, at))[1] for at in self._known]
        if len(heights) == 2 and abs(heights[1] - heights[0]) < 4 * pixel:
            heights, words = heights[:1], (f"lowest possible; {words[1]}", "")
        for height, at, text, style in zip(heights, self._known, words, (":", (0, (5, 3)))):
            color = theme.least if style == ":" else theme.muted
            axes.axhline(at, color=color, lw=1.2, ls=style, label=text)
            width = text_px(text) * pixel
            place = self._beside(labels, height, width, below=style == ":")
            axes.annotate(text, place, xycoords="figure pixels", size=SMALL_PT, color=theme.muted)
        self.artists: list[Artist] = [self._trail.artist, self._trail.dot]

    def _beside(
        self, labels: Labels, height: float, width: float, *, below: bool
    ) -> tuple[float, float]:
        """Return where to write along a level, at an end or between, off the curve."""
        box, pixel = self._axes.bbox, labels.pixel
        left, right = box.x0 + 6 * pixel, box.x1 - width - 6 * pixel
        for at in (left, right, right - 24 * pixel, (left + right) / 2):
            for bottom in (height - 14 * pixel, height + 2 * pixel)[:: 1 if below else -1]:
                if labels.is_free(at, bottom, at + width, bottom + 13 * pixel):
                    labels.take(at, bottom, at + width, bottom + 13 * pixel)
                    return at, bottom + 3 * pixel
        return box.x0 + 6 * pixel, height - 11 * pixel

    def update(self, epoch: int) -> None:
        """Show the cost up to this epoch."""
        self._trail.update(int(rows_of(self._run.history, epoch)))


def path_of(run: History, shown: History) -> History:
    """Return MAX_CORNERS of the epochs of a run, the first ones, and all that are shown."""
    kept = np.isin(run["epoch"], shown["epoch"])
    kept[evenly(len(run), MAX_CORNERS)] = True
    kept[:100] = True
    path: History = run[kept]
    return path


def end_words(run: Run) -> str:
    """Return the name of where a run ends, or would end after more epochs."""
    last, convergence = run.as_trained.last, run.as_trained.convergence
    if last is not None and convergence.is_near_limit(last.line):
        return "ends here"
    return "would end here"


TWO_LEGS = 3.0
"""A path has two legs if one takes so many times as many epochs as the other."""


def two_legs(run: Run) -> tuple[Leg, Leg] | None:
    """Return the directions of the path's two legs, the fast one first, if it has two."""
    convergence = run.as_trained.convergence
    found = legs(run.as_trained.data, convergence.settings)
    if found is None or convergence.limit is None or convergence.limit_is_useless:
        return None
    steep, shallow = found
    many = TWO_LEGS * max(steep.epochs, 1) <= shallow.epochs < math.inf
    return found if many else None


def why_slower(run: Run) -> str:
    """Return why a run on a path without legs is fast and then slow, if it converges."""
    convergence = run.as_trained.convergence
    left = convergence.contraction
    if convergence.limit is None or not 0 < left < 1:
        return ""
    why = "Why fast, then slow: every"
    if convergence.limit_is_useless:
        why = "Why far, then slow: unsafe steps throw the line far off in epoch 1; then every"
    return (
        f"{why} epoch removes about the same share ({number(100 * (1 - left), 2)}%) of the "
        "distance left to its end, so each move is shorter than the one before."
    )


MARK_PX = 20
"""The width of the star: nearer marks hide each other."""

INSET_PX = (226, 116)
"""Width and height of the part of the plane that is magnified."""


class PlanePanel:
    """The path of W and b over the cost: where it starts, where it leads, and by which legs."""

    def __init__(
        self, axes: Axes, run: Run, history: History, parts: tuple[Leg, Leg] | None
    ) -> None:
        """Take the epochs that are shown, and the path's two legs, where it has two."""
        self.axes, self._data, self._run = axes, run.as_trained.data, run
        self._parts = parts
        self.state: Hashable = None
        self._trained = trained = run.as_trained
        convergence = trained.convergence
        surface.set_plane_limits(axes, convergence, trained.history, far=True)
        surface.draw_surface(axes, convergence)
        self._name_axes()
        self._path = path_of(trained.history, history)

    def fill(self, names: bool) -> None:  # noqa: ARG002 - all panels are filled alike
        """Add what has to know where the axes are."""
        axes, run, theme = self.axes, self._run, colours()
        self._name_axes()
        write_panel_title(axes, f"cost of every line, by its W and b: {surface.shades()}")
        convergence = self._trained.convergence
        weights, biases = surface.path_within(axes, self._path)
        places = axes.transData.transform(np.column_stack([weights, biases]))
        self._pixel = pixel_of(figure_of(axes))
        self._rest, self._steps = self._end_of_path()
        self._labels = labels = Labels(axes, self._seen_in(axes, places))
        self._trail = Trail(axes, weights, biases, theme.line, 2.0)
        self._trail.artist.set_label("path")
        self.artists: list[Artist] = []
        self.resting: list[Artist] = []
        hovers = convergence.hovers
        history = self._trained.history
        last = int(history["epoch"][-1])
        self._last_tenth = history[history["epoch"] >= last - (last + 1) // 10]
        self._add_inset()
        self._add_marks()
        self._add_ticks()
        self._add_legs(convergence)
        surface.number_contours(axes, convergence, labels, run.cost_factor)
        self._add_end()
        shown = [each for each in (axes, self._inset) if each is not None]
        cloud_of = self._last_tenth if hovers else self._last_tenth[:0]
        self._clouds = [Cloud(each, cloud_of) for each in shown]
        for cloud in self._clouds:
            cloud.artist.set_color(theme.surface_ink)
        trail, clouds = self._trail, [each.artist for each in self._clouds] if hovers else []
        self.artists += [trail.artist, self._ticks, *clouds, trail.dot]

    def _name_axes(self) -> None:
        """Name the axes; those of standardized units with what makes W that of the header."""
        run = self._run
        surface.name_plane(self.axes, standardized=run.trained is not None)
        if run.trained is not None:
            scale = Scale.of(run.data)
            factor = number(scale.y_std / scale.x_std)
            name = f"weight W of standardized x and y (\N{MULTIPLICATION SIGN} {factor} = W above)"
            if text_px(name) < self.axes.bbox.width / pixel_of(figure_of(self.axes)):
                write_numbers(self.axes.xaxis, name)

    def _pixels(self, line: Line) -> tuple[float, float]:
        x, y = self.axes.transData.transform(line)
        return float(x), float(y)

    def _write(
        self, text: str, at: tuple[float, float], *, reach: Sequence[float] = (9, 20, 34, 52)
    ) -> None:
        """Write a text that stays beside a point, in pixels."""
        left, bottom = self._labels.find([at], text_px(text) * self._pixel, reach=reach)
        self.axes.annotate(
            text,
            (left, bottom),
            xycoords="figure pixels",
            size=SMALL_PT,
            color=colours().surface_ink,
            bbox={"fc": colours().tint(0.25), "lw": 0, "pad": 1.0},
            zorder=4,
        )

    def _add_marks(self) -> None:
        """Mark start, least squares and the limit, and name them; without the limit, say so."""
        axes, convergence = self.axes, self._trained.convergence
        settings, limit = convergence.settings, convergence.limit
        marks = [(settings.start, "o", "start"), (convergence.least_squares, "*", "least squares")]
        ends = "mean" if convergence.hovers else end_words(self._run)
        if limit is not None and surface.is_within(axes, limit):
            marks.append((limit, "x", ends))
        inset = self._inset
        for line, marker, name in marks:
            surface.mark(axes, line, marker, name)
            x, y = self._pixels(line)
            size = 10 * self._pixel
            self._labels.take(x - size, y - size, x + size, y + size)
        # Marks that hide each other have one label, or theirs in the inset.
        joined: list[tuple[str, tuple[float, float]]] = []
        for line, marker, name in marks:
            if inset is not None and marker != "o":
                continue
            x, y = self._pixels(line)
            names = [i for i, (_, at) in enumerate(joined) if self._is_near(at, (x, y))]
            if names:
                other, at = joined[names[0]]
                joined[names[0]] = f"{other} and {name.replace('would end', 'end')}", at
            else:
                joined.append((name, (x, y)))
        for name, at in joined:
            self._write(name, at, reach=(13, 22, 34, 52))
        if limit is None:
            text = "ends nowhere: it diverges"
        elif not surface.is_within(axes, limit):
            text = f"ends far outside: {line_text(limit)}"
        else:
            return
        box = axes.bbox
        corner = box.x0 + 8 * self._pixel, box.y0 + 12 * self._pixel
        self._write(text, corner, reach=(0, 30, 60, 120, 200))

    def _is_near(self, one: tuple[float, float], other: tuple[float, float]) -> bool:
        """Return whether marks at two places, in pixels, hide each other."""
        return math.hypot(one[0] - other[0], one[1] - other[1]) < 0.7 * MARK_PX * self._pixel

    def _add_ticks(self) -> None:
        """Prepare dots with their epochs on the path: 1, 10, 100, ... and the last; on a path
        without legs, on which they alone show how it slows down, 2, 5, 20, ... where there is room.
        """
        epochs = self._path["epoch"]
        last = int(epochs[-1])
        wanted = [10**power for power in range(20) if 10**power < last] + [last]
        if self._parts is None:
            wanted += [epoch for ten in wanted[:-1] for epoch in (2 * ten, 5 * ten) if epoch < last]
        found: dict[int, Line] = {}
        frame, near = self.axes.bbox, 22 * self._pixel
        taken = [np.array(self._pixels(self._trained.convergence.settings.start))]
        limit = self._trained.convergence.limit
        if limit is not None and surface.is_within(self.axes, limit):
            taken.append(np.array(self._pixels(limit)))  # its name is the mark's
        for epoch in wanted:
            line = row_of(self._trained.history, epoch).line
            place = self.axes.transData.transform(line)
            if not (np.isfinite(place).all() and frame.contains(*place)):
                continue
            if any(np.hypot(*(place - other)) < near for other in taken):
                continue
            taken.append(place)
            found[epoch] = line
        self._ticked = sorted(found)
        lines = [found[epoch] for epoch in self._ticked]
        x, y = [line.weight for line in lines], [line.bias for line in lines]
        texts = [
            f"{'' if index else 'epoch '}{epoch:,}" for index, epoch in enumerate(self._ticked)
        ]
        theme = colours()
        how: dict[str, Any] = {
            "mfc": theme.tint(0.0),
            "mec": theme.line,
            "mew": 1.4,
            "animated": True,
        }
        (self._ticks,) = self.axes.plot([], [], "o", ms=5.5, ls="none", label="epochs", **how)
        self._tick_x, self._tick_y = x, y
        self._tick_texts = []
        for line, text in zip(lines, texts):
            readout = Readout(figure_of(self.axes), 0, 0, theme.surface_ink)
            readout.set_text(text)
            place = self.axes.transData.transform(line)
            readout.move(*self._labels.find([place], readout.width))
            self._tick_texts.append(readout)
        self.resting += self._tick_texts

    def _add_legs(self, convergence: Convergence) -> None:
        """Name the two legs of the path, where it has two, with the epochs that each takes."""
        self._legs: list[tuple[float, Readout]] = []
        if self._parts is None or convergence.limit is None:
            return
        steep, shallow = self._parts
        way = np.subtract(convergence.settings.start, convergence.limit)
        base = np.array([steep.direction, shallow.direction]).T
        with np.errstate(all="ignore"):
            share = np.linalg.solve(base, way)
        elbow = Line(*(np.array(convergence.limit) + share[1] * base[:, 1]).tolist())
        ends = convergence.settings.start, elbow, convergence.limit
        corners = [np.array(self._pixels(line)) for line in ends]
        for name, leg, first, last in (
            ("steep", steep, corners[0], corners[1]),
            ("shallow", shallow, corners[1], corners[2]),
        ):
            if not np.isfinite([first, last]).all() or np.hypot(*(last - first)) < 40 * self._pixel:
                continue
            count = max(1.0, leg.epochs)
            epochs = f"{number(round(count))} epoch{'s' * (round(count) != 1)}"
            theme = colours()
            readout = Readout(figure_of(self.axes), 0, 0, theme.surface_ink, theme.tint(0.25))
            along = [first + share * (last - first) for share in (0.5, 0.35, 0.65, 0.2, 0.8)]
            reach = (9, 14, 22, 34, 52)
            for text in (f"{name} part: 99% of it in {epochs}", f"{name}: {epochs}"):
                readout.set_text(text)
                place = self._labels.find(along, readout.width, reach=reach, keep="if free")
                if not self._labels.hides:
                    break
            readout.move(*place)
            after = 1 if leg is steep else min(steep.epochs, convergence.settings.epochs)
            self._legs.append((after, readout))
        self.resting += [readout for _, readout in self._legs]

    def _add_inset(self) -> None:
        """Magnify the surroundings of the limit where it hides in the mark of least squares."""
        self._inset: Axes | None = None
        convergence = self._trained.convergence
        limit, least = convergence.limit, convergence.least_squares
        if limit is None or convergence.limit_is_least_squares:
            return
        one, other = np.array(self._pixels(limit)), np.array(self._pixels(least))
        apart = float(np.hypot(*(one - other)))
        if not 0 < apart < MARK_PX * self._pixel:
            return
        frame = self.axes.bbox
        wide, high = self._inset_size = (
            min(INSET_PX[0] * self._pixel, 0.52 * frame.width),
            min(INSET_PX[1] * self._pixel, 0.42 * frame.height),
        )
        factor = 0.4 * high / apart
        loop = self._steps if len(self._steps) else np.array([limit])
        with np.errstate(all="ignore"):
            places = self.axes.transData.transform(loop)
            size = np.maximum(np.ptp(places, axis=0), 1e-9)
            is_near = np.hypot(*(places[-1] - one)) < 2 * MARK_PX * self._pixel
        if size.max() > 3 * self._pixel and is_near:  # it is to fit in as well
            factor = min(factor, 0.8 * wide / size[0], 0.8 * high / size[1])
        if convergence.hovers:  # what it hovers around is seen with where it hovers
            cloud = np.column_stack([self._last_tenth["weight"], self._last_tenth["bias"]])
            size = np.maximum(np.ptp(self.axes.transData.transform(cloud), axis=0), 1e-9)
            factor = min(factor, 0.9 * wide / size[0], 0.9 * high / size[1])
        factor = float(f"{factor:.1g}") if math.isfinite(factor) else 0.0
        if factor < 2 or factor * apart < MARK_PX * self._pixel / 2:
            return
        left, bottom = self._corner(
            wide, high + 16 * self._pixel, [one, self._pixels(convergence.settings.start)]
        )
        middle = (one + other) / 2
        # "least squares" is the longer name: on its side there is more room.
        middle[0] += (12 if other[0] > one[0] else -12) * self._pixel / factor
        self._inset = inset = self._magnified(middle, factor, left, bottom)
        ends = "mean" if convergence.hovers else end_words(self._run)
        names = ("least squares", ends)
        pixel, (weights, biases) = self._pixel, surface.path_within(inset, self._path)
        self._inner = Trail(inset, weights, biases, colours().line, 2.0)
        path = inset.transData.transform(np.column_stack([weights, biases]))
        self._inner_labels = labels = Labels(inset, self._seen_in(inset, path))
        texts = [(f"{number(factor)} times larger: the end", (left, bottom + high + 4 * pixel))]
        for line, marker, name in zip((least, limit), "*x", names):
            surface.mark(inset, line, marker, name)
            x, y = inset.transData.transform(line)
            size = 10 * pixel
            labels.take(x - size, y - size, x + size, y + size)
        for line, name in zip((limit, least), reversed(names)):
            at = inset.transData.transform(line)
            texts.append((name, labels.find([at], text_px(name) * pixel, reach=(12, 18, 28))))
        for text, place in texts:
            inset.annotate(
                text,
                place,
                xycoords="figure pixels",
                size=SMALL_PT,
                color=colours().surface_ink,
                zorder=4,
            )
        self.artists += [self._inner.artist, self._inner.dot]

    def _corner(self, wide: float, high: float, marks: Places) -> tuple[float, float]:
        """Return the lower left corner, in pixels, where a rectangle hides least of the path."""
        frame, margin = self.axes.bbox, 8 * self._pixel
        lefts = (frame.x0 + margin, frame.x1 - wide - margin, (frame.x0 + frame.x1 - wide) / 2)
        bottoms = (frame.y0 + margin, frame.y1 - high - margin)

        def hidden(corner: tuple[float, float]) -> float:
            left, bottom = corner
            bad = self._labels.hidden(left, bottom, left + wide, bottom + high)
            near = 3 * margin
            for x, y in marks:
                if (
                    left - near < x < left + wide + near
                    and bottom - near < y < bottom + high + near
                ):
                    bad += 100
            return bad

        best = min(((left, bottom) for left in lefts for bottom in bottoms), key=hidden)
        left, bottom = best
        half = margin / 2
        self._labels.take(left - half, bottom - half, left + wide + half, bottom + high + half)
        return best

    def _magnified(self, middle: Floats, factor: float, left: float, bottom: float) -> Axes:
        """Return axes that show the surroundings of a point, in pixels, so many times larger, and
        frame the same surroundings in the plane.
        """
        axes, pixel = self.axes, self._pixel
        wide, high = self._inset_size
        box = Box(*(side / pixel for side in (left, bottom, left + wide, bottom + high)))
        inset = add_axes(figure_of(axes), box, "inset")
        half = np.array([wide, high]) / 2 / factor
        low, top = axes.transData.inverted().transform([middle - half, middle + half])
        inset.set_xlim(low[0], top[0])
        inset.set_ylim(low[1], top[1])
        surface.draw_surface(inset, self._trained.convergence)
        for axis in (inset.xaxis, inset.yaxis):
            axis.set_major_locator(NullLocator())
            axis.set_label_text("")
        ink = colours().surface_ink
        for spine in inset.spines.values():
            spine.set_color(ink)
        frame = Rectangle((low[0], low[1]), *(top - low), fill=False, ec=ink, lw=0.8, zorder=3.5)
        frame.set_label("magnified")
        axes.add_patch(frame)
        self._connect(np.array([middle - half, middle + half]), box)
        return inset

    def _connect(self, small: Floats, box: Box) -> None:
        """Join the corners of the small frame, (2, 2) in pixels, and of the inset that face each
        other.
        """
        large = self._pixel * np.array([[box.left, box.bottom], [box.right, box.top]])
        pairs = [
            ((small[i, 0], small[j, 1]), (large[i, 0], large[j, 1])) for i in (0, 1) for j in (0, 1)
        ]
        # Two of the four that do not run through the inset.
        centre = small.mean(axis=0)
        pairs.sort(key=lambda pair: math.hypot(*(np.array(pair[1]) - centre)))
        for pair in pairs[1:3]:
            line = self.axes.transData.inverted().transform(pair)
            how: dict[str, Any] = {"scalex": False, "scaley": False, "zorder": 2.5}
            self.axes.plot(
                *line.T, color=colours().surface_ink, lw=0.7, label="to the inset", **how
            )

    def _end_of_path(self) -> tuple[Floats, Floats]:
        """Return the rest of the path, from the last epoch to the limit, and the steps of the last
        epoch: points (n, 2) of W and b, none where there is no such thing.
        """
        trained, nothing = self._trained, np.empty((0, 2))
        convergence, history = trained.convergence, trained.history
        if trained.last is None or convergence.settings.shuffled:
            return nothing, nothing
        limit = convergence.limit
        rest = nothing if limit is None else np.array([trained.last.line, limit])
        before = Line(*history[-2].tolist()[1:3])
        return rest, steps_of_epoch(self._data, convergence.settings, before)

    def _seen_in(self, axes: Axes, path: Floats) -> Floats:
        """Return the pixels of axes that the path takes, with its end."""
        curves = [dense(path, 4 * self._pixel)]
        with np.errstate(all="ignore"):
            for way in (self._rest, self._steps if self._shows_loop(axes) else self._rest):
                curves.append(dense(axes.transData.transform(way), 4 * self._pixel))
        return np.concatenate(curves)

    def _shows_loop(self, axes: Axes) -> bool:
        """Return whether the last epoch's steps are large enough in the axes to be seen."""
        if len(self._steps) < 3:
            return False
        with np.errstate(all="ignore"):
            places = axes.transData.transform(self._steps)
        size = np.ptp(places, axis=0).max()
        # Of a loop that is larger than the axes no more than scattered pieces would be seen.
        fits = size < 1.2 * max(axes.bbox.width, axes.bbox.height)
        return bool(size > 8 * self._pixel and fits and axes.bbox.contains(*places[-1]))

    def _add_end(self) -> None:
        """Prepare what the last frame adds: the rest of the path, and the last epoch's loop."""
        theme, shown = colours(), [axes for axes in (self.axes, self._inset) if axes is not None]
        how: dict[str, Any] = {"animated": True, "scalex": False, "scaley": False}
        self._at_end: list[Artist] = []
        for axes in shown if len(self._rest) else []:
            label, dashes = "the rest of the path", (0, (2, 2))
            style: dict[str, Any] = {"color": theme.line, "ls": dashes, "lw": 1.4, "label": label}
            self._at_end += axes.plot(*self._rest.T, **style, **how)
        for axes in reversed(shown):
            if self._shows_loop(axes):
                label = "steps of the last epoch"
                style = {"color": theme.surface_ink, "lw": 0.9, "label": label}
                moves = np.diff(axes.transData.transform(self._steps), axis=0)
                if np.hypot(*moves.T).mean() > 4 * self._pixel:  # else dots are all that is seen
                    style |= {"marker": "o", "ms": 2, "mew": 0}
                self._at_end += axes.plot(*self._steps.T, **style, **how)
                self._at_end.append(self._loop_label(axes))
                break
        self.resting += self._at_end

    def _loop_label(self, axes: Axes) -> Readout:
        """Return the name of the last epoch's loop, and its size, beside it."""
        size = np.ptp(self._steps, axis=0)
        wide = f"{rounded(float(size[0]), 2)} wide in W"
        closes = (np.abs(self._steps[-1] - self._steps[0]) <= 0.02 * size).all()
        loop = "closed loop" if closes else "loop"
        readout = Readout(figure_of(axes), 0, 0, colours().surface_ink, colours().tint(0.25))
        labels = self._labels if axes is self.axes else self._inner_labels
        places = axes.transData.transform(self._steps)
        # First beside the ends of the loop, then anywhere along it.
        far = [find(places[:, side]) for side in (1, 0) for find in (np.argmax, np.argmin)]
        along = dense(places, 40 * self._pixel)
        ends = [*places[far], *along[evenly(len(along), 24)]]
        for text in (
            f"steps of the last epoch: a {loop}, {wide}",
            f"last epoch: a {loop}, {wide}",
            f"last epoch's loop: {wide}",
            f"{loop}, {wide}",
            f"loop: {wide}",
        ):
            readout.set_text(text)
            place = labels.find(ends, readout.width, reach=(7, 12, 20, 34), keep="if free", paper=3)
            if not labels.hides:
                break
        else:
            readout.set_text("")
        readout.move(*place)
        return readout

    def update(self, epoch: int, is_last: bool) -> None:
        """Show the path up to this epoch."""
        index = int(rows_of(self._path, epoch))
        self._trail.update(index)
        if self._inset is not None:
            self._inner.update(index)
        passed = sum(tick <= epoch for tick in self._ticked)
        self._ticks.set_data(self._tick_x[:passed], self._tick_y[:passed])
        for number_of, readout in enumerate(self._tick_texts):
            readout.set_visible(number_of < passed)
        legs_shown = [epoch >= after for after, _ in self._legs]
        for (_, readout), shown in zip(self._legs, legs_shown):
            readout.set_visible(shown)
        self.state = (passed, *legs_shown, is_last)
        for artist in self._at_end:
            artist.set_visible(is_last)
        for cloud in self._clouds:
            cloud.update(epoch)
