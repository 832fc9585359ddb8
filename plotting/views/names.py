"""Names along axes, and titles: as they are, and no longer than fits."""

from __future__ import annotations

from bisect import bisect_left
from typing import cast

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text

from plotting.fonts import drawable
from plotting.theme import Theme

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

MOST_CHARACTERS = 1000
"""No picture is so wide that more would fit."""


def name_axes(axes: Axes, x_name: str, y_name: str, theme: Theme) -> None:
    """Write the names along the axes, as much of them as surely fits."""
    # Before the layout, which makes axes larger than this rather than smaller.
    place, whole = axes.get_position(), cast(Figure, axes.figure).bbox
    name_axis(axes.xaxis, x_name, theme, place.width * whole.width)
    name_axis(axes.yaxis, y_name, theme, place.height * whole.height)


def name_axis(axis: Axis, name: str, theme: Theme, room: float) -> None:
    """Write a name along an axis, as it is: a $ in a column's name is no mathematics.

    No name leaves its place empty. `room` is in pixels; what is longer is cut off.
    """
    text, families = drawable(name)
    axis.set_label_text(text or " ", parse_math=False, color=theme.ink, family=families)
    fit_in(axis.label, room)


def fit_in(text: Text, room: float, ending: str = "") -> None:
    """Add the ending, and cut off before it what makes the text longer than `room` in pixels."""
    whole = text.get_text()

    def is_too_long(count: int) -> bool:
        kept = whole if count == len(whole) else whole[:count].rstrip() + ELLIPSIS
        text.set_text((kept + ending).lstrip() or whole)
        return max(text.get_window_extent().size) > room

    if len(whole) > MOST_CHARACTERS or is_too_long(len(whole)):
        counts = range(1, min(len(whole), MOST_CHARACTERS))
        # One fewer than the first that is too long; its text is set by asking again.
        is_too_long(max(1, bisect_left(counts, True, key=is_too_long)))
