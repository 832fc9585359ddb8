"""Limits and ticks that hold for all frames, and costs on a logarithmic axis."""

from __future__ import annotations

import math
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.axis import Axis
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ticker import (
    FixedFormatter,
    FixedLocator,
    MaxNLocator,
    NullFormatter,
    NullLocator,
)

from plotting.theme import FONT, SMALL_PT, colours
from plotting.views.base import DPI, figure_of, fit_in, name_axis, pixel_of
from plotting.views.words import MINUS, SUPERSCRIPTS, number
from regression import Convergence, Floats


def padded(low: float, high: float, share: float = 0.05) -> tuple[float, float]:
    """Return the interval widened on both sides by a share of its length, never empty."""
    margin = share * (high - low) or share * abs(high) or 1.0
    return low - margin, high + margin


def apart(places: Floats, distance: float) -> Floats:
    """Return rising places, shape (n,), moved as little as keeps each a distance from the next.

    The least sum of squared moves, by pooling neighbours that touch (Ayer et al., 1955).

    >>> apart(np.array([0.0, 1.0, 9.0]), 3.0)
    array([-1.,  2.,  9.])
    """
    pools: list[tuple[float, int]] = []
    for index, place in enumerate(places):
        pool = place - index * distance, 1
        while pools and pools[-1][0] > pool[0]:
            (mean, count), (before, more) = pool, pools.pop()
            pool = (mean * count + before * more) / (count + more), count + more
        pools.append(pool)
    means = np.repeat([mean for mean, _ in pools], [count for _, count in pools])
    moved: Floats = means + distance * np.arange(len(places))
    return moved


def floor_of(convergence: Convergence) -> float:
    """Return a cost below which there is only rounding: that of the last digit of every y."""
    squares = float(convergence.cost(*np.zeros(2))) or convergence.start_cost  # all y may be 0
    return max(np.finfo(float).eps ** 2 * squares, np.finfo(float).tiny)


def log_costs(convergence: Convergence, costs: Floats) -> Floats:
    """Return the common logarithms of the run's costs."""
    return np.log10(np.maximum(costs, floor_of(convergence)))


class EpochScale:
    """Where epochs stand along an axis: by their logarithm, the start a little before the first.

    Axes of such a scale are linear ones that hold places(), which no zero and no overflow upsets.
    """

    def __init__(self, last: int) -> None:
        """Take the last epoch; 0 where there is only the start."""
        self._last = last
        self._gap = max(0.3, 0.11 * math.log10(max(last, 1)))

    def places(self, epochs: Floats) -> Floats:
        """Return where the epochs, (n,), are along the axis; the start is epoch 0."""
        epochs = np.asarray(epochs, float)
        placed: Floats = np.where(epochs > 0, np.log10(np.maximum(epochs, 1.0)), -self._gap)
        return placed

    @property
    def limits(self) -> tuple[float, float]:
        """The limits of the axis, with a little room on both sides."""
        end = math.log10(max(self._last, 1))
        room = 0.04 * (end + self._gap)
        return -self._gap - room, end + room

    def write_on(self, axis: Axis, name: str = "epoch (log)") -> None:
        """Give the axis, whose axes have their place, limits, ticks at 1, 10, 100, ..., the start
        and the last epoch, and its name.
        """
        along = axis.axes.bbox.width / pixel_of(figure_of(axis.axes))
        low, high = self.limits
        (axis.axes.set_xlim if axis is axis.axes.xaxis else axis.axes.set_ylim)(low, high)
        powers = [10**power for power in range(20) if 10**power < self._last]
        few = [step for step in (2, 5) if step < self._last <= 20]
        ticks: dict[int, tuple[float, float]] = {}
        for epoch in dict.fromkeys([0, self._last, *powers, *few]):
            place = (float(self.places(np.array([epoch]))[0]) - low) / (high - low) * along
            half = text_px("start" if epoch == 0 else f"{epoch:,}") / 2 + 3
            if all(abs(place - other) > half + reach for other, reach in ticks.values()):
                ticks[epoch] = place, half
        epochs = sorted(ticks)
        axis.set_major_locator(FixedLocator(self.places(np.array(epochs)).tolist()))
        axis.set_major_formatter(FixedFormatter([f"{e:,}" if e else "start" for e in epochs]))
        between = [step * power for power in (1, *powers[1:]) for step in range(2, 10)]
        between = [e for e in between if e < self._last] if self._last <= 10**5 else []
        axis.set_minor_locator(FixedLocator(self.places(np.array(between)).tolist()))
        axis.set_minor_formatter(NullFormatter())
        axis.set_label_text(name)


def text_px(text: str) -> float:
    """Return how many pixels of the design a small text takes."""
    return sum(map(_advance, text)) * SMALL_PT / 72 * DPI


@cache
def _advance(character: str) -> float:
    """Return how far a character moves the pen, in units of the font's size."""
    face = get_font(findfont(FontProperties(family=FONT)))
    face.set_size(100, 72)
    return float(face.load_char(ord(character)).linearHoriAdvance) / 65536 / 100


def label_room(axis: Axis) -> float:
    """Return how many pixels of the design the numbers and the name of a y axis take."""
    numbers = max((text_px(text.get_text()) for text in axis.get_ticklabels()), default=0.0)
    return 9 + numbers + (26 if axis.label.get_text() else 12)


def lowest_of(convergence: Convergence) -> float | None:
    """Return the lowest possible cost, if it is more than rounding."""
    return None if convergence.points_on_a_line else convergence.minimum_cost


def write_costs(axis: Axis, lowest: float | None, *, colour: str | None = None) -> None:
    """Label an axis that holds common logarithms of costs, its axes in their place, with few
    round costs and, if it is given, with the lowest possible.
    """
    length = axis.axes.bbox.height / pixel_of(figure_of(axis.axes))
    low, high = sorted(axis.get_view_interval())
    pixel = (high - low) / length
    ticks = round_costs(low, high, max(2, int(length // 34)))
    texts = [round_text(tick) for tick in ticks]
    kept = list(zip(ticks, texts))
    if lowest is not None and lowest > 0 and low <= math.log10(lowest) <= high:
        at = math.log10(lowest)
        kept = [(tick, text) for tick, text in kept if tick - at > 14 * pixel]
        kept.append((at, number(lowest, 4)))
    axis.set_major_locator(FixedLocator([tick for tick, _ in kept]))
    axis.set_major_formatter(FixedFormatter([text for _, text in kept]))
    axis.set_minor_locator(NullLocator())
    for label in axis.get_ticklabels():
        label.set_color(colour or colours().ink)


def round_text(logarithm: float) -> str:
    """Return the round number of a common logarithm as one writes it, in few characters.

    >>> [round_text(value) for value in (0.0, 4.0, 5.0, math.log10(3e7), -20.0)]
    ['1', '10,000', '10⁵', '3·10⁷', '10⁻²⁰']
    """
    power = math.floor(logarithm + 1e-9)
    digit = 10 ** (logarithm - power)
    if -4 <= logarithm < 5:
        return number(10**logarithm, 4)
    return power_of_ten(power) if digit < 1.001 else f"{number(digit, 4)}·{power_of_ten(power)}"


def power_of_ten(exponent: int) -> str:
    """Return a power of ten as one writes it; plain ones plainly.

    >>> power_of_ten(-3), power_of_ten(300)
    ('0.001', '10³⁰⁰')
    """
    if -4 <= exponent <= 4:
        return f"{10.0**exponent:,.{max(0, -exponent)}f}"
    return f"10{str(exponent).translate(SUPERSCRIPTS)}"


def round_costs(low: float, high: float, most: int) -> list[float]:
    """Return the common logarithms of at most so many round numbers between 10**low and
    10**high, which are logarithms too: as many as one can, evenly.
    """
    decades = range(math.floor(low), math.ceil(high) + 1)
    best: list[float] = []
    for steps in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7)):
        ticks = [decade + math.log10(step) for decade in decades for step in steps]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) > most:
            break
        best = ticks
    if len(best) < 2 and high - low < 1 and -300 < low < high < 300:
        values = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(10**low, 10**high)
        best = [math.log10(value) for value in values if 10**low <= value <= 10**high]
        if len(best) > most:
            best = best[:: math.ceil(len(best) / most)]
    if not best or (len(best) < 2 and high - low > 2):
        least = (math.ceil(high) - math.floor(low) + 1) / most
        every = next(step for step in (1, 2, 3, 5, 10, 20, 50, 100, 200, 500) if step >= least)
        best = [float(power) for power in decades if power % every == 0 and low <= power <= high]
    return best


class Numbers(NamedTuple):
    """How an axis is numbered: where, with what, and what the axis' name has to add."""

    ticks: list[float]
    labels: list[str]
    addition: str


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def write_numbers(axis: Axis, name: str, *, dates: bool = False) -> None:
    """Label an axis, whose axes have their place and limits, with round numbers that have room,
    and write its name beside them: as much of it as fits.

    What all numbers would share goes to the name, in words a student reads: "x - 5,000" or
    "x (millions)". With `dates` the numbers are years, and are written as years, months, days or
    hours; where they are not seen, the name says that x is in years.
    """
    axes = axis.axes
    horizontal = axis is axes.xaxis
    box, pixel = axes.bbox, pixel_of(figure_of(axes))
    length = (box.width if horizontal else box.height) / pixel
    low, high = sorted(axis.get_view_interval())
    numbers = Numbers([], [], "")
    for most in (8, 6, 5, 4, 3, 2, 1):
        numbers = (date_numbers if dates else plain_numbers)(low, high, most)
        need = sum(text_px(label) + 12 if horizontal else 22.0 for label in numbers.labels)
        if numbers.ticks and need <= length:
            break
    axis.set_major_locator(FixedLocator(numbers.ticks))
    axis.set_major_formatter(FixedFormatter(numbers.labels))
    axis.set_minor_locator(NullLocator())
    name_axis(axis, name, length * pixel)
    addition = numbers.addition
    if dates and name and not all(label.isdigit() for label in numbers.labels):
        addition += f" ({'x' if horizontal else 'y'} in years)"
    if addition:
        fit_in(axis.label, length * pixel, addition)


WORDS = {3: "thousands", 6: "millions", 9: "billions"}


def plain_numbers(low: float, high: float, most: int) -> Numbers:
    """Return at most so many round numbers between the limits."""
    span, size = high - low, max(abs(low), abs(high))
    shift, addition = 0.0, ""
    if size > 1e4 * span or (size > 2e5 and size > 100 * span):
        unit = 10.0 ** math.ceil(math.log10(span))
        shift = math.floor(low / unit) * unit
        sign = "+" if shift < 0 else MINUS
        size = abs(shift)
        addition = f" {sign} {size:,.0f}" if size >= 1e4 else f" {sign} {number(size, 12)}"
        size = max(abs(low - shift), abs(high - shift))
    exponent = math.floor(math.log10(size)) if size > 0 else 0
    exponent = 3 * (exponent // 3) if exponent >= 5 or exponent < -3 else 0
    if exponent:
        of = WORDS.get(exponent) or f"in 10{str(exponent).translate(SUPERSCRIPTS)}"
        addition += f" ({of})"
    low, high = ((end - shift) / 10.0**exponent for end in (low, high))
    found = MaxNLocator(most, steps=[1, 2, 5, 10]).tick_values(low, high)
    values = [value for value in found if low <= value <= high][: most + 1]
    step = found[1] - found[0]
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if abs(step * 10**decimals - round(step * 10**decimals)) > 1e-6:
        decimals += 1
    comma = "" if 0 <= low <= high < 3000 else ","  # they may be years
    labels = [f"{value + 0.0:{comma}.{decimals}f}".replace("-", MINUS) for value in values]
    labels = [
        label[1:] if label.strip(MINUS + "0.") == "" and MINUS in label else label
        for label in labels
    ]
    return Numbers([value * 10.0**exponent + shift for value in values], labels, addition)


def date_numbers(low: float, high: float, most: int) -> Numbers:
    """Return at most so many years, or dates or hours within the years, between the limits, in
    years.
    """
    if high - low > 0.9 * most or not 1 < low < high < 9998:
        found = MaxNLocator(most, steps=[1, 2, 5, 10], integer=True).tick_values(low, high)
        years = [year for year in found if low <= year <= high]
        return Numbers(years, [f"{year:.0f}" for year in years], "")
    first, last = date_of(low), date_of(high)
    days = (last - first).days
    for step in (1, 2, 3, 6):
        months = [
            date(year, month, 1)
            for year in range(first.year, last.year + 1)
            for month in range(1, 13, step)
            if first <= date(year, month, 1) <= last
        ]
        if len(months) <= most:
            break
    if len(months) >= 2:
        labels = [f"{MONTHS[day.month - 1]} {day.year}" for day in months]
        return Numbers([year_of(day) for day in months], labels, "")
    if (high - low) * DAYS_PER_YEAR < 2.5:
        return time_numbers(low, high, most)
    every = max(1, math.ceil(days / most))
    dates = [first + timedelta(days=count) for count in range(1, days + 1, every)]
    dates = [day for day in dates if low <= year_of(day) <= high]
    labels = [f"{day.day} {MONTHS[day.month - 1]} {day.year}" for day in dates]
    return Numbers([year_of(day) for day in dates], labels, "")


def time_numbers(low: float, high: float, most: int) -> Numbers:
    """Return at most so many times of the day between the limits, which are in years."""
    minutes = DAYS_PER_YEAR * 24 * 60
    first, last = ((year - 1970.0) * minutes for year in (low, high))
    every = next((m for m in EVERY_MINUTES if (last - first) / m <= most), EVERY_MINUTES[-1])
    ticks = range(math.ceil(first / every) * every, math.floor(last) + 1, every)
    days = [date(1970, 1, 1) + timedelta(days=tick // 1440) for tick in ticks]
    labels = [
        f"{tick // 60 % 24:02}:{tick % 60:02}"
        if tick % 1440
        else f"{day.day} {MONTHS[day.month - 1]}"
        for tick, day in zip(ticks, days)
    ]
    on = f", {days[0].day} {MONTHS[days[0].month - 1]} {days[0].year}" if days else ""
    return Numbers([1970.0 + tick / minutes for tick in ticks], labels, on)


EVERY_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)


def date_of(year: float) -> date:
    """Return the day that a number of years stands for."""
    return date(1970, 1, 1) + timedelta(days=round((year - 1970.0) * DAYS_PER_YEAR))


def year_of(day: date) -> float:
    """Return the number of years that stands for a day."""
    return 1970.0 + (day - date(1970, 1, 1)).days / DAYS_PER_YEAR


DAYS_PER_YEAR = 365.2425
"""The mean year of the calendar."""
