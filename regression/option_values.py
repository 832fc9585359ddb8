"""How the values of options are read, and what is said of those that are refused."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from regression.csv_words import shown

MOST = 10**7
"""Of points, and of epochs."""


def number(
    kind: type[int] | type[float], low: float, high: float, allowed: str
) -> Callable[[str], float]:
    """Return a reader of an option's value that refuses what is not from low to high.

    >>> number(int, 1, 9, "a digit")("7")
    7
    """

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not low <= value <= high:  # nan is not, either
            raise argparse.ArgumentTypeError(f"{shown(text)} is not {allowed}")
        return value

    return read


def count(low: int, what: str, bytes_each: int) -> Callable[[str], float]:
    """Return a reader of how many there are, from low to MOST, that says what more would take.

    >>> count(1, "epochs", 32)("500")
    500
    """
    within = number(int, low, MOST, f"a whole number from {low} to {MOST}")

    def read(text: str) -> float:
        if text.isdecimal() and len(text) < 30 and int(text) > MOST:
            size = _size(int(text) * bytes_each)
            raise argparse.ArgumentTypeError(
                f"{text} is more than {MOST}; that many {what} would take {size} of memory"
            )
        return within(text)

    return read


def _size(size: float) -> str:
    for unit in ("MB", "GB", "TB"):
        size /= 1000 if unit != "MB" else 1e6
        if size < 1000:
            break
    return f"{size:,.4g} {unit}"


FINITE = number(float, -sys.float_info.max, sys.float_info.max, "a finite number")
POSITIVE = number(
    float, sys.float_info.min, sys.float_info.max, "a finite number above 0 (2.3e-308 or more)"
)
NOISE = number(float, 0, sys.float_info.max, "a finite number, 0 or more")
SEED = number(int, 0, 2**63, f"a whole number from 0 to {2**63}")
POINTS = count(2, "points", 16)
EPOCHS = count(1, "epochs", 32)
COUNT = number(int, 1, MOST, f"a whole number from 1 to {MOST}")
