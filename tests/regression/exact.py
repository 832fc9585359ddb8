"""One epoch in exact arithmetic, steps by the book: the oracle of the epoch's map."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from regression import Dataset


class Exact(NamedTuple):
    """theta <- matrix theta + constant, for theta = (W, b)."""

    matrix: list[list[Fraction]]
    constant: list[Fraction]

    def settles(self) -> tuple[Fraction, Fraction]:
        """Return the theta that stays, by Cramer's rule."""
        (a, b), (c, d) = self.matrix
        p, q = self.constant
        det = (1 - a) * (1 - d) - b * c
        return ((1 - d) * p + b * q) / det, ((1 - a) * q + c * p) / det

    def contraction(self) -> float:
        """Return the spectral radius."""
        (a, b), (c, d) = self.matrix
        trace, det = a + d, a * d - b * c
        root = np.sqrt(complex(float(trace * trace / 4 - det)))
        return float(max(abs(float(trace) / 2 + root), abs(float(trace) / 2 - root)))


def exact_epoch(data: Dataset, lr: float, batch_size: int = 1) -> Exact:
    """Return the epoch by sending theta = (1, 0), (0, 1) and (0, 0) through its steps."""
    at_weight = _run(data, lr, batch_size, Fraction(1), Fraction(0))
    at_bias = _run(data, lr, batch_size, Fraction(0), Fraction(1))
    at_zero = _run(data, lr, batch_size, Fraction(0), Fraction(0))
    matrix = [[at_weight[i] - at_zero[i], at_bias[i] - at_zero[i]] for i in (0, 1)]
    return Exact(matrix, list(at_zero))


def _run(
    data: Dataset, lr: float, batch_size: int, weight: Fraction, bias: Fraction
) -> tuple[Fraction, Fraction]:
    points = [(Fraction(x), Fraction(y)) for x, y in zip(data.x.tolist(), data.y.tolist())]
    for first in range(0, len(points), batch_size):
        batch = points[first : first + batch_size]
        errors = [weight * x + bias - y for x, y in batch]
        rate = 2 * Fraction(lr) / len(batch)
        weight -= rate * sum(error * x for error, (x, _) in zip(errors, batch))
        bias -= rate * sum(errors)
    return weight, bias
