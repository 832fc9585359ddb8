"""What follows for a run from its data and settings, in numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from regression.coordinates import coordinates
from regression.data import Dataset, Floats
from regression.epoch_map import epoch_map
from regression.line import Line
from regression.rates import diverging_rate, safe_rate
from regression.sgd import START
from regression.shuffled import expected_map

NOTHING = 1e-12
"""The share of what the points cost about their mean that is not worth a word."""

ROUNDING = 1e-14
"""What the arithmetic may change in y, relative to its mean: some dozen of its last digits."""


@dataclass(frozen=True)
class Outlook:
    """A run's settings, and the numbers that follow from them and the data.

    Of a shuffled run they are expectations: see expected_map(). Costs are over all points;
    None stands for what does not exist, such as the settling point of a run that diverges.
    """

    lr: float
    epochs: int
    batch_size: int
    start: Line
    shuffled: bool
    least: Line
    least_cost: float
    settles: Line | None
    settles_cost: float | None
    contraction: float
    """What the distance to the settling point is multiplied by each epoch, in the long run."""
    epochs_needed: int | None
    """From the start until that distance is 1 % of what it was."""
    safe_rate: float
    diverging_rate: float | None
    """None for a shuffled run, each epoch of which is another map."""
    points: int
    mean: float
    spread: float
    """How many points, and the mean and standard deviation of their x."""

    def cost(self, weight: Floats, bias: Floats) -> Floats:
        """Return the cost over all points of lines whose W and b broadcast, without the points:
        least_cost + points * (rise^2 + height^2), see coordinates.py.
        """
        from_weight, from_bias = weight - self.least.weight, bias - self.least.bias
        rise, height = self.spread * from_weight, self.mean * from_weight + from_bias
        return self.least_cost + self.points * (rise**2 + height**2)

    @property
    def start_cost(self) -> float:
        """What the start costs."""
        return float(self.cost(*np.array(self.start)))

    @property
    def is_safe(self) -> bool:
        """Whether no step of the run overshoots."""
        return self.lr <= self.safe_rate

    @property
    def nothing(self) -> float:
        """A cost that is not worth a word beside the data, wherever the run starts; beside the
        start's cost only where every y is 0.
        """
        explained = (self.spread * self.least.weight) ** 2
        height = self.mean * self.least.weight + self.least.bias
        about_mean = self.least_cost + self.points * explained
        nothing = NOTHING * about_mean + self.points * (ROUNDING * height) ** 2
        return nothing or NOTHING * self.start_cost

    @property
    def settles_on_nonsense(self) -> bool:
        """Whether steps overshoot so far that the settling point costs more than the start."""
        if self.settles_cost is None or self.is_safe:
            return False
        return self.settles_cost > self.start_cost

    @property
    def of_one_batch(self) -> bool:
        """Whether each step sees all the points: gradient descent without anything stochastic."""
        return self.batch_size >= self.points

    @property
    def points_on_a_line(self) -> bool:
        """Whether the points leave no error to speak of to the least-squares line."""
        return self.least_cost <= self.nothing

    @property
    def settles_at_least_squares(self) -> bool:
        """Whether the settling point costs no more, but for what is not worth a word."""
        return self.settles_cost is not None and self.settles_cost - self.least_cost <= self.nothing

    @property
    def lopsided(self) -> bool:
        """Whether x lies so far from zero, or its scale so far from 1, that training crawls: the
        mean of (x, 1) (x, 1)^T stretches one direction 10,000 times as much as another.
        """
        trace = self.spread * self.spread + self.mean * self.mean + 1.0
        return trace / self.spread * (trace / self.spread) > 1e4

    def way(self, line: Line) -> float | None:
        """Return the share of the way from start to settling point that is behind the line:
        1 on arrival, negative farther off than the start; None when there is no such point.
        """
        if self.settles is None:
            return None
        whole, rest = _distance(self.start, self.settles), _distance(line, self.settles)
        return 1.0 - rest / whole if whole > 0 else float(rest == 0)


def outlook(
    data: Dataset,
    *,
    lr: float,
    epochs: int,
    batch_size: int = 1,
    start: Line = START,
    shuffled: bool = False,
) -> Outlook:
    """Return the outlook of train() with the same settings. One batch of all samples is the same
    in any order, so that its outlook is not that of a shuffled run.

    >>> from regression import noisy_line
    >>> expected = outlook(noisy_line(), lr=0.0001, epochs=500)
    >>> round(expected.contraction, 4), expected.epochs_needed
    (0.9975, 1795)
    """
    shuffled = shuffled and batch_size < len(data)
    frame = coordinates(data)
    mapped = (expected_map if shuffled else epoch_map)(
        data, lr=lr, batch_size=batch_size, frame=frame
    )
    settles = mapped.settles
    return Outlook(
        lr=lr,
        epochs=epochs,
        batch_size=batch_size,
        start=start,
        shuffled=shuffled,
        least=frame.least,
        least_cost=frame.least_cost,
        settles=settles,
        settles_cost=None if settles is None else frame.cost(mapped.fixed_point),
        contraction=mapped.contraction,
        epochs_needed=mapped.epochs_until(start),
        safe_rate=safe_rate(data, batch_size=batch_size, shuffled=shuffled),
        diverging_rate=(
            None if shuffled else diverging_rate(data, batch_size=batch_size, frame=frame)
        ),
        points=frame.points,
        mean=frame.mean,
        spread=frame.spread,
    )


def _distance(one: Line, other: Line) -> float:
    return math.hypot(one.weight - other.weight, one.bias - other.bias)
