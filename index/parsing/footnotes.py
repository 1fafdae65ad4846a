"""Footnotes: the text of a note belongs to the paragraph that has its mark. Pure.

A note is a line "[1] …" or "¹ …" whose mark stands in a line above it, or a numbered line below a heading "Footnotes".
It is no paragraph, wherever a copy sets it, also below the signature. A page's notes come as "[1] …", see html_page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.decisions import Line
from index.parsing.labels import UNMARKED, Label, shortened

_MARK = re.compile(r"\[(?P<number>\d{1,3})\]|(?P<raised>[⁰¹²³⁴-⁹]{1,3})")
_LOST = "A footnote has no mark in the text of this copy: “{}” was left out."
_TITLE = re.compile(r"(?:foot|end)[ -]?notes?[.:]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note with the number of its mark, and its text as it is kept: with the mark before it."""

    number: int
    text: str


def take_footnotes(labels: Sequence[Label]) -> tuple[list[Label], list[Footnote], list[str]]:
    """The labels without the notes among them and their title; the notes; and a doubt for each that lost its mark.

    Where marks or notes do not run on, or one comes twice, nothing is certain to be a note.
    """
    titled = _below_title(labels)
    notes = {position: note for position, label in enumerate(labels) if (note := _note(label, position in titled))}
    numbers = [note.number for note in notes.values()]
    if not notes or numbers != sorted(set(numbers)):
        return list(labels), [], []
    marked = _first_marks(labels, set(notes))
    kept = {at: note for at, note in notes.items() if marked.get(note.number, at) < at}
    lost = [note for at, note in notes.items() if at not in kept and at in titled]
    doubts = [_LOST.format(shortened(note.text)) for note in lost]
    if lost:
        doubts.insert(0, f"The heading “{shortened(labels[min(titled)].text)}” stands over nothing and was left out.")
    taken = {*kept, *(at for at in titled if at in notes or at + 1 in notes)}
    return [label for at, label in enumerate(labels) if at not in taken], list(kept.values()), doubts


def add_footnotes(notes: Sequence[Footnote], places: Sequence[list[Line]]) -> Iterator[str]:
    """Add each note to the first of these places, the lines of a paragraph each, that has its mark.

    Yields a doubt for one whose mark stood in what is dropped.
    """
    first: dict[int, list[Line]] = {}
    for lines in places:
        for line in lines:
            for number in _marks(line.text):
                first.setdefault(number, lines)
    for note in notes:
        if note.number in first:
            first[note.number].append(Line(note.text))
        else:
            yield _LOST.format(shortened(note.text))


def _below_title(labels: Sequence[Label]) -> set[int]:
    """The positions of the last heading “Footnotes”, if there is one, and of the lines right below it."""
    titles = (
        position
        for position in range(len(labels) - 1, 0, -1)
        if labels[position].marker in UNMARKED and _TITLE.fullmatch(labels[position].text)
    )
    title = next(titles, None)
    if title is None:
        return set()
    end = title + 1
    while end < len(labels) and (labels[end].marker == "number" or _note(labels[end], False) is not None):
        end += 1
    return set(range(title, end)) if end > title + 1 else set()


def _note(label: Label, is_titled: bool) -> Footnote | None:
    """The note that a line is, if it looks like one."""
    if is_titled and label.marker == "number" and label.value is not None:
        return Footnote(label.value, f"[{label.value}] {label.text}")
    found = _MARK.match(label.text) if label.marker in UNMARKED else None
    if found is None or found.end() == len(label.text):
        return None
    return Footnote(_number(found), label.text)


def _first_marks(labels: Sequence[Label], notes: set[int]) -> dict[int, int]:
    """Where each mark stands first, in what is no note and no heading."""
    first: dict[int, int] = {}
    for position, label in enumerate(labels):
        if position not in notes and label.marker != "heading":
            for number in _marks(label.text):
                first.setdefault(number, position)
    return first


def _marks(text: str) -> Iterator[int]:
    return (_number(found) for found in _MARK.finditer(text))


def _number(found: re.Match[str]) -> int:
    return int(found["number"] or unicodedata.normalize("NFKC", found["raised"]))
