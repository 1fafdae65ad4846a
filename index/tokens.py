"""Token vectors as they are kept, and late interaction: how well the tokens of a text meet those of a question.

A text is kept as one vector for each of its tokens, in as many of the model's directions as tell most, 8 bits each,
sentence by sentence. Marks and words such as "the" are kept too: what the model makes of them is made of what stands
around them, and without them the right paragraph comes first less often. For each token of a question the best cosine
with any token of the text is sought (MaxSim), and these are averaged, weighted by how rare the question's words are
(Khattab & Zaharia, ColBERT, 2020; here without training).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from index.embed import Embedder, Embedding, Vectors

Codes = npt.NDArray[np.int8]
Counts = npt.NDArray[np.int64]

_WIDTH = 192
_COLUMNS = 16
_ROWS = 512  # of tokens multiplied at a time; as float32 they stay in the nearest caches of a core
_STEP = np.float32(0.5 / 127)  # of a code; fewer than one value in a thousand is beyond ±0.5


@dataclass(frozen=True, slots=True)
class Projection:
    """The directions in which the vectors of a model's tokens differ most: `matrix` has shape (dimension, width)."""

    matrix: Vectors

    @classmethod
    def of(cls, embedder: Embedder, dimension: int) -> Projection:
        """The same for a model wherever it is made: it depends on no decision."""
        if dimension <= _WIDTH:
            return cls(np.eye(dimension, dtype=np.float32))
        tokens = np.concatenate([embedding.tokens for embedding in embedder.embed(embedder.sample())])
        _, directions = np.linalg.eigh(tokens.T.astype(np.float64) @ tokens)  # the least telling first
        return cls(np.ascontiguousarray(directions[:, : -_WIDTH - 1 : -1], dtype=np.float32))

    @property
    def width(self) -> int:
        """How many numbers a token is kept in."""
        return int(self.matrix.shape[1])

    def project(self, tokens: Vectors) -> Vectors:
        """Shape (tokens, dimension) → (tokens, width), each row of length 1."""
        projected = tokens @ self.matrix
        return np.asarray(projected / np.maximum(np.linalg.norm(projected, axis=1, keepdims=True), 1e-12))

    def encode(self, tokens: Vectors) -> Codes:
        """Shape (tokens, dimension) → (tokens, width), 8 bits each."""
        codes: Codes = np.clip(np.rint(self.project(tokens) / _STEP), -127, 127).astype(np.int8)
        return codes


def by_sentence(embedding: Embedding, sentences: Sequence[tuple[int, int]]) -> tuple[Vectors, list[int]]:
    """The vectors of the tokens that stand in sentences, in their order, and how many stand in each.

    `sentences` has the characters where each begins and ends.
    """
    place = np.searchsorted([start for start, _ in sentences], embedding.spans[:, 0], side="right") - 1
    inside = place >= 0
    return embedding.tokens[inside], np.bincount(place[inside], minlength=len(sentences)).tolist()


class Ragged(Sequence[Vectors]):
    """Arrays of several lengths in one: the parts of `values`, shape (sum of lengths,), in their order."""

    def __init__(self, values: Vectors, lengths: Counts) -> None:
        self.values, self.lengths = values, lengths
        self._ends = np.cumsum(lengths)

    def __len__(self) -> int:
        return len(self.lengths)

    @overload
    def __getitem__(self, place: int) -> Vectors: ...
    @overload
    def __getitem__(self, place: slice) -> list[Vectors]: ...
    def __getitem__(self, place: int | slice) -> Vectors | list[Vectors]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        end = self._ends[place]  # raises IndexError where iterating must end
        return self.values[end - self.lengths[place] : end]

    def without_first(self, counts: Counts) -> Ragged:
        """Without the first so many values of each part; `counts` are at most their lengths."""
        inside = np.arange(len(self.values)) - np.repeat(self._ends - self.lengths, self.lengths)
        return Ragged(self.values[inside >= np.repeat(counts, self.lengths)], self.lengths - counts)

    def joined(self, counts: Counts) -> Ragged:
        """The same values, each so many parts as one."""
        return Ragged(self.values, np.add.reduceat(self.lengths, np.cumsum(counts) - counts))

    def greatest(self) -> Vectors:
        """The greatest of each part, 0 where it is empty: shape (parts,)."""
        return _greatest(self.values[:, np.newaxis], self.lengths)[:, 0]


@dataclass(frozen=True, slots=True)
class Interaction:
    """How texts meet a question of `q` tokens.

    `tokens` has shape (texts, q): the best cosine with a token of the text. `sentences` has for each text an array of
    shape (its sentences,): the weighted average of such cosines within the sentence, 0 for one without tokens.
    """

    tokens: Vectors
    sentences: Ragged


def interact(question: Vectors, weights: Vectors, codes: Codes, counts: Counts, lengths: Counts) -> Interaction:
    """Late interaction of a question with some texts.

    `question` has shape (q, width) and rows of length 1, `weights` has shape (q,) and sum 1. Of the texts, one after
    the other, `codes` has the tokens, shape (tokens, width), `counts` how many of them stand in each sentence, and
    `lengths` how many sentences each text has.
    """
    # The product is twice as quick where the question has as many columns as a processor multiplies at once.
    columns = np.zeros((question.shape[1], -(-len(question) // _COLUMNS) * _COLUMNS), dtype=np.float32)
    columns[:, : len(question)] = question.T * _STEP
    cosines = np.empty((len(codes), columns.shape[1]), dtype=np.float32)
    for start in range(0, len(codes), _ROWS):
        np.matmul(codes[start : start + _ROWS].astype(np.float32), columns, out=cosines[start : start + _ROWS])
    best = _greatest(cosines[:, : len(question)], counts)
    return Interaction(_greatest(best, lengths), Ragged(best @ weights, lengths))


def _greatest(rows: Vectors, counts: Counts) -> Vectors:
    """The greatest of each `counts` rows that follow each other, in each column; 0 where there are none."""
    greatest = np.zeros((len(counts), rows.shape[1]), dtype=np.float32)
    some = counts > 0
    if some.any():
        greatest[some] = np.maximum.reduceat(rows, (np.cumsum(counts) - counts)[some], axis=0)
    return greatest
