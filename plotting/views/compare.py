"""Runs side by side that differ in a setting: their lines, costs and paths, and where they end."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FixedFormatter, FixedLocator
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
    box_of,
    figure_of,
    fit_in,
    name_axis,
    pixel_of,
    set_box,
)
from plotting.views.header import Header, edge_text, floored
from plotting.views.headings import Heading, Sentences
from plotting.views.inset import Inset, around, comes_from_above, is_small
from plotting.views.layout import (
    is_upright,
    legible_figure,
    paper_kind,
    widen_to_scale,
    write_title_above,
)
from plotting.views.notes import larger_rates
from plotting.views.rate_strip import room_beyond
from plotting.views.readout import (
    Write,
    steady_costs,
    steady_epochs,
    steady_lines,
    without_blanks,
)
from plotting.views.reasons import (
    LINE,
    footer_height,
    why_beside,
    why_rate_matters,
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
    rows_of,
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
    "light": (4, 7, 5, 6, 8, 3, 2, 1, 0),
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
        groups, says = units_of(runs), Sentences(runs)
        has_scale = is_of_rates(runs) and not says.own_limits
        why = explanation(runs, names, says)
        has = Contents(len(runs), len(groups), has_scale, why, says)
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
            write, widest = cost_writer(runs, ceiling)
            write_line = line_writer([run for run, off in zip(runs, lost) if not off] or runs)
            self._lowest = lowest_text(runs, write)
            number_costs(costs, runs[0].convergence, self._lowest)
            scale.write_on(costs.xaxis)
            colour_of = dict(zip(map(id, runs), shown))
            ends = [
                draw_plane(axes, group, colour_of, ceiling, alone=len(groups) == 1)
                for axes, group in zip(planes, groups)
            ]
            label_ends(costs, runs, names, shown, ceiling)
            if plan.rates is not None:
                draw_rates(add_axes(self.figure, plan.rates, "rates"), runs, shown)
            write_footer(self.figure, has.footer)
            draw_legend(self.figure, panels[0], whole)
            self._epoch = steady_epochs(np.array(self.moments))
            self._header = Header(self.figure, style, [[self._texts(self.moments[-1])]])
            self._heads = [
                Heading(
                    panel,
                    name,
                    run,
                    says,
                    colour=colour,
                    muted=off,
                    brief=plan.brief,
                    write=write,
                    write_line=write_line,
                    widest=widest,
                )
                for panel, name, run, colour, off in zip(
                    panels, titles_for(names, panels[0]), runs, shown, lost
                )
            ]
            self._fits = Fits(panels, data, runs, shown)
            self._tracks = Tracks(self.figure, shown, lost)
            self._tracks.add(costs, [cost_curve(run, scale) for run in runs])
            self._add_paths(zip(planes, ends, groups))
            histories = [run.history[rows_of(run.history, self.moments)] for run in runs]
            self._way: Floats = np.max(
                [way_of_line(panels[0], data, each) for each in histories], axis=0
            )
        self._is_last: bool | None = None
        self.moving: Sequence[Artist] = (
            *self._fits.artists,
            *self._tracks.artists,
            *(artist for head in self._heads for artist in head.artists),
            *self._header.artists,
        )

    def _add_paths(self, parts: Iterable[tuple[Axes, Axes | None, Sequence[Run]]]) -> None:
        """Draw the paths of each group of runs on its plane and on what is magnified of it."""
        for plane, inset, group in parts:
            ids = [id(run) for run in group]
            paths = [path_over(plane, run) if id(run) in ids else None for run in self._runs]
            self._tracks.add(plane, paths)
            if inset is not None:
                shown = [path_near_end(run) if id(run) in ids else None for run in self._runs]
                self._tracks.add(inset, shown)

    def times_ms(self, frame_ms: int, hold_ms: int) -> list[int]:
        """Return the time of each frame: longer where a line moves more."""
        return paced(self._way, frame_ms, hold_ms)

    def update(self, epoch: int) -> None:
        """Bring each run to the epoch, or to its last one if it did not come so far."""
        lines, places = [], []
        for run, head in zip(self._runs, self._heads):
            index = int(rows_of(run.history, epoch))
            _, weight, bias, cost = run.history[index].tolist()
            over = run.overflow_epoch if run.overflowed and epoch >= run.overflow_epoch else None
            off = over is not None or cost > self._ceiling
            lines.append(None if off else Line(weight, bias))
            places.append(index)
            note = note_on(cost, over) if off else ""
            head.update(None if off else cost, note, is_last=epoch == self.moments[-1])
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
        rates = {run.as_trained.settings.lr for run in self._runs}
        return [
            f"Epoch {self._epoch(epoch)} of {epochs:,}",
            *(f"learning rate {words.number(rate, 4)}" for rate in rates if len(rates) == 1),
            f"lowest possible cost {self._lowest}",
        ]


def cost_writer(runs: Sequence[Run], ceiling: float) -> tuple[Write, float]:
    """Return what writes the costs of all runs with the same digits, enough to tell them from the
    lowest possible, and the largest cost that is written.
    """
    costs = np.concatenate([run.history["cost"] for run in runs])
    costs = np.minimum(costs[np.isfinite(costs)], ceiling)
    return steady_costs(costs, lowest_of(runs[0].convergence)), float(costs.max())


def line_writer(runs: Sequence[Run]) -> Callable[[float, float], str]:
    """Return what writes the last lines of the runs, W and b with as many decimals in each."""
    last = np.array([run.history[-1].tolist()[1:3] for run in runs])
    write = steady_lines(*last.T)
    return lambda weight, bias: without_blanks(write(weight, bias))


def lowest_text(runs: Sequence[Run], write: Write) -> str:
    """Return the lowest possible cost with the digits of the others, so that it is not rounded
    above one of them.
    """
    lowest = lowest_of(runs[0].convergence)
    return "0" if lowest is None else without_blanks(write(lowest))


def names_of(runs: Sequence[Run]) -> list[str]:
    """Return what differs, with signs and powers of ten as one writes them."""
    return [
        re.sub(r"-[\d.]+|-?[\d.]+e[-+]\d+", lambda found: words.number(float(found[0]), 4), name)
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


def ceiling_of(runs: Sequence[Run]) -> float:
    """Return the cost up to which the runs are shown."""
    starts = [max(run.convergence.start_cost, floor_of(run.convergence)) for run in runs]
    return ABOVE_START * max(starts)


def is_lost(run: Run, ceiling: float) -> bool:
    """Tell whether the run ends off the chart."""
    return run.overflowed or bool(run.history["cost"][-1] > ceiling)


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
    kind = paper_kind()
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
    """Where the parts of the figure stand, and whether the headings are short."""

    panels: list[Box]
    costs: Box
    planes: list[Box]
    rates: Box | None
    columns: int
    brief: bool
    """Whether there is no room to say how fast each run goes."""

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
    says: Sentences


def plan_for(whole: Box, has: Contents, rooms: Rooms) -> Plan:
    """Return where the parts stand within the whole: panels left of the rest or, in a picture
    higher than wide, above it, in one, two or three columns, whichever leaves them largest.
    """
    left, low, right, top = whole
    low += footer_height(has.footer, right - left)
    upright = is_upright(whole)
    strip = 3.8 * LINE if has.rates else 0.0
    plans = []
    for columns, brief in product(range(1, min(has.runs, 3) + 1), (False, True)):
        rows = math.ceil(has.runs / columns)
        if upright:
            under = top - 0.46 * (top - low - strip)
            block, rest = Box(left, under, right, top), Box(left, low + strip, right, under)
        else:
            beside = left + SHARES[columns - 1] * (right - left)
            block, rest = Box(left, low, beside, top), Box(beside, low + strip, right, top)
        start = block.left + rooms.panel
        across = (block.right - start - 12 + 14) / columns - 14
        heading = 1 + has.says.lines(across, brief=brief)
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
        plan = Plan(panels, costs, planes, scale, columns, brief)
        height = panels[0].top - panels[0].bottom
        plans.append((min(across, 2.8 * height) * (BRIEF if brief else 1.0), plan))
    return max(plans, key=lambda scored: scored[0])[1]


SHARES = (0.47, 0.62, 0.62)
"""Of the width of a picture, for the panels in one, two and three columns."""

BRIEF = 0.8
"""What a plan with short headings is worth: only where it makes panels much larger are they."""


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
        write_numbers(panel.yaxis, data.y_name, dates=data.y_is_date)


LEGEND_PX = 560
"""The width of a picture in which the legend has room for all that there is."""


def draw_legend(figure: Figure, panel: Axes, whole: Box) -> None:
    """Name what is the same in each panel, at the right end of the header's last line."""
    points, least = panel.lines[:2]
    points.set_label("data")
    least.set_label("least squares")
    fitted = Line2D([], [], color=colours().ink, ls="--", lw=2, label="fitted line")
    shade = Patch(fc=colours().pale(colours().ink, 0.3), lw=0, label="gap to least squares")
    pixel = pixel_of(figure)
    has_room = whole.right - whole.left > LEGEND_PX and colours().alpha(1.0) is not None
    handles = [points, least, fitted, *([shade] if has_room else [])]
    figure.legend(
        handles=handles,
        loc="lower right",
        bbox_to_anchor=(1, (whole.top + 2) * pixel / figure.bbox.height),
        ncols=len(handles),
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
        write_numbers(panel.xaxis, data.x_name if is_lowest else "", dates=data.x_is_date)
        write_numbers(panel.yaxis, "", dates=data.y_is_date)
        panel.set_ylabel("")
        if not is_lowest:
            panel.set_xlabel("")
        panel.tick_params(labelbottom=is_lowest, labelleft=index % columns == 0)
    along = first.bbox.y1 - last.bbox.y0
    # What the numbers leave out is written with the name, which all rows share.
    write_numbers(first.yaxis, "", dates=data.y_is_date)
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
    number_costs(axes, convergence, lowest_text(runs, cost_writer(runs, ceiling)[0]))
    if lowest is not None:
        axes.axhline(known[0], color=colours().least, lw=1.2, ls=":", label="lowest possible")
        axes.annotate(
            "lowest possible", (0, known[0]), (4, 2), ("axes fraction", "data"),
            textcoords="offset points", size=SMALL_PT, color=colours().muted,
        )  # fmt: skip


def number_costs(axes: Axes, convergence: Convergence, lowest: str) -> None:
    """Number the costs, the lowest possible as it is written elsewhere."""
    write_costs(axes.yaxis, lowest_of(convergence))
    if lowest_of(convergence) is None:
        return
    places = [float(place) for place in axes.get_yticks()]
    texts = [label.get_text() for label in axes.get_yticklabels()]
    axes.yaxis.set_major_locator(FixedLocator(places))
    axes.yaxis.set_major_formatter(FixedFormatter([*texts[:-1], lowest]))


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


def path_near_end(run: Run) -> tuple[Floats, Floats] | None:
    """Return the run's path for what is magnified around its end; None of a run without one, and of
    a shuffled one, whose zigzag would hide all else.
    """
    history = run.as_trained.history
    if run.convergence.limit is None or run.settings.shuffled or run.convergence.limit_is_useless:
        return None
    return history["weight"], history["bias"]


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
    axes: Axes, group: Sequence[Run], colour_of: Mapping[int, str], ceiling: float, *, alone: bool
) -> Axes | None:
    """Draw the cost over the plane of W and b with a few costs, clear of the paths, and mark
    where the runs start and end; `alone` if the other units have no plane beside it.

    Return axes in a corner that magnify the ends, if they would be hard to tell apart.
    """
    is_standardized = group[0].trained is not None
    convergence = group[0].as_trained.convergence
    if not alone:
        widen_to_scale(axes)

    def draw_map(on: Axes) -> None:
        surface.draw_surface(on, convergence)
        for start in dict.fromkeys(run.as_trained.settings.start for run in group):
            if surface.is_within(on, start):
                surface.mark(on, start, "o", "start")
        if surface.is_within(on, convergence.least_squares):
            surface.mark(on, convergence.least_squares, "*", "least squares")
            on.lines[-1].set_markersize(STAR)
        for run in group:
            if not words.ends_at_lowest(run.as_trained.convergence):  # where the star is
                mark_limit(on, run.as_trained.convergence, colour_of[id(run)])

    draw_map(axes)
    surface.name_plane(axes, standardized=is_standardized and alone)
    titles = [f"paths of W and b: {surface.shades()}", surface.shades()]
    if not alone:
        titles = ["standardized" if is_standardized else "not standardized"]
    write_title_above(axes, titles)
    pixel = pixel_of(figure_of(axes))
    paths = [axes.transData.transform(np.column_stack(path_over(axes, run))) for run in group]
    path = np.concatenate([dense(path, 4 * pixel) for path in paths])
    labels = Labels(axes, path)
    shown = [run for run in group if not is_lost(run, ceiling)]
    inset = magnified_ends(axes, shown, path, draw_map)
    if inset is not None:
        name_star(inset.axes, shown)
        labels.take(*inset.axes.bbox.extents)
        labels.take(*inset.frame.get_window_extent().extents)
    starts = {run.as_trained.settings.start for run in group}
    if len(starts) == 1:
        at = axes.transData.transform(starts.pop())
        write_beside(axes, labels, at, "start")
    surface.number_contours(axes, convergence, labels, group[0].cost_factor)
    return None if inset is None else inset.axes


STAR = 11
"""The size of the mark at least squares, in points."""

SMALL = 0.05
"""Ends are magnified that take less than this share of the plane's width and height."""

INSET_LEAST = (270.0, 100.0)
"""The width and height of a plane, in pixels of the design, that has room to magnify them."""


def write_beside(axes: Axes, labels: Labels, at: Floats, text: str) -> None:
    """Write a text beside a place, in pixels, where it hides nothing; else leave it out."""
    wide = text_px(text) * pixel_of(figure_of(axes))
    place = labels.find([at], wide, keep="if free")
    if not labels.hides:
        axes.annotate(
            text, place, xycoords="figure pixels", size=SMALL_PT, color=colours().surface_ink,
            zorder=4,
        )  # fmt: skip


def name_star(inset: Axes, runs: Sequence[Run]) -> None:
    """Name least squares among the ends."""
    limits = [run.as_trained.convergence.limit for run in runs]
    ends = np.array([limit for limit in limits if limit is not None])
    pixel = pixel_of(figure_of(inset))
    paths = [np.column_stack(path) for path in map(path_near_end, runs) if path is not None]
    with np.errstate(over="ignore"):
        drawn = [dense(inset.transData.transform(path), 4 * pixel) for path in paths]
    labels = Labels(inset, np.concatenate([np.empty((0, 2)), *drawn]))
    for x, y in inset.transData.transform(ends).tolist():
        labels.take(x - 6 * pixel, y - 6 * pixel, x + 6 * pixel, y + 6 * pixel)
    box = inset.bbox
    if comes_from_above(runs[0].as_trained.convergence):
        labels.take(box.x0, box.y0, box.x1, box.y0 + 20 * pixel)
    else:
        labels.take(box.x0, box.y1 - 20 * pixel, box.x1, box.y1)
    star = inset.transData.transform(runs[0].as_trained.convergence.least_squares)
    write_beside(inset, labels, star, "least squares")


def magnified_ends(
    axes: Axes, runs: Sequence[Run], path: Floats, draw: Callable[[Axes], None]
) -> Inset | None:
    """Return a part of the plane with the runs' ends and least squares, magnified where the path,
    (n, 2) in pixels, leaves room; None if they are apart anyway, or there is none.
    """
    left, bottom, right, top = box_of(axes)
    limits = [run.as_trained.convergence.limit for run in runs]
    ends = [limit for limit in limits if limit is not None and surface.is_within(axes, limit)]
    if not ends or right - left < INSET_LEAST[0] or top - bottom < INSET_LEAST[1]:
        return None
    marks = np.array([*ends, runs[0].as_trained.convergence.least_squares])
    if not is_small(axes, marks, SMALL) or (np.ptp(marks, axis=0) == 0).all():
        return None
    one = runs[0].as_trained.convergence
    below = comes_from_above(one)
    area = around(marks, axes, stretch=1.0, text=0.45, below=below)
    return Inset(axes, area, path, draw, "ends", share=(0.45, 0.72), below=below)


def mark_limit(axes: Axes, convergence: Convergence, colour: str) -> None:
    """Mark with a cross where the run ends, if that is on the plane."""
    limit = convergence.limit
    if limit is None or not surface.is_within(axes, limit):
        return
    for color, width in ((colours().low, 4.0), (colour, 1.8)):
        axes.plot(*limit, "x", color=color, ms=6, mew=width, ls="none", zorder=3.5)


def draw_rates(axes: Axes, runs: Sequence[Run], shown: Sequence[str]) -> None:
    """Draw a scale of learning rates: the safe ones, those above, those that diverge, and the
    runs' own.
    """
    convergence = runs[0].as_trained.convergence
    safe, threshold = convergence.safe_rate, convergence.diverging_rate
    rates = np.log10([run.as_trained.settings.lr for run in runs])
    ends = np.log10([safe, threshold or safe])
    says = "" if threshold is None else f"diverges from {edge_text(convergence)}"
    width = axes.bbox.width / pixel_of(figure_of(axes))
    low, high = padded(min(*rates, *ends), max(*rates, *ends), 0.1)
    room = text_px("unsafe") + 8, text_px(says) + 6
    high, shift = room_beyond(axes, (low, high), (ends[0], ends[1]), words=room, most=0.6)
    axes.set(xlim=(low, high), ylim=(0, 1), yticks=[])
    for start, end, shade in ((ends[0], ends[1], 0.35), (ends[1], high, 0.75)):
        color = colours().pale(colours().muted, shade)
        axes.add_patch(Rectangle((start, 0), end - start, 1, fc=color, lw=0))
    axes.scatter(rates, [0.5] * len(runs), 36, shown, edgecolors=colours().low, lw=1, zorder=3)
    unit = width / (high - low)
    to_safe, to_edge = (ends - low) * unit
    name = f"safe up to {floored(safe)}"
    whole = f"rates {name}"
    texts = [(whole if text_px(whole) < to_safe + 15 else name, to_safe - 3, "right")]
    if threshold is not None:
        texts.append(("unsafe", to_safe + 3, "left"))
        texts.append((says, to_edge + shift + 3, "left"))
    for text, at, side in texts:
        axes.annotate(
            text, (low + at / unit, 1), (0, 3), textcoords="offset points", ha=side, va="bottom",
            size=SMALL_PT,
        )  # fmt: skip
    number_rates(axes, unit, [run.as_trained.settings.lr for run in runs])


def number_rates(axes: Axes, unit: float, rates: Sequence[float]) -> None:
    """Number those of the rates that have room, `unit` pixels of the design for a factor of ten:
    the smallest and the largest first.
    """
    low, high = axes.get_xlim()
    rising = sorted(set(rates))
    kept: dict[float, str] = {}
    for rate in dict.fromkeys([rising[0], rising[-1], *rising]):
        at, text = math.log10(rate), words.number(rate)
        half = text_px(text) / 2
        apart_from = [half + text_px(other) / 2 + 8 for other in kept.values()]
        is_clear = all(abs(at - x) * unit > room for x, room in zip(kept, apart_from))
        if is_clear and half - 16 <= (at - low) * unit <= (high - low) * unit - half + 12:
            kept[at] = text
    places = sorted(kept)
    axes.xaxis.set_major_locator(FixedLocator(places))
    axes.xaxis.set_major_formatter(FixedFormatter([kept[place] for place in places]))
    axes.tick_params(axis="x", length=3, pad=2)


def explanation(runs: Sequence[Run], names: Sequence[str], says: Sentences) -> list[str]:
    """Return what a larger rate would do, why the runs are fast and then slow, and why they end
    where they do; `names` say what differs.
    """
    found = [run.as_trained.convergence for run in runs]
    others = [name.partition(", ")[2] for name in names]
    short = others if len(set(others)) == len(runs) else names
    if is_of_rates(runs) and not says.own_limits:
        safe = f"Smaller rates: up to {floored(found[0].safe_rate)} they are safe."
        rates = why_rate_matters(found) or safe
    else:
        rates = larger_rates(runs, short)
    return [
        text for text in (rates, why_slow(found, names=short), why_beside(found, short)) if text
    ]


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

    def __init__(self, figure: Figure, shown: Sequence[str], lost: Sequence[bool]) -> None:
        """Take the colours of the runs, and which of them are drawn in dashes."""
        self._shown, self._lost = shown, lost
        self._lines: list[tuple[Line2D, str]] = []
        self._places: list[Floats] = []
        self._dots = PathCollection([MarkerStyle("o").get_path()], [1.0], animated=True)
        self._dots.set(edgecolor=colours().low, lw=1.0, transform=IdentityTransform())
        self._dots.set_offset_transform(IdentityTransform())
        self._dots.set_label("dots")
        figure.add_artist(self._dots)
        self.artists: Sequence[Artist] = (self._dots,)

    def add(self, axes: Axes, curves: Sequence[tuple[Floats, Floats] | None]) -> None:
        """Draw a curve for each run on axes that have been placed, none for None."""
        limits = axes.get_xlim(), axes.get_ylim()
        for curve, colour, lost in zip(curves, self._shown, self._lost):
            if curve is None:
                self._places.append(np.full((1, 2), OUTSIDE))
                continue
            # Far outside, pixels would overflow; nothing of it is seen anyway.
            near = [np.clip(side, *padded(*of, share=10.0)) for side, of in zip(curve, limits)]
            how: dict[str, Any] = {"lw": 1.2, "ls": (0, (4, 2))} if lost else {"lw": 1.6}
            (line,) = axes.plot(*near, color=colour, **how)
            self._lines.append((line, colour))
            places = axes.transData.transform(np.column_stack(near))
            box = axes.bbox
            within = (places >= box.min) & (places <= box.max)
            places[~within.all(axis=1)] = OUTSIDE
            self._places.append(places)
        count = len(self._places) // len(self._shown)
        self._dots.set_facecolor([*self._shown] * count)
        # The upper ones are smaller, so that those below show as rings.
        self._dots.set_sizes([*np.linspace(*DOTS, len(self._shown)) ** 2] * count)

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


DOTS = (4.4, 2.5)
"""The sizes of the lowest and the uppermost dot, in half points."""

OUTSIDE = -1000.0
"""Pixels left of and below every picture."""
