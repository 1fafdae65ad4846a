"""What the decisions of a version can be chosen by and are listed with: filters, facets, and a list in memory.

The catalogue holds body, category, outcome and date of each decision. A version never changes, so this is read once. To
choose and to count among 57,500 decisions is then a matter of a millisecond and two megabytes; a database would read
every one of them for each page of a list.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.arrays import Ids, Mask
from index.decisions import Reference, Role
from index.engine.database import Row
from index.engine.segments import decision_id
from index.errors import NotHeld

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which decisions and paragraphs count; an empty field lets everything through, values of one field are either-or.

    Of bodies, categories and outcomes a full name means that one alone, whatever its case and white space: "upheld"
    lets "Upheld" through and not "Not upheld". Any other text means every name of which it is whole words: "kent" finds
    "Kent County Council".
    """

    council: tuple[str, ...] = ()
    reference: tuple[Reference, ...] = ()
    category: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    role: tuple[Role, ...] = ()
    body: tuple[str, ...] = ()
    """Bodies by their full names, to the letter."""


@dataclass(frozen=True, slots=True)
class Facets:
    """What a filter can be set to in a version: names in alphabetical order, each with how many decisions have it.

    `roles` come in the order of Role, each with how many paragraphs have it; `first` and `last` are the days of the
    earliest and the latest decision, None where no decision has a date.
    """

    bodies: tuple[tuple[str, int], ...]
    categories: tuple[tuple[str, int], ...]
    outcomes: tuple[tuple[str, int], ...]
    roles: tuple[tuple[Role, int], ...]
    first: datetime.date | None
    last: datetime.date | None


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """One field of `n` decisions. `numbers`, shape (n,), says which of `names` each has, len(names) where it has none.

    `names` are those that some decision has, in alphabetical order; `keys` are the same without regard to case.
    """

    names: tuple[str, ...]
    keys: tuple[str, ...]
    numbers: Numbers

    @classmethod
    def of(cls, values: Sequence[str | None], order: Ids) -> FacetColumn:
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


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The decisions of a version in the order of its list: newest first, those without a date last, then by reference.

    `ids` has shape (n,), and so has `days`, the proleptic ordinals of their dates, 0 where there is none.
    """

    ids: Ids
    bodies: FacetColumn
    categories: FacetColumn
    outcomes: FacetColumn
    days: Numbers

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Catalogue:
        """From the rows of all decisions, in any order."""
        ids, bodies, categories, outcomes, dates = zip(*rows, strict=True) if rows else ((),) * 5
        day_of = {date: datetime.date.fromisoformat(date).toordinal() if date else 0 for date in set(dates)}
        days = np.fromiter(map(day_of.__getitem__, dates), dtype=np.int32, count=len(dates))
        keys = np.array(ids, dtype=np.int64)
        order = np.lexsort((keys, -days))
        return cls(
            keys[order],
            FacetColumn.of(bodies, order),
            FacetColumn.of(categories, order),
            FacetColumn.of(outcomes, order),
            days[order],
        )

    def names(self, within: Filter) -> list[tuple[str, FacetColumn, tuple[str, ...]]]:
        """The fields of a filter that are names, each with what is held, and what it is set to."""
        return [
            ("council", self.bodies, within.council),
            ("category", self.categories, within.category),
            ("outcome", self.outcomes, within.outcome),
        ]

    def require(self, within: Filter) -> None:
        """Raise NotHeld where a filter names a body, category or outcome that no decision has."""
        for field, column, wanted in self.names(within):
            for value in wanted:
                if not column.meant(value):
                    raise NotHeld(f"No decision in the index has the {field} “{value[:80]}”.", field)

    def passing(self, within: Filter, with_role: Callable[[Role], Mask]) -> Mask:
        """Which decisions a filter lets through: shape (n,); `with_role` says which have a paragraph with a role."""
        passing = np.ones(len(self.ids), dtype=np.bool_)
        for _, column, wanted in self.names(within):
            if wanted:
                passing &= column.any_of({name for value in wanted for name in column.meant(value)})
        if within.body:
            passing &= self.bodies.any_of(within.body)
        if within.reference:
            passing &= np.isin(self.ids, [decision_id(reference) for reference in within.reference])
        if within.date_from or within.date_to:
            passing &= self.dated(within.date_from, within.date_to)
        if within.role:
            passing &= np.logical_or.reduce([with_role(role) for role in within.role])
        return passing

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
