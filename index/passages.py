"""What is embedded for a paragraph, its role in the decision, and the key under which equal wording meets.

A passage is never quoted: it may carry headings that the paragraph does not have, or only a part of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.decisions import Decision, Paragraph, Pinpoint, Role

# About 200 tokens: with its headings a window stays within the 256 that small sentence models read.
_WINDOW = 900


@dataclass(frozen=True, slots=True)
class Passage:
    """Text to embed, and the paragraph that it stands for."""

    pinpoint: Pinpoint
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paragraph, verbatim; `start` and `end` count characters of the paragraph's text."""

    pinpoint: Pinpoint
    text: str
    start: int
    end: int


# The outermost heading decides, but for "What I found" and its like, where a decision tells law, facts and findings in
# this order under headings of its own; there a heading that says nothing goes on with what the one before it began.
_BY_OUTLINE: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"\bi (?:have|did|considered)\b", re.I), "method"),
    (re.compile(r"\bthe complaint\b", re.I), "complaint"),
    (re.compile(r"\brole and powers\b", re.I), "powers"),
    (re.compile(r"\bactions?\b|\bremedy\b|\brecommendations?\b", re.I), "remedy"),
    (re.compile(r"\bdecision\b|\bconclusions?\b", re.I), "conclusion"),
)
_WITHIN: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"\b(?:law|legal|legislation|guidance|policy|policies|procedures?)\b", re.I), "law"),
    (re.compile(r"\b(?:analysis|findings?|fault|injustice|consideration)\b", re.I), "finding"),
    (re.compile(r"\b(?:what happened|background|chronology|key events|facts|complaint)\b", re.I), "facts"),
)


def roles(sections: Sequence[tuple[str, ...]]) -> list[Role]:
    """The role of each numbered paragraph, from the headings above it; `sections` in the order of the decision."""
    given: list[Role] = []
    before: tuple[str, ...] = ()
    begun: Role | None = None
    for position, section in enumerate(sections):
        outline = _first_match(_BY_OUTLINE, section[:1])
        if outline is None and section != before:
            new = [heading for depth, heading in enumerate(section) if section[: depth + 1] != before[: depth + 1]]
            said = _first_match(_WITHIN, new)
            if begun is None:
                begun = said or _opening(sections[position:])
            elif begun != "finding":  # findings come last: among them "Mr X’s complaint about bias" begins no facts
                begun = said or begun
        before = section
        given.append(outline or begun or "finding")
    return given


def _first_match(table: tuple[tuple[re.Pattern[str], Role], ...], headings: Sequence[str]) -> Role | None:
    return next((role for heading in headings for pattern, role in table if pattern.search(heading)), None)


def _opening(sections: Sequence[tuple[str, ...]]) -> Role:
    """What stands first under "What I found" without a telling heading: the law, if the facts are still to come."""
    later = [heading for section in sections for heading in section[1:]]
    return "law" if any(_first_match(_WITHIN, [heading]) == "facts" for heading in later) else "finding"


def passages(decision: Decision) -> list[Passage]:
    """What is embedded of a decision: a passage for each place, or several for a long one."""
    return [Passage(place.pinpoint, window) for place in decision.places() for window in _windows(place)]


def sentences(decision: Decision) -> list[Sentence]:
    """Every sentence of a decision, also embedded: they tell which words of a paragraph answer."""
    texts = [(place.pinpoint, place.text) for place in decision.places()]  # once each: a text is joined from its lines
    return [
        Sentence(pinpoint, text[start:end], start, end)
        for pinpoint, text in texts
        for start, end in sentence_spans(text)
    ]


def _windows(paragraph: Paragraph) -> Iterator[str]:
    """The nearest heading, then as many whole sentences as a model reads at once."""
    context = f"{paragraph.section[-1]}: " if paragraph.section else ""
    text, window = paragraph.text, ""
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        if window and len(window) + len(sentence) > _WINDOW:
            yield context + window
            window = ""
        window = f"{window} {sentence}" if window else sentence
    yield context + window


_SENTENCE_END = re.compile(
    r"""
    (?<=[.!?…])          # after a full stop,
    ["”’)\]]*            # and what closes with it,
    \s+                  # a space
    (?=["“‘(\[]*[A-Z])   # before a capital
    """,
    re.VERBOSE,
)
_LONGEST_ABBREVIATION = 8  # with the character before it
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|St|No|para|paras|e\.g|i\.e|v|[A-Z])\.$", re.I)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence of `text` begins and ends, in characters; a line end always ends one."""
    spans: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        start = 0
        for match in _SENTENCE_END.finditer(line):
            if _ABBREVIATION.search(line, max(start, match.start() - _LONGEST_ABBREVIATION), match.start()) is None:
                end = match.end() - len(match[0]) + len(match[0].rstrip())
                spans.append((offset + start, offset + end))
                start = match.end()
        if line[start:]:
            spans.append((offset + start, offset + len(line)))
        offset += len(line) + 1
    return spans


def fold_key(text: str) -> str:
    """Equal for paragraphs with the same wording, whatever their case, white space and punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))
