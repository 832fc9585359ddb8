"""The sentences: each against a plain loop and exact arithmetic, and all of them as last read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regression import (
    Dataset,
    Line,
    Run,
    Snapshot,
    finish,
    noisy_line,
    record,
    safe_rate,
    train,
)
from regression.analysis.report import (
    auto_choice,
    epochs,
    explanation,
    higher,
    number,
    overflow_warning,
    percent,
    rate_warning,
    rounded_down,
    rounded_up,
    summary,
    telling,
    times_as_large,
    tutorial_lines,
)
from tests.helpers_analysis import POINTS
from tests.helpers_oracle import (
    DIGITS,
    MAX_ORDERED,
    Oracle,
    Points,
    exact_power,
    floats_after,
)

# Settings of all kinds, drawn from a number.


class Case(NamedTuple):
    """Points, and how they are trained on."""

    data: Dataset
    how: dict[str, Any]
    true_line: Line

    @property
    def points(self) -> list[tuple[float, float]]:
        """The points as pairs."""
        return list(zip(self.data.x.tolist(), self.data.y.tolist()))

    def oracle(self, **how: Any) -> Oracle:
        """Return what is true of a run on the points."""
        return Oracle(self.points, **{**self.how, **how})


def case_of(seed: int) -> Case:
    """Return points and settings drawn from a seed."""
    rng = np.random.default_rng(seed)
    n = int(rng.choice([2, 3, 4, 5, int(rng.integers(6, 13)), 30]))
    x = rng.choice(np.arange(-9.0, 30.0), n, replace=False)
    if rng.random() < 0.6:
        x = rng.normal(size=n) * 10.0 ** rng.uniform(-1.5, 1.5)
        x += rng.choice([0.0, 0.0, 0.0, 5.0, 100.0, 2000.0])
    if rng.random() < 0.5:
        x = np.sort(x)
    slope, intercept = float(rng.choice([1.0, -3.0, 0.0, 1000.0])), float(rng.choice([-2.0, 0.5]))
    noise = float(rng.choice([0.0, 1e-6, 0.1, 1.0, 1.0, 30.0]))
    data = Dataset(x, slope * x + intercept + noise * rng.normal(size=n))
    batch_size = int(rng.choice([1, 1, 1, 2, 3, n]))
    how: dict[str, Any] = {
        "batch_size": batch_size,
        "shuffle": bool(n <= MAX_ORDERED and rng.random() < 0.4),
        "standardize": bool(rng.random() < 0.3),
        "epochs": int(rng.choice([1, 2, 10, 60, 300])),
    }
    seen = train(data, lr=1.0, **how).as_trained
    safe = safe_rate(seen.data, batch_size=batch_size, shuffled=seen.settings.shuffled)
    small, large = 10.0 ** rng.uniform(-5, 0, 4), rng.uniform(1, 3.5, 4)
    shares = [1e-12, *small, 0.5, 1.0, 1.01, *large, 10.0, 1e7]
    share, lr = float(rng.choice(shares)), 0.0
    lr = float(f"{share * safe:.3g}") if rng.random() < 0.7 else share * safe
    how["lr"] = train(data, lr="auto", **how).settings.lr if rng.random() < 0.1 else lr
    at_line = rng.random() < 0.1 and not how["standardize"]
    far = 10.0 ** float(rng.choice([1, 4, 80, 140]))
    starts = [(-1.0, 1.0), (-1.0, 1.0), (far, 1.0), (slope, intercept)]
    how["start"] = starts[3] if at_line else starts[int(rng.integers(0, 3))]
    return Case(data, how, Line(slope, intercept))


# What a sentence says, and how it is checked. Numbers, a share in percent, a count of epochs:
N = r"(-?\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?)"
P = r"(more than 99\.99|-?\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?)%"
E = r"(\d+(?:,\d{3})*|\d+(?:\.\d+)?e\d+)"
MORE = rf"(about )?{E} more epochs?"
LINE = rf"W = {N}, b = {N}"
COST = rf"(practically 0|{N[1:-1]})"
COLUMNS = rf"W = {N} +b = {N} +cost = {COST}"
EXCESS = (
    rf"(?:{P} (?:above the lowest possible|higher)|{N} times the lowest(?: possible)?"
    r"|(?:the )?(lowest possible)(?: in these digits)?)"
)


def value(text: str) -> float:
    """Return a number as it was printed."""
    return float(text.replace(",", ""))


def check_number(text: str, true: float | Decimal, digits: int = 4, within: float = 0.0) -> None:
    """Check that a printed number is the true one, rounded to so many digits."""
    true = float(true)
    if text in {"0", "practically 0"}:
        assert abs(true) <= within + 1e-300
        return
    if digits >= 4:
        digits = max(digits, len(re.sub(r"e.*|\D", "", text).strip("0")))
    unit = 10.0 ** (math.floor(math.log10(abs(true))) - digits + 1) if true else 0.0
    assert abs(value(text) - true) <= 0.501 * unit + 1e-9 * abs(true) + within, (text, true)


def check_percent(text: str, share: float, digits: int = 3, within: float = 0.0) -> None:
    """Check a printed share of something, or how far a cost is above another."""
    if text == "more than 99.99":
        assert 0.9999 <= share <= 1
        return
    unit = 10.0 ** (math.floor(math.log10(abs(100 * share))) - digits + 1) if share else 0.0
    assert abs(value(text) - 100 * share) <= 1.001 * unit + 100 * within, (text, share)


def check_line(
    o: Oracle, w: str, b: str, line: tuple[Decimal, Decimal], rough: float = 0, digits: int = 4
) -> None:
    """Check a printed line in own units; rounding may change it by as much as it changes y."""
    xs, ys = zip(*o.own_points)
    slope = (max(ys) - min(ys) or 1.0) / (max(xs) - min(xs)) + abs(float(line[0]))
    check_number(w, line[0], digits, within=(1e-11 + rough) * slope)
    height = max(map(abs, ys)) + slope * max(map(abs, xs))
    check_number(b, line[1], digits, within=(1e-11 + rough) * height)


def check_excess(o: Oracle, groups: tuple[str, ...], cost: float, rough: float = 0.0) -> None:
    """Check how far a cost is said to be above the lowest."""
    share, times, lowest = groups
    if lowest:
        near = 3e-12 * o.about_mean if o.on_a_line else 1.1e-6 * o.minimum  # seven digits
        assert cost - o.minimum <= near + floor(o) + 1e-14 * o.about_mean
        return
    assert not o.on_a_line
    true = (cost - o.minimum) / o.minimum
    near = 1e-10 * (1 + o.about_mean / o.minimum)
    if share:
        assert true > 0.9e-7
        check_percent(share, true, 2, near + rough * true)
    else:
        check_number(times, 1 + true, 2, rough * true)


def floor(o: Oracle) -> float:
    """Return a cost that is rounding."""
    return len(o.points) * (1e-13 * max(abs(y) for _, y in o.own_points)) ** 2


def rounding(o: Oracle) -> float:
    """Return the cost that a loop's rounding makes of its start, far away."""
    return 1e-22 * o.own_cost(o.start)


def near_cost(o: Oracle) -> float:
    """Return by how much a cost may differ from the limit's to be near it."""
    if not o.on_a_line:
        return 0.01 * o.own_cost(o.limit)
    if o.standardize and o.about_mean <= floor(o):  # all y are 0
        return 1e-4 * len(o.points)
    return on_a_line_enough(o)


def on_a_line_enough(o: Oracle) -> float:
    """Return a cost that is little where points lie on a line."""
    whole = o.about_mean
    if whole <= floor(o):
        whole = sum(y * y for _, y in o.own_points) or len(o.points)
    return 1e-4 * whole


def is_near(o: Oracle, line: tuple[Decimal, Decimal], slack: float = 1e-6) -> bool:
    more = abs(o.own_cost(line) - o.own_cost(o.limit))
    little = 3e-14 * o.about_mean + floor(o)
    allowed = near_cost(o) * (1 + slack) + math.copysign(little, slack)
    return o.distance(line) <= 0.01 * (1 + slack) and more <= allowed


def exact(line: tuple[float, float]) -> tuple[Decimal, Decimal]:
    return Decimal(line[0]), Decimal(line[1])


def check_reached(o: Oracle, epoch: float, *, exactly: bool) -> None:
    """Check that a run is near its limit from this epoch on, and no epoch earlier."""
    if o.epoch.radius() < 1e-9 or o.is_rough:  # what is left is rounding
        return
    rough = 0.0 if exactly and epoch < 1e6 else 2e-3 if exactly else 0.15
    if not exactly and epoch > 1e4:  # ill-conditioned
        rough = 0.5
    first, last = int(epoch * (1 - rough)) - 1, math.ceil(epoch * (1 + rough))
    slack = 1e-4 if exactly else 0.05
    assert is_near(o, o.after(last), slack)
    assert is_near(o, o.after(last + 1), slack)
    assert is_near(o, o.after(2 * last), slack)
    if epoch > 0 and (first > 0 or exactly) and o.epoch.radius() > 1e-9:
        before = np.linspace(float(max(first, 0)), max(epoch - 1.0, 0.0), 1 if exactly else 20)
        assert not all(is_near(o, o.after(int(each)), -slack) for each in before)


Check = Callable[[Oracle, tuple[str, ...]], None]
ROWS: list[tuple[re.Pattern[str], Check]] = []


def says(pattern: str) -> Callable[[Check], Check]:
    """Register the check of a sentence that is printed as the pattern says."""

    def register(check: Check) -> Check:
        ROWS.append((re.compile(pattern), check))
        return check

    return register


def last_cost(o: Oracle) -> float:
    return o.own_cost(o.ends[-1])


def check_covered(o: Oracle, share: str) -> None:
    covered = 1 - o.distance(o.ends[-1])
    check_percent(share, covered, within=0.05 if o.shuffled else 1e-9)
    assert share != "100" or covered == pytest.approx(1.0, abs=1e-14)


def converges(o: Oracle) -> bool:
    return o.epoch.radius() < 1 and (not o.shuffled or o.mean_square_radius(o.lr) < 1.03)


# The summary


@says(rf"least squares     {COLUMNS} \(lowest possible\)$")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_line(o, g[0], g[1], o.least_squares)
    check_number(g[2], o.minimum, within=1e-11 * o.about_mean + floor(o))


@says(rf"SGD converges to  {COLUMNS}(?: \({EXCESS}\))?$")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert not o.shuffled or o.on_a_line
    check_limit(o, g)


ABOUT = rf"(?:hardly above the lowest(?: possible)?|about {EXCESS})"


@says(rf"SGD hovers around {COLUMNS} \({ABOUT}\)$")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_mean(o, g)


def check_mean(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.shuffled
    assert not o.on_a_line
    assert converges(o)
    if o.is_rough:
        return
    check_line(o, g[0], g[1], o.own(o.limit), 1e-3, 3)
    cost = o.own_cost(o.limit)
    assert value(g[2]) >= float(number(o.minimum).replace(",", ""))
    check_number(g[2], cost, 4, limit_within(o))
    if any(g[3:6]):
        check_excess(o, g[3:6], cost, 0.1)
    else:
        assert cost <= 1.011 * o.minimum


def check_limit(o: Oracle, g: tuple[str, ...]) -> None:
    assert converges(o)
    check_line(o, g[0], g[1], o.own(o.limit))
    cost = o.own_cost(o.limit)
    check_number(g[2], cost, within=limit_within(o))
    if any(g[3:6]):
        check_excess(o, g[3:6], cost)


ROUGH = 0.01
"""To which the mean of a shuffled run is known."""


def limit_within(o: Oracle) -> float:
    return 1e-11 * o.about_mean + floor(o) + (ROUGH * o.own_cost(o.limit) if o.shuffled else 0.0)


@says(r"SGD               diverges (on average )?at this learning rate$")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.overflowed or o.shuffled == bool(g[0])
    radius = o.mean_square_radius(o.lr) if o.shuffled else o.epoch.radius()
    assert radius > (0.97 if o.shuffled else 1)


@says(r"SGD               neither converges nor diverges at this learning rate$")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert float(o.epoch.radius()) == pytest.approx(1, abs=1e-10)


@says(r"SGD               may converge or diverge: double precision cannot tell for certain$")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert o.growth > 1e9 or abs(o.epoch.radius() - 1) < 1e-6


@says(r"progress          overflowed in epoch (\d+)$")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.overflowed
    assert int(g[0]) == len(o.ends)


@says(r"progress          none on average: runs move apart$")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert o.shuffled
    assert o.mean_square_radius(o.lr) > 0.97


@says(r"progress          not certain$")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert o.growth > 1e9 or abs(o.epoch.radius() - 1) < 1e-6


@says(r"progress          none: the run does not converge$")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    radius = o.mean_square_radius(o.lr) if o.shuffled else o.epoch.radius()
    assert radius > (0.97 if o.shuffled else 1 - Decimal("1e-10"))


@says(r"progress          it started there$")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    check_started_there(o)


def check_started_there(o: Oracle) -> None:
    w, b = (float(Decimal(s) - t) for s, t in zip(o.start, o.limit))
    far = max(abs(w * x + b) for x, _ in o.points)
    assert far <= 1e-11 * (1 + max(abs(y) for _, y in o.points))


@says(rf"progress          on average within 1% from about epoch {E} on$")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_reached(o, value(g[0]), exactly=False)


@says(
    rf"progress          {P} of the distance; (?:within 1%|(within 1% and )?(cost) (?:within 1%|"
    rf"below {N})) since epoch {E}$"
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    share, both, by_cost, below, epoch = g
    check_covered(o, share)
    if below:
        check_within(o, below)
    check_since(o, int(value(epoch)))
    assert bool(both) == o.shuffled
    if not (o.shuffled or o.is_rough or o.epoch.radius() < 1e-9):
        before = max(int(value(epoch)) - 1, 0)
        if by_cost:  # the distance is less
            assert o.distance(o.after(before)) <= 0.01 * (1 + 1e-6)
        elif before:
            assert o.distance(o.after(before)) > 0.01 * (1 - 1e-6)
    assert o.shuffled or is_near(o, exact(o.ends[-1]), 1e-3)


@says(rf"progress          {P} of the distance$")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_covered(o, g[0])


@says(
    rf"progress          (?:{P} of the distance|(farther than its start)); "
    r"(?=(.*average)?)(?:(?:on average )?within 1%|(cost )(?:of the average line )?(?:within 1%|"
    rf"below {N})) after {MORE}$"
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    share, farther, average, by_cost, below, about, left = g
    if farther:
        assert o.distance(o.ends[-1]) > 1
    else:
        check_covered(o, share)
    averaged = o.shuffled and o.size < len(o.points)
    assert bool(average) == averaged
    assert bool(below) == bool(by_cost and o.on_a_line)
    if below:
        check_number(below, near_cost(o), within=1e-9 * near_cost(o) + floor(o))
    epoch = o.epochs + value(left)
    check_reached(o, epoch, exactly=not about)
    check_not_near(o)
    if by_cost and not about and not o.is_rough and o.epoch.radius() > 1e-9:  # the distance is less
        assert o.distance(o.after(max(int(epoch) - 1, 0))) <= 0.01 * (1 + 1e-6)


@says(rf"progress          farther than its start; within 1% since epoch {E}$")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.distance(o.ends[-1]) > 1
    check_since(o, int(value(g[0])))


def check_not_near(o: Oracle) -> None:
    assert o.shuffled or not is_near(o, exact(o.ends[-1]), -1e-6)


BEYOND = "; beyond (?:that|it) training (diverges)"
VERB = "(?:diverges|no longer converges)(?: on average)?"
THRESHOLD = rf"(?:{BEYOND}|; (?:training )?(first )?{VERB} at (about )?{N})?$"


@says(rf"learning rate     {N} is (?:safe \(limit {N}\)|(the safe limit)){THRESHOLD}")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_safe(o, g[0], g[1] or g[0])
    if g[2]:
        check_at_limit(o)
    if g[3]:
        check_diverges_beyond(o, g[1] or g[0])
    check_threshold(o, g[0], g[6], window=bool(g[4]))


@says(rf"learning rate     {N} is {N} times the safe limit {N}{THRESHOLD}")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_unsafe(o, *g[:3])
    if g[3]:
        check_diverges_beyond(o, g[2])
    check_threshold(o, g[0], g[6], window=bool(g[4]))


def check_at_limit(o: Oracle) -> None:
    assert o.factors(o.lr)[0] == pytest.approx(-1, abs=1e-9)


def check_diverges_beyond(o: Oracle, safe: str) -> None:
    for share in (1.0011, 1.01, 1.1):
        if o.shuffled:
            assert o.mean_square_radius(share * value(safe)) > 1 - 1e-9
        else:
            assert o.radius_at(share * value(safe)) > 1


def check_safe_limit(o: Oracle, safe: str) -> None:
    limit = value(safe)
    assert o.factors(limit)[0] >= -1 - 1e-9
    assert o.factors(limit * 1.0011)[0] < -1


def check_safe(o: Oracle, lr: str, safe: str) -> None:
    check_number(lr, o.lr)
    check_safe_limit(o, safe)
    assert value(lr) <= value(safe)
    assert o.factors(o.lr)[0] >= -1 - 1e-9


def check_unsafe(o: Oracle, lr: str, times: str, safe: str) -> None:
    check_number(lr, o.lr)
    check_safe_limit(o, safe)
    assert value(lr) > value(safe)
    assert o.factors(o.lr)[0] < -1
    assert value(times) > 1
    assert value(times) == pytest.approx(o.lr / value(safe), rel=6e-3)


def check_threshold(o: Oracle, lr: str, at: str, *, window: bool) -> None:
    if not at:
        return
    threshold = value(at)
    if o.shuffled:
        if len(o.points) < 5:
            assert o.mean_square_radius(1.08 * threshold) > 1 - 1e-9
            assert o.mean_square_radius(threshold / 1.08) < 1 + 1e-9
        return
    assert o.radius_at(threshold) >= 1 - Decimal("1e-10")
    if window:
        assert threshold <= value(lr)
        assert converges(o)
        return
    if abs(o.epoch.radius() - 1) > Decimal("1e-10"):
        assert (value(lr) < threshold) == (o.epoch.radius() < 1)
    rng = np.random.default_rng(0)
    for share in (*rng.uniform(0.3, 1, 3), 0.997):
        assert o.radius_at(share * threshold) < 1


# Warnings


@says(
    rf"learning rate {N} is {N} times the safe limit {N}: a step can increase (the error at its "
    r"own point|the cost of its own batch|the cost)$"
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_unsafe(o, *g[:3])
    check_own(o, g[3])


@says(r"training stopped: the cost overflowed in epoch (\d+)$")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.overflowed
    assert int(g[0]) == len(o.ends)


def check_own(o: Oracle, own: str) -> None:
    whole, single = o.size == len(o.points), o.size == 1
    expected = "the cost" if whole else "the error at its own point"
    assert own == (expected if whole or single else "the cost of its own batch")


# The result


@says(
    r"This run (diverged|overflowed): in epoch (\d+) its cost became larger than a 64-bit number "
    rf"can hold \(an overflow\)\.(?: It started at {LINE}, too far away for such numbers\.)?"
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.overflowed
    assert int(g[1]) == len(o.ends)
    assert (g[0] == "overflowed") == converges(o)


@says(
    r"At this learning rate runs diverge on average: the mean of the squared distance between "
    r"runs that differ only in the order of the points grows without bound\. "
    rf"After {E} epochs? this one costs {COST}\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert value(g[0]) == o.epochs
    check_number(g[1], last_cost(o), within=1e-6 * last_cost(o) + 3e-12 * o.about_mean + floor(o))
    assert not o.overflowed
    assert o.shuffled
    assert o.mean_square_radius(o.lr) > 0.97


@says(rf"This run diverges\. After {E} epochs? it has not overflowed yet")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert value(g[0]) == o.epochs
    assert not o.overflowed


FIXED = (
    r"\. There is one line that an epoch would not move \(the fixed point of the epoch\); in the "
    r"long "
    r"run each epoch"
)


@says(rf"{FIXED} multiplies the distance to it by (far more than 1e12|{N})\.")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert not o.shuffled
    radius = o.epoch.radius()
    assert radius > 1
    if g[1]:
        check_number(g[1], radius, within=1e-3 * float(radius))
        assert 1 < value(g[1]) <= 1.001e12
    else:
        assert radius > Decimal("1e11")


@says(rf"{FIXED} makes the distance to it larger\.")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert 1 <= o.epoch.radius() < Decimal("1.001")


@says(
    r"This run did not move: it started at a line that its steps leave as it is\. From almost any "
    r"other start it would not converge at this learning rate\."
)
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert set(o.ends) == {o.start}
    assert not converges(o) or o.epoch.radius() > 1 - Decimal("1e-10")


@says(
    r"Where this run is heading is not certain in double precision: within one epoch the steps "
    rf"enlarge rounding errors so much that these may hide the answer\. It ended at a cost of {N}\."
)
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert o.growth > 1e9 or abs(o.epoch.radius() - 1) < 1e-6


@says(
    r"This run neither converges nor diverges: its distance from the line that an epoch would not "
    r"move \(the fixed point of the epoch\) does not shrink to 0 \(the matrix of an epoch has a "
    r"spectral radius of 1\), so the line goes on changing for ever\."
)
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert float(o.epoch.radius()) == pytest.approx(1, abs=1e-10)
    assert o.ends[-1] != o.ends[-2]


@says(r"This run started at the line it converges to, so every epoch ends there again\.")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    check_started_there(o)


COVERED = (
    rf"After {E} epochs? (?:(?:it|this run) has covered {P} of the distance from its start to the "
    r"(?:mean )?line"
    r"|it is farther than its start was from the (?:mean )?line) "
)


OF_WHAT = (
    r"(?: \(0\.01% of (?:what the best horizontal line costs|what y = 0 costs|an error of 1 at "
    r"each "
    r"point)\))?"
)
WITHIN = (
    r"within 1% of that distance, and "
    rf"(?:of that line's cost|its cost below {N}{OF_WHAT})"
)


def check_within(o: Oracle, below: str) -> None:
    assert bool(below) == o.on_a_line
    if below:
        check_number(below, near_cost(o), within=1e-9 * near_cost(o) + floor(o))


def check_after(o: Oracle, count: str, share: str) -> None:
    assert value(count) == o.epochs
    if share:
        check_covered(o, share)
    else:
        assert o.distance(o.ends[-1]) > 1


@says(
    rf"This run does not learn\. {COVERED}it converges to\. That line costs {N}, more than the "
    rf"start, which costs {N}\. More epochs at this learning rate do not end below the "
    r"cost of the start\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_after(o, *g[:2])
    assert converges(o)
    limit, start = o.own_cost(o.limit), o.own_cost(o.start)
    check_number(g[2], limit, within=limit_within(o))
    check_number(g[3], start)
    assert limit > start


def check_since(o: Oracle, epoch: int) -> None:
    """Check that a run has been near its limit since this epoch, a shuffled one by its orders."""
    assert epoch <= o.epochs
    if not o.shuffled:
        check_reached(o, epoch, exactly=True)
        return
    assert all(is_near(o, exact(line), 1e-4) for line in o.ends[epoch:])
    assert epoch == 0 or not is_near(o, exact(o.ends[epoch - 1]), -1e-4)


@says(
    rf"This run has converged\. {COVERED}it converges to; since epoch {E} it is "
    rf"{WITHIN}\. More epochs at this learning rate change little\.(?: That line costs {N}, more "
    rf"than the start, which costs {N}\.)?"
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_after(o, *g[:2])
    check_within(o, g[3])
    check_since(o, int(value(g[2])))
    assert converges(o)
    assert bool(g[-1]) == (o.own_cost(o.start) < o.own_cost(o.limit) - floor(o))
    if g[-1]:
        check_number(g[-2], o.own_cost(o.limit), within=limit_within(o))
        check_number(g[-1], o.own_cost(o.start))
    change = abs(last_cost(o) - o.own_cost(o.after(64 * o.epochs)))
    assert change <= 0.011 * o.own_cost(o.limit) + 1.1 * on_a_line_enough(o) * o.on_a_line + floor(
        o
    )


@says(
    rf"This run has nearly converged\. {COVERED}it converges to, and its cost is near that line's; "
    rf"from (about )?epoch {E} on it stays so near\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_after(o, *g[:2])
    check_reached(o, value(g[3]), exactly=not g[2])
    assert value(g[3]) > o.epochs


@says(
    r"This run takes the points in a new order each epoch, so it does not converge to one line: "
    r"it hovers around a mean line \(the lines at the ends of epochs have a stationary "
    rf"distribution\)\. From about epoch {E} on the average of many such runs is near that mean "
    r"line: less than 1% of the distance from the start is left, and its cost is within 1% of the "
    rf"mean line's\. The last line of this run costs {N}(?: \((?:{EXCESS}(?:, {N})?|hardly above "
    rf"the "
    r"lowest possible)\))?\. More epochs at this learning rate change little: it goes on hovering\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.shuffled
    assert not o.on_a_line
    check_reached(o, value(g[0]), exactly=False)
    check_number(g[1], last_cost(o), within=1e-9 * last_cost(o))
    if any(g[2:5]):
        check_excess(o, g[2:5], last_cost(o), 1e-9)
    if g[5]:
        check_number(g[5], o.minimum, within=1e-11 * o.about_mean)


@says(rf"This run has not converged yet\. {COVERED}it is heading for\.")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_after(o, *g[:2])
    assert converges(o)
    assert not o.shuffled or o.on_a_line
    check_not_near(o)


@says(
    r"(?:This run is not within 1% of its mean line yet|(This run is near its mean line already, "
    r"perhaps by chance|On average the cost is not within 1% of the mean line's yet))\. "
    rf"{COVERED}around which it will hover, since the order of the points is new each "
    r"epoch\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_after(o, *g[1:3])
    assert bool(g[0]) == (o.distance(o.ends[-1]) <= 0.01)
    assert converges(o)
    assert o.shuffled
    assert not o.on_a_line


@says(
    rf"What is left is little beside the distance from the start, but the cost is {N}, and that of "
    rf"the (?:line it is heading for|mean line) {COST}; {MORE} brings? the cost (of the average "
    rf"line of many "
    rf"such "
    rf"runs )?(?:below {N}{OF_WHAT}|within 1% of that)\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_number(g[0], last_cost(o), within=1e-9 * last_cost(o) + floor(o) + rounding(o))
    check_number(g[1], o.own_cost(o.limit), within=limit_within(o))
    check_reached(o, o.epochs + value(g[3]), exactly=not g[2])
    assert o.distance(o.ends[-1]) < 0.011
    assert bool(g[4]) == (o.shuffled and o.size < len(o.points))
    check_not_near(o)
    check_within(o, g[5])


@says(
    rf"(About ){E} more epochs? brings? the average line of many such runs within 1% of that "
    r"distance, and of the mean line's cost; single runs go on hovering\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.shuffled
    assert o.distance(o.after(o.epochs)) > 0.01
    assert not o.on_a_line
    check_reached(o, o.epochs + value(g[1]), exactly=False)


@says(
    r"(?:(In the long run) each epoch removes|Averaged over the orders, in the "
    rf"long run an epoch removes) (about )?{P} of what is left(, and before that more)?; {MORE} "
    rf"brings? (?:it|(the average "
    rf"line of many such runs)) (?:{WITHIN}|within 1% of that distance(?:\. (?:Its cost|The cost "
    rf"of "
    rf"that average line) is (?:within 1% of (?:that|the mean) line's|below {N}{OF_WHAT})"
    rf"( sooner,)? after (?:about )?{E} more epochs?|; (?:its cost|the cost of that average line) "
    rf"is (?:within 1% of (?:that|the mean) line's|below {N}{OF_WHAT}) (already)))\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    (
        when,
        about,
        removed,
        faster,
        about_left,
        first,
        average,
        below,
        low,
        early,
        later,
        near,
        already,
    ) = g
    left = "" if early else later
    check_percent(removed, float(1 - o.epoch.radius()), within=0.1 if about else 1e-9)
    check_within(o, below or low or near)
    if early and value(later) < 1e6:
        assert value(later) < value(first)
        check_cost_reached(o, o.epochs + int(value(later)), exactly=not about_left)
    if already:
        check_cost_reached(o, o.epochs, exactly=not about_left)
    averaged = o.shuffled and o.size < len(o.points)
    assert bool(average) == averaged == (not when)
    check_reached(o, o.epochs + value(left or first), exactly=not about_left)
    if left and not about_left:
        count = o.epochs + value(first)
        loose = 1e-3 if count < 1e6 else 0.1
        assert o.distance(o.after(int(count * (1 + loose)))) <= 0.01 * (1 + 1e-6)
        # Above the safe limit a run may have been near before.
        before = {int(count * (1 - loose)) - 2, int(count) - 1}
        assert max(o.distance(o.after(max(each, 0))) for each in before) > 0.01 * (1 - 1e-6)
    if faster:
        count = o.epochs + int(value(first))
        left_now = o.distance(o.ends[-1])
        assert o.distance(o.after(count)) < left_now * float(o.epoch.radius()) ** value(first)


def check_cost_reached(o: Oracle, epoch: int, *, exactly: bool) -> None:
    """Check that the cost is near its limit's from this epoch on, whatever the distance is."""
    if o.is_rough:
        return
    after = epoch if exactly else math.ceil(1.15 * epoch)
    for each in (after, after + 1, 2 * after):
        more = abs(o.own_cost(o.after(each)) - o.own_cost(o.limit))
        assert more <= near_cost(o) * (1.0001 if exactly else 1.05) + floor(o) + rounding(o)


@says(
    r"The rate of this run is just below this estimate: should the true threshold be lower still, "
    r"it would not end as said above\."
)
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert o.shuffled
    assert len(o.points) > 5
    assert o.factors(o.lr)[0] < 0


@says(r"Nobody would wait for [\d.,e]+ more epochs\.")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert not is_near(o, o.after(10**7), -1e-6)


@says(
    rf"But (?:its cost|the cost of this run), {N}, is below that of the line it is heading for, "
    rf"{N}: in the end more epochs raise it\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_number(g[0], last_cost(o))
    check_number(g[1], o.own_cost(o.limit), within=limit_within(o))
    assert last_cost(o) < o.own_cost(o.limit)


@says(
    r"The cost (?:of this run )?is further along: its excess over the lowest possible cost "
    r"\(excess risk\) has "
    rf"fallen by {P}\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    fallen = 1 - (last_cost(o) - o.minimum) / (o.own_cost(o.start) - o.minimum)
    check_percent(g[0], fallen, within=1e-9)
    assert fallen > 1 - o.distance(o.ends[-1])


# Where it converges to, and why


@says(
    rf"At learning rate {N} the lines at the ends of epochs hover, in the long run, around a mean "
    rf"of about {LINE}\. This mean line costs {N}, {ABOUT}(?: \({N}\))?; the single lines cost "
    r"more on average\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_number(g[0], o.lr)
    check_mean(o, g[1:7])
    check_number(g[7] or g[3], o.minimum, within=1e-11 * o.about_mean)


@says(
    r"The average of the lines at the ends of many epochs \(iterate averaging\) comes near the "
    r"mean line, and so costs less than this run's last line\."
)
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert o.shuffled
    assert 1.005 * o.own_cost(o.limit) < last_cost(o)


@says(
    rf"At learning rate {N} SGD converges to (the least-squares line, )?{LINE}(, in these digits "
    rf"the least-squares line)?, at a cost of {COST}(?:, {EXCESS}(?:, {N})?)?\. Once it has "
    r"converged, each epoch ends at this line \(the fixed point of the epoch\)\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_number(g[0], o.lr)
    check_limit(o, (*g[2:4], *g[5:]))
    assert not g[1] or o.on_a_line or o.size == len(o.points)
    if g[1] or g[4]:
        check_line(o, g[2], g[3], o.least_squares)
        little = on_a_line_enough(o) if o.on_a_line and not g[1] else 3e-12 * o.about_mean
        assert o.own_cost(o.limit) <= 1.0011 * o.minimum + little + floor(o)
    assert not g[9] or value(g[9]) == pytest.approx(o.minimum, rel=1e-3)


@says(
    r"The run does not stay there: within every epoch it goes round a closed loop \(a limit "
    r"cycle\)(?:, too small to be seen in (?:four|five|six|seven|eight|\d+) digits of W|, with W "
    rf"between {N} and {N}(?: and the cost between {N} and {N})?)\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert len(set(o.loop)) > 1
    weights = [o.own(line)[0] for line in o.loop]
    costs = [o.own_cost(line) for line in o.loop]
    loose = 1e-9 * float(max(map(abs, weights)))
    if g[0]:
        check_number(g[0], min(weights), within=loose)
        check_number(g[1], max(weights), within=loose)
    else:
        assert float(min(weights)) == pytest.approx(float(max(weights)), rel=2e-3)
    if g[2]:
        check_number(g[2], min(costs), within=1e-9 * max(costs))
        check_number(g[3], max(costs), within=1e-9 * max(costs))


@says(
    rf"(?:Both points lie|All {E} points lie(?: practically)?) on one line\. On that line every "
    r"step has an error of 0, so a run that converges ends there\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.on_a_line
    assert int(g[0] or 2) == len(o.points)


@says(
    rf"Each step uses all {E} points: it follows the gradient of the whole cost \(gradient "
    r"descent\), which is zero at the least-squares line only\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.size == len(o.points) == int(g[0])


@says(
    rf"Why (not|does a run not stay at) the least-squares line \({LINE}\)\? There the gradients of "
    rf"the {E} points sum to zero, if (?:all are measured at that one line\.|all count alike and "
    r"are measured at that one line\. But each step follows the mean of its batch, and the last "
    rf"batch has {E} points? instead of {E}, so a point in it counts more\. And) SGD moves after "
    r"each step, so each gradient is measured at another line, and over an epoch they do not "
    r"cancel\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_line(o, g[1], g[2], o.least_squares)
    assert int(g[3]) == len(o.points)
    assert o.shuffled == (g[0] != "not")
    assert o.shuffled or o.limit != o.least_squares
    rest = len(o.points) % o.size
    assert (g[4], g[5]) == ((f"{rest}", f"{o.size}") if rest else (None, None))


@says(
    rf"Why not the least-squares line \({LINE}\)\? There the gradients of the {E} points sum to "
    r"zero, if all count alike and are measured at that one line\. But each step follows the mean "
    rf"of its batch, and the last batch has {E} points? instead of {E}, so a point in it counts "
    rf"{N} times as much\. And SGD moves after each step, so each gradient is measured at another "
    r"line\. In theory a learning rate that falls like 1/epoch leads to the line that fits best "
    r"if the points count like that \(weighted least squares\), but slowly\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert not o.shuffled
    check_line(o, g[0], g[1], o.least_squares)
    assert int(g[2]) == len(o.points)
    assert int(g[3]) == len(o.points) % o.size > 0
    assert int(g[4]) == o.size
    check_number(g[5], o.size / int(g[3]), 3)


@says(r"What they leave over is different for each order, so the line keeps moving\.")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert o.shuffled
    assert not o.on_a_line


@says(
    r"In theory a learning rate that falls like 1/epoch leads to the least-squares line itself, "
    r"but slowly\."
)
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert o.size < len(o.points)
    assert o.shuffled or len(o.points) % o.size == 0


@says(
    rf"The points were made with the line {LINE} and noise\. For these points that line costs {N}, "
    rf"more than the least-squares line \({N}\), so lowering the cost does not lead to it\. With "
    r"more points the two lines tend to come closer\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    true = float(g[0].replace(",", "")), float(g[1].replace(",", ""))
    cost = float(sum((true[0] * x + true[1] - y) ** 2 for x, y in o.own_points))
    check_number(g[2], cost)
    assert cost > o.minimum


# The rates


@says(
    rf"The learning rate {N} is (?:safe: up to {N} \(the safe limit\)|(safe, just below the|the) "
    r"safe limit: up to it) no step increases (the error at its own point|the cost of its own "
    r"batch|the cost)\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_safe(o, g[0], g[1] or g[0])
    if g[2] == "the":
        check_at_limit(o)
    check_own(o, g[3])
    line = o.start
    for epoch in range(1, min(len(o.ends), 3)):
        if o.shuffled:
            break
        after = iter(floats := [*steps_from(o, line)])
        for k, now in enumerate(after):
            batch = o.points[k * o.size : (k + 1) * o.size]
            before, later = (squares(batch, each) for each in (line, now))
            assert later <= before * (1 + 1e-6) + 1e-9 * (1 + far_squares(batch, line)) ** 0.5
            line = now
        assert floats[-1] == o.ends[epoch]


def steps_from(o: Oracle, line: tuple[float, float]) -> Iterator[tuple[float, float]]:
    return floats_after(line, o.points, o.lr, o.size)


def squares(batch: Points, line: tuple[float, float]) -> float:
    return sum((line[0] * x + line[1] - y) ** 2 for x, y in batch)


def far_squares(batch: Points, line: tuple[float, float]) -> float:
    return sum((abs(line[0] * x) + abs(line[1]) + abs(y)) ** 2 for x, y in batch) * 1e-13


@says(
    r"It is (?:at most )?half the limit, so no step overshoots: none (changes the sign of the "
    r"error at its point|goes past the lowest cost of its batch|goes past the least-squares "
    r"line)\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.factors(o.lr)[0] >= -1e-9
    check_overshoot(o, g[0])


@says(
    r"(?:But|It is (?:more than|just above) half the limit, so) a step can overshoot, that is, "
    r"(change the sign of the error at its point|go past the lowest cost of its batch|go "
    r"past the least-squares line)\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.factors(o.lr)[0] < 1e-12
    check_overshoot(o, g[0])


def check_overshoot(o: Oracle, over: str) -> None:
    if o.size == 1:
        assert "point" in over
    else:
        assert ("least-squares" in over) == (o.size == len(o.points))


@says(
    rf"The learning rate {N} is {N} times the safe limit {N}, so a step can increase (the error at "
    r"its own point|the cost of its own batch|the cost)(; in the long run the other steps make up "
    r"for it)?(; the run converges all the same, but to a line worse than its start)?\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    if g[5]:
        assert converges(o)
        assert o.own_cost(o.limit) > o.own_cost(o.start)
    check_unsafe(o, *g[:3])
    check_own(o, g[3])
    assert not g[4] or converges(o)


@says(
    rf"Below {N} no rate was found at which training diverges\. From there on rounding errors may "
    r"keep this analysis from telling, so no divergence threshold is given\.( At the rate of this "
    r"run training diverges for certain\.)?"
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    for share in np.random.default_rng(1).uniform(0.2, 0.99, 4):
        assert o.radius_at(share * value(g[0])) < 1
    assert not g[1] or o.overflowed or o.epoch.radius() > 1
    there = Oracle(o.points, lr=value(g[0]), epochs=1, batch_size=o.size)
    assert there.growth > 1e9 or abs(there.epoch.radius() - 1) < 1e-6


@says(
    rf"Training (?:diverges|no longer converges)(?: on average)? at (about )?{N} \(the divergence "
    r"threshold(?:: the smallest rate found at which it does|, (?:roughly )?estimated "
    r"from a sample of the orders)\)\. (?:There two runs from different starts no longer come "
    r"closer in the long run "
    r"\(the matrix of an epoch has a spectral radius of 1 or more\)|(From there on the mean "
    r"of the squared distance between runs that differ only in the order of the points grows "
    r"without bound))\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert o.shuffled == bool(g[2])
    threshold = value(g[1])
    if not o.shuffled:
        assert o.radius_at(threshold) >= 1 - Decimal("1e-10")
    elif len(o.points) < 5:
        assert o.mean_square_radius(1.08 * threshold) > 1 - 1e-9


@says(r"Beyond the safe limit training diverges \(it is also the divergence threshold\)\.")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    safe = 2 / (1 - o.factors(1.0)[0])
    check_diverges_beyond(o, f"{safe:.17g}")


@says(r"This run's rate is not below it, and yet converges: above it, some rates do\.")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert converges(o)


@says(
    r"Between the safe limit and the threshold (?:training still converges, but perhaps to a line "
    r"far from least squares|(runs still hover around a mean line, but single lines may be "
    r"far from it))\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert not o.on_a_line
    assert bool(g[0]) == o.shuffled


@says(
    r"These rates(?:, and the distance,)? are those of standardized x and y, on which the run was "
    r"trained\."
)
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert o.standardize


@says(
    rf"x has mean {N} and standard deviation {N}\. (?:(It lies far from 0, compared with its "
    rf"spread)|Its scale is (large|small)), and that makes the cost a long narrow valley "
    rf"\(condition number {N}\)\. "
    r"A rate that is small enough across the valley is slow along it\. Standardized x \(mean 0, "
    r"standard deviation 1\) makes the valley round\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert not o.standardize
    x = np.array([x for x, _ in o.points])
    assert abs(value(g[0]) - x.mean()) <= 0.1 * x.std()
    check_number(g[1], x.std())
    sizes = np.linalg.svd(np.c_[x, np.ones(len(x))], compute_uv=False)
    condition = (sizes[0] / sizes[1]) ** 2
    check_number(g[4], condition, 2, 1e-6 * condition)
    assert g[2] or g[3]
    # With mean 0, or with standard deviation 1, the valley would be shorter.
    assert not g[2] or max(x.std(), 1 / x.std()) ** 2 < condition / 90
    assert not g[3] or max(x.std(), 1 / x.std()) > 10
    assert not g[3] or (g[3] == "large") == (x.std() > 1)


# What to do


def safe_of(o: Oracle) -> float:
    """Return the safe limit, from how a step changes the error at its own point or batch."""
    return 1 / (1 - o.factors(0.5)[0]) if o.factors(0.5)[0] < 1 else 1.0


def excess_after(o: Oracle, lr: float, count: int) -> float:
    """Return the cost above the lowest after so many epochs at another rate, in own units."""
    there = Oracle(o.points, lr=lr, epochs=1, batch_size=o.size)
    line = exact_power(there.epoch, count).at((Decimal(o.start[0]), Decimal(o.start[1])))
    return o.own_cost(line) - o.minimum


@says(
    rf"To end lower, (?:try|(train on standardized x and y:)) {E} epochs? at learning rate {N}; "
    rf"(?:the run then ends at a cost of {COST}(?: \({EXCESS}(?:, {N})?\))?|on average a run then "
    rf"ends at a cost(?: of (?:about )?{COST},?)?(?: {ABOUT})?|(most runs then end far "
    rf"lower))\.(?: (That is about the lowest "
    rf"that) (?:one epoch reaches|{E} epochs reach) at a safe rate\.)?"
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    count, lr = int(value(g[1])), value(g[2])
    if g[0]:
        assert not o.standardize
        o = o.standardized()
    assert o.factors(lr)[0] >= -1 - 1e-9
    if g[12]:
        costs = costs_of_orders(o, lr, count)
        assert costs is None or o.overflowed or np.median(costs) < last_cost(o) + rounding(o)
        return
    if o.shuffled:
        mean = o.expected_cost(lr, count)
        near = 0.02 * (mean - o.minimum) + rounding(o) + 1e-9 * o.about_mean
        if g[8]:
            expected = 0.0 if g[8] == "practically 0" else value(g[8])
            assert o.overflowed or expected < last_cost(o) + rounding(o) or o.on_a_line
            is_far = mean > 1.9 * o.minimum and len(o.points) > 5
            assert abs(expected - mean) <= near + (0.5 if is_far else 0.06) * mean
        assert o.overflowed or mean - near < last_cost(o)
        if any(g[9:12]):
            check_excess(o, g[9:12], mean, 0.5 if mean > 1.9 * o.minimum else 0.1)
        elif not o.on_a_line:
            assert mean <= 1.012 * o.minimum + near
        return
    cost = excess_after(o, lr, count) + o.minimum
    if g[13]:
        assert value(g[14] or "1") == count
        shares = np.geomspace(1e-4, 0.999, 25)
        assert cost <= 1.2 * (
            o.minimum + min(excess_after(o, s * safe_of(o), count) for s in shares)
        )
    check_number(g[3], cost, within=1e-9 * cost + 1e-9 * o.about_mean + rounding(o))
    if any(g[4:7]) and cost > rounding(o):
        check_excess(o, g[4:7], cost, 1e-6)
    assert not g[7] or value(g[7]) == pytest.approx(o.minimum, rel=1e-3)
    assert o.overflowed or cost < last_cost(o) + rounding(o)


def costs_of_orders(
    o: Oracle, lr: float, count: int, runs: int = 50
) -> npt.NDArray[np.float64] | None:
    """Return the costs of so many runs in orders drawn anew; None where that takes long."""
    steps = -(-len(o.points) // o.size)
    if steps * count > 10_000:
        return None
    rng, (x, y) = np.random.default_rng(0), np.array(o.points, float).T
    weight, bias = (np.full(runs, float(each)) for each in o.start)
    for _ in range(count):
        orders = np.array([rng.permutation(len(x)) for _ in range(runs)])
        for k in range(0, len(x), o.size):
            some = orders[:, k : k + o.size]
            error = weight[:, None] * x[some] + bias[:, None] - y[some]
            weight = weight - 2 * lr * (error * x[some]).mean(axis=1)
            bias = bias - 2 * lr * error.mean(axis=1)
    costs: npt.NDArray[np.float64] = np.square(np.outer(weight, x) + bias[:, None] - y).sum(axis=1)
    return costs


LOW = (
    r"The cost of this run(?: is (the lowest possible|practically 0|0)| is (hardly above) the "
    r"lowest possible|"
    rf", {N}, is small(?: beside that of the best horizontal line, {N})?)"
)


def check_low(o: Oracle, g: tuple[str, ...]) -> None:
    lowest, hardly, cost, horizontal = g
    more = last_cost(o) - o.minimum
    if cost:
        check_number(cost, last_cost(o), within=floor(o) + rounding(o))
        enough = on_a_line_enough(o) if o.on_a_line else 1e-11 * o.about_mean
        assert more <= 1.001 * enough + floor(o)
    elif hardly:
        assert 0 < more <= 1.001e-3 * o.minimum
    else:
        assert lowest
        near = 3e-12 * o.about_mean if o.on_a_line else 1.1e-7 * o.minimum
        assert more <= near + floor(o) + rounding(o) + 1e-12 * len(o.points)
    assert not horizontal or value(horizontal) == pytest.approx(o.about_mean, rel=1e-3)


@says(rf"{LOW}: it needs no change\.")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_low(o, g)
    assert converges(o) or o.growth > 1e9


@says(
    rf"{LOW}: more epochs (?:can lower it by {N} at most|would change the line, (?:but "
    r"hardly lower|(and in the end raise)) the cost)\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_low(o, g[:4])
    if g[4]:
        check_number(g[4], last_cost(o), within=floor(o) + rounding(o))
    assert not g[5] or o.own_cost(o.limit) > last_cost(o)
    check_not_near(o)


@says(
    rf"{LOW}, since the run started near the lowest\. A small enough learning rate keeps it there\."
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_low(o, g)
    assert o.shuffled or o.epoch.radius() >= 1 or o.own_cost(o.limit) > last_cost(o)


@says(rf"{LOW}: a lucky order of the points\. Another may end far higher\.")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_low(o, g)
    assert o.shuffled
    assert o.own_cost(o.start) > 5 * last_cost(o)


@says(rf"{LOW}, but more epochs may raise it\.")
def _(o: Oracle, g: tuple[str, ...]) -> None:
    check_low(o, g)
    assert not converges(o) or o.own_cost(o.limit) > last_cost(o) or o.growth > 1e9


@says(r"No safe learning rate ends much lower, not even with 64 times as many epochs\.")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    left = last_cost(o) - o.minimum
    for share in np.geomspace(1e-6, 1, 30):
        for times in (1, 64):
            assert excess_after(o, 0.999 * share * safe_of(o), times * o.epochs) > 0.75 * left


@says(r"No safe learning rate is expected to end much lower\.")
def _(o: Oracle, _g: tuple[str, ...]) -> None:
    assert o.shuffled


@says(
    rf"learning rate auto: {N}, which (?:is expected to end|ends) lowest of the safe rates tried "
    rf"after {E} epochs? \(computed in advance, as only small models allow\)$"
)
def _(o: Oracle, g: tuple[str, ...]) -> None:
    assert value(g[1]) == o.epochs
    check_number(g[0], o.lr)
    if o.shuffled:
        return
    here = last_cost(o) - o.minimum
    for share in np.geomspace(1e-3, 0.999, 25):
        there = excess_after(o, share * safe_of(o), o.epochs)
        assert here <= 1.03 * there + 2e-3 * o.minimum + 1e-9 * o.about_mean


# All sentences of a run.


def said_of(run: Run, true_line: Line | None) -> list[str]:
    """Return each line, and each paragraph as one."""
    lines = [rate_warning(run), overflow_warning(run), *summary(run)]
    paragraphs = explanation(run, true_line=true_line).split("\n\n")
    return [line for line in lines if line] + [" ".join(each.split()) for each in paragraphs]


def check_said(o: Oracle, text: str) -> None:
    """Check each sentence of a text; one that no row knows fails."""
    while text:
        for pattern, check in ROWS:
            found = pattern.match(text)
            if found:
                check(o, found.groups())
                text = text[found.end() :].lstrip()
                break
        else:
            pytest.fail(f"no row for: {text}")


AGAINST = [
    (r"needs no change", r"To end lower|This run (?:diverge|does not learn)"),
    (r"No safe learning rate", r"To end lower"),
    (r"has converged\.|since epoch", r"has not converged|more epochs? bring"),
    (r"(?m)^SGD converges", r"This run (?:diverges|neither)|does not converge to one"),
    (r"diverges at this learning rate", r"SGD (?:converges|hovers)|has (?:not )?converged"),
    (r"the least-squares line, (?:W|at a cost)", r"Why not the least-squares line"),
    (r"is (?:safe|the safe limit)", r"times the safe limit"),
    (r"beyond (?:it|that) training diverges", r"Between the safe limit and"),
    (r"hardly lower the cost", r"To end lower"),
    (r"started at the line it converges to", r"has covered|of the distance"),
]

OLD_WORDS = re.compile(
    r"\b(?:settles?|the way|comes? to rest|arrives?d?|nonsense|nothing of|lopsided|tame|cloud|"
    r"gone|told to|put|teach|nan|inf)\b"
)


def check_case(case: Case) -> None:
    """Check all that is said of a run."""
    run = finish(train(case.data, **case.how))
    said = said_of(run, case.true_line)
    text = "\n".join(said)
    for one, other in AGAINST:
        assert not (re.search(one, text) and re.search(other, text)), (one, other, text)
    assert not OLD_WORDS.search(text), text
    assert "--" not in text
    with localcontext() as context:
        context.prec = DIGITS + 2 * round(math.log10(1 + abs(case.how["start"][0])))
        oracle = case.oracle()
        for each in said:
            check_said(oracle, each)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_said_is_true(seed: int) -> None:
    check_case(case_of(seed))


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(1, 31))
def test_what_is_said_of_thousands_is_true(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        check_case(case_of(seed))


# Number formats, and what needs no oracle.


def test_the_tutorials_lines_give_large_numbers_an_exponent() -> None:
    rows = [Snapshot(0, 0.25, -1.5, 9.0), Snapshot(12345, -1e12, 999_999_999_999.5, 1.5e300)]
    start = "cost= 9.000000 W= 0.250000 b= -1.500000"
    assert tutorial_lines(record(rows[:1])) == ["Optimization Finished!", start]
    end = "cost= 1.500000e+300 W= -1.000000e+12 b= 999999999999.500000"
    assert tutorial_lines(record(rows)) == [f"Epoch: 12345 {end}", "Optimization Finished!", end]
    assert tutorial_lines(record(rows), finished=False) == [f"Epoch: 12345 {end}"]


@given(value=st.floats(1e-300, 1e300), digits=st.integers(1, 17))
def test_a_number_has_the_digits_asked_for(value: float, digits: int) -> None:
    assert value_of(number(value, digits)) == float(f"{value:.{digits - 1}e}")
    assert number(-value, digits) == f"-{number(value, digits)}"


@given(value=st.floats(1e-300, 1e300), digits=st.integers(3, 12))
def test_rounded_down_is_not_above_and_rounded_up_not_below(value: float, digits: int) -> None:
    low, high = value_of(rounded_down(value, digits)), value_of(rounded_up(value, digits))
    assert low <= value * (1 + 1e-12)
    assert high >= value * (1 - 1e-12)
    assert [low, high] == pytest.approx([value, value], rel=10.0 ** (1 - digits))


def value_of(text: str) -> float:
    return float(text.replace(",", ""))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.5, "50%"),
        (0.98999, "98.9%"),  # not yet within 1%
        (0.99, "99%"),
        (0.99991, "more than 99.99%"),
        (0.9999999, "more than 99.99%"),
        (1.0, "100%"),
        (-0.25, "-25%"),
        (1e-9, "1e-7%"),
    ],
)
def test_a_share_is_all_only_where_all_is_meant(share: float, text: str) -> None:
    assert percent(share) == text


def test_epochs_that_nobody_could_count_are_rounded_up() -> None:
    assert epochs(999_999) == "999,999 epochs"
    assert epochs(1_000_001) == "1,001,000 epochs"
    assert epochs(10**30 + 1) == "1e30 epochs"


def test_a_rate_hardly_above_another_is_not_called_once_as_large() -> None:
    assert times_as_large(1.0000001, 1.0) == "1.0000001"
    assert times_as_large(3.0, 1.5) == "2"


def test_costs_are_told_apart_but_not_from_rounding() -> None:
    found = finish(train(noisy_line(), lr=0.001, epochs=3)).convergence
    lowest = found.minimum_cost
    assert (higher(found, lowest), telling(found, lowest)) == ("the lowest possible", "35.67")
    assert (higher(found, 1.00001 * lowest)) == "0.001% above the lowest possible"
    assert telling(found, 1.00001 * lowest) == "35.6698"
    assert higher(found, 11 * lowest) == "11 times the lowest possible"
    on_a_line = finish(train(noisy_line(noise=0, slope=3.3), lr=0.0099, epochs=3)).convergence
    assert higher(on_a_line, 1e-20) == "the lowest possible"
    assert higher(on_a_line, 5.0) == ""


DEFAULT = noisy_line()
YEARS = Dataset(np.arange(2000.0, 2020.0), np.arange(20.0) % 7, "year", "rain")
TWO = Dataset(np.array([0.0, 1.0]), np.array([1.0, 3.0]))


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("lr", [1e-8, 0.0001, 0.0099, 0.02, 0.05, 1e300])
def test_every_line_fits_a_terminal(lr: float, shuffle: bool) -> None:
    run = finish(train(POINTS, lr=lr, epochs=500, shuffle=shuffle))
    text = explanation(run, true_line=Line(1.0, -2.0))
    assert max(map(len, text.split("\n"))) <= 79
    assert not re.search(r"\b[Wb]$|\b[Wb] =$", text, re.MULTILINE)
    assert max(map(len, summary(run))) <= 99


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_falling_rate_leads_to_the_line_that_is_named(size: int) -> None:
    x, y = np.array([-1.0, 0.0, 0.5, 1.0, 2.0, 0.2]), np.array([1.0, -1.0, 0.0, 2.0, 1.0, 3.0])
    whole = len(x) // size * size  # in full batches
    counts = np.where(np.arange(len(x)) < whole, 1.0, size / max(len(x) - whole, 1))
    weight, bias = 0.0, 0.0
    for epoch in range(1, 10_001):
        for first in range(0, len(x), size):
            xs, ys = x[first : first + size], y[first : first + size]
            errors = weight * xs + bias - ys
            weight -= 2 / (epoch + 5) * float(np.mean(errors * xs))
            bias -= 2 / (epoch + 5) * float(np.mean(errors))
    best = np.polyfit(x, y, 1, w=np.sqrt(counts))
    assert (weight, bias) == pytest.approx(tuple(best), abs=2e-3)
    said = explanation(finish(train(Dataset(x, y), lr=0.1, epochs=50, batch_size=size)))
    assert ("weighted least squares" in said) == bool(len(x) % size)


def test_the_command_comes_last_and_only_with_advice() -> None:
    slow = finish(train(DEFAULT, lr=0.0001, epochs=500))
    assert explanation(slow, "the command").endswith("\n\n    the command")
    assert "To end lower" in explanation(slow)
    done = finish(train(TWO, lr=0.1, epochs=500))
    assert "the command" not in explanation(done, "the command")


def test_a_rate_at_the_safe_limit_is_not_shown_above_it() -> None:
    line = summary(finish(train(DEFAULT, lr=1 / 101, epochs=5)))[3]
    assert line.startswith("learning rate     0.00990099 is safe (limit 0.00990099)")


@pytest.mark.parametrize(
    ("batch_size", "shuffle"), [(1, False), (1, True), (2, False), (2, True), (99, False)]
)
@pytest.mark.parametrize(
    ("x", "y"),
    [
        (1e-139 * np.arange(9.0), np.arange(9.0) % 2),
        (1e138 * (1 + np.arange(9.0)), 1e139 * (np.arange(9.0) % 2)),
        (np.array([1e-140, 2e-140, 1e140]), np.array([1e-300, 1e140, 0])),
        (np.array([1e15, 1e15 + 1]), np.array([1.0, 5.0])),
        (np.arange(9.0), np.zeros(9)),
    ],
)
def test_points_at_the_ends_of_float64_have_an_answer(
    x: np.ndarray, y: np.ndarray, batch_size: int, shuffle: bool
) -> None:
    data = Dataset(x, y)
    safe = safe_rate(data, batch_size=batch_size, shuffled=shuffle)
    how: dict[str, Any] = {"batch_size": batch_size, "shuffle": shuffle, "epochs": 20}
    for lr in (2.3e-308, 0.5 * safe, 1.5 * safe, 1e300):
        text = "\n".join(said_of(finish(train(data, lr=lr, **how)), None))
        assert not re.search(r"\b(?:nan|inf)\b", text), text


# All sentences as they were last read.

READ = Path(__file__).with_name("report.txt")

RUNS: dict[str, tuple[Dataset, dict[str, Any]]] = {
    "the tutorial's": (DEFAULT, {"lr": 0.0001, "epochs": 500}),
    "automatic": (DEFAULT, {"lr": "auto", "epochs": 500}),
    "converged": (DEFAULT, {"lr": 0.005, "epochs": 500}),
    "its cost will rise": (DEFAULT, {"lr": 0.005, "epochs": 3, "start": Line(1.05, -2.6)}),
    "a useless limit": (DEFAULT, {"lr": 0.02, "epochs": 500}),
    "unknown": (noisy_line(80), {"lr": 0.031, "epochs": 5}),
    "diverges": (DEFAULT, {"lr": 0.031, "epochs": 20}),
    "overflows": (DEFAULT, {"lr": 0.05, "epochs": 500}),
    "shuffled": (DEFAULT, {"lr": 0.005, "epochs": 200, "shuffle": True}),
    "shuffled, slow": (DEFAULT, {"lr": 0.0001, "epochs": 100, "shuffle": True}),
    "shuffled, diverges": (DEFAULT, {"lr": 0.0247, "epochs": 100, "shuffle": True}),
    "batches": (DEFAULT, {"lr": 0.005, "epochs": 200, "batch_size": 10}),
    "one batch": (DEFAULT, {"lr": 0.02, "epochs": 100, "batch_size": 50}),
    "one batch, too fast": (DEFAULT, {"lr": 0.03, "epochs": 9, "batch_size": 50}),
    "starts far away": (DEFAULT, {"lr": 0.001, "epochs": 126, "start": Line(1e6, 1.0)}),
    "years": (YEARS, {"lr": 1e-8, "epochs": 500}),
    "years, standardized": (YEARS, {"lr": "auto", "epochs": 500, "standardize": True}),
    "two points": (TWO, {"lr": 0.1, "epochs": 500}),
    "starts at its limit": (TWO, {"lr": 0.1, "epochs": 3, "start": Line(2.0, 1.0)}),
    "alternates": (Dataset(np.array([-1.0, 1.0]), np.array([0.0, 1.0])), {"lr": 0.5, "epochs": 9}),
    "does not move": (TWO, {"lr": 2.0, "epochs": 9, "start": Line(2.0, 1.0)}),
}


def all_paragraphs() -> str:
    """Return each distinct paragraph once, under the runs of which it is said."""
    said: dict[str, list[str]] = {}
    for name, (data, how) in RUNS.items():
        run = finish(train(data, **how))
        lines = [rate_warning(run), overflow_warning(run), *summary(run)]
        lines = [auto_choice(run), *lines] if how["lr"] == "auto" else lines
        true_line = Line(1.0, -2.0) if data is DEFAULT else None
        for paragraph in (*filter(None, lines), *explanation(run, "", true_line).split("\n\n")):
            said.setdefault(paragraph, []).append(name)
    return "\n".join(f"({'; '.join(names)})\n{text}\n" for text, names in said.items())


def test_the_sentences_are_those_that_were_read() -> None:
    """`python -m tests.regression.analysis.test_report` writes report.txt anew, to be read."""
    assert all_paragraphs() == READ.read_text("utf-8")


if __name__ == "__main__":
    READ.write_text(all_paragraphs(), "utf-8")
