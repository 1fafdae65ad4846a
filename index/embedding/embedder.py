"""Texts → float32 vectors of each text and of its tokens, by a model on this machine.

OpenVINO computes the models that openvino_bert knows, which load in half a second; sentence_transformers any others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.arrays import Vectors
from index.embedding.batching import DynamicBatcher
from index.embedding.model_files import LOAD, ModelFiles
from index.embedding.openvino_bert import Bert, UnsupportedModel
from index.embedding.sentence_transformers import SentenceTransformersBackend
from index.embedding.types import Embedder, Embedding, Progress, unit
from index.errors import IndexUnusable, ModelError
from index.memory import is_short, reports_shortage

if TYPE_CHECKING:
    from tokenizers import Encoding

_SLICE_TEXTS = 1024  # sorted by length together
_TEXTS_BETWEEN_REPORTS = 64
_MIN_SELF_COSINE = 0.99  # of a token alone with itself beside a longer text; 0.9999 is usual
_SAMPLE_SEED, _SAMPLE_TEXTS, _SAMPLE_WORDS = 0, 600, 12


class SentenceEmbedder:
    """An Embedder of a sentence-transformers model; it may be used from several threads.

    Models that index.embedding.openvino_bert computes load in half a second, and are computed by it; others, and all
    where it is not to be had or asked not to be used (`plain`), by sentence-transformers, which loads in seconds.
    Raises ModelError, and NotEnoughMemory where there is less than it takes to load the model.
    """

    def __init__(self, model: ModelFiles, plain: bool = False) -> None:
        self.model = model
        self._backend: Backend
        try:
            self._backend = SentenceTransformersBackend(model) if plain else OpenVINOBackend(model)
        except UnsupportedModel:
            self._backend = SentenceTransformersBackend(model)
        self.engine = self._backend.engine
        """What computes: “OpenVINO bfloat16”, “OpenVINO float32” or “sentence-transformers”."""

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> list[Embedding]:
        """See Embedder. Texts longer than the model reads are cut by the model."""
        embeddings: dict[int, Embedding] = {}
        for start in range(0, len(texts), _SLICE_TEXTS):
            for place, embedding in self._backend.passages(texts[start : start + _SLICE_TEXTS]):
                embeddings[start + place] = embedding
                done = len(embeddings)
                if progress is not None and (done % _TEXTS_BETWEEN_REPORTS == 0 or done == len(texts)):
                    progress(done, len(texts))
        return [embeddings[i] for i in range(len(texts))]

    def embed_question(self, question: str) -> Embedding:
        """See Embedder. What several threads ask at once is computed together, and is the same but for rounding."""
        return self._backend.question(question)

    def sample(self) -> list[str]:
        """See Embedder. Words of the vocabulary in a random order that never changes."""
        words = sorted(word for word in self._backend.vocabulary() if word.isalpha() and len(word) > 2)
        chosen = np.random.default_rng(_SAMPLE_SEED).choice(words, (_SAMPLE_TEXTS, _SAMPLE_WORDS))
        return [" ".join(row) for row in chosen.tolist()]


class Backend(Protocol):
    """What computes a model."""

    engine: str

    def passages(self, texts: Sequence[str]) -> Iterator[tuple[int, Embedding]]:
        """What it makes of each, with its place, in any order."""
        ...

    def question(self, question: str) -> Embedding:
        """What it makes of a question; several threads may ask at once."""
        ...

    def vocabulary(self) -> Iterable[str]:
        """The tokens that it knows."""
        ...


class OpenVINOBackend:
    """By index.embedding.openvino_bert."""

    def __init__(self, model: ModelFiles) -> None:
        """Raises UnsupportedModel."""
        model.check_memory()
        with reports_shortage(LOAD, model.need):
            self._begin(model)

    def _begin(self, model: ModelFiles) -> None:
        self._bert = Bert(model.folder)
        self.engine = self._bert.engine
        self._forward = DynamicBatcher(self._bert.at_once)
        try:
            self._check()
        except UnsupportedModel:
            raise
        except Exception as error:  # what compiles may still fail to compute
            if is_short(error):
                raise
            raise UnsupportedModel(f"{type(error).__name__}: {error}") from error

    def _check(self) -> None:
        """Raise UnsupportedModel where vectors are no numbers, or depend on what else is in their batch."""
        short, long = (encoding.ids for encoding in self._bert.read(["Is it a duty?", "a long question " * 9]))
        [alone], together = self._bert.at_once([short]), self._bert.at_once([long, short])
        cosines = (unit(alone) * unit(together[1])).sum(axis=1)
        if not (
            np.isfinite(together[0]).all() and (cosines > _MIN_SELF_COSINE).all()
        ):  # not so for what is no number, either
            raise UnsupportedModel("This CPU computes something else.")

    def passages(self, texts: Sequence[str]) -> Iterator[tuple[int, Embedding]]:
        """See Backend. Raises NotEnoughMemory."""
        with reports_shortage("embed the texts"):
            read = self._bert.read(texts)
            for place, tokens in self._bert.in_bulk([encoding.ids for encoding in read]):
                yield place, self._embedding(read[place], tokens)

    def question(self, question: str) -> Embedding:
        """See Backend."""
        [read] = self._bert.read([question])
        return self._embedding(read, self._forward(read.ids))

    def vocabulary(self) -> Iterable[str]:
        """See Backend."""
        return self._bert.tokenizer.get_vocab()

    @staticmethod
    def _embedding(read: Encoding, tokens: Vectors) -> Embedding:
        return Embedding.without_marks(unit(tokens.mean(axis=0)), tokens, np.array(read.offsets, dtype=np.int32))


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
        with reports_shortage(LOAD, self.model.need):
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
