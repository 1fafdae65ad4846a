"""The councils of England and the other bodies of local government as a question may call them, for looking them up.

Which there are, and what each is called besides its name, is in index.text.councils. Whose decisions are held is not
told here, and nothing is read from a question.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.text.body_names import SHORT_BOROUGH, Body, Key, body_of, lengths_of, words_of
from index.text.councils import PRINCIPAL, Council, councils, followers
from qa.text.places import Place
from qa.text.question_words import QuestionWords

_SHORTEST = 3  # letters of an acronym that counts in capitals only

Relation = Literal["successor", "predecessor", "council", "trust"]


@dataclass(frozen=True, slots=True)
class Kin:
    """A body that is held (`held`, its name) and is the `relation` of one that was `told` and is not."""

    told: str
    held: str
    relation: Relation


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
        for other in followers(row):
            self._kin[row.name].append((other, "successor"))
            self._kin[other].append((row.name, "predecessor"))
        for other in row.serves:
            self._kin[row.name].append((other, "council"))
            self._kin[other].append((row.name, "trust"))

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
