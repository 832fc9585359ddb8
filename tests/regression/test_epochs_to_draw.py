"""Which epochs become frames: as many as wanted, dense where most happens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regression import UserError, drawn, epochs_to_draw, finish, noisy_line, record, train
from regression.history import SNAPSHOT, History

DATA = noisy_line()


def history_of(epochs: int, first: int = 0) -> History:
    history = np.zeros(epochs + 1 - first, SNAPSHOT)
    history["epoch"] = np.arange(first, epochs + 1)
    return history


@given(epochs=st.integers(1, 20_000), frames=st.integers(2, 600), first=st.integers(0, 1))
def test_there_are_as_many_as_wanted_in_rising_order_with_start_and_end(
    epochs: int, frames: int, first: int
) -> None:
    history = history_of(epochs, first)
    chosen = epochs_to_draw(history, frames=frames)["epoch"]
    assert len(chosen) == min(frames, len(history))
    assert chosen[0] == first
    assert chosen[-1] == epochs or len(history) == 1
    assert (np.diff(chosen) > 0).all()


@pytest.mark.parametrize("frames", [24, 50, 200])
def test_steps_grow_from_the_first_ten_to_the_last(frames: int) -> None:
    chosen = epochs_to_draw(history_of(10_000), frames=frames)["epoch"]
    assert chosen[:11].tolist() == list(range(11))
    steps = np.diff(chosen)
    assert (np.diff(steps[:-1]) >= -1).all()  # but for rounding
    assert steps[-1] < 0.3 * 10_000


def test_fewer_than_two_frames_are_no_animation() -> None:
    words = "^frames: expected a whole number of frames, 2 or more, not "
    for frames in (1, 0, True, 2.5):
        with pytest.raises(UserError, match=words):
            epochs_to_draw(history_of(5), frames=frames)  # type: ignore[arg-type]


def test_the_start_is_a_row_and_a_frame() -> None:
    run = finish(train(DATA, lr=1e-4, epochs=500))
    assert run.history["epoch"].tolist() == list(range(501))
    start = run.history[0]
    assert (start["weight"], start["bias"]) == (-1.0, 1.0)
    assert start["cost"] == pytest.approx(((1 - DATA.x - DATA.y) ** 2).sum())
    np.testing.assert_array_equal(run.history[1:], record(train(DATA, lr=1e-4, epochs=500)))
    assert len(drawn(run.history, 40)) == 24
