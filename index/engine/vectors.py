"""The vectors of a segment in FAISS: exact while that is fast, then inverted lists; the only importer of faiss.

An index numbers its vectors by their places, 0 to one less than there are. The embeddings that it was made of stay
where they are, and are needed with it: inverted lists hold four bits for each two dimensions, which processors compare
many at once (André et al., Quick ADC, 2017), good enough to find what is near, and the embeddings then say how near.
So every cosine that is told is exact, whatever found it.
"""

from __future__ import annotations

import math
import os
import struct
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.arrays import Ids, Mask, Scores, Vectors
from index.embedding.types import Progress
from index.engine.checksums import Damaged
from index.engine.mmap_array import MmapArray

EXACT = "exact"
"""The kind of an index that compares a question with each of its vectors."""

EXACT_AT_MOST = 20_000
"""How many vectors are compared one by one with a question: what one core does in about 5 ms."""

COMPARED = 163_840
"""How many vectors of the lists nearest to a question are compared with it, where nothing is filtered and they are in
one segment."""

FEW = 2048
"""How many chosen vectors are read and compared one by one: with more, looking for them in the lists is faster."""

_BLOCK_VECTORS = 16_384  # vectors copied at a time
_MAX_COSINE_ERROR = 1e-5  # more than the cosines of faiss can be wrong
_MAX_NORM_ERROR = 1e-3  # more than the length of a unit vector can be wrong
_PER_CENTROID = 48  # vectors of the sample that the lists are made by, for each list
_ROUNDS = 4  # of k-means
_WIDENING = 0.75  # lists looked into grow as the share of the chosen falls, to this power: these may lie apart
_SPARE_VECTORS, _MIN_COMPARED = 64, 256  # more than are asked for, and at least so many, are compared exactly
_MIN_PQ_DIMENSIONS = 16  # dimensions; in fewer, what is farthest in all of them is not found by such codes
_READ_AHEAD_BYTES = 1 << 17  # bytes; of more at a time the system may leave out the rest
_PART_VECTORS = 2048  # vectors read at a time, here and there


@dataclass(frozen=True, slots=True)
class Chosen:
    """Some places of an index, made ready for searching among them; may be used from several threads.

    `bitmap` has one bit for each place, the lowest of a byte first; `few` the places themselves, ascending, if they
    are so few that each is compared.
    """

    count: int
    bitmap: npt.NDArray[np.uint8]
    few: Ids | None

    @classmethod
    def of(cls, mask: Mask, few: int = FEW) -> Chosen:
        """The places at which a mask of shape (rows,) is true."""
        count = int(np.count_nonzero(mask))
        places = np.flatnonzero(mask).astype(np.int64, copy=False) if count <= few else None
        return cls(count, np.packbits(mask, bitorder="little"), places)


class VectorIndex:
    """The vectors of a segment, open for searching; may be used from several threads."""

    def __init__(self, path: Path, rows: Ids, vectors: Vectors, compared: int = COMPARED) -> None:
        """Map what write_vectors wrote of the same `rows` and `vectors`; of each list the beginning is read.

        Raises OSError, RuntimeError, ValueError where it cannot be read, or is of others.
        """
        if hasattr(os, "posix_fadvise"):  # faiss would wait for one page of it after the other
            with path.open("rb") as file:
                for begin in range(0, os.fstat(file.fileno()).st_size, _READ_AHEAD_BYTES):
                    os.posix_fadvise(file.fileno(), begin, _READ_AHEAD_BYTES, os.POSIX_FADV_WILLNEED)
        self._name = f"{path.parent.name}/{path.name}"
        head = _flat_head(len(rows), vectors.shape[1])
        with path.open("rb") as file:
            if path.stat().st_size == len(head) + 4 * vectors.shape[1] * len(rows) and file.read(len(head)) != head:
                raise Damaged(f"{self._name} begins otherwise than was written")
        self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        self._rows, self._vectors, self._compared = rows, MmapArray(vectors), compared
        if self._index.ntotal != len(rows) or self._index.d != vectors.shape[1]:
            raise ValueError(f"{path.name} is not of these {len(rows)} vectors of {vectors.shape[1]} dimensions")
        self._lists = self._index.nlist if isinstance(self._index, faiss.IndexIVF) else 0

    def nearest(self, vector: Vectors, limit: int, chosen: Chosen | None = None) -> tuple[Ids, Scores]:
        """The places nearest to a unit vector of shape (dimension,), best first, with their exact cosines.

        With `chosen` only among these. At least `limit` if there are as many; where all are compared, also every other
        that is as near as the last, so that which are the first does not depend on their order.
        """
        available = self._index.ntotal if chosen is None else chosen.count
        if not min(limit, available):
            return np.empty(0, dtype=np.int64), np.empty(0)
        try:
            return self._nearest(vector, limit, available, chosen)
        except RuntimeError as error:  # what faiss makes of all that it cannot read
            raise Damaged(f"{self._name} cannot be searched ({error})") from error

    def _nearest(self, vector: Vectors, limit: int, available: int, chosen: Chosen | None) -> tuple[Ids, Scores]:
        faiss.omp_set_num_threads(1)  # of this thread; more wait for each other longer than they work
        if not self._lists:
            return self._ranked(self._by_scan(vector, min(limit, available), available, chosen), vector)
        if chosen is not None and chosen.few is not None:
            return self._ranked(self._by_comparing(vector, limit, chosen.few), vector)
        places, cosines = self._ranked(self._by_lists(vector, limit, available, chosen), vector)
        return places[:limit], cosines[:limit]

    def _by_scan(self, vector: Vectors, limit: int, available: int, chosen: Chosen | None) -> Ids:
        parameters = faiss.SearchParameters(sel=_selector(chosen))  # type: ignore[call-arg]
        query = np.ascontiguousarray(vector[np.newaxis], dtype=np.float32)
        wanted = min(limit + 1, available)
        cosines, places = self._index.search(query, wanted, params=parameters)
        if not (places.min() >= 0 and places.max() < len(self._rows) and np.isfinite(cosines).all()):
            raise Damaged(f"{self._name} has vectors of another length than 1")
        least = cosines[0][limit - 1] - _MAX_COSINE_ERROR
        if wanted > limit and cosines[0][-1] >= least:
            _, _, within = self._index.range_search(query, least, params=parameters)
            return np.asarray(within)
        return np.asarray(places[0][:limit])

    def _by_comparing(self, vector: Vectors, limit: int, places: Ids) -> Ids:
        if len(places) <= limit:
            return places
        places = places[np.argsort(self._rows[places], kind="stable")]  # the order that they are read in
        blocks = (places[start : start + _PART_VECTORS] for start in range(0, len(places), _PART_VECTORS))
        cosines = np.concatenate([self._vectors.gather(self._rows[block]) @ vector for block in blocks])
        least = np.partition(cosines, -limit)[-limit] - _MAX_COSINE_ERROR
        near: Ids = places[cosines >= least]
        return near

    def _by_lists(self, vector: Vectors, limit: int, available: int, chosen: Chosen | None) -> Ids:
        query = np.ascontiguousarray(vector[np.newaxis], dtype=np.float32)
        selector = _selector(chosen)
        every = self._index.ntotal
        share = min(1.0, self._compared / every * (every / available) ** _WIDENING)
        probed = math.ceil(self._lists * share)
        while True:
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probed)  # type: ignore[call-arg]
            _, places = self._index.search(
                query, min(max(_MIN_COMPARED, limit + _SPARE_VECTORS), available), params=parameters
            )
            found = np.asarray(places[0][places[0] >= 0])
            if len(found) >= min(limit, available) or probed == self._lists:
                return found
            probed = min(self._lists, 4 * probed)

    def _ranked(self, places: Ids, vector: Vectors) -> tuple[Ids, Scores]:
        """These places, best first, equals in their order.

        The cosines are added up again, each in the same way: faiss has several, and takes one by the place of a vector.
        """
        places = np.sort(places)
        cosines = np.empty(len(places))
        for start in range(0, len(places), _BLOCK_VECTORS):
            block = self._vectors.gather(self._rows[places[start : start + _BLOCK_VECTORS]])
            cosines[start : start + _BLOCK_VECTORS] = np.vecdot(block.astype(np.float64), vector.astype(np.float64))
        if not (np.abs(cosines) <= 1 + _MAX_NORM_ERROR).all():  # nor where it is no number
            raise Damaged("the embeddings have vectors of another length than 1")
        order = np.argsort(-cosines, kind="stable")
        return places[order], cosines[order]


def write_vectors(
    path: Path, rows: Ids, vectors: Vectors, progress: Progress | None = None, exact_at_most: int = EXACT_AT_MOST
) -> str:
    """Index the embeddings `vectors[rows]`, which are unit vectors; returns the kind of index. Raises OSError.

    `vectors` may be mapped, and far larger than memory. The same embeddings give the same file. Of unit vectors the
    inner product is the cosine. `progress` is told of the vectors that are in it.
    """
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    mapped = MmapArray(vectors)
    if len(rows) <= exact_at_most:
        _write_flat(path, rows, mapped, progress)
        return EXACT
    lists = _lists(len(rows))
    kind = _kind(lists, vectors.shape[1])
    index = faiss.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    assert isinstance(index, faiss.IndexIVF)
    index.cp.niter, index.cp.seed = _ROUNDS, 1
    index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = 1, _PER_CENTROID
    sample = np.random.default_rng(0).choice(len(rows), min(len(rows), _PER_CENTROID * lists), replace=False)
    index.train(_read(mapped, rows[np.sort(sample)]))
    for start in range(0, len(rows), _BLOCK_VECTORS):
        index.add(mapped.gather(rows[start : start + _BLOCK_VECTORS]))
        if progress is not None:
            progress(index.ntotal, len(rows))
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:  # what faiss makes of all errors of the system
        raise OSError(str(error)) from error
    return kind


def _read(vectors: MmapArray[np.float32], rows: Ids) -> Vectors:
    return np.concatenate(
        [vectors.gather(rows[start : start + _PART_VECTORS]) for start in range(0, len(rows), _PART_VECTORS)]
    )


def _lists(rows: int) -> int:
    """In how many lists so many vectors are put: a power of two near twice the square root."""
    return 1 << round(math.log2(2 * math.sqrt(rows)))


def _kind(lists: int, dimension: int) -> str:
    # Where dimensions are no pairs, or few, a byte for each, five times as slow.
    codes = "SQ8" if dimension % 2 or dimension < _MIN_PQ_DIMENSIONS else f"PQ{dimension // 2}x4fs"
    return f"IVF{lists},{codes}"


def _write_flat(path: Path, rows: Ids, vectors: MmapArray[np.float32], progress: Progress | None) -> None:
    """Write what faiss.write_index writes of an IndexFlatIP, without holding all of it."""
    count, dimension = len(rows), vectors.array.shape[1]
    with path.open("wb") as file:
        file.write(_flat_head(count, dimension))
        for start in range(0, count, _BLOCK_VECTORS):
            block = vectors.gather(rows[start : start + _BLOCK_VECTORS])
            file.write(np.ascontiguousarray(block, dtype="<f4").tobytes())
            if progress is not None:
                progress(start + len(block), count)


def _flat_head(count: int, dimension: int) -> bytes:
    """What stands before the vectors."""
    unused = 1 << 20
    # Kind, dimension, vectors, two fields without use, "is trained", inner product, floats that follow.
    return struct.pack("<4siqqq?iQ", b"IxFI", dimension, count, unused, unused, True, 0, count * dimension)


def _selector(chosen: Chosen | None) -> faiss.IDSelector | None:
    return None if chosen is None else faiss.IDSelectorBitmap(chosen.bitmap)  # type: ignore[call-arg, arg-type]
