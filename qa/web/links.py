"""The addresses of the pages: which fields each has, and the links from a search to others and to what it found.

They are put together here, because url_for would take some names in a query for its own. A proxy may have put all
pages below a path, with which each address begins. Nothing here searches; some links need what the index holds.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from flask import redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from index.catalogue import Filter
from index.decisions import DecisionEntry, Pinpoint, Reference
from index.errors import NotHeld
from index.store import Order
from index.text.references import PUBLISHED_REFERENCE
from qa import presentation as say
from qa.addresses import COVERAGE, anchor_of
from qa.answering.answer import Answer
from qa.errors import BadQuestion
from qa.retrieval.requests import Filters, Listing, Paging, Question, Since

LONG_ADDRESS = 1000
"""Characters of an address that a page does not repeat in many links."""

MAX_ADDRESS_CHARACTERS = 4000
"""Of an address that a page repeats in some links."""

_MAX_OTHER_CHARACTERS = 8000  # of all the fields of an address but the question
_MAX_FILTERS, _MAX_FILTERS_OF_LONG = 60, 10  # filters that are shown; fewer where the address is long
_MAX_REFUSAL_LINKS = 5  # of one kind beside a refusal
_FIELDS_OF: dict[str | None, type[Filters] | type[Since]] = {
    "pages.home": Question,
    "pages.decisions": Listing,
    "pages.coverage": Paging,
    "pages.decision": Question,
    "pages.changes": Since,
    "pages.changes_feed": Since,
}


def fields_of(endpoint: str | None) -> frozenset[str]:
    """The fields that a page's address has. Others, such as `utm_source`, are put behind a link by those who pass it
    on, and do not keep a page from being opened, whatever they hold.
    """
    if endpoint not in _FIELDS_OF:
        return frozenset()
    others = {"page", "go"} if endpoint == "pages.decisions" else {"page"}
    return frozenset({*others, *(field.alias or name for name, field in _FIELDS_OF[endpoint].model_fields.items())})


def given_fields() -> MultiDict[str, str]:
    """What the address of this request gives of the fields of its page."""
    known = fields_of(request.endpoint)
    return MultiDict([(name, text) for name, text in request.args.items(multi=True) if name in known])


def redirect_if_untidy() -> BaseResponse | None:
    """A search has one address: that without the fields of the form that were left empty."""
    if request.method == "POST":
        return None
    given = list(given_fields().items(multi=True))
    others = frozenset[str]().union(*map(fields_of, _FIELDS_OF)) - {"question"}
    if sum(len(name) + len(text) for name, text in request.args.items(True) if name in others) > _MAX_OTHER_CHARACTERS:
        raise BadRequest("The address is too long. Remove some filters.")  # the page repeats it in links
    filled = [(name, text) for name, text in given if text or name == "question"]
    return redirect(link(quote(request.path), MultiDict(filled))) if filled != given else None


def link(path: str, given: MultiDict[str, str], *leave: str, **add: object) -> str:
    """An address with what is given, but without the fields to leave out."""
    query = urlencode([*without(given, *leave).items(multi=True), *add.items()])
    path = quote(request.script_root) + path
    return f"{path}?{query}" if query else path


def without(given: MultiDict[str, str], *leave: str) -> MultiDict[str, str]:
    """What is given, but without the fields to leave out."""
    return MultiDict([(name, text) for name, text in given.items(multi=True) if name not in leave])


def page_link(given: MultiDict[str, str], number: int) -> str:
    """The address of another page of the same search."""
    return link(request.path, given, "page", **({"page": number} if number > 1 else {}))


def sort_link(given: MultiDict[str, str], order: Order) -> str:
    """The address of the same list in another order, from its first page."""
    return link("/decisions", given, "page", "sort", "go", **({"sort": order} if order != "date" else {}))


def year_link(given: MultiDict[str, str], year: int) -> str:
    """The address of the list of what the coverage counts of a year, within the days that are set."""
    first = max(given.get("from", ""), f"{year:04d}-01-01")
    last = min(given.get("to") or "9999-12-31", f"{year:04d}-12-31")
    return covered_link(given, **{"from": first, "to": last})


def covered_link(given: MultiDict[str, str], **narrowed: str | Sequence[str]) -> str:
    """The address of the list of what a row or a column of the coverage counts."""
    fields = MultiDict(list(without(given, "page", *narrowed).items(multi=True)))
    for name, values in narrowed.items():
        for value in [values] if isinstance(values, str) else values:
            fields.add(name, value)
    return link("/decisions", fields)


def decision_link(given: MultiDict[str, str], found: DecisionEntry | Pinpoint) -> str:
    """The address of a decision that a search has found, from which it leads back to the search.

    Not to a very long one: a page has many such addresses.
    """
    address = link(f"/decisions/{found.reference.slug}", given)
    return address if len(address) < LONG_ADDRESS else address.partition("?")[0]


def place_link(given: MultiDict[str, str], pinpoint: Pinpoint) -> str:
    """The address of a place that a search has found, with that of its decision."""
    return f"{decision_link(given, pinpoint)}#{anchor_of(pinpoint)}"


def everywhere_link(given: MultiDict[str, str]) -> str:
    """The address of the same search in all decisions, also where the question names one."""
    return link("/", given, "page", "everywhere", everywhere="true")


def filter_links(given: MultiDict[str, str]) -> dict[str, Any]:
    """The filters that are set, each with the address of the search without it; and that of the search without any."""
    chosen = []
    unfiltered = link(request.path, given, "page", *say.FILTERS)
    is_long = len(request.query_string) > MAX_ADDRESS_CHARACTERS  # each link would have nearly all of that
    most = _MAX_FILTERS_OF_LONG if is_long else _MAX_FILTERS
    for name, text in itertools.islice(dict.fromkeys(given.items(multi=True)), most):
        if name in say.FILTERS:
            rest = MultiDict([item for item in given.items(multi=True) if item != (name, text)])
            shown = say.ROLES.get(text, text) if name == "role" else text
            url = unfiltered if is_long else link(request.path, rest, "page")
            chosen.append((say.FILTERS[name], shown.strip(), url))
    return {"chosen": chosen, "unfiltered": unfiltered}


def refusal_links(answer: Answer, given: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    """Where to go on from a refusal: links, each with its text before it."""
    assert answer.refusal is not None
    store, detail = answer.store, answer.refusal.detail
    named = tuple(dict.fromkeys(Reference(text) for text in PUBLISHED_REFERENCE.findall(detail)))
    about = store.entries(Filter(reference=named), _MAX_REFUSAL_LINKS) if named else []
    if answer.refusal.reason == "premise" and answer.nearest:
        about = [answer.nearest[0].entry]
    for entry in about:
        yield f"Open {entry.body} ({entry.reference})", decision_link(given, entry)
    if answer.refusal.reason == "body_not_held":
        for name in [name for name in store.bodies() if name in detail][:_MAX_REFUSAL_LINKS]:
            yield f"Decisions about {name}", link("/decisions", MultiDict(), council=name)
    if answer.refusal.reason in ("body_not_held", "subject_not_held"):
        yield "See what this collection covers", link(COVERAGE, MultiDict())
    if any(name in given for name in say.FILTERS):
        yield "Search without filters", link("/", given, "page", *say.FILTERS)
    if answer.council or answer.reference:
        yield "Search all decisions", everywhere_link(given)
    count = answer.holdings.decisions
    browse = f"Browse all {say.count(count, 'decision')}" if count > 1 else "Browse the decisions"
    yield browse, link("/decisions", MultiDict())


def register_link(answer: Answer) -> tuple[str, str]:
    """The link from an answer of the register to the list of decisions, with the filters as they were understood.

    What the list cannot be filtered by is left out, and the text says how many decisions the link leads to.
    """
    assert answer.register is not None
    filters, number = answer.register.filters, answer.register.count
    fields: dict[str, list[str]] = {}
    for name in say.FILTERS:
        value = filters.get(name, [])
        values = [str(each) for each in value] if isinstance(value, list) else [str(value)]
        if held := [each for each in values if each not in answer.unknown]:
            fields[name] = held
    try:
        within = Listing.from_texts(fields).within
        answer.store.require(within)
        passing = answer.store.count(within)
    except (BadQuestion, NotHeld):
        passing = 0
    if not passing:
        return f"See all {say.count(answer.holdings.decisions, 'decision')}", link("/decisions", MultiDict())
    address = link("/decisions", MultiDict([(name, each) for name, values in fields.items() for each in values]))
    if passing != number:
        return f"See all {say.count(passing, 'decision')}{' with these filters' if fields else ''}", address
    return f"See {'it' if number == 1 else 'them'} in the list of decisions", address
