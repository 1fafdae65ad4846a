"""The Ombudsman's site: the addresses of its decisions and of its search, and what its lists and other pages say. Pure.

What is known of it comes from public descriptions; docs/operations.md says what was never tried. All of that is in this
module, so that a change of the site is a change here. Whether a page is a decision is for index.parsing to say.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import quote, urlencode, urljoin, urlsplit

import numpy as np
from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.catalogue import FacetColumn
from index.decisions import Reference, fold
from index.errors import InputError, NotAReference
from index.parsing.decode import decode
from index.parsing.provenance import slug
from index.text.dates import month_number
from qa.fetching.addresses import is_origin

Outcome = Literal["upheld", "not-upheld", "closed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_CODES: dict[Outcome, str] = {"closed": "c", "not-upheld": "nu", "upheld": "u"}

PER_PAGE = 10
"""Cards on each page of a list but the last."""

PRIMING = "/decisions"
"""The page that begins a session."""

_SEARCH = "/Decisions/SearchResults"
_NO_DATE = "0001-01-01"
_PATH = re.compile(r"/decisions/(?:[a-z0-9-]{1,200}/){1,4}(?P<reference>[0-9a-z-]{8,14})/?", re.IGNORECASE)
_TITLE = re.compile(
    r"(?P<body>\S[^()]{1,200}(?:\([^()\d][^()]{0,60}\)[^()]{0,100})?)\((?P<reference>\d[\d a-z-]{7,13})\)"
)
_DATE = re.compile(r"\b(?P<day>\d{1,2})[- ](?P<month>[A-Za-z]{3,9})[- ](?P<year>\d{4})\b")
_KIND = re.compile(r"\b(?:Statement|Report)\b")
_OUTCOME = re.compile(r"\b(?:Not upheld|Upheld|Closed after initial enquiries)\b", re.IGNORECASE)
_TOTAL = re.compile(r"\b(?P<count>[0-9][0-9,]{0,9}|no) results?\b(?! (?:per|a|on|of)\b)", re.IGNORECASE)
_FIRST_CARD = "\N{OBJECT REPLACEMENT CHARACTER}"  # marks where it begins
_MAX_BYTES = 1_000_000  # of a list, and of what is looked at of any other page; a list has 50,000
_MAX_HEAD_CHARACTERS = 2_000  # of a card above its summary
_MAX_LEVELS = 8  # between the link of a card and the element that is the card
_MAX_URL_CHARACTERS = 1_000
_MAX_CARDS = 200  # on a page
_CAPTCHA = re.compile(
    r"captcha|(?:are|verify) (?:that )?you are (?:a )?human|are you a robot|not a robot|unusual traffic"
    r"|checking your browser|request unsuccessful|access denied",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"\b(?:page (?:was |is |could )?(?:not|cannot) (?:be )?found|can(?:no|')t find (?:the|that) page|error 404)\b", re.I
)
_CONSENT = re.compile(
    r"accept (?:all )?cookies to (?:continue|proceed)|cookie(?:s)? (?:are|must be) (?:required|enabled)", re.I
)
_MIN_SHOWN_CHARACTERS = 400  # of a page that is not an empty shell
_CHARSET = re.compile(rb"""charset\s{0,3}=\s{0,3}["']?(?P<name>[A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_READ_CHARSETS = frozenset(
    "utf-8 utf8 us-ascii ascii iso-8859-1 iso8859-1 latin1 windows-1252 cp1252 utf-16 utf-16le utf-16be".split()
)


class NotAnAddress(InputError):
    """The text is neither a reference nor the address of a decision of the site."""


@dataclass(frozen=True, slots=True)
class Search:
    """What the site is asked to list, newest first; what is empty does not limit."""

    council: str = ""
    outcomes: tuple[Outcome, ...] = ()
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    reference: Reference | None = None

    def address(self, site: str, page: int, today: datetime.date) -> str:
        """The address of a page of the list, counted from 1."""
        chosen = [code for outcome, code in _CODES.items() if not self.outcomes or outcome in self.outcomes]
        given = {"aname": self.council} if self.council else {}
        if self.reference is not None:
            given |= {"q": str(self.reference), "t": "ref"}
        given |= {
            "dc": "".join(f"{code}+" for code in chosen),
            "fd": self.date_from.isoformat() if self.date_from else _NO_DATE,
            "td": (self.date_to or today).isoformat(),
            "page": str(page),
            "sortOrder": "descending",
        }
        return f"{site}{_SEARCH}?{urlencode(given, quote_via=quote)}"


@dataclass(frozen=True, slots=True)
class Card:
    """What a list says of one decision; what it does not say is empty or None."""

    url: str
    reference: Reference
    body: str = ""
    kind: str = ""
    outcome: str = ""
    category: str = ""
    date: datetime.date | None = None
    summary: str = ""

    def is_about(self, councils: Iterable[str]) -> bool:
        """Whether its body is one of these, by the rule of the filters; without a body it is as the site found it."""
        if not self.body:
            return True
        column = FacetColumn.of([self.body], np.zeros(1, dtype=np.int64))
        return any(column.meant(name) for name in councils)

    def is_in(self, categories: Iterable[str]) -> bool:
        """Whether its category, or that in its address, has the words of one of these."""
        held = f"-{slug(self.category)}-{'-'.join(urlsplit(self.url).path.lower().split('/')[2:-1])}-"
        return any(f"-{wanted}-" in held for wanted in map(slug, categories) if wanted)

    def has(self, outcomes: Iterable[Outcome]) -> bool:
        """Whether it came out so; a card that does not say is as the site found it."""
        return not self.outcome or any(slug(self.outcome).startswith(outcome) for outcome in outcomes)


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list: its cards in their order; how many there are in all, where it says so."""

    cards: tuple[Card, ...]
    total: int | None

    @property
    def is_empty_shell(self) -> bool:
        """Whether it holds nothing of a list, and not even that nothing was found."""
        return not self.cards and self.total is None


def reference_in(site: str, url: str) -> Reference | None:
    """The reference in the address of a decision of the site; None where it is no such address."""
    if not is_origin(site, url):
        return None
    found = _PATH.fullmatch(urlsplit(url).path)
    try:
        return Reference(found["reference"]) if found else None
    except NotAReference:
        return None


def read_wanted(site: str, text: str) -> tuple[Reference, str | None]:
    """A reference, and the address where one was given. Raises NotAnAddress."""
    if "/" not in text:
        try:
            return Reference(text), None
        except NotAReference:
            raise NotAnAddress(
                f"“{text[:80]}” is neither a reference such as 21-017-496 nor the address of a decision."
            ) from None
    url = (f"{urlsplit(site).scheme}://{text}" if "://" not in text else text).partition("#")[0].partition("?")[0]
    if not is_origin(site, url) and is_origin(site, re.sub("^http:", "https:", url)):
        url = re.sub("^http:", "https:", url)
    if not is_origin(site, url):
        raise NotAnAddress(f"“{text[:80]}” is not an address of {site}, which alone is asked.")
    reference = reference_in(site, url)
    if reference is None:
        raise NotAnAddress(
            f"“{text[:80]}” is not the address of a decision; one ends in a reference such as 21-017-496."
        )
    return reference, url


def read_list(site: str, url: str, content: bytes) -> ListPage:
    """What a page of a list holds. Raises NotADecision where it has no text."""
    tree = LexborHTMLParser(decode(content[:_MAX_BYTES]))
    links: dict[str, tuple[LexborNode, Reference]] = {}
    for link in tree.css("a[href]"):
        target = _target(url, link)
        reference = reference_in(site, target)
        if reference is not None and len(links) < _MAX_CARDS:
            links.setdefault(target, (link, reference))
    cards = tuple(_card(site, url, *found, target) for target, found in links.items())
    for link, _ in list(links.values())[:1]:
        link.insert_before(_FIRST_CARD)  # the summaries below may speak of results, too
    text = fold(tree.body.text(separator=" ").partition(_FIRST_CARD)[0]) if tree.body else ""
    total = _TOTAL.search(text)
    count = None if total is None else 0 if total["count"].lower() == "no" else int(total["count"].replace(",", ""))
    return ListPage(cards, count)


def _card(site: str, page: str, link: LexborNode, reference: Reference, url: str) -> Card:
    """What stands around a link, up to where the next one's begins."""
    around = link
    for _ in range(_MAX_LEVELS):
        parent = around.parent
        if parent is None or parent.tag in ("body", "main", "html") or _has_another(site, page, parent, url):
            break
        around = parent
    text = fold(around.text(separator=" "))
    head, _, summary = text.partition("Summary:")
    head = head[:_MAX_HEAD_CHARACTERS]
    title = _TITLE.search(head)
    named = _TITLE.search(fold(link.text(separator=" "))[:_MAX_HEAD_CHARACTERS]) or title
    kind = _KIND.search(head, title.end() if title else 0)
    outcome = _OUTCOME.search(head, kind.end() if kind else 0)
    date = _DATE.search(head, outcome.end() if outcome else 0)
    between = head[
        outcome.end() if outcome else kind.end() if kind else len(head) : date.start() if date else len(head)
    ]
    return Card(
        url,
        reference,
        fold(named["body"]) if named else "",
        kind[0] if kind else "",
        outcome[0] if outcome else "",
        between.strip(" ,;:|·-"),
        _day(date) if date else None,
        summary.strip()[:2000],
    )


def _target(page: str, link: LexborNode) -> str:
    """Where a link leads, without what stands behind the path; empty where it is no address."""
    try:
        target = urljoin(page, (link.attributes.get("href") or "")[:_MAX_URL_CHARACTERS])
    except ValueError:
        return ""
    return re.split("[?#]", target)[0].rstrip("/")


def _has_another(site: str, page: str, node: LexborNode, url: str) -> bool:
    for link in node.css("a[href]"):
        target = _target(page, link)
        if target != url and reference_in(site, target) is not None:
            return True
    return False


def _day(found: re.Match[str]) -> datetime.date | None:
    try:
        return datetime.date(int(found["year"]), month_number(found["month"]), int(found["day"]))
    except (StopIteration, ValueError):
        return None


def canonical(site: str, reference: Reference, content: bytes) -> str | None:
    """The address that a page says is its own, where that is one of this decision on the site."""
    for link in LexborHTMLParser(decode(content)).css("link[rel=canonical][href]")[:1]:
        url = _target(site, link)
        if reference_in(site, url) == reference:
            return url
    return None


def unread_charset(content_type: str, content: bytes) -> str | None:
    """The encoding that a page says it has, where it is one that cannot be read here and the bytes are not plain.

    What it says of one that can be read does not count: the bytes themselves tell which of those they are in.
    """
    for said in (content_type.encode("ascii", errors="replace"), content[:2048]):
        found = _CHARSET.search(said)
        if found and found["name"].decode().lower() not in _READ_CHARSETS:
            try:
                content.decode("utf-8")
            except UnicodeDecodeError:
                return found["name"].decode()
    return None


OtherPage = Literal["captcha", "not found", "consent", "shell", "list"]


def other_page(site: str, url: str, content: bytes) -> OtherPage | None:
    """What a page that is no decision is, where that can be told. Raises NotADecision where it has no text."""
    tree = LexborHTMLParser(decode(content[:_MAX_BYTES]))
    title = tree.css_first("title")
    for node in tree.css("script, style, noscript, template"):
        node.decompose()
    shown = fold(tree.body.text(separator=" ")) if tree.body else ""
    said = f"{fold(title.text()) if title else ''} {shown[:5000]}"
    if len(shown) < 5000 and _CAPTCHA.search(said):  # scripts name one on many pages that ask nothing
        return "captcha"
    if _NOT_FOUND.search(said):
        return "not found"
    if _CONSENT.search(said):
        return "consent"
    if len(read_list(site, url, content).cards) > 1:
        return "list"
    return "shell" if len(shown) < _MIN_SHOWN_CHARACTERS else None
