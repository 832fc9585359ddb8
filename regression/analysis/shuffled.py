"""What can be expected of a run that is shuffled: each of its epochs is another map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from regression.analysis.affine import (
    Coordinates,
    coordinates,
    joined,
    moments,
    power,
    side_by_side,
)
from regression.analysis.epoch_map import EpochMap
from regression.data import Dataset, Floats


def expected_map(
    data: Dataset, *, lr: float, batch_size: int = 1, frame: Coordinates | None = None
) -> EpochMap:
    """Return the map that stands for the epochs of a shuffled run, each of which has its own.

    Its step is the mean of all steps, which by itself settles at least squares; so that it
    settles where shuffled runs do on the mean, its constant is another: see _centre(). Each
    single run keeps moving in a cloud around that point, the wider the larger lr is.
    """
    frame = frame or coordinates(data)
    batch = min(batch_size, frame.points)
    steps = -(-frame.points // batch)
    with np.errstate(all="ignore"):
        rise, height = _centre(frame, 2.0 * lr, steps)
        (variance, _), (_, square) = frame.metric
        size = square + variance
        step = np.array([[1.0], [0.0], [1.0], [rise], [height], [size], [variance]])
        maps, det = joined(side_by_side(frame, step, np.array([lr])))
        whole = power((maps[..., 0], det[0]), steps)
    return EpochMap(frame, whole, (whole[0],))


def _centre(frame: Coordinates, rate: float, steps: int) -> Floats:
    """Return the offset around which shuffled runs end their epochs, shape (2,); `rate` is 2*lr.

    In the direction l in which K (composition.py) stretches by k_l, the mean step leaves
    1 - rate*k_l of an offset. Steps differ from the mean, and as each sample comes once an
    epoch, those before a step are a little unlike it: how a sample pulls at the line and how a
    later one shortens that have -1/(n - 1) of the covariance that they have in one sample.
    Summed over all pairs of steps in an epoch, as geometric series, that is the offset below.
    It is the mean over all orders but for products of three differences, so it holds while
    single steps are short, however many there are; for few, of single samples, it is least
    squares with weights 1 + lr*(x^2 + 1) (Smith, Dherin, Barrett and De, On the Origin of
    Implicit Regularization in Stochastic Gradient Descent, 2021).
    """
    stretch, directions = np.linalg.eigh(frame.metric)
    stretch[0] = frame.std / stretch[1] * frame.std  # det K is spread^2
    u = np.column_stack([frame.z, np.ones(frame.points)]) @ directions
    pull = (u * frame.residual[:, None]).T @ (u * u) / frame.points
    short = rate * stretch  # a step shortens by so much, an epoch by gone
    left = 1.0 - short
    gone = np.where(short < 0.5, -np.expm1(steps * np.log1p(-short)), 1.0 - left**steps)
    apart = np.subtract.outer(short, short)
    same = np.abs(apart) <= 1e-9 * short.max()
    series = np.where(same, steps * left ** (steps - 1), np.subtract.outer(gone, gone) / apart)
    share = 1.0 - series / (gone / short)[:, None]
    offset = (pull * share).sum(axis=1) / (frame.points - 1)
    # Not finite where an epoch leaves float64, and so has no centre, or is too short to move.
    centre: Floats = directions @ np.where(np.isfinite(offset), offset, 0.0)
    return centre


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
