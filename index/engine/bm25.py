"""The words of each distinct text, for BM25; with index.text.stemming the only importer of tantivy.

A text, see index.engine.columns, is a document once, however many paragraphs have it: so a standard paragraph takes one
place among what is found. Which paragraphs have it, and which of them a filter lets through, the columns say. Of the
words of a question the rarest are looked for, as many as stand in POSTINGS texts together: all of them, but in a large
index, where those that stand in every second text would take nearly all of the time and say nearly nothing.

BM25 counts over the whole index, so a version has one index of terms: that of the version before it, by hard links, to
which documents were added. tantivy never changes a file but puts another in its place, so the version before keeps what
it has. Documents struck out would still count in its statistics, and their words stay in its files, until it merges
them away; where a text is gone, the terms are therefore written anew.
"""

from __future__ import annotations

import contextlib
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tantivy

from index.arrays import Keys, Scores
from index.engine.checksums import Damaged
from index.engine.versions import link
from index.text.stemming import stem

_CONTENT_WORDS = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.stopword("english"))
    .build()
)
_SATURATION = 2.2  # what the weight of a word grows to at most with its frequency, k1 + 1
_SCORE_DIGITS = 3  # of a score: further ones depend on the order in which tantivy adds up the words
POSTINGS = 200_000
"""In how many texts the words that are looked for stand at most, in all, unless it is one word alone."""

_SPARE_TEXTS = 480  # more than are asked for, among which the scores nearly always fall
LOCK = ".lock"
"""The suffix of what is in the folder of terms and belongs to no version."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question, where it begins and ends in characters.

    `idf` is its inverse document frequency as BM25 has it, that of a word held nowhere the greatest; `is_held` says
    whether any text has it, in any form, `is_queried` whether it is searched for, which of the same words the first is,
    and `is_content_word` that it is no stop word such as "the".
    """

    start: int
    end: int
    idf: float
    is_held: bool
    is_queried: bool
    is_content_word: bool

    @property
    def most(self) -> float:
        """What it can add to the BM25 score of a paragraph at most."""
        return _SATURATION * self.idf if self.is_queried else 0.0


class Terms:
    """The terms of a version, open for reading; may be used from several threads."""

    def __init__(self, folder: Path, postings: int = POSTINGS) -> None:
        """Raises ValueError where they cannot be read."""
        self._postings = postings
        with _reading():
            self._index = _open(folder)
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
            idf = math.log(1 + (held - count + 0.5) / (count + 0.5)) if count <= held else 0.0
            words.append(Word(*match.span(), idf, count > 0, stemmed in sought, bool(_CONTENT_WORDS.analyze(match[0]))))
            sought.discard(stemmed)
        return words

    def _counts(self, stems: Iterable[str]) -> dict[str, int]:
        """How many texts have each of these."""
        with _reading():
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

    def search(self, question: str, limit: int, every: bool = False, among: Keys | None = None) -> tuple[Keys, Scores]:
        """The keys of the texts that share words with the question, with their score, best first.

        At least `limit` if there are as many, and all others with the same score as the last. With `every` only those
        that have all its words, leaving aside words such as "the"; none if there are no others. With `among` only
        texts with these keys, which should be few.
        """
        words = _CONTENT_WORDS.analyze(question) if every else re.findall(r"[^\W_]+", question)
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
        wanted = limit + _SPARE_TEXTS
        while True:
            with _reading():
                hits = self._searcher.search(query, limit=wanted, count=False).hits
            scores = np.round([score for score, _ in hits], _SCORE_DIGITS)
            if not np.isfinite(scores).all():
                raise Damaged("the terms have scores that are not numbers")
            if len(hits) < wanted or scores[-1] < scores[limit - 1]:
                break
            wanted *= 4  # which of those with the last score are among the first must not depend on their order
        if len(hits) > limit:
            scores = scores[scores >= scores[limit - 1]]
        addresses = [address for _, address in hits[: len(scores)]]
        with _reading():
            found = self._searcher.fast_field_values("key", addresses)
        if None in found:
            raise Damaged("the terms have texts without a key")
        return np.array(found, dtype=np.uint64), scores


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    """Raise Damaged for what tantivy makes of files that it cannot read."""
    try:
        yield
    except (ValueError, OSError, RuntimeError, OverflowError) as error:
        raise Damaged(f"the terms cannot be read ({error})") from error
    except BaseException as error:
        # What becomes of a panic of Rust; it is no Exception, and cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise Damaged(f"the terms cannot be read ({error})") from error


def _open(folder: Path) -> tantivy.Index:
    """Open terms, which may lie where nobody can write: tantivy locks a file beside them while it opens them."""
    try:
        return tantivy.Index.open(str(folder))
    except ValueError as error:
        if "lock" not in str(error).lower():
            raise
        # The lock may be let go of while the folder is deleted, which then may fail.
        with tempfile.TemporaryDirectory(None, "decision-qa-", _writable(), ignore_cleanup_errors=True) as aside:
            for path in folder.iterdir():
                if path.suffix != LOCK:
                    (Path(aside) / path.name).symlink_to(path.resolve())
            return tantivy.Index.open(aside)  # it has all files open by then


def _writable() -> str | None:
    """A folder for files of a moment; the memory of a system whose disks cannot be written to has one, too."""
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        return "/dev/shm"


class TermsWriter:
    """Terms being written, in a folder that nobody reads."""

    def __init__(self, folder: Path, before: Path | None) -> None:
        """Begin with the terms of the version before, if any. Raises OSError, ValueError."""
        folder.mkdir()
        self._folder = folder
        if before is None:
            builder = tantivy.SchemaBuilder()
            builder.add_unsigned_field("key", indexed=True, fast=True)
            builder.add_text_field("text", tokenizer_name="en_stem")
            self._index = tantivy.Index(builder.build(), path=str(folder))
        else:
            for path in before.iterdir():
                if path.suffix != LOCK:
                    link(path, folder / path.name)
            self._index = tantivy.Index.open(str(folder))
        self._writer: tantivy.IndexWriter | None = self._index.writer(num_threads=1)

    def add(self, key: int, text: str) -> None:
        """Add a text that is not there."""
        document = tantivy.Document(text=text)
        document.add_unsigned("key", key)
        self._open.add_document(document)

    def finish(self) -> int:
        """Write all that was added; returns how many texts there are now."""
        self._open.commit()
        self._open.wait_merging_threads()
        for path in self._folder.iterdir():
            if path.stat().st_mode & 0o077 == 0:  # tantivy lets nobody else read some of them
                path.chmod(self._folder.stat().st_mode & 0o666)
        self._index.reload()
        return int(self._index.searcher().num_docs)

    def close(self) -> None:
        """End the threads that write, before the folder can be deleted."""
        self._writer = None

    @property
    def _open(self) -> tantivy.IndexWriter:
        assert self._writer is not None
        return self._writer
