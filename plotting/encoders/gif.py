"""A GIF: what changed since the frame before, in one palette. Pillow does the LZW compression.

The format: GIF89a specification, CompuServe 1990; looping: Netscape's application extension.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from plotting.encoders.atomic import whole_file
from plotting.encoders.delta import Codes, Delta, Patches, Whole
from plotting.encoders.film import Film
from plotting.encoders.palette import (
    MAX_COLOURS,
    PaletteLookup,
    Pixels,
    choose_palette,
    is_transparent,
    palette_of,
)
from plotting.encoders.stream import Image, StreamPlugin, write_stream

MAX_DELAY = 65535
"""In hundredths of a second, like every time in a GIF."""

MAX_SIDE = 65535

MAX_PLAYS = 65535

STAYS, IS_CLEARED = 1, 2
"""What a GIF can have become of a patch before the next."""


def write_gif(path: Path, film: Film) -> None:
    """Write a film as a GIF; raises OSError when that fails."""
    # A file of our own: imageio closes its own twice, and the second time nobody can catch
    # that the disk is full.
    with whole_file(path, replace=film.replace) as file:
        write_stream(file, film, GifPlugin, palette_of(film.frames))


def gif_bytes(film: Film) -> bytes:
    """Return a film as a GIF, for who wants no file."""
    memory = BytesIO()
    write_stream(memory, film, GifPlugin, palette_of(film.frames))
    return memory.getvalue()


class GifPlugin(StreamPlugin):
    """An imageio plugin that writes a GIF frame by frame.

    Its palette has shape (k, 3), k <= 255. A pixel is painted or it is not.
    """

    tick_ms = 10
    max_plays = MAX_PLAYS
    max_side = MAX_SIDE

    def _begin(self, frames: Sequence[Pixels]) -> Patches:
        palette = choose_palette(frames, MAX_COLOURS) if self._palette is None else self._palette
        height, width = frames[0].shape[:2]
        self._file.write(_header(width, height, palette, self._loop))
        self._unchanged = len(palette)
        clears = is_transparent(frames[0])
        self._disposal = IS_CLEARED if clears else STAYS
        return (Whole if clears else Delta)(PaletteLookup(palette), self._unchanged)

    def _compressed(self, codes: Codes) -> bytes:
        bits = _bits(self._unchanged)
        pixels = PillowImage.fromarray(codes).tobytes("gif", ("L", bits, 0))
        return bytes([bits]) + pixels + b"\0"

    def _write_image(self, image: Image, ticks: int) -> None:
        # The lowest bit tells that there is a transparent index.
        flags = self._disposal << 2 | 1
        control = b"!\xf9\x04" + struct.pack("<BHBx", flags, ticks, self._unchanged)
        place = struct.pack("<4Hx", image.left, image.top, image.width, image.height)
        self._file.write(control + b"," + place + image.content)

    def _write_end(self) -> None:
        self._file.write(b";")

    def _longest(self, ticks: int) -> int:
        return min(ticks, MAX_DELAY)


def _bits(unchanged: int) -> int:
    """Return how many bits hold every index up to the transparent one; LZW needs two at least."""
    return max(2, unchanged.bit_length())


def _header(width: int, height: int, palette: Pixels, loop: int) -> bytes:
    bits = _bits(len(palette))
    colours = palette.astype(np.uint8).tobytes().ljust(3 << bits, b"\0")
    screen = struct.pack("<HHBxx", width, height, 0x80 | (bits - 1) << 4 | bits - 1)
    # The extension counts repetitions: a file that is to play once has none.
    repeat = (
        b"" if loop == 1 else b"!\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<Hx", max(0, loop - 1))
    )
    return b"GIF89a" + screen + colours + repeat
