"""Snapshots of a training as an animation. Draws and writes; never trains."""

from plotting.animation import Animation, animate

__all__ = ["Animation", "animate"]
