"""The palette: exact where it can be, the nearest colour where it cannot."""

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from plotting.encoders.palette import (
    PaletteLookup,
    SoftLookup,
    choose_palette,
    choose_soft_palette,
    pack,
    palette_of,
    unpack,
)
from tests.helpers_encoders import Pixels, animations


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


def on_paper(colours: Pixels, paper: int) -> npt.NDArray[np.float64]:
    """Return colours (..., 4) as they look on grey paper."""
    share = colours[..., 3:] / 255
    return colours[..., :3] * share + paper * (1 - share)


@given(seed=st.integers(0, 2**32), size=st.integers(1, 200))
def test_each_soft_colour_gets_one_that_looks_nearest_on_black_and_white(
    seed: int, size: int
) -> None:
    rng = np.random.default_rng(seed)
    frame = rng.integers(0, 256, (9, 20, 4), np.uint8)
    frame[:3, :, 3] = 255
    frame[3:5, :, 3] = 0
    palette = choose_soft_palette([frame], size)
    lookup = SoftLookup(palette)
    for part in (frame[4:], frame, frame[:2]):
        got = palette[lookup(pack(part).ravel())]
        wanted = np.ascontiguousarray(part).reshape(-1, 4)
        distances = sum(
            np.square(on_paper(wanted, paper)[:, None] - on_paper(palette, paper)).sum(-1)
            for paper in (0, 255)
        )
        mine = sum(
            np.square(on_paper(wanted, paper) - on_paper(got, paper)).sum(-1) for paper in (0, 255)
        )
        # Rounded to whole numbers, so that what is nearly as near may be taken.
        assert (np.sqrt(mine) <= np.sqrt(distances.min(1)) + 2.5).all()


def test_few_soft_colours_are_all_in_the_palette() -> None:
    frame = np.random.default_rng(0).integers(0, 256, (10, 20, 4), np.uint8)
    frame[..., 3] |= 1
    palette = choose_soft_palette([frame], 255)
    got = palette[SoftLookup(palette)(pack(frame).ravel())].reshape(frame.shape)
    np.testing.assert_allclose(on_paper(got, 0), on_paper(frame, 0), atol=1)
    np.testing.assert_allclose(on_paper(got, 255), on_paper(frame, 255), atol=1)


def test_a_palette_has_an_alpha_where_something_shines_through_and_it_is_wanted() -> None:
    opaque = np.full((4, 4, 4), 255, np.uint8)
    soft = opaque.copy()
    soft[0, 0] = (0, 0, 0, 120)
    assert palette_of([opaque, opaque], soft=True).tolist() == [[255, 255, 255]]
    assert palette_of([soft, soft]).tolist() == [[255, 255, 255], [0, 0, 0]]
    assert palette_of([soft, soft], soft=True).tolist() == [[255] * 4, [0, 0, 0, 120]]
