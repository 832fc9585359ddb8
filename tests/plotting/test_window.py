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

asked = []

class Frames:
    def __len__(self):
        return 4
    def __getitem__(self, index):
        asked.append(index)
        return np.full((60, 80, 4), [60 * index, 0, 0, 255], np.uint8)

def press_space():
    plt.gcf().canvas.callbacks.process("key_press_event", KeyEvent("k", plt.gcf().canvas, " "))

def script():
    yield 1500
    marks.append(len(asked))
    press_space()
    yield 200
    marks.append(len(asked))
    yield 800
    marks.append(len(asked))
    press_space()
    yield 1000
    marks.append(len(asked))
    plt.close("all")

def go():
    for wait_ms in steps:
        plt.gcf().canvas.get_tk_widget().after(wait_ms, go)
        return

marks, steps, show = [], script(), plt.show
window.open_backend("tkagg")
plt.show = lambda: (go(), show())
window.play(Frames(), [50, 50, 50, 100], title="T", loop=int(sys.argv[1]))
print(json.dumps([marks, asked]))
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


def driven(display: str, loop: int) -> tuple[list[int], list[int]]:
    """Return how many frames were asked for at each step of the script, and which."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", DRIVER, str(loop)],
        env=environment(display),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    marks, asked = json.loads(done.stdout)
    return marks, asked


def test_space_pauses_and_goes_on_and_closing_ends(display: str) -> None:
    (playing, pausing, paused, again), asked = driven(display, loop=0)
    assert playing > 5
    assert pausing == paused
    assert again > paused + 3
    last_round = "".join(map(str, asked))
    assert "012330123301233" in last_round  # the last frame shows for two ticks, and it repeats


def test_it_stops_after_its_plays(display: str) -> None:
    _, asked = driven(display, loop=1)
    assert asked[-5:] == [0, 1, 2, 3, 3]
    assert asked.count(1) == 1


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
    assert told.splitlines()[:2] == ["a.gif", "a.png"]


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
