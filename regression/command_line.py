"""How any command line is read: which options were given, and one line for a mistake."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import NoReturn

from regression.terminal import mistake


class Parser(argparse.ArgumentParser):
    """Says a mistake in one line, without the usage of every option above it."""

    def error(self, message: str) -> NoReturn:
        """Exit 2 with the message."""
        self.exit(mistake(message))


def read(parser: argparse.ArgumentParser, argv: Sequence[str]) -> argparse.Namespace:
    """Return the options' values, and in `given` the set of the names of those that are there.

    An option given twice is a mistake: of two values one would be ignored.
    """
    defaults = vars(parser.parse_args([]))
    argv = _joined(argv)
    flags = [option.partition("=")[0] for option in argv if option.startswith("--")]
    for each in flags:
        if flags.count(each) > 1:
            parser.error(f"{each} is given more than once")
    # argparse leaves alone what the namespace has: None stays where nothing was given.
    args = parser.parse_args(argv, argparse.Namespace(**dict.fromkeys(defaults)))
    given = {name for name, value in vars(args).items() if value is not None}
    return argparse.Namespace(**{**defaults, **{n: getattr(args, n) for n in given}}, given=given)


def flag(name: str) -> str:
    """Return how the option of that name is written.

    >>> flag("batch_size")
    '--batch-size'
    """
    return "--" + name.replace("_", "-")


def without(argv: Sequence[str], *flags: str) -> list[str]:
    """Return the options except those of the flags, and their values."""
    kept, keep = [], True
    for option in argv:
        if option.startswith("--"):
            keep = option.partition("=")[0] not in flags
        if keep:
            kept.append(option)
    return kept


def _joined(argv: Sequence[str]) -> list[str]:
    """Return the options with each value that begins with a dash joined to its flag, where
    argparse does not take it for another flag.
    """
    joined: list[str] = []
    for option in argv:
        waits = joined and joined[-1].startswith("--") and "=" not in joined[-1]
        if waits and re.match("-[^-]", option) and option != "-h":
            joined[-1] += f"={option}"
        else:
            joined.append(option)
    return joined
