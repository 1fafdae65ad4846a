"""The words of a question as the register of decisions may understand them. No I/O.

    a question → is it worth reading? → what is asked and what is only said → names, dates, categories → tokens

A name counts in whatever case, for a question about the register has no other: qa.text.question_entities says
whether words are one. What a body is not held, qa.text.question_entities knows too; beyond that, capitals count
where a body would stand (“about Surrey”). What somebody says of themselves before they ask (“I'm writing a report on
…”) does not count.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Sequence

from index.decisions import fold
from index.text.dates import MONTHS, month_number
from index.text.number_words import NUMBER_WORDS
from index.text.references import TYPED_REFERENCE
from qa.register.catalogue import WORD, Catalogue, count_strange, mistyped
from qa.register.named import (
    take_bodies,
    take_categories,
    take_kinds,
    take_places,
    take_references,
    take_unknown,
    with_names,
)
from qa.register.screening import (
    MAX_QUESTION_CHARACTERS,
    MAX_STRANGE_RUNS,
    RESTRICTING,
    counts_decisions,
    is_plainly_asked,
    is_worth_reading,
)
from qa.register.story import sentences
from qa.register.tokens import PERSONAL, Reading
from qa.register.words import PLAIN, is_harmless, read_words, spelt_out, without_asides, without_courtesies
from qa.text.periods import MARK, MONTH, Period, months, read_periods


def read(question: str, catalogue: Catalogue, today: datetime.date, told: str = "") -> Reading | None:
    """The question as tokens; None where it is no question about the collection, by its length or its words alone.

    `told` is what was told beside it, of whatever length and words: it can only say which body or decision is meant.
    """
    question = fold(question)
    if len(question) > MAX_QUESTION_CHARACTERS:
        return None
    words = WORD.findall(re.sub(r"\bno\. of\b", "number of", question.casefold()))
    counts = counts_decisions(words, catalogue)
    if not is_worth_reading(question, words, counts, catalogue):
        return None
    asked, said = _apart(without_courtesies(spelt_out(question)))
    if not counts and not is_plainly_asked(asked, question, catalogue):
        return None
    reading = Reading(asked, said=said)
    take_references(reading, catalogue)
    take_bodies(reading, question, catalogue)
    if told:
        _take_from_story(reading, told, catalogue)
    else:
        _take_said(reading, question, catalogue)
    asked = without_asides(reading.text)
    _take_periods(reading, asked, today)
    personal = not PERSONAL.isdisjoint(_HOW.sub("", reading.text).split())
    if personal and not counts:
        return None
    _take_rest(reading, catalogue)
    if personal:
        reading.marked += " personally"
    if not counts and _runs(reading.strange, reading.tokens.split()) > MAX_STRANGE_RUNS:
        return None
    if reading.strange:
        _mend(reading)
        _take_other(reading, question, catalogue)
    if reading.strange:
        _leave_clauses(reading)
    if reading.strange and _IS_TRUE.fullmatch(asked.strip(" ?.!,")) and said:
        return read(without_asides(said), catalogue, today)
    if said and not reading.strange:
        _take_told(reading, catalogue, today)
    if told and reading.told_bodies and any(map(is_harmless, reading.tokens.split())):
        return None  # of what a story names, only plain questions are the register's
    _leave_harmless(reading)
    return reading


_DATED_BODY = re.compile(
    r"\bB(?:'s)?(?: (?:one|decision|case|ruling|complaint))? (?:of|dated|from)(?: the)? [0-9]{0,2}(?:st|nd|rd|th)? ?"
    rf"(?:{MONTH}|[0-9]{{4}})"
)


def _take_periods(reading: Reading, text: str, today: datetime.date) -> None:
    """Read the dates of a text in which the names stand as tokens; what is left is the text of the reading."""
    reading.dated_body = _DATED_BODY.search(text) is not None
    reading.text, reading.periods = read_periods(text, today)


def _take_rest(reading: Reading, catalogue: Catalogue) -> None:
    """Take what stands in a text without its names and dates: months, categories, kinds of bodies, words."""
    if not reading.periods:
        _take_month(reading, catalogue)
    take_categories(reading, catalogue)
    take_kinds(reading, catalogue)
    _take_words(reading)


def all_named(text: str, question: str, catalogue: Catalogue, today: datetime.date) -> Reading:
    """A text of a question as tokens, nothing cut away: all bodies, dates, categories and outcomes that it names."""
    reading = with_names(spelt_out(fold(text), whole=True), question, catalogue)
    _take_periods(reading, reading.text, today)
    _take_rest(reading, catalogue)
    if reading.strange:
        take_unknown(reading, question.casefold(), catalogue)  # those that are known, not any capital
    return reading


def names_one(question: str, catalogue: Catalogue) -> bool:
    """Whether a question names a body that is held, or a decision by its reference."""
    return with_names(spelt_out(fold(question)[:MAX_QUESTION_CHARACTERS]), question, catalogue).subject


def read_loosely(question: str, catalogue: Catalogue, today: datetime.date) -> Reading | None:
    """The question as tokens, whatever words it has, for one that is probably about the collection.

    None where what is counted or sought is called by words that no register understands: “which school place appeal was
    upheld?”.
    """
    question = fold(question)[:MAX_QUESTION_CHARACTERS]
    reading = with_names(without_courtesies(spelt_out(question)), question, catalogue)
    _take_periods(reading, without_asides(reading.text), today)
    _take_rest(reading, catalogue)
    if reading.strange:
        _mend(reading)
        take_unknown(reading, question, catalogue)
    tokens = ["?" if token in reading.strange else token for token in reading.tokens.split()]
    if _SEEKS_OTHERS.search(" ".join(tokens)):
        return None
    return reading


# Words that are no register's, ?, as all that is said of what is sought.
_SEEKS_OTHERS = re.compile(
    r"(?<!\S)(?:which|what|HOWMANY|SHARE|EACH)(?: of)?(?: (?:the|a|an|all|U|N|X|P|LATEST|FIRST))*(?: \?)+"
    r"(?! (?:DD?|CC?|COLL|REF|YEAR|MONTH|DATE|CATEGORY|TOPICS|OUTCOME|[BRTK])(?!\S))"
)
_IS_TRUE = re.compile(r"(?:is (?:that|it|this) )?(?:true|right|correct|so|accurate)(?: or not| or false)?")
# What points back to what was said before.
_POINTS_BACK = re.compile(
    r"\b(?:those|these|them|they|theirs|their|such|there|that|then|it|else|whom|its|one|ones)\b|^\W*(?:so )?which\W*$"
)
_OF_THEN = re.compile(
    r"\b(before|until|after|since|from)\b(?: that| then)?(?: date| day| point)?\W*$"
    r"|\b(before|until|after|since) (?:that|then)\b"
)


def _take_told(reading: Reading, catalogue: Catalogue, today: datetime.date) -> None:
    """Take periods, categories and outcomes from what was said, where the question points back to them."""
    if reading.periods or reading.categories or not _POINTS_BACK.search(reading.text):
        return
    beside = Reading(without_asides(reading.said))
    beside.text, periods = read_periods(beside.text, today)
    take_references(beside, catalogue)
    take_bodies(beside, reading.said, catalogue)
    take_categories(beside, catalogue)
    _take_words(beside)
    if count_strange(WORD.findall(beside.text), catalogue) > _MAX_STRANGE_BESIDE:
        return
    if len(periods) == 1 and periods[0].is_closed and (then := _OF_THEN.search(reading.text)):
        how = then[1] or then[2]
        how = "after" if how == "since" and beside.subject else how
        periods = [days_beside(periods[0], how)] if how != "from" or _ONWARDS.search(reading.text) else periods
    reading.periods, reading.categories = periods, beside.categories
    told = [token for token in beside.tokens.split() if token in {"T", "K", "U", "N", "X", "P"}]
    reading.marked = " ".join([reading.marked, *(["|", *told] if told else [])])


_ONWARDS = re.compile(r"\bfrom (?:then|that (?:day|date)) (?:on|onwards?|forwards?)\b")


def days_beside(period: Period, how: str) -> Period:
    """The days before, until, after or since a period."""
    day = datetime.timedelta(days=1)
    if how in {"before", "until"}:
        return Period(None, period.first - day if period.first and how == "before" else period.last)
    return Period(period.last + day if period.last and how == "after" else period.first)


def _leave_harmless(reading: Reading) -> None:
    """Take out the words that do no harm, unless there are strange ones too."""
    if not reading.strange:
        reading.marked = " ".join(token for token in reading.marked.split() if not token.islower() or token in PLAIN)


_HOW = re.compile(
    r"\bhow (?:do|does|did) (?:the )?R\b|\bhow did B (?=fare|come off)|\bhow (?:much money|many|often|frequently"
    "|far|large|big|small|extensive|old|recent|did|has|have|was|were|do you|long ago|up to date|current|far apart"
    r"|long (?:went by|passed|elapsed)|long (?:was it |is it |did it take )?between)\b|(?<=by )how \w+|\bhow (?:"
    r"(?:is|was|are|were|has) )?(?:the )?[BR](?:'s)?(?: \w+)? (?:(?:is|was|been) )?(?=categori|classif|classed"
    r"|filed|tagged|label)|\bhow are(?: the| these| your)? \w+ (?:spread|split|distributed|divided|shared)"
)
_SENTENCE = re.compile(r"(?<=[.?!;])\s+|(?<!\s)\s++[-–—]+\s+|(?:(?<!\s)\s++)?—\s*")
_INDIRECT = re.compile(r"\b(?:how (?:many|big|large|far)|which|number of|list)\b")
# What asks nothing without what was said before it.
_BARE = re.compile(
    r"\A\W*(?:so )?(?:anything|any|anyone|which|how many|what have you got|got any|yes|no)(?: there| at all)?\W*"
)
# What somebody says of themselves.
_SAYS_OF_SELF = re.compile(
    r"^\W*(?:i|we|my|our|they|he|she|someone|somebody|sorry|people)\b(?!.*\b(?:how|what|which|list|any)\b)"
)
_MONTH_ALONE = re.compile(
    rf"\b(?:(?:in|from|during|of)(?: an?| the| any)?|an?|the|any|every) (?P<name>{'|'.join(MONTHS)})"
    r"(?= (?:one|decision|case|ruling|complaint)s?\b|\W*$|[,.;?!])",
    re.IGNORECASE,
)


def _take_month(reading: Reading, catalogue: Catalogue) -> None:
    """Put T for a month without a year, which means that of every year in which a decision was made."""
    if match := _MONTH_ALONE.search(reading.text):
        month = month_number(match["name"])
        reading.periods = [months(year, month, 1) for year in catalogue.years]
        reading.any_period = True
        reading.text = f"{reading.text[: match.start()]} {MARK} {reading.text[match.end() :]}"


def _runs(strange: Sequence[str], tokens: Sequence[str]) -> int:
    """How many runs of strange words there are."""
    found = [token in strange for token in tokens]
    return sum(now and not before for before, now in itertools.pairwise([False, *found]))


def _apart(text: str) -> tuple[str, str]:
    """What is asked, and what is only said beside it."""
    pieces = sentences(text, _SENTENCE)
    if len(pieces) < 2:
        return text, ""
    questions = any(sentence.endswith("?") for sentence in pieces)
    said = [
        not sentence.endswith("?")
        and (
            _SAYS_OF_SELF.search(sentence) is not None
            or (
                questions
                and (sentence.endswith((".", ";")) or at == len(pieces) - 1)
                and not _INDIRECT.search(sentence)
            )
        )
        for at, sentence in enumerate(pieces)
    ]
    if all(said) or not any(said):
        return text, ""
    beside = " ".join(itertools.compress(pieces, said))
    asked = " ".join(sentence for sentence, is_beside in zip(pieces, said, strict=True) if not is_beside)
    if _BARE.fullmatch(asked) and not any(map(_SAYS_OF_SELF.search, pieces)):
        return text, ""
    return asked, beside


_ELSE = re.compile(r"\b(?:else|others?|another|rest|remains?|left)\b")
_PLACED_BY_THEN = re.compile(r"\b(?:before|until|after|since) (?:that|then)\b")
CONTRASTS = re.compile(
    r"\b(?:different|not|but|rather|instead|except|leave|leaving|ignore|ignoring|exclud\w+|forget|without|disregard\w*"
    r"|take .{1,30} out|drop|never mind|other than|apart from)\b|n't\b"
)
"""Words with which what is told may be told of what is not meant."""
_MAX_STRANGE_BESIDE = 5  # strange words that make what is said more than a name


def _take_said(reading: Reading, question: str, catalogue: Catalogue) -> None:
    """Take the names out of what is only said, where the question itself has none."""
    said = reading.said
    if not said or reading.subject or count_strange(WORD.findall(said), catalogue) > _MAX_STRANGE_BESIDE:
        return
    if CONTRASTS.search(said) and not _ELSE.search(reading.text):
        return
    beside = with_names(said, said, catalogue)
    if not beside.bodies:
        take_kinds(beside, catalogue)
        reading.body_kind = beside.body_kind
    if not beside.bodies:
        take_places(beside, question, catalogue)
    if _PLACED_BY_THEN.search(reading.text):
        return  # “Kent's was in May. What has been decided since then?”
    reading.take_names(beside)
    if reading.bodies:
        reading.text = _OWN_BODY.sub("B", reading.text, count=len(reading.bodies))


_OWN = r"\b(?:my|our|this|the|that|their) (?:own |local )?(?:council|authority|borough|county)\b"
_US = r"(?:(?<= on )|(?<= about )|(?<= against )|(?<= concerning )|(?<= for ))us(?=\W|$)"
_OF_STORY = re.compile(
    rf"{_US}|{_OWN}|\b(?:on|about|against|concerning|for) them\b|\b(?:his|her) (?:own |local )?council\b|\b(?:that"
    r"|this|those|these|both)(?: of (?:those|these))? (?:one|ones|decisions?|cases?|two|councils)\b|\bthe (?:one"
    r"|two)\b|\bboth\b"
)
_PLACING = re.compile(r"\b(?:before|after|since|until|than) $")


def _take_from_story(reading: Reading, told: str, catalogue: Catalogue) -> None:
    """Take the names out of a story where the question points back to just what it names."""
    pointed = _OF_STORY.search(reading.text)
    if reading.subject or not pointed:
        return
    if _PLACING.search(reading.text[: pointed.start()]) and not TYPED_REFERENCE.search(told):
        return
    beside = with_names(spelt_out(told), told, catalogue)
    number = len(dict.fromkeys(beside.bodies)) + len(dict.fromkeys(beside.references)) + len(beside.unknown)
    if number != 1 and not (number == 2 and re.search(r"\b(?:both|two|those|these)\b", pointed[0])):
        return
    reading.take_names(beside)
    if beside.references:
        reading.text = reading.text.replace(pointed[0], "R", 1)
    elif reading.bodies:
        reading.text = _OWN_BODY.sub("B", reading.text, count=len(reading.bodies))


_OWN_BODY = re.compile(rf"{_US}|{_OWN}")
_NUMBERS = {word: number for word, number in NUMBER_WORDS.items() if 2 <= number <= 10}
_AND_NOT = re.compile(
    r"\b(?:[UF] .{0,40}\b|)(?:and|or) (?:HOWMANY|which|what)?(?: DD| CC)? ?(?:was |were |is |are |did )?not(?=\W*$)"
)


def _take_words(reading: Reading) -> None:
    """Read the words of a text in which the names stand as tokens."""
    text = read_words(_QUOTES.sub(" ", reading.text.replace("B's", "B").replace("R's", "R")))
    text = _AS_OUTCOME.sub("", text)
    if re.search(r"\b[UF]\b", text):
        text = _AND_NOT.sub(r"\g<0> N", text)
    tokens, reading.words = list[str](), text
    for word in _TOKEN.findall(text):
        number = int(word) if re.fullmatch("[0-9]{1,3}", word) else _NUMBERS.get(word)
        if number is not None:
            reading.numbers.append(number)
        tokens.append("|" if word in ",;:()." else word if number is None else "#")
    text = " ".join(tokens)
    text = re.sub(
        r"\b(?:in favour of|sided with|side with|ruled for|found for|decided for) B\b|\bin B favour\b|\bB way\b",
        "N B",
        text,
    )
    reading.marked = re.sub(r"\bN(?: N)+\b", "N", text)


_QUOTES = re.compile(r"(?<!\w)'|'(?!\w)")
_AS_OUTCOME = re.compile(r"\bCATEGORY (?=[UNXPF]\b)")
_TOKEN = re.compile(rf"{WORD.pattern}|[,;:().](?!\w)|[()]")


def _leave_clauses(reading: Reading) -> None:
    """Leave out a clause with words of its own, where the rest asks by itself: “my editor asks: how many …”."""
    clauses = [clause.strip() for clause in reading.marked.split("|") if clause.strip()]
    if len(clauses) < 2:
        return
    kept = list[str]()
    for clause in clauses:
        beside = Reading("", marked=clause)
        if not beside.strange:
            kept.append(clause)
        elif RESTRICTING.intersection(clause.split()) or beside.has("HOWMANY|SHARE|list|any|all|[BTKRUNXP]"):
            return
    rest = Reading("", marked=" | ".join(kept))
    if rest.has(
        "HOWMANY|SHARE|(?:list|which|what|any|all|there|have|COLL) (?:\\S+ ){0,3}(?:DD|CC|D|COLL)|COLL"
        "|who(?: \\S+){0,3} [UNXP]"
    ):
        reading.marked = rest.marked


def _mend(reading: Reading) -> None:
    """Read the register's own nouns where they are mistyped by a letter or two: “descisions”, “catagory”."""
    meant = {word: near for word in reading.strange if (near := mistyped(word))}
    if meant:
        marked = " ".join(meant.get(token, token) for token in reading.marked.split())
        reading.marked = " ".join(re.findall(rf"{WORD.pattern}|\|", read_words(marked)))


def _take_other(reading: Reading, question: str, catalogue: Catalogue) -> None:
    """The same, where a body that the question itself names counts and not one that was only said beside it."""
    told, number = reading.bodies, len(reading.unknown)
    is_beside = reading.told_bodies and not reading.has("B")
    if is_beside:
        reading.bodies = []
    take_unknown(reading, question, catalogue)
    if is_beside and (reading.bodies or len(reading.unknown) > number):
        reading.told_bodies = False
    elif is_beside:
        reading.bodies = told
