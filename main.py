"""Watch a line learn: train y = W*x + b by stochastic gradient descent, save it as an animation.

Dataset -> train() -> snapshots -> chosen epochs -> view -> frames -> file
"""

from __future__ import annotations

import gc

# Importing and drawing make many objects and little garbage: looking for it as often as Python
# does by itself takes a tenth of a run of 500 frames. Before the imports, since those take most.
gc.set_threshold(100_000, 20, 20)

import argparse
import re
import shlex
import sys
from collections.abc import Sequence
from copy import deepcopy
from itertools import islice
from typing import Any, NamedTuple, NoReturn

import numpy as np

import plotting.options
import regression.options
from plotting import fonts, movie
from plotting.options import BASICS, STEPS, cost_of_many, rounded_ms
from plotting.raster import Frames, View
from plotting.theme import THEMES
from plotting.views.basics import BasicsView
from plotting.views.canvas import Look
from plotting.views.compare import CompareView
from plotting.views.fit import FitView
from plotting.views.microscope import MicroscopeView
from plotting.views.story import StoryView
from plotting.whole_file import whole_file
from regression import (
    Dataset,
    Line,
    Outlook,
    Snapshot,
    advice,
    auto_choice,
    best_rate,
    cost,
    divergence,
    drawn,
    explanation,
    first_steps,
    noisy_line,
    outlook,
    rate_warning,
    read_csv,
    record,
    safe_rate,
    snapshots_of,
    summary,
    train,
    write_history,
)
from regression.history import History
from regression.options import AUTO, SWEEP

SWEPT = (0.01, 0.5, 0.99, 1.01)
"""The rates of --lr sweep, in units of the safe one."""


class Run(NamedTuple):
    """A training: what was to be expected of it, and what became of it."""

    outlook: Outlook
    history: History
    last: Snapshot | None
    """None where not even the first epoch was finite; the history is then its start alone."""


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
    look = Look(args.width, args.height, args.scale, THEMES[args.theme], args.title)
    runs: list[Run] = []
    if args.view in BASICS:
        view: View = BasicsView(args.view == "basics-redraw", look=look)
    else:
        rng = np.random.default_rng(args.seed)
        data = (
            read_csv(args.data, args.x, args.y) if args.data else noisy_line(**args.made, rng=rng)
        )
        runs = [teach(data, lr, args, rng) for lr in rates(data, args)]
        tell(data, runs, args, options)
        view = picture(data, runs, args, look, rng)

    frames = Frames(view)
    say(cost_of_many(len(frames), frames.pixels, args.epochs))
    times_ms = frames.times_ms(args.frame_ms, args.hold_ms)
    files = movie.save(args.out, frames, times_ms, loop=args.loop, progress=not args.quiet)
    if args.out.suffix.lower() != ".png":
        files.append(movie.save_png(args.out.with_suffix(".png"), frames[-1]))
    if args.history:
        with whole_file(args.history) as unfinished:
            write_history(unfinished, runs[0].history)
        files.append(args.history)
    for path in files:
        count = f", {len(frames)} frames" if path == args.out else ""
        size = f" ({path.stat().st_size / 1000:,.1f} kB{count})"
        print(path if args.quiet else f"{path}{size}")


def rates(data: Dataset, args: argparse.Namespace) -> list[float]:
    """Return the learning rates asked for, by number or by word."""
    if args.lr == [SWEEP]:
        safe = safe_rate(data, batch_size=args.batch_size, shuffled=args.shuffle)
        return [share * safe for share in SWEPT]
    if args.lr == [AUTO]:
        return [best_rate(data, **settings(args), shuffled=args.shuffle)]
    return sorted(args.lr)


def settings(args: argparse.Namespace) -> dict[str, Any]:
    """Return how to train, but for the rate and the order."""
    start = Line(args.init_weight, args.init_bias)
    return {"epochs": args.epochs, "batch_size": args.batch_size, "start": start}


def teach(data: Dataset, lr: float, args: argparse.Namespace, rng: np.random.Generator) -> Run:
    """Train at one rate, saying before and after what a user should know."""
    # Each run draws the same orders.
    shuffle = deepcopy(rng) if args.shuffle else None
    snapshots = train(data, lr=lr, **settings(args), shuffle=shuffle)
    expected = outlook(data, lr=lr, **settings(args), shuffled=args.shuffle)
    if args.lr == [AUTO]:
        say(auto_choice(expected))
    say(rate_warning(expected))
    history = record(snapshots)
    last = snapshots_of(history[-1:])[0] if len(history) else None
    say(divergence(expected, last))
    if last is None:
        start = Line(args.init_weight, args.init_bias)
        history = record([Snapshot(0, *start, cost(start, data))])
    return Run(expected, history, last)


def tell(
    data: Dataset, runs: Sequence[Run], args: argparse.Namespace, options: Sequence[str]
) -> None:
    """Print what became of the runs, and why, as far as asked for."""
    if not args.quiet:
        for each in runs:
            report(each, args.display_step)
    if args.explain:
        others = shlex.join(without(options, "--lr", "--epochs", "--explain"))
        hint = advice(data, runs[0].outlook)
        print("", explanation(runs[0].outlook, runs[0].last, hint, others), "", sep="\n")


def report(run: Run, display_step: int) -> None:
    """Print the drawn epochs and the end as the tutorial does, then what follows."""
    snapshots = snapshots_of(drawn(run.history, display_step))
    for epoch, weight, bias, cost_now in snapshots:
        print(f"Epoch: {epoch:04d} {_values(cost_now, weight, bias)}")
    _, weight, bias, cost_now = snapshots[-1]
    print("Optimization Finished!")
    print(_values(cost_now, weight, bias))
    print(*summary(run.outlook, run.last), sep="\n")


def _values(cost_now: float, weight: float, bias: float) -> str:
    # A diverging run has costs of 300 digits; an exponent says the same.
    shown = (f"{v:.6f}" if abs(v) < 1e12 else f"{v:.6e}" for v in (cost_now, weight, bias))
    return "cost= {} W= {} b= {}".format(*shown)


def picture(
    data: Dataset,
    runs: Sequence[Run],
    args: argparse.Namespace,
    look: Look,
    rng: np.random.Generator,
) -> View:
    """Return the view asked for."""
    lost = fonts.missing(args.title + data.x_name + data.y_name)
    if lost:
        say(f"no font here has {lost}; a package such as fonts-noto-cjk or fonts-noto-core has")
    if args.view == "compare":
        return CompareView(
            data,
            [(each.outlook, drawn(each.history, args.display_step)) for each in runs],
            look=look,
        )
    expected, history = runs[0].outlook, runs[0].history
    chosen = drawn(history, args.display_step)
    if args.view == "story":
        cloud = history[-(len(history) // 10 + 1) :] if args.shuffle else history[:0]
        return StoryView(data, expected, chosen, cloud=cloud, look=look)
    if args.view == "microscope":
        steps = first_steps(
            data,
            lr=expected.lr,
            batch_size=args.batch_size,
            start=expected.start,
            shuffle=deepcopy(rng) if args.shuffle else None,
        )
        shown = list(islice(steps, args.steps or STEPS))
        return MicroscopeView(data, expected, shown, chosen, look=look)
    return FitView(data, chosen, smoothing=args.smooth or "pchip", look=look)


def say(text: str | None) -> None:
    """Say what there is to say on standard error; it is no reason to stop."""
    if text is not None:
        print(f"main.py: {text}", file=sys.stderr)


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
        self.exit(2, f"main.py: error: {message}\n")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the checked options; exits with 2 and one line when they do not fit."""
    parser = Parser(
        prog="main.py",
        description=(__doc__ or "").partition("\n")[0],
        allow_abbrev=False,
    )
    regression.options.add_options(parser)
    plotting.options.add_options(parser)
    args = parser.parse_args(_joined(argv))
    mistake = regression.options.check(args) or plotting.options.check(args)
    if args.view in BASICS and regression.options.given(args):
        name = regression.options.given(args)[0].replace("_", "-")
        mistake = f"--{name} is about training, of which --view {args.view} has none"
    if mistake:
        parser.error(mistake)
    for name in ("frame_ms", "hold_ms"):
        given = getattr(args, name)
        setattr(args, name, rounded_ms(given))
        if given != rounded_ms(given):
            flag = "--" + name.replace("_", "-")
            say(f"{flag} {given} becomes {rounded_ms(given)}: a GIF counts hundredths of a second")
    return args


if __name__ == "__main__":
    sys.exit(main())
