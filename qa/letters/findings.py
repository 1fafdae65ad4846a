"""Somebody's own text → what is right and wrong with the decisions that it cites. Pure but for what it is handed.

A quotation is looked for where the letter says that it stands (qa.letters.attach), then in that decision, then
everywhere; one that belongs to no citation is looked for everywhere. Nothing is called right that was not found: what
cannot be checked is said not to be held. Whether a paragraph supports what the letter says of it, nobody here can tell.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from index.catalogue import Filter
from index.decisions import SUMMARY, Decision, DecisionEntry, Number, Paragraph, Pinpoint, Reference, fold
from index.errors import NotHeld
from index.text.sentences import sentence_spans
from qa.letters.attach import Mentions, Said
from qa.letters.claims import Cited, Source, denied
from qa.letters.unmarked import reads_like, shares_words
from qa.text.body_names import is_name_of
from qa.text.pin_cites import Bodies, Citation, Place
from qa.text.polarity import NEGATION
from qa.text.quotations import Comparison, Difference, compare, find, list_marks, nearest, size

Verdict = Literal["exact", "found", "altered", "wrong_paragraph", "number_inferred", "not_held"]
_IS_RIGHT = frozenset[Verdict](("exact", "found"))
Right = tuple[Paragraph, str]
"""A paragraph, or a lettered item of one, and its citation."""

_MOST_RIGHT = 5
_SEARCHED = 50  # paragraphs that are read for a quotation, of all those held
_SEARCHED_WORDS = 64  # of a quotation; more make no difference to what is found
_MOST_SEARCHES = 300  # in one letter
# Words of quotations that are compared with others in one letter: a hundred altered paragraphs, or some seconds' work.
_MOST_COMPARED = 25_000
# Work that is done for one letter, as `find` counts it: in characters that are looked through, of which a processor
# does a thousand million in a second at least. To read a decision that is cited takes some 30 million, to look for a
# quotation in each of its paragraphs some 0.1, to look for one in all that is held some 3.
_MOST_LOOKED_THROUGH = 900_000_000
_NAMING, _SENTENCES = 2_500, 20  # what it takes to name a paragraph, and to tell the sentences apart, by the character
_ASKING, _FETCHING = 400_000, 40_000  # what it takes to ask the index, and to have a paragraph of it
_MOST_OTHERS = 2_000  # times that a further citation of a footnote is tried in one letter
_MOST_PLACES = 200  # of one citation, against which a quotation is held
_MOST_DECISIONS = 200  # that are read for one letter
_MOST_FINDINGS = 2_000  # of one letter
# Characters that the findings of one letter have together, as `_size` counts them; some thousand whole paragraphs.
_MOST_TOLD = 1_800_000
_LOOK, _READING = 20, 100  # words' worth of work that it takes to begin, and to read a text of the usual length
_USUAL = 6_000  # characters that a quotation is compared with, when it is compared
# Share of the words, where a quotation is looked for elsewhere than cited; a few words are soon alike.
_NEARLY, _NEARLY_OF_FEW, _FEW_WORDS = 0.6, 0.8, 10
_LONGEST_REST = 120  # characters up to where a bracket closes
_LONGEST_SENTENCE = 150  # characters that are shown of one
_LIKELIER = 0.1  # so much more alike must another paragraph be than the one cited
_FRAME, _FRAME_OF_PART = 240, 40  # characters around a finding, and around each of the parts of one
_MOST_TOGETHER, _LONGEST_JOINT = 4, 8  # citations in a row that words before them may be quoted from; characters
_THEIRS = 0.6  # share of the words that are the same, where words may be the writer's own
_THEIRS_OF_FEW = 0.75
_BESIDE = 600  # characters before a citation and behind it that may be quoted from it without marks
_SURELY = 0.9  # so alike, it is the paragraph cited that is meant, though the words stand elsewhere


class Held(Protocol):
    """What is needed of an index; a Store has it."""

    def bodies(self) -> list[str]:
        """The names of all bodies that decisions are about."""
        ...

    def decision(self, reference: Reference) -> Decision:
        """A whole decision. Raises NotHeld."""
        ...

    def search_bm25(
        self, question: str, limit: int, within: Filter, all_words: bool = False
    ) -> list[tuple[int, float]]:
        """The paragraphs that share words with a text, with their score, best first; with `every` those with all."""
        ...

    def paragraphs(self, ids: Sequence[int]) -> list[tuple[Paragraph, DecisionEntry]]:
        """The paragraphs with these ids, in this order, each with the entry of its decision."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one citation, of one quotation, or of one that belongs to the other.

    `start` and `end` are characters of the letter, and `text` is what stands there. `detail` is for the writer of the
    letter. `reference`, `place` (“paragraph 50”, “paragraph 51(b)”, “summary”) and `quotation` are as the letter tells
    them. What is `exact` was compared; what is right, and nothing is quoted from it, is `found`. `differences` say
    where the wording differs from what is published. `right` is where it really stands, the cited place itself where
    that is right, with its right citation. `is_to_read` says that `detail` is for reading though nothing is wrong: a
    quotation has no citation or no paragraph, or leaves out the “not” before it. `is_unfinished` says that not all was
    looked for here, because the letter has too much of it.
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
        return self.is_to_read or self.verdict not in _IS_RIGHT


def check_letter(text: str, held: Held) -> tuple[Finding, ...]:
    """What was found of every citation and every quotation in a letter, in its order.

    Where that is too much, the last finding says from where on the letter was not checked.
    """
    return tuple(_Checker(held, text).findings())


def _is_told_as_theirs(found: Finding) -> bool:
    """Whether words that may be the writer's own are so like what is published that he quotes it."""
    if found.verdict == "not_held" or found.quotation is None:
        return False
    same = sum(len(one.text.split()) for one in found.differences if one.kind == "same")
    words = len(found.quotation.split())
    return not found.differences or same >= (_THEIRS_OF_FEW if words <= _FEWEST_LIKE else _THEIRS) * words


def _span_of(found: Finding) -> tuple[int, int]:
    return found.start, found.end


def _size(found: Finding) -> int:
    """How many characters it takes to tell a finding, about."""
    told = len(found.text) + len(found.detail) + len(found.place or "") + len(found.quotation or "")
    differing = sum(_FRAME_OF_PART + len(one.text) for one in found.differences)
    right = sum(_FRAME_OF_PART + len(citation) + len(place.text) for place, citation in found.right)
    return _FRAME + told + differing + right


@dataclass(frozen=True, slots=True)
class _Read:
    """A decision that was read, and where things stand in it."""

    decision: Decision
    places: dict[Number, Paragraph]
    texts: dict[Number, str]
    """What stands at each place; to join it anew for each quotation would take longer than to look for that."""
    whole: str
    """All its places, a line each at least."""

    @classmethod
    def of(cls, decision: Decision) -> _Read:
        """Read a decision."""
        places = {place.pinpoint.number: place for place in decision.places()}
        texts = {number: place.text for number, place in places.items()}
        return cls(decision, places, texts, "\n".join(texts.values()))

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
        found = [
            _narrow(place, quoted, spend)
            for number, place in self.places.items()
            if find(quoted, self.texts[number], spend)
        ]
        at = 0
        for number, place in self.places.items() if not found else ():
            end = at + len(self.texts[number])
            if at < stretch[1] and end > stretch[0]:
                found.append(place)
            at = end + 1
        return found

    def text(self, place: Paragraph) -> str:
        """What stands at a place of it."""
        return self.texts[place.pinpoint.number] if place.pinpoint.item is None else place.text

    def right(self, place: Paragraph) -> Right:
        """A place with its citation."""
        return place, place.pinpoint.cite(self.decision.body, place.numbering)

    def rights(self, places: Sequence[Paragraph]) -> tuple[Right, ...]:
        """As many places as are shown, with their citations."""
        return tuple(self.right(place) for place in places[:_MOST_RIGHT])


@dataclass(frozen=True, slots=True)
class _Cited:
    """A citation with what stands where it says, read once for all quotations from it.

    `key` is the same for citations of which the same is found. `unheld` says why no decision was read, `missing` which
    places that does not have; `is_unsure` says that a letter of an item could not be checked.
    """

    key: Hashable
    citation: Citation
    name: str | None
    read: _Read | None
    unheld: str
    places: tuple[Paragraph, ...] = ()
    texts: tuple[str, ...] = ()
    missing: str = ""
    is_unsure: bool = False
    runs: tuple[tuple[Paragraph, ...], ...] = ()


def _is_near(comparison: Comparison, quoted: str) -> bool:
    """Whether a quotation is so like what stands elsewhere than cited that it is taken from there."""
    few = len(re.findall(r"\w+", quoted)) < _FEW_WORDS
    return comparison.share >= (_NEARLY_OF_FEW if few else _NEARLY)


def _narrow(place: Paragraph, quoted: str, spend: Callable[[int], None]) -> Paragraph:
    """The lettered item that a quotation stands in, or else the whole paragraph."""
    for item in place.items():
        spend(_NAMING)
        if find(quoted, item.text, spend):
            return item
    return place


def _runs(places: Iterable[Paragraph]) -> Iterator[tuple[Paragraph, ...]]:
    """Those of some places that follow on one another in their decision, in its order, so that a quotation may too."""
    run: list[Paragraph] = []
    numbered = [place for place in places if isinstance(place.pinpoint.number, int)]
    for place in sorted(numbered, key=lambda place: (place.pinpoint.number, place.pinpoint.item or "")):
        if run and not _follows(run[-1].pinpoint, place.pinpoint):
            if len(run) > 1:
                yield tuple(run)
            run = []
        run.append(place)
    if len(run) > 1:
        yield tuple(run)


def _follows(before: Pinpoint, after: Pinpoint) -> bool:
    """Whether a place stands right after another one."""
    if before.item and after.item:
        return before.number == after.number and ord(after.item) == ord(before.item) + 1
    return not (before.item or after.item) and after.number == int(before.number) + 1


def _text(places: Iterable[Paragraph]) -> str:
    return "\n".join(place.text for place in places)


def _text_with(quoted: str, standing: Sequence[Paragraph], spend: Callable[[int], None]) -> str:
    """The text of the first place that a quotation stands in, or of all over which it goes on."""
    first = standing[0].text
    return first if find(quoted, first, spend) else _text(standing)


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
    is_unfinished: bool = False


_SAYS_INFERRED = " (number inferred)”."
_NOT_FOUND_OUT = "Not searched everywhere: the letter has too many quotations."
_READS_LIKE = "This reads like a quotation, but is not word for word as published. Quote the published words."
_FEWEST_LIKE = 7  # spaces in what has eight words
_FEWEST_OF_REST = 4  # spaces in what has five words
# What it takes to read a character of what is beside a citation or of its paragraph, and to hold one against a text.
_LIKENING, _LIKENING_WITH = 500, 20
_NOT_FROM_HERE = "From here on, not everything was checked: the letter cites or quotes too much. Check it in parts."
_TOO_MANY_PLACES = f"Not searched: more than {_MOST_PLACES} places are cited here. Cite fewer."
_TOO_MANY_DECISIONS = f"Not searched: the letter cites more than {_MOST_DECISIONS} decisions."


class _TooMuchToLookThrough(Exception):
    """A letter has too much in it for one thing more to be looked for; says so in a sentence."""


class _Checker:
    """Checks one letter; what it has read or looked for it keeps."""

    def __init__(self, held: Held, text: str) -> None:
        self._held = held
        self._decisions: dict[Reference, _Read | None] = {}
        self._decisions_left = _MOST_DECISIONS
        self._has_unread = False
        """Whether a decision that is cited was not read, because there are too many."""
        self._bodies = Bodies(held.bodies(), self._body)
        self.letter = Mentions.read(text, self._bodies)
        said, citations = self.letter.said, self.letter.citations
        self._starts = sorted([*(one.start for one in said), *(one.start for one in citations)])
        self._ends = sorted([*(one.end for one in said), *(one.end for one in citations)])
        self._searched: dict[str, _Elsewhere | None] = {}
        self._not_looked_for: set[str] = set()
        self._left = float(_MOST_COMPARED)
        self._left_to_look_through = _MOST_LOOKED_THROUGH
        self._others_left = _MOST_OTHERS
        self._sources: dict[Reference, Source] = {}
        self._runs: dict[tuple[Pinpoint, Pinpoint], str] = {}
        self._cited_already: dict[int, _Cited] = {}
        self._cited_alike: dict[Hashable, _Cited] = {}
        self._told: dict[Hashable, _Told] = {}
        self._likened_already: set[str] = set()
        self._shown: set[int] = set()
        """The citations that stand in a finding already."""

    def findings(self) -> list[Finding]:
        """What was found of all that the letter quotes and cites, in its order, as far as that is told."""
        said, citations = self.letter.said, self.letter.citations
        spans = [self._span(one) for one in said]
        joined: set[int] = set()
        at: list[int] = []
        """Where each quotation stands, or before it the citation that is told with it."""
        for one, (start, _) in zip(said, spans, strict=True):
            if one.is_joined and one.citation is not None and one.citation not in joined:
                at.append(min(start, citations[one.citation].start))
                joined.add(one.citation)
            else:
                at.append(start)
        alone = [citation for number, citation in enumerate(citations) if number not in joined]
        stop = self._where_too_many(at, alone)
        found, with_quotation = [], set()
        for one, span, where in zip(said, spans, at, strict=True):
            if where < stop:
                finding, number = self._check_quotation(one, *span)
                if not one.is_sure and not finding.is_unfinished and not _is_told_as_theirs(finding):
                    continue  # the writer's own words
                found.append((where, finding))
                with_quotation.add(number)
            elif one.is_joined:
                with_quotation.add(one.citation)
        # Of the citations of a footnote only that which has the words is told with them.
        for number, citation in enumerate(citations):
            if number not in with_quotation:
                found += ((finding.start, finding) for finding in self._check_citation(citation, stop))
        found += ((finding.start, finding) for finding in self._check_hidden([one for _, one in found], stop))
        found = self._with_denied(self._with_unmarked(found, stop), stop)
        told = 0
        for number, (where, finding) in enumerate(sorted(found, key=lambda pair: pair[0])):
            told += _size(finding)
            if told > _MOST_TOLD or number == _MOST_FINDINGS:
                stop = min(stop, where)
                break
        kept = sorted((finding for where, finding in found if where < stop), key=_span_of)
        return kept if stop > len(self.letter.text) else self._with_end(kept, stop)

    def _where_too_many(self, at: Sequence[int], alone: Sequence[Citation]) -> int:
        """Where the first thing stands for which there is no finding left; beyond the letter where there is none."""
        every = list(at)
        for citation in alone:
            every.append(citation.start)
            every += (max(citation.start, place.start) for place in citation.places[1:])
            if len(every) > len(at) + _MOST_FINDINGS:
                break
        return sorted(every)[_MOST_FINDINGS] if len(every) > _MOST_FINDINGS else len(self.letter.text) + 1

    def _with_end(self, kept: Sequence[Finding], stop: int) -> list[Finding]:
        """Some findings, with the one that says from where on the letter was not checked."""
        start = max([stop, *(one.end for one in kept if one.start <= stop)])
        following = min([one.start for one in kept if one.start >= start], default=len(self.letter.text))
        if not self.letter.text[start:following].strip():
            kept = [one for one in kept if one.end <= stop]
            start, following = stop, len(self.letter.text)
        shown = self.letter.text[start : min(following, start + _LONGEST_REST)].partition("\n")[0]
        told = _Told("not_held", _NOT_FROM_HERE, is_unfinished=True)
        last = Finding(
            start, start + len(shown), shown, told.verdict, told.detail, None, None, None, is_unfinished=True
        )
        return sorted([*kept, last], key=_span_of)

    def _with_unmarked(self, found: Iterable[tuple[int, Finding]], stop: int) -> list[tuple[int, Finding]]:
        """Some findings, with those of words that read like a quotation without marks in place of the ones there."""
        kept = sorted(found, key=lambda pair: pair[1].start)
        starts, ends = [one.start for _, one in kept], [one.end for _, one in kept]
        gone: set[int] = set()
        added: list[Finding] = []
        for number, citation in enumerate(self.letter.citations):
            if citation.start >= stop:
                break
            try:
                like = self._reads_like(number, citation)
            except _TooMuchToLookThrough as error:
                for at in range(bisect.bisect_right(ends, citation.start), bisect.bisect_left(starts, citation.end)):
                    if kept[at][1].verdict == "found":
                        gone.add(at)
                        unread = replace(kept[at][1], verdict="not_held", detail=str(error), right=())
                        added.append(replace(unread, is_to_read=False, is_unfinished=True))
                continue
            if like is None:
                continue
            # Few words in marks, and a paragraph that is mentioned, may stand within.
            first, last = bisect.bisect_right(ends, like.start), bisect.bisect_left(starts, like.end)
            start, end = min([like.start, *starts[first:last]]), max([like.end, *ends[first:last]])
            quoted = (kept[at][1] for at in range(first, last) if kept[at][1].quotation is not None)
            if any(one.is_to_look_at for one in quoted) or (added and start < added[-1].end):
                continue
            gone.update(range(first, last))
            added.append(replace(like, start=start, end=end, text=self.letter.text[start:end]))
        return [pair for at, pair in enumerate(kept) if at not in gone] + [(one.start, one) for one in added]

    def _with_denied(self, found: Sequence[tuple[int, Finding]], stop: int) -> list[tuple[int, Finding]]:
        """Some findings, those altered whose citation has something beside it that is not so there."""
        cited = [self._beside_of(number) for number in range(len(self.letter.citations))]
        quotations = [(one.start, one.end) for one in self.letter.said]
        bodies = self._bodies.named
        kept = sorted(found, key=lambda pair: pair[1].start)
        ends = list(itertools.accumulate((one.end for _, one in kept), max))
        for number, detail in denied(self.letter.text, quotations, cited, bodies):
            citation = self.letter.citations[number]
            for at in range(bisect.bisect_right(ends, citation.start), len(kept)):
                where, finding = kept[at]
                if finding.start >= min(citation.end, stop):
                    break
                if finding.verdict in (*_IS_RIGHT, "number_inferred"):
                    is_quiet = finding.verdict in _IS_RIGHT and not finding.is_to_read
                    detail = detail if is_quiet else f"{detail} {finding.detail}"
                    kept[at] = where, replace(finding, verdict="altered", detail=detail)
                    break
        return kept

    def _beside_of(self, number: int) -> Cited:
        """A citation as what stands beside it is held against it."""
        citation = self.letter.citations[number]
        try:
            held = self._held_against(number)
            read = held.read
            if read is None or held.missing:
                return Cited(citation.start, citation.end)
            self._spend(_NAMING)
        except _TooMuchToLookThrough:
            return Cited(citation.start, citation.end)
        place = held.name if citation.places and held.name else f"decision {read.decision.reference}"
        place = "the summary" if place == SUMMARY else place
        if read.decision.reference not in self._sources:
            self._sources[read.decision.reference] = Source(read.decision, tuple(read.texts.values()))
        source = self._sources[read.decision.reference]
        return Cited(citation.start, citation.end, source, place, held.texts if citation.places else ())

    @functools.cached_property
    def _walls(self) -> tuple[list[int], list[int]]:
        """Where the citations with a reference and the long quotations begin and end; words beside others are not
        beside one.
        """
        spans = [(one.start, one.end) for one in self.letter.said if one.text.count(" ") >= _FEWEST_LIKE]
        spans = sorted([*spans, *((one.start, one.end) for one in self.letter.citations if one.has_reference)])
        return [start for start, _ in spans], [end for _, end in spans]

    def _beside(self, citation: Citation) -> Iterator[tuple[int, int]]:
        """The stretches before a citation and behind it that may be quoted from it."""
        starts, ends = self._walls if citation.has_reference else (self._starts, self._ends)
        before, following = bisect.bisect_right(ends, citation.start), bisect.bisect_left(starts, citation.end)
        begin = citation.start
        for _ in range(_MOST_TOGETHER):  # “(20 001 737, paragraph 46; 21 017 496, paragraph 63)”: of both
            if not before or begin - ends[before - 1] > _LONGEST_JOINT:
                break
            before, begin = before - 1, starts[before - 1]
        yield max(ends[before - 1] if before else 0, citation.start - _BESIDE), begin
        stop = starts[following] if following < len(starts) else len(self.letter.text)
        yield citation.end, min(stop, citation.end + _BESIDE)

    def _reads_like(self, number: int, citation: Citation) -> Finding | None:
        """What is told of words beside a citation that are like its paragraph for a long stretch, and then differ."""
        for (start, stop), step in zip(self._beside(citation), (-1, 1), strict=True):
            beside = self.letter.text[start:stop]
            cited = self._held_against(number) if beside.count(" ") >= _FEWEST_LIKE else None
            if cited is None or cited.read is None or cited.missing:
                continue
            texts = self._likened(cited, beside)
            like = reads_like(beside, texts)
            if like is None or self._is_of_other(number + step, beside):
                continue
            first, last, at = like
            stretch = beside[first:last]
            comparison = compare(stretch, texts[at], self._spend)
            place = (cited.places or tuple(cited.read.places.values()))[at]
            differences = comparison.differences if comparison else ()
            told = _Told("altered", _READS_LIKE, (cited.read.right(place),), differences)
            told = _settled(told, citation, cited.read, citation.places, cited.places, cited.is_unsure)
            told = _read_forwards(told, citation.places)
            span = min(start + first, citation.start), max(start + last, citation.end)
            if stop < citation.start:  # another citation stands between
                span = citation.start, citation.end
            return self._finding(*span, citation, cited.name, stretch, told)
        return None

    def _likened(self, cited: _Cited, beside: str) -> Sequence[str]:
        """The texts that words beside a citation are held against: its paragraphs, or all those of its decision."""
        assert cited.read is not None
        texts = cited.texts if cited.citation.places else tuple(cited.read.texts.values())
        new = sum(len(text) for text in texts if text not in self._likened_already)
        self._likened_already.update(texts)
        self._spend(_LIKENING * (new + len(beside)) + _LIKENING_WITH * len(texts) * len(beside))
        return texts

    def _is_of_other(self, number: int, beside: str) -> bool:
        """Whether words are those of the citation on their other side."""
        if not 0 <= number < len(self.letter.citations):
            return False
        cited = self._held_against(number)
        if cited.read is None:
            return False
        texts = self._likened(cited, beside)
        return shares_words(beside, texts) and reads_like(beside, texts) is None

    def _check_hidden(self, found: Iterable[Finding], stop: int) -> Iterator[Finding]:
        """What was found of the citations within what is set apart, where that is not told."""
        kept = sorted(found, key=_span_of)
        ends = list(itertools.accumulate((one.end for one in kept), max))
        for citation in self.letter.hidden:
            before = bisect.bisect_right(kept, citation.start, key=lambda one: one.start)
            if not before or ends[before - 1] <= citation.start:
                yield from self._check_citation(citation, stop)

    def _check_citation(self, citation: Citation, stop: int) -> Iterator[Finding]:
        """What was found of a citation that nothing is quoted from: a finding for each place that it tells before
        `stop`.
        """
        if citation.start >= stop:
            return
        if not citation.places:
            yield self._finding(citation.start, citation.end, citation, None, None, self._cited(citation, ()))
        start, named = citation.start, citation.named
        for number, place in enumerate(citation.places, 1):
            if number > 1 and place.start >= stop:
                return
            end = citation.end
            if number < len(citation.places):
                following = citation.places[number].start
                end = place.end
                if named and start <= named.start and named.end <= following:
                    end = max(end, named.end)
            yield self._finding(start, end, citation, place.name, None, self._cited(citation, (place,)))
            start = max(end, citation.places[number].start) if number < len(citation.places) else end

    def _check_quotation(self, said: Said, start: int, end: int) -> tuple[Finding, int | None]:
        """What was found of a quotation, and the number of the citation that is told with it."""
        try:
            return self._looked_for(said, start, end)
        except _TooMuchToLookThrough as error:
            # Nothing is told of it: it may stand in what was not looked through.
            self._not_looked_for.add(fold(said.text))
            told = _Told("not_held", str(error), is_unfinished=True)
            citation = self.letter.citations[said.citation] if said.citation is not None and said.is_joined else None
            name = Place.names(citation.places) if citation else None
            return self._finding(start, end, citation, name, said.text, told), said.citation if citation else None

    def _looked_for(self, said: Said, start: int, end: int) -> tuple[Finding, int | None]:
        if said.citation is not None:
            used = said.citation
            cited = self._held_against(said.citation)
            quoted, told = said.text, self._quoted_once(said.text, cited)
            if said.stops and told.verdict != "exact":
                quoted, told = self._quoted_up_to(said, cited, told)
            for number in said.others:
                if told.verdict == "exact":
                    break
                self._others_left -= 1
                if self._others_left < 0:
                    self._not_looked_for.add(fold(said.text))
                    break
                other = self._held_against(number)
                if (better := self._quoted_once(said.text, other)).verdict == "exact":
                    cited, told, used = other, better, number
            if said.is_joined or told.verdict != "not_held":
                finding = self._finding(start, end, cited.citation, cited.name, quoted, told)
                return finding, used if said.is_joined else None
        return self._finding(start, end, None, None, said.text, self._uncited(said)), None

    def _quoted_up_to(self, said: Said, cited: _Cited, whole: _Told) -> tuple[str, _Told]:
        """What was found of as many words of a quotation without marks as are published, if the rest is the writer's
        own; else of the whole, or of the rest where that is quoted too.
        """
        if cited.read is None:
            return said.text, whole
        for stop in reversed(said.stops):
            quoted, rest = said.text[:stop], said.text[stop:].strip(" \t\r\n.!?…;")
            if not any(find(quoted, text, self._spend) for text in cited.texts or (cited.read.whole,)):
                continue
            told = self._quoted_once(quoted, cited)
            if rest.count(" ") < _FEWEST_OF_REST:
                return quoted, told
            behind = self._quoted_once(rest, cited)
            finding = self._finding(0, 0, cited.citation, cited.name, rest, behind)
            is_own = behind.verdict == "exact" or not _is_told_as_theirs(finding)
            return (quoted, told) if is_own else (rest, behind)
        first = next((said.text[:stop] for stop in said.stops if said.text.count(" ", 0, stop) > _FEWEST_OF_REST), "")
        if first and not _is_told_as_theirs(self._finding(0, 0, cited.citation, cited.name, said.text, whole)):
            return first, self._quoted_once(first, cited)
        return said.text, whole

    def _finding(
        self, start: int, end: int, citation: Citation | None, place: str | None, quoted: str | None, told: _Told
    ) -> Finding:
        is_unfinished = told.is_unfinished
        if quoted is not None and told.verdict == "not_held" and not is_unfinished:
            is_unfinished = fold(quoted) in self._not_looked_for
            told = replace(told, detail=_NOT_FOUND_OUT) if is_unfinished else told
        named = citation.named if citation else None
        written = self.letter.text[start:end]
        following = bisect.bisect_left(self._starts, end)
        stop = self._starts[following] if following < len(self._starts) else len(self.letter.text)
        rest = self.letter.text[end : min(stop, end + _LONGEST_REST)].partition("\n")[0]
        unclosed = end
        for opening, closing in ("()", "[]"):
            if written.count(opening) > written.count(closing) and closing in rest:
                end = max(end, unclosed + rest.index(closing) + 1)
            elif written.count(opening) < written.count(closing) and self.letter.text[start - 1 : start] == opening:
                start -= 1
        return Finding(
            start,
            end,
            self.letter.text[start:end],
            told.verdict,
            told.detail,
            named.reference if named else None,
            place,
            quoted,
            told.differences,
            told.right[:_MOST_RIGHT],
            told.is_to_read,
            is_unfinished,
        )

    def _span(self, said: Said) -> tuple[int, int]:
        """Where a quotation stands, with its citation where nothing else stands between them."""
        if not said.is_joined or said.citation is None or said.citation in self._shown or said.mark:
            return said.start, said.end
        citation = self.letter.citations[said.citation]
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
            raise _TooMuchToLookThrough(_NOT_FOUND_OUT)

    # Comparing, as long as there are words left for it.

    def _compare(self, quoted: str, text: str) -> Comparison | None:
        return compare(quoted, text, self._spend) if self._may_compare(quoted, len(text)) else None

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
        may_compare = self._may_compare(quoted, min(_USUAL, sum(map(len, texts))))
        return nearest(quoted, texts, self._spend) if may_compare else []

    def _nearest_place(
        self, quoted: str, places: Iterable[Paragraph], texts: Iterable[str]
    ) -> tuple[Comparison, Sequence[Paragraph]] | None:
        """The place with the wording that is nearest to a quotation."""
        if self._left < 0:
            self._not_looked_for.add(fold(quoted))
            return None
        found = self._nearest(quoted, list(texts))
        return (found[0][1], [list(places)[found[0][0]]]) if found else None

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
        return self._decision(
            named.reference
        ), f"No decision {named.reference} in this collection. Check the reference."

    def _decision(self, reference: Reference) -> _Read | None:
        if reference not in self._decisions:
            if self._decisions_left <= 0:
                self._has_unread = True
                raise _TooMuchToLookThrough(_TOO_MANY_DECISIONS)
            try:
                self._decisions[reference] = _Read.of(self._held.decision(reference))
                self._decisions_left -= 1
            except NotHeld:
                self._decisions[reference] = None
        return self._decisions[reference]

    def _body(self, reference: Reference) -> str | None:
        """The body that a decision is about; None where it is not held, and no name where that is not found out."""
        try:
            read = self._decision(reference)
        except _TooMuchToLookThrough:
            return ""
        return read.decision.body if read else None

    def _held_against(self, number: int) -> _Cited:
        """A citation with what stands where it says."""
        if number not in self._cited_already:
            self._cited_already[number] = self._held_against_once(self.letter.citations[number])
        return self._cited_already[number]

    def _held_against_once(self, citation: Citation) -> _Cited:
        named, places = citation.named, citation.places
        if len(places) > _MOST_PLACES:
            return _Cited(None, citation, Place.names(places), None, "")
        told = tuple((place.number, place.item, place.last, place.says_inferred, place.runs_back) for place in places)
        key = ((named.digits, named.body) if named else None, told, citation.says_inferred)
        if key not in self._cited_alike:
            name = Place.names(places)
            read, unheld = self._read(citation)
            if read is None:
                self._cited_alike[key] = _Cited(key, citation, name, None, unheld)
            else:
                self._spend(_NAMING * sum(min(len(place.numbers), len(read.places)) for place in places))
                found, missing, is_unsure = _found(read, places)
                texts = tuple(map(read.text, found))
                runs = tuple(_runs(found))
                self._cited_alike[key] = _Cited(
                    key, citation, name, read, unheld, tuple(found), texts, missing, is_unsure, runs
                )
        return replace(self._cited_alike[key], citation=citation)

    def _cited(self, citation: Citation, places: Sequence[Place]) -> _Told:
        """What was found of places that nothing is quoted from."""
        try:
            read, unheld = self._read(citation)
        except _TooMuchToLookThrough as error:
            return _Told("not_held", str(error), is_unfinished=True)
        if read is None:
            return _Told("not_held", unheld)
        found, missing, is_unsure = _found(read, places)
        right = read.rights(found)
        if missing:
            return _Told("not_held", missing, right)
        if not places:
            told = _Told("found", "This decision exists. No paragraph is cited and nothing is quoted.")
        elif places[0].number == SUMMARY:
            told = _Told("found", "The decision has a summary. Nothing is quoted from it.", right)
        elif len(found) > 1:
            told = _Told("found", "The paragraphs exist. Nothing is quoted from them.", right)
        else:
            told = _Told("found", "The paragraph exists. Nothing is quoted from it.", right)
        return _read_forwards(_settled(told, citation, read, places, found, is_unsure), places)

    # Quotations.

    def _quoted_once(self, quoted: str, cited: _Cited) -> _Told:
        if len(cited.citation.places) > _MOST_PLACES:
            return _Told("not_held", _TOO_MANY_PLACES, is_unfinished=True)
        key = (quoted, cited.key)
        if key not in self._told:
            self._spend(0)
            told = self._quoted(quoted, cited)
            self._told[key] = told if cited.missing else _read_forwards(told, cited.citation.places)
        return self._told[key]

    def _quoted(self, quoted: str, cited: _Cited) -> _Told:
        """What was found of a quotation with a citation."""
        citation, read, unheld, places, missing = cited.citation, cited.read, cited.unheld, cited.places, cited.missing
        if read is None:
            found = self._anywhere(quoted)
            if found is None:
                return _Told("not_held", f"{unheld} These words are in no other decision in this collection.")
            # Of whose paragraph it is nothing was told, so nothing told is wrong.
            verdict: Verdict = "wrong_paragraph" if citation.named else "not_held"
            where = f"{_these(found.comparison)} are in {found.right[0][1]}."
            return _Told(verdict, f"{unheld} {where}", found.right, _differences(found))
        if not citation.places:
            return _settled(self._in_decision(quoted, read), citation, read, (), ())
        standing: Sequence[Paragraph] = [
            place for place, text in zip(places, cited.texts, strict=True) if find(quoted, text, self._spend)
        ]
        text = read.text(standing[0]) if standing else ""
        if not standing and find(quoted, read.whole, self._spend):
            for run in cited.runs:
                if find(quoted, text := self._text_of(run, quoted), self._spend):
                    standing = run
                    break
        if standing:
            right = read.rights(standing)
            if missing:
                return _Told("not_held", f"{missing} The words are as published in {_names(standing)}.", right)
            told = _exact("Word for word as published.", quoted, text, right, standing, self._spend)
            return _settled(told, citation, read, citation.places, standing, cited.is_unsure)
        here = self._nearest_place(quoted, places, cited.texts)
        for run in cited.runs:
            together = self._compare(quoted, self._text_of(run, quoted))
            if together is not None and (here is None or together.share >= here[0].share + _LIKELIER):
                here = together, run
        if here is not None and not missing and here[0].is_abridged:
            return _settled(_altered(*here, read, quoted), citation, read, citation.places, here[1], cited.is_unsure)
        standing = read.standing(quoted, self._spend)
        elsewhere = f"not in {cited.name}"
        if standing:
            right = read.rights(standing)
            told_of = {place.pinpoint for place in places}
            overlaps = [place for place in standing if place.pinpoint in told_of]
            if overlaps and len(standing) > len(overlaps):
                detail = f"These words run across {_names(standing)}. Cite them all."
            else:
                detail = f"These words are in {_names(standing)}, {elsewhere}."
            return _Told("wrong_paragraph", f"{missing} {detail}".strip(), right)
        # Where the paragraph cited is so like it that nothing else can matter, nothing else is looked for.
        least = here[0].share + _LIKELIER if here is not None and not missing else 0.0
        there = self._nearest_place(quoted, read.places.values(), read.texts.values()) if least <= 1 else None
        if there is not None and _is_near(there[0], quoted) and there[0].share >= least:
            place = _narrow_nearly(there[1][0], quoted, self._spend)
            detail = f"{missing} {_these(there[0])} are in {place.pinpoint.place}, {elsewhere}.".strip()
            return _Told("wrong_paragraph", detail, (read.right(place),), there[0].differences)
        is_sure = here is not None and not missing and here[0].share >= _SURELY
        found = None if is_sure else self._anywhere(quoted)
        if here is not None and not missing and (found is None or found.comparison is not None):
            return _settled(_altered(*here, read, quoted), citation, read, citation.places, here[1], cited.is_unsure)
        if found is not None:
            where = f"{_these(found.comparison)} are in {found.right[0][1]}, not in decision {read.decision.reference}."
            return _Told("wrong_paragraph", where, found.right, _differences(found))
        nowhere = f"These words are neither in {cited.name} nor anywhere else in this collection."
        return _Told("not_held", f"{missing} {nowhere}".strip())

    def _in_decision(self, quoted: str, read: _Read) -> _Told:
        """What was found of a quotation with a reference alone."""
        standing = read.standing(quoted, self._spend)
        if standing:
            detail = f"Word for word as published, in {_names(standing)}. Name the paragraph."
            text = _text_with(quoted, standing, self._spend)
            told = _exact(detail, quoted, text, read.rights(standing), standing, self._spend)
            return replace(told, is_to_read=True)
        there = self._nearest_place(quoted, read.places.values(), read.texts.values())
        if there is not None and _is_near(there[0], quoted):
            return _altered(*there, read, quoted)
        found = self._anywhere(quoted)
        if found is None:
            return _Told("not_held", "These words are neither in this decision nor anywhere else in this collection.")
        detail = f"{_these(found.comparison)} are in {found.right[0][1]}, not in decision {read.decision.reference}."
        return _Told("wrong_paragraph", detail, found.right, _differences(found))

    def _uncited(self, said: Said) -> _Told:
        """What was found of a quotation without a citation."""
        found = self._anywhere(said.text)
        lack = "but not cited" if said.mark is None else "but what its footnote cites could not be read"
        if said.aside:
            lack = f"but “{said.aside}” after it could not be read as a citation"
        if found is None:
            return _Told(
                "not_held", "These words are in no decision in this collection. They may be from somewhere else."
            )
        where = found.right[0][1]
        if found.comparison is None:
            detail = f"Word for word as published, {lack}. It is in {where}."
            text = found.right[0][0].text
            places = [place for place, _ in found.right]
            return replace(_exact(detail, said.text, text, found.right, places, self._spend), is_to_read=True)
        detail = f"{_these(found.comparison)} are in {where}, {lack.replace('but not', 'which is not')}."
        return _Told("altered", detail, found.right, found.comparison.differences)

    def _anywhere(self, quoted: str) -> _Elsewhere | None:
        """Where a quotation stands: in the decisions that the letter cites, or else in any other."""
        key = fold(quoted)
        if key not in self._searched:
            if len(self._searched) == _MOST_SEARCHES:
                self._not_looked_for.add(key)
                return None
            self._searched[key] = self._look(key)
            if self._searched[key] is None and self._has_unread:
                self._not_looked_for.add(key)
        return self._searched[key]

    def _look(self, quoted: str) -> _Elsewhere | None:
        words = re.findall(r"\w+", quoted)
        cited = [read for read in self._decisions.values() if read is not None]
        right = [one for read in cited for one in read.rights(read.standing(quoted, self._spend))]
        if not words or right:
            return _Elsewhere(tuple(right[:_MOST_RIGHT]), None) if right else None
        # What is quoted word for word has every word; of the rest, in a large index, only the rarest are looked for.
        for every in (True, False):
            self._spend(_ASKING)
            found = self._held.search_bm25(" ".join(words[:_SEARCHED_WORDS]), _SEARCHED, Filter(), every)
            self._spend(_FETCHING * len(found))
            candidates = self._held.paragraphs([identity for identity, _ in found])
            texts = [place.text for place, _ in candidates]
            for (place, entry), text in zip(candidates, texts, strict=True):
                if find(quoted, text, self._spend):
                    right.append(_cite(_narrow(place, quoted, self._spend), entry))
            if right:
                return _Elsewhere(tuple(right[:_MOST_RIGHT]), None)
        nearly = self._nearest(quoted, texts)
        if not nearly or not _is_near(nearly[0][1], quoted):
            return None
        for number, comparison in nearly:
            if comparison.share == nearly[0][1].share:
                place, entry = candidates[number]
                right.append(_cite(_narrow_nearly(place, quoted, self._spend), entry))
        return _Elsewhere(tuple(right[:_MOST_RIGHT]), nearly[0][1])


def _exact(
    detail: str,
    quoted: str,
    text: str,
    right: tuple[Right, ...],
    places: Sequence[Paragraph],
    spend: Callable[[int], None],
) -> _Told:
    """What is told of words that stand in a text, also if what comes before them in their sentence negates them, or if
    they have a mark of a list that it does not have.
    """
    mark = next((mark for mark, rest in list_marks(quoted) if not _is_marked(mark, rest, text, places, spend)), None)
    if mark is not None:
        published = "leave it out, or check it where the decision is published"
        detail = f"{detail} But “{mark}” is not there in our copy: {published}."
    spend(_SENTENCES * len(text))
    stretch = find(quoted, text, spend)
    for start, end in sentence_spans(text) if stretch else ():
        if stretch and start < stretch[0] < end:
            negation = NEGATION.search(text, start, stretch[0])
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
    return _Told("exact", detail, right, is_to_read=mark is not None)


def _is_marked(mark: str, rest: str, text: str, places: Sequence[Paragraph], spend: Callable[[int], None]) -> bool:
    """Whether what begins so in a text has this number or letter: of its paragraph, of an item, or among its words."""
    value = re.sub(r"\W", "", mark).lower()
    for place in places:
        for number, line in enumerate(place.lines):
            own = {line.item, str(place.pinpoint.number) if number == 0 else None}
            if value in own and (stretch := find(rest, line.text, spend)) and stretch[0] == 0:
                return True
    return fold(f"{mark} {rest.partition(' ')[0]}".strip()) in fold(text)


def _cite(place: Paragraph, entry: DecisionEntry) -> Right:
    return place, place.pinpoint.cite(entry.body, place.numbering)


def _narrow_nearly(place: Paragraph, quoted: str, spend: Callable[[int], None]) -> Paragraph:
    """The lettered item that is as near to a quotation as the whole paragraph, or else that."""
    whole = compare(quoted, place.text, spend)
    for item in place.items():
        spend(_NAMING)
        there = compare(quoted, item.text, spend)
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
        right = read.rights(places)
        return _Told("exact", "Word for word as published; “[…]” replaces whole lines.", right)
    if comparison.is_abridged:
        detail = "Word for word, except for what “…” leaves out. Read what that is."
    else:
        detail = f"The wording differs from {_names(places)} as published. Quote the published words."
        if letter := _changed_letter(comparison):
            detail = f"Only the first letter differs from {_names(places)} as published: write “{letter}”."
    return _Told("altered", detail, read.rights(places), comparison.differences)


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
    found: dict[tuple[Number, str | None], Paragraph] = {}
    missing, is_unsure = "", False
    reference = read.decision.reference
    for place in places:
        for number in place.numbers:
            paragraph = read.places.get(number)
            if paragraph is None:
                beyond = number if place.last is None or number == place.number else place.last
                what = "summary" if number == SUMMARY else f"paragraph {beyond}"
                missing = missing or f"Decision {reference} has no {what}; {read.extent}."
                break
            if place.item is None or number == SUMMARY:
                found[number, None] = paragraph
                continue
            items = {item.pinpoint.item: item for item in paragraph.items()}
            if place.item in items:
                found[number, place.item] = items[place.item]
            elif not items and any(line.depth for line in paragraph.lines):
                found[number, None] = paragraph  # this copy lost the letters of its list
                is_unsure = True
            else:
                missing = missing or f"Paragraph {number} of decision {reference} has no item ({place.item})."
    return list(found.values()), missing, is_unsure


def _read_forwards(told: _Told, places: Sequence[Place]) -> _Told:
    """What was found, with what is to be said of ranges that run backwards."""
    backwards = [place for place in places if place.runs_back]
    if not backwards:
        return told
    detail = f"{told.detail} The range runs backwards."
    if not told.detail.endswith(_SAYS_INFERRED):  # that is said with the range as it is to be written
        detail = f"{detail[:-1]}: write “{_forwards(backwards)}”, if that is meant."
    return replace(told, detail=detail, is_to_read=True)


def _forwards(places: Sequence[Place]) -> str | None:
    """The names of some places, with each range from its lower number on."""
    return Place.names([replace(place, runs_back=False) for place in places])


def _settled(
    told: _Told,
    citation: Citation,
    read: _Read,
    cited: Sequence[Place],
    found: Sequence[Paragraph],
    is_unsure: bool = False,
) -> _Told:
    """What was found of the words, together with what is to be said of the body and of how the number is known."""
    body = citation.named.body if citation.named else None
    if body is not None and not is_name_of(body, read.decision.body):
        wrong = f"Decision {read.decision.reference} is about {read.decision.body}, not about {body}."
        right = told.right or tuple(read.right(place) for place in list(read.places.values())[:1] if not cited)
        detail = wrong if told.verdict in _IS_RIGHT and not told.is_to_read else f"{wrong} {told.detail}"
        told = replace(told, verdict="altered", detail=detail, right=right)
    inferred = [place for place in found if place.numbering == "inferred" and place.pinpoint.number != SUMMARY]
    says_inferred = citation.says_inferred or (bool(cited) and all(place.says_inferred for place in cited))
    if cited and inferred and not says_inferred:
        detail = f"{told.detail} The number is inferred, not published. Write “{_forwards(cited)}{_SAYS_INFERRED}"
        return replace(told, verdict="number_inferred" if told.verdict in _IS_RIGHT else told.verdict, detail=detail)
    if told.verdict not in _IS_RIGHT or not cited:
        return told
    if says_inferred and not inferred:
        return replace(told, detail=f"{told.detail} The number is the published one. Remove “(number inferred)”.")
    if is_unsure:
        detail = (
            "This copy of the decision does not keep the letters of the list: check the letter where it is published."
        )
        return replace(told, verdict="number_inferred", detail=detail)
    return told
