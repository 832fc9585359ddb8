"""What is printed, on terminals of all kinds and on none."""

import errno
import io
import os
import subprocess
import sys

import pytest

from regression.terminal import mistake, open_streams, put, say, visible


@pytest.mark.parametrize(
    ("text", "utf8", "ascii_only"),
    [
        ("W = 1\nb = 2", "W = 1\nb = 2", "W = 1\nb = 2"),
        ("größer", "größer", "gr\\xf6\\xdfer"),
        ("\x1b[2J\r\a", "\\x1b[2J\\r\\x07", "\\x1b[2J\\r\\x07"),
        ("a\u202eb\u2028c", "a\\u202eb\\u2028c", "a\\u202eb\\u2028c"),
        ("\udcff\U0001f600", "\\udcff\U0001f600", "\\udcff\\U0001f600"),
    ],
)
def test_nothing_moves_the_cursor_and_all_can_be_encoded(
    monkeypatch: pytest.MonkeyPatch, text: str, utf8: str, ascii_only: str
) -> None:
    for encoding, shown in (("utf-8", utf8), ("ascii", ascii_only)):
        written = io.BytesIO()
        out = io.TextIOWrapper(written, encoding)
        monkeypatch.setattr(sys, "stdout", out)
        assert visible(text) == shown
        put(text, 1.5)
        out.flush()
        assert written.getvalue().decode(encoding) == f"{shown}\n1.5\n"


def test_what_is_said_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    say("slow\a")
    say(None)
    assert mistake("wrong") == 2
    assert capsys.readouterr() == ("", "main.py: slow\\x07\nmain.py: error: wrong\n")


def test_without_streams_there_are_some_that_nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    open_streams()
    put("größer")
    say("größer")
    assert isinstance(sys.stdout, io.StringIO)
    assert sys.stdout.getvalue() == "gr\\xf6\\xdfer\n"
    assert isinstance(sys.stderr, io.StringIO)
    assert sys.stderr.getvalue() == "main.py: gr\\xf6\\xdfer\n"
    ours = sys.stdout, sys.stderr
    open_streams()
    assert (sys.stdout, sys.stderr) == ours


def test_a_reader_that_is_gone_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        for _ in range(3):
            put("x" * 10**6)


def test_a_reader_that_is_gone_changes_no_exit_code() -> None:
    code = (
        "import os, sys\nfrom regression.terminal import put\nread, write = os.pipe()\n"
        "os.dup2(write, 1)\nos.close(read)\n"
        "for _ in range(3):\n    put('x' * 10**6)\nsys.stdout.flush()\nsys.exit(3)"
    )
    done = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (3, b"")


def test_that_nobody_can_hear_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, text)

    monkeypatch.setattr(sys, "stderr", Full())
    say("slow")
    assert mistake("wrong") == 2
