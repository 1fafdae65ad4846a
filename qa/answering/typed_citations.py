"""A question that is nothing but citations → what they ask for, and that opened: paragraphs, decisions, bodies.

A *typed citation* is a reference, a paragraph or a body, “21 017 496 paragraph 50”, “Kent para 45”, “Halton”, with
nothing beside it but words that say nothing (“show me … please”). One more word makes it a question on content, which
is not for this module. References and paragraphs are told by the grammar of letters (qa.text.pin_cites), bodies by
their names (qa.text.question_entities); since nothing else stands there, a name may be in any case.

Nothing is opened that was not asked for: what is not held is said so, and what was read otherwise than it was typed.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from index.catalogue import Filter
from index.decisions import SUMMARY, Decision, DecisionEntry, Number, Paragraph, Pinpoint, Reference, fold, slug_of
from index.store import Store
from index.text.councils import body_key, is_same_body
from index.text.dates import DATE, MONTHS, SHORT_MONTHS
from index.text.lists import joined
from index.text.mentions import MAY_MENTION, ODD_ITEM, TYPED_BARE, PinCite, Unread
from index.text.number_words import NUMBER_WORDS
from index.text.references import LETTER_APART, REFERENCE_EXAMPLES
from qa.text.antecedents import read_citations
from qa.text.pin_cites import JOINS, Bodies, Citation, ReferenceMention, read_references

Reason = Literal["reference_not_held", "paragraph_not_held", "body_not_held", "unclear"]
Cited = tuple[Paragraph, DecisionEntry]
"""A paragraph, the summary, or a lettered item of a paragraph, with the entry of its decision."""

MOST_PARAGRAPHS = 50
"""How many paragraphs are opened for one question."""
_FIRST = 4  # paragraphs of a decision that is opened as a whole, after its summary
_LONGEST = 2000  # characters of a question
_MAX_NAME_WORDS = 9  # words
_DIGITS = 8  # of a reference; one more or less may be a slip
_LONGEST_SHOWN = 40  # characters of what cannot be read
_MAX_NEAREST_REFERENCES = 3  # references that are told in place of one that is not held; of more, none is likely
_MAX_REFERENCES_LOOKED_FOR = 10  # references not held in whose place others are looked for


class AskedPlace(NamedTuple):
    """A paragraph, an item of one, or all from one to another, as typed: `last` may come before `number`."""

    number: Number
    item: str | None = None
    last: int | None = None

    @property
    def name(self) -> str:
        """As a citation has it."""
        return PinCite(0, 0, self.number, self.item, self.last).name


@dataclass(frozen=True, slots=True)
class TypedCitation:
    """What one citation asks for.

    The places are those of a decision, or of each decision about the bodies, or of nobody knows which where there is
    neither; without places it asks for all of them. `bodies` are full names, or as typed where they are not held; with
    a reference they are those typed beside it. `unread` are digits that stand for a reference or a paragraph and are
    none; then there is no reference.
    """

    reference: Reference | None = None
    bodies: tuple[str, ...] = ()
    places: tuple[AskedPlace, ...] = ()
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something that was asked for is not opened; `detail` is one sentence that says what to do."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What citations open: `paragraphs` are those cited, in the order asked, each once, at most MOST_PARAGRAPHS.

    Of a decision as a whole they are its summary and its first paragraphs; of a body the summary of each decision,
    newest first, or its first paragraph where it has none. `neighbours` are the places right before and after a cited
    one, and the whole paragraph of a cited item, also of one that is not there. `missing` says what could not be
    opened, `corrected` what was read otherwise than it was typed, each as (typed, read). `left_out` is how many more
    paragraphs there would have been.
    """

    paragraphs: tuple[Cited, ...]
    neighbours: tuple[Cited, ...]
    missing: tuple[Problem, ...]
    corrected: tuple[tuple[str, str], ...]
    left_out: int


def held_bodies(store: Store) -> Bodies:
    """What is known of bodies where a version is open; to be made once for it."""

    @functools.lru_cache(maxsize=4096)
    def of(reference: Reference) -> str | None:
        entry = _entry(store, reference)
        return entry.body if entry else None

    return Bodies(store.bodies(), of)


def _entry(store: Store, reference: Reference) -> DecisionEntry | None:
    return next(iter(store.entries(Filter(reference=(reference,)), 1)), None)


# Reading: which words say nothing, and which are names.


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SMALL = _set("of and or the upon on in with for under by le")
"""Words that stand within names."""
_BESIDE_BODY = _SMALL | _set(
    "show open read see view display get find go to me us this that please pls thanks decision case text summary "
    "full whole a"
)
"""Words that say nothing beside a body alone; of the others, “complaint” or “decisions” asks something there."""
_BESIDE_PLACE = _BESIDE_BODY | _set(
    "decisions cases complaint complaints statement report wording words content contents copy an both entire complete "
    "also plus from at its ombudsman ombudsman's ombudsmans ombudsmen lgsco lgsco's lgo lgo's final ref reference no "
    "number numbers numbered inferred citation cite page pages p pp i we want need would like can could you let "
    "look up give bring pull fetch thank dated paragraph paragraphs para paras par pars what what's whats does do did "
    "is are say says said it there reads all"
)
_OF_DATES = frozenset({*MONTHS, *SHORT_MONTHS, "st", "nd", "rd", "th"})
_SAYING_NOTHING = _BESIDE_PLACE | _OF_DATES | frozenset(part for word in NUMBER_WORDS for part in word.split("-"))

_SECTION = re.compile(r"""\bsection (?:“[^“”]{1,140}”|"[^"]{1,140}")""", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_WITHIN_NAMES = re.compile(
    r"[ ,&/.’'(-]{0,4}(?:(?:of|and|or|the|upon|on|in|with|for|under|by|le)\b[ ,&/-]{0,3}){0,3}", re.I
)
_AMONG_NAMES = re.compile(r" ?[,/(] ?(?:(?:and|or|&) )?| (?:and|or|&) ", re.IGNORECASE)
# “the decision about Halton” is the decision of Halton.
_ABOUT = re.compile(r"\b(decision|case|complaint)(s?) (?:about|against|concerning|involving|on)\b", re.IGNORECASE)
_PUBLISHER = re.compile(r"\blocal government (?:and|&) social care ombudsman\b", re.IGNORECASE)
_DATE = re.compile(DATE, re.VERBOSE | re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[0-9] ?\([a-z]{1,3}\)$", re.IGNORECASE)  # 50(zz)
_HAS_DIGIT = re.compile("[0-9]")
_ONLY_LETTERS = re.compile(r"(?<!\w)[^\W\d_]+(?!\w)")
_AND = re.compile(r",? (?:and|&) ")
_APART = re.compile(r"[,;:/&|]|\b(?:and|or)\b")

_STAND_INS = tuple(f"Body{one}{two} Council" for one in "abcd" for two in string.ascii_lowercase)
"""Names that the grammar reads in every place: each body of a question is read under one of them."""
_STAND_IN = re.compile("Body[a-z]{2} Council")
_OF_STAND_INS = Bodies(_STAND_INS)


@dataclass(frozen=True, slots=True)
class _Name:
    """Bodies that are named together, and where."""

    start: int
    end: int
    bodies: tuple[str, ...]


def read_typed(question: str, bodies: Bodies) -> tuple[TypedCitation, ...] | None:
    """The citations that a question consists of, in its order; None where there is anything else in it, or nothing."""
    if len(question) > _LONGEST:
        return None
    text = _ABOUT.sub(r"\1\2 of", _PUBLISHER.sub("Ombudsman", fold(question)))
    names = _names(text, bodies)
    return None if names is None else _Reading(text, names, bodies.of).citations()


def _names(text: str, bodies: Bodies) -> list[_Name] | None:
    """The bodies that a text names; None where it has a word that neither names one nor says nothing."""
    is_alone = MAY_MENTION.search(text) is None
    text = _SECTION.sub(lambda found: "." * len(found[0]), text)
    stretches = _stretches(text, is_alone)
    if is_alone and (not stretches or _HAS_DIGIT.search(text)):
        return None
    found = list[_Name]()
    for start, end in stretches:
        named = _named(text, start, end, bodies, is_alone)
        if not named:
            # Words that say nothing may be part of a name.
            is_part = is_alone and not found and end - start < len(text) and text.count(" ") < _MAX_NAME_WORDS
            whole = bodies.only(text) if is_part else None
            return [_Name(0, len(text), whole)] if whole and all(name in bodies for name in whole) else None
        found += named
    return found if len(found) <= len(_STAND_INS) else None


def _stretches(text: str, is_alone: bool) -> list[tuple[int, int]]:
    """Where words stand that could be names."""
    found = list[tuple[int, int]]()
    saying_nothing = _BESIDE_BODY if is_alone else _SAYING_NOTHING
    for word in _WORD.finditer(text):
        start, end = word.span()
        key = word[0].lower().replace("’", "'")
        if key in saying_nothing or len(key) == 1:
            continue
        if text[start - 1 : start] == "(" and _IN_BRACKETS.search(text, max(0, start - 3), end + 1):
            continue
        if found and _WITHIN_NAMES.fullmatch(text, found[-1][1], start):
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return [(start, end + (text[end : end + 1] == ")" and "(" in text[start:end])) for start, end in found]


def _named(text: str, start: int, end: int, bodies: Bodies, is_alone: bool) -> list[_Name]:
    """The bodies of a stretch, those of a list one by one; none where it has any other word."""
    words = text[start:end]
    whole = _bodies(words, bodies, is_alone)
    if len(whole) != 1 and (breaks := list(_AMONG_NAMES.finditer(words))):
        starts, ends = [0, *(each.end() for each in breaks)], [*(each.start() for each in breaks), len(words)]
        listed = list[_Name]()
        for one, two in zip(starts, ends, strict=True):
            if not (told := _bodies(words[one:two], bodies, is_alone)):
                break
            listed.append(_Name(start + one, start + two, told))
        else:
            return listed
    return [_Name(start, end, whole)] if whole else []


def _bodies(words: str, bodies: Bodies, is_alone: bool) -> tuple[str, ...]:
    """The bodies that some words name and nothing else, in any case.

    Where nothing but a name is typed, what has no capitals may be an ordinary word: it must be a full name then, or
    that of a council.
    """
    if not words or words.count(" ") >= _MAX_NAME_WORDS:
        return ()
    capitals = _WORD.sub(lambda word: word[0].lower() if word[0].lower() in _SMALL else word[0].capitalize(), words)
    forms = [capitals] if words.islower() else [words]
    if words.isupper() or not is_alone:
        forms = list(dict.fromkeys([*forms, capitals]))
    for form in forms:
        told = bodies.only(form)
        if told is None or (told and form == words):
            return told or ()
    assert told is not None
    if is_alone and (not told or (" " in words and words.casefold() in map(str.casefold, told))):
        return told
    council = tuple(name for name in bodies.only(f"{capitals} Council") or () if name in bodies)
    return (told if told == council else ()) if is_alone else told or council


@dataclass(slots=True)
class _Asked:
    """What one citation of a text asks for, while it is read; `end` is where its reference or its places end."""

    start: int
    end: int
    named: ReferenceMention | None
    bodies: tuple[str, ...]
    places: tuple[AskedPlace, ...]

    def typed(self, reference: Reference | None) -> TypedCitation:
        unread = self.named.digits if self.named and reference is None else None
        return TypedCitation(reference, self.bodies, self.places, unread)


class _Reading:
    """A text whose bodies are known, as the grammar reads it: in small letters, each body under a stand-in."""

    def __init__(self, text: str, names: Sequence[_Name], of: Callable[[Reference], str | None]) -> None:
        stand_ins = dict(zip(dict.fromkeys(name.bodies for name in names), _STAND_INS, strict=False))
        self._bodies_of = {stand_in: bodies for bodies, stand_in in stand_ins.items()}
        self._body_of = of
        self._names: list[_Name] = []
        written, at = "", 0
        for name in names:
            written += _in_small_letters(text[at : name.start])
            start, at = len(written), name.end
            written += stand_ins[name.bodies]
            self._names.append(_Name(start, len(written), name.bodies))
        self._text = written + _in_small_letters(text[at:])
        self._rest = list(self._text)
        """What has not been read yet."""

    def citations(self) -> tuple[TypedCitation, ...] | None:
        """All of them in order; None where there is something else."""
        found = list(self._apart(map(_readable, read_citations(self._text, _OF_STAND_INS.anew(self._stand_in)))))
        found = [citation for citation in found if citation.places or citation.has_reference]
        asked = [self._asked(citation) for citation in found]
        references = [self._reference(one.named) for one in asked]
        self._share(asked)
        self._give_bodies(asked)
        typed = [
            (one.start, one.typed(reference))
            for one, reference in zip(asked, references, strict=True)
            if one.places or one.named is None or not any(one.named is each.named for each in asked if each.places)
        ]
        typed += [(name.start, TypedCitation(bodies=name.bodies)) for name in self._names]
        typed += self._unread(is_alone=not typed)
        typed.sort(key=lambda each: each[0])
        return self._checked(typed)

    def _apart(self, citations: Iterable[Citation]) -> Iterator[Citation]:
        """The citations, with the places of a body apart from those of another decision: “Kent para 45, 21 000 259”."""
        for citation in citations:
            named, kept = citation.named, list[PinCite]()
            for places in self._mentions(citation.places) if named and citation.has_reference else [citation.places]:
                name = next((name for name in self._names if places and name.end + 1 == places[0].start), None)
                if name and named and self._is_apart(name, places[-1].end, named):
                    stand_in = self._text[name.start : name.end]
                    yield Citation(places[0].start, places[-1].end, None, tuple(places), False, False, (stand_in,))
                else:
                    kept += places
            start = citation.start if len(kept) == len(citation.places) or not named else named.start
            yield replace(citation, start=start, places=tuple(kept))

    def _mentions(self, places: Sequence[PinCite]) -> Iterator[list[PinCite]]:
        """The places that stand behind one “paragraphs” or one sign together."""
        mention = list[PinCite]()
        for place in places:
            if mention and not self._text[place.start].isdigit():
                yield mention
                mention = []
            mention.append(place)
        yield mention

    def _is_apart(self, name: _Name, end: int, named: ReferenceMention) -> bool:
        """Whether places that stand behind a body and end there are not those of a reference behind them."""
        body = self._body_of(named.reference) if named.reference else None
        return end <= named.start and body not in name.bodies and _APART.match(self._text[end:].lstrip()) is not None

    def _stand_in(self, reference: Reference) -> str | None:
        """The name under which the body of a decision stands in the text, or else its own."""
        body = self._body_of(reference)
        return next((stand_in for stand_in, bodies in self._bodies_of.items() if body in bodies), body)

    def _take(self, start: int, end: int) -> None:
        self._rest[start:end] = "|" * (end - start)

    def _asked(self, citation: Citation) -> _Asked:
        """What the grammar has read, with what it leaves: ranges that run backwards, and further items."""
        places = list[AskedPlace]()
        stops = [*(place.start for place in citation.places[1:]), len(self._text)]
        for place, stop in zip(citation.places, stops, strict=False):
            self._take(place.start, place.end)
            if place.runs_back and place.last is not None and isinstance(place.number, int):
                places.append(AskedPlace(place.last, None, place.number))
                continue
            places += [AskedPlace(place.number, item, place.last) for item in place.items or (None,)]
            at = place.end
            while (
                isinstance(place.number, int) and place.last is None and (item := ODD_ITEM.match(self._text, at, stop))
            ):
                odd = AskedPlace(place.number, item["item"])
                places[-1:] = [odd] if places[-1].item is None else [places[-1], odd]
                self._take(*item.span())
                at = item.end()
        named = citation.named
        bare = TYPED_BARE.match(self._text, named.end) if named and citation.has_reference and not places else None
        if bare and not _DATE.match(self._text, bare.start("number")):
            places.append(AskedPlace(int(bare["number"])))
            self._take(*bare.span())
        beside = _STAND_IN.findall(named.body)[-1:] if named and named.body and citation.has_reference else []
        told = [stand_in for stand_in in (*citation.bodies, *beside) if stand_in in self._bodies_of]
        bodies = tuple(dict.fromkeys(body for stand_in in told for body in self._bodies_of[stand_in]))
        own = [named.end] if named and citation.has_reference else []
        end = max([*own, *(place.end for place in citation.places)])
        return _Asked(citation.start, end, named, bodies, tuple(places))

    def _reference(self, named: ReferenceMention | None) -> Reference | None:
        """The reference that is named, with a letter apart from it; here that can be no other word."""
        if named is None:
            return None
        self._take(named.start, named.end)
        letter = LETTER_APART.match(self._text, named.end)
        if (
            named.reference is None
            or letter is None
            or letter["letter"] > "h"
            or not self._text[named.end - 1].isdigit()
        ):
            return named.reference
        self._take(*letter.span())
        return Reference(f"{named.reference}{letter['letter']}")

    def _share(self, asked: Sequence[_Asked]) -> None:
        """Give a reference without places those that are told of it and another one together.

        “paragraph 5 of 21 017 496 and 20 001 737”, “21 017 496 and 20 001 737, paragraph 5”.
        """
        for one, other in itertools.pairwise(asked):
            if one.named is None or other.named is None or one.named.start > other.named.start:
                continue
            joint = self._text[one.named.end : other.named.start]
            if one.places and not other.places and one.end == one.named.end and JOINS.fullmatch(joint):
                other.places = one.places
        link = _AND
        for other, one in itertools.pairwise(reversed(asked)):
            is_bare = one.named and not one.places and other.named and one.named is not other.named
            is_after = other.places and other.named and other.end > other.named.end
            if one.named and is_bare and is_after and link.fullmatch(self._text, one.named.end, other.start):
                one.places, one.end, link = other.places, other.end, JOINS
            else:
                link = _AND

    def _give_bodies(self, asked: Sequence[_Asked]) -> None:
        """Give the bodies to the citations that they belong to; those that stand alone are left in `_names`."""
        known = {body for one in asked for body in one.bodies}
        known |= {self._body_of(one.named.reference) or "" for one in asked if one.named and one.named.reference}
        for name in self._names:
            self._take(name.start, name.end)
        free = [name for name in self._names if known.isdisjoint(name.bodies)]
        self._names = []
        lost = [one for one in asked if one.named is None and not one.bodies]
        for name in free:
            beside = next((one for one in asked if one.named and not one.bodies and self._are_beside(name, one)), None)
            if lost:
                for one in lost:
                    one.bodies += name.bodies
            elif beside:
                beside.bodies = name.bodies
            else:
                self._names.append(name)

    def _are_beside(self, name: _Name, one: _Asked) -> bool:
        """Whether no word or mark stands between a body and a reference that sets them apart."""
        assert one.named is not None
        first, last = sorted([(name.start, name.end), (one.named.start, one.named.end)])
        return _APART.search("".join(self._rest[first[1] : last[0]])) is None

    def _unread(self, is_alone: bool) -> list[tuple[int, TypedCitation]]:
        """The digits that are left, where they stand with a citation or look like a reference."""
        if not is_alone:
            for date in _DATE.finditer(self._text):
                self._take(*date.span())
        left = [token for token in self._tokens() if _HAS_DIGIT.search(token[0])]
        if not left:
            return []
        groups = [left[:1]]
        for before, token in itertools.pairwise(left):
            if token.start() - before.end() > 1:
                groups.append([])
            groups[-1].append(token)
        spans = [(tokens[0].start(), tokens[-1].end()) for tokens in groups]
        if is_alone:
            like = [(one.start, one.end) for one in read_references(self._text, _OF_STAND_INS) if not one.reference]
            spans = spans if spans == like else []
        for start, end in spans:
            self._take(start, end)
        return [(start, TypedCitation(unread=self._text[start:end])) for start, end in map(self._with_signs, spans)]

    def _with_signs(self, span: tuple[int, int]) -> tuple[int, int]:
        """Digits with what belongs to them: “-5”, “5(2)”."""
        start, end = span
        start -= self._text[start - 1 : start] in ("-", "–")
        return start, end + (self._text[start:end].count("(") > 0 and self._text[end : end + 1] == ")")

    def _tokens(self) -> Iterator[re.Match[str]]:
        return _TOKEN.finditer("".join(self._rest))

    def _checked(self, typed: Sequence[tuple[int, TypedCitation]]) -> tuple[TypedCitation, ...] | None:
        """What is typed, unless a word is left that says something; a word says more beside a body alone."""
        words = [token[0].lower().replace("’", "'") for token in self._tokens()]
        bodies = [citation for _, citation in typed if citation.bodies and not (citation.places or citation.reference)]
        unread = [citation for _, citation in typed if citation.unread]
        if not typed or (bodies and len(bodies) + len(unread) == len(typed) and unread):
            return None
        if not (_BESIDE_BODY if len(bodies) == len(typed) else _SAYING_NOTHING).issuperset(words):
            return None
        asked = [citation for _, citation in typed]
        for token in self._tokens():
            if token[0].lower() == SUMMARY:
                at = min(bisect.bisect(typed, token.start(), key=lambda each: each[0]), len(typed) - 1)
                places = (AskedPlace(SUMMARY), *asked[at].places)
                asked[at] = replace(asked[at], places=tuple(dict.fromkeys(places)))
        return tuple(asked)


def _readable(citation: Citation) -> Citation:
    """A citation without what is no number of a paragraph; that is told with the other digits that were not read."""
    places = tuple(place for place in citation.places if not isinstance(place.number, Unread))
    if len(places) == len(citation.places):
        return citation
    own = [citation.named.start] if citation.named and citation.has_reference else []
    return replace(
        citation, start=min([*own, *(place.start for place in places)], default=citation.start), places=places
    )


def _in_small_letters(text: str) -> str:
    """With the letters of references as they are."""
    return _ONLY_LETTERS.sub(lambda word: word[0].lower(), text)


# Opening: what is held of what was asked for.


def open_typed(citations: Iterable[TypedCitation], store: Store) -> Opened:
    """Open what some citations ask for, as far as it is held."""
    opening = _Opening(store)
    for citation in citations:
        opening.open(citation)
    return opening.opened()


class _Opening:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._held = frozenset(store.bodies())
        self._decision = functools.cache(store.decision)
        self._found: dict[Pinpoint, Cited] = {}
        self._near: dict[Pinpoint, Cited] = {}
        self._problems: dict[Problem, None] = {}
        self._corrected: dict[tuple[str, str], None] = {}
        self._left_out = 0
        self._looked_for = 0

    def opened(self) -> Opened:
        return Opened(
            tuple(self._found.values()),
            tuple(cited for pinpoint, cited in self._near.items() if pinpoint not in self._found),
            tuple(self._problems),
            tuple(self._corrected),
            self._left_out,
        )

    def open(self, citation: TypedCitation) -> None:
        if citation.reference is not None:
            self._open_reference(citation.reference, citation)
        elif citation.unread is not None:
            self._tell_unread(citation.unread, citation.bodies)
        elif citation.bodies:
            self._open_bodies(citation)
        else:
            self._open_unnamed(citation.places)

    def _open_reference(self, reference: Reference, citation: TypedCitation) -> None:
        entry = _entry(self._store, reference)
        if entry is None:
            if gone := self._store.tombstone(reference):
                self._tell("reference_not_held", f"Decision {reference} was {gone}.")
                return
            nearest = self._nearest(reference.text, citation.bodies)
            advice = (
                f", but we have {nearest}" if nearest else "; check the reference, or look in the list of decisions"
            )
            self._tell("reference_not_held", f"We have no decision {reference}{advice}.")
            return
        if citation.bodies and not any(is_same_body(entry.body, name) for name in citation.bodies):
            self._corrected[", ".join(citation.bodies), entry.body] = None
        self._open_decision(entry, citation.places)

    def _tell_unread(self, written: str, bodies: Sequence[str]) -> None:
        """Say of some digits that they are no reference, or else no paragraph."""
        if abs(len(_digits(written)) - _DIGITS) > 1:
            advice = f"write a citation such as “{REFERENCE_EXAMPLES[0]}, paragraph 50”"
            self._tell("unclear", f"“{written[:_LONGEST_SHOWN]}” is neither a reference nor a paragraph; {advice}.")
            return
        nearest = self._nearest(written, bodies)
        advice = f", but we have {nearest}" if nearest else f"; a reference looks like {REFERENCE_EXAMPLES[0]}"
        self._tell("reference_not_held", f"“{written[:_LONGEST_SHOWN]}” is not a reference{advice}.")

    def _open_unnamed(self, places: Sequence[AskedPlace]) -> None:
        entries = self._store.entries(Filter(), 2)
        if len(entries) == 1:
            self._open_decision(entries[0], places)
            return
        names = [place.name if place.number != SUMMARY else "the summary" for place in places]
        verb = "are" if len(names) > 1 or places[0].last else "is"
        advice = f"Add its reference, such as {REFERENCE_EXAMPLES[0]}."
        self._tell("unclear", f"Which decision {verb} {joined(names)} of? {advice}")

    def _open_bodies(self, citation: TypedCitation) -> None:
        held = tuple(name for name in citation.bodies if name in self._held)
        for name in citation.bodies:
            if name not in self._held:
                kin = self._store.kin_told(name)
                advice = f". {kin}" if kin else "; the list of decisions names the bodies that we have."
                self._tell("body_not_held", f"We have no decisions about {name}{advice}")
        entries = self._store.entries(Filter(body=held)) if held else []
        if len(entries) == 1 and citation.places:
            self._open_decision(entries[0], citation.places)
        elif citation.places:
            self._open_in_each(entries, citation.places)
        else:
            for number, entry in enumerate(entries):
                if not self._space:
                    self._left_out += len(entries) - number
                    break
                places = self._decision(entry.reference).places()
                self._add([(place, entry) for place in itertools.islice(places, 1)])

    def _open_in_each(self, entries: Sequence[DecisionEntry], places: Sequence[AskedPlace]) -> None:
        """Open the same places of several decisions; one that has them not is passed over."""
        found = set[AskedPlace]()
        for entry in entries:
            wanted = [place for place in places if _may_have(entry, place)]
            if not self._space:
                self._left_out += len(wanted)
                found.update(wanted)
            elif wanted:
                decision = self._decision(entry.reference)
                found.update(place for place in wanted if self._open_place(entry, decision, place) is None)
        bodies = ", ".join(reversed({body_key(entry.body): entry.body for entry in reversed(entries)}.values()))
        for place in places if entries else ():
            if place not in found:
                name = place.name if place.last else f"a {place.name}"
                told = f"None of our {len(entries)} decisions about {bodies} has {name}"
                self._tell("paragraph_not_held", f"{told}; open one of them to see what it has.")

    def _open_decision(self, entry: DecisionEntry, places: Sequence[AskedPlace]) -> None:
        decision = self._decision(entry.reference)
        if not places:
            first = _FIRST + (decision.summary is not None)
            self._add([(place, entry) for place in itertools.islice(decision.places(), first)])
        for place in places:
            if problem := self._open_place(entry, decision, place):
                self._tell("paragraph_not_held", problem)

    def _open_place(self, entry: DecisionEntry, decision: Decision, asked: AskedPlace) -> str | None:
        """Open one place of a decision; if nothing of it is there, say why."""
        places = {place.pinpoint.number: place for place in decision.places()}
        reference, extent = decision.reference, _extent(decision)
        if isinstance(asked.number, str):
            found = next((place for place in places.values() if place.pinpoint.slug == slug_of(asked.number)), None)
            if found is None:
                return f"There is no {asked.name}: {reference} {extent}."
            numbers: Sequence[Number] = [found.pinpoint.number]
        elif decision.unit != "paragraph":
            return f"There {'are' if asked.last else 'is'} no {asked.name}: {reference} {extent}."
        else:
            first, last = _range(asked.number, asked.last)
            numbers = list(range(max(first, 1), min(last, len(decision.paragraphs)) + 1))
            if not numbers:
                there = f"are no {AskedPlace(first, None, last).name}" if asked.last else f"is no {asked.name}"
                return f"There {there}: {reference} {extent}."
            read = AskedPlace(numbers[0], asked.item, int(numbers[-1]) if asked.last else None)
            if read != asked:
                self._corrected[asked.name, read.name] = None
        cited = [places[number] for number in numbers]
        if asked.item is not None:
            whole, (cited, problem) = cited[0], _item(cited[0], asked.item)
            if not cited:
                self._near.setdefault(whole.pinpoint, (whole, entry))
                return problem
            if problem:
                self._tell("paragraph_not_held", problem)
        if shown := self._add([(place, entry) for place in cited]):
            self._add_neighbours(entry, list(places.values()), [place for place, _ in shown])
        return None

    def _add_neighbours(self, entry: DecisionEntry, places: Sequence[Paragraph], cited: Sequence[Paragraph]) -> None:
        """Keep what stands right before and after some places of a decision, and around an item."""
        numbers = [place.pinpoint.number for place in places]
        first, last = (numbers.index(cited[end].pinpoint.number) for end in (0, -1))
        for at in (first - 1, *([first] if cited[0].pinpoint.item else []), last + 1):
            if 0 <= at < len(places):
                self._near.setdefault(places[at].pinpoint, (places[at], entry))

    @property
    def _space(self) -> int:
        return MOST_PARAGRAPHS - len(self._found)

    def _add(self, cited: Iterable[Cited]) -> list[Cited]:
        """Add what was cited as long as there is room; what of it is there."""
        shown = list[Cited]()
        for place, entry in cited:
            if place.pinpoint in self._found or self._space:
                self._found.setdefault(place.pinpoint, (place, entry))
                shown.append((place, entry))
            else:
                self._left_out += 1
        return shown

    def _tell(self, reason: Reason, detail: str) -> None:
        self._problems[Problem(reason, detail)] = None

    def _nearest(self, written: str, bodies: Sequence[str]) -> str:
        """The references in the index from which this one differs by a letter or a digit, if they are few."""
        self._looked_for += 1
        if self._looked_for > _MAX_REFERENCES_LOOKED_FOR:
            return ""
        entries = self._store.entries(Filter(reference=tuple(_near(written))))
        lettered = [entry for entry in entries if _digits(entry.reference.text) == _digits(written)]
        about = [entry for entry in entries if any(is_same_body(entry.body, name) for name in bodies)]
        nearest = sorted(str(entry.reference) for entry in lettered or about or entries)
        return joined(nearest) if len(nearest) <= _MAX_NEAREST_REFERENCES else ""


def _range(number: int, last: int | None) -> tuple[int, int]:
    """The paragraphs from the first to the last: “52-50” runs backwards, “112-14” is 112 to 114."""
    if last is None:
        return number, number
    whole = int(str(number)[: -len(str(last))] + str(last))
    return (number, whole) if whole > number else (last, number)


def _may_have(entry: DecisionEntry, place: AskedPlace) -> bool:
    if isinstance(place.number, str):
        return True
    if entry.unit != "paragraph":
        return False
    first, last = _range(place.number, place.last)
    return first <= entry.paragraphs and last >= 1


def _extent(decision: Decision) -> str:
    if decision.unit != "paragraph":
        return decision.extent.removeprefix("it ")
    count = len(decision.paragraphs)
    return f"has paragraphs 1 to {count}" if count > 1 else f"has {'one paragraph' if count else 'no paragraphs'}"


def _item(paragraph: Paragraph, letter: str) -> tuple[list[Paragraph], str | None]:
    """A lettered item, or why it is not there; the whole paragraph where this copy lost the letters of its list."""
    items = {item.pinpoint.item: item for item in paragraph.items()}
    if letter in items:
        return [items[letter]], None
    place = f"{paragraph.pinpoint.place.capitalize()} of {paragraph.pinpoint.reference}"
    count = sum(line.depth == 1 for line in paragraph.lines)
    if not items and len(letter) == 1 and ord(letter) - ord("a") < count:
        return [paragraph], f"{place} has a list that lost its letters in this copy: look for ({letter}) in all of it."
    letters = [item for item in items if item]
    told = f"its items are ({letters[0]}) to ({letters[-1]})" if letters else "it has no lettered items"
    return [], f"{place} has no item ({letter}): {told}."


def _digits(written: str) -> str:
    return "".join(character for character in written if character in string.digits)


def _near(written: str) -> Iterator[Reference]:
    """The references with another letter, or with one digit another, more or less, or two digits turned."""
    digits = _digits(written)
    letter = written[-1].lower() if written[-1:].isalpha() else ""
    changed = {digits[:at] + digit + digits[at + 1 :] for at in range(len(digits)) for digit in string.digits}
    changed |= {digits[:at] + digit + digits[at:] for at in range(len(digits) + 1) for digit in string.digits}
    changed |= {digits[:at] + digits[at + 1 :] for at in range(len(digits))}
    changed |= {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(len(digits) - 1)}
    for each in sorted({digits, *changed}):
        if len(each) == _DIGITS:
            yield Reference(each)
            if letter:
                yield Reference(each + letter)
            if each == digits:
                yield from (Reference(each + other) for other in string.ascii_lowercase if other != letter)
