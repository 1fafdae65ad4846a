"""From the labels found in a source, in order, to published paragraph numbers. Pure: no text is read from a file here.

The Ombudsman numbers paragraphs once through the whole decision. Captures lost that: list numbers begin again at 1
after every heading, list or quotation. Counting on restores the published number, as the decisions themselves prove
where they refer to their own paragraphs ("as I have mentioned in paragraph 67"). Where labels are missing altogether,
or do not fit a plain count, the result is `inferred`: never is a guess called `published`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.decisions import Numbering

Marker = Literal["number", "bullet", "dash", "none", "heading"]

# A sub-list stands some columns deeper than the paragraphs; a number of two digits may be set one column to the left.
_SAME_INDENT = 1

# In a source that lost all its numbers, list items and paragraphs look alike. An item that is both much longer than
# those before it and as long as a paragraph is taken to be the next paragraph.
_MUCH_LONGER = 2
_PARAGRAPH_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Label:
    """One line of a source: how it was marked, how far it stood in (columns), the number it bore, and its text."""

    marker: Marker
    text: str
    indent: int = 0
    value: int | None = None


def number(labels: Sequence[Label]) -> tuple[list[int | None], Numbering]:
    """Give each label its paragraph number, or None where it starts no paragraph.

    The numbers are 1, 2, 3, … in the order of the labels. The second value is `published` if every number was counted
    on from labels that fit, `inferred` otherwise.
    """
    if any(label.marker == "number" for label in labels):
        return _count_on(labels)
    return _tell_paragraphs_from_items(labels), "inferred"


def _count_on(labels: Sequence[Label]) -> tuple[list[int | None], Numbering]:
    outermost = next(label.indent for label in labels if label.marker == "number")
    numbers: list[int | None] = []
    count = previous = 0
    certain = True
    before: Label | None = None
    for position, label in enumerate(labels):
        if label.marker == "number" and label.indent <= outermost + _SAME_INDENT:
            count += 1
            # A list goes on, begins again, or shows the published number; else something is missing.
            certain &= label.value in (previous + 1, 1, count)
            # One that begins again right below a paragraph, or in a quotation, may be a list set at no deeper indent:
            # between two lists of paragraphs there stands a heading, a list or a quotation.
            if label.value == 1 and before is not None:
                below_paragraph = numbers[position - 1] is not None
                certain &= not (below_paragraph or (before.marker == "none" and _is_unfinished(before.text)))
            # What stands further out than the first paragraph is perhaps the only paragraph here.
            certain &= label.indent >= outermost - _SAME_INDENT
            previous = label.value or 0
            numbers.append(count)
        else:
            # A heading stands above a paragraph. If something else follows it, that lost its number.
            certain &= label.marker == "heading" or before is None or before.marker != "heading"
            numbers.append(None)
        before = label
    return numbers, "published" if certain else "inferred"


def _is_unfinished(text: str) -> bool:
    return leaves_quotation_open(text) or text.endswith(":")


def leaves_quotation_open(text: str) -> bool:
    """Whether a quotation begins in this line that does not end in it. Captures also close one with " or ’’."""
    closed = max(text.rfind(mark) for mark in ("”", '"', "’’"))
    return text.rfind("“") > closed


def _tell_paragraphs_from_items(labels: Sequence[Label]) -> list[int | None]:
    numbers: list[int | None] = []
    count = 0
    items: list[str] | None = None  # the items so far of the list that is open
    for label in labels:
        if label.marker != "dash":
            numbers.append(None)
            if label.marker == "heading":
                items = None
        elif items is not None and not _starts_paragraph(label.text, items):
            items.append(label.text)
            numbers.append(None)
        else:
            count += 1
            numbers.append(count)
            items = [] if label.text.endswith(":") else None
    return numbers


def _starts_paragraph(text: str, items: Sequence[str]) -> bool:
    if not items or items[-1].endswith((";", ",", "; and", "; or", ", and", ", or")):
        return False
    return len(text) > _PARAGRAPH_LENGTH and len(text) > _MUCH_LONGER * max(map(len, items))
