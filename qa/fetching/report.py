"""What a run of fetching did: an item for each decision, and what it took. Nothing is fetched or printed here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from index.decisions import Reference

What = Literal["listed", "fetched", "changed", "moved", "unchanged", "gone", "removed", "refused", "postponed"]
"""`listed`: to be fetched; `gone`: missing at the site, not yet for a day; `postponed`: to be tried again."""
WHATS: tuple[What, ...] = get_args(What)

TROUBLES: tuple[What, ...] = ("gone", "refused", "postponed")
"""What somebody should look at."""
TO_BUILD: tuple[What, ...] = ("fetched", "changed", "moved", "removed")
"""What a build has to follow."""


@dataclass(frozen=True, slots=True)
class Item:
    """A decision and what became of it; `reason` is a sentence where there is something to say."""

    reference: Reference
    what: What
    url: str | None = None
    reason: str = ""


@dataclass(slots=True)
class Report:
    """What a run did. `listed` counts what the lists showed of what was wanted, `held` those of them that were there
    already, `pending` what is still to be fetched. With `is_partial` lists were read only as far as a limit needed.

    `stopped` says why a run ended before its end, empty where it did not. Of `seconds` in all, `waited` passed without
    a request for the site's sake, and `answering` until the site had answered.
    """

    items: list[Item] = field(default_factory=list)
    listed: int = 0
    held: int = 0
    pending: int = 0
    is_partial: bool = False
    stopped: str = ""
    is_forbidden: bool = False
    requests: int = 0
    seconds: float = 0.0
    waited: float = 0.0
    answering: float = 0.0

    @property
    def counts(self) -> dict[What, int]:
        """How many items there are of each kind."""
        counts = dict.fromkeys(WHATS, 0)
        for item in self.items:
            counts[item.what] += 1
        return counts

    @property
    def exit_code(self) -> int:
        """0 done; 1 where something was not got, or nothing found; 2 where the site forbids what was asked."""
        if self.is_forbidden:
            return 2
        counts = self.counts
        return 1 if self.stopped or counts["refused"] or counts["postponed"] or not (self.items or self.listed) else 0

    @property
    def seconds_of_program(self) -> float:
        """Those that neither waiting nor the site took."""
        return max(0.0, self.seconds - self.waited - self.answering)

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "counts": self.counts,
            "listed": self.listed,
            "held": self.held,
            "pending": self.pending,
            "partial": self.is_partial,
            "stopped": self.stopped or None,
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
            "seconds_waited": round(self.waited, 3),
            "seconds_of_the_site": round(self.answering, 3),
            "decisions": [
                {"reference": item.reference.text, "what": item.what, "url": item.url, "reason": item.reason or None}
                for item in self.items
            ],
        }
