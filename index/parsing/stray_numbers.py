"""Numbers that no label shows: lines and parts of lines that begin as the next paragraph would. Pure.

In a damaged copy the mark of a paragraph may be spoiled ("3: Third", "l. First", "iii) Third") or stand within a line.
Nothing here numbers a paragraph; what is found makes a doubt in numbering.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index.parsing.labels import (
    MAX_QUOTED_CHARACTERS,
    MONTH,
    SAME_INDENT,
    Label,
    bared,
    is_unfinished,
    leaves_quotation_open,
)
from index.text.sentences import CLOSES, STOPS, is_ended

# What looks as if it were meant as the number of a paragraph: (3) Third, 3: Third, ¶3. Third, **3.** Third, No. 3 Third
_STRAY = re.compile(
    r"""
    \A(?P<before>(?:[^\w\s]|_){0,4}\s?(?:(?i:para(?:graph)?|point|item|number|no|nr)\b\.?\s?)?(?:[^\w\s]|_){0,3}\s?)
    (?:[A-Za-z](?=\d{1,3}[.)\]]))?(?P<value>\d(?:\s?\d){0,2})
    (?P<after>(?:[a-z](?=[.)\]])|(?:st|nd|rd|th)\b)?(?:\.0\b)?[\Wº_]{0,6}?)
    (?P<text>[“‘"'\[]?[£€$]?(?P<word>[^\Wº_][^\s]*).* | \Z)  # some pages set the text apart
    """,
    re.VERBOSE | re.DOTALL,
)
# Letters that look like digits, where a copy was read by a scanner: l. First, 1O. Tenth
_LOOKS_LIKE = re.compile(
    r"\A(?=[0-9]{0,2}[lIOoSBZ])(?P<value>[0-9lIOoSBZ]{1,3})(?P<after>[.)])(?:\s+(?=[“‘£A-Z])|(?=[A-Z][a-z]))"
)
# III. Third, (iii) Third
_ROMAN = re.compile(r"\A(?P<before>[(\[]?)(?P<value>[ivx]{1,6}|[IVX]{1,6})(?P<after>[.)\]])\s+(?=[“‘£]?[A-Z])")
_ROMANS = ("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx").split()
_DIGITS = str.maketrans("lIOoSBZ", "1100582")
_SUMS = re.compile("[£€$§]|%\\Z")
_CERTAIN = re.compile(r"[.)\]}>:*|=º°。·]")  # what a sum or a thing that is counted does not have behind it
# Behind these a number that begins the next line is no mark: "as told in paragraph / (3). The Council …"
_CALLS_FOR_NUMBER = re.compile(
    r"(?:[:,(–-]|\b(?:paragraphs?|paras?|sections?|articles?|regulations?|schedules?|parts?|chapters?|pages?|rules?|clauses?|"
    r"steps?|stages?|numbers?|no|points?|items?|tables?|and|or|to|of|in|on|by|for|the|was|is|than|at|from|with|until|under))"
    r"\s*\Z",
    re.IGNORECASE,
)
# A paragraph that stands on the line of the one before it: "… was told. 3. Third …", "… was told. (3) Third …"
_ON_A_LINE = re.compile(
    rf"(?<=[{re.escape(STOPS + CLOSES)}])\s"
    r"(?P<before>[(\[*_]{0,2})(?P<value>\d{1,3})(?P<after>[.):\]][*_]{0,2})\s(?=[“‘£]?[A-Z])"
)
_MAX_BEGINNING = 16  # characters in which digits of another form, ③ or ３, are looked for
_STREETS = frozenset(
    """Avenue Buildings Close Cottage Cottages Court Crescent Drive Estate Flats Gardens Green Grove Hill House Lane
    Lodge Mews Park Place Rise Road Row Square Street Terrace View Villas Walk Way Yard""".split()
)
_WORD = re.compile(r"[^\W\d_]")
_MAX_WORDS_OF_NO_SENTENCE = 2


@dataclass(frozen=True, slots=True)
class _StrayNumber:
    """What an unmarked line begins with, where that may have been the mark of a paragraph."""

    value: int
    style: tuple[str, str]  # what stands before and behind the number
    bare: bool  # nothing but the number


class StrayNumbers:
    """The lines that are not marked as paragraphs: whether one begins with the number that comes next.

    The mark of one paragraph may be spoiled in a copy. Where it was the last before a heading, nothing else tells it.
    """

    def __init__(self, labels: Sequence[Label], outermost: int) -> None:
        self._labels = labels
        begins = [label for label in labels if label.marker == "number" and label.value == 1]
        self.begins_anew = sum(label.indent <= outermost + SAME_INDENT for label in begins) > 1
        self._last: _StrayNumber | None = None  # in this paragraph
        self._last_heading: _StrayNumber | None = None
        self._letter = 0  # the last one in this paragraph

    def is_lone_one(self, position: int) -> bool:
        """Whether an item bears a 1 that no colon announces and no 2 follows, in a copy whose numbers begin anew."""
        label = self._labels[position]
        above = self._labels[position - 1] if position else label
        below = self._labels[position + 1] if position + 1 < len(self._labels) else None
        return (
            self.begins_anew
            and (label.marker, label.value, above.marker) == ("number", 1, "none")
            and not is_unfinished(above.text)
            and (below is None or (below.marker, below.value) != ("number", 2))
        )

    def begin(self) -> None:
        """A paragraph begins."""
        self._last = None
        self._letter = 0

    def may_begin_paragraph(self, position: int, previous: int) -> int:
        """The number with which a line begins as the paragraph after number `previous` would, and not as part of
        another row; 0 if it does not.
        """
        label = self._labels[position]
        found = _begins_with(label, self._letter)
        if label.marker == "letter":
            self._letter = label.value or 0
        if found is None:
            return 0
        if label.marker == "heading":
            last, self._last_heading = self._last_heading, found
        else:
            last, self._last = self._last, found
        if not previous or (last is not None and (last.style, last.value) == (found.style, found.value - 1)):
            return 0
        before = self._labels[position - 1]
        goes_on = before.marker in ("none", "number") and (
            leaves_quotation_open(before.text) or _CALLS_FOR_NUMBER.search(before.text) is not None
        )
        if goes_on and label.marker != "bullet" and _WORD.search(label.text):
            return 0
        is_next = found.value == previous + 1 != 1
        return found.value if is_next or (found.value == 1 and self._may_begin_anew(position, found)) else 0

    def _may_begin_anew(self, position: int, found: _StrayNumber) -> bool:
        """Whether a line that bears a 1 may be a paragraph: below a list or quotation, in a copy that counts so."""
        label, above = self._labels[position], self._labels[position - 1].marker
        if not self.begins_anew or label.marker == "heading" or above in ("number", "heading"):
            return False
        after = self._labels[position + 1] if position + 1 < len(self._labels) else None
        follows = _begins_with(after) if after is not None and after.marker == label.marker else None
        is_plain = label.marker == "none" and re.match(r"1[.)]\s", label.text) is not None  # in a table
        return not is_plain and (follows is None or (follows.style, follows.value) != (found.style, 2))


def paragraph_within(text: str, value: int) -> str:
    """The beginning of what stands in a line, behind the end of a sentence, with this number as a paragraph has it.

    Where the number before stands in the line with the same mark, or a 2 behind a 1, both are those of a list.
    """
    for found in _ON_A_LINE.finditer(text):
        if int(found["value"]) == value and not MONTH.match(text, found.end()):
            others = text[found.end() :] if value == 1 else text[: found.start()]
            is_listed = f"{found['before']}{2 if value == 1 else value - 1}{found['after']} " in others
            return "" if is_listed else text[found.start() + 1 : found.start() + 1 + MAX_QUOTED_CHARACTERS]
    return ""


def _stray_number(text: str) -> _StrayNumber | None:
    text = bared(text).lstrip()
    beginning = "".join(map(_as_digit, text[:_MAX_BEGINNING]))
    is_of_other_form = beginning != text[:_MAX_BEGINNING]
    if (found := _ROMAN.match(text)) and found["value"].lower() in _ROMANS:
        value = _ROMANS.index(found["value"].lower()) + 1
        return _StrayNumber(value, (f"roman {found['before']}", found["after"]), False)
    if found := _LOOKS_LIKE.match(beginning):
        return _StrayNumber(int(found["value"].translate(_DIGITS)), ("", found["after"]), False)
    found = _STRAY.match(beginning + text[_MAX_BEGINNING:])
    if found is None or _SUMS.search(found["before"] + found["after"].strip()) or _is_quoted_whole(text):
        return None
    style, value = (found["before"].strip(), found["after"].strip()), int(re.sub(r"\s", "", found["value"]))
    word = found["word"]
    if word is None:
        return _StrayNumber(value, style, False) if style[1].endswith((".", ")", "]")) else None
    if (word[0].isalpha() and not word[0].isupper()) or (MONTH.match(found["text"]) and style in (("", ""), ("", "."))):
        return None
    if found["text"][0].isdigit() and (
        style[1][-1:] not in (".", ")", "]") or found["after"][-1:].strip() in (".", ":", ",")
    ):
        return None  # 3.5 miles, 3/4, 3 - 5
    if found["after"] in ("", "-") and not found["before"] and (found["after"] or not word[1:2].islower()):
        return None  # a 3-Day event, a 3D model
    is_certain = found["before"].strip(" “‘\"'") != "" or is_of_other_form or _CERTAIN.search(style[1]) is not None
    if not is_certain and (not _is_sentence(text, word) or MONTH.match(found["text"])):
        return None
    return _StrayNumber(value, style, not any(style) and not is_of_other_form)


def _begins_with(label: Label, letter: int = 0) -> _StrayNumber | None:
    """With what number a line begins that is not marked as a paragraph; an item of a quoted list may bear one, too.

    `letter` is the last one of the paragraph.
    """
    if label.marker == "bullet" and label.value is not None:
        return _StrayNumber(label.value, ("item", ""), bare=False)
    if label.marker == "letter":  # that goes on with no list: it may look like a digit, or stand for one
        if letter == (label.value or 0) - 1 or not label.text:
            return None
        found = _stray_number(f"{label.mark} {label.text}")
        return found or (
            _StrayNumber(label.value or 0, ("letter", ""), False) if (label.value or 0) > 1 and not letter else None
        )
    if label.marker in ("bullet", "dash"):
        found = _stray_number(label.text)
        return found if found is not None and found.style[1] in (".", ")") else None
    found = _stray_number(label.text) if label.marker in ("none", "heading") else None
    return None if found is not None and found.bare and label.marker == "heading" else found


def _is_quoted_whole(text: str) -> bool:
    return text.startswith(("“", "‘", '"', "'")) and text.rstrip(" .,;:)").endswith(("”", "’", '"', "'"))


def _as_digit(letter: str) -> str:
    """A digit of another form, ③ or ３ or ⒊, as digits are written; anything else as it stands."""
    plainly = letter if letter.isascii() else unicodedata.normalize("NFKC", letter)
    return plainly if any(map(str.isdigit, plainly)) else letter


def _is_sentence(text: str, word: str) -> bool:
    """Whether what follows a bare number is a whole sentence, and neither an address nor a thing that is counted."""
    words = text.split(maxsplit=5)
    return (
        len(words) > _MAX_WORDS_OF_NO_SENTENCE
        and (is_ended(text) or text.endswith(":"))
        and not word[1:2].isupper()  # 3 GCSEs
        and _STREETS.isdisjoint(re.findall(r"\w+", " ".join(words[1:5])))
    )
