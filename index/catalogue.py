"""What the decisions of a version can be chosen by, held in memory: body, category, outcome and date of each.

A version never changes, so this is read once. To choose and to count among 57,500 decisions is then a matter of a
millisecond and two megabytes; a database would read every one of them for each page of a list.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.arrays import Ids, Mask

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Column:
    """One field of `n` decisions. `numbers`, shape (n,), says which of `names` each has, len(names) where it has none.

    `names` are those that some decision has, in alphabetical order; `keys` are the same without regard to case.
    """

    names: tuple[str, ...]
    keys: tuple[str, ...]
    numbers: Numbers

    @classmethod
    def of(cls, values: Sequence[str | None], order: Ids) -> Column:
        """The column that has these values, once they are put in this order."""
        names = tuple(
            sorted({value for value in set(values) if value is not None}, key=lambda name: (_key(name), name))
        )
        number_of = {name: number for number, name in enumerate((*names, None))}
        numbers = np.fromiter(map(number_of.__getitem__, values), dtype=np.int32, count=len(values))
        return cls(names, tuple(map(_key, names)), numbers[order])

    def counts(self) -> tuple[tuple[str, int], ...]:
        """The names, each with how many decisions have it."""
        return tuple(zip(self.names, np.bincount(self.numbers, minlength=len(self.names)).tolist(), strict=False))

    def meant(self, wanted: str) -> list[str]:
        """The names that a text means: the one that it is, whatever its case, or else all of which it is whole words.

        So “Upheld” is not “Not upheld”, and “kent” is “Kent County Council”. Not in SQL: SQLite folds the case of ASCII
        only.
        """
        key = _key(wanted)
        if not key:
            return []
        if same := [name for name, held in zip(self.names, self.keys, strict=True) if held == key]:
            return same
        words = re.compile(rf"(?<!\w){re.escape(key)}(?!\w)")
        # Few names have the text at all, which is quicker to see.
        return [name for name, held in zip(self.names, self.keys, strict=True) if key in held and words.search(held)]

    def any_of(self, names: Collection[str]) -> Mask:
        """Which decisions have one of these names, to the letter: shape (n,)."""
        chosen = np.array([name in names for name in (*self.names, None)])
        return np.asarray(chosen[self.numbers])


Row = tuple[int, str, str | None, str | None, str | None]
"""The id, body, category, outcome and date (as ISO 8601) of a decision."""


def digest_of_register(rows: Sequence[Row]) -> str:
    """32 hexadecimal digits that say whether rows, in the order of their ids, are those that were written."""
    told = hashlib.blake2b(digest_size=16)
    for column in zip(*rows, strict=True):  # as columns, which takes a quarter of the time
        told.update(json.dumps(column, default=repr).encode())
    return told.hexdigest()


@dataclass(frozen=True, slots=True)
class Listing:
    """The decisions of a version in the order of its list: newest first, those without a date last, then by reference.

    `ids` has shape (n,), and so has `days`, the proleptic ordinals of their dates, 0 where there is none.
    """

    ids: Ids
    bodies: Column
    categories: Column
    outcomes: Column
    days: Numbers

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Listing:
        """From the rows of all decisions, in any order."""
        ids, bodies, categories, outcomes, dates = zip(*rows, strict=True) if rows else ((),) * 5
        day_of = {date: datetime.date.fromisoformat(date).toordinal() if date else 0 for date in set(dates)}
        days = np.fromiter(map(day_of.__getitem__, dates), dtype=np.int32, count=len(dates))
        keys = np.array(ids, dtype=np.int64)
        order = np.lexsort((keys, -days))
        return cls(
            keys[order],
            Column.of(bodies, order),
            Column.of(categories, order),
            Column.of(outcomes, order),
            days[order],
        )

    def dated(self, first: datetime.date | None, last: datetime.date | None) -> Mask:
        """Which decisions have a date between two days, both included: shape (n,)."""
        least = first.toordinal() if first else 1
        most = last.toordinal() if last else datetime.date.max.toordinal()
        return np.asarray((self.days >= least) & (self.days <= most))

    def span(self) -> tuple[datetime.date | None, datetime.date | None]:
        """The first and the last day on which there is a decision, None where none has a date."""
        days = self.days[self.days > 0]  # newest first
        if not len(days):
            return None, None
        return datetime.date.fromordinal(int(days[-1])), datetime.date.fromordinal(int(days[0]))


def _key(name: str) -> str:
    """Equal for names that differ in case and white space only."""
    return " ".join(name.casefold().split())
