"""What is held, as the check of one letter needs it: decisions, where words stand in them, and a limit to the work.

What was read or searched for once is kept for the whole letter. Which verdict follows is not for this module to say.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from index.catalogue import Filter
from index.decisions import SUMMARY, Decision, DecisionEntry, Number, Paragraph, Pinpoint, Reference, fold, slug_of
from index.errors import NotHeld
from index.text.mentions import PinCite
from qa.text.comparison import Comparison, compare, find, nearest, size
from qa.text.pin_cites import Citation, ReferenceMention

Location = tuple[Paragraph, str]
"""A paragraph, or a lettered item of one, and its citation."""

MAX_LOCATIONS = 5
"""Locations that are shown with a finding."""
MAX_DECISIONS = 200
"""Decisions that are read for one letter."""
_MAX_SEARCHED = 50  # paragraphs that are read for a quotation, of all those held
_MAX_SEARCHED_WORDS = 64  # of a quotation; more make no difference to what is found
_MAX_SEARCHES = 300  # in one letter
# Words of quotations that are compared with others in one letter: a hundred altered paragraphs, or some seconds' work.
_MAX_COMPARED_WORDS = 25_000
_LOOK_WORDS, _READ_WORDS = 20, 100  # that it takes to begin, and to read a text of the usual length
_USUAL_CHARACTERS = 6_000  # that a quotation is compared with, when it is compared
# Work that is done for one letter, as `find` counts it: in characters that are looked through, of which a processor
# does a thousand million in a second at least. To read a decision that is cited takes some 30 million, to look for a
# quotation in each of its paragraphs some 0.1, to look for one in all that is held some 3.
_MAX_WORK = 900_000_000
NAMING_WORK = 2_500
"""The work that it takes to name a paragraph."""
_ASKING_WORK, _FETCHING_WORK = 400_000, 40_000  # to ask the index, and to have a paragraph of it
# Share of the words, where a quotation is looked for elsewhere than cited; a few words are soon alike.
_NEAR, _NEAR_OF_FEW, _FEW_WORDS = 0.6, 0.8, 10

NOT_LOOKED_FOR = "Not searched everywhere: the letter has too many quotations."
_TOO_MANY_DECISIONS = f"Not searched: the letter cites more than {MAX_DECISIONS} decisions."


class Held(Protocol):
    """What is needed of an index; a Store has it."""

    def bodies(self) -> list[str]:
        """The names of all bodies that decisions are about."""
        ...

    def decision(self, reference: Reference) -> Decision:
        """A whole decision. Raises NotHeld."""
        ...

    def entries(self, within: Filter, limit: int | None = None) -> list[DecisionEntry]:
        """The decisions that a filter lets through, newest first."""
        ...

    def tombstone(self, reference: Reference) -> str | None:
        """What became of a decision that was held and is not any more."""
        ...

    def search_bm25(
        self, question: str, limit: int, within: Filter, all_words: bool = False
    ) -> list[tuple[int, float]]:
        """The paragraphs that share words with a text, best first, with their score; or those that have all of them."""
        ...

    def paragraphs(self, ids: Sequence[int]) -> list[tuple[Paragraph, DecisionEntry]]:
        """The paragraphs with these ids, in this order, each with the entry of its decision."""
        ...


class TooMuchWork(Exception):
    """A letter has too much in it for one thing more to be looked for; says so in a sentence."""


class Work:
    """Finding and comparing for one letter, as long as there is work left that may be done for it."""

    def __init__(self) -> None:
        self._left, self._words_left = _MAX_WORK, float(_MAX_COMPARED_WORDS)
        self._unfinished: set[str] = set()

    def spend(self, characters: int) -> None:
        """Take so many characters from those that may be looked through. Raises TooMuchWork."""
        self._left -= characters
        if self._left < 0:
            raise TooMuchWork(NOT_LOOKED_FOR)

    def leave(self, quoted: str) -> None:
        """Keep that a quotation was not looked for everywhere."""
        self._unfinished.add(fold(quoted))

    def is_left(self, quoted: str) -> bool:
        """Whether a quotation was not looked for everywhere."""
        return fold(quoted) in self._unfinished

    def may_compare(self, quoted: str) -> bool:
        """Whether there are words left for a comparison; keeps it if not."""
        if self._words_left < 0:
            self.leave(quoted)
        return self._words_left >= 0

    def read(self, text: str) -> str:
        """A text that has to be read as a whole to be compared, which takes words as well."""
        self._words_left -= _READ_WORDS * len(text) / _USUAL_CHARACTERS
        return text

    def find(self, quoted: str, text: str) -> tuple[int, int] | None:
        """Where a quotation stands in a text word for word. Raises TooMuchWork."""
        return find(quoted, text, self.spend)

    def align(self, quoted: str, text: str) -> Comparison | None:
        """What in a text is nearest to a quotation. Raises TooMuchWork."""
        return compare(quoted, text, self.spend)

    def compare(self, quoted: str, text: str) -> Comparison | None:
        """The same as long as there are words left for it. Raises TooMuchWork."""
        return self.align(quoted, text) if self._take_words(quoted, len(text)) else None

    def nearest(self, quoted: str, texts: Sequence[str]) -> list[tuple[int, Comparison]]:
        """Which of some texts are near to a quotation, the nearest first. Raises TooMuchWork."""
        characters = min(_USUAL_CHARACTERS, sum(map(len, texts)))
        return nearest(quoted, texts, self.spend) if self._take_words(quoted, characters) else []

    def nearest_place(
        self, quoted: str, places: Sequence[Paragraph], texts: Sequence[str]
    ) -> tuple[Comparison, Sequence[Paragraph]] | None:
        """The place with the wording that is nearest to a quotation. Raises TooMuchWork."""
        found = self.nearest(quoted, texts) if self.may_compare(quoted) else []
        return (found[0][1], [places[found[0][0]]]) if found else None

    def _take_words(self, quoted: str, characters: int) -> bool:
        self._words_left -= (size(quoted) + _LOOK_WORDS) * characters / _USUAL_CHARACTERS
        return self.may_compare(quoted)


PERSON = re.compile(r"\b(Mr|Mrs|Ms|Miss|Dr|Officer|Social\sWorker)\s(?:and\sMrs\s)?([A-Z]\w*)")
"""How a decision names people: “Mrs D”."""


@dataclass(frozen=True, eq=False)
class HeldDecision:
    """A decision that was read, and where things stand in it.

    `texts` are what stands at each place, to join which anew for each quotation would take longer than to look for
    that; `whole` has them all, a line each at least.
    """

    decision: Decision
    places: dict[Number, Paragraph]
    texts: dict[Number, str]
    whole: str

    @classmethod
    def of(cls, decision: Decision) -> HeldDecision:
        """Read a decision."""
        places = {place.pinpoint.number: place for place in decision.places()}
        texts = {number: place.text for number, place in places.items()}
        return cls(decision, places, texts, "\n".join(texts.values()))

    @functools.cached_property
    def people(self) -> frozenset[tuple[str, str]]:
        """The people whom it names: (“Mrs”, “D”)."""
        return frozenset(person for text in self.texts.values() for person in PERSON.findall(text))

    @property
    def extent(self) -> str:
        """What it has to be cited by."""
        return self.decision.extent

    def standing(self, quoted: str, work: Work) -> list[Paragraph]:
        """The places where a quotation stands word for word, or those over which it goes on."""
        stretch = work.find(quoted, self.whole)
        if stretch is None:
            return []
        numbered = self.places.items()
        found = [narrow(place, quoted, work) for number, place in numbered if work.find(quoted, self.texts[number])]
        at = 0
        for number, place in numbered if not found else ():
            end = at + len(self.texts[number])
            if at < stretch[1] and end > stretch[0]:
                found.append(place)
            at = end + 1
        return found

    def text(self, place: Paragraph) -> str:
        """What stands at a place of it."""
        return self.texts[place.pinpoint.number] if place.pinpoint.item is None else place.text

    def location(self, place: Paragraph) -> Location:
        """A place with its citation."""
        return place, place.pinpoint.cite(self.decision.body, place.numbering)

    def locations(self, places: Sequence[Paragraph]) -> tuple[Location, ...]:
        """As many places as are shown, with their citations."""
        return tuple(self.location(place) for place in places[:MAX_LOCATIONS])

    def _place(self, number: Number) -> Paragraph | None:
        """What stands at a number, or at a name however it is written."""
        if isinstance(number, int) or number in self.places:
            return self.places.get(number)
        return next((place for place in self.places.values() if place.pinpoint.slug == slug_of(number)), None)

    def cited(self, pin_cites: Sequence[PinCite]) -> tuple[list[Paragraph], str, bool]:
        """The places that are cited, a sentence on those that it does not have, and whether a letter of an item could
        not be checked.
        """
        found: dict[tuple[Number, str | None], Paragraph] = {}
        missing, is_unsure, reference = "", False, self.decision.reference
        for one in pin_cites:
            for number in one.numbers:
                paragraph = self._place(number)
                if paragraph is None:
                    beyond = number if one.last is None or number == one.number else one.last
                    what = number if isinstance(number, str) else f"paragraph {beyond}"
                    missing = missing or f"Decision {reference} has no {what}; {self.extent}."
                    break
                if one.item is None or isinstance(number, str):
                    found[paragraph.pinpoint.number, None] = paragraph
                    continue
                items = {item.pinpoint.item: item for item in paragraph.items()}
                for letter in one.items:
                    if letter in items:
                        found[number, letter] = items[letter]
                    elif not items and any(line.depth for line in paragraph.lines):
                        found[number, None] = paragraph  # this copy lost the letters of its list
                        is_unsure = True
                    else:
                        missing = missing or f"Paragraph {number} of decision {reference} has no item ({letter})."
        return list(found.values()), missing, is_unsure


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a quotation was found among all that is held; `comparison` is None where it stands there word for word."""

    locations: tuple[Location, ...]
    comparison: Comparison | None


class HeldDecisions:
    """What is held, for one letter: the decisions that it cites, and all others that a quotation may be from."""

    def __init__(self, held: Held, work: Work) -> None:
        self._held, self._work = held, work
        self._decisions: dict[Reference, HeldDecision | None] = {}
        self._decisions_left = MAX_DECISIONS
        self._has_unread = False
        """Whether a decision that is cited was not read, because there are too many."""
        self._searched: dict[str, Elsewhere | None] = {}
        self._about = functools.cache(self._newest_about)
        self.tombstone = functools.cache(held.tombstone)
        """What became of a decision that was held and is not any more; None where it never was."""

    def decision(self, reference: Reference) -> HeldDecision | None:
        """A decision; None where it is not held. Raises TooMuchWork."""
        if reference not in self._decisions:
            if self._decisions_left <= 0:
                self._has_unread = True
                raise TooMuchWork(_TOO_MANY_DECISIONS)
            try:
                self._decisions[reference] = HeldDecision.of(self._held.decision(reference))
                self._decisions_left -= 1
            except NotHeld:
                self._decisions[reference] = None
        return self._decisions[reference]

    def read(self, references: Sequence[Reference]) -> dict[Reference, str]:
        """Read those of some decisions that are held, as many as may be; the bodies that all of these are about."""
        entries = self._held.entries(Filter(reference=tuple(references))) if references else []
        bodies = {entry.reference: entry.body for entry in entries}
        with contextlib.suppress(TooMuchWork):
            for reference in references:
                if reference in bodies:
                    self.decision(reference)
        return bodies

    def identified(self, citation: Citation) -> Citation:
        """A citation that names a body for its decision, with that one where it is the only one held; else with them
        all, or the first few.

        “Halton, paragraph 80” needs no reference where one decision of Halton is held.
        """
        if citation.named is not None or not citation.bodies:
            return self._by_its_unit(citation)
        about = tuple(itertools.chain.from_iterable(map(self._about, citation.bodies)))[: MAX_LOCATIONS + 1]
        if len(about) != 1:
            return replace(citation, candidates=about)
        return replace(citation, named=ReferenceMention(citation.start, citation.start, str(about[0]), about[0]))

    def _by_its_unit(self, citation: Citation) -> Citation:
        """A citation without pages and sections where its decision has numbered paragraphs: they are of something else,
        such as a print of it.
        """
        kept = tuple(one for one in citation.places if isinstance(one.number, int) or one.number == SUMMARY)
        if len(kept) == len(citation.places) or citation.named is None or citation.named.reference is None:
            return citation
        with contextlib.suppress(TooMuchWork):
            read = self.decision(citation.named.reference)
            return replace(citation, places=kept) if read and read.decision.unit == "paragraph" else citation
        return citation

    def _newest_about(self, body: str) -> list[Reference]:
        return [entry.reference for entry in self._held.entries(Filter(body=(body,)), MAX_LOCATIONS + 1)]

    def anywhere(self, quoted: str) -> Elsewhere | None:
        """Where a quotation stands: in the decisions that are cited, or else in any other. Raises TooMuchWork."""
        key = fold(quoted)
        if key not in self._searched:
            if len(self._searched) == _MAX_SEARCHES:
                self._work.leave(key)
                return None
            self._searched[key] = self._search(key)
            if self._searched[key] is None and self._has_unread:
                self._work.leave(key)
        return self._searched[key]

    def _search(self, quoted: str) -> Elsewhere | None:
        words, work = re.findall(r"\w+", quoted), self._work
        cited = [read for read in self._decisions.values() if read is not None]
        found = [one for read in cited for one in read.locations(read.standing(quoted, work))]
        if not words or found:
            return Elsewhere(tuple(found[:MAX_LOCATIONS]), None) if found else None
        # What is quoted word for word has every word; of the rest, in a large index, only the rarest are looked for.
        for every in (True, False):
            work.spend(_ASKING_WORK)
            ranked = self._held.search_bm25(" ".join(words[:_MAX_SEARCHED_WORDS]), _MAX_SEARCHED, Filter(), every)
            work.spend(_FETCHING_WORK * len(ranked))
            candidates = self._held.paragraphs([identity for identity, _ in ranked])
            texts = [place.text for place, _ in candidates]
            for (place, entry), text in zip(candidates, texts, strict=True):
                if work.find(quoted, text):
                    found.append(_cite(narrow(place, quoted, work), entry))
            if found:
                return Elsewhere(tuple(found[:MAX_LOCATIONS]), None)
        nearly = work.nearest(quoted, texts)
        if not nearly or not is_near(nearly[0][1], quoted):
            return None
        for number, comparison in nearly:
            if comparison.similarity == nearly[0][1].similarity:
                place, entry = candidates[number]
                found.append(_cite(narrow_nearly(place, quoted, work), entry))
        return Elsewhere(tuple(found[:MAX_LOCATIONS]), nearly[0][1])


def joined_text(places: Iterable[Paragraph]) -> str:
    """The text of places in a row."""
    return "\n".join(place.text for place in places)


def is_near(comparison: Comparison, quoted: str) -> bool:
    """Whether a quotation is so like what stands elsewhere than cited that it is taken from there."""
    few = len(re.findall(r"\w+", quoted)) < _FEW_WORDS
    return comparison.similarity >= (_NEAR_OF_FEW if few else _NEAR)


def narrow(place: Paragraph, quoted: str, work: Work) -> Paragraph:
    """The lettered item that a quotation stands in, or else the whole paragraph. Raises TooMuchWork."""
    for item in place.items():
        work.spend(NAMING_WORK)
        if work.find(quoted, item.text):
            return item
    return place


def narrow_nearly(place: Paragraph, quoted: str, work: Work) -> Paragraph:
    """The lettered item that is as near to a quotation as the whole paragraph, or else that. Raises TooMuchWork."""
    whole = work.align(quoted, place.text)
    for item in place.items():
        work.spend(NAMING_WORK)
        there = work.align(quoted, item.text)
        if whole is not None and there is not None and there.similarity >= whole.similarity:
            return item
    return place


def runs(places: Iterable[Paragraph]) -> Iterator[tuple[Paragraph, ...]]:
    """Those of some places that follow on one another in their decision, in its order, so that a quotation may too."""
    run: list[Paragraph] = []
    numbered = [place for place in places if _order(place.pinpoint)]
    for place in sorted(numbered, key=lambda place: (_order(place.pinpoint), place.pinpoint.item or "")):
        if run and not _follows(run[-1].pinpoint, place.pinpoint):
            if len(run) > 1:
                yield tuple(run)
            run = []
        run.append(place)
    if len(run) > 1:
        yield tuple(run)


def _order(pinpoint: Pinpoint) -> int:
    """The number of a paragraph or a page; 0 for what has none."""
    if isinstance(pinpoint.number, int):
        return pinpoint.number
    return int(pinpoint.number.removeprefix("page ")) if pinpoint.unit == "page" else 0


def _follows(before: Pinpoint, after: Pinpoint) -> bool:
    if before.item and after.item:
        return before.number == after.number and ord(after.item) == ord(before.item) + 1
    return not (before.item or after.item) and _order(after) == _order(before) + 1


def _cite(place: Paragraph, entry: DecisionEntry) -> Location:
    return place, place.pinpoint.cite(entry.body, place.numbering)
