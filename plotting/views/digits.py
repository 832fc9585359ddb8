"""Numbers that stay in their places while the picture moves."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from regression.data import Floats

FIGURE_SPACE = "\N{FIGURE SPACE}"
"""A blank as wide as a digit."""

Write = Callable[[float], str]


def steady_epochs(epochs: Floats) -> Write:
    """Return a function that writes an epoch, in columns that hold the longest."""
    return _steady(epochs, 0)


def steady_costs(costs: Floats) -> Write:
    """Return a function that writes a cost, with four digits of the smallest, or of a 10,000th of
    the largest.
    """
    return _steady(costs, _four_digits(max(costs.min(), 1e-4 * costs.max())))


def steady_parameters(values: Floats) -> Write:
    """Return a function that writes a weight or a bias, with four digits of the largest."""
    return _steady(values, _four_digits(np.abs(values).max()))


def _four_digits(size: float) -> int | None:
    """Return how many decimals give four digits; None where an exponent reads better."""
    return max(0, 3 - math.floor(math.log10(size))) if 1e-4 <= size < 1e7 else None


def _steady(values: Floats, decimals: int | None) -> Write:
    def plain(value: float) -> str:
        if decimals is None:
            return f"{value + 0.0: .3e}"  # 0 has no sign
        return f"{round(value, decimals) + 0.0:.{decimals}f}"

    size = np.abs(values)
    width = max(len(plain(value)) for value in (values.min(), values.max(), size.min(), size.max()))

    def write(value: float) -> str:
        return plain(value).rjust(width).replace(" ", FIGURE_SPACE).replace("-", "\N{MINUS SIGN}")

    return write
