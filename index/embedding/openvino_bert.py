"""The forward pass of a BERT encoder as a graph of OpenVINO, made from a model's safetensors as they lie on disk.

The only importer of OpenVINO. Neither torch nor transformers is loaded, so that a server answers within a second of its
start, and the CPU computes in bfloat16 where it has instructions for that (half the time of float32; cosines to it are
above 0.999). It computes only models whose files say that they are what it computes; see `Bert`.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Encoding, Tokenizer

from index.arrays import Vectors
from index.memory import Need, afforded, cores, demand, is_short

_SHAPE_TOKENS = 8  # a shape that was not met before costs several times its computation
_BATCH_TOKENS = 1024  # padding included
_MIN_LENGTH_SHARE = 0.75  # of the longest text of a batch: more padding would cost more than a batch of its own
_TEXT_INPUT = {"text": {"method": "forward", "method_output_name": "last_hidden_state"}}
_FIRST_BATCH, _FURTHER_BATCH = Need(addresses=90, written=60, used=30), Need(addresses=170, written=50, used=50)
"""What the first batch at a time takes at least, and what there should be for each further one."""
_MEAN = {
    "pooling_mode_cls_token": False,
    "pooling_mode_max_tokens": False,
    "pooling_mode_mean_sqrt_len_tokens": False,
    "pooling_mode_weightedmean_tokens": False,
    "pooling_mode_lasttoken": False,
}


class UnsupportedModel(Exception):
    """These files are of no model that is computed here, or this machine cannot; the message says why."""


class Bert:
    """A BERT encoder whose texts are the mean of their tokens; may be used from several threads.

    That is: `config.json` tells of a BERT with GELU and absolute positions, `modules.json` of Transformer, Pooling by
    the mean and Normalize, nothing is written before a text, and the tokenizer is BERT's own. Any other is an
    UnsupportedModel.
    """

    def __init__(self, folder: Path, bfloat16: bool = True) -> None:
        """Compute in bfloat16 where the CPU does, unless told not to. Raises UnsupportedModel."""
        try:
            settings = _settings(folder)
            weights = _mapped(folder / "model.safetensors")
            self.tokenizer = _tokenizer(folder, settings.longest)
            openvino = _openvino()
            self._core = openvino.Core()
            able = bfloat16 and "BF16" in self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
            self._precision = "bf16" if able else "f32"
            self._graph = _graph(openvino, settings, weights)
            latency = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": cores()}
            self._request = self._compile(**latency, ENABLE_CPU_PINNING=False).create_infer_request()
            # Where nothing else runs, a system may wake all threads on one core, and a text takes half as long again,
            # unless each is tied to a core of its own. Where others run, such threads would wait for these.
            self._tied = self._compile(**latency, ENABLE_CPU_PINNING=True).create_infer_request()
        except UnsupportedModel:
            raise
        except Exception as error:  # a damaged file, a missing library: whatever it is, there is the plain way
            if is_short(error):  # of which that takes more
                raise
            raise UnsupportedModel(f"{type(error).__name__}: {error}") from error
        self.engine = f"OpenVINO {'bfloat16' if able else 'float32'}"
        """What computes, in words."""
        self._lock = threading.Lock()
        self._streams: tuple[int, Any] = 0, None
        self._streams_lock = threading.Lock()

    def _compile(self, **settings: Any) -> Any:
        return self._core.compile_model(self._graph, "CPU", {"INFERENCE_PRECISION_HINT": self._precision} | settings)

    def read(self, texts: Sequence[str]) -> list[Encoding]:
        """The tokens of texts, as many of each as the model reads."""
        return self.tokenizer.encode_batch(list(texts))

    def at_once(self, ids: Sequence[Sequence[int]]) -> list[Vectors]:
        """What the model makes of each token of some short texts, each text of shape (its tokens, dimension).

        All cores compute one batch after the other. `ids` are those of the tokens, and of the model's own marks.
        """
        found: list[Vectors | None] = [None] * len(ids)
        request = self._tied if len(ids) == 1 and _is_quiet() else self._request
        with self._lock:
            for batch in _batches([len(item) for item in ids]):
                for place, vectors in zip(batch, _infer(request, [ids[i] for i in batch]), strict=True):
                    found[place] = vectors
        return [vectors for vectors in found if vectors is not None]

    def in_bulk(self, ids: Sequence[Sequence[int]]) -> Iterator[tuple[int, Vectors]]:
        """The same of many texts, with their places, as they are computed: each core has batches of its own, or fewer
        cores where memory is short. Raises NotEnoughMemory where it is for one.
        """
        batches = _batches([len(item) for item in ids])
        count, compiled = self._compiled(min(cores(), len(batches)))
        own = threading.local()

        def infer(batch: list[int]) -> list[Vectors]:
            if not hasattr(own, "request"):
                own.request = compiled.create_infer_request()
            return _infer(own.request, [ids[i] for i in batch])

        pool = ThreadPoolExecutor(count, "embed")
        try:
            for batch, found in zip(batches, pool.map(infer, batches), strict=True):
                yield from zip(batch, found, strict=True)
        finally:
            pool.shutdown(cancel_futures=True)

    def _compiled(self, most: int) -> tuple[int, Any]:
        """What computes as many batches at a time as are wanted and there is memory for, and how many these are."""
        with self._streams_lock:
            held, _ = self._streams
            if held < max(most, 1):
                if not held:
                    demand("embed the texts", _FIRST_BATCH)
                count = afforded(most, _FIRST_BATCH, _FURTHER_BATCH)
                if count > held:
                    streams = {"NUM_STREAMS": count, "INFERENCE_NUM_THREADS": count}
                    self._streams = count, self._compile(**streams, ENABLE_CPU_PINNING=False)
            return self._streams


@dataclass(frozen=True, slots=True)
class _Settings:
    """What the graph needs of a model's settings; `longest` is how many tokens it reads of a text."""

    layers: int
    heads: int
    epsilon: float
    longest: int


def _settings(folder: Path) -> _Settings:
    config = _read(folder, "config.json")
    _demand(config, "config.json", "model_type", "bert")
    _demand(config, "config.json", "hidden_act", "gelu")
    for key in ("auto_map", "quantization_config"):
        _demand(config, "config.json", key, None)
    _demand(config, "config.json", "position_embedding_type", "absolute", "absolute")
    _demand(config, "config.json", "is_decoder", False, False)
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    kinds = [module["type"].rpartition(".")[2] for module in modules]
    foreign = [module["type"] for module in modules if not module["type"].startswith("sentence_transformers.")]
    if foreign or kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise UnsupportedModel(f"modules.json tells of {', '.join(foreign or kinds)}")
    if modules[0]["path"] or (folder / "adapter_config.json").exists():
        raise UnsupportedModel("the encoder is not in the folder itself, or adapted")
    pooling = _read(folder, f"{modules[1]['path']}/config.json")
    _demand(pooling, "Pooling", "pooling_mode", "mean", "mean" if pooling.get("pooling_mode_mean_tokens", True) else "")
    for key, only in _MEAN.items():
        _demand(pooling, "Pooling", key, only, only)
    told = _read(folder, "config_sentence_transformers.json", {})
    if any((told.get("prompts") or {}).values()):
        raise UnsupportedModel("something is to be written before texts")
    for key in ("default_prompt_name", "truncate_dim"):
        _demand(told, "config_sentence_transformers.json", key, None)
    reading = _read(folder, "sentence_bert_config.json", {})
    known = {
        "max_seq_length": reading.get("max_seq_length"),
        "do_lower_case": False,
        "transformer_task": "feature-extraction",
        "module_output_name": "token_embeddings",
        "modality_config": _TEXT_INPUT,
    }
    for key, value in reading.items():
        if key not in known or value != known[key]:
            raise UnsupportedModel(f"sentence_bert_config.json: {key} is {value}")
    most = config["max_position_embeddings"]
    longest = reading.get("max_seq_length") or min(_read(folder, "tokenizer_config.json")["model_max_length"], most)
    if not 2 < longest <= most or _padded(int(longest)) > most:
        raise UnsupportedModel(f"{longest} tokens cannot be read")
    return _Settings(config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"], int(longest))


def _read(folder: Path, name: str, default: dict[str, Any] | None = None) -> dict[str, Any]:
    """The settings in a file; the default where there is none."""
    path = folder / name
    if default is not None and not path.exists():
        return default
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise UnsupportedModel(f"{name} holds no settings")
    return content


def _demand(settings: Mapping[str, Any], name: str, key: str, value: Any, default: Any = None) -> None:
    if (found := settings.get(key, default)) != value:
        raise UnsupportedModel(f"{name}: {key} is {found}")


def _tokenizer(folder: Path, longest: int) -> Tokenizer:
    """BERT's tokenizer. Transformers makes it anew from tokenizer_config.json, so that must tell the same."""
    config, content = _read(folder, "tokenizer_config.json"), _read(folder, "tokenizer.json")
    if config.get("tokenizer_class") not in ("BertTokenizer", "BertTokenizerFast"):
        raise UnsupportedModel(f"the tokenizer is {config.get('tokenizer_class')}")
    normalizer = {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": config.get("tokenize_chinese_chars", True),
        "strip_accents": config.get("strip_accents"),
        "lowercase": config.get("do_lower_case", True),
    }
    _demand(content, "tokenizer.json", "normalizer", normalizer)
    _demand(content, "tokenizer.json", "pre_tokenizer", {"type": "BertPreTokenizer"})
    _demand(content["model"], "tokenizer.json", "type", "WordPiece")
    _demand(config, "tokenizer_config.json", "truncation_side", "right", "right")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return tokenizer


def _mapped(path: Path) -> dict[str, Vectors]:
    """The float32 arrays of a file of safetensors, memory-mapped: a JSON header after its length, then the numbers."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > path.stat().st_size:
            raise UnsupportedModel(f"{path.name} is torn")
        header = json.loads(file.read(length))
    # Private, though nothing is written: OpenVINO takes no array that cannot be.
    content = np.memmap(path, np.uint8, "c", offset=8 + length)
    arrays = {}
    for name, told in header.items():
        if name != "__metadata__" and told["dtype"] == "F32":
            start, end = told["data_offsets"]
            arrays[name] = np.asarray(content[start:end]).view("<f4").reshape(told["shape"])
    return arrays


def _openvino() -> Any:
    """The library without its tools for conversion, which tell their maker of each import unless they are missing."""
    if "openvino" not in sys.modules:
        sys.modules["openvino.tools.ovc"] = None  # type: ignore[assignment]  # to Python: there is no such module
    import openvino

    return openvino


def _graph(openvino: Any, settings: _Settings, weights: Mapping[str, Vectors]) -> Any:
    """From `ids` and `mask`, both of shape (texts, tokens), to vectors of shape (texts, tokens, dimension)."""
    from openvino import opset13 as op

    def whole(*numbers: int) -> Any:
        return op.constant(np.array(numbers, dtype=np.int64))

    def weight(name: str) -> Any:
        return op.constant(weights[name], shared_memory=True)

    def row(name: str) -> Any:
        return op.constant(weights[name].reshape(1, 1, -1), shared_memory=True)

    def normed(x: Any, name: str) -> Any:
        x = op.mvn(x, whole(-1), True, settings.epsilon, "inside_sqrt")
        return op.add(op.multiply(x, row(f"{name}.weight")), row(f"{name}.bias"))

    def linear(x: Any, name: str) -> Any:
        return op.add(op.matmul(x, weight(f"{name}.weight"), False, True), row(f"{name}.bias"))

    ids, mask = (op.parameter([-1, -1], openvino.Type.i32, name=name) for name in ("ids", "mask"))
    size = weights["embeddings.word_embeddings.weight"].shape[1]
    # Every token is of the first kind.
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    length = op.gather(op.shape_of(ids, "i64"), whole(1), op.constant(np.int64(0)))
    places = op.slice(op.constant(places[np.newaxis]), whole(0), length, whole(1), whole(1))
    words = op.gather(weight("embeddings.word_embeddings.weight"), ids, op.constant(np.int64(0)))
    x = normed(op.add(words, places), "embeddings.LayerNorm")
    # 0 for a token, very little for padding.
    masked = op.multiply(op.subtract(op.convert(mask, "f32"), op.constant(np.float32(1))), op.constant(np.float32(1e4)))
    masked = op.unsqueeze(masked, whole(1, 2))
    by_head, swap, joined = whole(0, 0, settings.heads, size // settings.heads), whole(0, 2, 1, 3), whole(0, 0, size)
    for layer in range(settings.layers):
        name = f"encoder.layer.{layer}"
        attended = op.scaled_dot_product_attention(
            *(
                op.transpose(op.reshape(linear(x, f"{name}.attention.self.{part}"), by_head, True), swap)
                for part in ("query", "key", "value")
            ),
            masked,
        )
        attended = op.reshape(op.transpose(attended, swap), joined, True)
        x = normed(op.add(linear(attended, f"{name}.attention.output.dense"), x), f"{name}.attention.output.LayerNorm")
        inner = op.gelu(linear(x, f"{name}.intermediate.dense"), "erf")
        x = normed(op.add(linear(inner, f"{name}.output.dense"), x), f"{name}.output.LayerNorm")
    return openvino.Model([op.result(x)], [ids, mask], "bert")


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """The places of texts, the longest first, in batches of like lengths and few shapes."""
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    batches = []
    while order:
        longest = _padded(lengths[order[0]])
        alike = sum(_padded(lengths[place]) >= _MIN_LENGTH_SHARE * longest for place in order)
        count = min(alike, max(1, _BATCH_TOKENS // longest))
        batches.append(order[:count])
        order = order[count:]
    return batches


def _padded(length: int) -> int:
    return -(-length // _SHAPE_TOKENS) * _SHAPE_TOKENS


def _infer(request: Any, ids: Sequence[Sequence[int]]) -> list[Vectors]:
    """The vectors of the tokens of each text, without those of the padding."""
    shape = (len(ids), _padded(max(len(item) for item in ids)))
    padded, mask = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.int32)
    for row, item in enumerate(ids):
        padded[row, : len(item)] = item
        mask[row, : len(item)] = 1
    # As its own `infer` does with `share_inputs`, which looks first what kind of inputs these might be.
    for place, values in enumerate((padded, mask)):
        request.set_input_tensor(place, _openvino().Tensor(values, shared_memory=True))
    computed = request.infer(share_outputs=True)[0]
    return [computed[row, : len(item)].copy() for row, item in enumerate(ids)]


def _is_quiet() -> bool:
    """Whether no other thread runs on this machine now; no, where the system does not tell."""
    try:
        with Path("/proc/loadavg").open("rb", buffering=0) as file:
            return file.read(64).split()[3].startswith(b"1/")  # how many of all threads run, this one among them
    except (OSError, IndexError):
        return False
