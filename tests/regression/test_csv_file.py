"""The CSV reader: which columns it takes, what it says of them, and what it refuses."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regression import Dataset, csv_file, read_csv
from regression.checks import UserError
from regression.csv_file import LONGEST

RENTS = "city,area,rooms,rent\nA,30,1,500\nB,60,2,900\nC,50,2,800\n"


def read_text(
    folder: Path, text: str | bytes, x: str | int | None = None, y: str | int | None = None
) -> Dataset:
    path = folder / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_csv(path, x, y)


def message(
    folder: Path, text: str | bytes, x: str | int | None = None, y: str | int | None = None
) -> str:
    """Return what the reader says of a file that it refuses, without the folder."""
    with pytest.raises(UserError) as caught:
        read_text(folder, text, x, y)
    assert str(caught.value).isprintable()
    return str(caught.value).removeprefix(f"{folder}/")


# Which columns --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "y", "names"),
    [
        (None, None, ("area", "rooms")),
        ("rent", "area", ("rent", "area")),
        ("rent", None, ("rent", "area")),
        (None, "area", ("rooms", "area")),
        (" rent ", "area", ("rent", "area")),
        ("4", "2", ("rent", "area")),
        (4, 2, ("rent", "area")),
        ("4", "rooms", ("rent", "rooms")),
    ],
)
def test_columns_by_name_and_by_number(
    tmp_path: Path, x: str | int | None, y: str | int | None, names: tuple[str, str]
) -> None:
    data = read_text(tmp_path, RENTS, x, y)
    assert (data.x_name, data.y_name) == names


@pytest.mark.parametrize(
    ("text", "x", "y", "names"),
    [
        ("7,2,1\n1,2,4\n3,4,6\na,b,c\n", "1", None, ("column 1", "column 2")),  # there is no header
        ("a,2,1\n1,2,4\n3,4,6\n", "1", "2", ("1", "2")),  # a name comes before a number
        ("a,A\n1,2\n3,4\n", "A", "a", ("A", "a")),  # and one that fits before one that nearly does
        (",a,b\n0,1,2\n1,3,4\n", "", "b", ("", "b")),
        (",a,b\n0,1,2\n1,3,4\n", "1", "b", ("", "b")),
        (",a,b\n0,1,2\n1,3,4\n", "b", None, ("b", "a")),
        ("id,a,b\n1,1,2\n2,3,4\n", "id", None, ("id", "a")),
        ("c,a,b\n1,1,2\n1,3,4\n", None, "c", ("a", "c")),
        ("t,day\n5,2020-01-01\n6,2020-01-02\n", None, None, ("day", "t")),  # time to the right
        ("t,day\n5,2020-01-01\n6,2020-01-02\n", "t", None, ("t", "day")),
        ("pop,year\n5,2020\n6,2021\n", None, None, ("year", "pop")),
        ("born,died\n1900-01-01,1980-01-01\n1900-01-02,1981-01-01\n", None, None, ("born", "died")),
        ("a,2,1\n1,2,4\n3,4,6\n", 1, 2, ("a", "2")),
        (",0,1\n0,5,6\n1,7,9\n", "2", "3", ("0", "1")),  # numbers as names, as pandas writes
        ("a,b,c\n1,,3\n2,,4\n3,7,5\n", None, None, ("a", "c")),  # b is mostly empty
        ("a,b\n1,\n2,\n3,7\n4,\n5,8\n", None, "b", ("a", "b")),  # unless it is asked for
        ("a,b,c\n1,u,3\n2,7,4\n3,v,5\n", None, None, ("a", "c")),  # b is mostly text
        ("  long   name ,b\n1,2\n3,4\n", "long name", None, ("long name", "b")),
        ('"two\nlines",b\n1,2\n3,4\n', "two lines", None, ("two lines", "b")),
    ],
)
def test_which_columns_are_taken(
    tmp_path: Path, text: str, x: str | int | None, y: str | int | None, names: tuple[str, str]
) -> None:
    data = read_text(tmp_path, text, x, y)
    assert (data.x_name, data.y_name) == names


# What is said ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names", "notes"),
    [
        ("a,b\n1,2\n3,4\n", (None, None), ["x is column 'a', y is column 'b'."]),
        ("a,b\n1,2\n3,4\n", ("a", None), ["x is column 'a', y is column 'b'."]),
        ("a,b\n1,2\n3,4\n", ("a", "b"), []),
        (
            "a,b,c,d,e\n1,2,3,4,5\n3,4,5,6,7\n",
            (None, None),
            ["x is column 'a', y is column 'b'; 3 more of numbers: 'c', 'd', 'e' "
            "(choose with x and y)."],
        ),
        (
            "a,b,c,d,e,f\n1,2,3,4,5,6\n3,4,5,6,7,8\n",
            (None, "b"),
            ["x is column 'a', y is column 'b'; 4 more of numbers (choose with x and y)."],
        ),
        (
            "t,day,c\n5,2020-01-01,1\n6,2020-01-02,2\n",
            ("t", "day"),
            ["x is column 't', y is column 'day' in years."],
        ),
        (
            "a,b\n1,2\n3,NA\n5,6\n",
            ("a", "b"),
            ["1 of 3 rows has no number in 'b' and is left out."],
        ),
        (
            "a,b\n1,2\n,NA\nx,4\n5,6\n7,8\n9,1\n",
            ("a", "b"),
            ["2 of 6 rows have no number in 'a' or 'b' and are left out (line 4: 'x')."],
        ),
        (
            "a,b\n1,2\n\n3,u\nv,4\n5,w\n7,8\n9,1\n0,0\n",
            ("a", "b"),
            ["3 of 7 rows have no number in 'a' or 'b' and are left out (line 4: 'u')."],
        ),
        (  # half of a column may be text where it is asked for
            "a,b\nu,1\nv,2\n5,6\n7,8\n",
            ("a", "b"),
            ["2 of 4 rows have no number in 'a' and are left out (line 2: 'u')."],
        ),
        (
            "a,b\n" + "1,2\n,4\n" * 1500 + "2,2\n",
            ("a", "b"),
            ["1,500 of 3,001 rows have no number in 'a' and are left out."],
        ),
        (
            "1,2\n3,4\n",
            ("1", "2"),
            ["The first row has numbers; the columns are named by their places."],
        ),
        ("Rents\na,b\n1,2\n3,4\n", ("a", "b"), ["The table begins after line 1."]),
        (
            "Rents\n\n2020\na,b\n1,2\n3,4\n",
            ("a", "b"),
            ["The table begins after line 3."],
        ),
        (
            "Rents,2020\na,b,c,d,e,f\n1,2,3,4,5,6\n3,4,5,6,7,8\n",
            ("a", "b"),
            ["The table begins after line 1."],
        ),
        (
            "a;b\n100.000;0,5\n200.000;1,5\n",
            ("a", "b"),
            ["'100.000' in column 'a' can be read in two ways; it was read as 100000."],
        ),
        (  # a single cell decides
            "a;b\n100.000;0,5\n200.000;1\n",
            ("a", "b"),
            ["'100.000' in column 'a' can be read in two ways; it was read as 100000."],
        ),
        ("a;b\n100.000;0,5\n200.000,5;1,5\n", ("a", "b"), []),
        ("a;b\n100.000;0.5\n200.000;1.5\n", ("a", "b"), []),
        (
            'a,b\n"1,234",1\n"5,678",2\n',
            ("a", "b"),
            ["'1,234' in column 'a' can be read in two ways; it was read as 1234."],
        ),
        ("a,b\nx\x1b[2J,1\n1,2\n2,3\n3,4\n", ("a", "b"), ["1 of 4 rows has no number in 'a' and "
            r"is left out (line 2: 'x\x1b[2J')."]),
    ],
)  # fmt: skip
def test_notes(
    tmp_path: Path, text: str, names: tuple[str | None, str | None], notes: list[str]
) -> None:
    data = read_text(tmp_path, text, *names)
    assert list(data.notes) == notes


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n3,\x81\n5,6\n",  # what Windows-1252 leaves undefined
        "a,b\n1,2\n5,6\n".encode("utf-16") + b"\x37",  # half a character
    ],
)
def test_bytes_that_are_no_text_are_no_number(tmp_path: Path, content: bytes) -> None:
    data = read_text(tmp_path, content, "a", "b")
    assert (data.x.tolist(), data.y.tolist()) == ([1, 5], [2, 6])
    assert data.notes[-1].startswith("1 of 3 rows has no number in")


def test_y_may_be_dates(tmp_path: Path) -> None:
    data = read_text(tmp_path, "t,day\n5,1970-01-01\n6,1970-12-31\n", "t", "day")
    assert (data.x_is_date, data.y_is_date) == (False, True)
    assert data.y.tolist() == [1970, 1970 + 364 / 365.2425]


def test_windows_1252_is_said_wherever_it_comes_up(tmp_path: Path) -> None:
    rows = "".join(f"{number},{number}\n" for number in range(20_000)).encode()
    data = read_text(tmp_path, b"a,b\n" + rows + b"7,7\n8,\xa08\n", "a", "b")
    assert data.y[-2:].tolist() == [7.0, 8.0]  # 0xA0 is a blank
    assert data.notes == ("The file is not UTF-8; it was read as Windows-1252.",)
    assert not read_text(tmp_path, b"a,b\n" + rows, "a", "b").notes


# What is refused ------------------------------------------------------------------------------

UNCLOSED = "found a quote that is not closed, or too long a cell."
COLUMNS = "expected two columns of numbers or dates such as 2020-03-14, found"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "data.csv: expected a header and rows of numbers, found none."),
        ("  \n\n# nothing\n", "data.csv: expected a header and rows of numbers, found none."),
        ("a,b\n", "data.csv: 0 points given; a line needs at least two (x is column 'a', y is"),
        ("a,b\n1,2\n", "1 point given; a line needs at least two (x is column 'a', y is column"),
        (
            "a,b\n1,2\n1,4\n",
            f"{COLUMNS} 'a' (the same in every row; to take it, name x and y), 'b' (numbers).",
        ),
        ("a\n1\n2\n", f"{COLUMNS} 'a' (numbers)."),
        ("a,b\nu,1\nv,2\n", f"{COLUMNS} 'a' (text, such as 'u'), 'b' (numbers)."),
        ("a,b,c\nu,1,\nv,2,NA\n", "'b' (numbers), 'c' (mostly empty)."),
        ("a,b\n1,2\n3,x\n5,y\n", f"{COLUMNS} 'a' (numbers), 'b' (text, such as 'x')."),
        ("a,b\n1/2/2020,3\n3/4/2020,4\n", f"{COLUMNS} 'a' (text, such as '1/2/2020'), 'b'"),
        (
            ",b\n1,1\n2,2\n",
            f"{COLUMNS} '' (only numbers the rows; to take it, give its name or its number, 1), "
            "'b' (numbers).",
        ),
        (
            "a,b\n1,\n,2\n",
            "0 points given; a line needs at least two (x is column 'a', y is column 'b'). "
            "2 of 2 rows have no number in 'a' or 'b' and are left out.",
        ),
        ("a,b\n1,2,3\n3,4\n", "line 2: expected 2 cells as in the first row, found 3; put quotes "
            "around a cell with ',' in it."),
        ("a,b\n1,5,2,5\n3,4,4,5\n", "line 2: expected 2 cells as in the first row, found 4; put"),
        ("a;b\n1;2\n3;4\n5;6;7\n", "line 4: expected 2 cells as in the first row, found 3;"),
        ('a,b\n1,2\n"3\n,4\n5,6\n', f"data.csv, line 3: {UNCLOSED}"),
        ('"a,b\n1,2\n', f"data.csv, line 1: {UNCLOSED}"),
        ('a,b\n1,2\n3,4\n"5,6', f"data.csv, line 4: {UNCLOSED}"),
        ('a,b\n1,2\n"' + "1,2\n" * 50_000, f"line 3: {UNCLOSED}"),
        ('a,b\n1,2\n"' + "1,2," * 30_000, f"line 3: {UNCLOSED}"),
        ("a,b\n" + "1" * 200_000 + ",2\n", f"line 2: {UNCLOSED}"),
        ("a," * 10**6, "data.csv, line 1: found more than 1,000,000 characters; save the data as"),
        ("#" * 3 * 10**6, "data.csv, line 1: found more than 1,000,000 characters; save"),
        ("a,b\n1,2\n1," + "2," * 10**6, "line 3: found more than 1,000,000 characters; save"),
        ("a,b\n1,2\x00\n", "data.csv, line 2: found NUL characters; save the data as CSV in UTF-8"),
        ("a,b\n1,2\n".encode("utf-16-le"), "line 1: found NUL characters"),
        ("a,b\n1,2\n".encode("utf-32"), "line 1: found NUL characters"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "found NUL characters"),
        (b"PK\3\4\x14\0\6\0", "found NUL characters"),
        (b"\x1f\x8b\x08\0", "data.csv: the packed file is damaged or cut short."),
        ("a,b\n1e200,2\n3,4\n", "data.csv: x reaches beyond 1e+140, where squares overflow (x is"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, text: str | bytes, words: str) -> None:
    assert words in message(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "x", "y", "words"),
    [
        (
            "area,rent\n1,2\n3,abc\n5,x\n",
            "area",
            "rent",
            "'rent': expected a number or a date such as 2020-03-14, found 'abc' in most rows.",
        ),
        (
            "area,day\n1,2020-01-01\n3,2020-01-02\n" + "5,x\n" * 3,
            "area",
            "day",
            "column 'day': expected a number or a date such as 2020-03-14, found 'x' in most rows.",
        ),
        ("a,b\n1,2\n1,4\n", "a", "b", "data.csv: x is 1 at every point, so no line is determined"),
        ("a,b,b\n1,2,3\n", "c", None, "expected the name or number of a column ('a', 'b', 'b'),"),
        ("rooms,b\n1,2\n", "Rooms", None, "('rooms', 'b'), found 'Rooms'. Did you mean 'rooms'?"),
        ("a,b,b\n1,2,3\n", "4", None, "of a column ('a', 'b', 'b'), found '4'."),
        ("a,b,b\n1,2,3\n", "0", None, "found '0'."),
        ("a,b,b\n1,2,3\n", 0, None, "found '0'."),
        ("a,b,b\n1,2,3\n", "9" * 5000, None, "found '99999"),
        ("A,a\n1,2\n", "a", "A", "1 point given"),
        ("a,b\n1,2\n3,4\n", "a", "a", "data.csv: expected two columns, found 'a' for x and y."),
        ("a,b\n1,2\n3,4\n", "a", "1", "data.csv: expected two columns, found 'a' for x and y."),
    ],
)  # fmt: skip
def test_names_and_columns_that_do_not_fit(
    tmp_path: Path, text: str, x: str | None, y: str | None, words: str
) -> None:
    assert words in message(tmp_path, text, x, y)


def test_long_texts_are_not_shown_at_full_length(tmp_path: Path) -> None:
    names = ",".join(f"{letter * 200}" for letter in "abcdefghijklmnop")
    text = message(tmp_path, f"{names}\n{'x,' * 15}x\n")
    assert len(text) < 1000
    assert "'aaaaaaaa" in text


@pytest.mark.parametrize(
    ("suffix", "what"), [(".xlsx", "Excel"), (".XLS", "Excel"), (".parquet", "Parquet")]
)
def test_files_that_are_no_text_are_refused_by_name(tmp_path: Path, suffix: str, what: str) -> None:
    path = tmp_path / f"data{suffix}"
    path.write_bytes(b"whatever")
    with pytest.raises(UserError, match=f"found an? {what}.* as CSV"):
        read_csv(path)


def test_a_line_may_be_as_long_as_is_said(tmp_path: Path) -> None:
    names = "a,b," + 9 * ("c" * 100_000 + ",")
    names += "c" * (LONGEST - len(names) - 1) + "\n"
    rows = "1,2" + 10 * ",3" + "\n2,3" + 10 * ",3" + "\n"
    assert len(read_text(tmp_path, names + rows)) == 2
    assert "more than 1,000,000 characters" in message(tmp_path, "c" + names + rows)


# Properties -----------------------------------------------------------------------------------

sizes = st.floats(1e-139, 1e140)
numbers = st.one_of(st.just(0.0), sizes, sizes.map(lambda size: -size))
"""What a column may hold: a square that neither overflows nor underflows."""


@given(points=st.lists(st.tuples(numbers, numbers), min_size=2), quote=st.booleans())
def test_what_the_csv_module_writes_reads_back(
    tmp_path_factory: pytest.TempPathFactory, points: list[tuple[float, float]], quote: bool
) -> None:
    x, y = np.array(points).T
    if np.ptp(x) < 1e-139:
        return
    path = tmp_path_factory.mktemp("csv") / "data.csv"
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL)
        writer.writerows([("a,b", 'c"d\ne'), *((repr(a), repr(b)) for a, b in points)])
    data = read_csv(path, 1, 2)
    assert (data.x_name, data.y_name) == ("a,b", 'c"d e')
    np.testing.assert_array_equal(data.x, x)
    np.testing.assert_array_equal(data.y, y)


decimals = st.decimals(-(10**9), 10**9, places=2)


@given(
    points=st.lists(st.tuples(decimals, decimals), min_size=2, unique_by=lambda point: point[0]),
    separator=st.sampled_from([";", "\t", "|"]),
    marks=st.sampled_from([(",", "."), (".", ","), (",", " "), (".", "'"), (",", "\xa0")]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_numbers_of_every_country_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    points: list[tuple[Decimal, Decimal]],
    separator: str,
    marks: tuple[str, str],
    encoding: str,
    end: str,
) -> None:
    decimal, group = marks
    swap = str.maketrans({",": group, ".": decimal})
    rows = [separator.join(f"{value:,.2f}".translate(swap) for value in row) for row in points]
    path = tmp_path_factory.mktemp("csv") / "data.csv"
    path.write_bytes(end.join([f"a{separator}b", *rows]).encode(encoding))
    data = read_csv(path, "a", "b")
    assert data.x.tolist() == [float(a) for a, _ in points]
    assert data.y.tolist() == [float(b) for _, b in points]


def test_a_cell_far_down_decides_how_a_column_is_read(tmp_path: Path) -> None:
    rows = "".join(f"{number}.000;{number}\n" for number in range(1, 900))
    assert read_text(tmp_path, f"a;b\n{rows}1,5;7\n").x[:2].tolist() == [1000.0, 2000.0]
    assert read_text(tmp_path, f"a;b\n{rows}1.5;7\n").x[:2].tolist() == [1.0, 2.0]


def test_every_message_says_where(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    for text in ("", "a,b\n", "a\n1\n2\n", "a,b\n1,2\n", "a,b\n1,2,3\n1,2\n", "a,b\n1,\0\n"):
        path.write_text(text)
        with pytest.raises(UserError, match=f"^{re.escape(str(path))}(, line \\d+)?: .*[.]$"):
            read_csv(path)


def test_lines_without_an_end_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "MAX_LINES", 5000)
    path = tmp_path / "many.csv"
    path.write_text("a,b\n" + "1,2\n3,4\n" * 2500)
    with pytest.raises(UserError, match="line 5001: found more than 5,000 lines"):
        read_csv(path)
