"""Bytes against the CSV reader, guided by what they reach. Needs `pip install atheris`.

python -m tests.tools.csv_fuzz [FOLDER] [-max_total_time=600] [-max_len=400]

FOLDER keeps inputs that reach new code; one that fails is left as crash-... in the folder the
program runs in. The options are libFuzzer's. The file that is read is one in memory where the
machine has /dev/shm.
"""

from __future__ import annotations

import csv
import io
import math
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from types import FunctionType

from regression import read_csv

SHARED = Path("/dev/shm")


def answer(path: Path, content: bytes) -> str:
    """Write the bytes to the path and read them as a CSV; return what the reader says, "" for a
    Dataset. Raises AssertionError when that is not one line, or not the numbers of the file.
    """
    path.write_bytes(content)
    try:
        data = read_csv(path)
    except ValueError as error:
        text = str(error)
        assert text.startswith(f"{path}: "), text
        assert text.isprintable(), text
        assert len(text) < len(str(path)) * 2 + 1500, text
        return text
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    header, *body = [row for row in rows if len(row) > 1 or (row and row[0].strip())]
    names = [name.strip() for name in header]
    assert data.x_name in names
    assert data.y_name in names
    columns = [list(map(_float, column)) for column in zip(*body)]
    assert data.x.tolist() in columns
    assert data.y.tolist() in columns
    return ""


def _float(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def main() -> None:
    """Fuzz until the time is up or something fails."""
    atheris = import_module("atheris")
    for name in ("csv_file", "csv_lines", "csv_columns", "csv_words", "data"):
        module = import_module(f"regression.{name}")
        for function in vars(module).values():
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                function.__code__ = atheris.instrument_func(function).__code__
    with tempfile.TemporaryDirectory(dir=SHARED if SHARED.exists() else None) as folder:
        path = Path(folder) / "data.csv"

        def one(content: bytes) -> None:
            answer(path, content)

        atheris.Setup(sys.argv, one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
