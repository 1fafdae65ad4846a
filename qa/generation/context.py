"""The paragraphs that a language model is shown, each under a handle. No store, no model."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.decisions import Decision, DecisionEntry, Paragraph

DecisionHeader = Decision | DecisionEntry
"""The decision that a paragraph stands in, whole or the entry of a catalogue."""


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
