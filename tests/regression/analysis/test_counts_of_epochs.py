"""Counts of epochs in sentences, and from which epoch on a run is near its limit."""

import re

import numpy as np
import pytest

from regression import Line, Run, finish, least_squares, noisy_line, train
from regression.analysis.convergence import Ending
from regression.analysis.report import explanation, summary

DATA, ON_A_LINE = noisy_line(), noisy_line(noise=0)


def said(run: Run) -> str:
    """Return all that is said of a run, as one line."""
    return " ".join([*summary(run), *explanation(run).split()])


@pytest.mark.parametrize("epochs", [50, 51, 52])
def test_one_epoch_brings_and_several_bring(epochs: int) -> None:
    """Its distance is within 1% from epoch 52 on, its cost from 53 on."""
    text = said(finish(train(DATA, lr=0.005, epochs=epochs)))
    found = re.findall(r"([\d,]+) more (epochs?) (brings?) ", text)
    left = (53 if epochs == 52 else 52) - epochs
    one, several = ("1", "epoch", "brings"), (str(left), "epochs", "bring")
    assert found == [one if left == 1 else several]


@pytest.mark.parametrize("epochs", [52, 53])
def test_near_is_a_cost_within_a_hundredth_of_the_limits(epochs: int) -> None:
    run = finish(train(DATA, lr=0.005, epochs=epochs))
    limit, last = run.convergence.limit_cost, run.last
    assert limit is not None
    assert last is not None
    assert run.convergence.is_near_limit(last.line, last.cost) == (epochs == 53)
    assert run.convergence.is_near_limit(last.line) == (epochs == 53)
    assert (abs(last.cost - limit) <= 0.01 * limit) == (epochs == 53)
    assert run.epochs_left == 53 - epochs


@pytest.mark.parametrize(("turned", "lifted"), [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5)])
def test_a_run_starts_at_its_limit_only_if_it_has_both_slope_and_height(
    turned: float, lifted: float
) -> None:
    """The start is the limit, or that turned about the middle of the points, or lifted."""
    limit = finish(train(DATA, lr=0.005, epochs=1)).convergence.limit
    assert limit is not None
    start = Line(limit.weight + turned, limit.bias - turned * DATA.x.mean() + lifted)
    run = finish(train(DATA, lr=0.005, epochs=3, start=start))
    is_there = turned == lifted == 0
    assert (run.ending is Ending.STARTED_AT_LIMIT) == is_there
    assert (run.epochs_left == 0) == is_there


def test_of_a_shuffled_run_each_count_to_come_is_about_so_many() -> None:
    text = said(finish(train(ON_A_LINE, lr=0.0005, epochs=50, shuffle=True)))
    counts = re.findall(r"(\w+) [\d,]+ more epochs", text) + re.findall(r"(\w+) epoch \d", text)
    assert len(counts) >= 2
    assert set(counts) == {"about"}


def test_of_a_shuffled_run_the_count_behind_is_its_own() -> None:
    run = finish(train(ON_A_LINE, lr=0.0005, epochs=3000, shuffle=True))
    counts = re.findall(r"since epoch ([\d,]+)", said(run))
    assert len(counts) == 2
    least, history = least_squares(ON_A_LINE), run.history
    away = np.hypot(history["weight"] - least.weight, history["bias"] - least.bias)
    about_mean = float(((ON_A_LINE.y - ON_A_LINE.y.mean()) ** 2).sum())
    near = (away <= 0.01 * away[0]) & (history["cost"] <= 1e-4 * about_mean)
    since = int(np.flatnonzero(~near)[-1]) + 1
    assert {int(count.replace(",", "")) for count in counts} == {since}
