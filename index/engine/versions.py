"""The versions of an index as folders: which one is published, who may write, who still reads. Knows no engine.

    INDEX/000002/           one immutable version: the folder with the highest number is the published one
        manifest.json       what it consists of, with the checksum of every other file
        manifest.json.sha256    that of the manifest
    INDEX/.building-…       a version being written: nobody reads it, and one rename publishes it
    INDEX/.old-…            a version being deleted, or that could not be
    INDEX/.lock             held by the one build that may write

Whoever reads a version holds a shared lock on its manifest, and who deletes one has had that lock for itself alone.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.engine.checksums import is_passing, open_file
from index.errors import IndexBusy, IndexDamaged, IndexUnusable, NotEnoughMemory
from index.memory import is_short

MANIFEST = "manifest.json"
MANIFEST_SUM = f"{MANIFEST}.sha256"

_VERSION = re.compile(r"[0-9]{6}")
_LAST = 999_999
_BUILDING, _OLD = ".building-", ".old-"


class Vanished(Exception):
    """A version was cleaned away before its reader could hold it; there is a newer one."""


def damaged(version: str, error: object) -> IndexDamaged:
    """What is told of a version that is not what was written; `error` says how it differs."""
    return IndexDamaged(
        f"Version {version} of the index is damaged: {error}. Run decision-qa verify to see all that is damaged, "
        "and decision-qa build to make it anew.",
        str(error),
    )


def unread(version: str, name: str, error: OSError) -> IndexUnusable:
    """What is told where a file of a version cannot be read: that it is damaged, unless only the machine is short."""
    if is_passing(error):
        return IndexUnusable(f"The index cannot be read just now: {error.strerror}. Try again in a minute.")
    return damaged(version, f"{name} cannot be read ({error.strerror or error})")


def published(index: Path) -> Path | None:
    """The folder of the published version, or None where nothing has been built."""
    names = _versions(index)
    return index / max(names) if names else None


def _versions(index: Path) -> list[str]:
    try:
        with os.scandir(index) as found:
            return [entry.name for entry in found if _VERSION.fullmatch(entry.name) and _is_folder(entry)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # as of a link to itself
        return False


def hold(version: Path) -> int:
    """Keep a version from being deleted until the file descriptor returned is closed. Raises Vanished, OSError."""
    try:
        descriptor = _opened(version)
    except FileNotFoundError:
        if not version.is_dir():
            raise Vanished from None
        raise
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        # It may have been moved aside between the opening and the locking.
        if not os.path.samestat(os.fstat(descriptor), (version / MANIFEST).stat()):
            raise Vanished
    except FileNotFoundError:
        os.close(descriptor)
        raise Vanished from None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _opened(version: Path) -> int:
    with open_file(version / MANIFEST) as file:
        return os.dup(file.fileno())


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the index for writing; clears away what a killed build left. Raises IndexBusy while another build runs.

    Raises IndexUnusable where something else than a file has the name of the lock.
    """
    index.mkdir(parents=True, exist_ok=True)
    try:
        # Not waiting, as a pipe with that name would have it.
        lock = os.open(index / ".lock", os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except OSError as error:
        check_is_file(index / ".lock", error)
        raise
    with os.fdopen(lock, "w"):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusy(f"Another build is writing to {index}. Run this one again when it has finished.") from None
        for prefix in (_BUILDING, _OLD):
            for left_over in index.glob(f"{prefix}*"):
                _delete(left_over)
        yield


def begin_version(index: Path) -> Path:
    """An empty folder for the next version, which nobody reads yet. Hold `writing` around it.

    Raises IndexUnusable where there is no higher number than that of an entry of the index.
    """
    last = max((name for name in os.listdir(index) if _VERSION.fullmatch(name)), default="0")  # folders or not
    if int(last) == _LAST:
        raise IndexUnusable(
            f"{index / last} has the last number that a version can have. Delete it, then run decision-qa build."
        )
    aside = _free(index / f"{_BUILDING}{int(last) + 1:06d}")
    aside.mkdir()
    return aside


def _free(path: Path) -> Path:
    """A path that nothing has: this one, or one that has a number more, where this one's could not be deleted."""
    names = itertools.chain([path.name], (f"{path.name}-{number}" for number in itertools.count(1)))
    return next(free for name in names if not os.path.lexists(free := path.with_name(name)))


def version_of(aside: Path) -> str:
    """The name that a version which is being written will have: its number, in six digits."""
    return aside.name.removeprefix(_BUILDING).partition("-")[0]


def publish(aside: Path) -> Path:
    """Make a finished version the published one, by one rename. Raises IndexUnusable where another one still is."""
    # Have everything on the disk before it is published: a power cut must not leave a version with holes.
    for path in (aside, *aside.rglob("*")):
        _sync(path)
    version = aside.with_name(version_of(aside))
    aside.rename(version)
    _sync(version.parent)
    if (other := published(version.parent)) != version:  # what somebody put there since it was begun
        raise IndexUnusable(
            f"{other} stands in the way of version {version.name}. Delete it, then run decision-qa build."
        )
    return version


def clean(index: Path) -> list[Path]:
    """Delete the versions that are not published and that no reader holds; returns those that stay.

    Hold `writing` around it.
    """
    stay = []
    *older, newest = sorted(_versions(index)) or [""]
    for name in older:
        version = index / name
        try:
            with contextlib.ExitStack() as opened:
                if (version / MANIFEST).is_file():  # else nobody can hold it
                    descriptor = _opened(version)
                    opened.callback(os.close, descriptor)
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                aside = _free(version.with_name(f"{_OLD}{name}"))
                version.rename(aside)
                _delete(aside)
        except OSError:  # a reader holds it, or it is another owner's
            stay.append(version)
    return [*stay, index / newest] if newest else stay


def _delete(left_over: Path) -> None:
    """Delete what stands aside, whatever it is, as far as that can be done now; the next build tries again."""
    with contextlib.suppress(OSError, RecursionError):
        if left_over.is_dir() and not left_over.is_symlink():
            shutil.rmtree(left_over, ignore_errors=True)
        else:
            left_over.unlink()


@contextmanager
def writes(index: Path) -> Iterator[None]:
    """Raise IndexUnusable for what goes wrong in writing: a full disk, for which each engine has errors of its own."""
    try:
        yield
    except (sqlite3.Error, OSError, RuntimeError, ValueError, MemoryError) as error:
        before = published(index)
        kept = f"version {before.name} stays published" if before else "nothing is published"
        if is_short(error):
            raise NotEnoughMemory(f"There is not enough memory to write the new version; {kept}.") from error
        raise IndexUnusable(f"The new version could not be written to {index} ({error}); {kept}.") from error


def check_is_file(path: Path, error: Exception) -> None:
    """Raise IndexUnusable where it cannot be opened, for which `error` came, because something else has its name."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise IndexUnusable(f"{path} cannot be written. Delete it, then run decision-qa build.") from error


def link(source: Path, target: Path) -> None:
    """Give a file that is never changed a second name; a copy where the file system has no hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _sync(path: Path) -> None:
    """Wait until a file, or the list of names that a folder is, stands on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
