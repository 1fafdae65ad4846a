"""What was learned from judged questions: which part of a decision answers a question, and whether the hits do.

`scripts/fit` learns it from the questions of tests/, with one model, and writes learned.json. With another model the
parts count as they do on average.

Subjects are what people bring to the Ombudsman and to its neighbours, by the Ombudsman's categories. Where a question
is nearer to a subject that no decision of the index is about than to any paragraph, the decisions hardly answer it.
What that model makes of them is in subjects.npy, also by `scripts/fit`; any other model has to read them first.
"""

from __future__ import annotations

import functools
import json
import math
import threading
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from index.decisions import Role
from index.embed import Embedder, ModelFiles, Vectors

_FOLDER = Path(__file__).parent
SUBJECTS = _FOLDER / "subjects.npy"
"""What the model that learned.json is for makes of the subjects."""

_SMOOTHING = 0.01  # of a probability; no part of a decision is ruled out


@dataclass(frozen=True, slots=True)
class Evidence:
    """How far the hits answer a question.

    `contrast` is how much greater the cosine of the question with the nearest passage is than that with the nearest
    subject that the index is not about. `unmet` is the share of the question's words, by their rarity,
    that stand in no paragraph and are not meant by any word of the best three hits. `weakest` is how well the best hit
    meets the word that it meets worst.
    """

    contrast: float
    unmet: float
    weakest: float


class Learned:
    """What was learned, for one model."""

    def __init__(self, content: Mapping[str, Any], model: ModelFiles) -> None:
        """`content` is that of learned.json."""
        self._answered: Mapping[str, float] = content["answered"]
        roles = content["roles"] if content["model_sha256"] == model.sha256 else None
        self._weights = np.array(roles["weights"]) if roles else None
        self._bias = np.array(roles["bias"]) if roles else None
        self._usual = np.array(roles["usual"]) if roles else None

    @classmethod
    def read(cls, model: ModelFiles) -> Learned:
        """What came with the program."""
        return cls(_content(), model)

    def confidence(self, evidence: Evidence) -> float:
        """The estimated probability, 0 to 1, that the hits answer the question (logistic regression)."""
        told = asdict(evidence)
        weight = sum(self._answered[name] * value for name, value in told.items()) + self._answered["bias"]
        return 1 / (1 + math.exp(-weight))

    def roles(self, question: Vectors) -> dict[Role, float]:
        """How much more likely than for any question each part of a decision answers this one, as a logarithm.

        `question` is its vector, shape (dimension,). Multinomial logistic regression.
        """
        if self._weights is None or self._bias is None or self._usual is None:
            return dict.fromkeys(ROLES, 0.0)
        likely = np.exp(self._weights @ question + self._bias)
        likely /= likely.sum()
        gain = np.log((likely + _SMOOTHING) / (self._usual + _SMOOTHING))
        return dict(zip(ROLES, gain.tolist(), strict=True))


ROLES: tuple[Role, ...] = get_args(Role)
"""In the order in which their weights stand in learned.json."""


@functools.cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_FOLDER / "learned.json").read_text(encoding="utf-8"))
    return content


class Subjects:
    """The subjects of subjects.json, embedded when first needed; may be used from several threads."""

    def __init__(self, embedder: Embedder, shipped: bool = True) -> None:
        """Unless `shipped`, they are embedded even where subjects.npy has what this very model makes of them."""
        self._embedder = embedder
        self._lock = threading.Lock()
        self._vectors: Vectors | None = None
        told = json.loads((_FOLDER / "subjects.json").read_text(encoding="utf-8"))
        self._of = [category for category, descriptions in told.items() for _ in descriptions]
        self._texts = [
            f"{category.rpartition(' > ')[2]}: {description}"
            for category, descriptions in told.items()
            for description in descriptions
        ]
        if shipped and embedder.model.sha256 == _content()["model_sha256"]:
            self._vectors = np.load(SUBJECTS).astype(np.float32)

    def vectors(self) -> Vectors:
        """Those of the subjects, of length 1: shape (subjects, dimension). Raises ModelError."""
        with self._lock:
            if self._vectors is None:
                self._vectors = np.stack([embedding.vector for embedding in self._embedder.embed(self._texts)])
            return self._vectors

    def save(self) -> None:
        """Write subjects.npy, in half precision, which changes a cosine by less than 0.0001. Raises ModelError."""
        np.save(SUBJECTS, self.vectors().astype(np.float16))

    def nearest(self, question: Vectors, held: Collection[str]) -> float:
        """The greatest cosine between a question's vector and a subject outside the categories `held`, at least 0.

        Raises ModelError.
        """
        return float((self.vectors() @ question).max(initial=0.0, where=self._outside(tuple(held))))

    @functools.lru_cache(maxsize=4)  # noqa: B019  an index has one set of categories, and these live as long as it
    def _outside(self, held: tuple[str, ...]) -> npt.NDArray[np.bool_]:
        folded = {category.casefold() for category in held}
        return np.array([category.casefold() not in folded for category in self._of])
