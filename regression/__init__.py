"""A line, trained by hand-written stochastic gradient descent. Knows no picture; needs NumPy."""

from regression.analysis.convergence import (
    Convergence,
    Ending,
    Suggestion,
    analyse,
    cost_by_rate,
    suggestion,
)
from regression.analysis.directions import Leg, legs, steps_of_epoch
from regression.analysis.rates import Threshold, best_rate, diverging_rate, safe_rate
from regression.analysis.report import floor_to
from regression.checks import COUNT, Number, UserError
from regression.csv_file import read_csv
from regression.data import Dataset, Floats, Scale, noisy_line, to_dates
from regression.history import (
    History,
    Run,
    bytes_of,
    cycle,
    drawn,
    epochs_to_draw,
    finish,
    record,
    record_steps,
    row_of,
    rows_of,
    snapshots_of,
    what_differs,
)
from regression.line import START, Line, cost, gradient, least_squares, predict
from regression.sgd import Settings, Snapshot, Step, Training, step, train

__all__ = [
    "COUNT",
    "START",
    "Convergence",
    "Dataset",
    "Ending",
    "Floats",
    "History",
    "Leg",
    "Line",
    "Number",
    "Run",
    "Scale",
    "Settings",
    "Snapshot",
    "Step",
    "Suggestion",
    "Threshold",
    "Training",
    "UserError",
    "analyse",
    "best_rate",
    "bytes_of",
    "cost",
    "cost_by_rate",
    "cycle",
    "diverging_rate",
    "drawn",
    "epochs_to_draw",
    "finish",
    "floor_to",
    "gradient",
    "least_squares",
    "legs",
    "noisy_line",
    "predict",
    "read_csv",
    "record",
    "record_steps",
    "row_of",
    "rows_of",
    "safe_rate",
    "snapshots_of",
    "step",
    "steps_of_epoch",
    "suggestion",
    "to_dates",
    "train",
    "what_differs",
]
