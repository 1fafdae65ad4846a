"""Decisions and paragraphs as SQLite keeps them, as they are quoted; the only importer of sqlite3 for them.

Each row has a digest beside it, see index.engine.checksums, and so has the register of a segment, of which a list of
decisions is made. The digests of rows are made with a salt that the manifest has, and that is drawn for each database
that is written: the rows of any other one are found to be others, however alike.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from index.engine.checksums import Damaged, digest_of
from index.engine.columns import PLACES, Columns
from index.engine.segments import Segment, SegmentPart, alive, holds, row_name

DATABASE = "decisions.sqlite"

MOST_SEGMENTS = 8
"""SQLite attaches ten databases to one connection."""

TABLES = """
CREATE TABLE decision (
    id INTEGER PRIMARY KEY, reference TEXT NOT NULL, body TEXT NOT NULL, category TEXT, outcome TEXT, date TEXT,
    numbering TEXT NOT NULL, source_url TEXT, source_derived INTEGER NOT NULL, fetched TEXT, sha256 TEXT NOT NULL,
    paragraphs INTEGER NOT NULL, unit TEXT NOT NULL, proof TEXT NOT NULL, places INTEGER NOT NULL,
    passages INTEGER NOT NULL, digest BLOB NOT NULL
);
CREATE TABLE remark (
    id INTEGER PRIMARY KEY, doubts TEXT NOT NULL, cross_references TEXT NOT NULL, digest BLOB NOT NULL
);
CREATE TABLE paragraph (
    id INTEGER PRIMARY KEY, number, numbering TEXT NOT NULL, section TEXT NOT NULL, role TEXT NOT NULL,
    lines TEXT NOT NULL, wording INTEGER NOT NULL, digest BLOB NOT NULL
);
"""
"""The id of a decision is that of its remark; the last column is the digest of all others, in their order.

The number of a paragraph is an integer, the name of a page or a section, or NULL for the summary.
"""

OF_DECISIONS = {"decision": "id", "remark": "id", "paragraph": f"id / {PLACES}"}
"""The tables, and of which decision a row is."""

REGISTER = "SELECT id, body, category, outcome, date FROM {}.decision ORDER BY id"
"""What the digest of a register is of."""

INDEXES = "CREATE INDEX paragraph_by_wording ON paragraph(wording, id)"
_MAX_VALUES = 500  # in one statement

Row = tuple[int, str, str | None, str | None, str | None]
"""The id, body, category, outcome and date (as ISO 8601) of a decision."""


def digest_of_register(rows: Sequence[Row]) -> str:
    """32 hexadecimal digits that say whether rows, in the order of their ids, are those that were written."""
    told = hashlib.blake2b(digest_size=16)
    for column in zip(*rows, strict=True):  # as columns, which takes a quarter of the time
        told.update(json.dumps(column, default=repr).encode())
    return told.hexdigest()


class Database:
    """The rows of all segments of a version, each compared with its digest; may be used from several threads.

    Raises Damaged where a row is not what was written.
    """

    def __init__(self, folder: Path, segments: Sequence[Segment]) -> None:
        """Attach the databases of all segments. Raises sqlite3.Error, ValueError."""
        self._segments = segments
        self._salts = [bytes.fromhex(segment.salt) for segment in segments]
        self._lock = threading.Lock()  # one connection, used by one thread at a time
        self._connection = _attach(folder, segments)

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def registers(self) -> Iterator[list[Row]]:
        """What each segment has of its decisions, as a list shows it."""
        for number, segment in enumerate(self._segments):
            rows = self.query(REGISTER.format(f"segment{number}"))
            if digest_of_register(rows) != segment.register or len(rows) != segment.decisions:
                raise Damaged(f"the register of decisions of {segment.name} is not what was written")
            yield rows

    def by_id(self, table: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        """The rows of a table with these ids, in this order, without their digests."""
        found: dict[int, tuple[Any, ...]] = {}
        for start in range(0, len(ids), _MAX_VALUES):
            chosen = ids[start : start + _MAX_VALUES]
            found |= {row[0]: row for row in self.rows(table, f"id IN ({','.join('?' * len(chosen))})", chosen)}
        missing = next((identity for identity in ids if identity not in found), None)
        if missing is not None:
            raise Damaged(f"{DATABASE} lacks a {table} of {row_name(missing)}")
        return [found[identity] for identity in ids]

    def rows(self, table: str, condition: str, values: Sequence[int]) -> list[tuple[Any, ...]]:
        """The rows of a table that meet a condition, without their digests, each proved by it."""
        found = []
        for *row, digest, number in self.query(f"SELECT * FROM {table} WHERE {condition}", values):
            if digest_of(row, self._salts[number]) != digest:
                raise Damaged(f"{DATABASE} has another {table} than was written at {row_name(row[0])}")
            found.append(tuple(row))
        return found

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a statement finds, without comparing digests."""
        try:
            with self._lock:
                return self._connection.execute(sql, tuple(values)).fetchall()
        except sqlite3.ProgrammingError:  # a mistake of this program's own
            raise
        except (sqlite3.Error, MemoryError, OverflowError) as error:
            raise Damaged(f"{DATABASE} cannot be read ({error})") from error


def _attach(folder: Path, segments: Sequence[Segment]) -> sqlite3.Connection:
    """A database with the rows of all segments: a view of each table, its last column the number of the segment."""
    database = sqlite3.connect(":memory:", uri=True, isolation_level=None, check_same_thread=False)
    try:
        database.executescript(TABLES)  # of the views' first part, which is empty: an index may have no segment
        database.execute("PRAGMA temp_store = MEMORY")
        for number, segment in enumerate(segments):
            database.execute(f"ATTACH ? AS segment{number}", (uri_of(folder / segment.name),))
        for table in OF_DECISIONS:
            parts = [f"SELECT *, {number} FROM segment{number}.{table}" for number in range(len(segments))]
            selects = [f"SELECT *, NULL AS segment FROM main.{table}", *parts]
            database.execute(f"CREATE TEMP VIEW {table} AS {' UNION ALL '.join(selects)}")
    except BaseException:
        database.close()
        raise
    return database


def delete(folder: Path, segment: Segment, ids: Iterable[int]) -> Segment:
    """The segment without those of these decisions that are alive in it; nothing is written."""
    chosen = [(identity,) for identity in sorted(set(ids) - set(segment.deleted))]
    database = sqlite3.connect(uri_of(folder), uri=True)
    try:
        database.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
        database.executemany("INSERT INTO chosen VALUES (?)", chosen)
        rows = database.execute(
            "SELECT id, paragraphs, places, passages FROM decision WHERE id IN (SELECT id FROM chosen)"
        ).fetchall()
    finally:
        database.close()
    return replace(
        segment,
        decisions=segment.decisions - len(rows),
        paragraphs=segment.paragraphs - sum(row[1] for row in rows),
        places=segment.places - sum(row[2] for row in rows),
        passages=segment.passages - sum(row[3] for row in rows),
        deleted=tuple(sorted([*segment.deleted, *(row[0] for row in rows)])),
    )


def findable(folder: Path, segment: Segment, apart: Sequence[SegmentPart] = ()) -> Iterator[tuple[int, str]]:
    """Each text that is alive in a segment and in none of `apart`: its key, and its words with those of its heading."""
    columns = Columns.map(folder)
    living = columns.texts[alive(columns, segment)]
    texts, first = np.unique(living, return_index=True)
    fresh = ~holds(apart, columns.keys[texts])
    chosen = np.zeros(len(living), dtype=np.bool_)
    chosen[first[fresh]] = True
    database = sqlite3.connect(uri_of(folder), uri=True)
    try:
        rows = database.execute("SELECT section, lines FROM paragraph ORDER BY id")
        keys = columns.keys[living[chosen]]
        for key, (section, lines) in zip(keys, itertools.compress(rows, chosen), strict=True):
            text = "\n".join(line[0] for line in json.loads(lines))
            yield int(key), "\n".join((*json.loads(section)[-1:], text))  # the nearest heading counts as text
    finally:
        database.close()


def copy_living(parts: Sequence[SegmentPart], target: Path) -> tuple[str, str]:
    """Write a database with the rows of some segments that are alive; returns the digest of its register, and its salt.

    Not by deleting rows in a copy: what SQLite moves while it deletes may stay where it was.
    """
    database = new_database(target)
    salt = new_salt()
    try:
        for folder, segment in parts:
            database.create_function("proved", -1, functools.partial(_proved, bytes.fromhex(segment.salt), salt))
            database.execute("ATTACH ? AS part", (uri_of(folder),))
            database.execute("CREATE TEMP TABLE deleted (id INTEGER PRIMARY KEY)")
            database.execute("BEGIN")
            database.executemany("INSERT INTO deleted VALUES (?)", ((identity,) for identity in segment.deleted))
            for table, of_decision in OF_DECISIONS.items():
                names = [name for _, name, *_ in database.execute(f"PRAGMA main.table_info({table})")]
                values = ", ".join(names[:-1])
                database.execute(
                    f"INSERT INTO main.{table} SELECT {values}, proved({', '.join(names)}) FROM part.{table} "
                    f"WHERE {of_decision} NOT IN (SELECT id FROM deleted) ORDER BY id"
                )
            database.execute("COMMIT")
            database.execute("DROP TABLE deleted")
            database.execute("DETACH part")
        database.executescript(INDEXES)
        return register_of(database), salt.hex()
    finally:
        database.close()


def _proved(before: bytes, salt: bytes, *row: object) -> bytes:
    """The digest of a row with another salt, once the one that it has, its last value, was found to be right."""
    *values, digest = row
    if digest_of(values, before) != digest:
        raise ValueError("a row is not what was written")
    return digest_of(values, salt)


def register_of(database: sqlite3.Connection) -> str:
    """The digest of the register of a segment."""
    return digest_of_register(database.execute(REGISTER.format("main")).fetchall())


def new_salt() -> bytes:
    """16 bytes that no other database has."""
    return secrets.token_bytes(16)


def new_database(folder: Path) -> sqlite3.Connection:
    """Begin the database of a segment in its folder."""
    database = sqlite3.connect(f"{(folder / DATABASE).resolve().as_uri()}", uri=True, isolation_level=None)
    # A journal in memory, of what one decision changes, for a decision that cannot be stored; publishing synchronises.
    database.executescript(f"PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; {TABLES}")
    return database


def uri_of(folder: Path) -> str:
    """Where SQLite opens the database of a segment for reading; it locks nothing, and writes nothing beside it."""
    return f"{(folder / DATABASE).resolve().as_uri()}?mode=ro&immutable=1"
