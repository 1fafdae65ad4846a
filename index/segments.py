"""Segments: the immutable batches of decisions that a version consists of; imports sqlite3, and alone faiss.

    segment-000001/
        decisions.sqlite    decisions and paragraphs, as they are quoted
        vectors.faiss       one vector for each passage, opened memory-mapped
        paragraphs.npy      the id of the paragraph of each vector, likewise

A version links the segments of the one before that did not change, and lists which of their decisions are dead: removed
since, or replaced by one in a later segment. Merging copies rows and vectors; nothing is parsed or embedded again.

The id of a decision is made from its reference, and the ids of its paragraphs from that and their order. So no answer
depends on the order in which decisions were added; a decision is alive in one segment at most.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
import struct
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict

import faiss
import numpy as np
import numpy.typing as npt

from index.decisions import SUMMARY, Decision, Paragraph, Pinpoint, Reference
from index.embed import Vectors
from index.passages import passages
from index.versions import link
from index.wording import wording

Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

DATABASE, VECTORS, PARAGRAPHS = "decisions.sqlite", "vectors.faiss", "paragraphs.npy"
PLACES = 1 << 20
"""Ids kept free for the paragraphs of a decision; the largest file that is read cannot hold as many."""

MOST_SEGMENTS = 8
"""SQLite attaches ten databases to one connection."""

TABLES = """
CREATE TABLE decision (
    id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, body TEXT NOT NULL, category TEXT, outcome TEXT,
    date TEXT, numbering TEXT NOT NULL, source_url TEXT, proof TEXT NOT NULL, doubts TEXT NOT NULL,
    cross_references TEXT NOT NULL, paragraphs INTEGER NOT NULL, places INTEGER NOT NULL, passages INTEGER NOT NULL
);
CREATE TABLE paragraph (
    id INTEGER PRIMARY KEY, decision INTEGER NOT NULL REFERENCES decision(id), number INTEGER,
    numbering TEXT NOT NULL, section TEXT NOT NULL, role TEXT NOT NULL, lines TEXT NOT NULL, passages BLOB NOT NULL,
    wording INTEGER NOT NULL
);
"""
LIVING = {"decision": "id", "paragraph": "decision"}
"""The tables, and of which decision a row is; it does not count where that is dead."""
_INDEXES = """
CREATE INDEX paragraph_by_decision ON paragraph(decision, id);
CREATE INDEX paragraph_by_wording ON paragraph(wording, id);
CREATE INDEX paragraph_by_role ON paragraph(role, decision);
"""
_BLOCK = 16_384  # vectors copied at a time
_NOISE = 1e-5  # more than the cosines of faiss can be wrong
_MOST_DEAD = 1 / 4  # of the decisions of a segment


@dataclass(frozen=True, slots=True)
class Segment:
    """What a version says of a segment. The counts are of what is alive; `rows` is how many vectors it has in all.

    `places` are the numbered paragraphs and the summaries; `dead` has the ids of decisions.
    """

    name: str
    rows: int
    decisions: int = 0
    paragraphs: int = 0
    places: int = 0
    passages: int = 0
    dead: tuple[int, ...] = ()

    @property
    def is_worn(self) -> bool:
        """Whether so much of it is dead that it should be written anew."""
        return len(self.dead) > _MOST_DEAD * (len(self.dead) + self.decisions)


def decision_id(reference: Reference) -> int:
    """Orders decisions as their references do, and is less than 2³²."""
    digits, letter = reference.text[:10].replace(" ", ""), reference.text[10:]
    return 27 * int(digits) + (ord(letter) - ord("a") + 1 if letter else 0)


def places_of(decision: Decision) -> Iterator[tuple[int, Paragraph]]:
    """Everything in a decision that can be cited, with its id."""
    first = decision_id(decision.reference) * PLACES
    return enumerate(decision.places(), first if decision.summary else first + 1)


class SegmentWriter:
    """A segment being written, in a folder that nobody reads. Holds 16 bytes in memory for each passage."""

    def __init__(self, folder: Path) -> None:
        """Raises sqlite3.Error, OSError, as all that it does."""
        self._folder = folder
        folder.mkdir()
        self._database = _new_database(folder)
        self._database.execute("BEGIN")
        self._paragraph_of, self._row_of = array("q"), array("q")  # of each passage: paragraph, row of embeddings
        self._decisions = self._paragraphs = self._places = 0

    def add(self, decision: Decision, row_of: Callable[[str], int]) -> None:
        """Add a decision that is not in it; `row_of` gives the row that a text has in the embeddings."""
        key = decision_id(decision.reference)
        embedded = passages(decision)
        rows: dict[Pinpoint, array[int]] = {}
        for passage in embedded:
            rows.setdefault(passage.pinpoint, array("q")).append(row_of(passage.text))
        places = list(places_of(decision))
        for identity, place in places:
            number = None if place.pinpoint.number == SUMMARY else place.pinpoint.number
            lines = [[line.text, line.depth, line.item] for line in place.lines]
            self._database.execute(
                "INSERT INTO paragraph VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (identity, key, number, place.numbering, _json(place.section), place.role, _json(lines),
                 np.asarray(rows[place.pinpoint], dtype="<i8").tobytes(), wording(place.text)),
            )  # fmt: skip
            self._paragraph_of.extend([identity] * len(rows[place.pinpoint]))
            self._row_of.extend(rows[place.pinpoint])
        date = decision.date.isoformat() if isinstance(decision.date, datetime.date) else None
        said = [[item.at, item.words, item.targets, item.verdict, item.reason] for item in decision.cross_references]
        self._database.execute(
            "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (key, str(decision.reference), decision.body, decision.category, decision.outcome, date,
             decision.numbering, decision.source_url, decision.proof, _json(decision.doubts), _json(said),
             len(decision.paragraphs), len(places), len(embedded)),
        )  # fmt: skip
        self._decisions += 1
        self._paragraphs += len(decision.paragraphs)
        self._places += len(places)

    def finish(self, vectors: Vectors) -> Segment:
        """Write the rest; `vectors` has the embeddings, shape (rows, dimension)."""
        self._database.execute("COMMIT")
        self._database.executescript(_INDEXES)
        rows = np.frombuffer(self._row_of, dtype=np.int64)
        blocks = (vectors[rows[start : start + _BLOCK]] for start in range(0, len(rows), _BLOCK))
        write_vectors(self._folder / VECTORS, blocks, vectors.shape[1])
        np.save(self._folder / PARAGRAPHS, np.frombuffer(self._paragraph_of, dtype=np.int64))
        return Segment(
            self._folder.name, len(rows), self._decisions, self._paragraphs, self._places, passages=len(rows)
        )

    def close(self) -> None:
        """Let go of its files."""
        self._database.close()


def merge(parts: Sequence[tuple[Path, Segment]], target: Path) -> Segment:
    """Write what is alive in some segments, each given with its folder, as one. Raises sqlite3.Error, OSError."""
    target.mkdir()
    database = _new_database(target)
    try:
        for folder, segment in parts:
            database.execute("ATTACH ? AS part", (_uri(folder),))
            database.execute("CREATE TEMP TABLE dead (id INTEGER PRIMARY KEY)")
            database.execute("BEGIN")
            database.executemany("INSERT INTO dead VALUES (?)", ((identity,) for identity in segment.dead))
            for table, column in LIVING.items():
                database.execute(
                    f"INSERT INTO main.{table} SELECT * FROM part.{table} "
                    f"WHERE {column} NOT IN (SELECT id FROM dead) ORDER BY rowid"
                )
            database.execute("COMMIT")
            database.execute("DROP TABLE dead")
            database.execute("DETACH part")
        database.executescript(_INDEXES)
    finally:
        database.close()
    held = [SegmentVectors(folder, segment) for folder, segment in parts]
    rows = write_vectors(target / VECTORS, (block for part in held for block in part.blocks()), held[0].dimension)
    np.save(target / PARAGRAPHS, np.concatenate([part.paragraph_of[part.alive] for part in held]))
    return Segment(target.name, rows, **counts_of([segment for _, segment in parts]))


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
    database = sqlite3.connect(_uri(folder), uri=True)
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


def link_segment(folder: Path, target: Path) -> None:
    """Give a segment a second name."""
    target.mkdir()
    for path in folder.iterdir():
        link(path, target / path.name)


def live_places(folder: Path, segment: Segment) -> Iterator[tuple[int, int, list[str], str]]:
    """The id of each place that is alive in a segment, its decision's, its headings and its text."""
    dead = set(segment.dead)
    database = sqlite3.connect(_uri(folder), uri=True)
    try:
        for identity, decision, section, lines in database.execute(
            "SELECT id, decision, section, lines FROM paragraph"
        ):
            if decision not in dead:
                yield identity, decision, json.loads(section), "\n".join(line[0] for line in json.loads(lines))
    finally:
        database.close()


class SegmentVectors:
    """The vectors of a segment, open for reading; may be used from several threads."""

    def __init__(self, folder: Path, segment: Segment) -> None:
        """Raises OSError, RuntimeError, ValueError where they cannot be read."""
        self._index = faiss.read_index(str(folder / VECTORS), faiss.IO_FLAG_MMAP_IFC)
        self.paragraph_of: Ids = np.load(folder / PARAGRAPHS, mmap_mode="r")
        """The id of the paragraph of each vector."""
        if not self._index.ntotal == len(self.paragraph_of) == segment.rows:
            raise ValueError(f"vectors of {segment.name} are missing")
        self.dimension = int(self._index.d)
        self.alive: Mask | slice = slice(None)
        """Which vectors count, as an index into `paragraph_of`."""
        if segment.dead:
            self.alive = ~np.isin(self.paragraph_of // PLACES, segment.dead)

    def nearest(self, vector: Vectors, limit: int, ids: Sequence[int] | None, of_decisions: bool) -> dict[int, float]:
        """The paragraphs whose best passage is nearest to a unit vector of shape (dimension,), with the cosine.

        At least `limit` of them if there are as many, and with the last every other that is as near, so that which are
        the first does not depend on their order. With `ids` only these paragraphs, or those of these decisions.
        """
        mask = None if isinstance(self.alive, slice) else self.alive
        if ids is not None:
            keys = self.paragraph_of // PLACES if of_decisions else self.paragraph_of
            inside = np.isin(keys, ids)
            mask = inside if mask is None else mask & inside
        parameters, available = None, len(self.paragraph_of)
        if mask is not None:
            bitmap = np.packbits(mask, bitorder="little")
            selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            available = int(np.count_nonzero(mask))
        query = np.ascontiguousarray(vector[np.newaxis], dtype=np.float32)
        wanted = min(limit + 1, available)
        found: dict[int, float] = {}
        while wanted:
            cosines, rows = self._index.search(query, wanted, params=parameters)
            found = self._best(rows[0], vector)
            if wanted == available:
                break
            if len(found) >= limit:
                least = list(found.values())[limit - 1] - _NOISE
                if cosines[0][-1] >= least:
                    _, _, rows_within = self._index.range_search(query, least, params=parameters)
                    found = self._best(rows_within, vector)
                break
            wanted = min(2 * wanted, available)  # some paragraphs took several places with their passages
        return found

    def _best(self, rows: Ids, vector: Vectors) -> dict[int, float]:
        """The paragraph of each of these passages with its best cosine, best first.

        The cosines are added up again, each in the same way: faiss has several, and takes one by the place of a vector.
        """
        cosines = np.empty(len(rows))
        for start in range(0, len(rows), _BLOCK):
            block = self._index.reconstruct_batch(rows[start : start + _BLOCK])
            cosines[start : start + _BLOCK] = (block * vector.astype(np.float64)).sum(axis=1)
        order = np.argsort(-cosines, kind="stable")
        found: dict[int, float] = {}
        for cosine, identity in zip(cosines[order].tolist(), self.paragraph_of[rows[order]].tolist(), strict=True):
            found.setdefault(identity, cosine)
        return found

    def blocks(self) -> Iterator[Vectors]:
        """The vectors that are alive, some at a time, in their order."""
        for start in range(0, len(self.paragraph_of), _BLOCK):
            block: Vectors = self._index.reconstruct_n(start, min(_BLOCK, len(self.paragraph_of) - start))
            yield block if isinstance(self.alive, slice) else block[self.alive[start : start + _BLOCK]]


def write_vectors(path: Path, blocks: Iterable[Vectors], dimension: int) -> int:
    """Write what faiss.write_index writes of an IndexFlatIP, without holding all of it; returns the number of rows.

    It is exact; of unit vectors the inner product is the cosine.
    """
    rows = 0
    with path.open("wb") as file:
        file.write(_flat_header(rows, dimension))
        for block in blocks:
            file.write(np.ascontiguousarray(block, dtype="<f4").tobytes())
            rows += len(block)
        file.seek(0)
        file.write(_flat_header(rows, dimension))
    return rows


def _flat_header(rows: int, dimension: int) -> bytes:
    """Kind, dimension, vectors, two fields without use, "is trained", inner product, floats that follow."""
    unused = 1 << 20
    return struct.pack("<4siqqq?iQ", b"IxFI", dimension, rows, unused, unused, True, 0, rows * dimension)


def _new_database(folder: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{(folder / DATABASE).resolve().as_uri()}", uri=True, isolation_level=None)
    database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {TABLES}")  # publishing synchronises
    return database


def _uri(folder: Path) -> str:
    return f"{(folder / DATABASE).resolve().as_uri()}?mode=ro&immutable=1"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
