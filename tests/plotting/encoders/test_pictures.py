"""Names of numbered pictures, and which older ones stay."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from plotting.encoders import write_still
from plotting.encoders.pictures import is_one_of, left_over, numbered_path


@pytest.mark.parametrize(
    ("pattern", "there", "said"),
    [
        ("%d.png", ["9.png", "10.png", "x.png", "1.gif"], "9.png to {}10.png are older"),
        ("%d.png", ["5.png"], "5.png is older"),
        ("%d.png", ["4.png", "0005.png"], None),
        ("%04d.png", ["12.png", "0004.png", "00005.png"], None),
        ("%04d.png", ["12.png", "0012.png"], "0012.png is older"),
        ("a%3db.png", ["a 12b.png", "a12b.png"], "a 12b.png is older"),
        ("%d.png", ["0.png"], "0.png is older"),
    ],
)
def test_older_pictures_that_stay_are_said_by_their_numbers(
    tmp_path: Path, pattern: str, there: list[str], said: str | None
) -> None:
    for name in there:
        (tmp_path / name).touch()
    line = left_over(tmp_path / pattern, 4)
    if said is None:
        assert line is None
    else:
        folder = f"{tmp_path}/"
        assert line is not None
        assert line.startswith(folder + said.format(folder) + " than this animation")


def test_a_folder_of_one_file_or_one_that_is_not_listed_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path) -> Iterator[Path]:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refused)
    for name in ("a.gif", "%d.png"):
        assert left_over(tmp_path / name, 4) is None


@pytest.mark.parametrize("pattern", ["%d.png", "a%4db.png", "%02d.PNG"])
@pytest.mark.parametrize("number", [1, 99, 100, 12345])
def test_a_picture_is_known_by_its_name(tmp_path: Path, pattern: str, number: int) -> None:
    file = tmp_path / (pattern % number)
    assert numbered_path(tmp_path / pattern, number) == file
    assert is_one_of(tmp_path / pattern, file)
    assert not is_one_of(tmp_path / pattern, tmp_path / "other" / file.name)
    assert not is_one_of(tmp_path / pattern, file.with_name("0" + file.name))


@pytest.mark.parametrize("pattern", ["one.png", "%d-%d.png", "%x.png"])
def test_a_name_without_one_number_is_itself(pattern: str) -> None:
    assert numbered_path(Path(pattern), 7) == Path(pattern)
    assert not is_one_of(Path(pattern), Path("7.png"))


@pytest.mark.parametrize(("alpha", "mode"), [(255, "RGB"), (200, "RGBA"), (0, "RGBA")])
def test_a_picture_keeps_an_alpha_that_says_something(
    tmp_path: Path, alpha: int, mode: str
) -> None:
    frame = np.full((4, 5, 4), 90, np.uint8)
    frame[..., 3] = alpha
    with Image.open(write_still(tmp_path / "a.png", frame)) as image:
        assert image.mode == mode
        np.testing.assert_array_equal(np.asarray(image), frame[..., : len(mode)])
