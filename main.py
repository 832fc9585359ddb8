"""Watch a line learn: train y = W*x + b by stochastic gradient descent, save it as an animation.

Dataset -> train() -> snapshots -> chosen epochs -> view -> frames -> file
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np

from plotting import movie
from plotting.raster import Frames
from plotting.smooth import SMOOTHINGS
from plotting.views.canvas import Look
from plotting.views.fit import SIZE, FitView
from plotting.whole_file import whole_file
from regression import (
    FIRST_EPOCHS,
    START,
    Line,
    Snapshot,
    advice,
    auto_choice,
    best_rate,
    cost,
    divergence,
    drawn,
    explanation,
    noisy_line,
    outlook,
    rate_warning,
    read_csv,
    record,
    snapshots_of,
    summary,
    train,
    write_history,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line. Returns 0, 2 after a user's mistake, 130 when interrupted."""
    options = sys.argv[1:] if argv is None else argv
    args = parse(options)
    try:
        run(args, options)
    except (ValueError, OSError, ImportError) as error:
        print(f"main.py: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("main.py: interrupted", file=sys.stderr)
        return 130
    return 0


def run(args: argparse.Namespace, options: Sequence[str]) -> None:
    """Train, report, draw, write: the way of the data, once through."""
    rng = np.random.default_rng(args.seed)
    data = read_csv(args.data, args.x, args.y) if args.data else noisy_line(**args.made, rng=rng)
    start = Line(args.init_weight, args.init_bias)
    settings = {"epochs": args.epochs, "batch_size": args.batch_size, "start": start}
    lr = best_rate(data, **settings, shuffled=args.shuffle) if args.lr == AUTO else args.lr
    expected = outlook(data, lr=lr, **settings, shuffled=args.shuffle)
    if args.lr == AUTO:
        say(auto_choice(expected))
    say(rate_warning(expected))

    history = record(train(data, lr=lr, **settings, shuffle=rng if args.shuffle else None))
    last = snapshots_of(history[-1:])[0] if len(history) else None
    say(divergence(expected, last))
    if last is None:
        history = record([Snapshot(0, *start, cost(start, data))])
    chosen = drawn(history, args.display_step)
    if not args.quiet:
        report(snapshots_of(chosen))
        print(*summary(expected, last), sep="\n")
    if args.explain:
        others = shlex.join(without(options, "--lr", "--epochs", "--explain"))
        print("", explanation(expected, last, advice(data, expected), others), "", sep="\n")
    say(cost_of_many(len(chosen), args))

    look = Look(args.width, args.height)
    frames = Frames(FitView(data, chosen, smoothing=args.smooth, look=look))
    times_ms = [args.frame_ms] * (len(frames) - 1) + [args.hold_ms]
    files = movie.save(args.out, frames, times_ms, loop=args.loop, progress=not args.quiet)
    if args.out.suffix.lower() != ".png":
        files.append(movie.save_png(args.out.with_suffix(".png"), frames[-1]))
    if args.history:
        with whole_file(args.history) as unfinished:
            write_history(unfinished, history)
        files.append(args.history)
    for path in files:
        count = f", {len(frames)} frames" if path == args.out else ""
        size = f" ({path.stat().st_size / 1000:,.1f} kB{count})"
        print(path if args.quiet else f"{path}{size}")


def report(snapshots: Sequence[Snapshot]) -> None:
    """Print a line for each drawn epoch, and the end of the training, as the tutorial does."""
    for epoch, weight, bias, cost_now in snapshots:
        print(f"Epoch: {epoch:04d} {_values(cost_now, weight, bias)}")
    _, weight, bias, cost_now = snapshots[-1]
    print("Optimization Finished!")
    print(_values(cost_now, weight, bias))


def _values(cost_now: float, weight: float, bias: float) -> str:
    # A diverging run has costs of 300 digits; an exponent says the same.
    shown = (f"{v:.6f}" if abs(v) < 1e12 else f"{v:.6e}" for v in (cost_now, weight, bias))
    return "cost= {} W= {} b= {}".format(*shown)


def say(text: str | None) -> None:
    """Say what there is to say on standard error; it is no reason to stop."""
    if text is not None:
        print(f"main.py: {text}", file=sys.stderr)


def cost_of_many(frames: int, args: argparse.Namespace) -> str | None:
    """Return what so many frames will cost, and how to have fewer, if they are very many."""
    if frames <= MANY_FRAMES:
        return None
    seconds = frames * SECONDS_PER_PIXEL * args.width * args.height
    step = -(-args.epochs // (MANY_FRAMES - FIRST_EPOCHS - 1))
    return (
        f"{frames:,} frames will take about {seconds:,.0f} s; "
        f"--display-step {step} would make {MANY_FRAMES:,} at most"
    )


def without(options: Sequence[str], *names: str) -> list[str]:
    """Return the command line's options except those named, and their values."""
    kept, keep = [], True
    for option in options:
        if option.startswith("--"):
            keep = option.partition("=")[0] not in names
        if keep:
            kept.append(option)
    return kept


class Parser(argparse.ArgumentParser):
    """Says a mistake in one line, without the usage of every option above it."""

    def error(self, message: str) -> NoReturn:
        """Exit 2 with the message."""
        self.exit(2, f"main.py: error: {message}\n")


def number(
    kind: type[int] | type[float], low: float, high: float, allowed: str
) -> Callable[[str], float]:
    """Return a reader of an option's value that refuses what is not from low to high."""

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not low <= value <= high:  # nan is not, either
            raise argparse.ArgumentTypeError(f"{text!r} is not {allowed}")
        return value

    return read


FINITE = number(float, -sys.float_info.max, sys.float_info.max, "a finite number")
POSITIVE = number(float, sys.float_info.min, sys.float_info.max, "a finite number above 0")
NOISE = number(float, 0, sys.float_info.max, "a finite number, 0 or more")
SEED = number(int, 0, 2**63, "a whole number, 0 or more")
POINTS = number(int, 2, 10**7, "a whole number from 2 to 10000000")
COUNT = number(int, 1, 10**7, "a whole number from 1 to 10000000")
PIXELS = number(int, 100, 8000, "a whole number of pixels from 100 to 8000")
TIME = number(int, 20, 600_000, "20 to 600000 ms; browsers slow down what is shorter")
AUTO = "auto"
PLAYS = number(int, 0, 65_536, "a number of plays up to 65536, or 0 for ever")

MANY_FRAMES = 5000
SECONDS_PER_PIXEL = 2e-3 / (640 * 480)
"""To draw and write a frame; python -m tests.benchmarks.render measures it."""

MADE = {"points": 50, "slope": 1.0, "intercept": -2.0, "noise": 1.0}
"""The tutorial's data, in whose place --data puts a file."""


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the checked options; exits with 2 and one line when they do not fit."""
    parser = Parser(
        prog="main.py",
        description=(__doc__ or "").partition("\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        allow_abbrev=False,
    )
    _add_data_options(parser.add_argument_group("data"))
    _add_training_options(parser.add_argument_group("training"))
    _add_picture_options(parser.add_argument_group("picture"))
    _add_file_options(parser.add_argument_group("files"))
    args = parser.parse_args(argv)
    given = [name for name in MADE if getattr(args, name) is not None]
    if args.data and given:
        parser.error(f"--{given[0]} makes points, which --data reads from a file")
    if not args.data and (args.x or args.y):
        parser.error(f"--{'x' if args.x else 'y'} names a column of a file, which needs --data")
    args.made = MADE | {name: getattr(args, name) for name in given}
    try:
        movie.writer_for(args.out)
    except ValueError as error:
        parser.error(f"argument --out: {error}")
    rounded = (args.frame_ms + 5) // 10 * 10
    if rounded != args.frame_ms:
        say(f"--frame-ms {args.frame_ms} becomes {rounded}: a GIF counts hundredths of a second")
        args.frame_ms = rounded
    return args


def _add_data_options(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--data", type=Path, metavar="CSV", help="a file with a header, in place of made points")
    add("--x", metavar="NAME", help="its column for x; without, the first that has numbers")
    add("--y", metavar="NAME", help="its column for y; without, the next that has numbers")
    # No default here: one that was given does not go with --data.
    add("--points", type=POINTS, metavar="N", help="how many points to make (default: 50)")
    add("--slope", type=FINITE, metavar="A", help="of the line they lie about (default: 1)")
    add("--intercept", type=FINITE, metavar="B", help="of that line (default: -2)")
    add("--noise", type=NOISE, metavar="SD", help="standard deviation from it (default: 1)")
    add("--seed", type=SEED, default=0, metavar="N", help="of the noise and of --shuffle")


def _add_training_options(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--lr",
        type=lambda text: AUTO if text == AUTO else POSITIVE(text),
        default=0.0001,
        metavar="RATE",
        help="learning rate, or auto: the one that ends nearest to least squares",
    )
    add("--epochs", type=COUNT, default=500, metavar="N", help="times through the data")
    add("--batch-size", type=COUNT, default=1, metavar="N", help="samples a step")
    add("--shuffle", action="store_true", help="take them in a new order each epoch")
    add("--init-weight", type=FINITE, default=START.weight, metavar="W", help="where W starts")
    add("--init-bias", type=FINITE, default=START.bias, metavar="B", help="where b starts")


def _add_picture_options(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--display-step",
        type=COUNT,
        default=40,
        metavar="N",
        help="draw the first ten epochs, every N-th, and the last",
    )
    add("--smooth", choices=SMOOTHINGS, default="pchip", help="how the cost curve is joined")
    add("--width", type=PIXELS, default=SIZE[0], metavar="PX", help="of the picture")
    add("--height", type=PIXELS, default=SIZE[1], metavar="PX", help="of the picture")


def _add_file_options(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--out",
        type=Path,
        default=Path("output/linear_regression.gif"),
        metavar="PATH",
        help=f"animation ({', '.join(movie.WRITERS)}); beside it the last frame as PNG",
    )
    add("--frame-ms", type=TIME, default=100, metavar="MS", help="time of a frame")
    add("--hold-ms", type=TIME, default=2000, metavar="MS", help="time of the last one")
    add("--loop", type=PLAYS, default=0, metavar="N", help="how often to play, 0 for ever")
    add("--history", type=Path, metavar="CSV", help="write every epoch as a table")
    add("--explain", action="store_true", help="say at length where this run settles and why")
    add("--quiet", action="store_true", help="print nothing but the paths written")


if __name__ == "__main__":
    sys.exit(main())
