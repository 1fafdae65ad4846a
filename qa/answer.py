"""Hits → an Answer: the sentences that answer, verbatim and cited, or an honest no.

Nothing is written here that does not stand in a paragraph; a text that a language model wrote, where one is asked for,
comes checked from qa.generation, and the extract stands where there is none.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.decisions import Decision, Number, Paragraph, Reference
from index.passages import sentences
from index.store import Entry, Store
from index.wording import fold_key
from qa import schemas
from qa.citations import Statement
from qa.generation import OFF, Generation, Generator
from qa.kept import Kept
from qa.room import Room
from qa.search import Hit, Question, Ranking, Searcher, StoreSource, Tools

Span = tuple[int, int]
"""Where a stretch of a paragraph's text begins and ends, in characters."""

_SOURCES = 5  # an answer is taken from the best hits only
_TOLD = 3  # sentences at most
_NEARLY = 0.95  # a further sentence is told if it answers nearly as well as the first
_MARKED = 2  # sentences of a paragraph
_SHORTEST = 4  # words; "This is fault." alone tells a reader nothing

_AT_ONCE = 80  # questions; most wait for the model, which reads together what waits, or for their turn in qa.search
_FULL = "Too many questions are being answered just now. Ask again in a few seconds."


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a paragraph, verbatim, and where they stand."""

    text: str
    citation: str
    paragraph: Paragraph


@dataclass(frozen=True, slots=True)
class Mark:
    """That a paragraph was found: the rank of the hit, and the spans to mark in its text."""

    rank: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a question got: `hits` where it was answered, `nearest` where it was not, never both."""

    question: str
    status: Literal["answered", "not_found"]
    quotes: tuple[Quote, ...]
    hits: tuple[Hit, ...]
    nearest: tuple[Hit, ...]
    highlights: tuple[tuple[Span, ...], ...]
    """For each hit, or each of the nearest, the spans that are closest to the question."""
    store: Store
    took_ms: float
    council: tuple[str, ...] = ()
    reference: tuple[Reference, ...] = ()
    """The bodies or decisions that the question names, where only these were searched."""
    unknown: tuple[str, ...] = ()
    """What the question names that is not held."""
    total: int = 0
    """How many paragraphs were ranked, of which `hits` or `nearest` are some."""
    generation: Generation | None = None
    """What became of the wish for a generated text; None where there was no such wish."""

    def marks(self, decision: Decision) -> dict[Number, Mark]:
        """The paragraphs of a decision that were found, by their numbers, in its order.

        Where one was found for its wording only, which stands elsewhere too, the same sentences of it are marked.
        """
        found: dict[Number, Mark] = {}
        for hit, spans in zip(self.hits or self.nearest, self.highlights, strict=True):
            for place, _ in ((hit.paragraph, hit.entry), *hit.also):
                if place.pinpoint.reference == decision.reference:
                    mark = Mark(hit.rank, _same_sentences(hit.paragraph, spans, place))
                    found.setdefault(place.pinpoint.number, mark)
        places = [place.pinpoint.number for place in decision.places()]
        return {number: found[number] for number in places if number in found}

    def as_json(self) -> schemas.Answer:
        """The body of `/ask`."""
        shown = [
            _hit_as_json(hit, spans) for hit, spans in zip(self.hits or self.nearest, self.highlights, strict=True)
        ]
        named: schemas.Named = {
            "council": list(self.council),
            "reference": [str(reference) for reference in self.reference],
            "unknown": list(self.unknown),
        }
        body: schemas.Answer = {
            "question": self.question,
            "status": self.status,
            "answer": self._text_as_json() if self.quotes else None,
            "paragraphs": shown if self.hits else [],
            "nearest": shown if self.nearest else [],
            "index": version_as_json(self.store),
            "took_ms": round(self.took_ms, 1),
        }
        if any(named.values()):
            body["named"] = named
        if self.generation is not None:
            body["generation"] = _generation_as_json(self.generation)
        return body

    def _text_as_json(self) -> schemas.AnswerText:
        if self.generation is not None and self.generation.statements:
            told = self.generation.statements
            return {
                "kind": "generated",
                "text": " ".join(map(str, told)),
                "model": self.generation.model,
                "sentences": [statement_as_json(statement) for statement in told],
            }
        return {
            "kind": "extract",
            "text": " ".join(quote.text for quote in self.quotes),
            "model": None,
            "sentences": [{"text": quote.text, "citations": [quote.citation]} for quote in self.quotes],
        }


class Answerer:
    """Answers questions from whichever version of the index is published when they are asked; threads share it."""

    def __init__(
        self,
        stores: StoreSource,
        tools: Tools,
        threshold: float,
        generator: Generator | None = None,
        room: Room | None = None,
    ) -> None:
        """`threshold` is the least estimated probability that the hits answer a question at which they are shown so.

        `room` bounds how many questions are taken at once; without it a server's worth.
        """
        self.stores = stores
        self.generator = generator
        self._tools = tools
        self._threshold = threshold
        self._room = room or Room(_AT_ONCE, _FULL)
        self._held: _Held | None = None

    def answer(self, question: Question, offset: int = 0) -> Answer:
        """Answer one question, or show what ranks behind the first `offset` paragraphs.

        Only the first of them are quoted from. What was answered last from the same version is answered so again,
        without a search. Raises NotHeld, IndexUnusable, Busy.
        """
        started = time.perf_counter()
        held = self._holding()
        if not question.has_words:
            store = held.searcher.store
            store.require(question.within)
            return Answer(question.question, "not_found", (), (), (), (), store, _since(started))
        asked = question.question, question.limit, question.within, question.everywhere, offset
        answer = held.kept.get(*asked)
        if answer is None:
            with self._room.place():
                answer = self._search(held.searcher, question, offset)
            if not answer.unknown:  # which are words of the question
                held.kept.keep(answer, _weight(answer), *asked)
        return replace(answer, question=question.question, took_ms=_since(started))

    def _search(self, searcher: Searcher, question: Question, offset: int) -> Answer:
        """The answer without the question, and without the time that it took."""
        ranking = searcher.search(question.question, question.limit, question.within, question.everywhere, offset)
        answered = self._is_answered(ranking)
        telling = [_telling(hit) for hit in ranking.hits]
        told = _extract(telling) if answered and not offset else []
        return Answer(
            question="",
            status="answered" if answered else "not_found",
            quotes=tuple(one.quote() for one in told),
            hits=ranking.hits if answered else (),
            nearest=() if answered else ranking.hits,
            highlights=tuple(_highlights(sentences, told) for sentences in telling),
            store=searcher.store,
            took_ms=0.0,
            council=ranking.within.body,
            reference=() if question.reference else ranking.within.reference,
            unknown=ranking.named.unknown,
            total=ranking.total,
        )

    def generate(self, answer: Answer) -> Iterator[Statement | Answer | None]:
        """Have a text written from the hits of an answer: its supported sentences as they come, and then the answer.

        None comes now and then while there is nothing to tell. Closing it ends the writing.
        """
        generator = self.generator
        if generator is None:
            yield replace(answer, generation=OFF)
            return
        started = time.perf_counter()
        writing = generator.write(answer.question, answer.hits)
        try:
            for one in writing:
                if isinstance(one, Generation):
                    yield replace(answer, generation=one, took_ms=answer.took_ms + _since(started))
                else:
                    yield one
        finally:
            writing.close()

    def generated(self, answer: Answer) -> Answer:
        """The answer when its text has been written."""
        *_, last = self.generate(answer)
        assert isinstance(last, Answer)
        return last

    def _is_answered(self, ranking: Ranking) -> bool:
        if ranking.named.is_unheld or ranking.evidence is None:
            return False  # nothing is held about what was asked about, or nothing was asked
        return self._tools.learned.confidence(ranking.evidence) >= self._threshold

    def _holding(self) -> _Held:
        """What goes with the published version, from one question to the next."""
        store, held = self.stores.get(), self._held
        if held is None or held.searcher.store is not store:
            held = self._held = _Held(Searcher(store, self._tools), Kept())
        return held

    def check_ready(self) -> None:
        """Raise IndexUnusable unless a question could be answered now; prepares what the first one needs."""
        held = self._holding()
        if not held.is_ready:
            held.searcher.prepare()
            held.searcher.store.facets()  # of the form
            held.is_ready = True


@dataclass(slots=True)
class _Held:
    """What searches a version, what it answered last, and whether the first question need not wait for anything."""

    searcher: Searcher
    kept: Kept[Answer]
    is_ready: bool = False


def _weight(answer: Answer) -> int:
    """How many paragraphs an answer holds, and one for itself."""
    return 1 + sum(1 + len(hit.also) for hit in answer.hits or answer.nearest)


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a hit that may be told or marked. `score` is how it meets the question."""

    hit: Hit
    span: Span
    text: str
    score: float

    def quote(self) -> Quote:
        """The sentence as an answer tells it."""
        return Quote(self.text, citation_of(self.hit.paragraph, self.hit.entry), self.hit.paragraph)


def _telling(hit: Hit) -> list[_Sentence]:
    """The sentences of a hit that can stand alone; all of them where none can."""
    whole = hit.paragraph.text
    every = [_Sentence(hit, (start, end), whole[start:end], score) for start, end, score in hit.sentences]
    return [one for one in every if len(one.text.split()) >= _SHORTEST and not one.text.endswith(":")] or every


def _extract(telling: Sequence[Sequence[_Sentence]]) -> list[_Sentence]:
    """The one to three sentences of the best hits that answer, in the order of the hits; `telling` are those of each.

    A sentence counts for what it says, and for the paragraph in which it says it. What is only complained of is not
    told beside what was found, unless it is what fits best of all; nor half a quotation, which cannot be quoted.
    """
    every = [
        (one.score + one.hit.score, one)
        for sentences in telling[:_SOURCES]
        for one in sentences
        if one.hit.rank == 1 or one.hit.paragraph.role != "complaint"
    ]
    found = [item for item in every if _closes_its_quotations(item[1].text)] or every
    found.sort(key=lambda item: -item[0])
    told: dict[str, _Sentence] = {}
    for score, one in found:
        if len(told) < _TOLD and score >= _NEARLY * found[0][0]:
            told.setdefault(fold_key(one.text), one)
    return sorted(told.values(), key=lambda one: (one.hit.rank, one.span))


def _closes_its_quotations(text: str) -> bool:
    return text.count("“") == text.count("”") and text.count('"') % 2 == 0


def _highlights(telling: Sequence[_Sentence], told: Sequence[_Sentence]) -> tuple[Span, ...]:
    """What to mark in a hit: the sentences that meet the question best, and those that the answer tells."""
    best = sorted(telling, key=lambda one: -one.score)[:_MARKED]
    return tuple(sorted({one.span for one in best} | {one.span for one in told if one.hit is telling[0].hit}))


def _same_sentences(paragraph: Paragraph, spans: Sequence[Span], other: Paragraph) -> tuple[Span, ...]:
    """The sentences of `other` that stand where those do in `paragraph`; none if it has not as many."""
    if other.text == paragraph.text:
        return tuple(spans)
    theirs = sentences(other)
    places = {span: place for place, span in enumerate(sentences(paragraph))}
    return tuple(theirs[places[span]] for span in spans) if len(theirs) == len(places) else ()


def as_lines(paragraph: Paragraph) -> str:
    """The text of a paragraph with the marks of its lists, as it is printed and copied."""
    marks = [f"({line.item}) " if line.item else "• " if line.depth else "" for line in paragraph.lines]
    return "\n".join(f"{'  ' * line.depth}{mark}{line.text}" for line, mark in zip(paragraph.lines, marks, strict=True))


def citation_of(paragraph: Paragraph, decision: Decision | Entry) -> str:
    """The citation as it is pasted into a letter."""
    return paragraph.pinpoint.cite(decision.body, paragraph.numbering)


def statement_as_json(statement: Statement) -> schemas.Sentence:
    """A sentence of a generated text."""
    return {"text": statement.text, "citations": statement.citations}


def _generation_as_json(generation: Generation) -> schemas.Generation:
    prompt = generation.prompt
    return {
        "reason": generation.reason,
        "detail": generation.detail or None,
        "model": generation.model,
        "host": generation.host,
        "template": {"name": prompt.name, "version": prompt.version, "sha256": prompt.sha256} if prompt else None,
        "left_out": [
            {**statement_as_json(one), "reason": one.flaw, "detail": one.detail}
            for one in generation.left_out
            if one.flaw
        ],
    }


def _hit_as_json(hit: Hit, highlights: Sequence[Span]) -> schemas.Hit:
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        **_heading_as_json(hit.entry),
        **_cited_as_json(hit.paragraph, hit.entry),
        "highlights": list(highlights),
        "also": [{"citation": citation_of(*other), "url": other[0].pinpoint.url} for other in hit.also],
    }


def _cited_as_json(paragraph: Paragraph, decision: Decision | Entry) -> schemas.Cited:
    """A paragraph with what is needed to quote it."""
    return {
        "paragraph": paragraph.pinpoint.number,
        "section": list(paragraph.section),
        "role": paragraph.role,
        "numbering": paragraph.numbering,
        "text": paragraph.text,
        "citation": citation_of(paragraph, decision),
        "url": paragraph.pinpoint.url,
    }


def paragraph_as_json(paragraph: Paragraph, decision: Decision | Entry) -> schemas.Paragraph:
    """A paragraph as it stands in a decision, or a lettered item of one; `lines` show the structure of its text."""
    lines: list[schemas.Line] = []
    item = paragraph.pinpoint.item
    for line in paragraph.lines:
        item = line.item if line.depth < 2 else item  # what stands within an item belongs to it
        place = replace(paragraph, pinpoint=replace(paragraph.pinpoint, item=item))
        cited = citation_of(place, decision)
        lines.append({"text": line.text, "depth": line.depth, "item": line.item, "citation": cited})
    return {**_cited_as_json(paragraph, decision), "item": paragraph.pinpoint.item, "lines": lines}


def decision_as_json(decision: Decision) -> schemas.Decision:
    """The body of `/api/decisions/REFERENCE`."""
    return {
        **_heading_as_json(decision),
        "summary": decision.summary.text if decision.summary else None,
        "numbering": decision.numbering,
        "doubts": list(decision.doubts),
        "proof": decision.proof,
        "proved_to": decision.proved_to,
        "cross_references": [
            {
                "paragraph": found.at,
                "words": found.words,
                "targets": list(found.targets),
                "verdict": found.verdict,
                "reason": found.reason or None,
            }
            for found in decision.cross_references
        ],
        "paragraphs": [paragraph_as_json(paragraph, decision) for paragraph in decision.paragraphs],
    }


def version_as_json(store: Store) -> schemas.IndexVersion:
    """What a version of the index says of itself."""
    manifest = store.manifest
    return {
        "version": store.version,
        "decisions": manifest.decisions,
        "paragraphs": manifest.paragraphs,
        "model": manifest.model,
    }


def entry_as_json(entry: Entry) -> schemas.DecisionEntry:
    """A decision as it stands in the list `/api/decisions`."""
    return {
        **_heading_as_json(entry),
        "numbering": entry.numbering,
        "paragraphs": entry.paragraphs,
        "url": f"/decisions/{entry.reference.slug}",
    }


def _heading_as_json(decision: Decision | Entry) -> schemas.Heading:
    """What stands at the head of a decision."""
    return {
        "council": decision.body,
        "reference": str(decision.reference),
        "category": decision.category,
        "outcome": decision.outcome,
        "date": decision.date.isoformat() if decision.date else None,
        "source_url": decision.source_url,
    }
