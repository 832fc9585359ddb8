"""The colours, as people with red-green blindness see them."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from plotting.theme import THEMES, Theme, own_settings
from plotting.views.readout import Readout

# Machado, Oliveira and Fernandes, 2009, severity 1, on linear RGB.
PROTANOPIA = [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
]
DEUTERANOPIA = [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.011820, 0.042940, 0.968881],
]
NORMAL = np.eye(3).tolist()


def linear(colour: str) -> npt.NDArray[np.float64]:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return CIELAB under D65 of linear RGB."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    t = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("sight", [NORMAL, PROTANOPIA, DEUTERANOPIA])
def test_red_green_and_blue_are_told_apart(theme: Theme, sight: list[list[float]]) -> None:
    """A difference of 2.3 is just noticeable; ten times that is plain."""
    seen = [lab(np.array(sight) @ linear(c)) for c in (theme.data, theme.line, theme.cost)]
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(one - other) > 23


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_text_and_marks_stand_out_from_the_paper(theme: Theme) -> None:
    """The contrast ratios of WCAG 2.1: 4.5 for text, 3 for graphics."""
    weights = np.array([0.2126, 0.7152, 0.0722])

    def contrast(colour: str, paper: str) -> float:
        one, other = sorted(float(weights @ linear(c)) for c in (colour, paper))
        return (other + 0.05) / (one + 0.05)

    # No grey has 4.5 on both white and the black of a dark page; 4.3 on both is the most.
    papers, text = [theme.paper], 4.5
    if theme.paper == "none":
        papers, text = ["#ffffff", "#0d1117"], 4.3
    for paper in papers:
        assert min(contrast(c, paper) for c in (theme.ink, theme.muted)) >= text
        assert min(contrast(c, paper) for c in (theme.data, theme.line, theme.cost)) >= 3


def test_a_users_settings_do_not_matter_inside_and_are_back_outside() -> None:
    with mpl.rc_context({"font.size": 33, "axes.linewidth": 7}):
        with own_settings():
            assert mpl.rcParams["font.size"] == 9
            assert mpl.rcParams["axes.linewidth"] == 0.8
        assert mpl.rcParams["font.size"] == 33


def test_glyphs_of_readouts_are_the_same_whatever_the_settings() -> None:
    pictures = []
    for hinting in ("none", "force_autohint"):
        with mpl.rc_context({"text.hinting": hinting}):
            figure = Figure((2, 1))
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
            readout = Readout(figure, 10, 30, "#000000")
            readout.set_text("Epoch 12")
            readout.draw(canvas.get_renderer())
            pictures.append(np.asarray(canvas.buffer_rgba()).copy())
    np.testing.assert_array_equal(pictures[0], pictures[1])
