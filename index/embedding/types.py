"""What an embedding is and what searching and building need of a model. No model is loaded here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from index.arrays import Spans, Vectors
from index.embedding.model_files import ModelFiles

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """What a model makes of a text.

    `vector` has shape (dimension,) and length 1. `tokens` has shape (tokens, dimension), each row of length 1: what
    the model makes of each token where it stands. `spans` has shape (tokens, 2): the characters of the text that each
    token stands for.
    """

    vector: Vectors
    tokens: Vectors
    spans: Spans

    @classmethod
    def without_marks(cls, vector: Vectors, tokens: Vectors, spans: Spans) -> Embedding:
        """From all tokens that a model read, of which its own marks and its prompt stand for no text."""
        inside = (spans[:, 0] >= 0) & (spans[:, 1] > spans[:, 0])
        return cls(vector, unit(tokens[inside]), spans[inside])


class Embedder(Protocol):
    """What searching and building need of a model; tests bring their own."""

    @property
    def model(self) -> ModelFiles:
        """The model that makes the vectors."""
        ...

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> list[Embedding]:
        """What the model makes of each passage."""
        ...

    def embed_question(self, question: str) -> Embedding:
        """What the model makes of a question."""
        ...

    def sample(self) -> Sequence[str]:
        """Texts that show the breadth of the model's vocabulary, always the same."""
        ...


def unit(vectors: Vectors) -> Vectors:
    """Each vector with length 1: shape (…, dimension)."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
