"""Options that do not go together, or name what is not there: one line, and nothing written."""

from pathlib import Path

import pytest

import main
from tests.test_main import run


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            "--height 100000",
            "a picture of 640 x 100,000 pixels (--width, --height, --scale) takes 1.7 GB",
        ),
        ("--scale 0.25 --width 100", "--scale 0.25 leaves 25 pixels; 80 at least"),
        ("--loop 2 --out a.mp4", "--loop is for what plays by itself; this is --out .mp4"),
        ("--theme transparent --out a.mp4", "--theme transparent is for what can be seen through"),
        ("--frame-ms 30 --out %d.png", "--frame-ms is for what plays; this is --out .png"),
        ("--hold-ms 30 --out %d.png", "--hold-ms is for what plays; this is --out .png"),
        ("--quiet --explain", "--explain prints, and --quiet prints paths only"),
        ("--smooth cubic", "--smooth: invalid choice: 'cubic'"),
        ("--out .gif", "--out: '.gif' has no name before its suffix"),
        (
            "--out run.avi",
            "--out: 'run.avi' ends in none of .gif, .apng, %04d.png, .webp, .mp4, .html",
        ),
        ("--data t.csv --points 9", "--points makes points, which --data reads"),
        ("--x area", "--x names a column of a file, which needs --data"),
        ("--data missing.csv", "missing.csv: No such file or directory"),
        ("--data=", "--data: '' is not the name of a file"),
        ("--out=", "--out: '' is not the name of a file"),
        ("--history=", "--history: '' is not the name of a file"),
        ("--title=a\udcff --out a.html", "--title: 'a\\udcff' is not text in the terminal's"),
        ("--scale 8 --view story --width 961", "7,688 x 4,320 pixels"),
        ("--lr 0.1 fast", "--lr: 'fast' is not a finite number above 0"),
        ("--lr auto 0.1", "--lr takes auto or sweep alone"),
        ("--lr 1 2 3 4 5 6 7 8 9 10", "--lr has 10 rates; 9 at most"),
        ("--lr 0.1 0.2 --view fit", "--lr has several rates; --view fit shows one"),
        ("--lr 0.1 0.2 --explain", "--explain is about one run"),
        ("--lr 0.1 0.2 --history h.csv", "--history keeps one run"),
        ("--view compare", "--view compare needs --lr with two rates or more"),
        ("--view film", "--view: invalid choice: 'film'"),
        ("--view basics-reset --epochs 500", "--epochs is for views that train"),
        ("--smooth pchip --view story", "--smooth is for --view fit; this is --view story"),
        ("--slope nan", "--slope: 'nan' is not a finite number"),
        ("--slope 1e140", "--slope 1e+140 takes y beyond 1e+140"),
        ("--data -dash.csv", "-dash.csv: No such file or directory"),
        ("--steps 3", "--steps is for --view microscope; this is --view fit"),
        ("--view story --smooth none", "--smooth is for --view fit; this is --view story"),
        (
            "--view basics-reset --lr 0.1",
            "--lr is for views that train; this is --view basics",
        ),
        ("--view basics-redraw --init-bias 2", "--init-bias is for views that train"),
        ("--view basics-reset --display-step 3", "--display-step has no epochs to choose"),
        ("--view basics-reset --history h.csv", "--history has no epochs to write"),
        ("--theme red", "--theme: invalid choice: 'red'"),
        ("--epoch 5", "unrecognized arguments: --epoch 5"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: str,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        code: object = main.main(options.split(" "))
    except SystemExit as left:
        code = left.code
    printed = capsys.readouterr()
    assert code == 2
    assert printed.err.startswith("main.py: error: ")
    assert words in printed.err
    assert len(printed.err.splitlines()) == 1
    assert printed.out == ""
    assert not list(tmp_path.iterdir())


def test_started_by_a_shell_it_is_no_different(tmp_path: Path) -> None:
    for options in ("--lr 0", "--data missing.csv"):
        done = run(tmp_path, *options.split())
        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.splitlines()) == 1


def test_no_size_is_refused_that_the_view_does_not_have() -> None:
    assert main.parse(["--scale", "8"]).scale == 8
    assert main.parse(["--scale", "8", "--view", "story"]).scale == 8
    assert main.parse(["--scale", "0.25"]).scale == 0.25
