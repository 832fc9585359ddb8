"""The command line's options about the picture and the files."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from plotting import movie, numbered
from plotting.limits import PIXELS, PLAYS, SCALE, TIME, wrong_size
from plotting.pictures import BASICS, EVERY, STEPS, VIEWS
from plotting.raster import FRAME_MS, HOLD_MS
from plotting.smooth import SMOOTHINGS
from plotting.theme import THEMES
from regression.command_line import flag
from regression.csv_words import shown
from regression.option_values import COUNT, file
from regression.options import names as training_options
from regression.options import several

OUT = {"basics-reset": "resetvalue", "basics-redraw": "redraw"}
"""Names of files in output/, but for linear_regression.gif."""


def text(given: str) -> str:
    """Return the text; refuse bytes that are none where this is run, which no file can hold."""
    if any("\ud800" <= char <= "\udfff" for char in given):
        raise argparse.ArgumentTypeError(f"{shown(given)} is not text in the terminal's encoding")
    return given


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to the parser, in two groups."""
    add = parser.add_argument_group("picture").add_argument
    add("--view", choices=VIEWS, help="what to draw (default: fit, compare for several rates)")
    add(
        "--display-step",
        type=COUNT,
        default=EVERY,
        metavar="N",
        help="draw the first ten epochs, every N-th, and the last (default: %(default)s)",
    )
    add(
        "--steps",
        type=COUNT,
        default=STEPS,
        metavar="N",
        help="of the first epoch, in view microscope (default: %(default)s)",
    )
    add(
        "--smooth",
        choices=SMOOTHINGS,
        default="pchip",
        help="the cost curve in view fit (default: %(default)s)",
    )
    add("--theme", choices=THEMES, default="light", help="colours (default: %(default)s)")
    add("--title", type=text, default="", metavar="TEXT", help="a line above the picture")
    add("--width", type=PIXELS, metavar="PX", help="of the picture (default: the view's own)")
    add("--height", type=PIXELS, metavar="PX", help="of the picture (default: the view's own)")
    add(
        "--scale",
        type=SCALE,
        default=1.0,
        metavar="S",
        help="times as large, for sharp screens (default: %(default)s)",
    )

    add = parser.add_argument_group("files").add_argument
    add(
        "--out",
        type=file,
        metavar="PATH",
        help="animation: .gif, .apng, .webp, .mp4, .html, or frames/%%04d.png for numbered "
        "pictures; beside it its last frame as PNG (default: output/linear_regression.gif)",
    )
    add(
        "--frame-ms",
        type=TIME,
        metavar="MS",
        help=f"time of a frame (default: {FRAME_MS}); a step in view microscope shows for three",
    )
    add("--hold-ms", type=TIME, metavar="MS", help=f"time of the last one (default: {HOLD_MS})")
    add(
        "--loop",
        type=PLAYS,
        default=0,
        metavar="N",
        help="how often to play, 0 for ever (default: %(default)s)",
    )
    add(
        "--show",
        action="store_true",
        help="open a window that plays it, too; the space bar pauses",
    )
    add("--history", type=file, metavar="CSV", help="write every epoch as a table")
    add("--quiet", action="store_true", help="print nothing but the paths written")


def check(args: argparse.Namespace) -> str | None:
    """Return what is wrong with options, as read() returns them, that do not go together; fill
    in what depends on others, and `args.files`, the files that will be written.
    """
    args.view = args.view or ("compare" if several(args) else "fit")
    args.out = args.out or Path("output", OUT.get(args.view, "linear_regression") + ".gif")
    try:
        movie.writer_for(args.out)
    except ValueError as error:
        return f"argument --out: {error}"
    basics = args.view in BASICS
    args.frame_ms = args.frame_ms or (20 if basics else FRAME_MS)
    args.hold_ms = args.hold_ms or (args.frame_ms if basics else HOLD_MS)
    args.files = outputs(args)
    return (
        _useless(args)
        or _conflict(args)
        or wrong_size(VIEWS[args.view], args.width, args.height, args.scale)
        or _same_file(args)
    )


def _useless(args: argparse.Namespace) -> str | None:
    """Return which option would do nothing beside the others."""
    basics, kind, view = args.view in BASICS, args.out.suffix.lower(), f"--view {args.view}"
    trained = training_options() if basics else []
    wrong_view = [
        *((name, "is for views that train", True) for name in trained),
        ("steps", "is for --view microscope", args.view != "microscope"),
        ("smooth", "is for --view fit", args.view != "fit"),
        ("history", "has no epochs to write", basics),
        ("display_step", "has no epochs to choose from", basics),
    ]
    wrong_kind = [
        ("loop", "is for what plays by itself", kind in {".png", ".mp4"}),
        ("frame_ms", "is for what plays", kind == ".png"),
        ("hold_ms", "is for what plays", kind == ".png"),
    ]
    for this, wrong in ((view, wrong_view), (f"--out {kind}", wrong_kind)):
        for name, is_for, applies in wrong:
            if applies and name in args.given:
                return f"{flag(name)} {is_for}; this is {this}"
    if args.theme == "transparent" and kind == ".mp4":
        return "--theme transparent is for what can be seen through; this is --out .mp4"
    return None


def _conflict(args: argparse.Namespace) -> str | None:
    """Return which option stands against another."""
    if several(args) and args.view != "compare":
        return f"--lr has several rates; --view {args.view} shows one, --view compare all"
    if not several(args) and args.view == "compare":
        return "--view compare needs --lr with two rates or more, or --lr sweep"
    if several(args) and args.history:
        return "--history keeps one run; --lr has several rates"
    if args.quiet and args.explain:
        return "--explain prints, and --quiet prints paths only: one of them"
    return None


def outputs(args: argparse.Namespace) -> list[Path]:
    """Return the files that will be written; of numbered pictures, the first."""
    files = [*movie.files_of(args.out, 1), movie.still_beside(args.out), args.history]
    return [path for path in files if path]


def _same_file(args: argparse.Namespace) -> str | None:
    """Return which of the files read and written are the same, if two are."""
    seen: dict[str, Path] = {}
    for path in [*([args.data] if args.data else []), *args.files]:
        real = os.path.realpath(path)
        if real in seen:
            return f"{str(path)!r} would overwrite {str(seen[real])!r}, which is the same file"
        if path != args.data and args.data == Path("-") and _is_standard_input(path):
            return f"{str(path)!r} would overwrite standard input, which is the same file"
        seen[real] = path
    for path in (args.data, args.history):
        if path and numbered.is_one_of(args.out, path):
            return f"{str(path)!r} is one of the pictures {str(args.out)!r}, which is the same file"
    return None


def _is_standard_input(path: Path) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(0))
    except OSError:  # one of the two is not there
        return False
