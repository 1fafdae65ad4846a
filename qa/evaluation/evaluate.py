"""Judged questions → figures: how good the order of the hits is, and how well what is not answered is told apart.

The two are measured separately: the order is judged on whatever is shown, be it the hits or, where the answer is
`not_found`, the nearest paragraphs; so a question that was wrongly refused is a mistake of refusing alone. A hit counts
for its own paragraph only; the paragraphs of the same wording that it names in `also` are not credited.

A paragraph of grade 2 answers a question, one of grade 1 helps. A question without any is one that the decisions do
not answer: refusing it is right, and it counts for nothing else.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from index.catalogue import Filter
from index.decisions import fold
from index.embedding.types import Progress
from index.errors import InputError
from index.plain_passages import position_of
from qa.answering.answer import Answer, Answerer
from qa.answering.extract import Span
from qa.evaluation.judged import AnswerSentence, Judged, PlainQuestion
from qa.evaluation.metrics import DEPTH, AnswerMetrics, Calibration, Proportion, RankingMetrics
from qa.evaluation.report import Figures, Row
from qa.retrieval.requests import Question
from qa.retrieval.search import Searcher


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of one question.

    `full` and `told_or_marked` are None where no sentence was judged. `reason` is why it should be refused, `told` the
    reason for which it was. `has_box` and `is_right` say whether there was a box, and whether its first paragraph
    answers; `first_is_right` is that of the best paragraph, box or no, with its `confidence`.
    """

    kind: str
    order: RankingMetrics | None
    refused: bool
    full: bool | None
    told_or_marked: bool | None
    took_ms: float
    has_box: bool
    is_right: bool
    first_is_right: bool
    confidence: float
    reason: str | None
    told: str | None


def evaluate(answerer: Answerer, questions: Sequence[Judged], progress: Progress | None = None) -> Figures:
    """Ask judged questions and measure the answers. Raises IndexUnusable; `progress` is told of questions asked."""
    for first in questions[:1]:
        answerer.answer(Question(question=first.question, limit=1))  # with another limit it is another question
    results = [_judge(answerer, question) for question in _counted(questions, progress)]
    kinds = dict.fromkeys(result.kind for result in results)  # in the order of the file
    reasons = dict.fromkeys(result.reason for result in results if result.reason)
    content = [result for result in results if result.confidence]
    return Figures(
        tuple(_row(kind, [result for result in results if result.kind == kind]) for kind in kinds),
        _row("all", results),
        tuple(_of_reason(reason, results) for reason in reasons),
        Calibration.of([one.confidence for one in content], [one.first_is_right for one in content])
        if content
        else None,
    )


def _of_reason(reason: str, results: Sequence[_Result]) -> tuple[str, Proportion, Proportion]:
    mine = [result for result in results if result.reason == reason]
    refused = [result for result in mine if result.refused]
    told = Proportion.among([result.told == reason for result in refused])
    return reason, Proportion.among([result.refused for result in mine]), told


def evaluate_plain(
    searcher: Searcher, questions: Sequence[PlainQuestion], ids: Sequence[str], progress: Progress | None = None
) -> Figures:
    """Search plain passages for questions and measure the order; `ids` are those of the passages, by position.

    All that is relevant has grade 1. A question to which nothing is relevant tells nothing here and is left out. Raises
    InputError where a question names a passage that there is not, or where no question is left.
    """
    known = set(ids)
    for question in questions:
        if missing := [identity for identity in question.relevant if identity not in known]:
            raise InputError(f"Question “{question.id[:60]}” names a passage “{missing[0][:60]}” that there is not.")
    asked = [question for question in questions if question.relevant]
    if not asked:
        raise InputError("None of the questions names a relevant passage.")

    def judge(question: PlainQuestion) -> tuple[RankingMetrics, float]:
        started = time.perf_counter()
        hits = searcher.search(question.question, DEPTH, Filter()).hits
        took_ms = (time.perf_counter() - started) * 1000
        ranking = [ids[position_of(hit.paragraph.pinpoint.reference)] for hit in hits]
        return RankingMetrics.of(ranking, dict.fromkeys(question.relevant, 1)), took_ms

    judge(asked[0])  # what is not yet loaded is no part of the time of any
    results = [judge(question) for question in _counted(asked, progress)]
    p50, p95 = _percentiles([took_ms for _, took_ms in results])
    return Figures((), Row("all", len(results), RankingMetrics.mean([order for order, _ in results]), None, p50, p95))


_Q = TypeVar("_Q")


def _counted(questions: Sequence[_Q], progress: Progress | None) -> Iterator[_Q]:
    """The questions, each told to `progress` when it was asked."""
    for done, question in enumerate(questions, 1):
        yield question
        if progress is not None:
            progress(done, len(questions))


def _judge(answerer: Answerer, question: Judged) -> _Result:
    answer = answerer.answer(Question(question=question.question, limit=DEPTH))
    ranking = [hit.paragraph.pinpoint for hit in answer.shown]
    best = {place for place, grade in question.grades.items() if grade == 2} or set(question.grades)
    boxed = [one.paragraph.pinpoint for one in answer.box]
    full = marked = None
    if question.relevant and (sentence := question.answer_sentence) is not None:
        full = _is_told(sentence, answer)
        marked = _is_marked(sentence, answer)
    has_box = bool(boxed) or answer.register is not None
    return _Result(
        question.kind,
        RankingMetrics.of(ranking, question.grades) if question.relevant else None,
        answer.status == "not_found",
        full,
        full or marked,
        answer.took_ms,
        has_box,
        bool(boxed) and boxed[0] in best,
        (boxed or ranking)[:1] != [] and (boxed or ranking)[0] in best,
        answer.confidence if answer.kind == "extract" else 0.0,
        None if question.relevant else question.reason or question.kind,
        answer.refusal.reason if answer.refusal else None,
    )


def _is_told(sentence: AnswerSentence, answer: Answer) -> bool:
    """Whether the box quotes all of the sentence from its paragraph; white space does not count."""
    # An item is a part of its paragraph.
    told = [one.text for one in answer.box if replace(one.paragraph.pinpoint, item=None) == sentence.pinpoint]
    return any(fold(sentence.text) in fold(text) for text in told)


def _is_marked(sentence: AnswerSentence, answer: Answer) -> bool:
    """Whether a highlight covers the sentence, or lies within it, in a hit that is its paragraph."""
    words = re.compile(r"\s+".join(map(re.escape, fold(sentence.text).split())))
    for hit, spans in zip(answer.shown, answer.highlights, strict=True):
        if hit.paragraph.pinpoint == sentence.pinpoint:
            places = [match.span() for match in words.finditer(hit.paragraph.text)]
            return any(_covers(place, span) or _covers(span, place) for place in places for span in spans)
    return False


def _covers(outer: Span, inner: Span) -> bool:
    return outer[0] <= inner[0] < inner[1] <= outer[1]


def _row(name: str, results: Sequence[_Result]) -> Row:
    answerable = [result for result in results if result.order is not None]
    unanswerable = [result for result in results if result.order is None]
    answers = AnswerMetrics(
        precision=Proportion.among([result.order is None for result in results if result.refused]),
        recall=Proportion.among([result.refused for result in unanswerable]),
        answerable_refused=Proportion.among([result.refused for result in answerable]),
        right=Proportion.among([result.is_right for result in answerable]),
        full=Proportion.among([result.full for result in results if result.full is not None]),
        wrong=Proportion.among([result.has_box and not result.is_right for result in answerable]),
        silent=Proportion.among([not result.has_box for result in answerable]),
        boxed=Proportion.among([result.has_box for result in unanswerable]),
        told_or_marked=Proportion.among(
            [result.told_or_marked for result in results if result.told_or_marked is not None]
        ),
    )
    order = RankingMetrics.mean([result.order for result in results if result.order is not None])
    return Row(name, len(results), order, answers, *_percentiles([result.took_ms for result in results]))


def _percentiles(milliseconds: Sequence[float]) -> tuple[float, float]:
    p50, p95 = np.percentile(milliseconds, [50, 95]).tolist()
    return p50, p95
