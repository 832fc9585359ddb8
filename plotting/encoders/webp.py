"""An animated WebP without loss: what changed since the frame before, in all its colours.

Pillow compresses each patch as a picture of its own; the container is written here, so that no
more than a frame is held. Pillow's own writer of animations holds them all, and tries several ways
for each. The format: RFC 9649; WebP is little-endian, and its sizes have three bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image as PillowImage

from plotting.encoders.atomic import whole_file
from plotting.encoders.delta import Codes, Delta, Patches
from plotting.encoders.film import Film
from plotting.encoders.palette import Packed, Pixels, is_opaque
from plotting.encoders.stream import Image, StreamPlugin, write_stream

MAX_SIDE = 16_383
"""What Pillow's libwebp compresses, whatever the container can say."""

MAX_DELAY = (1 << 24) - 1
MAX_PLAYS = 65535
MAX_BYTES = (1 << 32) - 10

COVERS, REPLACES = 0, 2
"""How a patch is laid over what is there: but for what is seen through, or with all its pixels."""

ANIMATED, HAS_ALPHA = 0x02, 0x10

METHOD, QUALITY = 1, 40
"""Of libwebp, how long it tries to be small: more takes up to ten times as long, and saves 1 %."""


def write_webp(path: Path, film: Film) -> None:
    """Write a film as an animated WebP; raises OSError when that fails."""
    with whole_file(path, replace=film.replace) as file:
        write_stream(file, film, WebpPlugin)


class WebpPlugin(StreamPlugin):
    """An imageio plugin that writes an animated WebP frame by frame, to what can seek.

    It has all colours, and needs no palette.
    """

    tick_ms = 1
    max_plays = MAX_PLAYS
    max_side = MAX_SIDE

    def _begin(self, frames: Sequence[Pixels]) -> Patches:
        height, width = frames[0].shape[:2]
        covers = all(is_opaque(frame) for frame in frames)
        self._blend = COVERS if covers else REPLACES
        self._file.write(b"RIFF\0\0\0\0WEBP")
        canvas = _three(width - 1) + _three(height - 1)
        self._write_chunk(b"VP8X", struct.pack("<I", ANIMATED | HAS_ALPHA) + canvas)
        self._write_chunk(b"ANIM", struct.pack("<IH", 0, self._loop))
        # Places count in steps of two.
        return Delta(_as_they_are, 0 if covers else None, grid=2)

    def _compressed(self, codes: Codes) -> bytes:
        height, width = codes.shape
        picture = PillowImage.frombuffer(
            "RGBA", (width, height), codes.tobytes(), "raw", "RGBA", 0, 1
        )
        memory = BytesIO()
        try:
            picture.save(memory, "WEBP", lossless=True, method=METHOD, quality=QUALITY)
        except ValueError as error:  # as Pillow names whatever libwebp could not do
            raise OSError(0, f"cannot be compressed as WebP ({error})") from error
        return memory.getvalue()[12:]  # what stands in the container of a single picture

    def _write_image(self, image: Image, ticks: int) -> None:
        place = _three(image.left // 2) + _three(image.top // 2)
        size = _three(image.width - 1) + _three(image.height - 1)
        head = place + size + _three(ticks) + bytes([self._blend])
        self._write_chunk(b"ANMF", head + image.content)

    def _write_end(self) -> None:
        size = self._file.tell() - 8
        if size > MAX_BYTES:
            raise OSError(0, f"is {size / 1e9:.1f} GB, and a WebP can have 4.3; use another kind")
        self._file.seek(4)
        self._file.write(struct.pack("<I", size))
        self._file.seek(0, 2)

    def _longest(self, ticks: int) -> int:
        return min(ticks, MAX_DELAY)

    def _write_chunk(self, kind: bytes, content: bytes) -> None:
        # Of odd length it would need padding; here each has an even one, as Pillow's pictures do.
        self._file.write(kind + struct.pack("<I", len(content)) + content)


def _as_they_are(colours: Packed) -> Packed:
    """Return a copy of the colours, since a frame's own array has the next one in it soon."""
    return colours.copy()


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
