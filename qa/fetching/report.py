"""What a run of fetching did: an item for each decision, and what it took. Nothing is fetched or printed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from index.decisions import Reference
from qa.presentation import count

What = Literal["listed", "fetched", "changed", "moved", "unchanged", "gone", "removed", "refused", "postponed"]
"""`listed`: to be fetched; `gone`: missing at the site, not yet for a day; `postponed`: to be tried again."""
WHATS: tuple[What, ...] = get_args(What)

_MAX_NAMED = 40  # decisions of a kind; the others are counted
_TROUBLE: tuple[What, ...] = ("gone", "refused", "postponed")
_TO_BUILD: tuple[What, ...] = ("fetched", "changed", "moved", "removed")


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

    def lines(self) -> Iterator[str]:
        """What is printed for people of what was done."""
        for what in WHATS:
            items = [item for item in self.items if item.what == what and what not in ("unchanged", *_TROUBLE)]
            for item in items[:_MAX_NAMED]:
                about = item.reason if what == "listed" else f"{what}. {item.reason}".strip()
                yield " ".join(filter(None, (f"{item.reference}:", about, item.url)))
            if len(items) > _MAX_NAMED:
                yield f"… and {len(items) - _MAX_NAMED:,} more {what}."
        counts = self.counts
        shown = [f"{counts[what]:,} {what}" for what in WHATS if counts[what]]
        if self.held:
            shown.append(f"{self.held:,} held already")
        yield f"{', '.join(shown).capitalize() or 'Nothing was fetched'}."
        yield (
            f"{count(self.requests, 'request')} in {self.seconds:,.1f} s: {self.waited:,.1f} s waiting out of "
            f"politeness, {self.answering:,.1f} s for the site’s answers, {self.seconds_of_program:,.1f} s at work."
        )
        if (self.pending or self.is_partial) and not self.stopped:
            more = "More than " if self.is_partial else ""
            yield f"{more}{count(self.pending, 'decision')} still to be fetched; run decision-qa fetch to go on."
        if any(counts[what] for what in _TO_BUILD):
            yield "Run decision-qa build to bring the index up to date."

    def troubles(self) -> Iterator[str]:
        """What is printed for people of what went wrong."""
        items = [item for item in self.items if item.what in _TROUBLE]
        for item in items[:_MAX_NAMED]:
            yield f"{item.reference}: {item.what}. {item.reason}"
        if len(items) > _MAX_NAMED:
            yield f"… and {len(items) - _MAX_NAMED:,} more."
        if self.stopped:
            yield self.stopped
