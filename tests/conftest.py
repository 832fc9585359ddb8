"""Settings and fixtures of all tests."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import Phase, settings

import main
from tests.helpers import Call, Done, run

# A loaded machine is no reason to fail; timings are for tests/tools/.
settings.register_profile("untimed", deadline=None)
# For mutants, each of which runs the tests anew: fewer examples, and none made smaller.
settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=25,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile("untimed")

# Figures are many small objects: looking through them all so often takes 4 % of the time.
gc.set_threshold(100_000, 20, 50)

# Programs that tests start are to print as they do for users: not at once, but what has gathered.
os.environ.pop("PYTHONUNBUFFERED", None)


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Return a function that calls main() with options, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call_main(*options: str) -> Done:
        try:
            code = main.main(options)
        except SystemExit as left:  # help
            code = int(left.code or 0)
        return Done(code, *capsys.readouterr())

    return call_main


@pytest.fixture(scope="session")
def main_job(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the folder in which the main job ran, and what it printed."""
    folder = tmp_path_factory.mktemp("main")
    result = run(folder, "--lr", "0.0001", "--epochs", "500")
    assert (result.returncode, result.stderr) == (0, "")
    return folder, result.stdout
