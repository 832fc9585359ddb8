"""Two columns of a CSV file as a Dataset, whichever program wrote the file.

The way of a file: bytes, text, lines, rows, a table with names, two columns, a Dataset. It is
read once, so that a pipe will do. The first rows tell the separator, the header and how the
numbers of each column are written; of the rows after them only the numbers are kept.
"""

from __future__ import annotations

import os
import re
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from gzip import BadGzipFile, GzipFile
from io import TextIOWrapper
from itertools import chain, islice
from math import isfinite, nan
from pathlib import Path
from typing import Any

import numpy as np

from regression.checks import UserError, near, shown
from regression.data import DAYS_PER_YEAR, YEAR_ZERO, Dataset, left_out

LONGEST = 1_000_000
"""Characters of a line: input without an end must not fill the memory."""

MAX_LINES = 10_000_000
"""Of a file, for the same reason: so many points take 160 MB."""

SAMPLE = 1000
"""How many lines, and then rows, are looked at before the columns are chosen."""

SEPARATORS = (",", ";", "\t", "|", " ")
NO_TEXT = {".xlsx": "an Excel workbook", ".xls": "an Excel workbook", ".parquet": "a Parquet file"}

MISSING = {"", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "-", "--", ".", "?"}
"""What stands where a number is missing, in lower case."""

COUNTERS = {"", "unnamed: 0", "rownames", "id", "index", "obs", "no", "row"}
"""Names of a first column that may only count the rows, in lower case."""

Reader = Callable[[str], float]
"""A way to read a cell. Where there is no finite number it returns nan or infinity."""


# Cells ----------------------------------------------------------------------------------------

PLAIN_SIGNS = str.maketrans("\u2212\xa0\u202f", "-  ")
"""The minus sign, and the blanks at which no line is broken."""

GROUPED = {
    ".": re.compile(r"[-+]?(?=\.?\d)([1-9]\d{0,2}([, '])\d{3}(\2\d{3})*|\d*)(\.\d*)?(e[-+]?\d+)?"),
    ",": re.compile(r"[-+]?(?=,?\d)([1-9]\d{0,2}([. '])\d{3}(\2\d{3})*|\d*)(,\d*)?(e[-+]?\d+)?"),
}
"""By its decimal mark, the form of a number whose digits may stand in groups of three."""

YEARS = {"year", "years", "jahr", "jahre", "année", "années", "año", "años"}
DATES = re.compile(r"Date|(?<![A-Za-z])date(?![a-z])|(?<![A-Z])DATE(?![A-Z])")
"""In names of columns: of whole numbers that are years, and of cells that may be dates."""

EPOCH = datetime(YEAR_ZERO, 1, 1)
DATE_FORMATS = ("", "%Y-%m", "%b %d %Y", "%b-%d-%Y", "%d.%m.%Y", "%d.%m.%Y %H:%M")
"""The first one is for what datetime.fromisoformat() reads, and for 2020/03/14."""


def read_point(cell: str) -> float:
    """Return the number in a cell that is written as 1,234.5 or 1 234.5, or nan."""
    try:
        return float(cell)
    except ValueError:
        return read_grouped(cell, ".")


def read_comma(cell: str) -> float:
    """Return the number in a cell that is written as 1.234,5 or 1 234,5, or nan."""
    try:
        return read_grouped(cell, ",") if "." in cell else float(cell.replace(",", "."))
    except ValueError:
        return read_grouped(cell, ",")


def read_grouped(cell: str, decimal: str) -> float:
    """Return the number in a cell whose digits may stand in groups of three, or nan."""
    text = cell.translate(PLAIN_SIGNS).strip().lower()
    if GROUPED[decimal].fullmatch(text) is None:
        return nan
    return float(re.sub(rf"[^\d{decimal}e+-]", "", text).replace(decimal, "."))


def read_date(cell: str) -> float:
    """Return the date or time in a cell in years, as to_years() does, or nan. UTC if no zone."""
    text = cell.strip().replace("/", "-")
    for form in DATE_FORMATS:
        try:
            time = datetime.strptime(text, form) if form else datetime.fromisoformat(text)
        except ValueError:
            continue
        since = time - (EPOCH.replace(tzinfo=UTC) if time.tzinfo else EPOCH)
        return YEAR_ZERO + since / timedelta(days=DAYS_PER_YEAR)
    return nan


def is_missing(cell: str) -> bool:
    """Return whether a cell says that there is no number."""
    return cell.strip().lower() in MISSING


def is_text(cell: str) -> bool:
    """Return whether a cell has something that is neither a number nor a date."""
    readers = (read_point, read_comma, read_date)
    return not is_missing(cell) and not any(isfinite(read(cell)) for read in readers)


def count_read(read: Reader, cells: list[str]) -> int:
    """Return in how many of the cells there is a number for this way of reading."""
    return sum(isfinite(read(cell)) for cell in cells)


# Lines and rows -------------------------------------------------------------------------------


class Lines:
    """The lines of a text. A comment becomes a blank line, so that csv counts lines rightly."""

    def __init__(self, text: TextIOWrapper, label: str) -> None:
        self.label = label
        self.not_utf8 = self.ended = False
        self._rest = self._checked(text)
        self.first = list(islice(self._rest, SAMPLE))

    def _checked(self, text: TextIOWrapper) -> Iterator[str]:
        for number, line in enumerate(iter(partial(text.readline, LONGEST + 1), ""), 1):
            if number > MAX_LINES:
                raise self.wrong(
                    f"found more than {MAX_LINES:,} lines; take a sample of them", number
                )
            if "\0" in line or len(line) > LONGEST:
                found = "found NUL" if "\0" in line else f"found more than {LONGEST:,}"
                raise self.wrong(f"{found} characters; save the data as CSV in UTF-8", number)
            try:
                line.encode()
                yield "\n" if line.startswith("#") else line
            except UnicodeEncodeError:  # "surrogateescape" has marked what is not UTF-8
                self.not_utf8 = True
                yield line.encode(errors="surrogateescape").decode("cp1252", "replace")

    def __iter__(self) -> Iterator[str]:
        """Return a generator of all lines, the first ones too."""
        yield from chain(self.first, self._rest)
        self.ended = True

    def wrong(self, what: str, number: int = 0) -> UserError:
        """Return an error that names the file, and the line if its number is given."""
        end = "" if what.endswith("?") else "."
        return UserError(f"{self.label}{f', line {number}' if number else ''}: {what}{end}")

    def rows(self, separator: str) -> Iterator[tuple[int, list[str]]]:
        """Return a generator of the rows that are not blank: the last line's number, the cells."""
        import csv  # noqa: PLC0415 - not every program that trains reads a file

        reader = csv.reader(self, delimiter=separator, skipinitialspace=True)
        start = 1
        try:
            for cells in reader:
                if self.ended:  # then the end of the file has closed this row, and no line
                    raise csv.Error
                if any(cells):
                    yield reader.line_num, cells
                start = reader.line_num + 1
        except csv.Error:
            raise self.wrong(
                "found a quote that is not closed, or too long a cell", start
            ) from None


def find_separator(lines: Lines) -> str:
    """Return what separates the cells: what gives rows of one length, and numbers in them."""
    import csv  # noqa: PLC0415

    told = re.fullmatch(r'"?sep=(.)"?\s*', lines.first[0]) if lines.first else None
    if told is not None:
        lines.first[0] = "\n"
        return told[1]

    def fit(separator: str) -> float:
        try:
            sample = csv.reader(lines.first[:100], delimiter=separator, skipinitialspace=True)
            rows = [cells for cells in sample if "".join(cells).strip()]
        except csv.Error:
            return 0.0
        width, often = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
        cells = [cell for row in rows if len(row) == width for cell in row]
        numbers = sum(not is_text(cell) for cell in cells)
        return often / len(rows) * (0.01 + numbers / len(cells)) if width > 1 else 0.0

    return max(SEPARATORS, key=fit)


# The table ------------------------------------------------------------------------------------


def spread_of(read: Reader, cells: list[str]) -> float:
    """Return how many times as large the largest number in the cells is as the smallest but 0."""
    sizes = [abs(value) for value in map(read, cells) if isfinite(value) and value]
    return max(sizes, default=1.0) / min(sizes, default=1.0)


def first_text(line: int, read: Sequence[tuple[float, str]]) -> str:
    """Return the first cell that is not a number, and is not empty, with its line; "" if none is.
    Each comes with what was read of it.
    """
    texts = (cell for value, cell in read if not (isfinite(value) or is_missing(cell)))
    return next((f" (line {line}: {shown(cell)})" for cell in texts), "")


def words_of(name: str) -> list[str]:
    """Return the words of a column's name, in small letters."""
    return re.findall(r"[^\W\d_]+", name.lower())


@dataclass
class Column:
    """A column that is read; a value is not finite where there is none."""

    position: int
    name: str
    read: Reader
    values: array[float] = field(default_factory=lambda: array("d"))

    def is_date(self) -> bool:
        """Return whether the values are years: of dates, or whole numbers under such a name."""
        values = np.array(self.values)
        values = values[np.isfinite(values)]
        years = (values >= 1000) & (values < 3000) & (values % 1 == 0)
        words = words_of(self.name)
        named = "per" not in words and not YEARS.isdisjoint(words[:1] + words[-1:])
        return self.read is read_date or (named and bool(years.all()))


class Table:
    """The first rows of a file: the names of the columns, and the rows below them."""

    def __init__(self, lines: Lines, separator: str, sample: list[tuple[int, list[str]]]) -> None:
        self.separator, self.wrong = separator, lines.wrong
        self.notes: list[str] = []
        if not sample:
            raise self.wrong("expected a header and rows of numbers, found none")
        most = Counter(len(cells) for _, cells in sample).most_common(1)[0][0]
        least = max(most / 2, min(most, 2))  # what stands above the table has fewer cells
        start = next(at for at, (_, cells) in enumerate(sample) if len(cells) >= least)
        if start:
            self.notes.append(f"The table begins after line {sample[start - 1][0]}.")
        first, self.body = sample[start][1], sample[start + 1 :]
        self.names = [" ".join(name.split()) for name in first]
        if not self._is_header():
            self.names = [f"column {number}" for number in range(1, len(first) + 1)]
            self.body = sample[start:]
            self.notes.append("The first row has numbers; the columns are named by their places.")

    def _is_header(self) -> bool:
        """Return whether the names are no numbers, or one of them at least is not, over numbers."""
        for at, name in enumerate(self.names):
            below = [cell for cell in self.cells(at) if not is_missing(cell)]
            over_numbers = sum(map(is_text, below)) < len(below) / 2
            if over_numbers and (is_text(name) or (at == 0 and not name)):
                return True
        return all(is_missing(name) or is_text(name) for name in self.names)

    def cells(self, at: int) -> list[str]:
        """Return the cells of a column in the first rows."""
        return [cells[at] if at < len(cells) else "" for _, cells in self.body]

    def choose(self, x: str | int | None, y: str | int | None) -> tuple[Column, Column]:
        """Return the columns of x and y: those asked for, else the first ones that are fit."""
        x_at = None if x is None else self._find(x)
        y_at = None if y is None else self._find(y)
        places = range(len(self.names))
        fit = (at for at in places if at not in (x_at, y_at) and not self._why_not(at))
        x_at = next(fit, None) if x_at is None else x_at
        y_at = next(fit, None) if y_at is None else y_at
        if x_at is None or y_at is None:
            kinds = [f"{shown(self.names[at])} ({self._why_not(at) or 'numbers'})" for at in places]
            expected = "expected two columns of numbers or dates such as 2020-03-14"
            raise self.wrong(f"{expected}, found {', '.join(kinds[:10])}")
        if x_at == y_at:
            raise self.wrong(f"expected two columns, found {shown(self.names[x_at])} for x and y")
        return self._column(x_at), self._column(y_at)

    def others(self, *taken: Column) -> list[str]:
        """Return the names of the columns that could have been taken, too."""
        places = set(range(len(self.names))) - {column.position for column in taken}
        return [shown(self.names[at]) for at in sorted(places) if not self._why_not(at)]

    def _find(self, which: str | int) -> int:
        """Return the position of a column that is given by name or by number."""
        name = " ".join(str(which).split())
        numbers = [str(number) for number in range(1, len(self.names) + 1)]
        for known in [self.names, numbers] if isinstance(which, str) else [numbers]:
            if name in known:
                return known.index(name)
        columns = f"the name or number of a column ({', '.join(map(shown, self.names[:10]))})"
        raise self.wrong(f"expected {columns}, found {shown(name)}{near(name, self.names)}")

    def _why_not(self, at: int) -> str:
        """Return why a column is not taken unless it is asked for, or ""."""
        cells, read = self.cells(at), self._reader(at)[0]
        values = [value for value in map(read, cells) if isfinite(value)]
        texts = [cell for cell in cells if not isfinite(read(cell)) and not is_missing(cell)]
        if len(values) < len(cells) / 2:
            return f"text, such as {shown(texts[0])}" if texts else "mostly empty"
        if len(values) > 1 and len(set(values)) == 1:
            return "the same in every row; to take it, name x and y"
        counts = len(set(values)) == len(cells) and all(value.is_integer() for value in values)
        if at == 0 and self.names[0].lower() in COUNTERS and counts:
            return "only numbers the rows; to take it, give its name or its number, 1"
        return ""

    def _column(self, at: int) -> Column:
        """Return a column to be read. Raises UserError where more than half of it is text."""
        name, (read, unclear) = shown(self.names[at]), self._reader(at)
        texts = [
            cell for cell in self.cells(at) if not isfinite(read(cell)) and not is_missing(cell)
        ]
        if len(texts) > len(self.body) / 2:
            expected = "expected a number or a date such as 2020-03-14"
            raise self.wrong(f"column {name}: {expected}, found {shown(texts[0])} in most rows")
        if unclear:
            what = f"{shown(unclear)} in column {name} can be read in two ways"
            self.notes.append(f"{what}; it was read as {read(unclear):.15g}.")
        return Column(at, self.names[at], read)

    def _reader(self, at: int) -> tuple[Reader, str]:
        """Return what reads most cells of a column, and a cell that could be read otherwise, or
        "". Cells such as 1.234 can; where no other cell of the column decides, the table does.
        """
        cells = self.cells(at)
        points, commas = count_read(read_point, cells), count_read(read_comma, cells)
        dates, numbers = count_read(read_date, cells), max(points, commas)
        if dates > numbers or (dates == numbers and DATES.search(self.names[at])):
            return read_date, ""
        if points != commas:
            return (read_point if points > commas else read_comma), ""
        unclear = [cell for cell in cells if abs(read_point(cell) - read_comma(cell)) > 0]
        if not unclear:
            return read_point, ""
        table = [cell for _, row in self.body for cell in row]
        votes = count_read(read_comma, table) - count_read(read_point, table)
        comma = "," in unclear[0]
        if votes == 0 and len(unclear) < numbers:  # 950 and 1.020: numbers of a column are alike
            return min(read_point, read_comma, key=lambda read: spread_of(read, cells)), unclear[0]
        if votes > 0 or (votes == 0 and comma and self.separator == ";"):
            return read_comma, unclear[0]
        return read_point, unclear[0] if comma else ""


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

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "rents.csv")
    ...     _ = path.write_text("street;area;rent\nOak;30,5;410\nElm;50;620\n")
    ...     read_csv(path).x
    array([30.5, 50. ])
    """
    name = os.fspath(path)
    label = "standard input" if name == "-" else name if re.search(r"\W", name) else f"./{name}"
    if kind := NO_TEXT.get(Path(name).suffix.lower()):
        raise UserError(f"{label}: expected a CSV file, found {kind}; save the sheet as CSV.")
    try:
        with (
            open(0 if name == "-" else name, "rb", closefd=name != "-") as file,
            decoded(file) as text,
        ):
            return read_lines(Lines(text, label), x, y)
    except (EOFError, BadGzipFile, zlib.error):
        raise UserError(f"{label}: the packed file is damaged or cut short.") from None


def decoded(binary: Any) -> TextIOWrapper:
    """Return the text of a binary file, which may be packed. Its line breaks stay as they are."""
    if binary.peek(2)[:2] == b"\x1f\x8b":
        binary = GzipFile(fileobj=binary)
    if binary.peek(2)[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return TextIOWrapper(binary, "utf-16", "replace", newline="")
    return TextIOWrapper(binary, "utf-8-sig", "surrogateescape", newline="")


def read_lines(lines: Lines, x: str | int | None, y: str | int | None) -> Dataset:
    """Return two columns of a CSV text, as read_csv() does."""
    separator = find_separator(lines)
    rows = lines.rows(separator)
    table = Table(lines, separator, list(islice(rows, SAMPLE)))
    a, b = table.choose(x, y)
    width, odd = len(table.names), ""
    for line, cells in chain(table.body, rows):
        if len(cells) != width:
            if any(cells[width:]):
                what = f"expected {width} cells as in the first row, found {len(cells)}"
                what += f"; put quotes around a cell with {shown(separator)} in it"
                raise lines.wrong(what, line)
            cells.extend([""] * (width - len(cells)))
        one, other = a.read(cells[a.position]), b.read(cells[b.position])
        a.values.append(one)
        b.values.append(other)
        if not (odd or isfinite(one + other)):
            odd = first_text(line, ((one, cells[a.position]), (other, cells[b.position])))
    is_time = b.read is read_date or (b.is_date() and len(words_of(b.name)) == 1)
    if x is None and y is None and is_time and not a.is_date():
        a, b = b, a  # time runs to the right
    points = np.array([a.values, b.values])
    finite = np.isfinite(points)
    kept = finite.all(axis=0)
    gaps = [column.name for column, has_number in zip((a, b), finite) if not has_number.all()]
    without = left_out(int((~kept).sum()), len(kept), gaps, odd) if gaps else ""
    in_years = [" in years" if column.is_date() else "" for column in (a, b)]
    where = f"x is column {shown(a.name)}{in_years[0]}, y is column {shown(b.name)}{in_years[1]}"
    windows = "The file is not UTF-8; it was read as Windows-1252." if lines.not_utf8 else ""
    others = [] if x is not None and y is not None else table.others(a, b)
    names = f": {', '.join(others)}" if len(others) < 4 else ""
    more = f"; {len(others)} more of numbers{names} (choose with x and y)" if others else ""
    chosen = f"{where}{more}." if x is None or y is None or any(in_years) else ""
    notes = tuple(note for note in (chosen, *table.notes, windows, without) if note)
    x_values, y_values = points[:, kept]
    try:
        return Dataset(x_values, y_values, a.name, b.name, notes, a.is_date(), b.is_date())
    except UserError as error:
        raise UserError(f"{lines.label}: {error} ({where}). {without}".rstrip()) from None
