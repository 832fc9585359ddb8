"""The sentences at the lower edge: true of the run that they are about."""

import re
from typing import Any

import numpy as np
import pytest

from plotting.views.notes import (
    larger_rate,
    larger_rates,
    lowest_passed,
    why_not_least_squares,
)
from regression import finish, floor_to, noisy_line, safe_rate, train
from tests.plotting.helpers import CASES, DATA, run_of


@pytest.mark.parametrize("short", [False, True])
def test_the_reason_fits_the_run(short: bool) -> None:
    words = {case: why_not_least_squares(run_of(case)[1], short=short) for case in CASES}
    assert "each step follows one point" in words["ordinary"]
    assert "each step follows 10 points" in words["batches"]
    assert "sees all points" in words["all points at once"]
    assert "a new order every epoch" in words["shuffled"]
    assert "safe limit" in words["twice the safe limit"]
    assert "No line is the end" in words["diverging"]
    assert "lie on one line" in words["two points"]


def test_of_a_run_on_its_way_the_reason_says_so() -> None:
    for short in (False, True):
        says = why_not_least_squares(run_of("ordinary")[1], short=short)
        assert "500 epochs are too few" in says
    assert "too few" not in why_not_least_squares(finish(train(DATA, lr=2e-3, epochs=500)))


@pytest.mark.parametrize("lr", [1e-4, 5e-4, 2e-3])
def test_what_a_larger_rate_does_is_what_training_does(lr: float) -> None:
    run = finish(train(DATA, lr=lr, epochs=100))
    said = larger_rate(run)
    rate, fold, above, edge = (
        float(found) for found in re.findall(r"\d[\d.]*(?= is| times|%| diverges)", said)
    )
    least = float(np.polyfit(DATA.x, DATA.y, 1, full=True)[1][0])
    (one, *_), (other, *_) = ends = [
        np.array(tuple(finish(train(DATA, lr=each, epochs=30_000)).history[-1])[1:])
        for each in (lr, rate)
    ]
    assert one != other
    assert above == pytest.approx(100 * (ends[1][2] / least - 1), rel=0.05)
    shrinks = []
    for each, end in zip((lr, rate), ends):
        history = finish(train(DATA, lr=each, epochs=60)).history
        away = np.c_[history["weight"], history["bias"]] - end[:2]
        distance = np.hypot(*away.T)
        shrinks.append(np.log(distance[60] / distance[40]))
    assert fold == pytest.approx(shrinks[1] / shrinks[0], rel=0.05)
    assert finish(train(DATA, lr=edge, epochs=3000)).convergence.limit is None
    assert finish(train(DATA, lr=0.99 * edge, epochs=3)).convergence.limit is not None


@pytest.mark.parametrize(
    ("lr", "words"),
    [
        (
            0.009,
            "Larger rates above 0.0099 are not safe (unsafe steps can increase their point's "
            "error): 0.0135 is",
        ),
        (0.0095, "their point's error): 0.0142 is"),
        (0.0303, "Larger rates are unsafe, too; 0.0304 diverges"),
        (0.05, "Smaller rates: up to 0.0099"),
    ],
)
def test_near_the_safe_limit_there_is_no_larger_safe_rate(lr: float, words: str) -> None:
    assert words in larger_rate(finish(train(DATA, lr=lr, epochs=5)))


@pytest.mark.parametrize("key", ["batch_size", "shuffle", "standardize"])
def test_of_several_runs_each_goes_as_fast_and_ends_as_is_said(key: str) -> None:
    values: tuple[Any, Any] = {"batch_size": (1, 50)}.get(key, (None, True))
    runs = [finish(train(DATA, lr=0.002, epochs=50, **{key: value})) for value in values]
    says = larger_rates(runs, ["one", "other"])
    what = re.search(r"A larger rate, ([\d.]+):", says)
    assert what is not None
    for run, value, name in zip(runs, values, ["one", "other"]):
        fast = re.search(rf"{name} (?:is )?([\d.]+) times as fast", says)
        assert fast is not None
        settings: dict[str, Any] = {key: value, "lr": float(what[1])}
        larger = finish(train(DATA, epochs=50, **settings))
        ratio = [np.log(each.as_trained.convergence.contraction) for each in (larger, run)]
        assert float(fast[1]) == pytest.approx(ratio[0] / ratio[1], rel=0.06)
    safe = [safe_rate(run.as_trained.data, batch_size=run.settings.batch_size) for run in runs]
    assert ("Rates up to 0.0099 are safe" in says) == (safe[0] == safe[1])
    if key == "shuffle":
        assert "training diverges from 0.0304 (one) or about 0.02 (other) on" in says


def test_of_a_shuffled_run_mean_and_lines_are_told_apart() -> None:
    """The lines cost what many runs of other orders do, on average."""
    settings: dict[str, Any] = {"epochs": 200, "lr": 0.005}
    said = larger_rate(finish(train(DATA, shuffle=True, **settings)))
    found = re.search(
        r"0\.0099 is .* single lines cost ([\d.]+) on average instead of ([\d.]+)", said
    )
    assert found is not None
    for text, lr in zip(found.groups(), (0.0099, 0.005)):
        costs = [
            finish(train(DATA, epochs=200, lr=lr, shuffle=np.random.default_rng(seed)))
            .history["cost"][100:]
            .mean()
            for seed in range(40)
        ]
        assert float(text) == pytest.approx(np.mean(costs), rel=0.05)


def test_no_run_is_brought_above_its_safe_limit_by_rounding() -> None:
    assert floor_to(2.1597, 2) == 2.1
    assert floor_to(10.0, 2) == 10.0
    assert floor_to(1.0, 2) == 1.0


def test_of_many_runs_the_first_and_the_last_stand_for_all() -> None:
    runs = [finish(train(DATA, lr=0.002, epochs=5, batch_size=size)) for size in (1, 2, 5, 10)]
    says = larger_rates(runs, [*"abcd"])
    assert re.search(
        r": a is .* fast and ends .*; d is .* fast and ends .*[\d.]+% above it\.", says
    )


def test_an_epoch_that_cost_less_than_the_end_is_named() -> None:
    run = finish(train(noisy_line(slope=-8, intercept=30, noise=5), lr=0.002, epochs=500))
    costs = run.history["cost"]
    assert f"lowest at epoch {np.argmin(costs)} ({costs.min():,.0f})" in lowest_passed(run)
    for case in ("ordinary", "shuffled", "diverging", "twice the safe limit", "two points"):
        assert not lowest_passed(run_of(case)[1])


@pytest.mark.parametrize("lr", [0.0303, 0.05])
def test_no_rate_is_called_larger_that_is_not(lr: float) -> None:
    runs = [finish(train(DATA, lr=lr, epochs=5, batch_size=size)) for size in (1, 10)]
    assert "A larger rate" not in larger_rates(runs, ["one", "ten"])
    assert "are safe" in larger_rates(runs, ["one", "ten"]) or "safe limit" in larger_rates(
        runs, ["one", "ten"]
    )
