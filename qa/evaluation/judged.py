"""Files of judged questions, read and checked: on decisions, and on plain passages. Raises InputError, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, PlainValidator, TypeAdapter, ValidationError

from index.decisions import Pinpoint, Reference
from index.errors import InputError, NotAReference
from index.plain_passages import explain, read_lines, read_text
from qa.answering.refusals import Reason
from qa.retrieval.requests import MAX_QUESTION


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
_Number = Annotated[int, Field(ge=1)] | Literal["summary"] | Annotated[str, Field(pattern="^(page |section “)")]
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
