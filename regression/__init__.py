"""A line, trained by hand-written stochastic gradient descent. Knows no picture; needs NumPy."""

from regression.csv_file import read_csv
from regression.data import Dataset, noisy_line
from regression.history import drawn, record, snapshots_of, write_history
from regression.line import Line, cost, gradient, least_squares, predict
from regression.sgd import START, Snapshot, step, train

__all__ = [
    "START",
    "Dataset",
    "Line",
    "Snapshot",
    "cost",
    "drawn",
    "gradient",
    "least_squares",
    "noisy_line",
    "predict",
    "read_csv",
    "record",
    "snapshots_of",
    "step",
    "train",
    "write_history",
]
