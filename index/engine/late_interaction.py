"""Token vectors as they are kept, and late interaction: how well the tokens of a text meet those of a question.

A text is kept as one vector for each of its tokens, in as many of the model's directions as tell most, 8 bits each,
sentence by sentence. Marks and words such as "the" are kept too: what the model makes of them is made of what stands
around them, and without them the right paragraph comes first less often. For each token of a question the best cosine
with any token of the text is sought (MaxSim), and these are averaged, weighted by how rare the question's words are
(Khattab & Zaharia, ColBERT, 2020; here without training).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar, overload

import numkong
import numpy as np
import numpy.typing as npt

from index.arrays import Vectors
from index.embedding.types import Embedder, Embedding

Codes = npt.NDArray[np.int8]
Counts = npt.NDArray[np.int64]
_Number = TypeVar("_Number", np.float32, np.int32)

# The library looks for these in the processor alone; a system that does not grant them would end the process.
for _capability in ("sapphireamx", "graniteamx"):
    numkong.disable_capability(_capability)

_WIDTH = 192
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

    def parts(self, places: Sequence[int]) -> list[Vectors]:
        """Some of the parts."""
        ends, lengths = self._ends[places].tolist(), self.lengths[places].tolist()
        return [self.values[end - length : end] for end, length in zip(ends, lengths, strict=True)]

    def without_first(self, counts: Counts) -> Ragged:
        """Without the first so many values of each part; `counts` are at most their lengths."""
        inside = np.arange(len(self.values)) - np.repeat(self._ends - self.lengths, self.lengths)
        return Ragged(self.values[inside >= np.repeat(counts, self.lengths)], self.lengths - counts)

    def first(self, counts: Counts) -> Ragged:
        """Only the first so many values of each part; `counts` are at most their lengths."""
        inside = np.arange(len(self.values)) - np.repeat(self._ends - self.lengths, self.lengths)
        return Ragged(self.values[inside < np.repeat(counts, self.lengths)], counts)

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
    shape (its sentences,): the weighted average of such cosines within the sentence, 0 for one without tokens. `focus`
    is the same seen from the other side: the mean over the tokens of the sentence of their best cosine with one of the
    question, so what says much else has little.
    """

    tokens: Vectors
    sentences: Ragged
    focus: Ragged


def interact(
    question: Vectors, weights: Vectors, parts: Iterable[Codes], counts: Counts, lengths: Counts
) -> Interaction:
    """Late interaction of a question with some texts.

    `question` has shape (q, width) and rows of length 1, `weights` has shape (q,) and sum 1. Of the texts, one after
    the other, `parts` have the tokens, shapes (tokens, width), with whole sentences in each, `counts` how many of them
    stand in each sentence, and `lengths` how many sentences each text has.
    """
    # Each token of the question uses all of 8 bits, too: processors that have instructions for such numbers multiply
    # them more than twice as fast as float32, and add them up without an error.
    steps = np.maximum(np.abs(question).max(axis=1, keepdims=True, initial=0) / 127, np.float32(1e-12))
    asked = numkong.dots_pack(np.rint(question / steps).astype(np.int8))
    greatest = np.zeros((len(counts), len(question)), dtype=np.int32)
    focus: Vectors = np.zeros(len(counts), dtype=np.float32)
    ends, read, first = np.cumsum(counts), 0, 0
    to_cosine = np.asarray(_STEP * steps[:, 0], dtype=np.float32)
    # The steps differ by little, and what is compared with itself only may be measured by their mean.
    step = float(to_cosine.mean()) if len(to_cosine) else 0.0
    for codes in parts:
        read += len(codes)
        last = int(np.searchsorted(ends, read, side="right"))
        dots = np.asarray(numkong.dots_packed(codes, asked))
        greatest[first:last] = _greatest(dots, counts[first:last])
        if dots.size:
            # Column by column: numpy takes four times as long for the greatest of each short row.
            best_of = dots[:, 0].copy()
            for column in range(1, dots.shape[1]):
                np.maximum(best_of, dots[:, column], out=best_of)
            sums = np.concatenate([[0], np.cumsum(best_of, dtype=np.int64)])
            own = counts[first:last]
            closing = np.cumsum(own)
            means = (sums[closing] - sums[closing - own]) / np.maximum(own, 1)
            focus[first:last] = means * step
        first = last
    best: Vectors = np.asarray(greatest * to_cosine, dtype=np.float32)
    return Interaction(
        _greatest(best, lengths), Ragged(best @ weights, lengths), Ragged(np.asarray(focus, dtype=np.float32), lengths)
    )


def _greatest(rows: npt.NDArray[_Number], counts: Counts) -> npt.NDArray[_Number]:
    """The greatest of each `counts` rows that follow each other, in each column; 0 where there are none."""
    greatest = np.zeros((len(counts), rows.shape[1]), dtype=rows.dtype)
    some = counts > 0
    if some.any():
        greatest[some] = np.maximum.reduceat(rows, (np.cumsum(counts) - counts)[some], axis=0)
    return greatest
