"""The Flask application: qa.web.pages for people, qa.web.api for tools, and what both have in common.

`/openapi.json`, errors as RFC 9457 problems or as pages, who may call, and how long an answer stays good. It logs no
question.
"""

from __future__ import annotations

import datetime
import hmac
import logging
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, current_app, g, json, jsonify, render_template, request
from flask.json.provider import JSONProvider
from flask_compress import Compress
from flask_cors import CORS
from pydantic_core import from_json, to_json
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from index.errors import DecisionQAError, IndexUnusable, kind_and_place
from qa.answering.answer import Answerer
from qa.errors import BUG, HEADERS, Kind, kind_of, kind_of_status, retry_after
from qa.letters.letter import Checks
from qa.web.admission import Admission
from qa.web.api import create_api, wants_events
from qa.web.gateway import LETTERS, MAX_BODY, MAX_LETTER, TOO_LONG, too_large
from qa.web.links import fields_of
from qa.web.openapi import document
from qa.web.pages import create_pages, wants_page

_OF_API = re.compile(r"/ask$|/api/|/openapi\.json$")
_OPEN = ("api.healthz", "api.readyz")  # of the API, whoever asks
_NEVER_KEPT = re.compile(r"/healthz$|/readyz$|/static/")
_KEPT_BY_READER = "private, no-cache"  # what was asked may be personal, so nobody between may keep the answer

_NOT_FOUND = "Page not found. Search at /, browse all decisions at /decisions, or read about the API at /docs."

_log = logging.getLogger(__name__)


def create_app(
    answerer: Answerer,
    *,
    checks: Checks | None = None,
    admission: Admission | None = None,
    proxies: int = 0,
) -> Flask:
    """The application around an answerer. It reads no settings and opens no index itself.

    `checks` checks letters, in this process if none is given. `admission` says who may call, and from where. So many
    `proxies` in front are believed what they say of a client.
    """
    app = Flask(__name__)
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies, x_prefix=proxies
        )
    app.json = _Json(app)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    app.config["COMPRESS_MIMETYPES"] = ["text/html"]  # a long decision is a long page
    app.config["COMPRESS_REGISTER"] = False
    admission = admission or Admission()
    checks = checks or Checks(answerer.stores)
    app.register_blueprint(create_api(answerer, checks, admission))
    described = document(app, bool(admission.token))
    pages = create_pages(answerer, checks, admission, described)
    pages.after_request(Compress(app).after_request)
    app.register_blueprint(pages)

    @app.get("/openapi.json", endpoint="openapi")
    def openapi() -> Response:
        """The document; where a proxy has put the server below a path, with that path."""
        return jsonify(described | {"servers": [{"url": request.script_root}]} if request.script_root else described)

    hooks = _Hooks(answerer, admission, secrets.token_bytes(16))
    app.before_request(hooks.admit)
    app.before_request(_read_address)
    app.before_request(hooks.revalidate)
    app.after_request(hooks.finish)
    if admission.origins:
        _allow_origins(app, sorted(admission.origins))
    app.register_error_handler(DecisionQAError, _on_error)
    app.register_error_handler(HTTPException, _on_http_exception)
    app.register_error_handler(Exception, _on_bug)
    return app


def _allow_origins(app: Flask, origins: Iterable[str]) -> None:
    CORS(
        app,
        resources={_OF_API.pattern: {}},
        origins=[re.compile(re.escape(origin) + r"\Z") for origin in origins],
        methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "If-None-Match"],
        expose_headers=["ETag"],
        max_age=600,
    )


@dataclass(frozen=True, slots=True)
class _Hooks:
    """What comes before and after every view: who may ask, and how long the answer stays good."""

    answerer: Answerer
    admission: Admission
    process: bytes
    """A secret of this process."""

    def admit(self) -> None:
        if request.path in LETTERS:
            request.max_content_length = request.max_form_memory_size = MAX_LETTER
        if request.endpoint in _OPEN:
            return  # who looks whether it lives may not know its name
        self.admission.require_own_name()
        if request.method == "POST":
            self.admission.require_own_page()
        if request.method != "OPTIONS" and request.blueprint == "api":
            self.admission.require_token()
        elif request.endpoint == "pages.check" and request.method == "POST":
            self.admission.require_token(or_own_page=True)

    def revalidate(self) -> Response | None:
        """A reader who has the answer of this version already is told so, without a search."""
        if request.method not in ("GET", "HEAD") or _NEVER_KEPT.match(request.path):
            return None
        is_asked = request.endpoint == "api.ask_by_address"
        if (is_asked or request.endpoint == "pages.home") and request.args.get("generate") == "true":
            return None  # a text that is written anew each time
        if is_asked and wants_events():
            return None
        # Taken before the answer is made: should a new version come between, the reader asks once too often.
        g.etag = self._etag()
        has_it = request.if_none_match.contains_weak(g.etag) and not request.if_none_match.star_tag
        return Response(status=304) if has_it else None  # of “*” it is told later: first there must be something

    def _etag(self) -> str:
        """It changes with the index, and with this process: its program, its settings, its model."""
        try:
            store = self.answerer.stores.get()
            version = f"{store.version} {store.manifest.embeddings_id} {store.manifest.built}"
        except IndexUnusable:
            version = ""
        today = datetime.date.today()  # “last year” is another one on another day
        return hmac.new(self.process, f"{version} {today} {request.full_path}".encode(), "sha256").hexdigest()[:24]

    def finish(self, response: Response) -> Response:
        headers = response.headers
        headers.extend(HEADERS)
        if "question" in request.args:
            headers["X-Robots-Tag"] = "noindex, nofollow"  # a question in a public link is nothing for a search engine
        if response.status_code == 200 and "etag" in g and request.if_none_match.star_tag:
            response.status_code = 304
            response.set_data(b"")
        if response.status_code in (200, 304) and "etag" in g:
            response.set_etag(g.etag, weak=True)
            headers["Cache-Control"] = _KEPT_BY_READER
        elif not request.path.startswith("/static/"):
            headers["Cache-Control"] = "no-store"
        if request.endpoint in ("api.ask_by_address", "pages.home"):
            response.vary.add("Accept")  # the same may come as a stream
        if self.admission.origins and _OF_API.match(request.path):
            response.vary.add("Origin")  # also where none was sent: a kept answer without the permission is another one
        return response


def _read_address() -> None:
    """Refuse what follows the “?” where a body would be: the library would read other characters than were sent.

    What is no field of a page is passed over, whatever it holds, and so is what a probe puts there.
    """
    given = request.query_string
    if len(unquote_to_bytes(given)) > MAX_BODY:
        raise _AddressTooLong
    if request.blueprint == "pages" or request.endpoint in _OPEN:
        known = {name.encode() for name in fields_of(request.endpoint)}
        names = ((one, one.partition(b"=")[0].replace(b"+", b" ")) for one in given.split(b"&"))
        given = b"&".join(one for one, name in names if unquote_to_bytes(name) in known)
    try:
        unquote_to_bytes(given).decode()
    except UnicodeDecodeError:
        raise BadRequest("The address must be UTF-8; it has bytes such as %FF.") from None


class _AddressTooLong(RequestEntityTooLarge):
    description = TOO_LONG


class _Json(JSONProvider):
    """JSON in UTF-8, in the order in which one reads it."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return to_json(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return from_json(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        content = to_json(self._prepare_response_obj(args, kwargs))
        return Response(content + b"\n", mimetype="application/json")


# Errors


def _wants_page() -> bool:
    """Whether the client is a browser that opens a page; a tool that accepts anything gets a problem."""
    return wants_page() and request.blueprint != "api" and not _OF_API.match(request.path)


def _problem(kind: Kind, detail: str, retry: Mapping[str, str] | None = None) -> Response:
    if _wants_page():
        response = current_app.make_response(render_template("error.html", title=kind.title, detail=detail))
    else:
        response = Response(json.dumps(kind.as_json(detail)), mimetype="application/problem+json")
    response.status_code = kind.status
    response.headers.update(retry or {})
    if kind.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _on_error(error: Exception) -> Response:
    assert isinstance(error, DecisionQAError)
    kind = kind_of(error)
    return _problem(kind, str(error), retry_after(error) if kind.status in (429, 503) else None)


def _on_http_exception(error: Exception) -> Response | HTTPException:
    assert isinstance(error, HTTPException)
    if error.code is None or error.code < 400:
        return error
    kind = kind_of_status(error.code)
    if not isinstance(error, MethodNotAllowed):
        detail = _NOT_FOUND if error.code == 404 else error.description or ""
        if isinstance(error, RequestEntityTooLarge) and not isinstance(error, _AddressTooLong):
            detail = too_large(request.max_content_length or MAX_BODY)
        return _problem(kind, detail)
    allowed = ", ".join(sorted(error.valid_methods or ()))
    problem = _problem(kind, f"This address accepts {allowed} only.")
    problem.headers["Allow"] = allowed
    return problem


def _on_bug(error: Exception) -> Response:
    _log.error(kind_and_place(error))
    return _problem(kind_of_status(500), BUG)
