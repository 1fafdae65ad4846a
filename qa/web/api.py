"""The API: JSON for tools.

/ask                     POST with JSON, or GET; as a stream of events where the client accepts text/event-stream
/api/decisions, /api/decisions/21-017-496, /api/decisions/21-017-496/paragraphs/50
/api/coverage            what is held, counted
/api/changes             what was added, changed, moved and removed
/api/check               POST with JSON: is what a letter cites right?
/healthz, /readyz        liveness and readiness
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Response, jsonify, request, stream_with_context
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from index.decisions import Reference
from index.errors import NotHeld, kind_and_place
from index.text.references import REFERENCE_PATTERN
from qa import schemas
from qa.answering.answer import Answer, Answerer
from qa.answering.collection import Changed, Covered, Listed
from qa.errors import BUG, BadQuestion, NotJson, kind_of_status
from qa.letters.letter import Checks, Letter
from qa.retrieval.requests import Listing, Paging, Question, Since
from qa.serialise import (
    answer_as_json,
    change_as_json,
    check_as_json,
    coverage_as_json,
    decision_as_json,
    entry_as_json,
    paragraph_as_json,
    statement_as_json,
)
from qa.web.admission import Admission, client_address
from qa.web.gateway import HAS_GONE
from qa.web.openapi import PLACE_PATTERN

EVENTS = "text/event-stream"
"""The media type of Server-sent events."""

CHANGES = 1_000
"""Changes to a page of theirs: a tool that asks each day gets a day's at once."""

_ACCEPT = 1000  # characters of what a client accepts; no client says so much

_WITH_FIELDS = ("api.ask_by_address", "api.decisions", "api.coverage", "api.changes", "api.healthz", "api.readyz")

_log = logging.getLogger(__name__)


def create_api(answerer: Answerer, checks: Checks, admission: Admission) -> Blueprint:
    """The API around an answerer and what checks letters, for whom it admits; qa.web.openapi documents each view."""
    views = _Api(answerer, checks, admission)
    api = Blueprint("api", __name__)
    api.before_request(_require_known_fields)
    api.add_url_rule("/ask", view_func=views.ask, methods=["POST"])
    api.add_url_rule("/ask", view_func=views.ask_by_address)
    api.add_url_rule("/api/decisions", view_func=views.decisions)
    api.add_url_rule("/api/decisions/<reference>", view_func=views.decision)
    api.add_url_rule("/api/decisions/<reference>/paragraphs/<number>", view_func=views.paragraph)
    api.add_url_rule("/api/coverage", view_func=views.coverage)
    api.add_url_rule("/api/changes", view_func=views.changes)
    api.add_url_rule("/api/check", view_func=views.check, methods=["POST"])
    api.add_url_rule("/healthz", view_func=views.healthz)
    api.add_url_rule("/readyz", view_func=views.readyz)
    return api


def _require_known_fields() -> None:
    """Where an address takes no fields, none is passed over; where it does, they are checked with the others.

    What looks whether the process lives may put something behind it, lest an answer be kept.
    """
    if request.endpoint not in _WITH_FIELDS and request.method != "OPTIONS":
        for name in request.args:
            raise BadQuestion(f"There is no field “{name[:40]}”; this address takes none after a “?”.")


@dataclass(frozen=True, slots=True)
class _Api:
    """The views, each named as its endpoint and its operation; the document has their docstrings."""

    answerer: Answerer
    checks: Checks
    admission: Admission

    def ask(self) -> Response:
        """Ask a question.

        With `Accept: text/event-stream` the answer comes as events: first `extract`, the answer without a generated
        text; then a `sentence` for each sentence of that text, as soon as it is written and checked; last `answer`, the
        whole.
        """
        return self._answered(Question.from_json(_body()))

    def ask_by_address(self) -> Response:
        """Ask a question with GET.

        Takes the same fields as POST and sends the same events. Repeat a field to give a list.
        """
        return self._answered(Question.from_texts(dict(request.args.lists())))

    def _answered(self, question: Question) -> Response:
        generate = question.generate
        if generate and self.answerer.generator is not None:
            generate = self.admission.admit_generation(is_navigation=False)
        answer = self.answerer.answer(question, client=client_address())
        if wants_events():
            return event_stream(_events(self.answerer, answer, generate, client_address()))
        if generate:
            answer = self.answerer.generated(answer, client_address(), has_gone())
        return jsonify(answer_as_json(answer))

    def decisions(self) -> Response:
        """List the decisions in the index."""
        listing = Listing.from_texts(dict(request.args.lists()))
        listed = Listed.of(self.answerer.stores.get(), listing)
        page: schemas.DecisionPage = {
            "decisions": [entry_as_json(entry) for entry in listed.entries],
            "page": listing.page,
            "pages": listed.pages,
            "total": listed.total,
        }
        if listed.notes:
            page["notes"] = list(listed.notes)
        return jsonify(page)

    def coverage(self) -> Response:
        """Count what the index holds: by year, subject, category and body.

        Filtered as a question is: `council=Kent` counts the years and categories of one body.
        """
        asked = Paging.from_texts(dict(request.args.lists()))
        store = self.answerer.stores.get()
        return jsonify(coverage_as_json(store, Covered.of(store, asked)))

    def decision(self, reference: str) -> Response:
        """Get a whole decision."""
        return jsonify(decision_as_json(self.answerer.stores.get().decision(reference_of(reference))))

    def paragraph(self, reference: str, number: str) -> Response:
        """Get a paragraph of a decision, or a lettered item of one."""
        found = self.answerer.stores.get().decision(reference_of(reference))
        if not re.fullmatch(PLACE_PATTERN, number):
            raise NotHeld("The address must end in the number of a paragraph, such as 50 or 51(b), or in summary.")
        return jsonify(paragraph_as_json(found.place(number), found))

    def changes(self) -> Response:
        """List what changed in the collection, the latest first."""
        asked = Since.from_texts(dict(request.args.lists()))
        found = Changed.of(self.answerer.stores.get(), asked, CHANGES)
        page: schemas.ChangePage = {
            "changes": [change_as_json(change) for change in found.changes],
            "page": asked.page,
            "pages": found.pages,
            "total": found.total,
        }
        return jsonify(page)

    def check(self) -> Response:
        """Check the citations and quotations of a letter."""
        body = _body()
        self.admission.count_letter()  # before it is read, which costs the more the longer it is
        return jsonify(check_as_json(self.checks.check(Letter.from_json(body), client_address())))

    def healthz(self) -> Response:
        """Liveness check."""
        return jsonify({"status": "ok"})

    def readyz(self) -> Response:
        """Readiness check: can the server answer a question?"""
        self.answerer.check_ready()
        return jsonify({"status": "ready", "version": self.answerer.stores.get().version})


def wants_events() -> bool:
    """Whether the client wants a stream of events rather than the whole, as JSON or as a page."""
    accept = " ".join(request.headers.get("Accept", "").lower().split())  # a long run of blanks takes long to parse
    if "text/" not in accept or len(accept) > _ACCEPT:  # as most calls
        return False
    kinds = parse_accept_header(accept, MIMEAccept)
    return kinds.best_match(["application/json", "text/html", EVENTS], "application/json") == EVENTS


def has_gone() -> Callable[[], bool]:
    """What tells, while an answer is made, whether the client has gone; a server that does not notice says no."""
    return cast("Callable[[], bool]", request.environ.get(HAS_GONE, lambda: False))


def event_stream(events: Iterable[tuple[str, str] | None]) -> Response:
    """A stream of events, each a name and a text (Server-sent events, HTML Living Standard, section 9.2).

    None is sent as a comment, by which a client that has gone is noticed. What goes wrong once the stream has begun
    comes as the event `problem`.
    """

    def told() -> Iterator[str]:
        try:
            for event in events:
                yield _event(*event) if event else ":\n\n"
        except Exception as error:
            _log.error(kind_and_place(error))
            yield _event("problem", json.dumps(kind_of_status(500).as_json(BUG)))

    # A server in between may hold back what is not a whole answer yet; nginx is told so.
    return Response(stream_with_context(told()), mimetype=EVENTS, headers={"X-Accel-Buffering": "no"})


def _event(name: str, text: str) -> str:
    lines = "".join(f"data: {line}\n" for line in re.split("\r\n|\r|\n", text))
    return f"event: {name}\n{lines}\n"


def _events(answerer: Answerer, answer: Answer, generate: bool, client: str) -> Iterator[tuple[str, str] | None]:
    yield "extract", _dumps(answer_as_json(answer))
    for one in answerer.generate(answer, client) if generate else (answer,):
        if isinstance(one, Answer):
            yield "answer", _dumps(answer_as_json(one))
        else:
            yield ("sentence", _dumps(statement_as_json(one))) if one else None


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _body() -> bytes:
    # A form, or a text, any site can have a browser send without asking; JSON it cannot.
    if not request.is_json:
        raise NotJson("The body must be JSON and say so: Content-Type: application/json.")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8") or is_coded():
        raise NotJson("The body must be JSON in UTF-8, and not compressed.")
    return request.get_data()


def is_coded() -> bool:
    """Whether the body is compressed, or changed in another way, by what the client says."""
    codings = {one.strip().lower() for one in request.headers.get("Content-Encoding", "identity").split(",")}
    return bool(codings - {"", "identity"})


def reference_of(text: str) -> Reference:
    """The reference in an address. Raises NotHeld: what cannot be one, as it stands, is not there."""
    if not re.fullmatch(REFERENCE_PATTERN, text):
        raise NotHeld("The address must have a reference such as 21-017-496, with nothing before or after it.")
    return Reference(text)
