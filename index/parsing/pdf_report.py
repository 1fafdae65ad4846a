"""A report that was published as a PDF → one Decision. Pure.

Where the report's own numbered paragraphs are certain, each from 1 on without a gap and under headings that are set
bold, they are its paragraphs, as those of a statement are. In any doubt it is cited by page, and a page is everything
that stands on it but its running head and foot. Nothing gets a number that was not published.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.decisions import Decision, Line, Paragraph, Pinpoint, Reference, summary_of
from index.errors import NotADecision, NotAReference
from index.parsing.cross_references import cross_references
from index.parsing.header import Header, Untitled, read_header
from index.parsing.headings import is_heading
from index.parsing.labels import Label
from index.parsing.other_pages import kind_of_page
from index.parsing.pdf import PdfLine, PdfPage, body_size, is_smaller, read_pdf
from index.parsing.roles import roles
from index.parsing.sections import LIST_HEADING
from index.text.dates import MONTH
from index.text.sentences import is_ended

_FRONT_PAGES = 3  # on which a report says what it is
_FRONT = re.compile(
    r"""
    \binvestigation\ into\ (?:an?\ |the\ |two\ |three\ )?complaints?\ (?:about|against|concerning)\ (?:the\ )?
    (?P<body>[^()]{3,200}?)\ ?
    \((?:complaint\ |case\ )?(?:references?|refs?\.?|numbers?|case|complaint)(?:\ (?:numbers?|nos?\.?))?\ ?:?\ ?
    (?P<reference>[0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{3}[a-z]?)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Whole lines: a sentence may speak of what was said in confidence.
_DRAFT = re.compile(
    r"(?=(?-i:[A-Z]))(?:(?:private and |strictly )?confidential\W{1,3})?"
    r"(?:draft (?:report|decision)(?:\s?[^\w\s].{0,80}| (?:by|on|for|issued|not)\b.{0,80}|\W{0,3}[0-9]{0,3})"
    r"|(?:(?:issued|sent) )?in confidence\W{0,3})",
    re.IGNORECASE,
)
_DATE = re.compile(rf"\b[0-9]{{1,2}}\ (?:{MONTH})\ (?:19|20)[0-9]{{2}}\b", re.IGNORECASE)
_FIELD = re.compile(
    r"(?:category|decision(?: date)?|summary)\s*:|the ombudsm[ae]n[’']s (?:final )?decision", re.IGNORECASE
)
_NO_TITLE = (
    "It is a PDF whose first pages do not say which report it is, such as “Investigation into a complaint about Kent "
    "County Council (reference number: 21 000 832)”."
)
_OF_DRAFT = "It is a PDF of a draft, which was not published."
_PRINT = "It is a PDF print of a decision whose numbers are not certain; save the page itself as HTML or text instead."
_UNNUMBERED = "It is a PDF of a report that begins on a page without a number, by which nobody could cite it."

_START = re.compile(r"(?P<number>[1-9][0-9]{0,2})\.(?:\s+|(?=[A-Z“‘]))(?P<text>\S.*)")
_LOOSE_NUMBER = re.compile(r"[1-9][0-9]{0,2}\.?")  # alone on its line
_MIN_PARAGRAPHS = 3
_MAX_INDENT = 15  # points by which the numbers of paragraphs may differ in where they stand
_SUMMARY_HEADING = re.compile(r"(?:report )?summary", re.IGNORECASE)
_IN_SUMMARY = re.compile(r"(?:the )?(?:findings?|recommendations?|remedy|injustice)", re.IGNORECASE)
# What stands in front of the text of every report, and says nothing of it.
_FRONT_MATTER = re.compile(
    r"(?:(?:the |our )?(?:ombudsm[ae]n[’']s )?role\b|(?:table of )?contents\b|key to (?:the )?names|report by\b"
    r"|(?:report on an )?investigation into\b|local government act 1974\b)",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"(?P<bullet>[•◦▪▫●○■□‣∙·\uf0b7*–-])\s+(?P<after_bullet>\S.*)"
    r"|(?P<mark>\(?(?:(?P<letter>[a-z])|[ivx]{2,5})[).])\s+(?P<text>\S.*)"
)
_MIN_DEEPER = 6  # points by which an item of a list stands further in than the text above it
_GAP = 1.7  # times the size of the letters between two lines, where something else begins
_FAR = 2.8  # times the size of the letters, as far as nothing of one text stands apart
_ITEM_ENDS = (":", ";", ".", "; and", "; or")
_WRAPPED_WORD = re.compile(r"[a-z]-\Z")


def read_report(source: bytes) -> Decision:
    """Read a PDF. Raises NotADecision with the reason, as one sentence."""
    pages = read_pdf(source)
    lines = [line for page in pages for line in page.lines]
    first = _first_number(lines)
    header, above = _header(pages, lines, first)
    is_clear = first is not None and not any(map(_has_stray_line, pages))
    numbered = _numbered(lines, first or 0, body_size(pages)) if is_clear else None
    if numbered is not None and not _may_be_list(numbered) and _is_whole(lines[: first or 0], above, header.reference):
        summary = header.summary or _summary(lines[: first or 0])
        decision = _of_paragraphs(header, summary, numbered)
        if decision.proof != "contradicts":
            return decision
    if above is not None:
        raise NotADecision(_PRINT)
    front = [line for page in pages if page.number is None for line in page.lines]
    if _has_text(front, header.reference):
        raise NotADecision(_UNNUMBERED)
    places = tuple(
        Paragraph(Pinpoint(header.reference, f"page {page.number}"), "published", (), "facts", tuple(blocks))
        for page in pages
        if page.number is not None and (blocks := _blocks(page.lines))
    )
    if not places:
        raise NotADecision("It is a PDF of a report without any page of text.")
    summary_in_front = summary_of(header.reference, _summary(front))
    return Decision(header.reference, header.body, None, None, header.date, summary_in_front, places, "published")


def reference_of_report(source: bytes) -> Reference:
    """The reference on the first pages of a PDF. Raises NotADecision."""
    pages = read_pdf(source, _FRONT_PAGES)
    lines = [line for page in pages for line in page.lines]
    return _header(pages, lines, _first_number(lines))[0].reference


def _header(pages: Sequence[PdfPage], lines: Sequence[PdfLine], first: int | None) -> tuple[Header, list[Label] | None]:
    """The head of a report; or that of a decision's page that was printed, with the labels above its paragraphs."""
    shown = "\n".join(page.whole for page in pages[:_FRONT_PAGES])
    if any(map(_DRAFT.fullmatch, shown.split("\n"))):
        raise NotADecision(_OF_DRAFT)
    front = shown.replace("\n", " ")
    if found := _FRONT.search(front):
        with contextlib.suppress(NotAReference):
            return Header(Reference(found["reference"]), found["body"].strip(), date=_date(front, found.end())), None
    above = lines[:first]
    starts = [at for at, line in enumerate(above) if at == 0 or _FIELD.match(line.text)]
    parts = (above[begin:end] for begin, end in itertools.pairwise([*starts, len(above)]))
    labels = [Label("line", block.text, gap=True) for part in parts for block in _blocks(part)]
    try:
        header, rest = read_header([*labels, Label("number", "", 0, 1)], ())
    except Untitled:
        raise NotADecision(kind_of_page(front, False) or _NO_TITLE) from None
    return header, rest


def _date(front: str, after: int) -> datetime.date | None:
    """The first date behind the title."""
    found = _DATE.search(front, after)
    for form in ("%d %B %Y", "%d %b %Y"):
        with contextlib.suppress(ValueError):
            return datetime.datetime.strptime(found[0], form).date() if found else None
    return None


# The report's own paragraphs, where they are certain.


@dataclass(slots=True)
class _Draft:
    section: tuple[str, ...]
    lines: list[PdfLine]


def _first_number(lines: Sequence[PdfLine]) -> int | None:
    return next(
        (at for at, line in enumerate(lines) if (found := _START.match(line.text)) and found["number"] == "1"), None
    )


def _numbered(lines: Sequence[PdfLine], first: int, size: float) -> list[_Draft] | None:
    """The paragraphs from the first number on; None where anything is in doubt."""
    values = [int(found["number"]) for line in lines if (found := _START.match(line.text))]
    if values != list(range(1, len(values) + 1)) or len(values) < _MIN_PARAGRAPHS:
        return None
    drafts: list[_Draft] = []
    trail: list[PdfLine] = []
    begin = first
    while begin and lines[begin - 1].is_bold:
        begin -= 1
    must_begin = False  # a heading stands above a paragraph
    for before, line in zip([None, *lines[begin:]], lines[begin:], strict=False):
        if _START.match(line.text):
            if abs(line.x - lines[first].x) > _MAX_INDENT:
                return None
            drafts.append(_Draft(tuple(heading.text for heading in trail), [line]))
            must_begin = False
        elif line.is_bold:
            if must_begin and before is not None and _goes_on(before, line):
                trail[-1] = replace(trail[-1], text=f"{trail[-1].text} {line.text}")
            else:
                trail = [*(heading for heading in trail if heading.size > line.size + 0.5), line]
            must_begin = True
        elif must_begin or is_smaller(line, size) or _LOOSE_NUMBER.fullmatch(line.text):
            return None
        else:
            drafts[-1].lines.append(line)
    is_certain = not must_begin and all(draft.section for draft in drafts)
    return drafts if is_certain and all(map(is_heading, {text for draft in drafts for text in draft.section})) else None


def _may_be_list(drafts: Sequence[_Draft]) -> bool:
    """Whether numbers stand only where a list does, such as that of recommendations: they need not be paragraphs."""
    return all(LIST_HEADING.fullmatch(draft.section[-1]) for draft in drafts)


def _is_whole(above: Sequence[PdfLine], labels: Sequence[Label] | None, reference: Reference) -> bool:
    """Whether nothing stands above the first number that the paragraphs would lack; `labels` are those of a print."""
    if labels is None:
        return not _has_text(above, reference)
    return all(label.marker == "number" or is_heading(label.text) for label in labels)


def _has_text(above: Sequence[PdfLine], reference: Reference) -> bool:
    """Whether lines hold text of the report: more than its title, its front matter and its summary."""
    digits = str(reference).replace(" ", "")
    title = next((at + 1 for at, line in enumerate(above) if digits in re.sub(r"[ -]", "", line.text)), 0)
    if any(is_ended(line.text) for line in above[:title]):
        title = 0  # it is no title, but text that speaks of the report
    is_left_out, is_headed, is_summary = False, False, False
    for at, line in enumerate(above[title:], title):
        before = above[at - 1] if at else None
        if line.is_bold:
            goes_on = before is not None and before.is_bold and _goes_on(before, line)
            is_below = before is not None and _SUMMARY_HEADING.fullmatch(before.text) is not None
            begins = _SUMMARY_HEADING.fullmatch(line.text) is not None
            within = is_summary and (is_below or _IN_SUMMARY.fullmatch(line.text) is not None)
            is_summary = begins or within or (goes_on and is_summary)
            is_left_out = is_summary or _FRONT_MATTER.match(line.text) is not None or (goes_on and is_left_out)
            is_headed = is_headed or title == 0 or not goes_on
        elif not is_left_out and _DATE.fullmatch(line.text) is None and (is_headed or is_ended(line.text)):
            return True
    return False


def _has_stray_line(page: PdfPage) -> bool:
    """Whether the first or the last line of a page stands far from the others: it may be a head or foot of its own."""
    if len(page.lines) < 2:
        return False
    edges = ((line, abs(other.y - line.y)) for line, other in (page.lines[:2], page.lines[:-3:-1]))
    return any(gap > _FAR * line.size and not line.is_bold and not _START.match(line.text) for line, gap in edges)


def _goes_on(above: PdfLine, line: PdfLine) -> bool:
    """Whether a line goes on with the one above it, which was too long, as a heading may."""
    is_near = 0 < line.y - above.y < _GAP * line.size
    return is_near and abs(line.size - above.size) < 0.5 and abs(line.x - above.x) < _MIN_DEEPER


def _summary(above: Sequence[PdfLine]) -> list[Line]:
    """The text of the "Report summary" that stands above the first paragraph and its headings."""
    end = len(above)
    while end and above[end - 1].is_bold:
        end -= 1
    bold = (at for at in range(end) if above[at].is_bold)
    start = next((at for at in bold if _SUMMARY_HEADING.fullmatch(above[at].text)), None)
    return [] if start is None else _blocks(above[start + 1 : end])


def _of_paragraphs(header: Header, summary: Sequence[Line], drafts: Sequence[_Draft]) -> Decision:
    given = roles([draft.section for draft in drafts])
    paragraphs = tuple(
        Paragraph(
            Pinpoint(header.reference, number),
            "published",
            draft.section,
            role,
            tuple(_lettered(_blocks(draft.lines, is_numbered=True))),
        )
        for number, (draft, role) in enumerate(zip(drafts, given, strict=True), 1)
    )
    return Decision(
        header.reference, header.body, header.category, header.outcome, header.date,
        summary_of(header.reference, summary), paragraphs, "published", cross_references=cross_references(paragraphs),
    )  # fmt: skip


def _lettered(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of a paragraph, the items of its list with their letters where these run a, b, c, … once."""
    marks = [found if (found := _MARK.fullmatch(line.text)) and line.depth else None for line in lines]
    letters = [mark["letter"] for mark in marks if mark is not None and mark["mark"]]
    is_certain = len(letters) > 1 and letters == list(string.ascii_lowercase[: len(letters)])
    for line, mark in zip(lines, marks, strict=True):
        yield Line(mark["text"], line.depth, mark["letter"]) if is_certain and mark and mark["mark"] else line


# Lines as they are set → blocks of text.


def _blocks(lines: Sequence[PdfLine], is_numbered: bool = False) -> list[Line]:
    """What belongs together as a line each: a heading, running text, an item of a list.

    A bullet is left out, a letter is kept as text; so is a number, but for that of the paragraph that `is_numbered`.
    """
    blocks: list[Line] = []
    base = min((line.x for line in lines[is_numbered:]), default=0.0) + _MIN_DEEPER
    item_x = 0.0  # where the last item of a list begins
    for before, line in zip([None, *lines], lines, strict=False):
        number = _START.match(line.text)
        if before is None:
            blocks.append(Line(number["text"] if number and is_numbered else line.text))
            continue
        mark = _MARK.fullmatch(line.text) if _may_be_item(line.text, before, blocks) else None
        is_deeper = line.x > base and before.text.endswith(_ITEM_ENDS)
        is_behind_list = blocks[-1].depth > 0 and line.x < item_x + 1 and before.text.endswith(_ITEM_ENDS)
        is_new = is_behind_list or (number is not None and not is_numbered)
        if mark is not None or (is_deeper and (not blocks[-1].depth or line.x < item_x + _MIN_DEEPER)):
            blocks.append(Line(mark["after_bullet"] or line.text if mark else line.text, 1))
            item_x = line.x
        elif is_new or line.is_bold != before.is_bold or _is_apart(before, line):
            blocks.append(Line(line.text))
        else:
            joint = "" if _WRAPPED_WORD.search(before.text) and line.text[:1].isalpha() else " "
            blocks[-1] = replace(blocks[-1], text=f"{blocks[-1].text}{joint}{line.text}")
    return blocks


def _may_be_item(text: str, before: PdfLine, blocks: Sequence[Line]) -> bool:
    """Whether a mark at the beginning of a line is one; a letter is only below a colon, or next to that before it."""
    mark = _MARK.fullmatch(text)
    if mark is None or mark["bullet"]:
        return mark is not None and (before.text.endswith(_ITEM_ENDS) or mark["bullet"] not in "–-*")
    last = _MARK.fullmatch(blocks[-1].text) if blocks[-1].depth else None
    return before.text.endswith(_ITEM_ENDS) and (before.text.endswith(":") or last is not None)


def _is_apart(above: PdfLine, line: PdfLine) -> bool:
    """Whether so much space stands between two lines that something else begins; a page may end between them."""
    return line.y - above.y > _GAP * max(line.size, above.size) or abs(line.size - above.size) > 1
