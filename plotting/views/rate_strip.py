"""A strip that answers what another learning rate would have done: the cost after all epochs."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from plotting.theme import SMALL_PT, colours
from plotting.views.artists import Labels, dense
from plotting.views.axes import log_costs, lowest_of, padded, power_of_ten, text_px, write_costs
from plotting.views.base import figure_of, pixel_of
from plotting.views.header import floored
from plotting.views.readout import Readout
from plotting.views.words import number
from regression import Dataset, Floats, Run, best_rate, cost_by_rate

RATES = 240
"""So many rates make the curve: about one for two pixels."""

MAX_WORK = 4_000_000
"""Rates times points; with more points there are fewer rates."""

ZONE_PX = 74
"""The width of the zone where training diverges, in pixels of the design, at least."""


class RateStrip:
    """The cost after the run's epochs against the learning rate: which are safe, which diverge,
    which is best; and this run, as its cost comes down to the curve.
    """

    def __init__(self, axes: Axes, data: Dataset, run: Run) -> None:
        """Take axes that have their place, and the points in the units of training."""
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
        high = max(low * beyond ** (1 / (1 - share)), 2 * lr)
        axes.set_xlim(math.log10(low), math.log10(high))
        rates = np.geomspace(low, high, max(24, min(RATES, MAX_WORK // len(data))))
        unit = own.start_cost / convergence.start_cost if run.trained else 1.0
        costs = log_costs(own, unit * cost_by_rate(data, settings, rates))
        self._set_cost_limits(costs, run)
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
            [math.log10(lr)],
            [0.0],
            "o",
            ms=8,
            color=colours().line,
            mew=0,
            animated=True,
            label="this run",
        )
        figure = figure_of(axes)
        self._x, self._pixel = math.log10(lr), pixel_of(figure)
        self._name = Readout(figure, 0, 0, colours().line)
        self._name.set_text("this run")
        self._write_rates()
        self._labels = Labels(axes, dense(axes.transData.transform(within), 3 * self._pixel))
        self._write_limits(safe, edge)
        self._place_names(run, math.log10(best), at_best)
        self.artists: list[Artist] = [self._dot, self._name]

    def update(self, cost: float) -> None:
        """Show this run's cost of now."""
        height = self._height_of(cost)
        self._dot.set_ydata([height])
        _, y = self._axes.transData.transform((self._x, height))
        left, up = self._shift
        box, pixel = self._axes.bbox, self._pixel
        if y + up > box.y1 - 12 * pixel:  # above the dot it would leave the axes
            up = min(up, -19 * pixel if up > 5 * pixel else up)
        baseline = min(max(y + up, box.y0 + 4 * pixel), box.y1 - 12 * pixel)
        self._name.move(left, baseline)

    def _height_of(self, cost: float) -> float:
        height = float(log_costs(self._convergence, np.array([cost]))[0])
        low, high = self._axes.get_ylim()
        return min(max(height, low), high)

    def _place_names(self, run: Run, best: float, at_best: float) -> None:
        """Find where this run's name stands in the end, and keeps to its dot; and write the best
        rate, clear of that.
        """
        to_pixels, pixel = self._axes.transData.transform, self._pixel
        x, y = to_pixels((self._x, self._height_of(float(run.history["cost"][-1]))))
        mark = to_pixels((best, at_best))
        self._labels.take(x - 5 * pixel, y - 5 * pixel, x + 5 * pixel, y + 5 * pixel)
        reach = (7, 11, 16, 24, 36)
        left, baseline = self._labels.find([(x, y)], self._name.width, reach=reach)
        self._shift = left, baseline - y
        text = f"best {number(10**best)}"
        place = self._labels.find(
            [mark], text_px(text) * pixel, reach=(9, 14, 22, 34, 48, 62, 80, 110)
        )
        self._write(text, *place, "left")

    def _set_cost_limits(self, costs: Floats, run: Run) -> None:
        convergence = self._convergence
        start = float(log_costs(convergence, np.array([convergence.start_cost]))[0])
        lowest = lowest_of(convergence)
        ends = [float(costs.min())] if lowest is None else [float(costs.min()), math.log10(lowest)]
        last = float(log_costs(convergence, run.history["cost"][-1:])[0])
        top = max(start, min(last, start + 1)) + 0.12
        self._axes.set_ylim(*padded(min(ends), max(top, min(ends) + 0.05), 0.1))
        write_costs(self._axes.yaxis, lowest)

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
            for line, text in enumerate(("diverges", "from", number(edge, 3))):
                self._write(text, left, y - 14 * line * pixel, "left")
            self._labels.take(left, y - 32 * pixel, left + 62 * pixel, axes.bbox.y1)

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
