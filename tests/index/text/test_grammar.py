"""The grammars of numbers and dates: each pattern is all of its examples, and none of its counter-examples."""

from __future__ import annotations

import datetime
import re

import pytest

from index.text import dates, number_words

GRAMMARS = {
    (module.__name__.rpartition(".")[2], name.removesuffix("_COUNTER_EXAMPLES")): module
    for module in (dates, number_words)
    for name in vars(module)
    if name.endswith("_COUNTER_EXAMPLES")
}


@pytest.mark.parametrize(("where", "name"), GRAMMARS)
def test_examples(where, name):
    """A pattern is the whole of each example beside it, in small letters and in capitals, and of no counter-example."""
    module = GRAMMARS[where, name]
    pattern = re.compile(getattr(module, name), re.VERBOSE | re.IGNORECASE)
    for example in getattr(module, f"{name}_EXAMPLES"):
        assert pattern.fullmatch(example), example
        assert pattern.fullmatch(example.upper()), example
    for example in getattr(module, f"{name}_COUNTER_EXAMPLES"):
        assert not pattern.fullmatch(example), example


def test_every_pattern_has_examples():
    """No pattern is without examples, but for what only names it."""
    for module in (dates, number_words):
        patterns = {name for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}
        assert patterns == {name for _, name in GRAMMARS if hasattr(module, name)}


def test_number_of_words():
    """Words are the number that the examples say."""
    for words, value in number_words.NUMBER_WORD_EXAMPLES.items():
        assert number_words.number_of(words) == value


def test_every_number_word_is_read_whole():
    """Each word of the table is read as itself, and never as the beginning of a longer one."""
    for word, value in number_words.NUMBER_WORDS.items():
        found = re.match(number_words.NUMBER_WORD, f"{word} paragraphs")
        assert found is not None
        assert number_words.number_of(found[0]) == value


def test_months_are_those_of_the_calendar():
    """A month has its number, whole and shortened."""
    for number in range(1, 13):
        day = datetime.date(2021, number, 1)
        assert dates.month_number(f"{day:%B}") == dates.month_number(f"{day:%b}") == number
