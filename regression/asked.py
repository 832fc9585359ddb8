"""What the command line's options ask for: points, rates, and how to train."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from regression.command_line import flag
from regression.csv_file import read_csv
from regression.data import Dataset, noisy_line
from regression.line import Line
from regression.options import AUTO, MADE, SWEEP
from regression.rates import best_rate, safe_rate
from regression.terminal import say

SWEPT = (0.01, 0.5, 0.99, 1.01)
"""The rates of --lr sweep, in units of the safe one."""


def points(args: argparse.Namespace, rng: np.random.Generator) -> Dataset:
    """Return the points to learn from: a file's, or made ones. Says which columns of a file were
    taken where that was not told. Raises ValueError for points that determine no line, and what
    read_csv() raises.
    """
    if not args.data:
        try:
            return noisy_line(**{name: getattr(args, name) for name in MADE}, rng=rng)
        except ValueError as error:
            name, _, rest = str(error).partition(" ")
            raise ValueError(f"{flag(name) if name in MADE else name} {rest}") from None
    data = read_csv(args.data, args.x, args.y)
    if None in (args.x, args.y) and not args.quiet:
        say(f"x is column {data.x_name!r}, y is column {data.y_name!r}")
    return data


def rates(data: Dataset, args: argparse.Namespace) -> list[float]:
    """Return the learning rates asked for, by number or by word, in rising order."""
    if args.lr == [SWEEP]:
        safe = safe_rate(data, batch_size=args.batch_size, shuffled=args.shuffle)
        return [share * safe for share in SWEPT]
    if args.lr == [AUTO]:
        return [best_rate(data, **settings(args), shuffled=args.shuffle)]
    return sorted(args.lr)


def settings(args: argparse.Namespace) -> dict[str, Any]:
    """Return how to train, but for the rate and the order."""
    start = Line(args.init_weight, args.init_bias)
    return {"epochs": args.epochs, "batch_size": args.batch_size, "start": start}
