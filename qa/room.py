"""Room for so much work at once; whoever comes when it is full is told so, instead of being kept waiting for long."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from qa.errors import Busy


class Room:
    """So much work in it at once; the threads of a process share it.

    Processes do not: one that is killed while it works would leave less room for ever.
    """

    def __init__(self, at_once: int, saying: str, of_one: int | None = None) -> None:
        """`saying` is what whoever finds no room is told; of one client there is room for `of_one`, at least one."""
        self._left = at_once
        self._of_one = at_once if of_one is None else max(1, of_one)
        self._saying = saying
        self._of: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def place(self, client: str = "") -> Iterator[None]:
        """A place for a client to work in, for a block. Raises Busy at once where there is none."""
        with self._lock:
            if not self._left or (client and self._of[client] >= self._of_one):
                raise Busy(self._saying)
            self._left -= 1
            self._of[client] += 1
        try:
            yield
        finally:
            with self._lock:
                self._left += 1
                self._of[client] -= 1
                if not self._of[client]:
                    del self._of[client]
