"""The Flask application: pages for people, JSON for tools, errors as RFC 9457 problems. It logs no question.

The addresses:

    /                        the form, and the results of /?question=…
    /decisions, /decisions/21-017-496           the list, and a decision with an anchor for every paragraph
    /ask                     POST with JSON, or GET
    /api/decisions, /api/decisions/21-017-496, /api/decisions/21-017-496/paragraphs/50
    /healthz, /readyz        the process lives; a question could be answered now
"""

from __future__ import annotations

import http
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypedDict

from flask import Flask, Response, current_app, json, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as BaseResponse

from index.decisions import Line, Paragraph, Reference
from index.errors import DecisionQAError, NotAReference, NotHeld
from index.store import Store
from qa.answer import Answerer, Span, citation_of, decision_as_json, entry_as_json, paragraph_as_json
from qa.errors import BadQuestion, status_of
from qa.search import MAX_QUESTION, Filters, Question

_MAX_BODY = 64 * 1024
_PAGE = 50  # decisions to a page of a list
_ON_FORM = ("question", "council", "reference")
_RESULTS = 10  # paragraphs on the page of results, unless the address says otherwise

_log = logging.getLogger(__name__)


def create_app(answerer: Answerer) -> Flask:
    """The application around an answerer. It reads no settings and opens no index itself."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the order in which one reads them
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.globals.update(citation_of=citation_of, blocks=_blocks, MAX_QUESTION=MAX_QUESTION)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.add_template_filter(_day, "day")

    def store() -> Store:
        return answerer.stores.get()

    @app.get("/")
    def home() -> str | tuple[str, int]:
        held = store()
        shown: dict[str, Any] = {"manifest": held.manifest, "councils": held.bodies(), "asked": request.args}
        if "question" not in request.args:
            return render_template("search.html", **shown)
        given = {name: texts for name, texts in request.args.lists() if name == "question" or any(texts)}
        try:
            question = Question.from_texts({"limit": [str(_RESULTS)]} | given)
            fields: dict[str, Any] = {**given, "everywhere": "true"}
            shown["everywhere"] = url_for("home", **fields)
            return render_template("search.html", answer=answerer.answer(question), **shown)
        except (BadQuestion, NotHeld) as error:
            if not _wants_page():
                raise
            message = str(error) if request.args["question"].strip() else "Enter a question."
            field = error.field if error.field in _ON_FORM else "question"
            return render_template("search.html", error=message, field=field, **shown), status_of(error)

    @app.get("/decisions")
    def decisions() -> str:
        def turn(page: int) -> str:
            fields: dict[str, Any] = {**request.args.to_dict(flat=False), "page": page}
            return url_for("decisions", **fields)

        return render_template("decisions.html", turn=turn, **_page_of_decisions(store()))

    @app.get("/decisions/<reference>")
    def decision(reference: str) -> str | BaseResponse:
        found = store().decision(_reference(reference))
        if reference != found.reference.slug:
            return redirect(url_for("decision", reference=found.reference.slug), 301)
        return render_template("decision.html", decision=found)

    @app.route("/ask", methods=["GET", "POST"])
    def ask() -> Response:
        if request.method == "POST":
            question = Question.from_json(_body())
        else:
            question = Question.from_texts(dict(request.args.lists()))
        return jsonify(answerer.answer(question).as_json())

    @app.get("/api/decisions")
    def api_decisions() -> Response:
        page = _page_of_decisions(store())
        page["decisions"] = [entry_as_json(entry) for entry in page["decisions"]]
        return jsonify(page)

    @app.get("/api/decisions/<reference>")
    def api_decision(reference: str) -> Response:
        return jsonify(decision_as_json(store().decision(_reference(reference))))

    @app.get("/api/decisions/<reference>/paragraphs/<number>")
    def api_paragraph(reference: str, number: str) -> Response:
        found = store().decision(_reference(reference))
        return jsonify(paragraph_as_json(found.place(number), found))

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify({"status": "ok"})

    @app.get("/readyz")
    def readyz() -> Response:
        answerer.check_ready()
        return jsonify({"status": "ready", "version": store().version})

    app.register_error_handler(DecisionQAError, _on_error)
    app.register_error_handler(HTTPException, _on_http_exception)
    app.register_error_handler(Exception, _on_bug)
    app.after_request(_secure)
    return app


def _body() -> bytes:
    try:
        return request.get_data()
    except OSError:
        raise BadQuestion("The body ended before the length that was announced.") from None


def _reference(text: str) -> Reference:
    try:
        return Reference(text)
    except NotAReference as error:
        raise NotHeld(str(error)) from None  # in an address, what cannot be a reference is not there


class _Page(TypedDict):
    decisions: list[Any]
    page: int
    pages: int
    total: int


def _page_of_decisions(store: Store) -> _Page:
    """The page of the list that the address asks for, with the filters in it."""
    fields = {name: texts for name, texts in request.args.lists() if name != "page"}
    within = Filters.from_texts(fields).within
    store.require(within)
    total = store.count(within)
    pages = max(1, -(-total // _PAGE))
    text = request.args.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not 1 <= page <= pages:
        raise NotHeld(f"There is no page “{text[:20]}”; the list has {pages}.")
    entries = store.entries(within, _PAGE, (page - 1) * _PAGE)
    return {"decisions": entries, "page": page, "pages": pages, "total": total}


# Errors


def _wants_page() -> bool:
    """Whether the client is a browser that opens a page; a tool that accepts anything gets a problem."""
    of_api = request.path == "/ask" or request.path.startswith("/api/")
    return not of_api and "text/html" in request.headers.get("Accept", "")


def _problem(status: int, detail: str) -> Response:
    title = http.HTTPStatus(status).phrase
    if _wants_page():
        response = current_app.make_response(render_template("error.html", title=title, detail=detail))
    else:
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        response = Response(json.dumps(body), mimetype="application/problem+json")
    response.status_code = status
    if status == http.HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "5"
    return response


def _on_error(error: Exception) -> Response:
    assert isinstance(error, DecisionQAError)
    return _problem(status_of(error), str(error))


_SAYINGS = {
    404: "There is no such page here; the form is at /.",
    413: f"The body must not be larger than {_MAX_BODY // 1024} KiB.",
}


def _on_http_exception(error: Exception) -> Response | HTTPException:
    assert isinstance(error, HTTPException)
    if error.code is None or error.code < 400:
        return error
    if not isinstance(error, MethodNotAllowed):
        return _problem(error.code, _SAYINGS.get(error.code, error.description or ""))
    allowed = ", ".join(sorted(error.valid_methods or ()))
    problem = _problem(error.code, f"This address takes {allowed} only.")
    problem.headers["Allow"] = allowed
    return problem


def _on_bug(error: Exception) -> Response:
    # The text of an unforeseen error may hold the question, so only its kind and place are logged.
    trace, place = error.__traceback__, "?"
    while trace is not None:
        place, trace = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}", trace.tb_next
    _log.error("%s at %s", type(error).__name__, place)
    return _problem(500, "Something went wrong here; it is not your question. The log of the server says more.")


def _secure(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
    )
    return response


# For the templates


def _day(date: Any) -> str:
    return f"{date.day} {date:%B %Y}" if date else "no date"


class _Block(TypedDict):
    """A line for a template: stretches of its text, each marked or not, its letter, and the list items below it."""

    stretches: list[tuple[str, bool]]
    item: str | None
    anchor: str | None
    items: list[_Block]


def _blocks(paragraph: Paragraph, highlights: Sequence[Span] = ()) -> list[_Block]:
    """A paragraph as running text with its lists nested, and the spans of its text that are to be marked."""
    roots: list[_Block] = []
    offset = 0
    for line in paragraph.lines:
        anchor = replace(paragraph.pinpoint, item=line.item).anchor if line.item else None
        stretches = _stretches(line, offset, highlights)
        block: _Block = {"stretches": stretches, "item": line.item, "anchor": anchor, "items": []}
        siblings = roots
        for _ in range(line.depth):
            siblings = siblings[-1]["items"] if siblings else siblings
        siblings.append(block)
        offset += len(line.text) + 1
    return roots


def _stretches(line: Line, offset: int, highlights: Sequence[Span]) -> list[tuple[str, bool]]:
    stretches, position = [], 0
    for start, end in highlights:
        start, end = max(start - offset, 0), min(end - offset, len(line.text))
        if start < end:
            stretches += [(line.text[position:start], False), (line.text[start:end], True)]
            position = end
    stretches.append((line.text[position:], False))
    return [stretch for stretch in stretches if stretch[0]]
