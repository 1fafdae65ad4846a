"""Token vectors and late interaction, beside plain loops that do the same slowly."""

from __future__ import annotations

import itertools
import subprocess
import sys

import numpy as np
import pytest
from conftest import SEEDS, WordEmbedder
from hypothesis import given
from hypothesis import strategies as st

from index.catalogue import Filter
from index.embedding.types import Embedding
from index.engine.late_interaction import Projection, by_sentence, interact
from index.parsing.parse import parse
from index.passages import passages
from index.store import Store

WIDTH = 6
TEXTS = st.lists(st.lists(st.integers(0, 4), max_size=4), min_size=1, max_size=5)
"""Of some texts how many tokens each sentence has."""


@pytest.fixture(scope="module")
def projection(model):
    return Projection.of(model, 384)


@pytest.fixture(scope="module")
def some(model):
    """What the real model makes of some paragraphs of the seeds."""
    texts = [passage.text for path in sorted(SEEDS.glob("2*.txt")) for passage in passages(parse(path.read_bytes()))]
    return model.embed(texts[:: len(texts) // 12])


def random_units(rows: int, chance: np.random.Generator) -> np.ndarray:
    vectors = chance.standard_normal((rows, WIDTH)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def kept_cosines(projection: Projection, tokens: np.ndarray) -> np.ndarray:
    """The cosines of tokens as asked with tokens as kept, found as texts of one token each."""
    codes = projection.encode(tokens)
    weights = np.full(len(tokens), 1 / len(tokens), dtype=np.float32)
    ones = np.ones(len(codes), dtype=np.int64)
    return interact(projection.project(tokens), weights, [codes], ones, ones).tokens


def test_projection_depends_on_the_model_only(model, projection):
    """Made twice of a model, the directions are the same."""
    again = Projection.of(model, 384)
    assert np.allclose(again.matrix @ again.matrix.T, projection.matrix @ projection.matrix.T, atol=1e-4)


def test_directions_stand_at_right_angles(projection):
    """The directions are as many as a token is kept in, of length 1, and at right angles."""
    assert projection.matrix.shape == (384, projection.width) == (384, 192)
    assert np.allclose(projection.matrix.T @ projection.matrix, np.eye(192), atol=1e-5)


def test_few_dimensions_are_kept():
    """Of a model with few dimensions all are kept as they are, and no text is embedded for that."""
    fake = WordEmbedder()
    assert np.array_equal(Projection.of(fake, 64).matrix, np.eye(64))
    assert fake.embedded == []


def test_projected_tokens_are_of_length_1(projection, some):
    """A token keeps length 1 when it is projected."""
    for embedding in some:
        projected = projection.project(embedding.tokens)
        assert projected.shape == (len(embedding.tokens), 192)
        assert np.allclose(np.linalg.norm(projected, axis=1), 1, atol=1e-5)


def test_no_tokens_are_projected(projection):
    """A text without tokens has none to project."""
    assert projection.encode(np.empty((0, 384), dtype=np.float32)).shape == (0, 192)


def test_cosines_survive_projection_and_8_bits(projection, some):
    """Of the cosines of tokens of real paragraphs, 99 in 100 are kept within .12, on average within .04."""
    tokens = np.concatenate([embedding.tokens for embedding in some])
    error = np.abs(kept_cosines(projection, tokens) - tokens @ tokens.T)
    assert np.quantile(error, 0.99) < 0.12
    assert error.mean() < 0.04


def test_8_bits_are_enough(projection, some):
    """In 8 bits no cosine of tokens of real paragraphs is wrong by .01."""
    tokens = np.concatenate([embedding.tokens for embedding in some])
    projected = projection.project(tokens)
    assert np.abs(kept_cosines(projection, tokens) - projected @ projected.T).max() < 0.01


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), max_size=12), st.lists(st.integers(0, 30), max_size=4))
def test_tokens_are_sorted_by_sentence(steps, starts):
    """Each token counts for the last sentence that begins at or before it, and none that stands before all."""
    spans, position = [], 0
    for gap, length in steps:
        spans.append((position + gap, position + gap + length))
        position += gap + length
    begins = sorted(set(starts))
    tokens = np.arange(len(spans), dtype=np.float32)[:, np.newaxis]
    embedding = Embedding(np.ones(1, dtype=np.float32), tokens, np.array(spans, dtype=np.int32).reshape(-1, 2))
    inside, counts = by_sentence(embedding, [(begin, begin + 1) for begin in begins])
    expected: list[list[int]] = [[] for _ in begins]
    for token, (start, _) in enumerate(spans):
        before = [sentence for sentence, begin in enumerate(begins) if begin <= start]
        if before:
            expected[before[-1]].append(token)
    assert counts == [len(sentence) for sentence in expected]
    assert inside[:, 0].tolist() == [token for sentence in expected for token in sentence]


@given(TEXTS, st.integers(0, 3), st.integers(0, 5), st.integers(0, 2**32 - 1))
def test_interaction_is_what_a_loop_finds(lengths, asked, cut, seed):
    """Each token of the question finds its best in each text and sentence; where there are none it finds 0."""
    chance = np.random.default_rng(seed)
    steps = chance.integers(-127, 128, (asked, WIDTH))
    steps[:, 0] = 127  # so that nothing of it is lost in 8 bits
    question = (steps * chance.uniform(1e-3, 2e-3, (asked, 1))).astype(np.float32)
    weights = np.full(asked, 1 / max(asked, 1), dtype=np.float32)
    codes = [chance.integers(-127, 128, (sum(counts), WIDTH)).astype(np.int8) for counts in lengths]
    parts = [np.concatenate(some) for some in (codes[:cut], codes[cut:]) if some]
    every = np.array([count for counts in lengths for count in counts], dtype=np.int64)
    found = interact(question, weights, parts, every, np.array([len(counts) for counts in lengths]))
    assert len(found.tokens) == len(found.sentences) == len(lengths)
    for text, counts in enumerate(lengths):
        best = np.zeros((len(counts), asked))
        position = 0
        for sentence, count in enumerate(counts):
            tokens = codes[text][position : position + count] * (0.5 / 127)
            position += count
            for column in range(asked):
                best[sentence, column] = max((float(token @ question[column]) for token in tokens), default=0)
        assert np.allclose(found.sentences[text], best @ weights, atol=1e-5)
        of_text = best.max(axis=0) if len(counts) else np.zeros(asked)
        assert np.allclose(found.tokens[text], of_text, atol=1e-5)


@given(TEXTS, st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_focus_is_what_a_loop_finds(lengths, asked, seed):
    """A sentence's focus is the mean, over its tokens, of the best that each finds in the question; of none it is 0."""
    chance = np.random.default_rng(seed)
    steps = chance.integers(-127, 128, (asked, WIDTH))
    steps[:, 0] = 127
    question = (steps * 1e-3).astype(np.float32)
    codes = [chance.integers(-127, 128, (sum(counts), WIDTH)).astype(np.int8) for counts in lengths]
    every = np.array([count for counts in lengths for count in counts], dtype=np.int64)
    weights = np.full(asked, 1 / asked, dtype=np.float32)
    parts = [np.concatenate(codes)] if codes else []
    found = interact(question, weights, parts, every, np.array([len(counts) for counts in lengths]))
    for text, counts in enumerate(lengths):
        ends = np.cumsum([0, *counts])
        cosines = codes[text] * (0.5 / 127) @ question.T
        expected = [
            float(cosines[start:end].max(axis=1).mean()) if end > start else 0.0
            for start, end in itertools.pairwise(ends)
        ]
        assert np.allclose(found.focus[text], expected, atol=1e-5)


def test_token_without_direction_meets_nothing():
    """A token of the question that has no direction meets every text with 0."""
    codes, ones = np.full((3, WIDTH), 100, dtype=np.int8), np.ones(3, dtype=np.int64)
    found = interact(np.zeros((1, WIDTH), dtype=np.float32), np.ones(1, dtype=np.float32), [codes], ones, ones)
    assert found.tokens.tolist() == [[0], [0], [0]]


def test_cosines_are_float32(projection, some):
    """What is found has the type that scores are computed in, not one of twice the size."""
    assert kept_cosines(projection, some[0].tokens).dtype == np.float32


def test_instructions_that_a_system_must_grant_are_not_used():
    """Whatever the processor has, tokens are multiplied without its AMX."""
    code = """
import contextlib, numkong
amx = [kind for kind in numkong.get_capabilities() if kind.endswith("amx")]
for kind in amx:
    with contextlib.suppress(ValueError):
        numkong.enable_capability(kind)
import index.engine.late_interaction
assert amx and not any(numkong.get_capabilities()[kind] for kind in amx)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_text_meets_itself(seed_index, model):
    """With the real model a paragraph that is asked for in its own words is among the first three that meet them."""
    store = Store.open(seed_index)
    vector = model.embed_question("council").vector
    ids = [identity for identity, _ in store.search_vectors(vector, 10_000, Filter())]
    for (paragraph, _), identity in list(zip(store.paragraphs(ids), ids, strict=True))[::25]:
        question = model.embed_question(paragraph.text[:400])
        weights = np.full(len(question.tokens), 1 / len(question.tokens), dtype=np.float32)
        matches = store.score_late_interaction(question, weights, ids)
        assert identity in [ids[place] for place in np.argsort(-matches.passages)[:3]]
