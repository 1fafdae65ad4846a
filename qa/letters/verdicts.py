"""What is said of a citation or a quotation: the findings, their verdicts, and the sentences that go with them. Pure.

Here stands how a comparison becomes words; what is compared with what is for qa.letters.check.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.decisions import SUMMARY, Paragraph, Reference, fold
from index.text.body_names import is_name_of
from index.text.councils import is_another_council, relation_told
from index.text.lists import joined
from index.text.mentions import PinCite, names_of
from index.text.sentences import sentence_spans
from qa.letters.held import MAX_LOCATIONS, Elsewhere, HeldDecision, Location, Work
from qa.text.comparison import Comparison, Difference, list_marks
from qa.text.pin_cites import Citation
from qa.text.polarity import NEGATION

Verdict = Literal["exact", "found", "altered", "wrong_paragraph", "number_inferred", "not_held"]
IS_RIGHT = frozenset[Verdict](("exact", "found"))
_MAX_SENTENCE = 150  # characters that are shown of one
_SENTENCES_WORK = 20  # what it takes to tell the sentences apart, by the character
# Characters around a finding, and around each of the parts of one, where it is told.
_FRAME, _FRAME_OF_PART = 240, 40
# Share of the words that are the same, where words may be the writer's own.
_QUOTED, _QUOTED_OF_FEW = 0.6, 0.75
FEWEST_SPACES = 7
"""Spaces in what has eight words, the fewest that are alike by no chance."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found of a citation, of a quotation, or of one that belongs to the other.

    What is `exact` was compared; what is right, and nothing is quoted from it, is `found`. `detail` is for the writer
    of the letter. `right` is where it really stands, the cited place itself where that is right, with its right
    citation. `differences` say where the wording differs from what is published. `is_to_read` says that `detail` is for
    reading though nothing is wrong: a quotation has no citation or no paragraph, or leaves out a “not”. `is_unfinished`
    says that not all was looked for here, because the letter has too much of it.
    """

    verdict: Verdict
    detail: str
    right: tuple[Location, ...] = ()
    differences: tuple[Difference, ...] = ()
    is_to_read: bool = False
    is_unfinished: bool = False

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong."""
        return self.verdict in IS_RIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Outcome):
    """The same with where it stands: `start` and `end` are characters of the letter, and `text` is what stands there.

    `reference`, `place` (“paragraph 50”, “paragraph 51(b)”, “summary”) and `quotation` are as the letter tells them.
    """

    start: int
    end: int
    text: str
    reference: Reference | None = None
    place: str | None = None
    quotation: str | None = None

    @property
    def is_to_look_at(self) -> bool:
        """Whether the writer of the letter has something to do or to read."""
        return self.is_to_read or not self.is_right

    @property
    def size(self) -> int:
        """How many characters it takes to tell it, about."""
        told = len(self.text) + len(self.detail) + len(self.place or "") + len(self.quotation or "")
        differing = sum(_FRAME_OF_PART + len(one.text) for one in self.differences)
        right = sum(_FRAME_OF_PART + len(citation) + len(place.text) for place, citation in self.right)
        return _FRAME + told + differing + right


def is_quoted(outcome: Outcome, quoted: str) -> bool:
    """Whether words that may be the writer's own are so like what is published that they are a quotation."""
    if outcome.verdict == "not_held":
        return False
    same = sum(len(one.text.split()) for one in outcome.differences if one.kind == "same")
    words = len(quoted.split())
    return not outcome.differences or same >= (_QUOTED_OF_FEW if words <= FEWEST_SPACES else _QUOTED) * words


def mentioned(pin_cites: Sequence[PinCite], found: Sequence[Paragraph], right: tuple[Location, ...]) -> Outcome:
    """What is said of a decision or of places of it that are held, where nothing is quoted from them."""
    if not pin_cites:
        return Outcome("found", "This decision exists. No paragraph is cited and nothing is quoted.")
    if pin_cites[0].number == SUMMARY:
        return Outcome("found", "The decision has a summary. Nothing is quoted from it.", right)
    unit = found[0].pinpoint.unit if found else "paragraph"
    if len(found) > 1:
        return Outcome("found", f"The {unit}s exist. Nothing is quoted from them.", right)
    return Outcome("found", f"The {unit} exists. Nothing is quoted from it.", right)


def exact(
    detail: str, quoted: str, text: str, right: tuple[Location, ...], places: Sequence[Paragraph], work: Work
) -> Outcome:
    """What is said of words that stand in a text, also if what comes before them in their sentence negates them, or if
    they have a mark of a list that it does not have. Raises TooMuchWork.
    """
    mark = next((mark for mark, rest in list_marks(quoted) if not _is_marked(mark, rest, text, places, work)), None)
    if mark is not None:
        advice = "leave it out, or check the published decision"
        detail = f"{detail} But our copy does not have “{mark}”: {advice}."
    work.spend(_SENTENCES_WORK * len(text))
    stretch = work.find(quoted, text)
    for start, end in sentence_spans(text) if stretch else ():
        negation = NEGATION.search(text, start, stretch[0]) if stretch and start < stretch[0] < end else None
        if negation is not None:
            sentence = _shown(text, start, end, negation.start())
            return Outcome("exact", f"{detail} Read the whole sentence: “{sentence}”", right, is_to_read=True)
    return Outcome("exact", detail, right, is_to_read=mark is not None)


def _shown(text: str, start: int, end: int, negation: int) -> str:
    """A sentence, or as much of it around its negation as is shown."""
    begin = start if end - start <= _MAX_SENTENCE else max(start, negation - _MAX_SENTENCE // 3)
    sentence = " ".join(text[begin:end].split())
    if len(sentence) > _MAX_SENTENCE:
        sentence = f"{sentence[:_MAX_SENTENCE].rsplit(' ', 1)[0]} …"
    return f"… {sentence}" if begin > start else sentence


def _is_marked(mark: str, rest: str, text: str, places: Sequence[Paragraph], work: Work) -> bool:
    """Whether what begins so in a text has this number or letter: of its paragraph, of an item, or among its words."""
    value = re.sub(r"\W", "", mark).lower()
    for place in places:
        for number, line in enumerate(place.lines):
            own = {line.item, str(place.pinpoint.number) if number == 0 else None}
            if value in own and (stretch := work.find(rest, line.text)) and stretch[0] == 0:
                return True
    return fold(f"{mark} {rest.partition(' ')[0]}".strip()) in fold(text)


def altered(comparison: Comparison, places: Sequence[Paragraph], read: HeldDecision, quoted: str) -> Outcome:
    """What is said of words that differ from those of some places, if only by what an ellipsis leaves out."""
    right = read.locations(places)
    if comparison.is_abridged:
        if _is_excerpt(quoted, places):
            return Outcome("exact", "Word for word as published; “[…]” replaces whole lines.", right)
        return _abridged(comparison, right)
    detail = f"The wording differs from {names(places)} as published. Quote the published words."
    if letter := _changed_letter(comparison):
        detail = f"Only the first letter differs from {names(places)} as published: write “{letter}”."
    return Outcome("altered", detail, right, comparison.differences)


def _abridged(comparison: Comparison, right: tuple[Location, ...]) -> Outcome:
    """What is said of words that differ by nothing but ellipses: they are exact, and what turns them is to be read."""
    left_out = [one.text.strip() for one in comparison.differences if one.kind == "left_out"]
    turning = next((text for text in left_out if NEGATION.search(text)), None)
    detail = "Word for word as published, except for what “…” leaves out."
    if turning is not None:
        shown = turning if len(turning) <= _MAX_SENTENCE else f"{turning[:_MAX_SENTENCE].rsplit(' ', 1)[0]} …"
        detail = f"{detail} Read the words left out: “{shown}”"
    return Outcome("exact", detail, right, comparison.differences, is_to_read=turning is not None)


_LEFT_OUT = "[…]"


def _is_excerpt(quoted: str, places: Sequence[Paragraph]) -> bool:
    """Whether a quotation has whole lines of its paragraphs, and `[…]` on a line of its own for those left out."""
    lines = [fold(line) for line in quoted.split("\n") if line.strip()]
    published = iter([fold(line.text) for place in places for line in place.lines])
    return _LEFT_OUT in lines and all(line in published for line in lines if line != _LEFT_OUT)


def _changed_letter(comparison: Comparison) -> str:
    """The first word of a quotation as it is to be written if nothing differs but whether it has a capital."""
    changed = [one for one in comparison.differences if one.kind != "same"]
    if len(changed) != 2 or comparison.differences[:2] != tuple(changed):
        return ""
    published, written = (one.text for one in changed)
    if published == written or published[1:] != written[1:] or published.casefold() != written.casefold():
        return ""
    return f"[{written[0]}]{written[1:]}"


def elsewhere(found: Elsewhere, before: str, behind: str, verdict: Verdict = "wrong_paragraph") -> Outcome:
    """What is said of words that stand somewhere else, between what is said before it and behind it."""
    differences = found.comparison.differences if found.comparison else ()
    detail = f"{before} {these_words(found.comparison)} are in {found.locations[0][1]}{behind}."
    return Outcome(verdict, detail.strip(), found.locations, differences)


def these_words(comparison: Comparison | None) -> str:
    """The words that a quotation has, as a sentence begins with them."""
    if comparison is None:
        return "These words"
    return "Parts of these words" if comparison.is_abridged else "Nearly these words"


def names(places: Sequence[Paragraph]) -> str:
    """Several places in a sentence: “paragraph 50”, “paragraph 50 and paragraph 51”."""
    named = [place.pinpoint.place for place in places[:MAX_LOCATIONS]]
    named[0] = named[0].replace(SUMMARY, "the summary")
    return joined(named)


# What is to be said besides: of the body, of how a number is known, and of ranges that run backwards.

_SAYS_INFERRED = " (number inferred)”."
_NO_LETTERS = "Our copy of the decision has lost the letters of this list. Check the letter in the published decision."


def settled(
    outcome: Outcome,
    citation: Citation,
    read: HeldDecision,
    cited: Sequence[PinCite],
    found: Sequence[Paragraph],
    is_unsure: bool = False,
) -> Outcome:
    """What was found of the words, together with what is to be said of the body and of how the number is known."""
    body = citation.named.body if citation.named else None
    official = read.decision.body
    if body is not None and (not is_name_of(body, official) or is_another_council(body, official)):
        wrong = (
            f"Decision {read.decision.reference} is about {official}, not about {body}{relation_told(official, body)}."
        )
        right = outcome.right or tuple(read.location(place) for place in list(read.places.values())[:1] if not cited)
        detail = wrong if outcome.is_right and not outcome.is_to_read else f"{wrong} {outcome.detail}"
        outcome = replace(outcome, verdict="altered", detail=detail, right=right)
    inferred = [place for place in found if place.numbering == "inferred" and isinstance(place.pinpoint.number, int)]
    says_inferred = citation.says_inferred or (bool(cited) and all(place.says_inferred for place in cited))
    if cited and inferred and not says_inferred:
        detail = f"{outcome.detail} The number is inferred, not published. Write “{_forwards(cited)}{_SAYS_INFERRED}"
        return replace(outcome, verdict="number_inferred" if outcome.is_right else outcome.verdict, detail=detail)
    if not outcome.is_right or not cited:
        return outcome
    if says_inferred and not inferred:
        detail = f"{outcome.detail} The number is the published one. Remove “(number inferred)”."
        return replace(outcome, detail=detail)
    if is_unsure:
        return replace(outcome, verdict="number_inferred", detail=_NO_LETTERS)
    return outcome


def with_direction(outcome: Outcome, pin_cites: Sequence[PinCite]) -> Outcome:
    """What was found, with what is to be said of ranges that run backwards."""
    backwards = [place for place in pin_cites if place.runs_back]
    if not backwards:
        return outcome
    detail = f"{outcome.detail} The range runs backwards."
    if not outcome.detail.endswith(_SAYS_INFERRED):  # that is said with the range as it is to be written
        detail = f"{detail[:-1]}: write “{_forwards(backwards)}” if you mean that."
    return replace(outcome, detail=detail, is_to_read=True)


def _forwards(pin_cites: Sequence[PinCite]) -> str | None:
    """The names of some places, with each range from its lower number on."""
    return names_of([replace(place, runs_back=False) for place in pin_cites])
