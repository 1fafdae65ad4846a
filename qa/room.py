"""Room for so much work at once; whoever comes when it is full is told so, instead of being kept waiting for long."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.errors import Busy

if TYPE_CHECKING:
    from multiprocessing.synchronize import Semaphore


class Room:
    """So much work in it at once; threads share it, and the processes that are forked when it has been made."""

    def __init__(self, at_once: int, saying: str) -> None:
        """`saying` is what whoever finds no room is told."""
        self._free: Semaphore | threading.Semaphore
        try:
            self._free = multiprocessing.get_context("fork").Semaphore(at_once)
        except (ImportError, OSError, ValueError):  # nothing that processes could share, or no forking
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
