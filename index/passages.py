"""What is embedded for a paragraph, and its role in the decision.

A passage is never quoted: it may carry headings that the paragraph does not have, or only a part of its text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.decisions import Decision, Paragraph, Pinpoint, Role

# About 200 tokens: with its headings a window stays within the 256 that small sentence models read.
_WINDOW = 900


@dataclass(frozen=True, slots=True)
class Passage:
    """Text to embed, and the paragraph that it stands for."""

    pinpoint: Pinpoint
    text: str


# The outermost heading decides, but for "What I found" and its like, where a decision tells law, facts and findings in
# this order under headings of its own.
_BY_OUTLINE: tuple[tuple[re.Pattern[str], Role], ...] = (
    (
        re.compile(r"^how (?:i|we)\b.*\bconsider|^(?:what|parts of)\b.*\b(?:i|we) (?:have|did)\b.*\binvestigat", re.I),
        "method",
    ),
    (re.compile(r"^(?:(?:the|my) )?complaints?$", re.I), "complaint"),
    (re.compile(r"\brole and powers\b|^(?:the ombudsm[ae]n[’']s|our) (?:role|powers)\b", re.I), "powers"),
    (
        re.compile(
            r"^(?:(?:agreed|recommended|proposed|further) )?(?:actions?|remed(?:y|ies)|recommendations?)(?: taken)?$",
            re.I,
        ),
        "remedy",
    ),
    (
        re.compile(r"^(?:(?:the |my )?(?:ombudsm[ae]n[’']s )?(?:final |draft )?decision|conclusions?)$", re.I),
        "conclusion",
    ),
)
_SAYS_NOTHING = re.compile(r"^(?:what (?:i|we)(?: have)? found|(?:(?:my|our) )?findings?)$", re.I)
# Each with whether it says so outright: a policy, a procedure or a complaint may also be what a finding is on.
_WITHIN: tuple[tuple[re.Pattern[str], Role, bool], ...] = (
    (re.compile(r"\b(?:law|legal|legislati(?:on|ve)|regulations?|guidance|code of practice)\b", re.I), "law", True),
    (
        re.compile(r"^(?:(?:my|our) )?(?:findings?|assessment|consideration)\b|\b(?:analysis|fault|injustice)\b", re.I),
        "finding",
        True,
    ),
    (
        re.compile(
            r"\b(?:what happened|background|chronology|timeline"
            r"|(?:key|summary of|relevant) events|(?:key|the) facts)\b",
            re.I,
        ),
        "facts",
        True,
    ),
    (re.compile(r"\b(?:policy|policies|procedures?|statutory|act \d{4})\b", re.I), "law", False),
    (re.compile(r"\bcomplaint\b", re.I), "facts", False),
)


def roles(sections: Sequence[tuple[str, ...]]) -> list[Role]:
    """The role of each numbered paragraph, from the headings above it; `sections` in the order of the decision.

    The outermost heading that says outright what it is on decides for all beneath it. One that may be a topic is not
    believed among the findings, which come last: there "Mr X’s complaint about bias" begins no facts. Headings that say
    nothing go on with what the one before began.
    """
    given: list[Role] = []
    begun: Role | None = None
    for position, section in enumerate(sections):
        outline = _outline(section)
        if outline is None:
            told = _told(section)
            outright = next((role for role, is_outright in told if is_outright), None)
            if outright is not None:
                begun = outright
            elif told and begun != "finding":
                begun = told[0][0]
            elif begun is None:
                begun = _opening(sections[position:])
        given.append(outline or begun or "finding")
    return given


def _outline(section: tuple[str, ...]) -> Role | None:
    return next((role for pattern, role in _BY_OUTLINE if section and pattern.search(section[0])), None)


def _told(section: tuple[str, ...]) -> list[tuple[Role, bool]]:
    """What each heading says that says something, outermost first, and whether it says so outright."""
    told = []
    for heading in section:
        if not _SAYS_NOTHING.search(heading):
            told += [(role, outright) for pattern, role, outright in _WITHIN if pattern.search(heading)][:1]
    return told


def _opening(sections: Sequence[tuple[str, ...]]) -> Role:
    """What stands first under "What I found" without a telling heading: the law, if the facts are still to come."""
    later = [role for section in sections if _outline(section) is None for role, _ in _told(section)]
    return "law" if "facts" in later else "finding"


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
        while end - start > _WINDOW:
            cut = text.rfind(" ", start + 1, start + _WINDOW)
            cut = cut if cut > 0 else start + _WINDOW
            windows.append((start, cut))
            start = cut + (text[cut] == " ")
        if windows and end - windows[-1][0] <= _WINDOW:
            windows[-1] = (windows[-1][0], end)
        elif start < end:  # unless a space was all that was left
            windows.append((start, end))
    return windows or [(0, len(text))]


_SENTENCE_END = re.compile(
    r"""
    [.!?…]               # a full stop,
    ["”’)\]]*            # and what closes with it,
    \s+                  # a space
    (?=["“‘(\[]*[A-Z])   # before a capital
    """,
    re.VERBOSE,
)
_LONGEST_ABBREVIATION = 8  # with the character before it
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|St|No|para|paras|e\.g|i\.e|v)\.$", re.I)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence of `text` begins and ends, in characters; a line end always ends one."""
    spans: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        start = 0
        for match in _SENTENCE_END.finditer(line):
            stop = match.start() + 1
            if _ABBREVIATION.search(line, max(start, stop - _LONGEST_ABBREVIATION), stop) is None:
                end = match.end() - len(match[0]) + len(match[0].rstrip())
                spans.append((offset + start, offset + end))
                start = match.end()
        if line[start:]:
            spans.append((offset + start, offset + len(line)))
        offset += len(line) + 1
    return spans
