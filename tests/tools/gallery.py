"""Make every picture that the README shows, with the command that the README prints for it.

    python -m tests.tools.gallery

A picture belongs to the last command above it; several pictures after several commands, in turn.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GALLERY = ROOT / "output/gallery"

COMMAND = re.compile(r"^(python main\.py .*)$|`(python main\.py [^`]*)`", re.MULTILINE)
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


def commands(text: str) -> list[str]:
    """Return the README's commands as they are printed, each once."""
    return list(dict.fromkeys(match[1] or match[2] for match in COMMAND.finditer(text)))


def recipes(text: str) -> dict[str, str]:
    """Return for each picture, by its path without suffix, the command that makes it."""
    found: dict[str, str] = {}
    above: list[str] = []
    stems: list[str] = []
    places = [*COMMAND.finditer(text), *PICTURE.finditer(text)]
    for match in sorted(places, key=lambda match: match.start()):
        if match.re is COMMAND:
            above, stems = [*([] if stems else above), match[1] or match[2]], []
            continue
        stem = match[1].rpartition(".")[0]
        stems = list(dict.fromkeys([*stems, stem]))
        found |= dict(zip(stems, above[-len(stems) :])) if len(above) >= len(stems) else {}
    return found


def make(command: str, out: Path) -> None:
    """Run the README's command such that it writes its animation there, and a still beside it."""
    options = shlex.split(command)[2:]
    files: list[str | Path] = ["--quiet", "--out", out, "--still", out.with_suffix(".png")]
    subprocess.run(
        [sys.executable, ROOT / "main.py", *options, *files],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def main() -> None:
    """Make the pictures, and remove what the README does not show."""
    text = README.read_text("utf-8")
    for stem, command in recipes(text).items():
        print(f"{stem}: {command}")
        make(command, ROOT / f"{stem}.gif")
    shown = {ROOT / match[1] for match in PICTURE.finditer(text)}
    for path in GALLERY.iterdir():
        if path not in shown and path.suffix != ".csv":
            path.unlink()
    total = sum(path.stat().st_size for path in GALLERY.iterdir())
    print(f"{total / 1000:,.0f} kB in all")


if __name__ == "__main__":
    main()
