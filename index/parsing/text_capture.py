"""A text capture → its lines as labels. Pure.

Whether an unmarked line is a heading or text is not settled here. Lines that a program wrapped are joined again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.decisions import INVISIBLE, fold
from index.parsing.labels import Label, bared, joined
from index.parsing.lists import typed_letter
from index.text.sentences import is_ended

_MARKED = re.compile(
    r"""
    \A(?P<indent>\s*)
    (?:
        (?P<value>\d{1,4})[.)]                 # 12.
      | (?P<letter>[(]?(?:(?P<alphabetic>[a-z])|[ivx]{2,5})[).])  # (a), a), a. or (ii)
      | (?P<bullet>[•◦▪▫●○■□‣∙·\uf0b7*])
      | (?P<dash>[-–])
    )
    (?:\s+ (?P<text>\S.*))?                    # some captures set the text of an item on the next line
    """,
    re.VERBOSE,
)

_MARKDOWN = re.compile(r"#{1,6} (?P<hashed>[^\s#](?:.*[^\s#])?)(?: #+)?|\*\*(?P<bold>[^*\s](?:[^*]*[^*\s])?)\*\*")
_LINE_END = re.compile(r"\r\n|\r|\n")
_MAX_LIST_NUMBER = 999  # a greater number at the beginning of a line is a year
_TEXT_GOES_ON = (":", ",", " and", " or")
HANGING = 2
"""Columns by which the text of an item stands further in than its mark, at least."""


def read_lines(text: str) -> Iterator[Label]:
    """The lines of a text capture as labels; whether an unmarked one is a heading is settled later."""
    held: Label | None = None  # waits for the rest of its text
    rest: list[str] = []
    seen = _Numbers()
    gap = False
    for raw in _LINE_END.split(text):
        line = INVISIBLE.sub("", raw).rstrip()
        label = _label(line)
        if label is None:
            gap = True
            continue
        if (label.value or 0) > _MAX_LIST_NUMBER and not seen.is_next(label.value or 0, label.indent):
            label = Label("line", fold(line), label.indent)
        if label.marker == "line" and label.indent < HANGING and held is not None:
            is_beside = held.marker != "letter" or held.indent == label.indent
            label = typed_letter(label, held if is_beside else None, rest[-1] if rest else held.text)
        if label.marker == "line" and (held is None or gap or is_ended(rest[-1] if rest else held.text)):
            label = _joined(label, seen)
        if held is not None and _continues(label, held, rest, gap, seen):
            rest.append(label.text if label.marker == "line" else fold(line))
        else:
            yield from _whole(held, rest)
            held, rest = replace(label, gap=True) if gap else label, []
            if label.marker == "number":
                seen.add(label)
        gap = False
    yield from _whole(held, rest)


class _Numbers:
    """The last number at each indent."""

    def __init__(self) -> None:
        self._at: dict[int, int] = {}
        self._values: Counter[int] = Counter()

    def add(self, label: Label) -> None:
        """Take in a number that begins an item."""
        self._values[self._at.get(label.indent, -1)] -= 1
        self._at[label.indent] = label.value or 0
        self._values[label.value or 0] += 1

    def is_next(self, value: int, indent: int) -> bool:
        """Whether a number is the next of the list at this indent."""
        return self._at.get(indent) == value - 1

    def may_be_next(self, label: Label) -> bool:
        """Whether a number goes on with a list at whatever indent."""
        return self._values[(label.value or 0) - 1] > 0


def _joined(label: Label, seen: _Numbers) -> Label:
    """An unmarked line as the next item of the list at its indent, where it is that but for a missing space."""
    found = joined(label.text)
    if found is None or not seen.is_next(found[0], label.indent):
        return label
    mark = label.text.removesuffix(found[1]).rstrip()
    return replace(label, marker="number", value=found[0], text=found[1], mark=mark, is_joined=True)


def _whole(held: Label | None, rest: Sequence[str]) -> Iterator[Label]:
    """A label with all of its text; a mark without any is nothing, but a number or letter may count: it is text."""
    if held is not None and (held.text or rest):
        yield replace(held, text=" ".join([held.text, *rest]).lstrip()) if rest else held
    elif held is not None and held.marker in ("number", "letter"):
        yield Label("none", held.mark, held.indent)


def _continues(label: Label, held: Label, rest: Sequence[str], gap: bool, seen: _Numbers) -> bool:
    """Whether a line goes on with the item above it: it is unmarked and stands as far in as that item's text.

    So may a line that happens to break before a year ("2018. She…"), a dash or a letter; but not before a number that
    begins a list or goes on with one.
    """
    if held.marker in ("line", "none"):
        return False
    if not held.text and not rest:  # some captures set the text of an item below its mark
        is_below = not gap and label.indent >= held.indent + HANGING
        return label.marker == "line" and (is_below or is_ended(label.text) or label.text.endswith(_TEXT_GOES_ON))
    if gap or label.indent < held.indent + HANGING:
        return False
    if label.marker == "number":
        return label.value != 1 and not seen.may_be_next(label)
    unfinished = (rest[-1] if rest else held.text)[-1].isalnum()
    return label.marker == "line" or (unfinished and label.marker in ("dash", "letter"))


def _without_markdown(text: str) -> str:
    """A line without what Markdown sets around a heading, which the published page does not show."""
    found = _MARKDOWN.fullmatch(text)
    return found["hashed"] or found["bold"] if found else text


def _label(line: str) -> Label | None:
    readable = bared(line)
    spread = readable.expandtabs()
    indent = len(spread) - len(spread.lstrip())
    text = fold(line)
    marked = _MARKED.fullmatch(readable)
    if (
        not text or (readable is not line and not readable.strip()) or re.fullmatch(r"\|[\s|:-]+\|", text)
    ):  # the rule below the head of a table
        return None
    if re.fullmatch(r"\|.*\|", text) or (re.search(r"\S\t\s*+\S", line) and marked is None):
        return Label("none", fold(" ".join(text.strip("|").split(" | "))), indent)
    if marked and (marked["letter"] or "").endswith(".") and indent < HANGING:
        marked = None  # "i. e." at the beginning of a line
    if marked is None or (marked["text"] is None and int(marked["value"] or 0) > _MAX_LIST_NUMBER):
        return Label("line", _without_markdown(text), indent)
    said = fold(marked["text"] or "")
    if marked["value"]:
        return Label("number", said, indent, int(marked["value"]), readable.split(maxsplit=1)[0])
    if marked["letter"]:
        letter = marked["alphabetic"]
        return Label("letter", said, indent, ord(letter) - ord("a") + 1 if letter else None, marked["letter"])
    return Label("bullet" if marked["bullet"] else "dash", said, indent)
