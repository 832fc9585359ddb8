"""The command line, as a user runs it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

import main
from regression import drawn, noisy_line, train
from tests.plotting.animations import decoded
from tests.regression.test_history import flat_history

ROOT = Path(__file__).parent.parent


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Return what the program gave, run in the folder with warnings as errors."""
    return subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "main.py"), *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def main_job(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the folder in which the main job ran, and what it printed."""
    folder = tmp_path_factory.mktemp("main")
    result = run(folder, "--lr", "0.0001", "--epochs", "500")
    assert (result.returncode, result.stderr) == (0, "")
    return folder, result.stdout


def test_the_gif_has_its_frames_times_size_and_loops(main_job: tuple[Path, str]) -> None:
    path = main_job[0] / "output/linear_regression.gif"
    frames, times_ms = decoded(path)
    assert len(frames) == 23
    assert frames[0].shape == (480, 640, 3)
    assert times_ms == [100] * 22 + [2000]
    with Image.open(path) as image:
        assert image.info["loop"] == 0


def test_the_png_is_the_last_frame(main_job: tuple[Path, str]) -> None:
    with Image.open(main_job[0] / "output/linear_regression.png") as image:
        still = np.asarray(image).astype(int)
    last = decoded(main_job[0] / "output/linear_regression.gif")[0][-1]
    assert still.shape == last.shape
    assert np.square(still - last).mean() < 255**2 / 10**6.3  # 63 dB: but for the palette, equal


def test_the_printed_lines_are_the_tutorials(main_job: tuple[Path, str]) -> None:
    lines = main_job[1].splitlines()
    snapshots = list(train(noisy_line(), lr=0.0001, epochs=500))
    epochs = [*range(1, 11), *range(41, 482, 40), 500]
    for line, epoch in zip(lines, epochs):
        _, weight, bias, cost = snapshots[epoch - 1]
        assert line == f"Epoch: {epoch:04d} cost= {cost:.6f} W= {weight:.6f} b= {bias:.6f}"
    assert lines[23] == "Optimization Finished!"
    assert lines[24] == lines[22].partition(" cost")[1].strip() + lines[22].partition(" cost")[2]
    words = ["least squares", "this run settles", "it has come", "learning rates"]
    assert [line[:17].strip() for line in lines[25:29]] == words
    assert lines[-2].startswith("output/linear_regression.gif (")
    assert lines[-2].endswith(" kB, 23 frames)")
    assert lines[-1].startswith("output/linear_regression.png (")


def test_the_same_command_gives_the_same_bytes(main_job: tuple[Path, str], tmp_path: Path) -> None:
    run(tmp_path, "--lr", "0.0001", "--epochs", "500")
    for name in ("linear_regression.gif", "linear_regression.png"):
        first = (main_job[0] / "output" / name).read_bytes()
        assert (tmp_path / "output" / name).read_bytes() == first


def test_quiet_prints_the_paths_alone_and_every_option_does_something(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("city,area,rent\nA,3,5\nB,6,9\nC,8,11\n")
    result = run(
        tmp_path,
        *("--data", "table.csv", "--x", "rent", "--y", "area", "--lr", "0.001"),
        *("--epochs", "30", "--batch-size", "2", "--shuffle", "--seed", "3"),
        *("--init-weight", "0", "--init-bias", "0", "--display-step", "7", "--smooth", "none"),
        *("--width", "320", "--height", "200", "--out", "sub/a.gif", "--frame-ms", "50"),
        *("--hold-ms", "500", "--loop", "2", "--history", "sub/h.csv", "--quiet"),
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.split() == ["sub/a.gif", "sub/a.png", "sub/h.csv"]
    frames, times_ms = decoded(tmp_path / "sub/a.gif")
    # 1 to 10, then 15, 22, 29 and the last.
    assert len(frames) == 14
    assert frames[0].shape == (200, 320, 3)
    assert times_ms == [50] * 13 + [500]
    history = np.genfromtxt(tmp_path / "sub/h.csv", delimiter=",", names=True)
    assert history["epoch"].tolist() == list(range(1, 31))


def test_made_points_follow_their_options(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        *("--points", "20", "--slope", "3", "--intercept", "7", "--noise", "0"),
        *("--init-weight", "3", "--init-bias", "7", "--epochs", "2", "--quiet"),
        *("--history", "h.csv"),
    )
    assert result.returncode == 0
    history = np.genfromtxt(tmp_path / "h.csv", delimiter=",", names=True)
    np.testing.assert_allclose(history["cost"], 0, atol=1e-20)  # starts where it should end


def test_a_run_that_overflows_draws_what_it_has(tmp_path: Path) -> None:
    result = run(tmp_path, "--lr", "0.05", "--history", "h.csv")
    assert result.returncode == 0
    epochs = len((tmp_path / "h.csv").read_text().splitlines()) - 1
    warned, left = result.stderr.splitlines()
    assert "5.050 times the safe rate" in warned
    assert f"in epoch {epochs + 1}: lr 0.05 is 5.050 times too large" in left
    assert "Optimization Finished!" in result.stdout
    assert (tmp_path / "output/linear_regression.gif").exists()


def test_a_run_that_overflows_at_once_draws_its_start(tmp_path: Path) -> None:
    result = run(tmp_path, "--lr", "1e300")
    assert result.returncode == 0
    assert "Epoch: 0000 " in result.stdout
    assert "W= -1.000000 b= 1.000000" in result.stdout
    assert len(decoded(tmp_path / "output/linear_regression.gif")[0]) == 1


def test_a_rate_above_the_safe_one_is_warned_of_first(tmp_path: Path) -> None:
    result = run(tmp_path, "--lr", "0.02", "--quiet")
    assert result.returncode == 0
    assert result.stderr == (
        "main.py: lr 0.02 is 2.020 times the safe rate 0.009900: single steps overshoot\n"
    )


def test_auto_says_what_it_chose_and_ends_nearer_than_its_neighbours(tmp_path: Path) -> None:
    result = run(tmp_path, "--lr", "auto", "--epochs", "300", "--history", "h.csv", "--quiet")
    assert result.returncode == 0
    found = re.fullmatch(r"main\.py: lr auto: ([0-9.e-]+); .*300 epochs.*\n", result.stderr)
    assert found is not None
    chosen = float(found[1])
    (*_, ends), *others = (
        list(train(noisy_line(), lr=factor * chosen, epochs=300)) for factor in (1, 0.9, 1.1)
    )
    assert all(ends.cost < other[-1].cost for other in others)
    last = (tmp_path / "h.csv").read_text().splitlines()[-1]
    assert float(last.split(",")[3]) == pytest.approx(ends.cost)


def test_explain_ends_with_a_command_that_keeps_the_other_options_and_does_better(
    tmp_path: Path,
) -> None:
    first = ["--lr=0.00002", "--noise", "2", "--explain", "--epochs", "100", "--seed=4"]
    result = run(tmp_path, *first)
    assert result.returncode == 0
    text, _, files = result.stdout.rpartition("    python main.py ")
    assert "has not arrived" in text
    assert max(len(line) for line in text.splitlines()) <= 80
    command = files.splitlines()[0].split()
    assert command[-3:] == ["--noise", "2", "--seed=4"]
    costs = [
        float(run(tmp_path, *options).stdout.split("Finished!\ncost= ")[1].split()[0])
        for options in (first, command)
    ]
    assert costs[1] < costs[0]


def test_very_many_frames_are_said_to_take_long_before_they_are_drawn(tmp_path: Path) -> None:
    options = ("--epochs", "300000", "--display-step", "10", "--quiet", "--out", "a.gif")
    with subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), *options],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        process.terminate()
        assert "terminated" in process.stderr.read()
    assert process.returncode == 128 + signal.SIGTERM
    assert not list(tmp_path.iterdir())
    told = re.search(r"30,0\d\d frames will take about \d+ s; --display-step (\d+)", line)
    assert told is not None
    assert len(drawn(flat_history(300_000), int(told[1]))) <= 5000


@pytest.mark.parametrize(
    ("options", "size", "times_ms"),
    [
        ("--view story", (270, 480), [100] * 3 + [2000]),
        ("--view story --theme dark --title T --shuffle", (270, 480), [100] * 3 + [2000]),
        ("--lr 0.001 0.01 0.05", (270, 480), [100] * 3 + [2000]),
        ("--lr sweep", (270, 480), [100] * 3 + [2000]),
        ("--view microscope --steps 3", (270, 480), [300] * 3 + [100] * 3 + [2000]),
        ("--view microscope --shuffle --batch-size 9", (270, 480), [300] * 6 + [100] * 3 + [2000]),
    ],
)
def test_each_view_of_a_training(
    tmp_path: Path, options: str, size: tuple[int, int], times_ms: list[int]
) -> None:
    result = run(
        tmp_path, *options.split(), "--epochs", "4", "--scale", "0.5", "--quiet", "--out", "a.gif"
    )
    assert result.returncode == 0
    assert result.stdout.split() == ["a.gif", "a.png"]
    frames, got_ms = decoded(tmp_path / "a.gif")
    assert got_ms == times_ms
    assert frames[0].shape[:2] == size


@pytest.mark.parametrize(("view", "name"), [("reset", "resetvalue"), ("redraw", "redraw")])
def test_the_first_chapter_needs_no_training(tmp_path: Path, view: str, name: str) -> None:
    result = run(tmp_path, "--view", f"basics-{view}", "--scale", "0.5")
    assert (result.returncode, result.stderr) == (0, "")
    frames, times_ms = decoded(tmp_path / f"output/{name}.gif")
    assert times_ms == [20] * 100
    assert frames[0].shape == (240, 320, 3)


def test_a_negative_number_in_any_form_is_a_value(tmp_path: Path) -> None:
    result = run(tmp_path, "--intercept", "-1e2", "--init-bias", "-.5e1", "--epochs", "1")
    assert (result.returncode, result.stderr) == (0, "")


def test_a_transparent_picture_lets_its_ground_through(tmp_path: Path) -> None:
    options = ("--epochs", "3", "--theme", "transparent", "--quiet")
    for out in ("a.gif", "a.apng"):
        assert run(tmp_path, *options, "--out", out).returncode == 0
        with Image.open(tmp_path / out) as image:
            frames = [np.asarray(f.convert("RGBA")) for f in ImageSequence.Iterator(image)]
        assert len(frames) == 3
        for frame in frames:
            assert (frame[..., 3] == 0).mean() > 0.8
            assert (frame[..., 3] == 255).any()
        # What has moved leaves nothing behind: the line is gone from where it was at first.
        green = [(frame == (0x22, 0xA5, 0x7C, 255)).all(axis=-1) for frame in frames]
        inside = np.s_[70:430, 80:560]
        assert (green[0][inside] & ~green[2][inside]).any()


def test_a_time_that_a_gif_cannot_say_is_rounded_and_said(tmp_path: Path) -> None:
    result = run(tmp_path, "--epochs", "3", "--frame-ms", "34", "--out", "a.gif", "--quiet")
    assert result.returncode == 0
    assert result.stderr == (
        "main.py: --frame-ms 34 becomes 30: a GIF counts hundredths of a second\n"
    )
    assert decoded(tmp_path / "a.gif")[1] == [30, 30, 2000]


def test_only_a_time_that_was_given_is_said_to_be_rounded(
    capsys: pytest.CaptureFixture[str],
) -> None:
    args = main.parse(["--view", "basics-reset", "--frame-ms", "25"])
    assert (args.frame_ms, args.hold_ms) == (30, 30)
    assert capsys.readouterr().err.count("becomes") == 1
    args = main.parse(["--view", "basics-reset", "--frame-ms", "25", "--out", "a.html"])
    assert (args.frame_ms, args.hold_ms) == (25, 25)
    assert capsys.readouterr().err == ""


def test_who_stops_reading_early_breaks_nothing(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as nobody:
        done = subprocess.run(
            [sys.executable, ROOT / "main.py", "--explain", "--out", "a.gif"],
            cwd=tmp_path,
            stdout=nobody,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(decoded(tmp_path / "a.gif")[0]) == 23


def test_a_page_of_the_first_chapter_has_a_title_and_numbers(tmp_path: Path) -> None:
    options = ("--view", "basics-reset", "--scale", "0.5", "--title", "Two", "--out", "a.html")
    assert run(tmp_path, *options).returncode == 0
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<h1>Two</h1>" in page
    assert "<dt>i</dt>" in page
