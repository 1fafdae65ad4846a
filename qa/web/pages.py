"""The pages, for people: a form and its results, the decisions, one decision, and the documentation of the API.

    /                        the form, and the results of /?question=…, a page of them with &page=2
    /decisions               the list, filtered and paged
    /decisions/21-017-496    a decision with an anchor for every paragraph; with the address of a search behind it,
                             /decisions/21-017-496?question=…, it marks what that found, and leads back
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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, cast
from urllib.parse import quote, unquote_to_bytes, urlencode

from flask import Blueprint, g, get_template_attribute, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.wrappers import Response as BaseResponse

from index.catalogue import Filter
from index.decisions import Decision, DecisionEntry, Number, Pinpoint, Reference, Role
from index.errors import DecisionQAError, IndexUnusable, NotHeld
from index.store import Store
from index.text.references import PUBLISHED_REFERENCE
from qa import presentation as say
from qa.addresses import anchor_of, url_of
from qa.answering.answer import Answer, Answerer, Mark
from qa.answering.citations import as_lines, citation_full, citation_of
from qa.answering.extract import Span
from qa.answering.refusals import MEANINGS
from qa.errors import KINDS, BadQuestion, Busy, TooMany, kind_of, retry_after
from qa.letters.letter import MAX_LETTER, NO_FINDINGS, UNFINISHED, VERDICTS, Checks, Letter
from qa.retrieval.requests import MAX_LIMIT, Filters, Listing, Question
from qa.retrieval.search import MOST_ALSO
from qa.serialise import answer_as_json
from qa.web.admission import Admission, client_address
from qa.web.api import event_stream, has_gone, is_coded, page_of, reference_of, wants_events
from qa.web.openapi import in_words, operations
from qa.web.paragraph_html import blocks, excerpt_blocks, hit_blocks

_PAGE = 10  # paragraphs on a page of results
_MANY = 300  # bodies that a list to choose from may have; a page must stay small
_NEAREST = 3  # paragraphs beside a refusal
_LONG = 1000  # characters of an address
_LONGEST = 4000  # characters of one of which each filter has a link of its own
_MOST_ITEMS, _MOST_OF_LONG = 60, 10  # fields of one of which filters are shown
_MOST_BESIDE = 8000  # characters of all the fields of an address but the question
_FORM = "application/x-www-form-urlencoded"
_FIELDS = 8  # of a form that are read; each of a million would be kept
_WAYS = 5  # links of one kind beside a refusal
_OMBUDSMAN = re.compile(r"(www\.lgo\.org\.uk(?:/[\w/-]*)?)")

_ASKED: dict[str | None, type[Filters]] = {
    "pages.home": Question,
    "pages.decisions": Listing,
    "pages.decision": Question,
}
"""What a page is asked by its address."""

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


def create_pages(answerer: Answerer, checks: Checks, admission: Admission, described: Mapping[str, Any]) -> Blueprint:
    """The pages around an answerer and what checks letters, for whom it admits; `described` is the OpenAPI document."""
    pages = Blueprint("pages", __name__)
    of_docs = {
        "api": described,
        "operations": operations(described),
        "words": in_words,
        "kinds": KINDS,
        "reasons": MEANINGS,
    }

    @pages.record_once
    def prepare(state: Any) -> None:
        environment = state.app.jinja_env
        environment.trim_blocks = environment.lstrip_blocks = True
        environment.globals |= {
            "anchor_of": anchor_of,
            "url_of": url_of,
            "citation_of": citation_of,
            "citation_full": citation_full,
            "as_lines": as_lines,
            "blocks": blocks,
            "hit_blocks": hit_blocks,
            "excerpt_blocks": excerpt_blocks,
            "pieces": _pieces,
            "say": say,
            "FILTERS": say.FILTERS,
            "MANY": _MANY,
            "SAME": say.SAME,
            "MOST": MOST_ALSO,
            "ROLES": _ROLES,
            "UNFINISHED": UNFINISHED,
            "NO_FINDINGS": NO_FINDINGS,
            "VERDICTS": VERDICTS,
        }
        environment.filters |= {"day": say.day, "typed_day": _typed_day}

    @pages.before_request
    def tidy() -> BaseResponse | None:
        """A search has one address: that without the fields of the form that were left empty."""
        if request.method == "POST":
            return None
        given = list(_given().items(multi=True))
        beside = frozenset[str]().union(*map(fields_of, _ASKED)) - {"question"}
        if sum(len(name) + len(text) for name, text in request.args.items(True) if name in beside) > _MOST_BESIDE:
            raise BadRequest("The address is too long. Remove some filters.")  # the page repeats it in links
        kept = [(name, text) for name, text in given if text or name == "question"]
        return redirect(_address(quote(request.path), MultiDict(kept))) if kept != given else None

    @pages.get("/")
    def home() -> str | BaseResponse | tuple[str, int]:
        store, given = answerer.stores.get(), _without(_given(), "generate")
        shown: dict[str, Any] = {"manifest": store.manifest, "facets": store.facets(), "given": given}
        if "question" not in given:
            return render_template("search.html", **shown)
        try:
            number, question = _question(_given())
            answer = answerer.answer(question, (number - 1) * _PAGE, client_address())
            last = _last(answer)
            if number > last:
                raise NotHeld(f"There is no page {number} of these results. The last page is {last}.", "page")
        except (BadQuestion, NotHeld) as error:
            if not wants_page():
                raise
            message = _in_terms_of_the_form(error) if given["question"].strip() else "Enter a question."
            field = error.field if error.field in ("question", *say.FILTERS) else None
            return render_template("search.html", error=message, field=field, **shown), kind_of(error).status

        def address(pinpoint: Pinpoint) -> str:
            return _place(pinpoint, given)

        def whole(entry: DecisionEntry) -> str:
            return _whole(entry, given)

        generate = question.generate and number == 1
        if generate and answerer.generator is not None:
            generate = admission.admit_generation(is_navigation=True)
        if generate and wants_events():
            return event_stream(_events(answerer, answer, address, client_address()))
        return render_template(
            "search.html",
            **shown,
            **_chosen(given),
            answer=answerer.generated(answer, client_address(), has_gone()) if generate else answer,
            generator=answerer.generator if number == 1 else None,
            nearest=answer.nearest[:_NEAREST],
            number=number,
            last=last,
            found=min(answer.total, MAX_LIMIT),
            heading=say.heading(answer, question.within) if answer.refusal else None,
            ways=_ways(answer, given) if answer.refusal else (),
            listed=_listed(answer) if answer.register else None,
            turn=_turner(given),
            address=address,
            whole=whole,
            everywhere=_everywhere(given),
            as_typed=_address("/", given, "page", "as_typed", as_typed="true"),
            as_read=_address("/", given, "page", "as_typed"),
        )

    @pages.get("/decisions")
    def decisions() -> str | tuple[str, int]:
        store, given = answerer.stores.get(), _given()
        shown: dict[str, Any] = {"manifest": store.manifest, "facets": store.facets(), "given": given}
        try:
            listing = Listing.from_texts(dict(given.lists()))
            entries, last, total = page_of(store, listing)
        except (BadQuestion, NotHeld) as error:
            if not wants_page():
                raise
            field = error.field if error.field in say.FILTERS else None
            shown |= {"error": _in_terms_of_the_form(error), "field": field}
            return render_template("decisions.html", **shown), kind_of(error).status
        shown |= {"entries": entries, "number": listing.page, "last": last, "total": total}
        return render_template("decisions.html", **shown, **_chosen(given), turn=_turner(given))

    @pages.get("/decisions/<reference>")
    def decision(reference: str) -> str | BaseResponse:
        store = answerer.stores.get()
        found, given = store.decision(reference_of(reference)), _given()
        is_long = len(request.query_string) > _LONG
        if reference != found.reference.slug:
            return redirect(_address(f"/decisions/{found.reference.slug}", given if is_long else request.args), 301)
        shown = {"decision": found, "headings": _headings(found), "links": _links(found)}
        return render_template("decision.html", **shown, **_search(answerer, found, store))

    @pages.route("/check", methods=["GET", "POST"])
    def check() -> str | tuple[str, int] | tuple[str, int, dict[str, str]]:
        if request.method != "POST":
            return render_template("check.html", text="")
        try:
            if request.mimetype != _FORM:  # parts of a form cost much to read, and may be files
                raise UnsupportedMediaType(f"Send the letter to this page as {_FORM}.")
            if is_coded():
                raise UnsupportedMediaType("Send the letter to this page uncompressed.")
            if request.get_data(cache=True).count(b"&") > _FIELDS:
                raise BadRequest("The form must have only the field text.")
            try:
                unquote_to_bytes(request.get_data()).decode()
            except UnicodeDecodeError:  # the library would read other characters than were sent
                raise BadRequest("The form has bytes that are not UTF-8, such as %FF.") from None
            if len(request.form.getlist("text")) > 1:
                raise BadRequest("The form has the field text twice.")
            text = request.form.get("text", "")
        except RequestEntityTooLarge as error:
            said = f"The letter is too long. Check it in parts of at most {MAX_LETTER:,} characters."
            return render_template("check.html", text="", error=said, field="text"), error.code
        try:
            letter = Letter.from_form(text)
            admission.count_letter()
            return render_template("check.html", text=text, check=checks.check(letter, client_address()))
        except BadQuestion as error:
            shown = {"text": text, "error": str(error), "field": error.field}
            return render_template("check.html", **shown), kind_of(error).status
        except (Busy, TooMany) as error:
            return render_template("check.html", text=text, error=str(error)), kind_of(error).status, retry_after(error)

    @pages.get("/docs")
    def docs() -> str:
        try:
            example = example_of(answerer.stores.get().version)
        except DecisionQAError:
            g.pop("etag", None)  # the next time there may be one
            example = None
        return render_template("docs.html", **of_docs, example=example)

    @functools.lru_cache(maxsize=1)
    def example_of(_version: str) -> str:
        """A real answer as JSON, to show what one looks like, asked for once in each version."""
        [text] = Question.model_fields["question"].examples or [""]
        answer = answerer.answer(Question(question=text, limit=1), client=client_address())
        return json.dumps(answer_as_json(answer), ensure_ascii=False, indent=1)

    return pages


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


# Addresses. They are put together here, because url_for would take some names in a query for its own. A proxy may have
# put all of this below a path, with which each of them begins.


def _address(path: str, given: MultiDict[str, str], *leave: str, **add: object) -> str:
    """An address with what is given, but without the fields to leave out."""
    query = urlencode([*_without(given, *leave).items(multi=True), *add.items()])
    path = quote(request.script_root) + path
    return f"{path}?{query}" if query else path


def fields_of(endpoint: str | None) -> frozenset[str]:
    """The fields that a page's address has. Others, such as `utm_source`, are put behind a link by those who pass it
    on, and do not keep a page from being opened, whatever they hold.
    """
    if endpoint not in _ASKED:
        return frozenset()
    return frozenset({"page", *(field.alias or name for name, field in _ASKED[endpoint].model_fields.items())})


def _given() -> MultiDict[str, str]:
    known = fields_of(request.endpoint)
    return MultiDict([(name, text) for name, text in request.args.items(multi=True) if name in known])


def _without(given: MultiDict[str, str], *leave: str) -> MultiDict[str, str]:
    return MultiDict([(name, text) for name, text in given.items(multi=True) if name not in leave])


def _turner(given: MultiDict[str, str]) -> Callable[[int], str]:
    """Gives the address of another page of the same search."""
    return lambda number: _address(request.path, given, "page", **({"page": number} if number > 1 else {}))


def _chosen(given: MultiDict[str, str]) -> dict[str, Any]:
    """The filters that are set, each with the address of the search without it; and that of the search without any."""
    chosen = []
    unfiltered = _address(request.path, given, "page", *say.FILTERS)
    is_long = len(request.query_string) > _LONGEST  # each link would have nearly all of that
    most = _MOST_OF_LONG if is_long else _MOST_ITEMS
    for name, text in itertools.islice(dict.fromkeys(given.items(multi=True)), most):
        if name in say.FILTERS:
            rest = MultiDict([item for item in given.items(multi=True) if item != (name, text)])
            shown = _ROLES.get(cast(Role, text), text) if name == "role" else text
            url = unfiltered if is_long else _address(request.path, rest, "page")
            chosen.append((say.FILTERS[name], shown.strip(), url))
    return {"chosen": chosen, "unfiltered": unfiltered}


def _everywhere(given: MultiDict[str, str]) -> str:
    """The address of the same search in all decisions, also where the question names one."""
    return _address("/", given, "page", "everywhere", everywhere="true")


def _whole(entry: DecisionEntry, given: MultiDict[str, str]) -> str:
    """The address of a decision that a search has found, from which it leads back to the search."""
    address = _address(f"/decisions/{entry.reference.slug}", given)
    return address if len(address) < _LONG else address.partition("?")[0]


def _ways(answer: Answer, given: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Where to go on from a refusal: links, each with its text."""
    assert answer.refusal is not None
    store, detail = answer.store, answer.refusal.detail
    ways: list[tuple[str, str]] = []
    told = tuple(dict.fromkeys(Reference(text) for text in PUBLISHED_REFERENCE.findall(detail)))
    about = store.entries(Filter(reference=told), _WAYS) if told else []
    if answer.refusal.reason == "premise" and answer.nearest:
        about = [answer.nearest[0].entry]
    ways += [(f"Open {entry.body} ({entry.reference})", _whole(entry, given)) for entry in about]
    if answer.refusal.reason == "body_not_held":
        bodies = [name for name in store.bodies() if name in detail][:_WAYS]
        ways += [(f"Decisions about {name}", _address("/decisions", MultiDict(), council=name)) for name in bodies]
    if any(name in given for name in say.FILTERS):
        ways.append(("Search without filters", _address("/", given, "page", *say.FILTERS)))
    if answer.council or answer.reference:
        ways.append(("Search all decisions", _everywhere(given)))
    held = say.count(answer.holdings.decisions, "decision")
    return [
        *ways,
        (
            f"Browse all {held}" if answer.holdings.decisions > 1 else "Browse the decisions",
            _address("/decisions", MultiDict()),
        ),
    ]


def _listed(answer: Answer) -> tuple[str, str]:
    """The link from an answer of the register to the list of decisions, with the filters as they were understood.

    What the list cannot be filtered by is left out, and the text says how many decisions the link leads to.
    """
    assert answer.register is not None
    filters, number = answer.register.filters, answer.register.count
    fields: dict[str, list[str]] = {}
    for name in say.FILTERS:
        value = filters.get(name, [])
        values = [str(each) for each in value] if isinstance(value, list) else [str(value)]
        if kept := [each for each in values if each not in answer.unknown]:
            fields[name] = kept
    try:
        within = Listing.from_texts(fields).within
        answer.store.require(within)
        passing = answer.store.count(within)
    except (BadQuestion, NotHeld):
        passing = 0
    if not passing:
        return f"See all {say.count(answer.holdings.decisions, 'decision')}", _address("/decisions", MultiDict())
    address = _address("/decisions", MultiDict([(name, each) for name, values in fields.items() for each in values]))
    if passing != number:
        return f"See all {say.count(passing, 'decision')}{' with these filters' if fields else ''}", address
    return f"See {'it' if number == 1 else 'them'} in the list of decisions", address


def _question(given: MultiDict[str, str]) -> tuple[int, Question]:
    """Which page is asked for, and the question. Raises BadQuestion."""
    fields = dict(given.lists())
    number = Listing.from_texts({"page": fields.pop("page", ["1"])}).page
    return number, Question.from_texts(fields | {"limit": [str(_PAGE)]})


def _last(answer: Answer) -> int:
    """The number of the last page of results; beside a refusal and of the register there is one only."""
    if answer.status == "not_found" or answer.kind == "register":
        return 1
    return max(1, -(-min(answer.total, MAX_LIMIT) // _PAGE))


class _Search(TypedDict):
    """The search from which a reader came to a decision: what it found there, and the address of its results."""

    marks: Mapping[Number, Mark]
    is_answer: bool
    is_cited: bool
    back: str | None


def _search(answerer: Answerer, decision: Decision, store: Store) -> _Search:
    given = _given()
    if "question" not in given:
        return {"marks": {}, "is_answer": False, "is_cited": False, "back": None}
    back = _address("/", given)
    back = back if len(back) < _LONGEST else "/"  # each marked paragraph has it
    try:
        number, question = _question(given)
        answer = answerer.answer(question, (number - 1) * _PAGE, client_address())
    except DecisionQAError as error:
        if isinstance(error, IndexUnusable | Busy):
            g.pop("etag", None)  # the next time there may be marks
        # The decision can be read all the same.
        return {"marks": {}, "is_answer": False, "is_cited": False, "back": back}
    is_answer = answer.status == "answered"
    shown = _PAGE * number if is_answer else _NEAREST
    is_cited = answer.kind == "citation"
    beside = {hit.rank for hit in answer.hits if is_cited and hit.score < 1}  # nobody asked for what stands beside
    found = answer.marks(decision).items()
    marks = {place: mark for place, mark in found if mark.rank <= shown and mark.rank not in beside}
    # Where a new version came between, the text may be another.
    marks = marks if answer.store is store else {}
    return {"marks": marks, "is_answer": is_answer, "is_cited": is_cited, "back": back}


def _place(pinpoint: Pinpoint, given: MultiDict[str, str]) -> str:
    """The address of a place that a search has found, from which it leads back to the search.

    Not to a very long one: a page has many such addresses.
    """
    address = _address(f"/decisions/{pinpoint.reference.slug}", given)
    return f"{address if len(address) < _LONG else address.partition('?')[0]}#{anchor_of(pinpoint)}"


# For the templates


def _pieces(text: str) -> list[tuple[str, str | None]]:
    """A text cut at each address of the Ombudsman's site; those pieces have where they lead."""
    cut = _OMBUDSMAN.split(text)
    return [(piece, f"https://{piece}" if place % 2 else None) for place, piece in enumerate(cut) if piece]


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


def _links(decision: Decision) -> dict[Number, list[tuple[Span, str]]]:
    """Where each paragraph speaks of others of its decision, with their anchors; not where that is contradicted."""
    links: dict[Number, list[tuple[Span, str]]] = {}
    texts = {place.pinpoint.number: place.text for place in decision.places()}
    for (at, words), said in itertools.groupby(decision.cross_references, key=lambda said: (said.at, said.words)):
        every = list(said)
        target = min(every[0].targets, default=0)
        # Only where its words stand as often as they were read so: elsewhere they may speak of a statute.
        spans = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?![\w(]|[.]\d)", texts[at])]
        if target in texts and len(spans) == len(every) and all(one.verdict != "contradicts" for one in every):
            links.setdefault(at, []).extend((span, f"#paragraph-{target}") for span in spans)
    return links
