"""The files of embeddings as a version reads them: vectors and tokens of each text, memory-mapped.

vectors             a row of float32 for each text
tokens              its tokens, 8 bits for each direction of `projection`
sentences           how many tokens stand in each of its sentences, 16 bits
ends                for each text where its tokens and its sentences end, 64 bits
projection.npy      the directions in which tokens are kept, see index.engine.late_interaction
blocks              the checksums of what was appended, a block at a time
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.arrays import Vectors, concat_ranges, load_array
from index.engine.checksums import Part, open_file
from index.engine.late_interaction import Interaction, Projection, interact
from index.engine.mmap_array import MmapArray

_CHUNK_TOKENS = 8192  # tokens of texts compared with a question; more would not stay in the caches of a core
VECTORS, TOKENS, SENTENCES, ENDS, PROJECTION = "vectors", "tokens", "sentences", "ends", "projection.npy"
GROWING = (VECTORS, TOKENS, SENTENCES, ENDS)
BLOCKS = "blocks"
STRUCTURE = {ENDS, SENTENCES}
"""The files that say where something stands in others."""
_MAX_FILE_BYTES = 1 << 63  # bytes of a file


@dataclass(frozen=True, slots=True)
class Block:
    """What was appended for the rows from `first` to before `last`: a part of each growing file that is sound."""

    first: int
    last: int
    parts: tuple[Part, ...]

    @classmethod
    def read(cls, folder: Path) -> list[Block]:
        """Those of the embeddings of a version, in their order. Raises OSError, ValueError."""
        try:
            with open_file(folder / BLOCKS) as file:
                return [cls.of(folder, *block) for block in json.loads(file.readall())]
        except (TypeError, RecursionError) as error:
            raise ValueError("blocks are damaged") from error

    @classmethod
    def of(cls, folder: Path, first: int, last: int, parts: Mapping[str, tuple[int, int, str]]) -> Block:
        """Raises ValueError where what was read is none."""
        block = cls(first, last, _parts(folder, parts))
        if type(first) is not int or type(last) is not int or not 0 <= first <= last:
            raise ValueError("blocks are damaged")
        return block

    def as_json(self) -> tuple[int, int, dict[str, tuple[int, int, str]]]:
        """As it is kept."""
        parts = {own_name(part): (part.begin, part.end, part.sha256) for part in self.parts}
        return self.first, self.last, parts


def _parts(folder: Path, parts: object) -> tuple[Part, ...]:
    if not isinstance(parts, dict) or not parts.keys() <= set(GROWING):
        raise ValueError("blocks are damaged")
    found = []
    for name, part in parts.items():
        match part:
            case [int(begin), int(end), str(sha256)] if 0 <= begin <= end < _MAX_FILE_BYTES:
                found.append(Part(f"{folder.name}/{name}", begin, end, sha256))
            case _:
                raise ValueError("blocks are damaged")
    return tuple(found)


class EmbeddingReader:
    """The embeddings of a version, memory-mapped; may be used from several threads."""

    def __init__(self, folder: Path, rows: int, dimension: int, most: int = 0) -> None:
        """Where texts end is read into memory if that is `most` bytes. Raises OSError, ValueError."""
        self.vectors: Vectors = _map(folder / VECTORS, "<f4", (rows, dimension))
        """Shape (rows, dimension), each row of length 1."""
        self._ends = _map(folder / ENDS, "<i8", (rows, 2))
        if self._ends.nbytes <= most:
            self._ends = self._ends.copy()
        self.tokens = int(self._ends[-1, 0]) if rows else 0
        self.sentences = int(self._ends[-1, 1]) if rows else 0
        """How many there are in all rows, as of `tokens`."""
        self._projection = read_projection(folder) if rows else Projection(np.eye(dimension, dtype=np.float32))
        if len(self._projection.matrix) != dimension:
            raise ValueError("the projection is another model's")
        self._codes: MmapArray[np.int8] = MmapArray(_map(folder / TOKENS, "i1", (self.tokens, self._projection.width)))
        self._read = MmapArray(self.vectors)
        self._counts = _map(folder / SENTENCES, "<u2", (self.sentences,))

    def interact(self, question: Vectors, weights: Vectors, rows: npt.NDArray[np.int64]) -> Interaction:
        """Late interaction of a question with the texts in these rows, shape (texts,).

        `question` has the vectors of its tokens, shape (q, dimension), `weights` shape (q,) and sum 1.
        """
        starts = self._ends[rows - 1] * (rows > 0)[:, np.newaxis]
        (first, first_sentence), (tokens, sentences) = starts.T, (self._ends[rows] - starts).T
        counts = self._counts[concat_ranges(first_sentence, sentences)].astype(np.int64)
        question = self._projection.project(question)
        return interact(question, weights, self._codes.parts(first, tokens, _CHUNK_TOKENS), counts, sentences)

    def vectors_of(self, rows: npt.NDArray[np.int64]) -> Vectors:
        """The vectors of these rows, read where they lie: shape (texts, dimension)."""
        return self._read.gather(rows)


def _map(path: Path, kind: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """The beginning of a file as an array; nothing of it can be mapped where the array is empty."""
    # numpy would count in 64 bits, and make something of a number that damage has made.
    if min(shape) < 0 or path.stat().st_size < math.prod(shape) * np.dtype(kind).itemsize:
        raise ValueError(f"{path.name} is too short")
    return np.asarray(np.memmap(path, kind, "r", shape=shape)) if math.prod(shape) else np.empty(shape, kind)


def read_projection(folder: Path) -> Projection:
    """The projection of a folder of embeddings. Raises OSError, ValueError."""
    try:
        matrix = load_array(folder / PROJECTION)
    except EOFError as error:
        raise ValueError("the projection is empty") from error
    if not isinstance(matrix, np.ndarray) or matrix.ndim != 2 or matrix.dtype != np.float32:
        raise ValueError("the projection is none")
    return Projection(matrix)


def own_name(part: Part) -> str:
    """The name of the file of a part, without its folder."""
    return part.name.rpartition("/")[2]
