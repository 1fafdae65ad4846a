"""The figures of an evaluation, as JSON and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from qa.evaluation.metrics import RANKING, AnswerMetrics, Calibration, Proportion, RankingMetrics


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of some questions: of a kind, or of all.

    `order` is None where none of them can be answered, `answers` where nothing was refused or told, as on plain
    passages. `p50` and `p95` are the milliseconds within which half of the questions, and 95% of them, were answered.
    """

    name: str
    questions: int
    order: RankingMetrics | None
    answers: AnswerMetrics | None
    p50: float
    p95: float

    def as_json(self) -> dict[str, Any]:
        """All figures by their names; null where there is nothing to measure."""
        return {
            "questions": self.questions,
            **(self.order.as_json() if self.order else dict.fromkeys(RANKING)),
            **(self.answers.as_json() if self.answers else {}),
            "p50_ms": round(self.p50, 1),
            "p95_ms": round(self.p95, 1),
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """What an evaluation found: a row for each kind of question, and one for all.

    `reasons` has for each reason to refuse how many of those questions were refused, and how many for that reason.
    `calibration` is of the probability that the first paragraph answers.
    """

    kinds: tuple[Row, ...]
    all: Row
    reasons: tuple[tuple[str, Proportion, Proportion], ...] = ()
    calibration: Calibration | None = None

    def as_json(self) -> dict[str, Any]:
        """`{"all": …, "kinds": {kind: …}, "reasons": {reason: …}, "calibration": …}`."""
        return {
            "all": self.all.as_json(),
            "kinds": {row.name: row.as_json() for row in self.kinds},
            "reasons": {
                name: {"refused": refused.as_json(), "for_this_reason": told.as_json()}
                for name, refused, told in self.reasons
            },
            "calibration": self.calibration.as_json() if self.calibration else None,
        }

    def as_table(self) -> str:
        """A line for each kind, the last for all; then the answer box, the reasons, and the reliability diagram."""
        parts = [as_table([*self.kinds, self.all])]
        if any(row.answers for row in (*self.kinds, self.all)):
            parts.append(as_box_table([*self.kinds, self.all]))
        if self.reasons:
            lines = [["refused for", "refused", "of these for this reason"]]
            lines += [[name, _with_interval(refused), _with_interval(told)] for name, refused, told in self.reasons]
            parts.append(_aligned(lines))
        if self.calibration is not None:
            parts.append(self.calibration.as_text("the first paragraph answers"))
        return "\n\n".join(parts)


def as_table(rows: Sequence[Row]) -> str:
    """Rows as a text with aligned columns under two lines of headings."""
    answers = any(row.answers for row in rows)
    heads = ["kind", "questions", "nDCG@10", "recall@5", "recall@10", "success@3", "MAP@10"]
    heads += ["refusal precision", "refusal recall", "answerable refused", "told_or marked"] if answers else []
    heads += ["p50_ms", "p95_ms"]
    above = [[part.replace("_", " ") for part in (["", *head.split()])[-2:]] for head in heads]
    return _aligned(
        [[upper for upper, _ in above], [lower for _, lower in above], *(_cells(row, answers) for row in rows)]
    )


def as_box_table(rows: Sequence[Row]) -> str:
    """What the answer box tells, a line for each row."""
    lines = [["answer box", "right", "full", "wrong", "silent", "on unanswerable"]]
    for row in rows:
        if row.answers:
            found = row.answers
            shares = (found.right, found.full, found.wrong, found.silent, found.boxed)
            lines.append([row.name, *map(_with_interval, shares)])
    return _aligned(lines)


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _cells(row: Row, answers: bool) -> list[str]:
    order = [f"{figure:.3f}" for figure in astuple(row.order)] if row.order else ["-"] * len(RANKING)
    cells = [row.name, str(row.questions), *order]
    if answers and row.answers:
        found = row.answers
        cells += [_with_interval(found.precision), _with_interval(found.recall)]
        counted = (found.answerable_refused, found.told_or_marked)
        cells += [f"{share.count}/{share.of}" if share.of else "-" for share in counted]
    return [*cells, f"{row.p50:.1f}", f"{row.p95:.1f}"]


def _with_interval(share: Proportion) -> str:
    if share.share is None or share.interval is None:
        return "-"
    return f"{share.share:.2f} ({share.interval[0]:.2f}–{share.interval[1]:.2f})"
