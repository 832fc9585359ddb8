"""What is said of a run in sentences, and how numbers are written in them."""

from __future__ import annotations

import math
import textwrap

from regression.analysis.convergence import Convergence, Suggestion
from regression.history import History, snapshots_of
from regression.line import Line
from regression.sgd import Snapshot

MANY = 1e4
"""Times the least cost from which on a percentage says less than how many times it is."""


def four(value: float) -> str:
    """Return the value to four significant digits, zeros at the end included.

    >>> four(2.0), four(12345.6), four(-0.00012)
    ('2.000', '1.235e+04', '-0.0001200')
    """
    return f"{value:#.4g}".rstrip(".")


def below(value: float) -> str:
    """Return a positive value to four significant digits, never rounded up.

    >>> below(1 / 101)
    '0.009900'
    """
    if not value > 0:
        return four(value)
    digit = 10.0 ** (math.floor(math.log10(value)) - 3)
    near = float(f"{value:.3e}")
    return four(near if near <= value else near - digit)


def place(line: Line, cost: float) -> str:
    """Return W, b and cost in columns."""
    return f"W = {four(line.weight):<10} b = {four(line.bias):<10} cost = {four(cost)}"


def more(run: Convergence, cost: float) -> str:
    """Return how much the cost is above least squares, where that has a percentage."""
    ratio = _times_least(run, cost)
    if ratio is None:
        return ""
    return f" ({ratio:.1g} times)" if ratio >= MANY else f" (+{four(100.0 * (ratio - 1.0))} %)"


def above(run: Convergence, cost: float) -> str:
    """Return the same in words, for a sentence."""
    ratio = _times_least(run, cost)
    if ratio is None:
        return ""
    if ratio >= MANY:
        return f" ({four(ratio)} times that of least squares)"
    return f" ({four(100.0 * (ratio - 1.0))} % above least squares)"


def _times_least(run: Convergence, cost: float) -> float | None:
    return max(cost / run.minimum_cost, 1.0) if run.minimum_cost > 0 else None


def percent(share: float) -> str:
    """Return the share in percent, never 100 % of a way that is not at its end."""
    if 0.9999 < share < 1:
        return "over 99.99 %"
    return f"{four(100.0 * min(share, 1.0))} %"


def count(epochs: int) -> str:
    """Return the number in full, unless nobody could count it."""
    return str(epochs) if epochs < 10**9 else f"{epochs:.3e}"


def epochs(number: int) -> str:
    """Return so many epochs in words."""
    return f"{count(number)} epoch{'s' * (number != 1)}"


def factor(contraction: float) -> str:
    """Return what the rest of the way is multiplied by; never 1, at which it would stay."""
    text = f"{contraction:.6g}"
    return "hardly less than 1" if text == "1" else text


BEYOND = "the steps are out of proportion for float64"
"""A run that cannot be said to settle though its rate is safe."""


def summary(run: Convergence, last: Snapshot | None) -> list[str]:
    r"""Return four lines on a run that ended with the snapshot `last`, None if it has none:
    least squares, where the run settles, how far it has come, and the rates.

    >>> from regression import analyse, noisy_line, train
    >>> data = noisy_line()
    >>> run = train(data, lr=0.0001, epochs=500)
    >>> *_, last = run
    >>> print(*summary(analyse(data, run.settings), last), sep="\n")
    least squares    W = 1.116      b = -2.451     cost = 35.67
    this run settles W = 1.123      b = -2.465     cost = 35.71 (+0.1079 %)
    it has come      73.85 % of the way; 1295 more epochs to be within 1 %
    learning rates   up to 0.009900 safe; the first that diverges is 0.03036
    """
    label = "expected centre" if run.settings.shuffled else "this run settles"
    if run.limit is None or run.limit_cost is None:
        settles = "nowhere: " + (BEYOND if run.is_safe else "it diverges")
    else:
        settles = place(run.limit, run.limit_cost) + more(run, run.limit_cost)
    rates = f"up to {below(run.safe_rate)} safe; "
    if run.diverging_rate is None:
        rates += "above, each epoch is another map"
    else:
        rates += f"the first that diverges is {four(run.diverging_rate)}"
    rows = [
        ("least squares", place(run.least_squares, run.minimum_cost)),
        (label, settles),
        ("it has come", _progress(run, last)),
        ("learning rates", rates),
    ]
    return [f"{name:<17}{text}" for name, text in rows]


def rate_warning(run: Convergence) -> str | None:
    """Return a line that names the safe rate when this one is above it."""
    if run.is_safe:
        return None
    return (
        f"lr {run.settings.lr:g} is {four(run.settings.lr / run.safe_rate)} times the safe rate "
        f"{below(run.safe_rate)}: single steps overshoot"
    )


def divergence(run: Convergence, last: Snapshot | None) -> str | None:
    """Return a line that says in which epoch a run overflowed, if it did."""
    epoch = _overflow(run, last)
    if epoch is None:
        return None
    left = f"overflowed in epoch {epoch}"
    if run.is_safe:
        weight, bias = run.settings.start
        return f"{left}, where it started: W = {weight:g}, b = {bias:g}"
    lr = run.settings.lr
    return f"{left}: lr {lr:g} is {four(lr / run.safe_rate)} times too large to be safe"


def auto_choice(run: Convergence) -> str:
    """Return a line on what the rate "auto" chose for this run, and why."""
    if run.settings.lr > 0.95 * run.safe_rate:
        return f"lr auto: {run.settings.lr:g}, nearly the largest of the safe rates"
    costs = "expected to cost" if run.settings.shuffled else "it costs"
    enough = epochs(run.settings.epochs)
    return f"lr auto: {run.settings.lr:g}; of the safe rates, {costs} least after {enough}"


def _overflow(run: Convergence, last: Snapshot | None) -> int | None:
    """Return the epoch after the last, in which a run that ended early overflowed."""
    epoch = 1 if last is None else last.epoch + 1
    return epoch if epoch <= run.settings.epochs else None


def _progress(run: Convergence, last: Snapshot | None) -> str:
    epoch = _overflow(run, last)
    if last is None or epoch is not None:
        return f"to the end of the range of numbers, in epoch {epoch}"
    way = run.progress(last.line)
    if way is None or run.epochs_needed is None:
        unsafe = "in the long run farther off with every epoch"
        return "a way that cannot be told" if run.is_safe else unsafe
    done = f"{percent(way)} of the way"
    if run.limit_is_worse_than_start:
        return f"{done}, to a line that is worse than its start"
    return f"{done}; {_to_go(run, run.epochs_needed)}"


def _to_go(run: Convergence, needed: int) -> str:
    left = needed - run.settings.epochs
    if left > 0:
        to_go = epochs(left).replace(" ", " more ")
        return f"for 1 % expect {to_go}" if run.settings.shuffled else f"{to_go} to be within 1 %"
    if needed == 0:
        return "it was there from the start"
    reached = "1 % was expected" if run.settings.shuffled else "it was within 1 %"
    return f"{reached} after {epochs(needed)}"


COLUMNS = 79


def explanation(
    run: Convergence, last: Snapshot | None, suggestion: Suggestion | None, command: str = ""
) -> str:
    r"""Return the summary at length, in paragraphs for a terminal, ending with a command.

    `command` is the line that does what is suggested.

    >>> from regression import analyse, noisy_line, train
    >>> data = noisy_line()
    >>> run = train(data, lr=0.0001, epochs=500)
    >>> *_, last = run
    >>> print(explanation(analyse(data, run.settings), last, None).split("\n\n")[2])
    This run has not arrived: in 500 epochs it covered 73.85 % of the way. Each
    epoch multiplies the rest by 0.997481 in the long run; after another 1295
    epochs it is within 1 %. What is missing until then is epochs; the noise is not
    to blame.
    """
    parts = [_why(run), _where(run), _how_far(run, last), _safety(run)]
    if run.ill_conditioned:
        parts.append(_scaling(run))
    if suggestion is None:
        parts.append("No rate and no number of epochs would bring this run noticeably nearer.")
        return "\n\n".join(textwrap.fill(part, COLUMNS) for part in parts)
    parts.append(
        f"Try {epochs(suggestion.epochs)} at lr {suggestion.lr:g}: the run "
        f"then ends at a cost of {'about ' * run.settings.shuffled}{four(suggestion.cost)}"
        f"{above(run, suggestion.cost)}."
    )
    return "\n\n".join([*(textwrap.fill(part, COLUMNS) for part in parts), f"    {command}"])


def _why(run: Convergence) -> str:
    text = (
        f"No line costs less than the least-squares line, W = {four(run.least_squares.weight)}, "
        f"b = {four(run.least_squares.bias)}, cost {four(run.minimum_cost)}"
    )
    if run.points_on_a_line:
        return text + (
            ", on which all the points lie. Whichever of them a step sees, it moves towards that "
            "line, and a run that settles does so there."
        )
    text += "; what is left is the noise of the points. "
    if run.full_batch:
        return text + (
            "A step that sees all the points moves down the cost of all, so that a run that "
            "settles does so at that line."
        )
    text += (
        "SGD does not aim at that line. Each step sees one batch only and moves towards a line "
        "that suits it, and since the rate stays the same, the steps do not get shorter in the "
        "end. "
    )
    if run.settings.shuffled:
        return text + (
            "In a new order each epoch, they keep pulling the line about: it wanders in a "
            "cloud, the wider the larger the rate."
        )
    return text + (
        "In a fixed order, the batches at the end of the epoch always have the last word: the "
        "line comes to rest where an epoch's steps cancel, and that is a different point, the "
        "farther from least squares, as a rule, the larger the rate."
    )


def _where(run: Convergence) -> str:
    if run.limit is None and run.is_safe:
        return f"At lr {run.settings.lr:g} no such point can be told: {BEYOND}."
    if run.limit is None or run.limit_cost is None:
        return (
            f"At lr {run.settings.lr:g} it comes to rest nowhere: each epoch multiplies its "
            f"distance by {four(run.contraction)} in the long run, so it grows without limit."
        )
    centre = "the centre of that cloud is expected at" if run.settings.shuffled else "that point is"
    return (
        f"At lr {run.settings.lr:g} {centre} W = {four(run.limit.weight)}, "
        f"b = {four(run.limit.bias)}, cost {four(run.limit_cost)}"
        f"{above(run, run.limit_cost)}."
    )


def _how_far(run: Convergence, last: Snapshot | None) -> str:
    left = divergence(run, last)
    if left is not None:
        return f"This run {left}."
    way = None if last is None else run.progress(last.line)
    if last is None or way is None or run.epochs_needed is None:
        if run.is_safe:
            return f"How far this run has come cannot be told: {BEYOND}."
        return (
            "This run ended before its numbers did, but in the long run each epoch takes it "
            "farther off."
        )
    done = f"in {epochs(run.settings.epochs)} it covered {percent(way)} of the way"
    if run.limit_is_worse_than_start:
        return (
            f"This run has not learned: {done}, to a line that is worse than its start. More "
            "epochs do not help; a smaller rate does."
        )
    if run.epochs_needed <= run.settings.epochs:
        remedy = "" if run.limit_is_least_squares else _REMEDY
        arrived = _arrived(run, done, run.epochs_needed)
        if run.settings.shuffled:
            costs = f"{four(last.cost)}{above(run, last.cost)}"
            arrived += f" The line itself, somewhere in the cloud, costs {costs} in the end."
        return f"{arrived} More epochs at this rate change little{remedy}."
    to_go = epochs(run.epochs_needed - run.settings.epochs)
    expected = "is expected to multiply" if run.settings.shuffled else "multiplies"
    will_be = "should be" if run.settings.shuffled else "is"
    return (
        f"This run has not arrived: {done}. Each epoch {expected} the rest by "
        f"{factor(run.contraction)} in the long run; after another {to_go} it {will_be} within "
        "1 %. What is missing until then is epochs; the noise is not to blame."
    )


_REMEDY = "; a smaller rate would end nearer to least squares, given the epochs that it needs"


def _arrived(run: Convergence, done: str, needed: int) -> str:
    if needed == 0:
        return "This run has arrived: it started there."
    if run.settings.shuffled:
        return (
            f"This run has come to its cloud: {done} to the centre, and was expected to be within "
            f"1 % of it after {epochs(needed)}."
        )
    return f"This run has arrived: {done}; it was within 1 % of that point after {epochs(needed)}."


def _scaling(run: Convergence) -> str:
    return (
        f"The x are about {four(run.mean)}, give or take {four(run.std)}. A column so far from "
        "zero, or of such a scale, allows only rates at which W and b crawl along a narrow "
        f"valley. Centre and scale it first: with (x - {run.mean:.6g}) / {run.std:.6g} in its "
        "place, and the rate auto, a few dozen epochs are enough."
    )


def _safety(run: Convergence) -> str:
    text = (
        f"Up to a rate of {below(run.safe_rate)} no step overshoots: none leaves its batch with "
        "a larger error than it found. "
    )
    if run.full_batch:
        text += "Above it, each lands farther off, on the other side, and the run diverges."
        return text + _times_safe(run)
    largest = (
        "a step at the largest x"
        if run.settings.batch_size == 1
        else "a step of one of the batches"
    )
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


def _times_safe(run: Convergence) -> str:
    if run.is_safe:
        return ""
    return f" The rate of this run is {four(run.settings.lr / run.safe_rate)} times the safe one."


def progress(history: History, *, finished: bool = True) -> list[str]:
    r"""Return a line for each of the epochs but the start, which is epoch 0; of a run that
    finished, two more for the last.

    >>> from regression import noisy_line, record, train
    >>> print(*progress(record(train(noisy_line(), lr=0.001, epochs=2))), sep="\n")
    Epoch: 0001 cost= 242.934293 W= 0.697322 b= 1.262476
    Epoch: 0002 cost= 256.135090 W= 0.750170 b= 1.180461
    Optimization Finished!
    cost= 256.135090 W= 0.750170 b= 1.180461
    """
    snapshots = snapshots_of(history)
    lines = [f"Epoch: {each.epoch:04d} {_values(*each[1:])}" for each in snapshots if each.epoch]
    if not finished:
        return lines
    return [*lines, "Optimization Finished!", _values(*snapshots[-1][1:])]


def _values(weight: float, bias: float, cost: float) -> str:
    # A diverging run has costs of 300 digits; an exponent says the same.
    shown = (f"{v:.6f}" if abs(v) < 1e12 else f"{v:.6e}" for v in (cost, weight, bias))
    return "cost= {} W= {} b= {}".format(*shown)
