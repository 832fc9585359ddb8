"""The command line's options about the points and the training, and how their values are read."""

from __future__ import annotations

import argparse

from regression.command_line import flag
from regression.csv_words import shown
from regression.option_values import COUNT, EPOCHS, FINITE, NOISE, POINTS, POSITIVE, SEED, file
from regression.sgd import START

AUTO, SWEEP = "auto", "sweep"
"""Words for --lr in place of numbers."""

MOST_RATES = 9

MADE = ("points", "slope", "intercept", "noise")
"""The options of points that are made, in whose place --data puts a file."""


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
    add(
        "--points",
        type=POINTS,
        default=50,
        metavar="N",
        help="how many points to make (default: %(default)s)",
    )
    add(
        "--slope",
        type=FINITE,
        default=1,
        metavar="A",
        help="of the line they lie about (default: %(default)s)",
    )
    add(
        "--intercept",
        type=FINITE,
        default=-2,
        metavar="B",
        help="of that line (default: %(default)s)",
    )
    add(
        "--noise",
        type=NOISE,
        default=1,
        metavar="SD",
        help="standard deviation from it (default: %(default)s)",
    )
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
        help="learning rate (default: 0.0001), or auto: the one that ends at the lowest "
        "cost; several rates, or sweep, are compared",
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


def names() -> list[str]:
    """Return the names of the options above."""
    parser = argparse.ArgumentParser(add_help=False)
    add_options(parser)
    return list(vars(parser.parse_args([])))


def several(args: argparse.Namespace) -> bool:
    """Return whether there is more than one learning rate."""
    return len(args.lr) > 1 or args.lr == [SWEEP]


def check(args: argparse.Namespace) -> str | None:
    """Return what is wrong with options, as read() returns them, that do not go together."""
    return _wrong_data(args) or _wrong_rates(args)


def _wrong_data(args: argparse.Namespace) -> str | None:
    from_file = "data" in args.given
    for name in MADE:
        if from_file and name in args.given:
            return f"{flag(name)} makes points, which --data reads from a file"
    for name in ("x", "y"):
        if not from_file and name in args.given:
            return f"{flag(name)} names a column of a file, which needs --data"
    if args.x is not None and args.x == args.y:
        return f"--x and --y both name column {shown(args.x)}; a line needs two columns"
    why = "--data has no noise to draw" if from_file else "--noise is 0" if not args.noise else ""
    if why and "seed" in args.given and not args.shuffle:
        return f"--seed has nothing to seed: {why}, and --shuffle is not given"
    return None


def _wrong_rates(args: argparse.Namespace) -> str | None:
    if len(args.lr) > 1 and {AUTO, SWEEP} & set(args.lr):
        return "--lr takes auto or sweep alone, not among other rates"
    if len(args.lr) > MOST_RATES:
        return f"--lr has {len(args.lr)} rates; {MOST_RATES} at most are told apart"
    twice = next((rate for rate in args.lr if args.lr.count(rate) > 1), None)
    if twice is not None:
        return f"--lr has {twice:g} more than once"
    if several(args) and args.explain:
        return "--explain is about one run; --lr has several rates"
    return None
