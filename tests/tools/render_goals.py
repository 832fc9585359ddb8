"""What the program's rendering has to reach: each goal beside what was measured."""

from __future__ import annotations

import operator
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from tests.tools.processes import ROOT, alternate, python
from tests.tools.render_ways import FFMPEG, LR, OURS, PILLOW, Row, main_py

_RELATIONS = {">=": operator.ge, "<=": operator.le, "<": operator.lt}

IMPORTS = "import numpy, matplotlib.figure, matplotlib.backends.backend_agg, imageio.v3"


@dataclass(frozen=True)
class Goal:
    """A figure, None when it could not be measured, and the limit it is to keep."""

    name: str
    measured: float | None
    relation: str
    limit: float
    detail: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the limit is kept; None when nothing was measured."""
        if self.measured is None:
            return None
        return bool(_RELATIONS[self.relation](self.measured, self.limit))


def of_ways(rows: Sequence[Row]) -> list[Goal]:
    """Return the goals that the ways' table answers."""
    by_name = {row.way: row for row in rows}
    ours = by_name[OURS]

    def ratio(name: str) -> float | None:
        seconds = by_name[name].seconds if name in by_name else None
        return seconds / ours.seconds if seconds and ours.seconds else None

    return [
        Goal("500 frames, times faster than Pillow writer", ratio(PILLOW), ">=", 25),
        Goal("500 frames, times faster than ffmpeg writer", ratio(FFMPEG), ">=", 12),
        Goal("mean PSNR, dB", ours.mean_psnr, ">=", 66),
        Goal("flickering pixels a frame", ours.flickering, "<=", 0),
    ]


def of_start(folder: Path) -> list[Goal]:
    """Return the goal for 23 frames, against importing what they need; medians of 9."""
    out = folder / "short.gif"
    commands = {
        "23 frames": python("main.py", "--lr", "0.0001", "--epochs", "500", "--out", out),
        "imports alone": python("-c", IMPORTS),
    }
    runs = alternate(commands, 9)
    whole, imports = (runs[name].seconds for name in commands)
    detail = f"{whole:.3f} s / {imports:.3f} s"
    return [Goal("23 frames, times the imports alone", whole / imports, "<=", 1.5, detail)]


def of_memory(folder: Path) -> list[Goal]:
    """Return the goals for the peak at 200 and at 2,000 frames; medians of 3."""
    commands = {
        f"{epochs} frames": python(*main_py(epochs=epochs), folder / "memory.gif")
        for epochs in (200, 2000)
    }
    runs = alternate(commands, 3)
    few, many = (runs[name].peak_mb for name in commands)
    detail = f"{few:.1f} MB, {many:.1f} MB"
    return [
        Goal("peak of 2000 frames above that of 200, MB", many - few, "<=", 5, detail),
        Goal("peak of 2000 frames, MB", many, "<", 140),
    ]


def of_length(folder: Path) -> list[Goal]:
    """Return the goal for the time of 5,000 frames against 500, less start-up; medians of 3."""
    commands = {
        f"{epochs} frames": python(*main_py(epochs=epochs), folder / "long.gif")
        for epochs in (1, 500, 5000)
    }
    runs = alternate(commands, 3)
    start, few, many = (runs[name].seconds for name in commands)
    detail = f"{many:.2f} s, {few:.2f} s, start-up {start:.2f} s"
    ratio = (many - start) / (few - start)
    return [Goal("5000 frames, times 500 frames, less start-up", ratio, "<=", 11, detail)]


NINE_RATES = [f"{0.0001 * number:g}" for number in range(1, 10)]


def of_views(folder: Path) -> list[Goal]:
    """Return the goals for a frame of the views beside one of fit, less start-up; medians of 5."""
    rates: dict[str, Sequence[object]] = {"fit": [LR], "story": [LR], "compare": NINE_RATES}
    limits = {"story": 1.8, "compare": 3}
    commands = {
        f"{view} {epochs}": python(
            *main_py(epochs=epochs, view=view, rates=rates[view]), folder / "view.gif"
        )
        for view in rates
        for epochs in (1, 500)
    }
    runs = alternate(commands, 5)
    for name, done in runs.items():
        if done.error:
            raise RuntimeError(f"{name}: {done.error}")
    frame_ms = {
        view: (runs[f"{view} 500"].seconds - runs[f"{view} 1"].seconds) * 2 for view in rates
    }
    return [
        Goal(
            f"{view}{' of nine rates' if len(rates[view]) > 1 else ''}, a frame, times fit's",
            frame_ms[view] / frame_ms["fit"],
            "<=",
            limit,
            f"{frame_ms[view]:.2f} ms / {frame_ms['fit']:.2f} ms",
        )
        for view, limit in limits.items()
    ]


def of_page(folder: Path) -> list[Goal]:
    """Return the goal for the size of the page that computes, without its still picture."""
    path = folder / "explore.html"
    command = python("main.py", "--view", "explore", "--quiet", "--out", path)
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    page = re.sub(r"data:image/[^\"']*", "", path.read_text("utf-8"))
    return [Goal("explore, kB, without its still", len(page.encode()) / 1000, "<", 55)]


def of_size(folder: Path) -> list[Goal]:
    """Return the goals for the size of the 500 frames' file, against other encoders."""
    ours = folder / "ours.gif"
    subprocess.run(python(*main_py(epochs=500), ours), cwd=ROOT, check=True, capture_output=True)
    size = ours.stat().st_size
    by_ffmpeg = _size_by_ffmpeg(folder / "ffmpeg.gif") if which("ffmpeg") else None
    squeezed = _size_by_gifsicle(ours, folder / "gifsicle.gif") if which("gifsicle") else None
    return [
        Goal(
            "file, times that of ffmpeg undithered",
            size / by_ffmpeg if by_ffmpeg else None,
            "<=",
            1,
            f"{size:,} / {by_ffmpeg:,} bytes" if by_ffmpeg else "ffmpeg is not installed",
        ),
        Goal(
            "gifsicle -O3 saves, %",
            100 * (1 - squeezed / size) if squeezed else None,
            "<",
            3,
            f"{squeezed:,} bytes are left" if squeezed else "gifsicle is not installed",
        ),
    ]


def _size_by_ffmpeg(path: Path) -> int:
    """Return the bytes of the program's true frames encoded in one palette without dithering."""
    size = ("-s", "640x480", "-framerate", "10")
    graph = "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none"
    raw = ("ffmpeg", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", *size)
    frames = subprocess.Popen(
        python("-m", "tests.tools.fidelity", "main", "--raw"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    subprocess.run(
        [*raw, "-i", "-", "-filter_complex", graph, "-y", path], stdin=frames.stdout, check=True
    )
    if frames.wait():
        raise RuntimeError("the true frames could not be drawn")
    return path.stat().st_size


def _size_by_gifsicle(path: Path, squeezed: Path) -> int:
    subprocess.run(["gifsicle", "-O3", path, "-o", squeezed], check=True)
    return squeezed.stat().st_size
