"""The best hits → the answer box: one to three paragraphs, word for word, or nothing.

A paragraph is told whole. Only of a long list the items that do not answer are left out, marked `[…]`; its lead-in
stays, and so does whatever an item leads into. What somebody alleged is told in place of an answer only where the
question asks for it; else what the Ombudsman found or the law says is told first, or stands beside it. Nothing is
written here that does not stand in a paragraph.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.decisions import Decision, DecisionEntry, Line, Paragraph
from index.passages import sentences
from qa.retrieval.search import Hit, Ranking
from qa.text.voices import Voice, voices

Span = tuple[int, int]
"""Where a stretch of a paragraph's text begins and ends, in characters."""

LEFT_OUT = "[…]"
"""Stands for what is left out of a paragraph."""

MARKED_FROM = 0.42
"""The least probability that a sentence answers at which it is marked."""

BOXED = 6
"""Hits out of which the box is made, however many are to be shown."""

_MAX_EXCERPTS = 3  # paragraphs
_BESIDE_FIRST = 0.25  # a further paragraph is told if it is so likely to answer, beside the first
# In place of what somebody says, what the Ombudsman or the law says stands first if it is so likely, beside that.
_INSTEAD: dict[Voice, float] = {"complainant": 0.35, "organisation": 0.5}
_SETTLING: tuple[Voice, ...] = ("ombudsman", "law")
_WHOLE_LIST_ITEMS = 5  # items; a shorter one is told whole
_WHOLE_LIST_WORDS = 90  # words; a list with fewer is told whole
_ITEM_BESIDE_BEST = 0.6  # an item is told if it is so likely to answer, beside the best one

_CLAIMS = re.compile(
    r"""
    \b(?: complain(?:s|ed|ing)? | alleg\w{0,8} | accus\w{0,8} | grievances? | unhappy | disput\w{0,4}
      | argu(?:e|es|ed|ing) | claim(?:s|ed|ing)
      | (?:his|her|their|the\ \w{1,20}(?:'s|’s|s'|s’))\ (?:version|side|account|excuse|explanation|defence|view
        |opinion|reply|response|complaint|story) )\b
  | \b(?:what|why|how|who|which|when|where)\b.{0,60}?\b(?:did|does|do|has|had|was|were|is|are)\b.{0,80}?
    \b(?:say|said|saying|tell|told|reply|respond|explain|apologise|admit|accept|ask|asked|asking|feel|felt|think
        |thought|want|wanted|hope|hoped|hoping)\b
  """,
    re.VERBOSE | re.IGNORECASE,
)
_RULES = re.compile(
    r"\b(?:law|laws|legal|legally|guidance|polic(?:y|ies)|ombudsman|lgsco|faults?|must|should|ha(?:ve|s|d) to|allowed"
    r"|(?:told|asked|agreed|ordered) to|how (?:long|many|much))\b",
    re.IGNORECASE,
)
CLAIMS_EXAMPLES = (
    "What did Mrs D complain about?",
    "What did the council say about the hotel?",
    "what was he accused of",
    "the mother's version of the visit",
    "What were they hoping to get out of it?",
)
CLAIMS_COUNTEREXAMPLES = (
    "Was the council at fault?",
    "How much was paid?",
    "Must a safety agreement be explained as voluntary?",
    "how long does a council have for a stage one complaint",
    "What does the law say about safety plans?",
    "What did the Ombudsman say about the safety plan?",
    "What was the council told to do to put it right?",
    "Was the council at fault for how it handled the complaint about the hotel?",
    "how many days does a council have to respond at stage one?",
    "Who has to accept a safety plan?",
    "Why was it acceptable?",
)


def asks_for_claims(question: str) -> bool:
    """Whether a question asks what somebody says, wants or alleges, rather than what was found or must be done."""
    return _CLAIMS.search(question) is not None and _RULES.search(question) is None


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence as the box tells it: where it stands in the paragraph's text, whose words it is, if it is marked."""

    text: str
    span: Span
    voice: Voice
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A paragraph of the box: whole, or with `[…]` for each run of list items that is left out.

    `kept` are the lines that are told, by their places; `parts` the sentences of these, in their order.
    """

    paragraph: Paragraph
    entry: DecisionEntry
    kept: tuple[int, ...]
    parts: tuple[Part, ...]

    @property
    def citation(self) -> str:
        """As it goes into a letter."""
        return self.paragraph.pinpoint.cite(self.entry.body, self.paragraph.numbering)

    @property
    def text(self) -> str:
        """What is told, its lines one beneath the other."""
        kept, told = frozenset(self.kept), list[str]()
        for is_kept, run in itertools.groupby(enumerate(self.paragraph.lines), key=lambda one: one[0] in kept):
            told += [line.text for _, line in run] if is_kept else [LEFT_OUT]
        return "\n".join(told)

    @property
    def marks(self) -> tuple[Span, ...]:
        """What is marked, by its places in the whole text of the paragraph."""
        return tuple(part.span for part in self.parts if part.is_marked)


def box(
    ranking: Ranking, question: str, decision: Callable[[DecisionEntry], Decision]
) -> tuple[tuple[Excerpt, ...], float]:
    """The paragraphs that answer a question, the first one first, and how likely that one is, beside what ranks first.

    `decision` reads a whole decision. Empty where all that is found is a claim that nobody asked for, and nothing that
    was found can stand beside it.
    """
    hits = ranking.hits[:BOXED]
    likely = dict(zip((hit.rank for hit in hits), ranking.probabilities, strict=False))
    if not likely:
        return (), 0.0
    wants_claims = asks_for_claims(question)
    first = hits[0]
    if not wants_claims and (voice := _speaks(first)) in _INSTEAD:
        least = _INSTEAD[voice] * likely[first.rank]
        settled = [hit for hit in hits if _speaks(hit) in _SETTLING and likely.get(hit.rank, 0.0) >= least]
        first = settled[0] if settled else first
    others = [
        hit for hit in hits if hit is not first and likely.get(hit.rank, 0.0) >= _BESIDE_FIRST * likely[first.rank]
    ]
    told: list[Excerpt] = []
    for hit in (first, *others):
        if any(one.paragraph.pinpoint == hit.paragraph.pinpoint for one in told):
            continue  # it stands beside a claim already
        answers = {(start, end): likely for start, end, likely in hit.sentences}
        one = excerpt(hit.paragraph, hit.entry, answers, hit is first, hit.voices)
        beside = _finding(one, told, decision) if _speaks(hit) == "complainant" and not _settles(one) else ()
        if beside is None and not wants_claims:
            if hit is first:
                return (), 0.0
            continue  # an allegation is not told alone
        if len(told) + 1 + len(beside or ()) <= _MAX_EXCERPTS:
            told += [one, *(beside or ())]
    return tuple(told), likely[first.rank] / likely[hits[0].rank]


def _speaks(hit: Hit) -> Voice:
    """Whose words answer best in a paragraph; the complainant's in all of a complaint."""
    best = max(range(len(hit.sentences)), key=lambda place: hit.sentences[place][2], default=None)
    if hit.paragraph.role == "complaint" or best is None:
        return "complainant" if hit.paragraph.role == "complaint" else "ombudsman"
    return hit.voices[best]


def _settles(one: Excerpt) -> bool:
    """Whether a paragraph says itself what was found of what is alleged in it."""
    return one.paragraph.role in ("finding", "conclusion", "summary") and any(
        part.voice == "ombudsman" for part in one.parts
    )


def _finding(
    one: Excerpt, told: Sequence[Excerpt], decision: Callable[[DecisionEntry], Decision]
) -> tuple[Excerpt, ...] | None:
    """What was found, to stand beside a claim: the summary of the decision, or else what it concludes.

    Empty where the summary is told already; None where the decision says nothing of the kind.
    """
    whole = decision(one.entry)
    if any(other.entry.reference == one.entry.reference and other.paragraph == whole.summary for other in told):
        return ()
    ends = [place for place in whole.paragraphs if place.role == "conclusion"]
    for place in (*((whole.summary,) if whole.summary else ()), *ends[:1]):
        if "ombudsman" in voices(place):
            return (excerpt(place, one.entry, {}),)
    return None


def excerpt(
    paragraph: Paragraph,
    entry: DecisionEntry,
    answers: dict[Span, float],
    is_first: bool = False,
    spoken: Sequence[Voice] | None = None,
) -> Excerpt:
    """A paragraph as the box tells it; `answers` says of its sentences how likely each answers.

    With `spoken`, their voices, `answers` has all of its sentences, in their order; without, both are read. Each that
    is likely enough is marked, and in the first paragraph the best one.
    """
    spans = sentences(paragraph) if spoken is None else list(answers)
    spoken = voices(paragraph) if spoken is None else spoken
    best = max(answers.values(), default=0.0)
    marked = {span for span in spans if answers.get(span, 0.0) >= MARKED_FROM}
    if is_first and best and not marked:
        marked = {next(span for span in spans if answers.get(span, 0.0) == best)}
    text = paragraph.text  # put together from its lines whenever it is asked for
    marked = with_what_turns(text, spans, marked)
    starts = list(itertools.accumulate((len(line.text) + 1 for line in paragraph.lines), initial=0))[:-1]
    lines_of = [bisect.bisect_right(starts, start) - 1 for start, _ in spans]
    chance = [0.0] * len(starts)
    for place, span in zip(lines_of, spans, strict=True):
        chance[place] = max(chance[place], answers.get(span, 0.0))
    kept = _kept_lines(paragraph, chance, best)
    told = frozenset(kept)
    parts = tuple(
        Part(text[span[0] : span[1]], span, voice, span in marked)
        for place, span, voice in zip(lines_of, spans, spoken, strict=True)
        if place in told
    )
    return Excerpt(paragraph, entry, kept, parts)


_LEANS = re.compile(r"(?:This|That|These|Those|It|They|He|She|However|But|Instead|So|And)\b")
_LEANS_ON_LIST = re.compile(r"(?:This|That|These|Those|However|But)\b")  # “It” is the body that the list is about
_TURNS = re.compile(r"(?:But|However|Instead|I find|I do not)\b", re.IGNORECASE)


_TURNED = re.compile(r"(?:But|However|Nevertheless|Nonetheless|Even so|Despite this)\b")
_FOLLOWS = re.compile(r"(?:So|Therefore|Because of this|For (?:this|these) reasons?|This (?:is|was) fault|I uphold)\b")


def with_what_turns(text: str, spans: Sequence[Span], marked: set[Span]) -> set[Span]:
    """The marked sentences, and what takes back what one of them says: “There may have been reasons. But …  So I …”."""
    told, turns, before = set[Span](), False, False
    for span in spans:
        sentence = text[slice(*span)]
        turned = before and _TURNED.match(sentence) is not None
        turns = turned or (turns and _FOLLOWS.match(sentence) is not None)
        before = span in marked or turns
        if before:
            told.add(span)
    return told


def _kept_lines(paragraph: Paragraph, chance: Sequence[float], best: float) -> tuple[int, ...]:
    """Which lines are told: all, but of a long list only the items that answer, and what they hang on.

    `chance` says of each line how likely the best of its sentences answers. What stands above and below the list is
    always told: it may say what was found of the items.
    """
    lines = paragraph.lines
    every = tuple(range(len(lines)))
    items = [place for place in every if lines[place].depth]
    if len(items) < _WHOLE_LIST_ITEMS or len(paragraph.text.split()) < _WHOLE_LIST_WORDS or not best:
        return every
    answering = {place for place in items if chance[place] >= _ITEM_BESIDE_BEST * best}
    if not answering:
        return every  # what answers is said above or below the list, which belongs to it
    kept = {place for place in every if not lines[place].depth} | _with_context(lines, answering)
    for place, line in enumerate(lines):
        if place - 1 in answering and line.depth and _TURNS.match(line.text):
            kept.add(place)
    for place in every[:0:-1]:  # also what an item leans on that others lean on
        leans = _LEANS if lines[place].depth else _LEANS_ON_LIST
        if place in kept and lines[place - 1].depth and leans.match(lines[place].text):
            kept.add(place - 1)
    return tuple(sorted(kept))


def _with_context(lines: Sequence[Line], items: set[int]) -> set[int]:
    """Items, and the lines that they hang on: those that each stands within, and those within it if it leads into them.

    In one pass over the lines, whatever the items: there may be thousands.
    """
    told, hung_on = set(items), set[int]()
    around: list[int] = []  # the lines that the one at hand stands within, outermost first
    leading: int | None = None  # the depth of an item that leads into the one at hand
    for place, line in enumerate(lines):
        while around and lines[around[-1]].depth >= line.depth:
            around.pop()
        if leading is not None and line.depth <= leading:
            leading = None
        if leading is not None:
            told.add(place)
        if place in items:
            for above in reversed(around):
                if above in hung_on:
                    break  # and so are those that it stands within
                hung_on.add(above)
            if leading is None and line.text.rstrip().endswith(":"):
                leading = line.depth
        around.append(place)
    return told | hung_on
