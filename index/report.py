"""What a build, an addition or a removal did, file by file. No files are read or written here."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, Self

from index.decisions import Decision, Numbering, Reference, Unit, Verdict
from index.parsing.roles import unnamed_headings

Status = Literal["taken", "changed", "unchanged", "rejected", "removed"]
STATUSES: tuple[Status, ...] = ("taken", "changed", "unchanged", "rejected", "removed")


@dataclass(frozen=True, slots=True)
class Item:
    """A file and what became of it; what is not known of its decision is None. `paragraphs` counts its `unit`.

    `reason` says why it was rejected or removed, else it is empty. `proof` reaches to paragraph `proved_to`. `doubts`
    are the reasons for inferred numbers and `contradictions` where the decision's own words speak against its numbers,
    a sentence each. `unnamed` are the headings whose words tell no role, see index.parsing.roles.unnamed_headings.
    """

    name: str
    status: Status
    reason: str = ""
    reference: Reference | None = None
    body: str | None = None
    paragraphs: int | None = None
    numbering: Numbering | None = None
    proof: Verdict | None = None
    doubts: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    proved_to: int | None = None
    unnamed: tuple[str, ...] = ()
    unit: Unit = "paragraph"

    @classmethod
    def of(cls, name: str, status: Status, decision: Decision) -> Self:
        """The item of a file that holds a decision."""
        contradictions = tuple(said.reason for said in decision.cross_references if said.verdict == "contradicts")
        return cls(
            name, status, "", decision.reference, decision.body, len(decision.paragraphs), decision.numbering,
            decision.proof, decision.doubts, contradictions, decision.proved_to,
            unnamed_headings([paragraph.section for paragraph in decision.paragraphs]), decision.unit,
        )  # fmt: skip


@dataclass(slots=True)
class Report:
    """An item for each file in the order of their names, then those removed; and what came of it all.

    Of a build, `decisions`, `inferred` (those of them whose numbers are) and `paragraphs` count what the index holds
    now; of an addition or a removal, what was named. `vectors` tells by how they are searched, see
    index.engine.vectors, how many vectors the index has. `loading` is the part of `seconds` in which the model was
    loaded, None where it was not. `damage` says what of the version before was damaged, so that it was built anew;
    empty where nothing was.
    """

    items: list[Item] = field(default_factory=list)
    version: str | None = None
    changed: bool = False
    embedded: int = 0
    decisions: int = 0
    inferred: int = 0
    paragraphs: int = 0
    seconds: float = 0.0
    loading: float | None = None
    damage: str = ""
    vectors: dict[str, int] = field(default_factory=dict)

    def of(self, *statuses: Status) -> list[Item]:
        """The items with one of these."""
        return [item for item in self.items if item.status in statuses]

    @property
    def counts(self) -> dict[Status, int]:
        """How many items have each status."""
        counts = dict.fromkeys(STATUSES, 0)
        for item in self.items:
            counts[item.status] += 1
        return counts

    @property
    def unnamed(self) -> Counter[str]:
        """In how many of the decisions each heading stands whose words tell no role, whatever its capitals."""
        spellings: dict[str, str] = {}
        found: Counter[str] = Counter()
        for item in self.of("taken", "changed", "unchanged"):
            found.update({spellings.setdefault(heading.casefold(), heading) for heading in item.unnamed})
        return found

    @property
    def rejected(self) -> dict[str, str]:
        """The reason for each file that was rejected, by its name."""
        return {item.name: item.reason for item in self.of("rejected")}

    def summed(self, started: float, *statuses: Status) -> Self:
        """The report with its time, and with the counts of the decisions whose items have one of these statuses."""
        counted = self.of(*statuses)
        self.decisions = len(counted)
        self.inferred = sum(item.numbering == "inferred" for item in counted)
        self.paragraphs = sum(item.paragraphs or 0 for item in counted)
        self.seconds = time.monotonic() - started
        return self
