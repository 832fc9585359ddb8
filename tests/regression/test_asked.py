"""What the options ask for: the points, the rates, and how to train."""

import argparse
from pathlib import Path

import numpy as np
import pytest

from regression import Line, noisy_line, read_csv
from regression.analysis.rates import best_rate, safe_rate
from regression.asked import points, rates, settings
from regression.command_line import read
from regression.options import add_options, check

TABLE = "area,rooms,rent\n30,1,500\n60,2,900\n75,2,1000\n"


def parsed(options: str, *, quiet: bool = False) -> argparse.Namespace:
    """Return the options of regression/, checked, and the one of plotting/ that matters here."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    args = read(parser, options.split())
    assert check(args) is None
    args.quiet = quiet
    return args


def test_points_are_made_as_asked() -> None:
    made = points(
        parsed("--points 7 --slope 3 --intercept 5 --noise 0.5"), np.random.default_rng(4)
    )
    same = noisy_line(7, slope=3, intercept=5, noise=0.5, rng=4)
    np.testing.assert_array_equal([made.x, made.y], [same.x, same.y])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--slope 2e139 --intercept 9e139", r"^--slope 2e\+139 takes y beyond"),
        ("--slope 1e139 --intercept 2e140", r"^--intercept 2e\+140 takes y beyond"),
        ("--noise 1e141", r"^--noise 1e\+141 takes y beyond"),
        ("--slope 1e140", r"^--slope 1e\+140 takes y beyond"),
        ("--slope 1e-300 --intercept 0 --noise 0", "^y stays below"),
    ],
)
def test_a_mistake_in_made_points_names_the_flag_where_it_is_one(options: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        points(parsed(options), np.random.default_rng(0))


@pytest.mark.parametrize(
    ("options", "names", "said"),
    [
        ("", ("area", "rooms"), "main.py: x is column 'area', y is column 'rooms'\n"),
        ("--x rent", ("rent", "area"), "main.py: x is column 'rent', y is column 'area'\n"),
        ("--y rent", ("area", "rent"), "main.py: x is column 'area', y is column 'rent'\n"),
        ("--x rooms --y area", ("rooms", "area"), ""),
    ],
)
def test_points_of_a_file_are_its_columns(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: str,
    names: tuple[str, str],
    said: str,
) -> None:
    path = tmp_path / "rents.csv"
    path.write_text(TABLE)
    for quiet in (False, True):
        args = parsed(f"--data {path} {options}", quiet=quiet)
        data = points(args, np.random.default_rng(0))
        assert (data.x_name, data.y_name) == names
        np.testing.assert_array_equal(data.y, read_csv(path, *names).y)
        assert capsys.readouterr() == ("", "" if quiet else said)


def test_rates_by_number_are_in_order() -> None:
    assert rates(noisy_line(), parsed("--lr 0.3 0.1 0.2")) == [0.1, 0.2, 0.3]


@pytest.mark.parametrize("order", ["", " --shuffle"])
def test_rates_by_word_are_those_of_the_same_run(order: str) -> None:
    data, shuffled = noisy_line(12), bool(order)
    safe = safe_rate(data, batch_size=5, shuffled=shuffled)
    swept = rates(data, parsed("--lr sweep --batch-size 5" + order))
    assert swept == pytest.approx([0.01 * safe, 0.5 * safe, 0.99 * safe, 1.01 * safe])

    start = Line(2.0, -7.0)
    best = best_rate(data, epochs=30, batch_size=5, start=start, shuffled=shuffled)
    options = "--lr auto --epochs 30 --batch-size 5 --init-weight 2 --init-bias -7" + order
    assert rates(data, parsed(options)) == [best]


def test_settings_are_what_train_takes() -> None:
    args = parsed("--lr 0.1 --epochs 30 --batch-size 5 --init-weight 2 --init-bias -7")
    assert settings(args) == {"epochs": 30, "batch_size": 5, "start": Line(2.0, -7.0)}
