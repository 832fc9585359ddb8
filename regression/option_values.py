"""How the values of options are read, and what is said of those that are refused."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral, Real
from pathlib import Path

from regression.csv_words import shown


def file(text: str) -> Path:
    """Return the path; refuse an empty one, which Path takes for the folder that one is in."""
    if not text:
        raise argparse.ArgumentTypeError("'' is not the name of a file")
    return Path(text)


MOST = 10**7
"""Of points, and of epochs."""


@dataclass(frozen=True)
class Number:
    """Which numbers are allowed: whole ones or any, from low to high, and that in words.

    >>> Number(int, 1, 9, "a digit")("7")
    7
    """

    kind: type[int] | type[float]
    low: float
    high: float
    allowed: str

    def __call__(self, text: str) -> float:
        """Return the number that an option's text says; refuse another as argparse wants it."""
        try:
            value = self.kind(text)
        except ValueError:
            value = None
        if value is None or not self.low <= value <= self.high:  # nan is not, either
            raise argparse.ArgumentTypeError(f"{shown(text)} is not {self.allowed}")
        return value

    def check(self, name: str, value: object) -> None:
        """Raise ValueError, with the argument's name, when the value is not allowed."""
        fits = isinstance(value, Integral if self.kind is int else Real)
        if isinstance(value, bool) or not (fits and self.low <= value <= self.high):  # type: ignore[operator]
            raise ValueError(f"{name} is {value!r}, not {self.allowed}")


def count(low: int, what: str, bytes_each: int) -> Callable[[str], float]:
    """Return a reader of how many there are, from low to MOST, that says what more would take.

    >>> count(1, "epochs", 32)("500")
    500
    """
    within = Number(int, low, MOST, f"a whole number from {low} to {MOST}")

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


FINITE = Number(float, -sys.float_info.max, sys.float_info.max, "a finite number")
POSITIVE = Number(
    float, sys.float_info.min, sys.float_info.max, "a finite number above 0 (2.3e-308 or more)"
)
NOISE = Number(float, 0, sys.float_info.max, "a finite number, 0 or more")
SEED = Number(int, 0, 2**63, f"a whole number from 0 to {2**63}")
POINTS = count(2, "points", 16)
EPOCHS = count(1, "epochs", 32)
COUNT = Number(int, 1, MOST, f"a whole number from 1 to {MOST}")
