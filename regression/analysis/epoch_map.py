"""One epoch of SGD as one affine map, theta <- M theta + c, and what follows from it.

theta is (W, b). The map's iterates are those of step-by-step training up to rounding, so whether
training converges, to which line and how fast are questions about a 2x2 matrix.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from regression.analysis.affine import (
    FIRST,
    SECOND,
    Coordinates,
    Maps,
    Offset,
    coordinates,
    log_moduli,
    moments,
    norm,
    real_directions,
    side_by_side,
    then,
)
from regression.data import Dataset, Floats
from regression.line import Line

EPS = float(np.finfo(np.float64).eps)

MAX_GROWTH = 1e3
"""Of a section of an epoch. An epoch that stretches by 1e10 before it shrinks again would keep
six digits as a single matrix; as a chain of sections it keeps more."""

KNOWN = 1e-3
"""The largest rounding error of a contraction that is known: a bound, in truth a tenth of it."""

SAME_RUN = 1e-10
"""What the map may differ from the steps, of the largest W and b: a bound, too."""

MAX_POWER = 1e9
"""Epochs past which powers of M have lost digits: 1 - 1e-9 keeps seven of its distance to 1."""

MAX_EPOCHS = 1e300
"""More epochs are counted as so many."""


@dataclass(frozen=True, eq=False)
class EpochMap:
    """One epoch of SGD, at one rate and batch size, over the data of `coords`."""

    coords: Coordinates
    maps: Maps
    sections: tuple[Maps, ...]
    """The epoch's parts in order: a single one unless the epoch stretches; none where it
    stretches by more than float64 has digits."""
    growth: float
    """By how much the epoch magnifies a rounding error made within it, at most."""

    def agrees_with_steps(self, epochs: int) -> bool:
        """Return whether lines() are those of step-by-step training to 1e-9 of the largest W and
        b so far, over so many epochs.

        Each rounding is magnified by `growth` within its epoch, and what is left of it after
        more epochs adds up: over all of them, or over those in which the map forgets.
        """
        if self.growth <= 100.0:
            return True
        if not self.sections:
            return False
        forgets = 1.0 / max(abs(self.log_contraction), 1e-300)
        overflow = 700.0 / max(self.log_contraction, 1e-300) if self.diverges else 0.0
        return EPS * self.growth * min(epochs, max(forgets, overflow)) <= SAME_RUN

    @cached_property
    def _log_moduli(self) -> tuple[float, float]:
        slow, fast = log_moduli(self.coords, self.maps)
        return float(slow), float(fast)

    @property
    def log_contraction(self) -> float:
        """Return the logarithm of the contraction: exact also where it is 1 - 1e-20."""
        return self._log_moduli[0]

    @property
    def contraction(self) -> float:
        """Return M's spectral radius: what the distance to the limit is multiplied by each epoch,
        in the long run; inf when it, or its square, leaves float64.
        """
        return math.exp(self.log_contraction) if self.log_contraction < 700 else math.inf

    @cached_property
    def known(self) -> bool:
        """Whether double precision can tell if training converges, to which line and how fast.

        It cannot where an epoch magnifies its own rounding to the size of its result; the real
        training then has no limit, whatever the exact map does. If M turns an area into
        a larger one, training diverges for certain.
        """
        if self.alternates or self._expands:
            return True
        if not self.log_contraction < math.inf:  # -inf is a contraction of 0
            return False
        error = EPS * self.growth
        is_clear = error <= KNOWN * max(self.contraction, 1.0) and (
            abs(self.contraction - 1.0) > error or self.growth <= 100.0
        )
        return bool(self.sections) and is_clear

    @property
    def _expands(self) -> bool:
        return bool(abs(self.maps.det) > 1.0 + 1e-9)

    @cached_property
    def alternates(self) -> bool:
        """Whether a part of the distance keeps its size for ever, while it changes its sign or
        turns: M has an eigenvalue of size 1 other than 1, to rounding.
        """
        # Of two equal eigenvalues rounding leaves half the digits.
        rounding = 1e-7 if abs(abs(self.maps.det) - 1.0) < 1e-11 else 1e-12
        if not abs(self.log_contraction) < rounding:
            return False
        share = np.linalg.eigvals(self.coords.metric @ self.maps.pull[:, :2])
        return bool(((np.abs(np.abs(1.0 - share) - 1.0) < rounding) & (np.abs(share) > 0.1)).any())

    @property
    def diverges(self) -> bool:
        """Return whether training runs away, or stays where it is, from almost every start."""
        return not self.log_contraction < 0

    @cached_property
    def limit(self) -> Line | None:
        """Return (I - M)^-1 c, to which training converges; None when it does not, or when that
        is not known.
        """
        if self.diverges or self.alternates or not self.known:
            return None
        try:
            return self.coords.line(self.fixed_point)
        except np.linalg.LinAlgError:  # the steps have no digits left
            return None

    @cached_property
    def fixed_point(self) -> Offset:
        """Return the offset that an epoch leaves where it is.

        Of an epoch in sections it is the first of the points between them, that all follow
        from one another in a ring: a linear system that is far better conditioned than I - M
        (multiple shooting; Stoer and Bulirsch, Introduction to Numerical Analysis, 7.3.5).
        """
        count = len(self.sections)
        if count == 1:
            e = self.maps.pull
            point = np.linalg.solve(e[:, :2], -e[:, 2])
        else:
            ring, constant = np.zeros((2 * count, 2 * count)), np.zeros(2 * count)
            for i, section in enumerate(self.sections):
                here, after = 2 * i, 2 * ((i + 1) % count)
                ring[here : here + 2, after : after + 2] = np.eye(2)
                ring[here : here + 2, here : here + 2] = -section.matrix[:, :2]
                constant[here : here + 2] = section.matrix[:, 2]
            point = np.linalg.solve(ring, constant)[:2]
        return Offset(float(point[0]), float(point[1]))

    def lines(self, start: Line) -> Iterator[tuple[float, float, float]]:
        """Return W, b and the cost after each epoch from the start on, without an end."""
        coords, (weight, bias) = self.coords, start
        (least_weight, least_bias), std, mean = coords.least_squares, coords.std, coords.mean
        # The line itself moves, by T^T (E d + e), since far from zero a step moves b by so little
        # that height - mean*W would round it away. All in plain floats: calls would be most of it.
        sections = [section.pull.ravel().tolist() for section in self.sections]
        rise, height = coords.offset(start)
        while True:
            for rr, rh, r, hr, hh, h in sections:
                pull = hr * rise + hh * height + h
                weight -= std * (rr * rise + rh * height + r) + mean * pull
                bias -= pull
                rise = std * (weight - least_weight)
                height = mean * (weight - least_weight) + (bias - least_bias)
            yield weight, bias, coords.cost(Offset(rise, height))

    def left_after(self, start: Line, epochs: int) -> Floats:
        """Return what is left of the distance from start to limit after 0, 1, 2... epochs, as
        offsets of shape (2, n), for the next power of two of epochs.
        """
        left, power = (np.array(self.coords.offset(start)) - self.fixed_point)[:, None], self.maps
        while left.shape[1] <= epochs:
            left = np.hstack([left, power.matrix[:, :2] @ left])
            power = then(power, power)
        return left

    def epochs_until(self, start: Line, is_near: Callable[[Offset], bool]) -> int | None:
        """Return after how many epochs the offset of the run's line from the limit is near; None
        when there is no limit.

        Counted by the map's powers. Below the safe limit the distance only falls, so the count
        is exact; above it, a run may be near and come back.
        """
        if self.limit is None:
            return None
        away = np.array(self.coords.offset(start)) - self.fixed_point
        if is_near(_offset(away)):
            return 0
        if -1.0 / self.log_contraction > MAX_POWER:
            return self._epochs_by_directions(away, is_near)
        powers = [self.maps]
        while not is_near(_offset(powers[-1].matrix[:, :2] @ away)) and len(powers) < 60:
            powers.append(then(powers[-1], powers[-1]))
        count = 0
        for exponent in reversed(range(len(powers))):
            moved = powers[exponent].matrix[:, :2] @ away
            if not is_near(_offset(moved)):
                away, count = moved, count + (1 << exponent)
        return count + 1

    def left_after_each(self, start: Line, epochs: Floats) -> Floats:
        """Return what is left of the offset of the run's line from the limit after so many epochs
        each, shape (2, n): of any numbers, from its parts in the slow and the fast direction.
        """
        parts, logs = self._by_directions(np.array(self.coords.offset(start)) - self.fixed_point)
        left: Floats = parts @ np.exp(np.multiply.outer(logs, epochs))
        return left

    def _by_directions(self, away: Floats) -> tuple[Floats, Floats]:
        """Return the parts of `away` in the slow and the fast direction, the columns of a matrix,
        and the logarithms of what an epoch leaves of each.
        """
        std, mean = self.coords.std, self.coords.mean
        there = np.array([[std, 0.0], [mean, 1.0]])  # T: (W, b) to offset
        back = np.array([[1.0 / std, 0.0], [-mean / std, 1.0]])
        # T^T E T is nearly symmetric, so that its directions keep their digits.
        found = real_directions(there.T @ self.maps.pull[:, :2] @ there)
        # Complex are they where all directions shrink alike: then any two will do.
        directions = np.eye(2) if found is None else found[1][:, np.argsort(found[0])]
        parts = np.linalg.solve(directions, back @ away)
        return there @ directions * parts, np.array(self._log_moduli)

    def _epochs_by_directions(self, away: Floats, is_near: Callable[[Offset], bool]) -> int:
        """Return the same from the parts of `away` in the two directions, each of which shrinks at
        its own speed, where powers of M have too few digits.
        """
        parts, logs = self._by_directions(away)

        def is_near_after(epochs: float) -> bool:
            return is_near(_offset(parts @ np.exp(epochs * logs)))

        low, high = 0.0, 1.0
        while not is_near_after(high) and high < MAX_EPOCHS:
            low, high = high, 2.0 * high
        for _ in range(60):
            middle = (low + high) / 2.0
            low, high = (low, middle) if is_near_after(middle) else (middle, high)
        return math.ceil(high)


def _offset(pair: Floats) -> Offset:
    return Offset(float(pair[0]), float(pair[1]))


def ordered_map(
    data: Dataset, *, lr: float, batch_size: int = 1, coords: Coordinates | None = None
) -> EpochMap:
    """Return one epoch over the data in order; `coords` is coordinates(data), if at hand.

    >>> from regression import noisy_line
    >>> limit = ordered_map(noisy_line(), lr=0.0001).limit
    >>> round(limit.weight, 3), round(limit.bias, 3)
    (1.123, -2.465)
    """
    coords = coords or coordinates(data)
    with np.errstate(all="ignore"):
        chunks = []
        for means in moments(coords, batch_size):
            blocks = side_by_side(coords, means, np.array([lr]))
            chunks.append((blocks, _growth_of_blocks(means, lr, len(blocks.det))))
        joins = [_joined_with_growth(coords, blocks, growth) for blocks, growth in chunks]
        whole, growth = reduce(lambda one, other: _then(coords, one, other), joins)
        sections: list[Grown] = []
        if growth <= MAX_GROWTH:
            sections = [(whole, growth)]
        elif growth < KNOWN / EPS * 1e3:
            found = [part for chunk in chunks for part in _sections(coords, *chunk)]
            sections = _merged(coords, found)
            growth = _growth_of_chain(coords, sections)
    return EpochMap(
        coords, _at_rate(whole), tuple(_at_rate(maps) for maps, _ in sections), float(growth)
    )


def _at_rate(maps: Maps) -> Maps:
    """Return the maps at the only rate."""
    return Maps(maps.both[..., 0], maps.det[0])


Grown = tuple[Maps, float]
"""Maps, and by how much they magnify a rounding error made between their steps."""


def _growth_of_blocks(means: Floats, lr: float, count: int) -> Floats:
    """Return the growth of side_by_side()'s blocks, shape (blocks,): the product of how much
    each of their steps can stretch a distance, which no part of a block exceeds.
    """
    size, variance = means[5], means[6]
    largest = (size + np.sqrt(np.maximum(size * size - 4.0 * variance, 0.0))) / 2.0
    stretch = np.maximum(np.abs(1.0 - 2.0 * lr * largest), 1.0)
    padded = np.ones(-(-len(stretch) // count) * count)
    padded[: len(stretch)] = stretch
    product: Floats = padded.reshape(count, -1).prod(axis=1)
    return product


def _joined_with_growth(coords: Coordinates, blocks: Maps, growth: Floats) -> Grown:
    """Return a power of two of blocks as one, and its growth: the largest product of norms of
    parts that follow each other, at any level.
    """
    while len(blocks.det) > 1:
        first, second = blocks.blocks(FIRST), blocks.blocks(SECOND)
        one, other = norm(coords, first)[:, 0], norm(coords, second)[:, 0]
        growth = np.maximum(np.maximum(other * growth[::2], growth[1::2] * one), one * other)
        blocks = then(first, second)
    return blocks.only(), float(growth[0])


def _then(coords: Coordinates, first: Grown, second: Grown) -> Grown:
    """Return the maps one after the other, and the growth of both."""
    one, other = float(norm(coords, first[0])[0]), float(norm(coords, second[0])[0])
    growth = np.max([other * first[1], second[1] * one, one * other])
    return then(first[0], second[0]), float(growth)


def _sections(coords: Coordinates, blocks: Maps, growth: Floats) -> list[Grown]:
    """Return the blocks as one, or in halves or smaller parts where that would grow too much."""
    whole, half = _joined_with_growth(coords, blocks, growth), len(blocks.det) // 2
    if not half or whole[1] <= MAX_GROWTH:
        return [whole]
    first, second = blocks.blocks(slice(half)), blocks.blocks(slice(half, None))
    return [*_sections(coords, first, growth[:half]), *_sections(coords, second, growth[half:])]


def _merged(coords: Coordinates, sections: list[Grown]) -> list[Grown]:
    """Return the sections with neighbours joined where that does not grow too much."""
    merged = sections[:1]
    for section in sections[1:]:
        both = _then(coords, merged[-1], section)
        if both[1] <= MAX_GROWTH:
            merged[-1] = both
        else:
            merged.append(section)
    return merged


def _growth_of_chain(coords: Coordinates, sections: list[Grown]) -> float:
    """Return the growth of sections one after the other: of any of them, times what those before
    it and those after it stretch.
    """
    std, mean = coords.std, coords.mean
    there = np.array([[std, 0.0], [mean, 1.0]])
    parts = [np.eye(2) - there.T @ maps.pull[:, :2, 0] @ there for maps, _ in sections]
    before, after = [np.eye(2)], [np.eye(2)]
    for part, back in zip(parts[:-1], parts[:0:-1]):
        before.append(part @ before[-1])
        after.append(after[-1] @ back)
    sizes = zip(before, sections, reversed(after))
    return max(
        float(np.linalg.norm(one) * growth * np.linalg.norm(other))
        for one, (_, growth), other in sizes
    )
