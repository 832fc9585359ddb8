"""Leaving at a signal, such as Ctrl-C: nothing unfinished stays, and one line says so."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from types import FrameType

from plotting.encoders.atomic import UNFINISHED
from plotting.encoders.pictures import new_pictures

STOPS = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "hung up", "SIGQUIT": "quit"}
"""What ends a program, and its word for it; not all systems have all of them."""


def leave_on_signals(program: str) -> None:
    """Have the program of that name leave at these signals from now on, but for those that are
    ignored, as nohup wants it.
    """

    def leave(number: int, _frame: FrameType | None) -> None:
        # At once and without unwinding: an exception may get lost on its way.
        signal.signal(number, signal.SIG_IGN)  # a second one would say it twice
        unfinished = list(UNFINISHED)
        for file in unfinished:
            with suppress(OSError):  # a folder that is gone by now has taken it along
                file.unlink()
        removed = "; what was not finished is removed" if unfinished else ""
        word = STOPS[signal.Signals(number).name] + removed + new_pictures()
        word = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in word)
        with suppress(OSError):  # nobody may be there to read it
            os.write(2, f"{program}: {word}\n".encode(errors="backslashreplace"))
        os._exit(128 + number)

    for name in STOPS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, leave)
