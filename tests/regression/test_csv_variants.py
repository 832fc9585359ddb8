"""One table of small files as people and programs write them, the reason beside each."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from regression import Dataset, read_csv
from regression.data import to_years

Numbers = list[float]
X, Y = [1.5, 3.0], [2.0, 4.25]


def read(folder: Path, content: bytes, x: str | None = None, y: str | None = None) -> Dataset:
    path = folder / "data.csv"
    path.write_bytes(content)
    return read_csv(path, x, y)


def days(*dates: str) -> Numbers:
    return list(to_years(np.array(dates, dtype="datetime64[us]")))


SAME_POINTS = [
    ("commas", "a,b\n1.5,2\n3,4.25\n"),
    ("no line break at the end", "a,b\n1.5,2\n3,4.25"),
    ("Windows line breaks", "a,b\r\n1.5,2\r\n3,4.25\r\n"),
    ("old Macintosh line breaks", "a,b\r1.5,2\r3,4.25\r"),
    ("all three line breaks", "a,b\n1.5,2\r\n3,4.25\r"),
    ("UTF-8 with a byte order mark", "\ufeffa,b\n1.5,2\n3,4.25\n"),
    ("mark and quotes", '\ufeff"a","b"\n1.5,2\n3,4.25\n'),
    ("blank lines", "\n\na,b\n\n1.5,2\n   \n3,4.25\n\n\n"),
    ("rows of separators, as spreadsheets leave them", "a,b\n1.5,2\n3,4.25\n,\n,\n"),
    ("blanks beside the cells", " a , b \n 1.5 , 2 \n 3 , 4.25 \n"),
    ("quotes round all cells", '"a","b"\n"1.5","2"\n"3","4.25"\n'),
    ("a blank before a quote", '"a", "b"\n"1.5", "2"\n"3", "4.25"\n'),
    ("a blank after a quote", '"a" ,"b" \n"1.5" ,"2" \n"3" ,"4.25" \n'),
    ("exponents and signs", "a,b\n+15e-1,0.2E+1\n3e0,+4.25\n"),
    ("no digit before or after the point", "a,b\n1.5,2.\n3.,4.25\n"),
    ("zeros before and after", "a,b\n01.50,2.0\n3.000,04.250\n"),
    ("semicolons", "a;b\n1.5;2\n3;4.25\n"),
    ("semicolons and decimal commas", "a;b\n1,5;2\n3;4,25\n"),
    ("semicolons, decimal commas, quotes", '"a";"b"\n"1,5";"2"\n"3";"4,25"\n'),
    ("semicolons, quoted names only", '"a";"b"\n1,5;2\n3;4,25\n'),
    ("quoted decimal commas between commas", 'a,b\n"1,5",2\n3,"4,25"\n'),
    ("decimal commas and exponents", "a;b\n1,5e0;2\n3;42,5E-1\n"),
    ("tabs", "a\tb\n1.5\t2\n3\t4.25\n"),
    ("tabs and decimal commas", "a\tb\n1,5\t2\n3\t4,25\n"),
    ("tabs and blanks", "a\t b\n1.5\t 2\n3\t 4.25\n"),
    ("bars", "a|b\n1.5|2\n3|4.25\n"),
    ("bars and decimal commas", "a|b\n1,5|2\n3|4,25\n"),
    ("bars and blanks", "a | b\n1.5 | 2\n3 | 4.25\n"),
    ("blanks", "a b\n1.5 2\n3 4.25\n"),
    ("blanks and decimal commas", "a b\n1,5 2\n3 4,25\n"),
    ("columns of a width", "  a     b\n1.5  2   \n  3  4.25\n"),
    ("commas and decimal commas in quotes and blanks", 'a, b\n"1,5", "2"\n"3", "4,25"\n'),
    ("a line that says the separator", "sep=;\na;b\n1.5;2\n3;4.25\n"),
    ("the same in quotes", '"sep=;"\na;b\n1,5;2\n3;4,25\n'),
    ("the same with a mark and Windows line breaks", "\ufeffsep=;\r\na;b\r\n1,5;2\r\n3;4,25\r\n"),
    ("another separator that is said", "sep=:\na:b\n1.5:2\n3:4.25\n"),
    ("comments above", "# made by hand\n# on Monday\na,b\n1.5,2\n3,4.25\n"),
    ("comments below and between", "a,b\n1.5,2\n# a pause\n3,4.25\n# the end\n"),
    ("a comment with commas", "# one, two, three, four\na,b\n1.5,2\n3,4.25\n"),
    ("a separator that ends each row", "a,b,\n1.5,2,\n3,4.25,\n"),
    ("a separator that ends each row but the header", "a,b\n1.5,2,\n3,4.25,\n"),
    ("two of them", "a;b;;\n1,5;2;;\n3;4,25;;\n"),
    ("a title above the table", "Weather of March\na,b\n1.5,2\n3,4.25\n"),
    ("names with a separator more", "Weather\na,b,\n1.5,2\n3,4.25\n"),
    ("a title, a blank line, names", "Weather\nof March\n\na;b\n1,5;2\n3;4,25\n"),
    ("a column of text", "name,a,b\nOak,1.5,2\nElm,3,4.25\n"),
    ("text with commas in quotes", 'name,a,b\n"Oak, 3",1.5,2\n"Elm, 4",3,4.25\n'),
    ("text with quotes in it", 'name,a,b\n"the ""Oak""",1.5,2\nElm,3,4.25\n'),
    ("text with line breaks", 'name,a,b\n"Oak\nRoad",1.5,2\n"Elm\r\nRoad",3,4.25\n'),
    ("an inch mark in text", 'name,a,b\n5" pipe,1.5,2\n6" pipe,3,4.25\n'),
    ("text with commas between semicolons", "name;a;b\nOak, 3;1,5;2\nElm;3;4,25\n"),
    ("text with semicolons between commas", "a,b,note;1\n1.5,2,x;y\n3,4.25,z;z\n"),
    ("text with blanks", "a,b,note\n1.5,2,big and old\n3,4.25,small and new\n"),
    ("a column that is constant", "one,a,b\n1,1.5,2\n1,3,4.25\n"),
    ("a constant column of text", "unit,a,b\nm,1.5,2\nm,3,4.25\n"),
    ("an empty column", "e,a,b\n,1.5,2\n,3,4.25\n"),
    ("a column without name or cells", "a,,b\n1.5,,2\n3,,4.25\n"),
    ("numbers of rows without a name, as pandas writes them", ",a,b\n0,1.5,2\n1,3,4.25\n"),
    ("numbers of rows that pandas read again", "Unnamed: 0,a,b\n0,1.5,2\n1,3,4.25\n"),
    ("numbers of rows, as R writes them", '"","a","b"\n"1",1.5,2\n"2",3,4.25\n'),
    ("a header with more names than any row has cells", "a,b,c,d\n1.5,2\n3,4.25\n"),
    ("numbers of rows that a sort mixed", ",a,b\n7,1.5,2\n3,3,4.25\n"),
    ("an id", "id,a,b\n17,1.5,2\n4,3,4.25\n"),
    ("a row without y", "a,b\n1.5,2\n2,\n3,4.25\n"),
    ("a row without x", "a,b\n1.5,2\n,7\n3,4.25\n"),
    ("a row that ends early", "a,b\n1.5,2\n7\n3,4.25\n"),
    *(
        (f"missing as {word!r}", f"a,b\n1.5,2\n7,{word}\n3,4.25\n")
        for word in ("NA", "NaN", "nan", "null", "NULL", "None", "n/a", "N/A", "#N/A", "<NA>")
    ),
    *(
        (f"missing as {word!r}", f"a,b\n1.5,2\n7,{word}\n3,4.25\n")
        for word in ("-", "--", ".", "?")
    ),
    ("both missing", "a,b\n1.5,2\nNA,NA\n3,4.25\n"),
    ("text in a row of three", "a,b\n1.5,2\n7,broken\n3,4.25\n"),
    ("units below the names", "a,b\n[s],[m]\n1.5,2\n3,4.25\n"),
    ("infinity is no number", "a,b\n1.5,2\n7,inf\n3,4.25\n1e999,5\n"),
    ("hexadecimal numbers are text", "a,b\n1.5,2\n0x10,5\n3,4.25\n"),
    ("blanks that do not break", "a,b\n\xa01.5,2\xa0\n3\u202f,4.25\n"),
]


@pytest.mark.parametrize(("why", "text"), SAME_POINTS, ids=[why for why, _ in SAME_POINTS])
def test_the_same_two_points_are_read(tmp_path: Path, why: str, text: str) -> None:
    data = read(tmp_path, text.encode())
    assert (data.x_name, data.y_name, data.x.tolist(), data.y.tolist()) == ("a", "b", X, Y), why
    assert not data.x_is_date


ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "gzip"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", ["größe;b\n1,5;2\n3;4,25\n", "größe,b\r\n1.5,2\r\n3,4.25\r\n"])
def test_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("e") else ""
    content = gzip.compress(text.encode()) if encoding == "gzip" else (mark + text).encode(encoding)
    data = read(tmp_path, content)
    assert (data.x_name, data.x.tolist(), data.y.tolist()) == ("größe", X, Y)
    said = "The file is not UTF-8; it was read as Windows-1252." in data.notes
    assert said == (encoding == "cp1252")


# What a column has, and what it means. The other column is y = 0, 1, 2, ...
COLUMNS: list[tuple[str, str, list[str], Numbers]] = [
    ("thousands with commas", ",", ['"1,234.50"', '"12,345.00"'], [1234.5, 12345]),
    ("millions with commas", ",", ['"1,234,567"', "89"], [1234567, 89]),
    ("thousands with points", ";", ["1.234,50", "12.345,00"], [1234.5, 12345]),
    ("millions with points", ";", ["1.234.567", "89"], [1234567, 89]),
    ("thousands with blanks", ";", ["1 234,50", "12 345,00"], [1234.5, 12345]),
    ("thousands with blanks and points", ",", ["1 234.50", "12 345"], [1234.5, 12345]),
    ("blanks that do not break", ";", ["1\xa0234,50", "12\u202f345"], [1234.5, 12345]),
    ("Swiss apostrophes", ",", ["1'234.50", "12'345"], [1234.5, 12345]),
    ("1.234 is small where a cell has a decimal point", ";", ["1.234", "0.5"], [1.234, 0.5]),
    ("100.000 is large where a cell has a decimal comma", ";", ["100.000", "0,5"], [1e5, 0.5]),
    ("1,234 is large where a cell has a decimal point", ";", ["1,234", "0.5"], [1234, 0.5]),
    ("1,234 is small where a cell has a decimal comma", ";", ["1,234", "10,5"], [1.234, 10.5]),
    ("1,234 is large where a cell has two commas", ";", ["1,234", "1,234,567"], [1234, 1234567]),
    ("0,125 can only have a decimal comma", ";", ["0,125", "1,125"], [0.125, 1.125]),
    ("0.125 can only have a decimal point", ",", ["0.125", "1.125"], [0.125, 1.125]),
    ("1234,567 can only have a decimal comma", ";", ["1234,567", "1,125"], [1234.567, 1.125]),
    ("three decimals and no comma at all", ",", ["1.234", "5.678"], [1.234, 5.678]),
    ("the same between semicolons", ";", ["1.234", "5.678"], [1.234, 5.678]),
    ("three decimals after commas between semicolons", ";", ["1,234", "5,678"], [1.234, 5.678]),
    ("thousands in quotes between commas", ",", ['"1,234"', '"5,678"'], [1234, 5678]),
    ("a real minus sign", ",", ["\u22121.5", "2"], [-1.5, 2]),
    ("negative thousands", ";", ["-1.234,5", "+2"], [-1234.5, 2]),
    ("no digit before the point", ",", [".5", "-.25"], [0.5, -0.25]),
    ("no digit before the comma", ";", [",5", "-,25"], [0.5, -0.25]),
    ("Arabic digits", ",", ["\u0661\u0662", "3"], [12, 3]),
    ("very small and very large", ",", ["1e-130", "1e130"], [1e-130, 1e130]),
    ("seconds of Unix", ",", ["1700000000", "1700000060"], [1.7e9, 1.70000006e9]),
    ("17 digits", ",", ["0.1234567890123456", "0.3"], [0.1234567890123456, 0.3]),
]


@pytest.mark.parametrize(
    ("why", "separator", "cells", "values"), COLUMNS, ids=[row[0] for row in COLUMNS]
)
def test_numbers(
    tmp_path: Path, why: str, separator: str, cells: list[str], values: Numbers
) -> None:
    rows = [separator.join(["v", "y"]), *(f"{c}{separator}{i}" for i, c in enumerate(cells))]
    data = read(tmp_path, "\n".join(rows).encode())
    assert data.x.tolist() == values, why
    assert data.y.tolist() == [0, 1]
    assert not data.x_is_date


DATES: list[tuple[str, list[str], list[str]]] = [
    ("ISO 8601", ["2020-02-29", "2021-01-01"], ["2020-02-29", "2021-01-01"]),
    ("a time", ["2020-02-29T12:30:15", "2021-01-01 00:00"], ["2020-02-29T12:30:15", "2021-01-01"]),
    (
        "parts of seconds",
        ["2020-01-01T00:00:00.5", "2020-01-02"],
        ["2020-01-01T00:00:00.5", "2020-01-02"],
    ),
    ("Greenwich", ["2020-01-01T00:00:00Z", "2020-01-02T00:00Z"], ["2020-01-01", "2020-01-02"]),
    ("another zone", ["2020-01-01T02:00+02:00", "2020-01-02"], ["2020-01-01", "2020-01-02"]),
    ("weeks", ["2020-W01-1", "2020-W02"], ["2019-12-30", "2020-01-06"]),
    ("months", ["2020-02", "2020-03"], ["2020-02-01", "2020-03-01"]),
    ("names of months", ["Jan 1 2000", "Feb 29 2000"], ["2000-01-01", "2000-02-29"]),
    ("slashes, year first", ["2010/01/02", "2010/01/03 05:30"], ["2010-01-02", "2010-01-03T05:30"]),
    ("names and dashes", ["Jan-1-1995", "Dec-31-1995"], ["1995-01-01", "1995-12-31"]),
    ("before 1970", ["1066-10-14", "0001-01-01"], ["1066-10-14", "0001-01-01"]),
]


@pytest.mark.parametrize(("why", "cells", "dates"), DATES, ids=[row[0] for row in DATES])
def test_dates(tmp_path: Path, why: str, cells: list[str], dates: list[str]) -> None:
    rows = ["when,y", *(f"{cell},{number}" for number, cell in enumerate(cells))]
    data = read(tmp_path, "\n".join(rows).encode())
    np.testing.assert_allclose(data.x, days(*dates), rtol=0, atol=1e-10, err_msg=why)
    assert data.x_is_date
    assert not data.y_is_date


NO_DATES = [
    ("a day that no month has", ["2021-02-29", "2021-02-30"]),
    ("a month that no year has", ["2021-13", "2021-14"]),
    ("a range", ["10-20", "20-30"]),
    ("a time without a day", ["12:30", "12:45"]),
    ("a version", ["1.2.3", "1.2.4"]),
    ("words that begin like months", ["Market 12", "Decade 90"]),
    ("a telephone", ["555-1234", "555-9876"]),
]


@pytest.mark.parametrize(("why", "cells"), NO_DATES, ids=[row[0] for row in NO_DATES])
def test_what_is_no_date_is_not_taken(tmp_path: Path, why: str, cells: list[str]) -> None:
    rows = ["v,a,b", *(f"{cell},{number},{number}" for number, cell in enumerate(cells))]
    data = read(tmp_path, "\n".join(rows).encode())
    assert (data.x_name, data.y_name) == ("a", "b"), why


@pytest.mark.parametrize(
    ("name", "last", "dates"),
    [
        ("date", "19580405", ["1958-03-29", "1958-04-05"]),
        ("date", "19580432", None),  # no day
        ("count", "19580405", None),
    ],
)
def test_days_in_one_number(tmp_path: Path, name: str, last: str, dates: list[str] | None) -> None:
    data = read(tmp_path, f"{name},b\n19580329,1\n{last},2\n".encode(), name, "b")
    assert data.x_is_date == (dates is not None)
    expected = days(*dates) if dates else [19580329, int(last)]
    np.testing.assert_allclose(data.x, expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("name", "cells", "is_date"),
    [
        ("year", ["1871", "1872"], True),
        ("Year of birth", ["1871", "1872"], True),
        ("Jahr", ["1871", "1872"], True),
        ("year", ["1", "2"], False),  # of a loan
        ("year", ["1871.5", "1872"], False),
        ("volume", ["1871", "1872"], False),
        ("birth_year", ["1871", "1872"], True),
        ("rent per year", ["1871", "1872"], False),
        ("yearly income", ["1871", "1872"], False),
    ],
)
def test_years(tmp_path: Path, name: str, cells: list[str], is_date: bool) -> None:
    data = read(tmp_path, f"{name},b\n{cells[0]},1\n{cells[1]},2\n".encode())
    assert data.x.tolist() == [float(cell) for cell in cells]
    assert (data.x_is_date, data.y_is_date) == (is_date, False)


def test_a_guess_at_years_swaps_no_columns(tmp_path: Path) -> None:
    for name, is_time in (("year", True), ("year of rent", False), ("rent per year", False)):
        data = read(tmp_path, f"area,{name}\n30,1871\n45,1872\n60,1874\n".encode())
        assert (data.x_name == name) == is_time


def test_german_dates_and_grouped_numbers_beside_plain_ones(tmp_path: Path) -> None:
    text = "Datum;Umsatz\n01.02.2024;950\n15.02.2024;1.020\n1.3.2024 12:00;1.100\n"
    data = read(tmp_path, text.encode())
    np.testing.assert_allclose(data.x, days("2024-02-01", "2024-02-15", "2024-03-01T12:00"))
    assert data.y.tolist() == [950, 1020, 1100]
    assert "'1.020' in column 'Umsatz' can be read in two ways" in " ".join(data.notes)
    near = read(tmp_path, b"a;b\n1.125;1\n2;2\n3.250;4\n")
    assert near.x.tolist() == [1.125, 2, 3.25]


NO_HEADER = [
    ("numbers only", "1.5,2\n3,4.25\n", "column 1"),
    ("numbers between blanks", " 1.5 2\n 3  4.25\n", "column 1"),
    ("decimal commas", "1,5;2\n3;4,25\n", "column 1"),
    ("text first", "Oak,1.5,2\nElm,3,4.25\n", "column 2"),
    ("numbered rows", "1,1.5,2\n2,3,4.25\n", "column 1"),
    ("below a title, whole numbers", "Weather\n4,2\n3,4\n", "column 1"),
    ("below a title", "Weather\n1.5,2\n3,4.25\n", "column 1"),
    ("a gap in the first row", "1.5,NA,2\n3,7,4.25\n4,8,5\n", "column 1"),
]


@pytest.mark.parametrize(("why", "text", "name"), NO_HEADER, ids=[row[0] for row in NO_HEADER])
def test_without_a_header(tmp_path: Path, why: str, text: str, name: str) -> None:
    data = read(tmp_path, text.encode())
    assert data.x_name == name, why
    assert "The first row has numbers; the columns are named by their places." in data.notes
