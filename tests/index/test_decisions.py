from __future__ import annotations

import contextlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.decisions import SUMMARY, Line, Paragraph, Pinpoint, Reference
from index.errors import InputError

references = st.builds(
    lambda number, letter: Reference(f"{number:08d}{letter}"),
    st.integers(0, 99_999_999),
    st.sampled_from(["", "a", "b"]),
)
pinpoints = st.builds(Pinpoint, references, st.one_of(st.just(SUMMARY), st.integers(1, 999_999)))
items = st.builds(Pinpoint, references, st.integers(1, 999_999), st.sampled_from(string.ascii_lowercase))


def test_spellings_of_a_reference_are_equal():
    """Spaces, hyphens or neither: it is the same reference."""
    assert Reference("21 017 496") == Reference("21-017-496") == Reference(" 21017496 ")
    assert Reference("21\u00a0017\u00a0496") == Reference("21 017 496")


def test_letter_is_kept():
    """A reference may end in a letter."""
    assert str(Reference("17002402B")) == "17 002 402b"


@given(references)
def test_reference_round_trips(reference):
    """The published form and the slug are both read back."""
    assert Reference(str(reference)) == reference == Reference(reference.slug)


@given(pinpoints | items)
def test_pinpoint_round_trips(pinpoint):
    """A pinpoint's text is read back as the pinpoint."""
    assert Pinpoint.parse(str(pinpoint)) == pinpoint


@given(st.text())
def test_pinpoint_of_any_text_is_read_or_refused(text):
    """No text makes reading a pinpoint fail in another way than by refusing it."""
    with contextlib.suppress(InputError):
        Pinpoint.parse(text)


def test_paragraph_zero_is_refused():
    """Paragraphs are numbered from 1."""
    with pytest.raises(InputError):
        Pinpoint(Reference("21 017 496"), 0)


def test_citation():
    """A citation names the body, the reference and the paragraph."""
    pinpoint = Pinpoint(Reference("21 017 496"), 50)
    expected = "West Northamptonshire Council (21 017 496), paragraph 50"
    assert pinpoint.cite("West Northamptonshire Council", "published") == expected


def test_inferred_citation_says_so():
    """A number that was inferred is cited as such."""
    pinpoint = Pinpoint(Reference("21 000 832"), 45)
    assert pinpoint.cite("Kent County Council", "inferred").endswith("paragraph 45 (number inferred)")


def test_item_is_cited_by_its_letter():
    """A lettered item is cited with its letter, and says so where the paragraph's number is inferred."""
    pinpoint = Pinpoint(Reference("21 000 259"), 51, "b")
    assert pinpoint.cite("A Council", "published") == "A Council (21 000 259), paragraph 51(b)"
    assert pinpoint.cite("A Council", "inferred") == "A Council (21 000 259), paragraph 51(b) (number inferred)"


@pytest.mark.parametrize(("number", "item"), [(1, "B"), (1, "bb"), (1, ""), (SUMMARY, "b")])
def test_item_that_can_not_be_is_refused(number, item):
    """Only a small letter of a numbered paragraph is an item."""
    with pytest.raises(InputError):
        Pinpoint(Reference("21 017 496"), number, item)


def test_item_holds_the_list_within_it():
    """A lettered item is a place of its own, with what is listed within it and nothing else."""
    lines = (Line("It will:"), Line("look at:", 1, "a"), Line("savings;", 2), Line("pay.", 1, "b"), Line("So it said."))
    paragraph = Paragraph(Pinpoint(Reference("21 017 496"), 3), "published", (), "facts", lines)
    assert [(str(item.pinpoint), item.text) for item in paragraph.items()] == [
        ("21 017 496, paragraph 3(a)", "look at:\nsavings;"),
        ("21 017 496, paragraph 3(b)", "pay."),
    ]
