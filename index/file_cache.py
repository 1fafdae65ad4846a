"""What each file of the folder of decisions says, remembered: unread while its status is the same, as git's index does.

    INDEX/readings          SQLite: file name → status, SHA-256, and the item of it that goes into a report

It is a cache of what reading gives and no part of a version: without it every file is read again. A row that is damaged
does not count.
"""

from __future__ import annotations

import hashlib
import json
import stat
import time
from dataclasses import dataclass, replace
from os import stat_result
from pathlib import Path
from typing import Any

from index.decisions import Decision, Reference
from index.engine.beside import open_beside
from index.engine.checksums import digest_of
from index.engine.manifest import SCHEMA
from index.errors import NotADecision, NotRead
from index.inputs import printable, read_file, walk
from index.parsing.isolated import Reader
from index.report import Item

_CLOCK_TICK = 20_000_000  # nanoseconds: changes within one tick of the clock of the file system leave the same times
_TABLE = """
DROP TABLE IF EXISTS reading;
CREATE TABLE reading (
    name TEXT PRIMARY KEY, status TEXT NOT NULL, sha256 TEXT NOT NULL, reason TEXT NOT NULL, reference TEXT, body TEXT,
    paragraphs INTEGER, numbering TEXT, proof TEXT, doubts TEXT, contradictions TEXT, proved_to INTEGER, unnamed TEXT,
    unit TEXT NOT NULL, digest BLOB NOT NULL
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: the SHA-256 of its content, and its item, which is `unchanged` or, for no decision, `rejected`.

    The SHA-256 of a file that could not be read is empty.
    """

    sha256: str
    item: Item


@dataclass(frozen=True, slots=True)
class File:
    """A file of the folder, by its path in it; `known` is what it says, None where it has to be read.

    A folder whose files are not known comes as one whose name ends in a slash.
    """

    name: str
    path: str
    known: Reading | None


class FileCache:
    """The readings of one index. Hold the index for writing as long as one is open."""

    def __init__(self, index: Path, reader: Reader) -> None:
        """Raises sqlite3.Error, IndexUnusable where something else than a file has its name."""
        self._reader = reader
        rows: list[tuple[Any, ...]]
        self._database, rows = open_beside(
            index / "readings", _TABLE, SCHEMA, lambda database: database.execute("SELECT * FROM reading").fetchall()
        )
        self._rows: dict[str, tuple[Any, ...]] = {row[0]: row[:-1] for row in rows if digest_of(row[:-1]) == row[-1]}
        self._damaged = [(row[0],) for row in rows if row[0] not in self._rows]
        self._new: dict[str, tuple[Any, ...]] = {}
        self._by_content: dict[str, Item] | None = None
        self._names: set[str] = set()
        self._unseen: tuple[str, ...] = ()

    def files(self, folder: Path) -> list[File]:
        """The files of a folder and of the folders in it, by name; what begins with a dot does not count.

        Raises OSError where the folder itself cannot be read.
        """
        files = []
        for found in walk(folder):
            name = printable(found.name)
            known = None
            row = self._rows.get(name)
            if found.reason:
                known = _unread(name, found.reason)
            elif not _is_utf8(found.name):
                known = _unread(name, "Its name is not UTF-8.")
            elif row is not None:
                try:
                    known = Reading(row[2], _item(row)) if row[1] == _status(Path(found.path).stat()) else None
                except OSError:
                    known = None  # reading it will tell why
            files.append(File(name, found.path, known))
        self._names = {file.name for file in files}
        self._unseen = tuple(name for name in self._names if name.endswith("/"))
        return sorted(files, key=lambda file: file.name)

    def read(self, file: File, whole: bool = False) -> tuple[Reading, Decision | None]:
        """Read a file; it is parsed only if its content was never seen, or if the `whole` decision is wanted."""
        try:
            status = _settled(Path(file.path))
            content = read_file(Path(file.path))
        except NotADecision as error:
            return _unread(file.name, str(error)), None
        sha256 = hashlib.sha256(content).hexdigest()
        item, decision = self.item_of(sha256), None
        if item is not None and not whole:
            item = replace(item, name=file.name)
        else:
            try:
                decision = self._reader.parse(content)
                item = Item.of(file.name, "unchanged", decision)
            except NotRead as error:  # not remembered: the next build tries again
                return _unread(file.name, str(error)), None
            except NotADecision as error:
                item = Item(file.name, "rejected", str(error))
        self._new[file.name] = _row(item, status, sha256)
        return Reading(sha256, item), decision

    def item_of(self, sha256: str) -> Item | None:
        """The item of a file with this content, under whatever name it was read last, if one was."""
        if self._by_content is None:
            self._by_content = {row[2]: _item(row) for row in self._rows.values()}
        return self._by_content.get(sha256)

    def save(self) -> None:
        """Remember what was read, and forget files that are gone. Raises sqlite3.Error."""
        new = [row for name, row in self._new.items() if self._rows.get(name) != row]
        gone = [(name,) for name in self._rows if name not in self._names and not name.startswith(self._unseen)]
        gone += self._damaged
        if new or gone:
            with self._database:
                self._database.executemany("DELETE FROM reading WHERE name = ?", gone)
                self._database.executemany(
                    f"INSERT OR REPLACE INTO reading VALUES ({','.join('?' * 15)})",
                    ((*row, digest_of(row)) for row in new),
                )

    def close(self) -> None:
        """Let go of the file; what was not saved is forgotten."""
        self._database.close()


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _status(status: stat_result) -> str:
    """Differs whenever a file was changed or replaced."""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _settled(path: Path) -> str:
    """The status of a file before it is read, taken when no change that comes later can have the same."""
    try:
        found = path.stat()
        age = time.time_ns() - found.st_ctime_ns
        if 0 <= age < _CLOCK_TICK and stat.S_ISREG(found.st_mode):
            time.sleep((_CLOCK_TICK - age) / 1e9)
            found = path.stat()
    except OSError as error:
        raise NotADecision(f"The file cannot be read: {error.strerror}.") from None
    return _status(found)


def _unread(name: str, reason: str) -> Reading:
    return Reading("", Item(name, "rejected", reason))


def _row(item: Item, status: str, sha256: str) -> tuple[Any, ...]:
    reference = str(item.reference) if item.reference else None
    lists = (item.doubts, item.contradictions, item.unnamed)
    doubts, contradictions, unnamed = (json.dumps(said) if said else None for said in lists)
    return (
        item.name, status, sha256, item.reason, reference, item.body, item.paragraphs, item.numbering, item.proof,
        doubts, contradictions, item.proved_to, unnamed, item.unit,
    )  # fmt: skip


def _item(row: tuple[Any, ...]) -> Item:
    name, _, _, reason, reference, body, paragraphs, numbering, proof, *said = row
    doubts, contradictions, proved_to, unnamed, unit = said
    if reference is None:
        return Item(name, "rejected", reason)
    return Item(
        name, "unchanged", reason, Reference(reference), body, paragraphs, numbering, proof,
        tuple(json.loads(doubts)) if doubts else (), tuple(json.loads(contradictions)) if contradictions else (),
        proved_to, tuple(json.loads(unnamed)) if unnamed else (), unit,
    )  # fmt: skip
