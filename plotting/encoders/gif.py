"""A GIF writer that streams: it holds one frame, however many there are.

An imageio plugin, for any frames:

    with iio.imopen("run.gif", "w", plugin=GifPlugin) as file:
        for frame in frames:
            file.write(frame, duration_ms=100)

Frames that look the same become one that lasts longer. Pillow does the LZW compression. The
format: GIF89a specification, CompuServe 1990; looping: Netscape's application extension.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from io import BytesIO
from typing import cast

import numpy as np
from imageio.core.request import RETURN_BYTES, InitializationError, IOMode, Request
from imageio.core.v3_plugin_api import PluginV3
from PIL import Image

from plotting.encoders.delta import Delta, Patch, Whole, check_size, delta_for
from plotting.encoders.palette import Pixels, choose_palette

MAX_COLOURS = 255
"""One index of the 256 stands for pixels that stay as they are."""

MAX_DELAY = 65535
"""In hundredths of a second, like every time in a GIF."""

MAX_PLAYS = 65535


class GifPlugin(PluginV3):
    """Writes frames as they come, in the colours of one palette."""

    def __init__(self, request: Request, *, palette: Pixels | None = None, loop: int = 0) -> None:
        """Play `loop` times, 0 for ever, in the colours of `palette`, of shape (k, 3), k <= 255.

        Without a palette, one is chosen from the frames of the first write(). Raises
        InitializationError when asked to read.
        """
        super().__init__(request)
        self._palette, self._loop = palette, loop
        self._delta: Delta | Whole | None = None
        self._unchanged = self._disposal = 0
        self._image = b""  # the newest, held back until it is known how long it shows
        self._newest: Patch | None = None
        self._delay = 0
        self._time_ms, self._time_told = 0.0, 0
        self._size: tuple[int, ...] = ()
        if request.mode.io_mode != IOMode.write:
            raise InitializationError("GifPlugin writes only")

    def write(  # type: ignore[override]
        self, ndimage: Pixels | Sequence[Pixels], *, duration_ms: float = 100
    ) -> bytes | None:
        """Add a uint8 frame (h, w, 3 or 4) or several, each shown for `duration_ms`.

        Times are rounded to hundredths of a second such that their sum stays right. Where the
        first frame lets something through, all frames do, pixel by pixel. Returns the whole
        file when the target is "<bytes>", which takes one write(). Raises ValueError for no
        frames at all, for what is no frame, or one of another size than the first, for a time
        below 0, and for more plays than a GIF can say.
        """
        single = isinstance(ndimage, np.ndarray) and ndimage.ndim == 3
        frames = [cast(Pixels, ndimage)] if single else list(ndimage)
        if not frames:
            raise ValueError("there are no frames to write")
        if not duration_ms >= 0:
            raise ValueError(f"duration_ms is {duration_ms}; 0 is the shortest time")
        if not 0 <= self._loop <= MAX_PLAYS:
            raise ValueError(f"loop is {self._loop}; it can be 1 to {MAX_PLAYS}, or 0 for ever")
        for frame in frames:
            self._check(frame)
        delta = self._delta or self._begin(frames)
        for frame in frames:
            patch = delta.update(frame)
            if patch is not None:
                self._hold_back(patch)
                self._newest = patch
            self._show_for(duration_ms)
        if self.request.raw_uri != RETURN_BYTES:
            return None
        self._end()
        return cast(BytesIO, self.request.get_file()).getvalue()

    def close(self) -> None:
        """Write what was held back, and the end of the file."""
        try:
            if self._delta is not None:
                self._end()
        finally:
            super().close()

    def _check(self, frame: Pixels) -> None:
        if frame.ndim != 3 or frame.shape[2] not in {3, 4}:
            raise ValueError(f"frame is {frame.shape}, not (height, width, 3 or 4)")
        self._size = self._size or frame.shape[:2]
        check_size(frame.shape[:2], self._size)

    def _begin(self, frames: Sequence[Pixels]) -> Delta | Whole:
        palette = choose_palette(frames, MAX_COLOURS) if self._palette is None else self._palette
        height, width = frames[0].shape[:2]
        self.request.get_file().write(_header(width, height, palette, self._loop))
        self._delta = delta_for(frames[0], palette)
        self._unchanged, self._disposal = self._delta.unchanged, self._delta.disposal
        return self._delta

    def _show_for(self, duration_ms: float) -> None:
        self._time_ms += duration_ms
        hundredths = round(self._time_ms / 10) - self._time_told
        self._time_told += hundredths
        self._delay += hundredths
        while self._delay > MAX_DELAY:
            rest, self._delay = self._delay - MAX_DELAY, MAX_DELAY
            self._hold_back(self._again())
            self._delay = rest

    def _again(self) -> Patch | None:
        """Return a patch after which the newest picture still shows."""
        if self._disposal == Whole.disposal:
            return self._newest
        return Patch(0, 0, np.full((1, 1), self._unchanged, np.uint8))

    def _hold_back(self, patch: Patch | None) -> None:
        """Write the image held back so far, whose time is now known, and keep the next."""
        if self._image:
            # The lowest bit tells that there is a transparent index.
            flags = self._disposal << 2 | 1
            control = b"!\xf9\x04" + struct.pack("<BHBx", flags, self._delay, self._unchanged)
            self.request.get_file().write(control + self._image)
        self._image = b"" if patch is None else _image(patch, _bits(self._unchanged))
        self._delay = 0

    def _end(self) -> None:
        self._delta = None  # first: what fails here is not to be tried again by imageio
        self._hold_back(None)
        self.request.get_file().write(b";")


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


def _image(patch: Patch, bits: int) -> bytes:
    height, width = patch.indices.shape
    place = struct.pack("<4HxB", patch.left, patch.top, width, height, bits)
    return b"," + place + Image.fromarray(patch.indices).tobytes("gif", ("L", bits, 0)) + b"\0"
