"""All that is told of some runs, as it was last read through: told.txt, which
`python -m tests.regression.test_told` makes anew. The numbers in it have tests of their own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from regression import (
    START,
    Dataset,
    Line,
    advice,
    auto_choice,
    best_rate,
    divergence,
    explanation,
    last_of,
    noisy_line,
    convergence,
    rate_warning,
    safe_rate,
    summary,
    train,
    record_all,
)

TOLD = Path(__file__).with_name("told.txt")

POINTS = noisy_line()
YEARS = Dataset(np.arange(2000.0, 2020.0), np.arange(20.0) % 7, "year", "rain")
TWO = Dataset(np.array([0.0, 1.0]), np.array([1.0, 3.0]))

RUNS: dict[str, tuple[Dataset, dict[str, Any]]] = {
    "the tutorial's": (POINTS, {"lr": 0.0001, "epochs": 500}),
    "one epoch": (POINTS, {"lr": 0.0001, "epochs": 1}),
    "arrived": (POINTS, {"lr": 0.001, "epochs": 500}),
    "at the safe rate": (POINTS, {"lr": safe_rate(POINTS), "epochs": 500}),
    "at the best rate": (POINTS, {"lr": best_rate(POINTS, epochs=500, start=START), "epochs": 500}),
    "at the best rate of one epoch": (
        POINTS,
        {"lr": best_rate(POINTS, epochs=1, start=START), "epochs": 1},
    ),
    "settles on nonsense": (POINTS, {"lr": 0.02, "epochs": 500}),
    "diverges slowly": (POINTS, {"lr": 0.031, "epochs": 20}),
    "overflows": (POINTS, {"lr": 0.05, "epochs": 500}),
    "overflows in its last epoch": (POINTS, {"lr": 0.05, "epochs": 17}),
    "one epoch from arriving": (POINTS, {"lr": 0.0001, "epochs": 1794}),
    "arriving": (POINTS, {"lr": 0.0001, "epochs": 1795}),
    "overflows at once": (POINTS, {"lr": 1e300, "epochs": 500}),
    "a rate too small to tell": (POINTS, {"lr": 1e-300, "epochs": 500}),
    "batches": (POINTS, {"lr": 0.001, "epochs": 500, "batch_size": 8}),
    "one batch, too fast": (POINTS, {"lr": 0.03, "epochs": 9, "batch_size": 50}),
    "shuffled, at the best rate": (POINTS, {"lr": 0.000368, "epochs": 500, "shuffled": True}),
    "at best the safe rate": (POINTS, {"lr": 0.0099, "epochs": 4}),
    "one batch": (POINTS, {"lr": 0.01, "epochs": 500, "batch_size": 50}),
    "shuffled": (POINTS, {"lr": 0.0001, "epochs": 500, "shuffled": True}),
    "shuffled, arrived": (POINTS, {"lr": 0.001, "epochs": 500, "shuffled": True}),
    "shuffled, above the safe rate": (POINTS, {"lr": 0.05, "epochs": 500, "shuffled": True}),
    "shuffled, one batch": (
        POINTS,
        {"lr": 0.01, "epochs": 500, "batch_size": 50, "shuffled": True},
    ),
    "years": (YEARS, {"lr": 1e-7, "epochs": 500}),
    "two points": (TWO, {"lr": 0.1, "epochs": 500}),
    "two points, nothing better": (TWO, {"lr": 0.4, "epochs": 10_000}),
    "from the answer": (TWO, {"lr": 0.1, "epochs": 3, "start": Line(2.0, 1.0)}),
}


def told() -> str:
    """Return all that is told of the runs."""
    return "\n".join(line for name, run in RUNS.items() for line in _lines(name, *run))


def _lines(name: str, data: Dataset, run: dict[str, Any]) -> Iterator[str]:
    expected = outlook(data, **run)
    shuffle = np.random.default_rng(0) if run.get("shuffled") else None
    settings = {key: value for key, value in run.items() if key != "shuffled"}
    end = last_of(record_all(train(data, **settings, shuffle=shuffle)))
    yield f"===== {name}: {run}"
    if "best" in name:
        yield f"chosen:   {auto_choice(expected)}"
    yield f"before:   {rate_warning(expected)}"
    yield f"after:    {divergence(expected, end)}"
    yield from summary(expected, end)
    yield explanation(expected, end, advice(data, expected), "--out a.gif")
    yield ""


def test_what_is_told_is_what_was_read_through() -> None:
    assert told() == TOLD.read_text("utf-8")


if __name__ == "__main__":
    TOLD.write_text(told(), "utf-8")
