"""The names of bodies: what each list of words and each example beside them says."""

from __future__ import annotations

import pytest

from index.text import body_names
from index.text.body_names import EXAMPLES, SAME_COUNTER_EXAMPLES, SAME_EXAMPLES, body_of, is_name_of


@pytest.mark.parametrize(("name", "expected"), EXAMPLES.items())
def test_examples(name, expected):
    """A name has the family and the stem that the examples say."""
    body = body_of(name)
    assert (body.family, " ".join(body.stem)) == expected


@pytest.mark.parametrize(("told", "official"), [*SAME_EXAMPLES, *((name, name) for name in EXAMPLES)])
def test_a_name_may_be_told_shortly(told, official):
    """A body is named by its stem, with what may be left out and with what stands before it."""
    assert is_name_of(told, official)


@pytest.mark.parametrize(("told", "official"), SAME_COUNTER_EXAMPLES)
def test_another_name(told, official):
    """A direction, another kind, a longer name and another family each name another body."""
    assert not is_name_of(told, official)


@pytest.mark.parametrize("name", [name for name, value in vars(body_names).items() if isinstance(value, frozenset)])
def test_words_are_in_small_letters(name):
    """Each word of a list is as names are looked up: in small letters, without marks."""
    assert all(word.isalpha() and word.islower() for word in getattr(body_names, name))
