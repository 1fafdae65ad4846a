"""What is read of the site's addresses, lists and pages."""

from __future__ import annotations

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from index.decisions import Reference
from qa.fetching.site import Card, NotAnAddress, Search, other_page, read_list, read_wanted, slug, unread_charset

SITE = "https://www.lgo.org.uk"
PATH = "/decisions/children-s-care-services/other/21-004-118"
CARD = """<li><h3><a href="{path}">Aldermarsh Borough Council ({reference})</a></h3>
<p>Statement <b>Not upheld</b> Child protection <i>28-Apr-2021</i></p>
<p>Summary: Mrs P says the lanyard was lost.</p></li>"""


def listed(*cards: str, said: str = "Your search has 2 results") -> bytes:
    return f"<html><body><p>{said}</p><ul>{''.join(cards)}</ul></body></html>".encode()


def card(**given: object) -> Card:
    return Card(**{"url": SITE + PATH, "reference": Reference("21 004 118")} | given)


def test_card_is_read():
    """A card tells the decision's address, body, kind, outcome, category, date and summary."""
    other = CARD.format(path=PATH.replace("118", "119"), reference="21 004 119")
    page = read_list(
        SITE, f"{SITE}/Decisions/SearchResults", listed(CARD.format(path=PATH, reference="21 004 118"), other)
    )
    assert page.total == 2 and [one.reference.slug for one in page.cards] == ["21-004-118", "21-004-119"]
    assert page.cards[0] == Card(
        SITE + PATH, Reference("21 004 118"), "Aldermarsh Borough Council", "Statement", "Not upheld",
        "Child protection", datetime.date(2021, 4, 28), "Mrs P says the lanyard was lost.",
    )  # fmt: skip


def test_link_alone_is_a_card():
    """A link to a decision is listed whatever stands around it."""
    page = read_list(SITE, SITE, listed(f'<a href="{PATH}/?from=list#top">more</a>'))
    assert page.cards == (card(),)


@pytest.mark.parametrize(
    "href",
    [
        "https://example.org" + PATH,
        "/decisions",
        "/decisions/housing/other/guidance",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_other_links_are_no_cards(href):
    """Links elsewhere, and to other pages, list no decision."""
    assert read_list(SITE, SITE, listed(f'<a href="{href}">21 004 118</a>')).cards == ()


@pytest.mark.parametrize(
    ("said", "total"), [("has 57,500 results", 57_500), ("has 1 result", 1), ("has no results", 0)]
)
def test_number_of_results(said, total):
    """A list says how many decisions it has in all."""
    assert read_list(SITE, SITE, listed(said=said)).total == total


def test_search_address():
    """A search names the body, the outcomes, the dates and the page, newest first."""
    search = Search("Aldermarsh & District", ("upheld", "closed"), datetime.date(2021, 1, 1))
    parts = urlsplit(search.address(SITE, 3, datetime.date(2026, 11, 2)))
    assert (parts.path, parse_qs(parts.query)) == (
        "/Decisions/SearchResults",
        {
            "aname": ["Aldermarsh & District"], "dc": ["c+u+"], "fd": ["2021-01-01"], "td": ["2026-11-02"],
            "page": ["3"], "sortOrder": ["descending"],
        },
    )  # fmt: skip


def test_slug():
    """Names stand in addresses in small letters, with a hyphen for all else."""
    assert slug("Children's care services") == "children-s-care-services"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("21-004-118", None),
        ("21 004 118", None),
        (SITE + PATH, SITE + PATH),
        (f"http://www.lgo.org.uk{PATH}?print=1#paragraph", SITE + PATH),
        (f"www.lgo.org.uk{PATH}", SITE + PATH),
    ],
)
def test_wanted_is_read(text, url):
    """A reference, or the address of a decision, says what is wanted."""
    assert read_wanted(SITE, text) == (Reference("21 004 118"), url)


@pytest.mark.parametrize(
    "text",
    [
        "the lanyard",
        "https://example.org" + PATH,
        "https://www.lgo.org.uk.example.org" + PATH,
        "https://www.lgo.org.uk@example.org" + PATH,
        "https://127.0.0.1" + PATH,
        "https://www.lgo.org.uk:444" + PATH,
        "https://www.lgo.org.uk/decisions",
        "https://www.lgo.org.uk/about/21-004-118",
        "file:///etc/passwd",
        "https://[/",
        "",
        "/" * 9999,
    ],
)
def test_other_addresses_are_refused(text):
    """What is no reference and no address of a decision of the site is refused with a sentence."""
    with pytest.raises(NotAnAddress, match=r"neither a reference|not an address of|not the address of"):
        read_wanted(SITE, text)


def test_category_of_a_card():
    """A category is whole words of what the card or its address says."""
    assert card().is_in(["Children's care services"]) and card().is_in(["children"]) and card().is_in(["CARE services"])
    assert card(category="Fostering").is_in(["fostering"])
    assert not card().is_in(["child"]) and not card().is_in(["housing", ""])


def test_body_of_a_card():
    """A body is whole words of its name; a card that does not name one is as the site found it."""
    named = card(body="Aldermarsh Borough Council")
    assert named.is_about(["aldermarsh"]) and not named.is_about(["marsh"]) and card().is_about(["marsh"])


def test_outcome_of_a_card():
    """“Not upheld” is not “upheld”."""
    assert not card(outcome="Not upheld").has(["upheld"]) and card(outcome="Not upheld").has(["upheld", "not-upheld"])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<html><body><p>Please complete the reCAPTCHA to go on.</p></body></html>", "captcha"),
        ("<html><title>Just a moment</title><body>Checking your browser</body></html>", "captcha"),
        (f"<html><body>{'<p>Withdrawn.</p>' * 99}<script src='/recaptcha.js'></script></body></html>", None),
        ("<html><title>Page not found</title><body><p>Sorry.</p></body></html>", "not found"),
        ("<html><body><p>Please accept all cookies to continue.</p></body></html>", "consent"),
        ('<html><body><div id="app"></div><script>var much = "text";</script></body></html>', "shell"),
        (f"<html><body>{'<p>About the Ombudsman.</p>' * 40}</body></html>", None),
    ],
)
def test_other_pages_are_told_apart(content, kind):
    """What a page is that is no decision is told as far as it can be."""
    assert other_page(SITE, SITE, content.encode()) == kind


def test_list_is_told():
    """A list in place of a decision is told to be one."""
    cards = [CARD.format(path=PATH.replace("118", number), reference=f"21 004 {number}") for number in ("118", "119")]
    assert other_page(SITE, SITE, listed(*cards)) == "list"


@pytest.mark.parametrize(
    ("said", "content", "unread"),
    [
        ("text/html; charset=koi8-r", b"<p>\xd2\xd5\xd3</p>", "koi8-r"),
        ("text/html; charset=koi8-r", "<p>“lanyard”</p>".encode(), None),
        ("text/html; charset=utf-16", "<p>“lanyard”</p>".encode(), None),
        ("text/html", b'<meta charset="shift_jis"><p>\x83\x89</p>', "shift_jis"),
        ("text/html; charset=iso-8859-1", "<p>“lanyard”</p>".encode(), None),
    ],
)
def test_encoding(said, content, unread):
    """An encoding that is not read here is named, unless the bytes show that the page lies about it."""
    assert unread_charset(said, content) == unread


def test_results_that_a_summary_speaks_of():
    """How many decisions a list has is told above its cards, not in the summary of one."""
    card = CARD.format(path=PATH, reference="21 004 118").replace("Mrs P says", "The test gave 2 results, Mrs P says")
    assert read_list(SITE, SITE, listed(card, said="Showing 1 to 10 of 100")).total is None


def test_results_of_a_page():
    """How many results a page of a list shows is not how many the list has."""
    assert read_list(SITE, SITE, listed(said="Show 10 results per page")).total is None
