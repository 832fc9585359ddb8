"""Files of every kind, decoded again; and what happens when writing fails."""

import sys
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
from PIL import Image

from plotting import encoders
from plotting.encoders.atomic import whole_file
from tests.plotting.animations import Pixels, decoded, decoded_by_ffmpeg

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
    assert encoders.save(path, pictures(), TIMES) == [path]
    frames, times_ms = decoded(path)
    np.testing.assert_array_equal(frames, [frame[..., :3] for frame in pictures()])
    assert times_ms == TIMES


def test_pictures_are_numbered_from_one(tmp_path: Path) -> None:
    files = encoders.save(tmp_path / "frames" / "%03d.png", pictures(), TIMES)
    assert [path.name for path in files] == ["001.png", "002.png", "003.png", "004.png"]
    for path, frame in zip(files, pictures()):
        np.testing.assert_array_equal(iio.imread(path), frame[..., :3])


def test_mp4_is_even_and_holds_the_last_frame(tmp_path: Path) -> None:
    path = tmp_path / "run.mp4"
    encoders.save(path, pictures(31, 41), TIMES)
    got = decoded_by_ffmpeg(path, 32, 42)
    assert len(got) == 3 + 10
    error = got[-1, :31, :41].astype(int) - pictures(31, 41)[-1][..., :3]
    assert np.abs(error).mean() < 8  # H.264 with half of the colour
    meta = iio.immeta(path, plugin="pyav")
    assert meta["codec"] == "h264"
    assert meta["fps"] == 10


def test_mp4_without_its_package_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.delitem(sys.modules, "imageio.plugins.pyav", raising=False)
    with pytest.raises(ImportError, match=r"pip install imageio\[pyav\]"):
        encoders.save(tmp_path / "run.mp4", pictures(), TIMES)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["run.tiff", "run", "run.png", "%d-%d.png", "gif"])
def test_a_path_without_a_writer_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(ValueError, match=r"frames/%04d\.png|\.gif, \.apng, %04d\.png, \.webp"):
        encoders.writer_for(Path(name))


class Lazy(Sequence[Pixels]):
    """Frames made when asked for, so that only the writer can hold many."""

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._buffer = np.zeros((120, 160, 4), np.uint8)

    def __len__(self) -> int:
        return self._frames

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        if not 0 <= index < self._frames:
            raise IndexError(index)
        self._buffer[...] = 255
        self._buffer[index % 100 : index % 100 + 9, index % 140 : index % 140 + 9, :3] = 40
        return self._buffer


class Fails(Lazy):
    """Frames that can each be had, but not all one after the other."""

    def __iter__(self) -> Iterator[Pixels]:
        yield self[0]
        yield self[1]
        raise IndexError


def test_memory_does_not_grow_with_the_number_of_frames(tmp_path: Path) -> None:
    def peak(frames: int) -> int:
        tracemalloc.start()
        encoders.save(tmp_path / "run.gif", Lazy(frames), [100] * frames)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(400) - peak(40) < 160 * 120 * 4  # less than a single frame


def test_what_fails_leaves_the_older_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "run.gif"
    path.write_text("older")
    with pytest.raises(IndexError):
        encoders.save(path, Fails(4), TIMES)
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_whole_file_takes_its_name_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with whole_file(path) as unfinished:
        unfinished.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_save_png_is_the_frame(tmp_path: Path) -> None:
    path = encoders.save_png(tmp_path / "a.png", pictures()[1])
    with Image.open(path) as image:
        np.testing.assert_array_equal(np.asarray(image), pictures()[1][..., :3])


@pytest.mark.parametrize("name", ["a.gif", "a.html", "a.apng", "%d.png"])
def test_no_frames_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no frames to write"):
        encoders.save(tmp_path / name, [], [])
    assert not list(tmp_path.iterdir())


def test_two_writers_of_one_process_do_not_share_a_file(tmp_path: Path) -> None:
    target = tmp_path / "a.gif"
    with whole_file(target) as one:
        one.write_bytes(b"first")
        with whole_file(target) as other:
            other.write_bytes(b"second, and longer")
        assert target.read_bytes() == b"second, and longer"
    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]


def test_a_long_suffix_is_no_obstacle(tmp_path: Path) -> None:
    target = tmp_path / ("h." + 250 * "s")
    with whole_file(target) as unfinished:
        unfinished.write_text("text")
    assert target.read_text() == "text"


@pytest.mark.parametrize(("alpha", "mode"), [(255, "RGB"), (200, "RGBA"), (0, "RGBA")])
def test_a_picture_keeps_an_alpha_that_says_something(
    tmp_path: Path, alpha: int, mode: str
) -> None:
    frame = np.full((4, 5, 4), 90, np.uint8)
    frame[..., 3] = alpha
    with Image.open(encoders.save_png(tmp_path / "a.png", frame)) as image:
        assert image.mode == mode
        np.testing.assert_array_equal(np.asarray(image), frame[..., : len(mode)])
