"""One source file, a text capture or a saved page, → one Decision. The dialects are hidden here; nothing is stored.

What is kept is verbatim except for white space: each run of it (a line end within an item, a non-breaking space, the
gap between the cells of a table's row) becomes one space; zero-width spaces are left out; list markers and indents
become the `depth` of a line, and its `item` where its letter is certain. What is dropped is the site's furniture: what
stands above the title, a table of contents, "Back to top", what it adds to a report once the council has answered, and
everything from the investigator's signature on.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.decisions import Decision, Numbering, Paragraph, Pinpoint, Reference, summary_of
from index.errors import NotADecision
from index.parsing.cross_references import cross_references
from index.parsing.decode import decode, kind_of
from index.parsing.footnotes import add_footnotes, take_footnotes
from index.parsing.header import Header, Untitled, read_header
from index.parsing.headings import doubts_about_headings, heading_trails, settle_headings
from index.parsing.html_page import looks_like_html, read_page
from index.parsing.labels import Label
from index.parsing.lists import assemble
from index.parsing.mhtml import page_of
from index.parsing.numbering import number
from index.parsing.other_pages import kind_of_page
from index.parsing.pdf_report import read_report, reference_of_report
from index.parsing.provenance import provenance
from index.parsing.roles import roles
from index.parsing.sections import above_first_number, is_report, read_sections, without_follow_up
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


def parse(source: bytes) -> Decision:
    """Read a capture: text or a saved page, in UTF-8, UTF-16 or Windows-1252, or a page as it was served.

    So are a page saved as MHTML, and a report that was published as a PDF. Raises NotADecision with the reason, as one
    sentence.
    """
    served = ServedPage.from_bytes(source) if looks_like_served_page(source) else None
    content = served.content if served else source
    addresses: tuple[str, ...] = ()
    if kind_of(content) == "pdf":
        decision = read_report(content)
    else:
        text, lines, titles, addresses = _labels(content)
        decision = _decision(text, lines, titles)
    _check_length(decision.places())
    origin = provenance(source, served, addresses, decision.reference, decision.category)
    return replace(decision, provenance=origin)


def reference_of(source: bytes) -> Reference:
    """The reference in the title of a capture, without parsing the rest. Raises NotADecision as `parse` does."""
    content = ServedPage.from_bytes(source).content if looks_like_served_page(source) else source
    if kind_of(content) == "pdf":
        return reference_of_report(content)
    return _header(*_labels(content)[:3])[0].reference


def _decision(text: str, every: list[Label], titles: tuple[str, ...]) -> Decision:
    """The decision or the report of which these are the labels."""
    lines, notes, unmarked = take_footnotes(every)
    header, body = _header(text, without_follow_up(lines), titles)
    labels, dropped = settle_headings(body)
    if is_report(lines, labels):
        if notes:  # its footnotes are text of the section that they stand in
            header, body = _header(text, without_follow_up(every), titles)
            labels, _ = settle_headings(body)
        return _report(header, labels)
    if not header.summary:
        header.summary, labels = above_first_number(labels)
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
    _check_headings([draft.section for draft in drafts])
    given = roles([draft.section for draft in drafts])
    paragraphs = tuple(
        Paragraph(Pinpoint(reference, draft.number), "published", draft.section, role, tuple(draft.lines))
        for draft, role in zip(drafts, given, strict=True)
    )
    _check_length(paragraphs)
    own = cross_references(paragraphs)
    doubts += [found.reason for found in own if found.verdict == "contradicts"]
    numbering: Numbering = "inferred" if doubts else "published"
    if doubts:
        paragraphs = tuple(replace(paragraph, numbering=numbering) for paragraph in paragraphs)
    return Decision(
        reference, header.body, header.category, header.outcome, header.date,
        summary_of(reference, header.summary), paragraphs, numbering, doubts=tuple(doubts), cross_references=own,
    )  # fmt: skip


def _report(header: Header, labels: list[Label]) -> Decision:
    """The page of a public report: its sections, or the account alone, which is then its summary."""
    account, sections = read_sections(header.reference, labels)
    summary = summary_of(header.reference, [*header.summary, *account])
    if len(sections) > _MAX_PARAGRAPHS or (summary is None and not sections):
        raise NotADecision(f"It is the page of a public report with {len(sections):,} sections.")
    _check_headings([place.section for place in sections])
    return Decision(
        header.reference, header.body, header.category, header.outcome, header.date, summary, sections, "published"
    )


def _check_headings(sections: Sequence[tuple[str, ...]]) -> None:
    if sum(len(heading) for section in sections for heading in section) > _MAX_HEADING_CHARACTERS_IN_ALL:
        raise NotADecision("Its headings are so long, above so many paragraphs, that it can be no decision.")


def _header(text: str, lines: list[Label], titles: tuple[str, ...]) -> tuple[Header, list[Label]]:
    """The header and what follows it. Raises NotADecision, which says what a page is that has no title of one."""
    try:
        return read_header(lines, titles)
    except Untitled as error:
        raise NotADecision(kind_of_page(text, looks_like_html(text)) or str(error)) from None


def _labels(source: bytes) -> tuple[str, list[Label], tuple[str, ...], tuple[str, ...]]:
    """The text of a capture and its labels; titles that a page has outside its article, and addresses that it gives."""
    page_source, saved_from = page_of(source) if kind_of(source) == "mhtml" else (source, None)
    text = decode(page_source)
    page = read_page(text) if looks_like_html(text) else None
    labels = list(itertools.islice(page.labels if page else read_lines(text), _MAX_LINES + 1))
    if len(labels) > _MAX_LINES:
        raise NotADecision(f"It has more than {_MAX_LINES:,} lines of text, which no decision has.")
    addresses = (*(page.addresses if page else ()), *([saved_from] if saved_from else ()))
    return text, labels, page.titles if page else (), addresses


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
