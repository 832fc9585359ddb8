"""The live window, on a display of its own (Xvfb)."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageGrab

ROOT = Path(__file__).parent.parent.parent

DRIVER = """
import json, sys
import numpy as np
import matplotlib.pyplot as plt
from matplotlib.backend_bases import KeyEvent
from plotting import window

width, height, loop = map(int, sys.argv[1:])
asked = []

class Frames:
    def __len__(self):
        return 4
    def __getitem__(self, index):
        asked.append(index)
        rng = np.random.default_rng(index)
        return np.dstack([rng.integers(0, 256, (height, width, 3), np.uint8),
                          np.full((height, width), 255, np.uint8)])

def press(key):
    plt.gcf().canvas.callbacks.process("key_press_event", KeyEvent("k", plt.gcf().canvas, key))

def is_exact():
    plt.gcf().canvas.draw()
    last = asked[-1]
    seen = np.asarray(plt.gcf().canvas.buffer_rgba())
    return seen.shape == (height, width, 4) and np.array_equal(seen, Frames()[last])

def script():
    yield 1000
    marks.append(len(asked))
    press(" ")
    yield 100
    marks.append(len(asked))
    yield 400
    marks.append(len(asked))
    exact.append(is_exact())
    for key in ("right", "right", "right", "right", "left"):
        press(key)
        stepped.append(asked[-1])
    yield 100
    exact.append(is_exact())
    marks.append(len(asked))
    press(" ")
    yield 700
    marks.append(len(asked))
    press("escape")
    yield 3000
    marks.append("it is still open")
    plt.close("all")

def go():
    for wait_ms in steps:
        if plt.get_fignums():
            plt.gcf().canvas.get_tk_widget().after(wait_ms, go)
        return

marks, exact, stepped, steps, show = [], [], [], script(), plt.show
window.open_backend("tkagg")
plt.show = lambda: (go(), show())
window.play(Frames(), [50, 50, 50, 100], title="T", loop=loop)
print(json.dumps([marks, asked, exact, stepped]))
"""


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """Return the name of an empty display."""
    pytest.importorskip("tkinter", reason="needs Tk (package python3-tk)")
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb")
    with subprocess.Popen(
        # Without a reset whenever its last client leaves, which a screen grab is.
        ["Xvfb", "-noreset", "-displayfd", "1", "-screen", "0", "700x540x24"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield f":{server.stdout.readline().strip()}"
        server.terminate()


def environment(display: str) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
    return {**others, "DISPLAY": display, "MPLBACKEND": "", "PYTHONPATH": str(ROOT)}


def driven(display: str, width: int, height: int, loop: int) -> list[list[int]]:
    """Return how many frames were asked for at each step of the script, and which; whether the
    pixels were those of the frame; and where the arrow keys led.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", DRIVER, *map(str, (width, height, loop))],
        env=environment(display),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    result: list[list[int]] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize(
    ("width", "height"), [(80, 60), pytest.param(333, 217, marks=pytest.mark.slow)]
)
def test_keys_pause_step_and_close_and_pixels_are_exact(
    display: str, width: int, height: int
) -> None:
    marks, asked, exact, stepped = driven(display, width, height, loop=0)
    playing, pausing, paused, stepping, again = marks  # and Escape closed it
    assert playing > 5
    assert pausing == paused
    assert stepping < again
    assert "0123012" in "".join(map(str, asked[:paused]))
    assert exact == [True, True]
    assert stepped[-2:] == [3, 2]  # it stays at the last, and goes back from there


@pytest.mark.slow  # it plays
def test_it_stops_after_its_plays(display: str) -> None:
    marks, asked, _, _ = driven(display, 80, 60, loop=1)
    assert asked[: marks[0]][-4:] == [0, 1, 2, 3]
    assert asked[: marks[0]].count(1) == 1


def test_the_program_shows_what_it_writes(display: str, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "--show", "--quiet", "--out", "a.gif"],
        cwd=tmp_path,
        env=environment(display),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        seen: set[int] = set()
        end = time.monotonic() + 60
        while len(seen) < 8 and time.monotonic() < end and process.poll() is None:
            screen = np.asarray(ImageGrab.grab(xdisplay=display).convert("RGB"))
            if (screen[..., 1] > 200).mean() > 0.5:  # the paper of the picture
                assert (tmp_path / "a.gif").exists()  # which was written first
                seen.add(hash(screen.tobytes()))
            time.sleep(0.05)
        process.kill()  # which nothing can hold up
        told, _ = process.communicate()
    assert len(seen) >= 8
    assert told.splitlines()[:1] == ["a.gif"]


@pytest.mark.parametrize(
    ("set_to", "words"),
    [
        ({"DISPLAY": ""}, "--show: expected a display"),
        ({"DISPLAY": ":987"}, "--show: expected a display"),
        ({"MPLBACKEND": "agg"}, "MPLBACKEND=agg opens none"),
        ({"MPLBACKEND": "nonsense"}, "MPLBACKEND=nonsense opens none"),
    ],
)
def test_without_a_window_it_says_so_before_training(
    tmp_path: Path, set_to: dict[str, str], words: str
) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "--show", "--epochs", "10000000"],
        cwd=tmp_path,
        env={**environment(""), **set_to},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())
