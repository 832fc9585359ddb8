"""The numbers that follow for a run, against what its data give directly."""

import numpy as np
import pytest

from regression import (
    START,
    Dataset,
    Line,
    best_rate,
    cost,
    noisy_line,
    safe_rate,
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
    assert (run.diverging_rate is None) == run.settings.shuffled


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
    run = analysed(POINTS, lr="auto")
    better = suggestion(POINTS, run)
    assert better is not None
    assert better.epochs > 500
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
    best = best_rate(data, epochs=MAX_COUNT // 2, start=START)
    better = suggestion(data, analysed(data, lr=best, epochs=MAX_COUNT // 2))
    assert better is not None
    assert better.epochs == MAX_COUNT


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
