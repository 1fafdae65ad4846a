"""What the decisions of a version can be chosen by and are listed with: filters, facets, and a list in memory.

The catalogue holds body, category, outcome and date of each decision. A version never changes, so this is read once. To
choose and to count among 57,500 decisions is then a matter of a millisecond and two megabytes; a database would read
every one of them for each page of a list.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.arrays import Ids, Mask
from index.decisions import Reference, Role
from index.engine.database import Row
from index.engine.segments import decision_id
from index.errors import NotHeld
from index.text.councils import body_key, kin_told, may_mean, name_words

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which decisions and paragraphs count; an empty field lets everything through, values of one field are either-or.

    Of bodies, categories and outcomes a full name means that one alone, whatever its case and white space: "upheld"
    lets "Upheld" through and not "Not upheld". Any other text means every name of which it is whole words: "kent" finds
    "Kent County Council". A body is the same however it is written (index.text.councils), and a council is never the
    one that came after it.
    """

    council: tuple[str, ...] = ()
    reference: tuple[Reference, ...] = ()
    category: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    role: tuple[Role, ...] = ()
    body: tuple[str, ...] = ()
    """Bodies by their full names, each as some decision writes it."""


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
class Naming:
    """When two written names are one, and when a text that is no name means one all the same."""

    key: Callable[[str], str]
    """Equal for what is one name."""
    words: Callable[[str], str]
    """The words of a name, by which it is meant; empty where a text has none."""
    may_mean: Callable[[str], Callable[[str], bool]]
    """What says, by a name's words, whether a text means it."""


def _key(name: str) -> str:
    """Equal for names that differ in case, hyphens and white space only."""
    return " ".join(name.casefold().replace("-", " ").split())


def _whole_words(wanted: str) -> Callable[[str], bool]:
    key = _key(wanted)
    words = re.compile(rf"(?<!\w){re.escape(key)}(?!\w)")
    # Few names have the text at all, which is quicker to see.
    return lambda name: key in name and words.search(name) is not None


PLAIN = Naming(_key, _key, _whole_words)
"""Of categories and outcomes: “Upheld” is “UPHELD”, and “not-upheld” is “Not upheld”. Not in
SQL, which folds the case of ASCII only."""
OF_BODIES = Naming(body_key, name_words, may_mean)
"""Of bodies, which are written in many ways."""


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """One field of `n` decisions. `numbers`, shape (n,), says which of `names` each has, len(names) where it has none.

    `names` are those that some decision has, in alphabetical order, and `keys` what is equal for all that is one name.
    A name is as most decisions write it, of these the newest; `written` has every other way of writing it too, and
    `words` those of each.
    """

    names: tuple[str, ...]
    keys: tuple[str, ...]
    numbers: Numbers
    written: Mapping[str, int]
    words: tuple[str, ...]
    naming: Naming

    @classmethod
    def of(cls, values: Sequence[str | None], order: Ids, naming: Naming = PLAIN) -> FacetColumn:
        """The column that has these values, once they are put in this order, the newest first."""
        forms = list(dict.fromkeys(values))
        form_of = {form: number for number, form in enumerate(forms)}
        found = np.fromiter(map(form_of.__getitem__, values), dtype=np.int32, count=len(values))[order]
        places, newest, counts = np.unique(found, return_index=True, return_counts=True)
        best: dict[str, tuple[int, int, str]] = {}
        keys = {form: naming.key(form) for form in forms if form is not None}
        for place, at, count in zip(places.tolist(), newest.tolist(), counts.tolist(), strict=True):
            if (form := forms[place]) is not None:
                best[keys[form]] = min(best.get(keys[form], (1, 0, "")), (-count, at, form))
        shown = sorted(((form, key) for key, (_, _, form) in best.items()), key=lambda one: (_key(one[0]), one[0]))
        number_of = {key: number for number, (_, key) in enumerate(shown)}
        written = {form: number_of[key] for form, key in keys.items()}
        numbers = np.array([len(shown) if form is None else written[form] for form in forms], dtype=np.int32)
        names, known = tuple(name for name, _ in shown), tuple(key for _, key in shown)
        return cls(names, known, numbers[found], written, tuple(map(naming.words, written)), naming)

    def counts(self) -> tuple[tuple[str, int], ...]:
        """The names, each with how many decisions have it."""
        return tuple(zip(self.names, np.bincount(self.numbers, minlength=len(self.names)).tolist(), strict=False))

    def meant(self, wanted: str) -> list[str]:
        """The names that a text means: the one that it is, however it is written, or else all that it may mean.

        So “Upheld” is not “Not upheld”, and “kent” is “Kent County Council”.
        """
        if not self.naming.words(wanted):
            return []
        key = self.naming.key(wanted)
        if key in self.keys:
            return [self.names[self.keys.index(key)]]
        may_mean = self.naming.may_mean(wanted)
        found = {number for number, words in zip(self.written.values(), self.words, strict=True) if may_mean(words)}
        return [self.names[number] for number in sorted(found)]

    def any_of(self, names: Collection[str]) -> Mask:
        """Which decisions have one of these names, each as some decision writes it: shape (n,)."""
        chosen = np.zeros(len(self.names) + 1, dtype=np.bool_)
        chosen[[self.written[name] for name in names if name in self.written]] = True
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
            FacetColumn.of(bodies, order, OF_BODIES),
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
                    kin = f" {told}" if column is self.bodies and (told := self.kin_told(value, "it")) else ""
                    raise NotHeld(f"No decision in the index has the {field} “{value[:80]}”.{kin}", field)

    def kin_told(self, wanted: str, it: str = "") -> str:
        """A sentence on the bodies held that came before or after the one council that a text means; empty for none."""
        meant = self.bodies.meant(wanted) or [wanted]
        held = dict(zip(self.bodies.keys, self.bodies.names, strict=True))
        return kin_told(meant[0], held, it or meant[0]) if len(meant) == 1 else ""

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

    def undated(self) -> Mask:
        """Which decisions have no date: shape (n,)."""
        return np.asarray(self.days == 0)

    def span(self) -> tuple[datetime.date | None, datetime.date | None]:
        """The first and the last day on which there is a decision, None where none has a date."""
        days = self.days[self.days > 0]  # newest first
        if not len(days):
            return None, None
        return datetime.date.fromordinal(int(days[-1])), datetime.date.fromordinal(int(days[0]))
