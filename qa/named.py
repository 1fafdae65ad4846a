"""A question → the bodies and references that it names, and the question without them.

What is named and held narrows the search; what is named and not held means that the decisions cannot answer. No I/O.

A *reference* counts in every form in which it is written, unless its digits are a sum, a date or part of a longer
number. One that is not held counts neither as the digits of a date nor after “account” or “phone”.

A *body* counts
  - by its full name, in any case;
  - by its *stem*, what is left of the name without “County Council”, “London Borough of”, “NHS Trust” and the like:
    where each of its words has a capital, or where a word such as “council”, “borough” or “case” follows. Where a kind
    is told, it must be the body's own: Kent City Council is not Kent County Council. A body held as just “Medway
    Council” may be told as any kind but a town or parish council.

A stem is whole words, and never part of a longer name: not West Kent, Kent Police, Mrs Kent or the University of Kent.
A stem that is an ordinary word (`_ORDINARY`), or the one word before “Surgery” or “Care Home”, never counts by itself,
wherever it stands in the sentence; it needs the word that follows. Where several bodies have one stem, it means all of
them. Where every word of a question has a capital, capitals tell nothing and count as small letters.

A body that is *not held* is recognised by capitals before “Council”, “Borough” or an NHS or children's “Trust”, or
after “London Borough of”; words that begin questions are no part of it. One word that begins a sentence is not taken
for a name before “council” in small letters. “North” and the like before a stem name another body than the stem's.
(“Brighton Council” is understood where Brighton and Hove is held.)

In the text a body becomes “the council” (“the trust”, “the school”), or goes without trace before “case”, after “in”,
and where it stands apart from the sentence. A reference goes, or becomes “the decision” where the sentence needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from index.decisions import Reference, fold, may_be_date

Family = Literal["council", "trust", "provider"]
Key = tuple[str, ...]
"""A name as it is looked up: its words in small letters, without apostrophes, “&” as “and”."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names. `text` is the question without the names; it has words wherever the question has.

    `council` holds the full names of held bodies, `unknown` what is named but not held, as it was written.
    """

    text: str
    council: tuple[str, ...]
    reference: tuple[Reference, ...]
    unknown: tuple[str, ...]

    @property
    def is_unheld(self) -> bool:
        """Whether it names something, and nothing of it is held."""
        return bool(self.unknown) and not self.council and not self.reference


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_KINDS = _set("county city borough district town parish")
_PETTY = _set("town parish")
_SIZES = _set("metropolitan unitary local")  # may be told or left out
_COUNCIL = _set("council councils authority corporation cc bc dc mbc")
_HEADS = _set("council borough trust")
_TRUST = _set("nhs foundation childrens")
_COMPANY = _set("limited ltd plc llp")
_PROVIDER = _set(
    "care home homes nursing residential surgery practice medical centre health school academy college primary "
    "secondary infant junior high grammar nursery hospital group service services"
)
_GENERIC = _KINDS | _SIZES | _COUNCIL | _TRUST | _COMPANY | _PROVIDER | _set("the a trust royal london of and")
_OWN_NOUN = {word: word for word in "school academy college surgery practice hospital authority".split()} | {
    "home": "care home"
}

_ORDINARY = _set(
    "reading sale bath barking bury rugby poole london march may deal battle settle street stone wells eye rye hyde "
    "ham ware hope over ash beer hook sandwich wash nelson wing"
)
_DIRECTIONS = _set(
    "north south east west mid central greater upper lower inner outer northern southern eastern western northeast "
    "northwest southeast southwest"
)
_SMALL = _set("of and upon on under in with by the le la super en cum")  # within a name, without a capital
_LINKS = _set("of and upon on under le super with cum")

_ASKING = _set("who whom whose what which when where why how")
_PLAIN = _ASKING | _set(
    # verbs that help, and those that a request begins with
    "is are was were be been being am do does did done has have had having can could may might must shall should "
    "will would ought need cannot cant didnt doesnt dont isnt wasnt werent hasnt havent hadnt wont wouldnt couldnt "
    "shouldnt ask compare describe explain find get give let list please show summarise summarize tell want know "
    # what stands before a noun
    "the a an this that these those my your his her its our their any some no each every both either neither all "
    "another other such same i you he she it we they me him us them there here one "
    # what joins
    "and or but nor so yet if unless until while because since although though than then as whether not "
    "about above after against along among around at before behind below between by concerning despite during "
    "except for from in inside into like near of off on onto out outside over per re regarding through to toward "
    "towards under unlike up upon versus via vs with within without "
    # what is said of a case
    "also only just even still again ever never now today yesterday tomorrow yes hello hi thanks "
    "case cases decision decisions complaint complaints complain ombudsman lgo lgsco "
    "january february march april june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
)
_DETERMINERS = "the|a|an|this|that|these|those|my|your|his|her|its|our|their|any|some|no|each|every|which|what"
_PLACING = _set("in near around across from within throughout")
_TITLES = _set("mr mrs ms miss mx dr prof professor sir lord lady cllr councillor judge justice")
_GERUND_AFTER = _set("after before by on when while without from for of")
# “the Other Council” names none, and neither do councils that are no councils.
_NO_NAME = _set(
    "local neighbouring responsible home host previous former own new old current relevant english british welsh "
    "scottish uk labour conservative london greater whole entire full agreed national parish town privy bar youth arts "
    "european security research medical midwifery professions care social dental teaching general police court"
)
_SERVICES = _set("childrens social adult adults services education housing safeguarding fostering adoption special")
_FOLLOWING = _set("case cases decision decisions complaint complaints investigation ruling findings judgment matter")

_WORD = re.compile(r"&|[^\W_]+(?:['’][^\W_]+)*(?:(?<=[sS])['’](?=\s))?")
_HAS_WORD = re.compile(r"[^\W_]")
_BREAK = re.compile(r"[.?!:;(“\"–—]| - ")
_APOSTROPHES = str.maketrans("", "", "'’")

_DIGITS = re.compile(r"(?<!\w)[0-9]+(?:(?:\s|[-‐‑–])[0-9]+)*")
_SHAPE = re.compile(r"[0-9]{2}[\s‐‑–-]?[0-9]{3}[\s‐‑–-]?[0-9]{3}(?=[\s‐‑–-]|$)")
_LETTER = re.compile(r"([\s-]?)([a-z])(?!\w|['’]\w)", re.IGNORECASE | re.ASCII)
_DASHES = str.maketrans("‐‑–", "---")
_SUM_BEFORE = re.compile(r"[£$€+]\s?$|[0-9][.,/:]$")
_DECIMAL = re.compile(r"[.,/:][0-9]")
_SUM_AFTER = re.compile(r"\s?(?:%|(?:per ?cent|pounds?|quid|pence|euros?|dollars?|gbp)\b)", re.IGNORECASE)
_NUMBER_OF = re.compile(
    r"\b(?:account|phone|telephone|tel|mobile|fax|invoice|call|ring|text)(?:\s+(?:number|no))?[\s.:]*(?:on\s)?$", re.I
)


class _Word(NamedTuple):
    start: int
    end: int
    key: str
    bare: str  # without a possessive's s
    owns: bool
    capital: bool
    acronym: bool
    gap: str  # what stands before it


@dataclass(frozen=True, slots=True)
class _Body:
    name: str
    key: Key
    stem: Key
    family: Family
    types: frozenset[str]  # the words of the name that are not the stem
    noun: str
    ordinary: bool

    def is_told_as(self, told: frozenset[str]) -> bool:
        """Whether the words around the stem may be said of this body."""
        if self.family != "council":
            return told <= self.types
        kinds = told & _KINDS
        own = self.types & _KINDS
        return told <= _KINDS | _SIZES | _COUNCIL and (kinds <= own or not (own or kinds & _PETTY))


@dataclass(frozen=True, slots=True)
class _Found:
    """Something named: where it stands, and what it is. Without bodies and reference it is not held."""

    start: int
    end: int
    noun: str
    owns: bool = False
    bodies: tuple[_Body, ...] = ()
    reference: Reference | None = None


class Names:
    """Knows the names of the held bodies, and finds them in questions."""

    def __init__(self, bodies: Sequence[str]) -> None:
        self._full: dict[Key, tuple[_Body, ...]] = {}
        self._stems: dict[Key, tuple[_Body, ...]] = {}
        self._halves: dict[Key, tuple[_Body, ...]] = {}  # “Brighton” of Brighton and Hove
        self._bases: set[str] = set()  # “northamptonshire” of West Northamptonshire
        self._punctuated: set[Key] = set()
        for body in map(_body, dict.fromkeys(bodies)):
            if not body.key:
                continue
            if len(body.key) > 1:
                _append(self._full, body.key, body)
                if body.key[0] == "the" and len(body.key) > 2:
                    _append(self._full, body.key[1:], body)
            if body.stem:
                _append(self._stems, body.stem, body)
                if body.family == "council":
                    if "and" in body.stem:
                        _append(self._halves, body.stem[: body.stem.index("and")], body)
                    kept = [word for word in body.stem if word not in _DIRECTIONS]
                    if len(kept) == 1 and len(body.stem) > 1:
                        self._bases.add(kept[0])
            if "," in body.name or "(" in body.name:
                self._punctuated |= {body.key, body.stem}
        self._starts = {key[:2] for key in self._stems if len(key) > 1}
        lengths: dict[str, set[int]] = {}
        for key in (*self._full, *self._stems, *((base,) for base in self._bases)):
            lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: sorted(each, reverse=True) for first, each in lengths.items()}

    def read(self, question: str, is_held: Callable[[Reference], bool]) -> Named:
        """Read what a question names; `is_held` tells of a reference whether its decision is held."""
        question = fold(question)
        found = list(_references(question, is_held))
        reading = _Reading(question, found)
        for at, word in enumerate(reading.words):
            if (word.key in self._lengths or word.bare in self._lengths) and not reading.taken[at]:
                hit = self._at(reading, at)
                if hit is not None:
                    found.append(hit)
                    reading.take(hit)
        found += self._not_held(reading)
        found.sort(key=lambda each: each.start)
        nowhere = (question[each.start : each.end] for each in found if not each.bodies and each.reference is None)
        return Named(
            _without(question, found),
            tuple(dict.fromkeys(body.name for each in found for body in each.bodies)),
            tuple(dict.fromkeys(each.reference for each in found if each.reference is not None)),
            tuple(dict.fromkeys(re.sub("['’]s?$", "", name) for name in nowhere)),
        )

    def _at(self, reading: _Reading, at: int) -> _Found | None:
        """What is named from this word on: the longest name that counts."""
        word = reading.words[at]
        lengths = self._lengths.get(word.key, ())
        if word.bare != word.key:
            lengths = sorted({*lengths, *self._lengths.get(word.bare, ())}, reverse=True)
        for length in lengths:
            for key, owns in reading.keys(at, length):
                if reading.is_close(at, length, key in self._punctuated):
                    found = self._in_full(reading, at, length, key, owns) or self._by_stem(
                        reading, at, length, key, owns
                    )
                    if found is not None:
                        return found
        return None

    def _in_full(self, reading: _Reading, at: int, length: int, key: Key, owns: bool) -> _Found | None:
        bodies = self._full.get(key, ())
        words = reading.words[at : at + length]
        capitals = reading.has_capitals(at, length)
        if not bodies or (_GENERIC.issuperset(key) and not (capitals and all(word.capital for word in words))):
            return None
        start = reading.with_directions(at)
        if start < at and reading.words[start].capital == words[0].capital:
            if capitals:
                return None  # the longer name is found by its capitals
            return _Found(reading.words[start].start, words[-1].end, "council", owns)
        if capitals and at > 1 and reading.continues(at):
            return None
        return _Found(words[0].start, words[-1].end, bodies[0].noun, owns, bodies)

    def _by_stem(self, reading: _Reading, at: int, length: int, key: Key, owns: bool) -> _Found | None:
        bodies = self._stems.get(key, ())
        if not bodies and not (length == 1 and key[0] in self._bases):
            return None
        words, end = reading.words, at + length
        capitals = reading.has_capitals(at, length)
        if reading.is_person(at) or reading.is_hyphenated(at, end):
            return None
        told, after, headed = (frozenset[str](), end, False) if owns else reading.told(end, bodies)
        before, prefixed = reading.prefix(at)
        follows = reading.follows(after)
        directed = reading.with_directions(before)
        if directed < before or (
            not bodies and reading.is_direction(end) and (*key, words[end].key) not in self._starts
        ):
            return self._elsewhere(reading, directed, before, after, headed, headed or follows or owns)
        if not bodies:
            return self._other(reading, at, after) if headed and not capitals else None
        fitting = tuple(body for body in bodies if body.is_told_as(told | prefixed))
        if capitals and not prefixed and reading.continues(at):
            return None
        if not fitting:
            return self._other(reading, before, after) if headed or (prefixed and words[before].capital) else None
        if not headed and not owns and capitals and reading.goes_on(after):
            return None
        by_type = bool(told | prefixed)
        kept = tuple(body for body in fitting if _counts(body, reading, at, capitals, by_type, headed, follows))
        if not kept:
            return None
        owns = words[after - 1].owns if after > end else owns
        return _Found(words[before].start, words[after - 1].end, kept[0].noun, owns, kept)

    @staticmethod
    def _other(reading: _Reading, start: int, end: int) -> _Found:
        return _Found(reading.words[start].start, reading.words[end - 1].end, "council", reading.words[end - 1].owns)

    def _elsewhere(
        self, reading: _Reading, directed: int, stem: int, after: int, headed: bool, told: bool
    ) -> _Found | None:
        """“North Kent”: a body of its own where it is spoken of as one, else a part of the county."""
        words = reading.words
        if directed == stem:  # “Cheshire West”
            after += 1
        if (headed and words[directed].capital and words[stem].capital) or reading.is_linked(after):
            return None  # the longer name is found by its capitals
        same = words[directed].capital and words[stem].capital
        placed = directed > 0 and words[directed - 1].key in _PLACING
        return self._other(reading, directed, after) if told or (same and not placed) else None

    def _not_held(self, reading: _Reading) -> Iterator[_Found]:
        """Bodies that capitals and a last word such as “Council” show to be named."""
        for at, word in enumerate(reading.words):
            if reading.taken[at] or (word.key != "of" and word.bare not in _HEADS):
                continue
            span = reading.phrase_after(at) if word.key == "of" else reading.phrase_before(at)
            if span is not None:
                start, name, end = span
                key = tuple(each.key for each in reading.words[start:name])
                told = frozenset(each.bare for each in reading.words[name:end])
                bodies = tuple(body for body in self._halves.get(key, ()) if body.is_told_as(told))
                last = reading.words[end - 1]
                noun = "trust" if last.bare == "trust" else "council"
                hit = _Found(reading.words[start].start, last.end, noun, last.owns, bodies)
                reading.take(hit)
                yield hit


class _Reading:
    """The words of one question, and which of them are taken by something found."""

    def __init__(self, question: str, found: Iterable[_Found]) -> None:
        self.question = question
        words = list(_words(question))
        small = any(not word.capital and question[word.start].isalpha() for word in words)
        self.told_by_case = small or sum(word.capital for word in words) < 4
        self.words = words
        self.taken = [False] * len(words)
        for each in found:
            self.take(each)

    def take(self, found: _Found) -> None:
        """Keep the words of what was found from being read again."""
        for at, word in enumerate(self.words):
            if found.start <= word.start < found.end:
                self.taken[at] = True

    def keys(self, at: int, length: int) -> Iterator[tuple[Key, bool]]:
        """The words as a key, and whether it is a possessive; “St Mary's” may be one and may be none."""
        part = self.words[at : at + length]
        if len(part) == length:
            last, key = part[-1], tuple(word.key for word in part)
            yield key, last.owns and last.key == last.bare
            if last.bare != last.key:
                yield (*key[:-1], last.bare), True

    def joined(self, at: int) -> bool:
        """Whether this word follows on the one before it with nothing but a space or a hyphen between."""
        if not 0 < at < len(self.words):
            return False
        gap = self.words[at].gap
        return gap in {" ", "-", ""} or (gap == ". " and self.words[at - 1].key == "st")

    def is_close(self, at: int, length: int, punctuated: bool) -> bool:
        """Whether so many words are there, free and joined as those of a name are."""
        if at + length > len(self.words) or any(self.taken[at : at + length]):
            return False
        return all(
            self.joined(each) or (punctuated and len(self.words[each].gap) < 4 and "." not in self.words[each].gap)
            for each in range(at + 1, at + length)
        )

    def has_capitals(self, at: int, length: int) -> bool:
        """Whether each word has a capital, but for the small ones within."""
        return self.told_by_case and all(
            self.words[each].capital or (each > at and self.words[each].key in _SMALL)
            for each in range(at, at + length)
        )

    def begins(self, at: int) -> bool:
        """Whether a sentence begins with this word."""
        return at == 0 or _BREAK.search(self.words[at].gap) is not None

    def is_person(self, at: int) -> bool:
        """Whether a title stands before: “Mrs Kent”."""
        return at > 0 and self.words[at].gap in {" ", ". "} and self.words[at - 1].key in _TITLES

    def is_hyphenated(self, start: int, end: int) -> bool:
        """Whether a hyphen makes more of it: “Kent-based”."""
        return (start > 0 and self.words[start].gap == "-") or (end < len(self.words) and self.words[end].gap == "-")

    def is_direction(self, at: int) -> bool:
        """Whether this word follows on as “East” does in “Cheshire East”."""
        return self.joined(at) and self.words[at].capital and self.words[at].key in _DIRECTIONS

    def is_named(self, at: int) -> bool:
        """Whether a capital makes this word part of a name: no word of a question, title, letter or acronym."""
        word = self.words[at]
        size = word.end - word.start
        plain = word.key in _PLAIN or word.key in _TITLES or size == 1 or len(word.bare) == 1
        return word.capital and not plain and not self.taken[at]

    def continues(self, at: int) -> bool:
        """Whether a longer name runs up to this word: “Tunbridge Wells”, “University of Kent”."""
        if not self.joined(at):
            return False
        before = self.words[at - 1]
        if before.key in {"of", "upon", "under"} and not before.capital:
            return at > 1 and self.joined(at - 1) and self.is_named(at - 2)
        return self.is_named(at - 1) and not before.acronym and not before.owns

    def goes_on(self, at: int) -> bool:
        """Whether a longer name runs on with this word: “Kent Police”, “Newcastle upon Tyne”."""
        if not self.joined(at):
            return False
        word = self.words[at]
        if word.key in {"upon", "under", "on"} and not word.capital:
            return self.joined(at + 1) and self.is_named(at + 1) and not self.words[at + 1].acronym
        known = word.key in _SERVICES or word.key in _FOLLOWING
        return self.is_named(at) and not known and (not word.acronym or word.key == "nhs")

    def is_linked(self, at: int) -> bool:
        """Whether a longer name may run on with “and”."""
        linked = self.joined(at) and self.joined(at + 1) and self.words[at].key in _LINKS
        return linked and self.is_named(at + 1)

    def follows(self, at: int) -> bool:
        """Whether “case” or the like follows."""
        return self.joined(at) and self.words[at].bare in _FOLLOWING

    def with_directions(self, at: int) -> int:
        """Where a name begins with the directions before it."""
        while at > 0 and self.joined(at) and self.words[at - 1].key in _DIRECTIONS and not self.taken[at - 1]:
            at -= 1
        return at

    def prefix(self, at: int) -> tuple[int, frozenset[str]]:
        """Where “London Borough of” before a stem begins, and the kind that it tells."""
        of = at - 1
        if of > 0 and self.words[of].key == "the":
            of -= 1
        if of < 1 or self.words[of].key != "of" or not (self.joined(of) and self.joined(of + 1)):
            return at, frozenset()
        kind = self.words[of - 1].key
        if kind not in {"borough", "city", "county", "council"}:
            return at, frozenset()
        start = of - 1
        while start > 0 and self.joined(start) and self.words[start - 1].key in {"london", "royal", "metropolitan"}:
            start -= 1
        return start, frozenset({kind})

    def told(self, at: int, bodies: Sequence[_Body]) -> tuple[frozenset[str], int, bool]:
        """The words after a stem that tell its kind, where they end, and whether they end as a name does."""
        words, told, end = self.words, set[str](), at
        while self.joined(end) and not self.taken[end]:
            bare = words[end].bare
            if bare in _COUNCIL or bare == "trust":
                if self.is_tax(end):
                    break
                return frozenset(told | {bare}), end + 1, True
            if bare not in _KINDS and words[end].key not in _SIZES | _TRUST:
                break
            told.add(bare if bare in _KINDS else words[end].key)
            end += 1
        for types in sorted({body.types for body in bodies if body.family == "provider"}, key=len, reverse=True):
            end = at
            while self.joined(end) and words[end].bare in types:
                end += 1
            if end > at:
                return frozenset(word.bare for word in words[at:end]), end, True
        known, end = set[str](), at
        while self.joined(end) and words[end].bare in _KINDS:
            if not any(body.is_told_as(frozenset(known | {words[end].bare})) for body in bodies):
                break
            known.add(words[end].bare)
            end += 1
        return frozenset(known), end, False

    def is_tax(self, at: int) -> bool:
        """Whether “council” is said of a tax or a house."""
        return self.joined(at + 1) and self.words[at + 1].bare in {"tax", "house", "houses", "housing", "flat"}

    def phrase_before(self, head: int) -> tuple[int, int, int] | None:
        """Where the name that ends with this word begins, where its name proper ends, and where it ends."""
        words = self.words
        last = words[head].bare
        if (
            not self.told_by_case
            or self.is_tax(head)
            or (
                last == "borough"
                and not (
                    words[head].capital and not (self.joined(head + 1) and words[head + 1].bare in {"council", "of"})
                )
            )
        ):
            return None
        name = head
        kinds = _KINDS | _SIZES | _TRUST
        while self.joined(name) and not self.taken[name - 1] and words[name - 1].key in kinds:
            name -= 1
        start = at = name
        while self.joined(at) and not self.taken[at - 1]:
            before = words[at - 1]
            if self.is_named(at - 1) and not (before.owns and at == name):
                start = at = at - 1
            elif before.key in _LINKS and not before.capital and at < name and self.joined(at - 1):
                at -= 1
            else:
                break
        proper = [word for word in words[start:name] if word.key not in _NO_NAME | _GENERIC]
        if not proper or self.is_person(start) or words[name - 1].key in _NO_NAME - {"police", "court"}:
            return None
        if last == "trust" and not _TRUST & {word.key for word in words[start:head]}:
            return None
        if name == head and name - start == 1 and not words[head].capital and self.begins(start):
            return None
        return start, name, head + 1

    def phrase_after(self, of: int) -> tuple[int, int, int] | None:
        """The same for a name that begins with “London Borough of”."""
        start, _ = self.prefix(of + 1)
        if start > of - 2 or not self.words[start].capital or not self.told_by_case:
            return None
        end = at = of + 1
        while self.joined(at) and not self.taken[at]:
            if self.is_named(at):
                end = at = at + 1
            elif self.words[at].key in _LINKS and end > of + 1:
                at += 1
            else:
                break
        return (start, start, end) if end > of + 1 else None


def _append(index: dict[Key, tuple[_Body, ...]], key: Key, body: _Body) -> None:
    index[key] = (*index.get(key, ()), body)


def _words(text: str) -> Iterator[_Word]:
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
        yield _Word(start, end, key, bare, owns, raw[0].isupper(), raw.isupper() and len(raw) > 1, gap)


def _body(name: str) -> _Body:
    key = tuple(word.key for word in _words(fold(name)))
    stem = list(key)
    if stem[:1] == ["the"]:
        del stem[0]
    prefix = re.match(
        r"(?:(?:london|royal|metropolitan) )*(?:borough|city|county|council) of (?:the )?", " ".join(stem)
    )
    family: Family = "provider"
    endings = _PROVIDER
    if prefix or stem[-1:] in (["council"], ["councils"], ["corporation"], ["borough"]):
        family, endings = "council", _KINDS | _SIZES | _COUNCIL
    elif stem[-1:] == ["trust"]:
        family, endings = "trust", _TRUST | {"trust"}
    if prefix:
        del stem[: len(prefix[0].split())]
    elif stem[:1] == ["nhs"]:
        del stem[0]
    while stem and stem[-1] in _COMPANY:
        stem.pop()
    whole = len(stem)
    while stem and stem[-1] in endings:
        stem.pop()
    if _GENERIC.issuperset(stem) and stem != ["london"]:
        stem = []
    types = frozenset(key) - set(stem) - {"the", "of", "and"}
    noun = (
        next((_OWN_NOUN[word] for word in key[::-1] if word in _OWN_NOUN), family) if family == "provider" else family
    )
    shortened = family == "provider" and len(stem) < whole
    ordinary = len(stem) == 1 and (shortened or stem[0] in _ORDINARY)
    return _Body(name, key, tuple(stem), family, types, noun, ordinary)


def _counts(
    body: _Body, reading: _Reading, at: int, capitals: bool, by_type: bool, headed: bool, follows: bool
) -> bool:
    """Whether a stem that fits a body is enough to name it."""
    if not body.ordinary:
        return capitals or by_type or follows
    if capitals:
        return by_type or follows
    word = reading.words[at]
    gerund = word.key.endswith("ing") and at > 0 and reading.words[at - 1].key in _GERUND_AFTER
    return body.family != "provider" and headed and not gerund


def _references(question: str, is_held: Callable[[Reference], bool]) -> Iterator[_Found]:
    for run in _DIGITS.finditer(question):
        if len(run[0]) < 8 or _SUM_BEFORE.search(question, max(0, run.start() - 2), run.start()):
            continue
        spans = [(run.start() + start, run.start() + end) for start, end in _shapes(run[0])]
        for start, end in spans[:-1]:
            yield _reference(question, start, end, is_held)
        for start, end in spans[-1:]:
            found = _last_reference(question, start, end, is_held)
            if found and (found.reference or not _is_other_number(question, found.start, found.end)):
                yield found


def _last_reference(question: str, start: int, end: int, is_held: Callable[[Reference], bool]) -> _Found | None:
    """A reference with the letter that may follow it; “21 017 496 a” has a letter only where that is held."""
    if _DECIMAL.match(question, end):
        return None
    letter = _LETTER.match(question, end)
    if letter:
        found = _reference(question, start, letter.end(), is_held)
        if found.reference or letter[1] != " ":
            return found
    elif question[end : end + 1].isalnum() or question[end : end + 1] == "_":
        return None
    return _reference(question, start, end, is_held)


def _shapes(digits: str) -> Iterator[tuple[int, int]]:
    """Where the references are in a run of digits; none where it is not references all through."""
    spans, at = list[tuple[int, int]](), 0
    while at < len(digits):
        match = _SHAPE.match(digits, at)
        if match is None:
            return
        spans.append(match.span())
        at = match.end() + 1
    yield from spans


def _reference(question: str, start: int, end: int, is_held: Callable[[Reference], bool]) -> _Found:
    reference = Reference(question[start:end].translate(_DASHES))
    return _Found(start, end, "decision", reference=reference if is_held(reference) else None)


def _is_other_number(question: str, start: int, end: int) -> bool:
    """Whether the digits of what is not held are a sum, a date, or the number of something else."""
    written = question[start:end]
    if _SUM_AFTER.match(question, end) or _NUMBER_OF.search(question[max(0, start - 40) : start]):
        return True
    return may_be_date(written)


_FOLLOW = re.compile(rf"\s+(?:{'|'.join(sorted(_FOLLOWING, key=len, reverse=True))})\b", re.IGNORECASE)
_CASE = re.compile(r"\s+cases?\b", re.IGNORECASE)
_THE = r"(?:(?:the|this|that|both)\s+)?"
_FRONT = r"(?:^|(?<=[.?!]\s))(?:in|for|from|under|on|about|re|regarding|concerning)\s+"
_WITHIN = re.compile(rf"(?:{_FRONT}|\bin\s+){_THE}$", re.IGNORECASE)
_IN = re.compile(r"\bin\s+(?:the\s+)?$", re.IGNORECASE)
_APART = re.compile(r"\s*[-–—:;,.?!](?:\s|$)|\s-+(?=\s)")
_ASKED = re.compile(rf"\s+(?:{'|'.join(sorted(_ASKING))})\b", re.IGNORECASE)
_CLOSE = re.compile(r"\s*(?:[,.;:?!)]|$)")
_ENDS = re.compile(r"\s*\)?[\s.?!]*$")
_DETERMINED = re.compile(rf"(?:^|\s)(?:{_DETERMINERS})\s+$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,?\s*(?:and|or|&)|[,/])\s+|/", re.IGNORECASE)
_LABEL = re.compile(r"(?:\b(?:ref|reference|no|number|nr|lgo|lgsco)\b[.:]?\s*|#)+$", re.IGNORECASE)
_NOUN = re.compile(r"\b(?:(?:the|this|that)\s+)?(cases?|decisions?|complaints?)\s*:?\s*$", re.IGNORECASE)
_NOTHING_ELSE = re.compile(rf"the (?:council|trust|decision|provider|{'|'.join(_OWN_NOUN.values())})(?:['’]s)?\W*")


def _without(question: str, found: Sequence[_Found]) -> str:
    """The question with what was found taken out or replaced by what it is."""
    if not found:
        return question
    text, at, named = "", 0, False
    for start, end, noun, owned in _groups(question, found):
        text += question[at:start]
        rest = question[end:]
        if noun == "decision":
            text, at, named = *_drop_reference(text, rest, end, named and question[at:start].isspace()), False
        else:
            text, at = _drop_body(text, rest, end, noun, owned)
            named = True
    text = _tidy(text + question[at:])
    own = _HAS_WORD.search(text)
    return text if own and not _NOTHING_ELSE.fullmatch(text) else question


def _groups(question: str, found: Sequence[_Found]) -> Iterator[tuple[int, int, str, str]]:
    """What stands together, “Kent and Halton”, as one: from, to, its noun, and the ending of a possessive."""
    start, end, noun, owned = found[0].start, found[0].end, found[0].noun, _owned(question, found[0])
    for each in found[1:]:
        if each.noun == noun and _BETWEEN.fullmatch(question, end, each.start):
            end, owned = each.end, _owned(question, each)
            continue
        yield start, end, noun, owned
        start, end, noun, owned = each.start, each.end, each.noun, _owned(question, each)
    yield start, end, noun, owned


def _owned(question: str, found: _Found) -> str:
    if not found.owns:
        return ""
    ending = question[found.end - 2 : found.end]
    return ending[-1] + "s" if ending[-1] in "'’" else ending[0] + "s"


def _drop_body(text: str, rest: str, end: int, noun: str, owned: str) -> tuple[str, int]:
    """The text up to a name, and the character of the question at which it goes on."""
    follow = _CASE.match(rest) if owned else _FOLLOW.match(rest)
    within = _WITHIN.search(text)
    if follow:
        if within:
            return text[: within.start()], end + follow.end()
        return _article(text, "case") + ("" if _DETERMINED.search(text) else "the"), end
    if not owned:
        apart = _APART.match(rest)
        if text.endswith("(") and rest.startswith(")"):
            return text[:-1], end + 1
        if not _HAS_WORD.search(text) or re.search(r"[.?!]\s+$", text):
            if apart:
                return text, end + apart.end()
            if _ASKED.match(rest):
                return text, end
        if re.search(r"[-–—:;,(]\s*$", text) and _ENDS.match(rest):
            return re.sub(r"[-–—:;,(\s]+$", "", text), end
        inside = _IN.search(text)
        after = re.match(r"\s+(\w+)", rest)
        if inside and (_CLOSE.match(rest) or (after and after[1].lower() in _PLAIN)):
            return text[: inside.start()], end
    if _DETERMINED.search(text):
        return _article(text, noun) + noun + owned, end
    return f"{text}the {noun}{owned}", end


def _drop_reference(text: str, rest: str, end: int, after_body: bool) -> tuple[str, int]:
    """The same for a reference."""
    text = _LABEL.sub("", text)
    if rest[:2] in {"'s", "’s"}:
        return f"{text}{'' if _DETERMINED.search(text) else 'the '}decision", end
    if text.endswith("(") and rest.startswith(")"):
        return text[:-1], end + 1
    noun = _NOUN.search(text)
    if noun:
        within = _WITHIN.search(text[: noun.start()])
        return (text[: within.start()], end) if within else (f"{text[: noun.start()]}the {noun[1]}", end)
    within = _WITHIN.search(text)
    if within:
        return text[: within.start()], end
    last = re.search(r"(\w+)\s*$", text)
    ends = _ENDS.match(rest) and not (last and last[1].lower() in _PLAIN)
    if after_body or ends or not _HAS_WORD.search(text) or re.search(r"[-–—:;,.?!(]\s*$", text):
        return text, end
    return _article(text, "decision") + ("decision" if _DETERMINED.search(text) else "the decision"), end


def _article(text: str, noun: str) -> str:
    return text if noun[0] in "aeiou" else re.sub(r"\b([Aa])n(\s+)$", r"\1\2", text)


def _tidy(text: str) -> str:
    text = " ".join(re.sub(r"\(\s*\)", "", text).split())
    text = re.sub(r"\s+([,;:.?!)])", r"\1", text)
    text = re.sub(r"([,;:])(?:\s*[,;:])+", r"\1", text)
    text = re.sub(r"^(?:[\s\-–—:;,.?!)]|[&/]\s)+", "", text)
    return re.sub(r"[\s\-–—:;,]+([.?!]*)$", r"\1", text)
