"""What can be expected of a run that is shuffled: each of its epochs is another map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from regression.composition import joined, moments, power, side_by_side
from regression.coordinates import Coordinates, coordinates
from regression.data import Dataset, Floats
from regression.epoch_map import EpochMap, solved


def expected_map(
    data: Dataset, *, lr: float, batch_size: int = 1, frame: Coordinates | None = None
) -> EpochMap:
    """Return the map that stands for the epochs of a shuffled run, each of which has its own.

    Its step is the mean of all steps, which by itself settles at least squares; so that it
    settles where shuffled runs do on the mean, its constant is another. Drawing each sample
    once an epoch, and not at random, moves that mean off least squares: to those of weights
    1 + k*(x^2 + 1), k = lr*(n - batch)/(batch*(n - 1)), right to first order in lr (the mean
    over all orders, expanded to products of two steps; Smith, Dherin, Barrett and De, On the
    Origin of Implicit Regularization in Stochastic Gradient Descent, 2021). Each single run
    keeps moving in a cloud around that point, the wider the larger lr is.

    Raises ValueError where float64 cannot tell W and b apart, as when one x is 1e280 times
    another.
    """
    frame = frame or coordinates(data)
    n, z, residual = frame.points, frame.z, frame.residual
    batch = min(batch_size, n)
    k = lr * (n - batch) / (batch * (n - 1))
    with np.errstate(all="ignore"):
        weights = 1.0 + k * ((frame.mean + frame.spread * z) ** 2 + 1.0)
        level, mixed, slope = weights.sum(), weights @ z, (weights * z) @ z
        pull = np.array([(weights * z) @ residual, weights @ residual])
        rise, height = solved(np.array([[slope, mixed], [mixed, level]]), pull)
        (variance, _), (_, square) = frame.metric
        size = square + variance
        step = np.array([[1.0], [0.0], [1.0], [rise], [height], [size], [variance]])
        maps, det = joined(side_by_side(frame, step, np.array([lr])))
        whole = power((maps[..., 0], det[0]), -(-n // batch))
    return EpochMap(frame, whole, (whole[0],))


def epoch_orders(frame: Coordinates, batch_size: int, shuffled: bool) -> list[list[Floats]]:
    """Return the moments of an epoch in order, or in each of some drawn orders."""
    if not shuffled or batch_size >= frame.points:
        return [list(moments(frame, batch_size))]
    rng, count = np.random.default_rng(0), min(max(100_000 // frame.points, 2), 32)
    orders = [rng.permutation(frame.points) for _ in range(count)]
    return [
        list(moments(replace(frame, z=frame.z[order], residual=frame.residual[order]), batch_size))
        for order in orders
    ]


def mean_squares(maps: Floats, offset: Floats, epochs: int) -> Floats:
    """Return the mean square of an offset, (rise, height, 1), after epochs that each take one of
    the maps, of shape (maps, 2, 3, rates), by chance: shape (rates,).

    The products of an offset's parts are moved by the Kronecker square of an epoch's matrix,
    so their means are by its mean; the mean offset alone would leave out the cloud around it.
    """
    count, _, _, rates = maps.shape
    matrices = np.zeros((rates, count, 3, 3))
    matrices[:, :, :2] = maps.transpose(3, 0, 1, 2)
    matrices[:, :, 2, 2] = 1.0
    squares = np.einsum("rcij,rckl->rikjl", matrices, matrices).reshape(rates, 9, 9) / count
    moved = np.linalg.matrix_power(squares, epochs) @ np.kron(offset, offset)
    ends: Floats = moved[:, 0] + moved[:, 4]
    return ends
