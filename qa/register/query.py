"""A question → what it asks of the register of decisions, or None where it is no question about the collection. No I/O.

The register knows of each decision its reference, body, category, outcome and date. A question is the register's where
every word of it is one that a register understands (qa.register.words), a name, a category or a date: “how many about
Kent were upheld?”. One word that is none of these makes it a question for the paragraphs (“how many days does a council
have to respond?”), and so do “must”, “my” and “the council”. Words that do no harm, such as adverbs and what the answer
is wanted for, count for nothing where the question plainly speaks of the decisions held (“a quick list of your cases”);
what was said before it is read where the question points back to it (“I live in Kent. Are we in there?”), and of a
story only the part that asks (qa.register.story). Whatever is found, each body, date, category and outcome that stands
anywhere in the question, but for such as only a story tells, must be in the query; else there is none. Only what
counts decisions by such a word (“how many decisions mention hotels?”) is neither: that query asks "cannot", and its
`detail` says why. So do totals, trends, rankings by what the texts say, the decisions of other ombudsmen, and how the
collection was chosen. In doubt it is None.

A body or reference that is named and not held is in `unknown`; whoever calls decides what is said of that.
"""

from __future__ import annotations

import calendar
import datetime
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.decisions import Reference, fold
from qa.register.reading import (
    CONTRASTS,
    LONGEST,
    Catalogue,
    Reading,
    all_named,
    days_beside,
    may_be_plain,
    names_one,
    read,
)
from qa.register.reading import read_loosely as loosely
from qa.register.story import parts, sentences
from qa.register.words import OUTCOMES, Outcome, is_harmless, spelt_out, without_asides
from qa.retrieval.question_entities import Names
from qa.text.periods import MARK, Period, period_told

Asks = Literal[
    "count",  # how many decisions
    "list",  # which decisions, or whether there are any
    "latest",
    "first",
    "bodies",
    "categories",
    "outcomes",
    "outcome",  # how a case ended, or whether it was upheld
    "date",
    "category",
    "reference",
    "body",
    "share",
    "compare",
    "most",  # what has most decisions, or fewest
    "each",  # how many of each
    "span",  # from when to when
    "middle",  # that in the middle, by date
    "nearest",  # that made nearest to a day
    "differ",  # what the register has of each
    "gap",  # the two that follow each other with the longest time between, or the shortest
    "same",  # those that share something with another
    "like",  # the others that share something with those that are named
    "rest",  # all but the latest or the first
    "digits",  # those whose references begin or end so
    "highest",  # by reference
    "lowest",
    "weekday",  # those made on such a day of the week
    "cannot",
]
By = Literal["body", "year", "month", "date", "category", "outcome"]

LONGEST_STORY = 600
"""Characters of a question with all that is told beside it."""

MOST_SHOWN = 50
"""Decisions of one answer."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A decision by which others are placed in time: “after the Kent decision”."""

    bodies: tuple[str, ...]
    references: tuple[Reference, ...]
    before: bool
    between: bool = False
    """Whether the days between the first and the last of several are meant."""
    forwards: bool | None = None
    """Of two, whether the first that is named is told to be the earlier: “after Kent's and before Halton's”."""
    dated: bool = False
    """Whether the dates of the query are its own: “after the Kent decision of May 2022”."""


@dataclass(frozen=True, slots=True)
class RegisterQuery:
    """What a question asks: values of one field are either-or, an empty field lets everything through."""

    asks: Asks
    bodies: tuple[str, ...] = ()
    """By their full names."""
    without: tuple[str, ...] = ()
    """Bodies that do not count."""
    without_categories: tuple[str, ...] = ()
    body_kind: str = ""
    """“county councils”, where the question tells no names; `bodies` are those of the kind."""
    references: tuple[Reference, ...] = ()
    categories: tuple[str, ...] = ()
    """By their full names; also such of the Ombudsman's as no decision has."""
    outcomes: tuple[Outcome, ...] = ()
    periods: tuple[Period, ...] = ()
    anchor: Anchor | None = None
    limit: int | None = None
    nth: int = 1
    """Which of the latest or the first: 2 is the second."""
    by: By | None = None
    least: bool = False
    either: bool = False
    """Whether one of two filters of different kinds is enough: “about Kent or in child protection”."""
    shared: tuple[By, ...] = ()
    """What decisions are to have in common."""
    weekdays: tuple[int, ...] = ()
    """Days of the week, 0 is Monday."""
    digits: str = ""
    """How references begin, or end, with ^ before or $ after."""
    times: tuple[int, int | None] | None = None
    """How many decisions each body must have: at least, and at most."""
    told: Outcome | None = None
    """The outcome of which a yes or no, or a share, is asked."""
    unknown: tuple[str, ...] = ()
    """Bodies and references that are named and not held, as they were written."""
    detail: str = ""
    """Why there is no answer, for "cannot"; or which filters exclude each other."""


_ALL_HELD = RegisterQuery("list")


def outcome_of(name: str) -> Outcome | None:
    """The kind of an outcome as a decision has it: “Not upheld: no fault” is not upheld. None for any other."""
    key = name.casefold().strip()
    if key.startswith(("not upheld", "no fault", "no maladministration")):
        return "not upheld"
    if key.startswith(("part upheld", "partly", "partially", "part-upheld")):
        return "partly upheld"
    if key.startswith(("closed", "not investigated", "discontinued")):
        return "closed"
    return "upheld" if key.startswith(("upheld", "fault", "maladministration")) else None


def read_query(question: str, names: Names, catalogue: Catalogue, today: datetime.date) -> RegisterQuery | None:
    """What a question asks of the register; None where it is no question about the collection.

    `names` and `catalogue` are those of one version of the index, `today` is the day that “last year” goes by.
    """
    if (beyond := _beyond(question, names, catalogue)) is not None:
        return beyond
    found = _read_whole(question, names, catalogue, today)
    if found is None or (found.detail == _NOT_COUNTED and not _goes_beyond(question)):
        found = _read_in_story(question, names, catalogue, today) or found
    if found is not None and found.asks != "cannot" and _leaves_out(found, question, names, catalogue, today):
        return None
    return found if found is not None else _read_word_by_word(question, names, catalogue, today)


def _leaves_out(query: RegisterQuery, question: str, names: Names, catalogue: Catalogue, today: datetime.date) -> bool:
    """Whether a question names a body, date, category or outcome that its answer would not heed.

    “Which are upheld? I only care about Kent.” is not to be answered with all. What a story tells is no filter.
    """
    if query.detail:
        return False
    placed = _BY_THEN.search(question.casefold()) is not None
    for piece in sentences(fold(question)):
        reading = all_named(piece, question, names, catalogue, today)
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
_TELLING = 3  # words that no register understands, in a sentence that tells a story


def _is_story(reading: Reading) -> bool:
    """Whether a sentence tells of somebody's life, and says nothing of which decisions are meant."""
    return len(reading.strange) >= _TELLING and not (reading.has("DD|D|COLL|CC") or _LIMITS.search(reading.text))


def _goes_beyond(question: str) -> bool:
    """Whether words anywhere in a question ask for what no register tells."""
    text = spelt_out(question)
    return any(words.search(text) for words in (_REACHES_FURTHER, _LENGTH, _AVERAGE, _TREND))


def _read_whole(question: str, names: Names, catalogue: Catalogue, today: datetime.date) -> RegisterQuery | None:
    """What all of a question asks."""
    reading = read(question, names, catalogue, today)
    if reading is None:
        return None
    if _OF_ITSELF.search(reading.text) and reading.has("COLL|DD|these(?: \\S+)? #"):
        return RegisterQuery("cannot", detail=_NOT_OF_ITSELF)
    if _OTHER_OMBUDSMAN.search(reading.text) and reading.has("DD|COLL|any|anything|list"):
        return RegisterQuery("cannot", detail=_NOT_HIS)
    text = reading.text
    if _LENGTH.search(text) and reading.has("B|R|DD?|COLL|#|all|them|HOWMANY"):
        return RegisterQuery("cannot", detail=_NOT_COUNTED)
    if reading.strange or _REACHES_FURTHER.search(text) or (_MEANS.search(text) and _SUMS.search(text)):
        return _uncountable(reading)
    if reading.said and not reading.subject and reading.has(_FIELDS_ONLY):
        return _read_whole(reading.said, names, catalogue, today)
    if reading.said and not reading.told_bodies and reading.has("remains?|remaining|left|else|others?|rest"):
        whole = loosely(question, names, catalogue, today)  # “Leave out Kent. What remains?”
        return None if whole is None or whole.strange else _read_word_by_word(question, names, catalogue, today)
    found = None if _is_about_other_things(reading) else _asked(reading)
    if found is None and reading.said and not CONTRASTS.search(reading.said):
        # “I want a council with a clean sheet. Any?” asks with both of its sentences.
        whole = loosely(question, names, catalogue, today)
        if whole is not None and not whole.strange and not _is_about_other_things(whole):
            return _asked(whole)
    return found


def _read_in_story(question: str, names: Names, catalogue: Catalogue, today: datetime.date) -> RegisterQuery | None:
    """What one part of a question asks that says by itself which decisions are meant, whatever is told beside it."""
    if len(question) > LONGEST_STORY:
        return None
    for asked, told in parts(fold(question)):
        reading = read(asked, names, catalogue, today, told)
        if reading is None or reading.strange or _is_about_other_things(reading) or not _is_by_itself(reading):
            continue
        if reading.has(_FIELDS_ONLY):
            query = _read_whole(told, names, catalogue, today)
        else:
            query = _asked(reading)
            if query is None and not reading.told_bodies:
                query = _read_word_by_word(asked, names, catalogue, today)
        if query is not None and query.asks != "cannot":
            return None if _goes_beyond(question) else query
    return None


_OF_COLLECTION = (
    "DD|COLL|anything|everything|HOWMANY|hits|matches|matching|what is there|EXCEPT(?: \\S+)* (?:what|which)(?: DD)?"
    " (?:remains?|(?:is |are )?left)"
)
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|dr)\b", re.IGNORECASE)


def _read_word_by_word(question: str, names: Names, catalogue: Catalogue, today: datetime.date) -> RegisterQuery | None:
    """What a question asks in no wording that is known here, if every word of it is the register's own."""
    if len(question) > LONGEST or _TITLE.search(question) or not may_be_plain(question, catalogue):
        return None
    reading = loosely(question, names, catalogue, today)
    if reading is None or reading.strange or any(map(is_harmless, reading.tokens.split())):
        return None
    if reading.has(
        "COMPARED|differs?|(?:the|this|that|which) C|what (?:did|does|do|has|had)|HOWMANY (?:days|weeks|MONTH|YEAR)"
        "|how much"
    ):
        return None
    if reading.has("what (?:is|was|were)(?! (?:there|decided|made|DD|COLL|held|available))"):
        return None
    if not reading.has(_OF_COLLECTION) or _is_about_other_things(reading):
        return None
    query = _asked_loosely(reading, question)
    if query is None or query.asks == "cannot" or not _sets(query):
        return None
    return None if _leaves_out(query, question, names, catalogue, today) else query


# What asks of each decision that was spoken of before, and not which ones.
_FIELDS_ONLY = (
    "^(?:(?:list|which|what|HOWMANY|the|and|its|their|of|for|with|is|are|was|were|it|they|them|both|EACH|all|on|full|DATE"
    "|REF|C|CC|CATEGORY|OUTCOME)(?: |$))+$"
)
# What points to something that was told.
_TOLD_BEFORE = re.compile(
    r"\b(?:like|about|on|of|for|to|with|from|against|after|before|since|than) (?:that|this|it|them|these|those|her)\b"
    r"|\b(?:such|similar|their|theirs|they|it(?!\W*$)|its(?! (?:sub)?-?categor)|this|those|these|then)\b"
    r"(?! (?:collection|database|register|site|tool))|(?<!outcome )\bsa(?:ys?|id)\b|\b(?:tell|show|mention|state)s\b"
)


def _is_by_itself(reading: Reading) -> bool:
    """Whether what a part of a question asks needs nothing of what was told beside it."""
    if reading.subject:
        return True
    filtered = reading.periods or reading.categories or reading.has("[UNXP]|COLL|CC|LATEST|FIRST|HOWMANY DD")
    spoken_of = reading.has(
        "DD|COLL|CC|K|anything|everything|(?:any|list|which|what|every|all|LATEST|FIRST)(?: \\S+)? D"
    )
    return bool(filtered and spoken_of) and not _TOLD_BEFORE.search(reading.text)


def _asked(reading: Reading) -> RegisterQuery | None:
    """What the tokens ask, None where they ask nothing that a register answers, or what it may answer wrongly."""
    query = _filtered(reading)
    found = next((found for ask in _ASKS if (found := ask(reading, query)) is not None), None)
    return None if found is not None and _is_unsure(reading, found) else found


_EXCEPTED = (
    "EXCEPT(?: (?:the|those|of|in|for|from|about|against|on|made|decided|dated|issued|what|is|are|any|D|DD|CATEGORY"
    "|very|one|#))* "
    "(?:B|K|T|CC|LATEST|FIRST)|B EXCEPT|(?:EXCEPT|else|other|others|another)(?: \\S+){0,8} (?:B|R) CATEGORY"
)
_NEGATED = "not|no|never|neither|nor|EXCEPT|without"
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


def _is_unsure(reading: Reading, query: RegisterQuery) -> bool:
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
    if by_then and not reading.said and not _PLACED_BY_THEN.search(reading.text):
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
        if has(among) or has(_NEGATED) or limited.search(reading.text):
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
        and not (query.anchor or query.limit or query.body_kind or query.detail or reading.has(_NEGATED))
    )


def _sets(query: RegisterQuery) -> bool:
    """Whether a query has any filter."""
    return replace(query, asks="list", limit=None, nth=1) != _ALL_HELD


def read_loosely(question: str, names: Names, catalogue: Catalogue, today: datetime.date) -> RegisterQuery | None:
    """What a question asks that is probably about the collection, whatever else stands in it; None where it seeks
    something else after all.

    Where the words do not say what is asked, it is how many decisions pass the filters that they set, and which.
    """
    reading = loosely(question, names, catalogue, today)
    if reading is None:
        return None
    found = _asked_loosely(reading, question)
    if found is None or found.asks == "cannot":
        return found
    return None if _leaves_out(found, question, names, catalogue, today) else found


def _asked_loosely(reading: Reading, question: str) -> RegisterQuery | None:
    """The same, whatever it may leave out; takes the words that no register understands out of the reading."""
    if _SAYING.search(reading.text) or reading.has("what is the (?:LATEST|FIRST) D about"):
        return None
    if (
        _ADVISES.search(reading.text)
        or _TIED.search(reading.text)
        or not (reading.unknown or reading.has(_SPEAKS_OF_SOME))
    ):
        return None
    if _is_of_one_case(reading, question):
        return None
    if (uncountable := _uncountable(reading)) is not None:
        return uncountable
    if len(reading.periods) == 1 and reading.periods[0].is_closed and (event := _OF_EVENT.search(reading.text)):
        reading.periods = [days_beside(reading.periods[0], event[1])]
    strange, narrows = reading.strange, reading.narrows
    reading.leave_strange()
    query, found = _filtered(reading), _asked(reading)
    if found is None and _is_unsure(reading, replace(query, asks="list")):
        return None
    if found is None and len(reading.tokens.split()) < _FEWEST_ASKING:
        return None
    filtered = reading.subject or query != replace(_ALL_HELD, limit=query.limit, nth=query.nth)
    if len(strange) > (found is None or found.asks != "outcome") and found is not None and found.asks in _OF_ONE:
        return None
    if narrows or (not filtered and (found is None or (strange and found.asks in _OF_EVERYTHING))):
        # What was left out changes what is asked.
        return cannot_count() if reading.has(_COUNTS) or not filtered else None
    return found or replace(query, asks="list")


# “After my baby was born, that was 1 December 2021”.
_OF_EVENT = re.compile(rf"\b(before|until|after|since) (?:i|we|my|our|he|she|they|his|her|their)\b.*\b{MARK}\b")
_SAYING = re.compile(
    r"\b(?:what|why)\b(?: \S+){0,5} (?:says?|said|concluded?|recommend(?:ed)?)\b"
    r"|\b(?:what|everything|all) (?:B|(?:the|this|that) (?:C|council)) (?:(?:has|have|had|was|were) )?"
    r"(?:to \w+|agreed|said|did|told|paid|offered|asked)\b"
)
_TIED = re.compile(r"\b(?:tied|equal|level with)\b")
_ADVISES = re.compile(
    r"^\W*(?:how (?:do|can|should|would|to)|what (?:can|should|do)|where (?:do|can)|who (?:do|can)) (?:i|we|you)\b"
    r"(?! (?:have|hold|cover|get|find|see))"
)
# Of what a register has: “is Kent worth a visit?” speaks of none.
_SPEAKS_OF_SOME = (
    "DD?|COLL|CC|HOWMANY|SHARE|MOST|FEWEST|EACH|LATEST|FIRST|list|anything|everything|something|nothing|none|any|REF|DATE"
    "|YEAR|MONTH|OFTEN|ONCE|CATEGORY|TOPICS|OUTCOME|SPAN|U|N|X|P|F|EITHER|K|T|which|what"
    "|who(?: \\S+){0,3} T|when|hits|EXCEPT|MORE|COMPARED"
)
_FEWEST_ASKING = 3  # tokens: “council” asks nothing
_COUNTS = "HOWMANY|SHARE|MOST|FEWEST|EACH"
_OF_ONE = ("date", "outcome", "category", "body")
_OF_EVERYTHING = ("list", "count", "bodies", "share", "outcomes", "compare", "reference")


def cannot_count() -> RegisterQuery:
    """The query of a question that is about the collection, but on what no register holds."""
    return RegisterQuery("cannot", detail=_NOT_COUNTED)


def read_as_uncountable(
    question: str, names: Names, catalogue: Catalogue, today: datetime.date
) -> RegisterQuery | None:
    """The query of a question that probably counts what no register holds; None where it is about one case."""
    reading = all_named(question, question, names, catalogue, today)
    return None if _is_of_one_case(reading, question) else cannot_count()


def _is_of_one_case(reading: Reading, question: str) -> bool:
    """Whether a question names somebody in a case, or one decision or body and nothing that there are several of."""
    if _TITLE.search(question):
        return True
    narrow = reading.subject and reading.has("HOWMANY [a-z]+") and bool(reading.strange)
    return bool(narrow and not reading.has("DD|CC|COLL|D|TIMES|MOST|FEWEST|SHARE|MORE|[UNXPKT]"))


# What cannot be counted ----------------------------------------------------------------------------------------------

_NOT_COUNTED = (
    "The register holds each decision's council, date, category, outcome and reference; it cannot count what the texts "
    "say. Ask about the subject itself to find the paragraphs, or how many decisions are about a council, "
    "in a category "
    "or upheld."
)
_NOT_ALL = (
    "Only the decisions held here can be counted, which tell neither how all councils do nor what the Ombudsman does "
    "elsewhere. Ask how many decisions are held, in a year, or about a council."
)
_NO_SUMS = (
    "The register holds no sums and no times taken, so there is no total or average to give. "
    "Ask what was paid or done in one case to find the paragraphs."
)
# Beyond the decisions held, even where every word is understood.
_REACHES_FURTHER = re.compile(
    r"\bnational(?:ly)?\b|\bnationwide\b|\bcountry\b|\b(?:in|across) (?:england|the uk|britain)\b|\b"
    r"(?:english councils|league table|worst|best)\b|\b(?:that|which|ones|complaints|decisions"
    r"|cases) you do not (?:hold|have)\b|\b(?:ombudsman|lgsco|lgo)\b.{0,50}\b(?:a|per|each|every) year\b"
    r"|\bannually\b|\b(?:complaints?|cases?) (?:were |was |being )?received\b|\breceived? (?:by|complaints)\b|\b"
    r"(?:ombudsman|lgsco|lgo) (?:\w+ )?(?:receives?|received|gets?|got|handles?|handled|deals?|dealt)\b|\b"
    "(?:complaints? (?:made )?to|rates? (?:of|for|at)) (?:the )?(?:local government (?:and social care )?)?"
    r"(?:ombudsman|lgsco|lgo)\b|\b(?:going|gone) (?:up|down)\b|\bincreas|\bdecreas|\btrend|\bsince (?:it"
    r"|they) (?:started|began|opened|was|were)\b|\b(?:ombudsman|lgsco|lgo)\b.{0,20}\bever\b|\bever (?:issued"
    r"|published|made) by\b|\b(?:compliance|satisfaction|response) rates?\b|\b(?:ombudsman's|lgsco's) (?:entire"
    r"|whole|total|overall|full)\b|\b(?:getting|got|gotten|become|becoming) (?:any )?(?:better|worse)\b|\b(?:better"
    r"|worse) or (?:worse|better)\b|\bper (?:head of|capita|thousand|[0-9]{1,3},?000)\b|\bnot (?:just"
    r"|only) (?:the )?(?:ones?|those|what) (?:you|here|in here|held)|\bi mean ever\b|\bof all time\b"
)
_ASKS_OF_ALL = (
    "HOWMANY|SHARE|MOST|FEWEST|EACH|list|MORE|U|N|which|who|DD received",
    "DD|D|CC|C|COLL|U|N|SHARE|TIMES|ombudsman|ombudsmans|ombudsmen|ombudsman's",
)
_AVERAGE = re.compile(
    r"\b(?:average|averages|typical|typically|median|mean|usual|usually|add up|adding up|sum of|total amount"
    r"|grand total|rank\w*|how much|total (?=compensation|amount|money|payments?|payout|sums?|redress|awards?))\b"
    r"|\b(?:which|what) (?:decision|case|council|complaint)s?\b.{0,40}\b(?:most|least|highest|lowest|biggest"
    r"|longest|shortest|largest)\b"
)
_MEANS = re.compile(r"\b(?:average|median|mean)\b")
_SUMS = re.compile(
    r"\b(?:payments?|amounts?|awards?|awarded|compensation|sums?|remed\w+|payouts?|pay|paid|redress|settlements?|money"
    r"|pounds|£\w*|fines?|damages|how long|months|weeks|days|time)\b"
)
_RANKED = re.compile(
    r"\brank(?:ed|ing)?\b(?!.*\b(?:date|number|count)\b)|\b(?:DD?|CC?|which|what)\b.{0,30}\b(?:longest|shortest"
    "|lengthiest|harshest|strongest|toughest|severest|gravest|saddest|(?:most|least) (?:serious|severe|critical"
    r"|damning|important|expensive|costly|shocking|relevant|interesting|similar))\b"
)
# Of the collection itself: who chose it, and when it was brought up to date.
_OF_ITSELF = re.compile(
    r"\b(?:updated|refreshed|representative|sampled|typical (?:of|sample)|who (?:picked|chose|selected|collected"
    r"|compiled|gathered|uploaded|made|runs|maintains)"
    r"|(?:were|was|are) (?:they|these|those|\w+ decisions) (?:picked|chosen|selected|sampled|collected|gathered))\b"
)
_NOT_OF_ITSELF = (
    "The register does not tell how the decisions held were chosen or when they were last brought up to date. "
    "Ask how many decisions are held, and from when to when they were made."
)
_LENGTH = re.compile(
    r"\bhow many (?:pages|words|paragraphs|sentences|lines)(?: long)? (?:is|are|do|does|has|have|make up)\b"
    r"|\b(?:word|page|paragraph) (?:counts?|totals?|lengths?)\b"
)
_OTHER_OMBUDSMAN = re.compile(
    r"\b(?:scottish|welsh|wales|scotland|ireland|irish|housing|parliamentary|health service|financial|legal"
    r"|pensions?|property|energy|european|motor|furniture|telecoms|waterways|prisons?)\b"
    r"(?: \w+){0,3} ombudsm[ae]n\b|\bombudsm[ae]n (?:for|of) (?:wales|scotland|northern ireland|ireland)\b|\bphso\b"
)
_NOT_HIS = (
    "Only decisions of the Local Government and Social Care Ombudsman are held. "
    "Ask how many there are, or which councils they are about."
)
_RATES = re.compile(r"\b(?:compliance|satisfaction|response|completion) rates?\b")
_TREND = re.compile(r"\b(?:getting|got|gotten|become|becoming) (?:any )?(?:better|worse)\b|\bover time\b|\btrends?\b")
_WORD_COUNTED = re.compile(r"\b(?:word|phrase|term|expression|section|statute|act)\b")
_ASKS_AVERAGE = re.compile(r"(?:what is the )?(?:average|typical|median)\b")
_EXTREME = (
    "(?:longest|shortest|lengthiest|harshest|toughest|strongest)(?: [a-z]+)? DD?|MOST (?:TOPICS|CATEGORY) of [a-z]+"
)
_ONE_CASE = "the C|this D|the D|that D|R|mrs?|ms"
_COUNTED = (
    r"(?:HOWMANY|SHARE)(?: (?:of|the|all|your|these|those|such|U|N|#|in|COLL|held))* "
    r"(?:DD|D|CC|C|COLL|CATEGORY|TIMES|TOPICS|paragraphs?|pages?|words?|sentences?|documents?|mums|dads|mothers|fathers"
    r"|parents|families|people|complainants|investigators|of|them|were about|are about)"
    r"|of (?:the |these |those |all |your )*(?:DD|CC)(?: \S+){0,2} HOWMANY"
)
_WHO_MOST = (
    r"(?:who|which|what)(?: \S+){0,4} (?:MOST|FEWEST)(?: \S+){0,3} "
    r"(?:paragraphs?|pages|words|DD|complained|complaints|often)|.*MOST (?:paragraphs|pages|words)|(?:which"
    r"|what) C{1,2} (?:paid|pays|pay|awarded|owed)(?: out)?(?: the)? MOST"
)


_CASE = r"(?:decision|case|ruling|judge?ment|complaint|council|authority|authoritie|investigation|report)s?"
_EXTREMELY = (
    "(?:longest|shortest|lengthiest|harshest|strongest|toughest|severest|gravest|saddest|worst|costliest|priciest"
    "|angriest|heaviest|strictest|slowest|quickest|fastest|clearest|simplest|(?:most|least) (?:serious|severe"
    "|critical|damning|important|expensive|costly|shocking|relevant|interesting|complex|complicated|significant"
    "|controversial|generous|detailed|unusual|useful|helpful|similar|scathing|harsh))"
)
_FAILING = (
    r"(?:faults?|failings?|failures?|problems?|reasons?|mistakes?|errors?|issues?|remed(?:y|ies)|themes?|injustices?"
    r"|recommendations?|words?|criticisms?|grievances?|phrases?|causes?)"
)
_SUM = r"(?:payments?|payouts?|compensation|awards?|remed(?:y|ies)|sums?|amounts?|fines?|settlements?|redress|damages)"
_DOES = (
    r"(?:pa(?:id|ys?)|apologi[sz]\w*|awarded|owe[sd]?|offer(?:s"
    r"|ed)?|respond(?:s|ed)?|replie[sd]|reply|complie[sd]|comply"
    r"|delay(?:s|ed)?|fail(?:s|ed)?|spent|took|takes|costs?|attract(?:s|ed)?|agreed|recommend(?:s|ed)?|suffered)"
)
_MANY = r"(?:percentage|percent|per cent|proportion|share|fraction|%) of"
_MOSTLY = r"(?:most|least|highest|lowest|biggest|largest|smallest|fastest|quickest|slowest|soonest|longest)"
# What is spoken of has to be the decisions held, and not what happened in one of them.
_SEVERAL = re.compile(
    r"\b(?:decisions|cases|complaints|rulings|judge?ments|councils|authorities|bodies|collection|database|dataset|archive"
    r"|reports you (?:hold|have))\b"
)
_WHO_OF_ALL = (
    r"^\W*who (?:\w+ )?complain\w*(?: the)? most\b"
    r"|^\W*who (?:\w+ ){0,4}(?:pay|paid|pays|owed|awarded|got)(?: out)?(?: the)? most (?:money|compensation)\b"
)
_TIMES_SAID = r"\bhow (?:many times|often) (?:is|does|do|did|has|have|was) (?:the )?(?:word|phrase|term)s?\b"
# What speaks of all decisions whatever else stands in the question, and why there is no answer.
_BEYOND_ANY: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), detail)
    for pattern, detail in (
        (
            rf"{_TIMES_SAID}|\bof (?:all )?(?:the |these |those |your )?(?:people|families|parents|complainants)"
            rf"(?: \w+){{0,4}},? how many\b|\bthe (?:cases|decisions) (?:where"
            rf"|in which)\b.{{0,80}}\bhow many (?:are they|are there|is that)\b",
            _NOT_COUNTED,
        ),
        (
            r"^\W*(?:what is the |what's the )?(?:average|mean|median)(?: \w+)? (?:length|size|time)\b|^\W*"
            r"(?:what is the |what's the )?(?:average|mean|median)\b.*\b(?:across|over (?:all|the (?:whole"
            rf"|entire)))\b|\bon average\b.*\b{_SUM}\b|\b{_SUM}\b.*\bon average\b|\bon average\W{{1,2}}how (?:long"
            r"|much|many)\b|^\W*how (?:long|much|many)\b.*\bon average\b|\badd(?:ed|ing)? (?:up|together) (?:all )?"
            rf"(?:the |of the )?(?:money|{_SUM})\b.*\b(?:every|all|each|councils) |\badd up (?:what|everything"
            r"|all)\b.*\b(?:famil\w+|council\w*|cases)\b.*\b(?:paid|pay|got|owed)\b|^\W*rank\b.*\bby how (?:much"
            r"|long) (?:they|each)\b",
            _NO_SUMS,
        ),
        (
            r"\b(?:league )?tables? of (?:all |the )?(?:\w+ )?(?:councils|authorities)\b|\bleague tables?\b"
            r"|\b(?:more|fewer|less) (?:complaints|decisions|cases) (?:now )?than (?:it|they|there)"
            r" (?:did|had|were|was)\b",
            _NOT_ALL,
        ),
    )
)
_ONE_OF_ALL = re.compile(
    rf"\b(?:which|what) (?:decision|case|ruling|council|authority)\b(?: [\w']+){{0,6}} (?:the )?(?:{_EXTREMELY}"
    rf"|{_MOSTLY})\b|^\W*(?:which|what)(?: is|'s) the {_EXTREMELY} (?:decision|case|ruling|council|authority)\b|\b"
    r"(?:which|what) of (?:the|these|those|your) (?:five|lot|them|ones) (?:is|was|has|are|were)\b"
    rf"(?: [\w']+){{0,6}} {_EXTREMELY}\b|\bin how many\b|{_WHO_OF_ALL}|\b(?:average|mean|median|typical) (?:{_SUM}"
    r"|cost|amount)\W*$"
)
_SOMEBODY = re.compile(
    r"\b(?:did|does|do|was|were|must|should|can|could|may|has|had|have) (?:the|a|an|this|that|his|her|their|my"
    r"|our) (?!(?:decision|case|complaint|ruling|council|judgment)s\b|five\b|ombudsman\b|same\b|most\b|least\b"
    r"|main\b|\w+est\b)\w+|\b(?:mr|mrs|ms|miss|she|he|her|his|him|my|our)\b|\bthe (?:social worker|mother|father"
    r"|school|family|child)\b|\b(?:this|that|the|its|an?) (?:\w+ )?(?:case|complaint)(?='s|\W*$)(?<!est case)"
)
_IN_HOW_MANY = re.compile(rf"\bin how many\b|{_TIMES_SAID}")
_BEYOND: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), detail)
    for pattern, detail in (
        (
            # “which decision is the harshest”, “the most expensive case”
            rf"\b(?:which|what|whose) (?:of (?:the|these|your|those) )?(?:{_CASE}|(?:five|lot)(?= (?:is|was|has|are"
            rf"|were)))\b(?: [\w']+){{0,4}} {_EXTREMELY}\b(?! (?:gap|stretch|time|period|ago))"
            rf"|\b{_EXTREMELY} (?!one)(?:\w+ )?{_CASE}\b(?! (?:the|that|she|he|they|mr|ms|mrs|made)\b)"
            # “the most common fault in these decisions”, “which fault comes up most often”
            rf"|\b(?:most (?:common|frequent|usual|typical|often|repeated)|commonest|main) (?:\w+ )?{_FAILING} "
            r"(?:in|across|of|among|behind) (?:(?:all|the|these|those|your|five|of) ){0,3}"
            r"(?:decisions|cases|complaints|rulings|collection|database|dataset|archive)\b"
            r"(?! (?:handling|procedure|process|team|system|officer))"
            rf"|\b(?:which|what) {_FAILING}(?: \w+){{0,4}} (?:most|least) (?:often|frequently|common)"
            # “which council paid most”, “which case had the biggest payment”
            rf"|\b(?:which|what) {_CASE}(?: \w+){{0,3}} {_DOES}(?: \w+){{0,3}} {_MOSTLY}\b(?! {_SUM})|\b(?:which"
            rf"|what) (?:decision|case|ruling|one)s?\b(?: \w+){{0,4}} {_MOSTLY} (?:\w+ )?{_SUM}|\b(?:word|page"
            rf"|paragraph) (?:count|length)\b|\b(?:which|what) investigators? (?:\w+ ){{1,3}}decisions\b"
            rf"|\bin how many (?:of )?(?:(?:the|these|those|your|all|them|five|cases|decisions) ){{0,4}}"
            r"(?:you (?:have|hold) )?(?:did|was|were|does|do|has|have|is|are)\b(?!.*\b(?:uph[eo]ld|fault|los[et]"
            rf"|w[io]n|rejected|decided|outcome)\b)|{_WHO_OF_ALL}"
            # “how many decisions contain the word sorry”
            r"|\bhow many (?:of )?(?:(?:the|these|those|your|all|different|five) ){0,3}"
            r"(?:decisions|cases|complaints|councils|paragraphs|words|pages)\b.{0,60}\b(?:the (?:word|phrase|term)"
            r"|mention|refer(?:red)? to|cite|quote|discuss|talk about)\b"
            r"|\bwhat (?:do|does)\b.{0,50}\b(?:decisions|cases|complaints|they|these|those)\b.{0,20}\bin common\b"
            r"|\b(?:which|what|any|how many)(?: \w+){0,3} (?:decisions|cases|complaints|rulings)\b.{0,30}"
            r"\bsame (?:investigator|social worker|officer|solicitor|school|author)\b",
            _NOT_COUNTED,
        ),
        (
            rf"\b(?:the|an?|is|your|overall) (?:average|mean|median|typical) (?:\w+ ){{0,2}}"
            rf"(?:(?:{_SUM}|cost)(?=\W*$)|amount(?=\W*$)|(?:{_SUM}|time|delay|length|wait|cost|number)\b"
            r"(?=.{0,60}\b(?:decisions|cases|per (?:decision|case|council)|a decision|across|overall)\b))"
            rf"|\btotal (?:of|for|across) (?:all )?(?:the )?(?:\w+ )?{_SUM}\b",
            _NO_SUMS,
        ),
        (
            r"\b(?:all|any) (?:the )?(?:complaints|cases|decisions) ever\b"
            r"|\bhow many decisions did the (?:ombudsman|lgsco) (?:publish|make|issue)\b.*\b(?:all"
            rf"|every) councils?\b|\bper (?:head of|capita|thousand|[0-9]{{1,3}},?000)\b"
            rf"|\b{_MANY} (?:[\w']+ ){{0,4}}(?:caseload|workload)\b|\b{_MANY} all (?:the )?complaints\b"
            rf"(?!.{{0,50}}\b(?:here|held|hold|have|collection|database)\b)|\b{_MANY} (?:[\w']+ ){{0,3}}"
            rf"(?:complaints|cases)\b.{{0,90}}\b(?:(?:reach|go to|went to|get to|with) the ombudsman|internally"
            rf"|at stage|received|national)|\bhow many complaints (?:does|do|did)(?: \w+){{1,5}} (?:get|receive|have"
            rf"|handle|deal with|investigate|look at)\b(?=.{{0,20}}\b(?:a|an|each|every|per|typical|in)\b)",
            _NOT_ALL,
        ),
    )
)


def _beyond(question: str, names: Names, catalogue: Catalogue) -> RegisterQuery | None:
    """What no register can tell of the decisions held: rankings by what texts say, means, and what is not held.

    None where one body or decision is named, or somebody in a case did something: then paragraphs may tell.
    """
    if len(question) > LONGEST:
        return None
    text = question.casefold()
    told = next((told for beyond, told in _BEYOND_ANY if beyond.search(text)), "")
    alone = bool(told)
    if not told and (_SEVERAL.search(text) or _ONE_OF_ALL.search(text)):
        told = next((told for beyond, told in _BEYOND if beyond.search(text)), "")
    if not told or (_SOMEBODY.search(without_asides(spelt_out(text))) and not _IN_HOW_MANY.search(text)):
        return None
    if told == _NOT_ALL or alone or not names_one(question, names, catalogue):
        return RegisterQuery("cannot", detail=told)
    return None


def _uncountable(reading: Reading) -> RegisterQuery | None:
    """What counts decisions by something that the register does not hold; None where paragraphs may tell."""
    has, text = reading.has, reading.text
    cannot = RegisterQuery("cannot", bodies=reading.every_body, unknown=tuple(reading.unknown))
    if _REACHES_FURTHER.search(text) and all(map(has, _ASKS_OF_ALL)):
        return replace(cannot, detail=_NOT_ALL)
    if has(
        "HOWMANY TIMES (?:did|does|do|has|have) (?:the|a|this|that) \\S+"
        "|HOWMANY [a-z]+(?: [a-z]+){0,4} (?:did|does|do|has|had) (?:the|a|this|that) C"
    ):
        return None  # somebody in a case did something
    if has("HOWMANY(?: TIMES)?(?: \\S+){0,4}") and (
        (_WORD_COUNTED.search(text) and has("HOWMANY TIMES|HOWMANY(?: of)? (?:these|those|them|DD)"))
        or has(
            "HOWMANY(?: (?:of|the))? (?:these|those|them|U|N|F|involved?|concern(?:ed)?|mention(?:ed)?|feature)"
            "|in HOWMANY (?:did|does|do|was|were|has|have|is|are)"
        )
    ):
        return replace(cannot, detail=_NOT_COUNTED)
    if has(_EXTREME):
        return replace(cannot, detail=_NOT_COUNTED)
    if _RATES.search(text) and has("B|CC|C|DD"):
        return replace(cannot, detail=_NOT_ALL)
    if _TREND.search(text) and has("B|CC|C|DD|things|they"):
        return replace(cannot, detail=_NOT_ALL)
    if _RANKED.search(text) and (
        has(
            "^(?:\\| )*(?:list )?(?:MOST|rank)(?: \\S+)? (?:them|DD|CC|these|those|all)|which DD?|what DD?"
            "|which of(?: the)? DD"
        )
    ):
        return replace(cannot, detail=_NOT_COUNTED)
    if (
        _SUMS.search(text)
        and has("(?:all|across|over) (?:all )?(?:#|of|DD)|COLL|HOWMANY$")
        and has("come to|comes to|came to|HOWMANY|add|altogether|MOST|payments|sums")
    ):
        return replace(cannot, detail=_NO_SUMS)
    if has("(?:did|does|do) (?:the )?(?!the |B|CC|C|DD|D|you|any|ombudsman|all|COLL)[a-z]+"):
        return None  # somebody in a case did something
    counted = has(_COUNTED)
    average = _AVERAGE.search(text) and _SUMS.search(text) and (counted or not has(_ONE_CASE))
    if average and (has("DD|CC|COLL|ombudsman|U DD?|D to D|(?:which|what) [CD]") or _ASKS_AVERAGE.match(text)):
        return replace(cannot, detail=_NO_SUMS)
    if has(_WHO_MOST):
        return replace(cannot, detail=_NOT_COUNTED)
    if counted and (has("DD") or not has("they|we|this|it")) and (not reading.subject or has("DD|D|TIMES")):
        return replace(cannot, detail=_NOT_COUNTED)
    return None


# What it is about ----------------------------------------------------------------------------------------------------

_OBLIGED = re.compile(
    r"\b(?:have|has|had|having|need|needs|needed|ought) to\b|\bfor that\b"
    r"|\bB (?:uphold|upheld) (?:the|a|an|any|all|some)\b"  # its own answer to a complaint
)
_BY_ITSELF = (
    "covered|YEAR|REF|DATEORDER|COLL|HOWMANY|SHARE|list|which(?: \\S+)? (?:DD|CC)|CATEGORY|SPAN|(?:LATEST|FIRST) D"
    "|EACH|MOST"
)
_SOME_CASE = "there|have|has|had|got|HOWMANY|B|R|any|all|which|what|COLL|ever|LATEST|FIRST|list"


def _is_about_other_things(reading: Reading) -> bool:
    """Whether it speaks of one decision or council without saying which, or of decisions in general."""
    has = reading.has
    if _SAYING.search(reading.text) or _OBLIGED.search(reading.text) or has("(?:with|by|REF|in) #"):
        return True
    if has("^(?:(?:so|and|but) )?(?:does|is|was|did) (?:that|this)(?! (?:D|everything|all|the|it))"):
        return True
    if reading.said and not (reading.subject or reading.periods or has(_BY_ITSELF)):
        return True
    ordered = has("LATEST|FIRST|MOST|FEWEST|OFTEN|ONCE|HOWMANY")
    if has("(?:the|this|that) C") and not (
        ordered
        or reading.subject
        or has("COLL|the C with|(?:DD|any D|there D|a D)(?: \\S+){0,2} (?:where|that|which)(?: \\S+){0,2} the C")
    ):
        return True
    if (
        has("(?:the|this|that|D) C")
        and has("did|uphold|decided|made|got|had")
        and not (ordered or has("which|what|who"))
    ):
        return True
    if has("what is the (?:LATEST|FIRST) D about(?: \\|)?$"):
        return True
    told = reading.subject or reading.periods or reading.categories
    if has("(?:the|this|that) D") and not (ordered or told or has("SPAN|D{1,2} where|every|any|all|EACH|some")):
        return True
    return (has("EXCEPT") and has("B CATEGORY")) or (has("an? D") and not has(_SOME_CASE))


def _filtered(reading: Reading) -> RegisterQuery:
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
    if len(periods) == 1 and periods[0].is_closed and (then := _PLACED_BY_THEN.search(reading.text)):
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
_PLACED_BY_THEN = re.compile(
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
        return min(max(reading.numbers[0], 1), MOST_SHOWN)
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
        and not reading.has(_APART)
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


# What is asked -------------------------------------------------------------------------------------------------------

_Ask = Callable[[Reading, RegisterQuery], RegisterQuery | None]
_GROUPS: tuple[tuple[str, By], ...] = (
    ("YEAR", "year"),
    ("MONTH", "month"),
    ("CATEGORY|TOPICS", "category"),
    ("OUTCOME", "outcome"),
    ("CC|C|who|B", "body"),
)


def _group(tokens: str) -> By | None:
    return next((by for words, by in _GROUPS if Reading("", marked=tokens).has(words)), None)


def _is_several(reading: Reading, query: RegisterQuery) -> bool:
    """Whether it names two of a kind, to be compared."""
    return max(len(reading.bodies), len(query.periods), len(query.outcomes), len(reading.categories)) > 1


_ALL_SO = (
    r"(?:was|were|is|are|did|have|has)(?: not)?(?: \S+){0,3} (?:all|every|EACH|both|either|everything|everyone"
    r"|ombudsman)(?: \S+){0,9} (?:U|N|X|P|EITHER)|(?:was|were|is|are)(?: the)?(?: B)?(?: #)? (?:DD|they|these"
    r"|those)(?: \S+){0,4} (?:U|N|X|P|EITHER)|(?:all|both)(?: \S+){0,3} (?:U|N|EITHER)"
)


def _share(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“What proportion was upheld?”, “were all of them upheld?”"""
    has = reading.has
    if has("SHARE(?: of)?(?: all)? CC") and not has("COLL") and (has("all") or not query.outcomes):
        return RegisterQuery("cannot", detail=_NOT_ALL)
    if has("SHARE") and reading.bodies and not query.outcomes and has("all|COLL|DD"):
        return replace(query, asks="count")
    if has("SHARE"):
        return replace(query, asks="share", outcomes=(), told=query.outcomes[-1] if query.outcomes else "upheld")
    if not has(_ALL_SO) or has("when|LATEST|FIRST|which|what|HOWMANY|any|list|there"):
        return None
    if has("EITHER") or not query.outcomes:
        return replace(query, asks="outcomes", outcomes=(), detail="")
    return replace(query, asks="share", outcomes=(), told=query.outcomes[0], detail="")


def _each(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“How many for each council?”, “decisions per year”."""
    has = reading.has
    if has("OFTEN|ONCE|list EACH B|list(?: the)? EACH D"):
        return None
    if has("(?:LATEST|FIRST)(?: \\S+){0,4} EACH (?:CC|C)"):
        return replace(query, asks="first" if has("FIRST") else "latest", by="body")
    if has("^list(?: \\S+){0,2} EACH D"):
        return replace(query, asks="list")
    if has("EACH(?: \\S+){0,2} (?:CC|C|CATEGORY|YEAR|MONTH|OUTCOME|TOPICS)") and not has("EACH D C"):
        return replace(query, asks="each", by=_group(reading.tokens.split("EACH", 1)[1]))
    if has("(?:CATEGORY|CC|OUTCOME|YEAR)(?: \\S+){0,8} EACH") and has("HOWMANY|DD"):
        return replace(query, asks="each", by=_group(reading.tokens.rsplit("EACH", 1)[0]))
    if has("EACH") and len(query.outcomes) > 1:
        return replace(query, asks="compare")
    if (has("EACH") and has("HOWMANY|MORE")) or has("how are"):
        return replace(query, asks="compare" if _is_several(reading, query) else "each", by="body")
    return None


def _most(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“Which council has most?”, “which appear more than once?”, “has Kent more than Halton?”"""
    has = reading.has
    if query.times is not None:
        if query.times == (2, None) and not has("CC|C|who|B") and (by := _group(reading.tokens)) is not None:
            if query.periods and by in ("year", "month", "date"):
                return None
            return replace(query, asks="same", shared=(by,))
        return replace(query, asks="bodies") if has("CC|C|who|for any|any of them") else None
    if has("MOST|FEWEST") and not has("LATEST|FIRST|MOST of"):
        by = _group(reading.tokens)
        if by is not None and (by != "body" or has("CC|C|who")):
            categories = () if by == "category" else query.categories
            return replace(query, asks="most", by=by, least=has("FEWEST"), categories=categories)
    if has("MORE") and _is_several(reading, query):
        return replace(query, asks="compare")
    if has("MORE|MOST") and has("(?:which|what) (?:YEAR|C|CATEGORY)"):
        return replace(query, asks="most", by=_group(reading.tokens), least=bool(_LESS.search(reading.text)))
    return None


_LESS = re.compile(r"\b(?:fewer|less|smaller|quieter|lower)\b")


def _compare(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“How many against Kent compared with Halton?”"""
    if reading.has("COMPARED") and reading.has("HOWMANY|U|N|COLL|DD for|DD about|DD against"):
        return replace(query, asks="compare") if _is_several(reading, query) else None
    return None


def _count(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“How many …?”"""
    has = reading.has
    if has("SIZE") and has("COLL|DD|it|this"):
        return replace(query, asks="count")
    if has(
        "^(?:so |only |just )?#(?: DD| of them)? (?:for|about|against|on|from) B (?:right|yes|is that right|is it)$"
    ) or has(
        "^(?:so )?(?:there are|are there|you have|COLL)(?: only| just)? #(?: of)?(?: DD| these| them"
        "| those)(?: COLL)?(?: right| yes| true)?$"
    ):
        return replace(query, asks="count")
    if not has("HOWMANY") or has("HOWMANY (?:days|weeks|DATE)|(?:LATEST|FIRST) D"):
        return None
    if has("HOWMANY(?: of)?(?: \\S+){0,2} (?:YEAR|MONTH)") and not has("(?:that|this) (?:YEAR|MONTH)"):
        return _date_asked(reading, query) if reading.subject else replace(query, asks="span")
    if has("HOWMANY(?: (?:of|the|these|those|all|U|F|N|B|#))* CC?") and not has("HOWMANY(?: \\S+){0,3} DD"):
        return replace(query, asks="bodies")
    if has("HOWMANY(?: (?:of|the))* (?:CATEGORY|TOPICS)"):
        return replace(query, asks="categories")
    if has("HOWMANY OUTCOME|EITHER"):
        return replace(query, asks="outcomes")
    if has("HOWMANY TIMES") and not (query.outcomes or reading.subject):
        return None
    if has("it|this") and not reading.subject and not has("DD|COLL"):
        return None
    return replace(
        query,
        asks="compare" if _is_several(reading, query) and not has("between B") and query.anchor is None else "count",
    )


def _spans(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“How far back do they go?”, “what years do you cover?”"""
    has = reading.has
    if reading.subject and not has("DD|COLL|SPAN"):
        return None
    dates = has("(?:what|which|the) (?:YEAR|MONTH|DATE)") and not has("MOST|D")
    if has(
        "when (?:do|does|did) COLL (?:begin|start|end|stop|finish|run)|SPAN|from when to when|when(?: \\S+)? to when"
    ) or (dates and has("cover|covers|covered|include|included|span|held|hold|COLL|stretch|run")):
        return replace(query, asks="span")
    if has(_BOTH_ENDS) and has("DATE|when|D") and not has("list|all"):
        return replace(query, asks="span")
    return None


_BOTH_ENDS = "LATEST(?: \\S+){0,3} FIRST|FIRST(?: \\S+){0,3} LATEST"


def _reference_asked(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“What is the reference of the Kent decision?”"""
    return replace(query, asks="reference") if reading.has("REF") and not reading.has("LATEST|FIRST") else None


_OWN_OF: tuple[tuple[str, By], ...] = (
    ("DATE", "date"),
    ("MONTH", "month"),
    ("YEAR", "year"),
    ("CC|C", "body"),
    ("CATEGORY|TOPICS", "category"),
    ("OUTCOME", "outcome"),
)


def _particular(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """Decisions by how their own dates, references and categories stand to each other: “the middle one by date”."""
    has = reading.has
    if has("REF|STARTING|ENDING|HIGHEST|LOWEST") and (found := _by_reference(reading, query)) is not None:
        return found
    if (
        has("differ|differs|COMPARED|in SAME|alike|in common")
        and has("COLL|(?:R and R|R from R)(?: differ)?")
        and (len(reading.references) > 1 or (len(reading.bodies) > 1 and has("differ|alike")))
    ):
        return replace(query, asks="differ")
    dated = has("DD?|CC|COLL|DATE|DATEORDER|which|U|B") and not has("the C")
    if has("MIDDLE") and dated:
        return replace(query, asks="middle")
    if has("GAP|CLOSEST") and has("DD?|COLL|DATE|them") and not _sets(query):
        return replace(query, asks="gap", least=not has("GAP"))
    if has("NEAREST") and dated and len(query.periods) == 1 and query.periods[0].is_closed:
        day, plain = query.periods[0], query.nth == 1 and not reading.numbers and not has(f"before|after|{_NEGATED}")
        if day.first != day.last or _sets(replace(query, periods=())) or not plain:
            return None
        return replace(query, asks="nearest")
    if has("WEEKDAY") and has("DD?|CC|COLL|DATE|decided|made|issued|published|dated") and not has(_NOT_ON):
        days = tuple(day for day, name in enumerate(_WEEKDAYS) if name in reading.text)
        if not days or "weekend" not in reading.text:
            return replace(query, asks="weekday", weekdays=days or (5, 6))
    return _in_common(reading, query)


_NOT_ON = f"{_NEGATED}|MOST|MORE|FEWEST|COMPARED|LATEST|FIRST|SHARE|EACH|to|between|before|after|until|all|only"
_WEEKDAYS = tuple(name.casefold() for name in calendar.day_name)


def _in_common(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“Do any two share a date?”, “what else is in the same category as the Kent decision?”"""
    has = reading.has
    if _sets(replace(query, bodies=(), without=(), references=(), unknown=(), anchor=None, times=None)):
        return None
    if not reading.subject and (has("not|no|never|differ|differs") or max(reading.numbers, default=2) > 2):
        return None
    shared = tuple(by for words, by in _OWN_OF if has(rf"SAME(?: [a-z]+)? (?:{words})|(?:{words}) (?:is|are) SAME"))
    if has("CC|C|who|B") and has("(?:both|#|more than one)(?: of the)? CATEGORY|CATEGORY both"):
        return replace(query, asks="same", shared=("body",), least=True) if not reading.subject else None
    if has("TWINS") and not reading.subject and has("any|DD|CC?|COLL|there|which|are|SAME|^TWINS$"):
        shared = shared or tuple(by for words, by in _OWN_OF if has(words))
        return replace(query, asks="same", shared=shared) if shared and not has("REF") else None
    like = reading.subject and has(
        "else|other|others|another|EXCEPT|SAME(?: \\S+){0,3} (?:B|R|as|with)|CATEGORY B|with B"
    )
    if like and not shared and has("(?:EXCEPT|else|other|others|another)(?: \\S+){0,8} B CATEGORY"):
        shared = ("category",)
    if not shared:
        return None
    if not reading.subject:
        return replace(query, asks="same", shared=shared)
    if len(reading.bodies) + len(reading.references) > 1 and not has("EXCEPT|else"):
        return replace(query, asks="date" if shared[0] in ("date", "month", "year") else "category")
    if query.bodies and query.without:
        return None
    bodies = query.bodies or query.without
    return replace(query, asks="like", shared=shared, bodies=bodies, without=(), anchor=None) if like else None


_DIGITS = re.compile(
    r"(?:STARTING|ENDING)(?: (?:the|digits?|numbers?|is|are))* ([0-9]{1,8}(?: [0-9]{1,8}){0,3})"
    r"(?![\w-])(?!,? (?:or|and) [0-9])"
)


def _by_reference(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“References beginning with 21”, “the highest reference number”."""
    has = reading.has
    if has("HIGHEST|LOWEST"):
        if not has("REF") or _sets(query) or reading.numbers or query.nth > 1 or has(_NEGATED):
            return None
        return replace(query, asks="highest" if has("HIGHEST") else "lowest")
    if has("STARTING|ENDING") and has("REF|D|DD") and (digits := _DIGITS.search(reading.words)):
        if (has("STARTING") and has("ENDING")) or has(_NEGATED):
            return None
        written = digits[1].replace(" ", "")
        return replace(query, asks="digits", digits=written + "$" if has("ENDING") else "^" + written, limit=None)
    return None


_COMPARED_IN_TIME = (
    "(?:is|was|were|are|did)(?: \\S+){0,3} (?:B|R)(?: \\S+){0,4} (?:LATEST|FIRST|before|after)(?: \\S+){0,4} (?:B|R)"
)


def _ordered(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“The latest about Kent”, “the three oldest”, “what came next after the Kent decision?”"""
    has = reading.has
    if query.anchor is not None:
        if query.anchor.between or (has("(?:what|which) DD") and not has("next|right|straight|directly|immediately")):
            return replace(query, asks="list")
        if has("what|which") and has("right|just|straight|directly|immediately|next|came|comes|come|DATEORDER"):
            return replace(query, asks="latest" if query.anchor.before else "first", limit=query.limit or 1)
        return None
    if has("EXCEPT(?: (?:the|very|one|D|DD))*(?: #)?(?: (?:LATEST|FIRST))(?: #)?(?: DD?)?") and not reading.subject:
        number = reading.numbers[0] if reading.numbers else 1
        if _sets(query) or (reading.numbers and not has("# (?:LATEST|FIRST)|(?:LATEST|FIRST) #")):
            return None
        return replace(query, asks="rest", limit=number, least=has("FIRST"))
    if has("(?:MOST|the) #(?: \\S+){0,2} by DATE"):
        return replace(query, asks="latest")
    if not has("LATEST|FIRST") or has(f"LATEST (?:word|say)|(?:LATEST|FIRST) COMPARED(?: the)? D {MARK}"):
        return None
    if has(_BOTH_ENDS) and has("list|all|DD|everything"):
        return replace(query, asks="list")
    if not (
        has("DD|D|U|N|X|P|CC|C|COLL|#|who|SECOND|THIRD|^(?:what is )?(?:the )?(?:very )?(?:LATEST|FIRST)$")
        or has("^(?:and |so )?which (?:of \\S+ )?(?:is|was|came|comes)(?: the)? (?:SECOND |THIRD )?(?:LATEST|FIRST)")
        or reading.subject
        or reading.categories
        or reading.periods
    ):
        return None
    if has(_COMPARED_IN_TIME):
        return replace(query, asks="date")
    newest = not has("FIRST") or (has("LATEST") and reading.tokens.find("LATEST") < reading.tokens.find("FIRST"))
    limit = query.limit
    if has(
        "whose|which (?:of \\S+ )?(?:\\S+ )?D|which(?: \\S+)? (?:came|comes|was|is)|which of(?: the)? # (?:came|is|was)"
    ):
        limit = limit or 1
    elif has("which|who|whose|whom|is it|whichever") and len(query.bodies) == 2 and not has("DD|EACH|both|SECOND"):
        limit = 1  # which of the two
    elif len(reading.bodies) > 1:
        limit = len(reading.bodies)
    elif limit is None and (not has("(?:LATEST|FIRST)(?: U| N)? DD") or has("(?:LATEST|FIRST) (?:U )?DD (?:is|was)")):
        limit = 1
    return replace(query, asks="latest" if newest else "first", limit=limit)


_MADE = (
    "made|decided|decide|decides|issued|issue|published|publish|dated|concluded|completed|finalised|closed|out"
    "|announced|released|delivered|reached|handed|come|came|given|U|N|end|ended|finish|finished|from|determined"
    "|resolved|signed|rule|ruled"
)
_APART = "HOWMANY (?:MONTH|YEAR|days|weeks)(?: \\S+){0,3} (?:between|separate|apart)|how long between|how long apart"
_COMPLAINED = re.compile(r"\bcomplaints? (?:(?:was|were|first|about \w+) )?(?:made|sent)\b")


def _date_asked(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“When was the Kent decision made?”, never “when was the complaint made?”."""
    has = reading.has
    if not reading.subject:
        return None
    if (
        has(
            "before or after|after or before|^(?:was|is|were|did|does)(?: the)? [BR](?: D)?(?: \\S+){0,3} (?:before"
            "|after|FIRST COMPARED|LATEST COMPARED)(?: the)? [BR](?: D)?"
        )
        and len(reading.bodies) + len(reading.references) > 1
    ):
        return replace(query, asks="date", anchor=None, bodies=reading.every_body, references=tuple(reading.references))
    if reading.periods and has(f"^(?:was|is|were|are)(?: the)? [BR](?: D| (?:D )?(?:{_MADE})(?: \\S+)?) T$"):
        return replace(query, asks="date", periods=(), outcomes=())
    if has(_APART) or has("how (?:long|far)(?: \\S+){0,3} (?:between|apart)(?: \\S+){0,3} (?:B|R)"):
        return replace(query, asks="date")
    if has("HOWMANY|which DD|what DD|list DD|any"):
        return None
    when = has(f"when(?: \\S+){{0,9}} (?:{_MADE})|when (?:is|was) (?:the )?(?:R|B)(?: D)?")
    if when and (has("complained|brought|lodged|received") or _COMPLAINED.search(reading.text)):
        return None
    if when or has("DATE|MONTH|YEAR|apart|how (?:old|recent|LATEST|long)"):
        return replace(query, asks="date", outcomes=())
    if has("^[BR](?: D)? when$|^when B$"):
        return replace(query, asks="date")
    if query.periods and has(
        f"^(?:B |R |the |D )*(?:was|is|were|are|did)(?: (?:the|it|that|B|R|D|both))+ (?:{_MADE}) T"
    ):
        return replace(query, asks="date", periods=(), outcomes=())
    return None


def _category_asked(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“What category is the Kent decision?”, “which categories are there?”"""
    has = reading.has
    if has("EXCEPT") and has("who|which|what else|else"):
        return None
    of_some = has("HOWMANY|list|any|DD|all") and not (has("same|what|which") and not reading.categories)
    if reading.categories and has("^(?:has|have|had|does|did) B (?:had|have|got)(?: an?)?(?: D| DD| any)? CATEGORY K"):
        return replace(query, asks="list")
    if has("CATEGORY") and reading.subject and not of_some and not (reading.categories and has("which D|which one")):
        return replace(query, asks="category", categories=())
    if has("TOPICS") and reading.subject and has("what|which") and not has("DD"):
        return replace(query, asks="category") if has("(?:what|which) TOPICS") else None
    if reading.categories:
        return None
    topics = has("TOPICS") and has("what|which|list|all|the")
    if has("any|which D|which DD|is|are") and query.outcomes:
        return None
    if has("CATEGORY|^(?:what|which|list|all|the) TOPICS$") or (
        topics and has("DD|COLL|cover|covers|covered|hold|held|included|include|there")
    ):
        return replace(query, asks="categories")
    return None


def _outcome_asked(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“The outcome of the Kent case”, “was 21 000 259 upheld?”, “did Kent win?”"""
    has, subject = reading.has, reading.subject
    several = has("which|any|list|all|every|HOWMANY|there|DD that|ever|only")
    if has("OUTCOME"):
        if query.outcomes and (several or not subject):
            return replace(query, asks="list") if not subject else None
        if subject:
            return replace(query, asks="outcome", outcomes=(), told=None, detail="")
        return None if has("D|LATEST|FIRST") else replace(query, asks="outcomes")
    if has("EITHER"):
        if subject and not has("DD"):
            return replace(query, asks="outcome", outcomes=(), told=None, detail="")
        known = subject or has("DD|CC|they|them|COLL|these|those")
        return replace(query, asks="outcomes", outcomes=(), detail="") if known else None
    if not subject or not query.outcomes or several or has("what|who") or (has("F") and not has("U|N")):
        return None
    if has("how (?:did|has)"):
        return replace(query, asks="outcome", outcomes=(), detail="")
    asked = has("^(?:(?:so|and|but|whether|if|B|R) )*(?:was|were|is|are|has|have|had|did|does|do)") and not has("you")
    if asked or reading.references or has("^(?:the )?(?:D )?(?:B|R)(?: D)? (?:U|N|X)$"):
        return replace(query, asks="outcome", outcomes=(), told=query.outcomes[-1])
    return None


_SOME_BODIES = (
    "(?:which|what|list|any|the|all|are|has|have|did|every|EACH|whose|there|is|were|no)"
    "(?: (?:the|all|of|any|are|were|other|every|EACH|EXCEPT|B))* CC?|^CC|CC$|CC list|CC COLL"
)


def _bodies_asked(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“Which councils are in here?”, “who is 21 000 259 about?”"""
    has = reading.has
    if reading.references and has("who|whom|whose|CC|C"):
        return replace(query, asks="body")
    if reading.references and has(
        "^(?:is|are|was|were|does|do) R(?: (?:and|or) R)*(?: D| DD)?(?: both| all)?"
        "(?: (?:about|against|from|on|an?|the|concern|involve|relate|to))* B(?: DD?)?$"
    ):
        return replace(query, asks="body", bodies=())
    if not reading.subject and has("(?:who|whom)(?: \\S+){0,3} D T|T D(?: \\S+){0,2} (?:who|whom)"):
        return replace(query, asks="bodies")
    if has("^(?:is|was|are|were) B the only C"):
        return replace(query, asks="bodies", bodies=(), without=())
    if has("^(?:against |about )?(?:who|whom|which C)(?: (?:is|was|it|that|about|against))*(?: \\|.*)? T$") or (
        has("who else|who(?: is| has)? under") and query.categories
    ):
        return replace(query, asks="bodies")
    if has("^C(?: names)? alphabetically$|(?:C|CC) names|list(?: \\S+){0,3} who(?: \\S+){0,3} [UNXP]"):
        return replace(query, asks="bodies")
    if has("LATEST|FIRST"):
        return None
    if has(_SOME_BODIES):
        return replace(query, asks="bodies") if not has("the C") or has("C with") else None
    if has("who|whom") and not reading.subject and not has("D") and has("DD|COLL|U|N|F|covered|included|held"):
        return replace(query, asks="bodies")
    return None


_SOME = "list|which|any|there|have|has|had|every|all|nothing|no|anything|everything|something"
_HAVING = (
    "what|which|you|hold|holds|held|cover|covers|contain|contains|include|includes|have|are|were|available|full|whole"
    "|inventory|overview|everything"
)


def _listed(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“List the decisions”, “any from Kent?”, “what have you got?”, “upheld decisions 2022”."""
    has, subject = reading.has, reading.subject
    filtered = bool(subject or query.outcomes or query.periods or query.categories or query.anchor)
    if has("^list(?: (?:every|all))(?: (?:the|single|last))* DD?$"):
        return replace(query, asks="list")
    if query.either and has("either|DD|D|anything|any|list|which|COLL"):
        return replace(query, asks="list")
    if query.anchor is not None and has("DD|D|anything|any|what|which|list|everything"):
        return None if has("what(?: \\S+)? (?:did|does)") else replace(query, asks="list")
    if query.periods and has("(?:what|which|anything|who)(?: \\S+){0,4} (?:before|after|since|until) (?:that|then|it)"):
        return replace(query, asks="list")
    if has("what (?:did|does) T(?: (?:bring|see|hold|have|give))?$") and not subject:
        return replace(query, asks="list")
    if not subject and has(
        "what (?:was|were|is)(?: \\S+){0,2} (?:decided|published|made|issued|DD)(?: (?:in|the))* T"
        "|what did(?: the)?(?: ombudsman)?(?: decide| rule| publish| issue| make)? T"
    ):
        return replace(query, asks="list")
    if (
        (subject and has("only D"))
        or (subject and query.categories and has("^(?:is|was|are|were)(?: the)? [BR](?: D)?(?: an?)? K(?: D)?$"))
        or has("only # DD")
        or (filtered and has("(?:what|which) D (?:was|were|is|are)"))
        or has("DATEORDER")
        or (query.outcomes and has("which|those|none|all|only|any") and not has("D|C"))
    ):
        return replace(query, asks="list")
    if has(
        "^(?:(?:what|how) about )?B(?: (?:or|and|nor) B)+(?: (?:at|do|you|have|got))*(?: (?:either|all|any|anything))$"
    ):
        return replace(query, asks="list")
    if has("when|how") or (has("where") and not has("D{1,2} where")) or (has("who") and not has("DD|COLL")):
        return None
    if has("what (?:was|is|does|did|has|had|were)") and (has("D") or subject) and not has("DD|COLL|else"):
        return None
    if has(_SOME) and has("DD|D|COLL|T|LATEST|anything|something|everything|nothing|any|all|B|K"):
        if has("it|we") and not has("DD|D|COLL|anything|any"):
            return None
        if filtered or has("DD|COLL|everything|anything"):
            return replace(query, asks="list")
    if (
        (has("COLL") and (filtered or has("DD|D|anything|something|everything")))
        or (has("DD|COLL") and has(_HAVING))
        or (subject and has("is|are|was") and has("held|included|covered|listed"))
        or has(
            "what(?: do| does)?(?: you| this| it)? (?:cover|hold|have|contain|include|covers|holds)|what "
            "is (?:in|there)"
        )
    ):
        return replace(query, asks="list")
    return _keywords(reading, query) or _by_default(reading, query, filtered)


def _by_default(reading: Reading, query: RegisterQuery, filtered: bool) -> RegisterQuery | None:
    """What plainly speaks of the decisions held, every word of it the register's, though in no wording known here."""
    has = reading.has
    if not has("COLL|DD|CC") or not (filtered or has("COLL|list|which|HOWMANY")) or has("the C|this C|that C|COMPARED"):
        return None
    if has(
        "^(?:so |and |but )*(?:did|does|do|was|were|is|has|have) (?:the )?(?:B|R)|(?:did|does|has|have"
        "|was) (?:the )?ombudsman|days"
    ) or has("what (?:did|does|do|has|had|is|was|were)"):
        return None
    if has("CC|who|whose") and not has("DD"):
        return replace(query, asks="bodies")
    return replace(query, asks="list")


# What a form would have: one decision or body, asked to be shown.
_AS_FIELDS = (
    "^what is R$|^R$|^list(?: the)? (?:B|R|K|T)(?: D)?$|COLL R$|R COLL$|^(?:what )?COLL(?: on| for| of)? (?:B|R)$"
)

_COLUMNS = (
    "^(?:(?:list|the|and|of|for|with|DATE|OUTCOME|CATEGORY|REF|C|CC) )*(?:DATE|OUTCOME|CATEGORY|REF)"
    "(?: (?:and|the|of|for|DATE|OUTCOME|CATEGORY|REF|C))* (?:every|EACH|all)(?: of)?(?: the)? DD?$"
)

_KEYWORDS = frozenset(
    "got plus B R T K DD D CC C U N X P COLL # EXCEPT DATEORDER CATEGORY OUTCOME list show just how what full "
    "complete only here "
    "a the all any in on of about against from for and or to by at with not re regarding concerning involving under "
    "within during around decided made issued dated published".split()
)


def _keywords(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """What is typed into a search box, without a verb: “leicestershire decisions”, “upheld 2022”."""
    tokens = reading.tokens.split()
    if not _KEYWORDS.issuperset(tokens):
        return None
    has = reading.has
    outcome, period = has("U|N|X|P"), has("T")
    if (
        has("DD")
        or (has("CATEGORY") and has("K"))
        or has("B plus K|K plus B|B K (?:only|just)|(?:only|just) B K")
        or (has("C") and has("B"))
        or (outcome and has("B|T|K|D"))
        or (period and has("B|K|D|decided"))
        or (period and {"T", "and", "in", "what", "about", "the"}.issuperset(tokens))
        or tokens in (["got", "B"], ["N"], ["U"], ["N", "list"], ["U", "list"], ["list", "N"], ["list", "U"])
    ):
        return replace(query, asks="list")
    return None


def _fields(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“Category: child protection, body: Kent”, or one decision or body to be shown."""
    named = reading.has(_COLUMNS) or re.search(
        r"(?<!\S)(?:CATEGORY \| K|C \| B|OUTCOME \| [UNXP]|YEAR \| T|REF \| R)", reading.marked
    )
    return replace(query, asks="list") if named or reading.has(_AS_FIELDS) else None


_ASKS: tuple[_Ask, ...] = (
    _fields,
    _particular,
    _share,
    _each,
    _most,
    _compare,
    _count,
    _spans,
    _reference_asked,
    _ordered,
    _date_asked,
    _category_asked,
    _outcome_asked,
    _bodies_asked,
    _listed,
)
"""The first that knows what is asked has it; so what is more particular comes first."""
