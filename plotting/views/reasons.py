"""Why a run is fast and then slow, what its rate does, and why it ends beside least squares: a
sentence each, below the panels.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from matplotlib.figure import Figure

from plotting.theme import SMALL_PT
from plotting.views.axes import text_px
from plotting.views.base import SIDE_PX, whole_of
from plotting.views.words import ends_at_lowest, number
from regression import Convergence

EQUAL = 1.2
"""Up to so many times as steep one way as the other, an epoch does the same to all directions."""

ROUND = 10.0
"""Up to so many times as steep one way as the other, a bowl has no valley worth the name."""

LINE = 16.0
"""From one line of small text to the next, in pixels of the design."""


def why_slow(
    convergences: Sequence[Convergence], rising: int = 0, names: Sequence[str] = ()
) -> str:
    """Return why runs are fast at first and slow later, if they are; after `rising` first
    steps in which the cost rises. `names` tell those in a valley from those in a round bowl.
    """
    ending = [
        (each, name)
        for each, name in zip(convergences, names or [""] * len(convergences))
        if each.limit is not None and not each.limit_is_useless
    ]
    if not ending:
        return ""
    convergences, names = [each for each, _ in ending], [name for _, name in ending]
    ratios = [each.condition for each in convergences]
    if EQUAL < max(ratios) <= ROUND:
        return "The bowl is nearly round: no direction is much slower than another."
    if max(ratios) <= EQUAL:
        left = max(each.contraction for each in convergences)
        share = f", {number(100 * (1 - left), 2)}%," if len(ratios) == 1 and 0 < left < 1 else ""
        return (
            f"Fast, then slow: every epoch removes the same share{share} of what is left, so each "
            "step of the line is shorter."
        )
    if min(ratios) <= EQUAL:
        steep, level = (
            " and ".join(name for name, each in zip(names, ratios) if (each <= EQUAL) == is_round)
            for is_round in (False, True)
        )
        return (
            f"In the valley ({steep}) fast at first, down its steep side; then slow, along its "
            f"floor, {number(max(ratios), 2)} times less steep. In the round bowl ({level}) every "
            "epoch removes the same share of what is left, so that moves become shorter."
        )
    fast = "Fast at first, down the steep side of the valley"
    if rising:
        first = "step" if rising == 1 else f"{rising} steps"
        fast = (
            f"In the first {first} the cost rises; then it falls fast, down the steep side of the "
            "valley"
        )
    return f"{fast}; then slow, along its floor, {number(max(ratios), 2)} times less steep."


def why_rate_matters(convergences: Sequence[Convergence]) -> str:
    """Return what the learning rate has to do with how fast runs are and where they end: among
    those that are safe, in the order of their rates.
    """
    safe = [each for each in convergences if each.is_safe and each.limit is not None]
    excess = [each.excess_share(each.limit_cost or 0.0) for each in safe]
    shares = [share for share in excess if share is not None]
    unsafe = what_unsafe_steps_do(convergences)
    is_all = len(safe) == len(convergences)
    if len(safe) <= 1 or len(shares) < len(safe):
        return "" if is_all else f"Above the safe limit {unsafe}."
    is_faster = all(one.log_contraction > other.log_contraction for one, other in pairwise(safe))
    start = "Of these, larger rates are faster"
    if not is_faster:
        start = "Of these, larger rates are not always faster"
    if all(map(ends_at_lowest, safe)):
        says = f"{start}; all safe ones end at the lowest cost"
    elif any(each.hovers for each in safe):
        says = f"{start}; the means end at most {number(100 * max(shares), 2)}% above lowest"
    elif all(one < other for one, other in pairwise(shares)):
        says = f"{start}, {'but' if is_faster else 'and'} end higher above the lowest cost"
        if is_all:
            says += ": the line moves farther from one point to the next"
    else:
        best = safe[shares.index(min(shares))].settings.lr
        says = f"{start}; of the safe ones {number(best)} ends lowest"
    return f"{says}." if is_all else f"{says}. With unsafe ones {unsafe}."


def what_unsafe_steps_do(convergences: Sequence[Convergence]) -> str:
    """Return what a step can do above the safe limit, in the words of the explanation."""
    if all(each.full_batch for each in convergences):
        return "a step can increase the cost"
    if all(each.settings.batch_size == 1 for each in convergences):
        return "a step can increase the error at its own point"
    return "a step can increase the cost of its own batch"


NEAR = 0.01
"""So little above the lowest cost, as a share of it, is near."""


def why_beside(convergences: Sequence[Convergence], names: Sequence[str] = ()) -> str:
    """Return why runs end beside least squares, if they do; `names` tell those that do not."""
    ending = [each for each in convergences if each.limit is not None]
    if not ending:
        return "No line is the end: the steps of an epoch together lead farther from every line."
    if all(each.limit_is_useless for each in ending):
        return (
            "Above the safe limit, steps at large x increase the error at their own point: the end "
            "is a useless line."
        )
    if convergences[0].points_on_a_line:
        return "The points lie on one line: a run that does not diverge ends there."
    beside = [each for each in ending if not ends_at_lowest(each)]
    shuffled = [each for each in beside if each.hovers]
    ordered = [each for each in beside if not each.hovers]
    sizes = {each.settings.batch_size for each in beside}
    seen = "one point" if sizes == {1} else "only some of the points"
    named = list(zip(names or [""] * len(convergences), convergences))
    lowest = [(name, each) for name, each in named if each.limit is not None and each not in beside]
    says = []
    if ordered and shuffled:
        says.append(
            f"Each step uses {seen}. In fixed order the last points of an epoch count most: that "
            "run ends at \N{MULTIPLICATION SIGN}, beside \N{BLACK STAR} least squares."
        )
    elif ordered:
        one = [name for name, each in named if each in ordered]
        who = f"{subject(one[0])} ends" if lowest and len(one) == 1 and one[0] else "Runs end"
        says.append(
            f"{who} at \N{MULTIPLICATION SIGN}, beside \N{BLACK STAR} least squares: each step "
            f"uses {seen}, in fixed order, so the last points of an epoch count most."
        )
    if shuffled:
        shares = [each.excess_share(each.limit_cost or 0.0) for each in shuffled]
        near = all(share is not None and share < NEAR for share in shares)
        ends = ": the mean line is near \N{BLACK STAR}" if near else ""
        if not ordered:
            says.append(f"Each step uses {seen}, so the line never stands still.")
        says.append(f"Shuffled, no point is always the last{ends}.")
    for is_full in (True, False):
        those = [(name, each) for name, each in lowest if each.full_batch == is_full]
        who = " and ".join(name for name, _ in those)
        why = "steps are so small that the line hardly moves within an epoch"
        if is_full:
            why = "each step uses all points at once"
        elif beside and len(those) == 1:
            found = those[0][1]
            share = number(100 * found.settings.lr / found.safe_rate, 2)
            why = f"its rate is {share}% of its safe limit, so it hardly moves within an epoch"
        if those:
            many = "end" if " and " in who else "ends"
            says.append(
                f"{subject(who)} {many} on \N{BLACK STAR}: {why}."
                if beside
                else f"The end is at least squares: {why}."
            )
    return " ".join(says)


def subject(who: str) -> str:
    """Return what differs in a run as the subject of a sentence."""
    if who in {"standardized", "not standardized", "fixed order", "shuffled each epoch"}:
        return f"The run {who}" if " " in who else f"The {who} run"
    return f"{who[:1].upper()}{who[1:]}"


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
    return [line for text in says for line in evened(text, int(0.97 * width - 2 * SIDE_PX))]


LAST_WORDS = 4
"""So many words at least are on the last of several lines."""


@cache
def evened(text: str, width: int) -> list[str]:
    """Return the text in as many lines as wrapped() does, the last of them not of a few words."""
    lines = full = wrapped(text, width)
    narrow = width
    while len(lines) > 1 and len(lines[-1].split()) < LAST_WORDS and narrow > 0.6 * width:
        narrow -= 8
        lines = wrapped(text, narrow)
    return lines if len(lines) == len(full) else full


def footer_height(says: Sequence[str], width: float) -> float:
    """Return how high the lines are together, in pixels of the design."""
    return LINE * len(footer_lines(says, width)) + 8


def write_footer(figure: Figure, says: Sequence[str]) -> None:
    """Write the texts below everything else."""
    _, _, width, height = whole_of(figure)
    for index, line in enumerate(reversed(footer_lines(says, width))):
        figure.text(SIDE_PX / width, (7 + LINE * index) / height, line, size=SMALL_PT)
