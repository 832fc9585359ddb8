"""Files that appear whole or not at all, whatever happens on the way."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import count
from pathlib import Path
from types import FrameType
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # on Windows, where a file in use cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

DEVICE = "is a device or a pipe, not a file"
MAX_LINKS = 40
"""As many as Linux follows."""

MAX_SUFFIX = 8
"""Longer ones, which choose no format, are cut off where a file is temporary."""

NUMBERS = count()
"""One for each temporary file of this process: two threads may write to one target."""

UNFINISHED: set[Path] = set()
"""Temporary files there are at this moment, for who has to leave without unwinding."""


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; at the end it takes that name, in one step.

    When the block fails, the file that had the name before is as it was. Folders on the way
    are made; a link is followed; what a killed run left behind is removed. Raises OSError when it
    cannot be written; any OSError, of the block too, gets the name of `path`.
    """
    with _target_of(path) as target:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _beside(target) as (unfinished, lock):
            yield unfinished
            os.fsync(lock.fileno())
            if not fcntl:
                lock.close()  # Windows renames no open file
            if target.exists():
                shutil.copymode(target, unfinished)
            unfinished.replace(target)


def check_target(path: Path) -> None:
    """Raise OSError, with the name of `path`, when a file cannot be written there.

    It tries, in the nearest folder that there is, but leaves nothing.
    """
    with _target_of(path) as target:
        folder = target.parent
        while not folder.exists():
            folder = folder.parent
        with tempfile.TemporaryFile(dir=folder):
            pass


@contextmanager
def _target_of(path: Path) -> Iterator[Path]:
    """Give the file that the path leads to; an OSError gets the name that the user knows.

    Raises OSError for a folder, a device, a pipe, a long name, or a file that is read-only.
    """
    try:
        target = _followed(path)
        with suppress(FileNotFoundError):
            target.lstat()
            if target.is_dir():
                raise OSError(0, "is a folder, not a file")
            if not target.is_file():
                raise OSError(0, DEVICE)
            if not os.access(target, os.W_OK):
                raise OSError(0, "is read-only")
        yield target
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from None


def _followed(path: Path) -> Path:
    """Return where the path leads, link by link. Raises OSError when that is in a circle, or
    through what only looks like a link: /dev/stdout leads to the file that a shell opened for
    what is printed, which must not be replaced. So does "-", which is no name of a file.
    """
    if str(path) == "-":
        raise OSError(0, "standard output has the printed lines; give the name of a file")
    for _ in range(MAX_LINKS):
        path = Path(os.path.realpath(path.parent), path.name)
        if path.is_relative_to("/proc"):
            raise OSError(0, DEVICE)
        if not path.is_symlink():
            return path
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


@contextmanager
def _beside(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a new file beside the target, held open and locked; what is left of it is removed."""
    # Short, since the target's name may already be as long as a name can be; the suffix stays
    # last, since writers choose the format by it.
    stem = "." + sha256(os.fsencode(target.name)).hexdigest()[:12]
    _remove_left_over(target.parent, stem)
    suffix = target.suffix[:MAX_SUFFIX]
    unfinished = target.with_name(f"{stem}.{os.getpid()}-{next(NUMBERS)}{suffix}")
    UNFINISHED.add(unfinished)
    try:
        with open(unfinished, "wb") as lock:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield unfinished, lock
    finally:
        unfinished.unlink(missing_ok=True)
        UNFINISHED.discard(unfinished)


def _remove_left_over(folder: Path, stem: str) -> None:
    """Remove the temporary files of that stem whose writer is dead, and so holds no lock."""
    for old in folder.glob(f"{stem}.*") if fcntl else ():
        with suppress(OSError), open(old, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            old.unlink()


STOPS = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "hung up", "SIGQUIT": "quit"}
"""What ends a program, and its word for it; not all systems have all of them."""


def leave_on_signals(program: str) -> None:
    """Have the program leave at Ctrl-C and the like, with one line and no unfinished file; what
    is ignored, as nohup wants it, stays so.
    """

    def leave(number: int, _frame: FrameType | None) -> None:
        # At once and without unwinding: an exception may get lost on its way.
        signal.signal(number, signal.SIG_IGN)  # a second one would say it twice
        unfinished = list(UNFINISHED)
        for file in unfinished:
            with suppress(OSError):  # a folder that is gone by now has taken it along
                file.unlink()
        removed = "; what was not finished is removed" if unfinished else ""
        with suppress(OSError):  # nobody may be there to read it
            word = STOPS[signal.Signals(number).name]
            os.write(2, f"{program}: {word}{removed}\n".encode())
        os._exit(128 + number)

    for name in STOPS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, leave)
