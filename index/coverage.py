"""What is held, counted: bodies × years × categories, and how many of the decisions have numbers that can be relied on.

Counted from arrays in memory in the order of the list of decisions (index.catalogue), so that it takes milliseconds
for tens of thousands. What is not held is not told here: nobody knows from an index what was published.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from index.arrays import Ids, Mask
from index.catalogue import Catalogue, FacetColumn, Numbers
from index.decisions import DecisionEntry

_EPOCH = datetime.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Records:
    """What else is known of `n` decisions, in the order of the list: arrays of shape (n,).

    `paragraphs` is how many places to cite each has; `published` says whose paragraph numbers are the published ones,
    `inferred` whose were inferred (a report in pages or sections has none), and `proved` whose are besides confirmed by
    the decision's own references. `fetched` is when the last of all was fetched.
    """

    paragraphs: Numbers
    published: Mask
    inferred: Mask
    proved: Mask
    fetched: datetime.datetime | None

    @classmethod
    def of(cls, entries: Iterable[DecisionEntry], count: int) -> Records:
        """Those of so many decisions, in the order of the list."""
        paragraphs = np.zeros(count, dtype=np.int32)
        published, inferred, proved = (np.zeros(count, dtype=np.bool_) for _ in range(3))
        fetched: datetime.datetime | None = None
        for place, entry in enumerate(entries):
            paragraphs[place] = entry.paragraphs
            is_numbered = entry.unit == "paragraph"
            published[place] = is_numbered and entry.numbering == "published"
            inferred[place] = is_numbered and entry.numbering == "inferred"
            proved[place] = published[place] and entry.proof == "agrees"
            if entry.provenance.fetched and (fetched is None or entry.provenance.fetched > fetched):
                fetched = entry.provenance.fetched
        return cls(paragraphs, published, inferred, proved, fetched)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many decisions there are of something, and from when to when.

    Numbers are `published` or `inferred`, or there are none; some of the published are `proved`. `years` has how many
    decisions are of each year, and `undated` those without a date.
    """

    decisions: int
    proved: int
    published: int
    inferred: int
    undated: int
    first: datetime.date | None
    last: datetime.date | None
    years: dict[int, int]

    @property
    def unnumbered(self) -> int:
        """How many are reports that are cited by page or section."""
        return self.decisions - self.published - self.inferred


@dataclass(frozen=True, slots=True)
class Row:
    """The counts of one body or one category, by its name; None for decisions without a category.

    `categories` says of a body how many of its decisions are of each subject: the first part of a category.
    """

    name: str | None
    counts: Counts
    categories: dict[str | None, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a filter lets through: all of it, by subject (the first part of a category), by category, and by body.

    Each with the most decisions first. `fetched` is when the newest of all that is held was fetched.
    """

    total: Counts
    subjects: tuple[Row, ...]
    categories: tuple[Row, ...]
    bodies: tuple[Row, ...]
    fetched: datetime.datetime | None


def coverage(catalogue: Catalogue, records: Records, passing: Mask) -> Coverage:
    """Count the decisions that pass: shape (n,)."""
    chosen = np.flatnonzero(passing)
    counting = _Counting.of(catalogue, records, chosen)
    subject_of, subjects = _subjects(catalogue.categories)
    by_subject = subject_of[catalogue.categories.numbers[chosen]]
    bodies, categories = catalogue.bodies, catalogue.categories
    return Coverage(
        counting.rows(np.zeros(len(chosen), dtype=np.int64), [None])[0].counts if len(chosen) else _NOTHING,
        tuple(counting.rows(by_subject, subjects)),
        tuple(counting.rows(categories.numbers[chosen], [*categories.names, None])),
        tuple(counting.rows(bodies.numbers[chosen], [*bodies.names, None], by_subject, subjects)),
        records.fetched,
    )


_NOTHING = Counts(0, 0, 0, 0, 0, None, None, {})


def _subjects(categories: FacetColumn) -> tuple[Ids, list[str | None]]:
    """Of which subject each category is, the last of them for decisions without one; and the subjects."""
    told = [name.partition(" > ")[0] for name in categories.names]
    number_of = {name: number for number, name in enumerate(dict.fromkeys(told))}
    return np.array([*map(number_of.__getitem__, told), len(number_of)], dtype=np.int64), [*number_of, None]


@dataclass(frozen=True, slots=True)
class _Counting:
    """Some decisions: their days, their years from `first_year` on (-1 without a date), and what their numbers are."""

    days: Numbers
    years: Ids
    first_year: int
    published: Mask
    inferred: Mask
    proved: Mask

    @classmethod
    def of(cls, catalogue: Catalogue, records: Records, chosen: Ids) -> _Counting:
        days = catalogue.days[chosen]
        years = (days.astype(np.int64) - _EPOCH).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
        dated = days > 0
        first = int(years[dated].min()) if dated.any() else 0
        numbers = records.published[chosen], records.inferred[chosen], records.proved[chosen]
        return cls(days, np.where(dated, years - first, -1), first, *numbers)

    def rows(
        self,
        groups: Ids | Numbers,
        names: Sequence[str | None],
        by: Ids | None = None,
        parts: Sequence[str | None] = (),
    ) -> list[Row]:
        """A row for each group that has decisions, those with the most first; `by` says of which part each is."""
        size = len(names)
        counted = np.bincount(groups, minlength=size)
        masks = self.proved, self.published, self.inferred
        proved, published, inferred = (np.bincount(groups[mask], minlength=size) for mask in masks)
        dated = self.days > 0
        undated = np.bincount(groups[~dated], minlength=size)
        last, first = np.zeros(size, dtype=np.int64), np.full(size, datetime.date.max.toordinal())
        np.maximum.at(last, groups[dated], self.days[dated])
        np.minimum.at(first, groups[dated], self.days[dated])
        years = _table(groups[dated], self.years[dated], size, int(self.years.max(initial=0)) + 1)
        shares = _table(groups, by, size, len(parts)) if by is not None else None
        rows = []
        for group in sorted(np.flatnonzero(counted).tolist(), key=lambda group: (-counted[group], group)):
            counts = Counts(
                int(counted[group]),
                int(proved[group]),
                int(published[group]),
                int(inferred[group]),
                int(undated[group]),
                datetime.date.fromordinal(int(first[group])) if last[group] else None,
                datetime.date.fromordinal(int(last[group])) if last[group] else None,
                {self.first_year + year: number for year, number in _counted(years[group])},
            )
            shared = {parts[part]: number for part, number in _counted(shares[group])} if shares is not None else {}
            rows.append(Row(names[group], counts, shared))
        return rows


def _counted(counts: Ids) -> list[tuple[int, int]]:
    """The places of an array that are not 0, each with what stands there."""
    places = np.flatnonzero(counts)
    return list(zip(places.tolist(), counts[places].tolist(), strict=True))


def _table(rows: Ids | Numbers, columns: Ids, height: int, width: int) -> Ids:
    """How often each pair occurs: shape (height, width)."""
    pairs = rows.astype(np.int64) * width + columns
    return np.bincount(pairs, minlength=height * width).reshape(height, width)
