"""Runs side by side that differ in a setting: their lines, costs and paths, and where they end."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from plotting.frames import paced
from plotting.theme import SMALL_PT, colours, use_theme
from plotting.views import surface, words
from plotting.views.artists import (
    Labels,
    dense,
    draw_least_squares,
    draw_points,
    line_within,
    set_limits,
    way_of_line,
)
from plotting.views.axes import (
    EpochScale,
    apart,
    floor_of,
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
    figure_of,
    fit_in,
    name_axis,
    pixel_of,
    set_box,
)
from plotting.views.header import Header
from plotting.views.layout import is_upright, legible_figure
from plotting.views.readout import COMMA_SPACE, FIGURE_SPACE, Readout, steady_costs, steady_epochs
from plotting.views.reasons import (
    LINE,
    ROUND,
    footer_height,
    why_beside,
    why_slow,
    write_footer,
)
from regression import (
    Convergence,
    Dataset,
    Floats,
    History,
    Line,
    Run,
    predict,
    what_differs,
)

SIZE = (960, 540)
"""Width and height in pixels that the figure is designed for."""

MAX_RUNS = 9
"""More could not be told apart."""

RUN_COLOURS = {
    "light": "#240200 #0c1d39 #440572 #78120e #3201f4 #1c685a #a43ecc #ff0d1a #7b9c69",
    "dark": "#3f65a6 #a66284 #da6c14 #af87ff #6bb9e1 #d4c46c #01f900 #b0fdb8 #fdffff",
    "none": "#834f1f #b60696 #8339f5 #667373 #ac47e0 #8e7c5a #089a0f #ff3792 #6994d2",
}
"""By paper, from dark to light: nine found by a search for those that differ most in CIELAB, for
normal sight and for three kinds of colour blindness, in even steps of lightness, each with a
contrast of 3 to its paper; on none, that is to white and to black."""

PLEASANT = {
    "light": (4, 7, 1, 5, 6, 8, 3, 2, 0),
    "dark": (4, 2, 7, 3, 0, 5, 8, 1, 6),
    "none": (2, 6, 7, 0, 8, 1, 5, 4, 3),
}
"""Which of them a few runs take first: the more colourful."""

ABOVE_START = 10.0
"""Costs are shown up to so many times that of the start, lest a run that diverges make all the
others one line at the bottom."""


class CompareView:
    """A panel for each run with its line; the costs of all; their paths in the plane of W and b.

    Lines, dots and curves of all runs are one artist each: most of a frame's time goes into
    beginning to draw something.
    """

    def __init__(
        self,
        data: Dataset,
        runs: Sequence[Run],
        histories: Sequence[History],
        *,
        style: Style = Style(),
    ) -> None:
        """Lay the figure out for two to nine runs, in the order of what differs, and for those of
        their epochs that will be shown.

        Raises UserError for a picture in which the texts would have no room.
        """
        self.theme = style.theme
        self._runs = runs = sorted(runs, key=rank)
        self._ceiling = ceiling = ceiling_of(runs)
        names, lost = names_of(runs), [is_lost(run, ceiling) for run in runs]
        groups = units_of(runs)
        has = Contents(len(runs), len(groups), is_of_rates(runs), explanation(runs, names))
        self.moments: Sequence[int] = sorted({int(e) for each in histories for e in each["epoch"]})
        with use_theme(style.theme):
            own = run_colours(len(runs))
            shown = [colours().muted if off else colour for off, colour in zip(lost, own)]
            what = f"{len(runs)} runs side by side"
            self.figure, whole = legible_figure(
                style, SIZE, (1, 2), lambda room: plan_for(room, has, Rooms()).is_legible, what
            )
            plan = plan_for(whole, has, Rooms())
            panels = [add_axes(self.figure, box, name) for box, name in zip(plan.panels, names)]
            costs = add_axes(self.figure, plan.costs, "costs")
            planes = [add_axes(self.figure, box, f"plane {box.left}") for box in plan.planes]
            draw_data(panels, data, [run for run, off in zip(runs, lost) if not off] or runs)
            scale = EpochScale(max(int(run.history["epoch"][-1]) for run in runs))
            draw_costs(costs, runs, ceiling)
            for axes, group in zip(planes, groups):
                set_limits_of_plane(axes, group)
            plan = plan_for(whole, has, rooms_beside(panels, costs, planes, names))
            boxes = [*plan.panels, plan.costs, *plan.planes]
            for axes, box in zip([*panels, costs, *planes], boxes):
                set_box(axes, box)
            name_panels(panels, plan.columns, data)
            write_costs(costs.yaxis, lowest_of(runs[0].convergence))
            scale.write_on(costs.xaxis)
            colour_of = dict(zip(map(id, runs), shown))
            for axes, group in zip(planes, groups):
                draw_plane(axes, group, colour_of, alone=len(groups) == 1)
            label_ends(costs, runs, names, shown, ceiling)
            if plan.rates is not None:
                draw_rates(add_axes(self.figure, plan.rates, "rates"), runs, shown)
            write_footer(self.figure, has.footer)
            draw_legend(self.figure, panels[0], whole)
            self._epoch = steady_epochs(np.array(self.moments))
            self._header = Header(self.figure, style, [[self._texts(self.moments[-1])]])
            self._heads = [
                Heading(panel, name, run, colour, off, plan.heading)
                for panel, name, run, colour, off in zip(
                    panels, titles_for(names, panels[0]), runs, shown, lost
                )
            ]
            self._fits = Fits(panels, data, runs, shown)
            self._tracks = Tracks(self.figure, shown)
            self._tracks.add(costs, [cost_curve(run, scale) for run in runs])
            for axes, group in zip(planes, groups):
                ids = [id(run) for run in group]
                paths = [path_over(axes, run) if id(run) in ids else None for run in runs]
                self._tracks.add(axes, paths)
            ways = [way_of_line(panels[0], data, at(run.history, self.moments)) for run in runs]
            self._way: Floats = np.max(ways, axis=0)
        self._is_last: bool | None = None
        self.moving: Sequence[Artist] = (
            *self._fits.artists,
            *self._tracks.artists,
            *(artist for head in self._heads for artist in head.artists),
            *self._header.artists,
        )

    def times_ms(self, frame_ms: int, hold_ms: int) -> list[int]:
        """Return the time of each frame: longer where a line moves more."""
        return paced(self._way, frame_ms, hold_ms)

    def update(self, epoch: int) -> None:
        """Bring each run to the epoch, or to its last one if it did not come so far."""
        lines, places = [], []
        for run, head in zip(self._runs, self._heads):
            index = min(epoch, len(run.history) - 1)
            _, weight, bias, cost = run.history[index].tolist()
            over = overflow_of(run)
            over = over if over is not None and epoch >= over else None
            off = over is not None or cost > self._ceiling
            lines.append(None if off else Line(weight, bias))
            places.append(index)
            head.update(None if off else cost, note_on(cost, over) if off else "")
        self._fits.update(lines)
        self._tracks.update(places)
        # What stands is drawn anew when it changes, and only then.
        is_last = epoch == self.moments[-1]
        if is_last != self._is_last:
            self._is_last = is_last
            self._tracks.finish(is_last)
            for head in self._heads:
                head.finish(is_last)
        self._header.set_texts([self._texts(epoch)])

    def _texts(self, epoch: int) -> list[str]:
        """Return the fields of the header."""
        epochs = max(run.settings.epochs for run in self._runs)
        lowest = words.number(self._runs[0].convergence.minimum_cost, 4)
        texts = [f"Epoch {self._epoch(epoch)} of {epochs:,}", f"lowest possible cost {lowest}"]
        if is_of_rates(self._runs):
            texts.insert(1, "learning rates compared")
        return texts


def names_of(runs: Sequence[Run]) -> list[str]:
    """Return what differs, with powers of ten as one writes them."""
    return [
        re.sub(r"[-\d.]+e[-+]\d+", lambda found: words.number(float(found[0]), 4), name)
        for name in what_differs(runs)
    ]


def is_of_rates(runs: Sequence[Run]) -> bool:
    """Return whether the runs differ in their learning rates."""
    return len({run.as_trained.settings.lr for run in runs}) > 1


def rank(run: Run) -> tuple[float, ...]:
    """Return what runs are ordered by: their settings."""
    settings = run.as_trained.settings
    extras = float(settings.shuffled), float(run.trained is not None)
    return settings.lr, settings.batch_size, *settings.start, *extras, settings.epochs


def at(history: History, epochs: Sequence[int]) -> History:
    """Return the epochs of the history, or its last one for those it did not come to."""
    found: History = history[np.minimum(epochs, len(history) - 1)]
    return found


def ceiling_of(runs: Sequence[Run]) -> float:
    """Return the cost up to which the runs are shown."""
    starts = [max(run.convergence.start_cost, floor_of(run.convergence)) for run in runs]
    return ABOVE_START * max(starts)


def overflow_of(run: Run) -> int | None:
    """Return the epoch in which the run overflowed, if it did."""
    last = int(run.history["epoch"][-1])
    return last + 1 if last < run.settings.epochs else None


def is_lost(run: Run, ceiling: float) -> bool:
    """Tell whether the run ends off the chart."""
    return overflow_of(run) is not None or bool(run.history["cost"][-1] > ceiling)


def note_on(cost: float, overflow: int | None) -> str:
    """Return what to say of a run that cannot be seen."""
    if overflow is not None:
        return f"overflowed in epoch {overflow:,}"
    return f"off the chart: cost {words.power_of_ten(cost)}"


def units_of(runs: Sequence[Run]) -> list[list[Run]]:
    """Return the runs in the data's own units and those in standardized ones, if there are any."""
    own = [run for run in runs if run.trained is None]
    standardized = [run for run in runs if run.trained is not None]
    return [group for group in (own, standardized) if group]


def run_colours(count: int) -> list[str]:
    """Return a colour for each of the runs, from dark to light, in the theme in use."""
    paper = colours().paper
    kind = "none" if paper == "none" else "dark" if sum(to_rgb(paper)) < 1.5 else "light"
    nine = RUN_COLOURS[kind].split()
    return [nine[place] for place in sorted(PLEASANT[kind][:count])]


# --- the layout ----------------------------------------------------------------------------------

BELOW = 40.0
"""What numbers and name along an axis take."""

LEAST_PANEL, LEAST_AXES = (150.0, 45.0), 85.0
"""What a panel must have in width and height, and other axes each way."""


class Rooms(NamedTuple):
    """What numbers and names beside the axes take, and the names right of the costs."""

    panel: float = 50
    cost: float = 60
    plane: float = 50
    tag: float = 70


class Plan(NamedTuple):
    """Where the parts of the figure stand, and how many lines the headings have."""

    panels: list[Box]
    costs: Box
    planes: list[Box]
    rates: Box | None
    columns: int
    heading: int

    @property
    def is_legible(self) -> bool:
        """Whether every text has room, and every curve some."""
        (width, height), *others = (
            (box.right - box.left, box.top - box.bottom)
            for box in (self.panels[0], self.costs, *self.planes)
        )
        enough = width >= LEAST_PANEL[0] and height >= LEAST_PANEL[1]
        return enough and min(map(min, others)) >= LEAST_AXES


class Contents(NamedTuple):
    """How much there is to be placed."""

    runs: int
    units: int
    rates: bool
    footer: Sequence[str]


def plan_for(whole: Box, has: Contents, rooms: Rooms) -> Plan:
    """Return where the parts stand within the whole: panels left of the rest or, in a picture
    higher than wide, above it, in one, two or three columns, whichever leaves them largest.
    """
    left, low, right, top = whole
    low += footer_height(has.footer, right - left)
    upright = is_upright(whole)
    strip = 3.2 * LINE if has.rates else 0.0
    plans = []
    for columns in range(1, min(has.runs, 3) + 1):
        rows = math.ceil(has.runs / columns)
        if upright:
            under = top - 0.46 * (top - low - strip)
            block, rest = Box(left, under, right, top), Box(left, low + strip, right, under)
        else:
            beside = left + (0.4 + 0.07 * columns) * (right - left)
            block, rest = Box(left, low, beside, top), Box(beside, low + strip, right, top)
        start = block.left + rooms.panel
        across = (block.right - start - 12 + 14) / columns - 14
        heading = 2 if across >= 370 else 3
        down = (block.top - block.bottom - BELOW) / rows
        panels = []
        for index in range(has.runs):
            x = start + (across + 14) * (index % columns)
            y = block.top - down * (index // columns)
            panels.append(Box(x, y - down + 6, x + across, y - heading * LINE - 4))
        middle = (rest.bottom + rest.top) / 2
        costs = Box(rest.left + rooms.cost, middle + BELOW, rest.right - rooms.tag, rest.top - 6)
        each = (rest.right - rest.left) / has.units
        planes = [
            Box(x + rooms.plane, rest.bottom + BELOW, x + each - 12, middle - LINE - 4)
            for x in (rest.left + each * index for index in range(has.units))
        ]
        base = low + LINE + 3
        scale = Box(rest.left + 20, base, right - 12, base + 12) if has.rates else None
        plan = Plan(panels, costs, planes, scale, columns, heading)
        height = panels[0].top - panels[0].bottom
        plans.append((min(across, 2.8 * height), plan))
    return max(plans, key=lambda scored: scored[0])[1]


def rooms_beside(
    panels: Sequence[Axes], costs: Axes, planes: Sequence[Axes], names: Sequence[str]
) -> Rooms:
    """Return the rooms that the texts take in fact, on axes that have been placed."""
    tags = max(text_px(tag(name)) for name in names)
    return Rooms(
        label_room(panels[0].yaxis),
        label_room(costs.yaxis),
        max(label_room(axes.yaxis) for axes in planes),
        tags + 32,
    )


# --- the parts -----------------------------------------------------------------------------------


def draw_data(panels: Sequence[Axes], data: Dataset, runs: Sequence[Run]) -> None:
    """Draw the points and the least-squares line in each panel, with limits for these runs."""
    set_limits(panels[0], data, np.concatenate([run.history for run in runs]))
    limits = panels[0].get_xlim(), panels[0].get_ylim()
    least = runs[0].convergence.least_squares
    for panel in panels:
        draw_points(panel, data)
        panel.lines[0].set_markersize(0.75 * panel.lines[0].get_markersize())
        draw_least_squares(panel, data, least, colours().least, width=1.4, zorder=2.1)
        panel.set(xlim=limits[0], ylim=limits[1])
        write_numbers(panel.yaxis, data.y_name)


def draw_legend(figure: Figure, panel: Axes, whole: Box) -> None:
    """Name what is the same in each panel, at the right end of the header's last line."""
    points, least = panel.lines[:2]
    points.set_label("data")
    least.set_label("least squares")
    fitted = Line2D([], [], color=colours().ink, ls="--", lw=2, label="fitted line")
    pixel = pixel_of(figure)
    figure.legend(
        handles=[points, least, fitted],
        loc="lower right",
        bbox_to_anchor=(1, (whole.top + 2) * pixel / figure.bbox.height),
        ncols=3,
        fontsize=SMALL_PT,
        columnspacing=1.2,
        handlelength=1.8,
        handletextpad=0.5,
        borderpad=0,
        borderaxespad=0.5,
    )


def name_panels(panels: Sequence[Axes], columns: int, data: Dataset) -> None:
    """Write names and numbers along the outer axes only, which have been placed."""
    first, last = panels[0], panels[columns * ((len(panels) - 1) // columns)]
    for index, panel in enumerate(panels):
        is_lowest = index + columns >= len(panels)
        write_numbers(panel.xaxis, data.x_name if is_lowest else "")
        write_numbers(panel.yaxis, "")
        panel.set_ylabel("")
        if not is_lowest:
            panel.set_xlabel("")
        panel.tick_params(labelbottom=is_lowest, labelleft=index % columns == 0)
    along = first.bbox.y1 - last.bbox.y0
    # What the numbers leave out is written with the name, which all rows share.
    write_numbers(first.yaxis, "")
    addition = first.yaxis.label.get_text().strip()
    name_axis(first.yaxis, data.y_name, along)
    fit_in(first.yaxis.label, along, f" {addition}" if addition else "")
    first.yaxis.label.set_y(1 - along / 2 / first.bbox.height)


def cost_curve(run: Run, scale: EpochScale) -> tuple[Floats, Floats]:
    """Return where the run's epochs stand along their axis, and the logarithms of their costs."""
    return scale.places(run.history["epoch"]), log_costs(run.convergence, run.history["cost"])


def draw_costs(axes: Axes, runs: Sequence[Run], ceiling: float) -> None:
    """Prepare axes for the costs up to the ceiling, with the lowest possible one."""
    convergence = runs[0].convergence
    costs = np.concatenate([log_costs(convergence, run.history["cost"]) for run in runs])
    seen = costs[costs <= np.log10(ceiling)]
    seen = seen if len(seen) else costs
    lowest = lowest_of(convergence)
    known = [] if lowest is None else [math.log10(lowest)]
    axes.set_ylim(*padded(min([*seen, *known]), max(seen), 0.08))
    axes.set_ylabel("cost (log)")
    write_costs(axes.yaxis, lowest)
    if lowest is not None:
        axes.axhline(known[0], color=colours().least, lw=1.2, ls=":", label="lowest possible")
        axes.annotate(
            "lowest possible", (0, known[0]), (4, 2), ("axes fraction", "data"),
            textcoords="offset points", size=SMALL_PT, color=colours().muted,
        )  # fmt: skip


def tag(name: str) -> str:
    """Return the shortest form of what differs.

    >>> [tag(name) for name in ("learning rate 0.01", "10 points a step", "shuffled each epoch")]
    ['0.01', '10 a step', 'shuffled']
    """
    for words_left_out in ("learning rate ", "start ", " points", " point", " each epoch"):
        name = name.replace(words_left_out, "")
    return name


COST_PX = 104
"""What a cost above a panel takes, beside the panel's title."""


def titles_for(names: Sequence[str], panel: Axes) -> Sequence[str]:
    """Return the longest forms of the names, bold, that have room above the panel."""
    room = panel.bbox.width / pixel_of(figure_of(panel)) - COST_PX
    shorter = [name.removeprefix("learning ") for name in names]
    for forms in (names, shorter):
        if max(1.15 * text_px(form) for form in forms) <= room:
            return forms
    return [tag(name) for name in names]


def label_ends(
    axes: Axes, runs: Sequence[Run], names: Sequence[str], shown: Sequence[str], ceiling: float
) -> None:
    """Write beside the axes which curve ends where, as far apart as the labels need."""
    figure, pixel = figure_of(axes), pixel_of(figure_of(axes))
    top = axes.get_ylim()[1]
    ends = [
        top
        if is_lost(run, ceiling)
        else float(log_costs(run.convergence, run.history["cost"][-1:])[0])
        for run in runs
    ]
    heights = axes.transData.transform([(axes.get_xlim()[1], end) for end in ends])[:, 1]
    # Those that end alike stay in the order of the panels, the first above.
    order = np.lexsort((-np.arange(len(runs)), heights))
    distance = 1.2 * SMALL_PT / 72 * figure.dpi
    room = distance * np.arange(len(runs))
    low, high = axes.bbox.y0 + room, axes.bbox.y1 - room[::-1]
    places = np.clip(apart(heights[order], distance), low, high)
    for index, place in zip(order, places):
        x = axes.bbox.x1 + np.array([0, 4, 10]) * pixel
        y = np.array([heights[index], heights[index], place])
        figure.add_artist(Line2D(x, y, color=shown[index], lw=1.0, transform=IdentityTransform()))
        lost = is_lost(runs[index], ceiling)
        figure.text(
            (axes.bbox.x1 + 13 * pixel) / figure.bbox.width,
            place / figure.bbox.height,
            tag(names[index]) + (" \N{UPWARDS ARROW}" if lost else ""),
            va="center",
            size=SMALL_PT,
            color=colours().muted if lost else colours().ink,
        )


def path_over(axes: Axes, run: Run) -> tuple[Floats, Floats]:
    """Return the run's path over the plane from its start, in the units of training."""
    return surface.path_within(axes, run.as_trained.history)


def set_limits_of_plane(axes: Axes, group: Sequence[Run]) -> None:
    """Fix limits that hold what is worth seeing of each run."""
    sides = []
    for run in group:
        surface.set_plane_limits(axes, run.as_trained.convergence, run.as_trained.history)
        sides.append([*axes.get_xlim(), *axes.get_ylim()])
    left, right, low, high = np.array(sides).T
    axes.set(xlim=(left.min(), right.max()), ylim=(low.min(), high.max()))
    surface.name_plane(axes)


def draw_plane(
    axes: Axes, group: Sequence[Run], colour_of: Mapping[int, str], *, alone: bool
) -> None:
    """Draw the cost over the plane of W and b with a few costs, clear of the paths, and mark
    where the runs start and end; `alone` if the other units have no plane beside it.
    """
    is_standardized = group[0].trained is not None
    one, convergence = group[0].convergence, group[0].as_trained.convergence
    if not alone:
        widen_to_scale(axes)
    surface.draw_surface(axes, convergence)
    surface.name_plane(axes, standardized=is_standardized)
    for start in dict.fromkeys(run.as_trained.settings.start for run in group):
        surface.mark(axes, start, "o", "start")
    surface.mark(axes, convergence.least_squares, "*", "least squares")
    for run in group:
        mark_limit(axes, run.as_trained.convergence, colour_of[id(run)])
    titles = ["paths of W and b: paler = lower cost", "paler = lower cost"]
    if not alone:
        titles = ["standardized" if is_standardized else "not standardized"]
    title = axes.annotate(
        "",
        (0, 1),
        (0, 4),
        "axes fraction",
        textcoords="offset points",
        size=SMALL_PT,
        weight="bold",
    )
    words.write_what_fits(title, titles, axes.bbox.width)
    pixel = pixel_of(figure_of(axes))
    paths = [axes.transData.transform(np.column_stack(path_over(axes, run))) for run in group]
    labels = Labels(axes, np.concatenate([dense(path, 4 * pixel) for path in paths]))
    unit = one.start_cost / convergence.start_cost if is_standardized else 1.0
    surface.number_contours(axes, convergence, labels, unit)


def mark_limit(axes: Axes, convergence: Convergence, colour: str) -> None:
    """Mark with a cross where the run ends, if that is on the plane."""
    limit = convergence.limit
    if limit is None or not surface.is_within(axes, limit):
        return
    for color, width in ((colours().low, 4.0), (colour, 1.8)):
        axes.plot(*limit, "x", color=color, ms=6, mew=width, ls="none", zorder=3.5)


def widen_to_scale(axes: Axes) -> None:
    """Widen one side until a step of W is drawn as long as a step of b, so that a round bowl
    looks round; but not so far that little is left to see.
    """
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    ratio = (right - left) / (high - low) / (axes.bbox.width / axes.bbox.height)
    if 1 / ROUND < ratio < 1:
        more = (right - left) * (1 / ratio - 1) / 2
        axes.set_xlim(left - more, right + more)
    elif 1 < ratio < ROUND:
        more = (high - low) * (ratio - 1) / 2
        axes.set_ylim(low - more, high + more)


def draw_rates(axes: Axes, runs: Sequence[Run], shown: Sequence[str]) -> None:
    """Draw a scale of learning rates: the safe ones, those that diverge, and the runs' own."""
    convergence = runs[0].as_trained.convergence
    safe, threshold = convergence.safe_rate, convergence.diverging_rate
    rates = np.log10([run.as_trained.settings.lr for run in runs])
    limits = np.log10([safe, threshold or safe])
    low, high = padded(min(*rates, *limits), max(*rates, *limits), 0.1)
    axes.set(xlim=(low, high), ylim=(0, 1), xticks=[], yticks=[])
    for start, end, share in ((limits[0], limits[1], 0.35), (limits[1], high, 0.75)):
        color = colours().pale(colours().muted, share)
        axes.add_patch(Rectangle((start, 0), end - start, 1, fc=color, lw=0))
    axes.scatter(rates, [0.5] * len(runs), 36, shown, edgecolors=colours().low, lw=1, zorder=3)
    texts = [
        ("learning rate (log)", low, 1, "left"),
        (f"safe up to {words.number(safe, 2)}", limits[0], 0, "right"),
    ]
    if threshold is not None:
        texts.append((f"diverges from {words.number(threshold)}", high, 1, "right"))
    for text, x, y, side in texts:
        axes.annotate(
            text,
            (x, y),
            (0, 3 if y else -3),
            textcoords="offset points",
            ha=side,
            va="bottom" if y else "top",
            size=SMALL_PT,
        )


def explanation(runs: Sequence[Run], names: Sequence[str]) -> list[str]:
    """Return why the runs are fast and then slow, and why they end where they do."""
    found = [run.as_trained.convergence for run in runs]
    says = []
    if not is_of_rates(runs):
        safe = [words.number(each.safe_rate, 2) for each in found]
        limits = [f"{limit} ({tag(name)})" for limit, name in zip(safe, names)]
        upto = safe[0] if len(set(safe)) == 1 else ", ".join(limits)
        says.append(f"Learning rate {words.number(found[0].settings.lr)}; safe up to {upto}.")
    says += [why_slow(found), why_beside(found)]
    return says


class Heading:
    """What stands above a panel: what differs, the cost now, where the run ends and how fast."""

    def __init__(
        self, panel: Axes, name: str, run: Run, colour: str, lost: bool, lines: int
    ) -> None:
        self._figure, self._box = figure_of(panel), panel.bbox
        self._ink = colours().muted if lost else colours().ink
        pixel, convergence = pixel_of(self._figure), run.as_trained.convergence
        left, right, top = self._box.x0, self._box.x1, self._box.y1 + 6 * pixel
        lowest, line = run.convergence.minimum_cost, LINE * pixel
        # Above its heading's last line, or the last two.
        first = top + (lines - 1) * line
        costs = np.minimum(run.history["cost"], ceiling_of([run]))
        self._write = steady_costs(costs, lowest)
        self._cost, self._first = Readout(self._figure, right, first, self._ink), first
        swatch = Line2D([left + 4 * pixel], [first + 4.5 * pixel], marker="s", ms=6, color=colour)
        swatch.set_transform(IdentityTransform())
        self._figure.add_artist(swatch)
        title = self._text(left + 12 * pixel, first, [name], math.inf, weight="bold")
        room = right - title.get_window_extent().x1 - 6 * pixel
        self._name = "cost "
        if self._cost.width_of(self._says(costs.max())) > room:
            self._name = ""
        ends = self._text(left, first - line, words.ends(convergence), self._box.width)
        if lines == 2:
            room = self._box.width - ends.get_window_extent().width - 12 * pixel
        else:
            room = self._box.width
        last_epoch, weight, bias, _ = run.as_trained.history[-1].tolist()
        verdict = words.verdict(convergence, Line(weight, bias), last_epoch)
        verdict = words.gap(convergence) if lost else verdict
        side = "right" if lines == 2 else "left"
        where = right if lines == 2 else left
        self._meanwhile = self._text(where, top, words.gap(convergence), room, ha=side)
        self._verdict = self._text(where, top, verdict, room, ha=side)
        self._rises = run.convergence.least_squares.weight >= 0
        self._note = Readout(self._figure, 0, 0, colours().muted, colours().paper)
        self.artists: Sequence[Artist] = (self._cost, self._note)

    def _says(self, cost: float) -> str:
        return self._name + self._write(cost).strip(FIGURE_SPACE + COMMA_SPACE)

    def _text(self, x: float, y: float, says: Sequence[str], room: float, **how: Any) -> Text:
        """Return a text in the longest of its forms that has room, in pixels."""
        whole = self._figure.bbox
        text = self._figure.text(
            x / whole.width, y / whole.height, "", size=SMALL_PT, color=self._ink, **how
        )
        words.write_what_fits(text, says, room)
        return text

    def update(self, cost: float | None, note: str) -> None:
        """Show the cost, or a note in the panel of a run that cannot be seen."""
        # At the right end, whatever its length.
        self._cost.set_text("" if cost is None else self._says(cost))
        self._cost.move(self._box.x1 - self._cost.width, self._first)
        self._note.set_text(note)
        if note:
            if self._note.width > self._box.width - 8:
                self._note.set_text(note.partition(":")[0])
            # At the end where points that rise, or fall, leave the lower corner free.
            free = self._box.x1 - self._note.width if self._rises else self._box.x0
            pixel = pixel_of(self._figure)
            self._note.move(free - (4 if self._rises else -4) * pixel, self._box.y0 + 7 * pixel)

    def finish(self, is_last: bool) -> None:
        """Say how far the run has come, on the last frame, in place of how fast it goes."""
        self._verdict.set_visible(is_last)
        self._meanwhile.set_visible(not is_last)


SAMPLES = 25
"""Corners along each edge of what is between two lines."""


class Fits:
    """The fitted lines of all panels, and what is between each and the least-squares line."""

    def __init__(
        self, panels: Sequence[Axes], data: Dataset, runs: Sequence[Run], shown: Sequence[str]
    ) -> None:
        """Take panels that have the same limits, and have been placed."""
        self._x, self._x_limits = np.linspace(*data.x_range, SAMPLES), panels[0].get_xlim()
        self._y_limits = panels[0].get_ylim()
        self._boxes = np.array([panel.bbox.bounds for panel in panels])
        least = predict(runs[0].convergence.least_squares, self._x)
        self._least = np.clip(least, *self._y_limits)[::-1]
        alpha = colours().alpha(0.3)
        faces = shown if alpha is not None else "none"
        figure = figure_of(panels[0])
        self._between = PolyCollection([], facecolors=faces, alpha=alpha, lw=0, animated=True)
        self._lines = LineCollection([], colors=shown, lw=2.2, linestyles="--", animated=True)
        self.artists: Sequence[Artist] = (self._between, self._lines)
        for artist, label in ((self._between, "between"), (self._lines, "fitted lines")):
            artist.set(transform=IdentityTransform(), label=label)
            figure.add_artist(artist)

    def update(self, lines: Sequence[Line | None]) -> None:
        """Show these lines, one in each panel; None leaves a panel without."""
        shown = [NO_LINE if line is None else line for line in lines]
        weight, bias = np.array(shown)[:, :, None].swapaxes(0, 1)
        with np.errstate(over="ignore"):
            heights = np.clip(weight * self._x + bias, *self._y_limits)
        edges = np.concatenate([heights, np.tile(self._least, (len(lines), 1))], axis=1)
        self._between.set_verts([*self._pixels(np.r_[self._x, self._x[::-1]], edges)])
        x_range = self._x[0], self._x[-1]
        ends = np.array([line_within(line, x_range, self._y_limits) for line in shown])
        self._lines.set_segments([*self._pixels(ends[:, 0], ends[:, 1])])

    def _pixels(self, x: Floats, y: Floats) -> Floats:
        """Return places, (panels, n, 2), for heights, (panels, n), over x."""
        (left, right), (low, high) = self._x_limits, self._y_limits
        x0, y0, width, height = self._boxes.T[:, :, None]
        return np.stack(
            [x0 + (x - left) / (right - left) * width, y0 + (y - low) / (high - low) * height],
            axis=-1,
        )


NO_LINE = Line(math.nan, math.nan)


class Tracks:
    """The curves of all runs, pale from the first frame on, and dots that move along them."""

    def __init__(self, figure: Figure, shown: Sequence[str]) -> None:
        self._shown, self._figure = shown, figure
        self._lines: list[tuple[Line2D, str]] = []
        self._places: list[Floats] = []
        self._dots = PathCollection([MarkerStyle("o").get_path()], [10.0], animated=True)
        self._dots.set(edgecolor=colours().low, lw=1.0, transform=IdentityTransform())
        self._dots.set_offset_transform(IdentityTransform())
        self._dots.set_label("dots")
        figure.add_artist(self._dots)
        self.artists: Sequence[Artist] = (self._dots,)

    def add(self, axes: Axes, curves: Sequence[tuple[Floats, Floats] | None]) -> None:
        """Draw a curve for each run on axes that have been placed, none for None."""
        limits = axes.get_xlim(), axes.get_ylim()
        for curve, colour in zip(curves, self._shown):
            if curve is None:
                self._places.append(np.full((1, 2), OUTSIDE))
                continue
            # Far outside, pixels would overflow; nothing of it is seen anyway.
            near = [np.clip(side, *padded(*of, share=10.0)) for side, of in zip(curve, limits)]
            (line,) = axes.plot(*near, color=colour, lw=1.6)
            self._lines.append((line, colour))
            places = axes.transData.transform(np.column_stack(near))
            box = axes.bbox
            within = (places >= box.min) & (places <= box.max)
            places[~within.all(axis=1)] = OUTSIDE
            self._places.append(places)
        self._dots.set_facecolor([*self._shown] * (len(self._places) // len(self._shown)))

    def update(self, indices: Sequence[int]) -> None:
        """Put each run's dots on the point of this index."""
        runs = len(indices)
        ends = [
            places[min(indices[at % runs], len(places) - 1)]
            for at, places in enumerate(self._places)
        ]
        self._dots.set_offsets(ends)

    def finish(self, is_last: bool) -> None:
        """Draw the curves in full colour, on the last frame, or pale as before it."""
        for line, colour in self._lines:
            shade = colour if is_last else colours().pale(colour, 0.5)
            if line.get_color() != shade:
                line.set_color(shade)


OUTSIDE = -1000.0
"""Pixels left of and below every picture."""
