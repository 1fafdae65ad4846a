from __future__ import annotations

import pytest

from index.parsing.roles import roles, unnamed_headings

FOUND = "What I found"


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Mr X’s complaint", "facts"),
        ("The Council’s response to my enquiries", "facts"),
        ("The Trust’s position", "facts"),
        ("The appeals process", "law"),
        ("Care Act 2014", "law"),
        ("The Human Rights Act", "law"),
        ("The Council’s duties", "law"),
        ("Conclusion and remedy", "finding"),
        ("Failure to act", "finding"),
        ("Delay in the planning process", "finding"),
    ],
)
def test_words_of_a_heading_tell_its_role(heading, role):
    """Words within a heading tell its role where it stands among what was found, after the facts began."""
    sections = [(FOUND, "Key facts"), (FOUND, heading)]
    assert roles(sections)[1] == role


@pytest.mark.parametrize(
    "heading", ["The Council’s response to my enquiries", "The Council’s duties", "The review process"]
)
def test_topic_among_the_findings_is_a_finding(heading):
    """What may be the topic of a finding is one, where the findings have begun."""
    assert roles([(FOUND, "My findings"), (FOUND, heading)]) == ["finding", "finding"]


def test_headings_that_match_no_form_are_named():
    """Headings that tell no role are named, each once; those around, and those below one that tells it, are not."""
    sections = [
        ("The complaint",),
        (FOUND,),
        (FOUND, "Parking bays"),
        (FOUND, "Law and guidance", "Child protection"),
        (FOUND, "Conclusions"),
        (FOUND, "The Council’s policy"),
        ("The kennels", "Noise at night"),
        (FOUND, "Parking bays"),
    ]
    assert unnamed_headings(sections) == ("Parking bays", "The kennels", "Noise at night")


def test_parts_of_a_report_stand_within_it():
    """In a report “The complaint” below “The Investigation” is the complaint, as where it stands outermost."""
    assert roles([("The Investigation", "The complaint"), (FOUND, "The complaint")]) == ["complaint", "facts"]
