"""An outlook at length: why the run ends where it does, and what to try next."""

from __future__ import annotations

import textwrap

from regression.advice import Advice
from regression.outlook import Outlook
from regression.sgd import Snapshot
from regression.summary import BEYOND, divergence
from regression.words import above, below, epochs, factor, four, percent

COLUMNS = 79


def explanation(
    run: Outlook, last: Snapshot | None, advice: Advice | None, others: str = ""
) -> str:
    r"""Return the summary at length, in paragraphs for a terminal, ending with a command.

    `others` are the options, as a shell takes them, that the command keeps.

    >>> from regression import noisy_line, train
    >>> run = train(noisy_line(), lr=0.0001, epochs=500)
    >>> *_, last = run
    >>> print(explanation(run.outlook, last, None).split("\n\n")[2])
    This run has not arrived: in 500 epochs it covered 73.85 % of the way. Each
    epoch multiplies the rest by 0.997481 in the long run; after another 1295
    epochs it is within 1 %. What is missing until then is epochs; the noise is not
    to blame.
    """
    parts = [_why(run), _where(run), _how_far(run, last), _safety(run)]
    if run.lopsided:
        parts.append(_scaling(run))
    if advice is None:
        parts.append("No rate and no number of epochs would bring this run noticeably nearer.")
        return "\n\n".join(textwrap.fill(part, COLUMNS) for part in parts)
    parts.append(
        f"Try {epochs(advice.epochs)} at lr {advice.lr:g}: the run "
        f"then ends at a cost of {'about ' * run.shuffled}{four(advice.cost)}"
        f"{above(run, advice.cost)}."
    )
    command = f"    python main.py --lr {advice.lr:g} --epochs {advice.epochs} {others}".rstrip()
    return "\n\n".join([*(textwrap.fill(part, COLUMNS) for part in parts), command])


def _why(run: Outlook) -> str:
    text = (
        f"No line costs less than the least-squares line, W = {four(run.least.weight)}, "
        f"b = {four(run.least.bias)}, cost {four(run.least_cost)}"
    )
    if run.points_on_a_line:
        return text + (
            ", on which all the points lie. Whichever of them a step sees, it moves towards that "
            "line, and a run that settles does so there."
        )
    text += "; what is left is the noise of the points. "
    if run.of_one_batch:
        return text + (
            "A step that sees all the points moves down the cost of all, so that a run that "
            "settles does so at that line."
        )
    text += (
        "SGD does not aim at that line. Each step sees one batch only and moves towards a line "
        "that suits it, and since the rate stays the same, the steps do not get shorter in the "
        "end. "
    )
    if run.shuffled:
        return text + (
            "In a new order each epoch, they keep pulling the line about: it wanders in a "
            "cloud, the wider the larger the rate."
        )
    return text + (
        "In a fixed order, the batches at the end of the epoch always have the last word: the "
        "line comes to rest where an epoch's steps cancel, and that is a different point, the "
        "farther from least squares, as a rule, the larger the rate."
    )


def _where(run: Outlook) -> str:
    if run.settles is None and run.is_safe:
        return f"At lr {run.lr:g} no such point can be told: {BEYOND}."
    if run.settles is None or run.settles_cost is None:
        return (
            f"At lr {run.lr:g} it comes to rest nowhere: each epoch multiplies its distance by "
            f"{four(run.contraction)} in the long run, so it grows without limit."
        )
    centre = "the centre of that cloud is expected at" if run.shuffled else "that point is"
    return (
        f"At lr {run.lr:g} {centre} W = {four(run.settles.weight)}, "
        f"b = {four(run.settles.bias)}, cost {four(run.settles_cost)}"
        f"{above(run, run.settles_cost)}."
    )


def _how_far(run: Outlook, last: Snapshot | None) -> str:
    left = divergence(run, last)
    if left is not None:
        return f"This run {left}."
    way = None if last is None else run.way(last.line)
    if last is None or way is None or run.epochs_needed is None:
        if run.is_safe:
            return f"How far this run has come cannot be told: {BEYOND}."
        return (
            "This run ended before its numbers did, but in the long run each epoch takes it "
            "farther off."
        )
    done = f"in {epochs(run.epochs)} it covered {percent(way)} of the way"
    if run.settles_on_nonsense:
        return (
            f"This run has not learned: {done}, to a line that is worse than its start. More "
            "epochs do not help; a smaller rate does."
        )
    if run.epochs_needed <= run.epochs:
        remedy = "" if run.settles_at_least_squares else _REMEDY
        arrived = _arrived(run, done, run.epochs_needed)
        if run.shuffled:
            costs = f"{four(last.cost)}{above(run, last.cost)}"
            arrived += f" The line itself, somewhere in the cloud, costs {costs} in the end."
        return f"{arrived} More epochs at this rate change little{remedy}."
    to_go = epochs(run.epochs_needed - run.epochs)
    expected = "is expected to multiply" if run.shuffled else "multiplies"
    will_be = "should be" if run.shuffled else "is"
    return (
        f"This run has not arrived: {done}. Each epoch {expected} the rest by "
        f"{factor(run.contraction)} in the long run; after another {to_go} it {will_be} within "
        "1 %. What is missing until then is epochs; the noise is not to blame."
    )


_REMEDY = "; a smaller rate would end nearer to least squares, given the epochs that it needs"


def _arrived(run: Outlook, done: str, needed: int) -> str:
    if needed == 0:
        return "This run has arrived: it started there."
    if run.shuffled:
        return (
            f"This run has come to its cloud: {done} to the centre, and was expected to be within "
            f"1 % of it after {epochs(needed)}."
        )
    return f"This run has arrived: {done}; it was within 1 % of that point after {epochs(needed)}."


def _scaling(run: Outlook) -> str:
    return (
        f"The x are about {four(run.mean)}, give or take {four(run.spread)}. A column so far from "
        "zero, or of such a scale, allows only rates at which W and b crawl along a narrow "
        f"valley. Centre and scale it first: with (x - {run.mean:.6g}) / {run.spread:.6g} in its "
        "place, and --lr auto, a few dozen epochs are enough."
    )


def _safety(run: Outlook) -> str:
    text = (
        f"Up to a rate of {below(run.safe_rate)} no step overshoots: none leaves its batch with "
        "a larger error than it found. "
    )
    if run.of_one_batch:
        text += "Above it, each lands farther off, on the other side, and the run diverges."
        return text + _times_safe(run)
    largest = "a step at the largest x" if run.batch_size == 1 else "a step of one of the batches"
    text += (
        f"Above it, {largest} lands farther off, on the other side, and only the other steps of "
        "the epoch can make up for it. "
    )
    if run.diverging_rate is None:
        text += "Whether they do depends on the order, which is another one each epoch."
    else:
        text += (
            f"From {four(run.diverging_rate)} on they do not, and the run diverges. Between the "
            "two a run can still settle, but perhaps far from any sensible line."
        )
    return text + _times_safe(run)


def _times_safe(run: Outlook) -> str:
    if run.is_safe:
        return ""
    return f" The rate of this run is {four(run.lr / run.safe_rate)} times the safe one."
