"""SQLite files beside the versions of an index, which only builds write: what files say, and what versions changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from index.engine.versions import check_is_file

_WAIT_SECONDS = 10.0  # for another process that reads

_T = TypeVar("_T")


def open_beside(
    path: Path, tables: str, schema: int, read: Callable[[sqlite3.Connection], _T]
) -> tuple[sqlite3.Connection, _T]:
    """Open a file, and `read` from it all that is needed at once; one that is damaged, wherever, is begun anew.

    `tables` makes its tables in place of any others; it is run where the file has not this `schema`. Raises
    sqlite3.Error, IndexUnusable where something else than a file has its name.
    """
    try:
        return _open(path, tables, schema, read)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            check_is_file(path, error)
            raise
        path.unlink()
        return _open(path, tables, schema, read)


def _open(
    path: Path, tables: str, schema: int, read: Callable[[sqlite3.Connection], _T]
) -> tuple[sqlite3.Connection, _T]:
    database = sqlite3.connect(path, timeout=_WAIT_SECONDS)
    try:
        database.execute("PRAGMA secure_delete = ON")  # of decisions that were removed
        if database.execute("PRAGMA user_version").fetchone()[0] != schema:
            database.executescript(f"BEGIN; {tables}; PRAGMA user_version = {schema}; COMMIT")
        return database, read(database)
    except BaseException:
        database.close()
        raise
