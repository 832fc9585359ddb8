"""How long training takes as the points grow, in their order and shuffled, beside scikit-learn and
PyTorch; how long the best rate takes to find; reading a CSV.

Run as `python -m tests.tools.train`. What is not installed is left out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import numpy as np

from regression import START, Dataset, Line, noisy_line, read_csv, train
from tests.tools.benchmarks import table

LR = 1e-4
EPOCHS = 500
SIZES = [10**exponent for exponent in range(2, 7)]
SHUFFLED_EPOCHS = 20
SHUFFLED_SIZES = SIZES[-3:]
BATCH_SIZES = (1, 32)
TORCH_STEPS = 5_000
"""One sample a step takes PyTorch about 0.1 ms, so its time is scaled up from these."""

Row = dict[str, float | None]


def ours(data: Dataset) -> Line:
    """Return the line at the end of the run."""
    *_, last = train(data, lr=LR, epochs=EPOCHS)
    return last.line


def ours_shuffled(data: Dataset, batch_size: int = 1) -> Line:
    """Return the line at the end of a shuffled run."""
    *_, last = train(data, lr=LR, epochs=SHUFFLED_EPOCHS, batch_size=batch_size, shuffle=True)
    return last.line


def ours_auto(data: Dataset) -> Line:
    """Return the line at the end of a shuffled run at the rate that suits it best."""
    *_, last = train(data, lr="auto", epochs=SHUFFLED_EPOCHS, shuffle=True)
    return last.line


def scikit_learn(data: Dataset, shuffled: bool = False) -> Line:
    """Return the line of the same run; eta0 is twice the rate, as its loss is half ours. It takes
    a step for each single point.
    """
    model = import_module("sklearn.linear_model").SGDRegressor(
        penalty=None,
        learning_rate="constant",
        eta0=2 * LR,
        shuffle=shuffled,
        max_iter=SHUFFLED_EPOCHS if shuffled else EPOCHS,
        tol=None,
    )
    start = {"coef_init": np.array([START.weight]), "intercept_init": np.array([START.bias])}
    model.fit(data.x[:, None], data.y, **start)
    return Line(float(model.coef_[0]), float(model.intercept_[0]))


def torch_seconds(data: Dataset) -> float:
    """Return what the plain loop, one sample a step, would take for all epochs: scaled up."""
    torch = import_module("torch")
    weight = torch.tensor(START.weight, dtype=torch.float64, requires_grad=True)
    bias = torch.tensor(START.bias, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([weight, bias], lr=LR)
    xs, ys = torch.from_numpy(data.x.copy()), torch.from_numpy(data.y.copy())
    begin = time.perf_counter()
    for step in range(TORCH_STEPS):
        x, y = xs[step % len(data)], ys[step % len(data)]
        optimizer.zero_grad()
        ((weight * x + bias - y) ** 2).backward()
        optimizer.step()
    return (time.perf_counter() - begin) * len(data) * EPOCHS / TORCH_STEPS


def timed(run: Callable[[Dataset], Line], data: Dataset) -> tuple[float, Line]:
    """Return the seconds of one run, and its result."""
    begin = time.perf_counter()
    result = run(data)
    return time.perf_counter() - begin, result


def training_row(points: int) -> Row:
    """Return medians over alternating runs: fewer of them where one takes many seconds."""
    data = noisy_line(points)
    repeats = 5 if points < 10**5 else 3
    mine, theirs = [], []
    for _ in range(repeats):
        mine.append(timed(ours, data))
        if find_spec("sklearn"):
            theirs.append(timed(scikit_learn, data))
    seconds = median(taken for taken, _ in mine)
    row: Row = {"points": points, "ours": seconds, "sklearn": None, "ratio": None}
    row["difference"] = None
    if theirs:
        other = median(taken for taken, _ in theirs)
        (_, a), (_, b) = mine[0], theirs[0]
        difference = max(abs(p - q) / abs(q) for p, q in zip(a, b))
        row |= {"sklearn": other, "ratio": other / seconds, "difference": difference}
    row["torch"] = torch_seconds(data) if find_spec("torch") else None
    return row


def shuffled_row(points: int) -> Row:
    """Return medians over alternating runs with batches of 1 and 32 and of scikit-learn's with 1,
    and the seconds with the rate "auto".
    """
    data = noisy_line(points)
    runs: dict[str, Callable[[Dataset], Line]] = {
        f"batch {size}": partial(ours_shuffled, batch_size=size) for size in BATCH_SIZES
    }
    runs["auto"] = ours_auto
    if find_spec("sklearn"):
        runs["sklearn"] = partial(scikit_learn, shuffled=True)
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(5):
        for name, run in runs.items():
            seconds[name].append(timed(run, data)[0])
    return {"points": points, **{name: median(taken) for name, taken in seconds.items()}}


def reading_row(rows: int = 10**6) -> Row:
    """Return speed and peak memory of reading a CSV, both in MB (10^6 bytes), in a process of
    their own each: tracing memory slows the reading down.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.csv"
        data = noisy_line(rows)
        with open(path, "w", encoding="ascii") as file:
            file.write("x,y\n")
            file.writelines(f"{x!r},{y!r}\n" for x, y in zip(data.x.tolist(), data.y.tolist()))
        size = path.stat().st_size / 1e6
        seconds = median(_in_a_process("seconds", path) for _ in range(3))
        return {
            "rows": rows,
            "file_mb": size,
            "mb_per_second": size / seconds,
            "peak_mb": _in_a_process("memory", path),
            "numbers_mb": rows * 16 / 1e6,
        }


def _in_a_process(what: str, path: Path) -> float:
    command = [sys.executable, "-m", "tests.tools.train", "--read", what, str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def read(what: str, path: str) -> float:
    """Return the seconds that reading takes, or the most memory it has in use, in MB."""
    if what == "memory":
        tracemalloc.start()
    begin = time.perf_counter()
    read_csv(path)
    seconds = time.perf_counter() - begin
    return tracemalloc.get_traced_memory()[1] / 1e6 if what == "memory" else seconds


def training_table(rows: list[Row]) -> str:
    """Return what training in order takes as a Markdown table."""
    lines = []
    for row in rows:
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.1f}"
        difference = "" if row["difference"] is None else f"{row['difference']:.0e}"
        cells = [_time(row["ours"]), _time(row["sklearn"]), ratio, difference, _time(row["torch"])]
        lines.append([f"{row['points']:,.0f}", *cells])
    return table(HEAD, lines)


HEAD = ("points", "seconds", "scikit-learn", "times ours", "difference", "PyTorch, scaled up")


def shuffled_table(rows: list[Row]) -> str:
    """Return what shuffled training takes as a Markdown table."""
    names = ("batch 1", "batch 32", "auto", "sklearn")
    lines = [[f"{row['points']:,.0f}", *(_time(row.get(each)) for each in names)] for row in rows]
    return table(("points", "batches of 1", "of 32", "at the best rate", "scikit-learn"), lines)


def _time(seconds: float | None) -> str:
    return "not installed" if seconds is None else f"{seconds:.3g}"


def report(training: list[Row], shuffled: list[Row], reading: Row) -> str:
    """Return all results as text."""
    return (
        f"Training, {EPOCHS} epochs in order at rate {LR:g}, seconds (PyTorch's: {TORCH_STEPS:,} "
        f"steps of one point, scaled up to all):\n\n{training_table(training)}\n\n"
        f"Shuffled, {SHUFFLED_EPOCHS} epochs at rate {LR:g}, and at the best one, seconds:\n\n"
        f"{shuffled_table(shuffled)}\n\n"
        f"Reading a CSV of {reading['rows']:,.0f} rows, {reading['file_mb']:.1f} MB: "
        f"{reading['mb_per_second']:.1f} MB/s, peak {reading['peak_mb']:.1f} MB "
        f"for {reading['numbers_mb']:.1f} MB of numbers."
    )


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--read", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        print(read(*options.read))
        return
    training = [training_row(points) for points in SIZES]
    shuffled = [shuffled_row(points) for points in SHUFFLED_SIZES]
    print(report(training, shuffled, reading_row()))


if __name__ == "__main__":
    main()
