"""Dates in the words of a question → the days from and to which they mean. No I/O.

“in 2022”, “since March 2021”, “before 1 May 2022”, “between January 2021 and June 2022”, “2021/22” (a financial year),
“last year”, “in the last two years”. A period without a year (“in March”) is not read. Words alone tell:
“after 2021” begins with 1 January 2022, “before 2021” ends with 31 December 2020, and “from 2021” means that year.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.text.dates import MONTH as MONTH_NAME
from index.text.dates import in_words, month_number
from index.text.number_words import NUMBER_WORDS

MARK = "T"
"""What stands in the text for a period: a capital, so the text itself must be in small letters."""

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included; None where it is open."""

    first: datetime.date | None = None
    last: datetime.date | None = None

    @property
    def is_closed(self) -> bool:
        """Whether it has both ends."""
        return self.first is not None and self.last is not None

    def within(self, other: Period) -> Period:
        """The days that are in both; empty where it ends before it begins."""
        firsts = [day for day in (self.first, other.first) if day]
        lasts = [day for day in (self.last, other.last) if day]
        return Period(max(firsts, default=None), min(lasts, default=None))

    @property
    def is_empty(self) -> bool:
        """Whether no day is in it."""
        return self.first is not None and self.last is not None and self.first > self.last


MONTH = rf"{MONTH_NAME}\.?"
"""A month as it is written, in small letters and perhaps shortened; a pattern."""
_YEAR = r"(?:19[7-9][0-9]|20[0-9]{2})(?![\w%]|[-.,/]?[0-9])"
_NUMBERS = {word: number for word, number in NUMBER_WORDS.items() if number <= 12}
_NUMBER = rf"(?:[0-9]{{1,3}}|{'|'.join(_NUMBERS)}|couple of|few)"

# One date of whatever length; the groups have names that say which it is.
_DATE = re.compile(
    rf"""(?<![\w£$€.,/-])(?:
      (?P<iso>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?![\w-])
    | (?P<slashed>[0-9]{{1,2}}[/.][0-9]{{1,2}}[/.][0-9]{{4}})(?![\w/])
    | (?:the\ )?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?\ (?:of\ )?(?P<month>{MONTH}),?\ (?P<year>{_YEAR})
    | (?P<month_first>{MONTH})\ (?P<day_second>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\ (?P<year_third>{_YEAR})
    | (?P<whole_month>{MONTH}),?\ (?:of\ )?(?P<its_year>{_YEAR})
    | (?:(?P<quarter>q[1-4])|(?:the\ )?(?:(?P<which_quarter>first|second|third|fourth|last)\ quarter
        |(?P<half>first|second|last)\ half))\ (?:of\ )?(?P<part_year>{_YEAR})
        (?:,?\ \(?(?P<from_1>{MONTH})\ ?(?:to|-|–)\ ?(?P<to_1>{MONTH})\)?)?
    | (?:the\ )?(?:(?P<academic>20[0-9]{{2}}[/-](?:20)?[0-9]{{2}})\ (?:academic|school)\ year
        |(?:academic|school)\ year\ (?P<academic_2>20[0-9]{{2}}[/-](?:20)?[0-9]{{2}})(?![\w/-]))
    | (?:the\ )?(?:financial\ year\ |fy\ ?)?(?P<financial>20[0-9]{{2}}[/-][0-9]{{2}})(?![\w/-])
        (?:\ (?:financial|tax|fiscal|municipal)\ year)?(?:\ \(april\ to\ march\))?
    | (?P<begins>20[0-9]{{2}})\ ?[-–]\ ?(?P<ends>20[0-9]{{2}})(?![\w/-])
    | (?:the\ )?(?:calendar\ )?(?:year\ )?(?P<whole_year>{_YEAR})
    | (?:the\ )?(?P<season>spring|summer|autumn|winter|christmas|xmas|new\ year)(?:\ of)?\ (?P<season_year>{_YEAR})
        (?:,?\ (?:so\ |that\ is\ )?\(?(?P<from_2>{MONTH})\ to\ (?P<to_2>{MONTH})\)?)?
    | (?:'|the\ year\ )(?P<short>[0-2][0-9])(?!\w)
    | (?P<now>today|yesterday|now)(?!\w)
    | (?:the\ )?(?P<which>this|last|previous|current|past)\ (?P<unit>year|month|week)(?!\w)
    )""",
    re.VERBOSE,
)
# “the last year” and “the past year” are the twelve months up to today.
_LATELY = re.compile(
    rf"(?:(?:in|within|over|during|for|from)\ )?(?:the\ )(?:last|past|previous)\ (?:(?P<number>{_NUMBER})\ )?"
    rf"(?P<unit>year|month|week|day)s?(?!\w)"
    rf"|(?:(?:in|within|over|during)\ )?(?:last|past)\ (?P<number_2>{_NUMBER})\ (?P<unit_2>year|month|week|day)s?(?!\w)"
)
_SAID_OTHERWISE: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"\b(?:up )?(?:to|until|till) and including (?=(?:the )?[0-9a-z])", "until "),
    (
        rf"\b({MONTH}) ?(?:-|–|to|and|until|through)(?: (?:the )?end of)? ?({MONTH}) (?={_YEAR})(?=([0-9]{{4}}))",
        lambda match: f"from {match[1]} {_year_before(match[1], match[2], match[3])} to {match[2]} ",
    ),
    (
        r"\b(?:the )?(?:financial )?year (?:to|ending|ended)(?: in)?(?: the end of| 31(?:st)?)? march (20[0-9]{2})\b",
        lambda match: f"{int(match[1]) - 1}/{match[1][2:]}",
    ),
    # “Nearest to 1 March 2022” is no “up to”, and “the one from 12 May 2022” no “from … on”.
    (
        r"\b(nearest|closest)((?: (?:in|by|time|date|decision|decided|one|case|ruling|made|published|issued)){0,4}) to "
        r"(?=(?:the )?(?:start|end|beginning|christmas|new year|[a-z]{0,9} ?'?[0-9]))",
        r"\1\2 at ",
    ),
    (
        r"\b((?:the|that|this|which|a) (?:one|case|decision|ruling|judge?ment|complaint)) (?:from|of) "
        r"(?=(?:the )?[0-9a-z])",
        r"\1 dated ",
    ),
    (r">= ?(?=['0-9])", "since "),
    (r"<= ?(?=['0-9])", "until "),
    (r"> ?(?=['0-9])", "after "),
    (r"< ?(?=['0-9])", "before "),
    (rf"\b(?:late|early|mid|mid-)[ -](?={MONTH} )", ""),
    (r"\bh1(?= ?(?:of )?20[0-9]{2})", "first half"),
    (r"\bh2(?= ?(?:of )?20[0-9]{2})", "second half"),
    (r"\b(?:the )?(?:last|final) (?:three|3) months (?:of|in) (?=20)", "in q4 "),
    (r"\b(?:the )?(?:first|opening) (?:three|3) months (?:of|in) (?=20)", "in q1 "),
    (r"\b(?:the )?(?:last|final|closing) (?:six|6) months (?:of|in) (?=20)", "in the second half of "),
    (r"\b(?:the )?(?:first|opening) (?:six|6) months (?:of|in) (?=20)", "in the first half of "),
    (r"\b(?:at|towards|near) the (?:end|close) of (?=20)", "in q4 "),
    (r"\bpre[- ](?=[0-9])", "before "),
    (r"\bpost[- ](?=[0-9])", "after "),
    (r"\b(?:before|until|till|by|up to|to)(?: the)? end of (?:the )?", "until "),
    (r"\bafter(?: the)? end of (?:the )?", "after "),
    (r"\b(?:since|from|after)(?: the)? (?:start|beginning) of (?:the )?", "since "),
    (r"\bbefore(?: the)? (?:start|beginning) of (?:the )?", "before "),
)
_EDGES = [(re.compile(written), plain) for written, plain in _SAID_OTHERWISE]

# “1 July - 31 December 2022”: the year of the second day tells that of the first.
_DAYS = re.compile(
    rf"\b(?P<first>(?:the )?[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?(?P<month>{MONTH}))"
    rf"(?= ?(?:-|–|to|and|until|till|through|up to) ?(?:the )?[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?"
    rf"(?P<later>{MONTH}),? (?P<year>{_YEAR}))"
)


def _with_year(match: re.Match[str]) -> str:
    return f"{match['first']} {_year_before(match['month'], match['later'], match['year'])}"


def _year_before(month: str, later: str, year: str) -> int:
    """The year of a month that comes before a later one of a year: December to March 2022 begins in 2021."""
    return int(year) - (month_number(month) > month_number(later))


_D = r"D([0-9]+)E"  # a date that was found, by its number
_JOINED = re.compile(
    rf"""
      \bbetween\ {_D}\ (?:and|to|-|–)\ {_D}
    | (?:\bfrom\ )?{_D}\ ?(?:\bto\b|\buntil\b|\btill\b|\bthrough\b|\bup\ to\b|-|–)\ ?{_D}
    """,
    re.VERBOSE,
)
_OPEN_AFTER = re.compile(
    rf"(?:\b(?:from|in|since)\ )?{_D}\ (?:onwards?|on|or\ (?:later|after|newer)|and\ (?:later|after)(?!\ D[0-9]))\b"
)
_OPEN_BEFORE = re.compile(
    rf"(?:\b(?:from|in)\ )?{_D}\ (?:or\ (?:earlier|before|older)|and\ (?:earlier|before)(?!\ D[0-9])|back)\b"
)
_PLACED = re.compile(
    r"""
    (?:\b(?:
        (?P<since>since | on\ or\ after | as\ of | starting(?:\ (?:from|in|on))? | not\ before)
      | (?P<after>after | beyond | postdat(?:e|es|ing) | (?:later|newer|more\ recent)\ than | following | past)
      | (?P<until>on\ or\ before | until | till | up\ to | up\ until | by | no\ later\ than | to)
      | (?P<before>before | predat(?:e|es|ing) | (?:earlier|older)\ than | prior\ to)
      | (?P<from>from) | in | during | on | of | within | for | throughout | over | dated | around | at
    )\ ?)?D(?P<date>[0-9]+)E(?:'s)?
    """,
    re.VERBOSE,
)


def read_periods(text: str, today: datetime.date) -> tuple[str, list[Period]]:
    """The text with each period replaced by MARK, and what they are, in this order; `text` is in small letters.

    What looks like a date and is none (31 February) stays as it is.
    """
    for edge, plain in _EDGES:
        text = edge.sub(plain, text)
    text = _DAYS.sub(_with_year, text)
    dates = list[Period]()

    def keep(period: Period | None, written: str) -> str:
        if period is None:
            return written
        dates.append(period)
        return f"D{len(dates) - 1}E"

    text = _LATELY.sub(lambda match: keep(_lately(match, today), match[0]), text)
    text = _DATE.sub(lambda match: keep(_date(match, today), match[0]), text)
    if not dates:
        return text, []
    found = list[Period]()

    def mark(period: Period) -> str:
        found.append(period)
        return f"F{len(found) - 1}E"

    def joined(match: re.Match[str]) -> str:
        first, last = (dates[int(number)] for number in match.groups() if number is not None)
        return mark(Period(first.first, last.last))

    text = _JOINED.sub(joined, text)
    text = _OPEN_AFTER.sub(lambda match: mark(Period(dates[int(match[1])].first)), text)
    text = _OPEN_BEFORE.sub(lambda match: mark(Period(None, dates[int(match[1])].last)), text)
    text = _PLACED.sub(lambda match: mark(_placed(match, dates[int(match["date"])])), text)
    order = [int(match[1]) for match in re.finditer(r"F([0-9]+)E", text)]
    return re.sub(r"F[0-9]+E", MARK, text), [found[number] for number in order]


def _placed(match: re.Match[str], date: Period) -> Period:
    assert date.first is not None and date.last is not None
    if match["since"] or (match["from"] and date.first == date.last):
        return Period(date.first)
    if match["after"]:
        return Period(_moved(date.last, _DAY))
    if match["until"]:
        return Period(None, date.last)
    if match["before"]:
        return Period(None, _moved(date.first, -_DAY))
    return date


def merged(periods: Sequence[Period]) -> tuple[Period, ...]:
    """Periods of which no day is in two, in their order; those that share days are one."""
    found = list[Period]()
    for period in periods:
        for at, other in enumerate(found):
            if not period.is_empty and not other.is_empty and not period.within(other).is_empty:
                firsts = (period.first, other.first)
                lasts = (period.last, other.last)
                found[at] = Period(
                    None if None in firsts else min(day for day in firsts if day),
                    None if None in lasts else max(day for day in lasts if day),
                )
                break
        else:
            found.append(period)
    return tuple(found) if len(found) == len(periods) else merged(found)


def _moved(day: datetime.date, by: datetime.timedelta) -> datetime.date:
    try:
        return day + by
    except OverflowError:
        return day


def _date(match: re.Match[str], today: datetime.date) -> Period | None:
    """The days that one date means, None where there is no such day."""
    kinds: tuple[tuple[str, Callable[[], Period]], ...] = (
        ("iso", lambda: _one(datetime.date.fromisoformat(match["iso"]))),
        ("slashed", lambda: _one(datetime.datetime.strptime(re.sub("[/.]", " ", match["slashed"]), "%d %m %Y").date())),
        ("day", lambda: _one(_day_of(match["year"], match["month"], match["day"]))),
        ("month_first", lambda: _one(_day_of(match["year_third"], match["month_first"], match["day_second"]))),
        ("whole_month", lambda: months(int(match["its_year"]), month_number(match["whole_month"]), 1)),
        ("quarter", lambda: months(int(match["part_year"]), 3 * int(match["quarter"][1]) - 2, 3)),
        ("which_quarter", lambda: months(int(match["part_year"]), _QUARTERS[match["which_quarter"]], 3)),
        ("half", lambda: months(int(match["part_year"]), 1 if match["half"] == "first" else 7, 6)),
        ("season", lambda: _season(match["season"], int(match["season_year"]))),
        ("academic", lambda: _year_from(match["academic"], 9)),
        ("academic_2", lambda: _year_from(match["academic_2"], 9)),
        ("financial", lambda: _year_from(match["financial"], 4)),
        ("begins", lambda: Period(_day_of(match["begins"], "jan", "1"), _day_of(match["ends"], "dec", "31"))),
        ("whole_year", lambda: months(int(match["whole_year"]), 1, 12)),
        ("short", lambda: months(2000 + int(match["short"]), 1, 12)),
        ("now", lambda: _one(today - _DAY if match["now"] == "yesterday" else today)),
        ("which", lambda: _relative(match["which"], match["unit"], today)),
    )
    try:
        found = next(read() for name, read in kinds if match[name])
    except (ValueError, OverflowError):
        return None
    return found if _is_explained(match, found) else None


def _is_explained(match: re.Match[str], period: Period) -> bool:
    """Whether the months that explain it, if any, are those of the period."""
    first, last = match["from_1"] or match["from_2"], match["to_1"] or match["to_2"]
    if first is None or period.first is None or period.last is None:
        return True
    return (month_number(first), month_number(last)) == (period.first.month, period.last.month)


_QUARTERS = {"first": 1, "second": 4, "third": 7, "fourth": 10, "last": 10}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


def _one(day: datetime.date) -> Period:
    return Period(day, day)


def _day_of(year: str, month: str, day: str) -> datetime.date:
    return datetime.date(int(year), month_number(month), int(day))


def months(year: int, month: int, number: int) -> Period:
    """So many whole months from one on; `month` counts from January, and may be of a year before or after."""
    begin = year * 12 + month - 1
    return Period(_first_of(begin), _first_of(begin + number) - _DAY)


def _first_of(month: int) -> datetime.date:
    """The first day of a month, told by how many were before it since the year 0."""
    return datetime.date(month // 12, month % 12 + 1, 1)


def _season(name: str, year: int) -> Period:
    """The meteorological season, winter being that which begins in the year; or the one day."""
    if name in _SEASONS:
        return months(year, _SEASONS[name], 3)
    return _one(datetime.date(year, 12, 25) if name in {"christmas", "xmas"} else datetime.date(year, 1, 1))


def _year_from(written: str, month: int) -> Period:
    """The year from a month on: “2021/22” is April to March, or September to August; “2021/24” is no such year."""
    year = int(written[:4])
    if int(written[-2:]) != (year + 1) % 100:
        raise ValueError
    return months(year, month, 12)


def _relative(which: str, unit: str, today: datetime.date) -> Period:
    back = 0 if which in {"this", "current"} else 1
    if unit == "week":
        monday = today - _DAY * (today.weekday() + 7 * back)
        return Period(monday, monday + _DAY * 6)
    if unit == "year":
        return months(today.year - back, 1, 12)
    return months(today.year, today.month - back, 1)


def _lately(match: re.Match[str], today: datetime.date) -> Period | None:
    """The days up to today that “the last two years” means."""
    written, unit = match["number"] or match["number_2"] or "1", match["unit"] or match["unit_2"]
    number = {"couple of": 2, "few": 3}.get(written) or _NUMBERS.get(written) or int(written)
    try:
        if unit in {"day", "week"}:
            return Period(today - _DAY * number * (7 if unit == "week" else 1), today)
        first = _first_of(today.year * 12 + today.month - 1 - number * (12 if unit == "year" else 1))
        return Period(first.replace(day=min(today.day, calendar.monthrange(first.year, first.month)[1])), today)
    except (ValueError, OverflowError):
        return None


def period_told(period: Period) -> str:
    """How a sentence says it: “in 2022”, “in March 2021”, “on 10 March 2021”, “from 1 March 2021 on”."""
    first, last = period.first, period.last
    if first is None or last is None:
        return f"from {day_told(first)} on" if first else f"up to {day_told(last)}"
    if first == last:
        return f"on {day_told(first)}"
    after = last + datetime.timedelta(days=1) if last < datetime.date.max else last
    if first.day == 1 and after.day == 1:
        if (first.month, after.month, after.year) == (1, 1, first.year + 1):
            return f"in {first.year}"
        if (first.year * 12 + first.month + 1) == after.year * 12 + after.month:
            return f"in {first:%B %Y}"
    return f"from {day_told(first)} to {day_told(last)}"


def day_told(day: datetime.date | None) -> str:
    """“10 March 2021”."""
    return in_words(day) if day else "an unknown day"
