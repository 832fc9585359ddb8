"""Frames to a file: the suffix picks the writer. Frames may come from anywhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import imageio.v3 as iio
import numpy as np
from PIL import Image

from plotting.delta import is_transparent
from plotting.gif import MOST_COLOURS, GifPlugin
from plotting.palette import Pixels, choose_palette
from plotting.whole_file import whole_file

PALETTE_FRAMES = 9
"""So many frames, spread over the run, hold nearly all of its colours."""


def save(
    path: Path,
    frames: Sequence[Pixels],
    durations_ms: Sequence[int],
    *,
    loop: int = 0,
    progress: bool = False,
) -> list[Path]:
    """Write the frames, each (h, w, 3 or 4) and shown for its time; return the files written.

    The suffix must be in WRITERS; `%04d.png` writes numbered files, from 1. `loop` says how often
    to play, 0 for ever. `progress` shows a bar on a terminal's standard error when it takes
    longer than half a second. Raises ValueError for a path with no writer, ImportError when
    the writer's package is missing, OSError when writing fails.
    """
    write = writer_for(path)
    write(path, _Watched(frames) if progress else frames, durations_ms, loop)
    if write is _write_pngs:
        return [numbered(path, number) for number in range(1, len(frames) + 1)]
    return [path]


def writer_for(path: Path) -> Writer:
    """Return the function that writes such a path. Raises ValueError when there is none."""
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ValueError(f"{str(path)!r} ends in none of {', '.join(WRITERS)}")
    if writer is _write_pngs and numbered(path, 1) == path:
        raise ValueError(f"{str(path)!r} names one picture for many frames; try 'frames/%04d.png'")
    return writer


def numbered(path: Path, number: int) -> Path:
    """Return the path with a %d, or %04d and the like, in its name replaced by the number."""
    try:
        return path.with_name(path.name % number)
    except (TypeError, ValueError):  # no such place in the name, or more than one
        return path


def save_png(path: Path, frame: Pixels) -> Path:
    """Write one frame as PNG; return the path."""
    with whole_file(path) as file:
        # Not by imageio, which has Pillow load all of its formats first: 60 ms of every run.
        Image.fromarray(_as_seen(frame)).save(file, format="PNG")
    return path


def _as_seen(frame: Pixels) -> Pixels:
    """Return a copy of the frame, without an alpha channel that says nothing."""
    return (frame if is_transparent(frame) else frame[..., :3]).copy()


def _write_gif(path: Path, frames: Sequence[Pixels], times: Sequence[int], loop: int) -> None:
    spread = np.linspace(0, len(frames) - 1, min(PALETTE_FRAMES, len(frames))).round().astype(int)
    # The last one first: a view may draw all anew for it, and the first is needed next.
    palette = choose_palette((frames[i] for i in reversed(spread)), MOST_COLOURS)
    with (
        whole_file(path) as file,
        iio.imopen(file, "w", plugin=GifPlugin, palette=palette, loop=loop) as gif,
    ):
        for frame, duration_ms in zip(frames, times):
            gif.write(frame, duration_ms=duration_ms)  # type: ignore[call-arg]


def _write_pillow(path: Path, frames: Sequence[Pixels], times: Sequence[int], loop: int) -> None:
    """Write a lossless APNG or WebP; Pillow wants all frames at once."""
    settings = {"duration": list(times), "loop": loop}
    if path.suffix.lower() == ".webp":
        settings |= {"lossless": True, "quality": 30, "method": 2, "minimize_size": True}
    with whole_file(path) as file, iio.imopen(file, "w", plugin="pillow") as movie:
        for frame in frames:
            movie.write(_as_seen(frame), **settings)


def _write_pngs(path: Path, frames: Sequence[Pixels], _times: Sequence[int], _loop: int) -> None:
    for number, frame in enumerate(frames, start=1):
        save_png(numbered(path, number), frame)


def _write_mp4(path: Path, frames: Sequence[Pixels], times: Sequence[int], _loop: int) -> None:
    """Write H.264 as browsers and slides play it: yuv420p, an even number of rows and columns."""
    with whole_file(path) as file, iio.imopen(file, "w", plugin="pyav") as movie:
        movie.init_video_stream("libx264", fps=1000 / times[0], pixel_format="yuv420p")
        for frame, duration_ms in zip(frames, times):
            height, width = frame.shape[:2]
            even = np.pad(_on_white(frame), ((0, height % 2), (0, width % 2), (0, 0)), "edge")
            for _ in range(max(1, round(duration_ms / times[0]))):
                movie.write_frame(even)


def _on_white(frame: Pixels) -> Pixels:
    """Return the frame (h, w, 3) as it looks on white paper, for kinds that have no alpha."""
    if not is_transparent(frame):
        return frame[..., :3]
    share = frame[..., 3:] / 255
    return (frame[..., :3] * share + 255 * (1 - share)).round().astype(np.uint8)


Writer = Callable[[Path, Sequence[Pixels], Sequence[int], int], None]

WRITERS: dict[str, Writer] = {
    ".gif": _write_gif,
    ".apng": _write_pillow,
    ".png": _write_pngs,
    ".webp": _write_pillow,
    ".mp4": _write_mp4,
}


class _Watched(Sequence[Pixels]):
    """The same frames, with a progress bar while they are gone through."""

    def __init__(self, frames: Sequence[Pixels]) -> None:
        self._frames = frames

    def __len__(self) -> int:
        return len(self._frames)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self._frames[index]

    def __iter__(self) -> Iterator[Pixels]:
        if not sys.stderr.isatty():
            return iter(self._frames)
        from tqdm import tqdm  # noqa: PLC0415 - not needed where nobody watches

        bar: Iterable[Pixels] = tqdm(self._frames, unit=" frames", delay=0.5, leave=False)
        return iter(bar)
