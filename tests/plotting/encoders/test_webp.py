"""The WebP writer, read back by Pillow, which has libwebp read it."""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import imageio.v3 as iio
import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image, ImageSequence

from plotting.encoders import webp
from plotting.encoders.webp import WebpPlugin
from tests.helpers_encoders import Pixels, Timed, decoded, merged, soft_frames, timed_animations


def write(path: Path, frames: Sequence[Pixels], times_ms: Sequence[int], loop: int = 0) -> Path:
    with iio.imopen(path, "w", plugin=WebpPlugin, loop=loop) as file:
        for frame, time_ms in zip(frames, times_ms):
            file.write(frame, duration_ms=time_ms)  # type: ignore[call-arg]
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("webp")


@settings(max_examples=50)
@given(film=timed_animations())
def test_frames_and_times_come_back(folder: Path, film: Timed) -> None:
    got, got_ms = decoded(write(folder / "a.webp", *film))
    wanted, wanted_ms = merged(*film)
    np.testing.assert_array_equal(got, wanted)
    assert got_ms == wanted_ms


def test_more_colours_than_a_palette_has_are_all_kept(folder: Path) -> None:
    frames = list(np.random.default_rng(0).integers(0, 256, (5, 31, 45, 3), np.uint8))
    for frame in frames[1:]:
        frame[:7] = frames[0][:7]
    got, _ = decoded(write(folder / "a.webp", frames, [50] * 5))
    np.testing.assert_array_equal(got, frames)


def test_soft_edges_stay_soft_and_what_goes_away_is_cleared(folder: Path) -> None:
    frames = soft_frames(12)
    with Image.open(write(folder / "a.webp", frames, [50] * 12)) as image:
        seen = [np.asarray(each.convert("RGBA")) for each in ImageSequence.Iterator(image)]
    assert len(seen) == 12
    for got, wanted in zip(seen, frames):
        np.testing.assert_array_equal(got[..., 3], wanted[..., 3])
        np.testing.assert_array_equal(got[wanted[..., 3] > 0], wanted[wanted[..., 3] > 0])


@pytest.mark.parametrize("loop", [0, 1, 2, 40_000])
def test_loop_counts_plays(folder: Path, loop: int) -> None:
    frames = [np.full((2, 2, 3), grey, np.uint8) for grey in (0, 255)]
    with Image.open(write(folder / "a.webp", frames, [100, 100], loop)) as image:
        assert image.info.get("loop") == loop


def test_a_time_longer_than_the_format_can_say_is_kept(folder: Path) -> None:
    frames = [np.full((4, 4, 3), grey, np.uint8) for grey in (0, 255)]
    got, times_ms = decoded(write(folder / "a.webp", frames, [20_000_000, 50]))
    assert (sum(times_ms[:-1]), times_ms[-1]) == (20_000_000, 50)
    assert [int(frame[0, 0, 0]) for frame in got] == [0, 0, 255]


def test_the_file_is_chunks_as_specified(folder: Path) -> None:
    content = write(folder / "a.webp", soft_frames(5), [50] * 5, loop=3).read_bytes()
    assert content[:4] + content[8:12] == b"RIFFWEBP"
    assert struct.unpack_from("<I", content, 4) == (len(content) - 8,)
    at, kinds = 12, []
    while at < len(content):
        kind = content[at : at + 4]
        (length,) = struct.unpack_from("<I", content, at + 4)
        kinds.append(kind)
        if kind == b"ANMF":
            assert content[at + 8 + 16 : at + 8 + 20] == b"VP8L"
        at += 8 + length + length % 2
    assert at == len(content)
    assert kinds == [b"VP8X", b"ANIM", *[b"ANMF"] * 5]


def test_what_libwebp_cannot_do_is_an_error_of_writing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any, **__: Any) -> None:
        raise ValueError("encoding error 1")

    monkeypatch.setattr(Image.Image, "save", failing)
    with (
        iio.imopen(folder / "b.webp", "w", plugin=WebpPlugin) as file,
        pytest.raises(OSError, match=r"cannot be compressed as WebP \(encoding error 1\)"),
    ):
        file.write(np.zeros((4, 4, 3), np.uint8))


def test_a_side_can_have_what_libwebp_takes(folder: Path) -> None:
    frame = np.zeros((1, webp.MAX_SIDE, 3), np.uint8)
    assert decoded(write(folder / "a.webp", [frame], [50]))[0][0].shape == frame.shape
    with (
        iio.imopen(folder / "b.webp", "w", plugin=WebpPlugin) as file,
        pytest.raises(ValueError, match="a side can have 16383 pixels"),
    ):
        file.write(np.zeros((1, webp.MAX_SIDE + 1, 3), np.uint8))


def test_a_file_larger_than_its_length_can_say_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webp, "MAX_BYTES", 100)
    file = iio.imopen(folder / "b.webp", "w", plugin=WebpPlugin)
    file.write(list(soft_frames(3)))
    with pytest.raises(OSError, match="use another kind"):
        file.close()
