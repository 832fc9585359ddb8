"""What is said of one of several runs: full sentences, true of the run, in lines that fit."""

import re
from typing import Any

import numpy as np
import pytest

from plotting.views.axes import text_px
from plotting.views.headings import Sentences, end_of, growth, has_converged, pace_of, verdict_of
from plotting.views.reasons import wrapped
from regression import Run, finish, noisy_line, train
from tests.plotting.helpers import run_of

DATA = noisy_line()


def run_with(lr: float = 0.001, epochs: int = 120, **how: Any) -> Run:
    return finish(train(DATA, lr=lr, epochs=epochs, **how))


@pytest.mark.parametrize(
    ("settings", "meanwhile", "at_last"),
    [
        ({}, "would end 9.1% above the lowest cost", "would end 9.1% above the lowest cost"),
        (
            {"epochs": 500},
            "would end 9.1% above the lowest cost",
            "ends 9.1% above the lowest cost",
        ),
        ({"lr": 0.02}, "converges to a useless line", "has converged, to a useless line: y"),
        ({"lr": 0.05}, "diverges: overflows in epoch", "diverges: overflows in epoch"),
        ({"lr": 0.05, "epochs": 3}, "diverges: every distance", "diverges: every distance"),
        ({"batch_size": 50}, "would end at the lowest cost", "would end at the lowest cost"),
    ],
)
def test_a_run_would_end_where_it_ends_once_it_has_converged(
    settings: dict[str, Any], meanwhile: str, at_last: str
) -> None:
    run = run_with(**settings)
    assert end_of(run, is_last=False).startswith(meanwhile)
    assert end_of(run, is_last=True).startswith(at_last)


def test_a_run_whose_cost_still_falls_has_not_converged() -> None:
    """With 99.8% of the distance covered it costs two percent more than at its end."""
    run = run_of("steep and falling")[1]
    assert run.convergence.limit_cost is not None
    assert run.history["cost"][-1] > 1.02 * run.convergence.limit_cost
    assert not has_converged(run)
    assert "would end" in end_of(run, is_last=True)
    assert "cost within 1% after" in verdict_of(run, brief=False)


def test_a_shuffled_run_hovers_around_its_mean() -> None:
    run = run_with(0.005, 200, shuffle=True)
    assert re.fullmatch(
        r"its mean line ends [\d.]+% above the lowest cost", end_of(run, is_last=True)
    )
    assert verdict_of(run, brief=False) == ("hovers around it: single lines cost 44.5 on average")


def test_a_useless_line_costs_as_many_times_the_lowest_as_is_said() -> None:
    run = run_with(0.02, 500)
    billions = float(re.search(r"([\d.]+) billion times", end_of(run, is_last=True))[1])  # type: ignore[index]
    design = np.c_[DATA.x, np.ones(50)]
    least = np.linalg.lstsq(design, DATA.y, rcond=None)[0]
    lowest = np.square(design @ least - DATA.y).sum()
    assert billions == pytest.approx(run.history["cost"][-1] / lowest / 1e9, rel=0.05)
    assert pace_of(run) == verdict_of(run, brief=False) == ""


def test_the_distance_left_halves_as_often_as_is_said() -> None:
    run = run_with(0.001, 200)
    said = float(re.search(r"left halves every ([\d.]+) epochs", pace_of(run))[1])  # type: ignore[index]
    path = np.column_stack([run.history["weight"], run.history["bias"]])
    assert run.convergence.limit is not None
    left = np.hypot(*(path - run.convergence.limit).T)
    assert left[40 + round(said)] / left[40] == pytest.approx(0.5, rel=0.03)


@pytest.mark.parametrize("factor", [1.0, 1.01, 3.0])
def test_what_never_shrinks_is_said_to_grow_or_not(factor: float) -> None:
    words = {1.0: "no distance ever shrinks", 1.01: "doubles in 70 epochs", 3.0: "3-fold"}
    assert words[factor] in growth(factor)


def test_a_safe_limit_of_its_own_is_said_of_each_run_and_never_rounded_up() -> None:
    runs = [run_with(batch_size=size) for size in (1, 10)]
    says = Sentences(runs)
    assert says.own_limits
    for run in runs:
        (text,) = [each for each in says.of(run, is_last=False, brief=True) if "safe" in each]
        limit = float(re.findall(r"up to ([\d.]+)", text)[0])
        assert 0.99 * run.convergence.safe_rate < limit <= run.convergence.safe_rate
        assert text.endswith(f"; {run.convergence.diverging_rate:.3g} diverges")
    assert not Sentences([run_with(0.001), run_with(0.002)]).own_limits


@pytest.mark.parametrize("width", [120, 180, 400])
def test_lines_are_as_many_as_the_longest_text_takes_and_fit(width: int) -> None:
    runs = [run_with(0.0001), run_with(0.02)]
    says = Sentences(runs)
    counts = []
    for run in runs:
        for last in (False, True):
            lines = [
                line
                for text in says.of(run, is_last=last, brief=False)
                for line in wrapped(text, width)
            ]
            counts.append(len(lines))
            assert max(map(text_px, lines)) <= width
    assert says.lines(width, brief=False) == max(counts)
