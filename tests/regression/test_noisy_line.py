"""Synthetic points at the ends of float64."""

import numpy as np
import pytest

from regression import noisy_line


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"slope": 1e308}, "slope"),
        ({"slope": -1e150}, "slope"),
        ({"intercept": 1e200}, "intercept"),
        ({"noise": 1e308}, "noise"),
        ({"slope": 1e308, "intercept": -1e308}, "slope"),
        ({"noise": np.inf}, "noise"),
    ],
)
def test_what_overflows_is_named(settings: dict[str, float], word: str) -> None:
    with pytest.raises(ValueError, match=f"^{word}"):
        noisy_line(**settings)  # type: ignore[arg-type]


def test_subnormal_noise_is_noise() -> None:
    assert len(noisy_line(noise=5e-324)) == 50
