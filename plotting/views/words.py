"""What a picture says of a run, in few words: each from its longest form to its shortest."""

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


def ends(convergence: Convergence, verb: str = "ends") -> list[str]:
    """Return how far above the lowest possible cost the run ends, if it does; `verb` says whether
    it has, such as "would end".
    """
    if convergence.limit_cost is None:
        return ["diverges: it ends nowhere", "diverges"]
    # The cost of the mean of a shuffled run's lines: each by itself costs more.
    if convergence.hovers:
        verb = "hovers around a line"
    lowest = convergence.minimum_cost
    if convergence.points_on_a_line and not convergence.limit_is_least_squares:
        return [f"{verb} at cost {number(convergence.limit_cost)}"]
    excess = convergence.excess(convergence.limit_cost)
    if convergence.limit_is_least_squares or excess < SAME * lowest:
        return [f"{verb} at the lowest cost", f"{verb} at lowest cost", "lowest cost"]
    ratio = convergence.limit_cost / lowest
    if ratio < 100:
        above = f"{number(100 * (ratio - 1), 2)}% above"
        short = verb.replace(" a line", "")
        return [f"{verb} {above} the lowest cost", f"{short} {above} lowest", above]
    many = times(ratio)
    return [
        f"{verb} at {many} times the lowest cost",
        f"{many} times the lowest",
        f"\N{MULTIPLICATION SIGN} {many}",
    ]


def gap(convergence: Convergence) -> list[str]:
    """Return how fast the distance to where the run ends grows smaller, or larger."""
    factor = convergence.contraction
    if not factor < 1 or convergence.limit is None:
        if factor >= 2:
            grows = f"grows {number(factor, 1)}-fold every epoch"
        elif factor > 1:
            grows = f"doubles every {epochs_text(math.log(2) / math.log(factor))}"
        else:
            grows = "never shrinks"
        return [f"the distance left {grows}", f"distance {grows}", grows, "grows"]
    half = math.log(2) / -math.log(factor) if factor > 0 else 0.0
    halves = (
        f"halves every {epochs_text(half).removeprefix('1 ')}"
        if half >= 1
        else "more than halves every epoch"
    )
    short = halves.replace("epochs", "ep.")
    return [f"the distance left {halves}", f"distance {halves}", halves, short]


def verdict(convergence: Convergence, line: Line, epoch: int) -> list[str]:
    """Return how much of the distance this line has covered, after so many epochs."""
    progress = convergence.progress(line)
    if progress is None:
        return ["diverges"]
    if convergence.is_near_limit(line):
        return ["has converged: within 1% of its end", "has converged"]
    # Not 100 while something is left, which may be cost alone.
    percent = min(100 * max(progress, 0.0), 99.9)
    share = f"{number(percent, 2 if percent < 99 else 3)}% of the distance"
    what = "within 1%" if percent < 99 else "cost within 1%"
    needed = convergence.epochs_needed
    if progress < 0:
        share = "farther off than its start"
    if needed is None or needed <= epoch:
        return [share, share.replace(" of the distance", " there")]
    return [
        f"{share}; {what} after {epochs_text(needed - epoch)} more".replace(
            "epochs more", "more epochs"
        ).replace("epoch more", "more epoch"),
        share,
        share.replace(" of the distance", " there"),
    ]


def epochs_text(count: float) -> str:
    """Return so many epochs: with two digits, if they are few."""
    text = number(count, 2) if count < 9.95 else number(round(count))
    return f"{text} epoch{'' if text == '1' else 's'}"


def write_what_fits(text: Text, variants: Sequence[str], room: float) -> bool:
    """Set the first of the variants that is no wider than `room` in pixels; tell if one is."""
    for variant in variants:
        text.set_text(variant)
        if text.get_window_extent().width <= room:
            return True
    return False
