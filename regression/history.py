"""A run as it is kept: its snapshots as one array, the epochs that are drawn, a table on disk."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise
from os import PathLike

import numpy as np
import numpy.typing as npt

from regression.analysis.convergence import (
    Convergence,
    Ending,
    Suggestion,
    analyse,
    cost_by_rate,
    suggestion,
    suggestion_standardized,
)
from regression.analysis.directions import steps_of_epoch
from regression.checks import COUNT, MAX_COUNT, Number
from regression.data import Dataset, Floats, Scale
from regression.line import Line, cost
from regression.sgd import Settings, Snapshot, Step, Training, in_units

SNAPSHOT = np.dtype([("epoch", "i8"), ("weight", "f8"), ("bias", "f8"), ("cost", "f8")])
"""32 bytes an epoch, in the order of Snapshot's fields."""

History = npt.NDArray[np.void]

ROWS_AT_ONCE = 10_000
"""Of a table, as Python's own numbers: of ten million all would take 2 GB."""

MANY_EPOCHS = 100_000
"""Epochs that are all drawn: of more, curves and paths are drawn through some."""

PIECES, FIRST_KEPT = 4000, 1000
"""Pieces of a long run of which the ends are kept, twice, and how many epochs are kept at the
beginning and at the end."""

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


def cycle(data: Dataset, run: Convergence) -> History | None:
    """Return the closed loop that the steps of an epoch run round at the limit: the limit,
    numbered 0, and the line after each step, the last of which is the limit again. None where
    there is no limit, for a shuffled run, which hovers instead, and for one of more than MAX_STEPS.

    Its width in W is np.ptp(loop["weight"]), and so on for "bias" and "cost".

    >>> from regression import analyse, noisy_line, train
    >>> data = noisy_line()
    >>> loop = cycle(data, analyse(data, train(data, lr=0.005, epochs=500).settings))
    >>> [round(float(end), 3) for end in (loop["weight"].min(), loop["weight"].max())]
    [0.994, 1.241]
    """
    settings = run.settings
    if run.limit is None or settings.shuffled:
        return None
    lines = steps_of_epoch(data, settings, run.limit)
    if len(lines) == 1:  # an epoch has more steps than are gone through
        return None
    loop: History = np.zeros(len(lines), dtype=SNAPSHOT)
    loop["epoch"] = np.arange(len(lines))
    loop["weight"], loop["bias"] = lines.T
    loop["cost"] = run.cost(loop["weight"], loop["bias"])
    return loop


def rows_of(history: History, epochs: npt.ArrayLike) -> npt.NDArray[np.intp]:
    """Return where the epochs stand in the history: in place of one that it does not have, the
    last one before.
    """
    return np.searchsorted(history["epoch"], epochs, side="right") - 1


def row_of(history: History, epoch: int) -> Snapshot:
    """Return the snapshot of an epoch that the history has."""
    return Snapshot(*history[rows_of(history, epoch)].tolist())


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
    COUNT.check("display_step", display_step)
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
    if frames >= len(history):
        return history
    # By their numbers: a thinned history has not all of them.
    start, end = int(history["epoch"][0]), int(history["epoch"][-1])
    count = end - start + 1
    first = min(FIRST_EPOCHS + 1, max(1, frames // 2))
    # Equal steps in the cube root: growing, but not so fast that the last step is half the run.
    roots = np.linspace((first - 1) ** (1 / 3), (count - 1) ** (1 / 3), frames - first + 1)
    places = [*range(first), *np.round(roots[1:] ** 3).astype(int).tolist()]
    for index in range(1, frames):  # early steps may be shorter than an epoch
        places[index] = max(places[index], places[index - 1] + 1)
    epochs = start + np.minimum(places, count - frames + np.arange(frames))
    chosen: History = history[rows_of(history, epochs)]
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
            for start in range(0, len(history), ROWS_AT_ONCE):
                rows = history[start : start + ROWS_AT_ONCE].tolist()
                file.writelines(f"{first}{e},{w!r},{b!r},{c!r}\n" for e, w, b, c in rows)


@dataclass(frozen=True)
class Run:
    """A training that is finished: all that is known of it, and all that drawing it needs."""

    data: Dataset
    settings: Settings
    convergence: Convergence
    history: History
    """The start as epoch 0, and all epochs: none of a run that overflowed in its first."""
    steps: Sequence[Step] = ()
    """The first ones, as many as were wanted."""
    loop: History | None = None
    """The closed loop at its limit, as cycle() gives it; None where there is none, or where it
    has more than MAX_STEPS steps."""
    trained: Run | None = None
    """The same run in the units of training; None where these are the data's own."""

    @property
    def as_trained(self) -> Run:
        """The run in the units of training: there the plane of W and b is drawn."""
        return self.trained or self

    @cached_property
    def cost_factor(self) -> float:
        """What makes a cost in the units of training one in the data's own: 1 where these are
        the same.
        """
        return Scale.of(self.data).cost_factor if self.trained else 1.0

    def costs_at(self, rates: Floats) -> Floats:
        """Return what the run would cost after its epochs at each of the rates, shape (rates,), in
        the data's own units: see cost_by_rate().
        """
        trained = self.as_trained
        with np.errstate(over="ignore"):  # to inf, as where the numbers are larger still
            return self.cost_factor * cost_by_rate(trained.data, trained.settings, rates)

    @cached_property
    def average_cost(self) -> float | None:
        """What the line after the epochs of a shuffled run costs, on average over orders: more
        than the mean line. None for a run that does not hover, or where it leaves float64.
        """
        if not self.convergence.hovers:
            return None
        (cost_now,) = self.costs_at(np.array([self.settings.lr])).tolist()
        return cost_now if math.isfinite(cost_now) else None

    @property
    def last(self) -> Snapshot | None:
        """The last epoch; None for a run that overflowed in its first."""
        last = snapshots_of(self.history[-1:])[0]
        return last if last.epoch > 0 else None

    @property
    def ending(self) -> Ending:
        """How the run ended: what the sentences about it depend on."""
        trained = self.as_trained
        return trained.convergence.ending(trained.last)

    @property
    def overflowed(self) -> bool:
        """Whether the run ended before its last epoch, since its numbers had become too large."""
        return self.ending is Ending.OVERFLOWED

    @property
    def overflow_epoch(self) -> int:
        """The epoch after the last one, in which an overflowed run ended."""
        return int(self.history["epoch"][-1]) + 1

    @property
    def progress(self) -> float | None:
        """The share of the distance from start to limit that is covered, in the plane of W and b
        of training; None where there is no limit.
        """
        trained = self.as_trained
        return None if trained.last is None else trained.convergence.progress(trained.last.line)

    @property
    def epochs_left(self) -> int | None:
        """How many more epochs until the run has converged; 0 when it has, None if it does not."""
        trained = self.as_trained
        return None if trained.last is None else trained.convergence.epochs_left(trained.last)

    @cached_property
    def near_since(self) -> int | None:
        """The epoch since which a converged run has been near its limit, by distance and by cost:
        in its own orders where it is shuffled, of which MANY_EPOCHS are looked at; None where
        there is no limit.
        """
        trained = self.as_trained
        found = trained.convergence
        if not (found.settings.shuffled and self.ending is Ending.CONVERGED):
            return found.epochs_needed
        since = found.settings.epochs
        for epoch, weight, bias, cost_now in trained.history[-MANY_EPOCHS:][::-1].tolist():
            if not found.is_near_limit(Line(weight, bias), cost_now):
                break
            since = epoch
        return since

    @cached_property
    def better(self) -> Suggestion | None:
        """Settings with which the same points would end at a lower cost, and that cost; None
        where no others are worth a change.
        """
        trained = self.as_trained
        last_cost = trained.last.cost if trained.last else math.inf
        found = suggestion(trained.data, trained.convergence, last_cost)
        return found and found._replace(cost=found.cost * self.cost_factor)

    @cached_property
    def better_standardized(self) -> Suggestion | None:
        """The same on standardized x and y, for a run that is ill-conditioned and was not trained
        on them; None for any other.
        """
        if self.trained is not None or not self.convergence.ill_conditioned:
            return None
        last_cost = self.last.cost if self.last else math.inf
        return suggestion_standardized(self.data, self.convergence, last_cost)

    def thinned(self, shown: npt.ArrayLike) -> Run:
        """Return the run with some of its epochs: those of the numbers `shown`, and such that
        curves and paths through them look as through all. Of MANY_EPOCHS or fewer it is all.
        """
        history = self.history
        count = len(history)
        if count <= MANY_EPOCHS:
            return self
        # Of pieces that are equal in epochs, and in their logarithms, the ends of the cost.
        equal, growing = np.linspace(0, count, PIECES), np.geomspace(FIRST_KEPT, count, PIECES)
        edges = np.unique(np.r_[equal, growing].astype(np.intp))
        pieces = [slice(*each) for each in pairwise(edges.tolist())]
        costs = history["cost"]
        ends = [each.start + int(f(costs[each])) for each in pieces for f in (np.argmin, np.argmax)]
        tens = 10 ** np.arange(19)
        kept = np.r_[:FIRST_KEPT, ends, rows_of(history, tens), count - FIRST_KEPT : count]
        rows = np.union1d(kept, rows_of(history, shown))
        trained = self.trained and replace(self.trained, history=self.trained.history[rows])
        return replace(self, history=history[rows], trained=trained)

    def __repr__(self) -> str:
        line = "overflowed in epoch 1"
        if self.last is not None:
            epoch, weight, bias, cost_now = self.last
            line = f"epoch {epoch}: W {weight:.4g}, b {bias:.4g}, cost {cost_now:.4g}"
        return f"<run at lr {self.settings.lr:g}, {line}>"


def what_differs(runs: Sequence[Run]) -> list[str]:
    """Return for each run, in few words, the settings in which the runs are not alike; runs that
    are alike are numbered, so that no two names are equal.

    >>> from regression import noisy_line, train
    >>> data = noisy_line()
    >>> what_differs([finish(train(data, lr=lr, epochs=3)) for lr in (0.001, 0.0002)])
    ['learning rate 0.001', 'learning rate 0.0002']
    """
    exact = [_described(run, 17) for run in runs]
    # As few digits as tell the runs apart.
    for digits in range(4, 18):
        texts = [_described(run, digits) for run in runs]
        if len(set(texts)) == len(set(exact)):
            break
    different = [place for place, each in enumerate(zip(*texts)) if len(set(each)) > 1]
    names = [", ".join(text[place] for place in different) or "run" for text in texts]
    return [
        f"{name} {names[: place + 1].count(name)}" if names.count(name) > 1 else name
        for place, name in enumerate(names)
    ]


def _described(run: Run, digits: int) -> tuple[str, ...]:
    """Return the settings of a run, each in a few words, numbers with so many digits."""
    trained = run.as_trained.settings
    size, epochs = trained.batch_size, trained.epochs
    return (
        f"learning rate {trained.lr:.{digits}g}",
        f"{size:,} point{'s' * (size > 1)} a step",
        f"start W = {trained.start.weight:.{digits}g}",
        f"start b = {trained.start.bias:.{digits}g}",
        "shuffled each epoch" if trained.shuffled else "fixed order",
        "standardized" if run.settings.standardize else "not standardized",
        f"{epochs:,} epoch{'s' * (epochs > 1)}",
    )


def bytes_of(points: int, epochs: int, kept: int = 1) -> float:
    """Return how much memory runs take at most, recorded and drawn, about, if so many of them
    are kept whole: others are thinned, one after the other.

    >>> f"{bytes_of(10**7, 3):.1g}", f"{bytes_of(50, 10**7):.1g}"
    ('9e+08', '9e+08')
    """
    return POINT_BYTES * points + (EPOCH_BYTES + KEPT_BYTES * (kept - 1)) * epochs


POINT_BYTES, EPOCH_BYTES, KEPT_BYTES = 90, 85, 64
"""Of memory, measured with ten million: a point with what is computed from it, an epoch while it
is recorded, and one of a run that is kept beside others, all of standardized points; else an
epoch takes half as much."""


Watch = Callable[[Iterable[Snapshot]], Iterable[Snapshot]]


def finish(training: Training, steps: int = 0, watch: Watch = iter) -> Run:
    """Return the run after going through it, with so many steps of its first epoch at most.

    The epochs are gone through by way of `watch`, which may say how far they are.

    >>> from regression import noisy_line, train
    >>> finish(train(noisy_line(), lr=0.001, epochs=100))
    <run at lr 0.001, epoch 100: W 1.134, b -2.202, cost 41.62>
    """
    data, settings, scale = training.data, training.settings, training.scale
    if scale is not None:
        trained = finish(training.as_trained, steps, watch)
        own = _in_units(trained.history, scale)
        # A cost may overflow in these units only: then the run ends here.
        kept = slice(int(np.logical_and.accumulate(np.isfinite(own["cost"])).sum()))
        trained = replace(trained, history=trained.history[kept])
        found = trained.convergence.in_units(scale)
        return Run(
            data,
            found.settings,
            found,
            own[kept],
            [in_units(step, scale) for step in trained.steps],
            None if trained.loop is None else _in_units(trained.loop, scale),
            trained,
        )
    start = Snapshot(0, *settings.start, cost(settings.start, data))
    history = record(chain([start], watch(training)))
    first = training.first_steps(steps) if steps else ()
    found = analyse(data, settings)
    return Run(data, settings, found, history, first, cycle(data, found))


def _in_units(history: History, scale: Scale) -> History:
    """Return a history on standardized points in the units of the points themselves."""
    own = history.copy()
    own["weight"], own["bias"] = scale.line_in_units(history["weight"], history["bias"])
    with np.errstate(over="ignore"):
        own["cost"] = history["cost"] * scale.cost_factor
    return own
