"""One ordered epoch of SGD as one affine map, theta <- M theta + c, and what follows from it.

theta is (W, b). The map's iterates are those of step-by-step training up to rounding, so where
training settles, how fast, and whether it settles at all are questions about a 2x2 matrix.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from regression.analysis.affine import (
    Coordinates,
    Maps,
    Offset,
    coordinates,
    joined,
    log_radius,
    moments,
    side_by_side,
    then,
)
from regression.data import Dataset, Floats
from regression.line import Line

MAX_ENTRY = 1e3
"""The largest entry a section of an epoch may have. Rounding is magnified by as much, and an
epoch that stretches by 1e10 before it shrinks again would keep six digits as a single matrix;
as a chain of sections it keeps them all."""

MAX_POWER = 1 << 50
"""Epochs past which powers of M say less than its spectral radius: 1 - 1e-16 is 1."""

MAX_TOLD_EPOCHS = 1e300
"""What is said of more epochs than a float can count."""


@dataclass(frozen=True, eq=False)
class EpochMap:
    """One ordered epoch of SGD, at one rate and batch size, over the data of `frame`."""

    frame: Coordinates
    maps: Maps
    sections: tuple[Floats, ...]
    """The epoch's parts in order, each [M | c] and [E | e] (affine.py), shape (2, 2, 3): a
    single one unless an ordered epoch stretches; none when such a one leaves float64."""

    @property
    def accurate(self) -> bool:
        """Return whether the sections give the step-by-step iterates to about 1e-12."""
        return bool(self.sections) and all(_is_accurate(section[0]) for section in self.sections)

    @cached_property
    def log_contraction(self) -> float:
        """Return the logarithm of the contraction: exact also where it is 1 - 1e-20."""
        return float(log_radius(self.frame, self.maps))

    @property
    def contraction(self) -> float:
        """Return M's spectral radius: what the distance to the settling point is multiplied by
        each epoch, in the long run; inf when it, or its square, leaves float64.
        """
        return math.exp(self.log_contraction) if self.log_contraction < 700 else math.inf

    @property
    def diverges(self) -> bool:
        """Return whether training runs away, or never settles, from almost every start."""
        return not self.log_contraction < 0

    @cached_property
    def limit(self) -> Line | None:
        """Return (I - M)^-1 c, where training settles; None when it diverges."""
        return None if self.diverges else self.frame.line(self.fixed_point)

    @cached_property
    def fixed_point(self) -> Offset:
        """Return the offset that an epoch leaves where it is. Raises ValueError when float64
        cannot tell it.

        Of an epoch in sections it is the first of the points between them, that all follow
        from one another in a ring: a linear system that is far better conditioned than I - M
        (multiple shooting; Stoer and Bulirsch, Introduction to Numerical Analysis, 7.3.5).
        """
        count = len(self.sections)
        if not count:
            raise ValueError("the epoch's map leaves float64")
        if count == 1:
            e = self.maps[0][1]
            point = solved(e[:, :2], -e[:, 2])
        else:
            ring, constant = np.zeros((2 * count, 2 * count)), np.zeros(2 * count)
            for i, section in enumerate(self.sections):
                here, after = 2 * i, 2 * ((i + 1) % count)
                ring[here : here + 2, after : after + 2] = np.eye(2)
                ring[here : here + 2, here : here + 2] = -section[0, :, :2]
                constant[here : here + 2] = section[0, :, 2]
            point = solved(ring, constant)[:2]
        return Offset(float(point[0]), float(point[1]))

    def lines(self, start: Line) -> Iterator[tuple[float, float, float]]:
        """Return W, b and the cost after each epoch from the start on, without an end."""
        frame, (weight, bias) = self.frame, start
        (least_weight, least_bias), std, mean = frame.least_squares, frame.std, frame.mean
        # The line itself moves, by T^T (E d + e), since far from zero a step moves b by so little
        # that height - mean*W would round it away. All in plain floats: calls would be most of it.
        sections = [section[1].ravel().tolist() for section in self.sections]
        rise, height = frame.offset(start)
        while True:
            for rr, rh, r, hr, hh, h in sections:
                pull = hr * rise + hh * height + h
                weight -= std * (rr * rise + rh * height + r) + mean * pull
                bias -= pull
                rise = std * (weight - least_weight)
                height = mean * (weight - least_weight) + (bias - least_bias)
            yield weight, bias, frame.cost(Offset(rise, height))

    def epochs_until(self, start: Line, share: float = 0.01) -> int | None:
        """Return after how many epochs the distance to the settling point, in the plane of W
        and b, is that share of what it is at the start; None when training diverges.

        Counted by the map's powers. Below the safe rate the distance only falls, so the count
        is exact; above it, the distance may pass the share and come back.
        """
        if self.diverges:
            return None
        offset = self.frame.offset(start)
        away = np.array(offset) - self.fixed_point
        goal = share * self._length(away)
        if self._length(away) <= goal:
            return 0
        by_radius = math.log(share) / self.log_contraction
        if by_radius > MAX_POWER:
            return math.ceil(min(by_radius, MAX_TOLD_EPOCHS))
        powers = [self.maps]
        while self._length(powers[-1][0][0, :, :2] @ away) > goal and len(powers) < 60:
            powers.append(then(powers[-1], powers[-1]))
        count = 0
        for exponent in reversed(range(len(powers))):
            moved = powers[exponent][0][0, :, :2] @ away
            if self._length(moved) > goal:
                away, count = moved, count + (1 << exponent)
        return count + 1

    def _length(self, offset: Floats) -> float:
        return self.frame.distance(Offset(float(offset[0]), float(offset[1])))


def ordered_map(
    data: Dataset, *, lr: float, batch_size: int = 1, frame: Coordinates | None = None
) -> EpochMap:
    """Return one epoch over the data in order; `frame` is coordinates(data), if at hand.

    >>> from regression import noisy_line
    >>> limit = ordered_map(noisy_line(), lr=0.0001).limit
    >>> round(limit.weight, 3), round(limit.bias, 3)
    (1.123, -2.465)
    """
    frame = frame or coordinates(data)
    with np.errstate(all="ignore"):
        chunks = [side_by_side(frame, part, np.array([lr])) for part in moments(frame, batch_size)]
        whole = reduce(then, map(joined, chunks))
        if _is_accurate(whole[0][0]):
            parts = [whole]
        elif np.isfinite(whole[0]).all():
            parts = [part for chunk in chunks for part in _parts(chunk)]
        else:
            parts = []
    sections = tuple(maps[..., 0] for maps, _ in parts)
    return EpochMap(frame, (whole[0][..., 0], whole[1][0]), sections)


def _parts(blocks: Maps) -> list[Maps]:
    """Return the blocks joined, in halves or smaller parts where more would not be tame."""
    (maps, det), whole = blocks, joined(blocks)
    half = len(det) // 2
    if not half or _is_accurate(whole[0][0]):
        return [whole]
    first, second = (maps[..., :half, :], det[:half]), (maps[..., half:, :], det[half:])
    return _parts(first) + _parts(second)


def _is_accurate(section: Floats) -> bool:
    return bool(np.abs(section).max() <= MAX_ENTRY)


def solved(matrix: Floats, right: Floats) -> Floats:
    """Return the solution of the linear system. Raises ValueError where float64 has none."""
    try:
        solution: Floats = np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    except np.linalg.LinAlgError:
        words = "x and y reach too far for float64 to tell where a run settles"
        raise ValueError(f"{words}; scale them") from None
    return solution
