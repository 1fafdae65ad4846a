from __future__ import annotations

import pytest

from index.text.mentions import EXAMPLES, MENTION, OTHERS, Unread, names_of, read_pin_cites


def read(numbers):
    """The names of the pin cites in a list of numbers."""
    return [one.name for one in read_pin_cites(numbers, 0, 0)]


@pytest.mark.parametrize("text", EXAMPLES)
def test_example_is_a_mention(text):
    """Every example that stands beside the pattern is a mention as a whole, and names a paragraph."""
    found = MENTION.fullmatch(text)
    assert found and read(found["numbers"] or found["brackets"])


@pytest.mark.parametrize("text", OTHERS)
def test_what_stands_beside_them_is_none(text):
    """What is no mention is not found as one."""
    assert MENTION.search(text) is None


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ("50", ["paragraph 50"]),
        ("50, 52-54 and 56", ["paragraph 50", "paragraphs 52 to 54", "paragraph 56"]),
        ("twenty-one", ["paragraph 21"]),
        ("one hundred and four", ["paragraph 104"]),
        ("51(b)", ["paragraph 51(b)"]),
        ("51b", ["paragraph 51(b)"]),
        ("51(a), (b) and (d)", ["paragraph 51(a)", "paragraph 51(b)", "paragraph 51(d)"]),
        ("51(a)-(c)", ["paragraph 51(a) to (c)"]),
        ("51(a) to 51(c)", ["paragraph 51(a) to (c)"]),
        ("51(b)-(a)", ["paragraph 51(b) to (a)"]),
        ("52-50", ["paragraphs 52 to 50"]),
        ("50 to paragraph 52", ["paragraphs 50 to 52"]),
        ("60 to para 50", ["paragraphs 60 to 50"]),
        ("51.2", ["paragraph 51.2"]),
    ],
)
def test_numbers_items_and_ranges(numbers, expected):
    """Lists, words, items, and ranges of either in both directions are read as what they name."""
    assert read(numbers) == expected


def test_items_of_a_range():
    """A range of items names each of them, in whatever direction it is written."""
    assert [list(one.items) for one in read_pin_cites("51(c)-(a)", 0, 0)] == [["a", "b", "c"]]


def test_number_that_goes_on_is_unread():
    """What goes on as the number of no paragraph is kept as it is written."""
    (found,) = read_pin_cites("51/52", 0, 0)
    assert isinstance(found.number, Unread)


def test_very_many_are_named_shortly():
    """Of very many the first ones are named."""
    names = names_of([*read_pin_cites(", ".join(str(number) for number in range(1, 500, 2)), 0, 0)])
    assert names and names.endswith("399 and others")
