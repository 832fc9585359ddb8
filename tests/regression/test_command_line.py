"""How a command line is read: what was given, negative numbers, mistakes."""

import argparse

import pytest

from regression.command_line import Parser, flag, read, without


def parser() -> Parser:
    """Return a parser of one option of each kind."""
    some = Parser(prog="some")
    some.add_argument("--rate", type=float, nargs="+", default=[0.5])
    some.add_argument("--start-at", type=float, default=-1.0)
    some.add_argument("--title", default="")
    some.add_argument("--quiet", action="store_true")
    return some


def test_what_is_given_is_told_from_what_is_filled_in() -> None:
    without_a_word = {"rate": [0.5], "start_at": -1.0, "title": "", "quiet": False}
    assert vars(read(parser(), [])) == {**without_a_word, "given": set()}
    args = read(parser(), ["--start-at", "-1.0", "--title", "", "--quiet"])
    assert vars(args) == {
        **without_a_word,
        "quiet": True,
        "given": {"start_at", "title", "quiet"},
    }


@pytest.mark.parametrize(
    ("argv", "name", "value"),
    [
        (["--start-at", "-1e5"], "start_at", -1e5),
        (["--start-at", "-.5"], "start_at", -0.5),
        (["--start-at=-1e5"], "start_at", -1e5),
        (["--title", "-5 degrees"], "title", "-5 degrees"),
        (["--title", "-x", "--quiet"], "title", "-x"),
        (["--title", "a=-5"], "title", "a=-5"),
        (["--title", "-"], "title", "-"),
    ],
)
def test_a_value_may_begin_with_a_dash(argv: list[str], name: str, value: object) -> None:
    assert getattr(read(parser(), argv), name) == value


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--title=a", "-5"], "unrecognized arguments: -5"),
        (["--quiet", "-5"], "argument --quiet: ignored explicit argument '-5'"),
        (["--rate", "1", "--rate", "2"], "--rate is given more than once"),
        (["--title=a", "--title", "-x"], "--title is given more than once"),
        (["--start-at", "--quiet"], "argument --start-at: expected one argument"),
        (["-5"], "unrecognized arguments: -5"),
    ],
)
def test_a_mistake_is_one_line(
    capsys: pytest.CaptureFixture[str], argv: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as left:
        read(parser(), argv)
    assert left.value.code == 2
    assert capsys.readouterr() == ("", f"main.py: error: {words}\n")


def test_help_is_help_wherever_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["-h"], ["--quiet", "-h"]):
        with pytest.raises(SystemExit) as left:
            read(parser(), argv)
        assert left.value.code == 0
        assert "--start-at" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "kept"),
    [
        (["--lr", "1", "2", "--out", "a.gif"], ["--out", "a.gif"]),
        (["--lr=1", "--out=a.gif"], ["--out=a.gif"]),
        (["--quiet", "--lr", "auto"], ["--quiet"]),
        ([], []),
    ],
)
def test_options_can_be_left_out(argv: list[str], kept: list[str]) -> None:
    assert without(argv, "--lr") == kept


def test_a_flag_is_what_argparse_takes_for_the_name() -> None:
    taken = argparse.ArgumentParser()
    taken.add_argument(flag("of_many_words"))
    assert taken.parse_args(["--of-many-words", "a"]).of_many_words == "a"
