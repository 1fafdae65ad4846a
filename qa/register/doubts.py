"""Whether a query may say something else than its question: a filter left out, or one turned round. No I/O."""

from __future__ import annotations

import datetime
import re

from index.decisions import fold
from qa.register.catalogue import Catalogue
from qa.register.filters import NEGATED, PLACED_BY_THEN
from qa.register.query import Anchor, Asks, RegisterQuery
from qa.register.reading import CONTRASTS, all_named
from qa.register.story import sentences
from qa.register.tokens import Reading
from qa.register.words import OUTCOMES
from qa.text.periods import Period


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
    day = datetime.timedelta(days=1)
    ends = [end for end in (told.first, told.last) if end is not None]
    own = [end for end in (period.first, period.last) if end is not None]
    return any(abs(one - other) <= day for one in ends for other in own)


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
    has = reading.has
    if query.asks == "cannot":
        return False
    if any(has(tokens) and query.asks not in asks for tokens, asks in _TOLD_BY):
        return True
    if has("between(?: the)? [BR](?: D)? and(?: the)? (?:LATEST|FIRST)"):
        return True
    both = has("LATEST(?: \\S+)* FIRST|FIRST(?: \\S+)* LATEST") and has("[BR](?: \\S+)* [BR]")
    if both and query.asks in ("latest", "first"):
        return True
    if query.asks in _OF_ALL and (query.nth > 1 or has("# (?:GAP|CLOSEST|MIDDLE|NEAREST|HIGHEST|LOWEST)")):
        return True
    if query.asks in _OF_ALL and _NTH_SAID.search(reading.text):
        return True
    if has("closed (?:or|and) [UNXPF]|[UNXPF](?: \\S+)? (?:or|and)(?: (?:the|were|was))* closed"):
        return True
    by_then = len(reading.periods) == 1 and has("(?:before|until|after|since) (?:that|then|those|this|it)")
    if by_then and not reading.said and not PLACED_BY_THEN.search(reading.text):
        return True
    pointed = "COMPARED (?:that|it|this|them|those)" + ("" if reading.periods else "|(?:that|this) (?:YEAR|MONTH)")
    if has(pointed) and query.anchor is None:
        return True
    if has("B(?: \\S+)* else") and not has("else(?: \\S+)* B") and query.bodies:
        return True  # “I know Kent's. What else is there?”
    if reading.told_bodies and query.without and reading.periods:
        return True
    if query.asks == "same" and _DIFFERENT.search(reading.text):
        return True
    if has(_ALL_BUT) and query.asks != "rest":
        return True
    if query.either and not _is_either(reading, query):
        return True
    if query.times is not None or (reading.numbers and query.asks == "bodies"):
        among = "OFTEN(?: \\S+)? (?:CATEGORY|TOPICS|YEAR|MONTH|OUTCOME|DATE|CC|C|K)"
        limited = _LIMITED if query.times is None else _NOT_MORE
        if has(among) or has(NEGATED) or limited.search(reading.text):
            return True
    if has("neither|nor") and not has("neither B nor B"):
        return True
    if has("not(?: (?:the|about|against|from|for|in|on|of|an?))* [BR]") and not query.without:
        return True
    if not has("EXCEPT") or query.asks == "like" or (query.asks == "gap" and has("EXCEPT an? D")):
        return False
    return (
        not has(_EXCEPTED)
        or has("EXCEPT(?: (?:the|those|of|for|in|D|DD|any|all|that|which|were|was|are|is|ones))* [UNXPFR]")
        or has("B(?: \\S+)* EXCEPT(?: \\S+)* B")
        or (has("LATEST|FIRST") and has("EXCEPT(?: \\S+){0,3} (?:LATEST|FIRST)") and query.asks != "rest")
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
