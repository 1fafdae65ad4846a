"""What was learned from judged questions: which part of a decision answers a question, and whether the hits do.

`scripts/fit` learns it from the questions of tests/, with one model, and writes learned.json. With another model the
parts count as they do on average.

Topics are what people bring to the Ombudsman and to its neighbours, by the Ombudsman's categories. Where a question is
nearer to a topic that no decision of the index is about than to any paragraph, the decisions hardly answer it.
What that model makes of them is in subjects.npy, also by `scripts/fit`; any other model has to read them first.
"""

from __future__ import annotations

import functools
import json
import math
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from index.arrays import Vectors, load_array
from index.decisions import Role
from index.embedding.model_files import ModelFiles
from index.embedding.types import Embedder

_FOLDER = Path(__file__).parent
SUBJECTS = _FOLDER / "subjects.npy"
"""What the model that learned.json is for makes of the subjects."""

OF_KINDS = _FOLDER / "kinds.npy"
"""What a question's vector tells of its kind: shape (dimension, len(KINDS))."""

OF_COLLECTION = _FOLDER / "collection.npy"
"""What a question's vector tells of whether it is about the collection: shape (dimension, len(COLLECTION))."""

About = Literal["content", "register", "cannot"]
COLLECTION: tuple[About, ...] = get_args(About)
"""What a question is about: what decisions say, the register of them, or what no register holds."""
SURELY: dict[About, float] = {"content": 0.0, "register": 0.7, "cannot": 0.8}
"""From which probability on a question is taken for one that its words do not show to be."""

_OUT_OF_SCOPE = 0.9  # from which on a question is no question about the collection, whatever its form

OUTSIDE = "Outside"
"""How the categories begin that are nothing to do with the Ombudsman."""

_SMOOTHING = 0.01  # of a probability; no part of a decision is ruled out


@dataclass(frozen=True, slots=True)
class Features:
    """How far the hits answer a question; what they lack is measured in the index, whatever that holds.

    `contrast` is how much greater the cosine of the question with the nearest passage is than that with the nearest
    subject that the index is not about. `unmet` is the share of the question's words, by their idf,
    that stand in no paragraph and are not meant by any word of the best three hits. `weakest` is how well the best hit
    meets the word that it meets worst.

    `cosine` is that with the nearest passage, `outside`, `not_held` and `held` are those with the nearest subjects that
    are nothing to do with the Ombudsman, that no decision is about, and that some are about. In the decision of the
    best hit: `missed` and `missed_next` are the idf of the two words that its text meets worst, each by how far it
    is not met; `missing` the share of all words, by idf, that is not met; `least` how well the worst is met; and
    `covered` how well all are. `unknown` is the share of the words that stand nowhere, `late` the late interaction of
    the best sentence, `names` whether a body or a decision is named, `words` how many there are, and `tells` whether
    one says what is asked about. `lacks` are the words that the decision meets worst, as they were written.
    """

    contrast: float
    unmet: float
    weakest: float
    cosine: float = 0.0
    outside: float = 0.0
    not_held: float = 0.0
    held: float = 0.0
    missed: float = 0.0
    missed_next: float = 0.0
    missing: float = 0.0
    least: float = 0.0
    covered: float = 0.0
    unknown: float = 0.0
    late: float = 0.0
    names: float = 0.0
    words: float = 0.0
    tells: float = 1.0
    lacks: tuple[str, ...] = ()

    @property
    def vector(self) -> Vectors:
        """All but the words: shape (len(FEATURES),)."""
        return np.array([getattr(self, name) for name in FEATURES], dtype=np.float32)

    @property
    def may_be_another_subject(self) -> bool:
        """Whether the index itself speaks for it that no decision is about this."""
        return self.cosine - self.not_held < _ANOTHER_SUBJECT

    @property
    def may_be_premise(self) -> bool:
        """Whether the decision itself lacks something that is asked about."""
        return self.missed > _LACKING


FEATURES = tuple(one.name for one in fields(Features) if one.name != "lacks")
_ANSWERED = ("contrast", "unmet", "weakest")  # what is known with any model
_ANOTHER_SUBJECT = 0.1  # of half of the questions that can be answered the nearest passage is so much nearer
_LACKING = 1.5  # a word half as rare as one that stands nowhere, and hardly met

NotAnswered = Literal["out_of_scope", "subject_not_held", "premise", "not_in_decisions", "unclear"]
KINDS: tuple[str, ...] = ("answerable", *get_args(NotAnswered))
"""What a question may be, in the order of their weights."""


class AnswerabilityModel:
    """What was learned, for one model."""

    def __init__(
        self,
        content: Mapping[str, Any],
        model: ModelFiles,
        kinds: npt.NDArray[np.float32] | None = None,
        collection: npt.NDArray[np.float32] | None = None,
    ) -> None:
        """`content` is that of learned.json, `kinds` and `collection` are those of kinds.npy and collection.npy."""
        is_of_model = content["model_sha256"] == model.sha256
        self._answered: Mapping[str, float] = content["answered"]
        roles = content["roles"] if is_of_model else None
        self._roles = [np.array(roles[name]) for name in ("weights", "bias", "usual")] if roles else None
        self._kinds = Kinds.read(content["kinds"], kinds) if is_of_model and kinds is not None else None
        self._collection: tuple[npt.NDArray[np.float32], npt.NDArray[Any]] | None = None
        if is_of_model and collection is not None:
            self._collection = collection, np.array(content["collection"]["bias"])

    @classmethod
    def read(cls, model: ModelFiles) -> AnswerabilityModel:
        """What came with the program."""
        return cls(content(), model, *(load_array(path).astype(np.float32) for path in (OF_KINDS, OF_COLLECTION)))

    def confidence(self, features: Features, question: Vectors) -> float:
        """The estimated probability, 0 to 1, that the decisions answer the question whose vector this is."""
        if self._kinds is not None:
            return self._kinds.probabilities(features, question)["answerable"]
        weight = sum(self._answered[name] * getattr(features, name) for name in _ANSWERED) + self._answered["bias"]
        return 1 / (1 + math.exp(-weight))

    def reason(self, features: Features, question: Vectors) -> NotAnswered:
        """Why the decisions hardly answer: the likeliest reason."""
        if self._kinds is None:
            return "subject_not_held"
        likely = self._kinds.probabilities(features, question)
        return max(get_args(NotAnswered), key=lambda kind: likely[kind])

    def about(self, question: Vectors, features: Features | None = None) -> About:
        """What a question is about, by its vector; content wherever that is not quite clear, or it is out of scope."""
        if self._collection is None or not len(question):
            return "content"
        weights, bias = self._collection
        likely = softmax(question @ weights + bias)
        place = int(likely.argmax())
        if COLLECTION[place] == "content" or likely[place] < SURELY[COLLECTION[place]]:
            return "content"
        kinds = self._kinds.probabilities(features, question) if features is not None and self._kinds else {}
        return "content" if kinds.get("out_of_scope", 0.0) >= _OUT_OF_SCOPE else COLLECTION[place]

    def roles(self, question: Vectors) -> dict[Role, float]:
        """How much more likely than for any question each part of a decision answers this one, as a logarithm.

        `question` is its vector, shape (dimension,). Multinomial logistic regression.
        """
        if self._roles is None:
            return dict.fromkeys(ROLES, 0.0)
        weights, bias, usual = self._roles
        likely = np.exp(weights @ question + bias)
        likely /= likely.sum()
        gain = np.log((likely + _SMOOTHING) / (usual + _SMOOTHING))
        return dict(zip(ROLES, gain.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Kinds:
    """What kind of question it is, by what it is like and by what the index lacks (multinomial logistic regression).

    Two things must speak for a refusal. What the question is like, its vector, is learned from questions on a few
    decisions; so it counts only as far as the index itself lacks something (see Features): another subject must be as
    near as what is held, or a word must be missing in the decision. `mean` and `scale` have shape (len(FEATURES),),
    `weights` (len(FEATURES), len(KINDS)), `crossed` (dimension, len(KINDS)) and `bias` (len(KINDS),).
    """

    mean: Vectors
    scale: Vectors
    weights: Vectors
    crossed: Vectors
    bias: Vectors

    @classmethod
    def read(cls, told: Mapping[str, Any], crossed: npt.NDArray[np.float32]) -> Kinds:
        """As it was learned."""
        learned = {name: np.array(told[name], dtype=np.float32) for name in ("mean", "scale", "weights", "bias")}
        return cls(crossed=crossed, **learned)

    def probabilities(self, features: Features, question: Vectors) -> dict[str, float]:
        """The probability of each of KINDS, together 1."""
        of_features = standing(features.vector, self.mean, self.scale) @ self.weights
        told = dict(zip(KINDS, softmax(of_features + question @ self.crossed + self.bias).tolist(), strict=True))
        if not features.may_be_another_subject:
            told["subject_not_held"] = 0.0
        if not features.may_be_premise:
            told["premise"] = 0.0
        told["answerable"] = 1 - sum(told[kind] for kind in get_args(NotAnswered))
        return told


MAX_DEVIATIONS = 4.0
"""Standard deviations; a paragraph that is stranger than that is taken for one that is so strange."""


def standing(rows: Vectors, mean: Vectors, scale: Vectors) -> Vectors:
    """The rows in standard deviations, within the limit: shape (rows, features)."""
    # numpy's clip takes longer than both for so few numbers.
    return np.asarray(np.minimum(np.maximum((rows - mean) / scale, -MAX_DEVIATIONS), MAX_DEVIATIONS))


def softmax(scores: Vectors) -> Vectors:
    """Shape (n,) → (n,), together 1."""
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


ROLES: tuple[Role, ...] = get_args(Role)
"""In the order in which their weights stand in learned.json."""


@functools.cache
def content() -> dict[str, Any]:
    """What stands in learned.json."""
    told: dict[str, Any] = json.loads((_FOLDER / "learned.json").read_text(encoding="utf-8"))
    return told


class OutOfScopeTopics:
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
        if shipped and embedder.model.sha256 == content()["model_sha256"]:
            self._vectors = load_array(SUBJECTS).astype(np.float32)

    def vectors(self) -> Vectors:
        """Those of the subjects, of length 1: shape (subjects, dimension). Raises ModelError."""
        with self._lock:
            if self._vectors is None:
                self._vectors = np.stack([embedding.vector for embedding in self._embedder.embed(self._texts)])
            return self._vectors

    def save(self) -> None:
        """Write subjects.npy, in half precision, which changes a cosine by less than 0.0001. Raises ModelError."""
        np.save(SUBJECTS, self.vectors().astype(np.float16))

    def standings(self, question: Vectors, held: Collection[str]) -> tuple[float, float, float]:
        """The greatest cosines, at least 0, with what is nothing to do with the Ombudsman, with what is and is not
        among the categories `held`, and with what is. Raises ModelError.
        """
        greatest = np.zeros(3, dtype=np.float32)
        np.maximum.at(greatest, self._groups(tuple(held)), self.vectors() @ question)
        outside, others, within = greatest.tolist()
        return outside, others, within

    @functools.lru_cache(maxsize=4)  # noqa: B019  an index has one set of categories, and these live as long as it
    def _groups(self, held: tuple[str, ...]) -> npt.NDArray[np.int64]:
        """Of each subject whether it is outside, 0, one that no decision is about, 1, or one that some are about, 2."""
        folded = {category.casefold() for category in held}
        return np.array(
            [0 if category.startswith(OUTSIDE) else 1 + (category.casefold() in folded) for category in self._of]
        )
