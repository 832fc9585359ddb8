"""The coordinates in which training is exact to rounding: a line as seen from the best one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np

from regression.data import Dataset, Floats, centred
from regression.line import Line, line_through


class Offset(NamedTuple):
    """A line minus the least-squares line: its rise over one standard deviation of x, and its
    height at the mean of x.
    """

    rise: float
    height: float


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Least squares as the origin, x measured from its mean in units of its deviation.

    With z = (x - mean) / std, a line's error at a point is rise*z + height - residual. As
    z has mean 0 and variance 1, the cost is minimum_cost + points * (rise^2 + height^2): a sum
    of squares, in which no digits cancel, however far from zero the data lie.
    """

    least_squares: Line
    minimum_cost: float
    points: int
    mean: float
    std: float
    z: Floats
    residual: Floats
    """y minus the least-squares line, shape (n,) as z is."""

    @property
    def metric(self) -> Floats:
        """Return K = T T^T, shape (2, 2), where offset = T (line - least): T turns a step in
        (W, b) into one of offsets, and T^T a slope of the cost by offsets into one by (W, b).
        """
        mixed = self.std * self.mean
        slope, level = self.std * self.std, self.mean * self.mean + 1.0
        return np.array([[slope, mixed], [mixed, level]])

    def offset(self, line: Line) -> Offset:
        """Return the line in these coordinates."""
        weight, bias = line.weight - self.least_squares.weight, line.bias - self.least_squares.bias
        return Offset(weight * self.std, weight * self.mean + bias)

    def line(self, offset: Offset) -> Line:
        """Return the line at the offset."""
        weight = offset.rise / self.std
        bias = offset.height - self.mean * weight
        return Line(self.least_squares.weight + weight, self.least_squares.bias + bias)

    def cost(self, offset: Offset) -> float:
        """Return the cost of the line at the offset, inf when it leaves float64."""
        rise, height = offset
        return self.minimum_cost + self.points * (rise * rise + height * height)

    def distance(self, offset: Offset) -> float:
        """Return the offset's length in the plane of W and b."""
        weight = offset.rise / self.std
        return math.hypot(weight, offset.height - self.mean * weight)


def coordinates(data: Dataset) -> Coordinates:
    """Return the coordinates that belong to the data."""
    with np.errstate(over="ignore", invalid="ignore"):
        (mean, x), (y_mean, residual) = centred(data.x), centred(data.y)
        least = line_through((mean, x), (y_mean, residual))
        std = math.sqrt((x * x).sum() / len(x))
        residual -= least.weight * x  # in place, as the next: fresh memory costs most of it
        x /= std
        minimum_cost = float((residual * residual).sum())
    return Coordinates(least, minimum_cost, len(x), mean, std, x, residual)


CHUNK = 1 << 16
"""Points prepared at a time, so that memory grows only where a search keeps them all."""

SIDE_BY_SIDE = 8192
"""Numbers in one NumPy call: enough to hide its overhead, few enough for the fast caches."""


class Maps(NamedTuple):
    """Affine maps of an offset d, d <- M d + c, of any shape (...): one each block, rate, order.

    Each is held twice: as [M | c], and as what the steps take off, M d + c = d - K (E d + e),
    in which nothing of a tiny step is lost beside 1.
    """

    both: Floats
    """[M | c] and [E | e], shape (2, 2, 3, ...); two columns leave out c and e."""
    det: Floats
    """det M, shape (...). M itself forgets it: where an epoch stretches one direction by 1e9, the
    products whose difference it is agree in every digit."""

    @property
    def matrix(self) -> Floats:
        """[M | c], shape (2, 3, ...)."""
        matrix: Floats = self.both[0]
        return matrix

    @property
    def pull(self) -> Floats:
        """[E | e], shape (2, 3, ...)."""
        pull: Floats = self.both[1]
        return pull

    def blocks(self, some: slice) -> Maps:
        """Return some of the blocks, the last axis but one."""
        return Maps(self.both[..., some, :], self.det[some])

    def only(self) -> Maps:
        """Return the only block's maps."""
        return Maps(self.both[..., 0, :], self.det[0])


FIRST, SECOND = slice(None, None, 2), slice(1, None, 2)
"""The blocks that come first and second in each pair."""


def compose(
    coords: Coordinates, moments: Iterable[Floats], rates: Floats, columns: int = 3
) -> Maps:
    """Return one ordered epoch at each of the rates, shape (..., rates); two columns leave out
    c and e, where only M is asked for.
    """
    return reduce(then, (joined(side_by_side(coords, part, rates, columns)) for part in moments))


def identity(shape: tuple[int, ...], columns: int = 3) -> Maps:
    """Return maps that change nothing."""
    maps = np.zeros((2, 2, columns, *shape))
    maps[0, 0, 0] = maps[0, 1, 1] = 1.0
    return Maps(maps, np.ones(shape))


def then(first: Maps, second: Maps) -> Maps:
    """Return the maps that apply the first and afterwards the second."""
    a, b = first.matrix, second.both
    both: Floats = b[:, :, 0, None] * a[0] + b[:, :, 1, None] * a[1]
    both[:, :, 2:] += b[:, :, 2:]
    both[1] += first.pull
    return Maps(both, first.det * second.det)


def power(maps: Maps, exponent: int) -> Maps:
    """Return the maps, of three columns, applied that many times, by repeated squaring."""
    result = identity(maps.det.shape)
    while exponent:
        if exponent & 1:
            result = then(result, maps)
        exponent >>= 1
        if exponent:
            maps = then(maps, maps)
    return result


def joined(blocks: Maps) -> Maps:
    """Return a power of two of blocks as one: (..., blocks, rates) becomes (..., rates)."""
    while len(blocks.det) > 1:
        blocks = then(blocks.blocks(FIRST), blocks.blocks(SECOND))
    return blocks.only()


def moments(coords: Coordinates, batch_size: int) -> Iterator[Floats]:
    """Return, chunk after chunk, the means over each batch of z*z, z, 1, z*residual, residual
    and x*x + 1, and the variance of x in it: shape (7, steps).
    """
    chunk = batch_size * max(1, CHUNK // batch_size)
    for first in range(0, coords.points, chunk):
        z = coords.z[first : first + chunk]
        residual = coords.residual[first : first + chunk]
        x = coords.mean + coords.std * z
        zeros, ones = np.zeros(len(z)), np.ones(len(z))
        means = np.array([z * z, z, ones, z * residual, residual, x * x + 1.0, zeros])
        if batch_size > 1:
            starts = np.arange(0, len(z), batch_size)
            lengths = np.diff(starts, append=len(z))
            means = np.add.reduceat(means, starts, axis=1) / lengths
            apart = z - np.repeat(means[1], lengths)
            means[6] = coords.metric[0, 0] * np.add.reduceat(apart * apart, starts) / lengths
        yield means


def side_by_side(coords: Coordinates, means: Floats, rates: Floats, columns: int = 3) -> Maps:
    """Return the steps composed in a power of two of blocks, shape (..., blocks, rates).

    The steps in a block run one after another, all blocks and rates in one NumPy call; short
    blocks end in steps that do nothing.
    """
    steps = means.shape[1]
    room = max(1, min(steps // 4, SIDE_BY_SIDE // len(rates)))
    count = 1 << room.bit_length() - 1
    length = -(-steps // count)
    padded = np.zeros((7, count * length))
    padded[:, :steps] = means
    # Step after step must be neighbours in memory, not block after block.
    in_turn = np.ascontiguousarray(padded.reshape(7, count, length).transpose(2, 0, 1))[..., None]
    maps, scale = identity((count, len(rates)), columns), 2.0 * rates
    m, e, det = maps.matrix, maps.pull, maps.det
    metric = coords.metric
    for zz, z, one, zr, r, size, variance in in_turn:
        rise = zz * m[0] + z * m[1]
        rise[2:] -= zr
        rise *= scale
        height = z * m[0] + one * m[1]
        height[2:] -= r
        height *= scale
        e[0] += rise
        e[1] += height
        m[0] -= metric[0, 0] * rise + metric[0, 1] * height
        m[1] -= metric[1, 0] * rise + metric[1, 1] * height
        det *= 1.0 - scale * (size - scale * variance)
    return maps


def log_moduli(coords: Coordinates, maps: Maps) -> Floats:
    """Return the logarithms of the absolute values of M's two eigenvalues, the larger first,
    shape (2, ...): what an epoch leaves of an offset in the slow direction and in the fast one.
    Both are inf where M or its square leaves float64.

    The eigenvalues follow from trace and determinant, of I - M while that is small and of M
    otherwise: each where the other would cancel.
    """
    m, e, det = maps.matrix, maps.pull, maps.det
    (slope, mixed), (_, level) = coords.metric
    with np.errstate(all="ignore"):
        # By a power of two, which rounds nothing: products of tiny entries would underflow.
        scale = np.ldexp(1.0, np.frexp(np.abs(e[:, :2]).max(axis=(0, 1)))[1])
        e = e / scale
        half = (slope * e[0, 0] + mixed * (e[0, 1] + e[1, 0]) + level * e[1, 1]) / 2
        gap = slope * (e[0, 0] * e[1, 1] - e[0, 1] * e[1, 0])
        # Of the two roots of I - M, half + root and half - root, the larger has no cancellation.
        large = half + np.copysign(np.sqrt(np.maximum(half * half - gap, 0.0)), half)
        one, other = (_log_of_rest(scale * root) for root in (large, gap / large))
        turning = np.log1p(scale * (scale * gap - 2 * half)) / 2
        turns = half * half < gap
        by_gap = np.where(turns, turning, [np.fmax(one, other), np.fmin(one, other)])
        trace = (m[0, 0] + m[1, 1]) / 2
        larger = np.log(np.abs(trace) + np.sqrt(np.maximum(trace * trace - det, 0.0)))
        log_det = np.log(np.abs(det))
        by_steps = np.where(trace * trace < det, log_det / 2, [larger, log_det - larger])
        products = np.abs(e[0, 0] * e[1, 1]) + np.abs(e[0, 1] * e[1, 0])
        small = scale * scale * slope * products < 1.0
        by_entries = np.where(small, by_gap, by_steps)
        # Entries that small have no digits left: such steps count as none.
        moving = np.where(scale < np.finfo(np.float64).tiny, 0.0, by_entries)
        logs: Floats = np.where(np.isfinite(m).all(axis=(0, 1)), moving, np.inf)
    return logs


def _log_of_rest(share: Floats) -> Floats:
    """Return log |1 - share|."""
    log: Floats = np.where(share < 1.0, np.log1p(-share), np.log(np.abs(1.0 - share)))
    return log


def log_radius(coords: Coordinates, maps: Maps) -> Floats:
    """Return the logarithm of M's spectral radius, shape (...); inf where M or its square leaves
    float64.
    """
    radius: Floats = log_moduli(coords, maps)[0]
    return radius


def norm(coords: Coordinates, maps: Maps) -> Floats:
    """Return the Frobenius norm of M in the plane of W and b, shape (...): how much it can
    stretch a distance there, but for a factor of sqrt(2).
    """
    e, std, mean = maps.pull, coords.std, coords.mean
    # I - T^T E T: from E, whose entries are small where those of T are large.
    high, low = std * e[0, 1] + mean * e[1, 1], std * e[1, 0] + mean * e[1, 1]
    steep = std * std * e[0, 0] + std * mean * (e[0, 1] + e[1, 0]) + mean * mean * e[1, 1]
    length: Floats = np.sqrt((1.0 - steep) ** 2 + high**2 + low**2 + (1.0 - e[1, 1]) ** 2)
    return length


def real_directions(matrix: Floats) -> tuple[Floats, Floats] | None:
    """Return the eigenvalues (2,) of a real matrix (2, 2) and its eigenvectors, the columns of
    (2, 2); None where they are complex.

    >>> real_directions(np.array([[2.0, 0.0], [0.0, 3.0]]))
    (array([2., 3.]), array([[1., 0.],
           [0., 1.]]))
    """
    values, vectors = np.linalg.eig(matrix)
    # From NumPy 2.5 on all are complex numbers, real ones with an imaginary part of 0.
    return None if np.imag(values).any() else (np.real(values), np.real(vectors))
