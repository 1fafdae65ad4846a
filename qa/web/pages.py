"""The pages, for people: a form and its results, the decisions, one decision, and the documentation of the API.

    /                        the form, and the results of /?question=…, a page of them with &page=2
    /decisions               the list, filtered and paged
    /decisions/21-017-496    a decision with an anchor for every paragraph; with the address of a search behind it,
                             /decisions/21-017-496?question=…, it marks what that found, and leads back
    /coverage                what is held, counted
    /check                   are the citations of a letter right? It is posted, and kept nowhere
    /docs                    the API

Every page is complete without JavaScript, and a search is nothing but its address.
"""

from __future__ import annotations

import datetime
import functools
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Blueprint, Response, g, get_template_attribute, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from index.decisions import Decision, Number, Pinpoint, Reference, slug_of
from index.errors import DecisionQAError, IndexUnusable, NotAReference, NotHeld
from index.store import Store
from qa import presentation as say
from qa.addresses import COVERAGE, anchor_of, url_of
from qa.answering.answer import Answer, Answerer
from qa.answering.citations import as_lines, citation_full, citation_of
from qa.answering.collection import PAGE, Changed, Covered, Listed
from qa.answering.extract import Span
from qa.answering.refusals import MEANINGS
from qa.errors import KINDS, BadQuestion, Busy, TooMany, kind_of, retry_after
from qa.letters.letter import MAX_LETTER, NO_FINDINGS, UNFINISHED, VERDICTS, Checks, Letter
from qa.retrieval.requests import MAX_LIMIT, Listing, Paging, Question, Since
from qa.retrieval.search import MOST_ALSO
from qa.serialise import answer_as_json
from qa.web import links
from qa.web.admission import Admission, client_address
from qa.web.api import event_stream, has_gone, is_coded, reference_of, wants_events
from qa.web.openapi import in_words, operations
from qa.web.paragraph_html import blocks, excerpt_blocks, hit_blocks

_HITS_PER_PAGE = 10
_MAX_BODIES = 300  # that a list to choose from may have; a page must stay small
_MAX_NEAREST = 3  # paragraphs beside a refusal
_FORM = "application/x-www-form-urlencoded"
_MAX_FIELDS = 8  # of a form that are read; each of a million would be kept
_ADDRESSES = re.compile(rf"(www\.lgo\.org\.uk(?:/[\w/-]*)?|(?<!\S){COVERAGE}(?!\w))")


def create_pages(answerer: Answerer, checks: Checks, admission: Admission, described: Mapping[str, Any]) -> Blueprint:
    """The pages around an answerer and what checks letters, for whom it admits; `described` is the OpenAPI document."""
    views = _Pages(answerer, checks, admission, described)
    pages = Blueprint("pages", __name__)
    pages.record_once(_prepare_templates)
    pages.before_request(links.redirect_if_untidy)
    pages.add_url_rule("/", view_func=views.home)
    pages.add_url_rule("/decisions", view_func=views.decisions)
    pages.add_url_rule("/decisions/<reference>", view_func=views.decision)
    pages.add_url_rule("/changes", view_func=views.changes)
    pages.add_url_rule("/changes.atom", view_func=views.changes_feed)
    pages.add_url_rule(COVERAGE, view_func=views.coverage)
    pages.add_url_rule("/check", view_func=views.check, methods=["GET", "POST"])
    pages.add_url_rule("/docs", view_func=views.docs)
    return pages


def _prepare_templates(state: Any) -> None:
    environment = state.app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    functions = (slug_of, anchor_of, url_of, citation_of, citation_full, as_lines, blocks, hit_blocks, excerpt_blocks)
    environment.globals |= {function.__name__: function for function in functions}
    environment.globals |= {"UNFINISHED": UNFINISHED, "NO_FINDINGS": NO_FINDINGS, "VERDICTS": VERDICTS}
    environment.globals |= {"pieces": _pieces, "say": say, "MAX_BODIES": _MAX_BODIES, "MOST": MOST_ALSO}
    environment.filters |= {"day": say.day, "typed_day": _typed_day}


class _Pages:
    """The views, each named as its endpoint."""

    def __init__(self, answerer: Answerer, checks: Checks, admission: Admission, described: Mapping[str, Any]) -> None:
        self._answerer, self._checks, self._admission = answerer, checks, admission
        self._described = described
        self._operations = operations(described)
        self._example_of = functools.lru_cache(maxsize=1)(self._example)

    def home(self) -> ResponseReturnValue:
        store, given = self._answerer.stores.get(), links.without(links.given_fields(), "generate")
        shown: dict[str, Any] = {"manifest": store.manifest, "facets": store.facets(), "given": given}
        if "question" not in given:
            return render_template("search.html", **shown)
        try:
            number, question = _question(links.given_fields())
            answer = self._answerer.answer(question, (number - 1) * _HITS_PER_PAGE, client_address())
            last = _last(answer)
            if number > last:
                raise NotHeld(f"There is no page {number} of these results. The last page is {last}.", "page")
        except (BadQuestion, NotHeld) as error:
            if not wants_page():
                raise
            message = _in_terms_of_the_form(error) if given["question"].strip() else "Enter a question."
            field = error.field if error.field in ("question", *say.FILTERS) else None
            return render_template("search.html", error=message, field=field, **shown), kind_of(error).status
        generate = question.generate and number == 1
        if generate and self._answerer.generator is not None:
            generate = self._admission.admit_generation(is_navigation=True)
        if generate and wants_events():
            address = functools.partial(links.place_link, given)
            return event_stream(_events(self._answerer, answer, address, client_address()))
        if generate:
            answer = self._answerer.generated(answer, client_address(), has_gone())
        generator = self._answerer.generator if number == 1 else None
        heading = say.heading(answer, question.within) if answer.refusal else None
        shown |= {"answer": answer, "generator": generator, "heading": heading, "number": number, "last": last}
        return render_template("search.html", **shown, **_results(answer, given))

    def decisions(self) -> ResponseReturnValue:
        store, given = self._answerer.stores.get(), links.given_fields()
        shown: dict[str, Any] = {"manifest": store.manifest, "facets": store.facets(), "given": given}
        try:
            if given.get("go"):
                found = store.decision(Reference(given["go"].strip()))
                return redirect(links.link(f"/decisions/{found.reference.slug}", MultiDict()))
            listing = Listing.from_texts(dict(links.without(given, "go").lists()))
            listed = Listed.of(store, listing)
        except (BadQuestion, NotAReference, NotHeld) as error:
            if not wants_page():
                raise
            field = "go" if given.get("go") else getattr(error, "field", None)
            field = field if field in ("go", *say.FILTERS) else None
            shown |= {"error": _in_terms_of_the_form(error), "field": field}
            return render_template("decisions.html", **shown), kind_of(error).status
        shown |= {"listed": listed, "number": listing.page, "last": listed.pages, "sort": listing.sort}
        shown["summaries"] = store.summaries([entry.reference for entry in listed.entries])
        shown["sorts"] = [(say.ORDERS[order], order, links.sort_link(given, order)) for order in say.ORDERS]
        turn = functools.partial(links.page_link, given)
        return render_template("decisions.html", **shown, **links.filter_links(given), turn=turn)

    def coverage(self) -> ResponseReturnValue:
        store, given = self._answerer.stores.get(), links.given_fields()
        shown: dict[str, Any] = {"manifest": store.manifest, "facets": store.facets(), "given": given}
        try:
            found = Covered.of(store, Paging.from_texts(dict(given.lists())))
        except (BadQuestion, NotHeld) as error:
            if not wants_page():
                raise
            field = error.field if error.field in say.FILTERS else None
            shown |= {"error": _in_terms_of_the_form(error), "field": field}
            return render_template("coverage.html", **shown), kind_of(error).status
        shown |= {"covered": found, "total": found.coverage.total, "built": store.manifest.built}
        shown["listed"] = functools.partial(links.covered_link, given)
        shown["in_year"] = functools.partial(links.year_link, given)
        shown["of_subject"] = functools.partial(_of_subject, [row.name for row in found.coverage.categories])
        turn = functools.partial(links.page_link, given)
        return render_template("coverage.html", **shown, **links.filter_links(given), turn=turn)

    def decision(self, reference: str) -> ResponseReturnValue:
        store = self._answerer.stores.get()
        found, given = store.decision(reference_of(reference)), links.given_fields()
        if reference != found.reference.slug:
            is_long = len(request.query_string) > links.LONG_ADDRESS
            return redirect(links.link(f"/decisions/{found.reference.slug}", given if is_long else request.args), 301)
        shown = {"decision": found, "headings": _headings(found), "links": _cross_references(found)}
        return render_template("decision.html", **shown, **_search(self._answerer, found, store))

    def changes(self) -> ResponseReturnValue:
        store, given = self._answerer.stores.get(), links.given_fields()
        shown: dict[str, Any] = {"built": say.built_at(store.manifest), "given": given}
        try:
            asked = Since.from_texts(dict(given.lists()))
            found = Changed.of(store, asked, PAGE)
        except (BadQuestion, NotHeld) as error:
            if not wants_page():
                raise
            shown |= {"error": str(error), "field": error.field}
            return render_template("changes.html", **shown), kind_of(error).status
        shown |= {"changes": found.changes, "number": asked.page, "last": found.pages, "total": found.total}
        shown["since"] = asked.since
        return render_template("changes.html", **shown, turn=functools.partial(links.page_link, given))

    def changes_feed(self) -> ResponseReturnValue:
        store = self._answerer.stores.get()
        found = Changed.of(store, Since.from_texts(dict(links.given_fields().lists())), PAGE)
        shown = {"changes": found.changes, "built": say.built_at(store.manifest), "root": request.url_root.rstrip("/")}
        return Response(render_template("changes.atom.xml", **shown), mimetype="application/atom+xml")

    def check(self) -> ResponseReturnValue:
        if request.method != "POST":
            return render_template("check.html", text="")
        try:
            text = _posted_letter()
        except RequestEntityTooLarge as error:
            message = (
                f"The letter is too long, and was not kept. Check it in parts of at most {MAX_LETTER:,} characters."
            )
            return render_template("check.html", text="", error=message, field="text"), error.code
        try:
            letter = Letter.from_form(text)
            self._admission.count_letter()
            return render_template("check.html", text=text, check=self._checks.check(letter, client_address()))
        except BadQuestion as error:
            shown = {"text": text, "error": str(error), "field": error.field}
            return render_template("check.html", **shown), kind_of(error).status
        except (Busy, TooMany) as error:
            return render_template("check.html", text=text, error=str(error)), kind_of(error).status, retry_after(error)

    def docs(self) -> ResponseReturnValue:
        try:
            example = self._example_of(self._answerer.stores.get().version)
        except DecisionQAError:
            g.pop("etag", None)  # the next time there may be one
            example = None
        shown = {"api": self._described, "operations": self._operations, "words": in_words}
        return render_template("docs.html", **shown, kinds=KINDS, reasons=MEANINGS, example=example)

    def _example(self, _version: str) -> str:
        """A real answer as JSON, to show what one looks like, asked for once in each version."""
        [text] = Question.model_fields["question"].examples or [""]
        answer = self._answerer.answer(Question(question=text, limit=1), client=client_address())
        return json.dumps(answer_as_json(answer), ensure_ascii=False, indent=1)


def _of_subject(categories: Sequence[str | None], subject: str) -> list[str]:
    """The categories of a subject, each in full: a word of one may be a word of another."""
    return [name for name in categories if name and name.partition(" > ")[0] == subject]


def _results(answer: Answer, given: MultiDict[str, str]) -> dict[str, Any]:
    """What the page of an answer shows beside it, most of it links."""
    return {
        "nearest": answer.nearest[:_MAX_NEAREST],
        "found": min(answer.total, MAX_LIMIT),
        "ways": list(links.refusal_links(answer, given)) if answer.refusal else (),
        "listed": links.register_link(answer) if answer.register else None,
        "turn": functools.partial(links.page_link, given),
        "address": functools.partial(links.place_link, given),
        "whole": functools.partial(links.decision_link, given),
        "everywhere": links.everywhere_link(given),
        "as_typed": links.link("/", given, "page", "as_typed", as_typed="true"),
        "as_read": links.link("/", given, "page", "as_typed"),
        **links.filter_links(given),
    }


def _posted_letter() -> str:
    """The letter in the form that was posted. Raises what says that it is no such form, or too large."""
    if request.mimetype != _FORM:  # parts of a form cost much to read, and may be files
        raise UnsupportedMediaType(f"Send the letter to this page as {_FORM}.")
    if is_coded():
        raise UnsupportedMediaType("Send the letter to this page uncompressed.")
    if request.get_data(cache=True).count(b"&") > _MAX_FIELDS:
        raise BadRequest("The form must have only the field text.")
    try:
        unquote_to_bytes(request.get_data()).decode()
    except UnicodeDecodeError:  # the library would read other characters than were sent
        raise BadRequest("The form has bytes that are not UTF-8, such as %FF.") from None
    if len(request.form.getlist("text")) > 1:
        raise BadRequest("The form has the field text twice.")
    return request.form.get("text", "")


def _events(
    answerer: Answerer, answer: Answer, address: Callable[[Pinpoint], str], client: str
) -> Iterator[tuple[str, str] | None]:
    """A generated text as pieces of the page: each sentence as it comes, and then all that is to stand there."""
    sentence = get_template_attribute("macros.html", "sentence")
    whole = get_template_attribute("macros.html", "generated")
    for one in answerer.generate(answer, client):
        if isinstance(one, Answer):
            yield "whole", whole(one.generation, address)
        else:
            yield ("sentence", sentence(one, address)) if one else None


def wants_page() -> bool:
    """Whether the client is a browser that opens a page."""
    return "text/html" in request.headers.get("Accept", "")


def _question(given: MultiDict[str, str]) -> tuple[int, Question]:
    """Which page is asked for, and the question. Raises BadQuestion."""
    fields = dict(given.lists())
    number = Listing.from_texts({"page": fields.pop("page", ["1"])}).page
    return number, Question.from_texts(fields | {"limit": [str(_HITS_PER_PAGE)]})


def _last(answer: Answer) -> int:
    """The number of the last page of results; beside a refusal and of the register there is one only."""
    if answer.status == "not_found" or answer.kind == "register":
        return 1
    return max(1, -(-min(answer.total, MAX_LIMIT) // _HITS_PER_PAGE))


def _search(answerer: Answerer, decision: Decision, store: Store) -> dict[str, Any]:
    """The search from which a reader came to a decision: what it found there, and the address of its results."""
    shown: dict[str, Any] = {"marks": {}, "is_answer": False, "is_cited": False, "back": None}
    given = links.given_fields()
    if "question" not in given:
        return shown
    back = links.link("/", given)
    shown["back"] = back if len(back) < links.MAX_ADDRESS_CHARACTERS else "/"  # each marked paragraph has it
    try:
        number, question = _question(given)
        answer = answerer.answer(question, (number - 1) * _HITS_PER_PAGE, client_address())
    except DecisionQAError as error:
        if isinstance(error, IndexUnusable | Busy):
            g.pop("etag", None)  # the next time there may be marks
        return shown  # the decision can be read all the same
    shown["is_answer"] = answer.status == "answered"
    shown["is_cited"] = answer.kind == "citation"
    if answer.store is store:  # where a new version came between, the text may be another
        limit = _HITS_PER_PAGE * number if shown["is_answer"] else _MAX_NEAREST
        # Of a citation nobody asked for what stands beside.
        beside = {hit.rank for hit in answer.hits if shown["is_cited"] and hit.score < 1}
        found = answer.marks(decision).items()
        shown["marks"] = {place: mark for place, mark in found if mark.rank <= limit and mark.rank not in beside}
    return shown


# For the templates


def _pieces(text: str) -> list[tuple[str, str | None]]:
    """A text cut at each address of the Ombudsman's site or of this one; those pieces have where they lead."""
    cut = _ADDRESSES.split(text)
    root = request.script_root
    leads = [f"{root}{piece}" if piece == COVERAGE else f"https://{piece}" for piece in cut]
    return [(piece, leads[place] if place % 2 else None) for place, piece in enumerate(cut) if piece]


def _in_terms_of_the_form(error: DecisionQAError) -> str:
    """What an error says, with the names that the fields have on the form."""
    text = str(error)
    for name, label in say.FILTERS.items():
        text = text.replace(f"“{name}”", f"“{label}”")
    return text


def _typed_day(text: str | None) -> str:
    """What a field for a date can show: a date, or nothing."""
    try:
        return datetime.date.fromisoformat(text or "").isoformat()
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading of a decision; `level` is that of HTML."""

    text: str
    level: int
    anchor: str


def _headings(decision: Decision) -> dict[Number, list[_Heading]]:
    """The headings that begin above each paragraph, by its number."""
    headings: dict[Number, list[_Heading]] = {}
    above: tuple[str, ...] = ()
    count = itertools.count(1)
    for place in decision.paragraphs:
        headings[place.pinpoint.number] = [
            _Heading(text, min(depth + 2, 6), f"heading-{next(count)}")
            for depth, text in enumerate(place.section)
            if place.section[: depth + 1] != above[: depth + 1]
        ]
        above = place.section
    return headings


def _cross_references(decision: Decision) -> dict[Number, list[tuple[Span, str]]]:
    """Where each paragraph speaks of others of its decision, with their anchors; not where that is contradicted."""
    anchors: dict[Number, list[tuple[Span, str]]] = {}
    texts = {place.pinpoint.number: place.text for place in decision.places()}
    for (at, words), group in itertools.groupby(decision.cross_references, key=lambda one: (one.at, one.words)):
        every = list(group)
        target = min(every[0].targets, default=0)
        # Only where its words stand as often as they were read so: elsewhere they may speak of a statute.
        spans = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?![\w(]|[.]\d)", texts[at])]
        if target in texts and len(spans) == len(every) and all(one.verdict != "contradicts" for one in every):
            anchors.setdefault(at, []).extend((span, f"#paragraph-{target}") for span in spans)
    return anchors
