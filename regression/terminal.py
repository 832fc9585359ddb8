"""Printing on a terminal: lines for the user, whoever reads them or does not."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO


def open_streams() -> None:
    """Have streams to print on where there are none: closed by the shell, or in pythonw."""
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()


def put(*lines: object) -> None:
    """Print lines on standard output; who closed it early, as head does, has seen enough.

    Raises OSError when it cannot be written for another reason.
    """
    with suppress(BrokenPipeError):
        _print(lines, sys.stdout)


def say(text: str | None) -> None:
    """Say what there is to say on standard error; that nobody can hear it is no reason to stop."""
    if text is not None:
        with suppress(OSError):
            _print([f"main.py: {text}"], sys.stderr)


def _print(lines: Iterable[object], stream: TextIO) -> None:
    try:
        for line in lines:
            print(visible(str(line)), file=stream)
        stream.flush()
    except OSError:
        # What is left in the stream Python would write when it exits, and complain again.
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())
        raise


def mistake(text: str) -> int:
    """Say what is wrong, and return the exit code for it."""
    say(f"error: {text}")
    return 2


def visible(text: str) -> str:
    """Return the text with what would move a terminal's cursor, or cannot be encoded, escaped."""
    encoding = sys.stdout.encoding or "ascii"
    shown = "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode()
        for char in text
    )
    return shown.encode(encoding, "backslashreplace").decode(encoding)
