"""Which unmarked lines are headings, and which headings stand above each label. Pure.

The outline that the Ombudsman's decisions share stands in _OUTLINE and _PARTS. What is dropped here is the site's
furniture: "Back to top", and everything from the investigator's signature on.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.parsing.html_page import is_back_to_top
from index.parsing.labels import HANGING, UNMARKED, Label, announces_list, leaves_quotation_open, shortened

SIGNATURE = re.compile(
    r"""
    (?P<signed>(?:investigator|assessor|(?:assistant\ |deputy\ )?ombudsm[ae]n)[’']s\ (?:final\ |draft\ )?
        decision\ on\ behalf\ of\ the\ (?:local\ government\ (?:and\ social\ care\ )?)?ombudsm[ae]n)
  | print\ this\ page | lgo\ logogram | review\ your\ privacy\ settings | privacy\ settings | required\ cookies
    """,
    re.VERBOSE | re.IGNORECASE,
)
# The outline that the Ombudsman's decisions share. These parts stand at the outermost level, each once; any other
# heading between two of them stands within the first.
_OUTLINE_NAMES = r"""
    the\ complaint
  | (?:what|parts?\ of\ the\ complaint\ that)\ i\ (?:have|did)\b.{0,500}investigated?
  | (?:the\ (?:local\ government\ (?:and\ social\ care\ )?)?ombudsm[ae]n[’']s|our)\ roles?\ and\ powers?
  | (?:how|why)\ (?:i|we|the\ ombudsm[ae]n)\ (?:have\ )?considered\ (?:this|the)\ complaints?
  | what\ (?:i|we|the\ ombudsm[ae]n)\ (?:have\ )?found
  | my\ assessment
  | (?:agreed|recommended|proposed)\ (?:actions?|remedy)
  | (?:final|draft|provisional|my)\ decision
"""
_OUTLINE = re.compile(_OUTLINE_NAMES, re.VERBOSE | re.IGNORECASE)
# The second may stand right below the first, and within it.
_NESTED = (
    (re.compile(r"what (?:i|we|the ombudsm[ae]n) (?:have )?found", re.I), re.compile(r"my assessment", re.I)),
    (re.compile(r"(?:the )?(?:investigation|report)", re.I), re.compile(r"the complaint", re.I)),
    (re.compile(r"legal and administrative background", re.I), re.compile(r"\A.{0,60}\broles? and powers?", re.I)),
)
# Within "What I found" these begin a part of their own, even after a part that had headings within.
_PART_NAMES = r"what\ happened | analysis | (?:my\ )?findings?"
_PART = re.compile(
    rf"(?:what\ happened|analysis)\b.* | {_PART_NAMES} | (?:was|is)\ there\ fault\b.* | did\ the\ .*\?",
    re.VERBOSE | re.IGNORECASE,
)
# Where a copy lost the end of a line, a part and its first paragraph stand on one: "What I found 1. The Council …"
_PART_AND_NUMBER = re.compile(
    rf"(?: {_OUTLINE_NAMES} | {_PART_NAMES} ) \W{{1,3}} \d{{1,3}} [.)] \s* [“‘£A-Z0-9]", re.VERBOSE | re.IGNORECASE
)

_MAX_HEADING_CHARACTERS = 200
# A page marks its headings, so they may be longer; the longest of real decisions have some 100 characters.
_MAX_MARKED_HEADING_CHARACTERS = 500
_MIN_REPEATED_CHARACTERS = 60  # which two parts of a decision do not share by chance
_MIN_ROW_OF_NO_HEADINGS = 3
_MAX_TRAIL_HEADINGS = 6
_NO_HEADING_ENDS = tuple('.,;:…”"’)')
_NO_HEADING_STARTS = tuple('“"‘(|')
_ACRONYM = re.compile(r"\([A-Z][A-Za-z]{1,7}\)$")  # Special educational needs (SEN)
_YEAR = re.compile(r"(?:19|20)\d\d")


def settle_headings(labels: list[Label]) -> tuple[list[Label], list[str]]:
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
        if label.marker in UNMARKED and _PART_AND_NUMBER.match(text):
            doubts.append(f"“{shortened(text)}” is a heading and the beginning of a paragraph on one line.")
        if label.marker == "line" and text.endswith(":") and _OUTLINE.fullmatch(text[:-1].rstrip()):
            label = replace(label, text=text[:-1].rstrip())
            text = label.text
        if label.marker not in UNMARKED:
            settled.append(label)
            quoting, begun, deepest = False, True, label.indent
        elif signature := SIGNATURE.fullmatch(text):
            if signature["signed"] and position < last:
                doubts.append("More numbered paragraphs stand below the signature; they were left out.")
            if begun and (signature["signed"] or position > last):
                break
        elif is_back_to_top(text):
            settled.append(Label("heading", ""))
            quoting = False
        elif label.marker == "heading" and len(text) <= _MAX_MARKED_HEADING_CHARACTERS:
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
    if not is_heading(label.text):
        return False
    if _OUTLINE.fullmatch(label.text):
        return True
    announced = bool(above) and announces_list(above[-1].text)
    wrapped = apart and not label.gap and bool(above) and above[-1].marker != "heading"
    return not quoting and not announced and not wrapped and label.indent < deepest + HANGING


def is_heading(text: str) -> bool:
    """Whether an unmarked line looks like a heading."""
    return (
        0 < len(text) <= _MAX_HEADING_CHARACTERS
        and (not text.endswith(_NO_HEADING_ENDS) or _ACRONYM.search(text) is not None)
        and not next(filter(str.isalpha, text), "").islower()
        and not text.startswith(_NO_HEADING_STARTS)
        and SIGNATURE.fullmatch(text) is None
        and (any(map(str.isalpha, text)) or _YEAR.fullmatch(text) is not None)
    )


def _mend_headings(labels: list[Label], unsure: set[int]) -> list[Label]:
    """Nothing that may be text is lost as a heading over nothing: it is text of the paragraph above.

    Only a heading of the shared outline, and one that a page marks as a heading, may stand empty.
    """
    mended = list(labels)
    first = next((i for i, label in enumerate(labels) if label.marker not in ("heading", "none")), len(labels))
    begins_part = _beginnings_of_outline(labels)  # each of which ends what stands above it
    nothing_below = True
    in_a_row = _in_a_row(sorted(unsure - {i for i in unsure if is_known(labels[i].text)}))
    for position in range(len(labels) - 1, first, -1):
        label = labels[position]
        if label.marker != "heading" or not label.text:
            nothing_below = label.marker == "heading"
        elif position in in_a_row or (nothing_below and position in unsure and not _OUTLINE.fullmatch(label.text)):
            mended[position] = Label("none", label.text)
        else:
            nothing_below = position in begins_part
    return mended


def _beginnings_of_outline(labels: Sequence[Label]) -> set[int]:
    """Where each part of the outline stands first; "My assessment" right below "What I found" is none of them."""
    first: dict[str, int] = {}
    for position, label in enumerate(labels):
        if label.marker == "heading" and _OUTLINE.fullmatch(label.text):
            above = labels[position - 1] if position else label
            if above.marker != "heading" or not any(
                around.fullmatch(above.text) and within.fullmatch(label.text) for around, within in _NESTED
            ):
                first.setdefault(label.text.casefold(), position)
    return set(first.values())


def is_known(heading: str) -> bool:
    """Whether a heading is one that the Ombudsman's decisions share."""
    return _OUTLINE.fullmatch(heading) is not None or _PART.fullmatch(heading) is not None


def _in_a_row(positions: Sequence[int]) -> set[int]:
    """Those that stand in a row of so many as no headings do: that is a table, or the furniture of a page."""
    rows: list[list[int]] = []
    for position in positions:
        if rows and rows[-1][-1] == position - 1:
            rows[-1].append(position)
        else:
            rows.append([position])
    return {position for row in rows if len(row) >= _MIN_ROW_OF_NO_HEADINGS for position in row}


def heading_trails(labels: list[Label]) -> list[tuple[int, ...]]:
    """For each label the positions of the headings above it, outermost first.

    A text capture shows no levels, so they are taken from what it does show: "Back to top" ends a part of the
    outermost level; the shared outline names those parts, each once; and a heading with nothing between it and the
    one before stands within that one.
    """
    begins_part = _beginnings_of_outline(labels)
    trail: tuple[int, ...] = ()
    after_top, after_heading = True, False
    trails: list[tuple[int, ...]] = []
    for position, label in enumerate(labels):
        if label.marker != "heading":
            after_heading = False
        elif not label.text:
            after_top = True
        else:
            if after_top or not trail or position in begins_part:
                trail = (position,)
            elif after_heading:
                trail = (*trail, position)[-_MAX_TRAIL_HEADINGS:]
            elif _PART.fullmatch(label.text) or len(trail) == 1 or _is_followed_by_heading(labels, position):
                trail = (trail[0], position)
            else:
                trail = (*trail[:-1], position)
            after_top, after_heading = False, True
        trails.append(trail)
    return trails


def _is_followed_by_heading(labels: list[Label], position: int) -> bool:
    return position + 1 < len(labels) and labels[position + 1].marker == "heading" and bool(labels[position + 1].text)


def doubts_about_headings(
    labels: Sequence[Label], numbers: Sequence[int | None], trails: Sequence[tuple[int, ...]]
) -> Iterator[str]:
    """Why paragraphs may be missing, or may be none, by the headings above them; a sentence each."""
    yield from _above_the_headings(numbers, trails)
    yield from _over_nothing(labels, numbers, trails)
    yield from _repeated(labels, numbers)


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


def _repeated(labels: Sequence[Label], numbers: Sequence[int | None]) -> Iterator[str]:
    """A doubt, if a part stands in this copy twice: a heading with the paragraph below it, or three paragraphs."""
    row: list[str] = []  # what stands in this part so far, the heading first
    seen: dict[tuple[str, ...], int] = {}
    for label, value in zip(labels, numbers, strict=True):
        if label.marker == "heading":
            row = [label.text]
        elif value is not None:
            row.append(label.text)
            part = tuple(row if len(row) == 2 else row[-3:])
            if len(row) != 3 and part[0] and sum(map(len, part)) >= _MIN_REPEATED_CHARACTERS:
                first = seen.setdefault(part, value)
                if first != value:
                    yield f"This copy tells paragraph {first} again as paragraph {value}, with what stands above it."
                    return
