"""What a Draft is made of: what a decision says and how it is built, free of any file format."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Running text: that of the number itself, or a line below a list or a quotation."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list; `items` are those of a list within it, and then `text` ends with a colon."""

    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list, bulleted or lettered; a list within an item is always bulleted."""

    items: tuple[Item, ...]
    lettered: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation on lines of its own, with its quotation marks."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statute:
    """A statute reference in brackets on a line of its own."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells."""

    rows: tuple[tuple[str, ...], ...]


Block = Text | Items | Quotation | Statute | Table


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the outline that all decisions share, 2 and 3 stand within."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What bears one number. The first block is its running text."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision as it is meant. The n-th Paragraph among its parts is paragraph n."""

    body: str
    reference: str
    category: str | None
    outcome: str | None
    date: datetime.date | None
    summary: str
    parts: tuple[Heading | Paragraph, ...]
