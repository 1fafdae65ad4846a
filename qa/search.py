"""A question → ranked hits.

The meaning of the question (the nearest vectors) and its words (BM25) are both searched. The candidates are compared
with it token by token, and what is known of each goes into one score: a convex combination of the three, and then what
speaks for its decision and for its part in it. A cross-encoder may have the last word. Paragraphs with the same or
nearly the same wording become one hit, which names the others. A body or decision that the question names is searched
alone.
"""

from __future__ import annotations

import datetime
import functools
import itertools
import re
import threading
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Annotated, Any, Protocol, Self, get_args

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema

from index.columns import Ids
from index.decisions import REFERENCE_PATTERN, Paragraph, Reference, Role
from index.embed import Embedder, Embedding, Vectors
from index.errors import NotAReference
from index.passages import sentences
from index.store import Entry, Filter, Matches, Store
from index.terms import Word
from qa.errors import BadQuestion
from qa.learned import ROLES, Evidence, Learned, Subjects
from qa.named import Named, Names

MAX_QUESTION = 2000
"""Characters; three long sentences are a quarter of it."""

MAX_LIMIT = 50
"""Paragraphs of one answer."""

MOST_ALSO = 100
"""Paragraphs of the same wording that a hit names."""

_VALUES = 50  # of one filter

_DEPTH = 160  # paragraphs that each way of searching finds
_DEEPEST = 8**2 * _DEPTH  # where most of them have nearly the same wording
CANDIDATES = 160
"""Paragraphs that are compared with a question token by token."""

# What a score consists of. Nothing is measured by the best or worst that was found, so a filter changes little.
_LATE = 4  # beside the cosine and the words
_COVERAGE = 0.2
_PART = 0.04
_PARTS: dict[Role, float] = {
    "finding": 1.0,
    "remedy": 1.0,
    "law": 0.5,
    "conclusion": 0.5,
    "summary": 0.5,
    "powers": 0.5,
}
_LIKELY_PART = 0.02
_MOST = 1.3  # nearly what all of these can come to

_RERANKED = 30  # that a cross-encoder reads
# So many questions are searched for at once in a process, when the model has read them. More would wait for the
# interpreter all the same, but in the middle of their work: alone on two cores, two thirds more are answered so.
_AT_ONCE = 2
_TURNS = threading.Semaphore(_AT_ONCE)
_ASIDE = ThreadPoolExecutor(_AT_ONCE, "nearest")  # in which many vectors are searched while the words are
_USUAL = range(6, 63, 8)  # words of questions; the first of a length takes the model up to twice as long as the next
_Scored = Sequence[tuple[int, float]]
_LEAST_RARITY = 1e-3  # so that a word that stands everywhere still counts
_BEST = 3  # hits that may meet a word that stands in none

PARTS = ("words", "late", "coverage", "roles", "named", "folding")
"""What a Searcher can do without, for measuring what each part is worth."""


def _reference(value: object) -> object:
    try:
        return Reference(value) if isinstance(value, str) else value
    except NotAReference as error:
        raise ValueError(str(error)) from None


_WORDS = r"[^\s\u0085\ufeff]"  # not white space alone; of these two, one engine says that they are, another that not
_Name = Annotated[str, Field(min_length=1, max_length=200, pattern=_WORDS)]


def _day(value: object) -> object:
    # The library would read a number, also one in quotation marks, as seconds since 1970.
    if not isinstance(value, str):
        return value
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("no date")
    return datetime.date.fromisoformat(value)


def _whole(value: object) -> object:
    # JSON has one kind of number: 5.0 is 5.
    return int(value) if isinstance(value, float) and value.is_integer() else value


_Day = Annotated[datetime.date, BeforeValidator(_day)]
_Reference = Annotated[
    Reference,
    BeforeValidator(_reference),
    WithJsonSchema({"type": "string", "pattern": REFERENCE_PATTERN}),
]


class Filters(BaseModel):
    """The fields that narrow a search or a list, checked: the same for JSON, an address and the command line."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    council: tuple[_Name, ...] = Field(default=(), max_length=_VALUES, examples=[["Kent"]])
    """Only decisions about these bodies. A full name means that one, else whole words of it are enough."""
    reference: tuple[_Reference, ...] = Field(default=(), max_length=_VALUES, examples=[["21 000 832"]])
    """Only these decisions."""
    category: tuple[_Name, ...] = Field(default=(), max_length=_VALUES, examples=[["Children"]])
    """Only decisions of these categories, by their full names or whole words."""
    outcome: tuple[_Name, ...] = Field(default=(), max_length=_VALUES, examples=[["Upheld"]])
    """Only decisions with these outcomes, by their full names or whole words."""
    date_from: _Day | None = Field(default=None, alias="from", examples=["2021-01-01"])
    """Only decisions from this day on."""
    date_to: _Day | None = Field(default=None, alias="to", examples=["2022-12-31"])
    """Only decisions up to this day."""
    role: tuple[Role, ...] = Field(default=(), max_length=_VALUES, examples=[["finding", "remedy"]])
    """Only paragraphs, or decisions with paragraphs, that have one of these parts in the decision."""

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """Read the body of a POST. Raises BadQuestion."""
        try:
            return cls.model_validate_json(body, strict=True)._checked()
        except ValidationError as error:
            raise cls._explain(error, listed="a list, each item ") from None

    @classmethod
    def from_texts(cls, values: Mapping[str, Sequence[str]]) -> Self:
        """Read the fields of an address or a command line, each with all its values. Raises BadQuestion."""
        plain: dict[str, Any] = {}
        for name, texts in values.items():
            if name not in _LISTS and len(texts) > 1:
                raise BadQuestion(f"“{name[:40]}” can be given only once.", name)
            if name in _FORMS and not re.fullmatch(_FORMS[name], texts[0]):
                raise BadQuestion(f"“{name}” must be {_EXPECTED[name]}.", name)
            plain[name] = list(texts) if name in _LISTS else texts[0]
        try:
            return cls.model_validate(plain)._checked()
        except ValidationError as error:
            raise cls._explain(error) from None

    @property
    def within(self) -> Filter:
        """The filter as the store takes it."""
        return Filter(
            self.council, self.reference, self.category, self.outcome, self.date_from, self.date_to, self.role
        )

    def _checked(self) -> Self:
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise BadQuestion("“from” must not be later than “to”.", "from")
        return self

    @classmethod
    def _explain(cls, error: ValidationError, listed: str = "") -> BadQuestion:
        """One sentence on the first thing that is wrong. What was asked is not repeated: it may be personal."""
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        if first["type"] == "extra_forbidden":
            fields = ", ".join(field.alias or key for key, field in cls.model_fields.items())
            return BadQuestion(f"There is no field “{name[:40]}”; the fields are {fields}.")
        if first["type"] == "too_long":
            return BadQuestion(f"“{name}” may have {_VALUES} values at most.", name)
        if name not in _EXPECTED:
            return BadQuestion('The body must be a JSON object such as {"question": "…"}.')
        return BadQuestion(f"“{name}” must be {listed if name in _LISTS else ''}{_EXPECTED[name]}.", name)


class Question(Filters):
    """What `/ask` is asked."""

    question: str = Field(
        min_length=1,
        max_length=MAX_QUESTION,
        pattern=_WORDS,
        examples=["when must a safety agreement be explained as voluntary?"],
    )
    """In your own words."""
    limit: Annotated[int, BeforeValidator(_whole)] = Field(default=5, ge=1, le=MAX_LIMIT, examples=[3])
    """How many paragraphs."""
    everywhere: bool = Field(default=False, examples=[True])
    """Search all decisions, also where the question names a body or a decision."""
    generate: bool = Field(default=False, examples=[False])
    """Have a language model put the paragraphs into a short text, if the server has one."""

    @property
    def has_words(self) -> bool:
        """Whether there is a letter or a digit in it at all."""
        return re.search(r"[^\W_]", self.question) is not None


class Listing(Filters):
    """What the list of decisions is asked."""

    page: int = Field(default=1, ge=1, le=10**6, examples=[1])
    """Which page, from 1."""


_LISTS = frozenset({"council", "reference", "category", "outcome", "role"})
# The library would read 1_0 as ten, and yes as true.
_FORMS = {
    "limit": "[0-9]{1,4}",
    "page": "[0-9]{1,7}",
    "everywhere": "true|false",
    "generate": "true|false",
}
_EXPECTED = {
    "question": f"a text of 1 to {MAX_QUESTION:,} characters",
    "limit": f"a whole number from 1 to {MAX_LIMIT}",
    "page": "a whole number from 1",
    "council": "a name",
    "reference": "a reference such as 21 017 496",
    "category": "a category",
    "outcome": "an outcome",
    "from": "a date such as 2022-10-09",
    "to": "a date such as 2022-10-09",
    "role": f"one of {', '.join(get_args(Role))}",
    "everywhere": "true or false",
    "generate": "true or false",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph found. `score` runs from 0 to 1; `also` are the others with the same or nearly the same wording.

    `sentences` are those of its text in their order: where each starts and ends, and how it meets the question, 0 to 1.
    """

    paragraph: Paragraph
    entry: Entry
    rank: int
    score: float
    sentences: tuple[tuple[int, int, float], ...]
    also: tuple[tuple[Paragraph, Entry], ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The hits, best first, what the question names, where was searched, and how far the paragraphs found answer it.

    `total` is how many paragraphs were ranked: as far as one can page. There is no evidence where there are none, or
    where no word of the question says what it is about.
    """

    hits: tuple[Hit, ...]
    named: Named
    within: Filter
    evidence: Evidence | None
    total: int


class StoreSource(Protocol):
    """Where a search gets the store from: the published version may change from one question to the next."""

    def get(self) -> Store:
        """The store to search now. Raises NoIndex, IndexMismatch."""
        ...


class Reranker(Protocol):
    """Reads a question and a paragraph together."""

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        """How well each text answers the question, 0 to 1: shape (len(texts),)."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """The models that searching uses. `without` names parts that are switched off, see PARTS."""

    embedder: Embedder
    learned: Learned
    subjects: Subjects
    reranker: Reranker | None = None
    without: frozenset[str] = frozenset()

    @classmethod
    def of(cls, embedder: Embedder, reranker: Reranker | None = None, without: Collection[str] = ()) -> Tools:
        """What goes with a model."""
        return cls(embedder, Learned.read(embedder.model), Subjects(embedder), reranker, frozenset(without))


class Searcher:
    """Searches one store with the model that the store was built with."""

    def __init__(self, store: Store, tools: Tools) -> None:
        """Raises IndexMismatch where the store was built with another model."""
        store.check_model(tools.embedder.model)
        self.store = store
        self._tools = tools
        self._names = Names(store.bodies())
        self._categories = store.categories()

    def search(self, question: str, limit: int, within: Filter, everywhere: bool = False, offset: int = 0) -> Ranking:
        """The best paragraphs for a question, `limit` at most. Raises NotHeld for a filter that nothing can pass.

        What the question names is searched alone, unless `everywhere` or `within` says where to search. The hits begin
        after the first `offset`; all else is as it is without.
        """
        self.store.require(within)
        named = self._named(question)
        if not (everywhere or within.council or within.reference):
            # A reference says more than the body beside it, which may even be that of another decision.
            within = replace(within, reference=named.reference, body=() if named.reference else named.council)
        asked = _Asked.read(named.text, self.store, self._tools.embedder)
        with _TURNS:
            return self._search(asked, named, within, limit, offset)

    def _search(self, asked: _Asked, named: Named, within: Filter, limit: int, offset: int) -> Ranking:
        candidates = self._candidates(asked, within)
        if not len(candidates.ids):
            return Ranking((), named, within, None, 0)
        matches = self.store.meet(asked.embedding, asked.weights, candidates.ids.tolist())
        scores = self._score(asked, candidates, matches)
        if self._tools.reranker is not None:
            scores = self._rerank(self._tools.reranker, asked, candidates.ids, scores)
        order = np.lexsort((candidates.ids, -scores))
        evidence = self._evidence(asked, matches, order) if asked.tells else None
        hits = self._hits(candidates.ids, scores, matches, order[: offset + limit], offset)
        return Ranking(hits, named, within, evidence, len(order))

    def prepare(self) -> None:
        """Do now what the first questions would have to wait for. Raises ModelError."""
        for words in _USUAL:
            vector = self._tools.embedder.embed_question(" ".join(["ready"] * words)).vector
        self._tools.subjects.nearest(vector, self._categories)

    def _named(self, question: str) -> Named:
        if "named" in self._tools.without:
            return Named(question, (), (), ())
        return self._names.read(question, self.store.holds)

    def _candidates(self, asked: _Asked, within: Filter) -> _Candidates:
        """The paragraphs that are best by meaning and words together, one of each wording.

        A standard paragraph stands in every decision, and must not take all places.
        """
        if not asked.words:
            return _Candidates(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))
        depth = _DEPTH
        while True:
            seek = functools.partial(self.store.nearest, asked.embedding.vector, depth, within, folded=True)
            aside = _ASIDE.submit(seek) if self.store.is_large else None
            words = []
            if "words" not in self._tools.without:
                words = self.store.matching(asked.text, depth, within, folded=True)
            near = aside.result() if aside else seek()
            ids, first, share = _joined(near, [(identity, score / asked.most) for identity, score in words])
            folds = "folding" not in self._tools.without
            _, group = np.unique(self.store.wordings(ids) if folds else ids, return_inverse=True)
            # Which copy of a standard paragraph was found by its words must not count.
            most = np.zeros(len(ids), dtype=np.float32)
            np.maximum.at(most, group, share)
            first, share = first - share + most[group], most[group]
            order = np.lexsort((ids, -first))
            _, begins = np.unique(group[order], return_index=True)
            order = order[np.sort(begins)]
            if len(order) >= CANDIDATES or depth >= _DEEPEST or max(len(near), len(words)) < depth:
                break
            depth *= 8
        order = order[:CANDIDATES]
        return _Candidates(ids[order], np.minimum(share[order], 1))

    def _score(self, asked: _Asked, candidates: _Candidates, matches: Matches) -> Vectors:
        """One score for each candidate, 0 to 1."""
        late = np.zeros_like(matches.cosines)
        if "late" not in self._tools.without:
            late = np.asarray((matches.passages + matches.sentences) / 2, dtype=np.float32)
        score = np.asarray((matches.cosines + candidates.words + _LATE * late) / (2 + _LATE), dtype=np.float32)
        if "coverage" not in self._tools.without:
            # The answer may stand in another paragraph than what the question tells of the case.
            _, place = np.unique(matches.decisions, return_inverse=True)
            covered = np.zeros((place.max() + 1, matches.tokens.shape[1]), dtype=np.float32)
            np.maximum.at(covered, place, matches.tokens)
            score += _COVERAGE * (covered @ asked.weights)[place]
        if "roles" not in self._tools.without:
            likely = self._tools.learned.roles(asked.embedding.vector)
            worth = {role: _PART * _PARTS.get(role, 0.0) + _LIKELY_PART * likely[role] for role in ROLES}
            score += np.array([worth[role] for role in matches.roles], dtype=np.float32)
        return np.asarray(np.clip(score / _MOST, 0, 1))

    def _rerank(self, reranker: Reranker, asked: _Asked, ids: Ids, scores: Vectors) -> Vectors:
        """The scores with those of a cross-encoder for the best, which stay the best."""
        order = np.lexsort((ids, -scores))
        best, rest = order[:_RERANKED], order[_RERANKED:]
        texts = [
            "\n".join((*paragraph.section[-1:], paragraph.text))
            for paragraph, _ in self.store.paragraphs(ids[best].tolist())
        ]
        mixed = scores.copy()
        mixed[best] = (scores[best] + reranker.scores(asked.text, texts)) / 2
        mixed[rest] *= min(1.0, mixed[best].min() / max(scores[rest].max(initial=0.0), 1e-9))
        return mixed

    def _evidence(self, asked: _Asked, matches: Matches, order: Ids) -> Evidence:
        """How far the hits answer the question, see Evidence."""
        cosine = float(matches.cosines.max())
        subject = self._tools.subjects.nearest(asked.embedding.vector, self._categories)
        met = matches.tokens[order[:_BEST]] @ asked.share
        rarity = np.array([word.rarity for word in asked.words])
        unheld = np.array([not word.is_held for word in asked.words])
        unmet = float((rarity * unheld * (1 - met.max(axis=0))).sum() / max(rarity.sum(), 1e-9))
        return Evidence(cosine - subject, unmet, float(met[0].min()))

    def _hits(self, ids: Ids, scores: Vectors, matches: Matches, order: Ids, offset: int) -> tuple[Hit, ...]:
        shown = order[offset:]
        same: list[list[int]] = [[] for _ in shown]
        if "folding" not in self._tools.without:
            same = [self.store.same_wording(identity, MOST_ALSO) for identity in ids[shown].tolist()]
        wanted = [[identity, *others] for identity, others in zip(ids[shown].tolist(), same, strict=True)]
        read = iter(self.store.paragraphs([identity for group in wanted for identity in group]))
        hits = []
        for rank, (place, group) in enumerate(zip(shown.tolist(), wanted, strict=True), start=offset + 1):
            (paragraph, entry), *also = itertools.islice(read, len(group))
            told = tuple(
                (start, end, max(0.0, score))
                for (start, end), score in zip(sentences(paragraph), matches.told[place].tolist(), strict=True)
            )
            hits.append(Hit(paragraph, entry, rank, float(scores[place]), told, tuple(also)))
        return tuple(hits)


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Paragraphs, shape (n,), and what the words of each score beside the most that they could, 0 to 1, shape (n,)."""

    ids: Ids
    words: Vectors


def _joined(near: _Scored, words: _Scored) -> tuple[Ids, npt.NDArray[np.float64], Vectors]:
    """What was found in both ways: ids, ascending, the sum of their scores, and the part of the words in it.

    What was found by its words alone is taken to be as near as the farthest.
    """
    ids = np.unique(np.array([identity for identity, _ in (*near, *words)], dtype=np.int64))
    cosines = np.full(len(ids), min((cosine for _, cosine in near), default=0.0))
    share = np.zeros(len(ids))
    for scored, column in ((near, cosines), (words, share)):
        column[np.searchsorted(ids, [identity for identity, _ in scored])] = [score for _, score in scored]
    return ids, cosines + share, share.astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it is searched for. `words` are those that the model read, without such as "the" if it has others.

    `embedding` has their `q` tokens only; `weights`, shape (q,), says what each counts, together 1, and `share`, shape
    (q, words), which part it is of which word. `most` is what all words of the question can score at most;
    it `tells` something if a word says what it is about.
    """

    text: str
    words: list[Word]
    embedding: Embedding
    share: Vectors
    weights: Vectors
    most: float
    tells: bool

    @classmethod
    def read(cls, text: str, store: Store, embedder: Embedder) -> _Asked:
        every, read = store.words(text), embedder.embed_question(text)
        telling = [word for word in every if word.is_telling]
        # A token that stands for several words, as of a model that does not tell its tokens apart, is part of each.
        spans = read.spans.tolist()
        parts = [
            [token for token, (start, end) in enumerate(spans) if start < word.end and end > word.start]
            for word in every
        ]
        placed = [(word, part) for word, part in zip(every, parts, strict=True) if part]
        placed = [(word, part) for word, part in placed if word.is_telling] or placed
        words = [word for word, _ in placed]
        share = np.zeros((len(spans), len(words)), dtype=np.float32)
        for place, (_, part) in enumerate(placed):
            share[part, place] = 1 / len(part)
        inside = share.any(axis=1)
        share = share[inside]
        weights = (share * (np.array([word.rarity for word in words], dtype=np.float32) + _LEAST_RARITY)).sum(axis=1)
        return cls(
            text,
            words,
            Embedding(read.vector, read.tokens[inside], read.spans[inside]),
            share,
            weights / weights.sum() if words else weights,
            sum(word.most for word in every) or 1.0,
            any(_asks(text[word.start : word.end]) for word in telling),
        )


_QUESTION_WORDS = frozenset("who whom whose what which when where why how many much long old do does did".split())


def _asks(word: str) -> bool:
    """Whether a word says what is asked about: no number, no single letter, none that only begins a question."""
    return len(word) > 1 and any(map(str.isalpha, word)) and word.casefold() not in _QUESTION_WORDS
