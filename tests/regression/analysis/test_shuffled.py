"""What is expected of shuffled runs, against all orders of few points and many orders of fifty."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

from regression import Dataset, Line, least_squares, noisy_line, predict, safe_rate
from regression.analysis.affine import coordinates
from regression.analysis.shuffled import (
    drawn_orders,
    expected_map,
    mean_square_contractions,
    mean_squares,
    shuffled_matrices,
)
from tests.helpers_analysis import Exact, exact_epoch


@pytest.mark.parametrize("lr", [0.002, 0.035])
@pytest.mark.parametrize("batch_size", [1, 7, 25, 50])
def test_shuffled_the_expected_contraction_is_that_of_the_mean_step(
    lr: float, batch_size: int
) -> None:
    data = noisy_line()
    a = np.c_[data.x, np.ones(50)]
    slowest = np.abs(1 - 2 * lr * np.linalg.eigvalsh(a.T @ a / 50)).max()
    assert (slowest > 1) == (lr > 0.03)
    got = expected_map(data, lr=lr, batch_size=batch_size).contraction
    assert got == pytest.approx(slowest ** -(-50 // batch_size), rel=1e-12)


def test_shuffled_the_mean_over_all_orders_is_as_expected_to_first_order() -> None:
    """All 720 orders of six points; halving lr must leave a quarter of the difference."""
    rng = np.random.default_rng(4)
    data = Dataset(rng.normal(size=6), rng.normal(size=6))
    for batch_size in (1, 2, 3):
        left, moved = [], []
        for lr in (4e-4, 2e-4):
            mean_matrix, mean_constant = np.zeros((2, 2)), np.zeros(2)
            for order in permutations(range(6)):
                theta = np.c_[np.eye(2), np.zeros(2)]
                for first in range(0, 6, batch_size):
                    some = list(order[first : first + batch_size])
                    a = np.c_[data.x[some], np.ones(batch_size)]
                    error = a @ theta - np.c_[np.zeros((batch_size, 2)), data.y[some]]
                    theta = theta - 2 * lr / batch_size * a.T @ error
                mean_matrix += theta[:, :2] / 720
                mean_constant += theta[:, 2] / 720
            true = np.linalg.solve(np.eye(2) - mean_matrix, mean_constant)
            got = expected_map(data, lr=lr, batch_size=batch_size).limit
            assert got is not None
            left.append(np.hypot(*(true - got)))
            moved.append(np.hypot(*(true - least_squares(data))))
        assert left[0] < 0.05 * moved[0]
        assert left[1] == pytest.approx(left[0] / 4, rel=0.1)
        assert moved[1] == pytest.approx(moved[0] / 2, rel=0.1)


@pytest.mark.parametrize(("lr", "batch_size"), [(0.001, 1), (0.005, 1), (0.0099, 1), (0.005, 10)])
def test_shuffled_the_limit_of_many_steps_is_that_of_the_mean_over_orders(
    lr: float, batch_size: int
) -> None:
    """16,000 orders, so that chance moves the mean by a tenth of what is told apart here."""
    data, least = noisy_line(), least_squares(noisy_line())
    a = np.c_[data.x, np.ones(50)]
    pull = a * (data.y - a @ least)[:, None]
    orders = np.argsort(np.random.default_rng(0).random((8000, 50)), axis=1)
    orders = np.concatenate([orders, orders[:, ::-1]])
    matrix, constant = np.tile(np.eye(2), (16_000, 1, 1)), np.zeros((16_000, 2))
    for first in range(0, 50, batch_size):
        some = orders[:, first : first + batch_size]
        step = 2 * lr / batch_size * np.einsum("nbi,nbj->nij", a[some], a[some])
        constant += 2 * lr * pull[some].mean(axis=1) - np.einsum("nij,nj->ni", step, constant)
        matrix -= step @ matrix
    true = np.linalg.solve(np.eye(2) - matrix.mean(axis=0), constant.mean(axis=0))
    got = expected_map(data, lr=lr, batch_size=batch_size).limit
    assert got is not None
    away = np.hypot(*(np.subtract(got, least) - true))
    # What holds for few steps only: least squares with weights 1 + lr*(x^2 + 1).
    few = lr * (50 - batch_size) / (batch_size * 49)
    weights = 1 + few * (data.x**2 + 1)
    weighted = np.linalg.solve((a.T * weights) @ a, (a.T * weights) @ data.y)
    assert away < 0.25 * np.hypot(*(np.subtract(weighted, least) - true))


def test_shuffled_a_rate_next_to_zero_has_least_squares_as_its_limit() -> None:
    least = least_squares(noisy_line())
    for lr in (2.3e-308, 1e-100, 1e-12):
        assert expected_map(noisy_line(), lr=lr).limit == pytest.approx(least, rel=1e-9)


def mean_over_all_orders(data: Dataset, lr: float, batch_size: int) -> Exact:
    """Return the mean of the epochs in all orders of the points, in fractions."""
    orders = [list(order) for order in permutations(range(len(data)))]
    epochs = [
        exact_epoch(Dataset(data.x[order], data.y[order]), lr, batch_size) for order in orders
    ]

    def mean(values: Iterable[Fraction]) -> Fraction:
        return sum(values, Fraction()) / len(orders)

    matrix = [[mean(one.matrix[i][j] for one in epochs) for j in (0, 1)] for i in (0, 1)]
    return Exact(matrix, [mean(one.constant[i] for one in epochs) for i in (0, 1)])


@pytest.mark.parametrize("of_safe", [0.8, 1.5, 2.5])
@pytest.mark.parametrize(("points", "batch_size"), [(2, 1), (3, 1), (5, 1), (5, 2), (4, 3)])
def test_of_few_points_the_epoch_is_the_mean_over_all_orders(
    points: int, batch_size: int, of_safe: float
) -> None:
    """At steps so long that terms of second order count; some of them diverge."""
    rng = np.random.default_rng(points)
    data = Dataset(5 * rng.normal(size=points), rng.normal(size=points))
    lr = of_safe * safe_rate(data, batch_size=batch_size, shuffled=True)
    exact = mean_over_all_orders(data, lr, batch_size)
    got = expected_map(data, lr=lr, batch_size=batch_size)
    assert got.contraction == pytest.approx(exact.contraction(), rel=1e-9)
    if exact.contraction() < 1:
        assert got.limit == pytest.approx([float(part) for part in exact.limit()], rel=1e-9)
    else:
        assert got.limit is None


def test_of_few_points_far_from_zero_the_limit_keeps_its_digits() -> None:
    """It is off by less than a tenth of what it differs from least squares, at each point."""
    rng = np.random.default_rng(5)
    data = Dataset(1e6 + 5 * rng.normal(size=5), rng.normal(size=5))
    lr = 0.1 * safe_rate(data, shuffled=True)
    weight, bias = mean_over_all_orders(data, lr, 1).limit()
    exact = np.array([float(weight * Fraction(x) + bias) for x in data.x.tolist()])
    limit = expected_map(data, lr=lr).limit
    assert limit is not None
    off, moved = (
        np.abs(predict(line, data.x) - exact).max() for line in (limit, least_squares(data))
    )
    assert off < 0.1 * moved


def test_of_few_points_too_a_rate_next_to_zero_has_least_squares_as_its_limit() -> None:
    data = noisy_line(4)
    for lr in (2.3e-308, 1e-100, 1e-12):
        assert expected_map(data, lr=lr).limit == pytest.approx(least_squares(data), rel=1e-9)


def epoch_in_order(data: Dataset, order: np.ndarray, lr: float) -> tuple[np.ndarray, np.ndarray]:
    """Return M and c of W and b by steps."""
    matrix, constant = np.eye(2), np.zeros(2)
    for i in order:
        a = np.array([data.x[i], 1.0])
        matrix = matrix - 2 * lr * np.outer(a, a @ matrix)
        constant = constant - 2 * lr * a * (a @ constant - data.y[i])
    return matrix, constant


def test_mean_squares_over_all_orders_of_five_points() -> None:
    """Each product of two entries of an offset is tracked by itself, over all 120 orders."""
    rng, rates = np.random.default_rng(8), np.array([0.05, 0.2, 0.35])
    data = Dataset(rng.normal(size=5), rng.normal(size=5))
    coords, orders = coordinates(data), np.array(list(permutations(range(5))))
    found = shuffled_matrices(coords, orders, 1, rates)
    start = np.array([2.0, -1.0])
    offset = np.array([*coords.offset(Line(*start)), 1.0])
    contractions, ends_found = mean_square_contractions(found), mean_squares(found, offset, 2)
    assert contractions.shape == ends_found.shape == (3,)
    for lr, contraction, end in zip(rates, contractions, ends_found):
        epochs = [epoch_in_order(data, order, lr) for order in orders]
        squares = np.mean([np.kron(matrix, matrix) for matrix, _ in epochs], axis=0)
        assert contraction == pytest.approx(np.abs(np.linalg.eigvals(squares)).max(), rel=1e-9)
        ends = [matrix @ start + constant for matrix, constant in epochs]
        ends = [matrix @ end + constant for end in ends for matrix, constant in epochs]
        offsets = [coords.offset(Line(*each)) for each in ends]
        want = np.mean([rise**2 + height**2 for rise, height in offsets])
        assert end == pytest.approx(want, rel=1e-9)


def test_orders_are_drawn_as_many_as_fit() -> None:
    assert drawn_orders(50, visits=1000, most=30).shape == (20, 50)
    assert drawn_orders(50, visits=10_000, most=30).shape == (30, 50)
    assert drawn_orders(50, visits=1, most=30).shape == (2, 50)
    assert (np.sort(drawn_orders(9, visits=99, most=9)) == np.arange(9)).all()
