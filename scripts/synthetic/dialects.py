"""The dialects that captures come in: what a Draft looks like in each, and what a reader of it should find.

A text capture is a list of lines, made by one function for all of them; what differs is in _Style. The truth is taken
from the Draft alone, never from a parser, so it can judge one.
"""

from __future__ import annotations

import html
import itertools
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from synthetic.draft import Block, Draft, Heading, Items, Quotation, Statute, Table, Text


@dataclass(frozen=True, slots=True)
class _Style:
    bullets: str = "out"  # "out": at the indent of the numbers; "in": nested in the item; "mixed"
    published: bool = False  # numbers run on through the decision
    fields: bool = True  # Category, Decision, Decision date
    letters: str = "{digit}."  # how an item of a lettered list is marked
    dashes: bool = False  # all marks are lost


_RESTARTING, _CONTINUING = _Style(), _Style(bullets="in")
_SIGNATURE = "Investigator's decision on behalf of the Ombudsman"
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


def _fields(draft: Draft) -> list[tuple[str, str]]:
    date = draft.date.strftime("%d %b %Y") if draft.date else None
    pairs = (("Category", draft.category), ("Decision", draft.outcome), ("Decision date", date))
    return [(name, value) for name, value in pairs if value is not None]


def _noise(draft: Draft) -> int:
    """What a capture varies by, apart from the draft's own words."""
    return zlib.crc32(draft.reference.encode())


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
    put(f"{draft.body} ({draft.reference})")
    if style.fields:
        for name, value in _fields(draft):
            put(f"{name} : {value}")
    put("The Ombudsman's final decision:")
    put(f"Summary: {draft.summary}")
    count = shown = lists = 0
    noise = _noise(draft)
    for position, part in enumerate(draft.parts):
        if isinstance(part, Heading):
            if part.level == 1 and position and not style.dashes:
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
    if not style.dashes:
        put("Back to top")
    put(_SIGNATURE)
    if not style.dashes:
        for line in _FURNITURE:
            put(line)
    return capture.lines


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
    return _RESTARTING if _noise(draft) % 2 else _CONTINUING


def _lettered(draft: Draft) -> _Style:
    return _Style(bullets="in", letters="{letter})" if _noise(draft) % 2 else "({letter})")


def _utf16(draft: Draft) -> bytes:
    text = _joined(draft, _either(draft))
    if _noise(draft) % 3:
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


_SITE = "https://www.ombudsman.example"
_HEAD = """<!doctype html>
<html lang="en" class="no-js">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{reference} - Decisions</title>
<link rel="canonical" href="{site}/decisions/{path}/{slug}">
<link rel="stylesheet" href="/css/site.css">
<style>.label {{ font-weight: bold }} ol ol {{ list-style: lower-alpha }}</style>
<script>window.dataLayer = []; if (1 < 2) {{ dataLayer.push({{"page": "<p>decision</p>"}}); }}</script>
</head>
<body>
<div id="cookie-banner" role="region" aria-label="Cookies"><h2>Cookies on this site</h2>
<p>May we count your visit?</p><button type="button">Yes</button><ol><li>Required cookies.</li></ol></div>
<header><a href="/">Home</a><form action="/search"><label for="q">Search</label><input id="q" name="q"></form></header>
<nav aria-label="Main"><ul><li><a href="/make-a-complaint">Make a complaint</a></li>
<li><a href="/decisions">Decisions</a></li></ul></nav>
<main id="content">
"""
_FOOT = """
<div class="tools"><a href="javascript:window.print()">Print this page</a></div>
</main>
<footer><img src="/logo.svg" alt="LGO logogram"><ul><li><a href="/privacy">Review your privacy settings</a></li></ul>
<h2>Required cookies</h2>
<p>Without these cookies the pages cannot be shown as they should be.</p>
</footer>
<script src="/js/site.js"></script>
</body>
</html>
"""


def _html(draft: Draft) -> str:
    """A page as a browser saves it."""
    slug = draft.reference.replace(" ", "-")
    category = draft.category or "Other"
    path = "/".join(re.sub(r"[^a-z]+", "-", step.lower()) for step in category.split(" > "))
    head = _HEAD.format(reference=draft.reference, site=_SITE, path=path, slug=slug)
    rows = [*_article(draft, started=True), _FOOT]
    return head + "\n".join(rows)


_ENTITIES = str.maketrans({"’": "&rsquo;", "“": "&ldquo;", "”": "&rdquo;", "£": "&pound;", "‘": "&lsquo;"})


def _html_nostart(draft: Draft) -> str:
    """A crawler's copy: only the article, its lists begun again at 1, its lines broken anywhere."""
    text = "\n\t".join(_article(draft, started=False)).translate(_ENTITIES)
    words = text.split(" ")
    for place in range(13, len(words), 13):
        # A tag is left whole: its attributes are not for breaking.
        if "=" not in words[place] and "<" not in words[place - 1]:
            words[place] = ("\n      " if place % 3 else "&nbsp;") + words[place]
    return " ".join(words) + "\n"


def _article(draft: Draft, started: bool) -> Iterator[str]:
    escape = _escape
    noise = _noise(draft)
    paragraphed = started and noise % 2 == 0
    title = f"{escape(draft.body)} ({draft.reference})"
    yield '<article id="article">'
    yield f'<div class="articleHeader"><{"h2" if started else "p"}>{title}</{"h2" if started else "p"}>'
    for name, value in _fields(draft):
        shown = escape(value)
        if name == "Category":
            steps = value.split(" > ")
            links = [f'<a href="/decisions?category={place}">{escape(step)}</a>' for place, step in enumerate(steps)]
            shown = " &gt; ".join(links)
        yield f'<p><span class="label">{name} : </span><span class="value">{shown}</span></p>'
    yield "</div>"
    yield "<p>The Ombudsman's final decision:</p>"
    yield f"<p><strong>Summary:</strong> {escape(draft.summary)}</p>"
    top = '<p class="backToTop"><a href="#top">Back to top</a></p>'
    count, is_open = 0, False
    for position, part in enumerate(draft.parts):
        if isinstance(part, Heading):
            if is_open:
                yield "</ol>"
                is_open = False
            if part.level == 1 and position:
                yield top
            yield f"<h{part.level + 1}>{escape(part.text)}</h{part.level + 1}>"
            continue
        count += 1
        if not is_open:
            yield f'<ol start="{count}">' if started and count > 1 else "<ol>"
            is_open = True
        first = part.blocks[0]
        assert isinstance(first, Text)
        text = f"<p>{escape(first.text)}</p>" if paragraphed else escape(first.text)
        rest = part.blocks[1:]
        if started and rest and isinstance(rest[0], Items):
            text += _list(rest[0], "")
            rest = rest[1:]
        yield f"<li>{text}</li>"
        if rest:
            yield "</ol>"
            is_open = False
        for block in rest:
            match block:
                case Text(text) | Statute(text):
                    yield f"<p>{escape(text)}</p>"
                case Quotation(lines):
                    quoted = "".join(f"<p>{escape(line)}</p>" for line in lines)
                    yield f"<blockquote>{quoted}</blockquote>" if noise % 3 == 0 else quoted
                case Items():
                    # Below the paragraphs' list a second one in figures would be more paragraphs, so it says its type.
                    yield _list(block, ' type="a"')
                case Table(rows):
                    yield _table(rows)
    if is_open:
        yield "</ol>"
    yield top
    yield f"<p>{_SIGNATURE}</p>"
    yield "</article>"


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _list(block: Items, kind: str) -> str:
    tag, attribute = ("ol", kind) if block.lettered else ("ul", "")
    items = []
    for item in block.items:
        nested = "".join(f"<li>{_escape(text)}</li>" for text in item.items)
        items.append(f"<li>{_escape(item.text)}{f'<ul>{nested}</ul>' if nested else ''}</li>")
    return f"<{tag}{attribute}>\n{chr(10).join(items)}\n</{tag}>"


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    cells = [
        "".join(f"<{tag}>{_escape(cell)}</{tag}>" for cell in row)
        for row, tag in zip(rows, itertools.chain(["th"], itertools.repeat("td")), strict=False)
    ]
    return "<table><tbody>\n" + "\n".join(f"<tr>{row}</tr>" for row in cells) + "\n</tbody></table>"


_RENDERERS: dict[str, tuple[Callable[[Draft], bytes], int]] = {
    # The second value says how many of a hundred decisions come in this dialect.
    "restarting": (lambda draft: _joined(draft, _RESTARTING).encode(), 22),
    "continuing": (lambda draft: _joined(draft, _CONTINUING).encode(), 22),
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
    "html": (lambda draft: _html(draft).encode(), 7),
    "html_nostart": (lambda draft: _html_nostart(draft).encode(), 4),
}
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
    shows = dialect != "bare"
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
        "date": draft.date.isoformat() if draft.date and shows else None,
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
