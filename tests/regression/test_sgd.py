"""The trainer against a step by hand, TensorFlow's own trace, and least squares."""

from pathlib import Path

import numpy as np
import pytest

from regression import (
    Dataset,
    Line,
    cost,
    first_steps,
    least_squares,
    noisy_line,
    read_csv,
    record,
    step,
    train,
)

HERE = Path(__file__).parent
X, Y = np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0])


def test_one_step_worked_by_hand() -> None:
    """e = -1*2 + 1 - 3 = -4; dW = 2*e*x = -16, db = 2*e = -8; at rate 1/8 W and b gain 2 and 1."""
    assert step(-1.0, 1.0, [2.0], [3.0], 0.125) == (1.0, 2.0)


def test_a_batch_descends_the_mean() -> None:
    """Two samples with gradients (-16, -8) and (0, 0) move half as far as the first alone."""
    assert step(-1.0, 1.0, [2.0, 1.0], [3.0, 0.0], 0.125) == (0.0, 1.5)


@pytest.mark.parametrize("lr", ["0.0001", "0.001"])
def test_training_follows_tensorflow(lr: str) -> None:
    trace = np.genfromtxt(HERE / f"tensorflow_lr{lr}.csv", delimiter=",", names=True)
    history = record(train(read_csv(HERE / "points.csv"), lr=float(lr), epochs=500))
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
def test_the_first_steps_lead_where_the_first_epoch_ends(batch_size: int, seed: int | None) -> None:
    data = noisy_line()
    rngs = [None if seed is None else np.random.default_rng(seed) for _ in range(2)]
    (epoch,) = train(data, lr=0.004, epochs=1, batch_size=batch_size, shuffle=rngs[0])
    steps = list(first_steps(data, lr=0.004, batch_size=batch_size, shuffle=rngs[1]))
    assert [taken.number for taken in steps] == list(range(1, -(-50 // batch_size) + 1))
    assert steps[-1].after == (epoch.weight, epoch.bias)
    assert steps[-1].cost == epoch.cost


@pytest.mark.parametrize("seed", [None, 5])
def test_each_first_step_names_the_samples_it_used(seed: int | None) -> None:
    data = noisy_line()
    order = np.arange(50) if seed is None else np.random.default_rng(seed).permutation(50)
    rng = None if seed is None else np.random.default_rng(seed)
    line = (-1.0, 1.0)
    used: list[int] = []
    for taken in first_steps(data, lr=0.004, batch_size=7, shuffle=rng):
        assert taken.before == line
        xs, ys = data.x[taken.samples].tolist(), data.y[taken.samples].tolist()
        line = step(*line, xs, ys, 0.004)
        assert taken.after == line
        assert taken.cost == cost(taken.after, data)
        used += taken.samples
    assert used == order.tolist()


def test_first_steps_end_within_the_numbers() -> None:
    assert list(first_steps(noisy_line(), lr=1e300)) == []
    assert np.isfinite([taken.cost for taken in first_steps(noisy_line(), lr=10.0)]).all()


def test_first_steps_refuse_what_train_refuses() -> None:
    with pytest.raises(ValueError, match="lr"):
        first_steps(noisy_line(), lr=float("nan"))


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


@pytest.mark.parametrize(
    "setting",
    [
        {"lr": 0.0},
        {"lr": float("nan")},
        {"lr": float("inf")},
        {"epochs": 0},
        {"batch_size": 0},
        {"start": Line(float("nan"), 0.0)},
        {"start": Line(1e200, 0.0)},
    ],
)
def test_a_setting_out_of_range_is_refused_before_the_first_epoch(
    setting: dict[str, float],
) -> None:
    arguments: dict[str, object] = {"lr": 0.1, "epochs": 1, **setting}
    (name,) = setting
    with pytest.raises(ValueError, match=name):
        train(noisy_line(), **arguments)  # type: ignore[arg-type]
