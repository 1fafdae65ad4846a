"""What the headings of decisions are called, and the role of what stands below them, as data with examples. Pure.

This table is where a heading that decides wrongly is mended: a form in HEADINGS, with an example that the tests sweep,
or a word in WITHIN. How often which form occurs stands in docs/heading-forms.md. What decides where several headings
speak is in index.parsing.roles; nothing here knows of their order.
"""

from __future__ import annotations

import re
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


_OMBUDSMAN = r"(?:the\ )?(?:two\ )?(?:local\ government\ (?:and\ social\ care\ )?)?ombudsm[ae]n"
_OURS = rf"(?: my | our | (?: {_OMBUDSMAN} | (?:the\ )?lgs?co )(?: [’']s? )? )\ "
_WE = rf"(?: i | we | {_OMBUDSMAN} )"
_PERSON = r"(?: the\ complainant | (?: mrs? | ms | miss | mx | dr )\ [a-z]\w{0,20} )"
_STAGE = r"(?: (?: final | draft | provisional | proposed | initial )\ )?"
_LAW = r"""
    (?: (?: relevant | applicable | statutory | government | national | local | planning )\ ){0,2}
    (?: law | legislation | statutes? | regulations? | rules | guidance | guidelines | polic(?:y|ies) | procedures?
      | codes?\ of\ practice )
"""
_ROLE = r"(?: roles? | powers? | remit | jurisdiction )"

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
            "The role of the Ombudsman",
            "The Local Government and Social Care Ombudsman’s role and powers",
            "Ombudsmen's roles and powers",
            "Jurisdiction",
            "What we can and cannot investigate",
        ),
        _called(
            rf"""
            {_OURS} (?: legal\ )? {_ROLE} (?: \ (?: and | & )\ {_ROLE} )?
          | (?:the\ )? {_ROLE} \ and\ {_ROLE} (?: \ of\ {_OMBUDSMAN} )?
          | (?:the\ )? {_ROLE} \ of\ {_OMBUDSMAN}
          | jurisdiction
          | what\ {_WE} \ (?: can | may )(?: not )?\b .*
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
            "Scope of investigation",
            "How the Ombudsmen considered this complaint",
            "How I investigated the complaint",
            "How I carried out my investigation",
            "What the Ombudsmen have investigated",
            "What I considered",
            "What I looked at",
            "Evidence considered",
            "Information I considered",
            "Reasons for not investigating",
        ),
        _called(
            rf"""
            (?: how | why )\ {_WE} \b .{{0,200}} \b (?: consider | investigat ) .*
          | (?: what | why | (?:the\ )?(?: parts? | issues? | matters? | aspects? | elements? | complaints? ) )\b
            .{{0,200}} \b(?: not | i | we | ombudsm[ae]n )\b .{{0,200}} \b investigat .*
          | (?:the\ )? scope\ of\ (?: (?: the | this | my | our )\ )? investigations?
          | what\ {_WE} \ (?:have\ )?(?: considered | looked\ at | read )
          | (?:the\ )? (?: evidence | information | documents ) \ (?: (?: i | we )\ )?(?:have\ )?considered
          | reasons\ for\ not\ investigating\b .*
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
            "Details of the complaint",
            "The complaint to the Ombudsman",
            "What the complaint is about",
            "Mr X’s complaint",
            "What Mrs X complained about",
            "Introduction",
        ),
        _called(
            rf"""
            (?: (?:the\ )?(?: summary | details | nature | outline )\ of\ )?
            (?: (?: the | my | this | {_PERSON} [’']s? )\ )? complaints?
            (?: \ in\ (?: summary | detail ) | \ to\ (?: us | {_OMBUDSMAN} )
              | \ and\ (?:the\ )?(?: desired | alleged | claimed )\b .* )?
          | what\ the\ complaint\ (?: is | was )\ about
          | what\ {_PERSON} \ (?: complain | want ) .*
          | desired\ outcomes? | (?: alleged | claimed )\ injustice | injustice\ (?: alleged | claimed )
          | introduction
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
            "Legal and administrative considerations",
            "What the Council should have done",
        ),
        _called(
            rf"""
            (?:the\ )? {_LAW} (?: (?: , | ,?\ and | \ & | / )\ ?(?:the\ )? {_LAW} ){{0,3}}
            (?: \ (?: relating | relevant | applicable | applying )\ to\b .* )?
          | (?:the\ )?(?: law | legislation | guidance )\ (?: about | on | for | governing )\b .*
          | (?:the\ )?(?:relevant\ )?(?: legal | legislative | statutory | policy | administrative | regulatory )
            (?: \ and\ (?: administrative | policy | legal | legislative | statutory ) )?
            \ (?: background | framework | context | position | considerations | requirements | information )
          | background\ (?:and\ )? {_LAW}
          | what\ (?: should\ (?: have\ happened | happen ) | the\ {_LAW}\ (?: says? | requires? )
              | .{{0,60}} should\ have\ done )
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
            "Context",
            "Background facts",
            "Investigation",
            "Subsequent events",
            "Events since the complaint",
            "Current position",
            "Further developments",
            "Update",
        ),
        _called(
            r"""
            what\ (?: happened | did\ happen )\b .*
          | (?:the\ )?(?: (?: case | factual | brief | general | relevant )\ )? (?: background | context )
            (?: \ (?: to | and | information | facts | of )\b .* )?
          | (?: the\ | my\ | our\ )? investigation
          | (?:the\ )?(?: recent | later | subsequent | further | other )\ events\b .*
          | (?:the\ )? current\ (?: position | situation )
          | (?: (?: recent | later | subsequent | further )\ )? (?: developments | updates? )
          | (?: (?: a | the )\ )?(?: brief\ )?(?: (?: summary | outline | sequence | history | course )\ of\ )?
            (?:the\ )?(?: (?: key | main | relevant | significant | material )\ )?
            (?: facts | events )
            (?: \ (?: of | in | leading | relating | surrounding | since | after | before | following | during )\b .* )?
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
            "Mr X’s comments on the draft decision",
            "Post draft decision comments",
            "Initial assessment",
            "Discussion",
            "Reasons",
            "Reasoning",
            "Maladministration",
            "Service failure",
            "Impact",
            "Summary of my findings",
            "Consequences of fault",
        ),
        _called(
            rf"""
            (?: summary\ of\ )? (?: {_OURS} | the\ )? {_STAGE}
            (?: analysis | findings? )(?: \ (?: and | of | on | about | in )\b .* )?
          | {_OURS} {_STAGE} (?: assessment | consideration | evaluation | views? | reason(?:s|ing) )\b .*
          | (?:initial\ )? (?: assessment | consideration | evaluation | discussion )
            (?: \ and\ (?: findings? | conclusions? | analysis )
              | \ of\ (?: (?:the\ )?complaints? | fault | injustice )\b .* )?
          | (?: was | were | is )\ there\ (?:any\ )?(?: fault | injustice | maladministration | service\ failure )\b .*
          | (?: was | were | is | are | did | does | do | has | have | should | could )\b .{{0,200}} \?
          | (?:the\ )?(?: fault | injustice )(?: \ .* )?
          | maladministration(?: \ .* )? | service\ failures?
          | (?:the\ )? impact(?: \ (?: of\ (?:the\ )?fault | on\ {_PERSON} )\b .* )?
          | (?:the\ )? consequences?\ of\ (?:the\ )?(?: fault | injustice )\b .*
          | reason(?:s|ing) | reasons\ for\ decision
          | what\ went\ wrong
          | (?:my\ | our\ )? reasons\ for\ (?: my | our | the | this )\ (?:\w+\ )? decision
          | (?: (?: {_PERSON} [’']s? | (?:the\ )?council[’']s? | further )\ )?
            (?: comments | responses? | reply )\ (?: on | to )\ (?: my | our | the )\ (?: draft | provisional )\b .*
          | post[ -](?: draft | provisional )\b .*
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
            "Consideration of remedy",
            "Remedying the injustice",
            "The remedy",
            "Action already taken",
            "Financial redress",
            "Next steps",
            "The way forward",
            "Lessons learned",
        ),
        _called(
            rf"""
            (?: {_OURS} | the\ | consideration\ of\ )?
            (?: (?: agreed | recommended | proposed | suggested | required | further | remedial | fair )\ ){{0,2}}
            (?: actions? | remed(?:y|ies) | recommendations? | service\ improvements? | improvements )
            (?: \ (?: (?:already\ )?taken | agreed | recommended | required | to\ be\ taken | to\ date
              | (?: and | to\ remedy | for )\b .* ) )?
          | remedying\b .*
          | (?:financial\ )? (?: redress | compensation )
          | (?:the\ )? (?: next\ steps | way\ forward ) | (?: lessons\ learn(?:ed|t) | learning )
          | (?: (?: personal | financial )\ remedy | (?: wider\ | agreed\ )? service\ improvements? ) .*
          | putting\ .{{0,200}} \b right .*
          | what\ .{{0,60}} \b (?: has\ agreed\ to | will | must | should | needs?\ to )\ (?:now\ )? do\b .*
          | what\ (?: will | should | must | needs?\ to )\ happen\ (?: now | next )
            """
        ),
    ),
    Heading(
        "conclusion",
        (
            "Final decision",
            "Decision",
            "My decision",
            "Draft decision",
            "The Ombudsman’s final decision",
            "Final decision statement",
            "Provisional view",
            "Decision (final)",
        ),
        _called(
            rf"""
            (?: {_OURS} )? {_STAGE} decision (?: \ statement )? (?: \ \((?: final | draft | provisional )\) )?
          | (?: final | provisional )\ views?
            """
        ),
    ),
    Heading("conclusion", ("The decision", "Outcome"), _called(r"the\ (?:final\ )?decision | outcome"), outermost=True),
)
"""The first that a heading is decides."""

AROUND_ALL = _called(r"(?:the\ )? (?: investigation | report )")
"""Above all parts of a report, so that the ones below count as outermost."""
SAYS_NOTHING_BY_ITSELF = _called(rf"what\ {_WE}\ (?:have\ )?found")
"""Around the law, the facts and the findings; what stands right below it may be any of these."""
CONCLUSION = _called(
    rf"(?: {_OURS} | the\ )? (?:overall\ )? conclusions? (?: \ (?: and | on )\b .* )?"
)  # of the findings, or of the whole
# Words within a heading, each with whether they say outright what it is on. A policy, a procedure or a complaint may
# also be what a finding is on, and what is called a failure is what the findings are on.
WITHIN: tuple[tuple[re.Pattern[str], Role, bool], ...] = (
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
            r"\b(?:policy|policies|procedures?|statutory|duty|duties|act \d{4}"
            r"|(?:care|children|housing|education|health|capacity|rights|equality|planning|government) act)\b"
            r"|\b(?:appeals?|complaints?|assessment|admissions?|review|planning|tribunal) process$"
            r"|^the \w+[’']s (?:role|duties|responsibilities)(?: and \w+)?$",
            re.I,
        ),
        "law",
        False,
    ),
    (
        re.compile(
            r"\bcomplaint\b|^response to (?:my|our) enquiries\b"
            r"|[’'](?:s )?(?:response|comments?|position|views?|account|investigation|evidence|reply)\b",
            re.I,
        ),
        "facts",
        False,
    ),
)
