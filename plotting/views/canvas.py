"""The figure of a view: its size in pixels, its layout, its header, its quiet axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from plotting.fonts import drawable
from plotting.readout import Readout
from plotting.theme import LIGHT, SMALL_PT, TEXT_PT, Theme
from plotting.views.names import fit_in

DPI = 100.0
HEADER_PX = 32
TITLE_PX = 24
"""Strips above the axes, for readout and legend and for a title above them, at DPI."""


@dataclass(frozen=True)
class Look:
    """What a view is to look like; its own size in pixels where none is given."""

    width: int | None = None
    height: int | None = None
    scale: float = 1.0
    theme: Theme = LIGHT
    title: str = ""


def new_figure(look: Look, design: tuple[int, int]) -> Figure:
    """Return an empty figure of the size looked for, in pixels.

    It is laid out for `design`, width and height in pixels; a larger or smaller picture scales
    its text and lines along, so that nothing collides at any size.
    """
    width, height = (
        round(look.scale * (given or own)) for given, own in zip((look.width, look.height), design)
    )
    dpi = DPI * min(width / design[0], height / design[1])
    # A tenth of a pixel more, since the canvas cuts off what dividing by dpi rounded down.
    size = (width + 0.1) / dpi, (height + 0.1) / dpi
    figure = Figure(size, dpi, facecolor=look.theme.paper)
    FigureCanvasAgg(figure)
    return figure


def figure_of(axes: Axes) -> Figure:
    """Return the figure that holds the axes; views have no figures within figures."""
    return cast(Figure, axes.figure)


def lay_out(figure: Figure, look: Look, pad: float = 0.1) -> None:
    """Place the axes so that every label fits below the header, once and for all frames."""
    header = HEADER_PX + (TITLE_PX if look.title else 0)
    top = 1 - header / DPI * figure.dpi / figure.bbox.height
    figure.set_layout_engine("constrained", rect=(0, 0, 1, top), w_pad=pad, h_pad=pad)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def style_axes(axes: Axes, theme: Theme) -> None:
    """Give axes the theme's quiet frame and ticks."""
    axes.set_facecolor(theme.paper)
    axes.tick_params(
        which="both", color=theme.muted, labelcolor=theme.ink, labelsize=SMALL_PT, width=0.8
    )
    for spine in axes.spines.values():
        spine.set_color(theme.muted)


def header_legend(figure: Figure, handles: Sequence[Artist], look: Look) -> Legend:
    """Return a legend of the handles in the header, where it hides no data."""
    below_title = (TITLE_PX if look.title else 0) / DPI * figure.dpi / figure.bbox.height
    return figure.legend(
        handles=list(handles),
        loc="upper right",
        bbox_to_anchor=(1, 1 - below_title),
        ncols=len(handles),
        frameon=False,
        fontsize=TEXT_PT,
        labelcolor=look.theme.ink,
        columnspacing=1.4,
        handlelength=1.8,
        borderaxespad=0.35,
    )


def row_legend(axes: Axes, theme: Theme) -> Legend:
    """Return a legend in one row above the axes."""
    return axes.legend(
        loc="lower right",
        bbox_to_anchor=(1, 1),
        ncols=4,
        frameon=False,
        fontsize=SMALL_PT,
        labelcolor=theme.ink,
        columnspacing=1.2,
        handlelength=1.6,
        handletextpad=0.5,
        borderaxespad=0.1,
    )


def header_readout(axes: Axes, look: Look) -> Readout:
    """Return an empty readout above the left edge of the axes, and write the title above it."""
    figure = figure_of(axes)
    pixel = figure.dpi / DPI
    left, top = axes.bbox.x0, figure.bbox.height
    if look.title:
        baseline = (top - 21 * pixel) / top
        text, families = drawable(look.title)
        title = figure.text(
            left / figure.bbox.width,
            baseline,
            text,
            family=families,
            parse_math=False,
            color=look.theme.ink,
            size=TEXT_PT + 2,
            weight="bold",
        )
        fit_in(title, figure.bbox.width - left - 10 * pixel)
        top -= TITLE_PX * pixel
    return Readout(figure, left, top - 19.7 * pixel, look.theme.ink)
