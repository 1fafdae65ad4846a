"""Dynamic batching: what several threads ask at the same time is computed together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

_MAX_BATCH = 32  # items computed at once
_Asked = TypeVar("_Asked")
_Found = TypeVar("_Found")


@dataclass(slots=True, eq=False)
class _Request(Generic[_Asked, _Found]):
    """What one thread asks. Woken without `found` or `error`, it is the one to compute."""

    asked: _Asked
    woken: threading.Event = field(default_factory=threading.Event)
    found: _Found | None = None
    error: BaseException | None = None


class DynamicBatcher(Generic[_Asked, _Found]):
    """Computes for several threads, in one batch all that came in while the batch before was being computed.

    A thread that asks alone waits for nobody and computes by itself. An error is that of the whole batch.
    """

    def __init__(self, compute: Callable[[list[_Asked]], list[_Found]]) -> None:
        self._compute = compute
        self._guard = threading.Lock()
        self._pending: list[_Request[_Asked, _Found]] = []
        self._busy = False

    def __call__(self, asked: _Asked) -> _Found:
        """Compute one item, together with others if there are any."""
        mine: _Request[_Asked, _Found] = _Request(asked)
        with self._guard:
            self._pending.append(mine)
            alone, self._busy = not self._busy, True
        if not alone:
            mine.woken.wait()
        if mine.found is None and mine.error is None:
            self._compute_next()
        if mine.error is not None:
            raise mine.error
        return cast(_Found, mine.found)

    def _compute_next(self) -> None:
        """Compute for those who wait longest; the caller is the first of them."""
        with self._guard:
            chosen, self._pending = self._pending[:_MAX_BATCH], self._pending[_MAX_BATCH:]
        try:
            for one, found in zip(chosen, self._compute([one.asked for one in chosen]), strict=True):
                one.found = found
        except BaseException as error:  # raised in each thread
            for one in chosen:
                one.error = error
        with self._guard:
            following = self._pending[:1]
            self._busy = bool(following)
        for one in (*following, *chosen[1:]):  # who is to compute first
            one.woken.set()
