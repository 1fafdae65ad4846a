"""What a model made of every text that it was ever given, kept over all versions, so that none is embedded twice.

    INDEX/embeddings-4-…-53aa51172d142c89/  the format, the grammar of sentences, and what the SHA-256 of the model's
                                            weights begins with
        vectors             a row of float32 for each text
        tokens              its tokens, 8 bits for each direction of `projection`
        sentences           how many tokens stand in each of its sentences, 16 bits
        ends                for each text where its tokens and its sentences end, 64 bits
        projection.npy      the directions in which tokens are kept, see index.engine.late_interaction
        texts               SQLite: which text has which row, and the checksums of blocks; used by builds only

The first four are only ever appended to; each version has hard links to them. Rows are written and synchronised before
their texts are entered, a block at a time: a killed build loses one block at most, and rows without a text at the end
of the files are written over.

What is appended to a file with a block has a checksum, and a version has those of its blocks in `embeddings/blocks`.
Where a block is damaged, its texts are forgotten, and embedded again when they are asked for; its rows stay, and nobody
uses them.

Nothing here has words, but what a model made of the texts of decisions that were removed stays here, and in all later
versions, as long as the folder: to have it gone, delete the folder and build anew (`decision-qa build --purge`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.arrays import Vectors
from index.embedding.model_files import ModelFiles
from index.embedding.types import Embedder, Embedding, Progress
from index.engine.checksums import damages, is_same, sha256_of
from index.engine.embedding_files import (
    BLOCKS,
    ENDS,
    GROWING,
    PROJECTION,
    SENTENCES,
    TOKENS,
    VECTORS,
    Block,
    EmbeddingReader,
    own_name,
    read_projection,
)
from index.engine.late_interaction import Codes, Counts, Projection, by_sentence
from index.engine.versions import link, writes
from index.errors import DecisionQAError, ModelError, kind_and_place
from index.memory import is_short, reports_shortage
from index.text.sentences import GRAMMAR, sentence_spans

_BLOCK_TEXTS = 1024  # texts


_TEXTS = "texts"
_USED_BY_ALL = {ENDS}  # of which every row says where the next one begins


_MAX_SENTENCE_TOKENS = 0xFFFF  # of a sentence; models read a few hundred
_PREFIX = "embeddings-"
_PROBE_TEXT = "The Council was at fault."  # a text at which no model that works fails
_MAX_NORM_ERROR = 1e-3  # more than the square of the length of a unit vector can be wrong
_FORMAT = 4  # raised with every change to what is kept of a text
_TABLES = """
CREATE TABLE text (key BLOB PRIMARY KEY, row INTEGER NOT NULL, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE block (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, parts TEXT NOT NULL);
CREATE TABLE about (stamp TEXT NOT NULL, rows INTEGER NOT NULL, dimension INTEGER NOT NULL, projection TEXT);
"""
_About = tuple[str, int, int, str | None]


@dataclass(frozen=True, slots=True)
class Rows:
    """The first rows of a folder of embeddings; `embeddings_id` tells it from one that was begun anew, with other
    texts.

    `dimension` is the length of each vector, 0 before the first.
    """

    path: Path
    embeddings_id: str
    rows: int
    dimension: int


class EmbeddingWriter:
    """The embeddings of one model, open for appending. Hold the index for writing as long as one is open."""

    def __init__(self, index: Path, model: ModelFiles, pending: Path, needed: Rows | None = None) -> None:
        """Texts without a vector wait in the file `pending`, which must not exist. Raises sqlite3.Error, OSError.

        What is damaged so that no row can be used, or lacks the rows `needed`, is begun anew from these: they keep
        their places, and their texts are forgotten, as are those of single blocks that are damaged. The rows `needed`
        must be sound.
        """
        self._index = index
        self._folder = _folder_of(index, model.sha256)
        try:
            self._database, about = self._open()
            try:
                if needed is not None and (about[0] != needed.embeddings_id or about[1] < needed.rows):
                    raise ValueError("rows are missing")
                self._forget_damaged(needed)
            except BaseException:
                self._database.close()
                raise
        except (sqlite3.DatabaseError, ValueError) as error:
            if isinstance(error, sqlite3.OperationalError):  # not damaged, but not to be read or written now
                raise
            shutil.rmtree(self._folder)
            self._database, about = self._open(needed)
        self.embeddings_id, self.rows, self.dimension, _ = about
        self._checked = self.rows  # and so many were found to be sound, or are those of the version
        self._database.execute("ATTACH ? AS aside", (str(pending),))
        for setting in ("journal_mode = OFF", "synchronous = OFF"):  # nobody reads it after this process
            self._database.execute(f"PRAGMA aside.{setting}")
        self._database.execute("CREATE TABLE aside.pending (row INTEGER PRIMARY KEY, key BLOB UNIQUE, text TEXT)")
        self._next = self.rows
        self._database.execute("BEGIN")

    def _open(self, begin: Rows | None = None) -> tuple[sqlite3.Connection, _About]:
        """The texts; the id of the embeddings, the number of rows, the dimension of vectors and the SHA-256 of the
        projection.
        """
        self._folder.mkdir(exist_ok=True)
        database = sqlite3.connect(self._folder / _TEXTS, isolation_level=None)
        try:
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA cache_size = -65536")  # KiB
            if not database.execute("SELECT 1 FROM sqlite_master").fetchall():
                # New files, not emptied ones: versions may have the old ones open.
                for name in (*GROWING, PROJECTION):
                    (self._folder / name).unlink(missing_ok=True)
                if begin is not None:
                    _link_all(begin.path, self._folder)
                for name in GROWING:
                    (self._folder / name).touch()
                database.executescript(f"BEGIN; {_TABLES}")
                about: _About = (uuid.uuid4().hex, 0, 0, None)
                if begin is not None:
                    projection = sha256_of(self._folder / PROJECTION) if begin.rows else None
                    about = (begin.embeddings_id, begin.rows, begin.dimension, projection)
                    _enter(database, Block.read(begin.path))
                database.execute("INSERT INTO about VALUES (?, ?, ?, ?)", about)
                database.execute("COMMIT")
            if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("texts are damaged")
            about = database.execute("SELECT stamp, rows, dimension, projection FROM about").fetchone()
            if about is None or [type(value) for value in about[:3]] != [str, int, int]:
                raise sqlite3.DatabaseError("texts are damaged")
            try:
                EmbeddingReader(self._folder, about[1], about[2])
                if about[1] and sha256_of(self._folder / PROJECTION) != about[3]:
                    raise ValueError("the projection is damaged")
            except OSError as error:
                raise ValueError("rows are missing") from error
        except BaseException:
            database.close()
            raise
        return database, about

    def _forget_damaged(self, needed: Rows | None) -> None:
        """Forget the texts of blocks that are damaged. Raises ValueError where no row can be used.

        Of the rows that are needed a file that is damaged is replaced by that of the version, if it has all rows.
        """
        sound, known = 0, set[str]()
        if needed is not None:
            sound = needed.rows
            known = {name for name in GROWING if is_same(self._folder / name, needed.path / name)}
        blocks = self._blocks()
        held = self._database.execute("SELECT rows FROM about").fetchone()[0]
        if [0, *(block.last for block in blocks)] != [*(block.first for block in blocks), held]:
            raise ValueError("blocks are missing")
        for block in blocks:
            is_needed = block.last <= sound
            # What is linked from the version was found to be sound with it.
            asked = [part for part in block.parts if not (is_needed and own_name(part) in known)]
            bad = {part for part in asked if any(damages(self._index, [part]))}
            if bad and needed is not None and block.first < sound:
                if sound < held:
                    raise ValueError("rows are damaged that are needed")
                for name in map(own_name, bad):
                    (self._folder / name).unlink()
                    link(needed.path / name, self._folder / name)
                    known.add(name)
            elif bad:
                left = tuple(part for part in block.parts if part not in bad)
                if _USED_BY_ALL & set(map(own_name, bad)):
                    raise ValueError("rows are damaged")
                # The texts first: a build that is killed in between finds the damage again.
                self._database.execute("DELETE FROM text WHERE row >= ? AND row < ?", (block.first, block.last))
                _enter(self._database, [replace(block, parts=left)])

    def _blocks(self) -> list[Block]:
        rows = self._database.execute("SELECT first, last, parts FROM block ORDER BY first").fetchall()
        try:
            return [Block.of(self._folder, first, last, json.loads(parts)) for first, last, parts in rows]
        except RecursionError as error:
            raise ValueError("blocks are damaged") from error

    def row_of(self, text: str) -> int:
        """The row that a text has, or will have when what waits has been embedded."""
        key = hashlib.blake2b(text.encode(), digest_size=16).digest()
        found = self._database.execute("SELECT row, digest FROM text WHERE key = ?", (key,)).fetchone()
        if found and found[1] == _digest(key, found[0]):
            return int(found[0])
        if found := self._database.execute("SELECT row FROM pending WHERE key = ?", (key,)).fetchone():
            return int(found[0])
        self._database.execute("INSERT INTO pending VALUES (?, ?, ?)", (self._next, key, text))
        self._next += 1
        return self._next - 1

    @property
    def pending(self) -> int:
        """How many texts wait to be embedded."""
        return self._next - self.rows

    def embed(self, embedder: Embedder, progress: Progress | None) -> None:
        """Embed what waits, a block at a time; `progress` is told of all of it.

        Raises IndexUnusable, ModelError, what the embedder raises at whatever text, and, when all else is embedded,
        NotEmbedded: the rows are then others than were given, so nothing but closing is left. What is embedded is kept.
        """
        start, total, done = self.rows, self.pending, 0
        faults: dict[str, str] = {}

        def tell(of_block: int, _: int) -> None:
            if progress is not None:
                progress(done + of_block, total)

        while done < total:
            block = self._database.execute(
                "SELECT key, text FROM pending WHERE row >= ? ORDER BY row LIMIT ?", (start + done, _BLOCK_TEXTS)
            ).fetchall()
            made = _embedded(embedder, [text for _, text in block], tell)
            done += len(block)
            faults |= {text: how for (_, text), how in zip(block, made, strict=True) if isinstance(how, str)}
            keys = [key for (key, _), one in zip(block, made, strict=True) if isinstance(one, Embedding)]
            texts = [text for (_, text), one in zip(block, made, strict=True) if isinstance(one, Embedding)]
            embeddings = [one for one in made if isinstance(one, Embedding)]
            if not embeddings:
                continue
            dimension = len(embeddings[0].vector)
            if any(len(embedding.vector) != (self.dimension or dimension) for embedding in embeddings):
                raise ModelError(f"The model made vectors of {dimension} numbers; those held have {self.dimension}.")
            # Without rows none is in use: what an interrupted build left may be torn.
            projection = read_projection(self._folder) if self.rows else Projection.of(embedder, dimension)
            with writes(self._index):
                if not self.rows:
                    self._save(projection)
                self._append(keys, _appended(texts, embeddings, projection), dimension)
        if faults:
            raise NotEmbedded(faults)

    def _save(self, projection: Projection) -> None:
        """It is entered with the first block."""
        path = self._folder / PROJECTION
        path.unlink(missing_ok=True)
        try:
            with path.open("xb") as file:
                np.save(file, projection.matrix)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise

    def _append(self, keys: Sequence[bytes], block: _Appended, dimension: int) -> None:
        held = self.read()
        before = (held.tokens, held.sentences)
        width = block.codes.shape[1]
        parts = {}
        with contextlib.ExitStack() as undo:
            for name, start, content in (
                (VECTORS, 4 * dimension * self.rows, block.vectors.astype("<f4")),
                (TOKENS, width * before[0], block.codes),
                (SENTENCES, 2 * before[1], block.counts.astype("<u2")),
                (ENDS, 16 * self.rows, (block.ends + before).astype("<i8")),
            ):
                undo.callback(os.truncate, self._folder / name, start)
                written = content.tobytes()
                parts[name] = start, start + len(written), hashlib.sha256(written).hexdigest()
                with (self._folder / name).open("r+b") as file:
                    file.seek(start)
                    file.write(written)
                    file.flush()
                    os.fsync(file.fileno())
            undo.pop_all()
        rows = range(self.rows, self.rows + len(keys))
        self._database.executemany(
            "INSERT OR REPLACE INTO text VALUES (?, ?, ?)",
            ((key, row, _digest(key, row)) for key, row in zip(keys, rows, strict=True)),
        )
        _enter(self._database, [Block.of(self._folder, rows.start, rows.stop, parts)])
        if not self.rows:
            self._database.execute("UPDATE about SET projection = ?", (sha256_of(self._folder / PROJECTION),))
        self._database.execute("UPDATE about SET dimension = ?, rows = ?", (dimension, rows.stop))
        self._database.execute("COMMIT")
        self._database.execute("BEGIN")
        self.dimension, self.rows = dimension, rows.stop

    def read(self) -> EmbeddingReader:
        """All rows, memory-mapped."""
        return EmbeddingReader(self._folder, self.rows, self.dimension)

    def link(self, target: Path) -> None:
        """Make a folder under which a version reads the rows, with the checksums of their blocks.

        What was not checked since it was written, or had to be copied, is now. Raises ValueError where it is damaged.
        """
        target.mkdir()
        _link_all(self._folder, target)
        blocks = self._blocks()
        linked = {name for name in GROWING if is_same(self._folder / name, target / name)}
        parts = [
            replace(part, name=own_name(part))
            for block in blocks
            for part in block.parts
            if block.last > self._checked or own_name(part) not in linked
        ]
        for found in damages(target, parts):
            raise ValueError(f"the new {found}")
        (target / BLOCKS).write_text(json.dumps([block.as_json() for block in blocks]), encoding="utf-8")

    def close(self) -> None:
        """Forget what still waits."""
        self._database.close()


class NotEmbedded(Exception):
    """The model fails at some texts, and at others it does not; `faults` tells how, by the text."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(f"{len(faults)} texts")
        self.faults = faults


def _embedded(embedder: Embedder, texts: Sequence[str], tell: Progress) -> list[Embedding | str]:
    """What the model makes of each, or how it fails there. Raises NotEnoughMemory, ModelError, and what it raises at
    whatever text.
    """
    with reports_shortage("embed the texts"):
        try:
            return [*_proved(embedder.embed(texts, tell))]
        except Exception as error:
            if is_short(error) or isinstance(error, DecisionQAError):
                raise
            if isinstance(_each(embedder, [_PROBE_TEXT])[0], str):
                raise
            return _each(embedder, texts)


def _each(embedder: Embedder, texts: Sequence[str]) -> list[Embedding | str]:
    """The same without a look at other texts; all together first, for what failed may have done so for a moment."""
    try:
        return [*_proved(embedder.embed(texts))]
    except Exception as error:
        if is_short(error) or isinstance(error, DecisionQAError):
            raise
        half = len(texts) // 2
        return _each(embedder, texts[:half]) + _each(embedder, texts[half:]) if half else [kind_and_place(error)]


def _proved(embeddings: list[Embedding]) -> list[Embedding]:
    """Raises ValueError where one is no unit vector, as no reader of an index would take it."""
    for one in embeddings:
        if not abs(float(one.vector @ one.vector) - 1) < _MAX_NORM_ERROR:  # nor where it is no number
            raise ValueError("a vector of another length than 1")
    return embeddings


def _enter(database: sqlite3.Connection, blocks: Iterable[Block]) -> None:
    """Enter blocks, in place of those with the same rows."""
    rows = (block.as_json() for block in blocks)
    database.executemany(
        "INSERT OR REPLACE INTO block VALUES (?, ?, ?)",
        ((first, last, json.dumps(parts)) for first, last, parts in rows),
    )


def _digest(key: bytes, row: int) -> bytes:
    """What proves that a text has this row."""
    return hashlib.blake2b(b"%b %d" % (key, row), digest_size=8).digest()


@dataclass(frozen=True, slots=True)
class _Appended:
    """What is appended for some texts; `ends` counts tokens and sentences from the beginning of the block."""

    vectors: Vectors
    codes: Codes
    counts: Counts
    ends: Counts


def _appended(texts: Sequence[str], embeddings: Sequence[Embedding], projection: Projection) -> _Appended:
    codes, counts = [], []
    for text, embedding in zip(texts, embeddings, strict=True):
        tokens, of_sentences = by_sentence(embedding, sentence_spans(text))
        # Each text by itself: its codes are then the same in any block, down to the last bit.
        codes.append(projection.encode(tokens))
        counts.append(of_sentences)
    return _Appended(
        np.stack([embedding.vector for embedding in embeddings]),
        np.concatenate(codes),
        np.minimum([count for of_sentences in counts for count in of_sentences], _MAX_SENTENCE_TOKENS).astype(np.int64),
        np.cumsum([(len(item), len(of_sentences)) for item, of_sentences in zip(codes, counts, strict=True)], axis=0),
    )


def _link_all(folder: Path, target: Path) -> None:
    for name in (*GROWING, PROJECTION):
        if (folder / name).exists():
            link(folder / name, target / name)


def clean_embeddings(index: Path, used: set[str]) -> None:
    """Delete the embeddings of all models but those with these SHA-256. Hold the index for writing around it."""
    kept = {_folder_of(index, sha256) for sha256 in used}
    for folder in index.glob(f"{_PREFIX}*"):
        if folder not in kept:
            shutil.rmtree(folder)


def _folder_of(index: Path, sha256: str) -> Path:
    return index / f"{_PREFIX}{_FORMAT}-{GRAMMAR:08x}-{sha256[:16]}"
