"""What stands or moves on the axes of several views.

An actor owns one animated artist, `artist`, and sets values on it. Those that need to know how
large a pixel is are made after the figure was laid out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from matplotlib.transforms import IdentityTransform

from plotting.theme import colours
from plotting.views.axes import apart, padded
from plotting.views.base import figure_of, name_axes, pixel_of
from plotting.views.readout import Readout
from regression import Dataset, Floats, History, Line, least_squares, predict

MAX_POINTS = 5000
"""More markers than this only hide each other."""

MAX_DOTS = 300


def draw_points(axes: Axes, data: Dataset) -> None:
    """Draw the points, at most MAX_POINTS of them evenly chosen, and name the axes."""
    name_axes(axes, data.x_name, data.y_name)
    n, label = len(data), "data"
    chosen = evenly(n, MAX_POINTS)
    if n > MAX_POINTS:
        label += f" ({MAX_POINTS:,} of {n:,})"
    size = float(np.clip(15.0 / len(chosen) ** 0.25, 1.5, 5.5))
    axes.plot(
        data.x[chosen], data.y[chosen], "o", color=colours().data, ms=size, mew=0, label=label
    )


class Trail:
    """A curve that is drawn up to the epoch of now, with a dot at its end."""

    def __init__(self, axes: Axes, x: Floats, y: Floats, color: str, width: float = 1.6) -> None:
        """Take the whole curve, (n,) and (n,), on axes that have been laid out."""
        (self.artist,) = axes.plot([], [], color=color, lw=width, animated=True)
        (self.dot,) = axes.plot([], [], "o", color=color, ms=5, mew=0, animated=True)
        # Far outside, pixels would overflow; nothing of it is seen anyway.
        self._x, self._y = (
            np.clip(values, *_reach(limits))
            for values, limits in ((x, axes.get_xlim()), (y, axes.get_ylim()))
        )
        (left, right), (low, high) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
        self._inside = (self._x >= left) & (self._x <= right)
        self._inside &= (self._y >= low) & (self._y <= high)
        # Of a curve that comes in late, or never, nothing need be drawn before.
        meets = np.ones(max(len(self._x) - 1, 1), bool)
        for values, start, end in ((self._x, left, right), (self._y, low, high)):
            pairs = values[:-1], values[1:]
            meets[: len(pairs[0])] &= np.maximum(*pairs) >= start
            meets[: len(pairs[0])] &= np.minimum(*pairs) <= end
        self._first = 1 + (int(np.argmax(meets)) if meets.any() else len(self._x))
        self._kept = _apart(axes.transData.transform(np.column_stack([self._x, self._y])))

    def update(self, last: int) -> None:
        """Draw the curve up to its point of this index."""
        kept = self._kept[: np.searchsorted(self._kept, last)]
        shown = np.append(kept, last)
        self.artist.set_data(self._x[shown], self._y[shown])
        self.artist.set_visible(last >= self._first)
        self.dot.set_data(self._x[last : last + 1], self._y[last : last + 1])
        self.dot.set_visible(bool(self._inside[last]))


class Cloud:
    """Where a shuffled run was at the end of each of its last epochs, as dots in the plane."""

    def __init__(self, axes: Axes, history: History) -> None:
        alpha = colours().alpha(0.35)
        (self.artist,) = axes.plot(
            [], [], "o", color=colours().ink, ms=2.5, mew=0, alpha=alpha, animated=True
        )
        if len(history):
            self.artist.set_label("last epochs")
        self._history = history

    def update(self, epoch: int) -> None:
        """Show the epochs up to this one, MAX_DOTS at most of them."""
        shown = self._history[: np.searchsorted(self._history["epoch"], epoch, side="right")]
        shown = shown[evenly(len(shown), MAX_DOTS)]
        self.artist.set_data(shown["weight"], shown["bias"])


class Arrow:
    """An arrow on axes that have been laid out, its head as large as ever for a short way."""

    def __init__(self, axes: Axes, color: str) -> None:
        self._axes, self._point = axes, figure_of(axes).dpi / 72
        self.artist = Polygon(
            np.zeros((1, 2)), color=color, lw=0, transform=IdentityTransform(), animated=True
        )
        axes.add_artist(self.artist)

    def update(self, before: Line, after: Line) -> None:
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


MAX_STEMS = 100

ABOVE = "the line is above the picture \N{UPWARDS ARROW}"
BELOW = "the line is below the picture \N{DOWNWARDS ARROW}"
IN_SHORT = {ABOVE: "line above \N{UPWARDS ARROW}", BELOW: "line below \N{DOWNWARDS ARROW}"}


def set_limits(axes: Axes, data: Dataset, history: History) -> None:
    """Fix the limits for all frames: all points, and the lines as far as that stays sensible."""
    axes.set_xlim(padded(*data.x_range))
    low, high = data.y.min(), data.y.max()
    with np.errstate(over="ignore"):
        ends = np.outer(history["weight"], data.x_range) + history["bias"][:, None]
        # Where all y are alike, the lines say what is near and what is far.
        room = (high - low) or min(np.abs(ends - low).max(), 4 * abs(low)) or 1.0
    low = max(min(low, ends.min()), low - room / 2)
    high = min(max(high, ends.max()), high + room / 2)
    axes.set_ylim(padded(low, high))


def draw_least_squares(
    axes: Axes, data: Dataset, least: Line, color: str, *, width: float, zorder: float
) -> None:
    """Draw the least-squares line over the range of the points."""
    ends = np.array(data.x_range)
    heights = predict(least, ends)
    axes.plot(ends, heights, color=color, lw=width, label="least squares", zorder=zorder)


class FittedLine:
    """The line over the range of the points, as far as it lies within the axes."""

    def __init__(self, axes: Axes, data: Dataset, color: str, width: float = 2.2) -> None:
        (self.artist,) = axes.plot(
            [], [], "--", color=color, lw=width, label="fitted line", animated=True
        )
        self._x = data.x_range
        self._axes = axes

    def update(self, line: Line) -> None:
        """Show this line."""
        self.artist.set_data(*line_within(line, self._x, self._axes.get_ylim()))


def way_of_line(axes: Axes, data: Dataset, history: History) -> Floats:
    """Return how far the line moves within the axes from each epoch to the next, shape (n - 1,),
    in shares of their height.
    """
    low, high = axes.get_ylim()
    with np.errstate(over="ignore"):
        ends = np.outer(history["weight"], data.x_range) + history["bias"][:, None]
    inside = np.clip(ends, low, high) / (high - low)
    moved: Floats = np.abs(np.diff(inside, axis=0)).max(axis=1)
    return moved


class OffscreenNote:
    """A few words in a corner while no part of the line is within the axes."""

    def __init__(self, axes: Axes, data: Dataset, *, short: bool = False) -> None:
        """Take axes that have been laid out; `short` is for narrow ones."""
        figure, box = figure_of(axes), axes.bbox
        point = figure.dpi / 72
        self._x, self._axes = data.x_range, axes
        # In the corners that points along a line leave empty.
        above_left = least_squares(data).weight >= 0
        self._words = []
        high, low = box.y1 - 14 * point, box.y0 + 7 * point
        for place, left, baseline in ((ABOVE, above_left, high), (BELOW, not above_left, low)):
            text = IN_SHORT[place] if short else place
            words = Readout(figure, box.x0 + 6 * point, baseline, colours().muted, colours().paper)
            words.set_text(text)
            if not left:
                width = words.get_window_extent().width
                left_edge = box.x1 - 6 * point - width
                words = Readout(figure, left_edge, baseline, colours().muted, colours().paper)
            self._words.append((words, text))
        self.artists = [words for words, _ in self._words]

    def update(self, line: Line) -> None:
        """Say where the line is if it is outside."""
        side = side_of(line, self._x, self._axes.get_ylim())
        for (words, text), its_side in zip(self._words, (1, -1)):
            words.set_text(text if side == its_side else "")


class Stems:
    """The errors: a thin bar from each point, of MAX_STEMS at most, to the line."""

    def __init__(self, axes: Axes, data: Dataset) -> None:
        (self.artist,) = axes.plot(
            [],
            [],
            color=colours().error,
            lw=0.8,
            animated=True,
            label="error",
        )
        chosen = evenly(len(data), MAX_STEMS)
        self._x, self._y, self._axes = data.x[chosen], data.y[chosen], axes

    def update(self, line: Line) -> None:
        """Show the errors of this line."""
        self.artist.set_data(*stems_within(line, self._x, self._y, self._axes.get_ylim()))


def stems_within(
    line: Line, x: Floats, y: Floats, limits: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Return stems from the points to the line, as far as within the limits, with gaps of nan."""
    with np.errstate(over="ignore", invalid="ignore"):
        on_line = np.clip(line.weight * x + line.bias, *limits)
    gap = np.full(len(x), np.nan)
    return np.column_stack([x, x, gap]).ravel(), np.column_stack([y, on_line, gap]).ravel()


def side_of(line: Line, x: tuple[float, float], y: tuple[float, float]) -> int:
    """Return 1 or -1 where all of the line over x is above or below y, 0 where some is within."""
    # As shares of the largest, which do not overflow.
    unit = max(1.0, abs(line.weight), abs(line.bias))
    ends = [line.weight / unit * end + line.bias / unit for end in x]
    return int(min(ends) > y[1] / unit) - int(max(ends) < y[0] / unit)


def line_within(
    line: Line, x: tuple[float, float], y: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Return the ends, x and y of shape (2,), of the line's part over x that lies within y.

    matplotlib clips too, but only after turning coordinates into pixels, where a line at 1e300
    overflows. Both ends are nan when no part lies inside.
    """
    weight, bias = float(line.weight), float(line.bias)
    # So small a weight that no x in float64 leads away from the bias is none.
    if weight == 0 or math.isinf(bias / weight):
        return np.array(x), np.full(2, bias if y[0] <= bias <= y[1] else np.nan)
    # Divided before subtracted: W and b may both be near the end of float64.
    limits = y if weight > 0 else y[::-1]
    first, last = (float(limit) / weight - bias / weight for limit in limits)
    ends = np.array([max(x[0], first), min(x[1], last)])
    if not ends[0] <= ends[1]:
        return np.full(2, np.nan), np.full(2, np.nan)
    # Of a line so steep that both crossings are one number, only the limits tell the heights.
    heights = np.where([first >= x[0], last <= x[1]], limits, weight * ends + bias)
    return ends, np.clip(heights, *y)


Places = Sequence[Sequence[float] | Floats]
"""Points, each x and y."""


Keep = Literal["always", "if free", "never"]
"""When the place of a label is kept."""


class Labels:
    """Finds places for labels beside what they name: clear of each other and of what is drawn."""

    def __init__(self, axes: Axes, drawn: Floats) -> None:
        """Take axes that have their place, and points (n, 2), in pixels, that texts should not
        cover: a curve's, so near to each other that none slips through.
        """
        self._axes, self.pixel = axes, pixel_of(figure_of(axes))
        self._drawn = drawn
        self._taken: list[tuple[float, float, float, float]] = []

    def find(
        self,
        at: Places,
        width: float,
        *,
        reach: Sequence[float] = (9, 20, 34, 52),
        keep: Keep = "always",
        paper: float = 0.0,
    ) -> tuple[float, float]:
        """Return the left end of the baseline, in pixels, for a text of this width beside one of
        the points `at`, in pixels as well. It may be on paper that extends so far above and below
        it, in pixels of the design.

        Of the places around the points, near and then farther, it is the first that is free, or
        the one that hides least; `hides` then says so. `keep` says when the place is kept free of
        later texts: for one that changes place in every frame, never.
        """
        height, pixel = (13 + 2 * paper) * self.pixel, self.pixel
        best, least = (0.0, 0.0), math.inf
        for distance in reach:
            for (at_x, at_y), (way_x, way_y) in product(at, WAYS):
                x = float(at_x) + way_x * distance * pixel - width * (1 - way_x) / 2
                y = float(at_y) + way_y * distance * pixel - height * (1 - way_y) / 2
                hidden = self.hidden(x, y, x + width, y + height) + 0.01 * distance
                if hidden < least:
                    best, least = (x, y), hidden
            if least < 1:
                break
        self.hides = least >= 1
        if keep == "always" or (keep == "if free" and not self.hides):
            self.take(*best, best[0] + width, best[1] + height)
        return best[0], best[1] + (3 + paper) * pixel

    def clearest(self, places: Floats, width: float) -> tuple[float, float] | None:
        """Return the one of the places (n, 2), in pixels, that is farthest from all that a text
        of this width around it should not hide, and keep it; None where all are outside the axes
        or hide something.
        """
        frame, half, pixel = self._axes.bbox, width / 2, self.pixel
        inside = (places[:, 0] > frame.x0 + half + 6 * pixel) & (
            places[:, 0] < frame.x1 - half - 6 * pixel
        )
        inside &= (places[:, 1] > frame.y0 + 12 * pixel) & (places[:, 1] < frame.y1 - 12 * pixel)
        best: tuple[float, float] | None = None
        most = 0.0
        centres = [((x0 + x1) / 2, (y0 + y1) / 2) for x0, y0, x1, y1 in self._taken]
        obstacles = np.concatenate([self._drawn.reshape(-1, 2), np.array(centres).reshape(-1, 2)])
        for x, y in places[inside][::3].tolist():
            box = (x - half, y - 7 * pixel, x + half, y + 7 * pixel)
            if self.hidden(*box) >= 1:
                continue
            room = min(140 * pixel, *np.hypot(*(obstacles - (x, y)).T)) if len(obstacles) else 1.0
            if room > most:
                best, most = (x, y), room
        if best is not None:
            x, y = best
            self.take(x - half, y - 7 * pixel, x + half, y + 7 * pixel)
        return best

    def take(self, left: float, bottom: float, right: float, top: float) -> None:
        """Keep a rectangle, in pixels, free of labels."""
        self._taken.append((left, bottom, right, top))

    def is_free(self, left: float, bottom: float, right: float, top: float) -> bool:
        """Return whether a text in this rectangle, in pixels, would hide nothing."""
        return self.hidden(left, bottom, right, top) == 0

    def hidden(self, left: float, bottom: float, right: float, top: float) -> float:
        """Return how bad a text in this rectangle would be: 0 where it hides nothing."""
        frame, margin = self._axes.bbox, 2 * self.pixel
        beyond = [frame.x0 + margin - left, frame.y0 + margin - bottom]
        beyond += [right - frame.x1 + margin, top - frame.y1 + margin]
        bad = 1000.0 * sum(side > 0 for side in beyond)
        for x0, y0, x1, y1 in self._taken:
            if left < x1 + 2 * margin and right > x0 - 2 * margin and bottom < y1 and top > y0:
                bad += 100.0
        if len(self._drawn):
            x, y = self._drawn.T
            inside = (x > left - margin) & (x < right + margin) & (y > bottom) & (y < top)
            bad += float(inside.sum())
        return float(bad)


WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
"""Right and left of a point first, then above and below, then its corners."""


def dense(points: Floats, distance: float) -> Floats:
    """Return the polyline through the points (n, 2), with a point at least every `distance`;
    what is not finite is left out.
    """
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 2:
        return points
    lengths = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    count = int(min(along[-1] / distance, 5000)) + 2
    at = np.linspace(0, along[-1], count)
    return np.column_stack([np.interp(at, along, points[:, 0]), np.interp(at, along, points[:, 1])])


LABEL_PX = 15
"""From one label to the next, at least."""


ROOM_PX = 96
"""The width of a label, in pixels of the design, at most."""

SAME_PX = 3
"""Lines whose both ends are no farther apart are drawn as one, and have one label."""


class EndLabels:
    """Names right of the axes in the order in which lines end there, apart from each other and
    within the height of the axes: those of lines that stay where they are, and one that moves.
    """

    def __init__(
        self,
        axes: Axes,
        moving: tuple[str, str],
        still: Sequence[tuple[str, str, tuple[float, float]]],
    ) -> None:
        """Take the moving line's name and colour, and of each other line name, colour and both
        ends in units of y, on axes that have their place.
        """
        figure = figure_of(axes)
        self._axes, self._pixel = axes, pixel_of(figure)
        left = self._left = axes.bbox.x1 + 5 * self._pixel
        self._name, colour = moving
        self.moving = Readout(figure, left, 0, colour)
        self.still = [Readout(figure, left, 0, colour) for _, colour, _ in still]
        self._names = [name for name, _, _ in still]
        self._ends = [tuple(map(self._place, ends)) for _, _, ends in still]
        self.state: tuple[float, ...] = ()
        """Where the names of lines that stay are, which gives way to the one that moves."""

    def _place(self, height: float) -> float:
        """Return where a height is, in pixels, and where it is far outside, some way outside."""
        low, high = self._axes.get_ylim()
        share = (height / 2 - low / 2) / (high / 2 - low / 2)
        return float(self._axes.bbox.y0 + min(max(share, -50.0), 51.0) * self._axes.bbox.height)

    def update(self, height: float | None, shown: Sequence[bool]) -> None:
        """Put the moving name at its height, None for nowhere, and show the others or not."""
        box, pixel = self._axes.bbox, self._pixel
        distance = LABEL_PX * pixel
        texts = self._texts(shown)
        ends = [(self._ends[i][1], i) for i, text in enumerate(texts) if text]
        if height is not None:
            ends.append((self._place(height), len(texts)))
        ends.sort()
        # The moving one by steps, so that the others need not give way in every frame.
        step = SAME_PX * pixel
        ends = [(round(at / step) * step if i == len(texts) else at, i) for at, i in ends]
        count = len(ends)
        bottom = box.y0 + distance * np.arange(count)
        top = box.y1 - distance * np.arange(count)[::-1]
        inside = np.clip([at for at, _ in ends], box.y0, box.y1)
        places = np.clip(apart(inside, distance), bottom, top).tolist()
        for readout in (*self.still, self.moving):
            readout.set_text("")
        for (at, i), place in zip(ends, places):
            readout, text = (*self.still, self.moving)[i], (*texts, self._name)[i]
            beyond = "\N{UPWARDS ARROW}" if at > box.y1 + 4 * pixel else ""
            beyond = "\N{DOWNWARDS ARROW}" if at < box.y0 - 4 * pixel else beyond
            first = text.split(", ")[0]
            for variant in (f"{text} {beyond}", f"{first} {beyond}", first):
                readout.set_text(variant.strip())
                if readout.width <= ROOM_PX * pixel:
                    break
            readout.move(self._left, place - 4 * pixel)
        self.state = tuple(place for (_, i), place in zip(ends, places) if i < len(texts))

    def _texts(self, shown: Sequence[bool]) -> list[str]:
        """Return what stands at the end of each line: nothing at one that is not shown or that
        is drawn over an earlier one, which has both names.
        """
        texts = [name if is_shown else "" for name, is_shown in zip(self._names, shown)]
        # The first is no earlier line but the one that they are compared with.
        for i in range(2, len(texts)):
            first = next((j for j in range(1, i) if texts[j] and self._are_one(i, j)), None)
            if texts[i] and first is not None:
                name = texts[i]
                if "epoch" in texts[first]:
                    name = name.removeprefix("epoch ")
                texts[first], texts[i] = f"{texts[first]}, {name}", ""
        return texts

    def _are_one(self, i: int, j: int) -> bool:
        near = SAME_PX * self._pixel
        return all(abs(a - b) < near for a, b in zip(self._ends[i], self._ends[j]))
