"""What single elements of a page show: whether a reader sees them, and how a list marks its items. Pure."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from typing import Literal

from selectolax.lexbor import LexborNode

from index.decisions import fold

_NOT_SHOWN = frozenset(
    {"script", "style", "noscript", "template", "nav", "form", "button", "svg", "iframe", "img", "input", "select"}
)
ListStyle = Literal["plain", "letters", "capitals", "roman", "capital roman", "other"]
_TYPES: dict[str | None, ListStyle] = {"a": "letters", "A": "capitals", "i": "roman", "I": "capital roman"}
_STYLES: dict[str, ListStyle] = {
    "lower-alpha": "letters", "lower-latin": "letters", "upper-alpha": "capitals", "upper-latin": "capitals",
    "lower-roman": "roman", "upper-roman": "capital roman",
}  # fmt: skip
_NUMERALS = (
    (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"),
    (4, "iv"), (1, "i"),
)  # fmt: skip
_MAX_ROMAN = 1_000  # which no list of a decision reaches
_INTEGER = re.compile(r"\A(?P<sign>[+-]?)0*+(?P<digits>[0-9]+)?")
_MAX_DIGITS = 9  # of a number that browsers can count with
_NOTES = re.compile(r"\b(?:foot|end)-?notes?\b", re.IGNORECASE)


def holds_notes(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element says that it holds the footnotes of the page."""
    named = " ".join(attributes.get(name) or "" for name in ("class", "id", "role"))
    return _NOTES.search(named) is not None


def is_way_back(node: LexborNode) -> bool:
    """Whether this is the arrow from a footnote to its mark."""
    return (node.attributes.get("href") or "").startswith("#") and not any(map(str.isalnum, node.text()))


def is_control(node: LexborNode) -> bool:
    """Whether an element is for the page rather than of it; sloppy pages set all that they hold in a form."""
    if node.tag == "form":
        return node.css_first("ol") is None and node.css_first("input, select, textarea, button") is not None
    return node.tag in _NOT_SHOWN


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element says that it is not shown."""
    style = attributes.get("style") or ""
    return "hidden" in attributes or re.search(r"display\s*:\s*none", style, re.IGNORECASE) is not None


def items(node: LexborNode) -> Iterator[LexborNode]:
    """The items of a list, also where sloppy pages wrap them, and what stands between them."""
    for child in shown(node):
        if child.tag in ("div", "span", "section"):
            yield from items(child)
        else:
            yield child


def shown(node: LexborNode) -> Iterator[LexborNode]:
    """The texts and elements right within an element, without those that are not shown."""
    child = node.child
    while child is not None:
        unseen = child.is_element_node and (is_control(child) or is_hidden(child.attributes))
        if child.is_text_node or (child.is_element_node and not unseen):
            yield child
        child = child.next


def elements(node: LexborNode) -> Iterator[LexborNode]:
    """The elements right within one that are shown."""
    return (child for child in shown(node) if child.is_element_node)


def is_bold(node: LexborNode) -> bool:
    """Whether all text of a block stands in bold."""
    bold = " ".join(child.text() for child in elements(node) if child.tag in ("b", "strong"))
    return bool(bold.strip()) and fold(bold) == fold(node.text())


def list_style(node: LexborNode, within: int) -> ListStyle:
    """How a list shows its items: as the site does by itself, with small letters, or in some other way.

    A numbered list within a paragraph is lettered on the site, so one that asks for numbers there is another.
    """
    shown = f"{node.attributes.get('type') or ''} {node.attributes.get('style') or ''}".lower()
    given = node.attributes.get("type")
    if node.tag != "ol":
        return "other"
    if given in _TYPES:
        return _TYPES[given]
    found = next((style for name, style in _STYLES.items() if name in shown), None)
    if found is not None:
        return found
    if given == "1" or "decimal" in shown:
        return "other" if within else "plain"
    return "plain" if given is None and "list-style" not in shown else "other"


def list_mark(style: ListStyle, value: int | None) -> str:
    """The number, letters or numerals that a browser sets before an item; nothing for a bullet."""
    if style == "other" or value is None:
        return ""
    written = str(value)
    if style in ("letters", "capitals") and value > 0:
        written = ""
        while value > 0:
            value, last = divmod(value - 1, len(string.ascii_lowercase))
            written = string.ascii_lowercase[last] + written
    elif style in ("roman", "capital roman") and 0 < value < _MAX_ROMAN:
        written = ""
        for worth, numeral in _NUMERALS:
            written += numeral * (value // worth)
            value %= worth
    return f"{written.upper() if style.startswith('capital') else written}."


def integer(text: str | None, otherwise: int | None) -> int | None:
    """A number as HTML reads it from an attribute: what follows its digits does not count.

    None where it is too large for browsers to agree on.
    """
    found = _INTEGER.match((text or "").strip())
    if found is None or not found[0].strip("+-"):
        return otherwise
    digits = found["digits"] or "0"
    return int(found["sign"] + digits) if len(digits) <= _MAX_DIGITS else None
