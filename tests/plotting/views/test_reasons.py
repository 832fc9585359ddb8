"""Why runs are slow and end where they do, in sentences that hold for the run at hand."""

import numpy as np
import pytest

from plotting.views.reasons import (
    footer_lines,
    steepness,
    what_larger_does,
    why_beside,
    why_rate_matters,
    why_slow,
)
from regression import Convergence, Dataset, analyse, noisy_line, train

DATA = noisy_line()


def found(data: Dataset = DATA, **settings: object) -> Convergence:
    how = {"lr": 0.005, "epochs": 10} | settings
    return analyse(data, train(data, **how).settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("shift", [-30.0, 0.0, 2000.0])
def test_steepness_is_the_ratio_of_the_curvatures(shift: float) -> None:
    data = Dataset(DATA.x + shift, DATA.y)
    a = np.c_[data.x, np.ones(50)]
    small, large = np.linalg.eigvalsh(a.T @ a)
    assert steepness(found(data, lr=1e-9)) == pytest.approx(large / small, rel=1e-4)


def test_a_round_bowl_has_no_slow_direction() -> None:
    round_one = found(Dataset((DATA.x - 5) / 3, DATA.y))
    assert "nearly round" in why_slow([round_one])
    assert "137 times less steep." in why_slow([found()])
    assert "all directions are equally fast" in why_slow([found(), round_one])


def test_first_steps_that_raise_the_cost_are_not_called_fast() -> None:
    assert why_slow([found()]).startswith("Fast at first")
    assert why_slow([found()], 6).startswith("In the first 6 steps the cost rises; then")
    assert why_slow([found()], 1).startswith("In the first step the cost rises; then")


def test_a_larger_rate_is_said_to_end_higher_only_where_it_does() -> None:
    """A run of whole batches ends at least squares whatever its rate."""
    (rates,) = why_rate_matters([found(lr=0.0001), found(lr=0.001)])
    assert "the higher above the lowest cost it ends" in rates
    assert not why_rate_matters([found(lr=0.001), found(lr=0.02)])
    assert not why_rate_matters([found(lr=lr, batch_size=50) for lr in (0.0001, 0.001)])
    costs = [found(lr=lr).limit_cost or 0.0 for lr in (0.005, 0.008)]
    assert bool(why_rate_matters([found(lr=0.005), found(lr=0.008)])) == (costs[0] < costs[1])


def test_what_a_larger_rate_would_do_names_both_limits() -> None:
    says = what_larger_does(found())
    assert "safe up to 0.0099; from 0.0304 on training diverges." in says


@pytest.mark.parametrize(
    ("convergences", "words"),
    [
        ([found()], "the last word"),
        ([found(), found(batch_size=50)], "the last word"),
        ([found(batch_size=50)], "all points at once"),
        ([found(noisy_line(noise=0))], "The points lie on one line"),
        ([found(), found(shuffle=True)], "In a fixed order, runs end"),
        ([found()], "only its own point,"),
        ([found(batch_size=5)], "only its own points,"),
        ([found(shuffle=True)], "in a new order each epoch"),
        ([found(lr=0.02)], "a useless line"),
        ([found(lr=0.05)], "No line is the end"),
    ],
)
def test_the_reason_for_the_end_fits_the_runs(convergences: list[Convergence], words: str) -> None:
    assert words in why_beside(convergences)


def test_footers_are_broken_into_lines_that_fit() -> None:
    lines = footer_lines([why_beside([found()]), why_slow([found()])], 400)
    assert len(lines) > 4
    assert " ".join(lines) == f"{why_beside([found()])} {why_slow([found()])}"
