"""A run as an array: which epochs become frames, the table on disk, a run gone through."""

import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regression import (
    START,
    Dataset,
    Line,
    Snapshot,
    UserError,
    analyse,
    cost,
    cycle,
    drawn,
    finish,
    noisy_line,
    record,
    record_steps,
    snapshots_of,
    train,
)
from regression import history as history_module
from regression.history import SNAPSHOT, write_history

DATA = noisy_line()


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


@given(
    epochs=st.integers(60, 900),
    lr=st.sampled_from([1e-4, 0.005, 0.0101, 0.05]),
    how=st.sampled_from([{}, {"shuffle": True}, {"standardize": True}]),
    frames=st.integers(2, 40),
)
def test_a_thinned_run_has_what_is_drawn_and_the_ends_of_its_cost(
    epochs: int, lr: float, how: dict[str, Any], frames: int
) -> None:
    run = finish(train(DATA, lr=lr, epochs=epochs, **how))
    rules: list[dict[str, Any]] = [{"display_step": 40}, {"display_step": 1, "frames": frames}]
    for rule in rules:
        shown = drawn(run.history, **rule)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(history_module, "MANY_EPOCHS", 50)
            patch.setattr(history_module, "PIECES", 9)
            patch.setattr(history_module, "FIRST_KEPT", 12)
            few = run.thinned(shown["epoch"])
        for kept, every in ((few, run), (few.as_trained, run.as_trained)):
            is_kept = np.isin(every.history["epoch"], kept.history["epoch"])
            np.testing.assert_array_equal(kept.history, every.history[is_kept])
        np.testing.assert_array_equal(drawn(few.history, **rule), shown)
        costs = run.history["cost"]
        assert few.history["cost"].min() == costs.min()
        assert few.history["cost"].max() == costs.max()
        np.testing.assert_array_equal(few.history[-12:], run.history[-12:])
        assert len(few.history) <= len(shown) + 2 * 2 * 9 + 2 * 12 + 19
        assert (few.last, few.ending) == (run.last, run.ending)


def test_the_table_reads_back_to_the_last_bit(tmp_path: Path) -> None:
    history = record(train(noisy_line(), lr=1e-3, epochs=50))
    write_history(tmp_path / "history.csv", {"": history})
    table = np.genfromtxt(tmp_path / "history.csv", delimiter=",", names=True)
    assert table.dtype.names == ("epoch", "weight", "bias", "cost")
    for name in table.dtype.names:
        np.testing.assert_array_equal(table[name], history[name])


@pytest.mark.slow
def test_a_long_table_is_written_in_little_memory(tmp_path: Path) -> None:
    history = np.zeros(200_000, SNAPSHOT)
    history["epoch"] = np.arange(200_000)
    tracemalloc.start()
    write_history(tmp_path / "h.csv", {"": history})
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8e6  # as Python's numbers they take 50 MB
    lines = (tmp_path / "h.csv").read_text().splitlines()
    assert [line.partition(",")[0] for line in lines[1:]] == [*map(str, range(200_000))]


def test_a_few_steps_of_many_points_take_little_memory() -> None:
    training = train(noisy_line(200_000), lr=0.0001, epochs=1, batch_size=2, shuffle=True)
    tracemalloc.start()
    steps = training.first_steps(3)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [len(step.points) for step in steps] == [2, 2, 2]
    assert most < 10e6  # an order, and a cost; all batches take 50 MB


def test_the_epochs_are_gone_through_by_way_of_who_watches() -> None:
    seen: list[int] = []

    def watch(epochs: Iterable[Snapshot]) -> Iterator[Snapshot]:
        for each in epochs:
            seen.append(each.epoch)
            yield each

    for standardize in (False, True):
        finish(train(noisy_line(), lr=0.001, epochs=4, standardize=standardize), watch=watch)
    assert seen == [1, 2, 3, 4] * 2


def test_an_empty_history_stays_empty(tmp_path: Path) -> None:
    history = flat_history(0)
    assert len(drawn(history, 40)) == 0
    write_history(tmp_path / "history.csv", {"": history})
    assert (tmp_path / "history.csv").read_text() == "epoch,weight,bias,cost\n"
    assert snapshots_of(history) == []


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_run_has_what_the_training_has(shuffle: bool) -> None:
    training = train(DATA, lr=0.001, epochs=7, shuffle=shuffle)
    run = finish(training, 5)
    assert run.data is DATA
    assert run.settings == training.settings
    assert run.convergence == analyse(DATA, training.settings)
    start = Snapshot(0, *training.settings.start, cost(training.settings.start, DATA))
    assert run.history.tolist() == [tuple(snapshot) for snapshot in [start, *training]]
    assert run.steps == training.first_steps(5)
    assert run.last == list(training)[-1]
    assert finish(training).steps == ()


def test_a_standardized_run_is_kept_in_both_units() -> None:
    """The costs of its lines are those over the points as they are, and on standardized ones."""
    training = train(DATA, lr=0.05, epochs=7, standardize=True)
    run = finish(training, 3)
    assert run.data is DATA
    assert run.trained is not None
    assert run.trained.loop is not None
    assert run.loop is not None
    assert run.history[1:].tolist() == [tuple(snapshot) for snapshot in training]
    assert run.steps == training.first_steps(3)
    points = Dataset(*((each - each.mean()) / each.std() for each in (DATA.x, DATA.y)))
    assert tuple(run.trained.history[0])[1:3] == tuple(START)
    for history, data in (
        (run.history, DATA),
        (run.loop, DATA),
        (run.trained.history, points),
        (run.trained.loop, points),
    ):
        costs = [cost(each.line, data) for each in snapshots_of(history)]
        np.testing.assert_allclose(history["cost"], costs, rtol=1e-9)
    assert run.loop["epoch"].tolist() == list(range(51))
    assert len(np.unique(run.loop["weight"][:50])) == 50


def test_a_start_whose_cost_overflows_in_the_units_of_the_points_alone_is_refused() -> None:
    """y of 1e140 squared, times the 1e40 that the start costs on standardized points."""
    far = Dataset(DATA.x, 1e140 * DATA.y / np.abs(DATA.y).max())
    with pytest.raises(UserError, match="a cost that float64 can hold"):
        train(far, lr=0.05, epochs=7, standardize=True, start=Line(1e20, 0.0))
    assert finish(train(far, lr=0.05, epochs=7, standardize=True)).last is not None


@pytest.mark.parametrize("standardize", [False, True])
def test_a_loop_is_kept_where_there_is_one_of_not_too_many_steps(
    standardize: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loop(**settings: Any) -> np.ndarray | None:
        how: dict[str, Any] = {"lr": 0.005, "epochs": 3, "standardize": standardize}
        return finish(train(DATA, **(how | settings))).loop

    assert loop(lr=3.0) is None
    for batch_size, steps in ((1, 50), (2, 25)):
        monkeypatch.setattr("regression.analysis.directions.MAX_STEPS", steps)
        found = loop(batch_size=batch_size)
        assert found is not None
        assert len(found) == 1 + steps
        monkeypatch.setattr("regression.analysis.directions.MAX_STEPS", steps - 1)
        assert loop(batch_size=batch_size) is None


def test_one_that_overflows_at_once_has_its_start_and_no_last_epoch() -> None:
    start = Line(2.0, -3.0)
    run = finish(train(DATA, lr=1e300, epochs=7, start=start))
    assert run.history.tolist() == [(0, *start, cost(start, DATA))]
    assert run.last is None
    assert "overflowed in epoch 1" in repr(run)


def test_steps_are_recorded_like_epochs_from_the_start_on() -> None:
    run = finish(train(DATA, lr=0.001, epochs=1), steps=3)
    history = record_steps(run.convergence, run.steps)
    assert history["epoch"].tolist() == [0, 1, 2, 3]
    lines = [START, *(step.after for step in run.steps)]
    assert history["weight"].tolist() == [line.weight for line in lines]
    np.testing.assert_allclose(history["cost"], [cost(line, DATA) for line in lines], rtol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 7])
def test_the_steps_of_an_epoch_at_the_limit_close_a_loop(batch_size: int) -> None:
    """The very steps that a run of one epoch takes from there."""
    run = analyse(DATA, train(DATA, lr=0.005, epochs=9, batch_size=batch_size).settings)
    assert run.limit is not None
    loop = cycle(DATA, run)
    assert loop is not None
    taken = train(DATA, lr=0.005, epochs=1, batch_size=batch_size, start=run.limit).first_steps(99)
    lines = [run.limit, *(step.after for step in taken)]
    assert loop[["weight", "bias"]].tolist() == lines
    np.testing.assert_allclose(loop["cost"], [cost(line, DATA) for line in lines], rtol=1e-9)
    assert loop["epoch"].tolist() == list(range(len(lines)))
    for name in ("weight", "bias"):
        assert loop[name][-1] == pytest.approx(loop[name][0], rel=1e-9)
        assert np.ptp(loop[name]) > 0.01


@pytest.mark.parametrize(("lr", "shuffle"), [(0.031, False), (0.001, True)])
def test_no_loop_without_a_limit_or_in_a_new_order_each_epoch(lr: float, shuffle: bool) -> None:
    assert (
        cycle(DATA, analyse(DATA, train(DATA, lr=lr, epochs=9, shuffle=shuffle).settings)) is None
    )
