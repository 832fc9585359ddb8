"""The animated SVG: what it shows when, read back by rsvg, Chromium and Firefox, and its size.

The oracle of a frame is the picture of that moment alone, which has no animation, and the frame
that Agg draws, as in a GIF.
"""

import gzip
import io
import re
import shutil
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Polygon
from matplotlib.path import Path as Outline
from PIL import Image

from plotting import encoders
from plotting.encoders import svg
from plotting.encoders.film import Film, PageText
from plotting.encoders.svg import paired_colours, svg_text, write_svg
from plotting.frames import Frames, View
from plotting.theme import DARK, LIGHT, Theme
from plotting.views import VIEWS, create_view
from plotting.views.base import Style
from regression import UserError, finish, noisy_line, train
from tests.helpers_encoders import Pixels, program

Open = Callable[..., Any]

SPACE = "{http://www.w3.org/2000/svg}"


@cache
def built(name: str, theme: Theme = LIGHT) -> View:
    """Return a view that several tests share."""
    return build(name, theme)


def build(name: str, theme: Theme = LIGHT, display_step: int = 40) -> View:
    data, style = noisy_line(), Style(theme=theme)
    if name.startswith("basics"):
        return create_view(name, style=style)
    rates = (0.0001, 0.001, 0.01, 0.04) if name == "compare" else (0.0001,)
    runs = [finish(train(data, lr=lr, epochs=500), 20 * (name == "microscope")) for lr in rates]
    return create_view(name, data, runs, display_step=display_step, style=style)


@pytest.fixture(scope="module", params=VIEWS)
def named(request: pytest.FixtureRequest) -> tuple[str, View]:
    return request.param, built(request.param)


def times_of(view: View) -> list[int]:
    return Frames(view).times_ms(100, 2000)


@cache
def written(name: str) -> str:
    """Return the whole animation of a view, with a title and a description."""
    view = built(name)
    return svg_text(view, times_of(view), title=name, description="Cost & rate < 1\x00")


class Alone:
    """One moment of a view."""

    def __init__(self, view: View, index: int) -> None:
        self.view, self.figure, self.theme = view, view.figure, getattr(view, "theme", LIGHT)
        self.moments: Sequence[Any] = [view.moments[index]]

    @property
    def moving(self) -> Sequence[Artist]:
        return self.view.moving

    def update(self, moment: Any) -> None:
        self.view.update(moment)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.view, name)


# Reading what was written, without a browser.

RULE = re.compile(r"\.(k\d+)\{animation-name:\1(?:;([^}]*))?\}@keyframes \1\{(.*)\}\n")
BLOCK = re.compile(r"([\d.%,]+)\{([a-z-]+):([^}]*)\}")


def frozen(text: str, percent: float) -> str:
    """Return the picture as it is after a share of its time, without any style."""
    root = ET.fromstring(text)
    rules = {}
    for name, setup, blocks in RULE.findall(text):
        now: dict[str, tuple[float, str]] = {}
        for steps, what, value in BLOCK.findall(blocks):
            for step in steps.split(","):
                at = float(step.removesuffix("%"))
                if now.get(what, (-1.0, ""))[0] <= at <= percent:
                    now[what] = at, value
        rules[name] = {what: value.replace("px", "") for what, (_, value) in now.items()}
        rules[name] |= dict([setup.split(":")]) if setup else {}
    for element in root.iter():
        name = element.attrib.pop("class", None)
        if name is not None:
            changes = rules[name]
            assert not changes.keys() & (element.attrib.keys() - {"visibility"})
            element.attrib.update({k: v for k, v in changes.items() if v != "none"})
    for style in root.findall(f"{SPACE}style"):
        root.remove(style)
    ET.register_namespace("", SPACE[1:-1])
    return ET.tostring(root, encoding="unicode")


def by_rsvg(text: str) -> Pixels:
    """Return the picture (h, w, 3) as librsvg draws it, on white."""
    result = subprocess.run(
        [program("rsvg-convert"), "--background-color=white"],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    assert not result.stderr
    return rgb(result.stdout)


@cache
def at_moment(name: str, index: int) -> Pixels:
    """Return the picture of one moment, which has no animation."""
    return by_rsvg(svg_text(Alone(built(name), index), [100]))


def rgb(png: bytes) -> Pixels:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"))


def means(pixels: Pixels) -> npt.NDArray[np.float64]:
    height, width = (size // 4 for size in pixels.shape[:2])
    blocks = pixels[: 4 * height, : 4 * width].reshape(height, 4, width, 4, -1)
    found: npt.NDArray[np.float64] = blocks.mean(axis=(1, 3))
    return found


def psnr(one: Pixels, other: Pixels) -> float:
    """Return how alike two pictures are, in dB, by the means of 4x4 pixels: each renderer puts
    the edges of letters elsewhere within a pixel.
    """
    error = float(((means(one) - means(other)) ** 2).mean())
    return 10 * np.log10(255**2 / error) if error else np.inf


def differ(one: Pixels, other: Pixels) -> int:
    """Return how many pixels differ by more than the edge of a shape does that is drawn anew."""
    return int((np.abs(one.astype(int) - other).max(axis=-1) > 100).sum())


# What a frame shows.


def test_the_picture_of_a_moment_is_as_agg_draws_it(named: tuple[str, View]) -> None:
    name, view = named
    frames = Frames(view)
    for index in (0, len(frames) // 2, len(frames) - 1):
        assert psnr(frames[index][..., :3].copy(), at_moment(name, index)) > 30


@pytest.mark.slow
def test_each_frame_shows_the_picture_of_its_moment(named: tuple[str, View]) -> None:
    name, view = named
    times = times_of(view)
    starts = 100 * np.cumsum([0, *times]) / sum(times)
    for index in sorted({0, 1, 2, len(times) // 2, len(times) - 2, len(times) - 1}):
        middle = (starts[index] + starts[index + 1]) / 2
        got = by_rsvg(frozen(written(name), middle))
        assert differ(got, at_moment(name, index)) == 0


def test_without_animation_the_last_frame_shows(named: tuple[str, View]) -> None:
    name, view = named
    text = written(name)
    bare = re.sub('<style>.*</style>|class="k[0-9]+"', "", text, flags=re.DOTALL)
    for seen in (text, bare):
        assert differ(by_rsvg(seen), at_moment(name, len(view.moments) - 1)) == 0


@pytest.mark.slow
def test_a_frame_is_drawn_as_before_after_the_svg_was_written(named: tuple[str, View]) -> None:
    _, view = named
    frames = Frames(view)
    before = frames[1].copy()
    svg_text(view, times_of(view))
    np.testing.assert_array_equal(frames[1], before)


class Synthetic:
    """Whatever moves: a growing line, a dot, a text that rides on it, a polygon, dots that come
    and go, an artist of one frame; a line that rests; and a title that changes now and then.
    """

    def __init__(self, frames: int = 8, grows: Sequence[int] | None = None) -> None:
        self.theme, self.figure = LIGHT, Figure((3.001, 2.001), 100)
        self.axes = self.figure.add_axes((0.15, 0.15, 0.8, 0.7), xlim=(0, 10), ylim=(0, 10))
        self.moments: Sequence[Any] = range(frames)
        self.grows = list(range(2, frames + 2)) if grows is None else grows
        self.x = np.linspace(1, 9, 60)
        self.y = 5 + 3 * np.sin(self.x)
        add = self.axes.plot
        (self.curve,) = add([], [], color="#2563eb", lw=2, animated=True)
        (self.dot,) = add([], [], "o", color="#c1121f", ms=6, mew=0, animated=True)
        (self.star,) = add([], [], "*", color="#009e73", ms=9, animated=True)
        (self.many,) = add([], [], "o", color="#222222", ms=3, mew=0, alpha=0.5, animated=True)
        self.label = self.axes.text(0, 0, "", animated=True, color="#222222")
        self.area = Polygon([(0, 0), (1, 0), (1, 1)], color="#a9d9c8", animated=True)
        self.axes.add_patch(self.area)
        self.extra: Artist | None = None
        (self.late,) = add([2, 3], [8, 9], color="#6b6b6b", animated=True)
        self.title = self.axes.set_title("quiet")

    @property
    def resting(self) -> Sequence[Artist]:
        return (self.late,)

    @property
    def resting_state(self) -> object:
        return self.late.get_visible()

    @property
    def moving(self) -> Sequence[Artist]:
        first = (self.area, self.curve, self.dot, self.star, self.many, self.label)
        return first if self.extra is None else (*first, self.extra)

    def update(self, moment: int) -> None:
        shown = 6 * self.grows[moment]
        self.curve.set_data(self.x[:shown], self.y[:shown])
        end = self.x[shown - 1 : shown], self.y[shown - 1 : shown]
        self.dot.set_data(*end)
        self.star.set_data(end[1], end[0])
        self.star.set_visible(moment % 3 != 1)
        self.many.set_data(self.x[: 5 * (moment % 4)], self.y[: 5 * (moment % 4)] - 1)
        self.label.set_text("up" if moment < 3 else "down")
        self.label.set_position((float(end[0][0]), 6.0))
        self.late.set_visible(moment > 4)
        self.area.set_xy([(0, 0), (moment + 2, 0), (moment + 1, 3)])
        words = "loud" if moment in {2, 3, 6} else "quiet"
        if self.title.get_text() != words:
            self.title.set_text(words)
        if moment == 4:
            stale = self.figure.stale
            (self.extra,) = self.axes.plot([1, 9], [9, 1], "--", color="#222222", animated=True)
            self.figure.stale = stale
        else:
            self.extra = None


@pytest.mark.slow
@settings(max_examples=8)
@given(grows=st.lists(st.integers(1, 9), min_size=8, max_size=8))
def test_what_comes_goes_grows_and_shrinks_shows_in_its_frames_only(grows: list[int]) -> None:
    view = Synthetic(grows=grows)
    times = [30, 200, 20, 500, 40, 41, 43, 700]
    text = svg_text(view, times)
    starts = 100 * np.cumsum([0, *times]) / sum(times)
    for index in range(len(times)):
        got = by_rsvg(frozen(text, (starts[index] + starts[index + 1]) / 2))
        assert differ(got, by_rsvg(svg_text(Alone(view, index), [100]))) == 0


def test_each_frame_shows_from_its_first_millisecond_to_its_last() -> None:
    """The same with one example; a step is exact to half a millisecond."""
    view, times = Synthetic(grows=[2, 3, 5, 6, 6, 4, 8, 9]), [30, 200, 20, 500, 40, 41, 43, 700]
    text, starts = svg_text(view, times), np.cumsum([0, *times])
    for index, (start, stop) in enumerate(pairwise(starts)):
        want = by_rsvg(svg_text(Alone(view, index), [100]))
        for at in (start + 0.6, stop - 0.6):
            assert differ(by_rsvg(frozen(text, 100 * at / sum(times))), want) == 0


def test_what_is_cut_off_by_the_axes_is_as_agg_draws_it() -> None:
    view = Synthetic()
    view.y += 4.5
    FigureCanvasAgg(view.figure)
    frames = Frames(view)
    for index in (0, 3, 7):
        want = frames[index][..., :3].copy()
        assert psnr(by_rsvg(svg_text(Alone(view, index), [100])), want) > 30


class Plain:
    """A picture of 300 by 200 pixels that are the units of its axes, from the lower left corner."""

    def __init__(self) -> None:
        self.theme, self.figure = LIGHT, Figure((3.001, 2.001), 100)
        self.axes = self.figure.add_axes((0, 0, 300 / 300.1, 200 / 200.1))
        self.axes.set(xlim=(0, 300), ylim=(0, 200))
        self.axes.set_axis_off()
        self.moments: Sequence[Any] = (0,)
        self.moving: Sequence[Artist] = ()

    def update(self, moment: Any) -> None:
        pass

    @property
    def elements(self) -> list[ET.Element]:
        return list(ET.fromstring(svg_text(self, [100])).iter())


def test_a_line_is_where_its_points_are() -> None:
    view = Plain()
    view.axes.plot([10, 110, 111], [20, 70, 190])
    (line,) = [e for e in view.elements if e.get("stroke-width")]
    assert line.get("d") == "M10 180l100-50 1-120"


def test_a_curve_stays_curved() -> None:
    """A circle of radius 50 about the middle, not the many chords that Agg draws."""
    view = Plain()
    circle = Outline.circle((150, 100), 50)
    view.axes.add_patch(PathPatch(circle, fill=False, lw=2))
    (ring,) = [e for e in view.elements if e.get("stroke-width")]
    assert re.sub(r"[-\d. ]", "", ring.get("d", "")) == "Mcz"
    got, want = drawn_twice(view)
    for dark in (got, want):
        rows, columns = np.nonzero(dark)
        away = np.hypot(rows + 0.5 - 100, columns + 0.5 - 150)
        assert len(away) > 500
        assert (abs(away - 50) < 2.5).all()


def test_a_colour_may_have_its_own_alpha() -> None:
    view = Plain()
    view.axes.plot([10, 110], [20, 70], color=(1, 0, 0, 0.25))
    view.axes.plot([10, 110], [120, 170], color=(1, 0, 0), alpha=0.5)
    lines = [e for e in view.elements if e.get("stroke-width")]
    assert [e.get("stroke") for e in lines] == ["#f00", "#f00"]
    assert [e.get("stroke-opacity") for e in lines] == [".25", ".5"]


@pytest.mark.parametrize("far", [1e9, -1e9])
def test_a_line_that_ends_far_outside_has_short_numbers(far: float) -> None:
    view = Plain()
    view.axes.fill([10, 110, far], [20, 70, far], color="black", lw=0)
    (area,) = [e for e in view.elements if e.get("fill") == "#000"]
    assert max(map(len, re.findall(r"[\d.]+", area.get("d", "")))) <= 8


def test_a_marker_stands_upright_at_its_place() -> None:
    """A triangle 12 points wide and high: at 100 dpi 16.67 pixels, half of it above its middle."""
    view = Plain()
    view.axes.plot([50], [150], "^", ms=12, mew=0)
    by_name = {e.get("id"): e for e in view.elements}
    (use,) = [e for e in view.elements if e.tag == f"{SPACE}use"]
    assert (use.get("x"), use.get("y")) == ("50", "50")
    assert by_name[use.get("href", "")[1:]].get("d", "").startswith("M0-8.33l-8.33 16.6")


def test_a_marker_whose_edge_reaches_into_the_picture_is_drawn() -> None:
    view = Plain()
    view.axes.plot([-10, -30], [100, 100], "^", ms=12, mew=7.2, clip_on=False)
    (use,) = [e for e in view.elements if e.tag == f"{SPACE}use"]
    assert use.get("x") == "-10"


@pytest.mark.parametrize("angle", [30, 90])
def test_a_text_is_turned_against_the_clock(angle: int) -> None:
    view = Plain()
    view.axes.text(50, 150, "up", rotation=angle, rotation_mode="anchor")
    (turned,) = [e for e in view.elements if "rotate" in e.get("transform", "")]
    assert turned.get("transform", "").endswith(f"rotate(-{angle})")


def drawn_twice(view: Plain) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return where the picture is dark, as rsvg draws the SVG and as Agg does."""
    canvas = FigureCanvasAgg(view.figure)
    canvas.draw()
    pictures = by_rsvg(svg_text(view, [100])), np.asarray(canvas.buffer_rgba())[..., :3]
    one, other = (each.max(axis=2) < 128 for each in pictures)
    return one, other


def test_a_long_text_ends_where_agg_ends_it() -> None:
    """There each letter moves on by whole pixels, here all are spread."""
    view = Plain()
    view.axes.text(10, 100, "l" * 60, fontsize=9)
    got, want = (np.flatnonzero(dark.any(axis=0)).max() for dark in drawn_twice(view))
    assert want > 150
    assert abs(int(got) - int(want)) <= 2


def test_dashes_are_as_long_as_said() -> None:
    """In widths of the line: of 2 points, at 100 dpi 2.78 pixels."""
    view = Plain()
    view.axes.plot([10, 290], [20, 190], lw=2, linestyle=(3, (5, 2)))
    (line,) = [e for e in view.elements if e.get("stroke-width")]
    assert line.get("stroke-dasharray") == "13.89 5.56"
    assert line.get("stroke-dashoffset") == "8.33"


def test_a_shape_is_cut_off_at_another() -> None:
    """A disc of radius 50 is all that is left of the picture."""
    view = Plain()
    all_of_it = Polygon([(0, 0), (0, 200), (300, 200), (300, 0)], color="black")
    view.axes.add_patch(all_of_it)
    all_of_it.set_clip_path(Outline.circle((150, 100), 50), view.axes.transData)
    got, want = drawn_twice(view)
    assert got.sum() == pytest.approx(np.pi * 50**2, rel=0.01)
    assert (got != want).sum() < 0.02 * want.sum()


def test_a_marker_on_the_edge_of_its_axes_is_cut_in_half() -> None:
    view = Plain()
    axes = view.figure.add_axes((0.5, 0.1, 0.4, 0.8), xlim=(0, 10), ylim=(0, 10))
    axes.set_axis_off()
    axes.plot([0], [5], "s", ms=28.8, mew=0, color="black")  # 40 pixels
    got, want = drawn_twice(view)
    assert want.sum() == pytest.approx(40 * 20, rel=0.1)
    assert (got != want).sum() < 0.1 * want.sum()


def test_a_text_is_cut_off_at_its_axes_where_that_is_wanted() -> None:
    view = Plain()
    axes = view.figure.add_axes((0.1, 0.1, 0.5, 0.8))
    axes.set_axis_off()
    axes.text(0.8, 0.5, "l" * 60, clip_on=True)
    got, want = (np.flatnonzero(dark.any(axis=0)).max() for dark in drawn_twice(view))
    assert abs(int(got) - int(want)) <= 2
    assert got < 0.6 * 301


def test_bars_of_fractions_and_roots_are_where_agg_draws_them() -> None:
    view = Plain()
    view.axes.text(60, 60, r"$\frac{1}{\sqrt{2}}$", fontsize=90)
    # The rows that are dark over the width of a bar.
    got, want = (np.flatnonzero(dark.sum(axis=1) > 75) for dark in drawn_twice(view))
    assert len(want) > 10
    assert abs(len(got) - len(want)) <= 2
    assert got.mean() == pytest.approx(want.mean(), abs=2)  # Agg puts them on whole pixels


def test_a_growing_line_and_what_rides_on_it_are_stored_once() -> None:
    root = ET.fromstring(svg_text(Synthetic(), [100] * 8))
    for colour, width in (("#2563eb", "2.78"), ("#c1121f", "8.33")):
        found = [e for e in root.iter() if e.get("stroke") == colour]
        assert [e.get("stroke-width") for e in found] == [width]
        assert len(list(found[0].iter(f"{SPACE}path"))) == 1
    text = svg_text(Synthetic(), [100] * 8)
    assert "stroke-dashoffset" in text
    assert "transform:translate" in text


def test_what_lies_inside_the_axes_is_not_clipped() -> None:
    view = Synthetic()
    view.area.set_visible(False)
    assert "clip-path" not in svg_text(view, [100] * 8)
    view.y += 5
    assert "clip-path" in svg_text(view, [100] * 8)


def test_one_frame_has_no_style() -> None:
    text = svg_text(Synthetic(1), [100])
    assert "<style>" not in text
    assert "class=" not in text


def test_frames_alike_become_none() -> None:
    view = Alone(Synthetic(), 0)
    view.moments = [view.moments[0]] * 5
    assert "<style>" not in svg_text(view, [100] * 5)


# What is written.


def test_it_is_small_xml_that_nothing_runs_in(named: tuple[str, View]) -> None:
    name, _ = named
    text = written(name)
    root = ET.fromstring(text)
    tags = {element.tag.removeprefix(SPACE) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "clipPath", "g", "path", "use", "style"}
    assert root.find(f"{SPACE}title").text == name  # type: ignore[union-attr]
    assert root.find(f"{SPACE}desc").text == "Cost & rate < 1\N{REPLACEMENT CHARACTER}"  # type: ignore[union-attr]
    known = {element.get("id") for element in root.iter()}
    for element in root.iter():
        assert not [key for key in element.attrib if key.lower().startswith("on")]
        assert element.get("href", "#a")[0] == "#"
        assert element.get("href", "#a")[1:] in known
    assert re.findall(r"url\((.)", text) == ["#"] * text.count("url(")
    assert text.count("://") == 1  # the name of the format
    assert not re.search(r"\d\.\d{3}", re.sub("<style>.*", "", text, flags=re.DOTALL))


@pytest.mark.slow
def test_the_same_run_gives_the_same_file(named: tuple[str, View]) -> None:
    name, view = named
    times = times_of(view)
    assert svg_text(view, times) == svg_text(build(name), times)


@pytest.mark.parametrize("name", ["fit", "story", "compare"])
def test_it_is_smaller_than_the_gif(name: str) -> None:
    view = built(name)
    gif = len(encoders.gif_bytes(Film(Frames(view), times_of(view))))
    text = written(name).encode()
    assert len(text) < gif
    assert len(gzip.compress(text)) < 0.4 * gif


@pytest.mark.slow
def test_500_frames_take_a_third_of_the_gif() -> None:
    view = build("fit", display_step=1)
    assert len(view.moments) >= 500
    gif = len(encoders.gif_bytes(Film(Frames(view), times_of(view))))
    assert len(svg_text(view, times_of(view))) < gif / 3


@given(
    points=st.lists(st.tuples(st.integers(-90, 90), st.integers(-90, 90)), min_size=2, max_size=40),
    closed=st.booleans(),
)
def test_what_is_left_out_of_a_line_lies_on_it(points: list[tuple[int, int]], closed: bool) -> None:
    corners = np.array(points, np.int64)
    codes = np.full(len(corners), Outline.LINETO, np.uint8)
    codes[0] = Outline.MOVETO
    if closed:
        corners = np.vstack([corners, corners[:1]])
        codes = np.append(codes, Outline.CLOSEPOLY)
    keep = svg._thinned(corners, codes)
    assert keep[0]
    assert keep[-1]
    kept = np.flatnonzero(keep)
    for index, point in enumerate(corners[: len(points)]):
        after = int(np.searchsorted(kept, index))
        start, stop = corners[kept[max(after - 1, 0)]], corners[kept[after]]
        step = stop - start
        share = np.clip((point - start) @ step / max(step @ step, 1), 0, 1)
        assert np.hypot(*(start + share * step - point)) <= svg.THINNED + 1e-9


def test_a_straight_line_of_many_points_is_two() -> None:
    data = svg._data(Outline(np.column_stack([np.arange(50), np.arange(50) / 2])), svg.UNITS)
    assert data == "M0 0l49 24.5"


# What it says no to.


def test_pixels_and_hatches_are_refused() -> None:
    view = Synthetic()
    image = view.axes.imshow(np.zeros((2, 2)))
    with pytest.raises(NotImplementedError, match="pixels"):
        svg_text(view, [100] * 8)
    image.remove()
    view.area.set_hatch("/")
    with pytest.raises(NotImplementedError, match="hatches"):
        svg_text(view, [100] * 8)


@pytest.mark.parametrize("times", [[], [100] * 7, [100] * 7 + [0]])
def test_each_moment_has_a_time(times: list[int]) -> None:
    with pytest.raises(ValueError, match=r"time|ms"):
        svg_text(Synthetic(), times)


def test_a_film_is_written_whole_and_needs_a_view(tmp_path: Path) -> None:
    view, path = Synthetic(), tmp_path / "run.svg"
    words = PageText("Points & line", "What moves")
    film = Film(Frames(view), [100] * 8, 3, lambda: words, view, scale=2.0)
    write_svg(path, film)
    text = path.read_text(encoding="utf-8")
    assert text == svg_text(
        view, [100] * 8, loop=3, scale=2, title=words.title, description=words.description
    )
    assert 'width="150" height="100" viewBox="0 0 300 200"' in text
    assert "iteration-count:3}" in text
    night = Synthetic()
    night.curve.set_color("#5b9dff")
    write_svg(path.with_name("both.svg"), film._replace(dark_view=lambda: night))
    both = path.with_name("both.svg").read_text(encoding="utf-8")
    assert '[stroke="#2563eb"]{stroke:#5b9dff}' in both
    assert "#5b9dff" not in text
    with pytest.raises(OSError, match="is there already"):
        write_svg(path, film._replace(replace=False))
    with pytest.raises(UserError, match="an SVG is drawn from a view; this film has pixels only"):
        write_svg(path, film._replace(view=None))
    view.area.set_hatch("/")
    with pytest.raises(NotImplementedError):
        write_svg(path, film)
    assert path.read_text(encoding="utf-8") == text


# In browsers.


def opened(tab: Open, folder: Path, text: str, *, image: bool = False, **settings: Any) -> Any:
    """Return a page as large as the picture that shows it, by itself or as <img>."""
    path = folder / "run.svg"
    path.write_text(text, encoding="utf-8")
    size = re.search('viewBox="0 0 ([0-9]+) ([0-9]+)"', text)
    assert size is not None
    viewport = {"width": int(size[1]), "height": int(size[2])}
    page = tab(viewport=viewport, **settings)
    if image:
        path = folder / "run.html"
        path.write_text("<body style='margin: 0'><img src='run.svg' style='display: block'>")
    page.goto(path.as_uri())
    return page


SEEK = """time => {
    for (const animation of document.getAnimations()) {
        animation.pause();
        animation.currentTime = time;
    }
}"""


def seen(page: Any, time_ms: float | None = None) -> Pixels:
    if time_ms is not None:
        page.evaluate(SEEK, time_ms)
    return rgb(page.screenshot())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["story", "microscope"])
def test_no_browser_frame_shows_two_states(name: str, tab: Open, tmp_path: Path) -> None:
    view = built(name)
    times = times_of(view)
    starts = np.cumsum([0, *times])
    chosen = [1, len(times) // 2, len(times) - 1]
    pictures = {}
    for index in {near for at in chosen for near in (at - 1, at)}:
        pictures[index] = seen(opened(tab, tmp_path, svg_text(Alone(view, index), [100])))
    page = opened(tab, tmp_path, svg_text(view, times))
    for index in chosen:
        start, stop = float(starts[index]), float(starts[index + 1])
        # A step is exact to half a millisecond.
        for at in (start + 0.6, stop - 0.6, start + 0.6 + sum(times)):
            assert differ(seen(page, at), pictures[index]) == 0
        # At the step itself, one or the other.
        for at in np.linspace(start - 0.5, start + 0.5, 5):
            now = seen(page, float(at))
            assert min(differ(now, pictures[index - 1]), differ(now, pictures[index])) == 0


@pytest.mark.slow  # it plays
def test_as_an_image_it_plays_once_and_stays_on_the_last_frame(tab: Open, tmp_path: Path) -> None:
    view = built("fit")
    frames = Frames(view)
    first, last = frames[0][..., :3].copy(), frames[len(frames) - 1][..., :3].copy()
    text = svg_text(view, [1000] + [20] * (len(frames) - 1), loop=1)
    page = opened(tab, tmp_path, text, image=True)
    assert psnr(seen(page), first) > 30
    deadline = time.monotonic() + 20
    while psnr(seen(page), last) < 30 and time.monotonic() < deadline:
        time.sleep(0.1)
    for _ in range(3):
        assert psnr(seen(page), last) > 30
        time.sleep(0.4)


def test_who_asks_for_reduced_motion_sees_the_last_frame(tab: Open, tmp_path: Path) -> None:
    view = built("fit")
    frames = Frames(view)
    last = frames[len(frames) - 1][..., :3].copy()
    page = opened(tab, tmp_path, written("fit"), reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0
    assert psnr(seen(page), last) > 30


@pytest.mark.slow
@pytest.mark.parametrize("name", ["story", "compare"])
def test_a_dark_screen_gets_the_colours_of_the_dark_theme(
    name: str, tab: Open, tmp_path: Path
) -> None:
    view, night = built(name), built(name, DARK)
    text = svg_text(view, times_of(view), dark=paired_colours(view, night))
    want = opened(tab, tmp_path, svg_text(night, times_of(night)))
    got = opened(tab, tmp_path, text, color_scheme="dark")
    at = 0.3 * sum(times_of(view))
    # A view may give one colour of the day two at night, of which the picture has one.
    assert psnr(seen(got, at), seen(want, at)) > 30
    day = opened(tab, tmp_path, text, color_scheme="light")
    plain = opened(tab, tmp_path, svg_text(view, times_of(view)))
    assert differ(seen(day, 0), seen(plain, 0)) == 0


@pytest.mark.parametrize(("name", "index"), [("fit", -1), ("story", 2)])
def test_firefox_shows_the_same(name: str, index: int, tmp_path: Path) -> None:
    firefox = shutil.which("firefox-esr") or program("firefox")
    view = built(name)
    frames, times = Frames(view), times_of(view)
    (tmp_path / "run.html").write_text("<body style='margin: 0'><img src='run.svg'>")
    shot = tmp_path / "shot.png"
    want = frames[index][..., :3].copy()
    height, width = want.shape[:2]
    at = sum(times[:index]) + times[index] / 2
    stopped = f"svg [class]{{animation-play-state:paused;animation-delay:-{at}ms}}</style>"
    (tmp_path / "run.svg").write_text(written(name).replace("</style>", stopped), encoding="utf-8")
    (tmp_path / "profile").mkdir()
    command = [firefox, "--headless", "--profile", str(tmp_path / "profile")]
    command += ["--window-size", f"{width},{height}", "--screenshot", str(shot)]
    page = (tmp_path / "run.html").as_uri()
    subprocess.run([*command, page], capture_output=True, check=True, timeout=120)
    assert psnr(rgb(shot.read_bytes())[:height, :width], want) > 30


def test_colours_are_paired_where_they_are_painted() -> None:
    light, dark = Synthetic(), Synthetic()
    dark.curve.set_color("#5b9dff")
    dark.label.set_color("#5b9dff")
    dark.figure.set_facecolor("#12161c")
    pairs = paired_colours(light, dark)
    assert pairs["#ffffff"] == "#12161c"
    assert pairs["#2563eb"] == "#5b9dff"
    assert pairs["#c1121f"] == "#c1121f"
    text = svg_text(light, [100] * 8, dark=pairs)
    assert '[fill="#fff"]{fill:#12161c}' in text
    assert '"#c1121f"]' not in text
