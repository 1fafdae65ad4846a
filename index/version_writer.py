"""The next version, made from the published one: what did not change is linked, what is new is added, then published.

A version being written is a folder that nobody reads; whatever goes wrong, it is deleted and the published one stays.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.decisions import Reference
from index.embedding.model_files import ModelFiles
from index.embedding.types import Embedder, Progress
from index.engine.bm25 import LOCK, TermsWriter
from index.engine.checksums import Part, written
from index.engine.database import MOST_SEGMENTS, delete, findable
from index.engine.embedding_files import GROWING
from index.engine.embedding_store import EmbeddingWriter, Rows
from index.engine.manifest import EMBEDDINGS, SCHEMA, TERMS, Manifest
from index.engine.segment_writer import Made, SegmentWriter, link_segment, merge
from index.engine.segments import Segment, SegmentPart, counts_of, decision_id, holds, keys_of
from index.engine.versions import begin_version, publish, version_of, writes
from index.store import Store

_PENDING = "pending"  # for texts to be embedded; gone before the version is published


@dataclass(frozen=True, slots=True)
class Base:
    """The version that the next one goes on from."""

    folder: Path
    manifest: Manifest


class VersionWriter:
    """The next version of an index. Hold the index for writing; what is not published when it is closed is deleted.

    Raises IndexUnusable where something cannot be written.
    """

    def __init__(self, index: Path, model: ModelFiles, base: Base | None) -> None:
        """`base` is the published version, None where nothing of it can be used."""
        self._index, self._model, self._base = index, model, base
        self._deleted: set[int] = set()
        self._texts = base.manifest.texts if base else 0  # that the terms must have
        self._segment: SegmentWriter | None = None
        self._parts: list[SegmentPart] = []
        needed = None
        if base is not None:
            manifest = base.manifest
            needed = Rows(base.folder / EMBEDDINGS, manifest.embeddings_id, manifest.rows, manifest.dimension)
        with contextlib.ExitStack() as opened, writes(index):
            self._aside = begin_version(index)
            opened.callback(shutil.rmtree, self._aside, ignore_errors=True)
            self._embeddings = EmbeddingWriter(index, model, self._aside / _PENDING, needed)
            self._held = self._embeddings.rows
            opened.callback(self._embeddings.close)
            self._terms = TermsWriter(self._aside / TERMS, base.folder / TERMS if base else None)
            opened.callback(lambda: self._terms.close())
            self._opened = opened.pop_all()

    def add(self, made: Made) -> None:
        """Add what was made of a decision, in place of the one of the base that has its reference. Raises Unfit."""
        with writes(self._index):
            if self._segment is None:
                self._segment = SegmentWriter(self._aside / self._new_name())
                self._opened.callback(self._segment.close)
            self._segment.add(made, self._embeddings.row_of)
            self._delete([made.reference])

    def delete(self, references: Iterable[Reference]) -> None:
        """Leave out decisions of the base."""
        with writes(self._index):
            self._delete(references)

    def _delete(self, references: Iterable[Reference]) -> None:
        held = self._base.manifest.files if self._base else {}
        self._deleted.update(decision_id(reference) for reference in references if str(reference) in held)

    @property
    def version(self) -> int:
        """The number that this version will have."""
        return int(version_of(self._aside))

    @property
    def pending(self) -> int:
        """How many texts are to be embedded: those that the model was never given."""
        return self._embeddings.pending

    @property
    def embedded(self) -> int:
        """How many texts were: they are kept, even if this version is not published."""
        return self._embeddings.rows - self._held

    def embed(self, embedder: Embedder, progress: Progress | None) -> None:
        """Embed what waits, see EmbeddingWriter. After NotEmbedded this version cannot be published."""
        self._embeddings.embed(embedder, progress)

    def publish(self, files: Mapping[str, Sequence[str]], progress: Progress | None = None) -> Manifest:
        """Write the rest and publish the version; returns its manifest. `files` is that of the manifest.

        `progress` is told of the vectors that are made ready for searching.
        """
        with writes(self._index):
            segments, is_stale = self._write_segments(progress)
            texts = None if is_stale else self._terms.finish()
            if texts != self._texts:
                texts = self._write_terms_anew()
            self._embeddings.link(self._aside / EMBEDDINGS)
            self._embeddings.close()
            (self._aside / _PENDING).unlink()
            manifest = Manifest(
                schema=SCHEMA,
                model=self._model.name,
                model_sha256=self._model.sha256,
                dimension=self._embeddings.dimension,
                built=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                embeddings_id=self._embeddings.embeddings_id,
                rows=self._embeddings.rows,
                texts=texts,
                segments=segments,
                files=dict(files),
                content=self._checksums(),
                **counts_of(segments),
            )
            manifest.write(self._aside)
            Store(self._aside).close()  # what cannot be opened must not be published
            publish(self._aside)
            return manifest

    def close(self) -> None:
        """Delete what was not published."""
        self._opened.close()

    def _checksums(self) -> dict[str, Part]:
        """Those of all files but of embeddings, whose blocks have them; linked ones keep theirs."""
        names = [path.relative_to(self._aside).as_posix() for path in sorted(self._aside.rglob("*")) if path.is_file()]
        growing = {f"{EMBEDDINGS}/{name}" for name in GROWING}
        names = [name for name in names if name not in growing and not name.endswith(LOCK)]
        if self._base is None:
            return written(self._aside, names, {}, None)
        return written(self._aside, names, self._base.manifest.content, self._base.folder)

    def _write_segments(self, progress: Progress | None) -> tuple[tuple[Segment, ...], bool]:
        """Write what is new, merge what is small or worn, and link the rest.

        Also the terms of what is new; tells whether they have texts that are gone.
        """
        base = [(self._base.folder / held.name, held) for held in self._base.manifest.segments] if self._base else []
        gone = 0
        parts = [(folder, delete(folder, held, self._deleted)) for folder, held in base]
        parts = [(folder, held) for folder, held in parts if held.decisions]
        if self._segment is not None:
            new = self._segment.finish(self._embeddings.read().vectors, progress)
            for key, text in findable(self._aside / new.name, new, base):
                self._terms.add(key, text)
                self._texts += 1
            parts.append((self._aside / new.name, new))
        if self._deleted:
            keys = keys_of(base, self._deleted)
            gone = int(np.count_nonzero(~holds(parts, keys)))
            self._texts -= gone
        merged = [part for part in parts if part[1].needs_merge]
        if len(parts) > MOST_SEGMENTS:
            # Half of them at once, so that the next additions find room without merging.
            merged += sorted(set(parts) - set(merged), key=lambda part: part[1].decisions)[: len(parts) // 2 + 1]
        if merged:
            target = self._aside / self._new_name(len(parts))
            parts = [part for part in parts if part not in merged]
            parts.append((target, merge(merged, target, self._embeddings.read().vectors, progress)))
            for folder, _ in merged:
                if folder.parent == self._aside:
                    shutil.rmtree(folder)
        before = dict(base)
        self._parts = []
        for folder, segment in parts:
            target = self._aside / segment.name
            if folder != target:
                segment = link_segment(folder, before[folder], target, segment)
            self._parts.append((target, segment))
        return tuple(segment for _, segment in self._parts), gone > 0

    def _new_name(self, later: int = 0) -> str:
        """A name that no segment of the base has."""
        held = self._base.manifest.segments if self._base else ()
        last = max((int(segment.name.rpartition("-")[2]) for segment in held), default=0)
        return f"segment-{last + 1 + later:06d}"

    def _write_terms_anew(self) -> int:
        self._terms.close()
        shutil.rmtree(self._aside / TERMS)
        self._terms = TermsWriter(self._aside / TERMS, None)
        for number, (folder, segment) in enumerate(self._parts):
            for key, text in findable(folder, segment, self._parts[:number]):
                self._terms.add(key, text)
        return self._terms.finish()
