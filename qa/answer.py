"""Hits → an Answer: the sentences that answer, verbatim and cited, or an honest no.

Nothing is written here that does not stand in a paragraph.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from index.decisions import Decision, Paragraph
from index.embed import Embedder
from index.passages import fold_key
from index.store import Entry, Store
from qa.search import Hit, Question, Searcher, StoreSource

Span = tuple[int, int]
"""Where a stretch of a paragraph's text begins and ends, in characters."""

_SOURCES = 5  # an answer is taken from the best hits only
_TOLD = 2  # sentences at most
_NEARLY = 0.9  # a second sentence is told if it is nearly as near to the question as the first
_SHORTEST = 4  # words; "This is fault." alone tells a reader nothing


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a paragraph, verbatim, and where they stand."""

    text: str
    citation: str
    url: str


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

    def as_json(self) -> dict[str, Any]:
        """The body of `/ask`."""
        shown = [
            _hit_as_json(hit, spans) for hit, spans in zip(self.hits or self.nearest, self.highlights, strict=True)
        ]
        extract = {
            "kind": "extract",
            "text": " ".join(quote.text for quote in self.quotes),
            "model": None,
            "sentences": [{"text": quote.text, "citations": [quote.citation]} for quote in self.quotes],
        }
        manifest = self.store.manifest
        return {
            "question": self.question,
            "status": self.status,
            "answer": extract if self.quotes else None,
            "paragraphs": shown if self.hits else [],
            "nearest": shown if self.nearest else [],
            "index": {
                "version": self.store.version,
                "decisions": manifest.decisions,
                "paragraphs": manifest.paragraphs,
                "model": manifest.model,
            },
            "took_ms": round(self.took_ms, 1),
        }


class Answerer:
    """Answers questions from whichever version of the index is published when they are asked."""

    def __init__(self, stores: StoreSource, embedder: Embedder, floor: float) -> None:
        """`floor` is the least cosine between a question and its nearest passage at which it counts as answered,
        unless a paragraph has every word of it."""
        self.stores = stores
        self._embedder = embedder
        self._floor = floor

    def answer(self, question: Question) -> Answer:
        """Answer one question. Raises NotHeld, IndexUnusable."""
        started = time.perf_counter()
        searcher = Searcher(self.stores.get(), self._embedder)
        if not question.has_words:
            searcher.store.require(question.within)
            return Answer(question.question, "not_found", (), (), (), (), searcher.store, _since(started))
        ranking = searcher.search(question.question, question.limit, question.within)
        # Of a few bare keywords the model makes little, but a paragraph that has them all is about them.
        answered = bool(ranking.hits) and (
            ranking.cosine >= self._floor or searcher.has_every_word(question.question, question.within)
        )
        told = _extract(ranking.hits)
        return Answer(
            question=question.question,
            status="answered" if answered else "not_found",
            quotes=tuple(_quote(*item) for item in told) if answered else (),
            hits=ranking.hits if answered else (),
            nearest=() if answered else ranking.hits,
            highlights=tuple(_highlights(hit, told if answered else ()) for hit in ranking.hits),
            store=searcher.store,
            took_ms=_since(started),
        )

    def check_ready(self) -> None:
        """Raise IndexUnusable unless a question could be answered now."""
        Searcher(self.stores.get(), self._embedder).embedder.embed_question("ready")


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def _quote(hit: Hit, span: Span) -> Quote:
    paragraph = hit.paragraph
    return Quote(paragraph.text[slice(*span)], citation_of(paragraph, hit.entry), paragraph.pinpoint.url)


def _extract(hits: Sequence[Hit]) -> list[tuple[Hit, Span]]:
    """The one or two sentences of the best hits that are nearest to the question, in the order of the hits."""
    found: list[tuple[float, Hit, Span]] = []
    for hit in hits[:_SOURCES]:
        found += [(cosine, hit, (start, end)) for start, end, cosine in _telling(hit)]
    found.sort(key=lambda item: -item[0])
    told: dict[str, tuple[float, Hit, Span]] = {}
    for cosine, hit, span in found:
        if len(told) < _TOLD and cosine >= _NEARLY * found[0][0]:
            told.setdefault(fold_key(hit.paragraph.text[slice(*span)]), (cosine, hit, span))
    return sorted(((hit, span) for _, hit, span in told.values()), key=lambda item: (item[0].rank, item[1]))


def _telling(hit: Hit) -> list[tuple[int, int, float]]:
    """The sentences of a hit that can stand alone; all of them where none can."""
    telling = []
    for start, end, cosine in hit.sentences:
        text = hit.paragraph.text[start:end]
        if len(text.split()) >= _SHORTEST and not text.endswith(":"):
            telling.append((start, end, cosine))
    return telling or list(hit.sentences)


def _highlights(hit: Hit, told: Sequence[tuple[Hit, Span]]) -> tuple[Span, ...]:
    """What to mark in a hit: its sentence nearest to the question, and those that the answer tells."""
    spans = {span for source, span in told if source is hit}
    start, end, _ = max(_telling(hit), key=lambda sentence: sentence[2])
    return tuple(sorted(spans | {(start, end)}))


def citation_of(paragraph: Paragraph, decision: Decision | Entry) -> str:
    """The citation as it is pasted into a letter."""
    return paragraph.pinpoint.cite(decision.body, paragraph.numbering)


def _hit_as_json(hit: Hit, highlights: Sequence[Span]) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        **_heading_as_json(hit.entry),
        **_cited_as_json(hit.paragraph, hit.entry),
        "highlights": [list(span) for span in highlights],
        "also": [{"citation": citation_of(*other), "url": other[0].pinpoint.url} for other in hit.also],
    }


def _cited_as_json(paragraph: Paragraph, decision: Decision | Entry) -> dict[str, Any]:
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


def paragraph_as_json(paragraph: Paragraph, decision: Decision | Entry) -> dict[str, Any]:
    """A paragraph as it stands in a decision, or a lettered item of one; `lines` show the structure of its text."""
    lines, item = [], paragraph.pinpoint.item
    for line in paragraph.lines:
        item = line.item if line.depth < 2 else item  # what stands within an item belongs to it
        place = replace(paragraph, pinpoint=replace(paragraph.pinpoint, item=item))
        cited = citation_of(place, decision)
        lines.append({"text": line.text, "depth": line.depth, "item": line.item, "citation": cited})
    return {**_cited_as_json(paragraph, decision), "item": paragraph.pinpoint.item, "lines": lines}


def decision_as_json(decision: Decision) -> dict[str, Any]:
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


def entry_as_json(entry: Entry) -> dict[str, Any]:
    """A decision as it stands in the list `/api/decisions`."""
    return {
        **_heading_as_json(entry),
        "numbering": entry.numbering,
        "paragraphs": entry.paragraphs,
        "url": f"/decisions/{entry.reference.slug}",
    }


def _heading_as_json(decision: Decision | Entry) -> dict[str, Any]:
    """What stands at the head of a decision."""
    return {
        "council": decision.body,
        "reference": str(decision.reference),
        "category": decision.category,
        "outcome": decision.outcome,
        "date": decision.date.isoformat() if decision.date else None,
        "source_url": decision.source_url,
    }
