"""An outlook in single lines, for the terminal; nothing is printed here."""

from __future__ import annotations

from regression.outlook import Outlook
from regression.sgd import Snapshot
from regression.words import below, epochs, four, more, percent, place

BEYOND = "the steps are out of proportion for float64"
"""A run that cannot be said to settle though its rate is safe."""


def summary(run: Outlook, last: Snapshot | None) -> list[str]:
    r"""Return four lines on a run that ended with the snapshot `last`, None if it has none:
    least squares, where the run settles, how far it has come, and the rates.

    >>> from regression import noisy_line, train
    >>> run = train(noisy_line(), lr=0.0001, epochs=500)
    >>> *_, last = run
    >>> print(*summary(run.outlook, last), sep="\n")
    least squares    W = 1.116      b = -2.451     cost = 35.67
    this run settles W = 1.123      b = -2.465     cost = 35.71 (+0.1079 %)
    it has come      73.85 % of the way; 1295 more epochs to be within 1 %
    learning rates   up to 0.009900 safe; the first that diverges is 0.03036
    """
    label = "expected centre" if run.shuffled else "this run settles"
    if run.settles is None or run.settles_cost is None:
        settles = "nowhere: " + (BEYOND if run.is_safe else "it diverges")
    else:
        settles = place(run.settles, run.settles_cost) + more(run, run.settles_cost)
    rates = f"up to {below(run.safe_rate)} safe; "
    if run.diverging_rate is None:
        rates += "above, each epoch is another map"
    else:
        rates += f"the first that diverges is {four(run.diverging_rate)}"
    rows = [
        ("least squares", place(run.least, run.least_cost)),
        (label, settles),
        ("it has come", _progress(run, last)),
        ("learning rates", rates),
    ]
    return [f"{name:<17}{text}" for name, text in rows]


def rate_warning(run: Outlook) -> str | None:
    """Return a line that names the safe rate when this one is above it."""
    if run.is_safe:
        return None
    return (
        f"lr {run.lr:g} is {four(run.lr / run.safe_rate)} times the safe rate "
        f"{below(run.safe_rate)}: single steps overshoot"
    )


def divergence(run: Outlook, last: Snapshot | None) -> str | None:
    """Return a line that says in which epoch a run overflowed, if it did."""
    epoch = _overflow(run, last)
    if epoch is None:
        return None
    left = f"overflowed in epoch {epoch}"
    if run.is_safe:
        return f"{left}, where it started: W = {run.start.weight:g}, b = {run.start.bias:g}"
    return f"{left}: lr {run.lr:g} is {four(run.lr / run.safe_rate)} times too large to be safe"


def auto_choice(run: Outlook) -> str:
    """Return a line on what --lr auto chose for this run, and why."""
    if run.lr > 0.95 * run.safe_rate:
        return f"lr auto: {run.lr:g}, nearly the largest of the safe rates"
    costs = "expected to cost" if run.shuffled else "it costs"
    return f"lr auto: {run.lr:g}; of the safe rates, {costs} least after {epochs(run.epochs)}"


def _overflow(run: Outlook, last: Snapshot | None) -> int | None:
    """Return the epoch after the last, in which a run that ended early overflowed."""
    epoch = 1 if last is None else last.epoch + 1
    return epoch if epoch <= run.epochs else None


def _progress(run: Outlook, last: Snapshot | None) -> str:
    epoch = _overflow(run, last)
    if last is None or epoch is not None:
        return f"to the end of the range of numbers, in epoch {epoch}"
    way = run.way(last.line)
    if way is None or run.epochs_needed is None:
        unsafe = "in the long run farther off with every epoch"
        return "a way that cannot be told" if run.is_safe else unsafe
    done = f"{percent(way)} of the way"
    if run.settles_on_nonsense:
        return f"{done}, to a line that is worse than its start"
    return f"{done}; {_to_go(run, run.epochs_needed)}"


def _to_go(run: Outlook, needed: int) -> str:
    left = needed - run.epochs
    if left > 0:
        to_go = epochs(left).replace(" ", " more ")
        return f"for 1 % expect {to_go}" if run.shuffled else f"{to_go} to be within 1 %"
    if needed == 0:
        return "it was there from the start"
    return f"{'1 % was expected' if run.shuffled else 'it was within 1 %'} after {epochs(needed)}"
