"""A question → ranked hits.

The meaning of the question (the nearest vectors) and its words (BM25) are both searched, and each paragraph's two
scores are combined. Paragraphs with the same wording become one hit, which names the others.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, Self, get_args

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from index.decisions import Paragraph, Reference, Role
from index.embed import Embedder
from index.errors import NotAReference
from index.store import Entry, Filter, Store
from qa.errors import BadQuestion

MAX_QUESTION = 2000
"""Characters; three long sentences are a quarter of it."""

_VALUES = 50  # of one filter

# How much the words count beside the meaning. The two are combined convexly, so a score stays between 0 and 1.
_WORDS = 0.2
_CANDIDATES = 100


def _reference(value: object) -> object:
    try:
        return Reference(value) if isinstance(value, str) else value
    except NotAReference as error:
        raise ValueError(str(error)) from None


_Name = Annotated[str, Field(min_length=1)]
_Reference = Annotated[Reference, BeforeValidator(_reference)]


class Filters(BaseModel):
    """The fields that narrow a search or a list, checked: the same for JSON, an address and the command line."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, arbitrary_types_allowed=True, hide_input_in_errors=True
    )

    council: tuple[_Name, ...] = Field(default=(), max_length=_VALUES)
    reference: tuple[_Reference, ...] = Field(default=(), max_length=_VALUES)
    category: tuple[_Name, ...] = Field(default=(), max_length=_VALUES)
    outcome: tuple[_Name, ...] = Field(default=(), max_length=_VALUES)
    date_from: datetime.date | None = Field(default=None, alias="from")
    date_to: datetime.date | None = Field(default=None, alias="to")
    role: tuple[Role, ...] = Field(default=(), max_length=_VALUES)

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

    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    limit: int = Field(default=5, ge=1, le=50)
    generate: bool = False

    @property
    def has_words(self) -> bool:
        """Whether there is a letter or a digit in it at all."""
        return re.search(r"[^\W_]", self.question) is not None


_LISTS = frozenset({"council", "reference", "category", "outcome", "role"})
# The library would read 1_0 as ten, and a number as a date in seconds since 1970.
_FORMS = {"limit": r"[0-9]{1,4}", "from": r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "to": r"[0-9]{4}-[0-9]{2}-[0-9]{2}"}
_EXPECTED = {
    "question": f"a text of 1 to {MAX_QUESTION:,} characters",
    "limit": "a whole number from 1 to 50",
    "council": "a name",
    "reference": "a reference such as 21 017 496",
    "category": "a category",
    "outcome": "an outcome",
    "from": "a date such as 2022-10-09",
    "to": "a date such as 2022-10-09",
    "role": f"one of {', '.join(get_args(Role))}",
    "generate": "true or false",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph found. `score` runs from 0 to 1; `also` are the paragraphs elsewhere with the same wording.

    `sentences` are those of its text in their order: where each starts and ends, and its cosine with the question.
    """

    paragraph: Paragraph
    entry: Entry
    rank: int
    score: float
    sentences: tuple[tuple[int, int, float], ...]
    also: tuple[tuple[Paragraph, Entry], ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The hits, best first, and the cosine between the question and the nearest passage of all."""

    hits: tuple[Hit, ...]
    cosine: float


class StoreSource(Protocol):
    """Where a search gets the store from: the published version may change from one question to the next."""

    def get(self) -> Store:
        """The store to search now. Raises NoIndex, IndexMismatch."""
        ...


class Searcher:
    """Searches one store with the model that the store was built with."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        """Raises IndexMismatch where the store was built with another model."""
        store.check_model(embedder.model)
        self.store = store
        self.embedder = embedder

    def search(self, question: str, limit: int, within: Filter) -> Ranking:
        """The best paragraphs for a question, `limit` at most. Raises NotHeld for a filter that nothing can pass."""
        self.store.require(within)
        vector = self.embedder.embed_question(question)
        depth = max(_CANDIDATES, 4 * limit)
        near = dict(self.store.nearest(vector, depth, within))
        words = dict(self.store.matching(question, depth, within))
        scores = _combine(near, words)
        ranked = sorted(scores, key=lambda identity: (-scores[identity], identity))
        hits: list[Hit] = []
        folded: set[int] = set()
        for identity in ranked:
            if identity in folded:
                continue
            same = self.store.same_wording(identity)
            folded.update(same)
            (paragraph, entry), *also = self.store.paragraphs([identity, *same])
            told = tuple(self.store.compare(vector, identity))
            hits.append(Hit(paragraph, entry, len(hits) + 1, scores[identity], told, tuple(also)))
            if len(hits) == limit:
                break
        return Ranking(tuple(hits), max(near.values(), default=0.0))

    def has_every_word(self, question: str, within: Filter) -> bool:
        """Whether there is a paragraph that has every word of the question, whatever they mean together."""
        return bool(self.store.matching(question, 1, within, every=True))


def _combine(near: Mapping[int, float], words: Mapping[int, float]) -> dict[int, float]:
    """Cosine and BM25 as one score from 0 to 1; BM25, which has no scale, is divided by the best one found."""
    farthest, best = min(near.values(), default=0.0), max(words.values(), default=1.0)
    return {
        identity: float(
            np.clip((near.get(identity, farthest) + _WORDS * words.get(identity, 0.0) / best) / (1 + _WORDS), 0, 1)
        )
        for identity in near.keys() | words.keys()
    }
