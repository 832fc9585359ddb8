"""The tutorial's first chapter, read from its pixels."""

import numpy as np
import pytest

from plotting.frames import Frames
from plotting.views.base import Style
from plotting.views.basics import BasicsView
from tests.plotting.helpers import assert_texts_are_apart_and_inside, pixels_of


def test_resetting_and_redrawing_give_the_same_pictures() -> None:
    reset, redrawn = Frames(BasicsView(redraw=False)), Frames(BasicsView(redraw=True))
    assert len(reset) == len(redrawn) == 100
    previous = np.zeros_like(reset[0])
    for one, other in zip(reset, redrawn):
        assert np.array_equal(one, other)
        assert not np.array_equal(one, previous)
        previous = one.copy()


def test_one_keeps_its_line_and_the_other_does_not() -> None:
    for redraw in (False, True):
        view = BasicsView(redraw=redraw)
        view.update(0)
        first = view.moving[0]
        view.update(1)
        assert (view.moving[0] is not first) == redraw
        assert len(view.figure.axes[0].lines) == 2


@pytest.mark.parametrize("redraw", [False, True])
@pytest.mark.parametrize("i", [0, 33, 99])
def test_the_curves_are_where_their_formulas_put_them(redraw: bool, i: int) -> None:
    view = BasicsView(redraw)
    frame = Frames(view)[i]
    axes = view.figure.axes[0]
    pixel = 1 / axes.transData.get_matrix()[1, 1]
    for colour, phase, least in (
        (view.theme.error, i / 10, 500),
        (view.theme.cost, np.pi / 2, 300),
    ):
        x, y = axes.transData.inverted().transform(np.c_[pixels_of(frame, colour)]).T
        on_curve = np.abs(y) < 1.05
        assert on_curve.sum() > least
        # A curve is steepest here: one pixel to the side is one or more up.
        assert np.abs(y - np.sin(x + phase))[on_curve].max() < 3.5 * pixel


@pytest.mark.parametrize("size", [(640, 480), (300, 300)])
def test_texts_are_apart_and_inside(size: tuple[int, int]) -> None:
    view = BasicsView(redraw=False, style=Style(*size, title="The first chapter"))
    _ = Frames(view)[99]
    box = view.moving[-1].get_window_extent()
    assert_texts_are_apart_and_inside(view.figure, [("readout", box)])
