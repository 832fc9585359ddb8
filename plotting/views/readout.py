"""Text that changes with every frame, set from glyphs that are rendered once.

matplotlib lays out and renders every glyph anew whenever a text is drawn: 0.1 ms a glyph, more
than the whole rest of a frame. Here a glyph is rendered once and then pasted on whole pixels,
so that a digit looks the same wherever it stands, and numbers do not jitter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from plotting import theme
from plotting.views.words import MINUS, SUPERSCRIPTS
from regression import Floats

Glyph = tuple[int, npt.NDArray[np.uint8]]
"""How many pixels the pen moves on, and how much of each pixel the glyph covers: of shape (width,
height), the lowest first.
"""


class Readout(Artist):
    """One line of text that begins at (left, baseline), in pixels from the lower left corner.

    On `paper` of its own it can be read whatever it covers.
    """

    def __init__(
        self, figure: Figure, left: float, baseline: float, color: str, paper: str = "none"
    ) -> None:
        super().__init__()
        self.set_figure(figure)
        self.set_animated(True)
        self._dpi = figure.dpi
        self._rgb = _rgb_of(color)
        self._paper = None if paper == "none" else _rgb_of(paper)
        self._text = ""
        self._strip: npt.NDArray[np.uint8] | None = None
        self.move(left, baseline)

    def set_text(self, text: str) -> None:
        """Set what is shown from the next draw on."""
        if text != self._text:
            self._text, self._strip = text, None

    def get_text(self) -> str:
        """Return what is shown."""
        return self._text

    def move(self, left: float, baseline: float) -> None:
        """Let the text begin somewhere else, in pixels."""
        self._left, self._baseline = round(left), round(baseline)

    @property
    def left(self) -> int:
        """Where the text begins, in pixels."""
        return self._left

    @property
    def baseline(self) -> int:
        """How high its baseline is, in pixels."""
        return self._baseline

    @property
    def width(self) -> int:
        """How many pixels the text takes."""
        return self.width_of(self._text)

    def width_of(self, text: str) -> int:
        """Return how many pixels another text would take."""
        return sum(advance for advance, _ in _glyphs_of(text, self._dpi))

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:  # noqa: ARG002
        """Return the box around the text, in pixels."""
        glyphs = self._glyphs()
        height = max((cover.shape[1] for _, cover in glyphs), default=0)
        return Bbox.from_bounds(self._left, self._baseline - height // 3, self.width, height)

    def draw(self, renderer: RendererBase) -> None:
        """Paste the glyphs side by side."""
        if not self._text or not self.get_visible():
            return
        if not isinstance(renderer, RendererAgg):
            self._draw_outlines(renderer)
            return
        if self._strip is None:
            self._strip = self._set()
        gc = renderer.new_gc()
        height = len(self._strip)
        renderer.draw_image(gc, self._left - 1, self._baseline - height // 3, self._strip)
        gc.restore()

    def _set(self) -> npt.NDArray[np.uint8]:
        glyphs = self._glyphs()
        covered = np.zeros((self.width + 3, glyphs[0][1].shape[1]), np.uint8)
        pen = 0
        for advance, cover in glyphs:
            under = covered[pen : pen + len(cover)]
            np.maximum(under, cover, out=under)
            pen += advance
        strip = np.empty((*covered.T.shape, 4), np.uint8)
        strip[..., :3] = self._rgb
        strip[..., 3] = covered.T
        if self._paper is not None:
            share = strip[..., 3:] / 255
            strip[..., :3] = np.round(share * self._rgb + (1 - share) * self._paper)
            strip[..., 3] = 255
        return strip

    def _glyphs(self) -> Sequence[Glyph]:
        return _glyphs_of(self._text, self._dpi)

    def _draw_outlines(self, renderer: RendererBase) -> None:
        """Draw each glyph where it would be pasted, for a renderer that keeps shapes."""
        gc = renderer.new_gc()
        gc.set_linewidth(0)
        if self._paper is not None:
            box = self.get_window_extent()
            place = Affine2D().scale(box.width + 3, box.height).translate(box.x0 - 1, box.y0)
            renderer.draw_path(gc, Path.unit_rectangle(), place, tuple(self._paper / 255))
        gc.set_foreground(tuple(self._rgb / 255))
        font = FontProperties(family=theme.FONT, size=theme.TEXT_PT)
        top = renderer.get_canvas_width_height()[1]
        baseline = top - self._baseline if renderer.flipy() else self._baseline
        pen = self._left
        for character in self._text:
            renderer.draw_text(gc, pen, baseline, character, font, 0)
            pen += round(_advance(character, self._dpi))
        gc.restore()


@lru_cache(maxsize=20)
def _known_glyphs(dpi: float) -> dict[str, Glyph]:  # noqa: ARG001 - one dict for each
    """Return the glyphs that were rendered for so many dots an inch."""
    return {}


@lru_cache(maxsize=1000)
def _glyphs_of(text: str, dpi: float) -> Sequence[Glyph]:
    """Return the glyphs of a text, of which the new ones are rendered together."""
    known = _known_glyphs(dpi)
    new = set(text) - known.keys()
    if new:
        with theme.plain_settings():  # hinting is one of them
            known |= {character: _render(character, dpi) for character in new}
    return tuple(known[character] for character in text)


def _render(character: str, dpi: float) -> Glyph:
    """Return the glyph in a box with a third of its height below the baseline."""
    height = 3 * math.ceil(theme.TEXT_PT * dpi / 72 / 2)
    font = FontProperties(family=theme.FONT, size=theme.TEXT_PT)
    advance = _advance(character, dpi)
    canvas = RendererAgg(round(advance) + 3, height, dpi)
    gc = canvas.new_gc()
    canvas.draw_text(gc, 1, height - height // 3, character, font, 0)
    return round(advance), np.asarray(canvas.buffer_rgba())[::-1, :, 3].T.copy()


@lru_cache(maxsize=1000)
def _advance(character: str, dpi: float) -> float:
    """Return how many pixels the pen moves on."""
    face = get_font(findfont(FontProperties(family=theme.FONT, size=theme.TEXT_PT)))
    face.set_size(theme.TEXT_PT, dpi)
    advance = face.load_char(ord(character)).linearHoriAdvance / 65536
    return float(advance)


def _rgb_of(color: str) -> npt.NDArray[np.int64]:
    return np.round(255 * np.array(to_rgb(color))).astype(np.int64)


FIGURE_SPACE = "\N{FIGURE SPACE}"
"""A blank as wide as a digit."""

COMMA_SPACE = "\N{PUNCTUATION SPACE}"
"""A blank as wide as a comma."""


def without_blanks(text: str) -> str:
    """Return a text without the blanks that stand for digits which other numbers have."""
    return text.replace(FIGURE_SPACE, "").replace(COMMA_SPACE, "")


Write = Callable[[float], str]

MAX_DIGITS = 7
"""Costs that only more digits tell apart are one."""


def steady_epochs(epochs: Floats) -> Write:
    """Return a function that writes an epoch, in columns that hold the longest."""
    return _steady(epochs, 0)


def steady_costs(costs: Floats, lowest: float | None = None) -> Write:
    """Return a function that writes a cost, with four digits of the smallest, or of a 10,000th of
    the largest; with as many more, up to MAX_DIGITS in all, as tell every cost from the lowest
    possible, where that is given.
    """
    finite = costs[np.isfinite(costs)]
    if lowest is None or not lowest > 0:
        decimals = _digits_of(max(finite.min(), 1e-4 * finite.max()), 4)
        return _steady(finite, decimals, tiny=True)
    decimals = _digits_of(lowest, 4)
    excess = float((finite - lowest).min())
    if decimals is not None and excess > 0:
        decimals = min(max(decimals, math.ceil(-math.log10(excess))), decimals + MAX_DIGITS - 4)
    return _steady(np.append(finite, lowest), decimals)


def steady_lines(weights: Floats, biases: Floats) -> Callable[[float, float], str]:
    """Return a function that writes y = W x + b in fixed columns, W and b with as many decimals
    where they are of one size: four digits of the largest.
    """
    finite = [values[np.isfinite(values)] for values in (weights, biases)]
    decimals = [_decimals_of(values) for values in finite]
    one, other = decimals
    if one is not None and other is not None and abs(one - other) <= 2:
        decimals = [max(one, other)] * 2
    write_weight = _steady(finite[0], decimals[0])
    write_bias = _steady(np.abs(finite[1]), decimals[1])

    def write(weight: float, bias: float) -> str:
        sign = MINUS if bias < 0 else "+"
        factor = write_weight(weight)
        if without_blanks(factor) == f"{MINUS}1":  # as one writes it, in as wide a column
            factor = FIGURE_SPACE + factor[:-1]
        return f"y = {factor}{'·' if '·' in factor else ''}x {sign} {write_bias(abs(bias))}"

    return write


def _decimals_of(values: Floats) -> int | None:
    """Return how many decimals give four digits of the largest value; of a run that goes beyond
    all numbers that one can read, of the first value, from which it started.
    """
    largest = float(np.abs(values).max(initial=0.0))
    return _digits_of(largest if largest < 1e7 else min(max(abs(values[0]), 1.0), 1e6), 4)


def _digits_of(size: float, digits: int) -> int | None:
    """Return how many decimals give so many digits; None where a power of ten reads better."""
    return max(0, digits - 1 - math.floor(math.log10(size))) if 1e-4 <= size < 1e7 else None


def _steady(values: Floats, decimals: int | None, *, tiny: bool = False) -> Write:
    """Return a function that writes with so many decimals; a power of ten where there are none
    or the value is too large, or, if `tiny`, so small that only zeros would be seen.
    """

    def plain(value: float) -> str:
        value = float(value)
        is_tiny = decimals is not None and abs(value) < 0.5 * 10.0**-decimals
        value = 0.0 if is_tiny and not tiny else value + 0.0  # 0 has no sign
        if value and (decimals is None or is_tiny or abs(value) >= 1e7):
            head, _, exponent = f"{value:.3e}".partition("e")
            return f"{head}·10{str(int(exponent)).translate(SUPERSCRIPTS)}".replace("-", MINUS)
        text = f"{value:,.{decimals or 0}f}"
        return text.replace("-", MINUS)

    size = np.abs(values)
    widest = max((plain(v) for v in (values.min(), values.max(), size.min(), size.max())), key=len)
    blanks = "".join(COMMA_SPACE if character == "," else FIGURE_SPACE for character in widest)

    def write(value: float) -> str:
        text = plain(value)
        return blanks[: len(blanks) - len(text)] + text

    return write
