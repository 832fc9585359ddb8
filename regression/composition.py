"""Many steps of SGD as one affine map, composed by NumPy for many rates at once.

In the offsets d of coordinates.py a step of rate lr over a batch is, with u = (z, 1),

    d <- d - 2*lr*K*mean(u*(u.d - residual)),   K = T T^T,   T = [[spread, 0], [mean, 1]],

where T turns a step in (W, b) into one of offsets. Any number of steps is d <- M d + c. Kept
beside [M | c] is the pair [E | e] that makes [M | c] = [I | 0] - K [E | e]. It does not lose
what a slow training moves when M is the identity to the last digit, and the fixed point
solves E d = -e, without the condition of K, which is that of x far from zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

import numpy as np

from regression.coordinates import Coordinates
from regression.data import Floats

CHUNK = 1 << 16
"""Samples prepared at a time, so that memory grows only where a search keeps them all."""

SIDE_BY_SIDE = 8192
"""Numbers in one NumPy call: enough to hide its overhead, few enough for the fast caches."""

Maps = tuple[Floats, Floats]
"""[M | c] and [E | e] of shape (2, 2, 3, ...), and det M of shape (...).

The determinant is carried because M itself forgets it: where an epoch stretches one direction
by 1e9, the products whose difference it is agree in every digit.
"""


def compose(frame: Coordinates, moments: Iterable[Floats], rates: Floats, columns: int = 3) -> Maps:
    """Return one ordered epoch at each of the rates, shape (..., rates); two columns leave out
    c and e, where only M is asked for.
    """
    return reduce(then, (joined(side_by_side(frame, part, rates, columns)) for part in moments))


def identity(shape: tuple[int, ...], columns: int = 3) -> Maps:
    """Return maps that change nothing."""
    maps = np.zeros((2, 2, columns, *shape))
    maps[0, 0, 0] = maps[0, 1, 1] = 1.0
    return maps, np.ones(shape)


def then(first: Maps, second: Maps) -> Maps:
    """Return the maps that apply the first and afterwards the second."""
    (a, a_det), (b, b_det) = first, second
    both: Floats = b[:, :, 0, None] * a[0, 0] + b[:, :, 1, None] * a[0, 1]
    both[:, :, 2:] += b[:, :, 2:]
    both[1] += a[1]
    return both, a_det * b_det


def power(maps: Maps, exponent: int) -> Maps:
    """Return the maps, of three columns, applied that many times, by repeated squaring."""
    result = identity(maps[1].shape)
    while exponent:
        if exponent & 1:
            result = then(result, maps)
        exponent >>= 1
        if exponent:
            maps = then(maps, maps)
    return result


def joined(blocks: Maps) -> Maps:
    """Return a power of two of blocks as one: (..., blocks, rates) becomes (..., rates)."""
    maps, det = blocks
    while len(det) > 1:
        first, second = (maps[..., ::2, :], det[::2]), (maps[..., 1::2, :], det[1::2])
        maps, det = then(first, second)
    return maps[..., 0, :], det[0]


def moments(frame: Coordinates, batch_size: int) -> Iterator[Floats]:
    """Return, chunk after chunk, the means over each batch of z*z, z, 1, z*residual, residual
    and x*x + 1, and the variance of x in it: shape (7, steps).
    """
    chunk = batch_size * max(1, CHUNK // batch_size)
    for first in range(0, frame.points, chunk):
        z = frame.z[first : first + chunk]
        residual = frame.residual[first : first + chunk]
        x = frame.mean + frame.spread * z
        zeros, ones = np.zeros(len(z)), np.ones(len(z))
        means = np.array([z * z, z, ones, z * residual, residual, x * x + 1.0, zeros])
        if batch_size > 1:
            starts = np.arange(0, len(z), batch_size)
            lengths = np.diff(starts, append=len(z))
            means = np.add.reduceat(means, starts, axis=1) / lengths
            apart = z - np.repeat(means[1], lengths)
            means[6] = frame.metric[0, 0] * np.add.reduceat(apart * apart, starts) / lengths
        yield means


def side_by_side(frame: Coordinates, means: Floats, rates: Floats, columns: int = 3) -> Maps:
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
    (maps, det), scale = identity((count, len(rates)), columns), 2.0 * rates
    m, e = maps
    metric = frame.metric
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
    return maps, det
