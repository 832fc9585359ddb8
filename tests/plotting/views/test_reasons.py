"""Why runs are slow and end where they do, in sentences that hold for the run at hand."""

import re
from collections.abc import Sequence

import numpy as np
import pytest

from plotting.views.axes import text_px
from plotting.views.reasons import (
    evened,
    footer_lines,
    why_beside,
    why_rate_matters,
    why_slow,
    wrapped,
)
from regression import Convergence, Dataset, Line, analyse, noisy_line, train

DATA = noisy_line()


def found(data: Dataset = DATA, **settings: object) -> Convergence:
    how = {"lr": 0.005, "epochs": 10} | settings
    return analyse(data, train(data, **how).settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("shift", [-30.0, 0.0, 2000.0])
def test_the_floor_is_so_many_times_less_steep(shift: float) -> None:
    """As the ratio of the curvatures says."""
    data = Dataset(DATA.x + shift, DATA.y)
    a = np.c_[data.x, np.ones(50)]
    small, large = np.linalg.eigvalsh(a.T @ a)
    said = re.search(r"([\d,.]+)(?:·10(\S+))? times less steep", why_slow([found(data, lr=1e-9)]))
    assert said is not None
    power = (said[2] or "").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
    value = float(said[1].replace(",", "")) * 10.0 ** int(power or 0)
    assert value == pytest.approx(large / small, rel=0.05)


def test_a_round_bowl_has_no_slow_direction() -> None:
    nearly = found(Dataset((DATA.x - 5) / 2, DATA.y))
    assert "nearly round" in why_slow([nearly])
    assert "137 times less steep." in why_slow([found()])
    round_one = found(Dataset((DATA.x - DATA.x.mean()) / DATA.x.std(), DATA.y), lr=1e-4)
    says = why_slow([found(), round_one], names=["raw", "scaled"])
    assert says.startswith("In the valley (raw) fast at first")
    assert "In the round bowl (scaled) every" in says
    assert says.endswith(
        "every epoch removes the same share of what is left, so that moves become shorter."
    )
    share = re.search(r"the same share, ([\d.]+)%, of what is left", why_slow([round_one]))
    # Of both directions, each of the 50 steps removes 2*lr on average.
    assert share is not None
    assert float(share[1]) == pytest.approx(100 * (1 - np.exp(-2 * 1e-4 * 50)), rel=0.02)


@pytest.mark.parametrize("lr", [0.02, 0.05])
def test_of_a_run_that_ends_far_off_no_fall_is_told(lr: float) -> None:
    assert not why_slow([found(lr=lr)], 50)
    assert why_slow([found(lr=lr), found()]) == why_slow([found()])


def test_a_line_that_costs_less_than_a_horizontal_one_is_not_useless() -> None:
    near = Line(1.116, -2.451)
    assert "useless" not in why_beside([found(lr=0.0105, start=near)])
    assert "useless" in why_beside([found(lr=0.02, start=near)])


def test_first_steps_that_raise_the_cost_are_not_called_fast() -> None:
    assert why_slow([found()]).startswith("Fast at first")
    assert why_slow([found()], 6).startswith("In the first 6 steps the cost rises; then")
    assert why_slow([found()], 1).startswith("In the first step the cost rises; then")


RATES = [(1e-4, 1e-3), (1e-4, 1e-3, 5e-3), (0.002, 0.005, 0.009), (0.005, 0.008), (1e-3, 0.02)]


@pytest.mark.parametrize("rates", RATES)
def test_larger_rates_are_faster_and_end_higher_only_where_they_do(rates: Sequence[float]) -> None:
    """As long runs end, whose distances to their ends are measured over 20 epochs."""
    says = why_rate_matters([found(lr=lr) for lr in rates])
    safe = [lr for lr in rates if lr < 1 / 101]
    assert ("a step can increase the error at its own point" in says) == (len(safe) < len(rates))
    assert ("faster" in says) == (len(safe) > 1)
    costs, left = [], []
    for lr in safe:
        lines = [*train(DATA, lr=lr, epochs=30_000)]
        away = [np.hypot(*np.subtract(lines[i].line, lines[-1].line)) for i in (20, 40)]
        costs.append(lines[-1].cost)
        left.append(away[1] / away[0])
    assert (np.diff(left) < 0).all()
    if len(safe) > 1:
        rises = bool((np.diff(costs) > 0).all())
        assert ("end higher above the lowest cost" in says) == rises
        assert (f"{safe[int(np.argmin(costs))]:g} ends lowest" in says) == (not rises)


def test_runs_of_whole_batches_all_end_at_the_lowest_cost() -> None:
    says = why_rate_matters([found(lr=lr, batch_size=50) for lr in (0.0001, 0.001)])
    assert says == "Of these, larger rates are faster; all safe ones end at the lowest cost."


def test_of_shuffled_runs_the_means_are_compared() -> None:
    says = why_rate_matters([found(lr=lr, shuffle=True) for lr in (1e-3, 5e-3)])
    assert re.search(r"the means end at most 0\.00\d+% above lowest", says)


@pytest.mark.parametrize(
    ("convergences", "words"),
    [
        ([found()], "Runs end at \N{MULTIPLICATION SIGN}"),
        ([found(), found(batch_size=50)], "the last points of an epoch count most"),
        ([found(batch_size=50)], "The end is at least squares: each step uses all points"),
        ([found(lr=1e-9)], "The end is at least squares: steps are so small"),
        ([found(noisy_line(noise=0))], "The points lie on one line"),
        (
            [found(), found(shuffle=True)],
            "In fixed order the last points of an epoch count most: that run ends at",
        ),
        ([found(), found(shuffle=True)], "no point is always the last: the mean line is near"),
        ([found()], "uses one point, in fixed order,"),
        ([found(batch_size=5)], "uses only some of the points, in"),
        ([found(shuffle=True)], "so the line never stands still. Shuffled, no point"),
        ([found(lr=0.02)], "a useless line"),
        ([found(lr=0.05)], "No line is the end"),
    ],
)
def test_the_reason_for_the_end_fits_the_runs(convergences: list[Convergence], words: str) -> None:
    assert words in why_beside(convergences)


def test_those_that_end_at_least_squares_are_named() -> None:
    says = why_beside([found(), found(batch_size=50)], ["one", "all"])
    assert says.startswith("One ends at \N{MULTIPLICATION SIGN}, beside \N{BLACK STAR}")
    assert "All ends on \N{BLACK STAR}: each step uses all points at once." in says
    says = why_beside([found(), found(lr=1e-9)], ["fast", "slow"])
    assert "Slow ends on \N{BLACK STAR}: its rate is 0.00001% of its safe limit" in says


@pytest.mark.parametrize("width", [300, 420, 560, 700])
def test_the_last_of_several_lines_is_no_single_word(width: int) -> None:
    """Where as many lines can do without one, and never wider than the width."""
    text = "a line of several short words and then some more of them until it has to end somewhere"
    lines = evened(text, width)
    assert " ".join(lines) == text
    assert len(lines) == len(wrapped(text, width))
    assert max(map(text_px, lines)) <= width
    assert len(lines[-1].split()) >= 4


def test_a_word_is_not_left_alone_below_a_full_line() -> None:
    text = "one two three four five six seven eight nine ten"
    width = round(text_px(text)) - 1  # room for all but the last word
    assert wrapped(text, width)[-1] == "ten"
    assert evened(text, width)[-1] != "ten"


def test_footers_are_broken_into_lines_that_fit() -> None:
    lines = footer_lines([why_beside([found()]), why_slow([found()])], 400)
    assert len(lines) > 4
    assert " ".join(lines) == f"{why_beside([found()])} {why_slow([found()])}"
