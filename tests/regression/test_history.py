"""Which epochs become frames, and the table on disk."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from regression import (
    START,
    Snapshot,
    cost,
    drawn,
    noisy_line,
    record,
    snapshots_of,
    train,
    record_all,
    write_history,
)


def flat_history(epochs: int) -> np.ndarray:
    return record(Snapshot(epoch, 0.0, 0.0, 0.0) for epoch in range(1, epochs + 1))


def test_500_epochs_make_23_frames() -> None:
    epochs = drawn(flat_history(500), 40)["epoch"].tolist()
    assert epochs == [*range(1, 11), *range(41, 482, 40), 500]
    assert len(epochs) == 23


@given(epochs=st.integers(1, 300), display_step=st.integers(1, 400))
def test_the_rule_of_the_tutorial_and_always_the_last(epochs: int, display_step: int) -> None:
    rule = [e + 1 for e in range(epochs) if e < 10 or e % display_step == 0 or e == epochs - 1]
    assert drawn(flat_history(epochs), display_step)["epoch"].tolist() == rule


def test_a_history_is_32_bytes_an_epoch_and_gives_its_snapshots_back() -> None:
    snapshots = list(train(noisy_line(), lr=1e-3, epochs=7))
    history = record(snapshots)
    assert history.nbytes == 7 * 32
    assert snapshots_of(history) == snapshots


def test_the_table_reads_back_to_the_last_bit(tmp_path: Path) -> None:
    history = record(train(noisy_line(), lr=1e-3, epochs=50))
    write_history(tmp_path / "history.csv", history)
    table = np.genfromtxt(tmp_path / "history.csv", delimiter=",", names=True)
    assert table.dtype.names == ("epoch", "weight", "bias", "cost")
    for name in table.dtype.names:
        np.testing.assert_array_equal(table[name], history[name])


def test_an_empty_history_stays_empty(tmp_path: Path) -> None:
    history = flat_history(0)
    assert len(drawn(history, 40)) == 0
    write_history(tmp_path / "history.csv", history)
    assert (tmp_path / "history.csv").read_text() == "epoch,weight,bias,cost\n"
    assert snapshots_of(history) == []


def test_the_whole_of_a_run_that_overflows_at_once_is_its_start() -> None:
    data = noisy_line()
    assert record_all(train(data, lr=1e300, epochs=5)).tolist() == [(0, -1, 1, cost(START, data))]
    assert record_all(train(data, lr=1e-3, epochs=5)).tolist() == list(
        map(tuple, train(data, lr=1e-3, epochs=5))
    )
