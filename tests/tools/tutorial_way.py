"""The tutorial's animation as its readers save it; run in a process of its own, to be measured.

python -m tests.tools.tutorial_way WRITER FILE

WRITER is one of matplotlib's, through FuncAnimation, or "imwrite": whole figures in a list.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence

import imageio.v3 as iio
import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.animation import FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from scipy import interpolate

from regression import Dataset, Snapshot, noisy_line, train

LR = 0.0001
EPOCHS = 500
FRAME_MS = 100


class TutorialFigure:
    """Scatter and fitting line, which every frame takes away and plots anew, with a new legend."""

    def __init__(self, data: Dataset, snapshots: Sequence[Snapshot]) -> None:
        self.figure, self._axes = plt.subplots(figsize=(6.4, 4.8), dpi=100)
        self._data, self._snapshots = data, snapshots
        self._points = self._axes.scatter(data.x, data.y, color="red", label="Original data")
        self._axes.set_xlabel("X data")
        self._axes.set_ylabel("Y data")
        self._axes.plot(data.x, self._fitted(0), "g--", label="Fitting line")

    def _fitted(self, i: int) -> npt.NDArray[np.float64]:
        return self._snapshots[i].weight * self._data.x + self._snapshots[i].bias

    def update(self, i: int) -> None:
        """Make frame i of the figure."""
        self._axes.lines[0].remove()
        self._axes.plot(self._data.x, self._fitted(i), "g--", label="Fitting line")
        self._axes.legend(loc="upper center")
        if i == len(self._snapshots) - 1:
            self._add_cost()

    def _add_cost(self) -> None:
        epochs = np.array([snapshot.epoch for snapshot in self._snapshots])
        costs = np.array([snapshot.cost for snapshot in self._snapshots])
        dense = np.linspace(epochs[0], epochs[-1], 300)
        twin = self._axes.twinx()
        spline = interpolate.make_interp_spline(epochs, costs)
        (curve,) = twin.plot(dense, spline(dense), "b-", label="Cost")
        twin.set_ylabel("Cost")
        final = f"Final cost: {costs[-1]:.4f}"
        twin.text(0.5, 0.7, final, color="red", ha="center", transform=twin.transAxes)
        self._axes.legend(handles=[self._points, self._axes.lines[0], curve], loc="upper center")


def tutorial_figure() -> TutorialFigure:
    """Return the figure for the snapshots that all ways are measured on."""
    data = noisy_line()
    return TutorialFigure(data, list(train(data, lr=LR, epochs=EPOCHS)))


def whole_frames() -> Iterator[npt.NDArray[np.uint8]]:
    """Return a generator of the frames, RGB, each a figure drawn from scratch."""
    drawing = tutorial_figure()
    canvas = drawing.figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    for i in range(EPOCHS):
        drawing.update(i)
        canvas.draw()
        yield np.asarray(canvas.buffer_rgba())[..., :3].copy()


def main(writer: str, path: str) -> None:
    """Write the animation to the path; exits with the last thing an encoder says if it fails."""
    if writer == "imwrite":
        iio.imwrite(path, list(whole_frames()), duration=FRAME_MS, loop=0)
        return
    drawing = tutorial_figure()
    animation = FuncAnimation(drawing.figure, drawing.update, EPOCHS, interval=FRAME_MS)
    try:
        animation.save(path, writer=writer)
    except subprocess.CalledProcessError as error:
        said = error.stderr or error.output or b""
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        sys.exit((text.strip().splitlines() or [str(error)])[-1])


if __name__ == "__main__":
    main(*sys.argv[1:])
