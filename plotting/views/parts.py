"""What several views share: a figure of a size in pixels, the points, the header, steady digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.ticker import FuncFormatter, MaxNLocator

from plotting.readout import Readout
from plotting.theme import SMALL_PT, TEXT_PT, Theme
from regression.data import Dataset, Floats
from regression.line import Line

DPI = 100.0
HEADER_PX = 32
"""The strip above the axes that holds readout and legend, at DPI."""

MOST_POINTS = 5000
"""More markers than this only hide each other."""

FIGURE_SPACE = "\N{FIGURE SPACE}"
"""A blank as wide as a digit."""


def new_figure(width: int, height: int, design: tuple[int, int], theme: Theme) -> Figure:
    """Return an empty figure of width x height pixels.

    It is laid out for `design`, width and height in pixels; a larger or smaller picture scales
    its text and lines along, so that nothing collides at any size.
    """
    dpi = DPI * min(width / design[0], height / design[1])
    # A tenth of a pixel more, since the canvas cuts off what dividing by dpi rounded down.
    figure = Figure(((width + 0.1) / dpi, (height + 0.1) / dpi), dpi, facecolor=theme.paper)
    FigureCanvasAgg(figure)
    return figure


def figure_of(axes: Axes) -> Figure:
    """Return the figure that holds the axes; views have no figures within figures."""
    return cast(Figure, axes.figure)


def lay_out(figure: Figure) -> None:
    """Place the axes so that every label fits below the header, once and for all frames."""
    header = HEADER_PX / DPI * figure.dpi / figure.bbox.height
    figure.set_layout_engine("constrained", rect=(0, 0, 1, 1 - header), w_pad=0.1, h_pad=0.08)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def style_axes(axes: Axes, theme: Theme) -> None:
    """Give axes the theme's quiet frame and ticks."""
    axes.set_facecolor(theme.paper)
    axes.tick_params(
        which="both", color=theme.muted, labelcolor=theme.ink, labelsize=SMALL_PT, width=0.8
    )
    for spine in axes.spines.values():
        spine.set_color(theme.muted)


def draw_points(axes: Axes, data: Dataset, theme: Theme) -> None:
    """Draw the points, at most MOST_POINTS of them evenly chosen, and name the axes."""
    style_axes(axes, theme)
    n, label = len(data), "Original data"
    chosen = np.arange(n)
    if n > MOST_POINTS:
        chosen = np.linspace(0, n - 1, MOST_POINTS).round().astype(int)
        label += f" ({MOST_POINTS:,} of {n:,})"
    size = float(np.clip(15.0 / len(chosen) ** 0.25, 1.5, 5.5))
    axes.plot(data.x[chosen], data.y[chosen], "o", color=theme.data, ms=size, mew=0, label=label)
    # A name from a file is text: a $ in it is no mathematics.
    axes.set_xlabel(data.x_name, parse_math=False, color=theme.ink)
    axes.set_ylabel(data.y_name, parse_math=False, color=theme.ink)


def header_legend(*all_axes: Axes, theme: Theme) -> Legend:
    """Return a legend of what the axes hold, in the header, where it hides no data."""
    handles = [handle for axes in all_axes for handle in axes.get_legend_handles_labels()[0]]
    return figure_of(all_axes[0]).legend(
        handles=handles,
        loc="upper right",
        ncols=len(handles),
        frameon=False,
        fontsize=TEXT_PT,
        labelcolor=theme.ink,
        columnspacing=1.4,
        handlelength=1.8,
        borderaxespad=0.35,
    )


def header_readout(axes: Axes, legend: Legend, theme: Theme) -> Readout:
    """Return an empty readout above the left edge of the axes, on the legend's baseline."""
    figure = figure_of(axes)
    text = legend.get_texts()[0]
    renderer = cast(FigureCanvasAgg, figure.canvas).get_renderer()
    _, _, descent = renderer.get_text_width_height_descent("lp", text.get_fontproperties(), False)
    baseline = text.get_window_extent(renderer).y0 + descent
    return Readout(figure, axes.bbox.x0, baseline, theme.ink)


def write_powers_of_ten(axis: Axis) -> None:
    """Label an axis that holds common logarithms with what they are logarithms of.

    matplotlib's own logarithmic scale looks for ticks beyond its limits, where costs of a
    diverging run overflow.
    """
    axis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axis.set_major_formatter(FuncFormatter(lambda exponent, _: f"$10^{{{exponent:.0f}}}$"))


def move_offset_to_label(axis: Axis) -> None:
    """Write the power of ten, or the sum, that tick labels leave out behind the axis' name.

    Its own place is above the axis, where other views' labels are.
    """
    axis.get_ticklabels()  # has the formatter look at the ticks
    axis.offsetText.set_visible(False)
    offset = axis.get_major_formatter().get_offset()
    if offset:
        sign = "" if offset[0] in "+\N{MINUS SIGN}" else "\N{MULTIPLICATION SIGN}"
        axis.set_label_text(f"{axis.get_label_text()} ({sign}{offset})")


def padded(low: float, high: float, share: float = 0.05) -> tuple[float, float]:
    """Return the interval widened on both sides by a share of its length, never empty."""
    margin = share * (high - low) or share * abs(high) or 1.0
    return low - margin, high + margin


def line_within(
    line: Line, x: tuple[float, float], y: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Return the ends, x and y of shape (2,), of the line's part over x that lies within y.

    matplotlib clips too, but only after turning coordinates into pixels, where a line at 1e300
    overflows. Both ends are nan when no part lies inside.
    """
    if line.weight == 0:
        inside = y[0] <= line.bias <= y[1]
        return np.array(x), np.full(2, line.bias if inside else np.nan)
    # Divided before subtracted: W and b may both be near the end of float64.
    crossings = sorted(limit / line.weight - line.bias / line.weight for limit in y)
    ends = np.array([max(x[0], crossings[0]), min(x[1], crossings[1])])
    if not ends[0] <= ends[1]:
        ends = np.full(2, np.nan)
    return ends, np.clip(line.weight * ends + line.bias, *y)


def steady_format(
    values: Sequence[float] | Floats, decimals: int | None = None
) -> Callable[[float], str]:
    """Return a function that writes any of the values so that its digits keep their columns.

    Four digits of the smallest value are shown unless `decimals` says otherwise.
    """
    sizes = np.abs(np.asarray(values, dtype=np.float64))
    largest, smallest = float(sizes.max()), float(sizes.min())
    if decimals is None:
        if not 1e-3 <= largest < 1e7:
            return lambda value: f"{value:.3e}".replace("-", "\N{MINUS SIGN}")
        decimals = max(0, 3 - math.floor(math.log10(max(smallest, largest * 1e-4))))
    width = len(f"{largest:.{decimals}f}")

    def write(value: float) -> str:
        text = f"{value:{width}.{decimals}f}"
        return text.replace(" ", FIGURE_SPACE).replace("-", "\N{MINUS SIGN}")

    return write


def label_epochs(axes: Axes, epochs: Floats) -> list[float]:
    """Return those of the rising epochs that can be written along x without touching.

    The first and the last are always among them.
    """
    figure = figure_of(axes)
    digit_px = 0.65 * SMALL_PT * figure.dpi / 72
    at_px = axes.transData.transform(np.c_[epochs, np.ones(len(epochs))])[:, 0]
    half_px = [digit_px * (len(str(epoch)) + 1.5) / 2 for epoch in epochs]
    chosen = [0]
    last = len(epochs) - 1
    for i in range(1, last):
        clear_of_previous = at_px[i] - half_px[i] > at_px[chosen[-1]] + half_px[chosen[-1]]
        if clear_of_previous and at_px[i] + half_px[i] < at_px[last] - half_px[last]:
            chosen.append(i)
    return [float(epochs[i]) for i in sorted({*chosen, last})]
