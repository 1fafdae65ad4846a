"""Months and dates as they are written, for every reader of them. Pure.

Patterns are in small letters: `re.IGNORECASE` is for the pattern that they stand in. What days a question's “since
March 2021” means is told by qa.text.periods, what dates a text tells by qa.text.figures.
"""

from __future__ import annotations

import datetime

MONTHS = tuple("january february march april may june july august september october november december".split())
"""Their names in small letters."""
SHORT_MONTHS = (*(month[:3] for month in MONTHS), "sept")
"""How they are shortened."""
PLAIN_MONTHS = tuple(month for month in MONTHS if month not in ("march", "may"))
"""Those that are no other words besides."""

MONTH = rf"(?:{'|'.join(sorted({*MONTHS, *SHORT_MONTHS}, key=lambda name: (-len(name), name)))})"
"""A pattern for a month, whole or shortened; no letter may follow."""
MONTH_EXAMPLES = (*MONTHS, *SHORT_MONTHS)
MONTH_COUNTER_EXAMPLES = ("janu", "ju", "decem", "sunday")

DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
"""A pattern for a day of a month."""
DAY_EXAMPLES = ("1", "09", "3rd", "21st")
DAY_COUNTER_EXAMPLES = ("first", "123", "3d")

DATE = rf"""(?:
    {DAY}\s(?:{MONTH})\b\s(?:19|20)[0-9]{{2}}                  # 9 October 2022
  | [0-9]{{1,2}}[./][0-9]{{1,2}}[./](?:19|20)[0-9]{{2}}        # 9/10/2022
  | (?:19|20)[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}                  # 2022-10-09
)(?![\w/-])"""
"""A verbose pattern for a whole date, as it may stand beside a reference."""
DATE_EXAMPLES = ("9 October 2022", "09 Oct 2022", "9th October 2022", "9/10/2022", "09.10.2022", "2022-10-09")
DATE_COUNTER_EXAMPLES = ("October 2022", "9 October", "9/10/22", "2022-10", "9 October 2022/23", "1 Octobers 2022")


def month_number(name: str) -> int:
    """1 for “January” or “jan.”, in small letters or not. Raises StopIteration for what begins like none."""
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def in_words(day: datetime.date) -> str:
    """“9 October 2022”, as a date is written for people."""
    return f"{day.day} {day:%B %Y}"
