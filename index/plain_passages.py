"""Plain passages, which are no decisions, → a version of the index: what a public test collection is searched in.

    {"id": "1|1.1.2", "text": "The Regulator may …"}        a line of a file of passages, which may be gzipped

Each passage is made a decision of one paragraph whose reference is its position in the file, so the writer, the store
and the searcher need not know of it.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from index.decisions import Decision, Line, Paragraph, Pinpoint, Reference, fold
from index.embedding.types import Embedder, Progress
from index.engine.embedding_store import NotEmbedded
from index.engine.segment_writer import Made, Unfit
from index.engine.versions import clean, writing
from index.errors import IndexDamaged, IndexMismatch, InputError, NoIndex, kind_and_place
from index.store import Store
from index.version_writer import VersionWriter

_GZIP = b"\x1f\x8b"  # RFC 1952, section 2.3.1
BODY = "passage"
"""What stands for the body of a passage, which is about none."""


@dataclass(frozen=True, slots=True)
class PlainPassage:
    """A text to be found, and what its collection calls it."""

    id: str
    text: str

    @property
    def has_words(self) -> bool:
        """Whether there is a letter or a digit in it; what has none can be found by nothing."""
        return re.search(r"[^\W_]", self.text) is not None


def read_passages(path: Path) -> list[PlainPassage]:
    """Read a file of passages. Raises InputError."""
    return read_lines(path, PlainPassage, {"id": "a text", "text": "a text"})


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Identified)


def read_lines(path: Path, kind: type[T], expected: Mapping[str, str]) -> list[T]:
    """Read a JSON object from each line as a dataclass `kind`; `expected` says of each field what it must be.

    Raises InputError, which names the line, for a file that cannot be read, holds nothing else, or an id twice.
    """
    adapter, found = TypeAdapter(kind), dict[str, T]()
    for number, line in enumerate(read_text(path).split("\n"), 1):  # splitlines() would split at U+2028 within a text
        if not line.strip():
            continue
        try:
            one = adapter.validate_json(line, strict=True)
        except ValidationError as error:
            raise InputError(f"Line {number} of {path.name}: {explain(error, expected)}") from None
        if one.id in found:
            raise InputError(f"Line {number} of {path.name}: the id “{one.id[:60]}” is there twice.")
        found[one.id] = one
    if not found:
        raise InputError(f"The file {path.name} is empty.")
    return list(found.values())


def explain(error: ValidationError, expected: Mapping[str, str]) -> str:
    """What is wrong first, as a sentence; `expected` says of each field what it must be."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    named = [part for part in first["loc"] if part in expected]
    if first["type"] == "json_invalid":
        return "it is not JSON."
    if first["type"] == "missing":
        return f"“{first['loc'][-1]}” is missing."
    return f"“{named[-1]}” must be {expected[str(named[-1])]}." if named else "it must be a JSON object."


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, gzipped or not. Raises InputError."""
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"The file {path.name} is not UTF-8.") from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise InputError(f"The gzipped file {path.name} is damaged.") from None
    except OSError as error:
        raise InputError(f"The file {path} cannot be read: {error.strerror}.") from None


def build_plain(passages: Sequence[PlainPassage], index: Path, embedder: Embedder, progress: Progress | None) -> None:
    """Make passages, in this order, the published version of an index; `progress` is told of texts embedded.

    A passage without any letter or digit keeps its position, but is left out. Where the published version holds these
    very passages nothing is written. Raises InputError where there is nothing to find, or a passage can be stored or
    embedded in no way, which it names; IndexBusy, IndexUnusable.
    """
    findable = {_reference(position): one for position, one in enumerate(passages) if one.has_words}
    if not findable:
        raise InputError("None of the passages has a letter or a digit.")
    files = {
        str(reference): (hashlib.sha256(passage.text.encode()).hexdigest(), passage.id)
        for reference, passage in findable.items()
    }
    with writing(index):
        if _is_published(files, index, embedder):
            return
        with contextlib.closing(VersionWriter(index, embedder.model, None)) as writer:
            for reference, passage in findable.items():
                try:
                    writer.add(_made(reference, passage))
                except Unfit as error:
                    assert error.__cause__ is not None
                    how = kind_and_place(error.__cause__)
                    raise InputError(f"The passage “{passage.id[:60]}” cannot be stored ({how}).") from error
            try:
                writer.embed(embedder, progress)
            except NotEmbedded as error:
                for reference, passage in findable.items():
                    for how in filter(None, map(error.faults.get, _made(reference, passage).texts)):
                        raise InputError(f"The model fails at the passage “{passage.id[:60]}” ({how}).") from error
                raise
            writer.publish(files)
        with contextlib.suppress(OSError):  # what cannot be deleted now can be by the next build
            clean(index)


def _is_published(files: Mapping[str, tuple[str, str]], index: Path, embedder: Embedder) -> bool:
    try:
        with contextlib.closing(Store.open(index)) as store:
            store.check_model(embedder.model)
            store.verify()
            return {reference: tuple(file) for reference, file in store.manifest.files.items()} == files
    except (IndexDamaged, IndexMismatch, NoIndex):
        return False


def _made(reference: Reference, passage: PlainPassage) -> Made:
    lines = tuple(Line(folded) for line in passage.text.splitlines() if (folded := fold(line)))
    paragraph = Paragraph(Pinpoint(reference, 1), "published", (), "finding", lines)
    return Made.of(Decision(reference, BODY, None, None, None, None, (paragraph,), "published"))


def _reference(position: int) -> Reference:
    """The reference of the passage at a position, which counts from 0: 13 → 00 000 013."""
    return Reference(f"{position:08d}")


def position_of(reference: Reference) -> int:
    """The position of the passage that was given this reference: 00 000 013 → 13."""
    return int(reference.text.replace(" ", ""))
