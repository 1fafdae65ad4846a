from __future__ import annotations

import pytest

from qa.errors import BadQuestion
from qa.retrieval.requests import Listing, Question


def test_question_without_letters_has_no_words():
    """Punctuation and emoji are no words."""
    assert not Question(question="?!… 😀 __").has_words
    assert Question(question="s47?").has_words


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "JSON object"),
        (b"{", "JSON object"),
        (b"[]", "JSON object"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"question": "\\ud800"}', "half a character"),
        (b"[" * 60_000, "JSON object"),
        (b"{}", "“question”"),
        (b'{"question": ""}', "“question”"),
        (b'{"question": " \\n"}', "“question”"),
        (b'{"question": null}', "“question”"),
        (b'{"question": ["a"]}', "“question”"),
        (b'{"question": "%s"}' % (b"a" * 10_000), "1 to 2,000 characters"),
        (b'{"question": "a", "limit": 0}', "1 to 50"),
        (b'{"question": "a", "limit": 51}', "1 to 50"),
        (b'{"question": "a", "limit": "5"}', "1 to 50"),
        (b'{"question": "a", "limit": true}', "1 to 50"),
        (b'{"question": "a", "council": "Kent"}', "“council” must be a list"),
        (b'{"question": "a", "reference": ["21"]}', "21 017 496"),
        (b'{"question": "a", "from": "2022-02-30"}', "“from” must be a date"),
        (b'{"question": "a", "to": 1}', "“to” must be a date"),
        (b'{"question": "a", "from": "2022-02-02", "to": "2022-02-01"}', "later"),
        (b'{"question": "a", "role": ["judge"]}', "complaint, powers"),
        (b'{"question": "a", "generate": "yes"}', "true or false"),
        (b'{"question": "a", "council": [%s]}' % b",".join([b'"Kent"'] * 51), "50 values"),
        (b'{"question": "a", "reference": [%s]}' % b",".join([b'"x"'] * 51), "50 values"),
        (b'{"question": "a", "role": [%s]}' % b",".join([b"5"] * 51), "50 values"),
        (b'{"question": 5, "councils": ["Kent"]}', "no field “councils”"),
        (b'{"question": "a", "councils": ["Kent"]}', "no field “councils”"),
        (b'{"question": "a", "question": "a"}', "“question” can be given only once"),
        (b'{"question": "a", "qu\\u0065stion": "b"}', "“question” can be given only once"),
        (b'{"question": "a", "limit": 1, "limit": 1.0}', "“limit” can be given only once"),
        (b'{"question": "a", "limit": %s, "limit": 1}' % (b"1" * 5000), "must be a JSON object"),
        (b'{"question": "a", "limit": NaN}', "must be a JSON object"),
        (b'{"question": "a", "limit": 1e999}', "1 to 50"),
        (b'{"question": "a", "limit": %s}' % (b"[" * 5000 + b"]" * 5000), "must be a JSON object"),
        (b'{"question": "a", "council": [{"b": 1, "b": 2}]}', "“b” can be given only once"),
        (b'{"question": "a", "\\ud800": 1}', "half a character"),
        (b'{"question": "a \\ud800"}', "half a character"),
        (b'{"question": "\\uDE42\\uD83D"}', "half a character"),
        (b'{"question": "a", "council": ["Kent", "\\udfff"]}', "half a character"),
        (b'{"question": "a", "councils": {"a": "\\ud83d"}}', "half a character"),
        (b'{"question": "a\\ud83d", "question": "a"}', "“question” can be given only once"),
        (b'{"question": "\xed\xa0\x80"}', "not UTF-8"),
    ],
)
def test_bad_json_gets_a_sentence(body, sentence):
    """What cannot be understood gets a sentence that says what to change."""
    with pytest.raises(BadQuestion, match=sentence):
        Question.from_json(body)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "“question”"),
        ({"question": ["a", "b"]}, "only once"),
        ({"question": ["a"], "limit": ["many"]}, "1 to 50"),
        ({"question": ["a"], "limit": ["1_0"]}, "1 to 50"),
        ({"question": ["a"], "limit": ["+3"]}, "1 to 50"),
        ({"question": ["a"], "council": [""]}, "“council” must be a name"),
        ({"question": ["a"], "from": ["yesterday"]}, "“from” must be a date"),
        ({"question": ["a"], "from": ["1577836800"]}, "“from” must be a date"),
        ({"question": ["a"], "reference": ["x"] * 51}, "50 values"),
    ],
)
def test_bad_fields_get_a_sentence(fields, sentence):
    """The same holds for the fields of an address."""
    with pytest.raises(BadQuestion, match=sentence):
        Question.from_texts(fields)


def test_values_of_a_listing_are_counted_before_they_are_read():
    """Of a list that is too long no item is looked at, in a listing either."""
    with pytest.raises(BadQuestion, match="50 values"):
        Listing.from_texts({"reference": ["x"] * 51})


def test_fields_mean_what_json_means():
    """An address and JSON give the same question."""
    json = b'{"question": "a", "limit": 7, "reference": ["21 017 496"], "from": "2022-01-01", "generate": true}'
    fields = {
        "question": ["a"], "limit": ["7"], "reference": ["21-017-496"], "from": ["2022-01-01"], "generate": ["true"],
    }  # fmt: skip
    assert Question.from_json(json) == Question.from_texts(fields)


def test_complaint_does_not_repeat_the_question():
    """What was asked is not repeated in an error: it may be about a child."""
    with pytest.raises(BadQuestion) as error:
        Question.from_json(b'{"question": "secret", "limit": 99}')
    assert "secret" not in str(error.value)
