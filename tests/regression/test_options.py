"""The options about points and training: what is refused, in one line, and why."""

import argparse
import shlex

import pytest

from regression import options
from regression.command_line import read


class Parser(argparse.ArgumentParser):
    """Raises what it would exit with."""

    def error(self, message: str):  # type: ignore[no-untyped-def]
        raise ValueError(message)


def parse(text: str) -> argparse.Namespace:
    parser = Parser()
    options.add_options(parser)
    args = read(parser, shlex.split(text))
    wrong = options.check(args)
    if wrong:
        raise ValueError(wrong)
    return args


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("--lr 1e-320", "--lr: '1e-320' is not a finite number above 0 (2.3e-308 or more)"),
        ("--seed 9223372036854775809", "is not a whole number from 0 to 9223372036854775808"),
        ("--points 10000000000", "10000000000 is more than 10000000; that many points would take"),
        ("--points 10000000000", "would take 160 GB of memory"),
        ("--epochs 1000000000000", "that many epochs would take 32 TB of memory"),
        ("--epochs " + "9" * 400, "9...' is not a whole number from 1 to 10000000"),
        ("--x a --y a --data d.csv", "--x and --y both name column 'a'"),
        ("--seed 0 --data d.csv", "--seed has nothing to seed"),
        ("--seed 3 --noise 0", "--seed has nothing to seed: --noise is 0, and --shuffle is not"),
        ("--lr sweep --explain", "--explain is about one run; --lr has several rates"),
        ("--lr 0.1 0.2 0.1", "--lr has 0.1 more than once"),
        ("--slope 2 --data d.csv", "--slope makes points, which --data reads from a file"),
        ("--x a", "--x names a column of a file, which needs --data"),
        ("--x ''", "--x names a column of a file, which needs --data"),
        ("--data d.csv --points 50", "--points makes points, which --data reads from a file"),
        ("--y a", "--y names a column of a file, which needs --data"),
        ("--lr 0.1 auto", "--lr takes auto or sweep alone, not among other rates"),
        ("--lr sweep 0.1", "--lr takes auto or sweep alone, not among other rates"),
        ("--lr 1 2 3 4 5 6 7 8 9 10", "--lr has 10 rates; 9 at most are told apart"),
        ("--lr 0.1 0.2 --explain", "--explain is about one run; --lr has several rates"),
        ("--points 10000001", "that many points would take 160 MB of memory"),
        ("--epochs 1000000000", "that many epochs would take 32 GB of memory"),
        ("--epochs 1" + 15 * "0", "that many epochs would take 3.2e+04 TB of memory"),
        ("--points 1", "--points: '1' is not a whole number from 2 to 10000000"),
        ("--seed=-1", "--seed: '-1' is not a whole number from 0"),
        ("--noise=-1", "--noise: '-1' is not a finite number, 0 or more"),
        *(
            (f"--{name}={value}", f"--{name}: '{value}' is not a ")
            for name in ("points", "epochs", "batch-size", "seed", "lr", "noise", "slope")
            for value in ("nan", "inf", "1e400", "x", "")
        ),
        *(
            (f"--{name}={value}", f"--{name}: '{value}' is not a ")
            for name in ("points", "epochs", "batch-size", "lr")
            for value in ("0", "-1")
        ),
    ],
)
def test_what_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse(text)
    assert words in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize(
    ("text", "seed"),
    [("", 0), ("--seed 3", 3), ("--seed 3 --data d --shuffle", 3), ("--data d", 0)],
)
def test_the_seed_is_a_number_after_the_check(text: str, seed: int) -> None:
    assert parse(text).seed == seed


def test_the_names_are_those_of_the_options() -> None:
    assert set(options.names()) == set(vars(parse(""))) - {"given"}


@pytest.mark.parametrize(
    "text",
    [
        "--points 2 --epochs 1 --batch-size 1 --noise 0",
        "--seed 0 --noise 1e-300",
        "--seed 1 --noise 0 --shuffle",
        "--points 10000000 --epochs 10000000 --batch-size 10000000 --seed 9223372036854775808",
        "--lr 2.3e-308 --slope 1e300 --init-weight 1e300",
        "--lr 1 2 3 4 5 6 7 8 9",
        "--lr auto --explain",
        "--data d.csv --x a --y b",
        "--data d.csv --x a --shuffle --seed 1",
    ],
)
def test_what_is_just_allowed(text: str) -> None:
    args = parse(text)
    for word, value in zip(text.split(), text.split()[1:]):
        name = word[2:].replace("-", "_")
        if word.startswith("--") and name not in {"lr", "data", "x", "y", "explain", "shuffle"}:
            assert getattr(args, name) == float(value)


def test_without_a_word_the_settings_are_the_tutorials() -> None:
    args = parse("")
    assert [getattr(args, name) for name in options.MADE] == [50, 1, -2, 1]
    assert (args.lr, args.epochs, args.batch_size) == ([0.0001], 500, 1)
    assert (args.init_weight, args.init_bias) == (-1.0, 1.0)
    assert (args.data, args.x, args.y, args.shuffle, args.explain) == (None,) * 3 + (False,) * 2
