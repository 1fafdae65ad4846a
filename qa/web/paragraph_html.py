"""A paragraph as a page shows it: cut into stretches that are marked, linked or labelled, its lists nested."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypedDict

from index.decisions import Line, Paragraph
from qa import presentation as say
from qa.addresses import anchor_of
from qa.answering.extract import LEFT_OUT, Excerpt, Span
from qa.retrieval.search import Hit


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
    return blocks(excerpt.paragraph, excerpt.marks, (), labels, frozenset(excerpt.kept))


def blocks(
    paragraph: Paragraph,
    highlights: Sequence[Span] = (),
    links: Sequence[tuple[Span, str]] = (),
    labels: Mapping[int, str] | None = None,
    kept: Container[int] | None = None,
) -> list[Block]:
    """A paragraph as running text with its lists nested; the spans, of its text, are to be marked or linked.

    `labels` stand before the places in its text that they go with. `kept` are the lines that are told, if not all. No
    two `links` overlap.
    """
    roots: list[Block] = []
    cutting = _Cutting(highlights, links, labels or {})
    offset, left_out = 0, False
    for place, line in enumerate(paragraph.lines):
        is_gap = kept is not None and place not in kept
        if not (is_gap and left_out):
            anchor = anchor_of(replace(paragraph.pinpoint, item=line.item)) if line.item and not is_gap else None
            stretches = [_GAP] if is_gap else list(cutting.stretches(line, offset))
            item = None if is_gap else line.item
            siblings = roots
            for _ in range(line.depth):
                siblings = siblings[-1]["items"] if siblings else siblings
            siblings.append({"stretches": stretches, "item": item, "anchor": anchor, "is_gap": is_gap, "items": []})
        left_out = is_gap
        offset += len(line.text) + 1
    return roots


class _Cutting:
    """What is marked, linked and labelled in a paragraph, each looked for where it stands: there may be thousands."""

    def __init__(
        self, highlights: Sequence[Span], links: Sequence[tuple[Span, str]], labels: Mapping[int, str]
    ) -> None:
        self._labels = labels
        self._links = sorted(links)
        self._marked: list[list[int]] = []
        for begin, close in sorted(highlights):
            if self._marked and begin <= self._marked[-1][1]:
                self._marked[-1][1] = max(close, self._marked[-1][1])
            else:
                self._marked.append([begin, close])
        ends = {end for span in (*highlights, *(span for span, _ in links)) for end in span}
        self._ends = sorted(ends | labels.keys())

    def stretches(self, line: Line, offset: int) -> Iterator[Stretch]:
        """The line cut wherever a span or a label begins or ends; `offset` is where it begins in the paragraph."""
        end = offset + len(line.text)
        within = self._ends[bisect.bisect_right(self._ends, offset) : bisect.bisect_left(self._ends, end)]
        for first, last in itertools.pairwise([offset, *within, *([end] if end > offset else [])]):
            marked = bisect.bisect_right(self._marked, first, key=lambda span: span[0]) - 1
            linked = bisect.bisect_right(self._links, first, key=lambda link: link[0][0]) - 1
            yield {
                "text": line.text[first - offset : last - offset],
                "is_marked": marked >= 0 and first < self._marked[marked][1],
                "url": self._links[linked][1] if linked >= 0 and first < self._links[linked][0][1] else None,
                "label": self._labels.get(first),
            }
