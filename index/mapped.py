"""Arrays that are mapped from files, and may be larger than memory: rows of them are read here and there.

What is not in memory comes in when it is touched, each place only when the one before is there, with 128 KiB around it.
Where a question reads the tokens of 160 texts out of 33 GB, that took 0.3 to 4 seconds; the system is therefore told of
all the places first, and reads them beside each other: 5 milliseconds. And what was touched is let go of, or the whole
file would come to count as memory of this process; it stays where the system keeps files, while that has room.
"""

from __future__ import annotations

import mmap
import threading
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from index.columns import Ids, spread

_Item = TypeVar("_Item", bound=np.generic)

_LARGE = 1 << 30  # bytes; what is smaller is soon in memory as a whole
_TOUCHED = 2048  # places read before their pages are let go of; the system maps some 300 KiB for each


class Mapped(Generic[_Item]):
    """An array of rows, memory-mapped from the beginning of a file or not; threads share it."""

    def __init__(self, array: npt.NDArray[_Item], large: int = _LARGE) -> None:
        """From so many bytes on, `large`, the system is told what will be read."""
        self.array = array
        self._mapping = None if array.flags.writeable else _mapping(array)
        self._is_large = array.nbytes >= large
        self._lock = threading.Lock()
        self._touched = 0

    def take(self, starts: Ids, lengths: Ids | None = None) -> npt.NDArray[_Item]:
        """The rows that begin at `starts`, shape (n,), so many from each, shape (n,); one from each without lengths."""
        if self._mapping is not None and self._is_large and len(starts) <= _TOUCHED:
            self._read_ahead(self._mapping, starts, np.ones_like(starts) if lengths is None else lengths)
        rows: npt.NDArray[_Item] = self.array[starts if lengths is None else spread(starts, lengths)]
        if self._mapping is not None:
            with self._lock:
                self._touched += len(starts)
                if is_full := self._touched >= _TOUCHED:
                    self._touched = 0
            if is_full:
                self._mapping.madvise(mmap.MADV_DONTNEED)
        return rows

    def _read_ahead(self, mapping: mmap.mmap, starts: Ids, lengths: Ids) -> None:
        size = self.array.nbytes // len(self.array)
        begins = starts * size // mmap.PAGESIZE * mmap.PAGESIZE
        for begin, end in zip(begins.tolist(), ((starts + lengths) * size).tolist(), strict=True):
            if end > begin:
                mapping.madvise(mmap.MADV_WILLNEED, begin, end - begin)


def _mapping(array: npt.NDArray[np.generic]) -> mmap.mmap | None:
    """The mapping that an array is a view of, if the system can be told anything about it."""
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) and hasattr(base, "madvise") else None
