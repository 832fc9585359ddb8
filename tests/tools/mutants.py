"""Samples of mutmut's mutants, and a table of those that were tried, by file.

Run in a copy of the project where mutmut has made mutants/, as `python -m tests.tools.mutants
--sample 100`, which prints up to so many names of each file, always the same, for `mutmut run`; or
without options, which prints the table.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

MUTANTS = Path("mutants")
KILLED, SURVIVED, NO_TESTS, NOT_TRIED = {1, 3}, 0, 33, None
"""What mutmut notes of a mutant: pytest's exit code, 33 where no test calls its function. Any
other says that it took too long, or crashed."""

SEED = 2026
NORMAL = 1.96
"""Deviations about the mean that hold 95 % of a normal distribution."""


def by_file() -> Iterator[tuple[str, dict[str, int | None]]]:
    """Yield each file that has mutants, and what is noted of each by its name."""
    for path in sorted(MUTANTS.rglob("*.meta")):
        noted = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
        if noted:
            yield str(path.relative_to(MUTANTS).with_suffix("")), noted


def sampled(names: Sequence[str], most: int) -> list[str]:
    """Return so many of the names, or all if there are no more, in order."""
    if len(names) <= most:
        return sorted(names)
    return sorted(random.Random(SEED).sample(sorted(names), most))


def interval(killed: int, tried: int) -> tuple[float, float]:
    """Return the share that is killed of all mutants, from a sample, with 95 % confidence (Wilson,
    Probable Inference, the Law of Succession, and Statistical Inference, 1927).

    >>> [round(end, 3) for end in interval(95, 100)]
    [0.888, 0.978]
    """
    share, square = killed / tried, NORMAL**2
    middle = share + square / (2 * tried)
    half = NORMAL * (share * (1 - share) / tried + square / (4 * tried**2)) ** 0.5
    return (middle - half) / (1 + square / tried), (middle + half) / (1 + square / tried)


def row(file: str, noted: dict[str, int | None], sample: set[str]) -> str:
    """Return the table's row of a file; of those in the sample alone where there is one."""
    tried = [
        code for name, code in noted.items() if code is not NOT_TRIED and name in (sample or noted)
    ]
    survived = sum(code in (SURVIVED, NO_TESTS) for code in tried)
    by_time = len(tried) - survived - sum(code in KILLED for code in tried)
    killed = len(tried) - survived
    share = f"{killed / len(tried):.0%}" if tried else ""
    if 0 < len(tried) < len(noted):
        low, high = interval(killed, len(tried))
        share += f" ({100 * low:.0f} to {100 * high:.0f})"
    cells = (file, len(noted), len(tried), killed, survived, by_time, share)
    return "| " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, metavar="MOST", help="print names of mutants")
    parser.add_argument("--of", type=Path, metavar="FILE", help="names that the table is of")
    options = parser.parse_args()
    if options.sample:
        for _, noted in by_file():
            print(*sampled(list(noted), options.sample), sep="\n")
        return
    sample = set(options.of.read_text("utf-8").split()) if options.of else set()
    print("| file | mutants | tried | killed | survived | of the killed, by time | killed |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for file, noted in by_file():
        print(row(file, noted, sample))


if __name__ == "__main__":
    main()
