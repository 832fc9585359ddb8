"""Standardized units and back: against exact fractions, NIST's certified line, and x near 1e8."""

from fractions import Fraction
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regression import Dataset, Line, cost, least_squares, noisy_line, read_csv
from regression.data import Floats, Scale

NORRIS = read_csv(Path(__file__).parent / "norris.csv")
CERTIFIED = (1.00211681802045, -0.262323073774029)
"""NIST StRD, Norris: the weight and the bias of the least-squares line."""


def exact_mean_and_variance(values: Floats) -> tuple[Fraction, Fraction]:
    exact = [Fraction(float(value)) for value in values]
    mean = sum(exact, Fraction()) / len(exact)
    return mean, sum(((value - mean) ** 2 for value in exact), Fraction()) / len(exact)


@pytest.mark.parametrize(
    ("centre", "spread"), [(0, 1), (1e8, 1), (-1e8, 1e-3), (1.7e9, 60), (3e-12, 1e-12), (0, 1e100)]
)
def test_mean_and_deviation_are_those_of_fractions(centre: float, spread: float) -> None:
    rng = np.random.default_rng(0)
    x = centre + spread * rng.normal(size=1000)
    data = Dataset(x, 3 * x)
    scale = Scale.of(data)
    for values, mean, std in (
        (data.x, scale.x_mean, scale.x_std),
        (data.y, scale.y_mean, scale.y_std),
    ):
        exact_mean, variance = exact_mean_and_variance(values)
        rounding = Fraction(np.spacing(abs(mean))) + Fraction(std) / 10**15
        assert abs(Fraction(mean) - exact_mean) <= rounding
        # The mean is rounded to its own size, and that moves the deviation a little.
        moved = float(np.spacing(abs(mean))) / std
        assert std == pytest.approx(sqrt(variance), rel=1e-14 + moved**2)


@pytest.mark.parametrize("data", [noisy_line(), NORRIS, noisy_line(1000, slope=-3e5)])
def test_standardized_columns_have_mean_0_and_deviation_1(data: Dataset) -> None:
    standard = Scale.of(data).standardized(data)
    for values in (standard.x, standard.y):
        mean, variance = exact_mean_and_variance(values)
        assert abs(mean) < 1e-15
        assert float(variance) == pytest.approx(1, rel=1e-14)


def test_names_and_notes_stay_and_dates_become_numbers() -> None:
    data = Dataset(np.array([1970.0, 1971.0]), np.array([1.0, 2.0]), "day", "rent", ("A.",), True)
    standard = Scale.of(data).standardized(data)
    assert (standard.x_name, standard.y_name, standard.notes) == ("day", "rent", ("A.",))
    assert not standard.x_is_date


def test_the_certified_line_of_norris_comes_back_to_13_digits() -> None:
    scale = Scale.of(NORRIS)
    line = scale.line_in_units(*least_squares(scale.standardized(NORRIS)))
    assert line == pytest.approx(CERTIFIED, rel=1e-13)


finite = st.floats(-1e6, 1e6)
scales = st.builds(
    Scale,
    x_mean=finite,
    x_std=st.floats(1e-3, 1e3),
    y_mean=finite,
    y_std=st.floats(1e-3, 1e3),
)


@given(scale=scales, weight=st.floats(-100, 100), bias=st.floats(-100, 100))
def test_a_line_in_units_is_the_fractions_line(scale: Scale, weight: float, bias: float) -> None:
    x_mean, x_std = Fraction(scale.x_mean), Fraction(scale.x_std)
    y_mean, y_std = Fraction(scale.y_mean), Fraction(scale.y_std)
    slope = Fraction(weight) * y_std / x_std
    exact = (slope, y_mean + y_std * Fraction(bias) - slope * x_mean)
    size = abs(y_mean) + abs(y_std * Fraction(bias)) + abs(slope * x_mean)
    found = scale.line_in_units(weight, bias)
    smallest = Fraction(1, 10**300)
    assert abs(Fraction(found[0]) - exact[0]) <= abs(exact[0]) * Fraction(1, 10**15) + smallest
    assert abs(Fraction(found[1]) - exact[1]) <= size * Fraction(1, 10**15) + smallest


@pytest.mark.parametrize("data", [noisy_line(), NORRIS])
@pytest.mark.parametrize("line", [Line(0, 0), Line(1, -2), Line(-3, 0.5)])
def test_the_cost_in_units_is_the_standardized_one_times_the_factor(
    data: Dataset, line: Line
) -> None:
    scale = Scale.of(data)
    in_units = Line(*scale.line_in_units(*line))
    standardized = cost(line, scale.standardized(data))
    assert cost(in_units, data) == pytest.approx(standardized * scale.cost_factor, rel=1e-12)
    assert scale.cost_factor == pytest.approx(np.var(data.y), rel=1e-14)


def test_x_near_1e8_keeps_every_digit_that_it_has() -> None:
    x = 1e8 + np.arange(100.0)
    y = 2.5 * np.arange(100.0) - 7 + np.random.default_rng(1).normal(size=100)
    far, near = Dataset(x, y), Dataset(x - 1e8, y)
    lines = [
        Scale.of(data).line_in_units(*least_squares(Scale.of(data).standardized(data)))
        for data in (far, near)
    ]
    assert lines[0][0] == pytest.approx(lines[1][0], rel=1e-14)
    # At x = 1e8 + 50 the bias and the slope's part cancel, 2.5e8 each.
    at_50 = [lines[0][0] * (1e8 + 50) + lines[0][1], lines[1][0] * 50 + lines[1][1]]
    assert at_50[0] == pytest.approx(at_50[1], abs=4 * np.spacing(2.5e8))


def test_many_lines_at_once() -> None:
    scale = Scale(x_mean=10, x_std=2, y_mean=5, y_std=4)
    weights, biases = scale.line_in_units(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    assert (weights.tolist(), biases.tolist()) == ([2, 0], [-15, 9])


@pytest.mark.parametrize("level", [0.0, 5.0, 0.1, 1e8 + 0.1])
def test_a_constant_y_keeps_its_unit(level: float) -> None:
    data = Dataset(np.arange(3.0), np.full(3, level))
    scale = Scale.of(data)
    assert (scale.y_mean, scale.y_std) == (level, 1)
    assert scale.standardized(data).y.tolist() == [0, 0, 0]
    assert scale.line_in_units(0.0, 0.0) == (0, level)


def test_squares_of_deviations_do_not_underflow() -> None:
    data = Dataset(np.array([0.0, 1e-140]), np.array([0.0, -1e-139]))
    scale = Scale.of(data)
    assert scale.x_std == pytest.approx(5e-141, rel=1e-14)
    assert scale.standardized(data).x.tolist() == pytest.approx([-1, 1])
    assert scale.standardized(data).y.tolist() == pytest.approx([1, -1])
