"""All of a published version checked: every file, every row of its databases, and that its parts agree; reads only.

Unlike whoever reads an index, this goes on after what is damaged, and so tells of everything that is.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embedding.types import Progress
from index.engine.checksums import Damaged, Part, check_sizes, damages, digest_of, is_passing
from index.engine.columns import Columns
from index.engine.database import DATABASE, OF_DECISIONS, REGISTER, digest_of_register, uri_of
from index.engine.embedding_files import Block
from index.engine.manifest import EMBEDDINGS, Manifest
from index.engine.segments import Segment, SegmentPart, row_name
from index.engine.versions import MANIFEST, Vanished, hold, published, unread
from index.errors import IndexDamaged, NoIndex, kind_and_place
from index.memory import is_short, reports_shortage
from index.store import Store

_MAX_ROWS_NAMED = 20  # damaged rows of one table that are told one by one


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of a version; `size` is in bytes, and all counts are 0 where the manifest is damaged.

    `damaged` has a sentence for each damage, without its full stop.
    """

    version: str
    files: int = 0
    size: int = 0
    decisions: int = 0
    paragraphs: int = 0
    damaged: tuple[str, ...] = ()


def verify(index: Path, progress: Progress | None = None) -> Verified:
    """Check the published version of an index; `progress` is told of MiB read. Raises NoIndex, IndexMismatch, and
    IndexUnusable where the machine is short of what it takes.
    """
    while (folder := published(index)) is not None:
        with contextlib.suppress(Vanished):
            try:
                held = hold(folder)
            except OSError as error:
                if is_passing(error):
                    raise unread(folder.name, MANIFEST, error) from error
                return Verified(folder.name, damaged=(f"{MANIFEST} cannot be read ({error.strerror})",))
            try:
                with reports_shortage("check the index"):
                    return _verify(folder, progress)
            except OSError as error:
                raise unread(folder.name, "a file", error) from error
            finally:
                os.close(held)
    raise NoIndex(f"There is no index in {index} yet. Run decision-qa build first.")


def _verify(folder: Path, progress: Progress | None) -> Verified:
    try:
        manifest = Manifest.read(folder)
    except IndexDamaged as error:
        return Verified(folder.name, damaged=(error.what,))
    parts, found = list(manifest.content.values()), []
    try:
        parts += [part for block in Block.read(folder / EMBEDDINGS) for part in block.parts]
    except (OSError, ValueError):  # which its checksum tells, too
        found.append(f"{EMBEDDINGS} cannot be checked without its blocks")
    found += _of_files(folder, manifest, parts, progress)
    are_whole = not found
    for segment in manifest.segments:
        if (folder / segment.name / DATABASE).is_file():  # else it was told already
            found += _of_rows((folder / segment.name, segment), are_whole)
    if not found:
        try:
            Store(folder).close()
        except IndexDamaged as error:
            found.append(error.what)
    return Verified(
        folder.name,
        len({part.name for part in parts}) + 2,  # with the manifest and its checksum
        sum(part.size for part in parts),
        manifest.decisions,
        manifest.paragraphs,
        tuple(found),
    )


def _of_files(folder: Path, manifest: Manifest, parts: list[Part], progress: Progress | None) -> Iterator[str]:
    total, done = sum(part.size for part in parts) >> 20, 0

    def tell(read: int) -> None:
        nonlocal done
        done += read
        if progress is not None and total:
            progress(min(done >> 20, total), total)

    whole = []
    for part in parts:
        is_growing = part.name not in manifest.content
        try:
            check_sizes(folder, () if is_growing else [part], [part] if is_growing else ())
            whole.append(part)
        except Damaged as error:
            yield str(error)
    yield from damages(folder, whole, tell, os.cpu_count() or 1)


def _of_rows(part: SegmentPart, are_whole: bool) -> Iterator[str]:
    """What is damaged of the database of a segment; held against its columns where all files `are_whole`."""
    folder, segment = part
    name, salt = f"{folder.name}/{DATABASE}", bytes.fromhex(segment.salt)
    try:
        with contextlib.closing(sqlite3.connect(uri_of(folder), uri=True)) as database:
            for (line,) in database.execute("PRAGMA integrity_check(3)"):
                if line != "ok":
                    yield f"{name}: {' '.join(line.split())}"
            for table in OF_DECISIONS:
                wrong = 0
                for *row, digest in database.execute(f"SELECT * FROM {table}"):
                    if digest_of(row, salt) != digest:
                        wrong += 1
                        if wrong <= _MAX_ROWS_NAMED:
                            yield f"{name} has another {table} than was written at {row_name(row[0])}"
                if wrong > _MAX_ROWS_NAMED:
                    yield f"{name} has {wrong - _MAX_ROWS_NAMED} more of such"
            yield from _of_counts(name, database, segment)
            if are_whole:
                yield from _of_places(name, database, Columns.map(folder), segment)
    except Exception as error:
        if is_short(error) and are_whole:  # else a wrong length may have asked for it
            raise
        is_foreseen = isinstance(error, sqlite3.Error | MemoryError | OverflowError)
        yield f"{name} cannot be read ({error if is_foreseen else kind_and_place(error)})"


def _of_counts(name: str, database: sqlite3.Connection, segment: Segment) -> Iterator[str]:
    rows = database.execute(REGISTER.format("main")).fetchall()
    if digest_of_register(rows) != segment.register or len(rows) != segment.decisions:
        yield f"{name} has another register of decisions than was written"
    for table, count in (("remark", segment.decisions), ("paragraph", segment.places)):
        [(held,)] = database.execute(f"SELECT COUNT(*) FROM {table}")
        if held != count:
            yield f"{name} has {held:,} rows of {table} in place of {count:,}"


def _of_places(name: str, database: sqlite3.Connection, columns: Columns, segment: Segment) -> Iterator[str]:
    living = columns.ids[columns.of_decisions(~np.isin(columns.decisions, segment.deleted))]
    held = database.execute("SELECT id FROM paragraph ORDER BY id").fetchall()
    if [identity for (identity,) in held] != living.tolist():
        yield f"{name} has other paragraphs than the columns of {segment.name}"
