"""Models that sentence-transformers computes, and rerankers; its only importer, for it takes seconds to load."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast, overload

import numpy as np

from index.arrays import Spans, Vectors
from index.embedding.batching import DynamicBatcher
from index.embedding.model_files import LOAD, ModelFiles
from index.embedding.types import Embedding, unit
from index.errors import ModelError, NotEnoughMemory
from index.memory import demand, reports_shortage

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder, SentenceTransformer

_BATCH_TEXTS = 32
_TEXTS_BETWEEN_REPORTS = 64


class SentenceTransformersBackend:
    """By sentence-transformers."""

    engine = "sentence-transformers"

    def __init__(self, model: ModelFiles) -> None:
        self._transformer = _load(model, "SentenceTransformer")
        self._lock = threading.Lock()  # its tokenizer may not be used by two threads at once
        self._questions: DynamicBatcher[str, Embedding] = DynamicBatcher(
            lambda questions: self._encode(questions, "query")
        )

    def passages(self, texts: Sequence[str]) -> Iterator[tuple[int, Embedding]]:
        """See index.embedding.embedder.Backend."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # like lengths together: less padding
        for start in range(0, len(order), _TEXTS_BETWEEN_REPORTS):
            chosen = order[start : start + _TEXTS_BETWEEN_REPORTS]
            yield from zip(chosen, self._encode([texts[i] for i in chosen], "document"), strict=True)

    def question(self, question: str) -> Embedding:
        """See index.embedding.embedder.Backend."""
        return self._questions(question)

    def vocabulary(self) -> Iterable[str]:
        """See index.embedding.embedder.Backend."""
        return cast(Iterable[str], self._transformer.tokenizer.get_vocab())

    def _encode(self, texts: Sequence[str], task: Literal["query", "document"]) -> list[Embedding]:
        encode = self._transformer.encode_query if task == "query" else self._transformer.encode_document
        with self._lock:
            encoded = encode(list(texts), batch_size=_BATCH_TEXTS, output_value=None, show_progress_bar=False)
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
    vector = unit(encoded["sentence_embedding"].float().numpy())
    read = encoded["attention_mask"].numpy().astype(bool) if "attention_mask" in encoded else None
    tokens = encoded["token_embeddings"].float().numpy() if "token_embeddings" in encoded else vector[np.newaxis]
    if read is not None and len(read) == len(tokens):
        tokens = tokens[read]
    if tokens.shape != (len(spans), len(vector)):
        # A model whose tokens cannot be placed in the text, or compared with texts: its vector stands for all of them.
        return Embedding(vector, vector[np.newaxis], np.array([[0, length]], dtype=np.int32))
    return Embedding.without_marks(vector, tokens, spans)


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
                batch_size=_BATCH_TEXTS, show_progress_bar=False, activation_fn=Sigmoid(), convert_to_numpy=True,
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
    demand(LOAD, model.plain_need)
    try:
        with reports_shortage(LOAD, model.plain_need):
            import sentence_transformers
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            return getattr(sentence_transformers, kind)(str(model.folder), device="cpu")
    except NotEnoughMemory:
        raise
    except Exception as error:  # whatever a damaged folder makes the library raise
        raise ModelError(f"The model {model.name} in {model.folder} cannot be loaded: {error}") from error
