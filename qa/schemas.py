"""What the API answers, as types: mypy holds the program to them, and `/openapi.json` tells them to others."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from index.decisions import Numbering, Role, Verdict
from qa.answering.refusals import Reason
from qa.generation.generator import Ungenerated
from qa.generation.sentences import Unsupported
from qa.letters import findings as letters
from qa.text import quotations
from qa.text.voices import Voice

# What another type takes over has its description beside it: pydantic reads docstrings in the class itself only.
_described = with_config(ConfigDict(extra="forbid", use_attribute_docstrings=True))
_REFERENCE = "21 017 496"
_CITATION = "West Northamptonshire Council (21 017 496), paragraph 51"
_URL = "/decisions/21-017-496#paragraph-51"

_Reference = Annotated[str, Field(examples=[_REFERENCE])]
_Citation = Annotated[str, Field(examples=[_CITATION])]
_Address = Annotated[str, Field(examples=[_URL])]
_Date = Annotated[str, Field(json_schema_extra={"format": "date"}, examples=["2022-10-09"])]
_Number = Annotated[int, Field(ge=1)] | Literal["summary"]
_Count = Annotated[int, Field(ge=0)]
_Offset = Annotated[int, Field(ge=0)]


@_described
class Heading(TypedDict):
    """What stands at the head of a decision; what its copy lacks is null."""

    council: Annotated[str, Field(description="The body that was complained about, which need not be a council.")]
    reference: Annotated[_Reference, Field(description="The Ombudsman’s case number.")]
    category: Annotated[str | None, Field(description="What the complaint was about.")]
    outcome: Annotated[str | None, Field(description="What was decided, such as `Upheld`.")]
    date: Annotated[_Date | None, Field(description="The day of the decision.")]
    source_url: Annotated[str | None, Field(description="Where the decision is published.")]


@_described
class Cited(TypedDict):
    """A paragraph with what is needed to quote it."""

    paragraph: Annotated[_Number, Field(description="Its number, or `summary`.")]
    section: Annotated[list[str], Field(description="The headings above it, outermost first.")]
    role: Annotated[
        Role, Field(description="Its part in the decision. What stands in a `complaint` is alleged, not found.")
    ]
    numbering: Annotated[
        Numbering,
        Field(description="Whether the number is the published one, or was inferred because the copy lost it."),
    ]
    text: Annotated[str, Field(description="The whole paragraph, word for word, its list items a line each.")]
    citation: Annotated[_Citation, Field(description="As it goes into a letter.")]
    url: Annotated[_Address, Field(description="Its address on this server.")]


@_described
class SameWording(TypedDict):
    """A paragraph elsewhere with the same wording."""

    citation: _Citation
    """As it goes into a letter."""
    url: _Address
    """Its address on this server."""


@_described
class Hit(Heading, Cited):
    """A paragraph that was found, with the head of its decision."""

    rank: Annotated[int, Field(ge=1)]
    """1 for the best."""
    score: Annotated[float, Field(ge=0, le=1)]
    """Orders the paragraphs of one answer. It is no probability."""
    citation_full: Annotated[
        str,
        Field(
            description="The citation with who published the decision and when.",
            examples=[f"Local Government and Social Care Ombudsman, {_CITATION.replace(', ', ', 9 October 2022, ')}"],
        ),
    ]
    highlights: list[tuple[_Offset, _Offset]]
    """Where the sentences that probably answer begin and end in `text`, in characters; there may be none."""
    voices: list[tuple[_Offset, _Offset, Voice]]
    """Whose words each sentence of `text` is: where it begins and ends, and the voice."""
    also: list[SameWording]
    """The same or nearly the same wording elsewhere. It never differs in a number, a date, a "not" or a "must"."""


@_described
class Sentence(TypedDict):
    """A sentence of an answer."""

    text: Annotated[
        str,
        Field(
            description="Of an extract word for word as it stands in the paragraph cited; else as the language model "
            "wrote it."
        ),
    ]
    citations: Annotated[
        list[_Citation], Field(description="Where it stands, or the paragraphs against which it was checked.")
    ]
    voice: NotRequired[
        Annotated[
            Voice,
            Field(
                description="Whose words it is: the Ombudsman’s, a complainant’s, an organisation’s, the law’s or "
                "those of a record. What a complainant or an organisation says is a claim. Not in a generated text."
            ),
        ]
    ]


@_described
class Register(TypedDict):
    """What the register of decisions says to a question about the collection."""

    count: _Count
    """How many decisions are what was asked for."""
    decisions: list[_Reference]
    """Their references, the newest first, 50 at most."""
    filters: dict[str, Any]
    """The filters as they were understood, by the names that a question gives them."""
    sentence: Annotated[str, Field(examples=["2 of the 5 decisions held are about Leicestershire County Council."])]
    """The same as a sentence."""


@_described
class AnswerText(TypedDict):
    """The answer box: what is probably right, word for word."""

    kind: Literal["extract", "generated", "citation", "register"]
    """An `extract` of one to three paragraphs; `generated` where `generate` was asked for and `generation` has no
    reason against it; `citation` where the question is nothing but citations, which are opened; `register` where it is
    about the collection."""
    text: str
    """Of an extract or a citation a true quotation: paragraphs apart by an empty line, `[…]` for what is left out. Of a
    generated text the sentences, each with its citations behind it. Of the register its sentence."""
    model: str | None
    """The language model that wrote it; null where none did."""
    sentences: list[Sentence]
    """Those of the text in its order."""
    confidence: Annotated[float, Field(ge=0, le=1)] | None
    """How likely it answers: a calibrated probability; null for a generated text."""
    register: NotRequired[Register]
    """Only of the kind `register`."""


@_described
class Template(TypedDict):
    """What a language model was told to do."""

    name: str
    """As its file in `prompts/` is called."""
    version: Annotated[int, Field(ge=1)]
    """Raised with every change."""
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """Of the file."""


@_described
class LeftOut(Sentence):
    """A sentence that the language model wrote and the answer does not tell."""

    reason: Unsupported
    """Why. What its citations support must not be taken from it."""
    detail: str
    """The same as a sentence."""


@_described
class Generation(TypedDict):
    """What became of the wish for a text written by a language model."""

    reason: Ungenerated | None
    """Why the answer is an extract all the same; null where it is generated."""
    detail: str | None
    """The same as a sentence."""
    model: str | None
    """The language model; null where none is set."""
    host: str | None
    """To whom the question and the paragraphs were sent, if they were; null where no language model is set."""
    template: Template | None
    """What it was told; null where no language model is set."""
    left_out: list[LeftOut]
    """What it wrote and the answer does not tell, in its order."""


@_described
class Named(TypedDict):
    """What the question names. Only that was searched, unless `everywhere` was asked for."""

    council: list[str]
    """The bodies, by their full names."""
    reference: list[_Reference]
    """The decisions."""
    unknown: list[str]
    """What is named but not held."""


# “from” is a word of Python, so this one cannot be written as a class.
Held = TypedDict(
    "Held",
    {
        "decisions": Annotated[_Count, Field(description="How many decisions.")],
        "categories": Annotated[list[str], Field(description="What they are about.")],
        "from": Annotated[_Date | None, Field(description="The day of the first.")],
        "to": Annotated[_Date | None, Field(description="The day of the last.")],
    },
)
Held.__doc__ = "What is held, in short: how many decisions, of which categories, from which day to which."
Reading = TypedDict(
    "Reading",
    {
        "from": Annotated[str, Field(description="As it was typed.")],
        "to": Annotated[str, Field(description="As it was read.")],
    },
)
Reading.__doc__ = "A word that was read otherwise than it was typed."


@_described
class IndexVersion(TypedDict):
    """The version of the index that answered."""

    version: str
    """Each build that changes something makes another."""
    decisions: _Count
    """How many it holds."""
    paragraphs: _Count
    """How many it holds."""
    model: str
    """The model whose vectors it has."""


@_described
class Answer(TypedDict):
    """What a question got."""

    question: str
    """As it was asked."""
    status: Literal["answered", "not_found"]
    """`not_found` where the decisions held do not answer, as far as can be told."""
    answer: AnswerText | None
    """The answer box; null where nothing was found, or where nothing that was found is probably right."""
    paragraphs: list[Hit]
    """The best first; empty where nothing was found, and for a question about the collection."""
    nearest: list[Hit]
    """What is nearest where nothing was found; it is no answer. Empty where the reason is `out_of_scope`."""
    index: IndexVersion
    """What was searched."""
    took_ms: Annotated[float, Field(ge=0)]
    """How many milliseconds it took."""
    reason: NotRequired[Reason]
    """Only where nothing was found: why. See `/docs`."""
    detail: NotRequired[str]
    """The reason as a sentence with what to do next; beside a citation, which of those asked for are not held."""
    held: NotRequired[Held]
    """Only where nothing was found: what is held, in short."""
    corrected: NotRequired[list[Reading]]
    """Only where words were read otherwise than they were typed; `as_typed` takes them as they are."""
    named: NotRequired[Named]
    """Only where the question names something."""
    generation: NotRequired[Generation]
    """Only where `generate` was asked for."""


@_described
class Line(TypedDict):
    """A line of a paragraph."""

    text: str
    """Word for word."""
    depth: Annotated[int, Field(ge=0, le=2)]
    """0 for running text, 1 for an item of a list, 2 for an item of a list within that."""
    item: str | None
    """The letter of the item, where the decision letters its items."""
    citation: _Citation
    """The closest that can be cited."""


@_described
class Paragraph(Cited):
    """A paragraph as it stands in its decision, or a lettered item of one."""

    item: str | None
    """The letter, where it is an item of a paragraph."""
    lines: list[Line]
    """The same text, line by line."""


@_described
class CrossReference(TypedDict):
    """Where a decision speaks of its own paragraphs, checked against what stands there."""

    paragraph: _Number
    """Where it stands."""
    words: Annotated[str, Field(examples=["paragraphs one and two"])]
    """Word for word."""
    targets: list[int]
    """The paragraphs that it names."""
    verdict: Verdict
    """Whether what it says of them stands there; `none` where that cannot be told."""
    reason: str | None
    """Why it contradicts."""


@_described
class Decision(Heading):
    """A whole decision."""

    summary: str | None
    """Word for word."""
    numbering: Numbering
    """Whether the numbers are the published ones, or were inferred because the copy lost them."""
    doubts: list[str]
    """Why its numbers are inferred."""
    proof: Verdict
    """What the decision’s references to its own paragraphs say of its numbers together."""
    proved_to: int | None
    """The furthest paragraph that they confirm."""
    cross_references: list[CrossReference]
    """Where it speaks of its own paragraphs."""
    paragraphs: list[Paragraph]
    """All of them in their order, without the summary."""


@_described
class DecisionEntry(Heading):
    """A decision in a list."""

    numbering: Numbering
    """Whether the numbers are the published ones, or were inferred because the copy lost them."""
    paragraphs: _Count
    """How many numbered ones it has."""
    url: Annotated[str, Field(examples=["/decisions/21-017-496"])]
    """Its address on this server."""


@_described
class DecisionPage(TypedDict):
    """A page of the list of decisions, the newest first."""

    decisions: list[DecisionEntry]
    """Those on this page."""
    page: Annotated[int, Field(ge=1)]
    """Which page this is."""
    pages: Annotated[int, Field(ge=1)]
    """How many there are."""
    total: _Count
    """Decisions on all pages."""


@_described
class Difference(TypedDict):
    """A stretch of a quotation or of what is published.

    Those that are the same or left out, joined, are what is published; those that are the same or put in are the
    quotation.
    """

    kind: quotations.Kind
    """Whether it stands in both, in what is published only, or in the quotation only."""
    text: str
    """Word for word, with the space before it."""


@_described
class Place(TypedDict):
    """Where something really stands."""

    citation: _Citation
    """As it goes into a letter."""
    url: _Address
    """Its address on this server."""
    text: str
    """What stands there, word for word."""


@_described
class Finding(TypedDict):
    """What was found of a citation, of a quotation, or of both where they belong together."""

    start: _Offset
    """Where it begins in the text, in characters."""
    end: _Offset
    """Where it ends."""
    text: str
    """What stands there."""
    verdict: letters.Verdict
    """Whether it is right, and if not, how: see `Counts`."""
    detail: str
    """The same as a sentence, with what to change."""
    to_look_at: bool
    """Whether there is something to change, or to read before it is relied on: also what is exact may be cut short."""
    reference: _Reference | None
    """The decision that it names, or that was named before."""
    place: Annotated[str | None, Field(examples=["paragraph 51"])]
    """What it cites of that decision."""
    quotation: str | None
    """What it quotes, without the marks."""
    differences: list[Difference]
    """Where the wording differs from what is published; empty where it does not."""
    right: list[Place]
    """Where it stands; the place cited itself, if that is right."""


@_described
class Counts(TypedDict):
    """How many were found to be what."""

    exact: _Count
    """Quoted word for word as published."""
    found: _Count
    """There is such a paragraph, or such a decision, and nothing is quoted from it: there were no words to compare."""
    altered: _Count
    """The wording, or the name of the body, differs from what is published."""
    wrong_paragraph: _Count
    """It stands in another paragraph."""
    number_inferred: _Count
    """Right, but the number is not known to be the published one, and the text does not say so."""
    not_held: _Count
    """Nothing like it is in the index."""


@_described
class Check(TypedDict):
    """What was found of everything that a text cites or quotes."""

    findings: list[Finding]
    """In the order of the text."""
    counts: Counts
    """How many of them are what."""
    index: IndexVersion
    """What it was checked against."""


@_described
class Problem(TypedDict):
    """An error (RFC 9457)."""

    type: Annotated[str, Field(json_schema_extra={"format": "uri-reference"}, examples=["/docs#problem-bad-question"])]
    """What kind it is; it never changes, and says more where it leads."""
    title: str
    """What the status means."""
    status: Annotated[int, Field(ge=400, le=599)]
    """As in the head of the answer."""
    detail: str
    """A sentence that says what to change."""


@_described
class Health(TypedDict):
    """The process lives."""

    status: Literal["ok"]
    """Always this."""


@_described
class Ready(TypedDict):
    """A question could be answered now."""

    status: Literal["ready"]
    """Always this; what is not ready answers 503."""
    version: str
    """Of the index."""
