"""Every view of numbers that are far from the tutorial's: it draws, and its texts are readable."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from plotting.frames import Frames, View
from plotting.views import create_view
from plotting.views.base import Style
from plotting.views.fit import SMOOTHINGS
from regression import Dataset, Run, finish, noisy_line, safe_rate, train
from tests.plotting.helpers import assert_texts_are_apart_and_inside

STEPS = np.linspace(0.0, 10.0, 12)
NOISE = np.random.default_rng(0).normal(size=12)
UNEVEN = np.sort(np.random.default_rng(1).exponential(size=12))

POINTS = {
    "ordinary": (STEPS, STEPS - 2 + NOISE),
    "x near 1e8": (1e8 + STEPS, STEPS + NOISE),
    "a tiny spread at 1e8": (1e8 + 3e-6 * STEPS, NOISE),
    "y near 1e-139": (STEPS, 1e-139 * NOISE),
    "y near 1e139": (STEPS, 1e139 * NOISE),
    "x near 1e-139": (1e-139 * STEPS, NOISE),
    "two points": (np.array([0.0, 1.0]), np.array([1.0, 5.0])),
    "two points far off": (np.array([1e15, 1e15 + 1]), np.array([1.0, 5.0])),
    "all y the same": (STEPS, np.full(12, 3.0)),
    "all y 0": (STEPS, np.zeros(12)),
    "sorted": (UNEVEN, UNEVEN + NOISE),
    "reversed": (UNEVEN[::-1], UNEVEN + NOISE),
}


def runs_of(data: Dataset, shares: list[float], batch_size: int, shuffled: bool) -> list[Run]:
    """Return runs at these shares of the safe rate."""
    safe = safe_rate(data, batch_size=batch_size, shuffled=shuffled)
    orders = np.random.default_rng(0) if shuffled else None
    trainings = [
        train(data, lr=share * safe, epochs=12, batch_size=batch_size, shuffle=orders)
        for share in shares
    ]
    return [finish(training, steps=3) for training in trainings]


def assert_readable(view: View) -> None:
    """Draw the first and the last frame, and look at what is written and at the axes."""
    frames = Frames(view)
    for index in (0, len(frames) - 1):
        assert len(np.unique(frames[index][..., 0])) > 10
        figure: Figure = view.figure
        limits = [(axes.get_xlim(), axes.get_ylim()) for axes in figure.axes]
        assert np.isfinite(limits).all()
        assert (np.diff(limits) != 0).all()
        assert_texts_are_apart_and_inside(figure, [])


@pytest.mark.slow
@pytest.mark.parametrize(("batch_size", "shuffled"), [(1, False), (5, True)])
@pytest.mark.parametrize("name", POINTS)
def test_each_view(name: str, batch_size: int, shuffled: bool) -> None:
    data = Dataset(*POINTS[name])
    in_order = (("fit", 0.5), ("story", 3.0), ("microscope", 3.0))
    for view, share in (("story", 0.5), *(() if shuffled else in_order)):
        runs = runs_of(data, [share], batch_size, shuffled)
        smoothing = SMOOTHINGS[len(name) % len(SMOOTHINGS)]
        assert_readable(drawn_as(view, data, runs, smoothing))
    runs = runs_of(data, [0.01, 0.5, 0.99, 1.01], batch_size, shuffled)
    assert_readable(drawn_as("compare", data, runs, "none"))


def drawn_as(view: str, data: Dataset, runs: list[Run], smoothing: str) -> View:
    return create_view(
        view,
        data,
        runs,
        display_step=40,
        smoothing=smoothing,  # type: ignore[arg-type]
        style=Style(scale=0.8),
    )


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_noise_that_is_hardly_a_number_is_none(smoothing: str) -> None:
    data = noisy_line(12, noise=5e-324)
    assert_readable(drawn_as("fit", data, runs_of(data, [0.1], 1, False), smoothing))
