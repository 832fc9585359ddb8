"""Colours, as people with red-green blindness see them, and fonts for text from anywhere."""

import warnings
from itertools import combinations

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from plotting import theme
from plotting.frames import Frames
from plotting.theme import (
    DARK,
    FONT,
    LIGHT,
    LINE_BREAK,
    THEMES,
    UNKNOWN,
    Theme,
    colours,
    contrast,
    drawable,
    missing,
    missing_hint,
    use_theme,
)
from plotting.views.base import Style
from plotting.views.fit import FitView
from plotting.views.readout import Readout
from regression import Dataset, finish, noisy_line, train

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
TRITANOPIA = [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.303900],
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


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("sight", [NORMAL, PROTANOPIA, DEUTERANOPIA, TRITANOPIA])
def test_red_green_and_blue_are_told_apart(look: Theme, sight: list[list[float]]) -> None:
    """A difference of 2.3 is just noticeable; ten times that is plain."""
    seen = [lab(np.array(sight) @ linear(c)) for c in (look.error, look.line, look.cost)]
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(one - other) > 23


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("sight", [NORMAL, PROTANOPIA, DEUTERANOPIA, TRITANOPIA])
def test_points_are_none_of_the_colours_that_mean_something(
    look: Theme, sight: list[list[float]]
) -> None:
    points = lab(np.array(sight) @ linear(look.data))
    for colour in (look.error, look.line, look.cost):
        assert np.linalg.norm(points - lab(np.array(sight) @ linear(colour))) > 12


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_texts_and_the_path_stand_out_from_the_whole_surface(look: Theme) -> None:
    for share in (0.0, 0.5, 1.0):
        assert contrast(look.surface_ink, look.tint(share)) >= 4.5
    assert contrast(look.line, look.tint(0.0)) >= 3


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_text_and_marks_stand_out_from_the_paper(look: Theme) -> None:
    """The contrast ratios of WCAG 2.1: 4.5 for text, 3 for graphics."""
    # No grey has 4.5 on both white and the black of a dark page; 4.3 on both is the most.
    papers, text = [look.paper], 4.5
    if look.paper == "none":
        papers, text = ["#ffffff", "#0d1117"], 4.3
    for paper in papers:
        assert min(contrast(c, paper) for c in (look.ink, look.muted)) >= text
        marks = (look.data, look.error, look.line, look.cost, look.least)
        assert min(contrast(c, paper) for c in marks) >= 3


def test_a_users_settings_do_not_matter_inside_and_are_back_outside() -> None:
    with mpl.rc_context({"font.size": 33, "axes.linewidth": 7}):
        with use_theme(DARK):
            assert mpl.rcParams["font.size"] == 9
            assert mpl.rcParams["axes.linewidth"] == 0.8
            assert mpl.rcParams["text.color"] == DARK.ink
            assert colours() is DARK
        assert colours() is LIGHT
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


PLAIN = "Gr\u00f6\u00dfe in \u00b5m, \u03a9, \u0416 $x_1$"
CHINESE = "\N{CJK UNIFIED IDEOGRAPH-91CD}\N{CJK UNIFIED IDEOGRAPH-91CF}"
CUNEIFORM = "\N{CUNEIFORM SIGN A}"


def test_what_the_own_font_has_needs_no_other() -> None:
    assert drawable(PLAIN) == (PLAIN, (FONT,))


def test_chinese_gets_a_font_that_has_it_or_is_told_missing() -> None:
    shown, families = drawable(CHINESE)
    if missing(CHINESE):
        assert shown == 2 * UNKNOWN
        assert missing(CHINESE) == CHINESE
        pytest.skip("no font with Chinese is installed")
    assert shown == CHINESE
    assert len(families) == 2


def test_what_no_font_has_is_told_once_and_replaced() -> None:
    rare = CUNEIFORM
    if not missing(rare):
        pytest.skip("a font with cuneiform is installed")
    assert drawable(f"a{rare}{rare}b")[0] == f"a{UNKNOWN}{UNKNOWN}b"
    assert missing(f"a{rare}{rare}b") == rare


def test_of_a_text_without_end_the_beginning_is_looked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []

    def no_fonts() -> list[str]:
        looked.append(1)
        return []

    monkeypatch.setattr(theme, "findSystemFonts", no_fonts)
    chinese = "".join(map(chr, range(0x5000, 0x5000 + 6400)))  # Chinese, which FONT has not
    shown, families = theme.drawable(chinese)
    assert shown == theme.UNKNOWN * 497 + "..."
    assert families == (theme.FONT,)
    hint = theme.missing_hint(chinese)
    assert hint is not None
    assert " and 480 more characters; see" in hint
    assert len(looked) <= 2


def test_control_characters_become_visible() -> None:
    assert drawable("a\r\nb\tc\0")[0] == rf"a{LINE_BREAK}b c\x00"
    assert drawable("a\u2028b\vc\x85d")[0] == "abcd".replace("", LINE_BREAK)[1:-1]


@pytest.mark.parametrize(
    ("character", "package"),
    [("\U0001f600", "fonts-symbola"), (CHINESE, "fonts-noto-cjk"), (CUNEIFORM, "fonts-noto-core")],
)
def test_the_hint_names_a_package_that_has_it(
    character: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "missing", lambda text: text.replace("a", ""))
    said = missing_hint("a" + character)
    assert said is not None
    assert character in said
    assert said.endswith(package)
    assert missing_hint("aa") is None


@pytest.mark.parametrize("name", [CHINESE, CUNEIFORM, "two\nlines", "", "😀"])
def test_any_name_draws_without_a_warning(name: str) -> None:
    data = noisy_line(10)
    named = Dataset(data.x, data.y, name, name)
    run = finish(train(named, lr=1e-3, epochs=3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = Frames(FitView(named, run, run.history, style=Style(320, 240, title=name)))[0]
    assert np.ptp(frame[..., :3]) > 0


def test_what_the_own_font_has_only_upright_is_not_drawn_with_it() -> None:
    sans = "\N{MATHEMATICAL SANS-SERIF CAPITAL A}"  # a title is bold
    shown, families = drawable(sans)
    assert (shown == UNKNOWN) == (families == (FONT,))
    assert (missing_hint(sans) is None) == (shown == sans)


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_coloured_texts_have_enough_contrast_and_keep_their_colour(look: Theme) -> None:
    goal = 4.3 if look.paper == "none" else 4.5
    for colour in (look.line, look.cost, look.error):
        text = look.readable(colour)
        assert min(contrast(text, paper) for paper in look.papers) >= goal
        assert np.linalg.norm(lab(linear(text)) - lab(linear(look.ink))) > 12
        on_surface = look.readable(colour, on=look.tint(0.25))
        assert contrast(on_surface, look.tint(0.25)) >= 4.5
    assert look.readable(look.ink) == look.ink


def test_contrast_is_that_of_the_standard() -> None:
    """Examples from WebAIM's contrast checker."""
    for one, other, ratio in (
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.0),
    ):
        assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
        assert contrast(other, one) == contrast(one, other)
