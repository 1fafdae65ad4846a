"""Whether a question is worth reading as one about the collection, by its length and its words alone. Cheap."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from index.text.dates import MONTHS, SHORT_MONTHS
from qa.register.catalogue import WORD, Catalogue, count_strange, is_known, mistyped, place_words, without_apostrophe
from qa.register.words import without_asides

MAX_QUESTION_CHARACTERS = 300
"""Characters of a question about the collection; a longer text is a story."""

# Cheap, so that most questions need no more: a question about the collection has at least one of these words, or one
# that begins so.
_SIGNS = frozenset(
    "better worse month months case cases councils council's bodies ombudsman fault won win wins lost lose loses sided "
    "side held hold holds included include includes contain contains contained got there have you've you here all any "
    "every anything everything show give before after ago span spans period number updated index dump corpus predates "
    "body search searched weekend weekends monday tuesday wednesday thursday friday saturday sunday ever cleared fare "
    "fared data either middle nearest closest gap same refs duplicate duplicates dupes names owt nowt none nothing "
    "right order theirs heading headings date dates dated when year years first last latest late newer older later "
    "whose who how count counts total most fewest least more than share once one ones vs v compare compared rank "
    "ranked ref summary subjects topics areas types".split()
)
_SIGN_STARTS = frozenset(
    "decis decid desci deson compl rulin judge judgm findi verdi uphel uphol unuph dismi rejec autho organ categ catag "
    "subca datab datas colle regis archi list cover entri entry recen newes oldes earli outco resul refer propo perce "
    "avera typic recor predat media deter adjud break yearl annua worst best".split()
)
# What counts may have more words of its own: “how many decisions found that …”.
_QUANTITIES = frozenset(
    "much many often number count total average typical typically median mean percent percentage proportion share rate "
    "fraction updated refreshed picked chosen sampled representative compliance longest shortest better worse most "
    "fewest rank ranked ranking worst best add nationally england country".split()
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
_MAX_WORDS_UNSIGNED = 6  # words that are all of a question
_MAX_STRANGE = 5  # words that no register understands and no body is called by
_MAX_STRANGE_COUNTED = 10


def may_be_plain(question: str, catalogue: Catalogue) -> bool:
    """Whether a question may speak of the decisions held, in no words but the register's own and a name. Cheap."""
    text = question.casefold()
    return _SPEAKS_OF.search(text) is not None and count_strange(WORD.findall(text), catalogue) <= _MAX_MISTYPED


_MAX_MISTYPED = 2  # words
_SPEAKS_OF = re.compile(
    r"\b(?:d[eiou]s?cis\w*s|cases|complaints|rulings|judge?ments|verdicts|ones|entries|collection|database|register"
    r"|list|here|in there|you|yours|anything|everything|how many|number|count|tally|hits|match\w*|remains?|left"
    r"|what is there|what's there|on file)\b"
)
_UNITS = frozenset("days weeks months hours minutes working miles pounds".split())
_COUNTED_IN_TEXTS = frozenset(
    "paragraphs pages words sentences documents mums dads mothers fathers parents families people complainants".split()
)
_COLLECTED_BEFORE = frozenset("decisions cases complaints councils authorities rulings".split())  # “of the councils …”
_POINTING = frozenset("these those them".split())
_ALTOGETHER = frozenset("all total average overall altogether across typically usually whole together".split())


def is_worth_reading(question: str, words: Sequence[str], counts: bool, catalogue: Catalogue) -> bool:
    """Whether the words of a question may be one about the collection; `counts` is whether it counts decisions."""
    tells = "+" in question or any(word in _SIGNS or word[:5] in _SIGN_STARTS or word[0].isdigit() for word in words)
    # “Leicestershire, child protection only” is short enough to be looked at.
    if not tells and (len(words) > _MAX_WORDS_UNSIGNED or catalogue.words.isdisjoint(words)):
        return False
    if not _PEOPLE.isdisjoint(words) or _asks_time(words):
        return False
    if count_strange(words, catalogue) > (_MAX_STRANGE_COUNTED if counts else _MAX_STRANGE):
        return False
    return counts or not _SPEAKING.isdisjoint(words) or not _is_hopeless(words, catalogue)


def is_plainly_asked(asked: str, question: str, catalogue: Catalogue) -> bool:
    """Whether what a question asks, apart from what it tells, may be asked of the register."""
    plainly = without_asides(asked)
    return (
        _TOLD_BY_ONE.isdisjoint(WORD.findall(asked))
        and not _is_strange_throughout(plainly, question, catalogue)
        and not _is_hopeless(WORD.findall(plainly), catalogue)
    )


def counts_decisions(words: Sequence[str], catalogue: Catalogue) -> bool:
    """Whether a question counts decisions, whatever words it has besides."""
    collected = not _COLLECTED.isdisjoint(words) or any(
        pair[0] == "many" and pair[1] in _SAID_OF_DECISIONS for pair in itertools.pairwise(words)
    )
    return not _QUANTITIES.isdisjoint(words) and collected and _counts(words, catalogue)


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
        return counted in _COUNTED_IN_TEXTS or is_known(counted, catalogue) or mistyped(counted) is not None
    return True


def _asks_time(words: Sequence[str]) -> bool:
    """“How many days …”, other than between decisions."""
    at = words.index("many") + 1 if "many" in words else len(words)
    return not _UNITS.isdisjoint(words[at : at + 2]) and _APART.isdisjoint(words)


_APART = frozenset("average typically apart between separate separates passed elapsed since".split())
_BEFORE_COUNTED = frozenset("of the these those such more other different your all a two three four five six".split())
MAX_STRANGE_RUNS, _MAX_STRANGE_RUN = 2, 4  # of strange words that may be a name


def _is_hopeless(words: Sequence[str], catalogue: Catalogue) -> bool:
    """Whether there are more words that no register understands than the name of a body may have."""
    run = runs = 0
    for word in words:
        if is_known(word, catalogue) or mistyped(word):
            run = 0
            continue
        run += 1
        runs += run == 1
        if run > _MAX_STRANGE_RUN or runs > MAX_STRANGE_RUNS:
            return True
    return False


_PEOPLE = frozenset("mr mrs ms miss".split())  # of one decision
_TOLD_BY_ONE = frozenset("dr he she him her his hers must shall why because cannot".split())
# With one of these a clause says something of the decisions, and is not left out.
RESTRICTING = frozenset(
    "that which where who whose about involving mentioning with because and or in on for from by when if while after "
    "before of to against at under over without what how the a an this these those".split()
)
_SAYS_MORE = RESTRICTING | frozenset("did does was were is are".split())
_CLAUSE = re.compile(r"[,:;.?!–—]| - ")


def _is_strange_throughout(asked: str, question: str, catalogue: Catalogue) -> bool:
    """Whether a word that no register understands, and that cannot be a name, stands in all that asks.

    So it is in every clause, or in one that says something of the others.
    """
    written = frozenset(WORD.findall(question))
    cased = not question.isupper()
    clauses = [words for clause in _CLAUSE.split(asked) if (words := WORD.findall(clause))]
    strange = [any(cased and _is_subject(word, written, catalogue) for word in words) for words in clauses]
    return all(strange) or any(
        has and not _SAYS_MORE.isdisjoint(words) for has, words in zip(strange, clauses, strict=True)
    )


_DATED = frozenset(
    "spring summer autumn winter christmas easter quarter halves "
    "nhs hospital foundation trust trusts schools homes counties metropolitan london boroughs districts county city "
    "fy q1 q2 q3 q4 h1 h2 yesterday tomorrow couple few 1st 2nd 3rd st nd rd th weekend".split()
).union(MONTHS, SHORT_MONTHS)


def _is_subject(word: str, written: frozenset[str], catalogue: Catalogue) -> bool:
    return not (
        is_known(word, catalogue)
        or word in _DATED
        or not word.islower()
        or without_apostrophe(word) in place_words()
        or word.capitalize() in written
        or word.upper() in written
        or mistyped(word)
    )
