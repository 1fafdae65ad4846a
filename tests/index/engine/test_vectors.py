from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.engine.vectors import Chosen, VectorIndex, write_vectors

ROWS, DIMENSION, LIMIT = 6000, 48, 20
COMPARED = ROWS // 2
KINDS = {"exact": ROWS, "IVF128,PQ24x4fs": 100}
"""Each kind of index, and up to how many vectors are to be compared one by one for it to come about."""


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def drawn(rows: int, seed: int) -> np.ndarray:
    """Unit vectors round forty centres."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(0).standard_normal((40, DIMENSION))
    return unit(centres[random.integers(0, 40, rows)] + 0.7 * random.standard_normal((rows, DIMENSION)))


@pytest.fixture(scope="module")
def embeddings(tmp_path_factory) -> np.ndarray:
    """MmapArray, and more of them than are indexed."""
    path = tmp_path_factory.mktemp("embeddings") / "vectors.npy"
    np.save(path, drawn(ROWS + 500, seed=1))
    return np.load(path, mmap_mode="r")


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    return np.random.default_rng(2).permutation(ROWS + 500)[:ROWS]


@pytest.fixture(scope="module")
def questions() -> np.ndarray:
    return drawn(50, seed=3)


@pytest.fixture(scope="module", params=KINDS)
def path(request, tmp_path_factory, rows, embeddings) -> Path:
    """An index of either kind."""
    path = tmp_path_factory.mktemp("exact" if request.param == "exact" else "lists") / "vectors.faiss"
    assert write_vectors(path, rows, embeddings, exact_at_most=KINDS[request.param]) == request.param
    return path


@pytest.fixture
def is_exact(path) -> bool:
    return path.parent.name.startswith("exact")


@pytest.fixture
def index(path, rows, embeddings) -> VectorIndex:
    return VectorIndex(path, rows, embeddings, COMPARED)


def best(question: np.ndarray, vectors: np.ndarray, mask: np.ndarray | None = None) -> list[int]:
    """The places nearest to a question, by comparing it with all."""
    cosines = vectors @ question.astype(np.float64)
    order = np.argsort(-cosines, kind="stable")
    return (order if mask is None else order[mask[order]]).tolist()


def recall(index: VectorIndex, questions, vectors, mask=None, few=ROWS) -> float:
    chosen = None if mask is None else Chosen.of(mask, few)
    found = [
        set(index.nearest(q, LIMIT, chosen)[0][:10].tolist()) & set(best(q, vectors, mask)[:10]) for q in questions
    ]
    return sum(map(len, found)) / (10 * len(questions))


def test_the_same_embeddings_give_the_same_file(path, is_exact, rows, embeddings, tmp_path):
    write_vectors(tmp_path / "again", rows, embeddings, exact_at_most=ROWS if is_exact else 100)
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_the_nearest_are_found(index, is_exact, questions, rows, embeddings):
    assert recall(index, questions, embeddings[rows]) >= (1 if is_exact else 0.97)


@pytest.mark.parametrize("few", [0, ROWS])
@pytest.mark.parametrize("share", [0.005, 0.05, 0.5])
def test_the_nearest_of_the_chosen_are_found_be_they_many_or_few(
    index, is_exact, questions, rows, embeddings, share, few
):
    mask = np.random.default_rng(4).random(ROWS) < share
    assert recall(index, questions, embeddings[rows], mask, few) >= (1 if is_exact or few else 0.97)


def test_what_is_found_is_near_where_all_of_the_chosen_are_far(index, questions, rows, embeddings):
    """Of the farthest fifth, nearly all as far as each other, what is found is as near as the nearest but for 0.02."""
    for question in questions:
        cosines = embeddings[rows] @ question
        mask = cosines < np.quantile(cosines, 0.2)
        found, _ = index.nearest(question, LIMIT, Chosen.of(mask, few=0))
        assert mask[found].all()
        assert np.sort(cosines[mask])[-10:].mean() - cosines[found[:10]].mean() < 0.02


@pytest.mark.parametrize("few", [0, ROWS])
def test_nothing_but_the_chosen_is_found(index, questions, few):
    mask = np.arange(ROWS) % 3 == 0
    places, _ = index.nearest(questions[0], ROWS, Chosen.of(mask, few))
    assert sorted(places) == list(range(0, ROWS, 3))


def test_cosines_are_those_of_the_embeddings_in_float64_best_first(index, questions, rows, embeddings):
    places, cosines = index.nearest(questions[0], LIMIT)
    question = questions[0].astype(np.float64)
    exact = np.array([np.vecdot(embeddings[row].astype(np.float64), question) for row in rows[places]])  # each alone
    assert exact == pytest.approx((embeddings[rows[places]] * question).sum(axis=1), abs=1e-12)
    assert cosines.dtype == np.float64
    assert cosines.tolist() == exact.tolist() == sorted(exact.tolist(), reverse=True)


def test_as_many_as_asked_for_are_found(index, questions):
    assert all(len(index.nearest(question, LIMIT)[0]) >= LIMIT for question in questions)


def test_a_limit_above_their_number_finds_all(index, questions):
    assert sorted(index.nearest(questions[0], ROWS + 5)[0]) == list(range(ROWS))


def test_of_none_chosen_none_are_found(index, questions):
    places, cosines = index.nearest(questions[0], LIMIT, Chosen.of(np.zeros(ROWS, dtype=bool)))
    assert (places.dtype, len(places), len(cosines)) == (np.int64, 0, 0)


def test_a_limit_of_none_finds_none(index, questions):
    assert len(index.nearest(questions[0], 0)[0]) == 0


def test_where_all_are_chosen_nothing_changes(index, questions):
    chosen = Chosen.of(np.ones(ROWS, dtype=bool))
    assert index.nearest(questions[0], LIMIT, chosen)[0].tolist() == index.nearest(questions[0], LIMIT)[0].tolist()


@pytest.mark.parametrize("chosen", [None, Chosen.of(np.ones(300, dtype=bool))])
def test_all_that_are_as_near_as_the_last_are_found(tmp_path, chosen):
    vectors = np.repeat(drawn(3, seed=5), 100, axis=0)
    rows = np.arange(300)
    write_vectors(tmp_path / "ties", rows, vectors)
    places, _ = VectorIndex(tmp_path / "ties", rows, vectors).nearest(vectors[150], 10, chosen)
    assert places.tolist() == list(range(100, 200))


def test_few_that_are_chosen_are_all_compared(path, index, rows, embeddings):
    """So the nearest of them is found however far it is from the question."""
    question = embeddings[rows[0]]
    farthest = best(question, embeddings[rows])[-30:]
    mask = np.isin(np.arange(ROWS), farthest)
    assert index.nearest(question, 5, Chosen.of(mask))[0].tolist() == farthest[:5]


def test_it_is_mapped(index, path):
    assert any(line.split()[-1] == str(path) for line in Path("/proc/self/maps").read_text().splitlines())


@pytest.mark.parametrize("kept", [0, 3, 60, 0.5, 0.99])
def test_a_file_that_was_cut_off_is_refused(path, rows, embeddings, tmp_path, kept):
    whole = path.read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(whole[: kept if isinstance(kept, int) else int(kept * len(whole))])
    with pytest.raises(RuntimeError):
        VectorIndex(cut, rows, embeddings)


def test_what_is_no_index_is_refused(rows, embeddings, tmp_path):
    (tmp_path / "other").write_bytes(b"vectors, perhaps" * 100)
    with pytest.raises(RuntimeError):
        VectorIndex(tmp_path / "other", rows, embeddings)


def test_a_missing_file_is_refused(rows, embeddings, tmp_path):
    with pytest.raises((OSError, RuntimeError)):
        VectorIndex(tmp_path / "missing", rows, embeddings)


def test_an_index_of_other_vectors_is_refused(path, rows, embeddings):
    with pytest.raises(ValueError, match=r"vectors\.faiss is not of these 5999 vectors of 48 dimensions"):
        VectorIndex(path, rows[1:], embeddings)


def test_of_no_vectors_none_are_found(tmp_path, questions):
    nothing = np.empty(0, dtype=np.int64)
    vectors = np.empty((0, DIMENSION), dtype=np.float32)
    assert write_vectors(tmp_path / "none", nothing, vectors) == "exact"
    assert len(VectorIndex(tmp_path / "none", nothing, vectors).nearest(questions[0], 10)[0]) == 0


@pytest.mark.parametrize("exact_at_most", KINDS.values())
def test_progress_ends_with_all_of_them(tmp_path, rows, embeddings, exact_at_most):
    told: list[tuple[int, int]] = []
    write_vectors(tmp_path / "index", rows, embeddings, lambda done, of: told.append((done, of)), exact_at_most)
    assert told[-1] == (ROWS, ROWS)


def test_none_beyond_the_limit_that_is_not_as_near(tmp_path):
    """Of equals behind the last that is asked for, one is not told without the others."""
    vectors = np.array([[0.9, 0.436], [0.5, 0.866], [0.5, 0.866]], dtype=np.float32)
    rows = np.arange(3)
    write_vectors(tmp_path / "few", rows, vectors)
    question = np.array([1, 0], dtype=np.float32)
    assert VectorIndex(tmp_path / "few", rows, vectors).nearest(question, 1)[0].tolist() == [0]


@pytest.mark.parametrize("dimension", [2, 47])
def test_vectors_of_few_or_odd_dimensions_are_found_too(tmp_path, dimension):
    """Dimensions that make no pairs, or few, are held in bytes."""
    rows, vectors = np.arange(ROWS), np.ascontiguousarray(unit(drawn(ROWS, seed=5)[:, :dimension]))
    kind = write_vectors(tmp_path / "lists", rows, vectors, exact_at_most=100)
    assert kind == "IVF128,SQ8"
    index = VectorIndex(tmp_path / "lists", rows, vectors)
    found, cosines = index.nearest(vectors[7], ROWS)
    assert (len(found), cosines[0]) == (ROWS, pytest.approx(1))
