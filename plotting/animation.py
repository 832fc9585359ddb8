"""Runs become an animation that saves and shows itself: the same for scripts and notebooks."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from plotting import encoders, window
from plotting.encoders.film import TITLE, Film, PageText
from plotting.encoders.gif import MAX_PLAYS
from plotting.encoders.page import html_page
from plotting.frames import FRAME_MS, HOLD_MS, Frames, View
from plotting.theme import THEMES
from plotting.views import BASICS, DESIGNS, DISPLAY_STEP, STEPS, VIEWS, create_view
from plotting.views.base import Style, check_legible
from plotting.views.basics import BasicsView
from plotting.views.compare import MAX_RUNS, CompareView
from plotting.views.fit import SMOOTHINGS, FitView, Smoothing
from plotting.views.microscope import MicroscopeView
from plotting.views.squares import SquaresView
from plotting.views.story import StoryView
from regression import (
    COUNT,
    Dataset,
    Number,
    Run,
    Snapshot,
    Step,
    Training,
    UserError,
    finish,
    rows_of,
    what_differs,
)

MAX_FRAMES = 10**7

PIXELS = Number(int, 100, 10**9, "a whole number of pixels, 100 or more")
SCALE = Number(float, 0.25, 8, "a number from 0.25 to 8")
TIME = Number(int, 20, 600_000, "a whole number of milliseconds from 20 to 600,000")
FRAMES = Number(int, 2, MAX_FRAMES, f"a whole number of frames from 2 to {MAX_FRAMES:,}")
SECONDS = Number(float, 1, 3600, "a number of seconds from 1 to 3,600")
PLAYS = Number(int, 0, MAX_PLAYS, "a number of plays up to 65,535, or 0 for ever")

MAX_PIXELS = 7680 * 4320
MIN_SIDE_PX = 80
"""Where a small label still has two pixels; fonts fail below."""

BYTES_PER_PIXEL = 26
"""Of peak memory, for a GIF: the slope from scale 2 to scale 6. For a page it is 41."""


DESCRIPTIONS: Mapping[type[Any], str] = {
    FitView: "{y} against {x}: the points, and the line as it is fitted to them; at the end, the "
    "cost of each epoch.",
    SquaresView: "{y} against {x}: the points, the line as it is fitted to them, and the squares "
    "of its errors.",
    StoryView: "{y} against {x}: the points, the line as it is fitted to them, and its errors; "
    "beside it, the same epochs as a path of W and b over the cost.",
    CompareView: "{y} against {x}: the points, and the lines that {runs} runs fit to them; beside "
    "them, the cost of each run.",
    MicroscopeView: "{y} against {x}: the points, and the line before and after each step; beside "
    "it, the same steps as a path of W and b over the cost.",
    BasicsView: "A cosine stays while a sine moves over it.",
}
"""What each view shows, for those who cannot see it."""

CONTROLS_PX = 170
"""What a page has above and below its picture, but for its notes."""

NOTE_PX = 20


class Animation:
    """A view in motion. Jupyter shows it as a GIF; save() writes it as any kind of file."""

    def __init__(
        self,
        view: View,
        data: Dataset | None = None,
        runs: Sequence[Run] = (),
        *,
        title: str = "",
        notes: Sequence[str] = (),
        frame_ms: int = FRAME_MS,
        hold_ms: int = HOLD_MS,
        scale: float = 1.0,
        dark_view: Callable[[], View] | None = None,
    ) -> None:
        """Take a view, and for the words of a page its data, its runs, and lines to put below.

        `scale` is how many of the view's pixels are for one of the screen; `dark_view` makes the
        same view for a dark one.
        """
        self.frames = Frames(view)
        self.times_ms = self.frames.times_ms(frame_ms, hold_ms)
        self._view, self._data, self._runs = view, data, runs
        self._title, self._notes, self._scale = title, notes, scale
        self._dark_view = dark_view

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        loop: int = 0,
        progress: bool = False,
        replace: bool = True,
    ) -> list[Path]:
        """Write the animation, as the suffix says, and return the files written.

        The suffix is one of .gif, .svg, .apng, .webp, .mp4, .html, or `%04d.png` for numbered
        pictures. `loop` says how often to play, 0 for ever; `progress` shows a bar on a
        terminal; without `replace`, a file that is there already is an error. Raises UserError
        for another suffix or number, for a picture that the kind of file cannot hold, or where
        the package for .mp4 is missing; OSError when writing fails.
        """
        PLAYS.check("loop", loop)
        path = Path(path)
        encoders.writer_for(path)
        encoders.check_size(path, *self.frames.size)
        film = self.film(loop)._replace(replace=replace)
        return encoders.save(path, film, progress=progress)

    def show(self, *, loop: int = 0) -> None:
        """Play in a window until it is closed; `loop` as for save(). Raises UserError when no
        window can be opened.
        """
        window.play(
            self.frames, self.times_ms, title=self._title or TITLE, loop=loop, scale=self._scale
        )

    @cached_property
    def gif(self) -> bytes:
        """The animation as a GIF, made once."""
        return encoders.gif_bytes(self.film())

    def film(self, loop: int = 0) -> Film:
        """Return what a writer of files is given; `loop` as for save()."""
        return Film(
            self.frames,
            self.times_ms,
            loop,
            self.text,
            self._view,
            self._dark_view,
            scale=self._scale,
        )

    def player(self) -> Player:
        """Return the animation as a page with a slider, which Jupyter shows in a frame."""
        return Player(self)

    def text(self) -> PageText:
        """Return what a page says beside the pictures."""
        own = "A picture that moves" if self._data is None else TITLE
        captions = [_caption(moment, self._runs) for moment in self._view.moments]
        title = self._title or own
        return PageText(title, self.description, captions, self._notes, titled=bool(self._title))

    @property
    def description(self) -> str:
        """What is to be seen, for those who cannot see it."""
        x, y = (self._data.x_name, self._data.y_name) if self._data else ("", "")
        for kind, words in DESCRIPTIONS.items():
            if isinstance(self._view, kind):
                return words.format(x=x, y=y, runs=len(self._runs))
        return PageText().description

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, str]:
        """Return what a notebook keeps: the animation as a picture, and, since what notebooks are
        turned into knows no image/gif, in HTML, too.
        """
        gif = b64encode(self.gif).decode("ascii")
        last = ", ".join(" ".join(pair) for pair in self.text().captions[-1].items())
        alt = escape(f"{self.description} Last: {last}.")
        width = round(self.frames.size[0] / self._scale)
        style = f"width: {width}px; max-width: 100%; height: auto"
        image = f'<img alt="{alt}" style="{style}" src="data:image/gif;base64,{gif}">'
        return {"text/html": image, "image/gif": gif, "text/plain": repr(self)}

    def __repr__(self) -> str:
        frames = f"{len(self.frames)} frame{'s' if len(self.frames) != 1 else ''}"
        return f"<animation of {frames}, {sum(self.times_ms) / 1000:g} s>"


class Player:
    """An animation as a page with a slider, in a frame of a notebook."""

    def __init__(self, animation: Animation) -> None:
        """Take the animation that it plays."""
        self._animation = animation

    def _repr_html_(self) -> str:
        film, text = self._animation.film(), self._animation.text()
        height = round(self._animation.frames.size[1] / film.scale) + CONTROLS_PX
        height += NOTE_PX * len(text.notes)
        # Its scripts may run, and see nothing of the notebook.
        return (
            f'<iframe title="{escape(text.title)}" sandbox="allow-scripts" '
            f'style="width: 100%; height: {height}px; border: 0" '
            f'srcdoc="{escape(html_page(film))}"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<player of {self._animation!r}>"


def _caption(moment: Any, runs: Sequence[Run]) -> Mapping[str, str]:
    """Return the names and values that belong to a moment of a view of these runs."""
    if isinstance(moment, Snapshot):
        return {"Epoch": f"{moment.epoch}", **_values(*moment[1:])}
    if isinstance(moment, Step):
        points = ", ".join(f"{point + 1}" for point in moment.points[:9])
        more = " and others" if len(moment.points) > 9 else ""
        values = _values(*moment.after, moment.cost)
        return {"Step": f"{moment.number}", "Sample": points + more, **values}
    if not runs:
        return {"i": f"{moment}"}
    names = what_differs(runs)
    costs = {f"Cost, {name}": _cost_at(moment, run) for name, run in zip(names, runs)}
    return {"Epoch": f"{moment}", **costs}


def _values(weight: float, bias: float, cost: float) -> Mapping[str, str]:
    return {"W": f"{weight:.8g}", "b": f"{bias:.8g}", "Cost": f"{cost:.8g}"}


def _cost_at(epoch: int, run: Run) -> str:
    """Return the cost after that epoch, a dash where the run did not come so far."""
    history = run.history
    index = int(rows_of(history, epoch))
    if index < 0 or (index == len(history) - 1 and epoch > history["epoch"][index]):
        return "\N{EN DASH}"
    return f"{history['cost'][index]:.8g}"


def animate(
    data: Dataset | None,
    runs: Training | Run | Sequence[Training | Run] = (),
    view: str = "story",
    *,
    display_step: int = DISPLAY_STEP,
    frames: int | None = None,
    steps: int = STEPS,
    smoothing: Smoothing = "none",
    theme: str = "light",
    title: str = "",
    width: int | None = None,
    height: int | None = None,
    scale: float = 1.0,
    frame_ms: int = FRAME_MS,
    hold_ms: int = HOLD_MS,
    notes: Sequence[str] = (),
) -> Animation:
    """Return an animation of what train() returned for the data; several of them for compare.

    `view` is fit, squares, story, compare or microscope, or basics-reset or basics-redraw, which
    draw no training and need no data. `display_step` draws the first ten epochs, every so-many-th
    and the last; `frames`, in its place, so many epochs, most of them early ones. `width` and
    `height` are in pixels before `scale`, times in milliseconds; `notes` are lines that a page
    shows below. Raises UserError for a view, theme, smoothing or number that is not allowed, or
    for a run on other data, TypeError for what is no training, or a title that is no text.

    >>> from regression import noisy_line, train
    >>> data = noisy_line()
    >>> animate(data, train(data, lr=0.001, epochs=100))
    <animation of 14 frames, 3.3 s>
    """
    for name, value, known in (
        ("view", view, VIEWS),
        ("theme", theme, (*THEMES, "auto")),
        ("smoothing", smoothing, SMOOTHINGS),
    ):
        if value not in known:
            raise UserError(f"{name}: expected {', '.join(known)}, not {value!r}")
    for number, given, allowed in (
        ("display_step", display_step, COUNT),
        ("frames", 2 if frames is None else frames, FRAMES),
        ("steps", steps, COUNT),
        ("scale", scale, SCALE),
        ("frame_ms", frame_ms, TIME),
        ("hold_ms", hold_ms, TIME),
    ):
        allowed.check(number, given)
    check_picture(view, title, width, height, scale)
    shade = "light" if theme == "auto" else theme
    style = Style(width, height, scale, THEMES[shade], title)
    if view in BASICS:

        def draw(style: Style) -> View:
            return create_view(view, style=style)

        return _animation(draw, style, theme, title=title, frame_ms=frame_ms, hold_ms=hold_ms)
    if not isinstance(data, Dataset):
        raise TypeError(f"data: expected a Dataset, as read_csv() returns it, not {data!r}")
    finished = _finish(data, runs, steps if view == "microscope" else 0)
    if (len(finished) > 1) != (view == "compare"):
        expected = "two runs or more, in a list" if view == "compare" else "one run"
        raise UserError(f"view {view!r}: expected {expected}, not {len(finished)}")
    if len(finished) > MAX_RUNS:
        raise UserError(f"runs: expected at most {MAX_RUNS}, not {len(finished)}")
    chosen: dict[str, Any] = {"display_step": display_step, "frames": frames}
    if view == "fit":
        chosen["smoothing"] = smoothing

    def draw_runs(style: Style) -> View:
        return create_view(view, data, finished, **chosen, style=style)

    return _animation(
        draw_runs,
        style,
        theme,
        data=data,
        runs=finished,
        title=title,
        notes=notes,
        frame_ms=frame_ms,
        hold_ms=hold_ms,
    )


def _animation(
    draw: Callable[[Style], View], style: Style, theme: str, **words_and_times: Any
) -> Animation:
    """Return the animation of what `draw` makes, which for theme "auto" is drawn dark, too."""

    def draw_dark() -> View:
        return draw(replace(style, theme=THEMES["dark"]))

    dark_view = draw_dark if theme == "auto" else None
    return Animation(draw(style), scale=style.scale, dark_view=dark_view, **words_and_times)


def _finish(data: Dataset, given: object, steps: int) -> list[Run]:
    runs = [given] if isinstance(given, Training | Run) else given
    if not (
        isinstance(runs, Sequence) and runs and all(isinstance(run, Training | Run) for run in runs)
    ):
        raise TypeError("animate() takes what train() returned, or several of it in a list")
    for run in runs:
        if not (np.array_equal(run.data.x, data.x) and np.array_equal(run.data.y, data.y)):
            raise UserError("data: expected the points that the run was trained on, not others")
        if steps and isinstance(run, Run) and not run.steps:
            raise UserError(
                "view 'microscope' shows single steps: expected what train() returned, or a run "
                "that was finished with steps"
            )
    return [run if isinstance(run, Run) else finish(run, steps) for run in runs]


SHORTEST_MS = 20
"""Browsers show what is shorter for longer."""


def times_for(
    seconds: float, frame_ms: int, hold_ms: int, frames: int | None, epochs: int
) -> tuple[int, int, int]:
    """Return the time of a frame, that of the last, and how many frames play for so long: `frames`
    where it is given, else as many as the time of a frame allows, and no more than the epochs,
    with the start. Raises UserError for more frames than are seen in that time.

    >>> times_for(6, 100, 2000, None, 500), times_for(6, 100, 2000, 5, 500)
    ((100, 2000, 41), (1000, 2000, 5))
    """
    hold_ms = min(hold_ms, int(500 * seconds))  # half of the whole at most
    rest_ms = 1000 * seconds - hold_ms
    frames = max(2, min(frames or round(rest_ms / frame_ms) + 1, epochs + 1))
    each_ms = round(rest_ms / (frames - 1))
    if each_ms < SHORTEST_MS:
        most = int(rest_ms / SHORTEST_MS) + 1
        raise UserError(f"frames: expected at most {most:,} in {seconds:g} s, not {frames:,}")
    return each_ms, hold_ms, frames


def check_picture(
    view: str, title: str, width: int | None, height: int | None, scale: float
) -> tuple[int, int]:
    """Return the width and height of a picture in pixels; a side that is None is the view's own.

    Raises UserError for a picture that is too small to read, or too large for the memory, and
    for a title with bytes that are no text here; TypeError for a title that is no text.
    """
    if not isinstance(title, str):
        raise TypeError(f"title: expected text, not {title!r}")
    if any("\ud800" <= char <= "\udfff" for char in title):
        raise UserError(f"title: expected text in the terminal's encoding, not {title!a}")
    if view in DESIGNS:
        check_legible(view, Style(width, height, scale), DESIGNS[view])
    sides = Style(width, height, scale).size(VIEWS[view])
    if min(sides) < MIN_SIDE_PX:
        few = f"{sides[0]} x {sides[1]} pixels (width and height times scale)"
        raise UserError(f"picture: expected at least {MIN_SIDE_PX} pixels a side, not {few}")
    pixels = sides[0] * sides[1]
    if pixels > MAX_PIXELS:
        raise UserError(
            f"picture: expected at most {MAX_PIXELS:,} pixels, not {sides[0]:,} x {sides[1]:,}, "
            f"which take {pixels * BYTES_PER_PIXEL / 1e9:,.1f} GB of memory"
        )
    return sides
