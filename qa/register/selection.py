"""The decisions that a query lets through, in one version of the index.

A Register is a query with the version that it is put to; a Selection is decisions, as filters of the store.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.catalogue import Filter
from index.decisions import DecisionEntry
from index.store import Store
from index.text.lists import joined
from qa.register.query import MAX_DECISIONS, Anchor, RegisterQuery, outcome_of
from qa.register.wording import MAX_NAMED, OUTCOME_WORDS, capital, not_counted
from qa.register.words import Outcome
from qa.text.periods import Period, merged, period_told


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """`count` decisions, those that are shown, newest first and at most MAX_DECISIONS, and one or two sentences.

    The count is that of the decisions, also where bodies or categories are asked for; the sentence counts those.
    `filters` are as they were understood, with the keys of a search: council, reference, category, outcome (lists of
    names), from and to (ISO 8601); besides, without (bodies that do not count) and order, “newest first”.
    """

    count: int
    decisions: tuple[DecisionEntry, ...]
    filters: dict[str, object]
    sentence: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The decisions that pass one of some filters, of which no two let the same decision through."""

    store: Store
    filters: tuple[Filter, ...]

    def count(self) -> int:
        """How many there are."""
        return sum(map(self.store.count, self.filters))

    def entries(self, limit: int = MAX_DECISIONS) -> tuple[DecisionEntry, ...]:
        """Newest first."""
        return newest_first(entry for within in self.filters for entry in self.store.entries(within, limit))[:limit]

    def every(self) -> list[DecisionEntry]:
        """All of them, those of one filter newest first."""
        return [entry for within in self.filters for entry in self.store.entries(within)]

    def oldest(self, limit: int) -> tuple[DecisionEntry, ...]:
        """The first that were made, oldest first; those without a date are none of them."""
        found = [
            entry
            for within in self.dated().filters
            for entry in self.store.entries(within, limit, max(self.store.count(within) - limit, 0))
        ]
        return tuple(sorted(found, key=lambda entry: (entry.date or datetime.date.max, entry.reference))[:limit])

    def narrowed(self, **changes: Any) -> Selection:
        """Those of them that have this body, category or outcome."""
        return replace(self, filters=tuple(replace(within, **changes) for within in self.filters))

    def dated(self) -> Selection:
        """Those of them that have a date."""
        return self.within(Period(datetime.date.min))

    def within(self, period: Period) -> Selection:
        """Those of them that were made in a period."""
        filters = list[Filter]()
        for each in self.filters:
            days = Period(each.date_from, each.date_to).within(period)
            if not days.is_empty:
                filters.append(replace(each, date_from=days.first, date_to=days.last))
        return replace(self, filters=tuple(filters))

    def nothing(self) -> Selection:
        """None of them."""
        return replace(self, filters=())

    def span(self) -> tuple[datetime.date, datetime.date] | None:
        """The days of the first and the last of them, None where none has a date."""
        first, last = self.oldest(1), self.dated().entries(1)
        return (first[0].date, last[0].date) if first and last and first[0].date and last[0].date else None


def newest_first(entries: Iterable[DecisionEntry]) -> tuple[DecisionEntry, ...]:
    """By date, those without one last."""
    return tuple(sorted(entries, key=lambda entry: entry.date or datetime.date.min, reverse=True))


_BY_DATE = frozenset({"middle", "nearest", "gap", "rest", "weekday"})


@dataclass(frozen=True, slots=True)
class Register:
    """A query with the version that it is put to."""

    query: RegisterQuery
    store: Store

    @property
    def total(self) -> int:
        """How many decisions are held."""
        return self.store.count(Filter())

    def put(self, **changes: Any) -> Register:
        """The same version with another query."""
        return replace(self, query=replace(self.query, **changes))

    def outcome_names(self, outcome: Outcome) -> tuple[str, ...]:
        """The outcomes held that are of this kind, by their names."""
        return tuple(name for name, _ in self.store.facets().outcomes if outcome_of(name) == outcome)

    def with_outcome(self, selection: Selection, outcome: Outcome) -> Selection:
        """Those of some decisions that ended so."""
        names = self.outcome_names(outcome)
        return selection.narrowed(outcome=names) if names else selection.nothing()

    def selection(self) -> Selection:
        """The decisions that the query lets through."""
        query = self.query
        outcomes = tuple(name for outcome in query.outcomes for name in self.outcome_names(outcome))
        held = [name for name, _ in self.store.facets().categories]
        categories = tuple(name for name in query.categories if name in held)
        if query.without_categories:
            categories = tuple(name for name in held if name not in query.without_categories)
        bodies = query.bodies
        if query.without and not bodies:
            bodies = tuple(name for name, _ in self.store.facets().bodies if name not in query.without)
        asked_and_held = (
            (query.outcomes, outcomes),
            (query.categories or query.without_categories, categories),
            (query.unknown or query.body_kind or query.without, bodies or query.references),
        )
        within = Filter(body=bodies, reference=query.references, category=categories, outcome=outcomes)
        periods = merged(query.periods) or (Period(),)
        filters = tuple(replace(within, date_from=each.first, date_to=each.last) for each in periods)
        whole = Selection(self.store, filters)
        if any(asked and not found for asked, found in asked_and_held):
            return whole.nothing()
        if query.anchor is None:
            return whole
        aside = self.beside(query.anchor)
        return whole.within(aside) if aside else whole.nothing()

    def settled(self) -> Register:
        """The query in which dates that are those of its anchor say which decision that is, and set no filter."""
        anchor, periods = self.query.anchor, self.query.periods
        if anchor is None or not anchor.dated or not anchor.bodies or len(periods) != 1:
            return self
        found = Selection(self.store, (Filter(body=anchor.bodies),)).within(periods[0]).entries(MAX_NAMED)
        if not found:
            told = f"We have no decision about {joined(anchor.bodies, 'or')} made {period_told(periods[0])}."
            return self.put(detail=told)
        named = tuple(entry.reference for entry in found)
        return self.put(anchor=replace(anchor, bodies=(), references=named, dated=False), periods=())

    def beside(self, anchor: Anchor) -> Period | None:
        """The days before or after a decision: of several, before the first or after the last of them."""
        if not anchor.bodies and not anchor.references:
            return None
        span = Selection(self.store, (Filter(body=anchor.bodies, reference=anchor.references),)).span()
        if span is None:
            return None
        day = datetime.timedelta(days=1)
        if anchor.between:
            return Period(span[0] + day, span[1] - day)
        return Period(None, span[0] - day) if anchor.before else Period(span[1] + day)

    def filters(self) -> dict[str, object]:
        """The filters as they were understood."""
        query = self.query
        outcomes = [
            name for each in query.outcomes for name in self.outcome_names(each) or (capital(OUTCOME_WORDS[each]),)
        ]
        told: dict[str, object] = {
            "council": [*query.bodies, *query.unknown],
            "without": list(query.without),
            "reference": [str(reference) for reference in query.references],
            "category": list(query.categories),
            "outcome": outcomes,
        }
        told = {key: value for key, value in told.items() if value}
        periods = list(query.periods)
        if query.anchor is not None and (aside := self.beside(query.anchor)):
            periods = [each.within(aside) for each in periods or [Period()]]
        firsts, lasts = [each.first for each in periods], [each.last for each in periods]
        if periods and all(firsts):
            told["from"] = min(day for day in firsts if day).isoformat()
        if periods and all(lasts):
            told["to"] = max(day for day in lasts if day).isoformat()
        if query.asks in {"latest", "first"}:
            told["order"] = "newest first" if query.asks == "latest" else "oldest first"
        return told

    def answer(
        self, selection: Selection, sentence: str, entries: Sequence[DecisionEntry] | None = None
    ) -> RegisterAnswer:
        """The answer that shows these decisions, or just some entries of them."""
        if entries is None:
            number, shown = selection.count(), selection.entries()
        else:
            number, shown = len(entries), newest_first(entries)
        return RegisterAnswer(
            number, shown[:MAX_DECISIONS], self.filters(), sentence + self._undated() + self._unsorted()
        )

    def _unsorted(self) -> str:
        """A sentence on the decisions without a category, where some categories do not count."""
        if not self.query.without_categories or self.query.categories:
            return ""
        every = self.put(without_categories=()).selection()
        names = tuple(name for name, _ in self.store.facets().categories)
        return not_counted(every.count() - (every.narrowed(category=names).count() if names else 0), "a category")

    def _undated(self) -> str:
        """A sentence on the decisions without a date, where dates filter."""
        if not self.query.periods and self.query.anchor is None and self.query.asks not in _BY_DATE:
            return ""
        every = self.put(periods=(), anchor=None).selection()
        return not_counted(every.count() - every.dated().count(), "a date")
