"""What is handed in to be added → named contents, read one at a time. Nothing is parsed here."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import NotADecision
from index.parse import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Source:
    """One file as it was named, and how to get its content; `read` raises NotADecision, whatever is wrong with it."""

    name: str
    read: Callable[[], bytes]


def sources(paths: Iterable[Path]) -> Iterator[Source]:
    """A source for each path, in their order."""
    for path in paths:
        yield Source(str(path), lambda path=path: read_file(path))  # type: ignore[misc]


def read_file(path: Path) -> bytes:
    """The content of a file. Raises NotADecision where it is no file, too large for a decision, or cannot be read."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise NotADecision("It is not a file.")  # nor a pipe, which could be read for ever
        if status.st_size > MAX_BYTES:
            raise NotADecision(f"The file has more than {MAX_BYTES:,} bytes, more than any decision.")
        return path.read_bytes()
    except OSError as error:
        raise NotADecision(f"The file cannot be read: {error.strerror}.") from None
