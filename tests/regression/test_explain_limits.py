"""What is said where a run goes wrong, or x makes it crawl: true of the runs it is said of."""

import numpy as np
import pytest

from regression import (
    START,
    Dataset,
    advice,
    best_rate,
    explanation,
    noisy_line,
    convergence,
    summary,
    train,
)


def text_of(data: Dataset, lr: float, shuffled: bool = False) -> tuple[list[str], str]:
    """Return the summary and the explanation, its lines joined, of 500 epochs."""
    run = outlook(data, lr=lr, epochs=500, shuffled=shuffled)
    shuffle = np.random.default_rng(0) if shuffled else None
    *_, last = train(data, lr=lr, epochs=500, shuffle=shuffle)
    return summary(run, last), " ".join(explanation(run, last, advice(data, run)).split())


def test_a_run_that_settles_on_nonsense_has_not_learned() -> None:
    (_, settles, way, _), text = text_of(noisy_line(), 0.02)
    assert settles.endswith("(3e+09 times)")
    assert way.endswith("of the way, to a line that is worse than its start")
    assert "3.372e+09 times that of least squares" in text
    assert "has not learned" in text
    assert "has arrived" not in text


def test_a_run_that_settles_near_least_squares_has_arrived() -> None:
    (_, settles, way, _), text = text_of(noisy_line(), 0.001)
    assert settles.endswith(" %)")
    assert "it was within 1 %" in way
    assert "This run has arrived" in text


def test_what_is_expected_of_a_shuffled_run_is_worded_so() -> None:
    (_, centre, way, _), text = text_of(noisy_line(), 0.0004, shuffled=True)
    assert centre.startswith("expected centre")
    assert "1 % was expected after" in way
    assert "has come to its cloud" in text
    assert "has arrived" not in text
    _, text = text_of(noisy_line(), 0.00001, shuffled=True)
    assert "is expected to multiply the rest" in text


def test_a_run_that_diverges_slowly_does_so_in_the_long_run() -> None:
    (*_, way, _), text = text_of(noisy_line(), 0.0306636)
    assert way.endswith("in the long run farther off with every epoch")
    assert "in the long run each epoch takes it farther off" in text


@pytest.mark.parametrize(("mean", "spread"), [(2005.0, 9.0), (0.0, 1e-3), (0.0, 1e4), (1e8, 1.0)])
def test_x_that_make_it_crawl_are_advised_to_be_scaled_and_that_helps(
    mean: float, spread: float
) -> None:
    z = np.linspace(-1.5, 1.5, 31)
    y = z + np.random.default_rng(0).normal(size=31)
    data = Dataset(mean + spread * z, y)
    lr = best_rate(data, epochs=50, start=START)
    _, text = text_of(data, lr)
    assert "Centre and scale it first: with (x - " in text
    scaled = Dataset((data.x - data.x.mean()) / data.x.std(), y)
    run = outlook(scaled, lr=best_rate(scaled, epochs=36, start=START), epochs=36)
    assert run.epochs_needed is not None
    assert run.epochs_needed <= 36
    assert outlook(data, lr=lr, epochs=50).epochs_needed > 1000  # type: ignore[operator]


def test_the_tutorials_x_need_no_scaling() -> None:
    assert not outlook(noisy_line(), lr=0.001, epochs=5).ill_conditioned
