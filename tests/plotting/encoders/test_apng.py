"""The APNG writer, read back by Pillow, ffmpeg and Chromium."""

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
from hypothesis import given
from PIL import Image, ImageSequence

from plotting.encoders.apng import ApngPlugin
from plotting.encoders.palette import choose_palette
from tests.helpers_encoders import (
    Pixels,
    Timed,
    decoded,
    decoded_by_ffmpeg,
    merged,
    soft_frames,
    timed_animations,
)


def write(path: Path, frames: Sequence[Pixels], times_ms: Sequence[int], loop: int = 0) -> Path:
    is_rgb = frames[0].shape[-1] == 3
    palette = choose_palette(frames, 255) if is_rgb else None
    with iio.imopen(path, "w", plugin=ApngPlugin, palette=palette, loop=loop) as file:
        for frame, time_ms in zip(frames, times_ms):
            file.write(frame, duration_ms=time_ms)  # type: ignore[call-arg]
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("apng")


@given(film=timed_animations())
def test_pillow_reads_the_frames_and_their_times(folder: Path, film: Timed) -> None:
    got, got_ms = decoded(write(folder / "a.apng", *film))
    wanted, wanted_ms = merged(*film)
    np.testing.assert_array_equal(got, wanted)
    assert got_ms == wanted_ms or len(wanted) == 1


@pytest.mark.parametrize("colours", [1, 2, 16, 254, 255])
def test_ffmpeg_reads_the_same_pixels(folder: Path, colours: int) -> None:
    rng = np.random.default_rng(colours)
    table = rng.permutation(256)[:colours].astype(np.uint8)
    frames = [table[rng.integers(0, colours, (40, 30, 1))].repeat(3, axis=2) for _ in range(4)]
    frames[0].reshape(-1, 3)[:colours] = table[:, None]
    path = write(folder / "a.apng", frames, [100] * 4)
    wanted, _ = merged(frames, [100] * 4)
    np.testing.assert_array_equal(decoded(path)[0], wanted)
    np.testing.assert_array_equal(decoded_by_ffmpeg(path, 40, 30), wanted)


def test_soft_edges_stay_soft_and_what_goes_away_is_cleared(folder: Path) -> None:
    frames = soft_frames(12)
    with Image.open(write(folder / "a.apng", frames, [50] * 12)) as image:
        seen = [np.asarray(each.convert("RGBA")) for each in ImageSequence.Iterator(image)]
    assert len(seen) == 12
    for got, wanted in zip(seen, frames):
        np.testing.assert_array_equal(got[..., 3], wanted[..., 3])
        np.testing.assert_array_equal(got[wanted[..., 3] > 0], wanted[wanted[..., 3] > 0])
    assert len(np.unique([frame[..., 3] for frame in seen])) > 4


@pytest.mark.parametrize("loop", [0, 1, 2, 40_000])
def test_loop_counts_plays(folder: Path, loop: int) -> None:
    frames = [np.full((2, 2, 3), grey, np.uint8) for grey in (0, 255)]
    with Image.open(write(folder / "a.apng", frames, [100, 100], loop)) as image:
        assert image.info.get("loop") == loop


@pytest.mark.parametrize(
    ("time_ms", "images_ms"),
    [
        (65_535, [65_535]),
        (65_540, [65_540]),
        (65_537, [65_535, 2]),
        (600_000, [600_000]),
        (10_000_000, [10_000_000]),
        (66_000_001, [65_535] * 1007 + [6256]),
    ],
)
def test_a_long_time_is_kept_in_few_images(
    folder: Path, time_ms: int, images_ms: list[int]
) -> None:
    frames = [np.full((4, 4, 3), grey, np.uint8) for grey in (0, 255)]
    got, times_ms = decoded(write(folder / "a.apng", frames, [time_ms, 50]))
    assert times_ms == [*images_ms, 50]
    assert all((frame == 0).all() for frame in got[:-1])


def test_the_file_is_chunks_as_specified(folder: Path) -> None:
    frames = soft_frames(5)
    content = write(folder / "a.apng", frames, [50] * 5).read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    at, size, kinds, numbers = 8, 0, [], []
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind = content[at + 4 : at + 8]
        body = content[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", content, at + 8 + length) == (zlib.crc32(kind + body),)
        if kind in {b"fcTL", b"fdAT"}:
            numbers.append(int.from_bytes(body[:4], "big"))
        if kind == b"acTL":
            assert struct.unpack(">2I", body) == (5, 0)
        kinds.append(kind)
        at += 12 + length
        if kind in {b"IDAT", b"fdAT"}:  # rows of a filter's number and the pixels
            rows = zlib.decompress(body[4 * (kind == b"fdAT") :])
            assert len(rows) == size
        elif kind == b"fcTL":
            width, height = struct.unpack_from(">2I", body, 4)
            size = height * (1 + width)
    assert body == b""  # of the end
    assert numbers == list(range(9))
    assert kinds[:6] == [b"IHDR", b"acTL", b"PLTE", b"tRNS", b"fcTL", b"IDAT"]
    assert kinds[6:] == [b"fcTL", b"fdAT"] * 4 + [b"IEND"]


def test_it_fits_into_memory_too() -> None:
    stack = np.random.default_rng(1).integers(0, 3, (6, 8, 9, 3), np.uint8) * 100
    in_memory = iio.imwrite("<bytes>", stack, plugin=ApngPlugin)  # type: ignore[call-overload]
    assert in_memory is not None
    np.testing.assert_array_equal(
        [np.asarray(frame)[..., :3] for frame in iio.imiter(in_memory, mode="RGB")], stack
    )
