"""The cost curve between the drawn epochs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from plotting.views.fit import SMOOTHINGS, Smoothing, smooth

curves = st.lists(st.floats(0, 1e6), min_size=1, max_size=30)
X = np.array([1.0, 2.0, 3.0, 5.0, 9.0, 10.0])
Y = np.array([50.0, 20.0, 21.0, 3.0, 2.0, 2.0])


@given(costs=curves, seed=st.integers(0, 100))
def test_pchip_never_leaves_the_range_between_two_neighbours(costs: list[float], seed: int) -> None:
    y = np.array(costs)
    x = np.cumsum(np.random.default_rng(seed).uniform(0.1, 3.0, len(y)))
    dense, curve = smooth(x, y, "pchip")
    piece = np.clip(np.searchsorted(x, dense, side="right") - 1, 0, max(0, len(y) - 2))
    ends = y[[piece, np.minimum(piece + 1, len(y) - 1)]]
    slack = 1e-9 * y.max()
    assert (curve >= ends.min(axis=0) - slack).all()
    assert (curve <= ends.max(axis=0) + slack).all()


def test_the_spline_is_the_cubic_through_all_points() -> None:
    dense, curve = smooth(X, Y, "spline")
    np.testing.assert_allclose(curve, CubicSpline(X, Y)(dense), atol=1e-9)
    assert curve.min() < Y.min()  # it swings below all costs, which is why it is no default


def test_none_joins_the_points_as_they_are() -> None:
    dense, curve = smooth(X, Y, "none")
    assert dense.tolist() == X.tolist()
    assert curve.tolist() == Y.tolist()


@pytest.mark.parametrize("method", SMOOTHINGS)
@pytest.mark.parametrize("points", [1, 2, 3, 4])
def test_few_points_and_huge_ones(method: Smoothing, points: int) -> None:
    x, y = X[:points], Y[:points] * 1e306
    dense, curve = smooth(x, y, method)
    assert dense[[0, -1]].tolist() == x[[0, -1]].tolist()
    assert np.isfinite(curve).all()
    np.testing.assert_allclose(curve[[0, -1]], y[[0, -1]])
