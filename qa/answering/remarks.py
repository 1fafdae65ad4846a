"""What is said beside an answer or a list: what its filters left out, and which council was read for which.

Without these sentences a date would drop the decisions without one silently, and whoever asks of a council that ceased
would not know of the one that took over. A filter itself never mixes two councils. Nothing is searched here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.catalogue import Filter
from index.store import Store
from index.text.councils import council_of
from index.text.lists import joined
from qa.text.bodies import Kin

FEW = 10
"""Decisions; where a filter by a council lets fewer through, it is said that its successor is held."""

_MAX_NAMES = 3  # of the bodies of a filter, of which kin is told


def on_filters(store: Store, within: Filter) -> tuple[str, ...]:
    """The sentences on what filters left out: decisions without a date, and councils that came before or after."""
    return tuple(_on_filters(store, within))


def _on_filters(store: Store, within: Filter) -> Iterator[str]:
    if undated := store.count_undated(within):
        yield (
            f"{undated:,} decisions without a date were left out."
            if undated > 1
            else "1 decision without a date was left out."
        )
    names = (*within.council, *within.body)
    if 0 < len(names) <= _MAX_NAMES and store.count(within) < FEW:
        yield from dict.fromkeys(told for told in map(store.kin_told, names) if told)


def on_kin(kin: Sequence[Kin], searched: Sequence[str]) -> tuple[str, ...]:
    """A sentence where a question tells a council and another was searched, which came before or after that."""
    named = {one.told: one.relation for one in kin if one.held in searched}
    told = []
    for name, relation in named.items():
        council, held = council_of(name), joined([one.held for one in kin if one.told == name and one.held in searched])
        related = "took over from" if relation == "successor" else "came before"
        told.append(f"These are decisions about {held}, which {related} {council.name if council else name}.")
    return tuple(told)
