"""Figures whose texts can be read at any size: none is smaller than nine pixels, and a picture that
has no room for them is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from plotting.theme import SMALL_PT, colours
from plotting.views.base import SMALLEST, TITLE_PX, Box, Design, Style, new_figure
from plotting.views.header import LINE_PX
from plotting.views.words import write_what_fits
from regression import UserError

UPRIGHT = (480, 800)
"""Width and height in pixels of the design of a picture that is higher than wide."""


def paper_kind() -> str:
    """Return "light", "dark" or "none", for colours that the theme in use does not have."""
    paper = colours().paper
    return "none" if paper == "none" else "dark" if sum(to_rgb(paper)) < 1.5 else "light"


def write_title_above(axes: Axes, variants: Sequence[str]) -> None:
    """Write above axes, which have their place, what they show: the longest that has room."""
    title = axes.annotate(
        "", (0, 1), (0, 4), "axes fraction", textcoords="offset points", size=SMALL_PT,
        weight="bold",
    )  # fmt: skip
    write_what_fits(title, variants, axes.bbox.width)


def is_upright(whole: Box) -> bool:
    """Return whether the parts of a picture stand below each other."""
    return whole.right - whole.left < 1.1 * (whole.top - whole.bottom)


def legible_figure(
    style: Style, own: Design, rows: tuple[int, int], fits: Callable[[Box], bool], what: str
) -> tuple[Figure, Box]:
    """Return an empty figure and the part of it below the header, in pixels of its design.

    `own` is the size that it is designed for, lying; UPRIGHT is the one for a picture that is
    higher than wide. `rows` are the lines of the header, lying and upright; `fits` says whether
    the panels have room in the rest. Where they have none, text becomes smaller, down to SMALLEST
    of its size. Raises UserError, which names `what` and the smallest picture of the same shape,
    where that is not enough.
    """
    size = style.size(own)

    def whole_at(times: float) -> tuple[float, Box] | None:
        """Return the scale of a picture so many times larger, and its part below the header."""
        width, height = times * size[0], times * size[1]
        lines = rows[is_upright(Box(0, 0, width, height))]
        header = LINE_PX * lines + 12 + (TITLE_PX if style.title else 0)
        for scale in _scales(width, height, own):
            whole = Box(0, 0, width / scale, height / scale - header)
            if fits(whole):
                return scale, whole
        return None

    found = whole_at(1.0)
    if found is None:
        times = next((1.02**step for step in range(1, 200) if whole_at(1.02**step)), 1.0)
        least = [math.ceil(times * side) for side in size]
        raise UserError(
            f"picture: expected at least {least[0]} x {least[1]} pixels for {what}, "
            f"not {size[0]} x {size[1]}"
        )
    scale, whole = found
    design = size[0] / scale, size[1] / scale
    return new_figure(style, design, own), whole  # type: ignore[arg-type]


MOST = 10.0
"""No side is widened to more than so many times its length."""


def widen_to_scale(axes: Axes) -> None:
    """Widen one side until a step of W is drawn as long as a step of b, so that a round bowl
    looks round; but not so far that little is left to see.
    """
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    ratio = (right - left) / (high - low) / (axes.bbox.width / axes.bbox.height)
    if 1 / MOST < ratio < 1:
        more = (right - left) * (1 / ratio - 1) / 2
        axes.set_xlim(left - more, right + more)
    elif 1 < ratio < MOST:
        more = (high - low) * (ratio - 1) / 2
        axes.set_ylim(low - more, high + more)


def _scales(width: float, height: float, own: Design) -> Iterator[float]:
    """Return how large text may be, 1 in the pictures that were designed: the largest first."""
    scale = max(min(width / wide, height / high) for wide, high in (own, UPRIGHT))
    while scale > SMALLEST:
        yield scale
        scale *= 0.95
    yield SMALLEST
