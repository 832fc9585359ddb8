"""What to say about a CSV that does not fit: what it may be instead, and how to convert it."""

from __future__ import annotations

import csv
import os
import re
import shlex
from contextlib import suppress
from itertools import chain, count
from pathlib import Path

from regression.csv_lines import Lines

SEPARATORS = {";": "';'", "\t": "tabs", "|": "'|'"}
DECIMAL_COMMA = re.compile(r"\s*[-+]?\d+(,\d+)+(\.\d+)?\s*")
POINTS = "decimals take a point, as in 1.5, and thousands no comma"
HEADER = "the first line has to have the names of the columns"


def shown(cell: str) -> str:
    """Return the cell or name as a message quotes it: escaped, and not at any length."""
    return repr(cell if len(cell) < 40 else cell[:37] + "...")


def listed(texts: list[str]) -> str:
    """Return up to ten of the texts, as a message quotes them."""
    return ", ".join(map(shown, texts[:10])) + (", ..." if len(texts) > 10 else "")


def not_a_number(cell: str) -> str:
    """Return what is wrong with a cell that is not a finite number."""
    if not cell.strip():
        return "an empty cell is not a finite number"
    hint = f"; {POINTS}" if DECIMAL_COMMA.fullmatch(cell) else ""
    return f"{shown(cell)} is not a finite number{hint}"


def other_length(line: int, cells: list[str], names: list[str]) -> str:
    """Return what is wrong with a row of another length than the header."""
    many = f"{len(cells)} cell{'s' * (len(cells) != 1)}"
    twice = len(cells) == 2 * len(names) and all(cell.strip().isdigit() for cell in cells[1::2])
    hint = f"; {POINTS}" if twice else f"; {HEADER}" if len(names) == 1 else ""
    return f"line {line}: {many}, the header has {len(names)}{hint}"


def other_separator(header: list[str], first: list[str], path: str | None) -> str | None:
    """Return a line on what separates the columns if it is not commas, with a command that
    converts the file at the path, or standard input if it is None; None if nothing else does.
    """
    # Split at commas that are not separators, cells joined are the line again.
    names, values = ",".join(header), ",".join(first)
    for mark, word in SEPARATORS.items():
        if 0 < names.count(mark) == values.count(mark):
            return _advice(word, _split_at(mark), values.split(mark), path)
    if len(header) == 1 and 1 < len(names.split()) == len(values.split()):
        return _advice("spaces", "map(str.split, sys.stdin)", values.split(), path)
    return None


def quoted_separator(sample: list[str], path: str | None) -> str | None:
    """Return the same for a file of which a row is no CSV, since what follows its quotes is not a
    comma: `"a";"b"`. The sample has lines of the header and of a row below it.
    """
    for mark, word in SEPARATORS.items():
        if f'"{mark}' in "".join(sample):
            with suppress(csv.Error):
                rows = list(csv.reader(sample, delimiter=mark))
                if 1 < len(rows[0]) == len(rows[-1]):
                    return _advice(word, _split_at(mark), rows[-1], path)
    return None


def _split_at(mark: str) -> str:
    return f"csv.reader(sys.stdin, delimiter={mark!r})"


def _advice(word: str, rows: str, cells: list[str], path: str | None) -> str:
    commas = any(DECIMAL_COMMA.fullmatch(cell) for cell in cells)
    if commas:
        rows = f"([c.replace(',', '.') for c in r] for r in {rows})"
    program = f"import csv, sys; csv.writer(sys.stdout).writerows({rows})"
    # Only a file is there to be read again.
    file = Path(path) if path is not None and Path(path).is_file() else None
    source = "" if file is None else f" < {shlex.quote(str(file))}"
    converted = _new_name(file or Path("data.csv"))
    separated = f"columns are separated by {word}, not ','"
    return (
        f"{separated}{' and decimals by commas' * commas}; save it as comma-separated, or convert "
        f'it: python -c "{program}"{source} > {shlex.quote(converted)}'
    )


def _new_name(file: Path) -> str:
    """Return a name beside the file that none has."""
    ends = chain(["-commas"], (f"-commas{number}" for number in count(2)))
    names = (file.with_name(f"{file.stem}{end}{file.suffix}") for end in ends)
    return str(next(name for name in names if not os.path.lexists(name)))


def csv_problem(error: csv.Error, lines: Lines) -> str:
    """Return what is wrong with the row that is being read."""
    row, done = lines.row, lines.done
    text, last = "".join(row), done + len(row)
    if "\0" in text and "NUL" in str(error):
        return nul(last)
    unclosed = _unclosed_quote(text)
    if unclosed is not None and "expected after" not in str(error):
        return f"line {done + unclosed}: a quote opens here and is not closed"
    if "field larger" in str(error):
        return f"line {last}: a cell of more than {csv.field_size_limit()} characters"
    if "expected after" in str(error):
        begun = f" (the row begins in line {done + 1})" if len(row) > 1 else ""
        return (
            f"line {last}: text after a closing quote{begun}; "
            "a quote inside a quoted cell is written twice, and columns are separated by commas"
        )
    return f"line {last}: {error}"


def nul(line: int) -> str:
    """Return what to say of NUL characters in a line."""
    return f"line {line}: NUL characters; it may be UTF-16, or no text at all: save it as UTF-8"


def _unclosed_quote(text: str) -> int | None:
    # A doubled quote neither opens nor closes a cell for good; of an odd rest the last is open.
    single = text.replace('""', "  ")
    if single.count('"') % 2 == 0:
        return None
    before = text[: single.rindex('"')]
    return len(re.findall(r"\r\n|\r|\n", before)) + 1
