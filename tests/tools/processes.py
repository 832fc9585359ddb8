"""Commands in processes of their own, one at a time: how long, how much memory, what went wrong.

This module and those that launch with it import the standard library alone. A new process starts
as a copy of its parent, whose memory the system counts as the first of the child's.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread

ROOT = Path(__file__).parents[2]
SAMPLE_S = 0.02
MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024

Command = Sequence[str]


@dataclass(frozen=True)
class Run:
    """What a command took, in wall seconds and MB (10^6 bytes); `error` is "" unless it failed.

    Memory is the peak of the resident sizes of the process and all that it started, together.
    """

    seconds: float
    peak_mb: float
    error: str = ""


def python(*arguments: object) -> list[str]:
    """Return the command that runs this interpreter with the arguments."""
    return [sys.executable, *map(str, arguments)]


def run(command: Command) -> Run:
    """Run a command in the project's folder; return what it took, start to end."""
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL, stderr=said
        )
        with _tree_peaks(process.pid) as peaks:
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        lines = said.read().strip().splitlines() or [f"exit status {process.returncode}"]
    # Sampling sees all processes but may miss a short peak, which the system notes for each.
    peak = max(usage.ru_maxrss * MAXRSS_BYTES, *peaks, 0)
    return Run(seconds, peak / 1e6, lines[-1].strip() if process.returncode else "")


def alternate(commands: Mapping[str, Command], runs: int) -> dict[str, Run]:
    """Return the medians of each command's runs, all commands taken in turn, `runs` times.

    A command that fails is not tried again; its failed run comes back.
    """
    taken: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(runs):
        for name, command in commands.items():
            if not any(done.error for done in taken[name]):
                print(f"run {number + 1} of {runs}: {name}", file=sys.stderr)
                taken[name].append(run(command))
    return {name: _middle(done) for name, done in taken.items()}


def output(command: Command) -> str:
    """Return what a command prints, run in the project's folder; raises when it fails."""
    return subprocess.run(
        command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def _middle(runs: Sequence[Run]) -> Run:
    if runs[-1].error:
        return runs[-1]
    return Run(median(run.seconds for run in runs), median(run.peak_mb for run in runs))


def _environment() -> dict[str, str]:
    """Return what the commands see: no window, and modules compiled once, as a user has it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"MPLBACKEND": "agg"}


@contextmanager
def _tree_peaks(pid: int) -> Iterator[list[int]]:
    """Give a list that a process's bytes are added to while the block runs, with all it started.

    It stays empty on a system without /proc.
    """
    sums: list[int] = []
    ended = Event()

    def watch() -> None:
        while not ended.wait(SAMPLE_S):
            sums.append(sum(map(_resident_bytes, _tree(pid))))

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield sums
    finally:
        ended.set()
        thread.join()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for child in _read(f"/proc/{pid}/task/{pid}/children").split():
        yield from _tree(int(child))


def _resident_bytes(pid: int) -> int:
    pages = _read(f"/proc/{pid}/statm").split()
    return int(pages[1]) * os.sysconf("SC_PAGE_SIZE") if pages else 0


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError:  # the process has ended meanwhile
        return ""
