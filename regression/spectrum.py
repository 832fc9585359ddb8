"""The spectral radius of one epoch: below 1 training settles, from 1 on it diverges."""

from __future__ import annotations

import numpy as np

from regression.composition import Maps
from regression.coordinates import Coordinates
from regression.data import Floats


def log_radius(frame: Coordinates, maps: Maps) -> Floats:
    """Return the logarithm of M's spectral radius, shape (...); inf where M or its square leaves
    float64.

    The eigenvalues follow from trace and determinant, of I - M while that is small and of M
    otherwise: each where the other would cancel. The error is that of the trace, M's largest
    entry times 1e-16: nothing certain is left of an epoch that stretches by 1e16.
    """
    (m, e), det = maps[0], maps[1]
    (slope, mixed), (_, level) = frame.metric
    with np.errstate(all="ignore"):
        # By a power of two, which rounds nothing: products of tiny entries would underflow.
        scale = np.ldexp(1.0, np.frexp(np.abs(e[:, :2]).max(axis=(0, 1)))[1])
        e = e / scale
        half = (slope * e[0, 0] + mixed * (e[0, 1] + e[1, 0]) + level * e[1, 1]) / 2
        gap = slope * (e[0, 0] * e[1, 1] - e[0, 1] * e[1, 0])
        root = np.sqrt(np.maximum(half * half - gap, 0.0))
        large = scale * (half + root)
        fast = np.where(large < 1.0, np.log1p(-large), np.log(np.abs(1.0 - large)))
        slow = np.log1p(-scale * (gap / (half + root)))
        turning = np.log1p(scale * (scale * gap - 2 * half)) / 2
        by_gap = np.where(half * half < gap, turning, np.fmax(slow, fast))
        trace = (m[0, 0] + m[1, 1]) / 2
        root = np.sqrt(np.maximum(trace * trace - det, 0.0))
        by_steps = np.where(trace * trace < det, np.log(det) / 2, np.log(np.abs(trace) + root))
        products = np.abs(e[0, 0] * e[1, 1]) + np.abs(e[0, 1] * e[1, 0])
        small = scale * scale * slope * products < 1.0
        finite = np.isfinite(m).all(axis=(0, 1))
        by_entries = np.where(small, by_gap, by_steps)
        # Entries that small have no digits left: such steps count as none.
        moving = np.where(scale < np.finfo(np.float64).tiny, 0.0, by_entries)
        radius: Floats = np.where(finite, moving, np.inf)
    return radius
