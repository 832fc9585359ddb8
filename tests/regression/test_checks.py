"""Numbers and words that are allowed, and what is said of others."""

import re
from typing import Any

import pytest

from regression.checks import EPOCHS, POINTS, UserError, near, shown


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (10**7 + 1, "at most 10,000,000, not 10,000,001 (which would need 0.32 GB of memory)"),
        (10**8, "at most 10,000,000, not 100,000,000 (which would need 3.2 GB of memory)"),
        (0, "a whole number from 1 to 10,000,000, not 0"),
        (1e8, "a whole number from 1 to 10,000,000, not 100000000.0"),
        ("many", "a whole number from 1 to 10,000,000, not 'many'"),
        (True, "a whole number from 1 to 10,000,000, not True"),
        (10**40, f"a whole number from 1 to 10,000,000, not {10**40}"),
    ],
)
def test_what_is_said_of_a_count_that_is_not_allowed(value: Any, words: str) -> None:
    with pytest.raises(UserError, match=f"^epochs: expected {re.escape(words)}$"):
        EPOCHS.check("epochs", value)


def test_the_ends_of_a_range_are_allowed() -> None:
    for number, ends in ((EPOCHS, (1, 10**7)), (POINTS, (2, 10**7))):
        for end in ends:
            number.check("n", end)
            assert number.parse(str(end)) == end


def test_a_text_is_shown_up_to_39_characters() -> None:
    assert shown("x" * 39) == f"'{'x' * 39}'"
    assert shown("x" * 40) == f"'{'x' * 37}...'"
    assert shown("a\n\x1b") == r"'a\n\x1b'"


def test_of_two_near_words_the_nearer_is_meant() -> None:
    assert near("stori", ["store", "story", "stories"]) == ". Did you mean 'stories'?"
    assert near("xyz", ["store"]) == ""
