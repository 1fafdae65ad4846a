"""Which of the best paragraphs answers: what is known of them, and the three models that choose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from conftest import FAKE_MODEL, MISSION, PROJECT
from hypothesis import given
from hypothesis import strategies as st

from index.catalogue import Filter
from index.decisions import DecisionEntry, Provenance
from index.parsing.parse import parse
from qa.retrieval.answerability import MAX_DEVIATIONS, ROLES, content, softmax
from qa.retrieval.cues import NAMES
from qa.retrieval.search import Searcher
from qa.retrieval.selection import (
    CONFIDENCE,
    CONSIDERED,
    CROSSED,
    LIKENESS,
    MEETS,
    SENTENCE,
    STANDING,
    VOICES,
    Examined,
    Known,
    Linear,
    Scores,
    Selector,
    confidence_row,
    numbers,
    sigmoid,
    sums,
)

DECISION = parse((PROJECT / "tests" / "captures" / "no-fault.txt").read_bytes())
ENTRY = DecisionEntry(DECISION.reference, DECISION.body, None, None, None, "published", Provenance(), 4, "none")
KNOWN = [Known.of(place, ENTRY) for place in DECISION.places()]
DIMENSION = 4


@pytest.fixture(scope="module")
def examined(answerer, models):
    """What the models see of a question on the seeds."""
    searcher = Searcher(answerer.stores.get(), models)
    return lambda question: searcher.examine(question)[0]


def seen(count: int, seed: int = 0) -> Examined:
    """So many paragraphs of one decision as some question meets them."""
    chance = np.random.default_rng(seed)
    known = [KNOWN[place % len(KNOWN)] for place in range(count)]
    told = [chance.random(len(one.spans), dtype=np.float32) for one in known]
    return Examined(
        np.full(DIMENSION, 0.5, dtype=np.float32),
        known,
        chance.random((count, len(MEETS)), dtype=np.float32),
        np.stack([one.likeness[int(each.argmax())] for one, each in zip(known, told, strict=True)]),
        chance.random((count, DIMENSION), dtype=np.float32),
        told,
        np.zeros(6, dtype=np.float32),
    )


def linear(features: int, **weights: float) -> Linear:
    """A model that knows these features by their places."""
    told = np.zeros(features, dtype=np.float32)
    for place, weight in weights.items():
        told[int(place.removeprefix("at"))] = weight
    return Linear(np.zeros(features), np.ones(features), told)


def selector(order: Linear | None = None, **more: Linear) -> Selector:
    wide = len(MEETS) + len(STANDING)
    crossed = np.zeros((DIMENSION, len(LIKENESS) + DIMENSION), dtype=np.float32)
    return Selector(order or linear(wide), linear(len(LIKENESS)), crossed, **more)


# What is known of a paragraph


def test_what_is_known_of_a_paragraph():
    """Its sentences with their voices, its cues and theirs, its words and its numbers."""
    known = Known.of(DECISION.place("3"), ENTRY)
    text = DECISION.place("3").text
    assert [text[start:end] for start, end in known.spans][-1] == "I find no fault."
    assert len(known.voices) == len(known.spans) == len(known.itself) == 3
    assert known.cues.shape == (4, len(NAMES))
    assert known.cues[0] == pytest.approx(known.cues[1:].mean(axis=0))
    assert (known.words, known.numbers) == (len(text.split()), frozenset())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("£1,250 within 14 days", {"1250", "14"}),
        ("£456.50, £300.00 and £12000", {"456.50", "300", "12000"}),
        ("21 017 496", {"21", "017", "496"}),
        ("items 3, 4 and 5", {"3", "4", "5"}),
        ("47th, 2a, v1.2", set()),
        ("none", set()),
    ],
)
def test_numbers_of_a_text(text, found):
    """Numbers and sums are the same however they are written; what is a part of a word is none."""
    assert numbers(text) == found


def test_sums_of_a_text():
    """Only what is in pounds is a sum."""
    assert sums("section 47: £1,250.00 by 14 May, of £456.50, in 300 parts") == {"1250", "456.50"}
    assert sums("£100-150, £200 to £250, £ 300 or 350, between £400 and 450 each; of£75") == set(
        "100 150 200 250 300 350 400 450 75".split()
    )


@given(st.text(max_size=200))
def test_numbers_are_digits(text):
    """Of whatever text, its numbers are digits, with a point at most."""
    assert all(one.replace(".", "", 1).isdigit() for one in numbers(text))


@pytest.mark.parametrize("place", [str(place.pinpoint.number) for place in DECISION.places()])
def test_likeness_names_role_voice_and_cues(place):
    """What a paragraph is like says its part in the decision, whose words answer best, and the cues of both."""
    known = Known.of(DECISION.place(place), ENTRY)
    row = dict(zip(LIKENESS, known.likeness[0].tolist(), strict=True))
    assert {name for name in ROLES if row[name]} == {known.paragraph.role}
    assert {voice for voice in VOICES if row[f"{voice} speaks"]} == {known.voices[0]}
    assert row["ombudsman's share"] == pytest.approx(known.voices.count("ombudsman") / len(known.voices))
    assert [row[f"{name} in the sentence"] for name in NAMES] == known.cues[1].tolist()


def test_features_stand_among_the_others():
    """How a paragraph meets the question is told as it is, and beside the others: mean 0, deviation 1."""
    features = seen(7).features
    assert features.shape == (7, len(MEETS) + len(STANDING))
    standing = features[:, len(MEETS) :]
    assert standing.mean(axis=0) == pytest.approx(np.zeros(len(STANDING)), abs=1e-4)
    assert standing.std(axis=0) == pytest.approx(np.ones(len(STANDING)), abs=1e-3)


@pytest.mark.parametrize("count", [1, 2, 5, 30])
def test_rows_have_what_they_are_called(count):
    """There is a number for each name, of sentences and of the choice, however few paragraphs there are."""
    each = seen(count)
    first = each.first(CONSIDERED)
    scores = selector().scores(first)
    assert len(scores.total) == len(scores.parts) == min(count, CONSIDERED)
    for place, known in enumerate(each.known):
        assert each.sentence_rows(place, scores).shape == (len(known.spans), len(SENTENCE))
    row = confidence_row(first, scores, 0.5)
    assert row.shape == (len(CONFIDENCE),)
    assert np.isfinite(row).all()


def test_confidence_row_by_its_names():
    """What is known of how sure the choice is stands under its name."""
    each = seen(3)
    parts = np.array([[1, 2, 3], [4, 7, 5], [6, 5, 4]], dtype=np.float32)
    scores = Scores(np.log(np.array([0.2, 0.5, 0.3], dtype=np.float32)), parts, np.zeros(len(LIKENESS)))
    row = dict(zip(CONFIDENCE, confidence_row(each, scores, 0.7).tolist(), strict=True))
    assert (row["probability"], row["margin"], row["three"]) == pytest.approx((0.5, 0.2, 1.0), abs=1e-6)
    assert [row[f"probability {place}"] for place in range(1, 6)] == pytest.approx([0.5, 0.3, 0.2, 0, 0], abs=1e-6)
    assert (row["is first"], row["best sentence"]) == pytest.approx((0.0, 0.7))
    assert (row["place of the first"], row["place of the second"]) == (1, 2)
    assert row["first: score"] == pytest.approx(float(each.meets[1, 0]))
    assert row["second: score"] == pytest.approx(float(each.meets[2, 0]))
    assert [row["crossed"], row["crossed, above the mean"]] == pytest.approx([7, 7 - 14 / 3], abs=1e-5)
    assert [row["crossed, above the next"], row["liked, above the next"]] == pytest.approx([2, 0], abs=1e-5)
    cosines = each.vectors @ each.vectors[1]
    assert row["agreement"] == pytest.approx(float(cosines @ [0.2, 0.5, 0.3]), abs=1e-5)
    assert row["agreement of the second"] == pytest.approx(float(cosines[2]), abs=1e-5)
    assert (row["five"], row["five of its decision"]) == pytest.approx((1, 1), abs=1e-5)
    assert row["entropy"] == pytest.approx(-sum(one * np.log(one) for one in (0.2, 0.5, 0.3)), abs=1e-6)


# The models


def test_strange_number_is_taken_for_little_less_strange():
    """Beyond four standard deviations more makes no difference."""
    model = linear(1, at0=1.0)
    assert model(np.array([[3.0], [MAX_DEVIATIONS], [400.0], [-400.0]])).tolist() == [
        3.0,
        MAX_DEVIATIONS,
        MAX_DEVIATIONS,
        -MAX_DEVIATIONS,
    ]


@given(st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=30))
def test_softmax_is_one_together(scores):
    """Scores become probabilities: together 1, the greater the score the greater."""
    likely = softmax(np.array(scores, dtype=np.float32))
    assert float(likely.sum()) == pytest.approx(1, abs=1e-4)
    assert likely.max() == pytest.approx(float(likely[int(np.argmax(scores))]))


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1))
def test_sigmoid_is_a_probability(values):
    """Whatever the score, it becomes a number from 0 to 1."""
    assert ((sigmoid(np.array(values)) >= 0) & (sigmoid(np.array(values)) <= 1)).all()


def test_without_models_the_order_stays():
    """Where nothing was learned, the paragraphs stay in their order, no sentence answers, and nothing is sure."""
    chosen = Selector().select(seen(5))
    assert chosen.order == (0, 1, 2, 3, 4)
    assert chosen.confidence == 0
    assert {likely for each in chosen.sentences for likely in each} == {0.0}


def test_another_model_is_not_chosen_with():
    """What was learned with one model is not used with the vectors of another."""
    assert Selector.read(FAKE_MODEL) == Selector()


def test_order_is_that_of_the_scores():
    """What the order model scores best comes first; the probabilities fall in that order, and are 1 together."""
    each = seen(6)
    by_cosine = selector(linear(len(MEETS) + len(STANDING), **{f"at{MEETS.index('cosine')}": 3.0}))
    chosen = by_cosine.select(each)
    cosines = each.meets[:, MEETS.index("cosine")]
    assert list(chosen.order) == np.argsort(-cosines).tolist()
    assert list(chosen.probabilities) == sorted(chosen.probabilities, reverse=True)
    assert sum(chosen.probabilities) == pytest.approx(1, abs=1e-5)


def test_question_is_crossed_with_what_a_paragraph_is_like():
    """One question prefers findings, another complaints, though the paragraphs meet both alike."""
    crossed = np.zeros((DIMENSION, len(LIKENESS) + DIMENSION), dtype=np.float32)
    crossed[0, LIKENESS.index("finding")] = crossed[1, LIKENESS.index("complaint")] = 5
    model = replace(selector(), crossed=crossed)
    for dimension, role in ((0, "finding"), (1, "complaint")):
        each = replace(seen(5), vector=np.eye(DIMENSION, dtype=np.float32)[dimension])
        assert each.known[model.select(each).order[0]].paragraph.role == role


def test_question_is_crossed_with_the_vector_of_a_paragraph():
    """Of paragraphs that are met alike, that comes first whose vector goes with the question's, however unlike."""
    crossed = np.zeros((DIMENSION, len(LIKENESS) + DIMENSION), dtype=np.float32)
    crossed[0, len(LIKENESS) + 3] = 5
    asked = replace(seen(5), vector=np.eye(DIMENSION, dtype=np.float32)[0])
    for place in range(5):
        vectors = np.zeros((5, DIMENSION), dtype=np.float32)
        vectors[place, 3] = 1
        assert replace(selector(), crossed=crossed).select(replace(asked, vectors=vectors)).order[0] == place


def test_order_as_found():
    """The paragraphs can be left as they were found, each with its own probability."""
    chosen = selector(linear(len(MEETS) + len(STANDING), **{f"at{MEETS.index('cosine')}": 3.0})).select(seen(6))
    found = chosen.as_found()
    assert found.order == tuple(range(6))
    assert [found.probabilities[place] for place in chosen.order] == list(chosen.probabilities)
    assert found.sentences == chosen.sentences


def test_only_the_best_are_looked_at_again():
    """Those behind the first twenty keep their places, and have probabilities of their sentences all the same."""
    best_last = selector(
        linear(len(MEETS) + len(STANDING), **{f"at{MEETS.index('cosine')}": 3.0}), sentence=linear(len(SENTENCE))
    )
    chosen = best_last.select(seen(30), 30)
    assert sorted(chosen.order) == list(range(CONSIDERED))
    assert len(chosen.sentences) == 30
    assert {likely for each in chosen.sentences for likely in each} == {0.5}


def test_sentences_of_what_is_not_shown_are_not_looked_at():
    """Only of those that are to be shown is it told how likely their sentences answer, and of the one chosen first."""
    model = selector(sentence=linear(len(SENTENCE)))
    each = seen(8)
    chosen = model.select(each, 3)
    looked_at = [place for place, likely in enumerate(chosen.sentences) if set(likely) == {0.5}]
    assert looked_at == sorted(chosen.order[:3])
    assert [len(likely) for likely in chosen.sentences] == [len(one.spans) for one in each.known]


# What came with the program


def test_shipped_models_fit_what_they_are_for(model):
    """There is a number for each feature of each model, and a row for each dimension of a question's vector."""
    told = content()["selection"]
    wide = {
        "order": len(MEETS) + len(STANDING),
        "likeness": len(LIKENESS),
        "sentence": len(SENTENCE),
        "confidence": len(CONFIDENCE),
    }
    assert {name: {len(part[each]) for each in ("mean", "scale", "weights")} for name, part in told.items()} == {
        name: {count} for name, count in wide.items()
    }
    dimension = len(model.embed_question("fit").vector)
    assert np.load(CROSSED).shape == (dimension, len(LIKENESS) + dimension)
    assert all(min(part["scale"]) > 0 for part in told.values())


def test_names_are_there_once():
    """No feature has the name of another."""
    for names in (MEETS, STANDING, LIKENESS, CONFIDENCE):
        assert len(set(names)) == len(names)


def test_examined_is_the_same_as_searched(answerer, models, examined):
    """What is learned from is what is searched with: the same paragraphs are looked at."""
    searcher = Searcher(answerer.stores.get(), replace(models, ablated=frozenset({"selection"})))
    hits = searcher.search(MISSION, CONSIDERED, Filter()).hits
    assert [one.paragraph.pinpoint for one in examined(MISSION).known] == [hit.paragraph.pinpoint for hit in hits]


@pytest.mark.parametrize("question", [MISSION, "How much was paid?", "hotel"])
def test_what_is_seen_is_finite(examined, question):
    """Every number that the models see of a question is one."""
    each = examined(question)
    assert np.isfinite(each.features).all() and np.isfinite(each.likeness).all() and np.isfinite(each.about).all()
    assert each.meets.shape == (CONSIDERED, len(MEETS))


def test_numbers_of_the_question_are_looked_for(examined):
    """A paragraph that has the number of the question meets it; a question without numbers is met by every one."""
    place = MEETS.index("numbers")
    asked = examined("who was paid £456?")
    assert [bool(share) for share in asked.meets[:, place]] == ["456" in one.numbers for one in asked.known]
    assert any(asked.meets[:, place])
    assert set(examined("who was paid?").meets[:, place].tolist()) == {1.0}
