"""What a writer is given: frames, their times, and what goes with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from plotting.encoders.palette import Pixels

if TYPE_CHECKING:  # frames.py has its arrays from here
    from plotting.frames import View

TITLE = "A line that learns"
"""Where there is no other."""


class PageText(NamedTuple):
    """What is said beside the pictures where there is room for text, all of it shown as it is.

    A caption has the names and values to write beside a frame; there are none, or one for each.
    `notes` are lines below, and the description is for those who cannot see the pictures.
    `titled` says that the pictures have the title, too.
    """

    title: str = TITLE
    description: str = "Animation"
    captions: Sequence[Mapping[str, str]] = ()
    notes: Sequence[str] = ()
    titled: bool = False


class Film(NamedTuple):
    """Frames, each (h, w, 3 or 4) in uint8, and how long each shows, in milliseconds."""

    frames: Sequence[Pixels]
    times_ms: Sequence[int]
    loop: int = 0
    """How often all of it plays, 0 for ever."""
    text: Callable[[], PageText] = PageText
    """Called only by the kinds that show text."""
    view: View | None = None
    """What the frames are drawn from, for a kind that draws by itself."""
    dark_view: Callable[[], View] | None = None
    """Makes the same view for a dark screen, for a kind that can be both."""
    replace: bool = True
    """Whether a file that is there already may be replaced."""
    scale: float = 1.0
    """Pixels of a frame for one of the screen, where a page says how large to show it."""
