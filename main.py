"""Watch a line learn: train y = W*x + b by stochastic gradient descent, save it as an animation.

command line -> Dataset -> train() -> snapshots -> chosen epochs -> view -> frames -> file
"""

from __future__ import annotations

import signal
import sys

NAME = "line-that-learns"  # of the command that an installation brings
COMMAND = NAME if NAME in sys.argv[0].replace("\\", "/").rpartition("/")[2] else "python main.py"
PROGRAM = COMMAND.split()[-1]
IS_PROGRAM = __name__ == "__main__" or COMMAND == NAME
if IS_PROGRAM and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback of what is being imported

from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))  # python -P leaves it out

from plotting import surroundings

if IS_PROGRAM:
    surroundings.begin(PROGRAM)
WINDOWS = surroundings.settle()

import argparse
import dataclasses
import io
import os
import re
import shlex
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TextIO

import numpy as np

import regression as rg
from plotting import Animation, animate, encoders, explorer, theme, window
from plotting.animation import FRAMES, PIXELS, PLAYS, SCALE, SECONDS, TIME, check_picture, times_for
from plotting.encoders import atomic, pictures
from plotting.frames import FRAME_MS, HOLD_MS
from plotting.views import BASICS, DISPLAY_STEP, STEPS, VIEWS
from plotting.views.compare import MAX_RUNS
from plotting.views.fit import SMOOTHINGS
from regression import UserError, checks
from regression.analysis import report
from regression.checks import Choice
from regression.history import write_history

EXPLORE = "explore"
"""The view that is a page, and no animation."""

Args = argparse.Namespace
Runs = dict[str, rg.Run]  # by what tells them apart


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line. Returns the exit code: 0, or 2 after a user's mistake."""
    if argv is None:
        surroundings.leave_on_signals(PROGRAM)
    for name in ("stdout", "stderr"):
        stream: Any = getattr(sys, name) or io.StringIO()  # closed by the shell, or in pythonw
        with suppress(AttributeError):  # what stands in for a stream may not know its encoding
            stream.reconfigure(errors="backslashreplace")
        setattr(sys, name, stream)
    theme.use_own_settings()
    try:
        run(parse(sys.argv[1:] if argv is None else argv))
        return 0
    except UserError as error:
        name, _, rest = str(error).partition(": ")  # the library has names, not flags
        text = f"{FLAGS[name]}: {rest}" if name in {*FLAGS} - {"x", "y"} else str(error)
    except OSError as error:
        text = f"{error.filename or 'standard output'}: {error.strerror or error}"
    except (ImportError, MemoryError) as error:
        text = str(error) or "out of memory"
    warn(f"error: {text}")
    return 2


def run(args: Args) -> None:
    """Read points, train, report, draw, write: the way of the data, once through."""
    for path in args.files:
        atomic.check_target(path, replace=not args.no_clobber)
    if args.show:
        window.open_backend(WINDOWS)
    rng = np.random.default_rng(args.seed)
    data = read_points(args, rng)
    runs = train_all(data, args, rng) if args.view not in BASICS else {}
    print_report(runs, args)
    if args.view == EXPLORE:
        write_page(data, runs, args)
    else:
        animation = draw(data, runs, args)
        write(animation, runs, args)
        if args.show:
            animation.show(loop=args.loop)
    for each in runs.values() if not args.compared else ():
        if each.overflowed:
            warn(f"this command works: {better_command(each, args)}")


def read_points(args: Args, rng: np.random.Generator) -> rg.Dataset:
    """Return the points to learn from: a file's, or synthetic ones."""
    if not args.data:
        return rg.noisy_line(**{name: getattr(args, name) for name in SYNTHETIC}, rng=rng)
    data = rg.read_csv(args.data, args.x, args.y)
    for note in data.notes if not args.quiet else ():
        warn(note)
    if {"standardize", "no_standardize"}.isdisjoint(args.given) and not args.quiet:
        rate = "" if "lr" in args.given else " and at rate auto"
        warn(
            f"trained on standardized x and y{rate}; to train on the numbers as they are, add "
            "--no-standardize"
        )
    return data


def train_all(data: rg.Dataset, args: Args, rng: np.random.Generator) -> Runs:
    """Return the runs, one for each value of the option that has several."""
    if args.lr == ["sweep"]:
        shuffled, scaled = args.shuffle == ["yes"], args.standardize == ["yes"]
        trained = rg.Scale.of(data).standardized(data) if scaled else data
        safe = rg.safe_rate(trained, batch_size=args.batch_size[0], shuffled=shuffled)
        args.lr = [share * safe for share in (0.01, 0.5, 0.99, 1.01)]
    for size in args.batch_size:
        all_of = f"there are {len(data):,} points, and a step takes them all"
        warn(f"--batch-size {size:,}: {all_of}" if size > len(data) else None)
    values = {name: sorted(getattr(args, name)) for name in COMPARED}
    runs = []
    count = max(map(len, values.values()))
    kept = count if args.history else 1
    say_memory(rg.bytes_of(len(data), args.epochs, kept), "this training")
    for number in range(count):
        how = {name: each[number % len(each)] for name, each in values.items()}
        start = rg.Line(how.pop("init_weight"), how.pop("init_bias"))
        shuffle = rng if how.pop("shuffle") == "yes" else None
        how["standardize"] = how["standardize"] == "yes"
        training = rg.train(data, epochs=args.epochs, start=start, shuffle=shuffle, **how)
        steps = args.steps if args.view == "microscope" else 0
        is_long = args.epochs * len(data) > LONG_VISITS
        run = rg.finish(training, steps, partial(watched, args) if is_long else iter)
        if not args.history:
            run = run.thinned(drawn_of(run, args)["epoch"])
        runs.append(run)
        warn(report.auto_choice(run) if how["lr"] == "auto" and not args.quiet else None)
        warn(report.rate_warning(run))
        warn(report.overflow_warning(run))
    return dict(zip(rg.what_differs(runs), runs))


def drawn_of(run: rg.Run, args: Args) -> rg.History:
    """Return the epochs of a run that are printed and drawn."""
    return rg.drawn(run.history, args.display_step, frames=args.frames)


def watched(args: Args, epochs: Iterable[rg.Snapshot]) -> Iterable[rg.Snapshot]:
    """Return the epochs of a long training, and say how long it takes, or show a bar."""
    if sys.stderr.isatty() and not args.quiet:
        from tqdm import tqdm  # noqa: PLC0415 - not needed where nobody watches

        bar: Iterable[rg.Snapshot] = tqdm(
            epochs, total=args.epochs, unit=" epochs", delay=0.5, leave=False
        )
        return bar
    return timed(epochs, args.epochs)


def timed(epochs: Iterable[rg.Snapshot], count: int) -> Iterator[rg.Snapshot]:
    """Return a generator of the epochs, which says early how long so many of them take."""
    began, said = time.monotonic(), False
    for number, epoch in enumerate(epochs, 1):
        yield epoch
        if said or number & (number - 1):  # a clock is looked at after 1, 2, 4, 8 ... epochs
            continue
        passed = time.monotonic() - began
        seconds = passed / number * count
        said = passed > 0.5
        if said and seconds > 10:
            warn(f"training will take about {seconds:,.0f} s")


def print_report(runs: Runs, args: Args) -> None:
    """Print what became of the runs, and why, as far as wanted."""
    for name, each in runs.items() if not args.quiet else ():
        output(*([name.capitalize()] if args.compared else []))
        output(*report.tutorial_lines(drawn_of(each, args), finished=not each.overflowed))
        output(*report.summary(each))
    if args.compared and not args.quiet:
        output("", *report.comparison(runs))
    for each in runs.values() if args.explain else ():
        true_line = None if args.data else rg.Line(args.slope, args.intercept)
        command = better_command(each, args)
        output("", *report.explanation(each, command, true_line).splitlines(), "")


def better_command(run: rg.Run, args: Args) -> str:
    """Return the command that ends at a lower cost with the same other options, if there is one."""
    better = run.better_standardized or run.better
    if better is None:
        return ""
    new = ["--standardize"] if run.better_standardized else []
    new += ["--lr", f"{better.lr!r}", "--epochs", f"{better.epochs}"]
    dropped = {*new, "--no-standardize", "--explain"}
    # A start in the units of the data is another one for standardized x and y.
    dropped |= {"--init-weight", "--init-bias"} if run.better_standardized else set()
    keep, words = True, []
    for word in args.argv:
        if word.startswith("--"):
            keep = word.partition("=")[0] not in dropped
        words += [word] if keep else []
    return shlex.join([*COMMAND.split(), *new, *words])


def draw(data: rg.Dataset, runs: Runs, args: Args) -> Animation:
    """Return the animation wanted; say which characters no font has."""
    warn(theme.missing_hint("".join(each[:500] for each in (args.title, data.x_name, data.y_name))))
    notes: list[str] = []
    for name, each in runs.items():
        heading = name if args.compared else f"learning rate {each.settings.lr:g}"
        notes += ["", heading.capitalize(), *report.summary(each)]
    names = "view display_step frames steps theme title width height scale frame_ms hold_ms"
    options = {name: getattr(args, name) for name in names.split()}
    return animate(data, list(runs.values()), **options, smoothing=args.smooth, notes=notes[1:])


def write(animation: Animation, runs: Runs, args: Args) -> None:
    """Write the animation, its last frame and the history wanted; print the paths."""
    frames = len(animation.frames)
    seconds, held = encoders.forecast(args.out, *animation.frames.size, frames)
    say_memory(held, "a picture of {:,} x {:,} pixels".format(*animation.frames.size))
    if seconds > 10:
        fewer = f"--frames {int(10 / seconds * frames)} would take 10 s"
        warn(f"{frames:,} frames will take about {seconds:,.0f} s; {fewer}")
    replace = not args.no_clobber
    files = animation.save(args.out, loop=args.loop, progress=not args.quiet, replace=replace)
    warn(pictures.left_over(args.out, frames))
    if args.still:
        files.append(encoders.write_still(args.still, animation.frames[-1], replace=replace))
    files += write_table(runs, args)
    for path in files:
        of = f", {frames} frame{'s' if frames > 1 else ''}" if path == args.out else ""
        print_path(path, of, args)


def write_table(runs: Runs, args: Args) -> list[Path]:
    """Write the table of epochs, if it is wanted; return its path."""
    if not args.history:
        return []
    with atomic.whole_file(args.history, replace=not args.no_clobber) as file:
        write_history(file.fileno(), {name: each.history for name, each in runs.items()})
    return [args.history]


def print_path(path: Path, of: str, args: Args) -> None:
    """Print a path that was written, with its size and more of it."""
    output(path if args.quiet else f"{path} ({path.stat().st_size / 1000:,.1f} kB{of})")


def say_memory(held: float, what: str) -> None:
    """Say how much memory something takes where that is much."""
    warn(f"{what} takes up to {held / 1e9:.1f} GB of memory" if held > MUCH_BYTES else None)


def write_page(data: rg.Dataset, runs: Runs, args: Args) -> None:
    """Write the page on which the reader moves the rate; print its path."""
    (run,) = runs.values()
    made = None if args.data else (args.slope, args.intercept, args.noise, args.seed)
    words = {"title": args.title, "theme": args.theme if "theme" in args.given else "auto"}
    explorer.write_page(args.out, data, run, synthetic=made, **words, replace=not args.no_clobber)
    print_path(args.out, "; open it in a browser", args)
    for path in write_table(runs, args):
        print_path(path, "", args)


# The options, in the order in which help shows them: flag, what reads its text, default (False
# for a switch, a list where several values are compared), what stands for its value, and help.

RATE = dataclasses.replace(
    checks.POSITIVE, allowed="a positive number, 'auto' or 'sweep'", words=("auto", "sweep")
)
STANDARDIZED = "train on x and y with mean 0 and deviation 1; files by themselves are"
RATES = "learning rate; auto finds the best safe one, sweep compares four"
DRAWN = "draw the first ten epochs, every N-th, and the last"
DEFAULT_OUT = "output/linear_regression.gif"
SUFFIXES = ", ".join("frames/%%04d.png" if each == ".png" else each for each in encoders.WRITERS)

MUCH_BYTES = 5e8
"""Of memory, from which it is said."""

LONG_VISITS = 10_000_000
"""Visits of points, epochs times points, that may take longer than a second."""

OPTIONS: dict[str, list[tuple[str, Any, Any, str | None, str]]] = {
    "what you will want first": [
        ("--lr", RATE, [0.0001], "RATE", RATES),
        ("--epochs", checks.EPOCHS, 500, "N", "passes through the points"),
        (
            "--view",
            Choice((*VIEWS, EXPLORE)),
            None,
            "VIEW",
            "what to draw (without it fit or, for several values, compare)",
        ),
        ("--data", Path, None, "CSV", "a CSV file with your points; - reads standard input"),
        ("--x", str, None, "NAME", "its column for x, or the number of it (default: the first)"),
        ("--y", str, None, "NAME", "its column for y, or the number of it (default: the next)"),
        ("--out", Path, None, "PATH", f"{SUFFIXES} (default: {DEFAULT_OUT})"),
        ("--explain", str, False, None, "explain where the run converges to, and why"),
    ],
    "synthetic points": [
        ("--points", checks.POINTS, 50, "N", "how many"),
        ("--slope", checks.FINITE, 1, "A", "slope of the true line"),
        ("--intercept", checks.FINITE, -2, "B", "intercept of the true line"),
        ("--noise", checks.NONNEGATIVE, 1, "SD", "standard deviation from the true line"),
        ("--seed", checks.SEED, 0, "N", "of the random noise, and of --shuffle"),
    ],
    "training": [
        ("--batch-size", checks.COUNT, [1], "N", "points in a step"),
        (
            "--shuffle",
            Choice(("no", "yes")),
            ["no"],
            "yes|no",
            "a new order of the points each epoch",
        ),
        ("--standardize", Choice(("no", "yes")), ["no"], "yes|no", STANDARDIZED),
        ("--no-standardize", str, False, None, "train on the numbers of a file as they are"),
        (
            "--init-weight",
            checks.FINITE,
            [rg.START.weight],
            "W",
            "W at the start, in the units of training",
        ),
        ("--init-bias", checks.FINITE, [rg.START.bias], "B", "b at the start, likewise"),
    ],
    "picture": [
        ("--frames", FRAMES, None, "N", "draw so many epochs, most of them early ones"),
        ("--seconds", SECONDS, None, "S", "as many frames as play for so long"),
        ("--display-step", checks.COUNT, DISPLAY_STEP, "N", DRAWN),
        ("--steps", checks.COUNT, STEPS, "N", "steps of the first epoch in view microscope"),
        ("--smooth", Choice(SMOOTHINGS), "none", "HOW", "the cost in view fit"),
        ("--theme", Choice((*theme.THEMES, "auto")), "light", "NAME", "colours"),
        ("--title", str, "", "TEXT", "a line above the picture"),
        ("--width", PIXELS, None, "PX", "of the picture (default: the view's own)"),
        ("--height", PIXELS, None, "PX", "of the picture (default: the view's own)"),
        ("--scale", SCALE, 1.0, "S", "enlarges all of it, for sharp screens"),
        ("--frame-ms", TIME, None, "MS", f"time of a frame (default: {FRAME_MS})"),
        ("--hold-ms", TIME, None, "MS", f"time of the last frame (default: {HOLD_MS})"),
        ("--loop", PLAYS, 0, "N", "how often it plays; 0 is for ever"),
        ("--show", str, False, None, "play it in a window, too; the space bar pauses"),
    ],
    "other files, and printing": [
        ("--still", Path, None, "PNG", "the last frame (default: only of the default --out)"),
        ("--history", Path, None, "CSV", "every epoch as a table"),
        ("--no-clobber", str, False, None, "replace no file that is there"),
        ("--quiet", str, False, None, "print nothing but the paths written"),
    ],
}
NAMED = {each[0][2:].replace("-", "_"): each for group in OPTIONS.values() for each in group}
SYNTHETIC = ("points", "slope", "intercept", "noise")
FLAGS = {name: each[0] for name, each in NAMED.items()}
MEANT = {
    **dict.fromkeys(("--learning-rate", "--rate", "--alpha", "--eta"), "--lr"),
    **dict.fromkeys(("--input", "--file", "--csv"), "--data"),
    **dict.fromkeys(("--output", "--save"), "--out"),
    "--batch": "--batch-size",
    "--fps": "--frame-ms",
    "--random-seed": "--seed",
}
"""What others call an option, and its name here."""
COMPARED = tuple(name for name, each in NAMED.items() if isinstance(each[2], list))
OF_TRAINING = ("data", "x", "y", "seed", "epochs", "explain", "history", "display_step", "frames")
OF_FRAMES = ["display_step", "frames", "steps", "smooth", "width", "height", "scale", "frame_ms"]
OF_FRAMES += ["hold_ms", "seconds", "loop", "show", "still"]

EPILOG = f"""\
Give one of these several values, and the runs are compared:
  {", ".join(FLAGS[name] for name in COMPARED)}

examples:
  {COMMAND} --lr 0.0001 --epochs 500     the tutorial's run
  {COMMAND} --view story --lr auto       the whole story, at the best rate
  {COMMAND} --lr 0.001 0.01 0.02         three rates beside each other
  {COMMAND} --data rents.csv --x area --y rent --out rents.html
"""


def parser() -> argparse.ArgumentParser:
    """Return what splits a command line into options and their texts, and shows help."""
    reader = argparse.ArgumentParser(
        usage=f"{COMMAND} [options]",
        description="Train y = W*x + b by stochastic gradient descent and save it as an animation.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        exit_on_error=False,
        argument_default=argparse.SUPPRESS,
    )
    for heading, options in OPTIONS.items():
        add = reader.add_argument_group(heading).add_argument
        for option, reads, default, metavar, about in options:
            if default is False:
                add(option, action="store_true", help=about)
                continue
            first = default[0] if isinstance(default, list) else default
            words = f": {', '.join(reads.words)}" if isinstance(reads, Choice) else ""
            shown = "" if first in (None, "") else f" (default: {first})"
            nargs = None if first is default else "*" if first == "no" else "+"
            add(option, action="append", nargs=nargs, metavar=metavar, help=about + words + shown)
    return reader


def parse(argv: Sequence[str]) -> Args:
    """Return the checked options; beside them `argv`, `given` (the names that are there),
    `compared` (the one with several values) and `files` to write. Raises UserError.
    """
    # argparse takes "-1e5" for an option: hide the dash behind what no argument can hold.
    hidden = [re.sub("^-(?=[^-])", "\0", word) if word != "-h" else word for word in argv]
    try:
        found, unknown = parser().parse_known_args(hidden)
    except argparse.ArgumentError as error:
        what = error.message.replace("argument", "value").replace("\0", "-")
        raise UserError(f"{error.argument_name}: {what}") from None
    for word in unknown:
        name = word.partition("=")[0].replace("\0", "-")
        what = "unknown option" if name.startswith("-") else "expected an option before it"
        meant = checks.near(name, [*FLAGS.values(), *MEANT])
        for other, own in MEANT.items():
            meant = meant.replace(f"'{other}'", f"'{own}'")
        raise UserError(f"{name}: {what}{meant}")
    given = {name: uses is True or values_of(name, uses) for name, uses in vars(found).items()}
    defaults = {name: each[2] for name, each in NAMED.items()}
    args = argparse.Namespace(**defaults | given, given=set(given), argv=list(argv))
    complete(args)
    check(args)
    return args


def values_of(name: str, uses: Any) -> Any:
    """Return the value of an option, or the list of its values, from its texts in each use."""
    option, reads, default, *_ = NAMED[name]
    if len(uses) > 1:  # of two values one would be ignored
        raise UserError(f"{option}: expected once, not {len(uses)} times")
    read = getattr(reads, "parse", reads)
    texts = uses[0] if isinstance(uses[0], list) else uses
    try:
        values = [read(text.replace("\0", "-")) for text in texts or ["yes"]]
    except UserError as error:
        raise UserError(f"{option}: {error}") from None
    if len(values) > MAX_RUNS or len(set(values)) < len(values):
        raise UserError(f"{option}: expected at most {MAX_RUNS} values, each of them once")
    return values if isinstance(default, list) else values[0]


def complete(args: Args) -> None:
    """Fill in what depends on other options."""
    complete_for_file(args)
    several = [name for name in COMPARED if len(getattr(args, name)) > 1]
    several += ["lr"] if args.lr == ["sweep"] else []
    if len(several) > 1:
        both = f"{FLAGS[several[0]]} and {FLAGS[several[1]]}"
        raise UserError(f"{both}: expected several values of one option, not of two")
    args.compared = several[0] if several else None
    args.view = args.view or ("compare" if several else "fit")
    if not args.out:
        names = {"basics-reset": "output/resetvalue.gif", "basics-redraw": "output/redraw.gif"}
        args.out = Path((names | {EXPLORE: "output/explore.html"}).get(args.view, DEFAULT_OUT))
        if args.view != EXPLORE:
            args.still = args.still or args.out.with_suffix(".png")
    basics = args.view in BASICS
    args.frame_ms = args.frame_ms or (20 if basics else FRAME_MS)
    args.hold_ms = args.hold_ms or (args.frame_ms if basics else HOLD_MS)
    if args.seconds:
        times = (args.frame_ms, args.hold_ms, args.frames, args.epochs)
        args.frame_ms, args.hold_ms, args.frames = times_for(args.seconds, *times)
    for name in {"frame_ms", "hold_ms"} & args.given if args.out.suffix.lower() == ".gif" else ():
        if getattr(args, name) % 10:
            warn(f"{FLAGS[name]} is rounded: a GIF counts hundredths of a second")


def complete_for_file(args: Args) -> None:
    """Train on a file's points standardized, and at the rate auto, unless told otherwise."""
    if args.no_standardize:
        if "standardize" in args.given:
            raise UserError("--standardize and --no-standardize: expected one of them")
        args.standardize = ["no"]
    elif args.data and "standardize" not in args.given:
        args.standardize = ["yes"]
    if args.data and "lr" not in args.given:
        args.lr = ["auto"]


def check(args: Args) -> None:
    """Raise UserError for options that have no effect, or do not go together."""
    several = f"{FLAGS[args.compared or 'lr']} has several values"
    view, kind, noise = args.view, args.out.suffix.lower(), args.noise and not args.data
    unused = [
        (view in BASICS, (*SYNTHETIC, *COMPARED, *OF_TRAINING), f"has no effect on --view {view}"),
        (view == EXPLORE, OF_FRAMES, f"is for pictures; this is --view {view}"),
        (view != "microscope", ["steps"], f"is for --view microscope; this is --view {view}"),
        (view == "microscope", ["seconds"], "is for views without steps, not for microscope"),
        (view != "fit", ["smooth"], f"is for --view fit; this is --view {view}"),
        (args.frames, ["display_step"], "is for frames that --frames or --seconds do not choose"),
        (args.data, SYNTHETIC, "is for synthetic points; --data reads a file"),
        (not args.data, ["x", "y"], "names a column of a file; give the file with --data"),
        (not noise and "yes" not in args.shuffle, ["seed"], "has neither noise nor --shuffle"),
        (
            kind in {".png", ".mp4"} and not args.show,
            ["loop"],
            f"is for what plays by itself; this is --out {kind}",
        ),
        (kind == ".png", ["frame_ms", "hold_ms", "seconds"], "is for what plays, not for .png"),
        (args.quiet, ["explain"], "prints text, and --quiet prints paths only"),
        (args.compared, ["explain"], f"is about one run, but {several}"),
    ]
    for applies, names, why in unused:
        for name in sorted(args.given.intersection(names)) if applies else ():
            raise UserError(f"{FLAGS[name]} {why}")
    alone = len(args.lr) > 1 and {*RATE.words} & {*args.lr}
    one = args.compared and view != "compare"
    wrong = [
        (args.x and args.x == args.y, f"--x and --y: expected two columns, not {args.x!r} twice"),
        (alone, "--lr: expected 'auto' or 'sweep' alone, not among other rates"),
        (one, f"--view {view} shows one run, but {several}. Use --view compare, or give one."),
        (view == "compare" and not args.compared, "--view compare: expected --lr with two values"),
        (view == EXPLORE and kind != ".html", "--view explore: expected --out with .html"),
        (
            args.theme == "auto" and kind not in {".svg", ".html"},
            f"--theme auto follows the reader's system in .svg and .html; this is --out {kind}",
        ),
        (kind == ".mp4" and args.theme == "transparent", "--theme: an .mp4 is never transparent"),
        (
            args.still and args.still.suffix.lower() != ".png",
            f"--still: expected a name that ends in .png, not {str(args.still)!r}",
        ),
    ]
    for applies, text in wrong:
        if applies:
            raise UserError(text)
    shown = "story" if view == EXPLORE else view  # whose last frame is in the page
    size = check_picture(shown, args.title, args.width, args.height, args.scale)
    try:
        encoders.writer_for(args.out)
        encoders.check_size(args.out, *size)
    except UserError as error:
        raise UserError(f"--out: {error}") from None
    others = [path for path in (args.still, args.history) if path]
    pictures.check_distinct([args.data] if args.data else [], [args.out, *others])
    args.files = [*encoders.files_of(args.out, 1), *others]
    if args.no_clobber and pictures.left_over(args.out, 0):
        raise UserError(f"{args.out}: there are such pictures already, and --no-clobber is given")


def output(*lines: object, stream: TextIO | None = None) -> None:
    """Print lines, with what would move a terminal's cursor escaped; who closed the stream early,
    as head does, has seen enough. Raises OSError when they cannot be written for another reason.
    """
    stream = stream or sys.stdout
    try:
        for line in lines:
            chars = (char if char.isprintable() else ascii(char)[1:-1] for char in str(line))
            print("".join(chars), file=stream)
        stream.flush()
    except OSError as error:
        # What is left in the stream Python would write when it exits, and complain again.
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise


def warn(text: str | None) -> None:
    """Print a line on standard error; that nobody can read it is no reason to stop."""
    with suppress(OSError):
        output(*([f"{PROGRAM}: {text}"] if text else []), stream=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
