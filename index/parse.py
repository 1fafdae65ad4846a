"""One source file → one Decision. The dialects of the captures are hidden here; nothing is embedded or stored.

What is kept is verbatim except for white space: each run of it (line ends within an item, non-breaking spaces) becomes
one space, and list markers and indents become the `depth` of a line. What is dropped is the site's furniture: "Back to
top", and everything from the investigator's signature on.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.decisions import SUMMARY, Decision, Line, Paragraph, Pinpoint, Reference
from index.errors import NotADecision, NotAReference
from index.numbering import Label, Marker, leaves_quotation_open, number
from index.passages import roles

MAX_BYTES = 5_000_000
"""No decision comes near this size; a larger file is something else."""

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
_MARKED = re.compile(
    r"""
    (?P<indent>\s*)
    (?:
        (?P<value>\d{1,4})[.)]   # 12.
      | (?P<bullet>[•◦▪·])
      | (?P<dash>-)
    )
    \s+
    (?P<text>\S.*)
    """,
    re.VERBOSE,
)

_SUMMARY = "Summary:"
_TOP = "Back to top"
_TITLE_OF_DECISION = re.compile(r"The Ombudsman[’']s (?:final )?decision:?")
_SIGNATURE = re.compile(
    r"Investigator[’']s (?:final )?decision on behalf of the Ombudsman|Print this page|LGO logogram|"
    r"Review your privacy settings"
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
  | (?:agreed|recommended|proposed)\ actions?
  | (?:final|draft|provisional|my)\ decision
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Within "What I found" these begin a part of their own, even after a part that had headings within.
_PART = re.compile(
    r"what happened\b.*|analysis\b.*|my findings?|findings?|(?:was|is) there fault\b.*|did the .*\?", re.I
)

_LONGEST_HEADING = 200
_NO_HEADING_ENDS = tuple('.,;:…”"’)')
_NO_HEADING_STARTS = tuple('“"‘(')


def parse(source: bytes) -> Decision:
    """Read a text capture. Raises NotADecision with the reason, as one sentence."""
    lines = _decode(source).splitlines()
    header, body = _read_header(lines)
    labels = _mend_headings(list(_labels(body)))
    numbers, numbering = number(labels)
    if not any(numbers):
        raise NotADecision("It has no numbered paragraphs, so nothing in it can be cited.")

    reference = header.reference
    drafts = list(_assemble(labels, numbers, _trails(labels)))
    given = roles([draft.section for draft in drafts])
    paragraphs = tuple(
        Paragraph(Pinpoint(reference, draft.number), numbering, draft.section, role, tuple(draft.lines))
        for draft, role in zip(drafts, given, strict=True)
    )
    summary = None
    if header.summary:
        place = Pinpoint(reference, SUMMARY)
        summary = Paragraph(place, "published", (), "summary", tuple(Line(text) for text in header.summary))
    return Decision(
        reference, header.body, header.category, header.outcome, header.date, summary, paragraphs, numbering
    )


def reference_of(source: bytes) -> Reference | None:
    """The reference in the first line of a capture, without reading the rest."""
    return _reference_in(_fold(source.decode("utf-8-sig", errors="replace").lstrip().partition("\n")[0]))


def _reference_in(title: str) -> Reference | None:
    match = _TITLE.fullmatch(title)
    try:
        return Reference(match["reference"]) if match else None
    except NotAReference:
        return None


def _decode(source: bytes) -> str:
    if not source.strip():
        raise NotADecision("The file is empty.")
    if len(source) > MAX_BYTES:
        raise NotADecision(f"The file has {len(source):,} bytes, more than any decision ({MAX_BYTES:,} at most).")
    if b"\0" in source:
        raise NotADecision("The file is binary, or text in another encoding than UTF-8.")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotADecision(f"The file is not UTF-8 text (byte {error.start + 1} cannot be read).") from None


def _fold(text: str) -> str:
    return " ".join(text.split())


@dataclass(slots=True)
class _Header:
    reference: Reference
    body: str
    category: str | None = None
    outcome: str | None = None
    date: datetime.date | None = None
    summary: tuple[str, ...] = ()


def _read_header(lines: list[str]) -> tuple[_Header, list[str]]:
    """The title, the fields below it and the summary; and the lines that follow these."""
    texts = [_fold(line) for line in lines]
    start = next(i for i, text in enumerate(texts) if text)
    match, reference = _TITLE.fullmatch(texts[start]), _reference_in(texts[start])
    if match is None or reference is None:
        raise NotADecision("Its first line is not a body and a reference, such as “Kent County Council (21 000 832)”.")
    header = _Header(reference, match["body"])
    for text in texts[start + 1 :]:
        if (other := _reference_in(text)) not in (None, reference):
            raise NotADecision(f"It holds another decision, {other}; each needs a file of its own.")

    position = start + 1
    while position < len(texts):
        text = texts[position]
        if field := _FIELD.fullmatch(text):
            _set_field(header, field["name"], field["value"])
        elif text and not _TITLE_OF_DECISION.fullmatch(text):
            break
        position += 1

    if position < len(texts) and texts[position].startswith(_SUMMARY):
        summary = [texts[position].removeprefix(_SUMMARY).strip()]
        position += 1
        while position < len(texts) and not _is_heading(texts[position]) and not _MARKED.fullmatch(lines[position]):
            summary.append(texts[position])
            position += 1
        header.summary = tuple(text for text in summary if text)
    return header, lines[position:]


def _set_field(header: _Header, name: str, value: str) -> None:
    if name == "Category":
        header.category = value or None
    elif name == "Decision":
        header.outcome = value or None
    else:
        try:
            header.date = datetime.datetime.strptime(value, "%d %b %Y").date() if value else None
        except ValueError:
            raise NotADecision(f"Its decision date “{value[:40]}” is no date such as 09 Oct 2022.") from None


def _labels(lines: list[str]) -> Iterator[Label]:
    """Every line that counts, marked; "Back to top" comes as a heading without text."""
    quoting = False  # within a quotation that runs over several lines nothing else is a heading
    for line in lines:
        text = _fold(line)
        if _SIGNATURE.fullmatch(text):
            return
        if not text:
            continue
        marked = _MARKED.fullmatch(line.rstrip())
        if marked:
            marker: Marker = "number" if marked["value"] else "bullet" if marked["bullet"] else "dash"
            value = int(marked["value"]) if marked["value"] else None
            yield Label(marker, _fold(marked["text"]), len(marked["indent"].expandtabs()), value)
        elif text == _TOP:
            yield Label("heading", "")
        elif _is_heading(text) and (not quoting or _OUTLINE.fullmatch(text)):
            yield Label("heading", text)
        else:
            yield Label("none", text)
            # Every line of a quotation may open with a mark of its own.
            begins, ends = text.startswith("“"), text.endswith(("”", '"', "’’"))
            quoting = leaves_quotation_open(text) if begins else quoting and not ends
            continue
        quoting = False


def _is_heading(text: str) -> bool:
    return (
        0 < len(text) <= _LONGEST_HEADING
        and not text.endswith(_NO_HEADING_ENDS)
        and not text.startswith(_NO_HEADING_STARTS)
        and _SIGNATURE.fullmatch(text) is None
    )


def _mend_headings(labels: list[Label]) -> list[Label]:
    """Nothing that may be text is lost as a heading over nothing.

    Such a line after a colon, or after a line of a quotation, is text of the paragraph that it ends. Elsewhere one
    cannot tell, so the capture is refused; only a heading of the shared outline may stand empty.
    """
    mended: list[Label] = []
    for position, label in enumerate(labels):
        following = labels[position + 1] if position + 1 < len(labels) else None
        empty = following is None or (following.marker == "heading" and not following.text)
        if label.marker == "heading" and label.text and empty and not _OUTLINE.fullmatch(label.text):
            before = mended[-1] if mended else None
            if before is None or not (before.marker == "none" or before.text.endswith(":")):
                raise NotADecision(f"Its line “{label.text[:60]}” may be a heading or text: no paragraph follows it.")
            label = Label("none", label.text)
        mended.append(label)
    return mended


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


def _assemble(labels: list[Label], numbers: list[int | None], trails: list[tuple[str, ...]]) -> Iterator[_Draft]:
    """Gather what belongs to each number: the items, quotations and statute lines that follow it."""
    draft: _Draft | None = None
    indents: list[int] = []  # of the lists that are open, outermost first
    for label, value, trail in zip(labels, numbers, trails, strict=True):
        if label.marker == "heading":
            continue
        if value is not None:
            if draft is not None:
                yield draft
            draft = _Draft(value, trail, [Line(label.text)])
            indents = []
        elif draft is None:
            raise NotADecision(
                f"Its line “{label.text[:60]}” stands before the first numbered paragraph, "
                "and is neither a heading nor the summary."
            )
        elif label.marker == "none":
            draft.lines.append(Line(label.text))
            indents = []
        else:
            # Captures set the items of one list at different indents, so only an item that ends in a colon opens a
            # list within the list.
            if not indents:
                indents = [label.indent]
            elif label.indent > indents[-1] and draft.lines[-1].text.endswith(":"):
                indents.append(label.indent)
            elif len(indents) > 1 and label.indent < indents[-1]:
                indents.pop()
            draft.lines.append(Line(label.text, len(indents)))
    if draft is not None:
        yield draft
