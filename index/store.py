"""A version of the index behind one class, for searching and reading.

    INDEX/000002/           one immutable version, see index.engine.versions
        manifest.json       schema, model with its weights' SHA-256, counts, segments, content hash of every decision,
                            size and checksum of every other file
        segment-000001/     a batch of decisions and the vectors of their passages, see index.engine.segments
        embeddings/         the vectors of each distinct text and of its tokens, see index.engine.embedding_store
        terms/              the words of each distinct text, for BM25, see index.engine.bm25

A reader opens one version and keeps it until it has finished. What a reader has open is never changed, and not deleted
before it is closed.

Nothing is returned that differs from what was written. Opening a version compares the sizes of all files, and the
checksums of small ones and of all offsets. In large files, text is compared row by row as it is read; vectors and
words, which decide the order of results and never their text, are compared when `Store.verify` is called.

A disk may also spoil a file after it was opened. Offsets are therefore kept in memory while they are small; mapped ones
are checked again when they lead nowhere, and every hour by a server.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import json
import math
import os
import re
import sqlite3
import threading
import weakref
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

import numpy as np

from index.arrays import Ids, Mask, Scores, Vectors, concat_ranges
from index.catalogue import Catalogue, Facets, Filter
from index.coverage import Coverage, Records, coverage
from index.decisions import (
    SUMMARY,
    CrossReference,
    Decision,
    DecisionEntry,
    Line,
    Paragraph,
    Pinpoint,
    Provenance,
    Reference,
    Role,
)
from index.embedding.model_files import ModelFiles
from index.embedding.types import Embedding
from index.engine.bm25 import Terms, Word
from index.engine.checksums import Damaged, Part, damages
from index.engine.columns import HELD, PLACES, Columns
from index.engine.database import DATABASE, Database
from index.engine.embedding_files import EmbeddingReader
from index.engine.late_interaction import Ragged
from index.engine.manifest import EMBEDDINGS, TERMS, Manifest
from index.engine.opening import check_at_opening, columns_in_memory
from index.engine.segment_reader import Choice, SegmentReader
from index.engine.segments import ROLES, decision_id, row_name
from index.engine.vectors import EXACT
from index.engine.versions import MANIFEST, Vanished, damaged, hold, published, unread
from index.errors import IndexMismatch, NoIndex, NotEnoughMemory, NotHeld
from index.ledger import Ledger
from index.memory import is_short

_COST_OF_CHOSEN_KEY = 4  # what looking for words among one chosen text takes, in terms of finding one among all
_MAX_TEXTS_READ = 4096  # texts with words of a question, out of which are taken those that pass a filter
SMALL = 1 << 20
"""Bytes of a file whose checksum is compared when a version is opened, whatever it holds."""

_MAX_NORM_ERROR = 1e-3  # more than the square of the length of a unit vector can be wrong
_MAX_CACHED_ENTRIES = 4096  # kept; a megabyte or two
_MAX_CACHED_FILTERS = 8  # filters of which is kept what they let through
_MAX_PARAGRAPHS_COUNTED = (
    20_000  # paragraphs whose words are counted at most, about; they have all words that are not rare
)
_PARAGRAPHS_IN_A_ROW = 50  # of them that follow each other; about a decision
_BATCH_IDS = 500  # of paragraphs read at once
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class LateInteractionScores:
    """How `n` paragraphs meet a question of `q` tokens, in the order in which they were asked for.

    `cosines` has shape (n,): that between the question and the nearest passage of each paragraph. `tokens` has shape
    (n, q): the best cosine of each token of the question with a token of the paragraph. `passages` and `sentences` have
    shape (n,): the weighted average of such cosines within the best passage, and within the best sentence.
    `sentence_scores` has for each paragraph an array of shape (its sentences,), that average for each of them.
    `vectors`, shape (n, dimension), are those of the nearest passages.
    """

    decisions: Ids
    roles: list[Role]
    cosines: Vectors
    passages: Vectors
    sentences: Vectors
    tokens: Vectors
    sentence_scores: Ragged
    focus: Ragged
    headings: Vectors
    vectors: Vectors


Order = Literal["date", "body", "length"]
"""In which a list may come: newest first, by the names of the bodies, or longest first."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _sound(
    method: Callable[Concatenate[Store, _P], _T],
) -> Callable[Concatenate[Store, _P], _T]:
    """Raise IndexDamaged where the version was found to be damaged, or is found so by this method."""

    @functools.wraps(method)
    def checked(store: Store, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        if store.damage:
            raise damaged(store.version, store.damage)
        try:
            return method(store, *args, **kwargs)
        except Damaged as error:
            raise damaged(store.version, error) from error
        except (ArithmeticError, LookupError, MemoryError, ValueError):
            # It may be that a number which says where something stands is no longer the one that was written.
            store.check_mapped()
            raise

    return checked


class Store:
    """One version, open for reading; it may be used from several threads.

    Whatever is asked of it raises IndexDamaged where what would be told is not what was written.
    """

    damage = ""
    """What `verify` found to be damaged; empty while that is nothing."""

    def __init__(self, folder: Path, small: int = SMALL, most: int = HELD) -> None:
        """Open a version; files of up to `small` bytes are read as a whole, and of what says where something stands
        `most` bytes are kept in memory.

        Raises IndexMismatch where it was written by another schema, IndexDamaged, Vanished, and IndexUnusable where the
        machine is short of what it takes.
        """
        self.version = folder.name
        try:
            held = hold(folder)
        except OSError as error:
            raise unread(folder.name, MANIFEST, error) from error
        with contextlib.ExitStack() as opened:
            opened.callback(os.close, held)
            self.manifest = Manifest.read(folder)
            self._folder = folder
            # What is made when it is first asked for, by one thread, and kept: a version never changes.
            self._keeping = threading.Lock()
            self._listed: Catalogue | None = None
            self._facets: Facets | None = None
            self._records: Records | None = None
            self._having: dict[Role, Mask] = {}
            self._entries: dict[int, DecisionEntry] = {}
            self._choices: OrderedDict[Filter, list[Choice | None]] = OrderedDict()
            # These take so long that nobody else should wait for them.
            self._counting, self._recording = threading.Lock(), threading.Lock()
            self._vocabulary: Counter[str] | None = None
            segments = self.manifest.segments
            try:
                columns = columns_in_memory(self.manifest, most)
                self._unread, self._mapped = check_at_opening(folder, self.manifest, small, columns)
                self._database = opened.enter_context(contextlib.closing(Database(folder, segments)))
                left = most - sum(part.size for parts in columns.values() for part in parts)
                self._embeddings = EmbeddingReader(
                    folder / EMBEDDINGS, self.manifest.rows, self.manifest.dimension, left
                )
                rows = sum(segment.rows for segment in segments)
                self._parts = [
                    SegmentReader(
                        folder / segment.name, segment, self._embeddings.vectors, rows, columns.get(segment.name)
                    )
                    for segment in segments
                ]
                self._terms = Terms(folder / TERMS)
                if len(self._terms) != self.manifest.texts:
                    raise ValueError("terms are missing")
            except OSError as error:
                raise unread(folder.name, Path(error.filename or "a file").name, error) from error
            except (EOFError, KeyError, RuntimeError, ValueError, sqlite3.Error) as error:
                if is_short(error):
                    raise NotEnoughMemory("There is not enough memory to open the index.") from error
                raise damaged(folder.name, error) from error
            self.close = weakref.finalize(self, opened.pop_all().close)
            """Let the version go, so that it may be deleted. Whoever forgets gets the same when nobody uses it."""

    @classmethod
    def open(cls, index: Path) -> Store:
        """Open the published version of an index. Raises NoIndex, IndexMismatch, IndexDamaged."""
        while (version := published(index)) is not None:
            # A version may be cleaned away between these two steps, but only after a newer one was published.
            with contextlib.suppress(Vanished):
                return cls(version)
        raise NoIndex(f"There is no index in {index} yet. Run decision-qa build first.")

    def verify(self, tell: Callable[[int], object] = lambda _: None, threads: int = 1) -> None:
        """Compare the checksums of what was not read as a whole when it was opened: all of it, so it takes its time.

        From then on nothing is told of a version that is damaged. `tell` is told of bytes read; what it raises ends it.
        Raises IndexDamaged.
        """
        self._check(self._unread, tell, threads)

    def verify_again(self, tell: Callable[[int], object] = lambda _: None) -> None:
        """The same, and also what is mapped of all that was read when the version was opened."""
        self._check([*self._mapped, *self._unread], tell)

    def check_mapped(self) -> None:
        """Compare the checksums of what says where something stands, as far as it is mapped. Raises IndexDamaged."""
        self._check(self._mapped)

    def _check(self, parts: Sequence[Part], tell: Callable[[int], object] = lambda _: None, threads: int = 1) -> None:
        try:
            for found in damages(self._folder, parts, tell, threads):
                self.damage = found
                raise damaged(self.version, found)
        except OSError as error:
            raise unread(self.version, "a file", error) from error

    @property
    def unread(self) -> int:
        """How many bytes `verify` reads."""
        return sum(part.size for part in self._unread)

    def check_model(self, model: ModelFiles) -> None:
        """Raise IndexMismatch unless the vectors were made by this very model."""
        if self.manifest.model_sha256 != model.sha256:
            raise IndexMismatch(
                f"The index was built with the model {self.manifest.model} "
                f"(weights {self.manifest.model_sha256[:12]}…), but the model set is {model.name} "
                f"(weights {model.sha256[:12]}…). "
                "Run decision-qa build, or set DECISION_QA_MODEL to the model of the index."
            )

    @property
    def is_large(self) -> bool:
        """Whether there are so many vectors that a question is not compared with each of them."""
        return any(segment.kind != EXACT for segment in self.manifest.segments)

    # Searching: ids of paragraphs with scores, best first; those with equal scores in the order of their references.

    @_sound
    def search_vectors(
        self, vector: Vectors, limit: int, within: Filter, one_per_text: bool = False
    ) -> list[tuple[int, float]]:
        """The paragraphs whose best passage is nearest to a unit vector of shape (dimension,), with the cosine.

        With `one_per_text` only the first paragraph of each text.
        """
        found: list[tuple[int, Ids, Scores]] = []
        for number, (part, choice) in enumerate(zip(self._parts, self._chosen(within), strict=True)):
            if limit > 0 and (choice is None or choice.passages.count):
                found.append((number, *part.nearest(vector, limit, choice)))
        return self._as_paragraphs(found, limit, within, one_per_text)

    @_sound
    def search_bm25(
        self, question: str, limit: int, within: Filter, all_words: bool = False, one_per_text: bool = False
    ) -> list[tuple[int, float]]:
        """The paragraphs that share words with the question, with their BM25 score.

        With `all_words` only those that have all its words, leaving aside words such as "the"; none if there are no
        others. With `one_per_text` only the first paragraph of each text. Where tens of thousands of texts share words
        with it, fewer may be told than a filter lets through.
        """
        choices = self._chosen(within)
        chosen = sum(part.count(choice) for part, choice in zip(self._parts, choices, strict=True))
        if limit < 1 or not chosen:
            return []
        # What passes is taken out of more, as many more as the filter leaves out of all, then out of _MAX_TEXTS_READ.
        # Where little passes, words are found sooner by looking for them there only.
        among, wanted = None, math.ceil(limit * sum(part.count(None) for part in self._parts) / chosen)
        if _COST_OF_CHOSEN_KEY * chosen < wanted and any(choice is not None for choice in choices):
            among = np.concatenate([part.keys(choice) for part, choice in zip(self._parts, choices, strict=True)])
            wanted = limit
        most = max(limit, _MAX_TEXTS_READ)
        for read in sorted({min(wanted, most), most}):
            keys, scores = self._terms.search(question, read, all_words, among)
            found, passing, held = [], np.zeros(len(keys), dtype=np.bool_), np.zeros(len(keys), dtype=np.bool_)
            for number, (part, choice) in enumerate(zip(self._parts, choices, strict=True)):
                places, texts = part.with_keys(keys, None)
                held[places] = True
                if choice is not None:
                    places, texts = places[choice.texts[texts]], texts[choice.texts[texts]]
                passing[places] = True
                found.append((number, texts, scores[places]))
            if not held.all():
                raise Damaged("the terms have texts that no segment has")
            if np.count_nonzero(passing) >= limit or len(keys) < read:
                break
        return self._as_paragraphs(found, limit, within, one_per_text)

    def _as_paragraphs(
        self, found: Sequence[tuple[int, Ids, Scores]], limit: int, within: Filter, first: bool
    ) -> list[tuple[int, float]]:
        """The best paragraphs that have some texts, or the first alone of each text, each with the text's score.

        The texts are given by the number of their segment.
        """
        choices = self._chosen(within)
        every, scores, keys = [np.empty(0, dtype=np.int64)], [np.empty(0)], [np.empty(0, dtype=np.uint64)]
        for number, texts, of_texts in found:
            part = self._parts[number]
            places, ids = part.copies(texts, choices[number], 1 if first else limit)
            every.append(ids)
            scores.append(of_texts[places])
            if first and len(found) > 1:  # the same text may stand in several
                keys.append(part.columns.keys[texts[places]])
        joined, score = np.concatenate(every), np.concatenate(scores)
        order = np.lexsort((joined, -score))
        if len(keys) > 1:
            _, begins = np.unique(np.concatenate(keys)[order], return_index=True)
            order = order[np.sort(begins)]
        return list(zip(joined[order[:limit]].tolist(), score[order[:limit]].tolist(), strict=True))

    @_sound
    def words(self, question: str) -> list[Word]:
        """The words of a question, with how rare each is here."""
        return self._terms.words(question)

    @_sound
    def vocabulary(self) -> Mapping[str, int]:
        """In how many texts each word stands: words of letters alone, whole and case-folded.

        Of an index of more than 20,000 paragraphs it is told of about so many, taken from all of its parts. Made when
        it is first asked for, which takes a second for so many.
        """
        with self._counting:
            if self._vocabulary is None:
                self._vocabulary = self._count_words()
            return self._vocabulary

    def _count_words(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        step = max(1, math.ceil(self.manifest.places / _MAX_PARAGRAPHS_COUNTED))
        for columns, alive in self._alive():
            places = np.flatnonzero(alive)
            # Some in a row, which lie together on the disk, then as many as it takes are left out.
            places = places[np.arange(len(places)) // _PARAGRAPHS_IN_A_ROW % step == 0]
            _, firsts = np.unique(columns.texts[places], return_index=True)
            ids = columns.ids[places[np.sort(firsts)]].tolist()
            for start in range(0, len(ids), _BATCH_IDS):
                batch = ids[start : start + _BATCH_IDS]
                for _, _, _, section, _, lines, _ in self._database.by_id("paragraph", batch):
                    # The nearest heading counts as text, as it does among the terms.
                    text = "\n".join((*json.loads(section)[-1:], *(line[0] for line in json.loads(lines))))
                    counts.update(set(_LETTERS.findall(text.casefold())))
        return counts

    @_sound
    def score_late_interaction(
        self, question: Embedding, weights: Vectors, ids: Sequence[int]
    ) -> LateInteractionScores:
        """How each of these paragraphs meets a question; `ids` must not be empty.

        `weights` has one for each token of the question, together 1.
        """
        every = np.asarray(ids, dtype=np.int64)
        parts, texts = self._texts(every)
        lengths = np.empty(len(every), dtype=np.int64)
        roles, heading_sentences = np.empty(len(every), dtype=np.uint8), np.empty(len(every), dtype=np.int64)
        taken, owners = [], []
        for number, part in enumerate(self._parts):
            columns, chosen = part.columns, np.flatnonzero(parts == number)
            if not len(chosen):
                continue
            starts, lengths[chosen] = columns.passages(texts[chosen])
            roles[chosen] = columns.roles[columns.find(every[chosen])]
            heading_sentences[chosen] = columns.heading_sentences[texts[chosen]]
            taken.append(columns.rows[concat_ranges(starts, lengths[chosen])])
            owners.append(np.repeat(chosen, lengths[chosen]))
        rows = np.concatenate(taken)
        if len(taken) > 1:
            rows = rows[np.argsort(np.concatenate(owners), kind="stable")]
        begins = np.cumsum(lengths) - lengths
        interaction = self._embeddings.interact(question.tokens, weights, rows)
        of_heading = np.minimum(np.repeat(heading_sentences, lengths), interaction.sentences.lengths)
        told = interaction.sentences.without_first(of_heading).joined(lengths)
        vectors = self._embeddings.vectors_of(rows)
        if not (np.abs(np.vecdot(vectors, vectors) - 1) < _MAX_NORM_ERROR).all():  # nor where it is no number
            raise Damaged("the embeddings have vectors of another length than 1")
        cosines = vectors @ question.vector
        if len(rows) > len(every):
            nearest = np.lexsort((cosines, np.repeat(np.arange(len(every)), lengths)))[begins + lengths - 1]
            vectors, cosines = vectors[nearest], cosines[nearest]
        return LateInteractionScores(
            every // PLACES,
            [ROLES[role] for role in roles.tolist()],
            cosines,
            np.maximum.reduceat(interaction.tokens @ weights, begins),
            told.greatest(),
            np.maximum.reduceat(interaction.tokens, begins, axis=0),
            told,
            interaction.focus.without_first(of_heading).joined(lengths),
            interaction.sentences.first(of_heading).joined(lengths).greatest(),
            vectors,
        )

    # Reading: what is quoted and listed.

    @_sound
    def paragraphs(self, ids: Sequence[int]) -> list[tuple[Paragraph, DecisionEntry]]:
        """The paragraphs with these ids, in this order, each with the entry of its decision."""
        entries = self._entries_of({identity // PLACES for identity in ids})
        found = ((row, entries[row[0] // PLACES]) for row in self._database.by_id("paragraph", ids))
        return [(_paragraph(row, entry.reference), entry) for row, entry in found]

    def _entries_of(self, keys: Set[int]) -> dict[int, DecisionEntry]:
        """The entries of decisions by their ids, of which some are kept: the same ones are found again and again."""
        with self._keeping:
            entries = {key: self._entries[key] for key in keys if key in self._entries}
        missing = {row[0]: _entry(row) for row in self._database.by_id("decision", list(keys - entries.keys()))}
        with self._keeping:
            self._entries |= missing
            while len(self._entries) > _MAX_CACHED_ENTRIES:
                del self._entries[next(iter(self._entries))]
        return entries | missing

    @_sound
    def wordings(self, ids: Ids) -> Ids:
        """The key of the wording of each paragraph, see index.text.fingerprint: shape (ids,)."""
        parts, texts = self._texts(ids)
        wordings = np.empty(len(ids), dtype=np.int64)
        for number, part in enumerate(self._parts):
            chosen = parts == number
            wordings[chosen] = part.columns.wordings[texts[chosen]]
        return wordings

    def _texts(self, ids: Ids) -> tuple[Ids, Ids]:
        """In which segment each of these paragraphs is alive, and which of its texts it has; both of shape (ids,)."""
        parts, texts = np.full(len(ids), -1, dtype=np.int64), np.zeros(len(ids), dtype=np.int64)
        for number, part in enumerate(self._parts):
            places = part.columns.find(ids)
            held = places >= 0
            if (alive := part.alive()) is not None:
                held &= alive[places]
            parts[held], texts[held] = number, part.columns.texts[places[held]]
        if (parts < 0).any():
            raise Damaged(f"no segment has a paragraph of {row_name(int(ids[parts < 0][0]))} that is listed")
        return parts, texts

    @_sound
    def same_wording(self, identity: int, limit: int) -> list[int]:
        """The ids of other paragraphs with the same or nearly the same wording, the first `limit`."""
        sql = (
            "SELECT id FROM paragraph WHERE wording = (SELECT wording FROM paragraph WHERE id = ?) ORDER BY id LIMIT ?"
        )
        others = [other for (other,) in self._database.query(sql, (identity, limit + 1)) if other != identity][:limit]
        # The columns say it again, so that no single place can claim it alone.
        wordings = self.wordings(np.array([identity, *others], dtype=np.int64))
        if (wordings != wordings[0]).any():
            raise Damaged(f"{DATABASE} has other wordings than the columns")
        return others

    @_sound
    def decision(self, reference: Reference) -> Decision:
        """A whole decision, as it was parsed. Raises NotHeld."""
        if not self.holds(reference):
            raise NotHeld(self._not_held(reference))
        key = decision_id(reference)
        [row], [(_, doubts, said)] = self._database.by_id("decision", [key]), self._database.by_id("remark", [key])
        entry, count = _entry(row), row[-2]
        begin = key * PLACES
        rows = self._database.rows("paragraph", "id BETWEEN ? AND ? ORDER BY id", (begin, begin + PLACES - 1))
        if len(rows) != count:
            raise Damaged(f"{DATABASE} has {len(rows)} of the {count} paragraphs of {reference}")
        places = [_paragraph(row, reference) for row in rows]
        return Decision(
            entry.reference,
            entry.body,
            entry.category,
            entry.outcome,
            entry.date,
            places.pop(0) if places[0].pinpoint.number == SUMMARY else None,
            tuple(places),
            entry.numbering,
            entry.provenance,
            tuple(json.loads(doubts)),
            tuple(
                CrossReference(at, words, tuple(targets), verdict, reason)
                for at, words, targets, verdict, reason in json.loads(said)
            ),
        )

    @_sound
    def entries(
        self, within: Filter, limit: int | None = None, offset: int = 0, order: Order = "date"
    ) -> list[DecisionEntry]:
        """The decisions that a filter lets through, all of them or one page: newest first, by body, or longest first.

        Those of one body or of one length come newest first.
        """
        catalogue, passing = self._catalogue(), self._passing(within)
        places = np.flatnonzero(passing)
        if order == "body":
            places = places[np.argsort(catalogue.bodies.numbers[places], kind="stable")]
        elif order == "length":
            places = places[np.argsort(-self._recorded().paragraphs[places], kind="stable")]
        ids = catalogue.ids[places[offset : None if limit is None else offset + limit]]
        return [_entry(row) for row in self._database.by_id("decision", ids.tolist())]

    @_sound
    def summaries(self, references: Sequence[Reference]) -> dict[Reference, str]:
        """The summaries of those of some decisions that have one."""
        of = {decision_id(reference) * PLACES: reference for reference in references}
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(of), _BATCH_IDS):
            ids = list(of)[start : start + _BATCH_IDS]
            rows += self._database.rows("paragraph", f"id IN ({','.join('?' * len(ids))})", ids)
        return {of[row[0]]: _paragraph(row, of[row[0]]).text for row in rows}

    @_sound
    def coverage(self, within: Filter) -> Coverage:
        """What is held of what a filter lets through, counted."""
        return coverage(self._catalogue(), self._recorded(), self._passing(within))

    def _recorded(self) -> Records:
        catalogue = self._catalogue()
        with self._recording:
            if self._records is None:
                starts = range(0, len(catalogue.ids), _BATCH_IDS)
                batches = (catalogue.ids[start : start + _BATCH_IDS].tolist() for start in starts)
                entries = (_entry(row) for batch in batches for row in self._database.by_id("decision", batch))
                self._records = Records.of(entries, len(catalogue.ids))
            return self._records

    @_sound
    def facets(self) -> Facets:
        """What a filter can be set to."""
        catalogue = self._catalogue()
        with self._keeping:
            if self._facets is None:
                names = catalogue.bodies.counts(), catalogue.categories.counts(), catalogue.outcomes.counts()
                self._facets = Facets(*names, self._roles(), *catalogue.span())
            return self._facets

    @_sound
    def bodies(self) -> list[str]:
        """The names of the bodies that the decisions are about, in alphabetical order."""
        return list(self._catalogue().bodies.names)

    @_sound
    def categories(self) -> list[str]:
        """The categories of the decisions, in alphabetical order."""
        return list(self._catalogue().categories.names)

    @_sound
    def holds(self, reference: Reference) -> bool:
        """Whether there is a decision with this reference."""
        return str(reference) in self.manifest.files

    @property
    def ledger(self) -> Ledger:
        """What changed in the index up to this version."""
        return Ledger(self._folder.parent, int(self.version))

    def tombstone(self, reference: Reference) -> str | None:
        """What became of a decision that was held and is not any more: “held until 3 May 2026, since removed …”."""
        gone = self.ledger.removed(reference)
        return gone.tombstone if gone else None

    def _not_held(self, reference: Reference) -> str:
        gone = self.tombstone(reference)
        return f"Decision {reference} was {gone}." if gone else f"The index holds no decision {reference}."

    @_sound
    def count(self, within: Filter) -> int:
        """How many decisions a filter lets through."""
        return int(np.count_nonzero(self._passing(within)))

    @_sound
    def count_undated(self, within: Filter) -> int:
        """How many decisions a filter leaves out for the one reason that they have no date, where it sets dates."""
        if not (within.date_from or within.date_to):
            return 0
        passing = self._passing(replace(within, date_from=None, date_to=None))
        return int(np.count_nonzero(passing & self._catalogue().undated()))

    @_sound
    def kin_told(self, council: str) -> str:
        """A sentence on the bodies held that came before or after a council that a filter names; empty for none."""
        return self._catalogue().kin_told(council)

    @_sound
    def require(self, within: Filter) -> None:
        """Raise NotHeld where a filter names a decision, body, category or outcome that no decision has."""
        for reference in within.reference:
            if not self.holds(reference):
                raise NotHeld(self._not_held(reference), "reference")
        self._catalogue().require(within)

    def _passing(self, within: Filter) -> Mask:
        """Which decisions a filter lets through, in the order of the list: shape (decisions,)."""
        return self._catalogue().passing(within, self._with_role)

    def _catalogue(self) -> Catalogue:
        with self._keeping:
            if self._listed is None:
                self._listed = Catalogue.of([row for part in self._database.registers() for row in part])
            return self._listed

    # Per segment, and not over the views, which would look for every paragraph among the deleted; there may be
    # millions.

    def _with_role(self, role: Role) -> Mask:
        """Which decisions have a paragraph with a role, in the order of the list: shape (decisions,)."""
        catalogue = self._catalogue()
        with self._keeping:
            if role not in self._having:
                number = ROLES.index(role)
                having = [
                    np.unique(columns.ids[places & (columns.roles == number)] // PLACES)
                    for columns, places in self._alive()
                ]
                self._having[role] = np.isin(catalogue.ids, np.concatenate(having)) if having else np.zeros(0, np.bool_)
            return self._having[role]

    def _roles(self) -> tuple[tuple[Role, int], ...]:
        """How many paragraphs have each role, of those that some have."""
        counts = np.zeros(len(ROLES), dtype=np.int64)
        for columns, places in self._alive():
            counts += np.bincount(columns.roles[places], minlength=len(ROLES))
        return tuple((role, count) for role, count in zip(ROLES, counts.tolist(), strict=True) if count)

    def _alive(self) -> Iterator[tuple[Columns, Mask]]:
        """The columns of each segment, and which of its places count."""
        for part in self._parts:
            alive = part.alive()
            yield part.columns, np.ones(len(part.columns.ids), dtype=np.bool_) if alive is None else alive

    def _chosen(self, within: Filter) -> list[Choice | None]:
        """What a filter lets through of each segment, None where that is all of it."""
        with self._keeping:
            if (kept := self._choices.get(within)) is not None:
                self._choices.move_to_end(within)
                return kept
        decisions = None
        if replace(within, role=()) != Filter():
            decisions = self._catalogue().ids[self._passing(replace(within, role=()))]
        roles = [ROLES.index(role) for role in within.role]
        choices = [part.choose(decisions, roles) for part in self._parts]
        with self._keeping:
            self._choices[within] = choices
            if len(self._choices) > _MAX_CACHED_FILTERS:
                self._choices.popitem(last=False)
        return choices


def _entry(row: Sequence[Any]) -> DecisionEntry:
    (
        _, reference, body, category, outcome, date, numbering, url, derived, fetched, sha256, paragraphs, unit, proof,
        _, _,
    ) = row  # fmt: skip
    parsed = datetime.date.fromisoformat(date) if date else None
    taken = datetime.datetime.fromisoformat(fetched) if fetched else None
    source = Provenance(url, bool(derived), taken, sha256)
    return DecisionEntry(
        Reference(reference), body, category, outcome, parsed, numbering, source, paragraphs, proof, unit
    )


def _paragraph(row: Sequence[Any], reference: Reference) -> Paragraph:
    _, number, numbering, section, role, lines, _ = row
    return Paragraph(
        Pinpoint(reference, SUMMARY if number is None else number),
        numbering,
        tuple(json.loads(section)),
        role,
        tuple(Line(text, depth, item) for text, depth, item in json.loads(lines)),
    )
