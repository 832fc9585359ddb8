"""Files that appear whole or not at all."""

from pathlib import Path

import pytest

from plotting.encoders.atomic import whole_file


def test_a_whole_file_takes_its_name_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with whole_file(path) as file:
        file.write(b"new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_two_writers_of_one_process_do_not_share_a_file(tmp_path: Path) -> None:
    target = tmp_path / "a.gif"
    with whole_file(target) as one:
        one.write(b"first")
        with whole_file(target) as other:
            other.write(b"second, and longer")
        assert target.read_bytes() == b"second, and longer"
    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["h." + 250 * "s", "x" * 251 + ".txt"])
def test_a_long_name_is_no_obstacle(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    with whole_file(target) as file:
        file.write(b"text")
    assert target.read_text() == "text"
