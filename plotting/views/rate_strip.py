"""A strip that answers what another learning rate would have done: the cost after all epochs."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from plotting.theme import SMALL_PT, colours
from plotting.views.artists import Labels, dense
from plotting.views.axes import log_costs, lowest_of, power_of_ten, text_px, write_costs
from plotting.views.base import figure_of, pixel_of
from plotting.views.header import edge_text, floored
from plotting.views.words import number, rounded
from regression import Floats, Run, best_rate

RATES = 240
"""So many rates make the curve: about one for two pixels."""

MAX_WORK = 4_000_000
"""Rates times points; with more points there are fewer rates."""

MOST_ABOVE = 1e4
"""Rates so many times the safe limit, or more, are at the right end."""

WORDS_PX = 32
"""The height at the top where the limits are written, in pixels of the design."""

START_PX = 37
"""From the top to the cost of the start, which is below those words."""

UNSAFE = (
    ["above the safe limit:", "may end far off"],
    ["unsafe: may", "end far off"],
    ["unsafe"],
)
"""What is said between safe limit and divergence, in two lines; shorter where there is no room."""

ZONE_PX = 86
"""The width of the zone where training diverges, in pixels of the design, at least."""


def room_beyond(
    axes: Axes,
    limits: tuple[float, float],
    zone: tuple[float, float],
    *,
    words: tuple[float, float],
    most: float,
) -> tuple[float, float]:
    """Return where a scale of rates ends, and by how many pixels of the design the words beyond
    the divergence threshold are moved to the right, so that they have room.

    They are moved where the words for what is unsafe, from the safe limit to the threshold, need
    more room than there is. `limits` are where the scale begins and where it ends at least, and
    `zone` the safe limit and the threshold, all as logarithms; `words` are the widths of both
    words, the second of which has `most` of the scale's width at most.
    """
    (low, least), (safe, edge), (unsafe, beyond) = limits, zone, words
    width = axes.bbox.width / pixel_of(figure_of(axes))
    shift, high = 0.0, least
    for _ in range(2):
        share = min((beyond + shift) / width, most)
        high = max(least, low + (edge - low) / (1 - share))
        shift = max(0.0, unsafe - (edge - safe) / (high - low) * width)
    return high, shift


class RateStrip:
    """The cost after the run's epochs against the learning rate: which are safe, which diverge,
    which is best; and this run, on that curve.
    """

    def __init__(self, axes: Axes, run: Run) -> None:
        """Take axes. fill() has to follow."""
        data = run.as_trained.data
        self._axes = axes
        self._is_average = run.settings.shuffled and not run.as_trained.convergence.full_batch
        self._run, self._convergence = run, run.convergence
        own = run.convergence
        self._trained = run.as_trained.convergence
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
        zone = max(ZONE_PX, 0 if edge is None else text_px(f"from {edge_text(convergence)}") + 16)
        end, self._shift = room_beyond(
            axes,
            (math.log10(low), math.log10(min(2 * lr, MOST_ABOVE * safe))),
            (math.log10(safe), math.log10(edge or 3 * safe)),
            words=(0 if edge is None else text_px(UNSAFE[-1][0]) + 10, zone),
            most=0.4,
        )
        high = 10.0**end
        axes.set_xlim(math.log10(low), end)
        rates = np.geomspace(low, high, max(24, min(RATES, MAX_WORK // len(data))))
        # The marks are to lie on the curve however narrow its dips are.
        rates = np.union1d(rates, [rate for rate in (lr, best) if low <= rate <= high])
        costs = log_costs(own, run.costs_at(rates))
        self._set_cost_limits(costs)
        self._draw_zones(safe, edge)
        lowest = lowest_of(own)
        if lowest is not None:
            axes.axhline(
                math.log10(lowest), color=colours().least, lw=1.2, ls=":", label="lowest possible"
            )
        top = self._words_below()
        self._is_cut = bool((costs >= top).any())
        if self._is_cut:
            axes.axhline(top, color=colours().muted, lw=0.6, label="edge of the chart")
        seen = np.where(costs > top, top, costs)
        above = (costs >= top).astype(int)
        # Of what is off the chart, only where the curve leaves and comes back.
        hidden = (above == 1) & (np.roll(above, 1) == 1) & (np.roll(above, -1) == 1)
        within = np.column_stack([np.log10(rates), np.where(hidden, np.nan, seen)])
        axes.plot(*within.T, color=colours().cost, lw=1.6, label="cost by rate")
        at_best = float(np.interp(math.log10(best), np.log10(rates), seen))
        axes.plot(
            [math.log10(best)], [at_best], "d", ms=7, mew=0, color=colours().cost, label="best"
        )
        self._x, self._pixel = min(math.log10(lr), math.log10(high)), pixel_of(figure_of(axes))
        here = float(np.interp(self._x, np.log10(rates), seen))
        self._is_off = here >= top or lr > high
        self._y = top if self._is_off else here
        axes.plot(
            [self._x],
            [self._y],
            "^" if self._is_off else "o",
            ms=8,
            color=colours().line,
            mew=0,
            label="this run",
            zorder=3,
            clip_on=False,
        )
        self._curve, self._safe, self._edge = within, safe, edge
        self._lr, self._high, self._best = lr, high, (best, at_best)

    def fill(self) -> None:
        """Add what has to know where the axes are: numbers and names."""
        axes = self._axes
        self._write_rates()
        curve = axes.transData.transform(self._curve)
        breaks = np.flatnonzero(np.isnan(curve[:, 1]))
        parts = [dense(part, 3 * self._pixel) for part in np.split(curve, breaks)]
        self._labels = Labels(axes, np.concatenate(parts))
        self._write_limits(self._safe, self._edge)
        self._place_names()

    def _words_below(self) -> float:
        """Return up to which height the curve is drawn: above it there are only words."""
        low, high = self._axes.get_ylim()
        height = self._axes.bbox.height / pixel_of(figure_of(self._axes))
        return high - (high - low) * WORDS_PX / height

    def _place_names(self) -> None:
        """Name this run and the best rate beside their marks: apart, so that the two are not read
        as one, or together where this run's rate is the best.
        """
        to_pixels, pixel = self._axes.transData.transform, self._pixel
        best, at_best = self._best
        rate = number(best)
        mark, here = to_pixels((math.log10(best), at_best)), to_pixels((self._x, self._y))
        size = 7 * pixel
        for x, y in (mark, here):
            self._labels.take(x - size / 2, y - size / 2, x + size / 2, y + size / 2)
        is_best = number(self._lr) == rate and not self._is_off
        # Of a shuffled run the curve is the average over orders.
        own = "this run, on average" if self._is_average else "this run"
        names = [own]
        if is_best:
            names = [f"{own}: the lowest ({rate})"]
        elif self._lr > self._high:
            names = ["this run \N{RIGHTWARDS ARROW}"]
        elif self._is_off:
            cost = rounded(float(self._run.costs_at(np.array([self._lr]))[0]), 2)
            names = [f"{own}: {cost} \N{UPWARDS ARROW}", "this run \N{UPWARDS ARROW}"]
        for name in names:
            width = text_px(name) * pixel
            left, bottom = self._labels.find(
                [here],
                width,
                reach=(10, 14) if self._is_off else (10, 16, 24),
                keep="always" if name == names[-1] else "if free",
            )
            if not self._labels.hides:
                break
        self._write(name, left, bottom, "left", colours().readable(colours().line))
        # Beside each other the two would be one phrase.
        space = 26 * pixel
        self._labels.take(left - space, bottom, left + width + space, bottom + 6 * pixel)
        text = f"lowest at {rate}"
        reach = (9, 14, 22, 34, 48, 62)
        place = self._labels.find([mark], text_px(text) * pixel, reach=reach, keep="if free")
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
        """Write at the top what each zone is: safe, unsafe where that has room, diverging."""
        axes, pixel = self._axes, self._pixel
        first = axes.bbox.y1 - 13 * pixel
        to_safe = axes.transData.transform((math.log10(safe), 0))[0]
        to_edge = axes.bbox.x1
        self._write(f"safe up to {floored(safe)}", to_safe - 4 * pixel, first, "right")
        if edge is not None:
            to_edge = axes.transData.transform((math.log10(edge), 0))[0]
            for index, text in enumerate(("diverges", f"from {edge_text(self._trained)}")):
                x = to_edge + (4 + self._shift) * pixel
                self._write(text, x, first - 13 * index * pixel, "left")
        for lines in UNSAFE:
            widest = max(text_px(line) for line in lines)
            if widest * pixel + 6 * pixel <= to_edge - to_safe + self._shift * pixel:
                for index, line in enumerate(lines):
                    self._write(line, to_safe + 3 * pixel, first - 13 * index * pixel, "left")
                break
        bottom = axes.bbox.y1 - WORDS_PX * pixel
        if self._is_cut:
            left, cut = axes.bbox.x0 + 5 * pixel, "off the chart \N{UPWARDS ARROW}"
            if left + text_px(cut) * pixel < to_safe - 20 * pixel:
                self._write(cut, left, bottom + 4 * pixel, "left", colours().muted)
        self._labels.take(axes.bbox.x0, bottom, axes.bbox.x1, axes.bbox.y1)

    def _write_rates(self) -> None:
        axes = self._axes
        low, high = axes.get_xlim()
        length = axes.bbox.width / pixel_of(figure_of(axes))
        # A number may stand out to the right of the frame a little, but not of the picture.
        powers = [
            power
            for power in range(math.ceil(low), math.floor(high) + 1)
            if (high - power) / (high - low) * length >= text_px(power_of_ten(power)) / 2 - 8
        ]
        texts = [power_of_ten(power) for power in powers]
        every = max(1, math.ceil(sum(text_px(text) + 14 for text in texts) / length))
        axes.xaxis.set_major_locator(FixedLocator(powers[::every]))
        axes.xaxis.set_major_formatter(FixedFormatter(texts[::every]))
        axes.xaxis.set_minor_locator(NullLocator())

    def _write(self, text: str, x: float, y: float, side: str, colour: str = "") -> None:
        self._axes.annotate(
            text,
            (x, y),
            xycoords="figure pixels",
            ha=side,
            size=SMALL_PT,
            color=colour or colours().ink,
        )
