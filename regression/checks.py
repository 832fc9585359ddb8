"""A caller's mistake: one exception for all of them, and one way to check a number."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any, NoReturn


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
    words: tuple[str, ...] = ()
    """Texts that are allowed in place of a number."""
    bytes_each: int = 0
    """What one of so many things takes in memory, for a count of them."""

    def parse(self, text: str) -> float | str:
        """Return the number that a text says, or the word. Raises UserError for another text."""
        if text in self.words:
            return text
        try:
            value = self.kind(text)
        except ValueError:
            value = None
        if value is None or not self.low <= value <= self.high:  # nan is not, either
            meant = self._with_a_point(text) or near(text, self.words)
            self._refuse(shown(text) + meant, value)
        return value

    def _with_a_point(self, text: str) -> str:
        """Return a question after the number with a decimal point, for one with a comma."""
        try:
            self.kind(text.replace(",", "."))
        except ValueError:
            return ""
        return f". Did you mean {text.replace(',', '.')!r}?" if text.count(",") == 1 else ""

    def check(self, name: str, value: object) -> None:
        """Raise UserError, with the argument's name, when the value is not allowed."""
        fits = isinstance(value, Integral if self.kind is int else Real)
        # A number of NumPy's with few digits could not be compared with the limits.
        number: Any = value if isinstance(value, Integral) or not fits else float(value)  # type: ignore[arg-type]
        if isinstance(value, bool) or not (fits and self.low <= number <= self.high):
            try:
                self._refuse(repr(value), value if fits else None)
            except UserError as error:
                raise UserError(f"{name}: {error}") from None

    def _refuse(self, found: str, value: Any) -> NoReturn:
        if self.bytes_each and value is not None and self.high < value < 1e30:
            need = f"{value * self.bytes_each / 1e9:,.4g} GB of memory"
            raise UserError(
                f"expected at most {self.high:,}, not {value:,} (which would need {need})"
            )
        raise UserError(f"expected {self.allowed}, not {found}")


@dataclass(frozen=True)
class Choice:
    """The words that are allowed.

    >>> Choice(("no", "yes")).parse("yes")
    'yes'
    """

    words: Collection[str]

    def parse(self, text: str) -> str:
        """Return the text. Raises UserError when it is none of the words."""
        if text not in self.words:
            *most, last = self.words
            allowed = f"{', '.join(most)} or {last}"
            raise UserError(f"expected {allowed}, not {shown(text)}{near(text, self.words)}")
        return text


def near(text: str, words: Iterable[str]) -> str:
    """Return a question after the word that a text was meant to be, if it is near to one,
    in large letters or small ones.

    >>> near("autp", ["auto", "sweep"])
    ". Did you mean 'auto'?"
    """
    known = {word.lower(): word for word in words}
    close = get_close_matches(text.lower(), list(known), 1)
    return f". Did you mean {shown(known[close[0]])}?" if close else ""


MAX_COUNT = 10**7
"""Of points, of epochs, and of whatever else is counted."""

FINITE = Number(float, -sys.float_info.max, sys.float_info.max, "a finite number")
POSITIVE = Number(float, sys.float_info.min, sys.float_info.max, "a positive number")
NONNEGATIVE = Number(float, 0, sys.float_info.max, "a number, 0 or more")
COUNT = Number(int, 1, MAX_COUNT, f"a whole number from 1 to {MAX_COUNT:,}")
EPOCHS = replace(COUNT, bytes_each=32)
POINTS = Number(int, 2, MAX_COUNT, f"a whole number from 2 to {MAX_COUNT:,}", bytes_each=16)
SEED = Number(int, 0, 2**63, f"a whole number from 0 to {2**63:,}")


def shown(text: str) -> str:
    """Return a text as a message quotes it: escaped, and not at any length."""
    return repr(text if len(text) < 40 else text[:37] + "...")
