"""The dialects that captures come in: what a Draft looks like in each, and what a reader of it should find.

A text capture is a list of lines, made by one function for all of them; what differs is in _Style. The truth is taken
from the Draft alone, never from a parser, so it can judge one.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from synthetic.draft import Block, Draft, Heading, Items, Paragraph, Quotation, Statute, Table, Text
from synthetic.notes import told_with_notes, with_notes
from synthetic.pages import SIGNATURE, fields, noise_of, page_without_numbers, saved_page, typed_page


@dataclass(frozen=True, slots=True)
class _Style:
    bullets: str = "out"  # "out": at the indent of the numbers; "in": nested in the item; "mixed"
    published: bool = False  # numbers run on through the decision
    fields: bool = True  # Category, Decision, Decision date
    letters: str = "{digit}."  # how an item of a lettered list is marked
    dashes: bool = False  # all marks are lost
    head: str = "site"  # "printed": as a decision is sent; "split": the value of each field below its name


_RESTARTING, _CONTINUING = _Style(), _Style(bullets="in")
_FURNITURE = (
    "Print this page",
    "LGO logogram",
    "Review your privacy settings",
    "Required cookies",
    "Without these cookies the pages cannot be shown as they should be. Your browser can block them, at a price.",
    "View required cookies",
    "Analytical cookies",
    "These cookies count visits and tell us which pages are read.",
    "View analytical cookies",
    "What they collect names nobody, and we ask that no one else uses it",
    "Privacy settings",
)


class _Capture:
    """The lines of a text capture, with a blank one between any two that are not of one list or one table."""

    def __init__(self, spaced: bool) -> None:
        self.lines: list[str] = []
        self.spaced = spaced
        self.before = ""

    def put(self, line: str, kind: str = "") -> None:
        if self.spaced and self.lines and not (kind and kind == self.before):
            self.lines.append("")
        self.lines.append(line)
        self.before = kind


def _text(draft: Draft, style: _Style) -> list[str]:
    capture = _Capture(spaced=not style.dashes)
    put = capture.put
    for line in _head(draft, style):
        put(line)
    count = shown = lists = 0
    noise = noise_of(draft)
    has_tops = not style.dashes and style.head != "printed"
    for position, part in enumerate(draft.parts):
        if isinstance(part, Heading):
            if part.level == 1 and position and has_tops:
                put("Back to top")
            put(part.text)
            shown = 0
            continue
        count += 1
        shown += 1
        for place, block in enumerate(part.blocks):
            match block:
                case Text(text) if place == 0:
                    put(f"- {text}" if style.dashes else f"  {count if style.published else shown}. {text}", "list")
                case Items():
                    lists += 1
                    marked, within = _item_lines(block, style, noise + lists)
                    for line in marked:
                        put(line, "list")
                    # A list that is no part of the numbered item ends the list of numbers; so does any other block.
                    shown = shown if within else 0
                case Text(text) | Statute(text):
                    put(text)
                    shown = 0
                case Quotation(lines):
                    for line in lines:
                        put(line)
                    shown = 0
                case Table(rows=cells):
                    for row in cells:
                        put("\t\t".join(row), "row")
                    shown = 0
    if has_tops:
        put("Back to top")
    put(SIGNATURE)
    if has_tops:
        for line in _FURNITURE:
            put(line)
    return capture.lines


def _head(draft: Draft, style: _Style) -> Iterator[str]:
    """The lines from the title to the summary."""
    title = f"{draft.body} ({draft.reference})"
    match style.head:
        case "printed":
            if draft.date:
                yield f"{draft.date.day} {draft.date:%B %Y}"
            yield from ("Complaint reference:", draft.reference, "Complaint against:", draft.body)
            yield from ("The Ombudsman’s decision", f"Summary: {draft.summary}")
        case "split":
            yield title
            for name, value in fields(draft):
                yield from (f"{name} :", *value.replace(" > ", "\n>\n").split("\n"))
            yield from ("Statement", "Summary", draft.summary)
        case _:
            yield title
            if style.fields:
                yield from (f"{name} : {value}" for name, value in fields(draft))
            yield from ("The Ombudsman's final decision:", f"Summary: {draft.summary}")


def _printed(draft: Draft) -> str:
    """A decision as it was sent to the people in it, with its numbers, its letters and footnotes."""
    marked, notes = with_notes(_without_tops(draft))
    style = _Style(bullets="in", published=True, letters="({letter})", head="printed")
    lines = _text(marked, style)
    for number, note in enumerate(notes, start=1):
        lines += ["", f"[{number}] {note}"]
    return "\n".join(lines) + "\n"


def _without_tops(draft: Draft) -> Draft:
    """The draft where nothing shows that "Analysis" is a part of the outermost level: it stands in "What I found"."""
    parts: list[Heading | Paragraph] = []
    deeper = 0
    for part in draft.parts:
        if isinstance(part, Heading):
            deeper = int(part.text.startswith("Analysis")) if part.level == 1 else deeper
            part = Heading(part.text, part.level + deeper)
        parts.append(part)
    return replace(draft, parts=tuple(parts))


def _item_lines(block: Items, style: _Style, noise: int) -> tuple[list[str], bool]:
    """The lines of a list, and whether it is nested in the numbered item."""
    rows: list[str] = []
    # In captures a list may be torn: its first item stands within the numbered one, the others outside.
    manner = ("out", "in", "torn")[noise % 3] if style.bullets == "mixed" else style.bullets
    for place, item in enumerate(block.items):
        if block.lettered:
            indent, mark = 6, style.letters.format(digit=place + 1, letter="abcdefghij"[place])
        else:
            indent, mark = 4 if manner == "in" or (manner == "torn" and place == 0) else 2, "•"
        rows.append(f"- {item.text}" if style.dashes else f"{' ' * indent}{mark} {item.text}")
        rows += [f"- {text}" if style.dashes else f"{' ' * (indent + 2)}• {text}" for text in item.items]
    return rows, block.lettered or manner == "in" or (manner == "torn" and len(block.items) == 1)


def _joined(draft: Draft, style: _Style, end: str = "\n") -> str:
    return end.join(_text(draft, style)) + end


def _either(draft: Draft) -> _Style:
    return _RESTARTING if noise_of(draft) % 2 else _CONTINUING


def _lettered(draft: Draft) -> _Style:
    return _Style(bullets="in", letters="{letter})" if noise_of(draft) % 2 else "({letter})")


def _utf16(draft: Draft) -> bytes:
    text = _joined(draft, _either(draft))
    if noise_of(draft) % 3:
        return b"\xff\xfe" + text.encode("utf-16-le")
    return b"\xfe\xff" + text.encode("utf-16-be")


_NUMBERED = re.compile(r"^( +(?:\d+\.|•)) ")


def _nbsp(draft: Draft) -> str:
    """A non-breaking space after each number, and some of them and of spaces without width within the text."""
    lines = _text(draft, _either(draft))
    for place, line in enumerate(lines[1:], start=1):
        line = _NUMBERED.sub("\\1\u00a0", line)
        if place % 5 == 0:
            line = line.replace(", ", ",\u00a0")
        if place % 7 == 0:
            line = line.replace(". ", ".\u00a0 ")
        if place % 6 == 0:
            line = line.replace(" the ", " \u200bthe ")
        if place % 11 == 0 and line:
            line += "\u200b"
        lines[place] = line
    return "\n".join(lines) + "\n"


_RENDERERS: dict[str, tuple[Callable[[Draft], bytes], int]] = {
    # The second value says how many of a hundred decisions come in this dialect.
    "restarting": (lambda draft: _joined(draft, _RESTARTING).encode(), 19),
    "continuing": (lambda draft: _joined(draft, _CONTINUING).encode(), 19),
    "mixed": (lambda draft: _joined(draft, _Style(bullets="mixed")).encode(), 10),
    "lettered": (lambda draft: _joined(draft, _lettered(draft)).encode(), 7),
    "published": (lambda draft: _joined(draft, _Style(published=True)).encode(), 4),
    "crlf": (lambda draft: _joined(draft, _either(draft), "\r\n").encode(), 4),
    "bom": (lambda draft: _joined(draft, _either(draft)).encode("utf-8-sig"), 3),
    "utf16": (_utf16, 2),
    "cp1252": (lambda draft: _joined(draft, _either(draft)).encode("cp1252"), 3),
    "nbsp": (lambda draft: _nbsp(draft).encode(), 4),
    "dashes": (lambda draft: _joined(draft, _Style(dashes=True)).encode(), 5),
    "bare": (lambda draft: _joined(draft, _Style(fields=False)).encode(), 3),
    "printed": (lambda draft: _printed(draft).encode(), 2),
    "split": (lambda draft: _joined(draft, _Style(head="split")).encode(), 2),
    "html": (lambda draft: saved_page(draft).encode(), 7),
    "html_nostart": (lambda draft: page_without_numbers(draft).encode(), 4),
    "html_typed": (lambda draft: typed_page(draft).encode(), 2),
}
_NOTED = ("printed", "html_typed")
"""Dialects with footnotes."""
DIALECTS: tuple[str, ...] = tuple(_RENDERERS)
_MIX = tuple(name for name, (_, share) in _RENDERERS.items() for _ in range(share))


def dialect_of(number: int, seed: int = 1) -> str:
    """The dialect in which decision `number` comes where none is asked for."""
    return _MIX[zlib.crc32(f"{seed}/{number}".encode()) % len(_MIX)]


def render(draft: Draft, dialect: str) -> bytes:
    """The file in which a decision was captured. Raises KeyError for a dialect that is not among DIALECTS."""
    return _RENDERERS[dialect][0](draft)


def file_name(draft: Draft, dialect: str) -> str:
    """`19-000-001.txt`, or `.html`."""
    return f"{draft.reference.replace(' ', '-')}.{'html' if dialect.startswith('html') else 'txt'}"


def truth(draft: Draft, dialect: str) -> dict[str, object]:
    """What stands in the decision, whatever a capture in this dialect lost of it; ready for JSON.

    A line is [text, depth, letter or None]. The fields of the header are those that the dialect shows.
    """
    if dialect == "printed":
        draft = _without_tops(draft)
    if dialect in _NOTED:
        draft = told_with_notes(draft)
    shows = dialect not in ("bare", "printed")
    trail: tuple[str, ...] = ()
    paragraphs: list[dict[str, object]] = []
    for part in draft.parts:
        if isinstance(part, Heading):
            trail = (*trail[: part.level - 1], part.text)
        else:
            lines = [line for block in part.blocks for line in _true_lines(block)]
            paragraphs.append({"number": len(paragraphs) + 1, "section": list(trail), "lines": lines})
    return {
        "file": file_name(draft, dialect),
        "dialect": dialect,
        "reference": draft.reference,
        "body": draft.body,
        "category": draft.category if shows else None,
        "outcome": draft.outcome if shows else None,
        "date": draft.date.isoformat() if draft.date and dialect != "bare" else None,
        "summary": draft.summary,
        "numbering": "inferred" if dialect == "dashes" else "published",
        "paragraphs": paragraphs,
    }


def _true_lines(block: Block) -> Iterable[list[str | int | None]]:
    match block:
        case Text(text) | Statute(text):
            yield [text, 0, None]
        case Quotation(lines):
            yield from ([line, 0, None] for line in lines)
        case Table(rows):
            yield from ([" ".join(row), 0, None] for row in rows)
        case Items(items, lettered):
            for place, item in enumerate(items):
                yield [item.text, 1, "abcdefghij"[place] if lettered else None]
                yield from ([text, 2, None] for text in item.items)
