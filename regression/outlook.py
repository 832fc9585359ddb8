"""What follows for a run from its data and settings, and which settings would do better."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from regression.coordinates import coordinates
from regression.data import Dataset, Floats
from regression.epoch_map import epoch_map
from regression.line import Line
from regression.rates import best_rate, diverging_rate, final_cost, safe_rate
from regression.sgd import START
from regression.shuffled import expected_map


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
    ends: Line | None
    """Where the run is after its last epoch."""
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

    def way(self, line: Line) -> float | None:
        """Return the share of the way from start to settling point that is behind the line:
        1 on arrival, negative farther off than the start; None when there is no such point.
        """
        if self.settles is None:
            return None
        whole, rest = _distance(self.start, self.settles), _distance(line, self.settles)
        return 1.0 - rest / whole if whole > 0 else float(rest == 0)


class Advice(NamedTuple):
    """Settings that end at a lower cost, and that cost."""

    lr: float
    epochs: int
    cost: float


def outlook(
    data: Dataset,
    *,
    lr: float,
    epochs: int,
    batch_size: int = 1,
    start: Line = START,
    shuffled: bool = False,
) -> Outlook:
    """Return the outlook of train() with the same settings.

    >>> from regression import noisy_line
    >>> expected = outlook(noisy_line(), lr=0.0001, epochs=500)
    >>> round(expected.contraction, 4), expected.epochs_needed
    (0.9975, 1795)
    """
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
        ends=mapped.after(start, epochs),
        safe_rate=safe_rate(data, batch_size=batch_size, shuffled=shuffled),
        diverging_rate=(
            None if shuffled else diverging_rate(data, batch_size=batch_size, frame=frame)
        ),
        points=frame.points,
        mean=frame.mean,
        spread=frame.spread,
    )


ENOUGH = 0.8
"""What is advised leaves at most this share of the cost above least squares."""


def advice(data: Dataset, run: Outlook) -> Advice | None:
    """Return settings that end nearer to least squares: the best rate for as many epochs or,
    where that is not worth a change, for 4, 16 or 64 times as many; None when all are in vain.
    """

    def excess(lr: float, epochs: int) -> float:
        return final_cost(
            data,
            lr=lr,
            epochs=epochs,
            batch_size=run.batch_size,
            start=run.start,
            shuffled=run.shuffled,
        )

    allowed = ENOUGH * excess(run.lr, run.epochs)
    for times in (1, 4, 16, 64):
        epochs = times * run.epochs
        lr = best_rate(
            data,
            epochs=epochs,
            batch_size=run.batch_size,
            start=run.start,
            shuffled=run.shuffled,
        )
        left = excess(lr, epochs)
        if left < allowed:
            return Advice(lr, epochs, run.least_cost + left)
    return None


def _distance(one: Line, other: Line) -> float:
    return math.hypot(one.weight - other.weight, one.bias - other.bias)
