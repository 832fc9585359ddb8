"""Text from anywhere, in fonts that have its characters."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from matplotlib.font_manager import FontProperties, findfont, findSystemFonts, fontManager, get_font

from plotting.theme import FONT

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
LINE_BREAK = "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}"
"""Stands for a line break: names and titles have one line."""


@lru_cache
def drawable(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text as it can be drawn, and the font families to draw it with.

    It is one line: a line break becomes LINE_BREAK. Other spaces become blanks, and what else
    cannot be seen is written as Python would; what no installed font has becomes UNKNOWN.
    """
    shown = "".join(map(_visible, text.replace("\r\n", "\n")))
    # FONT has all of ASCII; to look into its files takes longer than most texts are worth.
    families, left = [FONT], set() if shown.isascii() else set(shown) - _own_characters()
    # Other fonts are looked at only where one is needed: opening them all takes a second.
    paths = sorted(findSystemFonts()) if left else []
    while left and paths:
        best = max(paths, key=lambda path: len(left & _characters_of(path)))
        found = left & _characters_of(best)
        if not found:
            break
        fontManager.addfont(best)
        families.append(get_font(best).family_name)
        left -= found
    return "".join(UNKNOWN if c in left else c for c in shown), tuple(families)


def missing(text: str) -> str:
    """Return the text's characters that no installed font has, each once."""
    seen = dict.fromkeys(text)
    return "".join(c for c in seen if c != UNKNOWN and drawable(c)[0] == UNKNOWN)


def hint(text: str) -> str | None:
    """Return which characters of the text no installed font has, and where to find one that
    does; None when all can be drawn.
    """
    lost = missing(text)
    if not lost:
        return None
    packages = " and ".join(sorted({_package_with(c) for c in lost}))
    return f"no font here has {lost}; see the package {packages}"


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
