"""Which names are those of one body, and which councils came after which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.councils import (
    PRINCIPAL,
    body_key,
    council_of,
    councils,
    is_another_council,
    is_same_body,
    kin_told,
    kindred,
    may_mean,
    name_words,
    relation_told,
)

SAME = [
    ("London Borough Of Barnet", "London Borough of Barnet"),
    ("London Borough of Barnet", "Barnet London Borough Council"),
    ("London Borough of Barnet", "Barnet Council"),
    ("LB Barnet", "London Borough of Barnet Council"),
    ("Brighton & Hove City Council", "Brighton and Hove City Council"),
    ("St. Helens Metropolitan Borough Council", "St Helens Borough Council"),
    ("Borough Council of King’s Lynn & West Norfolk", "Kings Lynn and West Norfolk Borough Council"),
    ("Stoke-on-Trent City Council", "Stoke on Trent City Council"),
    ("The Isle of Wight Council", "Isle of Wight Council"),
    ("Royal Borough of Kensington & Chelsea", "Kensington and Chelsea Royal Borough Council"),
    ("City of York Council", "York City Council"),
    ("Doncaster Metropolitan Borough Council", "City of Doncaster Council"),
    ("Southend-on-Sea Borough Council", "Southend-on-Sea City Council"),
    ("Kent CC", "KENT COUNTY COUNCIL"),
    ("BCP Council", "Bournemouth, Christchurch & Poole Council"),
    ("Fenwold District Council", "FENWOLD DISTRICT COUNCIL"),
    ("Fenwold Care Home Ltd", "The Fenwold Care Home Limited"),
    ("St Anne's Surgery", "St. Annes Surgery"),
    ("-", "-"),
]
"""Names of one body each."""
OTHER = [
    ("Somerset Council", "Somerset County Council"),
    ("Dorset Council", "Dorset County Council"),
    ("Buckinghamshire Council", "Buckinghamshire County Council"),
    ("North Yorkshire Council", "North Yorkshire County Council"),
    ("Northamptonshire County Council", "West Northamptonshire Council"),
    ("Cumbria County Council", "Cumberland Council"),
    ("Durham City Council", "Durham County Council"),
    ("Lichfield City Council", "Lichfield District Council"),
    ("Kent County Council", "Kent Community Health NHS Foundation Trust"),
    ("Fenwold Borough Council", "Fenwold County Council"),
    ("Fenwold Town Council", "Fenwold Council"),
    ("East Fenwold Council", "Fenwold Council"),
    ("?", "!"),
]
"""Names of two bodies each."""


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_body(one, other):
    """A body is the same however its name is written, and whatever stands where of its kind."""
    assert is_same_body(one, other)
    assert is_same_body(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_bodies(one, other):
    """A successor, another kind, a direction and another family each make another body."""
    assert not is_same_body(one, other)


def test_each_council_of_the_table_is_itself():
    """Every principal council is found by its own name, and no two are one."""
    rows = [row for row in councils() if row.kind in PRINCIPAL]
    assert [row for row in rows if council_of(row.name) is not row] == []
    assert len({body_key(row.name) for row in councils()}) == len(councils())


@given(st.sampled_from(councils()), st.randoms(use_true_random=False))
def test_writing_a_name_otherwise_changes_no_key(row, random):
    """Case, “&”, hyphens, apostrophes, white space and “The” change no key of a council’s."""
    name = row.name
    for old, new in ((" and ", " & "), ("-", " "), ("'", "’"), ("'", ""), ("St ", "St. "), (" ", "  ")):
        name = name.replace(old, new) if random.random() < 0.5 else name
    name = random.choice([name, name.upper(), name.lower(), f"The {name}"])
    assert body_key(name) == body_key(row.name)


@given(st.text(max_size=200))
def test_any_text_has_a_key(text):
    """Every text has a key, which its white space and its case do not change."""
    assert body_key(f"  {text} ") == body_key(text)


@pytest.mark.parametrize(
    ("wanted", "name", "does"),
    [
        ("kent", "Kent County Council", True),
        ("county council", "Kent County Council", True),
        ("stoke-on-trent", "Stoke on Trent City Council", True),
        ("brighton and hove", "Brighton & Hove City Council", True),
        ("ken", "Kent County Council", False),
        ("Northamptonshire Council", "West Northamptonshire Council", False),
        ("Suffolk Council", "East Suffolk Council", False),
        ("Somerset Council", "Somerset County Council", False),
        ("Fenwold Council", "Fenwold Borough Council", True),
        ("Fenwold Council", "East Fenwold Council", False),
        ("", "Kent County Council", False),
    ],
)
def test_what_a_text_may_mean(wanted, name, does):
    """Less than a name means every name of which it is whole words; the full name of a council means that alone."""
    assert may_mean(wanted)(name_words(name)) is does


def test_kindred_reach_over_several_changes():
    """What came after a council is told also where that ceased in its turn, and so is what came before."""
    kin = kindred("Taunton Deane Borough Council")
    assert kin.successors == ("Somerset West and Taunton Council", "Somerset Council")
    assert "Taunton Deane Borough Council" in kindred("Somerset Council").predecessors
    assert kindred("Kent County Council") is None


def test_kin_that_is_held_is_told():
    """Of what came after and before a council, what is held is told in one sentence, by the name that is held."""
    held = {body_key(name): name for name in ("Cumberland Council", "Westmorland & Furness Council", "Kent")}
    assert kin_told("Cumbria County Council", held) == (
        "We have decisions about Cumberland Council and Westmorland & Furness Council, which took over from it."
    )
    assert kin_told("Kent County Council", held) == ""
    assert kin_told("Surrey", held) == ""


@pytest.mark.parametrize(
    ("official", "told", "related"),
    [
        ("Somerset County Council", "Somerset Council", ", which took over from it in 2023"),
        ("West Northamptonshire Council", "Northamptonshire County Council", ", which it took over from in 2021"),
        ("Kent County Council", "Surrey County Council", ""),
    ],
)
def test_relation_of_two_councils(official, told, related):
    """Of a council told in place of another it is said which took over, and when."""
    assert is_another_council(told, official)
    assert relation_told(official, told) == related
