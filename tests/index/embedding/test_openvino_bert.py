from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from index.embedding.embedder import SentenceEmbedder
from index.embedding.model_files import ModelFiles
from index.embedding.openvino_bert import Bert, UnsupportedModel

AWKWARD = (
    *("", " ", "a", "Is it a duty?", "naïve café ÉCOLE", "e\u0301te\u0301", "🦙 and 👩\u200d👧 and 🇬🇧"),
    *("a\0b\x07c\u200bd\ufeff", "שלום עליכם و السلام", "中文 日本語 한국어", "[SEP] and [MASK]", "x" * 300),
    *("word " * 900, "ﬁve ½ Ⅷ ß İ", "\r\n\t line\u2028two", "£75.00—(a)"),
)


@pytest.fixture(scope="module")
def bert(model):
    return Bert(model.model.folder)


@pytest.fixture
def folder(model, tmp_path):
    """A copy of the model that a test may change, its weights apart."""
    weights = "model.safetensors"
    shutil.copytree(model.model.folder, tmp_path / "other", ignore=shutil.ignore_patterns(weights))
    (tmp_path / "other" / weights).symlink_to(model.model.folder / weights)
    return tmp_path / "other"


def change(path, **settings):
    content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(content | settings), encoding="utf-8")


@pytest.fixture(scope="module")
def plain_model(model):
    return SentenceEmbedder(model.model, plain=True)


@pytest.fixture(scope="module")
def transformers_tokenizer(model):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(model.model.folder)


@pytest.mark.parametrize("text", AWKWARD)
def test_tokens_are_those_of_transformers(bert, transformers_tokenizer, text):
    """Whatever a text holds, its tokens and their places are those that transformers gives."""
    [read] = bert.read([text])
    told = transformers_tokenizer(text, truncation=True, max_length=256, return_offsets_mapping=True)
    assert (read.ids, read.offsets) == (told["input_ids"], [tuple(span) for span in told["offset_mapping"]])


def test_float32_is_that_of_sentence_transformers(model, plain_model):
    """Where the CPU has no bfloat16, vectors of tokens are those of sentence-transformers up to rounding."""
    bert = Bert(model.model.folder, bfloat16=False)
    [read] = bert.read(["Is it a duty?"])
    [tokens] = bert.at_once([read.ids])
    expected = plain_model.embed_question("Is it a duty?").tokens
    inner = tokens[1:-1] / np.linalg.norm(tokens[1:-1], axis=1, keepdims=True)
    assert bert.engine == "OpenVINO float32"
    assert np.allclose(inner, expected, atol=1e-5)


def test_text_alone_is_what_it_is_among_others(bert):
    """The vectors of a text alone are those that it has beside others, but for rounding."""
    ids = [read.ids for read in bert.read(["Is it a duty?", "the council did not explain it", "a"])]
    [alone], among = bert.at_once(ids[:1]), bert.at_once(ids)
    assert np.allclose(alone, among[0], atol=0.05)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system does not tell where a thread may run")
def test_thread_that_asks_is_tied_to_no_core(bert):
    """Who asks for a text may run afterwards where it could before."""
    before = os.sched_getaffinity(0)
    bert.at_once([read.ids for read in bert.read(["Is it a duty?"])])
    assert os.sched_getaffinity(0) == before


def test_bulk_finds_each_text_once(bert):
    """Texts computed in bulk come each with its place, and as many vectors as tokens."""
    ids = [read.ids for read in bert.read(["duty " * count for count in range(120)])]
    found = dict(bert.in_bulk(ids))
    assert [len(found[place]) for place in range(len(ids))] == [len(item) for item in ids]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("config.json", {"model_type": "roberta"}),
        ("config.json", {"hidden_act": "relu"}),
        ("config.json", {"position_embedding_type": "relative_key"}),
        ("1_Pooling/config.json", {"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}),
        ("1_Pooling/config.json", {"pooling_mode_max_tokens": True}),
        ("1_Pooling/config.json", {"pooling_mode": ["cls", "mean"]}),
        ("sentence_bert_config.json", {"do_lower_case": True}),
        ("sentence_bert_config.json", {"max_seq_length": 1024}),
        ("sentence_bert_config.json", {"what_nobody_knows": 1}),
        ("tokenizer_config.json", {"do_lower_case": False}),
        ("tokenizer_config.json", {"tokenizer_class": "MPNetTokenizer"}),
        ("config_sentence_transformers.json", {"prompts": {"query": "query: "}}),
        ("config_sentence_transformers.json", {"truncate_dim": 128}),
    ],
)
def test_model_of_another_kind_is_refused(folder, name, settings):
    """A model whose files tell of anything that is not computed here is refused."""
    change(folder / name, **settings)
    with pytest.raises(UnsupportedModel):
        Bert(folder)


def test_further_module_is_refused(folder):
    """A model that does more than pooling is refused."""
    path = folder / "modules.json"
    modules = json.loads(path.read_text(encoding="utf-8"))
    modules.append({"idx": 3, "name": "3", "path": "3_Dense", "type": "sentence_transformers.models.Dense"})
    path.write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(UnsupportedModel, match="Dense"):
        Bert(folder)


@pytest.mark.parametrize("name", ["config.json", "modules.json", "tokenizer.json", "model.safetensors"])
def test_missing_file_is_refused(folder, name):
    """Without one of its files a model is refused."""
    (folder / name).unlink()
    with pytest.raises(UnsupportedModel):
        Bert(folder)


@pytest.mark.parametrize("kept", [4, 2000, 80_000_000])
def test_torn_weights_are_refused(folder, model, kept):
    """Weights that end too early are refused, wherever they end."""
    whole = (model.model.folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").write_bytes(whole[:kept])
    with pytest.raises(UnsupportedModel):
        Bert(folder)


def test_loads_without_torch_and_tells_nobody(tmp_path):
    """The model computes without torch and transformers, and nothing is written home for the library's maker."""
    program = """if True:
        import sys
        from index.embedding.embedder import SentenceEmbedder
        from index.embedding.model_files import ModelFiles
        assert SentenceEmbedder(ModelFiles.find()).embed_question("Is it a duty?").vector.shape == (384,)
        loaded = {"torch", "transformers", "sentence_transformers", "openvino_telemetry", "openvino.tools.ovc.convert"}
        print(sorted(loaded & set(sys.modules)))
    """
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"HOME": str(tmp_path)}
    )
    assert (done.stdout.strip(), list(tmp_path.iterdir())) == ("[]", [])


def test_model_of_another_kind_still_answers(folder):
    """Where the model is refused, sentence-transformers computes it."""
    change(folder / "config.json", hidden_act="relu")
    other = SentenceEmbedder(ModelFiles.find(str(folder)))
    plain = SentenceEmbedder(other.model, plain=True)
    assert other.engine == "sentence-transformers"
    assert np.allclose(other.embed_question("a duty").tokens, plain.embed_question("a duty").tokens, atol=1e-6)
