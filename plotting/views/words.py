"""What a picture says of a run, in few words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.text import Text

from regression import Convergence, Line

SUPERSCRIPTS = str.maketrans("-0123456789", "\N{SUPERSCRIPT MINUS}⁰¹²³⁴⁵⁶⁷⁸⁹")
MINUS = "\N{MINUS SIGN}"

SAME = 1e-6
"""An excess below this share of the lowest cost is not worth a word."""


def number(value: float, digits: int = 3) -> str:
    """Return a number as one reads it: few digits, thousands in groups, a power of ten beyond.

    >>> number(0.0000990099), number(9.05), number(1295.2), number(3.37e11), number(0.001)
    ('0.000099', '9.05', '1,295', '3.37·10¹¹', '0.001')
    """
    if not math.isfinite(value):
        return "\N{INFINITY}"
    size = abs(value)
    if size >= 1e7 or 0 < size < 1e-5:
        head, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        power = f"10{str(int(exponent)).translate(SUPERSCRIPTS)}"
        head = head.rstrip("0").rstrip(".") if "." in head else head
        text = power if head == "1" else f"{head}·{power}"
    elif size >= 10 ** (digits - 1):
        text = f"{value:,.0f}"
    else:
        decimals = digits - 1 - math.floor(math.log10(size)) if size else 0
        text = f"{value:.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", MINUS)


def rounded(value: float, digits: int = 3) -> str:
    """Return a number that is known, or wanted, in so many digits only, a large one, too.

    >>> rounded(176663), number(176663)
    ('177,000', '176,663')
    """
    return number(float(f"{value:.{digits - 1}e}"), digits)


def power_of_ten(value: float) -> str:
    """Return the order of magnitude of a value of 1 or more.

    >>> power_of_ten(3.37e11)
    '10¹¹'
    """
    return f"10{str(math.floor(math.log10(value))).translate(SUPERSCRIPTS)}"


def times(ratio: float) -> str:
    """Return how many times, from some hundreds up, in words as far as these go.

    >>> times(347.2), times(3.37e9), times(2e20)
    ('347', '3.4 billion', '2·10²⁰')
    """
    for unit, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if unit <= ratio < 1e3 * unit:
            return f"{number(ratio / unit, 2)} {name}"
    return number(ratio) if ratio < 1e6 else number(ratio, 2)


def ends(convergence: Convergence, verb: str = "ends", *, above: str = "the lowest cost") -> str:
    """Return at which cost the run ends, if it does; `verb` says whether it has, such as "would
    end", and `above` is for where().
    """
    if convergence.limit_cost is None:
        return "diverges: it ends nowhere"
    # The cost of the mean of a shuffled run's lines: each by itself costs more.
    verb = "hovers around a line" if convergence.hovers else verb
    return f"{verb} {where(convergence, above=above)}"


def where(convergence: Convergence, *, at: str = "at ", above: str = "the lowest cost") -> str:
    """Return at which cost a run ends that does: how far above the lowest possible cost, or after
    `at` that it is this one, so many times as large, or itself; `above` names the lowest again.
    """
    cost, lowest = convergence.limit_cost or 0.0, convergence.minimum_cost
    if ends_at_lowest(convergence):
        return f"{at}the lowest cost"
    if convergence.points_on_a_line:
        return f"{at}cost {number(cost)}"
    if cost < 100 * lowest:
        return f"{number(100 * (cost / lowest - 1), 2)}% above {above}"
    return f"{at}{times(cost / lowest)} times the lowest cost"


def ends_at_lowest(convergence: Convergence) -> bool:
    """Return whether the run ends so near to the lowest cost that no digit tells them apart."""
    limit_cost = convergence.limit_cost
    return limit_cost is not None and (
        convergence.limit_is_least_squares
        or convergence.excess(limit_cost) < SAME * convergence.minimum_cost
    )


def gap(convergence: Convergence, what: str = "the distance left") -> str:
    """Return how fast the distance to where the run ends grows smaller, or larger."""
    factor = convergence.contraction
    if not factor < 1 or convergence.limit is None:
        if factor >= 2:
            return f"{what} grows {number(factor, 1)}-fold every epoch"
        if factor > 1:
            return f"{what} doubles every {epochs_text(math.log(2) / math.log(factor))}"
        return f"{what} never shrinks"
    half = math.log(2) / -math.log(factor) if factor > 0 else 0.0
    if half < 1:
        return f"{what} more than halves every epoch"
    return f"{what} halves every {epochs_text(half).removeprefix('1 ')}"


def verdict(
    convergence: Convergence,
    line: Line,
    epoch: int,
    *,
    distance: str = "the distance",
    brief: bool = False,
) -> str:
    """Return how much of the distance this line has covered, after so many epochs."""
    progress = convergence.progress(line)
    if progress is None:
        return "diverges"
    if convergence.is_near_limit(line):
        return "has converged" if brief else "has converged: within 1% of its end"
    # Not 100 while something is left, which may be cost alone.
    percent = min(100 * max(progress, 0.0), 99.9)
    left = (convergence.epochs_needed or 0) - epoch
    of = "there" if brief and left <= 0 else f"of {distance}"
    share = f"{number(percent, 2 if percent < 99 else 3)}% {of}"
    if progress < 0:
        share = "farther off than its start"
    if brief or left <= 0:
        return share
    what = "within 1%" if percent < 99 else "cost within 1%"
    return f"{share}; {what} after {epochs_text(left, 'more ')}"


def epochs_text(count: float, more: str = "") -> str:
    """Return so many epochs: with two digits, if they are few."""
    text = number(count, 2) if count < 9.95 else number(round(count))
    return f"{text} {more}epoch{'' if text == '1' else 's'}"


def write_what_fits(text: Text, variants: Sequence[str], room: float) -> bool:
    """Set the first of the variants that is no wider than `room` in pixels; tell if one is."""
    for variant in variants:
        text.set_text(variant)
        if text.get_window_extent().width <= room:
            return True
    return False
