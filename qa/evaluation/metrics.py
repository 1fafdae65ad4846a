"""The measures of a ranking, of what is answered and refused, and of probabilities. Pure: nothing is asked here."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, TypeVar

import numpy as np

DEPTH = 10
"""How many hits are asked for and judged."""

_WILSON = 1.959964  # standard deviations that hold 95% of a normal distribution

K = TypeVar("K", bound=Hashable)


# The measures: of a ranking, best first and nothing in it twice, against the grades of what is relevant.


def ndcg(ranking: Sequence[K], grades: Mapping[K, int], depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain of the first `depth`, 0 to 1: what is good should stand high.

    The gain of a grade is 2^grade - 1, discounted by log2(rank + 1); the ideal order is that of all that is relevant.
    Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (2002), with the gains of Burges et al.,
    Learning to rank using gradient descent (2005).
    """
    ideal = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(one, 0) for one in ranking[:depth]]) / ideal if ideal else 0.0


def _gain(grades: Iterable[int]) -> float:
    return math.fsum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def recall(ranking: Sequence[K], wanted: Collection[K], depth: int) -> float:
    """The share of what is wanted that is among the first `depth`."""
    return sum(one in wanted for one in ranking[:depth]) / len(wanted)


def average_precision(ranking: Sequence[K], wanted: Collection[K], depth: int = DEPTH) -> float:
    """The mean, over all that is wanted, of the precision at the rank of each; 0 for what is beyond `depth`.

    More than `depth` cannot be found, so where more is wanted the mean is over `depth`.
    """
    found, precisions = 0, 0.0
    for rank, one in enumerate(ranking[:depth], 1):
        if one in wanted:
            found += 1
            precisions += found / rank
    return precisions / min(len(wanted), depth)


@dataclass(frozen=True, slots=True)
class RankingMetrics:
    """How good the order of the hits is, each figure from 0 to 1: of one question, or the mean over several.

    Recall and success are of the paragraphs that answer (grade 2), or where none does, of those that help. Success is
    whether one of them is among the first three. The average precision is of all that is relevant.
    """

    ndcg_10: float
    recall_5: float
    recall_10: float
    success_3: float
    average_precision_10: float

    @classmethod
    def of(cls, ranking: Sequence[K], grades: Mapping[K, int]) -> RankingMetrics:
        """Judge one ranking; `grades` must not be empty."""
        best = {one for one, grade in grades.items() if grade == 2} or set(grades)
        return cls(
            ndcg(ranking, grades),
            recall(ranking, best, 5),
            recall(ranking, best, 10),
            float(recall(ranking, best, 3) > 0),
            average_precision(ranking, grades),
        )

    @classmethod
    def mean(cls, orders: Sequence[RankingMetrics]) -> RankingMetrics | None:
        """The mean of each figure; None of nothing."""
        return cls(*np.mean([astuple(order) for order in orders], axis=0).tolist()) if orders else None

    def as_json(self) -> dict[str, float]:
        """The figures by their names."""
        return dict(zip(RANKING, (round(figure, 4) for figure in astuple(self)), strict=True))


RANKING = ("ndcg@10", "recall@5", "recall@10", "success@3", "map@10")
"""The names of the figures of a ranking, in the order of the fields."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """How many of how many."""

    count: int
    of: int

    @classmethod
    def among(cls, outcomes: Collection[bool]) -> Proportion:
        """The share of those that are true."""
        return cls(sum(outcomes), len(outcomes))

    @property
    def share(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share lies with 95% confidence, as far as so few tell; None of nothing.

        Wilson, Probable inference, the law of succession, and statistical inference (1927).
        """
        if not self.of:
            return None
        share, squared = self.count / self.of, _WILSON**2 / self.of
        centre = share + squared / 2
        spread = math.sqrt(squared * (share * (1 - share) + squared / 4))
        low, high = (centre - spread) / (1 + squared), (centre + spread) / (1 + squared)
        return max(low, 0.0), min(high, 1.0)

    def as_json(self) -> dict[str, Any]:
        """The share with its interval, rounded."""
        interval = self.interval
        return {
            "count": self.count,
            "of": self.of,
            "share": None if self.share is None else round(self.share, 4),
            "interval": None if interval is None else [round(bound, 4) for bound in interval],
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far probabilities are what they say: in each tenth how many there are, their mean, and the share that held.

    `error` is the expected calibration error: the mean over all of how far the two are apart. Naeini, Cooper and
    Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning (2015).
    """

    bins: tuple[tuple[int, float, float], ...]
    error: float

    @classmethod
    def of(cls, probabilities: Sequence[float], held: Sequence[bool]) -> Calibration:
        """From probabilities, 0 to 1, and whether what each was given for held."""
        tenths = np.minimum((np.asarray(probabilities) * 10).astype(int), 9)
        bins = []
        for tenth in range(10):
            chosen = [place for place in range(len(held)) if tenths[place] == tenth]
            said = float(np.mean([probabilities[place] for place in chosen])) if chosen else 0.0
            came = float(np.mean([held[place] for place in chosen])) if chosen else 0.0
            bins.append((len(chosen), said, came))
        apart = math.fsum(count * abs(said - came) for count, said, came in bins)
        return cls(tuple(bins), apart / max(len(held), 1))

    def as_json(self) -> dict[str, Any]:
        """The error, and the tenths that hold anything."""
        return {
            "expected_calibration_error": round(self.error, 4),
            "bins": [
                {"count": count, "said": round(said, 4), "held": round(came, 4)}
                for count, said, came in self.bins
                if count
            ],
        }

    def as_text(self, what: str) -> str:
        """A reliability diagram: a line for each tenth, a bar for the share that held, a mark at what was said."""
        lines = [f"How far “{what}” is as likely as said (expected calibration error {self.error:.3f}):"]
        for count, said, came in self.bins:
            if count:
                bar = list(("█" * round(came * 40)).ljust(41))
                bar[round(said * 40)] = "|"
                lines.append(f"  said {said:.2f}  held {came:.2f}  {''.join(bar)} {count:>5}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class AnswerMetrics:
    """How well questions are refused, and what the answers tell.

    `precision` is of the questions that were refused, how many rightly; `recall` of those that should be, how many
    were. Of the answerable questions: `right`, how many had an answer box whose first paragraph answers, `wrong`, whose
    does not, `silent`, how many had none; `full`, of those with a judged sentence, how many had it in the box, and
    `told_or_marked`, how many had it there or highlighted in a paragraph that is shown. `boxed` is of the questions
    that should be refused, how many got a box.
    """

    precision: Proportion
    recall: Proportion
    answerable_refused: Proportion
    right: Proportion
    full: Proportion
    wrong: Proportion
    silent: Proportion
    boxed: Proportion
    told_or_marked: Proportion

    def as_json(self) -> dict[str, Any]:
        """The shares by their names."""
        return {
            "refusal_precision": self.precision.as_json(),
            "refusal_recall": self.recall.as_json(),
            "answerable_refused": self.answerable_refused.as_json(),
            "box_right": self.right.as_json(),
            "box_full": self.full.as_json(),
            "box_wrong": self.wrong.as_json(),
            "box_silent": self.silent.as_json(),
            "box_on_unanswerable": self.boxed.as_json(),
            "told_or_marked": self.told_or_marked.as_json(),
        }
