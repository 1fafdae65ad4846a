"""Fetching a whole site, and what is new on it: how long it takes beside what politeness takes, and how much it holds.

The site is an imitation on this machine. The pauses between requests are counted, but not waited for.
"""

from __future__ import annotations

import datetime
import os
import time
from pathlib import Path
from typing import Any

from synthetic.site import ImitatedSite

from index.catalogue import Filter
from index.decisions import Reference
from index.store import Store
from measuring.memory import disk, memory_of
from qa.fetching.fetch import Request, opened
from qa.fetching.polite import SystemTime
from qa.fetching.walk import Selection

NEW = 20
"""Decisions that are published after all others were fetched."""


class _Skipping(SystemTime):
    """The time of this machine, in which whoever waits has waited at once."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def monotonic(self) -> float:
        """Seconds since some moment, those that were waited for among them."""
        return time.monotonic() + self._skipped

    def sleep(self, seconds: float) -> None:
        """Count them."""
        self._skipped += seconds


def fetch_site(site: str, decisions: str, is_new: bool) -> dict[str, Any]:
    """Fetch all of a site but the newest, or, when those are there, these; call it in a process of its own.

    `own` are the seconds that the program took, `answering` those in which the site answered, `waited` those of
    politeness; `peak` is the most memory in MB, that of the site on this machine within it.
    """
    folder = Path(decisions)
    folder.mkdir(parents=True, exist_ok=True)
    with ImitatedSite(Path(site)) as imitated:
        if not is_new:
            for path in imitated.paths[:NEW]:
                imitated.hide(path)
        everything = Selection(date_from=datetime.date(2000, 1, 1))
        request = Request(is_new=True, recheck=0) if is_new else Request(selection=everything)
        with opened(folder, imitated.url, "someone@example.org", clock=_Skipping()) as fetcher:
            report = fetcher.run(request)
        if report.stopped:
            raise RuntimeError(report.stopped)
    got = [item for item in report.items if item.what in ("fetched", "changed")]
    return {
        "fetched": len(got), "refused": len(report.items) - len(got), "requests": report.requests,
        "own": report.seconds - report.waited - report.answering, "answering": report.answering,
        "waited": report.waited, "peak": memory_of(os.getpid())["peak"],
        "disk": sum(entry.stat().st_size for entry in os.scandir(folder) if entry.is_file()) / 1e6,
        "newest": [str(item.reference) for item in got][:NEW],
    }  # fmt: skip


def find_fetched(index: str, references: list[str]) -> dict[str, Any]:
    """Open an index and search in it for each of some decisions by what only it says."""
    begun = time.monotonic()
    store = Store.open(Path(index))
    missing = []
    for reference in references:
        decision = store.decision(Reference(reference))
        texts = sorted((place.text for place in decision.places()), key=len, reverse=True)
        firsts = (store.search_bm25(text, 1, Filter()) for text in texts)
        entries = (entry for found in firsts for _, entry in store.paragraphs([identity for identity, _ in found]))
        if all(entry.reference != decision.reference for entry in entries):
            missing.append(reference)
    return {"seconds": time.monotonic() - begun, "missing": missing, "disk": sum(disk(Path(index)).values())}
