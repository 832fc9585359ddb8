"""What is said to differ between runs."""

import numpy as np
import pytest

from regression import Line, Run, finish, noisy_line, train, what_differs

DATA = noisy_line()


def run(**settings: object) -> Run:
    return finish(train(DATA, **({"lr": 0.001, "epochs": 3} | settings)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("runs", "names"),
    [
        ([run(), run(lr=1 / 3)], ["learning rate 0.001", "learning rate 0.3333"]),
        ([run(), run(batch_size=10)], ["1 point a step", "10 points a step"]),
        ([run(), run(start=Line(3, 1))], ["start W = -1", "start W = 3"]),
        ([run(), run(start=Line(-1, 0.5))], ["start b = 1", "start b = 0.5"]),
        ([run(), run(shuffle=True)], ["fixed order", "shuffled each epoch"]),
        ([run(), run(batch_size=2)], ["1 point a step", "2 points a step"]),
        ([run(), run(epochs=2000)], ["3 epochs", "2,000 epochs"]),
        ([run(epochs=1), run(epochs=2)], ["1 epoch", "2 epochs"]),
        ([run(), run(standardize=True)], ["not standardized", "standardized"]),
        # Four digits, or as many as tell one from the other.
        (
            [run(lr=0.00123401), run(lr=0.00123402)],
            ["learning rate 0.00123401", "learning rate 0.00123402"],
        ),
        # All points at once have no order to shuffle.
        ([run(batch_size=50), run(batch_size=50, shuffle=True)], ["run 1", "run 2"]),
        (
            [run(), run(lr=0.002, shuffle=np.random.default_rng(1))],
            ["learning rate 0.001, fixed order", "learning rate 0.002, shuffled each epoch"],
        ),
    ],
)
def test_names_hold_what_differs_and_nothing_else(runs: list[Run], names: list[str]) -> None:
    assert what_differs(runs) == names
    assert what_differs(runs[::-1])[0] == (names[1] if "run" not in names[0] else "run 1")


def test_of_runs_that_are_alike_among_others_each_has_a_name() -> None:
    names = what_differs([run(), run(batch_size=50), run(batch_size=60)])
    assert names == ["1 point a step", "50 points a step 1", "50 points a step 2"]
