"""The tutorial's figure: the points, the line as it moves, and at the end the cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from plotting.frames import paced
from plotting.theme import SMALL_PT, colours, use_theme
from plotting.views.artists import (
    FittedLine,
    OffscreenNote,
    draw_least_squares,
    draw_points,
    set_limits,
    way_of_line,
)
from plotting.views.axes import (
    EpochScale,
    label_room,
    log_costs,
    lowest_of,
    padded,
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
from plotting.views.header import RunHeader
from plotting.views.notes import (
    larger_rate,
    lowest_passed,
    why_not_least_squares,
    write_note,
)
from regression import Dataset, Floats, History, Run, Snapshot, snapshots_of

Smoothing = Literal["pchip", "spline", "none"]
SMOOTHINGS: tuple[Smoothing, ...] = get_args(Smoothing)


def smooth(x: Floats, y: Floats, method: Smoothing, points: int = 400) -> tuple[Floats, Floats]:
    """Return the curve through (x, y), both (n,) with x rising, as two arrays (points,).

    `pchip` keeps the shape: between two points it never leaves their range, so it shows no
    rise or dip that did not happen (Fritsch and Butland, 1984). `spline` is the cubic of the
    tutorial, which may swing. With `none`, and where n is 1, x and y come back as they are.
    """
    if method == "none" or len(x) == 1:
        return x, y
    from scipy import interpolate  # noqa: PLC0415 - 0.3 s, which most runs save

    # Slopes of costs at either end of float64 would overflow: as shares of the largest, and
    # without differences that no picture shows, they do not.
    unit = np.abs(y).max() or 1.0
    y = np.round(y / unit, 12).astype(np.float64)
    dense = np.linspace(x[0], x[-1], points)
    if method == "pchip":
        return dense, interpolate.PchipInterpolator(x, y)(dense) * unit
    spline = interpolate.make_interp_spline(x, y, k=min(3, len(x) - 1))
    return dense, spline(dense) * unit


SIZE = (640, 480)
"""Width and height in pixels of the picture, where no other are given."""

DESIGNS = (SIZE, (400, 320))
"""Sizes that the figure is designed for: the second for small pictures."""

DOTTED_EPOCHS = 60
"""Up to so many drawn epochs are told apart as dots on a smoothed curve."""

LEGEND_PX, TOP_TICKS_PX = 21, 23
"""Heights of the legend's line and of the epochs' numbers, above the axes."""


class FitView:
    """Points, fitted line and least-squares line; with the last snapshot the cost joins.

    The cost has axes of its own over the same frame: epochs above, cost on the right. Until its
    curve joins, a mark on each of the two shows where the run is.
    """

    def __init__(
        self,
        data: Dataset,
        run: Run,
        history: History,
        *,
        smoothing: Smoothing = "none",
        style: Style = Style(),
    ) -> None:
        """Lay the figure out for the epochs of `history`: those of the run that will be shown.

        `smoothing` other than none draws the cost through these epochs only, see smooth().
        """
        self.theme = style.theme
        self.moments: Sequence[Snapshot] = snapshots_of(history)
        convergence = run.convergence
        with use_theme(style.theme):
            self.figure = figure = new_figure(style, best_design(style, DESIGNS), SIZE)
            self._header = RunHeader(figure, style, run, history)
            top = self._header.bottom - LEGEND_PX - TOP_TICKS_PX
            whole = whole_of(figure)
            note = 0.0
            if whole.right >= SIZE[0]:
                why = why_not_least_squares(run, short=True)
                larger = larger_rate(run, short=True)
                note = write_note(figure, larger, why, lowest_passed(run))
            box = Box(60, 44 + max(note - 6, 0), whole.right - 60, top)
            axes = add_axes(figure, box, "fit")
            draw_points(axes, data)
            set_limits(axes, data, history)
            draw_least_squares(
                axes, data, convergence.least_squares, colours().least, width=1.4, zorder=1.5
            )
            self._line = FittedLine(axes, data, colours().line)
            self._scale = EpochScale(int(run.history["epoch"][-1]))
            self._cost_axes = _add_cost_axes(axes, run, history)
            write_numbers(axes.yaxis, data.y_name, dates=data.y_is_date)
            # The numbers of both sides are known: the frame takes what they leave.
            left, right = label_room(axes.yaxis), whole.right - label_room(self._cost_axes.yaxis)
            for each in (axes, self._cost_axes):
                set_box(each, box._replace(left=left, right=right))
            write_numbers(axes.xaxis, data.x_name, dates=data.x_is_date)
            _write_epochs(self._cost_axes, self._scale)
            self._curve = _draw_cost(self._cost_axes, run, history, self._scale, smoothing)
            self._marks = _add_marks(self._cost_axes)
            self._costs = log_costs(convergence, history["cost"])
            points, least = axes.lines[0], axes.lines[1]
            marks = Line2D([], [], ls="none", marker="<", ms=7, mew=0, color=colours().cost)
            marks.set_label("now")
            lines = [points, self._line.artist, least, marks, self._curve[0]]
            self._legend = _add_legend(axes, lines)
            self._outside = OffscreenNote(axes, data)
            self._way = way_of_line(axes, data, history)
        self._epochs = history["epoch"]
        # What the last frame adds to: drawn on the background, which need not be drawn anew. Least
        # squares and the points lie on the cost's curve, so they follow it.
        self.resting: Sequence[Artist] = (*self._curve, least, points, self._legend)
        self.resting_state = False
        for artist in self.resting:
            artist.set_animated(True)
        self.moving: Sequence[Artist] = (
            *self._marks,
            self._line.artist,
            *self._outside.artists,
            *self._header.artists,
        )

    def times_ms(self, frame_ms: int, hold_ms: int) -> list[int]:
        """Return the time of each frame: longer where the line moves more."""
        return paced(self._way, frame_ms, hold_ms)

    def update(self, snapshot: Snapshot) -> None:
        """Put the line where the snapshot's W and b are; the last one brings the cost."""
        self._line.update(snapshot.line)
        self._outside.update(snapshot.line)
        self._header.update(snapshot)
        index = int(np.searchsorted(self._epochs, snapshot.epoch))
        at_epoch, at_cost = self._marks
        at_epoch.set_xdata(self._scale.places(self._epochs[index : index + 1]))
        at_cost.set_ydata(self._costs[index : index + 1])
        self.resting_state = snapshot.epoch == self.moments[-1].epoch
        legend = self._legend
        for part in (*self._curve, legend.legend_handles[-1], legend.get_texts()[-1]):
            if part is not None:
                part.set_visible(self.resting_state)


def _add_cost_axes(axes: Axes, run: Run, history: History) -> Axes:
    """Return axes laid over the others, with the cost on the right and epochs above, and a line
    at the lowest possible cost.
    """
    figure, convergence = figure_of(axes), run.convergence
    cost_axes = add_axes(figure, box_of(axes), "cost", frame_on=False)
    # Below the others, so that the curve hides no point.
    cost_axes.set_zorder(axes.get_zorder() - 1)
    axes.patch.set_visible(False)
    cost_axes.xaxis.tick_top()
    cost_axes.yaxis.tick_right()
    cost_axes.yaxis.set_label_position("right")
    cost_axes.tick_params(axis="y", color=colours().cost)
    costs = log_costs(convergence, np.concatenate([run.history["cost"], history["cost"]]))
    lowest = lowest_of(convergence)
    known = [] if lowest is None else [np.log10(lowest)]
    cost_axes.set_ylim(*padded(min([*costs, *known]), max(costs), 0.07))
    text_colour = colours().readable(colours().cost)
    write_costs(cost_axes.yaxis, lowest, colour=text_colour)
    cost_axes.set_ylabel("cost (log)", color=text_colour)
    if lowest is not None:
        height = float(np.log10(lowest))
        # Beside its axis only: across the frame it would be a line through the points.
        cost_axes.axhline(
            height, 0.9, 1, color=colours().least, lw=1.2, ls=":", label="lowest possible"
        )
        cost_axes.annotate(
            "lowest",
            (1, height),
            (7, -13),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            size=SMALL_PT,
            color=colours().muted,
        )
    return cost_axes


def _write_epochs(cost_axes: Axes, scale: EpochScale) -> None:
    """Number the epochs above the axes, and name them: left of the legend, where there is room,
    else right of the numbers.
    """
    scale.write_on(cost_axes.xaxis, "")
    figure = figure_of(cost_axes)
    pixel, whole = pixel_of(figure), whole_of(figure)
    wide = whole.right >= SIZE[0]
    cost_axes.annotate(
        "epoch (log)" if wide else "epoch",
        (
            cost_axes.bbox.x0 if wide else (whole.right - 4) * pixel,
            cost_axes.bbox.y1 + ((TOP_TICKS_PX + 3) if wide else 7) * pixel,
        ),
        xycoords="figure pixels",
        ha="left" if wide else "right",
        size=SMALL_PT,
        annotation_clip=False,
    )


def _draw_cost(
    cost_axes: Axes, run: Run, history: History, scale: EpochScale, smoothing: Smoothing
) -> list[Line2D]:
    """Draw the cost through every epoch or, smoothed, through those of `history`."""
    shown = run.history if smoothing == "none" else history
    x, y = scale.places(shown["epoch"]), log_costs(run.convergence, shown["cost"])
    dotted = smoothing != "none" and len(x) <= DOTTED_EPOCHS
    curve = cost_axes.plot(*smooth(x, y, smoothing), color=colours().cost, lw=1.8, label="cost")
    if dotted:
        curve += cost_axes.plot(x, y, "o", color=colours().cost, ms=3, mew=0, label="drawn epochs")
    return curve


def _add_marks(cost_axes: Axes) -> tuple[Line2D, Line2D]:
    """Return marks at the upper and the right edge, for the epoch and the cost of now."""
    how: dict[str, Any] = {"ms": 8, "mew": 0, "color": colours().cost, "animated": True}
    (left, right), (low, high) = cost_axes.get_xlim(), cost_axes.get_ylim()
    point = 4 * figure_of(cost_axes).dpi / 72
    inside_x = right - (right - left) * point / cost_axes.bbox.width
    inside_y = high - (high - low) * point / cost_axes.bbox.height
    (at_epoch,) = cost_axes.plot([left], [inside_y], "v", label="epoch now", **how)
    (at_cost,) = cost_axes.plot([inside_x], [low], "<", label="cost now", **how)
    return at_epoch, at_cost


def _add_legend(axes: Axes, handles: Sequence[Artist]) -> Legend:
    """Return a legend in one row above the numbers of the epochs."""
    figure = figure_of(axes)
    pixel, whole = pixel_of(figure), figure.bbox
    return figure.legend(
        handles=list(handles),
        loc="lower right",
        bbox_to_anchor=(
            1 - (SIDE_PX - 6) * pixel / whole.width,
            (axes.bbox.y1 + TOP_TICKS_PX * pixel) / whole.height,
        ),
        ncols=len(handles),
        fontsize=SMALL_PT,
        columnspacing=1.0,
        handlelength=1.7,
        handletextpad=0.5,
        borderpad=0.1,
        borderaxespad=0,
    )
