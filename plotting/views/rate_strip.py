"""A strip that answers what another learning rate would have done: the cost after all epochs."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from plotting.theme import SMALL_PT, colours
from plotting.views.axes import log_costs, lowest_of, padded, text_px, write_costs
from plotting.views.base import figure_of, pixel_of
from plotting.views.header import floored
from plotting.views.readout import Readout
from plotting.views.words import SUPERSCRIPTS, number
from regression import Dataset, Floats, Run, best_rate, cost_by_rate

RATES = 240
"""So many rates make the curve: about one for two pixels."""

MAX_WORK = 4_000_000
"""Rates times points; with more points there are fewer rates."""

ABOVE_START = 10.0
"""Costs are shown up to so many times that of the start."""


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
        high = max(5 * (edge or 3 * safe), 2 * lr)
        low = min(best / 20, lr / 8, safe / 300)
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
        within = np.where(costs > top, top + 1, costs)
        (curve,) = axes.plot(np.log10(rates), within, color=colours().cost, lw=1.6)
        curve.set_label("cost by rate")
        self._mark_best(best, float(costs[np.argmin(np.abs(np.log(rates / best)))]))
        self._write_rates()
        figure = figure_of(axes)
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
        self._x = math.log10(lr)
        self._name = Readout(figure, 0, 0, colours().line)
        self._name.set_text("this run")
        self._pixel = pixel_of(figure)
        # On the side where the curve is lower.
        left = lr > best
        self._shift = (-self._name.width - 7 * self._pixel) if left else 7 * self._pixel
        self.artists: list[Artist] = [self._dot, self._name]

    def update(self, cost: float) -> None:
        """Show this run's cost of now."""
        height = float(log_costs(self._convergence, np.array([cost]))[0])
        low, high = self._axes.get_ylim()
        height = min(max(height, low), high)
        self._dot.set_ydata([height])
        x, y = self._axes.transData.transform((self._x, height))
        floor, ceiling = self._axes.bbox.y0 + 3 * self._pixel, self._axes.bbox.y1 - 30 * self._pixel
        self._name.move(x + self._shift, min(max(y + 5 * self._pixel, floor), ceiling))

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
        """Shade what is not safe, the darker where training diverges, and write the limits."""
        axes, theme = self._axes, colours()
        end = axes.get_xlim()[1]
        grey = theme.muted
        limits = [(safe, 0.12)] if edge is None else [(safe, 0.12), (edge, 0.26)]
        for index, (rate, share) in enumerate(limits):
            until = math.log10(limits[index + 1][0]) if index + 1 < len(limits) else end
            axes.axvspan(
                math.log10(rate), until, color=theme.pale(grey, share), lw=0, zorder=0
            ).set_label(("not safe", "diverges")[index])
        pixel = pixel_of(figure_of(axes))
        x, y = axes.transData.transform((math.log10(safe), 0))[0], axes.bbox.y1 - 14 * pixel
        self._write(f"safe up to {floored(safe)}", x - 4 * pixel, y, "right")
        if edge is not None:
            x = axes.transData.transform((math.log10(edge), 0))[0]
            for line, text in enumerate(("diverges", "from", number(edge, 3))):
                self._write(text, x + 4 * pixel, y - 14 * line * pixel, "left")

    def _mark_best(self, best: float, cost: float) -> None:
        """Mark the best rate on the curve, and name it above, where this run's name has room."""
        axes, x = self._axes, math.log10(best)
        axes.plot([x], [cost], "d", ms=7, mew=0, color=colours().cost, label="best")
        pixel, box = pixel_of(figure_of(axes)), axes.bbox
        at, y = axes.transData.transform((x, cost))
        self._write(f"best {number(best)}", at, min(y + 24 * pixel, box.y1 - 34 * pixel), "center")

    def _write_rates(self) -> None:
        axes = self._axes
        low, high = axes.get_xlim()
        powers = range(math.ceil(low), math.floor(high) + 1)
        length = axes.bbox.width / pixel_of(figure_of(axes))
        texts = [_power(power) for power in powers]
        every = max(1, math.ceil(sum(text_px(text) + 14 for text in texts) / length))
        axes.xaxis.set_major_locator(FixedLocator(list(powers)[::every]))
        axes.xaxis.set_major_formatter(FixedFormatter(texts[::every]))
        axes.xaxis.set_minor_locator(NullLocator())

    def _write(self, text: str, x: float, y: float, side: str) -> None:
        self._axes.annotate(
            text, (x, y), xycoords="figure pixels", ha=side, size=SMALL_PT, color=colours().ink
        )


def _power(power: int) -> str:
    if -4 <= power <= 4:
        return f"{10.0**power:,.{max(0, -power)}f}"
    return f"10{str(power).translate(SUPERSCRIPTS)}"
