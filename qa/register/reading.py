"""The words of a question as the register of decisions may understand them. No I/O.

    a question → is it worth reading? → what is asked and what is only said → names, dates, categories → tokens

A name counts in whatever case, for a question about the register has no other: qa.retrieval.question_entities says
whether words are one. What a body is not held, qa.retrieval.question_entities knows too; beyond that, capitals count
where a body would stand (“about Surrey”). What somebody says of themselves before they ask (“I'm writing a report on
…”) does not count.
"""

from __future__ import annotations

import calendar
import datetime
import functools
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rapidfuzz.distance import OSA

from index.catalogue import Facets
from index.decisions import Reference, fold
from qa.register.story import sentences
from qa.register.words import (
    ASIDES,
    PHRASES,
    PLAIN,
    PURPOSES,
    is_harmless,
    read_words,
    spelt_out,
    without_asides,
    without_courtesies,
)
from qa.retrieval.question_entities import Names
from qa.text.bodies import councils
from qa.text.periods import MARK, MONTH, Period, read_periods

LONGEST = 300
"""Characters of a question about the collection; a longer text is a story."""


class Held(Protocol):
    """What is needed of an index to know what it holds; a Store has it."""

    def facets(self) -> Facets:
        """What a filter can be set to."""
        ...

    def holds(self, reference: Reference) -> bool:
        """Whether there is a decision with this reference."""
        ...


CATEGORIES = {
    "Adult care services": "assessment and care plan; charging; residential care; domiciliary care; direct payments; "
    "disabled facilities grants",
    "Benefits and tax": "council tax; housing benefit; council tax support",
    "Children's care services": "adoption; child protection; disabled children; fostering; friends and family carers; "
    "looked after children",
    "Education": "alternative provision; school admissions; school exclusions; school transport; "
    "special educational needs; sen; send",
    "Environment and regulation": "antisocial behaviour; anti social behaviour; cemeteries and crematoria; drainage; "
    "health and safety; libraries; licensing; noise; pollution; refuse and recycling; trading standards; trees; bins",
    "Housing": "allocations; council house repairs; homelessness; housing allocations; housing repairs; "
    "private housing",
    "Planning": "building control; planning applications; planning enforcement; planning advice",
    "Transport and highways": "highways; highway repair and maintenance; potholes; "
    "roads; parking; rights of way; traffic "
    "management; blue badges; "
    "parking and other penalties",
}
"""The Ombudsman's own categories, https://www.lgo.org.uk/decisions; that nothing of one is held is an answer too."""


_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|#")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What questions may name, made once for each version of the index."""

    bodies: tuple[str, ...]
    categories: tuple[str, ...]
    holds: Callable[[Reference], bool]
    years: range = range(0)
    """Of the first decision that is held to the last."""
    words: frozenset[str] = field(init=False, repr=False)
    """Those of the bodies' names."""
    part_words: frozenset[str] = field(init=False, repr=False)
    """Those of the names of categories, without the s of their plurals."""
    parts: tuple[tuple[str, tuple[str, ...], frozenset[str]], ...] = field(init=False, repr=False)
    """What may be told of categories: in small letters, the categories that it means, and its words."""

    def __post_init__(self) -> None:
        words = (word for body in self.bodies for word in _WORD.findall(_small(body)))
        known = frozenset(_bare(word) for word in words)
        object.__setattr__(
            self, "words", known | {f"{word}s" for word in known - _HEADS - _VOCABULARY if len(word) > 3}
        )
        parts = tuple(_parts(self.categories))
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "part_words", frozenset(word for _, _, words in parts for word in words))

    @classmethod
    def of(cls, store: Held) -> Catalogue:
        """That of a version."""
        facets = store.facets()
        years = range(facets.first.year, facets.last.year + 1) if facets.first and facets.last else range(0)
        return cls(
            tuple(name for name, _ in facets.bodies), tuple(name for name, _ in facets.categories), store.holds, years
        )


def _small(name: str) -> str:
    return name.casefold().replace("’", "'").replace("&", " and ")


def _bare(word: str) -> str:
    return re.sub(r"'s$|'", "", word) if "'" in word else word


def _parts(categories: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], frozenset[str]]]:
    """The names of categories and their parts, the held ones first, the longest first within these."""
    held: dict[str, tuple[str, ...]] = {_small(name): (name,) for name in categories}
    for name in categories:
        for part in name.split(" > "):
            held[_small(part)] = (*held.get(_small(part), ()), name)
    others = {_small(name): (name,) for name in CATEGORIES} | {
        part: (f"{name} > {part.capitalize()}",) for name, parts in CATEGORIES.items() for part in parts.split("; ")
    }
    for names in (held, {part: meant for part, meant in others.items() if part not in held}):
        for part, meant in sorted(names.items(), key=lambda each: -len(each[0])):
            yield part, tuple(dict.fromkeys(meant)), frozenset(map(_singular, _WORD.findall(part)))


def _singular(word: str) -> str:
    return _bare(word).removesuffix("s")


# Reading -------------------------------------------------------------------------------------------------------------

# Cheap, so that most questions need no more: a question about the collection has at least one of these words, or one
# that begins so.
_TELLING = frozenset(
    "better worse month months case cases councils council's bodies ombudsman fault won win wins lost lose "
    "loses sided side held hold holds "
    "included include includes contain contains contained got there have you've you here all any every anything "
    "everything "
    "show give before after ago average span spans period number updated index dump corpus predates bodies body "
    "search searched weekend weekends monday tuesday wednesday thursday "
    "friday saturday sunday ever cleared fare fared data either median middle nearest closest gap same refs "
    "duplicate duplicates dupes "
    "names owt nowt none nothing right order theirs refs heading headings "
    "date dates dated when year years month first last latest late newer older earlier later whose who how "
    "count counts number total most fewest least more than share once one ones vs v compare compared rank ranked "
    "ref refs references outcomes summary subjects topics areas types".split()
)
_TELLING_STARTS = frozenset(
    "decis decid desci deson compl rulin judge judgm findi verdi uphel uphol unuph dismi rejec autho organ categ catag "
    "subca datab datas colle regis archi list cover entri entry recen newes oldes earli outco resul refer propo perce "
    "avera typic recor predat media deter adjud break yearl annua worst best".split()
)
# What counts may have more words of its own: “how many decisions found that …”.
_QUANTITIES = frozenset(
    "much many often number count total average typical typically median mean percent percentage proportion share "
    "rate fraction "
    "updated refreshed picked chosen sampled representative compliance longest shortest better worse most fewest "
    "rank ranked ranking worst best add nationally england country".split()
)
_COLLECTED = frozenset(
    "decision decisions case cases complaint complaints complained council councils authorities ombudsman ombudsman's "
    "ombudsmans collection archive database rulings upheld ones everyone of here paragraph paragraphs payment payments "
    "payout payouts compensation money uphold found word phrase them these those".split()
)
# “How many involve …” counts decisions, though it does not say so.
_SAID_OF_DECISIONS = frozenset("involve involved concern concerned mention mentioned feature relate related".split())
# Somebody speaks of themselves, which is left aside before the words are counted.
_SPEAKING = frozenset("i i'm i'd i've we we're we'd we've my our as before for hi hello".split())
_FEW = 6  # words that are all of a question
_MOST_STRANGE = 5  # words that no register understands and no body is called by
_MOST_STRANGE_COUNTED = 10


def _words_of(pattern: str) -> Iterator[str]:
    """The words that may stand where a pattern matches, and some that are none: “decision”, “decisions”, “decisio”."""
    for word, optional in re.findall(r"([a-z][a-z']*)(\?|)", pattern):
        yield word
        if optional:
            yield word[:-1]
    for word, endings in re.findall(r"([a-z][a-z']*)\(\?:([a-z|]+)\)", pattern):
        yield from (word + ending for ending in endings.split("|"))


_VOCABULARY = PLAIN | {word for phrase in (*ASIDES, *PHRASES) for word in _words_of(phrase.pattern.pattern)}

# In the words of somebody's own case, or of what is so in general; never in a question about the collection.
_PERSONAL = frozenset(
    "my mine our ours his her hers him she he himself herself mr mrs ms miss dr must should shall might "
    "could would can "
    "cannot why how because".split()
)


@dataclass(slots=True)
class Reading:
    """A question, first as text and then as tokens, and what its names, categories and dates are."""

    text: str
    said: str = ""  # beside what is asked
    words: str = ""  # the tokens, with the numbers as they are written
    marked: str = ""  # the tokens, with | between the clauses
    bodies: list[tuple[str, ...]] = field(default_factory=list)  # of each token B
    references: list[Reference] = field(default_factory=list)
    categories: list[tuple[str, ...]] = field(default_factory=list)  # of each token K
    unknown: list[str] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    body_kind: str = ""
    any_period: bool = False  # one of its periods is enough: “in January” is that of any year
    told_bodies: bool = False  # its bodies are those that were told beside it
    dated_body: bool = False  # a date tells which decision about a body is meant: “Kent's of May 2022”

    @property
    def every_body(self) -> tuple[str, ...]:
        """The bodies that it names."""
        return tuple(dict.fromkeys(name for names in self.bodies for name in names))

    @property
    def tokens(self) -> str:
        """Its tokens, apart by spaces."""
        return " ".join(self.marked.replace("|", " ").split())

    @property
    def subject(self) -> bool:
        """Whether it says which body or decision it is about."""
        return bool(self.bodies or self.references or self.unknown)

    @property
    def strange(self) -> list[str]:
        """The words that no register understands."""
        strange = [token for token in self.tokens.split() if token.islower() and token not in PLAIN]
        if not strange or not self.has(_PLAINLY):
            return strange
        subjects = {word for how, word in _SUBJECT.findall(self.tokens) if word in PURPOSES or how not in _LOOSELY}
        return [token for token in strange if token in subjects or not is_harmless(token)]

    @property
    def narrows(self) -> bool:
        """Whether a word that no register understands says which decisions are meant: “those that mention hotels”."""
        strange = set(self.strange) - _PERSONAL
        return any(word in strange for _, word in _SUBJECT.findall(self.tokens)) or any(
            not strange.isdisjoint(match[0].split()) for match in _CLAUSES.finditer(self.tokens)
        )

    def take_names(self, beside: Reading) -> None:
        """Take the names of what was told beside the question."""
        self.bodies, self.references, self.unknown = beside.bodies, beside.references, beside.unknown
        self.told_bodies = bool(self.bodies or self.unknown)

    def leave_strange(self) -> None:
        """Take the strange words out."""
        for _ in range(2):  # what is plainly spoken of may make others harmless
            strange = set(self.strange)
            self.marked = " ".join(token for token in self.marked.split() if token not in strange)

    def has(self, pattern: str) -> bool:
        """Whether these tokens stand in it."""
        return _tokens(pattern).search(self.tokens) is not None


# A question that plainly speaks of the decisions held may have words that do no harm.
_PLAINLY = (
    "DD|COLL|CC|CATEGORY|REF|(?:have|there|is|hold)(?: \\S+){0,3} D|C names|(?:distinct|unique) OUTCOME"
    "|list(?: \\S+){0,3} who|what did T|[BR](?: \\S+){0,3} (?:before or after|after or before)|"
    "(?:HOWMANY|list|EACH|all|any|every|which|what|only|LATEST|FIRST)(?: U| N| X| P)? (?:D|C|B|R)"
    "|(?:OUTCOME|DATE)(?: \\S+){0,3} (?:B|R|D)|(?:HOWMANY|list|any) [UNXPTK]|[BTK] D|D [BTK]|anything|which OUTCOME"
)


# What the decisions are said to be about, or to have.
_SUBJECT = re.compile(
    r"\b(about|(?<=DD )on|involv\w+|concern\w*|with|over|mention\w*|regarding|includ\w+|relat\w+|features?|had|against"
    r"|by|from|where|because)(?: (?:a|an|the|any|some|their|to|of|his|her|there|was|were)){0,3} (\w+)"
)
_CLAUSES = re.compile(
    r"\b(?:DD?|CC?) ((?:that|which|where|who|whose|of|were|was|are|is|have|has|had|did|do|does)(?: \S+){1,5})"
    r"|[a-z]+(?= (?:DD?|CC?|[UNXP])\b)"
)
_LOOSELY = frozenset("with had by from over include includes included including".split())


@functools.cache
def _tokens(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")


def read(question: str, names: Names, catalogue: Catalogue, today: datetime.date, told: str = "") -> Reading | None:
    """The question as tokens; None where it is no question about the collection, by its length or its words alone.

    `told` is what was told beside it, of whatever length and words: it can only say which body or decision is meant.
    """
    question = fold(question)
    if len(question) > LONGEST:
        return None
    words = _WORD.findall(re.sub(r"\bno\. of\b", "number of", question.casefold()))
    tells = "+" in question or any(
        word in _TELLING or word[:5] in _TELLING_STARTS or word[0].isdigit() for word in words
    )
    # “Leicestershire, child protection only” is short enough to be looked at.
    if not tells and (len(words) > _FEW or catalogue.words.isdisjoint(words)):
        return None
    if not _PEOPLE.isdisjoint(words):
        return None
    collected = not _COLLECTED.isdisjoint(words) or any(
        pair[0] == "many" and pair[1] in _SAID_OF_DECISIONS for pair in itertools.pairwise(words)
    )
    counts = not _QUANTITIES.isdisjoint(words) and collected and _counts(words, catalogue)
    if _asks_time(words):
        return None
    if _strange(words, catalogue) > (_MOST_STRANGE_COUNTED if counts else _MOST_STRANGE):
        return None
    if not counts and _SPEAKING.isdisjoint(words) and _is_hopeless(words, catalogue):
        return None
    asked, said = _apart(without_courtesies(spelt_out(question)))
    if not counts and not _TOLD_BY_ONE.isdisjoint(_WORD.findall(asked)):
        return None
    if not counts:
        plainly = without_asides(asked)
        if _is_strange_throughout(plainly, question, catalogue) or _is_hopeless(_WORD.findall(plainly), catalogue):
            return None
    reading = Reading(asked, said=said)
    _take_references(reading, names, catalogue)
    _take_bodies(reading, question, names, catalogue)
    if told:
        _take_from_story(reading, told, names, catalogue)
    else:
        _take_said(reading, question, names, catalogue)
    asked = without_asides(reading.text)
    _take_periods(reading, asked, today)
    personal = not _PERSONAL.isdisjoint(_HOW.sub("", reading.text).split())
    if personal and not counts:
        return None
    _take_rest(reading, catalogue)
    if personal:
        reading.marked += " personally"
    if not counts and _runs(reading.strange, reading.tokens.split()) > _MOST_RUNS:
        return None
    if reading.strange:
        _mend(reading)
        _take_other(reading, question, names, catalogue)
    if reading.strange:
        _leave_clauses(reading)
    if reading.strange and _IS_TRUE.fullmatch(asked.strip(" ?.!,")) and said:
        return read(without_asides(said), names, catalogue, today)
    if said and not reading.strange:
        _take_told(reading, names, catalogue, today)
    if told and reading.told_bodies and any(map(is_harmless, reading.tokens.split())):
        return None  # of what a story names, only plain questions are the register's
    _leave_harmless(reading)
    return reading


_DATED_BODY = re.compile(
    r"\bB(?:'s)?(?: (?:one|decision|case|ruling|complaint))? (?:of|dated|from)(?: the)? [0-9]{0,2}(?:st|nd|rd|th)? ?"
    rf"(?:{MONTH}|[0-9]{{4}})"
)


def _with_names(text: str, question: str, names: Names, catalogue: Catalogue) -> Reading:
    """A reading of a text, spelt out, in which the references and bodies are taken."""
    reading = Reading(text)
    _take_references(reading, names, catalogue)
    _take_bodies(reading, question, names, catalogue)
    return reading


def _take_periods(reading: Reading, text: str, today: datetime.date) -> None:
    """Read the dates of a text in which the names stand as tokens; what is left is the text of the reading."""
    reading.dated_body = _DATED_BODY.search(text) is not None
    reading.text, reading.periods = read_periods(text, today)


def _take_rest(reading: Reading, catalogue: Catalogue) -> None:
    """Take what stands in a text without its names and dates: months, categories, kinds of bodies, words."""
    if not reading.periods:
        _take_month(reading, catalogue)
    _take_categories(reading, catalogue)
    _take_kinds(reading, catalogue)
    _take_words(reading)


def all_named(text: str, question: str, names: Names, catalogue: Catalogue, today: datetime.date) -> Reading:
    """A text of a question as tokens, nothing cut away: all bodies, dates, categories and outcomes that it names."""
    reading = _with_names(spelt_out(fold(text), whole=True), question, names, catalogue)
    _take_periods(reading, reading.text, today)
    _take_rest(reading, catalogue)
    if reading.strange:
        _take_unknown(reading, question.casefold(), names, catalogue)  # those that are known, not any capital
    return reading


def names_one(question: str, names: Names, catalogue: Catalogue) -> bool:
    """Whether a question names a body that is held, or a decision by its reference."""
    return _with_names(spelt_out(fold(question)[:LONGEST]), question, names, catalogue).subject


def read_loosely(question: str, names: Names, catalogue: Catalogue, today: datetime.date) -> Reading | None:
    """The question as tokens, whatever words it has, for one that is probably about the collection.

    None where what is counted or sought is called by words that no register understands: “which school place appeal was
    upheld?”.
    """
    question = fold(question)[:LONGEST]
    reading = _with_names(without_courtesies(spelt_out(question)), question, names, catalogue)
    _take_periods(reading, without_asides(reading.text), today)
    _take_rest(reading, catalogue)
    if reading.strange:
        _mend(reading)
        _take_unknown(reading, question, names, catalogue)
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


def _take_told(reading: Reading, names: Names, catalogue: Catalogue, today: datetime.date) -> None:
    """Take periods, categories and outcomes from what was said, where the question points back to them."""
    if reading.periods or reading.categories or not _POINTS_BACK.search(reading.text):
        return
    beside = Reading(without_asides(reading.said))
    beside.text, periods = read_periods(beside.text, today)
    _take_references(beside, names, catalogue)
    _take_bodies(beside, reading.said, names, catalogue)
    _take_categories(beside, catalogue)
    _take_words(beside)
    if _strange(_WORD.findall(beside.text), catalogue) > _STORY:
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
        kept = (token for token in reading.marked.split() if not token.islower() or token in PLAIN)
        reading.marked = " ".join(kept)


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


_MONTH_NAMES = "|".join(calendar.month_name[1:])
_MONTH_ALONE = re.compile(
    rf"\b(?:(?:in|from|during|of)(?: an?| the| any)?|an?|the|any|every) (?P<name>{_MONTH_NAMES})"
    r"(?= (?:one|decision|case|ruling|complaint)s?\b|\W*$|[,.;?!])",
    re.IGNORECASE,
)


def _take_month(reading: Reading, catalogue: Catalogue) -> None:
    """Put T for a month without a year, which means that of every year in which a decision was made."""
    if match := _MONTH_ALONE.search(reading.text):
        month = [name.casefold() for name in calendar.month_name].index(match["name"])
        reading.periods = [
            Period(datetime.date(year, month, 1), datetime.date(year, month, calendar.monthrange(year, month)[1]))
            for year in catalogue.years
        ]
        reading.any_period = True
        reading.text = f"{reading.text[: match.start()]} {MARK} {reading.text[match.end() :]}"


def _is_known(word: str, catalogue: Catalogue) -> bool:
    """Whether a register understands a word, or something that is held is called by it."""
    bare = _bare(word)
    return (
        word in _VOCABULARY
        or bare in _VOCABULARY
        or is_harmless(word)
        or word[0].isdigit()
        or bare in catalogue.words
        or _singular(word) in catalogue.part_words
    )


def _strange(words: Sequence[str], catalogue: Catalogue) -> int:
    """How many words no register understands, and nothing held is called by."""
    return sum(not _is_known(word, catalogue) for word in words)


def may_be_plain(question: str, catalogue: Catalogue) -> bool:
    """Whether a question may speak of the decisions held, in no words but the register's own and a name. Cheap."""
    text = question.casefold()
    return _SPEAKS_OF.search(text) is not None and _strange(_WORD.findall(text), catalogue) <= _MOST_MISTYPED


_MOST_MISTYPED = 2
_SPEAKS_OF = re.compile(
    r"\b(?:d[eiou]s?cis\w*s|cases|complaints|rulings|judge?ments|verdicts|ones|entries|collection|database|register"
    r"|list|here|in there|you|yours|anything|everything|how many|number|count|tally|hits|match\w*|remains?|left"
    r"|what is there|what's there|on file)\b"
)


def _runs(strange: Sequence[str], tokens: Sequence[str]) -> int:
    """How many times strange words begin after others."""
    found = [token in strange for token in tokens]
    return sum(now and not before for before, now in itertools.pairwise([False, *found]))


_UNITS = frozenset("days weeks months hours minutes working miles pounds".split())
_COUNTED_IN_TEXTS = frozenset(
    "paragraphs pages words sentences documents mums dads mothers fathers parents families people complainants".split()
)
_COLLECTED_BEFORE = frozenset("decisions cases complaints councils authorities rulings".split())  # “of the councils …”
_POINTING = frozenset("these those them".split())
_ALTOGETHER = frozenset("all total average overall altogether across typically usually whole together".split())


def _counts(words: Sequence[str], catalogue: Catalogue) -> bool:
    """Whether what “how many” and “how much” ask for can be decisions: not days, and no thing that only a text has."""
    quantities = _QUANTITIES.intersection(words)
    if quantities == {"much"}:
        return not _ALTOGETHER.isdisjoint(words)
    if quantities == {"many"}:
        at = words.index("many") + 1
        if not _COLLECTED_BEFORE.isdisjoint(words[: at - 2]) or not _POINTING.isdisjoint(words[at : at + 2]):
            return True
        counted = next((word for word in words[at : at + 4] if word not in _BEFORE_COUNTED), "")
        if not counted or counted in _UNITS:
            return False
        return counted in _COUNTED_IN_TEXTS or _is_known(counted, catalogue) or _mistyped(counted) is not None
    return True


def _asks_time(words: Sequence[str]) -> bool:
    """“How many days …”, other than between decisions."""
    at = words.index("many") + 1 if "many" in words else len(words)
    return not _UNITS.isdisjoint(words[at : at + 2]) and _APART.isdisjoint(words)


_APART = frozenset("average typically apart between separate separates passed elapsed since".split())
_BEFORE_COUNTED = frozenset("of the these those such more other different your all a two three four five six".split())
_MOST_RUNS, _LONGEST_RUN = 2, 4  # of strange words that may be a name


def _is_hopeless(words: Sequence[str], catalogue: Catalogue) -> bool:
    """Whether there are more words that no register understands than the name of a body may have."""
    run = runs = 0
    for word in words:
        if _is_known(word, catalogue) or _mistyped(word):
            run = 0
            continue
        run += 1
        runs += run == 1
        if run > _LONGEST_RUN or runs > _MOST_RUNS:
            return True
    return False


_PEOPLE = frozenset("mr mrs ms miss".split())  # of one decision
_TOLD_BY_ONE = frozenset("dr he she him her his hers must shall why because cannot".split())
# With one of these a clause says something of the decisions, and is not left out.
_RESTRICTING = frozenset(
    "that which where who whose about involving mentioning with because and or in on for from by when if while after "
    "before of to against at under over without what how the a an this these those".split()
)
_SAYS_MORE = _RESTRICTING | frozenset("did does was were is are".split())
_CLAUSE = re.compile(r"[,:;.?!–—]| - ")


def _is_strange_throughout(asked: str, question: str, catalogue: Catalogue) -> bool:
    """Whether a word that no register understands, and that cannot be a name, stands in all that asks.

    So it is in every clause, or in one that says something of the others.
    """
    written = frozenset(_WORD.findall(question))
    cased = not question.isupper()
    clauses = [words for clause in _CLAUSE.split(asked) if (words := _WORD.findall(clause))]
    strange = [any(cased and _is_subject(word, written, catalogue) for word in words) for words in clauses]
    return all(strange) or any(
        has and not _SAYS_MORE.isdisjoint(words) for has, words in zip(strange, clauses, strict=True)
    )


_DATED = frozenset(
    "spring summer autumn winter christmas easter quarter halves jan feb mar apr jun jul aug sep sept oct nov dec "
    "nhs hospital foundation trust trusts schools homes counties metropolitan london boroughs districts county city "
    "march may fy q1 q2 q3 q4 h1 h2 yesterday tomorrow couple few 1st 2nd 3rd st nd rd th weekend".split()
)


def _is_subject(word: str, written: frozenset[str], catalogue: Catalogue) -> bool:
    return not (
        _is_known(word, catalogue)
        or word in _DATED
        or not word.islower()
        or _bare(word) in _place_words()
        or word.capitalize() in written
        or word.upper() in written
        or _mistyped(word)
    )


@functools.cache
def _place_words() -> frozenset[str]:
    """The words of the names of councils that are known, held or not."""
    return frozenset(
        _bare(word)
        for council in councils()
        for name in (council.name, *council.short, *council.certain)
        for word in _WORD.findall(_small(name))
    )


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
    kept = " ".join(sentence for sentence, beside in zip(pieces, said, strict=True) if not beside)
    if _BARE.fullmatch(kept) and not any(map(_SAYS_OF_SELF.search, pieces)):
        return text, ""
    asked = " ".join(sentence for sentence, beside in zip(pieces, said, strict=True) if not beside)
    return asked, " ".join(sentence for sentence, beside in zip(pieces, said, strict=True) if beside)


_REFERENCE = re.compile(
    r"(?<![\w£$€.,/-])[0-9]{2}[\s‐‑–-]?[0-9]{3}[\s‐‑–-]?[0-9]{3}(?:[\s-]?[a-z](?!\w))?(?!\w)", re.IGNORECASE
)


def _take_references(reading: Reading, names: Names, catalogue: Catalogue) -> None:
    def take(match: re.Match[str]) -> str:
        named = names.read(f"{match[0]} case", catalogue.holds)
        reading.references += named.reference
        reading.unknown += named.unknown
        return "R" if named.reference or named.unknown else match[0]

    reading.text = _REFERENCE.sub(take, reading.text)


_BEFORE_OF = frozenset("city london royal borough county".split())
_DIRECTIONS = frozenset("north south east west mid central greater northern southern eastern western".split())
_WITHIN_NAMES = frozenset("of and the upon on in under le with".split())
_HEADS = frozenset("cc bc dc mbc council councils county city borough district authority trust".split())
_MOST_OF_NAME = 9  # words
_MOST_TRIED = 40  # runs of words, whether they are a name


def _take_bodies(reading: Reading, question: str, names: Names, catalogue: Catalogue) -> None:
    """Put B for each held body that is named, in whatever case: a question about the register has no other names."""
    spans = [(match.start(), match.end(), _bare(match[0])) for match in _WORD.finditer(reading.text)]
    pieces, at, done = list[str](), 0, 0
    seen = dict[str, tuple[tuple[str, ...], tuple[str, ...]] | None]()
    while at < len(spans):
        found = _body_at(reading.text, spans, at, names, catalogue, seen)
        if found is None:
            at += 1
            continue
        end, bodies, unknown = found
        pieces.append(reading.text[done : spans[at][0]] + "B")
        done, at = spans[end - 1][1], end
        reading.bodies.append(bodies)
        if unknown:
            reading.unknown.append(_as_written(unknown, question))
    reading.text = "".join(pieces) + reading.text[done:]


def _body_at(
    text: str,
    spans: Sequence[tuple[int, int, str]],
    at: int,
    names: Names,
    catalogue: Catalogue,
    seen: dict[str, tuple[tuple[str, ...], tuple[str, ...]] | None],
) -> tuple[int, tuple[str, ...], str] | None:
    """Where the longest name that begins with this word ends, what it names, and how it is written if not held."""
    word = spans[at][2]
    if word.endswith("s") and word[:-1] in catalogue.words and word not in _VOCABULARY | _HEADS:
        word = word[:-1]  # “kents”
        spans = [*spans[:at], (spans[at][0], spans[at][1] - 1, word), *spans[at + 1 :]]
    after = spans[at + 1][2] if at + 1 < len(spans) else ""
    prefixed = (word in _BEFORE_OF and after in {"of", "borough"}) or (word in _DIRECTIONS and after in catalogue.words)
    if not prefixed and (word not in catalogue.words or word in _VOCABULARY):
        return None
    end = at + 1
    while end < min(len(spans), at + _MOST_OF_NAME) and spans[end][2] in catalogue.words | _WITHIN_NAMES | _HEADS:
        end += 1
    for last in range(end, at, -1):
        if spans[last - 1][2] in _WITHIN_NAMES:
            continue
        written = re.sub(r"'s?$", "", text[spans[at][0] : spans[last - 1][1]])
        if written not in seen and len(seen) < _MOST_TRIED:
            seen[written] = _named(written, names, catalogue)
        if found := seen.get(written):
            return last, found[0], "" if found[0] else written
    return None


def _named(
    written: str, names: Names, catalogue: Catalogue, held: bool = True
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The bodies that are held, and what is none, if the words are all of a name; `held` if one of them is likely."""
    title = (f"{written.title()} council case", f"{written.title()} case") if held else ()
    for asked in (f"{written} case", *title):
        named = names.read(asked, catalogue.holds)
        if named.text == "the case" and (named.council or named.unknown):
            return named.council, named.unknown
    return None


def _as_written(name: str, question: str) -> str:
    """A name as the question has it, with its capitals."""
    match = re.search(re.escape(name), question.replace("’", "'"), re.IGNORECASE)
    return match[0] if match else name


_ELSE = re.compile(r"\b(?:else|others?|another|rest|remains?|left)\b")
_PLACED_BY_THEN = re.compile(r"\b(?:before|until|after|since) (?:that|then)\b")
CONTRASTS = re.compile(
    r"\b(?:different|not|but|rather|instead|except|leave|leaving|ignore|ignoring|exclud\w+|forget|without|disregard\w*"
    r"|take .{1,30} out|drop|never mind|other than|apart from)\b|n't\b"
)
"""Words with which what is told may be told of what is not meant."""
_STORY = 5  # strange words that make what is said more than a name


def _take_said(reading: Reading, question: str, names: Names, catalogue: Catalogue) -> None:
    """Take the names out of what is only said, where the question itself has none."""
    if not reading.said or reading.subject or _strange(_WORD.findall(reading.said), catalogue) > _STORY:
        return
    beside = _with_names(reading.said, reading.said, names, catalogue)
    if CONTRASTS.search(reading.said) and not _ELSE.search(reading.text):
        return
    if not beside.bodies:
        _take_kinds(beside, catalogue)
        reading.body_kind = beside.body_kind
    if not beside.bodies:
        _take_places(beside, question, names, catalogue)
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


def _take_from_story(reading: Reading, told: str, names: Names, catalogue: Catalogue) -> None:
    """Take the names out of a story where the question points back to just what it names."""
    pointed = _OF_STORY.search(reading.text)
    if reading.subject or not pointed:
        return
    if _PLACING.search(reading.text[: pointed.start()]) and not _REFERENCE.search(told):
        return
    beside = _with_names(spelt_out(told), told, names, catalogue)
    number = len(dict.fromkeys(beside.bodies)) + len(dict.fromkeys(beside.references)) + len(beside.unknown)
    if number != 1 and not (number == 2 and re.search(r"\b(?:both|two|those|these)\b", pointed[0])):
        return
    reading.take_names(beside)
    if beside.references:
        reading.text = reading.text.replace(pointed[0], "R", 1)
    elif reading.bodies:
        reading.text = _OWN_BODY.sub("B", reading.text, count=len(reading.bodies))


_PLACE = re.compile(r"[A-Z][\w'’-]+(?: (?:and |upon |of )?[A-Z][\w'’-]+){0,3}")


def _take_places(beside: Reading, question: str, names: Names, catalogue: Catalogue) -> None:
    """Take the names of bodies that are known and not held, by their capitals."""
    for match in list(_PLACE.finditer(question))[:_MOST_PLACES]:
        if match.start() and (named := _named(match[0], names, catalogue, held=False)):
            beside.bodies.append(named[0])
            beside.unknown += () if named[0] else (match[0],)


_MOST_PLACES = 4
_OWN_BODY = re.compile(rf"{_US}|{_OWN}")


# “All about children” is said of a category at the end of a question, where it is not of somebody's children.
_CHILDREN = re.compile(
    r"(?:(?<= all )|(?<= do with )|(?<= about )|(?<= only )|(?<= just ))"
    r"(?:children|kids|child|children's stuff)(?=\W*$)"
)
# “Other” is a category only where it is called one.
_OTHER = re.compile(
    r"(?:\bcategor(?:y|ies) (?:of |called |named |is |= ?)?|\b(?:filed|classed|classified|listed|recorded|tagged"
    r"|labelled|put|placed) (?:under|as|in) |')'?other(?=\W|$)(?! than)'?(?: category)?|\bunder '?other'?(?=,|\W*$)"
    r"|\bother category\b|\bor (?:as )?other\b(?=\W*$)|(?:^|(?<=[,/+;])|(?<=[,/+;] )|(?<= plus ))other(?= ?[,/+;]"
    r"| plus |\W*$|\. )"
)
# Of the words of categories, those that are no sign of one.
_VAGUE = frozenset(
    "other and care service categorie tax regulation social of transition to children child council with family "
    "friend".split()
)


def _take_categories(reading: Reading, catalogue: Catalogue) -> None:
    """Put K for each category: all of its name or of a part of it, or words that together stand in one part."""
    text = _CHILDREN.sub("children's care services", " ".join(reading.text.split()))
    for part, meant, _ in catalogue.parts:
        if part != "other" and part in text:
            found = re.compile(rf"(?<!\w){re.escape(part)}(?: category)?(?!\w)")
            if found.search(text):
                text = found.sub(f" K{len(reading.categories)} ", text)
                reading.categories.append(meant)
    other = next((meant for part, meant, _ in catalogue.parts if part == "other"), ())
    if other and _OTHER.search(text):
        text = _OTHER.sub(f" in category K{len(reading.categories)} ", text)
        reading.categories.append(other)
    text = _loosely(text, reading, catalogue)
    # As they stand in the text.
    reading.categories = [reading.categories[int(place)] for place in dict.fromkeys(_NUMBERED.findall(text))]
    reading.text = _NUMBERED.sub("K", text)


_NUMBERED = re.compile(r"\bK([0-9]+)\b")


def _loosely(text: str, reading: Reading, catalogue: Catalogue) -> str:
    """Put K for words of one part of a category, in another order or number: “children's services”."""
    spans = [(match.start(), match.end(), _singular(match[0])) for match in _WORD.finditer(text)]
    pieces, at, done = list[str](), 0, 0
    while at < len(spans):
        run, meant = _longest_run([word for _, _, word in spans[at : at + _LONGEST_PART]], catalogue)
        if run:
            pieces.append(f"{text[done : spans[at][0]]} K{len(reading.categories)} ")
            reading.categories.append(meant)
            at += run
            done = spans[at - 1][1]
        else:
            at += 1
    return "".join(pieces) + text[done:]


_LONGEST_PART = 10  # words of a part of a category


def _longest_run(words: Sequence[str], catalogue: Catalogue) -> tuple[int, tuple[str, ...]]:
    """How many of the first words are of one part of a category, and what that means; (0, ()) where too few are."""
    if words[0] not in catalogue.part_words:
        return 0, ()
    runs = ((_run(words, part), -len(part), meant) for _, meant, part in catalogue.parts)
    run, shortest, meant = max(runs, key=lambda each: each[:2])
    told = set(words[:run])
    if run == 0 or (run == 1 and shortest < -1):
        return 0, ()
    certain = (
        not (_VAGUE | _VOCABULARY).issuperset(told) or {"children", "service"} <= told or {"children", "care"} <= told
    )
    return (run, meant) if certain else (0, ())


def _run(words: Sequence[str], part: frozenset[str]) -> int:
    """How many of the first words are words of a part, the last of them more than “and”."""
    run = 0
    while run < len(words) and (words[run] in part or (run and words[run] == "social")):
        run += 1
    while run and words[run - 1] in {"and", "other", "social", "of", "to"}:
        run -= 1
    return run


# How a kind of body is asked for, its name, and the names of such bodies.
_KINDS = tuple(
    (re.compile(rf"\b(?:{asked})\b"), name, re.compile(held))
    for asked, name, held in (
        ("county (?:councils|authorities)|counties", "county councils", "county council$"),
        ("london (?:boroughs|councils)", "London boroughs", "^(?:london|royal) borough of|city of london"),
        ("metropolitan (?:borough )?(?:councils|boroughs)", "metropolitan boroughs", "metropolitan"),
        ("(?:an?|any|the|one) county council", "county councils", "county council$"),
        ("(?:an?|any|one) (?:borough(?: council)?)", "borough councils", "borough council$|borough of"),
        ("(?:parish|town|community) councils?", "parish councils", "(?:parish|town|community) council$"),
        ("borough councils", "borough councils", "borough council$"),
        ("city councils", "city councils", "city council$|^city of"),
        ("district councils", "district councils", "district council$"),
        ("(?:nhs|health|hospital) (?:foundation )?trusts", "NHS trusts", "nhs .*trust$"),
        ("care homes", "care homes", "care home|nursing home"),
        (r"schools\b(?! (?:admission|transport|exclusion))", "schools", "school|academy"),
    )
)


def _take_kinds(reading: Reading, catalogue: Catalogue) -> None:
    """Put “councils” for a kind of them, and the bodies that are of it."""
    if reading.bodies:
        return
    for said, name, held in _KINDS:
        if said.search(reading.text):
            reading.text = said.sub("councils", reading.text, count=1)
            reading.body_kind = name
            reading.bodies.append(tuple(body for body in catalogue.bodies if held.search(_small(body))))
            return


_NUMBERS = {word: n for n, word in enumerate("two three four five six seven eight nine ten".split(), 2)}
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
_TOKEN = re.compile(rf"{_WORD.pattern}|[,;:().](?!\w)|[()]")


def _leave_clauses(reading: Reading) -> None:
    """Leave out what stands apart with words of its own, where the rest asks by itself: “my editor asks: "
    "how many …”."""
    clauses = [clause.strip() for clause in reading.marked.split("|") if clause.strip()]
    if len(clauses) < 2:
        return
    kept = list[str]()
    for clause in clauses:
        beside = Reading("", marked=clause)
        if not beside.strange:
            kept.append(clause)
        elif _RESTRICTING.intersection(clause.split()) or beside.has("HOWMANY|SHARE|list|any|all|[BTKRUNXP]"):
            return
    rest = Reading("", marked=" | ".join(kept))
    if rest.has(
        "HOWMANY|SHARE|(?:list|which|what|any|all|there|have|COLL) (?:\\S+ ){0,3}(?:DD|CC|D|COLL)|COLL"
        "|who(?: \\S+){0,3} [UNXP]"
    ):
        reading.marked = rest.marked


_CORE = (
    "decision decisions complaint complaints council councils category categories latest newest recent upheld outcome "
    "reference judgment judgement authority authorities ombudsman collection database ruling rulings earliest oldest "
    "proportion percentage number compare compared".split()
)


def _mend(reading: Reading) -> None:
    """Read the register's own nouns where they are mistyped by a letter or two: “descisions”, “catagory”."""
    mended = False
    for word in reading.strange:
        if near := _mistyped(word):
            reading.marked = re.sub(rf"(?<!\S){re.escape(word)}(?!\S)", near, reading.marked)
            mended = True
    if not mended:
        return
    reading.marked = " ".join(re.findall(rf"{_WORD.pattern}|\|", read_words(reading.marked)))


def _mistyped(word: str) -> str | None:
    """The noun of the register that a word is meant to be."""
    if word.startswith("complainant"):
        return None
    return next((core for core in _CORE if len(word) > 4 and _is_mistyped(word, core)), None)


def _is_mistyped(word: str, core: str) -> bool:
    """Whether one letter is more, less, another, or has changed places with the next; of nine letters or more, two."""
    most = 2 if len(core) > 8 else 1
    return word[0] == core[0] and 0 < OSA.distance(word, core, score_cutoff=most) <= most


_SMALL = frozenset("and of upon the on".split())


def _take_unknown(reading: Reading, question: str, names: Names, catalogue: Catalogue) -> None:
    """Put B for what is no body that is held: one that is known, or with capitals where a body would stand."""
    tokens, strange = reading.marked.split(), set(reading.strange)
    told_by_case = any(word[0].islower() for word in question.split())
    at = len(tokens)
    while at > 0:
        end = at
        at -= 1
        if tokens[at] not in strange:
            continue
        while at > 0 and (
            tokens[at - 1] in strange or (tokens[at - 1] in _SMALL and at > 1 and tokens[at - 2] in strange)
        ):
            at -= 1
        run = " ".join(tokens[at:end])
        written = re.search(re.escape(run), question, re.IGNORECASE)
        named = _named(run, names, catalogue, held=False) if end - at < 5 else None
        capital = (
            told_by_case
            and written is not None
            and written.start() > 0
            and all(word[0].isupper() for word in written[0].split() if word not in _SMALL)
            and reading.has("DD|D|HOWMANY|CC|COLL|anything|any")
            and _is_slot([token for token in tokens[:at] if token != "the"], tokens[end:])
        )
        if named is None and not capital:
            # “about Surrey and wondered” is no name, but “Surrey” may be one.
            at = next((place for place in range(end - 1, at, -1) if tokens[place] in _SMALL), at)
            continue
        head = end < len(tokens) and tokens[end] in {"C", "CC"}
        if named is None or not named[0]:
            whole = re.search(rf"{re.escape(run)}(?: \w+)?" if head else re.escape(run), question, re.IGNORECASE)
            reading.unknown.append(whole[0] if whole else run)
        reading.bodies.insert(tokens[:at].count("B"), named[0] if named else ())
        tokens[at : end + head] = ["B"]
    reading.marked = " ".join(tokens)


def _take_other(reading: Reading, question: str, names: Names, catalogue: Catalogue) -> None:
    """The same, where a body that the question itself names counts and not one that was only said beside it."""
    told, beside = reading.bodies, reading.told_bodies and not reading.has("B")
    if not beside:
        _take_unknown(reading, question, names, catalogue)
        return
    number = len(reading.unknown)
    reading.bodies = []
    _take_unknown(reading, question, names, catalogue)
    if len(reading.unknown) > number or reading.bodies:
        reading.told_bodies = False
    else:
        reading.bodies = told


_SLOT = frozenset(
    "about against from for on in at of with and or COMPARED did has does is was involving concerning concern re "
    "regarding to not EXCEPT B".split()
)


def _is_slot(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the name of a body would stand between these tokens."""
    return (bool(before) and before[-1] in _SLOT) or (bool(after) and after[0] in {"DD", "D", "C"})
