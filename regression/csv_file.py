"""Two columns of a CSV file as a Dataset, whichever program wrote the file.

The file is read once, so that a pipe will do. Its first rows tell the separator, the header and
how numbers are written in each column; after that, memory is that of the numbers.
"""

from __future__ import annotations

import io
import os
import re
import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from gzip import BadGzipFile, GzipFile
from itertools import chain, islice
from math import isfinite
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from regression.checks import UserError, shown
from regression.data import DAYS_PER_YEAR, YEAR_ZERO, Dataset, left_out, to_dates, to_years

STANDARD_INPUT = "-"

LONGEST = 1_000_000
"""Characters of a row, over all its lines: input without an end must not fill the memory."""

MOST_LINES = 10_000_000
"""Of a file. So many points take 160 MB."""

SAMPLE_ROWS, SAMPLE_LENGTH = 10_000, 1_000_000
"""Rows, and characters, that are looked at before the columns are chosen."""

SEPARATORS = (",", ";", "\t", "|", " ")

EXCEL = "an Excel workbook; save the sheet as CSV"
PARQUET = "a Parquet file; save the table as CSV"
FIRST_BYTES = {b"PK\3\4": EXCEL, b"\xd0\xcf\x11\xe0": EXCEL, b"PAR1": PARQUET}
SUFFIXES = {".xlsx": EXCEL, ".parquet": PARQUET}

WINDOWS_1252 = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(128, 256)
}
"""From what "surrogateescape" makes of a byte that is not UTF-8."""

TIDY = str.maketrans("\u2212\u2013\xa0\u202f\u2009\u2019", "--   '")
"""Minus and dash to "-", blanks that do not break a line to " ", apostrophes to "'"."""

MISSING = frozenset(["", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "-", "--", ".", "?"])
"""What stands where a number is missing, in lower case."""

COUNTERS = frozenset(["", "unnamed: 0", "rownames", "id", "index", "obs", "no", "nr", "row"])
"""Names of a first column that only numbers the rows, in lower case."""

Row = tuple[int, list[str]]
"""The number of the line a row ends on, as an editor counts, and the row's cells."""

Read = Callable[[str], "float | None"]
"""A way to read a cell: a finite number, or None."""


# Cells: numbers and dates ---------------------------------------------------------------------


def _number_form(decimal: str, group: str) -> re.Pattern[str]:
    groups = rf"[1-9]\d{{0,2}}([{group} '])\d{{3}}(?:\1\d{{3}})*"
    return re.compile(rf"[-+]?(?:{groups}|\d+|(?={decimal}\d))(?:{decimal}\d*)?(?:[eE][-+]?\d+)?")


NUMBER_FORMS = {".": _number_form(r"\.", ","), ",": _number_form(",", r"\.")}


def _number(cell: str, decimal: str) -> float | None:
    # A unit of money or a percent sign beside the number is left away.
    text = cell.translate(TIDY).strip(" \t$€£¥%")
    if NUMBER_FORMS[decimal].fullmatch(text) is None:
        return None
    for group in {",", ".", " ", "'"} - {decimal}:
        text = text.replace(group, "")
    value = float(text.replace(decimal, "."))
    return value if isfinite(value) else None


def read_point(cell: str) -> float | None:
    """Return the finite number in a cell that is written as 1,234.50 or 1 234.50, or None."""
    return _number(cell, ".")


def read_comma(cell: str) -> float | None:
    """Return the finite number in a cell that is written as 1.234,50 or 1 234,50, or None."""
    if "." not in cell and "_" not in cell:  # the fast way, for nearly all cells
        try:
            value = float(cell.replace(",", ".", 1))
        except ValueError:
            return _number(cell, ",")
        return value if isfinite(value) else None
    return _number(cell, ",")


MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAME = rf"(?P<name>{'|'.join(MONTHS)})[a-z]*\.?"
DATE_FORMS = [
    re.compile(form + r"(?:[T ]+(?P<time>\d{1,2}:.*))?", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?:([-/.])(?P<month>\d{1,2})(?:\2(?P<day>\d{1,2}))?)?",
        r"(?P<year>\d{4})[- ]?Q(?P<quarter>[1-4])",
        r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})",
        rf"(?:(?P<day>\d{{1,2}})[-/. ]+)?{_NAME}[-/, ]+(?P<year>\d{{4}}|\d\d)",
        rf"{_NAME}[-/ ]+(?P<day>\d{{1,2}})[-/, ]+(?P<year>\d{{4}})",
    )
]


DAY = timedelta(days=1)


def _date(cell: str, day_first: bool) -> float | None:
    text = cell.strip()
    match = next(filter(None, (form.fullmatch(text) for form in DATE_FORMS)), None)
    if match is not None:
        text = _iso({name: part for name, part in match.groupdict().items() if part}, day_first)
    try:
        time = datetime.fromisoformat(text)
        utc = time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    except (ValueError, OverflowError):
        return None
    return YEAR_ZERO + (utc - datetime(YEAR_ZERO, 1, 1)) / DAY / DAYS_PER_YEAR


def _iso(parts: dict[str, str], day_first: bool) -> str:
    year, month, day = parts["year"], parts.get("month", "1"), parts.get("day", "1")
    if len(year) == 2:
        year = ("19" if year > "68" else "20") + year  # as POSIX does
    if "name" in parts:
        month = str(MONTHS.index(parts["name"].lower()) + 1)
    elif "quarter" in parts:
        month = str(3 * int(parts["quarter"]) - 2)
    elif "first" in parts:
        month, day = parts["first"], parts["second"]
        if day_first or parts["mark"] == ".":
            month, day = day, month
    time = parts.get("time", "00")
    return f"{year}-{month:0>2}-{day:0>2}T{'0' if time[1:2] == ':' else ''}{time}"


def read_month_first(cell: str) -> float | None:
    """Return the date or time in a cell in years, as to_years() gives them, or None.

    Read are what datetime.fromisoformat() reads, 2020-3, 2020/3/14, 14.3.2020, 14-Mar-20,
    Mar 14 2020, 2020Q1 and 3/14/2020. A time without a zone is taken as UTC.
    """
    return _date(cell, day_first=False)


def read_day_first(cell: str) -> float | None:
    """Return the same, but of 14/3/2020."""
    return _date(cell, day_first=True)


DATES = (read_month_first, read_day_first)
WAYS: tuple[Read, ...] = (read_point, read_comma, *DATES)


def is_missing(cell: str) -> bool:
    """Return whether a cell says that there is no number."""
    return cell.translate(TIDY).strip().lower() in MISSING


def is_text(cell: str) -> bool:
    """Return whether a cell has something that is neither number nor date."""
    return not is_missing(cell) and all(read(cell) is None for read in WAYS)


# Lines and rows -------------------------------------------------------------------------------


class Lines(Iterator[str]):
    """The lines of a file without its comments, held to a length."""

    def __init__(self, file: TextIO, label: str) -> None:
        self._rest: Iterator[str] = iter(partial(file.readline, LONGEST + 1), "")
        self.label = label
        self.number = 0
        """Of the line that was given last, as an editor counts."""
        self.row: list[str] = []
        """The lines of the row that is not finished yet."""
        self.length = self._finished = 0
        """The characters of all lines so far, and of those in finished rows."""
        self.comment = ""
        """The last comment above the first row."""
        self.ended = self.not_utf8 = False

    def __next__(self) -> str:
        """Return the next line. Raises UserError for what is too long, or no text."""
        line = next(self._rest, "")
        while line.startswith("#") and not self.row:
            self.number += 1
            self.comment = self.comment if self.length else line
            line = next(self._rest, "")
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        self.length += len(line)
        self.row.append(line)
        if self.number > MOST_LINES:
            raise UserError(f"{self.label}: more than {MOST_LINES:,} lines; take a sample of them.")
        if "\0" in line:
            raise self.wrong("found NUL characters, so this is no text; save it as CSV in UTF-8")
        if self.length - self._finished > LONGEST:
            raise self.wrong(self._unclosed() or f"a row of more than {LONGEST:,} characters")
        if line.isascii():
            return line
        fixed = line.translate(WINDOWS_1252)
        self.not_utf8 |= fixed != line
        return fixed

    def peek(self) -> list[str]:
        """Return the next lines, which stay the next ones."""
        held, length = [], 0
        for line in islice(self._rest, 1000):
            held.append(line)
            length += len(line)
            if length > SAMPLE_LENGTH:
                break
        self._rest = chain(held, self._rest)
        return held

    def finish(self) -> None:
        """Begin another row."""
        self.row.clear()
        self._finished = self.length

    def wrong(self, what: str, number: int = 0) -> UserError:
        """Return an error that names file and line; without a number, the last line."""
        return UserError(f"{self.label}, line {number or self.number}: {what}.")

    def rows(self, separator: str) -> Iterator[Row]:
        """Return a generator of the rows that are not blank."""
        import csv  # noqa: PLC0415 - not every program that trains reads a file

        try:
            for cells in csv.reader(self, delimiter=separator, skipinitialspace=True):
                if self.ended:  # then no line has closed this row, but the end of the file
                    raise self.wrong(self._unclosed() or "the last row is not finished")
                self.finish()
                if cells and (cells[0].strip() or any(map(str.strip, cells))):
                    yield self.number, cells
        except csv.Error:  # the only one there is when nothing is strict
            long = f"a cell of more than {csv.field_size_limit():,} characters"
            raise self.wrong(self._unclosed() or long) from None

    def _unclosed(self) -> str | None:
        if "".join(self.row).count('"') % 2 == 0:
            return None
        return f"the quote that opens in line {self.number - len(self.row) + 1} is not closed"


def split(lines: list[str], separator: str) -> list[list[str]]:
    """Return the cells of the lines that are not blank; none where they are no CSV."""
    import csv  # noqa: PLC0415

    try:
        return [row for row in csv.reader(lines, delimiter=separator, skipinitialspace=True) if row]
    except csv.Error:
        return []


def find_separator(lines: Lines) -> str:
    """Return what separates the cells: what gives rows of one length, and numbers in them."""
    ahead = (line.translate(WINDOWS_1252) for line in lines.peek())
    sample = [line for line in ahead if line.strip() and not line.startswith("#")]
    told = re.fullmatch(r'"?sep=(.)"?\s*', sample[0]) if sample else None
    if told is not None:
        next(lines)
        lines.finish()
        return told[1]

    def fit(separator: str) -> float:
        rows = split(sample, separator)
        width, often = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
        if width < 2:
            return 0.0
        cells = [cell for row in rows[:100] for cell in row if len(row) == width]
        numbers = sum(not is_text(cell) for cell in cells)
        return often / len(rows) * (0.01 + numbers / max(len(cells), 1))

    return max(SEPARATORS, key=fit)


# The table: header and columns ----------------------------------------------------------------


@dataclass
class Column:
    """A column that is read: how its cells are written, its values, and what was left out."""

    position: int
    name: str
    read: Read
    values: array[float] = field(default_factory=lambda: array("d"))
    without_number: int = 0
    texts: int = 0
    first_text: tuple[int, str] = (0, "")
    is_date: bool = False

    def value(self, number: int, cells: list[str]) -> float | None:
        """Return the value in a row, or None and count that."""
        cell = cells[self.position] if self.position < len(cells) else ""
        value = self.read(cell)
        if value is None:
            self.without_number += 1
            if not is_missing(cell):
                self.first_text = self.first_text if self.texts else (number, cell)
                self.texts += 1
        return value


def listed(texts: list[str]) -> str:
    """Return up to ten of the texts, as a message quotes them."""
    return ", ".join(map(shown, texts[:10])) + (", ..." if len(texts) > 10 else "")


def number_rows(cells: list[str]) -> bool:
    """Return whether the cells are whole numbers, each another one."""
    values = [read_point(cell) or 0.0 for cell in cells if not is_missing(cell)]
    return len(set(values)) == len(values) > 0 and all(value.is_integer() for value in values)


class Table:
    """What the first rows say: the names of the columns, and where the numbers begin."""

    def __init__(self, sample: list[Row], lines: Lines, separator: str) -> None:
        self.lines, self.separator = lines, separator
        self.notes: list[str] = []
        if not sample:
            raise self.wrong("expected a header and rows of numbers, found none")
        most = width = Counter(len(cells) for _, cells in sample).most_common(1)[0][0]
        while width > 1 and not any("".join(cells[width - 1 :]).strip() for _, cells in sample):
            width -= 1  # every row ends with a separator
        self.width = width
        usual = [at for at, (_, cells) in enumerate(sample) if len(cells) == most]
        start = next((at for at, row in enumerate(sample) if self._begins(row[1], most)), usual[0])
        names, above, self.body = self._header(sample, start)
        self.names = [" ".join(name.split()) for name in names]
        if above:
            many = sample[above - 1][0]
            what = "The first line is" if many == 1 else f"The first {many} lines are"
            self.notes.append(f"{what} above the table and left out.")
        if not self.body:
            raise self.wrong(f"expected rows of numbers, found only a header ({listed(names)})")

    def wrong(self, what: str) -> UserError:
        """Return an error that names the file."""
        return UserError(f"{self.lines.label}: {what}.")

    def other_length(self, number: int, found: int, expected: int) -> UserError:
        """Return an error on a row with more cells than the header."""
        what = f"expected {expected} cell{'s' * (expected > 1)} as in the header, found {found}"
        commas = "put quotes around a cell with a comma, or separate the columns by semicolons"
        return self.lines.wrong(f"{what}; {commas}" if self.separator == "," else what, number)

    def _begins(self, cells: list[str], most: int) -> bool:
        """Return whether the table may begin with a row of which most rows have the length, and
        not a title, even one that a spreadsheet has filled up with separators.
        """
        filled = [at for at, cell in enumerate(cells, 1) if cell.strip()]
        if filled[-1] == self.width:
            return True
        full = len(filled) > self.width / 2 or not any(map(is_text, cells))
        return full and len(cells) in (most, self.width)

    def _header(self, sample: list[Row], start: int) -> tuple[list[str], int, list[Row]]:
        """Return the names of the columns, how many rows stand above them, and those below."""
        body, below = sample[start:], sample[start + 1 :]
        first = body[0][1][: self.width]
        if is_header(first, [cells for _, cells in below[:200]]):
            return first, start, below
        before = sample[start - 1][1] if start else []
        if before and all(map(is_text, before)):
            labels = [cells[0] for _, cells in body]
            labelled = all(map(is_text, labels)) or number_rows(labels)
            if len(before) == self.width - 1 and labelled:
                return ["", *before], start - 1, body  # as R does, whose row names have no name
            if len(before) > 1:
                raise self.other_length(body[0][0], len(body[0][1]), len(before))
        comment = split([self.lines.comment.lstrip("#").strip(" \r\n")], self.separator)
        if comment and len(comment[0]) == self.width and any(map(is_text, comment[0])):
            return comment[0], start, body
        self.notes.append("The first row has numbers, so the columns are named by their places.")
        return [f"column {number}" for number in range(1, self.width + 1)], start, body

    def cells(self, position: int) -> list[str]:
        """Return the cells of a column in the first rows."""
        return [cells[position] if position < len(cells) else "" for _, cells in self.body]

    def choose(self, x: str | int | None, y: str | int | None) -> tuple[Column, Column]:
        """Return the columns of x and y: those asked for, else the first ones with numbers."""
        told = [self._find(which) for which in (x, y) if which is not None]
        found = self._numeric(told, 2 - len(told))
        if len(told) == 0 and self._way(found[1]) in DATES:
            found.reverse()  # time runs to the right
        x_at = found.pop(0) if x is None else told.pop(0)
        y_at = found.pop(0) if y is None else told.pop(0)
        if x_at == y_at:
            raise self.wrong(f"expected two columns, found {shown(self.names[x_at])} for x and y")
        return self._column(x_at), self._column(y_at)

    def _column(self, at: int) -> Column:
        return Column(at, self.names[at], self._way(at, note=True))

    def _find(self, which: str | int) -> int:
        """Return the position of a column that is given by name or by number."""
        name = " ".join(str(which).split())
        for same in (str.__eq__, lambda one, other: one.lower() == other.lower()):
            found = [at for at, known in enumerate(self.names) if same(known, name)]
            if len(found) == 1:
                return found[0]
            if found:
                places = " and ".join(str(at + 1) for at in found)
                raise self.wrong(f"columns {places} are named {shown(name)}; give a number instead")
        if name.isdecimal() and 1 <= int(name) <= self.width:
            return int(name) - 1
        known = listed(self.names)
        raise self.wrong(f"expected the name or number of a column ({known}), found {shown(name)}")

    def _numeric(self, taken: list[int], needed: int) -> list[int]:
        """Return the first columns of numbers that are not taken, as many as needed. Of those
        that are mostly empty the fullest come first, after all others.
        """
        full: list[int] = []
        sparse: dict[int, int] = {}
        others: list[str] = []
        for at in range(self.width):
            if at in taken or len(full) == needed:
                continue
            cells, read = self.cells(at), self._way(at)
            values = [value for cell in cells if (value := read(cell)) is not None]
            texts = [cell for cell in cells if read(cell) is None and not is_missing(cell)]
            counter = at == 0 and self.names[0].lower().rstrip(".") in COUNTERS
            why_not = ""
            if not values or len(texts) > len(cells) / 2:
                why_not = f"text, such as {shown(texts[0])}" if texts else "empty"
            elif len(values) > 1 and len(set(values)) == 1:
                why_not = "the same in every row"
            elif counter and number_rows(cells):
                why_not = "only numbers the rows; to take it, give its name or its number, 1"
            if why_not:
                others.append(f"{shown(self.names[at])} ({why_not})")
            elif len(values) >= len(cells) / 2:
                full.append(at)
            else:
                sparse[at] = len(values)
        full += sorted(sparse, key=lambda at: -sparse[at])
        chosen = sorted(full[:needed])
        if len(chosen) < needed:
            names = listed([self.names[at] for at in (*taken, *chosen)]) or "none"
            rest = f"; the others are {', '.join(others[:10])}" if others else ""
            raise self.wrong(f"expected two columns of numbers, found {names}{rest}")
        return chosen

    def _way(self, position: int, *, note: bool = False) -> Read:
        """Return the way that reads most cells of a column. Cells such as 1.234 and 1/2/2020 can
        be read in two ways; where no other cell of the column decides, the other columns do.
        """
        cells = self.cells(position)
        counts = {read: sum(read(cell) is not None for cell in cells) for read in WAYS}
        best = max(WAYS, key=lambda read: counts[read])
        twin = read_comma if best is read_point else read_day_first
        both = ((cell, best(cell), twin(cell)) for cell in cells)
        cell, value, other = next((b for b in both if None not in b and b[1] != b[2]), ("", 0, 0))
        if counts[best] > counts[twin] or not cell:
            return best
        if best is read_point:
            votes = self._comma_votes()
            if votes > 0 or (votes == 0 and self.separator == ";" and "," in cell):
                best, value = read_comma, other
            elif "," not in cell:
                return best  # 1.234 where nothing has a decimal comma
        if note:
            words = str(to_dates(value or 0)) if best in DATES else f"{value:.15g}"
            what = f"{shown(cell)} in column {shown(self.names[position])}"
            self.notes.append(f"{what} can be read in two ways; it was read as {words}.")
        return best

    def _comma_votes(self) -> int:
        """Return how many cells of the table can only have a decimal comma, less those that can
        only have a decimal point.
        """
        marked = [cell for _, cells in self.body for cell in cells if "," in cell or "." in cell]
        return sum((read_point(cell) is None) - (read_comma(cell) is None) for cell in marked)


def is_header(first: list[str], below: list[list[str]]) -> bool:
    """Return whether the first row has names, and not numbers as the rows below."""
    over_numbers = []
    for at, name in enumerate(first):
        cells = [row[at] for row in below if at < len(row) and not is_missing(row[at])]
        if cells and sum(map(is_text, cells)) <= len(cells) / 2:
            over_numbers.append(name)
            if at == 0 and not name.strip() and number_rows(cells):
                return True  # as pandas writes the rows' numbers
    text = any(map(is_text, first))
    years = all(re.fullmatch(r"[12]\d{3}(\D.*)?", name) for name in over_numbers)
    return any(map(is_text, over_numbers)) or (text and years)


# The whole ------------------------------------------------------------------------------------


def read_csv(
    path: str | os.PathLike[str], x: str | int | None = None, y: str | int | None = None
) -> Dataset:
    r"""Return two columns of a CSV file as a Dataset, with notes on what was taken and left out.

    path: a file, packed by gzip or not, or "-" for standard input.
    x, y: a column's name, or its number from 1; where none is given, the first column of numbers
        that is not constant, and does not only number the rows. Of two, a date becomes x.

    Rows without a number in one of the two columns are left out. Dates become years, as
    to_years() gives them. Raises UserError, in one line, for what has no sensible meaning, and
    OSError for a file that cannot be opened or read.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "rents.csv")
    ...     _ = path.write_text("street;area;rent\nOak;30,5;410\nElm;50;620\n")
    ...     data = read_csv(path)
    >>> data.x_name, data.x
    ('area', array([30.5, 50. ]))
    """
    name = os.fspath(path)
    label = "standard input" if name == STANDARD_INPUT else name
    label = label if label.isprintable() else repr(label)
    try:
        if name != STANDARD_INPUT:
            with open(name, "rb") as file:
                return _read_bytes(file, label, x, y)
        if sys.stdin is None:
            raise UserError(f"{label}: expected rows of numbers, but it is closed.")
        return _read_bytes(sys.stdin.buffer, label, x, y)
    except (EOFError, BadGzipFile, zlib.error):
        raise UserError(f"{label}: the packed file is damaged or cut short.") from None
    except OSError as error:
        # One that comes up while reading knows no name.
        error.filename = error.filename or label
        raise


def _read_bytes(file: Any, label: str, x: str | int | None, y: str | int | None) -> Dataset:
    # One more buffer, whose peek() waits for enough bytes where a pipe gives them singly.
    outer = binary = io.BufferedReader(file)
    try:
        if binary.peek(2)[:2] == b"\x1f\x8b":
            binary = io.BufferedReader(GzipFile(fileobj=outer))
        head = binary.peek(4)[:4]
        found = FIRST_BYTES.get(head) or SUFFIXES.get(Path(label).suffix.lower())
        if found is not None:
            raise UserError(f"{label}: expected the text of a CSV file, found {found}.")
        wide = head[:2] in {b"\xff\xfe", b"\xfe\xff"}
        encoding, errors = ("utf-16", "replace") if wide else ("utf-8-sig", "surrogateescape")
        text = io.TextIOWrapper(binary, encoding=encoding, errors=errors, newline="")
        try:
            return _read(Lines(text, label), x, y)
        finally:
            text.detach()
    finally:
        outer.detach()  # or it would close standard input with itself


def _read(lines: Lines, x: str | int | None, y: str | int | None) -> Dataset:
    separator = find_separator(lines)
    rows = lines.rows(separator)
    sample: list[Row] = []
    for row in rows:
        sample.append(row)
        if len(sample) >= SAMPLE_ROWS or lines.length > SAMPLE_LENGTH:
            break
    table = Table(sample, lines, separator)
    columns = table.choose(x, y)
    where = "x is column {}, y is column {}".format(*(shown(column.name) for column in columns))
    without = _fill(*columns, table, rows)
    notes = [f"{where}."] if x is None or y is None else []
    notes += table.notes
    if lines.not_utf8:
        notes.append("The file is not UTF-8; it was read as Windows-1252.")
    if without:
        notes.append(without)
    for column in columns:
        notes += _find_days(column)
    a, b = columns
    x_values, y_values = np.frombuffer(a.values), np.frombuffer(b.values)
    try:
        return Dataset(x_values, y_values, a.name, b.name, tuple(notes), a.is_date, b.is_date)
    except UserError as error:
        what = f"{lines.label}: {error} ({where}). {without}"
        raise UserError(what.rstrip()) from None


def _fill(x: Column, y: Column, table: Table, rows: Iterator[Row]) -> str:
    """Read all rows into the columns; return the sentence on those left out, if there are any."""
    # What float() reads is nearly always right, and much faster to have.
    fast_x, fast_y = (float if c.read is read_point else c.read for c in (x, y))
    x_at, y_at, width, rows_left_out = x.position, y.position, table.width, 0
    for number, cells in chain(table.body, rows):
        try:
            x_value, y_value = fast_x(cells[x_at]), fast_y(cells[y_at])
            if (
                isfinite(x_value)  # type: ignore[arg-type] # None raises TypeError
                and isfinite(y_value)  # type: ignore[arg-type]
                and len(cells) == width
                and "_" not in cells[x_at]  # 1_000 is a number for Python only
                and "_" not in cells[y_at]
            ):
                x.values.append(x_value)  # type: ignore[arg-type]
                y.values.append(y_value)  # type: ignore[arg-type]
                continue
        except (ValueError, TypeError, IndexError):
            pass
        if "".join(cells[width:]).strip():
            raise table.other_length(number, len(cells), width)
        x_value, y_value = x.value(number, cells), y.value(number, cells)
        if x_value is None or y_value is None:
            rows_left_out += 1
        else:
            x.values.append(x_value)
            y.values.append(y_value)
    count = len(x.values) + rows_left_out
    missing = [column for column in (x, y) if column.without_number]
    examples = []
    for column in missing:
        line, cell = column.first_text
        if column.texts > count / 2:
            kind = "a date" if column.read in DATES else "a number"
            found = f"{shown(cell)} (text in {column.texts:,} of {count:,} rows)"
            what = f"column {shown(column.name)}: expected {kind}, found {found}"
            raise UserError(f"{table.lines.label}, line {line}, {what}.")
        if column.texts:
            examples.append(f"line {line} has {shown(cell)}")
    example = f" ({'; '.join(examples)})" if examples else ""
    names = [column.name for column in missing]
    return left_out(rows_left_out, count, names, example) if rows_left_out else ""


def _find_days(column: Column) -> list[str]:
    """Set whether the column has dates: read as such, years by name, or days such as 19580329,
    which become years. Return a sentence on those.
    """
    values = np.frombuffer(column.values)
    whole = bool(np.all((values == np.floor(values)) & (values >= 1000)))
    named = re.search(r"year|jahr|\bann[ée]e?\b|\baño\b|\byr\b", column.name, re.IGNORECASE)
    years = whole and named is not None and bool(np.all(values < 3000))
    column.is_date = column.read in DATES or years
    if len(values) < 3 or not whole or not np.all((values >= 1e7) & (values < 3e7)):
        return []
    numbers = values.astype(np.int64)
    months = (numbers // 10_000 - 1970) * 12 + numbers // 100 % 100 - 1
    first_days = months.astype("datetime64[M]").astype("datetime64[D]")
    days = first_days + (numbers % 100 - 1).astype("timedelta64[D]")
    text = np.char.replace(days.astype(str), "-", "")
    if not np.array_equal(text, numbers.astype(str)):
        return []
    column.values, column.is_date = array("d", to_years(days)), True
    return [f"Column {shown(column.name)} has days, such as {numbers[0]}; they were read as dates."]
