"""The page that computes: a reader moves the rate, the start and the points, and sees the run."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path

import numpy as np
import numpy.typing as npt

from plotting.encoders.atomic import whole_file
from plotting.encoders.page import still_webp
from plotting.encoders.palette import choose_palette
from plotting.frames import Frames
from plotting.theme import THEMES as STYLES
from plotting.views import create_view
from plotting.views.base import Style
from regression import START, Dataset, Line, Run, Scale, UserError, least_squares, train

MOST_POINTS = 1000
"""What the page holds; of more points it takes so many, evenly in their order."""

THEMES = {"light": "not all", "dark": "screen", "auto": "screen and (prefers-color-scheme: dark)"}
"""The media in which the page is dark; paper never is."""

SCRIPTS = ("maths.js", "model.js", "words.js", "drawing.js", "questions.js", "page.js")
"""What the page runs, as one script."""

_FOLDER = Path(__file__).parent


class ExplorePage:
    """A page that shows itself in a notebook, in a frame of its own."""

    def __init__(self, html: str, height: int) -> None:
        """Use explore()."""
        self.html, self.height = html, height

    def _repr_html_(self) -> str:
        # No same origin: the page cannot reach the notebook, nor another page in it.
        return (
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts" '
            f'title="Explore the learning rate" width="100%" height="{self.height}" '
            'style="border: 0"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<explorable page, {len(self.html) / 1000:.0f} kB>"


def explore_page(
    data: Dataset,
    *,
    lr: float,
    epochs: int,
    batch_size: int = 1,
    start: Line = START,
    shuffled: bool = False,
    standardize: bool = False,
    synthetic: tuple[float, float, float, int] | None = None,
    title: str = "",
    still_png: bytes = b"",
    theme: str = "light",
) -> str:
    """Return a self-contained HTML page in which the reader changes the run and sees what follows.

    `lr`, `epochs`, `batch_size` and `start` are what train() takes; they and `shuffled` (a new
    order each epoch) and `standardize` (x with mean 0 and deviation 1) are where the page begins.
    `synthetic` is (slope, intercept, noise, seed) of made-up points, whose noise the reader may
    change. `still_png` is a picture (PNG or WebP) that is seen where scripts do not run. `theme`
    is light, dark or auto, which follows the reader's system.

    Raises UserError for a setting out of range or an unknown theme, TypeError for data that is
    no Dataset.

    >>> from regression import noisy_line
    >>> page = explore_page(noisy_line(), lr=0.0001, epochs=500)
    >>> page[:15], len(page) < 80_000
    ('<!doctype html>', True)
    """
    if theme not in THEMES:
        raise UserError(f"theme: expected {', '.join(THEMES)}, not {theme!r}")
    # Checks them, too.
    settings = train(data, lr=lr, epochs=epochs, batch_size=batch_size, start=start).settings
    chosen = np.arange(len(data))
    if len(data) > MOST_POINTS:
        chosen = np.linspace(0, len(data) - 1, MOST_POINTS).round().astype(np.intp)
    given = {
        "x": _base64(data.x[chosen]),
        "y": _base64(data.y[chosen]),
        "total": len(data),
        "xName": data.x_name,
        "yName": data.y_name,
        "lr": float(lr),
        "epochs": int(epochs),
        "batch": int(batch_size),
        "start": [float(part) for part in settings.start],
        "shuffled": bool(shuffled),
        "standardized": bool(standardize),
        "synthetic": synthetic and [float(part) for part in synthetic],
    }
    title = title or "A line trained by stochastic gradient descent: move the learning rate"
    code = _without_comments("".join(map(_file, SCRIPTS)))
    script, loader = f'"use strict";\n(() => {{\n{code}}})();\n', _file("loader.js")
    style = _file("style.css").replace("{{dark}}", THEMES[theme])
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src '{_hash(script)}' '{_hash(loader)}'; style-src '{_hash(style)}'"
    )
    parts = {
        "title": escape(title),
        "policy": escape(policy, quote=False),
        "style": style,
        "still": _still(still_png),
        "sentence": escape(_sentence(data, lr, epochs)),
        "given": json.dumps(given).replace("<", r"\u003c"),
        "packed": b64encode(zlib.compress(script.encode(), 9)).decode("ascii"),
        "loader": loader,
    }
    # In one pass, since a title may look like another part's place.
    first, *places = _file("template.html").split("{{")
    return first + "".join(
        parts[name] + rest for name, _, rest in (place.partition("}}") for place in places)
    )


STILL_SIZE = (720, 480)
"""Width and height in pixels of the picture that is seen where no script runs."""

STILL_COLOURS = 24


def write_page(
    path: Path,
    data: Dataset,
    run: Run,
    *,
    synthetic: tuple[float, float, float, int] | None = None,
    title: str = "",
    theme: str = "auto",
    replace: bool = True,
) -> None:
    """Write the page that begins with this run on the data, and shows where no script runs how it
    ended. `synthetic`, `title` and `theme` are as for explore_page(). Without `replace` a file
    that is there is an error. Raises OSError when the page cannot be written.
    """
    settings, start = run.as_trained.settings, run.as_trained.settings.start
    if run.settings.standardize:  # the page standardizes x alone
        scale = Scale.of(data)
        start = Line(start.weight * scale.y_std, start.bias * scale.y_std + scale.y_mean)
    width, height = STILL_SIZE
    shade = "light" if theme == "auto" else theme
    style = Style(width, height, 1.0, STYLES[shade], title)
    frame = Frames(create_view("story", data, [run], style=style))[-1]
    page = explore_page(
        data,
        lr=settings.lr,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        start=start,
        shuffled=settings.shuffled,
        standardize=run.settings.standardize,
        synthetic=synthetic,
        title=title,
        still_png=still_webp(frame, choose_palette([frame], STILL_COLOURS)),
        theme=theme,
    )
    with whole_file(path, replace=replace) as file:
        file.write(page.encode())


def explore(
    data: Dataset,
    *,
    lr: float = 0.0001,
    epochs: int = 500,
    batch_size: int = 1,
    start: Line = START,
    shuffled: bool = False,
    standardize: bool = False,
    synthetic: tuple[float, float, float, int] | None = None,
    title: str = "",
    theme: str = "auto",
    height: int = 860,
) -> ExplorePage:
    """Return the page of explore_page() as an object that a notebook shows, `height` pixels high.

    >>> from regression import noisy_line
    >>> explore(noisy_line()).html[:15]
    '<!doctype html>'
    """
    page = explore_page(
        data,
        lr=lr,
        epochs=epochs,
        batch_size=batch_size,
        start=start,
        shuffled=shuffled,
        standardize=standardize,
        synthetic=synthetic,
        title=title,
        theme=theme,
    )
    return ExplorePage(page, height)


def _file(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _without_comments(script: str) -> str:
    """Return a script without the lines that are comments, and without indentation."""
    script = re.sub(r"^ */\*\*.*?\*/\n", "", script, flags=re.DOTALL | re.MULTILINE)
    lines = (line.strip() for line in script.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def _base64(values: npt.NDArray[np.float64]) -> str:
    """Return float64 as text: shorter than decimals, and exact."""
    return b64encode(values.astype("<f8").tobytes()).decode("ascii")


def _hash(text: str) -> str:
    """Return what a content security policy calls an inline script or style."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}"


def _still(picture: bytes) -> str:
    if not picture:
        return ""
    kind = "webp" if picture[8:12] == b"WEBP" else "png"
    source = f"data:image/{kind};base64,{b64encode(picture).decode('ascii')}"
    return f'<img src="{source}" alt="The last frame of the run">\n'


def _sentence(data: Dataset, lr: float, epochs: int) -> str:
    """Return what is known without a script."""
    least = least_squares(data)
    return (
        f"{len(data):,} points, trained for {epochs:,} epoch{'s' * (epochs != 1)} at learning "
        f"rate {lr:g}. The least-squares line is W = {least.weight:.4g}, b = {least.bias:.4g}."
    )
