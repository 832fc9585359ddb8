"""An animated PNG: what changed since the frame before, in one palette, deflated.

Where a GIF's pixel is painted or not, a colour of this palette may have an alpha, so that edges
stay soft on any paper. The format: PNG specification, third edition (W3C 2025), section 11.3.5;
PNG is big-endian.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from plotting.encoders.atomic import whole_file
from plotting.encoders.delta import Codes, Delta, Patches
from plotting.encoders.film import Film
from plotting.encoders.palette import (
    MAX_COLOURS,
    Pixels,
    choose_palette,
    choose_soft_palette,
    is_opaque,
    lookup_in,
    palette_of,
)
from plotting.encoders.stream import Image, StreamPlugin, write_stream

SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_DELAY = 65535
"""Of a time's numerator; its denominator says in what parts of a second."""

PARTS = {1: 1000, 10: 100, 100: 10, 1000: 1}
"""Milliseconds in a part of a second, and how many parts a second has."""

MAX_PLAYS = 65535
"""The format could say more; a GIF could not."""

MAX_SIDE = (1 << 31) - 1

LEVEL, WINDOW = 8, 12
"""Of zlib: how long it looks for repetitions, and how far back, as a power of two. Most of a patch
is what stays as it is; to look back 32 kB there takes five times as long, and saves 3 %.
"""

REPLACES, COVERS = 0, 1
"""How a patch is laid over what is there: with all its pixels, or but for those seen through."""


def write_apng(path: Path, film: Film) -> None:
    """Write a film as an animated PNG; raises OSError when that fails."""
    with whole_file(path, replace=film.replace) as file:
        write_stream(file, film, ApngPlugin, palette_of(film.frames, soft=True))


class ApngPlugin(StreamPlugin):
    """An imageio plugin that writes an animated PNG frame by frame, to what can seek.

    Its palette has shape (k, 3), k <= 255, or (k, 4) with an alpha.
    """

    tick_ms = 1
    max_plays = MAX_PLAYS
    max_side = MAX_SIDE

    def _begin(self, frames: Sequence[Pixels]) -> Patches:
        palette = self._palette
        if palette is None:
            choose = choose_palette if is_opaque(frames[0]) else choose_soft_palette
            palette = choose(frames, MAX_COLOURS)
        height, width = frames[0].shape[:2]
        is_soft = palette.shape[1] == 4
        self._blend = REPLACES if is_soft else COVERS
        # Over a transparent ground a pixel is seen through, or stays as it is: not both.
        transparent = [] if is_soft else [[0, 0, 0, 0]]
        alpha = palette[:, 3:] if is_soft else np.full((len(palette), 1), 255)
        colours = np.array([*np.hstack([palette[:, :3], alpha]), *transparent], np.uint8)
        self._file.write(SIGNATURE)
        self._write_chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 3, 0, 0, 0))
        self._count_at = self._file.tell()
        self._write_count(0)
        self._write_chunk(b"PLTE", colours[:, :3].tobytes())
        self._write_chunk(b"tRNS", colours[:, 3].tobytes())
        self._is_begun = False
        self._images = self._numbered = 0
        return Delta(lookup_in(palette), None if is_soft else len(palette))

    def _compressed(self, codes: Codes) -> bytes:
        # Each row begins with the number of its filter, which is none.
        rows = np.pad(codes, ((0, 0), (1, 0))).tobytes()
        # Of the first image, which is whole, all is looked through.
        window = WINDOW if self._is_begun else zlib.MAX_WBITS
        self._is_begun = True
        deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, window, zlib.DEF_MEM_LEVEL)
        return deflate.compress(rows) + deflate.flush()

    def _write_image(self, image: Image, ticks: int) -> None:
        part_ms = next(part for part in PARTS if self._fits(ticks, part))
        place = struct.pack(">4I", image.width, image.height, image.left, image.top)
        time = struct.pack(">2H2B", ticks // part_ms, PARTS[part_ms], 0, self._blend)
        self._write_chunk(b"fcTL", self._number() + place + time)
        if self._images:
            self._write_chunk(b"fdAT", self._number() + image.content)
        else:
            self._write_chunk(b"IDAT", image.content)
        self._images += 1

    def _write_end(self) -> None:
        self._write_chunk(b"IEND", b"")
        self._file.seek(self._count_at)
        self._write_count(self._images)
        self._file.seek(0, 2)

    def _longest(self, ticks: int) -> int:
        return ticks if any(self._fits(ticks, part) for part in PARTS) else MAX_DELAY

    @staticmethod
    def _fits(ticks: int, part_ms: int) -> bool:
        return ticks % part_ms == 0 and ticks // part_ms <= MAX_DELAY

    def _number(self) -> bytes:
        """Return the next number of those that keep the animation's chunks in order."""
        self._numbered += 1
        return struct.pack(">I", self._numbered - 1)

    def _write_count(self, images: int) -> None:
        self._write_chunk(b"acTL", struct.pack(">2I", images, self._loop))

    def _write_chunk(self, kind: bytes, content: bytes) -> None:
        check = zlib.crc32(content, zlib.crc32(kind))
        self._file.write(
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
        )
