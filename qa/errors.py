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


class Busy(DecisionQAError):
    """The server has as much to do as it takes on at once."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error as the API tells it (RFC 9457). Its name is part of the contract and never changes."""

    name: str
    status: int
    meaning: str

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
    Kind("bad-question", 400, "A field of the question or the list is missing, unknown or cannot be used."),
    Kind("unauthorised", 401, "The server wants a token, and the one sent is missing or wrong."),
    Kind("not-held", 404, "The index holds no such decision, paragraph, body, category or outcome."),
    Kind("no-such-address", 404, "There is nothing at this address."),
    Kind("method-not-allowed", 405, "The address does not take this method; `Allow` names those that it takes."),
    Kind("too-large", 413, "The body of the request is too large."),
    Kind("busy", 503, "The server has as much to do as it takes on at once; `Retry-After` says when to ask again."),
    Kind("bug", 500, "Something went wrong in the program."),
    Kind("index-unusable", 503, "There is no index yet, or it was built for another model or version of the program."),
)
"""Every kind of problem that the API tells."""

_KINDS = {kind.name: kind for kind in KINDS}
_OF_CLASS: tuple[tuple[type[DecisionQAError], str], ...] = (
    (InputError, "bad-question"),
    (NotHeld, "not-held"),
    (IndexUnusable, "index-unusable"),
    (Unauthorised, "unauthorised"),
    (Busy, "busy"),
)
_OF_STATUS = {404: "no-such-address", 405: "method-not-allowed", 413: "too-large", 500: "bug"}


def kind_of(error: DecisionQAError) -> Kind:
    """The kind of an error of this project."""
    return _KINDS[next((name for kind, name in _OF_CLASS if isinstance(error, kind)), "bug")]


def kind_of_status(status: int) -> Kind:
    """The kind of an error that the web framework met; one that is not foreseen is of no kind but its status."""
    return _KINDS[_OF_STATUS[status]] if status in _OF_STATUS else Kind("", status, "")


RETRY = {"Retry-After": "5"}
"""The head of an answer to what may be asked again after so many seconds."""

BUG = "Something went wrong here; it is not your question. The log of the server says more."
"""What is told of an error that was not foreseen."""
