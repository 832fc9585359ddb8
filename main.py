"""Watch a line learn: train y = W*x + b by stochastic gradient descent, save it as an animation.

Dataset -> train() -> snapshots -> chosen epochs -> view -> frames -> file
"""

from __future__ import annotations

import gc

# Importing and drawing make many objects and little garbage: looking for it as often as Python
# does by itself takes a tenth of a run of 500 frames. Before the imports, since those take most.
gc.set_threshold(100_000, 20, 20)

import argparse
import logging
import os
import re
import shlex
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from textwrap import fill
from types import FrameType
from typing import NoReturn

STOPS = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "hung up", "SIGQUIT": "quit"}
"""What ends the program, and its word for it; not all systems have all of them."""


def leave(number: int, _frame: FrameType | None) -> None:
    """Exit at once, by one line and without unwinding: an exception may get lost on its way."""
    whole_file = sys.modules.get("plotting.whole_file")  # imports may not have come so far
    unfinished = list(getattr(whole_file, "UNFINISHED", ()))
    for file in unfinished:
        file.unlink(missing_ok=True)
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
    leave_on_signals()

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
from plotting.page import TITLE
from plotting.pictures import BASICS, STEPS, Run, basics, picture
from plotting.raster import Frames, View
from plotting.theme import THEMES, use_own_settings
from plotting.views.canvas import Look
from plotting.whole_file import check_target, whole_file
from regression import (
    Dataset,
    advice,
    auto_choice,
    divergence,
    drawn,
    explanation,
    last_of,
    progress,
    rate_warning,
    summary,
    train,
    whole_run,
    write_history,
)
from regression.asked import points, rates, settings
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
        sys.stdout.flush()
    except (ValueError, ImportError, MemoryError) as error:
        return mistake(str(error))
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
    say(cost_of_many(len(frames), frames.pixels, args.epochs))
    times_ms = frames.times_ms(args.frame_ms, args.hold_ms)
    files = movie.save(
        args.out, frames, times_ms, loop=args.loop, progress=not args.quiet, text=text
    )
    if older := movie.older(args.out, len(frames)):
        say(f"{older[0]} to {older[-1]} are older than this animation, which has no such pictures")
    if still := movie.still_beside(args.out):
        files.append(movie.save_png(still, frames[-1]))
    if args.history:
        with whole_file(args.history) as unfinished:
            write_history(unfinished, runs[0].history)
        files.append(args.history)
    for path in files:
        count = f", {len(frames)} frame{'s' * (len(frames) != 1)}" if path == args.out else ""
        size = f" ({path.stat().st_size / 1000:,.1f} kB{count})"
        put(path if args.quiet else f"{path}{size}")
    if args.show:
        sys.stdout.flush()  # before the window is looked at
        window.play(frames, times_ms, title=args.title or TITLE, loop=args.loop)


def teach(data: Dataset, lr: float, args: argparse.Namespace, rng: np.random.Generator) -> Run:
    """Train at one rate, saying before and after what a user should know."""
    training = train(data, lr=lr, **settings(args), shuffle=rng if args.shuffle else None)
    if args.lr == [AUTO]:
        say(auto_choice(training.outlook))
    say(rate_warning(training.outlook))
    finished = Run(training, whole_run(training))
    say(divergence(training.outlook, last_of(finished.history)))
    return finished


def tell(
    data: Dataset, runs: Sequence[Run], args: argparse.Namespace, options: Sequence[str]
) -> None:
    """Print what became of the runs, and why, as far as asked for."""
    if not args.quiet:
        for each in runs:
            if len(runs) > 1:
                put(f"Learning rate: {each.training.lr:g}")
            put(*progress(drawn(each.history, args.display_step)))
            put(*summary(each.training.outlook, last_of(each.history)))
    if args.explain:
        expected, last = runs[0].training.outlook, last_of(runs[0].history)
        others = shlex.join(without(options, "--lr", "--epochs", "--explain"))
        put("", explanation(expected, last, advice(data, expected), others), "")
    sys.stdout.flush()


def draw(data: Dataset, runs: Sequence[Run], args: argparse.Namespace, look: Look) -> View:
    """Return the view asked for."""
    say(fonts.hint(args.title + data.x_name + data.y_name))
    return picture(
        args.view,
        data,
        runs,
        display_step=args.display_step,
        steps=args.steps or STEPS,
        smoothing=args.smooth or "pchip",
        look=look,
    )


def notes(runs: Sequence[Run]) -> list[str]:
    """Return what follows from each run, as the terminal has it, for a page."""
    lines: list[str] = []
    for run in runs:
        expected = run.training.outlook
        lines += ["", f"Learning rate: {expected.lr:g}", *summary(expected, last_of(run.history))]
    return lines[1:]


def without(options: Sequence[str], *names: str) -> list[str]:
    """Return the command line's options except those named, and their values."""
    kept, keep = [], True
    for option in options:
        if option.startswith("--"):
            keep = option.partition("=")[0] not in names
        if keep:
            kept.append(option)
    return kept


def _joined(argv: Sequence[str]) -> list[str]:
    """Return the options with each negative number joined to its flag, where argparse does not
    take -1e5 for another flag.
    """
    joined: list[str] = []
    for option in argv:
        if re.match(r"-\d|-\.\d|-inf|-nan", option) and joined and joined[-1].startswith("--"):
            joined[-1] += f"={option}"
        else:
            joined.append(option)
    return joined


class Parser(argparse.ArgumentParser):
    """Says a mistake in one line, without the usage of every option above it."""

    def error(self, message: str) -> NoReturn:
        """Exit 2 with the message."""
        self.exit(mistake(message))


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
    """Return the checked options; exits with 2 and one line when they do not fit."""
    reader = parser()
    args = reader.parse_args(_joined(argv))
    wrong = regression.options.check(args) or plotting.options.check(args)
    if args.view in BASICS and regression.options.given(args):
        name = regression.options.given(args)[0].replace("_", "-")
        wrong = f"--{name} is about training, of which --view {args.view} has none"
    if wrong:
        reader.error(wrong)
    for name in ("frame_ms", "hold_ms"):
        given = getattr(args, name)
        if args.out.suffix.lower() == ".gif" and given != rounded_ms(given):
            setattr(args, name, rounded_ms(given))
            flag = "--" + name.replace("_", "-")
            say(f"{flag} {given} becomes {rounded_ms(given)}: a GIF counts hundredths of a second")
    return args


if __name__ == "__main__":
    sys.exit(main())
