"""Arrays that are mapped from files, and may be larger than memory: rows of them are read here and there.

What is not in memory comes in when it is touched: each place only when the one before is there, and as much around it
as the system reads ahead. It is therefore told of all the places first, and reads them beside each other. And what was
touched is let go of, or all of the file would come to count as memory of this process; it stays where the system keeps
files, while that has room.
"""

from __future__ import annotations

import contextlib
import mmap
import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from index.arrays import Ids, concat_ranges

_Item = TypeVar("_Item", bound=np.generic)

_LARGE_BYTES = 1 << 30  # bytes; what is smaller is soon in memory as a whole, and may stay there
_MAX_PLACES_TOUCHED = 2048  # places read before their pages are let go of; around each some 60 KiB are mapped
_MAX_GAP_BYTES = 1 << 16  # bytes between two places; so many are sooner read than left out


class MmapArray(Generic[_Item]):
    """An array of rows, memory-mapped from the beginning of a file or not; threads share it."""

    def __init__(self, array: npt.NDArray[_Item], large: int = _LARGE_BYTES) -> None:
        """The system is told what will be read, and what may go, of arrays of `large` bytes and more."""
        self.array = array
        self._mapping = _mapping(array) if array.nbytes >= large and not array.flags.writeable else None
        self._lock = threading.Lock()
        self._touched = 0

    def gather(self, starts: Ids, lengths: Ids | None = None) -> npt.NDArray[_Item]:
        """The rows that begin at `starts`, shape (n,), so many from each, shape (n,); one from each without lengths."""
        self._read_ahead(starts, np.ones_like(starts) if lengths is None else lengths)
        rows: npt.NDArray[_Item] = self.array.take(
            starts if lengths is None else concat_ranges(starts, lengths), axis=0
        )
        self._let_go(len(starts))
        return rows

    def parts(self, starts: Ids, lengths: Ids, most: int) -> Iterator[npt.NDArray[_Item]]:
        """The same in parts of whole runs: of `most` rows, and as many of its last run as are beyond them."""
        self._read_ahead(starts, lengths)
        begins = np.cumsum(lengths) - lengths
        try:
            for run in np.split(np.arange(len(starts)), np.flatnonzero(np.diff(begins // most)) + 1):
                yield self.array.take(concat_ranges(starts[run], lengths[run]), axis=0)
        finally:
            self._let_go(len(starts))

    def _read_ahead(self, starts: Ids, lengths: Ids) -> None:
        if self._mapping is None:
            return
        size = self.array.nbytes // len(self.array)
        begins = starts[lengths > 0] * size
        order = np.argsort(begins)
        begins = begins[order]
        ends = np.maximum.accumulate(begins + lengths[lengths > 0][order] * size)
        apart = np.flatnonzero(begins[1:] > ends[:-1] + _MAX_GAP_BYTES) + 1
        firsts = begins[np.concatenate(([0], apart))[: len(begins)]] // mmap.PAGESIZE * mmap.PAGESIZE
        lasts = ends[np.concatenate((apart, [len(ends)]))[: len(begins)] - 1]
        with contextlib.suppress(OSError):  # it is advice
            for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
                self._mapping.madvise(mmap.MADV_WILLNEED, first, last - first)

    def _let_go(self, places: int) -> None:
        """Of all that was touched, when so many places more make it enough."""
        if self._mapping is None:
            return
        with self._lock:
            self._touched += places
            if is_full := self._touched >= _MAX_PLACES_TOUCHED:
                self._touched = 0
        if is_full:
            self._mapping.madvise(mmap.MADV_DONTNEED)


def _mapping(array: npt.NDArray[np.generic]) -> mmap.mmap | None:
    """The mapping that an array is a view of, if the system can be told anything about it."""
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) and hasattr(base, "madvise") else None
