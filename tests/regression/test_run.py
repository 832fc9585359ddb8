"""A run gone through is what its training gives."""

import numpy as np
import pytest

from regression import Line, Snapshot, finished, noisy_line, train

DATA = noisy_line()


@pytest.mark.parametrize("seed", [None, 3])
def test_it_has_what_the_training_has(seed: int | None) -> None:
    shuffle = None if seed is None else np.random.default_rng(seed)
    training = train(DATA, lr=0.001, epochs=7, shuffle=shuffle)
    run = finished(training, 5)
    assert run.convergence == training.convergence
    assert run.history.tolist() == [tuple(snapshot) for snapshot in training]
    assert list(run.steps) == training.first_steps(5)
    assert run.last == list(training)[-1]
    assert finished(training).steps == ()


def test_one_that_overflows_at_once_has_its_start_and_no_last_epoch() -> None:
    start = Line(2.0, -3.0)
    run = finished(train(DATA, lr=1e300, epochs=7, start=start))
    assert run.history[["epoch", "weight", "bias"]].tolist() == [(0, *start)]
    assert run.last is None
    assert isinstance(finished(train(DATA, lr=0.001, epochs=1)).last, Snapshot)
