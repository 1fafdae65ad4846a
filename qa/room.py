"""Room for so much work at once; whoever comes when it is full is told so, instead of being kept waiting for long."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from qa.errors import Busy


class Room:
    """So much work in it at once; the threads of a process share it.

    Processes do not: one that is killed while it works would leave less room for ever.
    """

    def __init__(self, at_once: int, saying: str) -> None:
        """`saying` is what whoever finds no room is told."""
        self._free = threading.Semaphore(at_once)
        self._saying = saying

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place to work in, for a block. Raises Busy at once where there is none."""
        if not self._free.acquire(False):
            raise Busy(self._saying)
        try:
            yield
        finally:
            self._free.release()
