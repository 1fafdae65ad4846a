"""What a question asks of the register of decisions, as data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from index.decisions import Reference
from qa.register.words import Outcome
from qa.text.periods import Period

Asks = Literal[
    "count",  # how many decisions
    "list",  # which decisions, or whether there are any
    "latest",
    "first",
    "bodies",
    "categories",
    "outcomes",
    "outcome",  # how a case ended, or whether it was upheld
    "date",
    "category",
    "reference",
    "body",
    "share",
    "compare",
    "most",  # what has most decisions, or fewest
    "each",  # how many of each
    "span",  # from when to when
    "middle",  # that in the middle, by date
    "nearest",  # that made nearest to a day
    "differ",  # what the register has of each
    "gap",  # the two that follow each other with the longest time between, or the shortest
    "same",  # those that share something with another
    "like",  # the others that share something with those that are named
    "rest",  # all but the latest or the first
    "digits",  # those whose references begin or end so
    "highest",  # by reference
    "lowest",
    "weekday",  # those made on such a day of the week
    "cannot",
]
By = Literal["body", "year", "month", "date", "category", "outcome"]
MAX_DECISIONS = 50
"""Decisions of one answer."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A decision by which others are placed in time: “after the Kent decision”."""

    bodies: tuple[str, ...]
    references: tuple[Reference, ...]
    before: bool
    between: bool = False
    """Whether the days between the first and the last of several are meant."""
    forwards: bool | None = None
    """Of two, whether the first that is named is told to be the earlier: “after Kent's and before Halton's”."""
    dated: bool = False
    """Whether the dates of the query are its own: “after the Kent decision of May 2022”."""


@dataclass(frozen=True, slots=True)
class RegisterQuery:
    """What a question asks: values of one field are either-or, an empty field lets everything through."""

    asks: Asks
    bodies: tuple[str, ...] = ()
    """By their full names."""
    without: tuple[str, ...] = ()
    """Bodies that do not count."""
    without_categories: tuple[str, ...] = ()
    body_kind: str = ""
    """“county councils”, where the question tells no names; `bodies` are those of the kind."""
    references: tuple[Reference, ...] = ()
    categories: tuple[str, ...] = ()
    """By their full names; also such of the Ombudsman's as no decision has."""
    outcomes: tuple[Outcome, ...] = ()
    periods: tuple[Period, ...] = ()
    anchor: Anchor | None = None
    limit: int | None = None
    nth: int = 1
    """Which of the latest or the first: 2 is the second."""
    by: By | None = None
    least: bool = False
    either: bool = False
    """Whether one of two filters of different kinds is enough: “about Kent or in child protection”."""
    shared: tuple[By, ...] = ()
    """What decisions are to have in common."""
    weekdays: tuple[int, ...] = ()
    """Days of the week, 0 is Monday."""
    digits: str = ""
    """How references begin, or end, with ^ before or $ after."""
    times: tuple[int, int | None] | None = None
    """How many decisions each body must have: at least, and at most."""
    told: Outcome | None = None
    """The outcome of which a yes or no, or a share, is asked."""
    unknown: tuple[str, ...] = ()
    """Bodies and references that are named and not held, as they were written."""
    detail: str = ""
    """Why there is no answer, for "cannot"; or which filters exclude each other."""


ALL_HELD = RegisterQuery("list")


def outcome_of(name: str) -> Outcome | None:
    """The kind of an outcome as a decision has it: “Not upheld: no fault” is not upheld. None for any other."""
    key = name.casefold().strip()
    if key.startswith(("not upheld", "no fault", "no maladministration")):
        return "not upheld"
    if key.startswith(("part upheld", "partly", "partially", "part-upheld")):
        return "partly upheld"
    if key.startswith(("closed", "not investigated", "discontinued")):
        return "closed"
    return "upheld" if key.startswith(("upheld", "fault", "maladministration")) else None


def has_filter(query: RegisterQuery) -> bool:
    """Whether a query has any filter."""
    return replace(query, asks="list", limit=None, nth=1) != ALL_HELD
