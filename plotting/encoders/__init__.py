"""A film to a file: the suffix picks the writer. Frames may come from anywhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from plotting.encoders import gif, video, webp
from plotting.encoders.apng import write_apng
from plotting.encoders.film import Film, PageText
from plotting.encoders.gif import gif_bytes, write_gif
from plotting.encoders.page import write_page
from plotting.encoders.palette import Pixels
from plotting.encoders.pictures import numbered_path, write_pictures, write_still
from plotting.encoders.video import write_video
from plotting.encoders.webp import write_webp
from regression import UserError

__all__ = [
    "WRITERS",
    "Film",
    "Forecast",
    "PageText",
    "Writer",
    "check_size",
    "files_of",
    "forecast",
    "gif_bytes",
    "save",
    "write_still",
    "writer_for",
]


class Writer(NamedTuple):
    """A kind of file: what writes it, what it can hold, and what that costs."""

    write: Callable[[Path, Film], None]
    milliseconds: float
    """To draw and write a frame, however small: python -m tests.tools.forecasts."""
    nanoseconds: float
    """And for each of its pixels."""
    bytes_held: float
    """Of memory, for a pixel of a frame, however many frames there are."""
    max_side: int | None = None
    """Pixels that a picture has at most in width and in height; None where nothing is known."""


def _write_svg(path: Path, film: Film) -> None:
    from plotting.encoders.svg import write_svg  # noqa: PLC0415 - most runs do not need it

    write_svg(path, film)


WRITERS: dict[str, Writer] = {
    ".gif": Writer(write_gif, 0.8, 4.5, 26, gif.MAX_SIDE),
    ".svg": Writer(_write_svg, 4, 0.8, 26),
    ".apng": Writer(write_apng, 1.1, 6, 26),
    ".png": Writer(write_pictures, 3, 20, 15),
    ".webp": Writer(write_webp, 1, 10, 46, webp.MAX_SIDE),
    ".mp4": Writer(write_video, 1, 12, 81, video.MAX_SIDE),
    ".html": Writer(write_page, 1, 6, 39, webp.MAX_SIDE),  # its still is one
}

PROGRAM_BYTES = 120e6
"""Of memory, before the first frame."""


class Forecast(NamedTuple):
    """What drawing and writing will take, about."""

    seconds: float
    bytes_held: float


def forecast(path: Path, width: int, height: int, frames: int) -> Forecast:
    """Return what so many frames of that size will take, written to such a path.

    >>> forecast(Path("run.gif"), 640, 480, 20_000)
    Forecast(seconds=43.648, bytes_held=127987200.0)
    """
    writer = WRITERS[path.suffix.lower()]
    pixels = width * height
    seconds = frames * (writer.milliseconds / 1e3 + pixels * writer.nanoseconds / 1e9)
    return Forecast(seconds, PROGRAM_BYTES + pixels * writer.bytes_held)


def save(path: Path, film: Film, *, progress: bool = False) -> list[Path]:
    """Write a film, and return the files written.

    The suffix must be in WRITERS; `%04d.png` writes numbered files, from 1. `progress` shows a bar
    on a terminal's standard error when it takes longer than half a second. Raises UserError for a
    path with no writer, for no frames, or when the writer's package is missing; OSError when
    writing fails.
    """
    writer = writer_for(path)
    if not len(film.frames):
        raise UserError("there are no frames to write")
    if progress:
        film = film._replace(frames=_Watched(film.frames))
    writer.write(path, film)
    return files_of(path, len(film.frames))


def files_of(path: Path, frames: int) -> list[Path]:
    """Return the files that save() writes so many frames to."""
    if path.suffix.lower() == ".png":
        return [numbered_path(path, number) for number in range(1, frames + 1)]
    return [path]


def writer_for(path: Path) -> Writer:
    """Return what writes such a path. Raises UserError when there is nothing that could."""
    suffix = path.suffix.lower()
    if path.name.lower() in WRITERS:
        raise UserError(f"{str(path)!r} has no name before its suffix")
    if suffix not in WRITERS:
        if path.is_dir():
            raise UserError(f"{str(path)!r} is a folder; name a file in it, such as run.gif")
        known = ", ".join("%04d.png" if each == ".png" else each for each in WRITERS)
        raise UserError(f"{str(path)!r} ends in none of {known}")
    if suffix == ".png" and numbered_path(path, 1) == path:
        raise UserError(f"{str(path)!r} names one picture for many frames; try 'frames/%04d.png'")
    if suffix == ".mp4":
        video.check_package()
    return WRITERS[suffix]


def check_size(path: Path, width: int, height: int) -> None:
    """Raise UserError when such a path cannot hold a picture of so many pixels."""
    suffix = path.suffix.lower()
    limit = WRITERS[suffix].max_side
    if limit is None or max(width, height) <= limit:
        return
    larger = [
        "numbered pictures" if other == ".png" else other
        for other, writer in WRITERS.items()
        if writer.max_side is None or writer.max_side >= max(width, height)
    ]
    raise UserError(
        f"picture: {suffix} holds at most {limit:,} pixels a side, not {width:,} x {height:,}; "
        f"{', '.join(larger[:-1])} and {larger[-1]} hold it"
    )


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
