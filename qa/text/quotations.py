"""Quotations in a text, and whether a quotation stands in another text word for word. Pure.

A *quotation* is what stands between quotation marks, the outermost ones. A text has a quotation *word for word* if it
has the same words and the same punctuation in the same case; line breaks, characters without width, the shape of
quotation marks, apostrophes and hyphens, and the marks that a list had where it was copied, do not count; nor does what
whoever quotes marks as his own: [T]he for “the”, and [sic]. A quotation begins and ends with whole words: “£1,50” does
not stand in “£1,500”.

What is nearest to a quotation is told with every difference, so that nobody need look for it. Which of two wordings is
right is not for this module to say.
"""

from __future__ import annotations

import bisect
import functools
import html
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from index.decisions import WIDTHLESS
from index.text.mentions import CITATION_BESIDE_QUOTATION
from index.text.references import REFERENCE_BESIDE_QUOTATION
from index.text.sentences import STOPS

Kind = Literal["same", "left_out", "put_in"]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch in quotation marks.

    `text` is what stands between them; `start` is where the opening one stands in the text searched, `end` is after the
    closing one, or the end of its paragraph where it is not closed. `is_sure` says that its marks are those of
    quotations; what is emphasised, or set apart otherwise, may be the writer's own.
    """

    text: str
    start: int
    end: int
    is_closed: bool
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch that is the same in both wordings, that a quotation leaves out, or that it puts in.

    Each has the space before it, so that they can be joined as they are.
    """

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What in a text is nearest to a quotation: `text[start:end]`.

    `similarity` is how many of the words of both agree, from 0 to 1; what an ellipsis leaves out is not counted, nor
    what stands before the first word that agrees or after the last one.
    `differences` come in order: those that are the same or left out, joined, are the published words, those that are
    the same or put in are the quotation, without the marks of lists, ellipses and [sic]. `is_abridged` says that
    nothing differs but what ellipses leave out.
    """

    start: int
    end: int
    similarity: float
    differences: tuple[Difference, ...]
    is_abridged: bool


# Finding quotations.

_BEFORE = frozenset("([{<>-–—‐‑/|（［")  # what a quotation may follow without a space
_UNSEEN = frozenset("\u200b\u2060\ufeff\u00ad\u200e\u200f")  # what may stand beside a mark and takes no room
_ENTITY = re.compile(r"&(?:amp;)?#?[0-9a-zA-Z]{2,8};")
_ESCAPE = re.compile(r"\\{1,3}(?:(?=[\"'])|u([0-9a-fA-F]{4}))")
_TAG = re.compile(
    r"(?:<|&(?:amp;)?lt;)/?[a-zA-Z][a-zA-Z0-9]{0,10}(?:\s[^<>]{0,200}?)?(?:>|&(?:amp;)?gt;)|\[/?(?i:quote|b|i|u|em|s)\]"
)
TAG_AT_END = re.compile(rf"(?:{_TAG.pattern})\Z")
_MARK = re.compile(
    r"""[“”„‟"«»‹›″‶‴ʺˮ״＂❝❞〝〞〟⹂🙶🙷\x93\x94「」『』﹁﹂﹃﹄｢｣《》〈〉⟨⟩⟪⟫❮❯]
      | â€(?:œ|\x9d)? | =E2=80=9[89CD]
      | ``` | '' | ’’ | ‘‘ | `` | ´´ | ′′ | ,, | << | >> | [‘’'‚‛ʻʼ❛❜′‵＇`´\x91\x92] | \*+ | _+ | ~+ | ==
      # As pasted from a program, and from a page:
      | \\{1,3}(?:["'] | u20[13][0-9a-fA-F] | u00(?:2[27]|[aA][bB]|[bB]{2}))
      | &(?:amp;)?(?:quot|[lr][ds]quo|[bs]dquo|sbquo|apos|[lr]s?aquo|\#[0-9]{2,5}|\#[xX][0-9a-fA-F]{2,4});
      | (?:<|&(?:amp;)?lt;)(?P<ends>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]{0,10})(?:\s[^<>]{0,200})?(?:>|&(?:amp;)?gt;)
      | \[(?P<ends_of_board>/?)(?P<tag_of_board>(?i:quote|b|i|u|em|s))(?:=[^\]\n]{0,80})?\]
    """,
    re.VERBOSE,
)
_SHAPES = {  # marks that do as others do
    **dict.fromkeys("″‶‴ʺˮ״＂", '"'),
    **dict.fromkeys(("′′", "´´", "``", "‘‘", "```"), "''"),
    **dict.fromkeys("❝〝⹂", "„"),
    **dict.fromkeys("‛ʻ❛", "‘"),
    **dict.fromkeys("′‵＇", "'"),
    **dict.fromkeys("ʼ❜", "’"),
    **dict.fromkeys("‹《〈❮⟨⟪", "«"),
    **dict.fromkeys("›》〉❯⟩⟫", "»"),
    **dict.fromkeys("『﹁﹃｢", "「"),
    **dict.fromkeys("』﹂﹄｣", "」"),
    **{"〞": "❞", "〟": "❞", "´": "`"},
    **{"â€œ": "“", "â€\x9d": "”", "â€": "”"},  # UTF-8 that was read as Windows-1252
    **{"=E2=80=9C": "“", "=E2=80=9D": "”", "=E2=80=98": "‘", "=E2=80=99": "’"},  # as mail is sent
    **{"🙶": "“", "🙷": "”", "\x93": "“", "\x94": "”", "\x91": "‘", "\x92": "’"},
}
_QUOTING_TAGS = frozenset(("q", "blockquote", "quote"))
_STRESS = frozenset("* ** *** _ __ ___ em i b strong".split())
_EMPHASIS = _STRESS | frozenset(
    """~ ~~ == u s cite span mark font code pre tt samp small big ins p div li td dd
    section article aside center""".split()
)
_DOUBLE = frozenset(("curly", "straight", "pointed"))
_OWN_S = re.compile(r"s\s")  # the council 's
_ELISION = re.compile(
    r"(?:t(?:was|is|were|will|would)|em|til|till|cause|cos|bout|round|n|ere|im|er|phone|bus|flu|neath|[0-9]{2}s)\b"
    rf"|(?-i:{_OWN_S.pattern})",
    re.IGNORECASE,
)
_YEAR = re.compile(r"[0-9]{2}\b(?![.,:/][0-9])")
_BEFORE_YEARS = frozenset("in of since from to until till by and or before after late early mid".split())
_FEET = re.compile(r"\s?[0-9]{1,2}½?\s?(?:\"|″|”|''|′′|in\b|inch)")
_SENTENCE_ENDS = re.compile(rf"[{STOPS}]\s")  # whatever follows: a mark of emphasis may
_REFERENCE = re.compile(REFERENCE_BESIDE_QUOTATION)
_NOT_OWNED = re.compile(  # what stands behind a quotation that ends with an s, and not behind a plural possessive
    rf"""
    [^\S\n]{{0,9}} (?: [(\[–—-] | \Z | \n (?!\s{{0,9}}[a-z]) )
  | \s{{1,3}} (?: {CITATION_BESIDE_QUOTATION}
      | (?: of|in|to|is|are|was|were|has|had|have|for|from|by|with|but|that|which|who|as|at|on|because|when|where|while
        | if|so|then|he|she|it|they|we|I|you|said|says|should|would|could|must|than|about|after|before|see|the|a|an
        | this|these|his|her|their ) (?![\w’'-]) )
    """,
    re.VERBOSE,
)
_ALSO_OWNED = re.compile(r"\s{1,3}(?:and|or|nor)\b")  # behind either
_GOES_ON = re.compile(r"\s[a-z]")
_BRACKET = re.compile(r"[(\[][^()\[\]]{0,120}")
_CITES = re.compile(CITATION_BESIDE_QUOTATION, re.IGNORECASE)
_JOINS = re.compile(r"[\s.,;:]{0,4}([(\[–—-]?)")
_CITED_BEFORE = re.compile(
    rf"{CITATION_BESIDE_QUOTATION}[^.!?\n]{{0,80}}"
    r"(?::|\b(?:says|said|found|finds|wrote|writes|states|stated)(?:\sthat)?,?)\s{0,4}\Z",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]")
_FEWEST_EMPHASISED, _SURELY_EMPHASISED = 5, 8  # words that may be a quotation, and that are taken for one
_MOST_BESIDE = 160  # characters before what is emphasised, in which a citation is looked for
_MOST_OF_CITATION, _MOST_TO_CITATION = 200, 15  # characters up to a reference, in brackets and without
_MOST_INCHES = 8  # in a quotation
_LIKE_A_POSSESSIVE, _LIKE_BOTH, _SURE, _STOPPED = range(4)  # how surely a mark closes a quotation in single marks


class _Mark(NamedTuple):
    """A quotation mark, and what it may do where it stands.

    One that is `tentative` opens a quotation only if the next of its family closes that.
    """

    start: int
    end: int
    family: str
    shape: str
    opens: bool
    closes: bool
    tentative: bool = False
    elides: bool = False
    """Whether it may be an apostrophe, and opens a quotation only if that ends right before a citation."""


@dataclass(slots=True)
class _Open:
    """A single mark that opens, with what may close it if nothing surely does."""

    number: int
    mark: _Mark
    is_year: bool
    likely: list[tuple[int, _Mark]]
    before_inner: int | None = None
    """How many of `likely` stand before the first quotation within it."""
    heir: _Mark | None = None
    """What closed a quotation within it that may have ended before."""


def quotations(text: str) -> list[Quotation]:
    """Stretches in quotation marks, outermost only, in order.

    A quotation of several paragraphs has its opening mark again at the start of each, or none there; apart from that it
    ends with its paragraph, as one does that nobody closed. Marks may be those of a pasted page or program. What is
    emphasised is a quotation where it is long and stands beside a citation.
    """
    marks = [mark for match in _MARK.finditer(text) if (mark := _mark(text, match)) is not None]
    if not marks:
        return []
    ends = _ends_of_paragraphs(text)
    singles = _Singles(text, marks, ends)
    found: list[Quotation] = []
    at = 0
    for number, mark in enumerate(marks):
        if mark.start < at or not (mark.opens or mark.tentative):
            continue
        stop = ends[bisect.bisect_left(ends, mark.end)]
        if mark.family == "single":
            quotation = singles.quotation(number, stop)
        elif mark.family in _EMPHASIS:
            quotation = _emphasised(text, marks, number, stop)
        elif mark.tentative:
            quotation = _tentative(text, marks, number, stop)
        elif mark.family in _QUOTING_TAGS:
            quotation = _tagged(text, marks, number, stop, singles)
        else:
            quotation = _double(text, marks, number, stop, ends)
        if quotation is not None:
            found.append(quotation)
            at = quotation.end
    return found


def without_tags(text: str) -> str:
    """A text without the tags that are known here."""
    return _TAG.sub("", text)


def without_quotations(text: str, instead: str) -> str:
    """A text with a character in place of each one of its closed quotations, so that all else stays where it is."""
    masked = list(text)
    for found in quotations(text):
        if found.is_closed:
            masked[found.start : found.end] = instead * (found.end - found.start)
    return "".join(masked)


def _mark(text: str, match: re.Match[str]) -> _Mark | None:
    """What a mark is; None where it is an apostrophe, or nothing of the kind."""
    start, end = match.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    if before in _UNSEEN or before == ";":
        before = _beside(text, start, -1)
    if after in _UNSEEN or after == "&":
        after = _beside(text, end, 1)
    written = match[0]
    if written[0] in "&\\<[" and written != "<<":
        if tag := match["tag"] or match["tag_of_board"]:
            ends = bool(match["ends"] or match["ends_of_board"])
            is_known = tag.lower() in _QUOTING_TAGS or tag.lower() in _EMPHASIS
            return _Mark(start, end, tag.lower(), "<", not ends, ends) if is_known else None
        written = _unpasted(written)
        if written in ("", "&", "<") or _MARK.fullmatch(written) is None:
            return None
    shape = _SHAPES.get(written, written)
    is_spaced = after == "" or after.isspace()
    apart = not before or before.isspace() or before in _BEFORE or (before in "*_" and after.isalnum())
    may_open = apart and not is_spaced
    may_close = before != "" and not before.isspace() and not after.isalnum()
    may_open_word = after.isalnum() and (apart or before in ",;:=")
    match shape:
        case "«" | "»":
            # »…« as well as «…»
            closes = may_close and not apart and before not in ":=" if shape == "«" else not may_open_word
            return _Mark(start, end, "pointed", shape, not closes, closes, shape == "»" and not closes)
        case "<<" | ">>":
            if text[max(0, start - 2) : start].strip().isdigit() and text[end : end + 2].strip().isdigit():
                return None  # a shift of a number
            opens = shape == "<<" and (apart or may_open_word) and after != ""
            closes = shape == ">>" and before not in ("", "\n")
            return _Mark(start, end, "pointed", shape, False, closes, opens) if opens or closes else None
        case "„" | "‟":
            closes = shape == "‟" and may_close and not apart
            return _Mark(start, end, "curly", shape, not closes, closes)
        case "❞":
            return _Mark(start, end, "curly", shape, False, True)
        case "「" | "」":
            return _Mark(start, end, "corner", shape, shape == "「", shape == "」")
        case ",,":
            return _Mark(start, end, "straight", shape, False, False, True) if may_open_word else None
        case "“":  # closes „…“, and what somebody's word processor got wrong
            closes = may_close and not apart and not (before == ":" and is_spaced)
            return _Mark(start, end, "curly", shape, not closes, closes)
        case "”":
            opens = may_open and after.isalnum() and before not in _BEFORE
            return _Mark(
                start, end, "curly", shape, opens, not opens, (apart and is_spaced) or (before == ":" and not opens)
            )
        case "‘" | "’" | "'" | "`" | "‚":
            return _single_mark(text, start, end, shape, before, after, apart)
        case "’’":
            return _Mark(start, end, "straight", shape, False, True, may_open_word)
        case _ if shape[0] in "*_~=":
            opens = shape in _EMPHASIS and (may_open or may_open_word) and after != shape[0]
            closes = shape in _EMPHASIS and not opens and may_close and before != shape[0]
            return _Mark(start, end, shape, shape, opens, closes) if opens or closes else None
        case _:  # a straight one, or two single ones for it
            opens = may_open or may_open_word
            is_of_inches = apart and text[max(0, start - 2) : start].strip()[-1:].isdigit()
            either = ((apart or before == ":") and is_spaced and not is_of_inches) or (
                before.isalpha() and after.isalnum()
            )
            return _Mark(start, end, "straight", shape, opens, not opens and before != "", either and not opens)


def _single_mark(text: str, start: int, end: int, shape: str, before: str, after: str, apart: bool) -> _Mark | None:
    """What a single mark is; None where it is an apostrophe, or one of feet."""
    if before.isalnum() and after.isalnum():
        return None
    is_spaced = after == "" or after.isspace()
    may_open = (apart and not is_spaced) or (after.isalnum() and before in ",;:=" and shape != "’")
    may_close = before != "" and not before.isspace() and not after.isalnum()
    opens = closes = tentative = elides = False
    if (apart or before == ":") and is_spaced:  # ‘ … ’ with space within
        said_before = text[max(0, start - 3) : start].rstrip()[-1:]
        tentative = said_before not in tuple("sS") and not said_before.isdigit()
        closes = before != ""
    elif shape == "‘":
        opens = may_open or after.isalnum()
        closes = may_close and not apart
    elif shape == "’":
        closes = may_close
        tentative = after.isalnum() and (apart or before == ":") and (before not in _BEFORE or before in "([")
    elif shape == "‚":
        tentative = may_open and after.isalnum()
    else:
        opens = may_open and shape != "`"
        tentative = (may_open and shape == "`") or (before in tuple(".!?…") and after.isalpha())
        is_and = text[max(0, start - 2) : start].lower() == "'n"  # rock 'n' roll
        closes = may_close and not may_open and not is_and
    if (opens or tentative) and _ELISION.match(text, end):
        elides = opens and not _OWN_S.match(text, end)
        opens = tentative = False
    if closes and before.isdigit() and _FEET.match(text, end):
        closes = False
    if not (opens or closes or tentative or elides):
        return None
    return _Mark(start, end, "single", shape, opens or elides, closes, tentative, elides)


def _beside(text: str, at: int, step: int) -> str:
    """The next character from a place on that takes room; a space that a page has by its name is one."""
    if text.startswith("&nbsp;", at) if step > 0 else text.endswith("&nbsp;", 0, at):
        return " "
    at -= step < 0
    while 0 <= at < len(text) and text[at] in _UNSEEN:
        at += step
    return text[at] if 0 <= at < len(text) else ""


def _ends_of_paragraphs(text: str) -> list[int]:
    """Where each paragraph ends: before a blank line, or where the text does."""
    ends: list[int] = []
    at = last = 0
    for line in text.split("\n"):
        if line.isspace() or not line:
            ends.append(last)
        else:
            last = at + len(line.rstrip())
        at += len(line) + 1
    return [*ends, len(text)]


def _between(text: str, opening: _Mark, closing: _Mark) -> Quotation:
    return Quotation(text[opening.end : closing.start].strip(), opening.start, closing.end, True)


def _double(text: str, marks: Sequence[_Mark], number: int, stop: int, ends: Sequence[int]) -> Quotation:
    opening = marks[number]
    begins, parts = opening.end, list[str]()
    while (closing := _closing(text, marks, number, stop)) is None:
        after = bisect.bisect_left(marks, stop, lo=number, key=lambda mark: mark.start)
        if not _continues(text, opening, marks, after, stop):
            break
        parts.append(text[begins:stop])
        number, begins = after, marks[after].end
        stop = ends[bisect.bisect_left(ends, begins)]
    if closing is None and opening.family != "straight":
        # Pasted with blank lines between its paragraphs: no other quotation is open that the next mark could close.
        while after < len(marks) and (marks[after].family == "single" or marks[after].family in _EMPHASIS):
            after += 1
        if after < len(marks) and marks[after].closes and marks[after].family == opening.family:
            closing = marks[after]
    parts.append(text[begins : stop if closing is None else closing.start])
    end = stop if closing is None else closing.end
    return Quotation("\n\n".join(parts).strip(), opening.start, end, closing is not None)


def _continues(text: str, opening: _Mark, marks: Sequence[_Mark], after: int, stop: int) -> bool:
    """Whether the next paragraph begins with the opening mark of a quotation once more."""
    if after == len(marks) or not marks[after].opens or marks[after].family != opening.family:
        return False
    return not text[stop : marks[after].start].strip("> \t\r\n\xa0")


def _closing(text: str, marks: Sequence[_Mark], number: int, stop: int) -> _Mark | None:
    """The mark that closes a quotation before `stop`: one of its own kind, or else one of another kind."""
    own = marks[number].family
    depth, others, other = 1, 0, None
    for at in range(number + 1, len(marks)):
        mark = marks[at]
        if mark.start >= stop:
            break
        if mark.family == own:
            if other is not None and mark.opens:
                return other
            depth += 1 if mark.opens else -1
            if depth == 0:
                if not _is_of_inches(text, marks, at, stop):
                    return mark
                depth = 1
        elif mark.family in _DOUBLE and marks[number].shape != "<<" and (mark.opens or mark.closes):
            others += 1 if mark.opens else -1
            if others < 0:
                others = 0
                if depth > 1:  # closes one within it
                    depth -= 1
                else:
                    other = other or mark
    return other


def _is_of_inches(text: str, marks: Sequence[_Mark], number: int, stop: int) -> bool:
    """Whether a mark that may close a quotation is a sign of inches: another closes what this one would."""
    mark = marks[number]
    if mark.shape != '"' or not text[mark.start - 1].isdigit() or not _GOES_ON.match(text, mark.end):
        return False
    for later in marks[number + 1 : number + 1 + _MOST_INCHES]:
        if later.start >= stop or (later.family in _DOUBLE and not (later.closes and later.shape == '"')):
            return False
        if later.family in _DOUBLE and not text[later.start - 1].isdigit():
            return True
    return False


def _tentative(text: str, marks: Sequence[_Mark], number: int, stop: int) -> Quotation | None:
    """A quotation that is one only if the next mark of its family closes it."""
    opening = marks[number]
    for at in range(number + 1, len(marks)):
        mark = marks[at]
        if mark.start >= stop:
            return None
        if mark.family == opening.family:
            is_said = mark.closes and _WORD.search(text, opening.end, mark.start) is not None
            return _between(text, opening, mark) if is_said else None
    return None


def _tagged(text: str, marks: Sequence[_Mark], number: int, stop: int, singles: _Singles) -> Quotation:
    """What a pasted page has as a quotation; where it has marks of its own within, what these hold."""
    opening = marks[number]
    others = (marks[at] for at in range(number + 1, len(marks)))
    closing = next((mark for mark in others if mark.family == opening.family), None)
    if closing is None or closing.opens:
        closing = _closing(text, marks, number, stop)
    if closing is None:
        return Quotation(text[opening.end : stop].strip(), opening.start, stop, False)
    at = next(at for at in range(number + 1, len(marks)) if marks[at].family not in _EMPHASIS)
    inner = marks[at]
    if inner.start < closing.start and inner.opens and not _TAG.sub("", text[opening.end : inner.start]).strip():
        if inner.family == "single":
            own = singles.closing(at)
        else:
            own = _closing(text, marks, at, closing.start) if inner.family in _DOUBLE else None
        if own is not None and not _TAG.sub("", text[own.end : closing.start]).strip():
            return _between(text, inner, own)
    return _between(text, opening, closing)


def _emphasised(text: str, marks: Sequence[_Mark], number: int, stop: int) -> Quotation | None:
    """What is emphasised, where it is so long and so near to a citation that it is said by another."""
    opening = marks[number]
    for at in range(number + 1, len(marks)):
        mark = marks[at]
        if mark.start >= stop or mark.family == opening.family:
            break
        if mark.family not in _EMPHASIS and (mark.family != "single" or mark.opens):
            return None  # whoever emphasises it quotes within it: it is his own
    else:
        return None
    if mark.start >= stop or not mark.closes:
        return None
    said = text[opening.end : mark.start]
    if len(said.split()) < _FEWEST_EMPHASISED:
        return None
    before = text[max(0, opening.start - _MOST_BESIDE) : opening.start]
    is_cited = _is_cited(text, mark.end) or _CITED_BEFORE.search(before) is not None
    if not is_cited and not _is_beside_citation(text, opening.start, mark.end):
        return None
    said = _TAG.sub("", said).strip("*_~= \n") if said[0] in "*_~=<" else said.strip()
    is_sure = is_cited and mark.family in _STRESS and len(said.split()) >= _SURELY_EMPHASISED
    is_sure = is_sure and _REFERENCE.search(said) is None  # “Re: our client, decision 21 017 496” is no quotation
    return Quotation(said, opening.start, mark.end, True, is_sure)


def _is_beside_citation(text: str, start: int, end: int) -> bool:
    """Whether a citation stands in the sentence of what is emphasised, or in the line behind it."""
    before, after = text[max(0, start - _MOST_BESIDE) : start], text[end : end + _MOST_OF_CITATION]
    stops = list(_SENTENCE_ENDS.finditer(before))
    stop = _SENTENCE_ENDS.search(after)
    return (
        _CITES.search(before, stops[-1].end() if stops else 0) is not None
        or _CITES.search(after, 0, stop.start() if stop else len(after)) is not None
    )


def _is_cited(text: str, at: int) -> bool:
    """Whether a citation stands right behind a place."""
    joins = _JOINS.match(text, at)
    if joins is None:
        return False
    return (
        _CITES.search(text, joins.end(), joins.end() + (_MOST_OF_CITATION if joins[1] else _MOST_TO_CITATION))
        is not None
    )


class _Singles:
    """Which single marks of a text close which: most of those behind an s are of plural possessives."""

    def __init__(self, text: str, marks: Sequence[_Mark], ends: Sequence[int]) -> None:
        self._text = text
        self._marks = marks
        self._ends = ends
        self._without_end = 0
        """The marks before this one begin no quotation of several paragraphs."""
        self._closing: dict[int, _Mark] = {}
        self._waiting: list[_Open] = []
        self._last: tuple[int, _Mark] | None = None
        """The outermost quotation that was closed last, if nothing was opened since."""
        self._last_double = -1
        stop, paragraph = -1, 0
        for number, mark in enumerate(marks):
            if mark.start >= stop:
                self._give_up()
                paragraph = bisect.bisect_left(ends, mark.end, lo=paragraph)
                stop = ends[paragraph]
            if mark.family == "single":
                self._take(number, mark)
            elif mark.shape in ("''", "’’") and self._waiting and self._last_double < self._waiting[-1].mark.start:
                self._take_two(mark)
            elif mark.family in _DOUBLE:
                self._take_double(mark)
        self._give_up()

    def closing(self, number: int) -> _Mark | None:
        """The mark that closes what a mark opens."""
        return self._closing.get(number)

    def quotation(self, number: int, stop: int) -> Quotation | None:
        """A quotation in single marks; None where what opens it is an apostrophe."""
        opening, chosen = self._marks[number], self._closing.get(number)
        if chosen is not None:
            return _between(self._text, opening, chosen) if self._is_balanced(opening.end, chosen.start) else None
        if not opening.opens or opening.elides:
            return None
        if (goes_on := self._going_on(number, stop)) is not None:
            return goes_on
        if not self._is_surely_open(opening) or self._has_more(number, stop):
            return None
        return Quotation(self._text[opening.end : stop].strip(), opening.start, stop, False)

    def _is_surely_open(self, opening: _Mark) -> bool:
        """Whether a mark is no apostrophe though nothing closes it."""
        if opening.shape == "'":
            before = self._text[max(0, opening.start - 3) : opening.start].rstrip()
            return before[-1:] == ":" and self._text[opening.end : opening.end + 1].isupper()
        return opening.shape == "‘"

    def _going_on(self, number: int, stop: int) -> Quotation | None:
        """A quotation of several paragraphs, each with the opening mark again, if the last one is closed."""
        if number < self._without_end:
            return None
        text, marks, opening = self._text, self._marks, self._marks[number]
        begins, parts = opening.end, list[str]()
        while (closing := self._closing.get(number)) is None:
            after = bisect.bisect_left(marks, stop, lo=number, key=lambda mark: mark.start)
            if not _continues(text, opening, marks, after, stop):
                self._without_end = number
                return None
            parts.append(text[begins:stop])
            number, begins = after, marks[after].end
            stop = self._ends[bisect.bisect_left(self._ends, begins)]
        parts.append(text[begins : closing.start])
        return Quotation("\n\n".join(parts).strip(), opening.start, closing.end, True)

    def _has_more(self, number: int, stop: int) -> bool:
        """Whether other marks stand between one and the next that opens such a quotation."""
        for at in range(number + 1, len(self._marks)):
            mark = self._marks[at]
            if mark.start >= stop or (mark.family == "single" and mark.opens):
                return False
            if mark.family in _DOUBLE:
                return True
        return False

    @functools.cached_property
    def _doubles(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {"“": [], "”": [], '"': []}
        for match in re.finditer('[“”"]', self._text):
            places[match[0]].append(match.start())
        return places

    def _is_balanced(self, start: int, end: int) -> bool:
        """Whether as many double marks open in a stretch as close in it."""
        opened, closed, straight = (
            bisect.bisect_left(places, end) - bisect.bisect_left(places, start) for places in self._doubles.values()
        )
        return opened == closed and straight % 2 == 0

    @functools.cached_property
    def _cited(self) -> list[int]:
        """Where brackets stand with a citation in them."""
        return [match.start() for match in _BRACKET.finditer(self._text) if _CITES.search(match[0])]

    def _citation(self, start: int, end: int) -> int | None:
        """Where the first bracket of a stretch stands that has a citation in it."""
        at = bisect.bisect_left(self._cited, start)
        return self._cited[at] if at < len(self._cited) and self._cited[at] < end else None

    def _take(self, number: int, mark: _Mark) -> None:
        waiting = self._waiting
        if mark.elides:
            if not (waiting and waiting[-1].mark.elides):
                waiting.append(_Open(number, mark, False, []))
        # In the midst of a quotation, ’em and ’ere are likelier than another mark that is turned the wrong way.
        elif mark.opens or (mark.tentative and not waiting):
            if waiting and waiting[-1].mark.elides:
                waiting.pop()
            if waiting and waiting[-1].before_inner is None:
                waiting[-1].before_inner = len(waiting[-1].likely)
            waiting.append(_Open(number, mark, self._is_year(mark), []))
            self._last = None
        elif mark.closes:
            self._close(mark)

    def _take_double(self, mark: _Mark) -> None:
        """Close a quotation in single marks with a double one, where its citation follows."""
        if mark.closes and self._waiting and self._last_double < self._waiting[-1].mark.start:
            opening = self._waiting[-1]
            if not (opening.mark.elides or opening.mark.tentative) and _is_cited(self._text, mark.end):
                self._closing[self._waiting.pop().number] = mark
        self._last_double = mark.start

    def _take_two(self, mark: _Mark) -> None:
        """Close two quotations with ’’, or one where the writer doubled its mark."""
        if mark.opens or not mark.closes or self._text[mark.start] not in "'’":
            self._last_double = mark.start
        elif len(self._waiting) > 1 and self._last_double < self._waiting[-2].mark.start:
            middle = mark.start + 1
            self._closing[self._waiting.pop().number] = mark._replace(end=middle)
            self._closing[self._waiting.pop().number] = mark._replace(start=middle)
        else:
            self._closing[self._waiting.pop().number] = mark

    def _close(self, mark: _Mark) -> None:
        waiting, weight = self._waiting, self._weight(mark)
        while waiting:
            inner = waiting[-1]
            if inner.mark.elides and weight < _SURE and len(waiting) > 1:
                inner = waiting[-2]
            if inner.mark.elides and weight >= _SURE and not self._ends_elided(inner.mark, mark):
                waiting.pop()
                continue
            if weight < _SURE:
                if not inner.is_year:
                    inner.likely.append((weight, mark))
                return
            cited = self._citation(inner.likely[0][1].end, mark.start) if inner.likely and weight == _SURE else None
            waiting.pop()
            if cited is None:
                self._closing[inner.number] = mark
                if waiting and inner.likely:
                    waiting[-1].heir = mark
                self._last = inner.number, mark
                return
            # A citation stands between: it is of a quotation that ended before.
            self._closing[inner.number] = [one for _, one in inner.likely if one.end <= cited][-1]
        self._extend(mark, weight)

    def _ends_elided(self, opening: _Mark, mark: _Mark) -> bool:
        """Whether a mark closes what an apostrophe seems to open: 'Bus passes were refused'."""
        if self._text[mark.start - 1] in "sS" and not self._text[opening.end].isupper():
            return False
        if not _is_cited(self._text, mark.end):
            return False
        return len(self._waiting) == 1 and self._citation(opening.end, mark.start) is None

    def _extend(self, mark: _Mark, weight: int) -> None:
        """Where a mark closes nothing that is open, the quotation before it ended too early, at the goin' of a dialect
        or at 5'.
        """
        if self._last is None or weight < _SURE or not _GOES_ON.match(self._text, self._last[1].end):
            return
        if weight == _SURE and not _is_cited(self._text, mark.end):
            return
        if self._citation(self._last[1].end, mark.start) is None:
            self._closing[self._last[0]] = mark
            self._last = self._last[0], mark

    def _weight(self, mark: _Mark) -> int:
        """How surely a mark closes a quotation."""
        text = self._text
        last = text[mark.start - 1]
        if last in '.!?…,;:)]”"':
            return _STOPPED
        if last.isspace():
            return (
                _SURE
                if re.match(r"\s{0,2}(?:[(\[–—.,;:]|\Z|\n)", text[mark.end : mark.end + 3])
                else _LIKE_A_POSSESSIVE
            )
        if last not in "sS" or not text[mark.end : mark.end + 1].isspace() or _NOT_OWNED.match(text, mark.end):
            return _SURE
        return _LIKE_BOTH if _ALSO_OWNED.match(text, mark.end) else _LIKE_A_POSSESSIVE

    def _is_year(self, mark: _Mark) -> bool:
        if not _YEAR.match(self._text, mark.end):
            return False
        before = self._text[max(0, mark.start - 10) : mark.start].split()
        return bool(before) and before[-1].lower() in _BEFORE_YEARS

    def _give_up(self) -> None:
        """End a paragraph: whatever is open is closed by the likeliest mark, if any."""
        for one in self._waiting:
            if one.mark.tentative or one.mark.elides:
                continue
            likely = one.likely[: one.before_inner] or one.likely
            closing = self._likeliest(likely) if likely else one.heir
            if closing is not None:
                self._closing[one.number] = closing
        self._waiting.clear()
        self._last = None

    def _likeliest(self, likely: Sequence[tuple[int, _Mark]]) -> _Mark:
        either = next((mark for weight, mark in likely if weight == _LIKE_BOTH), None)
        if either is not None:
            return either
        marks = [mark for _, mark in likely]
        ends = _SENTENCE_ENDS.search(self._text, marks[0].end, marks[-1].end)
        return [mark for mark in marks if ends is None or mark.start <= ends.end()][-1]


# Finding the words of a quotation.

_SINGLE = "'’‘‛´`′＇❛❜"
_TOKEN = re.compile(
    rf"""
    (?P<ellipsis>
        \[\s?(?:…|\.{{3,}}|\.\s\.\s\.)\s?\]        # […], in brackets by whoever quotes
      | \(\s?(?:…|\.{{3,}}|\.\s\.\s\.)\s?\)
      | …\.?|\.{{3,}}|\.\s\.\s\.
    )
  | (?P<word>
        (?: \[ [^\W\d_] \] (?=[^\W\d_]) )?          # [T]he
        (?: [^\W_]
          | (?<=[0-9])[.,:/](?=[0-9])              # £1,500, 2.5, 10/2022
          | (?<=[^\W_])[{_SINGLE}‐‑-](?=[^\W_])     # council’s, well-known
        )+ %?
    )
  | (?P<mark>[“”„‟"«»‹›″＂❝❞〝〞]|''|’’|‘‘|``|´´|[{_SINGLE}])
  | (?P<dash>[-‐‑–—])
  | \S
    """,
    re.VERBOSE,
)
_AT_LINE_START = r"""
    ^[^\S\n]*(?: [•◦▪●‣∙·*–-] | \(?(?:[a-z]|[ivx]{1,4})\) | \(?[0-9]{1,3}[.)] ) [^\S\n]+
"""
_COUNTED_MARK = re.compile(  # a number or a letter that counts the items of a list, and what stands behind it
    r"^[^\S\n]*(?P<mark>\(?(?:[a-z]|[ivx]{1,4})\)|\(?[0-9]{1,3}[.)])[^\S\n]+(?P<rest>.*)", re.MULTILINE
)
_LIST_MARK = re.compile(rf"{_AT_LINE_START}|[•◦▪●‣]\s*", re.VERBOSE | re.MULTILINE)
_SIC = re.compile(r"(?<!\s)\s*+[\[(]sic[\])]", re.IGNORECASE)
_ENCLOSED = re.compile(  # in marks of the writer's own, right within those of the quotation
    r"(?P<stress>\*{1,3}|_{1,3})(?P<stressed>[^*_]+)(?P=stress)|‘(?P<single>[^‘]+)’|'(?P<straight>[^']+)'"
)
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-‐]\r?\n[^\S\n]*(?=[a-z])")  # at the end of a line
_MOST_MARKED = 3  # words such as [T]he that are tried with and without a capital
_AS_PUBLISHED = str.maketrans(dict.fromkeys(_SINGLE, "'") | {"‐": "-", "‑": "-"})
_TYPOGRAPHERS = frozenset(".,;")  # what they put within the quotation marks, whether it was there or not
_SENTENCE_STOPS = frozenset(".!?•◦▪●‣")
_MOST_TOKENS = 20_000  # of a quotation; no decision has so many
_BEGINNING, _READING = 500, 1_000  # characters' worth of work: to look for anything, and to read a character
# The same: to see which words a text has, to begin to align a quotation with it, and to align a word with it and with
# each token of it.
_SHARING, _ALIGNING, _ALIGNING_WORD, _ALIGNING_TOKEN = 3_000, 60_000, 12_000, 6
_KEPT = 500  # published texts whose tokens are kept, for a text is compared with many quotations
# Of those so long that they are many paragraphs together; the tokens of one take a megabyte or two.
_LONG, _KEPT_LONG = 10_000, 60


class _Token(NamedTuple):
    """A word, a number or one other character; `key` is equal for those that are so word for word."""

    text: str
    key: str
    loose: str
    """Equal for those that differ only by case and by how they are joined: Co-operate, cooperate."""
    start: int
    end: int
    spaced: bool
    """Whether white space stands before it."""
    is_word: bool
    is_ellipsis: bool


class _Tokens:
    """The tokens of a text, with what is needed to find some of them in a row."""

    def __init__(self, text: str) -> None:
        self.all = tuple(_tokens(text))
        self.words = Counter(token.loose for token in self.all if token.is_word)
        self.keys = frozenset(token.key for token in self.all)
        self._starts: list[int] = []
        size, parts = 0, list[str]()
        for token in self.all:
            self._starts.append(size + token.spaced)
            parts.append(_part(token))
            size += len(parts[-1])
        self.joined = "".join(parts)
        self.is_new = True
        """Whether nobody has been told yet what it took to read the text."""

    @functools.cached_property
    def left_out(self) -> np.ndarray:
        """What it costs to leave out all tokens up to each place between two of them."""
        costs = [0, *(_WORD_MORE if token.is_word else _MARK_MORE for token in self.all)]
        return np.cumsum(np.array(costs, dtype=np.int32), dtype=np.int32)

    @functools.cached_property
    def places(self) -> dict[str, np.ndarray]:
        """Where each token stands, whatever its case and however it is joined."""
        found: dict[str, list[int]] = {}
        for number, token in enumerate(self.all):
            found.setdefault(token.loose, []).append(number)
        return {loose: np.array(numbers, dtype=np.intp) for loose, numbers in found.items()}

    def find(self, row: _Row) -> tuple[int, int] | None:
        """Where these tokens stand in a row, as the first and the last of them."""
        at, size = self.joined.find(row.joined), row.size
        if at < 0:
            return None
        if row.stop and (whole := self.joined.find(row.joined + row.stop, at)) >= 0:
            at, size = whole, size + 1
        first = bisect.bisect_left(self._starts, at)
        return first, first + size - 1


class _Row(NamedTuple):
    """So many tokens in a row, joined as those of a text are, and the stop that may stand after them."""

    joined: str
    size: int
    stop: str


class _Wording:
    """The tokens of a quotation in one of the ways in which it may have been written.

    Nearly every text lacks one of its words: `keys` and `stretch` are what any text has where it stands, however
    [T]he is published and whether or not the last stop is there.
    """

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._size = len(tokens) - (tokens[-1].key in _TYPOGRAPHERS)
        changing = frozenset(_marked(tokens)[:_MOST_MARKED])
        certain = [(number not in changing, token) for number, token in enumerate(tokens[: self._size])]
        self.keys = frozenset(token.key for is_certain, token in certain if is_certain)
        stretches = (
            "".join(_part(token) for _, token in stretch)
            for is_certain, stretch in itertools.groupby(certain, key=lambda one: one[0])
            if is_certain
        )
        self.stretch = max(stretches, key=len, default="").lstrip(" ")

    @functools.cached_property
    def rows(self) -> tuple[_Row, ...]:
        """Whatever stands in a row where the quotation stands word for word."""
        stop = "".join(map(_part, self._tokens[self._size :]))
        return tuple(
            _Row("".join(map(_part, tokens[: self._size])).lstrip(" "), self._size, stop)
            for tokens in _unmarked(self._tokens)
        )


def _part(token: _Token) -> str:
    """A token as it is joined with others; whether white space stands before the first of a row does not count."""
    return f"{' ' if token.spaced else ''}\x1f{token.key}\x1e"  # both are white space, and in no token


def _tokens(text: str) -> Iterator[_Token]:
    places: Sequence[int] = range(len(text) + 1)
    if WIDTHLESS.search(text):
        places = [place for place, character in enumerate(text) if not WIDTHLESS.match(character)]
        text = "".join(text[place] for place in places)
        places.append(len(places) and places[-1] + 1)
    end = 0
    for match in _TOKEN.finditer(text):
        spaced = match.start() > end
        end = match.end()
        key = loose = match[0]
        if match["word"]:
            key = key.translate(_AS_PUBLISHED)
            loose = re.sub(r"['\[\]-]", "", key).casefold()
        elif match["mark"]:
            key = loose = '"'
        elif match["ellipsis"]:
            key, loose = ("[…]" if key[0] in "[(" else "…"), "…"
        elif match["dash"]:
            stands_apart = (spaced or match.start() == 0) and (end == len(text) or text[end].isspace())
            key = "–" if stands_apart else key.translate(_AS_PUBLISHED)
            loose = "–"
        first, last = places[match.start()], places[end - 1] + 1
        yield _Token(
            match[0], key, loose, first, last, spaced, match["word"] is not None, match["ellipsis"] is not None
        )


def _published(text: str) -> _Tokens:
    """The tokens of a published text; those of what somebody wrote are not kept."""
    return _long_published(text) if len(text) > _LONG else _short_published(text)


_short_published = functools.lru_cache(maxsize=_KEPT)(_Tokens)
_long_published = functools.lru_cache(maxsize=_KEPT_LONG)(_Tokens)


def _unpasted(quoted: str) -> str:
    """A quotation without what a page or a program had around its characters."""
    if "<" in quoted:
        quoted = _TAG.sub(" ", quoted)
    if "&" in quoted:
        quoted = _ENTITY.sub(lambda match: html.unescape(html.unescape(match[0])), quoted)
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else "", quoted)


@functools.lru_cache(maxsize=2)
def _wanted(quoted: str) -> tuple[tuple[_Token, ...], ...]:
    """The tokens of a quotation as it was written, without the marks of lists, and with the words joined that a line's
    end broke, where it has words.

    The last one alone is kept, for it is looked for in many texts. None of one that is longer than any decision.
    """
    quoted = _SIC.sub("", _unpasted(quoted))
    enclosed = _ENCLOSED.fullmatch(quoted.strip())
    bare = _LIST_MARK.sub(" ", enclosed[enclosed.lastgroup or 0] if enclosed else quoted)
    joined = (_BROKEN_WORD.sub(hyphen, bare) for hyphen in ("-", ""))
    written: dict[tuple[_Token, ...], None] = {}
    for said in dict.fromkeys((quoted, bare, *joined)):
        tokens = tuple(itertools.islice(_tokens(said), _MOST_TOKENS + 1))
        if len(tokens) > _MOST_TOKENS:
            return ()
        if any(token.is_word for token in tokens):
            written[tokens] = None
    return tuple(written)


@functools.lru_cache(maxsize=2)
def _wordings(quoted: str) -> tuple[_Wording, ...]:
    """The ways in which a quotation may have been written, each once."""
    written = {"".join(map(_part, tokens)): tokens for tokens in reversed(_wanted(quoted))}
    return tuple(_Wording(tokens) for tokens in reversed(written.values()))


def list_marks(quoted: str) -> Iterator[tuple[str, str]]:
    """The numbers and letters of a list at the start of the lines of a quotation, each with the rest of its line.

    Where these are not published as they are, the quotation is looked for without them.
    """
    for match in _COUNTED_MARK.finditer(_unpasted(quoted)):
        yield match["mark"], match["rest"].strip()


def size(quoted: str) -> int:
    """How many words and other characters of a quotation are compared with those of a text."""
    return len(next(reversed(_wanted(quoted)), ()))


def _unmarked(tokens: Sequence[_Token]) -> Iterator[Sequence[_Token]]:
    """The same tokens with [T]he as it may be published: as it is, “The” and “the”."""
    marked = _marked(tokens)
    yield tokens
    for capitals in itertools.product((True, False), repeat=min(len(marked), _MOST_MARKED)) if marked else ():
        changed = list(tokens)
        for number, capital in zip(marked, capitals, strict=False):
            word = tokens[number].key.replace("[", "").replace("]", "")
            word = (word[0].upper() if capital else word[0].lower()) + word[1:]
            changed[number] = tokens[number]._replace(text=word, key=word)
        yield changed


def _marked(tokens: Sequence[_Token]) -> list[int]:
    """Which of some tokens are words such as [T]he."""
    return [number for number, token in enumerate(tokens) if token.is_word and token.text[0] == "["]


def find(quoted: str, text: str, spend: Callable[[int], None] | None = None) -> tuple[int, int] | None:
    """Where `quoted` stands in `text` word for word, in characters of `text`; None if it does not.

    A full stop, comma or semicolon at the end of `quoted` need not stand in `text`. The marks of a list at the start of
    its lines need not either.
    `spend` is called with each part of the work before it is done, in characters that are looked through, and may
    raise.
    """
    published = _published(text)
    looked_through = len(published.joined) + _BEGINNING
    if spend is not None:
        spend(_begun(published, text))
    for wording in _wordings(quoted):
        if not wording.keys <= published.keys:
            continue
        if spend is not None:
            spend(looked_through)
        if wording.stretch not in published.joined:
            continue
        if spend is not None:
            spend(looked_through * len(wording.rows))
        for row in wording.rows:
            found = published.find(row)
            if found is not None:
                return published.all[found[0]].start, published.all[found[1]].end
    return None


def _begun(published: _Tokens, text: str) -> int:
    """What it took to have the tokens of a published text, in characters that are looked through."""
    is_new, published.is_new = published.is_new, False
    return _BEGINNING + is_new * _READING * len(text)


# Comparing. Each agreement counts for a stretch, each word more or less against it; in thousandths of a word.

_AGREES, _NEARLY_AGREES, _MARK_AGREES = 1000, 900, 200
_WORD_MORE, _MARK_MORE = 250, 50
_SKIPPED = 1  # a word that an ellipsis leaves out: of two places to go on at, the nearer one
_LEAST_SHARE = 0.5
_FEWEST = 3  # words that are looked for though they differ
_COMPARED = 8  # of many texts
_LARGEST = 12_000_000  # words of both, multiplied; four times what a long paragraph and a long quotation have


def compare(quoted: str, text: str, spend: Callable[[int], None] | None = None) -> Comparison | None:
    """The stretch of `text` that is nearest to `quoted`, and what differs.

    None where they have too little in common, and where both together are longer than any paragraph and its quotation.
    `spend` is called as `find` calls it.
    """
    published = _published(text)
    if spend is not None:
        spend(_begun(published, text))
    said = list(next(reversed(_wanted(quoted)), ()))
    words = Counter(token.loose for token in said if token.is_word)
    # Of all words of both, as many as the share asks for can only agree if a third of those quoted do.
    if 3 * (words & published.words).total() < words.total() or not words:
        return None
    if len(said) * len(published.all) > _LARGEST:
        return None
    if spend is not None:
        spend(_ALIGNING + len(said) * (_ALIGNING_WORD + _ALIGNING_TOKEN * len(published.all)))
    said = list(max(_unmarked(said), key=lambda tokens: sum(token.key in published.keys for token in tokens)))
    pairs = _align(said, published)
    if pairs and said[-1].key in _TYPOGRAPHERS and pairs[-1][0] < len(said) - 1:
        said.pop()
    if not pairs:
        return None
    comparison = _diff(said, published.all, pairs)
    agreeing = sum(said[mine].is_word for mine, _ in pairs)
    if words.total() < _FEWEST and not (agreeing == words.total() and comparison.similarity == 1):
        return None
    return comparison if comparison.similarity >= _LEAST_SHARE else None


def nearest(
    quoted: str, texts: Sequence[str], spend: Callable[[int], None] | None = None
) -> list[tuple[int, Comparison]]:
    """Which of some texts have a wording near to a quotation, by their numbers, the nearest first.

    Only those are compared that have most of its words, each counting for more the fewer of them have it.
    `spend` is called as `find` calls it.
    """
    words = {token.loose for tokens in _wanted(quoted)[-1:] for token in tokens if token.is_word}
    having = []
    for text in texts:
        published = _published(text)
        if spend is not None:
            spend(_SHARING + _begun(published, text))
        having.append(words & published.words.keys())
    found_in = Counter(word for found in having for word in found)
    weights = {number: sum(1 / found_in[word] for word in found) for number, found in enumerate(having) if found}
    likely = sorted(weights, key=lambda number: -weights[number])[:_COMPARED]
    compared = ((number, compare(quoted, texts[number], spend)) for number in likely)
    found = [(number, comparison) for number, comparison in compared if comparison is not None]
    return sorted(found, key=lambda pair: (not pair[1].is_abridged, -pair[1].similarity))


def _align(said: Sequence[_Token], published: _Tokens) -> list[tuple[int, int]]:
    """Which tokens of a quotation agree with which of a text, so that it is the best alignment of all of the one with
    a stretch of the other.
    """
    size = len(published.all) + 1
    skipped = np.arange(size, dtype=np.int32) * _SKIPPED
    best = np.zeros((len(said) + 1, size), dtype=np.int32)
    agreeing: dict[str, np.ndarray] = {}
    for row, token in enumerate(said, 1):
        np.subtract(best[row - 1], _cost(token), out=best[row])
        at = published.places.get(token.loose)
        if at is not None:
            if token.key not in agreeing:
                exactly = [published.all[number].key == token.key for number in at.tolist()]
                agreeing[token.key] = np.array([_agreement(token, exact) for exact in exactly], dtype=np.int32)
            best[row, at + 1] = np.maximum(best[row, at + 1], best[row - 1, at] + agreeing[token.key])
        if at is not None or token.is_ellipsis:  # else nothing is better than where it was left out of the row before
            so_far = skipped if token.is_ellipsis else published.left_out
            best[row] += so_far
            np.maximum.accumulate(best[row], out=best[row])
            best[row] -= so_far
    return _traced(said, published.all, best)


def _traced(said: Sequence[_Token], published: Sequence[_Token], best: np.ndarray) -> list[tuple[int, int]]:
    """The way back through the best alignments, from where the whole quotation has been met."""
    pairs: list[tuple[int, int]] = []
    row, column = len(said), int(best[len(said)].argmax())
    while row and column:
        mine, theirs = said[row - 1], published[column - 1]
        here = best[row, column]
        agreement = _agreement(mine, mine.key == theirs.key)
        if mine.loose == theirs.loose and here == best[row - 1, column - 1] + agreement:
            pairs.append((row - 1, column - 1))
            row, column = row - 1, column - 1
        elif here == best[row - 1, column] - _cost(mine):
            row -= 1
        else:
            column -= 1
    return pairs[::-1]


def _agreement(token: _Token, exactly: bool) -> int:
    if not token.is_word:
        return _MARK_AGREES
    return _AGREES if exactly else _NEARLY_AGREES


def _cost(token: _Token) -> int:
    """What it costs that a token of the quotation does not stand in the text."""
    if token.is_ellipsis:
        return 0
    return _WORD_MORE if token.is_word else _MARK_MORE


def _diff(said: Sequence[_Token], published: Sequence[_Token], pairs: Sequence[tuple[int, int]]) -> Comparison:
    """The differences that an alignment leaves, in order."""
    parts: list[Difference] = []
    published_words = quoted_words = ""
    words_left_out, differs, has_gap = 0, False, False
    begin, finish = _reach(said, published, pairs)
    mine, theirs = 0, begin
    for at, other in [*pairs, (len(said), finish)]:
        left_out = published[theirs:other]
        put_in = [token for token in said[mine:at] if not token.is_ellipsis]
        gap = len(put_in) < at - mine
        if not gap and mine > 0 and at < len(said):
            words_left_out += sum(token.is_word for token in left_out)
        said_only, same = _joined(put_in).lstrip("" if mine else " "), ""
        text_only = _joined(left_out).lstrip("" if theirs > begin else " ")
        if at < len(said):
            own, their = said[at], published[other]
            their_space = " " if their.spaced and other > begin else ""
            own_space = " " if own.spaced and at > 0 else ""
            if gap and not put_in:
                own_space = their_space  # nobody can tell which belongs to the ellipsis
            if own.key != their.key and not own.is_ellipsis:
                text_only += their_space + their.text
                said_only += own_space + own.text
            elif own_space == their_space:
                same = own_space + their.text
            else:
                text_only, said_only, same = text_only + their_space, said_only + own_space, their.text
        differs = differs or bool(said_only) or bool(text_only and not gap)
        has_gap = has_gap or gap
        published_words += text_only
        quoted_words += said_only
        if same or at == len(said):
            parts += [
                Difference("left_out", published_words),
                Difference("put_in", quoted_words),
                Difference("same", same),
            ]
            published_words = quoted_words = ""
        mine, theirs = at + 1, other + 1
    agreeing = sum(said[at].is_word for at, _ in pairs)
    words = sum(token.is_word for token in said)
    return Comparison(
        published[begin].start,
        published[finish - 1].end,
        2 * agreeing / (words + agreeing + words_left_out),
        tuple(
            Difference(kind, "".join(part.text for part in group))
            for kind, group in itertools.groupby((part for part in parts if part.text), key=lambda part: part.kind)
        ),
        has_gap and not differs,
    )


def _reach(said: Sequence[_Token], published: Sequence[_Token], pairs: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Where the stretch of the text that an alignment tells of begins and ends.

    Where words were changed before the first agreement or after the last one, what stands in their place is part of
    it: as many published words of the same sentence.
    """
    (first_said, first), (last_said, last) = pairs[0], pairs[-1]
    begin = _words_on(published[:first][::-1], _changed(said[:first_said][::-1]))
    finish = _words_on(published[last + 1 :], _changed(said[last_said + 1 :]))
    return first - begin, last + 1 + finish


def _changed(tokens: Sequence[_Token]) -> int:
    """How many words stand between an agreement and the end of a quotation, or an ellipsis."""
    return sum(token.is_word for token in itertools.takewhile(lambda token: not token.is_ellipsis, tokens))


def _words_on(tokens: Sequence[_Token], words: int) -> int:
    """How many tokens hold so many words, the last of them being one; a sentence's end stops it."""
    reached = 0
    for number, token in enumerate(tokens, 1):
        if words == 0 or token.key in _SENTENCE_STOPS:
            break
        if token.is_word:
            reached, words = number, words - 1
    return reached


def _joined(tokens: Sequence[_Token]) -> str:
    """Tokens as they were written, each with the space before it."""
    return "".join(f"{' ' if token.spaced else ''}{token.text}" for token in tokens)
