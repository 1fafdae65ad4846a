"""Whether a place that a question names is spoken of as its council: “the Surrey case”, and not “a Surrey accent”.

A place is more than its council, and many are words or people's names besides. So a place counts only with a *cue*
(`CUES`): what stands beside it in its sentence. A cue that is not sure needs a word of what councils are complained
of elsewhere in the question, and counts for nothing in a story of one's own, whose places are where people live. Names
that people have too (`OF_PEOPLE`) count with fewer cues, and those that are words (`ORDINARY_IN_SMALL`) need their
capital. Nothing counts beside a title, in a longer name (“Leeds United”, “University of Leeds”) or after “north” and
the like.

What is missed so is left to the rest of the program: a place that is wrongly taken for a council refuses a question
that could have been answered. Nothing here knows which councils there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.text.body_names import DIRECTIONS, OF_PEOPLE, ORDINARY_IN_SMALL, SHORT_BOROUGH, word_set
from qa.text.question_words import FOLLOWING, GERUND_AFTER, PLACING, QuestionWords

_AUXILIARIES = word_set(
    "did does has have had was were should must can could would will didnt doesnt hasnt wasnt werent shouldnt"
)
_SAYING = word_set(
    "said says told tells paid pays refused refuses failed fails apologised agreed ignored delayed admitted claimed "
    "kept got gave took made asked decided wrote replied let left"
)
_ABOUT = word_set("about for against by regarding concerning re on")
_ADDRESSING = word_set("say said says wrote compared similar recommend recommended recommendation recommendations")
_PLACING = PLACING | {"to", "at"}
_NOT_SUBJECT = _PLACING | _ABOUT | {"of", "with"}
_ANYTHING = word_set("anything something nothing one ones any")
_FOLLOWING_UP = word_set("and or but so ok okay then now also")
_RUNNING_OUT = word_set("then too though instead please now also either again")
_COMPARING = word_set("and or than versus vs v with nor")
_FOLLOWS = FOLLOWING - {"matter"} | {"outcome", "outcomes", "remedy"}  # not “does Leeds matter”
_TELLING = word_set("told tells asked asks made ordered recommended")
_SERVICE = word_set("safeguarding fostering adoption lado mash sendiass")
_SERVICES = {
    "childrens": word_set("services social care"),
    "social": word_set("services work worker workers care"),
    "adult": word_set("services social care"),
    "adults": word_set("services social"),
    "housing": word_set("department officer officers team options services"),
    "planning": word_set("department officer officers team committee"),
}
_THESE = word_set("the that this")
_GOING = word_set("left leave leaves leaving moved move moves train trains bus drive flight ticket tickets")

_INSTITUTIONS = word_set(
    "police constabulary university uni college polytechnic united rovers wanderers albion athletic hotspur fc afc rfc "
    "station airport hospital hospitals infirmary hospice prison gaol jail court courts crown magistrates cathedral "
    "castle museum arena stadium gazette post echo mail radio fire ambulance nhs trust ccg icb academy church diocese "
    "bishop mp mps office offices"
)
_ELSEWHERE = _INSTITUTIONS | word_set(
    "market racecourse marathon festival road street lane avenue grove accent dialect weather train trains bus buses "
    "tram hotel hotels pub pubs restaurant restaurants theatre lad lads lass pudding sauce here born based"
)
_BEFORE = word_set("of new old little port royal")  # “University of Leeds”, “New York”

_MATTERS = word_set(
    "council councils ombudsman ombudsmen ombudsmans lgo lgsco fault faults injustice maladministration complaint "
    "complaints complain complained complaining upheld uphold decision decisions case cases remedy remedies remedied "
    "apology apologise apologised apologize apologized compensation compensate compensated redress reimburse "
    "reimbursed investigation investigations investigated investigate finding findings safeguarding lado sendiass ehcp "
    "ehcps ehc assessment assessments assessed worker workers services conference agreement agreements protection cin "
    "consent homeless homelessness tenancy eviction foster fostering adoption kinship guardianship respite enforcement "
    "statutory policy procedure procedures panel records duty duties tribunal"
)
_DEEDS = _MATTERS | word_set(
    "child children childs childrens kids son daughter mother father mum mums dad dads stepdad stepfather stepmother "
    "stepmum stepparent parent parents husband wife partner family families carer carers plan plans letter letters "
    "report reports reply replies replied answer answered pay pays paid payout sorry refund refunded money late slow "
    "wrong rude refuse refused delay delays delayed blame blamed criticised criticized explain explained rights lawful "
    "unlawful legal voluntary told housing planning school schools care bins parking tax benefit benefits send sen "
    "licence licensing noise social section stage review"
)
# What is found, done or decided “in Surrey”; who and what else is there may be in any council's case.
_DECIDED = word_set(
    "council councils ombudsman fault faults injustice maladministration complaint complaints upheld decision case "
    "decisions cases remedy remedies apology compensation investigation investigations finding findings conference "
    "conferences assessments agreements services policy happen happened happens find found wrong decided said done do "
    "only outcome different late delays delayed"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands in a question: the words from `at` up to `end`, its kind that is told up to `after`.

    `kind` holds the words of that kind, also of what stands before as in “London Borough of”, from `start`; `headed` is
    whether they end as a name does, with “council” or the like. `owns` is whether the name is a possessive, `certain`
    whether it can mean nothing else.
    """

    reading: QuestionWords
    start: int
    at: int
    end: int
    after: int
    kind: frozenset[str]
    headed: bool
    owns: bool
    certain: bool

    def before(self, back: int = 1) -> str:
        """The word so many words before it; empty where there is none in the same run of words."""
        first = self.at - back
        joined = first >= 0 and all(self.reading.joined(at) for at in range(first + 1, self.at + 1))
        return self.reading.words[first].key if joined else ""

    def next(self, forth: int = 0) -> str:
        """The word that follows on it and its kind, or one so many words later; empty where there is none."""
        last = self.after + forth
        joined = all(self.reading.joined(at) for at in range(self.after, last + 1))
        return self.reading.words[last].key if joined else ""

    @property
    def is_capital(self) -> bool:
        """Whether its words have capitals, and that tells something."""
        shown = self.reading.has_capitals(self.at, self.end - self.at)
        return shown and not (self.is_word and self.begins and self.reading.words[self.at].key.endswith("ing"))

    @property
    def begins(self) -> bool:
        """Whether a sentence begins with it."""
        return self.reading.begins(self.at)

    @property
    def is_word(self) -> bool:
        """Whether it is an ordinary word too."""
        return self.end - self.at == 1 and self.reading.words[self.at].bare in ORDINARY_IN_SMALL

    @property
    def is_name(self) -> bool:
        """Whether people have it as a name too."""
        return self.end - self.at == 1 and self.reading.words[self.at].bare in OF_PEOPLE


@dataclass(frozen=True, slots=True)
class Cue:
    """What shows that a place is spoken of as its council.

    It is sure, or needs one of the words `beside` it in the question. Only some count for names that `people` have. In
    `examples` {} is the place; each names a council, and none of `others` does.
    """

    name: str
    is_met: Callable[[Place], bool]
    examples: tuple[str, ...]
    others: tuple[str, ...] = ()
    people: bool = False
    beside: frozenset[str] = frozenset()


def _headed(place: Place) -> bool:
    gerund = place.reading.words[place.at].key.endswith("ing") and place.before() in GERUND_AFTER
    return place.headed and not place.kind & {"nhs", "trust"} and (place.is_capital or not gerund)


def _borough(place: Place) -> bool:
    if place.reading.words[place.start].key in SHORT_BOROUGH:
        return True
    return not place.kind.isdisjoint({"borough", "council"}) and (place.start < place.at or not place.headed)


def _services(place: Place) -> bool:
    return place.next() in _SERVICE or place.next(1) in _SERVICES.get(place.next(), ())


def _asked_about(place: Place) -> bool:
    if place.before() in _ABOUT and place.before(2) in _ANYTHING:
        return True
    asked = place.before() == "about" and place.before(2) in {"what", "how"}
    return asked and (_runs_out(place) or place.next() in _AUXILIARIES | _COMPARING)


def _follows_up(place: Place) -> bool:
    reading, first = place.reading, place.at - 1
    while first > 0 and reading.words[first].key in _FOLLOWING_UP and not reading.begins(first):
        first -= 1
    follows = place.before() in _FOLLOWING_UP and reading.words[first].key in _FOLLOWING_UP and reading.begins(first)
    return follows and _runs_out(place)


def _runs_out(place: Place) -> bool:
    return not place.next() or place.next() in _RUNNING_OUT


def _compared(place: Place) -> bool:
    """Whether “and”, “or”, a comma or the like joins it to something named, or it is compared with that."""
    reading, before, after = place.reading, place.start - 1, place.after
    if place.before() in {"than", "like", "unlike"}:
        return any(reading.taken)
    if after < len(reading.words):
        listed = reading.words[after].gap.strip() in {",", "/"}
        if place.next() in _COMPARING:
            after += 1
        if (listed or after > place.after) and after < len(reading.words) and reading.taken[after]:
            return True
    if before < 0:
        return False
    listed = reading.words[place.start].gap.strip() in {",", "/"}
    linked = reading.joined(place.start) and reading.words[before].key in _COMPARING
    return (listed and reading.taken[before]) or (linked and before > 0 and reading.taken[before - 1])


def _alone(place: Place) -> bool:
    return place.is_capital and not place.is_word and place.at == 0 and place.after == len(place.reading.words)


def _about(place: Place) -> bool:
    before, earlier = place.before(), place.before(2)
    if before in {"in", "with", "from"}:
        return earlier in _DECIDED or (before == "in" and not earlier)
    return earlier in _ADDRESSING if before == "to" else before in _ABOUT and earlier not in _GOING


def _at_the_end(place: Place) -> bool:
    gap = place.reading.words[place.start].gap.strip()
    return gap[-1:] in set(",(:-–—") and place.after == len(place.reading.words) and place.is_capital


CUES = (
    Cue(
        "council",
        _headed,
        ("{} council child protection", "did the {} local authority reply", "what did {} cc pay"),
        ("Is {} council tax due?", "was {} counselling any good"),
        people=True,
    ),
    Cue(
        "borough",
        _borough,
        ("Did the London Borough of {} pay?", "was LB {} late", "did the borough of {} reply"),
        ("Was the University of {} late?",),
        people=True,
    ),
    Cue(
        "case",
        lambda place: place.next() in _FOLLOWS,
        ("In the {} case, who paid?", "how much was the {} complaint", "any {} decisions on respite"),
        ("Does {} matter?", "Mrs {} case notes"),
        people=True,
    ),
    Cue(
        "services",
        _services,
        ("Were {} children's services late?", "did {} social workers apologise", "did the {} LADO answer?"),
        ("Is {} social life any good?", "any {} housing market prices"),
        people=True,
    ),
    Cue(
        "the one",
        lambda place: place.before() in _THESE and place.next() in {"one", "ones"},
        ("the {} one, how much was it?", "what about that {} one"),
        ("is {} one of the best",),
        people=True,
    ),
    Cue(
        "what about",
        _asked_about,
        ("What about {}?", "and what about {}, did they keep him out too", "how about {} then", "anything on {}?"),
        ("What about {} station?", "what about the {} weather"),
        people=True,
    ),
    Cue(
        "and",
        _follows_up,
        ("And {}?", "ok and {} then", "Did Kent pay? And {}? Same rules", "or {}, please"),
        ("and {} station?", "Is it near Bath and {} Spa?"),
        people=True,
    ),
    Cue(
        "compared",
        _compared,
        ("Did Kent or {} pay more?", "Kent v {}", "Who paid: {}, Kent?", "was Kent slower than {}?"),
        ("from Kent to {}",),
        people=True,
    ),
    Cue("alone", _alone, ("{}", "{}?"), ("{} {}",)),
    Cue("certain", lambda place: place.certain and place.before() not in _PLACING, ()),
    Cue(
        "about",
        _about,
        (
            "What fault was found in {}?",
            "In {}, who complained?",
            "upheld against {}",
            "a decision on {} and delays",
            "how much compensation from {}",
        ),
        (
            "what is the weather in {} tomorrow",
            "cheap hotels in {}",
            "we live in {}, can the council do that?",
            "was the grandmother in {} assessed",
            "did the uncle from {} complain",
            "did the council pay for the hotel in {}",
        ),
        people=True,
        beside=_MATTERS,
    ),
    Cue(
        "asked",
        lambda place: place.before() in _AUXILIARIES,
        ("Did {} say sorry?", "was {} criticised for the delay"),
        ("did {} win last night", "Was {} warm in May?"),
        beside=_DEEDS,
    ),
    Cue(
        "says",
        lambda place: place.next() in _SAYING and place.before() not in _NOT_SUBJECT and not place.is_word,
        ("Why {} refused the assessment", "is it true that {} paid the father"),
        ("why {} lost the match", "was the hotel in {} paid for"),
        beside=_DEEDS,
    ),
    Cue(
        "is told",
        lambda place: place.before() in _TELLING and place.next() == "to",
        ("The Ombudsman told {} to pay.", "was it right when they asked {} to apologise"),
        ("made {} to measure",),
        beside=_DEEDS,
    ),
    Cue(
        "the",
        lambda place: place.before() in _THESE,
        ("the {} stepdad who had to leave, was he told it was voluntary", "How long did the {} agreement last?"),
        ("the {} train is late again", "the {} marathon"),
        beside=_DEEDS,
    ),
    Cue(
        "begins",
        lambda place: place.begins and not place.is_word,
        ("{} safety agreement voluntary", "{}: any payment for delay?", "{}? Same line on consent?"),
        ("{} to York driving time", "{} mum here, can they tell my partner to leave?"),
        beside=_DEEDS,
    ),
    Cue(
        "owns",
        lambda place: place.owns and not (place.is_word and place.begins),
        ("Was {}'s safety plan voluntary?",),
        ("What is {}'s population?",),
        beside=_DEEDS,
    ),
    Cue(
        "at the end",
        _at_the_end,
        ("Was the father told it was voluntary, {}?", "delayed assessment ({})"),
        ("who won, {}?",),
        beside=_DEEDS,
    ),
)
"""The cues, those first that need nothing else."""


def is_spoken_of(place: Place) -> bool:
    """Whether a question speaks of a place as its council."""
    if _is_of_something_else(place):
        return False
    small = not place.is_capital
    if small and place.is_word:
        return _headed(place) or _borough(place)
    met = [cue for cue in CUES if (cue.people or not place.is_name) and cue.is_met(place)]
    if any(not cue.beside for cue in met):
        return True
    if not met or (small and place.is_name) or place.reading.is_own_story:
        return False
    keys = {word.key for word in place.reading.words}
    return any(not cue.beside.isdisjoint(keys) for cue in met)


def _is_of_something_else(place: Place) -> bool:
    reading, at = place.reading, place.at
    if reading.is_person(place.start) or reading.is_hyphenated(at, place.end) or place.before() in DIRECTIONS:
        return True
    if place.headed or place.start < at:
        return False
    if place.before() in _BEFORE or place.next() in (_INSTITUTIONS if place.certain else _ELSEWHERE):
        return True
    if place.kind - {"borough"} and place.next() not in _FOLLOWS:
        return True  # “Leicester City”
    if not reading.has_capitals(at, place.end - at):
        return False
    if reading.continues(at) and not (reading.begins(at - 1) and place.next() in _FOLLOWS):
        return True
    return not place.owns and reading.goes_on(place.after)
