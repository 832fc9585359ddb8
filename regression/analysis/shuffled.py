"""What can be expected of a run that is shuffled: each of its epochs is another map."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import numpy.typing as npt

from regression.analysis.affine import Coordinates, Maps, coordinates, joined, power, side_by_side
from regression.analysis.epoch_map import EpochMap
from regression.analysis.matrices import epoch_matrices
from regression.data import Dataset, Floats

MAX_ALL_ORDERS = 5
"""Points of which all orders are averaged: 120."""

LONG = 1e-3
"""What a step must take off an offset, at most, for that: else _mean_limit() is as exact."""


def expected_map(
    data: Dataset, *, lr: float, batch_size: int = 1, coords: Coordinates | None = None
) -> EpochMap:
    """Return the map that stands for the epochs of a shuffled run, each of which has its own.

    Its step is the mean of all steps, which by itself converges to least squares; so that it
    converges to the mean of shuffled runs, its constant is another: see _mean_limit(). Each
    single run hovers around that line, the farther from it the larger lr is.
    """
    coords = coords or coordinates(data)
    batch = min(batch_size, coords.points)
    if coords.points <= MAX_ALL_ORDERS:
        exact = _mean_of_all_orders(coords, lr, batch)
        if exact is not None:
            return exact
    steps = -(-coords.points // batch)
    with np.errstate(all="ignore"):
        rise, height = _mean_limit(coords, 2.0 * lr, steps)
        (variance, _), (_, square) = coords.metric
        size = square + variance
        step = np.array([[1.0], [0.0], [1.0], [rise], [height], [size], [variance]])
        maps = joined(side_by_side(coords, step, np.array([lr])))
        whole = power(Maps(maps.both[..., 0], maps.det[0]), steps)
    return EpochMap(coords, whole, (whole,), growth=1.0)


def _mean_of_all_orders(coords: Coordinates, lr: float, batch: int) -> EpochMap | None:
    """Return the mean of an epoch's maps over all orders; None where its steps are so short, or K
    so far from round, that it would have too few digits.
    """
    large = float(np.linalg.eigvalsh(coords.metric)[1])
    if 2.0 * lr * large < LONG or (coords.std / large) ** 2 < 1e-6:
        return None
    orders = drawn_orders(coords.points, visits=0, most=0)
    matrix = shuffled_matrices(coords, orders, batch, np.array([lr]))[:, :, 0].mean(axis=-1)
    if not np.abs(matrix).max() < 1e100:
        return None
    constant = np.column_stack([np.eye(2) - matrix[:, :2], -matrix[:, 2]])
    both = np.array([matrix, np.linalg.solve(coords.metric, constant)])
    det = matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]
    whole = Maps(both, det)
    return EpochMap(coords, whole, (whole,), growth=1.0)


def _mean_limit(coords: Coordinates, rate: float, steps: int) -> Floats:
    """Return the offset around which shuffled runs end their epochs, shape (2,); `rate` is 2*lr.

    In the direction l in which K (affine.py) stretches by k_l, the mean step leaves 1 - rate*k_l
    of an offset. Steps differ from the mean, and as each point comes once an epoch, those before
    a step are a little unlike it: how a point pulls at the line and how a later one shortens
    that have -1/(n - 1) of the covariance that they have in one point. Summed over all pairs of
    steps in an epoch, as geometric series, that is the offset below. It is the mean over all
    orders but for products of three differences, so it holds while single steps are short,
    however many there are; for few, of single points, it is least squares with weights
    1 + lr*(x^2 + 1) (Smith, Dherin, Barrett and De, On the Origin of Implicit Regularization in
    Stochastic Gradient Descent, 2021).
    """
    stretch, directions = np.linalg.eigh(coords.metric)
    stretch[0] = coords.std / stretch[1] * coords.std  # det K is std^2
    u = np.column_stack([coords.z, np.ones(coords.points)]) @ directions
    pull = (u * coords.residual[:, None]).T @ (u * u) / coords.points
    short = rate * stretch  # a step shortens by so much, and an epoch by the next
    left = 1.0 - short
    shorter = np.where(short < 0.5, -np.expm1(steps * np.log1p(-short)), 1.0 - left**steps)
    apart = np.subtract.outer(short, short)
    same = np.abs(apart) <= 1e-9 * short.max()
    differences = np.subtract.outer(shorter, shorter)
    series = np.where(same, steps * left ** (steps - 1), differences / apart)
    share = 1.0 - series / (shorter / short)[:, None]
    offset = (pull * share).sum(axis=1) / (coords.points - 1)
    # Not finite where an epoch leaves float64, and so has no mean, or is too short to move.
    mean: Floats = directions @ np.where(np.isfinite(offset), offset, 0.0)
    return mean


def drawn_orders(points: int, visits: int, most: int) -> npt.NDArray[np.intp]:
    """Return orders of the points, drawn from a seed of its own, shape (orders, points): so many
    that together they visit `visits` points, but at least 2 and `most` at most. Of few points it
    is all orders.
    """
    if points <= MAX_ALL_ORDERS:
        return np.array(list(permutations(range(points))))
    rng, count = np.random.default_rng(0), min(max(visits // points, 2), most)
    return np.array([rng.permutation(points) for _ in range(count)])


def shuffled_matrices(
    coords: Coordinates, orders: npt.NDArray[np.intp], batch_size: int, rates: Floats
) -> Floats:
    """Return [M | c] of the epochs in these orders, shape (2, 3, rates, orders)."""
    with np.errstate(all="ignore"):
        z, residual = coords.z[orders], coords.residual[orders]
        return epoch_matrices(coords, z, residual, batch_size, rates)


def mean_square_contractions(matrices: Floats) -> Floats:
    """Return what an epoch leaves of the mean square of a distance, in the long run, if each
    epoch is one of these by chance: shape (rates,); inf where they leave float64.

    The products of an offset's parts are moved by the Kronecker square of an epoch's matrix, so
    their means are by its mean. From 1 on the distances of a shuffled run grow without limit,
    even where their mean converges.
    """
    m = matrices[:, :2].transpose(2, 3, 0, 1)
    with np.errstate(all="ignore"):
        squares = np.einsum("rcij,rckl->rikjl", m, m).reshape(-1, 4, 4) / m.shape[1]
    finite = np.isfinite(squares).all(axis=(1, 2))
    radius = np.full(len(squares), np.inf)
    radius[finite] = np.abs(np.linalg.eigvals(squares[finite])).max(axis=1, initial=0.0)
    return radius


def mean_squares(matrices: Floats, offset: Floats, epochs: int) -> Floats:
    """Return the mean square of an offset, (rise, height, 1), after epochs that each are one of
    these by chance: shape (rates,). The mean offset alone would leave out how far lines are from
    it.
    """
    _, _, rates, count = matrices.shape
    m = np.zeros((rates, count, 3, 3))
    m[:, :, :2] = matrices.transpose(2, 3, 0, 1)
    m[:, :, 2, 2] = 1.0
    squares = np.einsum("rcij,rckl->rikjl", m, m).reshape(rates, 9, 9) / count
    moved = np.linalg.matrix_power(squares, epochs) @ np.kron(offset, offset)
    ends: Floats = moved[:, 0] + moved[:, 4]
    return ends
