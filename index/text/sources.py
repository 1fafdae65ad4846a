"""Whose a paragraph is that a text mentions: a decision's, or one of a statute, of guidance, of a letter. Pure.

The words for such *sources*, and how they stand before a mention or behind it, are here alone.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

from index.text.spans import Spans

_OURS = r"(?:decisions?|cases?|complaints?|ombudsm[ae]n(?:[’']s)?|lgsco(?:[’']s)?|lgo(?:[’']s)?|investigations?|it)"
_SOURCES = r"""(?:acts?|schedules?|regulations?|rules?|orders?|codes?|guidance|guidelines|framework|nppf|polic(?:y|ies)|
    procedures?|reports?|letters?|e-?mails?|responses?|repl(?:y|ies)|judge?ments?|plans?|agreements?|scheme|protocols?|
    sections?|parts?|chapters?|annex(?:es)?|appendi(?:x|ces)|standards?|articles?|circular|assessments?|minutes|
    statements?|contract|tenancy|advice|comments?|guide|manual|handbook|strategy|notes?|EHCP|EHC\s+plan|bundle)"""
_OF_OURS = re.compile(
    rf"\A\s*(?:of|in|from|within|under)\s+(?:(?:the|this|that|their|its|his|her|your|our|same|final|above|first|second|"
    rf"earlier|last|said|[A-Z][\w’'-]*|and|of|upon)\s+){{0,8}}{_OURS}\b",
)
_OF_OTHERS = re.compile(
    rf"""
    \A\s*(?:
        (?:of|from|within|under)\s+
        (?:the|its|their|his|her|our|your|my|this|that|these|those|an?|schedule|part|annex|section|appendix|[A-Z])\b
      | (?:of|from|within|under)\s+[A-Z]
      | (?:in|to)\s++(?:[\w’'-]++\s++){{0,4}}{_SOURCES}\b
    )
    """,
    re.VERBOSE,
)
_OF_STATUTE = re.compile(
    rf"\s{{0,99}}+(?:of|in|from|under|to)\s++(?:[\w’'-]++\s++){{0,6}}{_SOURCES}\b", re.VERBOSE | re.IGNORECASE
)
SOURCE = re.compile(rf"\b{_SOURCES}\b", re.VERBOSE | re.IGNORECASE)
_OF_MY_OWN = re.compile(r"\A\s*(?:above|below|overleaf)\b", re.IGNORECASE)
AFTER_SOURCE = re.compile(
    rf"""
    \b{_SOURCES}[’']?s?
    (?:\s+of\s+practice)?
    (?:\s+(?:[0-9][\w/]{{0,30}}|[A-Z]\b)(?:\(\w+\))*){{0,9}}   # its number or year
    (?:\s+(?:of|dated|from)(?:\s+\w+){{1,3}})?       # its date
    [\s,:;(–-]*+
    (?:(?:says|said|states?|stated|explains|sets\s+out|which\s+is)\s+)?
    (?:at|in|under|see)?+\s*+$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SAID = r"(?:says?|said|writes?|wrote|written|stated?|states|claims?|claimed|argues?|argued|tell|told)"
_WHOSE = r"\b(?:your|my|our|his|her|their|its|the)\s+(?:\w+\s+){0,3}"
_WRITING = r"(?:letter|reply|e-?mail|response|statement|submission|report|note)s?"
_NOT_OURS = rf"(?:(?!\bthat\b|\b{_OURS}\b)[^;:])"
# Before a paragraph: a judgment, a book, or what one of those who write to each other said.
OF_OTHER_SOURCE = re.compile(
    rf"""
      \[(?:19|20)[0-9]{{2}}\] | \bv\.?\s+[A-Z] | \((?:19|20)[0-9]{{2}}\)
    | \b(?:I|we|you)\s+(?:\w+\s+){{0,2}}?{_SAID}\b{_NOT_OURS}{{0,80}}$
    | {_WHOSE}{_WRITING}\b{_NOT_OURS}{{0,60}}\b{_SAID}\b{_NOT_OURS}{{0,60}}$
    | \b(?:in|see|under|at|from)\s+{_WHOSE}{_WRITING}\b{_NOT_OURS}{{0,60}}$
    """,
    re.VERBOSE | re.IGNORECASE,
)
# In a decision, which speaks of its own paragraphs.
OF_THIS_DECISION = re.compile(
    r"\A\s*(?:of|in)\s+(?:this\s+(?:final\s+)?(?:decision|statement|report|document)\b"
    r"|my\s+(?:final\s+)?(?:decision|statement|report)(?=\s*(?:[,.;:)]|$)))",
    re.IGNORECASE,  # but not of "my decision on her earlier complaint"
)
OF_ANOTHER_THAN_THIS = re.compile(  # "paragraph 3 of the Code"
    r"\A\s*(?:of|in|to|from|within|under)\s+(?:the|its|their|his|her|our|your|my|that|an?|schedule|part|annex|section|[A-Z])\b"
)
STATUTE = re.compile(
    r"\b(?:Act|Schedule|Regulations?|Rules|Order|Code|Guidance|Framework|NPPF|[Ss]ection|EWCA|EWHC|UKSC)\b"
)
_LOOKED_AT, _LOOKED_BACK = 200, 80  # characters behind a mention, and before it
_OUR_STATEMENT = re.compile(rf"\b{_OURS}\s+(?:final\s+|decision\s+){{0,3}}(?:statement|report)", re.IGNORECASE)


class Sources(Spans):
    """Where a text has the words for documents other than decisions."""

    def __init__(self, text: str) -> None:
        super().__init__(found.span() for found in SOURCE.finditer(text))


def is_of_statute(text: str, mention: re.Match[str], told: Sequence[int], sources: Sources) -> bool:
    """Whether a sign is that of a section: “§47 of the Children Act”, “Children Act 1989, §47”.

    `told` is where the references end; what stands before one is not asked.
    """
    start, end = mention.span()
    if _OF_STATUTE.match(text, end, end + _LOOKED_AT):
        return True
    before = bisect.bisect_right(told, start)
    begin = max(told[before - 1] if before else 0, start - _LOOKED_BACK)
    return sources.any_between(begin, start) and AFTER_SOURCE.search(text[begin:start]) is not None


def is_of_another(text: str, start: int, end: int, sources: Sources) -> bool:
    """Whether a paragraph is one of another document than a decision."""
    after = text[end : end + _LOOKED_AT]
    if _OF_OURS.match(after):
        return False
    if _OF_MY_OWN.match(after) or _OF_OTHERS.match(after):
        return True
    begin = max(0, start - _LOOKED_BACK)
    if not sources.any_between(begin, start):
        return False
    before = text[begin:start]
    return AFTER_SOURCE.search(before) is not None and _OUR_STATEMENT.search(before) is None
