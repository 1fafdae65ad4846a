"""The errors that a reader can meet, each with its HTTP status; the text of each says what to change.

Errors from below keep their class and are given a status here, so that `index` need not know of HTTP.
"""

from __future__ import annotations

import http
from dataclasses import dataclass

from index.errors import DecisionQAError, IndexUnusable, InputError, NotHeld
from index.errors import kind_and_place as kind_and_place


class SettingsError(InputError):
    """A setting is unknown or its value cannot be used."""


class BadQuestion(InputError):
    """What was asked cannot be understood as a question of the contract; `field` is the one to change, if it is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Unauthorised(DecisionQAError):
    """The token that the server wants is missing or wrong."""


class Forbidden(DecisionQAError):
    """The page of another site has a browser send this."""


class Misdirected(DecisionQAError):
    """The server is not known by the name that the request is for."""


class NotJson(DecisionQAError):
    """The body does not say that it is JSON."""


class TooMany(DecisionQAError):
    """The client asks for more than its share; after `seconds` it may ask again."""

    def __init__(self, message: str, seconds: int = 1) -> None:
        super().__init__(message)
        self.seconds = seconds


class Busy(DecisionQAError):
    """The server has as much to do as it takes on at once."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error as the API tells it (RFC 9457). Its name is part of the contract and never changes.

    `error` is the class of this project's errors that are of this kind, if there is one.
    """

    name: str
    status: int
    meaning: str
    error: type[DecisionQAError] | None = None

    @property
    def uri(self) -> str:
        """Its `type`, which leads to where it is explained; `about:blank` says no more than the status does."""
        return f"/docs#problem-{self.name}" if self.name else "about:blank"

    @property
    def title(self) -> str:
        """The phrase of its status."""
        return http.HTTPStatus(self.status).phrase

    def as_json(self, detail: str) -> dict[str, str | int]:
        """The problem as it is sent; `detail` says what to change."""
        return {"type": self.uri, "title": self.title, "status": self.status, "detail": detail}


KINDS = (
    Kind("bad-question", 400, "A field of the request is missing, unknown, given twice or not valid.", InputError),
    Kind("bad-request", 400, "The request is not valid HTTP."),
    Kind("unauthorised", 401, "The server needs a token, and the one sent is missing or wrong.", Unauthorised),
    Kind("forbidden", 403, "A page of another site sent this, which is not allowed.", Forbidden),
    Kind("not-held", 404, "The index holds no such decision, paragraph, body, category or outcome.", NotHeld),
    Kind("no-such-address", 404, "Page not found."),
    Kind(
        "method-not-allowed", 405, "The address does not accept this method. `Allow` lists the methods that it accepts."
    ),
    Kind("too-slow", 408, "The request took too long to arrive."),
    Kind("too-large", 413, "The body of the request, or its address, is too large."),
    Kind("media-type", 415, "The `Content-Type` is not the one that the address accepts: JSON, or a form.", NotJson),
    Kind("misdirected", 421, "The server does not answer to the name in the `Host` of the request.", Misdirected),
    Kind("too-many", 429, "Too many requests from this client. `Retry-After` says when to try again.", TooMany),
    Kind("busy", 503, "The server is busy. `Retry-After` says when to try again.", Busy),
    Kind("bug", 500, "Something went wrong in the program."),
    Kind(
        "index-unusable",
        503,
        "There is no index, it is damaged, or it was built for another model or version of the program.",
        IndexUnusable,
    ),
)
"""Every kind of problem that the API tells."""

# A status of which there are several kinds has that which the web framework meets.
_OF_STATUS = {kind.status: kind for kind in KINDS if kind.error not in (InputError, NotHeld, IndexUnusable)}


def kind_of(error: DecisionQAError) -> Kind:
    """The kind of an error of this project."""
    return next((kind for kind in KINDS if kind.error and isinstance(error, kind.error)), _OF_STATUS[500])


def kind_of_status(status: int) -> Kind:
    """The kind of an error that the web framework met; one that is not foreseen is of no kind but its status."""
    return _OF_STATUS.get(status, Kind("", status, ""))


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
"""What every answer carries. The address of a page holds a question, and no link is to tell it."""

RETRY = {"Retry-After": "5"}
"""The head of an answer to what may be asked again after so many seconds."""


def retry_after(error: DecisionQAError) -> dict[str, str]:
    """The same for an error that says by itself when."""
    return {"Retry-After": str(error.seconds)} if isinstance(error, TooMany) else RETRY


BUG = "Something went wrong on the server. Your question is not the cause. The server’s log has more."
"""What is told of an error that was not foreseen."""
