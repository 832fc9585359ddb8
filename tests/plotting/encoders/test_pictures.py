"""Names of numbered pictures, and which older ones stay."""

import os
from collections.abc import Iterator, Sequence
from contextlib import chdir
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from plotting import encoders
from plotting.encoders import Film, write_still
from plotting.encoders.pictures import (
    WRITTEN,
    check_distinct,
    is_one_of,
    left_over,
    new_pictures,
    numbered_path,
)
from regression import UserError


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


def black(count: int) -> Film:
    return Film([np.zeros((4, 4, 4), np.uint8)] * count, [100] * count)


@pytest.mark.parametrize(
    ("links", "read", "written", "said"),
    [
        ({}, ["a.csv"], ["a.gif", "h.csv"], None),
        ({}, ["a.csv"], ["a.csv"], "'a.csv' would overwrite 'a.csv'"),
        ({}, ["a.csv"], ["a.gif", "./a.csv"], "would overwrite 'a.csv'"),
        ({}, [], ["a.gif", "a.gif"], "would overwrite 'a.gif'"),
        ({"b.gif": "a.csv"}, ["a.csv"], ["b.gif"], "'b.gif' would overwrite 'a.csv'"),
        ({"b.csv": "a.gif"}, [], ["a.gif", "b.csv"], "'b.csv' would overwrite 'a.gif'"),
        ({}, ["f3.png"], ["f%d.png"], "'f%d.png' would overwrite 'f3.png'"),
        ({}, ["f03.png"], ["f%d.png"], None),
        ({}, [], ["f%d.png", "f3.png"], "'f3.png' would overwrite 'f%d.png'"),
        ({"f7.png": "a.csv"}, ["a.csv"], ["f%d.png"], "'f%d.png' would overwrite 'a.csv'"),
        ({"f7.png": "h.csv"}, [], ["f%d.png", "h.csv"], "'h.csv' would overwrite 'f%d.png'"),
        ({"b.csv": "f7.png"}, ["b.csv"], ["f%d.png"], "'f%d.png' would overwrite 'b.csv'"),
        ({"f7.png": "a.csv"}, [], ["f%d.png"], None),
        ({"f1.png": "x", "f2.png": "x"}, [], ["f%d.png"], "'f2.png' would overwrite 'f1.png'"),
        ({"g": "."}, ["f1.png"], ["g/f%d.png"], "'g/f%d.png' would overwrite 'f1.png'"),
        ({"f9.png": "f9.png"}, ["a.csv"], ["f%d.png"], None),
    ],
)
def test_no_file_is_written_over_another_of_the_same_run(
    tmp_path: Path,
    links: dict[str, str],
    read: Sequence[str],
    written: Sequence[str],
    said: str | None,
) -> None:
    (tmp_path / "a.csv").touch()
    for link, target in links.items():
        (tmp_path / link).symlink_to(target)
    with chdir(tmp_path):
        if said is None:
            check_distinct(map(Path, read), map(Path, written))
            return
        with pytest.raises(UserError) as caught:
            check_distinct(map(Path, read), map(Path, written))
    assert said in str(caught.value)
    assert str(caught.value).endswith(", which is the same file")


@pytest.mark.parametrize("out", ["in.csv", "link.csv", "f%d.png"])
def test_standard_input_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    (tmp_path / "in.csv").touch()
    (tmp_path / "link.csv").symlink_to("in.csv")
    (tmp_path / "f2.png").symlink_to("in.csv")
    status = (tmp_path / "in.csv").stat()
    monkeypatch.setattr(os, "fstat", lambda _: status)
    check_distinct([Path("-")], [tmp_path / "other.gif"])
    with pytest.raises(UserError, match=f"{out}' would overwrite standard input, which"):
        check_distinct([Path("-")], [tmp_path / out])


def test_a_series_that_fails_says_which_pictures_are_new(tmp_path: Path) -> None:
    for number, said in ((3, "; {0}/f1.png to {0}/f2.png are new, the others are not"), (1, "")):
        in_the_way = tmp_path / f"f{number}.png"
        in_the_way.unlink(missing_ok=True)
        in_the_way.mkdir()
        with pytest.raises(OSError, match="is a folder") as caught:
            encoders.save(tmp_path / "f%d.png", black(4))
        assert caught.value.filename == str(in_the_way)
        assert caught.value.strerror == "is a folder, not a file" + said.format(tmp_path)
        in_the_way.rmdir()
    assert not WRITTEN


def test_a_series_that_is_interrupted_can_be_asked(tmp_path: Path) -> None:
    said = []

    class Asking(Sequence[object]):
        def __len__(self) -> int:
            return 3

        def __getitem__(self, index):  # type: ignore[no-untyped-def]
            if not 0 <= index < 3:
                raise IndexError
            said.append(new_pictures())
            return np.zeros((4, 4, 4), np.uint8)

    encoders.save(tmp_path / "f%d.png", Film(Asking(), [100] * 3))  # type: ignore[arg-type]
    one, two = tmp_path / "f1.png", tmp_path / "f2.png"
    assert said == [
        "",
        f"; {one} is new, the others are not",
        f"; {one} to {two} are new, the others are not",
    ]
    assert new_pictures() == ""


def test_pictures_do_not_replace_what_is_there_where_that_is_not_wanted(tmp_path: Path) -> None:
    write_still(tmp_path / "f2.png", np.zeros((4, 4, 3), np.uint8))
    before = (tmp_path / "f2.png").read_bytes()
    with pytest.raises(OSError, match=r"is there already; .*f1\.png is new"):
        encoders.save(tmp_path / "f%d.png", black(3)._replace(replace=False))
    assert (tmp_path / "f2.png").read_bytes() == before
