"""Runs as an animation, and as a page to explore. Draws and writes; never trains."""

from plotting.animation import Animation, animate
from plotting.explorer import explore

__all__ = ["Animation", "animate", "explore"]
