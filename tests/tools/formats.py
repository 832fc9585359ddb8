"""What each kind of file costs, and how true it is, all side by side on the same frames.

python -m tests.tools.formats [--runs N]

Each file is written by a process of its own; seconds are wall time of all of it, imports, training
and drawing included, medians of the runs, the kinds taken in turn. Memory is the peak of the
process. PSNR and flickering (pixels a frame that change although the true picture does not) are
against the frames that were drawn; a frame without any error counts as 100 dB. A page is looked at
in Chromium. What cannot be decoded here has no figures.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.tools.benchmarks import table
from tests.tools.processes import alternate, output, python

if TYPE_CHECKING:
    from plotting import Animation
    from plotting.encoders.palette import Pixels

STEPS = {24: 40, 501: 1}
"""By how many frames an animation of 500 epochs has, the start among them."""

EXACT_DB = 100
"""What `fidelity`, which takes more memory to import, counts for no error at all."""

WRITE = """
import sys
from tests.tools.formats import animation
animation(int(sys.argv[1])).save(sys.argv[2])
"""


@dataclass(frozen=True)
class Row:
    """The figures of a kind of file with so many frames; None for what was not measured."""

    kind: str
    frames: int
    seconds: float
    peak_mb: float
    kilobytes: float
    mean_psnr: float | None = None
    worst_psnr: float | None = None
    flickering: float | None = None


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.tools.formats", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="of each (default: 1)")
    parser.add_argument("--judge", nargs=2, metavar=("PATH", "FRAMES"), help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.judge:
        path, frames = args.judge
        print(json.dumps(judge(Path(path), int(frames))))
        return 0
    with TemporaryDirectory() as name:
        rows = [row for frames in STEPS for row in measure(Path(name), frames, args.runs)]
    print(kind_table(rows))
    return 0


def measure(folder: Path, frames: int, runs: int) -> Iterator[Row]:
    """Return a generator of the rows of all kinds with so many frames."""
    kinds = json.loads(output(python("-c", KINDS)))
    paths = {kind: folder / f"{frames}{'-%d' if kind == '.png' else ''}{kind}" for kind in kinds}
    commands = {kind: python("-c", WRITE, frames, path) for kind, path in paths.items()}
    for kind, run in alternate(commands, runs).items():
        if run.error:
            print(f"{kind}: {run.error}", file=sys.stderr)
            continue
        written = paths[kind]
        parts = folder.glob(written.name.replace("%d", "*"))
        size = sum(part.stat().st_size for part in parts) / 1000
        figures = json.loads(
            output(python("-m", "tests.tools.formats", "--judge", written, frames))
        )
        yield Row(kind, frames, run.seconds, run.peak_mb, size, **figures)


KINDS = """
import json
from plotting.encoders import WRITERS
print(json.dumps(list(WRITERS)))
"""


def kind_table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, of a line for each kind."""
    few, many = ({row.kind: row for row in rows if row.frames == count} for count in STEPS)
    sizes = [f"file kB, {count}" for count in STEPS]
    costs = [f"peak MB, {max(STEPS)}", f"seconds, {max(STEPS)}"]
    lines = []
    for kind in [kind for kind in many if kind in few]:
        row = many[kind]
        cells = [f"{few[kind].kilobytes:,.0f}", f"{row.kilobytes:,.0f}", f"{row.peak_mb:.0f}"]
        cells.append(f"{row.seconds:.2f}")
        if row.mean_psnr is None or row.flickering is None:
            cells += ["no pixels", ""]
        else:
            exact = row.mean_psnr == EXACT_DB
            cells += ["exact" if exact else f"{row.mean_psnr:.1f}", f"{row.flickering:,.0f}"]
        lines.append([f"`{kind}`", *cells])
    return table(("kind", *sizes, *costs, "mean PSNR, dB", "flickering pixels"), lines)


def animation(frames: int) -> Animation:
    """Return the animation that is written: the tutorial's run in view fit."""
    from plotting import animate
    from regression import noisy_line, train

    data = noisy_line()
    run = train(data, lr=0.0001, epochs=500)
    return animate(data, run, "fit", display_step=STEPS[frames])


def judge(path: Path, frames: int) -> dict[str, float]:
    """Return the figures of a file's fidelity, none where nothing here decodes it."""
    from tests.tools.fidelity import Comparison

    if path.suffix not in SHOWN:
        return {}
    drawn = animation(frames)
    comparison = Comparison()
    for true, shown in zip(drawn.frames, SHOWN[path.suffix](path, drawn.times_ms), strict=True):
        comparison.add(true[..., :3].copy(), shown)
    return asdict(comparison.result())


def _in_the_middle(
    pictures: Iterator[tuple[float, Pixels]], times_ms: Sequence[int]
) -> Iterator[Pixels]:
    """Return a generator of what is seen in the middle of each frame's time, given pictures and
    when each ends, in ms.
    """
    ends_ms, picture = next(pictures)
    start_ms = 0.0
    for time_ms in times_ms:
        while ends_ms <= start_ms + time_ms / 2:
            ends_ms, picture = next(pictures)
        yield picture
        start_ms += time_ms


def _shown_by_pillow(path: Path, times_ms: Sequence[int]) -> Iterator[Pixels]:
    import numpy as np
    from PIL import Image, ImageSequence

    def pictures() -> Iterator[tuple[float, Pixels]]:
        ends_ms = 0.0
        with Image.open(path) as file:
            for image in ImageSequence.Iterator(file):
                pixels = np.array(image.convert("RGB"))
                ends_ms += image.info["duration"]  # which a WebP tells when it is decoded
                yield ends_ms, pixels

    return _in_the_middle(pictures(), times_ms)


def _shown_by_ffmpeg(path: Path, times_ms: Sequence[int]) -> Iterator[Pixels]:
    import av

    def pictures() -> Iterator[tuple[float, Pixels]]:
        with av.open(str(path)) as movie:
            before: Any = None
            for frame in movie.decode(video=0):
                if before is not None:
                    yield 1000 * frame.time, before
                before = frame.to_ndarray(format="rgb24")
            yield float("inf"), before

    return _in_the_middle(pictures(), times_ms)


def _numbered(path: Path, times_ms: Sequence[int]) -> Iterator[Pixels]:
    import numpy as np
    from PIL import Image

    for number in range(1, len(times_ms) + 1):
        with Image.open(path.with_name(path.name % number)) as image:
            yield np.array(image.convert("RGB"))


def _shown_by_chromium(path: Path, times_ms: Sequence[int]) -> Iterator[Pixels]:
    from base64 import b64decode
    from io import BytesIO

    import numpy as np
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(reduced_motion="reduce")
        page.goto(path.as_uri())
        for number in range(len(times_ms)):
            page.evaluate("number => show(number)", number)
            page.wait_for_function(f"shown === {number}")
            data = page.evaluate("canvas.toDataURL()").partition(",")[2]
            with Image.open(BytesIO(b64decode(data))) as image:
                yield np.array(image.convert("RGB"))
        browser.close()


SHOWN = {
    **dict.fromkeys((".gif", ".apng", ".webp"), _shown_by_pillow),
    ".mp4": _shown_by_ffmpeg,
    ".png": _numbered,
    ".html": _shown_by_chromium,
}


if __name__ == "__main__":
    sys.exit(main())
