from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval.cues import CUES, NAMES, cues


def told(text):
    """The names of the cues that hold."""
    holds = cues(text)
    assert holds.shape == (len(NAMES),)
    return {name for name, one in zip(NAMES, holds, strict=True) if one}


@pytest.mark.parametrize("name", NAMES)
def test_each_word_is_its_cue(name):
    """Each word of a cue, and each two that follow each other, make it hold, whatever their case."""
    for key in CUES[name].split():
        text = key.replace("_", " ").replace("£", "£300").replace("#", "14")
        assert name in told(text), key
        assert name in told(text.upper()), key


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Pay Mr D £456 within 14 days.", {"sum", "within", "duration", "number", "payment"}),
        ("There was no fault by the Council.", {"no fault", "fault"}),
        ("I do not find that", {"denial", "no fault"}),
        ("The law says nothing", {"saying"}),
        ("by 7 April 2021", {"number", "within", "date"}),
        ("", set()),
        ("x y z", set()),
    ],
)
def test_cues_of_a_text(text, names):
    """A text has exactly the cues of its words and signs."""
    assert told(text) == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("fault: no", "no fault"),
        ("no great fault", "no fault"),
        ("payments2", "payment"),
        ("faulty", "fault"),
        ("300 pounds", "sum"),
        ("mayhem", "may"),
    ],
)
def test_word_that_is_no_cue(text, name):
    """What only looks like a cue, or has its words in another order, is none."""
    assert name not in told(text)


@given(st.text(max_size=80), st.text(max_size=80))
def test_text_has_the_cues_of_its_parts(one, other):
    """Two texts one behind the other have at least the cues of each."""
    assert told(one) | told(other) <= told(f"{one} . {other}")


@given(st.text(max_size=200))
def test_cues_hold_or_do_not(text):
    """A cue is 1 or 0."""
    assert set(cues(text).tolist()) <= {0.0, 1.0}
