"""The filters that the words of a question set: bodies, categories, outcomes, dates, and decisions to go by; and
whether a query may say something else than its question: a filter left out, or one turned round. No I/O.
"""

from __future__ import annotations

import datetime
import functools
import itertools
import re
from collections.abc import Sequence

from index.decisions import Reference, fold
from qa.register.catalogue import Catalogue
from qa.register.query import MAX_DECISIONS, Anchor, Asks, RegisterQuery
from qa.register.reading import CONTRASTS, all_named, days_beside
from qa.register.story import sentences
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
    periods = _periods(reading)
    if not has(_NOT_THEN) and any(each.is_empty for each in periods):
        told = " and ".join(period_told(each) for each in reading.periods)
        detail = f"The dates exclude each other: no day is both {told}."
    anchor, bodies, references = _anchored(reading)
    categories, without_categories = _categories(reading)
    all_but_kind = reading.body_kind and has("EXCEPT(?: (?:the|for|of|DD|from|about))* CC")
    if all_but_kind:
        reading.body_kind = ""
    all_but_named = (
        all_but_kind
        or (len(reading.bodies) == 1 and has(_NOT_OF_BODY))
        or has(_ALL_BUT_BODY)
        or (reading.told_bodies and has(_OTHERS) and not has("else(?: \\S+){0,3} (?:B|in there|them|that C)"))
    )
    return RegisterQuery(
        "list",
        bodies=() if all_but_named else bodies,
        without=bodies if all_but_named else (),
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


_OTHERS = "else|other|others|another|remains?|rest"
_NOT_OF_BODY = "(?:that|which|who)(?: (?:is|are|was|were))? not(?: (?:the|about|from|against))* B$"
_ALL_BUT_BODY = (
    "EXCEPT(?: (?:the|those|of|in|for|from|about|against|on|D|DD|very|one|#))* B"
    "|B (?:aside|EXCEPT(?! (?:(?:the|in|under|CATEGORY) )*K))|neither B nor B"
)


def _periods(reading: Reading) -> tuple[Period, ...]:
    """The days that count; an empty period where its dates exclude each other."""
    periods = tuple(reading.periods)
    are_closed = all(each.is_closed for each in periods)
    if periods and are_closed and reading.has(_NOT_THEN):
        periods = _outside(periods)
    elif len(periods) > 1 and not reading.any_period and not (are_closed and _are_joined(reading, MARK)):
        periods = (functools.reduce(Period.within, periods),)
    if len(periods) == 1 and periods[0].is_closed and (then := PLACED_BY_THEN.search(reading.text)):
        periods = (days_beside(periods[0], then[1]),)
    if len(periods) == 1 and periods[0].is_closed and (than := _THAN_THEN.search(reading.tokens)):
        periods = (days_beside(periods[0], "after" if than[1] == "LATEST" else "before"),)
    return periods


_THAN_THEN = re.compile(rf"\b(LATEST|FIRST) COMPARED(?: the)? D {MARK}")


def _categories(reading: Reading) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The categories that count, and those that do not."""
    has, named = reading.has, reading.categories
    if len(named) == 2 and has("K(?: \\S+){0,4} or (?:is|are) (?:it|they|these|COLL)(?: \\S+)? K"):
        named.pop()  # “is there anything on housing, or is it all children?”
    if len(named) == 2 and has("K(?: CATEGORY| D| DD)* (?:of|in|within|under)(?: (?:the|CATEGORY))* K"):
        both = tuple(name for name in named[0] if name in named[1])
        named = reading.categories = [both] if both else named
    if len(named) == 2 and has("K(?: (?:and|but))? (?:EXCEPT|not)(?: (?:the|in|under|CATEGORY))* K"):
        return named[0], named[1]
    categories = tuple(dict.fromkeys(itertools.chain.from_iterable(named)))
    is_excepted = has("(?:EXCEPT|not|outside)(?: (?:the|those|of|in|under|for|about|what|is|are|any|D|DD|CATEGORY))* K")
    return ((), categories) if is_excepted else (categories, ())


def _times(reading: Reading) -> tuple[int, int | None] | None:
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
        owned = re.search(r"(?<!\S)B R(?!\S)", match[0]) is not None and len(reading.bodies) == 1
        own, others = (reading.every_body, ()) if owned else ((), reading.every_body)
        return Anchor(own, references[-1:], before), others, ()
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


def leaves_out(query: RegisterQuery, question: str, catalogue: Catalogue, today: datetime.date) -> bool:
    """Whether a question names a body, date, category or outcome that its answer would not heed.

    “Which are upheld? I only care about Kent.” is not to be answered with all. What a story tells is no filter.
    """
    if query.detail:
        return False
    placed = _BY_THEN.search(question.casefold()) is not None
    for piece in sentences(fold(question)):
        reading = all_named(piece, question, catalogue, today)
        if _leaves_out_of(query, reading, placed) and not _is_story(reading):
            return True
    return False


_BY_THEN = re.compile(r"\b(?:before|until|after|since|from) (?:that|then)\b|\bthat (?:day|date|month|year)\b")


def _leaves_out_of(query: RegisterQuery, reading: Reading, placed: bool) -> bool:
    """The same of one sentence; `placed` if another points back to the date in it: “since then”."""
    anchor = query.anchor or Anchor((), (), False)
    compares = query.asks in _COMPARES
    dated = compares or query.anchor is not None or query.asks in ("date", "nearest", "span", "middle")
    if not dated and not all(any(_is_of(each, period) for each in query.periods) for period in reading.periods):
        return True
    if not compares and not (placed and reading.periods):
        bodies, references = {*query.bodies, *query.without, *anchor.bodies}, {*query.references, *anchor.references}
        if not references >= {*reading.references}:
            return True
        if not (query.body_kind or references or query.asks == "bodies" or bodies >= {*reading.every_body}):
            return not (bodies & {*reading.every_body} and CONTRASTS.search(reading.text))
        if reading.unknown and not (query.unknown or bodies or references):
            return True
    told = {name for several in reading.categories for name in several}
    if query.asks not in _TELLS_CATEGORIES and told and not told & {*query.categories, *query.without_categories}:
        return not (query.asks == "compare" and len(reading.categories) > 1)
    outcomes = {OUTCOMES[token] for token in reading.tokens.split() if token in OUTCOMES and token != "F"}
    return query.asks not in _TELLS_OUTCOMES and not outcomes <= {*query.outcomes, query.told}


def _is_of(period: Period, told: Period) -> bool:
    """Whether a filter comes of the dates that were told: it shares an end with them, or begins or ends beside them."""
    pairs = itertools.product((told.first, told.last), (period.first, period.last))
    return any(one and other and abs(one - other) <= datetime.timedelta(days=1) for one, other in pairs)


# What they are asked of is told beside each other, or is not set by a filter.
_COMPARES = ("compare", "each", "most", "same", "like", "gap", "differ", "rest")
_TELLS_CATEGORIES = ("category", "categories", "like", "differ", "same")
_TELLS_OUTCOMES = (*_COMPARES, *_TELLS_CATEGORIES, "outcome", "outcomes", "share", "date")
_LIMITS = re.compile(
    r"\b(?:only|just|interest\w*|about|cover\w*|focus\w*|concern\w*|want\w*|need\w*|not|never|except|leav\w+|exclud\w+"
    r"|ignor\w*|care|mean|meant|limit\w*|restrict\w*|disregard\w*|collat\w*|compil\w*|gather\w*|look\w*|research\w*"
    r"|stud(?:y|ies|ying)|inquiry|from|or)\b|n't\b"
)
_MIN_STRANGE_IN_STORY = 3  # words that no register understands, in a sentence that tells a story


def _is_story(reading: Reading) -> bool:
    """Whether a sentence tells of somebody's life, and says nothing of which decisions are meant."""
    return len(reading.strange) >= _MIN_STRANGE_IN_STORY and not (
        reading.has("DD|D|COLL|CC") or _LIMITS.search(reading.text)
    )


_EXCEPTED = (
    "EXCEPT(?: (?:the|those|of|in|for|from|about|against|on|made|decided|dated|issued|what|is|are|any|D|DD|CATEGORY"
    "|very|one|#))* "
    "(?:B|K|T|CC|LATEST|FIRST)|B EXCEPT|(?:EXCEPT|else|other|others|another)(?: \\S+){0,8} (?:B|R) CATEGORY"
)
_OF_ALL = ("gap", "middle", "nearest", "highest", "lowest")
# What only these answers tell.
_TOLD_BY: tuple[tuple[str, tuple[Asks, ...]], ...] = (
    ("HIGHEST|LOWEST", ("highest", "lowest")),
    ("STARTING|ENDING", ("digits",)),
    ("GAP|CLOSEST", ("gap", "date")),
    ("NEAREST", ("nearest",)),
    ("WEEKDAY", ("weekday",)),
    ("MIDDLE", ("middle",)),
    ("TWINS", ("same", "gap")),
    ("SAME", ("same", "like", "differ", "date", "category", "compare", "body", "outcome", "outcomes")),
)
_ALL_BUT = (
    "(?:all|every|everything|any|anything|none|nothing|DD|D|CC|C|[UNXPF]) but"
    "(?: (?:the|for|those|in|from|about|very|D|DD))* (?:#|LATEST|FIRST|[BKTRUNXPF])"
)
_NTH_SAID = re.compile(r"\b(?:second|third|fourth|fifth|next|2nd|3rd|[4-9]th)\b")
_DIFFERENT = re.compile(r"\b(?:different|differing|but|not|other|unlike)\b")
_LIMITED = re.compile(r"\b(?:fewer|less|at most|(?:no|not) more|up to|or more|at least|minimum|maximum|over|under)\b")
_NOT_MORE = re.compile(r"\b(?:fewer|less|at most|(?:no|not|never) more|up to|maximum|under)\b")


def is_unsure(reading: Reading, query: RegisterQuery) -> bool:
    """Whether words that turn or join filters stand where the filters may not say what they mean."""
    return query.asks != "cannot" and (
        any(reading.has(tokens) and query.asks not in asks for tokens, asks in _TOLD_BY)
        or reading.has(_UNCLEAR)
        or (query.either and not _is_either(reading, query))
        or _is_order_unsure(reading, query)
        or _is_time_unsure(reading, query)
        or _is_number_unsure(reading, query)
        or _is_exception_unsure(reading, query)
    )


_UNCLEAR = (
    "between(?: the)? [BR](?: D)? and(?: the)? (?:LATEST|FIRST)"
    "|closed (?:or|and) [UNXPF]|[UNXPF](?: \\S+)? (?:or|and)(?: (?:the|were|was))* closed"
)


def _is_order_unsure(reading: Reading, query: RegisterQuery) -> bool:
    has = reading.has
    if query.asks in ("latest", "first"):
        return has("LATEST(?: \\S+)* FIRST|FIRST(?: \\S+)* LATEST") and has("[BR](?: \\S+)* [BR]")
    return query.asks in _OF_ALL and (
        query.nth > 1
        or has("# (?:GAP|CLOSEST|MIDDLE|NEAREST|HIGHEST|LOWEST)")
        or _NTH_SAID.search(reading.text) is not None
    )


def _is_time_unsure(reading: Reading, query: RegisterQuery) -> bool:
    by_then = len(reading.periods) == 1 and reading.has("(?:before|until|after|since) (?:that|then|those|this|it)")
    if by_then and not reading.said and not PLACED_BY_THEN.search(reading.text):
        return True
    pointed = "COMPARED (?:that|it|this|them|those)" + ("" if reading.periods else "|(?:that|this) (?:YEAR|MONTH)")
    return query.anchor is None and reading.has(pointed)


def _is_number_unsure(reading: Reading, query: RegisterQuery) -> bool:
    if query.times is None and not (reading.numbers and query.asks == "bodies"):
        return False
    among = "OFTEN(?: \\S+)? (?:CATEGORY|TOPICS|YEAR|MONTH|OUTCOME|DATE|CC|C|K)"
    limited = _LIMITED if query.times is None else _NOT_MORE
    return reading.has(f"{among}|{NEGATED}") or limited.search(reading.text) is not None


def _is_exception_unsure(reading: Reading, query: RegisterQuery) -> bool:
    has = reading.has
    if (
        # “I know Kent's. What else is there?”
        (query.bodies and has("B(?: \\S+)* else") and not has("else(?: \\S+)* B"))
        or (reading.told_bodies and query.without and reading.periods)
        or (query.asks == "same" and _DIFFERENT.search(reading.text))
        or (query.asks != "rest" and has(_ALL_BUT))
        or (has("neither|nor") and not has("neither B nor B"))
        or (not query.without and has("not(?: (?:the|about|against|from|for|in|on|of|an?))* [BR]"))
    ):
        return True
    if not has("EXCEPT") or query.asks == "like" or (query.asks == "gap" and has("EXCEPT an? D")):
        return False
    return (
        not has(_EXCEPTED)
        or has("EXCEPT(?: (?:the|those|of|for|in|D|DD|any|all|that|which|were|was|are|is|ones))* [UNXPFR]")
        or has("B(?: \\S+)* EXCEPT(?: \\S+)* B")
        or (query.asks != "rest" and has("LATEST|FIRST") and has("EXCEPT(?: \\S+){0,3} (?:LATEST|FIRST)"))
    )


def _is_either(reading: Reading, query: RegisterQuery) -> bool:
    """Whether a question asks for what passes one of just two filters of different kinds, and sets nothing else."""
    told = (reading.bodies, reading.categories, reading.periods)
    return (
        query.asks in ("list", "count")
        and sorted(len(each) for each in told) == [0, 1, 1]
        and bool(query.bodies) + bool(query.categories) + bool(query.periods) == 2
        and not (query.outcomes or query.without or query.without_categories or query.references or query.unknown)
        and not (query.anchor or query.limit or query.body_kind or query.detail or reading.has(NEGATED))
    )
