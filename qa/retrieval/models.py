"""The models that a search uses, and which of its parts are switched off to measure what they are worth."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from index.arrays import Vectors
from index.embedding.types import Embedder
from index.store import Store
from qa.retrieval.answerability import AnswerabilityModel, OutOfScopeTopics
from qa.retrieval.selection import Selector

PARTS = ("words", "late", "coverage", "roles", "named", "folding", "selection")
"""What a search can do without, to measure what each part is worth."""


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
class Models:
    """The models that searching uses. `ablated` names parts that are switched off, see PARTS."""

    embedder: Embedder
    answerability: AnswerabilityModel
    topics: OutOfScopeTopics
    reranker: Reranker | None = None
    ablated: frozenset[str] = frozenset()
    selector: Selector = field(default_factory=Selector)

    @classmethod
    def of(cls, embedder: Embedder, reranker: Reranker | None = None, ablated: Collection[str] = ()) -> Models:
        """What goes with a model."""
        answerability, topics = AnswerabilityModel.read(embedder.model), OutOfScopeTopics(embedder)
        return cls(embedder, answerability, topics, reranker, frozenset(ablated), Selector.read(embedder.model))
