"""RGB frames to 8-bit indices, in one palette for the whole animation.

A palette of its own for each frame, or dithering, makes pixels flicker that do not move.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Packed = npt.NDArray[np.uint32]
"""One number a pixel; equal colours are equal numbers."""


THERE = 80
"""Alpha from which a pixel is painted: with more, thin strokes and the dots of i are lost."""


def pack(frame: Pixels) -> Packed:
    """Return an RGB or RGBA frame of shape (h, w, 3 or 4) as one number a pixel, (h, w).

    An RGBA frame is looked at, not copied; alpha is taken as it is.
    """
    if frame.shape[-1] == 3:
        frame = np.dstack([frame, np.full(frame.shape[:2], 255, np.uint8)])
    return np.ascontiguousarray(frame).view(np.uint32)[..., 0]


def unpack(colours: Packed) -> npt.NDArray[np.int32]:
    """Return the red, green and blue of packed colours (n,), as an array of shape (n, 3)."""
    return np.ascontiguousarray(colours).view(np.uint8).reshape(-1, 4)[:, :3].astype(np.int32)


def choose_palette(frames: Iterable[Pixels], size: int) -> Pixels:
    """Return at most `size` colours that stand for those of one frame or more, of shape (k, 3).

    Farthest-point selection (Gonzalez, 1985), each squared distance weighted by the root of how
    often the colour occurs: first the commonest colour, then again and again the one that is
    served worst. So flat areas are exact, and the ramps of antialiased edges are covered evenly.
    """
    colours, counts = _count_colours(frames)
    rgb, weight = unpack(colours), np.sqrt(counts)
    chosen = [int(np.argmax(counts))]
    distance = np.full(len(rgb), np.inf)
    while len(chosen) < size:
        distance = np.minimum(distance, _squared_distance(rgb, rgb[chosen[-1]]))
        worst = int(np.argmax(distance * weight))
        if distance[worst] == 0:
            break
        chosen.append(worst)
    return rgb[chosen].astype(np.uint8)


def _count_colours(frames: Iterable[Pixels]) -> tuple[Packed, npt.NDArray[np.int64]]:
    """Return the frames' colours and in how many pixels of all frames each is, about."""
    remaining = iter(frames)
    first = pack(next(remaining)).copy()
    # Most of a frame is as in the first one, so only what differs is sorted.
    moved = [packed[packed != first] for packed in map(pack, remaining)]
    still_colours, still_counts = np.unique(first, return_counts=True)
    colours, counts = np.unique(np.concatenate([*moved, first[:0, 0]]), return_counts=True)
    colours = np.concatenate([still_colours, colours])
    counts = np.concatenate([still_counts * (1 + len(moved)), counts])
    there = colours.view(np.uint8)[3::4] >= THERE
    return (colours[there], counts[there]) if there.any() else (colours, counts)


AT_ONCE = 250
"""New colours that are compared with the palette together, in some 2 MB."""


class PaletteLookup:
    """Finds the index of the palette's nearest colour, for each colour once."""

    def __init__(self, palette: Pixels) -> None:
        """Take a palette of shape (k, 3) with at most 255 colours."""
        self._palette = palette.astype(np.int32)
        # Index + 1 by the colour's 24 bits, 0 for one not met yet. 16 MB, but of address space:
        # only pages that are touched take memory. NumPy's own zeros come in pages so large
        # that nearly all of them are.
        self._index = np.frombuffer(mmap.mmap(-1, 1 << 24), np.uint8)

    def __call__(self, colours: Packed) -> Pixels:
        """Return the indices of packed colours of shape (n,)."""
        keys = colours & _RGB_BITS
        found = self._index[keys]
        new = np.unique(colours[found == 0])
        if len(new):
            for start in range(0, len(new), AT_ONCE):
                some = new[start : start + AT_ONCE]
                distance = _squared_distance(unpack(some)[:, None], self._palette)
                self._index[some & _RGB_BITS] = distance.argmin(axis=1) + 1
            found = self._index[keys]
        indices: Pixels = found - np.uint8(1)
        return indices


_RGB_BITS = np.array([[255, 255, 255, 0]], np.uint8).view(np.uint32)[0, 0]


def _squared_distance(
    rgb: npt.NDArray[np.int32], colour: npt.NDArray[np.int32]
) -> npt.NDArray[np.int64]:
    difference = rgb - colour
    squared: npt.NDArray[np.int64] = np.einsum("...i,...i", difference, difference)
    return squared
