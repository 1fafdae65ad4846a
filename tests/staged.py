"""Answers that are staged: every kind that there is, whatever the model would choose, made of real paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from conftest import MISSION

from index.catalogue import Filter
from index.decisions import Pinpoint, Reference
from index.passages import sentences
from index.store import Store
from qa.answering.answer import Answer, Answerer
from qa.answering.extract import Excerpt, excerpt
from qa.answering.refusals import (
    NO_WORDS,
    NOT_TOLD,
    OUT_OF_SCOPE,
    UNCLEAR,
    Holdings,
    Refusal,
    premise,
    subject_not_held,
)
from qa.generation.generator import Generator
from qa.generation.sentences import Statement
from qa.retrieval.models import StoreSource
from qa.retrieval.requests import Question
from qa.retrieval.search import Hit
from qa.text.voices import voices

NORTHANTS, HALTON, KENT = Reference("21 017 496"), Reference("20 001 737"), Reference("21 000 832")

LYING = "What must a council tell parents about a written agreement?"
BOXED = "Must parents be told that a safety agreement is voluntary?"
CLAIMED = "What did the parents complain about?"
FOLDED = "May I go to the Information Commissioner?"
SILENT = "How soon must a council call back?"
REFUSED: dict[str, str] = {
    "out_of_scope": "How many goals were scored in the final?",
    "subject_not_held": "How long may a council take to mend a road?",
    "not_in_decisions": "Has the council done what it agreed to do?",
    "premise": "Why did the headteacher resign?",
    "unclear": "What about it?",
    "no_words": "???",
}
"""A question for each reason that the model decides on, and one without words."""

HEADINGS = {
    "out_of_scope": "Not a question about the Ombudsman’s work",
    "subject_not_held": "No answer found in these 5 decisions",
    "not_in_decisions": "No answer found in these 5 decisions",
    "premise": "No answer found in these 5 decisions",
    "unclear": "Unclear question",
    "no_words": "No words to search for",
    "body_not_held": "We have no decisions about Medway Council",
    "reference_not_held": "No such decision",
    "paragraph_not_held": "No such paragraph",
}
"""What stands above each refusal."""

TYPED = {
    "body_not_held": "Was Medway Council at fault?",
    "reference_not_held": "21 017 497",
    "paragraph_not_held": "21 017 496 paragraph 999",
}
"""A question for each reason that is told by rules, so that it need not be staged."""


class Staged:
    """Answers some questions as they are staged, and the others as the answerer does that it is made with."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._staged = staged(answerer.stores.get())

    @property
    def stores(self) -> StoreSource:
        return self._answerer.stores

    @property
    def generator(self) -> Generator | None:
        return self._answerer.generator

    def answer(self, question: Question, offset: int = 0, client: str = "") -> Answer:
        found = self._staged.get(question.question)
        if found is None or offset or question.has_filters:
            return self._answerer.answer(question, offset, client)
        some = slice(question.limit)
        return replace(
            found,
            question=question.question,
            hits=found.hits[some],
            nearest=found.nearest[some],
            highlights=found.highlights[some],
        )

    def generate(self, answer: Answer, client: str = "") -> Iterator[Statement | Answer | None]:
        return self._answerer.generate(answer, client)

    def generated(self, answer: Answer, client: str = "", has_gone: Callable[[], bool] = lambda: False) -> Answer:
        return self._answerer.generated(answer, client, has_gone)

    def check_ready(self) -> None:
        self._answerer.check_ready()


def handle(answerer: Answerer, question: Question, reference: Reference, number: int) -> str:
    """Under what a language model is shown a paragraph that is among the answers to a question: `[P3]`."""
    hits = answerer.answer(question).hits
    return next(f"[P{hit.rank}]" for hit in hits if hit.paragraph.pinpoint == Pinpoint(reference, number))


def hit(store: Store, reference: Reference, place: str, rank: int) -> Hit:
    """A paragraph as a search finds it."""
    paragraph = store.decision(reference).place(place)
    [entry] = store.entries(Filter(reference=(reference,)))
    spans = tuple((*span, 0.0) for span in sentences(paragraph))
    return Hit(paragraph, entry, rank, 0.9 - rank / 100, spans, voices(paragraph))


def staged(store: Store) -> Mapping[str, Answer]:
    """An answer of every kind, by its question."""
    hits = _hits(store, (NORTHANTS, "50"), (HALTON, "80"), (NORTHANTS, "19"), (NORTHANTS, "1"), (KENT, "45"))
    answer = Answer("", "answered", hits, (), ((),) * len(hits), store, 1.0, total=len(hits))
    listed = _excerpt(hits[1], "hotel")
    without = listed  # a long list, of which only the item that answers is told
    told = (_excerpt(hits[0], "clearly stated"), without, _excerpt(hits[2], "threatened"))
    boxed = replace(answer, box=told, confidence=0.87, highlights=(*(one.marks for one in told), (), ()))
    claimed = replace(answer, hits=hits[3:4], highlights=((),), box=(_excerpt(hits[3], "chaotic"),), confidence=0.7)
    agreement = [(NORTHANTS, number) for number in ("50", "13", "51", "63", "summary", "49", "57", "1", "19", "48")]
    found = _hits(store, *agreement)
    told = (_excerpt(found[0], "clearly stated"), _excerpt(found[2], "voluntary"))
    marks = (told[0].marks, (), told[1].marks, *[()] * (len(found) - 3))
    mission = replace(answer, hits=found, highlights=marks, box=told, confidence=0.9, total=160)
    lying = replace(mission, hits=_hits(store, *agreement[2:]), highlights=marks[2:])
    standard, other = _hits(store, (HALTON, "6"), (KENT, "4"))  # word for word the same
    standard = replace(standard, also=((other.paragraph, other.entry),))
    folded = replace(answer, hits=(standard,), highlights=((standard.sentences[0][:2],),), total=1)
    return {MISSION: mission, LYING: lying, FOLDED: folded, BOXED: boxed, CLAIMED: claimed, SILENT: answer} | {
        REFUSED[refusal.reason]: _refused(answer, refusal)
        for refusal in (
            OUT_OF_SCOPE,
            UNCLEAR,
            NO_WORDS,
            NOT_TOLD,
            subject_not_held(Holdings.of(store)),
            premise(["headteacher"], hits[0].entry),
        )
    }


def _hits(store: Store, *places: tuple[Reference, str]) -> tuple[Hit, ...]:
    return tuple(hit(store, *place, rank) for rank, place in enumerate(places, 1))


def _excerpt(found: Hit, *words: str) -> Excerpt:
    """A paragraph as the box tells it, with those of its sentences marked that have one of these words."""
    text = found.paragraph.text
    answers = {
        (start, end): 0.9 if any(word in text[start:end] for word in words) else 0.1
        for start, end, _ in found.sentences
    }
    return excerpt(found.paragraph, found.entry, answers)


def _refused(answer: Answer, refusal: Refusal) -> Answer:
    nearest = () if refusal.reason in ("out_of_scope", "no_words") else answer.hits
    refused = replace(answer, status="not_found", hits=(), nearest=nearest, highlights=((),) * len(nearest))
    return replace(refused, refusal=refusal)
