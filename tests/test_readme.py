"""What the README says, tried: its commands, pictures, numbers, printed lines, options, Python."""

import ast
import doctest
import math
import os
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image

import main
import regression as rg
from plotting.encoders import WRITERS
from plotting.views import VIEWS
from plotting.views.fit import smooth
from regression.analysis.report import epochs, number, percent, rounded_down, rounded_up, summary
from regression.data import Scale
from regression.sgd import step
from tests.helpers import ROOT, Call
from tests.helpers_encoders import decoded
from tests.tools.gallery import GALLERY, PICTURE, README, commands, make, recipes

TEXT = README.read_text("utf-8")
RECIPES = recipes(TEXT)
DRAWN_WITH = "3.11."
SHOWN = [ROOT / match[1] for match in PICTURE.finditer(TEXT)]
INSTALL = re.compile(r"^\(\.venv/bin/pip -V .*$", re.MULTILINE)


def lessons() -> dict[int, str]:
    """Return the text of each lesson, by its number."""
    parts = re.split(r"^### (\d+)\. ", TEXT.partition("## Your own data")[0], flags=re.MULTILINE)
    return {int(n): text for n, text in zip(parts[1::2], parts[2::2])}


def anchors_of(text: str) -> set[str]:
    """Return what GitHub calls the headings."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}


# Its shape.


def test_it_is_short_enough_to_be_read() -> None:
    assert len(TEXT.split()) < 2000


def test_each_lesson_has_a_command_a_picture_and_a_question() -> None:
    assert list(lessons()) == list(range(1, 11))
    for text in lessons().values():
        assert commands(text)
        assert PICTURE.search(text)
        assert re.search(r"\*[A-Z][^*]+\?\*", text)


def test_every_link_leads_to_a_file_or_a_heading() -> None:
    anchors = anchors_of(TEXT)
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert len(links) > 10
    for link in links:
        assert link[1:] in anchors if link.startswith("#") else (ROOT / link).exists()


def test_ci_runs_the_two_lines_that_set_up_and_run() -> None:
    """.ci/run takes them from the README by how they begin and end."""
    printed = INSTALL.findall(TEXT)
    ends = ["main.py --lr 0.0001 --epochs 500", "pytest -q"]
    assert [line.endswith(end) for line, end in zip(printed, ends, strict=True)] == [True, True]
    begins = re.search(r'"\^(.*?) ?\.\*\$1\\\$"', (ROOT / ".ci/run").read_text("utf-8"))
    assert begins
    assert all(line.startswith(begins[1].replace("\\", "")) for line in printed)


# Its commands and pictures.


def test_the_gallery_holds_what_is_shown_and_nothing_else() -> None:
    assert sorted(set(SHOWN)) == sorted(path for path in GALLERY.iterdir() if path.suffix != ".csv")
    assert sum(path.stat().st_size for path in GALLERY.iterdir()) < 1_500_000


def test_a_picture_belongs_to_the_command_above_it() -> None:
    text = "![x](p.gif)\n`python main.py a`\npython main.py b\npython main.py c\n![x](q.svg)\n"
    text += "![x](r.png)\n"
    found = {"python main.py a": ["p.gif"], "python main.py c": ["q.svg", "r.png"]}
    assert recipes(text) == found


ANEW = "after a change of a view: python -m tests.tools.gallery"


def check_same_pixels(made: np.ndarray, shown: np.ndarray) -> None:
    """But for what another machine may round otherwise."""
    assert made.shape == shown.shape, ANEW
    difference = float(np.abs(made.astype(float) - shown).mean())
    assert difference < 2, ANEW


def check_same_animation(made: Path, shown: Path) -> None:
    frames, times_ms = decoded(made)
    others, other_times_ms = decoded(shown)
    assert times_ms == other_times_ms, ANEW
    for frame, other in zip(frames, others, strict=True):
        check_same_pixels(frame, other)


def check_same_drawing(made: Path, shown: Path) -> None:
    """The same words of SVG, and the same numbers to the tenth of a pixel."""
    pattern = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
    now, before = (path.read_text("utf-8") for path in (made, shown))
    same_words = pattern.sub("#", now) == pattern.sub("#", before)  # else pytest compares 100 kB
    assert same_words, ANEW
    found, expected = (np.array(pattern.findall(text), float) for text in (now, before))
    difference = float(np.abs(found - expected).max())
    assert difference < 0.1, ANEW


def check_same_picture(made: Path, shown: Path) -> None:
    with Image.open(made) as image, Image.open(shown) as other:
        check_same_pixels(*(np.asarray(each.convert("RGB")) for each in (image, other)))


CHECKS = {".gif": check_same_animation, ".svg": check_same_drawing, ".png": check_same_picture}


@pytest.mark.skipif(
    not matplotlib.__version__.startswith(DRAWN_WITH),
    reason=f"the gallery was drawn with matplotlib {DRAWN_WITH}, others set letters aside",
)
@pytest.mark.parametrize(("command", "paths"), RECIPES.items())
def test_pictures_are_what_their_command_draws(
    tmp_path: Path, command: str, paths: list[str]
) -> None:
    make(command, [tmp_path / Path(path).name for path in paths])
    for path in paths:
        CHECKS[Path(path).suffix](tmp_path / Path(path).name, ROOT / path)


@pytest.mark.parametrize("command", sorted(set(commands(TEXT)) - set(RECIPES)))
def test_the_other_commands_run(call: Call, tmp_path: Path, command: str) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output/gallery").symlink_to(GALLERY)
    done = call(*shlex.split(command)[2:])
    assert done.returncode == 0
    assert done.stdout


def test_every_option_named_exists() -> None:
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", INSTALL.sub("", TEXT)))
    assert len(named) > 20
    assert named - {"--help"} <= set(main.FLAGS.values())


def test_every_view_and_kind_of_file_is_named() -> None:
    listed = re.findall(r"`([^`]+)`", TEXT.partition("## Which view")[2].partition("## How")[0])
    assert sorted(listed) == sorted([*VIEWS, main.EXPLORE])
    out = TEXT.partition("- `--out`: ")[2].partition("(")[0]
    kinds = {Path(name).suffix or name for name in re.findall(r"`([^`]+)`", out)}
    assert kinds == set(WRITERS)


def test_the_lessons_of_each_view_have_its_commands() -> None:
    listed: dict[str, set[int]] = {}
    for view, numbers in re.findall(r"`([a-z]+)` \((?:lessons )?([\d, ]+)\)", TEXT):
        listed[view] = {int(each) for each in numbers.split(", ")}
    used: dict[str, set[int]] = {}
    for lesson, text in lessons().items():
        for command in commands(text):
            view = main.parse(shlex.split(command)[2:]).view
            used.setdefault(view, set()).add(lesson)
    assert listed == used


# What it prints.


def test_the_printed_lines_are_what_is_printed(main_job: tuple[Path, str]) -> None:
    (block,) = re.findall(r"```\n(Epoch: 0001.*?)```", TEXT, re.DOTALL)
    before, after = block.split("...\n")
    assert main_job[1].startswith(before)
    assert main_job[1].partition("\noutput/")[0].endswith(after.rstrip())


def test_animations_are_as_small_as_it_says() -> None:
    low, high = re.findall(r"about a second and (\d+) to (\d+) kB", TEXT)[0]
    sizes = [path.stat().st_size for path in SHOWN if path.suffix in {".gif", ".svg"}]
    assert float(low) * 500 < min(sizes)
    assert max(sizes) < float(high) * 1150


# Its numbers. Each is computed here, and none is left over.


@cache
def runs(*options: str) -> list[rg.Run]:
    """Return the runs of a command line, as the program trains them."""
    args = main.parse([*options, "--quiet"])
    rng = np.random.default_rng(args.seed)
    return list(main.train_all(main.read_points(args, rng), args, rng).values())


def limit_share(run: rg.Run) -> str:
    """Return how far the limit's cost is above the lowest possible."""
    assert run.convergence.limit_cost is not None
    return f"{number(100 * (run.convergence.limit_cost / run.convergence.minimum_cost - 1), 2)}%"


def line(found: rg.Line, places: int = 3) -> tuple[str, str]:
    return f"{found.weight:.{places}f}", f"{found.bias:.{places}f}"


def numbers_of_lessons_1_to_4() -> list[str]:
    args = main.parse([])
    (run,) = runs("--lr", "0.0001")
    found = run.convergence
    assert (args.slope, args.intercept) == (1, -2)
    true = f"y = x - {-args.intercept}"
    weight, bias = line(found.least_squares)
    eight = main.parse(shlex.split(commands(lessons()[2])[0])[2:]).points
    x, y, start, lr = 2, 3, rg.START, 0.01
    error = start.weight * x + start.bias - y
    by_weight, by_bias = rg.gradient(*start, [x], [y])
    after = rg.Line(*step(*start, [x], [y], lr))
    (faster,) = runs("--lr", "0.001")
    costs = [f"{cost:.1f}" for cost in faster.history["cost"][1:3]]
    assert costs[0] < costs[1]
    assert start == (-1, 1)
    return [
        *[f"{args.points} points", "the height at x = 0", "starts at W = -1, b = 1"],
        *[
            f"the *true line* {true}",
            f"Will it find {true} again",
            f"fits these {args.points} best",
        ],
        *[f"y = {weight}x - {bias[1:]}", f"{eight} points"],
        f"lowest possible: {number(found.minimum_cost)} for the {found.points} points of lesson 1",
        *[f"the point x = {x}, y = {y}", "the line W = -1, b = 1", "squared", "e²"],
        f"-1*{x} + 1 = {start.weight * x + start.bias:g}. The error is e = -1 - {y} = {error:g}",
        f"(2*e*x, 2*e) = ({by_weight:g}, {by_bias:g})",
        f"With {lr}, W becomes -1 + {-lr * by_weight:g} = {after.weight:g}, and b becomes "
        f"1 + {-lr * by_bias:.2f} = {after.bias:g}",
        "when W grows by 1, and by 1 when b does",
        f"the error is only {after.weight * x + after.bias - y:g}",
        f"rises from {costs[0]} to {costs[1]} in the second",
    ]


def numbers_of_lessons_5_to_7() -> list[str]:
    (best,) = runs("--lr", "auto")
    (run,) = runs("--lr", "0.0001")
    (larger,) = runs("--lr", "0.005")
    settings, limit = run.convergence.settings, run.convergence.limit
    assert limit
    assert run.progress
    assert run.epochs_left
    legs = [rg.legs(each.data, each.convergence.settings) for each in (best, run)]
    steep, shallow = zip(*(each for each in legs if each))
    for leg in shallow:
        assert 200 < leg.epochs < 2000  # "hundreds"
    weight, bias = line(limit)
    return [
        f"*{settings.epochs} epochs: in each",
        f"in {steep[0].epochs:.0f} epochs",
        f"best rate for {settings.epochs} epochs, {best.settings.lr:g}",
        f"The {settings.epochs} epochs are",
        f"{percent(run.progress)} of the distance",
        f"needs {epochs(run.epochs_left).partition(' ')[0]} more epochs to come within 1% of it",
        f"down its steep side after {steep[1].epochs:.0f} epochs",
        f"W = {weight}, b = {bias}, which costs {limit_share(run)} more",
        f"At rate 0.005 it is {limit_share(larger)}",
        f"{larger.convergence.points} steps form a closed loop",
    ]


def numbers_of_lessons_8_to_10() -> list[str]:
    safe, threshold = (run_ := runs("--lr", "0.0001")[0].convergence).safe_rate, run_.diverging_rate
    assert threshold
    fixed, shuffled = runs("--lr", "0.005", "--shuffle", "no", "yes")
    rents = ["--data", str(GALLERY / "rents.csv"), "--x", "area", "--y", "rent"]
    plain, standardized = runs(*rents, "--standardize", "no", "yes", "--epochs", "250")
    assert (plain.convergence.epochs_needed or 0) > 10_000  # "more than ten thousand"
    scaled = Scale.of(standardized.data).standardized(standardized.data)
    for column in (scaled.x, scaled.y):
        assert (column.mean(), column.std()) == pytest.approx((0, 1))
    ends = {lr: runs("--lr", f"{lr}")[0] for lr in (0.0001, 0.001, 0.005, 0.02)}
    costs = {lr: run.last.cost for lr, run in ends.items() if run.last}
    best = min(costs, key=lambda lr: costs[lr])
    longer = {lr: run.convergence.limit_cost or math.inf for lr, run in ends.items()}
    lowest = min(longer, key=lambda lr: longer[lr])
    dip = runs("--lr", "0.009")[0].convergence.limit_cost
    assert dip
    assert dip < longer[0.005]
    assert ends[0.02].convergence.limit_is_useless
    return [
        f"After {ends[best].convergence.settings.epochs} epochs {best} is best of these",
        f"Given more, {lowest} gets lower",
        "0.009 ends lower than 0.005",
        f"Up to {rounded_down(safe)}, the *safe limit*",
        "At 0.02 the run converges, but to a useless line",
        f"at {rounded_up(threshold)}, the *divergence threshold*",
        f"With all {fixed.convergence.points} it is",
        f"only {limit_share(shuffled)} above the lowest cost",
        f"worse than the {limit_share(fixed)} of the fixed order",
        "mean 0, standard deviation 1",
        f"{standardized.convergence.epochs_needed} are enough",
    ]


def other_numbers() -> list[str]:
    python = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [
        f"Python {python['requires-python'].removeprefix('>=')} or later",
        *["30 to 600 kB", "fitzeng (2018)", "factor 1/2", "100 s on two cores"],
    ]


def plain(text: str) -> str:
    """Return the words that are read: no commands, links, numbers of headings and lists."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    text = re.sub(r"`[^`]*`( \([\d, lesson]+\))?|\]\([^)]*\)", "", text)
    text = re.sub(r"^(### )?\d+\. ", "", text, flags=re.MULTILINE)
    return " ".join(text.replace("\\", "").split())


def test_every_number_is_what_the_program_computes() -> None:
    text = plain(TEXT)
    known = [*numbers_of_lessons_1_to_4(), *numbers_of_lessons_5_to_7()]
    known += [*numbers_of_lessons_8_to_10(), *other_numbers()]
    missing = [words for words in known if words not in text]
    assert missing == []
    for words in sorted(known, key=len, reverse=True):
        text = text.replace(words, "")
    left = [match[0] for match in re.finditer(r".{0,30}(?<!lesson )\b\d.{0,20}", text)]
    assert left == []


def test_a_step_up_to_the_safe_limit_increases_no_error_of_its_own_point() -> None:
    """Lesson 8, by trying: a hundredth above the limit, one does."""
    (run,) = runs("--lr", "0.0001")
    for share, worse in ((1.0, False), (1.01, True)):
        growth = []
        for x, y in zip(run.data.x.tolist(), run.data.y.tolist()):
            after = rg.Line(*step(*rg.START, [x], [y], share * run.convergence.safe_rate))
            errors = [each.weight * x + each.bias - y for each in (rg.START, after)]
            growth.append(abs(errors[1]) > abs(errors[0]) * (1 + 1e-12))
        assert any(growth) == worse


def test_all_points_in_a_step_converge_to_least_squares() -> None:
    (run,) = runs("--lr", "0.005", "--batch-size", "50")
    assert run.convergence.limit == pytest.approx(run.convergence.least_squares)


def test_within_an_epoch_the_line_runs_round_a_closed_loop() -> None:
    (run,) = runs("--lr", "0.005")
    limit = run.convergence.limit
    assert limit
    loop = rg.steps_of_epoch(run.data, run.convergence.settings, limit)
    assert loop[-1] == pytest.approx(loop[0])
    assert np.ptp(loop[:, 0]) > 0.1
    gradients = np.array([rg.gradient(*limit, [x], [y]) for x, y in zip(run.data.x, run.data.y)])
    least = run.convergence.least_squares
    there = np.array([rg.gradient(*least, [x], [y]) for x, y in zip(run.data.x, run.data.y)])
    assert there.sum(axis=0) == pytest.approx([0, 0], abs=1e-9)
    assert np.abs(gradients.sum(axis=0)).max() > 1


def test_a_spline_dips_below_the_last_dot_and_pchip_stays_between_dots() -> None:
    (run,) = runs("--lr", "0.00001")
    dots = rg.drawn(run.history, 500)
    x, y = np.log1p(dots["epoch"].astype(float)), np.log10(dots["cost"])
    assert smooth(x, y, "spline")[1].min() < y[-1] - 0.01
    assert smooth(x, y, "pchip")[1].min() == pytest.approx(y[-1])
    assert (np.diff(smooth(x, y, "pchip")[1]) <= 1e-12).all()


def test_explain_says_why_it_is_not_finished_and_which_rate_does_better(call: Call) -> None:
    said = " ".join(call("--lr", "0.0001", "--explain").stdout.split())
    assert "1,295 more epochs bring it within 1% of that distance" in said
    assert "To end lower, try 500 epochs at learning rate" in said


def test_the_summary_says_how_far_a_run_on_a_file_is() -> None:
    (run,) = runs("--data", str(GALLERY / "rents.csv"), "--x", "area", "--y", "rent")
    assert any(row.startswith("progress ") for row in summary(run))


# Its Python.


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL))
def test_its_python_runs(tmp_path: Path, code: str) -> None:
    pytest.importorskip("pandas")
    (tmp_path / "output").mkdir()
    (tmp_path / "output/gallery").symlink_to(GALLERY)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "output/rents.gif").stat().st_size > 10_000


def test_its_python_imports_what_is_public() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom):
            module = sys.modules[str(node.module)]
            assert {alias.name for alias in node.names} <= set(module.__all__)


# The READMEs beside the code.


def test_the_examples_of_the_mathematics_come_out() -> None:
    failed, tried = doctest.testfile(str(ROOT / "regression/README.md"), module_relative=False)
    assert tried > 20
    assert failed == 0


@pytest.mark.parametrize("folder", ["regression", "plotting", "tests"])
def test_links_beside_the_code_lead_to_files_or_headings(folder: str) -> None:
    path = ROOT / folder / "README.md"
    text = path.read_text("utf-8")
    for link in re.findall(r"\]\(([^)]+)\)", text):
        if link.startswith("http"):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file) if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target.read_text("utf-8")), link


@pytest.mark.parametrize("folder", ["plotting", "tests"])
def test_tools_and_files_named_beside_the_code_exist(folder: str) -> None:
    text = (ROOT / folder / "README.md").read_text("utf-8").partition("## Mutants")[0]
    tools = set(re.findall(r"python -m (tests\.tools\.\w+)", text))
    files = set(re.findall(r"\btests/[\w/]+\.(?:py|sh|txt)", text))
    assert tools
    assert files
    for tool in tools:
        assert (ROOT / tool.replace(".", "/")).with_suffix(".py").exists(), tool
    for file in files:
        assert (ROOT / file).exists(), file


def test_the_kinds_of_file_are_all_described() -> None:
    table = (ROOT / "plotting/README.md").read_text("utf-8").partition("## The way")[0]
    kinds = {Path(name).suffix or name for name in re.findall(r"^\| `([^`]+)`", table, re.M)}
    assert kinds == set(WRITERS)
