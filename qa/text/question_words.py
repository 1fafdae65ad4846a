"""The words of a question, and how the names of bodies stand in them; pure.

A name is looked up by its words in small letters. What makes it a body's, and not a person's or a longer name's, are
the words around it and their capitals. Nothing here knows which bodies there are. No I/O.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from index.text.body_names import (
    BEFORE_BOROUGH,
    BEFORE_OF,
    COUNCIL,
    DIRECTIONS,
    GENERIC,
    KINDS,
    LINKS,
    NO_NAME,
    SIZES,
    SMALL,
    TITLES,
    TRUST,
    Body,
    Key,
    word_set,
    words_of,
)
from index.text.dates import MONTHS

ASKING = word_set("who whom whose what which when where why how")
PLAIN = (
    ASKING
    | (set(MONTHS) - {"may"})
    | word_set(
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
        "monday tuesday wednesday thursday friday saturday sunday"
    )
)
DETERMINERS = "the|a|an|this|that|these|those|my|your|his|her|its|our|their|any|some|no|each|every|which|what"
PLACING = word_set("in near around across from within throughout")
GERUND_AFTER = word_set("after before by on when while without from for of")
SERVICES = word_set("childrens social adult adults services education housing safeguarding fostering adoption special")
FOLLOWING = word_set("case cases decision decisions complaint complaints investigation ruling findings judgment matter")
_MINE = word_set("my our we us im ive weve mine ours myself ourselves")
_WISHING = word_set("want need would wonder wondered am")

_BREAK = re.compile(r"[.?!:;(“\"–—]| - ")


class QuestionWords:
    """The words of one question, and which of them are taken by something found."""

    def __init__(self, question: str, found: Iterable[tuple[int, int]]) -> None:
        self.question = question
        words = list(words_of(question))
        small = any(not word.capital and question[word.start].isalpha() for word in words)
        self.capitals_matter = small or sum(word.capital for word in words) < 4
        self.words = words
        self.taken = [False] * len(words)
        for start, end in found:
            self.take(start, end)

    @cached_property
    def is_own_story(self) -> bool:
        """Whether it tells of whoever asks; “I want to know” does not."""
        following = [*(word.key for word in self.words[1:]), ""]
        return any(
            word.key in _MINE or (word.key == "i" and after not in _WISHING)
            for word, after in zip(self.words, following, strict=False)
        )

    def take(self, start: int, end: int) -> None:
        """Keep the words between these characters from being read again."""
        for at, word in enumerate(self.words):
            if start <= word.start < end:
                self.taken[at] = True

    def names(
        self, at: int, lengths: Mapping[str, Iterable[int]], punctuated: Container[Key]
    ) -> Iterator[tuple[int, Key, bool]]:
        """What may be a name from this word on, the longest first: how many words, their key, and whether it is a
        possessive; “St Mary's” may be one and may be none.
        """
        word = self.words[at]
        for length in sorted({*lengths.get(word.key, ()), *lengths.get(word.bare, ())}, reverse=True):
            part = self.words[at : at + length]
            last, key = part[-1], tuple(each.key for each in part)
            forms = [(key, last.owns and last.key == last.bare)]
            if last.bare != last.key:
                forms.append(((*key[:-1], last.bare), True))
            for form, owns in forms:
                if self.is_close(at, length, form in punctuated):
                    yield length, form, owns

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
        return self.capitals_matter and all(
            self.words[each].capital or (each > at and self.words[each].key in SMALL) for each in range(at, at + length)
        )

    def begins(self, at: int) -> bool:
        """Whether a sentence begins with this word."""
        return at == 0 or _BREAK.search(self.words[at].gap) is not None

    def is_person(self, at: int) -> bool:
        """Whether a title stands before: “Mrs Kent”."""
        return at > 0 and self.words[at].gap in {" ", ". "} and self.words[at - 1].key in TITLES

    def is_hyphenated(self, start: int, end: int) -> bool:
        """Whether a hyphen makes more of it: “Kent-based”."""
        return (start > 0 and self.words[start].gap == "-") or (end < len(self.words) and self.words[end].gap == "-")

    def is_direction(self, at: int) -> bool:
        """Whether this word follows on as “East” does in “Cheshire East”."""
        return self.joined(at) and self.words[at].capital and self.words[at].key in DIRECTIONS

    def is_named(self, at: int) -> bool:
        """Whether a capital makes this word part of a name: no word of a question, title, letter or acronym."""
        word = self.words[at]
        size = word.end - word.start
        plain = word.key in PLAIN or word.key in TITLES or size == 1 or len(word.bare) == 1
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
        known = word.key in SERVICES or word.key in FOLLOWING
        return self.is_named(at) and not known and (not word.acronym or word.key == "nhs")

    def is_linked(self, at: int) -> bool:
        """Whether a longer name may run on with “and”."""
        linked = self.joined(at) and self.joined(at + 1) and self.words[at].key in LINKS
        return linked and self.is_named(at + 1)

    def with_directions(self, at: int) -> int:
        """Where a name begins with the directions before it."""
        while at > 0 and self.joined(at) and self.words[at - 1].key in DIRECTIONS and not self.taken[at - 1]:
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
        if kind not in BEFORE_OF:
            return at, frozenset()
        start = of - 1
        while start > 0 and self.joined(start) and self.words[start - 1].key in BEFORE_BOROUGH:
            start -= 1
        return start, frozenset({kind})

    def kind_after(self, at: int, bodies: Sequence[Body]) -> tuple[frozenset[str], int, bool]:
        """The words after a stem that tell its kind, where they end, and whether they end as a name does."""
        words, told, end = self.words, set[str](), at
        while self.joined(end) and not self.taken[end]:
            bare = words[end].bare
            if bare in COUNCIL or bare == "trust":
                if self.is_tax(end):
                    break
                return frozenset(told | {bare}), end + 1, True
            if words[end].key in BEFORE_BOROUGH - SIZES and self.joined(end + 1) and words[end + 1].bare == "borough":
                end += 1  # “Barnet London Borough Council”
                continue
            if told and words[end].key == "and" and self.joined(end + 1) and words[end + 1].bare in KINDS:
                end += 1  # “City and District Council”
                continue
            if bare not in KINDS and words[end].key not in SIZES | TRUST:
                break
            told.add(bare if bare in KINDS else words[end].key)
            end += 1
        for types in sorted({body.types for body in bodies if body.family == "provider"}, key=len, reverse=True):
            end = at
            while self.joined(end) and words[end].bare in types:
                end += 1
            if end > at:
                return frozenset(word.bare for word in words[at:end]), end, True
        known, end = set[str](), at
        while self.joined(end) and words[end].bare in KINDS:
            if not any(body.fits(frozenset(known | {words[end].bare})) for body in bodies):
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
        if not self.capitals_matter or self.is_tax(head):
            return None
        has_more = self.joined(head + 1) and words[head + 1].bare in {"council", "of"}
        if last == "borough" and (not words[head].capital or has_more):
            return None
        name = head
        kinds = KINDS | SIZES | TRUST
        while self.joined(name) and not self.taken[name - 1] and words[name - 1].key in kinds:
            name -= 1
        start = at = name
        while self.joined(at) and not self.taken[at - 1]:
            before = words[at - 1]
            if self.is_named(at - 1) and not (before.owns and at == name):
                start = at = at - 1
            elif before.key in LINKS and not before.capital and at < name and self.joined(at - 1):
                at -= 1
            else:
                break
        proper = [word for word in words[start:name] if word.key not in NO_NAME | GENERIC]
        if not proper or self.is_person(start) or words[name - 1].key in NO_NAME - {"police", "court"}:
            return None
        if last == "trust" and not TRUST & {word.key for word in words[start:head]}:
            return None
        if name == head and name - start == 1 and not words[head].capital and self.begins(start):
            return None
        return start, name, head + 1

    def phrase_after(self, of: int) -> tuple[int, int, int] | None:
        """The same for a name that begins with “London Borough of”."""
        start, _ = self.prefix(of + 1)
        if start > of - 2 or not self.words[start].capital or not self.capitals_matter:
            return None
        end = at = of + 1
        while self.joined(at) and not self.taken[at]:
            if self.is_named(at):
                end = at = at + 1
            elif self.words[at].key in LINKS and end > of + 1:
                at += 1
            else:
                break
        return (start, start, end) if end > of + 1 else None
