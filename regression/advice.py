"""Which settings would do better than a run's."""

from __future__ import annotations

from typing import NamedTuple

from regression.data import Dataset
from regression.option_values import MOST
from regression.outlook import Outlook
from regression.rates import best_rate, final_cost


class Advice(NamedTuple):
    """Settings that end at a lower cost, and that cost."""

    lr: float
    epochs: int
    cost: float


ENOUGH = 0.8
"""What is advised leaves at most this share of the cost above least squares."""


def advice(data: Dataset, run: Outlook) -> Advice | None:
    """Return settings that end nearer to least squares: the best rate for as many epochs or,
    where that is not worth a change, for 4, 16 or 64 times as many, up to as many as the command
    line takes; None when all are in vain.

    >>> from regression import noisy_line, outlook
    >>> data = noisy_line()
    >>> better = advice(data, outlook(data, lr=0.0001, epochs=500))
    >>> f"{better.epochs} epochs at {better.lr}: {better.cost:.2f}"
    '500 epochs at 0.000294: 36.08'
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

    left = excess(run.lr, run.epochs)
    if left <= run.nothing:
        return None
    allowed = ENOUGH * left
    for times in (1, 4, 16, 64):
        epochs = min(times * run.epochs, MOST)
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
