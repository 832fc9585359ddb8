"""The command line's options about the points and the training, and how their values are read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from regression.sgd import START

AUTO, SWEEP = "auto", "sweep"
"""Words for --lr in place of numbers."""

MOST_RATES = 9

MADE = {"points": 50, "slope": 1.0, "intercept": -2.0, "noise": 1.0}
"""The tutorial's data, in whose place --data puts a file."""


def number(
    kind: type[int] | type[float], low: float, high: float, allowed: str
) -> Callable[[str], float]:
    """Return a reader of an option's value that refuses what is not from low to high.

    >>> number(int, 1, 9, "a digit")("7")
    7
    """

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not low <= value <= high:  # nan is not, either
            raise argparse.ArgumentTypeError(f"{text!r} is not {allowed}")
        return value

    return read


FINITE = number(float, -sys.float_info.max, sys.float_info.max, "a finite number")
POSITIVE = number(float, sys.float_info.min, sys.float_info.max, "a finite number above 0")
NOISE = number(float, 0, sys.float_info.max, "a finite number, 0 or more")
SEED = number(int, 0, 2**63, "a whole number, 0 or more")
POINTS = number(int, 2, 10**7, "a whole number from 2 to 10000000")
COUNT = number(int, 1, 10**7, "a whole number from 1 to 10000000")


def rate(text: str) -> float | str:
    """Return a learning rate, or one of the words for one."""
    return text if text in (AUTO, SWEEP) else POSITIVE(text)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to the parser, in two groups."""
    add = parser.add_argument_group("data").add_argument
    add("--data", type=Path, metavar="CSV", help="a file with a header, in place of made points")
    add("--x", metavar="NAME", help="its column for x; without, the first that has numbers")
    add("--y", metavar="NAME", help="its column for y; without, the next that has numbers")
    # No default here: one that was given does not go with --data.
    add("--points", type=POINTS, metavar="N", help="how many points to make (default: 50)")
    add("--slope", type=FINITE, metavar="A", help="of the line they lie about (default: 1)")
    add("--intercept", type=FINITE, metavar="B", help="of that line (default: -2)")
    add("--noise", type=NOISE, metavar="SD", help="standard deviation from it (default: 1)")
    add(
        "--seed",
        type=SEED,
        default=0,
        metavar="N",
        help="of the noise and of --shuffle (default: %(default)s)",
    )

    add = parser.add_argument_group("training").add_argument
    add(
        "--lr",
        type=rate,
        nargs="+",
        default=[0.0001],
        metavar="RATE",
        help="learning rate (default: 0.0001), or auto: the one that ends nearest to least "
        "squares; several rates, or sweep, are compared",
    )
    add(
        "--epochs",
        type=COUNT,
        default=500,
        metavar="N",
        help="times through the data (default: %(default)s)",
    )
    add(
        "--batch-size",
        type=COUNT,
        default=1,
        metavar="N",
        help="samples a step (default: %(default)s)",
    )
    add("--shuffle", action="store_true", help="take them in a new order each epoch")
    add(
        "--init-weight",
        type=FINITE,
        default=START.weight,
        metavar="W",
        help="where W starts (default: %(default)s)",
    )
    add(
        "--init-bias",
        type=FINITE,
        default=START.bias,
        metavar="B",
        help="where b starts (default: %(default)s)",
    )
    add("--explain", action="store_true", help="say at length where the run settles and why")


def given(args: argparse.Namespace) -> list[str]:
    """Return the names of this module's options that have another value than without a word."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    defaults = vars(parser.parse_args([]))
    return [name for name, value in defaults.items() if getattr(args, name) != value]


def check(args: argparse.Namespace) -> str | None:
    """Return what is wrong with options that do not go together; fill in `args.made`."""
    making = [name for name in MADE if getattr(args, name) is not None]
    args.made = MADE | {name: getattr(args, name) for name in making}
    if args.data and making:
        return f"--{making[0]} makes points, which --data reads from a file"
    if not args.data and (args.x or args.y):
        return f"--{'x' if args.x else 'y'} names a column of a file, which needs --data"
    if len(args.lr) > 1 and {AUTO, SWEEP} & set(args.lr):
        return "--lr takes auto or sweep alone, not among other rates"
    if len(args.lr) > MOST_RATES:
        return f"--lr has {len(args.lr)} rates; {MOST_RATES} at most are told apart"
    if len(args.lr) > 1 and args.explain:
        return "--explain is about one run; --lr has several rates"
    return None
