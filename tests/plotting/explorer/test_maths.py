"""The page's mathematics by itself, against training, NumPy and brute force."""

import itertools
import json
import shutil
import subprocess
import tempfile
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from regression import Dataset, Line, noisy_line, train

FOLDER = Path(__file__).parents[3] / "plotting" / "explorer"
NODE = shutil.which("node")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
Floats = npt.NDArray[np.float64]

pytestmark = pytest.mark.skipif(not (NODE or CHROMIUM), reason="needs Node.js or Chromium")

FAR = Dataset(1e8 + np.linspace(0.0, 10.0, 50), noisy_line().y)
OUTLIER = Dataset(np.array([*np.linspace(-1, 1, 20), 30.0]), np.linspace(0, 3, 21) ** 2)
TWO = Dataset(np.array([1.0, 3.0]), np.array([2.0, -1.0]))
LINED = noisy_line(noise=0)
MANY = noisy_line(1000, rng=4)


def computed(data: Dataset, expression: str, **names: Any) -> Any:
    """Return the value of a JavaScript expression about the data's frame `f`."""
    given = {"xs": data.x.tolist(), "ys": data.y.tolist(), **names}
    lines = [f"const {name} = {json.dumps(value)};" for name, value in given.items()]
    frame = "const f = coordinates(Float64Array.from(xs), Float64Array.from(ys));"
    return evaluated(*lines, frame, f"const said = JSON.stringify({expression});")


def evaluated(*lines: str) -> Any:
    """Return what lines of JavaScript leave as JSON in `said`; they have the page's mathematics."""
    program = [(FOLDER / "maths.js").read_text(encoding="utf-8"), *lines]
    if NODE is not None:
        return json.loads(output([NODE, "-"], "\n".join([*program, "console.log(said)"])))
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as page:
        script = "\n".join([*program, "document.body.textContent = said"])
        page.write(f"<!doctype html><body><script>{script}</script>")
        page.flush()
        options = ["--headless", "--no-sandbox", "--dump-dom"]
        seen = output([str(CHROMIUM), *options, Path(page.name).as_uri()], "")
    return json.loads(unescape(seen.partition("<body>")[2].partition("</body>")[0]))


def output(command: list[str], given: str) -> str:
    ran = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def epoch_matrix(data: Dataset, lr: float, order: Any = None, batch: int = 1) -> Floats:
    """Return M of one epoch in the plane of W and b, by a product of the steps."""
    order = np.arange(len(data)) if order is None else np.asarray(order)
    whole = np.eye(2)
    for first in range(0, len(data), batch):
        a = np.column_stack([data.x[order[first : first + batch]]] * 2)
        a[:, 1] = 1.0
        whole = (np.eye(2) - 2 * lr * a.T @ a / len(a)) @ whole
    return whole


def radius(matrix: Floats) -> float:
    return float(np.abs(np.linalg.eigvals(matrix)).max())


RUNS = [
    (noisy_line(), 0.0001, 500, 1),
    (noisy_line(), 0.001, 700, 7),
    (noisy_line(), 0.0099, 40, 1),
    (noisy_line(), 0.012, 1000, 1),
    (noisy_line(), 0.02, 100, 1),  # converges, though its steps magnify a thousandfold
    (noisy_line(), 0.031, 300, 1),
    (noisy_line(), 0.5, 300, 1),
    (noisy_line(), 1e200, 3, 1),
    (noisy_line(), 0.02, 2000, 50),
    (FAR, 1e-17, 800, 1, Line(0, 0)),  # from (-1, 1) the first errors have no more digits
    (FAR, 3e-17, 50, 3, Line(0, 0)),
    (OUTLIER, 0.001, 500, 1),
    (TWO, 0.05, 500, 1),
    (TWO, 0.05, 500, 2),
    (LINED, 0.005, 30, 1),
    (MANY, 0.0001, 100, 1),
    (MANY, 0.005, 20, 32),
]


@pytest.mark.parametrize("run", RUNS, ids=lambda run: f"{len(run[0])} points, {run[1:4]}")
def test_a_run_is_that_of_train(run: Any) -> None:
    data, lr, epochs, batch, start = (*run, Line(-1, 1))[:5]
    expected = list(train(data, lr=lr, epochs=epochs, batch_size=batch, start=start))
    got = computed(
        data,
        "(r => ({...r, weights: [...r.weights], biases: [...r.biases], costs: [...r.costs]}))"
        "(trained(f, s))",
        s={"lr": lr, "epochs": epochs, "batch": batch, "start": start},
    )
    assert got["last"] == len(expected)
    assert got["overflow"] == (len(expected) + 1 if len(expected) < epochs else None)
    for name in ("weight", "bias", "cost"):
        mine = np.array(got["biases" if name == "bias" else f"{name}s"][1 : len(expected) + 1])
        theirs = np.array([getattr(snapshot, name) for snapshot in expected])
        # Of points on a line the cost falls to rounding.
        near = 1e-9 * np.abs(theirs) + 1e-20 * np.abs(theirs[:1])
        assert (np.abs(mine - theirs) <= near).all(), name


@pytest.mark.parametrize("lr", [1e-6, 0.0001, 0.005, 0.0099, 0.015, 0.02, 0.025])
@pytest.mark.parametrize("batch", [1, 7])
def test_the_limit_is_where_an_epoch_returns_to(lr: float, batch: int) -> None:
    data = noisy_line()
    limit, log = computed(
        data,
        "[lineAt(f, fixedPoint(f, steps, lr, composed(f, steps, lr))),"
        " logRadius(f, composed(f, steps, lr))]"
        .replace("steps", f"stepsOf(f, {batch})"),
        lr=lr,
    )  # fmt: skip
    matrix = epoch_matrix(data, lr, batch=batch)
    assert np.exp(log) == pytest.approx(radius(matrix), rel=1e-9)
    start = Line(*limit)
    (after,) = train(data, lr=lr, epochs=1, batch_size=batch, start=start)
    stretch = 1e-13 * 1e6 if lr > 0.0099 else 1e-13
    assert after.weight == pytest.approx(start.weight, rel=stretch)
    assert after.bias == pytest.approx(start.bias, rel=stretch)


@pytest.mark.parametrize(
    "data", [noisy_line(), OUTLIER, TWO, noisy_line(8, rng=1)], ids=["line", "outlier", "2", "8"]
)
@pytest.mark.parametrize("batch", [1, 2, 3])
def test_no_rate_diverges_below_the_threshold(data: Dataset, batch: int) -> None:
    batch = min(batch, len(data))
    found = computed(data, f"divergingRate(f, stepsOf(f, {batch}), safeRate(f, {batch}, false))")
    assert radius(epoch_matrix(data, found, batch=batch)) >= 1 - 1e-9
    for lr in found * np.linspace(0.3, 0.9999, 60):
        assert radius(epoch_matrix(data, lr, batch=batch)) < 1


def test_the_threshold_of_the_default_data_is_known() -> None:
    assert computed(
        noisy_line(), "divergingRate(f, stepsOf(f, 1), safeRate(f, 1))"
    ) == pytest.approx(0.03036, abs=5e-6)


def test_a_rate_that_turns_every_epoch_round_contracts_by_one() -> None:
    data = Dataset(np.array([-1.0, 1.0]), np.array([0.0, 1.0]))
    found = computed(data, "logRadius(f, composed(f, stepsOf(f, 1), 0.5))")
    assert found == pytest.approx(0, abs=1e-15)


def test_far_above_the_threshold_the_factor_of_an_epoch_is_right() -> None:
    data = Dataset(1e4 + np.linspace(0, 10, 50), noisy_line().y)
    found = computed(data, "logRadius(f, composed(f, stepsOf(f, 1), 1.2e-8))")
    assert found == pytest.approx(np.log(radius(epoch_matrix(data, 1.2e-8))), rel=1e-6)


@pytest.mark.parametrize("batch", [1, 2, 3, 4, 5, 6, 7])
def test_the_safe_limit_of_shuffled_batches_is_that_of_the_worst_batch(batch: int) -> None:
    data = Dataset(np.array([-3.0, -2.5, 0.1, 0.2, 1.0, 2.0, 2.9]), np.arange(7.0))
    lengths = {batch, 7 % batch or batch}
    worst = max(
        np.linalg.eigvalsh(np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1.0]])).max()
        for length in lengths
        for x in map(np.array, itertools.combinations(data.x, length))
    )
    assert computed(data, f"safeRate(f, {batch}, true)") == pytest.approx(1 / worst, rel=1e-12)


@pytest.mark.slow
def test_a_shuffled_run_diverges_where_its_mean_square_does() -> None:
    data = noisy_line(12, rng=3)
    expression = (
        "logMeanSquareRadius(meanSquareMap(drawnOrders(12, 4000)"
        ".map(o => composed(f, stepsOf(f, 1, o), lr).m)))"
    )
    for ratio in (0.5, 1.5, 2.5):
        lr = ratio / 101
        log = computed(data, expression, lr=lr)
        rng = np.random.default_rng(0)
        squares = np.zeros((4, 4))
        for _ in range(4000):
            m = epoch_matrix(data, lr, rng.permutation(12))
            squares += np.kron(m, m) / 4000
        assert np.exp(log) == pytest.approx(radius(squares), rel=0.1)
        assert (log < 0) == (radius(squares) < 1)


@pytest.mark.slow
@pytest.mark.parametrize("epochs", [10, 500])
def test_no_safe_rate_ends_lower_than_the_best(epochs: int) -> None:
    data = noisy_line()
    best = computed(data, f"bestRate(f, [stepsOf(f, 1)], {epochs}, [-1, 1], safeRate(f, 1, false))")

    def cost(lr: float) -> float:
        *_, last = train(data, lr=lr, epochs=epochs)
        return last.cost

    assert best <= 1 / 101
    assert cost(best) <= min(map(cost, np.geomspace(1e-6, 1 / 101, 200))) * (1 + 1e-4)


def test_shuffled_runs_are_like_those_of_train_on_the_mean() -> None:
    data, epochs = noisy_line(), 4000
    got = computed(
        data,
        "(r => [[...r.weights], [...r.costs]])(trained(f, s))",
        s={
            "lr": 0.005,
            "epochs": epochs,
            "batch": 1,
            "start": [-1, 1],
            "shuffled": True,
            "seed": 1,
        },
    )
    run = train(data, lr=0.005, epochs=epochs, shuffle=np.random.default_rng(1))
    theirs = [(snapshot.weight, snapshot.cost) for snapshot in run][epochs // 10 :]
    for mine, other in zip(np.array(got)[:, epochs // 10 + 1 :], np.array(theirs).T):
        spread = other.std()
        assert abs(mine.mean() - other.mean()) < 0.1 * spread
        assert mine.std() == pytest.approx(spread, rel=0.1)


def test_the_expected_cost_of_a_shuffled_run_is_the_mean_of_many() -> None:
    data = noisy_line(20)
    expected = computed(
        data,
        "finalExcess(f, drawnOrders(20, 32).map(o => stepsOf(f, 1, o)), 0.005, 60, [-1, 1])"
        " + f.leastCost",
    )
    ends = []
    for seed in range(300):
        *_, last = train(data, lr=0.005, epochs=60, shuffle=np.random.default_rng(seed))
        ends.append(last.cost)
    assert expected == pytest.approx(np.mean(ends), rel=0.06)


@pytest.mark.parametrize("lr", [0.0001, 0.005, 0.009])
def test_the_epochs_until_a_share_is_left_are_counted(lr: float) -> None:
    data = noisy_line()
    count, limit = computed(
        data,
        "(map => (p => [epochsUntil(f, map, p, offsetOf(f, [-1, 1])), lineAt(f, p)])"
        "(fixedPoint(f, stepsOf(f, 1), lr, map)))(composed(f, stepsOf(f, 1), lr))",
        lr=lr,
    )
    lines = [Line(-1, 1), *(each.line for each in train(data, lr=lr, epochs=count))]
    far = [np.hypot(line.weight - limit[0], line.bias - limit[1]) for line in lines]
    assert far[-1] <= 0.01 * far[0] < far[-2]


def test_the_valley_of_standardized_data_is_round() -> None:
    data = noisy_line()
    a = np.column_stack([data.x, np.ones(50)])
    assert computed(data, "conditionNumber(f)") == pytest.approx(np.linalg.cond(a) ** 2)
    z = Dataset((data.x - data.x.mean()) / data.x.std(), data.y)
    assert computed(z, "conditionNumber(f)") == pytest.approx(1)
