"""What many frames cost, and which option makes them fewer."""

import re

import numpy as np
import pytest

from plotting.limits import MANY_FRAMES, cost_of_many
from regression import drawn, first_steps, noisy_line, snapshots_of
from tests.regression.test_history import flat_history


@pytest.mark.parametrize(
    ("steps", "epochs", "option"),
    [
        (0, MANY_FRAMES, None),
        (0, 90_000, "--display-step"),
        (MANY_FRAMES, 20, "--steps"),
        (100, 90_000, "--display-step"),
    ],
)
def test_the_option_named_makes_so_few(steps: int, epochs: int, option: str | None) -> None:
    history, data = flat_history(epochs), noisy_line(max(steps, 2))
    all_steps = list(first_steps(data, lr=1e-3))[:steps]
    line = cost_of_many([*all_steps, *snapshots_of(history)], 640 * 480, epochs)
    if option is None:
        assert line is None
        return
    assert line is not None
    number = int(re.findall(rf"{option} (\d+) would make 5,000 at most", line)[0])
    if option == "--steps":
        assert number + len(history) == MANY_FRAMES
    else:
        assert len(drawn(history, number)) <= MANY_FRAMES < len(drawn(history, number - 1))


def test_time_is_for_the_pixels() -> None:
    moments = np.arange(10_000)
    small, large = (cost_of_many(moments.tolist(), pixels, 10_000) for pixels in (10**5, 10**6))
    assert small is not None
    assert large is not None
    seconds = [int(re.findall(r"about (\d+) s", line)[0]) for line in (small, large)]
    assert seconds[1] == pytest.approx(10 * seconds[0], abs=6)
