"""A question as it is searched for: its words as BM25 has them, its tokens as the model has them, and how they go
together. Nothing is searched here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.arrays import Spans, Vectors
from index.embedding.types import Embedder, Embedding
from index.engine.bm25 import Word
from index.store import Store
from index.text.sentences import sentence_spans

_MIN_IDF = 1e-3  # so that a word that stands everywhere still counts


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question as it is searched for. `words` are those that the model read, without such as "the" if it has others.

    `embedding` has their `q` tokens only; `weights`, shape (q,), says what each counts, together 1, `asking` the same
    within the sentences that ask, and `share`, shape (q, words), which part it is of which word. `most` is what all
    words of the question can score at most; it `tells` something if a word says what it is about.
    """

    text: str
    words: list[Word]
    embedding: Embedding
    share: Vectors
    weights: Vectors
    asking: Vectors
    most: float
    tells: bool

    @classmethod
    def read(cls, text: str, store: Store, embedder: Embedder) -> ParsedQuestion:
        """What an index and a model make of a text. Raises ModelError."""
        every, read = store.words(text), embedder.embed_question(text)
        content = [text[word.start : word.end] for word in every if word.is_content_word]
        # A token that stands for several words, as of a model that does not tell its tokens apart, is part of each.
        spans = read.spans.tolist()
        parts = [
            [token for token, (start, end) in enumerate(spans) if start < word.end and end > word.start]
            for word in every
        ]
        placed = [(word, part) for word, part in zip(every, parts, strict=True) if part]
        placed = [(word, part) for word, part in placed if word.is_content_word] or placed
        words = [word for word, _ in placed]
        share = np.zeros((len(spans), len(words)), dtype=np.float32)
        for place, (_, part) in enumerate(placed):
            share[part, place] = 1 / len(part)
        inside = share.any(axis=1)
        share = share[inside]
        weights = (share * (np.array([word.idf for word in words], dtype=np.float32) + _MIN_IDF)).sum(axis=1)
        weights = weights / weights.sum() if words else weights
        return cls(
            text,
            words,
            Embedding(read.vector, read.tokens[inside], read.spans[inside]),
            share,
            weights,
            _asking(text, weights, read.spans[inside]),
            sum(word.most for word in every) or 1.0,
            any(says_what_is_asked(word) and word.casefold() not in _GREETINGS for word in content),
        )


def _asking(text: str, weights: Vectors, spans: Spans) -> Vectors:
    """The weights of the tokens within the sentences that ask: those with a question mark, or else the last one."""
    every = sentence_spans(text)
    asking = [(start, end) for start, end in every if text[start:end].endswith("?")] or every[-1:]
    inside = np.zeros(len(spans), dtype=np.bool_)
    for start, end in asking:
        inside |= (spans[:, 0] >= start) & (spans[:, 0] < end)
    within = weights * inside
    return np.asarray(within / within.sum() if within.sum() > 0 else weights, dtype=np.float32)


_QUESTION_WORDS = frozenset("who whom whose what which when where why how many much long old do does did".split())


_GREETINGS = frozenset("hi hello hey hiya please thanks thank cheers ok okay help test testing".split())


def says_what_is_asked(word: str) -> bool:
    """Whether a word says what is asked about: no number, no single letter, none that only begins a question."""
    return len(word) > 1 and any(map(str.isalpha, word)) and word.casefold() not in _QUESTION_WORDS
