"""Stochastic gradient descent on a line: one step, and the steps of an epoch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from numbers import Integral, Real
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regression.data import Dataset
from regression.line import Line, cost, gradient

START = Line(weight=-1.0, bias=1.0)
"""Where the tutorial starts, far enough from its answer to have a way to go."""

Batch = tuple[Sequence[float], Sequence[float]]
Order = npt.NDArray[np.intp]


class Snapshot(NamedTuple):
    """The line after the last step of an epoch (counted from 1), and its cost over all data."""

    epoch: int
    weight: float
    bias: float
    cost: float

    @property
    def line(self) -> Line:
        """The line by itself."""
        return Line(self.weight, self.bias)


class Step(NamedTuple):
    """One step of the first epoch, counted from 1: the indices of the samples it used, the line
    before and after it, and the cost over all data after it.
    """

    number: int
    samples: Sequence[int]
    before: Line
    after: Line
    cost: float


def step(
    weight: float, bias: float, xs: Sequence[float], ys: Sequence[float], lr: float
) -> tuple[float, float]:
    """Return W and b after one step down the batch's mean squared error.

    >>> step(-1.0, 1.0, [2.0], [3.0], lr=0.125)
    (1.0, 2.0)
    """
    by_weight, by_bias = gradient(weight, bias, xs, ys)
    rate = lr / len(xs)
    return weight - rate * by_weight, bias - rate * by_bias


def first_steps(
    data: Dataset,
    *,
    lr: float,
    batch_size: int = 1,
    start: Line = START,
    shuffle: np.random.Generator | None = None,
) -> Iterator[Step]:
    """Return a generator of the Steps that train() takes in its first epoch, with equal settings
    and a Generator in an equal state.

    It ends before a step whose cost leaves the range of float64.
    Raises ValueError for a setting out of range.
    """
    check_settings(data, lr, batch_size, start)
    return _first_steps(data, lr, batch_size, start, shuffle)


def check_settings(data: Dataset, lr: float, batch_size: int, start: Line) -> None:
    """Raise ValueError for a setting that is out of range or no number."""
    if not (isinstance(lr, Real) and math.isfinite(lr) and lr > 0):
        raise ValueError(f"lr is {lr!r}; a learning rate is a finite number above 0")
    check_count("batch_size", batch_size)
    if not math.isfinite(cost(start, data)):
        place = f"W = {start.weight:g}, b = {start.bias:g}"
        raise ValueError(f"a start at {place} costs more than float64 can hold; start nearer")


def check_count(name: str, value: int) -> None:
    """Raise ValueError when the value is not a whole number above 0."""
    if not (isinstance(value, Integral) and value >= 1):
        raise ValueError(f"{name} is {value!r}; a whole number from 1 on is needed")


def _first_steps(
    data: Dataset, lr: float, batch_size: int, start: Line, shuffle: np.random.Generator | None
) -> Iterator[Step]:
    order, line = epoch_order(len(data), shuffle), start
    for number, (xs, ys) in enumerate(batches(data, batch_size, order), start=1):
        before, line = line, Line(*step(*line, xs, ys, lr))
        cost_now = cost(line, data)
        if not math.isfinite(cost_now):
            return
        first = (number - 1) * batch_size
        yield Step(number, order[first : first + batch_size].tolist(), before, line, cost_now)


def epoch_order(n: int, shuffle: np.random.Generator | None = None) -> Order:
    """Return the indices of n samples as one epoch takes them, as they are or newly drawn."""
    return np.arange(n) if shuffle is None else shuffle.permutation(n)


def batches(data: Dataset, batch_size: int, order: Order) -> list[Batch]:
    """Return one epoch's batches as lists of floats, its samples in this order."""
    xs, ys = data.x[order].tolist(), data.y[order].tolist()
    return [
        (xs[first : first + batch_size], ys[first : first + batch_size])
        for first in range(0, len(xs), batch_size)
    ]
