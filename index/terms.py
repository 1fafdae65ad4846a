"""The words of each paragraph, for BM25; the only importer of tantivy.

BM25 counts over the whole index, so a version has one index of terms: that of the version before it, by hard links, to
which documents were added and from which others were struck out. tantivy never changes a file but puts another in its
place, so the version before keeps what it has. Documents struck out still count in its statistics until it merges them
away; where that would tell, `is_stale` says so and the terms are written anew.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy

from index.versions import link

_TELLING = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.stopword("english"))
    .build()
)
_STEMMED = (  # as the field does it
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.remove_long(40))
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.stemmer("english"))
    .build()
)
_SATURATION = 2.2  # what the weight of a word grows to at most with its frequency, k1 + 1
_STALE = 1 / 4  # of the documents; so many struck out change no inverse document frequency by more than ln(4/3)
_DIGITS = 3  # of a score: further ones depend on the order in which tantivy adds up the words
_NAMES = ("body", "category", "outcome")  # of the fields, as they are written
_LAST_DAY = datetime.date.max.toordinal()
_ROUNDS = 16  # of searching, each for wordings not yet seen
_FEW = 10_000  # documents; so many are written anew in less than a second


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question, where it begins and ends in characters.

    `rarity` is its inverse document frequency as BM25 has it, that of a word held nowhere the greatest; `is_held` says
    whether any paragraph has it, in any form, `is_telling` that it is none of words such as "the".
    """

    start: int
    end: int
    rarity: float
    is_held: bool
    is_telling: bool

    @property
    def most(self) -> float:
        """What it can add to the BM25 score of a paragraph at most."""
        return _SATURATION * self.rarity if self.is_held else 0.0


@dataclass(frozen=True, slots=True)
class Findable:
    """A paragraph as it is found by its words: its id, its text with its heading, and what it can be chosen by.

    `wording` is its key, see index.wording, `role` a number, and `day` the proleptic ordinal of the decision's date, 0
    where it has none.
    """

    id: int
    decision: int
    wording: int
    role: int
    day: int
    body: str
    category: str | None
    outcome: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Within:
    """Which paragraphs count: those that have one of the values of each field in `values`, and a date from `first` to
    `last`, proleptic ordinals, where these are given.
    """

    values: Mapping[str, Sequence[int] | Sequence[str]] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None


def stem(word: str) -> str:
    """What the forms of an English word have in common: `explain` for “explained”; empty for what is no word."""
    return "".join(_STEMMED.analyze(word))


def is_telling(word: str) -> bool:
    """Whether a word is none of words such as "the"."""
    return bool(_TELLING.analyze(word))


class Terms:
    """The terms of a version, open for reading; may be used from several threads."""

    def __init__(self, folder: Path) -> None:
        """Raises ValueError where they cannot be read."""
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return self._searcher.num_docs

    def words(self, question: str) -> list[Word]:
        """The words of a question."""
        words, held = [], len(self)
        for match in re.finditer(r"[^\W_]+", question):
            count = self._searcher.doc_freq("text", stem(match[0]))
            rarity = math.log(1 + (held - count + 0.5) / (count + 0.5)) if count <= held else 0.0
            words.append(Word(match.start(), match.end(), rarity, count > 0, is_telling(match[0])))
        return words

    def matching(
        self, question: str, limit: int, within: Within, every: bool = False, folded: bool = False
    ) -> list[tuple[int, float]]:
        """The ids of the paragraphs that share words with the question, with their score, best first.

        With `every` only those that have all its words, leaving aside words such as "the"; none if there are no others.
        Equal scores come in the order of the ids, whatever the order in which the paragraphs were added. With `folded`
        the best `limit` wordings are told, each by some of its paragraphs, in no order; fewer where the first of them
        stand in hundreds of paragraphs each.
        """
        words = _TELLING.analyze(question) if every else re.findall(r"[^\W_]+", question)
        stems = [stemmed for word in words if (stemmed := stem(word))]
        if not stems or limit < 1:
            return []
        occur = tantivy.Occur.Must if every else tantivy.Occur.Should
        asked = tantivy.Query.boolean_query([(occur, self._term("text", stemmed)) for stemmed in stems])
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, asked), *self._filters(within)])
        return self._folded(query, limit) if folded else self._all(query, limit)

    def _all(self, query: tantivy.Query, limit: int) -> list[tuple[int, float]]:
        wanted = 2 * limit
        while True:
            ids, scores = self._search(query, wanted)
            if len(ids) < wanted or scores[-1] < scores[limit - 1]:
                break
            wanted *= 2  # which of those with the last score are among the first must not depend on their order
        order = np.lexsort((ids, -scores))[:limit]
        return list(zip(ids[order].tolist(), scores[order].tolist(), strict=True))

    def _folded(self, query: tantivy.Query, limit: int) -> list[tuple[int, float]]:
        """A standard paragraph stands in every decision, and must not take all places: once seen it is left aside."""
        found: list[tuple[int, float]] = []
        seen: list[int] = []
        for _ in range(_ROUNDS):
            unseen = query
            if seen:
                aside = self._terms("wording", seen)
                unseen = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, aside)])
            ids, scores, wordings = self._search(unseen, 2 * limit, "wording")
            found += zip(ids.tolist(), scores.tolist(), strict=True)
            if len(ids) < 2 * limit:
                break
            worded, first = np.unique(wordings, return_index=True)
            if len(seen) + np.count_nonzero(scores[first] > scores[-1]) >= limit:
                break
            seen += worded.tolist()
        return found

    def _search(self, query: tantivy.Query, limit: int, *fields: str) -> list[npt.NDArray[Any]]:
        """The ids of the best, their scores, and what they have in other fields, each of shape (found,)."""
        hits = self._searcher.search(query, limit=limit, count=False).hits
        addresses = [address for _, address in hits]
        held = [self._searcher.fast_field_values(name, addresses) for name in ("id", *fields)]
        ids, *others = (np.array(values, dtype=np.uint64) for values in held)
        return [ids.astype(np.int64), np.round([score for score, _ in hits], _DIGITS), *others]

    def _filters(self, within: Within) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        queries = [self._terms(name, values) for name, values in within.values.items()]
        if within.first is not None or within.last is not None:
            first, last = within.first or 1, within.last or _LAST_DAY
            queries.append(
                tantivy.Query.range_query(self._index.schema, "day", tantivy.FieldType.Unsigned, first, last)
            )
        # A filter must not change a score.
        return [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in queries]

    def _term(self, name: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, name, value)

    def _terms(self, name: str, values: Sequence[int] | Sequence[str]) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._index.schema, name, list(values))


class TermsWriter:
    """Terms being written, in a folder that nobody reads."""

    def __init__(self, folder: Path, before: Path | None) -> None:
        """Begin with the terms of the version before, if any. Raises OSError, ValueError."""
        folder.mkdir()
        if before is None:
            builder = tantivy.SchemaBuilder()
            builder.add_unsigned_field("id", fast=True)
            builder.add_unsigned_field("wording", indexed=True, fast=True)
            builder.add_unsigned_field("day", indexed=True, fast=True)
            for name in ("decision", "role"):
                builder.add_unsigned_field(name, indexed=True)
            for name in _NAMES:
                builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
            builder.add_text_field("text", tokenizer_name="en_stem")
            self._index = tantivy.Index(builder.build(), path=str(folder))
        else:
            for path in before.iterdir():
                if path.suffix != ".lock":
                    link(path, folder / path.name)
            self._index = tantivy.Index.open(str(folder))
        self._writer: tantivy.IndexWriter | None = self._index.writer(num_threads=1)

    def add(self, paragraph: Findable) -> None:
        """Add a paragraph."""
        document = tantivy.Document(text=paragraph.text)
        for name in ("id", "decision", "role"):
            document.add_unsigned(name, getattr(paragraph, name))
        document.add_unsigned("wording", paragraph.wording % 2**64)
        if paragraph.day:
            document.add_unsigned("day", paragraph.day)
        for name in _NAMES:
            if value := getattr(paragraph, name):
                document.add_text(name, value)
        self._open.add_document(document)

    def strike_out(self, decisions: Iterable[int]) -> None:
        """Strike out the paragraphs that these decisions have so far."""
        for decision in decisions:
            # Not delete_documents_by_term, which takes the number as a signed one and finds nothing.
            query = tantivy.Query.term_query(self._index.schema, "decision", decision)
            self._open.delete_documents_by_query(query)

    def finish(self) -> None:
        """Write all that was added."""
        self._open.commit()
        self._open.wait_merging_threads()

    def close(self) -> None:
        """End the threads that write, before the folder can be deleted."""
        self._writer = None

    @property
    def _open(self) -> tantivy.IndexWriter:
        assert self._writer is not None
        return self._writer


def is_stale(folder: Path) -> bool:
    """Whether so many documents are struck out that the statistics should be made anew."""
    segments = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["segments"]
    every = sum(segment["max_doc"] for segment in segments)
    struck_out = sum(segment["deletes"]["num_deleted_docs"] for segment in segments if segment["deletes"])
    return bool(struck_out) and (every <= _FEW or struck_out > _STALE * every)
