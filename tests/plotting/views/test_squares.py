"""The squares on the errors: their sides, their areas, and what is written in them."""

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

from plotting.frames import Frames
from plotting.views import create_view
from plotting.views.readout import Readout
from plotting.views.squares import MAX_SQUARES, SquaresView
from regression import Dataset, Line, Run, finish, noisy_line, predict, train

EIGHT = noisy_line(8)


def view_of(data: Dataset, run: Run) -> SquaresView:
    view = create_view("squares", data, [run])
    assert isinstance(view, SquaresView)
    return view


@pytest.fixture(scope="module")
def eight() -> tuple[SquaresView, Run]:
    run = finish(train(EIGHT, lr=0.001, epochs=60))
    return view_of(EIGHT, run), run


def squares_of(view: SquaresView) -> list[np.ndarray]:
    (squares,) = (a for a in view.moving if isinstance(a, PolyCollection))
    return [np.asarray(path.vertices)[:4] for path in squares.get_paths()]


@pytest.mark.parametrize("index", [0, 3, -1])
def test_each_is_a_square_in_pixels_as_high_as_its_error(
    eight: tuple[SquaresView, Run], index: int
) -> None:
    view, _ = eight
    snapshot = view.moments[index]
    _ = Frames(view)[index]
    (axes,) = (a for a in view.figure.axes if a.get_label() == "squares")
    errors = predict(snapshot.line, EIGHT.x) - EIGHT.y
    for square, error in zip(squares_of(view), errors):
        width, height = np.ptp(axes.transData.transform(square), axis=0)
        assert width == pytest.approx(height, rel=1e-9)
        assert np.ptp(square[:, 1]) == pytest.approx(abs(error), rel=1e-9)


def test_the_areas_written_are_those_that_the_cost_is_the_sum_of(
    eight: tuple[SquaresView, Run],
) -> None:
    view, run = eight
    _ = Frames(view)[0]
    written = [
        float(text.replace(",", ""))
        for artist in view.moving
        if isinstance(artist, Readout)
        and (text := artist.get_text())
        and text.replace(".", "").replace(",", "").isdigit()
    ]
    # One error is so small that its square has no room for a number.
    errors = predict(view.moments[0].line, EIGHT.x) - EIGHT.y
    assert len(written) == 7
    assert sum(written) + np.square(errors).min() == pytest.approx(
        float(run.history["cost"][0]), rel=0.01
    )


def test_of_many_points_a_few_are_squared_and_it_says_so() -> None:
    data = noisy_line(200)
    view = view_of(data, finish(train(data, lr=0.001, epochs=3)))
    _ = Frames(view)[-1]
    assert len(squares_of(view)) == MAX_SQUARES
    (axes,) = (a for a in view.figure.axes if a.get_label() == "squares")
    assert f"all 200 errors; {MAX_SQUARES} are drawn" in axes.get_title(loc="left")


def test_a_run_that_overflows_has_squares_no_larger_than_pixels_can_say() -> None:
    run = finish(train(EIGHT, lr=0.05, epochs=500, start=Line(1e100, 0.0)))
    frames = Frames(view_of(EIGHT, run))
    assert [frames[index].shape for index in (0, -1)] == [(480, 640, 4)] * 2
