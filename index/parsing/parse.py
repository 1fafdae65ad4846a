"""One source file, a text capture or a saved page, → one Decision. The dialects are hidden here; nothing is stored.

What is kept is verbatim except for white space: each run of it (a line end within an item, a non-breaking space, the
gap between the cells of a table's row) becomes one space; zero-width spaces are left out; list markers and indents
become the `depth` of a line, and its `item` where its letter is certain. What is dropped is the site's furniture: what
stands above the title, a table of contents, "Back to top", and everything from the investigator's signature on.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import replace

from index.decisions import SUMMARY, Decision, Numbering, Paragraph, Pinpoint, Reference
from index.errors import NotADecision
from index.parsing.cross_references import cross_references
from index.parsing.decode import decode
from index.parsing.footnotes import add_footnotes, take_footnotes
from index.parsing.header import Header, Untitled, read_header
from index.parsing.headings import doubts_about_headings, heading_trails, settle_headings
from index.parsing.html_page import looks_like_html, read_page
from index.parsing.labels import Label
from index.parsing.lists import assemble
from index.parsing.numbering import number
from index.parsing.other_pages import kind_of_page
from index.parsing.provenance import provenance
from index.parsing.roles import roles
from index.parsing.text_capture import read_lines
from index.served_page import ServedPage, looks_like_served_page
from index.text.sentences import MAY_END

# No decision comes near these limits; reading more, such as a list of a million items, would only take memory.
_MAX_PARAGRAPHS, _MAX_LINES = 5_000, 50_000
# Headings are kept, searched and embedded with each paragraph below them, so long ones above many paragraphs would take
# memory without end. The longest of real decisions have some 100 characters.
_MAX_HEADING_CHARACTERS_IN_ALL = 300_000
# Each sentence of a paragraph that matches a question is compared with it; all those of a decision are embedded, and
# read when it is shown. Real paragraphs have some hundreds of characters, and long lists some thousands; real decisions
# have some hundreds of lines, and 200,000 characters at most.
_MAX_PARAGRAPH_CHARACTERS, _MAX_PARAGRAPH_SENTENCES = 50_000, 2_000
_MAX_DECISION_CHARACTERS, _MAX_DECISION_SENTENCES = 1_000_000, 20_000
# What the site says below the short account of a report that it has published as a PDF.
_PUBLIC_REPORT = re.compile(r"(?:the )?Ombudsman satisfied with .{1,100} response", re.I)


def parse(source: bytes) -> Decision:
    """Read a capture: text or a saved page, in UTF-8, UTF-16 or Windows-1252, or a page as it was served.

    Raises NotADecision with the reason, as one sentence.
    """
    served = ServedPage.from_bytes(source) if looks_like_served_page(source) else None
    text = decode(served.content if served else source)
    lines, titles, addresses = _labels(text)
    lines, notes, unmarked = take_footnotes(lines)
    header, body = _header(text, lines, titles)
    labels, dropped = settle_headings(body)
    has_numbers = any(label.marker == "number" for label in labels)
    if not (header.summary or has_numbers) and any(_PUBLIC_REPORT.match(label.text) for label in labels):
        raise NotADecision("It is the page of a public report, which has no numbered paragraphs that could be cited.")
    numbers, uncertain = number(labels)
    trails = heading_trails(labels)
    doubts = [*uncertain, *dropped, *doubts_about_headings(labels, numbers, trails)]
    count = sum(value is not None for value in numbers)
    if not 0 < count <= _MAX_PARAGRAPHS:
        found = f"{count:,}" if count else "no"
        raise NotADecision(f"It has {found} numbered paragraphs; a decision has 1 to {_MAX_PARAGRAPHS:,}.")

    reference = header.reference
    drafts = list(assemble(labels, numbers, trails))
    doubts += [*unmarked, *add_footnotes(notes, [header.summary, *(draft.lines for draft in drafts)])]
    if sum(len(heading) for draft in drafts for heading in draft.section) > _MAX_HEADING_CHARACTERS_IN_ALL:
        raise NotADecision("Its headings are so long, above so many paragraphs, that it can be no decision.")
    given = roles([draft.section for draft in drafts])
    summary = None
    if header.summary:
        place = Pinpoint(reference, SUMMARY)
        summary = Paragraph(place, "published", (), "summary", tuple(header.summary))

    paragraphs = tuple(
        Paragraph(Pinpoint(reference, draft.number), "published", draft.section, role, tuple(draft.lines))
        for draft, role in zip(drafts, given, strict=True)
    )
    _check_length((summary, *paragraphs) if summary else paragraphs)
    own = cross_references(paragraphs)
    doubts += [found.reason for found in own if found.verdict == "contradicts"]
    numbering: Numbering = "inferred" if doubts else "published"
    if doubts:
        paragraphs = tuple(replace(paragraph, numbering=numbering) for paragraph in paragraphs)
    return Decision(
        reference, header.body, header.category, header.outcome, header.date, summary, paragraphs, numbering,
        provenance(source, served, addresses, reference, header.category), tuple(doubts), own,
    )  # fmt: skip


def reference_of(source: bytes) -> Reference:
    """The reference in the title of a capture, without parsing the rest. Raises NotADecision as `parse` does."""
    content = ServedPage.from_bytes(source).content if looks_like_served_page(source) else source
    text = decode(content)
    return _header(text, *_labels(text)[:2])[0].reference


def _header(text: str, lines: list[Label], titles: tuple[str, ...]) -> tuple[Header, list[Label]]:
    """The header and what follows it. Raises NotADecision, which says what a page is that has no title of one."""
    try:
        return read_header(lines, titles)
    except Untitled as error:
        raise NotADecision(kind_of_page(text, looks_like_html(text)) or str(error)) from None


def _labels(text: str) -> tuple[list[Label], tuple[str, ...], tuple[str, ...]]:
    """The labels of a capture; titles that a page has outside its article, and addresses that it gives as its own."""
    page = read_page(text) if looks_like_html(text) else None
    labels = list(itertools.islice(page.labels if page else read_lines(text), _MAX_LINES + 1))
    if len(labels) > _MAX_LINES:
        raise NotADecision(f"It has more than {_MAX_LINES:,} lines of text, which no decision has.")
    return labels, page.titles if page else (), page.addresses if page else ()


def _check_length(places: Iterable[Paragraph]) -> None:
    """Raises NotADecision for what is too long for a paragraph, or together for a decision."""
    characters = sentences = 0
    for place in places:
        text = place.text
        if len(text) > _MAX_PARAGRAPH_CHARACTERS:
            raise NotADecision(f"A paragraph of it has {len(text):,} characters, more than that of any decision.")
        count = 1 + sum(1 for _ in MAY_END.finditer(text))
        if count > _MAX_PARAGRAPH_SENTENCES:
            raise NotADecision(
                f"A paragraph of it has over {_MAX_PARAGRAPH_SENTENCES:,} sentences or lines, more than that of any "
                "decision."
            )
        characters += len(text)
        sentences += count
    if characters > _MAX_DECISION_CHARACTERS:
        raise NotADecision(f"Its paragraphs have {characters:,} characters together, more than those of any decision.")
    if sentences > _MAX_DECISION_SENTENCES:
        raise NotADecision(
            f"Its paragraphs have over {_MAX_DECISION_SENTENCES:,} sentences and lines, more than those of any "
            "decision."
        )
