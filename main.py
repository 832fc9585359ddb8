"""Watch a line learn: train y = W*x + b by stochastic gradient descent, save it as an animation.

command line -> Dataset -> train() -> snapshots -> chosen epochs -> view -> frames -> file
"""

from __future__ import annotations

import gc

# Importing and drawing make many objects and little garbage: looking for it as often as Python
# does by itself takes a tenth of a run of 500 frames. Before the imports, since those take most.
gc.set_threshold(100_000, 20, 20)

import os
import signal
import sys
from contextlib import suppress
from types import FrameType

STOPS = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "hung up", "SIGQUIT": "quit"}
"""What ends the program, and its word for it; not all systems have all of them."""


def leave(number: int, _frame: FrameType | None) -> None:
    """Exit at once, with one line and without unwinding: an exception may get lost on its way."""
    atomic = sys.modules.get("plotting.encoders.atomic")  # imports may not have come so far
    unfinished = list(getattr(atomic, "UNFINISHED", ()))
    for file in unfinished:
        with suppress(OSError):  # a folder that is gone by now has taken it along
            file.unlink()
    removed = "; what was not finished is removed" if unfinished else ""
    with suppress(OSError):  # nobody may be there to read it
        os.write(2, f"main.py: {STOPS[signal.Signals(number).name]}{removed}\n".encode())
    os._exit(128 + number)


def leave_on_signals() -> None:
    """Leave at Ctrl-C and the like from now on, but for what is ignored, as nohup wants it."""
    for name in STOPS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, leave)


if __name__ == "__main__":
    leave_on_signals()  # before the other imports, which take most of a second

import argparse
import io
import logging
import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any, NoReturn, TextIO

# Of files it changes nothing, and matplotlib fails to import with one that it does not know.
WINDOWS = os.environ.pop("MPLBACKEND", "")
# What matplotlib says of the user's settings and folders, which change nothing here, either.
logging.getLogger("matplotlib").setLevel(logging.ERROR)

import numpy as np

from plotting import encoders, theme, window
from plotting.animation import PIXELS, PLAYS, SCALE, TIME, Animation, animate, check_size
from plotting.encoders import numbered
from plotting.encoders.atomic import check_target, whole_file
from plotting.frames import FRAME_MS, HOLD_MS, Frames
from plotting.views import BASICS, DISPLAY_STEP, STEPS, VIEWS, create_view
from plotting.views.base import Style
from plotting.views.compare import MAX_RUNS
from plotting.views.fit import SMOOTHINGS
from regression import (
    Dataset,
    Line,
    Run,
    UserError,
    drawn,
    finish,
    noisy_line,
    read_csv,
    safe_rate,
    suggestion,
    train,
)
from regression.analysis import report
from regression.checks import COUNT, FINITE, MAX_COUNT, NONNEGATIVE, POSITIVE, Number, shown
from regression.history import write_history
from regression.line import START

SWEPT = (0.01, 0.5, 0.99, 1.01)
"""The rates of `--lr sweep`, in units of the safe limit."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line. Returns 0, or 2 after a user's mistake."""
    open_streams()
    theme.use_own_settings()
    try:
        run(parse(sys.argv[1:] if argv is None else argv))
    except (UserError, ImportError, MemoryError) as error:
        return mistake(str(error) or "out of memory")
    except OSError as error:
        return mistake(f"{error.filename or 'standard output'}: {error.strerror or error}")
    return 0


def run(args: argparse.Namespace) -> None:
    """Train, report, draw, write: the way of the data, once through."""
    for path in args.files:
        check_target(path)
    if args.show:
        window.open_backend(WINDOWS)
    if args.view in BASICS:
        runs: list[Run] = []
        style = Style(args.width, args.height, args.scale, theme.THEMES[args.theme], args.title)
        view = create_view(args.view, style=style)
        times = {"frame_ms": args.frame_ms, "hold_ms": args.hold_ms}
        animation = Animation(view, title=args.title, **times)
    else:
        rng = np.random.default_rng(args.seed)
        data = read_points(args, rng)
        runs = [train_at(data, lr, args, rng) for lr in rates(data, args)]
        print_report(data, runs, args)
        animation = draw(data, runs, args)
    warn(cost_of_many(animation.frames, args))
    for path in write(animation, runs, args):
        of = f", {plural(len(animation.frames), 'frame')}" if path == args.out else ""
        size = f" ({path.stat().st_size / 1000:,.1f} kB{of})"
        output(path if args.quiet else f"{path}{size}")
    if args.show:
        animation.show(loop=args.loop)


def read_points(args: argparse.Namespace, rng: np.random.Generator) -> Dataset:
    """Return the points to learn from: a file's, or synthetic ones."""
    if not args.data:
        return noisy_line(**{name: getattr(args, name) for name in SYNTHETIC}, rng=rng)
    data = read_csv(args.data, args.x, args.y)
    if None in (args.x, args.y) and not args.quiet:
        warn(f"x is column {data.x_name!r}, y is column {data.y_name!r}")
    return data


def training_options(args: argparse.Namespace) -> dict[str, Any]:
    """Return how to train, but for the rate and the order."""
    start = Line(args.init_weight, args.init_bias)
    return {"epochs": args.epochs, "batch_size": args.batch_size, "start": start}


def rates(data: Dataset, args: argparse.Namespace) -> list[Any]:
    """Return the learning rates, in rising order; "auto" stays a word."""
    if args.lr == ["sweep"]:
        safe = safe_rate(data, batch_size=args.batch_size, shuffled=args.shuffle)
        return [share * safe for share in SWEPT]
    return sorted(args.lr)


def train_at(data: Dataset, lr: Any, args: argparse.Namespace, rng: np.random.Generator) -> Run:
    """Train at one rate, warning of it before and saying after whether it overflowed."""
    training = train(data, lr=lr, **training_options(args), shuffle=rng if args.shuffle else None)
    done = finish(training, args.steps if args.view == "microscope" else 0)
    if lr == "auto":
        warn(report.auto_choice(done.convergence))
    warn(report.rate_warning(done.convergence))
    warn(report.divergence(done.convergence, done.last))
    return done


def print_report(data: Dataset, runs: Sequence[Run], args: argparse.Namespace) -> None:
    """Print what became of the runs, and why, as far as wanted."""
    if not args.quiet:
        for each in runs:
            if len(runs) > 1:
                output(f"Learning rate: {each.settings.lr:g}")
            output(*report.progress(drawn(each.history, args.display_step)))
            output(*report.summary(each.convergence, each.last))
    if args.explain:
        (only,) = runs
        better = suggestion(data, only.convergence)
        command = better and shlex.join(
            [
                *("python", "main.py", "--lr", f"{better.lr:g}", "--epochs", f"{better.epochs}"),
                *without(args.argv, "--lr", "--epochs", "--explain"),
            ]
        )
        output("", report.explanation(only.convergence, only.last, better, command or ""), "")


def draw(data: Dataset, runs: list[Run], args: argparse.Namespace) -> Animation:
    """Return the animation wanted; say which characters no font has."""
    warn(theme.missing_hint(args.title + data.x_name + data.y_name))
    notes: list[str] = []
    for each in runs:
        rate = f"Learning rate: {each.settings.lr:g}"
        notes += ["", rate, *report.summary(each.convergence, each.last)]
    names = ("view", "display_step", "theme", "title", "width", "height", "scale")
    times = {"frame_ms": args.frame_ms, "hold_ms": args.hold_ms}
    options = {name: getattr(args, name) for name in names} | times
    return animate(data, runs, **options, steps=args.steps, smoothing=args.smooth, notes=notes[1:])


def write(animation: Animation, runs: Sequence[Run], args: argparse.Namespace) -> list[Path]:
    """Write the animation, its last frame, and the history wanted; return the files."""
    files = animation.save(args.out, loop=args.loop, progress=not args.quiet)
    warn(numbered.left_over(args.out, len(animation.frames)))
    if still := encoders.still_beside(args.out):
        files.append(encoders.save_png(still, animation.frames[-1]))
    if args.history:
        with whole_file(args.history) as unfinished:
            write_history(unfinished, runs[0].history)
        files.append(args.history)
    return files


MANY_FRAMES = 5000
SECONDS_PER_PIXEL = 2e-3 / (640 * 480)
"""To draw and write a frame; python -m tests.tools.render measures it."""


def cost_of_many(frames: Frames, args: argparse.Namespace) -> str | None:
    """Return how long very many frames will take, and how to have fewer."""
    if len(frames) <= MANY_FRAMES:
        return None
    steps = args.steps if args.view == "microscope" else 0
    fewer = f"--steps {MANY_FRAMES - (len(frames) - steps)}"
    if len(frames) - steps >= MANY_FRAMES:
        step = -(-args.epochs // (MANY_FRAMES - 11))  # but for the first ten, and the last
        fewer = f"--display-step {step}"
    seconds = len(frames) * frames.pixels * SECONDS_PER_PIXEL
    return (
        f"{len(frames):,} frames will take about {seconds:,.0f} s; "
        f"{fewer} would make {MANY_FRAMES:,} at most"
    )


# The options, in the order in which help shows them.

SYNTHETIC = ("points", "slope", "intercept", "noise")
"""The options of synthetic data, in whose place --data puts a file."""

EXAMPLES = """\
examples:
  python main.py --lr 0.0001 --epochs 500     the tutorial's run
  python main.py --view story --lr auto       the whole story, at the best rate
  python main.py --data rents.csv --x area --y rent --lr auto --out rents.html
"""

OUT = {"basics-reset": "resetvalue", "basics-redraw": "redraw"}
"""Names of files in output/, but for linear_regression.gif."""


class Parser(argparse.ArgumentParser):
    """Says a mistake in one line, without the usage of every option above it."""

    def error(self, message: str) -> NoReturn:
        """Exit 2 with the message."""
        self.exit(mistake(message.removeprefix("argument ")))


def parser() -> tuple[Parser, dict[str, Any]]:
    """Return the reader of all options, and the defaults of those that are not given."""
    reader = Parser(
        prog="main.py",
        usage="python main.py [options]",
        description=fill((__doc__ or "").partition("\n")[0], 79),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    defaults: dict[str, Any] = {}

    def group(title: str) -> Callable[..., None]:
        within = reader.add_argument_group(title)

        def add(flag: str, kind: Any, default: Any, metavar: str | None, text: str) -> None:
            defaults[flag[2:].replace("-", "_")] = default
            if default is not None and default != "" and kind is not bool and "default" not in text:
                text += f" (default: {default})"
            if kind is bool:
                within.add_argument(flag, action="store_true", help=text)
            elif isinstance(kind, tuple):
                within.add_argument(flag, choices=kind, help=text)
            else:
                many = "+" if isinstance(default, list) else None
                within.add_argument(flag, type=kind, metavar=metavar, help=text, nargs=many)

        return add

    add = group("data")
    add("--data", file, None, "CSV", "a file with a header, or - for standard input")
    add("--x", str, None, "NAME", "its column for x; without, the first that has numbers")
    add("--y", str, None, "NAME", "its column for y; without, the next that has numbers")
    add("--points", count("points", 2, 16), 50, "N", "how many synthetic points to make")
    add("--slope", number(FINITE), 1, "A", "of the line they lie about")
    add("--intercept", number(FINITE), -2, "B", "of that line")
    add("--noise", number(NONNEGATIVE), 1, "SD", "standard deviation from it")
    add("--seed", number(SEED), 0, "N", "of the noise and of --shuffle")
    add = group("training")
    add("--lr", rate, [0.0001], "RATE", f"learning rate (default: 0.0001), {RATE_WORDS}")
    add("--epochs", count("epochs", 1, 32), 500, "N", "times through the data")
    add("--batch-size", number(COUNT), 1, "N", "points a step")
    add("--shuffle", bool, False, None, "take the points in a new order each epoch")
    add("--init-weight", number(FINITE), START.weight, "W", "where W starts")
    add("--init-bias", number(FINITE), START.bias, "B", "where b starts")
    add("--explain", bool, False, None, "say at length where the run settles and why")
    add = group("picture")
    add(
        "--view", tuple(VIEWS), None, None, "what to draw (default: fit, compare for several rates)"
    )
    add("--display-step", number(COUNT), DISPLAY_STEP, "N", DRAWN)
    add("--steps", number(COUNT), STEPS, "N", "of the first epoch, in view microscope")
    add("--smooth", SMOOTHINGS, "none", None, "the cost curve in view fit")
    add("--theme", tuple(theme.THEMES), "light", None, "colours")
    add("--title", title, "", "TEXT", "a line above the picture")
    add("--width", number(PIXELS), None, "PX", "of the picture (default: the view's own)")
    add("--height", number(PIXELS), None, "PX", "of the picture (default: the view's own)")
    add("--scale", number(SCALE), 1.0, "S", "times as large, for sharp screens")
    add = group("files")
    add("--out", file, None, "PATH", KINDS)
    add("--frame-ms", number(TIME), None, "MS", f"time of a frame (default: {FRAME_MS})")
    add("--hold-ms", number(TIME), None, "MS", f"time of the last one (default: {HOLD_MS})")
    add("--loop", number(PLAYS), 0, "N", "how often to play, 0 for ever")
    add("--show", bool, False, None, "open a window that plays it, too; the space bar pauses")
    add("--history", file, None, "CSV", "write every epoch as a table")
    add("--quiet", bool, False, None, "print nothing but the paths written")
    return reader, defaults


RATE_WORDS = "auto for the best safe one; several rates, or sweep, are compared"
DRAWN = "draw the first ten epochs, every N-th, and the last"
KINDS = (
    "animation: .gif, .apng, .webp, .mp4, .html, or frames/%%04d.png for numbered pictures; "
    "beside it its last frame as PNG (default: output/linear_regression.gif)"
)
SEED = Number(int, 0, 2**63, f"a whole number from 0 to {2**63}")


def number(allowed: Number) -> Callable[[str], float]:
    """Return a reader of an option's number, which refuses others as argparse wants it."""

    def read(text: str) -> float:
        try:
            return allowed.parse(text)
        except UserError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def count(what: str, low: int, bytes_each: int) -> Callable[[str], float]:
    """Return a reader of a number of points or epochs that says what too many would take."""
    read_number = number(Number(int, low, MAX_COUNT, f"a whole number from {low} to {MAX_COUNT:,}"))

    def read(text: str) -> float:
        if text.isdecimal() and len(text) < 30 and int(text) > MAX_COUNT:
            need = f"{int(text) * bytes_each / 1e9:,.4g} GB of memory"
            raise argparse.ArgumentTypeError(
                f"expected at most {MAX_COUNT:,}, not {int(text):,} {what} (which would need {need})"
            )
        return read_number(text)

    return read


def rate(text: str) -> float | str:
    """Return a learning rate, or one of the words for one."""
    return text if text in ("auto", "sweep") else number(POSITIVE)(text)


def file(text: str) -> Path:
    """Return the path; refuse an empty one, which Path takes for the folder that one is in."""
    if not text:
        raise argparse.ArgumentTypeError("expected the name of a file, not ''")
    return Path(text)


def title(text: str) -> str:
    """Return the text; refuse bytes that are none where this is run, which no file can hold."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise argparse.ArgumentTypeError(
            f"expected text in the terminal's encoding, not {shown(text)}"
        )
    return text


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the checked options; exits with 2 and one line when they do not fit.

    Beside the values: `given`, the names of those that are there, and `files` that will be written.
    """
    reader, defaults = parser()
    joined = joined_values(argv)
    flags = [option.partition("=")[0] for option in joined if option.startswith("--")]
    for each in flags:
        if flags.count(each) > 1:  # of two values one would be ignored
            reader.error(f"{each} is given more than once")
    given = vars(reader.parse_args(joined))
    args = argparse.Namespace(**{**defaults, **given}, given=set(given), argv=joined)
    try:
        complete(args)
        check_data_options(args)
        check_rates(args)
        check_view_options(args)
        check_files(args)
    except UserError as error:
        reader.error(str(error))
    return args


def joined_values(argv: Sequence[str]) -> list[str]:
    """Return the options with each value that begins with a dash joined to its flag, where
    argparse does not take it for another flag.
    """
    joined: list[str] = []
    for option in argv:
        waits = joined and joined[-1].startswith("--") and "=" not in joined[-1]
        if waits and re.match("-[^-]", option) and option != "-h":
            joined[-1] += f"={option}"
        else:
            joined.append(option)
    return joined


def without(argv: Sequence[str], *flags: str) -> list[str]:
    """Return the options except those of the flags, and their values."""
    kept, keep = [], True
    for option in argv:
        if option.startswith("--"):
            keep = option.partition("=")[0] not in flags
        if keep:
            kept.append(option)
    return kept


def complete(args: argparse.Namespace) -> None:
    """Fill in what depends on other options."""
    args.several = len(args.lr) > 1 or args.lr == ["sweep"]
    args.view = args.view or ("compare" if args.several else "fit")
    args.out = args.out or Path("output", OUT.get(args.view, "linear_regression") + ".gif")
    basics = args.view in BASICS
    args.frame_ms = args.frame_ms or (20 if basics else FRAME_MS)
    args.hold_ms = args.hold_ms or (args.frame_ms if basics else HOLD_MS)
    if args.out.suffix.lower() == ".gif":
        for name in ("frame_ms", "hold_ms"):
            wanted = getattr(args, name)
            rounded = (wanted + 5) // 10 * 10
            setattr(args, name, rounded)
            if name in args.given and wanted != rounded:
                warn(
                    f"{flag(name)} {wanted} becomes {rounded}: a GIF counts hundredths of a second"
                )


def check_data_options(args: argparse.Namespace) -> None:
    """Raise UserError for options about the points that do not go together."""
    for name in SYNTHETIC:
        if args.data and name in args.given:
            raise UserError(f"{flag(name)} is for synthetic data; --data reads a file")
    for name in ("x", "y"):
        if not args.data and name in args.given:
            raise UserError(f"{flag(name)} names a column of a file; give the file with --data")
    if args.x is not None and args.x == args.y:
        raise UserError(f"--x and --y: expected two columns, not {shown(args.x)} twice")
    why = "--data has no noise to draw" if args.data else "--noise is 0" if not args.noise else ""
    if why and "seed" in args.given and not args.shuffle:
        raise UserError(f"--seed has no effect: {why}, and --shuffle is not given")


def check_rates(args: argparse.Namespace) -> None:
    """Raise UserError for learning rates that do not go together."""
    if len(args.lr) > 1 and {"auto", "sweep"} & set(args.lr):
        raise UserError("--lr: expected auto or sweep alone, not among other rates")
    if len(args.lr) > MAX_RUNS:
        raise UserError(f"--lr: expected at most {MAX_RUNS} rates, not {len(args.lr)}")
    twice = next((lr for lr in args.lr if args.lr.count(lr) > 1), None)
    if twice is not None:
        raise UserError(f"--lr: expected different rates, not {twice:g} twice")
    if args.several and args.explain:
        raise UserError("--explain is about one run; --lr has several rates")


def check_view_options(args: argparse.Namespace) -> None:
    """Raise UserError for an option that would have no effect, or stands against another."""
    basics, kind, view = args.view in BASICS, args.out.suffix.lower(), f"--view {args.view}"
    trained = ["data", "x", "y", *SYNTHETIC, "seed", "lr", "epochs", "batch_size", "shuffle"]
    trained += ["init_weight", "init_bias", "explain", "history", "display_step"]
    useless = [
        *((name, "is for views that train", view, basics) for name in trained),
        ("steps", "is for --view microscope", view, args.view != "microscope"),
        ("smooth", "is for --view fit", view, args.view != "fit"),
        ("loop", "is for what plays by itself", f"--out {kind}", kind in {".png", ".mp4"}),
        ("frame_ms", "is for what plays", f"--out {kind}", kind == ".png"),
        ("hold_ms", "is for what plays", f"--out {kind}", kind == ".png"),
    ]
    for name, is_for, this, applies in useless:
        if applies and name in args.given:
            raise UserError(f"{flag(name)} {is_for}; this is {this}")
    if args.theme == "transparent" and kind == ".mp4":
        raise UserError("--theme transparent is for what can be seen through; this is --out .mp4")
    if args.several and args.view != "compare":
        raise UserError(
            f"{view} shows one run, but --lr has several rates. Use --view compare, or give one rate."
        )
    if not args.several and args.view == "compare":
        raise UserError("--view compare: expected --lr with two rates or more, or --lr sweep")
    if args.several and args.history:
        raise UserError("--history keeps one run; --lr has several rates")
    if args.quiet and args.explain:
        raise UserError("--explain prints, and --quiet prints paths only: give one of them")
    check_size(args.view, args.width, args.height, args.scale)


def check_files(args: argparse.Namespace) -> None:
    """Raise UserError for files that would overwrite each other, or what is read."""
    try:
        encoders.writer_for(args.out)
    except UserError as error:
        raise UserError(f"--out: {error}") from None
    files = [*encoders.files_of(args.out, 1), encoders.still_beside(args.out), args.history]
    args.files = [path for path in files if path]
    seen: dict[str, Path] = {}
    for path in [*([args.data] if args.data else []), *args.files]:
        real = os.path.realpath(path)
        if real in seen:
            both = f"{str(path)!r} would overwrite {str(seen[real])!r}"
            raise UserError(f"{both}, which is the same file")
        if path != args.data and args.data == Path("-") and is_standard_input(path):
            raise UserError(f"{str(path)!r} would overwrite standard input, which is the same file")
        seen[real] = path
    for path in (args.data, args.history):
        if path and numbered.is_one_of(args.out, path):
            of = f"{str(path)!r} is one of the pictures {str(args.out)!r}"
            raise UserError(f"{of}, which is the same file")


def is_standard_input(path: Path) -> bool:
    """Return whether the path is the file that standard input comes from."""
    try:
        return os.path.samestat(path.stat(), os.fstat(0))
    except OSError:  # one of the two is not there
        return False


def flag(name: str) -> str:
    """Return how the option of that name is written.

    >>> flag("batch_size")
    '--batch-size'
    """
    return "--" + name.replace("_", "-")


def plural(number: int, noun: str) -> str:
    """Return so many of a thing in words."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# Printing: lines for the user, whoever reads them or does not.


def open_streams() -> None:
    """Have streams to print on where there are none: closed by the shell, or in pythonw."""
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()


def output(*lines: object) -> None:
    """Print lines on standard output; who closed it early, as head does, has seen enough.

    Raises OSError when it cannot be written for another reason.
    """
    with suppress(BrokenPipeError):
        print_lines(lines, sys.stdout)


def warn(text: str | None) -> None:
    """Say what there is to say on standard error; that nobody can hear it is no reason to stop."""
    if text is not None:
        with suppress(OSError):
            print_lines([f"main.py: {text}"], sys.stderr)


def print_lines(lines: Iterable[object], stream: TextIO) -> None:
    """Print the lines; raises OSError once, and leaves nothing in the stream to fail again."""
    try:
        for line in lines:
            print(visible(str(line)), file=stream)
        stream.flush()
    except OSError:
        # What is left in the stream Python would write when it exits, and complain again.
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())
        raise


def mistake(text: str) -> int:
    """Say what is wrong, and return the exit code for it."""
    warn(f"error: {text}")
    return 2


def visible(text: str) -> str:
    """Return the text with what would move a terminal's cursor, or cannot be encoded, escaped."""
    encoding = sys.stdout.encoding or "ascii"
    escaped = "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode()
        for char in text
    )
    return escaped.encode(encoding, "backslashreplace").decode(encoding)


if __name__ == "__main__":
    sys.exit(main())
