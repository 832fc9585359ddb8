"""Numbers as the terminal shows them: most to four significant digits."""

from __future__ import annotations

import math

from regression.line import Line
from regression.outlook import Outlook

MANY = 1e4
"""Times the least cost from which on a percentage says less than how many times it is."""


def four(value: float) -> str:
    """Return the value to four significant digits, zeros at the end included.

    >>> four(2.0), four(12345.6), four(-0.00012)
    ('2.000', '1.235e+04', '-0.0001200')
    """
    return f"{value:#.4g}".rstrip(".")


def below(value: float) -> str:
    """Return a positive value to four significant digits, never rounded up.

    >>> below(1 / 101)
    '0.009900'
    """
    if not value > 0:
        return four(value)
    digit = 10.0 ** (math.floor(math.log10(value)) - 3)
    near = float(f"{value:.3e}")
    return four(near if near <= value else near - digit)


def place(line: Line, cost: float) -> str:
    """Return W, b and cost in columns."""
    return f"W = {four(line.weight):<10} b = {four(line.bias):<10} cost = {four(cost)}"


def more(run: Outlook, cost: float) -> str:
    """Return how much the cost is above least squares, where that has a percentage."""
    ratio = _times_least(run, cost)
    if ratio is None:
        return ""
    return f" ({ratio:.1g} times)" if ratio >= MANY else f" (+{four(100.0 * (ratio - 1.0))} %)"


def above(run: Outlook, cost: float) -> str:
    """Return the same in words, for a sentence."""
    ratio = _times_least(run, cost)
    if ratio is None:
        return ""
    if ratio >= MANY:
        return f" ({four(ratio)} times that of least squares)"
    return f" ({four(100.0 * (ratio - 1.0))} % above least squares)"


def _times_least(run: Outlook, cost: float) -> float | None:
    return max(cost / run.least_cost, 1.0) if run.least_cost > 0 else None


def percent(share: float) -> str:
    """Return the share in percent, never 100 % of a way that is not at its end."""
    if 0.9999 < share < 1:
        return "over 99.99 %"
    return f"{four(100.0 * min(share, 1.0))} %"


def count(epochs: int) -> str:
    """Return the number in full, unless nobody could count it."""
    return str(epochs) if epochs < 10**9 else f"{epochs:.3e}"


def epochs(number: int) -> str:
    """Return so many epochs in words."""
    return f"{count(number)} epoch{'s' * (number != 1)}"


def factor(contraction: float) -> str:
    """Return what the rest of the way is multiplied by; never 1, at which it would stay."""
    text = f"{contraction:.6g}"
    return "hardly less than 1" if text == "1" else text
