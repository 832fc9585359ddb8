"""The CSV reader: which columns, and a word on what is wrong with its line and column."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regression import read_csv


def read_text(folder: Path, text: str, x: str | None = None, y: str | None = None):  # type: ignore[no-untyped-def]
    path = folder / "data.csv"
    path.write_bytes(text.encode())
    return read_csv(path, x, y)


def test_the_first_two_numeric_columns(tmp_path: Path) -> None:
    data = read_text(tmp_path, "city,area,rooms,rent\nA,30,1,500\nB,60,2,900\n")
    assert (data.x_name, data.y_name) == ("area", "rooms")
    assert data.x.tolist() == [30.0, 60.0]
    assert data.y.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("x", "y", "names"),
    [
        ("rent", "area", ("rent", "area")),
        ("rent", None, ("rent", "area")),
        (None, "area", ("rooms", "area")),
    ],
)
def test_columns_by_name(
    tmp_path: Path, x: str | None, y: str | None, names: tuple[str, str]
) -> None:
    data = read_text(tmp_path, "city,area,rooms,rent\nA,30,1,500\nB,60,2,900\n", x, y)
    assert (data.x_name, data.y_name) == names


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffa,b\n1,2\n3,4\n",
        "a,b\r\n1,2\r\n3,4\r\n",
        "a,b\n\n1,2\n   \n3,4",
        "a,b\r1,2\r3,4\r",
        '"a","b"\n"1","2"\n 3 , 4\n',
        "a,b\n1e0,+2.0\n0.3e1,4.\n",
    ],
)
def test_what_is_well_formed_is_read(tmp_path: Path, text: str) -> None:
    data = read_text(tmp_path, text)
    assert (data.x_name, data.y_name) == ("a", "b")
    assert data.x.tolist() == [1.0, 3.0]
    assert data.y.tolist() == [2.0, 4.0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "data.csv: empty"),
        ("a,b\n", "only a header"),
        ("a,b\n1,2\n", "at least two"),
        ("a,b\n1,2\n1,4\n", "x is 1 at every point"),
        ("a\n1\n2\n", "two numeric columns are needed; the columns are: 'a'"),
        ("a,b\nu,1\nv,2\n", "two numeric columns"),
        ("a,b\n1,2\n3,x y\n", "line 3, column 'b': 'x y' is not"),
        ("a,b\n1,2\n\n3,\n", "line 4, column 'b': an empty cell"),
        ("a,b\n1,2\n3,nan\n", "line 3, column 'b': 'nan'"),
        ("a,b\n1,2\n1e999,3\n", "line 3, column 'a': '1e999'"),
        ("a,b\n1,2\n1_0,3\n", "line 3, column 'a': '1_0'"),
        ("a,b\n1,2\n3\n", "line 3: 1 cell, the header has 2"),
        ("a,b\n1,2,3\n", "line 2: 3 cells"),
        ('a,b\n"1,2\n', "line 2: a quote opens here and is not closed"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_text(tmp_path, text)


@pytest.mark.parametrize(
    ("header", "x", "words"),
    [("a,b", "c", "no column is named 'c'"), ("a,a", "a", "more than one column is named 'a'")],
)
def test_names_that_do_not_fit(tmp_path: Path, header: str, x: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_text(tmp_path, f"{header}\n1,2\n", x)


def test_x_and_y_are_not_the_same_column(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x and y are both column 'a'"):
        read_text(tmp_path, "a,b\n1,2\n3,4\n", "a", "a")


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
    data = read_csv(path)
    assert (data.x_name, data.y_name) == ("a,b", 'c"d\ne')
    np.testing.assert_array_equal(data.x, x)
    np.testing.assert_array_equal(data.y, y)
