"""The spectral radius against eigenvalues in sixty digits, from steps of 1e-12 to 1e4."""

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from regression import Dataset
from regression.analysis.affine import Coordinates, Maps, coordinates, log_moduli, log_radius, norm

FRAME = coordinates(Dataset(np.array([1.0, 2.0, 4.0]), np.array([0.0, 1.0, 1.0])))


def exact(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def maps_and_moduli(
    coords: Coordinates, e: np.ndarray
) -> tuple[np.ndarray, float, tuple[float, float]]:
    """Return M = I - K E, its determinant, and the logarithms of its eigenvalues' sizes."""
    k = [[Fraction(entry) for entry in row] for row in coords.metric.tolist()]
    step = [[Fraction(entry) for entry in row] for row in e.tolist()]
    m = [
        [Fraction(i == j) - sum(k[i][s] * step[s][j] for s in (0, 1)) for j in (0, 1)]
        for i in (0, 1)
    ]
    half, det = (m[0][0] + m[1][1]) / 2, m[0][0] * m[1][1] - m[0][1] * m[1][0]
    with localcontext() as digits:
        digits.prec = 60
        below = exact(half * half - det)
        radius = exact(det).sqrt() if below < 0 else abs(exact(half)) + below.sqrt()
        logs = float(radius.ln()), float((abs(exact(det)) / radius).ln())
    return np.array([[float(entry) for entry in row] for row in m]), float(det), logs


def stacked(pairs: list[tuple[np.ndarray, np.ndarray, float]]) -> Maps:
    """Return maps (2, 2, 2, n) and determinants (n,) as compose() gives them."""
    maps = np.moveaxis(np.array([(m, e) for m, e, _ in pairs]), 0, -1)
    return Maps(maps, np.array([det for *_, det in pairs]))


@pytest.mark.parametrize("turning", [False, True])
@pytest.mark.parametrize("stretches", [(0.2, 2.0), (-2.0, -0.2), (-2.0, 2.0)])
def test_the_moduli_of_single_maps_and_of_many_at_once(
    turning: bool, stretches: tuple[float, float]
) -> None:
    """Of steps that shorten, that lengthen, and of one of each."""
    rng = np.random.default_rng(3)
    pairs, expected = [], []
    back = np.linalg.inv(FRAME.metric)
    for size in np.geomspace(1e-12, 1e4, 200):
        angle, stretch = rng.uniform(0.2, 2.0), rng.uniform(*stretches, 2)
        cos, sin = np.cos(angle), np.sin(angle)
        turn = np.array([[cos, -sin], [sin, cos]]) if turning else np.diag(stretch)
        basis = rng.normal(size=(2, 2))
        e = size * back @ basis @ turn @ np.linalg.inv(basis)
        m, det, logs = maps_and_moduli(FRAME, e)
        pairs.append((m, e, det))
        expected.append(logs)
    found = log_moduli(FRAME, stacked(pairs)).T
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-15)
    for pair, logs in zip(pairs, expected):
        both = log_moduli(FRAME, stacked([pair]))[:, 0]
        assert both == pytest.approx(logs, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(("fast", "slow"), [(1.5, 0.6), (0.6, 1.5), (1.9, 0.2), (1.0, 0.5)])
def test_one_direction_may_pass_its_end_and_still_be_the_slowest(fast: float, slow: float) -> None:
    centred = coordinates(Dataset(np.array([-1.0, 0.0, 1.0]), np.array([0.0, 1.0, 1.0])))
    e = np.linalg.inv(centred.metric) @ np.diag([fast, slow])
    m, det, (log, _) = maps_and_moduli(centred, e)
    assert np.exp(log) == pytest.approx(max(abs(1 - fast), abs(1 - slow)))
    assert log_radius(centred, stacked([(m, e, det)]))[0] == pytest.approx(log, rel=1e-9)


def test_steps_of_nothing_neither_converge_nor_diverge() -> None:
    none = (np.eye(2), np.zeros((2, 2)), 1.0)
    tiny = (np.eye(2), np.full((2, 2), 1e-310), 1.0)
    assert log_radius(FRAME, stacked([none, tiny])).tolist() == [0.0, 0.0]


def test_a_map_that_left_float64_has_no_radius_and_leaves_the_others_theirs() -> None:
    e = np.linalg.inv(FRAME.metric) / 2
    fine = (np.eye(2) / 2, e, 0.25)
    lost = (np.array([[np.inf, 0.0], [0.0, 1.0]]), e, 1.0)
    not_a_number = (np.array([[1.0, 0.0], [np.nan, 1.0]]), e, 1.0)
    found = log_radius(FRAME, stacked([fine, lost, not_a_number])).tolist()
    assert found == [pytest.approx(np.log(0.5)), np.inf, np.inf]


@pytest.mark.parametrize("mean", [0.0, 3.0, 1e7])
def test_the_norm_is_that_of_the_matrix_in_weight_and_bias(mean: float) -> None:
    coords = coordinates(Dataset(mean + np.array([-1.0, 0.5, 2.0]), np.array([0.0, 1.0, 1.0])))
    there = [[Fraction(coords.std), Fraction(0)], [Fraction(coords.mean), Fraction(1)]]
    e = np.array([[0.3, -0.2], [0.1, 0.9]]) / np.array([[1, mean + 1], [mean + 1, mean**2 + 1]])
    inner = [[Fraction(v) for v in row] for row in e.tolist()]
    step = [
        [
            sum(there[k][i] * inner[k][m] * there[m][j] for k in (0, 1) for m in (0, 1))
            for j in (0, 1)
        ]
        for i in (0, 1)
    ]
    squares = sum((Fraction(i == j) - step[i][j]) ** 2 for i in (0, 1) for j in (0, 1))
    maps = stacked([(np.eye(2), e, 1.0)])
    assert norm(coords, maps)[0] == pytest.approx(float(squares) ** 0.5, rel=1e-6)
