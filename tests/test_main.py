"""The command line from end to end: what is drawn, printed and written for given options."""

import re
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from PIL import Image, ImageSequence

import main
from plotting.theme import THEMES
from regression import Snapshot, bytes_of, noisy_line, read_csv, safe_rate, train
from tests.helpers import ROOT, Call, run
from tests.helpers_encoders import decoded

SIZE = ("--width", "300", "--height", "240")
SMALL = ("--epochs", "3", *SIZE, "--quiet", "--out", "a.gif")


def test_the_gif_has_its_frames_times_size_and_loops(main_job: tuple[Path, str]) -> None:
    path = main_job[0] / "output/linear_regression.gif"
    frames, times_ms = decoded(path)
    assert len(frames) == 24
    assert frames[0].shape == (480, 640, 3)
    assert sum(times_ms) == 23 * 100 + 2000
    assert times_ms[-1] == 2000
    with Image.open(path) as image:
        assert image.info["loop"] == 0


def test_the_png_is_the_last_frame(main_job: tuple[Path, str]) -> None:
    with Image.open(main_job[0] / "output/linear_regression.png") as image:
        still = np.asarray(image).astype(int)
    last = decoded(main_job[0] / "output/linear_regression.gif")[0][-1]
    assert still.shape == last.shape
    assert np.square(still - last).mean() < 255**2 / 10**6.2  # 62 dB: but for the palette, equal


def test_the_printed_lines_are_the_tutorials(main_job: tuple[Path, str]) -> None:
    lines = main_job[1].splitlines()
    snapshots = list(train(noisy_line(), lr=0.0001, epochs=500))
    epochs = [*range(1, 11), *range(41, 482, 40), 500]
    for line, epoch in zip(lines, epochs):
        _, weight, bias, cost = snapshots[epoch - 1]
        assert line == f"Epoch: {epoch:04d} cost= {cost:.6f} W= {weight:.6f} b= {bias:.6f}"
    assert lines[23] == "Optimization Finished!"
    assert lines[24] == lines[22].removeprefix("Epoch: 0500 ")
    assert lines[-2].startswith("output/linear_regression.gif (")
    assert lines[-2].endswith(" kB, 24 frames)")
    assert lines[-1].startswith("output/linear_regression.png (")


def test_the_same_command_gives_the_same_bytes(main_job: tuple[Path, str], call: Call) -> None:
    """In another process, where much may have been drawn before."""
    assert call("--lr", "0.0001", "--epochs", "500").returncode == 0
    for name in ("output/linear_regression.gif", "output/linear_regression.png"):
        assert Path(name).read_bytes() == (main_job[0] / name).read_bytes()


def test_quiet_prints_the_paths_alone_and_every_option_does_something(call: Call) -> None:
    Path("table.csv").write_text("city,area,rent\nA,3,5\nB,6,9\nC,8,11\n")
    result = call(
        *("--data", "table.csv", "--x", "rent", "--y", "area", "--lr", "0.001"),
        "--no-standardize",
        *("--epochs", "30", "--batch-size", "2", "--shuffle", "--seed", "3"),
        *("--init-weight", "0", "--init-bias", "0", "--display-step", "7", "--smooth", "none"),
        *("--width", "320", "--height", "260", "--out", "sub/a.gif", "--frame-ms", "50"),
        *("--hold-ms", "500", "--loop", "2", "--history", "sub/h.csv", "--still", "s.png"),
        "--quiet",
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.split() == ["sub/a.gif", "s.png", "sub/h.csv"]
    frames, times_ms = decoded(Path("sub/a.gif"))
    # The start, 1 to 10, then 15, 22, 29 and the last.
    assert len(frames) == 15
    assert frames[0].shape == (260, 320, 3)
    assert times_ms[-1] == 500
    expected = list(
        train(
            read_csv("table.csv", "rent", "area"),
            lr=0.001,
            epochs=30,
            batch_size=2,
            start=(0.0, 0.0),  # type: ignore[arg-type]
            shuffle=np.random.default_rng(3),
        )
    )
    history = np.genfromtxt("sub/h.csv", delimiter=",", names=True)
    np.testing.assert_array_equal(history["epoch"], range(31))
    np.testing.assert_array_equal(history["cost"][1:], [snapshot.cost for snapshot in expected])


def test_synthetic_points_follow_their_options(call: Call) -> None:
    result = call(
        *("--points", "20", "--slope", "3", "--intercept", "7", "--noise", "0", *SMALL),
        *("--init-weight", "3", "--init-bias", "7", "--history", "h.csv"),
    )
    assert result.returncode == 0
    history = np.genfromtxt("h.csv", delimiter=",", names=True)
    np.testing.assert_allclose(history["cost"], 0, atol=1e-20)  # starts where it should end


@pytest.mark.parametrize(
    ("options", "names", "said"),
    [
        ("", ("area", "rooms"), "x is column 'area', y is column 'rooms'"),
        ("--x rent", ("rent", "area"), "x is column 'rent', y is column 'area'"),
        ("--y rent", ("area", "rent"), "x is column 'area', y is column 'rent'"),
        ("--x rooms --y area", ("rooms", "area"), ""),
    ],
)
def test_points_of_a_file_are_its_columns(
    call: Call, options: str, names: tuple[str, str], said: str
) -> None:
    Path("rents.csv").write_text("area,rooms,rent\n30,1,500\n60,2,900\n75,2,1000\n")
    told = ("--data", "rents.csv", "--lr", "1e-9", "--no-standardize", *options.split())
    loud = call(*told, *(option for option in SMALL if option != "--quiet"), "--history", "h.csv")
    assert said in loud.stderr
    assert bool(said) == bool(loud.stderr)
    row = Path("h.csv").read_text().splitlines()[2]  # below the names and the start
    expected = next(iter(train(read_csv("rents.csv", *names), lr=1e-9, epochs=3)))
    assert row == ",".join(map(repr, expected))
    assert call(*told, *SMALL).stderr == ""


def test_the_rate_of_a_file_is_chosen_unless_it_is_given(call: Call) -> None:
    Path("a.csv").write_text("x,y\n1,2\n2,3\n3,5\n4,6\n")
    chosen = call("--data", "a.csv", *SIZE, "--out", "a.gif", "--history", "auto.csv")
    told = [line for line in chosen.stderr.splitlines() if "auto" in line]
    assert "trained on standardized x and y and at rate auto; to train on the" in told[0]
    same = call("--data", "a.csv", "--lr", "auto", *SIZE, "--out", "a.gif", "--history", "h.csv")
    assert "at rate auto" not in same.stderr
    assert Path("h.csv").read_bytes() == Path("auto.csv").read_bytes()


def test_a_run_that_overflows_draws_what_it_has_and_names_a_command_that_works(call: Call) -> None:
    result = call("--lr", "0.05", "--history", "h.csv", *SIZE, "--out", "a.gif")
    assert result.returncode == 0
    epochs = len(Path("h.csv").read_text().splitlines()) - 2
    warned, left, remedy = result.stderr.splitlines()
    assert "5.05 times the safe limit" in warned
    assert f"overflowed in epoch {epochs + 1}" in left
    assert "Finished" not in result.stdout
    assert len(decoded(Path("a.gif"))[0]) == 12
    start, _, command = remedy.partition("python main.py ")
    assert start == "main.py: this command works: "
    better = call(*command.split())
    assert (better.returncode, better.stderr) == (0, "")
    assert "Finished" in better.stdout
    assert "--history h.csv --width 300 --height 240 --out a.gif" in command


def test_a_run_that_overflows_at_once_draws_its_start(call: Call) -> None:
    result = call("--lr", "1e300", *SIZE, "--out", "a.gif")
    assert result.returncode == 0
    assert "Finished" not in result.stdout
    assert len(decoded(Path("a.gif"))[0]) == 1


def test_a_rate_above_the_safe_one_is_warned_of(call: Call) -> None:
    result = call("--lr", "0.02", *SMALL)
    assert result.returncode == 0
    assert "2.02 times the safe limit 0.0099" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_auto_says_what_it_chose_and_ends_nearer_than_its_neighbours(call: Call) -> None:
    result = call("--lr", "auto", *SMALL, "--history", "h.csv", "--epochs=300", "--quiet")
    assert result.returncode == 2  # --epochs and --quiet are there already
    loud = [each for each in SMALL[2:] if each != "--quiet"]
    result = call("--lr", "auto", *loud, "--history", "h.csv", "--epochs", "300")
    assert result.returncode == 0
    found = re.fullmatch(
        r"main\.py: learning rate auto: ([0-9.e-]+), .*300 epochs.*\n", result.stderr
    )
    assert found is not None
    chosen = float(found[1])
    (*_, ends), *others = (
        list(train(noisy_line(), lr=factor * chosen, epochs=300)) for factor in (1, 0.9, 1.1)
    )
    assert all(ends.cost < other[-1].cost for other in others)
    last = Path("h.csv").read_text().splitlines()[-1]
    assert float(last.split(",")[3]) == pytest.approx(ends.cost)


def test_explain_ends_with_a_command_that_keeps_the_other_options_and_does_better(
    call: Call,
) -> None:
    small = (*SIZE, "--out", "a b.gif")
    first = ["--lr=0.00002", "--noise", "2", "--explain", "--epochs", "100", "--seed=4", *small]
    result = call(*first)
    assert result.returncode == 0
    text, _, files = result.stdout.rpartition("    python main.py ")
    assert max(len(line) for line in text.splitlines()) <= 81
    command = files.splitlines()[0]
    assert command.endswith(" --noise 2 --seed=4 --width 300 --height 240 --out 'a b.gif'")
    command = command.replace("'a b.gif'", "a_b.gif")
    costs = [
        float(call(*options).stdout.split("Finished!\ncost= ")[1].split()[0])
        for options in (first, command.split())
    ]
    assert costs[1] < costs[0]


def test_a_comparison_ends_with_a_table_of_the_runs(call: Call) -> None:
    loud = [each for each in SMALL[2:] if each != "--quiet"]
    result = call(*loud, "--lr", "0.0001", "0.001", "0.05", "--epochs", "40")
    head, *rows = result.stdout.split("\n\n")[-1].splitlines()[:4]
    assert head.split("   ")[-1].strip() == "progress"
    places = [head.index(name) for name in ("cost now", "cost at its end", "progress")]
    found = [[row[a:b].strip() for a, b in zip([0, *places], [*places, None])] for row in rows]
    assert [row[0] for row in found] == [f"learning rate {lr}" for lr in (0.0001, 0.001, 0.05)]
    for lr, row in zip((0.0001, 0.001), found):
        runs = [list(train(noisy_line(), lr=lr, epochs=epochs))[-1] for epochs in (40, 20_000)]
        assert float(row[1]) == pytest.approx(runs[0].cost, rel=1e-3)
        assert float(row[2].split()[0]) == pytest.approx(runs[1].cost, rel=1e-3)
    assert found[2][1:] == ["overflow", "none: it diverges", "overflowed in epoch 17"]


def test_the_command_that_standardizes_starts_where_its_cost_was_computed(
    call: Call,
) -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(2000, 2010, 40)
    rows = np.column_stack([x, 3 * x + rng.normal(0, 1, 40)])
    np.savetxt("far.csv", rows, "%.17g", ",", header="x,y", comments="")
    how = ["--data", "far.csv", "--no-standardize", "--lr", "1e-7", "--epochs", "5"]
    result = call(*how, "--init-weight", "500", "--explain", *SIZE, "--out", "a.gif")
    said = re.search(r"ends at a cost of ([\d.,]+)", " ".join(result.stdout.split()))
    assert said
    command = result.stdout.rpartition("    python main.py ")[2].splitlines()[0]
    assert "--standardize" in command
    cost = float(call(*command.split()).stdout.split("Finished!\ncost= ")[1].split()[0])
    assert cost == pytest.approx(float(said[1].rstrip(".,").replace(",", "")), rel=1e-3)


@pytest.mark.parametrize(
    ("options", "names", "settings"),
    [
        ("--lr 0.002 0.001", ["learning rate 0.001", "learning rate 0.002"], [{}, {"lr": 0.002}]),
        ("--batch-size 10 1", ["1 point a step", "10 points a step"], [{}, {"batch_size": 10}]),
        (
            "--shuffle no yes --seed 5",
            ["fixed order", "shuffled each epoch"],
            [{}, {"shuffle": np.random.default_rng(5)}],
        ),
        ("--init-weight -1 -2e1", ["start W = -20", "start W = -1"], [{"start": (-20, 1)}, {}]),
        ("--init-bias 1 .5", ["start b = 0.5", "start b = 1"], [{"start": (-1, 0.5)}, {}]),
    ],
)
def test_values_of_one_option_are_compared(
    call: Call, options: str, names: list[str], settings: list[dict[str, Any]]
) -> None:
    if "--lr" not in options:
        options += " --lr 0.001"
    if "--seed" in options:  # so that the points are those of noisy_line(rng=5)
        settings[1]["shuffle"] = generator = np.random.default_rng(5)
        data = noisy_line(rng=generator)
    else:
        data = noisy_line()
    result = call(
        *options.split(), "--history", "h.csv", *SMALL[:2], "--scale", "0.75", "--out", "a.gif"
    )
    assert (result.returncode, result.stderr) == (0, "")
    printed = result.stdout.splitlines()
    assert [name.capitalize() for name in names] == [
        line for line in printed if line.capitalize() in map(str.capitalize, names)
    ]
    rows = Path("h.csv").read_text().splitlines()
    assert rows[0] == "run,epoch,weight,bias,cost"
    expected = [
        f'"{name}",{",".join(map(repr, snapshot))}'
        for name, each in zip(names, settings)
        for snapshot in train(data, **{"lr": 0.001, "epochs": 3, **each})
    ]
    assert [row for row in rows[1:] if ",0," not in row[:40]] == expected
    assert len(rows) == 1 + len(expected) + 2  # the starts
    assert len(decoded(Path("a.gif"))[0]) >= 3


def test_sweep_compares_four_rates_about_the_safe_one(call: Call) -> None:
    for options, safe in (
        (("--batch-size", "5"), safe_rate(noisy_line(), batch_size=5)),
        (("--shuffle",), safe_rate(noisy_line(), batch_size=1, shuffled=True)),
    ):
        result = call(
            "--lr", "sweep", *options, "--history", "h.csv", *SMALL[:2], "--scale", "0.75"
        )
        assert result.returncode == 0
        rows = Path("h.csv").read_text().splitlines()[1:]
        rates = list(dict.fromkeys(float(row.split('"')[1].split()[-1]) for row in rows))
        assert rates == pytest.approx([0.01 * safe, 0.5 * safe, 0.99 * safe, 1.01 * safe], rel=1e-3)


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
    assert re.search(r"30,0\d\d frames will take about \d+ s; --frames \d+ would", line)


def test_a_long_training_is_said_to_take_long_once_and_early(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    epochs = [Snapshot(1, 0.0, 0.0, 0.0)] * 3000
    clock = count(0, 0.1)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    assert list(main.timed(iter(epochs), 10)) == epochs
    assert capsys.readouterr().err == ""
    clock = count(0, 1)
    assert list(main.timed(iter(epochs), 60)) == epochs
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "main.py: training will take about 60 s"


def test_much_memory_is_said_before_it_is_taken(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call(*SMALL).stderr == ""
    monkeypatch.setattr(main, "MUCH_BYTES", 1000)
    training, picture = call(*SMALL).stderr.splitlines()
    assert training == "main.py: this training takes up to 0.0 GB of memory"
    assert picture == "main.py: a picture of 300 x 240 pixels takes up to 0.1 GB of memory"
    monkeypatch.undo()
    assert bytes_of(50, 10**7, 9) > main.MUCH_BYTES


@pytest.mark.parametrize(
    ("options", "frames"),
    [
        ("--view story", 5),
        ("--view story --theme dark --title T --shuffle", 5),
        ("--lr 0.001 0.01 0.05", 4),
        ("--view microscope --steps 3", 7),
        ("--view microscope --shuffle --batch-size 9", 10),
    ],
)
def test_each_view_of_a_training(call: Call, options: str, frames: int) -> None:
    options += " --epochs 4 --scale 0.75 --quiet --out a.gif"
    result = call(*options.split())
    assert result.returncode == 0
    assert result.stdout.split() == ["a.gif"]
    seen, times_ms = decoded(Path("a.gif"))
    assert len(seen) >= frames
    assert times_ms[-1] == 2000


@pytest.mark.parametrize(
    ("options", "frames", "total_ms"),
    [
        (("--frames", "5"), 5, 4 * 100 + 2000),
        (("--seconds", "6"), 41, 6000),
        (("--seconds", "3", "--frames", "5"), 5, 3000),
        (("--seconds", "30", "--epochs", "9"), 10, 30_000),
        (("--seconds", "2.5", "--hold-ms", "500", "--frame-ms", "50"), 41, 2500),
    ],
)
def test_so_many_frames_or_seconds(
    call: Call, options: tuple[str, ...], frames: int, total_ms: int
) -> None:
    result = call(*options, *SIZE, "--out", "a.gif")
    assert (result.returncode, result.stderr) == (0, "")
    seen, times_ms = decoded(Path("a.gif"))
    assert len(seen) == frames
    assert sum(times_ms) == total_ms
    # A line is printed for each frame but the start.
    assert result.stdout.count("Epoch: ") == frames - 1


@pytest.mark.parametrize(("view", "name"), [("reset", "resetvalue"), ("redraw", "redraw")])
def test_the_first_chapter_needs_no_training(call: Call, view: str, name: str) -> None:
    result = call("--view", f"basics-{view}", "--scale", "0.5")
    assert (result.returncode, result.stderr) == (0, "")
    frames, times_ms = decoded(Path(f"output/{name}.gif"))
    assert times_ms == [20] * 100
    assert frames[0].shape == (240, 320, 3)
    assert Path(f"output/{name}.png").exists()


def test_a_page_of_the_first_chapter_has_a_title_and_numbers(call: Call) -> None:
    options = ("--view", "basics-reset", "--scale", "0.5", "--title", "Two", "--out", "a.html")
    assert call(*options).returncode == 0
    page = Path("a.html").read_text("utf-8")
    assert "<h1>Two</h1>" in page
    assert "<dt>i</dt>" in page


def test_a_transparent_picture_lets_its_ground_through(call: Call) -> None:
    for out in ("a.gif", "a.apng"):
        result = call("--epochs", "3", "--theme", "transparent", "--quiet", "--out", out)
        assert result.returncode == 0
        with Image.open(out) as image:
            frames = [np.asarray(f.convert("RGBA")) for f in ImageSequence.Iterator(image)]
        assert len(frames) == 4
        for frame in frames:
            assert (frame[..., 3] == 0).mean() > 0.8
            assert (frame[..., 3] == 255).any()
        # What has moved leaves nothing behind: the line is gone from where it was at first.
        colour = [round(255 * part) for part in to_rgba(THEMES["transparent"].line)]
        green = [np.all(abs(f.astype(int) - colour) < 3, axis=-1) for f in frames]
        inside = np.s_[70:430, 80:560]
        assert (green[0][inside] & ~green[3][inside]).any()


def test_a_time_that_a_gif_cannot_say_is_rounded_and_said(call: Call) -> None:
    result = call(*SMALL, "--frame-ms", "34")
    assert result.returncode == 0
    assert result.stderr == (
        "main.py: --frame-ms is rounded: a GIF counts hundredths of a second\n"
    )
    assert decoded(Path("a.gif"))[1][-1] == 2000


# Files that are named, and those that are there.


def test_a_still_is_written_where_it_was_named_or_beside_the_default(call: Call) -> None:
    Path("a.png").write_text("a picture of somebody else")
    assert call(*SMALL).stdout.split() == ["a.gif"]
    assert Path("a.png").read_text() == "a picture of somebody else"
    assert call(*SMALL, "--still", "b.png").stdout.split() == ["a.gif", "b.png"]
    with Image.open("b.png") as image:
        assert image.size == (300, 240)
    assert call("--epochs", "1", "--quiet", "--still", "c.png").stdout.split() == [
        "output/linear_regression.gif",
        "c.png",
    ]


@pytest.mark.parametrize("there", ["a.gif", "b.png", "h.csv"])
def test_no_clobber_replaces_nothing(call: Call, there: str) -> None:
    options = (*SMALL, "--still", "b.png", "--history", "h.csv", "--no-clobber")
    Path(there).write_text("older")
    result = call(*options)
    assert result.returncode == 2
    assert result.stderr == f"main.py: error: {there}: is there already\n"
    assert [(path.name, path.read_text()) for path in Path().iterdir()] == [(there, "older")]
    Path(there).unlink()
    assert call(*options).returncode == 0


def test_no_clobber_leaves_numbered_pictures(call: Call) -> None:
    Path("f7.png").write_text("older")
    options = ("--epochs", "3", *SIZE, "--out", "f%d.png", "--quiet")
    assert call(*options, "--no-clobber").returncode == 2
    assert [path.name for path in Path().iterdir()] == ["f7.png"]
    assert call(*options).returncode == 0


# What a started program alone can show.


def test_who_stops_reading_early_breaks_nothing(tmp_path: Path) -> None:
    small = "--epochs 90 --width 300 --height 240 --out a.gif"
    command = f"{sys.executable} {ROOT / 'main.py'} --explain {small}"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} --display-step 1 | head -1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
    assert len(decoded(tmp_path / "a.gif")[0]) == 91


def test_packages_are_found_beside_the_program(tmp_path: Path) -> None:
    """Though Python is told not to look there, and something of that name lies in the folder."""
    (tmp_path / "regression.py").write_text("raise SystemExit('not this one')")
    done = subprocess.run(
        [sys.executable, "-I", str(ROOT / "main.py"), "--epochs", "1", "--quiet", "--out", "a.gif"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "a.gif\n", "")


def test_a_python_without_the_packages_is_told_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", str(ROOT / "main.py")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("main.py: error: ")
    assert "has no numpy, matplotlib, scipy, imageio, PIL, tqdm. Install them: " in line
    assert line.endswith("pip install -q -r requirements.txt")


def test_a_mistake_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = run(tmp_path, "--data", "missing.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "main.py: error: missing.csv: No such file or directory\n"


ALIKE = ["1 point a step", "20 points a step 1", "20 points a step 2"]


def test_a_batch_of_more_points_than_there_are_is_said(call: Call) -> None:
    said = "main.py: --batch-size 21: there are 20 points, and a step takes them all\n"
    files = ("--quiet", "--out", "a.gif", "--history", "h.csv")
    done = call("--points", "20", "--batch-size", "1", "20", "21", "--epochs", "3", *files)
    assert (done.returncode, done.stderr) == (0, said)
    rows = Path("h.csv").read_text().splitlines()[1:]
    names, values = zip(*(row.split(",", 1) for row in rows))
    assert [*dict.fromkeys(names)] == [f'"{n}"' for n in ALIKE]
    assert values[4:8] == values[8:]
