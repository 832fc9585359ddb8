"""Which sizes and times a picture may have, and what many frames cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plotting.gif import MOST_PLAYS
from regression.option_values import Number
from regression.sgd import Step

PIXELS = Number(int, 100, 10**9, "a whole number of pixels from 100 to 1000000000")
SCALE = Number(float, 0.25, 8, "a number from 0.25 to 8")
TIME = Number(int, 20, 600_000, "a whole number of milliseconds from 20 to 600000")
PLAYS = Number(int, 0, MOST_PLAYS, f"a number of plays up to {MOST_PLAYS}, or 0 for ever")

MOST_PIXELS = 7680 * 4320
SMALLEST_SIDE = 80
"""Where a small label still has two pixels; fonts fail below."""

BYTES_PER_PIXEL = 26
"""Of peak memory, for a GIF: the slope from --scale 2 to --scale 6. For a page it is 41."""

MANY_FRAMES = 5000
SECONDS_PER_PIXEL = 2e-3 / (640 * 480)
"""To draw and write a frame; python -m tests.benchmarks.render measures it."""


def wrong_size(
    design: tuple[int, int], width: int | None, height: int | None, scale: float
) -> str | None:
    """Return what is wrong with a picture of that size, if something is; a side that is not given
    is the view's own, of `design`.
    """
    sides = [round(scale * (side or own)) for side, own in zip((width, height), design)]
    if min(sides) < SMALLEST_SIDE:
        few = f"--scale {scale:g} leaves {min(sides)} pixels"
        return f"{few}; {SMALLEST_SIDE} at least can be read"
    pixels = sides[0] * sides[1]
    if pixels > MOST_PIXELS:
        return (
            f"a picture of {sides[0]:,} x {sides[1]:,} pixels (--width, --height, --scale) takes "
            f"{pixels * BYTES_PER_PIXEL / 1e9:,.1f} GB of memory; {MOST_PIXELS:,} pixels at most"
        )
    return None


def rounded_ms(time_ms: int) -> int:
    """Return the nearest time that a GIF can say, in whole hundredths of a second."""
    return (time_ms + 5) // 10 * 10


def cost_of_many(moments: Sequence[Any], pixels: int, epochs: int) -> str | None:
    """Return what frames of so many pixels will cost, one for each moment of a view, and how to
    have fewer, where they are very many.
    """
    frames = len(moments)
    if frames <= MANY_FRAMES:
        return None
    shown = sum(not isinstance(moment, Step) for moment in moments)
    fewer = f"--steps {MANY_FRAMES - shown}"
    if shown >= MANY_FRAMES:
        step = -(-epochs // (MANY_FRAMES - 11))  # but for the first ten, and the last
        fewer = f"--display-step {step}"
    return (
        f"{frames:,} frames will take about {frames * pixels * SECONDS_PER_PIXEL:,.0f} s; "
        f"{fewer} would make {MANY_FRAMES:,} at most"
    )
