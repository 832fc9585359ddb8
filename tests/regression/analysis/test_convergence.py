"""The numbers that follow for a run, against what its data give directly."""

from typing import Any

import numpy as np
import pytest

from regression import (
    START,
    Dataset,
    Ending,
    Line,
    best_rate,
    cost,
    cost_by_rate,
    least_squares,
    noisy_line,
    record,
    safe_rate,
    step,
    suggestion,
    train,
)
from regression.analysis.epoch_map import ordered_map
from regression.checks import MAX_COUNT
from regression.data import Floats
from tests.helpers_analysis import POINTS, analysed, run_of

DATA = noisy_line(20, slope=3.0, intercept=7.0)


def test_the_cost_of_any_lines_is_that_over_the_points() -> None:
    run = analysed(DATA, lr=1e-3, epochs=5)
    weights, biases = np.linspace(-4, 9, 5)[:, None], np.linspace(-30, 40, 6)
    direct = [[cost(Line(w, b), DATA) for b in biases] for w in weights.ravel()]
    np.testing.assert_allclose(run.cost(weights, biases), direct, rtol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 7, 19, 20, 99])
@pytest.mark.parametrize("shuffled", [False, True])
def test_the_safe_rate_is_that_of_the_batches(batch_size: int, shuffled: bool) -> None:
    run = analysed(DATA, lr=1e-3, epochs=5, batch_size=batch_size, shuffle=shuffled)
    assert run.safe_rate == safe_rate(DATA, batch_size=batch_size, shuffled=shuffled)
    assert run.settings.shuffled == (shuffled and batch_size < 20)


@pytest.mark.parametrize("distance", [1e-9, 0.3, 50.0])
def test_progress_is_the_share_of_the_distance_that_is_covered(distance: float) -> None:
    limit = analysed(DATA, lr=1e-3, epochs=5).limit
    assert limit is not None
    w, b = limit
    run = analysed(DATA, lr=1e-3, epochs=5, start=Line(w + distance, b))
    assert run.progress(Line(w, b + distance / 4)) == pytest.approx(0.75, rel=1e-5)
    assert run.progress(Line(w - 2 * distance, b)) == pytest.approx(-1.0, rel=1e-5)
    assert run.progress(limit) == 1.0


def test_progress_of_a_run_that_starts_at_its_limit() -> None:
    limit = analysed(DATA, lr=1e-3, epochs=5).limit
    assert limit is not None
    run = analysed(DATA, lr=1e-3, epochs=5, start=limit)
    assert (run.progress(limit), run.progress(Line(0.0, 0.0))) == (1.0, 0.0)


LINE = np.linspace(-3.0, 8.0, 30)


@pytest.mark.parametrize("start", [START, Line(1e6, -1e6), Line(-1e15, 0.0)])
@pytest.mark.parametrize(
    ("y", "on_a_line"),
    [
        (2.5 * LINE - 1.0, True),
        (2.5 * LINE - 1.0 + 1e-3 * np.cos(LINE), False),
        (0.1 * LINE + 1e9, True),
        (0.1 * LINE + 1e4 + 1e-3 * np.cos(LINE), False),
        (np.full(30, 0.1), True),
        (np.zeros(30), True),
        (1e-3 * np.cos(LINE), False),
    ],
)
def test_whether_points_lie_on_a_line_is_a_matter_of_the_points_alone(
    start: Line, y: Floats, on_a_line: bool
) -> None:
    run = analysed(Dataset(LINE, y), lr=0.005, epochs=50, start=start)
    assert run.points_on_a_line == on_a_line
    assert run.limit_is_least_squares == on_a_line


def test_the_tutorials_x_are_well_conditioned() -> None:
    assert not analysed(noisy_line(), lr=0.001).ill_conditioned


@pytest.mark.parametrize(("mean", "std"), [(2005.0, 9.0), (0.0, 1e-3), (0.0, 1e4), (1e8, 1.0)])
def test_ill_conditioned_x_need_thousands_of_epochs_and_standardized_a_few_dozen(
    mean: float, std: float
) -> None:
    z = np.linspace(-1.5, 1.5, 31)
    y = z + np.random.default_rng(0).normal(size=31)
    data = Dataset(mean + std * z, y)
    run = analysed(data, lr="auto", epochs=50)
    assert run.ill_conditioned
    assert run.epochs_needed is not None
    assert run.epochs_needed > 1000
    standardized = Dataset((data.x - data.x.mean()) / data.x.std(), y)
    run = analysed(standardized, lr="auto", epochs=36)
    assert run.epochs_needed is not None
    assert run.epochs_needed <= 36
    assert not run.ill_conditioned


@pytest.mark.parametrize("data", [POINTS, noisy_line(37, noise=3.0, rng=8)])
@pytest.mark.parametrize("lr", [0.00002, 0.0001, 0.001, 0.02, 0.05])
def test_what_is_suggested_ends_as_promised_and_nearer(lr: float, data: Dataset) -> None:
    run, last = run_of(data, lr=lr)
    better = suggestion(data, run)
    assert better is not None
    *_, end = train(data, lr=better.lr, epochs=better.epochs)
    assert end.cost == pytest.approx(better.cost, rel=1e-6)
    before = last.cost if last is not None and last.epoch == 500 else np.inf
    assert run.excess(end.cost) < 0.8 * run.excess(before)


def test_at_the_best_rate_more_epochs_are_suggested() -> None:
    run = analysed(POINTS, lr="auto", epochs=100)
    better = suggestion(POINTS, run)
    assert better is not None
    assert better.epochs > 100
    assert better.lr < run.settings.lr


def test_what_is_suggested_for_a_shuffled_run_is_better_on_the_mean_over_runs() -> None:
    run = analysed(POINTS, lr=0.005, epochs=100, shuffle=True)
    better = suggestion(POINTS, run)
    assert better is not None

    def mean_cost(lr: float) -> float:
        rngs = map(np.random.default_rng, range(60))
        return float(
            np.mean([list(train(POINTS, lr=lr, epochs=100, shuffle=r))[-1].cost for r in rngs])
        )

    assert mean_cost(better.lr) < mean_cost(run.settings.lr)
    assert better.cost == pytest.approx(mean_cost(better.lr), rel=0.02)


@pytest.mark.parametrize(
    ("data", "settings", "in_vain"),
    [
        (Dataset(np.arange(3.0), 1 - np.arange(3.0)), {"lr": 0.1, "epochs": 10}, True),
        (noisy_line(slope=0, intercept=0, noise=0), {"lr": 0.005, "epochs": 5000}, True),
        (noisy_line(slope=0, intercept=0, noise=0), {"lr": 0.0001, "epochs": 5}, False),
    ],
)
def test_nothing_is_suggested_at_least_squares(
    data: Dataset, settings: dict[str, float], in_vain: bool
) -> None:
    """The first starts there; the others, all y 0, are measured against the start's cost."""
    assert (suggestion(data, analysed(data, **settings)) is None) == in_vain


def test_no_more_epochs_are_suggested_than_are_allowed() -> None:
    data = noisy_line()
    run = analysed(data, lr=1e-9, epochs=MAX_COUNT // 2)
    better = suggestion(data, run)
    assert better is not None
    assert better.epochs <= MAX_COUNT


@pytest.mark.parametrize("lr", [2.3e-308, 1e-300, 1e-160, 1e-100, 1e-30])
def test_a_tiny_rate_has_the_limit_of_a_small_one(lr: float) -> None:
    data = noisy_line()
    tiny, small = ordered_map(data, lr=lr), ordered_map(data, lr=1e-14)
    assert tiny.limit == pytest.approx(small.limit, rel=1e-9)
    assert tiny.log_contraction / lr == pytest.approx(small.log_contraction / 1e-14, rel=1e-9)


def test_one_batch_of_all_is_the_same_in_any_order() -> None:
    data = noisy_line()
    same = {"lr": 0.01, "epochs": 9, "batch_size": 50}
    assert analysed(data, **same, shuffle=True) == analysed(data, **same)
    rates = [
        best_rate(data, epochs=9, batch_size=64, start=START, shuffled=shuffled)
        for shuffled in (False, True)
    ]
    assert rates[0] == rates[1]


def test_the_condition_number_is_that_of_the_cost() -> None:
    for data in (noisy_line(), Dataset(5.0 + np.arange(9.0), np.arange(9.0) ** 2), DATA):
        a = np.c_[data.x, np.ones(len(data))]
        run = analysed(data, lr=1e-3)
        assert run.condition == pytest.approx(np.linalg.cond(a.T @ a), rel=1e-9)
    x = np.array([-1.0, 1.0, -1.0, 1.0])
    assert analysed(Dataset(x, x + x**2), lr=1e-3).condition == 1.0


def test_half_the_safe_limit_is_where_steps_begin_to_pass_their_own_line() -> None:
    """At the largest x: up to it the error keeps its sign, above it changes it."""
    run = analysed(POINTS, lr=1e-3)
    x, y = float(POINTS.x.max()), 3.0
    for lr, keeps in (
        (0.999 * run.overshooting_rate, True),
        (1.001 * run.overshooting_rate, False),
    ):
        weight, bias = step(-1.0, 1.0, [x], [y], lr)
        assert ((weight * x + bias - y) * (-x + 1.0 - y) > 0) == keeps


def test_no_share_of_a_lowest_cost_that_is_only_rounding() -> None:
    run = analysed(noisy_line(noise=0, slope=3.3), lr=0.0099)
    assert run.limit_cost is not None
    assert run.excess_share(run.limit_cost) is None
    noisy = analysed(noisy_line(), lr=0.001)
    assert noisy.limit_cost is not None
    share = noisy.limit_cost / cost(least_squares(noisy_line()), noisy_line()) - 1
    assert noisy.excess_share(noisy.limit_cost) == pytest.approx(share)


TWO = Dataset(np.array([0.0, 1.0]), np.array([1.0, 3.0]))
SYMMETRIC = Dataset(np.array([-1.0, 1.0]), np.array([0.0, 1.0]))
FAR_START = Line(1e6, 1.0)

ENDINGS: list[tuple[Ending, Dataset, dict[str, Any], str]] = [
    (Ending.ON_ITS_WAY, noisy_line(), {"lr": 0.0001}, "the tutorial's run"),
    (Ending.CONVERGED, noisy_line(), {"lr": 0.001}, "ten times the rate"),
    (Ending.ON_ITS_WAY, noisy_line(), {"lr": 0.0001, "epochs": 1794}, "one epoch short"),
    (Ending.CONVERGED, noisy_line(), {"lr": 0.0001, "epochs": 1795}, "and there"),
    (
        Ending.ON_ITS_WAY,
        noisy_line(),
        {"lr": 0.001, "epochs": 126, "start": FAR_START},
        "1 % of the distance is left, and a cost of 1.5e9",
    ),
    (Ending.ON_ITS_WAY, noisy_line(slope=1000), {"lr": 0.001, "epochs": 200}, "cost 86, not 39"),
    (Ending.CONVERGED, noisy_line(noise=0), {"lr": 0.005}, "a limit that costs nothing"),
    (Ending.HOVERING, noisy_line(), {"lr": 0.001, "shuffle": True}, "shuffled"),
    (Ending.ON_ITS_WAY, noisy_line(), {"lr": 0.0001, "shuffle": True}, "shuffled, too short"),
    (Ending.DIVERGING, noisy_line(), {"lr": 0.02475, "shuffle": True}, "its mean square grows"),
    (Ending.CONVERGED, noisy_line(), {"lr": 0.02, "batch_size": 50, "shuffle": True}, "no order"),
    (Ending.STARTED_AT_LIMIT, TWO, {"lr": 0.1, "start": Line(2.0, 1.0)}, "its limit"),
    (Ending.USELESS_LIMIT, noisy_line(), {"lr": 0.02}, "steps amplify by thousands"),
    (Ending.USELESS_LIMIT, noisy_line(), {"lr": 0.0329, "batch_size": 2}, "beyond the threshold"),
    (Ending.CONVERGED, noisy_line(), {"lr": 0.0105, "start": Line(1.1, -2.4)}, "a good start"),
    (Ending.DIVERGING, noisy_line(), {"lr": 0.031, "epochs": 20}, "slowly"),
    (Ending.OVERFLOWED, noisy_line(), {"lr": 0.05}, "fast"),
    (Ending.OVERFLOWED, noisy_line(), {"lr": 1e300}, "at once"),
    (Ending.OVERFLOWED, noisy_line(), {"lr": 0.05, "epochs": 17}, "in its last epoch"),
    (Ending.ALTERNATING, SYMMETRIC, {"lr": 0.5}, "a radius of exactly 1"),
    (Ending.UNKNOWN, noisy_line(150), {"lr": 0.02274}, "hovers at 1e33 by rounding alone"),
    (Ending.UNKNOWN, noisy_line(100), {"lr": 0.02836}, "and this"),
    (Ending.UNKNOWN, noisy_line(80), {"lr": 0.031}, "and this"),
    (Ending.OVERFLOWED, noisy_line(200), {"lr": 0.0205}, "though the exact map converges"),
]


@pytest.mark.parametrize(("ending", "data", "settings", "why"), ENDINGS)
def test_how_a_run_ended(ending: Ending, data: Dataset, settings: dict[str, Any], why: str) -> None:
    run, last = run_of(data, **settings)
    assert run.ending(last) is ending, why


@pytest.mark.parametrize(
    ("data", "settings"),
    [
        (noisy_line(), {"lr": 0.001, "start": FAR_START}),
        (noisy_line(), {"lr": 0.0001}),
        (noisy_line(noise=0), {"lr": 0.005}),
        (noisy_line(slope=1000), {"lr": 0.001}),
    ],
)
def test_the_epochs_needed_are_those_of_a_real_run(data: Dataset, settings: dict[str, Any]) -> None:
    """Near by distance and by cost from then on, and not an epoch before."""
    run = analysed(data, **settings)
    assert run.limit is not None
    assert run.epochs_needed is not None
    history = record(train(data, **settings, epochs=run.epochs_needed))
    away = np.hypot(history["weight"] - run.limit.weight, history["bias"] - run.limit.bias)
    near = away <= 0.01 * np.hypot(*np.subtract(run.settings.start, run.limit))
    about_mean = np.square(data.y - data.y.mean()).sum()
    limit_cost = cost(run.limit, data)
    allowed = 1e-4 * about_mean if data.y[0] == -2.0 else 0.01 * limit_cost
    near &= history["cost"] <= limit_cost + allowed
    assert near.tolist() == [False] * (len(near) - 1) + [True]


def test_the_epochs_left_lead_to_its_end() -> None:
    run, last = run_of(noisy_line(), lr=0.0001)
    assert last is not None
    assert run.epochs_left(last) == 1295
    longer, end = run_of(noisy_line(), lr=0.0001, epochs=500 + 1295)
    assert end is not None
    assert longer.ending(end) is Ending.CONVERGED
    assert longer.epochs_left(end) == 0
    diverging, last = run_of(noisy_line(), lr=0.031, epochs=20)
    assert last is not None
    assert diverging.epochs_left(last) is None


def test_the_cost_by_rate_is_that_of_real_runs() -> None:
    settings = train(POINTS, lr=0.5, epochs=60, start=Line(3.0, 3.0)).settings
    rates = np.array([1e-5, 1e-3, 0.0099, 0.02])
    costs = [list(train(POINTS, lr=lr, epochs=60, start=Line(3.0, 3.0)))[-1].cost for lr in rates]
    np.testing.assert_allclose(cost_by_rate(POINTS, settings, rates), costs, rtol=1e-6)


@pytest.mark.parametrize("lr", [0.02274, 0.03, 1e-3])
def test_rates_too_large_for_the_data_are_answered_not_refused(lr: float) -> None:
    for points in (80, 100, 150, 200):
        for batch_size in (1, 2):
            run = analysed(noisy_line(points), lr=lr, batch_size=batch_size)
            assert (run.limit is None) == (run.limit_cost is None)
            assert run.known or run.limit is None
