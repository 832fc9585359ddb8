"""The points: the tutorial's noisy line, and what is refused at the boundary."""

import re

import numpy as np
import pytest

from regression import Dataset, least_squares, noisy_line


def test_the_tutorials_points() -> None:
    data = noisy_line()
    np.testing.assert_array_equal(data.x, np.linspace(0, 10, 50))
    noise = data.y - (data.x - 2)
    assert abs(noise.mean()) < 0.5
    assert 0.7 < noise.std() < 1.3


def test_the_same_seed_gives_the_same_points_and_zero_is_a_seed() -> None:
    np.testing.assert_array_equal(noisy_line(rng=0).y, noisy_line(rng=0).y)
    assert (noisy_line(rng=0).y != noisy_line(rng=1).y).all()


def test_without_noise_least_squares_gives_slope_and_intercept_back() -> None:
    data = noisy_line(30, slope=-3.5, intercept=7.0, noise=0.0)
    assert least_squares(data) == pytest.approx((-3.5, 7.0))


def test_a_dataset_cannot_be_changed_through_the_arrays_it_was_made_from() -> None:
    x = np.array([1.0, 2.0])
    data = Dataset(x, x)
    x[0] = 9.0
    assert data.x.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        data.x[0] = 9.0


@pytest.mark.parametrize(
    ("x", "y", "word"),
    [
        ([1.0, 2.0], [1.0], "x has 2 values and y has 1"),
        ([1.0], [1.0], "at least two"),
        ([3.0, 3.0], [1.0, 2.0], "x is 3 at every point"),
        ([1.0, np.nan], [1.0, 2.0], "x must be"),
        ([1.0, 2.0], [1.0, np.inf], "y must be"),
        ([[1.0, 2.0]], [1.0, 2.0], "x must be"),
        ([1e300, 2e300], [1.0, 2.0], "x reaches beyond 1e"),
        ([1.0, 2.0], [1.0, -1e200], "y reaches beyond 1e"),
        ([1.0, 2.0], [5e-324, -1e-300], "y stays below 1e-140, where squares underflow"),
        ([1e-200, 2e-300], [1.0, 2.0], "x stays below 1e-140, where squares underflow"),
        ([1e-140, 1.5e-140], [1.0, 2.0], "x differs by less than 1e-140"),
    ],
)
def test_points_that_determine_no_line_are_refused(
    x: list[float], y: list[float], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        Dataset(np.array(x), np.array(y))


def test_settings_of_the_noisy_line_out_of_range() -> None:
    with pytest.raises(ValueError, match="points is 1"):
        noisy_line(1)
    with pytest.raises(ValueError, match="noise is -1"):
        noisy_line(noise=-1.0)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([1.0, 2.0], [1.0], "x has 2 values and y has 1; need as many"),
        ([], [], "0 points given; a line needs at least two"),
        ([1.0], [1.0], "1 point given; a line needs at least two"),
        (
            [3.0, 3.0],
            [1.0, 2.0],
            "x is 3 at every point, so no line is determined; at least two different x are needed",
        ),
        ([1.0, 2.0], [1.0, -1e200], "y reaches beyond 1e+140, where squares overflow"),
        ([1e-140, 1.5e-140], [1.0, 2.0], "x differs by less than 1e-140, whose square underflows"),
        ([[1.0, 2.0]], [1.0], "x must be a flat array of finite numbers"),
    ],
)
def test_the_whole_of_what_is_said_of_points(x: list[float], y: list[float], words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        Dataset(np.array(x), np.array(y))


def test_points_at_the_limits_are_taken() -> None:
    assert len(Dataset(np.array([-1e140, 1e140]), np.array([1e140, -1e140]))) == 2
    assert len(Dataset(np.array([0.0, 1e-140]), np.array([0.0, 0.0]))) == 2
    assert len(noisy_line(2, noise=0.0)) == 2


def test_columns_have_names_and_whole_numbers_become_floats() -> None:
    data = Dataset(np.array([1, 2]), np.array([3, 4]), y_name="rent")
    assert (data.x_name, data.y_name) == ("X data", "rent")
    assert Dataset(data.x, data.y).y_name == "Y data"
    assert data.x.dtype == data.y.dtype == np.float64


def test_the_noise_is_normal_of_that_deviation_about_the_line() -> None:
    data = noisy_line(7, slope=2.0, intercept=3.0, noise=0.5, rng=11)
    noise = np.random.default_rng(11).normal(0.0, 0.5, 7)
    np.testing.assert_array_equal(data.y, 2.0 * data.x + 3.0 + noise)
    again = noisy_line(7, slope=2.0, intercept=3.0, noise=0.5, rng=np.random.default_rng(11))
    np.testing.assert_array_equal(data.y, again.y)


def test_the_whole_of_what_is_said_of_settings() -> None:
    with pytest.raises(ValueError, match=r"^points is 1; a line needs at least two$"):
        noisy_line(1)
    words = r"^noise is nan; a standard deviation is 0 or more$"
    with pytest.raises(ValueError, match=words):
        noisy_line(noise=float("nan"))
    words = re.escape("intercept -1e+200 takes y beyond 1e+140; make it smaller")
    with pytest.raises(ValueError, match=f"^{words}$"):
        noisy_line(intercept=-1e200, slope=1e150)


@pytest.mark.parametrize("part", ["slope", "intercept", "noise"])
@pytest.mark.parametrize("size", [1e141, 1e308])
def test_the_part_that_makes_y_too_large_is_named(part: str, size: float) -> None:
    words = re.escape(f"{part} {size:g} takes y beyond 1e+140; make it smaller")
    with pytest.raises(ValueError, match=f"^{words}$"):
        noisy_line(**{part: size})  # type: ignore[arg-type]
