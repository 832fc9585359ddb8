"""The palette: exact where it can be, the nearest colour where it cannot."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from plotting.encoders.palette import PaletteLookup, choose_palette, pack, unpack
from tests.plotting.animations import Pixels, animations


@given(frames=animations(most_colours=40))
def test_few_colours_are_all_in_the_palette(frames: list[Pixels]) -> None:
    there = {tuple(colour) for frame in frames for colour in frame.reshape(-1, 3)}
    assert {tuple(colour) for colour in choose_palette(frames, 255)} == there


@given(frames=animations(), size=st.integers(1, 20))
def test_the_palette_has_at_most_so_many_colours_all_from_the_frames(
    frames: list[Pixels], size: int
) -> None:
    palette = choose_palette(frames, size)
    there = {tuple(colour) for frame in frames for colour in frame.reshape(-1, 3)}
    assert len(palette) == min(size, len(there))
    assert {tuple(colour) for colour in palette} <= there


def test_the_commonest_colour_comes_first_and_the_farthest_next() -> None:
    frame = np.zeros((4, 4, 3), np.uint8)
    frame[0, 0], frame[0, 1] = (10, 0, 0), (200, 0, 0)
    assert choose_palette([frame], 2).tolist() == [[0, 0, 0], [200, 0, 0]]


@given(frames=animations(), size=st.integers(1, 255))
def test_each_colour_gets_the_nearest_of_the_palette(frames: list[Pixels], size: int) -> None:
    palette = choose_palette(frames, size)
    lookup = PaletteLookup(palette)
    for frame in frames:  # the second time a colour comes it is looked up, not computed
        colours = frame.reshape(-1, 3).astype(int)
        got = palette[lookup(pack(frame).ravel())].astype(int)
        distances = np.square(colours[:, None] - palette[None].astype(int)).sum(-1)
        np.testing.assert_array_equal(np.square(colours - got).sum(-1), distances.min(1))


@given(frames=animations())
def test_packing_loses_nothing_and_alpha_changes_nothing(frames: list[Pixels]) -> None:
    rgb = frames[0]
    rgba = np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
    np.testing.assert_array_equal(unpack(pack(rgb).ravel()).reshape(rgb.shape), rgb)
    np.testing.assert_array_equal(pack(rgba), pack(rgb))
