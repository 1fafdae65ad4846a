"""What proves that bytes are those that were written: SHA-256 of files and of parts of files, digests of rows.

A checksum of a file is what `sha256sum` prints. Of a file that only grows, each part that was appended has one. A row
of a database has a digest beside it that is compared whenever the row is read, and that is made with the salt of its
database, or that of another with nearly the same rows would do. They find accidents: whoever can write to an index can
write its checksums, too.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

_CHUNK_BYTES = 1 << 20  # bytes
_PASSING_ERRORS = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN)

Tell = Callable[[int], object]
"""Is told of bytes as they were read; what it raises ends the reading."""


class Damaged(ValueError):
    """Something on the disk is not what was written; the text names it and says how it differs."""


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of a file from `begin` to `end`, and their SHA-256; `name` is the path of the file in its version."""

    name: str
    begin: int
    end: int
    sha256: str

    @property
    def size(self) -> int:
        """In bytes."""
        return self.end - self.begin

    def check(self, folder: Path, tell: Tell = lambda _: None) -> None:
        """Compare it with what the file in the folder of the version has. Raises Damaged; OSError that passes."""
        with _damage(self.name), open_file(folder / self.name) as file:
            self.check_in(file, tell)

    def read(self, folder: Path) -> bytes:
        """All of a whole file, once it was found to be right. Raises Damaged; OSError that passes."""
        with _damage(self.name), open_file(folder / self.name) as file:
            content = file.readall()
        if len(content) != self.end or hashlib.sha256(content).hexdigest() != self.sha256:
            raise Damaged(f"{self.name} is not what was written")
        return content

    def check_in(self, file: FileIO, tell: Tell = lambda _: None) -> None:
        """The same with the file open. Raises Damaged, OSError."""
        if _sha256_of(file, self.begin, self.end, tell) != self.sha256:
            where = f" between byte {self.begin:,} and {self.end:,}" if self.begin else ""
            raise Damaged(f"{self.name} is not what was written{where}")


def open_file(path: Path) -> FileIO:
    """A file for reading, which never waits as a pipe with its name would. Raises OSError, also where it is no file."""
    file = FileIO(path, opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    return file


def is_passing(error: OSError) -> bool:
    """Whether it tells that the machine is short of something, and nothing of the file."""
    return error.errno in _PASSING_ERRORS


@contextmanager
def _damage(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if is_passing(error):
            raise
        raise Damaged(f"{name} cannot be read: {error.strerror}") from error


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits. Raises OSError."""
    with open_file(path) as file:
        return _sha256_of(file, 0, os.fstat(file.fileno()).st_size, lambda _: None)


def _sha256_of(file: FileIO, begin: int, end: int, tell: Tell) -> str:
    told = hashlib.sha256()
    file.seek(begin)
    left = end - begin
    while left > 0 and (content := file.read(min(left, _CHUNK_BYTES))):
        told.update(content)  # other threads compute meanwhile
        left -= len(content)
        tell(len(content))
    return told.hexdigest()


def written(folder: Path, names: Iterable[str], known: Mapping[str, Part], before: Path | None) -> dict[str, Part]:
    """The checksums of files of a folder, by their paths in it.

    A file that is linked from the folder `before` has the one that is `known` of it, without being read.
    """
    parts = {}
    for name in names:
        path = folder / name
        if before is not None and name in known and is_same(path, before / name):
            parts[name] = known[name]
        else:
            parts[name] = Part(name, 0, path.stat().st_size, sha256_of(path))
    return parts


def is_same(path: Path, other: Path) -> bool:
    """Whether two paths are of one file."""
    try:
        return path.samefile(other)
    except FileNotFoundError:
        return False


def check_sizes(folder: Path, parts: Iterable[Part], growing: Iterable[Part] = ()) -> None:
    """Have the sizes of files compared, which reads none of them; `growing` ones may be longer. Raises Damaged;
    OSError that passes.

    To be done before anything is mapped: whoever reads a mapping beyond the end of its file is ended by the system.
    """
    last = {part.name: part for part in growing}
    for of_growing, some in ((False, parts), (True, last.values())):
        for part in some:
            with _damage(part.name):
                found = (folder / part.name).stat()
            if not stat.S_ISREG(found.st_mode):
                raise Damaged(f"{part.name} is not a file")
            if found.st_size < part.end or (found.st_size > part.end and not of_growing):
                raise Damaged(f"{part.name} has {found.st_size:,} bytes in place of {part.end:,}")


def damages(folder: Path, parts: Iterable[Part], tell: Tell = lambda _: None, threads: int = 1) -> Iterator[str]:
    """What is damaged of some parts, a sentence without its full stop each; so many `threads` read them.

    Raises OSError that passes.
    """

    def damage(part: Part) -> str:
        try:
            part.check(folder, tell)
        except Damaged as error:
            return str(error)
        return ""

    if threads == 1:
        yield from filter(None, map(damage, parts))
        return
    with ThreadPoolExecutor(threads) as readers:
        yield from filter(None, readers.map(damage, parts))


def digest_of(values: Sequence[object], salt: bytes = b"") -> bytes:
    """16 bytes that say whether a row is the one that was written with this salt, whatever it has now."""
    told = "\0".join([value if type(value) is str else f"\1{value!r}" for value in values])
    return hashlib.blake2b(told.encode(errors="surrogatepass"), digest_size=16, key=salt).digest()
