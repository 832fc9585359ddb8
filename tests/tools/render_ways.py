"""The ways to make the same 500 frames a GIF, side by side."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

from tests.tools.processes import Command, Run, alternate, output, python

LR = 0.0001


@dataclass(frozen=True)
class Way:
    """A way to write the file; `drawing` is what its true frames are drawn by."""

    name: str
    drawing: str
    arguments: Sequence[str]
    programs: Sequence[str] = ()
    slow: bool = True

    @property
    def installed(self) -> bool:
        """Whether one of the programs that the way may use is there, if it needs any."""
        return not self.programs or any(map(which, self.programs))

    def command(self, path: Path) -> Command:
        """Return the command that writes the path."""
        return python(*self.arguments, path)


@dataclass(frozen=True)
class Row:
    """What a way took and gave; all but `failed` is None when it gave nothing."""

    way: str
    seconds: float | None = None
    peak_mb: float | None = None
    file_bytes: int | None = None
    mean_psnr: float | None = None
    worst_psnr: float | None = None
    flickering: float | None = None
    failed: str = ""


def main_py(*, epochs: int, view: str = "fit", rates: Sequence[object] = (LR,)) -> list[str]:
    """Return the arguments of the program's command, to which a path is added."""
    options = ["main.py", "--lr", *rates, "--epochs", epochs, "--display-step", 1, "--view", view]
    return [*map(str, options), "--quiet", "--out"]


_TUTORIAL = ("-m", "tests.tools.tutorial_way")
_MAGICK = ("magick", "convert")
PILLOW, FFMPEG, OURS = "tutorial, Pillow writer", "tutorial, ffmpeg writer", "main.py"
WAYS = (
    Way(PILLOW, "tutorial", (*_TUTORIAL, "pillow")),
    Way(FFMPEG, "tutorial", (*_TUTORIAL, "ffmpeg"), ("ffmpeg",)),
    Way("tutorial, ImageMagick writer", "tutorial", (*_TUTORIAL, "imagemagick"), _MAGICK),
    Way("whole figures, imwrite of a list", "tutorial", (*_TUTORIAL, "imwrite")),
    Way(OURS, "main", main_py(epochs=500), slow=False),
)


def measure_ways(folder: Path, runs: int, *, quick: bool) -> list[Row]:
    """Return a row for each way, run in turn; `quick` leaves out all but the program."""
    chosen = [way for way in WAYS if not (quick and way.slow)]
    able = [way for way in chosen if way.installed]
    paths = {way.name: folder / f"way{number}.gif" for number, way in enumerate(able)}
    taken = alternate({way.name: way.command(paths[way.name]) for way in able}, runs)
    done = [way for way in able if not taken[way.name].error]
    fidelity: dict[str, dict[str, float]] = {}
    for drawing in sorted({way.drawing for way in done}):
        names = [way.name for way in done if way.drawing == drawing]
        fidelity |= zip(names, _compare(drawing, [paths[name] for name in names]))
    return [
        _row(way.name, taken[way.name], paths[way.name], fidelity.get(way.name, {}))
        if way.installed
        else Row(way.name, failed=f"{way.programs[-1]} is not installed")
        for way in chosen
    ]


def _row(name: str, run: Run, path: Path, fidelity: Mapping[str, Any]) -> Row:
    if run.error:
        return Row(name, failed=f"failed after {run.seconds:.0f} s: {run.error}")
    return Row(name, run.seconds, run.peak_mb, path.stat().st_size, **fidelity)


def _compare(drawing: str, paths: Sequence[Path]) -> list[dict[str, float]]:
    """Return a Fidelity's figures for each file, worked out in a process of its own."""
    print(f"comparing with the true frames: {drawing}", file=sys.stderr)
    printed = output(python("-m", "tests.tools.fidelity", drawing, *paths))
    figures: list[dict[str, float]] = json.loads(printed)
    return figures
