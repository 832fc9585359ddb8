"""The safe rate, the first that diverges and the best, against what single runs do."""

from itertools import combinations, permutations

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
from regression.analysis.rates import excess_costs
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


@pytest.mark.parametrize("batch_size", [1, 3, 30])
def test_the_first_diverging_rate_is_where_the_exact_radius_crosses_1(batch_size: int) -> None:
    data = noisy_line(30)
    rate, known = diverging_rate(data, batch_size=batch_size)
    assert known
    assert exact_epoch(data, rate, batch_size).contraction() >= 1
    assert exact_epoch(data, rate * (1 - 1e-5), batch_size).contraction() < 1


def test_the_rate_found_is_the_first_though_windows_open_again_above_it() -> None:
    """Bisection between 1 and 6 times the rate could end at any of the edges."""
    data = Dataset(np.array([0.0, 3.0, 0.0, 1.0]), np.array([1.0, 2.0, 0.0, 1.0]))
    rate = diverging_rate(data).rate
    lower = [ordered_map(data, lr=lr).diverges for lr in np.linspace(0.01, 0.9999, 500) * rate]
    upper = [ordered_map(data, lr=lr).diverges for lr in np.linspace(1.0, 6.0, 500) * rate]
    assert not any(lower)
    assert upper[0]
    assert upper[-1]
    assert not all(upper)


def test_the_full_batch_diverges_as_soon_as_it_overshoots() -> None:
    data = noisy_line(30)
    safe = safe_rate(data, batch_size=30)
    assert diverging_rate(data, batch_size=30).rate == pytest.approx(safe, rel=1e-4)


def test_far_from_zero_there_are_rates_as_well() -> None:
    data = Dataset(1e8 + np.arange(5.0), np.arange(5.0))
    assert safe_rate(data) == pytest.approx(1e-16, rel=1e-6)
    assert safe_rate(data) <= diverging_rate(data).rate < 10 * safe_rate(data)


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
        (7.0, 2, True, 0.02),  # the last batch is a single point
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


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 8), batch_size=st.integers(1, 7))
def test_the_safe_limit_of_shuffled_batches_is_that_of_the_steepest_that_can_be_drawn(
    seed: int, n: int, batch_size: int
) -> None:
    """By all batches, of the full size and of the size of the last."""
    rng = np.random.default_rng(seed)
    data = Dataset(rng.normal(rng.normal(), 2.0, n), rng.normal(size=n))
    batch_size = min(batch_size, n)
    a = np.c_[data.x, np.ones(n)]
    steepest = max(
        np.linalg.norm(a[list(some)], 2) ** 2 / len(some)
        for size in {batch_size, n % batch_size or batch_size}
        for some in combinations(range(n), size)
    )
    found = safe_rate(data, batch_size=batch_size, shuffled=True)
    assert found == pytest.approx(1 / steepest, rel=1e-9)


def test_shuffled_batches_of_half_the_points_may_step_further_than_single_points() -> None:
    """Of the largest 25 x of 50."""
    data = noisy_line()
    a = np.c_[data.x[25:], np.ones(25)]
    found = safe_rate(data, batch_size=25, shuffled=True)
    assert found == pytest.approx(25 / np.linalg.norm(a, 2) ** 2)
    assert 0.0166 < found < 0.0167


@pytest.mark.parametrize(("n", "first"), [(80, 0.027), (200, 0.018), (1000, 0.0125)])
def test_where_rounding_decides_the_threshold_is_the_first_that_is_not_known(
    n: int, first: float
) -> None:
    """For 200 points the exact map converges up to 0.02182, where float64 has long lost it."""
    data = noisy_line(n)
    rate, known = diverging_rate(data)
    assert not known
    assert rate == pytest.approx(first, rel=0.03)
    assert not ordered_map(data, lr=rate).known
    below = ordered_map(data, lr=0.998 * rate)
    assert below.known
    assert not below.diverges


@pytest.mark.slow
def test_a_million_points_have_a_threshold_soon_above_the_safe_limit() -> None:
    data = noisy_line(10**6)
    rate, known = diverging_rate(data)
    assert not known
    assert safe_rate(data) < rate < 1.1 * safe_rate(data)


def test_one_shuffled_epoch_ends_on_the_mean_over_all_orders() -> None:
    data, rates = noisy_line(5, rng=2), np.array([1e-4, 0.004])
    found = excess_costs(data, rates, epochs=1, start=START, shuffled=True)
    least = cost(least_squares(data), data)
    for lr, excess in zip(rates, found):
        ends = [
            run_cost(Dataset(data.x[list(order)], data.y[list(order)]), lr, 1)
            for order in permutations(range(5))
        ]
        assert excess == pytest.approx(np.mean(ends) - least, rel=1e-9)


OUTLIER = Dataset(np.append(np.linspace(0, 10, 49), 100.0), np.append(np.linspace(0, 10, 49), 3.0))


@pytest.mark.parametrize(
    ("data", "times", "within"), [(noisy_line(), 2.03, 0.04), (OUTLIER, 1.2, 0.1)]
)
def test_a_shuffled_run_diverges_where_its_mean_square_grows(
    data: Dataset, times: float, within: float
) -> None:
    """By 20,000 other orders, one vector operation a step."""
    rate, known = diverging_rate(data, shuffled=True)
    assert known
    assert rate / safe_rate(data) == pytest.approx(times, rel=within)
    a = np.c_[data.x, np.ones(50)]
    orders = np.argsort(np.random.default_rng(7).random((20_000, 50)), axis=1)

    def mean_square_radius(lr: float) -> float:
        matrix = np.tile(np.eye(2), (len(orders), 1, 1))
        for some in a[orders].transpose(1, 0, 2):
            matrix -= 2 * lr * some[:, :, None] * np.einsum("ni,nij->nj", some, matrix)[:, None]
        squares = np.einsum("nij,nkl->ikjl", matrix, matrix).reshape(4, 4) / len(orders)
        return float(np.abs(np.linalg.eigvals(squares)).max())

    assert mean_square_radius(0.95 * rate) < 1 < mean_square_radius(1.05 * rate)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("epochs", [5, 50])
def test_the_best_rate_finds_dips_near_the_safe_limit_of_small_x(seed: int, epochs: int) -> None:
    """There the errors change sides at every step, and the cost dips and rises with the rate."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-0.3, 0.3, 30)
    data = Dataset(x, 2 * x + rng.normal(scale=0.1, size=30))
    best = best_rate(data, epochs=epochs, start=START)
    grid = np.linspace(0, safe_rate(data), 5001)[1:]
    least = cost(least_squares(data), data)
    lowest = excess_costs(data, grid, epochs=epochs, start=START).min()
    assert run_cost(data, best, epochs) <= least + 1.03 * lowest + 1e-3 * least


@pytest.mark.parametrize(
    ("x", "epochs", "dearer"), [([0.1, 0.2], 50, 5), ([0.27, 0.01, 0.29, -0.25], 5, 1.1)]
)
def test_the_best_rate_has_more_digits_where_they_matter(
    x: list[float], epochs: int, dearer: float
) -> None:
    """Of points on a line, whose dip is so narrow that three digits miss it."""
    data = Dataset(np.array(x), 2 * np.array(x))
    best = best_rate(data, epochs=epochs, start=START)
    near = np.linspace(0.98, 1.02, 1001) * best
    lowest = min(run_cost(data, lr, epochs) for lr in near[near <= safe_rate(data)])
    assert run_cost(data, best, epochs) <= 1.03 * lowest
    assert run_cost(data, float(f"{best:.3g}"), epochs) > dearer * lowest
    assert best == float(f"{best:.6g}")


@pytest.mark.parametrize("batch_size", [1, 8])
def test_the_ends_at_many_rates_are_those_of_runs(batch_size: int) -> None:
    data, rates = noisy_line(), np.array([1e-8, 1e-4, 0.004, 0.0099, 0.02, 0.05])
    found = excess_costs(data, rates, epochs=30, batch_size=batch_size, start=START)
    least = cost(least_squares(data), data)
    want = [run_cost(data, lr, 30, batch_size) - least for lr in rates[:-1]]
    np.testing.assert_allclose(found[:-1], want, rtol=1e-6)
    overflows = excess_costs(data, rates[-1:], epochs=500, start=START)
    assert overflows.tolist() == [np.inf]
