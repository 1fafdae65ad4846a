"""What a file is that is no decision, in one sentence with what to do instead. Pure.

It is asked only where no title of a decision was found, so that nothing here can refuse one; but a list of decisions is
told before any title in it is believed. What matches nothing here is told by index.parsing.header. It never reads a
decision out of a page that is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from index.decisions import fold
from index.parsing.labels import Label

_SAVE = "save the page of a decision instead, as HTML or text."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page, with examples of what stands on it; `told` is the sentence about it."""

    told: str
    examples: tuple[str, ...]
    pattern: re.Pattern[str]


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE | re.IGNORECASE)


_ROBOT = Kind(
    "It is a page that asks whether a person or a robot reads it, not a decision: open the decision in a browser, "
    "answer that page, and save the one that follows.",
    (
        "Just a moment...",
        "Verify you are human by completing the action below.",
        "Please complete the CAPTCHA to continue",
        "Checking your browser before accessing the site",
        "Our systems have detected unusual traffic",
        "Request unsuccessful. Incapsula incident ID: 1",
        "Attention Required! | Cloudflare",
        "I’m not a robot",
    ),
    _words(
        r"""
            \bjust\ a\ moment\.\.\. | \bverify(?:ing)?\ (?:that\ )?you\ are\ (?:a\ )?human\b | \bcaptcha\b
          | \bchecking\ (?:if\ the\ site\ connection | your\ browser)\b | \bunusual\ traffic\b
          | \bincapsula\ incident\b | \battention\ required!\ \|\ cloudflare\b | \bnot\ a\ robot\b
            """
    ),
)
_GONE = Kind(
    "It is a page that was not found or is gone, not a decision: look the decision up at the Ombudsman's site by its "
    "reference; one that was taken down there cannot be had.",
    (
        "Page not found",
        "404 - File or directory not found.",
        "Error 404",
        "410 Gone",
        "Sorry, the page you are looking for cannot be found.",
        "The page you requested could not be found",
        "This page does not exist or is no longer available",
    ),
    _words(
        r"""
            \bpage\ not\ found\b | \b(?:error\ )?404\b(?=\W{0,5}(?:error|not\ found|page|file|\Z)) | \berror\ 404\b
          | \b410\W{1,3}gone\b
          | \bpage\ (?:that\ )?you\ (?: (?: are | were )\ looking\ for | request(?:ed|ing) | tried\ to\ reach )
            .{0,60} \b(?: (?:can)?not\ (?:be\ )?found | not\ exist | moved | gone | removed )\b
          | \bpage\ (?:does\ not\ exist | is\ no\ longer\ available | no\ longer\ exists)\b
            """
    ),
)
_ERROR = Kind(
    "It is an error of a server, not a decision: open the page again later, and save it then.",
    (
        "500 - Internal server error.",
        "503 Service Unavailable",
        "Service Temporarily Unavailable",
        "502 Bad Gateway",
        "403 Forbidden",
        "Access Denied",
        "Too many requests",
        "The site is down for maintenance",
    ),
    _words(
        r"""
            \binternal\ server\ error\b | \bservice\ (?:is\ )?(?:temporarily\ )?unavailable\b | \bbad\ gateway\b
          | \bgateway\ time-?out\b | \b403\W{1,3}forbidden\b
          | \baccess\ (?:is\ |to\ this\ page\ )?(?:has\ been\ )?denied\b
          | \btoo\ many\ requests\b | \b(?:down\ for | under | undergoing)\ (?:\w+\ )?maintenance\b
            """
    ),
)
_SHELL = Kind(
    "It is an empty shell that scripts were to fill, not a decision: open the page in a browser, wait for its text, "
    "and save it then.",
    (
        "You need to enable JavaScript to run this app.",
        "Please enable JavaScript to view this page",
        "JavaScript is disabled in your browser",
        "This site requires JavaScript",
        "Loading…",
    ),
    _words(
        r"""
            \benable\ java\ ?script\b | \bjava\ ?script\ (?:is\ )?(?:currently\ )?(?:disabled | required | not\ enabled
              | turned\ off)\b | \b(?:requires?|needs?)\ java\ ?script\b | \bturn\ on\ java\ ?script\b
          | \A\W*loading\W*\Z
            """
    ),
)
_SIGN_IN = Kind(
    "It is a page to sign in, not a decision: decisions are published for everybody; " + _SAVE,
    (
        "Sign in to your account",
        "Log in",
        "Please log in to continue",
        "Enter your password",
        "Forgotten your password?",
    ),
    _words(
        r"""
            \b(?:sign|log)\ ?in\ (?:to|with|below|here)\b | \A\W*(?:sign|log)\ ?in\b
          | \b(?:enter|your|forgotten)\ password\b
          | \b(?:please|must|need\ to)\ (?:sign|log)\ in\b
            """
    ),
)
_LIST = Kind(
    "It is a list of decisions or a search for them, not one decision: open a decision in it, and save that page.",
    (
        "Your search has 57,500 results",
        "Recent statements in this category are shown below:",
        "Search our decisions",
        "Decision search results",
        "Noise archive 2019-2020 Archive has 226 results",
    ),
    _words(
        r"""
            \b(?:your\ search|archive)\ (?:has|returned|found)\b
          | \brecent\ (?:statements|reports|decisions)\ in\ this\ category\b
          | \bsearch\ (?:our|for|all|the)\ decisions\b | \bdecisions?\ search\ results\b
            """
    ),
)
_COOKIES = Kind(
    "It is a notice about cookies, not a decision: accept or refuse them, wait for the decision, and save the page "
    "then.",
    (
        "We use cookies to improve this site",
        "Accept all cookies",
        "Before you continue, manage your cookie preferences",
        "Privacy settings Review your privacy settings Required cookies",
        "This site uses cookies",
    ),
    _words(
        r"""
            \b(?:uses?|accept|reject|refuse|allow|manage)\ (?:\w+\ ){0,2}cookies?\b
          | \bcookie\ (?:settings|preferences|consent|policy)\b | \brequired\ cookies\b | \bcookies\ on\ this\ site\b
            """
    ),
)
KINDS = (_ROBOT, _GONE, _ERROR, _SHELL, _SIGN_IN, _LIST, _COOKIES)
"""The first that is found decides; what stands first is the least likely on a page of another kind."""

_OURS = re.compile(r"local government (?:and|&) social care ombudsman|local government ombudsman|\blgs?co\b", re.I)
OTHER_OMBUDSMEN = (
    ("Housing Ombudsman", r"housing ombudsman"),
    (
        "Parliamentary and Health Service Ombudsman",
        r"parliamentary and health service ombudsman|health service ombudsman|\bphso\b",
    ),
    ("Public Services Ombudsman for Wales", r"public services ombudsman for wales|\bpsow\b"),
    ("Scottish Public Services Ombudsman", r"scottish public services ombudsman|\bspso\b"),
    (
        "Northern Ireland Public Services Ombudsman",
        r"northern ireland (?:public services )?ombudsman|\bnipso\b",
    ),
    ("Financial Ombudsman Service", r"financial ombudsman(?: service)?|\bDRN-?\d{4,}"),
    ("Pensions Ombudsman", r"pensions ombudsman"),
    ("Legal Ombudsman", r"legal ombudsman"),
    ("Prisons and Probation Ombudsman", r"prisons and probation ombudsman"),
    ("Independent Office for Police Conduct", r"independent office for police conduct|\biopc\b"),
    ("Office of the Independent Adjudicator", r"office of the independent adjudicator"),
    ("Property Ombudsman", r"property ombudsman"),
    ("Energy Ombudsman", r"energy ombudsman"),
    ("Rail Ombudsman", r"rail ombudsman"),
    ("Communications Ombudsman", r"communications ombudsman"),
    ("Waterways Ombudsman", r"waterways ombudsman"),
    ("Service Complaints Ombudsman", r"service complaints ombudsman"),
    ("Adjudicator's Office", r"adjudicator[’']s office"),
    ("European Ombudsman", r"european ombudsman"),
)
"""Whose pages are taken for the Ombudsman's, with what they call themselves."""
_OTHERS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in OTHER_OMBUDSMEN)

_CARD = re.compile(r"(?:Statement|Report)\s(?:Upheld|Not upheld|Closed)\b.{0,200}", re.IGNORECASE)
_MIN_CARDS = 2
_MAX_CHARACTERS = 20_000  # of a page in which to look: what it is stands at its beginning
_MAX_CHARACTERS_OF_NOTICE = 4_000  # of a page that is only a notice: others have words of one in their furniture


def is_list(labels: Sequence[Label]) -> bool:
    """Whether these are the lines of a list of decisions: cards with statement or report, outcome and date."""
    return sum(_CARD.fullmatch(label.text) is not None for label in labels) >= _MIN_CARDS


def told_of_list() -> str:
    """The sentence about a list of decisions."""
    return _LIST.told


def kind_of_page(text: str, is_html: bool) -> str | None:
    """What a page or text without the title of a decision is, with what to do; None where that cannot be told."""
    shown = _shown(text) if is_html else fold(text[:_MAX_CHARACTERS])
    ours = len(_OURS.findall(shown))
    found = ((len(pattern.findall(shown)), name) for name, pattern in _OTHERS)
    most, name = max(found, key=lambda one: one[0])
    if most > ours:
        return f"It is a decision of the {name}; only those of the Local Government and Social Care Ombudsman are read."
    if is_html and not any(map(str.isalnum, shown)):
        return _SHELL.told
    kinds = KINDS if len(shown) <= _MAX_CHARACTERS_OF_NOTICE else (_LIST,)
    return next((kind.told for kind in kinds if kind.pattern.search(shown)), None)


def _shown(html: str) -> str:
    """The beginning of what a page shows, its title first, also what it shows where no scripts run."""
    tree = LexborHTMLParser(html[: 10 * _MAX_CHARACTERS])
    for hidden in tree.css("script, style, template"):
        hidden.decompose()
    titles = [node.text() for node in tree.css("title")]
    body = tree.body.text(separator=" ") if tree.body is not None else ""
    return fold(" ".join([*titles, body]))[:_MAX_CHARACTERS]
