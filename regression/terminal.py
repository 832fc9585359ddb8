"""Printing on a terminal: lines for the user, whoever reads them or does not."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress


def open_streams() -> None:
    """Have streams to print on where there are none: closed by the shell, or in pythonw."""
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()


def put(*lines: object) -> None:
    """Print lines on standard output; who closed it early, as head does, has seen enough."""
    try:
        for line in lines:
            print(visible(str(line)))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str | None) -> None:
    """Say what there is to say on standard error; that nobody can hear it is no reason to stop."""
    if text is not None:
        with suppress(OSError):
            print(f"main.py: {visible(text)}", file=sys.stderr)


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
