"""What the words of a question ask of the decisions that pass its filters: how many, which, when, by whom. No I/O.

Each function knows one thing to ask, and is None for any other; ASKS has them in their order.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import replace

from qa.register.filters import APART, NEGATED
from qa.register.query import By, RegisterQuery, has_filter
from qa.register.tokens import Reading
from qa.register.uncountable import NOT_ALL
from qa.text.periods import MARK

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
        return RegisterQuery("cannot", detail=NOT_ALL)
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


# “Only 2 about Kent, right?”, “are there just 3 of these?”
_IS_IT_SO_MANY = (
    "^(?:so |only |just )?#(?: DD| of them)? (?:for|about|against|on|from) B (?:right|yes|is that right|is it)$"
    "|^(?:so )?(?:there are|are there|you have|COLL)(?: only| just)? #(?: of)?(?: DD| these| them| those)(?: COLL)?"
    "(?: right| yes| true)?$"
)


def _count(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“How many …?”"""
    has = reading.has
    if (has("SIZE") and has("COLL|DD|it|this")) or has(_IS_IT_SO_MANY):
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
    if has("GAP|CLOSEST") and has("DD?|COLL|DATE|them") and not has_filter(query):
        return replace(query, asks="gap", least=not has("GAP"))
    if has("NEAREST") and dated and len(query.periods) == 1 and query.periods[0].is_closed:
        day, plain = query.periods[0], query.nth == 1 and not reading.numbers and not has(f"before|after|{NEGATED}")
        if day.first != day.last or has_filter(replace(query, periods=())) or not plain:
            return None
        return replace(query, asks="nearest")
    if has("WEEKDAY") and has("DD?|CC|COLL|DATE|decided|made|issued|published|dated") and not has(_NOT_ON):
        days = tuple(day for day, name in enumerate(_WEEKDAYS) if name in reading.text)
        if not days or "weekend" not in reading.text:
            return replace(query, asks="weekday", weekdays=days or (5, 6))
    return _in_common(reading, query)


_NOT_ON = f"{NEGATED}|MOST|MORE|FEWEST|COMPARED|LATEST|FIRST|SHARE|EACH|to|between|before|after|until|all|only"
_WEEKDAYS = tuple(name.casefold() for name in calendar.day_name)


def _in_common(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“Do any two share a date?”, “what else is in the same category as the Kent decision?”"""
    has = reading.has
    if has_filter(replace(query, bodies=(), without=(), references=(), unknown=(), anchor=None, times=None)):
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
        if not has("REF") or has_filter(query) or reading.numbers or query.nth > 1 or has(NEGATED):
            return None
        return replace(query, asks="highest" if has("HIGHEST") else "lowest")
    if has("STARTING|ENDING") and has("REF|D|DD") and (digits := _DIGITS.search(reading.words)):
        if (has("STARTING") and has("ENDING")) or has(NEGATED):
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
        if has_filter(query) or (reading.numbers and not has("# (?:LATEST|FIRST)|(?:LATEST|FIRST) #")):
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
    if has(f"{APART}|how (?:long|far)(?: \\S+){{0,3}} (?:between|apart)(?: \\S+){{0,3}} (?:B|R)"):
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
        if query.outcomes and not subject:
            return replace(query, asks="list")
        if query.outcomes and several:
            return None
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


_WHICH_BODIES = (
    "^(?:against |about )?(?:who|whom|which C)(?: (?:is|was|it|that|about|against))* T$|^C(?: names)? alphabetically$"
    "|(?:C|CC) names|list(?: \\S+){0,3} who(?: \\S+){0,3} [UNXP]"
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
    if has("^(?:is|was|are|were) B the only C"):
        return replace(query, asks="bodies", bodies=(), without=())
    if (
        has(_WHICH_BODIES)
        or (query.categories and has("who else|who(?: is| has)? under"))
        or (not reading.subject and has("(?:who|whom)(?: \\S+){0,3} D T|T D(?: \\S+){0,2} (?:who|whom)"))
    ):
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


_LISTED_PLAINLY = "^list (?:every|all)(?: (?:the|single|last))* DD?$"
_ANY_OF_BOTH = (
    "^(?:(?:what|how) about )?B(?: (?:or|and|nor) B)+(?: (?:at|do|you|have|got))* (?:either|all|any|anything)$"
)
_BESIDE_THEN = "(?:what|which|anything|who)(?: \\S+){0,4} (?:before|after|since|until) (?:that|then|it)"
_MADE_THEN = (
    r"what (?:did|does) T(?: (?:bring|see|hold|have|give))?$|what (?:was|were|is)(?: \S+){0,2} (?:decided|published"
    "|made|issued|DD)(?: (?:in|the))* T|what did(?: the)?(?: ombudsman)?(?: decide| rule| publish| issue| make)? T"
)
_WHAT_IS_HELD = (
    "what(?: do| does)?(?: you| this| it)? (?:cover|hold|have|contain|include|covers|holds)|what is (?:in|there)"
)


def _listed(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """“List the decisions”, “any from Kent?”, “what have you got?”, “upheld decisions 2022”."""
    has, subject = reading.has, reading.subject
    filtered = bool(subject or query.outcomes or query.periods or query.categories or query.anchor)
    if has(_LISTED_PLAINLY) or (query.either and has("either|DD|D|anything|any|list|which|COLL")):
        return replace(query, asks="list")
    if query.anchor is not None and has("DD|D|anything|any|what|which|list|everything"):
        return None if has("what(?: \\S+)? (?:did|does)") else replace(query, asks="list")
    if (
        has("only # DD|DATEORDER")
        or has(_ANY_OF_BOTH)
        or (query.periods and has(_BESIDE_THEN))
        or (not subject and has(_MADE_THEN))
        or (subject and has("only D"))
        or (subject and query.categories and has("^(?:is|was|are|were)(?: the)? [BR](?: D)?(?: an?)? K(?: D)?$"))
        or (filtered and has("(?:what|which) D (?:was|were|is|are)"))
        or (query.outcomes and has("which|those|none|all|only|any") and not has("D|C"))
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
        or has(_WHAT_IS_HELD)
    ):
        return replace(query, asks="list")
    return _keywords(reading, query) or _by_default(reading, query, filtered)


def _by_default(reading: Reading, query: RegisterQuery, filtered: bool) -> RegisterQuery | None:
    """What plainly speaks of the decisions held, every word of it the register's, though in no wording known here."""
    has = reading.has
    if not has("COLL|DD|CC") or not (filtered or has("COLL|list|which|HOWMANY")) or has("the C|this C|that C|COMPARED"):
        return None
    if has(
        "^(?:so |and |but )*(?:did|does|do|was|were|is|has|have) (?:the )?(?:B|R)|(?:did|does|has|have|was) (?:the )?"
        "ombudsman|days|what (?:did|does|do|has|had|is|was|were)"
    ):
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
    "got plus B R T K DD D CC C U N X P COLL # EXCEPT DATEORDER CATEGORY OUTCOME list show just how what full complete "
    "only here a the all any in on of about against from for and or to by at with not re regarding concerning "
    "involving under within during around decided made issued dated published".split()
)


def _keywords(reading: Reading, query: RegisterQuery) -> RegisterQuery | None:
    """What is typed into a search box, without a verb: “leicestershire decisions”, “upheld 2022”."""
    tokens = reading.tokens.split()
    if not _KEYWORDS.issuperset(tokens):
        return None
    has = reading.has
    outcome, period = has("U|N|X|P"), has("T")
    if (
        has("DD|B plus K|K plus B|B K (?:only|just)|(?:only|just) B K")
        or (has("CATEGORY") and has("K"))
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


ASKS: tuple[_Ask, ...] = (
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
