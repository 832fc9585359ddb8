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
    assert {"safe up to 0.0099", "lowest at 0.000294", "diverges", "from 0.0304", "unsafe"} <= texts


@pytest.mark.parametrize("case", ["ordinary", "batches", "shuffled"])
def test_this_run_is_on_the_curve_from_the_first_frame(case: str) -> None:
    view, (_, run) = view_of(case), run_of(case)
    _ = Frames(view)[0]
    (x,), (y,) = values(labelled(view.figure, "this run"))
    assert 10**x == pytest.approx(run.settings.lr)
    rates, costs = values(labelled(view.figure, "cost by rate"))
    assert y == costs[np.argmin(np.abs(rates - x))]
    texts = [text for text, _ in all_texts_of(view)]
    assert ("this run, on average" in texts) == run.settings.shuffled
    if not run.settings.shuffled:  # there the curve is an expectation
        assert 10**y == pytest.approx(run.history["cost"][-1], rel=1e-6)


@pytest.mark.parametrize("case", ["twice the safe limit"])
def test_a_run_off_the_chart_is_an_arrow_inside_it(case: str) -> None:
    view = view_of(case)
    _ = Frames(view)[0]
    mark, axes = labelled(view.figure, "this run"), axes_of(view.figure, "rates")
    assert mark.get_marker() == "^"
    (x,), (y,) = values(mark)
    assert axes.transData.transform((x, y))[1] < axes.bbox.y1 - 10
    assert any("this run \N{UPWARDS ARROW}" in text for text, _ in all_texts_of(view))


def test_the_best_rate_is_named_once() -> None:
    run = finish(train(DATA, lr=0.000294, epochs=500))
    view = StoryView(DATA, run, drawn(run.history, 40))
    _ = Frames(view)[0]
    texts = [text for text, _ in all_texts_of(view)]
    assert "this run: the lowest (0.000294)" in texts
    assert "lowest at 0.000294" not in texts


def test_a_rate_far_beyond_stays_in_the_picture() -> None:
    view = view_of("overflows at once")
    _ = Frames(view)[0]
    (x,), _ = values(labelled(view.figure, "this run"))
    low, high = axes_of(view.figure, "rates").get_xlim()
    assert low < x <= high < 10
    assert "this run \N{RIGHTWARDS ARROW}" in {text for text, _ in all_texts_of(view)}
