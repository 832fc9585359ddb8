"""Frames drawn on a kept background, against matplotlib drawing everything anew."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backend_bases import RendererBase

from plotting.encoders.palette import Pixels
from plotting.frames import Frames, Paced, Resting, paced
from plotting.theme import use_theme
from plotting.views import create_view
from plotting.views.base import Style
from plotting.views.basics import BasicsView
from plotting.views.fit import FitView
from regression import drawn, finish, noisy_line, snapshots_of, train

DATA = noisy_line()
RUN = finish(train(DATA, lr=1e-3, epochs=30))
HISTORY = drawn(RUN.history, 10)
SNAPSHOTS = snapshots_of(HISTORY)


def frames() -> tuple[FitView, Frames]:
    view = FitView(DATA, RUN, HISTORY, style=Style(320, 240))
    return view, Frames(view)


def drawn_anew(view: FitView, index: int) -> Pixels:
    """Return what a full draw gives when what moves and what rests are ordinary artists."""
    view.update(view.moments[index])
    for artist in view.resting:
        artist.set_animated(False)
    for artist in view.moving:
        artist.set_animated(False)
        artist.set_zorder(9)
        if artist.axes is None:
            view.figure.add_artist(artist)
    with use_theme(view.theme):
        view.figure.canvas.draw()
    return np.asarray(view.figure.canvas.buffer_rgba())  # type: ignore[attr-defined]


@pytest.mark.parametrize("index", [0, 5, -1])
def test_a_frame_is_what_a_full_draw_gives(index: int) -> None:
    _, some = frames()
    before = [frame[...].copy() for frame in some]  # goes through all, to the last and its axes
    got = some[index].copy()
    np.testing.assert_array_equal(got, before[index])
    differs = (got != drawn_anew(frames()[0], index)).any(axis=-1)
    # The line lies over the lowest cost and the cost's curve, and in a full draw below them.
    assert differs.sum() <= 20


def test_the_same_view_can_be_drawn_again() -> None:
    view, some = frames()
    first = some[0].copy()
    np.testing.assert_array_equal(Frames(view)[0], first)


def test_there_are_no_slices_and_nothing_beyond_the_end() -> None:
    _, some = frames()
    with pytest.raises(TypeError, match="slice"):
        some[1:3]
    with pytest.raises(IndexError):
        some[len(some)]


def test_frames_show_alike_but_for_the_last_unless_the_view_has_a_pace() -> None:
    view = BasicsView(redraw=False, style=Style(200, 150))
    assert not isinstance(view, Paced)
    assert Frames(view).times_ms(100, 2000) == [100] * 99 + [2000]


def test_a_line_that_moves_far_is_shown_for_longer_within_the_same_total() -> None:
    _, some = frames()
    times = some.times_ms(100, 2000)
    assert sum(times[:-1]) == 100 * (len(some) - 1)
    assert times[0] == max(times[:-1]) >= 3 * min(times)
    assert times[-1] == 2000
    assert some.times_ms(20, 20) == [20] * len(some)  # a GIF has no shorter ones


@given(
    moved=st.lists(st.floats(0, 1e6), max_size=40),
    frame_ms=st.sampled_from([20, 40, 50, 100, 330, 1000]),
)
def test_times_keep_their_total_and_never_flash(moved: list[float], frame_ms: int) -> None:
    *times, hold = paced(np.array(moved), frame_ms, 700)
    assert sum(times) == frame_ms * len(moved)
    assert hold == 700
    assert all(time >= 20 and time % 10 == 0 for time in times)
    order = np.argsort(moved, kind="stable")
    assert (np.diff(np.array(times, int)[order]) >= -frame_ms // 2).all()


def test_frames_are_opaque_and_of_the_size_asked_for() -> None:
    _, some = frames()
    assert len(some) == len(SNAPSHOTS)
    for frame in some:
        assert frame.shape == (240, 320, 4)
        assert frame.dtype == np.uint8
        assert (frame[..., 3] == 255).all()


@pytest.mark.parametrize(("width", "height"), [(100, 100), (333, 217), (640, 480), (1001, 701)])
def test_every_size_is_hit_to_the_pixel(width: int, height: int) -> None:
    view = FitView(DATA, RUN, HISTORY, style=Style(width, height))
    assert Frames(view)[0].shape == (height, width, 4)


def test_the_background_is_drawn_once_and_again_when_it_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view, some = frames()
    draws = []
    draw = view.figure.draw

    def counted(renderer: RendererBase) -> None:
        draws.append(renderer)
        draw(renderer)

    monkeypatch.setattr(view.figure, "draw", counted)
    for _ in some:
        assert len(draws) == 1
    view.figure.suptitle("another")
    for _ in some:
        assert len(draws) == 2


def test_what_rests_is_drawn_when_it_changes_and_lies_where_it_belongs() -> None:
    """Frames in any order are those of a view that has shown nothing else."""
    view = create_view("story", DATA, [RUN], style=Style(720, 480))
    some = Frames(view)
    assert isinstance(view, Resting)
    first = [frame.copy() for frame in some]
    for index in (-1, 0, 5, 3):
        np.testing.assert_array_equal(some[index], first[index])
    draws = []
    artist = view.resting[0]
    draw = artist.draw

    def counted(renderer: RendererBase) -> None:
        draws.append(renderer)
        draw(renderer)

    artist.draw = counted  # type: ignore[method-assign]
    states = []
    for _ in some:
        states.append(view.resting_state)
        changes = sum(one != other for one, other in pairwise(states))
        assert len(draws) <= 1 + changes
    assert 1 < len(draws) < len(some)
