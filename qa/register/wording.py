"""The words in which answers from the register are told: numbers, names, dates, outcomes. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from index.decisions import DecisionEntry
from index.text.lists import joined
from qa.register.query import By
from qa.register.words import Outcome
from qa.text.periods import day_told

MAX_NAMED = 10  # bodies and references that a sentence names one by one
MAX_DESCRIBED = 5  # decisions of which it says more
OUTCOME_WORDS: dict[Outcome, str] = {
    "upheld": "upheld",
    "not upheld": "not upheld",
    "closed": "closed after initial enquiries",
    "partly upheld": "partly upheld",
}


def predicate(clauses: Sequence[tuple[str, str]], number: int) -> str:
    """“is about Kent County Council and was made in 2022 and upheld”; with “are” and “were” of two or more."""
    plural = {"is": "are", "was": "were"}
    return " and ".join(
        f"{verb if number < 2 else plural[verb]} {' and '.join(text for _, text in group)}"
        for verb, group in itertools.groupby(clauses, key=lambda each: each[0])
    )


def part_of_all(number: int, total: int) -> str:
    """“2 of the 5 decisions held”, “Both decisions held”."""
    if total == 1:
        return "The only decision held"
    if number == total:
        return "Both decisions held" if total == 2 else f"All {total} decisions held"
    return f"{number or 'None'} of the {total} decisions held"


def all_of(number: int) -> str:
    """“both ”, “all 5 ”, and nothing for one."""
    return "" if number == 1 else "both " if number == 2 else f"all {number} "


def negated(predicate: str) -> str:
    """A predicate that says the contrary: “is not about Kent”."""
    verb, _, rest = predicate.partition(" ")
    return f"{verb} {rest[4:] if rest.startswith('not ') else f'not {rest}'}"


def each_named(entries: Sequence[DecisionEntry]) -> str:
    """Decisions with their dates, and how many more there are."""
    return listed([f"{named(entry)}, {when_made(entry)}" for entry in entries[:MAX_NAMED]], len(entries))


def namely(entries: Sequence[DecisionEntry]) -> str:
    """The same behind a colon; nothing where there are none."""
    return f": {each_named(entries)}" if entries else ""


def some_named(entries: Sequence[DecisionEntry], limit: int) -> str:
    """The first decisions with their dates, and whether there are others."""
    rest = "; and others" if len(entries) > limit else ""
    return "; ".join(f"{named(entry)}, {when_made(entry)}" for entry in entries[:limit]) + rest


def not_counted(number: int, lack: str) -> str:
    """“ 2 decisions without a date are not counted.”; nothing for none."""
    return f" {counted(number, 'decision')} without {lack} {is_or_are(number)} not counted." if number else ""


def named(entry: DecisionEntry) -> str:
    """“21 000 832 (Kent County Council)”."""
    return f"{entry.reference} ({entry.body})"


def when_made(entry: DecisionEntry) -> str:
    """“made on 5 January 2022”."""
    return f"made on {day_told(entry.date)}" if entry.date else "without a date"


def how_ended(entry: DecisionEntry) -> str:
    """“, upheld”; nothing where no outcome is known."""
    return f", {small(entry.outcome)}" if entry.outcome else ""


def ended_as(entry: DecisionEntry) -> str:
    """“was upheld”."""
    return f"was {small(entry.outcome)}" if entry.outcome else "has no outcome on record"


def in_category(names: Sequence[str]) -> str:
    """“in the category Housing”."""
    return f"in the {'category' if len(names) == 1 else 'categories'} {joined(names, 'or')}"


def group_name(by: By, name: str) -> str:
    """What decisions are counted by: “the category Housing”, “Kent County Council”, “2022”."""
    return f"the {by} {name}" if by in {"category", "outcome"} else name


def within_group(by: By, name: str) -> str:
    """“about Kent County Council”, “in 2022”, “upheld”."""
    if by == "outcome":
        return small(name)
    return f"about {name}" if by == "body" else in_category([name]) if by == "category" else f"in {name}"


_PLURALS = {"body": "bodies", "category": "categories"}


def counted(number: int, noun: str) -> str:
    """“1 body”, “2 bodies”."""
    return f"{number} {noun if number == 1 else _PLURALS.get(noun, f'{noun}s')}"


def is_or_are(number: int) -> str:
    """The verb for so many."""
    return "is" if number == 1 else "are"


def small(name: str) -> str:
    """With a small letter."""
    return name[:1].lower() + name[1:]


def capital(text: str) -> str:
    """With a capital letter."""
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str], number: int | None = None) -> str:
    """The first names, and how many more there are."""
    more = (len(names) if number is None else number) - MAX_NAMED
    return f"{', '.join(names[:MAX_NAMED])} and {more} more" if more > 0 else joined(names)
