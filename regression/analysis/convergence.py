"""What follows for a run from its data and settings, in numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from regression.analysis.affine import coordinates
from regression.analysis.epoch_map import ordered_map
from regression.analysis.rates import best_rate, diverging_rate, excess_cost, safe_rate
from regression.analysis.shuffled import expected_map
from regression.checks import MAX_COUNT
from regression.data import Dataset, Floats
from regression.line import Line
from regression.sgd import Settings

NEGLIGIBLE = 1e-12
"""The share of what the points cost about their mean that is not worth a word."""

ROUNDING = 1e-14
"""What the arithmetic may change in y, relative to its mean: some dozen of its last digits."""


@dataclass(frozen=True)
class Convergence:
    """A run's settings, and the numbers that follow from them and the data.

    Of a shuffled run they are expectations: see expected_map(). Costs are over all points;
    None stands for what does not exist, such as the settling point of a run that diverges.
    """

    settings: Settings
    least_squares: Line
    minimum_cost: float
    limit: Line | None
    limit_cost: float | None
    contraction: float
    """What the distance to the settling point is multiplied by each epoch, in the long run."""
    epochs_needed: int | None
    """From the start until that distance is 1 % of what it was."""
    safe_rate: float
    diverging_rate: float | None
    """None for a shuffled run, each epoch of which is another map."""
    points: int
    mean: float
    std: float
    """How many points, and the mean and standard deviation of their x."""

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

    @property
    def start_cost(self) -> float:
        """What the start costs."""
        return float(self.cost(*np.array(self.settings.start)))

    @property
    def is_safe(self) -> bool:
        """Whether no step of the run overshoots."""
        return self.settings.lr <= self.safe_rate

    @property
    def negligible_cost(self) -> float:
        """A cost that is not worth a word beside the data, wherever the run starts; beside the
        start's cost only where every y is 0.
        """
        explained = (self.std * self.least_squares.weight) ** 2
        height = self.mean * self.least_squares.weight + self.least_squares.bias
        about_mean = self.minimum_cost + self.points * explained
        nothing = NEGLIGIBLE * about_mean + self.points * (ROUNDING * height) ** 2
        return nothing or NEGLIGIBLE * self.start_cost

    @property
    def limit_is_worse_than_start(self) -> bool:
        """Whether steps overshoot so far that the settling point costs more than the start."""
        if self.limit_cost is None or self.is_safe:
            return False
        return self.limit_cost > self.start_cost

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
        """Whether the settling point costs no more, but for what is not worth a word."""
        return self.limit_cost is not None and self.excess(self.limit_cost) <= self.negligible_cost

    @property
    def ill_conditioned(self) -> bool:
        """Whether x lies so far from zero, or its scale so far from 1, that training crawls: the
        mean of (x, 1) (x, 1)^T stretches one direction 10,000 times as much as another.
        """
        trace = self.std * self.std + self.mean * self.mean + 1.0
        return trace / self.std * (trace / self.std) > 1e4

    def progress(self, line: Line) -> float | None:
        """Return the share of the way from start to settling point that is behind the line:
        1 on arrival, negative farther off than the start; None when there is no such point.
        """
        if self.limit is None:
            return None
        whole, rest = _distance(self.settings.start, self.limit), _distance(line, self.limit)
        return 1.0 - rest / whole if whole > 0 else float(rest == 0)


def analyse(data: Dataset, settings: Settings) -> Convergence:
    """Return what follows from the data and the settings of a training.

    >>> from regression import noisy_line, train
    >>> data = noisy_line()
    >>> found = analyse(data, train(data, lr=0.0001, epochs=500).settings)
    >>> round(found.contraction, 4), found.epochs_needed
    (0.9975, 1795)
    """
    lr, batch_size, shuffled = settings.lr, settings.batch_size, settings.shuffled
    frame = coordinates(data)
    map_of = expected_map if shuffled else ordered_map
    mapped = map_of(data, lr=lr, batch_size=batch_size, frame=frame)
    limit = mapped.limit
    return Convergence(
        settings=settings,
        least_squares=frame.least_squares,
        minimum_cost=frame.minimum_cost,
        limit=limit,
        limit_cost=None if limit is None else frame.cost(mapped.fixed_point),
        contraction=mapped.contraction,
        epochs_needed=mapped.epochs_until(settings.start),
        safe_rate=safe_rate(data, batch_size=batch_size, shuffled=shuffled),
        diverging_rate=(
            None if shuffled else diverging_rate(data, batch_size=batch_size, frame=frame)
        ),
        points=frame.points,
        mean=frame.mean,
        std=frame.std,
    )


def _distance(one: Line, other: Line) -> float:
    return math.hypot(one.weight - other.weight, one.bias - other.bias)


class Suggestion(NamedTuple):
    """Settings that end at a lower cost, and that cost."""

    lr: float
    epochs: int
    cost: float


ENOUGH = 0.8
"""What is suggested leaves at most this share of the cost above least squares."""


def suggestion(data: Dataset, run: Convergence) -> Suggestion | None:
    """Return settings that end nearer to least squares: the best rate for as many epochs or,
    where that is not worth a change, for 4, 16 or 64 times as many, up to MAX_COUNT; None when
    all are in vain.

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
    left = excess_cost(data, lr=settings.lr, epochs=settings.epochs, **how)
    if left <= run.negligible_cost:
        return None
    allowed = ENOUGH * left
    for times in (1, 4, 16, 64):
        epochs = min(times * settings.epochs, MAX_COUNT)
        lr = best_rate(data, epochs=epochs, **how)
        left = excess_cost(data, lr=lr, epochs=epochs, **how)
        if left < allowed:
            return Suggestion(lr, epochs, run.minimum_cost + left)
    return None
