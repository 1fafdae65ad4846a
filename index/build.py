"""A folder of decisions → a new version of the index, with a report. The folder is the truth, the index follows it.

A file that is no decision is reported with its reason and the others are built. Only files whose status changed are
read, only contents that are new are parsed, only texts that no version ever had are embedded; where nothing changed at
all, no model is loaded and nothing is written.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.catalogue import Filter
from index.decisions import Decision, Reference
from index.embedding.model_files import ModelFiles
from index.embedding.types import Embedder, Progress
from index.engine.embedding_store import NotEmbedded, clean_embeddings
from index.engine.manifest import Manifest
from index.engine.segment_writer import Made, Unfit
from index.engine.versions import clean, published, writes, writing
from index.errors import (
    IndexDamaged,
    IndexMismatch,
    IndexUnusable,
    InputError,
    NoIndex,
    NotADecision,
    NotEmbeddable,
    NotHeld,
    NotRead,
    check_is_of_file,
)
from index.file_cache import File, FileCache, Reading
from index.folder import TakenDown, second_copy
from index.ledger import Changes, LedgerWriter
from index.parsing.isolated import Reader
from index.report import Item, Report
from index.store import Store
from index.version_writer import Base, VersionWriter

_MAX_REASONS = 20  # told of a folder in which nothing can be read


def build(
    decisions: Path,
    index: Path,
    model: ModelFiles,
    load: Callable[[ModelFiles], Embedder],
    progress: Progress | None = None,
    reading: Progress | None = None,
    indexing: Progress | None = None,
    checking: Progress | None = None,
    purge: bool = False,
) -> Report:
    """Bring the index up to date with a folder of decisions; `load` is called only if there is something to embed.

    The published version is checked first, all of it, and built anew where it is damaged. With `purge` it is built anew
    in any case, and so are the embeddings: nothing of decisions that were removed is left anywhere.

    `progress` is told of texts embedded, `reading` of files read, `indexing` of vectors made ready for searching,
    `checking` of MiB of the published version that were checked.

    Raises InputError where the folder holds no decision, IndexBusy, IndexUnusable, ModelError. A folder that became
    empty, because its last decision was removed, makes an empty version.
    """
    started = time.monotonic()
    report = Report()
    with writing(index):  # from the reading on, or a slower build could publish an older state of the folder
        if not decisions.is_dir():
            raise InputError(f"There is no folder {decisions} of decisions. Add some with decision-qa add FILE.")
        held = _published(index, report, checking)
        if purge:
            clean_embeddings(index, set())
        load, unfit = functools.cache(load), dict[str, str]()
        is_done = False
        while not is_done:
            try:
                with contextlib.ExitStack() as opened:
                    reader = opened.enter_context(Reader())
                    with writes(index):
                        readings = opened.enter_context(contextlib.closing(FileCache(index, reader)))
                    work = _Work(index, model, held, readings, opened, unfit, is_purging=purge)
                    work.take(readings.files(decisions), reading)
                    reader.close()
                    report.items = work.items
                    if not work.taken and (report.rejected or work.held is None):
                        raise _nothing_to_build(decisions, work)
                    work.leave_out()
                    writer = work.finished()
                    if writer is not None and writer.pending:
                        loading = time.monotonic()
                        embedder = load(model)
                        report.loading = (report.loading or 0) + time.monotonic() - loading
                        try:
                            writer.embed(embedder, progress)
                        finally:
                            report.embedded += writer.embedded
                    with writes(index):
                        readings.save()  # before the version: one that is published is never without its readings
                    manifest = work.held.manifest if work.held else None
                    if writer is not None:
                        with writes(index):
                            work.write_changes(TakenDown(decisions).days())
                        manifest = writer.publish(work.taken, indexing)
                is_done = True
            except NotEmbedded as found:  # all is done again without the files that have these texts
                if found.faults.keys() <= unfit.keys():  # and again, for ever
                    raise
                unfit |= found.faults
        for segment in manifest.segments if manifest else ():
            report.vectors[segment.kind] = report.vectors.get(segment.kind, 0) + segment.rows
        version = published(index)
        report.version = version.name if version else None
        with contextlib.suppress(OSError):  # what cannot be deleted now can be by the next build
            _clean(index, model)
    report.changed = writer is not None
    return report.summed(started, "taken", "changed", "unchanged")


def _clean(index: Path, model: ModelFiles) -> None:
    """Delete the versions that nobody reads, and the embeddings of models that none is left of."""
    used = {model.sha256}
    for version in clean(index):
        with contextlib.suppress(IndexMismatch, IndexDamaged):
            used.add(Manifest.read(version).model_sha256)
    clean_embeddings(index, used)


def _published(index: Path, report: Report, progress: Progress | None) -> Base | None:
    """The published version; one that cannot be read is built anew, and the report says why if it is damaged."""
    try:
        with contextlib.closing(Store.open(index)) as store:
            total, done = store.unread >> 20, 0

            def tell(read: int) -> None:
                nonlocal done
                done += read
                if progress is not None:
                    progress(min(done >> 20, total), total)

            store.verify(tell if total else lambda _: None, os.cpu_count() or 1)
            return Base(index / store.version, store.manifest)
    except IndexDamaged as error:
        report.damage = error.what
    except (NoIndex, IndexMismatch):
        pass
    return None


def _nothing_to_build(folder: Path, work: _Work) -> InputError:
    reasons = "".join(f" {item.name}: {item.reason}" for item in work.items[:_MAX_REASONS])
    if len(work.items) > _MAX_REASONS:
        reasons += f" So it is with {len(work.items) - _MAX_REASONS:,} more."
    stays = f" Version {work.held.folder.name} of the index stays published." if work.held else ""
    return InputError(f"The folder {folder} holds no decision that can be read.{stays}{reasons}")


@dataclass(slots=True)
class _Work:
    """What a build found so far. The next version is begun with the first decision that changes something.

    `taken` has, by reference, the SHA-256 of the decisions of the folder and the names of their files; `unfit` has the
    texts that cannot be embedded, each with how that fails.
    """

    index: Path
    model: ModelFiles
    held: Base | None
    readings: FileCache
    opened: contextlib.ExitStack
    unfit: Mapping[str, str]
    items: list[Item] = field(default_factory=list)
    taken: dict[str, tuple[str, str]] = field(default_factory=dict)
    is_purging: bool = False
    _writer: VersionWriter | None = None
    _ledger: LedgerWriter | None = None
    _changes: Changes | None = None
    _held_in: dict[str, tuple[str, str]] | None = None

    @property
    def _base(self) -> Base | None:
        """The published version as far as the next one can go on from it."""
        if self.is_purging:
            return None
        return self.held if self.held is not None and self.held.manifest.model_sha256 == self.model.sha256 else None

    def take(self, files: Sequence[File], progress: Progress | None) -> None:
        """Read what must be read, and write what is new; what is in folders that cannot be read stays."""
        to_read = [file.known is None or self._is_new(file.known) for file in files]
        total, done = sum(to_read), 0
        for file, is_read in zip(files, to_read, strict=True):
            self.items.append(self._take(file))
            if is_read and progress is not None:
                done += 1
                progress(done, total)
        self._keep_unseen(tuple(file.name for file in files if file.name.endswith("/")))

    def _take(self, file: File) -> Item:
        """What became of a file. Whatever comes up at it, foreseen or not, no other file suffers for it."""
        try:
            return self._taken(file)
        except NotADecision as error:
            return self._unread(Item(file.name, "rejected", str(error)))
        except Unfit as error:
            assert isinstance(error.__cause__, Exception)
            return self._unread(Item(file.name, "rejected", str(NotRead.of(error.__cause__))))
        except Exception as error:
            check_is_of_file(error)
            return self._unread(Item(file.name, "rejected", str(NotRead.of(error))))

    def _taken(self, file: File) -> Item:
        reading, decision = (file.known, None) if file.known else self.readings.read(file)
        if decision is None and self._is_new(reading):
            reading, decision = self.readings.read(file, whole=True)
        item = reading.item
        if item.reference is None:
            return item if reading.sha256 else self._unread(item)
        reference = str(item.reference)
        if reference in self.taken:
            sha256, other = self.taken[reference]
            return replace(item, status="rejected", reason=second_copy(item.reference, other, sha256 == reading.sha256))
        if decision is not None and self._is_new(reading):
            made = Made.of(decision)
            if how := next((self.unfit[text] for text in made.texts if text in self.unfit), None):
                raise NotEmbeddable(how)
            self._write().add(made)
            self._change().take(decision, reading.sha256)
        self.taken[reference] = (reading.sha256, file.name)
        before = self.held.manifest.files.get(reference) if self.held else None
        if before is not None and before[0] == reading.sha256:
            return item
        return replace(item, status="changed" if before else "taken")

    def _unread(self, item: Item) -> Item:
        """A file that cannot be read now: what it held stays in the index, for nobody took it out of the folder."""
        held = self._held_by_name()
        if item.name.endswith("/"):  # a folder, of which see _keep_unseen
            if not any(name.startswith(item.name) for name in held):
                return item
        else:
            reference, sha256 = held.get(item.name, ("", ""))
            if not reference or reference in self.taken:
                return item
            self.taken[reference] = (sha256, item.name)
        return replace(item, reason=f"{item.reason} What it held before stays in the index.")

    def _keep_unseen(self, folders: tuple[str, ...]) -> None:
        """The same for the folders that cannot be read, when all that can is known: a file may have come out of one."""
        for name, (reference, sha256) in self._held_by_name().items() if folders else ():
            if name.startswith(folders) and reference not in self.taken:
                self.taken[reference] = (sha256, name)

    def _held_by_name(self) -> dict[str, tuple[str, str]]:
        """By the name of its file, the reference and SHA-256 of each decision that the next version can take over."""
        if self._held_in is None:
            held = self._base.manifest.files if self._base else {}
            self._held_in = {name: (reference, sha256) for reference, (sha256, name) in held.items()}
        return self._held_in

    def _is_new(self, reading: Reading) -> bool:
        """Whether it holds a decision that is to be written: not one held already, nor a second with its reference."""
        if reading.item.reference is None:
            return False
        reference = reading.item.reference.text
        if reference in self.taken:
            return False
        base = self._base
        return base is None or base.manifest.files.get(reference, ("",))[0] != reading.sha256

    def leave_out(self) -> None:
        """Take the decisions that are no longer in the folder out of the index."""
        held = self.held.manifest.files if self.held else {}
        gone = {reference: file for reference, file in held.items() if reference not in self.taken}
        unseen = tuple(item.name for item in self.items if item.name.endswith("/"))
        for reference, (sha256, name) in gone.items():
            item = self.readings.item_of(sha256) or Item(name, "removed", reference=Reference(reference))
            reason = "No file of the folder holds it."
            if name.startswith(unseen):
                reason = "Its file cannot be read, and nothing of the version before could be taken over."
            self.items.append(replace(item, name=name, status="removed", reason=reason))
        if gone:
            self._write().delete(Reference(reference) for reference in gone)

    def _write(self) -> VersionWriter:
        if self._writer is None:
            writer = VersionWriter(self.index, self.model, self._base)
            self._writer = self.opened.enter_context(contextlib.closing(writer))
        return self._writer

    def _change(self) -> Changes:
        """What this build changes of what the ledger knows."""
        if self._changes is None:
            version = published(self.index)
            with writes(self.index):
                ledger = LedgerWriter(self.index, int(version.name) if version else 0)
                self._ledger = self.opened.enter_context(contextlib.closing(ledger))
                store = self._open_held()
                if not ledger.held and store is not None:
                    manifest = store.manifest
                    ledger.begin(store.entries(Filter()), manifest.files, int(store.version), manifest.built)
            at = datetime.datetime.now(datetime.UTC).replace(microsecond=0)

            def old(reference: Reference) -> Decision | None:
                with contextlib.suppress(IndexUnusable, NotHeld):
                    return store.decision(reference) if store else None
                return None

            self._changes = Changes(ledger.held, at, old)
        return self._changes

    def _open_held(self) -> Store | None:
        """The published version, to compare with; None where it cannot be read."""
        with contextlib.suppress(IndexUnusable):
            if self.held is not None:
                return self.opened.enter_context(contextlib.closing(Store(self.held.folder)))
        return None

    def write_changes(self, taken_down: Mapping[Reference, datetime.date]) -> None:
        """Write what changes to the ledger, with the number of the version that is about to be published."""
        changes = self._change()
        changes.keep(self.taken, taken_down)
        assert self._ledger is not None
        self._ledger.write(changes, self._write().version)

    def finished(self) -> VersionWriter | None:
        """The next version with all that is to be in it, None where nothing changed."""
        return self._write() if self._base is None else self._writer
