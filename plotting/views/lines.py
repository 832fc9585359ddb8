"""Lines among the points: their limits, how they move, and where they leave the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from plotting.readout import Readout
from plotting.theme import Theme
from plotting.views.actors import evenly
from plotting.views.canvas import figure_of
from plotting.views.scales import padded
from regression.data import Dataset, Floats
from regression.history import History
from regression.line import Line, least_squares, predict

MOST_STEMS = 100

ABOVE = "Line is above the picture \N{UPWARDS ARROW}"
BELOW = "Line is below the picture \N{DOWNWARDS ARROW}"
IN_SHORT = {ABOVE: "line above \N{UPWARDS ARROW}", BELOW: "line below \N{DOWNWARDS ARROW}"}


def hold_lines(axes: Axes, data: Dataset, history: History) -> None:
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
    axes.plot(ends, heights, color=color, lw=width, label="Least squares", zorder=zorder)


class FittingLine:
    """The line over the range of the points, as far as it lies within the axes."""

    def __init__(self, axes: Axes, data: Dataset, color: str, width: float = 2.2) -> None:
        (self.artist,) = axes.plot(
            [], [], "--", color=color, lw=width, label="Fitting line", animated=True
        )
        self._x = data.x_range
        self._axes = axes

    def put(self, line: Line) -> None:
        """Show this line."""
        self.artist.set_data(*line_within(line, self._x, self._axes.get_ylim()))


class Outside:
    """A few words in a corner while no part of the line is within the axes."""

    def __init__(self, axes: Axes, data: Dataset, theme: Theme, *, short: bool = False) -> None:
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
            words = Readout(figure, box.x0 + 6 * point, baseline, theme.muted, theme.paper)
            words.set_text(text)
            if not left:
                width = words.get_window_extent().width
                left_edge = box.x1 - 6 * point - width
                words = Readout(figure, left_edge, baseline, theme.muted, theme.paper)
            self._words.append((words, text))
        self.artists = [words for words, _ in self._words]

    def put(self, line: Line) -> None:
        """Say where the line is if it is outside."""
        side = side_of(line, self._x, self._axes.get_ylim())
        for (words, text), its_side in zip(self._words, (1, -1)):
            words.set_text(text if side == its_side else "")


class Traces:
    """Lines of earlier epochs, faint, as separate pieces of one artist."""

    def __init__(self, axes: Axes, data: Dataset, lines: Sequence[Line], color: str) -> None:
        (self.artist,) = axes.plot([], [], color=color, lw=0.9, animated=True)
        x = data.x_range
        gap = np.array([np.nan])
        ends = [line_within(line, x, axes.get_ylim()) for line in lines]
        self._x = np.concatenate([np.r_[each, gap] for each, _ in ends] or [gap])
        self._y = np.concatenate([np.r_[each, gap] for _, each in ends] or [gap])

    def put(self, count: int) -> None:
        """Show the first `count` of them."""
        self.artist.set_data(self._x[: 3 * count], self._y[: 3 * count])


class Stems:
    """The residuals: a thin stem from each point, of MOST_STEMS at most, to the line."""

    def __init__(self, axes: Axes, data: Dataset, theme: Theme) -> None:
        (self.artist,) = axes.plot(
            [], [], color=theme.data, lw=0.7, alpha=theme.alpha(0.5), animated=True
        )
        chosen = evenly(len(data), MOST_STEMS)
        self._x, self._y, self._axes = data.x[chosen], data.y[chosen], axes

    def put(self, line: Line) -> None:
        """Show the residuals from this line."""
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
