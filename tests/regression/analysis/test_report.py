"""The sentences: their numbers against the runs they describe, and all of them as last read."""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regression import (
    START,
    Convergence,
    Dataset,
    Line,
    Snapshot,
    noisy_line,
    record,
    safe_rate,
    suggestion,
    train,
)
from regression.analysis.report import (
    at_least,
    auto_choice,
    below,
    count,
    divergence,
    explanation,
    percent,
    progress,
    rate_warning,
    summary,
)
from tests.helpers_analysis import POINTS, run_of


def numbers(line: str) -> list[float]:
    return [float(text) for text in re.findall(r"-?\d+\.?\d*(?:e[+-]\d+)?", line)]


def sentences(data: Dataset, run: Convergence, last: Snapshot | None) -> list[str]:
    """Return all lines about a run."""
    lines = [*summary(run, last), auto_choice(run), rate_warning(run), divergence(run, last)]
    text = explanation(run, last, suggestion(data, run), "the command")
    return [line for line in lines if line] + text.split("\n")


@pytest.mark.parametrize("lr", [0.0001, 0.001])
def test_the_summary_tells_the_truth(lr: float) -> None:
    run, last = run_of(POINTS, lr=lr)
    least, limit, covered, rates = summary(run, last)
    matrix = np.c_[POINTS.x, np.ones(len(POINTS))]
    best = np.linalg.lstsq(matrix, POINTS.y, rcond=None)[0]
    minimum_cost = np.square(matrix @ best - POINTS.y).sum()
    assert numbers(least) == pytest.approx([*best, minimum_cost], rel=5.1e-4)

    long = list(train(POINTS, lr=lr, epochs=40_000))
    rest = long[-1].line
    excess = 100 * (long[-1].cost / minimum_cost - 1)
    assert numbers(limit) == pytest.approx([*rest, long[-1].cost, excess], rel=5.1e-4)

    def away(line: Line) -> float:
        return float(np.hypot(line.weight - rest.weight, line.bias - rest.bias))

    near = next(each.epoch for each in long if away(each.line) <= 0.01 * away(START))
    assert last is not None
    share = 100 * (1 - away(last.line) / away(START))
    shown = [near - 500, 1] if near > 500 else [1, near]
    assert numbers(covered) == pytest.approx([share, *shown], rel=5.1e-4)
    assert numbers(rates)[0] <= 1 / 101
    assert numbers(rates)[0] == pytest.approx(1 / 101, rel=2e-4)
    assert run.diverging_rate == pytest.approx(numbers(rates)[1], rel=5.1e-4)


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("lr", [1e-8, 0.0001, 0.001, 0.0099, 0.02, 0.05, 1e300])
def test_every_line_fits_a_terminal(lr: float, shuffle: bool) -> None:
    lines = sentences(POINTS, *run_of(POINTS, lr=lr, shuffle=shuffle))
    assert max(map(len, lines)) <= 80
    assert not any("nan" in line or "inf " in line for line in lines if lr < 1)


def test_the_warning_names_the_safe_rate_and_comes_above_it_only() -> None:
    assert rate_warning(run_of(POINTS, lr=1 / 101)[0]) is None
    warning = rate_warning(run_of(POINTS, lr=0.0202)[0])
    assert warning is not None
    assert numbers(warning) == pytest.approx([0.0202, 0.0202 * 101, 1 / 101], rel=2e-4)


@pytest.mark.parametrize("lr", [0.05, 1e300])
def test_a_run_that_overflows_says_when_and_how_much_too_large_its_rate_is(lr: float) -> None:
    run, last = run_of(POINTS, lr=lr)
    line = divergence(run, last)
    assert line is not None
    epoch = 1 if last is None else last.epoch + 1
    assert numbers(line) == pytest.approx([epoch, lr, lr * 101], rel=5.1e-4)
    assert divergence(*run_of(POINTS, lr=0.001)) is None


NOISE = np.random.default_rng(0).normal(size=30)
STEPS = np.arange(30.0)
EXTREMES = {
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


@pytest.mark.parametrize(
    ("batch_size", "shuffle"), [(1, False), (1, True), (2, False), (2, True), (99, False)]
)
@pytest.mark.parametrize("name", EXTREMES)
def test_points_at_the_ends_of_float64_have_an_answer(
    name: str, batch_size: int, shuffle: bool
) -> None:
    data = Dataset(*EXTREMES[name])
    safe = safe_rate(data, batch_size=batch_size, shuffled=shuffle)
    how = {"batch_size": batch_size, "shuffle": shuffle, "epochs": 20}
    assert 0 < run_of(data, lr="auto", **how)[0].settings.lr <= safe
    for lr in (2.3e-308, 1e-160, 0.5 * safe, 1.5 * safe, 1e300):
        text = "\n".join(sentences(data, *run_of(data, lr=lr, **how)))
        assert not re.search(r"\bnan\b", text)


@given(value=st.floats(1e-300, 1e300))
def test_below_is_never_above_and_at_least_never_below(value: float) -> None:
    assert float(below(value)) <= value <= float(at_least(value))
    assert float(below(value)) == pytest.approx(value, rel=1e-3)
    assert float(at_least(value)) == pytest.approx(value, rel=1e-3)


def test_no_ratio_to_a_lowest_cost_that_is_only_rounding() -> None:
    run, last = run_of(noisy_line(noise=0, slope=3.3), lr=0.0099)
    assert not any(word in summary(run, last)[1] for word in ("%", "times"))
    text = explanation(run, last, None)
    assert "times that of" not in text
    assert "above least squares" not in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0099999, "0.009999"),
        (0.12344, "0.1234"),
        (0.12346, "0.1234"),
        (1.0, "1.000"),
        (12345.0, "1.234e+04"),
        (0.0, "0.000"),
        (math.nan, "nan"),
    ],
)
def test_below_by_hand(value: float, text: str) -> None:
    assert below(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.5, "50.00 %"),
        (0.99991, "over 99.99 %"),
        (0.9999999, "over 99.99 %"),
        (1.0, "100.0 %"),
        (1.5, "100.0 %"),
        (-0.25, "-25.00 %"),
    ],
)
def test_progress_is_complete_or_less_than_all(share: float, text: str) -> None:
    assert percent(share) == text


def test_what_nobody_could_count_is_shortened() -> None:
    assert count(999_999_999) == "999999999"
    assert count(10**9) == "1.000e+09"


ROWS = [Snapshot(0, 0.25, -1.5, 9.0), Snapshot(12345, -1e12, 999_999_999_999.5, 1.5e300)]


def test_the_tutorials_lines_give_large_numbers_an_exponent() -> None:
    start = "cost= 9.000000 W= 0.250000 b= -1.500000"
    assert progress(record(ROWS[:1])) == [f"Epoch: 0000 {start}", "Optimization Finished!", start]
    end = "cost= 1.500000e+300 W= -1.000000e+12 b= 999999999999.500000"
    expected = [f"Epoch: 0000 {start}", f"Epoch: 12345 {end}", "Optimization Finished!", end]
    assert progress(record(ROWS)) == expected


READ = Path(__file__).with_name("report.txt")
DEFAULT = noisy_line()
YEARS = Dataset(np.arange(2000.0, 2020.0), np.arange(20.0) % 7, "year", "rain")
TWO = Dataset(np.array([0.0, 1.0]), np.array([1.0, 3.0]))

RUNS: dict[str, tuple[Dataset, dict[str, Any]]] = {
    "the tutorial's": (DEFAULT, {"lr": 0.0001, "epochs": 500}),
    "one epoch": (DEFAULT, {"lr": 0.0001, "epochs": 1}),
    "converged": (DEFAULT, {"lr": 0.001, "epochs": 500}),
    "at the safe rate": (DEFAULT, {"lr": safe_rate(DEFAULT), "epochs": 500}),
    "at the best rate": (
        DEFAULT,
        {"lr": "auto", "epochs": 500},
    ),
    "at the best rate of one epoch": (
        DEFAULT,
        {"lr": "auto", "epochs": 1},
    ),
    "limit worse than the start": (DEFAULT, {"lr": 0.02, "epochs": 500}),
    "diverges slowly": (DEFAULT, {"lr": 0.031, "epochs": 20}),
    "overflows": (DEFAULT, {"lr": 0.05, "epochs": 500}),
    "overflows in its last epoch": (DEFAULT, {"lr": 0.05, "epochs": 17}),
    "one epoch from converging": (DEFAULT, {"lr": 0.0001, "epochs": 1794}),
    "just converged": (DEFAULT, {"lr": 0.0001, "epochs": 1795}),
    "overflows at once": (DEFAULT, {"lr": 1e300, "epochs": 500}),
    "a rate too small to tell": (DEFAULT, {"lr": 1e-300, "epochs": 500}),
    "batches": (DEFAULT, {"lr": 0.001, "epochs": 500, "batch_size": 8}),
    "one batch, too fast": (DEFAULT, {"lr": 0.03, "epochs": 9, "batch_size": 50}),
    "shuffled, at the best rate": (DEFAULT, {"lr": 0.000368, "epochs": 500, "shuffle": True}),
    "at best the safe rate": (DEFAULT, {"lr": 0.0099, "epochs": 4}),
    "one batch": (DEFAULT, {"lr": 0.01, "epochs": 500, "batch_size": 50}),
    "shuffled": (DEFAULT, {"lr": 0.0001, "epochs": 500, "shuffle": True}),
    "shuffled, converged": (DEFAULT, {"lr": 0.001, "epochs": 500, "shuffle": True}),
    "shuffled, above the safe rate": (DEFAULT, {"lr": 0.05, "epochs": 500, "shuffle": True}),
    "shuffled, one batch": (
        DEFAULT,
        {"lr": 0.01, "epochs": 500, "batch_size": 50, "shuffle": True},
    ),
    "years": (YEARS, {"lr": 1e-7, "epochs": 500}),
    "two points": (TWO, {"lr": 0.1, "epochs": 500}),
    "two points, in vain": (TWO, {"lr": 0.4, "epochs": 10_000}),
    "starts at its limit": (TWO, {"lr": 0.1, "epochs": 3, "start": Line(2.0, 1.0)}),
}


def paragraphs(name: str, data: Dataset, settings: dict[str, Any]) -> Iterator[str]:
    """Return what is said of a run, each part with its heading."""
    run, last = run_of(data, **settings)
    if "best" in name:
        yield f"[chosen] {auto_choice(run)}"
    yield f"[before] {rate_warning(run)}"
    yield f"[after] {divergence(run, last)}"
    yield from (f"[summary] {line}" for line in summary(run, last))
    yield from explanation(run, last, suggestion(data, run), "the command").split("\n\n")


def all_paragraphs() -> str:
    """Return each distinct paragraph once, under the runs of which it is said."""
    said: dict[str, list[str]] = {}
    for name, run in RUNS.items():
        for paragraph in paragraphs(name, *run):
            said.setdefault(paragraph, []).append(name)
    every = [f"({'; '.join(names)})\n{text}\n" for text, names in said.items()]
    return "\n".join(every).replace(f"({'; '.join(RUNS)})", "(all)")


def test_the_sentences_are_those_that_were_read() -> None:
    """`python -m tests.regression.analysis.test_report` writes report.txt anew, to be read."""
    assert all_paragraphs() == READ.read_text("utf-8")


if __name__ == "__main__":
    READ.write_text(all_paragraphs(), "utf-8")
