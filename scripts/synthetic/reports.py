"""A decision as a public report: the short account that a site gives of it, in sections without numbers, and its truth.

Each section has the text of one part of the draft; what the investigation tells in numbered paragraphs is not on the
page.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from synthetic.draft import Draft, Heading, Items, Paragraph, Text

_PARTS = {"The complaint": "The complaint", "Final decision": "Finding", "Agreed action": "Recommendations"}
"""Parts of a statement, and what a report calls them."""


def report_page(draft: Draft) -> str:
    """The article of the page."""
    fields = {"Category": draft.category, "Decision": draft.outcome}
    fields["Decision date"] = draft.date.strftime("%d %b %Y") if draft.date else None
    rows = ['<article id="article">', f"<h2>{_escape(draft.body)} ({draft.reference})</h2>"]
    rows += [
        f'<p><span class="label">{name} : </span><span class="value">{_escape(value)}</span></p>'
        for name, value in fields.items()
        if value
    ]
    for name, texts in _sections(draft):
        rows += [f"<h3>{name}</h3>", f"<p>{_escape(texts[0])}</p>"]
        if len(texts) > 1:
            rows += ["<ul>", *(f"<li>{_escape(text)}</li>" for text in texts[1:]), "</ul>"]
    return "\n".join([*rows, "</article>"])


def report_truth(draft: Draft) -> list[dict[str, object]]:
    """The sections of the page as a reader should find them."""
    return [
        {
            "number": f"section “{name}”",
            "section": [name],
            "lines": [[text, min(place, 1), None] for place, text in enumerate(texts)],
        }
        for name, texts in _sections(draft)
    ]


def _sections(draft: Draft) -> Iterator[tuple[str, list[str]]]:
    """The summary, and the first paragraph of each part with the items of its list."""
    yield "Report summary", [draft.summary]
    name = None
    for part in draft.parts:
        if isinstance(part, Heading):
            name = _PARTS.get(part.text) if part.level == 1 else None
        elif name is not None:
            yield name, list(_texts(part))
            name = None


def _texts(paragraph: Paragraph) -> Iterator[str]:
    for block in paragraph.blocks:
        if isinstance(block, Text):
            yield block.text
        elif isinstance(block, Items):
            yield from (item.text for item in block.items)
            return


def _escape(text: str) -> str:
    return html.escape(text, quote=False)
