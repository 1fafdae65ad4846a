"""Pages and copies that people hand in: what is read of them, and what is said of those that are no decision."""

from __future__ import annotations

import re

import pytest

from index.errors import NotADecision
from index.parsing.other_pages import KINDS, OTHER_OMBUDSMEN, kind_of_page
from index.parsing.parse import parse, reference_of

HOUSING = """Oldmere Homes Trust (202214377)

The Housing Ombudsman decides what is fair in all the circumstances of a case.

  1. The resident has been a tenant since 2005.
"""
AT_MARGIN = """Castlebeck Borough Council (24 002 115)

The complaint

  1. Ms F complained in May 2024 that:

a. the Council had not found him a tutor

b. nobody came to two review meetings

  1. She asks for the tutor her son was promised.
"""
CONTENTS = """Broadmere City Council (22 012 605)
- The complaint
- The Ombudsman’s role and powers
- Agreed action
The Ombudsman's final decision:
Summary: Ms N complained about a care plan. There was fault.
The complaint
- Ms N complained the Council did not review the plan for two years.
The Ombudsman's role and powers
- We look at how a decision was made.
Agreed Action
- The Council will apologise and pay Ms N £800.
"""


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (HOUSING.encode(), "It is a decision of the Housing Ombudsman; only those of the Local Government"),
        (b"bplist00\xd1\x01\x02", "The file is a web archive; save the page of the decision as HTML or text"),
    ],
)
def test_what_is_no_decision_is_named(source, reason):
    """What is often saved in place of a decision is refused with a sentence that says what it is."""
    with pytest.raises(NotADecision, match=reason):
        parse(source)


def test_items_typed_at_the_margin_have_their_letters():
    """Letters typed at the margin, below a colon, are those of the items of a paragraph."""
    first, second = parse(AT_MARGIN.encode()).paragraphs
    assert [(line.item, line.text) for line in first.lines[1:]] == [
        ("a", "the Council had not found him a tutor"),
        ("b", "nobody came to two review meetings"),
    ]
    assert second.text == "She asks for the tutor her son was promised."


@pytest.mark.parametrize("above", ["the hearing, that was", "the hearing."])
def test_letter_at_the_margin_begins_a_list_below_a_colon_only(above):
    """A line that begins with a letter, as "i. e." or "a. m." may, is text where no colon announces a list."""
    text = AT_MARGIN.replace("in May 2024 that:", above)
    assert [line.item for line in parse(text.encode()).paragraphs[0].lines] == [None, None, None]


def test_contents_are_dropped_though_a_heading_is_written_otherwise():
    """A table of contents is no part of the decision where a capital or an apostrophe differs from the heading."""
    decision = parse(CONTENTS.encode())
    assert decision.summary is not None
    assert [place.section for place in decision.paragraphs] == [
        ("The complaint",),
        ("The Ombudsman's role and powers",),
        ("Agreed Action",),
    ]


def test_reference_of_another_ombudsmans_decision_is_not_read():
    """No reference is read of another Ombudsman's decision."""
    with pytest.raises(NotADecision, match="Housing Ombudsman"):
        reference_of(HOUSING.encode())


@pytest.mark.parametrize(("kind", "example"), [(kind, example) for kind in KINDS for example in kind.examples])
def test_kind_of_page_is_told_from_its_words(kind, example):
    """Each kind of page that is no decision is told from the words of its examples, and as no other kind."""
    assert kind_of_page(example, is_html=False) == kind.told
    page = f"<!doctype html><title>{example}</title><body><script>var a = 1;</script><p></p></body>"
    with pytest.raises(NotADecision, match=re.escape(kind.told)):
        parse(page.encode())


@pytest.mark.parametrize(("name", "pattern"), OTHER_OMBUDSMEN)
def test_decision_of_another_ombudsman_is_told(name, pattern):
    """The decision of any other ombudsman or adjudicator says whose it is, and that none of theirs is read."""
    assert re.search(pattern, name, re.IGNORECASE)
    text = f"Some Body\n\nReference 202214377\n\nThe {name} decides what is fair.\n\n  1. The complaint is old.\n"
    with pytest.raises(NotADecision, match=f"It is a decision of the {name}; only those of the Local Government"):
        parse(text.encode())


def test_page_that_speaks_of_another_ombudsman_is_not_theirs():
    """A page of this Ombudsman's that sends people to another is no decision of that one."""
    text = "The Local Government and Social Care Ombudsman cannot help a tenant. Ask the Housing Ombudsman instead."
    assert kind_of_page(text, is_html=False) is None


CARDS = """Enforcement

  • Fallowmere County Council (24 018 570)

    Statement Closed after initial enquiries Enforcement 02-Sep-2025

    Summary: We will not look into this.

  • Castlebeck Borough Council (25 005 999)

    Statement Upheld Enforcement 01-Sep-2025
"""


@pytest.mark.parametrize(
    "source",
    [
        CARDS,
        CARDS.replace("  • ", ""),
        "<main><h1>Enforcement</h1><ul><li><a>Fallowmere County Council (24 018 570)</a><p>Statement Upheld Noise"
        "<li><a>Castlebeck Borough Council (25 005 999)</a><p>Report Upheld Noise 1 May 2020</ul></main>",
    ],
)
def test_list_of_decisions_is_told(source):
    """A list of decisions is told as one, whether or not a line of it looks like the title of a decision."""
    with pytest.raises(NotADecision, match="It is a list of decisions or a search for them, not one decision: open"):
        parse(source.encode())


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype html><html><head><script src=a.js></script></head><body><div id=app></div></body></html>",
        "<!doctype html><body><noscript>You need to enable JavaScript to run this app.</noscript><div></div></body>",
    ],
)
def test_empty_shell_is_told(page):
    """A page that scripts were to fill says so, and to wait for its text."""
    with pytest.raises(NotADecision, match="It is an empty shell that scripts were to fill"):
        parse(page.encode())


def test_page_of_some_other_kind_is_refused_by_what_it_lacks():
    """A long page with a cookie notice in its furniture is not told to be one."""
    page = f"<!doctype html><body><p>We use cookies.</p><main><p>{'The Council met on Monday. ' * 200}</p></main>"
    with pytest.raises(NotADecision, match="Its first lines hold no body with a reference"):
        parse(page.encode())
