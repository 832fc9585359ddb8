"""animate(), by itself and in a notebook that is run."""

import base64
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from plotting import Animation, animate
from regression import UserError, noisy_line, train
from tests.helpers_encoders import decoded

ROOT = Path(__file__).parent.parent.parent
DATA = noisy_line(20)


def short(lr: float = 0.001, epochs: int = 3) -> Animation:
    return animate(DATA, train(DATA, lr=lr, epochs=epochs), scale=0.75)


@pytest.mark.parametrize("view", ["fit", "story", "microscope"])
def test_each_view_of_one_run_is_saved(tmp_path: Path, view: str) -> None:
    training = train(DATA, lr=0.001, epochs=3, shuffle=np.random.default_rng(1))
    animation = animate(DATA, training, view, steps=2, scale=0.75, frame_ms=50, hold_ms=500)
    (path,) = animation.save(tmp_path / "a.gif")
    assert path == tmp_path / "a.gif"
    times = decoded(path)[1]
    assert len(times) == (6 if view == "microscope" else 4)  # with the start
    assert times[-1] == 500
    assert list(tmp_path.iterdir()) == [path]


def test_several_runs_are_compared_and_a_page_has_their_numbers(tmp_path: Path) -> None:
    runs = [train(DATA, lr=lr, epochs=4) for lr in (0.001, 0.002)]
    (path,) = animate(DATA, runs, "compare", title="Two").save(tmp_path / "a.html")
    page = path.read_text("utf-8")
    assert "<h1>Two</h1>" in page
    assert "Cost, learning rate 0.002" in page


def test_it_shows_itself_as_the_gif_that_it_saves(tmp_path: Path) -> None:
    animation = short()
    bundle = animation._repr_mimebundle_()
    (path,) = animation.save(tmp_path / "a.gif")
    assert base64.b64decode(bundle["image/gif"]) == path.read_bytes()
    image = ElementTree.fromstring(bundle["text/html"].replace(">", "/>"))
    assert image.get("src") == f"data:image/gif;base64,{bundle['image/gif']}"
    alt = image.get("alt") or ""
    assert alt.startswith(f"{DATA.y_name} against {DATA.x_name}: the points, the line")
    assert "Last: Epoch 3, W " in alt
    assert image.get("style", "").startswith("width: 960px;")  # twice its pixels, at this scale
    assert bundle["text/plain"] == "<animation of 4 frames, 2.3 s>"


def test_a_run_is_drawn_again_the_same_also_shuffled() -> None:
    orders = np.random.default_rng(1)
    training = train(DATA, lr=0.001, epochs=3, shuffle=orders)
    orders.random(100)  # what the caller does with it afterwards is no matter
    once, again = (animate(DATA, training, scale=0.75).gif for _ in range(2))
    assert once == again


def test_a_run_that_overflows_at_once_shows_its_start() -> None:
    page = animate(DATA, train(DATA, lr=1e300, epochs=3), "fit", scale=0.75)
    assert repr(page) == "<animation of 1 frame, 2 s>"


RUN = train(DATA, lr=0.001, epochs=3)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"view": "film"}, "view: expected fit, squares, story, compare, microscope, basics-reset"),
        ({"theme": "red"}, "theme: expected light, dark, transparent, auto, not 'red'"),
        ({"smoothing": "x"}, "smoothing: expected "),
        ({"view": "compare"}, "view 'compare': expected two runs or more, in a list, not 1"),
        ({"runs": [RUN, RUN]}, "view 'story': expected one run, not 2"),
        ({"display_step": 0}, "display_step: expected a whole number"),
        ({"display_step": 1.5}, "display_step: expected a whole number"),
        ({"steps": -3}, "steps: expected a whole number"),
        ({"scale": float("nan")}, "scale: expected a number from 0.25 to 8, not nan"),
        ({"scale": 1000}, "scale: expected a number from 0.25 to 8, not 1000"),
        ({"scale": "2"}, "scale: expected a number from 0.25 to 8, not '2'"),
        ({"frame_ms": -5}, "frame_ms: expected a whole number of milliseconds from 20"),
        ({"hold_ms": 10**6}, "hold_ms: expected a whole number of milliseconds from 20"),
        ({"data": noisy_line(20, rng=1)}, "data: expected the points that the run was trained on"),
        ({"data": noisy_line(21)}, "data: expected the points that the run was trained on"),
    ],
)
def test_what_cannot_be_drawn_is_said(arguments: Mapping[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=re.escape(words)):
        animate(**{"data": DATA, "runs": RUN, **arguments})


@pytest.mark.parametrize("given", [[], None, list(RUN), [RUN, None], RUN.settings])
def test_what_is_no_training_is_said(given: Any) -> None:
    with pytest.raises(TypeError, match=r"what train\(\) returned"):
        animate(DATA, given)


@pytest.mark.parametrize("loop", [-1, 65_536, 1.5])
def test_it_plays_a_whole_number_of_times(tmp_path: Path, loop: Any) -> None:
    with pytest.raises(UserError, match=f"loop: expected a number of plays up to 65,535, .*{loop}"):
        short().save(tmp_path / "a.gif", loop=loop)
    assert not list(tmp_path.iterdir())


def test_in_a_notebook(tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat", reason="needs pip install nbclient ipykernel")
    nbclient = pytest.importorskip("nbclient", reason="needs pip install nbclient ipykernel")
    pytest.importorskip("ipykernel", reason="needs pip install nbclient ipykernel")
    cells = [
        f"import sys; sys.path.insert(0, {str(ROOT)!r})",
        "from regression import noisy_line, train\nfrom plotting import animate\n"
        "data = noisy_line()\nrun = train(data, lr=0.001, epochs=30)",
        'animation = animate(data, run, view="story")\nanimation',
        'animate(data, run).save("run.gif")',
        "animation.player()",
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
        assert (image.format, image.size) == ("GIF", (960, 620))
        assert getattr(image, "n_frames", 1) == 12
    assert f'alt="{DATA.y_name} against {DATA.x_name}: ' in shown["data"]["text/html"]
    (player,) = notebook.cells[4].outputs
    assert player["data"]["text/html"].startswith("<iframe ")
    assert player["data"]["text/plain"] == "<player of <animation of 12 frames, 3.1 s>>"


def test_a_player_is_the_page_in_a_frame(tmp_path: Path) -> None:
    animation = short()
    (path,) = animation.save(tmp_path / "a.html")
    frame = Frame()
    frame.feed(animation.player()._repr_html_())
    assert frame.attributes["srcdoc"] == path.read_text("utf-8")
    assert frame.attributes["sandbox"] == "allow-scripts"
    assert frame.attributes["title"] == "A line that learns"
    assert "height: 790px" in (frame.attributes["style"] or "")


class Frame(HTMLParser):
    """Reads the attributes of an iframe, as a browser does."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "iframe"
        self.attributes = dict(attrs)


def test_a_title_is_text() -> None:
    with pytest.raises(TypeError, match="title: expected text, not 5"):
        animate(DATA, RUN, title=5)  # type: ignore[arg-type]


def test_more_runs_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(UserError, match="runs: expected at most 9, not 10"):
        animate(DATA, [RUN] * 10, "compare")


def test_the_recipe_for_a_slider_draws_at_the_rate_that_it_is_set_to() -> None:
    pytest.importorskip("ipywidgets", reason="needs pip install ipywidgets")
    text = (ROOT / "plotting" / "README.md").read_text("utf-8")
    (recipe,) = (
        code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "Slider" in code
    )
    names: dict[str, Any] = {}
    exec(recipe, names)
    assert names["slider"].value == 0.001
    shown = names["show"](0.0005)
    assert len(shown.frames) == 16
    other = names["show"](0.001)
    assert not np.array_equal(shown.frames[-1].copy(), other.frames[-1].copy())
