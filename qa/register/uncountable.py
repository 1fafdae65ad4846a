"""What no register can tell of the decisions held, and why: rankings by what the texts say, totals, means, trends, the
decisions of other ombudsmen, and how the collection was chosen. No I/O.

Where one body or decision is named, or somebody in a case did something, paragraphs may tell, and it is None.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

from index.text.body_names import HONORIFICS
from qa.register.catalogue import Catalogue
from qa.register.query import RegisterQuery
from qa.register.reading import all_named, names_one
from qa.register.screening import MAX_QUESTION_CHARACTERS
from qa.register.tokens import Reading
from qa.register.words import spelt_out, without_asides


def goes_beyond(question: str) -> bool:
    """Whether words anywhere in a question ask for what no register tells."""
    text = spelt_out(question)
    return any(words.search(text) for words in (_REACHES_FURTHER, _LENGTH, _AVERAGE, _TREND))


TITLE = re.compile(rf"\b(?:{'|'.join(sorted(HONORIFICS))})\b", re.IGNORECASE)


def cannot_count() -> RegisterQuery:
    """The query of a question that is about the collection, but on what no register holds."""
    return RegisterQuery("cannot", detail=NOT_COUNTED)


def read_as_uncountable(question: str, catalogue: Catalogue, today: datetime.date) -> RegisterQuery | None:
    """The query of a question that probably counts what no register holds; None where it is about one case."""
    reading = all_named(question, question, catalogue, today)
    return None if is_of_one_case(reading, question) else cannot_count()


def is_of_one_case(reading: Reading, question: str) -> bool:
    """Whether a question names somebody in a case, or one decision or body and nothing that there are several of."""
    if TITLE.search(question):
        return True
    narrow = reading.subject and reading.has("HOWMANY [a-z]+") and bool(reading.strange)
    return bool(narrow and not reading.has("DD|CC|COLL|D|TIMES|MOST|FEWEST|SHARE|MORE|[UNXPKT]"))


NOT_COUNTED = (
    "The register has each decision's council, date, category, outcome and reference; it cannot count what the texts "
    "say. Ask about the subject itself to find the paragraphs, or how many decisions are about a council, in a "
    "category or upheld."
)
NOT_ALL = (
    "We can count only the decisions here, which do not show how all councils do or what the Ombudsman does elsewhere. "
    "Ask how many decisions we have, in a year, or about a council."
)
_NO_SUMS = (
    "The register has no sums and no times taken, so it cannot give a total or an average. "
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
    "The register does not say how our decisions were chosen or when they were last updated. "
    "Ask how many decisions we have, and when they were made."
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
    "We have only decisions of the Local Government and Social Care Ombudsman. "
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
    r"(?:pa(?:id|ys?)|apologi[sz]\w*|awarded|owe[sd]?|offer(?:s|ed)?|respond(?:s|ed)?|replie[sd]|reply|complie[sd]"
    "|comply|delay(?:s|ed)?|fail(?:s|ed)?|spent|took|takes|costs?|attract(?:s|ed)?|agreed|recommend(?:s|ed)?|suffered)"
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
_BEYOND_ANY: dict[str, re.Pattern[str]] = {
    NOT_COUNTED: re.compile(
        rf"{_TIMES_SAID}|\bof (?:all )?(?:the |these |those |your )?(?:people|families|parents|complainants)"
        rf"(?: \w+){{0,4}},? how many\b|\bthe (?:cases|decisions) (?:where"
        rf"|in which)\b.{{0,80}}\bhow many (?:are they|are there|is that)\b"
    ),
    _NO_SUMS: re.compile(
        r"^\W*(?:what is the |what's the )?(?:average|mean|median)(?: \w+)? (?:length|size|time)\b|^\W*"
        r"(?:what is the |what's the )?(?:average|mean|median)\b.*\b(?:across|over (?:all|the (?:whole"
        rf"|entire)))\b|\bon average\b.*\b{_SUM}\b|\b{_SUM}\b.*\bon average\b|\bon average\W{{1,2}}how (?:long"
        r"|much|many)\b|^\W*how (?:long|much|many)\b.*\bon average\b|\badd(?:ed|ing)? (?:up|together) (?:all )?"
        rf"(?:the |of the )?(?:money|{_SUM})\b.*\b(?:every|all|each|councils) |\badd up (?:what|everything"
        r"|all)\b.*\b(?:famil\w+|council\w*|cases)\b.*\b(?:paid|pay|got|owed)\b|^\W*rank\b.*\bby how (?:much"
        r"|long) (?:they|each)\b"
    ),
    NOT_ALL: re.compile(
        r"\b(?:league )?tables? of (?:all |the )?(?:\w+ )?(?:councils|authorities)\b|\bleague tables?\b"
        r"|\b(?:more|fewer|less) (?:complaints|decisions|cases) (?:now )?than (?:it|they|there) (?:did|had|were|was)\b"
    ),
}
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
_BEYOND: dict[str, re.Pattern[str]] = {
    NOT_COUNTED: re.compile(
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
        r"\bsame (?:investigator|social worker|officer|solicitor|school|author)\b"
    ),
    _NO_SUMS: re.compile(
        rf"\b(?:the|an?|is|your|overall) (?:average|mean|median|typical) (?:\w+ ){{0,2}}"
        rf"(?:(?:{_SUM}|cost)(?=\W*$)|amount(?=\W*$)|(?:{_SUM}|time|delay|length|wait|cost|number)\b"
        r"(?=.{0,60}\b(?:decisions|cases|per (?:decision|case|council)|a decision|across|overall)\b))"
        rf"|\btotal (?:of|for|across) (?:all )?(?:the )?(?:\w+ )?{_SUM}\b"
    ),
    NOT_ALL: re.compile(
        r"\b(?:all|any) (?:the )?(?:complaints|cases|decisions) ever\b"
        r"|\bhow many decisions did the (?:ombudsman|lgsco) (?:publish|make|issue)\b.*\b(?:all"
        rf"|every) councils?\b|\bper (?:head of|capita|thousand|[0-9]{{1,3}},?000)\b"
        rf"|\b{_MANY} (?:[\w']+ ){{0,4}}(?:caseload|workload)\b|\b{_MANY} all (?:the )?complaints\b"
        rf"(?!.{{0,50}}\b(?:here|held|hold|have|collection|database)\b)|\b{_MANY} (?:[\w']+ ){{0,3}}"
        rf"(?:complaints|cases)\b.{{0,90}}\b(?:(?:reach|go to|went to|get to|with) the ombudsman|internally"
        rf"|at stage|received|national)|\bhow many complaints (?:does|do|did)(?: \w+){{1,5}} (?:get|receive|have"
        rf"|handle|deal with|investigate|look at)\b(?=.{{0,20}}\b(?:a|an|each|every|per|typical|in)\b)"
    ),
}


def beyond_the_register(question: str, catalogue: Catalogue) -> RegisterQuery | None:
    """What no register can tell of the decisions held: rankings by what texts say, means, and what is not held.

    None where one body or decision is named, or somebody in a case did something: then paragraphs may tell.
    """
    if len(question) > MAX_QUESTION_CHARACTERS:
        return None
    text = question.casefold()
    told = alone = next((told for told, beyond in _BEYOND_ANY.items() if beyond.search(text)), "")
    if not told and (_SEVERAL.search(text) or _ONE_OF_ALL.search(text)):
        told = next((told for told, beyond in _BEYOND.items() if beyond.search(text)), "")
    if not told or (_SOMEBODY.search(without_asides(spelt_out(text))) and not _IN_HOW_MANY.search(text)):
        return None
    if told == NOT_ALL or alone or not names_one(question, catalogue):
        return RegisterQuery("cannot", detail=told)
    return None


def untold_query(reading: Reading) -> RegisterQuery | None:
    """What asks of the collection itself, of another ombudsman, or how long the texts are; None for all else."""
    if _OF_ITSELF.search(reading.text) and reading.has("COLL|DD|these(?: \\S+)? #"):
        return RegisterQuery("cannot", detail=_NOT_OF_ITSELF)
    if _OTHER_OMBUDSMAN.search(reading.text) and reading.has("DD|COLL|any|anything|list"):
        return RegisterQuery("cannot", detail=_NOT_HIS)
    if _LENGTH.search(reading.text) and reading.has("B|R|DD?|COLL|#|all|them|HOWMANY"):
        return RegisterQuery("cannot", detail=NOT_COUNTED)
    return None


def reaches_further(text: str) -> bool:
    """Whether it reaches beyond the decisions held, or asks for a mean of sums."""
    return bool(_REACHES_FURTHER.search(text) or (_MEANS.search(text) and _SUMS.search(text)))


def uncountable_query(reading: Reading) -> RegisterQuery | None:
    """What counts decisions by something that the register does not hold; None where paragraphs may tell."""
    has, text = reading.has, reading.text
    cannot = RegisterQuery("cannot", bodies=reading.every_body, unknown=tuple(reading.unknown))
    if _REACHES_FURTHER.search(text) and all(map(has, _ASKS_OF_ALL)):
        return replace(cannot, detail=NOT_ALL)
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
        return replace(cannot, detail=NOT_COUNTED)
    if has(_EXTREME):
        return replace(cannot, detail=NOT_COUNTED)
    if (_RATES.search(text) and has("B|CC|C|DD")) or (_TREND.search(text) and has("B|CC|C|DD|things|they")):
        return replace(cannot, detail=NOT_ALL)
    if _RANKED.search(text) and (
        has(
            "^(?:\\| )*(?:list )?(?:MOST|rank)(?: \\S+)? (?:them|DD|CC|these|those|all)|which DD?|what DD?"
            "|which of(?: the)? DD"
        )
    ):
        return replace(cannot, detail=NOT_COUNTED)
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
        return replace(cannot, detail=NOT_COUNTED)
    if counted and (has("DD") or not has("they|we|this|it")) and (not reading.subject or has("DD|D|TIMES")):
        return replace(cannot, detail=NOT_COUNTED)
    return None
