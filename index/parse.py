"""One source file, a text capture or a saved page, → one Decision. The dialects are hidden here; nothing is stored.

What is kept is verbatim except for white space: each run of it (a line end within an item, a non-breaking space, the
gap between the cells of a table's row) becomes one space; zero-width spaces are left out; list markers and indents
become the `depth` of a line, and its `item` where its letter is certain. What is dropped is the site's furniture: what
stands above the title, a table of contents, "Back to top", and everything from the investigator's signature on.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
import re
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.capture import HANGING, LINE_END, decode, read_lines
from index.decisions import SUMMARY, Decision, Line, Numbering, Paragraph, Pinpoint, Reference, fold
from index.errors import NotADecision, NotAReference
from index.numbering import Label, leaves_quotation_open, number
from index.page import BACK_TO_TOP, looks_like_html, read_page
from index.passages import roles
from index.proof import cross_references

_MOST_PARAGRAPHS = 9_999

_TITLE = re.compile(
    r"""
    (?P<body>\S.*?)              # Leicestershire County Council
    \s*
    \((?P<reference>\d[^()]*)\)  # (21 002 206)
    """,
    re.VERBOSE,
)
_FIELD = re.compile(
    r"""
    (?P<name>Category|Decision\ date|Decision)
    \s*:\s*
    (?P<value>.*)
    """,
    re.VERBOSE,
)
_DATES = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d/%m/%Y")
_SUMMARY = re.compile(r"Summary(?:\s*:\s*(?P<text>.*))?")
_TITLE_OF_DECISION = re.compile(r"The Ombudsman[’']s (?:final )?decision\s*:?")
_SIGNATURE = re.compile(
    r"""
    (?:investigator|assessor|(?:assistant\ |deputy\ )?ombudsman)[’']s
        \ (?:final\ |draft\ )?decision\ on\ behalf\ of\ the\ (?:local\ government\ (?:and\ social\ care\ )?)?ombudsman
  | print\ this\ page | lgo\ logogram | review\ your\ privacy\ settings | privacy\ settings | required\ cookies
    """,
    re.VERBOSE | re.IGNORECASE,
)

# The outline that the Ombudsman's decisions share. These stand at the outermost level, each once; what else stands
# between two of them is a heading within.
_OUTLINE = re.compile(
    r"""
    the\ complaint
  | (?:what|parts?\ of\ the\ complaint\ that)\ i\ (?:have|did)\b.*investigated?
  | the\ ombudsman[’']s\ role\ and\ powers
  | (?:how|why)\ i\ considered\ (?:this|the)\ complaint
  | what\ i\ found
  | my\ assessment
  | (?:agreed|recommended|proposed)\ (?:actions?|remedy)
  | (?:final|draft|provisional|my)\ decision
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Within "What I found" these begin a part of their own, even after a part that had headings within.
_PART = re.compile(
    r"what happened\b.*|analysis\b.*|my findings?|findings?|(?:was|is) there fault\b.*|did the .*\?", re.I
)

_UNMARKED = ("line", "heading", "none")

_LONGEST_HEADING = 200
_NO_HEADING_ENDS = tuple('.,;:…”"’)')
_NO_HEADING_STARTS = tuple('“"‘(|')
_YEAR = re.compile(r"(?:19|20)\d\d")


def parse(source: bytes) -> Decision:
    """Read a capture: text or a saved page, in UTF-8, UTF-16 or Windows-1252.

    Raises NotADecision with the reason, as one sentence.
    """
    text = decode(source)
    titles: tuple[str, ...] = ()
    source_url = None
    if looks_like_html(text):
        page = read_page(text)
        lines, titles, source_url = list(page.labels), page.titles, page.source_url
    else:
        lines = list(read_lines(text))
    header, body = _read_header(lines, titles)
    labels = _settle(body)
    numbers, doubts = number(labels)
    count = sum(value is not None for value in numbers)
    if not 0 < count <= _MOST_PARAGRAPHS:
        found = f"{count:,}" if count else "no"
        raise NotADecision(f"It has {found} numbered paragraphs; a decision has 1 to {_MOST_PARAGRAPHS:,}.")

    reference = header.reference
    drafts = list(_assemble(labels, numbers, _trails(labels)))
    given = roles([draft.section for draft in drafts])
    summary = None
    if header.summary:
        place = Pinpoint(reference, SUMMARY)
        summary = Paragraph(place, "published", (), "summary", tuple(header.summary))

    def paragraphs(numbering: Numbering) -> tuple[Paragraph, ...]:
        return tuple(
            Paragraph(Pinpoint(reference, draft.number), numbering, draft.section, role, tuple(draft.lines))
            for draft, role in zip(drafts, given, strict=True)
        )

    own = cross_references(paragraphs("inferred"))
    doubts += tuple(found.reason for found in own if found.verdict == "contradicts")
    numbering: Numbering = "inferred" if doubts else "published"
    return Decision(
        reference, header.body, header.category, header.outcome, header.date, summary, paragraphs(numbering), numbering,
        source_url, doubts, own,
    )  # fmt: skip


def reference_of(source: bytes) -> Reference | None:
    """The reference in the title of a capture, without parsing the rest. Raises NotADecision as `parse` does."""
    text = decode(source)
    if looks_like_html(text):
        page = read_page(text)
        texts: Iterable[str] = itertools.chain((label.text for label in page.labels), page.titles)
    else:
        texts = LINE_END.split(text)
    return next((found for text in texts if (found := _reference_in(fold(text)))), None)


def _title(text: str) -> re.Match[str] | None:
    """A title, also as pages give it in their head: followed by the name of the site."""
    return _TITLE.fullmatch(re.split(r"(?<=\)) [-–|] ", text)[0])


def _reference_in(title: str) -> Reference | None:
    match = _title(title)
    try:
        return Reference(match["reference"]) if match else None
    except NotAReference:
        return None


@dataclass(slots=True)
class _Header:
    reference: Reference
    body: str
    category: str | None = None
    outcome: str | None = None
    date: datetime.date | None = None
    summary: list[Line] = field(default_factory=list)


def _read_header(labels: list[Label], titles: Sequence[str]) -> tuple[_Header, list[Label]]:
    """The title, the fields below it and the summary; and the labels that follow these."""
    above = next((i for i, label in enumerate(labels) if label.marker == "number"), len(labels))
    start = next((i for i in range(above) if _reference_in(labels[i].text)), None)
    title = labels[start].text if start is not None else next((fold(t) for t in titles if _reference_in(fold(t))), "")
    match, reference = _title(title), _reference_in(title)
    if match is None or reference is None:
        raise NotADecision("Its first lines hold no body with a reference, such as “Kent County Council (21 000 832)”.")
    header = _Header(reference, match["body"])
    rest = labels[start + 1 if start is not None else 0 :]
    last = max((i for i, label in enumerate(rest) if label.marker in ("number", "dash")), default=0)
    for label in rest[:last]:
        if label.marker in _UNMARKED and (other := _reference_in(label.text)) not in (None, reference):
            raise NotADecision(f"It holds another decision, {other}; each needs a file of its own.")

    headings = {label.text for label in rest if label.marker in _UNMARKED}
    first = next((i for i, label in enumerate(rest) if label.marker == "number"), len(rest))
    summarised = next((i for i in range(first) if _SUMMARY.fullmatch(rest[i].text)), 0)
    position = 0
    while position < len(rest):
        label = rest[position]
        if fields := _FIELD.fullmatch(label.text):
            _set_field(header, fields["name"], fields["value"])
        elif position >= summarised and not (
            _TITLE_OF_DECISION.fullmatch(label.text)
            or _SIGNATURE.fullmatch(label.text)
            or _reference_in(label.text)
            or (label.marker in ("bullet", "dash") and label.text in headings)  # a table of contents
        ):
            break
        position += 1

    if position < len(rest) and (summary := _SUMMARY.fullmatch(rest[position].text)):
        header.summary = [Line(summary["text"])] if summary["text"] else []
        position += 1
        while position < len(rest) and (depth := _depth_in_summary(rest[position], header.summary)) is not None:
            header.summary.append(Line(rest[position].text, depth))
            position += 1
    return header, rest[position:]


def _depth_in_summary(label: Label, summary: list[Line]) -> int | None:
    """The depth of a line of the summary, or None for what comes after it."""
    if label.marker == "none" or (label.marker == "line" and not _is_heading(label.text)):
        return 0
    listed = bool(summary) and (summary[-1].depth > 0 or summary[-1].text.endswith(":"))
    return 1 if listed and label.marker in ("bullet", "dash") else None


def _set_field(header: _Header, name: str, value: str) -> None:
    if name == "Category":
        header.category = value or None
    elif name == "Decision":
        header.outcome = value or None
    elif value:
        header.date = _date(value)


def _date(text: str) -> datetime.date:
    for form in _DATES:
        with contextlib.suppress(ValueError):
            return datetime.datetime.strptime(text, form).date()
    raise NotADecision(f"Its decision date “{text[:40]}” is no date such as 09 Oct 2022.")


def _settle(labels: list[Label]) -> list[Label]:
    """Tell headings from text, and drop the furniture; "Back to top" comes as a heading without text."""
    settled: list[Label] = []
    quoting = begun = False  # within a quotation that runs over several lines nothing else is a heading
    deepest = 0
    unsure: set[int] = set()
    for label in labels:
        text = label.text
        if label.marker in ("number", "letter", "bullet", "dash"):
            settled.append(label)
            quoting, begun, deepest = False, True, label.indent
        elif _SIGNATURE.fullmatch(text):
            if begun:
                break
        elif text == BACK_TO_TOP:
            settled.append(Label("heading", ""))
            quoting = False
        elif label.marker == "heading":
            settled.append(label)
            quoting = False
        elif label.marker == "line" and _stands_as_heading(label, settled, quoting, deepest):
            unsure.add(len(settled))
            settled.append(Label("heading", text))
            quoting = False
        else:
            settled.append(Label("none", text))
            # Every line of a quotation may open with a mark of its own.
            begins, ends = text.startswith("“"), text.endswith(("”", '"', "’’"))
            quoting = leaves_quotation_open(text) if begins else quoting and not ends
    return _mend_headings(settled, unsure)


def _stands_as_heading(label: Label, above: Sequence[Label], quoting: bool, deepest: int) -> bool:
    """Whether an unmarked line is a heading by its look and its place; what may be text of a paragraph is none."""
    if not _is_heading(label.text):
        return False
    if _OUTLINE.fullmatch(label.text):
        return True
    announced = bool(above) and above[-1].text.endswith(":")
    return not quoting and not announced and label.indent < deepest + HANGING


def _is_heading(text: str) -> bool:
    return (
        0 < len(text) <= _LONGEST_HEADING
        and not text.endswith(_NO_HEADING_ENDS)
        and not text.startswith(_NO_HEADING_STARTS)
        and _SIGNATURE.fullmatch(text) is None
        and (any(map(str.isalpha, text)) or _YEAR.fullmatch(text) is not None)
    )


def _mend_headings(labels: list[Label], unsure: set[int]) -> list[Label]:
    """Nothing that may be text is lost as a heading over nothing: it is text of the paragraph above.

    Only a heading of the shared outline, and one that a page marks as a heading, may stand empty.
    """
    mended = list(labels)
    first = next((i for i, label in enumerate(labels) if label.marker not in ("heading", "none")), len(labels))
    nothing_below = True
    for position in range(len(labels) - 1, first, -1):
        label = labels[position]
        if label.marker != "heading" or not label.text:
            nothing_below = label.marker == "heading"
        elif nothing_below and position in unsure and not _OUTLINE.fullmatch(label.text):
            mended[position] = Label("none", label.text)
    return mended


# From labels to paragraphs


def _trails(labels: list[Label]) -> list[tuple[str, ...]]:
    """For each label the headings above it, outermost first.

    A text capture shows no levels, so they are taken from what it does show: "Back to top" ends a part of the
    outermost level; the shared outline names those parts, each once; and a heading with nothing between it and the
    one before stands within that one.
    """
    used: set[str] = set()
    trail: tuple[str, ...] = ()
    after_top, after_heading = True, False
    trails: list[tuple[str, ...]] = []
    for position, label in enumerate(labels):
        if label.marker != "heading":
            after_heading = False
        elif not label.text:
            after_top = True
        else:
            known = label.text.casefold()
            if after_top or not trail or (_OUTLINE.fullmatch(known) and known not in used):
                used.add(known)
                trail = (label.text,)
            elif after_heading:
                trail = (*trail, label.text)
            elif _PART.fullmatch(label.text) or len(trail) == 1 or _is_followed_by_heading(labels, position):
                trail = (trail[0], label.text)
            else:
                trail = (*trail[:-1], label.text)
            after_top, after_heading = False, True
        trails.append(trail)
    return trails


def _is_followed_by_heading(labels: list[Label], position: int) -> bool:
    return position + 1 < len(labels) and labels[position + 1].marker == "heading" and bool(labels[position + 1].text)


@dataclass(slots=True)
class _Draft:
    number: int
    section: tuple[str, ...]
    lines: list[Line]
    labels: list[Label]


def _assemble(labels: list[Label], numbers: Sequence[int | None], trails: list[tuple[str, ...]]) -> Iterator[_Draft]:
    """Gather what belongs to each number: the items, quotations and statute lines that follow it.

    A heading stands in the section of the paragraphs below it. If what follows it bears no number, both are kept as
    text of the paragraph above.
    """
    draft: _Draft | None = None
    indents: list[int] = []  # of the lists that are open, outermost first
    headings: list[Label] = []  # below which nothing has come yet
    for label, value, trail in zip(labels, numbers, trails, strict=True):
        if label.marker == "heading":
            headings = [*headings, label] if label.text else []
            continue
        if value is not None:
            headings = []
            if draft is not None:
                yield _lettered(draft)
            draft = _Draft(value, trail, [Line(label.text)], [label])
            indents = []
        elif draft is None:
            raise NotADecision(
                f"Its line “{label.text[:60]}” stands before the first numbered paragraph, "
                "and is neither a heading nor the summary."
            )
        else:
            for heading in headings:
                draft.lines.append(Line(heading.text))
                draft.labels.append(heading)
            indents = [] if headings else indents
            headings = []
            indents = [] if label.marker == "none" else _open_lists(indents, label.indent)
            draft.lines.append(Line(label.text, len(indents)))
            draft.labels.append(label)
    if draft is not None:
        yield _lettered(draft)


def _open_lists(indents: list[int], indent: int) -> list[int]:
    """The indents of the lists that are open at an item. A list may be set further out than it began."""
    around = [open_at for open_at in indents if open_at <= indent - HANGING]
    return [*around, indent]


def _lettered(draft: _Draft) -> _Draft:
    """Give the items of a paragraph their letters, where these are certain.

    The Ombudsman letters a numbered list within a paragraph, and a capture shows its letters or counts 1, 2, 3. If they
    do not run a, b, c, … once through the paragraph, none is certain; letters that a capture shows are then text.
    """
    items = {
        position: label.value
        for position, (line, label) in enumerate(zip(draft.lines, draft.labels, strict=True))
        if position and line.depth == 1 and label.marker in ("number", "letter")
    }
    values = list(items.values())
    certain = values == list(range(1, len(values) + 1)) and len(values) <= len(string.ascii_lowercase)
    for position, (line, label) in enumerate(zip(draft.lines, draft.labels, strict=True)):
        if certain and position in items:
            draft.lines[position] = replace(line, item=string.ascii_lowercase[(label.value or 1) - 1])
        elif label.mark:
            draft.lines[position] = replace(line, text=f"{label.mark} {line.text}")
    return draft
