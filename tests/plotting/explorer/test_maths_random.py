"""The page's mathematics on random points, rates, batches, starts and orders, against training."""

import json
import os
from typing import Any

import numpy as np
import pytest

from regression import (
    Dataset,
    Line,
    analyse,
    best_rate,
    cost,
    diverging_rate,
    safe_rate,
    train,
)
from regression.sgd import Settings, step
from tests.plotting.explorer.test_maths import CHROMIUM, NODE, evaluated

CASES = int(os.environ.get("MATHS_CASES", "200"))
"""A second for a hundred; 1,500 are a good number after a change of either mathematics."""

SEED = int(os.environ.get("MATHS_SEED", "0"))

pytestmark = pytest.mark.skipif(not (NODE or CHROMIUM), reason="needs Node.js or Chromium")

COMPUTE = """
const said = JSON.stringify(cases.map(({ xs, ys, s }) => {
  const f = coordinates(Float64Array.from(xs), Float64Array.from(ys));
  const steps = stepsOf(f, s.batch);
  const map = composed(f, steps, s.lr);
  const safe = safeRate(f, s.batch, s.shuffled);
  const run = trained(f, s);
  const limit = s.shuffled ? null : fixedPoint(f, steps, s.lr, map);
  return {
    weights: [...run.weights].slice(0, run.last + 1),
    biases: [...run.biases].slice(0, run.last + 1),
    costs: [...run.costs].slice(0, run.last + 1),
    overflow: run.overflow,
    least: [...f.least, f.leastCost],
    safe,
    log: s.shuffled ? null : logRadius(f, map),
    limit: limit && lineAt(f, limit),
    diverging: s.shuffled ? null : divergingRate(f, steps, safe),
    best: s.shuffled ? null : bestRate(f, [steps], s.epochs, s.start, safe),
  };
}));
"""


def drawn_case(rng: np.random.Generator) -> tuple[Dataset, dict[str, Any]]:
    """Return points, from round to very ill-conditioned, and the settings of a run on them."""
    n = int(rng.integers(2, 61))
    x = rng.normal(size=n) if rng.random() < 0.5 else rng.uniform(-1, 1, n)
    x *= 10 ** rng.uniform(-2, 2)
    x += rng.choice([0, 1, 1, 30]) * rng.normal() * x.std()
    if rng.random() < 0.1:
        x[rng.integers(n)] *= 10
    slope, intercept = rng.normal(size=2) * 10 ** rng.uniform(-2, 2)
    y = slope * x + intercept + rng.choice([0, 0.1, 1, 10]) * rng.normal(size=n)
    data = Dataset(x, y)
    batch = int(rng.choice([1, 1, 1, 2, min(7, n), n]))
    shuffled = bool(rng.random() < 0.3) and batch < n
    safe = safe_rate(data, batch_size=batch, shuffled=shuffled)
    return data, {
        "lr": safe * float(10 ** rng.uniform(-4, 0.6)),
        "epochs": int(
            10 ** (rng.uniform(2.7, 3.3) if rng.random() < 0.15 else rng.uniform(0, 2.3))
        ),
        "batch": batch,
        "start": [slope + rng.normal() * 3, intercept + rng.normal() * 3],
        "shuffled": shuffled,
        "seed": int(rng.integers(2**32)),
    }


def mulberry32(seed: int) -> Any:
    """Return a generator of numbers in [0, 1), as its author's C code has it."""
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        t ^= (t + (((t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF
        yield ((t ^ (t >> 14)) & 0xFFFFFFFF) / 2**32


def shuffled_run(data: Dataset, s: dict[str, Any]) -> list[tuple[float, float, float]]:
    """Return W, b and cost of each epoch, by the trainer's step over orders as the page draws."""
    random, order = mulberry32(s["seed"]), list(range(len(data)))
    xs, ys, ends = data.x.tolist(), data.y.tolist(), []
    line: tuple[float, float] = Line(*s["start"])
    for _ in range(s["epochs"]):
        for i in range(len(order) - 1, 0, -1):
            j = int(next(random) * (i + 1))
            order[i], order[j] = order[j], order[i]
        for first in range(0, len(order), s["batch"]):
            some = order[first : first + s["batch"]]
            line = step(*line, [xs[i] for i in some], [ys[i] for i in some], s["lr"])
        ends.append((*line, cost(Line(*line), data)))
        if not np.isfinite(ends[-1][2]):
            return ends[:-1]
    return ends


def ordered_run(data: Dataset, s: dict[str, Any]) -> list[tuple[float, float, float]]:
    run = train(
        data, lr=s["lr"], epochs=s["epochs"], batch_size=s["batch"], start=Line(*s["start"])
    )
    return [(each.weight, each.bias, each.cost) for each in run]


def differences(data: Dataset, s: dict[str, Any], got: dict[str, Any]) -> dict[str, float]:
    """Return by how much the page's numbers are other than training's, each as a share of what it
    may differ by at most.
    """
    found: dict[str, float] = {}
    expected = (shuffled_run if s["shuffled"] else ordered_run)(data, s)
    start = (*s["start"], cost(Line(*s["start"]), data))
    rows = np.array([start, *expected])
    mine = np.array([got["weights"], got["biases"], got["costs"]]).T
    # The last epoch before an overflow may be one or the other.
    count = min(len(rows), len(mine))
    found["epochs"] = abs(len(rows) - len(mine)) / 1
    rows, mine = rows[:count], mine[:count]
    # Of the largest so far; b is where x is 0, which may lie far away.
    with np.errstate(over="ignore"):
        size = np.maximum.accumulate(np.abs(rows), axis=0)
        size[:, 1] = np.maximum(size[:, 1], np.abs(data.x).max() * size[:, 0])
        apart = np.abs(mine - rows) / (1e-11 * size + 1e-300)
    found["W"], found["b"], found["cost"] = np.nan_to_num(apart, posinf=np.inf).max(axis=0)
    safe = safe_rate(data, batch_size=s["batch"], shuffled=s["shuffled"])
    found["safe"] = abs(got["safe"] / safe - 1) / 1e-12
    return found if s["shuffled"] else found | limits(data, s, got)


def limits(data: Dataset, s: dict[str, Any], got: dict[str, Any]) -> dict[str, float]:
    """Return the same of where a run in fixed order ends, and of its rates."""
    batch, epochs, start = s["batch"], s["epochs"], Line(*s["start"])
    theirs = analyse(data, Settings(s["lr"], epochs, batch, start))
    found: dict[str, float] = {}
    if theirs.limit is not None and theirs.known:
        size = np.maximum(np.abs(theirs.limit), np.abs(theirs.least_squares))
        size[1] = max(size[1], np.abs(data.x).max() * size[0])
        found["limit"] = max(np.abs(np.subtract(got["limit"], theirs.limit)) / (1e-9 * size))
    if theirs.known:
        off = abs(got["log"] - theirs.log_contraction)
        found["log of the contraction"] = off / (1e-6 * abs(theirs.log_contraction) + 1e-12)
    threshold = diverging_rate(data, batch_size=batch)
    if threshold.known:
        found["threshold"] = abs(got["diverging"] / threshold.rate - 1) / 0.006

    def end(lr: float) -> float:
        *_, last = train(data, lr=lr, epochs=epochs, batch_size=batch, start=start)
        return last.cost

    lowest = end(best_rate(data, epochs=epochs, batch_size=batch, start=start))
    # The page's grid is coarser.
    more = 0.05 * lowest + 1e-4 * cost(start, data)
    found["cost at the best rate"] = (end(got["best"]) - lowest) / more
    return found


def computed_by_the_page(cases: list[tuple[Dataset, dict[str, Any]]]) -> list[dict[str, Any]]:
    given = [{"xs": data.x.tolist(), "ys": data.y.tolist(), "s": s} for data, s in cases]
    return list(evaluated(f"const cases = {json.dumps(given)};", COMPUTE))


def test_the_page_computes_what_training_gives() -> None:
    cases = [drawn_case(np.random.default_rng([SEED, number])) for number in range(CASES)]
    assert sum(s["shuffled"] for _, s in cases) > CASES / 10
    worst: dict[str, tuple[float, int]] = {}
    for number, (case, got) in enumerate(zip(cases, computed_by_the_page(cases), strict=True)):
        for name, off in differences(*case, got).items():
            worst[name] = max(worst.get(name, (0.0, 0)), (off, number))
    print({name: f"{off:.2g} (case {number})" for name, (off, number) in worst.items()})
    assert len(worst) == 9
    assert not {name: each for name, each in worst.items() if not each[0] <= 1}
