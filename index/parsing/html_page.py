"""A saved page of the Ombudsman's site → the labels that a text capture of it would give, and where it was saved from.

What stands around the article (menus, cookie banners, scripts) is left out. Headings, paragraphs and lists need not be
told apart by their look here, because the page says which they are; numbers and letters it does not hold, only counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.decisions import fold
from index.errors import NotADecision
from index.parsing.html_nodes import (
    elements,
    holds_notes,
    integer,
    is_bold,
    is_control,
    is_hidden,
    is_way_back,
    items,
    list_mark,
    list_style,
)
from index.parsing.labels import Label, Marker, bared, joined
from index.parsing.lists import typed_letter

_BACK_TO_TOP = "Back to top"  # what the site sets below each part of a decision

# The columns at which a text capture sets a list: the outermost, and bullets and numbers within another; only their
# order matters.
_OUTERMOST, _BULLETS_WITHIN, _NUMBERS_WITHIN = 2, 2, 4

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    """address article aside blockquote body center details dd div dl dt fieldset figcaption figure footer header hr
    html main p pre section summary table tbody tfoot thead""".split()
)
_FIELDS = re.compile(r"(?P<name>Category|Subject|Decision date|Date of (?:final )?decision|Decision|Outcome)\s*:?")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_TYPED = re.compile(r"(?P<value>\d{1,3})[.)]\s+(?P<text>\S.*)")
# What a page can only hold as an entity, and a terminal obeys; text with such a byte in it is refused.
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_TAG = re.compile(r"<(?:!--(?:[^-]++|-(?!->))*+|(?P<closing>/?)(?P<name>[a-z][^\s/>]*))", re.IGNORECASE)
_CLOSED_BY_OTHERS = frozenset(
    """area base body br caption col colgroup dd dt embed head hr html img input li link meta option p param rp rt
    source tbody td tfoot th thead tr track wbr""".split()
)
_RAISED = re.compile(r"\[?(\d{1,3})\]?")
_MEASURE = re.compile(r"(?:\b|\d)(?:[ckm]?m|ft|metres?|feet|CO|H)\s?\Z")
_MAX_MEASURE_CHARACTERS = 12
_MAX_DEPTH = 400  # browsers give up at 512
_TOO_DEEP = "The page is nested too deeply to be a decision."
_BEGINNING_CHARACTERS = 4096  # characters in which a browser notes where it saved the page from


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds: its labels from the title on; titles given outside the article; addresses that it gives as its
    own, the surest first."""

    labels: tuple[Label, ...]
    titles: tuple[str, ...]
    addresses: tuple[str, ...]


def looks_like_html(source: bytes | str) -> bool:
    """Whether a file is a page rather than a text: it begins with a tag, a comment or a declaration."""
    start = (
        source[:_BEGINNING_CHARACTERS].decode("utf-8", errors="ignore")
        if isinstance(source, bytes)
        else source[:_BEGINNING_CHARACTERS]
    )
    start = start.lstrip("\ufeff").lstrip()
    return re.match(r"<(?:!|\?xml\b|[a-z][a-z0-9]*[\s/>])", start, re.IGNORECASE) is not None


def read_page(html: str) -> Page:
    """Read a page, whole or only its article. What is no decision has labels that make none.

    Raises NotADecision only where no browser would show the page whole, because it is nested too deeply.
    """
    if _is_too_deep(html):
        raise NotADecision(_TOO_DEEP)
    tree = LexborHTMLParser(html)
    articles = tree.css("article")
    only = articles[0] if len(articles) == 1 else None
    article = tree.css_first("#article") or only or tree.css_first("main") or tree.body
    try:
        labels = tuple(_Reader(article).labels()) if article is not None else ()
    except RecursionError:
        raise NotADecision(_TOO_DEEP) from None
    titles = [node.text() for node in tree.css("h1, title")]
    titles += [node.attributes.get("content") or "" for node in tree.css('meta[property="og:title"]')]
    return Page(labels, tuple(titles), _addresses(tree, html))


def _is_too_deep(html: str) -> bool:
    """Whether the elements that must be closed are nested too deeply; a tree of many thousand levels takes minutes.

    This tells the usual case at once and why; index.parsing.isolated limits what else takes long.
    """
    open_names: list[str] = []
    opened: Counter[str] = Counter()
    for closing, tag in _TAG.findall(html):
        name = tag.lower()
        if not name or name in _CLOSED_BY_OTHERS:
            continue
        if not closing:
            open_names.append(name)
            opened[name] += 1
            if len(open_names) > _MAX_DEPTH:
                return True
        elif opened[name]:  # else it closes nothing
            while (closed := open_names.pop()) != name:
                opened[closed] -= 1
            opened[name] -= 1
    return False


def _addresses(tree: LexborHTMLParser, html: str) -> tuple[str, ...]:
    candidates = [node.attributes.get("href") for node in tree.css('link[rel="canonical"]')]
    candidates += [node.attributes.get("content") for node in tree.css('meta[property="og:url"]')]
    saved = _SAVED_FROM.search(html, 0, _BEGINNING_CHARACTERS)
    candidates += [saved[1]] if saved else []
    return tuple(url for url in candidates if url)


class _Reader:
    """Walks the article once, in the order of the page."""

    def __init__(self, article: LexborNode, row_of: _Reader | None = None) -> None:
        """`row_of` is the reader of the article where this reads a cell of a table in it."""
        self._article = article
        self._labels: list[Label] = []
        self._words: list[str] = []  # of the block that is being read
        self._item: Label | None = None  # the mark that the next block gets
        self._field: str | None = None
        self._is_cell = row_of is not None
        self._is_numbered = row_of is not None and row_of._has_begun()
        self._previous: int | None = None  # the last number that can be that of a paragraph
        self._quoting = self._lists = self._noting = 0  # how many are open
        # Where a page has no headings marked as such, they are told by their look, as in a text.
        self._headed = article.css_first(", ".join(sorted(_HEADINGS))) is not None

    def labels(self) -> Iterator[Label]:
        self._children(self._article, 0)
        self._end_block("line")
        yield from self._labels

    def _children(self, parent: LexborNode, within: int) -> None:
        """`within` is the column of the list that is open, 0 for none."""
        node = parent.child
        while node is not None:
            self._node(node, within)
            node = node.next

    def _node(self, node: LexborNode, within: int) -> None:
        if node.is_text_node:
            self._words.append(node.text_content or "")
            return
        tag = node.tag or ""
        if not node.is_element_node or is_control(node):
            return
        attributes = node.attributes
        if attributes and (is_hidden(attributes) or self._is_field(node, attributes.get("class") or "", within)):
            return
        if tag == "a" and is_back_to_top(node.text()):
            self._end_block(self._unmarked(within))
            self._labels.append(Label("none", _BACK_TO_TOP))
        elif tag == "br":
            if within:
                self._words.append(" ")
            else:
                self._end_block(self._unmarked(within))
        elif tag == "sup" and (mark := _RAISED.fullmatch(fold(node.text()))) and not self._is_measured():
            self._words.append(f"[{mark[1]}]")  # of a footnote: "£50" with a raised 1 is not £501
        elif tag == "a" and self._noting and is_way_back(node):
            return
        elif tag == "q":
            self._words.append("“")
            self._children(node, within)
            self._words.append("”")
        elif tag in ("ol", "ul", "menu"):
            self._end_block(self._unmarked(within))
            self._item = None
            self._list(node, within)
        elif tag in _HEADINGS:
            self._end_block(self._unmarked(within))
            self._children(node, within)
            self._end_block("heading")
        elif tag == "tr":
            self._end_block(self._unmarked(within))
            self._row([cell for cell in elements(node) if cell.tag in ("td", "th")])
        elif tag in _BLOCKS:
            self._end_block(self._unmarked(within))
            self._quoting += tag == "blockquote"
            noting = holds_notes(attributes)
            self._noting += noting
            self._children(node, within)
            self._noting -= noting
            # A line that is bold throughout is how some pages set a heading.
            bold = tag == "p" and not within and not self._quoting and is_bold(node)
            self._end_block("line" if bold else self._unmarked(within))
            self._quoting -= tag == "blockquote"
        else:
            self._children(node, within)

    def _row(self, cells: list[LexborNode]) -> None:
        """A row is one line of text; one that goes on with the numbers of the paragraphs is kept as an item of a list.

        With that number on it, it is doubted to be text.
        """
        labels = [label for cell in cells for label in _Reader(cell, self).labels()]
        numbered = next((label.value for label in labels if label.marker == "number"), None)
        if self._previous is not None and numbered == self._previous + 1 and self._item is None:
            self._item = Label("bullet", "", _OUTERMOST + _BULLETS_WITHIN, numbered)
        self._words = [" ".join(label.text for label in labels)]
        self._end_block("none")

    def _has_begun(self) -> bool:
        """Whether a paragraph was seen, or is about to be."""
        return self._is_numbered or (self._item is not None and self._item.marker == "number")

    def _is_field(self, node: LexborNode, named: str, within: int) -> bool:
        """Take in a label of the header, or the value that follows it; what looks so within a paragraph is text."""
        if self._has_begun():
            return False
        classes = named.split()
        if self._field is not None and "value" in classes:
            self._labels.append(Label("none", f"{self._field} : {fold(node.text())}"))
            self._field = None
            return True
        match = _FIELDS.fullmatch(fold(node.text())) if "label" in classes else None
        if match is None:
            return False
        self._end_block(self._unmarked(within))
        self._field = match["name"]
        return True

    def _list(self, node: LexborNode, within: int) -> None:
        style = list_style(node, within)
        self._lists += 1
        marker: Marker = "letter" if style == "letters" else "number"
        if style not in ("plain", "letters") or self._quoting:
            marker = "bullet"
        column = _OUTERMOST
        # Only plain numbers that stand in no quotation can be those of paragraphs.
        if within or self._quoting or (style != "plain" and node.tag == "ol"):
            column = max(within, _OUTERMOST) + (_BULLETS_WITHIN if marker == "bullet" else _NUMBERS_WITHIN)
        counted = node.tag == "ol" and style == "plain"
        noting = node.tag == "ol" and (self._noting > 0 or holds_notes(node.attributes))
        self._noting += noting
        down = node.tag == "ol" and "reversed" in node.attributes
        first = sum(child.tag == "li" for child in items(node)) if down else 1
        value = integer(node.attributes.get("start"), first)
        # A page that sets numbers of its own, or letters, has a reader see them, so they may have to be kept as text.
        own = (
            down
            or "start" in node.attributes
            or any(child.tag == "li" and "value" in child.attributes for child in items(node))
        )
        for child in items(node):
            if child.tag != "li":  # a list right within a list, as sloppy pages have it
                self._node(child, column)
                continue
            self._end_block("none")  # what stands between two items
            value = integer(child.attributes.get("value"), value)
            mark = list_mark(style, value) if style not in ("plain", "other") or (own and marker == "number") else ""
            self._item = Label(marker, "", column, value if marker != "bullet" or counted else None, mark)
            if noting and value is not None:
                self._item = None
                self._words.append(f"[{value}] ")
            self._children(child, column)
            self._end_block("none")
            if self._item is not None and marker == "number" and column == _OUTERMOST and value is not None:
                self._labels.append(Label("none", f"{value}."))  # a reader of the page sees it; it may count
            self._item = None
            value = None if value is None else value - 1 if down else value + 1
        self._end_block("none")
        self._lists -= 1
        self._noting -= noting

    def _is_measured(self) -> bool:
        """Whether what was read so far ends in a measure, of which a raised figure is a part: 20 m²."""
        return _MEASURE.search("".join(self._words[-2:])[-_MAX_MEASURE_CHARACTERS:]) is not None

    def _unmarked(self, within: int) -> Marker:
        return "none" if self._headed or within else "line"

    def _may_be_typed(self) -> bool:
        """Whether a number that a block begins with may be that of a paragraph; in a cell of a table it is text."""
        return not (self._quoting or self._lists or self._is_cell)

    def _end_block(self, marker: Marker) -> None:
        text = fold(_CONTROL.sub("", "".join(self._words)))
        self._words = []
        if not text:
            return
        if self._item is not None and marker != "heading":
            self._add(replace(self._item, text=text))
            self._item = None
        elif marker != "heading" and self._may_be_typed() and (typed := self._typed(text)):
            self._add(
                Label(
                    "number", typed[1], _OUTERMOST, typed[0], is_joined=_TYPED.fullmatch(bared(text).lstrip()) is None
                )
            )
        elif marker == "heading" or self._quoting or self._is_cell or not self._labels:
            self._labels.append(Label(marker, text))
        else:
            above, column = self._labels[-1], _OUTERMOST + _NUMBERS_WITHIN
            label = typed_letter(Label(marker, text, column), above, above.text)
            self._labels.append(label if label.marker == "letter" else Label(marker, text))

    def _typed(self, text: str) -> tuple[int, str] | None:
        """The number of a paragraph that a page types out, and its text; a space may miss where it is the next."""
        if typed := _TYPED.fullmatch(bared(text).lstrip()):
            return int(typed["value"]), typed["text"]
        found = joined(text)
        return found if found and self._previous is not None and found[0] == self._previous + 1 else None

    def _add(self, item: Label) -> None:
        self._labels.append(item)
        if item.marker == "number":
            self._is_numbered = True
            if item.indent == _OUTERMOST:
                self._previous = item.value


def is_back_to_top(text: str) -> bool:
    """Whether this is the link to the top of a page, with or without an arrow."""
    return re.fullmatch(r"\A\W*back to (?:the )?top\W*", fold(text), re.IGNORECASE) is not None
