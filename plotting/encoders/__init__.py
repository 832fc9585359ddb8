"""Frames to a file: the suffix picks the writer. Frames may come from anywhere."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

import imageio.v3 as iio
import numpy as np
from PIL import Image

from plotting.encoders.atomic import whole_file
from plotting.encoders.gif import MAX_COLOURS, GifPlugin
from plotting.encoders.numbered import numbered_path
from plotting.encoders.page import PageText, html_page
from plotting.encoders.palette import Pixels, choose_palette
from regression import UserError

PALETTE_FRAMES = 9
"""So many frames, spread over the run, hold nearly all of its colours."""

MIN_TICK_MS = 20
"""Of what is shown picture by picture at an even pace: 50 a second."""


class Film(NamedTuple):
    """Frames, each (h, w, 3 or 4), how long each shows, how often all do, and what goes with
    them where there is room for text.
    """

    frames: Sequence[Pixels]
    times_ms: Sequence[int]
    loop: int = 0
    text: Callable[[], PageText] = PageText
    """Only a page has it made."""


def save(
    path: Path,
    frames: Sequence[Pixels],
    durations_ms: Sequence[int],
    *,
    loop: int = 0,
    progress: bool = False,
    text: Callable[[], PageText] = PageText,
) -> list[Path]:
    """Write the frames, each (h, w, 3 or 4) and shown for its time; return the files written.

    The suffix must be in WRITERS; `%04d.png` writes numbered files, from 1. `loop` says how often
    to play, 0 for ever. `progress` shows a bar on a terminal's standard error when it takes
    longer than half a second. `text` is made for a page only. Raises UserError for a path with
    no writer or no frames, ImportError when the writer's package is missing, OSError when writing
    fails.
    """
    write = writer_for(path)
    if not len(frames):
        raise UserError("there are no frames to write")
    write(path, Film(_Watched(frames) if progress else frames, durations_ms, loop, text))
    return files_of(path, len(frames))


def files_of(path: Path, frames: int) -> list[Path]:
    """Return the files that save() writes so many frames to."""
    if path.suffix.lower() == ".png":
        return [numbered_path(path, number) for number in range(1, frames + 1)]
    return [path]


def still_beside(path: Path) -> Path | None:
    """Return where the last frame goes beside an animation; None for pictures, which have it."""
    return None if path.suffix.lower() == ".png" else path.with_suffix(".png")


def writer_for(path: Path) -> Writer:
    """Return the function that writes such a path. Raises UserError when there is none."""
    writer = WRITERS.get(path.suffix.lower())
    if path.name.lower() in WRITERS:
        raise UserError(f"{str(path)!r} has no name before its suffix")
    if writer is None:
        known = ", ".join("%04d.png" if suffix == ".png" else suffix for suffix in WRITERS)
        raise UserError(f"{str(path)!r} ends in none of {known}")
    if writer is _write_pngs and numbered_path(path, 1) == path:
        raise UserError(f"{str(path)!r} names one picture for many frames; try 'frames/%04d.png'")
    return writer


def save_png(path: Path, frame: Pixels) -> Path:
    """Write one frame as PNG; return the path."""
    with whole_file(path) as file:
        # Not by imageio, which has Pillow load all of its formats first: 60 ms of every run.
        Image.fromarray(_as_seen(frame)).save(file, format="PNG")
    return path


def _as_seen(frame: Pixels) -> Pixels:
    """Return a copy of the frame, without an alpha channel that says nothing."""
    return (frame[..., :3] if _is_opaque(frame) else frame).copy()


def gif_bytes(frames: Sequence[Pixels], times_ms: Sequence[int]) -> bytes:
    """Return the frames as a GIF, for who wants no file."""
    memory = BytesIO()
    _encode_gif(memory, Film(frames, times_ms))
    return memory.getvalue()


def _write_gif(path: Path, film: Film) -> None:
    # A file of our own: imageio closes its own twice, and the second time nobody can catch
    # that the disk is full.
    with whole_file(path) as unfinished, unfinished.open("wb") as file:
        _encode_gif(file, film)


def _encode_gif(file: BinaryIO, film: Film) -> None:
    with iio.imopen(
        file, "w", plugin=GifPlugin, palette=_palette_of(film.frames), loop=film.loop
    ) as gif:
        for frame, duration_ms in zip(film.frames, film.times_ms):
            gif.write(frame, duration_ms=duration_ms)  # type: ignore[call-arg]


def _palette_of(frames: Sequence[Pixels]) -> Pixels:
    spread = np.linspace(0, len(frames) - 1, min(PALETTE_FRAMES, len(frames))).round().astype(int)
    # The last one first: a view may draw all anew for it, and the first is needed next.
    return choose_palette((frames[i] for i in reversed(spread)), MAX_COLOURS)


def _write_page(path: Path, film: Film) -> None:
    page = html_page(
        film.frames, film.times_ms, _palette_of(film.frames), text=film.text(), loop=film.loop
    )
    with whole_file(path) as file:
        file.write_text(page, encoding="utf-8", newline="\n")


def _write_pillow(path: Path, film: Film) -> None:
    """Write a lossless APNG or WebP; Pillow wants all frames at once."""
    settings = {"duration": list(film.times_ms), "loop": film.loop}
    if path.suffix.lower() == ".webp":
        settings |= {"lossless": True, "quality": 30, "method": 2, "minimize_size": True}
    memory = BytesIO()
    with iio.imopen(memory, "w", plugin="pillow", extension=path.suffix.lower()) as movie:
        for frame in film.frames:
            movie.write(_as_seen(frame), **settings)
    _write_bytes(path, memory)


def _write_pngs(path: Path, film: Film) -> None:
    for number, frame in enumerate(film.frames, start=1):
        save_png(numbered_path(path, number), frame)


def _write_mp4(path: Path, film: Film) -> None:
    """Write H.264 as browsers and slides play it: yuv420p, an even number of rows and columns."""
    tick_ms, repeats = ticks(film.times_ms)
    memory = BytesIO()
    with iio.imopen(memory, "w", plugin="pyav", extension=".mp4") as movie:
        movie.init_video_stream("libx264", fps=1000 / tick_ms, pixel_format="yuv420p")
        for frame, times in zip(film.frames, repeats):
            height, width = frame.shape[:2]
            even = np.pad(_on_white(frame), ((0, height % 2), (0, width % 2), (0, 0)), "edge")
            for _ in range(times):
                movie.write_frame(even)
    _write_bytes(path, memory)


def _write_bytes(path: Path, memory: BytesIO) -> None:
    """Write what was encoded in memory: encoders do not take a full disk well."""
    with whole_file(path) as file:
        # A copy: a view of the memory would outlive a full disk, and Python complain of it.
        file.write_bytes(memory.getvalue())


def ticks(times_ms: Sequence[int]) -> tuple[int, list[int]]:
    """Return the length of a tick in ms, and for how many ticks each frame shows, at least one.

    >>> ticks([300, 100, 2000])
    (100, [3, 1, 20])
    """
    tick_ms = math.gcd(*times_ms)
    if tick_ms < MIN_TICK_MS:
        tick_ms = min(times_ms)
    return tick_ms, [max(1, round(time_ms / tick_ms)) for time_ms in times_ms]


def _on_white(frame: Pixels) -> Pixels:
    """Return the frame (h, w, 3) as it looks on white paper, for kinds that have no alpha."""
    if _is_opaque(frame):
        return frame[..., :3]
    share = frame[..., 3:] / 255
    return (frame[..., :3] * share + 255 * (1 - share)).round().astype(np.uint8)


def _is_opaque(frame: Pixels) -> bool:
    return bool((frame[..., 3:] == 255).all())


Writer = Callable[[Path, Film], None]

WRITERS: dict[str, Writer] = {
    ".gif": _write_gif,
    ".apng": _write_pillow,
    ".png": _write_pngs,
    ".webp": _write_pillow,
    ".mp4": _write_mp4,
    ".html": _write_page,
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
