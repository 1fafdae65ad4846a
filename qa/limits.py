"""A limit on how much is worked on at once. Whoever comes when it is reached gets an error soon, and need not wait."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TypeVar

from qa.errors import Busy

_T = TypeVar("_T")

_TIMES_FREE = 4  # as many slots as are left may one client have; where others come, none has much more than they


class ConcurrencyLimit:
    """So much work in it at once; the threads of a process share it.

    A client has at most some times as many slots as it leaves to others, and never the last, unless it has none: alone
    it has most of the slots, and the more who come, the less each of them has. (A. K. Choudhury and E. L. Hahne,
    "Dynamic queue length thresholds for shared-memory packet switches", 1998.) Where fewer are at work than have a
    slot, the next is one of the client that has fewest at work, so that nobody waits for all that another asks.

    Processes do not share it: one that is killed while it works would take its slot for ever.
    """

    def __init__(self, at_once: int, saying: str, at_work: int | None = None) -> None:
        """`saying` is what whoever finds no room is told. Of those in it `at_work` work, or all."""
        self._left = at_once
        self._at_work = at_once if at_work is None else at_work
        self._saying = saying
        self._of: Counter[str] = Counter()
        self._working: Counter[str] = Counter()
        self._waiting: dict[str, deque[Callable[[], object]]] = {}  # who had a turn last is last
        self._lock = threading.Lock()

    @contextmanager
    def slot(self, client: str = "") -> Iterator[None]:
        """A slot for a client to work in, for a block. Raises Busy at once where there is none.

        Whoever is not told apart from others, as an empty name, may have all of them.
        """
        self.take(client)
        try:
            turn = threading.Event()
            self.begin(turn.set, client)
            turn.wait()
            try:
                yield
            finally:
                self.end(client)
        finally:
            self.give_back(client)

    def take(self, client: str = "") -> None:
        """Take a slot, until it is given back. Raises Busy as `slot` does."""
        with self._lock:
            has = self._of[client] if client else 0
            if not self._left or (has and has >= _TIMES_FREE * (self._left - 1)):
                raise Busy(self._saying)
            self._left -= 1
            self._of[client] += 1

    def give_back(self, client: str = "") -> None:
        """Give back a slot that was taken."""
        with self._lock:
            self._left += 1
            _less(self._of, client)

    def begin(self, work: Callable[[], object], client: str = "") -> None:
        """Have `work` called when it is the turn of whoever has taken a slot: now, or as another ends."""
        with self._lock:
            if self._working.total() >= self._at_work:
                self._waiting.setdefault(client, deque()).append(work)
                return
            self._working[client] += 1
        work()

    def end(self, client: str = "") -> None:
        """Give the turn to another."""
        with self._lock:
            _less(self._working, client)
            if not self._waiting:
                return
            following = min(self._waiting, key=lambda one: self._working[one])
            turns = self._waiting.pop(following)
            work = turns.popleft()
            if turns:
                self._waiting[following] = turns
            self._working[following] += 1
        work()


class Workers:
    """Threads that work by turns of those who ask for it."""

    def __init__(self, threads: int, at_once: int, saying: str, name: str) -> None:
        """There are so many `threads`, and of what they are given `at_once` is being done or waits; see above.

        Raises RuntimeError where they cannot be started.
        """
        self._limit = ConcurrencyLimit(at_once, saying, threads)
        self._pool = ThreadPoolExecutor(threads, name)
        # All are started now: where none could be started later, what was asked would wait for ever.
        started = threading.Barrier(threads + 1)
        try:
            for _ in range(threads):
                self._pool.submit(started.wait)
        except RuntimeError:
            started.abort()
            raise
        started.wait()

    def submit(self, call: Callable[[], _T], client: str = "") -> Future[_T]:
        """Have a thread make a call for a client. Raises Busy at once where there is no slot for it."""
        self._limit.take(client)
        future = Future[_T]()

        def work() -> None:
            try:
                if future.set_running_or_notify_cancel():
                    future.set_result(call())
            except BaseException as error:
                future.set_exception(error)
            finally:
                self._limit.end(client)
                self._limit.give_back(client)

        def begin() -> None:
            with suppress(RuntimeError):  # the process ends
                self._pool.submit(work)

        self._limit.begin(begin, client)
        return future


def _less(count: Counter[str], of: str) -> None:
    count[of] -= 1
    if not count[of]:
        del count[of]
