"""What follows for a run from its data and settings, in numbers, and how it ended."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from regression.analysis.affine import Coordinates, Offset, coordinates
from regression.analysis.epoch_map import EpochMap, ordered_map
from regression.analysis.rates import (
    WELL_SAMPLED,
    best_rate,
    diverging_rate,
    excess_costs,
    safe_rate,
)
from regression.analysis.shuffled import expected_map
from regression.checks import MAX_COUNT
from regression.data import Dataset, Floats, Scale
from regression.line import START, Line
from regression.sgd import Settings, Snapshot

NEGLIGIBLE = 1e-12
"""The share of what the points cost about their mean that is not worth a word."""

ROUNDING = 1e-14
"""What the arithmetic may change in y, relative to its mean: some dozen of its last digits."""

NEAR = 0.01
"""A run has converged when at most this share of its distance to the limit is left, and its cost
differs from the limit's by at most this share of that."""

NEAR_ON_A_LINE = 1e-4
"""The same where the points lie on a line, so that the limit costs nothing: of the cost of the
best horizontal line or, where that costs nothing either, of y = 0, or of an error of 1."""

AT_LIMIT = 1e-12
"""What rounding makes of the limit's y, relative to y: a run that starts nearer starts there."""


Bools = npt.NDArray[np.bool_]

LOOKED_AT = 100_000
"""Epochs up to which all are looked at to find from which one on a run is near its limit."""

LOWEST = 1e-7
"""The share by which a cost may be above the lowest possible, and is called that."""

ENOUGH = 1e-3
"""A run that ends above the lowest possible cost by at most this share needs no suggestion."""


@dataclass(frozen=True)
class Convergence:
    """A run's settings, and the numbers that follow from them and the data.

    Of a shuffled run they are expectations: see expected_map(). Costs are over all points;
    None stands for what does not exist, such as the limit of a run that diverges.
    """

    settings: Settings
    least_squares: Line
    minimum_cost: float
    limit: Line | None
    """The line that ends of epochs converge to; of a shuffled run the mean that they hover
    around."""
    limit_cost: float | None
    log_contraction: float
    """The logarithm of `contraction`, which tells 1 - 1e-20 from 1."""
    known: bool
    """Whether double precision can tell if the run converges, and the two above to 3 digits."""
    alternates: bool
    """Whether a part of the distance keeps its size for ever: neither converges nor diverges."""
    epochs_needed: int | None
    """From the start until it has converged: by its distance to the limit and by its cost."""
    epochs_by_distance: int | None
    """The same by its distance alone: see NEAR."""
    epochs_by_cost: int | None
    """The same by its cost alone."""
    safe_rate: float
    diverging_rate: float | None
    """The smallest rate found at which training diverges. For a shuffled run: at which the mean
    square of its distance grows."""
    unknown_rate: float | None
    """Where that is not known: the smallest rate found at which double precision cannot tell."""
    points: int
    mean: float
    std: float
    """How many points, and the mean and standard deviation of their x."""

    def estimated(self, rate: float) -> float:
        """Return the divergence threshold of a shuffled run in the digits that it has: in one where
        it is estimated from a few hundred of all orders, else in two; or in as many more as leave
        it on its side of the run's rate and of the safe limit.
        """
        for digits in range(1 if self.points > WELL_SAMPLED else 2, 17):
            shown = float(f"{rate:.{digits - 1}e}")
            others = (self.settings.lr, self.safe_rate)
            if all(one < shown if one < rate else shown <= one for one in others):
                return shown
        return rate

    @property
    def contraction(self) -> float:
        """What an epoch leaves of the distance to the limit, in the long run; inf when it leaves
        float64.
        """
        return math.exp(self.log_contraction) if self.log_contraction < 700 else math.inf

    def in_units(self, scale: Scale) -> Convergence:
        """Return the same of a run on standardized points, with lines and costs in the units of
        the data. Rates stay those of training.
        """

        def own(line: Line) -> Line:
            return Line(*scale.line_in_units(*line))

        return replace(
            self,
            settings=replace(self.settings, start=own(self.settings.start), standardize=True),
            least_squares=own(self.least_squares),
            minimum_cost=self.minimum_cost * scale.cost_factor,
            limit=None if self.limit is None else own(self.limit),
            limit_cost=None if self.limit_cost is None else self.limit_cost * scale.cost_factor,
            mean=scale.x_mean,
            std=scale.x_std,
        )

    def cost(self, weight: Floats, bias: Floats) -> Floats:
        """Return the cost over all points of lines whose W and b broadcast, without the points:
        minimum_cost + points * (rise^2 + height^2), see affine.py.
        """
        from_weight, from_bias = weight - self.least_squares.weight, bias - self.least_squares.bias
        rise, height = self.std * from_weight, self.mean * from_weight + from_bias
        return self.minimum_cost + self.points * (rise**2 + height**2)

    def excess(self, cost: float) -> float:
        """Return how far a cost is above the lowest possible."""
        return cost - self.minimum_cost

    def excess_share(self, cost: float) -> float | None:
        """Return the same as a share of the lowest possible cost; None where that is only
        rounding, since the points lie on a line.
        """
        return None if self.points_on_a_line else max(self.excess(cost) / self.minimum_cost, 0.0)

    @property
    def start_cost(self) -> float:
        """What the start costs."""
        return float(self.cost(*np.array(self.settings.start)))

    @property
    def cost_about_mean(self) -> float:
        """What the best horizontal line costs, y = mean of y."""
        return self.minimum_cost + self.points * (self.std * self.least_squares.weight) ** 2

    @property
    def is_safe(self) -> bool:
        """Whether no step of the run increases the error at its own batch."""
        return self.settings.lr <= self.safe_rate * (1.0 + 1e-12)

    @property
    def overshooting_rate(self) -> float:
        """Half the safe limit: the rate above which steps go past the line that would have no
        error at their point, which textbooks call overshooting.
        """
        return self.safe_rate / 2.0

    @property
    def negligible_cost(self) -> float:
        """A cost that is not worth a word beside the data, wherever the run starts; where every y
        is 0, beside errors of 1.
        """
        height = self.mean * self.least_squares.weight + self.least_squares.bias
        negligible = NEGLIGIBLE * self.cost_about_mean + self.points * (ROUNDING * height) ** 2
        return negligible or NEGLIGIBLE * self.points

    @property
    def enough(self) -> float:
        """The cost above the lowest possible up to which a run needs no suggestion."""
        if self.points_on_a_line:
            return self._little_on_a_line
        return max(self.negligible_cost, ENOUGH * self.minimum_cost)

    @property
    def _little_on_a_line(self) -> float:
        whole = self.cost_about_mean
        if whole <= self.negligible_cost:  # all y are the same
            height = self.mean * self.least_squares.weight + self.least_squares.bias
            whole = self.points * (height**2 or 1.0)
        return max(NEAR_ON_A_LINE * whole, self.negligible_cost)

    @property
    def hovers(self) -> bool:
        """Whether the run's lines keep changing at its limit, the mean of all: it is shuffled, and
        no line has an error of 0 at all points.
        """
        return self.settings.shuffled and not self.points_on_a_line

    @property
    def limit_is_useless(self) -> bool:
        """Whether single steps amplify so much that the limit costs more than the start, and more
        than the best horizontal line.
        """
        if self.limit_cost is None or self.is_safe:
            return False
        return self.limit_cost > max(self.start_cost, self.cost_about_mean)

    @property
    def full_batch(self) -> bool:
        """Whether each step sees all the points: gradient descent without anything stochastic."""
        return self.settings.batch_size >= self.points

    @property
    def points_on_a_line(self) -> bool:
        """Whether the points leave no error to speak of to the least-squares line."""
        return self.minimum_cost <= self.negligible_cost

    @property
    def limit_is_least_squares(self) -> bool:
        """Whether the limit costs no more, but for what is not worth a word."""
        return self.limit_cost is not None and self.is_lowest(self.limit_cost)

    def is_lowest(self, cost: float) -> bool:
        """Return whether a cost is the lowest possible, in the seven digits that are ever shown."""
        share = LOWEST * self.minimum_cost
        return self.excess(cost) <= (self.negligible_cost if self.points_on_a_line else share)

    @property
    def condition(self) -> float:
        """The condition number of the mean of (x, 1) (x, 1)^T: how many times as steep the cost
        is in its steepest direction as in its flattest. It is 1 for standardized x.
        """
        # The larger eigenvalue over the smaller one, whose product is std^2.
        trace = self.std * self.std + self.mean * self.mean + 1.0
        half = trace / self.std / 2.0
        large = half + math.sqrt(max((half - 1.0) * (half + 1.0), 0.0))
        return large * large

    @property
    def ill_conditioned(self) -> bool:
        """Whether x lies so far from zero, or its scale so far from 1, that training crawls."""
        return self.condition > 1e4

    def progress(self, line: Line) -> float | None:
        """Return the share of the distance from start to limit that is covered: 1 at the limit,
        negative farther off than the start; None when there is no limit.
        """
        if self.limit is None:
            return None
        whole, rest = _distance(self.settings.start, self.limit), _distance(line, self.limit)
        return 1.0 - rest / whole if whole > 0 else float(rest == 0)

    @property
    def near_cost(self) -> float | None:
        """How far from the limit's a cost may be to count as near; None when there is no limit."""
        if self.limit_cost is None:
            return None
        return self._little_on_a_line if self.points_on_a_line else NEAR * self.limit_cost

    def is_near_limit(self, line: Line, cost: float | None = None) -> bool:
        """Return whether a line is as near to the limit as a converged run's, by distance and by
        cost, which is worked out where it is not given.
        """
        covered, near_cost = self.progress(line), self.near_cost
        if covered is None or near_cost is None or self.limit_cost is None:
            return False
        if covered < 1.0 - NEAR * (1.0 + 1e-9):
            return False  # and perhaps so far away that its cost overflows
        if cost is None:
            cost = float(self.cost(np.array(line.weight), np.array(line.bias)))
        allowed = near_cost * (1.0 + 1e-6) + self.negligible_cost
        return abs(cost - self.limit_cost) <= allowed

    def ending(self, last: Snapshot | None) -> Ending:  # noqa: PLR0911 - one each
        """Return how the run ended, whose last snapshot this is; None of a run without any."""
        if last is None or last.epoch < self.settings.epochs:
            return Ending.OVERFLOWED
        if self.alternates:
            return Ending.ALTERNATING
        if not self.known:
            return Ending.UNKNOWN
        if self.progress(last.line) is None or self.limit_cost is None:
            return Ending.DIVERGING
        if self.epochs_needed is None:
            return Ending.DIVERGING
        if self.limit_is_useless:
            return Ending.USELESS_LIMIT
        if self.epochs_needed == 0:
            return Ending.STARTED_AT_LIMIT
        if self.hovers:
            is_near = self.epochs_needed <= self.settings.epochs
            return Ending.HOVERING if is_near else Ending.ON_ITS_WAY
        is_near = self.is_near_limit(last.line, last.cost)
        return Ending.CONVERGED if is_near else Ending.ON_ITS_WAY

    def epochs_left(self, last: Snapshot) -> int | None:
        """Return after how many more epochs the run has converged, whose last snapshot this is:
        0 when it has; None when it does not.
        """
        ending = self.ending(last)
        if ending is Ending.USELESS_LIMIT and self.epochs_needed is not None:
            return max(self.epochs_needed - self.settings.epochs, 0)
        if ending is not Ending.ON_ITS_WAY or self.epochs_needed is None:
            return 0 if self.epochs_needed is not None else None
        # Above the safe limit a run may have been near once and have left again.
        return max(self.epochs_needed - self.settings.epochs, 1)


class Ending(Enum):
    """How a run ended: what the words about it depend on."""

    CONVERGED = auto()
    """Near its limit, by distance and by cost."""
    ON_ITS_WAY = auto()
    """Converging, and not yet near."""
    HOVERING = auto()
    """Shuffled, and expected near the mean that its lines hover around."""
    STARTED_AT_LIMIT = auto()
    """Near from the start."""
    USELESS_LIMIT = auto()
    """Converging to a line that is worse than the start and than a horizontal one."""
    DIVERGING = auto()
    """Farther off with every epoch, in the long run, though its numbers are still finite."""
    OVERFLOWED = auto()
    """Left the range of float64 before its last epoch."""
    ALTERNATING = auto()
    """For ever as far from its middle as now."""
    UNKNOWN = auto()
    """An epoch magnifies rounding so much that double precision cannot tell."""


def analyse(data: Dataset, settings: Settings) -> Convergence:
    """Return what follows from the data and the settings of a training.

    >>> from regression import noisy_line, train
    >>> data = noisy_line()
    >>> found = analyse(data, train(data, lr=0.0001, epochs=500).settings)
    >>> round(found.contraction, 4), found.epochs_needed
    (0.9975, 1795)
    """
    lr, batch_size, shuffled = settings.lr, settings.batch_size, settings.shuffled
    coords = coordinates(data)
    map_of = expected_map if shuffled else ordered_map
    mapped = map_of(data, lr=lr, batch_size=batch_size, coords=coords)
    how: dict[str, Any] = {"batch_size": batch_size, "shuffled": shuffled}
    threshold = diverging_rate(data, **how, coords=coords)
    safe = safe_rate(data, **how)
    # At the safe limit itself steps may keep a distance, and none makes it larger.
    keeps = shuffled and threshold.rate <= lr <= safe * (1.0 + 1e-12)
    spreads = shuffled and lr >= threshold.rate and not keeps
    limit = None if spreads or keeps else mapped.limit
    found = Convergence(
        settings=settings,
        least_squares=coords.least_squares,
        minimum_cost=coords.minimum_cost,
        limit=limit,
        limit_cost=None if limit is None else coords.cost(mapped.fixed_point),
        log_contraction=mapped.log_contraction,
        known=mapped.known or spreads or keeps,
        alternates=keeps or (mapped.alternates and not spreads),
        epochs_needed=None,
        epochs_by_distance=None,
        epochs_by_cost=None,
        safe_rate=safe,
        diverging_rate=threshold.rate if threshold.known else None,
        unknown_rate=None if threshold.known else threshold.rate,
        points=coords.points,
        mean=coords.mean,
        std=coords.std,
    )
    near_cost = math.inf if found.near_cost is None else found.near_cost
    by_distance = _epochs_until(found, coords, mapped, share=NEAR)
    by_cost = _epochs_until(found, coords, mapped, near_cost=near_cost)
    if by_distance is None or by_cost is None:
        return found
    needed: int | None = max(by_distance, by_cost)
    if max(by_distance, by_cost) > LOOKED_AT:  # the cost may have been near and have left again
        needed = _epochs_until(found, coords, mapped, share=NEAR, near_cost=near_cost)
        last_far = _last_far_in_cost(found, coords, mapped, near_cost, needed or by_distance)
        by_cost = max(by_cost, last_far + 1)
    return replace(
        found, epochs_needed=needed, epochs_by_distance=by_distance, epochs_by_cost=by_cost
    )


def _epochs_until(
    found: Convergence,
    coords: Coordinates,
    mapped: EpochMap,
    *,
    share: float = math.inf,
    near_cost: float = math.inf,
) -> int | None:
    """Return after how many epochs at most that share of the run's distance is left, and its cost
    differs by so much from the limit's, and both stay so; None where it does not converge.
    """
    if found.limit is None:
        return None
    if _is_at(found.settings.start, found.limit, coords):
        return 0
    start, point = coords.offset(found.settings.start), mapped.fixed_point
    whole = coords.distance(Offset(start.rise - point.rise, start.height - point.height))

    def near(rise: Floats, height: Floats) -> Bools:
        weight = rise / coords.std
        distance = np.hypot(weight, height - coords.mean * weight)
        more = _cost_from_limit(coords, point, rise, height)
        both: Bools = (distance <= share * whole) & (more <= near_cost)
        return both

    def is_near(away: Offset) -> bool:
        return bool(near(np.array(away.rise), np.array(away.height)))

    with np.errstate(over="ignore", invalid="ignore"):
        count = mapped.epochs_until(found.settings.start, is_near)
        if count is None or count > LOOKED_AT:
            return count
        # That would be all if a run which is near could not leave again, as some do.
        slow = min(20.0 / max(-found.log_contraction, 1e-300), 4.0 * LOOKED_AT)
        looked_at = max(4 * count, math.ceil(slow))
        far = np.flatnonzero(~near(*mapped.left_after(found.settings.start, looked_at)))
    return int(far[-1]) + 1 if len(far) else 0


def _last_far_in_cost(
    found: Convergence, coords: Coordinates, mapped: EpochMap, near_cost: float, needed: int
) -> int:
    """Return the last epoch, of `needed` ones, after which the cost differs by more than that from
    the limit's, or -1: looked for at a few hundred of them, then between two.
    """

    def is_far(epochs: Floats) -> Bools:
        left = mapped.left_after_each(found.settings.start, epochs)
        far: Bools = _cost_from_limit(coords, mapped.fixed_point, *left) > near_cost
        return far

    with np.errstate(over="ignore", invalid="ignore"):
        counts = np.concatenate([[0.0], np.geomspace(1.0, float(needed), SAMPLES)])
        far = np.flatnonzero(is_far(counts))
        if not len(far):
            return -1
        last = int(far[-1])
        low, high = counts[last], counts[min(last + 1, SAMPLES)]
        while high - low > 1.0 and (low + high) / 2.0 not in {low, high}:
            middle = (low + high) / 2.0
            low, high = (middle, high) if is_far(np.array([middle]))[0] else (low, middle)
    return int(low)


def _cost_from_limit(coords: Coordinates, limit: Offset, rise: Floats, height: Floats) -> Floats:
    """Return by how much the cost of lines so far from the limit differs from that of the limit, as
    a sum in which nothing cancels.
    """
    more = rise * (rise + 2.0 * limit.rise) + height * (height + 2.0 * limit.height)
    difference: Floats = coords.points * np.abs(more)
    return difference


SAMPLES = 400
"""Epochs of very many at which a cost is looked at."""


def _is_at(line: Line, limit: Line, coords: Coordinates) -> bool:
    """Return whether the line is the limit, but for rounding, where the points are."""
    here, there = coords.offset(line), coords.offset(limit)
    away = math.hypot(here.rise - there.rise, here.height - there.height)
    weight, bias = map(abs, limit)
    return away <= AT_LIMIT * ((abs(coords.mean) + coords.std) * weight + bias)


def cost_by_rate(data: Dataset, settings: Settings, rates: Floats) -> Floats:
    """Return the cost in which the run would end at each of the rates instead of its own, shape
    (rates,): of a shuffled run what is expected; inf where it leaves float64.

    >>> from regression import noisy_line, train
    >>> data = noisy_line()
    >>> settings = train(data, lr=0.0001, epochs=500).settings
    >>> cost_by_rate(data, settings, np.array([1e-6, 1e-4, 1e-2])).round(1)
    array([343.9,  49.7,  40.6])
    """
    excess = excess_costs(
        data,
        rates,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        start=settings.start,
        shuffled=settings.shuffled,
    )
    return coordinates(data).minimum_cost + excess


def _distance(one: Line, other: Line) -> float:
    return math.hypot(one.weight - other.weight, one.bias - other.bias)


class Suggestion(NamedTuple):
    """Settings that end at a lower cost, and that cost."""

    lr: float
    epochs: int
    cost: float


BETTER = 0.8
"""What is suggested leaves at most this share of the cost above least squares."""


def suggestion(data: Dataset, run: Convergence, last_cost: float = math.inf) -> Suggestion | None:
    """Return settings that end nearer to least squares: the best rate for as many epochs or,
    where that is not worth a change, for 4, 16 or 64 times as many, up to MAX_COUNT; None when
    all are in vain. `last_cost` is what the run ended with, if it is known: a shuffled run may
    have been lucky.

    >>> from regression import noisy_line, train
    >>> data = noisy_line()
    >>> better = suggestion(data, analyse(data, train(data, lr=0.0001, epochs=500).settings))
    >>> f"{better.epochs} epochs at {better.lr}: {better.cost:.2f}"
    '500 epochs at 0.000294: 36.08'
    """
    settings = run.settings
    how: dict[str, Any] = {
        "batch_size": settings.batch_size,
        "start": settings.start,
        "shuffled": settings.shuffled,
    }
    left = float(excess_costs(data, np.array([settings.lr]), epochs=settings.epochs, **how)[0])
    left = min(left, run.excess(last_cost))
    if left <= run.enough:
        return None
    return _better(data, settings.epochs, BETTER * left, how, run.minimum_cost)


def suggestion_standardized(data: Dataset, run: Convergence, last_cost: float) -> Suggestion | None:
    """Return settings that end lower on the standardized points, from START, as suggestion()
    does, with the cost in own units; None when there are none. `data` and `run` are not
    standardized.
    """
    scale = Scale.of(data)
    how: dict[str, Any] = {
        "batch_size": run.settings.batch_size,
        "start": START,
        "shuffled": run.settings.shuffled,
    }
    left = run.excess(last_cost)
    if left <= run.enough:
        return None
    points, lowest = scale.standardized(data), run.minimum_cost / scale.cost_factor
    allowed = BETTER * left / scale.cost_factor
    found = _better(points, run.settings.epochs, allowed, how, lowest)
    return found and found._replace(cost=found.cost * scale.cost_factor)


def _better(
    data: Dataset, epochs_now: int, allowed: float, how: dict[str, Any], minimum_cost: float
) -> Suggestion | None:
    """Return the best rate for the fewest epochs with which less than `allowed` is left."""
    for times in (1, 4, 16, 64):
        epochs = min(times * epochs_now, MAX_COUNT)
        lr = best_rate(data, epochs=epochs, **how)
        left = float(excess_costs(data, np.array([lr]), epochs=epochs, **how)[0])
        if left < allowed:
            return Suggestion(lr, epochs, minimum_cost + left)
    return None
