"""The words against the runs they describe: every number recomputed, every advice followed."""

import re
from pathlib import Path

import numpy as np
import pytest

from regression import (
    START,
    Dataset,
    Line,
    Convergence,
    Snapshot,
    advice,
    auto_choice,
    best_rate,
    cost,
    divergence,
    explanation,
    noisy_line,
    convergence,
    rate_warning,
    read_csv,
    summary,
    train,
)
from regression.option_values import MAX_COUNT

POINTS = read_csv(Path(__file__).parent / "points.csv")


def run_of(
    lr: float, epochs: int = 500, shuffled: bool = False, data: Dataset = POINTS
) -> tuple[Convergence, Snapshot | None]:
    """Return the convergence of a run and the last snapshot of the run itself."""
    shuffle = np.random.default_rng(3) if shuffled else None
    snapshots = list(train(data, lr=lr, epochs=epochs, shuffle=shuffle))
    run = outlook(data, lr=lr, epochs=epochs, shuffled=shuffled)
    return run, snapshots[-1] if snapshots else None


def numbers(line: str) -> list[float]:
    return [float(text) for text in re.findall(r"-?\d+\.?\d*(?:e[+-]\d+)?", line)]


@pytest.mark.parametrize("lr", [0.0001, 0.001])
def test_the_summary_tells_the_truth(lr: float) -> None:
    run, last = run_of(lr)
    least, settles, way, rates = summary(run, last)
    matrix = np.c_[POINTS.x, np.ones(len(POINTS))]
    best = np.linalg.lstsq(matrix, POINTS.y, rcond=None)[0]
    minimum_cost = np.square(matrix @ best - POINTS.y).sum()
    assert numbers(least) == pytest.approx([*best, minimum_cost], rel=5.1e-4)

    long = list(train(POINTS, lr=lr, epochs=40_000))
    rest = Line(*long[-1][1:3])
    excess = 100 * (long[-1].cost / minimum_cost - 1)
    assert numbers(settles) == pytest.approx([*rest, long[-1].cost, excess], rel=5.1e-4)

    def away(line: Line) -> float:
        return float(np.hypot(line.weight - rest.weight, line.bias - rest.bias))

    near = next(s.epoch for s in long if away(Line(*s[1:3])) <= 0.01 * away(START))
    assert last is not None
    gone = 100 * (1 - away(Line(*last[1:3])) / away(START))
    said = [near - 500, 1] if near > 500 else [1, near]
    assert numbers(way) == pytest.approx([gone, *said], rel=5.1e-4)
    assert ("more epochs" in way) == (near > 500)
    assert numbers(rates)[0] <= 1 / 101
    assert numbers(rates)[0] == pytest.approx(1 / 101, rel=2e-4)
    assert run.diverging_rate == pytest.approx(numbers(rates)[1], rel=5.1e-4)


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("lr", [1e-8, 0.0001, 0.001, 0.0099, 0.02, 0.05, 1e300])
def test_every_line_fits_a_terminal(lr: float, shuffled: bool) -> None:
    run, last = run_of(lr, shuffled=shuffled)
    lines = [*summary(run, last), auto_choice(run)]
    lines += explanation(run, last, advice(POINTS, run)).splitlines()
    lines += [rate_warning(run) or "", divergence(run, last) or ""]
    assert max(map(len, lines)) <= 80
    assert not any("nan" in line or "inf " in line for line in lines if lr < 1)
    assert len(summary(run, last)) == 4


@pytest.mark.parametrize("data", [POINTS, noisy_line(37, noise=3.0, rng=8)])
@pytest.mark.parametrize("lr", [0.00002, 0.0001, 0.001, 0.02, 0.05])
def test_what_to_try_next_makes_it_better(lr: float, data: Dataset) -> None:
    run, last = run_of(lr, data=data)
    text = explanation(run, last, advice(data, run))
    command = text.splitlines()[-1].strip()
    found = re.fullmatch(r"python main\.py --lr (\S+) --epochs (\d+)", command)
    assert found is not None
    *_, better = train(data, lr=float(found[1]), epochs=int(found[2]))
    before = last.cost if last is not None and last.epoch == run.epochs else np.inf
    assert better.cost - run.minimum_cost < 0.8 * (before - run.minimum_cost) + 1e-9
    promised = re.search(r"ends at a cost of (\S+)", " ".join(text.split()))
    assert promised is not None
    assert float(promised[1]) == pytest.approx(better.cost, rel=6e-4)


def test_what_to_try_next_when_the_rate_is_the_best_already_is_more_epochs() -> None:
    run, _ = run_of(best_rate(POINTS, epochs=500, start=START))
    better = advice(POINTS, run)
    assert better is not None
    assert better.epochs > 500
    assert better.lr < run.lr


def test_what_to_try_next_when_shuffled_is_better_on_the_mean_over_runs() -> None:
    run, _ = run_of(0.005, epochs=100, shuffled=True)
    better = advice(POINTS, run)
    assert better is not None
    costs = [
        np.mean(
            [
                list(train(POINTS, lr=lr, epochs=100, shuffle=np.random.default_rng(seed)))[-1].cost
                for seed in range(60)
            ]
        )
        for lr in (run.lr, better.lr)
    ]
    assert costs[1] < costs[0]
    assert better.cost == pytest.approx(costs[1], rel=0.02)


def test_at_least_squares_already_there_is_nothing_to_try() -> None:
    data = Dataset(np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.0, -1.0]))
    run = outlook(data, lr=0.1, epochs=10)
    assert advice(data, run) is None
    last = Snapshot(10, -1.0, 1.0, 0.0)
    assert "noticeably nearer" in explanation(run, last, None)
    assert "above" not in " ".join(summary(run, last))


def test_the_warning_names_the_safe_rate_and_comes_above_it_only() -> None:
    assert rate_warning(run_of(1 / 101)[0]) is None
    run, _ = run_of(0.0202)
    warning = rate_warning(run)
    assert warning is not None
    assert numbers(warning) == pytest.approx([0.0202, 0.0202 * 101, 1 / 101], rel=2e-4)
    assert "\n" not in warning


@pytest.mark.parametrize("lr", [0.05, 1e300])
def test_a_diverging_run_says_when_and_how_much_too_large(lr: float) -> None:
    run, last = run_of(lr)
    finished = 0 if last is None else last.epoch
    line = divergence(run, last)
    assert line is not None
    assert numbers(line) == pytest.approx([finished + 1, lr, lr * 101], rel=5.1e-4)
    assert "nowhere" in summary(run, last)[1]
    assert f"epoch {finished + 1}" in summary(run, last)[2]
    assert divergence(*run_of(0.001)) is None


def test_a_run_that_starts_out_of_range_is_not_blamed_on_the_rate() -> None:
    run = outlook(POINTS, lr=1e-3, epochs=5, start=Line(1e200, 0.0))
    line = divergence(run, None)
    assert line is not None
    assert "too large" not in line


def test_shuffled_there_is_no_number_for_what_each_epoch_does() -> None:
    run, last = run_of(0.001, shuffled=True)
    assert run.diverging_rate is None
    lines = summary(run, last)
    assert "expected" in lines[1]
    assert "another map" in lines[3]
    assert run.limit_cost == pytest.approx(cost(run.limit or START, POINTS), rel=1e-9)


def test_the_way_is_0_at_the_start_1_on_arrival_and_negative_beyond() -> None:
    run, _ = run_of(0.001)
    assert run.limit is not None
    assert run.progress(START) == 0
    assert run.progress(run.limit) == 1
    beyond = Line(2 * START.weight - run.limit.weight, 2 * START.bias - run.limit.bias)
    assert run.progress(beyond) == pytest.approx(-1)


def test_points_beyond_all_reason_are_answered_without_a_warning() -> None:
    data = Dataset(np.array([1e139, 5e139, -1e139]), np.array([1.0, 2.0, 5.0]))
    run = outlook(data, lr=1e-3, epochs=3)
    assert run.limit is None
    assert len(summary(run, None)) == 4


def test_where_every_y_is_0_what_is_nothing_is_so_beside_the_start() -> None:
    data = noisy_line(slope=0, intercept=0, noise=0)
    assert advice(data, outlook(data, lr=0.005, epochs=5000)) is None
    assert advice(data, outlook(data, lr=0.0001, epochs=5)) is not None


def test_what_to_try_next_is_no_more_epochs_than_can_be_asked_for() -> None:
    data = noisy_line()
    best = best_rate(data, epochs=MAX_COUNT // 2, start=START)
    better = advice(data, outlook(data, lr=best, epochs=MAX_COUNT // 2))
    assert better is not None
    assert better.epochs == MAX_COUNT


@pytest.mark.parametrize("shuffled", [False, True])
def test_who_starts_on_arrival_is_not_told_after_how_many_epochs(shuffled: bool) -> None:
    data, start = Dataset(np.array([0.0, 1.0]), np.array([1.0, 3.0])), Line(2.0, 1.0)
    run = outlook(data, lr=0.1, epochs=5, start=start, shuffled=shuffled)
    text = " ".join(explanation(run, Snapshot(5, *start, 0.0), None).split())
    assert "This run has arrived: it started there." in text
