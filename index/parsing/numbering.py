"""From the labels found in a source, in order, to published paragraph numbers. Pure: no text is read from a file here.

The Ombudsman numbers paragraphs once through the whole decision. Captures lost that: list numbers begin again at 1
after every heading, list or quotation. Counting on restores the published number, as the decisions themselves prove
where they refer to their own paragraphs ("as I have mentioned in paragraph 67"). Where labels are missing altogether,
or do not fit a plain count, there are doubts, a sentence each, and the numbers are inferred: never is a guess called
published.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Marker = Literal["number", "letter", "bullet", "dash", "none", "heading", "line"]
"""How a line was marked. A `line` is unmarked, and whether it is a heading or text is not settled yet."""

# A sub-list stands some columns deeper than the paragraphs; a number of two digits may be set one column to the left.
_SAME_INDENT = 1

# In a source that lost all its numbers, list items and paragraphs look alike. A list whose items end in semicolons ends
# with the one that does not. In others an item that is both much longer than those before it and as long as a paragraph
# is taken to be the next paragraph.
_ITEM_ENDS = (";", "; and", "; or", ", and", ", or")
_GOES_ON = (*_ITEM_ENDS, ",", ":")
_MUCH_LONGER = 2
_PARAGRAPH_LENGTH = 200

_QUOTED = 60  # characters of a line that a doubt names

# Characters that format text and are not seen, such as the marks of direction that a word processor sets before "3.".
_FORMAT = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u2800\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
)
_BEGINNING = re.compile(r"\A[\W_]*+\d{0,4}\W*+")
_FORMATTING = re.compile(f"[{_FORMAT}]+")

# A number set right against its paragraph, or behind the stroke by which Markdown keeps it from being a list.
_JOINED = re.compile(r"\A(?P<value>\d{1,3})(?:\\?[.)]|．)\s?(?P<text>[“‘]?[A-Z].*)")
# What looks as if it were meant as the number of a paragraph: (3) Third, 3: Third, ¶3. Third, **3.** Third, No. 3 Third
_SPOILED = re.compile(
    r"""
    \A(?P<before>(?:[^\w\s]|_){0,4}\s?(?:(?i:para(?:graph)?|point|item|number|no|nr)\b\.?\s?)?(?:[^\w\s]|_){0,3}\s?)
    (?:[A-Za-z](?=\d{1,3}[.)\]]))?(?P<value>\d(?:\s?\d){0,2})
    (?P<after>(?:[a-z](?=[.)\]])|(?:st|nd|rd|th)\b)?(?:\.0\b)?[\Wº_]{0,6}?)
    (?P<text>[“‘"'\[]?[£€$]?(?P<word>[^\Wº_][^\s]*).* | \Z)  # some pages set the text apart
    """,
    re.VERBOSE | re.DOTALL,
)
# Letters that look like digits, where a copy was read by a scanner: l. First, 1O. Tenth
_LOOKS_LIKE = re.compile(
    r"\A(?=[0-9]{0,2}[lIOoSBZ])(?P<value>[0-9lIOoSBZ]{1,3})(?P<after>[.)])(?:\s+(?=[“‘£A-Z])|(?=[A-Z][a-z]))"
)
# III. Third, (iii) Third
_ROMAN = re.compile(r"\A(?P<before>[(\[]?)(?P<value>[ivx]{1,6}|[IVX]{1,6})(?P<after>[.)\]])\s+(?=[“‘£]?[A-Z])")
_ROMANS = ("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx").split()
_DIGITS = str.maketrans("lIOoSBZ", "1100582")
_SUMS = re.compile("[£€$§]|%\\Z")
_CERTAIN = re.compile(r"[.)\]}>:*|=º°。·]")  # what a sum or a thing that is counted does not have behind it
# Behind these a number that begins the next line is no mark: "as told in paragraph / (3). The Council …"
_CALLS_FOR_NUMBER = re.compile(
    r"(?:[:,(–-]|\b(?:paragraphs?|paras?|sections?|articles?|regulations?|schedules?|parts?|chapters?|pages?|rules?|clauses?|"
    r"steps?|stages?|numbers?|no|points?|items?|tables?|and|or|to|of|in|on|by|for|the|was|is|than|at|from|with|until|under))"
    r"\s*\Z",
    re.IGNORECASE,
)
# A paragraph that stands on the line of the one before it: "… was told. 3. Third …", "… was told. (3) Third …"
_ON_A_LINE = re.compile(
    r"(?<=[.?!”’)…])\s(?P<before>[(\[*_]{0,2})(?P<value>\d{1,3})(?P<after>[.):\]][*_]{0,2})\s(?=[“‘£]?[A-Z])"
)
_FULL_WIDTH = 16  # characters in which digits of another form, ③ or ３, are looked for
_MONTH = re.compile(
    r"[“‘]?(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\b"
)
_STREETS = frozenset(
    """Avenue Buildings Close Cottage Cottages Court Crescent Drive Estate Flats Gardens Green Grove Hill House Lane
    Lodge Mews Park Place Rise Road Row Square Street Terrace View Villas Walk Way Yard""".split()
)
_WORD = re.compile(r"[^\W\d_]")
_SENTENCE_ENDS = (*".;?!…”’)\"'",)
_MOST_DOUBTS = 50  # that are told of one decision
_SHORTEST_PARAGRAPH = 2  # words of one that bears nothing but its number


@dataclass(frozen=True, slots=True)
class Label:
    """One line of a source: how it was marked, how far it stood in (columns), the number it bore, and its text.

    A letter counts as its place in the alphabet; `mark` is how a letter or number was written, such as "(a)". `gap` is
    whether a blank line stood above it, `is_joined` whether the text stood right against the number.
    """

    marker: Marker
    text: str
    indent: int = 0
    value: int | None = None
    mark: str = ""
    gap: bool = False
    is_joined: bool = False


def bared(text: str) -> str:
    """A line without what is not seen before its first word, so that its mark can be read; the rest as it stands."""
    found = None if text.isascii() else _BEGINNING.match(text)
    if found is None or found[0].isascii():
        return text
    return _FORMATTING.sub("", found[0]) + text[found.end() :]


def joined(text: str) -> tuple[int, str] | None:
    """The number that a line is set right against, as in "3.Third" and "3\\. Third", and the text behind it.

    It is that of a paragraph only where exactly this number comes next.
    """
    if text[:1].isalpha():
        return None
    found = _JOINED.fullmatch(bared(text).lstrip())
    return None if found is None or _MONTH.match(found["text"]) else (int(found["value"]), found["text"])


def is_ended(text: str) -> bool:
    """Whether a line ends as a sentence or an item does, so that the next one may begin a paragraph."""
    return text.endswith(_SENTENCE_ENDS)


@dataclass(frozen=True, slots=True)
class _Spoiled:
    """What an unmarked line begins with, where that may have been the mark of a paragraph."""

    value: int
    style: tuple[str, str]  # what stands before and behind the number
    bare: bool  # nothing but the number


def _spoiled(text: str) -> _Spoiled | None:
    text = bared(text).lstrip()
    beginning = "".join(map(_as_digit, text[:_FULL_WIDTH]))
    is_of_other_form = beginning != text[:_FULL_WIDTH]
    if (found := _ROMAN.match(text)) and found["value"].lower() in _ROMANS:
        value = _ROMANS.index(found["value"].lower()) + 1
        return _Spoiled(value, (f"roman {found['before']}", found["after"]), False)
    if found := _LOOKS_LIKE.match(beginning):
        return _Spoiled(int(found["value"].translate(_DIGITS)), ("", found["after"]), False)
    found = _SPOILED.match(beginning + text[_FULL_WIDTH:])
    if found is None or _SUMS.search(found["before"] + found["after"].strip()) or _is_quoted_whole(text):
        return None
    style, value = (found["before"].strip(), found["after"].strip()), int(re.sub(r"\s", "", found["value"]))
    word = found["word"]
    if word is None:
        return _Spoiled(value, style, False) if style[1].endswith((".", ")", "]")) else None
    if (word[0].isalpha() and not word[0].isupper()) or (
        _MONTH.match(found["text"]) and style in (("", ""), ("", "."))
    ):
        return None
    if found["text"][0].isdigit() and (
        style[1][-1:] not in (".", ")", "]") or found["after"][-1:].strip() in (".", ":", ",")
    ):
        return None  # 3.5 miles, 3/4, 3 - 5
    if found["after"] in ("", "-") and not found["before"] and (found["after"] or not word[1:2].islower()):
        return None  # a 3-Day event, a 3D model
    is_certain = found["before"].strip(" “‘\"'") != "" or is_of_other_form or _CERTAIN.search(style[1]) is not None
    if not is_certain and (not _is_sentence(text, word) or _MONTH.match(found["text"])):
        return None
    return _Spoiled(value, style, not any(style) and not is_of_other_form)


def _is_quoted_whole(text: str) -> bool:
    return text.startswith(("“", "‘", '"', "'")) and text.rstrip(" .,;:)").endswith(("”", "’", '"', "'"))


def _as_digit(letter: str) -> str:
    """A digit of another form, ③ or ３ or ⒊, as digits are written; anything else as it stands."""
    plainly = letter if letter.isascii() else unicodedata.normalize("NFKC", letter)
    return plainly if any(map(str.isdigit, plainly)) else letter


def _begins(label: Label, letter: int = 0) -> _Spoiled | None:
    """With what number a line begins that is not marked as a paragraph; an item of a quoted list may bear one, too.

    `letter` is the last one of the paragraph.
    """
    if label.marker == "bullet" and label.value is not None:
        return _Spoiled(label.value, ("item", ""), bare=False)
    if label.marker == "letter":  # that goes on with no list: it may look like a digit, or stand for one
        if letter == (label.value or 0) - 1 or not label.text:
            return None
        found = _spoiled(f"{label.mark} {label.text}")
        return found or (
            _Spoiled(label.value or 0, ("letter", ""), False) if (label.value or 0) > 1 and not letter else None
        )
    if label.marker in ("bullet", "dash"):
        found = _spoiled(label.text)
        return found if found is not None and found.style[1] in (".", ")") else None
    found = _spoiled(label.text) if label.marker in ("none", "heading") else None
    return None if found is not None and found.bare and label.marker == "heading" else found


def _is_sentence(text: str, word: str) -> bool:
    """Whether what follows a bare number is a whole sentence, and neither an address nor a thing that is counted."""
    words = text.split(maxsplit=5)
    return (
        len(words) > _SHORTEST_PARAGRAPH
        and (is_ended(text) or text.endswith(":"))
        and not word[1:2].isupper()  # 3 GCSEs
        and _STREETS.isdisjoint(re.findall(r"\w+", " ".join(words[1:5])))
    )


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
    items = _lists_at_no_deeper_indent(labels, outermost)
    numbers: list[int | None] = []
    doubts: list[str] = []
    count = previous = 0
    listing = False  # whether the paragraph has numbered items so far
    running = False  # whether numbers were seen that run on under a heading, as the published ones do
    before: Label | None = None
    unmarked, follows = _Unmarked(labels, outermost), _following(labels, outermost)
    doubted = -1  # the last count with a doubt about its unmarked lines
    for position, label in enumerate(labels):
        within = label.indent > outermost + _SAME_INDENT
        if label.marker == "number" and within and not listing and label.value == previous + 1 != 1:
            # No list begins so: the number above stood further out than the rest.
            doubts.append(f"Paragraph {count} stands further out than paragraph {count + 1}.")
            outermost, within = label.indent, False
        if label.marker == "number" and not within and position not in items:
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
            unmarked.begin()
        else:
            # A heading stands above a paragraph. If something else follows it, that lost its number.
            if label.marker != "heading" and before is not None and before.marker == "heading":
                doubts.append(f"“{shortened(label.text)}” stands right below a heading, without a number.")
            numbers.append(None)
            listing |= label.marker == "number"
            may_begin = unmarked.may_begin_paragraph(position, previous)
            if unmarked.is_lone_one(position) and within:
                may_begin = 1
            # Where the next paragraph bears that number, this line has it by chance.
            if may_begin and doubted != count and (may_begin == 1 or follows[position] != may_begin):
                doubted = count
                doubts.append(f"“{shortened(label.text)}” begins as paragraph {count + 1} would, but is not marked so.")
        if label.marker != "heading" and doubted != count and count:
            on_a_line = _paragraph_within(label.text, previous + 1) if follows[position] != previous + 1 != 1 else ""
            on_a_line = on_a_line or (_paragraph_within(label.text, 1) if unmarked.begins_anew else "")
            if on_a_line:
                doubted = count
                doubts.append(f"“{on_a_line}” begins as paragraph {count + 1} would, within a line.")
        before = label
    if len(doubts) > _MOST_DOUBTS:
        doubts[_MOST_DOUBTS:] = [f"There are {len(doubts) - _MOST_DOUBTS} doubts more."]
    return numbers, tuple(doubts)


def _paragraph_within(text: str, value: int) -> str:
    """The beginning of what stands in a line, behind the end of a sentence, with this number as a paragraph has it.

    Where the number before stands in the line with the same mark, or a 2 behind a 1, both are those of a list.
    """
    for found in _ON_A_LINE.finditer(text):
        if int(found["value"]) == value and not _MONTH.match(text, found.end()):
            others = text[found.end() :] if value == 1 else text[: found.start()]
            is_listed = f"{found['before']}{2 if value == 1 else value - 1}{found['after']} " in others
            return "" if is_listed else text[found.start() + 1 : found.start() + 1 + _QUOTED]
    return ""


def _following(labels: Sequence[Label], outermost: int) -> list[int | None]:
    """For each label the number that the next one in the place of a paragraph bears, if its text stands apart from it.

    One that is joined with its text counts where those after it lead to one that is not.
    """
    follows: list[int | None] = []
    after: int | None = None
    for label in reversed(labels):
        follows.append(after)
        if label.marker == "number" and label.indent <= outermost + _SAME_INDENT:
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
    elif label.value == 1 and before is not None and before.marker == "none" and _is_unfinished(before.text):
        doubts.append(f"The numbers begin again within a quotation in paragraph {count - 1}, as a list in it would.")
    if before is not None and before.marker in ("number", "none") and _breaks_before(before.text, label.text):
        doubts.append(f"Paragraph {count} begins within a sentence, so its number may be one of the text above.")
    if label.text.endswith(_ITEM_ENDS):
        doubts.append(f"Paragraph {count} ends as an item of a list does.")
    if label.indent < outermost - _SAME_INDENT:
        doubts.append(f"Paragraph {count} stands further out than paragraph 1, which may be no paragraph then.")
    return doubts


class _Unmarked:
    """The lines that are not marked as paragraphs: whether one begins with the number that comes next.

    The mark of one paragraph may be spoiled in a copy. Where it was the last before a heading, nothing else tells it.
    """

    def __init__(self, labels: Sequence[Label], outermost: int) -> None:
        self._labels = labels
        begins = [label for label in labels if label.marker == "number" and label.value == 1]
        self.begins_anew = sum(label.indent <= outermost + _SAME_INDENT for label in begins) > 1
        self._last: _Spoiled | None = None  # in this paragraph
        self._last_heading: _Spoiled | None = None
        self._letter = 0  # the last one in this paragraph

    def is_lone_one(self, position: int) -> bool:
        """Whether an item bears a 1 that no colon announces and no 2 follows, in a copy whose numbers begin anew."""
        label = self._labels[position]
        above = self._labels[position - 1] if position else label
        below = self._labels[position + 1] if position + 1 < len(self._labels) else None
        return (
            self.begins_anew
            and (label.marker, label.value, above.marker) == ("number", 1, "none")
            and not _is_unfinished(above.text)
            and (below is None or (below.marker, below.value) != ("number", 2))
        )

    def begin(self) -> None:
        """A paragraph begins."""
        self._last = None
        self._letter = 0

    def may_begin_paragraph(self, position: int, previous: int) -> int:
        """The number with which a line begins as the paragraph after number `previous` would, and not as part of
        another row; 0 if it does not.
        """
        label = self._labels[position]
        found = _begins(label, self._letter)
        if label.marker == "letter":
            self._letter = label.value or 0
        if found is None:
            return 0
        if label.marker == "heading":
            last, self._last_heading = self._last_heading, found
        else:
            last, self._last = self._last, found
        if not previous or (last is not None and (last.style, last.value) == (found.style, found.value - 1)):
            return 0
        before = self._labels[position - 1]
        goes_on = before.marker in ("none", "number") and (
            leaves_quotation_open(before.text) or _CALLS_FOR_NUMBER.search(before.text) is not None
        )
        if goes_on and label.marker != "bullet" and _WORD.search(label.text):
            return 0
        is_next = found.value == previous + 1 != 1
        return found.value if is_next or (found.value == 1 and self._may_begin_anew(position, found)) else 0

    def _may_begin_anew(self, position: int, found: _Spoiled) -> bool:
        """Whether a line that bears a 1 may be a paragraph: below a list or quotation, in a copy that counts so."""
        label, above = self._labels[position], self._labels[position - 1].marker
        if not self.begins_anew or label.marker == "heading" or above in ("number", "heading"):
            return False
        after = self._labels[position + 1] if position + 1 < len(self._labels) else None
        follows = _begins(after) if after is not None and after.marker == label.marker else None
        is_plain = label.marker == "none" and re.match(r"1[.)]\s", label.text) is not None  # in a table
        return not is_plain and (follows is None or (follows.style, follows.value) != (found.style, 2))


def _lists_at_no_deeper_indent(labels: Sequence[Label], outermost: int) -> frozenset[int]:
    """The positions of list items that a copy shows like paragraphs, where the numbers after them prove it.

    After "5. It agreed to:" the lines "1. … 2. …" are items if "6. …" comes next: a paragraph would be 8, or 3.
    """
    items: set[int] = set()
    previous: int | None = None  # what the last paragraph bore
    position = 0
    while position < len(labels):
        label = labels[position]
        if label.marker == "number" and label.indent <= outermost + _SAME_INDENT:
            below = position > 0 and labels[position - 1].marker == "number" and position - 1 not in items
            run = _run_from_one(labels, position) if below and labels[position - 1].text.endswith(":") else 0
            after = labels[position + run] if run and position + run < len(labels) else None
            if previous and after and after.marker == "number" and after.value == previous + 1 != run + 1:
                items.update(range(position, position + run))
                position += run
                continue
            previous = label.value
        position += 1
    return frozenset(items)


def _run_from_one(labels: Sequence[Label], start: int) -> int:
    """How many labels from `start` on bear 1, 2, 3, …"""
    run = 0
    while start + run < len(labels) and labels[start + run].marker == "number" and labels[start + run].value == run + 1:
        run += 1
    return run


def _breaks_before(above: str, text: str) -> bool:
    """Whether a sentence runs over from one line to the next: "under section / 3. of the Act"."""
    return text.lstrip("“‘\"'")[:1].islower() and not is_ended(above) and not above.endswith((",", ":"))


def _is_unfinished(text: str) -> bool:
    return leaves_quotation_open(text) or text.endswith(":")


def leaves_quotation_open(text: str) -> bool:
    """Whether a quotation begins in this line that does not end in it. Captures also close one with " or ’’."""
    closed = max(text.rfind(mark) for mark in ("”", '"', "’’"))
    return text.rfind("“") > closed


def shortened(text: str) -> str:
    """The beginning of a line, as a doubt names it."""
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


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
            open_list = _List() if label.text.endswith(":") else None
    return numbers


@dataclass(slots=True)
class _List:
    """A list of a source that lost its numbers, as far as it has been read."""

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
        return len(label.text) > _PARAGRAPH_LENGTH and len(label.text) > _MUCH_LONGER * self.longest
