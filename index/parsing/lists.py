"""Lists within a paragraph: how deep each item stands, and which items get the letter that they are cited by. Pure.

This is where the way a lettered list is read is changed. What a mark looks like in a text ("(a)", "a.", "ii)") stands
in text_capture._MARKED, and how a page marks its lists in html_page; both hand over labels.
"""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.decisions import Line
from index.errors import NotADecision
from index.parsing.labels import HANGING, ITEM_ENDS, Label, announces_list

_TYPED_LETTER = re.compile(r"(?:\((?P<bracketed>[a-z])\)|(?P<letter>[a-z])[.)])\s+(?P<text>\S.*)")
_NUMERALS = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv".split()


@dataclass(slots=True)
class Draft:
    """A paragraph in the making: its number, the headings above it, and a label for each of its lines."""

    number: int
    section: tuple[str, ...]
    lines: list[Line]
    labels: list[Label]


def assemble(labels: list[Label], numbers: Sequence[int | None], trails: list[tuple[int, ...]]) -> Iterator[Draft]:
    """Gather what belongs to each number: the items, quotations and statute lines that follow it.

    A heading stands in the section of the paragraphs below it. If what follows it bears no number, both are kept as
    text of the paragraph above.
    """
    draft: Draft | None = None
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
            draft = Draft(value, section, [Line(label.text)], [label])
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


def typed_letter(label: Label, above: Label | None, above_text: str) -> Label:
    """A line "a. …", or on a page "(a) …", as an item: below a line that announces a list, or the item before it.

    "i. e." begins a line, too. `above_text` is the last line of what `above` begins.
    """
    found = _TYPED_LETTER.fullmatch(label.text)
    if found is None or above is None:
        return label
    value = ord(found["bracketed"] or found["letter"]) - ord("a") + 1
    if value == 1:
        is_next = announces_list(above_text) and above.marker in ("number", "bullet", "dash")
    else:
        is_next = (above.marker, above.value) == ("letter", value - 1)
    mark = label.text.removesuffix(found["text"]).rstrip()
    return replace(label, marker="letter", text=found["text"], value=value, mark=mark) if is_next else label


def _set_numerals_within(draft: Draft) -> None:
    """Set items (i), (ii) that stand as far in as the lettered ones around them within the one above: a, i, ii, b.

    Only where all of them run on so: "(i)" behind "(h)" is a letter.
    """
    items = [
        position
        for position, (line, label) in enumerate(zip(draft.lines, draft.labels, strict=True))
        if position and line.depth == 1 and label.marker == "letter"
    ]
    numerals: set[int] = set()
    letter = numeral = 0  # the last of each
    for position in items:
        label = draft.labels[position]
        name = label.mark.strip("().")
        if label.value == letter + 1:
            letter, numeral = letter + 1, 0
        elif letter and name in _NUMERALS and _NUMERALS.index(name) == numeral:
            numeral += 1
            numerals.add(position)
        else:
            return
    within = False
    for position, line in enumerate(draft.lines):
        if position in items:
            within = position in numerals
        if position in numerals or (within and line.depth > 1):
            draft.lines[position] = replace(line, depth=line.depth + 1)


def _lettered(draft: Draft) -> Draft:
    """Give the items of a paragraph their letters, where these are certain.

    The Ombudsman letters a numbered list within a paragraph, and a capture shows its letters or counts 1, 2, 3. If they
    do not run a, b, c, … once through the paragraph, none is certain; letters that a capture shows are then text, and
    so are the numbers of a list that does not run 1, 2, 3, … to its end: one of them may be a year or a sum, where a
    line happens to break. So are the letters of any deeper list, and such numbers in it.
    """
    _set_numerals_within(draft)
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


def _numbered_lists(draft: Draft) -> list[list[int]]:
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


def _is_unbroken(draft: Draft, items: Sequence[int]) -> bool:
    """Whether the lines at these positions run 1, 2, 3, …, or a, b, c, …, so that they are certain to be a list.

    A single one may be where a line happens to break ("under section 3 / (a) of the Act"), if no colon announces it.
    One that stands further in than the one above it, behind a quotation, goes on with a list within that one.
    """
    labels, above = [draft.labels[position] for position in items], draft.lines[items[0] - 1 if items else 0]
    return (
        len({label.marker for label in labels}) == 1
        and [label.value for label in labels] == list(range(1, len(labels) + 1))
        and all(below.indent < above.indent + HANGING for above, below in itertools.pairwise(labels))
        and (len(labels) > 1 or announces_list(above.text) or (above.depth > 0 and above.text.endswith(ITEM_ENDS)))
    )
