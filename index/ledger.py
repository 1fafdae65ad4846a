"""What changed in the collection, and when: an entry for each decision added, changed, moved or removed.

    INDEX/ledger        SQLite, beside the versions: what each build changed, and what the last one held

It never holds a paragraph of a decision: of one that was removed stay its reference, its body, its address and its
dates, and, of a report that changed before, which of its sections did.
A build writes its entries before it publishes, each with the number of its version; those of a version that was never
published do not count, and neither does a row that is damaged.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from index.decisions import Decision, DecisionEntry, Provenance, Reference
from index.engine.beside import open_beside
from index.engine.checksums import digest_of
from index.text.dates import in_words

What = Literal["added", "changed", "moved", "removed"]
By = Literal["ombudsman", "keeper"]
"""Who removed a decision: the Ombudsman from the site, or whoever keeps this collection from its folder."""

LEDGER = "ledger"
_FORMAT = 1
_TABLES = """
DROP TABLE IF EXISTS change;
DROP TABLE IF EXISTS held;
CREATE TABLE change (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, reference TEXT NOT NULL, what TEXT NOT NULL, at TEXT NOT NULL,
    body TEXT NOT NULL, sha256 TEXT NOT NULL, url TEXT, places TEXT NOT NULL, fields TEXT NOT NULL, before TEXT,
    removed_by TEXT, removed_on TEXT, digest BLOB NOT NULL
);
CREATE INDEX change_by_reference ON change(reference, id);
CREATE INDEX change_by_time ON change(at, id);
CREATE TABLE held (
    reference TEXT, version INTEGER, file TEXT, body TEXT NOT NULL, sha256 TEXT NOT NULL, url TEXT,
    derived INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (reference, version)
) WITHOUT ROWID
"""
_FIELDS = ("body", "category", "outcome", "date", "numbering")
_WAIT_SECONDS = 10.0  # for another process that writes


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a decision. `at` is when the build noticed it, in UTC.

    `sha256` is that of its page, `url` where it is published. `places` are those whose words a changed decision has
    otherwise than before ("paragraph 3"), `fields` those of its head ("outcome"); both are empty where the version
    before could not be read. `before` is where a moved one was published. `removed_on` is the day until which a removed
    one was held.
    """

    reference: Reference
    what: What
    at: datetime.datetime
    body: str
    sha256: str
    url: str | None = None
    places: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    before: str | None = None
    removed_by: By | None = None
    removed_on: datetime.date | None = None

    @property
    def tombstone(self) -> str:
        """What is said of a removed decision where it is asked for: “held until 3 May 2026, since removed …”."""
        day = self.removed_on or self.at.date()
        who = "removed by the Ombudsman" if self.removed_by == "ombudsman" else "removed from this collection"
        return f"held until {in_words(day)}, since {who}"


@dataclass(frozen=True, slots=True)
class _Held:
    """What the ledger knows of a decision: the SHA-256 of its file, None once it is gone, and what its entries tell."""

    file: str | None
    body: str
    source: Provenance


@dataclass(slots=True)
class Changes:
    """What a build changes, gathered as it goes; `old` gives a decision of the version before, or None.

    `at` is in UTC, to the second.
    """

    held: Mapping[Reference, _Held]
    at: datetime.datetime
    old: Callable[[Reference], Decision | None]
    entries: list[Change] = field(default_factory=list)
    now: dict[Reference, _Held] = field(default_factory=dict)

    def take(self, decision: Decision, file: str) -> None:
        """A decision that the next version has; `file` is the SHA-256 of its file."""
        reference, source = decision.reference, decision.provenance
        known = self.held.get(reference)
        if known is not None and known.file == file:
            return  # read anew for another model or format
        self.now[reference] = _Held(file, decision.body, source)
        entry = Change(reference, "added", self.at, decision.body, source.sha256, source.url)
        if known is None:
            self.entries.append(entry)
            return
        if _is_elsewhere(known.source, source):
            self.entries.append(replace(entry, what="moved", before=known.source.url))
        before = self.old(reference)
        if before is not None:
            entry = replace(entry, places=_changed_places(before, decision), fields=_changed_fields(before, decision))
        is_changed = entry.places or entry.fields if before is not None else known.source.sha256 != source.sha256
        if is_changed:
            self.entries.append(replace(entry, what="changed"))

    def keep(self, references: Iterable[str], taken_down: Mapping[Reference, datetime.date]) -> None:
        """All that was held but these is removed; `taken_down` says what was so by the Ombudsman, and on which day."""
        stay = set(references)
        for reference, known in self.held.items():
            if str(reference) not in stay:
                day = taken_down.get(reference)
                entry = Change(reference, "removed", self.at, known.body, known.source.sha256, known.source.url)
                by: By = "ombudsman" if day else "keeper"
                self.entries.append(replace(entry, removed_by=by, removed_on=day or self.at.date()))
                self.now[reference] = replace(known, file=None)


def _is_elsewhere(before: Provenance, now: Provenance) -> bool:
    """Whether a decision is published elsewhere than before; an address that was derived proves nothing."""
    return None not in (before.url, now.url) and not before.is_derived and not now.is_derived and before.url != now.url


def _changed_places(before: Decision, now: Decision) -> tuple[str, ...]:
    """The places at which other words stand than before, or below other headings; those new or gone among them."""
    were, are = ({one.pinpoint.place: (one.section, one.text) for one in each.places()} for each in (before, now))
    return tuple(place for place in {**are, **were} if are.get(place) != were.get(place))


def _changed_fields(before: Decision, now: Decision) -> tuple[str, ...]:
    return tuple(name for name in _FIELDS if getattr(before, name) != getattr(now, name))


class LedgerWriter:
    """The ledger of an index that a build writes to. Hold the index for writing as long as one is open."""

    def __init__(self, index: Path, version: int) -> None:
        """`version` is the published one, 0 where there is none; what was written of later ones is forgotten, and
        `held` is what it holds, as far as the ledger knows.

        Raises sqlite3.Error, IndexUnusable where something else than a file has its name.
        """
        self._database, self.held = open_beside(
            index / LEDGER, _TABLES, _FORMAT, functools.partial(_published, version=version)
        )

    def begin(
        self, entries: Iterable[DecisionEntry], files: Mapping[str, Sequence[str]], version: int, at: str
    ) -> None:
        """Begin with what a version holds that was built, at `at`, before there was a ledger, or whose ledger was lost.

        `files` are those of its manifest. Raises sqlite3.Error.
        """
        changes = Changes({}, datetime.datetime.fromisoformat(at), lambda _: None)
        for entry in entries:
            source, file = entry.provenance, files[str(entry.reference)][0]
            changes.now[entry.reference] = _Held(file, entry.body, source)
            changes.entries.append(Change(entry.reference, "added", changes.at, entry.body, source.sha256, source.url))
        self.write(changes, version)
        self.held = changes.now

    def write(self, changes: Changes, version: int) -> None:
        """Write what a version changes, before it is published. Raises sqlite3.Error."""
        held = [
            (str(reference), version, one.file, one.body, one.source.sha256, one.source.url, int(one.source.is_derived))
            for reference, one in changes.now.items()
        ]
        with self._database:
            self._database.execute(
                "DELETE FROM held WHERE EXISTS "
                "(SELECT 1 FROM held AS later WHERE later.reference = held.reference AND later.version > held.version)"
            )
            self._database.executemany(
                f"INSERT INTO held VALUES ({_marks(8)})", ((*row, digest_of(row)) for row in held)
            )
            self._database.executemany(
                f"INSERT INTO change VALUES (NULL, {_marks(13)})",
                ((*row, digest_of(row)) for row in (_row(entry, version) for entry in changes.entries)),
            )

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


@dataclass(frozen=True, slots=True)
class Ledger:
    """The entries of an index up to a version; opened anew for each question, as a build may write between two.

    Where there is no ledger, or it cannot be read, nothing is known to have changed.
    """

    index: Path
    version: int

    def since(self, day: datetime.date | None = None, limit: int | None = None, offset: int = 0) -> list[Change]:
        """The entries from a day on, in UTC, the latest first: all of them, or one page."""
        where, values = self._from(day)
        sql = f"SELECT * FROM change WHERE {where} ORDER BY at DESC, id DESC LIMIT ? OFFSET ?"
        return self._changes(sql, (*values, -1 if limit is None else limit, offset))

    def count(self, day: datetime.date | None = None) -> int:
        """How many entries there are from a day on."""
        where, values = self._from(day)
        rows = self._rows(f"SELECT count(*) FROM change WHERE {where}", values)
        return int(rows[0][0]) if rows else 0

    def removed(self, reference: Reference) -> Change | None:
        """How a decision went that was held before and is not any more."""
        sql = "SELECT * FROM change WHERE version <= ? AND reference = ? ORDER BY id DESC LIMIT 1"
        found = self._changes(sql, (self.version, str(reference)))
        return found[0] if found and found[0].what == "removed" else None

    def _from(self, day: datetime.date | None) -> tuple[str, tuple[object, ...]]:
        return ("version <= ? AND at >= ?", (self.version, day.isoformat() if day else ""))

    def _changes(self, sql: str, values: tuple[object, ...]) -> list[Change]:
        rows = (row[1:] for row in self._rows(sql, values))
        return [_change(row[1:-1]) for row in rows if digest_of(row[:-1]) == row[-1]]

    def _rows(self, sql: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        uri = f"{(self.index / LEDGER).resolve().as_uri()}?mode=ro"
        try:
            with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=_WAIT_SECONDS)) as database:
                return database.execute(sql, values).fetchall()
        except sqlite3.Error:
            return []


def _published(database: sqlite3.Connection, version: int) -> dict[Reference, _Held]:
    """Forget what was written of versions after this one; what it holds, as far as the ledger knows."""
    with database:
        for table in ("change", "held"):
            database.execute(f"DELETE FROM {table} WHERE version > ?", (version,))
    found: dict[Reference, _Held] = {}
    for *row, digest in database.execute("SELECT * FROM held ORDER BY version"):
        reference, _, file, body, sha256, url, derived = row
        if digest_of(row) == digest:
            found[Reference(reference)] = _Held(file, body, Provenance(url, bool(derived), None, sha256))
    return {reference: one for reference, one in found.items() if one.file is not None}


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _row(entry: Change, version: int) -> tuple[Any, ...]:
    return (
        version, str(entry.reference), entry.what, entry.at.isoformat(), entry.body, entry.sha256, entry.url,
        json.dumps(entry.places), json.dumps(entry.fields), entry.before, entry.removed_by,
        entry.removed_on.isoformat() if entry.removed_on else None,
    )  # fmt: skip


def _change(row: Sequence[Any]) -> Change:
    reference, what, at, body, sha256, url, places, fields, before, removed_by, removed_on = row
    return Change(
        Reference(reference), what, datetime.datetime.fromisoformat(at), body, sha256, url, tuple(json.loads(places)),
        tuple(json.loads(fields)), before, removed_by,
        datetime.date.fromisoformat(removed_on) if removed_on else None,
    )  # fmt: skip
