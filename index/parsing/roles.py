"""The role of each numbered paragraph, from the headings above it. Pure.

What headings of a role are called stands in HEADINGS, with examples; words within a longer heading in _WITHIN.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.decisions import Role


@dataclass(frozen=True, slots=True)
class Heading:
    """What headings of one role are wholly called, with examples; `outermost` where only that one may be called so."""

    role: Role
    examples: tuple[str, ...]
    pattern: re.Pattern[str]
    outermost: bool = False


def _called(pattern: str) -> re.Pattern[str]:
    """A whole heading, or what stands before a dash or a colon in it."""
    return re.compile(rf"\A(?:{pattern})(?:(?:\ [–—-]|:)\ .*|[.:?]*)", re.VERBOSE | re.IGNORECASE)


_OURS = r"(?: my | our | (?:the\ )?(?:two\ )?(?: ombudsm[ae]n | lgs?co )(?: [’']s? )? )\ "
_STAGE = r"(?: (?: final | draft | provisional | proposed )\ )?"
_LAW = r"""
    (?: (?: relevant | applicable | statutory | government | national | local | planning )\ ){0,2}
    (?: law | legislation | statutes? | regulations? | guidance | polic(?:y|ies) | procedures? | codes?\ of\ practice )
"""

HEADINGS = (
    Heading(
        "powers",
        (
            "The Ombudsman’s role and powers",
            "The Ombudsmen’s role and powers",
            "The Ombudsman’s role",
            "Our powers",
            "My role and jurisdiction",
            "Role and powers",
            "What we can and cannot investigate",
        ),
        _called(
            rf"""
            {_OURS} (?: legal\ )? (?: role | powers | jurisdiction )(?: \ and\ (?: role | powers | jurisdiction ) )?
          | role\ and\ powers
          | what\ (?: i | we | the\ ombudsm[ae]n )\ (?: can | may )(?: not )?\b .*
            """
        ),
    ),
    Heading(
        "method",
        (
            "How I considered this complaint",
            "How we considered the complaint",
            "What I have and have not investigated",
            "What I have investigated",
            "Parts of the complaint that I did not investigate",
            "Matters I have not investigated",
            "Complaints not investigated",
            "The scope of my investigation",
        ),
        _called(
            r"""
            (?: how | why )\ (?: i | we )\b .{0,200} \b consider .*
          | (?: what | why | (?:the\ )?(?: parts? | issues? | matters? | aspects? | elements? | complaints? ) )\b
            .{0,200} \b(?: not | i | we )\b .{0,200} \b investigat .*
          | (?:the\ )? scope\ of\ (?: the | this | my | our )\ investigation
            """
        ),
    ),
    Heading(
        "complaint",
        (
            "The complaint",
            "Complaints",
            "My complaint",
            "Summary of the complaint",
            "The complaint and desired outcome",
            "Injustice claimed",
        ),
        _called(
            r"""
            (?:summary\ of\ )? (?: (?: the | my | this )\ )? complaints?
            (?: \ in\ summary | \ to\ us | \ and\ (?:the\ )?(?: desired | alleged | claimed )\b .* )?
          | desired\ outcomes? | (?: alleged | claimed )\ injustice | injustice\ (?: alleged | claimed )
            """
        ),
        outermost=True,
    ),
    Heading(
        "law",
        (
            "The law",
            "Relevant law and policy",
            "Law, guidance and policy",
            "Legal and administrative background",
            "Legislative background",
            "The law relating to this complaint",
            "Legal framework",
            "Statutory guidance",
            "What should have happened",
            "What the law says",
        ),
        _called(
            rf"""
            (?:the\ )? {_LAW} (?: (?: , | ,?\ and | \ & | / )\ ?(?:the\ )? {_LAW} ){{0,3}}
            (?: \ (?: relating | relevant | applicable | applying )\ to\b .* )?
          | (?:the\ )?(?: law | legislation | guidance )\ (?: about | on | for | governing )\b .*
          | (?:the\ )?(?:relevant\ )?(?: legal | legislative | statutory | policy | administrative | regulatory )
            (?: \ and\ (?: administrative | policy | legal | legislative | statutory ) )?
            \ (?: background | framework | context | position )
          | background\ (?:and\ )? {_LAW}
          | what\ (?: should\ (?: have\ happened | happen ) | the\ {_LAW}\ (?: says? | requires? ) )
            """
        ),
    ),
    Heading(
        "facts",
        (
            "What happened",
            "What happened in this case",
            "Background",
            "Background and key facts",
            "Case background",
            "The facts",
            "Key events",
            "Summary of the key events",
            "Events leading to the complaint",
            "Chronology",
            "Timeline of events",
            "Case history",
        ),
        _called(
            r"""
            what\ (?: happened | did\ happen )\b .*
          | (?:the\ )?(?: (?: case | factual | brief | general | relevant )\ )? background
            (?: \ (?: to | and | information | of )\b .* )?
          | (?: (?: a | the )\ )?(?: brief\ )?(?: (?: summary | outline | sequence | history | course )\ of\ )?
            (?:the\ )?(?: (?: key | main | relevant | significant | material )\ )?
            (?: facts | events )(?: \ (?: of | in | leading | relating | surrounding )\b .* )?
          | (?:the\ )?(?: (?: brief | case | key )\ )?(?: chronology | timeline )\b .*
          | (?: case\ )? history | history\ of\ the\ case
            """
        ),
    ),
    Heading(
        "finding",
        (
            "Analysis",
            "Analysis and findings",
            "My findings",
            "Findings",
            "The Ombudsmen’s findings",
            "My assessment",
            "Assessment",
            "Consideration",
            "My view",
            "Fault",
            "Injustice to Mr X",
            "Injustice and remedy",
            "Was there fault and did it cause injustice?",
            "Did the Council act without delay?",
            "What went wrong",
            "Reasons for my decision",
            "Comments on my draft decision",
        ),
        _called(
            rf"""
            (?: {_OURS} | the\ )? {_STAGE}
            (?: analysis | findings? )(?: \ (?: and | of | on | about | in )\b .* )?
          | {_OURS} {_STAGE} (?: assessment | consideration | evaluation | views? )\b .*
          | (?: assessment | consideration | evaluation )
            (?: \ and\ (?: findings? | conclusions? | analysis )
              | \ of\ (?: (?:the\ )?complaints? | fault | injustice )\b .* )?
          | (?: was | were | is )\ there\ (?:any\ )?(?: fault | injustice | maladministration | service\ failure )\b .*
          | (?: was | were | is | are | did | does | do | has | have | should | could )\b .{{0,200}} \?
          | (?:the\ )?(?: fault | injustice )(?: \ .* )?
          | (?:the\ )? impact\ (?: of\ (?:the\ )?fault | on\ (?: mr | mrs | ms | miss | mx ) )\b .*
          | what\ went\ wrong
          | (?:my\ | our\ )? reasons\ for\ (?: my | our | the | this )\ (?:\w+\ )? decision
          | (?: comments\ on | response\ to )\ (?: my | our | the )\ (?: draft | provisional )\b .*
            """
        ),
    ),
    Heading(
        "remedy",
        (
            "Agreed action",
            "Recommended actions",
            "Action",
            "Actions agreed",
            "Remedy",
            "Recommendations",
            "Our recommendations",
            "Service improvements",
            "Putting things right",
            "What the Council has agreed to do",
            "Action to remedy the injustice",
        ),
        _called(
            rf"""
            (?: {_OURS} )?
            (?: (?: agreed | recommended | proposed | suggested | required | further | remedial )\ ){{0,2}}
            (?: actions? | remed(?:y|ies) | recommendations? | service\ improvements? )
            (?: \ (?: taken | agreed | recommended | required | to\ be\ taken | (?: and | to\ remedy )\b .* ) )?
          | (?: (?: personal | financial )\ remedy | (?: wider\ | agreed\ )? service\ improvements? ) .*
          | putting\ .{{0,200}} \b right .*
          | what\ .{{0,60}} \b (?: has\ agreed\ to | will | must | should | needs?\ to )\ (?:now\ )? do\b .*
          | what\ (?: will | should | must | needs?\ to )\ happen\ (?: now | next )
            """
        ),
    ),
    Heading(
        "conclusion",
        ("Final decision", "Decision", "My decision", "Draft decision", "The Ombudsman’s final decision"),
        _called(rf"(?: {_OURS} )? {_STAGE} decision (?: \ statement )?"),
    ),
    Heading("conclusion", ("The decision", "Outcome"), _called(r"the\ (?:final\ )?decision | outcome"), outermost=True),
)
"""The first that a heading is decides."""

_CONCLUSION = _called(rf"(?: {_OURS} | the\ )? (?:overall\ )? conclusions?")  # of the findings, or of the whole
_MAX_HEADING_CHARACTERS = (
    200  # characters of a heading, none that has a name is longer; a gap in the patterns is never longer either
)
_FOUND = ("law", "facts", "finding")  # what stands under "What I found", in this order

# Words within a heading, each with whether they say outright what it is on. A policy, a procedure or a complaint may
# also be what a finding is on, and what is called a failure is what the findings are on.
_WITHIN: tuple[tuple[re.Pattern[str], Role, bool], ...] = (
    (
        re.compile(
            r"^(?:alleged )?(?:failures?|failing|delays?|lack|poor|inadequate)\b|\b(?:failed|delayed|did not|wrongly)\b"
            r"|\bcomplaints?[- ]handling\b|\bhandling of\b.{0,200}\bcomplaints?\b",
            re.I,
        ),
        "finding",
        False,
    ),
    (
        re.compile(
            r"(?<!-)\b(?:law|legislati(?:on|ve)|regulations?|guidance|(?:admissions?|appeals?) code|code of practice)\b"
            r"|\blegal\b(?! (?:action|advice|proceedings|costs?|fees|challenge|represent))",
            re.I,
        ),
        "law",
        True,
    ),
    (re.compile(r"^(?:my|our) (?:findings?|consideration)\b|\b(?:analysis|fault|injustice)\b", re.I), "finding", True),
    (
        re.compile(
            r"\b(?:what happened|background|chronology|timeline"
            r"|(?:key|summary of|relevant) events|(?:key|the) facts)\b",
            re.I,
        ),
        "facts",
        True,
    ),
    (
        re.compile(
            r"\b(?:policy|policies|procedures?|statutory|act \d{4})\b"
            r"|^the \w+[’']s (?:role|duties|responsibilities)(?: and \w+)?$",
            re.I,
        ),
        "law",
        False,
    ),
    (re.compile(r"\bcomplaint\b", re.I), "facts", False),
)


def roles(sections: Sequence[tuple[str, ...]]) -> list[Role]:
    """The role of each numbered paragraph, from the headings above it; `sections` in the order of the decision.

    The innermost heading that is wholly called as a part of decisions is decides, whatever it stands below: a capture
    shows no levels. Else the outermost that says outright what it is on. One that may be a topic is not believed among
    the findings, which come last: there "Mr X’s complaint about bias" begins no facts; and "Delay in the assessment"
    begins them only where no heading does. Headings that say nothing go on with what the one before began.
    """
    named = _named(sections)
    last = {role: position for position, role in enumerate(named)}
    given: list[Role] = []
    begun: Role | None = None
    for position, section in enumerate(sections):
        role = named[position]
        if role is None:
            begun = _told(section, begun, last.get("finding", -1) > position) or begun or _opening(sections[position:])
        elif role in _FOUND:
            begun = role
        given.append(role or begun or "finding")
    return given


def _named(sections: Sequence[tuple[str, ...]]) -> list[Role | None]:
    """What the headings are wholly called; None for a part of what was found that has no such name."""
    names = {section: _name(section) for section in set(sections)}
    named = [names[section] for section in sections]
    found = max((position for position, role in enumerate(named) if role in _FOUND), default=-1)
    ended = max((position for position, role in enumerate(named) if role == "conclusion"), default=-1)
    for position, section in enumerate(sections):
        if named[position] == "conclusion" and len(section) > 1 and position < found:
            named[position] = None  # what the body decided, among what happened
        elif named[position] is None and any(
            _CONCLUSION.fullmatch(heading[:_MAX_HEADING_CHARACTERS]) for heading in section
        ):
            named[position] = "finding" if len(section) > 1 or position < ended else "conclusion"
    return named


def _name(section: tuple[str, ...]) -> Role | None:
    """The innermost heading has the first say, but for names that count for the outermost only."""
    for depth, heading in reversed(list(enumerate(section))):
        for kind in HEADINGS:
            if (depth == 0 or not kind.outermost) and kind.pattern.fullmatch(heading[:_MAX_HEADING_CHARACTERS]):
                return kind.role
    return None


@functools.lru_cache(maxsize=1_000)
def _told_by(heading: str) -> tuple[Role, bool] | None:
    """What the words of a heading say, and whether they do so outright."""
    return next(((role, sure) for words, role, sure in _WITHIN if words.search(heading)), None)


def _told(section: tuple[str, ...], begun: Role | None, findings_follow: bool) -> Role | None:
    """What the words of its headings say; None where they say nothing, or what is not believed here."""
    told = [_told_by(heading[:_MAX_HEADING_CHARACTERS]) for heading in section]
    known = [one for one in told if one is not None]
    for role, sure in known:
        if sure:
            return role
    for role, _ in known[:1]:
        if begun != "finding" and (role != "finding" or (begun is not None and not findings_follow)):
            return role
    return None


def _opening(sections: Sequence[tuple[str, ...]]) -> Role:
    """What stands first under "What I found" without a telling heading: the law, if the facts are still to come."""
    later = {_name(section) or _told(section, None, True) for section in set(sections)}
    return "law" if "facts" in later else "finding"
