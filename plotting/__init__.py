"""Runs as an animation, and as a page to explore. Draws and writes; never trains."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotting.animation import Animation, animate
    from plotting.explorer import explore

__all__ = ["Animation", "animate", "explore"]


def __getattr__(name: str) -> Any:
    """Import matplotlib only when it is needed: the program looks to its surroundings first."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = "explorer" if name == "explore" else "animation"
    return getattr(importlib.import_module(f"plotting.{room}"), name)
