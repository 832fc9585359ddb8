"""The numbers beside each frame and the words for it, against the runs they come from."""

from collections.abc import Sequence
from typing import Any

import pytest

from plotting import Animation, animate
from plotting.animation import DESCRIPTIONS, times_for
from plotting.theme import THEMES
from plotting.views import TRAINED, VIEWS, create_view
from plotting.views.base import Style
from regression import Dataset, Line, Run, Step, UserError, finish, noisy_line, train

DATA = noisy_line()
RUN = finish(train(DATA, lr=0.001, epochs=60), steps=12)


def animation(view: str, *runs: Run, display_step: int = 40) -> Animation:
    return animate(DATA, runs, view, display_step=display_step, scale=0.75, steps=12)


def test_an_epoch_gives_its_numbers() -> None:
    captions = animation("fit", RUN).text().captions
    last = RUN.last
    assert last is not None
    assert captions[-1] == {
        "Epoch": "60",
        "W": f"{last.weight:.8g}",
        "b": f"{last.bias:.8g}",
        "Cost": f"{last.cost:.8g}",
    }


def test_a_step_gives_its_points_and_the_line_after_it() -> None:
    class Moments:
        moments: Sequence[Any] = (
            Step(3, [2, 0], Line(0, 0), Line(0.25, -1.5), 7.0),
            Step(1, range(12), Line(0, 0), Line(1, 2), 3.0),
        )
        figure = create_view("basics-reset", style=Style(scale=0.75)).figure
        moving: Sequence[Any] = ()
        theme = THEMES["light"]

        def update(self, moment: object) -> None: ...

    assert Animation(Moments(), DATA).text().captions == [
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
    runs = [finish(train(DATA, lr=lr, epochs=100)) for lr in (0.0001, 0.05)]
    gone = int(runs[1].history["epoch"][-1])
    assert gone < 99
    captions = animation("compare", *runs).text().captions
    second, last = captions[2], captions[-1]
    costs = [f"{run.history['cost'][2]:.8g}" for run in runs]
    assert list(second.values()) == ["2", *costs]
    assert list(second) == ["Epoch", "Cost, learning rate 0.0001", "Cost, learning rate 0.05"]
    assert last["Cost, learning rate 0.05"] == "\N{EN DASH}"
    assert last["Cost, learning rate 0.0001"] == f"{runs[0].history['cost'][100]:.8g}"


def test_what_has_no_training_gives_its_number_and_a_text_of_its_own() -> None:
    view = create_view("basics-reset", style=Style(scale=0.75))
    text = Animation(view).text()
    assert (text.title, text.titled) == ("A picture that moves", False)
    assert "sine" in text.description
    assert [caption["i"] for caption in text.captions] == [str(i) for i in range(len(view.moments))]
    mine = Animation(view, title="Mine").text()
    assert (mine.title, mine.titled) == ("Mine", True)


@pytest.mark.parametrize("name", VIEWS)
def test_each_view_says_what_it_shows(name: str) -> None:
    rents = Dataset(DATA.x, DATA.y, "area", "rent")
    if name not in TRAINED:
        drawn = Animation(create_view(name, style=Style(scale=0.75)))
    else:
        runs = [finish(train(rents, lr=lr, epochs=3), 3) for lr in (0.001, 0.002)]
        drawn = animate(rents, runs if name == "compare" else runs[:1], name, scale=0.75)
        assert drawn.description.startswith("rent against area: ")
        assert ("2 runs" in drawn.description) == (name == "compare")
    assert drawn.text().description == drawn.description
    assert drawn.description.endswith(".")


def test_the_descriptions_differ() -> None:
    assert len(set(DESCRIPTIONS.values())) == len(DESCRIPTIONS)


@pytest.mark.parametrize(
    ("seconds", "frames", "epochs"), [(6, None, 500), (10, 100, 10), (6, 5, 500), (3, None, 1)]
)
def test_an_animation_lasts_as_long_as_is_wanted(
    seconds: float, frames: int | None, epochs: int
) -> None:
    frame_ms, hold_ms, count = times_for(seconds, 100, 2000, frames, epochs)
    assert frame_ms * (count - 1) + hold_ms == pytest.approx(1000 * seconds, rel=0.03)
    run = finish(train(DATA, lr=0.001, epochs=epochs))
    made = animate(DATA, run, "fit", frames=count, frame_ms=frame_ms, hold_ms=hold_ms)
    assert len(made.frames) == count


def test_more_frames_than_are_seen_are_refused() -> None:
    with pytest.raises(UserError, match="frames: expected at most 151 in 5 s, not 1,000"):
        times_for(5, 100, 2000, 1000, 2000)


def test_a_finished_run_is_of_these_points_too_and_has_the_steps_that_are_shown() -> None:
    run = finish(train(DATA, lr=0.001, epochs=5))
    with pytest.raises(UserError, match="data: expected the points that the run was trained on"):
        animate(noisy_line(slope=5), run, "fit")
    with pytest.raises(UserError, match="shows single steps"):
        animate(DATA, run, "microscope")
    assert len(animate(DATA, finish(train(DATA, lr=0.001, epochs=5), 50), "microscope").frames) > 50
