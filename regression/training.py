"""Training: epoch after epoch of steps, or of one map where that is the same and faster."""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import deepcopy
from functools import cached_property
from itertools import islice

import numpy as np

from regression.coordinates import Offset
from regression.data import Dataset
from regression.epoch_map import EpochMap, epoch_map
from regression.line import Line, cost
from regression.outlook import Outlook, outlook
from regression.sgd import (
    START,
    Snapshot,
    Step,
    batches,
    check_settings,
    epoch_order,
    first_steps,
    step,
)

STEPS_WORTH_A_MAP = 30_000
"""Sample visits (epochs times samples) above which an ordered run takes the epoch's map: 15 ms
of steps, 1 ms by the map. The tutorial's 25,000 stay the steps that one can read above."""


class Training(Iterator[Snapshot]):
    """The snapshots of a run, each made when it is asked for, and what the run was told."""

    def __init__(
        self,
        snapshots: Iterator[Snapshot],
        data: Dataset,
        lr: float,
        epochs: int,
        batch_size: int,
        start: Line,
        shuffle: np.random.Generator | None,
    ) -> None:
        """Use train(), which checks the settings; `shuffle` is as it was before the first epoch."""
        self._snapshots, self._shuffle = snapshots, shuffle
        self.data, self.lr, self.epochs = data, lr, epochs
        self.batch_size, self.start = batch_size, start

    def __iter__(self) -> Iterator[Snapshot]:
        """Return what is left of the run."""
        return self._snapshots

    def __next__(self) -> Snapshot:
        """Return the next epoch's snapshot."""
        return next(self._snapshots)

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
    """Return an iterator of one Snapshot per epoch, which also knows its settings.

    Samples are taken in their order, or in a new order each epoch drawn from `shuffle`; the
    last batch of an epoch may be short. An ordered run of many steps applies the epoch as one
    affine map (epoch_map.py), which gives the same snapshots to 1e-9 of the largest W and b on
    the way. A run whose cost leaves the range of float64 ends after its last finite epoch, so
    fewer snapshots than `epochs` mean that it diverged.
    Raises ValueError for a setting out of range.

    >>> from regression.data import noisy_line
    >>> for snapshot in train(noisy_line(noise=0), lr=0.0001, epochs=2):
    ...     print(f"{snapshot.epoch}: cost {snapshot.cost:.1f}")
    1: cost 2141.4
    2: cost 1124.6
    """
    check_settings(data, lr, batch_size, start)
    if epochs < 1:
        raise ValueError(f"epochs is {epochs}; at least 1 is needed")
    before = deepcopy(shuffle)
    if shuffle is None and epochs * len(data) > STEPS_WORTH_A_MAP:
        snapshots = _epochs_by_map(data, lr, epochs, batch_size, start)
    else:
        snapshots = _epochs(data, lr, epochs, batch_size, start, shuffle)
    return Training(snapshots, data, lr, epochs, batch_size, start, before)


def _epochs_by_map(
    data: Dataset, lr: float, epochs: int, batch_size: int, start: Line
) -> Iterator[Snapshot]:
    mapped = epoch_map(data, lr=lr, batch_size=batch_size)
    if mapped.tame:
        return mapped_epochs(mapped, epochs, start)
    return _epochs(data, lr, epochs, batch_size, start, None)


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


def _epochs(
    data: Dataset,
    lr: float,
    epochs: int,
    batch_size: int,
    start: Line,
    shuffle: np.random.Generator | None,
) -> Iterator[Snapshot]:
    weight, bias = start
    steps = batches(data, batch_size, epoch_order(len(data)))
    for epoch in range(1, epochs + 1):
        if shuffle is not None:
            steps = batches(data, batch_size, epoch_order(len(data), shuffle))
        for xs, ys in steps:
            weight, bias = step(weight, bias, xs, ys, lr)
        cost_now = cost(Line(weight, bias), data)
        if not math.isfinite(cost_now):
            return
        yield Snapshot(epoch, weight, bias, cost_now)
