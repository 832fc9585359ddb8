"""The GIF writer, read back by Pillow, ffmpeg and gifsicle."""

import io
import subprocess
from pathlib import Path
from typing import Any

import imageio.v3 as iio
import numpy as np
import pytest
from hypothesis import given
from imageio.core.v3_plugin_api import PluginV3
from PIL import Image, ImageSequence

from plotting.encoders.gif import GifPlugin
from plotting.encoders.palette import choose_palette
from tests.helpers_encoders import (
    Pixels,
    Timed,
    decoded,
    decoded_by_ffmpeg,
    merged,
    program,
    timed_animations,
)


def write(path: Path, frames: list[Pixels], times_ms: list[int], loop: int = 0) -> Path:
    palette = choose_palette(frames, 255)
    with iio.imopen(path, "w", plugin=GifPlugin, palette=palette, loop=loop) as file:
        for frame, time_ms in zip(frames, times_ms):
            file.write(frame, duration_ms=time_ms)  # type: ignore[call-arg]
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gif")


@given(film=timed_animations(shortest=2, unit_ms=10))
def test_pillow_reads_the_frames_and_their_times(folder: Path, film: Timed) -> None:
    got, got_ms = decoded(write(folder / "a.gif", *film))
    wanted, wanted_ms = merged(*film)
    np.testing.assert_array_equal(got, wanted)
    # Pillow tells no time for a single picture.
    assert got_ms == wanted_ms or len(wanted) == 1


@pytest.mark.parametrize("colours", [1, 2, 3, 4, 7, 8, 63, 64, 127, 128, 254, 255])
def test_every_size_of_palette(folder: Path, colours: int) -> None:
    """Index `colours` is the transparent one, so each power of two is an edge."""
    rng = np.random.default_rng(colours)
    table = rng.permutation(256)[:colours].astype(np.uint8)
    frames = [table[rng.integers(0, colours, (40, 30, 1))].repeat(3, axis=2) for _ in range(4)]
    frames[0].reshape(-1, 3)[:colours] = table[:, None]
    path = write(folder / "a.gif", frames, [100] * 4)
    wanted, _ = merged(frames, [100] * 4)
    np.testing.assert_array_equal(decoded(path)[0], wanted)
    np.testing.assert_array_equal(decoded_by_ffmpeg(path, 40, 30), wanted)


def test_gifsicle_has_nothing_to_complain_about(folder: Path) -> None:
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 2, (30, 40, 1), np.uint8).repeat(3, 2) * 255 for _ in range(5)]
    path = write(folder / "a.gif", frames, [70] * 5, loop=3)
    result = subprocess.run(
        [program("gifsicle"), "--info", str(path)], capture_output=True, text=True, check=True
    )
    assert not result.stderr
    assert "5 images" in result.stdout
    assert "logical screen 40x30" in result.stdout
    assert "loop count 2" in result.stdout
    assert result.stdout.count("delay 0.07s") == 5


@pytest.mark.parametrize(("loop", "told"), [(0, 0), (1, None), (2, 1), (10, 9)])
def test_loop_counts_plays_where_the_format_counts_repetitions(
    folder: Path, loop: int, told: int | None
) -> None:
    frames = [np.full((2, 2, 3), grey, np.uint8) for grey in (0, 255)]
    with Image.open(write(folder / "a.gif", frames, [100, 100], loop)) as image:
        assert image.info.get("loop") == told


def test_a_time_longer_than_the_format_can_say_is_kept(folder: Path) -> None:
    frames = [np.full((4, 4, 3), grey, np.uint8) for grey in (0, 0, 255)]
    frames_read, times_ms = decoded(write(folder / "a.gif", frames, [700_000, 800_000, 50]))
    assert sum(times_ms) == 1_500_050
    assert times_ms[-1] == 50
    assert all((frame == 0).all() for frame in frames_read[:-1])


def see_through() -> list[Pixels]:
    """Return two RGBA frames: a red square where nothing else is, and a blue one elsewhere."""
    frames = np.zeros((2, 6, 8, 4), np.uint8)
    frames[0, 1:3, 1:3] = (255, 0, 0, 255)
    frames[1, 3:5, 4:7] = (0, 0, 255, 255)
    return list(frames)


def test_a_long_time_keeps_a_transparent_picture_too(folder: Path) -> None:
    """What is cleared before the next image has to be in that again."""
    frames = see_through()
    path = write(folder / "a.gif", frames, [1_400_000, 700_000])
    with Image.open(path) as image:
        seen = [np.asarray(each.convert("RGBA")) for each in ImageSequence.Iterator(image)]
        times = [each.info["duration"] for each in ImageSequence.Iterator(image)]
    assert sum(times) == 2_100_000
    for index, picture in enumerate(seen):
        wanted = frames[0] if index < 3 else frames[1]
        np.testing.assert_array_equal(picture[..., 3], wanted[..., 3])
        np.testing.assert_array_equal(picture[wanted[..., 3] > 0], wanted[wanted[..., 3] > 0])


def test_ffmpeg_too_sees_a_transparent_picture_all_the_time(folder: Path) -> None:
    frames = see_through()
    path = write(folder / "a.gif", frames, [1_400_000, 100])
    seen = decoded_by_ffmpeg(path, 6, 8)
    # White shows where nothing is, in ffmpeg's rgb24.
    assert len(seen) == 4
    for picture in seen[:3]:
        assert (picture[1:3, 1:3] == (255, 0, 0)).all()
    assert (seen[3, 3:5, 4:7] == (0, 0, 255)).all()


def test_a_frame_without_alpha_among_transparent_ones_is_all_there(folder: Path) -> None:
    solid = np.full((6, 8, 3), 90, np.uint8)
    path = folder / "a.gif"
    with iio.imopen(path, "w", plugin=GifPlugin) as file:
        file.write([see_through()[0], np.dstack([solid, np.full((6, 8), 255, np.uint8)])])
    with iio.imopen(folder / "b.gif", "w", plugin=GifPlugin) as file:
        file.write([see_through()[0], solid])
    assert path.read_bytes() == (folder / "b.gif").read_bytes()
    np.testing.assert_array_equal(decoded(path)[0][1], solid)


def test_no_frames_and_frames_of_another_shape_are_refused(folder: Path) -> None:
    with iio.imopen(folder / "a.gif", "w", plugin=GifPlugin) as file:
        with pytest.raises(ValueError, match="no frames"):
            file.write([])
        file.write(see_through()[0])
        with pytest.raises(ValueError, match=r"\(6, 7\), the first was \(6, 8\)"):
            file.write(see_through()[1][:, :7])


def test_times_are_rounded_so_that_their_sum_stays_right(folder: Path) -> None:
    frames = [np.full((1, 1, 3), grey, np.uint8) for grey in range(30)]
    _, times_ms = decoded(write(folder / "a.gif", frames, [33] * 30))
    assert set(times_ms) == {30, 40}
    assert sum(times_ms) == 990


def test_bytes_stacks_and_alpha(folder: Path) -> None:
    """The same file, whether as RGB or RGBA, one by one, as a stack, or into memory."""
    rng = np.random.default_rng(1)
    stack = rng.integers(0, 3, (6, 8, 9, 3), np.uint8) * 100
    path = write(folder / "a.gif", list(stack), [100] * 6)
    in_memory = iio.imwrite("<bytes>", stack, plugin=GifPlugin)  # type: ignore[call-overload]
    assert in_memory is not None
    with Image.open(io.BytesIO(in_memory)) as image:
        assert image.n_frames == 6  # type: ignore[attr-defined]
    rgba = np.concatenate([stack, np.full((6, 8, 9, 1), 255, np.uint8)], axis=-1)
    again = write(folder / "b.gif", list(rgba), [100] * 6)
    assert again.read_bytes() == path.read_bytes()


def test_a_view_into_a_larger_array_is_a_frame_too(folder: Path) -> None:
    whole = np.random.default_rng(2).integers(0, 256, (20, 20, 4), np.uint8)
    part = whole[3:9, 4:11, :3]
    np.testing.assert_array_equal(decoded(write(folder / "a.gif", [part], [100]))[0][0], part)


def test_it_does_not_read(folder: Path) -> None:
    path = write(folder / "a.gif", [np.zeros((2, 2, 3), np.uint8)], [100])
    with pytest.raises(OSError, match="can not handle"):
        iio.imread(path, plugin=GifPlugin)  # type: ignore[arg-type]


def blocks(content: bytes) -> list[tuple[int, ...]]:
    """Return (delay, left, top, width, height) of each image; nothing may stand between the
    blocks that the specification knows.
    """
    assert content[:6] == b"GIF89a"
    packed = content[10]
    assert packed >> 4 == 0x8 | packed & 7  # as many bits a colour as the table has
    at, images, delay = 13 + (6 << (packed & 7)), [], 0
    while content[at : at + 1] != b";":
        kind = content[at : at + 2] if content[at] == ord("!") else content[at : at + 1]
        if kind == b"!\xf9":
            delay = int.from_bytes(content[at + 4 : at + 6], "little")
            at += 2
        elif kind == b",":
            place = [int.from_bytes(content[at + i : at + i + 2], "little") for i in (1, 3, 5, 7)]
            images.append((delay, *place))
            at += 11
        else:
            assert kind == b"!\xff"
            at += 2
        while content[at]:
            at += 1 + content[at]
        at += 1
    assert at == len(content) - 1
    return images


@pytest.mark.parametrize("loop", [0, 1, 40_000])
def test_the_file_is_blocks_as_specified_within_the_screen(folder: Path, loop: int) -> None:
    frames = [np.full((1, 1, 3), grey, np.uint8) for grey in (0, 255)]
    images = blocks(write(folder / "a.gif", frames, [655_350 + 10, 655_350], loop).read_bytes())
    assert images == [(65535, 0, 0, 1, 1), (1, 0, 0, 1, 1), (65535, 0, 0, 1, 1)]
    assert write(folder / "a.gif", frames, [10, 10], loop).read_bytes()[13:19] in (
        b"\0\0\0\xff\xff\xff",
        b"\xff\xff\xff\0\0\0",
    )


def test_frames_wider_than_signed_numbers_hold(folder: Path) -> None:
    frames = [np.zeros((1, 40_000, 3), np.uint8)]
    assert blocks(write(folder / "a.gif", frames, [10]).read_bytes()) == [(1, 0, 0, 40_000, 1)]


def test_a_frame_lasts_a_tenth_of_a_second_unless_told(folder: Path) -> None:
    frames = [np.full((1, 1, 3), grey, np.uint8) for grey in range(60)]
    with iio.imopen(folder / "a.gif", "w", plugin=GifPlugin) as file:
        file.write(frames)
    assert {image[0] for image in blocks((folder / "a.gif").read_bytes())} == {10}


def test_times_begin_at_nothing(folder: Path) -> None:
    frames = [np.zeros((1, 1, 3), np.uint8)]
    assert blocks(write(folder / "a.gif", frames, [14]).read_bytes())[0][0] == 1


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        (np.zeros((4, 4), np.uint8), r"frame is \(4,\), not \(height, width, 3 or 4\)"),
        (np.zeros((4, 4, 2), np.uint8), r"frame is \(4, 4, 2\), not"),
        ([np.zeros((4, 4, 3), np.uint8), np.zeros((1, 4, 3), np.uint8)], r"is \(1, 4\), the first"),
        ([np.zeros((3, 4, 3), np.uint8), np.zeros((4, 4, 3), np.uint8)], r"is \(4, 4\), the first"),
    ],
)
def test_what_is_no_frame_is_refused(frames: Any, words: str) -> None:
    with (
        iio.imopen(io.BytesIO(), "w", plugin=GifPlugin, extension=".gif") as file,
        pytest.raises(ValueError, match=words),
    ):
        file.write(frames)


@pytest.mark.parametrize(
    ("loop", "time_ms", "words"),
    [
        (-1, 100, "loop is -1; it can be 1 to 65535, or 0 for ever"),
        (65536, 100, "loop is 65536; it can be 1"),
        (0, -10, "duration_ms is -10; 0 is the shortest"),
        (0, float("nan"), "duration_ms is nan"),
    ],
)
def test_times_and_plays_that_a_gif_cannot_say_are_refused(
    loop: int, time_ms: float, words: str
) -> None:
    with (
        iio.imopen(io.BytesIO(), "w", plugin=GifPlugin, extension=".gif", loop=loop) as file,
        pytest.raises(ValueError, match=words),
    ):
        file.write(see_through()[0], duration_ms=time_ms)  # type: ignore[call-arg]


def test_a_file_whose_end_cannot_be_written_is_closed_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Full(io.BytesIO):
        def write(self, content: Any) -> int:
            if content == b";":
                raise OSError(28, "No space left on device")
            return super().write(content)

    closed: list[object] = []
    monkeypatch.setattr(PluginV3, "close", lambda plugin: closed.append(plugin))  # noqa: PLW0108 - a method
    file = iio.imopen(Full(), "w", plugin=GifPlugin, extension=".gif")
    file.write(see_through()[0])
    with pytest.raises(OSError, match="No space left"):
        file.close()
    assert closed == [file]


def test_what_is_painted_has_its_colour(folder: Path) -> None:
    frame = np.zeros((6, 8, 4), np.uint8)
    frame[:2] = (0, 0, 255, 255)
    frame[2:4] = (255, 0, 0, 100)  # pale, as thin strokes are
    path = write(folder / "a.gif", [frame], [100])
    with Image.open(path) as image:
        seen = np.asarray(image.convert("RGBA"))
    np.testing.assert_array_equal(seen[0, 0], (0, 0, 255, 255))
    np.testing.assert_array_equal(seen[3, 0], (255, 0, 0, 255))
    assert not seen[4:, :, 3].any()
