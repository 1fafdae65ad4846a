"""Follows the published version of an index, and checks it in the background."""

from __future__ import annotations

import contextlib
import gc
import logging
import math
import os
import sys
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path

from index.embedding.model_files import ModelFiles
from index.engine.versions import damaged, published
from index.errors import IndexMismatch, IndexUnusable, NoIndex, kind_and_place
from index.store import Store

_LOWEST_PRIORITY = 19  # priority
_CHECK_SECONDS = 3600.0  # seconds between two checks of all that is not in memory
_RETRY_SECONDS = 60.0  # seconds until a version that could not be taken up is tried again
_CLOSE_SECONDS = 10.0  # seconds between two looks whether anybody still has a version that another took the place of

_log = logging.getLogger(__name__)


class LatestStore:
    """The version that is published when it is asked for, so that a server need not restart after a build."""

    def __init__(self, index: Path, model: ModelFiles | None = None, verify_in_background: bool = False) -> None:
        """With `model`, a version that was built with another one is not taken up.

        With `verify_in_background`, all of a version that was taken up is read by a thread of the lowest priority, then
        what is not in memory every hour, until another takes its place.
        """
        self._index = index
        self._model = model
        self._verifies = verify_in_background
        self._superseded = threading.Event()
        self._store: Store | None = None
        self._seen: tuple[str, int, int] | None = None
        self._again = math.inf  # when a version that could not be taken up is tried again
        self._lock = threading.Lock()

    def get(self) -> Store:
        """Open the published version unless it is open already. Raises IndexUnusable.

        Who has an older version keeps it until done with it. A version that cannot be used does not take the place of
        one that can; it is tried again after a minute, for what was in the way may have passed.
        """
        with self._lock:
            seen = _identity(self._index)
            is_new = seen is not None and (seen != self._seen or time.monotonic() > self._again)
            if self._store is None or is_new:
                self._again = math.inf
                try:
                    store = Store.open(self._index)
                    if self._model is not None:
                        store.check_model(self._model)
                    self._take_up(store)
                except IndexUnusable as error:
                    if self._store is None or self._store.damage:
                        raise
                    if not isinstance(error, NoIndex):  # as while an index is made anew
                        _log.warning("decision-qa: %s Version %s goes on.", error, self._store.version)
                    if not isinstance(error, IndexMismatch):
                        self._again = time.monotonic() + _RETRY_SECONDS
                self._seen = seen
            assert self._store is not None
            if self._store.damage:
                raise damaged(self._store.version, self._store.damage)
            return self._store

    def _take_up(self, store: Store) -> None:
        self._superseded.set()
        before, self._store = self._store, store
        if self._verifies:
            if before is not None:
                threading.Thread(target=_let_go, args=(weakref.ref(before),), name="let go", daemon=True).start()
            self._superseded = threading.Event()
            weakref.finalize(store, self._superseded.set)
            asked = (weakref.ref(store), self._superseded)
            threading.Thread(target=_verify, args=asked, name="verify", daemon=True).start()


def _let_go(reference: weakref.ref[Store]) -> None:
    """Have a version closed soon after its last use: a page that was rendered leaves cycles that hold what it told, and
    with them text that may have been removed since.
    """
    while reference() is not None:
        gc.collect()
        time.sleep(_CLOSE_SECONDS)


class _Superseded(Exception):
    """Another version is read now."""


def _verify(reference: weakref.ref[Store], superseded: threading.Event) -> None:
    """Have a version marked while it is damaged, beside whoever uses it; that it is tells what is asked of it next.

    Nobody's version is kept open for it while it waits.
    """

    def tell(_: int) -> None:
        if superseded.is_set():
            raise _Superseded

    if sys.platform == "linux":  # elsewhere threads have no priority of their own, and the number may be a process's
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST_PRIORITY)
    with contextlib.suppress(_Superseded):
        check: Callable[[Store, Callable[[int], object]], None] = Store.verify
        while (store := reference()) is not None:
            try:
                check(store, tell)
                store.damage, pause = "", _CHECK_SECONDS
                check = Store.verify_again
            except IndexUnusable:  # what was read wrongly may be right again, and what the machine lacks be there
                pause, check = _RETRY_SECONDS, Store.verify_again
            except Exception as error:
                if isinstance(error, _Superseded):
                    raise
                _log.warning("decision-qa: The index could not be checked (%s).", kind_and_place(error))
                pause, check = _RETRY_SECONDS, Store.verify_again
            del store
            if superseded.wait(pause):
                return


def _identity(index: Path) -> tuple[str, int, int] | None:
    """Tells published versions apart even where an index was deleted and its numbers began again."""
    while (version := published(index)) is not None:
        with contextlib.suppress(FileNotFoundError):
            status = version.stat()
            return version.name, status.st_ino, status.st_mtime_ns
    return None
