"""animate(), by itself and in a notebook that is run."""

import base64
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from plotting import Animation, animate
from regression import noisy_line, train
from tests.helpers_encoders import decoded

ROOT = Path(__file__).parent.parent.parent
DATA = noisy_line(20)


def short(lr: float = 0.001, epochs: int = 3) -> Animation:
    return animate(DATA, train(DATA, lr=lr, epochs=epochs), scale=0.5)


@pytest.mark.parametrize("view", ["fit", "story", "microscope"])
def test_each_view_of_one_run_is_saved(tmp_path: Path, view: str) -> None:
    training = train(DATA, lr=0.001, epochs=3, shuffle=np.random.default_rng(1))
    animation = animate(DATA, training, view, steps=2, scale=0.5, frame_ms=50, hold_ms=500)
    path = animation.save(tmp_path / "a.gif")
    assert path == tmp_path / "a.gif"
    steps = [150, 150] if view == "microscope" else []
    assert decoded(path)[1] == [*steps, 50, 50, 500]
    assert list(tmp_path.iterdir()) == [path]


def test_several_runs_are_compared_and_a_page_has_their_numbers(tmp_path: Path) -> None:
    runs = [train(DATA, lr=lr, epochs=4) for lr in (0.001, 0.002)]
    page = animate(DATA, runs, "compare", title="Two").save(tmp_path / "a.html").read_text("utf-8")
    assert "<h1>Two</h1>" in page
    assert "Cost at rate 0.002" in page


def test_it_shows_itself_as_the_gif_that_it_saves(tmp_path: Path) -> None:
    animation = short()
    bundle = animation._repr_mimebundle_()
    assert base64.b64decode(bundle["image/gif"]) == animation.save(tmp_path / "a.gif").read_bytes()
    assert bundle["text/plain"] == "<animation of 3 frames, 2.2 s>"


def test_a_run_is_drawn_again_the_same_also_shuffled() -> None:
    orders = np.random.default_rng(1)
    training = train(DATA, lr=0.001, epochs=3, shuffle=orders)
    orders.random(100)  # what the caller does with it afterwards is no matter
    once, again = (animate(DATA, training, scale=0.5).gif for _ in range(2))
    assert once == again


def test_a_run_that_overflows_at_once_shows_its_start() -> None:
    page = animate(DATA, train(DATA, lr=1e300, epochs=3), "fit", scale=0.5)
    assert repr(page) == "<animation of 1 frame, 2 s>"


RUN = train(DATA, lr=0.001, epochs=3)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"view": "film"}, "view is 'film'; it can be fit, story, compare, microscope"),
        ({"theme": "red"}, "theme is 'red'; it can be light, dark, transparent"),
        ({"smoothing": "x"}, "smoothing is 'x'; it can be"),
        ({"view": "compare"}, "view 'compare' is of two runs or more, in a list"),
        ({"snapshots": [RUN, RUN]}, "view 'story' is of one run"),
        ({"display_step": 0}, "display_step is 0, not a whole number from 1 to 10000000"),
        ({"display_step": 1.5}, "display_step is 1.5, not a whole number"),
        ({"steps": -3}, "steps is -3, not a whole number"),
        ({"scale": float("nan")}, "scale is nan, not a number from 0.25 to 8"),
        ({"scale": 1000}, "scale is 1000, not a number from 0.25 to 8"),
        ({"scale": "2"}, "scale is '2', not a number from 0.25 to 8"),
        ({"frame_ms": -5}, "frame_ms is -5, not a whole number of milliseconds from 20"),
        ({"hold_ms": 10**6}, "hold_ms is 1000000, not a whole number of milliseconds from 20"),
        ({"data": noisy_line(20, rng=1)}, "data is not what the run was trained on"),
        ({"data": noisy_line(21)}, "data is not what the run was trained on"),
    ],
)
def test_what_cannot_be_drawn_is_said(arguments: Mapping[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        animate(**{"data": DATA, "snapshots": RUN, **arguments})


@pytest.mark.parametrize("given", [[], None, list(RUN), [RUN, None], RUN.convergence])
def test_what_is_no_training_is_said(given: Any) -> None:
    with pytest.raises(TypeError, match=r"what train\(\) returned"):
        animate(DATA, given)


@pytest.mark.parametrize("loop", [-1, 65_536, 1.5])
def test_it_plays_a_whole_number_of_times(tmp_path: Path, loop: Any) -> None:
    with pytest.raises(ValueError, match=f"loop is {loop}, not a number of plays up to 65535"):
        short().save(tmp_path / "a.gif", loop=loop)
    assert not list(tmp_path.iterdir())


def test_in_a_notebook(tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat", reason="needs pip install nbclient ipykernel")
    nbclient = pytest.importorskip("nbclient", reason="needs pip install nbclient ipykernel")
    pytest.importorskip("ipykernel", reason="needs pip install nbclient ipykernel")
    cells = [
        f"import sys; sys.path.insert(0, {str(ROOT)!r})",
        "from regression import noisy_line, train\nfrom plotting import animate\n"
        "data = noisy_line()\nsnapshots = train(data, lr=0.001, epochs=30)",
        'animation = animate(data, snapshots, view="story")\nanimation',
        'animate(data, snapshots).save("run.gif")',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
    ).execute()
    (shown,) = notebook.cells[2].outputs
    gif = base64.b64decode(shown["data"]["image/gif"])
    assert (tmp_path / "run.gif").read_bytes() == gif
    with Image.open(BytesIO(gif)) as image:
        assert (image.format, image.size) == ("GIF", (960, 540))
        assert getattr(image, "n_frames", 1) == 11


def test_a_title_is_text() -> None:
    with pytest.raises(TypeError, match="title is 5, not text"):
        animate(DATA, RUN, title=5)  # type: ignore[arg-type]


def test_more_runs_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="10 runs given; 9 at most are told apart"):
        animate(DATA, [RUN] * 10, "compare")
