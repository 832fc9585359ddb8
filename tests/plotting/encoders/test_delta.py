"""What changed: patches that lead from frame to frame, and are as small as can be."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotting.encoders.delta import Delta, Patch, Patches, Whole
from plotting.encoders.palette import PaletteLookup, choose_palette
from tests.helpers_encoders import Pixels, animations


def laid(canvas: Pixels, patch: Patch | None, palette: Pixels, unchanged: int | None) -> None:
    """Lay a patch over the canvas, as a player of the file does."""
    if patch is None:
        return
    height, width = patch.codes.shape
    part = canvas[patch.top : patch.top + height, patch.left : patch.left + width]
    changed = np.ones(patch.codes.shape, bool) if unchanged is None else patch.codes != unchanged
    part[changed] = palette[patch.codes[changed]]


@pytest.mark.parametrize("replaces", [False, True])
@given(frames=animations(most_colours=40), grid=st.integers(1, 3))
def test_patches_laid_over_each_other_give_the_frames(
    replaces: bool, frames: list[Pixels], grid: int
) -> None:
    palette = choose_palette(frames, 255)
    unchanged = None if replaces else len(palette)
    delta = Delta(PaletteLookup(palette), unchanged, grid=grid)
    canvas = np.empty(frames[0].shape, np.uint8)
    for frame in frames:
        patch = delta.update(frame)
        assert patch is None or patch.left % grid == patch.top % grid == 0
        laid(canvas, patch, palette, unchanged)
        np.testing.assert_array_equal(canvas, frame)
        laid(canvas, delta.again(), palette, unchanged)
        np.testing.assert_array_equal(canvas, frame)


@given(frames=animations(most_colours=40))
def test_after_a_restart_patches_lead_on_from_the_first_frame(frames: list[Pixels]) -> None:
    palette = choose_palette(frames, 255)
    delta = Delta(PaletteLookup(palette), len(palette))
    first = np.empty(frames[0].shape, np.uint8)
    laid(first, delta.update(frames[0]), palette, len(palette))
    delta.keep()
    for frame in [*frames, *reversed(frames)]:
        delta.update(frame)
        delta.restart()
        canvas = first.copy()
        laid(canvas, delta.update(frame), palette, len(palette))
        np.testing.assert_array_equal(canvas, frame)


@given(frames=animations(most_colours=40))
def test_a_patch_is_the_smallest_rectangle_of_what_changed(frames: list[Pixels]) -> None:
    palette = choose_palette(frames, 255)
    delta = Delta(PaletteLookup(palette), len(palette))
    delta.update(frames[0])
    for before, frame in pairwise(frames):
        rows, columns = np.nonzero((before != frame).any(axis=-1))
        patch = delta.update(frame)
        if not len(rows):
            assert patch is None
            continue
        assert patch is not None
        assert (patch.top, patch.left) == (rows.min(), columns.min())
        assert patch.codes.shape == (np.ptp(rows) + 1, np.ptp(columns) + 1)
        assert (patch.codes != delta.unchanged).sum() == len(rows)


BLACK = PaletteLookup(np.array([[0, 0, 0]], np.uint8))


def test_colours_that_share_an_index_are_no_change() -> None:
    delta = Delta(BLACK, 1)
    assert delta.update(np.full((2, 2, 3), 10, np.uint8)) is not None
    assert delta.update(np.full((2, 2, 3), 20, np.uint8)) is None


@pytest.mark.parametrize("kind", [Delta, Whole])
def test_a_frame_of_another_shape_is_refused(kind: type[Patches]) -> None:
    patches = kind(BLACK, 1)
    patches.update(np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(ValueError, match=r"\(3, 2\), the first was \(2, 2\)"):
        patches.update(np.zeros((3, 2, 3), np.uint8))


def test_of_a_transparent_frame_all_that_is_painted_is_a_patch() -> None:
    frame = np.zeros((5, 6, 4), np.uint8)
    frame[1:3, 2:5, 3] = 255
    whole = Whole(BLACK, 1)
    patch = whole.update(frame)
    assert patch is not None
    assert (patch.left, patch.top) == (2, 1)
    np.testing.assert_array_equal(patch.codes, np.zeros((2, 3)))
    assert whole.update(frame) is None
    assert whole.again() is patch
    nothing = whole.update(np.zeros((5, 6, 4), np.uint8))
    assert nothing is not None
    assert nothing.codes.tolist() == [[1]]
