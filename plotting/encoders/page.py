"""The animation as one HTML page that needs nothing else: no network, no other file.

Its pictures are kept as in a GIF, as what changed since the frame before in one palette, but
deflated, which browsers undo by themselves; page.html has the text, the looks and the script.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from plotting.encoders.delta import Delta, Patch, Whole, delta_for
from plotting.encoders.palette import PaletteLookup, Pixels, pack

TITLE = "A line that learns"
"""Where there is no other."""

TEMPLATE = Path(__file__).with_name("page.html")

FRAMES_A_CHUNK = 32
"""So many are inflated together. Each chunk begins with a whole frame, where a slider can enter."""

STILL_COLOURS = 64
"""Of the last frame where no script runs: with all 255 it is a fifth larger."""


Place = tuple[int, int, int, int, int]
"""Left, top, width and height of a patch, and where its indices begin in their chunk."""


class PageText(NamedTuple):
    """What a page says beside its pictures, all of it shown as it is.

    A caption has the names and values to write beside a frame; there are none, or one for each.
    `notes` are lines below, and the description is for those who cannot see the pictures.
    `titled` says that the pictures have the title, too.
    """

    title: str = TITLE
    description: str = "Animation"
    captions: Sequence[Mapping[str, str]] = ()
    notes: Sequence[str] = ()
    titled: bool = False


def html_page(
    frames: Iterable[Pixels],
    times_ms: Sequence[int],
    palette: Pixels,
    *,
    text: PageText = PageText(),
    loop: int = 0,
) -> str:
    """Return a page that plays the frames, one or more, each (h, w, 3 or 4) and shown for its time.

    `palette` has shape (k, 3), k <= 255. `loop` says how often to play, 0 for ever. Raises
    ValueError for a frame of another shape than the first.
    """
    remaining = iter(frames)
    first = next(remaining)
    delta = delta_for(first, palette)
    height, width = first.shape[:2]
    is_light = isinstance(delta, Delta) and first[0, 0, :3].mean() > 127
    chunks, patches, still = _packed(chain([first], remaining), delta)
    movie = {
        "chunks": chunks,
        "patches": patches,
        "clear": isinstance(delta, Whole),
        "palette": b64encode(palette.tobytes()).decode("ascii"),
        "frames_a_chunk": FRAMES_A_CHUNK,
        "times_ms": list(times_ms),
        **_columns(text.captions),
        "loop": loop,
    }
    texts = {
        "title": text.title,
        "description": text.description,
        "titled": "titled" if text.titled else "",
        **_widths(text.captions),
        "width": str(width),
        "height": str(height),
        "last": str(len(times_ms) - 1),
        "paper": "light" if is_light else "as-it-is",
    }
    # Nothing is unescaped inside a script, so no "<" may stand there that could end it.
    data = json.dumps(movie, separators=(",", ":")).replace("<", "\\u003c")
    filled = {name: escape(text) for name, text in texts.items()} | {
        "movie": data,
        "still": _still(still, first.shape[:2], palette),
        "caption": _caption(text.captions[-1]) if text.captions else "",
        "notes": "".join(f"<p>{escape(_kept_together(note))}</p>" for note in text.notes),
    }
    return _filled(TEMPLATE.read_text(encoding="utf-8"), filled)


def _widths(captions: Sequence[Mapping[str, str]]) -> Mapping[str, str]:
    """Return how many characters the longest name has, and the longest word of a value."""
    names = [len(name) for caption in captions for name in caption]
    words = [
        len(word) for caption in captions for value in caption.values() for word in value.split()
    ]
    return {"names": str(max(names, default=0)), "values": str(max(words, default=0))}


def _caption(caption: Mapping[str, str]) -> str:
    """Return the caption as HTML; the script makes the same of the others."""
    return "".join(
        f"<div><dt>{escape(name)}</dt>"
        f'<dd class="{"words" if " " in value else ""}">{escape(value)}</dd></div>'
        for name, value in caption.items()
    )


def _still(patch: Patch, shape: tuple[int, int], palette: Pixels) -> str:
    """Return a patch in a picture of that shape, else transparent, in base64: what is seen
    where no script runs.

    A fifth smaller, as lossless WebP, than as PNG with a palette, and another fifth with the
    palette's first colours alone, which are those that it is worst without.
    """
    few = palette[:STILL_COLOURS]
    colours = np.zeros((len(palette) + 1, 4), np.uint8)
    colours[:-1, :3], colours[:-1, 3] = few[PaletteLookup(few)(pack(palette[None])[0])], 255
    picture = np.zeros((*shape, 4), np.uint8)
    height, width = patch.indices.shape
    picture[patch.top :, patch.left :][:height, :width] = colours[patch.indices]
    memory = BytesIO()
    Image.fromarray(picture).save(memory, format="WEBP", lossless=True, quality=100)
    return b64encode(memory.getvalue()).decode("ascii")


def _columns(
    captions: Sequence[Mapping[str, str]],
) -> dict[str, list[list[str]] | list[list[str | int]]]:
    """Return each set of names once, and for each frame which one it has, and its values."""
    kinds = list(dict.fromkeys(tuple(caption) for caption in captions))
    rows: list[list[str | int]] = [
        [kinds.index(tuple(caption)), *caption.values()] for caption in captions
    ]
    return {"names": [list(kind) for kind in kinds], "captions": rows}


def _kept_together(note: str) -> str:
    """Return the note with no line break about "=" or before "%"."""
    return re.sub(r"(?<==) | (?=[=%])", "\N{NO-BREAK SPACE}", note)


def _filled(template: str, texts: Mapping[str, str]) -> str:
    """Return the template with its {{names}} replaced, but none in what replaced them."""
    first, *rest = template.split("{{")
    pieces = (piece.partition("}}") for piece in rest)
    return first + "".join(texts[name] + after for name, _, after in pieces)


def _packed(
    frames: Iterator[Pixels], delta: Delta | Whole
) -> tuple[list[str], list[Place | None], Patch]:
    """Return the chunks of indices, the place of each frame's patch in its chunk, and the last
    frame as a patch of its own.
    """
    chunks: list[str] = []
    places: list[Place | None] = []
    while True:
        delta.restart()
        indices = bytearray()
        start = len(places)
        for frame in islice(frames, FRAMES_A_CHUNK):
            places.append(_append(delta.update(frame), indices))
        if len(places) == start:
            still = delta.update(frame)
            assert still is not None  # after restart()
            return chunks, places, still
        chunks.append(_deflated(indices))


def _append(patch: Patch | None, indices: bytearray) -> Place | None:
    """Append the patch's indices and return its place, None where there is no patch."""
    if patch is None:
        return None
    height, width = patch.indices.shape
    place = patch.left, patch.top, width, height, len(indices)
    indices += patch.indices.tobytes()
    return place


def _deflated(indices: bytearray) -> str:
    # Level 9 takes three times as long and saves less than 2 %; 6 takes half and adds 5 %.
    return b64encode(zlib.compress(indices, 8)).decode("ascii")
