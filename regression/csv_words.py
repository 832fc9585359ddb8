"""Where older modules still look for `shown`."""

from regression.checks import shown

__all__ = ["shown"]
