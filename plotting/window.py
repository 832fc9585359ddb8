"""The animation live in a window: each frame is drawn when it is due."""

from __future__ import annotations

import time
from collections.abc import Sequence

from matplotlib.backend_bases import Event, KeyEvent

from plotting.encoders.palette import Pixels
from regression import UserError

DPI = 100.0

LATE_S = 0.25
"""What is later than that does not hurry to catch up."""


def open_backend(wanted: str = "") -> None:
    """Have matplotlib load what opens windows here: the backend wanted, else one that it finds.

    Raises UserError when there is none, mostly since there is no display.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415 - takes its time, and no file needs it
    from matplotlib.backends.registry import BackendFilter, backend_registry  # noqa: PLC0415

    try:
        if wanted:
            plt.switch_backend(wanted)
        found = plt.get_backend()
    except (ImportError, ValueError):
        found = "none"
    if found.lower() not in backend_registry.list_builtin(BackendFilter.INTERACTIVE):
        asked = f"MPLBACKEND={wanted} opens none" if wanted else "there is none to be had"
        raise UserError(
            "show: expected a display, and Tk (package python3-tk) or Qt (pip install PyQt6) for "
            f"its window; {asked}"
        )


def play(
    frames: Sequence[Pixels],
    times_ms: Sequence[int],
    *,
    title: str,
    loop: int = 0,
    scale: float = 1.0,
) -> None:
    """Show the frames, each (h, w, 3 or 4) and for its time, until the window is closed.

    The space bar pauses and goes on, the arrow keys go one frame on or back, Escape closes; `loop`
    says how often to play, 0 for ever; `scale` is how many of the frames' pixels are for one of an
    ordinary screen. Needs what open_backend() loads.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415

    Player(frames, times_ms, title, loop, scale).start()
    plt.show()


class Player:
    """A window with one frame in it, and a timer for the next."""

    def __init__(
        self,
        frames: Sequence[Pixels],
        times_ms: Sequence[int],
        title: str,
        loop: int,
        scale: float,
    ) -> None:
        """Open a window with the first frame."""
        import matplotlib.pyplot as plt  # noqa: PLC0415

        self._frames, self._times_ms, self._loop = frames, times_ms, loop
        self._index, self._plays, self._playing = 0, 0, True
        height, width = frames[0].shape[:2]
        self._size, self._scale, self._ratio = (width, height), scale, 1.0
        with plt.rc_context({"toolbar": "None"}):
            self.figure = plt.figure(title, dpi=DPI)
        self._fit()
        axes = self.figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        self._image = axes.imshow(frames[0], interpolation="none")
        self.figure.canvas.mpl_connect("resize_event", self._on_resize)
        self._timer = self.figure.canvas.new_timer()
        self._timer.add_callback(self._next)
        self.figure.canvas.mpl_connect("key_press_event", self._on_key)
        self.figure.canvas.mpl_connect("close_event", lambda _: self._timer.stop())

    def start(self) -> None:
        """Play from here on."""
        self._playing = True
        self._due = time.perf_counter()
        self._wait()
        self._timer.start()

    def _show(self, index: int) -> None:
        self._index = index
        self._image.set_data(self._frames[index])
        self.figure.canvas.draw_idle()

    def _wait(self) -> None:
        """Have the timer, which repeats, call for the next frame when this one has had its time.

        Counted from when this one was due: what is late once is not late for good.
        """
        now = time.perf_counter()
        self._due = max(self._due, now - LATE_S) + self._times_ms[self._index] / 1000
        self._timer.interval = max(1, round(1000 * (self._due - now)))

    def _next(self) -> None:
        is_last = self._index == len(self._frames) - 1
        self._plays += is_last
        if is_last and self._plays == self._loop:
            self._pause()
            return
        self._show(0 if is_last else self._index + 1)
        self._wait()

    def _pause(self) -> None:
        self._playing = False
        self._timer.stop()

    def _step(self, by: int) -> None:
        self._pause()
        self._show(min(max(0, self._index + by), len(self._frames) - 1))

    def _on_resize(self, _: Event) -> None:
        canvas = self.figure.canvas
        if canvas.device_pixel_ratio != self._ratio:  # known only when the window is on a screen
            self._ratio = canvas.device_pixel_ratio
            self._fit()
        exact = [side * self._times() for side in self._size]
        is_exact = list(canvas.get_width_height(physical=True)) == exact
        self._image.set_interpolation("none" if is_exact else "auto")

    def _fit(self) -> None:
        """Make the window so large that each pixel is one of the screen, or several."""
        # A tenth of a pixel more, since a window cuts off what dividing rounded down.
        width, height = (side * self._times() + 0.1 for side in self._size)
        self.figure.set_size_inches(width / self.figure.dpi, height / self.figure.dpi)

    def _times(self) -> int:
        return max(1, round(self._ratio / self._scale))

    def _on_key(self, event: KeyEvent) -> None:
        if event.key == "escape":
            import matplotlib.pyplot as plt  # noqa: PLC0415

            plt.close(self.figure)
        elif event.key in {"left", "right"}:
            self._step(1 if event.key == "right" else -1)
        elif event.key == " " and self._playing:
            self._pause()
        elif event.key == " ":
            if self._index == len(self._frames) - 1:  # it came to its end, and plays once more
                self._plays = 0
                self._show(0)
            self.start()
