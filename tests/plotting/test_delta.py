"""What changed: patches that lead from frame to frame, and are as small as can be."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from plotting.encoders.delta import Delta, Whole
from plotting.encoders.palette import choose_palette
from tests.plotting.animations import Pixels, animations


@given(frames=animations(most_colours=40))
def test_patches_laid_over_each_other_give_the_frames(frames: list[Pixels]) -> None:
    palette = choose_palette(frames, 255)
    delta = Delta(palette)
    canvas = np.empty(frames[0].shape, np.uint8)
    for frame in frames:
        patch = delta.update(frame)
        if patch is not None:
            height, width = patch.indices.shape
            part = canvas[patch.top : patch.top + height, patch.left : patch.left + width]
            changed = patch.indices != delta.unchanged
            part[changed] = palette[patch.indices[changed]]
        np.testing.assert_array_equal(canvas, frame)


@given(frames=animations(most_colours=40))
def test_a_patch_is_the_smallest_rectangle_of_what_changed(frames: list[Pixels]) -> None:
    delta = Delta(choose_palette(frames, 255))
    delta.update(frames[0])
    for before, frame in pairwise(frames):
        rows, columns = np.nonzero((before != frame).any(axis=-1))
        patch = delta.update(frame)
        if not len(rows):
            assert patch is None
            continue
        assert patch is not None
        assert (patch.top, patch.left) == (rows.min(), columns.min())
        assert patch.indices.shape == (np.ptp(rows) + 1, np.ptp(columns) + 1)
        assert (patch.indices != delta.unchanged).sum() == len(rows)


def test_colours_that_share_an_index_are_no_change() -> None:
    delta = Delta(np.array([[0, 0, 0]], np.uint8))
    assert delta.update(np.full((2, 2, 3), 10, np.uint8)) is not None
    assert delta.update(np.full((2, 2, 3), 20, np.uint8)) is None


@pytest.mark.parametrize("kind", [Delta, Whole])
def test_a_frame_of_another_shape_is_refused(kind: type[Delta | Whole]) -> None:
    delta = kind(np.array([[0, 0, 0]], np.uint8))
    delta.update(np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(ValueError, match=r"\(3, 2\), the first was \(2, 2\)"):
        delta.update(np.zeros((3, 2, 3), np.uint8))


@pytest.mark.parametrize("kind", [Delta, Whole])
def test_after_a_restart_a_frame_is_whole_even_where_nothing_changed(
    kind: type[Delta] | type[Whole],
) -> None:
    frame = np.zeros((3, 4, 4), np.uint8) + np.array([9, 8, 7, 255], np.uint8)
    delta = kind(np.array([[9, 8, 7]], np.uint8))
    delta.update(frame)
    assert delta.update(frame) is None
    delta.restart()
    patch = delta.update(frame)
    assert patch is not None
    assert patch.indices.shape == (3, 4)
    delta.restart()
    with pytest.raises(ValueError, match="the first was"):
        delta.update(frame[:2])
