"""The vector of every text that a model was ever given, kept over all versions, so that none is embedded twice.

    INDEX/embeddings-53aa51172d142c89/      the first 16 digits of the SHA-256 of the model's weights
        vectors             rows of float32, only ever appended to; each version has a hard link to it
        texts               SQLite: which text has which row; used by builds only

Rows are written and synchronised before their texts are entered, a block at a time: a killed build loses one block at
most, and rows without a text at the end of the file are written over.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embed import ModelFiles, Progress, Vectors
from index.versions import link, writes

_BLOCK = 1024  # texts
_VECTORS, _TEXTS = "vectors", "texts"
_PREFIX = "embeddings-"
_TABLES = """
CREATE TABLE text (key BLOB PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE about (stamp TEXT NOT NULL, rows INTEGER NOT NULL, dimension INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """The first rows of a file of vectors; `stamp` tells the file from one that was begun anew, with other texts.

    `dimension` is the length of each, 0 before the first.
    """

    path: Path
    stamp: str
    rows: int
    dimension: int


class Embeddings:
    """The vectors of one model, open for appending. Hold the index for writing as long as one is open."""

    def __init__(self, index: Path, model: ModelFiles, waiting: Path, needed: Rows | None = None) -> None:
        """Texts without a vector wait in the file `waiting`, which must not exist. Raises sqlite3.Error, OSError.

        What is damaged, or lacks the rows `needed`, is begun anew from these: they keep their places, and their texts
        are forgotten.
        """
        self._index = index
        self._folder = _folder_of(index, model.sha256)
        try:
            self._database, about = self._open()
            if needed is not None and (about[0] != needed.stamp or about[1] < needed.rows):
                self._database.close()
                raise ValueError("rows are missing")
        except (sqlite3.DatabaseError, ValueError) as error:
            if isinstance(error, sqlite3.OperationalError):  # not damaged, but not to be read or written now
                raise
            shutil.rmtree(self._folder)
            self._database, about = self._open(needed)
        self.stamp, self.rows, self.dimension = about
        self._database.execute("ATTACH ? AS aside", (str(waiting),))
        for setting in ("journal_mode = OFF", "synchronous = OFF"):  # nobody reads it after this process
            self._database.execute(f"PRAGMA aside.{setting}")
        self._database.execute("CREATE TABLE aside.waiting (row INTEGER PRIMARY KEY, key BLOB UNIQUE, text TEXT)")
        self._next = self.rows
        self._database.execute("BEGIN")

    def _open(self, begin: Rows | None = None) -> tuple[sqlite3.Connection, tuple[str, int, int]]:
        """The texts, and the stamp, the number of rows and the dimension of their vectors."""
        self._folder.mkdir(exist_ok=True)
        vectors = self._folder / _VECTORS
        database = sqlite3.connect(self._folder / _TEXTS, isolation_level=None)
        try:
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA cache_size = -65536")  # KiB
            if not database.execute("SELECT 1 FROM sqlite_master").fetchall():
                # A new file, not an empty one: versions may have the old one open.
                vectors.unlink(missing_ok=True)
                if begin is None:
                    vectors.touch()
                else:
                    link(begin.path, vectors)
                database.executescript(f"BEGIN; {_TABLES}")
                about = (begin.stamp, begin.rows, begin.dimension) if begin else (uuid.uuid4().hex, 0, 0)
                database.execute("INSERT INTO about VALUES (?, ?, ?)", about)
                database.execute("COMMIT")
            about = database.execute("SELECT stamp, rows, dimension FROM about").fetchone()
            if not vectors.exists() or vectors.stat().st_size < 4 * about[1] * about[2]:
                raise ValueError("vectors are missing")
        except BaseException:
            database.close()
            raise
        return database, about

    def row_of(self, text: str) -> int:
        """The row that a text has, or will have when what waits has been embedded."""
        key = hashlib.blake2b(text.encode(), digest_size=16).digest()
        for table in ("text", "waiting"):
            if found := self._database.execute(f"SELECT row FROM {table} WHERE key = ?", (key,)).fetchone():
                return int(found[0])
        self._database.execute("INSERT INTO waiting VALUES (?, ?, ?)", (self._next, key, text))
        self._next += 1
        return self._next - 1

    @property
    def waiting(self) -> int:
        """How many texts wait to be embedded."""
        return self._next - self.rows

    def embed(self, embed: Callable[[Sequence[str], Progress | None], Vectors], progress: Progress | None) -> None:
        """Embed what waits, a block at a time; `embed` and `progress` are as those of an Embedder.

        Raises IndexUnusable, and what `embed` raises; the blocks before are kept.
        """
        total, done = self.waiting, 0

        def tell(of_block: int, _: int) -> None:
            if progress is not None:
                progress(done + of_block, total)

        while self.waiting:
            block = self._database.execute(
                "SELECT key, text FROM waiting WHERE row >= ? ORDER BY row LIMIT ?", (self.rows, _BLOCK)
            ).fetchall()
            vectors = embed([text for _, text in block], tell)
            with writes(self._index):
                self._append([key for key, _ in block], vectors)
            done += len(block)

    def _append(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        dimension = vectors.shape[1]
        if vectors.shape != (len(keys), self.dimension or dimension):
            raise ValueError(f"the model made vectors of shape {vectors.shape}")
        with (self._folder / _VECTORS).open("r+b") as file:
            end = 4 * dimension * self.rows
            file.seek(end)
            try:
                file.write(np.ascontiguousarray(vectors, dtype="<f4").tobytes())
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), end)
                raise
        rows = range(self.rows, self.rows + len(keys))
        self._database.executemany("INSERT INTO text VALUES (?, ?)", zip(keys, rows, strict=True))
        self._database.execute("UPDATE about SET dimension = ?, rows = ?", (dimension, rows.stop))
        self._database.execute("COMMIT")
        self._database.execute("BEGIN")
        self.dimension, self.rows = dimension, rows.stop

    def read(self) -> Vectors:
        """All rows, memory-mapped: an array of shape (rows, dimension)."""
        return read_vectors(self._folder / _VECTORS, self.rows, self.dimension)

    def link(self, target: Path) -> None:
        """Give the rows a second name, under which a version reads them."""
        link(self._folder / _VECTORS, target)

    def close(self) -> None:
        """Forget what still waits."""
        self._database.close()


def read_vectors(path: Path, rows: int, dimension: int) -> Vectors:
    """The first `rows` of a file of vectors, memory-mapped: an array of shape (rows, dimension). Raises ValueError."""
    if not rows:
        return np.empty((0, max(dimension, 1)), dtype=np.float32)
    return np.memmap(path, dtype="<f4", mode="r", shape=(rows, dimension))


def clean_embeddings(index: Path, used: set[str]) -> None:
    """Delete the vectors of all models but those with these SHA-256. Hold the index for writing around it."""
    kept = {_folder_of(index, sha256) for sha256 in used}
    for folder in index.glob(f"{_PREFIX}*"):
        if folder not in kept:
            shutil.rmtree(folder)


def _folder_of(index: Path, sha256: str) -> Path:
    return index / f"{_PREFIX}{sha256[:16]}"
