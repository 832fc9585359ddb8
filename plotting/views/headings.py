"""What stands above the panel of one of several runs: what differs, the cost of now, where the run
ends and how much of the distance it has covered; and how many lines that takes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from plotting.theme import SMALL_PT, colours
from plotting.views import words
from plotting.views.base import figure_of, pixel_of
from plotting.views.header import diverges_at, floored, line_text
from plotting.views.readout import Readout, Write, without_blanks
from plotting.views.reasons import LINE, wrapped
from regression import Line, Run, predict


class Sentences:
    """What is said of a run before the last frame, and on it; the same words for every run."""

    def __init__(self, runs: Sequence[Run]) -> None:
        limits = [run.as_trained.convergence.safe_rate for run in runs]
        self.own_limits = not all(math.isclose(limit, limits[0]) for limit in limits)
        """Whether each run has a safe limit of its own, which its panel then names."""
        self._runs = runs

    def of(self, run: Run, *, is_last: bool, brief: bool) -> list[str]:
        """Return the sentences; `brief` ones leave out how fast it goes."""
        says = [end_of(run, is_last=is_last, brief=brief)]
        progress = verdict_of(run, brief=brief) if is_last else "" if brief else pace_of(run)
        says += [progress] if progress else []
        if self.own_limits:
            trained = run.as_trained.convergence
            says.append(f"rates safe up to {floored(trained.safe_rate)}{diverges_at(trained)}")
        return says

    def lines(self, width: float, *, brief: bool) -> int:
        """Return how many lines the longest takes, in pixels of the design."""
        return max(
            sum(len(wrapped(text, int(width))) for text in self.of(run, is_last=last, brief=brief))
            for run in self._runs
            for last in (False, True)
        )


def end_of(run: Run, *, is_last: bool, brief: bool = False) -> str:
    """Return where the run ends, or would with more epochs; a `brief` text leaves out the line."""
    convergence, trained = run.convergence, run.as_trained.convergence
    if run.overflowed:
        return f"diverges: overflows in epoch {run.overflow_epoch:,}"
    if convergence.limit_cost is None:
        return f"diverges: {growth(trained.contraction)}"
    if convergence.limit_is_useless:
        return useless_end(run, convergence.limit_cost, is_last=is_last, brief=brief)
    verb = "ends" if is_last and has_converged(run) else "would end"
    return f"{'its mean line ' * convergence.hovers}{verb} {words.where(convergence)}"


def useless_end(run: Run, cost: float, *, is_last: bool, brief: bool) -> str:
    """Return that the run converges to a useless line of that cost, or has, and to which."""
    limit, times = run.convergence.limit, f"cost {words.number(cost)}"
    if not run.convergence.points_on_a_line:
        times = f"{words.times(cost / run.convergence.minimum_cost)} times the lowest cost"
    if not is_last or limit is None or not has_converged(run):
        return f"converges to a useless line: {times}"
    if brief:
        return f"converged to a useless line: {times}"
    return f"has converged, to a useless line: {unbroken(line_text(limit, 4))}, {times}"


def unbroken(line: str) -> str:
    """Return the text of a line that is broken before its b only, if at all."""
    *slope, sign, bias = line.split(" ")
    return " ".join("\N{NO-BREAK SPACE}".join(part) for part in (slope, (sign, bias)))


def growth(factor: float) -> str:
    """Return how the distance between lines grows that moves apart by this factor an epoch."""
    if factor >= 2:
        return f"every distance grows {words.number(factor, 1)}-fold each epoch"
    if factor > 1:
        return f"every distance doubles in {words.epochs_text(math.log(2) / math.log(factor))}"
    return "no distance ever shrinks"


def pace_of(run: Run) -> str:
    """Return how fast the distance to the run's end shrinks; nothing of a run without one, or with
    one that is of no use.
    """
    convergence = run.as_trained.convergence
    if is_useless(run) or not convergence.contraction < 1:
        return ""
    return words.gap(convergence)


def verdict_of(run: Run, *, brief: bool) -> str:
    """Return how far the run has come at its last epoch; nothing of a run without an end, or with
    one that is of no use.
    """
    if is_useless(run):
        return ""
    if run.convergence.hovers and has_converged(run):
        if brief or run.average_cost is None:
            return "hovers around its mean line"
        cost = words.rounded(run.average_cost)
        return f"hovers around it: single lines cost {cost} on average"
    last, weight, bias, _ = run.as_trained.history[-1].tolist()
    return words.verdict(run.as_trained.convergence, Line(weight, bias), last, brief=brief)


def is_useless(run: Run) -> bool:
    """Return whether the run diverges, or ends at a line that is worse than its start."""
    return run.overflowed or run.convergence.limit is None or run.convergence.limit_is_useless


def has_converged(run: Run) -> bool:
    """Return whether the run's last line is as near to its end as that of a converged run; of a
    shuffled run, whose lines keep changing, whether it had the epochs that takes.
    """
    convergence = run.as_trained.convergence
    last, weight, bias, _ = run.as_trained.history[-1].tolist()
    if convergence.hovers:
        needed = convergence.epochs_needed
        return needed is not None and needed <= last
    return convergence.is_near_limit(Line(weight, bias))


class Heading:
    """Keeps the lines above one panel up to date, and what is written within it."""

    def __init__(
        self, panel: Axes, name: str, run: Run, says: Sentences, *, colour: str, muted: bool,
        brief: bool, write: Write, widest: float, write_line: Callable[[float, float], str],
    ) -> None:  # fmt: skip
        """Take the panel in its place, what differs, and what writes a cost, of which `widest` is
        the largest that will be shown, and a line.
        """
        self._figure, self._box = figure_of(panel), panel.bbox
        self._ink = colours().muted if muted else colours().ink
        self._write, self._pixel = write, pixel_of(self._figure)
        pixel = self._pixel
        left, right = self._box.x0, self._box.x1
        width = int(self._box.width / pixel)
        count = says.lines(width, brief=brief)
        self._first = first = self._box.y1 + (6 + LINE * count) * pixel
        self._cost = Readout(self._figure, right, first, self._ink)
        swatch = Line2D([left + 4 * pixel], [first + 4.5 * pixel], marker="s", ms=6, color=colour)
        swatch.set_transform(IdentityTransform())
        self._figure.add_artist(swatch)
        title = self._text(left + 12 * pixel, first, name)
        title.set_fontweight("bold")
        self._name = "cost "
        room = right - title.get_window_extent().x1 - 6 * pixel
        if self._cost.width_of(self._says(widest)) > room:
            self._name = ""
        self._meanwhile, self._verdict = (
            [
                self._text(left, first - LINE * pixel * (index + 1), line)
                for index, line in enumerate(
                    line
                    for text in says.of(run, is_last=is_last, brief=brief)
                    for line in wrapped(text, width)
                )
            ]
            for is_last in (False, True)
        )
        self._note = Readout(self._figure, 0, 0, colours().muted, colours().paper)
        self._equation = Readout(self._figure, 0, 0, self._ink, colours().paper)
        self._end = Readout(self._figure, 0, 0, self._ink, colours().paper)
        self._end_text, self._is_reached = "", False
        _, weight, bias, _ = run.history[-1].tolist()
        self._line = f"now: {write_line(weight, bias)}"
        fits = self._equation.width_of(self._line) < 0.7 * self._box.width
        self._has_equation = fits and self._box.height > 90 * pixel
        limit = run.convergence.limit
        if self._has_equation and limit is not None and not is_useless(run):
            name = "mean" if run.convergence.hovers else "end"
            self._end_text = f"{name}: {write_line(*limit)}"
            self._is_reached = has_converged(run) and not run.convergence.hovers
        longest = max(self._line, self._end_text, key=self._end.width_of)
        needed = self._end.width_of(longest) + 8 * pixel
        self._is_left, self._is_high = free_corner(panel, run, needed)
        self.artists = (self._cost, self._note, self._end, self._equation)

    def _says(self, cost: float) -> str:
        return self._name + without_blanks(self._write(cost))

    def _text(self, x: float, y: float, says: str) -> Text:
        whole = self._figure.bbox
        return self._figure.text(
            x / whole.width, y / whole.height, says, size=SMALL_PT, color=self._ink
        )

    def update(self, cost: float | None, note: str, *, is_last: bool) -> None:
        """Show the cost, or a note in the panel of a run that cannot be seen; at last its line."""
        # At the right end, whatever its length.
        self._cost.set_text("" if cost is None else self._says(cost))
        self._cost.move(self._box.x1 - self._cost.width, self._first)
        self._note.set_text(note)
        if note:
            if self._note.width > self._box.width - 8:
                self._note.set_text(note.partition(":")[0])
            self._to_corner(self._note)
        self._equation.set_text(self._line if is_last and not note and self._has_equation else "")
        self._to_corner(self._equation)
        self._end.set_text("" if is_last and self._is_reached else self._end_text)
        self._to_corner(self._end, 1 if is_last else 0)

    def _to_corner(self, text: Readout, lines: int = 0) -> None:
        """Move a text to the free corner, or so many lines from there."""
        box, pixel = self._box, self._pixel
        left = box.x0 + 4 * pixel if self._is_left else box.x1 - text.width - 4 * pixel
        from_edge = (7 + LINE * lines) * pixel
        text.move(left, box.y1 - from_edge - 9 * pixel if self._is_high else box.y0 + from_edge)

    def finish(self, is_last: bool) -> None:
        """Say how far the run has come, on the last frame, in place of how fast it goes."""
        for text in self._verdict:
            text.set_visible(is_last)
        for text in self._meanwhile:
            text.set_visible(not is_last)


def free_corner(panel: Axes, run: Run, width: float) -> tuple[bool, bool]:
    """Return which corner of a panel is free for a text of so many pixels, where points rise or
    fall: whether it is at the left, and whether it is the upper one. It is the one from which
    points, least squares and the line at the start keep farther away.
    """
    box, to_pixels = panel.bbox, panel.transData
    points = np.asarray(panel.lines[0].get_xydata(), np.float64)
    ends = np.linspace(*panel.get_xlim(), SAMPLES)
    lines = run.convergence.least_squares, run.convergence.settings.start
    on_lines = [np.column_stack([ends, predict(Line(*line), ends)]) for line in lines]
    x, y = to_pixels.transform(np.vstack([points, *on_lines])).T
    rises = lines[0].weight >= 0

    def room(is_left: bool, is_high: bool) -> float:
        beside = x <= box.x0 + width if is_left else x >= box.x1 - width
        return float(np.abs(y[beside] - (box.y1 if is_high else box.y0)).min(initial=box.height))

    corners = (not rises, False), (rises, True)
    return max(corners, key=lambda corner: room(*corner))


SAMPLES = 25
"""Places along a line at which its distance from a corner is measured."""
