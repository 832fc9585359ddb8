"""The coordinates in which training is exact to rounding: a line as seen from the best one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from regression.data import Dataset, Floats
from regression.line import Line, centred, least_squares


class Offset(NamedTuple):
    """A line minus the least-squares line: its rise over one spread of x, and its height at
    the mean of x.
    """

    rise: float
    height: float


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Least squares as the origin, x measured from its mean in units of its deviation.

    With z = (x - mean) / spread, a line's error at a point is rise*z + height - residual. As
    z has mean 0 and variance 1, the cost is least_cost + points * (rise^2 + height^2): a sum
    of squares, with nothing left to cancel, however far from zero the data lie.
    """

    least: Line
    least_cost: float
    points: int
    mean: float
    spread: float
    z: Floats
    residual: Floats
    """y minus the least-squares line, shape (n,) as z is."""

    @property
    def metric(self) -> Floats:
        """Return K = T T^T, shape (2, 2), where offset = T (line - least): T turns a step in
        (W, b) into one of offsets, T^T the way back from a slope of the cost.
        """
        mixed = self.spread * self.mean
        slope, level = self.spread * self.spread, self.mean * self.mean + 1.0
        return np.array([[slope, mixed], [mixed, level]])

    def offset(self, line: Line) -> Offset:
        """Return the line in these coordinates."""
        weight, bias = line.weight - self.least.weight, line.bias - self.least.bias
        return Offset(weight * self.spread, weight * self.mean + bias)

    def line(self, offset: Offset) -> Line:
        """Return the line at the offset."""
        weight = offset.rise / self.spread
        bias = offset.height - self.mean * weight
        return Line(self.least.weight + weight, self.least.bias + bias)

    def cost(self, offset: Offset) -> float:
        """Return the cost of the line at the offset, inf when it leaves float64."""
        rise, height = offset
        return self.least_cost + self.points * (rise * rise + height * height)

    def distance(self, offset: Offset) -> float:
        """Return the offset's length in the plane of W and b."""
        weight = offset.rise / self.spread
        return math.hypot(weight, offset.height - self.mean * weight)


def coordinates(data: Dataset) -> Coordinates:
    """Return the coordinates that belong to the data."""
    with np.errstate(over="ignore", invalid="ignore"):
        least = least_squares(data)
        mean, x = centred(data.x)
        spread = float(np.sqrt(x @ x / len(x)))
        residual = centred(data.y)[1] - least.weight * x
        least_cost = float(residual @ residual)
    return Coordinates(least, least_cost, len(x), mean, spread, x / spread, residual)
