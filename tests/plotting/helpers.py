"""What is in a picture: where its colours are, and whether its texts are apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from plotting.encoders.palette import Pixels
from regression import Floats


def pixels_of(frame: Pixels, colour: str) -> tuple[Floats, Floats]:
    """Return x and y, in pixels from the lower left corner, of the middles of such pixels."""
    rgb = np.round(np.array(to_rgb(colour)) * 255)
    rows, columns = np.nonzero((np.abs(frame[..., :3] - rgb) <= 1).all(axis=-1))
    return (columns + 0.5).astype(float), (len(frame) - rows - 0.5).astype(float)


def texts_of(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return the visible, not empty texts of the figure as last drawn, and their extents."""
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    assert isinstance(figure.canvas, FigureCanvasAgg)
    hidden = {text for axes in figure.axes for text in _not_drawn(axes)}
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_text() and text.get_visible() and text not in hidden
    ]


def _not_drawn(axes: Axes) -> Iterator[Artist]:
    """Return the texts of axes that are invisible, and of ticks outside their limits."""
    if not axes.get_visible():
        yield from axes.findobj(Text)
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if not low <= tick.get_loc() <= high:
                yield from (tick.label1, tick.label2)


def assert_texts_are_apart_and_inside(figure: Figure, others: list[tuple[str, Bbox]]) -> None:
    """Check that no text covers another or leaves the figure; `others` come on top."""
    texts = [*texts_of(figure), *others]
    assert len(texts) > 4
    for text, box in texts:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= figure.bbox.x1, text
        assert box.y1 <= figure.bbox.y1, text
    for (one, first), (other, second) in combinations(texts, 2):
        overlap = Bbox.intersection(first, second)
        assert overlap is None or min(overlap.width, overlap.height) < 1, (one, other)
