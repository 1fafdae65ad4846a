"""The collection without a question: a page of the list of decisions, what is covered, and what changed. The API, the
pages and the command show the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.coverage import Coverage, Row
from index.decisions import DecisionEntry
from index.errors import NotHeld
from index.ledger import Change
from index.store import Store
from qa.answering.remarks import on_filters
from qa.retrieval.requests import Listing, Paging, Since

PAGE = 50
"""Decisions to a page of the list."""

BODIES = 100
"""Bodies to a page of the coverage."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list: its decisions, of how many on how many pages, and what is to be said of the filters."""

    entries: tuple[DecisionEntry, ...]
    pages: int
    total: int
    notes: tuple[str, ...]

    @classmethod
    def of(cls, store: Store, listing: Listing) -> Listed:
        """The page that is asked for. Raises NotHeld."""
        within = listing.within
        store.require(within)
        total = store.count(within)
        pages = _pages(total, PAGE, listing.page, "list")
        entries = store.entries(within, PAGE, (listing.page - 1) * PAGE, listing.sort)
        return cls(tuple(entries), pages, total, on_filters(store, within))


@dataclass(frozen=True, slots=True)
class Covered:
    """What is held, or what some filters let through, with a page of its bodies."""

    coverage: Coverage
    bodies: tuple[Row, ...]
    page: int
    pages: int
    notes: tuple[str, ...]

    @classmethod
    def of(cls, store: Store, asked: Paging, every: bool = False) -> Covered:
        """The coverage that is asked for, with a page of the bodies or `every` one. Raises NotHeld."""
        store.require(asked.within)
        found = store.coverage(asked.within)
        size = max(1, len(found.bodies)) if every else BODIES
        pages = _pages(len(found.bodies), size, asked.page, "coverage")
        first = (asked.page - 1) * size
        return cls(found, found.bodies[first : first + size], asked.page, pages, on_filters(store, asked.within))


@dataclass(frozen=True, slots=True)
class Changed:
    """A page of the changes, the latest first: of how many on how many pages."""

    changes: tuple[Change, ...]
    pages: int
    total: int

    @classmethod
    def of(cls, store: Store, asked: Since, size: int) -> Changed:
        """The page that is asked for, of so many changes. Raises NotHeld."""
        total = store.ledger.count(asked.since)
        pages = _pages(total, size, asked.page, "list")
        return cls(tuple(store.ledger.since(asked.since, size, (asked.page - 1) * size)), pages, total)


def _pages(total: int, size: int, page: int, name: str) -> int:
    """How many pages there are. Raises NotHeld where there is no such page."""
    pages = max(1, -(-total // size))
    if page > pages:
        raise NotHeld(f"There is no page {page}. The {name} has {pages}.")
    return pages
