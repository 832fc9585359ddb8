"""The lines of a CSV file, held to a length: input without an end must not fill the memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TextIO

LONGEST = 1_000_000
"""Characters of a row, over all its lines. Two columns need a few dozen; a row of so many empty
cells takes 8 MB."""

MOST_LINES = 10_000_000
"""Of a file: as many points as the command line makes. They take 160 MB."""


class Lines(Iterator[str]):
    """The lines of a file opened with newline="", which remember those of the unfinished row."""

    def __init__(self, file: TextIO) -> None:
        self._lines = iter(partial(file.readline, LONGEST + 1), "")
        self._length = 0
        self.done = 0
        """How many lines the rows before took."""
        self.row: list[str] = []
        """The lines of the row that is not finished yet."""
        self.header: list[str] = []
        """Those of the first row, once it is."""

    def __next__(self) -> str:
        """Return the next line; raises ValueError for a row longer than LONGEST, and for more
        than MOST_LINES lines.
        """
        line = next(self._lines)
        if self.done >= MOST_LINES:
            raise ValueError(f"more than {MOST_LINES} lines; take a sample of them")
        self.row.append(line)
        self._length += len(line)
        if self._length > LONGEST:
            raise ValueError(f"line {self.done + 1} is longer than {LONGEST} characters")
        return line

    def finish(self) -> None:
        """Begin another row."""
        self.header = self.header or list(self.row)
        self.done += len(self.row)
        self.row.clear()
        self._length = 0


def decoding_problem(error: UnicodeDecodeError, lines: Lines) -> str:
    """Return what the bytes that are not UTF-8 look like, and what to do."""
    before = error.object[: error.start]
    here = lines.done + len(lines.row) + len(re.findall(rb"\r\n|\r|\n", before)) + 1
    if here == 1 and error.start == 0 and error.object[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "looks like UTF-16 text, not UTF-8; save it as UTF-8"
    if b"\0" in error.object:
        return f"line {here}: not UTF-8 text, nor any other text"
    byte = error.object[error.start]
    return (
        f"line {here}: not UTF-8 text (byte 0x{byte:02x}); it may be Latin-1 or Windows-1252: "
        "save it as UTF-8"
    )
