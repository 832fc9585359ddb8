"""A run once more, by a plain loop over floats and by decimals of a hundred digits, which share
no line with `regression`: what its sentences are checked against.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np

Points = Sequence[tuple[float, float]]

DIGITS = 100
"""Of each decimal: an epoch may stretch rounding by 1e40, and what is read still has sixty."""

MAX_ORDERED = 5
"""Points of which all orders are gone through."""


class Affine(NamedTuple):
    """W <- a*W + b*B + p, B <- c*W + d*B + q."""

    a: Decimal
    b: Decimal
    p: Decimal
    c: Decimal
    d: Decimal
    q: Decimal

    def at(self, line: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
        """Return the line after it."""
        w, b = line
        return self.a * w + self.b * b + self.p, self.c * w + self.d * b + self.q

    def then(self, after: Affine) -> Affine:
        """Return both, this one first."""
        p, q = after.at((self.p, self.q))
        return Affine(
            after.a * self.a + after.b * self.c,
            after.a * self.b + after.b * self.d,
            p,
            after.c * self.a + after.d * self.c,
            after.c * self.b + after.d * self.d,
            q,
        )

    def fixed_point(self) -> tuple[Decimal, Decimal]:
        """Return the line that it leaves where it is, by Cramer's rule."""
        det = (1 - self.a) * (1 - self.d) - self.b * self.c
        w = ((1 - self.d) * self.p + self.b * self.q) / det
        return w, ((1 - self.a) * self.q + self.c * self.p) / det

    def radius(self) -> Decimal:
        """Return the spectral radius."""
        half, det = (self.a + self.d) / 2, self.a * self.d - self.b * self.c
        rest = half * half - det
        return det.sqrt() if rest < 0 else abs(half) + rest.sqrt()


NOTHING = Affine(*map(Decimal, (1, 0, 0, 0, 1, 0)))


def batches_of(points: Points, size: int) -> list[Points]:
    """Return the points in batches, the last of which may be short."""
    return [points[first : first + size] for first in range(0, len(points), size)]


def exact_step(batch: Points, lr: float) -> Affine:
    """Return one step as a map."""
    n, rate = len(batch), 2 * Decimal(lr)
    xs, ys = [Decimal(x) for x, _ in batch], [Decimal(y) for _, y in batch]
    x, y = sum(xs, Decimal(0)) / n, sum(ys, Decimal(0)) / n
    xx = sum((v * v for v in xs), Decimal(0)) / n
    xy = sum((u * v for u, v in zip(xs, ys)), Decimal(0)) / n
    return Affine(1 - rate * xx, -rate * x, rate * xy, -rate * x, 1 - rate, rate * y)


def exact_epoch(points: Points, lr: float, size: int) -> Affine:
    """Return one epoch in the order given."""
    whole = NOTHING
    for batch in batches_of(points, size):
        whole = whole.then(exact_step(batch, lr))
    return whole


def exact_power(epoch: Affine, count: int) -> Affine:
    """Return so many epochs."""
    result = NOTHING
    while count:
        if count & 1:
            result = result.then(epoch)
        epoch, count = epoch.then(epoch), count >> 1
    return result


def exact_cost(points: Points, line: tuple[Decimal, Decimal]) -> Decimal:
    """Return the sum of squared errors."""
    w, b = line
    return sum(((w * Decimal(x) + b - Decimal(y)) ** 2 for x, y in points), Decimal(0))


def exact_least_squares(points: Points) -> tuple[Decimal, Decimal]:
    """Return the line of lowest cost, by the normal equations."""
    xs, ys, n = [Decimal(x) for x, _ in points], [Decimal(y) for _, y in points], len(points)
    x, y = sum(xs, Decimal(0)) / n, sum(ys, Decimal(0)) / n
    products = [(u - x) * (v - y) for u, v in zip(xs, ys)]
    w = sum(products, Decimal(0)) / sum(((u - x) ** 2 for u in xs), Decimal(0))
    return w, y - w * x


def floats_after(
    line: tuple[float, float], points: Points, lr: float, size: int
) -> Iterator[tuple[float, float]]:
    """Return the line after each step of an epoch, as anybody would write it."""
    w, b = line
    for batch in batches_of(points, size):
        errors = [w * x + b - y for x, y in batch]
        w -= lr * 2 * sum(e * x for e, (x, _) in zip(errors, batch)) / len(batch)
        b -= lr * 2 * sum(errors) / len(batch)
        yield w, b


class Oracle:
    """A run, told what train() is told. Lines are in units of training unless `own` gives them."""

    def __init__(
        self,
        own: Points,
        *,
        lr: float,
        epochs: int,
        batch_size: int = 1,
        start: tuple[float, float] = (-1.0, 1.0),
        shuffle: bool = False,
        standardize: bool = False,
        seed: int = 0,
    ) -> None:
        self.seed = seed
        self.own_points, self.lr, self.epochs, self.start = own, lr, epochs, start
        self.size = min(batch_size, len(own))
        self.shuffled, self.standardize = shuffle and self.size < len(own), standardize
        self.scales = [(Decimal(0), Decimal(1))] * 2
        if standardize:
            self.scales = [_mean_and_deviation([p[k] for p in own]) for k in (0, 1)]
        ((mx, sx), (my, sy)) = self.scales
        self.points = own
        if standardize:
            self.points = [
                (float((Decimal(x) - mx) / sx), float((Decimal(y) - my) / sy)) for x, y in own
            ]

    def again(self, lr: float, epochs: int, seed: int = 0) -> Oracle:
        """Return another run on the same points."""
        return Oracle(
            self.own_points,
            lr=lr,
            epochs=epochs,
            batch_size=self.size,
            start=self.start,
            shuffle=self.shuffled,
            standardize=self.standardize,
            seed=seed,
        )

    def standardized(self) -> Oracle:
        """Return the run on standardized points from (-1, 1), whose end is that of this run."""
        other = Oracle(
            self.own_points,
            lr=self.lr,
            epochs=self.epochs,
            batch_size=self.size,
            shuffle=self.shuffled,
            standardize=True,
        )
        (mx, sx), (my, sy) = other.scales
        lines = [tuple(map(Decimal, line)) for line in self.ends]
        other.__dict__["ends"] = [
            (float(w * sx / sy), float((w * mx + b - my) / sy)) for w, b in lines
        ]
        return other

    def own(self, line: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
        """Return a line in the data's own units."""
        ((mx, sx), (my, sy)) = self.scales
        w = line[0] * sy / sx
        return w, my + sy * line[1] - w * mx

    def own_cost(self, line: tuple[Decimal, Decimal] | tuple[float, float]) -> float:
        """Return its cost in own units, inf where it overflows."""
        w, b = map(Decimal, line)
        cost = exact_cost(self.own_points, self.own((w, b)))
        return float(cost) if cost < Decimal("1.797e308") else math.inf

    @cached_property
    def ends(self) -> list[tuple[float, float]]:
        """The start and the line after each epoch, up to the last whose cost is finite."""
        rng, lines = np.random.default_rng(self.seed), [self.start]
        factor = float(self.scales[1][1]) ** 2
        for _ in range(self.epochs):
            points = self.points
            if self.shuffled:
                points = [points[i] for i in rng.permutation(len(points))]
            *_, end = floats_after(lines[-1], points, self.lr, self.size)
            if not all(map(math.isfinite, end)):
                break
            errors = [end[0] * x + end[1] - y for x, y in self.points]
            squares = sum(e * e for e in errors) * factor
            if not math.isfinite(squares):
                break
            lines.append(end)
        return lines

    @property
    def overflowed(self) -> bool:
        return len(self.ends) <= self.epochs

    @cached_property
    def epoch(self) -> Affine:
        """An epoch; of a shuffled run its mean over all orders, where those are few."""
        if not self.shuffled:
            return exact_epoch(self.points, self.lr, self.size)
        every = [exact_epoch(order, self.lr, self.size) for order in permutations(self.points)]
        return Affine(*(sum(part) / len(every) for part in zip(*every)))

    @property
    def is_rough(self) -> bool:
        """Whether the run is shuffled and x so far from 0 that its mean is known only roughly."""
        x = np.array([x for x, _ in self.points])
        return self.shuffled and bool(abs(x.mean()) > 100 * x.std())

    def radius_at(self, lr: float) -> Decimal:
        """Return the spectral radius of an epoch at another rate."""
        return exact_epoch(self.points, lr, self.size).radius()

    def mean_square_radius(self, lr: float) -> float:
        """Return that of the mean of M (x) M over all orders."""
        every = [exact_epoch(order, lr, self.size) for order in permutations(self.points)]
        squares = [
            np.kron(m, m) for m in (np.array([[e.a, e.b], [e.c, e.d]], float) for e in every)
        ]
        return float(np.abs(np.linalg.eigvals(np.mean(squares, axis=0))).max())

    def expected_cost(self, lr: float, epochs: int) -> float:
        """Return the mean cost of shuffled runs, over all orders, in own units: the products of
        a line's parts, as seen from least squares at the mean of x, are moved by M (x) M.
        """
        best, n = exact_least_squares(self.points), len(self.points)
        x = sum((Decimal(x) for x, _ in self.points), Decimal(0)) / n
        variance = sum(((Decimal(each) - x) ** 2 for each, _ in self.points), Decimal(0)) / n

        def seen(w: Decimal, b: Decimal) -> list[Decimal]:
            return [w - best[0], w * x + b - (best[0] * x + best[1])]

        squares = np.zeros((9, 9))
        orders = list(permutations(self.points))
        for order in orders:
            epoch = exact_epoch(order, lr, self.size)
            still = seen(*epoch.at(best))
            # One more of W, and one more of the height at the mean of x.
            sides = [
                seen(*epoch.at((best[0] + 1, best[1] - x))),
                seen(*epoch.at((best[0], best[1] + 1))),
            ]
            columns = [[a - b for a, b in zip(side, still)] for side in sides]
            m = np.eye(3)
            m[:2] = np.array([[columns[0][k], columns[1][k], still[k]] for k in (0, 1)], float)
            squares += np.kron(m, m) / len(orders)
        start = np.array([*map(float, seen(Decimal(self.start[0]), Decimal(self.start[1]))), 1.0])
        ends = np.linalg.matrix_power(squares, epochs) @ np.kron(start, start)
        excess = n * (float(variance) * ends[0] + ends[4])
        return (
            float(exact_cost(self.points, best) + Decimal(excess)) * float(self.scales[1][1]) ** 2
        )

    @cached_property
    def limit(self) -> tuple[Decimal, Decimal]:
        return self.epoch.fixed_point()

    @cached_property
    def loop(self) -> list[tuple[Decimal, Decimal]]:
        """The lines that the limit goes through in one epoch."""
        lines = [self.limit]
        for batch in batches_of(self.points, self.size):
            lines.append(exact_step(batch, self.lr).at(lines[-1]))
        return lines

    @cached_property
    def least_squares(self) -> tuple[Decimal, Decimal]:
        """In own units."""
        return exact_least_squares(self.own_points)

    @cached_property
    def minimum(self) -> float:
        return float(exact_cost(self.own_points, self.least_squares))

    @cached_property
    def about_mean(self) -> float:
        """What the best horizontal line costs."""
        mean = sum((Decimal(y) for _, y in self.own_points), Decimal(0)) / len(self.own_points)
        return float(exact_cost(self.own_points, (Decimal(0), mean)))

    @cached_property
    def on_a_line(self) -> bool:
        far = max(abs(y) for _, y in self.own_points)
        return self.minimum <= 1e-12 * self.about_mean + len(self.points) * (1e-14 * far) ** 2

    def after(self, epochs: int) -> tuple[Decimal, Decimal]:
        """Return the line after so many epochs, of which the loop need not have all."""
        return exact_power(self.epoch, epochs).at((Decimal(self.start[0]), Decimal(self.start[1])))

    def distance(self, line: tuple[Decimal, Decimal] | tuple[float, float]) -> float:
        """Return how far from the limit a line is, as a share of the start's distance."""
        w, b = self.limit

        def away(one: tuple[Decimal, Decimal] | tuple[float, float]) -> Decimal:
            return ((Decimal(one[0]) - w) ** 2 + (Decimal(one[1]) - b) ** 2).sqrt()

        return float(away(line) / away(self.start))

    def factors(self, lr: float) -> tuple[float, float]:
        """Return the smallest and the largest number by which a step multiplies an error in a
        direction of its batch, of all batches (that can be drawn, if it is shuffled).
        """
        batches = batches_of(self.points, self.size)
        if self.shuffled and self.size > 1:
            sizes = {len(batch) for batch in batches}
            batches = [batch for size in sizes for batch in combinations(self.points, size)]
        found = []
        for batch in batches:
            a = np.array([[x, 1.0] for x, _ in batch])
            values = np.linalg.svd(a, compute_uv=False) ** 2 / len(batch)
            found += (1 - 2 * lr * values).tolist()
        return min(found), max(found)

    @cached_property
    def growth(self) -> float:
        """The largest factor by which consecutive steps of an epoch stretch a distance."""
        steps = [exact_step(batch, self.lr) for batch in batches_of(self.points, self.size)]
        largest = Decimal(1)
        for first in range(len(steps)):
            part = NOTHING
            for each in steps[first:]:
                part = part.then(each)
                largest = max(largest, *map(abs, (part.a, part.b, part.c, part.d)))
        return float(largest)


def _mean_and_deviation(values: Sequence[float]) -> tuple[Decimal, Decimal]:
    exact = [Decimal(v) for v in values]
    mean = sum(exact, Decimal(0)) / len(exact)
    variance = sum(((v - mean) ** 2 for v in exact), Decimal(0)) / len(exact)
    return mean, variance.sqrt() if variance else Decimal(1)
