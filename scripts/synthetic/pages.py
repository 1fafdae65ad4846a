"""The pages that a Draft comes in: as a browser saves them, as a crawler cut them, and with all marks typed out.

What differs between pages stands here; the dialects of text are in synthetic.dialects, which knows all of them.
"""

from __future__ import annotations

import html
import itertools
import re
import zlib
from collections.abc import Iterator

from synthetic.draft import Draft, Heading, Items, Quotation, Statute, Table, Text
from synthetic.notes import with_notes

SIGNATURE = "Investigator's decision on behalf of the Ombudsman"


def fields(draft: Draft) -> list[tuple[str, str]]:
    date = draft.date.strftime("%d %b %Y") if draft.date else None
    pairs = (("Category", draft.category), ("Decision", draft.outcome), ("Decision date", date))
    return [(name, value) for name, value in pairs if value is not None]


def noise_of(draft: Draft) -> int:
    """What a capture varies by, apart from the draft's own words."""
    return zlib.crc32(draft.reference.encode())


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


def saved_page(draft: Draft) -> str:
    """A page as a browser saves it."""
    slug = draft.reference.replace(" ", "-")
    category = draft.category or "Other"
    path = "/".join(re.sub(r"[^a-z]+", "-", step.lower()) for step in category.split(" > "))
    head = _HEAD.format(reference=draft.reference, site=_SITE, path=path, slug=slug)
    rows = [*_article(draft, started=True), _FOOT]
    return head + "\n".join(rows)


_ENTITIES = str.maketrans({"’": "&rsquo;", "“": "&ldquo;", "”": "&rdquo;", "£": "&pound;", "‘": "&lsquo;"})


def page_without_numbers(draft: Draft) -> str:
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
    noise = noise_of(draft)
    paragraphed = started and noise % 2 == 0
    title = f"{escape(draft.body)} ({draft.reference})"
    yield '<article id="article">'
    yield f'<div class="articleHeader"><{"h2" if started else "p"}>{title}</{"h2" if started else "p"}>'
    for name, value in fields(draft):
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
    yield f"<p>{SIGNATURE}</p>"
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


_TYPED_FIELDS = {"Category": "Subject", "Decision": "Outcome", "Decision date": "Date of decision"}
_NOTE_MARK = re.compile(r"\[(\d+)\]")


def typed_page(draft: Draft) -> str:
    """A page whose numbers and letters are typed out, with other names for its fields, and with footnotes."""
    slug = draft.reference.replace(" ", "-")
    head = _HEAD.format(reference=draft.reference, site=_SITE, path="other", slug=slug)
    return head + "\n".join([*_typed_article(draft), _FOOT])


def _typed_article(draft: Draft) -> Iterator[str]:
    draft, notes = with_notes(draft)
    yield '<article id="article">'
    yield f"<h1>{_escape(draft.body)} ({draft.reference})</h1>"
    for name, value in fields(draft):
        label, shown = _TYPED_FIELDS[name], _escape(value)
        yield f'<p><span class="label">{label}</span> <span class="value">{shown}</span></p>'
    yield "<p>The Ombudsman’s decision</p>"
    yield f"<p><strong>Summary:</strong> {_escape(draft.summary)}</p>"
    count = 0
    for part in draft.parts:
        if isinstance(part, Heading):
            if part.level == 1 and count:
                yield '<p><a href="#top">^ Back to the top</a></p>'
            yield f"<h{part.level + 1}>{_escape(part.text)}</h{part.level + 1}>"
            continue
        count += 1
        for place, block in enumerate(part.blocks):
            match block:
                case Text(text) | Statute(text):
                    raised = _NOTE_MARK.sub(r'<sup id="mark\1"><a href="#note\1">\1</a></sup>', _escape(text))
                    yield f"<p>{raised}</p>" if place else f"<p>{count}. {raised}</p>"
                case Items(items, lettered) if lettered and not any(item.items for item in items):
                    for letter, item in zip("abcdefghij", items, strict=False):
                        yield f"<p>({letter}) {_escape(item.text)}</p>"
                case Items():
                    yield _list(block, ' type="a"')
                case Quotation(lines):
                    yield f"<blockquote>{''.join(f'<p>{_escape(line)}</p>' for line in lines)}</blockquote>"
                case Table(rows):
                    yield _table(rows)
    yield f"<p>{SIGNATURE}</p>"
    told = "".join(
        f'<li id="note{number}">{_escape(note)} <a href="#mark{number}">↑</a></li>'
        for number, note in enumerate(notes, start=1)
    )
    yield f'<section class="footnotes"><h2>Footnotes</h2><ol>{told}</ol></section>'
    yield "</article>"
