"""The points that a line is fitted to, their standardized form, and synthetic ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from regression.checks import UserError, shown

Floats = npt.NDArray[np.float64]


MAX_ABS = 1e140
"""Of |x| and |y|: the sum of ten million squares of such numbers is still finite."""

X_NAME, Y_NAME = "x", "y"
"""Of columns that have no names of their own."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Points (x, y), both of shape (n,) and float64, and the names of the two columns.

    x, y: numbers, or dates as datetime64 or datetime.date, which become years. A column of pandas
        gives its name too, and rows that have no value in it are left out.
    notes: sentences about the data for those who read the program's words.
    x_is_date, y_is_date: whether the numbers are years, so that an axis can show dates.

    Raises UserError when the shapes differ, a value is not finite or its square is not, or the
    points do not determine a line (fewer than two, or all at one x, or as good as).
    """

    x: Floats
    y: Floats
    x_name: str = X_NAME
    y_name: str = Y_NAME
    notes: tuple[str, ...] = ()
    x_is_date: bool = False
    y_is_date: bool = False

    @classmethod
    def from_frame(cls, frame: Any, x: str, y: str) -> Dataset:
        """Return two columns of a table (a DataFrame, or a dict of columns), chosen by name."""
        for name in (x, y):
            if name not in frame:
                raise UserError(f"expected the name of a column, found {name!r}")
        return cls(frame[x], frame[y], str(x), str(y))

    def __post_init__(self) -> None:
        columns = {"x": self.x, "y": self.y}
        _check_same_rows(*columns.values())
        given = {name: _numbers(name, values) for name, values in columns.items()}
        for name, values in columns.items():
            if getattr(self, f"{name}_name") == name and _own_name(values):
                self._set(f"{name}_name", _own_name(values))
            if given[name][1]:
                self._set(f"{name}_is_date", True)
        arrays = {name: values for name, (values, _) in given.items()}
        if any(hasattr(values, "to_numpy") for values in columns.values()):
            arrays = self._without_missing(arrays)
        for name, values in arrays.items():
            _check_values(name, values)
            values.setflags(write=False)  # frozen means the points too
            self._set(name, values)
        self._check_line()

    def _check_line(self) -> None:
        """Raise UserError for points that do not determine a line."""
        if len(self.x) != len(self.y):
            raise UserError(f"x has {len(self.x)} values and y has {len(self.y)}; need as many")
        if len(self.x) < 2:
            points = f"{len(self.x)} point{'s' * (len(self.x) != 1)} given"
            raise UserError(f"{points}; a line needs at least two")
        if self.x.min() == self.x.max():
            raise UserError(
                f"x is {self.x[0]:g} at every point, so no line is determined; "
                "at least two different x are needed"
            )
        if self.x.max() - self.x.min() < 1 / MAX_ABS:
            raise UserError(f"x differs by less than {1 / MAX_ABS:g}, whose square underflows")

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _without_missing(self, arrays: dict[str, Floats]) -> dict[str, Floats]:
        """Return the rows that have a number in both columns; note how many have not."""
        x, y = arrays["x"], arrays["y"]
        if x.shape != y.shape or x.ndim != 1:
            return arrays
        missing = (self.x_name, np.isnan(x)), (self.y_name, np.isnan(y))
        where = list(dict.fromkeys(name for name, at in missing if at.any()))
        kept = ~(np.isnan(x) | np.isnan(y))
        if where:
            self._set("notes", (*self.notes, left_out(len(x) - int(kept.sum()), len(x), where)))
        return {"x": x[kept], "y": y[kept]}

    def __len__(self) -> int:
        return len(self.x)

    @cached_property
    def x_range(self) -> tuple[float, float]:
        """The smallest and the largest x."""
        return float(self.x.min()), float(self.x.max())


def left_out(rows: int, of: int, names: list[str], example: str = "") -> str:
    """Return the sentence on rows that have no number in one of the named columns."""
    has, is_ = ("has", "is") if rows == 1 else ("have", "are")
    where = " or ".join(map(shown, names))
    return f"{rows:,} of {of:,} rows {has} no number in {where} and {is_} left out{example}."


def _own_name(column: object) -> str:
    name = getattr(column, "name", None)
    return "" if name is None else str(name)


def _check_values(name: str, values: Floats) -> None:
    """Raise UserError for values that are not finite, or whose squares are not."""
    if values.ndim != 1 or not np.isfinite(values).all():
        raise UserError(f"{name} must be a flat array of finite numbers")
    largest = np.abs(values).max(initial=0.0)
    if largest > MAX_ABS:
        raise UserError(f"{name} reaches beyond {MAX_ABS:g}, where squares overflow")
    if 0 < largest < 1 / MAX_ABS:
        raise UserError(f"{name} stays below {1 / MAX_ABS:g}, where squares underflow")


def _check_same_rows(x: Any, y: Any) -> None:
    """Raise UserError for two columns of pandas whose rows have other labels."""
    x_rows: Any = getattr(x, "index", None)
    y_rows: Any = getattr(y, "index", None)
    if hasattr(x_rows, "equals") and hasattr(y_rows, "equals") and not x_rows.equals(y_rows):
        raise UserError("x and y have different rows; expected two columns of one table")


def _numbers(name: str, column: Any) -> tuple[Floats, bool]:
    """Return a column as a new array of numbers, nan where one is missing, and whether it was of
    dates. A zone of time is taken off by way of UTC.
    """
    if getattr(getattr(column, "dtype", None), "tz", None) is not None:
        values = column.to_numpy(dtype="datetime64[us]")
    elif hasattr(column, "to_numpy"):
        values = column.to_numpy()
    else:
        values = np.asarray(column)
    if values.dtype == object:
        values = np.array([None if _is_missing(value) else value for value in values.flat])
        if all(isinstance(value, date) for value in values if value is not None):
            values = values.astype("datetime64[us]")
    if values.dtype.kind == "M":
        return to_years(values), True
    try:
        return np.array(values, dtype=np.float64), False
    except (TypeError, ValueError):
        found = next((value for value in values.flat if not _is_number(value)), values)
        raise UserError(f"{name}: expected numbers, found {shown(str(found))}") from None


def _is_missing(value: object) -> bool:
    # None, and what differs from itself: nan, and pandas' NaT. Its NA cannot even say so.
    try:
        return value is None or bool(value != value)  # noqa: PLR0124
    except (TypeError, ValueError):
        return True


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return value is None
    return True


def check_dataset(data: object) -> None:
    """Raise TypeError for what is no Dataset."""
    if not isinstance(data, Dataset):
        raise TypeError(f"data is {data!r}; a Dataset is what read_csv() returns")


# Dates ----------------------------------------------------------------------------------------

YEAR_ZERO = 1970
DAYS_PER_YEAR = 365.2425
"""The mean over 400 years; a slope in such years is a slope per year."""

_DAY = np.timedelta64(1, "D") / np.timedelta64(1, "us")


def to_years(dates: npt.NDArray[np.datetime64]) -> Floats:
    """Return dates as years, 1970 + days/365.2425, nan for those that are missing.

    >>> to_years(np.array(["1970-01-01", "2370-01-01"], dtype="datetime64"))
    array([1970., 2370.])
    """
    microseconds = dates.astype("datetime64[us]")
    years = YEAR_ZERO + microseconds.astype(np.int64) / _DAY / DAYS_PER_YEAR
    return np.where(np.isnat(microseconds), np.nan, years)


def to_dates(years: npt.ArrayLike) -> npt.NDArray[np.datetime64]:
    """Return the dates that years from to_years() mean, to the second, as datetime64.

    >>> to_dates([1970.0, 2370.0])
    array(['1970-01-01T00:00:00', '2370-01-01T00:00:00'], dtype='datetime64[s]')
    """
    seconds = (np.asarray(years, dtype=np.float64) - YEAR_ZERO) * DAYS_PER_YEAR * 86_400
    return np.rint(seconds).astype(np.int64).astype("datetime64[s]")


# Standardizing --------------------------------------------------------------------------------


Value = TypeVar("Value", float, Floats)


@dataclass(frozen=True)
class Scale:
    """The way from a dataset's own units to standardized ones, and back:
    x = x_mean + x_std * u and y = y_mean + y_std * v, where u and v have mean 0 and deviation 1.

    A line's weight and bias may be numbers, or arrays of as many lines. A cost in own units is
    cost_factor times the same line's cost in standardized units.
    """

    x_mean: float
    x_std: float
    y_mean: float
    y_std: float

    @classmethod
    def of(cls, data: Dataset) -> Scale:
        """Return the scale of a dataset; y_std is 1 where y is constant.

        >>> Scale.of(Dataset(np.array([0.0, 2.0]), np.array([5.0, 5.0])))
        Scale(x_mean=1.0, x_std=1.0, y_mean=5.0, y_std=1.0)
        """
        return cls(*_mean_and_std(data.x), *_mean_and_std(data.y))

    @property
    def cost_factor(self) -> float:
        """How many times its standardized cost a line costs in own units: y_std squared."""
        return self.y_std**2

    def standardized(self, data: Dataset) -> Dataset:
        """Return a dataset in standardized units. Its names and notes stay."""
        x = (data.x - self.x_mean) / self.x_std
        y = (data.y - self.y_mean) / self.y_std
        return Dataset(x, y, data.x_name, data.y_name, data.notes)

    def line_in_units(self, weight: Value, bias: Value) -> tuple[Value, Value]:
        """Return weight and bias in own units of the line v = weight * u + bias.

        Put u = (x - x_mean) / x_std into y = y_mean + y_std * v and sort by x.

        >>> Scale(x_mean=10, x_std=2, y_mean=5, y_std=4).line_in_units(1.0, 0.0)
        (2.0, -15.0)
        """
        slope = weight * (self.y_std / self.x_std)
        return slope, self.y_mean + self.y_std * bias - slope * self.x_mean


def _mean_and_std(values: Floats) -> tuple[float, float]:
    if values.min() == values.max():
        return float(values[0]), 1.0
    mean = centred(values)[0]
    rest = values - mean
    largest = np.abs(rest).max()  # so that no square underflows
    return mean, float(largest * np.sqrt(np.mean((rest / largest) ** 2)))


def centred(values: Floats) -> tuple[float, Floats]:
    """Return the mean and the values minus the mean, shape (n,).

    The mean of numbers far from zero is rounded to their size, not to their spread; the
    second pass takes off what the first left.
    """
    first = float(values.mean())
    rest = values - first
    left = float(rest.mean())
    rest -= left
    return first + left, rest


# Synthetic points -----------------------------------------------------------------------------


def noisy_line(
    points: int = 50,
    *,
    slope: float = 1.0,
    intercept: float = -2.0,
    noise: float = 1.0,
    rng: np.random.Generator | int = 0,
) -> Dataset:
    """Return even x on [0, 10] and y = slope*x + intercept + normal noise of that deviation.

    `rng` is a Generator or a seed. Raises UserError for fewer than two points, a negative
    noise, what is not finite, or numbers so large that y gets beyond MAX_ABS.

    >>> noisy_line(3, noise=0).y
    array([-2.,  3.,  8.])
    """
    if points < 2:
        raise UserError(f"points is {points}; a line needs at least two")
    if not noise >= 0:
        raise UserError(f"noise is {noise}; a standard deviation is 0 or more")
    x = np.linspace(0.0, 10.0, points)
    parts = {"slope": slope, "intercept": intercept, "noise": noise}
    for name, value in parts.items():
        if not np.isfinite(value):
            raise UserError(f"{name} is {value}; a finite number is needed")
    with np.errstate(over="ignore", invalid="ignore"):
        y = slope * x + intercept + np.random.default_rng(rng).normal(0.0, noise, points)
        reach = {"slope": abs(slope * x[-1]), "intercept": abs(intercept), "noise": noise}
    if not np.abs(y).max() <= MAX_ABS:
        name = max(reach, key=lambda part: reach[part])
        raise UserError(f"{name}: {parts[name]:g} takes y beyond {MAX_ABS:g}; make it smaller")
    return Dataset(x, y)
