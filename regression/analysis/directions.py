"""What an ordered epoch does in its two directions, and within itself at the end of a run."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from regression.analysis.affine import coordinates, real_directions
from regression.analysis.epoch_map import ordered_map
from regression.analysis.shuffled import expected_map
from regression.data import Dataset, Floats
from regression.line import Line
from regression.sgd import Settings, batches, epoch_order, step


class Leg(NamedTuple):
    """One of two directions in the plane of W and b, and what an epoch does to it."""

    direction: tuple[float, float]
    """In W and b, of any length."""
    factor: float
    """What an epoch multiplies the distance in this direction by: an eigenvalue of its map."""

    @property
    def epochs(self) -> float:
        """How many epochs leave 1% of the distance in this direction; inf when it does not fall."""
        size = abs(self.factor)
        if size >= 1:
            return math.inf
        return math.log(0.01) / math.log(size) if size > 0 else 0.0


def legs(data: Dataset, settings: Settings) -> tuple[Leg, Leg] | None:
    """Return the two directions of an epoch's map, the faster first; None where they turn into
    each other (the eigenvalues are complex), or float64 cannot tell them.

    The map is theta <- M theta + c, and M = I - K E in the coordinates of affine.py. Of I - M
    the eigenvalues are exact where M's are nearly 1: those are the ones that make a long leg.

    >>> from regression import noisy_line, train
    >>> data = noisy_line()
    >>> steep, shallow = legs(data, train(data, lr=0.0001, epochs=500).settings)
    >>> round(steep.epochs), round(shallow.epochs)
    (13, 1826)
    """
    coords = coordinates(data)
    map_of = expected_map if settings.shuffled else ordered_map
    mapped = map_of(data, lr=settings.lr, batch_size=settings.batch_size, coords=coords)
    if not mapped.sections:
        return None
    pull = coords.metric @ mapped.maps[0][1][:, :2]
    if not np.isfinite(pull).all():
        return None
    directions = real_directions(pull)
    if directions is None or directions[0][0] == directions[0][1]:
        return None
    values, vectors = directions
    found = []
    for value, (rise, height) in zip(values.tolist(), vectors.T.tolist()):
        weight = rise / coords.std
        found.append(Leg((weight, height - coords.mean * weight), 1.0 - value))
    first, second = sorted(found, key=lambda leg: leg.epochs)
    return first, second


MAX_STEPS = 20_000
"""More steps of an epoch are not gone through only to be drawn."""


def steps_of_epoch(data: Dataset, settings: Settings, start: Line) -> Floats:
    """Return W and b at the start of an ordered epoch and after each of its steps, shape
    (steps + 1, 2); without steps where there are more than MAX_STEPS.
    """
    (weight, bias), lines = start, [start]
    if len(data) <= MAX_STEPS * settings.batch_size:
        for xs, ys in batches(data, settings.batch_size, epoch_order(len(data))):
            weight, bias = step(weight, bias, xs, ys, settings.lr)
            lines.append(Line(weight, bias))
    return np.array(lines)
