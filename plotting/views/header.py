"""The lines of numbers and words above the panels, in fixed columns."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from plotting.theme import colours
from plotting.views.base import ELLIPSIS, SIDE_PX, TITLE_PX, Style, pixel_of, whole_of, write_title
from plotting.views.readout import (
    Readout,
    steady_costs,
    steady_epochs,
    steady_lines,
    without_blanks,
)
from plotting.views.words import MINUS, ends, gap, number, rounded, verdict, where
from regression import Convergence, History, Line, Run, Snapshot, floor_to, row_of, snapshots_of

LINE_PX = 19
"""From one line of the header to the next."""

BETWEEN = " \N{MIDDLE DOT} "
"""Between fields that follow each other."""

GAP = "    "
"""Between columns: after a text shorter than its column, a dot would seem lost."""


class Header:
    """Lines of changing text above the panels: fields in fixed columns.

    Each row begins a new line, and goes on in another where it is too long for the picture. A
    title in the style stands above.
    """

    def __init__(
        self,
        figure: Figure,
        style: Style,
        samples: Sequence[Sequence[Sequence[str]]],
        *,
        closed_up: Sequence[int] = (),
    ) -> None:
        """Take all the texts that make a field wide, as set_texts() takes one of each; fields of
        the rows `closed_up`, counted from 0, follow each other without room for longer texts.
        """
        pixel, whole = pixel_of(figure), figure.bbox
        left, right, top = SIDE_PX * pixel, whole.width - SIDE_PX * pixel, whole.height
        if style.title:
            write_title(figure, style.title, left)
            top -= TITLE_PX * pixel
        baseline = top - LINE_PX * pixel
        self._fields: list[tuple[Readout, str, float]] = []
        self._followers: set[int] = set()
        self._right = right
        for index, row in enumerate(zip(*samples)):
            pen, start = left, True
            for texts in zip(*row):
                readout = Readout(figure, pen, baseline, colours().ink)
                between = "" if start else BETWEEN if index in closed_up else GAP
                width = max(readout.width_of(between + text) for text in texts)
                together = (
                    width if index not in closed_up else self._longest(readout, row, left) - pen
                )
                if not start and pen + together > right:
                    between, pen, baseline = "", left, baseline - LINE_PX * pixel
                    width = max(readout.width_of(text) for text in texts)
                    readout.move(pen, baseline)
                elif not start and index in closed_up:
                    self._followers.add(len(self._fields))
                self._fields.append((readout, between, right - pen))
                pen, start = pen + width, False
            baseline -= LINE_PX * pixel
        self.bottom = (baseline + (LINE_PX - 7) * pixel) / pixel
        """Where panels may begin, in pixels of the design from below."""
        self.artists: Sequence[Readout] = [readout for readout, _, _ in self._fields]

    def has_room(self, text: str) -> bool:
        """Return whether a text fits into a line."""
        return self.artists[0].left + self.artists[0].width_of(text) <= self._right

    def _longest(self, readout: Readout, row: Sequence[Sequence[str]], left: float) -> float:
        """Return where the longest of the samples of a row ends that is closed up."""
        return left + max(readout.width_of(BETWEEN.join(texts)) for texts in row)

    def set_texts(self, rows: Sequence[Sequence[str]]) -> None:
        """Show a text in each field; an empty one leaves it out."""
        # Blanks for other numbers' digits would be holes within a field; after it they are not.
        texts = [without_blanks(text) for row in rows for text in row]
        end = 0
        for index, ((readout, between, room), text) in enumerate(zip(self._fields, texts)):
            shown, space = between + text if text else "", room
            if index in self._followers:
                readout.move(end, readout.baseline)
                space = self._right - end
            if shown != readout.get_text():
                readout.set_text(shown)
                while readout.width > space:
                    shown = shown[:-2] + ELLIPSIS
                    readout.set_text(shown)
            end = readout.left + readout.width


WIDE_PX = 760
"""So wide a picture has room for epoch, rate, line and cost in one row; others take two."""


class RunHeader:
    """What all views of one run write above their panels.

    First epoch, learning rate, line and cost; below them how much of the distance is covered,
    with the verdict in the last frame, and where the run ends.
    """

    def __init__(self, figure: Figure, style: Style, run: Run, history: History) -> None:
        """Take the epochs of the run that are shown."""
        self._convergence, self._epochs = run.as_trained.convergence, run.settings.epochs
        convergence = run.convergence
        self._own = convergence
        self._average = None if run.average_cost is None else rounded(run.average_cost)
        self._is_wide = whole_of(figure).right >= WIDE_PX
        self._lr = rate_text(run.as_trained.convergence)
        self._write_epoch = steady_epochs(history["epoch"])
        self._write_line = steady_lines(history["weight"], history["bias"])
        lowest = 0.0 if convergence.points_on_a_line else convergence.minimum_cost
        self._write_cost = steady_costs(history["cost"], lowest)
        self._lowest = without_blanks(self._write_cost(lowest)) if lowest else "0"
        self._last = int(history["epoch"][-1])
        self._trained = run.as_trained.history
        shown = snapshots_of(history)
        ends = shown[0], shown[len(shown) // 2], shown[-1]
        samples = [self._rows(each) for each in (*ends, max(shown, key=lambda each: each.cost))]
        self._header = Header(figure, style, samples, closed_up=[1 if self._is_wide else 2])
        self.artists, self.bottom = self._header.artists, self._header.bottom

    def update(self, snapshot: Snapshot) -> None:
        """Show the numbers of this epoch."""
        rows = self._rows(snapshot)
        if snapshot.epoch == self._last and self._own.limit is not None:
            end = self._end(snapshot, self._own.limit)
            # Where the distance is measured was said in the frames before.
            for progress in (rows[-1][0], self._progress(snapshot, "the distance")):
                if self._header.has_room(BETWEEN.join([progress, end])):
                    rows[-1] = [progress, end]
                    break
        self._header.set_texts(rows)

    def _rows(self, snapshot: Snapshot) -> list[list[str]]:
        setting = [f"Epoch {self._write_epoch(snapshot.epoch)} of {self._epochs:,}", self._lr]
        values = [
            self._write_line(snapshot.weight, snapshot.bias),
            f"cost {self._write_cost(snapshot.cost)} (lowest {self._lowest})",
        ]
        first = [[*setting, *values]] if self._is_wide else [setting, values]
        distance = "the distance in W and b" if self._is_wide else "the distance"
        return [*first, [self._progress(snapshot, distance), self._end(snapshot)]]

    def _progress(self, snapshot: Snapshot, distance: str) -> str:  # noqa: PLR0911 - one a case
        """Return how much of the distance is covered: at the start, in between, and in the end."""
        convergence = self._convergence
        if snapshot.epoch == 0:
            if self._own.limit is None:
                return "start"
            aim = "will hover around" if convergence.hovers else "heads for"
            return f"start; {aim} {line_text(self._own.limit, 4)}"
        line = row_of(self._trained, snapshot.epoch).line
        if snapshot.epoch == self._last:
            distance += self._share_of_fall(snapshot.cost)
            text = final_words(convergence, line, snapshot.epoch, self._epochs, distance)
            if self._is_wide and text == HOVERS and self._average is not None:
                text = f"hovers around its mean line: single lines cost {self._average} on average"
            return text
        progress = convergence.progress(line)
        if progress is None:
            return gap(convergence)
        if convergence.hovers:
            if (convergence.epochs_needed or 0) <= snapshot.epoch:
                return "hovers around its mean line"
        elif convergence.is_near_limit(line):
            return verdict(convergence, line, snapshot.epoch)
        share = number(100 * min(progress, 0.99), 2 if progress >= 0.1 else 1)
        done = f"{share}% of {distance}" if progress > 0 else "farther off than its start"
        return f"{done}; {gap(convergence, 'the rest')}"

    def _share_of_fall(self, cost: float) -> str:
        """Return how much of the cost's fall is done, to be added to the distance where there is
        room: the cost is further along.
        """
        limit_cost, start_cost = self._own.limit_cost, self._own.start_cost
        if not self._is_wide or limit_cost is None or not start_cost > limit_cost:
            return ""
        share = min(100 * (1 - (cost - limit_cost) / (start_cost - limit_cost)), 99.9)
        return f", {number(share, 3)}% of the fall in cost" if share > 0 else ""

    def _end(self, snapshot: Snapshot, limit: Line | None = None) -> str:
        """Return where the run ends, with the line if it is given."""
        own, line = self._own, row_of(self._trained, snapshot.epoch).line
        verb = "ends" if self._convergence.is_near_limit(line) else "would end"
        # In a narrow picture the row above says what is the lowest.
        above = "the lowest cost" if self._is_wide or limit is not None else "the lowest"
        if own.hovers and own.limit is not None:
            mean = "line" if limit is None else line_text(limit, 4)
            return f"the mean {mean} is {where(own, above=above)}"
        if limit is not None:
            return f"{verb} at {line_text(limit, 4)}, {where(own, at='')}"
        return ends(own, verb, above=above)


def rate_text(convergence: Convergence) -> str:
    """Return the learning rate, and how it compares with the safe limit."""
    lr, safe = convergence.settings.lr, convergence.safe_rate
    if not convergence.is_safe:
        times = next(text for n in range(3, 17) if (text := number(lr / safe, n)) != "1")
        return f"learning rate {number(lr, 4)} ({times} times the safe limit)"
    # In as many digits as keep the rate below the limit.
    digits = next((n for n in range(3, 16) if not lr > floor_to(safe, n)), 16)
    return f"learning rate {number(lr, digits + 1)} (safe up to {floored(safe, digits)})"


def edge_text(convergence: Convergence) -> str:
    """Return the rate from which on training diverges, in few digits where it is estimated from
    some of all orders; "" where it is not known.
    """
    edge, settings = convergence.diverging_rate, convergence.settings
    if edge is None:
        return ""
    if not settings.shuffled or convergence.full_batch:
        return number(edge)
    return f"about {number(convergence.estimated(edge))}"


def diverges_at(convergence: Convergence) -> str:
    """Return that training diverges at that rate, to be added to a sentence."""
    edge = edge_text(convergence)
    if edge.startswith("about"):
        return f"; from {edge} on training diverges"
    return edge and f"; {edge} diverges"


def floored(value: float, digits: int = 3) -> str:
    """Return a positive number with few digits, never rounded up: a limit stays one.

    >>> floored(1 / 101), floored(0.0303606)
    ('0.0099', '0.0303')
    """
    return number(floor_to(value, digits), digits)


HOVERS = "hovers around its mean line and never rests"
"""What is said in the end of a shuffled run that had epochs enough."""


def final_words(
    convergence: Convergence, line: Line, epoch: int, epochs: int, distance: str = "the distance"
) -> str:
    """Return the verdict on a run that ends with this line after `epoch` of its epochs."""
    if epoch < epochs:
        return f"overflows in epoch {epoch + 1:,}"
    if convergence.limit is None:
        return gap(convergence)
    if convergence.limit_is_useless:
        verb = "has converged to" if convergence.is_near_limit(line) else "heads for"
        return f"{verb} a line that is worse than its start"
    if convergence.hovers and (convergence.epochs_needed or 0) <= epochs:
        return HOVERS
    return verdict(convergence, line, epoch, distance=distance)


def line_text(line: Line, digits: int = 3) -> str:
    """Return y = W x + b as one writes it.

    >>> line_text(Line(-1.0, 1.0)), line_text(Line(1.1231, -2.4649), 4)
    ('y = \N{MINUS SIGN}x + 1', 'y = 1.123x \N{MINUS SIGN} 2.465')
    """
    weight = number(line.weight, digits)
    factor = {"1": "", f"{MINUS}1": MINUS}.get(weight, weight)
    times = "\N{MIDDLE DOT}" if "10" in weight and "\N{MIDDLE DOT}" in weight else ""
    sign = MINUS if line.bias < 0 else "+"
    return f"y = {factor}{times}x {sign} {number(abs(line.bias), digits)}"
