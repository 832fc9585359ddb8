"""The rules of the house that a program can check."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import regression

ROOT = Path(__file__).parent.parent
PROGRAM = [*ROOT.glob("*.py"), *ROOT.glob("regression/**/*.py"), *ROOT.glob("plotting/**/*.py")]
LIBRARY = [path for path in PROGRAM if path.parent != ROOT]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PROGRAM
}


def imports(path: Path) -> Iterator[tuple[str, str | None]]:
    """Return what a file imports of this project when it is loaded: modules, and names in them."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield (inner, None) if inner in MODULES else (str(node.module), alias.name)


def test_regression_loads_numpy_and_the_standard_library_only() -> None:
    """Of the library nothing but what is needed to train: no options, no pictures."""
    command = "import sys; had = {*sys.modules}; import regression; print(*{*sys.modules} - had)"
    told = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    rooms = {name.partition(".")[0] for name in told.stdout.split()}
    assert not rooms & {"argparse", "csv", "scipy", "matplotlib", "imageio", "PIL", "tqdm"}
    rooms = {room for room in rooms if "cython" not in room}  # which compiled modules share
    assert rooms - set(sys.stdlib_module_names) - {"__main__"} <= {"numpy", "regression"}


def test_no_circle_of_imports() -> None:
    graph = {
        name: {module for module, _ in imports(path) if module in MODULES}
        for name, path in MODULES.items()
        if path.name != "__init__.py"
    }
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError
    assert "regression.sgd" in order


def test_no_module_has_the_name_of_a_function_or_class() -> None:
    """Else `from package import name` may be the one or the other."""
    names = {name.rpartition(".")[2] for name in MODULES}
    for path in PROGRAM:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and path.name != "main.py":
                assert node.name not in names, f"{path}: {node.name}"


@pytest.mark.parametrize("path", sorted(ROOT.glob("plotting/**/*.py")), ids=str)
def test_plotting_imports_of_regression_what_it_exports(path: Path) -> None:
    for module, name in imports(path):
        if module.partition(".")[0] == "regression":
            assert (module, name in regression.__all__) == ("regression", True), f"{module} {name}"


def test_only_the_command_line_knows_its_options() -> None:
    for path in LIBRARY:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else ""
            if isinstance(text, str):
                assert "python main.py" not in text, path
                assert not any(
                    word.startswith("--") and word[2:3].isalpha() for word in text.split()
                ), f"{path}: {text}"
