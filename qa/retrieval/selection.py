"""Which of the best paragraphs answers, which of its sentences, and how likely: learned from judged questions.

The order of the hits says what is near to a question; what answers it is nearly always among the first, but only every
second time the first. Three small models look at the best of them again:

  - *order*: a linear model over how each meets the question, beside the others, and over what it is like (its part in
    the decision, whose words, cues), alone and crossed with the question's vector: a question for a sum is answered by
    paragraphs of one kind, a question whether it was fault by those of another. Crossed with the question's vector is
    that of the paragraph, too: what answers has other words than what asks, and which go together is learned (a
    bilinear similarity, Chechik et al., Large scale online learning of image similarity, 2010). Listwise softmax (Cao
    et al., Learning to rank: from pairwise approach to listwise approach, 2007);
  - *sentences*: the calibrated probability that a sentence answers (logistic regression);
  - *confidence*: the calibrated probability that what stands first answers (logistic regression).

`scripts/fit` learns them with one model and writes learned.json and selection.npy. With any other model nothing is
known of these vectors: the order stays as it is, and there is no confidence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from index.arrays import Vectors, load_array
from index.decisions import DecisionEntry, Paragraph
from index.embedding.model_files import ModelFiles
from index.passages import sentences
from index.text.number_words import DIGITS
from qa.retrieval.answerability import MAX_DEVIATIONS, ROLES, content, softmax, standing
from qa.retrieval.cues import NAMES, Cues, cues
from qa.text.voices import Voice, voices

CROSSED = Path(__file__).parent / "selection.npy"
"""What the question's vector tells of the paragraphs that answer it: of LIKENESS, then of each dimension of their own
vectors; shape (dimension, len(LIKENESS) + dimension)."""

CONSIDERED = 20
"""Of the best paragraphs, how many are looked at again."""

SHOWN_FROM = 0.29
"""The least confidence at which what stands first is shown as the answer, unless it is set otherwise."""

VOICES: tuple[Voice, ...] = get_args(Voice)

MEETS = (
    *("score", "behind", "rank", "cosine", "words", "passage", "sentence", "coverage", "role", "weakest", "met"),
    *("met well", "met at all", "asked", "weakest word", "two sentences", "sentences", "count", "length", "beside"),
    *("tokens", "focus", "focus of all", "heading", "before", "after", "numbers", "neighbours"),
)
"""How a paragraph meets a question.

`score` is that of the search, `behind` how far it is behind the best, `rank` 1 / rank; `cosine`, `words`, `passage`,
`sentence`, `coverage` and `role` what the score is made of (see qa.retrieval.search). Of the tokens of the question, by
their weight: how well the worst is met (`weakest`), and which share is met (`met`), `met well` and `met at all`.
`asked` is how well those are met that stand in the asking sentence. `weakest word` is that of whole words. `two
sentences` and `sentences` are the means of the best two and of all, `count` and `length` the logarithms of how many
sentences and words it has, `beside` the score of the better neighbour, `tokens` the plain mean over the tokens. `focus`
is that of the best sentence (see index.engine.late_interaction), `focus of all` the mean over its sentences, `heading`
how the heading above meets the question; `before` and `after` are the scores of its neighbours, 0 for those not found,
and `neighbours` how many were; `numbers` is the share of the question's numbers that it has, 1 where there are none.
"""

STANDING = tuple(f"{name}, standing" for name in MEETS)
"""The same in standard deviations from the mean of the paragraphs considered."""

LIKENESS = (
    *ROLES,
    *(f"{voice} speaks" for voice in VOICES),
    "ombudsman's share",
    *(f"{name} in it" for name in NAMES),
    *(f"{name} in the sentence" for name in NAMES),
)
"""What a paragraph is like."""

_OF_ITSELF = ("first", "last", "length", *VOICES, *NAMES)
SENTENCE = (
    *("met", "behind the best", "behind the best of its paragraph", "is best", "crossed"),
    *("paragraph", "paragraph behind", "paragraph is first"),
    *_OF_ITSELF,
)
"""What is known of a sentence."""

PARTS = ("liked", "crossed", "paired")
"""What the order is made of beside how the paragraphs meet the question: what each is like, alone and crossed with the
question's vector, and its own vector crossed with that."""

_AGREEING, _AGREEING_WELL = 0.6, 0.7  # cosines from which on two paragraphs say something alike
_SENTENCE = MEETS.index("sentence")
_MAX_LED = 5  # of the best paragraphs, whose probabilities tell how sure the choice is
CONFIDENCE = (
    *("probability", "margin", "three", "entropy", "is first", "order", "best sentence"),
    *("contrast", "unmet", "weakest", "names", "content words", "question"),
    *(f"probability {place}" for place in range(1, _MAX_LED + 1)),
    *(f"behind {place}" for place in range(2, _MAX_LED + 1)),
    *("place of the first", "place of the second"),
    *(f"{name}{beside}" for name in PARTS for beside in ("", ", above the mean", ", above the next")),
    *("five", "five of its decision"),
    *("agreement of the others", "agreement", "agreeing", "agreeing well"),
    *("agreement of the second", "meets as a whole"),
    *("log of the probability", "log of agreeing"),
    *(f"first: {name}" for name in (*MEETS, *STANDING, *LIKENESS)),
    *(f"second: {name}" for name in MEETS),
)
"""What is known of how sure the choice is.

`five` is the probability of the best five together, `five of its decision` that of those of them that stand in the same
decision as the first. Several paragraphs may answer, and then none of them has most of the probability: `agreement` is
the mean of the cosines of all with the first, by their probabilities, `agreeing` the probability of those that are near
to it, together.
"""


_NUMBER = re.compile(rf"(?<![\w.,])£?{DIGITS}(?!\w)")


def numbers(text: str) -> frozenset[str]:
    """The numbers and sums of a text, however they are written: “£1,250” is “1250”."""
    return frozenset(digits(match[0]) for match in _NUMBER.finditer(text))


_SUM = re.compile(rf"£\s?({DIGITS})(?!\w)(?:\s?(?:[-–]|to|and|or)\s?£?\s?({DIGITS})(?!\w))?")


def sums(text: str) -> frozenset[str]:
    """The sums alone: the numbers in pounds, also the second of “£100-150”."""
    return frozenset(digits(number) for match in _SUM.finditer(text) for number in match.groups() if number)


def digits(number: str) -> str:
    """A number or sum as it is compared: “£1,250.00” is “1250”."""
    return number.replace(",", "").lstrip("£").removesuffix(".00")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a paragraph before anybody asks: its sentences, whose words they are, and its cues.

    `spans` and `voices` have one for each sentence, `cues` has shape (1 + sentences, len(NAMES)): first in which share
    of the sentences each holds. `itself` is what is known of each sentence alone: shape (sentences, len(_OF_ITSELF)).
    `likeness` says what the paragraph is like if that sentence answers best: shape (sentences, len(LIKENESS)), one row
    where there are no sentences.
    """

    paragraph: Paragraph
    entry: DecisionEntry
    spans: tuple[tuple[int, int], ...]
    voices: tuple[Voice, ...]
    cues: Cues
    words: int
    numbers: frozenset[str]
    itself: Vectors
    likeness: Vectors

    @classmethod
    def of(cls, paragraph: Paragraph, entry: DecisionEntry) -> Known:
        """Read a paragraph."""
        text, spans, spoken = paragraph.text, tuple(sentences(paragraph)), voices(paragraph)
        each = [cues(text[start:end]) for start, end in spans]
        whole = np.mean(each, axis=0) if each else cues(text)
        itself = np.zeros((len(spans), len(_OF_ITSELF)), dtype=np.float32)
        if spans:
            itself[0, 0] = itself[-1, 1] = 1
            itself[:, 2] = np.log1p([(end - start) / 6 for start, end in spans])
            itself[:, 3 : 3 + len(VOICES)] = [[voice == one for one in VOICES] for voice in spoken]
            itself[:, 3 + len(VOICES) :] = each
        like = np.zeros((max(len(spans), 1), len(LIKENESS)), dtype=np.float32)
        like[:, ROLES.index(paragraph.role)] = 1
        for row, voice in enumerate(spoken):
            like[row, len(ROLES) + VOICES.index(voice)] = 1
        like[:, len(ROLES) + len(VOICES)] = spoken.count("ombudsman") / max(len(spoken), 1)
        like[:, -2 * len(NAMES) : -len(NAMES)], like[:, -len(NAMES) :] = whole, each or [whole]
        many = np.stack([whole, *each])
        return cls(paragraph, entry, spans, spoken, many, len(text.split()), numbers(text), itself, like)


@dataclass(frozen=True, slots=True)
class Examined:
    """The best `k` paragraphs of a question, best first, as the models see them.

    `meets` has shape (k, len(MEETS)), `likeness` (k, len(LIKENESS)), `vectors` (k, dimension); `told` has for each the
    late interaction of its sentences with the question. `about` is what is known of the question: contrast,
    unmet, weakest (see Features), whether it names something, its content words and its length in words.
    """

    vector: Vectors
    known: Sequence[Known]
    meets: Vectors
    likeness: Vectors
    vectors: Vectors
    told: Sequence[Vectors]
    about: Vectors
    features: Vectors = field(init=False, repr=False)
    """`meets`, and how each stands among the others: shape (k, len(MEETS) + len(STANDING))."""

    def __post_init__(self) -> None:
        apart = self.meets - self.meets.mean(axis=0)
        spread = np.sqrt((apart * apart).mean(axis=0)) + 1e-6
        object.__setattr__(self, "features", np.concatenate([self.meets, apart / spread], axis=1, dtype=np.float32))

    def first(self, count: int) -> Examined:
        """Only the best of them."""
        if len(self.known) <= count:
            return self
        by_paragraph = ("known", "meets", "likeness", "vectors", "told")
        return replace(self, **{name: getattr(self, name)[:count] for name in by_paragraph})

    def sentence_rows(self, place: int, scores: Scores) -> Vectors:
        """What is known of the sentences of one paragraph, from the scores of the paragraphs considered.

        Shape (its sentences, len(SENTENCE)).
        """
        told, itself = self.told[place], self.known[place].itself
        if not len(told):
            return np.zeros((0, len(SENTENCE)), dtype=np.float32)
        greatest = float(self.meets[:CONSIDERED, _SENTENCE].max())
        is_considered = place < len(scores.total)
        behind = float(scores.total[place] - scores.total.max()) if is_considered else -MAX_DEVIATIONS
        likely = float(scores.likely[place]) if is_considered else 0.0
        rows = np.empty((len(told), len(SENTENCE)), dtype=np.float32)
        rows[:, 0], rows[:, 1], rows[:, 2] = told, told - greatest, told - told.max()
        rows[:, 3] = rows[:, 2] == 0
        of_voices = scores.crossed[len(ROLES) : len(ROLES) + len(VOICES)]
        rows[:, 4] = itself[:, 3:] @ np.concatenate([of_voices, scores.crossed[-len(NAMES) :]])
        rows[:, 5:8] = likely, max(behind, -MAX_DEVIATIONS), behind == 0
        rows[:, 8:] = itself
        return rows


@dataclass(frozen=True, slots=True)
class Selection:
    """The paragraphs considered in the order in which they answer, most likely first.

    `order` are their places among those examined; `probabilities` of each, in that order, that it is the one, together
    1. `sentences` has for each examined, in their order, the probability that each of its sentences answers.
    `confidence` is the calibrated probability that the first one answers the question.
    """

    order: tuple[int, ...]
    probabilities: tuple[float, ...]
    sentences: tuple[tuple[float, ...], ...]
    confidence: float

    def as_found(self) -> Selection:
        """The same in the order in which they were found; the confidence is still that of the likeliest."""
        likely = [share for _, share in sorted(zip(self.order, self.probabilities, strict=True))]
        return Selection(tuple(range(len(likely))), tuple(likely), self.sentences, self.confidence)


@dataclass(frozen=True, slots=True)
class Scores:
    """How `k` paragraphs answer: `total`, shape (k,), is on a scale of its own, `parts` has shape (k, len(PARTS)).

    `crossed` is what the question makes of LIKENESS.
    """

    total: Vectors
    parts: Vectors
    crossed: Vectors
    likely: Vectors = field(init=False, repr=False)
    """The probability of each that it is the one, together 1."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "likely", softmax(self.total))


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model over standardised features: shape (features,) each."""

    mean: Vectors
    scale: Vectors
    weights: Vectors
    bias: float = 0.0

    def __call__(self, rows: Vectors) -> Vectors:
        """The score of each row: shape (rows,)."""
        # Row by row, so that a score does not hang on how many others there are.
        return np.asarray(np.vecdot(standing(rows, self.mean, self.scale), self.weights) + self.bias)

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Linear:
        """As it stands in learned.json."""
        mean, scale, weights = (np.array(content[name], dtype=np.float32) for name in ("mean", "scale", "weights"))
        return cls(mean, scale, weights, float(content.get("bias", 0.0)))


@dataclass(frozen=True, slots=True)
class Selector:
    """The three models; without them the order of the hits stays."""

    order: Linear | None = None
    likeness: Linear | None = None
    crossed: npt.NDArray[np.float32] | None = field(default=None, repr=False)
    sentence: Linear | None = None
    confidence: Linear | None = None

    @classmethod
    def read(cls, model: ModelFiles) -> Selector:
        """What came with the program, for the model with which it was learned; else none."""
        told = content()
        if told["model_sha256"] != model.sha256 or "selection" not in told:
            return cls()
        return cls.of(told["selection"], load_array(CROSSED).astype(np.float32))

    @classmethod
    def of(cls, told: Mapping[str, Any], crossed: npt.NDArray[np.float32]) -> Selector:
        """As it was learned."""
        names = ("order", "likeness", "sentence", "confidence")
        return cls(crossed=crossed, **{name: Linear.read(told[name]) for name in names if name in told})

    def scores(self, seen: Examined) -> Scores:
        """How each paragraph answers."""
        count = len(seen.known)
        if self.order is None or self.likeness is None or self.crossed is None:
            no = np.zeros((count, len(PARTS)), dtype=np.float32)
            return Scores(-np.arange(count, dtype=np.float32), no, np.zeros(len(LIKENESS), dtype=np.float32))
        crossed = np.asarray(seen.vector @ self.crossed, dtype=np.float32)
        crossed, pair = crossed[: len(LIKENESS)], crossed[len(LIKENESS) :]
        like = standing(seen.likeness, self.likeness.mean, self.likeness.scale)
        parts = np.column_stack([like @ self.likeness.weights, like @ crossed, seen.vectors @ pair]).astype(np.float32)
        total = self.order(seen.features) + parts.sum(axis=1) - parts[:, -1].mean()
        return Scores(np.asarray(total, dtype=np.float32), parts, np.asarray(crossed / self.likeness.scale))

    def select(self, seen: Examined, shown: int = CONSIDERED) -> Selection:
        """Look at the best paragraphs again; of the sentences, only at those of the first `shown` of them."""
        considered = seen.first(CONSIDERED)
        scores = self.scores(considered)
        order = np.argsort(-scores.total, kind="stable")
        wanted = [*order[: max(shown, 1)].tolist(), *range(len(order), len(seen.known))]
        told = self._sentences(seen, wanted, scores)
        row = confidence_row(considered, scores, max(told[int(order[0])], default=0.0))
        sure = float(sigmoid(self.confidence(row[np.newaxis]))[0]) if self.confidence else 0.0
        return Selection(tuple(order.tolist()), tuple(scores.likely[order].tolist()), tuple(told), sure)

    def _sentences(self, seen: Examined, wanted: Sequence[int], scores: Scores) -> list[tuple[float, ...]]:
        """For each paragraph how likely each of its sentences answers; 0 for those that are not wanted."""
        told = [(0.0,) * len(one.spans) for one in seen.known]
        if self.sentence is None:
            return told
        rows = np.vstack([seen.sentence_rows(place, scores) for place in wanted])
        likely = iter(sigmoid(self.sentence(rows)).tolist())
        for place in wanted:
            told[place] = tuple(itertools.islice(likely, len(told[place])))
        return told


def confidence_row(seen: Examined, scored: Scores, best_sentence: float) -> Vectors:
    """What is known of how sure the choice is: shape (len(CONFIDENCE),)."""
    scores, likely = scored.total, scored.likely
    order = np.argsort(-scores, kind="stable")
    first, second = int(order[0]), int(order[1]) if len(order) > 1 else None
    ranked = np.zeros(_MAX_LED, dtype=np.float32)
    ranked[: len(order)] = likely[order[:_MAX_LED]]
    behind = np.full(_MAX_LED, -2 * MAX_DEVIATIONS, dtype=np.float32)
    behind[: len(order)] = np.maximum(scores[order[:_MAX_LED]] - scores[first], -2 * MAX_DEVIATIONS)
    entropy = float(-(likely * np.log(likely + 1e-9)).sum())
    led = (ranked[0], ranked[0] - ranked[1], ranked[:3].sum(), entropy, first == 0, scores[first], best_sentence)
    places = (first, CONSIDERED if second is None else second)
    beside = np.zeros(len(MEETS), dtype=np.float32) if second is None else seen.meets[second]
    of_parts = scored.parts[first]
    next_ = np.sort(scored.parts, axis=0)[-2 if len(order) > 1 else -1]
    above = np.column_stack([of_parts, of_parts - scored.parts.mean(axis=0), of_parts - next_]).ravel()
    five = order[:_MAX_LED]
    decision = seen.known[first].paragraph.pinpoint.reference
    same = [place for place in five.tolist() if seen.known[place].paragraph.pinpoint.reference == decision]
    mass = (likely[five].sum(), likely[same].sum())
    of_choice = (led, seen.about, ranked, behind[1:], places, above, mass, _agreement(seen, likely, first, second))
    parts = (*of_choice, seen.features[first], seen.likeness[first], beside)
    return np.concatenate([np.asarray(part, dtype=np.float32) for part in parts])


def _agreement(seen: Examined, likely: Vectors, first: int, second: int | None) -> tuple[float, ...]:
    """How far the paragraphs say the same as the first."""
    cosines = seen.vectors @ seen.vectors[first]
    whole, rest = float(likely @ cosines), float(1 - likely[first])
    others = (whole - float(likely[first] * cosines[first])) / rest if rest > 1e-6 else 0.0
    near = float(likely[cosines > _AGREEING].sum())
    return (
        others,
        whole,
        near,
        float(likely[cosines > _AGREEING_WELL].sum()),
        0.0 if second is None else float(cosines[second]),
        float(seen.vector @ seen.vectors[first]),
        float(np.log(likely[first] + 1e-6)),
        float(np.log(near + 1e-6)),
    )


def sigmoid(values: Vectors) -> Vectors:
    """Shape (n,) → (n,), 0 to 1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))), dtype=np.float32)
