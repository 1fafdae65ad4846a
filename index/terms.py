"""The words of each paragraph, for BM25; the only importer of tantivy.

BM25 counts over the whole index, so a version has one index of terms: that of the version before it, by hard links, to
which documents were added and from which others were struck out. tantivy never changes a file but puts another in its
place, so the version before keeps what it has. Documents struck out still count in its statistics until it merges them
away; where that would tell, `is_stale` says so and the terms are written anew.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

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


def stem(word: str) -> str:
    """What the forms of an English word have in common: `explain` for “explained”; empty for what is no word."""
    return "".join(_STEMMED.analyze(word))


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
        words = []
        for match in re.finditer(r"[^\W_]+", question):
            count = self._searcher.doc_freq("text", stem(match[0]))
            rarity = math.log(1 + (len(self) - count + 0.5) / (count + 0.5)) if count <= len(self) else 0.0
            words.append(Word(match.start(), match.end(), rarity, count > 0, bool(_TELLING.analyze(match[0]))))
        return words

    def matching(
        self, question: str, limit: int, every: bool, field: str, ids: Sequence[int] | None
    ) -> list[tuple[int, float]]:
        """The ids of the paragraphs that share words with the question, with their score, best first.

        With `every` only those that have all its words, leaving aside words such as "the"; none if there are no others.
        Only those with one of `ids` in `field`, `id` or `decision`; all with None. Equal scores come in the order of
        the ids, whatever the order in which the paragraphs were added.
        """
        # In lower case, because AND, OR and NOT are words here, not operators.
        words = " ".join(_TELLING.analyze(question) if every else re.findall(r"\w+", question.lower()))
        if not words or limit < 1:
            return []
        query, _ = self._index.parse_query_lenient(words, ["text"], conjunction_by_default=every)
        if ids is not None:
            inside = tantivy.Query.term_set_query(self._index.schema, field, list(ids))
            inside = tantivy.Query.const_score_query(inside, 0.0)  # a filter must not change a score
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, inside)])
        wanted = 2 * limit
        while True:
            hits = self._searcher.search(query, limit=wanted).hits
            scores = [round(float(score), _DIGITS) for score, _ in hits]
            if len(hits) < wanted or scores[-1] < scores[limit - 1]:
                break
            wanted *= 2  # which of those with the last score are among the first must not depend on their order
        found = self._searcher.fast_field_values("id", [address for _, address in hits])
        scored = [(int(identity or 0), score) for identity, score in zip(found, scores, strict=True)]
        return sorted(scored, key=lambda hit: (-hit[1], hit[0]))[:limit]


class TermsWriter:
    """Terms being written, in a folder that nobody reads."""

    def __init__(self, folder: Path, before: Path | None) -> None:
        """Begin with the terms of the version before, if any. Raises OSError, ValueError."""
        folder.mkdir()
        if before is None:
            builder = tantivy.SchemaBuilder()
            builder.add_unsigned_field("id", indexed=True, fast=True)
            builder.add_unsigned_field("decision", indexed=True)
            builder.add_text_field("text", tokenizer_name="en_stem")
            self._index = tantivy.Index(builder.build(), path=str(folder))
        else:
            for path in before.iterdir():
                if path.suffix != ".lock":
                    link(path, folder / path.name)
            self._index = tantivy.Index.open(str(folder))
        self._writer: tantivy.IndexWriter | None = self._index.writer(num_threads=1)

    def add(self, identity: int, decision: int, section: Sequence[str], text: str) -> None:
        """Add a paragraph; its nearest heading counts as its text."""
        document = tantivy.Document(text="\n".join((*section[-1:], text)))
        document.add_unsigned("id", identity)
        document.add_unsigned("decision", decision)
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
