"""Somebody's own text → what is right and wrong with the decisions that it cites. Pure but for what it is handed.

One way down: what may be references is looked up at once; qa.letters.scan finds what a letter cites and quotes,
qa.letters.attach tells what belongs to what, and here each is compared with what was looked up; qa.letters.verdicts
says it. A quotation is looked for where the letter says that it stands, then in that decision, then everywhere; one
that belongs to no citation is looked for everywhere. Nothing is called right that was not found: what cannot be checked
is said not to be held. Whether a paragraph supports what the letter says of it, nobody here can tell.
"""

from __future__ import annotations

import bisect
import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.text.mentions import names_of
from qa.letters import claims, verdicts
from qa.letters.attach import attach
from qa.letters.compare import Cited, Comparer
from qa.letters.held import MAX_LOCATIONS, NAMING_WORK, NOT_LOOKED_FOR, Held, HeldDecisions, TooMuchWork, Work
from qa.letters.scan import LetterQuotation, ParsedLetter, scan
from qa.letters.unmarked import reads_like, shares_words
from qa.letters.verdicts import FEWEST_SPACES, IS_RIGHT, Finding, Outcome, is_quoted
from qa.text.antecedents import possible_references
from qa.text.pin_cites import Bodies, Citation

_MAX_OTHERS = 2_000  # times that a further citation of a footnote is tried in one letter
_MAX_FINDINGS = 2_000  # of one letter
# Characters that the findings of one letter have together, by their size; some thousand whole paragraphs.
_MAX_CHARACTERS = 1_800_000
_MAX_REST = 120  # characters up to where a bracket closes
_MAX_TOGETHER, _MAX_JOINT = 4, 8  # citations in a row that words before them may be quoted from; characters
_BESIDE = 600  # characters before a citation and behind it that may be quoted from it without marks
_MIN_SPACES_OF_REST = 4  # spaces in what has five words
# What it takes to read a character of what is beside a citation or of its paragraph, and to hold one against a text.
_LIKENING_WORK, _LIKENING_WITH_WORK = 500, 20
_READS_LIKE = "This reads like a quotation, but is not word for word as published. Quote the published words."
_NOT_FROM_HERE = "From here on, not everything was checked: the letter cites or quotes too much. Check it in parts."


def check_letter(text: str, held: Held) -> tuple[Finding, ...]:
    """What was found of every citation and every quotation in a letter, in its order.

    Where that is too much, the last finding says from where on the letter was not checked.
    """
    work = Work()
    decisions = HeldDecisions(held, work)
    bodies = Bodies(held.bodies(), decisions.read(possible_references(text)).get)
    letter = attach(scan(text, bodies))
    return tuple(_Checker(letter, bodies, decisions, work).findings())


class _Checker:
    """Checks one letter: has each of its quotations and citations compared once, and says where it stands."""

    def __init__(self, letter: ParsedLetter, bodies: Bodies, decisions: HeldDecisions, work: Work) -> None:
        self._bodies, self._work = bodies, work
        citations, hidden = (tuple(map(decisions.identified, each)) for each in (letter.citations, letter.hidden))
        self._letter = replace(letter, citations=citations, hidden=hidden)
        self._comparer = Comparer(citations, decisions, work)
        self._starts, self._ends = _edges(letter.quotations, citations)
        self._others_left = _MAX_OTHERS
        self._likened_already: set[str] = set()
        self._shown: set[int] = set()
        """The citations that stand in a finding already."""

    def findings(self) -> list[Finding]:
        """What was found of all that the letter quotes and cites, in its order, as far as that is told."""
        said, citations = self._letter.quotations, self._letter.citations
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
                is_told = finding.quotation is not None and is_quoted(finding, finding.quotation)
                if not one.is_sure and not finding.is_unfinished and not is_told:
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
            told += finding.size
            if told > _MAX_CHARACTERS or number == _MAX_FINDINGS:
                stop = min(stop, where)
                break
        kept = sorted((finding for where, finding in found if where < stop), key=_span_of)
        return kept if stop > len(self._letter.text) else self._with_end(kept, stop)

    def _where_too_many(self, at: Sequence[int], alone: Sequence[Citation]) -> int:
        """Where the first thing stands for which there is no finding left; beyond the letter where there is none."""
        every = list(at)
        for citation in alone:
            every.append(citation.start)
            every += (max(citation.start, place.start) for place in citation.places[1:])
            if len(every) > len(at) + _MAX_FINDINGS:
                break
        return sorted(every)[_MAX_FINDINGS] if len(every) > _MAX_FINDINGS else len(self._letter.text) + 1

    def _with_end(self, kept: Sequence[Finding], stop: int) -> list[Finding]:
        """Some findings, with the one that says from where on the letter was not checked."""
        start = max([stop, *(one.end for one in kept if one.start <= stop)])
        following = min([one.start for one in kept if one.start >= start], default=len(self._letter.text))
        if not self._letter.text[start:following].strip():
            kept = [one for one in kept if one.end <= stop]
            start, following = stop, len(self._letter.text)
        shown = self._letter.text[start : min(following, start + _MAX_REST)].partition("\n")[0]
        end = start + len(shown)
        last = Finding("not_held", _NOT_FROM_HERE, is_unfinished=True, start=start, end=end, text=shown)
        return sorted([*kept, last], key=_span_of)

    def _with_unmarked(self, found: Iterable[tuple[int, Finding]], stop: int) -> list[tuple[int, Finding]]:
        """Some findings, with those of words that read like a quotation without marks in place of the ones there."""
        kept = sorted(found, key=lambda pair: pair[1].start)
        starts, ends = [one.start for _, one in kept], [one.end for _, one in kept]
        gone: set[int] = set()
        added: list[Finding] = []
        for number, citation in enumerate(self._letter.citations):
            if citation.start >= stop:
                break
            try:
                like = self._reads_like(number, citation)
            except TooMuchWork as error:
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
            added.append(replace(like, start=start, end=end, text=self._letter.text[start:end]))
        return [pair for at, pair in enumerate(kept) if at not in gone] + [(one.start, one) for one in added]

    def _with_denied(self, found: Sequence[tuple[int, Finding]], stop: int) -> list[tuple[int, Finding]]:
        """Some findings, those altered whose citation has something beside it that is not so there."""
        cited = [self._beside_of(number) for number in range(len(self._letter.citations))]
        quotations = [(one.start, one.end) for one in self._letter.quotations]
        kept = sorted(found, key=lambda pair: pair[1].start)
        ends = list(itertools.accumulate((one.end for _, one in kept), max))
        for citation, detail in claims.denied(self._letter.text, quotations, cited, self._bodies.named):
            for at in range(bisect.bisect_right(ends, citation.start), len(kept)):
                where, finding = kept[at]
                if finding.start >= min(citation.end, stop):
                    break
                if finding.verdict in (*IS_RIGHT, "number_inferred"):
                    is_quiet = finding.verdict in IS_RIGHT and not finding.is_to_read
                    detail = detail if is_quiet else f"{detail} {finding.detail}"
                    kept[at] = where, replace(finding, verdict="altered", detail=detail)
                    break
        return kept

    def _beside_of(self, number: int) -> Cited:
        """A citation as what stands beside it is held against it: with no decision where there is no work left."""
        try:
            cited = self._comparer.cited(number)
            if cited.source is not None:
                self._work.spend(NAMING_WORK)
            return cited
        except TooMuchWork:
            return Cited(None, self._letter.citations[number], None, None, "")

    @functools.cached_property
    def _walls(self) -> tuple[list[int], list[int]]:
        """Where the citations with a reference and the long quotations begin and end; words beside others are not
        beside one.
        """
        quotations = [one for one in self._letter.quotations if one.text.count(" ") >= FEWEST_SPACES]
        return _edges(quotations, [one for one in self._letter.citations if one.has_reference])

    def _beside(self, citation: Citation) -> Iterator[tuple[int, int]]:
        """The stretches before a citation and behind it that may be quoted from it."""
        starts, ends = self._walls if citation.has_reference else (self._starts, self._ends)
        before, following = bisect.bisect_right(ends, citation.start), bisect.bisect_left(starts, citation.end)
        begin = citation.start
        for _ in range(_MAX_TOGETHER):  # “(20 001 737, paragraph 46; 21 017 496, paragraph 63)”: of both
            if not before or begin - ends[before - 1] > _MAX_JOINT:
                break
            before, begin = before - 1, starts[before - 1]
        yield max(ends[before - 1] if before else 0, citation.start - _BESIDE), begin
        stop = starts[following] if following < len(starts) else len(self._letter.text)
        yield citation.end, min(stop, citation.end + _BESIDE)

    def _reads_like(self, number: int, citation: Citation) -> Finding | None:
        """What is told of words beside a citation that are like its paragraph for a long stretch, and then differ."""
        for (start, stop), step in zip(self._beside(citation), (-1, 1), strict=True):
            beside = self._letter.text[start:stop]
            cited = self._comparer.cited(number) if beside.count(" ") >= FEWEST_SPACES else None
            if cited is None or cited.read is None or cited.missing:
                continue
            texts = self._likened(cited, beside)
            like = reads_like(beside, texts)
            if like is None or self._is_of_other(number + step, beside):
                continue
            first, last, at = like
            stretch = beside[first:last]
            comparison = self._work.align(stretch, texts[at])
            place = (cited.places or tuple(cited.read.places.values()))[at]
            differences = comparison.differences if comparison else ()
            told = Outcome("altered", _READS_LIKE, (cited.read.location(place),), differences)
            told = verdicts.settled(told, citation, cited.read, citation.places, cited.places, cited.is_unsure)
            told = verdicts.with_direction(told, citation.places)
            span = min(start + first, citation.start), max(start + last, citation.end)
            if stop < citation.start:  # another citation stands between
                span = citation.start, citation.end
            return self._finding(*span, citation, cited.name, stretch, told)
        return None

    def _likened(self, cited: Cited, beside: str) -> Sequence[str]:
        """The texts that words beside a citation are held against: its paragraphs, or all those of its decision."""
        assert cited.read is not None
        texts = cited.texts if cited.citation.places else tuple(cited.read.texts.values())
        new = sum(len(text) for text in texts if text not in self._likened_already)
        self._likened_already.update(texts)
        self._work.spend(_LIKENING_WORK * (new + len(beside)) + _LIKENING_WITH_WORK * len(texts) * len(beside))
        return texts

    def _is_of_other(self, number: int, beside: str) -> bool:
        """Whether words are those of the citation on their other side."""
        if not 0 <= number < len(self._letter.citations):
            return False
        cited = self._comparer.cited(number)
        if cited.read is None:
            return False
        texts = self._likened(cited, beside)
        return shares_words(beside, texts) and reads_like(beside, texts) is None

    def _check_hidden(self, found: Iterable[Finding], stop: int) -> Iterator[Finding]:
        """What was found of the citations within what is set apart, where that is not told."""
        kept = sorted(found, key=_span_of)
        ends = list(itertools.accumulate((one.end for one in kept), max))
        for citation in self._letter.hidden:
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
            yield self._finding(
                citation.start, citation.end, citation, None, None, self._comparer.mentioned(citation, ())
            )
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
            yield self._finding(start, end, citation, place.name, None, self._comparer.mentioned(citation, (place,)))
            start = max(end, citation.places[number].start) if number < len(citation.places) else end

    def _check_quotation(self, said: LetterQuotation, start: int, end: int) -> tuple[Finding, int | None]:
        """What was found of a quotation, and the number of the citation that is told with it."""
        try:
            return self._looked_for(said, start, end)
        except TooMuchWork as error:
            # Nothing is told of it: it may stand in what was not looked through.
            self._work.leave(said.text)
            told = Outcome("not_held", str(error), is_unfinished=True)
            citation = self._letter.citations[said.citation] if said.citation is not None and said.is_joined else None
            name = names_of(citation.places) if citation else None
            return self._finding(start, end, citation, name, said.text, told), said.citation if citation else None

    def _looked_for(self, said: LetterQuotation, start: int, end: int) -> tuple[Finding, int | None]:
        if said.citation is not None:
            used = said.citation
            cited = self._comparer.cited(said.citation)
            quoted, told = said.text, self._comparer.quoted(said.text, cited)
            if said.stops and told.verdict != "exact":
                quoted, told = self._quoted_up_to(said, cited, told)
            for number in said.others:
                if told.verdict == "exact":
                    break
                self._others_left -= 1
                if self._others_left < 0:
                    self._work.leave(said.text)
                    break
                other = self._comparer.cited(number)
                if (better := self._comparer.quoted(said.text, other)).verdict == "exact":
                    cited, told, used = other, better, number
            if said.is_joined or told.verdict != "not_held":
                finding = self._finding(start, end, cited.citation, cited.name, quoted, told)
                return finding, used if said.is_joined else None
        return self._finding(start, end, None, None, said.text, self._comparer.uncited(said)), None

    def _quoted_up_to(self, said: LetterQuotation, cited: Cited, whole: Outcome) -> tuple[str, Outcome]:
        """What was found of as many words of a quotation without marks as are published, if the rest is the writer's
        own; else of the whole, or of the rest where that is quoted too.
        """
        if cited.read is None:
            return said.text, whole
        for stop in reversed(said.stops):
            quoted, rest = said.text[:stop], said.text[stop:].strip(" \t\r\n.!?…;")
            if not any(self._work.find(quoted, text) for text in cited.texts or (cited.read.whole,)):
                continue
            told = self._comparer.quoted(quoted, cited)
            if rest.count(" ") < _MIN_SPACES_OF_REST:
                return quoted, told
            behind = self._comparer.quoted(rest, cited)
            is_own = behind.verdict == "exact" or not is_quoted(behind, rest)
            return (quoted, told) if is_own else (rest, behind)
        longer = (stop for stop in said.stops if said.text.count(" ", 0, stop) > _MIN_SPACES_OF_REST)
        first = said.text[: next(longer, 0)]
        if first and not is_quoted(whole, said.text):
            return first, self._comparer.quoted(first, cited)
        return said.text, whole

    def _finding(
        self, start: int, end: int, citation: Citation | None, place: str | None, quoted: str | None, told: Outcome
    ) -> Finding:
        is_unfinished = told.is_unfinished
        if quoted is not None and told.verdict == "not_held" and not is_unfinished:
            is_unfinished = self._work.is_left(quoted)
            told = replace(told, detail=NOT_LOOKED_FOR) if is_unfinished else told
        named = citation.named if citation else None
        written = self._letter.text[start:end]
        following = bisect.bisect_left(self._starts, end)
        stop = self._starts[following] if following < len(self._starts) else len(self._letter.text)
        rest = self._letter.text[end : min(stop, end + _MAX_REST)].partition("\n")[0]
        unclosed = end
        for opening, closing in ("()", "[]"):
            if written.count(opening) > written.count(closing) and closing in rest:
                end = max(end, unclosed + rest.index(closing) + 1)
            elif written.count(opening) < written.count(closing) and self._letter.text[start - 1 : start] == opening:
                start -= 1
        return Finding(
            told.verdict,
            told.detail,
            told.right[:MAX_LOCATIONS],
            told.differences,
            told.is_to_read,
            is_unfinished,
            start=start,
            end=end,
            text=self._letter.text[start:end],
            reference=named.reference if named else None,
            place=place,
            quotation=quoted,
        )

    def _span(self, said: LetterQuotation) -> tuple[int, int]:
        """Where a quotation stands, with its citation where nothing else stands between them."""
        if not said.is_joined or said.citation is None or said.citation in self._shown or said.mark:
            return said.start, said.end
        citation = self._letter.citations[said.citation]
        start, end = min(said.start, citation.start), max(said.end, citation.end)
        # All that begins before the end and does not end before the start stands there, and two of that are these.
        if bisect.bisect_left(self._starts, end) - bisect.bisect_right(self._ends, start) > 2:
            return said.start, said.end
        self._shown.add(said.citation)
        return start, end


def _edges(quotations: Sequence[LetterQuotation], citations: Sequence[Citation]) -> tuple[list[int], list[int]]:
    """Where some quotations and citations begin, and where they end."""
    every: list[LetterQuotation | Citation] = [*quotations, *citations]
    return sorted(one.start for one in every), sorted(one.end for one in every)


def _span_of(finding: Finding) -> tuple[int, int]:
    return finding.start, finding.end
