"""Which bodies there are, and which names are those of one body: “Barnet London Borough Council” of “London Borough Of
Barnet”.

The table, councils.json, has the principal councils of today (county, unitary, metropolitan, London and district),
those that ceased since 2009, and some that are no councils: children's trusts, strategic and national park authorities,
transport bodies. These are public facts. A council and the one that came after it are two legal bodies, and stay so:
“Somerset County Council” is never “Somerset Council”. What a name is made of is told by index.text.body_names. Reads no
text but a name, knows nothing of what is held, and keeps no name that it was given: it may stand in a letter.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pydantic

from index.text.body_names import COMPANY, KINDS, PETTY, SHORT_BOROUGH, Body, Key, body_of
from index.text.lists import joined

PRINCIPAL = (
    "county council",
    "unitary authority",
    "metropolitan borough",
    "london borough",
    "district council",
    "sui generis",
)
"""The kinds of principal councils; “sui generis” are the City of London and the Isles of Scilly."""


@dataclass(frozen=True, slots=True)
class Council:
    """A row of the table.

    `name` is as its decisions or the law have it; `kind` is one of PRINCIPAL or another. `short` is what it is called
    besides its name and what is left of that without “County Council” and the like, `certain` those of them that can
    mean nothing else, such as “Northants”. `until` is the year in which it ceased, None where it is there today or not
    known to have ceased; `successors` came after it, by name; a trust `serves` these councils.
    """

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
    rows = Path(__file__).with_name("councils.json").read_bytes()
    return pydantic.TypeAdapter(tuple[Council, ...]).validate_json(rows)


def council_of(name: str) -> Council | None:
    """The principal council that a full name, “Kent County Council”, is that of; None where it is of none or unclear.

    The kind may be left out, or be that of before the council became a city, where that leaves one council only.
    """
    return _council(body_of(name))


def _council(body: Body) -> Council | None:
    key = body.key[1:] if body.key[:1] == ("the",) else body.key
    if key in _certain():
        return _certain()[key]
    told, rows = [body.types & KINDS], _by_stem().get(body.stem, ())
    if body.family != "council" and len(key) > 1:
        if key[0] in SHORT_BOROUGH:
            told, rows = [frozenset({"borough"})], _by_stem().get(key[1:], ())
        elif key[-1] in _ABBREVIATED:
            told, rows = _ABBREVIATED[key[-1]], _by_stem().get(key[:-1], ())
        else:
            return None
    elif body.family != "council" or body.types & PETTY:
        return None
    exact = [row for row, kinds in rows if kinds in told]
    near = [row for row, kinds in rows if any(_may_be_told(each, kinds) for each in told)]
    today = [row for row in near if row.until is None]
    return next((found[0] for found in (exact, near, today) if len(found) == 1), None)


_ABBREVIATED = {
    "cc": [frozenset({"county"}), frozenset({"city"})],
    "bc": [frozenset({"borough"})],
    "mbc": [frozenset({"borough"})],
    "dc": [frozenset({"district"})],
    "mdc": [frozenset({"district"})],
}
"""What ends a name in place of “County Council” and the like, with the kinds that it tells."""


def _may_be_told(told: frozenset[str], kinds: frozenset[str]) -> bool:
    """Whether a council of some kinds may be told as one of others: no county is a district, nor the other way."""
    if told <= kinds:
        return True
    return "county" not in told and (not kinds or (told == {"borough"} and "city" in kinds))


@functools.cache
def _by_stem() -> dict[Key, tuple[tuple[Council, frozenset[str]], ...]]:
    """The principal councils by their stems, and by the short forms that can mean nothing else, with their kinds."""
    found = defaultdict[Key, tuple[tuple[Council, frozenset[str]], ...]](tuple)
    for row in councils():
        if row.kind in PRINCIPAL:
            body = body_of(row.name)
            for stem in (body.stem, *(body_of(short).key for short in row.certain)):
                found[stem] += ((row, body.types & KINDS),)
    return dict(found)


@functools.cache
def _certain() -> dict[Key, Council]:
    """The principal councils by the short forms that can mean nothing else: “Northants”, “KCC”."""
    return {body_of(short).key: row for row in councils() if row.kind in PRINCIPAL for short in row.certain}


def body_key(name: str) -> str:
    """Equal for the names of one body, and for those only: whatever their case, their apostrophes and hyphens, “&” or
    “and”, “St.” or “St”, “The”, and where the words stand that tell a council's kind.
    """
    body = body_of(name)
    if (row := _council(body)) is not None:
        return _row_keys()[row.name]
    if body.family == "council" and body.stem:
        return _council_key(body)
    return _words(body) or " ".join(name.casefold().split())


def _council_key(body: Body) -> str:
    return " ".join([*body.stem, "|", *sorted(body.types & KINDS), "council"])


@functools.cache
def _row_keys() -> dict[str, str]:
    return {row.name: _council_key(body_of(row.name)) for row in councils()}


def name_words(name: str) -> str:
    """A name as its words are looked up: in small letters, apart by one space, without “the” before them."""
    return _words(body_of(name))


def _words(body: Body) -> str:
    words = list(body.key)
    if words[:1] == ["the"]:
        del words[0]
    return " ".join(COMPANY.get(word, word) for word in words)


def is_same_body(one: str, other: str) -> bool:
    """Whether two names are those of one body, however they are written."""
    return one == other or body_key(one) == body_key(other)


def may_mean(wanted: str) -> Callable[[str], bool]:
    """What says whether a text that is no name held means one all the same, by that name's words (`name_words`).

    What is less than a name does so with its words: “kent” means Kent County Council and Kent Park Surgery. The full
    name of a council means that one alone, so “Northamptonshire Council” is not “West Northamptonshire Council”.
    """
    told, words = body_of(wanted), name_words(wanted)
    if told.family != "council" or not told.stem:
        return lambda name: bool(words) and f" {words} " in f" {name} "
    if council_of(wanted) is not None:
        return lambda _: False
    stem = " ".join(told.stem)

    def is_of_same_stem(name: str) -> bool:
        if stem not in name:  # which is quicker to see
            return False
        held = body_of(name)
        return held.family == "council" and held.stem == told.stem and held.fits(told.types)

    return is_of_same_stem


@dataclass(frozen=True, slots=True)
class Kindred:
    """What came after a council and what came before it, by their names, the nearest first."""

    council: Council
    successors: tuple[str, ...]
    predecessors: tuple[str, ...]


def kindred(name: str) -> Kindred | None:
    """Those of a council, by its name; None where it has none."""
    row = council_of(name)
    if row is None:
        return None
    before = tuple(other.name for other in councils() if row.name in followers(other))
    return Kindred(row, tuple(followers(row)), before) if row.successors or before else None


def followers(row: Council) -> Iterator[str]:
    """The names of all that came after a council, also after those that came after it."""
    rows = _by_name()
    for name in row.successors:
        yield name
        yield from followers(rows[name])


@functools.cache
def _by_name() -> dict[str, Council]:
    return {row.name: row for row in councils()}


def kin_told(name: str, held: Mapping[str, str], it: str = "it") -> str:
    """A sentence on those of some bodies that came after a council or before it, which is called `it`; empty for none.

    `held` has the names of these bodies by their keys (`body_key`).
    """
    kin = kindred(name)
    if kin is None:
        return ""
    after, before = (
        joined([held[key] for key in dict.fromkeys(map(body_key, names)) if key in held])
        for names in (kin.successors, kin.predecessors)
    )
    told = [f"{after}, which took over from {it}"] if after else []
    told += [f"{before}, which came before {it}"] if before else []
    return f"We have decisions about {', and '.join(told)}." if told else ""


def relation_told(official: str, told: str) -> str:
    """What a council is that was told for another: “, which took over from it in 2023”; empty where they are no kin."""
    kin, row = kindred(official), council_of(told)
    if kin is None or row is None:
        return ""
    if row.name in kin.successors:
        return f", which took over from it in {kin.council.until}"
    return f", which it took over from in {row.until}" if row.name in kin.predecessors else ""


def is_another_council(told: str, official: str) -> bool:
    """Whether both are full names of known councils, and of two."""
    mine, theirs = council_of(told), council_of(official)
    return mine is not None and theirs is not None and mine is not theirs
