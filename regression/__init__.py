"""A line, trained by hand-written stochastic gradient descent. Knows no picture; needs NumPy."""

from regression.advice import Advice, advice
from regression.csv_file import read_csv
from regression.data import Dataset, noisy_line
from regression.epoch_map import EpochMap, epoch_map
from regression.explain import explanation
from regression.history import (
    FIRST_EPOCHS,
    drawn,
    last_of,
    record,
    snapshots_of,
    whole_run,
    write_history,
)
from regression.line import Line, cost, gradient, least_squares, predict
from regression.outlook import Outlook, outlook
from regression.progress import progress
from regression.rates import best_rate, diverging_rate, safe_rate
from regression.run import Run, finished
from regression.sgd import START, Snapshot, Step, first_steps, step
from regression.shuffled import expected_map
from regression.summary import auto_choice, divergence, rate_warning, summary
from regression.training import Training, train

__all__ = [
    "FIRST_EPOCHS",
    "START",
    "Advice",
    "Dataset",
    "EpochMap",
    "Line",
    "Outlook",
    "Run",
    "Snapshot",
    "Step",
    "Training",
    "advice",
    "auto_choice",
    "best_rate",
    "cost",
    "divergence",
    "diverging_rate",
    "drawn",
    "epoch_map",
    "expected_map",
    "explanation",
    "finished",
    "first_steps",
    "gradient",
    "last_of",
    "least_squares",
    "noisy_line",
    "outlook",
    "predict",
    "progress",
    "rate_warning",
    "read_csv",
    "record",
    "safe_rate",
    "snapshots_of",
    "step",
    "summary",
    "train",
    "whole_run",
    "write_history",
]
