"""Files that appear whole or not at all, and what others in the folder can do about it."""

import errno
import fcntl
import os
import secrets
import stat
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plotting.encoders import atomic
from plotting.encoders.atomic import UNFINISHED, check_target, whole_file

LISTS = struct.Struct("<HHI")
"""A tag, permissions and a user or group of Linux's access lists, after a version of 4 bytes."""


@pytest.fixture(autouse=True)
def _nothing_is_left_to_remove() -> Iterator[None]:
    yield
    assert not UNFINISHED


def write(path: Path, content: bytes = b"new", *, replace: bool = True) -> None:
    with whole_file(path, replace=replace) as file:
        file.write(content)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refuse(code: int) -> Callable[..., Any]:
    def refused(*_: Any, **__: Any) -> Any:
        raise OSError(code, os.strerror(code))

    return refused


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that sets which "random" words names have, the last one for good."""

    def set_words(*words: str) -> None:
        left = list(words)
        monkeypatch.setattr(
            secrets, "token_hex", lambda _: left.pop(0) if len(left) > 1 else left[0]
        )

    return set_words


def test_a_whole_file_takes_its_name_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with whole_file(path) as file:
        file.write(b"new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_when_it_fails_the_older_file_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("older")
    with pytest.raises(TypeError), whole_file(path) as file:
        file.writelines([b"new", "no bytes"])  # type: ignore[list-item]
    assert path.read_text() == "older"
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
    write(tmp_path / name)
    assert (tmp_path / name).read_text() == "new"


def test_the_name_cannot_be_known_before(tmp_path: Path) -> None:
    names = set()
    for _ in range(20):
        with whole_file(tmp_path / "a.gif"):
            (unfinished,) = tmp_path.glob(".*")
            names.add(unfinished.name)
    assert len(names) == 20


@pytest.mark.parametrize("kind", ["link", "pipe", "file", "hard link"])
def test_what_somebody_put_in_its_place_is_not_opened(
    tmp_path: Path, named: Callable[..., None], kind: str
) -> None:
    victim, target = tmp_path / "victim", tmp_path / "a.gif"
    victim.write_text("precious")
    named("planted", "free")
    with whole_file(target):
        (own,) = tmp_path.glob(".*-planted")
    own.unlink(missing_ok=True)
    if kind == "link":
        own.symlink_to(victim)
    elif kind == "pipe":
        os.mkfifo(own)
    elif kind == "hard link":
        own.hardlink_to(victim)
    else:
        own.write_text("theirs")
    target.unlink()
    named("planted", "free")
    write(target)
    assert target.read_text() == "new"
    assert victim.read_text() == "precious"
    assert own.is_symlink() or own.exists()


def test_a_neighbour_that_tidies_between_open_and_lock_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    taken: list[Path] = []

    def tidied(file: Any, kind: int) -> None:
        if not taken:
            taken.extend(tmp_path.glob(".*"))
            taken[0].unlink()
        lock(file, kind)

    monkeypatch.setattr(fcntl, "flock", tidied)
    write(tmp_path / "a.gif")
    assert len(taken) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.gif"]


def left_over(folder: Path) -> Path:
    """Return the unfinished file of a run to a.gif that was killed."""
    with whole_file(folder / "a.gif"):
        (unfinished,) = folder.glob(".*")
    unfinished.touch()
    return unfinished


def test_what_a_killed_run_left_is_removed_but_not_what_is_in_work(tmp_path: Path) -> None:
    dead = left_over(tmp_path)
    with whole_file(tmp_path / "a.gif") as living:
        living.write(b"first")
        write(tmp_path / "a.gif", b"second")
        assert not dead.exists()
    assert (tmp_path / "a.gif").read_bytes() == b"first"


def foreign(file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    return file


def a_pipe(file: Path, _: pytest.MonkeyPatch) -> Path:
    file.unlink()
    os.mkfifo(file)
    return file


def a_link(file: Path, _: pytest.MonkeyPatch) -> Path:
    file.rename(file.parent / "precious")
    file.symlink_to("precious")
    return file


def another_name(file: Path, _: pytest.MonkeyPatch) -> Path:
    return file.rename(file.with_name(file.name + ".txt"))


def without_locks(file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fcntl, "flock", refuse(errno.ENOTSUP))
    return file


@pytest.mark.parametrize("change", [foreign, a_pipe, a_link, another_name, without_locks])
def test_what_is_not_surely_our_own_and_dead_stays(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path, pytest.MonkeyPatch], Path],
) -> None:
    kept = change(left_over(tmp_path), monkeypatch)
    write(tmp_path / "a.gif")
    assert os.path.lexists(kept)
    assert (tmp_path / "a.gif").read_text() == "new"


def test_what_took_the_name_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead, lock = left_over(tmp_path), fcntl.flock

    def finished(file: Any, kind: int) -> None:
        if kind & fcntl.LOCK_NB:
            dead.rename(tmp_path / "finished")
            dead.write_text("another's")
        lock(file, kind)

    monkeypatch.setattr(fcntl, "flock", finished)
    write(tmp_path / "a.gif")
    assert dead.read_text() == "another's"
    assert (tmp_path / "finished").exists()


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o027])
def test_a_new_file_has_the_mode_of_any_new_file_but_no_other_before_it_is_whole(
    tmp_path: Path, mask: int
) -> None:
    before = os.umask(mask)
    try:
        with whole_file(tmp_path / "a.gif"):
            (unfinished,) = tmp_path.glob(".*")
            assert mode_of(unfinished) == 0o600
        (tmp_path / "any").touch()
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "a.gif") == mode_of(tmp_path / "any") == 0o666 & ~mask


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o444 | 0o200, 0o755, 0o4755, 0o2755])
def test_a_file_that_is_replaced_keeps_its_mode_but_not_whose_name_it_runs_in(
    tmp_path: Path, mode: int
) -> None:
    path = tmp_path / "a.gif"
    path.touch()
    path.chmod(mode)
    with whole_file(path):
        (unfinished,) = tmp_path.glob(".*")
        assert mode_of(unfinished) == 0o600
    assert mode_of(path) == mode & 0o777


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


@needs_root
def test_owner_and_group_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    path.touch()
    os.chown(path, 1234, 2345)
    path.chmod(0o4664)
    write(path)
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)
    assert mode_of(path) == 0o664


@needs_root
@pytest.mark.parametrize(
    ("mode", "kept"), [(0o664, 0o644), (0o660, 0o600), (0o666, 0o666), (0o646, 0o646)]
)
def test_another_group_may_not_do_what_the_old_one_might(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, kept: int
) -> None:
    path = tmp_path / "a.gif"
    path.touch()
    os.chown(path, 1234, 2345)
    path.chmod(mode)
    os.setxattr(path, atomic.ACCESS_LIST, access_list(0o777))
    path.chmod(mode)
    monkeypatch.setattr(os, "fchown", refuse(errno.EPERM))
    write(path)
    assert (path.stat().st_uid, mode_of(path)) == (0, kept)
    assert atomic.ACCESS_LIST not in os.listxattr(path)


def access_list(user_4321: int) -> bytes:
    """Return a list that lets user 4321 do so much, and others what a mode of 640 says."""
    nobody = 0xFFFFFFFF
    entries = [(1, 6, nobody), (2, user_4321 & 7, 4321), (4, 4, nobody), (16, 7, nobody)]
    return struct.pack("<I", 2) + b"".join(
        LISTS.pack(*entry) for entry in [*entries, (32, 0, nobody)]
    )


def test_access_list_and_notes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    path.touch()
    try:
        os.setxattr(path, "user.note", b"mine")
        os.setxattr(path, atomic.ACCESS_LIST, access_list(6))
    except OSError:
        pytest.skip("needs a file system with attributes and access lists")
    write(path)
    assert os.getxattr(path, "user.note") == b"mine"
    assert os.getxattr(path, atomic.ACCESS_LIST) == access_list(6)


def test_a_new_file_gets_the_access_list_that_its_folder_gives(tmp_path: Path) -> None:
    try:
        os.setxattr(tmp_path, "system.posix_acl_default", access_list(6))
    except OSError:
        pytest.skip("needs a file system with access lists")
    write(tmp_path / "a.gif")
    (tmp_path / "any").touch()
    assert mode_of(tmp_path / "a.gif") == mode_of(tmp_path / "any")
    assert os.getxattr(tmp_path / "a.gif", atomic.ACCESS_LIST) == os.getxattr(
        tmp_path / "any", atomic.ACCESS_LIST
    )


@pytest.mark.parametrize("missing", ["fchmod", "fchown", "fsync", "flock", "listxattr"])
@pytest.mark.parametrize("older", [True, False])
def test_a_file_system_that_cannot_do_all_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str, older: bool
) -> None:
    if older:
        (tmp_path / "a.gif").touch()
    of: Any = fcntl if missing == "flock" else os
    monkeypatch.setattr(of, missing, refuse(errno.ENOTSUP))
    write(tmp_path / "a.gif")
    assert (tmp_path / "a.gif").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.gif"]


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_did_not_take_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(os, "fsync", refuse(code))
    with pytest.raises(OSError, match=os.strerror(code)) as caught:
        write(tmp_path / "a.gif")
    assert caught.value.filename == str(tmp_path / "a.gif")
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_not_replaced_where_that_is_not_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.gif"
    check_target(path, replace=False)
    write(path, replace=False)
    for attempt in (check_target, write):
        with pytest.raises(OSError, match="is there already"):
            attempt(path, replace=False)
    for link in (os.link, refuse(errno.EPERM)):
        monkeypatch.setattr(os, "link", link)
        path.unlink()
        with (
            pytest.raises(OSError, match="is there already"),
            whole_file(path, replace=False),
        ):
            path.write_text("came meanwhile")
        assert path.read_text() == "came meanwhile"
        path.unlink()
        write(path, replace=False)
        assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]
