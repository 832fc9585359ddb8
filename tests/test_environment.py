"""The same bytes come out wherever the program is started, and nothing is said of the place."""

import os
import pty
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from matplotlib.font_manager import FontManager

from tests.helpers import ROOT, run

SMALL = ("--epochs", "3", "--width", "320", "--height", "260", "--out", "a.gif", "--quiet")

JOB = ("--epochs", "3", "--view", "story", "--scale", "0.75", "--title", "-1 \N{MINUS SIGN} x")

SETTINGS = Path(__file__).with_name("matplotlibrc")


def files_of(folder: Path, environment: Mapping[str, str | None]) -> Mapping[str, bytes]:
    """Return the files that the program writes with that environment, by name."""
    folder.mkdir(exist_ok=True)
    for out in ("a.gif", "a.html"):
        done = run(folder, *JOB, "--out", out, "--still", "a.png", environment=environment)
        assert (done.returncode, done.stderr) == (0, "")
    return {path.name: path.read_bytes() for path in folder.glob("a.*")}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Return the files as they come out here."""
    return files_of(tmp_path_factory.mktemp("here"), {})


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"HOME": None, "XDG_CONFIG_HOME": None, "XDG_CACHE_HOME": None, "MPLCONFIGDIR": None},
        # A home that cannot be written to, not even by root.
        {"HOME": "/proc", "XDG_CONFIG_HOME": None, "XDG_CACHE_HOME": None, "MPLCONFIGDIR": None},
        {"MPLCONFIGDIR": "/proc/nowhere", "MPLBACKEND": "module://nowhere"},
        {"TZ": "Nowhere/Odd", "LANG": "tr_TR.UTF-8", "LC_ALL": "xx_YY.utf8", "PYTHONHASHSEED": "1"},
        {"LC_ALL": "C", "LANG": None, "MPLBACKEND": "Qt4Agg", "PYTHONHASHSEED": "2"},
        {"PYTHONSAFEPATH": "1", "COLUMNS": "20", "NO_COLOR": "1", "PYTHONOPTIMIZE": "2"},
        {"MATPLOTLIBRC": str(SETTINGS)},
    ],
    ids=["no home", "closed home", "no settings", "odd place", "C", "options", "own settings"],
)
def test_the_environment_changes_nothing(
    tmp_path: Path, expected: Mapping[str, bytes], environment: Mapping[str, str | None]
) -> None:
    assert set(expected) == {"a.gif", "a.png", "a.html"}
    assert files_of(tmp_path, environment) == expected


@pytest.mark.slow
def test_settings_in_the_working_folder_change_nothing(
    tmp_path: Path, expected: Mapping[str, bytes]
) -> None:
    """That is where matplotlib looks first, and these have a mistake in them, too."""
    (tmp_path / "matplotlibrc").write_text(SETTINGS.read_text("utf-8") + "no.such.key: 1\n")
    assert files_of(tmp_path, {"LC_ALL": "C", "MPLBACKEND": "Qt4Agg"}) == expected


def noise(path: Path) -> None:
    path.write_bytes(bytes(range(255, 0, -1)) * 9)


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a small GIF as it comes out here."""
    folder = tmp_path_factory.mktemp("plain")
    assert run(folder, *SMALL).returncode == 0
    return (folder / "a.gif").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("what", [noise, pipe, Path.mkdir])
@pytest.mark.parametrize(
    ("place", "environment"),
    [
        ("matplotlibrc", {}),
        ("settings", {"MATPLOTLIBRC": "settings"}),
        (".config/matplotlib/matplotlibrc", {"HOME": "{}", "MPLCONFIGDIR": None}),
        ("cache/fontlist-{}.json", {"MPLCONFIGDIR": "{}/cache"}),
        ("cache", {"MPLCONFIGDIR": "{}/cache"}),
    ],
)
def test_settings_and_caches_that_are_none_change_nothing(
    tmp_path: Path,
    plain: bytes,
    what: Callable[[Path], None],
    place: str,
    environment: Mapping[str, str | None],
) -> None:
    path = tmp_path / place.format(f"v{FontManager.__version__}")
    path.parent.mkdir(parents=True, exist_ok=True)
    what(path)
    named = {name: value and value.format(tmp_path) for name, value in environment.items()}
    done = run(tmp_path, *SMALL, environment=named, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "a.gif\n", "")
    assert (tmp_path / "a.gif").read_bytes() == plain


def test_variables_that_others_read_end_in_no_traceback(tmp_path: Path, plain: bytes) -> None:
    odd = {"TQDM_MININTERVAL": "abc", "TQDM_NCOLS": "q", "IMAGEIO_FORMAT_ORDER": "x"}
    mine, theirs = pty.openpty()  # where there is a bar
    done = run(tmp_path, *SMALL[:-1], environment=odd, stderr=theirs)
    os.close(theirs)
    os.set_blocking(mine, False)
    with suppress(OSError):  # of a terminal that is gone
        assert b"Error" not in os.read(mine, 100_000)
    os.close(mine)
    assert done.returncode == 0
    assert (tmp_path / "a.gif").read_bytes() == plain


def test_a_folder_that_is_gone_is_said_in_one_line(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    done = run(gone, *SMALL, preexec_fn=gone.rmdir)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "main.py: error: a.gif: No such file or directory\n"
    gone.mkdir()
    target = str(tmp_path / "b.gif")
    assert run(gone, *SMALL[:7], target, preexec_fn=gone.rmdir).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "most"), [(resource.RLIMIT_NOFILE, 6), (resource.RLIMIT_AS, 200_000_000)]
)
def test_too_little_of_what_a_system_gives_is_one_line(
    tmp_path: Path, limit: int, most: int
) -> None:
    done = run(tmp_path, *SMALL, preexec_fn=lambda: resource.setrlimit(limit, (most, most)))
    assert (done.returncode in {1, 2}, done.stdout) == (True, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("main.py: error: ")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_who_is_interrupted_at_the_first_start_leaves_no_lock_and_no_folder(
    tmp_path: Path,
) -> None:
    """Each run looks for fonts anew, in a folder of its own or in none that can be written to."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    stopped = 0
    for number in range(12):
        home = tmp_path / f"home{number}" if number % 2 else Path("/proc/nowhere")
        names = {"MPLCONFIGDIR": str(home), "TMPDIR": str(temporary)}
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), *SMALL],
            cwd=tmp_path,
            env={**os.environ, **names},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(0.15 + 0.08 * number)
        process.send_signal(signal.SIGTERM if number % 3 else signal.SIGINT)
        _, said = process.communicate()
        stopped += process.returncode != 0
        assert "Traceback" not in said
        assert not list(tmp_path.rglob("*lock"))
        assert not list(temporary.iterdir())
    assert stopped > 3


def test_where_text_is_ascii_a_title_is_refused_or_drawn_but_never_garbled(tmp_path: Path) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run(tmp_path, "--title", "h\xe9", "--epochs", "1", environment=ascii_only)
    assert done.returncode == 2
    assert done.stderr.isascii()
    assert "--title: expected text in the terminal's encoding, not 'h\\udcc3\\udca9'" in done.stderr
    assert not list(tmp_path.iterdir())
