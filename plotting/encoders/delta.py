"""What changed since the frame before, as the smallest rectangle of palette indices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from plotting.encoders.palette import THERE, PaletteLookup, Pixels, pack


class Patch(NamedTuple):
    """Palette indices of shape (height, width), and where their top left pixel goes."""

    left: int
    top: int
    indices: Pixels


class Delta:
    """Remembers what is on show, and turns each new frame into the patch that leads to it."""

    disposal = 1  # a GIF's word for: leave the patch where it is

    def __init__(self, palette: Pixels) -> None:
        """Take a palette of shape (k, 3), k <= 255; index k stands for "stays as it is"."""
        self.unchanged = len(palette)
        self._lookup = PaletteLookup(palette)
        self._packed = np.empty((0, 0), np.uint32)
        self._shown = np.empty(0, np.uint8)
        self._is_first = True

    def restart(self) -> None:
        """Have the next frame be its own patch, as the first one was."""
        self._is_first = True

    def update(self, frame: Pixels) -> Patch | None:
        """Return the patch for a frame (h, w, 3 or 4), None where the picture stays the same.

        The first frame is its own patch. Raises ValueError when the shape is not the first's.
        """
        packed = pack(frame)
        height, width = packed.shape
        if self._packed.size:
            check_size(packed.shape, self._packed.shape)
        if self._is_first:
            self._is_first = False
            self._packed = packed.copy()
            self._shown = self._lookup(packed.ravel())
            return Patch(0, 0, self._shown.reshape(height, width))
        changed = np.flatnonzero(packed != self._packed)
        self._packed[...] = packed
        indices = self._lookup(packed.ravel()[changed])
        # Two colours may share an index: then nothing is seen to change.
        visible = indices != self._shown[changed]
        changed, indices = changed[visible], indices[visible]
        if not len(changed):
            return None
        self._shown[changed] = indices
        rows, columns = np.divmod(changed, width)
        top, left = rows[0], columns.min()
        patch = np.full((rows[-1] - top + 1, columns.max() - left + 1), self.unchanged, np.uint8)
        patch[rows - top, columns - left] = indices
        return Patch(int(left), int(top), patch)


class Whole:
    """Turns each frame (h, w, 3 or 4) into a patch of all that is not transparent.

    Over a transparent ground a pixel that was painted can only be cleared together with its
    whole patch, so frames cannot build on each other. A GIF's pixel is there or it is not.
    """

    disposal = 2  # a GIF's word for: clear the patch before the next

    def __init__(self, palette: Pixels) -> None:
        """Take a palette of shape (k, 3), k <= 255; index k stands for "not there"."""
        self.unchanged = len(palette)
        self._lookup = PaletteLookup(palette)
        self._shown: Pixels = np.empty((0, 0), np.uint8)
        self._is_first = True

    def restart(self) -> None:
        """Have the next frame be a patch even where the picture stays the same."""
        self._is_first = True

    def update(self, frame: Pixels) -> Patch | None:
        """Return the frame's patch, None where the picture stays the same.

        All of a frame without alpha is there. Raises ValueError when the shape is not the first's.
        """
        packed = pack(frame)
        if self._shown.size:
            check_size(packed.shape, self._shown.shape)
        there = packed.view(np.uint8).reshape(*packed.shape, 4)[..., 3] >= THERE
        indices: Pixels = np.full(there.shape, self.unchanged, np.uint8)
        indices[there] = self._lookup(packed[there])
        if not self._is_first and np.array_equal(indices, self._shown):
            return None
        self._is_first = False
        self._shown = indices
        rows, columns = np.nonzero(there)
        if not len(rows):
            return Patch(0, 0, indices[:1, :1])
        top, left = rows[0], columns.min()
        return Patch(int(left), int(top), indices[top : rows[-1] + 1, left : columns.max() + 1])


def delta_for(first: Pixels, palette: Pixels) -> Delta | Whole:
    """Return what makes patches of frames such as the first: where it lets something through,
    all frames do.
    """
    return (Whole if is_transparent(first) else Delta)(palette)


def check_size(frame: tuple[int, ...], first: tuple[int, ...]) -> None:
    """Raise ValueError where a frame has not the height and width of the first."""
    if frame != first:
        raise ValueError(f"frame is {frame}, the first was {first}")


def is_transparent(frame: Pixels) -> bool:
    """Tell whether a frame (h, w, 3 or 4) has pixels that are not painted."""
    return frame.shape[-1] == 4 and bool((frame[..., 3] < THERE).any())
