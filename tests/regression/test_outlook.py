"""The numbers that follow for a run, against what its data give directly."""

import numpy as np
import pytest

from regression import START, Dataset, Line, cost, noisy_line, convergence, safe_rate
from regression.data import Floats

DATA = noisy_line(20, slope=3.0, intercept=7.0)


def test_the_cost_of_any_lines_is_that_over_the_points() -> None:
    run = outlook(DATA, lr=1e-3, epochs=5)
    weights, biases = np.linspace(-4, 9, 5)[:, None], np.linspace(-30, 40, 6)
    direct = [[cost(Line(w, b), DATA) for b in biases] for w in weights.ravel()]
    np.testing.assert_allclose(run.cost(weights, biases), direct, rtol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 7, 19, 20, 99])
@pytest.mark.parametrize("shuffled", [False, True])
def test_the_safe_rate_is_that_of_the_batches(batch_size: int, shuffled: bool) -> None:
    run = outlook(DATA, lr=1e-3, epochs=5, batch_size=batch_size, shuffled=shuffled)
    assert run.safe_rate == safe_rate(DATA, batch_size=batch_size, shuffled=shuffled)
    assert run.shuffled == (shuffled and batch_size < 20)
    assert (run.diverging_rate is None) == run.shuffled


@pytest.mark.parametrize("distance", [1e-9, 0.3, 50.0])
def test_the_way_behind_a_line_is_a_share_of_the_way_from_the_start(distance: float) -> None:
    settles = outlook(DATA, lr=1e-3, epochs=5).limit
    assert settles is not None
    w, b = settles
    run = outlook(DATA, lr=1e-3, epochs=5, start=Line(w + distance, b))
    assert run.progress(Line(w, b + distance / 4)) == pytest.approx(0.75, rel=1e-5)
    assert run.progress(Line(w - 2 * distance, b)) == pytest.approx(-1.0, rel=1e-5)
    assert run.progress(settles) == 1.0


def test_who_starts_on_arrival_has_all_of_the_way_behind_or_none_of_it() -> None:
    settles = outlook(DATA, lr=1e-3, epochs=5).limit
    assert settles is not None
    run = outlook(DATA, lr=1e-3, epochs=5, start=settles)
    assert (run.progress(settles), run.progress(Line(0.0, 0.0))) == (1.0, 0.0)


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
    run = outlook(Dataset(LINE, y), lr=0.005, epochs=50, start=start)
    assert run.points_on_a_line == on_a_line
    assert run.limit_is_least_squares == on_a_line
