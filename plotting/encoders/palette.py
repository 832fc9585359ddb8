"""Frames to 8-bit indices, in one palette for the whole animation.

A palette of its own for each frame, or dithering, makes pixels flicker that do not move.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Packed = npt.NDArray[np.uint32]
"""One number a pixel; equal colours are equal numbers."""

Numbers = npt.NDArray[np.int32]

MAX_COLOURS = 255
"""One index of the 256 stands for pixels that stay as they are."""

PALETTE_FRAMES = 9
"""So many frames, spread over the run, hold nearly all of its colours."""

THERE = 80
"""Alpha from which a pixel is painted, where it is painted or not: with more, thin strokes and
the dots of i are lost.
"""


def pack(frame: Pixels) -> Packed:
    """Return an RGB or RGBA frame of shape (h, w, 3 or 4) as one number a pixel, (h, w).

    An RGBA frame is looked at, not copied; alpha is taken as it is.
    """
    if frame.shape[-1] == 3:
        frame = np.dstack([frame, np.full(frame.shape[:2], 255, np.uint8)])
    return np.ascontiguousarray(frame).view(np.uint32)[..., 0]


def unpack(colours: Packed) -> Numbers:
    """Return the red, green and blue of packed colours (n,), as an array of shape (n, 3)."""
    return _rgba(colours)[:, :3].astype(np.int32)


def is_transparent(frame: Pixels) -> bool:
    """Tell whether a frame (h, w, 3 or 4) has pixels that are not painted."""
    return frame.shape[-1] == 4 and bool((frame[..., 3] < THERE).any())


def is_opaque(frame: Pixels) -> bool:
    """Tell whether nothing shines through a frame (h, w, 3 or 4), not even at an edge."""
    return bool((frame[..., 3:] == 255).all())


def palette_of(frames: Sequence[Pixels], *, soft: bool = False) -> Pixels:
    """Return the colours of an animation, chosen from a few of its frames, of shape (k, 3).

    With `soft`, and where something shines through the frames, they have an alpha, (k, 4).
    """
    spread = np.linspace(0, len(frames) - 1, min(PALETTE_FRAMES, len(frames))).round().astype(int)
    # The last one first: a view may draw all anew for it, and the first is needed next.
    some: Iterator[Pixels] = (frames[i] for i in reversed(spread))
    last = next(some)
    choose = choose_palette if not soft or is_opaque(last) else choose_soft_palette
    return choose(chain([last], some), MAX_COLOURS)


def choose_palette(frames: Iterable[Pixels], size: int) -> Pixels:
    """Return at most `size` colours that stand for those of one frame or more, of shape (k, 3).

    Pixels that are not painted have no say.
    """
    colours, counts = _count_colours(frames)
    there = _rgba(colours)[:, 3] >= THERE
    if there.any():
        colours, counts = colours[there], counts[there]
    rgb = unpack(colours)
    return rgb[_farthest(rgb, counts, size)].astype(np.uint8)


def choose_soft_palette(frames: Iterable[Pixels], size: int) -> Pixels:
    """Return at most `size` colours with their alpha that stand for those of the frames, (k, 4)."""
    colours, counts = _count_colours(frames)
    return _rgba(colours)[_farthest(_on_black_and_white(colours), counts, size)]


def _farthest(places: Numbers, counts: npt.NDArray[np.int64], size: int) -> list[int]:
    """Return which of the colours, at places of shape (n, d), are chosen.

    Farthest-point selection (Gonzalez, 1985), each squared distance weighted by a power of how
    often the colour occurs, of which 0.75 has the least error on these pictures: first the
    commonest colour, then again and again the one that is served worst. So flat areas are exact,
    and the ramps of antialiased edges are covered evenly.
    """
    weight = counts**0.75
    chosen = [int(np.argmax(counts))]
    distance = np.full(len(places), np.inf)
    while len(chosen) < size:
        distance = np.minimum(distance, _squared_distance(places, places[chosen[-1]]))
        worst = int(np.argmax(distance * weight))
        if distance[worst] == 0:
            break
        chosen.append(worst)
    return chosen


def _count_colours(frames: Iterable[Pixels]) -> tuple[Packed, npt.NDArray[np.int64]]:
    """Return the frames' colours and in how many pixels of all frames each is, about."""
    remaining = iter(frames)
    first = pack(next(remaining)).copy()
    # Most of a frame is as in the first one, so only what differs is sorted.
    moved = [packed[packed != first] for packed in map(pack, remaining)]
    still_colours, still_counts = np.unique(first, return_counts=True)
    colours, counts = np.unique(np.concatenate([*moved, first[:0, 0]]), return_counts=True)
    colours = np.concatenate([still_colours, colours])
    return colours, np.concatenate([still_counts * (1 + len(moved)), counts])


AT_ONCE = 1000
"""New colours that are compared with the palette together, in some 2 MB."""


class PaletteLookup:
    """Finds the index of the palette's nearest colour, for each colour once."""

    def __init__(self, palette: Pixels) -> None:
        """Take a palette of shape (k, 3) with at most 255 colours; alpha makes no difference."""
        self._palette = palette.astype(np.int32)
        # Index + 1 by the colour's 24 bits, 0 for one not met yet. 16 MB, but of address space:
        # only pages that are touched take memory. NumPy's own zeros come in pages so large
        # that nearly all of them are.
        self._index = np.frombuffer(mmap.mmap(-1, 1 << 24), np.uint8)

    def __call__(self, colours: Packed) -> Pixels:
        """Return the indices of packed colours of shape (n,)."""
        keys = colours & _RGB_BITS
        found = self._index[keys]
        new = colours[found == 0]
        if len(new):
            # Most are as their neighbours: those are left out first, which takes less than sorting.
            new = np.unique(new[np.diff(new, prepend=~new[:1]) != 0])
            for start in range(0, len(new), AT_ONCE):
                some = new[start : start + AT_ONCE]
                self._index[some & _RGB_BITS] = _nearest(unpack(some), self._palette) + 1
            found = self._index[keys]
        indices: Pixels = found - np.uint8(1)
        return indices


class SoftLookup:
    """Finds the index of the palette's nearest colour and alpha, for each colour once."""

    def __init__(self, palette: Pixels) -> None:
        """Take a palette of shape (k, 4) with at most 256 colours."""
        self._palette = _on_black_and_white(pack(palette[None])[0])
        self._known = np.empty(0, np.uint32)  # in rising order
        self._index = np.empty(0, np.uint8)

    def __call__(self, colours: Packed) -> Pixels:
        """Return the indices of packed colours of shape (n,)."""
        # Where they are in a row, as in the paper, one number does for many pixels.
        starts = np.flatnonzero(np.diff(colours, prepend=~colours[:1]))
        runs = colours[starts]
        new = np.setdiff1d(runs, self._known)
        if len(new):
            self._learn(new)
        indices = self._index[np.searchsorted(self._known, runs)]
        return np.repeat(indices, np.diff(starts, append=len(colours)))

    def _learn(self, new: Packed) -> None:
        found = [self._index]
        for start in range(0, len(new), AT_ONCE):
            places = _on_black_and_white(new[start : start + AT_ONCE])
            found.append(_nearest(places, self._palette).astype(np.uint8))
        known = np.concatenate([self._known, new])
        order = np.argsort(known)
        self._known, self._index = known[order], np.concatenate(found)[order]


def lookup_in(palette: Pixels) -> PaletteLookup | SoftLookup:
    """Return what finds the nearest colour in a palette of shape (k, 3), or (k, 4) with alpha."""
    return (SoftLookup if palette.shape[1] == 4 else PaletteLookup)(palette)


_RGB_BITS = np.array([[255, 255, 255, 0]], np.uint8).view(np.uint32)[0, 0]


def _rgba(colours: Packed) -> Pixels:
    """Return packed colours (n,) as an array of shape (n, 4)."""
    return np.ascontiguousarray(colours).view(np.uint8).reshape(-1, 4)


def _on_black_and_white(colours: Packed) -> Numbers:
    """Return how packed colours (n,) look on black paper and on white, of shape (n, 6).

    All papers lie between the two, so colours that are near there are near on each.
    """
    rgba = _rgba(colours).astype(np.int32)
    on_black = (rgba[:, :3] * rgba[:, 3:] + 127) // 255
    return np.hstack([on_black, on_black + 255 - rgba[:, 3:]])


def _nearest(places: Numbers, palette: Numbers) -> npt.NDArray[np.intp]:
    """Return for each place (n, d) the index of the nearest of the palette's, (k, d).

    Squared distances but for the squares of the places, which decide nothing: whole numbers so
    small that float32 holds them exactly.
    """
    one, other = places.astype(np.float32), palette.astype(np.float32)
    nearest: npt.NDArray[np.intp] = (np.square(other).sum(axis=1) - 2.0 * (one @ other.T)).argmin(
        axis=1
    )
    return nearest


def _squared_distance(places: Numbers, place: Numbers) -> npt.NDArray[np.int64]:
    difference = places - place
    squared: npt.NDArray[np.int64] = np.einsum("...i,...i", difference, difference)
    return squared
