"""The two directions of an epoch, its steps, and costs by rate, against training itself."""

import math
from typing import Any

import numpy as np
import pytest

from regression import (
    Dataset,
    Line,
    cost_by_rate,
    finish,
    legs,
    noisy_line,
    safe_rate,
    steps_of_epoch,
    train,
)
from tests.helpers_analysis import random_points

DATA = noisy_line()
FAR = Dataset(DATA.x + 300, DATA.y)


def epoch_matrix(data: Dataset, **settings: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the matrix of an epoch's affine map, from what one epoch does to three lines."""

    def after(start: Line) -> np.ndarray[Any, np.dtype[np.float64]]:
        (end,) = train(data, epochs=1, start=start, **settings)
        return np.array(end.line)

    nothing = after(Line(0.0, 0.0))
    return np.column_stack([after(Line(1.0, 0.0)) - nothing, after(Line(0.0, 1.0)) - nothing])


@pytest.mark.parametrize(
    ("data", "settings"),
    [
        (DATA, {"lr": 1e-4}),
        (DATA, {"lr": 5e-3}),
        (DATA, {"lr": 1e-3, "batch_size": 7}),
        (DATA, {"lr": 5e-3, "batch_size": 50}),
        (noisy_line(slope=-40, intercept=300), {"lr": 5e-4}),
        (FAR, {"lr": 1e-7}),
    ],
)
def test_legs_are_the_eigenvectors_of_an_epochs_map(
    data: Dataset, settings: dict[str, Any]
) -> None:
    found = legs(data, train(data, epochs=1, **settings).settings)
    assert found is not None
    matrix = epoch_matrix(data, **settings)
    for leg in found:
        direction = np.array(leg.direction)
        np.testing.assert_allclose(
            matrix @ direction, leg.factor * direction, atol=1e-6 * np.abs(direction).max()
        )
    steep, shallow = found
    assert steep.epochs <= shallow.epochs
    values = np.linalg.eigvals(matrix).real
    np.testing.assert_allclose(sorted([steep.factor, shallow.factor]), sorted(values), atol=1e-7)


def test_legs_of_shuffled_epochs_are_those_of_the_mean_step() -> None:
    settings = train(DATA, lr=0.001, epochs=1, batch_size=10, shuffle=True).settings
    found = legs(DATA, settings)
    assert found is not None
    a = np.c_[DATA.x, np.ones(50)]
    values, vectors = np.linalg.eigh(a.T @ a / 50)
    for leg, value, vector in zip(found, values[::-1], vectors.T[::-1]):
        assert leg.factor == pytest.approx((1 - 2 * 0.001 * value) ** 5, rel=1e-9)
        across = leg.direction[0] * vector[1] - leg.direction[1] * vector[0]
        assert abs(across) < 1e-9 * np.hypot(*leg.direction)


def test_directions_that_turn_into_each_other_are_no_legs() -> None:
    data = random_points(2, 1, 0.0)
    lr = safe_rate(data)
    assert np.iscomplexobj(np.linalg.eigvals(epoch_matrix(data, lr=lr)))
    assert legs(data, train(data, lr=lr, epochs=1).settings) is None


@pytest.mark.parametrize("data", [DATA, Dataset(DATA.x + 10, DATA.y)], ids=["near", "farther"])
def test_a_legs_epochs_leave_a_hundredth_of_it(data: Dataset) -> None:
    """From a start that differs from the limit in one direction only."""
    lr = 0.2 / float((data.x**2 + 1).max())
    settings = train(data, lr=lr, epochs=1).settings
    found = legs(data, settings)
    limit = finish(train(data, lr=lr, epochs=1)).convergence.limit
    assert found is not None
    assert limit is not None
    _, shallow = found
    assert 1 < shallow.epochs < 1e7
    start = Line(*(np.array(limit) + 100 * np.array(shallow.direction)).tolist())
    *_, end = train(data, lr=lr, epochs=round(shallow.epochs), start=start)
    rest = np.hypot(*(np.array(end.line) - limit)) / np.hypot(*(np.array(start) - limit))
    assert rest == pytest.approx(0.01, rel=0.1)


def test_a_direction_that_does_not_shrink_takes_for_ever() -> None:
    found = legs(DATA, train(DATA, lr=0.032, epochs=1).settings)
    assert found is None or found[1].epochs == math.inf


def test_steps_of_an_epoch_are_those_of_training() -> None:
    start = Line(0.5, -1.0)
    training = train(DATA, lr=0.005, epochs=1, batch_size=7, start=start)
    expected = [start, *(step.after for step in training.first_steps(100))]
    np.testing.assert_array_equal(steps_of_epoch(DATA, training.settings, start), expected)


def test_the_steps_of_very_many_points_are_left_out() -> None:
    many = noisy_line(30_000)
    training = train(many, lr=1e-5, epochs=1)
    assert len(steps_of_epoch(many, training.settings, Line(1.0, 0.0))) == 1


@pytest.mark.parametrize(("batch_size", "steps"), [(1, 50), (2, 25)])
def test_as_many_steps_as_are_allowed_are_kept(
    batch_size: int, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = train(DATA, lr=1e-5, epochs=1, batch_size=batch_size).settings
    monkeypatch.setattr("regression.analysis.directions.MAX_STEPS", steps)
    assert len(steps_of_epoch(DATA, settings, Line(1.0, 0.0))) == steps + 1
    monkeypatch.setattr("regression.analysis.directions.MAX_STEPS", steps - 1)
    assert len(steps_of_epoch(DATA, settings, Line(1.0, 0.0))) == 1


@pytest.mark.parametrize("batch_size", [1, 10])
def test_the_cost_by_rate_is_that_of_training(batch_size: int) -> None:
    rates = np.array([1e-6, 1e-4, 3e-3, 9e-3, 0.032])
    how: dict[str, Any] = {"epochs": 40, "batch_size": batch_size, "start": Line(2.0, 2.0)}
    got = cost_by_rate(DATA, train(DATA, lr=1.0, **how).settings, rates)
    ends = [finish(train(DATA, lr=lr, **how)).history[-1]["cost"] for lr in rates]
    np.testing.assert_allclose(np.log(got), np.log(ends), rtol=1e-6)


@pytest.mark.slow
def test_the_expected_cost_by_rate_is_the_mean_of_shuffled_runs() -> None:
    how: dict[str, Any] = {"epochs": 20}
    (got,) = cost_by_rate(DATA, train(DATA, lr=1.0, shuffle=True, **how).settings, np.array([5e-3]))
    ends = [
        finish(train(DATA, lr=5e-3, shuffle=np.random.default_rng(seed), **how)).history[-1]["cost"]
        for seed in range(300)
    ]
    assert got == pytest.approx(np.mean(ends), rel=0.1)
