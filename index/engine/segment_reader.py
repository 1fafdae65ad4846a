"""A segment, open for searching: its columns and its vectors. No text is read here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.arrays import Ids, Keys, Mask, Scores, Vectors
from index.engine.checksums import Part
from index.engine.columns import Columns
from index.engine.segments import VECTORS, Segment
from index.engine.vectors import COMPARED, Chosen, VectorIndex

_SPARE_SHARE = 1.25  # passages looked for, in proportion to those that so many texts have


@dataclass(frozen=True, slots=True)
class Choice:
    """What a filter lets through of a segment: masks of its places, shape (n,), and of its texts, shape (t,).

    `count` is how many texts these are, `passages` are those of the texts.
    """

    places: Mask
    texts: Mask
    count: int
    passages: Chosen


class SegmentReader:
    """A segment, open for searching; may be used from several threads."""

    def __init__(
        self, folder: Path, segment: Segment, vectors: Vectors, rows: int, held: Sequence[Part] | None = None
    ) -> None:
        """`vectors` are those of the embeddings; `rows` is how many vectors all segments have.

        With `held`, the parts of the version that the columns are, these are read into memory and checked, not mapped.
        Raises OSError, RuntimeError, ValueError where it cannot be read.
        """
        self.columns = Columns.map(folder) if held is None else Columns.read(folder, held)
        self.name = segment.name
        if len(self.columns.rows) != segment.rows:
            raise ValueError(f"vectors of {segment.name} are missing")
        # Of several segments each needs fewer, but more than its share: the fewer vectors, the farther they lie apart.
        compared = math.ceil(COMPARED * math.sqrt(segment.rows / max(rows, 1)))
        self._index = VectorIndex(folder / VECTORS, self.columns.rows, vectors, compared)
        self._alive: Mask | None = None
        if segment.deleted:
            self._alive = ~np.isin(self.columns.decisions, segment.deleted)
        self._everything = self._choice(self.columns.of_decisions(self._alive)) if self._alive is not None else None

    def alive(self) -> Mask | None:
        """Which places count, None where all do: shape (n,)."""
        return None if self._everything is None else self._everything.places

    def choose(self, decisions: Ids | None, roles: Sequence[int]) -> Choice | None:
        """The places of these decisions, or of all with None, that have one of these roles, or any if there is none."""
        if decisions is None and not roles:
            return self._everything
        mask = np.isin(self.columns.decisions, decisions) if decisions is not None else None
        if self._alive is not None:
            mask = self._alive if mask is None else mask & self._alive
        places = np.ones(len(self.columns.ids), dtype=np.bool_) if mask is None else self.columns.of_decisions(mask)
        if roles:
            wanted = np.zeros(256, dtype=np.bool_)
            wanted[list(roles)] = True
            places &= wanted[self.columns.roles]
        return self._choice(places)

    def _choice(self, places: Mask) -> Choice:
        texts = np.zeros(len(self.columns.wordings), dtype=np.bool_)
        texts[self.columns.texts[places]] = True
        return Choice(places, texts, int(np.count_nonzero(texts)), Chosen.of(self.columns.with_passages(texts)))

    def count(self, choice: Choice | None) -> int:
        """How many texts are chosen."""
        return len(self.columns.keys) if choice is None else choice.count

    def keys(self, choice: Choice | None) -> Keys:
        """The keys of the texts that are chosen; all of them are looked through for it."""
        return self.columns.keys if choice is None else self.columns.keys[choice.texts]

    def with_keys(self, keys: Keys, choice: Choice | None) -> tuple[Ids, Ids]:
        """The texts with these keys, of those chosen: two arrays of one length, the numbers of the keys, the texts."""
        texts = self.columns.with_keys(keys)
        held = texts >= 0
        if choice is not None:
            held[held] = choice.texts[texts[held]]
        return np.flatnonzero(held), texts[held]

    def nearest(self, vector: Vectors, limit: int, choice: Choice | None) -> tuple[Ids, Scores]:
        """The texts whose best passage is nearest to a unit vector of shape (dimension,), with the cosine.

        At least `limit` of them if there are as many, best first.
        """
        chosen = choice.passages if choice else None
        every = len(self.columns.rows)
        available = chosen.count if chosen else every
        # So many that texts with several passages rarely make a second search necessary.
        wanted = (
            limit
            if every == len(self.columns.ends)
            else math.ceil(_SPARE_SHARE * limit * every / len(self.columns.ends))
        )
        while True:
            passages, cosines = self._index.nearest(vector, wanted, chosen)
            texts = np.searchsorted(self.columns.ends, passages, side="right")
            _, first = np.unique(texts, return_index=True)  # of a text with several passages, the best
            if len(first) >= limit or wanted >= available:
                first.sort()
                return texts[first], cosines[first]
            wanted *= 2

    def copies(self, texts: Ids, choice: Choice | None, most: int) -> tuple[Ids, Ids]:
        """The places that have these texts, of those chosen, in the order of their ids, at least `most` of each if so
        many are chosen; of one text no more than one where `most` is 1.

        Two arrays of one length: for each place its number among `texts`, and its id.
        """
        numbers, places = self.columns.places(texts, most)
        if choice is not None and not choice.places[places].all():
            numbers, places = self.columns.places(texts)
            inside = choice.places[places]
            numbers, places = numbers[inside], places[inside]
            if most == 1:
                numbers, first = np.unique(numbers, return_index=True)
                places = places[first]
        return numbers, self.columns.ids[places]
