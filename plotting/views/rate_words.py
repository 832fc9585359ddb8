"""What a panel says of a run, in few characters."""

from __future__ import annotations

import math

from regression.outlook import Outlook


def rate_text(lr: float) -> str:
    """Return a learning rate to four digits.

    >>> rate_text(0.0001), rate_text(1 / 10100) == f"9.901e{MINUS}5"
    ('0.0001', True)
    """
    return compact(f"{lr:.4g}")


def contraction_text(contraction: float) -> str:
    """Return it with at least four digits, or so many that it is not 1 when it is not.

    >>> [contraction_text(value) for value in (0.97622, 0.99999751, 1.0234, 1.0, 8.6e8)]
    ['0.9762', '0.9999975', '1.023', '1', '9e8']
    """
    rest = 1.0 - contraction
    if not math.isfinite(rest):
        return "\N{INFINITY}"
    if rest == 0:
        return "1"
    if abs(rest) < 1e-6:
        return f"1 {MINUS if rest > 0 else '+'} {short(abs(rest))}"
    if abs(rest) < 1e-2:
        return f"{contraction:.{max(4, 1 - math.floor(math.log10(abs(rest))))}f}"
    return f"{contraction:#.4g}" if 1e-3 <= contraction < 999.95 else short(contraction)


def settles_text(outlook: Outlook, columns: int) -> str:
    """Return how far above least squares the run settles, if it does, in a panel that is one of
    so many in its row.
    """
    if outlook.settles_cost is None:
        return "diverges"
    # In a panel of two in a row there is room for one of the words.
    verb = "settles " * (columns == 1 or (columns == 2 and not outlook.shuffled))
    verb += "about " * outlook.shuffled
    if not outlook.least_cost > 1e-25 * outlook.settles_cost:
        return f"{verb}at cost {short(outlook.settles_cost)}"
    percent = short(100.0 * max(outlook.settles_cost / outlook.least_cost - 1.0, 0.0))
    return f"{verb}{percent} % above least squares" if columns == 1 else f"{verb}+{percent} %"


def gone_text(epoch: int | None, columns: int) -> str:
    """Return what to say of a run that overflowed in that epoch."""
    return f"{'overflowed' if columns < 3 else 'gone'} in epoch {epoch}"


def short(value: float) -> str:
    """Return a value from 0 on with two digits, or up to four before the point, or a power of ten.

    >>> [short(value) for value in (0.1079, 9.05, 18.3, 347.2, 3.37e11, 0.0, 99.97)]
    ['0.11', '9.1', '18', '347', '3e11', '0', '100']
    """
    if value == 0 or 1e-3 <= value < 1e4:
        return f"{value:.0f}" if value >= 9.95 else f"{value:.2g}"
    return compact(f"{value:.0e}")


def compact(number: str) -> str:
    """Return a number with as short an exponent as can be read.

    >>> compact("1.5e+07"), compact("1.5")
    ('1.5e7', '1.5')
    """
    digits, e, exponent = number.partition("e")
    return digits + (e and f"e{int(exponent)}".replace("-", MINUS))


MINUS = "\N{MINUS SIGN}"
