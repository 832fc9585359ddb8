"""The animation live in a window: each frame is drawn when it is due."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.backend_bases import KeyEvent

from plotting.encoders import ticks
from plotting.encoders.palette import Pixels
from regression import UserError

DPI = 100.0


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
            "show: expected a display, and Tk (package python3-tk) or Qt (pip install PyQt6) for its "
            f"window; {asked}"
        )


def play(frames: Sequence[Pixels], times_ms: Sequence[int], *, title: str, loop: int = 0) -> None:
    """Show the frames, each (h, w, 3 or 4) and for its time, until the window is closed.

    The space bar pauses and goes on; `loop` says how often to play, 0 for ever. Needs what
    open_backend() loads.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415
    from matplotlib.animation import FuncAnimation  # noqa: PLC0415

    height, width = frames[0].shape[:2]
    tick_ms, repeats = ticks(times_ms)
    schedule = [index for index, times in enumerate(repeats) for _ in range(times)]
    with plt.rc_context({"toolbar": "None"}):
        figure = plt.figure(title, figsize=(width / DPI, height / DPI), dpi=DPI)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    image = axes.imshow(frames[0], animated=True)

    def show(index: int) -> tuple[object]:
        image.set_data(frames[index])
        return (image,)

    animation = FuncAnimation(
        figure,
        show,  # type: ignore[arg-type]
        init_func=lambda: (image,),
        frames=schedule * max(1, loop),
        interval=tick_ms,
        blit=True,
        repeat=loop == 0,
        cache_frame_data=False,
    )
    paused = False

    def on_key(event: KeyEvent) -> None:
        nonlocal paused
        if event.key == " " and animation.event_source is not None:  # it has not come to its end
            paused = not paused
            (animation.pause if paused else animation.resume)()

    figure.canvas.mpl_connect("key_press_event", on_key)
    plt.show()
