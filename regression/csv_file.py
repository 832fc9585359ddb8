"""Two columns of a CSV file as a Dataset, whichever program wrote the file.

The file is read once, so that a pipe will do. Its first rows tell the separator, the header and
how numbers are written in each column; after that, memory is that of the numbers.
"""

from __future__ import annotations

import io
import math
import os
import re
import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from regression.checks import UserError, shown
from regression.data import DAYS_PER_YEAR, YEAR_ZERO, Dataset, Floats, left_out, to_dates, to_years

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
    return value if math.isfinite(value) else None


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
        return value if math.isfinite(value) else None
    return _number(cell, ",")


MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAME = rf"(?P<name>{'|'.join(MONTHS)})[a-z]*\.?"
DATE_FORMS = [
    re.compile(form + r"(?:[T ]+(?P<time>\d.*))?", re.IGNORECASE)
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
        utc = time.astimezone(timezone.utc).replace(tzinfo=None) if time.tzinfo else time
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
        self.length = 0
        """The characters of all lines so far."""
        self.comment = ""
        """The comment that was seen last."""
        self.ended = self.not_utf8 = False
        self._row_begins_at = 0

    def __next__(self) -> str:
        """Return the next line. Raises UserError for what is too long, or no text."""
        line = next(self._rest, "")
        while line.startswith("#") and not self.row:
            self.number += 1
            self.comment = line
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
            raise self.wrong("NUL characters, so this is no text; save it as CSV in UTF-8")
        if self.length - self._row_begins_at > LONGEST:
            raise self.wrong(self._unclosed() or f"more than {LONGEST:,} characters in one row")
        if not line.isascii():
            fixed = line.translate(WINDOWS_1252)
            self.not_utf8 |= fixed != line
            return fixed
        return line

    def peek(self) -> list[str]:
        """Return the next lines, at most as many as the sample, and keep them."""
        held, length = [], 0
        for line in islice(self._rest, 1000):
            held.append(line)
            length += len(line)
            if length > SAMPLE_LENGTH:
                break
        self._rest = chain(held, self._rest)
        return held

    def wrong(self, what: str, number: int | None = None) -> UserError:
        """Return an error that names file and line."""
        return UserError(f"{self.label}, line {number or self.number}: {what}.")

    def _unclosed(self) -> str | None:
        if "".join(self.row).count('"') % 2 == 0:
            return None
        begins = self.number - len(self.row) + 1
        return f"the quote that opens in line {begins} is not closed"

    def rows(self, separator: str) -> Iterator[Row]:
        """Return a generator of the rows that are not blank."""
        import csv  # noqa: PLC0415 - not every program that trains reads a file

        reader = csv.reader(self, delimiter=separator, skipinitialspace=True)
        try:
            for cells in reader:
                if self.ended:  # the end of the file has closed the row, and not a line
                    raise self.wrong(self._unclosed() or "the last row is not finished")
                self.row.clear()
                self._row_begins_at = self.length
                if cells and (cells[0] or any(map(str.strip, cells))):
                    yield self.number, cells
        except csv.Error as error:
            long = f"a cell has more than {csv.field_size_limit():,} characters"
            what = self._unclosed() or (long if "limit" in str(error) else str(error))
            raise self.wrong(what) from None


# The table: separator, header, columns --------------------------------------------------------


def _separator(lines: Lines) -> str:
    """Return what separates the cells: what gives rows of one length, and numbers in them."""
    import csv  # noqa: PLC0415

    sample = [line for line in lines.peek() if line.strip() and not line.startswith("#")]
    told = re.fullmatch(r'"?sep=(.)"?\s*', sample[0]) if sample else None
    if told is not None:
        next(lines)
        lines.row.clear()
        return told[1]

    def fit(separator: str) -> float:
        reader = csv.reader(sample, delimiter=separator, skipinitialspace=True)
        try:
            rows = [cells for cells in reader if cells]
        except csv.Error:
            return 0.0
        width, often = Counter(map(len, rows)).most_common(1)[0]
        cells = [cell for row in rows[:100] for cell in row if len(row) == width]
        numbers = sum(not is_text(cell) for cell in cells)
        return 0.0 if width < 2 else (often / len(rows)) * (0.01 + numbers / len(cells))

    return max(SEPARATORS, key=fit) if sample else ","


class Column:
    """A column that is read: how its cells are written, its values, and what was left out."""

    def __init__(self, position: int, name: str, read: Read) -> None:
        self.position, self.name, self.read = position, name, read
        self.values = array("d")
        self.without_number = self.texts = 0
        self.first_text = (0, "")
        self.is_date = False

    def value(self, number: int, cells: list[str]) -> float | None:
        """Return the value in a row, or None and count that."""
        cell = cells[self.position] if self.position < len(cells) else ""
        value = self.read(cell)
        if value is None:
            self.without_number += 1
            if not is_missing(cell):
                self.texts += 1
                self.first_text = (number, cell) if self.texts == 1 else self.first_text
        return value


def _listed(names: list[str]) -> str:
    return ", ".join(map(shown, names[:10])) + (", ..." if len(names) > 10 else "")


def _whole_and_distinct(values: list[float]) -> bool:
    return len(set(values)) == len(values) and all(value.is_integer() for value in values)


class Table:
    """What the first rows say: the names of the columns, and where the numbers begin."""

    def __init__(self, sample: list[Row], lines: Lines, separator: str) -> None:
        if not sample:
            raise UserError(f"{lines.label}: expected a header and rows of numbers, found nothing.")
        self.lines, self.separator = lines, separator
        self.notes: list[str] = []
        self.width = Counter(len(cells) for _, cells in sample).most_common(1)[0][0]
        while self.width > 1 and not any("".join(c[self.width - 1 :]).strip() for _, c in sample):
            self.width -= 1  # a separator ends every row
        starts = (at for at, (_, cells) in enumerate(sample) if len(cells) >= self.width)
        start = next(starts)
        self.names, above, self.body = self._header(sample, start)
        self.names = [" ".join(name.split()) for name in self.names]
        if above:
            many = sample[above - 1][0]
            what = "The first line is" if many == 1 else f"The first {many} lines are"
            self.notes.append(f"{what} above the table and left out.")
        if not self.body:
            found = f"found the header {_listed(self.names)} only"
            raise UserError(f"{lines.label}: expected rows of numbers, {found}.")

    def _header(self, sample: list[Row], start: int) -> tuple[list[str], int, list[Row]]:
        """Return the names, how many rows stand above them, and the rows below."""
        first, below = sample[start][1][: self.width], sample[start + 1 :]
        if _is_header(first, [cells for _, cells in below[:200]]):
            return first, start, below
        body = sample[start:]
        if start:
            before = sample[start - 1][1]
            names = [cell for cell in before if is_text(cell)]
            labels = [cells[0] for _, cells in body]
            ids = [read_point(cell) for cell in labels]
            if len(names) == len(before) == self.width - 1 and (
                all(map(is_text, labels)) or (None not in ids and _whole_and_distinct(ids))  # type: ignore[arg-type]
            ):
                return ["", *names], start - 1, body  # R leaves out the name of the row names
            if len(names) == len(before) > 1:
                raise self.other_length(body[0][0], len(body[0][1]), len(before))
        names = (
            self.lines.comment.lstrip("# \t").rstrip("\r\n").split(self.separator.strip() or None)
        )
        if self.lines.comment.lstrip("#")[:1] == self.separator:
            names.insert(0, "")  # "#,Name,..." names the first column "#"
        if len(names) == self.width and any(map(is_text, names)):
            return names, start, body
        names = [f"column {number}" for number in range(1, self.width + 1)]
        self.notes.append("The first row has numbers, so the columns are named by their places.")
        return names, start, body

    def other_length(self, number: int, found: int, expected: int) -> UserError:
        hint = ""
        if self.separator == ",":
            hint = "; put quotes around cells with a comma, or separate the columns by semicolons"
        cells = f"{expected} cell{'s' * (expected != 1)} as in the header"
        return self.lines.wrong(f"expected {cells}, found {found}{hint}", number)

    def cells(self, position: int) -> list[str]:
        """Return the cells of a column in the first rows."""
        return [cells[position] if position < len(cells) else "" for _, cells in self.body]

    def choose(self, x: str | int | None, y: str | int | None) -> list[Column]:
        """Return the columns of x and y: those asked for, else the first ones with numbers."""
        taken = {which: self._position(which) for which in (x, y) if which is not None}
        if x is not None and y is not None and taken[x] == taken[y]:
            name = shown(self.names[taken[x]])
            raise UserError(f"{self.lines.label}: x and y are both column {name}; expected two.")
        left = iter([] if len(taken) == 2 else self._numeric(set(taken.values()), 2 - len(taken)))
        positions = [next(left) if which is None else taken[which] for which in (x, y)]
        return [Column(at, self.names[at], self._way(at, say=True)) for at in positions]

    def _position(self, which: str | int) -> int:
        name = " ".join(str(which).split())
        same = [at for at, known in enumerate(self.names) if known == name] or [
            at for at, known in enumerate(self.names) if known.lower() == name.lower()
        ]
        if len(same) > 1:
            places = " and ".join(str(at + 1) for at in same)
            what = f"columns {places} are named {shown(name)}; give the number of one"
            raise UserError(f"{self.lines.label}: {what}.")
        if same:
            return same[0]
        if name.isdecimal() and 1 <= int(name) <= self.width:
            return int(name) - 1
        what = f"expected a column's name or number, found {shown(name)}"
        raise UserError(f"{self.lines.label}: {what}; the columns are {_listed(self.names)}.")

    def _numeric(self, taken: set[int], needed: int) -> list[int]:
        """Return the first columns of numbers that are not taken, as many as needed. Columns that
        are mostly empty come last.
        """
        full: list[int] = []
        sparse: list[int] = []
        why_not: list[str] = []
        for at in range(self.width):
            if at in taken:
                continue
            cells, read = self.cells(at), self._way(at)
            values = [value for cell in cells if (value := read(cell)) is not None]
            texts = [cell for cell in cells if read(cell) is None and not is_missing(cell)]
            name = shown(self.names[at])
            if not values or len(texts) > len(cells) / 2:
                found = f"text, as {shown(texts[0])}" if texts else "no number"
                why_not.append(f"{name} has {found}")
            elif len(values) > 1 and len(set(values)) == 1:
                why_not.append(f"{name} is the same in every row")
            elif at == 0 and self._counts(values):
                why_not.append(f"{name} (column 1) only numbers the rows")
            else:
                (full if len(values) >= len(cells) / 2 else sparse).append(at)
            if len(full) == needed:
                return full
        if len(full + sparse) < needed:
            have = len(full + sparse) + len(taken)
            found = f"found {have or 'none'}: {'; '.join(why_not[:10]) or 'there is no other'}"
            raise UserError(
                f"{self.lines.label}: expected two columns of numbers, {found}. "
                "To take such a column nevertheless, name it, or give its number."
            )
        return full + sparse

    def _counts(self, values: list[float]) -> bool:
        return self.names[0].lower().rstrip(".") in COUNTERS and _whole_and_distinct(values)

    def _way(self, position: int, *, say: bool = False) -> Read:
        """Return the way that reads most cells of a column. Cells such as 1.234 and 1/2/2020 can
        be read in two ways; where no other cell of the column decides, the other columns do.
        """
        cells = self.cells(position)
        counts = {read: sum(read(cell) is not None for cell in cells) for read in WAYS}
        best = max(WAYS, key=lambda read: counts[read])
        twin = read_comma if best is read_point else read_day_first
        doubtful = next((cell for cell in cells if best(cell) != twin(cell)), None)
        if counts[best] > counts[twin] or doubtful is None:
            return best
        if best is read_point:
            decided = self._comma_votes()
            if decided > 0 or (decided == 0 and self.separator == ";" and "," in doubtful):
                best = read_comma
            elif "," not in doubtful:
                return best  # 1.234 where nothing has a decimal comma
        if say:
            value = best(doubtful) or 0.0
            words = str(to_dates(value)) if best in DATES else f"{value:.15g}"
            name = shown(self.names[position])
            self.notes.append(
                f"{shown(doubtful)} in column {name} can be read in two ways; "
                f"it was read as {words}."
            )
        return best

    def _comma_votes(self) -> int:
        """Return how many cells of all columns can only have a decimal comma, less those that
        can only have a decimal point.
        """
        votes = 0
        for _, cells in self.body:
            for cell in cells:
                if "," in cell or "." in cell:
                    votes += (read_point(cell) is None) - (read_comma(cell) is None)
        return votes


def _is_header(first: list[str], below: list[list[str]]) -> bool:
    """Return whether the first row has names, and not numbers as the rows below."""
    if not below:
        return any(map(is_text, first))
    over_numbers = []
    for at, name in enumerate(first):
        cells = [row[at] for row in below if at < len(row) and not is_missing(row[at])]
        if cells and sum(map(is_text, cells)) <= len(cells) / 2:
            over_numbers.append(name)
            values = [read_point(cell) for cell in cells]
            if at == 0 and not name.strip() and None not in values:
                return _whole_and_distinct(values)  # type: ignore[arg-type]
    wide = all(re.fullmatch(r"[12]\d{3}(\D.*)?", name) for name in over_numbers)
    return (
        not over_numbers or any(map(is_text, over_numbers)) or (wide and any(map(is_text, first)))
    )


# The whole ------------------------------------------------------------------------------------


def read_csv(
    path: str | os.PathLike[str], x: str | int | None = None, y: str | int | None = None
) -> Dataset:
    r"""Return two columns of a CSV file as a Dataset, with notes on what was taken and left out.

    path: a file, packed by gzip or not, or "-" for standard input.
    x, y: a column's name, or its number from 1; where none is given, the first column of numbers
        that is neither constant nor an unnamed count of the rows.

    Rows without a number in one of the two columns are left out. Dates become years. Raises
    UserError in one line for what has no sensible meaning, and OSError for a file that cannot be
    opened or read.

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
    except (EOFError, zlib.error):
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
            import gzip  # noqa: PLC0415 - few files need it

            binary = io.BufferedReader(gzip.GzipFile(fileobj=outer))
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
    separator = _separator(lines)
    rows = lines.rows(separator)
    sample: list[Row] = []
    for row in rows:
        sample.append(row)
        if len(sample) >= SAMPLE_ROWS or lines.length > SAMPLE_LENGTH:
            break
    table = Table(sample, lines, separator)
    columns = table.choose(x, y)
    sample.clear()
    without = _fill(columns, table, rows)
    notes = [*table.notes]
    if None in (x, y):
        names = [shown(column.name) for column in columns]
        notes.insert(0, f"x is column {names[0]}, y is column {names[1]}.")
    if lines.not_utf8:
        notes.append("The file is not UTF-8; it was read as Windows-1252.")
    if without:
        notes.append(without)
    for column in columns:
        _finish(column, notes)
    a, b = columns
    x_values, y_values = np.frombuffer(a.values), np.frombuffer(b.values)
    try:
        return Dataset(x_values, y_values, a.name, b.name, tuple(notes), a.is_date, b.is_date)
    except UserError as error:
        where = "x is column {}, y is column {}".format(*(shown(c.name) for c in columns))
        more = f" {without}" if without else ""
        raise UserError(f"{lines.label}: {error} ({where}).{more}") from None


def _fill(columns: list[Column], table: Table, rows: Iterator[Row]) -> str:
    """Read the rows into the columns; return what to say about those left out, or nothing."""
    x, y = columns
    x_at, y_at, width = x.position, y.position, table.width
    # What float() reads is nearly always right, and much faster to have.
    fast_x, fast_y = (float if c.read is read_point else c.read for c in columns)
    rows_left_out = 0
    for number, cells in chain(table.body, rows):
        try:
            x_value, y_value = fast_x(cells[x_at]), fast_y(cells[y_at])
            if (
                len(cells) == width
                and math.isfinite(x_value)  # type: ignore[arg-type]
                and math.isfinite(y_value)  # type: ignore[arg-type]
                and "_" not in cells[x_at]
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
    for column in columns:
        if column.texts > count / 2:
            line, cell = column.first_text
            kind = "a date" if column.read in DATES else "a number"
            raise UserError(
                f"{table.lines.label}, line {line}, column {shown(column.name)}: expected {kind}, "
                f"found {shown(cell)} (text in {column.texts:,} of {count:,} rows)."
            )
    if not rows_left_out:
        return ""
    missing = [column for column in columns if column.without_number]
    examples = [
        f"line {column.first_text[0]:,} has {shown(column.first_text[1])}"
        for column in missing
        if column.texts
    ]
    example = f" ({'; '.join(examples)})" if examples else ""
    return left_out(rows_left_out, count, [column.name for column in missing], example=example)


def _finish(column: Column, notes: list[str]) -> None:
    """Set whether the column is a date; read days such as 19580329 as dates."""
    values = np.frombuffer(column.values)
    column.is_date = column.read in DATES or _are_years(column.name, values)
    days = _compact_dates(values)
    if days is not None:
        notes.append(
            f"Column {shown(column.name)} has days such as {values[0]:.0f}; it was read as dates."
        )
        column.values, column.is_date = array("d", to_years(days)), True


def _are_years(name: str, values: Floats) -> bool:
    if re.search(r"year|jahr|\bann[ée]e?\b|\baño\b|\byr\b", name, re.IGNORECASE) is None:
        return False
    return bool(np.all((values == np.floor(values)) & (values >= 1000) & (values < 3000)))


def _compact_dates(values: Floats) -> NDArray[np.datetime64] | None:
    """Return the days that numbers such as 19580329 say, or None where one of them says none."""
    if len(values) < 3 or not np.all((values >= 1000_01_01) & (values <= 2999_12_31)):
        return None
    whole = values.astype(np.int64)
    year, month, day = whole // 10_000, whole // 100 % 100, whole % 100
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    valid = (whole == values) & (month >= 1) & (month <= 12) & (days.astype(months.dtype) == months)
    return days if valid.all() else None
