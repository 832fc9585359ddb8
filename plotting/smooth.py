"""A curve through a few points, for the eye: the cost at the drawn epochs, joined smoothly."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from regression.data import Floats

Smoothing = Literal["pchip", "spline", "none"]
SMOOTHINGS: tuple[Smoothing, ...] = get_args(Smoothing)


def smooth(x: Floats, y: Floats, method: Smoothing, points: int = 400) -> tuple[Floats, Floats]:
    """Return the curve through (x, y), both (n,) with x rising, as two arrays (points,).

    `pchip` keeps the shape: between two points it never leaves their range, so it shows no
    rise or dip that did not happen (Fritsch and Butland, 1984). `spline` is the cubic of the
    tutorial, which may swing. With `none`, and where n is 1, x and y come back as they are.
    """
    if method == "none" or len(x) == 1:
        return x, y
    from scipy import interpolate  # noqa: PLC0415 - 0.3 s, which a run of --smooth none saves

    # Slopes of costs at either end of float64 would overflow: as shares of the largest, and
    # without differences that no picture shows, they do not.
    unit = np.abs(y).max() or 1.0
    y = np.round(y / unit, 12).astype(np.float64)
    dense = np.linspace(x[0], x[-1], points)
    if method == "pchip":
        return dense, interpolate.PchipInterpolator(x, y)(dense) * unit
    spline = interpolate.make_interp_spline(x, y, k=min(3, len(x) - 1))
    return dense, spline(dense) * unit
