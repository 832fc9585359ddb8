"""The matrices [M | c] of epochs in many orders or at many rates: less than affine.py's maps
hold, and several times as fast.

They are in the coordinates of affine.py, offsets from the least-squares line. Rounding leaves M
some 1e-16 of itself, so that the share which a tiny rate takes off 1 is lost: for the end of a
run that is no matter, for its contraction affine.py is needed.

A step by a point takes 2*lr*error*K(z, 1) off the offset, error = rise*z + height - residual; a
step by a batch takes off the mean of that. An epoch's steps are cut into blocks of neighbours.
The blocks are composed side by side, first steps first, and then joined in pairs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regression.analysis.affine import CHUNK, Coordinates, Offset
from regression.data import Floats
from regression.line import Line

SIDE_BY_SIDE = 4096
"""Blocks in one NumPy call: enough to hide its overhead, few enough for the fast caches."""

MAX_ENTRY = 1e3
"""Of the matrix of a block that a run may use: it magnifies rounding by as much."""

FAR = 1e4
"""Standard deviations of x that its mean may be from 0: farther off, b would lose digits as
height minus mean times W."""


def epoch_matrices(
    coords: Coordinates, z: Floats, residual: Floats, batch_size: int, rates: Floats
) -> Floats:
    """Return [M | c] of the epochs that take points in the order given.

    `z` and `residual` are those of `coords` in that order, shape (orders, points); the rates are
    learning rates, shape (rates,). The result has the shape (2, 3, rates, orders).
    """
    orders, points = z.shape
    chunk = batch_size * max(1, CHUNK // (orders * batch_size))
    whole: Floats | None = None
    for first in range(0, points, chunk):
        some = slice(first, first + chunk)
        if batch_size == 1:
            blocks = _of_points(coords, z[:, some], residual[:, some], rates)
        else:
            blocks = _of_batches(coords, z[:, some], residual[:, some], batch_size, rates)
        part = _joined(blocks)[..., 0]
        whole = part if whole is None else _then(whole, part)
    assert whole is not None
    return whole


class ShuffledEpochs:
    """The epochs of a shuffled run, each as one matrix in the order drawn for it.

    Its arrays are made once and used again: fresh memory for each epoch would take longer than
    all the arithmetic.
    """

    def __init__(self, coords: Coordinates, lr: float, batch_size: int) -> None:
        """Prepare epochs at this rate, over the data of `coords`."""
        self._coords, self._batch_size, self._rate = coords, batch_size, np.array([lr])
        z, residual = coords.z, coords.residual
        chunks = -(-coords.points // CHUNK)
        self._size = batch_size * -(-coords.points // (batch_size * chunks))
        if batch_size > 1:
            self._table = np.column_stack([z, residual])
            self._rows, self._products = np.empty((self._size, 2)), np.empty((4, self._size))
            return
        # Each point's z, residual and move for an error of 1; the last row does nothing.
        (slope, mixed), (_, level) = coords.metric
        self._table = np.zeros((coords.points + 1, 4))
        self._table[:-1, 0], self._table[:-1, 1] = z, residual
        self._table[:-1, 2] = 2.0 * lr * (slope * z + mixed)
        self._table[:-1, 3] = 2.0 * lr * (mixed * z + level)
        self._blocks, self._length = _cut(self._size, 1)
        steps = self._blocks * self._length
        self._order, self._index = np.empty((2, steps), dtype=np.intp)
        self._rows = np.empty((steps, 4))
        self._turns = np.empty((self._length, 4, self._blocks))
        self._columns = np.empty((5, 3, 1, self._blocks))

    def end(self, line: Line, order: npt.NDArray[np.intp]) -> Line | None:
        """Return the line after an epoch from `line` on that takes the points in this order;
        None where its matrices would have too few digits.
        """
        coords = self._coords
        if abs(coords.mean) > FAR * coords.std:
            return None
        rise, height = coords.offset(line)
        matrices_of = self._of_points if self._batch_size == 1 else self._of_batches
        for first in range(0, len(order), self._size):
            with np.errstate(all="ignore"):
                blocks = matrices_of(order[first : first + self._size])
                if not np.abs(blocks[:, :2]).max() <= MAX_ENTRY:
                    return None
                parts = _joined(blocks[:, :, 0, 0], to=32)
            # In plain floats: for so few, NumPy's calls would take longer.
            for a, b, c, d, e, f in parts.reshape(6, -1).T.tolist():
                rise, height = a * rise + b * height + c, d * rise + e * height + f
        return coords.line(Offset(rise, height))

    def _of_points(self, order: npt.NDArray[np.intp]) -> Floats:
        """Return the steps of single points in blocks, shape (2, 3, 1, 1, blocks)."""
        self._order[: len(order)] = order
        self._order[len(order) :] = len(self._table) - 1  # the row that does nothing
        by_step = self._order.reshape(self._blocks, self._length).T
        np.copyto(self._index.reshape(by_step.shape), by_step)
        # Rows, not columns: they lie at random places, and each is one place in memory.
        self._table.take(self._index, axis=0, out=self._rows, mode="clip")
        rows = self._rows.reshape(self._length, self._blocks, 4)
        np.copyto(self._turns, rows.transpose(0, 2, 1))
        _compose_points(self._turns, self._columns)
        return self._columns[:2].reshape(2, 3, 1, 1, self._blocks)

    def _of_batches(self, order: npt.NDArray[np.intp]) -> Floats:
        """Return the steps of batches in blocks, shape (2, 3, 1, 1, blocks)."""
        rows, products = self._rows[: len(order)], self._products[:, : len(order)]
        self._table.take(order, axis=0, out=rows, mode="clip")
        z, residual = rows.T
        np.multiply(z, z, out=products[0])
        products[1] = z
        np.multiply(z, residual, out=products[2])
        products[3] = residual
        means = _batch_means(products[:, None], self._batch_size)
        return _of_means(self._coords, means, self._rate)


def _of_points(coords: Coordinates, z: Floats, residual: Floats, rates: Floats) -> Floats:
    """Return the steps of single points in blocks, shape (2, 3, rates, orders, blocks)."""
    (slope, mixed), (_, level) = coords.metric
    moves = 2.0 * np.array([slope * z + mixed, mixed * z + level])
    turns = _in_turn(np.array([z, residual, *moves]), len(rates))
    columns = np.empty((5, 3, len(rates), turns.shape[2]))
    _compose_points(turns, columns, rates)
    return columns[:2].reshape(2, 3, len(rates), len(z), -1)


def _compose_points(turns: Floats, columns: Floats, rates: Floats | None = None) -> None:
    """Compose the blocks' steps, (steps, 4, blocks), in the first two of the columns' five rows;
    the others are for what comes between.
    """
    line, error, moved = columns[:2], columns[2], columns[3:]
    rise, height = line
    line[:] = 0.0
    rise[0] = height[1] = 1.0
    moves = turns[:, 2:, None, None]
    for (z, residual, _, _), move in zip(turns, moves):
        np.multiply(z, rise, out=error)
        error += height
        error[2] -= residual
        if rates is not None:
            error *= rates[:, None]
        np.multiply(move, error, out=moved)
        line -= moved


def _of_batches(
    coords: Coordinates, z: Floats, residual: Floats, batch_size: int, rates: Floats
) -> Floats:
    """Return the steps of batches in blocks, shape (2, 3, rates, orders, blocks)."""
    products = np.array([z * z, z, z * residual, residual])
    return _of_means(coords, _batch_means(products, batch_size), rates)


def _batch_means(products: Floats, batch_size: int) -> Floats:
    """Return the means over each batch along the last axis; the last one may be short."""
    starts = np.arange(0, products.shape[-1], batch_size)
    means: Floats = np.add.reduceat(products, starts, axis=-1)
    means /= np.diff(starts, append=products.shape[-1])
    return means


def _of_means(coords: Coordinates, means: Floats, rates: Floats) -> Floats:
    """Return steps in blocks from the batches' means of z*z, z, z*residual and residual."""
    zz, z, zr, residual = means
    (slope, mixed), (_, level) = coords.metric
    # K times the mean of (z, 1) (z, 1)^T and of (z, 1) * residual: 2*lr of it is taken off.
    top = [slope * zz + mixed * z, slope * z + mixed, slope * zr + mixed * residual]
    bottom = [mixed * zz + level * z, mixed * z + level, mixed * zr + level * residual]
    turns = _in_turn(2.0 * np.array([*top, *bottom]), len(rates))
    rise, height = np.zeros((2, 3, len(rates), turns.shape[2]))
    rise[0] = height[1] = 1.0
    for a, b, c, d, e, f in turns:
        up, high = a * rise + b * height, d * rise + e * height
        up[2] -= c
        high[2] -= f
        rise -= rates[:, None] * up
        height -= rates[:, None] * high
    return np.array([rise, height]).reshape(2, 3, len(rates), means.shape[1], -1)


def _cut(steps: int, columns: int) -> tuple[int, int]:
    """Return into how many blocks to cut so many steps, a power of two, and their length, where
    so many orders and rates are composed together.
    """
    room = max(1, min(steps // 8, SIDE_BY_SIDE // columns))
    blocks = 1 << room.bit_length() - 1
    return blocks, -(-steps // blocks)


def _in_turn(rows: Floats, rates: int) -> Floats:
    """Return the rows (rows, orders, steps) as (steps of a block, rows, orders * blocks). Short
    blocks end in rows of zeros, which do nothing.
    """
    count, orders, steps = rows.shape
    blocks, length = _cut(steps, orders * rates)
    padded = np.zeros((count, orders, blocks * length))
    padded[:, :, :steps] = rows
    # Step after step must be neighbours in memory, not block after block.
    by_step = padded.reshape(count, orders * blocks, length).transpose(2, 0, 1)
    return np.ascontiguousarray(by_step)


def _joined(blocks: Floats, to: int = 1) -> Floats:
    """Return a power of two of blocks, the last axis, joined in pairs until so many are left."""
    while blocks.shape[-1] > to:
        blocks = _then(blocks[..., ::2], blocks[..., 1::2])
    return blocks


def _then(first: Floats, second: Floats) -> Floats:
    """Return the matrices that apply the first and afterwards the second."""
    both: Floats = second[:, 0, None] * first[0] + second[:, 1, None] * first[1]
    both[:, 2] += second[:, 2]
    return both
