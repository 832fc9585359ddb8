"""What is kept of a training: its snapshots as one array, the epochs worth drawing, a table."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

import numpy as np
import numpy.typing as npt

from regression.line import cost
from regression.sgd import Snapshot
from regression.training import Training

SNAPSHOT = np.dtype([("epoch", "i8"), ("weight", "f8"), ("bias", "f8"), ("cost", "f8")])
"""32 bytes an epoch, in the order of Snapshot's fields."""

History = npt.NDArray[np.void]

FIRST_EPOCHS = 10
"""The line moves most at first, so these are all drawn."""


def record(snapshots: Iterable[Snapshot]) -> History:
    """Return the snapshots as a structured array of shape (epochs,) and dtype SNAPSHOT.

    >>> from regression import noisy_line, train
    >>> record(train(noisy_line(), lr=0.001, epochs=100)).shape
    (100,)
    """
    return np.fromiter(snapshots, dtype=SNAPSHOT)


def whole_run(training: Training) -> History:
    """Return all epochs of the run; of one that overflows in its first, the start as epoch 0."""
    history = record(training)
    if len(history):
        return history
    return record([Snapshot(0, *training.start, cost(training.start, training.data))])


def snapshots_of(history: History) -> list[Snapshot]:
    """Return the array's rows as snapshots again."""
    return [Snapshot(*row) for row in history.tolist()]


def last_of(history: History) -> Snapshot | None:
    """Return the last epoch; None where the history is the start alone."""
    last = snapshots_of(history[-1:])[0]
    return last if last.epoch > 0 else None


def drawn(history: History, display_step: int) -> History:
    """Return the epochs that become frames: the first ten, every display_step-th, the last.

    The tutorial's rule, which counts from 0: e < 10 or e % display_step == 0.

    >>> from regression import noisy_line, train
    >>> history = record(train(noisy_line(), lr=0.001, epochs=100))
    >>> drawn(history, 40)["epoch"].tolist()
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 41, 81, 100]
    """
    e = history["epoch"] - 1
    keep = (e < FIRST_EPOCHS) | (e % display_step == 0)
    keep[-1:] = True
    chosen: History = history[keep]
    return chosen


def write_history(path: str | PathLike[str], history: History) -> None:
    """Write every epoch as CSV; repr gives the shortest digits that read back the same."""
    with open(path, "w", encoding="ascii", newline="\n") as file:
        file.write(",".join(SNAPSHOT.names or ()) + "\n")
        file.writelines(f"{e},{w!r},{b!r},{c!r}\n" for e, w, b, c in history.tolist())
