"""The panel of the costs, step by step: laid out with the figure first, and then filled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec

from plotting.theme import Theme
from plotting.views import canvas, scales
from plotting.views.actors import Growing
from plotting.views.costs import log_costs
from plotting.views.step_actors import Rises
from plotting.views.step_axes import add_cost_axes
from regression.history import History
from regression.outlook import Outlook

DOTTED_STEPS = 60
"""Up to so many steps are told apart as dots on the curve of their costs."""


class CostPanel:
    """The cost after each step and, beside it, after each epoch."""

    def __init__(
        self,
        figure: Figure,
        place: SubplotSpec,
        outlook: Outlook,
        stepped: History,
        history: History,
        theme: Theme,
    ) -> None:
        self._by_step, self._by_epoch = add_cost_axes(
            figure, place, outlook, stepped, history, theme
        )
        self._rises = Rises(self._by_step, outlook, stepped, theme)
        self._outlook, self._stepped, self._history = outlook, stepped, history
        self._color = theme.cost
        canvas.row_legend(self._by_step, theme)

    def fill(self) -> None:
        """Add what had to wait for the layout."""
        scales.label_epochs(self._by_epoch, self._history["epoch"])
        self._steps, self._epochs = (
            Growing(
                axes,
                history["epoch"].astype(float),
                log_costs(self._outlook, history["cost"]),
                self._color,
            )
            for axes, history in (
                (self._by_step, self._stepped),
                (self._by_epoch, self._history),
            )
        )
        if len(self._stepped) <= DOTTED_STEPS + 1:
            self._steps.artist.set(marker="o", markersize=2.5, markeredgewidth=0)
        both = self._steps.artist, self._rises.artist
        self.artists_of_step: Sequence[Artist] = (*both, self._steps.dot)
        self.artists_of_epoch: Sequence[Artist] = (*both, self._epochs.artist, self._epochs.dot)

    def put_step(self, number: int) -> None:
        """Show the costs up to this step."""
        self._steps.put(number)
        self._rises.put(number)

    def put(self, epoch: int) -> None:
        """Show the costs of all steps, and up to this epoch."""
        self.put_step(len(self._stepped) - 1)
        self._epochs.put(int(np.searchsorted(self._history["epoch"], epoch)))
