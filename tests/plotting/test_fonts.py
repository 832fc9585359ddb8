"""Text from anywhere: fonts that have it, and a word where none has."""

import warnings

import numpy as np
import pytest

from plotting.frames import Frames
from plotting.theme import FONT, LINE_BREAK, UNKNOWN, drawable, hint, missing
from plotting.views.base import Style
from plotting.views.fit import FitView
from regression import Dataset, drawn, noisy_line, record, train

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
    monkeypatch.setattr(fonts, "missing", lambda text: text.replace("a", ""))
    said = hint("a" + character)
    assert said is not None
    assert character in said
    assert said.endswith(package)
    assert hint("aa") is None


@pytest.mark.parametrize("name", [CHINESE, CUNEIFORM, "two\nlines", "", "😀"])
def test_any_name_draws_without_a_warning(name: str) -> None:
    data = noisy_line(10)
    named = Dataset(data.x, data.y, name, name)
    history = drawn(record(train(named, lr=1e-3, epochs=3)), 40)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = Frames(FitView(named, history, style=Style(320, 240, title=name)))[0]
    assert np.ptp(frame[..., :3]) > 0


def test_what_the_own_font_has_only_upright_is_not_drawn_with_it() -> None:
    sans = "\N{MATHEMATICAL SANS-SERIF CAPITAL A}"  # a title is bold
    shown, families = drawable(sans)
    assert (shown == UNKNOWN) == (families == (FONT,))
    assert (hint(sans) is None) == (shown == sans)
