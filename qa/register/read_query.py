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

import datetime
import re
from dataclasses import replace

from index.decisions import fold
from qa.register.asks import ASKS
from qa.register.catalogue import Catalogue
from qa.register.filters import is_unsure, leaves_out, read_filters
from qa.register.query import ALL_HELD, RegisterQuery, has_filter
from qa.register.reading import CONTRASTS, days_beside, read
from qa.register.reading import read_loosely as loosely
from qa.register.screening import MAX_QUESTION_CHARACTERS, may_be_plain
from qa.register.story import parts
from qa.register.tokens import Reading
from qa.register.uncountable import (
    NOT_COUNTED,
    TITLE,
    beyond_the_register,
    cannot_count,
    goes_beyond,
    is_of_one_case,
    reaches_further,
    uncountable_query,
    untold_query,
)
from qa.register.words import is_harmless
from qa.text.periods import MARK

MAX_STORY_CHARACTERS = 600
"""Characters of a question with all that is told beside it."""


def read_query(question: str, catalogue: Catalogue, today: datetime.date) -> RegisterQuery | None:
    """What a question asks of the register; None where it is no question about the collection.

    `catalogue` is that of one version of the index, `today` the day that “last year” goes by.
    """
    if (beyond := beyond_the_register(question, catalogue)) is not None:
        return beyond
    found = _read_whole(question, catalogue, today)
    if found is None or (found.detail == NOT_COUNTED and not goes_beyond(question)):
        found = _read_in_story(question, catalogue, today) or found
    if found is None:
        return _read_word_by_word(question, catalogue, today)
    return None if leaves_out(found, question, catalogue, today) else found


def _read_whole(question: str, catalogue: Catalogue, today: datetime.date) -> RegisterQuery | None:
    reading = read(question, catalogue, today)
    if reading is None:
        return None
    if (untold := untold_query(reading)) is not None:
        return untold
    if reading.strange or reaches_further(reading.text):
        return uncountable_query(reading)
    if reading.said and not reading.subject and reading.has(_FIELDS_ONLY):
        return _read_whole(reading.said, catalogue, today)
    if reading.said and not reading.told_bodies and reading.has("remains?|remaining|left|else|others?|rest"):
        whole = loosely(question, catalogue, today)  # “Leave out Kent. What remains?”
        return None if whole is None or whole.strange else _read_word_by_word(question, catalogue, today)
    found = None if _is_about_other_things(reading) else _asked(reading)
    if found is None and reading.said and not CONTRASTS.search(reading.said):
        # “I want a council with a clean sheet. Any?” asks with both of its sentences.
        whole = loosely(question, catalogue, today)
        if whole is not None and not whole.strange and not _is_about_other_things(whole):
            return _asked(whole)
    return found


def _read_in_story(question: str, catalogue: Catalogue, today: datetime.date) -> RegisterQuery | None:
    """What one part of a question asks that says by itself which decisions are meant, whatever is told beside it."""
    if len(question) > MAX_STORY_CHARACTERS:
        return None
    for asked, told in parts(fold(question)):
        reading = read(asked, catalogue, today, told)
        if reading is None or reading.strange or _is_about_other_things(reading) or not _is_by_itself(reading):
            continue
        if reading.has(_FIELDS_ONLY):
            query = _read_whole(told, catalogue, today)
        else:
            query = _asked(reading)
            if query is None and not reading.told_bodies:
                query = _read_word_by_word(asked, catalogue, today)
        if query is not None and query.asks != "cannot":
            return None if goes_beyond(question) else query
    return None


_OF_OTHERS = (
    "COMPARED|differs?|(?:the|this|that|which) C|what (?:did|does|do|has|had)|HOWMANY (?:days|weeks|MONTH|YEAR)"
    "|how much|what (?:is|was|were)(?! (?:there|decided|made|DD|COLL|held|available))"
)
_OF_COLLECTION = (
    "DD|COLL|anything|everything|HOWMANY|hits|matches|matching|what is there|EXCEPT(?: \\S+)* (?:what|which)(?: DD)?"
    " (?:remains?|(?:is |are )?left)"
)


def _read_word_by_word(question: str, catalogue: Catalogue, today: datetime.date) -> RegisterQuery | None:
    """What a question asks in no wording that is known here, if every word of it is the register's own."""
    if len(question) > MAX_QUESTION_CHARACTERS or TITLE.search(question) or not may_be_plain(question, catalogue):
        return None
    reading = loosely(question, catalogue, today)
    if reading is None or reading.strange or any(map(is_harmless, reading.tokens.split())):
        return None
    if reading.has(_OF_OTHERS) or not reading.has(_OF_COLLECTION) or _is_about_other_things(reading):
        return None
    query = _asked_loosely(reading, question)
    if query is None or query.asks == "cannot" or not has_filter(query):
        return None
    return None if leaves_out(query, question, catalogue, today) else query


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
    query = read_filters(reading)
    found = next((found for ask in ASKS if (found := ask(reading, query)) is not None), None)
    return None if found is not None and is_unsure(reading, found) else found


def read_loosely(question: str, catalogue: Catalogue, today: datetime.date) -> RegisterQuery | None:
    """What a question asks that is probably about the collection, whatever else stands in it; None where it seeks
    something else after all.

    Where the words do not say what is asked, it is how many decisions pass the filters that they set, and which.
    """
    reading = loosely(question, catalogue, today)
    found = _asked_loosely(reading, question) if reading is not None else None
    return None if found is None or leaves_out(found, question, catalogue, today) else found


def _asked_loosely(reading: Reading, question: str) -> RegisterQuery | None:
    """The same, whatever it may leave out; takes the words that no register understands out of the reading."""
    if any(other.search(reading.text) for other in (_SAYING, _ADVISES, _TIED)):
        return None
    if reading.has("what is the (?:LATEST|FIRST) D about") or not (reading.unknown or reading.has(_SPEAKS_OF_SOME)):
        return None
    if is_of_one_case(reading, question):
        return None
    if (uncountable := uncountable_query(reading)) is not None:
        return uncountable
    if len(reading.periods) == 1 and reading.periods[0].is_closed and (event := _OF_EVENT.search(reading.text)):
        reading.periods = [days_beside(reading.periods[0], event[1])]
    strange, narrows = reading.strange, reading.narrows
    reading.leave_strange()
    query, found = read_filters(reading), _asked(reading)
    if found is None and is_unsure(reading, replace(query, asks="list")):
        return None
    if found is None and len(reading.tokens.split()) < _MIN_TOKENS:
        return None
    filtered = reading.subject or query != replace(ALL_HELD, limit=query.limit, nth=query.nth)
    if len(strange) > (found is None or found.asks != "outcome") and found is not None and found.asks in _OF_ONE:
        return None
    if narrows or (not filtered and (found is None or (strange and found.asks in _OF_EVERYTHING))):
        # What was left out changes what is asked.
        return cannot_count() if reading.has(_COUNTS) or not filtered else None
    return found or replace(query, asks="list")


# “After my baby was born, that was 1 December 2021”.
_OF_EVENT = re.compile(rf"\b(before|until|after|since) (?:i|we|my|our|he|she|they|his|her|their)\b.*\b{MARK}\b")
_SAYING = re.compile(
    r"\b(?:what|why)\b(?: \S+){0,5} (?:says?|said|concluded?|recommend(?:ed)?)\b|\b(?:what|everything|all) (?:B|(?:the"
    r"|this|that) (?:C|council)) (?:(?:has|have|had|was|were) )?(?:to \w+|agreed|said|did|told|paid|offered|asked)\b"
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
_MIN_TOKENS = 3  # tokens: “council” asks nothing
_COUNTS = "HOWMANY|SHARE|MOST|FEWEST|EACH"
_OF_ONE = ("date", "outcome", "category", "body")
_OF_EVERYTHING = ("list", "count", "bodies", "share", "outcomes", "compare", "reference")
_OBLIGED = re.compile(
    r"\b(?:have|has|had|having|need|needs|needed|ought) to\b|\bfor that\b"
    r"|\bB (?:uphold|upheld) (?:the|a|an|any|all|some)\b"  # its own answer to a complaint
)
_BY_ITSELF = (
    "covered|YEAR|REF|DATEORDER|COLL|HOWMANY|SHARE|list|which(?: \\S+)? (?:DD|CC)|CATEGORY|SPAN|(?:LATEST|FIRST) D"
    "|EACH|MOST"
)
_SOME_CASE = "there|have|has|had|got|HOWMANY|B|R|any|all|which|what|COLL|ever|LATEST|FIRST|list"


_OF_SOMETHING_ELSE = (
    "(?:with|by|REF|in) #|what is the (?:LATEST|FIRST) D about$"
    "|^(?:(?:so|and|but) )?(?:does|is|was|did) (?:that|this)(?! (?:D|everything|all|the|it))"
)


def _is_about_other_things(reading: Reading) -> bool:
    """Whether it speaks of one decision or council without saying which, or of decisions in general."""
    has = reading.has
    if _SAYING.search(reading.text) or _OBLIGED.search(reading.text) or has(_OF_SOMETHING_ELSE):
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
    told = reading.subject or reading.periods or reading.categories
    if has("(?:the|this|that) D") and not (ordered or told or has("SPAN|D{1,2} where|every|any|all|EACH|some")):
        return True
    return (has("EXCEPT") and has("B CATEGORY")) or (has("an? D") and not has(_SOME_CASE))
