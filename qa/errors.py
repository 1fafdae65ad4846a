"""The errors that a reader can meet, each with its HTTP status; the text of each says what to change.

Errors from below keep their class and are given a status here, so that `index` need not know of HTTP.
"""

from __future__ import annotations

from index.errors import DecisionQAError, IndexUnusable, InputError, NotHeld


class SettingsError(InputError):
    """A setting is unknown or its value cannot be used."""


class BadQuestion(InputError):
    """What was asked cannot be understood as a question of the contract; `field` is the one to change, if it is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


_STATUS: tuple[tuple[type[DecisionQAError], int], ...] = ((InputError, 400), (NotHeld, 404), (IndexUnusable, 503))


def status_of(error: DecisionQAError) -> int:
    """The HTTP status for an error of this project."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
