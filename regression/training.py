"""Training: epoch after epoch of steps, or of one map where that is the same and faster."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cached_property
from itertools import islice

import numpy as np

from regression.coordinates import Offset
from regression.data import Dataset, check_dataset
from regression.epoch_map import EpochMap, epoch_map
from regression.line import Line, cost
from regression.outlook import Outlook, outlook
from regression.sgd import (
    START,
    Snapshot,
    Step,
    batches,
    check_count,
    check_settings,
    epoch_order,
    first_steps,
    step,
)

STEPS_WORTH_A_MAP = 30_000
"""Sample visits (epochs times samples) above which an ordered run takes the epoch's map: 15 ms
of steps, 1 ms by the map. The tutorial's 25,000 stay the steps that one can read above."""


class Training(Iterable[Snapshot]):
    """A run, as told to train(). Going through it trains, from the start and each time the same."""

    def __init__(
        self,
        data: Dataset,
        lr: float,
        epochs: int,
        batch_size: int,
        start: Line,
        shuffle: np.random.Generator | None,
    ) -> None:
        """Use train(), which checks the settings."""
        # A copy: what the caller draws from it later is not to change the orders here.
        self._shuffle = deepcopy(shuffle)
        self.data, self.lr, self.epochs = data, lr, epochs
        self.batch_size, self.start = batch_size, start

    def __iter__(self) -> Iterator[Snapshot]:
        """Return an iterator of the run's snapshots, each made when it is asked for."""
        if not self.shuffled and self.epochs * len(self.data) > STEPS_WORTH_A_MAP:
            mapped = epoch_map(self.data, lr=self.lr, batch_size=self.batch_size)
            if mapped.tame:
                return mapped_epochs(mapped, self.epochs, self.start)
        return _epochs(self, deepcopy(self._shuffle))

    @property
    def shuffled(self) -> bool:
        """Whether each epoch takes the samples in a new order."""
        return self._shuffle is not None

    @cached_property
    def outlook(self) -> Outlook:
        """What follows from the settings: where the run settles, how fast, at which rates."""
        return outlook(
            self.data,
            lr=self.lr,
            epochs=self.epochs,
            batch_size=self.batch_size,
            start=self.start,
            shuffled=self.shuffled,
        )

    def first_steps(self, most: int) -> list[Step]:
        """Return up to so many steps of the first epoch."""
        steps = first_steps(
            self.data,
            lr=self.lr,
            batch_size=self.batch_size,
            start=self.start,
            shuffle=deepcopy(self._shuffle),
        )
        return list(islice(steps, most))


def train(
    data: Dataset,
    *,
    lr: float,
    epochs: int,
    batch_size: int = 1,
    start: Line = START,
    shuffle: np.random.Generator | None = None,
) -> Training:
    """Return a run of one Snapshot per epoch, which also knows its settings; see Training.

    Samples are taken in their order, or in a new order each epoch drawn from a copy of `shuffle`;
    the last batch of an epoch may be short. An ordered run of many steps applies the epoch as one
    affine map (epoch_map.py), which gives the same snapshots to 1e-9 of the largest W and b on
    the way. A run whose cost leaves the range of float64 ends after its last finite epoch, so
    fewer snapshots than `epochs` mean that it diverged.
    Raises ValueError for a setting out of range, TypeError for data or `shuffle` of another kind.

    >>> from regression.data import noisy_line
    >>> for snapshot in train(noisy_line(noise=0), lr=0.0001, epochs=2):
    ...     print(f"{snapshot.epoch}: cost {snapshot.cost:.1f}")
    1: cost 2141.4
    2: cost 1124.6
    """
    check_dataset(data)
    if not isinstance(shuffle, np.random.Generator | None):
        raise TypeError(f"shuffle is {shuffle!r}; numpy.random.default_rng(0) is what it can be")
    start = Line(*start)
    check_settings(data, lr, batch_size, start)
    check_count("epochs", epochs)
    return Training(data, lr, epochs, min(batch_size, len(data)), start, shuffle)


def mapped_epochs(mapped: EpochMap, epochs: int, start: Line) -> Iterator[Snapshot]:
    """Return a generator of the snapshots that the map gives, ending as train() does."""
    frame, (weight, bias) = mapped.frame, start
    (least_weight, least_bias), spread, mean = frame.least, frame.spread, frame.mean
    # The line itself moves, by T^T (E d + e), since far from zero a step moves b by so little
    # that height - mean*W would round it away. All in plain floats: calls would be most of it.
    sections = [section[1].ravel().tolist() for section in mapped.sections]
    rise, height = frame.offset(start)
    for epoch in range(1, epochs + 1):
        for rr, rh, r, hr, hh, h in sections:
            pull = hr * rise + hh * height + h
            weight -= spread * (rr * rise + rh * height + r) + mean * pull
            bias -= pull
            rise = spread * (weight - least_weight)
            height = mean * (weight - least_weight) + (bias - least_bias)
        cost_now = frame.cost(Offset(rise, height))
        if not math.isfinite(cost_now):
            return
        yield Snapshot(epoch, weight, bias, cost_now)


def _epochs(run: Training, shuffle: np.random.Generator | None) -> Iterator[Snapshot]:
    (weight, bias), samples = run.start, len(run.data)
    steps = batches(run.data, run.batch_size, epoch_order(samples))
    for epoch in range(1, run.epochs + 1):
        if shuffle is not None:
            steps = batches(run.data, run.batch_size, epoch_order(samples, shuffle))
        for xs, ys in steps:
            weight, bias = step(weight, bias, xs, ys, run.lr)
        cost_now = cost(Line(weight, bias), run.data)
        if not math.isfinite(cost_now):
            return
        yield Snapshot(epoch, weight, bias, cost_now)
