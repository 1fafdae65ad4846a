"""Pages and copies that people hand in: what is read of them, and what is said of those that are no decision."""

from __future__ import annotations

import pytest

from index.errors import NotADecision
from index.parsing.parse import parse, reference_of

REPORT = """Fallowmere County Council (19 004 812)

Decision : Upheld

Two families complain that the Council ended their children’s taxi in the middle of a term.

To remedy the complaint we recommend the Council:

  • apologises to both families; and
  • pays each of them £350.

Ombudsman satisfied with Council's response: 11 November 2020.
"""
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
        (REPORT.encode(), "It is the page of a public report"),
        (HOUSING.encode(), "It is a decision of the Housing Ombudsman; only those of the Local Government"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "The file is a binary PDF; save the page of the decision as HTML or text"),
        (b"bplist00\xd1\x01\x02", "The file is a web archive; save the page of the decision as HTML or text"),
        (
            b'From: <Saved by Blink>\r\nContent-Type: multipart/related;\r\n\ttype="text/html"\r\n',
            "The file is a web archive; save the page of the decision as HTML or text",
        ),
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
