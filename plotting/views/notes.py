"""Sentences at the lower edge of a picture: why the run ends where it does, what a larger rate
would do, and where the cost was lower than at the end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from matplotlib.figure import Figure

from plotting.views.base import whole_of
from plotting.views.header import diverges_at, edge_text, floored
from plotting.views.reasons import (
    NEAR,
    footer_height,
    what_unsafe_steps_do,
    write_footer,
)
from plotting.views.words import ends, ends_at_lowest, number, rounded, times, where
from regression import Convergence, Ending, Run, analyse, floor_to

NEAR_SAFE = 0.9
"""From this share of the safe limit on, the larger rate that is named is above it."""

RISEN = 1.01
"""A cost so many times the lowest that was passed has risen again."""


def why_not_least_squares(run: Run, *, short: bool = False) -> str:
    """Return why the run ends where it does, in a sentence; a `short` one for a small picture."""
    convergence = run.as_trained.convergence
    settings, limit_cost = convergence.settings, convergence.limit_cost
    seen = "one point" if settings.batch_size == 1 else f"{settings.batch_size:,} points"
    if limit_cost is None:
        text = (
            "No line is the end of this run: the steps of an epoch together enlarge the distance "
            "to any line. A smaller rate would converge."
        )
        brief = "No line is the end: an epoch's steps together lead farther from any line."
    elif convergence.limit_is_useless:
        back = ""
        if not settings.shuffled:
            back = " Other steps pull back; the run ends where both balance (the closed loop)."
        text = (
            "Why not least squares: there the pulls of all points cancel, but each step follows "
            f"{seen}, from where the last step led. So an epoch leads off; above the safe limit "
            f"far off, since steps at large x overshoot.{back}"
        )
        brief = "Above the safe limit, steps at large x increase the error at their own point."
    elif convergence.points_on_a_line:
        text = (
            "All points lie on one line. There no step has an error to correct, so runs end on it."
        )
        brief = "All points lie on one line: there no step has an error to correct."
    elif convergence.full_batch:
        text = (
            "Each step sees all points, so it goes down the whole cost and ends at least squares."
        )
        brief = "Each step sees all points, so that the run ends at least squares."
    elif settings.shuffled:
        text = (
            f"Why not least squares: each step follows {seen}, in a new order every epoch, so the "
            "line never rests."
        )
        if (convergence.excess_share(limit_cost) or 0.0) < NEAR:
            text += " No point is always the last, so the mean line is near least squares."
        brief = (
            f"Why it never rests: each step follows {seen}, in a new order every epoch; even the "
            "mean line is only nearly least squares."
        )
    elif ends_at_lowest(convergence):
        text = (
            f"The end is as good as least squares: each step follows {seen}, but at so small a "
            "rate the line hardly moves within an epoch."
        )
        brief = "The end is as good as least squares: the line hardly moves within an epoch."
    else:
        is_one = settings.epochs == 1
        few = f"{'1 epoch is' if is_one else f'{settings.epochs:,} epochs are'} too few; "
        too_few = ""
        last = run.as_trained.last
        if last is not None and not convergence.is_near_limit(last.line):
            too_few = f"{few}the end is beside it, too: "
        text = (
            f"Why not least squares: {too_few}each step follows {seen}, so the last points of "
            "an epoch count most."
        )
        brief = (
            f"Why not least squares: {too_few and few}each step follows {seen}, so the last points "
            "count most."
        )
    return brief if short else text


def larger_rate(run: Run, *, short: bool = False) -> str:
    """Return what a larger rate than the run's does: how fast it is and where it ends; what rates
    above the safe limit do, but for a `short` text; and which rate diverges.
    """
    convergence = run.as_trained.convergence
    safe, edge = convergence.safe_rate, convergence.diverging_rate
    if edge is not None and convergence.settings.lr >= edge:
        return f"Smaller rates: up to {floored(safe)} they are safe."
    diverges = diverges_at(convergence)
    rate = larger_than(convergence)
    if rate is None:
        return f"Larger rates are unsafe, too{diverges}."
    found = analyse(run.as_trained.data, replace(convergence.settings, lr=rate))
    fast = times_as_fast(convergence, found)
    which = "Larger rates"
    single = convergence.settings.batch_size == 1
    unsafe = BRIEFLY if single else what_unsafe_steps_do([convergence])
    if short or not convergence.is_safe:
        unsafe = ""
    if not found.is_safe:
        which += (
            f" above {floored(safe)} are not safe" if convergence.is_safe else " are unsafe, too"
        )
        which += f" ({unsafe})" if unsafe else ""
    elif unsafe and not convergence.full_batch:
        diverges = f"; {'' if single else 'above the safe limit '}{unsafe}{diverges}"
    if found.limit is None or fast is None:
        return "" if found.is_safe else f"{which}: they may end far off{diverges}."
    return f"{which}: {number(rate)} is {fast} and {end_of_larger(run, found)}{diverges}."


BRIEFLY = "unsafe steps can increase their point's error"


def end_of_larger(
    run: Run, found: Convergence, verb: str = "ends", *, above: str = "the lowest cost"
) -> str:
    """Return where the run ends at a larger rate, and what that does to the lines of a shuffled
    one, which cost more than their mean; `verb` and `above` are for ends().
    """
    now = run.average_cost
    then = math.inf if now is None else float(run.costs_at(np.array([found.settings.lr]))[0])
    if now is None or then in {now, math.inf}:
        return ends(found, verb, above=above)
    mean, own = (where(each, above=above) for each in (found, run.convergence))
    stays = "stays" if mean == own else "is"
    costs = f"{rounded(then)} on average instead of {rounded(now)}"
    return f"its mean line {stays} {mean}, single lines cost {costs}"


def larger_than(convergence: Convergence) -> float | None:
    """Return a larger rate than the run's: ten times as large, or the safe limit where that is
    less; above it, half as large again, short of where training diverges. None where there is
    none short of that.
    """
    lr, safe, edge = (
        convergence.settings.lr,
        convergence.safe_rate,
        convergence.diverging_rate or math.inf,
    )
    if lr >= NEAR_SAFE * safe:
        larger = float(f"{min(1.5 * lr, (lr + edge) / 2):.3g}")
    else:
        larger = float(f"{min(10 * lr, floor_to(safe, 3)):.3g}")
    return larger if larger > lr else None


def times_as_fast(one: Convergence, other: Convergence) -> str | None:
    """Return how fast the other shrinks the distance left, beside the one: None where one of
    them does not.
    """
    if one.limit is None or other.limit is None or not other.settings.lr > one.settings.lr:
        return None
    ratio = other.log_contraction / one.log_contraction
    if not ratio > 0:
        return None
    if ratio < 1.1:
        return "no faster"
    return f"{times(ratio) if ratio >= 100 else number(ratio, 2)} times as fast"


def larger_rates(runs: Sequence[Run], names: Sequence[str]) -> str:
    """Return what larger rates do to runs that differ in something else, each with its name: the
    same rate for all, or so many times their own; and which rates are safe and which diverge.
    """
    own = [run.as_trained.convergence for run in runs]
    lrs = [each.settings.lr for each in own]
    larger = [rate for rate in map(larger_than, own) if rate is not None]
    if len(larger) < len(runs):
        return limits_of(own, names)
    if len(set(lrs)) == 1:
        what, larger = f"A larger rate, {number(min(larger))}", [min(larger)] * len(runs)
    else:  # rounded down, so that no safe run is brought above its limit
        factor = floor_to(min(rate / lr for rate, lr in zip(larger, lrs)), 2)
        what, larger = f"At {number(factor)} times the rate", [factor * lr for lr in lrs]
    says: list[str] = []
    is_safe = True
    # Of many runs, those at the ends of their order stand for all.
    for place in range(len(runs)) if len(runs) <= FEW else (0, len(runs) - 1):
        settings = replace(own[place].settings, lr=larger[place])
        found = analyse(runs[place].as_trained.data, settings)
        is_safe = is_safe and found.is_safe
        fast = times_as_fast(own[place], found)
        if fast is not None:
            verb = f"ends{lower_or_higher(own[place], found)}"
            above = "it" if says else "the lowest cost"
            end = end_of_larger(runs[place], found, verb, above=above)
            says.append(f"{names[place]} is {fast} and {end}")
        elif own[place].limit is not None and found.limit is None:
            says.append(f"{names[place]} diverges")
    if is_safe and len(set(lrs)) > 1:
        what = f"{what}, still safe"
    sentences = [f"{what}: {'; '.join(says)}." if says else "", limits_of(own, names)]
    return " ".join(filter(None, sentences))


def lower_or_higher(one: Convergence, other: Convergence) -> str:
    """Return that the other run ends at a lower or a higher cost than the one, if that shows, to be
    added to "ends".
    """
    if one.limit_cost is None or other.limit_cost is None or ends(one) == ends(other):
        return ""
    return " lower," if other.limit_cost < one.limit_cost else " higher,"


FEW = 3
"""Of so many runs each has room for what a larger rate does to it."""


def limits_of(convergences: Sequence[Convergence], names: Sequence[str]) -> str:
    """Return up to where rates are safe, and from where on they diverge if the runs, each with its
    name, have that in common or are two; nothing where each has its own safe limit.
    """
    safe, unsafe = [each.safe_rate for each in convergences], what_unsafe_steps_do(convergences)
    if not math.isclose(min(safe), max(safe)):
        return f"Above its safe limit {unsafe}."
    says = [f"Rates up to {floored(min(safe))} are safe", f"above, {unsafe}"]
    edges = list(filter(None, map(edge_text, convergences)))
    if len(edges) == len(convergences) and len(set(edges)) == 1:
        says.append(f"from {edges[0]} on training diverges")
    elif len(edges) == len(convergences) == 2:
        both = " or ".join(f"{edge} ({name})" for edge, name in zip(edges, names))
        says.append(f"training diverges from {both} on")
    return f"{'; '.join(says)}."


def lowest_passed(run: Run) -> str:
    """Return at which epoch the cost was lower than it is in the end, if it was."""
    costs, convergence = run.history["cost"], run.convergence
    if run.ending not in {Ending.ON_ITS_WAY, Ending.CONVERGED} or convergence.points_on_a_line:
        return ""
    index = int(np.argmin(costs))
    if not costs[-1] > RISEN * costs[index]:
        return ""
    epoch, cost = int(run.history["epoch"][index]), number(float(costs[index]), 4)
    return (
        f"The cost is lowest at epoch {epoch:,} ({cost}), then rises: the run is heading for its "
        "end, not for the lowest cost."
    )


def write_note(figure: Figure, *texts: str) -> float:
    """Write sentences at the lower edge, each in as many lines as it needs; return where panels
    may begin above them, in pixels of the design.
    """
    says = [text for text in texts if text]
    write_footer(figure, says)
    return footer_height(says, whole_of(figure).right) + 4 if says else 0.0
