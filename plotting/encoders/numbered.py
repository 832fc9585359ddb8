"""The names of numbered pictures: the %04d of frames/%04d.png and what stands in its place."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from regression import UserError

NUMBER = re.compile(r"%(0?\d{0,2})d")
"""What the number of a picture stands in place of, in a name."""


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


def check_apart(out: Path, others: Sequence[Path], source: Path | None = None) -> None:
    """Raise UserError where files that will be written, an animation or numbered pictures and
    others, would overwrite each other or the source that is read; "-" is standard input.
    """
    seen: dict[str, Path] = {} if source is None else {os.path.realpath(source): source}
    for path in (out, *others):
        real, both = os.path.realpath(path), f"{str(path)!r} would overwrite "
        if real in seen:
            raise UserError(f"{both}{str(seen[real])!r}, which is the same file")
        if source == Path("-") and _is_standard_input(path):
            raise UserError(f"{both}standard input, which is the same file")
        seen[real] = path
    for path in (*others, *([source] if source else [])):
        if is_one_of(out, path):
            of = f"{str(path)!r} is one of the pictures {str(out)!r}"
            raise UserError(f"{of}, which is the same file")


def _is_standard_input(path: Path) -> bool:
    """Return whether the path is the file that standard input comes from."""
    try:
        return os.path.samestat(path.stat(), os.fstat(0))
    except OSError:  # one of the two is not there
        return False
