"""What was answered last, kept in memory for whoever asks the same again."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")

_MAX_ANSWERS = 256  # answers
_MAX_PARAGRAPHS = 10_000  # paragraphs in all of them, some 30 MB
_MAX_SECONDS_UNASKED = 600.0


class AnswerCache(Generic[_T]):
    """The answers that were asked for last; threads share it.

    What was asked is not kept: it is known again by a digest, under a key that only this object has. What has not been
    asked for within some `seconds` is let go as soon as anything is asked, and before that what was asked for longest
    ago, where there are more than `most` answers or they weigh more than `heaviest`.
    """

    def __init__(
        self,
        most: int = _MAX_ANSWERS,
        heaviest: int = _MAX_PARAGRAPHS,
        seconds: float = _MAX_SECONDS_UNASKED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._heaviest, self._seconds, self._clock = most, heaviest, seconds, clock
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._answers: OrderedDict[bytes, tuple[_T, int, float]] = OrderedDict()
        self._weight = 0

    def get(self, *asked: object) -> _T | None:
        """The answer to what is asked, by values whose `repr` tells them apart; None where none is kept."""
        digest, now = self._digest(asked), self._clock()
        with self._lock:
            self._let_go(now)
            if digest not in self._answers:
                return None
            answer, weight, _ = self._answers.pop(digest)
            self._answers[digest] = answer, weight, now
            return answer

    def put(self, answer: _T, weight: int, *asked: object) -> None:
        """Keep the answer to what is asked; `weight` is how many paragraphs it holds."""
        digest, now = self._digest(asked), self._clock()
        with self._lock:
            if digest in self._answers:  # asked by two at once
                self._weight -= self._answers.pop(digest)[1]
            self._answers[digest] = answer, weight, now
            self._weight += weight
            self._let_go(now)

    def _let_go(self, now: float) -> None:
        while self._answers:
            _, weight, used = next(iter(self._answers.values()))
            is_full = len(self._answers) > self._most or self._weight > self._heaviest
            if not is_full and now - used < self._seconds:
                return
            self._answers.popitem(last=False)
            self._weight -= weight

    def _digest(self, asked: tuple[object, ...]) -> bytes:
        return hashlib.blake2b(repr(asked).encode(), key=self._key, digest_size=16).digest()
