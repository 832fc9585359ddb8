"""A view as an animated SVG: sharp at any size, small, and played wherever an image is shown.

Nothing in it runs: no script, no foreign content, no raster, no address of another file. CSS
shows and hides its parts, step by step; text is made of glyphs that are stored once.

How a film becomes one picture:

1. Every moment is drawn by a renderer of matplotlib's that records shapes instead of pixels. The
   static part is drawn once, and again only where a view changed it.
2. The shapes of all moments are put in one order, each stored once, with the frames in which it
   shows. A curve that only grows is stored once, as it is at the end, and uncovered step by step.
3. Shapes that show in the same frames share one CSS animation. All animations have the same
   length and the same steps, written with the same numbers, so that one state goes exactly when
   the next one comes.

The last frame needs no CSS: it is what a program shows that knows no animation, what stays after
the last loop, and what a reader sees who asked for reduced motion.

It is for <img> and the like: two of them pasted into the text of one page would share names.

Formats: SVG 1.1 (W3C, 2011) with href as in SVG 2; CSS Animations Level 1; Media Queries Level 5.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import FT2Font
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Bbox, Transform

from plotting.encoders.atomic import whole_file
from plotting.theme import use_theme

if TYPE_CHECKING:  # at run time, plotting.frames and the package import this file
    from plotting.encoders import Film
    from plotting.frames import View
from regression import UserError

Integers = npt.NDArray[np.int64]

UNITS = 10
"""Places are whole numbers of a tenth of a pixel, written with one decimal."""

GLYPH_UNITS = 100
"""Outlines of glyphs are finer, since they are stored once and read enlarged."""

THINNED = 1.0
"""In units: corners of a line that make no more difference than this are left out."""

FARTHEST_PX = 1e5
"""So far outside, nothing is seen; longer numbers would overflow."""

NEAR_PX = 0.6
"""How far the end of a growing curve may lie beside the longer curve: a view leaves out corners
that are less than half a pixel apart.
"""

OF_A_CLASS = 40
"""About so many bytes an element costs beside its shape; it decides what is stored as one."""


def write_svg(path: FilePath, film: Film) -> None:
    """Write the film's view as an animated SVG, whose colours follow the reader's system where the
    film has a dark view, too.

    Raises UserError for a film of pixels alone, which has no view, OSError when writing fails.
    """
    if film.view is None:
        raise UserError("an SVG is drawn from a view; this film has pixels only")
    words = film.text()
    text = svg_text(
        film.view,
        film.times_ms,
        loop=film.loop,
        title=words.title,
        description=words.description,
        scale=film.scale,
        dark=paired_colours(film.view, film.dark_view()) if film.dark_view else None,
    )
    with whole_file(path, replace=film.replace) as file:
        file.write(text.encode())


def svg_text(
    view: View,
    times_ms: Sequence[int],
    *,
    loop: int = 0,
    title: str = "",
    description: str = "",
    scale: float = 1.0,
    dark: Mapping[str, str] | None = None,
) -> str:
    """Return the view as an animated SVG, the same text for the same view.

    `times_ms` has the time of each of the view's moments; `loop` says how often to play, 0 for
    ever; after that the last frame stays. `title` and `description` are for who hears the picture
    instead of seeing it. The picture is as large as the view, in pixels, divided by `scale`,
    where nothing else says how large to show it. `dark` maps colours of the view, as #rrggbb, to
    those that a reader with a dark screen sees instead; paired_colours() makes it.

    Raises ValueError when there are no moments or not a time above 0 for each, and
    NotImplementedError when an artist draws pixels or hatches.
    """
    if not len(view.moments) or len(times_ms) != len(view.moments):
        raise ValueError(f"{len(view.moments)} moments with {len(times_ms)} times")
    if min(times_ms) <= 0:
        raise ValueError(f"a frame is shown for {min(times_ms)} ms; 1 is the shortest time")
    recorder = _Recorder(view)
    try:
        with use_theme(view.theme):
            items = _items(view, recorder)
    finally:
        view.figure.stale = True  # whoever draws it next draws it on another canvas
    return _document(recorder, items, times_ms, loop, (title, description), scale, dark or {})


def paired_colours(light: View, dark: View) -> dict[str, str]:
    """Return which colour of the dark view is in the place of each colour of the light one.

    The two are views of the same, in two themes. Blends of theme colours, such as tints of a
    surface, are paired too: both views paint in the same order. A colour of the light view that
    has two counterparts gets the first.
    """
    met = []
    for view in (light, dark):
        recorder = _Recorder(view)
        with use_theme(view.theme):
            for index in sorted({0, len(view.moments) // 2, len(view.moments) - 1}):
                _Scene(view, recorder).draw(index)
        view.figure.stale = True
        met.append(recorder.painted)
    pairs: dict[str, str] = {}
    for of_light, of_dark in zip(*met):
        pairs.setdefault(of_light, of_dark)
    return pairs


class Part(NamedTuple):
    """A piece of a shape: where it begins, in UNITS, and what is drawn from there, as path data
    that is relative or as the name of what was defined; "" for a blank between glyphs.
    """

    x: int
    y: int
    drawn: str


class Shape(NamedTuple):
    """Something drawn, in places from the upper left corner: one path, or uses of definitions.

    The parts may be drawn one by one if they are `separable`. It has to be cut off at `clip`, an
    attribute, if it is `cut`. `line` is a curve as its points (n, 2), in UNITS, where the shape is
    one open line without dashes; what is drawn is in `parts` alone.
    """

    look: str
    parts: tuple[Part, ...]
    is_path: bool
    separable: bool = False
    clip: str = ""
    cut: bool = False
    line: bytes = b""

    @property
    def attributes(self) -> str:
        """What is written beside the parts."""
        return self.look + (self.clip if self.cut else "")

    @property
    def points(self) -> Integers:
        """The points of the line, (n, 2), in UNITS."""
        return np.frombuffer(self.line, np.int64).reshape(-1, 2)

    def elements(self) -> list[str]:
        """Return the elements that draw it, without its attributes."""
        if self.is_path:
            data = "".join(f"M{_numbers((x, y))}{drawn}" for x, y, drawn in self.parts)
            return [f'<path d="{data}"/>']
        return [_use(*part) for part in self.parts if part.drawn]

    @property
    def is_there(self) -> bool:
        """Whether something of it is to be seen."""
        return any(part.drawn for part in self.parts)


NOTHING = Shape("", (), is_path=False)
"""Keeps the place of what is not there at the moment."""


class _Recorder(RendererBase):
    """A renderer that keeps shapes. What several of them use is stored once, in `definitions`."""

    def __init__(self, view: View) -> None:
        super().__init__()
        figure = view.figure
        self.width, self.height = (int(side) for side in figure.bbox.size)
        self.dpi = figure.dpi
        self.shapes: list[Shape] = []
        self.definitions: dict[tuple[str, str], str] = {}
        self.painted: list[str] = []
        # Text takes the same place as in the other formats, for which the figure was laid out.
        self._measure = RendererAgg(self.width, self.height, self.dpi)
        self._glyphs: dict[tuple[Any, float], str] = {}
        self._layouts: dict[tuple[str, FontProperties, bool], Any] = {}
        self._flip = Affine2D().scale(1, -1).translate(0, self.height)

    def take(self) -> list[Shape]:
        """Return the shapes drawn since the last call."""
        shapes, self.shapes = self.shapes, []
        return shapes

    # What matplotlib asks a renderer.

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def points_to_pixels(self, points: Any) -> Any:
        return points * self.dpi / 72

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        width, height, descent = self._measure.get_text_width_height_descent(s, prop, ismath)
        return width, height, descent

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        if gc.get_hatch():
            raise NotImplementedError("hatches are not written as SVG")
        fill, stroke = self._fill(gc, rgbFace), self._stroke(gc)
        width = self.points_to_pixels(gc.get_linewidth()) if stroke else 0.0
        cleaned = path.cleaned(
            transform + self._flip,
            remove_nans=True,
            clip=None if fill else (-1, -1, self.width + 1, self.height + 1),
            curves=True,
            stroke_width=width,
            snap=gc.get_snap(),
        )
        pieces = list(_pieces(cleaned, UNITS))
        if not pieces or not (fill or stroke):
            self.shapes.append(NOTHING)
            return
        parts = [part for part, _ in pieces]
        if fill and len(parts) > 1:
            # Where they overlap, pieces may be holes in others: they stay together.
            others = "".join(f"M{_numbers((x, y))}{drawn}" for x, y, drawn in parts[1:])
            parts = [parts[0]._replace(drawn=parts[0].drawn + others)]
        clip, cut = self._clip(gc, np.concatenate([points for _, points in pieces]), width)
        straight = np.isin(_codes(cleaned), (Path.MOVETO, Path.LINETO, Path.STOP)).all()
        is_line = straight and len(pieces) == 1 and not fill and "dasharray" not in stroke
        self.shapes.append(
            Shape(
                fill + stroke,
                tuple(parts),
                is_path=True,
                separable="opacity" not in stroke,
                clip=clip,
                cut=cut,
                line=pieces[0][1].tobytes() if is_line else b"",
            )
        )

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        fill, stroke = self._fill(gc, rgbFace), self._stroke(gc)
        places = (trans + self._flip).transform(path.vertices)
        outline = marker_trans.transform(marker_path.vertices)
        reach = float(np.abs(outline).max(initial=0.0))
        margin = reach + self.points_to_pixels(gc.get_linewidth())
        inside = (places > -margin) & (places < (self.width + margin, self.height + margin))
        places = _whole(places[inside.all(axis=1)], UNITS)  # without nan, which is inside nothing
        if not len(places) or not (fill or stroke):
            self.shapes.append(NOTHING)
            return
        clip, cut = self._clip(gc, places, margin)
        is_path = marker_path is Path.unit_circle() and not stroke and "opacity" not in fill
        if is_path:
            # A line of no length with round ends is a dot.
            size = _number(round(2 * reach * GLYPH_UNITS), GLYPH_UNITS)
            look = f'{fill.replace("fill", "stroke")} stroke-width="{size}" stroke-linecap="round"'
            drawn = "h0"
        else:
            look = fill + stroke
            marker = marker_path.transformed(marker_trans + Affine2D().scale(1, -1))
            drawn = self._define("path", f' d="{_data(marker, GLYPH_UNITS)}"/>')
        parts = tuple(Part(x, y, drawn) for x, y in places.tolist())
        self.shapes.append(Shape(look, parts, is_path, separable=True, clip=clip, cut=cut))

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,  # noqa: ARG002
    ) -> None:
        look = self._paint(gc, "fill", gc.get_rgb())
        scale = self.points_to_pixels(prop.get_size_in_points()) / text_to_path.FONT_SCALE
        key = s, prop, bool(ismath)
        if key not in self._layouts:
            self._layouts[key] = self._lay_out(s, prop, bool(ismath))
        places, outlines, bars = self._layouts[key]
        start_x, start_y = _whole([x, y], UNITS).tolist()
        if angle:
            # Its group is turned around the beginning of the text.
            at = _numbers((start_x, start_y))
            look += f' transform="translate({at})rotate({_number(round(-angle * 10), 10)})"'
            start_x = start_y = 0
        # On whole pixels, as where pixels are drawn; that is a shorter text, too.
        start_y = round(start_y / UNITS) * UNITS
        parts = []
        for glyph, right, up, size in places:
            name = self._glyph(glyph, outlines[glyph], size * scale)
            parts.append((right, up, name))
        for vertices, codes in bars:  # of fractions and roots
            bar = Path(vertices, codes).transformed(Affine2D().scale(scale, -scale))
            parts.append((0, 0, self._define("path", f' d="{_data(bar, GLYPH_UNITS)}"/>')))
        # From the start in whole units each, so that a text that moves stays the same.
        shown = tuple(
            Part(start_x + round(right * scale * UNITS), start_y - round(up * scale * UNITS), name)
            for right, up, name in parts
        )
        clip, cut = ("", False) if angle else self._clip(gc, None, 0.0)
        shape = Shape(look, shown, is_path=False, separable=not angle, clip=clip, cut=cut)
        self.shapes.append(shape if shape.parts else NOTHING)

    def _lay_out(self, s: str, prop: FontProperties, ismath: bool) -> Any:
        """Return glyphs with their places, outlines by glyph, and bars, in sizes of a font of
        FONT_SCALE.
        """
        if ismath:
            return text_to_path.get_glyphs_mathtext(prop, s)
        places, outlines, bars = text_to_path.get_glyphs_with_font(_face(prop), s)
        # Where pixels are drawn, each glyph moves on by whole ones; so as to end where that ends,
        # all are spread evenly.
        own = self.points_to_pixels(text_to_path.get_text_width_height_descent(s, prop, False)[0])
        there = self.get_text_width_height_descent(s, prop, False)[0]
        spread = there / own if len(places) > 1 and own else 1.0
        return [(glyph, x * spread, y, size) for glyph, x, y, size in places], outlines, bars

    def draw_image(self, *_: Any) -> None:
        raise NotImplementedError("pixels are not written as SVG")

    # What is written.

    def _paint(self, gc: GraphicsContextBase, name: str, rgb: Any) -> str:
        """Return the attributes of a colour, "" if all shines through it."""
        alpha = gc.get_alpha() if gc.get_forced_alpha() or len(rgb) == 3 else rgb[3]
        if not alpha:
            return ""
        colour = to_hex(rgb[:3])
        self.painted.append(colour)
        opacity = "" if alpha >= 1 else f' {name}-opacity="{_number(round(alpha * 100), 100)}"'
        return f' {name}="{_short(colour)}"{opacity}'

    def _fill(self, gc: GraphicsContextBase, face: Any) -> str:
        return "" if face is None else self._paint(gc, "fill", face)

    def _stroke(self, gc: GraphicsContextBase) -> str:
        width = self.points_to_pixels(gc.get_linewidth())
        colour = self._paint(gc, "stroke", gc.get_rgb()) if width > 0 else ""
        if not colour:
            return ""
        cap = {"projecting": "square"}.get(gc.get_capstyle(), gc.get_capstyle())
        offset, dashes = gc.get_dashes()
        attributes = {
            "stroke-width": _number(round(width * 100), 100),
            "stroke-linecap": "" if cap == "butt" else cap,
            "stroke-linejoin": "" if gc.get_joinstyle() == "miter" else gc.get_joinstyle(),
        }
        if dashes is not None:
            lengths = _whole(self.points_to_pixels(np.asarray(dashes)), 100)
            attributes["stroke-dasharray"] = " ".join(_number(length, 100) for length in lengths)
            start = round(self.points_to_pixels(offset) * 100)
            attributes["stroke-dashoffset"] = _number(start, 100) if start else ""
        return colour + "".join(f' {name}="{value}"' for name, value in attributes.items() if value)

    def _clip(
        self, gc: GraphicsContextBase, points: Integers | None, width: float
    ) -> tuple[str, bool]:
        """Return the attribute that cuts off what lies outside, "" where nothing is cut, and
        whether it is needed for points (n, 2) with lines of this width; without points it is.
        """
        path, transform = gc.get_clip_path()
        if path is not None:
            # It is a Path, whatever the type says.
            data = _data(
                cast(Path, path).transformed(cast(Transform, transform) + self._flip), UNITS
            )
            return f' clip-path="url(#{self._define_clip(data)})"', True
        box: Bbox | None = gc.get_clip_rectangle()
        if box is None:
            return "", False
        # Whole pixels, as elsewhere: no edge is half seen.
        left, right = (math.floor(side + 0.5) for side in sorted((box.x0, box.x1)))
        top, bottom = (
            math.floor(self.height - side + 0.5) for side in sorted((box.y0, box.y1), reverse=True)
        )
        cut = True
        if points is not None:
            # A whole width, for the corners and ends of a line.
            low, high = points.min(axis=0) / UNITS - width, points.max(axis=0) / UNITS + width
            cut = bool((low < (left, top)).any() or (high > (right, bottom)).any())
        data = f"M{left} {top}H{right}V{bottom}H{left}z"
        return f' clip-path="url(#{self._define_clip(data)})"', cut

    def _define_clip(self, data: str) -> str:
        return self._define("clipPath", f'><path d="{data}"/></clipPath>')

    def _glyph(self, glyph: Any, outline: Any, scale: float) -> str:
        """Return the name of a glyph's definition, "" for a blank."""
        key = glyph, round(scale, 6)
        if key not in self._glyphs:
            vertices, codes = outline
            name = ""
            if len(vertices):
                path = Path(vertices, codes).transformed(Affine2D().scale(scale, -scale))
                name = self._define("path", f' d="{_data(path, GLYPH_UNITS)}"/>')
            self._glyphs[key] = name
        return self._glyphs[key]

    def _define(self, tag: str, rest: str) -> str:
        """Store an element once, given as its tag and what follows its name; return that."""
        return self.definitions.setdefault((tag, rest), _name(len(self.definitions)))


# Numbers, names and paths as text.


def _whole(values: npt.ArrayLike, units: int) -> Integers:
    """Return places as whole numbers of units, none farther outside than FARTHEST_PX."""
    within = np.clip(np.asarray(values, float), -FARTHEST_PX, FARTHEST_PX)
    whole: Integers = np.round(within * units).astype(np.int64)
    return whole


@lru_cache(maxsize=100_000)
def _number(value: int, units: int = UNITS) -> str:
    """Return a number of units, written as short as it can be.

    >>> [_number(value) for value in (0, 10, 125, -5)]
    ['0', '1', '12.5', '-.5']
    """
    if value % units == 0:
        return str(value // units)
    text = f"{value / units:.{len(str(units)) - 1}f}".rstrip("0")
    return text.replace("0.", ".", 1) if abs(value) < units else text


def _numbers(values: Iterable[int], units: int = UNITS) -> str:
    """Return the numbers side by side, with a blank only where they would grow together.

    >>> _numbers([12, -5, 5, 5])
    '1.2-.5.5.5'
    """
    text, last = "", "."
    for value in values:
        number = _number(int(value), units)
        clear = number[0] == "-" or (number[0] == "." and "." in last)
        text += number if clear or not text else " " + number
        last = number
    return text


def _use(x: int, y: int, name: str) -> str:
    places = "".join(f' {way}="{_number(at)}"' for way, at in (("x", x), ("y", y)) if at)
    return f'<use href="#{name}"{places}/>'


def _name(number: int) -> str:
    """Return a short name: a, b, ..., z, aa, ab, ..."""
    number, letter = divmod(number, 26)
    return (_name(number - 1) if number else "") + chr(ord("a") + letter)


def _short(colour: str) -> str:
    """Return #abc for #aabbcc."""
    return "#" + colour[1::2] if colour[1::2] == colour[2::2] else colour


def _data(path: Path, units: int) -> str:
    return "".join(
        f"M{_numbers((x, y), units)}{drawn}" for (x, y, drawn), _ in _pieces(path, units)
    )


def _pieces(path: Path, units: int) -> Iterator[tuple[Part, Integers]]:
    """Yield each piece of the path that the pen draws without a jump, with its points, (n, 2).
    Pieces without length are left out.
    """
    points, codes = _whole(path.vertices, units), _codes(path)
    drawn = codes != Path.STOP
    points, codes = points[drawn], codes[drawn]
    starts = [int(start) for start in np.flatnonzero(codes == Path.MOVETO)]
    for start, stop in zip(starts, [*starts[1:], len(points)]):
        kept = _thinned(points[start:stop], codes[start:stop])
        corners, kinds = points[start:stop][kept], codes[start:stop][kept]
        moves = _moves(corners, kinds)
        if moves:
            x, y = corners[0].tolist()
            # The place of a CLOSEPOLY says nothing.
            yield Part(x, y, _path_data(moves, units)), corners[kinds != Path.CLOSEPOLY]


def _codes(path: Path) -> npt.NDArray[np.uint8]:
    """Return the kind of each of the path's vertices."""
    if path.codes is not None:
        return np.asarray(path.codes, np.uint8)
    codes = np.full(len(np.asarray(path.vertices)), Path.LINETO, np.uint8)
    codes[:1] = Path.MOVETO
    return codes


Move = tuple[str, list[int]]
"""A letter of SVG's path data and its numbers, relative to where the pen is."""


def _moves(points: Integers, codes: npt.NDArray[Any]) -> list[Move]:
    """Return what the pen does after the first point; nothing where it stays there."""
    moves: list[Move] = []
    corners, kinds = points.tolist(), codes.tolist()
    pen, index = corners[0], 1
    while index < len(corners):
        kind = kinds[index]
        if kind == Path.CLOSEPOLY:
            if moves:
                moves.append(("z", []))
            break
        count = {Path.CURVE3: 2, Path.CURVE4: 3}.get(kind, 1)
        ends = corners[index : index + count]
        numbers = [end[axis] - pen[axis] for end in ends for axis in (0, 1)]
        if count > 1:
            moves.append(("q" if count == 2 else "c", numbers))
        elif numbers[1] == 0 and numbers[0] != 0:
            moves.append(("h", numbers[:1]))
        elif numbers[0] == 0 and numbers[1] != 0:
            moves.append(("v", numbers[1:]))
        elif numbers != [0, 0]:
            moves.append(("l", numbers))
        pen, index = ends[-1], index + count
    return moves


def _thinned(points: Integers, codes: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return which points of a piece to keep, so that no point left out is farther than
    THINNED from the line between those kept. The last one stays, and what is curved.

    From each point kept, a wedge of directions that pass near all points since; the first point
    outside it, or on the way back, keeps the one before (Reumann and Witkam, 1974; sleeves).
    """
    keep = np.ones(len(points), bool)
    if len(points) < 3 or (codes[1:-1] != Path.LINETO).any():
        return keep
    x, y = points.T.tolist()
    last, at = len(points) - 1, 0
    low = high = reach = 0.0
    for index in range(1, last if codes[last] == Path.CLOSEPOLY else last + 1):
        along, across = x[index] - x[at], y[index] - y[at]
        distance = math.hypot(along, across)
        # Against the middle of the wedge, so that angles do not jump at half a turn.
        middle = (low + high) / 2
        turn = (math.atan2(across, along) - middle + math.pi) % (2 * math.pi) - math.pi
        has_wedge = reach > THINNED
        if has_wedge and (distance < reach or not low - middle <= turn <= high - middle):
            at, has_wedge = index - 1, False
            keep[at] = True
            along, across = x[index] - x[at], y[index] - y[at]
            distance, middle = math.hypot(along, across), 0.0
            turn = math.atan2(across, along)
        if distance > THINNED:
            half = math.asin(THINNED / distance)
            edges = middle + turn - half, middle + turn + half
            low, high = (max(low, edges[0]), min(high, edges[1])) if has_wedge else edges
        keep[index] = False
        reach = distance
    keep[last if codes[last] != Path.CLOSEPOLY else last - 1] = True
    return keep


def _path_data(moves: list[Move], units: int) -> str:
    return "".join(
        letter + _numbers((number for _, numbers in same for number in numbers), units)
        for letter, same in groupby(moves, key=lambda move: move[0])
    )


def _face(prop: FontProperties) -> FT2Font:
    """Return the font of the properties, with those that help it out, in the size of outlines."""
    files = []
    for family in prop.get_family():
        one = prop.copy()
        one.set_family([family])
        files.append(findfont(one))
    face = get_font(files)
    face.set_size(text_to_path.FONT_SCALE, text_to_path.DPI)
    return face


# What shows when.

Windows = tuple[tuple[int, int], ...]
"""The frames in which something shows, as rising pairs of the first and the one after the last."""


class Item(NamedTuple):
    """A shape with the frames in which it shows; if it changes, `steps` has the CSS declaration
    for each of these frames, and `setup` those for all of them.
    """

    shape: Shape
    windows: Windows
    steps: tuple[str, ...] = ()
    setup: str = ""


class _Scene:
    """Draws a view's moments: each part of it only when it may have changed."""

    def __init__(self, view: View, recorder: _Recorder) -> None:
        self._view, self._recorder = view, recorder
        self._state: object = None
        self._resting: list[list[Shape]] = []
        view.figure.stale = True

    def draw(self, index: int) -> tuple[list[Shape] | None, list[list[Shape]], list[list[Shape]]]:
        """Return the shapes of the static part, None if it is as before; then those of each artist
        that rests in most frames, if the view has such, and of each moving one.
        """
        view, recorder = self._view, self._recorder
        view.update(view.moments[index])
        static = None
        # What rests has a state, which is another one whenever it changed.
        state = getattr(view, "resting_state", None)
        if view.figure.stale or state != self._state:
            self._resting = self._draw(getattr(view, "resting", ()))
            self._state = state
        if view.figure.stale:
            view.figure.draw(recorder)
            static = recorder.take()
        return static, self._resting, self._draw(view.moving)

    def _draw(self, artists: Iterable[Artist]) -> list[list[Shape]]:
        shapes = []
        for artist in artists:
            artist.draw(self._recorder)
            shapes.append(_joined(self._recorder.take()))
        return shapes


def _joined(shapes: list[Shape]) -> list[Shape]:
    """Return an artist's shapes, with glyphs that it drew one by one as one text."""
    joined: list[Shape] = []
    for shape in shapes:
        text = shape.separable and not shape.is_path
        if text and joined and joined[-1]._replace(parts=()) == shape._replace(parts=()):
            joined[-1] = joined[-1]._replace(parts=joined[-1].parts + shape.parts)
        else:
            joined.append(shape)
    return joined


def _items(view: View, recorder: _Recorder) -> list[Item]:
    """Draw every moment; return what there is to show, the lowest first."""
    scene, count = _Scene(view, recorder), len(view.moments)
    stored: dict[Shape, Shape] = {}
    versions: list[tuple[int, list[Shape]]] = []
    places: dict[tuple[int, int, int], dict[int, Shape]] = {}
    for frame in range(count):
        static, *layers = scene.draw(frame)
        if static is not None:
            versions.append((frame, static))
        for layer, artists in enumerate(layers):
            for artist, shapes in enumerate(artists):
                for number, shape in enumerate(shapes):
                    if shape.is_there:
                        # Equal shapes are one object: a long run would hold them many times.
                        place = places.setdefault((layer, artist, number), {})
                        place[frame] = stored.setdefault(shape, shape)
    items = _static_items(versions, count)
    for _, place in sorted(places.items()):
        cut = any(shape.cut for shape in place.values())
        shown = {frame: shape._replace(cut=cut) for frame, shape in place.items()}
        best = min(_ways(shown, count), key=_cost)
        items += best
    return items


def _static_items(versions: list[tuple[int, list[Shape]]], count: int) -> list[Item]:
    """Return the shapes of all versions of the static part in one order that suits each."""
    merged: list[tuple[Shape, list[int]]] = []
    stops = [start for start, _ in versions[1:]] + [count]
    for (start, shapes), stop in zip(versions, stops):
        frames = list(range(start, stop))
        known = [shape for shape, _ in merged]
        result: list[tuple[Shape, list[int]]] = []
        matches = SequenceMatcher(None, known, shapes, autojunk=False).get_opcodes()
        for kind, first, last, new_first, new_last in matches:
            if kind == "equal":
                result += [(shape, [*before, *frames]) for shape, before in merged[first:last]]
            else:
                result += merged[first:last]
                result += [(shape, frames) for shape in shapes[new_first:new_last]]
        merged = result
    return [Item(shape, _windows(frames)) for shape, frames in merged if shape.is_there]


def _ways(shown: dict[int, Shape], count: int) -> Iterator[list[Item]]:
    """Yield the ways to store what stands in one place, a shape at a time, given by its frame."""
    yield _by_frames(shown, count)
    shapes = list(dict.fromkeys(shown.values()))
    alike = len({(shape.attributes, shape.is_path) for shape in shapes}) == 1
    if alike and all(shape.separable or len(shape.parts) == 1 for shape in shapes):
        most = max(len(shape.parts) for shape in shapes)
        items = []
        for number in range(most):
            of_part = {
                frame: shape._replace(parts=shape.parts[number : number + 1], line=b"")
                for frame, shape in shown.items()
                if number < len(shape.parts)
            }
            items += _by_frames(of_part, count)
        yield items
    if not alike or len(shapes) < 3:
        return
    if len({_outline(shape) for shape in shapes}) == 1:
        yield _moved(shown)
    if all(shape.line for shape in shapes):
        grown = _grown(shown, shapes)
        if grown:
            yield grown


def _outline(shape: Shape) -> tuple[Part, ...]:
    """Return the parts as they are seen from the first one."""
    x, y, _ = shape.parts[0]
    return tuple(Part(part.x - x, part.y - y, part.drawn) for part in shape.parts)


def _moved(shown: dict[int, Shape]) -> list[Item]:
    """Return one shape where it is in the end, moved from there to where it is before."""
    last = list(shown.values())[-1]
    x, y, _ = last.parts[0]
    places = [(shape.parts[0].x - x, shape.parts[0].y - y) for shape in shown.values()]
    steps = [
        f"transform:translate({_number(right)}px,{_number(down)}px)" if right or down else ""
        for right, down in places
    ]
    return [Item(last, _windows(list(shown)), tuple(step or "transform:none" for step in steps))]


def _by_frames(shown: dict[int, Shape], count: int) -> list[Item]:
    frames_of: dict[Shape, list[int]] = {}
    for frame, shape in shown.items():
        frames_of.setdefault(shape, []).append(frame)
    items = [Item(shape, _windows(at)) for shape, at in frames_of.items() if shape.is_there]
    # Together what is hidden at first: its attributes are written once.
    return sorted(items, key=lambda item: item.windows[-1][1] == count)


def _grown(shown: dict[int, Shape], shapes: Sequence[Shape]) -> list[Item]:
    """Return the line as it is in the end, uncovered step by step; nothing where a line before
    is no beginning of it.
    """
    last = list(shown.values())[-1]
    whole = last.points
    way = np.concatenate([[0.0], np.hypot(*np.diff(whole, axis=0).T).cumsum()])
    # The line is one dash, and a gap longer than itself, which are moved along.
    dash = math.ceil(way[-1] / UNITS) + 1
    steps = {}
    for shape in shapes:
        length = _length_along(shape.points, whole, way)
        if length is None:
            return []
        steps[shape] = f"stroke-dashoffset:{_number(dash * UNITS - round(length))}"
    return [
        Item(
            last,
            _windows(list(shown)),
            tuple(steps[shape] for shape in shown.values()),
            f";stroke-dasharray:{dash}",
        )
    ]


def _length_along(points: Integers, whole: Integers, way: npt.NDArray[np.float64]) -> float | None:
    """Return how far along the whole line these points end; None where they leave it.

    `way` has the distance along the line at each of its corners.
    """
    shared = min(len(points), len(whole))
    differs = np.flatnonzero((points[:shared] != whole[:shared]).any(axis=1))
    common = int(differs[0]) if len(differs) else shared
    if common == 0:
        return None
    at, length = common - 1, float(way[common - 1])
    for point in points[common:]:
        # The nearest place on what follows, no farther on than the point is away.
        most = way[at] + np.hypot(*(point - whole[at])) * 1.5 + NEAR_PX * UNITS
        stop = min(int(np.searchsorted(way, most)) + 1, len(whole))
        starts, steps = whole[at : stop - 1], np.diff(whole[at:stop], axis=0)
        if not len(steps):
            return None
        squares = np.maximum((steps**2).sum(axis=1), 1)
        share = np.clip(((point - starts) * steps).sum(axis=1) / squares, 0, 1)
        away = np.hypot(*(starts + share[:, None] * steps - point).T)
        best = int(away.argmin())
        if away[best] > NEAR_PX * UNITS:
            return None
        place = float(way[at + best] + share[best] * np.sqrt(squares[best]))
        if place < length - NEAR_PX * UNITS:
            return None
        length, at = max(place, length), at + best
    return length


def _cost(items: list[Item]) -> int:
    """Return about how many bytes the items take."""
    return sum(
        sum(map(len, item.shape.elements()))
        + OF_A_CLASS
        + 14 * len(item.windows)
        + sum(len(step) + 8 for step in set(item.steps))
        for item in items
    )


def _windows(frames: list[int]) -> Windows:
    """Return rising frames as windows.

    >>> _windows([0, 1, 2, 7])
    ((0, 3), (7, 8))
    """
    starts = [frame for frame, before in zip(frames, [-2, *frames]) if frame != before + 1]
    stops = [frame + 1 for frame, after in zip(frames, [*frames[1:], -2]) if frame + 1 != after]
    return tuple(zip(starts, stops))


# The document.


def _document(
    recorder: _Recorder,
    items: list[Item],
    times_ms: Sequence[int],
    loop: int,
    words: tuple[str, str],
    scale: float,
    dark: Mapping[str, str],
) -> str:
    width, height = recorder.width, recorder.height
    animations = _Animations(times_ms)
    body = _markup([(item.shape, animations.of(item)) for item in items], animations.hidden)
    used = set(re.findall("#([a-z]+)", body))
    definitions = "".join(
        f'<{tag} id="{name}"{rest}'
        for (tag, rest), name in recorder.definitions.items()
        if name in used
    )
    told = "".join(
        f"<{tag}>{escape(_legal(text))}</{tag}>\n"
        for tag, text in zip(("title", "desc"), words)
        if text
    )
    style = animations.style(loop) + _dark_style(dict.fromkeys(recorder.painted), dark)
    # The style comes last: no animation begins before all parts are there.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width / scale:g}"'
        f' height="{height / scale:g}"'
        f' viewBox="0 0 {width} {height}" fill="none" role="img">\n'
        f"{told}<defs>{definitions}</defs>\n{body}\n"
        + (f"<style>{style}</style>\n" if style else "")
        + "</svg>\n"
    )


def _legal(text: str) -> str:
    """Return the text without what no XML may hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def _dark_style(colours: Iterable[str], dark: Mapping[str, str]) -> str:
    """Return the rules that give each colour its dark counterpart."""
    changed = {_short(colour): _short(to_hex(dark[colour])) for colour in colours if colour in dark}
    rules = "".join(
        f'[{name}="{colour}"]{{{name}:{other}}}'
        for colour, other in changed.items()
        if colour != other
        for name in ("fill", "stroke")
    )
    return f"@media(prefers-color-scheme:dark){{{rules}}}" if rules else ""


class _Animations:
    """The CSS animations of a film, one for all that shows in the same frames."""

    def __init__(self, times_ms: Sequence[int]) -> None:
        self._count = len(times_ms)
        self._total = sum(times_ms)
        # Of a percentage so many that a step is exact to half a millisecond.
        units = 10 ** max(0, math.ceil(math.log10(self._total / 100)))
        starts = np.cumsum([0, *times_ms[:-1]])
        self._percent = [
            _number(round(100 * units * start / self._total), units) + "%"
            for start in starts.tolist()
        ]
        self._names: dict[tuple[Windows, tuple[str, ...], str], str] = {}
        self._rules: list[str] = []
        self.hidden: set[str] = set()

    def of(self, item: Item) -> str:
        """Return the name of the item's animation, "" if it shows always as it is."""
        if item.windows == ((0, self._count),) and not item.steps:
            return ""
        key = item.windows, item.steps, item.setup
        if key not in self._names:
            name = self._names[key] = f"k{len(self._names)}"
            if item.windows[-1][1] < self._count:
                self.hidden.add(name)
            steps = "".join(
                f"{','.join(at)}{{{what}}}" for what, at in self._steps(item).items() if at
            )
            self._rules.append(
                f".{name}{{animation-name:{name}{item.setup}}}@keyframes {name}{{{steps}}}\n"
            )
        return self._names[key]

    def _steps(self, item: Item) -> dict[str, list[str]]:
        """Return at which times the item gets which declaration."""
        first, last = item.windows[0], item.windows[-1]
        steps: dict[str, list[str]] = {}
        if item.windows != ((0, self._count),):
            steps["visibility:visible"] = [self._percent[start] for start, _ in item.windows]
            goes = [self._percent[stop] for _, stop in item.windows if stop < self._count]
            if last[1] == self._count and first[0] > 0:
                goes.insert(0, "0%")  # else it shows, as it does without animation
            steps["visibility:hidden"] = goes
        shown = [frame for start, stop in item.windows for frame in range(start, stop)]
        before = ""
        for frame, step in zip(shown, item.steps):
            if step != before:
                steps.setdefault(step, []).append(self._percent[frame])
            before = step
        return steps

    def style(self, loop: int) -> str:
        """Return all rules; `loop` says how often to play, 0 for ever."""
        if not self._rules:
            return ""
        plays = str(loop) if loop else "infinite"
        return (
            f"\nsvg [class]{{animation-duration:{self._total}ms;"
            f"animation-timing-function:step-end;animation-iteration-count:{plays}}}\n"
            + "".join(self._rules)
            + "@media(prefers-reduced-motion:reduce){svg [class]{animation:none}}\n"
        )


def _markup(items: list[tuple[Shape, str]], hidden: set[str]) -> str:
    """Return the elements of shapes, each with the name of its animation.

    What neighbours share, of animation or attributes, is written once, for as many as have it.
    """
    text = []
    start = 0
    while start < len(items):
        shape, name = items[start]
        off = name in hidden
        same_name = same_look = start
        while same_name < len(items) and items[same_name][1] == name:
            same_name += 1
        while (
            same_look < len(items)
            and items[same_look][0].attributes == shape.attributes
            and (items[same_look][1] in hidden) == off
        ):
            same_look += 1
        visibility = ' visibility="hidden"' if off else ""
        animation = f' class="{name}"' if name else ""
        if same_name >= same_look and "clip-path" not in shape.attributes:
            inner = [
                _tagged([e for one, _ in group for e in one.elements()], attributes)
                for attributes, group in groupby(
                    items[start:same_name], key=lambda item: item[0].attributes
                )
            ]
            text.append(_tagged(inner, animation + visibility))
            start = same_name
        else:
            inner = [
                _tagged(
                    [e for one, _ in group for e in one.elements()],
                    f' class="{name}"' if name else "",
                )
                for name, group in groupby(items[start:same_look], key=lambda item: item[1])
            ]
            text.append(_tagged(inner, shape.attributes + visibility))
            start = same_look
    return "\n".join(text)


def _tagged(elements: list[str], attributes: str) -> str:
    """Return the elements with attributes: those of a group, or of the only element itself."""
    if not attributes:
        return "".join(elements)
    (first, *others) = elements
    # What is used, or moves, is cut off where it is seen, not where it is defined.
    moves = first.startswith("<use") or "class=" in first.partition(">")[0]
    if others or ("clip-path" in attributes and moves):
        return f"<g{attributes}>{''.join(elements)}</g>"
    tag = re.match("<[a-zA-Z]+", first)
    assert tag is not None  # elements begin with their tag
    return tag[0] + attributes + first[tag.end() :]
