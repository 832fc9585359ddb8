"""Learning rates that follow from the data: the safe one, the first that diverges, the best."""

from __future__ import annotations

import math

import numpy as np

from regression.analysis.affine import Coordinates, compose, coordinates, log_radius, moments, power
from regression.analysis.shuffled import epoch_orders, mean_squares
from regression.data import Dataset, Floats
from regression.line import Line


def safe_rate(data: Dataset, *, batch_size: int = 1, shuffled: bool = False) -> float:
    """Return the largest rate at which no step can overshoot: leave its batch further from
    the line, on any side, than it was.

    A step multiplies the error along an eigenvector of the batch's H = mean(a a^T), a = (x, 1),
    by 1 - 2*lr*eigenvalue. Up to lr = 1 / (2 * largest eigenvalue) no error changes its sign;
    up to twice that, the rate returned, errors may change sides but none grows, so no epoch
    takes two runs further apart; above it, one step can. The largest eigenvalue is x^2 + 1 for
    a single sample, and no batch exceeds that of its largest sample, which is the bound taken
    when the batches are shuffled (a batch of all is the same in any order).

    >>> from regression import noisy_line
    >>> round(safe_rate(noisy_line()), 6)
    0.009901
    """
    with np.errstate(over="ignore"):
        if batch_size == 1 or (shuffled and batch_size < len(data)):
            return float(1.0 / (np.square(data.x).max() + 1.0))
        starts = np.arange(0, len(data), batch_size)
        lengths = np.diff(starts, append=len(data))
        mean = np.add.reduceat(data.x, starts) / lengths
        square = np.add.reduceat(np.square(data.x), starts) / lengths
        largest = (square + 1.0 + np.hypot(square - 1.0, 2.0 * mean)) / 2.0
        return float(1.0 / largest.max())


def diverging_rate(
    data: Dataset, *, batch_size: int = 1, frame: Coordinates | None = None
) -> float:
    """Return the first rate found at which ordered training diverges: its epoch's spectral
    radius is 1 or more, or its map leaves float64.

    The scan goes up from the safe rate, below which nothing diverges, in steps of 0.5 %, and
    narrows the first one that ends diverging to a thousandth of itself. Above 50,000 points
    the steps are longer, up to 10 % for a million, to take a second and not ten. `frame` is
    coordinates(data), if at hand. A range of
    divergence that begins and ends within one step is missed, and an epoch that stretches by
    1e16 or more counts as diverging, since its rounding alone is as large as the numbers.

    Bisection between a rate that settles and one that diverges would be wrong: the radius crosses 1
    several times, as the trace of M changes its sign while it grows, so that windows of
    settling open again far above the first crossing, and bisection ends at any of them.

    >>> from regression import noisy_line
    >>> round(diverging_rate(noisy_line()), 4)
    0.0304
    """
    frame = frame or coordinates(data)
    with np.errstate(all="ignore"):
        steps = list(moments(frame, batch_size))
    n, low = len(data), safe_rate(data, batch_size=batch_size)
    growth = 1.0 + min(max(n / 1e7, 0.005), 0.1)
    together = min(max(200_000 // n, 2), 64)
    first, rates = None, np.array([low / growth])
    while first is None:
        rates = rates[-1] * growth ** np.arange(1, together + 1)
        first = _first_diverging(frame, steps, rates)
    high = float(rates[first])
    low = max(low, high / growth)
    width = (high - low) / 1000.0
    while high - low > width:
        edges = np.linspace(low, high, together + 2)
        first = _first_diverging(frame, steps, edges[1:-1])
        first = together if first is None else first
        low, high = float(edges[first]), float(edges[first + 1])
    return high


def _first_diverging(frame: Coordinates, steps: list[Floats], rates: Floats) -> int | None:
    with np.errstate(all="ignore"):
        maps = compose(frame, steps, rates, columns=2)
    found = np.flatnonzero(~(log_radius(frame, maps) < 0))
    return int(found[0]) if len(found) else None


def best_rate(
    data: Dataset, *, epochs: int, batch_size: int = 1, start: Line, shuffled: bool = False
) -> float:
    """Return the rate, to three digits, at which the run ends with the least cost: small
    enough to settle near least squares, large enough to get there within the epochs. Of a
    shuffled run it is the least expected cost, over orders drawn from a seed of its own.

    A grid over all rates up to the safe one, narrowed three times around the best found; the
    cost is flat there, so that a few percent of the rate do not show.

    >>> from regression import START, noisy_line
    >>> best_rate(noisy_line(), epochs=500, start=START)
    0.000294
    """
    frame, highest = coordinates(data), safe_rate(data, batch_size=batch_size, shuffled=shuffled)
    orders = epoch_orders(frame, batch_size, shuffled)
    # Below this rate all the steps together are too short to matter.
    low = 0.01 * highest / (math.ceil(len(data) / batch_size) * epochs)
    high = best = highest
    count = min(max(4_000_000 // (len(data) * len(orders)), 24), 240)
    for points in (count, *[max(count // 4, 6)] * 3):
        rates = np.geomspace(low, high, points)
        costs = _excess_costs(frame, orders, rates, epochs, start)
        at = int(np.argmin(costs))
        best = float(rates[at])
        low, high = float(rates[max(at - 1, 0)]), float(rates[min(at + 1, points - 1)])
    rounded = float(f"{best:.3g}")
    digit = 10.0 ** (math.floor(math.log10(best)) - 2)
    return rounded if rounded <= highest else float(f"{rounded - digit:.3g}")


def excess_cost(
    data: Dataset, *, lr: float, epochs: int, batch_size: int, start: Line, shuffled: bool
) -> float:
    """Return how far above least squares the cost of the run ends, inf when it left float64;
    of a shuffled run, what is expected, its cloud included.
    """
    how = {"epochs": epochs, "batch_size": batch_size, "start": start, "shuffled": shuffled}
    return float(excess_costs(data, rates=np.array([lr]), **how)[0])  # type: ignore[arg-type]


def excess_costs(
    data: Dataset, *, rates: Floats, epochs: int, batch_size: int, start: Line, shuffled: bool
) -> Floats:
    """Return excess_cost() at each of the rates, shape (rates,)."""
    frame = coordinates(data)
    return _excess_costs(frame, epoch_orders(frame, batch_size, shuffled), rates, epochs, start)


def _excess_costs(
    frame: Coordinates, orders: list[list[Floats]], rates: Floats, epochs: int, start: Line
) -> Floats:
    """Return how far above least squares the cost ends at each rate, shape (rates,)."""
    offset = np.array([*frame.offset(start), 1.0])
    with np.errstate(all="ignore"):
        maps = [compose(frame, steps, rates) for steps in orders]
        if len(maps) == 1:
            end = np.tensordot(power(maps[0], epochs)[0][0], offset, axes=(1, 0))
            squares = (end * end).sum(axis=0)
        else:
            squares = mean_squares(np.array([m[0][0] for m in maps]), offset, epochs)
        costs: Floats = frame.points * np.where(np.isfinite(squares), squares, np.inf)
    return costs
