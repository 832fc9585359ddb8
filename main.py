"""Watch a line learn: train y = W*x + b by stochastic gradient descent, save it as an animation.

Dataset -> train() -> snapshots -> chosen epochs -> view -> frames -> file
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
    """Exit at once, by one line and without unwinding: an exception may get lost on its way."""
    whole_file = sys.modules.get("plotting.whole_file")  # imports may not have come so far
    unfinished = list(getattr(whole_file, "UNFINISHED", ()))
    for file in unfinished:
        with suppress(OSError):  # a folder that is gone by now has taken it along
            file.unlink()
    removed = "; what was not finished is removed" * bool(unfinished)
    with suppress(OSError):  # nobody may be there to be told
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
import logging
import shlex
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from textwrap import fill

# Of files it changes nothing, and matplotlib fails to import with one that it does not know.
WINDOWS = os.environ.pop("MPLBACKEND", "")
# What matplotlib says of the user's settings and folders, which change nothing here, either.
logging.getLogger("matplotlib").setLevel(logging.ERROR)

import numpy as np

import plotting.options
import regression.options
from plotting import fonts, movie, window
from plotting.captions import page_text
from plotting.limits import cost_of_many, rounded_ms
from plotting.numbered import left_over
from plotting.page import TITLE, PageText
from plotting.pictures import BASICS, basics, picture
from plotting.raster import Frames, View
from plotting.theme import THEMES, use_own_settings
from plotting.views.canvas import Look
from plotting.whole_file import check_target, whole_file
from regression import (
    Dataset,
    Run,
    advice,
    auto_choice,
    divergence,
    drawn,
    explanation,
    finished,
    progress,
    rate_warning,
    summary,
    train,
    write_history,
)
from regression.asked import points, rates, settings
from regression.command_line import Parser, flag, read, without
from regression.options import AUTO
from regression.terminal import mistake, open_streams, put, say


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line. Returns 0, or 2 after a user's mistake."""
    open_streams()
    use_own_settings()
    options = sys.argv[1:] if argv is None else argv
    args = parse(options)
    try:
        run(args, options)
    except (ValueError, ImportError, MemoryError) as error:
        return mistake(str(error) or "out of memory")
    except OSError as error:
        return mistake(f"{error.filename or 'standard output'}: {error.strerror or error}")
    return 0


def run(args: argparse.Namespace, options: Sequence[str]) -> None:
    """Train, report, draw, write: the way of the data, once through."""
    for path in args.files:
        check_target(path)
    if args.show:
        window.open_backend(WINDOWS)
    look = Look(args.width, args.height, args.scale, THEMES[args.theme], args.title)
    runs: list[Run] = []
    if args.view in BASICS:
        view = basics(args.view, look)
        text = partial(page_text, view, None, runs, args.title)
    else:
        rng = np.random.default_rng(args.seed)
        data = points(args, rng)
        runs = [teach(data, lr, args, rng) for lr in rates(data, args)]
        tell(data, runs, args, options)
        view = draw(data, runs, args, look)
        text = partial(page_text, view, data, runs, args.title, notes(runs))

    frames = Frames(view)
    say(cost_of_many(view.moments, frames.pixels, args.epochs))
    times_ms = frames.times_ms(args.frame_ms, args.hold_ms)
    for path in write(args, frames, times_ms, text, runs):
        count = f", {len(frames)} frame{'s' * (len(frames) != 1)}" if path == args.out else ""
        size = f" ({path.stat().st_size / 1000:,.1f} kB{count})"
        put(path if args.quiet else f"{path}{size}")
    if args.show:
        window.play(frames, times_ms, title=args.title or TITLE, loop=args.loop)


def teach(data: Dataset, lr: float, args: argparse.Namespace, rng: np.random.Generator) -> Run:
    """Train at one rate, saying before and after what a user should know."""
    training = train(data, lr=lr, **settings(args), shuffle=rng if args.shuffle else None)
    if args.lr == [AUTO]:
        say(auto_choice(training.outlook))
    say(rate_warning(training.outlook))
    done = finished(training, args.steps if args.view == "microscope" else 0)
    say(divergence(done.outlook, done.last))
    return done


def tell(
    data: Dataset, runs: Sequence[Run], args: argparse.Namespace, options: Sequence[str]
) -> None:
    """Print what became of the runs, and why, as far as asked for."""
    if not args.quiet:
        for each in runs:
            if len(runs) > 1:
                put(f"Learning rate: {each.outlook.lr:g}")
            put(*progress(drawn(each.history, args.display_step)))
            put(*summary(each.outlook, each.last))
    if args.explain:
        (only,) = runs
        others = shlex.join(without(options, "--lr", "--epochs", "--explain"))
        put("", explanation(only.outlook, only.last, advice(data, only.outlook), others), "")


def draw(data: Dataset, runs: Sequence[Run], args: argparse.Namespace, look: Look) -> View:
    """Return the view asked for; say which characters the font does not have."""
    say(fonts.hint(args.title + data.x_name + data.y_name))
    return picture(
        args.view,
        data,
        runs,
        display_step=args.display_step,
        smoothing=args.smooth,
        look=look,
    )


def write(
    args: argparse.Namespace,
    frames: Frames,
    times_ms: Sequence[int],
    text: Callable[[], PageText],
    runs: Sequence[Run],
) -> list[Path]:
    """Write the animation, its last frame, and the history asked for; return the files."""
    files = movie.save(
        args.out, frames, times_ms, loop=args.loop, progress=not args.quiet, text=text
    )
    say(left_over(args.out, len(frames)))
    if still := movie.still_beside(args.out):
        files.append(movie.save_png(still, frames[-1]))
    if args.history:
        with whole_file(args.history) as unfinished:
            write_history(unfinished, runs[0].history)
        files.append(args.history)
    return files


def notes(runs: Sequence[Run]) -> list[str]:
    """Return what follows from each run, for a page: the four lines of the terminal."""
    lines: list[str] = []
    for run in runs:
        lines += ["", f"Learning rate: {run.outlook.lr:g}", *summary(run.outlook, run.last)]
    return lines[1:]


EXAMPLES = """\
examples:
  python main.py --lr 0.0001 --epochs 500     the tutorial's run
  python main.py --view story --lr auto       the whole story, at the best rate
  python main.py --data rents.csv --x area --y rent --lr auto --out rents.html
"""


def parser() -> Parser:
    """Return the reader of all options, in the order in which help shows them."""
    all_options = Parser(
        prog="main.py",
        usage="python main.py [options]",
        description=fill((__doc__ or "").partition("\n")[0], 79),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    regression.options.add_options(all_options)
    plotting.options.add_options(all_options)
    return all_options


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the checked options, times rounded to what a GIF can say; exits with 2 and one line
    when they do not fit.
    """
    reader = parser()
    args = read(reader, argv)
    wrong = regression.options.check(args) or plotting.options.check(args)
    if wrong:
        reader.error(wrong)
    if args.out.suffix.lower() == ".gif":
        for name in ("frame_ms", "hold_ms"):
            asked = getattr(args, name)
            rounded = rounded_ms(asked)
            setattr(args, name, rounded)
            if name in args.given and asked != rounded:
                say(f"{flag(name)} {asked} becomes {rounded}: a GIF counts hundredths of a second")
    return args


if __name__ == "__main__":
    sys.exit(main())
