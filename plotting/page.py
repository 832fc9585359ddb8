"""The animation as one HTML page that needs nothing else: no network, no other file.

Its pictures are kept as in a GIF, as what changed since the frame before in one palette, but
deflated, which browsers undo by themselves; page.html has the text, the looks and the script.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from plotting.delta import Delta, Whole, is_transparent
from plotting.palette import Pixels

TEMPLATE = Path(__file__).with_name("page.html")

FRAMES_A_CHUNK = 32
"""So many are inflated together. Each chunk begins with a whole frame, where a slider can enter."""


class PageText(NamedTuple):
    """What a page says beside its pictures, all of it shown as it is.

    A caption has the names and values to write beside a frame; there are none, or one for each.
    `notes` are lines below, and the description is for those who cannot see the pictures.
    """

    title: str = "A line that learns"
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
    pictures, (height, width), light = _packed(frames, palette)
    movie = {
        **pictures,
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
        "paper": "light" if light else "as-it-is",
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


def _packed(
    frames: Iterable[Pixels], palette: Pixels
) -> tuple[dict[str, Any], tuple[int, int], bool]:
    """Return chunks of indices and where in them each frame's patch is; the frames' shape; and
    whether they are on light paper.
    """
    chunks: list[str] = []
    patches: list[tuple[int, ...] | None] = []
    delta: Delta | Whole = Delta(palette)
    kept = bytearray()
    shape, clear, light = (0, 0), False, False
    for number, frame in enumerate(frames):
        if number == 0:
            shape = frame.shape[0], frame.shape[1]
            clear = is_transparent(frame)
            light = not clear and bool(frame[0, 0, :3].mean() > 127)
        if number % FRAMES_A_CHUNK == 0:
            chunks += [_deflated(kept)] if number else []
            kept = bytearray()
            delta = (Whole if clear else Delta)(palette)
        patch = delta.update(frame)
        if patch is None:
            patches.append(None)
            continue
        height, width = patch.indices.shape
        patches.append((patch.left, patch.top, width, height, len(kept)))
        kept += patch.indices.tobytes()
    chunks.append(_deflated(kept))
    return {"chunks": chunks, "patches": patches, "clear": clear}, shape, light


def _deflated(indices: bytearray) -> str:
    return b64encode(zlib.compress(indices, 9)).decode("ascii")
