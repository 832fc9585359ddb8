"""The points: the tutorial's noisy line, and what is refused at the boundary."""

import re
from datetime import date, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regression import Dataset, least_squares, noisy_line
from regression.checks import UserError
from regression.data import to_dates, to_years


def test_the_tutorials_points() -> None:
    data = noisy_line()
    np.testing.assert_array_equal(data.x, np.linspace(0, 10, 50))
    noise = data.y - (data.x - 2)
    assert abs(noise.mean()) < 0.5
    assert 0.7 < noise.std() < 1.3


def test_the_same_seed_gives_the_same_points_and_zero_is_a_seed() -> None:
    np.testing.assert_array_equal(noisy_line(rng=0).y, noisy_line(rng=0).y)
    assert (noisy_line(rng=0).y != noisy_line(rng=1).y).all()


def test_without_noise_least_squares_gives_slope_and_intercept_back() -> None:
    data = noisy_line(30, slope=-3.5, intercept=7.0, noise=0.0)
    assert least_squares(data) == pytest.approx((-3.5, 7.0))


def test_a_dataset_cannot_be_changed_through_the_arrays_it_was_made_from() -> None:
    x = np.array([1.0, 2.0])
    data = Dataset(x, x)
    x[0] = 9.0
    assert data.x.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        data.x[0] = 9.0


@pytest.mark.parametrize(
    ("x", "y", "word"),
    [
        ([1.0, 2.0], [1.0], "x has 2 values and y has 1"),
        ([1.0], [1.0], "at least two"),
        ([3.0, 3.0], [1.0, 2.0], "x is 3 at every point"),
        ([1.0, np.nan], [1.0, 2.0], "x must be"),
        ([1.0, 2.0], [1.0, np.inf], "y must be"),
        ([[1.0, 2.0]], [1.0, 2.0], "x must be"),
        ([1e300, 2e300], [1.0, 2.0], "x reaches beyond 1e"),
        ([1.0, 2.0], [1.0, -1e200], "y reaches beyond 1e"),
        ([1.0, 2.0], [5e-324, -1e-300], "y stays below 1e-140, where squares underflow"),
        ([1e-200, 2e-300], [1.0, 2.0], "x stays below 1e-140, where squares underflow"),
        ([1e-140, 1.5e-140], [1.0, 2.0], "x differs by less than 1e-140"),
    ],
)
def test_points_that_determine_no_line_are_refused(
    x: list[float], y: list[float], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        Dataset(np.array(x), np.array(y))


def test_settings_of_the_noisy_line_out_of_range() -> None:
    with pytest.raises(ValueError, match="points is 1"):
        noisy_line(1)
    with pytest.raises(ValueError, match="noise is -1"):
        noisy_line(noise=-1.0)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([1.0, 2.0], [1.0], "x has 2 values and y has 1; need as many"),
        ([], [], "0 points given; a line needs at least two"),
        ([1.0], [1.0], "1 point given; a line needs at least two"),
        (
            [3.0, 3.0],
            [1.0, 2.0],
            "x is 3 at every point, so no line is determined; at least two different x are needed",
        ),
        ([1.0, 2.0], [1.0, -1e200], "y reaches beyond 1e+140, where squares overflow"),
        ([1e-140, 1.5e-140], [1.0, 2.0], "x differs by less than 1e-140, whose square underflows"),
        ([[1.0, 2.0]], [1.0], "x must be a flat array of finite numbers"),
    ],
)
def test_the_whole_of_what_is_said_of_points(x: list[float], y: list[float], words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        Dataset(np.array(x), np.array(y))


def test_points_at_the_limits_are_taken() -> None:
    assert len(Dataset(np.array([-1e140, 1e140]), np.array([1e140, -1e140]))) == 2
    assert len(Dataset(np.array([0.0, 1e-140]), np.array([0.0, 0.0]))) == 2
    assert len(noisy_line(2, noise=0.0)) == 2


def test_columns_have_names_and_whole_numbers_become_floats() -> None:
    data = Dataset(np.array([1, 2]), np.array([3, 4]), y_name="rent")
    assert (data.x_name, data.y_name) == ("x", "rent")
    assert Dataset(data.x, data.y).y_name == "y"
    assert data.x.dtype == data.y.dtype == np.float64


def test_the_noise_is_normal_of_that_deviation_about_the_line() -> None:
    data = noisy_line(7, slope=2.0, intercept=3.0, noise=0.5, rng=11)
    noise = np.random.default_rng(11).normal(0.0, 0.5, 7)
    np.testing.assert_array_equal(data.y, 2.0 * data.x + 3.0 + noise)
    again = noisy_line(7, slope=2.0, intercept=3.0, noise=0.5, rng=np.random.default_rng(11))
    np.testing.assert_array_equal(data.y, again.y)


def test_the_whole_of_what_is_said_of_settings() -> None:
    with pytest.raises(ValueError, match=r"^points is 1; a line needs at least two$"):
        noisy_line(1)
    words = r"^noise is nan; a standard deviation is 0 or more$"
    with pytest.raises(ValueError, match=words):
        noisy_line(noise=float("nan"))
    words = re.escape("intercept: -1e+200 takes y beyond 1e+140; make it smaller")
    with pytest.raises(ValueError, match=f"^{words}$"):
        noisy_line(intercept=-1e200, slope=1e150)


@pytest.mark.parametrize("part", ["slope", "intercept", "noise"])
@pytest.mark.parametrize("size", [1e141, 1e308])
def test_the_part_that_makes_y_too_large_is_named(part: str, size: float) -> None:
    words = re.escape(f"{part}: {size:g} takes y beyond 1e+140; make it smaller")
    with pytest.raises(ValueError, match=f"^{words}$"):
        noisy_line(**{part: size})  # type: ignore[arg-type]


# Columns of tables ----------------------------------------------------------------------------


class Column:
    """What pandas, polars and others have in common: values, and a name."""

    def __init__(self, name: str | None, values: list[object]) -> None:
        self.name = name
        self._values = values

    def to_numpy(self) -> np.ndarray:
        return np.array(self._values)


def test_a_column_gives_its_name() -> None:
    data = Dataset(Column("hp", [1, 2]), Column("mpg", [3, 4]))  # type: ignore[arg-type]
    assert (data.x_name, data.y_name, data.x.tolist(), data.notes) == ("hp", "mpg", [1, 2], ())
    data = Dataset(Column(None, [1, 2]), Column("mpg", [3, 4]), y_name="b")  # type: ignore[arg-type]
    assert (data.x_name, data.y_name) == ("x", "b")


def test_missing_values_of_a_column_are_left_out_and_said() -> None:
    x = Column("hp", [1, None, 2, float("nan"), 5])
    data = Dataset(x, Column("mpg", [3, 4, 5, 6, 7.5]), notes=("From cars.",))  # type: ignore[arg-type]
    assert (data.x.tolist(), data.y.tolist()) == ([1, 2, 5], [3, 5, 7.5])
    said = "2 of 5 rows have no number in 'hp' and are left out."
    assert data.notes == ("From cars.", said)
    data = Dataset(x, Column("mpg", [None, 4, 5, 6, 7.5]))  # type: ignore[arg-type]
    assert data.x.tolist() == [2, 5]
    assert data.notes == ("3 of 5 rows have no number in 'hp' or 'mpg' and are left out.",)


def test_two_columns_of_a_table_by_name() -> None:
    table = {"hp": Column("hp", [1, 2]), "mpg": [3.0, 4.0], 7: [5.0, 6.0]}
    data = Dataset.from_frame(table, "hp", "mpg")
    assert (data.x_name, data.y_name, data.y.tolist()) == ("hp", "mpg", [3, 4])
    with pytest.raises(UserError, match="expected the name of a column, found 'kg'"):
        Dataset.from_frame(table, "hp", "kg")


def test_text_in_a_column_is_shown() -> None:
    with pytest.raises(UserError, match=r"^y: expected numbers, found 'abc'"):
        Dataset(np.array([1.0, 2.0]), Column("b", [1, "abc"]))  # type: ignore[arg-type]
    with pytest.raises(UserError, match=r"^x: expected numbers, found 'abc'"):
        Dataset(["1", "abc"], [1.0, 2.0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "days",
    [
        np.array(["1970-01-01", "1970-12-31"], dtype="datetime64[D]"),
        np.array(["1970-01-01", "1970-12-31"], dtype="datetime64[ns]"),
        [datetime(1970, 1, 1), datetime(1970, 12, 31)],
        [date(1970, 1, 1), date(1970, 12, 31)],
        Column("day", [date(1970, 1, 1), None, date(1970, 12, 31)]),
    ],
)
def test_dates_become_years(days: object) -> None:
    missing = isinstance(days, Column)
    data = Dataset(days, Column("b", [1, 2, 3][: 2 + missing]))  # type: ignore[arg-type]
    assert data.x.tolist() == [1970, 1970 + 364 / 365.2425]
    assert (data.x_is_date, data.y_is_date) == (True, False)
    assert len(data.notes) == missing


def test_no_date_is_no_finite_number() -> None:
    with pytest.raises(UserError, match="x must be a flat array of finite numbers"):
        Dataset(np.array(["NaT", "2020-01-01"], dtype="datetime64[D]"), np.array([1.0, 2.0]))


@given(
    st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(2999, 1, 1)).map(
        lambda time: time.replace(microsecond=0)
    )
)
def test_years_are_days_since_1970_and_come_back_to_the_second(time: datetime) -> None:
    years = to_years(np.array([time], dtype="datetime64[us]"))
    exact = 1970 + Fraction((time - datetime(1970, 1, 1)) // timedelta(seconds=1), 86_400) / (
        Fraction(3652425, 10_000)
    )
    assert years[0] == pytest.approx(float(exact), rel=1e-15)
    assert to_dates(years)[0] == np.datetime64(time)


# pandas itself, where it is installed ---------------------------------------------------------


def test_a_frame_of_pandas() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {
            "hp": [130.0, None, 150.0, 95.0],
            "mpg": pd.array([18, 15, None, 24], dtype="Int64"),
            "day": pd.to_datetime(["1970-01-01", "1971-01-01", None, "1973-01-01"]),
            "there": pd.to_datetime(["1970-01-01"] * 3 + ["1971-01-01"]).tz_localize("Asia/Tokyo"),
            "name": ["a", "b", "c", "d"],
        }
    )
    data = Dataset(frame["hp"], frame["mpg"])
    assert (data.x_name, data.y_name) == ("hp", "mpg")
    assert (data.x.tolist(), data.y.tolist()) == ([130, 95], [18, 24])
    assert data.notes == ("2 of 4 rows have no number in 'hp' or 'mpg' and are left out.",)
    assert Dataset.from_frame(frame, "hp", "mpg").x.tolist() == [130, 95]
    mixed = pd.Series([18, pd.NA, None, 24], dtype=object)  # NA does not say whether it is itself
    assert Dataset(mixed, frame["mpg"]).y.tolist() == [18, 24]
    data = Dataset(frame["day"], frame["mpg"])
    assert data.x.tolist() == [1970, 1970 + 365 / 365.2425, 1970 + 1096 / 365.2425]
    assert data.x_is_date
    there = Dataset(frame["there"], frame["day"])  # Tokyo is 9 hours ahead
    assert there.x[0] == pytest.approx(1970 - 9 / 24 / 365.2425, abs=1e-12)
    assert there.y_is_date
    with pytest.raises(UserError, match="y: expected numbers, found 'a'"):
        Dataset(frame["hp"], frame["name"])
    with pytest.raises(UserError, match="x and y have different rows; expected two columns of one"):
        Dataset(frame["hp"], frame["mpg"][::-1])
