"""A signal on the way is answered soon, whatever compresses just then, and leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SOON_S = 1.5
"""A frame of that size, on a machine that has other things to do."""

WRITING = """
import signal, sys
from pathlib import Path
import numpy as np
from plotting import encoders

# In the background of a shell it would be ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

class Frames:
    def __len__(self):
        return 1000
    def __getitem__(self, index):
        index = range(1000)[index]
        frame = np.full((1200, 1600, 4), 255, np.uint8)
        frame[::7, ::3] = np.random.default_rng(index).integers(0, 256, 4, np.uint8)
        frame[..., 3] = 255
        if index == 5:
            print("on the way", flush=True)
        return frame

encoders.save(Path(sys.argv[1]), encoders.Film(Frames(), [50] * 1000))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.gif", "a.apng", "a.webp", "a.mp4", "a.html"])
def test_a_signal_is_answered_soon(tmp_path: Path, name: str) -> None:
    if name == "a.mp4":
        pytest.importorskip("av", reason="needs pip install av")
    with subprocess.Popen(
        [sys.executable, "-c", WRITING, name],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "on the way\n"
        time.sleep(0.5)
        assert len(list(tmp_path.iterdir())) == 1  # unfinished
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert time.monotonic() - begun < SOON_S
    assert process.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in said
    assert not list(tmp_path.iterdir())
