"""Readers of options, each made here: their edges and their words."""

import argparse

import numpy as np
import pytest

from regression.option_values import MAX_COUNT, Number, count, file


def test_a_reader_takes_its_edges_and_what_lies_between() -> None:
    digit = Number(int, 1, 9, "a digit")
    assert [digit(text) for text in ("1", " 5 ", "9")] == [1, 5, 9]
    for text in ("0", "10", "5.0", "", "five"):
        with pytest.raises(argparse.ArgumentTypeError, match=rf"^'{text}' is not a digit$"):
            digit(text)
    for value in (1, 9, np.int64(5)):
        digit.check("it", value)
    for wrong in (0, 10, 5.0, "5", None, True, 10**400):
        with pytest.raises(ValueError, match=rf"^it is {wrong!r}, not a digit$"):
            digit.check("it", wrong)


def test_a_reader_of_fractions_takes_whole_numbers_too() -> None:
    half = Number(float, -0.5, 0.5, "half")
    assert half("-0.5") == -0.5
    for value in (0, 0.5, np.float32(0.25)):
        half.check("it", value)
    for wrong in (0.51, float("nan"), 1j, False, 10**400):
        with pytest.raises(ValueError, match=r"not half$"):
            half.check("it", wrong)


def test_a_count_says_what_more_would_take() -> None:
    many = count(2, "things", 20)
    assert many("2") == 2
    assert many(str(MAX_COUNT)) == MAX_COUNT
    with pytest.raises(argparse.ArgumentTypeError, match=r"^'1' is not a whole number from 2 to 1"):
        many("1")
    for text, size in (
        (str(MAX_COUNT + 1), "200 MB"),
        ("40000000", "800 MB"),
        ("50000000", "1 GB"),
        ("12345678901", "246.9 GB"),
        ("1000000000000", "20 TB"),
        ("9" * 29, "2e+18 TB"),
    ):
        with pytest.raises(argparse.ArgumentTypeError) as refused:
            many(text)
        words = f"{text} is more than {MAX_COUNT}; that many things would take {size} of memory"
        assert str(refused.value) == words
    for text in ("9" * 30, "1e9", "-20000000"):
        with pytest.raises(argparse.ArgumentTypeError, match=r"is not a whole number from 2 to"):
            many(text)


def test_a_file_has_a_name() -> None:
    assert file("a b.csv").name == "a b.csv"
    with pytest.raises(argparse.ArgumentTypeError, match=r"^'' is not the name of a file$"):
        file("")
