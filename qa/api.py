"""The API: JSON for tools.

/ask                     POST with JSON, or GET
/api/decisions, /api/decisions/21-017-496, /api/decisions/21-017-496/paragraphs/50
/healthz, /readyz        the process lives; a question could be answered now
"""

from __future__ import annotations

import functools

from flask import Blueprint, Response, jsonify, request
from spectree import SpecTree

from index.decisions import Reference
from index.errors import NotAReference, NotHeld
from index.store import Entry, Store
from qa import schemas
from qa.answer import Answerer, decision_as_json, entry_as_json, paragraph_as_json
from qa.errors import BadQuestion
from qa.openapi import told
from qa.search import Listing, Question

PAGE = 50
"""Decisions to a page of the list."""


def create_api(answerer: Answerer, spec: SpecTree) -> Blueprint:
    """The API around an answerer. It tells `spec` what it has, for the OpenAPI document."""
    api = Blueprint("api", __name__)
    tells = functools.partial(told, spec)

    @api.post("/ask")
    @tells(schemas.Answer, 400, 401, 404, 413, 503, json=Question)
    def ask() -> Response:
        """Ask a question."""
        return jsonify(answerer.answer(Question.from_json(_body())).as_json())

    @api.get("/ask")
    @tells(schemas.Answer, 400, 401, 404, 503, cached=True, query=Question)
    def ask_by_address() -> Response:
        """Ask a question by its address.

        The fields are those of POST; the lists may be given several times.
        """
        return jsonify(answerer.answer(Question.from_texts(dict(request.args.lists()))).as_json())

    @api.get("/api/decisions")
    @tells(schemas.DecisionPage, 400, 401, 404, 503, cached=True, query=Listing)
    def decisions() -> Response:
        """List the decisions held."""
        listing = Listing.from_texts(dict(request.args.lists()))
        entries, pages, total = page_of(answerer.stores.get(), listing)
        page: schemas.DecisionPage = {
            "decisions": [entry_as_json(entry) for entry in entries],
            "page": listing.page,
            "pages": pages,
            "total": total,
        }
        return jsonify(page)

    @api.get("/api/decisions/<reference>")
    @tells(schemas.Decision, 401, 404, 503, cached=True)
    def decision(reference: str) -> Response:
        """A whole decision."""
        return jsonify(decision_as_json(answerer.stores.get().decision(reference_of(reference))))

    @api.get("/api/decisions/<reference>/paragraphs/<number>")
    @tells(schemas.Paragraph, 401, 404, 503, cached=True)
    def paragraph(reference: str, number: str) -> Response:
        """A paragraph of a decision, or a lettered item of one."""
        found = answerer.stores.get().decision(reference_of(reference))
        return jsonify(paragraph_as_json(found.place(number), found))

    @api.get("/healthz")
    @tells(schemas.Health)
    def healthz() -> Response:
        """Whether the process lives."""
        return jsonify({"status": "ok"})

    @api.get("/readyz")
    @tells(schemas.Ready, 503)
    def readyz() -> Response:
        """Whether a question could be answered now."""
        answerer.check_ready()
        return jsonify({"status": "ready", "version": answerer.stores.get().version})

    return api


def _body() -> bytes:
    try:
        return request.get_data()
    except OSError:
        raise BadQuestion("The body ended before the length that was announced.") from None


def reference_of(text: str) -> Reference:
    """The reference in an address. Raises NotHeld: what cannot be one is not there."""
    try:
        return Reference(text)
    except NotAReference as error:
        raise NotHeld(str(error)) from None


def page_of(store: Store, listing: Listing) -> tuple[list[Entry], int, int]:
    """The decisions on a page of the list, how many pages it has, and how many decisions. Raises NotHeld."""
    store.require(listing.within)
    total = store.count(listing.within)
    pages = max(1, -(-total // PAGE))
    if listing.page > pages:
        raise NotHeld(f"There is no page {listing.page}; the list has {pages}.")
    return store.entries(listing.within, PAGE, (listing.page - 1) * PAGE), pages, total
