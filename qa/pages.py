"""The pages, for people: a form and its results, the decisions, one decision, and the documentation of the API.

    /                        the form, and the results of /?question=…, a page of them with &page=2
    /decisions               the list, filtered and paged
    /decisions/21-017-496    a decision with an anchor for every paragraph; with the address of a search behind it,
                             /decisions/21-017-496?question=…, it marks what that found, and leads back
    /docs                    the API

Every page is complete without JavaScript, and a search is nothing but its address.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, TypedDict, cast
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from index.decisions import Decision, Line, Number, Paragraph, Pinpoint, Role
from index.errors import DecisionQAError, NotHeld
from qa.answer import Answer, Answerer, Span, as_lines, citation_of
from qa.api import page_of, reference_of
from qa.errors import KINDS, BadQuestion, kind_of
from qa.openapi import in_words, operations
from qa.search import MAX_LIMIT, MAX_QUESTION, Listing, Question

_PAGE = 10  # paragraphs on a page of results
_MANY = 300  # bodies that a list to choose from may have; a page must stay small
_NEAREST = 3  # paragraphs beside a refusal

_FILTERS = {
    "council": "Body",
    "reference": "Reference",
    "category": "Category",
    "outcome": "Outcome",
    "role": "Part of the decision",
    "from": "From",
    "to": "To",
}
_ROLES: dict[Role, str] = {
    "complaint": "Allegation",
    "powers": "Ombudsman’s powers",
    "method": "How it was considered",
    "law": "Law and guidance",
    "facts": "Facts",
    "finding": "Finding",
    "remedy": "Remedy",
    "conclusion": "Decision",
    "summary": "Summary",
}


def create_pages(answerer: Answerer, described: Callable[[], dict[str, Any]]) -> Blueprint:
    """The pages around an answerer; `described` gives the OpenAPI document."""
    pages = Blueprint("pages", __name__)

    @pages.record_once
    def prepare(state: Any) -> None:
        environment = state.app.jinja_env
        environment.trim_blocks = environment.lstrip_blocks = True
        environment.globals |= {
            "citation_of": citation_of,
            "as_lines": as_lines,
            "blocks": _blocks,
            "MAX_QUESTION": MAX_QUESTION,
            "MANY": _MANY,
            "ROLES": _ROLES,
        }
        environment.filters |= {"day": _day, "typed_day": _typed_day}

    @pages.before_request
    def tidy() -> BaseResponse | None:
        """A search has one address: that without the fields of the form that were left empty."""
        given = list(request.args.items(multi=True))
        kept = [(name, text) for name, text in given if text or name == "question"]
        return redirect(_address(request.path, MultiDict(kept))) if kept != given else None

    @pages.get("/")
    def home() -> str | tuple[str, int]:
        store, given = answerer.stores.get(), request.args
        shown: dict[str, Any] = {"manifest": store.manifest, "facets": store.facets(), "given": given}
        if "question" not in given:
            return render_template("search.html", **shown)
        try:
            number, question = _question(given)
            answer = answerer.answer(question, (number - 1) * question.limit)
            last = _last(answer, question)
            if number > last:
                raise NotHeld(f"There is no page {number} of these results; the last is {last}.", "page")
        except (BadQuestion, NotHeld) as error:
            if not _wants_page():
                raise
            message = str(error) if given["question"].strip() else "Enter a question."
            field = error.field if error.field in (*_FILTERS, "page") else "question"
            return render_template("search.html", error=message, field=field, **shown), kind_of(error).status
        return render_template(
            "search.html",
            **shown,
            **_chosen(given),
            answer=answer,
            nearest=answer.nearest[:_NEAREST],
            number=number,
            last=last,
            found=min(answer.total, MAX_LIMIT),
            turn=_turner(given),
            address=lambda pinpoint: _place(pinpoint, given),
            everywhere=_address("/", given, "page", everywhere="true"),
        )

    @pages.get("/decisions")
    def decisions() -> str | tuple[str, int]:
        store, given = answerer.stores.get(), request.args
        shown: dict[str, Any] = {"manifest": store.manifest, "facets": store.facets(), "given": given}
        try:
            listing = Listing.from_texts(dict(given.lists()))
            entries, last, total = page_of(store, listing)
        except (BadQuestion, NotHeld) as error:
            if not _wants_page():
                raise
            field = error.field if error.field in (*_FILTERS, "page") else None
            return render_template("decisions.html", error=str(error), field=field, **shown), kind_of(error).status
        shown |= {"entries": entries, "number": listing.page, "last": last, "total": total}
        return render_template("decisions.html", **shown, **_chosen(given), turn=_turner(given))

    @pages.get("/decisions/<reference>")
    def decision(reference: str) -> str | BaseResponse:
        found = answerer.stores.get().decision(reference_of(reference))
        if reference != found.reference.slug:
            return redirect(_address(f"/decisions/{found.reference.slug}", request.args), 301)
        marks, back = _marks(answerer, found)
        return render_template("decision.html", decision=found, links=_links(found), marks=marks, back=back)

    @pages.get("/docs")
    def docs() -> str:
        api, example = described(), _example(answerer)
        return render_template(
            "docs.html", api=api, operations=operations(api), words=in_words, kinds=KINDS, example=example
        )

    return pages


def _wants_page() -> bool:
    return "text/html" in request.headers.get("Accept", "")


# Addresses. They are put together here, because url_for would take some names in a query for its own.


def _address(path: str, given: MultiDict[str, str], *leave: str, **add: object) -> str:
    """An address with what is given, but without the fields to leave out."""
    kept = [(name, text) for name, text in given.items(multi=True) if name not in leave]
    query = urlencode([*kept, *add.items()])
    return f"{path}?{query}" if query else path


def _turner(given: MultiDict[str, str]) -> Callable[[int], str]:
    """Gives the address of another page of the same search."""
    return lambda number: _address(request.path, given, "page", **({"page": number} if number > 1 else {}))


def _chosen(given: MultiDict[str, str]) -> dict[str, Any]:
    """The filters that are set, each with the address of the search without it; and that of the search without any."""
    chosen = []
    for name, text in given.items(multi=True):
        if name in _FILTERS:
            rest = MultiDict([item for item in given.items(multi=True) if item != (name, text)])
            shown = _ROLES.get(cast(Role, text), text) if name == "role" else text
            chosen.append((_FILTERS[name], shown, _address(request.path, rest, "page")))
    return {"chosen": chosen, "unfiltered": _address(request.path, given, "page", *_FILTERS)}


def _question(given: MultiDict[str, str]) -> tuple[int, Question]:
    """Which page is asked for, and the question. Raises BadQuestion."""
    fields = dict(given.lists())
    number = Listing.from_texts({"page": fields.pop("page", ["1"])}).page
    return number, Question.from_texts({"limit": [str(_PAGE)]} | fields)


def _last(answer: Answer, question: Question) -> int:
    """The number of the last page of results; beside a refusal there is one only."""
    return 1 if answer.status == "not_found" else max(1, -(-min(answer.total, MAX_LIMIT) // question.limit))


def _marks(answerer: Answerer, decision: Decision) -> tuple[Mapping[Number, Sequence[Span]], str | None]:
    """What the search behind an address found in a decision, and the address of its results, if there is one."""
    given = request.args
    if "question" not in given:
        return {}, None
    try:
        number, question = _question(given)
        answer = answerer.answer(question, (number - 1) * question.limit)
    except DecisionQAError:
        return {}, None  # the decision can be read all the same
    return answer.marks(decision), _address("/", given)


def _place(pinpoint: Pinpoint, given: MultiDict[str, str]) -> str:
    """The address of a place that a search has found, from which it leads back to the search."""
    return f"{_address(f'/decisions/{pinpoint.reference.slug}', given)}#{pinpoint.anchor}"


# For the templates


def _day(date: Any) -> str:
    return f"{date.day} {date:%B %Y}" if date else "no date"


def _typed_day(text: str | None) -> str:
    """What a field for a date can show: a date, or nothing."""
    try:
        return datetime.date.fromisoformat(text or "").isoformat()
    except ValueError:
        return ""


def _example(answerer: Answerer) -> str | None:
    """A real answer as JSON, to show what one looks like; None while there is no index."""
    [text] = Question.model_fields["question"].examples or [""]
    try:
        answer = answerer.answer(Question(question=text, limit=1))
    except DecisionQAError:
        return None
    return json.dumps(answer.as_json(), ensure_ascii=False, indent=2)


class _Stretch(TypedDict):
    """Part of a line: whether it is marked, and where it leads."""

    text: str
    is_marked: bool
    url: str | None


class _Block(TypedDict):
    """A line: its stretches, its letter with the anchor, and the list items below it."""

    stretches: list[_Stretch]
    item: str | None
    anchor: str | None
    items: list[_Block]


def _blocks(
    paragraph: Paragraph, highlights: Sequence[Span] = (), links: Sequence[tuple[Span, str]] = ()
) -> list[_Block]:
    """A paragraph as running text with its lists nested; the spans, of its text, are to be marked or linked."""
    roots: list[_Block] = []
    offset = 0
    for line in paragraph.lines:
        anchor = replace(paragraph.pinpoint, item=line.item).anchor if line.item else None
        stretches = list(_stretches(line, offset, highlights, links))
        block: _Block = {"stretches": stretches, "item": line.item, "anchor": anchor, "items": []}
        siblings = roots
        for _ in range(line.depth):
            siblings = siblings[-1]["items"] if siblings else siblings
        siblings.append(block)
        offset += len(line.text) + 1
    return roots


def _stretches(
    line: Line, offset: int, highlights: Sequence[Span], links: Sequence[tuple[Span, str]]
) -> Iterator[_Stretch]:
    """The line cut wherever a span begins or ends. `offset` is where it begins in the text of its paragraph."""
    ends = {position - offset for span in (*highlights, *(span for span, _ in links)) for position in span}
    cuts = sorted({0, len(line.text), *(end for end in ends if 0 < end < len(line.text))})
    for start, end in pairwise(cuts):
        first = start + offset
        yield {
            "text": line.text[start:end],
            "is_marked": any(begin <= first < close for begin, close in highlights),
            "url": next((url for (begin, close), url in links if begin <= first < close), None),
        }


def _links(decision: Decision) -> dict[Number, list[tuple[Span, str]]]:
    """Where each paragraph speaks of others of its decision, with their anchors; not where that is contradicted."""
    links: dict[Number, list[tuple[Span, str]]] = {}
    texts = {place.pinpoint.number: place.text for place in decision.places()}
    for said in decision.cross_references:
        target = min(said.targets, default=0)
        if said.verdict == "contradicts" or target not in texts:
            continue
        for match in re.finditer(rf"{re.escape(said.words)}(?!\w)", texts[said.at]):
            links.setdefault(said.at, []).append((match.span(), f"#paragraph-{target}"))
    return links
