"""Stochastic gradient descent on a line: one step, and the training made of steps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from regression.data import Dataset
from regression.line import Line, cost, gradient

START = Line(weight=-1.0, bias=1.0)
"""Where the tutorial starts, far enough from its answer to have a way to go."""

Batch = tuple[Sequence[float], Sequence[float]]


class Snapshot(NamedTuple):
    """The line after the last step of an epoch (counted from 1), and its cost over all data."""

    epoch: int
    weight: float
    bias: float
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


def train(
    data: Dataset,
    *,
    lr: float,
    epochs: int,
    batch_size: int = 1,
    start: Line = START,
    shuffle: np.random.Generator | None = None,
) -> Iterator[Snapshot]:
    """Return a generator of one Snapshot per epoch.

    Samples are taken in their order, or in a new order each epoch drawn from `shuffle`; the
    last batch of an epoch may be short. A run whose cost leaves the range of float64 ends
    after its last finite epoch, so fewer snapshots than `epochs` mean that it diverged.
    Raises ValueError for a setting out of range.
    """
    if not (math.isfinite(lr) and lr > 0):
        raise ValueError(f"lr is {lr}; a learning rate is a finite number above 0")
    if epochs < 1:
        raise ValueError(f"epochs is {epochs}; at least 1 is needed")
    if batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; at least 1 is needed")
    if not (math.isfinite(start.weight) and math.isfinite(start.bias)):
        raise ValueError(f"start is {start}; weight and bias must be finite")
    return _epochs(data, lr, epochs, batch_size, start, shuffle)


def _epochs(
    data: Dataset,
    lr: float,
    epochs: int,
    batch_size: int,
    start: Line,
    shuffle: np.random.Generator | None,
) -> Iterator[Snapshot]:
    weight, bias = start
    in_order = batches(data, batch_size)
    for epoch in range(1, epochs + 1):
        for xs, ys in in_order if shuffle is None else batches(data, batch_size, shuffle):
            weight, bias = step(weight, bias, xs, ys, lr)
        cost_now = cost(Line(weight, bias), data)
        if not math.isfinite(cost_now):
            return
        yield Snapshot(epoch, weight, bias, cost_now)


def batches(
    data: Dataset, batch_size: int, shuffle: np.random.Generator | None = None
) -> list[Batch]:
    """Return one epoch's batches as lists of floats, in file order or in a newly drawn one."""
    order = slice(None) if shuffle is None else shuffle.permutation(len(data))
    xs, ys = data.x[order].tolist(), data.y[order].tolist()
    return [
        (xs[first : first + batch_size], ys[first : first + batch_size])
        for first in range(0, len(xs), batch_size)
    ]
