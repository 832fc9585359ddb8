"""The figure of a view: size in pixels, layout, header, quiet axes and their names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text

from plotting.theme import LIGHT, SMALL_PT, TEXT_PT, Theme, colours, drawable
from plotting.views.readout import Readout

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

MAX_CHARACTERS = 1000
"""No picture is so wide that more would fit."""


def name_axes(axes: Axes, x_name: str, y_name: str) -> None:
    """Write the names along the axes, as much of them as surely fits."""
    # Before the layout, which makes axes larger than this rather than smaller.
    place, whole = axes.get_position(), cast(Figure, axes.figure).bbox
    name_axis(axes.xaxis, x_name, place.width * whole.width)
    name_axis(axes.yaxis, y_name, place.height * whole.height)


def name_axis(axis: Axis, name: str, room: float) -> None:
    """Write a name along an axis, as it is: a $ in a column's name is no mathematics.

    No name leaves its place empty. `room` is in pixels; what is longer is cut off.
    """
    text, families = drawable(name)
    axis.set_label_text(text or " ", parse_math=False, family=families)
    fit_in(axis.label, room)


def fit_in(text: Text, room: float, ending: str = "") -> None:
    """Add the ending, and cut off before it what makes the text longer than `room` in pixels."""
    whole = text.get_text()

    def is_too_long(count: int) -> bool:
        kept = whole if count == len(whole) else whole[:count].rstrip() + ELLIPSIS
        text.set_text((kept + ending).lstrip() or whole)
        return max(text.get_window_extent().size) > room

    if len(whole) > MAX_CHARACTERS or is_too_long(len(whole)):
        counts = range(1, min(len(whole), MAX_CHARACTERS))
        # One fewer than the first that is too long; its text is set by asking again.
        is_too_long(max(1, bisect_left(counts, True, key=is_too_long)))


DPI = 100.0
HEADER_PX = 32
TITLE_PX = 24
"""Strips above the axes, for readout and legend and for a title above them, at DPI."""


@dataclass(frozen=True)
class Style:
    """What a view is to look like; its own size in pixels where none is given."""

    width: int | None = None
    height: int | None = None
    scale: float = 1.0
    theme: Theme = LIGHT
    title: str = ""


def new_figure(style: Style, design: tuple[int, int]) -> Figure:
    """Return an empty figure of the size looked for, in pixels.

    It is laid out for `design`, width and height in pixels; a larger or smaller picture scales
    its text and lines along, so that nothing collides at any size.
    """
    width, height = (
        round(style.scale * (given or own))
        for given, own in zip((style.width, style.height), design)
    )
    dpi = DPI * min(width / design[0], height / design[1])
    # A tenth of a pixel more, since the canvas cuts off what dividing by dpi rounded down.
    size = (width + 0.1) / dpi, (height + 0.1) / dpi
    figure = Figure(size, dpi)
    FigureCanvasAgg(figure)
    return figure


def figure_of(axes: Axes) -> Figure:
    """Return the figure that holds the axes; views have no figures within figures."""
    return cast(Figure, axes.figure)


def lay_out(figure: Figure, style: Style, pad: float = 0.1) -> None:
    """Place the axes so that every label fits below the header, once and for all frames."""
    header = HEADER_PX + (TITLE_PX if style.title else 0)
    top = 1 - header / DPI * figure.dpi / figure.bbox.height
    figure.set_layout_engine("constrained", rect=(0, 0, 1, top), w_pad=pad, h_pad=pad)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def header_legend(figure: Figure, handles: Sequence[Artist], style: Style) -> Legend:
    """Return a legend of the handles in the header, where it hides no data."""
    below_title = (TITLE_PX if style.title else 0) / DPI * figure.dpi / figure.bbox.height
    return figure.legend(
        handles=list(handles),
        loc="upper right",
        bbox_to_anchor=(1, 1 - below_title),
        ncols=len(handles),
        fontsize=TEXT_PT,
        columnspacing=1.4,
        handlelength=1.8,
        borderaxespad=0.35,
    )


def row_legend(axes: Axes) -> Legend:
    """Return a legend in one row above the axes."""
    return axes.legend(
        loc="lower right",
        bbox_to_anchor=(1, 1),
        ncols=4,
        fontsize=SMALL_PT,
        columnspacing=1.2,
        handlelength=1.6,
        handletextpad=0.5,
        borderaxespad=0.1,
    )


def header_readout(axes: Axes, style: Style) -> Readout:
    """Return an empty readout above the left edge of the axes, and write the title above it."""
    figure = figure_of(axes)
    pixel = figure.dpi / DPI
    left, top = axes.bbox.x0, figure.bbox.height
    if style.title:
        baseline = (top - 21 * pixel) / top
        text, families = drawable(style.title)
        title = figure.text(
            left / figure.bbox.width,
            baseline,
            text,
            family=families,
            parse_math=False,
            size=TEXT_PT + 2,
            weight="bold",
        )
        fit_in(title, figure.bbox.width - left - 10 * pixel)
        top -= TITLE_PX * pixel
    return Readout(figure, left, top - 19.7 * pixel, colours().ink)
