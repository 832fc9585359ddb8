"""A run that has been gone through: what followed from its settings, its epochs, its steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from regression.history import History, last_of, whole_run
from regression.outlook import Outlook
from regression.sgd import Snapshot, Step
from regression.training import Training


class Run(NamedTuple):
    """What is known of a run at its end; to draw it needs no more."""

    outlook: Outlook
    history: History
    """All its epochs."""
    steps: Sequence[Step] = ()
    """The first ones, as far as asked for."""

    @property
    def last(self) -> Snapshot | None:
        """The last epoch; None for a run that overflowed in its first."""
        return last_of(self.history)


def finished(training: Training, steps: int = 0) -> Run:
    """Return the run after going through it, with so many steps of its first epoch at most.

    >>> from regression import noisy_line, train
    >>> finished(train(noisy_line(), lr=0.001, epochs=100)).last.epoch
    100
    """
    return Run(training.outlook, whole_run(training), training.first_steps(steps) if steps else ())
