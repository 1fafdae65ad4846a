"""Where a sentence ends, and which full stops end none: the one grammar of it, for whatever reads sentences. Pure.

A stop ends a sentence where white space and a capital follow, unless an abbreviation ends there. Decisions call people
by a letter (“Mrs H. She left.”), so a letter alone is no abbreviation. To add one, add it to a group of ABBREVIATIONS;
nothing else has to change. An index is made anew after that, for its embeddings are kept by sentence.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

STOPS = ".!?…"
"""What ends a sentence."""
CLOSES = '"”’)]'
"""Marks that belong to the sentence before them where they follow its stop; what is typed has those of TYPED, too."""
TYPED_CLOSES = f"{CLOSES}'»*_"


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Some that are written alike, each without its last stop, and what stands behind them."""

    before: str
    words: tuple[str, ...]
    examples: tuple[str, ...]


ABBREVIATIONS = (
    Abbreviations(
        "a name",
        ("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Prof", "St", "Cllr"),
        ("She told Mr. Hay.", "Cllr. Hill agreed.", "St. Mary’s School closed."),
    ),
    Abbreviations(
        "a number or a letter",
        ("No", "para", "paras", "p", "pp", "ref", "refs"),
        ("See para. A of it.", "It is in ref. B.", "Form No. C was sent."),
    ),
    Abbreviations(
        "what is compared or explained",
        ("e.g", "eg", "i.e", "ie", "v", "vs", "cf"),
        ("A plan, e.g. Section 17, ends.", "Smith v. Kent was cited.", "Cf. Hill."),
    ),
)
"""All abbreviations that end no sentence, in small letters or not."""
EXAMPLES = (
    "The Council was at fault.| It apologised!| Why?| Nobody knows…| He left.",
    "It said “we were wrong.”| That is fault.",
    "She wrote to Mrs H.| The Council did not reply.",
)
"""Sentences, with a bar before each that begins behind another."""
COUNTER_EXAMPLES = ("It paid £1.50 to her.", "It is at example.org today.", "A fee of 3.5 per cent. was due.")
"""Single sentences, though a stop stands within them."""


_WORDS = [word for group in ABBREVIATIONS for word in group.words]
_ABBREVIATION = rf"\b(?:{'|'.join(map(re.escape, _WORDS))})\."
_AT_END = re.compile(rf"{_ABBREVIATION}\Z", re.IGNORECASE)
_MAX_CHARACTERS = max(map(len, _WORDS)) + 2  # of an abbreviation, with its stop and the character before it
_WITH_STOP = re.compile(_ABBREVIATION, re.IGNORECASE)

_END = re.compile(
    rf"""
    [{re.escape(STOPS)}]                # a stop,
    [{re.escape(CLOSES)}]*              # and what closes with it,
    \s+                                 # white space
    (?=["“‘(\[]*(?P<capital>[A-Z]))     # before a capital
    """,
    re.VERBOSE,
)
GRAMMAR = zlib.crc32(repr((_ABBREVIATION, _END.pattern)).encode())
"""A number that is another one where sentences end elsewhere: what is kept by sentence is made anew then."""
MAY_END = re.compile(rf"[{re.escape(STOPS)}][{re.escape(CLOSES)}]*(?= )|\n")
"""Where a sentence may end: never fewer places than `sentence_spans` finds."""
_ENDED = tuple(f"{STOPS};\"”’)'")


def is_abbreviation(text: str, end: int) -> bool:
    """Whether what ends before the character `end`, a full stop with it, is an abbreviation."""
    return _AT_END.search(text, max(0, end - _MAX_CHARACTERS), end) is not None


def without_abbreviations(text: str) -> str:
    """The text without the full stops of abbreviations: “Mr Hay”, “eg”."""
    return _WITH_STOP.sub(lambda found: found[0].replace(".", ""), text)


def is_ended(text: str) -> bool:
    """Whether a line ends as a sentence or an item does, so that the next one may begin a paragraph."""
    return text.endswith(_ENDED)


def sentence_ends(text: str) -> Iterator[re.Match[str]]:
    """Where a sentence ends and another begins, from the stop on; the group `capital` is the letter of the next one.

    Line ends are white space like any other.
    """
    return (match for match in _END.finditer(text) if not is_abbreviation(text, match.start() + 1))


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence of `text` begins and ends, in characters; a line end always ends one.

    The sentences of a paragraph in an index are these.
    """
    spans: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        start = 0
        for match in _END.finditer(line):
            if not is_abbreviation(line, match.start() + 1):
                end = match.end() - len(match[0]) + len(match[0].rstrip())
                spans.append((offset + start, offset + end))
                start = match.end()
        if line[start:]:
            spans.append((offset + start, offset + len(line)))
        offset += len(line) + 1
    return spans
