"""A question → an Answer, by what kind of question it is: typed citations, the register of decisions, or content.

    a question → read_typed → paragraphs, decisions, bodies, opened
               → read_query → the register of decisions
               → search → a refusal that says why, or the hits, and above them the answer box, if it is probably right

Nothing is written here that does not stand in a paragraph or in the register; a text that a language model wrote, where
one is asked for, comes checked from qa.generation.generator, and the extract stands where there is none.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import itertools
import re
import time
from collections.abc import Callable, Sequence
from collections.abc import Generator as Pieces
from dataclasses import dataclass, field, replace
from typing import Literal

from index.catalogue import Filter
from index.decisions import Decision, Number, Paragraph, Reference
from index.passages import sentences
from index.store import Store
from index.text.references import is_reference
from qa.answering.cache import AnswerCache
from qa.answering.extract import BOXED, MARKED_FROM, Excerpt, Span, box, excerpt, with_what_turns
from qa.answering.out_of_scope import out_of_scope
from qa.answering.refusals import (
    NO_WORDS,
    NOT_TOLD,
    NOTHING_PASSES,
    OUT_OF_SCOPE,
    UNCLEAR,
    Holdings,
    Refusal,
    body_not_held,
    names_something,
    premise,
    reference_not_held,
    subject_not_held,
)
from qa.answering.remarks import on_filters, on_kin
from qa.answering.typed_citations import TypedCitation, held_bodies, open_typed, read_typed
from qa.generation.generator import OFF, Generation, Generator
from qa.generation.sentences import Statement
from qa.limits import ConcurrencyLimit
from qa.register.answers import answer_query
from qa.register.catalogue import Catalogue
from qa.register.query import RegisterQuery
from qa.register.read_query import read_loosely, read_query
from qa.register.selection import RegisterAnswer
from qa.register.uncountable import read_as_uncountable
from qa.retrieval.models import Models, StoreSource
from qa.retrieval.requests import Question
from qa.retrieval.search import Hit, Ranking, Searcher
from qa.retrieval.selection import SHOWN_FROM, digits
from qa.retrieval.spelling import Correction, Speller, corrected, council_names
from qa.text.pin_cites import Bodies
from qa.text.voices import voices

_MAX_CITATIONS_BOXED = 3
_NEIGHBOUR_SCORE = 0.9  # of what stands beside a paragraph that was asked for

_MAX_QUESTIONS = 48  # of a process, which has so many threads
# Of these, so many are answered at once. More would only take one another's time; most wait for the model, which reads
# together what waits.
_MAX_AT_WORK = 8
_BUSY = "Too many questions are being answered just now. Ask again in a few seconds."


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
    hits: tuple[Hit, ...]
    nearest: tuple[Hit, ...]
    highlights: tuple[tuple[Span, ...], ...]
    """For each hit, or each of the nearest, the sentences that probably answer the question."""
    store: Store
    took_ms: float
    kind: Literal["extract", "citation", "register"] = "extract"
    box: tuple[Excerpt, ...] = ()
    """What is quoted; empty where nothing is probably right."""
    confidence: float = 0.0
    """The calibrated probability that the box answers the question."""
    register: RegisterAnswer | None = None
    refusal: Refusal | None = None
    """Why there is no answer; None where there is one."""
    notes: tuple[str, ...] = ()
    """What else is to be said of typed citations: what is not held, one sentence each."""
    remarks: tuple[str, ...] = ()
    """What the filters left out, and which council was read for which, one sentence each."""
    corrected: tuple[tuple[str, str], ...] = ()
    """What was read otherwise than it was typed."""
    council: tuple[str, ...] = ()
    reference: tuple[Reference, ...] = ()
    """The bodies or decisions that the question names, where only these were searched."""
    unknown: tuple[str, ...] = ()
    """What the question names that is not held."""
    total: int = 0
    """How many paragraphs were ranked, of which `hits` or `nearest` are some."""
    generation: Generation | None = None
    """What became of the wish for a generated text; None where there was no such wish."""

    @property
    def shown(self) -> tuple[Hit, ...]:
        """The hits, or the nearest."""
        return self.hits or self.nearest

    @property
    def text(self) -> str:
        """What the answer says: the paragraphs of the box, apart by an empty line, or the sentence of the register."""
        return self.register.sentence if self.register else "\n\n".join(one.text for one in self.box)

    @property
    def holdings(self) -> Holdings:
        """What is held, in short."""
        return Holdings.of(self.store)

    def marks(self, decision: Decision) -> dict[Number, Mark]:
        """The paragraphs of a decision that were found, by their numbers, in its order.

        Where one was found for its wording only, which stands elsewhere too, the same sentences of it are marked.
        """
        found: dict[Number, Mark] = {}
        for hit, spans in zip(self.shown, self.highlights, strict=True):
            for place, _ in ((hit.paragraph, hit.entry), *hit.also):
                if place.pinpoint.reference == decision.reference:
                    mark = Mark(hit.rank, _same_sentences(hit.paragraph, spans, place))
                    found.setdefault(place.pinpoint.number, mark)
        places = [place.pinpoint.number for place in decision.places()]
        return {number: found[number] for number in places if number in found}


class Answerer:
    """Answers questions from whichever version of the index is published when they are asked; threads share it."""

    def __init__(
        self,
        stores: StoreSource,
        models: Models,
        threshold: float,
        generator: Generator | None = None,
        limit: ConcurrencyLimit | None = None,
        confidence: float = SHOWN_FROM,
    ) -> None:
        """`threshold` is the least estimated probability that the hits answer a question at which they are shown so.

        `confidence` is the least at which a box is shown. `limit` bounds how many questions are taken at once; without
        it a server's worth.
        """
        self.stores = stores
        self.generator = generator
        self._models = models
        self._threshold = threshold
        self._confidence = confidence
        self._limit = limit or ConcurrencyLimit(_MAX_QUESTIONS, _BUSY, _MAX_AT_WORK)
        self._version: _Version | None = None

    def answer(self, question: Question, offset: int = 0, client: str = "") -> Answer:
        """Answer one question, or show what ranks behind the first `offset` paragraphs.

        Only the first of them are quoted from. What was answered last from the same version is answered so again,
        without a search. No `client` may have all slots for questions. Raises NotHeld, IndexUnusable, Busy.
        """
        started = time.perf_counter()
        version = self._current_version()
        if not question.has_words:
            store = version.searcher.store
            store.require(question.within)
            return Answer(question.question, "not_found", (), (), (), store, _since(started), refusal=NO_WORDS)
        today = datetime.date.today()  # by which “this year” goes
        read_as = question.everywhere, question.as_typed, today
        asked = question.question, question.limit, question.within, offset, read_as
        answer = version.cache.get(*asked)
        if answer is None:
            with self._limit.slot(client):
                answer = self._reply(version, question, offset)
            if not _has_words_of_question(answer):
                version.cache.put(answer, _weight(answer), *asked)
        return replace(answer, question=question.question, took_ms=_since(started))

    def _reply(self, version: _Version, question: Question, offset: int) -> Answer:
        """The answer without the question, and without the time that it took."""
        store = version.searcher.store
        store.require(question.within)
        text = question.question
        if (typed := read_typed(text, version.bodies)) is not None:
            return version.with_kin(_opened(typed, store, question.limit, offset), text)
        read = () if question.as_typed else version.speller.correct(text)
        if read:
            text = corrected(text, read)
            if (typed := read_typed(text, version.bodies)) is not None:
                opened = version.with_kin(_opened(typed, store, question.limit, offset), text)
                return replace(opened, corrected=(*_told(read), *opened.corrected))
        known = (text, version.catalogue, datetime.date.today()) if not question.has_filters else None
        if known and (query := read_query(*known)) is not None:
            return replace(_from_register(query, version, text), corrected=_told(read))
        ranking = version.searcher.search(
            with_published_sums(text), max(question.limit, BOXED), question.within, question.everywhere, offset
        )
        if known and (about := self._models.answerability.about(ranking.vector, ranking.features)) != "content":
            query = read_loosely(*known) if about == "register" else read_as_uncountable(*known)
            if query is not None:
                return replace(_from_register(query, version, text), corrected=_told(read))
        return replace(self._from_hits(ranking, version.searcher, question, text, offset), corrected=_told(read))

    def _from_hits(self, ranking: Ranking, searcher: Searcher, question: Question, text: str, offset: int) -> Answer:
        """The answer that stands in paragraphs, or why there is none."""
        store = searcher.store
        refusal = self._refusal(ranking, text, searcher)
        told: tuple[Excerpt, ...] = ()
        confidence = ranking.confidence
        if refusal is None and not offset and confidence >= self._confidence:
            told, share = box(ranking, text, lambda entry: store.decision(entry.reference))
            confidence *= share
            told = told if confidence >= self._confidence else ()
        hits = ranking.hits[: question.limit]
        if refusal is not None and refusal.reason == "out_of_scope":
            hits = ()
        return Answer(
            question="",
            status="not_found" if refusal else "answered",
            hits=() if refusal else hits,
            nearest=hits if refusal else (),
            highlights=tuple(_highlights(hit, bool(refusal)) for hit in hits),
            store=store,
            took_ms=0.0,
            box=told,
            confidence=confidence,
            refusal=refusal,
            council=ranking.within.body,
            reference=() if question.reference else ranking.within.reference,
            unknown=ranking.named.not_held,
            total=ranking.total,
            remarks=(*on_kin(ranking.named.kin, ranking.within.body), *on_filters(store, ranking.within)),
        )

    def _refusal(self, ranking: Ranking, text: str, searcher: Searcher) -> Refusal | None:
        """Why the hits do not answer; None where they may."""
        named, store = ranking.named, searcher.store
        if named.is_unheld:
            numbers = [name for name in named.not_held if is_reference(name)]
            if numbers:
                return reference_not_held(numbers, _gone(numbers, store))
            return body_not_held(named.not_held, named.kin, store.bodies())
        if not ranking.total:
            return NOTHING_PASSES if ranking.within != Filter() else UNCLEAR
        if ranking.features is None:
            return UNCLEAR
        if (missing := out_of_scope(text)) is not None:
            return Refusal("not_in_decisions", missing.detail)
        about = ranking.about
        is_named = bool(named.council or named.reference)
        if lacking := [sum_ for sum_ in asked_sums(text) if not searcher.has_sum(sum_, ranking.within)]:
            return premise([f"£{number}" for number in lacking], about, is_named)
        learned, features = self._models.answerability, ranking.features
        if learned.confidence(features, ranking.vector) >= self._threshold:
            return None
        reason = learned.reason(features, ranking.vector)
        if reason == "premise":
            lacks = [word for word in searcher.lacking(features.lacks, about) if names_something(word)]
            return premise(lacks, about, is_named) if lacks else None
        if reason == "subject_not_held":
            return subject_not_held(Holdings.of(store))
        return {"out_of_scope": OUT_OF_SCOPE, "unclear": UNCLEAR, "not_in_decisions": NOT_TOLD}[reason]

    def generate(self, answer: Answer, client: str = "") -> Pieces[Statement | Answer | None, None, None]:
        """Have a text written from the hits of an answer: its supported sentences as they come, and then the answer.

        None comes now and then while there is nothing to tell. Closing it ends the writing. No `client` may have
        all slots for texts.
        """
        generator = self.generator
        if generator is None:
            yield replace(answer, generation=OFF)
            return
        started = time.perf_counter()
        writing = generator.write(answer.question, answer.hits, client)
        try:
            for one in writing:
                if isinstance(one, Generation):
                    yield replace(answer, generation=one, took_ms=answer.took_ms + _since(started))
                else:
                    yield one
        finally:
            writing.close()

    def generated(self, answer: Answer, client: str = "", has_gone: Callable[[], bool] = lambda: False) -> Answer:
        """The answer when its text has been written; without one where whoever asked `has_gone` before that."""
        with contextlib.closing(self.generate(answer, client)) as writing:
            for one in writing:
                if isinstance(one, Answer):
                    return one
                if has_gone():
                    break
        return answer

    def _current_version(self) -> _Version:
        """What goes with the published version, from one question to the next."""
        store, version = self.stores.get(), self._version
        if version is None or version.searcher.store is not store:
            version = self._version = _Version(Searcher(store, self._models))
        return version

    def check_ready(self) -> None:
        """Raise IndexUnusable unless a question could be answered now; prepares what the first one needs."""
        version = self._current_version()
        if not version.is_ready:
            version.searcher.prepare()
            version.searcher.store.facets()  # of the form
            version.prepare()
            version.is_ready = True


@dataclass
class _Version:
    """What goes with a version: what searches it, knows its names and words, and what was answered last."""

    searcher: Searcher
    cache: AnswerCache[Answer] = field(default_factory=AnswerCache)
    is_ready: bool = False

    @functools.cached_property
    def bodies(self) -> Bodies:
        """The bodies that typed citations may name."""
        return held_bodies(self.searcher.store)

    @functools.cached_property
    def catalogue(self) -> Catalogue:
        """What questions about the collection may name."""
        return Catalogue.of(self.searcher.store, self.searcher.names)

    @functools.cached_property
    def speller(self) -> Speller:
        """What knows the words of the index."""
        store = self.searcher.store
        return Speller(store, store.bodies(), council_names())

    def with_kin(self, opened: Answer, text: str) -> Answer:
        """What a typed citation opened, with what is to be said of a council that was told for another."""
        kin = self.catalogue.named(text).kin
        return replace(opened, remarks=on_kin(kin, [hit.entry.body for hit in opened.hits]))

    def prepare(self) -> None:
        """Make now what the first questions would have to wait for."""
        self.speller.correct("saftey agreemnt")
        read_typed("Kent", self.bodies)
        read_query("how many decisions are there", self.catalogue, datetime.date.today())


_SUM = re.compile(
    r"£\s?((?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,9}))(\.[0-9]{2})?(?!\w|\.[0-9]|,[0-9]|\s?(?:m|k|million|thousand)\b)"
)
_OF_THE_CASE = re.compile(
    r"\b(?:who|whom|why|when|which|what|how|where|was|were|did|is)\b.{0,120}?"
    r"\b(?:pa(?:y|id|yment)|award\w{0,3}|got|get|given|give|receiv\w{1,3}|refund\w{0,3}|compensat\w{0,4}|repa\w{1,4}|"
    r"reimburse\w{0,2}|agreed|offer\w{0,3}|for)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:I|me|my|mine|we|us|our)\b|\bi['’]", re.IGNORECASE)


def asked_sums(question: str) -> list[str]:
    """The sums that a question says were paid in a case; those of somebody's own story are not looked for."""
    if _OWN.search(question) or not _OF_THE_CASE.search(question):
        return []
    return [digits(f"{match[1]}{match[2] or ''}") for match in _SUM.finditer(question)]


def with_published_sums(question: str) -> str:
    """The question with its sums as decisions write them: “£1250” as “£1,250”."""
    return _SUM.sub(
        lambda match: f"£{int(match[1].replace(',', '')):,}{(match[2] or '').removesuffix('.00')}", question
    )


def _told(read: Sequence[Correction]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((one.written, one.read) for one in read))


def _opened(typed: Sequence[TypedCitation], store: Store, limit: int, offset: int) -> Answer:
    found = open_typed(typed, store)
    cited = [*found.paragraphs, *found.neighbours]
    hits = tuple(
        Hit(
            paragraph,
            entry,
            rank,
            1.0 if rank <= len(found.paragraphs) else _NEIGHBOUR_SCORE,
            tuple((*span, 0.0) for span in sentences(paragraph)),
            voices(paragraph),
        )
        for rank, (paragraph, entry) in enumerate(cited, 1)
    )[offset : offset + limit]
    answer = Answer(
        question="",
        status="answered" if found.paragraphs else "not_found",
        hits=hits if found.paragraphs else (),
        nearest=() if found.paragraphs else hits,
        highlights=((),) * len(hits),
        store=store,
        took_ms=0.0,
        kind="citation",
        corrected=found.corrected,
        total=len(cited),
    )
    if not found.paragraphs:
        problem = found.missing[0]
        detail = " ".join(dict.fromkeys(one.detail for one in found.missing))
        return replace(answer, refusal=Refusal(problem.reason, detail))
    left_out = [f"{found.left_out} more paragraphs are not shown; ask for fewer at once."] if found.left_out else []
    return replace(
        answer,
        box=() if offset else tuple(excerpt(*one, {}) for one in found.paragraphs[:_MAX_CITATIONS_BOXED]),
        confidence=1.0,
        notes=tuple(dict.fromkeys([*(one.detail for one in found.missing), *left_out])),
    )


def _gone(numbers: Sequence[str], store: Store) -> dict[str, str]:
    """What became of those of some references that were held and are not any more."""
    told = ((number, store.tombstone(Reference(number))) for number in numbers)
    return {number: gone for number, gone in told if gone}


def _from_register(query: RegisterQuery, version: _Version, text: str) -> Answer:
    store = version.searcher.store
    answer = Answer("", "answered", (), (), (), store, 0.0, kind="register", confidence=1.0)
    if query.unknown and not (query.bodies or query.references):
        numbers = [name for name in query.unknown if is_reference(name)]
        kin = version.catalogue.named(text).kin
        refusal = (
            reference_not_held(numbers, _gone(numbers, store))
            if numbers
            else body_not_held(query.unknown, kin, store.bodies())
        )
        return replace(answer, status="not_found", refusal=refusal, unknown=query.unknown)
    told = answer_query(query, store)
    if query.asks == "cannot":
        return replace(answer, status="not_found", refusal=Refusal("not_in_decisions", told.sentence))
    remarks = on_kin(version.catalogue.named(text).kin, query.bodies), on_filters(store, Filter(body=query.bodies))
    return replace(
        answer, register=told, unknown=query.unknown, total=told.count, remarks=tuple(itertools.chain(*remarks))
    )


def _has_words_of_question(answer: Answer) -> bool:
    """Whether it repeats anything that may be personal, and so must not stay in memory."""
    reason = answer.refusal.reason if answer.refusal else None
    is_refused_citation = answer.kind == "citation" and reason is not None
    told = answer.unknown or answer.corrected or answer.notes or answer.remarks
    return is_refused_citation or bool(told) or reason == "premise"


def _weight(answer: Answer) -> int:
    """How many paragraphs an answer holds, and one for itself."""
    return 1 + sum(1 + len(hit.also) for hit in answer.shown)


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def _highlights(hit: Hit, refused: bool) -> tuple[Span, ...]:
    """What to mark in a hit: the sentences that probably answer, and what takes one back; none beside a refusal."""
    if refused:
        return ()
    spans = [(start, end) for start, end, _ in hit.sentences]
    marked = {(start, end) for start, end, answers in hit.sentences if answers >= MARKED_FROM}
    told = with_what_turns(hit.paragraph.text, spans, marked)
    return tuple(span for span in spans if span in told)


def _same_sentences(paragraph: Paragraph, spans: Sequence[Span], other: Paragraph) -> tuple[Span, ...]:
    """The sentences of `other` that stand where those do in `paragraph`; none if it has not as many."""
    if other.text == paragraph.text:
        return tuple(spans)
    theirs = sentences(other)
    places = {span: place for place, span in enumerate(sentences(paragraph))}
    return tuple(theirs[places[span]] for span in spans) if len(theirs) == len(places) else ()
