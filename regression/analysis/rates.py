"""Learning rates that follow from the data: the safe limit, divergence, the best one."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from regression.analysis.affine import Coordinates, compose, coordinates, log_radius, moments
from regression.analysis.epoch_map import ordered_map
from regression.analysis.shuffled import (
    drawn_orders,
    mean_square_contractions,
    mean_squares,
    shuffled_matrices,
)
from regression.data import Dataset, Floats
from regression.line import Line


def safe_rate(data: Dataset, *, batch_size: int = 1, shuffled: bool = False) -> float:
    """Return the safe limit: the largest rate at which no step can leave its batch further from
    the line, on any side, than it was.

    A step multiplies the error along an eigenvector of the batch's H = mean(a a^T), a = (x, 1),
    by 1 - 2*lr*eigenvalue. Up to lr = 1 / (2 * largest eigenvalue) no error changes its sign: no
    step goes past the lowest cost of its batch. Up to twice that, the rate returned, errors
    may change sides but none grows, so no epoch takes two runs further apart; above it, one step
    can. The largest eigenvalue is x^2 + 1 for a single point; for shuffled batches it is that of
    the batch, of all that can be drawn, that has the largest.

    >>> from regression import noisy_line
    >>> round(safe_rate(noisy_line()), 6)
    0.009901
    """
    with np.errstate(over="ignore"):
        if batch_size == 1:
            return float(1.0 / (np.square(data.x).max() + 1.0))
        if shuffled and batch_size < len(data):
            return 1.0 / _largest_of_any_batch(data.x, batch_size)
        starts = np.arange(0, len(data), batch_size)
        lengths = np.diff(starts, append=len(data))
        mean = np.add.reduceat(data.x, starts) / lengths
        square = np.add.reduceat(np.square(data.x), starts) / lengths
        return float(1.0 / _largest_eigenvalue(mean, square).max())


def _largest_eigenvalue(mean: Floats, square: Floats) -> Floats:
    """Return that of mean(a a^T) from the means of x and of x^2."""
    largest: Floats = (square + 1.0 + np.hypot(square - 1.0, 2.0 * mean)) / 2.0
    return largest


def _largest_of_any_batch(x: Floats, batch_size: int) -> float:
    """Return the largest eigenvalue among all batches that can be drawn from the points.

    The last, short batch of an epoch can have the largest. In a direction (v, w) the points that
    add most have the largest |v*x + w|: some of the lowest x and the rest of the highest.
    """
    size = len(x) % batch_size or batch_size
    ordered = np.sort(x)
    sums, squares = (np.cumsum([0.0, *(ordered**power)]) for power in (1, 2))
    low = np.arange(size + 1)
    high = len(x) - (size - low)
    mean = (sums[low] + sums[-1] - sums[high]) / size
    square = (squares[low] + squares[-1] - squares[high]) / size
    return float(_largest_eigenvalue(mean, square).max())


class Threshold(NamedTuple):
    """A learning rate, and whether training is known to diverge there: else it is the smallest
    rate found at which double precision cannot tell.
    """

    rate: float
    known: bool


def diverging_rate(
    data: Dataset,
    *,
    batch_size: int = 1,
    shuffled: bool = False,
    coords: Coordinates | None = None,
) -> Threshold:
    """Return the divergence threshold: the smallest rate found at which training diverges, or at
    which its epoch stretches so far that double precision cannot tell.

    An ordered run diverges where its epoch's spectral radius is 1 or more; a shuffled one where
    the mean square of its distance grows, which is estimated from drawn orders, to a few percent
    of the rate. The scan goes up from the safe limit, below which nothing diverges, in steps of
    0.5 % (above 50,000 points of up to 10 % for a million, and shuffled of 5 %), and narrows the
    first one that ends diverging to a thousandth of itself. A range of divergence that begins
    and ends within one step is missed. `coords` is coordinates(data), if at hand.

    It is no limit above which all rates diverge: the radius crosses 1 several times, as the
    trace of M changes its sign while it grows, so that ranges of convergence open again far
    above the first crossing. Bisection from 0 would end at any of them.

    >>> from regression import noisy_line
    >>> round(diverging_rate(noisy_line()).rate, 4)
    0.0304
    """
    coords = coords or coordinates(data)
    low = safe_rate(data, batch_size=batch_size, shuffled=shuffled)
    if shuffled and batch_size < len(data):
        return _first_spreading(coords, batch_size, low)
    with np.errstate(all="ignore"):
        steps = list(moments(coords, batch_size))
    n = len(data)
    growth = 1.0 + min(max(n / 1e7, 0.005), 0.1)
    together = min(max(200_000 // n, 2), 64)
    first, rates = None, np.array([low / growth])
    while first is None:
        rates = rates[-1] * growth ** np.arange(1, together + 1)
        first = _first_diverging(coords, steps, rates)
    high = float(rates[first])
    low = max(low, high / growth)
    width = (high - low) / 1000.0
    while high - low > width:
        edges = np.linspace(low, high, together + 2)
        first = _first_diverging(coords, steps, edges[1:-1])
        first = together if first is None else first
        low, high = float(edges[first]), float(edges[first + 1])
    if ordered_map(data, lr=high, batch_size=batch_size, coords=coords).known:
        return Threshold(high, known=True)
    return _first_unknown(data, batch_size, coords, high)


def _first_diverging(coords: Coordinates, steps: list[Floats], rates: Floats) -> int | None:
    with np.errstate(all="ignore"):
        maps = compose(coords, steps, rates, columns=2)
    found = np.flatnonzero(~(log_radius(coords, maps) < 0))
    return int(found[0]) if len(found) else None


def _first_unknown(data: Dataset, batch_size: int, coords: Coordinates, high: float) -> Threshold:
    """Return the rate from which the map is not known, up to `high`, where it is not."""
    low = safe_rate(data, batch_size=batch_size)
    while high - low > 1e-3 * low:
        middle = (low + high) / 2.0
        if ordered_map(data, lr=middle, batch_size=batch_size, coords=coords).known:
            low = middle
        else:
            high = middle
    return Threshold(high, known=False)


def _first_spreading(coords: Coordinates, batch_size: int, low: float) -> Threshold:
    """Return the rate, above `low`, from which the mean square of shuffled runs grows."""
    orders = drawn_orders(coords.points, *THRESHOLD_ORDERS)

    def spreads(rate: float) -> bool:
        matrices = shuffled_matrices(coords, orders, batch_size, np.array([rate]))
        return not mean_square_contractions(matrices)[0] < 1.0

    high = low
    while not spreads(high):
        low, high = high, 1.05 * high
    while high - low > 1e-3 * low:
        middle = (low + high) / 2.0
        low, high = (low, middle) if spreads(middle) else (middle, high)
    return Threshold(high, known=True)


THRESHOLD_ORDERS = 50_000, 1000
"""From how many visits and orders at most the threshold of shuffled runs is estimated."""

WELL_SAMPLED = THRESHOLD_ORDERS[0] // THRESHOLD_ORDERS[1]
"""Points up to which these are all the orders, so that it is known to some percent."""


def best_rate(
    data: Dataset, *, epochs: int, batch_size: int = 1, start: Line, shuffled: bool = False
) -> float:
    """Return the safe rate at which the run ends with the lowest cost of those tried: small
    enough to converge near least squares, large enough to get there within the epochs. It has
    three digits, or more where they matter. Of a shuffled run it is the lowest expected cost,
    over orders drawn from a seed.

    Tried is a grid over the rates up to the safe limit, whose steps grow with the rate and, near
    the limit, where the cost can dip and rise again, are equal; it is narrowed three times around
    the best found. A dip that is narrower than a step can be missed.

    >>> from regression import START, noisy_line
    >>> best_rate(noisy_line(), epochs=500, start=START)
    0.000294
    """
    highest = safe_rate(data, batch_size=batch_size, shuffled=shuffled)
    run = _Runs(data, epochs, batch_size, start, shuffled, FEW_ORDERS)
    # Below this rate all the steps together are too short to matter.
    low = 0.01 * highest / (math.ceil(len(data) / batch_size) * epochs)
    count = min(max(4_000_000 // run.visits, 24), 240)
    rates = np.union1d(
        np.geomspace(low, highest, count), np.linspace(highest / count, highest, count)
    )
    best, edges = run.best_of(rates)
    for _ in range(3):
        best, edges = run.best_of(np.linspace(*edges, max(count // 4, 6)))
    return run.shortened(best, highest)


def excess_costs(
    data: Dataset,
    rates: Floats,
    *,
    epochs: int,
    batch_size: int = 1,
    start: Line,
    shuffled: bool = False,
) -> Floats:
    """Return how far above least squares the cost of the run ends at each rate, shape (rates,),
    inf where it left float64; of a shuffled run what is expected on the mean over orders.
    """
    orders = MANY_ORDERS if len(rates) == 1 else FEW_ORDERS
    return _Runs(data, epochs, batch_size, start, shuffled, orders).excess_costs(rates)


FEW_ORDERS, MANY_ORDERS = (100_000, 32), (400_000, 2000)
"""Of how many visits and orders a shuffled run's cost is the mean: where many rates are compared,
and where the cost at one is wanted for itself."""


class _Runs:
    """Runs from one start, in one order or in several, whose ends at any rates are wanted."""

    def __init__(
        self,
        data: Dataset,
        epochs: int,
        batch_size: int,
        start: Line,
        shuffled: bool,
        orders: tuple[int, int],
    ) -> None:
        self._coords, self._epochs, self._batch_size = coordinates(data), epochs, batch_size
        self._start = np.array([*self._coords.offset(start), 1.0])
        start_excess = len(data) * float(self._start[:2] @ self._start[:2])
        self._negligible = 1e-3 * self._coords.minimum_cost + 1e-12 * start_excess
        self._orders = np.arange(len(data))[None]
        if shuffled and batch_size < len(data):
            self._orders = drawn_orders(len(data), *orders)

    @property
    def visits(self) -> int:
        """How many points one rate visits."""
        return self._orders.size

    def excess_costs(self, rates: Floats) -> Floats:
        """Return the cost above least squares in the end at each rate, shape (rates,)."""
        together = max(1, 2_000_000 // self.visits)
        parts = [rates[first : first + together] for first in range(0, len(rates), together)]
        return np.concatenate([self._excess_costs(part) for part in parts])

    def best_of(self, rates: Floats) -> tuple[float, tuple[float, float]]:
        """Return the rate that ends with the lowest cost, and its two neighbours."""
        at = int(np.argmin(self.excess_costs(rates)))
        low, high = rates[max(at - 1, 0)], rates[min(at + 1, len(rates) - 1)]
        return float(rates[at]), (float(low), float(high))

    def shortened(self, rate: float, highest: float) -> float:
        """Return the rate to as few digits, three at least, as leave its end nearly as it is."""
        for digits in range(3, 16):
            digit = 10.0 ** (math.floor(math.log10(rate)) - digits + 1)
            rounded = float(f"{rate:.{digits}g}")
            short = rounded if rounded <= highest else float(f"{rounded - digit:.{digits}g}")
            ends = self.excess_costs(np.array([rate, short]))
            if ends[1] <= 1.02 * ends[0] + self._negligible:
                return short
        return rate

    def _excess_costs(self, rates: Floats) -> Floats:
        coords = self._coords
        matrices = shuffled_matrices(coords, self._orders, self._batch_size, rates)
        with np.errstate(all="ignore"):
            if len(self._orders) == 1:
                end = _power(matrices[..., 0], self._epochs) @ self._start
                squares = (end[:, :2] ** 2).sum(axis=1)
            else:
                squares = mean_squares(matrices, self._start, self._epochs)
            costs: Floats = coords.points * np.where(np.isfinite(squares), squares, np.inf)
        return costs


def _power(matrices: Floats, epochs: int) -> Floats:
    """Return [M | c], shape (2, 3, rates), applied so often, as matrices of shape (rates, 3, 3)."""
    square = np.zeros((matrices.shape[2], 3, 3))
    square[:, :2] = matrices.transpose(2, 0, 1)
    square[:, 2, 2] = 1.0
    power: Floats = np.linalg.matrix_power(square, epochs)
    return power
