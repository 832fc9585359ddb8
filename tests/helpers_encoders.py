"""Small random animations, and their decoding by programs that are not this one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import strategies as st
from PIL import Image, ImageSequence

Pixels = npt.NDArray[np.uint8]
Timed = tuple[list[Pixels], list[int]]


@st.composite
def animations(draw: st.DrawFn, most_colours: int = 255) -> list[Pixels]:
    """Return frames (h, w, 3) of few colours, in which rectangles move, grow and vanish."""
    height, width = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    colours = rng.integers(0, 256, (draw(st.integers(1, most_colours)), 3), dtype=np.uint8)
    frame = colours[rng.integers(0, len(colours), (height, width))]
    frames = [frame]
    for _ in range(draw(st.integers(0, 6))):
        frame = frame.copy()
        top, left = rng.integers(0, height), rng.integers(0, width)
        part = frame[top : top + rng.integers(0, 5), left : left + rng.integers(0, 5)]
        part[...] = colours[rng.integers(0, len(colours), part.shape[:2])]
        frames.append(frame)
    return frames


@st.composite
def timed_animations(draw: st.DrawFn, shortest: int = 1, unit_ms: int = 1) -> Timed:
    """Return frames, and a time in ms for each, of so many units or more."""
    frames = draw(animations())
    units = st.lists(st.integers(shortest, 300), min_size=len(frames), max_size=len(frames))
    return frames, [unit_ms * each for each in draw(units)]


def soft_frames(count: int, shape: tuple[int, int] = (20, 30)) -> list[Pixels]:
    """Return RGBA frames of a red disc with a soft edge that moves over nothing."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    frames = []
    for place in range(count):
        distance = np.hypot(rows - 9, columns - 5 - place % (shape[1] - 10))
        frame = np.zeros((*shape, 4), np.uint8)
        frame[..., 3] = (np.clip(5 - distance, 0, 1) * 15).round() * 17
        frame[frame[..., 3] > 0, :3] = (200, 30, 60)
        frames.append(frame)
    return frames


def merged(frames: list[Pixels], times_ms: list[int]) -> Timed:
    """Return what is to be seen: runs of equal frames as one, with the sum of their times."""
    seen: list[Pixels] = []
    shown_ms: list[int] = []
    for frame, time_ms in zip(frames, times_ms):
        if seen and np.array_equal(seen[-1], frame):
            shown_ms[-1] += time_ms
        else:
            seen.append(frame)
            shown_ms.append(time_ms)
    return seen, shown_ms


def decoded(path: Path) -> Timed:
    """Return the frames (h, w, 3) of an animation and their times in ms, as Pillow reads it."""
    with Image.open(path) as image:
        seen = [
            (np.asarray(frame.convert("RGB")), int(frame.info.get("duration", 0)))
            for frame in ImageSequence.Iterator(image)
        ]
    return [frame for frame, _ in seen], [time_ms for _, time_ms in seen]


def program(name: str) -> str:
    """Return the path of a program, or skip the test that wants it."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def decoded_by_ffmpeg(path: Path, height: int, width: int) -> Pixels:
    """Return the frames as ffmpeg reads them, of shape (n, height, width, 3)."""
    command = [program("ffmpeg"), "-loglevel", "error", "-i", str(path), "-fps_mode", "passthrough"]
    result = subprocess.run(
        [*command, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, check=True
    )
    assert not result.stderr
    return np.frombuffer(result.stdout, np.uint8).reshape(-1, height, width, 3)
