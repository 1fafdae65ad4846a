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

from index.decisions import SUMMARY, Decision, Line, Numbering, Paragraph, Pinpoint, Reference, plain
from index.errors import NotADecision, NotAReference
from index.parsing.cross_references import cross_references
from index.parsing.html_page import is_back_to_top, looks_like_html, read_page
from index.parsing.numbering import Label, leaves_quotation_open, number, shortened
from index.parsing.text_capture import HANGING, decode, read_lines
from index.passages import roles

# No decision comes near these; reading more, of a list of a million items, would only take memory.
_MOST_PARAGRAPHS, _MOST_LINES = 5_000, 50_000
# Headings are kept, searched and embedded with each paragraph below them, so what is long above many would take memory
# without end; and a name stands on each page. The longest of real decisions have some 100 characters.
_LONGEST_MARKED_HEADING, _MOST_OF_HEADINGS, _LONGEST_NAME = 500, 300_000, 200
# Each sentence of a paragraph that meets a question is looked at, whenever it is asked; all those of a decision are
# embedded, and looked at when it is shown. Real paragraphs have some hundreds of characters, and long lists some
# thousands; real decisions have some hundreds of lines, and 200,000 characters at most.
_LONGEST_PARAGRAPH, _MOST_SENTENCES = 50_000, 2_000
_LONGEST_DECISION, _MOST_OF_SENTENCES = 1_000_000, 20_000
# Where one may end: never fewer than index.passages.sentence_spans finds, for which also every line is one.
_ENDS_SENTENCE = re.compile(r"[.?!…][\"”’)\]]*(?= )|\n")
_YEARS = range(1974, 2100)  # the first is that of the Act which made the Ombudsman

_TITLE = re.compile(
    r"""
    \A(?P<body>\S.*?)            # Leicestershire County Council
    (?<!\s)\s*+
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
_DATES = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d/%m/%Y", "%Y-%m-%d")
_SUMMARY = re.compile(r"Summary(?:\s*:\s*(?P<text>.*))?")
_TITLE_OF_DECISION = re.compile(r"The Ombudsm[ae]n[’']s (?:final )?decision\s*:?")
_SIGNATURE = re.compile(
    r"""
    (?P<signed>(?:investigator|assessor|(?:assistant\ |deputy\ )?ombudsm[ae]n)[’']s\ (?:final\ |draft\ )?
        decision\ on\ behalf\ of\ the\ (?:local\ government\ (?:and\ social\ care\ )?)?ombudsm[ae]n)
  | print\ this\ page | lgo\ logogram | review\ your\ privacy\ settings | privacy\ settings | required\ cookies
    """,
    re.VERBOSE | re.IGNORECASE,
)

# The outline that the Ombudsman's decisions share. These stand at the outermost level, each once; what else stands
# between two of them is a heading within.
_OUTLINE = re.compile(
    r"""
  \A(?:
    the\ complaint
  | (?:what|parts?\ of\ the\ complaint\ that)\ i\ (?:have|did)\b.*investigated?
  | the\ ombudsm[ae]n[’']s\ role\ and\ powers
  | (?:how|why)\ (?:i|we)\ considered\ (?:this|the)\ complaint
  | what\ (?:i|we)\ (?:have\ )?found
  | my\ assessment
  | (?:agreed|recommended|proposed)\ (?:actions?|remedy)
  | (?:final|draft|provisional|my)\ decision
  )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# The second may stand right below the first, and within it.
_AROUND = re.compile(r"what (?:i|we) (?:have )?found", re.I)
_WITHIN = re.compile(r"my assessment", re.I)
# Within "What I found" these begin a part of their own, even after a part that had headings within.
_PART = re.compile(
    r"\A(?:what happened\b.*|analysis\b.*|my findings?|findings?|(?:was|is) there fault\b.*|did the .*\?)", re.I
)

# Where a copy lost the end of a line, a part and its first paragraph stand on one: "What I found 1. The Council …"
_PART_AND_NUMBER = re.compile(
    r"\A(?:the complaint|the ombudsm[ae]n[’']s role and powers|how (?:i|we) considered (?:this|the) complaint|"
    r"what (?:i|we) (?:have )?found|my assessment|(?:agreed|recommended|proposed) (?:actions?|remedy)|"
    r"(?:final|draft|provisional|my) decision|analysis|my findings?|what happened)\W{1,3}\d{1,3}[.)]\s*[“‘£A-Z0-9]",
    re.I,
)

_UNMARKED = ("line", "heading", "none")

_LONGEST_HEADING = 200
_SENTENCE_ENDS = (".", "!", "?", "”", '"')
_SHORTEST_WRAPPED = 20  # characters of a line that a program wrapped
_LONG_ENOUGH_TO_TELL = 60  # characters that two parts of a decision do not share by chance
_MOST_IN_A_ROW = 3
_DEEPEST_TRAIL = 6
_NO_HEADING_ENDS = tuple('.,;:…”"’)')
_NO_HEADING_STARTS = tuple('“"‘(|')
_ACRONYM = re.compile(r"\([A-Z][A-Za-z]{1,7}\)$")  # Special educational needs (SEN)
_YEAR = re.compile(r"(?:19|20)\d\d")


def parse(source: bytes) -> Decision:
    """Read a capture: text or a saved page, in UTF-8, UTF-16 or Windows-1252.

    Raises NotADecision with the reason, as one sentence.
    """
    lines, titles, source_url = _labels(decode(source))
    header, body = _read_header(lines, titles)
    labels, dropped = _settle(body)
    numbers, doubts = number(labels)
    trails = _trails(labels)
    doubts += (
        *dropped, *_above_the_headings(numbers, trails), *_over_nothing(labels, numbers, trails),
        *_told_twice(labels, numbers),
    )  # fmt: skip
    count = sum(value is not None for value in numbers)
    if not 0 < count <= _MOST_PARAGRAPHS:
        found = f"{count:,}" if count else "no"
        raise NotADecision(f"It has {found} numbered paragraphs; a decision has 1 to {_MOST_PARAGRAPHS:,}.")

    reference = header.reference
    drafts = list(_assemble(labels, numbers, trails))
    if sum(len(heading) for draft in drafts for heading in draft.section) > _MOST_OF_HEADINGS:
        raise NotADecision("Its headings are so long, above so many paragraphs, as those of no decision are.")
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
    doubts += tuple(found.reason for found in own if found.verdict == "contradicts")
    numbering: Numbering = "inferred" if doubts else "published"
    if doubts:
        paragraphs = tuple(replace(paragraph, numbering=numbering) for paragraph in paragraphs)
    return Decision(
        reference, header.body, header.category, header.outcome, header.date, summary, paragraphs, numbering,
        source_url, doubts, own,
    )  # fmt: skip


def _check_length(places: Iterable[Paragraph]) -> None:
    """Raises NotADecision for what is too long for a paragraph, or together for a decision."""
    characters = sentences = 0
    for place in places:
        text = place.text
        if len(text) > _LONGEST_PARAGRAPH:
            raise NotADecision(f"A paragraph of it has {len(text):,} characters, more than that of any decision.")
        count = 1 + sum(1 for _ in _ENDS_SENTENCE.finditer(text))
        if count > _MOST_SENTENCES:
            raise NotADecision(
                f"A paragraph of it has over {_MOST_SENTENCES:,} sentences or lines, more than that of any decision."
            )
        characters += len(text)
        sentences += count
    if characters > _LONGEST_DECISION:
        raise NotADecision(f"Its paragraphs have {characters:,} characters together, more than those of any decision.")
    if sentences > _MOST_OF_SENTENCES:
        raise NotADecision(
            f"Its paragraphs have over {_MOST_OF_SENTENCES:,} sentences and lines, more than those of any decision."
        )


def reference_of(source: bytes) -> Reference:
    """The reference in the title of a capture, without parsing the rest. Raises NotADecision as `parse` does."""
    return _read_header(*_labels(decode(source))[:2])[0].reference


def _labels(text: str) -> tuple[list[Label], tuple[str, ...], str | None]:
    """The labels of a capture; titles that a page has outside its article, and where it was saved from."""
    page = read_page(text) if looks_like_html(text) else None
    labels = list(itertools.islice(page.labels if page else read_lines(text), _MOST_LINES + 1))
    if len(labels) > _MOST_LINES:
        raise NotADecision(f"It has more than {_MOST_LINES:,} lines of text, which no decision has.")
    return labels, page.titles if page else (), page.source_url if page else None


def _title(text: str) -> re.Match[str] | None:
    """A title, also as pages give it in their head: followed by the name of the site."""
    return _TITLE.fullmatch(re.split(r"(?<=\)) [-–|] ", plain(text))[0])


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
    start = next((i for i in range(above) if labels[i].marker in _UNMARKED and _reference_in(labels[i].text)), None)
    title = labels[start].text if start is not None else next((title for title in titles if _reference_in(title)), "")
    match, reference = _title(title), _reference_in(title)
    if match is None or reference is None:
        raise NotADecision("Its first lines hold no body with a reference, such as “Kent County Council (21 000 832)”.")
    body = match["body"].rpartition(" > ")[2]  # what stands before is the way to the page
    _check_name("name of the body", body)
    header = _Header(reference, body)
    rest = labels[start + 1 if start is not None else 0 :]
    last = max((i for i, label in enumerate(rest) if label.marker in ("number", "dash")), default=0)
    for label in rest[:last]:
        if label.marker in _UNMARKED and (other := _reference_in(label.text)) not in (None, reference):
            raise NotADecision(f"It holds another decision, {other}; each needs a file of its own.")

    headings = {label.text for label in rest if label.marker in _UNMARKED}

    def is_furniture(label: Label) -> bool:
        """A heading of the whole, or an entry of a table of contents."""
        if label.marker in _UNMARKED:
            of_whole = _TITLE_OF_DECISION.fullmatch(label.text) or _SIGNATURE.fullmatch(label.text)
            return of_whole is not None or _reference_in(label.text) is not None or is_back_to_top(label.text)
        return label.text in headings

    # What stands above the summary is no part of the decision; but only what is unmarked can stand there.
    first = next((i for i, label in enumerate(rest) if label.marker not in _UNMARKED and not is_furniture(label)), 0)
    summarised = next((i for i in range(first) if rest[i].marker in _UNMARKED and _SUMMARY.fullmatch(rest[i].text)), 0)
    position = 0
    while position < len(rest):
        label = rest[position]
        if fields := _FIELD.fullmatch(plain(label.text)) if label.marker in _UNMARKED else None:
            _set_field(header, fields["name"], fields["value"])
        elif position >= summarised and not is_furniture(label):
            break
        position += 1

    if position < len(rest) and (summary := _SUMMARY.fullmatch(rest[position].text)):
        header.summary = [Line(summary["text"])] if summary["text"] else []
        position += 1
        while position < len(rest) and (depth := _depth_in_summary(rest[position], header.summary)) is not None:
            header.summary.append(Line(rest[position].text, depth))
            position += 1
    while position < len(rest) and rest[position].marker not in _UNMARKED and is_furniture(rest[position]):
        position += 1
    return header, rest[position:]


def _depth_in_summary(label: Label, summary: list[Line]) -> int | None:
    """The depth of a line of the summary, or None for what comes after it."""
    if label.marker == "none" or (label.marker == "line" and not _is_heading(label.text)):
        return 0
    if label.marker == "line" and not label.gap and not _is_known(label.text) and summary:
        above = summary[-1]
        if above.depth == 0 and not above.text.endswith(_SENTENCE_ENDS) and len(above.text) >= _SHORTEST_WRAPPED:
            return 0  # a program wrapped it
    listed = bool(summary) and (summary[-1].depth > 0 or summary[-1].text.endswith(":"))
    return 1 if listed and label.marker in ("bullet", "dash") else None


def _set_field(header: _Header, name: str, value: str) -> None:
    if name == "Category":
        _check_name("category", value)
        header.category = value or None
    elif name == "Decision":
        _check_name("outcome", value)
        header.outcome = value or None
    elif value:
        header.date = _date(value)


def _check_name(what: str, name: str) -> None:
    if len(name) > _LONGEST_NAME:
        raise NotADecision(f"Its {what} has {len(name):,} characters; that of a decision has {_LONGEST_NAME} at most.")


def _date(text: str) -> datetime.date:
    for form in _DATES:
        with contextlib.suppress(ValueError):
            date = datetime.datetime.strptime(text, form).date()
            if date.year not in _YEARS:
                raise NotADecision(
                    f"Its decision date “{text[:40]}” is not in the years {_YEARS.start} to {_YEARS.stop - 1}."
                )
            return date
    raise NotADecision(f"Its decision date “{text[:40]}” is no date such as 09 Oct 2022.")


def _settle(labels: list[Label]) -> tuple[list[Label], list[str]]:
    """Tell headings from text, and drop the furniture; "Back to top" comes as a heading without text.

    Also the doubts, if what is dropped below the signature looks like more of the decision.
    """
    settled: list[Label] = []
    quoting = begun = False  # within a quotation that runs over several lines nothing else is a heading
    deepest = 0
    unsure: set[int] = set()
    doubts: list[str] = []
    last = max((i for i, label in enumerate(labels) if label.marker == "number"), default=0)
    apart = all(label.gap for label in labels if label.marker == "line" and _OUTLINE.fullmatch(label.text))
    for position, label in enumerate(labels):
        text = label.text
        if label.marker in _UNMARKED and _PART_AND_NUMBER.match(text):
            doubts.append(f"“{shortened(text)}” is a heading and the beginning of a paragraph on one line.")
        if label.marker == "line" and text.endswith(":") and _OUTLINE.fullmatch(text[:-1].rstrip()):
            label = replace(label, text=text[:-1].rstrip())
            text = label.text
        if label.marker not in _UNMARKED:
            settled.append(label)
            quoting, begun, deepest = False, True, label.indent
        elif signature := _SIGNATURE.fullmatch(text):
            if signature["signed"] and position < last:
                doubts.append("More numbered paragraphs stand below the signature; they were left out.")
            if begun and (signature["signed"] or position > last):
                break
        elif is_back_to_top(text):
            settled.append(Label("heading", ""))
            quoting = False
        elif label.marker == "heading" and len(text) <= _LONGEST_MARKED_HEADING:
            settled.append(label)
            quoting = False
        elif label.marker == "line" and _stands_as_heading(label, settled, quoting, deepest, apart):
            unsure.add(len(settled))
            settled.append(Label("heading", text))
            quoting = False
        else:
            settled.append(Label("none", text))
            # Every line of a quotation may open with a mark of its own.
            begins, ends = text.startswith("“"), text.endswith(("”", '"', "’’"))
            quoting = leaves_quotation_open(text) if begins else quoting and not ends
    return _mend_headings(settled, unsure), doubts


def _stands_as_heading(label: Label, above: Sequence[Label], quoting: bool, deepest: int, apart: bool) -> bool:
    """Whether an unmarked line is a heading by its look and its place; what may be text of a paragraph is none.

    `apart` is whether headings have a blank line above them in this capture.
    """
    if not _is_heading(label.text):
        return False
    if _OUTLINE.fullmatch(label.text):
        return True
    announced = bool(above) and above[-1].text.endswith(":")
    wrapped = apart and not label.gap and bool(above) and above[-1].marker != "heading"
    return not quoting and not announced and not wrapped and label.indent < deepest + HANGING


def _is_heading(text: str) -> bool:
    return (
        0 < len(text) <= _LONGEST_HEADING
        and (not text.endswith(_NO_HEADING_ENDS) or _ACRONYM.search(text) is not None)
        and not next(filter(str.isalpha, text), "").islower()
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
    parts: dict[str, int] = {}  # of the outline, each of which ends what stands above it where it stands first
    for position, label in enumerate(labels):
        if label.marker == "heading" and _OUTLINE.fullmatch(label.text):
            parts.setdefault(label.text.casefold(), position)
    begins_part = set(parts.values())
    nothing_below = True
    in_a_row = _in_a_row(sorted(unsure - {i for i in unsure if _is_known(labels[i].text)}))
    for position in range(len(labels) - 1, first, -1):
        label = labels[position]
        if label.marker != "heading" or not label.text:
            nothing_below = label.marker == "heading"
        elif position in in_a_row or (nothing_below and position in unsure and not _OUTLINE.fullmatch(label.text)):
            mended[position] = Label("none", label.text)
        else:
            nothing_below = position in begins_part
    return mended


def _is_known(heading: str) -> bool:
    return _OUTLINE.fullmatch(heading) is not None or _PART.fullmatch(heading) is not None


def _in_a_row(positions: Sequence[int]) -> set[int]:
    """Those that stand in a row of so many as no headings do: that is a table, or the furniture of a page."""
    rows: list[list[int]] = []
    for position in positions:
        if rows and rows[-1][-1] == position - 1:
            rows[-1].append(position)
        else:
            rows.append([position])
    return {position for row in rows if len(row) >= _MOST_IN_A_ROW for position in row}


# From labels to paragraphs


def _trails(labels: list[Label]) -> list[tuple[int, ...]]:
    """For each label the positions of the headings above it, outermost first.

    A text capture shows no levels, so they are taken from what it does show: "Back to top" ends a part of the
    outermost level; the shared outline names those parts, each once; and a heading with nothing between it and the
    one before stands within that one.
    """
    used: set[str] = set()
    trail: tuple[int, ...] = ()
    after_top, after_heading = True, False
    trails: list[tuple[int, ...]] = []
    for position, label in enumerate(labels):
        if label.marker != "heading":
            after_heading = False
        elif not label.text:
            after_top = True
        else:
            known = label.text.casefold()
            begins_part = _OUTLINE.fullmatch(known) is not None and known not in used
            if begins_part and after_heading and _WITHIN.fullmatch(known) and _AROUND.fullmatch(labels[trail[-1]].text):
                begins_part = False
            if after_top or not trail or begins_part:
                used.add(known)
                trail = (position,)
            elif after_heading:
                trail = (*trail, position)[-_DEEPEST_TRAIL:]
            elif _PART.fullmatch(label.text) or len(trail) == 1 or _is_followed_by_heading(labels, position):
                trail = (trail[0], position)
            else:
                trail = (*trail[:-1], position)
            after_top, after_heading = False, True
        trails.append(trail)
    return trails


def _is_followed_by_heading(labels: list[Label], position: int) -> bool:
    return position + 1 < len(labels) and labels[position + 1].marker == "heading" and bool(labels[position + 1].text)


def _above_the_headings(numbers: Sequence[int | None], trails: Sequence[tuple[int, ...]]) -> Iterator[str]:
    """A doubt, if paragraphs stand above the first heading: they may be a list of the summary, or of contents."""
    first = next((trail for value, trail in zip(numbers, trails, strict=True) if value is not None), None)
    if first == () and any(trails):
        yield "Numbers stand above the first heading, where a decision has none."


def _over_nothing(
    labels: Sequence[Label], numbers: Sequence[int | None], trails: Sequence[tuple[int, ...]]
) -> Iterator[str]:
    """A doubt for each heading above the last text that stands over none: what stood below it may be lost.

    Above the first paragraph, one that comes again is an entry of a table of contents.
    """
    numbered = [position for position, value in enumerate(numbers) if value is not None]
    kept = {heading for position in numbered for heading in trails[position]}
    names = {labels[position].text for position in kept}
    end = max((position for position, label in enumerate(labels) if label.marker != "heading"), default=0)
    for position, below in itertools.pairwise(range(end + 1 if numbered else 0)):
        label = labels[position]
        if label.marker != "heading" or not label.text or position in kept or labels[below].marker != "heading":
            continue
        if position > numbered[0] or label.text not in names:
            yield f"The heading “{shortened(label.text)}” stands over nothing and was left out."


def _told_twice(labels: Sequence[Label], numbers: Sequence[int | None]) -> Iterator[str]:
    """A doubt, if a part stands in this copy twice: a heading with the paragraph below it, or three paragraphs."""
    row: list[str] = []  # what stands in this part so far, the heading first
    seen: dict[tuple[str, ...], int] = {}
    for label, value in zip(labels, numbers, strict=True):
        if label.marker == "heading":
            row = [label.text]
        elif value is not None:
            row.append(label.text)
            part = tuple(row if len(row) == 2 else row[-3:])
            if len(row) != 3 and part[0] and sum(map(len, part)) >= _LONG_ENOUGH_TO_TELL:
                first = seen.setdefault(part, value)
                if first != value:
                    yield f"This copy tells paragraph {first} again as paragraph {value}, with what stands above it."
                    return


@dataclass(slots=True)
class _Draft:
    number: int
    section: tuple[str, ...]
    lines: list[Line]
    labels: list[Label]


def _assemble(labels: list[Label], numbers: Sequence[int | None], trails: list[tuple[int, ...]]) -> Iterator[_Draft]:
    """Gather what belongs to each number: the items, quotations and statute lines that follow it.

    A heading stands in the section of the paragraphs below it. If what follows it bears no number, both are kept as
    text of the paragraph above.
    """
    draft: _Draft | None = None
    indents: list[int] = []  # of the lists that are open, outermost first
    headings: list[Label] = []  # below which nothing has come yet
    for label, value, trail in zip(labels, numbers, trails, strict=True):
        if label.marker == "heading":
            if label.text:
                headings.append(label)
            else:
                headings.clear()
            continue
        if value is not None:
            headings.clear()
            if draft is not None:
                yield _lettered(draft)
            section = tuple(labels[heading].text for heading in trail)
            draft = _Draft(value, section, [Line(label.text)], [label])
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
            if headings or label.marker == "none":
                indents = []
            headings.clear()
            if label.marker != "none":
                indents = _open_lists(indents, label.indent)
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
    do not run a, b, c, … once through the paragraph, none is certain; letters that a capture shows are then text, and
    so are the numbers of a list that does not run 1, 2, 3, … to its end: one of them may be a year or a sum, where a
    line happens to break. So are the letters of any deeper list, and such numbers in it.
    """
    items = [
        position
        for position, (line, label) in enumerate(zip(draft.lines, draft.labels, strict=True))
        if position and line.depth == 1 and label.marker in ("number", "letter")
    ]
    certain = _is_unbroken(draft, items) and len(items) <= len(string.ascii_lowercase)
    lettered = set(items) if certain else set()
    dropped = {position for found in _numbered_lists(draft) if _is_unbroken(draft, found) for position in found}
    for position, (line, label) in enumerate(zip(draft.lines, draft.labels, strict=True)):
        if position in lettered:
            draft.lines[position] = replace(line, item=string.ascii_lowercase[(label.value or 1) - 1])
        elif position and label.mark and position not in dropped:
            draft.lines[position] = replace(line, text=f"{label.mark} {line.text}")
    return draft


def _numbered_lists(draft: _Draft) -> list[list[int]]:
    """The positions of the items of each numbered list in a paragraph, with those of letters that stand amid them.

    A 1 begins another list. A deeper one ends where a line further out stands below it; an outermost one, like the
    letters, may run on below a quotation.
    """
    found: list[list[int]] = []
    open_lists: list[list[int]] = []  # one for each depth, outermost first; what it holds may be letters alone
    for position, (line, label) in enumerate(zip(draft.lines, draft.labels, strict=True)):
        del open_lists[max(line.depth, 1) :]
        while len(open_lists) < line.depth:
            open_lists.append([])
        if not position or label.marker not in ("number", "letter"):
            continue
        if label.marker == "number" and (label.value == 1 or not open_lists[-1]):
            open_lists[-1] = []
            found.append(open_lists[-1])
        open_lists[-1].append(position)
    for items in found:
        while draft.labels[items[-1]].marker == "letter":  # a list of letters follows this one
            items.pop()
    return found


def _is_unbroken(draft: _Draft, items: Sequence[int]) -> bool:
    """Whether the lines at these positions run 1, 2, 3, …, or a, b, c, …, so that they are certain to be a list.

    A single one may be where a line happens to break ("under section 3 / (a) of the Act"), if no colon announces it.
    One that stands further in than the one above it, behind a quotation, goes on with a list within that one.
    """
    labels = [draft.labels[position] for position in items]
    return (
        len({label.marker for label in labels}) == 1
        and [label.value for label in labels] == list(range(1, len(labels) + 1))
        and all(below.indent < above.indent + HANGING for above, below in itertools.pairwise(labels))
        and (len(labels) > 1 or draft.lines[items[0] - 1].text.endswith(":"))
    )
