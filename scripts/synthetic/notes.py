"""A Draft whose statute references are footnotes: a mark in the text, and the note below the end of the decision."""

from __future__ import annotations

from dataclasses import replace

from synthetic.draft import Block, Draft, Heading, Paragraph, Statute, Text


def with_notes(draft: Draft) -> tuple[Draft, tuple[str, ...]]:
    """The draft with a mark "[1]" for each statute reference that stood on a line of its own; and these, as notes."""
    notes: list[str] = []
    parts: list[Heading | Paragraph] = []
    for part in draft.parts:
        if isinstance(part, Paragraph):
            statutes = [block.text for block in part.blocks if isinstance(block, Statute)]
            marks = "".join(f"[{len(notes) + place}]" for place, _ in enumerate(statutes, start=1))
            notes += statutes
            first, *rest = part.blocks
            assert isinstance(first, Text)
            kept: list[Block] = [block for block in rest if not isinstance(block, Statute)]
            part = Paragraph((Text(first.text + marks), *kept))
        parts.append(part)
    return replace(draft, parts=tuple(parts)), tuple(notes)


def told_with_notes(draft: Draft) -> Draft:
    """The draft as a reader should find it: each note is the last line of the paragraph that has its mark."""
    marked, notes = with_notes(draft)
    left = iter(notes)
    parts: list[Heading | Paragraph] = []
    number = 0
    for before, part in zip(draft.parts, marked.parts, strict=True):
        if isinstance(before, Paragraph) and isinstance(part, Paragraph):
            count = sum(isinstance(block, Statute) for block in before.blocks)
            below = [Text(f"[{number + place}] {next(left)}") for place in range(1, count + 1)]
            number += count
            part = Paragraph((*part.blocks, *below))
        parts.append(part)
    return replace(draft, parts=tuple(parts))
