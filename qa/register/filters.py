"""The filters that the words of a question set: bodies, categories, outcomes, dates, and decisions to go by. No I/O."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Sequence

from index.decisions import Reference
from qa.register.query import MAX_DECISIONS, Anchor, RegisterQuery
from qa.register.reading import days_beside
from qa.register.tokens import Reading
from qa.register.words import OUTCOMES
from qa.text.periods import MARK, Period, period_told

NEGATED = "not|no|never|neither|nor|EXCEPT|without"


def read_filters(reading: Reading) -> RegisterQuery:
    """The filters that its words set."""
    has = reading.has
    outcomes = tuple(dict.fromkeys(OUTCOMES[token] for token in reading.tokens.split() if token in OUTCOMES))
    detail = ""
    if len(outcomes) > 1 and not _are_joined(reading, "|".join(OUTCOMES)):
        detail = f"The filters exclude each other: no decision is {' and '.join(outcomes)} at once."
    periods = tuple(reading.periods)
    if periods and has(_NOT_THEN) and all(each.is_closed for each in periods):
        periods = _outside(periods)
    elif (
        len(periods) > 1
        and not reading.any_period
        and not (all(each.is_closed for each in periods) and _are_joined(reading, MARK))
    ):
        whole = periods[0]
        for each in periods[1:]:
            whole = whole.within(each)
        periods = (whole,)
    if len(periods) == 1 and periods[0].is_closed and (then := PLACED_BY_THEN.search(reading.text)):
        periods = (days_beside(periods[0], then[1]),)
    if (
        len(periods) == 1
        and periods[0].is_closed
        and (than := re.search(rf"\b(LATEST|FIRST) COMPARED(?: the)? D {MARK}", reading.tokens))
    ):
        periods = (days_beside(periods[0], "after" if than[1] == "LATEST" else "before"),)
    if not has(_NOT_THEN) and any(each.is_empty for each in periods):
        told = " and ".join(period_told(each) for each in reading.periods)
        detail = f"The dates exclude each other: no day is both {told}."
    anchor, bodies, references = _anchored(reading)
    if has("K(?: \\S+){0,4} or (?:is|are) (?:it|they|these|COLL)(?: \\S+)? K") and len(reading.categories) == 2:
        reading.categories.pop()  # “is there anything on housing, or is it all children?”
    without, without_categories = tuple[str, ...](), tuple[str, ...]()
    if has("K(?: CATEGORY| D| DD)* (?:of|in|within|under)(?: (?:the|CATEGORY))* K") and len(reading.categories) == 2:
        part = tuple(name for name in reading.categories[0] if name in reading.categories[1])
        reading.categories = [part] if part else reading.categories
    categories = tuple(dict.fromkeys(name for names in reading.categories for name in names))
    if has("K(?: (?:and|but))? (?:EXCEPT|not)(?: (?:the|in|under|CATEGORY))* K") and len(reading.categories) == 2:
        categories, without_categories = reading.categories[0], reading.categories[1]
    elif has(
        "(?:EXCEPT|not in|not|outside|EXCEPT in)"
        "(?: (?:the|those|of|in|under|for|about|what|is|are|any|D|DD|CATEGORY))* K"
    ):
        categories, without_categories = (), categories
    if has("EXCEPT(?: (?:the|for|of|DD|from|about))* CC") and reading.body_kind:
        bodies, without, reading.body_kind = (), bodies, ""
    if (
        has("(?:that|which|who)(?: (?:is|are|was|were))? not(?: (?:the|about|from|against))* B$")
        and len(reading.bodies) == 1
    ):
        bodies, without = (), bodies
    if has(
        "EXCEPT(?: (?:the|those|of|in|for|from|about|against|on|D|DD|very|one|#))* B"
        "|B (?:aside|EXCEPT(?! (?:(?:the|in|under|CATEGORY) )*K))|neither B nor B"
    ):
        bodies, without = (), bodies
    if (
        reading.told_bodies
        and has("else|other|others|another|remains?|rest")
        and not has("else(?: \\S+){0,3} (?:B|in there|them|that C)")
    ):
        bodies, without = (), bodies
    return RegisterQuery(
        "list",
        bodies=bodies,
        without=without,
        body_kind=reading.body_kind,
        references=references,
        categories=categories,
        without_categories=without_categories,
        outcomes=outcomes,
        periods=periods,
        anchor=anchor,
        limit=_limit(reading),
        nth=next((nth for nth, token in enumerate(_NTH, 2) if has(token)), 1),
        either=has(_EITHER_OR),
        times=_times(reading),
        unknown=tuple(reading.unknown),
        detail=detail,
    )


def _times(reading: Reading) -> tuple[int, int | None] | None:
    """How many decisions each body must have."""
    has = reading.has
    if has("OFTEN"):
        return 2, None
    if reading.numbers and has("CC?|who") and has("MORE COMPARED #(?: DD?)?"):
        return reading.numbers[0] + 1, None
    if reading.numbers and has("CC?|who") and has("(?:just|only|exactly) # DD"):
        return reading.numbers[0], reading.numbers[0]
    return (1, 1) if has("ONCE") else None


_NTH = ("SECOND", "THIRD", "FOURTH")


def _one_or_other(first: str, second: str) -> str:
    """“K or anything decided in T”: both kinds of tokens, apart by “or” and by words that narrow nothing."""
    filler = "(?: (?:D|DD|COLL|CATEGORY|else))*"
    return (
        rf"{first}{filler} or(?: (?:either|from|in|about|against|the|those|anything|any|was|were|is|are|decided|made"
        rf"|issued|D|DD|CATEGORY))*(?: )?{second}"
    )


_EITHER_OR = "|".join(_one_or_other(*pair) for pair in itertools.permutations(("B", "R", "K", "T", "[UNXPF]"), 2))
# “Our file stops in May 2022, so what have you got after that?”, where nothing is asked of the date itself.
PLACED_BY_THEN = re.compile(
    rf"^(?!.*\b(?:many|which|what|list|decisions?|any|were|did)\b.*\b{MARK}\b).*\b{MARK}\b.*"
    r"\b(before|until|after|since) (?:that|then)\b(?: date| day| point)?"
)
_NOT_THEN = "(?:EXCEPT|not)(?: (?:the|those|made|decided|issued|dated|from|in|D|DD))* T"


def _outside(periods: Sequence[Period]) -> tuple[Period, ...]:
    """The days that are in none of some closed periods."""
    day, start, found = datetime.timedelta(days=1), None, list[Period]()
    for each in sorted(periods, key=lambda one: one.first or datetime.date.min):
        if each.first and each.last:
            if start is None or start < each.first:
                found.append(Period(start, each.first - day))
            start = max(start or each.last, each.last + day)
    return (*found, Period(start))


def _limit(reading: Reading) -> int | None:
    if reading.numbers and reading.has("(?:LATEST|FIRST|MOST) #|#(?: of)?(?: the)? (?:LATEST|FIRST)"):
        return min(max(reading.numbers[0], 1), MAX_DECISIONS)
    return None


_AFTER = "after|since|following|LATEST (?:DATE |D )?COMPARED|more COMPARED|than"
_BEFORE = "before|preceding|prior to|FIRST (?:DATE |D )?COMPARED|earlier than|until"
_ANCHOR = re.compile(
    rf"(?<!\S)(?:{_AFTER}|(?P<before>{_BEFORE}))(?: (?:the|that|of))*(?: D)?"
    r"(?: (?:on|about|against|concerning|from|for))?(?: B(?= R))? (?P<name>[BR])(?!\S)"
)


def _anchored(reading: Reading) -> tuple[Anchor | None, tuple[str, ...], tuple[Reference, ...]]:
    """The decision by which others are placed in time, and the bodies and references that are left."""
    references = tuple(dict.fromkeys(reading.references))
    if (
        reading.has(_BETWEEN)
        and len(reading.every_body) + len(references) > 1
        and reading.has("DD|any|anything|list|nothing|HOWMANY D")
        and not reading.has(APART)
    ):
        both = reading.every_body if len(reading.every_body) == 2 else references if len(references) == 2 else ()
        forwards = reading.has("after(?: \\S+)* before") if both and reading.has("after") else None
        return Anchor(reading.every_body, references, False, between=True, forwards=forwards), (), ()
    match = _ANCHOR.search(reading.tokens)
    if (
        match is None
        or (match["name"] == "B" and len(reading.bodies) > 1)
        or (reading.has("MORE|HOWMANY DD COMPARED") and not match["before"] and "COMPARED" in match[0])
    ):
        return None, reading.every_body, references
    before = match["before"] is not None
    if match["name"] == "R":
        owner = re.search(r"(?<!\S)B R(?!\S)", match[0]) is not None and len(reading.bodies) == 1
        return (
            Anchor(reading.every_body if owner else (), references[-1:], before),
            () if owner else reading.every_body,
            (),
        )
    return Anchor(reading.every_body, (), before, dated=reading.dated_body), (), references


_BETWEEN = (
    "(?:between|separating|in between)(?: the)? (?:(?:B|R)(?: D)? (?:and|from)(?: the)? (?:B|R)|B(?: DD|$))"
    "|after(?: the)? [BR](?: D)? (?:but|and) before(?: the)? [BR]"
    "|before(?: the)? [BR](?: D)? (?:but|and) after(?: the)? [BR]"
)


def _are_joined(reading: Reading, tokens: str) -> bool:
    """Whether two of these are named side by side, so that either counts: “upheld and not upheld”."""
    between = "HOWMANY|which|what|those|were|was|are|did|DD|D|B|COLL|COMPARED|with|to|in|the|of|or|and|not|ones"
    return reading.has(rf"(?:{tokens})(?: DD)? (?:and|or|COMPARED|MORE|{tokens})(?: (?:{between}))*(?: (?:{tokens}))?")


APART = "HOWMANY (?:MONTH|YEAR|days|weeks)(?: \\S+){0,3} (?:between|separate|apart)|how long between|how long apart"
