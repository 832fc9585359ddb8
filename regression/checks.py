"""A caller's mistake: one exception for all of them, and one way to check a number."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from numbers import Integral, Real


class UserError(ValueError):
    """A mistake of the caller, who reads its text: expected, found, what to do.

    Any other ValueError is a mistake in this program, and keeps its traceback.
    """


@dataclass(frozen=True)
class Number:
    """The numbers that are allowed: whole ones or any, from low to high, and that in words.

    >>> Number(int, 1, 9, "a digit").parse("7")
    7
    """

    kind: type[int] | type[float]
    low: float
    high: float
    allowed: str

    def parse(self, text: str) -> float:
        """Return the number that a text says. Raises UserError for another text."""
        try:
            value = self.kind(text)
        except ValueError:
            value = None
        if value is None or not self.low <= value <= self.high:  # nan is not, either
            raise UserError(f"expected {self.allowed}, not {shown(text)}")
        return value

    def check(self, name: str, value: object) -> None:
        """Raise UserError, with the argument's name, when the value is not allowed."""
        fits = isinstance(value, Integral if self.kind is int else Real)
        if isinstance(value, bool) or not (fits and self.low <= value <= self.high):  # type: ignore[operator]
            raise UserError(f"{name}: expected {self.allowed}, not {value!r}")


MAX_COUNT = 10**7
"""Of points, of epochs, and of whatever else is counted."""

FINITE = Number(float, -sys.float_info.max, sys.float_info.max, "a finite number")
POSITIVE = Number(float, sys.float_info.min, sys.float_info.max, "a positive number")
NONNEGATIVE = Number(float, 0, sys.float_info.max, "a number, 0 or more")
COUNT = Number(int, 1, MAX_COUNT, f"a whole number from 1 to {MAX_COUNT:,}")


def shown(text: str) -> str:
    """Return a text as a message quotes it: escaped, and not at any length."""
    return repr(text if len(text) < 40 else text[:37] + "...")
