"""What the lines of a shuffled run cost, each by itself: more than their mean line."""

from __future__ import annotations

import math

import numpy as np

from regression import Run, cost_by_rate


def cost_of_lines(run: Run, lr: float | None = None) -> float | None:
    """Return what the line after the run's epochs costs on average over orders, at its own rate or
    at another, in the units of the data; None of a run in a fixed order, or where it is infinite.
    """
    trained = run.as_trained
    settings = trained.settings
    if not settings.shuffled:
        return None
    rates = np.array([settings.lr if lr is None else lr])
    cost = float(cost_by_rate(trained.data, settings, rates)[0])
    if run.trained is not None:
        cost *= run.convergence.start_cost / trained.convergence.start_cost
    return cost if math.isfinite(cost) else None
