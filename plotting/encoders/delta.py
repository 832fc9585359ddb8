"""What changed since the frame before, as the smallest rectangle of pixels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from plotting.encoders.palette import THERE, Packed, Pixels, pack

Codes = npt.NDArray[Any]
"""A number a pixel as a file has it: an index of its palette, or the packed colour itself."""

Encode = Callable[[Packed], Codes]
"""Returns the codes of packed colours of shape (n,)."""


class Patch(NamedTuple):
    """Codes of shape (height, width), and where their top left pixel goes."""

    left: int
    top: int
    codes: Codes


class Patches(ABC):
    """Turns frames into patches, the first into one of its own."""

    def __init__(self, encode: Encode, unchanged: int | None) -> None:
        """Take how colours are encoded; code `unchanged` is for pixels that a patch lets alone."""
        self.unchanged = unchanged
        self._encode = encode
        self._shape: tuple[int, ...] = ()

    def update(self, frame: Pixels) -> Patch | None:
        """Return the patch for a frame (h, w, 3 or 4), None where the picture stays the same.

        Raises ValueError when the shape is not the first's.
        """
        packed = pack(frame)
        is_first = not self._shape
        if is_first:
            self._shape = packed.shape
        check_shape(packed.shape, self._shape)
        return self._begin(packed) if is_first else self._follow(packed)

    @abstractmethod
    def again(self) -> Patch:
        """Return a patch after which the newest picture still shows."""

    @abstractmethod
    def _begin(self, packed: Packed) -> Patch: ...

    @abstractmethod
    def _follow(self, packed: Packed) -> Patch | None: ...


class Delta(Patches):
    """Remembers what is on show, and turns each new frame into the patch that leads to it."""

    def __init__(self, encode: Encode, unchanged: int | None, *, grid: int = 1) -> None:
        """Take the code of pixels that stay as they are, None where a patch replaces all that is
        under it. A patch begins at multiples of `grid`.
        """
        super().__init__(encode, unchanged)
        self._grid = grid

    def keep(self) -> None:
        """Remember the picture on show, for restart()."""
        self._kept = self._packed.copy(), self._shown.copy()

    def restart(self) -> None:
        """Have the next patch lead on from the picture that was kept, not from the newest."""
        self._packed[...], self._shown[...] = self._kept

    def again(self) -> Patch:
        """Return a patch of one pixel, which stays as it is."""
        pixel = self._shown[:1, :1].copy()
        if self.unchanged is not None:
            pixel[...] = self.unchanged
        return Patch(0, 0, pixel)

    def _begin(self, packed: Packed) -> Patch:
        self._packed = packed.copy()
        self._shown = self._encode(packed.ravel()).reshape(packed.shape)
        return Patch(0, 0, self._shown.copy())

    def _follow(self, packed: Packed) -> Patch | None:
        changed = np.flatnonzero(packed != self._packed)
        self._packed[...] = packed
        codes = self._encode(packed.ravel()[changed])
        shown = self._shown.ravel()  # a view
        # Two colours may share a code: then nothing is seen to change.
        visible = codes != shown[changed]
        changed, codes = changed[visible], codes[visible]
        if not len(changed):
            return None
        shown[changed] = codes
        rows, columns = np.divmod(changed, self._shape[1])
        top, left = int(rows[0]), int(columns.min())
        top, left = top - top % self._grid, left - left % self._grid
        there = slice(top, rows[-1] + 1), slice(left, columns.max() + 1)
        if self.unchanged is None:
            return Patch(left, top, self._shown[there].copy())
        patch = np.full_like(self._shown[there], self.unchanged)
        patch[rows - top, columns - left] = codes
        return Patch(left, top, patch)


class Whole(Patches):
    """Turns each frame (h, w, 3 or 4) into a patch of all that is not transparent.

    Where a pixel is there or not, and one that was painted can only be cleared together with its
    whole patch, frames cannot build on each other. All of a frame without alpha is there.
    """

    unchanged: int

    def again(self) -> Patch:
        """Return the newest patch, which is cleared before the next."""
        return self._newest

    def _begin(self, packed: Packed) -> Patch:
        self._shown = self._codes(packed)
        self._newest = self._cut()
        return self._newest

    def _follow(self, packed: Packed) -> Patch | None:
        codes = self._codes(packed)
        if np.array_equal(codes, self._shown):
            return None
        self._shown = codes
        self._newest = self._cut()
        return self._newest

    def _codes(self, packed: Packed) -> Codes:
        there = packed.view(np.uint8).reshape(*packed.shape, 4)[..., 3] >= THERE
        codes = np.full(there.shape, self.unchanged, np.uint8)
        codes[there] = self._encode(packed[there])
        return codes

    def _cut(self) -> Patch:
        rows, columns = np.nonzero(self._shown != self.unchanged)
        if not len(rows):
            return Patch(0, 0, self._shown[:1, :1])
        top, left = rows[0], columns.min()
        there = slice(top, rows[-1] + 1), slice(left, columns.max() + 1)
        return Patch(int(left), int(top), self._shown[there])


def check_shape(frame: tuple[int, ...], first: tuple[int, ...]) -> None:
    """Raise ValueError where a frame has not the height and width of the first."""
    if frame != first:
        raise ValueError(f"frame is {frame}, the first was {first}")
