"""A folder of decisions → a new version of the index, with a report. The folder is the truth, the index follows it.

A file that is no decision is reported with its reason and the others are built. Only files whose status changed are
read, only contents that are new are parsed, only texts that no version ever had are embedded; where nothing changed at
all, no model is loaded and nothing is written.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path

from index.decisions import Reference
from index.embedding.model_files import ModelFiles
from index.embedding.types import Embedder, Progress
from index.engine.embedding_store import NotEmbedded, clean_embeddings
from index.engine.manifest import Manifest
from index.engine.segment_writer import Made, Unfit
from index.engine.versions import clean, published, writes, writing
from index.errors import (
    DecisionQAError,
    IndexDamaged,
    IndexMismatch,
    InputError,
    NoIndex,
    NotADecision,
    NotAReference,
    NotEmbeddable,
    NotHeld,
    NotRead,
)
from index.file_cache import File, FileCache, Reading
from index.inputs import Source, printable, read_file, walk
from index.parsing.html_page import looks_like_html
from index.parsing.isolated import Reader
from index.report import Item, Report, Status
from index.store import Store
from index.version_writer import Base, VersionWriter

_READABLE = 0o644
_REASONS = 20  # told of a folder in which nothing can be read


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
    return _summed(report, started, "taken", "changed", "unchanged")


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
    reasons = "".join(f" {item.name}: {item.reason}" for item in work.items[:_REASONS])
    if len(work.items) > _REASONS:
        reasons += f" So it is with {len(work.items) - _REASONS:,} more."
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
            _check_is_of_file(error)
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
            return replace(item, status="rejected", reason=_second(item.reference, other, sha256 == reading.sha256))
        if decision is not None and self._is_new(reading):
            made = Made.of(decision)
            if how := next((self.unfit[text] for text in made.texts if text in self.unfit), None):
                raise NotEmbeddable(how)
            self._write().add(made)
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

    def finished(self) -> VersionWriter | None:
        """The next version with all that is to be in it, None where nothing changed."""
        return self._write() if self._base is None else self._writer


def _second(reference: Reference, other: str, same: bool) -> str:
    if same:
        return f"It is the same as {other}, which was taken for {reference}."
    return f"It has the reference {reference}, as {other} has, but differs from it; {other} was taken."


def add(files: Iterable[Source], decisions: Path) -> Report:
    """Copy files that are decisions into the folder, byte for byte, each under its reference.

    A decision that is there already is replaced. What is no decision is reported and not copied.
    """
    started = time.monotonic()
    decisions.mkdir(parents=True, exist_ok=True)
    report = Report()
    with Reader() as reader:
        held = _Held(decisions, reader)
        first: dict[Reference, tuple[str, bytes]] = {}  # the name of what was taken, and its SHA-256
        for source in files:
            report.items.append(_add(source, held, decisions, first))
    report.changed = bool(report.of("taken", "changed"))
    return _summed(report, started, "taken", "changed", "unchanged")


def _add(source: Source, held: _Held, decisions: Path, first: dict[Reference, tuple[str, bytes]]) -> Item:
    try:
        content = source.read()
        decision = held.reader.parse(content)
        sha256 = hashlib.sha256(content).digest()
        if decision.reference in first:
            other, taken = first[decision.reference]
            raise NotADecision(_second(decision.reference, other, taken == sha256))
        status = _put(decision.reference, content, held.files_of(decision.reference), decisions)
        first[decision.reference] = source.name, sha256
        return Item.of(source.name, status, decision)
    except NotADecision as error:
        return Item(source.name, "rejected", str(error))
    except OSError as error:
        return Item(source.name, "rejected", f"It could not be written: {error.strerror}.")
    except Exception as error:  # an archive can be damaged in ways that its library does not name
        _check_is_of_file(error)
        return Item(source.name, "rejected", str(NotRead.of(error)))


def _suffix(content: bytes) -> str:
    """The suffix that a file of the folder gets for its content; whoever reads the folder does not look at it."""
    return ".html" if looks_like_html(content) else ".txt"


def _put(reference: Reference, content: bytes, old: Sequence[Path], decisions: Path) -> Status:
    """Write a file whole or not at all, in place of the one that holds the decision so far.

    A second one that somebody put there is left for the next build to report.
    """
    if len(old) == 1 and old[0].read_bytes() == content:
        return "unchanged"
    target = decisions / f"{reference.slug}{_suffix(content)}"
    if target.exists() and target not in old:
        raise NotADecision(f"The file {target.name} of the folder holds something else; give that another name first.")
    with tempfile.NamedTemporaryFile(dir=decisions, prefix=f".{target.name}-", delete=False) as aside:
        try:
            aside.write(content)
            aside.flush()
            os.fsync(aside.fileno())
            os.fchmod(aside.fileno(), _READABLE)
            # First the old name, then the new content: at no moment are there two files of one decision, or none.
            for path in old[:1]:
                path.replace(target)
            Path(aside.name).replace(target)
        except BaseException:
            Path(aside.name).unlink(missing_ok=True)
            raise
    return "changed" if old else "taken"


def _summed(report: Report, started: float, *statuses: Status) -> Report:
    """The report with its time, and with the counts of the decisions whose items have one of these statuses."""
    counted = report.of(*statuses)
    report.decisions = len(counted)
    report.inferred = sum(item.numbering == "inferred" for item in counted)
    report.paragraphs = sum(item.paragraphs or 0 for item in counted)
    report.seconds = time.monotonic() - started
    return report


class _Held:
    """Where the decisions of a folder are. A file named for a reference is opened only when that is asked for."""

    def __init__(self, folder: Path, reader: Reader) -> None:
        self.reader = reader
        self._named: dict[str, list[Path]] = {}
        self._others: dict[Reference | None, list[Path]] = {}
        for found in sorted(walk(folder), key=attrgetter("name")) if folder.is_dir() else ():
            path = Path(found.path)
            if found.reason:
                continue  # nothing is known of what it holds; a build tells why
            if _is_slug(path.stem):
                self._named.setdefault(path.stem, []).append(path)
            else:
                self._others.setdefault(self._reference_in(path), []).append(path)

    def files_of(self, reference: Reference) -> list[Path]:
        """The files that hold a decision: one, unless somebody put a second there."""
        likely = self._named.get(reference.slug, []) + self._others.get(reference, [])
        return [path for path in likely if self._holds(path, reference)]

    def misnamed(self, reference: Reference) -> list[Path]:
        """The files that hold a decision under the name of another; only those with its digits are parsed."""
        digits = re.compile(rb"[^0-9]{0,40}".join(digit.encode() for digit in reference.slug if digit.isdigit()))
        others = (path for slug, paths in self._named.items() if slug != reference.slug for path in paths)
        return [path for path in others if self._may_hold(path, digits) and self._holds(path, reference)]

    def _may_hold(self, path: Path, digits: re.Pattern[bytes]) -> bool:
        """Whether some digits stand in a file, or may, since it writes characters in another way."""
        try:
            captured = read_file(path)
        except Exception as error:
            _check_is_of_file(error)
            return False
        return b"&#" in captured or digits.search(captured) is not None

    def _holds(self, path: Path, reference: Reference) -> bool:
        """Whether a file is this decision, not only one that names it."""
        try:
            return self.reader.parse(read_file(path)).reference == reference
        except Exception as error:
            _check_is_of_file(error)
            return False

    def _reference_in(self, path: Path) -> Reference | None:
        """The reference in the title of a file, all that is needed to replace or remove it."""
        try:
            return self.reader.reference_of(read_file(path))
        except Exception as error:
            _check_is_of_file(error)
            return None


def _check_is_of_file(error: Exception) -> None:
    """Raise an error that stands in the way of all files; any other, foreseen or not, is that of the one being read."""
    if isinstance(error, DecisionQAError) and not isinstance(error, NotADecision):
        raise error


def _is_slug(stem: str) -> bool:
    try:
        return Reference(stem).slug == stem
    except NotAReference:
        return False


def begin(decisions: Path, seeds: Path) -> bool:
    """Begin a folder of decisions that does not exist yet with those of `seeds`; tells whether it did."""
    if decisions.exists() or not seeds.is_dir():
        return False
    decisions.parent.mkdir(parents=True, exist_ok=True)
    aside = decisions.with_name(f".{decisions.name}")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(seeds, aside, ignore=lambda _, names: [name for name in names if not name.endswith(".txt")])
    aside.rename(decisions)
    return True


def remove(references: Iterable[Reference], decisions: Path) -> Report:
    """Take decisions out of the folder with every copy of them, an item for each file deleted, or rejected if it stays.

    Raises NotHeld, before any is deleted.
    """
    started = time.monotonic()
    report = Report()
    chosen: dict[Path, Reference] = {}
    with Reader() as reader:
        held = _Held(decisions, reader)
        for reference in references:
            files = held.files_of(reference) + held.misnamed(reference)  # or the next build takes one that is left
            if not files:
                raise NotHeld(f"The folder {decisions} has no decision {reference}.")
            chosen |= dict.fromkeys(files, reference)
    for path, reference in chosen.items():
        name = printable(path.relative_to(decisions).as_posix())
        try:
            path.unlink()
        except OSError as error:
            report.items.append(Item(name, "rejected", f"It could not be deleted: {error.strerror}.", reference))
        else:
            report.items.append(Item(name, "removed", "It was asked for.", reference))
    report.changed = bool(report.of("removed"))
    return _summed(report, started, "removed")
