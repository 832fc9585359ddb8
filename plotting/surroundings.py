"""What the program does before it imports the rest: where it is started changes no picture, and
ends in no traceback.

Settings of matplotlib may be in the current folder, in MATPLOTLIBRC or at home, and may be a pipe,
or no text; so may its cache of fonts, which it locks while it writes it. Variables of tqdm and
imageio may say what these do not understand. None of it is looked at. At a signal the program
leaves at once.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

NEEDED = ("numpy", "matplotlib", "scipy", "imageio", "PIL", "tqdm")
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -q -r requirements.txt"

STOPS = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "hung up", "SIGQUIT": "quit"}
"""What ends a program, and its word for it; not all systems have all of them."""

SIGNALS = [getattr(signal, name) for name in STOPS if hasattr(signal, name)]


def begin(program: str) -> None:
    """Have a program of that name leave without a traceback while it imports the rest; at once,
    in one line, where a package is missing.
    """

    def in_one_line(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, ImportError | OSError | MemoryError):  # no memory, too few files
            print(f"{program}: error: {error or 'out of memory'}", file=sys.stderr)
        else:
            sys.__excepthook__(kind, error, trace)

    sys.excepthook = in_one_line
    if missing := ", ".join(name for name in NEEDED if find_spec(name) is None):
        sys.exit(f"{program}: error: {sys.executable} has no {missing}. Install them: {INSTALL}")


def settle() -> str:
    """Import matplotlib with its own settings, and return the kind of window that the user wants;
    "" for any.
    """
    # Importing and drawing make many objects and little garbage: looking for it as often as Python
    # does by itself takes a tenth of a run of 500 frames.
    gc.set_threshold(100_000, 20, 20)
    for name in list(os.environ):
        if name.startswith("TQDM_") or name == "IMAGEIO_FORMAT_ORDER":
            del os.environ[name]
    # Of files it changes nothing, and matplotlib fails to import with one that it does not know.
    window = os.environ.pop("MPLBACKEND", "")
    # What it says of the user's settings and folders, which change nothing here, either.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    if "matplotlib" not in sys.modules:
        _import_matplotlib()
    if "matplotlib.font_manager" not in sys.modules:
        _import_fonts()
    return window


def _import_matplotlib() -> None:
    """Import it such that it reads its own settings: it looks for a file of them in the current
    folder first, and then where MATPLOTLIBRC says.
    """
    found = find_spec("matplotlib")
    own = Path(found.origin if found and found.origin else "").with_name("mpl-data")
    is_folder, wanted = os.path.isdir, os.environ.get("MATPLOTLIBRC")
    os.environ["MATPLOTLIBRC"] = str(own / "matplotlibrc")
    try:
        with _replaced(os.path, "isdir", lambda path: path == "matplotlibrc" or is_folder(path)):
            importlib.import_module("matplotlib")
    finally:
        del os.environ["MATPLOTLIBRC"]
        if wanted is not None:
            os.environ["MATPLOTLIBRC"] = wanted


def _import_fonts() -> None:
    """Import what finds fonts, such that it makes neither a temporary folder nor, unless a signal
    has to wait for that, a lock: both would be left by who is interrupted.
    """
    import matplotlib as mpl  # noqa: PLC0415 - with its own settings, by now

    def refuse(*_: Any, **__: Any) -> str:
        raise OSError

    try:
        with _replaced(tempfile, "mkdtemp", refuse):
            folder = mpl.get_cachedir()
    except OSError:  # there is no place for it, and so for nothing else
        folder = os.devnull
        mpl.get_cachedir = mpl.get_configdir = lambda: folder

    def cache() -> Path:
        version = sys.modules["matplotlib.font_manager"].FontManager.__version__
        return Path(folder, f"fontlist-v{version}.json")

    # Below no folder it finds no list of fonts, and saves none.
    with _replaced(mpl, "get_cachedir", lambda: folder if cache().is_file() else os.devnull):
        fonts: Any = importlib.import_module("matplotlib.font_manager")
    if folder != os.devnull and not os.path.lexists(cache()):
        with _signals_wait():
            fonts.json_dump(fonts.fontManager, cache())


@contextmanager
def _replaced(module: Any, name: str, function: Callable[..., Any]) -> Iterator[None]:
    """Have a function of a module replaced meanwhile."""
    own = getattr(module, name)
    setattr(module, name, function)
    try:
        yield
    finally:
        setattr(module, name, own)


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Have signals that stop the program do so afterwards. To block them would not do: other
    threads, such as NumPy's, would take them.
    """
    came: list[int] = []
    own = {number: signal.getsignal(number) for number in SIGNALS}
    waiting = [number for number in SIGNALS if own[number] not in {signal.SIG_IGN, None}]
    try:
        for number in waiting:
            signal.signal(number, lambda number, _: came.append(number))
    except ValueError:  # only the main thread may: what is not it gets no signals
        waiting = []
    try:
        yield
    finally:
        for number in waiting:
            signal.signal(number, own[number])
        for number in came:
            os.kill(os.getpid(), number)


def leave_on_signals(program: str) -> None:
    """Have the program of that name leave at these signals from now on, but for those that are
    ignored, as nohup wants it. Nothing unfinished stays, and one line says so.
    """
    from plotting.encoders.atomic import UNFINISHED  # noqa: PLC0415 - after the imports
    from plotting.encoders.pictures import new_pictures  # noqa: PLC0415

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

    for number in SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, leave)
