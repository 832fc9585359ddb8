"""The animation as one HTML page that needs nothing else: no network, no other file.

Its pictures are kept as in a GIF, as what changed since the frame before in one palette, but
deflated, which browsers undo by themselves; page.html has the text, the looks and the script.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from plotting.encoders.atomic import whole_file
from plotting.encoders.delta import Delta
from plotting.encoders.film import Film
from plotting.encoders.palette import Pixels, is_opaque, lookup_in, pack, palette_of

TEMPLATE = Path(__file__).with_name("page.html")

FRAMES_A_CHUNK = 32
"""So many are inflated together. Each chunk leads on from the first frame, so that a slider can
enter there.
"""

CHUNK_PIXELS = 64_000_000
"""A chunk has at most so many, each a byte of a browser's memory: of large frames it has fewer."""

STILL_COLOURS = 64
"""Of the last frame where no script runs: with all 255 it is a fifth larger."""

Place = tuple[int, int, int, int, int]
"""Left, top, width and height of a patch, and where its indices begin in their chunk."""


def write_page(path: Path, film: Film) -> None:
    """Write a film as a page; raises OSError when that fails."""
    with whole_file(path, replace=film.replace) as file:
        for part in _parts(film):
            file.write(part.encode("utf-8"))


def html_page(film: Film) -> str:
    """Return a film as a page, for who wants no file."""
    return "".join(_parts(film))


def _parts(film: Film) -> Iterator[str]:
    """Return a generator of the page's text, so that no more than a chunk is held."""
    last = film.frames[-1].copy()
    palette = palette_of(film.frames, soft=True)
    text, (height, width) = film.text(), last.shape[:2]
    frames_a_chunk = max(1, min(FRAMES_A_CHUNK, CHUNK_PIXELS // (width * height)))
    is_light = is_opaque(last) and last[0, 0, :3].mean() > 127
    texts = {
        "title": text.title,
        "description": text.description,
        "titled": "titled" if text.titled else "",
        **_widths(text.captions),
        "width": str(width),
        "height": str(height),
        "shown": f"{width / film.scale:.0f}",
        "last": str(len(film.times_ms) - 1),
        "paper": "light" if is_light else "as-it-is",
    }
    filled = {name: escape(value) for name, value in texts.items()} | {
        "still": b64encode(still_webp(last, palette[:STILL_COLOURS])).decode("ascii"),
        "caption": _caption(text.captions[-1]) if text.captions else "",
        "notes": "".join(f"<p>{escape(_kept_together(note))}</p>" for note in text.notes),
    }
    # None of the names in what replaces one is replaced again.
    before, *rest = TEMPLATE.read_text(encoding="utf-8").split("{{")
    yield before
    for name, _, after in (part.partition("}}") for part in rest):
        yield from (
            _movie(film, palette, frames_a_chunk, text.captions)
            if name == "movie"
            else [filled[name]]
        )
        yield after


def _movie(
    film: Film, palette: Pixels, frames_a_chunk: int, captions: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    """Return a generator of the JSON that the page's script plays."""
    alpha = np.full((len(palette), 1), 255, np.uint8)
    colours = palette if palette.shape[1] == 4 else np.hstack([palette, alpha])
    head = {
        "palette": b64encode(colours.tobytes()).decode("ascii"),
        "frames_a_chunk": frames_a_chunk,
        "times_ms": list(film.times_ms),
        **_columns(captions),
        "loop": film.loop,
    }
    places: list[Place | None] = []
    yield f'{_json(head)[:-1]},"chunks":['
    for number, chunk in enumerate(_chunks(film, palette, frames_a_chunk, places)):
        yield f'{"," if number else ""}"{chunk}"'
    yield f'],"patches":{_json(places)}}}'


def _json(value: Any) -> str:
    # Nothing is unescaped inside a script, so no "<" may stand there that could end it.
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _chunks(
    film: Film, palette: Pixels, frames_a_chunk: int, places: list[Place | None]
) -> Iterator[str]:
    """Return a generator of the chunks of indices; the place of each frame's patch in its chunk is
    added to `places`.
    """
    delta = Delta(lookup_in(palette), len(palette))
    frames = iter(film.frames)
    while len(places) < len(film.times_ms):
        # Level 9 takes three times as long and saves less than 2 %; 6 takes half and adds 5 %.
        deflate, packed, begin = zlib.compressobj(8), bytearray(), 0
        if places:
            delta.restart()
        for frame in islice(frames, frames_a_chunk):
            patch = delta.update(frame)
            if not places:
                delta.keep()
            if patch is None:
                places.append(None)
                continue
            height, width = patch.codes.shape
            places.append((patch.left, patch.top, width, height, begin))
            packed += deflate.compress(patch.codes.tobytes())
            begin += width * height
        packed += deflate.flush()
        yield b64encode(packed).decode("ascii")


def still_webp(frame: Pixels, palette: Pixels) -> bytes:
    """Return a frame as WebP in the colours of a palette: what is seen where no script runs.

    A fifth smaller, as lossless WebP, than as PNG with a palette, and another fifth with the
    palette's first colours alone, which are those that it is worst without.
    """
    picture = palette[lookup_in(palette)(pack(frame).ravel())].reshape(*frame.shape[:2], -1)
    memory = BytesIO()
    Image.fromarray(picture).save(memory, format="WEBP", lossless=True, quality=100)
    return memory.getvalue()


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
