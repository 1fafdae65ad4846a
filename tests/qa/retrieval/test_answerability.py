"""What was learned: the file, the estimate whether and why not a question is answered, and the subjects."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from conftest import FAKE_MODEL, MISSION, PROJECT, WordEmbedder
from hypothesis import given
from hypothesis import strategies as st

from index.embedding.model_files import ModelFiles
from qa.answering.refusals import Reason
from qa.retrieval.answerability import (
    COLLECTION,
    FEATURES,
    KINDS,
    OF_COLLECTION,
    OF_KINDS,
    ROLES,
    SUBJECTS,
    AnswerabilityModel,
    Features,
    Kinds,
    OutOfScopeTopics,
    content,
)

SURE = Features(contrast=0.3, unmet=0.0, weakest=0.8)
NOWHERE = np.zeros(3, dtype=np.float32)


@pytest.fixture(scope="module")
def learned(model):
    return AnswerabilityModel.read(model.model)


# Whether a question is answered, by any model


@pytest.mark.parametrize(
    "worse",
    [{"contrast": -0.2}, {"unmet": 0.5}, {"weakest": 0.3}],
    ids=lambda worse: next(iter(worse)),
)
def test_worse_evidence_means_less_confidence(worse):
    """With a model of which nothing was learned each feature speaks for an answer, none against it."""
    other = AnswerabilityModel.read(FAKE_MODEL)
    assert other.confidence(replace(SURE, **worse), NOWHERE) < other.confidence(SURE, NOWHERE)


def test_confidence_is_a_probability():
    """Confidence lies between 0 and 1."""
    other = AnswerabilityModel.read(FAKE_MODEL)
    assert 0 < other.confidence(Features(-1.0, 1.0, 0.0), NOWHERE) < 0.05
    assert 0.9 < other.confidence(SURE, NOWHERE) < 1


def test_another_model_knows_one_reason():
    """What a question is like is not told from the vectors of another model: it is about decisions, or about none."""
    other, vector = (
        AnswerabilityModel.read(FAKE_MODEL),
        WordEmbedder().embed_question("How many decisions are there?").vector,
    )
    assert (other.about(vector), other.reason(SURE, vector)) == ("content", "subject_not_held")


# What kind of question it is


def kinds(**favoured):
    """A model of two dimensions in which some kinds are favoured, each by so much."""
    wide = len(FEATURES)
    bias = np.array([favoured.get(kind, 0.0) for kind in KINDS], dtype=np.float32)
    weights = np.zeros((wide, len(KINDS)), dtype=np.float32)
    return Kinds(np.zeros(wide), np.ones(wide), weights, np.zeros((2, len(KINDS)), dtype=np.float32), bias)


HERE = np.array([0.6, 0.8], dtype=np.float32)
ANY_FEATURES = st.builds(Features, **{name: st.floats(-5, 50, width=32) for name in FEATURES})


@given(ANY_FEATURES, st.dictionaries(st.sampled_from(KINDS), st.floats(-20, 20)))
def test_kinds_together_are_one(features, favoured):
    """The probabilities of all kinds are 1 together, and none is below 0."""
    likely = kinds(**favoured).probabilities(features, HERE)
    assert list(likely) == list(KINDS)
    assert sum(likely.values()) == pytest.approx(1, abs=1e-6)
    assert min(likely.values()) > -1e-6


@pytest.mark.parametrize(
    ("kind", "speaks", "does_not"),
    [
        ("subject_not_held", Features(0, 0, 0, cosine=0.4, not_held=0.6), Features(0, 0, 0, cosine=0.9, not_held=0.3)),
        ("premise", Features(0, 0, 0, missed=4.0), Features(0, 0, 0, missed=0.5)),
    ],
)
def test_two_things_must_speak_for_a_refusal(kind, speaks, does_not):
    """However like others of its kind a question is, the index itself must lack something; else it is answerable."""
    model = kinds(**{kind: 10.0})
    assert model.probabilities(speaks, HERE)[kind] > 0.9
    assert model.probabilities(does_not, HERE)[kind] == 0
    assert model.probabilities(does_not, HERE)["answerable"] > 0.9


def test_strange_evidence_is_taken_for_little_less_strange():
    """Beyond four standard deviations a stranger feature changes nothing."""
    model = replace(kinds(), weights=np.eye(len(FEATURES), len(KINDS), dtype=np.float32))
    strange, stranger = (Features(contrast, 0, 0) for contrast in (5.0, 500.0))
    assert model.probabilities(strange, HERE) == model.probabilities(stranger, HERE)


def test_vector_counts_for_kinds():
    """What a question is like makes one kind likelier than another, with the same features."""
    crossed = np.zeros((2, len(KINDS)), dtype=np.float32)
    crossed[0, KINDS.index("out_of_scope")] = crossed[1, KINDS.index("unclear")] = 5
    model = replace(kinds(), crossed=crossed)
    one, other = (model.probabilities(SURE, vector) for vector in np.eye(2, dtype=np.float32))
    assert one["out_of_scope"] > one["unclear"]
    assert other["unclear"] > other["out_of_scope"]


@pytest.mark.parametrize(
    ("question", "about"),
    [
        (MISSION, "content"),
        ("How much was the mother paid for the distress?", "content"),
        ("how many days does a council have to respond at stage one?", "content"),
        ("How many decisions about Kent were upheld?", "register"),
    ],
)
def test_question_about_the_collection_is_told_by_its_vector(learned, model, question, about):
    """A question about the collection is told from one on what decisions say."""
    assert learned.about(model.embed_question(question).vector) == about


def test_no_vector_is_about_content(learned):
    """Where no paragraph was near enough to be searched, there is no vector, and the question is one on content."""
    assert learned.about(np.empty(0, dtype=np.float32)) == "content"


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("How much compensation was the mother paid?", "remedy"),
        ("What does the law say about assessments?", "law"),
        ("Was it fault that the social worker was rude to her?", "finding"),
    ],
)
def test_question_tells_which_part_answers(learned, model, question, role):
    """The part of a decision that answers is likelier than for any question."""
    gains = learned.roles(model.embed_question(question).vector)
    assert gains[role] > 0 > gains["facts" if role == "law" else "law"]


def test_another_model_knows_no_parts():
    """What was learned with one model is not applied to the vectors of another."""
    other = AnswerabilityModel.read(FAKE_MODEL)
    assert other.roles(WordEmbedder().embed_question("who paid?").vector) == dict.fromkeys(ROLES, 0.0)


def test_shipped_file_is_for_the_packaged_model():
    """What the program comes with was learned with the model that it comes with."""
    told = json.loads((PROJECT / "qa" / "retrieval" / "learned.json").read_text(encoding="utf-8"))
    assert told["model_sha256"] == ModelFiles.find().sha256
    assert set(told["answered"]) == {"contrast", "unmet", "weakest", "bias"}


def test_shipped_numbers_fit_what_they_are_for(model):
    """There are as many numbers as the program has features, kinds and dimensions."""
    dimension = len(model.embed_question("fit").vector)
    told = content()["kinds"]
    assert [len(told[name]) for name in ("mean", "scale", "weights", "bias")] == [*[len(FEATURES)] * 3, len(KINDS)]
    assert {len(row) for row in told["weights"]} == {len(KINDS)}
    assert np.load(OF_KINDS).shape == (dimension, len(KINDS))
    assert np.load(OF_COLLECTION).shape == (dimension, len(COLLECTION))
    assert np.load(SUBJECTS).shape[1] == dimension
    assert len(content()["collection"]["bias"]) == len(COLLECTION)


def test_kinds_are_reasons():
    """Whatever a question may be that is not answerable is a reason to refuse it."""
    assert set(KINDS) - {"answerable"} <= set(get_args(Reason))


def test_shipped_subjects_are_what_the_model_makes_of_them(model):
    """The vectors that the program comes with are those of the texts that it comes with, by the model of both."""
    shipped, made = OutOfScopeTopics(model).vectors(), OutOfScopeTopics(model, shipped=False).vectors()
    assert shipped.shape == made.shape
    assert np.einsum("ij,ij->i", shipped, made).min() > 0.999


def test_subjects_of_another_model_are_embedded():
    """What one model makes of the subjects is not taken for what another makes of them."""
    fake = WordEmbedder()
    assert OutOfScopeTopics(fake).vectors().shape == (len(fake.embedded), 64)


def test_subject_is_near_its_question(model):
    """A question about a subject that the index is not about is nearer to it than one about the index's own."""
    subjects = OutOfScopeTopics(model)
    parking, agreement = (
        subjects.standings(model.embed_question(question).vector, ())[1]
        for question in ("How do I challenge a parking ticket?", "the of and")
    )
    assert parking > 0.5 > agreement


def test_what_is_nothing_to_do_with_the_ombudsman_is_told_apart(model):
    """A question on something else is nearer to what is outside the Ombudsman's work than to any of his subjects."""
    outside, not_held, held = OutOfScopeTopics(model).standings(
        model.embed_question("a recipe for lemon cake").vector, ()
    )
    assert outside > not_held > held == 0


def test_subject_that_is_held_does_not_count(model):
    """Where decisions of a category are held, its subjects say nothing against an answer, whatever their case."""
    subjects = OutOfScopeTopics(model)
    adoption = model.embed_question("support for adoptive parents").vector
    without = subjects.standings(adoption, [])
    against = subjects.standings(adoption, ["CHILDREN'S CARE SERVICES > ADOPTION"])
    assert against[1] < without[1] == pytest.approx(against[2])
    assert max(against[:2]) < max(without[:2])


def test_every_category_held_leaves_no_subject(model):
    """An index about everything lacks no subject of the Ombudsman's."""
    every = json.loads((PROJECT / "qa" / "retrieval" / "subjects.json").read_text(encoding="utf-8"))
    _, not_held, held = OutOfScopeTopics(model).standings(model.embed_question("parking").vector, list(every))
    assert not_held == 0 < held
