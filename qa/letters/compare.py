"""A citation or a quotation of a letter against what is held → the outcome. Nothing here knows where in the letter.

A quotation is looked for at the places cited, each and in a row, then in the rest of that decision, then everywhere.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from index.decisions import SUMMARY, Paragraph, Pinpoint
from index.text.lists import joined
from index.text.mentions import PinCite, names_of
from qa.letters import verdicts
from qa.letters.held import (
    MAX_LOCATIONS,
    NAMING_WORK,
    HeldDecision,
    HeldDecisions,
    TooMuchWork,
    Work,
    is_near,
    joined_text,
    narrow_nearly,
    runs,
)
from qa.letters.scan import LetterQuotation
from qa.letters.verdicts import Outcome
from qa.text.comparison import Comparison
from qa.text.pin_cites import Citation

_MAX_PLACES = 200  # of one citation, against which a quotation is held
_LIKELIER = 0.1  # so much more alike must another paragraph be than the one cited
_SURELY = 0.9  # so alike, it is the paragraph cited that is meant, though the words stand elsewhere
_TOO_MANY_PLACES = f"Not searched: more than {_MAX_PLACES} places are cited here. Cite fewer."


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation with what stands where it says, read once for all quotations from it.

    `key` is the same for citations of which the same is found. `unheld` says why no decision was read, `missing` which
    places that does not have; `is_unsure` says that a letter of an item could not be checked. `runs` are those of its
    places that stand in a row, over which a quotation may go on.
    """

    key: Hashable
    citation: Citation
    name: str | None
    read: HeldDecision | None
    unheld: str
    places: tuple[Paragraph, ...] = ()
    texts: tuple[str, ...] = ()
    missing: str = ""
    is_unsure: bool = False
    runs: tuple[tuple[Paragraph, ...], ...] = ()

    @property
    def source(self) -> HeldDecision | None:
        """The decision, where it has all its places."""
        return None if self.missing else self.read

    @property
    def place(self) -> str:
        """Its places in a sentence: “paragraph 80”; the decision where it is cited as a whole."""
        if self.read is not None and not self.citation.places:
            return f"decision {self.read.decision.reference}"
        return "the summary" if self.name == SUMMARY else self.name or ""


class Comparer:
    """Compares what one letter cites and quotes with what is held; what it has compared once it keeps."""

    def __init__(self, citations: Sequence[Citation], decisions: HeldDecisions, work: Work) -> None:
        self._citations, self._decisions, self._work = citations, decisions, work
        self._run_texts: dict[tuple[Pinpoint, Pinpoint], str] = {}
        self._cited: dict[int, Cited] = {}
        self._cited_alike: dict[Hashable, Cited] = {}
        self._outcomes: dict[Hashable, Outcome] = {}

    def cited(self, number: int) -> Cited:
        """One of the citations with what stands where it says. Raises TooMuchWork."""
        if number not in self._cited:
            self._cited[number] = self._read_places(self._citations[number])
        return self._cited[number]

    def _read_places(self, citation: Citation) -> Cited:
        named, places, name = citation.named, citation.places, names_of(citation.places)
        if len(places) > _MAX_PLACES:
            return Cited(None, citation, name, None, "")
        told = tuple(place.key for place in places)
        key = ((named.digits, named.body) if named else citation.candidates, told, citation.says_inferred)
        if key not in self._cited_alike:
            read, unheld = self._read(citation)
            cited = Cited(key, citation, name, read, unheld)
            if read is not None:
                self._work.spend(NAMING_WORK * sum(min(len(place.numbers), len(read.places)) for place in places))
                found, missing, is_unsure = read.cited(places)
                texts = tuple(map(read.text, found))
                cited = Cited(
                    key, citation, name, read, "", tuple(found), texts, missing, is_unsure, tuple(runs(found))
                )
            self._cited_alike[key] = cited
        return replace(self._cited_alike[key], citation=citation)

    def _read(self, citation: Citation) -> tuple[HeldDecision | None, str]:
        """The decision that is cited, or a sentence that says why there is none. Raises TooMuchWork."""
        named = citation.named
        if named is None:
            return None, _which(citation)
        if named.reference is None:
            return None, f"“{named.digits}” is no reference; one looks like 21 017 496."
        read = self._decisions.decision(named.reference)
        if read is not None:
            return read, ""
        gone = self._decisions.tombstone(named.reference)
        if gone is not None:
            return None, f"Decision {named.reference} was {gone}. It cannot be compared."
        return None, f"No decision {named.reference} in this collection. Check the reference."

    def mentioned(self, citation: Citation, places: Sequence[PinCite]) -> Outcome:
        """What was found of places that nothing is quoted from."""
        try:
            read, unheld = self._read(citation)
        except TooMuchWork as error:
            return Outcome("not_held", str(error), is_unfinished=True)
        if read is None:
            return Outcome("not_held", unheld)
        found, missing, is_unsure = read.cited(places)
        right = read.locations(found)
        if missing:
            return Outcome("not_held", missing, right)
        outcome = verdicts.mentioned(places, found, right)
        return verdicts.with_direction(verdicts.settled(outcome, citation, read, places, found, is_unsure), places)

    def quoted(self, quoted: str, cited: Cited) -> Outcome:
        """What was found of a quotation with a citation. Raises TooMuchWork."""
        if len(cited.citation.places) > _MAX_PLACES:
            return Outcome("not_held", _TOO_MANY_PLACES, is_unfinished=True)
        key = (quoted, cited.key)
        if key not in self._outcomes:
            self._work.spend(0)
            if cited.read is None:
                outcome = self._unheld(quoted, cited)
            elif not cited.citation.places:
                outcome = verdicts.settled(self._in_decision(quoted, cited.read), cited.citation, cited.read, (), ())
            else:
                outcome = self._at_places(quoted, cited, cited.read)
            self._outcomes[key] = outcome if cited.missing else verdicts.with_direction(outcome, cited.citation.places)
        return self._outcomes[key]

    def _unheld(self, quoted: str, cited: Cited) -> Outcome:
        """What was found of a quotation from a decision that is not held, or nobody knows which."""
        found = self._decisions.anywhere(quoted)
        if found is None:
            return Outcome("not_held", f"{cited.unheld} These words are in no other decision in this collection.")
        # Of whose paragraph it is nothing was told, so nothing told is wrong.
        return verdicts.elsewhere(found, cited.unheld, "", "wrong_paragraph" if cited.citation.named else "not_held")

    def _at_places(self, quoted: str, cited: Cited, read: HeldDecision) -> Outcome:
        """What was found of a quotation with paragraphs of a decision that is held."""
        standing, text = self._standing(quoted, cited, read)
        if standing:
            right = read.locations(standing)
            if cited.missing:
                detail = f"{cited.missing} The words are as published in {verdicts.names(standing)}."
                return Outcome("not_held", detail, right)
            outcome = verdicts.exact("Word for word as published.", quoted, text, right, standing, self._work)
            return _settled(outcome, cited, read, standing)
        here = self._nearest_at_places(quoted, cited) if not cited.missing else None
        if here is not None and here[0].is_abridged:
            return _settled(verdicts.altered(*here, read, quoted), cited, read, here[1])
        if there := self._in_rest_of_decision(quoted, cited, read, here[0].similarity if here else None):
            return there
        is_sure = here is not None and here[0].similarity >= _SURELY
        found = None if is_sure else self._decisions.anywhere(quoted)
        if here is not None and (found is None or found.comparison is not None):
            return _settled(verdicts.altered(*here, read, quoted), cited, read, here[1])
        if found is not None:
            return verdicts.elsewhere(found, "", f", not in decision {read.decision.reference}")
        nowhere = f"These words are neither in {cited.name} nor anywhere else in this collection."
        return Outcome("not_held", f"{cited.missing} {nowhere}".strip())

    def _standing(self, quoted: str, cited: Cited, read: HeldDecision) -> tuple[Sequence[Paragraph], str]:
        """The places cited where a quotation stands word for word, each or in a row, and their text."""
        each = zip(cited.places, cited.texts, strict=True)
        standing = [place for place, text in each if self._work.find(quoted, text)]
        if standing:
            return standing, read.text(standing[0])
        for run in cited.runs if self._work.find(quoted, read.whole) else ():
            if self._work.find(quoted, text := self._run_text(run, quoted)):
                return run, text
        return (), ""

    def _nearest_at_places(self, quoted: str, cited: Cited) -> tuple[Comparison, Sequence[Paragraph]] | None:
        """Which of the places cited is nearest to a quotation, or which of them in a row."""
        here = self._work.nearest_place(quoted, cited.places, cited.texts)
        for run in cited.runs:
            together = self._work.compare(quoted, self._run_text(run, quoted))
            if together is not None and (here is None or together.similarity >= here[0].similarity + _LIKELIER):
                here = together, run
        return here

    def _run_text(self, run: Sequence[Paragraph], quoted: str) -> str:
        """The text of places in a row; it has to be read for a quotation, and is empty where too much was."""
        ends = (run[0].pinpoint, run[-1].pinpoint)
        if ends not in self._run_texts:
            self._run_texts[ends] = self._work.read(joined_text(run))
        return self._run_texts[ends] if self._work.may_compare(quoted) else ""

    def _in_rest_of_decision(
        self, quoted: str, cited: Cited, read: HeldDecision, similarity: float | None
    ) -> Outcome | None:
        """Where else in its decision a quotation stands, or nearly; `similarity` is that of the places cited."""
        standing = read.standing(quoted, self._work)
        if standing:
            cited_places = {place.pinpoint for place in cited.places}
            overlaps = [place for place in standing if place.pinpoint in cited_places]
            if overlaps and len(standing) > len(overlaps):
                detail = f"These words run across {verdicts.names(standing)}. Cite them all."
            else:
                detail = f"These words are in {verdicts.names(standing)}, not in {cited.name}."
            return Outcome("wrong_paragraph", f"{cited.missing} {detail}".strip(), read.locations(standing))
        # Where the paragraph cited is so like it that nothing else can matter, nothing else is looked for.
        least = similarity + _LIKELIER if similarity is not None else 0.0
        there = self._nearest_in(quoted, read) if least <= 1 else None
        if there is None or not is_near(there[0], quoted) or there[0].similarity < least:
            return None
        place = narrow_nearly(there[1][0], quoted, self._work)
        words = verdicts.these_words(there[0])
        detail = f"{cited.missing} {words} are in {place.pinpoint.place}, not in {cited.name}.".strip()
        return Outcome("wrong_paragraph", detail, (read.location(place),), there[0].differences)

    def _nearest_in(self, quoted: str, read: HeldDecision) -> tuple[Comparison, Sequence[Paragraph]] | None:
        return self._work.nearest_place(quoted, list(read.places.values()), list(read.texts.values()))

    def _in_decision(self, quoted: str, read: HeldDecision) -> Outcome:
        """What was found of a quotation with a reference alone."""
        standing = read.standing(quoted, self._work)
        if standing:
            detail = f"Word for word as published, in {verdicts.names(standing)}. Name the paragraph."
            first = standing[0].text
            text = first if self._work.find(quoted, first) else joined_text(standing)
            outcome = verdicts.exact(detail, quoted, text, read.locations(standing), standing, self._work)
            return replace(outcome, is_to_read=True)
        there = self._nearest_in(quoted, read)
        if there is not None and is_near(there[0], quoted):
            outcome = verdicts.altered(*there, read, quoted)
            if outcome.is_right:
                named = f"It is in {verdicts.names(there[1])}. Name the paragraph."
                outcome = replace(outcome, detail=f"{outcome.detail} {named}", is_to_read=True)
            return outcome
        found = self._decisions.anywhere(quoted)
        if found is None:
            nowhere = "These words are neither in this decision nor anywhere else in this collection."
            return Outcome("not_held", nowhere)
        return verdicts.elsewhere(found, "", f", not in decision {read.decision.reference}")

    def uncited(self, quotation: LetterQuotation) -> Outcome:
        """What was found of a quotation without a citation. Raises TooMuchWork."""
        found = self._decisions.anywhere(quotation.text)
        lack = "but not cited" if quotation.mark is None else "but what its footnote cites could not be read"
        if quotation.aside:
            lack = f"but “{quotation.aside}” after it could not be read as a citation"
        if found is None:
            nowhere = "These words are in no decision in this collection. They may be from somewhere else."
            return Outcome("not_held", nowhere)
        where = found.locations[0][1]
        if found.comparison is None:
            detail = f"Word for word as published, {lack}. It is in {where}."
            places = [place for place, _ in found.locations]
            outcome = verdicts.exact(detail, quotation.text, places[0].text, found.locations, places, self._work)
            return replace(outcome, is_to_read=True)
        outcome = verdicts.elsewhere(found, "", f", {lack.replace('but not', 'which is not')}", "altered")
        return replace(outcome, verdict="exact", is_to_read=True) if found.comparison.is_abridged else outcome


def _settled(outcome: Outcome, cited: Cited, read: HeldDecision, found: Sequence[Paragraph]) -> Outcome:
    return verdicts.settled(outcome, cited.citation, read, cited.citation.places, found, cited.is_unsure)


def _which(citation: Citation) -> str:
    """Why nobody can tell which decision is cited: none is named, or several are held about the body that is."""
    if not citation.candidates:
        return "Unclear: add the reference."
    shown = [str(reference) for reference in citation.candidates[:MAX_LOCATIONS]]
    held = joined(shown + ["others"] * (len(citation.candidates) > MAX_LOCATIONS))
    return f"Unclear: add the reference. Decisions about {' or '.join(citation.bodies)} in this collection: {held}."
