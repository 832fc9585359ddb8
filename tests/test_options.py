"""Options: what each accepts at its edges, what is refused, alone and together, and help."""

import errno
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import main
from regression import UserError
from regression.checks import MAX_COUNT, POINTS, Choice, Number
from tests.helpers import ROOT, Call

FINITE = "a finite number"
POSITIVE = "a positive number, 'auto' or 'sweep'"
NOT_NEGATIVE = "a number, 0 or more"
PIXELS = "a whole number of pixels, 100 or more"
TIME = "a whole number of milliseconds from 20 to 600,000"
COUNT = "a whole number from 1 to 10,000,000"

NUMBERS = [
    ("points", "a whole number from 2 to 10,000,000", ["2", "10000000"], ["0", "1", "-1"]),
    ("slope", FINITE, ["0", "-1e308", "1e-320"], []),
    ("intercept", FINITE, ["0", "-1e308", "1e-320"], []),
    ("noise", NOT_NEGATIVE, ["0", "1e-320"], ["-1", "-1e-320"]),
    ("seed", f"a whole number from 0 to {2**63:,}", ["0", str(2**63)], ["-1", str(2**63 + 1)]),
    ("lr", POSITIVE, ["2.3e-308", "1e308"], ["0", "-1", "1e-320", "-0.0"]),
    ("epochs", COUNT, ["1", "10000000"], ["0", "-1"]),
    ("batch-size", COUNT, ["1", "10000000"], ["0", "-1", "10000001"]),
    ("init-weight", FINITE, ["0", "-1e308"], []),
    ("init-bias", FINITE, ["0", "-1e308"], []),
    ("frames", "a whole number of frames from 2 to 10,000,000", ["2", "10000000"], ["1", "-1"]),
    ("seconds", "a number of seconds from 1 to 3,600", ["1", "2.5"], ["0", "0.9", "3601"]),
    ("display-step", COUNT, ["1", "10000000"], ["0", "-1", "10000001"]),
    ("steps", COUNT, ["1", "10000000"], ["0", "-1", "10000001"]),
    ("width", PIXELS, ["300", "7680"], ["0", "-1", "99", "1000000001"]),
    ("height", PIXELS, ["240", "4320"], ["0", "-1", "99", "1000000001"]),
    ("scale", "a number from 0.25 to 8", ["0.75", "3.5"], ["0", "-1", "0.2499", "8.001"]),
    ("frame-ms", TIME, ["20", "600000"], ["0", "-1", "19", "600001"]),
    ("hold-ms", TIME, ["20", "600000"], ["0", "-1", "19", "600001"]),
    ("loop", "a number of plays up to 65,535, or 0 for ever", ["0", "65535"], ["-1", "65536"]),
]
NO_NUMBERS = ["nan", "inf", "-inf", "1e400", "text", "", "1,5", "0x10", "9" * 5000]
NOT_WHOLE = ["1.5", "1e3"]
FRACTIONS = {"slope", "intercept", "noise", "lr", "init-weight", "init-bias", "scale", "seconds"}


def refusal(*options: str) -> str:
    """Return the line with which options are refused."""
    with pytest.raises(UserError) as refused:
        main.parse(options)
    assert str(refused.value).isprintable()
    return str(refused.value)


def test_no_option_with_a_number_is_missing_here() -> None:
    numbers = {
        option[2:]
        for group in main.OPTIONS.values()
        for option, reads, *_ in group
        if isinstance(reads, Number)
    }
    assert numbers == {name for name, *_ in NUMBERS}


@pytest.mark.parametrize(("name", "allowed", "accepted", "refused"), NUMBERS)
def test_a_number_at_its_edges(
    name: str, allowed: str, accepted: list[str], refused: list[str]
) -> None:
    view = ["--view", "microscope"] if name == "steps" else []
    for value in accepted:
        got = getattr(main.parse([f"--{name}", value, *view]), name.replace("-", "_"))
        assert (got[0] if isinstance(got, list) else got) == float(value)
    for value in [*refused, *NO_NUMBERS, *([] if name in FRACTIONS else NOT_WHOLE)]:
        shown = repr(value if len(value) < 40 else value[:37] + "...")
        line = refusal(f"--{name}={value}")
        assert line.startswith(f"--{name}: expected {allowed}, not {shown}")


@pytest.mark.parametrize("value", ["1e3", "-1e3", "-.5", "1_000", " 7 "])
def test_what_python_reads_as_a_number_is_one(value: str) -> None:
    assert main.parse([f"--slope={value}"]).slope == float(value)
    assert main.parse(["--slope", value]).slope == float(value)


def test_without_options_the_settings_are_the_tutorials() -> None:
    args = main.parse([])
    assert [getattr(args, name) for name in main.SYNTHETIC] == [50, 1, -2, 1]
    assert (args.seed, args.lr, args.epochs, args.batch_size) == (0, [0.0001], 500, [1])
    assert (args.init_weight, args.init_bias, args.shuffle) == ([-1.0], [1.0], ["no"])
    assert (args.view, args.display_step, args.smooth, args.theme) == ("fit", 40, "none", "light")
    assert (args.frame_ms, args.hold_ms, args.loop) == (100, 2000, 0)
    assert [str(path) for path in args.files] == [
        "output/linear_regression.gif",
        "output/linear_regression.png",
    ]


@pytest.mark.parametrize(
    ("options", "name", "value"),
    [
        (["--init-bias", "-1e5"], "init_bias", [-1e5]),
        (["--init-bias=-1e5"], "init_bias", [-1e5]),
        (["--init-bias", "-.5", "-1e-5", "2"], "init_bias", [-0.5, -1e-5, 2]),
        (["--title", "-5 degrees"], "title", "-5 degrees"),
        (["--title", "-x", "--quiet"], "title", "-x"),
        (["--title", "a=-5"], "title", "a=-5"),
        (["--title", "-"], "title", "-"),
        (["--title=--x"], "title", "--x"),
        (["--shuffle"], "shuffle", ["yes"]),
        (["--shuffle", "no"], "shuffle", ["no"]),
        (["--shuffle", "yes", "no"], "shuffle", ["yes", "no"]),
        (["--lr", "auto"], "lr", ["auto"]),
        (["--data", "-dash.csv"], "data", Path("-dash.csv")),
        (["--scale", "8"], "scale", 8),
        (["--scale", "7", "--view", "story"], "scale", 7),
        (["--lr", *"123456789"], "lr", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (["--data", "d.csv", "--shuffle", "--seed", "1"], "seed", 1),
        (["--noise", "0", "--shuffle", "--seed", "1"], "seed", 1),
    ],
)
def test_what_is_read(options: list[str], name: str, value: object) -> None:
    args = main.parse(options)
    assert getattr(args, name) == value
    assert name in args.given


@pytest.mark.parametrize(
    ("options", "line"),
    [
        # What is near to something is asked for.
        (
            "--lr autp",
            "--lr: expected a positive number, 'auto' or 'sweep', not 'autp'. Did you mean 'auto'?",
        ),
        ("--lr fast", "--lr: expected a positive number, 'auto' or 'sweep', not 'fast'"),
        ("--epoch 5", "--epoch: unknown option. Did you mean '--epochs'?"),
        ("--quite", "--quite: unknown option. Did you mean '--quiet'?"),
        ("--zzz=5", "--zzz: unknown option"),
        ("--learning-rate=5", "--learning-rate: unknown option. Did you mean '--lr'?"),
        ("--lerning-rate 5", "--lerning-rate: unknown option. Did you mean '--lr'?"),
        ("--output a.gif", "--output: unknown option. Did you mean '--out'?"),
        ("--LR 5", "--LR: unknown option. Did you mean '--lr'?"),
        ("--lr 0,001", "'auto' or 'sweep', not '0,001'. Did you mean '0.001'?"),
        ("--smooth spine", "--smooth: expected pchip, spline or none, not 'spine'. Did you mean"),
        (
            "--view film",
            "--view: expected fit, squares, story, compare, microscope, basics-reset, basics-re",
        ),
        (
            "--theme drak",
            "--theme: expected light, dark, transparent or auto, not 'drak'. Did you mean",
        ),
        ("--shuffle ys", "--shuffle: expected no or yes, not 'ys'. Did you mean 'yes'?"),
        # How many values there are.
        ("--lr", "--lr: expected at least one value"),
        ("--epochs", "--epochs: expected one value"),
        ("--epochs --quiet", "--epochs: expected one value"),
        ("--epochs 1 2", "2: expected an option before it"),
        ("5", "5: expected an option before it"),
        ("-5", "-5: unknown option"),
        ("--quiet=5", "--quiet: ignored explicit value '5'"),
        ("--lr 1 --lr 2", "--lr: expected once, not 2 times"),
        ("--out=a.gif --out -x.gif", "--out: expected once, not 2 times"),
        ("--lr 1 2 3 4 5 6 7 8 9 10", "--lr: expected at most 9 values, each of them once"),
        ("--lr 0.1 0.2 1e-1", "--lr: expected at most 9 values, each of them once"),
        ("--lr 0.1 auto", "--lr: expected 'auto' or 'sweep' alone"),
        ("--lr sweep 0.1", "--lr: expected 'auto' or 'sweep' alone"),
        ("--lr 1 2 --shuffle no yes", "--lr and --shuffle: expected several values of one option"),
        ("--lr sweep --batch-size 1 2", "--batch-size and --lr: expected several values of one"),
        # What would take too much.
        (
            "--epochs 100000000",
            "--epochs: expected at most 10,000,000, not 100,000,000 (which would need 3.2 GB of "
            "memory)",
        ),
        ("--points 10000001", "--points: expected at most 10,000,000, not 10,000,001 (which would"),
        ("--width 100000 --height 100000", "picture: expected at most 33,177,600 pixels, not 100,"),
        ("--scale 8 --view story --width 961", "not 7,688 x 4,960, which take"),
        ("--scale 0.25 --width 100", "picture: expected at least"),
        # What has no effect.
        ("--view basics-reset --epochs 500", "--epochs has no effect on --view basics-reset"),
        ("--view basics-redraw --init-bias 2", "--init-bias has no effect on --view basics-redraw"),
        ("--view basics-reset --display-step 3", "--display-step has no effect on --view basics"),
        ("--view basics-reset --history h.csv", "--history has no effect on --view basics-reset"),
        ("--frames 9 --display-step 3", "--display-step is for frames that --frames or --seconds"),
        ("--seconds 9 --display-step 3", "--display-step is for frames that --frames or --seconds"),
        ("--seconds 9 --view microscope", "--seconds is for views without steps, not for micro"),
        ("--seconds 9 --out %d.png", "--seconds is for what plays, not for .png"),
        ("--view basics-reset --frames 3", "--frames has no effect on --view basics-reset"),
        ("--steps 3", "--steps is for --view microscope; this is --view fit"),
        ("--view story --smooth none", "--smooth is for --view fit; this is --view story"),
        ("--data d.csv --points 50", "--points is for synthetic points; --data reads a file"),
        ("--x a", "--x names a column of a file; give the file with --data"),
        ("--y a", "--y names a column of a file; give the file with --data"),
        ("--seed 0 --data d.csv", "--seed has neither noise nor --shuffle"),
        ("--seed 3 --noise 0", "--seed has neither noise nor --shuffle"),
        ("--loop 2 --out a.mp4", "--loop is for what plays by itself; this is --out .mp4"),
        ("--frame-ms 30 --out %d.png", "--frame-ms is for what plays, not for .png"),
        ("--hold-ms 30 --out %d.png", "--hold-ms is for what plays, not for .png"),
        # What does not go together.
        ("--x a --y a --data d.csv", "--x and --y: expected two columns, not 'a' twice"),
        ("--lr 0.1 0.2 --view fit", "--view fit shows one run, but --lr has several values. Use"),
        ("--lr sweep --view story", "--view story shows one run, but --lr has several values"),
        ("--lr 0.1 0.2 --explain", "--explain is about one run, but --lr has several values"),
        ("--view compare", "--view compare: expected --lr with two values"),
        ("--quiet --explain", "--explain prints text, and --quiet prints paths only"),
        ("--theme transparent --out a.mp4", "--theme: an .mp4 is never transparent"),
        # Files.
        ("--out .gif", "--out: '.gif' has no name before its suffix"),
        (
            "--out run.avi",
            "--out: 'run.avi' ends in none of .gif, .svg, .apng, %04d.png, .webp, .mp4",
        ),
        ("--out=", "--out: '.' is a folder; name a file in it, such as run.gif"),
        ("--out /", "--out: '/' is a folder; name a file in it, such as run.gif"),
        ("--still x.jpg", "--still: expected a name that ends in .png, not 'x.jpg'"),
        ("--title=a\udcff", "title: expected text in the terminal's encoding, not 'a\\udcff'"),
    ],
)
def test_what_is_refused(options: str, line: str) -> None:
    assert line in refusal(*options.split())


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ("--lr 0", "--lr: expected a positive number, 'auto' or 'sweep', not '0'"),
        ("--data missing.csv", "missing.csv: No such file or directory"),
        ("--history=", ".: is a folder, not a file"),
        ("--init-weight 1e300", "start: expected a cost that float64 can hold"),
        ("--data a\nb.csv", "a\\nb.csv: No such file or directory"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing(call: Call, options: str, line: str) -> None:
    done = call(*options.split(" "))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"main.py: error: {line}")
    assert len(done.stderr.splitlines()) == 1
    assert not list(Path().iterdir())


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ("--slope 2e139 --intercept 9e139", "--slope"),
        ("--slope 1e139 --intercept 2e140", "--intercept"),
        ("--noise 1e141", "--noise"),
    ],
)
def test_what_the_library_refuses_is_named_by_its_flag(call: Call, options: str, name: str) -> None:
    done = call(*options.split())
    assert done.returncode == 2
    assert done.stderr.startswith(f"main.py: error: {name}: ")


def test_help_is_what_was_read_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is in help.txt, made by COLUMNS=80 python main.py --help."""
    monkeypatch.setenv("COLUMNS", "80")
    read_through = Path(__file__).with_name("help.txt").read_text("utf-8")
    assert main.parser().format_help() == read_through
    assert max(map(len, read_through.splitlines())) <= 79


def test_help_is_help_wherever_it_stands(call: Call) -> None:
    for options in (["-h"], ["--quiet", "-h"], ["--help"]):
        done = call(*options)
        assert (done.returncode, done.stderr) == (0, "")
        assert "--init-weight" in done.stdout


def test_help_names_every_default() -> None:
    shown = re.sub(r"\s+", " ", main.parser().format_help())
    for option, _, default, metavar, _ in (each for g in main.OPTIONS.values() for each in g):
        first = default[0] if isinstance(default, list) else default
        if first not in (None, False, ""):
            assert re.search(rf"{option} [^(]*\(default: {re.escape(str(first))}\)", shown), option
        assert (metavar is None) == (default is False)


# What reads an option's value.


def test_a_number_takes_its_edges_and_what_lies_between() -> None:
    digit = Number(int, 1, 9, "a digit")
    assert [digit.parse(text) for text in ("1", " 5 ", "9")] == [1, 5, 9]
    for text in ("0", "10", "5.0", "", "five"):
        with pytest.raises(UserError, match=rf"^expected a digit, not '{text}'$"):
            digit.parse(text)
    for value in (1, 9, np.int64(5)):
        digit.check("it", value)
    for wrong in (0, 10, 5.0, "5", None, True, 10**400):
        with pytest.raises(UserError, match=rf"^it: expected a digit, not {wrong!r}$"):
            digit.check("it", wrong)


def test_a_number_with_a_fraction_may_be_whole() -> None:
    half = Number(float, -0.5, 0.5, "half")
    assert half.parse("-0.5") == -0.5
    for value in (0, 0.5, np.float32(0.25)):
        half.check("it", value)
    for wrong in (0.51, float("nan"), 1j, False, 10**400):
        with pytest.raises(UserError, match=r"^it: expected half, not "):
            half.check("it", wrong)


def test_a_count_says_what_more_would_need() -> None:
    assert POINTS.parse(str(MAX_COUNT)) == MAX_COUNT
    for text, need in (
        ("10000001", "0.16"),
        ("50000000", "0.8"),
        ("12345678901", "197.5"),
        ("9" * 29, "1.6e+21"),
    ):
        words = rf"not {int(text):,} \(which would need {re.escape(need)} GB of memory\)$"
        with pytest.raises(UserError, match=words):
            POINTS.parse(text)
    for text in ("9" * 31, "1e9", "-20000000", "1"):
        with pytest.raises(UserError, match=r"^expected a whole number from 2 to 10,000,000, not"):
            POINTS.parse(text)
    with pytest.raises(UserError, match=r"^points: expected at most 10,000,000, not 10,000,001 \("):
        POINTS.check("points", MAX_COUNT + 1)


def test_a_choice_names_its_words() -> None:
    assert Choice(("a", "b")).parse("b") == "b"
    with pytest.raises(
        UserError, match=r"^expected tree, house or car, not 'hose'. Did you mean '"
    ):
        Choice(("tree", "house", "car")).parse("hose")


# Printing, on terminals of all kinds and on none.


@pytest.mark.parametrize(
    ("text", "utf8", "ascii_only"),
    [
        ("W = 1", "W = 1", "W = 1"),
        ("größer", "größer", "gr\\xf6\\xdfer"),
        ("\x1b[2J\r\a\n", "\\x1b[2J\\r\\x07\\n", "\\x1b[2J\\r\\x07\\n"),
        ("a\u202eb\u2028c", "a\\u202eb\\u2028c", "a\\u202eb\\u2028c"),
        ("\udcff\U0001f600", "\\udcff\U0001f600", "\\udcff\\U0001f600"),
    ],
)
def test_nothing_moves_the_cursor_and_all_can_be_encoded(
    monkeypatch: pytest.MonkeyPatch, text: str, utf8: str, ascii_only: str
) -> None:
    for encoding, shown in (("utf-8", utf8), ("ascii", ascii_only)):
        written = io.BytesIO()
        monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(written, encoding))
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding))
        assert main.main([f"--data={text}"]) == 2
        sys.stderr.flush()
        printed = written.getvalue().decode(encoding)
        assert printed == f"main.py: error: {shown}: No such file or directory\n"


def test_without_streams_nothing_is_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert main.main(["--lr", "0"]) == 2
    assert (
        main.main(
            ["--lr", "0.05", "--epochs", "1", "--width", "300", "--height", "240", "--out", "a.gif"]
        )
        == 0
    )


def test_a_full_disk_is_said_of_standard_output_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stderr", full)
        main.warn("slow")
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            main.output("result")
        main.output("and nothing is left to fail again")


def test_a_reader_that_is_gone_changes_no_exit_code() -> None:
    code = (
        "import os, sys, main\nread, write = os.pipe()\nos.dup2(write, 1)\nos.close(read)\n"
        "for _ in range(3):\n    main.output('x' * 10**6)\nsys.stdout.flush()\nsys.exit(3)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE, check=False
    )
    assert (done.returncode, done.stderr) == (3, b"")
