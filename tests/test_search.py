from __future__ import annotations

import datetime

import pytest
from conftest import MISSION

from index.decisions import Reference
from index.errors import NotHeld
from index.store import Filter
from qa.errors import BadQuestion
from qa.search import Question, Searcher


@pytest.fixture
def search(answerer, model):
    searcher = Searcher(answerer.stores.get(), model)

    def search(question, limit=5, **within):
        return searcher.search(question, limit, Filter(**within))

    return search


def pinpoints(ranking):
    return [(str(hit.paragraph.pinpoint.reference), hit.paragraph.pinpoint.number) for hit in ranking.hits]


@pytest.mark.parametrize(
    ("question", "reference", "numbers"),
    [
        (MISSION, "21 017 496", {50, 51}),
        ("Did the Council have power to enforce the written agreement?", "21 017 496", {50}),
        ("Was a leaflet made that tells parents their rights?", "21 002 206", {31, 53}),
        ("Who smashed a plate?", "21 002 206", {17, 25, 29, 40, 47, 48}),
        ("What did the school say about E being left home alone?", "21 000 832", {16, 19, 38, 39}),
        ("Which Ombudsman remedies were agreed for Ms D?", "21 000 832", {57, 58, "summary"}),
        ("What is a section 7 report?", "21 000 259", {14}),
        ("Is there a non-molestation order against Mr X?", "21 000 259", {17}),
        ("payment of £100 for complaint handling delay", "21 000 259", {51}),
        ("Why did Mr D sleep in his car?", "20 001 737", {25, 48}),
        ("hotel receipts refund", "20 001 737", {49, 50, 80}),
        ("How long does the council have for stage one of a complaint?", "20 001 737", {17, 67}),
        ("Did the social worker refer Mrs D to a community support worker?", "20 001 737", {43, 58, 62}),
        (
            "why were the meetings explained badly to the mother, child in need meeting purpose",
            "20 001 737",
            {34, 51, 54},
        ),
    ],
)
def test_answering_paragraph_is_among_the_first_five(search, question, reference, numbers):
    """The question gets a paragraph that answers it among the first five."""
    assert {(reference, number) for number in numbers} & set(pinpoints(search(question)))


def test_scores_fall_from_one_to_zero(search):
    """Scores lie between 0 and 1, the best first."""
    scores = [hit.score for hit in search(MISSION, 50).hits]
    assert len(scores) == 50
    assert scores[0] <= 1 and scores == sorted(scores, reverse=True) and scores[-1] >= 0


def test_ranks_count_from_one(search):
    """Ranks are 1, 2, 3, …"""
    assert [hit.rank for hit in search(MISSION).hits] == [1, 2, 3, 4, 5]


def test_same_wording_is_one_hit(search):
    """A standard paragraph that stands in several decisions is found once, and names the others."""
    hits = search(
        "refer the matter to the Information Commissioner if they have a complaint about data protection", 50
    ).hits
    texts = [hit.paragraph.text for hit in hits]
    assert len(set(texts)) == len(texts)
    assert {paragraph.text for paragraph, _ in hits[0].also} == {hits[0].paragraph.text}
    found = {hits[0].entry.reference, *(entry.reference for _, entry in hits[0].also)}
    assert found == {Reference("20 001 737"), Reference("21 000 832"), Reference("21 002 206")}


def test_reference_filter(search):
    """Only paragraphs of the decision asked for are found, as many as are asked for."""
    found = pinpoints(search(MISSION, 10, reference=(Reference("21 000 832"),)))
    assert len(found) == 10
    assert {reference for reference, _ in found} == {"21 000 832"}


def test_filter_changes_no_bm25_score(answerer):
    """A paragraph has the same BM25 score with a filter that lets it through as without."""
    store = answerer.stores.get()
    every = dict(store.matching("hotel costs", 500, Filter()))
    within = dict(store.matching("hotel costs", 500, Filter(council=("halton",))))
    assert within
    assert within == pytest.approx({identity: every[identity] for identity in within})


def test_body_filter_takes_whole_words(search):
    """A body is found by its name or by whole words of it, whatever their case."""
    assert {hit.entry.body for hit in search(MISSION, 10, council=("LEICESTERSHIRE",)).hits} == {
        "Leicestershire County Council"
    }


def test_filters_are_both_met(search):
    """Filters of different kinds all count."""
    hits = search(MISSION, 50, council=("leicestershire county council",), role=("remedy",)).hits
    assert {hit.paragraph.role for hit in hits} == {"remedy"}
    assert {hit.entry.body for hit in hits} == {"Leicestershire County Council"}
    assert len(hits) == 3


def test_date_filter(search):
    """Only decisions between the dates are found, both days included."""
    day = datetime.date(2022, 1, 5)
    assert {reference for reference, _ in pinpoints(search(MISSION, date_from=day, date_to=day))} == {"21 002 206"}


@pytest.mark.parametrize(
    "within", [{"reference": (Reference("99 999 999"),)}, {"council": ("Leicester",)}, {"outcome": ("Not upheld",)}]
)
def test_filter_that_nothing_passes_is_refused(search, within):
    """A filter for what is not held is refused: an empty result would read as if nothing had been decided."""
    with pytest.raises(NotHeld):
        search(MISSION, **within)


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
        (b"\xff\xfe", "JSON object"),
        (b'{"question": "\\ud800"}', "JSON object"),
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
        (b'{"question": "a", "councils": ["Kent"]}', "no field “councils”"),
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
    ],
)
def test_bad_fields_get_a_sentence(fields, sentence):
    """The same holds for the fields of an address."""
    with pytest.raises(BadQuestion, match=sentence):
        Question.from_texts(fields)


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
