"""What was handed in to be added → named files, each read when its turn comes: plain files, folders, .zip archives.

Nothing is ever unpacked to a path that an archive names; its names only say in the report which file is meant. Even so
an archive that looks made to harm (paths that climb out, links, sizes beyond reason) is refused as a whole.
"""

from __future__ import annotations

import io
import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from index.engine.checksums import open_file
from index.errors import NotADecision, NotRead
from index.parsing.decode import MAX_BYTES, MAX_PDF_BYTES, max_bytes
from index.served_page import SUFFIX as SERVED
from index.served_page import looks_like_served_page

SUFFIXES = (".txt", ".html", ".htm", ".mhtml", ".mht", ".pdf", SERVED)
"""Of the files in a folder or an archive these are read; one that is named by itself may be called anything."""

_ARCHIVE = ".zip"
_SAVED_WITH = "_files"  # the folder of pictures and styles that a browser saves beside a page
_MAX_FILES = 200_000  # three times what is published
_MAX_DEPTH = 100  # folders within folders
# Text of decisions compresses to about a quarter. An archive says how much it holds before any of it is read.
_MAX_COMPRESSION, _SLACK_BYTES = 100, 10_000_000
_TOO_LARGE = {
    MAX_BYTES: f"The file has more than {MAX_BYTES:,} bytes, more than any decision.",
    MAX_PDF_BYTES: f"The file has more than {MAX_PDF_BYTES:,} bytes, more than any report.",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file by the name that a report calls it; `read` gives its bytes, and raises NotADecision where it cannot."""

    name: str
    read: Callable[[], bytes]


def sources(paths: Iterable[Path]) -> Iterator[Source]:
    """The files in what was handed in, in its order, those of a folder or an archive by name.

    Something that cannot be taken in at all, such as a hostile archive, comes as one source that cannot be read.
    """
    for path in paths:
        if _is(path.is_dir):
            yield from _alone(path, _in_folder)
        elif path.suffix.lower() == _ARCHIVE and _is(path.is_file):
            yield from _alone(path, _in_archive)
        else:
            yield Source(printable(str(path)), lambda path=path: read_file(path))  # type: ignore[misc]


def _alone(path: Path, found: Callable[[Path], Iterator[Source]]) -> Iterator[Source]:
    """What is found in a folder or an archive; where that fails in a way that nobody foresaw, it alone is refused."""
    try:
        yield from found(path)
    except Exception as error:
        yield _refused(str(path), str(NotRead.of(error)))


def _is(test: Callable[[], bool]) -> bool:
    """What a test of a path says; false where that cannot be told, and reading it will tell why."""
    try:
        return test()
    except OSError:
        return False


def read_file(path: Path) -> bytes:
    """The content of a file. Raises NotADecision where it is no file, too large, or unreadable."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise NotADecision("It is not a file.")  # nor a pipe, which could be read for ever
        if status.st_size > MAX_PDF_BYTES:
            raise NotADecision(_TOO_LARGE[_most(path.name)])
        if not status.st_size:
            return b""  # unread: what the system makes up, as below /proc, has no size either, and may have no end
        with io.BufferedReader(open_file(path)) as file:
            content = file.read(MAX_PDF_BYTES + 1)  # it may have grown
        most = MAX_PDF_BYTES if looks_like_served_page(content) else max_bytes(content)
        if len(content) > most:
            raise NotADecision(_TOO_LARGE[most])
        return content
    except OSError as error:
        raise NotADecision(f"The file cannot be read: {error.strerror}.") from None


@dataclass(frozen=True, slots=True)
class Found:
    """A file below a folder, by its path in that; or a folder whose files are not known, and the `reason`, a sentence.

    The name of such a folder ends in a slash.
    """

    name: str
    path: str
    reason: str = ""


def walk(folder: Path) -> Iterator[Found]:
    """The files below a folder, in no order, but for what begins with a dot or was saved beside a page.

    No link to a folder is followed: it could lead in a circle. Raises OSError where the folder itself cannot be read.
    """
    with os.scandir(folder) as found:
        waiting = [("", list(found))]
    while waiting:
        within, entries = waiting.pop()
        names = {entry.name for entry in entries}
        for entry in entries:
            if entry.name.startswith(".") or not names.isdisjoint(_pages_of(entry.name)):
                continue
            name = f"{within}{entry.name}"
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                if not is_folder and entry.is_dir():
                    continue
            except OSError:
                is_folder = False  # reading it will tell why
            if not is_folder:
                yield Found(name, entry.path)
            elif name.count("/") >= _MAX_DEPTH:
                reason = f"It stands in {_MAX_DEPTH} folders within each other; what it holds was not read."
                yield Found(f"{name}/", entry.path, reason)
            else:
                try:
                    with os.scandir(entry.path) as found:
                        waiting.append((f"{name}/", list(found)))
                except OSError as error:
                    yield Found(f"{name}/", entry.path, f"The folder cannot be read: {error.strerror}.")


def _in_folder(folder: Path) -> Iterator[Source]:
    has_any = False
    try:
        found = sorted(walk(folder), key=lambda found: found.name.split("/"))
    except OSError as error:
        yield _refused(str(folder), f"The folder cannot be read: {error.strerror}.")
        return
    for one in found:
        path = folder / one.name
        has_any = True
        if one.reason:
            yield _refused(str(path), one.reason)
        elif path.suffix.lower() == _ARCHIVE:
            yield from _alone(path, _in_archive)
        elif path.name.lower().endswith(SUFFIXES):
            yield Source(printable(str(path)), lambda path=path: read_file(path))  # type: ignore[misc]
        else:
            yield _refused(str(path), _OTHER)
    if not has_any:
        yield _refused(str(folder), f"The folder holds no {_LISTED} file.")


def _pages_of(folder: str) -> list[str]:
    """The pages that a browser may have saved beside a folder of this name, which has their pictures and styles."""
    page = folder.removesuffix(_SAVED_WITH)
    return [page + suffix for suffix in (".html", ".htm")] if page != folder else []


def _in_archive(path: Path) -> Iterator[Source]:
    try:
        archive = zipfile.ZipFile(path)
        size = path.stat().st_size
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is damaged, or no .zip"
        yield _refused(str(path), f"The archive cannot be read: {reason}.")
        return
    entries = sorted((entry for entry in archive.infolist() if not entry.is_dir()), key=lambda entry: entry.filename)
    if reason := _hostile(entries, size):
        archive.close()
        yield _refused(str(path), f"{reason} Nothing was taken from it.")
        return
    found = False
    names = {entry.filename for entry in entries}
    for entry in entries:
        name = PurePosixPath(entry.filename)
        pages = [page for parent in name.parents for page in _pages_of(str(parent))]
        if any(part.startswith((".", "__MACOSX")) for part in name.parts) or not names.isdisjoint(pages):
            continue
        found = True
        shown = f"{path}/{name}"
        if name.name.lower().endswith(SUFFIXES):
            yield Source(printable(shown), lambda entry=entry: _read_entry(archive, entry))  # type: ignore[misc]
        else:
            yield _refused(shown, _OTHER)
    if not found:
        yield _refused(str(path), f"The archive holds no {_LISTED} file.")


def _hostile(entries: list[zipfile.ZipInfo], size: int) -> str | None:
    """Why an archive of `size` bytes is refused as a whole, if it is."""
    if len(entries) > _MAX_FILES:
        return f"The archive has {len(entries):,} files, more than {_MAX_FILES:,}."
    for entry in entries:
        # As the archive has it: the library turns a backslash or a null into something harmless.
        parts = entry.orig_filename.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in entry.orig_filename:
            return f"The archive has a path that leads out of it, “{_shown(entry)}”."
        if stat.S_ISLNK(entry.external_attr >> 16):
            return f"The archive has a link in place of a file, “{_shown(entry)}”."
    held = sum(entry.file_size for entry in entries)
    if held > _MAX_COMPRESSION * size + _SLACK_BYTES:
        return f"The archive of {size:,} bytes says that it holds {held:,}, which no decisions do."
    return None


def _shown(entry: zipfile.ZipInfo) -> str:
    return printable(entry.orig_filename[:60])


def printable(name: str) -> str:
    """The name of a file as a terminal may be given it; whoever made the file chose it."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in name)


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    most = _most(entry.filename)
    if entry.file_size > most:
        raise NotADecision(_TOO_LARGE[most])
    if entry.flag_bits & 1:
        raise NotADecision("The file is locked with a password.")
    try:
        with archive.open(entry) as file:
            content = file.read(most + 1)
            if len(content) > most or file.read(1):
                raise NotADecision("The file is larger than its archive says.")
            return content
    except (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise NotADecision(f"The file cannot be taken out of its archive, which is damaged ({error}).") from None


def _most(name: str) -> int:
    """How many bytes a file with this name may have, as long as its content is not known."""
    return MAX_PDF_BYTES if name.lower().endswith((".pdf", SERVED)) else MAX_BYTES


def _refused(name: str, reason: str) -> Source:
    def read() -> bytes:
        raise NotADecision(reason)

    return Source(printable(name), read)


_LISTED = ".txt, .html, .htm, .mhtml, .mht, .pdf or .warc.gz"
_OTHER = f"It is no {_LISTED} file."
