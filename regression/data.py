"""The points that a line is fitted to, and the noisy line of the tutorial."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


MAX_ABS = 1e140
"""Of |x| and |y|: the sum of ten million squares of such numbers is still finite."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Points (x, y), both of shape (n,) and float64, and the names of the two columns.

    Raises ValueError when the shapes differ, a value is not finite or its square is not, or the
    points do not determine a line (fewer than two, or all at one x, or as good as).
    """

    x: Floats
    y: Floats
    x_name: str = "x"
    y_name: str = "y"

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            values = np.array(getattr(self, name), dtype=np.float64)
            if values.ndim != 1 or not np.isfinite(values).all():
                raise ValueError(f"{name} must be a flat array of finite numbers")
            largest = np.abs(values).max(initial=0.0)
            if largest > MAX_ABS:
                raise ValueError(f"{name} reaches beyond {MAX_ABS:g}, where squares overflow")
            if 0 < largest < 1 / MAX_ABS:
                raise ValueError(f"{name} stays below {1 / MAX_ABS:g}, where squares underflow")
            values.setflags(write=False)  # frozen means the points too
            object.__setattr__(self, name, values)
        if len(self.x) != len(self.y):
            raise ValueError(f"x has {len(self.x)} values and y has {len(self.y)}; need as many")
        if len(self.x) < 2:
            given = f"{len(self.x)} point{'s' * (len(self.x) != 1)} given"
            raise ValueError(f"{given}; a line needs at least two")
        if self.x.min() == self.x.max():
            raise ValueError(
                f"x is {self.x[0]:g} at every point, so no line is determined; "
                "at least two different x are needed"
            )
        if self.x.max() - self.x.min() < 1 / MAX_ABS:
            raise ValueError(f"x differs by less than {1 / MAX_ABS:g}, whose square underflows")

    def __len__(self) -> int:
        return len(self.x)

    @cached_property
    def x_range(self) -> tuple[float, float]:
        """The smallest and the largest x."""
        return float(self.x.min()), float(self.x.max())


def check_dataset(data: object) -> None:
    """Raise TypeError for what is no Dataset."""
    if not isinstance(data, Dataset):
        raise TypeError(f"data is {data!r}; a Dataset is what read_csv() returns")


def noisy_line(
    points: int = 50,
    *,
    slope: float = 1.0,
    intercept: float = -2.0,
    noise: float = 1.0,
    rng: np.random.Generator | int = 0,
) -> Dataset:
    """Return even x on [0, 10] and y = slope*x + intercept + normal noise of that deviation.

    `rng` is a Generator or a seed. Raises ValueError for fewer than two points, a negative
    noise, what is not finite, or numbers so large that y gets beyond MAX_ABS.

    >>> noisy_line(3, noise=0).y
    array([-2.,  3.,  8.])
    """
    if points < 2:
        raise ValueError(f"points is {points}; a line needs at least two")
    if not noise >= 0:
        raise ValueError(f"noise is {noise}; a standard deviation is 0 or more")
    x = np.linspace(0.0, 10.0, points)
    parts = {"slope": slope, "intercept": intercept, "noise": noise}
    for name, value in parts.items():
        if not np.isfinite(value):
            raise ValueError(f"{name} is {value}; a finite number is needed")
    with np.errstate(over="ignore", invalid="ignore"):
        y = slope * x + intercept + np.random.default_rng(rng).normal(0.0, noise, points)
        reach = {"slope": abs(slope * x[-1]), "intercept": abs(intercept), "noise": noise}
    if not np.abs(y).max() <= MAX_ABS:
        name = max(reach, key=lambda part: reach[part])
        raise ValueError(f"{name} {parts[name]:g} takes y beyond {MAX_ABS:g}; make it smaller")
    return Dataset(x, y)
