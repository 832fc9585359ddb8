"""The command line's options about the points and the training, and how their values are read."""

from __future__ import annotations

import argparse

from regression.csv_words import shown
from regression.option_values import COUNT, EPOCHS, FINITE, NOISE, POINTS, POSITIVE, SEED, file
from regression.sgd import START

AUTO, SWEEP = "auto", "sweep"
"""Words for --lr in place of numbers."""

MOST_RATES = 9

MADE = {"points": 50, "slope": 1.0, "intercept": -2.0, "noise": 1.0}
"""The tutorial's data, in whose place --data puts a file."""


def rate(text: str) -> float | str:
    """Return a learning rate, or one of the words for one."""
    return text if text in (AUTO, SWEEP) else POSITIVE(text)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to the parser, in two groups."""
    add = parser.add_argument_group("data").add_argument
    add(
        "--data",
        type=file,
        metavar="CSV",
        help="a file with a header, or - for standard input, in place of made points",
    )
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
        metavar="N",
        help="of the noise and of --shuffle (default: 0)",
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
        type=EPOCHS,
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
    defaults = parser.parse_args([])
    names = list(vars(defaults))
    check(defaults)  # which fills in a seed
    return [name for name in names if getattr(args, name) != getattr(defaults, name)]


def check(args: argparse.Namespace) -> str | None:
    """Return what is wrong with options that do not go together; fill in `args.made`
    and, where none was given, `args.seed`.
    """
    return _wrong_data(args) or _wrong_rates(args)


def _wrong_data(args: argparse.Namespace) -> str | None:
    making = [name for name in MADE if getattr(args, name) is not None]
    args.made = MADE | {name: getattr(args, name) for name in making}
    if args.data and making:
        return f"--{making[0]} makes points, which --data reads from a file"
    if not args.data and (args.x or args.y):
        return f"--{'x' if args.x else 'y'} names a column of a file, which needs --data"
    if args.x is not None and args.x == args.y:
        return f"--x and --y both name column {shown(args.x)}; a line needs two columns"
    if args.data and args.seed is not None and not args.shuffle:
        return "--seed has nothing to seed: --data has no noise to draw, and --shuffle is not given"
    args.seed = args.seed or 0
    return None


def _wrong_rates(args: argparse.Namespace) -> str | None:
    several = len(args.lr) > 1 or args.lr == [SWEEP]
    if len(args.lr) > 1 and {AUTO, SWEEP} & set(args.lr):
        return "--lr takes auto or sweep alone, not among other rates"
    if len(args.lr) > MOST_RATES:
        return f"--lr has {len(args.lr)} rates; {MOST_RATES} at most are told apart"
    twice = next((rate for rate in args.lr if args.lr.count(rate) > 1), None)
    if twice is not None:
        return f"--lr has {twice:g} more than once"
    if several and args.explain:
        return "--explain is about one run; --lr has several rates"
    return None
