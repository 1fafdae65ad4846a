"""Where things stand in a text, for who asks of many places. Pure."""

from __future__ import annotations

import bisect
from collections.abc import Iterable


class Spans:
    """The spans of some things in a text, in order: where each begins and where it ends."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        every = list(spans)
        self.starts, self.ends = [start for start, _ in every], [end for _, end in every]

    def any_around(self, at: int) -> bool:
        """Whether one of them, of which none overlaps another, has a character at a place."""
        before = bisect.bisect_right(self.starts, at) - 1
        return before >= 0 and at < self.ends[before]

    def any_between(self, start: int, end: int) -> bool:
        """Whether one stands between two places."""
        at = bisect.bisect_left(self.starts, start)
        return at < len(self.ends) and self.ends[at] <= end
