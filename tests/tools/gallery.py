"""Make anew what the program's texts show of it: the README's pictures and printed lines, and help.

    python -m tests.tools.gallery

A picture belongs to the last command above it, and one above all commands to the first command. An
.svg or .gif is the animation, a .png its last frame. The printed lines are those of the main job.
Numbers in sentences are for a person to change: tests/test_readme.py names those that are wrong.
"""

from __future__ import annotations

import io
import os
import re
import shlex
from collections.abc import Iterable
from contextlib import chdir, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

import main as program
from plotting.encoders.palette import MAX_COLOURS, PaletteLookup, choose_palette, pack

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GALLERY = ROOT / "output/gallery"

COMMAND = re.compile(r"^(python main\.py .*)$|`(python main\.py [^`]*)`", re.MULTILINE)
BLOCK = re.compile(r"```\nEpoch: 0001.*?```", re.DOTALL)
"""What the main job prints, in the README."""

PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


def commands(text: str) -> list[str]:
    """Return the README's commands as they are printed, each once, in their order."""
    return list(dict.fromkeys(match[1] or match[2] for match in COMMAND.finditer(text)))


def recipes(text: str) -> dict[str, list[str]]:
    """Return for each command that has pictures their paths, from the project's root."""
    found: dict[str, list[str]] = {}
    command = next(iter(commands(text)), "")
    places = [*COMMAND.finditer(text), *PICTURE.finditer(text)]
    for match in sorted(places, key=lambda match: match.start()):
        if match.re is COMMAND:
            command = match[1] or match[2]
        else:
            found.setdefault(command, []).append(match[1])
    return found


def make(command: str, paths: Iterable[Path]) -> None:
    """Run the README's command once, from the project's root, and write its pictures there.

    Raises RuntimeError where the command fails.
    """
    paths = [path.absolute() for path in paths]
    with TemporaryDirectory() as folder, chdir(ROOT):
        moving = [path for path in paths if path.suffix != ".png"] or [Path(folder) / "unused.gif"]
        still = [path for path in paths if path.suffix == ".png"]
        if len(moving) > 1 or len(still) > 1:
            raise RuntimeError(f"one animation and one last frame for each command: {command}")
        options = [*shlex.split(command)[2:], "--quiet", "--out", str(moving[0])]
        code = program.main(options + (["--still", str(still[0])] if still else []))
    if code:
        raise RuntimeError(f"exit code {code}: {command}")
    for path in still:
        in_few_bytes(path)


def in_few_bytes(path: Path) -> None:
    """Write a picture again in the colours that a GIF of it would have, as tightly as can be."""
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGBA"))
    palette = choose_palette([pixels], MAX_COLOURS)
    indices = PaletteLookup(palette)(pack(pixels).ravel()).reshape(pixels.shape[:2])
    small = Image.fromarray(indices)
    small.putpalette(palette.tobytes())
    small.save(path, optimize=True)


def printed(text: str) -> str:
    """Return the README's text with the lines that the main job prints now, epochs 2 to 499 left
    out.
    """
    with TemporaryDirectory() as folder, redirect_stdout(io.StringIO()) as out:
        path = str(Path(folder) / "unused.gif")
        program.main(["--lr", "0.0001", "--epochs", "500", "--out", path])
    lines = out.getvalue().splitlines()[:-1]  # the last one is the path
    last = max(number for number, line in enumerate(lines) if line.startswith("Epoch: "))
    block = "\n".join([lines[0], "...", *lines[last:]])
    return BLOCK.sub(lambda _: f"```\n{block}\n```", text)


def main() -> None:
    """Make all of it, and remove pictures that the README does not show."""
    text = printed(README.read_text("utf-8"))
    README.write_text(text, "utf-8")
    os.environ["COLUMNS"] = "80"
    (ROOT / "tests/help.txt").write_text(program.parser().format_help(), "utf-8")
    for command, paths in recipes(text).items():
        make(command, [ROOT / path for path in paths])
    shown = {ROOT / match[1] for match in PICTURE.finditer(text)}
    for path in GALLERY.iterdir():
        if path not in shown and path.suffix != ".csv":
            path.unlink()
    total = sum(path.stat().st_size for path in GALLERY.iterdir())
    print(f"{total / 1000:,.0f} kB in all")


if __name__ == "__main__":
    main()
