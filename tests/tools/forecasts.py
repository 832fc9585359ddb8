"""What is forecast to draw and write frames, beside what it takes, for each kind of file.

python -m tests.tools.forecasts [--frames 200]

Seconds are of the processor, so that other programs disturb less; each view writes each kind, in
its own size, and view fit small and large pictures, too.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from plotting import animate, encoders
from regression import finish, noisy_line, train

SIZES: list[tuple[str, dict[str, Any], float]] = [
    ("fit", {}, 1),
    ("story", {}, 1),
    ("compare", {}, 1),
    ("fit", {"width": 320, "height": 260}, 3),
    ("fit", {"scale": 4}, 0.2),
]
"""View, options, and how many times as many frames."""


def main() -> int:
    """Measure and print; returns 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--frames", type=int, default=200)
    frames = parser.parse_args().frames
    data = noisy_line()
    runs = [finish(train(data, lr=lr, epochs=2000)) for lr in (0.0001, 0.001, 0.005)]
    print("| view | kind | pixels | frames | seconds | forecast | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for view, options, times in SIZES:
        for kind in encoders.WRITERS:
            of = runs if view == "compare" else runs[0]
            animation = animate(data, of, view, frames=max(2, round(frames * times)), **options)
            width, height = animation.frames.size
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / ("%d.png" if kind == ".png" else f"a{kind}")
                began = time.process_time()
                animation.save(path)
                took = time.process_time() - began
            count = len(animation.frames)
            told = encoders.forecast(path, width, height, count).seconds
            cells = [view, kind, f"{width} x {height}", count, f"{took:.2f}", f"{told:.2f}"]
            print("|", " | ".join(map(str, [*cells, f"{took / told:.2f}"])), "|", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
