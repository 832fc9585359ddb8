"""Every option that takes a number: what it accepts at its edges, and what it says beyond them."""

import math
from typing import Any

import pytest

import main

FINITE = "a finite number"
POSITIVE = "a finite number above 0 (2.3e-308 or more)"
NOT_NEGATIVE = "a finite number, 0 or more"
PIXELS = "a whole number of pixels from 100 to 1000000000"
TIME = "a whole number of milliseconds from 20 to 600000"


def whole(low: int, high: int) -> str:
    return f"a whole number from {low} to {high}"


OPTIONS = [
    ("points", whole(2, 10**7), ["2", "10000000"], ["0", "1", "-1"]),
    ("slope", FINITE, ["0", "-1e308", "1e-320"], []),
    ("intercept", FINITE, ["0", "-1e308", "1e-320"], []),
    ("noise", NOT_NEGATIVE, ["0", "1e-320"], ["-1", "-1e-320"]),
    ("seed", whole(0, 2**63), ["0", str(2**63)], ["-1", str(2**63 + 1)]),
    ("lr", POSITIVE, ["2.3e-308", "1e308"], ["0", "-1", "1e-320", "-0.0"]),
    ("epochs", whole(1, 10**7), ["1", "10000000"], ["0", "-1"]),
    ("batch-size", whole(1, 10**7), ["1", "10000000"], ["0", "-1", "10000001"]),
    ("init-weight", FINITE, ["0", "-1e308"], []),
    ("init-bias", FINITE, ["0", "-1e308"], []),
    ("display-step", whole(1, 10**7), ["1", "10000000"], ["0", "-1", "10000001"]),
    ("steps", whole(1, 10**7), ["1", "10000000"], ["0", "-1", "10000001"]),
    ("width", PIXELS, ["100", "7680"], ["0", "-1", "99", "1000000001"]),
    ("height", PIXELS, ["100", "7680"], ["0", "-1", "99", "1000000001"]),
    ("scale", "a number from 0.25 to 8", ["0.25", "3.5"], ["0", "-1", "0.2499", "8.001"]),
    ("frame-ms", TIME, ["20", "600000"], ["0", "-1", "19", "600001"]),
    ("hold-ms", TIME, ["20", "600000"], ["0", "-1", "19", "600001"]),
    ("loop", "a number of plays up to 65535, or 0 for ever", ["0", "65535"], ["-1", "65536"]),
]
NO_NUMBERS = ["nan", "inf", "-inf", "1e400", "text", "", "1,5", "0x10", "9" * 5000]
NOT_WHOLE = ["1.5", "1e3"]
FRACTIONS = {"slope", "intercept", "noise", "lr", "init-weight", "init-bias", "scale"}


def options_with(name: str, value: str) -> list[str]:
    view = ["--view", "microscope"] if name == "steps" else []
    return [f"--{name}={value}", *view]


def test_no_option_with_a_number_is_missing_here() -> None:
    """An option's number is what help shows it with."""
    texts = {"--data", "--x", "--y", "--view", "--smooth", "--theme", "--title", "--out"}
    switches = {"--help", "--shuffle", "--explain", "--show", "--quiet", "--history"}
    parser = main.parser()
    flags = {flag for action in parser._actions for flag in action.option_strings[-1:]}
    assert flags - texts - switches == {f"--{name}" for name, *_ in OPTIONS}


@pytest.mark.parametrize(("name", "allowed", "accepted", "refused"), OPTIONS, ids=lambda v: v[:12])
def test_its_edges(
    name: str,
    allowed: str,
    accepted: list[str],
    refused: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    for value in accepted:
        args = main.parse(options_with(name, value))
        got: Any = getattr(args, name.replace("-", "_"))
        assert (got[0] if name == "lr" else got) == float(value)
    for value in [*refused, *NO_NUMBERS, *([] if name in FRACTIONS else NOT_WHOLE)]:
        with pytest.raises(SystemExit) as left:
            main.main(options_with(name, value))
        assert left.value.code == 2
        printed = capsys.readouterr()
        shown = repr(value if len(value) < 40 else value[:37] + "...")
        assert printed.err == f"main.py: error: argument --{name}: {shown} is not {allowed}\n"
        assert printed.out == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--epochs 1000000000000", "1000000000000 is more than 10000000; that many epochs would"),
        ("--points 10000000000", "that many points would take 160 GB of memory"),
        ("--width 100000 --height 100000", "100,000 x 100,000 pixels"),
        ("--scale 8 --width 1000 --height 1000", "8,000 x 8,000 pixels"),
    ],
)
def test_what_is_far_too_large_is_refused_with_its_cost(
    options: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main.main(options.split())
    assert left.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line
    assert "of memory" in line


@pytest.mark.parametrize("value", ["1e3", "-1e3", "-.5", "1_000", " 7 "])
def test_what_python_reads_as_a_number_is_one(value: str) -> None:
    assert math.isclose(main.parse([f"--slope={value}"]).slope, float(value))
