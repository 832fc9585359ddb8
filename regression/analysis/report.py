"""What is said of a run: the tutorial's lines, a summary, an explanation; and number formats.

Each sentence follows from numbers of the run, and Ending decides which sentences are said.
"""

from __future__ import annotations

import math
import textwrap

import numpy as np

from regression.analysis.convergence import ENOUGH, Convergence, Ending
from regression.history import History, Run, snapshots_of
from regression.line import Line

COLUMNS = 79


# Numbers as people read them.


def number(value: float, digits: int = 4) -> str:
    """Return the value to so many significant digits, without zeros that mean nothing.

    >>> number(2.0), number(1234567.0), number(-0.00012), number(3.37e11), number(1e-9)
    ('2', '1,235,000', '-0.00012', '3.37e11', '1e-9')
    """
    if not math.isfinite(value):
        return f"{value}"
    if value == 0 or 1e-4 <= abs(value) < 1e7:
        rounded = float(f"{value:.{digits}g}")
        whole, point, decimals = f"{rounded:,.10f}".rstrip("0").partition(".")
        return f"{whole}{point}{decimals}" if decimals else whole
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(exponent)}"


def rounded_down(value: float, digits: int = 4) -> str:
    """Return a positive value as number() does, but never rounded up.

    >>> rounded_down(1 / 101), number(1 / 101)
    ('0.0099', '0.009901')
    """
    near = float(f"{value:.{digits - 1}e}")
    if near > value:
        near -= 10.0 ** (math.floor(math.log10(value)) - digits + 1)
    return number(near, digits)


def rounded_up(value: float, digits: int = 4) -> str:
    """Return a positive value as number() does, but never rounded down.

    >>> rounded_up(0.0303569)
    '0.03036'
    """
    near = float(f"{value:.{digits - 1}e}")
    if near < value:
        near += 10.0 ** (math.floor(math.log10(value)) - digits + 1)
    return number(near, digits)


def percent(share: float) -> str:
    """Return a share in percent to three digits, never 100% of what is not all.

    >>> percent(0.7385), percent(0.99987), percent(0.999999), percent(1.0), percent(0.0000123)
    ('73.9%', '99.98%', 'more than 99.99%', '100%', '0.00123%')
    """
    if 0.9999 < share < 1:
        return "more than 99.99%"
    if 0.9995 <= share < 1:
        return f"{math.floor(share * 1e4) / 100:.2f}%"
    return f"{number(100 * share, 3)}%"


def epochs(count: int) -> str:
    """Return so many epochs in words: in full, unless nobody could count them.

    >>> epochs(1), epochs(1295), epochs(10**12)
    ('1 epoch', '1,295 epochs', '1e12 epochs')
    """
    counted = f"{count:,}" if count < 10**9 else number(float(count))
    return f"{counted} epoch" if count == 1 else f"{counted} epochs"


def more_epochs(count: int) -> str:
    """Return so many more epochs in words."""
    return epochs(count).replace(" ", " more ", 1)


def line_of(line: Line, digits: int = 4) -> str:
    """Return W and b in a sentence."""
    return f"W = {number(line.weight, digits)}, b = {number(line.bias, digits)}"


def higher(found: Convergence, cost: float) -> str:
    """Return how far a cost is above the lowest possible; "" where that is only rounding, so that
    a ratio to it would mean nothing.
    """
    if found.excess(cost) <= found.negligible_cost:
        return "the lowest possible"
    share = found.excess_share(cost)
    if share is None:
        return ""
    if share >= 9:
        return f"{number(1 + share, 2)} times the lowest possible"
    return f"{number(100 * share, 2)}% above the lowest possible"


def telling(found: Convergence, cost: float) -> str:
    """Return a cost to four digits, or to as many, up to seven, as tell it from the lowest."""
    digits = next((n for n in (4, 5, 6) if number(cost, n) != number(found.minimum_cost, n)), 7)
    same = found.excess(cost) <= found.negligible_cost
    return number(cost, 4 if same else digits)


def bracketed(text: str) -> str:
    """Return the text in brackets after a blank, if there is any."""
    return f" ({text})" if text else ""


# The lines that the tutorial prints.


def tutorial_lines(history: History, *, finished: bool = True) -> list[str]:
    r"""Return a line for each epoch of the history but the start, and two lines for the last;
    an overflowed run is not `finished`, and its lines do not claim it.

    >>> from regression import noisy_line, record, train
    >>> print(*tutorial_lines(record(train(noisy_line(), lr=0.001, epochs=2))), sep="\n")
    Epoch: 0001 cost= 242.934293 W= 0.697322 b= 1.262476
    Epoch: 0002 cost= 256.135090 W= 0.750170 b= 1.180461
    Optimization Finished!
    cost= 256.135090 W= 0.750170 b= 1.180461
    """
    snapshots = snapshots_of(history)
    lines = [
        f"Epoch: {s.epoch:04d} {_values(s.weight, s.bias, s.cost)}" for s in snapshots if s.epoch
    ]
    last = snapshots[-1]
    end = ["Optimization Finished!", _values(last.weight, last.bias, last.cost)]
    return lines + (end if finished else [])


def _values(weight: float, bias: float, cost: float) -> str:
    # A diverging run has costs of 300 digits; an exponent says the same.
    shown = (f"{v:.6f}" if abs(v) < 1e12 else f"{v:.6e}" for v in (cost, weight, bias))
    return "cost= {} W= {} b= {}".format(*shown)


# The summary: four lines.


def summary(run: Run) -> list[str]:
    r"""Return four lines: least squares, where SGD converges to, the progress, and the rates.

    >>> from regression import finish, noisy_line, train
    >>> print(*summary(finish(train(noisy_line(), lr=0.0001, epochs=500))), sep="\n")
    least squares     W = 1.116      b = -2.451     cost = 35.67 (lowest possible)
    SGD converges to  W = 1.123      b = -2.465     cost = 35.71 (0.11% higher)
    progress          73.9% of the distance; within 1% after 1,295 more epochs
    learning rate     0.0001 is safe (limit 0.0099); training diverges at 0.03037
    """
    found = run.convergence
    rows = [
        (
            "least squares",
            _columns(found.least_squares, number(found.minimum_cost)) + " (lowest possible)",
        ),
        _limit_row(run),
        ("progress", _progress(run)),
        ("learning rate", _rate(run)),
    ]
    return [f"{name:<18}{text}" for name, text in rows]


def _columns(line: Line, cost: str) -> str:
    weight, bias = number(line.weight), number(line.bias)
    return f"W = {weight:<10} b = {bias:<10} cost = {cost}"


def _limit_row(run: Run) -> tuple[str, str]:
    found = run.convergence
    if found.limit is None or found.limit_cost is None:
        return "SGD", _NO_LIMIT[run.ending]
    label = "SGD hovers around" if found.settings.shuffled else "SGD converges to"
    more = higher(found, found.limit_cost)
    more = more.replace("above the lowest possible", "higher").removeprefix("the ")
    more = more.replace("times the lowest possible", "times the lowest")
    place = _columns(found.limit, telling(found, found.limit_cost))
    return label, place + bracketed(more)


_NO_LIMIT = {
    Ending.OVERFLOWED: "diverges at this learning rate",
    Ending.DIVERGING: "diverges at this learning rate",
    Ending.ALTERNATING: "neither converges nor diverges at this learning rate",
    Ending.UNKNOWN: "cannot be told in double precision",
}


def _progress(run: Run) -> str:
    ending, left, covered = run.ending, run.epochs_left, run.progress
    if ending is Ending.OVERFLOWED:
        return f"overflowed in epoch {run.overflow_epoch:,}"
    if covered is None or left is None:
        return "cannot be told" if ending is Ending.UNKNOWN else "none: the run does not converge"
    if ending is Ending.STARTED_AT_LIMIT:
        return "it started there"
    about = "about " if run.settings.shuffled else ""
    cost = "cost " if covered >= 0.99 and left > 0 else ""
    done = f"{percent(covered)} of the distance; {cost}within 1%"
    if left > 0:
        return f"{done} after {about}{more_epochs(left)}"
    return f"{done} since {about}epoch {run.convergence.epochs_needed:,}"


def _rate(run: Run) -> str:
    found = run.convergence
    lr, safe = found.settings.lr, rounded_down(found.safe_rate)
    if found.is_safe:
        text = f"{number(lr)} is safe (limit {safe})"
    else:
        text = f"{number(lr)} is {number(lr / found.safe_rate, 3)} times the safe limit {safe}"
    if found.diverging_rate is None:
        return text
    verb = "no longer converges" if run.ending is Ending.ALTERNATING else "diverges"
    return f"{text}; training {verb} at {rounded_up(found.diverging_rate)}"


# Warnings: one line each.


def rate_warning(run: Run) -> str | None:
    """Return a line that says by how much the learning rate is above the safe limit, if it is."""
    found = run.convergence
    if found.is_safe:
        return None
    return (
        f"learning rate {number(found.settings.lr)} is "
        f"{number(found.settings.lr / found.safe_rate, 3)} times the safe limit "
        f"{rounded_down(found.safe_rate)}: a step can increase the error at its own point"
    )


def overflow_warning(run: Run) -> str | None:
    """Return a line on the epoch in which the run overflowed, if it did."""
    if run.ending is not Ending.OVERFLOWED:
        return None
    return f"training stopped: the cost overflowed in epoch {run.overflow_epoch:,}"


def auto_choice(run: Run) -> str:
    """Return a line on the learning rate that "auto" chose, and how it could know."""
    settings = run.settings
    expected = "expected to end" if settings.shuffled else "ends"
    return (
        f"learning rate auto: {number(settings.lr)}, which of the safe rates {expected} at the "
        f"lowest cost after {epochs(settings.epochs)} (computed from all points in advance, "
        "which no larger model allows)"
    )


# The explanation: the result first, then why, then what to do.


def explanation(run: Run, command: str = "", true_line: Line | None = None) -> str:
    r"""Return the result of a run, its reasons, and what to try, in paragraphs for a terminal.

    `command` is the line that does what is suggested; `true_line` the one that synthetic points
    were made with.

    >>> from regression import finish, noisy_line, train
    >>> print(explanation(finish(train(noisy_line(), lr=0.0001, epochs=500))).split("\n\n")[0])
    This run has not converged yet. After 500 epochs it has covered 73.9% of the
    distance from its start to the line it is heading for. In the long run each
    epoch removes 0.252% of what is left; 1,295 more epochs bring it within 1%. It
    needs more epochs; noise in the data is not the cause. The cost is further
    along: its excess over the lowest possible cost (excess risk) has fallen by
    99.7%.
    """
    parts = [
        _result(run),
        _limit(run),
        _why_not_least_squares(run),
        _true_line(run, true_line),
        _rates(run),
        _valley(run),
        _what_to_try(run),
    ]
    text = [textwrap.fill(part, COLUMNS) for part in parts if part]
    return "\n\n".join([*text, *([f"    {command}"] if command else [])])


def _result(run: Run) -> str:  # noqa: PLR0911 - one for each way to end
    settings, found, ending = run.settings, run.convergence, run.ending
    after = f"After {epochs(settings.epochs)}"
    if ending is Ending.OVERFLOWED:
        text = (
            f"This run diverged: in epoch {run.overflow_epoch:,} its cost became larger than a "
            "64-bit number can hold (it overflowed)."
        )
        far = f" It started at {line_of(settings.start)}, too far away for such numbers."
        return text + far if found.is_safe else text
    if ending is Ending.DIVERGING:
        return (
            f"This run diverges. {after} it has not overflowed yet, but in the long run each epoch "
            f"{_growth(run)}."
        )
    if ending in _RESULTS:
        return _RESULTS[ending]
    mean = "mean line" if settings.shuffled else "line"
    covered = f"{after} it has covered {percent(run.progress or 0)} of the distance from its start"
    if (run.progress or 0) < 0:
        covered = f"{after} it is farther than its start"
    last = run.last.cost if run.last else math.inf
    if ending is Ending.USELESS_LIMIT:
        return (
            f"This run does not learn. {covered} to the {mean} it converges to, but that line "
            f"costs {number(found.limit_cost or 0)}; the start costs {number(found.start_cost)}. "
            "More epochs do not help."
        )
    if ending is Ending.CONVERGED:
        return (
            f"This run has converged. {covered} to the {mean} it converges to, and since epoch "
            f"{found.epochs_needed:,} it is within 1%. More epochs at this learning rate change "
            "little."
        )
    if ending is Ending.HOVERING:
        return (
            "This run takes the points in a new order each epoch, so it does not converge to one "
            "line. It hovers around a mean line (its stationary distribution), which it was "
            f"expected to reach within 1% after {epochs(found.epochs_needed or 0)}. Its last line "
            f"costs {number(last)}{bracketed(higher(found, last))}. More epochs at this learning "
            "rate do not make it hover less."
        )
    return (
        f"This run has not converged yet. {covered} to the {mean} it is heading for. {_to_go(run)}"
    )


_RESULTS = {
    Ending.UNKNOWN: (
        "Where this run is heading cannot be told in double precision: within one epoch it "
        "stretches differences so much that rounding errors become as large as the numbers."
    ),
    Ending.ALTERNATING: (
        "This run neither converges nor diverges: an epoch keeps some distances exactly as they "
        "are (its spectral radius is 1), so the line goes on changing for ever."
    ),
    Ending.STARTED_AT_LIMIT: (
        "This run started where it converges to, so there was nothing to learn."
    ),
}


def _growth(run: Run) -> str:
    if run.settings.shuffled:
        return "makes the mean of the squared distance larger"
    factor = number(run.convergence.contraction)
    grows = "makes the distance larger" if factor == "1" else f"multiplies the distance by {factor}"
    return f"{grows}, so it would overflow"


def _to_go(run: Run) -> str:
    found, last = run.convergence, run.last.cost if run.last else math.inf
    about = "about " if run.settings.shuffled else ""
    left, covered = run.epochs_left or 0, run.progress or 0.0
    bring = f"{about}{more_epochs(left)} {'brings' if left == 1 else 'bring'} it within 1%"
    if covered >= 0.99:
        return (
            f"What is left is little beside the distance from the start, but the cost is "
            f"{number(last)}, and that of the line it is heading for "
            f"{number(found.limit_cost or 0)}; {bring} of that, too."
        )
    removed = percent(-math.expm1(found.log_contraction))
    text = (
        f"In the long run each epoch removes {about}{removed} of what is left; {bring}. It needs "
        "more epochs; noise in the data is not the cause."
    )
    start = found.excess(found.start_cost)
    fallen = 1 - found.excess(last) / start if start > 0 else 0.0
    if fallen - covered > 0.05:
        text += (
            " The cost is further along: its excess over the lowest possible cost (excess risk) "
            f"has fallen by {percent(fallen)}."
        )
    return text


def _limit(run: Run) -> str:
    found = run.convergence
    if found.limit is None or found.limit_cost is None or run.ending is Ending.UNKNOWN:
        return ""
    at = f"At learning rate {number(found.settings.lr)}"
    more = higher(found, found.limit_cost)
    cost = f"at a cost of {telling(found, found.limit_cost)}"
    if "above" in more or "times" in more:
        cost += f", {more}, {number(found.minimum_cost)}"
    where = f"{line_of(found.limit)}, {cost}"
    if found.settings.shuffled:
        return f"{at} the mean of the lines at the ends of epochs is {where}."
    if found.limit_is_least_squares:
        text = f"{at} SGD converges to the least-squares line, {where}, the lowest possible. "
    else:
        text = f"{at} SGD converges to {where}. "
    text += "This is where the line stands at the end of an epoch (the fixed point of the epoch)."
    loop = run.loop
    if loop is not None and not found.limit_is_least_squares and not found.full_batch:
        (w, ww), (c, cc) = ((loop[k].min(), loop[k].max()) for k in ("weight", "cost"))
        text += (
            " It does not stay there: within every epoch it runs round a closed loop (a limit "
            f"cycle), with W between {number(w)} and {number(ww)}"
        )
        between = f" and the cost between {number(c)} and {number(cc)}"
        text += f"{between}." if number(c) != number(cc) else "."
    return text


def _why_not_least_squares(run: Run) -> str:
    found = run.convergence
    of = f"{found.points:,} points"
    if found.points_on_a_line:
        return (
            f"All {of} lie on one line, but for rounding. There every step has an error of 0, so "
            "a run that converges ends at that line."
        )
    if found.full_batch:
        return (
            f"Each step uses all {of}: it follows the gradient of the whole cost (gradient "
            "descent), which is zero at the least-squares line only."
        )
    if found.limit is None:
        return ""
    gradients = (
        f"Why not the least-squares line ({line_of(found.least_squares)})? There the gradients of "
        f"the {of} sum to zero, if all are measured at that one line. SGD moves after each step, "
        "so each gradient is measured at another line"
    )
    if found.settings.shuffled:
        return (
            f"{gradients}. With a constant learning rate the steps never become shorter, and in "
            "an order that is new each epoch they push the line now here, now there."
        )
    return f"{gradients}, and over an epoch they do not cancel at the least-squares line."


def _true_line(run: Run, true_line: Line | None) -> str:
    found = run.convergence
    if true_line is None or found.points_on_a_line:
        return ""
    cost = float(found.cost(*np.array(true_line)))
    return (
        f"The points were made with the line {line_of(true_line)} and noise. For these points "
        f"that line costs {number(cost)}, more than the least-squares line, so no training finds "
        "it exactly; more points bring the two together."
    )


def _rates(run: Run) -> str:
    found = run.as_trained.convergence
    lr, safe = found.settings.lr, rounded_down(found.safe_rate)
    batch = "point" if found.settings.batch_size == 1 else "batch"
    threshold = found.diverging_rate
    converges = found.limit is not None
    if found.is_safe:
        text = f"The learning rate {number(lr)} is safe: up to {safe} (the safe limit) no step "
        text += f"increases the error at its own {batch}. "
        if lr <= found.overshooting_rate:
            text += "Up to half of that no step overshoots, either: none changes an error's sign."
        else:
            text += "Above half of that some steps overshoot: they change the sign of an error."
    else:
        times = number(lr / found.safe_rate, 3)
        text = f"The learning rate {number(lr)} is {times} times the safe limit {safe}, so some "
        text += f"steps increase the error at their own {batch}"
        text += ", and others make up for it." if converges else "."
    if threshold is not None:
        shrinks = "an epoch no longer shrinks every distance (its spectral radius is 1 or more)"
        if found.settings.shuffled:
            shrinks = "the mean of the squared distance no longer shrinks"
        text += f" From {rounded_up(threshold)} on (the divergence threshold) training does not "
        text += f"converge: {shrinks}."
        if converges and not found.full_batch and threshold > 1.01 * found.safe_rate:
            text += " Between the two it can end near the least-squares line or far from it."
    if run.settings.standardize:
        text += " These rates are for standardized x and y, on which the run was trained."
    return text


def _valley(run: Run) -> str:
    found = run.as_trained.convergence
    if not found.ill_conditioned:
        return ""
    return (
        f"x has mean {number(found.mean)} and standard deviation {number(found.std)}. So far from "
        "0, or on such a scale, it makes the cost a long narrow valley (condition number "
        f"{number(found.condition, 2)}): a rate that is small enough across the valley is slow "
        "along it. Standardized x (mean 0, standard deviation 1) makes the valley round."
    )


def _what_to_try(run: Run) -> str:
    found, better = run.convergence, run.better
    if better is not None and not found.ill_conditioned:
        about = "about " if found.settings.shuffled else ""
        return (
            f"To end lower, try {epochs(better.epochs)} at learning rate {number(better.lr)}: they "
            f"end at a cost of {about}{number(better.cost)}"
            f"{bracketed(higher(found, better.cost))}."
        )
    if run.last is None or found.ill_conditioned:
        return ""
    if found.excess(run.last.cost) <= max(found.negligible_cost, ENOUGH * found.minimum_cost):
        return "This run ends at the lowest possible cost, or hardly above it: it needs no change."
    return "No safe learning rate ends much lower, not even with 64 times as many epochs."
