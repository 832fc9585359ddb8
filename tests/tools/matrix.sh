#!/usr/bin/env bash
# Runs the suite on each Python of these that is installed, with the oldest packages that
# requirements.txt admits there and with the newest, and prints one line for each. Needs uv
# (pip install uv). Arguments go to pytest: PYTHONS="3.11 3.13" tests/tools/matrix.sh tests/regression
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v uv >/dev/null || { echo "tests/tools/matrix.sh: uv is needed: pip install uv" >&2; exit 2; }

# pyenv gives only the Pythons that are chosen: choose all.
if command -v pyenv >/dev/null; then
    PYENV_VERSION=$(pyenv versions --bare | grep -E '^3\.1[1-3]\.' | paste -sd :)
    export PYENV_VERSION
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

for python in ${PYTHONS:-3.11 3.12 3.13}; do
    uv python find -q --no-python-downloads "$python" >/dev/null 2>&1 \
        || { echo "Python $python is not installed"; continue; }
    for resolution in ${RESOLUTIONS:-lowest-direct highest}; do
        uv venv -q --clear --no-python-downloads --python "$python" "$work/venv"
        # av is for .mp4, and of the age of imageio.
        cat requirements.txt <(grep "^av" requirements-dev.txt) >"$work/needed.txt"
        uv pip compile -q --python "$work/venv" --only-binary :all: --resolution "$resolution" \
            "$work/needed.txt" >"$work/pins.txt"
        # matplotlib 3.9 uses names that pyparsing 3.3 warns of, and warnings are errors here.
        [ "$resolution" = highest ] || sed -i 's/^pyparsing==.*/pyparsing<3.3/' "$work/pins.txt"
        uv pip install -q --python "$work/venv" -r requirements-dev.txt -c "$work/pins.txt"
        "$work/venv/bin/python" -m pytest -q "$@" >"$work/log" 2>&1 \
            || { failed=1; grep -E "^(FAILED|ERROR)" "$work/log" || tail -20 "$work/log"; }
        "$work/venv/bin/python" - "$resolution" "$(tail -1 "$work/log")" <<'PY'
import platform
import sys
from importlib.metadata import version

names = "numpy", "matplotlib", "scipy", "imageio", "pillow", "tqdm"
packages = ", ".join(f"{name} {version(name)}" for name in names)
print(f"Python {platform.python_version()}, {sys.argv[1]}: {packages}: {sys.argv[2]}", flush=True)
PY
    done
done
exit "$failed"
