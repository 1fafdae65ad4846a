"""What a version says of itself: its schema, its model, its segments, and the checksum of every other file.

A manifest is trusted only if its own checksum, in the file beside it, is right and every field has its type.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from index.engine.checksums import Part, open_file
from index.engine.segments import Segment
from index.engine.versions import MANIFEST, MANIFEST_SUM, damaged, unread
from index.errors import IndexMismatch
from index.text.sentences import GRAMMAR

_FORMAT = 17  # raised with every change to what a version holds or how decisions are read
SCHEMA = _FORMAT * 10**4 + GRAMMAR % 10**4
"""The format of a version, with the grammar of its sentences; a reader refuses any other."""

_FIRST_WITH_SUM = 8  # the format in which manifests first had a checksum
EMBEDDINGS, TERMS = "embeddings", "terms"
_MAX_NUMBER, _MAX_DIMENSION = 1 << 63, 1 << 16  # numbers in a manifest; models have some hundreds for a vector


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version says of itself."""

    schema: int
    model: str
    model_sha256: str
    dimension: int
    decisions: int
    paragraphs: int
    places: int
    passages: int
    built: str
    embeddings_id: str
    """Of the file of embeddings that the segments refer to; `rows` is how many of it belong to this version."""
    rows: int
    texts: int
    """Distinct ones, each found by its words once."""
    segments: tuple[Segment, ...]
    files: dict[str, Sequence[str]]
    """The SHA-256 of the content of every decision, and the name of its file, by its reference."""
    content: dict[str, Part]
    """The size and the SHA-256 of every file, by its path: all but the manifest and embeddings, which have blocks."""

    def write(self, folder: Path) -> None:
        """Write it into the folder of a version, and its checksum beside it. Raises OSError."""
        content = {item.name: getattr(self, item.name) for item in fields(self)}
        content["segments"] = [asdict(segment) for segment in self.segments]
        content["content"] = {part.name: (part.size, part.sha256) for part in self.content.values()}
        written = json.dumps(content, ensure_ascii=False).encode()
        (folder / MANIFEST).write_bytes(written)
        (folder / MANIFEST_SUM).write_text(_sum_of(written), encoding="ascii")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read that of a version. Raises IndexMismatch, IndexDamaged."""
        try:
            written = _content(folder / MANIFEST)
            if _content(folder / MANIFEST_SUM) != _sum_of(written).encode():
                raise ValueError(f"{MANIFEST} is not what was written, or {MANIFEST_SUM} is not")
            content = json.loads(written)
            if content["schema"] != SCHEMA:
                raise _mismatch(content["schema"])
            segments = tuple(Segment(**{**item, "deleted": tuple(item["deleted"])}) for item in content.pop("segments"))
            parts = {name: Part(name, 0, *sums) for name, sums in content.pop("content").items()}
            manifest = cls(**content, segments=segments, content=parts)
            every: list[Manifest | Segment | Part] = [manifest, *segments, *parts.values()]
            for said in every:
                _check_types(said)
            if not all(map(_is_file_of_decision, manifest.files.values())):
                raise ValueError(f"{MANIFEST} has files that are none")
            return manifest
        except OSError as error:
            name = Path(error.filename or MANIFEST).name
            if name == MANIFEST_SUM and (schema := _schema_without_sum(folder)) is not None:
                raise _mismatch(schema) from None
            raise unread(folder.name, name, error) from error
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise damaged(folder.name, error) from error


def _check_types(said: Manifest | Segment | Part) -> None:
    """Raises ValueError where a text or a number is none, or a number is one that nothing has."""
    for item in fields(said):
        value = getattr(said, item.name)
        is_right = {
            "int": type(value) is int and 0 <= value < _MAX_NUMBER,
            "str": type(value) is str and (item.name != "name" or value.isprintable()),
            "tuple[int, ...]": all(type(number) is int for number in value) if type(value) is tuple else False,
        }
        if not is_right.get(str(item.type), True):
            raise ValueError(f"{MANIFEST} has something else as {item.name}")
    if isinstance(said, Manifest) and said.dimension > _MAX_DIMENSION:
        raise ValueError(f"{MANIFEST} has vectors of {said.dimension:,} numbers")


def _is_file_of_decision(said: object) -> bool:
    return isinstance(said, list) and [type(value) for value in said] == [str, str]


def _content(path: Path) -> bytes:
    with open_file(path) as file:
        return file.readall()


def _schema_without_sum(folder: Path) -> int | None:
    """The format of a version whose manifest never had a checksum; None for any other."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        schema = json.loads(_content(folder / MANIFEST))["schema"]
        if type(schema) is int and schema < _FIRST_WITH_SUM:
            return schema
    return None


def _mismatch(schema: object) -> IndexMismatch:
    return IndexMismatch(
        f"The index was written in format {schema}, this program reads format {SCHEMA}. Run decision-qa build."
    )


def _sum_of(written: bytes) -> str:
    """The checksum of a manifest, as `sha256sum` writes and reads it."""
    return f"{hashlib.sha256(written).hexdigest()}  {MANIFEST}\n"
