"""The trainer against a step by hand, TensorFlow's own trace, and least squares."""

import re
from typing import Any

import numpy as np
import pytest

from regression import (
    Dataset,
    Line,
    UserError,
    best_rate,
    cost,
    least_squares,
    noisy_line,
    record,
    safe_rate,
    step,
    train,
)
from regression.checks import MAX_COUNT
from regression.line import START
from regression.sgd import MIN_VISITS_FOR_MAP
from tests.helpers_analysis import FOLDER, POINTS, by_map, step_by_step

X, Y = np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0])


def test_one_step_worked_by_hand() -> None:
    """e = -1*2 + 1 - 3 = -4; dW = 2*e*x = -16, db = 2*e = -8; at rate 1/8 W and b gain 2 and 1."""
    assert step(-1.0, 1.0, [2.0], [3.0], 0.125) == (1.0, 2.0)


def test_a_batch_descends_the_mean() -> None:
    """Two points with gradients (-16, -8) and (0, 0) move half as far as the first alone."""
    assert step(-1.0, 1.0, [2.0, 1.0], [3.0, 0.0], 0.125) == (0.0, 1.5)


@pytest.mark.parametrize("lr", ["0.0001", "0.001"])
def test_training_follows_tensorflow(lr: str) -> None:
    trace = np.genfromtxt(FOLDER / f"tensorflow_lr{lr}.csv", delimiter=",", names=True)
    history = record(train(POINTS, lr=float(lr), epochs=500))
    assert len(history) == len(trace) == 500
    for name in ("epoch", "weight", "bias", "cost"):
        np.testing.assert_allclose(history[name], trace[name], rtol=1e-4, atol=1e-5)


def test_a_long_run_at_a_small_rate_reaches_least_squares() -> None:
    data = noisy_line(20)
    *_, last = train(data, lr=1e-5, epochs=60_000)
    weight, bias = np.linalg.lstsq(np.c_[data.x, np.ones(20)], data.y, rcond=None)[0]
    assert last.weight == pytest.approx(weight, abs=1e-2)
    assert last.bias == pytest.approx(bias, abs=1e-2)


def test_the_full_batch_is_gradient_descent_to_least_squares_exactly() -> None:
    data = noisy_line(20)
    *_, last = train(data, lr=0.02, epochs=4000, batch_size=len(data))
    assert (last.weight, last.bias) == pytest.approx(tuple(least_squares(data)), rel=1e-6)


def test_the_last_short_batch_is_averaged_over_its_own_length() -> None:
    (got,) = train(Dataset(X, Y), lr=0.1, epochs=1, batch_size=2, start=Line(0.0, 0.0))
    weight, bias = step(*step(0.0, 0.0, [0.0, 1.0], [1.0, 3.0], 0.1), [2.0], [5.0], 0.1)
    assert (got.weight, got.bias) == (weight, bias)


def test_shuffle_draws_a_new_order_each_epoch_from_its_generator() -> None:
    """Replays the same Generator, with the steps taken one by one."""
    data, order = noisy_line(), np.random.default_rng(5)
    weight, bias = -1.0, 1.0
    for got in train(data, lr=0.01, epochs=3, shuffle=np.random.default_rng(5)):
        for i in order.permutation(len(data)):
            weight, bias = step(weight, bias, [float(data.x[i])], [float(data.y[i])], 0.01)
        assert (got.weight, got.bias) == (weight, bias)


@pytest.mark.parametrize("batch_size", [1, 7, 50, 60])
@pytest.mark.parametrize("seed", [None, 5])
def test_the_first_steps_are_those_of_the_first_epoch(batch_size: int, seed: int | None) -> None:
    """Each names its points; walked again by hand they lead where the epoch ends."""
    data = noisy_line()
    order = np.arange(50) if seed is None else np.random.default_rng(seed).permutation(50)
    rng = None if seed is None else np.random.default_rng(seed)
    run = train(data, lr=0.004, epochs=1, batch_size=batch_size, shuffle=rng)
    line = Line(-1.0, 1.0)
    used: list[int] = []
    taken = run.first_steps(99)
    for number, each in enumerate(taken, start=1):
        assert (each.number, each.before) == (number, line)
        xs, ys = data.x[each.points].tolist(), data.y[each.points].tolist()
        line = Line(*step(*line, xs, ys, 0.004))
        assert each.after == line
        assert each.cost == cost(line, data)
        used += each.points
    assert used == (order if batch_size < 50 else np.arange(50)).tolist()
    (epoch,) = run
    assert (epoch.line, epoch.cost) == (line, taken[-1].cost)
    assert run.first_steps(2) == taken[:2]


def test_first_steps_end_within_the_numbers() -> None:
    assert train(noisy_line(), lr=1e300, epochs=1).first_steps(9) == []
    costs = [taken.cost for taken in train(noisy_line(), lr=10.0, epochs=1).first_steps(50)]
    assert np.isfinite(costs).all()


@pytest.mark.parametrize("seed", [None, 7])
def test_the_first_steps_do_not_disturb_the_run(seed: int | None) -> None:
    """Asked for before, while or after it trains, they are those of its first epoch."""
    rng = None if seed is None else np.random.default_rng(seed)
    run = train(noisy_line(12), lr=0.004, epochs=3, batch_size=5, shuffle=rng)
    untouched = list(run)
    wanted = run.first_steps(9)
    half = iter(run)
    assert next(half) == untouched[0]
    assert run.first_steps(9) == wanted
    assert list(run) == untouched
    assert list(half) == untouched[1:]
    assert untouched[0].line == wanted[-1].after


def test_snapshots_count_from_one_and_carry_the_cost_after_the_epoch() -> None:
    data = noisy_line()
    for number, got in enumerate(train(data, lr=1e-3, epochs=3), start=1):
        assert got.epoch == number
        error = got.weight * data.x + got.bias - data.y
        assert got.cost == pytest.approx(np.square(error).sum())


def test_a_diverging_run_ends_at_its_last_finite_epoch() -> None:
    history = record(train(noisy_line(), lr=0.05, epochs=500))
    assert 0 < len(history) < 500
    for name in ("weight", "bias", "cost"):
        assert np.isfinite(history[name]).all()


def test_a_run_can_leave_in_its_first_epoch() -> None:
    assert len(record(train(noisy_line(), lr=1e300, epochs=5))) == 0


def test_a_run_by_the_map_keeps_its_batches_and_its_start() -> None:
    """As many visits as take the map give, epoch after epoch, what the steps alone give."""
    data, start = noisy_line(12), Line(0.5, -0.25)
    many = MIN_VISITS_FOR_MAP // len(data) + 1
    by_steps = train(data, lr=0.004, epochs=40, batch_size=5, start=start)
    by_map = train(data, lr=0.004, epochs=many, batch_size=5, start=start)
    for one, other in zip(by_steps, by_map):
        assert one.epoch == other.epoch
        assert one[1:] == pytest.approx(other[1:], rel=1e-9)


def test_the_map_is_taken_above_so_many_visits_only() -> None:
    """At that many the snapshots are those of steps to the last bit."""
    data = noisy_line(30)
    exact = list(train(data, lr=0.001, epochs=9))
    long = iter(train(data, lr=0.001, epochs=MIN_VISITS_FOR_MAP // 30))
    assert [next(long) for _ in range(9)] == exact


def test_a_long_run_by_the_map_ends_at_its_last_finite_epoch() -> None:
    snapshots = list(train(noisy_line(), lr=0.031, epochs=100_000))
    assert 10 < len(snapshots) < 100_000
    assert np.isfinite(snapshots).all()
    short = list(train(noisy_line(), lr=0.031, epochs=500))
    assert [each.epoch for each in snapshots[:500]] == [each.epoch for each in short]


@pytest.mark.parametrize("batch_size", [1, 3, 32, 700])
@pytest.mark.parametrize("of_safe", [0.01, 1.0, 1.5, 2.5])
def test_shuffled_the_two_ways_of_training_agree(batch_size: int, of_safe: float) -> None:
    """The same seed gives the same run, by steps and by matrices, up to the same last epoch."""
    data = noisy_line(1400, rng=2)
    run = {"lr": of_safe * safe_rate(data, batch_size=batch_size, shuffled=True)}
    run |= {"epochs": 25, "batch_size": batch_size}
    stepped, mapped = (
        record(train_so(data, **run, shuffle=np.random.default_rng(3)))
        for train_so in (step_by_step, by_map)
    )
    assert len(stepped) == len(mapped)
    for name in ("weight", "bias", "cost"):
        size = np.maximum.accumulate(np.abs(stepped[name]))
        assert (np.abs(stepped[name] - mapped[name]) <= 1e-9 * size).all()


def test_a_long_shuffled_run_is_the_same_each_time() -> None:
    run = train(noisy_line(1000), lr=0.001, epochs=40, shuffle=True)
    assert list(run) == list(run)
    assert run.first_steps(3)[2].number == 3
    order = np.random.default_rng(0).permutation(1000)
    assert [taken.points for taken in run.first_steps(3)] == [[i] for i in order[:3]]


@pytest.mark.parametrize("seed", [None, 3])
def test_standardized_training_is_that_on_standardized_points(seed: int | None) -> None:
    """Its lines give at each x what those of the other training give there, in y's own unit."""
    data = noisy_line(40, slope=-30, intercept=500, rng=4)
    u = (data.x - np.mean(data.x)) / np.std(data.x)
    v = (data.y - np.mean(data.y)) / np.std(data.y)
    settings: dict[str, Any] = {"lr": 0.1, "epochs": 4, "batch_size": 7, "start": Line(2.0, 0.5)}
    order = [None, None] if seed is None else [np.random.default_rng(seed) for _ in range(2)]
    own = train(data, **settings, shuffle=order[0], standardize=True)
    there = train(Dataset(u, v), **settings, shuffle=order[1])

    def is_the_same(line: Line, cost_now: float, other: Line) -> None:
        wanted = np.mean(data.y) + np.std(data.y) * (other.weight * u + other.bias)
        np.testing.assert_allclose(line.weight * data.x + line.bias, wanted, rtol=1e-9)
        assert cost_now == pytest.approx(np.square(wanted - data.y).sum(), rel=1e-9)

    assert [got.epoch for got in own] == [1, 2, 3, 4]
    for got, other in zip(own, there):
        is_the_same(got.line, got.cost, other.line)
    steps, others = own.first_steps(5), there.first_steps(5)
    assert [(one.number, one.points) for one in steps] == [(s.number, s.points) for s in others]
    assert len(steps) == 5
    for one, of in zip(steps, others):
        is_the_same(one.after, one.cost, of.after)
    assert [one.before for one in steps[1:]] == [one.after for one in steps[:-1]]


COUNTS = f"expected a whole number from 1 to {MAX_COUNT:,}, not "
POSITIVE = "lr: expected a positive number, not "
FAR = "start: expected a cost that float64 can hold, not that of W = "


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"lr": 0.0}, POSITIVE + "0.0"),
        ({"lr": -1}, POSITIVE + "-1"),
        ({"lr": float("nan")}, POSITIVE + "nan"),
        ({"lr": float("inf")}, POSITIVE + "inf"),
        ({"lr": True}, POSITIVE + "True"),
        ({"lr": "best"}, POSITIVE + "'best'"),
        *[({"epochs": v}, f"epochs: {COUNTS}{v!r}") for v in (0, -1, 1.5, "2", True)],
        *[({"batch_size": v}, f"batch_size: {COUNTS}{v!r}") for v in (0, -1, 1.5, "2")],
        ({"start": Line(float("nan"), 0.0)}, FAR + "nan, b = 0"),
        ({"start": Line(1e200, 0.0)}, FAR + "1e+200, b = 0"),
    ],
)
def test_a_setting_out_of_range_is_refused_before_the_first_epoch(
    setting: dict[str, Any], words: str
) -> None:
    with pytest.raises(UserError, match=f"^{re.escape(words)}$"):
        train(noisy_line(), **{"lr": 0.1, "epochs": 1, **setting})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"data": [1.0, 2.0]}, "data is [1.0, 2.0]; a Dataset is what read_csv() returns"),
        ({"shuffle": 0}, "shuffle: expected True or numpy.random.default_rng(0), not 0"),
    ],
)
def test_what_is_of_another_kind_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(TypeError, match=re.escape(words)):
        train(**{"data": noisy_line(5), "lr": 0.1, "epochs": 1, **changed})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"start": (2.0, 3.0)}, {"start": Line(2.0, 3.0)}),
        ({"shuffle": True}, {"shuffle": np.random.default_rng(0)}),
        ({"shuffle": False}, {}),
        ({"batch_size": 10**7}, {"batch_size": 5}),
        ({"batch_size": 5, "shuffle": True}, {"batch_size": 5}),
        ({"lr": "auto"}, {"lr": best_rate(noisy_line(5), epochs=2, start=START)}),
        (
            {"lr": "auto", "shuffle": True},
            {
                "lr": best_rate(noisy_line(5), epochs=2, start=START, shuffled=True),
                "shuffle": np.random.default_rng(0),
            },
        ),
    ],
)
def test_two_ways_to_say_one_setting(one: dict[str, Any], other: dict[str, Any]) -> None:
    both = [list(train(noisy_line(5), **{"lr": 0.01, "epochs": 2, **s})) for s in (one, other)]
    assert both[0] == both[1]


def test_a_training_shows_its_settings() -> None:
    run = train(noisy_line(), lr=0.001, epochs=7, shuffle=True)
    assert repr(run) == "<training: 50 points, lr 0.001, 7 epochs, shuffled>"
    run = train(noisy_line(7), lr=0.01, epochs=3)
    assert repr(run) == "<training: 7 points, lr 0.01, 3 epochs>"


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("epochs", [30, 3000])
def test_numbers_of_numpy_overflow_without_a_warning_too(kind: type[float], epochs: int) -> None:
    run = train(noisy_line(), lr=kind(0.0625), epochs=epochs, start=Line(kind(-1), kind(1)))
    expected = [*train(noisy_line(), lr=0.0625, epochs=epochs)]
    assert 1 < len(expected) < epochs
    assert [*run] == expected
