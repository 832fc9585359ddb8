"""One epoch as an affine map, against exact fractions, long runs and the trainer's own steps."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regression import (
    START,
    Dataset,
    Line,
    Snapshot,
    cost,
    epoch_map,
    expected_map,
    least_squares,
    noisy_line,
    read_csv,
    record,
    safe_rate,
    step,
    train,
)
from regression.analysis.affine import CHUNK
from regression.analysis.epoch_map import solved
from tests.regression.exact import exact_epoch

POINTS = read_csv(Path(__file__).parent / "points.csv")


def step_by_step(data: Dataset, **settings: float) -> Iterator[Snapshot]:
    """Return train()'s snapshots with the map out of reach."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "STEPS_WORTH_A_MAP", 10**12)
        return iter(train(data, **settings))  # type: ignore[arg-type]


def by_map(data: Dataset, **settings: float) -> Iterator[Snapshot]:
    """Return train()'s snapshots with the map for any number of steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "STEPS_WORTH_A_MAP", 0)
        return iter(train(data, **settings))  # type: ignore[arg-type]


def far_points(mean: float, spread: float, n: int = 30) -> Dataset:
    x = mean + spread * np.linspace(0, 1, n)
    return Dataset(x, 2.0 * (x - mean) / spread + np.random.default_rng(0).normal(size=n))


@pytest.mark.parametrize("batch_size", [1, 4, 30])
@pytest.mark.parametrize("lr", [1e-9, 1e-4, 0.0099, 0.015])
def test_the_map_is_the_exact_one(lr: float, batch_size: int) -> None:
    data = noisy_line(30)
    exact, got = exact_epoch(data, lr, batch_size), ordered_map(data, lr=lr, batch_size=batch_size)
    want = np.array(exact.matrix, dtype=float)
    np.testing.assert_allclose(got.matrix, want, rtol=0, atol=1e-14 * np.abs(want).max())
    assert got.contraction == pytest.approx(exact.contraction(), rel=1e-12)
    assert got.limit == pytest.approx([float(v) for v in exact.limit()], rel=1e-12)


@pytest.mark.parametrize("lr", [0.02, 0.025])
def test_where_an_epoch_stretches_by_far_more_than_it_settles_off(lr: float) -> None:
    """One matrix for the whole epoch would leave (I - M)^-1 c about six digits at 0.02."""
    data = noisy_line(30)
    exact, got = exact_epoch(data, lr), ordered_map(data, lr=lr)
    assert len(got.sections) > 1
    assert got.contraction == pytest.approx(exact.contraction(), rel=1e-9)
    assert got.limit == pytest.approx([float(v) for v in exact.limit()], rel=1e-10)


@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(2, 7),
    batch_size=st.integers(1, 3),
    of_safe=st.floats(0.001, 4.0),
)
def test_the_contraction_is_the_exact_spectral_radius(
    seed: int, n: int, batch_size: int, of_safe: float
) -> None:
    """Few points turn the line as often as they shrink it: the eigenvalues may be complex."""
    data = random_points(n, seed, 0.0)
    lr = of_safe * safe_rate(data, batch_size=batch_size)
    exact = exact_epoch(data, lr, batch_size).contraction()
    got = ordered_map(data, lr=lr, batch_size=batch_size).contraction
    assert got == pytest.approx(exact, rel=1e-6, abs=1e-7)


def test_the_contraction_of_an_epoch_that_stretches_by_ten_million() -> None:
    """The determinant from M's own entries would be off by more than itself."""
    data = noisy_line()
    got = ordered_map(data, lr=0.025)
    assert np.abs(got.maps[0][0]).max() > 1e7
    assert got.contraction == pytest.approx(exact_epoch(data, 0.025).contraction(), rel=1e-8)


@pytest.mark.parametrize(("mean", "spread"), [(1e6, 1.0), (1e6, 1e-3), (1e8, 1.0), (-3e5, 1e2)])
def test_far_from_zero_the_settling_point_keeps_its_digits(mean: float, spread: float) -> None:
    data = far_points(mean, spread)
    lr = 0.5 * safe_rate(data)
    exact, got = exact_epoch(data, lr), ordered_map(data, lr=lr)
    assert got.limit == pytest.approx([float(v) for v in exact.limit()], rel=1e-12)
    (a, b), (c, d) = exact.matrix
    slowest = float((1 - a - d + a * d - b * c) / (2 - a - d))
    assert -got.log_contraction == pytest.approx(slowest, rel=1e-6)
    assert not got.diverges
    assert got.epochs_until(START) == pytest.approx(np.log(100) / slowest, rel=0.02)


@pytest.mark.parametrize("lr", [0.0001, 0.001, 0.005])
def test_long_runs_end_where_the_map_settles(lr: float) -> None:
    got = ordered_map(POINTS, lr=lr)
    *_, last = step_by_step(POINTS, lr=lr, epochs=9000 if lr < 1e-3 else 1000)
    assert got.limit == pytest.approx((last.weight, last.bias), rel=1e-7)
    assert got.frame.cost(got.fixed_point) == pytest.approx(last.cost, rel=1e-7)
    assert last.cost > cost(least_squares(POINTS), POINTS)


def test_the_contraction_is_what_epochs_do_in_the_long_run() -> None:
    lr = 0.001
    target = ordered_map(POINTS, lr=lr)
    run = record(step_by_step(POINTS, lr=lr, epochs=210))
    assert target.limit is not None
    away = np.hypot(run["weight"] - target.limit.weight, run["bias"] - target.limit.bias)
    assert away[200] / away[199] == pytest.approx(target.contraction, rel=1e-6)
    assert np.abs(np.linalg.eigvals(target.matrix)).max() == pytest.approx(target.contraction)


@pytest.mark.parametrize(("lr", "start"), [(0.001, START), (0.0002, Line(50.0, 3.0))])
def test_epochs_until_one_percent_are_counted_in_a_real_run(lr: float, start: Line) -> None:
    got = ordered_map(POINTS, lr=lr)
    needed, point = got.epochs_until(start), got.limit
    assert needed is not None
    assert point is not None
    run = record(step_by_step(POINTS, lr=lr, epochs=needed, start=start))  # type: ignore[arg-type]
    away = np.hypot(run["weight"] - point.weight, run["bias"] - point.bias)
    goal = 0.01 * np.hypot(start.weight - point.weight, start.bias - point.bias)
    assert away[-1] <= goal < away[-2]


@pytest.mark.parametrize("epochs", [1, 2, 63, 500])
def test_after_any_number_of_epochs(epochs: int) -> None:
    *_, last = step_by_step(POINTS, lr=0.001, epochs=epochs)
    assert ordered_map(POINTS, lr=0.001).after(START, epochs) == pytest.approx(last[1:3], rel=1e-12)


def test_a_billion_epochs_arrive() -> None:
    """One by one they would take minutes: that this ends shows that they are not."""
    got = ordered_map(POINTS, lr=0.001)
    assert got.after(START, 10**9) == pytest.approx(got.limit, rel=1e-12)


@pytest.mark.parametrize("lr", [0.05, 1.0, 1e300])
def test_a_diverging_map_answers_without_a_number_and_without_a_warning(lr: float) -> None:
    got = ordered_map(POINTS, lr=lr)
    assert got.diverges
    assert got.contraction > 1
    assert got.limit is None
    assert got.epochs_until(START) is None
    assert got.after(START, 10_000) is None


def test_a_rate_too_small_to_move_anything_never_settles() -> None:
    assert ordered_map(POINTS, lr=5e-324).limit is None


def assert_same(mapped: np.ndarray, stepped: np.ndarray, data: Dataset, start: Line) -> None:
    """Hold two runs together to 1e-9 of the largest W, b and prediction on the way so far.

    Not of the value itself, which may pass through 0 or come back from far away, where a
    single step's rounding is already more than that. The cost is held to 1e-9 of itself and to
    what rounding its predictions (1e-13 of their size) does to it, which is more only where
    the points are all but on the line: costs below 1e-8 of the squared predictions.
    """
    last = min(len(mapped), len(stepped))
    for run, other in ((mapped, stepped), (stepped, mapped)):
        if len(run) > last:  # one rounding may decide which side of the largest float it is
            assert run["cost"][last] > 1e308
            assert other["cost"][-1:] < np.inf
    mapped, stepped = mapped[:last], stepped[:last]
    size = np.zeros(last)
    for name, first in (("weight", start.weight), ("bias", start.bias)):
        largest = np.maximum.accumulate(np.maximum(np.abs(stepped[name]), abs(first)))
        assert (np.abs(mapped[name] - stepped[name]) <= 1e-9 * largest).all()
        size += largest * (np.abs(data.x).max() if name == "weight" else 1.0)
    size += np.abs(data.y).max()
    errors, rounding = np.sqrt(stepped["cost"]), 1e-13 * np.sqrt(len(data)) * size
    with np.errstate(over="ignore"):
        allowed = 1e-9 * stepped["cost"] + 2 * errors * rounding + np.square(rounding)
    assert (np.abs(mapped["cost"] - stepped["cost"]) <= allowed).all()


def random_points(n: int, seed: int, middle: float) -> Dataset:
    rng = np.random.default_rng(seed)
    x = middle + rng.normal(size=n) * 10.0 ** rng.uniform(-1, 1)
    return Dataset(np.sort(x) if seed % 2 else x, rng.normal(size=n) + rng.normal() * x)


@settings(max_examples=150, deadline=None)
@given(
    n=st.integers(2, 90),
    seed=st.integers(0, 10**6),
    middle=st.sampled_from([0.0, 5.0, -300.0]),
    of_safe=st.floats(-4.0, 1.2).map(lambda exponent: 10.0**exponent),
    batch_size=st.integers(1, 100),
    epochs=st.integers(1, 40),
    start=st.builds(Line, st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)),
)
def test_the_two_ways_of_training_agree(
    n: int, seed: int, middle: float, of_safe: float, batch_size: int, epochs: int, start: Line
) -> None:
    data = random_points(n, seed, middle)
    run = {
        "lr": of_safe * safe_rate(data, batch_size=batch_size),
        "epochs": epochs,
        "batch_size": batch_size,
        "start": start,
    }
    assert_same(record(by_map(data, **run)), record(step_by_step(data, **run)), data, start)  # type: ignore[arg-type]


@pytest.mark.parametrize("of_safe", [1.0, 1.5, 2.0, 2.2, 2.6, 3.0, 3.5, 5.0])
@pytest.mark.parametrize("batch_size", [1, 7, 57])
def test_the_two_ways_agree_up_to_and_past_divergence(of_safe: float, batch_size: int) -> None:
    data = noisy_line(57)
    run = {"lr": of_safe * safe_rate(data, batch_size=batch_size), "epochs": 600}
    stepped = record(step_by_step(data, batch_size=batch_size, **run))
    mapped = record(by_map(data, batch_size=batch_size, **run))
    assert_same(mapped, stepped, data, START)
    if batch_size == 57 and of_safe > 1:
        assert ordered_map(data, lr=run["lr"], batch_size=57).accurate
        assert len(mapped) < 600


def test_far_from_zero_the_two_ways_agree() -> None:
    data = far_points(1e6, 10.0)
    run = {"lr": 0.3 * safe_rate(data), "epochs": 50}
    assert_same(record(by_map(data, **run)), record(step_by_step(data, **run)), data, START)


@pytest.mark.parametrize("batch_size", [1, 1000, 3 * CHUNK])
def test_more_points_than_one_chunk(batch_size: int) -> None:
    data = noisy_line(2 * CHUNK + 12345)
    weight, bias = START
    for first in range(0, len(data), batch_size):
        xs, ys = data.x[first : first + batch_size], data.y[first : first + batch_size]
        weight, bias = step(weight, bias, xs.tolist(), ys.tolist(), 1e-3)
    got = ordered_map(data, lr=1e-3, batch_size=batch_size).after(START, 1)
    assert got == pytest.approx((weight, bias), rel=1e-11)


def test_the_tutorials_run_goes_step_by_step_and_a_long_one_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training, "ordered_map", None)
    assert len(list(train(noisy_line(), lr=1e-3, epochs=500))) == 500
    with pytest.raises(TypeError):
        next(iter(train(noisy_line(), lr=1e-3, epochs=5000)))


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


def test_what_has_no_solution_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^x and y reach too far .* a run settles; scale them$"):
        solved(np.zeros((2, 2)), np.ones(2))


def test_shuffled_the_mean_over_all_orders_settles_as_expected_to_first_order() -> None:
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
def test_shuffled_an_epoch_of_many_steps_settles_where_the_mean_over_orders_does(
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


def test_shuffled_a_rate_next_to_nothing_settles_at_least_squares() -> None:
    least = least_squares(noisy_line())
    for lr in (2.3e-308, 1e-100, 1e-12):
        assert expected_map(noisy_line(), lr=lr).limit == pytest.approx(least, rel=1e-9)


def test_a_map_that_leaves_float64_has_no_fixed_point() -> None:
    with pytest.raises(ValueError, match="leaves float64"):
        _ = ordered_map(noisy_line(), lr=1e10).fixed_point
