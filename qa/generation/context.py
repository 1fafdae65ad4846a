"""The paragraphs that a language model is shown, each under a handle. No store, no model."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

from index.decisions import Paragraph, Reference


class DecisionHeader(Hashable, Protocol):
    """What is needed of the decision that a paragraph stands in, be it whole or the entry of a catalogue."""

    @property
    def reference(self) -> Reference: ...  # noqa: D102
    @property
    def body(self) -> str: ...  # noqa: D102
    @property
    def category(self) -> str | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class ContextParagraph:
    """A paragraph that a language model is shown; by its `handle`, `P` and a number, the model cites it."""

    handle: str
    paragraph: Paragraph
    decision: DecisionHeader

    def __post_init__(self) -> None:
        if not re.fullmatch("P[1-9][0-9]*", self.handle):
            raise ValueError(f"{self.handle!r} is no handle; one looks like P3")

    @property
    def citation(self) -> str:
        """As it goes into a letter."""
        return self.paragraph.pinpoint.cite(self.decision.body, self.paragraph.numbering)
