"""Which two columns of a CSV file are x and y."""

from __future__ import annotations

import math

from regression.csv_words import DECIMAL_COMMA, HEADER, POINTS, listed, shown


def number(cell: str) -> float | None:
    """Return the cell as a finite float, or None; Python's digit groups (1_000) are text."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in cell else None


def numeric_columns(first: list[str]) -> list[int]:
    """Return the positions of cells that are numbers, or empty: a number is missing there,
    which is an error later and never makes another column be taken.
    """
    return [at for at, cell in enumerate(first) if not cell.strip() or number(cell) is not None]


def choose_columns(
    names: list[str], first: list[str], x_name: str | None, y_name: str | None
) -> list[int]:
    """Return the positions of x and of y: those named, and for a name not given the first
    numeric column that is not taken by the other. `first` is the first row below the header.

    Raises ValueError when a name does not fit, or there are no two numeric columns.
    """
    _check_names(names, x_name, y_name)
    asked = (x_name, y_name)
    numeric = [at for at in numeric_columns(first[: len(names)]) if names[at] not in asked]
    chosen = []
    for name in asked:
        if name is not None:
            chosen.append(names.index(name))
        elif numeric:
            chosen.append(numeric.pop(0))
        else:
            raise ValueError(_too_few(names, first))
    return chosen


def _check_names(names: list[str], x_name: str | None, y_name: str | None) -> None:
    for name in (x_name, y_name):
        if name is not None and names.count(name) != 1:
            found = "no" if name not in names else "more than one"
            raise ValueError(f"{found} column is named {shown(name)}; there are: {listed(names)}")
    if x_name is not None and x_name == y_name:
        raise ValueError(f"x and y are both column {shown(x_name)}; a line needs two columns")


def _too_few(names: list[str], first: list[str]) -> str:
    text = [cell for cell in first if cell.strip() and number(cell) is None]
    wrong = f"; not numbers in the first row: {listed(text)}" if text else ""
    hint = f"; {POINTS}" if any(map(DECIMAL_COMMA.fullmatch, text)) else ""
    if not text:
        hint = f"; {HEADER}"
    return f"two numeric columns are needed; the columns are: {listed(names)}{wrong}{hint}"
