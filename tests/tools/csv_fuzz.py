"""Bytes against the CSV reader, guided by what they reach. Needs `pip install atheris`.

python -m tests.tools.csv_fuzz [FOLDER] [-max_total_time=600] [-max_len=400]

FOLDER keeps inputs that reach new code; one that fails is left as crash-... in the folder the
program runs in. The options are libFuzzer's. The file that is read is one in memory where the
machine has /dev/shm.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType

import numpy as np

from regression import Dataset, read_csv
from regression.checks import UserError

SHARED = Path("/dev/shm")

PLAIN = re.compile(r"[a-z]+(,[a-z]+)+\n(-?\d{1,7}(\.\d*)?(,-?\d{1,7}(\.\d*)?)+\n)+")
"""A file that can be read in one way only."""


def answer(path: Path, content: bytes) -> str:
    """Write the bytes to the path and read them as a CSV; return what the reader says, "" for a
    Dataset. Raises AssertionError when that is not one line, or not the numbers of a plain file.
    """
    path.write_bytes(content)
    try:
        data = read_csv(path)
    except UserError as error:
        text = str(error)
        assert text.startswith(str(path)), text
        assert text.isprintable(), text
        assert text.endswith("."), text
        assert len(text) < len(str(path)) * 2 + 2500, text
        return text
    check(data, content)
    return ""


def check(data: Dataset, content: bytes) -> None:
    """Raise AssertionError for a wrong dataset."""
    assert np.isfinite([data.x, data.y]).all()
    assert all(note.isprintable() and note.endswith(".") for note in data.notes), data.notes
    text = content.decode("utf-8", "replace")
    if PLAIN.fullmatch(text) is None or "year" in text or "jahr" in text:
        return
    header, *body = [line.split(",") for line in text.splitlines()]
    columns = dict(zip(header, zip(*([*map(float, row)] for row in body))))
    if len(columns) == len(header) and {len(header)} == set(map(len, body)):
        assert data.x.tolist() == list(columns[data.x_name]), content
        assert data.y.tolist() == list(columns[data.y_name]), content


def functions_of(module: ModuleType) -> Iterator[FunctionType]:
    """Return a generator of the functions and methods that a module defines."""
    for thing in vars(module).values():
        things = vars(thing).values() if isinstance(thing, type) else [thing]
        for function in things:
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                yield function


def main() -> None:
    """Fuzz until the time is up or something fails."""
    atheris = import_module("atheris")
    for name in ("csv_file", "data"):
        for function in functions_of(import_module(f"regression.{name}")):
            function.__code__ = atheris.instrument_func(function).__code__
    with tempfile.TemporaryDirectory(dir=SHARED if SHARED.exists() else None) as folder:
        path = Path(folder) / "data.csv"

        def one(content: bytes) -> None:
            answer(path, content)

        atheris.Setup(sys.argv, one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
