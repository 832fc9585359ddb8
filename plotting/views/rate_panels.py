"""The panels of several rates: their places, their headings, their shared numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpecFromSubplotSpec, SubplotSpec
from matplotlib.text import Text

from plotting.theme import SMALL_PT, TEXT_PT, Theme
from plotting.views import names, scales
from plotting.views.actors import draw_points
from plotting.views.lines import draw_least_squares
from plotting.views.rate_words import contraction_text, rate_text, settles_text
from regression.data import Dataset
from regression.outlook import Outlook


def shape_of(count: int) -> tuple[int, int]:
    """Return how many rows and columns of panels there are."""
    columns = 1 if count <= 3 else 2 if count <= 6 else 3
    return math.ceil(count / columns), columns


def rate_colours(count: int, theme: Theme) -> list[str]:
    """Return a colour for each rate, the smallest first, that stands out from the paper."""
    on_dark = sum(to_rgb(theme.ink)) > 1.5
    # Not evenly, or the first ones, and on dark paper the last, would look too much alike.
    even = np.linspace(0.0, 1.0, count)
    share = 0.4 + 0.6 * even**1.2 if on_dark else 0.63 * even**0.5
    return [to_hex(mpl.colormaps["plasma"](each)) for each in share]


def add_panels(
    figure: Figure, place: SubplotSpec, count: int, rows: int, columns: int
) -> list[Axes]:
    """Return axes in rows, with the same limits."""
    grid = GridSpecFromSubplotSpec(rows, columns, place)
    panels: list[Axes] = []
    for index in range(count):
        row, column = divmod(index, columns)
        first = panels[0] if panels else None
        panels.append(figure.add_subplot(grid[row, column], sharex=first, sharey=first))
    return panels


def draw_data(axes: Axes, data: Dataset, outlook: Outlook, theme: Theme, columns: int) -> None:
    """Draw the points, pale and the smaller the more panels there are, and least squares."""
    draw_points(axes, data, theme)
    (points,) = axes.lines
    points.set(color=theme.muted, alpha=0.6, markersize=points.get_markersize() * 0.9**columns)
    draw_least_squares(axes, data, outlook.least, theme.ink, width=0.8, zorder=2.1)


def write_heading(axes: Axes, outlook: Outlook, colour: str, theme: Theme, columns: int) -> Text:
    """Write above the axes what is to be known of the run; return the text on its end."""
    write_above(axes, f"Rate {rate_text(outlook.lr)}", colour, 1)
    times = f"\N{MULTIPLICATION SIGN} {contraction_text(outlook.contraction)}"
    left = write_above(axes, times if columns > 1 else f"{times} per epoch", theme.ink, 0)
    right = write_above(axes, settles_text(outlook, columns), theme.ink, 0, side=1)
    for text in (left, right):
        text.set_in_layout(False)  # or a long one would make its panel narrow
    return right


def write_above(axes: Axes, text: str, colour: str, line: int, side: int = 0) -> Text:
    """Write in the upper, 1, or lower, 0, of two lines above the axes, left, 0, or right, 1."""
    return axes.annotate(
        text,
        (side, 1),
        (0, 4 + 12 * line),
        xycoords="axes fraction",
        textcoords="offset points",
        va="baseline",
        ha=("left", "right")[side],
        color=colour,
        size=(SMALL_PT, TEXT_PT)[line],
        weight=("normal", "bold")[line],
    )


def share_names(panels: Sequence[Axes], columns: int, data: Dataset, theme: Theme) -> None:
    """Write the names and the numbers along the outer axes only, after these were laid out."""
    for panel in panels:
        panel.xaxis.offsetText.set_visible(False)
        panel.yaxis.offsetText.set_visible(False)
    for panel in panels[-columns:]:
        # Also where the last row has no panel below: its place has room for them.
        panel.tick_params(labelbottom=True)
        names.name_axis(panel.xaxis, data.x_name, theme, panel.bbox.width)
        scales.move_offset_to_label(panel.xaxis)
    first, last = panels[0], panels[columns * ((len(panels) - 1) // columns)]
    middle = (first.bbox.y1 + last.bbox.y0) / 2
    along = first.bbox.y1 - last.bbox.y0
    names.name_axis(first.yaxis, data.y_name, theme, along)
    first.yaxis.label.set_y((middle - first.bbox.y0) / first.bbox.height)
    scales.move_offset_to_label(first.yaxis, along)
    for panel in panels[columns::columns]:
        panel.set_ylabel("")
