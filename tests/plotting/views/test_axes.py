"""Numbers along the axes: round, apart, and what they leave out said in words."""

import re
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from plotting.theme import LIGHT, use_theme
from plotting.views.axes import (
    EpochScale,
    apart,
    date_numbers,
    date_of,
    plain_numbers,
    round_costs,
    round_text,
    text_px,
    write_costs,
    write_numbers,
    year_of,
)
from plotting.views.base import Box, add_axes
from plotting.views.words import MINUS

WORDS = {"thousands": 1e3, "millions": 1e6, "billions": 1e9}


def value_of(label: str, addition: str) -> float:
    """Return what a label means with what the axis' name adds, as a reader would work it out."""
    value = float(label.replace(",", "").replace("\N{MINUS SIGN}", "-"))
    if (unit := re.search(r"\((.*)\)$", addition)) is not None:
        word = unit[1]
        power = word.removeprefix("in 10").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
        value *= WORDS.get(word) or 10.0 ** int(power)
    if (shift := re.match(r" ([+\N{MINUS SIGN}]) ([\d.,]+)", addition)) is not None:
        # "x - 5" is what is numbered.
        size = float(shift[2].replace(",", ""))
        value += size if shift[1] == "\N{MINUS SIGN}" else -size
    return value


@given(
    low=st.floats(-1e9, 1e9),
    span=st.floats(1e-6, 1e9),
    most=st.integers(2, 8),
)
def test_a_reader_gets_the_number_back_from_its_label(low: float, span: float, most: int) -> None:
    high = low + span
    if span < 1e-7 * abs(low):
        return
    numbers = plain_numbers(low, high, most)
    assert len(numbers.ticks) == len(numbers.labels) <= most + 1
    for tick, label in zip(numbers.ticks, numbers.labels):
        assert low - 1e-9 * span <= tick <= high + 1e-9 * span
        assert value_of(label, numbers.addition) == pytest.approx(tick, abs=1e-6 * span)
    assert len(set(numbers.labels)) == len(numbers.labels)


@pytest.mark.parametrize(
    ("low", "high", "labels", "addition"),
    [
        (-1.0, 1.3, [f"{MINUS}1.0", f"{MINUS}0.5", "0.0", "0.5", "1.0"], ""),
        (1990, 2024, ["1990", "2000", "2010", "2020"], ""),
        (0, 3e7, ["0", "10", "20", "30"], " (millions)"),
        (0, 3e-9, ["0", "1", "2", "3"], " (in 10⁻⁹)"),
        (1e6, 1e6 + 10, ["0", "2", "4", "6", "8", "10"], f" {MINUS} 1,000,000"),
    ],
)
def test_labels_are_as_short_as_a_reader_likes_them(
    low: float, high: float, labels: list[str], addition: str
) -> None:
    assert plain_numbers(low, high, len(labels))[1:] == (labels, addition)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (1980.0, 2020.0, ["1980", "1990", "2000", "2010", "2020"]),
        (2020.1, 2021.9, ["Jul 2020", "Jan 2021", "Jul 2021"]),
        (2020.1, 2020.12, ["8 Feb 2020", "10 Feb 2020", "12 Feb 2020"]),
    ],
)
def test_years_are_written_as_years_months_or_days(
    low: float, high: float, labels: list[str]
) -> None:
    numbers = date_numbers(low, high, 5)
    assert numbers.labels == labels
    assert all(low <= tick <= high for tick in numbers.ticks)


@given(day=st.dates(date(1700, 1, 1), date(2300, 1, 1)))
def test_a_day_survives_as_a_number_of_years(day: date) -> None:
    assert date_of(year_of(day)) == day


@pytest.mark.parametrize("last", [0, 1, 2, 10, 17, 500, 1000, 30_000, 10**7])
@pytest.mark.parametrize("width", [150, 400, 900])
def test_epochs_have_the_start_the_last_and_powers_of_ten_that_do_not_touch(
    last: int, width: int
) -> None:
    with use_theme(LIGHT):
        axes = add_axes(Figure((10, 2), 100), Box(40, 40, 40 + width, 150), "")
        scale = EpochScale(last)
        scale.write_on(axes.xaxis)
    ticks = axes.xaxis.get_majorticklocs()
    labels = [label.get_text() for label in axes.xaxis.get_majorticklabels()]
    assert labels[0] == "start"
    assert labels[-1] == (f"{last:,}" if last else "start")
    if last >= 500 and width >= 400:
        assert {"1", "10", "100"} <= {*labels, *(["100"] if width < 900 else [])}
    (low, high) = axes.get_xlim()
    assert low < ticks.min() <= ticks.max() < high
    pixels = (ticks - low) / (high - low) * width
    halves = [text_px(label) / 2 for label in labels]
    for index in range(len(ticks) - 1):
        assert pixels[index] + halves[index] < pixels[index + 1] - halves[index + 1]


def test_epochs_stand_at_their_logarithms_and_the_start_before_them() -> None:
    places = EpochScale(500).places(np.array([0, 1, 10, 100]))
    np.testing.assert_allclose(places[1:], [0, 1, 2])
    assert -0.5 < places[0] < -0.2


@given(low=st.floats(-300, 300), span=st.floats(1e-3, 600), most=st.integers(2, 8))
def test_costs_are_few_and_round(low: float, span: float, most: int) -> None:
    ticks = round_costs(low, low + span, most)
    assert len(ticks) <= most + 1
    for tick in ticks:
        assert low - 1e-9 <= tick <= low + span + 1e-9
        if -300 < tick < 300 and span > 1:
            digit = 10 ** (tick - np.floor(tick + 1e-9))
            assert digit == pytest.approx(float(f"{digit:.2g}"))
    if span > 2 and len(ticks) > 1:
        assert len({round_text(tick) for tick in ticks}) == len(ticks)


@pytest.mark.parametrize("lowest", [35.67, 1e-12, 99.0])
def test_the_lowest_cost_is_numbered_and_no_other_number_is_near(lowest: float) -> None:
    with use_theme(LIGHT):
        axes = add_axes(Figure((5, 5), 100), Box(80, 40, 400, 240), "")
        at = np.log10(lowest)
        axes.set_ylim(at - 0.2, max(at + 2.0, 3.5))
        write_costs(axes.yaxis, lowest)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels.count(f"{lowest:.4g}" if lowest > 1e-5 else "10⁻¹²") == 1
    ticks = np.sort(axes.get_yticks())
    low, high = axes.get_ylim()
    assert (np.diff(ticks) * 200 / (high - low) > 13).all()
    assert ticks.min() == pytest.approx(at)


def test_a_name_that_is_too_long_is_cut_but_not_what_the_numbers_need() -> None:
    with use_theme(LIGHT):
        axes = add_axes(Figure((5, 5), 100), Box(80, 40, 300, 240), "")
        axes.set_xlim(0, 3e7)
        write_numbers(axes.xaxis, "a name that goes on and on and on and on")
    assert axes.get_xlabel().endswith("… (millions)")


@given(st.lists(st.floats(-100, 100), max_size=8))
def test_labels_moved_apart_are_apart_and_moved_as_little_as_can_be(heights: list[float]) -> None:
    places = np.sort(np.array(heights))
    moved = apart(places, 7.0)
    assert (np.diff(moved) >= 7.0 - 1e-9).all()
    if len(places) and (np.diff(places) >= 7.0).all():
        np.testing.assert_allclose(moved, places, atol=1e-9)
    # Least squares: the mean of all moves is none.
    assert np.sum(moved - places) == pytest.approx(0, abs=1e-6)
