"""What tests of the whole program share: running it, here or as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent


class Done(NamedTuple):
    """What a run of the program left: its exit code, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


Call = Callable[..., Done]
"""Calls main() with options, in an empty folder; see the fixture of that name."""


def run(
    folder: Path, *options: str, environment: Mapping[str, str | None] = {}, **how: Any
) -> subprocess.CompletedProcess[str]:
    """Return what the program gave, started in the folder with warnings as errors.

    For signals, pipes, surroundings and exit codes; a call does for the rest, in a tenth of the
    time. `environment` changes variables, and removes those that are None.
    """
    variables = {**os.environ, **environment}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "main.py"), *options],
        cwd=folder,
        env={name: value for name, value in variables.items() if value is not None},
        text=True,
        check=False,
        **streams | how,
    )
