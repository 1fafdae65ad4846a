"""Where a sentence ends, and which full stops end none: the one grammar of it, for whatever reads sentences. Pure.

A stop ends a sentence where white space and a capital follow, unless an abbreviation ends there. Decisions call people
by a letter (“Mrs H. She left.”), so a letter alone is no abbreviation. To add one, add it to a group of ABBREVIATIONS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

STOPS = ".!?…"
"""What ends a sentence."""
CLOSES = '"”’)]'
"""Marks that belong to the sentence before them where they follow its stop; what is typed has those of TYPED, too."""
TYPED_CLOSES = f"{CLOSES}'»*_"


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Some that are written alike, each without its last stop, and what stands behind them.

    `in_index` are those by which the sentences of an index are told apart; `added` are as good in any other text. The
    embeddings of a paragraph are kept by sentence: who moves one from `added` raises `_FORMAT` in
    index.engine.embedding_store, and all is embedded anew.
    """

    before: str
    in_index: tuple[str, ...]
    added: tuple[str, ...]
    examples: tuple[str, ...]


ABBREVIATIONS = (
    Abbreviations(
        "a name",
        in_index=("Mr", "Mrs", "Ms", "Miss", "Dr", "Prof", "St"),
        added=("Mx", "Cllr"),
        examples=("She told Mr. Hay.", "Cllr. Hill agreed.", "St. Mary’s School closed."),
    ),
    Abbreviations(
        "a number or a letter",
        in_index=("No", "para", "paras"),
        added=("p", "pp", "ref", "refs"),
        examples=("See para. A of it.", "It is in ref. B.", "Form No. C was sent."),
    ),
    Abbreviations(
        "what is compared or explained",
        in_index=("e.g", "i.e", "v"),
        added=("eg", "ie", "cf", "vs"),
        examples=("A plan, e.g. Section 17, ends.", "Smith v. Kent was cited.", "Cf. Hill."),
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


def _ended_by(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\.\Z", re.IGNORECASE)


_IN_INDEX = _ended_by([word for group in ABBREVIATIONS for word in group.in_index])
_ALL = [word for group in ABBREVIATIONS for word in (*group.in_index, *group.added)]
_ANY = _ended_by(_ALL)
_MAX_CHARACTERS = max(map(len, _ALL)) + 2  # of an abbreviation, with its stop and the character before it
_WITH_STOP = re.compile(rf"\b(?:{'|'.join(map(re.escape, _ALL))})\.", re.IGNORECASE)

_END = re.compile(
    rf"""
    [{re.escape(STOPS)}]                # a stop,
    [{re.escape(CLOSES)}]*              # and what closes with it,
    \s+                                 # white space
    (?=["“‘(\[]*(?P<capital>[A-Z]))     # before a capital
    """,
    re.VERBOSE,
)
MAY_END = re.compile(rf"[{re.escape(STOPS)}][{re.escape(CLOSES)}]*(?= )|\n")
"""Where a sentence may end: never fewer places than `sentence_spans` finds."""
_ENDED = tuple(f"{STOPS};\"”’)'")


def is_abbreviation(text: str, end: int) -> bool:
    """Whether what ends before the character `end`, a full stop with it, is an abbreviation."""
    return _ANY.search(text, max(0, end - _MAX_CHARACTERS), end) is not None


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

    The sentences of a paragraph in an index are these, see Abbreviations.
    """
    spans: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        start = 0
        for match in _END.finditer(line):
            stop = match.start() + 1
            if _IN_INDEX.search(line, max(start, stop - _MAX_CHARACTERS), stop) is None:
                end = match.end() - len(match[0]) + len(match[0].rstrip())
                spans.append((offset + start, offset + end))
                start = match.end()
        if line[start:]:
            spans.append((offset + start, offset + len(line)))
        offset += len(line) + 1
    return spans
