"""What a search must know of each place of a segment, as columns of numbers, in memory while they are small, or mapped.

A place is what can be cited: a numbered paragraph or a summary. Many decisions share their standard paragraphs, so
the distinct texts are searched, each once: a text is the passages that a place was cut into and how much of them is its
heading, and places with the same are its copies. Places and copies stand in the order of their ids.

What is mapped comes from the disk again whenever the system has no room for it, and may then be something else than was
found to be right before; what is in memory stays as it was checked. But 3.5 million paragraphs have some 150 MB of
columns, which every process would have for itself.
"""

from __future__ import annotations

import hashlib
import io
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from index.arrays import Ids, Keys, Mask, concat_ranges, load_array
from index.engine.checksums import Part

HELD = 64 << 20
"""Bytes of columns that are read into memory, of all segments of a version; of any others they are mapped."""

PLACES = 1 << 20
"""Ids kept free for the places of a decision; the largest file that is read cannot hold as many."""


def text_key(rows: Sequence[int], heading_sentences: int) -> int:
    """The same for a text in whatever segment it is, and nearly never for another: 64 bits, of its passages' rows.

    The same words may be a heading, or the first line of a paragraph, so `heading_sentences` counts too. A text that
    was forgotten where embeddings were damaged has other rows, and is another text, when it comes again.
    """
    return int.from_bytes(
        hashlib.blake2b(array("q", [*rows, heading_sentences]).tobytes(), digest_size=8).digest(), "little"
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """Of `n` places, `t` texts, `p` passages of these texts and `d` decisions.

    Of places, shape (n,): `ids`, ascending; `roles`, as numbers; `texts`, which text each has. Of texts, shape (t,):
    `keys`, see text_key; `wordings`, see index.text.fingerprint; `heading_sentences`, how many sentences of each
    passage are its heading's; `ends`, where its passages end in `rows`, and `copy_ends`, where its places end in
    `copies`. `key_order`, shape (t,), has the texts by their keys; `rows`, shape (p,), the row of each passage in the
    embeddings; `copies`, shape (n,), the places by their texts. `decisions`, shape (d,), has the ids of decisions,
    ascending, and `decision_ends` where the places of each end.
    """

    ids: Ids
    roles: npt.NDArray[np.uint8]
    texts: npt.NDArray[np.int32]
    keys: Keys
    key_order: Ids
    wordings: Ids
    heading_sentences: npt.NDArray[np.uint16]
    ends: Ids
    rows: Ids
    copy_ends: Ids
    copies: npt.NDArray[np.int32]
    decisions: Ids
    decision_ends: Ids

    @classmethod
    def of(
        cls,
        ids: npt.ArrayLike,
        roles: npt.ArrayLike,
        keys: npt.ArrayLike,
        wordings: npt.ArrayLike,
        heading_sentences: npt.ArrayLike,
        lengths: npt.ArrayLike,
        rows: npt.ArrayLike,
    ) -> Self:
        """From what is known of each place, in any order; `lengths` says how many of `rows` it has, one at least."""
        lengths = np.asarray(lengths, dtype=np.int64)
        starts = np.cumsum(lengths) - lengths
        order = np.argsort(np.asarray(ids, dtype=np.int64), kind="stable")
        every = np.asarray(ids, dtype=np.int64)[order]
        heading_sentences = np.asarray(heading_sentences, dtype=np.uint16)
        every_key = np.asarray(keys, dtype=np.uint64)[order]
        texts, first = _distinct(every_key)
        chosen = order[first]
        decisions, begins = np.unique(every // PLACES, return_index=True)
        return cls(
            every,
            np.asarray(roles, dtype=np.uint8)[order],
            texts,
            every_key[first],
            np.argsort(every_key[first], kind="stable"),  # as searchsorted takes it, which would copy any other
            np.asarray(wordings, dtype=np.int64)[chosen],
            heading_sentences[chosen],
            np.cumsum(lengths[chosen]),
            np.asarray(rows, dtype=np.int64)[concat_ranges(starts[chosen], lengths[chosen])],
            np.cumsum(np.bincount(texts, minlength=len(first))),
            np.argsort(texts, kind="stable").astype(np.int32),
            decisions,
            np.append(begins[1:], len(every)) if len(every) else begins,
        )

    @classmethod
    def map(cls, folder: Path) -> Self:
        """Those that were written into a folder. Raises OSError, ValueError where they cannot be read."""
        return cls._of_arrays(lambda name: load_array(folder / name, "r"))

    @classmethod
    def read(cls, folder: Path, parts: Sequence[Part]) -> Self:
        """The same in memory: the very bytes that have the checksums of these parts of the version, one of each file.

        Raises Damaged, OSError, ValueError.
        """
        by_name = {part.name.rpartition("/")[2]: part for part in parts}

        def read(name: str) -> npt.NDArray[Any]:
            array = load_array(io.BytesIO(by_name[name].read(folder.parent)))
            array.setflags(write=False)
            return array

        return cls._of_arrays(read)

    @classmethod
    def names(cls) -> list[str]:
        """The names of their files."""
        return [f"{field.name}.npy" for field in fields(cls)]

    @classmethod
    def _of_arrays(cls, load: Callable[[str], npt.NDArray[Any]]) -> Self:
        arrays = {}
        for name in cls.names():
            try:
                arrays[name] = load(name)
            except EOFError as error:
                raise ValueError(f"{name} is empty") from error
            if not isinstance(arrays[name], np.ndarray) or arrays[name].ndim != 1:
                raise ValueError(f"{name} is no column")
        columns = cls(*map(np.asarray, arrays.values()))
        for longer, shorter in (
            (columns.texts, columns.ids), (columns.roles, columns.ids), (columns.copies, columns.ids),
            (columns.keys, columns.wordings), (columns.key_order, columns.wordings),
            (columns.heading_sentences, columns.wordings), (columns.ends, columns.wordings),
            (columns.copy_ends, columns.wordings),
            (columns.decision_ends, columns.decisions),
        ):  # fmt: skip
            if longer.shape != shorter.shape or longer.ndim != 1:
                raise ValueError("a column has another length")
        if (columns.ends[-1] if len(columns.ends) else 0) != len(columns.rows):
            raise ValueError("rows are missing")
        return columns

    def write(self, folder: Path) -> None:
        """Write them into a folder, a file each. Raises OSError."""
        for name in self.names():
            np.save(folder / name, getattr(self, name.removesuffix(".npy")))

    def find(self, ids: Ids) -> Ids:
        """The places with these ids, -1 for those that are none: shape (ids,)."""
        if not len(self.ids):
            return np.full(len(ids), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[places] == ids, places, -1)

    def of_decisions(self, mask: Mask) -> Mask:
        """The places of decisions: shape (d,) → (n,)."""
        return np.repeat(mask, np.diff(self.decision_ends, prepend=0))

    def passages(self, texts: Ids) -> tuple[Ids, Ids]:
        """Where the passages of some texts begin in `rows`, and how many there are: two arrays of shape (texts,)."""
        starts = np.where(texts > 0, self.ends[texts - 1], 0)
        return starts, self.ends[texts] - starts

    def places(self, texts: Ids, most: int | None = None) -> tuple[Ids, Ids]:
        """The places that have some texts, the first `most` of each: the number among `texts`, and the place."""
        starts = np.where(texts > 0, self.copy_ends[texts - 1], 0)
        lengths = self.copy_ends[texts] - starts
        if most is not None:
            lengths = np.minimum(lengths, most)
        return np.repeat(np.arange(len(texts)), lengths), self.copies[concat_ranges(starts, lengths)].astype(np.int64)

    def with_keys(self, keys: Keys) -> Ids:
        """The texts with these keys, -1 for those that are none: shape (keys,)."""
        if not len(self.keys):
            return np.full(len(keys), -1, dtype=np.int64)
        order = np.minimum(np.searchsorted(self.keys, keys, sorter=self.key_order), len(self.keys) - 1)
        texts = self.key_order[order]
        return np.where(self.keys[texts] == keys, texts, -1)

    def with_passages(self, mask: Mask) -> Mask:
        """The passages of texts: shape (t,) → (p,)."""
        if len(self.rows) == len(mask):
            return mask
        return np.repeat(mask, np.diff(self.ends, prepend=0))


def _distinct(keys: Keys) -> tuple[npt.NDArray[np.int32], Ids]:
    """Numbers the distinct texts by where each stands first; tells the number of each place, and the first of each."""
    _, first, number = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[number], first[order]
