"""Files that appear whole or not at all, whatever happens on the way."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # on Windows, where a file in use cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

DEVICE = "is a device or a pipe, not a file"
MAX_LINKS = 40
"""As many as Linux follows."""

UNFINISHED: set[Path] = set()
"""Temporary files there are at this moment, for who has to leave without unwinding."""

ACCESS_LIST = "system.posix_acl_access"
"""Under this name Linux has the list of who else may read or write a file."""

NEW_FILE = os.O_CREAT | os.O_EXCL | os.O_RDWR
# A name that leads elsewhere is not followed; Windows would translate line ends.
NEW_FILE |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


@contextmanager
def whole_file(path: Path, *, replace: bool = True) -> Iterator[BinaryIO]:
    """Give a new file to write to; at the end it takes the name `path`, in one step.

    When the block fails, the file that had the name before is as it was. Folders on the way
    are made; a link is followed; what a killed run left behind is removed. Until it is whole, only
    its owner can read it; then it has the owner, mode and access list of the file that it
    replaces, as far as the system allows, or those that a new file gets. Without `replace`
    a file that is there already is an error. Raises OSError when it cannot be written; any
    OSError, of the block too, gets the name of `path`.
    """
    with _target_of(path, replace) as target:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _beside(target) as (unfinished, file):
            yield file
            file.flush()
            with _courtesy():
                os.fsync(file.fileno())
            _dress(file.fileno(), target)
            if os.name == "nt":
                file.close()  # Windows renames no open file
            _rename(unfinished, target, replace)


def check_target(path: Path, *, replace: bool = True) -> None:
    """Raise OSError, with the name of `path`, when a file cannot be written there.

    It tries, in the nearest folder that there is, but leaves nothing. Without `replace`, a file
    that is there already is an error.
    """
    with _target_of(path, replace) as target:
        folder = target.parent
        while not folder.exists():
            folder = folder.parent
        with tempfile.TemporaryFile(dir=folder):
            pass


@contextmanager
def _target_of(path: Path, replace: bool) -> Iterator[Path]:
    """Give the file that the path leads to; an OSError gets the name that the user knows.

    Raises OSError for a folder, a device, a pipe, a long name, or a file that is read-only.
    """
    try:
        target = followed(path)
        with suppress(FileNotFoundError):
            target.lstat()
            if target.is_dir():
                raise OSError(0, "is a folder, not a file")
            if not target.is_file():
                raise OSError(0, DEVICE)
            if not replace:
                raise OSError(0, "is there already")
            if not os.access(target, os.W_OK):
                raise OSError(0, "is read-only")
        yield target
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from None


def followed(path: Path) -> Path:
    """Return where the path leads, link by link. Raises OSError when that is in a circle, or
    through what only looks like a link: /dev/stdout leads to the file that a shell opened for
    what is printed, which must not be replaced. So does "-", which is no name of a file.
    """
    if str(path) == "-":
        raise OSError(0, "standard output has the printed lines; give the name of a file")
    for _ in range(MAX_LINKS):
        path = Path(os.path.realpath(path.parent), path.name)
        if path.is_relative_to("/proc"):
            raise OSError(0, DEVICE)
        if not path.is_symlink():
            return path
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


@contextmanager
def _beside(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a new file beside the target, held open and locked; what is left of it is removed."""
    # Short, since the target's name may already be as long as a name can be.
    stem = "." + sha256(os.fsencode(target.name)).hexdigest()[:12]
    _remove_left_over(target.parent, stem)
    unfinished, file = _create(target.parent, stem)
    try:
        with file:
            yield unfinished, file
    finally:
        unfinished.unlink(missing_ok=True)
        UNFINISHED.discard(unfinished)


def _create(folder: Path, stem: str) -> tuple[Path, BinaryIO]:
    """Return a file that nobody else has, and its name, which nobody can know before."""
    while True:
        unfinished = folder / f"{stem}-{secrets.token_hex(8)}"
        UNFINISHED.add(unfinished)  # before it is there, so that it never is without
        try:
            file = os.fdopen(os.open(unfinished, NEW_FILE, 0o600), "w+b")
        except FileExistsError:  # somebody guessed it, and was there first
            UNFINISHED.discard(unfinished)
            continue
        except BaseException:
            UNFINISHED.discard(unfinished)
            raise
        _lock(file)
        # Between the two another run may have taken it for left over.
        if os.fstat(file.fileno()).st_nlink:
            return unfinished, file
        file.close()
        UNFINISHED.discard(unfinished)


def _lock(file: BinaryIO) -> None:
    """Show that somebody is at work on the file, where the file system can."""
    if fcntl:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)


def _remove_left_over(folder: Path, stem: str) -> None:
    """Remove the unfinished files of that stem that are ours, and whose writer is dead: the
    system takes a lock from who dies, so who can lock it knows. Where there are no locks, nobody
    knows, and they stay.
    """
    if not fcntl:
        return
    for old in folder.glob(f"{stem}-*"):
        if re.fullmatch(r"[0-9a-f]{16}", old.name.removeprefix(f"{stem}-")):
            with suppress(OSError):
                _remove_if_dead(old)


def _remove_if_dead(old: Path) -> None:
    # Without waiting: somebody may have put a pipe there.
    descriptor = os.open(old, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        status = os.fstat(descriptor)
        if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(status, old.lstat()):
                old.unlink()
    finally:
        os.close(descriptor)


def _dress(descriptor: int, target: Path) -> None:
    """Give a finished file the owner, mode and access list of the target, if that is there,
    else those of a new file in its folder.
    """
    try:
        old = target.stat()
    except FileNotFoundError:
        _dress_as_new(descriptor, target.parent)
        return
    if os.name == "nt":
        return
    with suppress(OSError):
        os.fchown(descriptor, -1, old.st_gid)
    with suppress(OSError):  # allowed to root alone, mostly
        os.fchown(descriptor, old.st_uid, -1)
    now = os.fstat(descriptor)
    # Never one that runs in its owner's name: a system takes that from a file written to.
    mode = stat.S_IMODE(old.st_mode) & 0o777
    is_same = (now.st_uid, now.st_gid) == (old.st_uid, old.st_gid)
    if now.st_gid != old.st_gid:
        # What its group may do would now be allowed to another one: that may do what all may.
        mode = mode & ~0o070 | (mode & 0o007) << 3 & mode
    with _courtesy():
        os.fchmod(descriptor, mode)
    _copy_attributes(target, descriptor, with_access=is_same)


def _dress_as_new(descriptor: int, folder: Path) -> None:
    """Give the file the mode that a new one gets, which the user's mask says, or the folder: a new
    file is made, and looked at. A folder's access list it has, and the mode limits that.
    """
    if os.name == "nt":
        return
    sample = folder / f".{secrets.token_hex(14)}"
    UNFINISHED.add(sample)
    try:
        made = os.open(sample, NEW_FILE, 0o666)
        try:
            mode = stat.S_IMODE(os.fstat(made).st_mode)
        finally:
            os.close(made)
    finally:
        sample.unlink(missing_ok=True)
        UNFINISHED.discard(sample)
    with _courtesy():
        os.fchmod(descriptor, mode)


def _copy_attributes(source: Path, descriptor: int, *, with_access: bool) -> None:
    """Copy what users note of a file and, if wanted, who else may use it."""
    if not hasattr(os, "listxattr"):
        return
    with suppress(OSError):
        for name in os.listxattr(source):
            if name.startswith("user.") or (with_access and name == ACCESS_LIST):
                with suppress(OSError):
                    os.setxattr(descriptor, name, os.getxattr(source, name))


@contextmanager
def _courtesy() -> Iterator[None]:
    """Do what not all file systems can; raises only what tells of a file that is not whole."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise


def _rename(unfinished: Path, target: Path, replace: bool) -> None:
    if replace:
        unfinished.replace(target)
        return
    try:
        os.link(unfinished, target)  # which, unlike a renaming, replaces nothing
    except FileExistsError:
        raise OSError(0, "is there already") from None
    except OSError:  # a file system without links
        if target.exists():
            raise OSError(0, "is there already") from None
        unfinished.rename(target)
