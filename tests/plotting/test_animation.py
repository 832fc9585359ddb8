"""The numbers beside each frame, against the runs they come from."""

import numpy as np

from plotting.animation import basics, captions_of, page_text
from plotting.views.base import Style
from regression import Line, Snapshot, Step, drawn, noisy_line, record, train
from regression.analysis.convergence import convergence

DATA = noisy_line()


def test_an_epoch_and_a_step_give_their_numbers() -> None:
    step = Step(3, [2, 0], Line(0, 0), Line(0.25, -1.5), 7.0)
    many = Step(1, range(12), Line(0, 0), Line(1, 2), 3.0)
    got = captions_of([Snapshot(41, -0.5, 1 / 3, 1e10), step, many], [])
    assert got == [
        {"Epoch": "41", "W": "-0.5", "b": "0.33333333", "Cost": "1e+10"},
        {"Step": "3", "Sample": "3, 1", "W": "0.25", "b": "-1.5", "Cost": "7"},
        {
            "Step": "1",
            "Sample": "1, 2, 3, 4, 5, 6, 7, 8, 9 and others",
            "W": "1",
            "b": "2",
            "Cost": "3",
        },
    ]


def test_several_runs_give_a_cost_each_while_they_last() -> None:
    runs = []
    for lr, epochs in ((0.0001, 100), (0.05, 100)):
        history = record(train(DATA, lr=lr, epochs=epochs))
        runs.append((outlook(DATA, lr=lr, epochs=epochs), history))
    gone = int(runs[1][1]["epoch"][-1])
    assert gone < 99
    first, last = captions_of([2, 100], runs)
    costs = [f"{history['cost'][1]:.8g}" for _, history in runs]
    assert list(first.values()) == ["2", *costs]
    assert list(first) == ["Epoch", "Cost at rate 0.0001", "Cost at rate 0.05"]
    assert last["Cost at rate 0.05"] == "\N{EN DASH}"
    assert last["Cost at rate 0.0001"] == f"{runs[0][1]['cost'][99]:.8g}"
    thinned = [(expected, drawn(history, 40)) for expected, history in runs]
    assert captions_of([41], thinned)[0]["Cost at rate 0.0001"] == f"{runs[0][1]['cost'][40]:.8g}"


def test_what_has_no_training_gives_its_number() -> None:
    assert captions_of(np.arange(2).tolist(), []) == [{"i": "0"}, {"i": "1"}]


def test_a_view_without_training_has_a_text_of_its_own() -> None:
    view = basics("basics-reset", Style())
    text = page_text(view, None, (), "")
    assert (text.title, text.titled) == ("A picture that moves", False)
    assert "sine" in text.description
    assert [caption["i"] for caption in text.captions] == [str(i) for i in range(len(view.moments))]
    assert page_text(view, None, (), "Mine")[::4] == ("Mine", True)
