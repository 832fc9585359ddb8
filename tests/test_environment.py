"""The same bytes come out wherever the program is started, and nothing is said of the place."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.helpers import run

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


def test_where_text_is_ascii_a_title_is_refused_or_drawn_but_never_garbled(tmp_path: Path) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run(tmp_path, "--title", "h\xe9", "--epochs", "1", environment=ascii_only)
    assert done.returncode == 2
    assert done.stderr.isascii()
    assert "--title: expected text in the terminal's encoding, not 'h\\udcc3\\udca9'" in done.stderr
    assert not list(tmp_path.iterdir())
