"""What the README says, tried: its pictures, its options, its commands, its Python."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image

import main
from tests.helpers import ROOT, Call
from tests.helpers_encoders import decoded
from tests.tools.gallery import GALLERY, PICTURE, README, commands, make, recipes

TEXT = README.read_text("utf-8")
DRAWN_WITH = "3.11."
SHOWN = [ROOT / match[1] for match in PICTURE.finditer(TEXT)]


def last_frame(path: Path) -> np.ndarray:
    if path.suffix == ".gif":
        return decoded(path)[0][-1].astype(float)
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), float)


def test_the_gallery_holds_what_is_shown_and_nothing_else() -> None:
    assert sorted(set(SHOWN)) == sorted(path for path in GALLERY.iterdir() if path.suffix != ".csv")
    assert sum(path.stat().st_size for path in GALLERY.iterdir()) < 1_500_000


@pytest.mark.slow
@pytest.mark.skipif(
    not matplotlib.__version__.startswith(DRAWN_WITH),
    reason=f"the gallery was drawn with matplotlib {DRAWN_WITH}, others set letters aside",
)
@pytest.mark.parametrize(("stem", "command"), recipes(TEXT).items())
def test_each_picture_is_what_its_command_draws(tmp_path: Path, stem: str, command: str) -> None:
    """As good as equal: another machine may round a pixel otherwise."""
    out = tmp_path / "picture.gif"
    make(command, out)
    for path in (path for path in SHOWN if path.with_suffix("") == ROOT / stem):
        got, shown = last_frame(out.with_suffix(path.suffix)), last_frame(path)
        assert got.shape == shown.shape
        assert np.abs(got - shown).mean() < 2
        if path.suffix == ".gif":
            with Image.open(out) as made, Image.open(path) as tracked:
                assert getattr(made, "n_frames", 1) == getattr(tracked, "n_frames", 1)


def test_every_picture_has_its_command() -> None:
    assert {str(path.relative_to(ROOT).with_suffix("")) for path in SHOWN} == set(recipes(TEXT))


def test_a_picture_belongs_to_the_command_above_it() -> None:
    text = "python main.py a\n![x](p.gif)\npython main.py b\npython main.py c\npython main.py d\n"
    text += "| ![x](q.png) | ![x](r.png) |\n![x](r.gif)\n"
    found = {"p": "python main.py a", "q": "python main.py c", "r": "python main.py d"}
    assert recipes(text) == found


def test_every_option_named_exists() -> None:
    known = main.parser().format_help()
    ours = re.sub(r"\n```\n\(\.venv/bin/pip.*\n```|python -m tests\.tools.*|gifsicle -O3", "", TEXT)
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", ours)) - {"--runs"}
    assert len(named) > 20
    assert {option for option in named if not re.search(rf"{option}\b", known)} == set()


@pytest.mark.parametrize("command", sorted(set(commands(TEXT)) - set(recipes(TEXT).values())))
def test_the_other_commands_run(call: Call, command: str) -> None:
    done = call(*shlex.split(command)[2:])
    assert done.returncode == 0
    assert done.stdout


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL))
def test_its_python_runs(tmp_path: Path, code: str) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output/gallery").symlink_to(GALLERY)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    if "save(" in code:
        assert (tmp_path / "output/from_python.gif").stat().st_size > 10_000
    else:
        epoch, line = done.stdout.split(" ", 1)
        assert int(epoch) > 1000
        assert line.count("Line(") == 2


def test_the_printed_lines_are_what_is_printed(main_job: tuple[Path, str]) -> None:
    (block,) = re.findall(r"```\n(Epoch: 0001.*?)```", TEXT, re.DOTALL)
    printed = main_job[1].splitlines()
    for line in block.splitlines():
        if not line.startswith(("...", "output/")):  # sizes differ where libraries do
            assert line in printed
