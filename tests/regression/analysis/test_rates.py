"""The safe rate, the first that diverges and the best, against what single runs do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regression import (
    START,
    Dataset,
    best_rate,
    cost,
    diverging_rate,
    least_squares,
    noisy_line,
    safe_rate,
    train,
)
from regression.analysis.epoch_map import ordered_map
from tests.helpers_analysis import exact_epoch


def step_matrices(data: Dataset, lr: float, batch_size: int) -> list[np.ndarray]:
    """Return what each step multiplies the error by, I - 2*lr*mean(a a^T)."""
    a = np.c_[data.x, np.ones(len(data))]
    batches = [a[first : first + batch_size] for first in range(0, len(a), batch_size)]
    return [np.eye(2) - 2 * lr * batch.T @ batch / len(batch) for batch in batches]


def test_the_safe_rate_of_single_points() -> None:
    assert safe_rate(noisy_line()) == 1 / (10.0**2 + 1)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 40), batch_size=st.integers(1, 45))
def test_no_step_overshoots_up_to_the_safe_rate_and_one_does_above(
    seed: int, n: int, batch_size: int
) -> None:
    rng = np.random.default_rng(seed)
    data = Dataset(rng.normal(rng.normal(), 3.0, n), rng.normal(size=n))
    safe = safe_rate(data, batch_size=batch_size)
    largest = [
        max(np.linalg.norm(step, 2) for step in step_matrices(data, lr, batch_size))
        for lr in (safe, 1.001 * safe)
    ]
    assert largest[0] <= 1 + 1e-9
    assert largest[1] > 1 + 1e-4
    shuffled = safe_rate(data, batch_size=batch_size, shuffled=True)
    assert shuffled == (safe if batch_size >= n else safe_rate(data))
    assert shuffled <= safe


@pytest.mark.parametrize("batch_size", [1, 3, 30])
def test_the_first_diverging_rate_is_where_the_exact_radius_crosses_1(batch_size: int) -> None:
    data = noisy_line(30)
    rate = diverging_rate(data, batch_size=batch_size)
    assert exact_epoch(data, rate, batch_size).contraction() >= 1
    assert exact_epoch(data, rate * (1 - 1e-5), batch_size).contraction() < 1


def test_the_rate_found_is_the_first_though_windows_open_again_above_it() -> None:
    """Bisection between 1 and 6 times the rate could end at any of the edges."""
    data = Dataset(np.array([0.0, 3.0, 0.0, 1.0]), np.array([1.0, 2.0, 0.0, 1.0]))
    rate = diverging_rate(data)
    lower = [ordered_map(data, lr=lr).diverges for lr in np.linspace(0.01, 0.9999, 500) * rate]
    upper = [ordered_map(data, lr=lr).diverges for lr in np.linspace(1.0, 6.0, 500) * rate]
    assert not any(lower)
    assert upper[0]
    assert upper[-1]
    assert not all(upper)


def test_the_full_batch_diverges_as_soon_as_it_overshoots() -> None:
    data = noisy_line(30)
    safe = safe_rate(data, batch_size=30)
    assert diverging_rate(data, batch_size=30) == pytest.approx(safe, rel=1e-4)


def test_far_from_zero_there_are_rates_as_well() -> None:
    data = Dataset(1e8 + np.arange(5.0), np.arange(5.0))
    assert safe_rate(data) == pytest.approx(1e-16, rel=1e-6)
    assert safe_rate(data) <= diverging_rate(data) < 10 * safe_rate(data)


def run_cost(data: Dataset, lr: float, epochs: int, batch_size: int = 1) -> float:
    *_, last = train(data, lr=lr, epochs=epochs, batch_size=batch_size)
    return last.cost


@pytest.mark.parametrize(("epochs", "batch_size"), [(5, 1), (100, 1), (500, 1), (100, 7)])
def test_the_best_rate_is_that_of_a_search_by_real_runs(epochs: int, batch_size: int) -> None:
    data = noisy_line(40)
    safe = safe_rate(data, batch_size=batch_size)
    best = best_rate(data, epochs=epochs, batch_size=batch_size, start=START)
    least = cost(least_squares(data), data)
    tried = [run_cost(data, lr, epochs, batch_size) for lr in np.geomspace(1e-3, 1, 60) * safe]
    assert best <= safe
    assert best == float(f"{best:.3g}")
    assert run_cost(data, best, epochs, batch_size) - least <= 1.02 * (min(tried) - least)


def test_too_few_epochs_take_the_safe_rate() -> None:
    data = noisy_line()
    safe = safe_rate(data, batch_size=50)
    assert 0.95 * safe < best_rate(data, epochs=300, batch_size=50, start=START) <= safe


@pytest.mark.parametrize(
    ("largest_x", "batch_size", "shuffled", "best"),
    [
        (7.0, 1, False, 0.02),  # 1 / (49 + 1), which is allowed
        (7.0, 2, True, 0.02),  # the bound of single points holds for any batches
        (7.0, 2, False, 0.0396),
        (7.5, 1, False, 0.0174),  # of 0.017467, which is nearer to 0.0175
        (7.5, 2, True, 0.0174),
        (7.5, 2, False, 0.0346),  # of 0.034692
    ],
)
def test_the_best_rate_is_not_rounded_beyond_the_safe_one(
    largest_x: float, batch_size: int, shuffled: bool, best: float
) -> None:
    """One point far out bounds the rate, though the others could do with a larger one."""
    data = Dataset(np.array([largest_x, 0.5, 0.1]), np.array([0.0, 500.0, 500.0]))
    safe = safe_rate(data, batch_size=batch_size, shuffled=shuffled)
    found = best_rate(data, epochs=3, batch_size=batch_size, start=START, shuffled=shuffled)
    assert found == best
    assert best <= safe < best + 0.0001


def test_shuffled_the_best_rate_is_that_of_the_mean_over_real_runs() -> None:
    """Away from it, by a factor of three on either side, the mean of 40 runs costs more."""
    data = noisy_line(40)
    best = best_rate(data, epochs=100, start=START, shuffled=True)

    def mean_cost(lr: float) -> float:
        runs = [
            list(train(data, lr=lr, epochs=100, shuffle=np.random.default_rng(seed)))
            for seed in range(40)
        ]
        return float(np.mean([run[-1].cost for run in runs]))

    assert mean_cost(best) < min(mean_cost(best / 3), mean_cost(best * 3))


def test_a_million_points_diverge_soon_above_the_safe_rate() -> None:
    data = noisy_line(10**6)
    rate = diverging_rate(data)
    assert ordered_map(data, lr=rate).diverges
    assert not ordered_map(data, lr=0.999 * rate).diverges
    assert safe_rate(data) < rate < 1.1 * safe_rate(data)
