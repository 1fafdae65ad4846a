"""The dates, sums and other numbers that a text tells, in whatever way each is written; pure.

Two texts tell the same figure if it is equal: £1,000.00 is £1,000, “three months” is “3 months” and “3-month”,
“3rd May” is “3 May”. What is told with a unit of time is another figure without it, and £28 is not 28.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from index.text.dates import MONTH, PLAIN_MONTHS, month_number
from index.text.number_words import DIGITS, NUMBER_WORD, NUMBER_WORDS, ORDINALS, SCALES, SUM, SUM_IN_POUNDS

Kind = Literal["date", "sum", "share", "number"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, and how the text writes it.

    A date has `day`, `month` and `year`, each None where it is not told; all others have a `value`, and a number its
    unit of time, such as `week`, if it has one. It begins at the character `start` of its text and ends before `end`.
    """

    kind: Kind
    written: str
    value: Decimal | None = None
    unit: str | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)

    def is_told_in(self, figures: Iterable[Figure]) -> bool:
        """Whether these figures tell it. A date is told also by “12 May” and “May 2021” together."""
        same = [figure for figure in figures if figure.kind == self.kind]
        if self.kind != "date":
            return any(
                figure.value == self.value and (self.unit is None or figure.unit == self.unit) for figure in same
            )
        told = [(figure.day, figure.month, figure.year) for figure in same]
        mine = (self.day, self.month, self.year)
        if any(all(part in (None, other) for part, other in zip(mine, date, strict=True)) for date in told):
            return True
        in_pieces = self.day and self.month and self.year
        return bool(
            in_pieces
            and (self.day, self.month, None) in told
            and any(month in (None, self.month) and year == self.year for _, month, year in told)
        )


_WORDS = NUMBER_WORDS | ORDINALS
_IN_WORDS = rf"{NUMBER_WORD}|{'|'.join(ORDINALS)}"

_FIGURE = re.compile(
    rf"""
      (?P<iso>\b(?P<iso_year>\d{{4}})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)\b)
    | (?P<slashed>\b(?P<slashed_day>\d{{1,2}})[/.](?P<slashed_month>\d{{1,2}})[/.](?P<slashed_year>\d{{4}}|\d\d)\b)
    | (?P<daymonth>\b(?P<daymonth_day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<daymonth_month>{MONTH})\b\.?
        (?:,?\s+(?P<daymonth_year>\d{{4}})\b)?)
    | (?P<monthday>\b(?P<monthday_month>{MONTH})\b\.?\s+(?P<monthday_day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)
        (?:,?\s+(?P<monthday_year>\d{{4}})\b)?)
    | (?P<monthyear>\b(?P<monthyear_month>{MONTH})\b\.?,?\s+(?:of\s+)?(?P<monthyear_year>\d{{4}})\b)
    | (?P<sum>{SUM})
    | (?P<inpounds>{SUM_IN_POUNDS})
    | (?P<poundsinwords>\b(?=(?:a|{NUMBER_WORD})\s)
        (?:(?P<thousands>a|{NUMBER_WORD})\sthousand(?:,?\s(?:and\s)?|(?=\s)))?
        (?:(?P<hundreds>a|{NUMBER_WORD})\shundred(?:\s(?:and\s)?|(?=\s)))?(?P<units>{NUMBER_WORD})?\s?(?<=\s)pounds?\b)
    | (?P<share>(?<![\d.,])(?P<per_cent>{DIGITS})\s?(?:%|per\s?cent\b))
    | (?P<onlyyear>(?<![\d.,£/-])(?P<onlyyear_year>(?:19|20)\d\d)(?![\d/]|[.,]\d|-\d))
    | (?P<number>(?<![\d.])(?P<digits>{DIGITS})(?:st|nd|rd|th)?|\b(?P<words>{_IN_WORDS})\b
        | \b(?P<article>an?)(?=[\s-](?:working\s|calendar\s)?(?:day|week|month|year|hour|minute|night)\b))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNIT = re.compile(
    rf"""
    (?:(?:\s{{0,20}}+-|[\s-]{{0,20}}+(?:to|or|and|–))[\s-]{{0,20}}+   # "two to three weeks": the first is of weeks, too
        (?:{DIGITS}|{_IN_WORDS}))?
    [\s-]{{1,20}}+(?:(?:working|calendar|school|clear|further|more|whole|full)[\s-]{{0,20}}+)?
    (?P<unit>day|week|month|year|hour|minute|night)(?:s\b|\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A month by its name alone. “May” and “March” are other words too, unless they stand as a month does.
_STANDS_AS_MONTH = "|".join(rf"(?<=\b{word} )" for word in "in of by since until early late".split())
_ALONE = re.compile(
    rf"\b(?:{'|'.join(PLAIN_MONTHS)}|(?:{_STANDS_AS_MONTH})(?:May|March))\b",
    re.IGNORECASE,
)


_LIKE_ASCII = str.maketrans("ſıİ\u212a", "siIK")  # letters that a pattern takes for others where case does not count


def figures(text: str) -> list[Figure]:
    """Every figure that a text tells, in order; “one” without a unit of time is a word, no figure."""
    return sorted(_figures(text.translate(_LIKE_ASCII)), key=lambda figure: figure.start)


def _figures(text: str) -> Iterator[Figure]:
    found: list[tuple[re.Match[str], Figure]] = []
    for match in _FIGURE.finditer(text):
        figure = _figure(match, text)
        if figure is not None:
            found.append((match, figure))
    # “6, 19 and 21 February”: the first days are of that month, too.
    later: tuple[re.Match[str], Figure] | None = None
    for place in reversed(range(len(found))):
        match, figure = found[place]
        is_listed = later and later[1].day and _LISTED.fullmatch(text, match.end(), later[0].start())
        if later and is_listed and match["digits"] and figure.unit is None and 1 <= (figure.value or 0) <= 31:
            day = int(figure.value or 0)
            figure = Figure("date", figure.written, day=day, month=later[1].month, year=later[1].year)
        found[place] = later = match, figure
    yield from (replace(figure, start=match.start(), end=match.end()) for match, figure in found)
    starts = [match.start() for match, _ in found]
    for match in _ALONE.finditer(text):
        before = bisect.bisect_right(starts, match.start()) - 1
        if before < 0 or match.start() >= found[before][0].end():
            yield Figure("date", match[0], month=month_number(match[0]), start=match.start(), end=match.end())


_LISTED = re.compile(r"(?:,|and|or|to|&|[-–]|twice|\s)+")


def _figure(match: re.Match[str], text: str) -> Figure | None:
    written = " ".join(match[0].split())
    kind = match.lastgroup
    if f"{kind}_year" in match.re.groupindex:
        groups = match.groupdict()
        day, month, year = (groups.get(f"{kind}_{part}") for part in ("day", "month", "year"))
        return Figure(
            "date",
            written,
            day=int(day) if day else None,
            month=(int(month) if month.isdigit() else month_number(month)) if month else None,
            year=int(year) + (2000 if len(year) == 2 else 0) if year else None,
        )
    match kind:
        case "sum":
            return Figure("sum", written, _value(match["pounds"], match["scale"]))
        case "inpounds":
            return Figure("sum", written, _value(match["in_pounds"], match["in_scale"]))
        case "poundsinwords":
            parts = zip((1000, 100, 1), (match["thousands"], match["hundreds"], match["units"]), strict=True)
            return Figure("sum", written, Decimal(sum(times * _worth(word) for times, word in parts)).normalize())
        case "share":
            return Figure("share", written, _value(match["per_cent"]))
    after = _UNIT.match(text, match.end())
    unit = after["unit"].lower() if after else None
    if match["digits"]:
        value = _value(match["digits"])
    else:
        word = (match["words"] or "one").lower()
        value = Decimal(_worth(word))
        if unit is None and word in ("one", "first"):
            return None
    return Figure("number", f"{written}{after[0]}" if after and match["article"] else written, value, unit)


def _worth(words: str | None) -> int:
    """The value of a number in words, 0 without one."""
    words = re.sub(r"\s", "-", (words or "").lower())
    return 1 if words == "a" else _WORDS[words] if words else 0


def _value(digits: str, scale: str | None = None) -> Decimal:
    return (Decimal(digits.replace(",", "")) * SCALES.get((scale or "").lower(), 1)).normalize()
