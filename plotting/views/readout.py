"""Text that changes with every frame, set from glyphs that are rendered once.

matplotlib lays out and renders every glyph anew whenever a text is drawn: 0.1 ms a glyph, more
than the whole rest of a frame. Here a glyph is rendered once and then pasted on whole pixels,
so that a digit looks the same wherever it stands, and numbers do not jitter.
"""

from __future__ import annotations

import math
from collections.abc import Callable
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
from regression import Floats

Glyph = tuple[int, npt.NDArray[np.uint8]]
"""How many pixels the pen moves on, and how much of each pixel the glyph covers, lowest first."""


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
        self._left, self._baseline = round(left), round(baseline)
        self._dpi = figure.dpi
        self._rgb = _rgb_of(color)
        self._paper = None if paper == "none" else _rgb_of(paper)
        self._text = ""
        self._glyphs: dict[str, Glyph] = {}

    def set_text(self, text: str) -> None:
        """Set what is shown from the next draw on."""
        self._text = text

    def get_text(self) -> str:
        """Return what is shown."""
        return self._text

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:  # noqa: ARG002
        """Return the box around the text, in pixels."""
        glyphs = self._glyphs_of_text()
        width = sum(advance for advance, _ in glyphs)
        height = max((len(cover) for _, cover in glyphs), default=0)
        return Bbox.from_bounds(self._left, self._baseline - height // 3, width, height)

    def draw(self, renderer: RendererBase) -> None:
        """Paste the glyphs side by side."""
        glyphs = self._glyphs_of_text()
        if not glyphs:
            return
        if not isinstance(renderer, RendererAgg):
            self._draw_outlines(renderer)
            return
        height = len(glyphs[0][1])
        strip = np.empty((height, sum(advance for advance, _ in glyphs) + 3, 4), np.uint8)
        strip[...] = (*self._rgb, 0)
        pen = 0
        for advance, cover in glyphs:
            under = strip[:, pen : pen + cover.shape[1], 3]
            np.maximum(under, cover, out=under)
            pen += advance
        if self._paper is not None:
            share = strip[..., 3:] / 255
            strip[..., :3] = np.round(share * self._rgb + (1 - share) * self._paper)
            strip[..., 3] = 255
        gc = renderer.new_gc()
        renderer.draw_image(gc, self._left - 1, self._baseline - height // 3, strip)
        gc.restore()

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
            natural, advance = _advances(character, self._dpi)
            left = pen - (natural - advance) / 2
            renderer.draw_text(gc, left, baseline, character, font, 0)
            pen += round(advance)
        gc.restore()

    def _glyphs_of_text(self) -> list[Glyph]:
        new = set(self._text) - self._glyphs.keys()
        if new:
            with theme.own_settings():  # hinting is one of them
                self._glyphs |= {character: self._render(character) for character in new}
        return [self._glyphs[character] for character in self._text]

    def _render(self, character: str) -> Glyph:
        """Return the glyph in a box with a third of its height below the baseline."""
        dpi = self._dpi
        size_px = theme.TEXT_PT * dpi / 72
        height = 3 * math.ceil(size_px / 2)
        font = FontProperties(family=theme.FONT, size=theme.TEXT_PT)
        natural, advance = _advances(character, dpi)
        canvas = RendererAgg(round(advance) + 3, height, dpi)
        gc = canvas.new_gc()
        canvas.draw_text(gc, 1 - (natural - advance) / 2, height - height // 3, character, font, 0)
        return round(advance), np.asarray(canvas.buffer_rgba())[::-1, :, 3].copy()


@lru_cache(maxsize=1000)
def _advances(character: str, dpi: float) -> tuple[float, float]:
    """Return how many pixels the pen moves on by itself, and how many it does here."""
    face = get_font(findfont(FontProperties(family=theme.FONT, size=theme.TEXT_PT)))
    face.set_size(theme.TEXT_PT, dpi)
    natural = face.load_char(ord(character)).linearHoriAdvance / 65536
    # A sign takes a digit's place, so that a number that changes sign does not move.
    like = "0" if character in "+\N{MINUS SIGN}" else character
    return natural, face.load_char(ord(like)).linearHoriAdvance / 65536


def _rgb_of(color: str) -> npt.NDArray[np.int64]:
    return np.round(255 * np.array(to_rgb(color))).astype(np.int64)


FIGURE_SPACE = "\N{FIGURE SPACE}"
"""A blank as wide as a digit."""

Write = Callable[[float], str]


def steady_epochs(epochs: Floats) -> Write:
    """Return a function that writes an epoch, in columns that hold the longest."""
    return _steady(epochs, 0)


def steady_costs(costs: Floats) -> Write:
    """Return a function that writes a cost, with four digits of the smallest, or of a 10,000th of
    the largest.
    """
    return _steady(costs, _four_digits(max(costs.min(), 1e-4 * costs.max())))


def steady_parameters(values: Floats) -> Write:
    """Return a function that writes a weight or a bias, with four digits of the largest."""
    return _steady(values, _four_digits(np.abs(values).max()))


def _four_digits(size: float) -> int | None:
    """Return how many decimals give four digits; None where an exponent reads better."""
    return max(0, 3 - math.floor(math.log10(size))) if 1e-4 <= size < 1e7 else None


def _steady(values: Floats, decimals: int | None) -> Write:
    def plain(value: float) -> str:
        if decimals is None:
            return f"{value + 0.0: .3e}"  # 0 has no sign
        return f"{round(value, decimals) + 0.0:.{decimals}f}"

    size = np.abs(values)
    width = max(len(plain(value)) for value in (values.min(), values.max(), size.min(), size.max()))

    def write(value: float) -> str:
        return plain(value).rjust(width).replace(" ", FIGURE_SPACE).replace("-", "\N{MINUS SIGN}")

    return write
