"""An epoch in digits that stay in their columns."""

from __future__ import annotations

from plotting.views import digits
from regression.history import History
from regression.outlook import Outlook
from regression.sgd import Snapshot


class Numbers:
    """Writes a snapshot in digits that stay in their columns."""

    def __init__(self, outlook: Outlook, history: History) -> None:
        self._lr = outlook.lr
        self._epoch = digits.steady_epochs(history["epoch"])
        self._weight = digits.steady_parameters(history["weight"])
        self._bias = digits.steady_parameters(history["bias"])
        self._cost = digits.steady_costs(history["cost"])

    def __call__(self, snapshot: Snapshot) -> str:
        """Return rate, epoch, W, b and cost in one line."""
        return "    ".join(
            [
                f"Rate {self._lr:g}",
                f"Epoch {self._epoch(snapshot.epoch)}",
                f"W {self._weight(snapshot.weight)}",
                f"b {self._bias(snapshot.bias)}",
                f"Cost {self._cost(snapshot.cost)}",
            ]
        )
