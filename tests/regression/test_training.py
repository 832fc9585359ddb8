"""What a run knows of itself: its settings, its first steps, and where it leads."""

import re
from typing import Any

import numpy as np
import pytest

from regression import Line, first_steps, noisy_line, convergence, train
from regression.sgd import STEPS_WORTH_A_MAP

START = Line(0.5, -0.25)


@pytest.mark.parametrize("seed", [None, 7])
def test_the_first_steps_do_not_disturb_the_run(seed: int | None) -> None:
    """Asked for before, while or after it trains, they are those of its first epoch."""
    data = noisy_line(12)

    def rng() -> np.random.Generator | None:
        return None if seed is None else np.random.default_rng(seed)

    settings = {"lr": 0.004, "batch_size": 5, "start": START}
    untouched = list(train(data, epochs=3, shuffle=rng(), **settings))  # type: ignore[arg-type]
    run = train(data, epochs=3, shuffle=rng(), **settings)  # type: ignore[arg-type]
    wanted = list(first_steps(data, shuffle=rng(), **settings))  # type: ignore[arg-type]
    assert run.first_steps(9) == wanted
    assert len(wanted) == 3
    half = iter(run)
    assert next(half) == untouched[0]
    assert run.first_steps(2) == wanted[:2]
    assert list(run) == untouched
    assert list(half) == untouched[1:]
    assert run.first_steps(9) == wanted
    assert untouched[0][1:3] == wanted[-1].after


@pytest.mark.parametrize("seed", [None, 7])
def test_its_outlook_is_that_of_its_settings(seed: int | None) -> None:
    data = noisy_line(12)
    shuffle = None if seed is None else np.random.default_rng(seed)
    run = train(data, lr=0.004, epochs=3, batch_size=5, start=START, shuffle=shuffle)
    assert run.shuffled == (seed is not None)
    assert run.convergence == outlook(
        data, lr=0.004, epochs=3, batch_size=5, start=START, shuffled=run.shuffled
    )


def test_a_run_by_the_map_keeps_its_batches_and_its_start() -> None:
    """As many visits as take the map give, epoch after epoch, what the steps alone give."""
    data, epochs = noisy_line(12), 40
    many = STEPS_WORTH_A_MAP // len(data) + 1
    by_steps = train(data, lr=0.004, epochs=epochs, batch_size=5, start=START)
    by_map = train(data, lr=0.004, epochs=many, batch_size=5, start=START)
    for one, other in zip(by_steps, by_map):
        assert one.epoch == other.epoch
        assert one[1:] == pytest.approx(other[1:], rel=1e-9)


def test_the_map_is_taken_above_so_many_visits_only() -> None:
    """At that many the snapshots are those of steps to the last bit."""
    data = noisy_line(30)
    epochs = STEPS_WORTH_A_MAP // 30
    exact = list(train(data, lr=0.001, epochs=9))
    assert next(iter(train(data, lr=0.001, epochs=epochs))) == exact[0]
    *_, ninth = (got for got, _ in zip(train(data, lr=0.001, epochs=epochs), range(9)))
    assert ninth == exact[-1]


def test_a_long_run_by_the_map_ends_at_its_last_finite_epoch() -> None:
    snapshots = list(train(noisy_line(), lr=0.031, epochs=100_000))
    assert 10 < len(snapshots) < 100_000
    assert np.isfinite(snapshots).all()
    short = list(train(noisy_line(), lr=0.031, epochs=500))
    assert [each.epoch for each in snapshots[:500]] == [each.epoch for each in short]


def test_one_epoch_and_one_sample_a_batch_are_the_least() -> None:
    for wrong in (0, -1, 1.5, "2"):
        words = rf"s?(_size)? is {wrong!r}; a whole number from 1 on is needed$"
        with pytest.raises(ValueError, match="^epoch" + words):
            train(noisy_line(), lr=0.1, epochs=wrong)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="^batch" + words):
            train(noisy_line(), lr=0.1, epochs=1, batch_size=wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^lr is 'auto'; a learning rate is a finite number"):
        train(noisy_line(), lr="auto", epochs=1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^lr is -1; a learning rate is a finite number above 0$"):
        train(noisy_line(), lr=-1, epochs=1)
    far = Line(1e200, 0.0)
    with pytest.raises(
        ValueError, match=r"^a start at W = 1e\+200, b = 0 costs more than float64 can hold"
    ):
        train(noisy_line(), lr=0.1, epochs=1, start=far)
    assert len(list(train(noisy_line(), lr=1e-3, epochs=1, batch_size=1))) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"data": [1.0, 2.0]}, "data is [1.0, 2.0]; a Dataset is what read_csv() returns"),
        ({"shuffle": True}, "shuffle is True; numpy.random.default_rng(0) is what it can be"),
        ({"shuffle": 0}, "shuffle is 0; numpy.random.default_rng(0) is what it can be"),
    ],
)
def test_what_is_of_another_kind_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(TypeError, match=re.escape(words)):
        train(**{"data": noisy_line(5), "lr": 0.1, "epochs": 1, **changed})


def test_a_start_may_be_any_pair() -> None:
    (snapshot,) = train(noisy_line(5), lr=0.001, epochs=1, start=(2.0, 3.0))  # type: ignore[arg-type]
    assert [snapshot] == list(train(noisy_line(5), lr=0.001, epochs=1, start=Line(2.0, 3.0)))


def test_a_batch_of_more_than_all_is_one_of_all() -> None:
    huge, all_of_them = (train(noisy_line(5), lr=0.01, epochs=2, batch_size=b) for b in (10**20, 5))
    assert list(huge) == list(all_of_them)
    assert huge.convergence == all_of_them.convergence
