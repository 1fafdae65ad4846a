"""Somebody's own text → the citations in it, each with the paragraphs that are told of it. Pure: no index.

A *citation* is a reference with the paragraphs that are told of it, in this program's form or as people write:
“West Northamptonshire Council (21 017 496), paragraph 50”, “decision 21-017-496 (para 50)”, “paragraphs 50 and 52-54 of
21017496”, “21 017 496 at [50]”. A paragraph without a reference is one of the decision told last, or of the one whose
body its sentence names; where the sentence speaks of another body, nobody can tell of which. Paragraphs of statutes,
judgments, guidance and other people's letters are left alone. What is meant is told from words alone.
"""

from __future__ import annotations

import bisect
import copy
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.decisions import SUMMARY, Reference, fold
from index.text.body_names import DIRECTIONS, OPTIONAL
from index.text.councils import body_key
from index.text.dates import DATE
from index.text.mentions import (
    BEGINS_MENTION,
    BEHIND_REFERENCE,
    ENDS_MENTION,
    INFERRED,
    MENTION,
    NAMED_PLACE_BEFORE_REFERENCE,
    NAMED_PLACE_BEHIND_REFERENCE,
    SUMMARY_BEFORE_REFERENCE,
    SUMMARY_BEHIND_REFERENCE,
    PinCite,
    has_unread,
    read_named_places,
    read_pin_cites,
)
from index.text.references import WRITTEN_DIGITS, written_references
from index.text.sentences import sentence_ends
from index.text.sources import Sources, is_of_another, is_of_statute
from index.text.spans import Spans
from qa.text.question_entities import BodyMatcher


class Bodies:
    """What is known of bodies: the names of those held, and which of them a decision is about, if that is held."""

    def __init__(self, held: Iterable[str] = (), of: Callable[[Reference], str | None] = lambda _: None) -> None:
        self._held = dict.fromkeys(held)
        self._by_key = {body_key(name): name for name in self._held}
        self._names = BodyMatcher(tuple(self._held))
        self._read: dict[str, tuple[str, ...]] = {}
        self._of = of

    def of(self, reference: Reference) -> str | None:
        """The body that a decision is about, by the name that is held for it, however the decision writes it."""
        name = self._of(reference)
        return self._by_key.get(body_key(name), name) if name is not None else None

    def __contains__(self, name: str) -> bool:
        """Whether this is the full name of a body held, to the letter."""
        return name in self._held

    def anew(self, of: Callable[[Reference], str | None] | None = None) -> Bodies:
        """The same for another text: it keeps nothing of what was read, and may know other decisions."""
        other = copy.copy(self)
        other._read = {}
        other._of = of or self._of
        return other

    def with_names(self, told: Iterable[str]) -> Bodies:
        """The same with the bodies that a letter names beside its references."""
        more = [name for name in dict.fromkeys(told) if name not in self and self.named(name) == (name,)]
        return Bodies((*self._held, *more), self._of) if more else self

    def named(self, words: str) -> tuple[str, ...]:
        """The bodies that are named in some words, those not held last."""
        if words not in self._read:
            named = self._names.read(_NO_NAME.sub("", words), lambda _: True)
            self._read[words] = (*named.council, *named.not_held)
        return self._read[words]

    def named_last(self, words: str) -> tuple[str, ...]:
        """The bodies that the last words name, and nothing stands after; several may have one short name."""
        parts = words.split()[-_MAX_NAME_WORDS:]
        longer = self.named(" ".join(parts))
        for size in range(1, len(parts) + 1) if longer else ():
            if found := self.named(" ".join(parts[-size:])):
                return tuple(name for name in found if name in longer and _is_only(parts[-size:], name))
        return ()

    def named_alone(self, words: str) -> tuple[str, ...]:
        """The bodies that some words name, one or several, and nothing else."""
        named = self.named(words)
        each = tuple(name for name in named if _is_only(words.split(), name))
        return each if each or not named else self.only(words) or ()

    def only(self, words: str) -> tuple[str, ...] | None:
        """The bodies of which some words are names or short forms and nothing else; None where more is said of bodies.

        Empty where they name none. Nothing of it is kept.
        """
        # What stands apart from a sentence goes from it without trace.
        text = f"{_NOT_OF_NAME.sub('', words)}: {_REST}"
        named = self._names.read(text, lambda _: True)
        told = (*named.council, *named.not_held)
        return None if told and named.text != _REST else told


def _is_only(words: Sequence[str], name: str) -> bool:
    """Whether there are no other words than those of a name."""
    told = {word for one in words for word in re.findall(r"\w+", re.sub("[’']s$|[’']", "", one.casefold()))}
    return told <= {*re.findall(r"\w+", re.sub("[’']", "", name.casefold())), *OPTIONAL, "the"}


@dataclass(frozen=True, slots=True)
class ReferenceMention:
    """Digits that are a reference, or are called one; `reference` is None where they are none.

    `body` is the organisation told beside it, as it is written or as it is held; `start` and `end` are with that where
    it is written in full. `is_called` says that they cannot be the number of anything else.
    """

    start: int
    end: int
    digits: str
    reference: Reference | None
    body: str | None = None
    is_called: bool = True


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference, the places told of it, or both; `named` is the reference in it, or the one told before.

    `has_reference` says that it is in it. `named` is None where nobody can tell which decision is meant; `bodies` are
    then those that stand for the decision, “Halton, paragraph 80”: it may be the only one about them, or not;
    `candidates` are the decisions that it may be, where they are known.
    """

    start: int
    end: int
    named: ReferenceMention | None
    places: tuple[PinCite, ...]
    has_reference: bool
    says_inferred: bool
    bodies: tuple[str, ...] = ()
    candidates: tuple[Reference, ...] = ()


_LABELS = r"(?:(?:case|decision|complaint|lgsco|lgo|ombudsman|ref|reference|no|number)\b[.:]?+\s*+)"
JOINS = re.compile(r"\s{0,99}+(?:(?:,\s*+)?(?:and|or|&)|,)\s*", re.IGNORECASE)
LONGEST_NAME = 120
_MAX_NAME_WORDS = 9  # words
_NOT_OF_NAME = re.compile(r"^the\s+|(?:['’]s?|\))$", re.IGNORECASE)
_REST = "nothing else"
_NAME_ENDS = r"""(?:Councils?|Borough|Authority|Corporation|Trust|Surgery|Practice|Hospital|School|Academy|College|Home|
    Limited|Ltd|LLP|plc|Services?)"""
_NAME_WORD = r"(?:[A-Z][\w’'.&-]{0,60}+)"
_SMALL = r"(?:(?:of|and|upon|on|the|with|in|&)\s+){0,3}"
_NAME_BEFORE = re.compile(
    rf"""
    (?:{_NAME_WORD},?\s+{_SMALL}){{1,9}}{_NAME_ENDS}$
  | (?:London\s+|Royal\s+){{0,3}}(?:Borough|City)\s+of\s+(?:{_NAME_WORD}[^\S\n]*{_SMALL}){{1,4}}$
    """,
    re.VERBOSE,
)
_NAME_AFTER = re.compile(
    rf"""
    \s{{0,99}}+(?: [(\[]\s* | (?<=\s)(?:against|about|concerning)\s+ ) (?:the\s+)?
    (?P<name>
        (?:{_NAME_WORD}\s+{_SMALL}){{1,7}}?{_NAME_ENDS}\b
      | (?:London|Royal)\s+Borough\s+of\s+{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,3}}
    )
    [)\]]?
    """,
    re.VERBOSE,
)
_NO_NAME = re.compile(  # words that begin a sentence, or a line of a letter
    r"^(?:(?:In|The|See|As|And|But|Also|Compare|Contrast|From|Under|Re|For|At|To|With|By|Against|Likewise|Similarly|Both|So"
    r"|(?:Local\s+Government\s+(?:and|&)\s+Social\s+Care\s+)?Ombudsman|Decision|Case|Complaint|Source|Ref|That|This|Like|Unlike|Per|Cf|of|on|upon|under)\b[:.,]?\s+)+",
    re.IGNORECASE,
)
_OPENS = re.compile(rf"\s{{0,40}}[,(\[]\s*+{_LABELS}*+$|\s{{1,40}}$", re.IGNORECASE)
_BESIDE = re.compile(
    rf"(?:(?<=\w)|(?<=\.[A-Z]\.))(?:[’']s?)?(?:[^\S\n]++|[,:(\[–—-]|\b{_LABELS}){{1,60}}+$", re.IGNORECASE
)
_THEN_NAME = re.compile(
    rf"""
    [^\S\n]{{0,99}}+[,(\[–—-][^\S\n]*(?:the\s+)?
    (?P<name>[^\W\d_][\w’'&-]{{0,60}}(?:[ ][\w’'&-]{{1,60}}){{0,8}}?)
    [^\S\n]*(?=[,;)\]–—\n]|$)
    (?![\s,;:)\]–—-]*[(\[]?(?:\w+\.?\s){{0,2}}[(\[]?{WRITTEN_DIGITS})   # that of the next one
    """,
    re.VERBOSE,
)
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,4}")  # Sheffield C.C.
_CLAUSE_ENDS = re.compile(r"[.;:,!?()\[\]“”\"|0-9]|\n\s*\n")
_CLOSES = re.compile(r"\s{0,99}+[)\]]")
_LONGEST_BETWEEN = 90
_BETWEEN = re.compile(  # a name and its reference: “ (the Council)”, “, 9 October 2022”
    rf"""(?:
        [^\S\n]{{1,3}}\((?:[“"‘']?[Tt]he\s[\w\s]{{1,30}}[”"’']?|[“"‘'][\w\s]{{1,30}}[”"’']|[A-Z]{{2,6}})\)
      | [^\S\n]?,\s(?i:{DATE}) | [^\S\n]\((?i:{DATE})\)
    ){{1,2}}$""",
    re.VERBOSE,
)
FAR = 200  # characters between what belongs together
_OPENING = 4  # characters: two marks and the first letter
BLANK = re.compile(r"\n[^\S\n]*\n")


class Blanks(Spans):
    """Where the blank lines of a text are."""

    def __init__(self, text: str) -> None:
        super().__init__(found.span(1) for found in re.finditer(rf"(?=({BLANK.pattern}))", text))
        # Each line end belongs to one only; the odd one of several belongs to what stands behind.
        self._apart = Spans(found.span() for found in BLANK.finditer(text))

    def last_end(self, start: int, end: int) -> int:
        """Where the last of them between two places ends; `start` if there is none."""
        at = bisect.bisect_right(self._apart.ends, end) - 1
        return self._apart.ends[at] if at >= 0 and self._apart.starts[at] >= start else start


class Sentences:
    """Where the sentences of a text end: there are many places that ask of the same thousand characters."""

    def __init__(self, text: str) -> None:
        self.blanks = Blanks(text)
        ends = list(sentence_ends(text))
        self._stops = [found.start() for found in ends]
        self._ends = [found.end() for found in ends]
        self._capitals = [found.end("capital") for found in ends]

    def any_end_between(self, start: int, end: int) -> bool:
        """Whether one ends between two places; it does where they are far apart, or a line between them is blank."""
        if end - start > 5 * FAR or self.blanks.any_between(start, end):
            return True
        at = bisect.bisect_left(self._stops, start)
        # What opens a sentence may stand behind.
        return at < len(self._stops) and self._ends[at] <= end and self._capitals[at] <= end + _OPENING

    def start_of(self, at: int) -> int:
        """Where the one starts that a place stands in; not far before it at most."""
        begin = max(0, at - 5 * FAR)
        last = bisect.bisect_right(self._capitals, at + 1) - 1
        ended = self._ends[last] if last >= 0 and self._stops[last] >= begin else begin
        return max(begin, ended, self.blanks.last_end(begin, at))


def is_link(text: str, start: int, end: int, pattern: re.Pattern[str], most_lines: int) -> bool:
    """Whether nothing but what the pattern allows stands between two places."""
    if end - start > FAR:
        return False
    gap = text[start:end]
    return gap.count("\n") <= most_lines and pattern.fullmatch(gap) is not None


def noted(text: str, citation: Citation) -> Citation:
    """A citation with the note that its number is inferred, where it stands after it."""
    note = INFERRED.match(text, citation.end)
    return replace(citation, end=note.end(), says_inferred=True) if note and citation.places else citation


def candidates(text: str) -> list[Reference]:
    """All that may be references, in order, each once: also those that are one only where they are held."""
    possible: dict[str, None] = {}

    def is_held(published: str) -> bool:
        possible.setdefault(published)
        return False  # so that its other readings are asked about too

    for found in written_references(text, is_held, ()):
        if found.published:
            possible.setdefault(found.published)
    return list(map(Reference, possible))


def read_references(text: str, bodies: Bodies) -> Iterator[ReferenceMention]:
    """All that is a reference, is called one, or looks like one, in no order."""

    def is_held(published: str) -> bool:
        return bodies.of(Reference(published)) is not None

    for found in written_references(text, is_held, (match.span() for match in MENTION.finditer(text))):
        start, end = found.start, found.end
        if found.is_sum and not (
            BEGINS_MENTION.match(text, end) or ENDS_MENTION.search(text[max(0, start - 60) : start])
        ):
            continue
        reference = Reference(found.published) if found.published else None
        named = _with_body(text, start, end, reference, bodies)
        yield named if found.is_called else replace(named, is_called=False)


def _with_body(text: str, start: int, end: int, reference: Reference | None, bodies: Bodies) -> ReferenceMention:
    """A reference with the name of a body before or after it, and the brackets that belong to it."""
    digits = text[start:end]
    opened = _OPENS.search(text, max(0, start - 40), start)
    before = opened.start() if opened else start
    between = _BETWEEN.search(text, max(0, before - _LONGEST_BETWEEN), before)
    names = _NAME_BEFORE.search(text[max(0, before - LONGEST_NAME) : before])
    if names and (opened is None or "(" in opened[0] or "[" in opened[0] or opened[0].strip() in ("", ",")):
        closes = _CLOSES.match(text, end) if opened and opened[0].lstrip()[:1] in tuple("([") else None
        name = _own_name(_NO_NAME.sub("", names[0]), bodies)
        return ReferenceMention(before - len(name), closes.end() if closes else end, digits, reference, fold(name))
    follows = _NAME_AFTER.match(text, end, end + LONGEST_NAME)
    if follows:
        return ReferenceMention(start, follows.end(), digits, reference, fold(follows["name"]))
    if between and (names := _NAME_BEFORE.search(text[max(0, between.start() - LONGEST_NAME) : between.start()])):
        return ReferenceMention(start, end, digits, reference, fold(_own_name(_NO_NAME.sub("", names[0]), bodies)))
    told, end = _shortly_named(text, start, end, between, bodies)
    about = bodies.of(reference) if reference is not None and told else None
    return ReferenceMention(start, end, digits, reference, about if about in told else next(iter(told), None))


def _own_name(name: str, bodies: Bodies) -> str:
    """A name without somebody's who is told together with the body: “Mr Smith and Kent County Council”."""
    _, together, last = name.rpartition(" and ")
    named = bodies.named(last) if together else ()
    return last if len(named) == 1 and " and " not in named[0] and named == bodies.named(name) else name


def _shortly_named(
    text: str, start: int, end: int, between: re.Match[str] | None, bodies: Bodies
) -> tuple[tuple[str, ...], int]:
    """The bodies that the words right beside a reference may mean, “In the Kent case (21 000 259)”, and where these end
    or the reference does.
    """
    opened = between or _BESIDE.search(text, max(0, start - 60), start)
    begin = opened.start() if opened else start
    words = _INITIALS.sub(lambda found: found[0].replace(".", ""), text[max(0, begin - LONGEST_NAME) : begin])
    clause = _CLAUSE_ENDS.split(words)[-1]
    if opened and (told := bodies.named_last(clause)):
        return _in_full(told, clause), end
    after = _THEN_NAME.match(text, end, end + LONGEST_NAME)
    told = bodies.named_alone(after["name"]) if after else ()
    return (_in_full(told, after["name"]), after.end("name")) if after and told else (told, end)


def name_before(text: str, at: int, bodies: Bodies) -> int:
    """Where the name of a body begins that stands right before a place; that place if none does."""
    opened = _BESIDE.search(text, max(0, at - 60), at)
    clause = _CLAUSE_ENDS.split(text[max(0, at - LONGEST_NAME) : opened.start()])[-1] if opened else ""
    if opened is None or not bodies.named(clause):
        return at
    begin = opened.start() - len(clause)
    starts = [begin + word.start() for word in re.finditer(r"\S+", clause)][-_MAX_NAME_WORDS:]
    return next((start for start in starts if bodies.named_alone(text[start : opened.start()])), at)


def _in_full(told: Iterable[str], words: str) -> tuple[str, ...]:
    """The bodies that some words name; without “West”, those of West Northamptonshire name another one."""
    spoken = words.casefold().split()
    return tuple(
        name
        if (parted := name.split(maxsplit=1))[0].casefold() not in DIRECTIONS or parted[0].casefold() in spoken
        else " ".join(word for word in parted[-1].split() if word.casefold() not in OPTIONAL)
        for name in told
    )


def read_mentions(text: str, references: Sequence[ReferenceMention], sources: Sources) -> list[tuple[PinCite, ...]]:
    """The places that are told, those of one list together, in order."""
    ends = [named.end for named in references]
    found = [
        tuple(
            read_pin_cites(
                match["numbers"] or match["brackets"],
                match.start(),
                match.start("numbers" if match["numbers"] else "brackets"),
            )
        )
        for match in MENTION.finditer(text)
        if match["signs"] is None or not is_of_statute(text, match, ends, sources)
    ]
    for named in references:
        if match := BEHIND_REFERENCE.match(text, named.end):
            start = match.start(match.lastgroup or 0)
            found.append(tuple(read_pin_cites(match[match.lastgroup or 0], start, start)))
        behind = SUMMARY_BEHIND_REFERENCE.match(text, named.end)
        if match := behind or SUMMARY_BEFORE_REFERENCE.search(text, max(0, named.start - 80), named.start):
            found.append((PinCite(*match.span(1), SUMMARY),))
        behind = NAMED_PLACE_BEHIND_REFERENCE.match(text, named.end)
        if match := behind or NAMED_PLACE_BEFORE_REFERENCE.search(text, max(0, named.start - FAR), named.start):
            found.append(read_named_places(match))
    found = [
        places
        for places in found
        if places and not (has_unread(places) and is_of_another(text, places[0].start, places[-1].end, sources))
    ]
    return sorted(found, key=lambda places: places[0].start)
