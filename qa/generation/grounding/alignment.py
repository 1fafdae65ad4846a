"""How much of a sentence stands in a paragraph: words, stems, clauses, and the sentences that come nearest. Pure."""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.decisions import Paragraph, Reference
from index.text.sentences import sentence_spans
from qa.generation.context import DecisionHeader
from qa.generation.grounding.words import FUNCTION_WORDS, stem, words_of
from qa.text.figures import Figure, figures

Ungrounded = Literal["misquoted", "reference", "figure", "name", "wording", "allegation", "sense"]
"""Why a sentence is not grounded."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a sentence is not grounded; `detail` says so in a sentence."""

    reason: Ungrounded
    detail: str


MIN_SHARE = 0.75  # of the content words of a sentence must stand in what it cites
MIN_CLAUSE_SHARE = 0.5  # of those of each clause
CLAUSE_END = re.compile(r"[,;:–—()]|\b(?:and|but|because|so|which|who|while|although|though|as|since)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or a paragraph with its words; `stems` are those of its content words."""

    text: str
    words: frozenset[str]
    stems: frozenset[str]

    @classmethod
    def read(cls, text: str) -> Text:
        """Read the words of a text."""
        words = frozenset(words_of(text))
        return cls(text, words, frozenset(stem(word) for word in words - FUNCTION_WORDS))


def clauses(text: str) -> list[Text]:
    """The clauses of a sentence."""
    return [Text.read(clause) for clause in CLAUSE_END.split(text)]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph, `own`; `text`, `stems` and `figures` are also those of what leads to its list.

    Where it has no date, those of the last sentence before it that has are among its figures.
    """

    own: Text
    text: str
    stems: frozenset[str]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A paragraph that may be cited; `headed` is its text with what stands above it and at the head of its decision."""

    paragraph: Paragraph
    body: str
    reference: Reference
    whole: Text
    headed: Text
    sentences: tuple[Sentence, ...]
    figures: tuple[Figure, ...]
    _places: dict[str, dict[str, list[int]]] = field(compare=False, repr=False)
    """In which sentences each stem stands, by how it begins."""

    @classmethod
    def of(cls, paragraph: Paragraph, decision: DecisionHeader) -> Source:
        """What a paragraph of a decision says."""
        return _source(paragraph, decision)

    @property
    def texts(self) -> tuple[Text, ...]:
        """Its sentences, each by itself."""
        return tuple(one.own for one in self.sentences)

    def shares(self, stems: frozenset[str]) -> list[float]:
        """How much of a clause with these stems each of its sentences says; there may be thousands of them."""
        counts = [0] * len(self.sentences)
        for one in stems:
            alike = self._places.get(one[:_PREFIX_LETTERS], {})
            for place in {place for other, at in alike.items() if one == other or _is_akin(one, other) for place in at}:
                counts[place] += 1
        return [count / len(stems) if stems else 1.0 for count in counts]


@functools.lru_cache(maxsize=512)  # the sentences of an answer are held against the same few paragraphs
def _source(paragraph: Paragraph, decision: DecisionHeader) -> Source:
    text = re.sub(r"\[(\w+)\]", r"\1", paragraph.text)  # of a quotation: Mr [H]
    # How a decision ended says nothing of what the paragraph is about.
    head = (decision.body, decision.category or "", "Ombudsman", *paragraph.section)
    found = tuple(figures(text))
    sentences = tuple(_sentences(paragraph, text, found))
    places: dict[str, dict[str, list[int]]] = {}
    for place, sentence in enumerate(sentences):
        for one in sentence.stems:
            places.setdefault(one[:_PREFIX_LETTERS], {}).setdefault(one, []).append(place)
    headed = Text.read("\n".join((*head, text)))
    return Source(paragraph, decision.body, decision.reference, Text.read(text), headed, sentences, found, places)


def figures_within(found: Sequence[Figure], spans: Iterable[tuple[int, int]]) -> list[tuple[Figure, ...]]:
    """The figures of a text that begin in each of its parts."""
    starts = [figure.start for figure in found]
    return [tuple(found[bisect.bisect_left(starts, start) : bisect.bisect_left(starts, end)]) for start, end in spans]


def line_spans(text: str) -> list[tuple[int, int]]:
    """Where each line of a text begins, and where the next does."""
    ends = itertools.accumulate(len(line) + 1 for line in text.split("\n"))
    return [*itertools.pairwise([0, *ends])]


_MAX_LEAD_CHARACTERS = 600  # of what leads to a list, with all that leads to that: each item is read with it


def _sentences(paragraph: Paragraph, text: str, found: Sequence[Figure]) -> Iterator[Sentence]:
    leads: list[tuple[int, Sentence]] = []  # “Within a month the Council will:”, each with its depth, outermost first
    before, latest = 0, tuple[Figure, ...]()
    spans, ends = sentence_spans(text), [end for _, end in line_spans(text)]
    for (start, end), own_figures in zip(spans, figures_within(found, spans), strict=True):
        own = Text.read(text[start:end])
        depth = paragraph.lines[min(bisect.bisect_right(ends, start), len(paragraph.lines) - 1)].depth
        is_lead = len(own.text) <= _MAX_LEAD_CHARACTERS and own.text.rstrip().endswith(":")
        # A list that is no deeper than what leads to it, as a quotation is, goes on to the next that leads to one.
        goes_on = depth >= before and not is_lead
        leads = [lead for lead in leads if lead[0] < depth or (lead[0] == depth and goes_on)]
        above = leads[-1][1] if leads else Sentence(own, "", frozenset(), ())
        full = f"{above.text} {own.text}" if above.text else own.text
        here = own_figures + above.figures
        # “She rang on 6 May. It told her …”: a sentence without a date goes on at the one before it that has one.
        if dates := tuple(figure for figure in here if figure.kind == "date"):
            latest = dates
        sentence = Sentence(own, full, own.stems | above.stems, here if dates else here + latest)
        if is_lead and len(full) <= _MAX_LEAD_CHARACTERS:
            leads.append((depth, sentence))
        yield sentence
        before = depth


def nearest(stems: Collection[str], sentences: Iterable[Sentence], with_lead: bool = False) -> list[Sentence]:
    """Of some sentences those that say the most of something, in their order, each by itself or `with_lead`."""
    best, found = 0.0, list[Sentence]()
    for one in sentences:
        share = overlap(stems, one.stems if with_lead else one.own.stems)
        if share > best:
            best, found = share, []
        if share >= best:
            found.append(one)
    return found


def shortest(sentences: Sequence[Sentence], with_lead: bool = False) -> Sentence:
    """The first of those with the fewest content words: of as near ones it says least besides."""
    return min(sentences, key=lambda one: len(one.stems if with_lead else one.own.stems))


def overlap(stems: Collection[str], held: Collection[str]) -> float:
    """The share of some stems that others have, in some form; 1 if there are none."""
    if not (missing := [one for one in stems if one not in held]):
        return 1.0
    begun: dict[str, list[str]] = {}
    beginnings = {one[:_PREFIX_LETTERS] for one in missing}
    for other in held:
        if (beginning := other[:_PREFIX_LETTERS]) in beginnings:
            begun.setdefault(beginning, []).append(other)
    akin = sum(any(_is_akin(one, other) for other in begun.get(one[:_PREFIX_LETTERS], ())) for one in missing)
    return (len(stems) - len(missing) + akin) / len(stems)


_PREFIX_LETTERS = 4  # letters, at least, with which stems begin that are alike


def _is_akin(one: str, other: str) -> bool:
    """Whether two stems are alike but for their ends: “explan” and “explain”."""
    longest, shortest = max(len(one), len(other)), min(len(one), len(other))
    common = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), shortest)
    return common >= _PREFIX_LETTERS and common >= 0.7 * longest


def all_stems(texts: Iterable[Text]) -> frozenset[str]:
    """The stems of several texts."""
    return frozenset(one for text in texts for one in text.stems)


def where(sources: Sequence[Source]) -> str:
    """What is cited, as the detail of a flaw says it."""
    return "the paragraph cited" if len(sources) == 1 else "the paragraphs cited"
