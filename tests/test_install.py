"""What an installation brings: the program, its packages with their data, and what they need."""

import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from tests.helpers import ROOT
from tests.helpers_encoders import decoded

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def done(*command: str | Path, folder: Path) -> str:
    """Return what a command prints that must succeed; it knows nothing of this checkout."""
    told = subprocess.run(
        [*map(str, command)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the programs of an environment that has nothing but the wheel."""
    folder = tmp_path_factory.mktemp("install")
    # From a copy, since a build leaves files where it is made.
    for name in ("regression", "plotting"):
        shutil.copytree(ROOT / name, folder / "source" / name)
    for name in ("main.py", "README.md", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, folder / "source")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    done(*pip, "wheel", "-q", "--no-deps", "-w", ".", "./source", folder=folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv")
    python = folder / "venv/bin/python"
    done(*pip, "--python", python, "install", "-q", wheel, folder=folder)
    return python.parent


@pytest.mark.slow
def test_the_installed_program_runs_anywhere(installed: Path, tmp_path: Path) -> None:
    (program,) = PROJECT["scripts"]
    told = done(installed / program, "--out", "a.gif", "--still", "a.png", folder=tmp_path)
    assert "Optimization Finished!" in told
    assert len(decoded(tmp_path / "a.gif")[0]) >= 23
    told = done(installed / program, "--out", "a.html", "--quiet", "--epochs=2", folder=tmp_path)
    assert told == "a.html\n"
    told = done(installed / program, "--lr", "0.0001", "--explain", folder=tmp_path)
    command = told.splitlines()[-4].split()
    assert command[0] == program
    assert done(installed / command[0], *command[1:], folder=tmp_path)
    assert f"usage: {program} " in done(installed / program, "--help", folder=tmp_path)


@pytest.mark.slow
def test_the_installed_packages_serve_scripts_and_notebooks(
    installed: Path, tmp_path: Path
) -> None:
    code = (
        "from plotting import animate; from regression import noisy_line, train;"
        "data = noisy_line(); animation = animate(data, train(data, lr=0.001, epochs=3));"
        "print(*animation._repr_mimebundle_()); animation.save('a.html')"
    )
    assert "image/gif" in done(installed / "python", "-W", "error", "-c", code, folder=tmp_path)
    assert (tmp_path / "a.html").stat().st_size > 10_000


@pytest.mark.slow
def test_all_that_lies_beside_the_modules_is_installed(installed: Path) -> None:
    (packages,) = installed.parent.glob("lib/python*/site-packages")
    for room in ("regression", "plotting"):
        here = {path for path in (ROOT / room).rglob("*") if path.is_file()}
        wanted = {path.relative_to(ROOT) for path in here if path.suffix not in {".pyc", ".md"}}
        there = {path.relative_to(packages) for path in (packages / room).rglob("*.*")}
        assert wanted <= there
    assert not (packages / "tests").exists()


def test_a_python_that_is_too_old_is_refused_by_name() -> None:
    assert PROJECT["requires-python"] == ">=3.11"
    assert "Python 3.11" in (ROOT / "README.md").read_text("utf-8")


def test_every_package_has_a_lowest_and_a_highest_version() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    packages = [line for line in lines if not line.startswith("#")]
    assert len(packages) == 6
    assert all(">=" in line and ",<" in line for line in packages)
