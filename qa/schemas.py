"""What the API answers, as types: mypy checks the program against them, and `/openapi.json` is made from them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from index.decisions import Numbering, Role, Verdict
from index.ledger import By, What
from qa.answering.refusals import Reason
from qa.generation.generator import Ungenerated
from qa.generation.sentences import Unsupported
from qa.letters import verdicts as letters
from qa.text import comparison
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
_Number = (
    Annotated[int, Field(ge=1)] | Literal["summary"] | Annotated[str, Field(pattern="^(page [1-9][0-9]*|section “.+)$")]
)
_Count = Annotated[int, Field(ge=0)]
_Offset = Annotated[int, Field(ge=0)]


@_described
class Heading(TypedDict):
    """The head of a decision. A field that the copy lacks is null."""

    council: Annotated[str, Field(description="The body complained about. It need not be a council.")]
    reference: Annotated[_Reference, Field(description="The Ombudsman’s case number.")]
    category: Annotated[str | None, Field(description="What the complaint was about.")]
    outcome: Annotated[str | None, Field(description="What was decided, such as `Upheld`.")]
    date: Annotated[_Date | None, Field(description="The date of the decision.")]
    source_url: Annotated[str | None, Field(description="The address of the published decision.")]
    source_derived: Annotated[
        bool,
        Field(
            description="Whether that address was made from the category and the reference, because no page says it."
        ),
    ]


@_described
class Source(Heading):
    """The head of a decision, and when and as what its page was taken."""

    fetched: Annotated[
        str | None,
        Field(
            description="When `decision-qa fetch` got the page, in UTC. Null where a person saved it.",
            json_schema_extra={"format": "date-time"},
            examples=["2026-05-03T09:30:12+00:00"],
        ),
    ]
    page_sha256: Annotated[str, Field(description="The SHA-256 of the page, or of the file that was added.")]


@_described
class Cited(TypedDict):
    """A paragraph with what is needed to quote it."""

    paragraph: Annotated[
        _Number,
        Field(description="Its number, or the name of what has none: `summary`, `page 7` or `section “Findings”`."),
    ]
    section: Annotated[list[str], Field(description="The headings above it, outermost first.")]
    role: Annotated[
        Role, Field(description="Its part in the decision. A `complaint` is what somebody alleged, not a finding.")
    ]
    numbering: Annotated[
        Numbering,
        Field(description="Whether the number is the published one, or was inferred because the copy lost it."),
    ]
    text: Annotated[str, Field(description="The whole paragraph, word for word, with each list item on its own line.")]
    citation: Annotated[_Citation, Field(description="The citation to use in a letter.")]
    url: Annotated[_Address, Field(description="Its address on this server.")]


@_described
class SameWording(TypedDict):
    """A paragraph elsewhere with the same wording."""

    citation: _Citation
    """The citation to use in a letter."""
    url: _Address
    """Its address on this server."""


@_described
class Hit(Heading, Cited):
    """A paragraph found, with the head of its decision."""

    rank: Annotated[int, Field(ge=1)]
    """1 for the best."""
    score: Annotated[float, Field(ge=0, le=1)]
    """Orders the paragraphs of one answer. It is not a probability."""
    citation_full: Annotated[
        str,
        Field(
            description="The citation with the publisher, the date of the decision, and the address of the page where "
            "that is known and not derived.",
            examples=[f"Local Government and Social Care Ombudsman, {_CITATION.replace(', ', ', 9 October 2022, ')}"],
        ),
    ]
    highlights: list[tuple[_Offset, _Offset]]
    """Start and end, in characters of `text`, of the sentences that probably answer. May be empty."""
    voices: list[tuple[_Offset, _Offset, Voice]]
    """Start, end and voice of each sentence of `text`: the voice says whose words it is."""
    also: list[SameWording]
    """Paragraphs elsewhere with the same or nearly the same wording. They never differ in a number, a date, a "not" or
    a "must"."""


@_described
class Sentence(TypedDict):
    """A sentence of an answer."""

    text: Annotated[
        str,
        Field(
            description="In an extract, the words of the paragraph cited. In a generated text, the words of the "
            "language model."
        ),
    ]
    citations: Annotated[
        list[_Citation], Field(description="The paragraphs that it is from, or that it was checked against.")
    ]
    voice: NotRequired[
        Annotated[
            Voice,
            Field(
                description="Whose words these are: the Ombudsman’s, a complainant’s, an organisation’s, the law’s or "
                "a record’s. What a complainant or an organisation says is a claim. Missing in a generated text."
            ),
        ]
    ]


@_described
class Register(TypedDict):
    """The answer to a question about the collection, from the list of decisions."""

    count: _Count
    """How many decisions match."""
    decisions: list[_Reference]
    """Their references, newest first, at most 50."""
    filters: dict[str, Any]
    """The filters as they were understood, under the field names of a question."""
    sentence: Annotated[str, Field(examples=["2 of the 5 decisions held are about Leicestershire County Council."])]
    """The same, as a sentence."""


@_described
class AnswerText(TypedDict):
    """The answer box: the passages that probably answer, word for word."""

    kind: Literal["extract", "generated", "citation", "register"]
    """`extract`: from one to three paragraphs. `generated`: written by a language model, where `generate` was asked for
    and nothing in `generation` prevents it. `citation`: the paragraphs that a question made of citations alone asks
    for. `register`: an answer from the list of decisions."""
    text: str
    """For an extract or a citation, a true quotation: an empty line between paragraphs, `[…]` for words left out. For a
    generated text, its sentences, each followed by its citations. For the register, its sentence."""
    model: str | None
    """The language model that wrote it, or null."""
    sentences: list[Sentence]
    """The sentences of the text, in order."""
    confidence: Annotated[float, Field(ge=0, le=1)] | None
    """The calibrated probability that it answers. Null for a generated text."""
    register: NotRequired[Register]
    """Only for the kind `register`."""


@_described
class Template(TypedDict):
    """The instructions that a language model was given."""

    name: str
    """The name of its file in `prompts/`."""
    version: Annotated[int, Field(ge=1)]
    """Goes up with every change."""
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """The SHA-256 of the file."""


@_described
class LeftOut(Sentence):
    """A sentence that the language model wrote and the answer leaves out."""

    reason: Unsupported
    """Why it was left out. Do not rely on it, even where it has citations."""
    detail: str
    """The same, as a sentence."""


@_described
class Generation(TypedDict):
    """What happened when a text by a language model was asked for."""

    reason: Ungenerated | None
    """Why no text was generated. Null where one was."""
    detail: str | None
    """The same, as a sentence."""
    model: str | None
    """The language model. Null where none is set."""
    host: str | None
    """Where the question and the paragraphs were sent, if they were. Null where no language model is set."""
    template: Template | None
    """Its instructions. Null where no language model is set."""
    left_out: list[LeftOut]
    """The sentences left out of the answer, in order."""


@_described
class Named(TypedDict):
    """What the question names. The search covers only that, unless `everywhere` is true."""

    council: list[str]
    """The full names of the bodies."""
    reference: list[_Reference]
    """The decisions."""
    unknown: list[str]
    """Bodies and references named that are not in the index."""


# “from” is a word of Python, so this one cannot be written as a class.
Held = TypedDict(
    "Held",
    {
        "decisions": Annotated[_Count, Field(description="How many decisions.")],
        "categories": Annotated[list[str], Field(description="Their categories.")],
        "from": Annotated[_Date | None, Field(description="The date of the earliest.")],
        "to": Annotated[_Date | None, Field(description="The date of the latest.")],
    },
)
Held.__doc__ = "A summary of the index: how many decisions, their categories and the dates they cover."
Reading = TypedDict(
    "Reading",
    {
        "from": Annotated[str, Field(description="The word as typed.")],
        "to": Annotated[str, Field(description="The word as read.")],
    },
)
Reading.__doc__ = "A word that was corrected."


@_described
class IndexVersion(TypedDict):
    """The version of the index that answered."""

    version: str
    """Every build that changes something makes a new one."""
    decisions: _Count
    """How many decisions it has."""
    paragraphs: _Count
    """How many paragraphs it has."""
    model: str
    """The embedding model that it was built with."""


@_described
class Answer(TypedDict):
    """The answer to a question."""

    question: str
    """The question as asked."""
    status: Literal["answered", "not_found"]
    """`not_found` where the decisions in the index do not seem to answer."""
    answer: AnswerText | None
    """The answer box. Null where nothing was found, or where nothing found is likely enough to answer."""
    paragraphs: list[Hit]
    """The paragraphs found, best first. Empty where nothing was found, and for a question about the collection."""
    nearest: list[Hit]
    """The closest paragraphs where nothing was found. They do not answer. Empty where the reason is `out_of_scope`."""
    index: IndexVersion
    """The version of the index that was searched."""
    took_ms: Annotated[float, Field(ge=0)]
    """Time taken, in milliseconds."""
    reason: NotRequired[Reason]
    """Why nothing was found. Only then. See `/docs`."""
    detail: NotRequired[str]
    """The reason as a sentence, with what to do next. For citations, which of those asked for are not in the index."""
    held: NotRequired[Held]
    """A summary of the index. Only where nothing was found."""
    notes: NotRequired[list[str]]
    """Sentences, if any: how many decisions a date leaves out because they have none, and which council came before or
    after the one that was asked about."""
    corrected: NotRequired[list[Reading]]
    """The words that were corrected, if any. `as_typed` turns this off."""
    named: NotRequired[Named]
    """Only where the question names a body or a decision."""
    generation: NotRequired[Generation]
    """Only where `generate` was asked for."""


@_described
class Line(TypedDict):
    """A line of a paragraph."""

    text: str
    """Word for word."""
    depth: Annotated[int, Field(ge=0, le=2)]
    """0 for running text, 1 for a list item, 2 for an item of a list within a list."""
    item: str | None
    """The letter of the item, if it has one."""
    citation: _Citation
    """The closest citation: of the item, or of its paragraph."""


@_described
class Paragraph(Cited):
    """A paragraph of a decision, or a lettered item of one."""

    item: str | None
    """The letter of the item. Null for a whole paragraph."""
    lines: list[Line]
    """The same text, line by line."""


@_described
class CrossReference(TypedDict):
    """A reference that a decision makes to its own paragraphs, checked against them."""

    paragraph: _Number
    """The paragraph that makes the reference."""
    words: Annotated[str, Field(examples=["paragraphs one and two"])]
    """Word for word."""
    targets: list[int]
    """The paragraphs that it refers to."""
    verdict: Verdict
    """Whether those paragraphs say what the reference says of them. `none` where this cannot be checked."""
    reason: str | None
    """Why they contradict it."""


@_described
class Decision(Source):
    """A whole decision."""

    summary: str | None
    """Word for word."""
    numbering: Numbering
    """Whether the numbers are the published ones, or were inferred because the copy lost them."""
    doubts: list[str]
    """The reasons why its numbers are inferred."""
    proof: Verdict
    """Whether all its references to its own paragraphs confirm its numbering."""
    proved_to: int | None
    """The last paragraph whose number they confirm."""
    cross_references: list[CrossReference]
    """Its references to its own paragraphs."""
    paragraphs: list[Paragraph]
    """All paragraphs in order, without the summary."""


@_described
class DecisionEntry(Source):
    """A decision in a list."""

    numbering: Numbering
    """Whether the numbers are the published ones, or were inferred because the copy lost them."""
    paragraphs: _Count
    """How many numbered paragraphs it has."""
    url: Annotated[str, Field(examples=["/decisions/21-017-496"])]
    """Its address on this server."""


@_described
class DecisionPage(TypedDict):
    """A page of the list of decisions, newest first."""

    decisions: list[DecisionEntry]
    """The decisions on this page."""
    page: Annotated[int, Field(ge=1)]
    """The number of this page."""
    pages: Annotated[int, Field(ge=1)]
    """How many pages there are."""
    total: _Count
    """How many decisions there are on all pages."""
    notes: NotRequired[list[str]]
    """Sentences, if any: how many decisions a date leaves out because they have none, and which council came before or
    after the one that was asked about."""


Counted = TypedDict(
    "Counted",
    {
        "decisions": Annotated[_Count, Field(description="How many decisions.")],
        "published": Annotated[_Count, Field(description="How many have the published paragraph numbers.")],
        "proved": Annotated[_Count, Field(description="How many of those confirm their numbers themselves.")],
        "inferred": Annotated[_Count, Field(description="How many have numbers that were inferred.")],
        "unnumbered": Annotated[_Count, Field(description="How many are reports, cited by page or section.")],
        "undated": Annotated[_Count, Field(description="How many have no date.")],
        "from": Annotated[_Date | None, Field(description="The date of the earliest.")],
        "to": Annotated[_Date | None, Field(description="The date of the latest.")],
        "years": Annotated[dict[str, int], Field(description="How many of each year.", examples=[{"2022": 3}])],
    },
)
Counted.__doc__ = "How many decisions there are of something."


@_described
class SubjectCoverage(Counted):
    """What is held of a subject: the first part of a category."""

    subject: Annotated[str | None, Field(description="Null for decisions without a category.")]


@_described
class CategoryCoverage(Counted):
    """What is held of a category."""

    category: Annotated[str | None, Field(description="Null for decisions without a category.")]


@_described
class BodyCoverage(Counted):
    """What is held about a body, however its name is written."""

    council: Annotated[str, Field(description="Its name, as most of its decisions have it.")]
    subjects: Annotated[
        dict[str, int], Field(description="How many there are of each subject. Those without a category are left out.")
    ]


@_described
class Coverage(TypedDict):
    """What the index holds, or what the filters let through."""

    total: Counted
    """All of it."""
    subjects: list[SubjectCoverage]
    """By subject, the most decisions first."""
    categories: list[CategoryCoverage]
    """By category, likewise."""
    bodies: list[BodyCoverage]
    """By body, likewise, 100 to a page."""
    page: Annotated[int, Field(ge=1)]
    """The number of this page of bodies."""
    pages: Annotated[int, Field(ge=1)]
    """How many pages there are."""
    bodies_total: _Count
    """How many bodies there are on all pages."""
    built: Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-30T09:00:00Z"])]
    """When the index was last brought up to date."""
    fetched: Annotated[str | None, Field(json_schema_extra={"format": "date-time"})]
    """When the newest page was fetched from the Ombudsman’s site. Null where none was."""
    index: IndexVersion
    """The version of the index."""
    notes: NotRequired[list[str]]
    """Sentences, if any: how many decisions a date leaves out because they have none, and which council came before or
    after the one that was asked about."""


@_described
class Change(TypedDict):
    """A change in the collection."""

    reference: _Reference
    """The Ombudsman’s case number."""
    council: str
    """The body complained about."""
    what: What
    """What happened to the decision."""
    date: _Date
    """The day on which a build noticed it, in UTC."""
    at: Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2026-05-03T09:30:12+00:00"])]
    """The same with the time."""
    sha256: str
    """The SHA-256 of the page, or of the file that was added."""
    places: list[str]
    """Of a changed decision, where its words are others than before."""
    fields: list[str]
    """Of a changed decision, the fields that are: `council`, `category`, `outcome`, `date` or `numbering`."""
    source_url: str | None
    """The address of the published decision."""
    previous_url: str | None
    """Of a decision that moved, the address before."""
    removed_by: By | None
    """Of a removed decision, whether the Ombudsman took it down, or whoever keeps this collection took it out."""
    removed_on: _Date | None
    """Of a removed decision, the day until which it was held."""
    url: Annotated[str | None, Field(examples=["/decisions/21-017-496"])]
    """Its address on this server, null where it is removed."""


@_described
class ChangePage(TypedDict):
    """A page of the list of changes, the latest first."""

    changes: list[Change]
    """The changes on this page."""
    page: Annotated[int, Field(ge=1)]
    """The number of this page."""
    pages: Annotated[int, Field(ge=1)]
    """How many pages there are."""
    total: _Count
    """How many changes there are on all pages."""


@_described
class Difference(TypedDict):
    """A stretch of text in a comparison of a quotation with the published words.

    The stretches `same` and `left_out`, joined, are the published words; `same` and `put_in` are the quotation.
    """

    kind: comparison.Kind
    """`same`: in both. `left_out`: only in the published words. `put_in`: only in the quotation."""
    text: str
    """The words, with the space before them."""


@_described
class Place(TypedDict):
    """Where the words really are."""

    citation: _Citation
    """The citation to use in a letter."""
    url: _Address
    """Its address on this server."""
    text: str
    """The words of that place."""


@_described
class Finding(TypedDict):
    """The result for a citation, a quotation, or both where they belong together."""

    start: _Offset
    """Where it starts in the text, in characters."""
    end: _Offset
    """Where it ends."""
    text: str
    """The words from `start` to `end`."""
    verdict: letters.Verdict
    """Whether it is right, and if not, what is wrong: see `Counts`."""
    detail: str
    """The verdict as a sentence, with what to change."""
    to_look_at: bool
    """Whether it needs attention: something to change, or to read before you rely on it. An exact quotation may still
    be cut short."""
    reference: _Reference | None
    """The decision that it cites, named here or earlier in the text."""
    place: Annotated[str | None, Field(examples=["paragraph 51"])]
    """The place that it cites in that decision."""
    quotation: str | None
    """The words quoted, without quotation marks."""
    differences: list[Difference]
    """Where the wording differs from the published words. Empty where it does not."""
    right: list[Place]
    """The right place. The place cited, if that is right."""


@_described
class Counts(TypedDict):
    """How many findings there are of each verdict."""

    exact: _Count
    """Quoted word for word as published."""
    found: _Count
    """The paragraph or decision exists. Nothing is quoted from it, so no words were compared."""
    altered: _Count
    """The wording, or the name of the body, differs from the published decision."""
    wrong_paragraph: _Count
    """The words are in another paragraph."""
    number_inferred: _Count
    """Right, but the number was inferred, and the text does not say so."""
    not_held: _Count
    """Nothing like it is in the index."""


@_described
class Check(TypedDict):
    """The result for everything that a text cites or quotes."""

    findings: list[Finding]
    """In the order of the text."""
    counts: Counts
    """The number of findings of each verdict."""
    index: IndexVersion
    """The version of the index that it was checked against."""


@_described
class Problem(TypedDict):
    """An error (RFC 9457)."""

    type: Annotated[str, Field(json_schema_extra={"format": "uri-reference"}, examples=["/docs#problem-bad-question"])]
    """The kind of error. It never changes, and links to an explanation."""
    title: str
    """The meaning of the status."""
    status: Annotated[int, Field(ge=400, le=599)]
    """The HTTP status."""
    detail: str
    """A sentence that says what to change."""


@_described
class Health(TypedDict):
    """The process is running."""

    status: Literal["ok"]
    """Always `ok`."""


@_described
class Ready(TypedDict):
    """The server is ready to answer questions."""

    status: Literal["ready"]
    """Always `ready`. A server that is not ready answers 503."""
    version: str
    """The version of the index."""
