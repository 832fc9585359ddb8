"""Files as their publishers give them away; what stands in them was looked up in an editor.

From statsmodels (danish_data, elec_equip, longley, nile, scotland_population, unemp), scikit-learn
(linnerud_exercise), matplotlib (data_x_x2_x3) and vega_datasets (iowa-electricity).
"""

from pathlib import Path

import numpy as np
import pytest

from regression import least_squares, read_csv
from regression.data import to_years

HERE = Path(__file__).parent / "published"

Point = tuple[float, float]


def day(text: str) -> float:
    return float(to_years(np.array([text], dtype="datetime64[D]"))[0])


@pytest.mark.parametrize(
    ("name", "columns", "points", "first", "last"),
    [
        (
            "danish_data",
            ("lrm", "lry"),
            55,
            (11.63255023, 5.903658491),
            (12.0152941, 6.050830024),
        ),
        (
            "elec_equip",
            ("DATE", "STS.M.I7.W.TOVT.NS0016.4.000"),
            257,
            (day("1995-01-01"), 66.19),
            (day("2016-05-01"), 97.86),
        ),
        (
            "iowa-electricity",
            ("year", "net_generation"),
            51,
            (day("2001-01-01"), 35361),
            (day("2017-01-01"), 21933),
        ),
        ("longley", ("TOTEMP", "GNPDEFL"), 16, (60323, 83), (70551, 116.9)),
        ("nile", ("year", "volume"), 100, (1871, 1120), (1970, 740)),
        ("unemp", ("Year", "Value"), 203, (1959, 5.8), (2009, 9.6)),
        ("linnerud_exercise", ("Chins", "Situps"), 20, (5, 162), (2, 110)),
        ("data_x_x2_x3", ("column 1", "column 2"), 11, (0, 0), (10, 100)),
        (
            "scotland_population",
            ("Area (sq km)", "Persons per sq km"),
            34,
            (242910, 242),
            (425, 355),
        ),
    ],
)
def test_the_points_of_a_file(
    name: str, columns: tuple[str, str], points: int, first: Point, last: Point
) -> None:
    data = read_csv(HERE / f"{name}.csv")
    assert (data.x_name, data.y_name) == columns
    assert len(data) == points
    assert (data.x[0], data.y[0]) == pytest.approx(first, rel=1e-15)
    assert (data.x[-1], data.y[-1]) == pytest.approx(last, rel=1e-15)
    assert data.x_is_date == (columns[0].lower() in {"date", "year"})


def test_other_columns_by_name() -> None:
    data = read_csv(HERE / "longley.csv", "YEAR", "GNP")
    assert data.x_is_date
    assert (data.x[0], data.y[0]) == (1947, 234289)
    data = read_csv(HERE / "longley.csv", "8", "4")
    assert (data.x_name, data.y_name) == ("YEAR", "GNP")


def test_what_is_said_of_a_file_with_a_title_and_totals() -> None:
    data = read_csv(HERE / "scotland_population.csv")
    assert data.notes == (
        "x is column 'Area (sq km)', y is column 'Persons per sq km'; "
        "10 more of numbers (choose with x and y).",
        "The table begins after line 17.",
        "6 of 40 rows have no number in 'Area (sq km)' or 'Persons per sq km' and are left out.",
    )


def test_the_nile_falls_by_2_71_a_year() -> None:
    # numpy.polyfit(year, volume, 1) says the same.
    assert least_squares(read_csv(HERE / "nile.csv")).weight == pytest.approx(-2.7143, abs=5e-5)
