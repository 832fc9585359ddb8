"""Stochastic gradient descent on a line: the step, the epoch, the training."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from regression.analysis.affine import coordinates
from regression.analysis.epoch_map import ordered_map
from regression.analysis.matrices import ShuffledEpochs
from regression.analysis.rates import best_rate
from regression.checks import COUNT, POSITIVE, UserError
from regression.data import Dataset, Scale, check_dataset
from regression.line import START, Line, cost, gradient

Order = npt.NDArray[np.intp]


def step(
    weight: float, bias: float, xs: Sequence[float], ys: Sequence[float], lr: float
) -> tuple[float, float]:
    """Return W and b after one step down the mean squared error of a batch of points.

    >>> step(-1.0, 1.0, [2.0], [3.0], lr=0.125)
    (1.0, 2.0)
    """
    by_weight, by_bias = gradient(weight, bias, xs, ys)
    rate = lr / len(xs)
    return weight - rate * by_weight, bias - rate * by_bias


class Snapshot(NamedTuple):
    """The line after the last step of an epoch (counted from 1), and its cost over all points."""

    epoch: int
    weight: float
    bias: float
    cost: float

    @property
    def line(self) -> Line:
        """The line by itself."""
        return Line(self.weight, self.bias)


class Step(NamedTuple):
    """One step of an epoch, counted from 1: the indices of the points it used, the line before
    and after it, and the cost over all points after it.
    """

    number: int
    points: Sequence[int]
    before: Line
    after: Line
    cost: float


@dataclass(frozen=True)
class Settings:
    """How to train: everything but the data."""

    lr: float
    epochs: int
    batch_size: int = 1
    start: Line = START
    shuffle: np.random.Generator | None = None
    """Draws a new order of the points for each epoch; None takes them in their own order."""
    standardize: bool = False
    """Whether to train on x and y with mean 0 and deviation 1; `lr` and `start` are for those."""

    @property
    def shuffled(self) -> bool:
        """Whether each epoch takes the points in a new order."""
        return self.shuffle is not None


MIN_VISITS_FOR_MAP = 30_000
"""Visits of points (epochs times points) from which a run takes the epoch's map: 15 ms of steps,
1 ms by the map. The tutorial's 25,000 stay the steps that one can read here."""

MIN_POINTS_FOR_MATRICES = 500
"""From which a shuffled run does: with fewer, composing an epoch takes longer than its steps."""


class Training(Iterable[Snapshot]):
    """A run that has not happened yet: going through it trains, each time from the start."""

    def __init__(self, data: Dataset, settings: Settings) -> None:
        """Use train(), which checks the settings."""
        self.data, self.settings = data, settings

    def __repr__(self) -> str:
        settings = self.settings
        order = ", shuffled" if settings.shuffled else ""
        epochs = f"{settings.epochs} epochs{order}"
        return f"<training: {len(self.data)} points, lr {settings.lr:g}, {epochs}>"

    @property
    def scale(self) -> Scale | None:
        """The way from the data's units to those of training; None where these are the same."""
        return Scale.of(self.data) if self.settings.standardize else None

    @property
    def as_trained(self) -> Training:
        """The same training in the units of training."""
        if self.scale is None:
            return self
        settings = replace(self.settings, standardize=False)
        return Training(self.scale.standardized(self.data), settings)

    def __iter__(self) -> Iterator[Snapshot]:
        """Return an iterator of one Snapshot per epoch, in the data's own units, each made when it
        is asked for.
        """
        if self.scale is not None:
            factor = self.scale.cost_factor
            for epoch, weight, bias, cost_now in self.as_trained:
                line = self.scale.line_in_units(weight, bias)
                if not math.isfinite(cost_now * factor):
                    return
                yield Snapshot(epoch, *line, cost_now * factor)
            return
        yield from self._snapshots()

    def _snapshots(self) -> Iterator[Snapshot]:
        data, settings = self.data, self.settings
        ends = _ends_of_steps(data, settings)
        if settings.epochs * len(data) > MIN_VISITS_FOR_MAP:
            if settings.shuffle is None:
                mapped = ordered_map(data, lr=settings.lr, batch_size=settings.batch_size)
                if mapped.agrees_with_steps(settings.epochs):
                    ends = mapped.lines(settings.start)
            elif len(data) >= MIN_POINTS_FOR_MATRICES:
                ends = _ends_by_matrices(data, settings, deepcopy(settings.shuffle))
        return _until_overflow(settings.epochs, ends)

    def first_steps(self, count: int) -> list[Step]:
        """Return up to `count` steps of the first epoch, in the data's own units."""
        if self.scale is not None:
            return [in_units(step, self.scale) for step in self.as_trained.first_steps(count)]
        data, settings = self.data, self.settings
        # Of the order no more than is wanted, which may be a few of ten million points.
        order = epoch_order(len(data), deepcopy(settings.shuffle))[: count * settings.batch_size]
        return list(epoch_steps(data, settings, settings.start, order))


def in_units(step: Step, scale: Scale) -> Step:
    """Return a step on standardized points as one on points in their own units."""
    before, after = (Line(*scale.line_in_units(*line)) for line in (step.before, step.after))
    return Step(step.number, step.points, before, after, step.cost * scale.cost_factor)


def _until_overflow(epochs: int, ends: Iterator[tuple[float, float, float]]) -> Iterator[Snapshot]:
    for epoch, (weight, bias, cost_now) in enumerate(islice(ends, epochs), start=1):
        if not math.isfinite(cost_now):
            return
        yield Snapshot(epoch, weight, bias, cost_now)


def _ends_of_steps(data: Dataset, settings: Settings) -> Iterator[tuple[float, float, float]]:
    """Return W, b and the cost after each epoch, without an end."""
    # A copy: what is drawn here must not change the orders of the next time through.
    line, shuffle = settings.start, deepcopy(settings.shuffle)
    steps = batches(data, settings.batch_size, epoch_order(len(data)))
    while True:
        if shuffle is not None:
            steps = batches(data, settings.batch_size, epoch_order(len(data), shuffle))
        line = _after(line, steps, settings.lr)
        yield *line, cost(line, data)


def _after(line: Line, steps: list[tuple[Sequence[float], Sequence[float]]], lr: float) -> Line:
    """Return the line after an epoch of these batches."""
    weight, bias = line
    for xs, ys in steps:
        weight, bias = step(weight, bias, xs, ys, lr)
    return Line(weight, bias)


def _ends_by_matrices(
    data: Dataset, settings: Settings, shuffle: np.random.Generator
) -> Iterator[tuple[float, float, float]]:
    """Return the same of a shuffled run, each epoch composed as a matrix in the order drawn.

    An epoch whose parts stretch goes step by step, since its matrix would keep too few digits.
    """
    coords, line = coordinates(data), settings.start
    epochs = ShuffledEpochs(coords, settings.lr, settings.batch_size)
    unshuffled = epoch_order(len(data))
    order = unshuffled.copy()
    while True:
        order[:] = unshuffled
        shuffle.shuffle(order)  # the order that epoch_order() draws, in memory used again
        moved = epochs.end(line, order)
        line = moved or _after(line, batches(data, settings.batch_size, order), settings.lr)
        yield *line, cost(line, data) if moved is None else coords.cost(coords.offset(line))


def epoch_order(n: int, shuffle: np.random.Generator | None = None) -> Order:
    """Return the indices of n points as one epoch takes them, as they are or newly drawn."""
    return np.arange(n) if shuffle is None else shuffle.permutation(n)


def batches(
    data: Dataset, batch_size: int, order: Order
) -> list[tuple[Sequence[float], Sequence[float]]]:
    """Return one epoch's batches, x and y as lists of floats, its points in this order."""
    xs, ys = data.x[order].tolist(), data.y[order].tolist()
    return [
        (xs[first : first + batch_size], ys[first : first + batch_size])
        for first in range(0, len(xs), batch_size)
    ]


def epoch_steps(data: Dataset, settings: Settings, line: Line, order: Order) -> Iterator[Step]:
    """Return a generator of the Steps of one epoch that begins at `line`, or of its beginning, if
    the order has no more.

    It ends before a step whose cost leaves the range of float64.
    """
    size = settings.batch_size
    for number, (xs, ys) in enumerate(batches(data, size, order), start=1):
        before, line = line, Line(*step(*line, xs, ys, settings.lr))
        cost_now = cost(line, data)
        if not math.isfinite(cost_now):
            return
        points = order[(number - 1) * size : number * size].tolist()
        yield Step(number, points, before, line, cost_now)


def train(
    data: Dataset,
    *,
    lr: float | Literal["auto"],
    epochs: int,
    batch_size: int = 1,
    start: Line = START,
    shuffle: np.random.Generator | bool | None = None,
    standardize: bool = False,
) -> Training:
    """Return a training: an iterable of one Snapshot per epoch, which also knows its settings.

    `lr` is the learning rate, or "auto" for the best safe one (rates.py). Points are taken in
    their order, or in a new order each epoch, drawn from a copy of the Generator `shuffle`; True
    is a generator with seed 0. The last batch of an epoch may be short. A run of many steps
    applies each epoch as one affine map (epoch_map.py, matrices.py), which gives the same
    snapshots to 1e-9 of the largest W and b so far. A run whose cost leaves the range of float64
    ends after its last finite epoch, so fewer snapshots than `epochs` mean that it overflowed.
    With `standardize` it trains on x and y with mean 0 and deviation 1, which `lr` and `start`
    are for; the snapshots are in the data's own units all the same.
    Raises UserError for a setting out of range, TypeError for data or `shuffle` of another kind.

    >>> from regression.data import noisy_line
    >>> for snapshot in train(noisy_line(noise=0), lr=0.0001, epochs=2):
    ...     print(f"{snapshot.epoch}: cost {snapshot.cost:.1f}")
    1: cost 2141.4
    2: cost 1124.6
    """
    check_dataset(data)
    if isinstance(shuffle, bool | np.bool_):
        shuffle = np.random.default_rng(0) if shuffle else None
    if not isinstance(shuffle, np.random.Generator | None):
        raise TypeError(f"shuffle: expected True or numpy.random.default_rng(0), not {shuffle!r}")
    COUNT.check("epochs", epochs)
    COUNT.check("batch_size", batch_size)
    # Python's own floats become inf without a warning; NumPy's do not.
    start, batch_size = Line(*map(float, start)), min(batch_size, len(data))
    scale = Scale.of(data) if standardize else None
    trained = scale.standardized(data) if scale else data
    if not math.isfinite(cost(start, trained) * (scale.cost_factor if scale else 1.0)):
        place = f"W = {start.weight:g}, b = {start.bias:g}"
        raise UserError(f"start: expected a cost that float64 can hold, not that of {place}")
    if lr == "auto":
        lr = best_rate(
            trained,
            epochs=epochs,
            batch_size=batch_size,
            start=start,
            shuffled=shuffle is not None,
        )
    POSITIVE.check("lr", lr)
    lr = float(lr)
    # One batch of all points is the same in any order.
    shuffle = None if batch_size == len(data) else deepcopy(shuffle)
    return Training(data, Settings(lr, epochs, batch_size, start, shuffle, bool(standardize)))
