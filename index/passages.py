"""What is embedded for a paragraph.

A passage is never quoted: it may carry headings that the paragraph does not have, or only a part of its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.decisions import Decision, Paragraph, Pinpoint
from index.text.sentences import sentence_spans

# About 200 tokens: with its headings a window stays within the 256 that small sentence models read.
_WINDOW_CHARACTERS = 900


@dataclass(frozen=True, slots=True)
class Passage:
    """Text to embed, and the paragraph that it stands for."""

    pinpoint: Pinpoint
    text: str


def passages(decision: Decision) -> list[Passage]:
    """What is embedded of a decision: a passage for each place, or several for a long one."""
    return [
        Passage(place.pinpoint, _context(place) + text[start:end])
        for place in decision.places()
        for text in [place.text]
        for start, end in _windows(text)
    ]


def sentences(paragraph: Paragraph) -> list[tuple[int, int]]:
    """Where each sentence of its passages begins and ends in a paragraph, in characters, in the order of the passages.

    The heading that begins each passage is left out.
    """
    text = paragraph.text
    return [
        (start + first, start + last)
        for start, end in _windows(text)
        for first, last in sentence_spans(text[start:end])
    ]


def sentences_of_heading(section: Sequence[str]) -> int:
    """How many sentences of each of its passages are not the paragraph's, but the heading's that begins them."""
    return len(sentence_spans(section[-1])) if section else 0


def _context(paragraph: Paragraph) -> str:
    """The nearest heading, as a line of its own, so that it is no part of the first sentence."""
    return f"{paragraph.section[-1]}\n" if paragraph.section else ""


def _windows(text: str) -> list[tuple[int, int]]:
    """As many whole sentences at once as a model reads; a sentence that is longer is cut between two words."""
    windows: list[tuple[int, int]] = []
    for start, end in sentence_spans(text):
        while end - start > _WINDOW_CHARACTERS:
            cut = text.rfind(" ", start + 1, start + _WINDOW_CHARACTERS)
            cut = cut if cut > 0 else start + _WINDOW_CHARACTERS
            windows.append((start, cut))
            start = cut + (text[cut] == " ")
        if windows and end - windows[-1][0] <= _WINDOW_CHARACTERS:
            windows[-1] = (windows[-1][0], end)
        elif start < end:  # unless a space was all that was left
            windows.append((start, end))
    return windows or [(0, len(text))]
