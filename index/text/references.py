"""How references are written: the forms as data, with examples, and the patterns that read them. Pure.

A *reference* is a case number: two, three and three digits, and a letter where one complaint is about two bodies. Who
types an address writes it otherwise than who writes a letter, so each *form* says where it is read. Nothing else in the
project has a pattern of its own for references. What is held is not known here.
"""

from __future__ import annotations

import bisect
import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple


class Form(NamedTuple):
    """One way to write references: what may stand between the groups of digits, and before the letter.

    `examples` are references in this form, `others` stand beside them and are none.
    """

    gap: str
    letter: str
    examples: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def digits(self) -> str:
        """A pattern for the three groups."""
        return rf"[0-9]{{2}}{self.gap}[0-9]{{3}}{self.gap}[0-9]{{3}}"


ALONE = Form(  # an address, a field of a form, a file's name, the title of a decision
    r"[\s-]?",
    r"(?:[\s-]?[a-zA-Z])?",
    ("21 017 496", "21-017-496", "21017496", "17 002 402b", "17-002-402-B", "21\u00a0017\u00a0496"),
    ("21 017 49", "21 017 4961", "x21 017 496", "21 017 496bb", "21–017–496", "21-017-496-", "٢١ ٠١٧ ٤٩٦"),
)
TYPED = Form(  # a question, a generated text, a message: in running text, in one line
    r"[\s‐‑–-]?",
    r"(?:[\s-]?[a-zA-Z](?!\w))?",
    (*ALONE.examples, "21–017–496", "21‑017‑496"),
    ("£21 017 496", "121 017 496", "21 017 4961", "21  017  496", "21.017.496"),
)
_GAP = r"(?:\s?[–—-]\s?|[^\S\n]{1,2}|[^\S\n]?\n[^\S\n]{0,8})"
WRITTEN = Form(  # a letter: with long dashes, and over the end of a line
    _GAP,
    r"(?:[a-zA-Z](?![\w'’]))?",
    (
        "21 017 496",
        "21-017-496",
        "21017496",
        "17 002 402b",
        "21 – 017 – 496",
        "21 017\n496",
        "21  017  496",
        "21 017496",
    ),
    ("£21 017 496", "21 017 496 people", "21 017 496%", "21 017 496 112", "121 017 496", "21 017 496.5"),
)
REFERENCE_EXAMPLES = ("21 017 496", "21-017-496", "21017496", "17 002 402b")
"""What is told to others as examples."""
REFERENCE_PATTERN = r"^[0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{3}([ -]?[A-Za-z])?$"
"""A reference that stands alone, as a JSON Schema can say it (ECMA 262)."""

_ALONE = re.compile(rf"({ALONE.digits})({ALONE.letter})", re.ASCII)
TYPED_REFERENCE = re.compile(rf"(?<![\w£$€.,/-]){TYPED.digits}{TYPED.letter}(?!\w)")
"""One in a question. A letter that stands apart may be a word: “21 017 496 a month later”."""
TYPED_DIGITS = re.compile(rf"{TYPED.digits}(?=[\s‐‑–-]|$)")
"""The digits of one in a row of digits that may be several."""
GENERATED_REFERENCE = re.compile(
    rf"(?<![\d.,£]){ALONE.digits}(?![\d,.]\d|\d)(?:[\s-]?[a-z]\b)?", re.IGNORECASE | re.ASCII
)
"""One in a generated text, where whatever may be one is checked."""
PUBLISHED_REFERENCE = re.compile(r"(?<![\w£])[0-9]{2} [0-9]{3} [0-9]{3}[a-z]?(?!\w)")
"""One in a sentence of the project's own."""
REFERENCE_BESIDE_QUOTATION = r"\b[0-9]{2}(?:\W{0,3}[0-9]{3}){2}[a-z]?\b"
"""A pattern for digits that, beside a quotation, are likelier a reference than anything else."""
LETTER_APART = re.compile(r"(?P<apart>[\s-]?)(?P<letter>[a-z])(?!\w|['’]\w)", re.IGNORECASE | re.ASCII)
"""A letter behind the digits, to be read as theirs only where such a reference is held."""
LETTER_APART_EXAMPLES = ("17 002 402 b", "17 002 402 B", "17-002-402-b", "17002402 B")
WRITTEN_DIGITS = rf"[0-9]{{2}}{_GAP}?[0-9]{{3}}{_GAP}?[0-9]{{3}}"
"""A pattern for the digits of one in a letter, for patterns of what is none or stands before one."""
_A_YEAR = 30_000  # the Ombudsman has fewer complaints in a year, so a higher number may be a date


def published(written: str) -> str | None:
    """The published form of a reference that stands alone, `21 017 496` or `17 002 402b`; None where it is none."""
    match = _ALONE.fullmatch(" ".join(written.split()))
    return _published(match[0]) if match else None


def is_reference(text: str) -> bool:
    """Whether a text is a reference, and nothing else."""
    return published(text) is not None


def _published(written: str) -> str:
    only = re.sub("[^0-9a-zA-Z]", "", written).lower()
    return f"{only[:2]} {only[2:5]} {only[5:]}"


def may_be_date(written: str) -> bool:
    """Whether digits in the form of a reference, `20190412`, are rather a day of the years 1900 to 2099.

    They are not where they could be the number of a complaint: `20011999`, the 11,999th of 2020.
    """
    if not re.fullmatch("[0-9]{8}", written) or int(written[2:]) < _A_YEAR:
        return False
    for year, month, day in ((written[:4], written[4:6], written[6:]), (written[4:], written[2:4], written[:2])):
        try:
            if 1900 <= datetime.date(int(year), int(month), int(day)).year < 2100:
                return True
        except ValueError:
            continue
    return False


# References in a letter, and what is called one, or looks like one, and is none.

_IS_LOOSE = re.compile(r"(?!\r\n)\s[\s–—-]|[–—-]\s")  # numbers of a table may stand so, too
_COUNTED = (
    r"(?:\s?(?:%|(?:per\ ?cent|pounds?|pence|euros?|people|residents|pupils|children|days|weeks|months|years)\b))"
)
_WRITTEN = re.compile(
    rf"""
    (?<![^\W_]) (?<![£$€+]) (?<![0-9][./:])
    (?: {WRITTEN.digits} | [0-9]{{8}} | [0-9]{{2}}{_GAP}[0-9]{{6}} ) {WRITTEN.letter}
    (?! \w | [.:][0-9] | ,[0-9]{{1,2}}(?![0-9])
      | [\ \u00a0–—-][0-9]{{3}}(?![0-9]) | {_COUNTED} )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CALLED = r"""(?:
    \b(?:decision|case|complaint|ombudsman|lgsco|lgo)s?(?:\s+(?:number|no|ref(?:erence)?)\b)?[\s.:#(]{0,3}
  | \b(?:council|trust|borough)\s{0,2}\(\s{0,2}(?:ref(?:erence)?\b)?[\s.:]{0,3}
)"""
_IS_CALLED = re.compile(rf"{_CALLED}$", re.VERBOSE | re.IGNORECASE)
_MISSPELT = re.compile(  # digits that are called a reference, or look like nothing else, and are none
    rf"""
    (?: {_CALLED}(?P<digits>[0-9]{{1,4}}(?:[ -][0-9]{{2,4}}){{1,3}}|[0-9]{{7,10}})
      | (?:(?:^|[.;:,(–—•])[^\S\n]*(?:see|cf\.?|compare)|\bsee\s+also)\s+   # with a digit too few or too many
        (?P<seen>[0-4][0-9][ -](?:[0-9]{{2}}[ -][0-9]{{3}}|[0-9]{{3}}[ -][0-9]{{2}}|[0-9]{{4}}[ -][0-9]{{3}}
          |[0-9]{{3}}[ -][0-9]{{4}}))
        (?![ -][0-9]|{_COUNTED})
      | (?<![\w£$€+])(?<![0-9][ ./:–-])
        (?P<longer>[1-4][0-9](?:[ \u00a0–—-][0-9]{{3}}){{3}})   # with three digits too many
        (?![ \u00a0–—-][0-9]|{_COUNTED})
    )
    (?!\w|[.,/:-][0-9])
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_JOINT = r"(?:[^\w.,£$€%“”\"]{1,3}|[_.])"
_LIKE_REFERENCE = re.compile(  # 21 000 25, 21 O00 259, 21/000/259, 21.000.259, 2100025, 21:000:259, 21,000,259
    rf"""
    (?<![\w£$€+]) (?<![0-9OIl][.,:/–-])
    (?: (?=(?:[^0-9]{{0,2}}[0-9]){{5}})
        (?: [0-9OIl]{{1,3}}[\s./–-][0-9OIl]{{2,4}}[\s./–-][0-9OIl]{{2,4}}
          | [0-9OIl]{{2,5}}[\s./–-][0-9OIl]{{3,7}}
          | [0-9]{{7}} | [0-9]{{9}}
        )
      | [0-4][0-9]{_JOINT}[0-9]{{3}}{_JOINT}[0-9]{{3}}
      | (?P<sum>[0-4][0-9],[0-9]{{3}},[0-9]{{3}})
      | [0-4][0-9]{{7}}[./][0-9]{{1,2}}
    )
    [a-z]? (?![\w%]|[.,:/-][0-9]|[\ \u00a0][0-9]{{3}}(?![0-9])|{_COUNTED})
    """,
    re.VERBOSE,
)
_SHAPED = re.compile(r"[0-4][0-9OIl]\D{1,3}?[0-9OIl]{3}\D{1,3}?[0-9OIl]{3}[a-z]?")  # like nothing but a reference
_OF_SOMETHING_ELSE = re.compile(
    r"""
    (?: \b(?:account|phone|telephone|tel|mobile|fax|invoice|call|ring|text|customer|member(?:ship)?|policy|roll|
            nhs|payroll|pupil|tenancy|reg(?:istration)?|charity|company)(?:\s+(?:number|no|ref(?:erence)?))?
      | \b(?:our|your|my)\s+ref(?:erence)?(?:\s+(?:number|no))?
    ) [\s.:\#]*(?:is\s|on\s)?$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_A_DATE = re.compile(
    r"[0-9]{1,2}[ ./-][0-9]{1,2}[ ./-](?:[0-9]{2}){1,2}|[0-9]{4}[ ./-][0-9]{2}[ ./-][0-9]{2}|[0-9]{4}[/–-][0-9]{4}"
)
_LAST_YEAR = 49  # of the two digits that a reference begins with

_LOOKED_BACK = 60  # characters before digits that may say what they are the number of


class WrittenReference(NamedTuple):
    """Digits of a letter that are a reference, or are called one or look like one.

    `published` is the reference in its published form, None where it is none. `is_called` says that they cannot be the
    number of anything else. `is_sum` says that they are a sum, unless a paragraph is told beside them.
    """

    start: int
    end: int
    published: str | None
    is_called: bool = True
    is_sum: bool = False


def written_references(
    text: str, is_held: Callable[[str], bool], mentions: Iterable[tuple[int, int]]
) -> Iterator[WrittenReference]:
    """All that is a reference in a letter, is called one, or looks like one, in no order.

    `is_held` is asked where only that tells a reference from other digits; `mentions` are the spans of mentions of
    paragraphs, whose digits are none.
    """
    spans: list[tuple[int, int]] = []
    for match in _WRITTEN.finditer(text):
        before = text[max(0, match.start() - _LOOKED_BACK) : match.start()]
        if not _is_other_number(match[0], before):
            start, end = match.start(), _letter_end(text, match.end(), match[0], is_held)
            spans.append((start, end))
            is_loose = _IS_LOOSE.search(match[0]) is not None and _IS_CALLED.search(before) is None
            is_called = not is_loose or is_held(_published(match[0]))
            yield WrittenReference(start, end, _published(text[start:end]), is_called)
    for match in _MISSPELT.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        size = sum(character.isdigit() for character in text[start:end])
        is_meant = 7 <= size <= 10 and not _A_DATE.fullmatch(text, start, end)
        if match["longer"]:
            is_meant = _OF_SOMETHING_ELSE.search(text[max(0, start - _LOOKED_BACK) : start]) is None
        if is_meant and not _overlaps(spans, start, end):
            spans.append((start, end))
            yield WrittenReference(start, end, None)
    spans = sorted([*spans, *mentions])
    for match in _LIKE_REFERENCE.finditer(text):
        start, end = match.span()
        before = text[max(0, start - _LOOKED_BACK) : start]
        is_other = _A_DATE.fullmatch(match[0]) or _OF_SOMETHING_ELSE.search(before)
        if not is_other and not _overlaps(spans, start, end):
            is_sum = bool(match["sum"]) and _IS_CALLED.search(before) is None
            yield WrittenReference(start, end, None, is_called=False, is_sum=is_sum)


def _overlaps(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of some spans, which overlap one another little, has a character in common with another."""
    at = bisect.bisect_left(spans, (end, 0))
    return any(known_start < end and start < known_end for known_start, known_end in spans[max(0, at - 2) : at + 1])


def _letter_end(text: str, end: int, written: str, is_held: Callable[[str], bool]) -> int:
    """Where a reference ends with the letter that stands apart from it; one that is held has it."""
    letter = LETTER_APART.match(text, end) if written[-1].isdigit() else None
    return letter.end() if letter and is_held(_published(written + letter["letter"])) else end


def _is_other_number(written: str, before: str) -> bool:
    """Whether digits in the form of a reference are the number of something else, or a date."""
    if _IS_CALLED.search(before):
        return False
    if _OF_SOMETHING_ELSE.search(before):
        return True
    is_late = re.fullmatch("[0-9]{8}", written) is not None and int(written[:2]) > _LAST_YEAR
    return is_late or may_be_date(written)


def is_shaped(written: str) -> bool:
    """Whether digits look like nothing but a reference, though they are none."""
    return _SHAPED.fullmatch(written) is not None
