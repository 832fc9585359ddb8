"""Real data: two columns of a CSV file with a header, read row by row into a Dataset."""

from __future__ import annotations

import csv
import math
from array import array
from collections.abc import Iterator
from itertools import chain
from os import PathLike

import numpy as np

from regression.data import Dataset

Row = tuple[int, list[str]]
"""The number of the line a row ends on, as an editor counts, and the row's cells."""


def read_csv(
    path: str | PathLike[str], x_name: str | None = None, y_name: str | None = None
) -> Dataset:
    """Return the named columns; a name not given is the first numeric column left.

    A column counts as numeric by its first cell. Memory is that of the numbers, not of the
    text. Raises ValueError naming file, line and column of what is wrong, OSError when the
    file cannot be opened.
    """
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            return _read_rows(((reader.line_num, row) for row in reader if row), x_name, y_name)
        except UnicodeDecodeError as error:
            raise ValueError(f"{path}: not UTF-8 text ({error.reason})") from None
        except csv.Error as error:
            raise ValueError(f"{path}: line {reader.line_num}: {error}") from None
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None


def _read_rows(rows: Iterator[Row], x_name: str | None, y_name: str | None) -> Dataset:
    header, first = next(rows, None), next(rows, None)
    if header is None:
        raise ValueError("empty; a header line and rows of numbers are expected")
    if first is None:
        raise ValueError("only a header line; rows of numbers are expected below it")
    names = [name.strip() for name in header[1]]
    columns = _choose_columns(names, first[1], x_name, y_name)
    values = array("d"), array("d")
    for line, cells in chain([first], rows):
        if len(cells) != len(names):
            raise ValueError(f"line {line}: {len(cells)} cells, the header has {len(names)}")
        for column, kept in zip(columns, values):
            number = _number(cells[column])
            if number is None:
                raise ValueError(
                    f"line {line}, column {names[column]!r}: {_shown(cells[column])} "
                    "is not a finite number"
                )
            kept.append(number)
    x, y = (np.frombuffer(kept) for kept in values)
    return Dataset(x, y, *(names[column] for column in columns))


def _choose_columns(
    names: list[str], first: list[str], x_name: str | None, y_name: str | None
) -> list[int]:
    """Return the positions of x and y, of which a column is used for one only."""
    for name in (x_name, y_name):
        if name is not None and names.count(name) != 1:
            found = "no" if name not in names else "more than one"
            raise ValueError(f"{found} column is named {name!r}; there are: {_listed(names)}")
    # An empty first cell is taken for a missing number: an error later, never another column.
    numeric = [
        column
        for column, cell in enumerate(first[: len(names)])
        if names[column] not in (x_name, y_name) and (not cell.strip() or _number(cell) is not None)
    ]
    chosen = []
    for name in (x_name, y_name):
        if name is not None:
            chosen.append(names.index(name))
        elif numeric:
            chosen.append(numeric.pop(0))
        else:
            raise ValueError(f"two numeric columns are needed; the columns are: {_listed(names)}")
    return chosen


def _number(cell: str) -> float | None:
    """Return the cell as a finite float, or None; Python's digit groups (1_000) are text."""
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in cell else None


def _shown(cell: str) -> str:
    if not cell.strip():
        return "an empty cell"
    return repr(cell if len(cell) < 40 else cell[:37] + "...")


def _listed(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names[:10]) + (", ..." if len(names) > 10 else "")
