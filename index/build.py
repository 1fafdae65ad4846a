"""A folder of decisions → a new version of the index, with a report. The folder is the truth, the index follows it.

A file that is no decision is reported with its reason and the others are built. Texts whose vectors the published
version holds already are not embedded again; where nothing changed at all, no model is loaded and nothing is written.
"""

from __future__ import annotations

import hashlib
import shutil
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.decisions import Decision, Reference
from index.embed import Embedder, ModelFiles, Progress
from index.errors import IndexMismatch, InputError, NoIndex, NotADecision, NotHeld
from index.parse import MAX_BYTES, parse, reference_of
from index.passages import passages, sentences
from index.store import Store, publish, writing

SUFFIX = ".txt"
_FIRST_LINE = 4096  # bytes


@dataclass(slots=True)
class Report:
    """What a build or an addition took in: `taken` and `rejected` by file name, the reason with each rejection.

    `replaced` are the files of an addition that took the place of others.
    """

    taken: dict[str, Decision] = field(default_factory=dict)
    rejected: dict[str, str] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    version: str | None = None
    changed: bool = False
    embedded: int = 0
    seconds: float = 0.0


def build(
    decisions: Path,
    index: Path,
    model: ModelFiles,
    load: Callable[[ModelFiles], Embedder],
    progress: Progress | None = None,
) -> Report:
    """Bring the index up to date with a folder of decisions; `load` is called only if there is something to embed.

    Raises InputError where the folder holds no decision, IndexBusy, ModelError. A folder that became empty, because its
    last decision was removed, makes an empty version.
    """
    started = time.monotonic()
    with writing(index):  # from the reading on, or a slower build could publish an older state of the folder
        report, files = _read(decisions)
        old = _published(index)
        if not report.taken and (report.rejected or old is None):
            reasons = "".join(f" {name}: {reason}" for name, reason in report.rejected.items())
            stays = f" Version {old.version} of the index stays published." if old else ""
            raise InputError(f"The folder {decisions} holds no decision that can be read.{stays}{reasons}")
        same_model = old is not None and old.manifest.model_sha256 == model.sha256
        if old is not None and same_model and old.manifest.files == files:
            report.version = old.version
        else:
            _write(report, files, index, model, load, old if same_model else None, progress)
    report.seconds = time.monotonic() - started
    return report


def _write(
    report: Report,
    files: dict[str, str],
    index: Path,
    model: ModelFiles,
    load: Callable[[ModelFiles], Embedder],
    old: Store | None,
    progress: Progress | None,
) -> None:
    taken = sorted(report.taken.values(), key=lambda decision: decision.reference)
    wanted = [passage for decision in taken for passage in passages(decision)]
    told = [sentence for decision in taken for sentence in sentences(decision)]
    known = old.vector_of_text() if old is not None else {}
    new = sorted(({passage.text for passage in wanted} | {sentence.text for sentence in told}) - known.keys())
    if new:
        known.update(zip(new, load(model).embed(new, progress), strict=True))
    report.version = publish(index, taken, wanted, told, known, model, files)
    report.changed, report.embedded = True, len(new)


def _published(index: Path) -> Store | None:
    """The version to go on from; one that cannot be read is built anew."""
    try:
        return Store.open(index)
    except (NoIndex, IndexMismatch):
        return None


def _read(folder: Path) -> tuple[Report, dict[str, str]]:
    """Every file of the folder, parsed; and the SHA-256 of what was taken."""
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder} of decisions. Add some with decision-qa add FILE.")
    paths = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".") and not path.is_dir()]
    report = Report()
    taken = _take({path.name: path for path in paths}, report)
    return report, {name: hashlib.sha256(content).hexdigest() for name, content, _ in taken}


def _take(files: Mapping[str, Path], report: Report) -> Iterator[tuple[str, bytes, Decision]]:
    """The files that are decisions, with their content; the report gets every file by its name here, taken or rejected.

    Of files with the same reference the first is taken.
    """
    first: dict[Reference, str] = {}
    for name, path in files.items():
        try:
            content, decision = _read_decision(path)
            if (other := first.setdefault(decision.reference, name)) != name:
                raise NotADecision(f"It has the reference {decision.reference}, as {other} has, which was taken.")
        except NotADecision as error:
            report.rejected[name] = str(error)
            continue
        report.taken[name] = decision
        yield name, content, decision


def _read_decision(path: Path) -> tuple[bytes, Decision]:
    """The content of a file and the decision in it. Raises NotADecision, whatever is wrong with the file."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise NotADecision("It is not a file.")  # nor a pipe, which could be read for ever
        if status.st_size > MAX_BYTES:
            raise NotADecision(f"The file has more than {MAX_BYTES:,} bytes, more than any decision.")
        content = path.read_bytes()
    except OSError as error:
        raise NotADecision(f"The file cannot be read: {error.strerror}.") from None
    return content, parse(content)


def add(files: Iterable[Path], decisions: Path) -> Report:
    """Copy files that are decisions into the folder, byte for byte, each under its reference.

    A decision that is there already is replaced. What is no decision is reported and not copied.
    """
    decisions.mkdir(parents=True, exist_ok=True)
    report = Report()
    held = _held(decisions)
    for name, content, decision in _take({str(path): path for path in files}, report):
        target = decisions / f"{decision.reference.slug}{SUFFIX}"
        aside = target.with_name(f".{target.name}")
        aside.write_bytes(content)
        aside.replace(target)
        for old in held.get(decision.reference, ()):
            report.replaced.add(name)
            if old != target:
                old.unlink()
    return report


def _held(folder: Path) -> dict[Reference, list[Path]]:
    """The files of a folder by the reference in their first line, all that is needed to replace or remove them."""
    held: dict[Reference, list[Path]] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_file() and not path.name.startswith("."):
            with path.open("rb") as file:
                if reference := reference_of(file.read(_FIRST_LINE)):
                    held.setdefault(reference, []).append(path)
    return held


def begin(decisions: Path, seeds: Path) -> bool:
    """Begin a folder of decisions that does not exist yet with those of `seeds`; tells whether it did."""
    if decisions.exists() or not seeds.is_dir():
        return False
    decisions.parent.mkdir(parents=True, exist_ok=True)
    aside = decisions.with_name(f".{decisions.name}")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(seeds, aside, ignore=lambda _, names: [name for name in names if not name.endswith(SUFFIX)])
    aside.rename(decisions)
    return True


def remove(references: Iterable[Reference], decisions: Path) -> list[Path]:
    """Take decisions out of the folder; returns the files deleted. Raises NotHeld, before any is deleted."""
    held, chosen = _held(decisions), []
    for reference in references:
        if reference not in held:
            raise NotHeld(f"The folder {decisions} has no decision {reference}.")
        chosen += held[reference]
    for path in chosen:
        path.unlink()
    return chosen
