"""Files against the frames that were drawn for them, before encoding.

python -m tests.tools.fidelity (tutorial | main) FILE...   prints a list in JSON
python -m tests.tools.fidelity (tutorial | main) --raw     gives the true frames, as rgb24
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageSequence

from plotting import Animation, animate
from regression import noisy_line, train
from tests.tools.tutorial_way import EPOCHS, FRAME_MS, LR, whole_frames

Pixels = npt.NDArray[np.uint8]

EXACT_DB = 100.0
"""What a frame without any error counts as in a mean."""


@dataclass(frozen=True)
class Fidelity:
    """PSNR in dB, over all frames and of the worst; pixels a frame that change for nothing."""

    mean_psnr: float
    worst_psnr: float
    flickering: float


class Comparison:
    """Takes pairs of a true frame and what a file shows at its time."""

    def __init__(self) -> None:
        self._psnr: list[float] = []
        self._flickering: list[int] = []
        self._before: tuple[Pixels, Pixels] | None = None

    def add(self, true: Pixels, shown: Pixels) -> None:
        """Compare the next frame."""
        difference = (true.astype(np.int16) - shown).ravel().astype(np.int64)
        error = int(difference @ difference) / difference.size
        self._psnr.append(10 * np.log10(255**2 / error) if error else EXACT_DB)
        if self._before is not None:
            true_before, shown_before = self._before
            changed = _differ(shown, shown_before) & ~_differ(true, true_before)
            self._flickering.append(int(np.count_nonzero(changed)))
        self._before = true, shown

    def result(self) -> Fidelity:
        """Return the figures over all frames so far."""
        mean_flickering = float(np.mean(self._flickering or [0]))
        return Fidelity(float(np.mean(self._psnr)), float(min(self._psnr)), mean_flickering)


def _differ(a: Pixels, b: Pixels) -> npt.NDArray[np.bool_]:
    """Return where two frames are not the same, of shape (height, width)."""
    red, green, blue = np.moveaxis(a != b, -1, 0)
    differ: npt.NDArray[np.bool_] = red | green | blue
    return differ


def animation() -> Animation:
    """Return the animation that the program writes: each epoch of the tutorial's run."""
    data = noisy_line()
    return animate(data, train(data, lr=LR, epochs=EPOCHS), "fit", display_step=1)


def true_frames(way: str) -> Iterator[Pixels]:
    """Return a generator of the frames (height, width, 3) that a way of drawing draws."""
    if way == "tutorial":
        yield from whole_frames()
        return
    for frame in animation().frames:
        yield frame[..., :3].copy()


def shown_frames(path: str, times_ms: Iterable[int]) -> Iterator[Pixels]:
    """Return a generator of what a file shows in the middle of each frame's time.

    An image may last several frames, since those that look the same are often merged.
    """
    with Image.open(path) as file:
        images = ImageSequence.Iterator(file)
        start_ms = image_ends_ms = 0.0
        for time_ms in times_ms:
            while image_ends_ms <= start_ms + time_ms / 2:
                image = next(images, None)
                if image is None:  # the last one stays
                    break
                pixels = np.array(image.convert("RGB"))
                image_ends_ms += image.info["duration"]
            yield pixels
            start_ms += time_ms


def compare(way: str, paths: list[str]) -> list[Fidelity]:
    """Return the figures of each file, all compared while the true frames are drawn once."""
    comparisons = [Comparison() for _ in paths]
    times_ms = [FRAME_MS] * EPOCHS if way == "tutorial" else animation().times_ms
    shows = [shown_frames(path, times_ms) for path in paths]
    for true, *shown in zip(true_frames(way), *shows, strict=True):
        for comparison, pixels in zip(comparisons, shown):
            comparison.add(true, pixels)
    return [comparison.result() for comparison in comparisons]


def main(way: str, *paths: str) -> None:
    """Print the comparison, or the frames themselves."""
    if paths == ("--raw",):
        for frame in true_frames(way):
            sys.stdout.buffer.write(frame.tobytes())
    else:
        print(json.dumps([asdict(figures) for figures in compare(way, list(paths))]))


if __name__ == "__main__":
    main(*sys.argv[1:])
