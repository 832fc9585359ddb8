"""Why a run is fast and then slow, what its rate does, and why it ends beside least squares: a
sentence each, below the panels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from matplotlib.figure import Figure

from plotting.theme import SMALL_PT
from plotting.views.axes import text_px
from plotting.views.base import SIDE_PX, whole_of
from plotting.views.header import floored
from plotting.views.words import number
from regression import Convergence

ROUND = 10.0
"""Up to so many times as steep one way as the other, a bowl has no valley worth the name."""

LINE = 16.0
"""From one line of small text to the next, in pixels of the design."""


def steepness(convergence: Convergence) -> float:
    """Return how many times as steep the bowl is one way as the other: the ratio of the
    eigenvalues of the mean of a a^T, a = (x, 1).
    """
    trace = convergence.std**2 + convergence.mean**2 + 1.0
    root = math.sqrt(max(trace * trace - 4 * convergence.std**2, 0.0))
    large = (trace + root) / 2 / convergence.std
    return large * large


def why_slow(convergences: Sequence[Convergence], rising: int = 0) -> str:
    """Return why runs are fast at first and slow later, if they are; after `rising` first
    steps in which the cost rises.
    """
    ratios = [steepness(each) for each in convergences]
    if max(ratios) <= ROUND:
        return "The bowl is nearly round: no direction is much slower than another."
    round_one = ""
    if min(ratios) <= ROUND:
        round_one = " A round bowl has no floor to crawl along, so all directions are equally fast."
    fast = "Fast at first, down the steep side of the valley"
    if rising:
        first = "step" if rising == 1 else f"{rising} steps"
        fast = (
            f"In the first {first} the cost rises; then it falls fast, down the steep side of the "
            "valley"
        )
    return (
        f"{fast}; then slow, along its floor, {number(max(ratios), 2)} times less steep.{round_one}"
    )


def what_larger_does(convergence: Convergence) -> str:
    """Return what a rate larger than the run's would do."""
    says = f"Learning rate {number(convergence.settings.lr)}: a larger one takes longer steps"
    says += f", safe up to {floored(convergence.safe_rate)}"
    if convergence.diverging_rate is not None:
        says += f"; from {number(convergence.diverging_rate)} on training diverges"
    return f"{says}."


def why_rate_matters(convergences: Sequence[Convergence]) -> list[str]:
    """Return what the learning rate has to do with where runs end, if it has: among those that are
    safe, in the order of their rates.
    """
    safe = [each for each in convergences if each.is_safe and not each.settings.shuffled]
    costs = [each.limit_cost for each in safe if each.limit_cost is not None]
    rises = all(one < other for one, other in pairwise(costs))
    if len(costs) < 2 or len(costs) < len(safe) or not rises:
        return []
    return [
        "The larger the rate, the farther the line moves from one point to the next, and the "
        "higher above the lowest cost it ends."
    ]


def why_beside(convergences: Sequence[Convergence]) -> str:
    """Return why runs end beside least squares, if they do."""
    ending = [each for each in convergences if each.limit is not None]
    if not ending:
        return "No line is the end: the steps of an epoch together lead farther from every line."
    if all(_is_useless(each) for each in ending):
        return (
            "Above the safe limit, steps at large x land farther from their point than before: the "
            "end is a useless line."
        )
    if all(each.limit_is_least_squares for each in ending):
        if convergences[0].points_on_a_line:
            return "The points lie on one line: a run that does not diverge ends there."
        return "Each step follows all points at once, so that it ends at least squares."
    shuffled = [each.settings.shuffled for each in ending]
    point = "point" if all(each.settings.batch_size == 1 for each in ending) else "points"
    if all(shuffled):
        return (
            f"A step follows only its own {point}: in a new order each epoch, runs never stand "
            "still but hover near \N{BLACK STAR} least squares."
        )
    order = "In a fixed order, runs" if any(shuffled) else "Runs"
    return (
        f"{order} end at \N{MULTIPLICATION SIGN}, beside \N{BLACK STAR} least squares: a step "
        f"follows only its own {point}, so the last points of each epoch have the last word."
    )


def _is_useless(convergence: Convergence) -> bool:
    """Return whether the run ends at a line that costs more than its start."""
    limit_cost = convergence.limit_cost
    return (
        limit_cost is not None and not convergence.is_safe and limit_cost > convergence.start_cost
    )


@cache
def wrapped(text: str, width: int) -> list[str]:
    """Return the text in lines of this width, in pixels of the design, but for longer words."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_px(longer) > width - 3:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def footer_lines(says: Sequence[str], width: float) -> list[str]:
    """Return the texts in lines that fit into this width, in pixels of the design."""
    return [line for text in says for line in wrapped(text, int(0.97 * width - 2 * SIDE_PX))]


def footer_height(says: Sequence[str], width: float) -> float:
    """Return how high the lines are together, in pixels of the design."""
    return LINE * len(footer_lines(says, width)) + 8


def write_footer(figure: Figure, says: Sequence[str]) -> None:
    """Write the texts below everything else."""
    _, _, width, height = whole_of(figure)
    for index, line in enumerate(reversed(footer_lines(says, width))):
        figure.text(SIDE_PX / width, (7 + LINE * index) / height, line, size=SMALL_PT)
