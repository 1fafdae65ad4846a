"""What counts as the name of a council or another body: the one grammar of it, for questions, letters and answers.

A name is a *stem* (“Kent”) with words about it that tell what the body is (“County Council”, “London Borough of”, “NHS
Trust”). All lists of such words are here; which bodies there are, and which names are of one body, is told by
index.text.councils. Where in a question a name stands is told by qa.text.question_entities. Pure: no I/O.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from index.decisions import fold

Family = Literal["council", "trust", "provider"]
Key = tuple[str, ...]
"""A name as it is looked up: its words in small letters, without apostrophes, “&” as “and”."""


def word_set(words: str) -> frozenset[str]:
    """A text of words as a set of them."""
    return frozenset(words.split())


# What tells the kind of a body.

KINDS = word_set("county city borough district town parish")
"""Of councils: the kind told must be the body's own, but a council held as “Medway Council” may be told as any …"""
PETTY = word_set("town parish")
"""… other than these, which are no principal councils."""
SIZES = word_set("metropolitan unitary local")
"""Of councils, too; these may be told or left out."""
COUNCIL = word_set("council councils authority corporation cc bc dc mbc mdc")
"""What ends the name of a council."""
_ENDS_COUNCIL = word_set("council councils corporation borough")
"""Of these words, those that make a name a council's by themselves."""
HEADS = word_set("council borough trust")
"""The last words that show a name to be a body's where it is not held."""
_HEALTH = word_set("nhs foundation")
TRUST = _HEALTH | {"childrens"}
"""What stands before “Trust”."""
COMPANY = {"limited": "limited", "ltd": "limited", "plc": "plc", "llp": "llp"}
"""What ends the name of a company, each in one spelling."""
_PROVIDER = word_set(
    "care home homes nursing residential surgery practice medical centre health school academy college primary "
    "secondary infant junior high grammar nursery hospital group service services"
)
OPTIONAL = (KINDS - PETTY) | SIZES | COUNCIL
"""What may be left out of the name of a council, or added to it."""
NO_STEM = KINDS | SIZES | COUNCIL | _HEALTH | word_set("the of royal london trust")
"""What does not tell one council or trust from another."""
GENERIC = NO_STEM | TRUST | COMPANY.keys() | _PROVIDER | word_set("a and")
"""What does not tell one body of any family from another."""
BEFORE_OF = word_set("borough city county council")
"""What stands before “of” and a stem: “City of York”."""
BEFORE_BOROUGH = word_set("london royal metropolitan")
"""What may stand before those: “London Borough of Bexley”."""
SHORT_BOROUGH = word_set("lb rb")
"""What stands for “London Borough of” and “Royal Borough of”."""
OWN_NOUN = {word: word for word in "school academy college surgery practice hospital authority".split()} | {
    "home": "care home"
}
"""What a body is called that is no council, by the last such word of its name."""
NO_NAME = word_set(
    "local neighbouring responsible home host previous former own new old current relevant english british welsh "
    "scottish uk labour conservative london greater whole entire full agreed national parish town privy bar youth arts "
    "european security research medical midwifery professions care social dental teaching general police court"
)
"""What names none before “Council”: “the Other Council”, and councils that are no councils."""

# What a stem is made of.

DIRECTIONS = word_set(
    "north south east west mid central greater upper lower inner outer northern southern eastern western northeast "
    "northwest southeast southwest"
)
"""Before a stem these name another body: West Kent is not Kent."""
SMALL = word_set("of and upon on under in with by the le la super en cum")
"""What has no capital within a name."""
LINKS = word_set("of and upon on under le super with cum")
"""Those of them by which a longer name runs on."""
ORDINARY = word_set(
    "reading sale bath barking bury rugby poole london march may deal battle settle street stone wells eye rye hyde "
    "ham ware hope over ash beer hook sandwich wash nelson wing"
)
"""Stems that are ordinary words: they never name a body by themselves, with a capital or without."""
ORDINARY_IN_SMALL = word_set(
    "adur arun barking barrow bath bucks bury craven eden hart hull mendip poole reading redcar rother rugby slough "
    "staffs stoke swale telford wilts wyre"
)
"""Places of the table that are words, or near to one, in small letters: they need a capital."""
OF_PEOPLE = word_set(
    "ashford barrow boston brent cambridge camden chester craven dover dudley eden harlow hart hastings kent kingston "
    "lincoln mk newark oxford preston richmond stratford warwick westminster windsor york"
)
"""Places that are people's first names too, or better known for something else than their councils."""
HONORIFICS = word_set("mr mrs ms miss mx dr")
TITLES = HONORIFICS | word_set("prof professor sir lord lady cllr councillor judge justice")
"""Behind these stands a person's name: “Mrs Kent”."""

EXAMPLES = {
    "Kent County Council": ("council", "kent"),
    "West Northamptonshire Council": ("council", "west northamptonshire"),
    "London Borough of Tower Hamlets": ("council", "tower hamlets"),
    "Royal Borough of Kensington & Chelsea": ("council", "kensington and chelsea"),
    "City of York Council": ("council", "york"),
    "Sandwell Children’s Trust": ("trust", "sandwell"),
    "Kent Community Health NHS Foundation Trust": ("trust", "kent community health"),
    "Westfield Care Home Limited": ("provider", "westfield"),
}
"""Names, with the family and the stem of each."""
SAME_EXAMPLES = (
    ("Kent", "Kent County Council"),
    ("Kent CC", "Kent County Council"),
    ("Brighton & Hove", "Brighton and Hove City Council"),
    ("the Council", "Kent County Council"),
    ("Smith v Kent County Council", "Kent County Council"),
)
"""How a name may be told, and the body's own name."""
SAME_COUNTER_EXAMPLES = (
    ("West Kent", "Kent County Council"),
    ("Kent City Council", "Kent County Council"),
    ("Medway and Kent Council", "Kent County Council"),
    ("Kent NHS Foundation Trust", "Kent County Council"),
    ("Surrey", "Kent County Council"),
)
"""Names of other bodies than that."""

_WORD = re.compile(r"&|[^\W_]+(?:['’][^\W_]+)*(?:(?<=[sS])['’](?=\s))?")
_PREFIX = re.compile(
    rf"(?:(?:{'|'.join(sorted(BEFORE_BOROUGH))}) )*(?:{'|'.join(sorted(BEFORE_OF))})(?: council)? of (?:the )?"
)
_APOSTROPHES = str.maketrans("", "", "'’")


class Word(NamedTuple):
    """A word of a text, and how it is written; `start` and `end` count characters."""

    start: int
    end: int
    key: str
    bare: str  # without a possessive's s
    owns: bool
    capital: bool
    acronym: bool
    gap: str  # what stands before it


@dataclass(frozen=True, slots=True)
class Body:
    """The name of a body, and what it is made of."""

    name: str
    key: Key
    stem: Key
    family: Family
    types: frozenset[str]  # the words of the name that are not the stem
    noun: str
    ordinary: bool

    def fits(self, told: frozenset[str]) -> bool:
        """Whether the words around the stem may be said of this body."""
        if self.family != "council":
            return told <= self.types
        kinds = told & KINDS
        own = self.types & KINDS
        return told <= KINDS | SIZES | COUNCIL and (kinds <= own or not (own or kinds & PETTY))


def words_of(text: str) -> Iterator[Word]:
    """The words of a text, in its order."""
    end = 0
    for match in _WORD.finditer(text):
        raw = match[0]
        start, gap = match.start(), text[end : match.start()]
        end = match.end()
        key = bare = "and" if raw == "&" else raw.casefold()
        owns = not raw.isalnum() and (raw[-1] in "'’" or raw[-2:].lower() in {"'s", "’s"})
        if "'" in key or "’" in key:
            key = bare = key.translate(_APOSTROPHES)
            if owns and raw[-1] in "sS":
                bare = key[:-1]
        yield Word(start, end, key, bare, owns, raw[0].isupper(), raw.isupper() and len(raw) > 1, gap)


def lengths_of(keys: Iterable[Key]) -> dict[str, set[int]]:
    """How many words the names have that begin with a word."""
    lengths = defaultdict[str, set[int]](set)
    for key in keys:
        lengths[key[0]].add(len(key))
    return dict(lengths)


def body_of(name: str) -> Body:
    """A name taken apart. A name without a word has an empty key."""
    key = tuple(word.key for word in words_of(fold(name)))
    stem = list(key)
    if stem[:1] == ["the"]:
        del stem[0]
    prefix = _PREFIX.match(" ".join(stem))
    family: Family = "provider"
    endings = _PROVIDER
    if prefix or (_ENDS_COUNCIL.issuperset(stem[-1:]) and stem):
        family, endings = "council", KINDS | SIZES | COUNCIL
    elif stem[-1:] == ["trust"]:
        family, endings = "trust", TRUST | {"trust"}
    if prefix:
        del stem[: len(prefix[0].split())]
    elif stem[:1] == ["nhs"]:
        del stem[0]
    while stem and stem[-1] in COMPANY:
        stem.pop()
    whole = len(stem)
    while stem and (stem[-1] in endings or (stem[-1] == "and" and family == "council")):
        last = stem.pop()
        if last == "borough" and (stem[1:][-1:] == ["london"] or stem[2:][-1:] == ["royal"]):
            stem.pop()  # “Barnet London Borough Council”; but Vale Royal is a place
    if GENERIC.issuperset(stem) and stem != ["london"]:
        stem = []
    types = frozenset(key) - set(stem) - {"the", "of", "and"}
    noun = next((OWN_NOUN[word] for word in key[::-1] if word in OWN_NOUN), family) if family == "provider" else family
    shortened = family == "provider" and len(stem) < whole
    ordinary = len(stem) == 1 and (shortened or stem[0] in ORDINARY)
    return Body(name, key, tuple(stem), family, types, noun, ordinary)


def is_name_of(told: str, official: str) -> bool:
    """Whether a name is that of a body, whole or shortened, with whatever words in capitals stand before it."""
    mine, theirs = ([word.key for word in words_of(fold(name))] for name in (told, official))
    if not mine or set(mine) <= {"the", "council", "trust", "authority", "school", "surgery", "home"}:
        return True
    if mine[-len(theirs) :] == theirs and not DIRECTIONS & set(mine[: -len(theirs)][-1:]):
        return True
    stem = [word for word in theirs if word not in NO_STEM]
    for start in range(len(mine)):
        own = [word for word in mine[start:] if word not in NO_STEM]
        if own == stem and not _is_of_longer_name(mine[:start]) and _is_of_sort(mine[start:], theirs):
            kinds, own_kinds = (frozenset(words) & (KINDS | {"metropolitan"}) for words in (mine[start:], theirs))
            return kinds <= own_kinds or not own_kinds
    return False


def _is_of_longer_name(before: Sequence[str]) -> bool:
    """Whether the words before a name are part of it: “West Kent”, “Medway and Kent Council”."""
    if before[-1:] == ["and"]:
        return not {"council", "trust", "authority"} & set(before[-2:])
    return bool(DIRECTIONS & set(before[-1:]))


def _is_of_sort(told: Sequence[str], official: Sequence[str]) -> bool:
    """Whether both names are those of councils, or neither is, as far as they say so: “Kent NHS Foundation Trust”."""
    health, council = _HEALTH | {"trust"}, KINDS | {"metropolitan", "council", "councils"}
    if health & set(told):
        return bool(health & set(official))
    return not (council & set(told) and health & set(official))
