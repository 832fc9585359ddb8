"""Points and rates at the ends of float64: an answer or a reason, and no warning from NumPy."""

import re

import numpy as np
import pytest

from regression import (
    START,
    Dataset,
    advice,
    auto_choice,
    best_rate,
    divergence,
    epoch_map,
    explanation,
    noisy_line,
    convergence,
    rate_warning,
    safe_rate,
    summary,
    train,
)

NOISE = np.random.default_rng(0).normal(size=30)
STEPS = np.arange(30.0)
POINTS = {
    "years": (1990 + STEPS, NOISE),
    "x near 1e8": (1e8 + STEPS, NOISE),
    "y near 1e-139": (STEPS, 1e-139 * NOISE),
    "y near 1e139": (STEPS, 1e139 * NOISE),
    "x near 1e-139": (1e-139 * STEPS, NOISE),
    "x small, y large": (1e-100 * STEPS, 1e100 * NOISE),
    "x near 1e139": (1e138 * (1 + STEPS), NOISE),
    "x and y at their largest": (1e140 * np.array([1, -1, 0.5]), 1e140 * np.array([1, 1, -1])),
    "x of all sizes": (np.array([1e-140, 2e-140, 1e140]), np.array([1e-300, 1e140, 0])),
    "two points": (np.array([0.0, 1.0]), np.array([1.0, 5.0])),
    "two points far off": (np.array([1e15, 1e15 + 1]), np.array([1.0, 5.0])),
    "all y the same": (STEPS, np.zeros(30)),
    "all but one the same": (np.array([1.0, 1.0, 1.0, 2.0]), np.ones(4)),
    "reversed": (STEPS[::-1], NOISE),
}


def words(data: Dataset, lr: float, batch_size: int, shuffled: bool) -> str:
    """Train, and return all that is said of it."""
    shuffle = np.random.default_rng(0) if shuffled else None
    run = train(data, lr=lr, epochs=20, batch_size=batch_size, shuffle=shuffle)
    snapshots, seen = list(run), run.convergence
    last = snapshots[-1] if snapshots else None
    lines = [*summary(seen, last), auto_choice(seen), rate_warning(seen), divergence(seen, last)]
    return "\n".join([*filter(None, lines), explanation(seen, last, advice(data, seen))])


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("batch_size", [1, 2, 99])
@pytest.mark.parametrize("name", POINTS)
def test_an_answer_or_a_reason(name: str, batch_size: int, shuffled: bool) -> None:
    data = Dataset(*POINTS[name])
    safe = safe_rate(data, batch_size=batch_size, shuffled=shuffled)
    best = best_rate(data, epochs=20, batch_size=batch_size, start=START, shuffled=shuffled)
    assert 0 < best <= safe
    for lr in (best, 2.3e-308, 1e-300, 1e-160, 1e-8, 0.5 * safe, 1.5 * safe, 1e300):
        try:
            text = words(data, lr, batch_size, shuffled)
        except ValueError as error:
            assert "to tell where a run settles" in str(error)  # noqa: PT017 (most rates raise nothing)
        else:
            assert not re.search(r"\bnan\b", text)


@pytest.mark.parametrize("lr", [2.3e-308, 1e-300, 1e-160, 1e-100, 1e-30])
def test_a_tiny_rate_settles_where_a_small_one_does(lr: float) -> None:
    data = noisy_line()
    tiny, small = ordered_map(data, lr=lr), ordered_map(data, lr=1e-14)
    assert tiny.limit == pytest.approx(small.limit, rel=1e-9)
    assert tiny.log_contraction / lr == pytest.approx(small.log_contraction / 1e-14, rel=1e-9)
    run = outlook(data, lr=lr, epochs=5)
    assert "diverges" not in summary(run, None)[1]


def test_one_batch_of_all_is_the_same_in_any_order() -> None:
    data = noisy_line()
    shuffled = outlook(data, lr=0.01, epochs=9, batch_size=50, shuffled=True)
    assert shuffled == outlook(data, lr=0.01, epochs=9, batch_size=50)
    rates = [
        best_rate(data, epochs=9, batch_size=64, start=START, shuffled=shuffled)
        for shuffled in (False, True)
    ]
    assert rates[0] == rates[1]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"slope": 1e308}, "slope 1e+308 takes y beyond 1e+140"),
        ({"slope": -1e150}, "slope -1e"),
        ({"intercept": 1e200}, "intercept 1e"),
        ({"noise": 1e308}, "noise 1e"),
        ({"slope": 1e308, "intercept": -1e308}, "make it smaller"),
        ({"noise": np.inf}, "noise is inf"),
    ],
)
def test_made_points_that_overflow_name_what_to_change(
    settings: dict[str, float], words: str
) -> None:
    with pytest.raises(ValueError, match=words.replace("+", r"\+")):
        noisy_line(**settings)  # type: ignore[arg-type]


def test_subnormal_noise_is_noise() -> None:
    assert len(noisy_line(noise=5e-324)) == 50
