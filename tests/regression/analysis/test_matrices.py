"""Epochs in any order and at any rate as matrices, against their steps in plain floats."""

import numpy as np
import pytest

from regression import START, Dataset, Line, noisy_line, step
from regression.analysis.affine import CHUNK, coordinates
from regression.analysis.matrices import ShuffledEpochs, epoch_matrices


def walked(data: Dataset, order: np.ndarray, lr: float, batch_size: int, line: Line) -> Line:
    for first in range(0, len(order), batch_size):
        some = order[first : first + batch_size]
        line = Line(*step(*line, data.x[some].tolist(), data.y[some].tolist(), lr))
    return line


@pytest.mark.parametrize("chunk", [CHUNK, 100])
@pytest.mark.parametrize("batch_size", [1, 2, 7, 60])
@pytest.mark.parametrize("points", [2, 7, 60])
def test_many_orders_and_rates_at_once(
    points: int, batch_size: int, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regression.analysis.matrices.CHUNK", chunk)
    data, rates = noisy_line(points, rng=3), np.array([1e-5, 0.002, 0.013])
    coords = coordinates(data)
    rng = np.random.default_rng(0)
    orders = np.array([rng.permutation(points) for _ in range(4)])
    found = epoch_matrices(coords, coords.z[orders], coords.residual[orders], batch_size, rates)
    assert found.shape == (2, 3, 3, 4)
    for i, lr in enumerate(rates):
        for j, order in enumerate(orders):
            for line in (START, Line(3.0, 20.0)):
                end = coords.offset(walked(data, order, lr, batch_size, line))
                got = found[:, :, i, j] @ [*coords.offset(line), 1.0]
                assert got == pytest.approx(end, rel=1e-9, abs=1e-10)


@pytest.mark.parametrize("batch_size", [1, 32, CHUNK, 2 * CHUNK])
@pytest.mark.parametrize("points", [CHUNK - 1, CHUNK, 2 * CHUNK + 77])
def test_a_shuffled_epoch_of_more_points_than_one_chunk(points: int, batch_size: int) -> None:
    data, rng = noisy_line(points), np.random.default_rng(5)
    epochs = ShuffledEpochs(coordinates(data), 0.004, batch_size)
    line = START
    for _ in range(2):  # in the same memory
        order = rng.permutation(points)
        end = walked(data, order, 0.004, batch_size, line)
        found = epochs.end(line, order)
        assert found == pytest.approx(end, rel=1e-11)
        line = end


@pytest.mark.parametrize("batch_size", [1, 2, 3, 700])
def test_a_shuffled_epoch_of_small_batches_and_of_all_points(batch_size: int) -> None:
    data = noisy_line(700)
    epochs = ShuffledEpochs(coordinates(data), 0.004, batch_size)
    order = np.random.default_rng(5).permutation(700)
    end = walked(data, order, 0.004, batch_size, START)
    assert epochs.end(START, order) == pytest.approx(end, rel=1e-11)


def test_what_would_lose_digits_is_refused() -> None:
    """Steps that stretch without end, and x so far from zero that b would be a difference."""
    order = np.arange(1000)
    assert ShuffledEpochs(coordinates(noisy_line(1000)), 0.5, 1).end(START, order) is None
    far = Dataset(1e8 + np.arange(1000.0) % 7, np.arange(1000.0))
    assert ShuffledEpochs(coordinates(far), 1e-18, 1).end(START, order) is None
    narrow = Dataset(9e3 + np.arange(1000.0) % 2, np.arange(1000.0))  # 18,000 deviations off
    assert ShuffledEpochs(coordinates(narrow), 1e-9, 1).end(START, order) is None
    wide = Dataset(9e3 + np.arange(1000.0) % 5, np.arange(1000.0))  # 6,400
    assert ShuffledEpochs(coordinates(wide), 1e-9, 1).end(START, order) is not None
