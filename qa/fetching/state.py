"""What was fetched, and what is still to be: one SQLite file in the folder of decisions.

Its name begins with a dot, so no build reads it. Every change is written at once and whole, so that a run can be killed
at any moment. It may be deleted: what the pages in the folder tell is read from them again; open runs are
forgotten.
"""

from __future__ import annotations

import datetime
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index.decisions import Reference
from index.errors import DecisionQAError

NAME = ".fetch.sqlite"
_SCHEMA = 1
_TABLES = """
    CREATE TABLE IF NOT EXISTS page (
        reference TEXT PRIMARY KEY, url TEXT NOT NULL, etag TEXT, last_modified TEXT, sha256 TEXT NOT NULL,
        fetched TEXT NOT NULL, checked TEXT NOT NULL, gone TEXT, removed TEXT
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS page_checked ON page (checked);
    CREATE TABLE IF NOT EXISTS wanted (
        place INTEGER PRIMARY KEY, reference TEXT UNIQUE NOT NULL, url TEXT, run TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS run (key TEXT PRIMARY KEY, began TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS walk (
        run TEXT NOT NULL, search TEXT NOT NULL, began TEXT NOT NULL, page INTEGER NOT NULL, found INTEGER NOT NULL,
        newest TEXT, done INTEGER NOT NULL, PRIMARY KEY (run, search)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS selection (key TEXT PRIMARY KEY, newest TEXT, finished TEXT NOT NULL) WITHOUT ROWID;
"""
LATER = ""
"""The run of what could not be had when it was asked for, and is tried again with whatever is fetched next."""


class StateUnusable(DecisionQAError):
    """The state cannot be read or written; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of a decision's page at the site.

    `sha256` is that of its content; `fetched` when that came, `checked` when the site was last asked for it. `gone` is
    when it was first missing there, if it was when last asked for, and `removed` when it was taken down here for that.
    """

    reference: Reference
    url: str
    sha256: str
    fetched: datetime.datetime
    checked: datetime.datetime
    etag: str | None = None
    last_modified: str | None = None
    gone: datetime.datetime | None = None
    removed: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a list was read: the next page, how many cards were found, the date of the newest."""

    began: datetime.datetime
    page: int = 1
    found: int = 0
    newest: datetime.date | None = None
    is_done: bool = False


class State:
    """The state of a folder, locked against other processes while it is open. One thread has it."""

    def __init__(self, folder: Path) -> None:
        """Raises StateUnusable, also where another process fetches into the folder; OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(folder / ".fetch.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise StateUnusable(f"Another process is fetching into {folder}; wait for it to end.") from None
        self._path = folder / NAME
        try:
            with self._told():
                self._database = sqlite3.connect(self._path, isolation_level=None)
                [(version,)] = self._database.execute("PRAGMA user_version")
                if version not in (0, _SCHEMA):
                    raise sqlite3.DatabaseError("another version of the program wrote it")
                self._database.execute("PRAGMA journal_mode = WAL")
                self._database.executescript(_TABLES)
                self._database.execute(f"PRAGMA user_version = {_SCHEMA}")
        except BaseException:
            os.close(self._lock)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        os.close(self._lock)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StateUnusable(
                f"{self._path} cannot be written ({error}). What was fetched is whole; run the command again when "
                "that is mended."
            ) from None
        except sqlite3.DatabaseError as error:
            raise StateUnusable(
                f"{self._path} cannot be read ({error}). Delete it; what the folder holds is not fetched anew."
            ) from None

    @contextmanager
    def _written(self) -> Iterator[sqlite3.Connection]:
        """All that the block writes, or nothing of it."""
        with self._told():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def _rows(self, sql: str, *values: object) -> list[tuple[str | int | None, ...]]:
        with self._told():
            return self._database.execute(sql, values).fetchall()

    # Pages.

    def page(self, reference: Reference) -> Page | None:
        """What is known of a decision."""
        return next(map(_page, self._rows("SELECT * FROM page WHERE reference = ?", reference.text)), None)

    def references(self) -> set[str]:
        """All of which something is known, as text."""
        return {str(text) for (text,) in self._rows("SELECT reference FROM page")}

    def put(self, page: Page) -> None:
        """Note what is known of a decision now; it is no longer wanted."""
        with self._written() as database:
            _insert(database, page)
            database.execute("DELETE FROM wanted WHERE reference = ?", (page.reference.text,))

    def restore(self, pages: Iterable[Page]) -> None:
        """Note what the folder tells of decisions of which nothing was known."""
        with self._written() as database:
            for page in pages:
                _insert(database, page)

    def to_check(self, before: datetime.datetime) -> list[Page]:
        """Those held that were last asked for before a moment: first those that were missing, then the longest ago."""
        rows = self._rows(
            "SELECT * FROM page WHERE removed IS NULL AND checked < ? "
            "ORDER BY gone IS NULL, checked, reference",
            _text(before),
        )  # fmt: skip
        return [_page(row) for row in rows]

    def checked_since(self, moment: datetime.datetime) -> int:
        """How many that had been fetched before were asked for since a moment."""
        [(count,)] = self._rows("SELECT COUNT(*) FROM page WHERE checked >= ? AND fetched < ?", *[_text(moment)] * 2)
        return int(count or 0)

    # Runs: what was begun and is not finished.

    def begin(
        self, key: str, now: datetime.datetime, wanted: Iterable[tuple[Reference, str | None]] = ()
    ) -> datetime.datetime:
        """Begin a run that is to fetch what is `wanted`, or go on with it; tells when it began."""
        with self._written() as database:
            begun = database.execute("INSERT OR IGNORE INTO run VALUES (?, ?)", (key, _text(now)))
            if begun.rowcount:
                _want(database, key, wanted)
        [(began,)] = self._rows("SELECT began FROM run WHERE key = ?", key)
        return _moment(began)

    def open_runs(self) -> list[str]:
        """The keys of those that were begun and not finished, the oldest first."""
        return [str(key) for (key,) in self._rows("SELECT key FROM run ORDER BY began, key")]

    def finish(self, key: str, selections: dict[str, datetime.date | None], now: datetime.datetime) -> None:
        """End a run; `selections` are the searches that it went through, each with the date of its newest decision."""
        with self._written() as database:
            database.execute("UPDATE wanted SET run = ? WHERE run = ?", (LATER, key))
            database.execute("DELETE FROM walk WHERE run = ?", (key,))
            database.execute("DELETE FROM run WHERE key = ?", (key,))
            for selection, newest in selections.items():
                database.execute(
                    "INSERT INTO selection VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET "
                    "newest = NULLIF(MAX(COALESCE(newest, ''), COALESCE(?2, '')), ''), finished = ?3",
                    (selection, newest.isoformat() if newest else None, _text(now)),
                )

    def selections(self) -> dict[str, datetime.date | None]:
        """The searches that were gone through, each with the date of the newest decision that it had."""
        rows = self._rows("SELECT key, newest FROM selection ORDER BY finished, key")
        return {str(key): datetime.date.fromisoformat(str(newest)) if newest else None for key, newest in rows}

    # Walks through lists.

    def walk(self, run: str, search: str) -> Walk | None:
        """How far a list was read, if it was begun."""
        rows = self._rows("SELECT began, page, found, newest, done FROM walk WHERE run = ? AND search = ?", run, search)
        for began, page, found, newest, done in rows:
            date = datetime.date.fromisoformat(str(newest)) if newest else None
            return Walk(_moment(began), int(page or 1), int(found or 0), date, bool(done))
        return None

    def step(self, run: str, search: str, walk: Walk, wanted: Iterable[tuple[Reference, str]]) -> None:
        """Note how far a list was read, together with what was found there to be fetched."""
        with self._written() as database:
            row = (
                run, search, _text(walk.began), walk.page, walk.found,
                walk.newest.isoformat() if walk.newest else None, walk.is_done,
            )  # fmt: skip
            database.execute(f"INSERT OR REPLACE INTO walk VALUES ({','.join('?' * len(row))})", row)
            _want(database, run, wanted)

    # What is to be fetched.

    def wanted(self, *runs: str) -> list[tuple[Reference, str | None]]:
        """What runs are to fetch, in the order in which it was noted; where no address is known, it is None."""
        marks = ",".join("?" * len(runs))
        rows = self._rows(f"SELECT reference, url FROM wanted WHERE run IN ({marks}) ORDER BY place", *runs)
        return [(Reference(str(reference)), None if url is None else str(url)) for reference, url in rows]

    def pending(self, *runs: str) -> int:
        """How many are to be fetched by runs, or by any."""
        marks = ",".join("?" * len(runs))
        [(count,)] = self._rows(f"SELECT COUNT(*) FROM wanted {f'WHERE run IN ({marks})' if runs else ''}", *runs)
        return int(count or 0)

    def unwant(self, reference: Reference) -> None:
        """Do not fetch it after all."""
        with self._written() as database:
            database.execute("DELETE FROM wanted WHERE reference = ?", (reference.text,))

    def put_off(self, reference: Reference, url: str | None) -> None:
        """Fetch it with whatever is fetched next, after all else that is wanted."""
        with self._written() as database:
            _want(database, LATER, [(reference, url)])
            last = "(SELECT MAX(place) + 1 FROM wanted)"
            database.execute(f"UPDATE wanted SET place = {last} WHERE reference = ?", (reference.text,))


def _want(database: sqlite3.Connection, run: str, wanted: Iterable[tuple[Reference, str | None]]) -> None:
    database.executemany(
        "INSERT INTO wanted (reference, url, run) VALUES (?, ?, ?) "
        "ON CONFLICT (reference) DO UPDATE SET run = excluded.run, url = COALESCE(excluded.url, url)",
        [(reference.text, url, run) for reference, url in wanted],
    )


def _insert(database: sqlite3.Connection, page: Page) -> None:
    row = (
        page.reference.text, page.url, page.etag, page.last_modified, page.sha256, _text(page.fetched),
        _text(page.checked), page.gone and _text(page.gone), page.removed and _text(page.removed),
    )  # fmt: skip
    database.execute(f"INSERT OR REPLACE INTO page VALUES ({','.join('?' * len(row))})", row)


def _page(row: tuple[str | int | None, ...]) -> Page:
    reference, url, etag, last_modified, sha256, fetched, checked, gone, removed = row
    return Page(
        Reference(str(reference)), str(url), str(sha256), _moment(fetched), _moment(checked),
        str(etag) if etag else None, str(last_modified) if last_modified else None,
        _moment(gone) if gone else None, _moment(removed) if removed else None,
    )  # fmt: skip


def _text(moment: datetime.datetime) -> str:
    """In UTC and of one length, so that texts are in the order of time."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def _moment(text: object) -> datetime.datetime:
    return datetime.datetime.fromisoformat(str(text)).replace(tzinfo=datetime.UTC)


def as_key(value: object) -> str:
    """A value as a text that is the same whenever the value is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
