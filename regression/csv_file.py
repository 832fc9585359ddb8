"""Real data: two columns of a CSV file with a header, read row by row into a Dataset."""

from __future__ import annotations

import csv
import io
import os
import sys
from array import array
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from typing import TextIO

import numpy as np

from regression.csv_columns import choose_columns, number, numeric_columns
from regression.csv_lines import Lines, decoding_problem
from regression.csv_words import (
    csv_problem,
    not_a_number,
    nul,
    other_length,
    other_separator,
    quoted_separator,
)
from regression.csv_words import shown as quoted
from regression.data import Dataset

Row = tuple[int, list[str]]
"""The number of the line a row ends on, as an editor counts, and the row's cells."""

STANDARD_INPUT = "-"


def read_csv(
    path: str | os.PathLike[str], x_name: str | None = None, y_name: str | None = None
) -> Dataset:
    r"""Return the named columns; a name not given is the first numeric column left. The path
    "-" is standard input.

    A column counts as numeric by its first cell. The file is read once, so that a pipe will
    do, and memory is that of the numbers, not of the text. Raises ValueError naming file, line
    and column of what is wrong, in one line; OSError when the file cannot be opened or read.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "rents.csv")
    ...     _ = path.write_text("street,area,rent\nOak,30,410\nElm,50,620\n")
    ...     data = read_csv(path)
    >>> data.x_name, data.x
    ('area', array([30., 50.]))
    """
    name = os.fspath(path)
    source = None if name == STANDARD_INPUT else name
    label = "standard input" if source is None else name if name.isprintable() else repr(name)
    try:
        with _opened(source) as file:
            return _read(Lines(file), source, x_name, y_name)
    except ValueError as error:
        raise ValueError(f"{label}: {error}") from None
    except OSError as error:
        # One that comes up while reading knows no name.
        error.filename = error.filename or label
        raise


@contextmanager
def _opened(source: str | None) -> Iterator[TextIO]:
    if source is not None:
        with open(source, encoding="utf-8-sig", newline="") as file:
            yield file
        return
    if sys.stdin is None:
        raise ValueError("closed; rows of numbers are expected")
    standard = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
    try:
        yield standard
    finally:
        standard.detach()  # or it would close standard input with itself


def _read(lines: Lines, source: str | None, x_name: str | None, y_name: str | None) -> Dataset:
    try:
        return _read_rows(_rows(lines), source, x_name, y_name)
    except UnicodeDecodeError as error:
        raise ValueError(decoding_problem(error, lines)) from None
    except csv.Error as error:
        problem = csv_problem(error, lines)
        raise ValueError(quoted_separator(_sample(lines), source) or problem) from None


def _sample(lines: Lines) -> list[str]:
    """Return the lines of the header, the unfinished row and, if it can be read, one more."""
    sample = [*lines.header, *lines.row]
    with suppress(ValueError):
        sample += islice(lines, 1)
    return sample


def _rows(lines: Lines) -> Iterator[Row]:
    """Return a generator of the rows that are not blank."""
    for cells in csv.reader(lines, strict=True):
        lines.finish()
        if len(cells) > 1 or (cells and cells[0].strip()):
            yield lines.done, cells


def _read_rows(
    rows: Iterator[Row], source: str | None, x_name: str | None, y_name: str | None
) -> Dataset:
    header, first = next(rows, None), next(rows, None)
    if header is None:
        raise ValueError("empty; a header line and rows of numbers are expected")
    _refuse_nul(header)
    if first is None:
        raise ValueError("only a header line; rows of numbers are expected below it")
    _refuse_nul(first)
    fits = len(header[1]) == len(first[1]) > 1 and len(numeric_columns(first[1])) > 1
    if not fits:
        hint = other_separator(header[1], first[1], source)
        if hint is not None:
            raise ValueError(hint)
    names = [name.strip() for name in header[1]]
    if len(first[1]) != len(names):
        raise ValueError(other_length(*first, names))
    columns = choose_columns(names, first[1], x_name, y_name)
    chosen = [names[column] for column in columns]
    if x_name is None and y_name is None and None not in map(number, chosen):
        raise ValueError(
            f"line {header[0]} has numbers where the names of the columns are expected; "
            "put a header line above"
        )
    x, y = _numbers(chain([first], rows), names, *columns)
    try:
        return Dataset(np.frombuffer(x), np.frombuffer(y), *chosen)
    except ValueError as error:
        where = "x is column {}, y is column {}".format(*map(quoted, chosen))
        raise ValueError(f"{error} ({where})") from None


def _refuse_nul(row: Row) -> None:
    # Python 3.10 refuses it in any row, later ones nowhere.
    if any("\0" in cell for cell in row[1]):
        raise ValueError(nul(row[0]))


def _numbers(
    rows: Iterator[Row], names: list[str], x_column: int, y_column: int
) -> tuple[array[float], array[float]]:
    x, y, width = array("d"), array("d"), len(names)
    for line, cells in rows:
        if len(cells) != width:
            raise ValueError(other_length(line, cells, names))
        for column, kept in ((x_column, x), (y_column, y)):
            value = number(cells[column])
            if value is None:
                place = f"line {line}, column {quoted(names[column])}"
                raise ValueError(f"{place}: {not_a_number(cells[column])}")
            kept.append(value)
    return x, y
