"""Segments: the immutable batches of decisions that a version consists of; imports sqlite3.

    segment-000001/
        decisions.sqlite    decisions and paragraphs, as they are quoted
        *.npy               what a search must know of each paragraph, see index.engine.columns
        vectors.faiss       the vector of each passage of each distinct text, opened memory-mapped, see
        index.engine.vectors

A version links the segments of the one before that did not change. Of a segment with decisions that are dead, which is
removed since or replaced by one in a later segment, it links what holds no words and lists the dead; the database is
written anew without them, so that no word of theirs is left in a version. Merging copies rows; nothing is parsed or
embedded again.

Each row of a database has a digest beside it, see index.engine.checksums, and so has the register of a segment, which
is what a list of decisions is made of. The digests of rows are made with a salt that the manifest has, and that is
drawn for each database that is written: the rows of any other one are found to be others, however alike.

The id of a decision is made from its reference, and the ids of its paragraphs from that and their order. So no answer
depends on the order in which decisions were added; a decision is alive in one segment at most.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import itertools
import json
import math
import secrets
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, TypedDict, get_args

import numpy as np

from index.arrays import Ids, Keys, Mask, Scores, Vectors, concat_ranges
from index.catalogue import digest_of_register
from index.decisions import SUMMARY, Decision, Pinpoint, Reference, Role
from index.embedding.types import Progress
from index.engine.checksums import Part, digest_of
from index.engine.columns import PLACES, Columns, text_key
from index.engine.vectors import COMPARED, EXACT, Chosen, VectorIndex, write_vectors
from index.engine.versions import link
from index.errors import NotAReference
from index.passages import passages, sentences_of_heading
from index.text.fingerprint import wording

DATABASE, VECTORS = "decisions.sqlite", "vectors.faiss"

ROLES: tuple[Role, ...] = get_args(Role)
"""In the order by which they are numbered."""

MOST_SEGMENTS = 8
"""SQLite attaches ten databases to one connection."""

TABLES = """
CREATE TABLE decision (
    id INTEGER PRIMARY KEY, reference TEXT NOT NULL, body TEXT NOT NULL, category TEXT, outcome TEXT, date TEXT,
    numbering TEXT NOT NULL, source_url TEXT, paragraphs INTEGER NOT NULL, proof TEXT NOT NULL, places INTEGER NOT NULL,
    passages INTEGER NOT NULL, digest BLOB NOT NULL
);
CREATE TABLE remark (
    id INTEGER PRIMARY KEY, doubts TEXT NOT NULL, cross_references TEXT NOT NULL, digest BLOB NOT NULL
);
CREATE TABLE paragraph (
    id INTEGER PRIMARY KEY, number INTEGER, numbering TEXT NOT NULL, section TEXT NOT NULL, role TEXT NOT NULL,
    lines TEXT NOT NULL, wording INTEGER NOT NULL, digest BLOB NOT NULL
);
"""
"""The id of a decision is that of its remark; the last column is the digest of all others, in their order."""
OF_DECISIONS = {"decision": "id", "remark": "id", "paragraph": f"id / {PLACES}"}
"""The tables, and of which decision a row is."""
REGISTER = "SELECT id, body, category, outcome, date FROM {}.decision ORDER BY id"
"""What the digest of a register is of."""
_SPARE = 1.25  # passages looked for, in proportion to those that so many texts have
_INDEXES = "CREATE INDEX paragraph_by_wording ON paragraph(wording, id)"
_MOST_HEADED = 0xFFFF  # sentences of a heading
_MOST_DEAD = 1 / 4  # of the decisions of a segment


@dataclass(frozen=True, slots=True)
class Segment:
    """What a version says of a segment. The counts are of what is alive; `rows` is how many vectors it has in all.

    `places` are the numbered paragraphs and the summaries; `dead` has the ids of decisions of which nothing but columns
    and vectors is there; `kind` is how its vectors are searched, see index.engine.vectors; `register` is a digest, and
    `salt`, in hexadecimal digits, is that of the digests of rows.
    """

    name: str
    rows: int
    register: str
    salt: str
    decisions: int = 0
    paragraphs: int = 0
    places: int = 0
    passages: int = 0
    dead: tuple[int, ...] = ()
    kind: str = EXACT

    @property
    def is_worn(self) -> bool:
        """Whether so much of it is dead that it should be written anew."""
        return len(self.dead) > _MOST_DEAD * (len(self.dead) + self.decisions)


SegmentPart = tuple[Path, Segment]
"""A segment with its folder."""


def decision_id(reference: Reference) -> int:
    """Orders decisions as their references do, and is less than 2³²."""
    digits, letter = reference.text[:10].replace(" ", ""), reference.text[10:]
    return 27 * int(digits) + (ord(letter) - ord("a") + 1 if letter else 0)


def row_told(identity: object) -> str:
    """Whose row has an id, for whoever looks for what is damaged."""
    if isinstance(identity, int):
        number, letter = divmod(identity if identity < 1 << 32 else identity // PLACES, 27)
        with contextlib.suppress(NotAReference):
            return str(Reference(f"{number:08d}{chr(ord('a') + letter - 1) if letter else ''}"))
    return f"row {identity}"


class _Rows:
    """What is known of each place, as it comes, see Columns."""

    def __init__(self) -> None:
        self._ids, self._keys, self._wordings, self._rows = array("q"), array("Q"), array("q"), array("q")
        self._roles, self._headed, self._lengths = array("B"), array("H"), array("H")

    def add(self, identity: int, role: Role, worded: int, headed: int, rows: Sequence[int]) -> None:
        headed = min(headed, _MOST_HEADED)
        self._ids.append(identity)
        self._roles.append(ROLES.index(role))
        self._keys.append(text_key(rows, headed))
        self._wordings.append(worded)
        self._headed.append(headed)
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
        return self._ids, self._keys, self._wordings, self._rows, self._roles, self._headed, self._lengths

    def as_columns(self) -> Columns:
        return Columns.of(self._ids, self._roles, self._keys, self._wordings, self._headed, self._lengths, self._rows)


_UNFIT = (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.ProgrammingError)


class Unfit(Exception):
    """A decision has something that cannot be stored; what that was comes before it."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What a segment has in its columns of a place; `texts` are those of its passages."""

    identity: int
    role: Role
    worded: int
    headed: int
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
            worded = wording(place.text)
            number = None if place.pinpoint.number == SUMMARY else place.pinpoint.number
            lines = _json([[line.text, line.depth, line.item] for line in place.lines])
            row = identity, number, place.numbering, _json(place.section), place.role, lines, worded
            rows.append(("paragraph", row))
            headed = sentences_of_heading(place.section)
            places.append(_Place(identity, place.role, worded, headed, tuple(texts[place.pinpoint])))
        date = decision.date.isoformat() if isinstance(decision.date, datetime.date) else None
        said = [[item.at, item.words, item.targets, item.verdict, item.reason] for item in decision.cross_references]
        of_decision = (
            key, str(decision.reference), decision.body, decision.category, decision.outcome, date,
            decision.numbering, decision.source_url, len(decision.paragraphs), decision.proof, len(places),
            len(embedded),
        )  # fmt: skip
        rows += [("decision", of_decision), ("remark", (key, _json(decision.doubts), _json(said)))]
        return cls(decision.reference, len(decision.paragraphs), tuple(places), tuple(rows))

    @property
    def texts(self) -> Iterator[str]:
        """Those that are embedded."""
        return (text for place in self.places for text in place.texts)


class SegmentWriter:
    """A segment being written, in a folder that nobody reads. Holds about 50 bytes in memory for each paragraph."""

    def __init__(self, folder: Path) -> None:
        """Raises sqlite3.Error, OSError, as all that it does."""
        self._folder = folder
        folder.mkdir()
        self._database = _new_database(folder)
        self._database.execute("BEGIN")
        self._columns = _Rows()
        self._salt = _new_salt()
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
                self._columns.add(place.identity, place.role, place.worded, place.headed, of_texts)
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
        self._database.executescript(_INDEXES)
        register = _register(self._database)
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
    register, salt = _copy_living(parts, target)
    columns = _joined([(Columns.map(folder), segment) for folder, segment in parts])
    columns.write(target)
    kind = write_vectors(target / VECTORS, columns.rows, vectors, progress)
    counts = counts_of([segment for _, segment in parts])
    return Segment(target.name, len(columns.rows), register, salt, **counts, kind=kind)


def _copy_living(parts: Sequence[SegmentPart], target: Path) -> tuple[str, str]:
    """Write a database with the rows of some segments that are alive; returns the digest of its register, and its salt.

    Not by deleting rows in a copy: what SQLite moves while it deletes may stay where it was.
    """
    database = _new_database(target)
    salt = _new_salt()
    try:
        for folder, segment in parts:
            database.create_function("proved", -1, functools.partial(_proved, bytes.fromhex(segment.salt), salt))
            database.execute("ATTACH ? AS part", (uri_of(folder),))
            database.execute("CREATE TEMP TABLE dead (id INTEGER PRIMARY KEY)")
            database.execute("BEGIN")
            database.executemany("INSERT INTO dead VALUES (?)", ((identity,) for identity in segment.dead))
            for table, of_decision in OF_DECISIONS.items():
                names = [name for _, name, *_ in database.execute(f"PRAGMA main.table_info({table})")]
                values = ", ".join(names[:-1])
                database.execute(
                    f"INSERT INTO main.{table} SELECT {values}, proved({', '.join(names)}) FROM part.{table} "
                    f"WHERE {of_decision} NOT IN (SELECT id FROM dead) ORDER BY id"
                )
            database.execute("COMMIT")
            database.execute("DROP TABLE dead")
            database.execute("DETACH part")
        database.executescript(_INDEXES)
        return _register(database), salt.hex()
    finally:
        database.close()


def _proved(before: bytes, salt: bytes, *row: object) -> bytes:
    """The digest of a row with another salt, once the one that it has, its last value, was found to be right."""
    *values, digest = row
    if digest_of(values, before) != digest:
        raise ValueError("a row is not what was written")
    return digest_of(values, salt)


def _register(database: sqlite3.Connection) -> str:
    return digest_of_register(database.execute(REGISTER.format("main")).fetchall())


def _joined(parts: Sequence[tuple[Columns, Segment]]) -> Columns:
    """The columns of what is alive in some segments."""
    taken: list[tuple[Any, ...]] = []
    for columns, segment in parts:
        places = np.flatnonzero(_alive(columns, segment))
        texts = columns.texts[places].astype(np.int64)
        starts, lengths = columns.passages(texts)
        taken.append(
            (columns.ids[places], columns.roles[places], columns.keys[texts], columns.wordings[texts],
             columns.headed[texts], lengths, columns.rows[concat_ranges(starts, lengths)])
        )  # fmt: skip
    return Columns.of(*(np.concatenate(part) for part in zip(*taken, strict=True)))


class Counts(TypedDict):
    """How much is alive, as in a Segment."""

    decisions: int
    paragraphs: int
    places: int
    passages: int


def counts_of(segments: Sequence[Segment]) -> Counts:
    """How much is alive in some segments together."""
    return {
        "decisions": sum(segment.decisions for segment in segments),
        "paragraphs": sum(segment.paragraphs for segment in segments),
        "places": sum(segment.places for segment in segments),
        "passages": sum(segment.passages for segment in segments),
    }


def strike_out(folder: Path, segment: Segment, ids: Iterable[int]) -> Segment:
    """The segment without those of these decisions that are alive in it; nothing is written."""
    chosen = [(identity,) for identity in sorted(set(ids) - set(segment.dead))]
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
        dead=tuple(sorted([*segment.dead, *(row[0] for row in rows)])),
    )


def link_segment(folder: Path, held: Segment, target: Path, segment: Segment) -> Segment:
    """Give a segment, which was `held` so far, a second name; with a database of its own where more of it is dead."""
    target.mkdir()
    is_worn = segment.dead != held.dead
    for path in folder.iterdir():
        if path.name != DATABASE or not is_worn:
            link(path, target / path.name)
    if not is_worn:
        return segment
    register, salt = _copy_living([(folder, segment)], target)
    return replace(segment, register=register, salt=salt)


def findable(folder: Path, segment: Segment, apart: Sequence[SegmentPart] = ()) -> Iterator[tuple[int, str]]:
    """Each text that is alive in a segment and in none of `apart`: its key, and its words with those of its heading."""
    columns = Columns.map(folder)
    living = columns.texts[_alive(columns, segment)]
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


def holds(parts: Iterable[SegmentPart], keys: Keys) -> Mask:
    """Which of the texts with these keys are alive in some of these segments: shape (keys,)."""
    held = np.zeros(len(keys), dtype=np.bool_)
    for folder, segment in parts:
        columns = Columns.map(folder)
        texts = columns.with_keys(keys)
        living = np.zeros(len(columns.keys), dtype=np.bool_)
        living[columns.texts[_alive(columns, segment)] if segment.dead else slice(None)] = True
        some = texts >= 0
        held[some] |= living[texts[some]]
    return held


def keys_of(parts: Iterable[SegmentPart], decisions: Iterable[int]) -> Keys:
    """The keys of the texts that these decisions have where they are alive in some segments."""
    wanted = list(decisions)
    every = [np.empty(0, dtype=np.uint64)]
    for folder, segment in parts:
        columns = Columns.map(folder)
        chosen = _alive(columns, segment) & columns.of_decisions(np.isin(columns.decisions, wanted))
        every.append(columns.keys[columns.texts[chosen]])
    return np.unique(np.concatenate(every))


def _alive(columns: Columns, segment: Segment) -> Mask:
    """The places that count: shape (n,)."""
    return columns.of_decisions(~np.isin(columns.decisions, segment.dead))


class SegmentReader:
    """A segment, open for searching; may be used from several threads."""

    def __init__(
        self, folder: Path, segment: Segment, vectors: Vectors, rows: int, held: Sequence[Part] | None = None
    ) -> None:
        """`vectors` are those of the embeddings; `rows` is how many vectors all segments have.

        With `held`, the parts of the version that the columns are, these are read into memory and checked, not mapped.
        Raises OSError, RuntimeError, ValueError where it cannot be read.
        """
        self.columns = Columns.map(folder) if held is None else Columns.read(folder, held)
        self.name = segment.name
        if len(self.columns.rows) != segment.rows:
            raise ValueError(f"vectors of {segment.name} are missing")
        # Of several segments each needs fewer, but more than its share: the fewer vectors, the farther they lie apart.
        compared = math.ceil(COMPARED * math.sqrt(segment.rows / max(rows, 1)))
        self._index = VectorIndex(folder / VECTORS, self.columns.rows, vectors, compared)
        self._alive: Mask | None = None
        if segment.dead:
            self._alive = ~np.isin(self.columns.decisions, segment.dead)
        self._everything = self._choice(self.columns.of_decisions(self._alive)) if self._alive is not None else None

    def alive(self) -> Mask | None:
        """Which places count, None where all do: shape (n,)."""
        return None if self._everything is None else self._everything.places

    def choose(self, decisions: Ids | None, roles: Sequence[int]) -> Choice | None:
        """The places of these decisions, or of all with None, that have one of these roles, or any if there is none."""
        if decisions is None and not roles:
            return self._everything
        mask = np.isin(self.columns.decisions, decisions) if decisions is not None else None
        if self._alive is not None:
            mask = self._alive if mask is None else mask & self._alive
        places = np.ones(len(self.columns.ids), dtype=np.bool_) if mask is None else self.columns.of_decisions(mask)
        if roles:
            wanted = np.zeros(256, dtype=np.bool_)
            wanted[list(roles)] = True
            places &= wanted[self.columns.roles]
        return self._choice(places)

    def _choice(self, places: Mask) -> Choice:
        texts = np.zeros(len(self.columns.wordings), dtype=np.bool_)
        texts[self.columns.texts[places]] = True
        return Choice(places, texts, int(np.count_nonzero(texts)), Chosen.of(self.columns.with_passages(texts)))

    def count(self, choice: Choice | None) -> int:
        """How many texts are chosen."""
        return len(self.columns.keys) if choice is None else choice.count

    def keys(self, choice: Choice | None) -> Keys:
        """The keys of the texts that are chosen; all of them are looked through for it."""
        return self.columns.keys if choice is None else self.columns.keys[choice.texts]

    def with_keys(self, keys: Keys, choice: Choice | None) -> tuple[Ids, Ids]:
        """The texts with these keys, of those chosen: two arrays of one length, the numbers of the keys, the texts."""
        texts = self.columns.with_keys(keys)
        held = texts >= 0
        if choice is not None:
            held[held] = choice.texts[texts[held]]
        return np.flatnonzero(held), texts[held]

    def nearest(self, vector: Vectors, limit: int, choice: Choice | None) -> tuple[Ids, Scores]:
        """The texts whose best passage is nearest to a unit vector of shape (dimension,), with the cosine.

        At least `limit` of them if there are as many, best first.
        """
        chosen = choice.passages if choice else None
        every = len(self.columns.rows)
        available = chosen.count if chosen else every
        # So many that texts with several passages rarely make a second search necessary.
        wanted = (
            limit if every == len(self.columns.ends) else math.ceil(_SPARE * limit * every / len(self.columns.ends))
        )
        while True:
            passages, cosines = self._index.nearest(vector, wanted, chosen)
            texts = np.searchsorted(self.columns.ends, passages, side="right")
            _, first = np.unique(texts, return_index=True)  # of a text with several passages, the best
            if len(first) >= limit or wanted >= available:
                first.sort()
                return texts[first], cosines[first]
            wanted *= 2

    def copies(self, texts: Ids, choice: Choice | None, most: int) -> tuple[Ids, Ids]:
        """The places that have these texts, of those chosen, in the order of their ids, at least `most` of each if so
        many are chosen; of one text no more than one where `most` is 1.

        Two arrays of one length: for each place its number among `texts`, and its id.
        """
        numbers, places = self.columns.places(texts, most)
        if choice is not None and not choice.places[places].all():
            numbers, places = self.columns.places(texts)
            inside = choice.places[places]
            numbers, places = numbers[inside], places[inside]
            if most == 1:
                numbers, first = np.unique(numbers, return_index=True)
                places = places[first]
        return numbers, self.columns.ids[places]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a filter lets through of a segment: masks of its places, shape (n,), and of its texts, shape (t,).

    `count` is how many texts these are, `passages` are those of the texts.
    """

    places: Mask
    texts: Mask
    count: int
    passages: Chosen


def _new_salt() -> bytes:
    """16 bytes that no other database has."""
    return secrets.token_bytes(16)


def _new_database(folder: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{(folder / DATABASE).resolve().as_uri()}", uri=True, isolation_level=None)
    # A journal in memory, of what one decision changes, for a decision that cannot be stored; publishing synchronises.
    database.executescript(f"PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; {TABLES}")
    return database


def uri_of(folder: Path) -> str:
    """Where SQLite opens the database of a segment for reading; it locks nothing, and writes nothing beside it."""
    return f"{(folder / DATABASE).resolve().as_uri()}?mode=ro&immutable=1"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
