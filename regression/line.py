"""The model: a line, its cost, and the gradient of the cost.

Notation, here and everywhere: W is the weight, b the bias, y = W*x + b the prediction.
The cost is the sum of squared errors over the data, without a factor 1/2. One step of SGD
descends the mean of the squared errors over its batch: the batch's cost over its length.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from regression.data import Dataset, Floats, centred


class Line(NamedTuple):
    """The line y = weight * x + bias."""

    weight: float
    bias: float


START = Line(weight=-1.0, bias=1.0)
"""Where the tutorial starts: far enough from its end that the line is seen to move."""


def predict(line: Line, x: Floats) -> Floats:
    """Return W*x + b for each x, shape (n,).

    >>> from regression import noisy_line
    >>> predict(Line(weight=2, bias=1), noisy_line(3).x)
    array([ 1., 11., 21.])
    """
    return line.weight * x + line.bias


def cost(line: Line, data: Dataset) -> float:
    """Return the sum of (W*x + b - y)^2 over the data, inf or nan when it leaves float64.

    >>> from regression import noisy_line
    >>> cost(Line(weight=1, bias=-1), noisy_line(3, noise=0))
    3.0
    """
    # A diverging run is part of the lesson: its overflow is an answer, not a warning.
    with np.errstate(over="ignore", invalid="ignore"):
        error = predict(line, data.x) - data.y
        return float(error @ error)


def gradient(
    weight: float, bias: float, xs: Iterable[float], ys: Iterable[float]
) -> tuple[float, float]:
    """Return the cost's derivatives by W and by b over the points: sum 2*e*x and sum 2*e.

    Plain floats, not arrays: one step of SGD sees so few points that NumPy's call overhead
    would be most of it.

    >>> gradient(1.0, 0.0, [2.0], [1.0])
    (4.0, 2.0)
    """
    by_weight = by_bias = 0.0
    for x, y in zip(xs, ys):
        error = weight * x + bias - y
        by_weight += 2.0 * error * x
        by_bias += 2.0 * error
    return by_weight, by_bias


def least_squares(data: Dataset) -> Line:
    """Return the line of least cost, from centred sums.

    The normal equations X^T X square the condition number: at x = 1e6 + small steps they lose
    every digit. Subtracting the means first makes the two columns orthogonal, and W and b
    fall out one after the other (Higham, Accuracy and Stability of Numerical Algorithms, 1.7).

    >>> from regression import noisy_line
    >>> least_squares(noisy_line(3, noise=0))
    Line(weight=1.0, bias=-2.0)
    """
    return line_through(centred(data.x), centred(data.y))


def line_through(x: tuple[float, Floats], y: tuple[float, Floats]) -> Line:
    """Return the line of least cost from the means of x and y and what is left without them."""
    (x_mean, x_rest), (y_mean, y_rest) = x, y
    # Not x @ y, whose threads have to wait for each other where other programs run.
    weight = float((x_rest * y_rest).sum() / (x_rest * x_rest).sum())
    return Line(weight, y_mean - weight * x_mean)
