"""What stands or moves on the axes of several views.

An actor owns one animated artist, `artist`, and sets values on it. Those that need to know how
large a pixel is are made after the figure was laid out.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from matplotlib.transforms import IdentityTransform

from plotting.theme import Theme
from plotting.views.canvas import figure_of, style_axes
from plotting.views.names import name_axes
from plotting.views.scales import padded
from regression.data import Dataset, Floats
from regression.history import History
from regression.line import Line

MOST_POINTS = 5000
"""More markers than this only hide each other."""

MOST_DOTS = 300


def draw_points(axes: Axes, data: Dataset, theme: Theme) -> None:
    """Draw the points, at most MOST_POINTS of them evenly chosen, and name the axes."""
    style_axes(axes, theme)
    name_axes(axes, data.x_name, data.y_name, theme)
    n, label = len(data), "Original data"
    chosen = evenly(n, MOST_POINTS)
    if n > MOST_POINTS:
        label += f" ({MOST_POINTS:,} of {n:,})"
    size = float(np.clip(15.0 / len(chosen) ** 0.25, 1.5, 5.5))
    axes.plot(data.x[chosen], data.y[chosen], "o", color=theme.data, ms=size, mew=0, label=label)


class Growing:
    """A curve that is drawn as far as it has come, with a dot at its end."""

    def __init__(self, axes: Axes, x: Floats, y: Floats, color: str, width: float = 1.6) -> None:
        """Take the whole curve, (n,) and (n,), on axes that have been laid out."""
        (self.artist,) = axes.plot([], [], color=color, lw=width, animated=True)
        (self.dot,) = axes.plot([], [], "o", color=color, ms=5, mew=0, animated=True)
        # Far outside, pixels would overflow; nothing of it is seen anyway.
        self._x, self._y = (
            np.clip(values, *_reach(limits))
            for values, limits in ((x, axes.get_xlim()), (y, axes.get_ylim()))
        )
        self._kept = _apart(axes.transData.transform(np.column_stack([self._x, self._y])))

    def put(self, last: int) -> None:
        """Draw the curve up to its point of this index."""
        kept = self._kept[: np.searchsorted(self._kept, last)]
        shown = np.append(kept, last)
        self.artist.set_data(self._x[shown], self._y[shown])
        self.dot.set_data(self._x[last : last + 1], self._y[last : last + 1])


class Cloud:
    """Where a shuffled run was at the end of each of its last epochs, as dots in the plane."""

    def __init__(self, axes: Axes, history: History, theme: Theme) -> None:
        alpha = theme.alpha(0.35)
        (self.artist,) = axes.plot(
            [], [], "o", color=theme.ink, ms=2.5, mew=0, alpha=alpha, animated=True
        )
        if len(history):
            self.artist.set_label("Last epochs")
        self._history = history

    def put(self, epoch: int) -> None:
        """Show the epochs up to this one, MOST_DOTS at most of them."""
        shown = self._history[: np.searchsorted(self._history["epoch"], epoch, side="right")]
        shown = shown[evenly(len(shown), MOST_DOTS)]
        self.artist.set_data(shown["weight"], shown["bias"])


class Arrow:
    """An arrow on axes that have been laid out, its head as large as ever for a short way."""

    def __init__(self, axes: Axes, color: str) -> None:
        self._axes, self._point = axes, figure_of(axes).dpi / 72
        self.artist = Polygon(
            np.zeros((1, 2)), color=color, lw=0, transform=IdentityTransform(), animated=True
        )
        axes.add_artist(self.artist)

    def put(self, before: Line, after: Line) -> None:
        """Point from the one to the other, where they are in the plane of W and b."""
        limits = np.array([self._axes.get_xlim(), self._axes.get_ylim()])
        within = [
            bool(((limits[:, 0] <= at) & (at <= limits[:, 1])).all()) for at in (before, after)
        ]
        self.artist.set_visible(any(within))
        if not any(within):
            return
        # Far outside, pixels would overflow; a shorter way keeps its direction.
        way = np.subtract(after, before)
        reach = 10.0 * np.ptp(limits, axis=1)
        way *= float((reach / np.maximum(np.abs(way), reach)).min())
        ends = (before, before + way) if within[0] else (after - way, after)
        tail, tip = self._axes.transData.transform(np.array(ends))
        length = float(np.hypot(*(tip - tail)))
        along = (tip - tail) / (length or 1.0)
        head, half, shaft = (size * self._point * (length > 0) for size in (10.0, 4.0, 1.0))
        # From the tip, in pixels along the arrow and to its side.
        back, end = max(length, head), head * 0.85
        outline = [(0, 0), (head, half), (end, shaft), (back, shaft)]
        outline += [(x, -y) for x, y in outline[:0:-1]]
        across = np.array([-along[1], along[0]])
        self.artist.set_xy([tip - x * along + y * across for x, y in outline])


def evenly(n: int, most: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return at most so many of n positions, evenly spread."""
    return np.linspace(0, n - 1, min(n, most)).round().astype(np.intp)


def _reach(limits: tuple[float, float]) -> tuple[float, float]:
    """Return limits so far outside that what is clipped to them is out of the picture."""
    return padded(*sorted(limits), share=10.0)  # type: ignore[misc]


def _apart(places: Floats) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return which of the points (n, 2), in pixels, are worth a corner of the curve: those half
    a pixel or more from the one before. So a long curve costs no more than its length.
    """
    kept, pixels = [0], places.tolist()
    at_x, at_y = pixels[0]
    for index, (x, y) in enumerate(pixels):
        if abs(x - at_x) >= 0.5 or abs(y - at_y) >= 0.5:
            kept.append(index)
            at_x, at_y = x, y
    return np.array(kept)
