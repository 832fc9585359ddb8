"""Random command lines: no traceback, no warning, an exit code that is known, nothing left behind.

python -m tests.tools.options_fuzz [--runs 1000] [--seed 0] [--seconds 20]

Each is of options that help shows, with values that are mostly allowed and sometimes not, mostly
in small sizes. It runs in an empty folder, by itself, and may take so many seconds; then it is
interrupted, as by Ctrl-C. What is found is printed as a command that can be run again.
"""

from __future__ import annotations

import argparse
import random
import shlex
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import main as program
from regression.checks import Choice, Number

ROOT = Path(__file__).parents[2]
CODES = {0, 1, 2, 130}
TEXTS = [
    "",
    "a",
    "-5",
    "--x",
    "gr\u00f6\u00dfe",
    "a\nb",
    "a\tb",
    "%d",
    "\U0001f600",
    "x" * 300,
    "$y$",
]
TABLES = {
    "plain.csv": "x,y\n1,2\n2,3\n3,5\n",
    "german.csv": "Fl\u00e4che;Miete\n30,5;500\n60;900\n75;1.000,5\n",
    "dates.csv": "day,rain\n2020-01-01,1\n2020-02-01,4\n2021-01-01,2\n",
    "line.csv": "x,y\n1,1\n1,2\n",
    "empty.csv": "",
}
FILES = [*TABLES, "missing.csv", ".", "-", "a/b.csv"]
OUTS = ["a.gif", "a.apng", "a.webp", "a.mp4", "a.html", "f%d.png", "sub/a.gif", "a.png", "a.xyz"]
COMMON = {"--epochs": ["1", "2", "7", "40"], "--points": ["2", "3", "20"], "--scale": ["0.8", "1"]}
"""Values that keep most runs short."""


def value_of(option: str, reads: object, rng: random.Random) -> str:
    """Return a value for an option: mostly one that it takes."""
    if rng.random() < 0.05:
        return rng.choice([*TEXTS, "nan", "inf", "1e400", "0", "-1", "1e-320", "9" * 40])
    if option in COMMON and rng.random() < 0.9:
        return rng.choice(COMMON[option])
    if isinstance(reads, Number):
        return _number(reads, rng)
    if isinstance(reads, Choice):
        return rng.choice([*reads.words])
    named = {"--data": FILES, "--x": ["x", "day", "y"], "--y": ["y", "rain", "2"]}
    named |= {"--out": OUTS, "--still": ["s.png", "a.png"], "--history": ["h.csv", "plain.csv"]}
    return rng.choice(named.get(option, TEXTS))


def _number(allowed: Number, rng: random.Random) -> str:
    if allowed.words and rng.random() < 0.2:
        return rng.choice(allowed.words)
    if allowed.kind is int:
        return str(round(min(allowed.high, allowed.low + 10 ** rng.uniform(0, 3))))
    if rng.random() < 0.1:
        return repr(rng.choice([allowed.low, allowed.high]))
    size = 10 ** rng.uniform(-5, 3) * (1 if allowed.low >= 0 else rng.choice([-1, 1]))
    return repr(min(max(size, allowed.low), allowed.high))


def command_line(rng: random.Random) -> list[str]:
    """Return the options of one run."""
    options = [each for group in program.OPTIONS.values() for each in group]
    options = [each for each in options if each[0] != "--show"]  # waits for who closes the window
    words = ["--out", rng.choice(OUTS)] if rng.random() < 0.8 else []
    for flag, reads, default, *_ in rng.sample(options, rng.choice([0, 1, 1, 2, 2, 3, 4, 6])):
        if flag == "--out":
            continue
        words.append(flag)
        if default is not False:
            count = rng.randint(0, 4) if isinstance(default, list) else 1
            words += [value_of(flag, reads, rng) for _ in range(count)]
    if "--epochs" not in words:
        words += ["--epochs", rng.choice(COMMON["--epochs"])]
    if rng.random() < 0.02:
        words.insert(rng.randint(0, len(words)), rng.choice(["--epoch", "-h", "--help", "5", "-x"]))
    return words


def wrong(words: list[str], seconds: float) -> tuple[str, int]:
    """Return what is wrong with a run of these options, or nothing, and its exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for table, text in TABLES.items():
            (folder / table).write_text(text, "utf-8")
        process = subprocess.Popen(
            [sys.executable, "-W", "error", str(ROOT / "main.py"), *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            out, err = (text.decode() for text in process.communicate(timeout=seconds))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            out, err = (text.decode() for text in process.communicate())
        code = process.returncode
        left = [path.name for path in folder.rglob("*") if path.is_file()]
        hidden = [path for path in left if path.startswith(".")]
        changed = [table for table, text in TABLES.items() if (folder / table).read_text() != text]
    found = []
    if code not in CODES:
        found.append(f"exit code {code}")
    if "Traceback" in err or "Warning" in err:
        found.append(err)
    if code == 2 and len(err.splitlines()) != err.count("main.py: "):
        found.append(f"not in lines of its own: {err}")
    if (code == 2 and set(left) - set(TABLES)) or hidden:
        found.append(f"left behind: {left}")
    if code == 0 and "--quiet" in words and any(" " in line for line in out.splitlines()):
        found.append(f"printed although quiet: {out}")
    if [table for table in changed if table not in words]:
        found.append(f"changed: {changed}")
    return "; ".join(found), code


def main() -> int:
    """Run the command lines; return how many of them went wrong, 1 at most."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=20)
    args = parser.parse_args()
    codes: Counter[int] = Counter()
    failed = 0
    for number in range(args.runs):
        words = command_line(random.Random(f"{args.seed}/{number}"))
        what, code = wrong(words, args.seconds)
        codes[code] += 1
        if what:
            failed += 1
            print(f"{number}: python main.py {shlex.join(words)}\n  {what}", flush=True)
    counts = ", ".join(f"{count} with exit code {code}" for code, count in sorted(codes.items()))
    print(f"{args.runs} runs: {counts}; {failed} went wrong")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
