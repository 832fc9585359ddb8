"""Text from anywhere, in fonts that have its characters."""

from __future__ import annotations

from functools import cache, lru_cache

from matplotlib.font_manager import FontProperties, findfont, findSystemFonts, fontManager, get_font

from plotting.theme import FONT

UNKNOWN = "\N{REPLACEMENT CHARACTER}"


@lru_cache
def drawable(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text as it can be drawn, and the font families to draw it with.

    What cannot be seen, such as a line break, is written as Python would; what no installed
    font has becomes UNKNOWN.
    """
    shown = "".join(map(_visible, text))
    families, left = [FONT], set(shown) - _characters_of(findfont(FontProperties(family=FONT)))
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
    return "".join(c for c in dict.fromkeys(text) if c != UNKNOWN == drawable(c)[0])


def _visible(character: str) -> str:
    if character.isspace() and character not in "\n\r\t\v\f":
        return " "
    return character if character.isprintable() else ascii(character)[1:-1]


@cache
def _characters_of(path: str) -> frozenset[str]:
    """Return the characters that a font file can draw, none if it cannot be used."""
    try:
        font = get_font(path)
        font.set_size(10, 72)  # fonts of bitmaps only, such as colour emoji, fail here
        return frozenset(map(chr, font.get_charmap()))
    except (RuntimeError, OSError):
        return frozenset()
