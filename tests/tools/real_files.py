"""What becomes of files as their publishers give them away, trained plainly and standardized.

Run as `python -m tests.tools.real_files FILE...`; prints a Markdown table. Excess cost is how far
the last line's cost is above the lowest possible, in percent of that. "epochs to 1%" is after how
many epochs the cost comes, and from there on stays, within 1% of the lowest.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np

from regression import Dataset, Line, cost, least_squares, read_csv, train
from regression.checks import UserError
from regression.data import Scale
from regression.sgd import Training

LR, EPOCHS = 1e-4, 500
"""Of the plain way; the standardized one has as many epochs, and chooses its rate."""

COLUMNS: dict[str, tuple[str | int, str | int]] = {
    "E6": ("Dp", "R"),
    "data": ("lrm", "lry"),  # statsmodels' name for its file of Danish data
    "diabetes_data_raw": (3, 4),
    "fair_pt": ("age", "nmarried"),
    "iris": (3, 4),
    "macrodata": ("year", "realgdp"),
    "modechoice": ("ttme", "gc"),
    "seattle-weather": ("temp_max", "temp_min"),
    "spector": ("'GPA'", "'TUCE'"),
    "unemp": ("Year", "Value"),
}
"""By the name of a file without its suffix: x and y, where the first two columns of numbers mean
nothing together.
"""


def read(path: Path) -> Dataset:
    """Return the points of a file."""
    return read_csv(path, *COLUMNS.get(path.name.split(".")[0], (None, None)))


def outcome(data: Dataset, training: Training, scale: Scale | None) -> tuple[str, str]:
    """Return the excess cost of a training's last line, and its epochs to 1%, in words.

    scale: the units of the training, when these are not the data's own.
    """
    lowest = cost(least_squares(data), data)
    excess = [math.inf]
    for snapshot in training:
        weight, bias = snapshot.weight, snapshot.bias
        line = Line(*(scale.line_in_units(weight, bias) if scale else (weight, bias)))
        excess.append(100 * (cost(line, data) - lowest) / lowest)
    if len(excess) <= EPOCHS:
        return f"diverged in epoch {len(excess)}", "never"
    above = np.flatnonzero(~(np.array(excess) <= 1))
    arrived = f"{above[-1] + 1:,}" if above[-1] < EPOCHS else f"over {EPOCHS}"
    return f"{max(excess[-1], 0):.3g}", arrived


def row(path: Path) -> str:
    """Return a file's row of the table."""
    try:
        data = read(path)
    except UserError as error:
        return f"| {path.name} | {str(error).removeprefix(f'{path}: ')} | | | | |"
    scale = Scale.of(data)
    plain = outcome(data, train(data, lr=LR, epochs=EPOCHS), None)
    standardized = train(scale.standardized(data), lr="auto", epochs=EPOCHS)
    columns = f"{path.name}: {data.y_name} by {data.x_name}"
    cells = [columns, f"{len(data):,}", *plain, *outcome(data, standardized, scale)]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    print("| file | points | plain: excess cost, % | epochs to 1% | standardized: excess | to 1% |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for path in sys.argv[1:]:
        print(row(Path(path)))


if __name__ == "__main__":
    main()
