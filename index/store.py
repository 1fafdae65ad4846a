"""The index on disk behind one class; the only importer of faiss, sqlite3 and tantivy.

    INDEX/000001/           one immutable version: the folder with the highest number is the published one
        manifest.json       schema, model with its weights' SHA-256, counts, content hash of every file
        decisions.sqlite    decisions and paragraphs, as they are quoted
        vectors.faiss       one vector for each passage, opened memory-mapped; its row is the passage's id
        sentences.npy       one vector for each sentence, likewise
        terms/              the words of each paragraph, for BM25
    INDEX/.building-…       a version being written: nobody reads it, and one rename publishes it

A reader opens one version and keeps it until it has finished. What a reader has open is never changed.
"""

from __future__ import annotations

import datetime
import fcntl
import json
import os
import re
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import tantivy

from index.decisions import SUMMARY, Decision, Line, Numbering, Paragraph, Pinpoint, Reference, Role
from index.embed import ModelFiles, Vectors
from index.errors import IndexBusy, IndexMismatch, IndexUnusable, NoIndex, NotHeld
from index.passages import Passage, Sentence, fold_key

SCHEMA = 1
"""Raised with every change to what a version holds; a reader refuses any other."""

_VERSION = re.compile(r"\d{6}")
_ASIDE = ".building-"
_MANIFEST, _DATABASE, _VECTORS = "manifest.json", "decisions.sqlite", "vectors.faiss"
_SENTENCES, _TERMS = "sentences.npy", "terms"
_MEND = "Run decision-qa build."

_TABLES = """
CREATE TABLE decision (
    id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, body TEXT NOT NULL, category TEXT, outcome TEXT,
    date TEXT, numbering TEXT NOT NULL, source_url TEXT, paragraphs INTEGER NOT NULL
);
CREATE TABLE paragraph (
    id INTEGER PRIMARY KEY, decision INTEGER NOT NULL REFERENCES decision(id), number INTEGER,
    numbering TEXT NOT NULL, section TEXT NOT NULL, role TEXT NOT NULL, lines TEXT NOT NULL, fold_key TEXT NOT NULL
);
CREATE INDEX paragraph_by_decision ON paragraph(decision, id);
CREATE INDEX paragraph_by_fold_key ON paragraph(fold_key);
CREATE TABLE sentence (
    id INTEGER PRIMARY KEY, paragraph INTEGER NOT NULL REFERENCES paragraph(id), text TEXT NOT NULL,
    first INTEGER NOT NULL, past INTEGER NOT NULL
);
CREATE INDEX sentence_by_paragraph ON sentence(paragraph, id);
CREATE TABLE passage (id INTEGER PRIMARY KEY, paragraph INTEGER NOT NULL REFERENCES paragraph(id), text TEXT NOT NULL);
"""
_TELLING = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.stopword("english"))
    .build()
)
_JOINED = "paragraph JOIN decision ON decision.id = paragraph.decision"
_ENTRY = "reference, body, category, outcome, date, decision.numbering, source_url, paragraphs"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version says of itself."""

    schema: int
    model: str
    model_sha256: str
    dimension: int
    decisions: int
    paragraphs: int
    passages: int
    built: str
    files: dict[str, str]
    """SHA-256 of the content of every file taken in, by file name."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which decisions and paragraphs count; an empty field lets everything through, values of one field are either-or.

    Bodies, categories and outcomes match whatever their case, and as a part that ends at word boundaries: "kent" finds
    "Kent County Council".
    """

    council: tuple[str, ...] = ()
    reference: tuple[Reference, ...] = ()
    category: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    role: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision as it stands in a list: all but its text. `paragraphs` is how many numbered ones it has."""

    reference: Reference
    body: str
    category: str | None
    outcome: str | None
    date: datetime.date | None
    numbering: Numbering
    source_url: str | None
    paragraphs: int


class Store:
    """One version, open for reading; it may be used from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open a version. Raises IndexMismatch where it was written by another schema or is damaged."""
        self.version = folder.name
        self.manifest = _read_manifest(folder)
        self._lock = threading.Lock()  # one connection, used by one thread at a time
        try:
            uri = f"{(folder / _DATABASE).resolve().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._database.create_function("names", 2, _names, deterministic=True)
            self._vectors = faiss.read_index(str(folder / _VECTORS), faiss.IO_FLAG_MMAP_IFC)
            self._sentences = np.load(folder / _SENTENCES, mmap_mode="r")
            self._terms = tantivy.Index.open(str(folder / _TERMS))
            self._searcher = self._terms.searcher()
            rows = self._query("SELECT paragraph FROM passage ORDER BY id")
            told = self._query("SELECT COUNT(*) FROM sentence")[0][0]
            if (self._vectors.ntotal, len(self._sentences)) != (len(rows), told):
                raise ValueError("vectors are missing")
        except (EOFError, OSError, RuntimeError, ValueError, sqlite3.Error) as error:
            raise IndexMismatch(f"Version {folder.name} of the index is damaged ({error}). {_MEND}") from error
        self._paragraph_of = np.array([row[0] for row in rows], dtype=np.int64)  # by passage

    @classmethod
    def open(cls, index: Path) -> Store:
        """Open the published version of an index. Raises NoIndex, IndexMismatch."""
        version = published(index)
        if version is None:
            raise NoIndex(f"There is no index in {index} yet. Run decision-qa build first.")
        return cls(version)

    def check_model(self, model: ModelFiles) -> None:
        """Raise IndexMismatch unless the vectors were made by this very model."""
        if self.manifest.model_sha256 != model.sha256:
            raise IndexMismatch(
                f"The index was built with the model {self.manifest.model} "
                f"(weights {self.manifest.model_sha256[:12]}…), but the model set is {model.name} "
                f"(weights {model.sha256[:12]}…). "
                "Run decision-qa build, or set DECISION_QA_MODEL to the model of the index."
            )

    # Searching: ids of paragraphs with scores, best first.

    def nearest(self, vector: Vectors, limit: int, within: Filter) -> list[tuple[int, float]]:
        """The paragraphs whose best passage is nearest to a unit vector of shape (dimension,), with the cosine."""
        parameters, available = None, len(self._paragraph_of)
        if within != Filter():
            rows = np.flatnonzero(np.isin(self._paragraph_of, self._ids(within)))
            available = len(rows)
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))  # type: ignore[call-arg]
        wanted = min(limit, available)
        found: dict[int, float] = {}
        while wanted:
            cosines, rows = self._vectors.search(vector[np.newaxis], wanted, params=parameters)
            found = {}
            for cosine, row in zip(cosines[0], rows[0], strict=True):
                found.setdefault(int(self._paragraph_of[row]), float(cosine))
            if len(found) >= limit or wanted == available:
                break
            wanted = min(2 * wanted, available)  # some paragraphs took several places with their passages
        return list(found.items())[:limit]

    def matching(self, question: str, limit: int, within: Filter, every: bool = False) -> list[tuple[int, float]]:
        """The paragraphs that share words with the question, with their BM25 score.

        With `every` only those that have all its words, leaving aside words such as "the"; none if there are no others.
        """
        # In lower case, because AND, OR and NOT are words here, not operators.
        words = " ".join(_TELLING.analyze(question) if every else re.findall(r"\w+", question.lower()))
        if not words or limit < 1:
            return []
        query, _ = self._terms.parse_query_lenient(words, ["text"], conjunction_by_default=every)
        if within != Filter():
            inside = tantivy.Query.term_set_query(self._terms.schema, "id", self._ids(within))
            inside = tantivy.Query.const_score_query(inside, 0.0)  # a filter must not change a score
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, inside)])
        hits = self._searcher.search(query, limit=limit).hits
        return [(int(self._searcher.doc(address)["id"][0]), float(score)) for score, address in hits]

    def compare(self, vector: Vectors, identity: int) -> list[tuple[int, int, float]]:
        """Each sentence of a paragraph: where it starts and ends in the text, and its cosine with a unit vector."""
        rows = self._query("SELECT id, first, past FROM sentence WHERE paragraph = ? ORDER BY id", (identity,))
        cosines = self._sentences[[row[0] for row in rows]] @ vector
        return [(first, past, float(cosine)) for (_, first, past), cosine in zip(rows, cosines, strict=True)]

    # Reading: what is quoted and listed.

    def paragraphs(self, ids: Sequence[int]) -> list[tuple[Paragraph, Entry]]:
        """The paragraphs with these ids, in this order, each with the entry of its decision."""
        marks = ",".join("?" * len(ids))
        found = {row[0]: (_paragraph(row), _entry(row)) for row in self._places(f"paragraph.id IN ({marks})", ids)}
        return [found[identity] for identity in ids]

    def same_wording(self, identity: int) -> list[int]:
        """The ids of the other paragraphs whose wording is the same but for case, white space and punctuation."""
        rows = self._query(
            "SELECT id FROM paragraph WHERE id != ? AND fold_key = (SELECT fold_key FROM paragraph WHERE id = ?)",
            (identity, identity),
        )
        return [row[0] for row in rows]

    def decision(self, reference: Reference) -> Decision:
        """A whole decision. Raises NotHeld."""
        rows = self._places("decision.reference = ?", [str(reference)])
        if not rows:
            raise NotHeld(f"The index holds no decision {reference}.")
        entry, places = _entry(rows[0]), [_paragraph(row) for row in rows]
        numbered = [place for place in places if place.pinpoint.number != SUMMARY]
        summary = places[0] if places[0].pinpoint.number == SUMMARY else None
        return Decision(
            entry.reference, entry.body, entry.category, entry.outcome, entry.date, summary, tuple(numbered),
            entry.numbering, entry.source_url,
        )  # fmt: skip

    def entries(self, within: Filter, limit: int = -1, offset: int = 0) -> list[Entry]:
        """The decisions that a filter lets through, newest first: all of them, or one page."""
        where, values = _where(within)
        rows = self._query(
            f"SELECT {_ENTRY} FROM decision WHERE id IN (SELECT decision FROM {_JOINED} WHERE {where}) "
            "ORDER BY date DESC, reference LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        return [_entry((None, *row)) for row in rows]

    def bodies(self) -> list[str]:
        """The names of the bodies that the decisions are about, in alphabetical order."""
        return [row[0] for row in self._query("SELECT DISTINCT body FROM decision ORDER BY body")]

    def count(self, within: Filter) -> int:
        """How many decisions a filter lets through."""
        where, values = _where(within)
        return int(self._query(f"SELECT COUNT(DISTINCT decision) FROM {_JOINED} WHERE {where}", values)[0][0])

    def require(self, within: Filter) -> None:
        """Raise NotHeld where a filter names a decision, body, category or outcome that no decision has."""
        for reference in within.reference:
            if not self.count(Filter(reference=(reference,))):
                raise NotHeld(f"The index holds no decision {reference}.", "reference")
        named = [("council", Filter(council=(value,)), value) for value in within.council]
        named += [("category", Filter(category=(value,)), value) for value in within.category]
        named += [("outcome", Filter(outcome=(value,)), value) for value in within.outcome]
        for field, one, value in named:
            if not self.count(one):
                raise NotHeld(f"No decision in the index has the {field} “{value[:80]}”.", field)

    def vector_of_text(self) -> dict[str, Vectors]:
        """Every text embedded with its vector of shape (dimension,), for the next build to use again."""
        passages = [row[0] for row in self._query("SELECT text FROM passage ORDER BY id")]
        sentences = [row[0] for row in self._query("SELECT text FROM sentence ORDER BY id")]
        known = dict(zip(sentences, np.asarray(self._sentences), strict=True))
        if passages:
            known.update(zip(passages, self._vectors.reconstruct_n(0, len(passages)), strict=True))
        return known

    def _ids(self, within: Filter) -> list[int]:
        where, values = _where(within)
        return [row[0] for row in self._query(f"SELECT paragraph.id FROM {_JOINED} WHERE {where}", values)]

    def _places(self, where: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        columns = f"paragraph.id, {_ENTRY}, number, paragraph.numbering, section, role, lines"
        return self._query(f"SELECT {columns} FROM {_JOINED} WHERE {where} ORDER BY paragraph.id", values)

    def _query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(sql, tuple(values)).fetchall()


class LatestStore:
    """The published version, whichever that is when asked for: no server need be started anew after a build."""

    def __init__(self, index: Path, model: ModelFiles | None = None) -> None:
        """With `model`, a version that was built with another one is not taken up."""
        self._index = index
        self._model = model
        self._store: Store | None = None
        self._seen: tuple[str, int, int] | None = None
        self._lock = threading.Lock()

    def get(self) -> Store:
        """Open the published version unless it is open already. Raises NoIndex, IndexMismatch.

        Who has an older version keeps it until done with it. A version that cannot be used does not take the place of
        one that can.
        """
        with self._lock:
            version = published(self._index)
            seen = _identity(version) if version else None
            if self._store is None or (seen is not None and seen != self._seen):
                try:
                    store = Store.open(self._index)
                    if self._model is not None:
                        store.check_model(self._model)
                    self._store = store
                except IndexMismatch:
                    if self._store is None:
                        raise
                self._seen = seen
            return self._store


def _identity(version: Path) -> tuple[str, int, int]:
    """Tells versions apart even where an index was deleted and its numbers began again."""
    status = version.stat()
    return version.name, status.st_ino, status.st_mtime_ns


def published(index: Path) -> Path | None:
    """The folder of the published version, or None where nothing has been built."""
    try:
        names = [name for name in os.listdir(index) if _VERSION.fullmatch(name)]
    except (FileNotFoundError, NotADirectoryError):
        return None
    return index / max(names) if names else None


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the index for writing; clears away what a killed build left. Raises IndexBusy while another build runs."""
    index.mkdir(parents=True, exist_ok=True)
    with (index / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusy(f"Another build is writing to {index}. Run this one again when it has finished.") from None
        for left_over in index.glob(f"{_ASIDE}*"):
            shutil.rmtree(left_over)
        yield


def publish(
    index: Path,
    decisions: Sequence[Decision],
    passages: Sequence[Passage],
    sentences: Sequence[Sentence],
    vector_of_text: Mapping[str, Vectors],
    model: ModelFiles,
    files: Mapping[str, str],
) -> str:
    """Write the next version aside and publish it by one rename; returns its name.

    `vector_of_text` has a unit vector of shape (dimension,), float32, for the text of each. Hold `writing` around it.
    """
    before = published(index)
    name = f"{int(before.name) + 1 if before else 1:06d}"
    aside = index / f"{_ASIDE}{name}"
    kept = f"version {before.name} stays published" if before else "nothing is published"
    aside.mkdir()
    try:
        ids = _write_database(aside / _DATABASE, decisions, passages, sentences)
        vectors = _stack([vector_of_text[passage.text] for passage in passages])
        _write_vectors(aside / _VECTORS, vectors)
        np.save(aside / _SENTENCES, _stack([vector_of_text[sentence.text] for sentence in sentences]))
        _write_terms(aside / _TERMS, decisions, ids)
        manifest = Manifest(
            schema=SCHEMA,
            model=model.name,
            model_sha256=model.sha256,
            dimension=int(vectors.shape[1]),
            decisions=len(decisions),
            paragraphs=sum(len(decision.paragraphs) for decision in decisions),
            passages=len(passages),
            built=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            files=dict(files),
        )
        (aside / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
        # Have everything on the disk before it is published: a power cut must not leave a version with holes.
        for path in (aside, *aside.rglob("*")):
            _sync(path)
        aside.rename(index / name)
        _sync(index)
    except BaseException as error:
        shutil.rmtree(aside, ignore_errors=True)
        # A full disk, for one: each engine has errors of its own for it.
        if isinstance(error, (sqlite3.Error, OSError, RuntimeError, ValueError)):
            raise IndexUnusable(f"The new version could not be written to {index} ({error}); {kept}.") from error
        raise
    return name


def _stack(vectors: Sequence[Vectors]) -> Vectors:
    return np.stack(vectors) if vectors else np.empty((0, 1), dtype=np.float32)


def _write_database(
    path: Path, decisions: Sequence[Decision], passages: Sequence[Passage], sentences: Sequence[Sentence]
) -> dict[Pinpoint, int]:
    """Returns the id that each place got."""
    ids: dict[Pinpoint, int] = {}
    database = sqlite3.connect(path)
    try:
        with database:
            database.executescript(_TABLES)
            for key, decision in enumerate(decisions):
                date = decision.date.isoformat() if decision.date else None
                database.execute(
                    "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (key, str(decision.reference), decision.body, decision.category, decision.outcome, date,
                     decision.numbering, decision.source_url, len(decision.paragraphs)),
                )  # fmt: skip
                for place in decision.places():
                    identity = ids[place.pinpoint] = len(ids)
                    number = None if place.pinpoint.number == SUMMARY else place.pinpoint.number
                    lines = [[line.text, line.depth] for line in place.lines]
                    database.execute(
                        "INSERT INTO paragraph VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        (identity, key, number, place.numbering, json.dumps(place.section), place.role,
                         json.dumps(lines), fold_key(place.text)),
                    )  # fmt: skip
            database.executemany(
                "INSERT INTO passage VALUES (?, ?, ?)",
                ((row, ids[passage.pinpoint], passage.text) for row, passage in enumerate(passages)),
            )
            database.executemany(
                "INSERT INTO sentence VALUES (?, ?, ?, ?, ?)",
                (
                    (row, ids[sentence.pinpoint], sentence.text, sentence.start, sentence.end)
                    for row, sentence in enumerate(sentences)
                ),
            )
    finally:
        database.close()
    return ids


def _write_vectors(path: Path, vectors: Vectors) -> None:
    vectors_index = faiss.IndexFlatIP(vectors.shape[1])  # exact; of unit vectors the inner product is the cosine
    vectors_index.add(vectors)
    faiss.write_index(vectors_index, str(path))


def _write_terms(folder: Path, decisions: Sequence[Decision], ids: Mapping[Pinpoint, int]) -> None:
    folder.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True, indexed=True)
    builder.add_text_field("text", tokenizer_name="en_stem")
    terms = tantivy.Index(builder.build(), path=str(folder))
    writer = terms.writer(num_threads=1)
    for decision in decisions:
        for place in decision.places():
            document = tantivy.Document(text="\n".join((*place.section[-1:], place.text)))
            document.add_unsigned("id", ids[place.pinpoint])
            writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _sync(path: Path) -> None:
    """Wait until a file, or the list of names that a folder is, stands on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_manifest(folder: Path) -> Manifest:
    try:
        content = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA:
            raise IndexMismatch(
                f"The index was written in format {content['schema']}, this program reads format {SCHEMA}. {_MEND}"
            )
        return Manifest(**content)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexMismatch(f"Version {folder.name} of the index is damaged ({error}). {_MEND}") from error


def _entry(row: Sequence[Any]) -> Entry:
    reference, body, category, outcome, date, numbering, source_url, paragraphs = row[1:9]
    parsed = datetime.date.fromisoformat(date) if date else None
    return Entry(Reference(reference), body, category, outcome, parsed, numbering, source_url, paragraphs)


def _paragraph(row: Sequence[Any]) -> Paragraph:
    number, numbering, section, role, lines = row[9:]
    return Paragraph(
        Pinpoint(Reference(row[1]), SUMMARY if number is None else number),
        numbering,
        tuple(json.loads(section)),
        role,
        tuple(Line(text, depth) for text, depth in json.loads(lines)),
    )


def _where(within: Filter) -> tuple[str, list[object]]:
    conditions: list[str] = ["1"]
    values: list[object] = []
    for column, wanted in (("body", within.council), ("category", within.category), ("outcome", within.outcome)):
        if wanted:
            conditions.append("(" + " OR ".join([f"names({column}, ?)"] * len(wanted)) + ")")
            values.extend(wanted)
    for column, chosen in (("reference", [str(item) for item in within.reference]), ("role", within.role)):
        if chosen:
            conditions.append(f"{column} IN ({','.join('?' * len(chosen))})")
            values.extend(chosen)
    for comparison, date in ((">=", within.date_from), ("<=", within.date_to)):
        if date is not None:
            conditions.append(f"date {comparison} ?")
            values.append(date.isoformat())
    return " AND ".join(conditions), values


def _names(held: str | None, wanted: str) -> bool:
    """Whether `wanted` is the held name or whole words of it. Not in SQL: SQLite folds the case of ASCII only."""
    words = re.escape(" ".join(wanted.casefold().split()))
    return held is not None and bool(words) and re.search(rf"(?<!\w){words}(?!\w)", held.casefold()) is not None
