"""What is checked when a version is opened, and which of its files are read into memory then.

The sizes of all files are compared, and the checksums of small ones and of those that hold offsets into others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from index.engine.checksums import Part, check_sizes, open_file
from index.engine.columns import Columns
from index.engine.database import DATABASE
from index.engine.embedding_files import STRUCTURE, Block
from index.engine.manifest import EMBEDDINGS, TERMS, Manifest
from index.engine.segments import VECTORS
from index.engine.vectors import EXACT


def columns_in_memory(manifest: Manifest, most: int) -> dict[str, list[Part]]:
    """The columns that are to be in memory, `most` bytes in all, by the names of their segments."""
    held = {}
    for segment in manifest.segments:
        parts = [manifest.content[f"{segment.name}/{name}"] for name in Columns.names()]
        if (size := sum(part.size for part in parts)) <= most:
            held[segment.name] = parts
            most -= size
    return held


def check_at_opening(
    folder: Path, manifest: Manifest, small: int, held: Mapping[str, Sequence[Part]]
) -> tuple[list[Part], list[Part]]:
    """Compare the sizes of all files of a version, and the checksums of small ones and those that others are read by.

    Not of the columns that are `held`, which are checked when they are read. Returns the parts that were not read, and
    those that were but will be mapped. Raises Damaged, OSError, ValueError.
    """
    check_sizes(folder, manifest.content.values())
    unread, mapped = [], []
    in_memory = {part.name for parts in held.values() for part in parts}
    exact = {f"{segment.name}/{VECTORS}" for segment in manifest.segments if segment.kind == EXACT}
    large = {f"{segment.name}/{DATABASE}" for segment in manifest.segments} | exact
    for part in manifest.content.values():
        if part.size > small and (part.name in large or part.name.startswith(f"{TERMS}/")):
            unread.append(part)
        elif part.name not in in_memory:
            part.check(folder)
            mapped.append(part)
    growing: dict[str, list[Part]] = {}
    for block in Block.read(folder / EMBEDDINGS):
        for part in block.parts:
            growing.setdefault(part.name, []).append(part)
    check_sizes(folder, (), (parts[-1] for parts in growing.values()))
    for name, parts in growing.items():
        if name.rpartition("/")[2] not in STRUCTURE:
            unread += parts
            continue
        mapped += parts
        with open_file(folder / name) as file:  # once for all blocks, which may be thousands
            for part in parts:
                part.check_in(file)
    return unread, mapped
