"""The points: the tutorial's noisy line, and what is refused at the boundary."""

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
        ([1e-300, 2e-300], [1.0, 2.0], "x differs by less than 1e-140"),
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
