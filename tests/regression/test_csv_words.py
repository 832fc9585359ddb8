"""What the CSV reader says of a file that is not what it should be, in one line each."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from regression import read_csv
from regression.csv_lines import LONGEST

UNCLOSED = "a quote opens here and is not closed"
ROWS = "".join(f"{i},{i}\n" for i in range(2000))


def message(folder: Path, content: bytes) -> str:
    """Return what the reader says of the bytes, without the file's name."""
    path = folder / "data.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(str(path))) as caught:
        read_csv(path)
    text = str(caught.value)
    assert text.isprintable()
    return text.removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"1,2\n3,4\n5,7\n", "line 1 has numbers where the names of the columns are expected"),
        (b'a,b\n"1,5","2,5"\n', "first row: '1,5', '2,5'; decimals take a point"),
        (b"a,b\n1%,2\n", "the columns are: 'a', 'b'; not numbers in the first row: '1%'"),
        (b"a,b\n1,2\x00\n", "line 2: NUL characters; it may be UTF-16"),
        (b"\n1,2\n3,4\n5,7\n", "line 2 has numbers where the names"),
        (
            b"a,b\n1,2\n1,4\n",
            "at least two different x are needed (x is column 'a', y is column 'b')",
        ),
        (b'a,b\n1,2\n3,"1,5"\n', "line 3, column 'b': '1,5' is not a finite number; decimals"),
        (b"a,b\n1,5,2,5\n", "line 2: 4 cells, the header has 2; decimals take a point"),
        (b'"a\nb",c\n1,2\n3,x\n', "line 4, column 'c': 'x' is not"),
        (b'"\x1b[2J",c\n1,2\nx,3\n', "line 3, column '\\x1b[2J': 'x' is not"),
        (b"a,b\n1,2\ninf,3\n", "line 3, column 'a': 'inf' is not a finite number"),
        (b"   \n\n", "empty; a header line"),
        (b'a,b\n1,2\n"3\n,4\n5,6\n', f"line 3: {UNCLOSED}"),
        (b'a,b\n"1\n","2\n3,4\n', f"line 3: {UNCLOSED}"),
        (b'a,b\n"1""2\n3,4\n', f"line 2: {UNCLOSED}"),
        (b'a,b\n1,"2""\n""3\n', f"line 2: {UNCLOSED}"),
        (b'a,b\n"' + b"1,2\n" * 50_000, f"line 2: {UNCLOSED}"),
        (b'a,b\n1,2\n"3"x,4\n', "line 3: text after a closing quote; a quote inside"),
        (b'a,b\n1,"2";3\n', "line 2: text after a closing quote; a quote inside"),
        (b'"a";"b"\n1,2\n', "line 1: text after a closing quote; a quote inside"),
        (b'"a";"b"', "columns are separated by ';', not ','; save it"),
        (b'"a";"b"\n1;2\n3\n', "columns are separated by ';', not ','; save it"),
        (b'"a";"b"\n' + b"1" * 10**6, "columns are separated by ';', not ','; save it"),
        (b'a,b\n"1,2\n"3",4\n', "line 3: text after a closing quote (the row begins in line 2)"),
        (b"a,b\n" + b"1" * 200_000 + b",2\n", "line 2: a cell of more than 131072 characters"),
        (b"a," * 10**6, "line 1 is longer than 1000000 characters"),
        (b"a,b\n" + b'"\n",' * 10**6, "line 2 is longer than 1000000 characters"),
        ("a,b\n1,2\n".encode("utf-16"), "looks like UTF-16 text, not UTF-8; save it as UTF-8"),
        (b"\xfe\xff\0a\0,\0b", "looks like UTF-16 text, not UTF-8; save it as UTF-8"),
        ("a,b\n1,2\n".encode("utf-16-le"), "line 1: NUL characters; it may be UTF-16"),
        ("größe,b\n".encode("latin-1"), "line 1: not UTF-8 text (byte 0xf6); it may be Latin-1"),
        (f"a,b\n{ROWS}".encode() + b"\xe9,1\n", "line 2002: not UTF-8 text (byte 0xe9)"),
        (f"a,b\n{ROWS}".replace("\n", "\r\n").encode() + b"\xe9,1\n", "line 2002: not UTF-8"),
        (b'a,b\n"' + b"x\n" * 10_000 + b'\xe9",1\n', "line 10002: not UTF-8 text (byte 0xe9)"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "line 1: not UTF-8 text, nor any other text"),
    ],
)
def test_what_is_said(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in message(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "separated"),
    [
        ("a;b;c\nx;1,5;2\ny;3;4,5\n", "by ';', not ',' and decimals by commas; save it"),
        ('"a";"b"\n"1,5";"2"\n"3";"4,5"\n', "by ';', not ',' and decimals by commas; save it"),
        ('a;b\n"1,5";"2"\n"3";"4,5"\n', "by ';', not ',' and decimals by commas; save it"),
        ('a\tb\n1.5\t2\n"3"\t4.5\n', "by tabs, not ','; save it"),
        ('"a, b";"c"\n"1";"2"\n"3";"4"\n', "by ';', not ','; save it"),
        ('"a\n1"\tb\n1.5\t2\n3\t4.5\n', "by tabs, not ','; save it"),
        ("a;b;c\nx;1.5;2\ny;3;4.5\n", "by ';', not ','; save it"),
        ("a, b;c\n1;2\n3;4\n", "by ';', not ','; save it"),
        ("a\tb\n1.5\t2\n3\t4.5\n", "by tabs, not ','; save it"),
        ("a|b\n1.5|2\n3|4.5\n", "by '|', not ','; save it"),
        ("  a   b\n1.5   2\n3   4.5\n", "by spaces, not ','; save it"),
    ],
)
def test_another_separator_is_named_and_the_command_given_converts_it(
    tmp_path: Path, content: str, separated: str
) -> None:
    text = message(tmp_path, content.encode())
    before = set(tmp_path.iterdir())
    assert f"columns are separated {separated}" in text
    command = text.partition("convert it: python")[2]
    subprocess.run(f"{sys.executable}{command}", shell=True, check=True, cwd=tmp_path)
    (new,) = set(tmp_path.iterdir()) - before
    converted = read_csv(new)
    assert {*converted.x.tolist(), *converted.y.tolist()} in ({1.5, 2, 3, 4.5}, {1, 2, 3, 4})


def test_a_name_with_a_space_is_no_separator(tmp_path: Path) -> None:
    assert "two numeric columns" in message(tmp_path, b"average height\n5\n6\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b"a,b\n1,5,2,5\n",
            "line 2: 4 cells, the header has 2; decimals take a point, as in 1.5, and thousands "
            "no comma",
        ),
        (b"a,b\n1,2\n3\n", "line 3: 1 cell, the header has 2"),
        (b"a,b\n1,2\n1,x,2,5\n", "line 3: 4 cells, the header has 2"),
        (b"a,b\n1,2\n3,\n", "line 3, column 'b': an empty cell is not a finite number"),
        (b"", "empty; a header line and rows of numbers are expected"),
        (b"a,b\n", "only a header line; rows of numbers are expected below it"),
        (
            b"a,b\n1\xe9,2\n",
            "line 2: not UTF-8 text (byte 0xe9); it may be Latin-1 or Windows-1252: save it as "
            "UTF-8",
        ),
        (
            b'a,b\n1,2\n"3"x,4\n',
            "line 3: text after a closing quote; a quote inside a quoted cell is written twice, "
            "and columns are separated by commas",
        ),
        (
            b"a\0,b\n1,2\n",
            "line 1: NUL characters; it may be UTF-16, or no text at all: save it as UTF-8",
        ),
        (
            b"1,2\n3,4\n",
            "line 1 has numbers where the names of the columns are expected; "
            "put a header line above",
        ),
        (
            b"a,b,c,d,e,f,g,h,i,j,k\n" + b"x," * 10 + b"x\n",
            "two numeric columns are needed; the columns are: "
            "'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', ...; "
            f"not numbers in the first row: {', '.join(10 * [repr('x')])}, ...",
        ),
        (
            b"a,b\n1,2\n3," + b"x" * 40 + b"\n",
            f"line 3, column 'b': '{37 * 'x'}...' is not a finite number",
        ),
        (
            b"a,b\n1,2\n3," + b"x" * 39 + b"\n",
            f"line 3, column 'b': '{39 * 'x'}' is not a finite number",
        ),
    ],
)
def test_the_whole_of_what_is_said(tmp_path: Path, content: bytes, words: str) -> None:
    assert message(tmp_path, content) == words


@pytest.mark.parametrize(
    ("x_name", "y_name", "words"),
    [
        ("c", None, "no column is named 'c'; there are: 'a', 'b', 'b'"),
        (None, "b", "more than one column is named 'b'; there are: 'a', 'b', 'b'"),
        ("a", "a", "x and y are both column 'a'; a line needs two columns"),
    ],
)
def test_names_that_do_not_fit(
    tmp_path: Path, x_name: str | None, y_name: str | None, words: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,b,b\n1,2,3\n")
    with pytest.raises(ValueError, match=re.escape(words) + "$"):
        read_csv(path, x_name, y_name)


def test_a_line_may_be_as_long_as_is_said(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    names = "a,b," + 9 * ("c" * 100_000 + ",")
    names += "c" * (LONGEST - len(names) - 1) + "\n"
    rows = "1,2" + 10 * ",3" + "\n2,2" + 10 * ",3" + "\n"
    path.write_text(names + rows)
    assert len(read_csv(path)) == 2
    path.write_text("c" + names + rows)
    with pytest.raises(ValueError, match=r"line 1 is longer than 1000000 characters$"):
        read_csv(path)


def test_the_command_overwrites_no_file(tmp_path: Path) -> None:
    path = tmp_path / "a b.csv"
    path.write_text("a;b\n1;2\n3;4\n")
    for name in ("'a b-commas.csv'", "'a b-commas2.csv'", "'a b-commas3.csv'"):
        with pytest.raises(ValueError, match="convert it") as caught:
            read_csv(path)
        command = str(caught.value).partition("convert it: python")[2]
        assert command.endswith(f"< '{path}' > '{tmp_path}/{name[1:]}")
        subprocess.run(f"{sys.executable}{command}", shell=True, check=True)
    assert path.read_text() == "a;b\n1;2\n3;4\n"


def test_a_pipe_is_not_read_twice(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"a;b\n1;2\n3;4\n",))
    writer.start()
    with pytest.raises(ValueError, match=r" > data-commas.csv$") as caught:
        read_csv(pipe)
    writer.join()
    assert " < " not in str(caught.value)


def test_a_file_with_two_columns_of_numbers_is_read_whatever_its_text_has(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b,note;1\n1,2,x;y\n3,4,z;z\n")
    assert read_csv(path).y.tolist() == [2.0, 4.0]
