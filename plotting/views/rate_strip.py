"""A strip that answers what another learning rate would have done: the cost after all epochs."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from plotting.theme import SMALL_PT, colours
from plotting.views.artists import Labels, dense
from plotting.views.axes import log_costs, lowest_of, power_of_ten, text_px, write_costs
from plotting.views.base import figure_of, pixel_of
from plotting.views.header import floored
from plotting.views.readout import Readout
from plotting.views.words import number
from regression import Dataset, Floats, Run, best_rate, cost_by_rate

RATES = 240
"""So many rates make the curve: about one for two pixels."""

MAX_WORK = 4_000_000
"""Rates times points; with more points there are fewer rates."""

MOST_ABOVE = 1e4
"""Rates so many times the safe limit, or more, are at the right end."""

WORDS_PX = 28
"""The height at the top where the safe limit is written, in pixels of the design."""

START_PX = 40
"""From the top to the cost of the start: its name may stand above it, below those words."""

ZONE_PX = 74
"""The width of the zone where training diverges, in pixels of the design, at least."""


class RateStrip:
    """The cost after the run's epochs against the learning rate: which are safe, which diverge,
    which is best; and this run, as its cost comes down to the curve.
    """

    def __init__(self, axes: Axes, data: Dataset, run: Run) -> None:
        """Take axes, and the points in the units of training. fill() has to follow."""
        self._axes = axes
        self._convergence = own = run.convergence
        convergence, settings = run.as_trained.convergence, run.as_trained.settings
        lr, safe, edge = settings.lr, convergence.safe_rate, convergence.diverging_rate
        best = best_rate(
            data,
            epochs=settings.epochs,
            batch_size=settings.batch_size,
            start=settings.start,
            shuffled=settings.shuffled,
        )
        low = min(best / 20, lr / 8, safe / 300)
        # Beyond the divergence threshold there is room for the words that name it.
        share = min(ZONE_PX * pixel_of(figure_of(axes)) / axes.bbox.width, 0.4)
        beyond = (edge or 3 * safe) / low
        high = low * beyond ** (1 / (1 - share))
        high = max(high, min(2 * lr, MOST_ABOVE * safe))
        axes.set_xlim(math.log10(low), math.log10(high))
        rates = np.geomspace(low, high, max(24, min(RATES, MAX_WORK // len(data))))
        unit = own.start_cost / convergence.start_cost if run.trained else 1.0
        costs = log_costs(own, unit * cost_by_rate(data, settings, rates))
        self._set_cost_limits(costs)
        self._draw_zones(safe, edge)
        lowest = lowest_of(own)
        if lowest is not None:
            axes.axhline(
                math.log10(lowest), color=colours().least, lw=1.2, ls=":", label="lowest possible"
            )
        top = axes.get_ylim()[1]
        within = np.column_stack([np.log10(rates), np.where(costs > top, top + 1, costs)])
        axes.plot(*within.T, color=colours().cost, lw=1.6, label="cost by rate")
        at_best = float(costs[np.argmin(np.abs(np.log(rates / best)))])
        axes.plot(
            [math.log10(best)], [at_best], "d", ms=7, mew=0, color=colours().cost, label="best"
        )
        (self._dot,) = axes.plot(
            [min(math.log10(lr), math.log10(high))],
            [0.0],
            "o",
            ms=8,
            color=colours().line,
            mew=0,
            animated=True,
            label="this run",
        )
        self._x, self._pixel = min(math.log10(lr), math.log10(high)), pixel_of(figure_of(axes))
        name_colour = colours().readable(colours().line)
        self._name = Readout(figure_of(axes), 0, 0, name_colour)
        self._name.set_text("this run" if lr <= high else "this run \N{RIGHTWARDS ARROW}")
        self._curve, self._safe, self._edge = within, safe, edge
        self._run, self._best = run, (math.log10(best), at_best)
        self.artists: list[Artist] = [self._dot, self._name]

    def fill(self) -> None:
        """Add what has to know where the axes are: numbers and names."""
        axes = self._axes
        self._write_rates()
        self._labels = Labels(axes, dense(axes.transData.transform(self._curve), 3 * self._pixel))
        self._write_limits(self._safe, self._edge)
        self._place_names(self._run, *self._best)

    def update(self, cost: float) -> None:
        """Show this run's cost of now."""
        height = self._height_of(cost)
        self._dot.set_ydata([height])
        _, y = self._axes.transData.transform((self._x, height))
        left, up = self._shift
        box, pixel = self._axes.bbox, self._pixel
        highest = box.y1 - WORDS_PX * pixel
        baseline = min(max(y + up, box.y0 + 4 * pixel), highest)
        self._name.move(left, baseline)

    def _height_of(self, cost: float) -> float:
        height = float(log_costs(self._convergence, np.array([cost]))[0])
        low, high = self._axes.get_ylim()
        return min(max(height, low), high)

    def _place_names(self, run: Run, best: float, at_best: float) -> None:
        """Find on which side of its dot this run's name comes down, and write the best rate where
        both are clear of each other.
        """
        to_pixels, pixel = self._axes.transData.transform, self._pixel
        mark = to_pixels((best, at_best))
        is_best = abs(mark[0] - to_pixels((self._x, 0))[0]) < 6 * pixel
        if is_best:  # one name is enough for both
            self._name.set_text("this run, the best")
        width = self._name.width
        x, end = to_pixels((self._x, self._height_of(float(run.history["cost"][-1]))))
        start = to_pixels((self._x, self._height_of(float(run.history["cost"][0]))))[1]
        sides = [(x + 10 * pixel, 5 * pixel), (x - width - 10 * pixel, 5 * pixel)]
        sides += [(left, -4 * pixel) for left, _ in sides]
        sides += [(x - width / 2, 10 * pixel), (x - width / 2, -18 * pixel)]
        hidden, box = self._labels.hidden, self._axes.bbox
        start, end = (min(y, box.y1 - START_PX * pixel) for y in (start, end))

        def hides(side: tuple[float, float]) -> float:
            left, up = side
            low, high = min(start, end) + up, max(start, end) + up
            ends = hidden(left, end + up - 2 * pixel, left + width, end + up + 10 * pixel)
            return 2 * ends + hidden(left, low, left + width, high + 10 * pixel)

        left, up = min(sides, key=hides)
        left = min(max(left, box.x0 + 4 * pixel), box.x1 - width - 4 * pixel)
        self._shift = left, up
        low, high = min(start, end) - 8 * pixel, min(max(start, end) + 20 * pixel, box.y1)
        self._labels.take(min(left, x - 6 * pixel), low, max(left + width, x + 6 * pixel), high)
        text = f"best {number(10**best)}"
        reach = (9, 14, 22, 34, 48, 62)
        wide = text_px(text) * pixel
        place = self._labels.find([mark], wide, reach=reach, keep=False)
        if not (self._labels.hides or is_best):
            self._write(text, *place, "left")

    def _set_cost_limits(self, costs: Floats) -> None:
        """Show all costs up to that of the start, below a line of words."""
        axes, lowest = self._axes, lowest_of(self._convergence)
        start = float(log_costs(self._convergence, np.array([self._convergence.start_cost]))[0])
        low = min(float(costs.min()), start if lowest is None else math.log10(lowest))
        high = max(start, low + 0.05)
        low -= 0.12 * (high - low)
        height = axes.bbox.height / pixel_of(figure_of(axes))
        axes.set_ylim(low, low + (high - low) * height / (height - START_PX))
        write_costs(axes.yaxis, lowest)

    def _draw_zones(self, safe: float, edge: float | None) -> None:
        """Shade what is not safe, the darker where training diverges; only frame it where there is
        no paper to shade.
        """
        axes, theme = self._axes, colours()
        ends = [math.log10(rate) for rate in (safe, edge) if rate is not None]
        ends.append(axes.get_xlim()[1])
        for left, right, share, name in zip(ends, ends[1:], (0.12, 0.26), ("not safe", "diverges")):
            if theme.paper == "none":
                axes.axvline(left, color=theme.muted, lw=0.8, label=name)
            else:
                grey = theme.pale(theme.muted, share)
                axes.axvspan(left, right, color=grey, lw=0, zorder=0, label=name)

    def _write_limits(self, safe: float, edge: float | None) -> None:
        """Write the safe limit and the divergence threshold beside the edges of their zones."""
        axes, pixel = self._axes, self._pixel
        y = axes.bbox.y1 - 14 * pixel
        text = f"safe up to {floored(safe)}"
        right = axes.transData.transform((math.log10(safe), 0))[0] - 4 * pixel
        self._write(text, right, y, "right")
        self._labels.take(right - text_px(text) * pixel, y - 3 * pixel, right, axes.bbox.y1)
        if edge is not None:
            left = axes.transData.transform((math.log10(edge), 0))[0] + 4 * pixel
            lowest = lowest_of(self._convergence)
            low = axes.bbox.y0 + 2 * pixel
            if lowest is not None:
                low = max(low, float(axes.transData.transform((0, math.log10(lowest)))[1]))
            for line, text in enumerate((number(edge, 3), "from", "diverges")):
                self._write(text, left, low + (4 + 14 * line) * pixel, "left")
            high = low + 46 * pixel
            self._labels.take(left, axes.bbox.y0, left + 62 * pixel, high)

    def _write_rates(self) -> None:
        axes = self._axes
        low, high = axes.get_xlim()
        powers = range(math.ceil(low), math.floor(high) + 1)
        length = axes.bbox.width / pixel_of(figure_of(axes))
        texts = [power_of_ten(power) for power in powers]
        every = max(1, math.ceil(sum(text_px(text) + 14 for text in texts) / length))
        axes.xaxis.set_major_locator(FixedLocator(list(powers)[::every]))
        axes.xaxis.set_major_formatter(FixedFormatter(texts[::every]))
        axes.xaxis.set_minor_locator(NullLocator())

    def _write(self, text: str, x: float, y: float, side: str) -> None:
        self._axes.annotate(
            text, (x, y), xycoords="figure pixels", ha=side, size=SMALL_PT, color=colours().ink
        )
