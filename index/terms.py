"""The words of each distinct text, for BM25; the only importer of tantivy.

A text, see index.columns, is a document once, however many paragraphs have it: so a standard paragraph takes one place
among what is found. Which paragraphs have it, and which of them a filter lets through, the columns say. Of the words of
a question the rarest are looked for, as many as stand in POSTINGS texts together: all of them, but in a large index,
where those that stand in every second text would take nearly all of the time and say nearly nothing.

BM25 counts over the whole index, so a version has one index of terms: that of the version before it, by hard links, to
which documents were added and from which others were struck out. tantivy never changes a file but puts another in its
place, so the version before keeps what it has. Documents struck out still count in its statistics until it merges them
away; where that would tell, `is_stale` says so and the terms are written anew.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tantivy

from index.columns import Keys
from index.versions import link

Scores = npt.NDArray[np.float64]

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
POSTINGS = 200_000
"""In how many texts the words that are looked for stand at most, in all, unless it is one word alone."""

_SPARE = 480  # more than are asked for, among which the scores nearly always fall
_FEW = 10_000  # documents; so many are written anew in less than a second


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question, where it begins and ends in characters.

    `rarity` is its inverse document frequency as BM25 has it, that of a word held nowhere the greatest; `is_held` says
    whether any text has it, in any form, `is_sought` whether it is looked for, which of the same words the first is,
    and `is_telling` that it is none of words such as "the".
    """

    start: int
    end: int
    rarity: float
    is_held: bool
    is_sought: bool
    is_telling: bool

    @property
    def most(self) -> float:
        """What it can add to the BM25 score of a paragraph at most."""
        return _SATURATION * self.rarity if self.is_sought else 0.0


def stem(word: str) -> str:
    """What the forms of an English word have in common: `explain` for “explained”; empty for what is no word."""
    return "".join(_STEMMED.analyze(word))


class Terms:
    """The terms of a version, open for reading; may be used from several threads."""

    def __init__(self, folder: Path, postings: int = POSTINGS) -> None:
        """Raises ValueError where they cannot be read."""
        self._postings = postings
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return self._searcher.num_docs

    def words(self, question: str) -> list[Word]:
        """The words of a question."""
        found = [(match, stem(match[0])) for match in re.finditer(r"[^\W_]+", question)]
        held, counts = len(self), self._counts(stemmed for _, stemmed in found)
        sought = self._sought(counts)
        words = []
        for match, stemmed in found:
            count = counts[stemmed]
            rarity = math.log(1 + (held - count + 0.5) / (count + 0.5)) if count <= held else 0.0
            words.append(Word(*match.span(), rarity, count > 0, stemmed in sought, bool(_TELLING.analyze(match[0]))))
            sought.discard(stemmed)
        return words

    def _counts(self, stems: Iterable[str]) -> dict[str, int]:
        """How many texts have each of these."""
        return {stemmed: self._searcher.doc_freq("text", stemmed) for stemmed in set(stems)}

    def _sought(self, counts: Mapping[str, int]) -> set[str]:
        """Those that are looked for: the rarest, and one at least, that any text has."""
        sought: set[str] = set()
        read = 0
        for count, stemmed in sorted((count, stemmed) for stemmed, count in counts.items() if count):
            read += count
            if sought and read > self._postings:
                break
            sought.add(stemmed)
        return sought

    def matching(
        self, question: str, limit: int, every: bool = False, among: Keys | None = None
    ) -> tuple[Keys, Scores]:
        """The keys of the texts that share words with the question, with their score, best first.

        At least `limit` if there are as many, and all others with the same score as the last. With `every` only those
        that have all its words, leaving aside words such as "the"; none if there are no others. With `among` only
        texts with these keys, which should be few.
        """
        words = _TELLING.analyze(question) if every else re.findall(r"[^\W_]+", question)
        # A word that a question has twice tells no more than one that it has once.
        stems = list(dict.fromkeys(stemmed for word in words if (stemmed := stem(word))))
        if not every:
            sought = self._sought(self._counts(stems))
            stems = [stemmed for stemmed in stems if stemmed in sought]
        if not stems or limit < 1:
            return np.empty(0, dtype=np.uint64), np.empty(0)
        schema = self._index.schema
        occur = tantivy.Occur.Must if every else tantivy.Occur.Should
        query = tantivy.Query.boolean_query(
            [(occur, tantivy.Query.term_query(schema, "text", stemmed)) for stemmed in stems]
        )
        if among is not None:
            chosen = tantivy.Query.const_score_query(tantivy.Query.term_set_query(schema, "key", among.tolist()), 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, chosen)])
        wanted = limit + _SPARE
        while True:
            hits = self._searcher.search(query, limit=wanted, count=False).hits
            scores = np.round([score for score, _ in hits], _DIGITS)
            if len(hits) < wanted or scores[-1] < scores[limit - 1]:
                break
            wanted *= 4  # which of those with the last score are among the first must not depend on their order
        if len(hits) > limit:
            scores = scores[scores >= scores[limit - 1]]
        addresses = [address for _, address in hits[: len(scores)]]
        return np.array(self._searcher.fast_field_values("key", addresses), dtype=np.uint64), scores


class TermsWriter:
    """Terms being written, in a folder that nobody reads."""

    def __init__(self, folder: Path, before: Path | None) -> None:
        """Begin with the terms of the version before, if any. Raises OSError, ValueError."""
        folder.mkdir()
        if before is None:
            builder = tantivy.SchemaBuilder()
            builder.add_unsigned_field("key", indexed=True, fast=True)
            builder.add_text_field("text", tokenizer_name="en_stem")
            self._index = tantivy.Index(builder.build(), path=str(folder))
        else:
            for path in before.iterdir():
                if path.suffix != ".lock":
                    link(path, folder / path.name)
            self._index = tantivy.Index.open(str(folder))
        self._writer: tantivy.IndexWriter | None = self._index.writer(num_threads=1)

    def add(self, key: int, text: str) -> None:
        """Add a text that is not there."""
        document = tantivy.Document(text=text)
        document.add_unsigned("key", key)
        self._open.add_document(document)

    def strike_out(self, keys: Keys) -> None:
        """Strike out the texts with these keys."""
        for key in keys.tolist():
            # Not delete_documents_by_term, which takes the number as a signed one and finds nothing.
            self._open.delete_documents_by_query(tantivy.Query.term_query(self._index.schema, "key", key))

    def finish(self) -> int:
        """Write all that was added; returns how many texts there are now."""
        self._open.commit()
        self._open.wait_merging_threads()
        self._index.reload()
        return int(self._index.searcher().num_docs)

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
