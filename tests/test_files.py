"""Files appear whole or not at all: signals, full disks, and targets that cannot be written."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from plotting.encoders.atomic import check_target, whole_file
from tests.helpers import ROOT, Call, run

FILES = ("--out", "a.gif", "--still", "a.png", "--history", "h.csv")
JOB = ("--epochs", "12", "--width", "300", "--height", "240", "--quiet", *FILES)

RUNS = int(os.environ.get("INTERRUPTED_RUNS", "40"))
"""A third of a second each; 300 is a good number after a change of how files are written."""

INTERRUPTED = """
import json, os, pathlib, random, signal, sys, time
import main
from plotting import surroundings

folder, runs = pathlib.Path.cwd(), int(sys.argv[1])
names, job = sys.argv[2].split(","), sys.argv[3:]
KINDS = signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL
random.seed(1)
for kind in KINDS[:-1]:
    signal.signal(kind, signal.SIG_DFL)  # a shell's background has the tests ignore some
surroundings.leave_on_signals("main.py")

def started():
    # A signal waits until what is said goes to the files.
    signal.pthread_sigmask(signal.SIG_BLOCK, KINDS[:-1])
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open("../out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(os.open("../err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, KINDS[:-1])
    if pid == 0:
        os._exit(main.main(job))
    return pid

def ended(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def found():
    return {path.name: path.read_bytes() for path in folder.iterdir()}

start = time.perf_counter()
assert ended(started()) == 0
took, whole, results = time.perf_counter() - start, found(), []
for number in range(runs):
    for name in names:
        (folder / name).write_bytes(b"older")
    pathlib.Path("../err").write_text("")  # SIGKILL may come before the run does so
    kind = KINDS[number % len(KINDS)]
    pid = started()
    # The first of each kind at once, which no run outpaces.
    time.sleep(random.uniform(0, 1.05 * took) * (number >= len(KINDS)))
    os.kill(pid, kind)
    code, files = ended(pid), found()
    left = [name for name in files if name not in names]
    state = ["older" if files[n] == b"older" else "new" if files[n] == whole[n] else "broken"
             for n in names]
    err = pathlib.Path("../err").read_text()
    if left:
        assert ended(started()) == 0
    results.append([int(kind), code, state, len(left), err, sorted(found())])
print(json.dumps(results))
"""


SERIES = [f"f{number}.png" for number in range(1, 13)]  # the start, ten epochs, the last


@pytest.mark.slow
@pytest.mark.parametrize(
    ("out", "written", "runs"),
    [("a.gif", ["a.gif"], RUNS), ("f%d.png", SERIES, RUNS // 2)]
    + [(f"a{kind}", [f"a{kind}"], RUNS // 4) for kind in (".apng", ".webp", ".svg", ".html")]
    + [("a.mp4", ["a.mp4"], RUNS // 4)],
)
def test_whenever_it_is_stopped_files_are_old_or_new(
    tmp_path: Path, out: str, written: list[str], runs: int
) -> None:
    """Each run is stopped at a random moment, by every signal in turn that stops programs."""
    if out == "a.mp4":
        pytest.importorskip("av", reason="needs pip install av")
    folder = tmp_path / "work"
    folder.mkdir()
    names = [*written, "s.png", "h.csv"]
    job = (*JOB[:7], "--out", out, "--still", "s.png", "--history", "h.csv")
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(runs), ",".join(names), *job],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    results = json.loads(done.stdout)
    assert len(results) == runs
    stopped = []
    for kind, code, state, left, err, after in results:
        assert "broken" not in state
        # In the order of writing, an old file is never followed by a new one.
        assert state == sorted(state, key=["new", "older"].index)
        assert left <= (kind == 9)
        assert after == sorted(names)
        if code != 0:
            stopped.append(kind)
            assert code == (-9 if kind == 9 else 128 + kind)
            assert len(err.splitlines()) == (kind != 9)
    assert len(set(stopped)) == 5
    assert len(stopped) > runs / 2


def test_two_runs_to_one_file_leave_one_of_the_two(tmp_path: Path, call: Call) -> None:
    expected = []
    for lr in ("0.001", "0.0001"):
        call("--lr", lr, *JOB)
        expected.append((tmp_path / "a.gif").read_bytes())
    both = [
        subprocess.Popen([sys.executable, str(ROOT / "main.py"), "--lr", lr, *JOB], cwd=tmp_path)
        for lr in ("0.001", "0.0001")
    ]
    assert [process.wait(60) for process in both] == [0, 0]
    assert (tmp_path / "a.gif").read_bytes() in expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gif", "a.png", "h.csv"]


@pytest.mark.parametrize(
    ("out", "limit"),
    [(out, 4000) for out in ("a.gif", "a.webp", "a.apng", "a.mp4", "a.html", "%d.png")]
    + [("a.gif", 12_000)],  # past the first write
)
def test_a_full_disk_leaves_the_older_files(
    tmp_path: Path, call: Call, out: str, limit: int
) -> None:
    (tmp_path / out).write_text("older")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        done = call("--epochs", "40", "--quiet", "--out", out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    name = "1.png" if out == "%d.png" else out
    assert line == f"main.py: error: {name}: File too large"
    assert [path.name for path in tmp_path.iterdir()] == [out]
    assert (tmp_path / out).read_text() == "older"


def folder_in_the_way(place: Path) -> str:
    (place / "a.gif").mkdir()
    return "a.gif"


def file_for_a_folder(place: Path) -> str:
    (place / "file").touch()
    return "file/a.gif"


def pipe(place: Path) -> str:
    os.mkfifo(place / "a.gif")
    return "a.gif"


def device(place: Path) -> str:
    (place / "a.gif").symlink_to("/dev/full")
    return "a.gif"


def link_to_standard_output(place: Path) -> str:
    (place / "a.gif").symlink_to("/dev/stdout")
    return "a.gif"


def link_to_itself(place: Path) -> str:
    (place / "a.gif").symlink_to("a.gif")
    return "a.gif"


def read_only_folder(place: Path) -> str:
    if os.geteuid() == 0:  # to whom no folder of a disk is closed
        return "/proc/a.gif"
    (place / "closed").mkdir(mode=0o555)
    return "closed/a.gif"


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (folder_in_the_way, "a.gif: is a folder, not a file"),
        (file_for_a_folder, "file/a.gif: Not a directory"),
        (pipe, "a.gif: is a device or a pipe, not a file"),
        (device, "a.gif: is a device or a pipe, not a file"),
        (link_to_standard_output, "a.gif: is a device or a pipe, not a file"),
        (link_to_itself, "a.gif: Too many levels of symbolic links"),
        (read_only_folder, "a.gif: "),
        (lambda _: "x" * 296 + ".gif", ".gif: File name too long"),
    ],
)
def test_where_nothing_can_be_written_it_says_so_before_training(
    tmp_path: Path, call: Call, prepare: Callable[[Path], str], words: str
) -> None:
    out = prepare(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    # An hour of training, had it begun.
    done = call("--epochs", "10000000", "--shuffle", "--out", out, "--quiet")
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_the_file_that_a_shell_opened_is_not_replaced(tmp_path: Path) -> None:
    names = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link", "-"]
    code = (
        "import sys, main\nfor name in sys.argv[1:]:\n"
        "    assert main.main(['--epochs', '3', '--history', name]) == 2"
    )
    (tmp_path / "link").symlink_to("/dev/stdout")
    log = tmp_path / "log.txt"
    log.write_text("of earlier runs\n")
    with log.open("a") as shell:
        done = subprocess.run(
            [sys.executable, "-c", code, *names],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=shell,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 0
    for name, line in zip(names, done.stderr.splitlines(), strict=True):
        assert line.startswith(f"main.py: error: {name}: ")
    assert log.read_text() == "of earlier runs\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "log.txt"]


def test_the_longest_name_there_can_be_works(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 251 + ".txt")
    with whole_file(path) as file:
        file.write(b"new")
    assert path.read_text() == "new"


def test_a_link_is_followed_and_the_mode_kept(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    real, link = tmp_path / "folder/real.txt", tmp_path / "link.txt"
    real.write_text("older")
    real.chmod(0o640)
    link.symlink_to(real)
    check_target(link)
    with whole_file(link) as file:
        assert len(list(real.parent.iterdir())) == 2  # beside it, so that it can take its name
        file.write(b"new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert real.stat().st_mode & 0o777 == 0o640


def test_checking_a_target_leaves_nothing(tmp_path: Path) -> None:
    check_target(tmp_path / "new/folder/a.gif")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "options",
    [
        "--data a.csv --history a.csv",
        "--out a.gif --still a.png --history a.png",
        "--out a.gif --still a.png --data a.png",
        "--out a.gif --history ./a.gif",
        "--out 1.html --still 1.png --history ./1.png",
        "--out %d.png --history 1.png",
        "--out f%02d.png --history f07.png",
        "--out f%02d.png --data f123.png",
    ],
)
def test_a_file_is_not_written_over_another_of_the_same_run(
    tmp_path: Path, call: Call, options: str
) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n2,3\n")
    done = call(*options.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert "which is the same file" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_standard_output_on_a_full_disk_is_said(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        done = run(tmp_path, "--epochs", "3", stdout=full)
    assert done.returncode == 2
    assert done.stderr == "main.py: error: standard output: No space left on device\n"


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", "2>/dev/full"])
def test_nobody_listening_is_no_reason_to_stop(tmp_path: Path, streams: str) -> None:
    command = f"{sys.executable} {ROOT / 'main.py'} --epochs 3 --lr 0.05 --out a.gif"
    done = subprocess.run(
        ["bash", "-c", f"{command} {streams}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert ("safe limit" in done.stderr) == ("2>" not in streams)
    assert ("a.gif" in done.stdout) == (not streams.startswith(">"))
    assert (tmp_path / "a.gif").read_bytes().startswith(b"GIF89a")


def test_what_nohup_ignores_stays_ignored() -> None:
    code = (
        "import signal; from plotting.surroundings import leave_on_signals;"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN); leave_on_signals('it');"
        "print(signal.getsignal(signal.SIGHUP).name, signal.getsignal(signal.SIGTERM).__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "SIG_IGN leave\n"


def test_standard_input_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n1,2\n2,3\n")
    with path.open() as file:
        done = run(tmp_path, "--data", "-", "--history", "a.csv", stdin=file)
    assert done.returncode == 2
    assert done.stderr.endswith("would overwrite standard input, which is the same file\n")
    assert path.read_text() == "x,y\n1,2\n2,3\n"


def test_pictures_of_an_earlier_run_are_left_and_said(tmp_path: Path, call: Call) -> None:
    small = ("--width", "300", "--height", "240", "--out", "f%d.png", "--quiet")
    for epochs, words in (("4", ""), ("2", "f4.png to f5.png are older than this animation")):
        done = call("--epochs", epochs, *small)
        assert done.returncode == 0
        assert words in done.stderr
        assert bool(words) == bool(done.stderr)
    assert len(list(tmp_path.iterdir())) == 5
