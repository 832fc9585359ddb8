"""Films to files of every kind, decoded again; and what is refused."""

import re
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
from PIL import Image, ImageSequence

from plotting import encoders
from plotting.encoders import Film
from regression import UserError
from tests.helpers_encoders import Pixels, decoded

TIMES = [100, 100, 100, 1000]


def pictures(height: int = 30, width: int = 40) -> list[Pixels]:
    """Return four frames of a square that moves over a ramp."""
    ramp = np.linspace(0, 255, width).astype(np.uint8)
    frames = [np.repeat(np.tile(ramp, (height, 1))[..., None], 4, axis=2) for _ in range(4)]
    for place, frame in enumerate(frames):
        frame[..., 3] = 255
        frame[5:15, 8 * place : 8 * place + 8, :3] = (200, 30, 60)
    return frames


@pytest.mark.parametrize("suffix", [".gif", ".apng", ".webp", ".GIF"])
def test_lossless_kinds_give_frames_and_times_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"new folder/run{suffix}"
    assert encoders.save(path, Film(pictures(), TIMES)) == [path]
    frames, times_ms = decoded(path)
    np.testing.assert_array_equal(frames, [frame[..., :3] for frame in pictures()])
    assert times_ms == TIMES


@pytest.mark.parametrize("suffix", [".gif", ".apng", ".webp"])
def test_colours_that_come_late_are_kept(tmp_path: Path, suffix: str) -> None:
    """The first frame has none of those of the others."""
    colours = [(255, 255, 255), (200, 30, 60), (0, 158, 115), (37, 99, 235)]
    frames = [np.full((6, 8, 4), (*colour, 255), np.uint8) for colour in colours]
    film = Film(frames, TIMES)
    (path,) = encoders.save(tmp_path / f"run{suffix}", film)
    np.testing.assert_array_equal(decoded(path)[0], [frame[..., :3] for frame in frames])


def test_a_gif_in_memory_is_the_file(tmp_path: Path) -> None:
    film = Film(pictures(), TIMES, loop=3)
    (path,) = encoders.save(tmp_path / "run.gif", film)
    assert encoders.gif_bytes(film) == path.read_bytes()


def test_what_shines_through_a_frame_of_an_apng_does_so_in_the_file(tmp_path: Path) -> None:
    """One alpha a frame, from none to nearly all."""
    frames = [np.full((6, 8, 4), (200, 30, 60, alpha), np.uint8) for alpha in (0, 60, 120, 240)]
    (path,) = encoders.save(tmp_path / "run.apng", Film(frames, TIMES))
    with Image.open(path) as image:
        seen = [np.asarray(each.convert("RGBA")) for each in ImageSequence.Iterator(image)]
    np.testing.assert_array_equal([frame[..., 3] for frame in seen], [f[..., 3] for f in frames])
    np.testing.assert_array_equal(seen[1:], frames[1:])


@pytest.mark.parametrize("suffix", [".gif", ".apng"])
def test_pixels_that_stay_take_next_to_nothing(tmp_path: Path, suffix: str) -> None:
    """Noise cannot be packed; two corners of it change, so that the patch is all of it."""
    noise = np.random.default_rng(1).integers(0, 2, (100, 100, 1), np.uint8).repeat(3, 2) * 255
    changed = noise.copy()
    for corner in (0, -1):
        changed[corner, corner] = 255 - noise[corner, corner]
    sizes = [
        encoders.save(tmp_path / f"run{suffix}", film)[0].stat().st_size
        for film in (Film([noise], [100]), Film([noise, changed], [100, 100]))
    ]
    assert sizes[1] < 1.2 * sizes[0]


@pytest.mark.parametrize("suffix", [".gif", ".apng", ".webp", ".html"])
def test_an_older_file_stays_where_it_is_not_to_be_replaced(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"run{suffix}"
    path.write_text("older")
    with pytest.raises(OSError, match="is there already"):
        encoders.save(path, Film(pictures(), TIMES, replace=False))
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_pictures_are_numbered_from_one(tmp_path: Path) -> None:
    files = encoders.save(tmp_path / "frames" / "%03d.png", Film(pictures(), TIMES))
    assert [path.name for path in files] == ["001.png", "002.png", "003.png", "004.png"]
    for path, frame in zip(files, pictures()):
        np.testing.assert_array_equal(iio.imread(path), frame[..., :3])


@pytest.mark.parametrize("name", ["run.tiff", "run", "run.png", "%d-%d.png", "gif"])
def test_a_path_without_a_writer_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(
        UserError, match=r"frames/%04d\.png|\.gif, \.svg, \.apng, %04d\.png|no name"
    ):
        encoders.writer_for(Path(name))


@pytest.mark.parametrize(
    ("name", "width", "height", "words"),
    [
        ("a.webp", 16_383, 9, None),
        ("a.webp", 16_384, 9, "16,383 pixels a side, not 16,384 x 9; .gif, .svg, .apng, numbered"),
        ("a.MP4", 9, 16_385, ".mp4 holds at most 16,384 pixels a side"),
        (
            "a.gif",
            70_000,
            9,
            "65,535 pixels a side, not 70,000 x 9; .svg, .apng and numbered",
        ),
        ("a.html", 20_000, 9, ".html holds at most 16,383"),
        ("a.apng", 70_000, 9, None),
        ("%d.png", 70_000, 9, None),
    ],
)
def test_what_a_kind_cannot_hold_is_refused_with_those_that_can(
    name: str, width: int, height: int, words: str | None
) -> None:
    if words is None:
        encoders.check_size(Path(name), width, height)
        return
    with pytest.raises(UserError, match=re.escape(words)):
        encoders.check_size(Path(name), width, height)


class Lazy(Sequence[Pixels]):
    """Frames made when asked for, so that only the writer can hold many."""

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._buffer = np.zeros((120, 160, 4), np.uint8)

    def __len__(self) -> int:
        return self._frames

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        index = range(self._frames)[index]
        self._buffer[...] = 255
        self._buffer[index % 100 : index % 100 + 9, index % 140 : index % 140 + 9, :3] = 40
        return self._buffer


class Fails(Lazy):
    """Frames that can each be had, but not all one after the other."""

    def __iter__(self) -> Iterator[Pixels]:
        yield self[0]
        yield self[1]
        raise IndexError


@pytest.mark.parametrize("suffix", [".gif", ".apng", ".webp", ".html"])
def test_memory_does_not_grow_with_the_number_of_frames(tmp_path: Path, suffix: str) -> None:
    def peak(frames: int) -> int:
        tracemalloc.start()
        encoders.save(tmp_path / f"run{suffix}", Film(Lazy(frames), [100] * frames))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(400) - peak(40) < 160 * 120 * 4  # less than a single frame


@pytest.mark.parametrize("suffix", [".gif", ".apng", ".webp", ".html", ".mp4"])
def test_what_fails_leaves_the_older_file_and_nothing_else(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"run{suffix}"
    path.write_text("older")
    with pytest.raises(IndexError):
        encoders.save(path, Film(Fails(4), TIMES))
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["a.gif", "a.html", "a.apng", "%d.png"])
def test_no_frames_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="no frames to write"):
        encoders.save(tmp_path / name, Film([], []))
    assert not list(tmp_path.iterdir())
