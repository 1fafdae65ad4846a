"""A paragraph as a page shows it: cut into stretches that are marked, linked or labelled, its lists nested."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypedDict

from index.decisions import Line, Paragraph
from qa import presentation as say
from qa.box import LEFT_OUT, Excerpt, Span
from qa.search import Hit


class Stretch(TypedDict):
    """Part of a line: whether it is marked, where it leads, and whose words begin with it, where that is to be said."""

    text: str
    is_marked: bool
    url: str | None
    label: str | None


class Block(TypedDict):
    """A line: its stretches, its letter with the anchor, and the list items below it."""

    stretches: list[Stretch]
    item: str | None
    anchor: str | None
    is_gap: bool
    items: list[Block]


_GAP: Stretch = {"text": LEFT_OUT, "is_marked": False, "url": None, "label": None}


def hit_blocks(hit: Hit, highlights: Sequence[Span] = ()) -> list[Block]:
    """The paragraph of a hit, marked, with whose words it is."""
    return blocks(hit.paragraph, highlights, labels=say.voice_labels(hit.paragraph.role, say.spoken_spans(hit)))


def excerpt_blocks(excerpt: Excerpt) -> list[Block]:
    """A paragraph of the box, likewise; what is left out of it is a block of its own."""
    spoken = [(part.span, part.voice) for part in excerpt.parts]
    labels = say.voice_labels(excerpt.paragraph.role, spoken)
    return blocks(excerpt.paragraph, excerpt.marks, (), labels, excerpt.kept)


def blocks(
    paragraph: Paragraph,
    highlights: Sequence[Span] = (),
    links: Sequence[tuple[Span, str]] = (),
    labels: Mapping[int, str] | None = None,
    kept: Container[int] | None = None,
) -> list[Block]:
    """A paragraph as running text with its lists nested; the spans, of its text, are to be marked or linked.

    `labels` stand before the places in its text that they go with. `kept` are the lines that are told, if not all.
    """
    roots: list[Block] = []
    offset, left_out = 0, False
    for place, line in enumerate(paragraph.lines):
        is_gap = kept is not None and place not in kept
        if not (is_gap and left_out):
            anchor = replace(paragraph.pinpoint, item=line.item).anchor if line.item and not is_gap else None
            stretches = [_GAP] if is_gap else list(_stretches(line, offset, highlights, links, labels or {}))
            item = None if is_gap else line.item
            siblings = roots
            for _ in range(line.depth):
                siblings = siblings[-1]["items"] if siblings else siblings
            siblings.append({"stretches": stretches, "item": item, "anchor": anchor, "is_gap": is_gap, "items": []})
        left_out = is_gap
        offset += len(line.text) + 1
    return roots


def _stretches(
    line: Line,
    offset: int,
    highlights: Sequence[Span],
    links: Sequence[tuple[Span, str]],
    labels: Mapping[int, str],
) -> Iterator[Stretch]:
    """The line cut wherever a span or a label begins or ends. `offset` is where it begins in its paragraph's text."""
    ends = {position - offset for span in (*highlights, *(span for span, _ in links)) for position in span}
    ends |= {position - offset for position in labels}
    cuts = sorted({0, len(line.text), *(end for end in ends if 0 < end < len(line.text))})
    for start, end in itertools.pairwise(cuts):
        first = start + offset
        yield {
            "text": line.text[start:end],
            "is_marked": any(begin <= first < close for begin, close in highlights),
            "url": next((url for (begin, close), url in links if begin <= first < close), None),
            "label": labels.get(first),
        }
