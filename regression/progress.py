"""The lines that the tutorial prints: its epochs, and where training ended."""

from __future__ import annotations

from regression.history import History, snapshots_of


def progress(history: History) -> list[str]:
    r"""Return a line for each of the epochs, of which there must be one at least, and two lines
    for the last.

    >>> from regression import noisy_line, record, train
    >>> print(*progress(record(train(noisy_line(), lr=0.001, epochs=2))), sep="\n")
    Epoch: 0001 cost= 242.934293 W= 0.697322 b= 1.262476
    Epoch: 0002 cost= 256.135090 W= 0.750170 b= 1.180461
    Optimization Finished!
    cost= 256.135090 W= 0.750170 b= 1.180461
    """
    snapshots = snapshots_of(history)
    lines = [f"Epoch: {each.epoch:04d} {_values(*each[1:])}" for each in snapshots]
    return [*lines, "Optimization Finished!", _values(*snapshots[-1][1:])]


def _values(weight: float, bias: float, cost: float) -> str:
    # A diverging run has costs of 300 digits; an exponent says the same.
    shown = (f"{v:.6f}" if abs(v) < 1e12 else f"{v:.6e}" for v in (cost, weight, bias))
    return "cost= {} W= {} b= {}".format(*shown)
