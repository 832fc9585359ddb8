"""One epoch as an affine map, against exact fractions, long runs and the trainer's own steps."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regression import (
    START,
    Dataset,
    Line,
    cost,
    least_squares,
    noisy_line,
    record,
    safe_rate,
    sgd,
    step,
    train,
)
from regression.analysis.affine import CHUNK
from regression.analysis.epoch_map import EpochMap, ordered_map
from tests.helpers_analysis import POINTS, by_map, exact_epoch, random_points, step_by_step


def epochs_to_one_percent(epoch: EpochMap, start: Line) -> int | None:
    """Return epochs_until() the distance in W and b is 1 % of that at the start."""
    if epoch.limit is None:
        return epoch.epochs_until(start, bool)
    goal = 0.01 * np.hypot(*np.subtract(start, epoch.limit))
    return epoch.epochs_until(start, lambda away: epoch.coords.distance(away) <= goal)


def matrix_of(epoch: EpochMap) -> np.ndarray:
    """Return M, 2x2, in W and b, from three runs of one epoch each."""
    at = [next(epoch.lines(line))[:2] for line in (Line(1, 0), Line(0, 1), Line(0, 0))]
    return np.array([np.subtract(at[0], at[2]), np.subtract(at[1], at[2])]).T


def far_points(mean: float, spread: float, n: int = 30) -> Dataset:
    x = mean + spread * np.linspace(0, 1, n)
    return Dataset(x, 2.0 * (x - mean) / spread + np.random.default_rng(0).normal(size=n))


@pytest.mark.parametrize("batch_size", [1, 4, 30])
@pytest.mark.parametrize("lr", [1e-9, 1e-4, 0.0099, 0.015])
def test_the_map_is_the_exact_one(lr: float, batch_size: int) -> None:
    data = noisy_line(30)
    exact, got = exact_epoch(data, lr, batch_size), ordered_map(data, lr=lr, batch_size=batch_size)
    want = np.array(exact.matrix, dtype=float)
    np.testing.assert_allclose(matrix_of(got), want, rtol=0, atol=1e-13)
    assert got.contraction == pytest.approx(exact.contraction(), rel=1e-12)
    assert got.limit == pytest.approx([float(v) for v in exact.limit()], rel=1e-12)


@pytest.mark.parametrize("lr", [0.02, 0.025])
def test_where_an_epoch_stretches_by_far_more_than_its_limit_is_off(lr: float) -> None:
    """One matrix for the whole epoch would leave (I - M)^-1 c about six digits at 0.02."""
    data = noisy_line(30)
    exact, got = exact_epoch(data, lr), ordered_map(data, lr=lr)
    assert (len(got.sections) > 1) == (lr > 0.02)
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
    assert np.abs(got.maps.matrix).max() > 1e7
    assert got.contraction == pytest.approx(exact_epoch(data, 0.025).contraction(), rel=1e-8)


@pytest.mark.parametrize(("mean", "spread"), [(1e6, 1.0), (1e6, 1e-3), (1e8, 1.0), (-3e5, 1e2)])
def test_far_from_zero_the_limit_keeps_its_digits(mean: float, spread: float) -> None:
    data = far_points(mean, spread)
    lr = 0.5 * safe_rate(data)
    exact, got = exact_epoch(data, lr), ordered_map(data, lr=lr)
    assert got.limit == pytest.approx([float(v) for v in exact.limit()], rel=1e-12)
    (a, b), (c, d) = exact.matrix
    slowest = float((1 - a - d + a * d - b * c) / (2 - a - d))
    assert -got.log_contraction == pytest.approx(slowest, rel=1e-6)
    assert not got.diverges
    assert epochs_to_one_percent(got, START) == pytest.approx(np.log(100) / slowest, rel=0.02)


@pytest.mark.parametrize("lr", [0.0001, 0.001, 0.005])
def test_long_runs_end_at_the_limit(lr: float) -> None:
    got = ordered_map(POINTS, lr=lr)
    *_, last = step_by_step(POINTS, lr=lr, epochs=9000 if lr < 1e-3 else 1000)
    assert got.limit == pytest.approx((last.weight, last.bias), rel=1e-7)
    assert got.coords.cost(got.fixed_point) == pytest.approx(last.cost, rel=1e-7)
    assert last.cost > cost(least_squares(POINTS), POINTS)


def test_the_contraction_is_what_epochs_do_in_the_long_run() -> None:
    lr = 0.001
    target = ordered_map(POINTS, lr=lr)
    run = record(step_by_step(POINTS, lr=lr, epochs=210))
    assert target.limit is not None
    away = np.hypot(run["weight"] - target.limit.weight, run["bias"] - target.limit.bias)
    assert away[200] / away[199] == pytest.approx(target.contraction, rel=1e-6)


@pytest.mark.parametrize("epochs", [0, 1, 2, 4, 5])
def test_what_is_left_after_each_epoch_is_that_of_a_run(epochs: int) -> None:
    got = ordered_map(POINTS, lr=0.001)
    left = got.left_after(START, epochs)
    run = [START, *(each.line for each in step_by_step(POINTS, lr=0.001, epochs=8))]
    assert epochs < left.shape[1] <= 8
    for away, line in zip(left.T, run):
        wanted = np.subtract(got.coords.offset(line), got.fixed_point)
        np.testing.assert_allclose(away, wanted, rtol=1e-9)


def test_who_starts_near_the_limit_needs_no_epoch() -> None:
    got = ordered_map(POINTS, lr=0.001)
    assert got.epochs_until(START, lambda _: True) == 0


@pytest.mark.parametrize(("lr", "start"), [(0.001, START), (0.0002, Line(50.0, 3.0))])
def test_epochs_until_one_percent_are_counted_in_a_real_run(lr: float, start: Line) -> None:
    got = ordered_map(POINTS, lr=lr)
    needed, point = epochs_to_one_percent(got, start), got.limit
    assert needed is not None
    assert point is not None
    run = record(step_by_step(POINTS, lr=lr, epochs=needed, start=start))
    away = np.hypot(run["weight"] - point.weight, run["bias"] - point.bias)
    goal = 0.01 * np.hypot(start.weight - point.weight, start.bias - point.bias)
    assert away[-1] <= goal < away[-2]


@pytest.mark.parametrize("lr", [0.05, 1.0, 1e300])
def test_a_diverging_map_answers_without_a_number_and_without_a_warning(lr: float) -> None:
    got = ordered_map(POINTS, lr=lr)
    assert got.diverges
    assert got.contraction > 1
    assert got.limit is None
    assert epochs_to_one_percent(got, START) is None


def test_a_rate_too_small_to_move_anything_has_no_limit() -> None:
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


STRETCHED = {"n": 63, "seed": 104587, "middle": 5.0, "of_safe": 10**0.65625, "batch_size": 2}
"""Its parts stretch by 1e6 while the whole does not: the map must not be taken."""


@settings(max_examples=150, deadline=None)
@example(**STRETCHED, epochs=12, start=START)
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
    assert_same(record(by_map(data, **run)), record(step_by_step(data, **run)), data, start)


@pytest.mark.parametrize("of_safe", [1.0, 1.5, 2.0, 2.2, 2.6, 3.0, 3.5, 5.0])
@pytest.mark.parametrize("batch_size", [1, 7, 57])
def test_the_two_ways_agree_up_to_and_past_divergence(of_safe: float, batch_size: int) -> None:
    data = noisy_line(57)
    run = {"lr": of_safe * safe_rate(data, batch_size=batch_size), "epochs": 600}
    stepped = record(step_by_step(data, batch_size=batch_size, **run))
    mapped = record(by_map(data, batch_size=batch_size, **run))
    assert_same(mapped, stepped, data, START)
    if batch_size == 57 and of_safe > 1:
        assert ordered_map(data, lr=run["lr"], batch_size=57).agrees_with_steps(600)
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
    got = next(ordered_map(data, lr=1e-3, batch_size=batch_size).lines(START))
    assert got[:2] == pytest.approx((weight, bias), rel=1e-11)


def test_the_tutorials_run_goes_step_by_step_and_a_long_one_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sgd, "ordered_map", None)
    assert len(list(train(noisy_line(), lr=1e-3, epochs=500))) == 500
    with pytest.raises(TypeError):
        next(iter(train(noisy_line(), lr=1e-3, epochs=5000)))


def test_near_divergence_the_map_is_left_before_its_error_repeats() -> None:
    """Over 10,000 epochs it would grow to 6e-5; over ten it stays far below 1e-9."""
    data, lr = noisy_line(74), 0.0302805617
    epoch = ordered_map(data, lr=lr, batch_size=2)
    assert not epoch.agrees_with_steps(10_000)
    stepped = record(step_by_step(data, lr=lr, batch_size=2, epochs=2000))
    mapped = record(by_map(data, lr=lr, batch_size=2, epochs=2000))
    assert_same(mapped, stepped, data, START)


def exact_contraction(data: Dataset, lr: float) -> float:
    """Return the spectral radius of an epoch from steps in 120 digits."""
    with localcontext() as digits:
        digits.prec = 120
        ends = []
        for weight, bias in [(Decimal(1), Decimal(0)), (Decimal(0), Decimal(1))]:
            w, b = weight, bias
            for x in map(Decimal, data.x.tolist()):
                move = 2 * Decimal(lr) * (w * x + b)
                w, b = w - move * x, b - move
            ends.append((w, b))
        (a, c), (b, d) = ends
        half, det = (a + d) / 2, a * d - b * c
        below = half * half - det
        radius = det.sqrt() if below < 0 else abs(half) + below.sqrt()
        return float(radius)


STRETCHING = [
    (50, 0.02, True),
    (50, 0.03036, True),
    (50, 0.0308, True),
    (80, 0.025, True),
    (80, 0.029, False),
    (80, 0.031, False),
    (100, 0.02836, False),
    (150, 0.02274, False),
    (200, 0.018, True),
    (200, 0.0195, False),
    (200, 0.0203, False),
    (200, 0.0217, False),
    (1000, 0.0135, False),
]


@pytest.mark.parametrize(("n", "lr", "known"), STRETCHING)
def test_growth_bounds_the_error_and_tells_what_is_known(n: int, lr: float, known: bool) -> None:
    """Where it is not known, the contraction may be wrong even in what is above 1."""
    data = noisy_line(n)
    epoch, exact = ordered_map(data, lr=lr), exact_contraction(data, lr)
    assert abs(epoch.contraction - exact) <= np.finfo(float).eps * epoch.growth
    assert epoch.known == known
    if known:
        assert epoch.contraction == pytest.approx(exact, rel=2e-4)
        assert epoch.diverges == (exact > 1)
    else:
        assert epoch.limit is None


def test_what_is_not_known_is_what_real_runs_do_not_show() -> None:
    """By the exact map it converges, by 0.567 an epoch; rounding makes the run overflow."""
    data, lr = noisy_line(200), 0.0205
    assert exact_contraction(data, lr) < 0.6
    assert len(list(step_by_step(data, lr=lr, epochs=500))) < 500
    assert not ordered_map(data, lr=lr).known


def test_x_far_from_zero_may_diverge_fast() -> None:
    """Half the trace of I - M is negative there: the other root would give 1.000."""
    data = Dataset(1e4 + np.arange(30.0), np.arange(30.0) % 3)
    epoch = ordered_map(data, lr=1.2e-8)
    assert epoch.contraction > 1000
    assert epoch.contraction == pytest.approx(exact_epoch(data, 1.2e-8).contraction(), rel=1e-6)


@pytest.mark.parametrize("middle", [5.0, 2005.0, 1e6])
@pytest.mark.parametrize("away", [(1e-9, -0.3), (-2.0, 1.0)])
@pytest.mark.parametrize("of_safe", [1e-9, 1e-5, 0.1])
def test_epochs_beyond_any_count_begin_at_the_start(
    middle: float, away: tuple[float, float], of_safe: float
) -> None:
    """In the fast direction they are far fewer. By powers of the exact matrix in 80 digits."""
    data = far_points(middle, 9.0)
    lr = of_safe * safe_rate(data)
    epoch, exact = ordered_map(data, lr=lr), exact_epoch(data, lr)
    assert epoch.limit is not None
    start = Line(epoch.limit.weight + away[0], epoch.limit.bias + away[1])
    found = epochs_to_one_percent(epoch, start)
    assert found is not None
    with localcontext() as digits:
        digits.prec = 80
        limit = [Decimal(v.numerator) / v.denominator for v in exact.limit()]
        offset = np.array([Decimal(v) for v in start]) - limit
        matrix = np.array(
            [[Decimal(v.numerator) / v.denominator for v in row] for row in exact.matrix]
        )

        def length(epochs: int) -> Decimal:
            power = np.linalg.matrix_power(matrix, epochs)
            return Decimal(sum((power @ offset) ** 2)).sqrt()

        goal = length(0) / 100
        assert length(int(found * (1 + 1e-5)) + 1) <= goal <= length(int(found * (1 - 1e-5)) - 1)


@pytest.mark.parametrize(
    ("x", "batch_size"), [([-1.0, 1.0], 1), ([-1.0, 0.0, 1.0], 3), ([-2.0, -1.0, 1.0, 2.0], 4)]
)
def test_at_its_safe_limit_it_may_alternate_for_ever(x: list[float], batch_size: int) -> None:
    data = Dataset(np.array(x), np.arange(len(x), dtype=np.float64) % 3)
    lr = safe_rate(data, batch_size=batch_size)
    epoch = ordered_map(data, lr=lr, batch_size=batch_size)
    assert epoch.alternates
    assert epoch.known
    assert epoch.limit is None
    start = Line(-1.0, 5.0)
    run = record(step_by_step(data, lr=lr, batch_size=batch_size, epochs=2000, start=start))
    np.testing.assert_allclose(run["weight"][-1], run["weight"][-3], rtol=1e-9)
    gap = np.hypot(*np.ptp([run[name][-2:] for name in ("weight", "bias")], axis=1))
    assert gap > 0.1
    assert not ordered_map(data, lr=0.99 * lr, batch_size=batch_size).alternates
