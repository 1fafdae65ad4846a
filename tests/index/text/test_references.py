from __future__ import annotations

import re

import pytest

from index.decisions import Reference
from index.errors import NotAReference
from index.text.references import (
    ALONE,
    GENERATED_REFERENCE,
    LETTER_APART_EXAMPLES,
    PUBLISHED_REFERENCE,
    REFERENCE_EXAMPLES,
    REFERENCE_PATTERN,
    TYPED,
    TYPED_REFERENCE,
    WRITTEN,
    may_be_date,
    published,
    written_references,
)


def in_letter(text):
    """The references of a letter, in the published form; what only looks like one is None."""
    return [found.published for found in written_references(text, lambda _: False, ())]


@pytest.mark.parametrize("text", [*REFERENCE_EXAMPLES, *ALONE.examples])
def test_example_that_stands_alone_is_a_reference(text):
    """Every form that may stand alone is read there, and is the same for each way to read one."""
    assert Reference(text).text == published(text) in ("21 017 496", "17 002 402b")


@pytest.mark.parametrize("text", [*ALONE.others, "", "21"])
def test_other_text_is_refused(text):
    """What is no reference is refused where it would be made."""
    with pytest.raises(NotAReference):
        Reference(text)


@pytest.mark.parametrize("text", REFERENCE_EXAMPLES)
def test_schema_takes_the_examples(text):
    """What is told to others as an example fits the pattern that they are given."""
    assert re.fullmatch(REFERENCE_PATTERN, text)


@pytest.mark.parametrize("text", TYPED.examples)
def test_typed_example_is_found_in_running_text(text):
    """Every form of a question is found in one, with its letter."""
    found = TYPED_REFERENCE.search(f"What does {text.replace(chr(160), ' ')} say?")
    assert found and found[0] == text.replace(chr(160), " ")


@pytest.mark.parametrize("text", TYPED.others)
def test_other_digits_in_a_question_are_no_reference(text):
    """Sums, longer numbers and other signs between digits are none."""
    assert TYPED_REFERENCE.search(f"What is {text} for?") is None


@pytest.mark.parametrize("text", WRITTEN.examples)
def test_written_example_is_found_in_a_letter(text):
    """Every form of a letter is read as the same reference."""
    assert in_letter(f"As decision {text} says, this was fault.") in (["21 017 496"], ["17 002 402b"])


@pytest.mark.parametrize("text", WRITTEN.others)
def test_other_digits_of_a_letter_are_no_reference(text):
    """Sums, counts and longer numbers are none; at most they look like a reference that was mistyped."""
    assert not any(in_letter(f"It was {text} then."))


@pytest.mark.parametrize("text", LETTER_APART_EXAMPLES)
def test_letter_apart_is_part_of_a_reference_that_is_held(text):
    """A letter that stands apart belongs to the reference where that is held, and only there."""
    held = [one.published for one in written_references(f"See {text}.", lambda one: one == "17 002 402b", ())]
    assert (held, in_letter(f"See {text}.")) == (["17 002 402b"], ["17 002 402"])


@pytest.mark.parametrize("text", REFERENCE_EXAMPLES)
def test_example_is_found_in_a_generated_text(text):
    """A generated text names no reference that is not seen."""
    assert [match[0] for match in GENERATED_REFERENCE.finditer(f"As {text} says.")] == [text]


def test_published_form_alone_is_found_in_own_sentences():
    """Only the published form is read in sentences of the project's own; sums are none."""
    assert PUBLISHED_REFERENCE.findall("See 21 017 496 and 17 002 402b, not 21-017-496 or £21 017 496.") == [
        "21 017 496",
        "17 002 402b",
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20210412", True),
        ("12042021", True),
        ("21017496", False),  # no month
        ("20001737", False),  # a running number of that year
        ("31022021", False),  # no such day
        ("20 210 412", False),  # no date is written so
        ("12041821", False),  # before anybody's complaint
    ],
)
def test_digits_may_be_a_date(written, expected):
    """Digits in the form of a reference may be a date only where there is such a day, and no year's number so high."""
    assert may_be_date(written) is expected
