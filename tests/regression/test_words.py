"""Numbers as the terminal shows them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regression.analysis.report import below, count, percent


@given(value=st.floats(1e-300, 1e300))
def test_below_is_never_above_and_four_digits_near(value: float) -> None:
    assert float(below(value)) <= value
    assert float(below(value)) == pytest.approx(value, rel=1e-3)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0099999, "0.009999"),
        (0.12344, "0.1234"),
        (0.12346, "0.1234"),
        (1.0, "1.000"),
        (12345.0, "1.234e+04"),
        (0.0, "0.000"),
        (math.nan, "nan"),
    ],
)
def test_below_by_hand(value: float, text: str) -> None:
    assert below(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.5, "50.00 %"),
        (0.99991, "over 99.99 %"),
        (0.9999999, "over 99.99 %"),
        (1.0, "100.0 %"),
        (1.5, "100.0 %"),
        (-0.25, "-25.00 %"),
    ],
)
def test_a_way_is_at_its_end_or_less_than_all(share: float, text: str) -> None:
    assert percent(share) == text


def test_what_nobody_could_count_is_shortened() -> None:
    assert count(999_999_999) == "999999999"
    assert count(10**9) == "1.000e+09"
