"""A segment being written, from decisions or from segments before it.

What can fail of a decision is done before anything is written.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from index.arrays import Vectors, concat_ranges
from index.decisions import SUMMARY, Decision, Pinpoint, Reference, Role
from index.embedding.types import Progress
from index.engine.checksums import digest_of
from index.engine.columns import PLACES, Columns, text_key
from index.engine.database import DATABASE, INDEXES, copy_living, new_database, new_salt, register_of
from index.engine.segments import ROLES, VECTORS, Segment, SegmentPart, alive, counts_of, decision_id
from index.engine.vectors import write_vectors
from index.engine.versions import link
from index.passages import passages, sentences_of_heading
from index.text.fingerprint import wording

_MAX_HEADING_SENTENCES = 0xFFFF  # sentences of a heading
_UNFIT = (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.ProgrammingError)


class Unfit(Exception):
    """A decision has something that cannot be stored; what that was comes before it."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What a segment has in its columns of a place; `texts` are those of its passages."""

    identity: int
    role: Role
    fingerprint: int
    heading_sentences: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """All that is made of a decision to be stored: what can fail has been done before anything is written.

    `rows` are those of its tables, without their digests.
    """

    reference: Reference
    paragraphs: int
    places: tuple[_Place, ...]
    rows: tuple[tuple[str, tuple[str | int | None, ...]], ...]

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """Make it. Raises whatever comes up at a decision that nobody foresaw."""
        key = decision_id(decision.reference)
        embedded = passages(decision)
        texts: dict[Pinpoint, list[str]] = {}
        for passage in embedded:
            texts.setdefault(passage.pinpoint, []).append(passage.text)
        places: list[_Place] = []
        rows: list[tuple[str, tuple[str | int | None, ...]]] = []
        for identity, place in enumerate(decision.places(), key * PLACES + (0 if decision.summary else 1)):
            fingerprint = wording(place.text)
            number = None if place.pinpoint.number == SUMMARY else place.pinpoint.number
            lines = _json([[line.text, line.depth, line.item] for line in place.lines])
            row = identity, number, place.numbering, _json(place.section), place.role, lines, fingerprint
            rows.append(("paragraph", row))
            heading_sentences = sentences_of_heading(place.section)
            places.append(_Place(identity, place.role, fingerprint, heading_sentences, tuple(texts[place.pinpoint])))
        date = decision.date.isoformat() if isinstance(decision.date, datetime.date) else None
        said = [[item.at, item.words, item.targets, item.verdict, item.reason] for item in decision.cross_references]
        source = decision.provenance
        of_decision = (
            key, str(decision.reference), decision.body, decision.category, decision.outcome, date,
            decision.numbering, source.url, int(source.is_derived),
            source.fetched.isoformat() if source.fetched else None, source.sha256,
            len(decision.paragraphs), decision.unit, decision.proof, len(places), len(embedded),
        )  # fmt: skip
        rows += [("decision", of_decision), ("remark", (key, _json(decision.doubts), _json(said)))]
        return cls(decision.reference, len(decision.paragraphs), tuple(places), tuple(rows))

    @property
    def texts(self) -> Iterator[str]:
        """Those that are embedded."""
        return (text for place in self.places for text in place.texts)


class _Rows:
    """What is known of each place, as it comes, see Columns."""

    def __init__(self) -> None:
        self._ids, self._keys, self._wordings, self._rows = array("q"), array("Q"), array("q"), array("q")
        self._roles, self._heading_sentences, self._lengths = array("B"), array("H"), array("H")

    def add(self, identity: int, role: Role, fingerprint: int, heading_sentences: int, rows: Sequence[int]) -> None:
        heading_sentences = min(heading_sentences, _MAX_HEADING_SENTENCES)
        self._ids.append(identity)
        self._roles.append(ROLES.index(role))
        self._keys.append(text_key(rows, heading_sentences))
        self._wordings.append(fingerprint)
        self._heading_sentences.append(heading_sentences)
        self._lengths.append(len(rows))
        self._rows.extend(rows)

    @property
    def lengths(self) -> tuple[int, ...]:
        """How far they reach."""
        return tuple(map(len, self._all()))

    def cut(self, lengths: tuple[int, ...]) -> None:
        """Forget what was added since they had these lengths."""
        for column, length in zip(self._all(), lengths, strict=True):
            del column[length:]

    def _all(self) -> tuple[array[int], ...]:
        return self._ids, self._keys, self._wordings, self._rows, self._roles, self._heading_sentences, self._lengths

    def as_columns(self) -> Columns:
        return Columns.of(
            self._ids, self._roles, self._keys, self._wordings, self._heading_sentences, self._lengths, self._rows
        )


class SegmentWriter:
    """A segment being written, in a folder that nobody reads. Holds about 50 bytes in memory for each paragraph."""

    def __init__(self, folder: Path) -> None:
        """Raises sqlite3.Error, OSError, as all that it does."""
        self._folder = folder
        folder.mkdir()
        self._database = new_database(folder)
        self._database.execute("BEGIN")
        self._columns = _Rows()
        self._salt = new_salt()
        self._decisions = self._paragraphs = self._passages = 0

    def add(self, made: Made, row_of: Callable[[str], int]) -> None:
        """Add a decision that is not in it, whole or not at all; `row_of` gives the row a text has in the embeddings.

        Where it is no fault of the disk or the machine it raises Unfit.
        """
        held = self._columns.lengths
        self._database.execute("SAVEPOINT decision")
        try:
            rows = [[row_of(text) for text in place.texts] for place in made.places]
            for table, values in made.rows:
                marks = "?, " * len(values)
                digest = digest_of(values, self._salt)
                self._database.execute(f"INSERT INTO {table} VALUES ({marks}?)", (*values, digest))
            for place, of_texts in zip(made.places, rows, strict=True):
                self._columns.add(place.identity, place.role, place.fingerprint, place.heading_sentences, of_texts)
        except BaseException as error:  # whatever it is, and whoever goes on in spite of it
            self._columns.cut(held)
            self._database.execute("ROLLBACK TO decision")
            self._database.execute("RELEASE decision")
            if isinstance(error, (*_UNFIT, ValueError, OverflowError)):
                raise Unfit from error
            raise
        self._database.execute("RELEASE decision")
        self._decisions += 1
        self._paragraphs += made.paragraphs
        self._passages += sum(map(len, rows))

    def finish(self, vectors: Vectors, progress: Progress | None = None) -> Segment:
        """Write the rest; `vectors` has the embeddings, shape (rows, dimension)."""
        self._database.execute("COMMIT")
        self._database.executescript(INDEXES)
        register = register_of(self._database)
        columns = self._columns.as_columns()
        columns.write(self._folder)
        kind = write_vectors(self._folder / VECTORS, columns.rows, vectors, progress)
        return Segment(
            self._folder.name,
            len(columns.rows),
            register,
            self._salt.hex(),
            self._decisions,
            self._paragraphs,
            len(columns.ids),
            self._passages,
            kind=kind,
        )

    def close(self) -> None:
        """Let go of its files."""
        self._database.close()


def merge(parts: Sequence[SegmentPart], target: Path, vectors: Vectors, progress: Progress | None = None) -> Segment:
    """Write what is alive in some segments, each given with its folder, as one; `vectors` has the embeddings.

    Raises sqlite3.Error, OSError.
    """
    target.mkdir()
    register, salt = copy_living(parts, target)
    columns = _joined([(Columns.map(folder), segment) for folder, segment in parts])
    columns.write(target)
    kind = write_vectors(target / VECTORS, columns.rows, vectors, progress)
    counts = counts_of([segment for _, segment in parts])
    return Segment(target.name, len(columns.rows), register, salt, **counts, kind=kind)


def _joined(parts: Sequence[tuple[Columns, Segment]]) -> Columns:
    """The columns of what is alive in some segments."""
    taken: list[tuple[Any, ...]] = []
    for columns, segment in parts:
        places = np.flatnonzero(alive(columns, segment))
        texts = columns.texts[places].astype(np.int64)
        starts, lengths = columns.passages(texts)
        taken.append(
            (columns.ids[places], columns.roles[places], columns.keys[texts], columns.wordings[texts],
             columns.heading_sentences[texts], lengths, columns.rows[concat_ranges(starts, lengths)])
        )  # fmt: skip
    return Columns.of(*(np.concatenate(part) for part in zip(*taken, strict=True)))


def link_segment(folder: Path, held: Segment, target: Path, segment: Segment) -> Segment:
    """Give a segment, `held` so far, a second name; with a database of its own where more of it is deleted."""
    target.mkdir()
    has_more_deleted = segment.deleted != held.deleted
    for path in folder.iterdir():
        if path.name != DATABASE or not has_more_deleted:
            link(path, target / path.name)
    if not has_more_deleted:
        return segment
    register, salt = copy_living([(folder, segment)], target)
    return replace(segment, register=register, salt=salt)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
