"""A part of the map of W and b, magnified in the corner of the map that the paths leave free."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from plotting.theme import SMALL_PT, colours
from plotting.views import surface
from plotting.views.base import Box, add_axes, box_of, figure_of, pixel_of
from plotting.views.words import number, write_what_fits
from regression import Convergence, Floats, Line

Area = tuple[tuple[float, float], tuple[float, float]]
"""Limits of W and of b."""

STRETCH = 4.0
"""So many times larger one way than the other may a part of the map be magnified."""

ROOM = 4.0
"""Up to so many times the size of the lines may be shown, if that brings a mark in."""


def is_small(axes: Axes, lines: Floats, share: float) -> bool:
    """Tell whether lines, (n, 2), take less than a share of the map's width and height."""
    if not all(surface.is_within(axes, Line(*line)) for line in lines.tolist()):
        return False
    whole = np.ptp([axes.get_xlim(), axes.get_ylim()], axis=1)
    return bool((np.ptp(lines, axis=0) < share * whole).all())


def comes_from_above(convergence: Convergence) -> bool:
    """Return whether a run comes down to its end, so that words have to stand below it."""
    return convergence.settings.start.bias > convergence.least_squares.bias


def around(
    lines: Floats,
    axes: Axes,
    marks: Sequence[Line | None] = (),
    *,
    stretch: float = STRETCH,
    text: float,
    below: bool = False,
) -> Area:
    """Return limits close around the lines, (n, 2), not so close that rounding would show, and
    around those marks that leave the lines room enough; with `text`, so much of the height,
    free for words above them, or `below`.
    """
    low, high = lines.min(axis=0), lines.max(axis=0)
    least = 1e-4 * np.ptp([axes.get_xlim(), axes.get_ylim()], axis=1)
    low, high = low - least, high + least
    size = high - low
    for mark in marks:
        if (
            mark is not None
            and (np.maximum(high, mark) - np.minimum(low, mark) <= ROOM * size).all()
        ):
            low, high = np.minimum(low, mark), np.maximum(high, mark)
    # Directions stay nearly what they are: one way is no more than so much larger than the other.
    whole = np.ptp([axes.get_xlim(), axes.get_ylim()], axis=1)
    shares = (high - low) / whole
    half = 0.65 * np.maximum(shares, shares.max() / stretch) * whole
    (left, bottom), (right, top) = (low + high) / 2 - half, (low + high) / 2 + half
    low_room, high_room = (text, 0.2) if below else (0.2, text)
    bottom, top = bottom - low_room * (top - bottom), top + high_room * (top - bottom)
    return (float(left), float(right)), (float(bottom), float(top))


class Inset:
    """The magnified part, its frame on the map, and how much larger it is."""

    def __init__(
        self,
        whole: Axes,
        area: Area,
        path: Floats,
        draw: Callable[[Axes], None],
        name: str,
        *,
        share: tuple[float, float] = (0.46, 0.46),
        below: bool = False,
    ) -> None:
        """Take the path in pixels, (n, 2), what draws the map and its marks on axes with limits,
        and the share of the map's width and height that the inset has. Its words stand at its
        top, or `below`.
        """
        figure, frame = figure_of(whole), box_of(whole)
        width = share[0] * (frame.right - frame.left)
        height = share[1] * (frame.top - frame.bottom)
        path = path[np.isfinite(path).all(axis=1)] / pixel_of(figure)
        corners = [
            Box(x, y, x + width, y + height)
            for y in (frame.bottom + 6, frame.top - height - 6)
            for x in (frame.left + 6, frame.right - width - 6)
        ]

        def covered(box: Box) -> int:
            inside = (path > (box.left, box.bottom)) & (path < (box.right, box.top))
            return int(inside.all(axis=1).sum())

        self.axes = axes = add_axes(figure, min(corners, key=covered), name)
        axes.set(xlim=area[0], ylim=area[1], xticks=[], yticks=[])
        draw(axes)
        axes.set(xlabel="", ylabel="", xticks=[], yticks=[])
        limits = whole.get_xlim(), whole.get_ylim()
        factors = [
            own * float(np.ptp(all_of_it) / np.ptp(part))
            for all_of_it, part, own in zip(limits, area, share)
        ]
        (left, right), (low, high) = area
        self.frame = Rectangle(
            (left, low), right - left, high - low, fill=False, ec=colours().surface_ink, lw=1.0,
            label=f"{name} on the map", zorder=4,
        )  # fmt: skip
        whole.add_patch(self.frame)
        across, up = (number(factor, 2) for factor in factors)
        captions = [f"{name},\nmagnified {across} times across,\n{up} times up"]
        if max(factors) < 1.15 * min(factors):
            captions = [f"{name}, magnified {across} times", f"magnified {across} times"]
        place, way, side = ((0, 0), (4, 5), "bottom") if below else ((0, 1), (4, -4), "top")
        text = axes.annotate(
            "", place, way, "axes fraction", textcoords="offset points", va=side, size=SMALL_PT,
            color=colours().surface_ink,
        )  # fmt: skip
        write_what_fits(text, captions, axes.bbox.width - 8 * pixel_of(figure))

    def show(self, visible: bool) -> None:
        """Have it on the map or not; all is drawn anew when that changes."""
        if self.axes.get_visible() != visible or self.frame.get_visible() != visible:
            self.axes.set_visible(visible)
            self.frame.set_visible(visible)
