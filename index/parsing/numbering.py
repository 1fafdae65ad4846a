"""From the labels found in a source, in order, to published paragraph numbers. Pure: no text is read from a file here.

The Ombudsman numbers paragraphs once through the whole decision. Captures lost that: list numbers begin again at 1
after every heading, list or quotation. Counting on restores the published number, as the decisions themselves prove
where they refer to their own paragraphs ("as I have mentioned in paragraph 67"). Where labels are missing altogether,
or do not fit a plain count, there are doubts, a sentence each, and the numbers are inferred: never is a guess called
published.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.parsing.labels import ITEM_ENDS, SAME_INDENT, Label, announces_list, is_unfinished, shortened
from index.parsing.stray_numbers import StrayNumbers, paragraph_within
from index.text.sentences import is_ended

# In a source that lost all its numbers, list items and paragraphs look alike. A list whose items end in semicolons ends
# with the one that does not. In others an item that is both much longer than those before it and as long as a paragraph
# is taken to be the next paragraph.
_GOES_ON = (*ITEM_ENDS, ",", ":")
_MIN_TIMES_LONGER = 2
_MIN_PARAGRAPH_CHARACTERS = 200
_TELLS = re.compile(
    r"""
    (?P<who> The\ complainant | (?: Mrs? | Ms | Miss | Mx | Dr )\.?\ [A-Z][\w’'-]{0,20} )
    \ (?:(?: also | now )\ )?
    (?: complain | sa(?:y|id) | want | would\ like | believe | feel | felt | claim | ask | seek | sought | thinks? )
    """,
    re.VERBOSE,
)
_BELOW_HEADING = "“{}” stands right below a heading, without a number."
_MAX_DOUBTS = 50  # listed of one decision


def number(labels: Sequence[Label]) -> tuple[list[int | None], tuple[str, ...]]:
    """Give each label its paragraph number, or None where it starts no paragraph; and the doubts about these numbers.

    The numbers are 1, 2, 3, … in the order of the labels. They are the published ones if every number was counted on
    from labels that fit; else each doubt is a sentence that says what does not.
    """
    if any(label.marker == "number" for label in labels):
        return _count_on(labels)
    lost = "This copy has lost the numbers: its paragraphs and list items are marked alike."
    return _tell_paragraphs_from_items(labels), (lost,)


def _count_on(labels: Sequence[Label]) -> tuple[list[int | None], tuple[str, ...]]:
    outermost = next(label.indent for label in labels if label.marker == "number")
    items, bulleted = _lists_at_no_deeper_indent(labels, outermost), _bulleted_paragraphs(labels)
    ones = _items_that_all_bear_one(labels, outermost)
    numbers: list[int | None] = []
    doubts: list[str] = []
    count = previous = 0
    listing = False  # whether the paragraph has numbered items so far
    running = False  # whether numbers were seen that run on under a heading, as the published ones do
    before: Label | None = None
    strays, follows = StrayNumbers(labels, outermost), _following(labels, outermost)
    doubted = -1  # the last count with a doubt about its unmarked lines
    for position, label in enumerate(labels):
        within = label.indent > outermost + SAME_INDENT
        if label.marker == "number" and within and not listing and label.value == previous + 1 != 1:
            # No list begins so: the number above stood further out than the rest.
            doubts.append(f"Paragraph {count} stands further out than paragraph {count + 1}.")
            outermost, within = label.indent, False
        if position in bulleted:
            count += 1
            listing = False
            if before is not None and before.marker == "heading":
                doubts.append(_BELOW_HEADING.format(shortened(label.text)))
            numbers.append(count)
            strays.begin()
        elif label.marker == "number" and not within and position not in items and position not in ones:
            count += 1
            listing = False
            below = bool(position and numbers[-1])
            doubts += _doubts_about(label, before, below, previous, count, outermost, bool(doubts))
            if running and label.value == 1:
                doubts.append(f"The numbers run on under the headings, but begin again at paragraph {count}.")
            running |= before is not None and before.marker == "heading" and label.value == count > 1
            if label.is_joined and follows[position] != (label.value or 0) + 1:
                doubts.append(
                    f"“{shortened(label.text)}” stands right against its number, and may be of paragraph {count - 1}."
                )
            previous = label.value or 0
            numbers.append(count)
            strays.begin()
        else:
            # A heading stands above a paragraph. If something else follows it, that lost its number.
            if label.marker != "heading" and before is not None and before.marker == "heading":
                doubts.append(_BELOW_HEADING.format(shortened(label.text)))
            if position in ones and position - 1 not in ones:
                doubts.append(f"Lines below paragraph {count} end as the items of a list do, but each bears number 1.")
            numbers.append(None)
            listing |= label.marker == "number"
            may_begin = strays.may_begin_paragraph(position, previous)
            if within and strays.is_lone_one(position):
                may_begin = 1
            # Where the next paragraph bears that number, this line has it by chance.
            if may_begin and doubted != count and (may_begin == 1 or follows[position] != may_begin):
                doubted = count
                doubts.append(f"“{shortened(label.text)}” begins as paragraph {count + 1} would, but is not marked so.")
        if label.marker != "heading" and doubted != count and count:
            on_a_line = paragraph_within(label.text, previous + 1) if follows[position] != previous + 1 != 1 else ""
            on_a_line = on_a_line or (paragraph_within(label.text, 1) if strays.begins_anew else "")
            if on_a_line:
                doubted = count
                doubts.append(f"“{on_a_line}” begins as paragraph {count + 1} would, within a line.")
        before = label
    if len(doubts) > _MAX_DOUBTS:
        doubts[_MAX_DOUBTS:] = [f"There are {len(doubts) - _MAX_DOUBTS} doubts more."]
    return numbers, tuple(doubts)


def _following(labels: Sequence[Label], outermost: int) -> list[int | None]:
    """For each label the number that the next one in the place of a paragraph bears, if its text stands apart from it.

    One that is joined with its text counts where those after it lead to one that is not.
    """
    follows: list[int | None] = []
    after: int | None = None
    for label in reversed(labels):
        follows.append(after)
        if label.marker == "number" and label.indent <= outermost + SAME_INDENT:
            is_proved = not label.is_joined or after == (label.value or 0) + 1
            after = label.value if is_proved else None
    return follows[::-1]


def _doubts_about(
    label: Label, before: Label | None, below_paragraph: bool, previous: int, count: int, outermost: int, doubted: bool
) -> list[str]:
    """Why the label of paragraph `count` may not fit; `previous` is what the paragraph before it bore."""
    doubts = []
    if label.value is None:
        doubts.append(f"The number that paragraph {count} bears in this copy cannot be told.")
    elif label.value not in (previous + 1, 1, count):  # a list goes on, begins again, or shows the published number
        doubts.append(
            f"In this copy number {label.value} follows number {previous}, where paragraph {count} is counted: "
            "something is missing between."
        )
    elif label.value not in (1, count) and before is not None and before.marker == "heading" and not doubted:
        doubts.append(f"Below a heading this copy goes on with number {label.value}, where {count} is counted.")
    elif label.value == 1 and before is not None and below_paragraph:
        # Between two lists of paragraphs there stands a heading, a list or a quotation.
        doubts.append(f"The numbers begin again right below paragraph {count - 1}, as those of a list in it would.")
    elif label.value == 1 and before is not None and before.marker == "none" and is_unfinished(before.text):
        doubts.append(f"The numbers begin again within a quotation in paragraph {count - 1}, as a list in it would.")
    if before is not None and before.marker in ("number", "none") and _breaks_before(before.text, label.text):
        doubts.append(f"Paragraph {count} begins within a sentence, so its number may be one of the text above.")
    if label.text.endswith(ITEM_ENDS) and not announces_list(label.text):
        doubts.append(f"Paragraph {count} ends as an item of a list does.")
    if label.indent < outermost - SAME_INDENT:
        doubts.append(f"Paragraph {count} stands further out than paragraph 1, which may be no paragraph then.")
    return doubts


def _lists_at_no_deeper_indent(labels: Sequence[Label], outermost: int) -> frozenset[int]:
    """The positions of list items that a copy shows like paragraphs, where the numbers after them prove it.

    After "5. It agreed to:" the lines "1. … 2. …" are items if "6. …" comes next: a paragraph would be 8, or 3.
    """
    items: set[int] = set()
    previous: int | None = None  # what the last paragraph bore
    position = 0
    while position < len(labels):
        label = labels[position]
        if label.marker == "number" and label.indent <= outermost + SAME_INDENT:
            below = position > 0 and labels[position - 1].marker == "number" and position - 1 not in items
            run = _run_from_one(labels, position) if below and announces_list(labels[position - 1].text) else 0
            after = labels[position + run] if run and position + run < len(labels) else None
            if previous and after and after.marker == "number" and after.value == previous + 1 != run + 1:
                items.update(range(position, position + run))
                position += run
                continue
            previous = label.value
        position += 1
    return frozenset(items)


def _items_that_all_bear_one(labels: Sequence[Label], outermost: int) -> set[int]:
    """The positions of items, each in a list of its own, that a copy shows like paragraphs below a line with a colon.

    They end as items do, up to the first that does not.
    """
    found: set[int] = set()
    run: list[int] = []
    listing = False
    for position, label in enumerate(labels):
        is_one = label.marker == "number" and label.value == 1 and label.indent <= outermost + SAME_INDENT
        if listing and is_one:
            run.append(position)
            listing = label.text.endswith(ITEM_ENDS)
            if not listing and len(run) > 1:
                found.update(run)
        else:
            listing = False
        if not listing:
            run, listing = [], label.marker == "number" and announces_list(label.text)
    return found


def _bulleted_paragraphs(labels: Sequence[Label]) -> set[int]:
    """The positions of bullets right below a heading that are its paragraphs: whole sentences, whose numbers are lost.

    Where the next number goes on with the one above the heading, they bore none.
    """
    found: set[int] = set()
    run: list[int] = []  # the bullets below a heading, but for those of lists within one
    waiting: list[int] = []  # for the next number
    previous = 0  # the last number
    for position, label in enumerate(labels):
        if label.marker in ("bullet", "dash"):
            if (position and labels[position - 1].marker == "heading") or (
                run and label.indent <= labels[run[0]].indent + SAME_INDENT
            ):
                run.append(position)
            continue
        if all(labels[at].text[:1].isupper() and is_ended(labels[at].text) for at in run):
            waiting += run
        run = []
        if label.marker == "number":
            if label.value != previous + 1 or previous == 0:
                found.update(waiting)
            waiting, previous = [], label.value or 0
    return found.union(waiting)


def _run_from_one(labels: Sequence[Label], start: int) -> int:
    """How many labels from `start` on bear 1, 2, 3, …"""
    run = 0
    while start + run < len(labels) and labels[start + run].marker == "number" and labels[start + run].value == run + 1:
        run += 1
    return run


def _breaks_before(above: str, text: str) -> bool:
    """Whether a sentence runs over from one line to the next: "under section / 3. of the Act"."""
    return text.lstrip("“‘\"'")[:1].islower() and not is_ended(above) and not above.endswith((",", ":"))


def _tell_paragraphs_from_items(labels: Sequence[Label]) -> list[int | None]:
    dashes = any(label.marker == "dash" for label in labels)
    numbers: list[int | None] = []
    count = 0
    open_list: _List | None = None
    for label in labels:
        if label.marker != ("dash" if dashes else "bullet"):
            numbers.append(None)
            if label.marker == "heading" or (open_list and open_list.last is None):  # the colon was that of a quotation
                open_list = None
        elif open_list is not None and not open_list.ends_before(label):
            open_list.add(label)
            numbers.append(None)
        else:
            count += 1
            numbers.append(count)
            open_list = _List(label.text) if announces_list(label.text) else None
    return numbers


@dataclass(slots=True)
class _List:
    """A list of a source that lost its numbers, as far as it has been read, below the line that announces it."""

    above: str
    first: Label | None = None
    last: Label | None = None
    longest: int = 0

    def add(self, item: Label) -> None:
        self.first = self.first or item
        self.last = item
        self.longest = max(self.longest, len(item.text))

    def ends_before(self, label: Label) -> bool:
        """Whether the next label is a paragraph rather than another item."""
        if self.first is None or self.last is None or self.last.text.endswith(_GOES_ON):
            return False
        if self.first.text.endswith(_GOES_ON):  # "apologise; and", "pay her £75."
            return True
        if label.indent < self.last.indent:  # some copies set the items deeper, all but the first
            return True
        teller = _TELLS.match(
            label.text
        )  # "Mrs N complained that:" and, below the list, "Mrs N says this made her ill."
        if teller and teller["who"] in self.above and len(label.text) > self.longest:
            return True
        return len(label.text) > _MIN_PARAGRAPH_CHARACTERS and len(label.text) > _MIN_TIMES_LONGER * self.longest
