from __future__ import annotations

import json
from dataclasses import astuple, replace

import numpy as np
import pytest
from conftest import FAKE_MODEL, PROJECT, WordEmbedder

from index.embed import ModelFiles
from qa.learned import ROLES, Evidence, Learned, Subjects

SURE = Evidence(contrast=0.3, unmet=0.0, weakest=0.8)


@pytest.fixture(scope="module")
def learned(model):
    return Learned.read(model.model)


@pytest.mark.parametrize(
    "worse",
    [{"contrast": -0.2}, {"unmet": 0.5}, {"weakest": 0.3}],
    ids=lambda worse: next(iter(worse)),
)
def test_worse_evidence_means_less_confidence(learned, worse):
    """Each kind of evidence speaks for an answer, none against it."""
    assert learned.confidence(replace(SURE, **worse)) < learned.confidence(SURE)


def test_confidence_is_a_probability(learned):
    """Confidence lies between 0 and 1."""
    assert 0 < learned.confidence(Evidence(-1.0, 1.0, 0.0)) < 0.05
    assert 0.9 < learned.confidence(SURE) < 1


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
    other = Learned.read(FAKE_MODEL)
    assert other.roles(WordEmbedder().embed_question("who paid?").vector) == dict.fromkeys(ROLES, 0.0)


def test_shipped_file_is_for_the_packaged_model():
    """What the program comes with was learned with the model that it comes with."""
    content = json.loads((PROJECT / "qa" / "learned.json").read_text(encoding="utf-8"))
    assert content["model_sha256"] == ModelFiles.find().sha256
    assert set(content["answered"]) == {*Evidence.__dataclass_fields__, "bias"}
    assert len(astuple(SURE)) == len(content["answered"]) - 1


def test_shipped_subjects_are_what_the_model_makes_of_them(model):
    """The vectors that the program comes with are those of the texts that it comes with, by the model of both."""
    shipped, made = Subjects(model).vectors(), Subjects(model, shipped=False).vectors()
    assert shipped.shape == made.shape
    assert np.einsum("ij,ij->i", shipped, made).min() > 0.999


def test_subjects_of_another_model_are_embedded():
    """What one model makes of the subjects is not taken for what another makes of them."""
    fake = WordEmbedder()
    assert Subjects(fake).vectors().shape == (len(fake.embedded), 64)


def test_subject_is_near_its_question(model):
    """A question about a subject that the index is not about is near to that subject."""
    subjects = Subjects(model)
    parking = model.embed_question("How do I challenge a parking ticket?").vector
    bread = model.embed_question("the of and").vector
    assert subjects.nearest(parking, ()) > 0.5 > subjects.nearest(bread, ())


def test_subject_that_is_held_does_not_count(model):
    """Where decisions of a category are held, its subjects say nothing against an answer, whatever their case."""
    subjects = Subjects(model)
    adoption = model.embed_question("support for adoptive parents").vector
    held = "CHILDREN'S CARE SERVICES > ADOPTION"
    assert subjects.nearest(adoption, [held]) < subjects.nearest(adoption, ())


def test_every_category_held_leaves_no_subject(model):
    """An index about everything has no subject outside."""
    every = json.loads((PROJECT / "qa" / "subjects.json").read_text(encoding="utf-8"))
    assert Subjects(model).nearest(model.embed_question("parking").vector, list(every)) == 0.0
