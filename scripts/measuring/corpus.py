"""Corpora of invented decisions: made, built, added to and asked, each in a process whose memory can be told."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from synthetic.compose import MOST, make
from synthetic.dialects import dialect_of, file_name, render
from synthetic.draft import Paragraph

from index.arrays import Vectors, concat_ranges
from index.build import build
from index.catalogue import Filter
from index.decisions import Decision
from index.embedding.embedder import SentenceEmbedder
from index.embedding.model_files import ModelFiles
from index.embedding.types import Embedding, Progress
from index.engine.columns import PLACES, Columns
from index.engine.database import DATABASE
from index.engine.embedding_files import EmbeddingReader
from index.engine.manifest import EMBEDDINGS
from index.engine.segments import ROLES
from index.folder import add
from index.inputs import sources
from index.parsing.parse import parse
from index.passages import passages
from index.store import Store
from index.text.sentences import sentence_spans
from measuring.asking import COMMAND
from measuring.memory import memory_of, read_places, timed
from qa.retrieval.models import Models
from qa.retrieval.search import CANDIDATES, Searcher

NEAR = 10
"""Hits whose recall is measured."""

_NEIGHBOURS = 32
_LIFT = 0.10  # of what is missing to 1
_ALIKE = 0.999  # from this cosine on two texts are copies of each other
_EQUAL = 1e-6  # of cosines: as near as that is as good


def made_decision(number: int) -> tuple[str, bytes]:
    """The name of the file of an invented decision and what stands in it.

    Theirs are shorter than the published ones: 16 paragraphs from the middle of another are put to each, to make 61.
    """
    draft, other = make(number), make(number + MOST // 2)
    parts, count = list(draft.parts), 0
    for part in other.parts[len(other.parts) // 3 :]:
        count += isinstance(part, Paragraph)
        if count > 16:
            break
        parts.append(part)
    draft, dialect = dataclasses.replace(draft, parts=tuple(parts)), dialect_of(number)
    return file_name(draft, dialect), render(draft, dialect)


def write_decisions(folder: Path, first: int, last: int) -> list[Path]:
    """Write invented decisions, those that are not there yet; their files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(first, last + 1):
        name, content = made_decision(number)
        paths.append(folder / name)
        if not paths[-1].exists():
            paths[-1].write_bytes(content)
    return paths


def made_texts(count: int) -> list[str]:
    """So many different passages of invented decisions, none of those that corpora consist of."""
    found: dict[str, None] = {}
    number = 200_000
    while len(found) < count:
        number += 1
        found |= dict.fromkeys(passage.text for passage in passages(parse(made_decision(number)[1])))
    return list(found)[:count]


class GeneratingEmbedder:
    """An Embedder that draws from real embeddings, the same for a text each time: what it draws is a hash of the text.

    Between a real vector a and one of its nearest others b a point u = w a + (1 - w) b is taken, w even in 0.5 to 1,
    and from there a step in the direction of the difference of two other real vectors, so far that the cosine with u is
    one that a real vector has to its nearest other (`_LIFT` nearer, for what the mixing takes away). So generated
    vectors spread as real ones do, and lie as near to them as those to each other. The tokens of a text are some of
    those of one real text, each for an equal stretch of it.
    """

    def __init__(self, model: ModelFiles, base: Path) -> None:
        self.model = model
        held = np.load(base)
        self._vectors, self._tokens = held["vectors"], held["tokens"]
        self._near, self._cosines = held["near"], held["cosines"]
        self.rate = float(held["rate"])
        """Texts that the model really embeds in a second."""

    @staticmethod
    def write(base: Path, embeddings: Sequence[Embedding], tokens: int, rate: float) -> None:
        """Write what to draw from; `tokens` is how many each text will have."""
        vectors = np.stack([item.vector for item in embeddings])
        some = [item.tokens for item in embeddings[:2000] if len(item.tokens)]
        near, cosines = _nearest(vectors)
        np.savez(
            base, vectors=vectors, near=near, cosines=cosines[:, 0], rate=rate,
            tokens=np.stack([item[np.linspace(0, len(item) - 1, tokens).astype(int)] for item in some]),
        )  # fmt: skip

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> list[Embedding]:
        """See Embedder."""
        digests = b"".join(hashlib.blake2b(text.encode(), digest_size=24).digest() for text in texts)
        real, other, weight, first, second, far = np.frombuffer(digests, "<u4").reshape(-1, 6).T.astype(np.int64)
        count = len(self._vectors)
        real %= count
        share = (0.5 + weight / 2**33).astype(np.float32)[:, np.newaxis]
        beside = self._vectors[self._near[real, other % self._near.shape[1]]]
        middle = _unit(share * self._vectors[real] + (1 - share) * beside)
        step = self._vectors[first % count] - self._vectors[second % count] + np.float32(1e-6)
        step = _unit(step - (step * middle).sum(axis=1, keepdims=True) * middle)
        cosine = self._cosines[far % count, np.newaxis]
        cosine = np.minimum(cosine + _LIFT * (1 - cosine), _ALIKE)
        vectors = _unit(cosine * middle + np.sqrt(1 - cosine**2) * step)
        edges = np.arange(self._tokens.shape[1] + 1) / self._tokens.shape[1]
        ends = (np.array([len(text) for text in texts])[:, np.newaxis] * edges).astype(np.int32)
        spans = np.stack((ends[:, :-1], ends[:, 1:]), axis=2)
        places = (real % len(self._tokens)).tolist()
        embeddings = list(map(Embedding, vectors, map(self._tokens.__getitem__, places), spans))
        if progress is not None:
            progress(len(texts), len(texts))
        return embeddings

    def embed_question(self, question: str) -> Embedding:
        """See Embedder."""
        return self.embed([question])[0]

    def sample(self) -> list[str]:
        """See Embedder."""
        return [str(number) for number in range(600)]


def _nearest(vectors: Vectors) -> tuple[np.ndarray[Any, Any], Vectors]:
    """The nearest others of each vector and their cosines, best first; copies of it are no others."""
    near, cosines = [], []
    for start in range(0, len(vectors), 2048):
        block = vectors[start : start + 2048] @ vectors.T
        block[block > _ALIKE] = -1
        found = np.argpartition(-block, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
        values = np.take_along_axis(block, found, axis=1)
        order = np.argsort(-values, axis=1)
        near.append(np.take_along_axis(found, order, axis=1))
        cosines.append(np.take_along_axis(values, order, axis=1))
    return np.concatenate(near), np.concatenate(cosines)


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def build_corpus(decisions: str, index: str, base: str | None) -> dict[str, Any]:
    """Build an index; the seconds of it without the embedding, and those that embedding takes or would take."""
    model, seconds, loading = ModelFiles.find(), [0.0], [0.0]
    rates: list[float] = []

    def load(found: ModelFiles) -> SentenceEmbedder:
        started = time.perf_counter()
        embedder = GeneratingEmbedder(found, Path(base)) if base else SentenceEmbedder(found)
        loading[0] = time.perf_counter() - started
        rates.extend([embedder.rate] if isinstance(embedder, GeneratingEmbedder) else [])
        embed = embedder.embed

        def timed_embed(texts: Sequence[str], progress: Progress | None = None) -> list[Embedding]:
            started = time.perf_counter()
            try:
                return embed(texts, progress)
            finally:
                seconds[0] += time.perf_counter() - started

        embedder.embed = timed_embed  # type: ignore[method-assign, assignment]
        return embedder  # type: ignore[return-value]

    told = Tenths("read", "files")
    report = build(Path(decisions), Path(index), model, load, Tenths("embedded", "texts"), told)
    embedding = report.embedded / rates[0] if rates else seconds[0]
    store = Store.open(Path(index))
    return {
        "decisions": report.decisions, "paragraphs": report.paragraphs, "passages": store.manifest.passages,
        "texts": store.manifest.rows, "rest": report.seconds - seconds[0] - loading[0], "embedding": embedding,
        "generated": bool(base), "rejected": report.counts["rejected"], "peak": memory_of(os.getpid())["peak"],
        "kind": kind_of(store),
    }  # fmt: skip


def run_build(decisions: str, index: str, kill: bool = False) -> dict[str, Any]:
    """Run the command: its `report`, its `peak` of memory in MB, and the texts that were `done` of `all` as told last.

    With `kill` it is killed in the middle of embedding, and the report is empty. Call it in a small process: Linux
    counts what the one that starts a command holds as the command's.
    """
    process = subprocess.Popen(
        [COMMAND, "build", "--decisions", decisions, "--index", index, "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    done = total = 0
    for line in process.stderr:
        if line.startswith("Embedding:"):
            numbers = [int(word.replace(",", "")) for word in line.split() if word.replace(",", "").isdigit()]
            done, total = numbers[:2]
            if kill and 2 * done >= total:
                process.kill()
                break
    report = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return {"report": json.loads(report or "{}"), "peak": usage.ru_maxrss / 1024, "done": done, "all": total}


def kind_of(store: Store) -> str:
    """How the vectors of a version are searched."""
    return ", ".join(sorted({segment.kind for segment in store.manifest.segments})) or "none"


def add_one(folder: str, first: int, rounds: int) -> dict[str, Any]:
    """Build again with nothing changed, then add decisions one by one, each until a search finds it first."""
    embedder, index, decisions = SentenceEmbedder(ModelFiles.find()), Path(folder, "index"), Path(folder, "decisions")
    used = Path(folder, "used")  # what was added once is never embedded again
    before = int(used.read_text()) if used.exists() else 0
    used.write_text(str(before + rounds))
    embedder.embed(["ready"])

    def again() -> None:
        build(decisions, index, embedder.model, lambda _: embedder)

    nothing, added, alone = statistics.median(timed(again) for _ in range(3)), [], []
    for path in write_decisions(Path(folder, "spare"), first + before, first + before + rounds - 1):
        decision = parse(path.read_bytes())

        def add_and_find(path: Path = path, decision: Decision = decision) -> None:
            add(sources([path]), decisions)
            again()
            find(index, embedder, decision)

        added.append(timed(add_and_find))
        texts = sorted({passage.text for passage in passages(decision)})
        alone.append(timed(lambda texts=texts: embedder.embed(texts)))
    return {"nothing": nothing, "added": added, "embedding": statistics.median(alone)}


def find(index: Path, embedder: SentenceEmbedder, decision: Decision) -> None:
    """Search as a question does, until a sentence that is a decision's own finds it first in both ways."""
    store = Store.open(index)
    texts = [place.text for place in decision.places()]
    sentences = {text[start:end] for text in texts for start, end in sentence_spans(text)}
    for sentence in sorted(sentences, key=len, reverse=True):
        near = store.search_vectors(embedder.embed_question(sentence).vector, 1, Filter())
        words = store.search_bm25(sentence, 1, Filter())
        first = store.paragraphs([identity for identity, _ in (*near, *words)])
        if {entry.reference for _, entry in first} == {decision.reference}:
            store.close()
            return
    raise SystemExit(f"benchmark: {decision.reference} was added, but is not found")


def ask_corpus(index: str, questions: list[str], wide: bool) -> dict[str, Any]:
    """Ask questions of an index, without HTTP: seconds of each, of its forward pass, and of each step of the store.

    With `wide` also a second time, when what they read is in memory; with filters; with the ids and cosines of what is
    nearest; and in turns with reading as much from the disk as a question reads of tokens.
    """
    embedder = TimedEmbedder(ModelFiles.find())
    embedder.embed_question("ready")
    before = memory_of(os.getpid())
    opening = time.perf_counter()
    store = TimedStore(Store.open(Path(index)))
    searcher = Searcher(store, Models.of(embedder))  # type: ignore[arg-type]
    opening = time.perf_counter() - opening
    told: dict[str, Any] = {"open": opening, "first": timed(lambda: searcher.search(questions[0], 5, Filter()))}
    chosen = filters(store) if wide else {"no filter": Filter()}
    told |= {"filters": {}, "took": [], "forward": [], "steps": {}}

    def ask(question: str, within: Filter) -> tuple[float, float]:
        store.took.clear()
        embedder.took = 0.0
        whole = timed(lambda: searcher.search(question, 5, within))
        return whole, whole - embedder.took

    tokens = Path(index) / store.version / EMBEDDINGS / "tokens"
    told |= {"size": tokens.stat().st_size // store.manifest.rows, "disk": []}
    for name, within in chosen.items():
        for question in questions[-10:]:
            searcher.search(question, 5, within)
        around = []
        for number, question in enumerate(questions):
            whole, without_model = ask(question, within)
            around.append(without_model)
            if name == "no filter":
                told["took"].append(whole)
                told["forward"].append(embedder.took)
                for step, seconds in store.took.items():
                    told["steps"].setdefault(step, []).append(seconds)
                if wide and number % 10 == 0:
                    told["disk"].append(read_places(tokens, CANDIDATES, told["size"]))
        if wide and name == "no filter":
            told["again"] = [ask(question, within)[1] for question in questions]
        told["filters"][name] = {"around": around}
        told["memory"] = memory_of(os.getpid()) | {"before": before["resident"]}
        if wide:
            vectors = [embedder.embed_question(question).vector for question in questions]
            found = [store.search_vectors(vector, NEAR, within) for vector in vectors]
            told["filters"][name] |= {"found": found, "within": [repr(within)]}
            told["vectors"] = np.stack(vectors).tolist()
    return told


class TimedEmbedder(SentenceEmbedder):
    """A model that remembers how long its last forward passes took, in seconds."""

    took = 0.0

    def embed_question(self, question: str) -> Embedding:
        """See Embedder."""
        started = time.perf_counter()
        embedding = super().embed_question(question)
        self.took += time.perf_counter() - started
        return embedding


class TimedStore:
    """A store that remembers how long each thing took that it was asked for, in seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.took: dict[str, float] = {}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if not callable(found):
            return found

        def run(*values: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return found(*values, **named)
            finally:
                self.took[name] = self.took.get(name, 0.0) + time.perf_counter() - started

        return run


def reopen(index: str) -> dict[str, float]:
    """How long opening a version takes, the median of some, and what memory the first takes."""
    before = memory_of(os.getpid())
    stores = [Store.open(Path(index))]
    after = memory_of(os.getpid())
    seconds = [timed(lambda: stores.append(Store.open(Path(index)))) for _ in range(5)]
    growth = {name: after[name] - before[name] for name in ("private", "mapped")}
    return {"seconds": statistics.median(seconds), **growth}


def filters(store: Store) -> dict[str, Filter]:
    """Filters that let much through: the greatest body, two of the years that there are, a part of the decisions."""
    facets = store.facets()
    body = max(facets.bodies, key=lambda counted: counted[1])[0]
    role = max(facets.roles, key=lambda counted: (counted[0] == "remedy", counted[1]))[0]
    begin = end = None
    if facets.first and facets.last:
        middle = facets.first + (facets.last - facets.first) / 2
        begin, end = middle.replace(month=1, day=1), middle.replace(month=12, day=31)
    return {
        "no filter": Filter(),
        "one body": Filter(body=(body,)),
        "a date range": Filter(date_from=begin, date_to=end),
        "a role": Filter(role=(role,)),
    }


@dataclass(slots=True)
class Exact:
    """The passages of an index, for searching all of them: `vectors` has a row for each text.

    The other arrays have an element for each passage: the row of its text, the id of its paragraph and the number
    of its role.
    """

    vectors: Vectors
    rows: np.ndarray[Any, Any]
    paragraphs: np.ndarray[Any, Any]
    roles: np.ndarray[Any, Any]
    about: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    """Of each decision its body and its date."""

    @classmethod
    def of(cls, index: Path) -> Exact:
        """Read from the columns and the database of each segment."""
        store = Store.open(index)
        folder = index / store.version
        parts: list[tuple[np.ndarray[Any, Any], ...]] = []
        about: dict[int, tuple[str, str | None]] = {}
        for segment in store.manifest.segments:
            columns = Columns.map(folder / segment.name)
            starts, lengths = columns.passages(columns.texts.astype(np.int64))
            paragraphs = np.repeat(columns.ids, lengths)
            roles = np.repeat(columns.roles, lengths)
            alive = ~np.isin(paragraphs // PLACES, segment.deleted)
            parts.append((columns.rows[concat_ranges(starts, lengths)][alive], paragraphs[alive], roles[alive]))
            uri = f"{(folder / segment.name / DATABASE).resolve().as_uri()}?mode=ro&immutable=1"
            with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
                for key, name, date in database.execute("SELECT id, body, date FROM decision"):
                    about[key] = (name, date)
        rows, paragraphs, roles = (np.concatenate(column) for column in zip(*parts, strict=True))
        vectors = EmbeddingReader(folder / EMBEDDINGS, store.manifest.rows, store.manifest.dimension).vectors
        return cls(vectors, rows, paragraphs, roles, about)

    def inside(self, within: Filter) -> np.ndarray[Any, Any]:
        """Which passages a filter by bodies, dates and roles lets through."""
        keys, place = np.unique(self.paragraphs // PLACES, return_inverse=True)
        first = within.date_from.isoformat() if within.date_from else ""
        last = within.date_to.isoformat() if within.date_to else "9"
        passing = []
        for name, date in (self.about[key] for key in keys.tolist()):
            dated = not (within.date_from or within.date_to) or (date is not None and first <= date <= last)
            passing.append(dated and (not within.body or name in within.body))
        inside = np.array(passing)[place]
        if within.role:
            inside &= np.isin(self.roles, [ROLES.index(role) for role in within.role])
        return inside

    def recall(
        self, vectors: Vectors, found: Sequence[Sequence[Sequence[float]]], inside: np.ndarray[Any, Any]
    ) -> list[float]:
        """The share of the nearest paragraphs that was found, for each question; as near as the last is near enough."""
        recalls = []
        rows, paragraphs = self.rows[inside], self.paragraphs[inside]
        for start in range(0, len(vectors), 20):
            block = vectors[start : start + 20]
            every = np.concatenate(
                [self.vectors[at : at + 65_536] @ block.T for at in range(0, len(self.vectors), 65_536)]
            )
            for place in range(len(block)):
                of_passages = every[rows, place]
                wanted = min(len(rows), 400)
                best = np.argpartition(-of_passages, wanted - 1)[:wanted]
                by_paragraph: dict[int, float] = {}
                for at in best[np.argsort(-of_passages[best])].tolist():
                    by_paragraph.setdefault(int(paragraphs[at]), float(of_passages[at]))
                nearest = sorted(by_paragraph.values(), reverse=True)[:NEAR]
                got = {int(identity) for identity, _ in found[start + place]}
                good = sum(by_paragraph.get(identity, -1.0) >= nearest[-1] - _EQUAL for identity in got)
                # More than 400 passages may be as near as each other: a standard paragraph of all decisions.
                if good < len(nearest):
                    near = paragraphs[of_passages >= nearest[-1] - _EQUAL]
                    good = len(got.intersection(near.tolist()))
                recalls.append(min(good, len(nearest)) / len(nearest))
        return recalls


class Tenths:
    """Progress as a line a tenth."""

    def __init__(self, what: str, unit: str) -> None:
        self._what, self._unit, self._tenth, self._started = what, unit, -1, time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """See Progress."""
        if total >= 10_000 and self._tenth != (tenth := 10 * done // total):
            self._tenth = tenth
            took = time.monotonic() - self._started
            sys.stderr.write(f"    {self._what} {done:,} of {total:,} {self._unit}, {took:.0f} s\n")
