"""Colours, fonts and sizes of every view, in one place."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.colors import to_hex, to_rgb

FONT = "DejaVu Sans"
"""Comes with matplotlib, so pictures are the same on every machine."""

MID_GREY = "#b0b0b0"
"""Pale on white and on black."""

TEXT_PT = 9.0
SMALL_PT = 8.0


@dataclass(frozen=True)
class Theme:
    """The colours of a picture, named by what they are for.

    Red, green and blue also differ in lightness, so that people with red-green blindness tell
    them apart; a test simulates that.
    """

    paper: str
    ink: str
    muted: str
    data: str
    line: str
    cost: str
    trace: str
    """Of lines from earlier epochs."""
    low: str
    high: str
    """Of the cost surface, from its floor to its heights."""

    def pale(self, colour: str, share: float) -> str:
        """Return an opaque colour: so much of this one, the rest paper."""
        paper = MID_GREY if self.paper == "none" else self.paper
        red, green, blue = (
            share * one + (1 - share) * other for one, other in zip(to_rgb(colour), to_rgb(paper))
        )
        return to_hex((red, green, blue))

    def alpha(self, share: float) -> float | None:
        """Return how opaque something is on the paper: all of it where there is none, since a
        GIF's pixel is there or not.
        """
        return None if self.paper == "none" else share


LIGHT = Theme(
    paper="#ffffff",
    ink="#222222",
    muted="#6b6b6b",
    data="#c1121f",
    line="#009e73",
    cost="#2563eb",
    trace="#a9d9c8",
    low="#ffffff",
    high="#a9bfe8",
)
DARK = Theme(
    paper="#12161c",
    ink="#e8eaed",
    muted="#9aa3ad",
    data="#e5484d",
    line="#5eead4",
    cost="#5b9dff",
    trace="#28564f",
    low="#12161c",
    high="#2f4a7d",
)
# Has to be read on white paper and on black: in between, and on a surface of its own.
TRANSPARENT = Theme(
    paper="none",
    ink="#797979",
    muted="#797979",
    data="#c0353f",
    line="#22a57c",
    cost="#4577d8",
    trace="#8fbfae",
    low="#ffffff",
    high="#a9bfe8",
)
THEMES = {"light": LIGHT, "dark": DARK, "transparent": TRANSPARENT}

_SETTINGS: dict[Any, Any] = {
    **{name: value for name, value in mpl.rcParamsDefault.items() if name != "backend"},
    "font.family": [FONT],
    "font.size": TEXT_PT,
    "axes.linewidth": 0.8,
    "path.simplify": False,
}


def own_settings() -> AbstractContextManager[None]:
    """Return a context in which figures are made and drawn alike, whatever a user's matplotlibrc
    says.
    """
    return mpl.rc_context(_SETTINGS)


def use_own_settings() -> None:
    """Have no others from now on: matplotlib reads a few, of the user's, whenever it draws."""
    mpl.rcParams.update(_SETTINGS)
