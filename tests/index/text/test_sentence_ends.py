"""Sentences: abbreviations end none, and every reader of sentences tells them apart in the same way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.sentences import (
    ABBREVIATIONS,
    COUNTER_EXAMPLES,
    EXAMPLES,
    MAY_END,
    is_abbreviation,
    sentence_ends,
    sentence_spans,
    without_abbreviations,
)

EVERY = [word for group in ABBREVIATIONS for word in group.words]


def told_apart(text):
    """The sentences of a text by their ends alone."""
    ends = [match.end() for match in sentence_ends(text)]
    return [text[start:end].rstrip() for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples(example):
    """A sentence begins where the examples say so."""
    sentences = [sentence.strip() for sentence in example.split("|")]
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text)] == told_apart(text) == sentences


@pytest.mark.parametrize("example", COUNTER_EXAMPLES)
def test_counter_examples(example):
    """A stop within a word or a number ends no sentence."""
    assert [example[start:end] for start, end in sentence_spans(example)] == told_apart(example) == [example]


@pytest.mark.parametrize("group", ABBREVIATIONS, ids=[group.before for group in ABBREVIATIONS])
def test_examples_of_abbreviations(group):
    """The examples of a group are one sentence each, and use its words."""
    for example in group.examples:
        assert told_apart(example) == [example]
        assert any(f"{word}.".casefold() in example.casefold() for word in group.words)


@pytest.mark.parametrize("word", EVERY)
def test_abbreviations_end_no_sentence(word):
    """Each abbreviation, in small letters or not, ends no sentence, and a longer word that ends like it ends one."""
    for written in (word, word.lower(), word.capitalize()):
        assert is_abbreviation(f"({written}.", len(written) + 2)
        assert without_abbreviations(f"{written}. Hill") == f"{written.replace('.', '')} Hill"
    assert len(told_apart(f"We saw qu{word}. She left.")) == 2


@pytest.mark.parametrize("word", EVERY)
def test_sentences_of_an_index_know_every_abbreviation(word):
    """A paragraph of an index is cut at no abbreviation."""
    assert len(sentence_spans(f"Met {word}. Hill.")) == 1


@given(st.text("ab .!?”“’)\nA", max_size=80))
def test_a_sentence_ends_only_where_one_may(text):
    """There are no more sentences than places where one may end, and the last."""
    assert len(sentence_spans(text)) <= 1 + len(MAY_END.findall(text))
