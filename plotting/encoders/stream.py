"""What the writers of moving pictures share: they hold one frame, however many there are.

Each is an imageio plugin, for any frames:

    with iio.imopen("run.gif", "w", plugin=GifPlugin) as file:
        for frame in frames:
            file.write(frame, duration_ms=100)

Frames that look the same become one that lasts longer.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from io import BytesIO
from typing import BinaryIO, NamedTuple, cast

import imageio.v3 as iio
import numpy as np
from imageio.core.request import RETURN_BYTES, InitializationError, IOMode, Request
from imageio.core.v3_plugin_api import PluginV3

from plotting.encoders.delta import Codes, Patch, Patches, check_shape
from plotting.encoders.film import Film
from plotting.encoders.palette import Pixels


class Image(NamedTuple):
    """A patch as it stands in the file, compressed."""

    left: int
    top: int
    width: int
    height: int
    content: bytes


class StreamPlugin(PluginV3):
    """Writes frames as they come, each when it is known how long it shows."""

    tick_ms: int
    """The unit of its times."""
    max_plays: int
    max_side: int
    """Pixels that a frame has at most in width and in height."""

    def __init__(self, request: Request, *, palette: Pixels | None = None, loop: int = 0) -> None:
        """Play `loop` times, 0 for ever, in the colours of `palette` where the format has one.

        Without a palette, one is chosen from the frames of the first write(). Raises
        InitializationError when asked to read.
        """
        super().__init__(request)
        self._palette, self._loop = palette, loop
        self._patches: Patches | None = None
        self._image: Image | None = (
            None  # the newest, held back until it is known how long it shows
        )
        self._ticks = 0
        self._time_ms, self._time_told = 0.0, 0
        self._size: tuple[int, ...] = ()
        if request.mode.io_mode != IOMode.write:
            raise InitializationError(f"{type(self).__name__} writes only")

    def write(  # type: ignore[override]
        self, ndimage: Pixels | Sequence[Pixels], *, duration_ms: float = 100
    ) -> bytes | None:
        """Add a uint8 frame (h, w, 3 or 4) or several, each shown for `duration_ms`.

        Times are rounded to what the format can say such that their sum stays right. Where the
        first frame lets something through, all frames do. Returns the whole file when the target
        is "<bytes>", which takes one write(). Raises ValueError for no frames at all, for what is
        no frame, one of another size than the first, or too large for the format, for a time below
        0, and for more plays than the format can say.
        """
        single = isinstance(ndimage, np.ndarray) and ndimage.ndim == 3
        frames = [cast(Pixels, ndimage)] if single else list(ndimage)
        if not frames:
            raise ValueError("there are no frames to write")
        if not duration_ms >= 0:
            raise ValueError(f"duration_ms is {duration_ms}; 0 is the shortest time")
        if not 0 <= self._loop <= self.max_plays:
            raise ValueError(
                f"loop is {self._loop}; it can be 1 to {self.max_plays}, or 0 for ever"
            )
        for frame in frames:
            self._check(frame)
        if self._patches is None:
            self._patches = self._begin(frames)
        for frame in frames:
            patch = self._patches.update(frame)
            if patch is not None:
                self._hold_back(patch)
            self._show_for(duration_ms)
        if self.request.raw_uri != RETURN_BYTES:
            return None
        self._finish()
        return cast(BytesIO, self._file).getvalue()

    def close(self) -> None:
        """Write what was held back, and the end of the file."""
        try:
            if self._patches is not None:
                self._finish()
        finally:
            super().close()

    @property
    def _file(self) -> BinaryIO:
        return self.request.get_file()

    @abstractmethod
    def _begin(self, frames: Sequence[Pixels]) -> Patches:
        """Write the head of the file, and return what makes patches of frames such as these."""

    @abstractmethod
    def _compressed(self, codes: Codes) -> bytes:
        """Return a patch's codes, of shape (height, width), as the file has them."""

    @abstractmethod
    def _write_image(self, image: Image, ticks: int) -> None: ...

    @abstractmethod
    def _write_end(self) -> None: ...

    @abstractmethod
    def _longest(self, ticks: int) -> int:
        """Return how many of the ticks one image can last."""

    def _check(self, frame: Pixels) -> None:
        if frame.ndim != 3 or frame.shape[2] not in {3, 4}:
            raise ValueError(f"frame is {frame.shape}, not (height, width, 3 or 4)")
        if max(frame.shape) > self.max_side:
            raise ValueError(f"frame is {frame.shape}; a side can have {self.max_side} pixels")
        self._size = self._size or frame.shape[:2]
        check_shape(frame.shape[:2], self._size)

    def _show_for(self, duration_ms: float) -> None:
        self._time_ms += duration_ms
        ticks = round(self._time_ms / self.tick_ms) - self._time_told
        self._time_told += ticks
        self._ticks += ticks
        assert self._patches is not None
        while (longest := self._longest(self._ticks)) < self._ticks:
            rest, self._ticks = self._ticks - longest, longest
            self._hold_back(self._patches.again())
            self._ticks = rest

    def _hold_back(self, patch: Patch | None) -> None:
        """Write the image held back so far, whose time is now known, and keep the next."""
        if self._image is not None:
            self._write_image(self._image, self._ticks)
        self._image = None
        if patch is not None:
            height, width = patch.codes.shape
            content = self._compressed(patch.codes)
            self._image = Image(patch.left, patch.top, width, height, content)
        self._ticks = 0

    def _finish(self) -> None:
        self._patches = None  # first: what fails here is not to be tried again by imageio
        self._hold_back(None)
        self._write_end()


def write_stream(
    file: BinaryIO, film: Film, plugin: type[StreamPlugin], palette: Pixels | None = None
) -> None:
    """Write a film with a plugin to an open file."""
    with iio.imopen(file, "w", plugin=plugin, palette=palette, loop=film.loop) as moving:
        for frame, duration_ms in zip(film.frames, film.times_ms):
            moving.write(frame, duration_ms=duration_ms)  # type: ignore[call-arg]
