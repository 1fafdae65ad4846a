"""The kinds of arrays that modules hand each other, and what is done with arrays everywhere. No I/O but load_array."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Spans = npt.NDArray[np.int32]
"""Shape (n, 2): where each of `n` stretches of a text begins and ends, in characters."""
Ids = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float64]

_LOADING = threading.Lock()


def load_array(file: Path | BinaryIO, mode: Literal["r"] | None = None) -> npt.NDArray[Any]:
    """An array as numpy saves it, mapped in a `mode` of numpy. Raises OSError, EOFError, ValueError.

    One at a time: numpy reads the head by `ast.literal_eval`, and before Python 3.12.1 the depth of what is read so is
    counted for all threads together, and then found wrong (SystemError, python/cpython#106905).
    """
    with _LOADING:
        array: npt.NDArray[Any] = np.load(file, mmap_mode=mode)
    return array


def concat_ranges(starts: Ids, lengths: Ids) -> Ids:
    """The ranges of numbers from each of `starts` on, as long as `lengths` says, in one array."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(ends[-1] if len(ends) else 0)
