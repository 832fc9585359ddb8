"""A step or an epoch in words, and in digits that stay in their columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from plotting.views import digits
from regression.data import Dataset
from regression.history import History, record
from regression.line import predict
from regression.outlook import Outlook
from regression.sgd import Snapshot, Step


class Words:
    """Writes a moment in words, and in digits that stay in their columns."""

    def __init__(
        self, data: Dataset, outlook: Outlook, steps: Sequence[Step], history: History
    ) -> None:
        self._data, self._steps, self._epochs = data, len(steps), outlook.epochs
        stepped = history_of(outlook, steps)
        way = np.concatenate([stepped, history])
        self._before = dict(zip(stepped["epoch"][1:].tolist(), stepped["cost"].tolist()))
        self._number = digits.steady_epochs(stepped["epoch"])
        self._epoch = digits.steady_epochs(history["epoch"])
        self._x = digits.steady_parameters(data.x)
        self._error = digits.steady_parameters(
            np.array([self._error_of(step) for step in steps] or [0.0])
        )
        self._weight = digits.steady_parameters(way["weight"])
        self._bias = digits.steady_parameters(way["bias"])
        self._cost = digits.steady_costs(way["cost"])

    def what(self, moment: Step | Snapshot) -> str:
        """Return which step this is and what it starts from, or which epoch."""
        if isinstance(moment, Snapshot):
            return f"Epoch {self._epoch(moment.epoch)} of {self._epochs}"
        error = self._error(self._error_of(moment))
        if len(moment.samples) == 1:
            sample = f"x {self._x(self._data.x[moment.samples[0]])}    error {error}"
        else:
            sample = f"{len(moment.samples)} samples    mean error {error}"
        return f"Step {self._number(moment.number)} of {self._steps}    {sample}"

    def where(self, moment: Step | Snapshot) -> str:
        """Return W, b and cost, and which way the cost went."""
        weight, bias = moment.after if isinstance(moment, Step) else moment[1:3]
        text = f"W {self._weight(weight)}    b {self._bias(bias)}    Cost {self._cost(moment.cost)}"
        if isinstance(moment, Step):
            before = self._before[moment.number]
            text += " rises" if moment.cost > before else " falls" if moment.cost < before else ""
        return text

    def widest(self, steps: Sequence[Step]) -> str:
        """Return the longest of the texts on a step."""
        return max(map(self.what, steps), key=len, default="Epoch 000 of 000")

    def _error_of(self, step: Step) -> float:
        """Return the error, W*x + b - y, before the step; of several samples, their mean."""
        errors = predict(step.before, self._data.x[step.samples]) - self._data.y[step.samples]
        return float(errors.mean())


def history_of(outlook: Outlook, steps: Sequence[Step]) -> History:
    """Return the start, numbered 0, and the line after each step as if each were an epoch."""
    start = Snapshot(0, *outlook.start, outlook.start_cost)
    return record([start, *(Snapshot(step.number, *step.after, step.cost) for step in steps)])
