"""How fast, small and true the program renders, beside the usual ways on the same snapshots.

python -m tests.tools.render [--runs N] [--quick]

Each way runs in a process of its own. Seconds are wall time of the whole process, imports
included, median of the runs, the ways taken in turn. Memory is the peak of the process and of
the encoder it started, together. PSNR and flickering (pixels a frame that change although the
true picture does not) are against the frames that the same way draws, before encoding; a frame
without any error counts as 100 dB.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.tools import render_goals as goals
from tests.tools.benchmarks import table
from tests.tools.processes import python, run
from tests.tools.render_ways import Row, main_py, measure_ways


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print. Returns 0 when every goal that was measured is met, else 1."""
    args = parse(argv)
    with TemporaryDirectory() as name:
        rows, reached = measure(Path(name), args.runs, quick=args.quick)
    print(way_table(rows), goal_table(reached), sep="\n\n")
    return int(any(goal.met is False for goal in reached))


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.tools.render", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="of each way (default: 1)")
    parser.add_argument("--quick", action="store_true", help="leave out the ways that are slow")
    args = parser.parse_args(argv)
    if args.runs < 1:
        parser.error(f"argument --runs: {args.runs} is not 1 or more")
    return args


def measure(folder: Path, runs: int, *, quick: bool) -> tuple[list[Row], list[goals.Goal]]:
    """Return the rows of the ways and all goals, measured one after the other."""
    # Whatever a first run leaves behind, such as compiled modules, is not part of the figures.
    first = run(python(*main_py(epochs=1), folder / "first.gif"))
    if first.error:
        sys.exit(f"main.py fails: {first.error}")
    sections = (
        goals.of_start,
        goals.of_memory,
        goals.of_length,
        goals.of_views,
        goals.of_size,
        goals.of_page,
    )
    reached = [goal for section in sections for goal in section(folder)]
    rows = measure_ways(folder, runs, quick=quick)
    return rows, [*goals.of_ways(rows), *reached]


def way_table(rows: Sequence[Row]) -> str:
    """Return the ways as a Markdown table."""
    head = ("500 frames", "seconds", "peak MB", "file MB", "mean dB", "worst dB", "flicker px", "")
    lines = []
    for row in rows:
        figures = (
            (row.seconds, ".2f"),
            (row.peak_mb, ".0f"),
            (row.file_bytes and row.file_bytes / 1e6, ".2f"),
            (row.mean_psnr, ".1f"),
            (row.worst_psnr, ".1f"),
            (row.flickering, ".1f"),
        )
        cells = ["" if figure is None else f"{figure:{form}}" for figure, form in figures]
        lines.append([row.way, *cells, row.failed])
    return table(head, lines)


def goal_table(reached: Sequence[goals.Goal]) -> str:
    """Return the goals as a Markdown table."""
    words = {True: "yes", False: "NO", None: "not measured"}
    lines = []
    for goal in reached:
        measured = "" if goal.measured is None else f"{goal.measured:.2f}"
        limit = f"{goal.relation} {goal.limit:g}"
        lines.append([goal.name, measured, limit, words[goal.met], goal.detail])
    return table(("main.py", "measured", "goal", "met", ""), lines)


if __name__ == "__main__":
    sys.exit(main())
