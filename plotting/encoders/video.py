"""H.264 in an MP4, as browsers and slides play it: half of the colour, and no transparency."""

from __future__ import annotations

import sys
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from plotting.encoders.atomic import whole_file
from plotting.encoders.film import Film
from plotting.encoders.palette import Pixels, is_opaque
from regression import UserError

MAX_SIDE = 16_384
"""What libx264 takes."""

TICK = Fraction(1, 1000)
"""Seconds in a unit of time: each frame lasts as long as it is to, and none is repeated."""

SETTINGS = {
    # Frames to look ahead, and at the same time: of large ones, the most of all memory.
    "rc-lookahead": "10",
    "threads": "2",
    # Frames in the order in which they show: else the last one in the file is not the last to see,
    # and its time is lost.
    "bf": "0",
}


def check_package() -> None:
    """Raise UserError when the package that writes videos is not installed."""
    if find_spec("av") is None:
        raise UserError(
            f".mp4 needs the package av, which is missing: {sys.executable} -m pip install av"
        )


def write_video(path: Path, film: Film) -> None:
    """Write a film as H.264; raises OSError when that fails, UserError without the package.

    A side of an odd number of pixels gets one more, a copy of its last, since half of the colour
    needs an even number.
    """
    check_package()
    import av  # noqa: PLC0415 - takes its time, and may not be there

    with whole_file(path, replace=film.replace) as file:
        sink = _Sink(file)
        try:
            _encode(av, sink, film)
        except av.FFmpegError as error:
            raise sink.error or OSError(0, f"cannot be encoded ({error.strerror})") from error


class _Sink:
    """A file that keeps the error when it cannot be written, of which FFmpeg forgets the reason."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, content: bytes) -> int:
        try:
            return self._file.write(content)
        except OSError as error:
            self.error = error
            raise

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def _encode(av: Any, file: _Sink, film: Film) -> None:
    with av.open(file, "w", format="mp4") as movie:
        stream: Any = None
        lasts_ms: dict[int, int] = {}  # by the time at which a frame begins
        time_ms = 0
        for frame, duration_ms in zip(film.frames, film.times_ms):
            stream = stream or _add_stream(movie, frame, min(film.times_ms))
            picture = av.VideoFrame.from_ndarray(_even(_on_white(frame)), format="rgb24")
            picture.pts, picture.time_base = time_ms, TICK
            lasts_ms[time_ms] = duration_ms
            time_ms += duration_ms
            _write_packets(movie, stream.encode(picture), lasts_ms)
        _write_packets(movie, stream.encode(None), lasts_ms)


def _write_packets(movie: Any, packets: Any, lasts_ms: dict[int, int]) -> None:
    for packet in packets:
        packet.duration = lasts_ms.pop(packet.pts)
        movie.mux(packet)


def _add_stream(movie: Any, frame: Pixels, shortest_ms: int) -> Any:
    # By the rate a player judges whether it is fast enough; it binds no frame to a time.
    stream = movie.add_stream("libx264", rate=Fraction(1000, shortest_ms), options=SETTINGS)
    stream.height, stream.width = (side + side % 2 for side in frame.shape[:2])
    stream.pix_fmt = "yuv420p"
    stream.time_base = stream.codec_context.time_base = TICK
    return stream


def _even(frame: Pixels) -> Pixels:
    height, width = frame.shape[:2]
    return np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), "edge")


def _on_white(frame: Pixels) -> Pixels:
    """Return the frame (h, w, 3) as it looks on white paper."""
    if is_opaque(frame):
        return frame[..., :3]
    share = frame[..., 3:] / 255
    return (frame[..., :3] * share + 255 * (1 - share)).round().astype(np.uint8)
