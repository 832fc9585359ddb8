"""Numbered pictures, one a frame, and single stills; and what stands in place of a %04d."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image

from plotting.encoders.atomic import whole_file
from plotting.encoders.film import Film
from plotting.encoders.palette import Pixels, is_opaque
from regression import UserError

NUMBER = re.compile(r"%(0?\d{0,2})d")
"""What the number of a picture stands in place of, in a name."""

WRITTEN: list[Path] = []
"""The pictures of a series that are whole so far, while it is being written."""


def write_pictures(path: Path, film: Film) -> None:
    """Write each frame to a file of its own, numbered from 1.

    Raises OSError when one cannot be written, which says which of them are new by then.
    """
    WRITTEN.clear()
    try:
        for number, frame in enumerate(film.frames, start=1):
            picture = numbered_path(path, number)
            WRITTEN.append(write_still(picture, frame, replace=film.replace))
    except OSError as error:
        reason = f"{error.strerror or error}{new_pictures()}"
        raise OSError(error.errno, reason, error.filename) from None
    finally:
        WRITTEN.clear()


def new_pictures() -> str:
    """Return which pictures of an interrupted series are new, to be added to what is said of it;
    nothing when there are none.
    """
    if not WRITTEN:
        return ""
    first, last = WRITTEN[0], WRITTEN[-1]
    which = f"{first} is new" if len(WRITTEN) == 1 else f"{first} to {last} are new"
    return f"; {which}, the others are not"


def write_still(path: Path, frame: Pixels, *, replace: bool = True) -> Path:
    """Write a frame (h, w, 3 or 4) as PNG, without an alpha that says nothing; return the path.

    Raises OSError when that fails or, without `replace`, when the file is there already.
    """
    picture = Image.fromarray((frame[..., :3] if is_opaque(frame) else frame).copy())
    with whole_file(path, replace=replace) as file:
        # Not by imageio, which has Pillow load all of its formats first: 60 ms of every run.
        picture.save(file, format="PNG")
    return path


def check_distinct(read: Iterable[Path], written: Iterable[Path]) -> None:
    """Raise UserError where a file would be written over one that is read, or written, too.

    A path with %d stands for all pictures that it can number; "-" in `read` is standard input.
    Links are followed.
    """
    seen: list[Path] = []
    read = list(read)
    for path in [*read, *written]:
        for other in seen:
            if _would_overwrite(path, other):
                both = f"{str(path)!r} would overwrite {_named(other)}"
                raise UserError(f"{both}, which is the same file")
        if _is_series(path):
            _check_series(path)
        seen.append(path)


def _named(path: Path) -> str:
    return "standard input" if str(path) == "-" else repr(str(path))


def _would_overwrite(path: Path, other: Path) -> bool:
    if _is_series(other) and not _is_series(path):
        path, other = other, path
    if str(other) == "-":
        return any(_is_standard_input(each) for each in _there(path))
    if _is_series(path) and _is_series(other):
        return _in_place(path) == _in_place(other)
    if is_one_of(path, Path(os.path.realpath(other))) or is_one_of(path, other):
        return True
    real = os.path.realpath(other)
    return any(os.path.realpath(each) == real for each in _there(path))


def _check_series(path: Path) -> None:
    """Raise UserError where links among the pictures have two of them be one file."""
    seen: dict[str, Path] = {}
    for each in _there(path):
        real = os.path.realpath(each)
        if real in seen:
            both = f"{str(each)!r} would overwrite {str(seen[real])!r}"
            raise UserError(f"{both}, which is the same file")
        seen[real] = each


def _there(path: Path) -> Iterator[Path]:
    """Return the path, or all pictures of its that there are, and links in their place."""
    if not _is_series(path):
        yield path
        return
    try:
        yield from sorted(file for file in path.parent.iterdir() if number_of(path, file))
    except OSError:  # a folder that is not there, or does not say what it has
        return


def _is_series(path: Path) -> bool:
    return path.suffix.lower() == ".png" and numbered_path(path, 1) != path


def _in_place(path: Path) -> Path:
    return Path(os.path.realpath(path.parent), path.name)


def _is_standard_input(path: Path) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(0))
    except OSError:  # one of the two is not there
        return False


def is_one_of(path: Path, file: Path) -> bool:
    """Return whether numbered pictures at the path could have this file's name."""
    beside = os.path.realpath(path.parent) == os.path.realpath(file.parent)
    return beside and number_of(path, file) is not None


def left_over(path: Path, frames: int) -> str | None:
    """Return a line on older pictures of a numbered path that are there beyond so many frames,
    if there are any.
    """
    if path.suffix.lower() != ".png":
        return None
    try:
        numbers = [number_of(path, file) for file in path.parent.iterdir()]
    except OSError:  # a folder may take files and not say which it has
        return None
    beyond = [number for number in numbers if number is not None and not 0 < number <= frames]
    if not beyond:
        return None
    first, last = numbered_path(path, min(beyond)), numbered_path(path, max(beyond))
    which = f"{first} is" if first == last else f"{first} to {last} are"
    return f"{which} older than this animation, which has no such picture"


def number_of(path: Path, file: Path) -> int | None:
    """Return which of the numbered pictures at the path has this file's name, if one has."""
    parts = NUMBER.split(path.name)
    if path.suffix.lower() != ".png" or len(parts) != 3:
        return None
    before, _, after = map(re.escape, parts)
    found = re.fullmatch(rf"{before} *(\d+){after}", file.name)
    # Frame 12 of %04d is 0012, so that 12.png is somebody else's.
    if found is None or numbered_path(path, int(found[1])).name != file.name:
        return None
    return int(found[1])


def numbered_path(path: Path, number: int) -> Path:
    """Return the path with the one %d, or %04d and the like, in its name replaced by the number;
    the path as it is when there is none, or more than one.
    """
    before, *rest = NUMBER.split(path.name)
    if len(rest) != 2:
        return path
    digits, after = rest
    return path.with_name(f"{before}{number:{digits}d}{after}")
