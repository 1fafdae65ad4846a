"""The folder of decisions, which the index follows: what is added to it, taken out of it, and what it begins with.

Each decision is a file under its reference. A file that is no decision is never copied into the folder.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path

from index.decisions import Reference
from index.errors import NotADecision, NotAReference, NotHeld, NotRead, check_is_of_file
from index.inputs import Source, printable, read_file, walk
from index.parsing.decode import kind_of
from index.parsing.html_page import looks_like_html
from index.parsing.isolated import Reader
from index.report import Item, Report, Status
from index.served_page import SUFFIX as SERVED
from index.served_page import ServedPage, looks_like_served_page

_READABLE = 0o644


def add(files: Iterable[Source], decisions: Path) -> Report:
    """Copy files that are decisions into the folder, byte for byte, each under its reference.

    A decision that is there already is replaced. What is no decision is reported and not copied.
    """
    started = time.monotonic()
    decisions.mkdir(parents=True, exist_ok=True)
    report = Report()
    with Reader() as reader:
        held = DecisionFiles(decisions, reader)
        first: dict[Reference, tuple[str, bytes]] = {}  # the name of what was taken, and its SHA-256
        for source in files:
            report.items.append(_add(source, held, first))
    report.changed = bool(report.of("taken", "changed"))
    return report.summed(started, "taken", "changed", "unchanged")


def _add(source: Source, held: DecisionFiles, first: dict[Reference, tuple[str, bytes]]) -> Item:
    try:
        content = source.read()
        decision = held.reader.parse(content)
        sha256 = hashlib.sha256(content).digest()
        if decision.reference in first:
            other, taken = first[decision.reference]
            raise NotADecision(second_copy(decision.reference, other, taken == sha256))
        status = held.put(decision.reference, content)
        first[decision.reference] = source.name, sha256
        return Item.of(source.name, status, decision)
    except NotADecision as error:
        return Item(source.name, "rejected", str(error))
    except OSError as error:
        return Item(source.name, "rejected", f"It could not be written: {error.strerror}.")
    except Exception as error:  # an archive can be damaged in ways that its library does not name
        check_is_of_file(error)
        return Item(source.name, "rejected", str(NotRead.of(error)))


def _suffix(content: bytes) -> str:
    """The suffix that a file of the folder gets for its content; whoever reads the folder does not look at it."""
    if looks_like_served_page(content):
        return SERVED
    kind = kind_of(content)
    if kind != "text":
        return f".{kind}"
    return ".html" if looks_like_html(content) else ".txt"


def second_copy(reference: Reference, other: str, same: bool) -> str:
    """Why a file is left out whose decision was taken from `other`, which may have the same content."""
    if same:
        return f"It is the same as {other}, which was taken for {reference}."
    return f"It has the reference {reference}, as {other} has, but differs from it; {other} was taken."


class DecisionFiles:
    """Where the decisions of a folder are. A file named for a reference is opened only when that is asked for."""

    def __init__(self, folder: Path, reader: Reader) -> None:
        """Raises OSError where the folder cannot be read; one that is not there is empty."""
        self.reader = reader
        self._folder = folder
        self._named: dict[str, list[Path]] = {}
        self._others: dict[Reference | None, list[Path]] = {}
        for found in sorted(walk(folder), key=attrgetter("name")) if folder.is_dir() else ():
            path = Path(found.path)
            if found.reason:
                continue  # nothing is known of what it holds; a build tells why
            if _is_slug(name := path.name.partition(".")[0]):
                self._named.setdefault(name, []).append(path)
            else:
                self._others.setdefault(self._reference_in(path), []).append(path)

    def put(self, reference: Reference, content: bytes) -> Status:
        """Write the file of a decision whole or not at all, in place of the one that holds it so far.

        A second one that somebody put there is left for the next build to report. Raises OSError, and NotADecision
        where a file of that name holds something else.
        """
        old = self.files_of(reference)
        if len(old) == 1 and old[0].read_bytes() == content:
            return "unchanged"
        target = self._folder / f"{reference.slug}{_suffix(content)}"
        if target.exists() and target not in old:
            raise NotADecision(
                f"The file {target.name} of the folder holds something else; give that another name first."
            )
        _write_over(old[:1], target, content)
        named = self._named.setdefault(reference.slug, [])
        named[:] = [target, *(path for path in named if path != target and path not in old[:1])]
        TakenDown(self._folder).forget(reference)
        return "changed" if old else "taken"

    def take_down(self, reference: Reference, day: datetime.date) -> None:
        """Delete what holds a decision that the Ombudsman no longer publishes, and note the day, for the next build.

        Raises OSError.
        """
        TakenDown(self._folder).note(reference, day)
        for path in self.files_of(reference):
            path.unlink()

    def named(self, reference: Reference) -> list[Path]:
        """The files that are named for a decision, unopened."""
        return list(self._named.get(reference.slug, ()))

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
            if looks_like_served_page(captured):
                captured = ServedPage.from_bytes(captured).content
        except Exception as error:
            check_is_of_file(error)
            return False
        return kind_of(captured) != "text" or b"&#" in captured or digits.search(captured) is not None

    def _holds(self, path: Path, reference: Reference) -> bool:
        """Whether a file is this decision, not only one that names it."""
        try:
            return self.reader.parse(read_file(path)).reference == reference
        except Exception as error:
            check_is_of_file(error)
            return False

    def _reference_in(self, path: Path) -> Reference | None:
        """The reference in the title of a file, all that is needed to replace or remove it."""
        try:
            return self.reader.reference_of(read_file(path))
        except Exception as error:
            check_is_of_file(error)
            return None


def _write_over(old: Sequence[Path], target: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}-", delete=False) as aside:
        try:
            aside.write(content)
            aside.flush()
            os.fsync(aside.fileno())
            os.fchmod(aside.fileno(), _READABLE)
            # First the old name, then the new content: at no moment are there two files of one decision, or none.
            for path in old:
                path.replace(target)
            Path(aside.name).replace(target)
        except BaseException:
            Path(aside.name).unlink(missing_ok=True)
            raise


class TakenDown:
    """Which decisions of a folder the Ombudsman no longer publishes, and since when that is known: a small file in it.

    It holds no more than references and days.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / ".taken-down.json"

    def days(self) -> dict[Reference, datetime.date]:
        """The day of each; nothing where the file is missing or damaged."""
        try:
            noted = json.loads(read_file(self._path))
            return {Reference(text): datetime.date.fromisoformat(day) for text, day in noted.items()}
        except (NotADecision, NotAReference, AttributeError, TypeError, ValueError):
            return {}

    def note(self, reference: Reference, day: datetime.date) -> None:
        """Remember one. Raises OSError."""
        self._write(self.days() | {reference: day})

    def forget(self, reference: Reference) -> None:
        """Of one that is published again. Raises OSError."""
        days = self.days()
        if days.pop(reference, None) is not None:
            self._write(days)

    def _write(self, days: Mapping[Reference, datetime.date]) -> None:
        content = json.dumps({str(reference): day.isoformat() for reference, day in days.items()}, indent=1)
        _write_over((), self._path, content.encode())


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
        held = DecisionFiles(decisions, reader)
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
    return report.summed(started, "removed")
