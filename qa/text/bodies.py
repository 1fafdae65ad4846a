"""The councils of England and the other bodies of local government that are often named, from bodies.json.

The table has the principal councils of today (county, unitary, metropolitan, London and district), those that ceased
since 2009, and some that are no councils: children's trusts, strategic and national park authorities, transport
bodies. For each:
  - `name`, as its decisions or the law have it;
  - `kind`, one of `PRINCIPAL` or another;
  - `short`, what it is called besides its name and what is left of that without “County Council” and the like;
  - `certain`, those of `short` that can mean nothing else, such as “Northants”: by themselves they name it;
  - `until`, the year in which it ceased, and `successors`, by name; `serves`, the councils that a trust works for.
These are public facts. Whose decisions are held is not told here, and nothing is read from a question.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pydantic

from qa.text.body_names import SHORT_BOROUGH, Body, Key, body_of, lengths_of, words_of
from qa.text.places import Place
from qa.text.question_words import QuestionWords

PRINCIPAL = (
    "county council",
    "unitary authority",
    "metropolitan borough",
    "london borough",
    "district council",
    "sui generis",
)
"""The kinds of principal councils; “sui generis” are the City of London and the Isles of Scilly."""

_SHORTEST = 3  # letters of an acronym that counts in capitals only

Relation = Literal["successor", "predecessor", "council", "trust"]


@dataclass(frozen=True, slots=True)
class Kin:
    """A body that is held (`held`, its name) and is the `relation` of one that was `told` and is not."""

    told: str
    held: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Council:
    """A row of the table; `until` is a year, or None where it is there today or not known to have ceased."""

    name: str
    kind: str
    short: tuple[str, ...] = ()
    certain: tuple[str, ...] = ()
    until: int | None = None
    successors: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()


@functools.cache
def councils() -> tuple[Council, ...]:
    """The table, read once."""
    rows = Path(__file__).with_name("bodies.json").read_bytes()
    return pydantic.TypeAdapter(tuple[Council, ...]).validate_json(rows)


@functools.cache
def table() -> Table:
    """The table, ready to be looked up in."""
    return Table(councils())


class Table:
    """Councils by what they are called."""

    def __init__(self, rows: Sequence[Council]) -> None:
        self._bodies = {row.name: body_of(row.name) for row in rows}
        self._rows = {row.name: row for row in rows}
        self._stems = defaultdict[Key, tuple[Council, ...]](tuple)
        self.called = defaultdict[Key, tuple[Council, ...]](tuple)
        """By stem and short form. What is no council has no stem: Dartmoor is more than its park authority."""
        self._certain: set[Key] = set()
        """Those that by themselves name a body, in any case."""
        self._full: set[Key] = set()
        """Those that do so where they have capitals: the names of what is no council, and “Tonbridge and Malling”."""
        self._punctuated: set[Key] = set()
        """Those that are written with commas."""
        self._kin = defaultdict[str, list[tuple[str, Relation]]](list)
        for row in rows:
            self._add(row)
        self._lengths = lengths_of(self.called)

    def _add(self, row: Council) -> None:
        body = self._bodies[row.name]
        keys = {_key(short) for short in row.short}
        self._certain |= {_key(short) for short in row.certain}
        if row.kind in PRINCIPAL and body.stem != ("london",):
            keys.add(body.stem)
            self._stems[body.stem] += (row,)
            if "," in row.name:
                self._punctuated.add(body.stem)
            if "and" in body.stem:
                self._full.add(body.stem)  # no place is called so but the council's
        else:
            keys.add(body.key)
            self._full.add(body.key)
        for key in keys:
            self.called[key] += (row,)
        for other in self._followed(row):
            self._kin[row.name].append((other, "successor"))
            self._kin[other].append((row.name, "predecessor"))
        for other in row.serves:
            self._kin[row.name].append((other, "council"))
            self._kin[other].append((row.name, "trust"))

    def _followed(self, row: Council) -> Iterator[str]:
        """All that came after it, also after those that came after it."""
        for name in row.successors:
            yield name
            yield from self._followed(self._rows[name])

    def of(self, body: Body) -> tuple[Council, ...]:
        """The rows that a name may be of: those of its kind where that is told, else all that are called so."""
        if body.key in self.called:
            return self.called[body.key]
        stem = body.stem if body.family == "council" else body.key
        rows = self._stems.get(stem) or self.called.get(stem, ())
        return self._fitting(rows, body.types - {"london", "royal"})

    def place(self, reading: QuestionWords, at: int) -> tuple[Place, tuple[Council, ...]] | None:
        """The longest name that begins with a word of a question, and the rows that it is of, by the kind told."""
        for length, key, owns in reading.names(at, self._lengths, self._punctuated):
            if key in self.called:
                return self._told(reading, at, length, key, owns)
        return None

    def _told(
        self, reading: QuestionWords, at: int, length: int, key: Key, owns: bool
    ) -> tuple[Place, tuple[Council, ...]]:
        rows, end = self.called[key], at + length
        bodies = [self._bodies[row.name] for row in rows]
        told, after, headed = (frozenset[str](), end, False) if owns else reading.kind_after(end, bodies)
        start, prefixed = reading.prefix(at)
        if start == at and reading.joined(at) and reading.words[at - 1].key in SHORT_BOROUGH:
            start -= 1
        capital = reading.has_capitals(at, length)
        size = reading.words[end - 1].end - reading.words[at].start
        certain = (key in self._full and capital) or (key in self._certain and (capital or size > _SHORTEST))
        place = Place(reading, start, at, end, after, told | prefixed, headed, owns, certain)
        return place, self._fitting(rows, told | prefixed)

    def _fitting(self, rows: Sequence[Council], told: frozenset[str]) -> tuple[Council, ...]:
        return tuple(row for row in rows if not told or self._bodies[row.name].fits(told))

    def kin(self, row: Council) -> Sequence[tuple[str, Relation]]:
        """The names of the bodies that came before or after it, or work for it, and what they are to it."""
        return self._kin.get(row.name, ())

    def lives_on(self, row: Council) -> tuple[str, ...]:
        """The successors whose names have that of a body that ceased: West Northamptonshire, of Northamptonshire."""
        if not row.successors:
            return ()
        stem = set(self._bodies[row.name].stem)
        return tuple(name for name in row.successors if stem < set(self._bodies[name].stem))


def _key(name: str) -> Key:
    return tuple(word.key for word in words_of(name))
