"""What a search or a list is asked, checked: from JSON, from an address or from a command line, by the same rules.

Every error is a BadQuestion with one sentence on the first thing that is wrong, which repeats nothing of what was
asked, for that may be personal. No index is opened, and nothing is searched.
"""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema

from index.catalogue import Filter
from index.decisions import Reference, Role
from index.errors import NotAReference
from index.store import Order
from index.text.references import REFERENCE_PATTERN
from qa.errors import BadQuestion

MAX_QUESTION = 2000
"""Characters; three long sentences are a quarter of it."""

MAX_LIMIT = 50
"""Paragraphs of one answer."""

_MAX_VALUES = 50  # of one filter


def _reference(value: object) -> object:
    try:
        return Reference(value) if isinstance(value, str) else value
    except NotAReference as error:
        raise ValueError(str(error)) from None


# Not white space alone; of these two, one engine says that they are, another that not.
_NOT_BLANK = r"[^\s\u0085\ufeff]"
_Name = Annotated[str, Field(min_length=1, max_length=200, pattern=_NOT_BLANK)]


def _day(value: object) -> object:
    # The library would read a number, also one in quotation marks, as seconds since 1970.
    if not isinstance(value, str):
        return value
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("no date")
    return datetime.date.fromisoformat(value)


def _whole(value: object) -> object:
    # JSON has one kind of number: 5.0 is 5.
    return int(value) if isinstance(value, float) and value.is_integer() else value


_Day = Annotated[datetime.date, BeforeValidator(_day)]
_ReferenceSchema = WithJsonSchema({"type": "string", "pattern": REFERENCE_PATTERN})
_Reference = Annotated[Reference, BeforeValidator(_reference), _ReferenceSchema]


def read_json(body: bytes) -> Any:
    """What JSON in UTF-8 says. Raises ValueError for what is none, and BadQuestion where a field is given twice, of
    which each reader would take another, and for bytes and halves of characters, which are no text.
    """

    def once(given: list[tuple[str, Any]]) -> dict[str, Any]:
        fields = dict(given)
        "".join(fields).encode()  # a name that is no text cannot be told
        if len(fields) < len(given):
            [(name, _), *_] = Counter(name for name, _ in given).most_common(1)
            raise BadQuestion(f"“{name[:40]}” can be given only once.", name)
        return fields

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        given = json.loads(body.decode(), object_pairs_hook=once, parse_constant=refuse)
        if b"\\u" in body:
            json.dumps(given, ensure_ascii=False).encode()
        return given
    except UnicodeDecodeError:
        raise BadQuestion("The body has bytes that are not UTF-8.") from None
    except UnicodeEncodeError:
        raise BadQuestion("The body has half a character, such as \\ud83d without the other half behind it.") from None
    except RecursionError:
        raise ValueError("nested too deep") from None


class _Fields(BaseModel):
    """Fields that are checked: the same for JSON, an address and the command line."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """Read the body of a POST. Raises BadQuestion."""
        try:
            given = read_json(body)  # which finds what is given twice
            if isinstance(given, dict):
                cls._count(given)
            return cls.model_validate_json(body, strict=True)._checked()
        except ValidationError as error:
            raise cls._explain(error, listed="a list, each item ") from None
        except ValueError:
            raise BadQuestion(_NOT_AN_OBJECT) from None

    @classmethod
    def from_texts(cls, values: Mapping[str, Sequence[str]]) -> Self:
        """Read the fields of an address or a command line, each with all its values. Raises BadQuestion."""
        cls._count(values)
        plain: dict[str, Any] = {}
        for name, texts in values.items():
            if name not in _LIST_FIELDS and len(texts) > 1:
                raise BadQuestion(f"“{name[:40]}” can be given only once.", name)
            if name in _WRITTEN and not re.fullmatch(_WRITTEN[name], texts[0]):
                raise BadQuestion(f"“{name}” must be {_EXPECTED[name]}.", name)
            plain[name] = list(texts) if name in _LIST_FIELDS else texts[0]
        try:
            return cls.model_validate(plain)._checked()
        except ValidationError as error:
            raise cls._explain(error) from None

    def _checked(self) -> Self:
        return self

    @classmethod
    def _count(cls, given: Mapping[str, Any]) -> None:
        """Raise BadQuestion where there is too much: the library finds all that is wrong, and one thing is told."""
        fields = [field.alias or key for key, field in cls.model_fields.items()]
        for name, value in given.items():
            if name not in fields:
                raise BadQuestion(f"There is no field “{name[:40]}”; the fields are {', '.join(fields)}.")
            if name in _LIST_FIELDS and isinstance(value, list | tuple) and len(value) > _MAX_VALUES:
                raise BadQuestion(f"“{name}” may have {_MAX_VALUES} values at most.", name)

    @classmethod
    def _explain(cls, error: ValidationError, listed: str = "") -> BadQuestion:
        """One sentence on the first thing that is wrong. What was asked is not repeated: it may be personal."""
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        if name not in _EXPECTED:
            return BadQuestion(_NOT_AN_OBJECT)
        return BadQuestion(f"“{name}” must be {listed if name in _LIST_FIELDS else ''}{_EXPECTED[name]}.", name)


class Filters(_Fields):
    """The fields that narrow a search or a list."""

    council: tuple[_Name, ...] = Field(default=(), max_length=_MAX_VALUES, examples=[["Kent"]])
    """Only decisions about these bodies: full names, or whole words of a name."""
    reference: tuple[_Reference, ...] = Field(default=(), max_length=_MAX_VALUES, examples=[["21 000 832"]])
    """Only these decisions."""
    category: tuple[_Name, ...] = Field(default=(), max_length=_MAX_VALUES, examples=[["Children"]])
    """Only decisions of these categories: full names, or whole words of a name."""
    outcome: tuple[_Name, ...] = Field(default=(), max_length=_MAX_VALUES, examples=[["Upheld"]])
    """Only decisions with these outcomes: full names, or whole words of a name."""
    date_from: _Day | None = Field(default=None, alias="from", examples=["2021-01-01"])
    """Only decisions from this date."""
    date_to: _Day | None = Field(default=None, alias="to", examples=["2022-12-31"])
    """Only decisions up to this date."""
    role: tuple[Role, ...] = Field(default=(), max_length=_MAX_VALUES, examples=[["finding", "remedy"]])
    """Only paragraphs of these parts of a decision, or decisions that have such paragraphs."""

    @property
    def within(self) -> Filter:
        """The filter as the store takes it."""
        return Filter(
            self.council, self.reference, self.category, self.outcome, self.date_from, self.date_to, self.role
        )

    @property
    def has_filters(self) -> bool:
        """Whether anything is narrowed at all."""
        return self.within != Filter()

    def _checked(self) -> Self:
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise BadQuestion("“from” must not be later than “to”.", "from")
        return self


class Question(Filters):
    """What `/ask` is asked."""

    question: str = Field(
        min_length=1,
        max_length=MAX_QUESTION,
        pattern=_NOT_BLANK,
        examples=["when must a safety agreement be explained as voluntary?"],
    )
    """In your own words."""
    limit: Annotated[int, BeforeValidator(_whole)] = Field(default=5, ge=1, le=MAX_LIMIT, examples=[3])
    """How many paragraphs."""
    everywhere: bool = Field(default=False, examples=[True])
    """Search all decisions, even if the question names a body or a decision."""
    as_typed: bool = Field(default=False, examples=[True])
    """Do not correct typing errors."""
    generate: bool = Field(default=False, examples=[False])
    """Have a language model write a short text from the paragraphs, if the server has one."""

    @property
    def has_words(self) -> bool:
        """Whether there is a letter or a digit in it at all."""
        return re.search(r"[^\W_]", self.question) is not None


class Paging(Filters):
    """What the coverage is asked: the filters, and a page of its bodies."""

    page: int = Field(default=1, ge=1, le=10**6, examples=[1])
    """Which page, from 1."""


class Listing(Paging):
    """What the list of decisions is asked."""

    sort: Order = Field(default="date", examples=["body"])
    """`date`: newest first. `body`: by the name of the body. `length`: most paragraphs first."""


class Since(_Fields):
    """What the list of changes is asked."""

    since: _Day | None = Field(default=None, examples=["2022-10-09"])
    """Only changes from this date."""
    page: int = Field(default=1, ge=1, le=10**6, examples=[1])
    """Which page, from 1."""


_NOT_AN_OBJECT = 'The body must be a JSON object such as {"question": "…"}.'
_LIST_FIELDS = frozenset({"council", "reference", "category", "outcome", "role"})
# The library would read 1_0 as ten, and yes as true.
_WRITTEN = {
    "limit": "[0-9]{1,4}",
    "page": "[0-9]{1,7}",
    "everywhere": "true|false",
    "as_typed": "true|false",
    "generate": "true|false",
}
_EXPECTED = {
    "question": f"a text of 1 to {MAX_QUESTION:,} characters",
    "limit": f"a whole number from 1 to {MAX_LIMIT}",
    "page": "a whole number from 1",
    "council": "a name",
    "reference": "a reference such as 21 017 496",
    "category": "a category",
    "outcome": "an outcome",
    "since": "a date such as 2022-10-09",
    "from": "a date such as 2022-10-09",
    "to": "a date such as 2022-10-09",
    "role": f"one of {', '.join(get_args(Role))}",
    "sort": "date, body or length",
    "everywhere": "true or false",
    "as_typed": "true or false",
    "generate": "true or false",
}
