"""The figure of a view: size in pixels, layout, header, quiet axes and their names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text

from plotting.theme import LIGHT, TEXT_PT, Theme, colours, drawable
from plotting.views.readout import Readout
from regression import UserError

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

SMALLEST = 0.75
"""Of the size a view is designed for: there a small text still has nine pixels."""

Design = tuple[int, int]
"""Width and height in pixels, at DPI, for which a view's panels are arranged."""


@dataclass(frozen=True)
class Style:
    """What a view is to look like; its own size in pixels where none is given."""

    width: int | None = None
    height: int | None = None
    scale: float = 1.0
    theme: Theme = LIGHT
    title: str = ""

    def size(self, own: Design) -> tuple[int, int]:
        """Return width and height in pixels, of a view that is `own` in size by itself."""
        sides = zip((self.width, self.height), own)
        width, height = (round(self.scale * (given or default)) for given, default in sides)
        return width, height


def best_design(style: Style, designs: Sequence[Design]) -> Design:
    """Return the first design that the picture is large enough for, of those that are as upright
    or as wide, before the others; where it is smaller than all, the one that gives it the largest
    text. A picture without a width or height takes those of the first.
    """
    width, height = style.size(designs[0])
    designs = sorted(designs, key=lambda design: (design[1] > design[0]) != (height > width))
    shares = [min(width / wide, height / high) for wide, high in designs]
    return next(
        (one for one, share in zip(designs, shares) if share >= 1),
        designs[shares.index(max(shares))],
    )


def check_legible(name: str, style: Style, designs: Sequence[Design]) -> None:
    """Raise UserError for a picture so small that text would have less than nine pixels."""
    width, height = style.size(designs[0])
    design = best_design(style, designs)
    if min(width / design[0], height / design[1]) >= SMALLEST:
        return
    sizes = " or ".join(f"{SMALLEST * w:.0f} x {SMALLEST * h:.0f}" for w, h in designs)
    raise UserError(
        f"picture: expected at least {sizes} pixels for view {name}, where its text can be read, "
        f"not {width} x {height}"
    )


def new_figure(style: Style, design: Design, own: Design | None = None) -> Figure:
    """Return an empty figure of the size looked for, in pixels.

    It is laid out for `design`, width and height in pixels; a larger or smaller picture scales
    its text and lines along, so that nothing collides at any size. `own` is the view's size by
    itself, if that is another.
    """
    width, height = style.size(own or design)
    dpi = DPI * min(width / design[0], height / design[1])
    # A tenth of a pixel more, since the canvas cuts off what dividing by dpi rounded down.
    size = (width + 0.1) / dpi, (height + 0.1) / dpi
    figure = Figure(size, dpi)
    FigureCanvasAgg(figure)
    return figure


def figure_of(axes: Axes) -> Figure:
    """Return the figure that holds the axes; views have no figures within figures."""
    return cast(Figure, axes.figure)


def pixel_of(figure: Figure) -> float:
    """Return how many pixels of the picture one pixel of its design is."""
    return float(figure.dpi / DPI)


class Box(NamedTuple):
    """A rectangle, in pixels of the design from the lower left corner of the picture."""

    left: float
    bottom: float
    right: float
    top: float


def whole_of(figure: Figure) -> Box:
    """Return the whole picture, in pixels of its design."""
    pixel = pixel_of(figure)
    return Box(0, 0, figure.bbox.width / pixel, figure.bbox.height / pixel)


SIDE_PX = 14
"""Left and right of the header, and around the panels."""


def add_axes(figure: Figure, box: Box, label: str, **how: Any) -> Axes:
    """Return new axes whose frame is the box; `label` tells them from the others."""
    return figure.add_axes(_share(figure, box), label=label, **how)


def set_box(axes: Axes, box: Box) -> None:
    """Give axes another frame."""
    axes.set_position(_share(figure_of(axes), box))


def box_of(axes: Axes) -> Box:
    """Return the frame of axes."""
    pixel = pixel_of(figure_of(axes))
    return Box(*(float(side) / pixel for side in axes.bbox.extents))


def _share(figure: Figure, box: Box) -> tuple[float, float, float, float]:
    _, _, width, height = whole_of(figure)
    left, bottom, right, top = box
    return left / width, bottom / height, (right - left) / width, (top - bottom) / height


def write_title(figure: Figure, title: str, left: float) -> None:
    """Write the title at the upper edge, as much of it as fits; `left` is in pixels."""
    pixel, whole = pixel_of(figure), figure.bbox
    text, families = drawable(title)
    written = figure.text(
        left / whole.width,
        (whole.height - 21 * pixel) / whole.height,
        text,
        family=families,
        parse_math=False,
        size=TEXT_PT + 2,
        weight="bold",
    )
    fit_in(written, whole.width - left - 10 * pixel)


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


def header_readout(axes: Axes, style: Style) -> Readout:
    """Return an empty readout above the left edge of the axes, and write the title above it."""
    figure = figure_of(axes)
    pixel = figure.dpi / DPI
    left, top = axes.bbox.x0, figure.bbox.height
    if style.title:
        write_title(figure, style.title, left)
        top -= TITLE_PX * pixel
    return Readout(figure, left, top - 19.7 * pixel, colours().ink)
