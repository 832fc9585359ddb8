"""All benchmarks in one sitting: the machine, the day and the versions, and then their tables.

python -m tests.tools.benchmarks [--runs N] [FILE...]

The files are CSV tables from anywhere, for `tests.tools.real_files`. Each benchmark can be run by
itself, too: `python -m tests.tools.render`, `formats`, `train`, `real_files`.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.tools.processes import ROOT, python

PACKAGES = ("numpy", "matplotlib", "pillow", "imageio", "scipy", "av", "scikit-learn")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; returns 0 when all were measured and every goal is met, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.tools.benchmarks", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--runs", default="3", metavar="N", help="of each way (default: 3)")
    parser.add_argument("files", nargs="*", metavar="FILE", help="CSV tables to train on")
    args = parser.parse_args(argv)
    print(surroundings(), flush=True)
    benchmarks: dict[str, list[object]] = {
        "render": ["--runs", args.runs],
        "formats": ["--runs", args.runs],
        "train": [],
        **({"real_files": [Path(file).resolve() for file in args.files]} if args.files else {}),
    }
    failed = 0
    for name, arguments in benchmarks.items():
        print(f"\n## {name}\n", flush=True)
        # In a process of its own, with whose small memory those begin that it measures.
        command = python("-m", f"tests.tools.{name}", *arguments)
        done = subprocess.run(command, cwd=ROOT, check=False)
        failed |= done.returncode
    return int(failed != 0)


def surroundings() -> str:
    """Return the machine, the day and the versions, in a sentence each."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{os.cpu_count()} cores ({processor()}, {platform.system()}), load {load}. "
        f"{datetime.now(UTC):%Y-%m-%d}.\n"
        f"Python {platform.python_version()}, {', '.join(found)}."
    )


def processor() -> str:
    """Return its name, as far as the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    widths = [max(3, *map(len, column)) for column in zip(head, *lines)]
    rows = [head, ["-" * width for width in widths], *lines]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"
        for row in rows
    )


if __name__ == "__main__":
    sys.exit(main())
