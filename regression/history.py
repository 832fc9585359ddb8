"""A run as it is kept: its snapshots as one array, the epochs that are drawn, a table on disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from os import PathLike

import numpy as np
import numpy.typing as npt

from regression.analysis.convergence import Convergence, analyse
from regression.checks import MAX_COUNT, Number
from regression.line import cost
from regression.sgd import Settings, Snapshot, Step, Training

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


def record_steps(convergence: Convergence, steps: Sequence[Step]) -> History:
    """Return the start, numbered 0, and the line after each step as if each were an epoch."""
    start = Snapshot(0, *convergence.settings.start, convergence.start_cost)
    return record([start, *(Snapshot(step.number, *step.after, step.cost) for step in steps)])


def snapshots_of(history: History) -> list[Snapshot]:
    """Return the array's rows as snapshots again."""
    return [Snapshot(*row) for row in history.tolist()]


def drawn(history: History, display_step: int, *, frames: int | None = None) -> History:
    """Return the epochs that become frames: the start, if it is there as epoch 0, the first ten,
    every display_step-th, the last; where `frames` is given, so many, as epochs_to_draw() does.

    The tutorial's rule, which counts from 0: e < 10 or e % display_step == 0.

    >>> from regression import noisy_line, train
    >>> history = record(train(noisy_line(), lr=0.001, epochs=100))
    >>> drawn(history, 40)["epoch"].tolist()
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 41, 81, 100]
    """
    if frames:
        return epochs_to_draw(history, frames=frames)
    e = history["epoch"] - 1
    keep = (e < FIRST_EPOCHS) | (e % display_step == 0)
    keep[-1:] = True
    chosen: History = history[keep]
    return chosen


def epochs_to_draw(history: History, *, frames: int) -> History:
    """Return `frames` epochs of the history, or all if it has no more: the first ones and the
    last, and between them epochs in growing steps, since most happens at the beginning.

    The first FIRST_EPOCHS after the start are kept, or half the frames where there are fewer
    than twice as many. Raises UserError for fewer than two frames.

    >>> from regression import noisy_line, train
    >>> history = finish(train(noisy_line(), lr=0.0001, epochs=500)).history
    >>> epochs_to_draw(history, frames=9)["epoch"].tolist()
    [0, 1, 2, 3, 21, 66, 152, 292, 500]
    """
    Number(int, 2, MAX_COUNT, "a whole number of frames, 2 or more").check("frames", frames)
    count = len(history)
    if frames >= count:
        return history
    first = min(FIRST_EPOCHS + 1, max(1, frames // 2))
    # Equal steps in the cube root: growing, but not so fast that the last step is half the run.
    roots = np.linspace((first - 1) ** (1 / 3), (count - 1) ** (1 / 3), frames - first + 1)
    places = [*range(first), *np.round(roots[1:] ** 3).astype(int).tolist()]
    for index in range(1, frames):  # early steps may be shorter than an epoch
        places[index] = max(places[index], places[index - 1] + 1)
    chosen: History = history[np.minimum(places, count - frames + np.arange(frames))]
    return chosen


def write_history(path: str | PathLike[str] | int, histories: Mapping[str, History]) -> None:
    """Write every epoch as CSV; repr gives the shortest digits that read back the same. Where
    there are several histories, the first column has their names.

    `path` may be the descriptor of an open file, which stays open.
    """
    several, names = len(histories) > 1, SNAPSHOT.names or ()
    with open(path, "w", encoding="utf-8", newline="\n", closefd=not isinstance(path, int)) as file:
        file.write(",".join(("run", *names) if several else names) + "\n")
        for name, history in histories.items():
            first = f'"{name}",' if several else ""
            file.writelines(f"{first}{e},{w!r},{b!r},{c!r}\n" for e, w, b, c in history.tolist())


@dataclass(frozen=True)
class Run:
    """A training that is finished: all that is known of it, and all that drawing it needs."""

    settings: Settings
    convergence: Convergence
    history: History
    """The start as epoch 0, and all epochs: none of a run that overflowed in its first."""
    steps: Sequence[Step] = ()
    """The first ones, as many as were wanted."""
    trained: Run | None = None
    """The same run in the units of training; None where these are the data's own."""

    @property
    def as_trained(self) -> Run:
        """The run in the units of training: there the plane of W and b is drawn."""
        return self.trained or self

    @property
    def last(self) -> Snapshot | None:
        """The last epoch; None for a run that overflowed in its first."""
        last = snapshots_of(self.history[-1:])[0]
        return last if last.epoch > 0 else None

    @property
    def overflowed(self) -> bool:
        """Whether the run ended before its last epoch, since its numbers had become too large."""
        return self.last is None or self.last.epoch < self.settings.epochs

    def __repr__(self) -> str:
        line = "overflowed in epoch 1"
        if self.last is not None:
            epoch, weight, bias, cost_now = self.last
            line = f"epoch {epoch}: W {weight:.4g}, b {bias:.4g}, cost {cost_now:.4g}"
        return f"<run at lr {self.settings.lr:g}, {line}>"


def what_differs(runs: Sequence[Run]) -> list[str]:
    """Return for each run, in few words, the settings in which the runs are not alike; runs that
    are alike are numbered.

    >>> from regression import noisy_line, train
    >>> data = noisy_line()
    >>> what_differs([finish(train(data, lr=lr, epochs=3)) for lr in (0.001, 0.0002)])
    ['learning rate 0.001', 'learning rate 0.0002']
    """
    settings = [run.as_trained.settings for run in runs]
    described: list[list[str]] = [
        [f"learning rate {each.lr:.4g}" for each in settings],
        [f"{each.batch_size:,} point{'s' * (each.batch_size > 1)} a step" for each in settings],
        [f"start W = {each.start.weight:.4g}" for each in settings],
        [f"start b = {each.start.bias:.4g}" for each in settings],
        ["shuffled each epoch" if each.shuffled else "fixed order" for each in settings],
        ["not standardized" if run.trained is None else "standardized" for run in runs],
        [f"{each.epochs:,} epoch{'s' * (each.epochs > 1)}" for each in settings],
    ]
    different = [texts for texts in described if len(set(texts)) > 1]
    if not different:
        return [f"run {number}" for number in range(1, len(runs) + 1)]
    return [", ".join(texts) for texts in zip(*different)]


def finish(training: Training, steps: int = 0) -> Run:
    """Return the run after going through it, with so many steps of its first epoch at most.

    >>> from regression import noisy_line, train
    >>> finish(train(noisy_line(), lr=0.001, epochs=100))
    <run at lr 0.001, epoch 100: W 1.134, b -2.202, cost 41.62>
    """
    data, settings = training.data, training.settings
    start = Snapshot(0, *settings.start, cost(settings.start, data))
    history = record(chain([start], training))
    first = training.first_steps(steps) if steps else ()
    return Run(settings, analyse(data, settings), history, first)
