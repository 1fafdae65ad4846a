"""A label: one line of a capture, how it was marked and what stands behind the mark. Pure.

Both readers (text_capture, html_page) make labels; headings, numbering and lists decide what they are. What a mark
looks like in a text, "12.", "(a)", "•", stands in text_capture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.text.dates import MONTH as MONTH_NAME

Marker = Literal["number", "letter", "bullet", "dash", "none", "heading", "line"]
"""How a line was marked. A `line` is unmarked, and whether it is a heading or text is not settled yet."""
UNMARKED: tuple[Marker, ...] = ("line", "heading", "none")

# A sub-list stands some columns deeper than the paragraphs; a number of two digits may be set one column to the left.
SAME_INDENT = 1
HANGING = 2
"""Columns by which the text of an item stands further in than its mark, at least."""

ITEM_ENDS = (";", "; and", "; or", ", and", ", or")
"""How an item of a list ends, but for the last."""

# Words that stand before a list, with a stop that is no colon: ":-", ";", "as follows."
_ANNOUNCES = re.compile(
    r"""
    :\s?[-–—]\Z
  | \b(?: complain(?:s|ed|ing)? | say(?:s|ing)? | said | alleges? | alleged | includ(?:es?|ed|ing) | that | should
        | must );\Z
  | \b(?: as\ follows | the\ following ) [.;]\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOTE_MARK = re.compile(r"(?:\[\d{1,3}\]|[⁰¹²³⁴-⁹]){1,3}\Z")
_MAX_ANNOUNCING_CHARACTERS = 40  # at the end of a line, in which those words are sought

MAX_QUOTED_CHARACTERS = 60  # of a line that a doubt quotes
# Characters that format text and are not seen, such as the marks of direction that a word processor sets before "3.".
_FORMAT = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u2800\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
)
_BEGINNING = re.compile(r"\A[\W_]*+\d{0,4}\W*+")
_FORMATTING = re.compile(f"[{_FORMAT}]+")

# A number set right against its paragraph, or behind the stroke by which Markdown keeps it from being a list.
_JOINED = re.compile(r"\A(?P<value>\d{1,3})(?:\\?[.)]|．)\s?(?P<text>[“‘]?[A-Z].*)")
MONTH = re.compile(rf"[“‘]?(?=[A-Z][a-z])(?i:{MONTH_NAME})\b")


@dataclass(frozen=True, slots=True)
class Label:
    """One line of a source: how it was marked, how far it stood in (columns), the number it bore, and its text.

    A letter counts as its place in the alphabet; `mark` is how a letter or number was written, such as "(a)". `gap` is
    whether a blank line stood above it, `is_joined` whether the text stood right against the number.
    """

    marker: Marker
    text: str
    indent: int = 0
    value: int | None = None
    mark: str = ""
    gap: bool = False
    is_joined: bool = False


def bared(text: str) -> str:
    """A line without what is not seen before its first word, so that its mark can be read; the rest as it stands."""
    found = None if text.isascii() else _BEGINNING.match(text)
    if found is None or found[0].isascii():
        return text
    return _FORMATTING.sub("", found[0]) + text[found.end() :]


def joined(text: str) -> tuple[int, str] | None:
    """The number that a line is set right against, as in "3.Third" and "3\\. Third", and the text behind it.

    It is that of a paragraph only where exactly this number comes next.
    """
    if text[:1].isalpha():
        return None
    found = _JOINED.fullmatch(bared(text).lstrip())
    return None if found is None or MONTH.match(found["text"]) else (int(found["value"]), found["text"])


def leaves_quotation_open(text: str) -> bool:
    """Whether a quotation begins in this line that does not end in it. Captures also close one with " or ’’."""
    closed = max(text.rfind(mark) for mark in ("”", '"', "’’"))
    return text.rfind("“") > closed


def announces_list(text: str) -> bool:
    """Whether a list is to follow this line: “… complains:”, “… complains;”, “… as follows.”, with a note “…:[1]”."""
    text = _NOTE_MARK.sub("", text[-_MAX_ANNOUNCING_CHARACTERS:])
    return text.endswith(":") or _ANNOUNCES.search(text) is not None


def is_unfinished(text: str) -> bool:
    """Whether a list or the rest of a quotation is to follow this line."""
    return leaves_quotation_open(text) or announces_list(text)


def shortened(text: str) -> str:
    """The beginning of a line, as a doubt names it."""
    return text if len(text) <= MAX_QUOTED_CHARACTERS else f"{text[:MAX_QUOTED_CHARACTERS]}…"
