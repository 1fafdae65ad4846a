"""A paragraph as it is printed and cited: its text with the marks of its lists, and its citation, short and full."""

from __future__ import annotations

from index.decisions import Decision, DecisionEntry, Paragraph
from index.text.dates import in_words

PUBLISHER = "Local Government and Social Care Ombudsman"
"""Whose decisions these are."""


def as_lines(paragraph: Paragraph) -> str:
    """The text of a paragraph with the marks of its lists, as it is printed and copied."""
    marks = [f"({line.item}) " if line.item else "• " if line.depth else "" for line in paragraph.lines]
    return "\n".join(f"{'  ' * line.depth}{mark}{line.text}" for line, mark in zip(paragraph.lines, marks, strict=True))


def citation_of(paragraph: Paragraph, decision: Decision | DecisionEntry) -> str:
    """The citation as it is pasted into a letter."""
    return paragraph.pinpoint.cite(decision.body, paragraph.numbering)


def citation_full(paragraph: Paragraph, decision: Decision | DecisionEntry) -> str:
    """The citation with all that a reader needs to find the decision: who published it, about whom, when, and where.

    An address that was derived is left out: nobody has seen the page there.
    """
    date = f"{in_words(decision.date)}, " if decision.date else ""
    source = decision.provenance
    address = f", {source.url}" if source.url and not source.is_derived else ""
    seen = f" (read {in_words(source.fetched)})" if address and source.fetched else ""
    place = paragraph.pinpoint.noted(paragraph.numbering)
    return f"{PUBLISHER}, {decision.body} ({decision.reference}), {date}{place}{address}{seen}"
