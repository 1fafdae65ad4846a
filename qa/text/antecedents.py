"""Which decision each mention of a paragraph is of: the citations of a letter. Pure: no index.

A mention stands beside a reference, or is of the decision told last, or of the one whose body its sentence names; where
the sentence speaks of another body, nobody can tell of which, but of whose.
"""

from __future__ import annotations

import bisect
import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.decisions import WIDTHLESS, Reference
from index.text.dates import DATE
from index.text.mentions import PinCite, has_unread
from index.text.references import is_shaped
from index.text.sources import OF_OTHER_SOURCE, Sources, is_of_another
from qa.text.pin_cites import (
    BLANK,
    FAR,
    JOINS,
    LONGEST_NAME,
    Bodies,
    Citation,
    ReferenceMention,
    Sentences,
    candidates,
    is_link,
    name_before,
    noted,
    read_mentions,
    read_references,
)
from qa.text.quotations import without_quotations

_HYPHENS, _LONG_DASHES = "‐‑‒−﹘﹣－⁃˗", "―⸺⸻"
_NO_WIDTH = WIDTHLESS.pattern
_APART_BY_NOTHING = re.compile(  # a word and a number
    rf"(?<=[^\W\d_]){_NO_WIDTH}(?={_NO_WIDTH}{{0,9}}[0-9])|(?<=[0-9]){_NO_WIDTH}(?={_NO_WIDTH}{{0,9}}[^\W\d_])"
)


_LEFT_OUT = re.compile(  # what takes no room: no width, and the marks of emphasis, of a page or around a word
    rf"""
    {_NO_WIDTH}
  | (?:<|&(?:amp;)?lt;) /? (?i:em|i|b|strong|u|s|mark|span|font|small|big|code|tt|samp|cite|ins)
      (?: \s[^<>]{{0,200}}? )? (?: > | &(?:amp;)?gt; )
  | \[ /? (?i:b|i|u|em|s) \]
  | (?<![^\W_]) (?: \*{{1,3}} | _{{1,3}} | ~~ | == ) (?= [(\[]? [^\W_])
  | (?<= [^\s*_~=]) (?: \*{{1,3}} | _{{1,3}} | ~~ | == ) (?! [*_~=] | [^\W_])
    """,
    re.VERBOSE,
)


def _plain(text: str) -> str:
    plain = {ord(dash): "-" for dash in _HYPHENS} | {ord(dash): "—" for dash in _LONG_DASHES}
    for character in set(text):
        digit = unicodedata.decimal(character, None) if character > "\x7f" else None
        if digit is not None:
            plain[ord(character)] = str(digit)
    return _APART_BY_NOTHING.sub(" ", text.translate(plain))


@dataclass(frozen=True, slots=True)
class _Evened:
    """A letter as it is read: with plain hyphens and digits for those of other shapes, and nothing that takes no room.

    `left_out` are the places in `text` before which a character was left out, one for each.
    """

    text: str
    left_out: tuple[int, ...] = ()

    @classmethod
    def of(cls, text: str) -> _Evened:
        """Read a letter."""
        even = text if text.isascii() else _plain(text)
        left_out: list[int] = []
        for found in _LEFT_OUT.finditer(even):
            left_out += [found.start() - len(left_out)] * len(found[0])
        return cls(_LEFT_OUT.sub("", even), tuple(left_out)) if left_out else cls(even)

    def start(self, at: int) -> int:
        """Where in the letter a character stands."""
        return at + bisect.bisect_right(self.left_out, at)

    def end(self, at: int) -> int:
        """Where in the letter what ends here ends."""
        return self.start(at - 1) + 1 if at else 0

    def given_back(self, citations: Iterable[Citation], text: str) -> Iterator[Citation]:
        """Citations that were read in this, with where they stand in the letter, and its own digits."""
        if self.text == text:
            yield from citations
            return

        @functools.cache
        def given_back(named: ReferenceMention) -> ReferenceMention:
            # Its digits are where they were read, unless the name of a body stands there too.
            at = self.text.find(named.digits, named.start)
            digits = text[self.start(at) : self.end(at + len(named.digits))]
            return replace(named, start=self.start(named.start), end=self.end(named.end), digits=digits)

        for citation in citations:
            named = given_back(citation.named) if citation.named else None
            start, end = self.start(citation.start), self.end(citation.end)
            places = (replace(one, start=self.start(one.start), end=self.end(one.end)) for one in citation.places)
            yield replace(citation, start=start, end=end, named=named, places=tuple(places))


_OF_NAME = re.compile(  # “paragraph 65 of West Northamptonshire”
    r"\s{0,99}+(?:of|in|from)\s+(?:the\s+)?"
    r"(?P<name>[A-Z][\w&-]*(?:\s+(?:(?:of|and|upon|on|the|with|in|&)\s+){0,2}[A-Z][\w&-]*){0,19})(?![\w’'])"
)
_LINKING = frozenset(  # what may stand between “paragraph 50 of” and the reference, beside names
    """the this that their its his her same final lgsco lgo ombudsman ombudsmans ombudsman’s decision decisions case
    cases complaint complaints report investigation statement number no ref reference on about against into made by
    earlier published your own of and upon under in""".split()
)
_MAX_LINKING_WORDS = 16
_TO_NEXT = re.compile(r"\A\s*+(?:,\s*+)?(?P<word>of|in|from|to)\s", re.IGNORECASE)
_ASIDE = re.compile(r"\A\s*[,(\[–—-]{1,2}\s*")
_FROM_LAST = re.compile(
    rf"""(?:
        [\s,;:)(\]\[–—-]
      | \b(?:see|at|in|and|also|particularly|especially|under|e\.g\.|says|said|from)\b
      | \b(?:(?:dated|of|on)\s)?{DATE}
    ){{0,12}}""",
    re.VERBOSE | re.IGNORECASE,
)


def possible_references(text: str) -> list[Reference]:
    """All that may be references in a letter, in order, each once; which of them are depends on what is held."""
    return candidates(_Evened.of(text).text)


def read_citations(text: str, bodies: Bodies) -> list[Citation]:
    """All citations, in order; those within quotations too."""
    even = _Evened.of(text)
    sources = Sources(even.text)
    references = sorted(read_references(even.text, bodies), key=lambda named: named.start)
    mentions = read_mentions(even.text, references, sources)
    return list(even.given_back(_attach_mentions(even.text, references, mentions, bodies, sources), text))


def _attach_mentions(
    text: str,
    references: Sequence[ReferenceMention],
    mentions: Sequence[tuple[PinCite, ...]],
    bodies: Bodies,
    sources: Sources,
) -> list[Citation]:
    """The citations of an evened letter: its references, and its mentions of paragraphs, each with what it is of."""
    sentences = Sentences(text)
    attached = _attached(text, references, mentions)
    resolved = (
        resolve_antecedents(text, references, mentions, attached, bodies, sources, sentences)
        if None in attached
        else {}
    )
    meant = {id(named) for named, _ in resolved.values()}
    owned: dict[int, list[tuple[PinCite, ...]]] = {}
    for mention, to in zip(mentions, attached, strict=True):
        if to is not None:
            owned.setdefault(to, []).append(mention)
    shared = _shared(
        text,
        sentences,
        references,
        lambda number: number not in owned,
        ((mentions[number], named) for number, (named, _) in resolved.items()),
    )
    found = []
    for number, named in enumerate(references):
        own = owned.get(number, [])
        if not (own or named.is_called or id(named) in meant):
            continue  # the number of something else
        places = tuple(place for mention in own for place in mention)
        start = min([named.start, *(place.start for place in places)])
        end = max([named.end, *(place.end for place in places)])
        found.append(noted(text, Citation(start, end, named, places or shared.get(number, ()), True, False)))
    for number, (antecedent, about) in resolved.items():
        mention = mentions[number]
        start, end = mention[0].start, mention[-1].end
        if antecedent is None and about:
            start, end = _with_name(text, start, end, bodies)
        found.append(noted(text, Citation(start, end, antecedent, mention, False, False, about)))
    return sorted(found, key=lambda citation: citation.start)


def _with_name(text: str, start: int, end: int, bodies: Bodies) -> tuple[int, int]:
    """Where a mention stands with the name of the body right beside it: “Halton, paragraph 80”."""
    of = _OF_NAME.match(text, end, end + LONGEST_NAME)
    if of and bodies.named_alone(of["name"]):
        return start, of.end()
    return name_before(text, start, bodies), end


def _shared(
    text: str,
    sentences: Sentences,
    references: Sequence[ReferenceMention],
    bare: Callable[[int], bool],
    inherited: Iterable[tuple[tuple[PinCite, ...], ReferenceMention | None]],
) -> dict[int, tuple[PinCite, ...]]:
    """The places of references that are told together with another one, by the numbers of those references.

    “21 017 496 and 20 001 737 say so at paragraph 70”: that paragraph is one of the first decision too.
    """
    numbers = {id(named): number for number, named in enumerate(references)}
    shared: dict[int, tuple[PinCite, ...]] = {}
    for mention, told in inherited:
        if told is None or told.end > mention[0].start or sentences.any_end_between(told.end, mention[0].start):
            continue
        number = numbers[id(told)]
        while (
            number > 0
            and bare(number)
            and bare(number - 1)
            and number - 1 not in shared
            and is_link(text, references[number - 1].end, references[number].start, JOINS, 1)
        ):
            number -= 1
            shared[number] = mention
    return shared


_BEHIND_QUOTATION = re.compile(r"[”\"’'»][.,;:]?\s{0,2}[(\[]\s?$")


def _numbers_about(references: Sequence[ReferenceMention], bodies: Bodies) -> dict[str, list[int]]:
    """The numbers of the references of a letter that are about each body."""
    numbers = defaultdict[str, list[int]](list)
    for number, named in enumerate(references):
        about = {bodies.of(named.reference)} if named.reference is not None else set()
        for name in about.union(bodies.named(named.body) if named.body else ()):
            if name is not None:
                numbers[name].append(number)
    return dict(numbers)


def _is_of_other_document(
    text: str, mention: tuple[PinCite, ...], names: tuple[str, ...], before: str, sentence: int, sources: Sources
) -> bool:
    """Whether a mention is of a statute, of guidance or of a letter, though no body is named that would have it."""
    start, end = mention[0].start, mention[-1].end
    if not names and (is_of_another(text, start, end, sources) or OF_OTHER_SOURCE.search(before)):
        return True
    if has_unread(mention) and not _BEHIND_QUOTATION.search(text, max(0, start - 9), start):
        return True  # guidance has such paragraphs
    # A section of a statute that was named before.
    return text[start] == "§" and not names and sources.any_between(max(sentence, start - FAR), start)


def resolve_antecedents(
    text: str,
    references: Sequence[ReferenceMention],
    mentions: Sequence[tuple[PinCite, ...]],
    attached: Sequence[int | None],
    bodies: Bodies,
    sources: Sources,
    sentences: Sentences,
) -> dict[int, tuple[ReferenceMention | None, tuple[str, ...]]]:
    """The lists of places that stand beside no reference, by their numbers, each with the reference that is meant.

    None where another decision seems to be meant than the one told before, with the bodies that stand for that. Those
    of other documents do not come.
    """
    bodies = bodies.with_names(named.body for named in references if named.body)
    about = _numbers_about(references, bodies)
    told_at = [named.start for named in references]
    masked = without_quotations(text, "|")
    last_called: list[ReferenceMention | None] = [None]
    for named in references:
        last_called.append(named if named.is_called else last_called[-1])
    current: ReferenceMention | None = None
    asked: tuple[str, ...] = ()
    at = asked_at = 0
    resolved: dict[int, tuple[ReferenceMention | None, tuple[str, ...]]] = {}
    for number, (mention, to) in enumerate(zip(mentions, attached, strict=True)):
        start, end = mention[0].start, mention[-1].end
        before = bisect.bisect_left(told_at, start)
        if before and told_at[before - 1] >= at:
            current = references[before - 1]
        last_end = at
        at = end
        if to is not None:
            current = references[to]
            continue
        if (
            current is not None
            and not (current.is_called or is_shaped(current.digits))
            and sentences.any_end_between(current.end, start)
        ):
            # Digits of another sentence that nothing calls a reference.
            current = last_called[before]
        sentence = sentences.start_of(start)
        begin = max(last_end, sentence, references[before - 1].end if before else 0)
        stretch = masked[begin:start]
        of = _OF_NAME.match(masked, end, end + LONGEST_NAME)
        names = bodies.named_alone(of["name"]) if of else ()
        if _is_of_other_document(text, mention, names, stretch, sentence, sources):
            continue
        names = names or bodies.named(stretch)
        if names:
            numbers = about.get(names[-1], [])
            last = bisect.bisect_left(numbers, before) - 1
            current = references[numbers[last]] if last >= 0 else None
            asked, asked_at = names, end if current is None else asked_at
        elif asked_at and current is None and sentences.blanks.any_between(asked_at, start):
            current = references[before - 1] if before else None
        follows = references[before] if before < len(references) else None
        if current is None and not asked_at and follows and not sentences.any_end_between(end, follows.start):
            resolved[number] = follows, ()  # “At paragraph 50 he says so, in 21 017 496.”
        else:
            resolved[number] = current, asked if current is None and asked_at else ()
    return resolved


def _attached(
    text: str, references: Sequence[ReferenceMention], mentions: Sequence[tuple[PinCite, ...]]
) -> list[int | None]:
    """For each list of places the number of the reference that it stands beside."""
    starts = [named.start for named in references]
    found: list[int | None] = [None] * len(mentions)
    weakly: list[int | None] = [None] * len(mentions)
    for at in reversed(range(len(mentions))):
        end = mentions[at][-1].end
        following = bisect.bisect_left(starts, end)
        if at + 1 < len(mentions) and is_link(text, end, mentions[at + 1][0].start, JOINS, 1):
            found[at], weakly[at] = found[at + 1], weakly[at + 1]
        elif following < len(references) and (
            at + 1 == len(mentions) or mentions[at + 1][0].start >= starts[following]
        ):
            gap = text[end : starts[following]]
            to_next = _TO_NEXT.match(gap)
            if to_next and _links(gap[to_next.end() :]):
                if to_next["word"].lower() in ("of", "from"):
                    found[at] = following
                else:
                    weakly[at] = following
            elif (aside := _ASIDE.match(gap)) and _links(gap[aside.end() :]):
                weakly[at] = following
    for at, mention in enumerate(mentions):
        start = mention[0].start
        above = bisect.bisect_left(starts, start) - 1
        if found[at] is None and above >= 0:
            chain = at > 0 and found[at - 1] == above and mentions[at - 1][-1].end > references[above].end
            end = mentions[at - 1][-1].end if chain else references[above].end
            if end <= start and is_link(text, end, start, _FROM_LAST, 1):
                found[at] = above
        if found[at] is None:
            found[at] = weakly[at]
    return found


def _links(gap: str) -> bool:
    """Whether the words between a paragraph and a reference say that it is one of that decision."""
    if len(gap) > FAR or BLANK.search(gap):
        return False
    words = re.sub(r"[(),\[\]]", " ", gap).split()
    return len(words) <= _MAX_LINKING_WORDS and all(
        word.lower().rstrip(".:").replace("'", "’") in _LINKING or word[0].isupper() or word == "&" for word in words
    )
