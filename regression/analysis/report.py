"""What is said of a run: the tutorial's lines, a summary, an explanation; and number formats.

Each sentence follows from numbers of the run, and Ending decides which sentences are said.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from regression.analysis.convergence import AT_LIMIT, ENOUGH, NEAR, Convergence, Ending
from regression.analysis.rates import WELL_SAMPLED
from regression.analysis.shuffled import MAX_ALL_ORDERS
from regression.checks import MAX_COUNT
from regression.data import Floats
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
        size = math.floor(math.log10(abs(rounded))) if rounded else 0
        text = f"{rounded:,.{max(digits - 1 - size, 0)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(exponent)}"


def rounded_down(value: float, digits: int = 4) -> str:
    """Return a positive value as number() does, but never rounded up (by more than 1e-12).

    >>> rounded_down(1 / 101), number(1 / 101)
    ('0.0099', '0.009901')
    """
    return number(floor_to(value, digits), digits)


def floor_to(value: float, digits: int) -> float:
    """Return a positive number rounded down to so many digits, but for what is only rounding.

    >>> floor_to(2.1597, 2), floor_to(10.0, 2)
    (2.1, 10.0)
    """
    near = float(f"{value:.{digits - 1}e}")
    unit = 10.0 ** (math.floor(math.log10(value)) - digits + 1)
    is_above = near - value > min(1e-12 * value, 1e-3 * unit)
    return float(f"{near - unit:.{digits - 1}e}") if is_above else near


def rounded_up(value: float, digits: int = 4) -> str:
    """Return a positive value as number() does, but never rounded down (by more than 1e-12).

    >>> rounded_up(0.0303569)
    '0.03036'
    """
    near = float(f"{value:.{digits - 1}e}")
    if near < value * (1.0 - 1e-12):
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
    if 0.9895 <= share < 0.99:  # a run is near from 99% on
        return "98.9%"
    return f"{number(100 * share, 3)}%"


def epochs(count: int) -> str:
    """Return so many epochs in words: in full, or from a million on rounded up to four digits.

    >>> epochs(1), epochs(1295), epochs(1234567), epochs(10**12)
    ('1 epoch', '1,295 epochs', '1,235,000 epochs', '1e12 epochs')
    """
    counted = f"{count:,}" if count < 10**6 else rounded_up(float(count))
    return f"{counted} epoch" if count == 1 else f"{counted} epochs"


def more_epochs(count: int, about: str = "") -> str:
    """Return so many more epochs in words; about so many with two digits."""
    if about:
        count = int(float(f"{count:.1e}"))
    return about + epochs(count).replace(" ", " more ", 1)


def times_as_large(value: float, other: float) -> str:
    """Return how many times as large as another a value is, to three digits or to as many as
    tell it from 1.

    >>> times_as_large(2.02, 1.0), times_as_large(1.00012, 1.0)
    ('2.02', '1.0001')
    """
    ratio = value / other
    if ratio == math.inf:
        return "more than 1e300"
    return next((text for n in range(3, 17) if (text := number(ratio, n)) != "1"), "1")


def line_texts(found: Convergence, line: Line, digits: int = 4) -> tuple[str, str]:
    """Return W and b: in more digits where x or y lie so far from 0 that the line would be another
    one without them, and 0 for what is only rounding.

    >>> from regression import Dataset, finish, train
    >>> years = Dataset([2000.0, 2010.0, 2020.0], [8.0, 9.0, 10.2], "year", "degrees")
    >>> found = finish(train(years, lr="auto", epochs=9, standardize=True)).convergence
    >>> line_texts(found, found.least_squares)
    ('0.11', '-212.033')
    """
    y_std = math.sqrt(found.cost_about_mean / found.points)
    y_mean = found.mean * found.least_squares.weight + found.least_squares.bias
    rounding = AT_LIMIT * (abs(y_mean) + y_std)
    weight, bias = (
        "0" if abs(moves) <= rounding else number(value, digits + _more_digits(found, line, height))
        for value, moves, height in (
            (line.weight, found.std * line.weight, found.mean * line.weight),
            (line.bias, line.bias, line.bias),
        )
    )
    return weight, bias


def _more_digits(found: Convergence, line: Line, height: float) -> int:
    """Return how many digits of a height are those of how far it is from 0, and say nothing of
    differences between points.
    """
    spread = max(math.sqrt(found.cost_about_mean / found.points), abs(found.std * line.weight))
    times = abs(height) / spread if spread > 0 else 1.0
    return max(0, min(math.floor(math.log10(times or 1.0)), 12))


def line_of(found: Convergence, line: Line, digits: int = 4) -> str:
    """Return W and b in a sentence."""
    return "W = {}, b = {}".format(*line_texts(found, line, digits))


def higher(found: Convergence, cost: float) -> str:
    """Return how far a cost is above the lowest possible; "" where that is only rounding, so that
    a ratio to it would mean nothing.
    """
    if _looks_lowest(found, cost):
        return "the lowest possible"
    share = found.excess_share(cost)
    if share is None:
        return ""
    if share >= 9:
        return f"{number(1 + share, 2)} times the lowest possible"
    return f"{number(100 * share, 2)}% above the lowest possible"


def telling(found: Convergence, cost: float, *others: float, digits: int = 4) -> str:
    """Return a cost to four digits, or to as many, up to seven, as tell it from the lowest and
    from the others.
    """
    if _looks_lowest(found, cost):
        return lowest_beside(found)
    return number(cost, _digits_to_tell(found, cost, *others, digits=digits))


def _looks_lowest(found: Convergence, cost: float) -> bool:
    """Return whether a cost is the lowest in all digits that are ever printed."""
    return found.is_lowest(cost) or number(cost, 7) == number(found.minimum_cost, 7)


def lowest_beside(found: Convergence, cost: float | None = None) -> str:
    """Return the lowest cost in as many digits as the other cost in the sentence has; what is
    left of it where the points lie on a line is rounding, and no number.
    """
    if found.points_on_a_line:
        return "0" if _exactly_on_a_line(found) else "practically 0"
    if cost is None or _looks_lowest(found, cost):
        return number(found.minimum_cost)
    return number(found.minimum_cost, _digits_to_tell(found, cost))


def _exactly_on_a_line(found: Convergence) -> bool:
    """Return whether nothing but rounding keeps the points off a line."""
    return found.points == 2 or found.minimum_cost == 0


def _digits_to_tell(found: Convergence, cost: float, *others: float, digits: int = 4) -> int:
    """Return how many digits, up to seven, show the difference between costs, to a third of it."""
    differences = [(other, abs(cost - other)) for other in (found.minimum_cost, *others)]
    for n in range(digits, 7):
        shown = _read(number(cost, n))
        if all(abs(abs(shown - _read(number(c, n))) - d) <= d / 3 for c, d in differences):
            return n
    return 7


def points(count: int) -> str:
    """Return so many points in words."""
    return f"{count:,} point{'s' * (count != 1)}"


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
    lowest = lowest_beside(found, None if found.hovers else found.limit_cost)
    rows = [
        (
            "least squares",
            _columns(found, found.least_squares, lowest, _line_digits(found))
            + " (lowest possible)",
        ),
        _limit_row(run),
        ("progress", _progress(run)),
        ("learning rate", _rate(run)),
    ]
    return [f"{name:<18}{text}" for name, text in rows]


def comparison(runs: Mapping[str, Run]) -> list[str]:
    r"""Return a table of runs by what tells them apart: the cost, at the end, and the progress.

    >>> from regression import finish, noisy_line, train
    >>> data = noisy_line()
    >>> runs = {f"rate {lr}": finish(train(data, lr=lr, epochs=500)) for lr in (0.0001, 0.005)}
    >>> print(*comparison(runs), sep="\n")
                 cost now   cost at its end        progress
    rate 0.0001  49.68      35.71 (0.11% higher)   73.9% of the distance
    rate 0.005   42.19      42.19 (18% higher)     more than 99.99% of the distance
    """
    rows = [("", "cost now", "cost at its end", "progress")]
    for name, run in runs.items():
        last = None if run.overflowed else run.last
        now = telling(run.convergence, last.cost) if last else "overflow"
        end = _limit_row(run)[1].partition("cost = ")[2] or "none: it diverges"
        rows.append((name, now, end, _progress(run).partition(";")[0]))
    widths = [max(map(len, column)) for column in zip(*rows)]
    return [
        f"{name:<{widths[0]}}  {now:<{widths[1] + 3}}{end:<{widths[2] + 3}}{done}"
        for name, now, end, done in rows
    ]


def _columns(found: Convergence, line: Line, cost: str, digits: int = 4) -> str:
    weight, bias = line_texts(found, line, digits)
    return f"W = {weight:<10} b = {bias:<10} cost = {cost}"


def _limit_row(run: Run) -> tuple[str, str]:
    found = run.convergence
    if found.limit is None or found.limit_cost is None:
        text = _NO_LIMIT[run.ending]
        on_average = run.settings.shuffled and run.ending is Ending.DIVERGING
        return "SGD", text.replace("diverges", "diverges on average") if on_average else text
    if found.hovers:
        about = bracketed(_shorter(_about_higher(found, found.limit_cost)))
        place = _columns(found, found.limit, number(found.limit_cost), 3)
        return "SGD hovers around", place + about
    cost = telling(found, found.limit_cost)
    place = _columns(found, found.limit, cost, _line_digits(found))
    return "SGD converges to", place + bracketed(_shorter(_limit_higher(found)))


def _line_digits(found: Convergence) -> int:
    """Return the digits that W and b have: four, or as many as tell the limit from the
    least-squares line where it costs clearly more.
    """
    share = found.excess_share(found.limit_cost or 0.0) or 0.0
    if found.hovers or share < ENOUGH:
        return 4
    return next((digits for digits in range(4, 10) if not _same_texts(found, digits)), 10)


def _same_texts(found: Convergence, digits: int) -> bool:
    """Return whether the limit and the least-squares line are printed alike."""
    one, other = found.limit or found.least_squares, found.least_squares
    return line_texts(found, one, digits) == line_texts(found, other, digits)


def _at_least_squares(found: Convergence) -> bool:
    """Return whether the limit is, in the digits that are printed, the least-squares line."""
    return found.limit is not None and _same_texts(found, _line_digits(found))


def _limit_higher(found: Convergence) -> str:
    """Return how far the limit's cost is above the lowest; lines that are printed with different
    digits do not have the same cost, even if theirs is.
    """
    more = higher(found, found.limit_cost or 0.0)
    if more == "the lowest possible" and not _at_least_squares(found):
        more += " in these digits"
    return more


def _shorter(more: str) -> str:
    """Return how far a cost is above the lowest, as it stands in the summary."""
    more = more.replace("% above the lowest possible", "% higher").removeprefix("the ")
    return re.sub("(hardly above|times) the lowest possible", r"\1 the lowest", more)


def _about_higher(found: Convergence, cost: float) -> str:
    """Return how far a cost that is only expected is above the lowest, which is not 0."""
    if (found.excess_share(cost) or 0.0) < NEAR:
        return "hardly above the lowest possible"
    return f"about {higher(found, cost)}"


_NO_LIMIT = {
    Ending.OVERFLOWED: "diverges at this learning rate",
    Ending.DIVERGING: "diverges at this learning rate",
    Ending.ALTERNATING: "neither converges nor diverges at this learning rate",
    Ending.UNKNOWN: "may converge or diverge: double precision cannot tell for certain",
}


def _progress(run: Run) -> str:  # noqa: PLR0911 - one for each way to end
    found, ending, left, covered = run.convergence, run.ending, run.epochs_left, run.progress
    if ending is Ending.OVERFLOWED:
        return f"overflowed in epoch {run.overflow_epoch:,}"
    if covered is None or left is None:
        if run.settings.shuffled and ending is Ending.DIVERGING:
            return "none on average: runs move apart"
        return "not certain" if ending is Ending.UNKNOWN else "none: the run does not converge"
    if ending is Ending.STARTED_AT_LIMIT:
        return "it started there"
    about = "about " if run.settings.shuffled else ""
    if found.hovers and left == 0:
        return f"on average within 1% from about epoch {found.epochs_needed:,} on"
    done = f"{percent(covered)} of the distance" if covered >= 0 else "farther than its start"
    if left == 0 and (found.epochs_needed or 0) > run.settings.epochs:
        return done  # near, but it will leave again
    if left == 0:
        what = "within 1%"
        cost_too = f"cost below {_near_cost(run)}" if found.points_on_a_line else "cost within 1%"
        if run.settings.shuffled:  # in its own orders either may be the later
            what = f"within 1% and {cost_too}"
        elif (found.epochs_by_cost or 0) > (found.epochs_by_distance or 0):
            what = cost_too
        return f"{done}; {what} since epoch {run.near_since:,}"
    if not _cost_takes_longer(run):
        what = "on average within 1%" if _is_averaged(run) else "within 1%"
    else:
        what = f"cost {'of the average line ' if _is_averaged(run) else ''}"
        what += f"below {_near_cost(run)}" if found.points_on_a_line else "within 1%"
    return f"{done}; {what} after {more_epochs(left, about)}"


def _cost_takes_longer(run: Run) -> bool:
    """Return whether a run on its way to its limit is near that by distance before by cost."""
    found = run.convergence
    by_distance, needed = found.epochs_by_distance or 0, found.epochs_needed or 0
    return ((run.progress or 0.0) >= 1.0 - NEAR and not found.hovers) or by_distance < needed


def _rate(run: Run) -> str:
    rates = _shown_rates(run)
    if rates.is_at_limit:
        text = f"{rates.lr} is the safe limit"
    elif run.convergence.is_safe:
        text = f"{rates.lr} is safe (limit {rates.safe})"
    else:
        text = f"{rates.lr} is {rates.times} times the safe limit {rates.safe}"
    if not rates.threshold:
        return text
    if rates.safe_is_threshold:
        return f"{text}; beyond {'it' if rates.is_at_limit else 'that'} training diverges"
    who = "" if run.settings.shuffled else "training "  # which leaves room for "on average"
    first = "first " if rates.is_beyond else ""
    return f"{text}; {who}{first}{rates.diverges} at {rates.threshold}"


class _Rates(NamedTuple):
    """A run's rate and those that it is compared with, each with as many digits as keep their
    order; no threshold where it is not known.
    """

    lr: str
    safe: str
    times: str
    threshold: str
    diverges: str
    """What training does there."""
    is_beyond: bool
    """Whether the run converges although its rate is at the threshold or above."""
    safe_is_threshold: bool
    """Whether training diverges as soon as the rate is above the safe limit."""
    is_at_limit: bool
    """Whether, in addition, the run's rate is that limit."""


def _shown_rates(run: Run) -> _Rates:
    found = run.as_trained.convergence
    lr, safe, threshold = found.settings.lr, found.safe_rate, found.diverging_rate
    converges, order = found.limit is not None, found.settings.shuffled
    if run.ending in (Ending.DIVERGING, Ending.ALTERNATING) and threshold is not None:
        threshold = min(threshold, lr)  # so that it is the smallest rate found in this run, too
    shown, at = ("", ""), ""
    for digits in (4, 5, 6, 8, 10, 12, 17):
        shown = number(lr, digits), rounded_down(safe, digits)
        if (_read(shown[0]) <= _read(shown[1])) != found.is_safe:
            continue
        if threshold is None or order:
            break
        at = rounded_up(threshold, digits)
        if (_read(shown[0]) < _read(at)) == (lr < threshold):
            break
    if order and threshold is not None:  # estimated to some percent, unless from all orders
        at = number(found.estimated(threshold), 15)
    beyond = converges and threshold is not None and lr >= threshold
    about = "about " if at and order else ""
    near = 1e-3 if order else 1e-9  # a shuffled run's is estimated
    same = threshold is not None and math.isclose(threshold, safe, rel_tol=near)
    same = same or (found.full_batch and threshold is not None)
    same = same and not (converges and not found.is_safe)
    at_limit = same and math.isclose(lr, safe)
    diverges = "no longer converges" if run.ending is Ending.ALTERNATING else "diverges"
    diverges += " on average" if order else ""
    times = times_as_large(lr, safe)
    return _Rates(*shown, times, about + at, diverges, beyond, same, at_limit)


def _read(text: str) -> float:
    return float(text.replace(",", ""))


# Warnings: one line each.


def rate_warning(run: Run) -> str | None:
    """Return a line that says by how much the learning rate is above the safe limit, if it is."""
    if run.convergence.is_safe:
        return None
    rates = _shown_rates(run)
    return (
        f"learning rate {rates.lr} is {rates.times} times the safe limit {rates.safe}: "
        f"a step can increase {_own_error(run)}"
    )


def _own_error(run: Run) -> str:
    """Return what no safe step increases."""
    if run.convergence.full_batch:
        return "the cost"
    single = run.settings.batch_size == 1
    return "the error at its own point" if single else "the cost of its own batch"


def overflow_warning(run: Run) -> str | None:
    """Return a line on the epoch in which the run overflowed, if it did."""
    if run.ending is not Ending.OVERFLOWED:
        return None
    return f"training stopped: the cost overflowed in epoch {run.overflow_epoch:,}"


def auto_choice(run: Run) -> str:
    """Return a line on the learning rate that "auto" chose, and how it could know."""
    settings = run.settings
    expected = "is expected to end" if settings.shuffled else "ends"
    return (
        f"learning rate auto: {number(settings.lr)}, which {expected} lowest of the safe rates "
        f"tried after {epochs(settings.epochs)} (computed in advance, as only small models allow)"
    )


# The explanation: the result first, then why, then what to do.


def explanation(run: Run, command: str = "", true_line: Line | None = None) -> str:
    r"""Return the result of a run, its reasons, and what to try, in paragraphs for a terminal.

    `command` is the line that does what is suggested, printed only where something is;
    `true_line` the one that synthetic points were made with.

    >>> from regression import finish, noisy_line, train
    >>> print(explanation(finish(train(noisy_line(), lr=0.0001, epochs=500))).split("\n\n")[0])
    This run has not converged yet. After 500 epochs it has covered 73.9% of the
    distance from its start to the line it is heading for. In the long run each
    epoch removes 0.252% of what is left; 1,295 more epochs bring it within 1% of
    that distance. Its cost is within 1% of that line's sooner, after 705 more
    epochs. The cost is further along: its excess over the lowest possible cost
    (excess risk) has fallen by 99.7%.
    """
    better = _what_to_try(run)
    parts = [
        _result(run),
        _limit(run),
        _why_not_least_squares(run),
        _true_line(run, true_line),
        _rates(run),
        _valley(run),
        better or _why_no_change(run),
    ]
    # A line never ends with the W or b of "b = -2" or "W and b", nor at a hyphen.
    kept = [re.sub(r"\b([Wb]) = ", "\\1\0=\0", part) for part in parts if part]
    for words in ("W and b", "W between"):
        kept = [part.replace(words, words.replace(" ", "\0")) for part in kept]
    text = [textwrap.fill(part, COLUMNS, break_on_hyphens=False) for part in kept]
    text = [part.replace("\0", " ") for part in text]
    return "\n\n".join([*text, *([f"    {command}"] if command and better else [])])


def _result(run: Run) -> str:  # noqa: PLR0911, PLR0912 - one for each way to end
    settings, found, ending = run.settings, run.convergence, run.ending
    after = f"After {epochs(settings.epochs)}"
    if ending is Ending.OVERFLOWED:
        cause = "diverged" if found.limit is None else "overflowed"
        text = (
            f"This run {cause}: in epoch {run.overflow_epoch:,} its cost became larger than a "
            "64-bit number can hold (an overflow)."
        )
        far = f" It started at {line_of(found, settings.start)}, too far away for such numbers."
        return text + far if found.is_safe else text
    if ending in (Ending.DIVERGING, Ending.ALTERNATING) and _did_not_move(run):
        return (
            "This run did not move: it started at a line that its steps leave as it is. From "
            "almost any other start it would not converge at this learning rate."
        )
    if ending is Ending.DIVERGING:
        return _diverging(run)
    if ending in _RESULTS:
        end = f" It ended at a cost of {number(run.last.cost)}." if run.last else ""
        return _RESULTS[ending] + (end if ending is Ending.UNKNOWN else "")
    mean = "mean line" if found.hovers else "line"
    is_near = found.hovers and (run.progress or 0.0) >= 1.0 - NEAR
    who = "this run" if is_near else "it"  # there the sentence before is of a cost
    covered = (
        f"{after} {who} has covered {percent(run.progress or 0)} of the distance from its start"
    )
    covered += f" to the {mean}"
    if (run.progress or 0) < 0:
        covered = f"{after} it is farther than its start was from the {mean}"
    last = run.last.cost if run.last else math.inf
    if ending is Ending.USELESS_LIMIT:
        return (
            f"This run does not learn. {covered} it converges to. That line costs "
            f"{telling(found, found.limit_cost or 0)}, more than the start, which costs "
            f"{number(found.start_cost)}. More epochs at this learning rate do not end "
            "below the cost of the start."
        )
    if ending is Ending.CONVERGED:
        about = "about " if settings.shuffled else ""
        if (found.epochs_needed or 0) > settings.epochs:
            return (
                f"This run has nearly converged. {covered} it converges to, and its cost is near "
                f"that line's; from {about}epoch {found.epochs_needed:,} on it stays so near."
            )
        text = (
            f"This run has converged. {covered} it converges to; since epoch {run.near_since:,} "
            f"it is {_within(run)}. More epochs at this learning rate change little."
        )
        if (found.limit_cost or 0.0) > found.start_cost + found.negligible_cost:
            limit_cost = telling(found, found.limit_cost or 0.0)
            start_cost = telling(found, found.start_cost, last)
            text += f" That line costs {limit_cost}, more than the start, which costs {start_cost}."
        return text
    if ending is Ending.HOVERING:
        high = higher(found, last)
        high = bracketed(high + (f", {lowest_beside(found, last)}" if "above" in high else ""))
        if _looks_lowest(found, last):  # as the mean line is
            high = " (hardly above the lowest possible)"
        return (
            "This run takes the points in a new order each epoch, so it does not converge to one "
            "line: it hovers around a mean line (the lines at the ends of epochs have a stationary "
            f"distribution). From about epoch {found.epochs_needed:,} on the average of many such "
            "runs is near that mean line: less than 1% of the distance from the start is left, and "
            "its cost is within 1% of the mean line's. The last line of this run costs "
            f"{telling(found, last)}{high}. More epochs at this learning rate change little: it "
            "goes on hovering."
        )
    if found.hovers:
        since = "around which it will hover, since the order of the points is new each epoch"
        now = "This run is not within 1% of its mean line yet"
        if is_near:
            now = "On average the cost is not within 1% of the mean line's yet"
            if (found.epochs_by_distance or 0) > settings.epochs:
                now = "This run is near its mean line already, perhaps by chance"
        return f"{now}. {covered} {since}. {_to_go(run)}"
    return f"This run has not converged yet. {covered} it is heading for. {_to_go(run)}"


_IN_WORDS = {4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}

_RESULTS = {
    Ending.UNKNOWN: (
        "Where this run is heading is not certain in double precision: within one epoch the steps "
        "enlarge rounding errors so much that these may hide the answer."
    ),
    Ending.ALTERNATING: (
        "This run neither converges nor diverges: its distance from the line that an epoch would "
        "not move (the fixed point of the epoch) does not shrink to 0 (the matrix of an epoch has "
        "a "
        "spectral radius of 1), so the line goes on changing for ever."
    ),
    Ending.STARTED_AT_LIMIT: (
        "This run started at the line it converges to, so every epoch ends there again."
    ),
}


def _within(run: Run) -> str:
    """Return what it means to be near the limit."""
    if run.convergence.points_on_a_line:
        return f"within 1% of that distance, and its cost below {_near_cost(run)}{_of_what(run)}"
    return "within 1% of that distance, and of that line's cost"


def _near_cost(run: Run) -> str:
    """Return the cost below which a run is near a limit that costs practically nothing."""
    return number((run.as_trained.convergence.near_cost or 0.0) * run.cost_factor)


def _of_what(run: Run) -> str:
    """Return where that cost comes from: see NEAR_ON_A_LINE."""
    found = run.as_trained.convergence
    if found.cost_about_mean > found.negligible_cost:
        return " (0.01% of what the best horizontal line costs)"
    height = found.mean * found.least_squares.weight + found.least_squares.bias
    return f" (0.01% of {'what y = 0 costs' if height else 'an error of 1 at each point'})"


def _did_not_move(run: Run) -> bool:
    history = run.as_trained.history
    return bool(np.ptp(history["weight"]) == np.ptp(history["bias"]) == 0)


def _diverging(run: Run) -> str:
    after = f"After {epochs(run.settings.epochs)}"
    if run.settings.shuffled:
        last = run.last.cost if run.last else math.inf
        return (
            "At this learning rate runs diverge on average: the mean of the squared distance "
            "between runs that differ only in the order of the points grows without bound. "
            f"{after} this one costs {telling(run.convergence, last)}."
        )
    text = f"This run diverges. {after} it has not overflowed yet"
    contraction = run.convergence.contraction
    factor = f"multiplies the distance to it by {number(contraction)}"
    if contraction > 1e12:  # of which rounding leaves no digit
        factor = "multiplies the distance to it by far more than 1e12"
    elif number(contraction) == "1":
        factor = "makes the distance to it larger"
    return (
        f"{text}. There is one line that an epoch would not move (the fixed point of the epoch); "
        f"in the long run each epoch {factor}."
    )


def _to_go(run: Run) -> str:
    """Return what is still left, and how many epochs that takes."""
    found, last = run.convergence, run.last.cost if run.last else math.inf
    left, covered = run.epochs_left or 0, run.progress or 0.0
    if covered >= 1.0 - NEAR:
        return _cost_to_go(run)
    by_distance = (found.epochs_by_distance or 0) - run.settings.epochs
    cost_is_later = 0 < by_distance < left
    text = f"{_pace(run, by_distance)}; {_both_to_go(run, by_distance if cost_is_later else left)}"
    rises = found.excess(last) < found.excess(found.limit_cost or 0)
    if rises:
        its = "the cost of this run" if _is_averaged(run) else "its cost"
        text += (
            f" But {its}, {number(last)}, is below that of the line it is heading for, "
            f"{number(found.limit_cost or 0)}: in the end more epochs raise it."
        )
    elif left > MAX_COUNT:
        text += f" Nobody would wait for {more_epochs(left)}."
    start = found.excess(found.start_cost)
    fallen = 1 - found.excess(last) / start if start > found.negligible_cost else 0.0
    if not (cost_is_later or rises) and fallen > max(covered, 0.0) + 0.05:
        whose = "The cost of this run" if _is_averaged(run) else "The cost"
        text += (
            f" {whose} is further along: its excess over the lowest possible cost (excess risk) "
            f"has fallen by {percent(fallen)}."
        )
    return text


def _cost_to_go(run: Run) -> str:
    """Return the same for a run that has covered the distance, but not yet in cost."""
    found, last = run.convergence, run.last.cost if run.last else math.inf
    bring = _bring(run, run.epochs_left or 0)
    if found.hovers and (found.epochs_by_distance or 0) > run.settings.epochs:
        return (
            f"{bring.capitalize()} {_whom(run)} within 1% of that distance, and of the mean "
            "line's cost; single runs go on hovering."
        )
    of = f" of {_whom(run)}" if _is_averaged(run) else ""
    where = "mean line" if found.hovers else "line it is heading for"
    return (
        "What is left is little beside the distance from the start, but the cost is "
        f"{telling(found, last)}, and that of the {where} "
        f"{telling(found, found.limit_cost or 0)}; {bring} the cost{of} {_near(run, 'that')}."
    )


def _pace(run: Run, by_distance: int) -> str:
    """Return what an epoch removes of the distance, of which so many more leave a hundredth."""
    found = run.convergence
    share = -math.expm1(found.log_contraction)
    # Of more points the mean of all orders is estimated, the less exactly the longer steps are.
    is_rough = found.settings.lr > found.overshooting_rate
    if _is_averaged(run) and found.points > MAX_ALL_ORDERS:
        share = float(f"{share:.{0 if is_rough else 1}e}")
    removed = f"{_about(run)}{percent(share)} of what is left"
    if _is_averaged(run):
        return f"Averaged over the orders, in the long run an epoch removes {removed}"
    covered = run.progress or 0.0
    at_that_pace = math.log(NEAR / (1.0 - covered)) / min(found.log_contraction, -1e-300)
    before = ", and before that more" if 0 < 1.1 * by_distance < at_that_pace else ""
    return f"In the long run each epoch removes {removed}{before}"


def _both_to_go(run: Run, by_distance: int) -> str:
    """Return after how many more epochs the run is near by distance, and when by cost."""
    found, left = run.convergence, run.epochs_left or 0
    by_cost = (found.epochs_by_cost or 0) - run.settings.epochs
    bring = f"{_bring(run, by_distance)} {_whom(run)}"
    near = _near(run, "the mean line's" if found.hovers else "that line's")
    its = "the cost of that average line" if _is_averaged(run) else "its cost"
    if by_cost <= 0:
        return f"{bring} within 1% of that distance; {its} is {near} already."
    its = its[0].upper() + its[1:]
    after, all_after = more_epochs(by_cost, _about(run)), more_epochs(left, _about(run))
    if by_distance < left:
        return f"{bring} within 1% of that distance. {its} is {near} after {all_after}."
    if after != all_after:
        return f"{bring} within 1% of that distance. {its} is {near} sooner, after {after}."
    return f"{bring} {_within(run)}."


def _about(run: Run) -> str:
    return "about " if run.settings.shuffled else ""


def _is_averaged(run: Run) -> bool:
    """Return whether what is said is of the average over orders."""
    return run.settings.shuffled and not run.convergence.full_batch


def _whom(run: Run) -> str:
    return "the average line of many such runs" if _is_averaged(run) else "it"


def _bring(run: Run, count: int) -> str:
    return f"{more_epochs(count, _about(run))} {'brings' if count == 1 else 'bring'}"


def _near(run: Run, whose: str) -> str:
    """Return what it means for a cost to be near that of the limit."""
    if run.convergence.points_on_a_line:
        return f"below {_near_cost(run)}{_of_what(run)}"
    return f"within 1% of {whose}"


def _limit(run: Run) -> str:
    """Return where the run converges to, or what it hovers around."""
    found = run.convergence
    if found.limit is None or found.limit_cost is None or run.ending is Ending.UNKNOWN:
        return ""
    at = f"At learning rate {_shown_rates(run).lr}"
    if found.hovers:
        return f"{at} {_mean_line(run, found.limit, found.limit_cost)}"
    more = _limit_higher(found)
    cost = f"at a cost of {telling(found, found.limit_cost)}{more and f', {more}'}"
    lowest = _looks_lowest(found, found.limit_cost)
    if not lowest and not found.points_on_a_line:
        cost += f", {lowest_beside(found, found.limit_cost)}"
    where = line_of(found, found.limit, _line_digits(found))
    if _at_least_squares(found):
        name = "the least-squares line"
        exactly = found.full_batch or (lowest and found.points_on_a_line)
        where = f"{name}, {where}" if exactly else f"{where}, in these digits {name}"
    text = f"{at} SGD converges to {where}, {cost}. "
    text += "Once it has converged, each epoch ends at this line (the fixed point of the epoch)."
    if run.loop is None or found.full_batch or (lowest and _at_least_squares(found)):
        return text
    return f"{text} {_closed_loop(run.loop, found, found.limit, found.limit_cost)}"


def _mean_line(run: Run, mean: Line, cost: float) -> str:
    found, least = run.convergence, number(run.convergence.minimum_cost)
    lowest = bracketed(least) if least != number(cost) else ""
    text = (
        "the lines at the ends of epochs hover, in the long run, around a mean of about "
        f"{line_of(found, mean, 3)}. This mean line costs {number(cost)}, "
        f"{_about_higher(found, cost)}{lowest}; the single lines cost more on average."
    )
    last = found.excess(run.last.cost) if run.last else 0.0
    saved = last - found.excess(cost)
    if run.ending is Ending.HOVERING and saved > max(last / 2, NEAR * cost):
        text += (
            " The average of the lines at the ends of many epochs (iterate averaging) comes near "
            "the mean line, and so costs less than this run's last line."
        )
    return text


def _closed_loop(loop: History, found: Convergence, limit: Line, cost: float) -> str:
    digits = _line_digits(found) + _more_digits(found, limit, found.mean * limit.weight)
    in_cost = 4 if _looks_lowest(found, cost) else _digits_to_tell(found, cost)
    low, high = _ends(loop["weight"], digits), _ends(loop["cost"], in_cost)
    text = "The run does not stay there: within every epoch it goes round a closed loop "
    text += "(a limit cycle)"
    if low is None:
        return f"{text}, too small to be seen in {_IN_WORDS.get(digits, digits)} digits of W."
    text += f", with W between {low[0]} and {low[1]}"
    return f"{text} and the cost between {high[0]} and {high[1]}." if high else f"{text}."


def _least_squares(found: Convergence) -> str:
    """Return the least-squares line beside the limit: in digits that tell the two apart."""
    return line_of(found, found.least_squares, _line_digits(found))


def _ends(values: Floats, digits: int = 4) -> tuple[str, str] | None:
    """Return the smallest and the largest value; None where the digits do not tell them apart."""
    low, high = number(values.min(), digits), number(values.max(), digits)
    return None if low == high else (low, high)


def _why_not_least_squares(run: Run) -> str:
    found = run.convergence
    of = f"{found.points:,} points"
    if found.points_on_a_line:
        both = found.points == 2
        practically = "" if _exactly_on_a_line(found) else " practically"
        these = "Both points lie" if both else f"All {of} lie{practically}"
        return (
            f"{these} on one line. On that line every step has an error of 0, so a run that "
            "converges ends there."
        )
    if found.full_batch:
        return (
            f"Each step uses all {of}: it follows the gradient of the whole cost (gradient "
            "descent), which is zero at the least-squares line only."
        )
    if found.limit is None or (_at_least_squares(found) and not found.hovers):
        return ""
    ask = "Why does a run not stay at" if found.hovers else "Why not"
    moves = "SGD moves after each step, so each gradient is measured at another line"
    decay = "In theory a learning rate that falls like 1/epoch leads to"
    goal = "the least-squares line itself"
    size, rest = run.settings.batch_size, found.points % run.settings.batch_size
    if not rest:
        why = f"all are measured at that one line. {moves}"
    else:
        more = "more" if found.hovers else f"{number(size / rest, 3)} times as much"
        why = (
            "all count alike and are measured at that one line. But each step follows the mean of "
            f"its batch, and the last batch has {points(rest)} instead of {size:,}, so a point in "
            f"it counts {more}. And {moves}"
        )
    if found.hovers:
        why += (
            ", and over an epoch they do not cancel. What they leave over is different for each "
            "order, so the line keeps moving"
        )
    elif not rest:
        why += ", and over an epoch they do not cancel"
    else:
        goal = "the line that fits best if the points count like that (weighted least squares)"
    return (
        f"{ask} the least-squares line ({_least_squares(found)})? There the gradients of the {of} "
        f"sum to zero, if {why}. {decay} {goal}, but slowly."
    )


def _true_line(run: Run, true_line: Line | None) -> str:
    found = run.convergence
    if true_line is None or found.points_on_a_line:
        return ""
    cost = float(found.cost(*np.array(true_line)))
    return (
        f"The points were made with the line {line_of(found, true_line)} and noise. For these "
        f"points that line costs {telling(found, cost)}, more than the least-squares line "
        f"({lowest_beside(found, cost)}), so lowering the cost does not lead to it. With more "
        "points the two lines tend to come closer."
    )


def _rates(run: Run) -> str:
    found, rates = run.as_trained.convergence, _shown_rates(run)
    lr, full, single = found.settings.lr, found.full_batch, found.settings.batch_size == 1
    converges = found.limit is not None
    if found.is_safe:
        is_low = lr <= found.overshooting_rate * (1.0 + 1e-12)
        half = "at most half" if is_low else "more than half"
        if abs(2.0 * lr / found.safe_rate - 1.0) < 2e-3:
            half = "half" if is_low else "just above half"
        verbs, what = ("changes", "change"), "the sign of the error at its point"
        if not single:
            verbs = "goes past", "go past"
            what = "the least-squares line" if full else "the lowest cost of its batch"
        does = f"a step can overshoot, that is, {verbs[1]} {what}"
        if is_low:
            does = f"no step overshoots: none {verbs[0]} {what}"
        text = f"The learning rate {rates.lr} is safe: up to {rates.safe} (the safe limit) no step "
        where = f"It is {half} the limit, so"
        if rates.is_at_limit:
            text = f"The learning rate {rates.lr} is the safe limit: up to it no step "
            where = "But"
        elif rates.lr == rates.safe:
            at = "is" if math.isclose(lr, found.safe_rate) else "is safe, just below"
            text = f"The learning rate {rates.lr} {at} the safe limit: up to it no step "
            where = "But"
        text += f"increases {_own_error(run)}. {where} {does}."
    else:
        text = f"The learning rate {rates.lr} is {rates.times} times the safe limit {rates.safe}, "
        text += f"so a step can increase {_own_error(run)}"
        if run.ending is Ending.USELESS_LIMIT:
            text += "; the run converges all the same, but to a line worse than its start."
        else:
            text += "; in the long run the other steps make up for it." if converges else "."
    text += _threshold(run, rates)
    if run.settings.standardize:
        distance = ", and the distance," if run.progress is not None else ""
        text += (
            f" These rates{distance} are those of standardized x and y, on which the run "
            "was trained."
        )
    return text


def _threshold(run: Run, rates: _Rates) -> str:
    """Return from which rate on training diverges, and what is between that and the safe limit."""
    found, text = run.as_trained.convergence, ""
    if found.unknown_rate is not None:
        text += (
            f" Below {number(found.unknown_rate)} no rate was found at which training diverges. "
            "From there on rounding errors may keep this analysis from telling, so no divergence "
            "threshold is given."
        )
        if run.ending in (Ending.DIVERGING, Ending.OVERFLOWED) and found.limit is None:
            text += " At the rate of this run training diverges for certain."
    if not rates.threshold:
        return text
    if rates.safe_is_threshold:
        return (
            f"{text} Beyond the safe limit training diverges (it is also the divergence threshold)."
        )
    shuffled = found.settings.shuffled
    which = "the divergence threshold: the smallest rate found at which it does"
    if shuffled and found.points > MAX_ALL_ORDERS:
        how = "roughly estimated" if found.points > WELL_SAMPLED else "estimated"
        which = f"the divergence threshold, {how} from a sample of the orders"
    text += f" Training {rates.diverges} at {rates.threshold} ({which}). "
    if shuffled:
        text += (
            "From there on the mean of the squared distance between runs that differ only in the "
            "order of the points grows without bound."
        )
    else:
        text += (
            "There two runs from different starts no longer come closer in the long run (the "
            "matrix of an epoch has a spectral radius of 1 or more)."
        )
    if rates.is_beyond:
        return (
            f"{text} This run's rate is not below it, and yet converges: above it, some rates do."
        )
    threshold = found.diverging_rate or 0.0
    if (
        shuffled
        and found.points > MAX_ALL_ORDERS
        and 0.9 * threshold < found.settings.lr < threshold
    ):
        return (
            f"{text} The rate of this run is just below this estimate: should the true threshold "
            "be lower still, it would not end as said above."
        )
    if found.full_batch or found.points_on_a_line or threshold < 1.01 * found.safe_rate:
        return text
    if shuffled:
        between = "runs still hover around a mean line, but single lines may be far from it"
    else:
        between = "training still converges, but perhaps to a line far from least squares"
    return f"{text} Between the safe limit and the threshold {between}."


def _valley(run: Run) -> str:
    found = run.as_trained.convergence
    if not found.ill_conditioned:
        return ""
    digits = min(max(4, 2 + math.ceil(math.log10(abs(found.mean) / found.std + 1.0))), 15)
    # What makes the valley long: its scale, as with mean 0, or else how far from 0 it is.
    of_scale = max(found.std, 1.0 / found.std) ** 2
    cause = f"Its scale is {'large' if found.std > 1 else 'small'}"
    if found.condition / of_scale > of_scale:
        cause = "It lies far from 0, compared with its spread"
    return (
        f"x has mean {number(found.mean, digits)} and standard deviation {number(found.std)}. "
        f"{cause}, and that makes the cost a long narrow valley (condition number "
        f"{number(found.condition, 2)}). A rate that is small enough across the valley is slow "
        "along it. Standardized x (mean 0, standard deviation 1) makes the valley round."
    )


def _what_to_try(run: Run) -> str:
    """Return how the run would end at a lower cost; "" where there is no such way."""
    found, better = run.convergence, run.better
    if run.last is not None and found.excess(run.last.cost) <= found.enough:
        return ""
    standardized = run.better_standardized
    better = standardized or better
    if better is None:
        return ""
    where = ", train on standardized x and y:" if standardized else ", try"
    rate, last = number(better.lr, 15), [run.last.cost] if run.last else []
    text = f"To end lower{where} {epochs(better.epochs)} at learning rate {rate}"
    if run.settings.shuffled:
        cost_then, is_far = better.cost, (found.excess_share(better.cost) or 0.0) > 1
        if is_far and found.points > MAX_ALL_ORDERS:  # few orders, seldom drawn, weigh much
            cost_then = float(f"{cost_then:.0e}")
        digits = 2 if is_far else 3
        shown = number(cost_then, digits)
        others = [number(each, digits) for each in (*last, found.minimum_cost)]
        if not found.points_on_a_line:
            at = f"at a cost{'' if shown in others else f' of about {shown},'} "
            at += _about_higher(found, cost_then)
        elif _looks_lowest(found, better.cost):
            at = "at a cost of practically 0"
        elif found.points <= MAX_ALL_ORDERS:  # all orders were averaged
            at = f"at a cost of about {shown}"
        else:  # the mean is that of a few orders, which are seldom among those drawn
            return f"{text}; most runs then end far lower."
        cost = f"on average a run then ends {at}."
    else:
        more = higher(found, better.cost)
        more += f", {lowest_beside(found, better.cost)}" if "above" in more else ""
        # Of points on a line even a cost that looks lowest is seldom 0.
        is_zero = found.points_on_a_line and _looks_lowest(found, better.cost)
        shown = "practically 0" if is_zero else telling(found, better.cost, *last)
        cost = f"the run then ends at a cost of {shown}"
        cost += f"{bracketed(more)}."
    text += f"; {cost}"
    is_high = 0.1 < (found.excess_share(better.cost) or 0.0) < 1e6
    if found.points_on_a_line:
        is_high = found.enough < found.excess(better.cost) < found.cost_about_mean
    if is_high:
        count = "one epoch reaches" if better.epochs == 1 else f"{epochs(better.epochs)} reach"
        text += f" That is about the lowest that {count} at a safe rate."
    return text


def _why_no_change(run: Run) -> str:  # noqa: PLR0911 - one for each reason
    found, count = run.convergence, run.settings.epochs
    if run.last is None:
        return ""
    if found.excess(run.last.cost) <= found.enough:
        is_low = _is_low(found, run.last.cost)
        if run.ending is Ending.ON_ITS_WAY:
            rises = found.excess(run.last.cost) < found.excess(found.limit_cost or 0.0)
            if not rises and "small" in is_low:
                most = number(run.last.cost)
                return f"{is_low}: more epochs can lower it by {most} at most."
            does = "and in the end raise the cost" if rises else "but hardly lower the cost"
            return f"{is_low}: more epochs would change the line, {does}."
        if run.ending in _NO_LIMIT or run.ending is Ending.USELESS_LIMIT:
            if found.excess(found.start_cost) <= 10.0 * found.enough:
                return (
                    f"{is_low}, since the run started near the lowest. A small enough learning "
                    "rate keeps it there."
                )
            if run.settings.shuffled:
                return f"{is_low}: a lucky order of the points. Another may end far higher."
            return f"{is_low}, but more epochs may raise it."
        return f"{is_low}: it needs no change."
    if run.settings.shuffled:
        return "No safe learning rate is expected to end much lower."
    many = f"{MAX_COUNT:,} epochs" if 64 * count > MAX_COUNT else "64 times as many epochs"
    return f"No safe learning rate ends much lower, not even with {many}."


def _is_low(found: Convergence, cost: float) -> str:
    """Return that a cost is low enough, and beside what."""
    is_beside = found.limit is not None and not _at_least_squares(found)
    if found.is_lowest(cost) and not found.hovers and (found.points_on_a_line or not is_beside):
        is_zero = found.points_on_a_line
        low = "practically 0" if is_zero and cost else "the lowest possible"
        return f"The cost of this run is {low}"
    if found.excess(cost) <= ENOUGH * found.minimum_cost and not found.points_on_a_line:
        return "The cost of this run is hardly above the lowest possible"
    text = f"The cost of this run, {number(cost)}, is small"
    if found.cost_about_mean <= found.negligible_cost:
        return text
    return f"{text} beside that of the best horizontal line, {number(found.cost_about_mean)}"
