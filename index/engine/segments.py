"""Segments: the immutable batches of decisions that a version consists of. What a version says of each; no SQL here.

    segment-000001/
        decisions.sqlite    decisions and paragraphs, as they are quoted, see index.engine.database
        *.npy               what a search must know of each paragraph, see index.engine.columns
        vectors.faiss       the vector of each passage of each distinct text, see index.engine.vectors

A version links the segments of the one before that did not change. From a segment with deleted decisions, removed since
or replaced by one in a later segment, it links the files without words and lists the deleted; the database is written
anew without them, so that no word of theirs is left in a version. Merging copies rows; nothing is parsed or embedded
again.

The id of a decision is made from its reference, and the ids of its paragraphs from that and their order. So no answer
depends on the order in which decisions were added; a decision is alive in one segment at most.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, get_args

import numpy as np

from index.arrays import Keys, Mask
from index.decisions import Reference, Role
from index.engine.columns import PLACES, Columns
from index.engine.vectors import EXACT
from index.errors import NotAReference

VECTORS = "vectors.faiss"

ROLES: tuple[Role, ...] = get_args(Role)
"""In the order by which they are numbered."""

_MAX_DELETED_SHARE = 1 / 4  # of the decisions of a segment


@dataclass(frozen=True, slots=True)
class Segment:
    """What a version says of a segment. The counts are of what is alive; `rows` is how many vectors it has in all.

    `places` are the numbered paragraphs and the summaries; `deleted` has the ids of decisions of which nothing but
    columns and vectors is there; `kind` is how its vectors are searched, see index.engine.vectors; `register` is a
    digest, and `salt`, in hexadecimal digits, is that of the digests of rows.
    """

    name: str
    rows: int
    register: str
    salt: str
    decisions: int = 0
    paragraphs: int = 0
    places: int = 0
    passages: int = 0
    deleted: tuple[int, ...] = ()
    kind: str = EXACT

    @property
    def needs_merge(self) -> bool:
        """Whether so much of it is deleted that it should be written anew."""
        return len(self.deleted) > _MAX_DELETED_SHARE * (len(self.deleted) + self.decisions)


SegmentPart = tuple[Path, Segment]
"""A segment with its folder."""


class Counts(TypedDict):
    """How much is alive, as in a Segment."""

    decisions: int
    paragraphs: int
    places: int
    passages: int


def counts_of(segments: Sequence[Segment]) -> Counts:
    """How much is alive in some segments together."""
    return {
        "decisions": sum(segment.decisions for segment in segments),
        "paragraphs": sum(segment.paragraphs for segment in segments),
        "places": sum(segment.places for segment in segments),
        "passages": sum(segment.passages for segment in segments),
    }


def decision_id(reference: Reference) -> int:
    """Orders decisions as their references do, and is less than 2³²."""
    digits, letter = reference.text[:10].replace(" ", ""), reference.text[10:]
    return 27 * int(digits) + (ord(letter) - ord("a") + 1 if letter else 0)


def row_name(identity: object) -> str:
    """Whose row has an id, for whoever looks for what is damaged."""
    if isinstance(identity, int):
        number, letter = divmod(identity if identity < 1 << 32 else identity // PLACES, 27)
        with contextlib.suppress(NotAReference):
            return str(Reference(f"{number:08d}{chr(ord('a') + letter - 1) if letter else ''}"))
    return f"row {identity}"


def alive(columns: Columns, segment: Segment) -> Mask:
    """The places that count: shape (n,)."""
    return columns.of_decisions(~np.isin(columns.decisions, segment.deleted))


def holds(parts: Iterable[SegmentPart], keys: Keys) -> Mask:
    """Which of the texts with these keys are alive in some of these segments: shape (keys,)."""
    held = np.zeros(len(keys), dtype=np.bool_)
    for folder, segment in parts:
        columns = Columns.map(folder)
        texts = columns.with_keys(keys)
        living = np.zeros(len(columns.keys), dtype=np.bool_)
        living[columns.texts[alive(columns, segment)] if segment.deleted else slice(None)] = True
        some = texts >= 0
        held[some] |= living[texts[some]]
    return held


def keys_of(parts: Iterable[SegmentPart], decisions: Iterable[int]) -> Keys:
    """The keys of the texts that these decisions have where they are alive in some segments."""
    wanted = list(decisions)
    every = [np.empty(0, dtype=np.uint64)]
    for folder, segment in parts:
        columns = Columns.map(folder)
        chosen = alive(columns, segment) & columns.of_decisions(np.isin(columns.decisions, wanted))
        every.append(columns.keys[columns.texts[chosen]])
    return np.unique(np.concatenate(every))
