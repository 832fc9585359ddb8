"""What tests of `regression` share: an epoch in exact arithmetic, runs by steps, analyses."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from regression import Convergence, Dataset, Snapshot, analyse, read_csv, sgd, train

FOLDER = Path(__file__).parent / "regression"
POINTS = read_csv(FOLDER / "points.csv")
"""The fifty points whose training TensorFlow traced."""


def analysed(data: Dataset, **settings: Any) -> Convergence:
    """Return the analysis of a run of 500 epochs, or with other settings, as train() takes them."""
    return analyse(data, train(data, **{"epochs": 500, **settings}).settings)


def run_of(data: Dataset, **settings: Any) -> tuple[Convergence, Snapshot | None]:
    """Return the analysis of a run, and the run's own last snapshot, if it has one."""
    training = train(data, **{"epochs": 500, **settings})
    snapshots = list(training)
    return analyse(data, training.settings), snapshots[-1] if snapshots else None


def step_by_step(data: Dataset, **settings: Any) -> Iterator[Snapshot]:
    """Return train()'s snapshots by steps, however many they are."""
    return _with_map_from(10**12, data, **settings)


def by_map(data: Dataset, **settings: Any) -> Iterator[Snapshot]:
    """Return train()'s snapshots by the epoch's map, however few they are."""
    return _with_map_from(0, data, **settings)


def _with_map_from(visits: int, data: Dataset, **settings: Any) -> Iterator[Snapshot]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sgd, "MIN_VISITS_FOR_MAP", visits)
        return iter(train(data, **settings))


def random_points(n: int, seed: int, middle: float) -> Dataset:
    """Return points about a line, x about the middle; for odd seeds in rising order."""
    rng = np.random.default_rng(seed)
    x = middle + rng.normal(size=n) * 10.0 ** rng.uniform(-1, 1)
    return Dataset(np.sort(x) if seed % 2 else x, rng.normal(size=n) + rng.normal() * x)


class Exact(NamedTuple):
    """theta <- matrix theta + constant, for theta = (W, b)."""

    matrix: list[list[Fraction]]
    constant: list[Fraction]

    def limit(self) -> tuple[Fraction, Fraction]:
        """Return the fixed point, by Cramer's rule."""
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
