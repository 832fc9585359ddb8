"""Help, as it was last read through: help.txt, made by COLUMNS=80 python main.py --help."""

from pathlib import Path

import pytest

import main


def test_help_is_what_was_read_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    read_through = Path(__file__).with_name("help.txt").read_text("utf-8")
    assert main.parser().format_help() == read_through
    assert max(map(len, read_through.splitlines())) <= 79
