"""The strip of rates: its curve, limits and marks against what training and analysis give."""

import numpy as np
import pytest

from plotting.frames import Frames
from plotting.views.story import StoryView
from regression import best_rate, drawn, finish, train
from tests.plotting.helpers import DATA, all_texts_of, axes_of, labelled, run_of, values


def view_of(case: str) -> StoryView:
    data, run = run_of(case)
    return StoryView(data, run, drawn(run.history, 40))


@pytest.mark.parametrize("case", ["ordinary", "batches", "two epochs"])
def test_the_curve_is_what_runs_at_other_rates_end_at(case: str) -> None:
    view, (data, run) = view_of(case), run_of(case)
    x, y = values(labelled(view.figure, "cost by rate"))
    settings = run.settings
    for index in (0, 60, 120, 150):
        training = train(
            data,
            lr=float(10 ** x[index]),
            epochs=settings.epochs,
            batch_size=settings.batch_size,
        )
        cost = finish(training).history[-1]["cost"]
        if np.log10(cost) < axes_of(view.figure, "rates").get_ylim()[1]:
            assert 10 ** y[index] == pytest.approx(cost, rel=1e-6)


def test_limits_and_best_are_those_of_the_analysis() -> None:
    view, (_, run) = view_of("ordinary"), run_of("ordinary")
    (best,), _ = values(labelled(view.figure, "best"))
    assert 10**best == pytest.approx(best_rate(DATA, epochs=500, start=run.settings.start))
    zones = {patch.get_label(): patch for patch in axes_of(view.figure, "rates").patches}
    safe, edge = run.convergence.safe_rate, run.convergence.diverging_rate
    assert edge is not None
    not_safe, diverges = (zones[name].get_extents() for name in ("not safe", "diverges"))
    to_data = axes_of(view.figure, "rates").transData.inverted()
    assert 10 ** to_data.transform((not_safe.x0, 0))[0] == pytest.approx(safe, rel=1e-3)
    assert 10 ** to_data.transform((diverges.x0, 0))[0] == pytest.approx(edge, rel=1e-3)
    _ = Frames(view)[0]
    texts = {text for text, _ in all_texts_of(view)}
    assert {"safe up to 0.0099", "best 0.000294", "diverges", "from", "0.0304"} <= texts


@pytest.mark.parametrize("case", ["ordinary", "batches"])
def test_this_run_comes_down_to_the_curve(case: str) -> None:
    view, (_, run) = view_of(case), run_of(case)
    frames = Frames(view)
    dot = labelled(view.figure, "this run")
    for index in (0, 5, len(frames) - 1):
        _ = frames[index]
        (x,), (y,) = values(dot)
        assert 10**x == pytest.approx(run.settings.lr)
        assert 10**y == pytest.approx(view.moments[index].cost)
    curve = values(labelled(view.figure, "cost by rate"))
    assert np.interp(x, *curve) == pytest.approx(y, abs=0.02)


def test_a_rate_far_beyond_stays_in_the_picture() -> None:
    view = view_of("overflows at once")
    _ = Frames(view)[0]
    (x,), _ = values(labelled(view.figure, "this run"))
    low, high = axes_of(view.figure, "rates").get_xlim()
    assert low < x <= high < 10
    assert "this run \N{RIGHTWARDS ARROW}" in {text for text, _ in all_texts_of(view)}
