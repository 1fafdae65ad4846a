"""What a page, a terminal and a language model say of an answer in the same words: headings, labels, groups.

Pure. It decides nothing of an answer and leaves nothing of it out; how it looks is for qa.web.pages, qa.terminal and
qa.mcp.text.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.catalogue import Filter
from index.decisions import SUMMARY, DecisionEntry, Role, Unit
from index.engine.manifest import Manifest
from index.ledger import Change, What
from index.store import Order
from index.text.councils import body_key
from index.text.dates import in_words
from index.text.lists import joined
from index.text.references import is_reference
from qa.answering.answer import Answer
from qa.answering.citations import as_lines, citation_of
from qa.answering.collection import Covered
from qa.answering.extract import Excerpt, Span
from qa.answering.refusals import HEADINGS, NOTHING_PASSES, about_none
from qa.retrieval.search import MOST_ALSO, Hit
from qa.text.voices import Voice

FILTERS = {
    "council": "Council or other body",
    "reference": "Reference",
    "category": "Category",
    "outcome": "Outcome",
    "role": "Part of the decision",
    "from": "Decided from",
    "to": "Decided up to",
}
"""The fields that narrow a search, as people read them."""

ORDERS: dict[Order, str] = {"date": "Newest first", "body": "By council or other body", "length": "Longest first"}
"""The orders of the list, as people read them."""

ROLES = {
    "complaint": "Allegation",
    "powers": "Ombudsman’s powers",
    "method": "How it was considered",
    "law": "Law and guidance",
    "facts": "Facts",
    "finding": "Finding",
    "remedy": "Remedy",
    "conclusion": "Decision",
    "summary": "Summary",
}
"""The roles of a paragraph, as people read them."""

BOX = "From the decisions, word for word"
HINT = "Selected automatically. Read the whole paragraph before relying on it."
SILENT = "No paragraph stands out as the answer. These are the closest ones; read them before relying on any."
CLOSEST = "Closest paragraphs"
NOT_ANSWERING = "Closest paragraphs (they do not answer your question)"
BESIDE = "Before and after"
ALLEGATION = "An allegation, not the Ombudsman’s finding."

VOICES: dict[Voice, str] = {
    "ombudsman": "The Ombudsman’s words",
    "complainant": "The complainant’s words",
    "organisation": "The council’s or another organisation’s words",
    "law": "From the law or guidance",
    "record": "From a record",
}
"""Whose words a sentence is."""

SAME = 5
"""Other places of the same wording that are named beside a hit."""
_APART: tuple[Voice, ...] = ("complainant", "organisation", "record")  # neither the Ombudsman's words nor the law's
_BEGINNING = 8  # words by which a sentence is told
_BEGUN = 200  # characters of a summary that a list shows, about two lines
_NAMED = 3  # names that a heading tells one by one
_BOXED = 3  # citations that a box tells at most


def count(number: int, noun: str) -> str:
    """“1 decision”, “57,500 decisions”."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def extent(number: int, unit: Unit) -> str:
    """How much of it there is to cite: “65 paragraphs”, “12 pages”; “a summary alone” of a report that has no more."""
    return count(number, unit) if number or unit == "paragraph" else "a summary alone"


def day(date: datetime.date | None) -> str:
    """“9 October 2022”."""
    return in_words(date) if date else "no date"


# What changed

CHANGED: Mapping[What, str] = {"added": "Added", "changed": "Changed", "moved": "Moved", "removed": "Removed"}
"""What became of a decision, as a person reads it."""
_HEAD = {
    "body": "the name of the body",
    "category": "the category",
    "outcome": "the outcome",
    "date": "the date",
    "numbering": "whether its numbers are inferred",
}


def change(entry: Change) -> str:
    """What an entry of the ledger says beside its first word; nothing where that says it all."""
    if entry.what == "removed":
        return f"{entry.tombstone[:1].upper()}{entry.tombstone[1:]}."
    if entry.what == "moved":
        return f"It was at {entry.before}."
    if entry.what == "changed":
        told = joined([*(_HEAD[name] for name in entry.fields), *_runs(entry.places)])
        return f"Different from before: {told}." if told else "We do not know what is different."
    return ""


def _runs(places: Sequence[str]) -> list[str]:
    """“summary”, “paragraphs 3 to 7”: places, those that follow each other as one."""
    told: list[str] = []
    numbers = [int(place.removeprefix("paragraph ")) for place in places if place.startswith("paragraph ")]
    for _, group in itertools.groupby(enumerate(sorted(numbers)), lambda item: item[1] - item[0]):
        run = [number for _, number in group]
        told.append(f"paragraph {run[0]}" if len(run) == 1 else f"paragraphs {run[0]} to {run[-1]}")
    others = [place for place in places if not place.startswith("paragraph ")]
    return [*(f"the {SUMMARY}" if place == SUMMARY else place for place in others), *told]


# Why there is no answer


def heading(answer: Answer, within: Filter) -> str:
    """What stands above a refusal; `within` are the filters of the search."""
    assert answer.refusal is not None
    if answer.refusal == NOTHING_PASSES:
        return "No decisions match your filters"
    text = HEADINGS[answer.refusal.reason]
    if "{bodies}" in text:
        names = [*answer.unknown[:_NAMED], *["others"] * (len(answer.unknown) > _NAMED)]
        return text.format(bodies=joined(names, "or") or "this body")
    return text.format(searched=_searched(answer, within)) if "{searched}" in text else text


def detail(answer: Answer, above: str) -> str:
    """What a refusal says below its heading, without saying it again."""
    assert answer.refusal is not None
    same = f"{above}. ", f"{about_none(answer.unknown)} "
    text = answer.refusal.detail
    return next((text.removeprefix(first) for first in same if text.startswith(first)), text)


def _searched(answer: Answer, within: Filter) -> str:
    """“these 5 decisions”, or “the 2 decisions searched” where not all were."""
    named = replace(within, body=answer.council, reference=answer.reference or within.reference)
    number, held = answer.store.count(named), answer.holdings.decisions
    if number < held:
        return f"the {count(number, 'decision')} searched"
    return f"these {count(held, 'decision')}" if held != 1 else "our only decision"


def not_held(answer: Answer) -> list[str]:
    """A sentence each on bodies and on decisions that an answered question names and that are not held."""
    numbers = [name for name in answer.unknown if is_reference(name)]
    names = [name for name in answer.unknown if name not in numbers]
    told = [f"We have no decisions about {joined(names, 'or')}."] if names else []
    return told + ([f"We have no decision {joined(numbers, 'or')}."] if numbers else [])


# What was read otherwise than it was typed


def corrections(answer: Answer) -> str:
    """“Showing results for “safety” (you typed “saftey”).”; nothing where all was read as it was typed."""
    told = [f"“{read}” (you typed “{typed}”)" for typed, read in answer.corrected]
    return f"Showing results for {joined(told)}." if told else ""


def misspelt(answer: Answer) -> list[str]:
    """The words that were corrected, which can be done without; a typed citation is also read otherwise by its grammar.

    That has whole places and names, such as “paragraphs 60 to 99”, and not single words.
    """
    is_read_by_grammar = answer.kind == "citation"
    return [typed for typed, _ in answer.corrected if not (is_read_by_grammar and re.search(r"[\s\d]", typed))]


# Whose words


def is_alleged(role: Role, spoken: Iterable[Voice]) -> bool:
    """Whether a paragraph is a complaint in the complainant's words alone, which is said of it as a whole."""
    return role == "complaint" and set(spoken) <= {"complainant"}


def voice_labels(role: Role, spoken: Iterable[tuple[Span, Voice]]) -> dict[int, str]:
    """Whose words a paragraph's sentences are, by where they begin; each label holds until the next one.

    What is the Ombudsman's or the law's is labelled only behind what is not.
    """
    spoken = list(spoken)
    if is_alleged(role, (voice for _, voice in spoken)):
        return {}
    labels: dict[int, str] = {}
    last: Voice | None = None
    for (start, _), voice in spoken:
        if voice != last and (voice in _APART or last in _APART):
            labels[start] = VOICES[voice]
        last = voice
    return labels


def voice_notes(role: Role, spoken: Iterable[tuple[str, Voice]]) -> list[str]:
    """The same for a text that must stay word for word: a line on each run of sentences that are another's words."""
    spoken = list(spoken)
    if is_alleged(role, (voice for _, voice in spoken)):
        return [f"({ALLEGATION})"]
    notes = [f"({ALLEGATION})"] if role == "complaint" else []
    for voice, run in itertools.groupby(spoken, key=lambda one: one[1]):
        if voice in _APART:
            texts = [text for text, _ in run]
            claim = "" if voice == "record" else ", not a finding"
            more = f" and {count(len(texts) - 1, 'more sentence')}" if len(texts) > 1 else ""
            notes.append(f"({VOICES[voice]}{claim}: “{_beginning(texts[0])}”{more})")
    return notes


def _beginning(text: str) -> str:
    words = text.strip("“”").split()
    return " ".join(words[:_BEGINNING]) + (" …" if len(words) > _BEGINNING else "")


def spoken_spans(hit: Hit) -> list[tuple[Span, Voice]]:
    """Where each sentence of a hit stands, and whose words it is."""
    return [((start, end), voice) for (start, end, _), voice in zip(hit.sentences, hit.voices, strict=True)]


def notes_of(hit: Hit) -> list[str]:
    """The lines on whose words a hit is."""
    text = hit.paragraph.text
    spoken = [(text[start:end], voice) for (start, end), voice in spoken_spans(hit)]
    return voice_notes(hit.paragraph.role, spoken)


def same_wording(hit: Hit) -> list[str]:
    """A line on where the same stands elsewhere; nothing where it does not."""
    if not hit.also:
        return []
    told = [citation_of(*other) for other in hit.also[:SAME]]
    more = len(hit.also) - len(told)
    told += [f"{more}{' or' if len(hit.also) >= MOST_ALSO else ''} more"] if more else []
    return [f"(The same or nearly the same wording: {'; '.join(told)}.)"]


# The box


def excerpt_lines(excerpt: Excerpt) -> str:
    """An excerpt as it is printed and copied: with the marks of its lists where it is whole.

    With `[…]` for what is left out it has none, so that the check of a letter knows its lines.
    """
    is_whole = len(excerpt.kept) == len(excerpt.paragraph.lines)
    return as_lines(excerpt.paragraph) if is_whole else excerpt.text


def excerpt_notes(excerpt: Excerpt) -> list[str]:
    """The lines on whose words an excerpt is."""
    return voice_notes(excerpt.paragraph.role, [(part.text, part.voice) for part in excerpt.parts])


# Typed citations


@dataclass(frozen=True, slots=True)
class Opened:
    """What typed citations opened of one decision, as far as it is shown.

    `places` were cited one by one; a `decision` was cited as a whole, so its first paragraphs stand here; a `body` was,
    so one paragraph stands for each of its decisions.
    """

    kind: Literal["places", "decision", "body"]
    entry: DecisionEntry
    hits: tuple[Hit, ...]


def opened(answer: Answer) -> tuple[tuple[Opened, ...], tuple[Hit, ...]]:
    """What was cited, decision by decision in the order asked, and what stands before and after it."""
    cited = [hit for hit in answer.hits if hit.score == 1]
    beside = tuple(hit for hit in answer.hits if hit.score < 1)
    groups = itertools.groupby(cited, key=lambda hit: hit.entry.reference)
    return tuple(_opened(answer, tuple(group), beside) for _, group in groups), beside


def _opened(answer: Answer, group: tuple[Hit, ...], beside: Sequence[Hit]) -> Opened:
    """What is shown of one decision. Places that were cited have neighbours, unless these are all of the decision.

    Not all that was cited need be shown; the box has the first ones all the same.
    """
    entry = group[0].entry
    boxed = [one.paragraph.pinpoint for one in answer.box if one.entry.reference == entry.reference]
    cited = max([hit.paragraph.pinpoint for hit in group], boxed, key=len)
    places = [place.pinpoint for place in answer.store.decision(entry.reference).places()]
    is_alone = not any(hit.entry.reference == entry.reference for hit in beside)
    if 0 < len(answer.box) < _BOXED:  # nothing else was cited
        is_alone = is_alone and answer.total == len(answer.box)
    kind: Literal["places", "decision", "body"] = "places"
    if is_alone and cited == places[: len(cited)] and len(cited) < len(places):
        kind = "decision" if len(cited) > 1 else "body"
    return Opened(kind, entry, group)


def opened_heading(groups: Sequence[Opened]) -> str:
    """What stands above what was opened."""
    kinds = {group.kind for group in groups}
    if kinds == {"body"}:
        bodies = list({body_key(group.entry.body): group.entry.body for group in reversed(groups)}.values())[::-1]
        return f"Decisions about {joined(bodies) if len(bodies) <= _NAMED else f'{len(bodies):,} bodies'}"
    if kinds == {"decision"}:
        return "The decision you asked for" if len(groups) == 1 else "The decisions you asked for"
    if kinds == {"places"}:
        places = [hit.paragraph.pinpoint.number for group in groups for hit in group.hits]
        if places == [SUMMARY]:
            return "The summary you asked for"
        unit = groups[0].hits[0].paragraph.pinpoint.unit
        return f"The {unit} you asked for" if len(places) == 1 else f"The {unit}s you asked for"
    return "What you asked for"


# The register


def understood(answer: Answer) -> list[tuple[str, str]]:
    """The filters of a question about the collection as they were understood, each with its name."""
    assert answer.register is not None
    labels = FILTERS | {"without": "Not about", "order": "Order"}
    return [(labels.get(name, name), _value(value)) for name, value in answer.register.filters.items()]


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return joined([str(each) for each in value], "or")
    text = str(value)
    return day(datetime.date.fromisoformat(text)) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def covered(found: Covered, manifest: Manifest) -> list[str]:
    """What is held, what is known of its numbers, and how new it is: a sentence each."""
    total = found.coverage.total
    if not total.decisions:
        return ["There is no decision here."]
    bodies = len(found.coverage.bodies)
    held = f"{count(total.decisions, 'decision')} about {f'{bodies:,} bodies' if bodies != 1 else '1 body'}"
    dates = f", {day(total.first)} to {day(total.last)}" if total.first else ""
    undated = f", {total.undated:,} without a date" if total.undated else ""
    fetched = found.coverage.fetched
    newest = f"The newest page was fetched on {day(fetched.date())}." if fetched else "All are saved copies."
    reports = f" {count(total.unnumbered, 'report')} cited by page or section." if total.unnumbered else ""
    return [
        f"{held}{dates}{undated}.",
        f"The paragraph numbers of {total.published:,} are the published ones, of these {total.proved:,} proved by the "
        f"decision’s references to its own paragraphs; those of {total.inferred:,} are inferred.{reports}",
        f"The index was last brought up to date on {day(built_at(manifest))}. {newest}",
    ]


def built_at(manifest: Manifest) -> datetime.datetime:
    """When the index was last brought up to date, in UTC."""
    return datetime.datetime.fromisoformat(manifest.built)


def begun(text: str) -> tuple[str, str]:
    """A text cut between two words after about two lines: its beginning, and the rest, which may be empty."""
    text = " ".join(text.split())
    if len(text) <= _BEGUN + _BEGUN // 4:
        return text, ""
    cut = text.rfind(" ", 0, _BEGUN + 1)
    cut = cut if cut > 0 else _BEGUN
    return text[:cut], text[cut:].lstrip()


def about_decision(entry: DecisionEntry) -> str:
    """“Upheld, 9 October 2022, Children’s care services > Child protection, 65 paragraphs”."""
    parts = [entry.outcome or "Outcome not known", day(entry.date), entry.category or "no category"]
    return ", ".join([*parts, extent(entry.paragraphs, entry.unit)])
