"""The animation as one HTML page that needs nothing else: no network, no other file.

Its pictures are kept as in a GIF, as what changed since the frame before in one palette, but
deflated, which browsers undo by themselves; page.html has the text, the looks and the script.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from plotting.delta import Delta, Patch, Whole, delta_for
from plotting.palette import Pixels

TITLE = "A line that learns"
"""Where there is no other."""

TEMPLATE = Path(__file__).with_name("page.html")

FRAMES_A_CHUNK = 32
"""So many are inflated together. Each chunk begins with a whole frame, where a slider can enter."""


Place = tuple[int, int, int, int, int]
"""Left, top, width and height of a patch, and where its indices begin in their chunk."""


class PageText(NamedTuple):
    """What a page says beside its pictures, all of it shown as it is.

    A caption has the names and values to write beside a frame; there are none, or one for each.
    `notes` are lines below, and the description is for those who cannot see the pictures.
    """

    title: str = TITLE
    description: str = "Animation"
    captions: Sequence[Mapping[str, str]] = ()
    notes: Sequence[str] = ()


def html_page(
    frames: Iterable[Pixels],
    times_ms: Sequence[int],
    palette: Pixels,
    *,
    text: PageText = PageText(),
    loop: int = 0,
) -> str:
    """Return a page that plays the frames, each (h, w, 3 or 4) and shown for its time.

    `palette` has shape (k, 3), k <= 255. `loop` says how often to play, 0 for ever. Raises
    ValueError for a frame of another shape than the first.
    """
    remaining = iter(frames)
    first = next(remaining)
    delta = delta_for(first, palette)
    height, width = first.shape[:2]
    is_light = isinstance(delta, Delta) and first[0, 0, :3].mean() > 127
    chunks, patches = _packed(chain([first], remaining), delta)
    movie = {
        "chunks": chunks,
        "patches": patches,
        "clear": isinstance(delta, Whole),
        "palette": palette.tolist(),
        "frames_a_chunk": FRAMES_A_CHUNK,
        "times_ms": list(times_ms),
        "captions": [dict(caption) for caption in text.captions],
        "loop": loop,
    }
    texts = {
        "title": text.title,
        "description": text.description,
        "notes": "\n".join(text.notes),
        "width": str(width),
        "height": str(height),
        "last": str(len(times_ms) - 1),
        "paper": "light" if is_light else "as-it-is",
    }
    # Nothing is unescaped inside a script, so no "<" may stand there that could end it.
    data = json.dumps(movie, separators=(",", ":")).replace("<", "\\u003c")
    escaped = {name: escape(text) for name, text in texts.items()}
    return _filled(TEMPLATE.read_text(encoding="utf-8"), {**escaped, "movie": data})


def _filled(template: str, texts: Mapping[str, str]) -> str:
    """Return the template with its {{names}} replaced, but none in what replaced them."""
    first, *rest = template.split("{{")
    pieces = (piece.partition("}}") for piece in rest)
    return first + "".join(texts[name] + after for name, _, after in pieces)


def _packed(frames: Iterator[Pixels], delta: Delta | Whole) -> tuple[list[str], list[Place | None]]:
    """Return the chunks of indices, and the place of each frame's patch in its chunk."""
    chunks: list[str] = []
    places: list[Place | None] = []
    while True:
        delta.restart()
        indices = bytearray()
        of_chunk = [
            _append(delta.update(frame), indices) for frame in islice(frames, FRAMES_A_CHUNK)
        ]
        if not of_chunk:
            return chunks, places
        chunks.append(_deflated(indices))
        places += of_chunk


def _append(patch: Patch | None, indices: bytearray) -> Place | None:
    """Append the patch's indices and return its place, None where there is no patch."""
    if patch is None:
        return None
    height, width = patch.indices.shape
    place = patch.left, patch.top, width, height, len(indices)
    indices += patch.indices.tobytes()
    return place


def _deflated(indices: bytearray) -> str:
    return b64encode(zlib.compress(indices, 9)).decode("ascii")
