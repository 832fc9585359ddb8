"""The model against independent answers: finite differences, least squares, exact arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regression import Dataset, Line, cost, gradient, least_squares, noisy_line, predict

values = st.floats(-1e3, 1e3)


@given(weight=values, bias=values, points=st.lists(st.tuples(values, values), min_size=1))
def test_gradient_is_the_slope_of_the_cost(
    weight: float, bias: float, points: list[tuple[float, float]]
) -> None:
    """The cost is quadratic, so in exact arithmetic a central difference has no error at all."""

    def exact_cost(w: Fraction, b: Fraction) -> Fraction:
        return sum(((w * Fraction(x) + b - Fraction(y)) ** 2 for x, y in points), Fraction(0))

    w, b = Fraction(weight), Fraction(bias)
    by_weight = (exact_cost(w + 1, b) - exact_cost(w - 1, b)) / 2
    by_bias = (exact_cost(w, b + 1) - exact_cost(w, b - 1)) / 2
    xs, ys = zip(*points)
    assert gradient(weight, bias, xs, ys) == pytest.approx(
        (float(by_weight), float(by_bias)), rel=1e-9, abs=1e-4
    )


def test_gradient_against_finite_differences_of_the_cost() -> None:
    data, h = noisy_line(), 1e-5
    by_weight = (cost(Line(0.3 + h, -0.7), data) - cost(Line(0.3 - h, -0.7), data)) / (2 * h)
    by_bias = (cost(Line(0.3, -0.7 + h), data) - cost(Line(0.3, -0.7 - h), data)) / (2 * h)
    assert gradient(0.3, -0.7, data.x, data.y) == pytest.approx((by_weight, by_bias), rel=1e-6)


def test_cost_and_prediction_by_hand() -> None:
    data = Dataset(np.array([0.0, 1.0, 2.0]), np.array([1.0, 1.0, 1.0]))
    assert predict(Line(2.0, -1.0), data.x).tolist() == [-1.0, 1.0, 3.0]
    assert cost(Line(2.0, -1.0), data) == 4.0 + 0.0 + 4.0


def test_least_squares_is_numpys() -> None:
    data = noisy_line(rng=3)
    weight, bias = np.polyfit(data.x, data.y, 1)
    assert least_squares(data) == pytest.approx((weight, bias), rel=1e-12)


def test_least_squares_keeps_its_digits_far_from_zero() -> None:
    """At x = 1e6 + small steps the normal equations lose every digit of the weight."""
    x = 1e6 + np.arange(10) / 1024.0
    y = 3.0 * x - 3e6 + np.array([1, -1, 1, -1, 1, -1, 1, -1, 1, -1]) / 4.0
    n = len(x)
    xs, ys = [Fraction(v) for v in x], [Fraction(v) for v in y]
    mean_x, mean_y = sum(xs) / n, sum(ys) / n
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(xs, ys)) / sum(
        (a - mean_x) ** 2 for a in xs
    )
    line = least_squares(Dataset(x, y))
    assert line.weight == pytest.approx(float(slope), rel=1e-10)
    assert line.bias == pytest.approx(float(mean_y - slope * mean_x), rel=1e-10)


@pytest.mark.parametrize("far", [1e6, 1e9, 1e12])
def test_least_squares_is_exact_to_rounding_on_far_small_steps(far: float) -> None:
    rng = np.random.default_rng(1)
    x, y = far + rng.random(20), rng.normal(size=20)
    xs, ys = [Fraction(v) for v in x.tolist()], [Fraction(v) for v in y.tolist()]
    mean_x, mean_y = sum(xs) / 20, sum(ys) / 20
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(xs, ys)) / sum(
        (a - mean_x) ** 2 for a in xs
    )
    want = (float(slope), float(mean_y - slope * mean_x))
    assert least_squares(Dataset(x, y)) == pytest.approx(want, rel=5e-15)
