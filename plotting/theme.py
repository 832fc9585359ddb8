"""Colours, fonts and sizes of every view, in one place."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib.colors import to_hex, to_rgb
from matplotlib.font_manager import FontProperties, findfont, findSystemFonts, fontManager, get_font

FONT = "DejaVu Sans"
"""Comes with matplotlib, so pictures are the same on every machine."""

MID_GREY = "#b0b0b0"
"""Pale on white and on black."""

TEXT_PT = 9.0
SMALL_PT = 8.7
"""Twelve pixels at 100 dots an inch: no text is smaller."""


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.1).

    >>> contrast("#ffffff", "#000000")
    21.0
    """

    def luminance(colour: str) -> float:
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(one), luminance(other)])
    return round((high + 0.05) / (low + 0.05), 6)


@dataclass(frozen=True)
class Theme:
    """The colours of a picture, named by what they are for: one meaning each, in every view.

    Red, green and blue also differ in lightness, so that people with any colour blindness tell
    them apart; a test simulates that.
    """

    paper: str
    ink: str
    muted: str
    """Of texts that are not in the foreground, and of frames and ticks."""
    data: str
    """Of the points."""
    error: str
    line: str
    """Of the fitted line, and of its path in the plane of W and b."""
    cost: str
    least: str
    """Of the least-squares line and the lowest possible cost."""
    trace: str
    """Of lines from earlier epochs."""
    low: str
    high: str
    """Of the cost surface, from its floor to its heights."""
    surface_ink: str
    """Of texts and marks on the cost surface."""

    def pale(self, colour: str, share: float) -> str:
        """Return an opaque colour: so much of this one, the rest paper."""
        paper = MID_GREY if self.paper == "none" else self.paper
        red, green, blue = (
            share * one + (1 - share) * other for one, other in zip(to_rgb(colour), to_rgb(paper))
        )
        return to_hex((red, green, blue))

    def tint(self, share: float) -> str:
        """Return a colour of the cost surface, so far from its floor towards its heights."""
        low, high = to_rgb(self.low), to_rgb(self.high)
        red, green, blue = ((1 - share) * one + share * other for one, other in zip(low, high))
        return to_hex((red, green, blue))

    def readable(self, colour: str, on: str | None = None) -> str:
        """Return the colour for a text: no darker or lighter than gives it enough contrast.

        `on` is a colour of the cost surface that the text stands on, in place of the paper.
        """
        papers = self.papers if on is None else [on]
        # No grey has 4.5 on both white and the black of a dark page; 4.3 on both is the most.
        goal = 4.5 if len(papers) == 1 else 4.3
        for part in range(200):
            for end in (0.0, 1.0):
                red, green, blue = (one + part / 200 * (end - one) for one in to_rgb(colour))
                text = to_hex((red, green, blue))
                if all(contrast(text, paper) >= goal for paper in papers):
                    return text
        return self.ink if on is None else self.surface_ink

    @property
    def papers(self) -> list[str]:
        """The paper, or those on which a picture without one has to be read."""
        return ["#ffffff", "#0d1117"] if self.paper == "none" else [self.paper]

    def alpha(self, share: float) -> float | None:
        """Return how opaque something is on the paper: all of it where there is none, since a
        GIF's pixel is there or not.
        """
        return None if self.paper == "none" else share


LIGHT = Theme(
    paper="#ffffff",
    ink="#222222",
    muted="#6b6b6b",
    data="#4a4a4a",
    error="#c1121f",
    line="#009e73",
    cost="#2459d9",
    least="#8a8a8a",
    trace="#a9d9c8",
    low="#ffffff",
    high="#a9bfe8",
    surface_ink="#222222",
)
DARK = Theme(
    paper="#12161c",
    ink="#e8eaed",
    muted="#9aa3ad",
    data="#939ca7",
    error="#f0555a",
    line="#5eead4",
    cost="#5b9dff",
    least="#7f8791",
    trace="#28564f",
    low="#12161c",
    high="#2f4a7d",
    surface_ink="#e8eaed",
)
# Has to be read on white paper and on black: in between, and on a surface of its own.
TRANSPARENT = Theme(
    paper="none",
    ink="#797979",
    muted="#797979",
    data="#6b6b6b",
    error="#c0353f",
    line="#22a57c",
    cost="#4468e8",
    least="#929292",
    trace="#8fbfae",
    low="#ffffff",
    high="#a9bfe8",
    surface_ink="#222222",
)
THEMES = {"light": LIGHT, "dark": DARK, "transparent": TRANSPARENT}

_SETTINGS: dict[Any, Any] = {
    **{name: value for name, value in mpl.rcParamsDefault.items() if name != "backend"},
    "font.family": [FONT],
    "font.size": TEXT_PT,
    "axes.linewidth": 0.8,
    "path.simplify": False,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    **{f"{axis}tick.{kind}.width": 0.8 for axis in "xy" for kind in ("major", "minor")},
    "legend.frameon": False,
}


_CURRENT: ContextVar[Theme] = ContextVar("theme", default=LIGHT)


def colours() -> Theme:
    """Return the theme in use, for the colours that matplotlib has no settings for."""
    return _CURRENT.get()


@contextmanager
def use_theme(theme: Theme) -> Iterator[None]:
    """Make and draw figures in this theme, whatever a user's matplotlibrc says.

    What is made within takes paper, frames, ticks and texts from matplotlib's settings, and
    the colours of its curves and marks from colours().
    """
    token = _CURRENT.set(theme)
    try:
        with _in_context(_SETTINGS | _settings_of(theme)):
            yield
    finally:
        _CURRENT.reset(token)


def _settings_of(theme: Theme) -> dict[Any, Any]:
    return {
        "figure.facecolor": theme.paper,
        "axes.facecolor": theme.paper,
        "axes.edgecolor": theme.muted,
        "axes.labelcolor": theme.ink,
        "text.color": theme.ink,
        "xtick.color": theme.muted,
        "ytick.color": theme.muted,
        "xtick.labelcolor": theme.ink,
        "ytick.labelcolor": theme.ink,
    }


def plain_settings() -> AbstractContextManager[None]:
    """Return a context without a theme in which glyphs look alike, whatever a matplotlibrc says."""
    return _in_context(_SETTINGS)


def _in_context(settings: dict[Any, Any]) -> AbstractContextManager[None]:
    """Return a context with these settings; to set one that is so already would take its time."""
    now = mpl.rcParams
    return mpl.rc_context({name: value for name, value in settings.items() if now[name] != value})


def use_own_settings() -> None:
    """Have no others from now on: matplotlib reads a few, of the user's, whenever it draws."""
    mpl.rcParams.update(_SETTINGS)


UNKNOWN = "\N{REPLACEMENT CHARACTER}"
LINE_BREAK = "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}"
"""Stands for a line break: names and titles have one line."""


LONGEST = 500
"""Characters of a text that are looked at: no picture has room for more."""


@lru_cache
def drawable(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text as it can be drawn, and the font families to draw it with.

    It is one line: a line break becomes LINE_BREAK. Other spaces become blanks, and what else
    cannot be seen is written as Python would; what no installed font has becomes UNKNOWN. Of a
    text beyond LONGEST the rest is left out.
    """
    if len(text) > LONGEST:
        text = text[: LONGEST - 3] + "..."
    shown = "".join(map(_visible, text.replace("\r\n", "\n")))
    families, lost = _fonts_for(frozenset(shown))
    return "".join(UNKNOWN if c in lost else c for c in shown), families


@lru_cache
def _fonts_for(characters: frozenset[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the families that have these characters, and the characters that none has."""
    # FONT has all of ASCII; to look into its files takes longer than most texts are worth.
    families, left = [FONT], set[str]()
    if not all(c.isascii() for c in characters):
        left = set(characters) - _own_characters()
    # Other fonts are looked at only where one is needed: opening them all takes a second. What is
    # named as a font may be a pipe.
    paths = sorted(filter(os.path.isfile, findSystemFonts())) if left else []
    while left and paths:
        best = max(paths, key=lambda path: len(left & _characters_of(path)))
        found = left & _characters_of(best)
        if not found:
            break
        fontManager.addfont(best)
        families.append(get_font(best).family_name)
        left -= found
    return tuple(families), frozenset(left)


def missing(text: str) -> str:
    """Return the text's characters that no installed font has, each once."""
    seen = dict.fromkeys(text[:LONGEST])
    _, lost = _fonts_for(frozenset("".join(map(_visible, seen))))
    return "".join(c for c in seen if c != UNKNOWN and _visible(c) in lost)


def missing_hint(text: str) -> str | None:
    """Return which characters of the text no installed font has, and where to find one that
    does; None when all can be drawn.
    """
    lost = missing(text)
    if not lost:
        return None
    packages = " and ".join(sorted({_package_with(c) for c in lost}))
    few = lost if len(lost) <= 20 else f"{lost[:20]} and {len(lost) - 20} more characters"
    return f"no font here has {few}; see the package {packages}"


def _package_with(character: str) -> str:
    """Return the Debian package most likely to have it, as outlines: not the colour emoji."""
    if unicodedata.name(character, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL")):
        return "fonts-noto-cjk"
    return "fonts-symbola" if unicodedata.category(character) == "So" else "fonts-noto-core"


def _visible(character: str) -> str:
    if character in "\n\r\v\f\x85\u2028\u2029":
        return LINE_BREAK
    if character.isspace():
        return " "
    return character if character.isprintable() else ascii(character)[1:-1]


@cache
def _own_characters() -> frozenset[str]:
    """Return the characters that FONT has both upright and bold, as a title is."""
    return frozenset.intersection(
        *(
            _characters_of(findfont(FontProperties(family=FONT, weight=weight)))
            for weight in ("normal", "bold")
        )
    )


@cache
def _characters_of(path: str) -> frozenset[str]:
    """Return the characters that a font file can draw, none if it cannot be used."""
    try:
        font = get_font(path)
        font.set_size(10, 72)  # fonts of bitmaps only, such as colour emoji, fail here
        return frozenset(map(chr, font.get_charmap()))
    except (RuntimeError, OSError):
        return frozenset()
