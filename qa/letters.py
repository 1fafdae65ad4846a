"""Somebody's own text → what is right and wrong with the decisions that it cites. Pure but for what it is handed.

A quotation is looked for where the letter says that it stands (qa.mentions), then in that decision, then everywhere;
one that belongs to no citation is looked for everywhere. Nothing is called right that was not found: what cannot be
checked is said not to be held. Whether a paragraph supports what the letter says of it, nobody here can tell.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from index.decisions import SUMMARY, Decision, Number, Paragraph, Pinpoint, Reference, fold
from index.errors import NotHeld
from index.passages import sentence_spans
from index.store import Entry, Filter
from qa.mentions import Mentions, Said
from qa.pinpoints import Bodies, Citation, Place
from qa.quotations import Comparison, Difference, compare, find, nearest, size

Verdict = Literal["exact", "altered", "wrong_paragraph", "number_inferred", "not_held"]
Right = tuple[Paragraph, str]
"""A paragraph, or a lettered item of one, and its citation."""

_MOST_RIGHT = 5
_SEARCHED = 50  # paragraphs that are read for a quotation, of all those held
_SEARCHED_WORDS = 64  # of a quotation; more make no difference to what is found
_MOST_SEARCHES = 300  # in one letter
# Words of quotations that are compared with others in one letter: a hundred altered paragraphs, or some seconds' work.
_MOST_COMPARED = 25_000
# Characters that are looked through for quotations in one letter, as `find` counts them: two or three seconds' work. To
# read a decision that is cited takes some 30 to 60 million, to look for a quotation in all of it twice some 0.2.
_MOST_LOOKED_THROUGH = 2_000_000_000
_MOST_OTHERS = 2_000  # times that a further citation of a footnote is tried in one letter
_LOOK, _READING = 20, 100  # words' worth of work that it takes to begin, and to read a text of the usual length
_USUAL = 6_000  # characters that a quotation is compared with, when it is compared
# Share of the words, where a quotation is looked for elsewhere than cited; a few words are soon alike.
_NEARLY, _NEARLY_OF_FEW, _FEW_WORDS = 0.6, 0.8, 10
_LONGEST_REST = 120  # characters up to where a bracket closes
_LONGEST_SENTENCE = 150  # characters that are shown of one
_LIKELIER = 0.1  # so much more alike must another paragraph be than the one cited
_SURELY = 0.9  # so alike, it is the paragraph cited that is meant, though the words stand elsewhere


class Held(Protocol):
    """What is needed of an index; a Store has it."""

    def bodies(self) -> list[str]:
        """The names of all bodies that decisions are about."""
        ...

    def decision(self, reference: Reference) -> Decision:
        """A whole decision. Raises NotHeld."""
        ...

    def matching(self, question: str, limit: int, within: Filter, every: bool = False) -> list[tuple[int, float]]:
        """The paragraphs that share words with a text, with their score, best first; with `every` those with all."""
        ...

    def paragraphs(self, ids: Sequence[int]) -> list[tuple[Paragraph, Entry]]:
        """The paragraphs with these ids, in this order, each with the entry of its decision."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one citation, of one quotation, or of one that belongs to the other.

    `start` and `end` are characters of the letter, and `text` is what stands there. `detail` is for the writer of the
    letter. `reference`, `place` (“paragraph 50”, “paragraph 51(b)”, “summary”) and `quotation` are as the letter tells
    them. `differences` say where the wording differs from what is published. `right` is where it really stands, the
    cited place itself where that is right, with its right citation. `is_to_read` says that `detail` is for reading
    though nothing is wrong: a quotation has no citation or no paragraph, or leaves out the “not” before it.
    `is_unfinished` says that a quotation was not looked for everywhere, because the letter has too many.
    """

    start: int
    end: int
    text: str
    verdict: Verdict
    detail: str
    reference: Reference | None
    place: str | None
    quotation: str | None
    differences: tuple[Difference, ...] = ()
    right: tuple[Right, ...] = ()
    is_to_read: bool = False
    is_unfinished: bool = False

    @property
    def is_to_look_at(self) -> bool:
        """Whether the writer of the letter has something to do or to read."""
        return self.is_to_read or self.verdict != "exact"


def check_letter(text: str, held: Held) -> tuple[Finding, ...]:
    """What was found of every citation and every quotation in a letter, in its order."""
    checker = _Checker(held, text)
    letter = checker.letter
    findings = [checker.check_quotation(said) for said in letter.said]
    joined = {number for said in letter.said if said.is_joined for number in (said.citation, *said.others)}
    for number, citation in enumerate(letter.citations):
        if number not in joined:
            findings += checker.check_citation(citation)
    return tuple(sorted((found for found in findings if found), key=lambda found: (found.start, found.end)))


@dataclass(frozen=True, slots=True)
class _Read:
    """A decision that was read, and where things stand in it."""

    decision: Decision
    places: dict[Number, Paragraph]
    whole: str
    """All its places, a line each at least."""

    @classmethod
    def of(cls, decision: Decision) -> _Read:
        """Read a decision."""
        places = {place.pinpoint.number: place for place in decision.places()}
        return cls(decision, places, "\n".join(place.text for place in places.values()))

    @property
    def extent(self) -> str:
        """How its paragraphs are numbered."""
        summary = ", and it has a summary" if self.decision.summary else ""
        return f"its paragraphs are numbered 1 to {len(self.decision.paragraphs)}{summary}"

    def standing(self, quoted: str, spend: Callable[[int], None]) -> list[Paragraph]:
        """The places where a quotation stands word for word, or those over which it goes on."""
        stretch = find(quoted, self.whole, spend)
        if stretch is None:
            return []
        found = [_narrow(place, quoted, spend) for place in self.places.values() if find(quoted, place.text, spend)]
        at = 0
        for place in self.places.values() if not found else ():
            if at < stretch[1] and at + len(place.text) > stretch[0]:
                found.append(place)
            at += len(place.text) + 1
        return found

    def right(self, place: Paragraph) -> Right:
        """A place with its citation."""
        return place, place.pinpoint.cite(self.decision.body, place.numbering)


def _is_near(comparison: Comparison, quoted: str) -> bool:
    """Whether a quotation is so like what stands elsewhere than cited that it is taken from there."""
    few = len(re.findall(r"\w+", quoted)) < _FEW_WORDS
    return comparison.share >= (_NEARLY_OF_FEW if few else _NEARLY)


def _narrow(place: Paragraph, quoted: str, spend: Callable[[int], None]) -> Paragraph:
    """The lettered item that a quotation stands in, or else the whole paragraph."""
    return next((item for item in place.items() if find(quoted, item.text, spend)), place)


def _runs(places: Iterable[Paragraph]) -> Iterator[list[Paragraph]]:
    """Those of some places that follow on one another in their decision, in its order, so that a quotation may too."""
    run: list[Paragraph] = []
    numbered = [place for place in places if isinstance(place.pinpoint.number, int)]
    for place in sorted(numbered, key=lambda place: (place.pinpoint.number, place.pinpoint.item or "")):
        if run and not _follows(run[-1].pinpoint, place.pinpoint):
            if len(run) > 1:
                yield run
            run = []
        run.append(place)
    if len(run) > 1:
        yield run


def _follows(before: Pinpoint, after: Pinpoint) -> bool:
    """Whether a place stands right after another one."""
    if before.item and after.item:
        return before.number == after.number and ord(after.item) == ord(before.item) + 1
    return not (before.item or after.item) and after.number == int(before.number) + 1


def _text(places: Iterable[Paragraph]) -> str:
    return "\n".join(place.text for place in places)


def _text_with(quoted: str, standing: Sequence[Paragraph]) -> str:
    """The text of the first place that a quotation stands in, or of all over which it goes on."""
    return standing[0].text if find(quoted, standing[0].text) else _text(standing)


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Where a quotation was found among all that is held; `comparison` is None where it stands there word for word."""

    right: tuple[Right, ...]
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class _Told:
    """What a finding says."""

    verdict: Verdict
    detail: str
    right: tuple[Right, ...] = ()
    differences: tuple[Difference, ...] = ()
    is_to_read: bool = False


class _TooMuchToLookThrough(Exception):
    """A letter has too many quotations for one more to be looked for."""


class _Checker:
    """Checks one letter; what it has read or looked for it keeps."""

    def __init__(self, held: Held, text: str) -> None:
        self._held = held
        self._decisions: dict[Reference, _Read | None] = {}
        self.letter = Mentions.read(text, Bodies(held.bodies(), self._body))
        said, citations = self.letter.said, self.letter.citations
        self._starts = sorted([*(one.start for one in said), *(one.start for one in citations)])
        self._ends = sorted([*(one.end for one in said), *(one.end for one in citations)])
        self._searched: dict[str, _Elsewhere | None] = {}
        self._not_looked_for: set[str] = set()
        self._left = float(_MOST_COMPARED)
        self._left_to_look_through = _MOST_LOOKED_THROUGH
        self._others_left = _MOST_OTHERS
        self._runs: dict[tuple[Pinpoint, Pinpoint], str] = {}
        self._told: dict[Hashable, _Told] = {}
        self._shown: set[int] = set()
        """The citations that stand in a finding already."""

    def check_citation(self, citation: Citation) -> Iterator[Finding]:
        """What was found of a citation that nothing is quoted from: a finding for each place that it tells."""
        if not citation.places:
            yield self._finding(citation.start, citation.end, citation, (), None, self._cited(citation, ()))
        start, named = citation.start, citation.named
        for number, place in enumerate(citation.places, 1):
            end = citation.end
            if number < len(citation.places):
                following = citation.places[number].start
                end = place.end
                if named and start <= named.start and named.end <= following:
                    end = max(end, named.end)
            yield self._finding(start, end, citation, (place,), None, self._cited(citation, (place,)))
            start = max(end, citation.places[number].start) if number < len(citation.places) else end

    def check_quotation(self, said: Said) -> Finding:
        """What was found of a quotation, and of the citation that it belongs to."""
        citation = None if said.citation is None else self.letter.citations[said.citation]
        start, end = self._span(said, citation)
        try:
            return self._looked_for(said, citation, start, end)
        except _TooMuchToLookThrough:
            # Nothing is told of it: it may stand in what was not looked through.
            self._not_looked_for.add(fold(said.text))
            told = _Told("not_held", "")
            if citation is None or not said.is_joined:
                return self._finding(start, end, None, (), said.text, told)
            return self._finding(start, end, citation, citation.places, said.text, told)

    def _looked_for(self, said: Said, citation: Citation | None, start: int, end: int) -> Finding:
        if citation is not None:
            told = self._quoted_once(said.text, citation)
            for other in (self.letter.citations[number] for number in said.others):
                if told.verdict == "exact":
                    break
                self._others_left -= 1
                if self._others_left < 0:
                    self._not_looked_for.add(fold(said.text))
                    break
                if (better := self._quoted_once(said.text, other)).verdict == "exact":
                    citation, told = other, better
            if said.is_joined or told.verdict != "not_held":
                return self._finding(start, end, citation, citation.places, said.text, told)
        return self._finding(start, end, None, (), said.text, self._uncited(said))

    def _finding(
        self,
        start: int,
        end: int,
        citation: Citation | None,
        places: Sequence[Place],
        quoted: str | None,
        told: _Told,
    ) -> Finding:
        is_unfinished = quoted is not None and told.verdict == "not_held" and fold(quoted) in self._not_looked_for
        if is_unfinished:
            told = replace(told, detail="This was not looked for everywhere: the letter has too many quotations.")
        named = citation.named if citation else None
        written = self.letter.text[start:end]
        following = bisect.bisect_left(self._starts, end)
        stop = self._starts[following] if following < len(self._starts) else len(self.letter.text)
        rest = self.letter.text[end : min(stop, end + _LONGEST_REST)].partition("\n")[0]
        for opening, closing in ("()", "[]"):
            if written.count(opening) > written.count(closing) and closing in rest:
                end += rest.index(closing) + 1
            elif written.count(opening) < written.count(closing) and self.letter.text[start - 1 : start] == opening:
                start -= 1
        return Finding(
            start,
            end,
            self.letter.text[start:end],
            told.verdict,
            told.detail,
            named.reference if named else None,
            Place.names(places),
            quoted,
            told.differences,
            told.right[:_MOST_RIGHT],
            told.is_to_read,
            is_unfinished,
        )

    def _span(self, said: Said, citation: Citation | None) -> tuple[int, int]:
        """Where a quotation stands, with its citation where nothing else stands between them."""
        if not said.is_joined or said.citation is None or said.citation in self._shown or said.mark:
            return said.start, said.end
        if citation is None:
            return said.start, said.end
        start, end = min(said.start, citation.start), max(said.end, citation.end)
        # All that begins before the end and does not end before the start stands there, and two of that are these.
        if bisect.bisect_left(self._starts, end) - bisect.bisect_right(self._ends, start) > 2:
            return said.start, said.end
        self._shown.add(said.citation)
        return start, end

    def _spend(self, characters: int) -> None:
        """Take so many characters from those that may be looked through. Raises _TooMuchToLookThrough."""
        self._left_to_look_through -= characters
        if self._left_to_look_through < 0:
            raise _TooMuchToLookThrough

    # Comparing, as long as there are words left for it.

    def _compare(self, quoted: str, text: str) -> Comparison | None:
        return compare(quoted, text) if self._may_compare(quoted, len(text)) else None

    def _text_of(self, run: Sequence[Paragraph], quoted: str) -> str:
        """The text of places in a row; it has to be read for a quotation, and is empty where too much was."""
        ends = (run[0].pinpoint, run[-1].pinpoint)
        if ends not in self._runs:
            text = self._runs[ends] = _text(run)
            self._left -= _READING * len(text) / _USUAL
        if self._left < 0:
            self._not_looked_for.add(fold(quoted))
            return ""
        return self._runs[ends]

    def _nearest(self, quoted: str, texts: Sequence[str]) -> list[tuple[int, Comparison]]:
        return nearest(quoted, texts) if self._may_compare(quoted, min(_USUAL, sum(map(len, texts)))) else []

    def _nearest_place(self, quoted: str, places: Iterable[Paragraph]) -> tuple[Comparison, list[Paragraph]] | None:
        """The place with the wording that is nearest to a quotation."""
        if self._left < 0:
            self._not_looked_for.add(fold(quoted))
            return None
        among = list(places)
        found = self._nearest(quoted, [place.text for place in among])
        return (found[0][1], [among[found[0][0]]]) if found else None

    def _may_compare(self, quoted: str, characters: int) -> bool:
        self._left -= (size(quoted) + _LOOK) * characters / _USUAL
        if self._left < 0:
            self._not_looked_for.add(fold(quoted))
        return self._left >= 0

    # Citations.

    def _read(self, citation: Citation) -> tuple[_Read | None, str]:
        """The decision that is cited, or a sentence that says why there is none."""
        named = citation.named
        if named is None:
            return None, "Which decision is this of? Name its reference."
        if named.reference is None:
            return None, f"“{named.digits}” is no reference; one looks like 21 017 496."
        return self._decision(named.reference), f"No decision {named.reference} is held here. Check the reference."

    def _decision(self, reference: Reference) -> _Read | None:
        if reference not in self._decisions:
            try:
                self._decisions[reference] = _Read.of(self._held.decision(reference))
            except NotHeld:
                self._decisions[reference] = None
        return self._decisions[reference]

    def _body(self, reference: Reference) -> str | None:
        read = self._decision(reference)
        return read.decision.body if read else None

    def _cited(self, citation: Citation, places: Sequence[Place]) -> _Told:
        """What was found of places that nothing is quoted from."""
        read, unheld = self._read(citation)
        if read is None:
            return _Told("not_held", unheld)
        found, missing, _ = _found(read, places)
        right = tuple(read.right(place) for place in found[:_MOST_RIGHT])
        if missing:
            return _Told("not_held", missing, right)
        if not places:
            told = _Told("exact", "This decision is held here; no paragraph is named with it.")
        elif places[0].number == SUMMARY:
            told = _Told("exact", "The decision has a summary; nothing is quoted from it.", right)
        else:
            many = (
                "are such paragraphs; nothing is quoted from them"
                if len(found) > 1
                else "is such a paragraph; nothing is quoted from it"
            )
            told = _Told("exact", f"There {many}.", right)
        return _settled(told, citation, read, places, found)

    # Quotations.

    def _quoted_once(self, quoted: str, citation: Citation) -> _Told:
        named = citation.named
        cited = (named.digits, named.body) if named else None
        key = (quoted, cited, Place.names(citation.places), citation.says_inferred)
        if key not in self._told:
            self._spend(0)
            self._told[key] = self._quoted(quoted, citation)
        return self._told[key]

    def _quoted(self, quoted: str, citation: Citation) -> _Told:
        """What was found of a quotation with a citation."""
        read, unheld = self._read(citation)
        if read is None:
            found = self._anywhere(quoted)
            if found is None:
                return _Told("not_held", f"{unheld} These words stand in no other decision held here.")
            # Of whose paragraph it is nothing was told, so nothing told is wrong.
            verdict: Verdict = "wrong_paragraph" if citation.named else "not_held"
            where = f"{_these(found.comparison)} stand in {found.right[0][1]}."
            return _Told(verdict, f"{unheld} {where}", found.right, _differences(found))
        places, missing, _ = _found(read, citation.places)
        if not citation.places:
            return _settled(self._in_decision(quoted, citation, read), citation, read, (), ())
        standing = [place for place in places if find(quoted, place.text, self._spend)]
        runs = list(_runs(places))
        if not standing and find(quoted, read.whole, self._spend):
            standing = next((run for run in runs if find(quoted, self._text_of(run, quoted), self._spend)), [])
        if standing:
            right = tuple(read.right(place) for place in standing)
            if missing:
                return _Told("not_held", f"{missing} The words are as published in {_names(standing)}.", right)
            told = _exact("Word for word as published.", quoted, _text_with(quoted, standing), right)
            return _settled(told, citation, read, citation.places, standing)
        here = self._nearest_place(quoted, places)
        for run in runs:
            together = self._compare(quoted, self._text_of(run, quoted))
            if together is not None and (here is None or together.share >= here[0].share + _LIKELIER):
                here = together, run
        if here is not None and not missing and here[0].is_abridged:
            return _settled(_altered(*here, read, quoted), citation, read, citation.places, here[1])
        standing = read.standing(quoted, self._spend)
        cited = f"not in {Place.names(citation.places)}"
        if standing:
            right = tuple(read.right(place) for place in standing)
            overlaps = [place for place in standing if place.pinpoint in {place.pinpoint for place in places}]
            if overlaps and len(standing) > len(overlaps):
                detail = f"These words go on over {_names(standing)}. Cite them all."
            else:
                detail = f"These words stand in {_names(standing)}, {cited}."
            return _Told("wrong_paragraph", f"{missing} {detail}".strip(), right)
        there = self._nearest_place(quoted, read.places.values())
        least = here[0].share + _LIKELIER if here is not None and not missing else 0.0
        if there is not None and _is_near(there[0], quoted) and there[0].share >= least:
            place = _narrow_nearly(there[1][0], quoted)
            detail = f"{missing} {_these(there[0])} stand in {place.pinpoint.place}, {cited}.".strip()
            return _Told("wrong_paragraph", detail, (read.right(place),), there[0].differences)
        found = self._anywhere(quoted)
        is_meant = here is not None and (found is None or found.comparison is not None or here[0].share >= _SURELY)
        if here is not None and not missing and is_meant:
            return _settled(_altered(*here, read, quoted), citation, read, citation.places, here[1])
        if found is not None:
            where = (
                f"{_these(found.comparison)} stand in {found.right[0][1]}, not in decision {read.decision.reference}."
            )
            return _Told("wrong_paragraph", where, found.right, _differences(found))
        nowhere = f"These words stand neither in {Place.names(citation.places)} nor anywhere else that is held here."
        return _Told("not_held", f"{missing} {nowhere}".strip())

    def _in_decision(self, quoted: str, citation: Citation, read: _Read) -> _Told:
        """What was found of a quotation with a reference alone."""
        standing = read.standing(quoted, self._spend)
        if standing:
            right = tuple(read.right(place) for place in standing)
            detail = f"Word for word as published, in {_names(standing)}. Name the paragraph."
            return replace(_exact(detail, quoted, _text_with(quoted, standing), right), is_to_read=True)
        there = self._nearest_place(quoted, read.places.values())
        if there is not None and _is_near(there[0], quoted):
            return _altered(*there, read, quoted)
        found = self._anywhere(quoted)
        if found is None:
            return _Told("not_held", "These words stand neither in this decision nor anywhere else that is held here.")
        detail = f"{_these(found.comparison)} stand in {found.right[0][1]}, not in decision {read.decision.reference}."
        return _Told("wrong_paragraph", detail, found.right, _differences(found))

    def _uncited(self, said: Said) -> _Told:
        """What was found of a quotation without a citation."""
        found = self._anywhere(said.text)
        lack = "but not cited" if said.mark is None else "but what its footnote cites could not be read"
        if found is None:
            return _Told("not_held", "This stands in no decision held here; it may be from somewhere else.")
        where = found.right[0][1]
        if found.comparison is None:
            detail = f"Word for word as published, {lack}. It stands in {where}."
            return replace(_exact(detail, said.text, found.right[0][0].text, found.right), is_to_read=True)
        detail = f"{_these(found.comparison)} stand in {where}, {lack.replace('but not', 'which is not')}."
        return _Told("altered", detail, found.right, found.comparison.differences)

    def _anywhere(self, quoted: str) -> _Elsewhere | None:
        """Where a quotation stands: in the decisions that the letter cites, or else in any other."""
        key = fold(quoted)
        if key not in self._searched:
            if len(self._searched) == _MOST_SEARCHES:
                self._not_looked_for.add(key)
                return None
            self._searched[key] = self._look(key)
        return self._searched[key]

    def _look(self, quoted: str) -> _Elsewhere | None:
        words = re.findall(r"\w+", quoted)
        cited = [read for read in self._decisions.values() if read is not None]
        right = [read.right(place) for read in cited for place in read.standing(quoted, self._spend)]
        if not words or right:
            return _Elsewhere(tuple(right[:_MOST_RIGHT]), None) if right else None
        # What is quoted word for word has every word; of the rest, in a large index, only the rarest are looked for.
        for every in (True, False):
            found = self._held.matching(" ".join(words[:_SEARCHED_WORDS]), _SEARCHED, Filter(), every)
            candidates = self._held.paragraphs([identity for identity, _ in found])
            for place, entry in candidates:
                if find(quoted, place.text, self._spend):
                    right.append(_cite(_narrow(place, quoted, self._spend), entry))
            if right:
                return _Elsewhere(tuple(right[:_MOST_RIGHT]), None)
        nearly = self._nearest(quoted, [place.text for place, _ in candidates])
        if not nearly or not _is_near(nearly[0][1], quoted):
            return None
        for number, comparison in nearly:
            if comparison.share == nearly[0][1].share:
                place, entry = candidates[number]
                right.append(_cite(_narrow_nearly(place, quoted), entry))
        return _Elsewhere(tuple(right[:_MOST_RIGHT]), nearly[0][1])


_NEGATION = re.compile(r"\b(?:not|no|nor|never|neither|none|nobody|nothing|cannot|without)\b|n[’']t\b", re.IGNORECASE)


def _exact(detail: str, quoted: str, text: str, right: tuple[Right, ...]) -> _Told:
    """What is told of words that stand in a text, also if what comes before them in their sentence negates them."""
    stretch = find(quoted, text)
    for start, end in sentence_spans(text) if stretch else ():
        if stretch and start < stretch[0] < end:
            negation = _NEGATION.search(text, start, stretch[0])
            if negation is not None:
                begin = (
                    start if end - start <= _LONGEST_SENTENCE else max(start, negation.start() - _LONGEST_SENTENCE // 3)
                )
                sentence = " ".join(text[begin:end].split())
                shown = (
                    sentence
                    if len(sentence) <= _LONGEST_SENTENCE
                    else f"{sentence[:_LONGEST_SENTENCE].rsplit(' ', 1)[0]} …"
                )
                detail = f"{detail} Read the whole sentence: “{'… ' if begin > start else ''}{shown}”"
                return _Told("exact", detail, right, is_to_read=True)
    return _Told("exact", detail, right)


def _cite(place: Paragraph, entry: Entry) -> Right:
    return place, place.pinpoint.cite(entry.body, place.numbering)


def _narrow_nearly(place: Paragraph, quoted: str) -> Paragraph:
    """The lettered item that is as near to a quotation as the whole paragraph, or else that."""
    whole = compare(quoted, place.text)
    for item in place.items():
        there = compare(quoted, item.text)
        if whole is not None and there is not None and there.share >= whole.share:
            return item
    return place


def _names(places: Sequence[Paragraph]) -> str:
    """Several places in a sentence: “paragraph 50”, “paragraph 50 and paragraph 51”."""
    names = [place.pinpoint.place for place in places[:_MOST_RIGHT]]
    names[0] = names[0].replace(SUMMARY, "the summary")
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _these(comparison: Comparison | None) -> str:
    if comparison is None:
        return "These words"
    return "Parts of these words" if comparison.is_abridged else "Nearly these words"


def _differences(found: _Elsewhere) -> tuple[Difference, ...]:
    return found.comparison.differences if found.comparison else ()


_LEFT_OUT = "[…]"


def _is_excerpt(quoted: str, places: Sequence[Paragraph]) -> bool:
    """Whether a quotation has whole lines of its paragraphs, and `[…]` on a line of its own for those left out."""
    lines = [fold(line) for line in quoted.split("\n") if line.strip()]
    published = iter([fold(line.text) for place in places for line in place.lines])
    return _LEFT_OUT in lines and all(line in published for line in lines if line != _LEFT_OUT)


def _altered(comparison: Comparison, places: Sequence[Paragraph], read: _Read, quoted: str) -> _Told:
    if comparison.is_abridged and _is_excerpt(quoted, places):
        right = tuple(read.right(place) for place in places)
        return _Told("exact", "Word for word as published; “[…]” stands for whole lines of it.", right)
    if comparison.is_abridged:
        detail = "Word for word but for what “…” leaves out; read what that is."
    else:
        detail = f"The wording differs from {_names(places)} as published. Quote it as it stands there."
        if letter := _changed_letter(comparison):
            detail = f"Only the first letter differs from {_names(places)} as published: write “{letter}”."
    return _Told("altered", detail, tuple(read.right(place) for place in places), comparison.differences)


def _changed_letter(comparison: Comparison) -> str:
    """The first word of a quotation as it is to be written if nothing differs but whether it has a capital."""
    changed = [one for one in comparison.differences if one.kind != "same"]
    if len(changed) != 2 or comparison.differences[:2] != tuple(changed):
        return ""
    published, written = (one.text for one in changed)
    if published == written or published[1:] != written[1:] or published.casefold() != written.casefold():
        return ""
    return f"[{written[0]}]{written[1:]}"


def _found(read: _Read, places: Sequence[Place]) -> tuple[list[Paragraph], str, bool]:
    """The places of a decision that are cited, a sentence on those that it does not have, and whether a letter of an
    item could not be checked.
    """
    found: dict[Pinpoint, Paragraph] = {}
    missing, is_unsure = "", False
    reference = read.decision.reference
    for place in places:
        for number in place.numbers:
            paragraph = read.places.get(number)
            if paragraph is None:
                what = "summary" if number == SUMMARY else f"paragraph {number}"
                missing = missing or f"Decision {reference} has no {what}; {read.extent}."
                break
            if place.item is None or number == SUMMARY:
                found[paragraph.pinpoint] = paragraph
                continue
            items = {item.pinpoint.item: item for item in paragraph.items()}
            if place.item in items:
                found[items[place.item].pinpoint] = items[place.item]
            elif not items and any(line.depth for line in paragraph.lines):
                found[paragraph.pinpoint] = paragraph  # this copy lost the letters of its list
                is_unsure = True
            else:
                missing = missing or f"Paragraph {number} of decision {reference} has no item ({place.item})."
    return list(found.values()), missing, is_unsure


def _settled(told: _Told, citation: Citation, read: _Read, cited: Sequence[Place], found: Sequence[Paragraph]) -> _Told:
    """What was found of the words, together with what is to be said of the body and of how the number is known."""
    body = citation.named.body if citation.named else None
    if body is not None and not _is_body(body, read.decision.body):
        wrong = f"Decision {read.decision.reference} is about {read.decision.body}, not about {body}."
        right = told.right or tuple(read.right(place) for place in list(read.places.values())[:1] if not cited)
        detail = wrong if told.verdict == "exact" and not told.is_to_read else f"{wrong} {told.detail}"
        told = replace(told, verdict="altered", detail=detail, right=right)
    inferred = [place for place in found if place.numbering == "inferred" and place.pinpoint.number != SUMMARY]
    says_inferred = citation.says_inferred or (bool(cited) and all(place.says_inferred for place in cited))
    if cited and inferred and not says_inferred:
        number = Place.names(cited)
        detail = f"{told.detail} The number is inferred here, not published: write “{number} (number inferred)”."
        return replace(told, verdict="number_inferred" if told.verdict == "exact" else told.verdict, detail=detail)
    if told.verdict != "exact" or not cited:
        return told
    if says_inferred and not inferred:
        return replace(told, detail=f"{told.detail} The number is the published one: “(number inferred)” can go.")
    _, _, is_unsure = _found(read, cited)
    if is_unsure:
        detail = (
            "This copy of the decision does not keep the letters of the list: check the letter where it is published."
        )
        return replace(told, verdict="number_inferred", detail=detail)
    return told


_KINDS = frozenset("county city borough district metropolitan town parish".split())
_NO_STEM = _KINDS | frozenset("london royal council councils authority of the nhs foundation trust".split())
_DIRECTIONS = frozenset("north south east west mid central greater northern southern eastern western".split())


def _is_body(told: str, official: str) -> bool:
    """Whether a name is that of a body, whole or shortened, with whatever words in capitals stand before it."""
    mine, theirs = _words(told), _words(official)
    if not mine or set(mine) <= {"the", "council", "trust", "authority", "school", "surgery", "home"}:
        return True
    if mine[-len(theirs) :] == theirs and not _DIRECTIONS & set(mine[: -len(theirs)][-1:]):
        return True
    stem = [word for word in theirs if word not in _NO_STEM]
    for start in range(len(mine)):
        own = [word for word in mine[start:] if word not in _NO_STEM]
        if own == stem and not _DIRECTIONS & set(mine[:start][-1:]):
            return (_KINDS & set(mine[start:])) <= _KINDS & set(theirs) or not _KINDS & set(theirs)
    return False


def _words(name: str) -> list[str]:
    return re.sub(r"[’']", "", fold(name).casefold().replace("&", " and ")).replace(".", " ").replace(",", " ").split()
