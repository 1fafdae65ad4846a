"""Judged questions → figures: how good the order of the hits is, and how well what is not answered is told apart.

The two are measured separately: the order is judged on whatever is shown, be it the hits or, where the answer is
`not_found`, the nearest paragraphs; so a question that was wrongly refused is a mistake of refusing alone. A hit counts
for its own paragraph only; the paragraphs of the same wording that it names in `also` are not credited.

A paragraph of grade 2 answers a question, one of grade 1 helps. A question without any is one that the decisions do
not answer: refusing it is right, and it counts for nothing else.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

import numpy as np
from pydantic import AfterValidator, Field, PlainValidator, TypeAdapter, ValidationError

from index.catalogue import Filter
from index.decisions import SUMMARY, Pinpoint, Reference, fold
from index.embedding.types import Progress
from index.errors import InputError, NotAReference
from index.plain_passages import explain, position_of, read_lines, read_text
from qa.answering.answer import Answer, Answerer
from qa.answering.extract import Span
from qa.answering.refusals import Reason
from qa.retrieval.requests import MAX_QUESTION, Question
from qa.retrieval.search import Searcher

DEPTH = 10
"""How many hits are asked for and judged."""

_WILSON = 1.959964  # standard deviations that hold 95% of a normal distribution

K = TypeVar("K", bound=Hashable)


def _reference(value: object) -> Reference:
    try:
        return Reference(value if isinstance(value, str) else "")
    except NotAReference as error:
        raise ValueError(str(error)) from None


def _with_words(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text


_Reference = Annotated[Reference, PlainValidator(_reference)]
_Number = Annotated[int, Field(ge=1)] | Literal["summary"]
_Text = Annotated[str, AfterValidator(_with_words)]

_EXPECTED = {
    "id": "a text",
    "kind": "a text",
    "question": f"a text of 1 to {MAX_QUESTION:,} characters",
    "relevant": "a list of objects, each with reference, paragraph and grade",
    "answer_sentence": "an object with reference, paragraph and text, or null",
    "reference": "a reference such as 21 017 496",
    "paragraph": "a whole number from 1 on, or summary",
    "grade": "1 or 2",
    "text": "a text",
    "sentences": "a list of texts",
    "reason": f"one of {', '.join(get_args(Reason))}",
}
_EXPECTED_PLAIN = {"id": "a text", "question": "a text", "relevant": "a list of the ids of passages"}


@dataclass(frozen=True, slots=True)
class _Place:
    reference: _Reference
    paragraph: _Number

    @property
    def pinpoint(self) -> Pinpoint:
        """Where it stands."""
        return Pinpoint(self.reference, self.paragraph)


@dataclass(frozen=True, slots=True)
class Relevant(_Place):
    """A paragraph that was judged to answer a question (grade 2) or to help (grade 1).

    `sentences` are those in it that answer, word for word; empty where they were not judged.
    """

    grade: Annotated[int, Field(ge=1, le=2)]
    sentences: tuple[_Text, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerSentence(_Place):
    """The sentence that answers best, word for word, and its paragraph."""

    text: _Text


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with what was judged to be relevant to it; nothing where refusing is right, then `reason` says why."""

    id: _Text
    kind: _Text
    question: Annotated[_Text, Field(max_length=MAX_QUESTION)]
    relevant: tuple[Relevant, ...]
    answer_sentence: AnswerSentence | None = None
    reason: Reason | None = None

    @property
    def grades(self) -> dict[Pinpoint, int]:
        """The grade of each relevant paragraph."""
        return {found.pinpoint: found.grade for found in self.relevant}


@dataclass(frozen=True, slots=True)
class PlainQuestion:
    """A question on plain passages, with the ids of those that answer it."""

    id: _Text
    question: _Text
    relevant: tuple[str, ...]


def read_questions(path: Path) -> list[Judged]:
    """Read a file of judged questions, a JSON list, gzipped or not. Raises InputError, which names the entry."""
    text = read_text(path)
    try:
        questions = TypeAdapter(list[Judged]).validate_json(text, strict=True)
    except ValidationError as error:
        place = error.errors(include_url=False)[0]["loc"][:1]
        if place:
            raise InputError(f"Entry {int(place[0]) + 1} of {path.name}: {explain(error, _EXPECTED)}") from None
        wrong = "not JSON" if error.errors()[0]["type"] == "json_invalid" else "no JSON list"
        raise InputError(f"The file {path.name} is {wrong}; it must be a list of judged questions.") from None
    if not questions:
        raise InputError(f"The file {path.name} holds no question.")
    seen = set()
    for number, question in enumerate(questions, 1):
        if question.id in seen:
            raise InputError(f"Entry {number} of {path.name}: the id “{question.id[:60]}” is there twice.")
        if len(question.grades) < len(question.relevant):
            raise InputError(f"Entry {number} of {path.name}: “relevant” has a paragraph twice.")
        seen.add(question.id)
    return questions


def read_plain_questions(path: Path) -> list[PlainQuestion]:
    """Read a file of questions on plain passages, JSON lines, gzipped or not. Raises InputError, naming the line."""
    return read_lines(path, PlainQuestion, _EXPECTED_PLAIN)


# The measures: of a ranking, best first and nothing in it twice, against the grades of what is relevant.


def ndcg(ranking: Sequence[K], grades: Mapping[K, int], depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain of the first `depth`, 0 to 1: what is good should stand high.

    The gain of a grade is 2^grade - 1, discounted by log2(rank + 1); the ideal order is that of all that is relevant.
    Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (2002), with the gains of Burges et al.,
    Learning to rank using gradient descent (2005).
    """
    ideal = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(one, 0) for one in ranking[:depth]]) / ideal if ideal else 0.0


def _gain(grades: Iterable[int]) -> float:
    return math.fsum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def recall(ranking: Sequence[K], wanted: Collection[K], depth: int) -> float:
    """The share of what is wanted that is among the first `depth`."""
    return sum(one in wanted for one in ranking[:depth]) / len(wanted)


def average_precision(ranking: Sequence[K], wanted: Collection[K], depth: int = DEPTH) -> float:
    """The mean, over all that is wanted, of the precision at the rank of each; 0 for what is beyond `depth`.

    More than `depth` cannot be found, so where more is wanted the mean is over `depth`.
    """
    found, precisions = 0, 0.0
    for rank, one in enumerate(ranking[:depth], 1):
        if one in wanted:
            found += 1
            precisions += found / rank
    return precisions / min(len(wanted), depth)


@dataclass(frozen=True, slots=True)
class Order:
    """How good the order of the hits is, each figure from 0 to 1: of one question, or the mean over several.

    Recall and success are of the paragraphs that answer (grade 2), or where none does, of those that help. Success is
    whether one of them is among the first three. The average precision is of all that is relevant.
    """

    ndcg_10: float
    recall_5: float
    recall_10: float
    success_3: float
    average_precision_10: float

    @classmethod
    def of(cls, ranking: Sequence[K], grades: Mapping[K, int]) -> Order:
        """Judge one ranking; `grades` must not be empty."""
        best = {one for one, grade in grades.items() if grade == 2} or set(grades)
        return cls(
            ndcg(ranking, grades),
            recall(ranking, best, 5),
            recall(ranking, best, 10),
            float(recall(ranking, best, 3) > 0),
            average_precision(ranking, grades),
        )

    @classmethod
    def mean(cls, orders: Sequence[Order]) -> Order | None:
        """The mean of each figure; None of nothing."""
        return cls(*np.mean([astuple(order) for order in orders], axis=0).tolist()) if orders else None

    def as_json(self) -> dict[str, float]:
        """The figures by their names."""
        return dict(zip(_ORDER, (round(figure, 4) for figure in astuple(self)), strict=True))


_ORDER = ("ndcg@10", "recall@5", "recall@10", "success@3", "map@10")


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    count: int
    of: int

    @classmethod
    def among(cls, outcomes: Collection[bool]) -> Share:
        """The share of those that are true."""
        return cls(sum(outcomes), len(outcomes))

    @property
    def share(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share lies with 95% confidence, as far as so few tell; None of nothing.

        Wilson, Probable inference, the law of succession, and statistical inference (1927).
        """
        if not self.of:
            return None
        share, squared = self.count / self.of, _WILSON**2 / self.of
        centre = share + squared / 2
        spread = math.sqrt(squared * (share * (1 - share) + squared / 4))
        low, high = (centre - spread) / (1 + squared), (centre + spread) / (1 + squared)
        return max(low, 0.0), min(high, 1.0)

    def as_json(self) -> dict[str, Any]:
        """The share with its interval, rounded."""
        interval = self.interval
        return {
            "count": self.count,
            "of": self.of,
            "share": None if self.share is None else round(self.share, 4),
            "interval": None if interval is None else [round(bound, 4) for bound in interval],
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far probabilities are what they say: in each tenth how many there are, their mean, and the share that held.

    `error` is the expected calibration error: the mean over all of how far the two are apart. Naeini, Cooper and
    Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning (2015).
    """

    bins: tuple[tuple[int, float, float], ...]
    error: float

    @classmethod
    def of(cls, probabilities: Sequence[float], held: Sequence[bool]) -> Calibration:
        """From probabilities, 0 to 1, and whether what each was given for held."""
        tenths = np.minimum((np.asarray(probabilities) * 10).astype(int), 9)
        bins = []
        for tenth in range(10):
            chosen = [place for place in range(len(held)) if tenths[place] == tenth]
            said = float(np.mean([probabilities[place] for place in chosen])) if chosen else 0.0
            came = float(np.mean([held[place] for place in chosen])) if chosen else 0.0
            bins.append((len(chosen), said, came))
        apart = math.fsum(count * abs(said - came) for count, said, came in bins)
        return cls(tuple(bins), apart / max(len(held), 1))

    def as_json(self) -> dict[str, Any]:
        """The error, and the tenths that hold anything."""
        return {
            "expected_calibration_error": round(self.error, 4),
            "bins": [
                {"count": count, "said": round(said, 4), "held": round(came, 4)}
                for count, said, came in self.bins
                if count
            ],
        }

    def as_text(self, what: str) -> str:
        """A reliability diagram: a line for each tenth, a bar for the share that held, a mark at what was said."""
        lines = [f"How far “{what}” is as likely as said (expected calibration error {self.error:.3f}):"]
        for count, said, came in self.bins:
            if count:
                bar = list(("█" * round(came * 40)).ljust(41))
                bar[round(said * 40)] = "|"
                lines.append(f"  said {said:.2f}  held {came:.2f}  {''.join(bar)} {count:>5}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Telling:
    """How well questions are refused, and what the answers tell.

    `precision` is of the questions that were refused, how many rightly; `recall` of those that should be, how many
    were. Of the answerable questions: `right`, how many had an answer box whose first paragraph answers, `wrong`, whose
    does not, `silent`, how many had none; `full`, of those with a judged sentence, how many had it in the box, and
    `told_or_marked`, how many had it there or highlighted in a paragraph that is shown. `boxed` is of the questions
    that should be refused, how many got a box.
    """

    precision: Share
    recall: Share
    answerable_refused: Share
    right: Share
    full: Share
    wrong: Share
    silent: Share
    boxed: Share
    told_or_marked: Share

    def as_json(self) -> dict[str, Any]:
        """The shares by their names."""
        return {
            "refusal_precision": self.precision.as_json(),
            "refusal_recall": self.recall.as_json(),
            "answerable_refused": self.answerable_refused.as_json(),
            "box_right": self.right.as_json(),
            "box_full": self.full.as_json(),
            "box_wrong": self.wrong.as_json(),
            "box_silent": self.silent.as_json(),
            "box_on_unanswerable": self.boxed.as_json(),
            "told_or_marked": self.told_or_marked.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of some questions: of a kind, or of all.

    `order` is None where none of them can be answered, `telling` where nothing was refused or told, as on plain
    passages. `p50` and `p95` are the milliseconds within which half of the questions, and 95% of them, were answered.
    """

    name: str
    questions: int
    order: Order | None
    telling: Telling | None
    p50: float
    p95: float

    def as_json(self) -> dict[str, Any]:
        """All figures by their names; null where there is nothing to measure."""
        return {
            "questions": self.questions,
            **(self.order.as_json() if self.order else dict.fromkeys(_ORDER)),
            **(self.telling.as_json() if self.telling else {}),
            "p50_ms": round(self.p50, 1),
            "p95_ms": round(self.p95, 1),
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """What an evaluation found: a row for each kind of question, and one for all.

    `reasons` has for each reason to refuse how many of those questions were refused, and how many for that reason.
    `calibration` is of the probability that the first paragraph answers.
    """

    kinds: tuple[Row, ...]
    all: Row
    reasons: tuple[tuple[str, Share, Share], ...] = ()
    calibration: Calibration | None = None

    def as_json(self) -> dict[str, Any]:
        """`{"all": …, "kinds": {kind: …}, "reasons": {reason: …}, "calibration": …}`."""
        return {
            "all": self.all.as_json(),
            "kinds": {row.name: row.as_json() for row in self.kinds},
            "reasons": {
                name: {"refused": refused.as_json(), "for_this_reason": told.as_json()}
                for name, refused, told in self.reasons
            },
            "calibration": self.calibration.as_json() if self.calibration else None,
        }

    def as_table(self) -> str:
        """A line for each kind, the last for all; then the answer box, the reasons, and the reliability diagram."""
        parts = [as_table([*self.kinds, self.all])]
        if any(row.telling for row in (*self.kinds, self.all)):
            parts.append(as_box_table([*self.kinds, self.all]))
        if self.reasons:
            lines = [["refused for", "refused", "of these for this reason"]]
            lines += [[name, _with_interval(refused), _with_interval(told)] for name, refused, told in self.reasons]
            parts.append(_aligned(lines))
        if self.calibration is not None:
            parts.append(self.calibration.as_text("the first paragraph answers"))
        return "\n\n".join(parts)


def as_table(rows: Sequence[Row]) -> str:
    """Rows as a text with aligned columns under two lines of headings."""
    telling = any(row.telling for row in rows)
    heads = ["kind", "questions", "nDCG@10", "recall@5", "recall@10", "success@3", "MAP@10"]
    heads += ["refusal precision", "refusal recall", "answerable refused", "told_or marked"] if telling else []
    heads += ["p50_ms", "p95_ms"]
    above = [[part.replace("_", " ") for part in (["", *head.split()])[-2:]] for head in heads]
    return _aligned(
        [[upper for upper, _ in above], [lower for _, lower in above], *(_cells(row, telling) for row in rows)]
    )


def as_box_table(rows: Sequence[Row]) -> str:
    """What the answer box tells, a line for each row."""
    lines = [["answer box", "right", "full", "wrong", "silent", "on unanswerable"]]
    for row in rows:
        if row.telling:
            found = row.telling
            shares = (found.right, found.full, found.wrong, found.silent, found.boxed)
            lines.append([row.name, *map(_with_interval, shares)])
    return _aligned(lines)


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _cells(row: Row, telling: bool) -> list[str]:
    order = [f"{figure:.3f}" for figure in astuple(row.order)] if row.order else ["-"] * len(_ORDER)
    cells = [row.name, str(row.questions), *order]
    if telling and row.telling:
        found = row.telling
        cells += [_with_interval(found.precision), _with_interval(found.recall)]
        cells += [_counted(share) for share in (found.answerable_refused, found.told_or_marked)]
    return [*cells, f"{row.p50:.1f}", f"{row.p95:.1f}"]


def _with_interval(share: Share) -> str:
    if share.share is None or share.interval is None:
        return "-"
    return f"{share.share:.2f} ({share.interval[0]:.2f}–{share.interval[1]:.2f})"


def _counted(share: Share) -> str:
    return f"{share.count}/{share.of}" if share.of else "-"


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of one question.

    `full` and `told_or_marked` are None where no sentence was judged. `reason` is why it should be refused, `told` the
    reason for which it was. `has_box` and `is_right` say whether there was a box, and whether its first paragraph
    answers; `first_is_right` is that of the best paragraph, box or no, with its `confidence`.
    """

    kind: str
    order: Order | None
    refused: bool
    full: bool | None
    told_or_marked: bool | None
    took_ms: float
    has_box: bool = False
    is_right: bool = False
    first_is_right: bool = False
    confidence: float = 0.0
    reason: str | None = None
    told: str | None = None


def evaluate(answerer: Answerer, questions: Sequence[Judged], progress: Progress | None = None) -> Figures:
    """Ask judged questions and measure the answers. Raises IndexUnusable; `progress` is told of questions asked."""
    for first in questions[:1]:
        answerer.answer(Question(question=first.question, limit=1))  # with another limit it is another question
    results = _ask_all(lambda question: _judge(answerer, question), questions, progress)
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


def _of_reason(reason: str, results: Sequence[_Result]) -> tuple[str, Share, Share]:
    mine = [result for result in results if result.reason == reason]
    refused = [result for result in mine if result.refused]
    told = Share.among([result.told == reason for result in refused])
    return reason, Share.among([result.refused for result in mine]), told


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

    def judge(question: PlainQuestion) -> tuple[Order, float]:
        started = time.perf_counter()
        hits = searcher.search(question.question, DEPTH, Filter()).hits
        took_ms = (time.perf_counter() - started) * 1000
        ranking = [ids[position_of(hit.paragraph.pinpoint.reference)] for hit in hits]
        return Order.of(ranking, dict.fromkeys(question.relevant, 1)), took_ms

    judge(asked[0])
    results = _ask_all(judge, asked, progress)
    p50, p95 = _percentiles([took_ms for _, took_ms in results])
    return Figures((), Row("all", len(results), Order.mean([order for order, _ in results]), None, p50, p95))


_Q = TypeVar("_Q")
_R = TypeVar("_R")


def _ask_all(ask: Callable[[_Q], _R], questions: Sequence[_Q], progress: Progress | None) -> list[_R]:
    """Ask each question, when one has been asked: what that finds not yet loaded is no part of the time of any."""
    results = []
    for done, question in enumerate(questions, 1):
        results.append(ask(question))
        if progress is not None:
            progress(done, len(questions))
    return results


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
        Order.of(ranking, question.grades) if question.relevant else None,
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
    wanted = fold(sentence.text)
    return any(_cited(one.citation) == sentence.pinpoint and wanted in fold(one.text) for one in answer.box)


# Kent County Council (21 000 832), paragraph 45 (number inferred)
_CITATION = re.compile(
    r"""
    \A.*\((?P<reference>[^()]+)\),\s
    (?:paragraph\s(?P<number>\d+)(?:\([a-z]\))?|summary)   # an item is a part of its paragraph
    (?:\s\(number\ inferred\))?
    """,
    re.VERBOSE | re.DOTALL,
)


def _cited(citation: str) -> Pinpoint | None:
    match = _CITATION.fullmatch(citation)
    return match and Pinpoint(Reference(match["reference"]), int(match["number"]) if match["number"] else SUMMARY)


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
    telling = Telling(
        precision=Share.among([result.order is None for result in results if result.refused]),
        recall=Share.among([result.refused for result in unanswerable]),
        answerable_refused=Share.among([result.refused for result in answerable]),
        right=Share.among([result.is_right for result in answerable]),
        full=Share.among([result.full for result in results if result.full is not None]),
        wrong=Share.among([result.has_box and not result.is_right for result in answerable]),
        silent=Share.among([not result.has_box for result in answerable]),
        boxed=Share.among([result.has_box for result in unanswerable]),
        told_or_marked=Share.among([result.told_or_marked for result in results if result.told_or_marked is not None]),
    )
    order = Order.mean([result.order for result in results if result.order is not None])
    return Row(name, len(results), order, telling, *_percentiles([result.took_ms for result in results]))


def _percentiles(milliseconds: Sequence[float]) -> tuple[float, float]:
    p50, p95 = np.percentile(milliseconds, [50, 95]).tolist()
    return p50, p95
