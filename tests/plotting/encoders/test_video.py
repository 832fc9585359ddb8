"""Videos, read back by ffmpeg and PyAV."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from plotting import encoders
from plotting.encoders import Film
from regression import UserError
from tests.helpers_encoders import decoded_by_ffmpeg
from tests.plotting.encoders.test_save import pictures

av = pytest.importorskip("av", reason="needs pip install av")


def times_of(path: Path) -> tuple[list[int], float]:
    """Return when each frame begins in ms, and the seconds that the video lasts."""
    with av.open(str(path)) as movie:
        stream = movie.streams.video[0]
        starts = [round(1000 * float(frame.time)) for frame in movie.decode(stream)]
        return starts, float(stream.duration * stream.time_base)


def test_sides_are_even_and_frames_are_near(tmp_path: Path) -> None:
    path = tmp_path / "run.mp4"
    frames = pictures(31, 41)
    assert encoders.save(path, Film(frames, [100, 100, 100, 1000])) == [path]
    got = decoded_by_ffmpeg(path, 32, 42)
    assert len(got) == 4
    for seen, frame in zip(got, frames):
        error = seen[:31, :41].astype(int) - frame[..., :3]
        assert np.abs(error).mean() < 8  # H.264 with half of the colour
    np.testing.assert_allclose(got[:, 31].astype(int), got[:, 30], atol=40)
    with av.open(str(path)) as movie:
        stream = movie.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")


@pytest.mark.parametrize(
    "times_ms", [[100, 100, 100, 2000], [20, 33, 50, 600_000], [7, 150, 20, 9]]
)
def test_each_frame_has_its_own_time(tmp_path: Path, times_ms: list[int]) -> None:
    path = tmp_path / "run.mp4"
    encoders.save(path, Film(pictures(), times_ms))
    starts, seconds = times_of(path)
    assert starts == [0, *np.cumsum(times_ms)[:-1].tolist()]
    assert seconds == pytest.approx(sum(times_ms) / 1000, abs=1e-3)


def test_a_long_hold_takes_no_longer(tmp_path: Path) -> None:
    paths = [tmp_path / "short.mp4", tmp_path / "long.mp4"]
    for path, hold_ms in zip(paths, (100, 600_000)):
        encoders.save(path, Film(pictures(), [20, 20, 20, hold_ms]))
    short, long = (path.stat().st_size for path in paths)
    assert long < short + 100


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    frame = np.zeros((32, 32, 4), np.uint8)
    frame[:16] = (0, 0, 255, 255)
    encoders.save(tmp_path / "a.mp4", Film([frame] * 2, [100, 100]))
    (first, _) = decoded_by_ffmpeg(tmp_path / "a.mp4", 32, 32)
    np.testing.assert_allclose(first[24:], 255, atol=3)
    np.testing.assert_allclose(first[4, 4], (0, 0, 255), atol=12)


def test_without_its_package_it_says_what_to_install_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plotting.encoders.video.find_spec", lambda _: None)
    with pytest.raises(UserError, match=f"{sys.executable} -m pip install av"):
        encoders.writer_for(tmp_path / "run.mp4")
    assert not list(tmp_path.iterdir())


def test_a_failure_in_the_encoder_is_an_error_of_writing(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_text("older")
    too_wide = np.zeros((2, 20_000, 3), np.uint8)
    with pytest.raises(OSError, match=r"cannot be encoded") as caught:
        encoders.save(path, Film([too_wide], [100]))
    assert caught.value.filename == str(path)
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


FULL = """
import os, resource
from pathlib import Path
import numpy as np
from plotting import encoders
frames = list(np.random.default_rng(0).integers(0, 256, (40, 200, 200, 3), np.uint8))
for limit in (0, 100, 200_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        encoders.save(Path("a.mp4"), encoders.Film(frames, [50] * 40))
    except OSError as error:
        print(error.filename, error.strerror, os.listdir())
"""


def test_a_full_disk_is_said_at_the_start_and_on_the_way(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == (3 * "a.mp4 File too large []\n", "")
