"""The quotations in a text: where each begins and ends, whatever marks it stands in. Pure.

A *quotation* is what stands between quotation marks, the outermost ones, or is emphasised or set apart beside a
citation. Whether it is right, qa.text.comparison finds out.
"""

from __future__ import annotations

import bisect
import functools
import html
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.text.mentions import CITATION_BESIDE_QUOTATION
from index.text.references import REFERENCE_BESIDE_QUOTATION
from index.text.sentences import STOPS


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
_SINGLE = frozenset("‘’'`‚")
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
_MAX_CHARACTERS_BESIDE = 160  # characters before what is emphasised, in which a citation is looked for
_MOST_OF_CITATION, _MOST_TO_CITATION = 200, 15  # characters up to a reference, in brackets and without
_MAX_INCH_MARKS = 8  # in a quotation
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


def unpasted(quoted: str) -> str:
    """A quotation without what a page or a program had around its characters."""
    if "<" in quoted:
        quoted = _TAG.sub(" ", quoted)
    if "&" in quoted:
        quoted = _ENTITY.sub(lambda match: html.unescape(html.unescape(match[0])), quoted)
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else "", quoted)


def _mark(text: str, match: re.Match[str]) -> _Mark | None:
    """What a mark is; None where it is an apostrophe, or nothing of the kind."""
    start, end = match.span()
    before, after, written = _beside(text, start, -1), _beside(text, end, 1), match[0]
    if written[0] in "&\\<[" and written != "<<":
        if tag := match["tag"] or match["tag_of_board"]:
            ends = bool(match["ends"] or match["ends_of_board"])
            is_known = tag.lower() in _QUOTING_TAGS or tag.lower() in _EMPHASIS
            return _Mark(start, end, tag.lower(), "<", not ends, ends) if is_known else None
        written = unpasted(written)
        if written in ("", "&", "<") or _MARK.fullmatch(written) is None:
            return None
    shape = _SHAPES.get(written, written)
    apart = not before or before.isspace() or before in _BEFORE or (before in "*_" and after.isalnum())
    read = _single_mark if shape in _SINGLE else _double_mark
    return read(text, start, end, shape, before, after, apart)


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


def _double_mark(text: str, start: int, end: int, shape: str, before: str, after: str, apart: bool) -> _Mark | None:
    """What any other mark is; None where it is none."""
    is_spaced = after == "" or after.isspace()
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


def _up_to(marks: Sequence[_Mark], number: int, stop: int) -> Iterator[_Mark]:
    """The marks behind one, up to a place."""
    for at in range(number + 1, len(marks)):
        if marks[at].start >= stop:
            break
        yield marks[at]


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
    for at, mark in enumerate(_up_to(marks, number, stop), number + 1):
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
    for later in itertools.islice(_up_to(marks, number, stop), _MAX_INCH_MARKS):
        if later.family in _DOUBLE:
            if not (later.closes and later.shape == '"'):
                return False
            if not text[later.start - 1].isdigit():
                return True
    return False


def _tentative(text: str, marks: Sequence[_Mark], number: int, stop: int) -> Quotation | None:
    """A quotation that is one only if the next mark of its family closes it."""
    opening = marks[number]
    closing = next((mark for mark in _up_to(marks, number, stop) if mark.family == opening.family), None)
    if closing is None or not closing.closes or _WORD.search(text, opening.end, closing.start) is None:
        return None
    return _between(text, opening, closing)


def _tagged(text: str, marks: Sequence[_Mark], number: int, stop: int, singles: _Singles) -> Quotation:
    """What a pasted page has as a quotation; where it has marks of its own within, what these hold."""
    opening = marks[number]
    closing = next((mark for mark in _up_to(marks, number, len(text)) if mark.family == opening.family), None)
    if closing is None or closing.opens:
        closing = _closing(text, marks, number, stop)
    if closing is None:
        return Quotation(text[opening.end : stop].strip(), opening.start, stop, False)
    at = next(at for at in range(number + 1, len(marks)) if marks[at].family not in _EMPHASIS)
    inner = marks[at]
    if inner.start < closing.start and inner.opens and not _TAG.sub("", text[opening.end : inner.start]).strip():
        if inner.family == "single":
            own = singles.closing.get(at)
        else:
            own = _closing(text, marks, at, closing.start) if inner.family in _DOUBLE else None
        if own is not None and not _TAG.sub("", text[own.end : closing.start]).strip():
            return _between(text, inner, own)
    return _between(text, opening, closing)


def _emphasised(text: str, marks: Sequence[_Mark], number: int, stop: int) -> Quotation | None:
    """What is emphasised, where it is so long and so near to a citation that it is said by another."""
    opening = marks[number]
    for mark in _up_to(marks, number, stop):
        if mark.family == opening.family:
            break
        if mark.family not in _EMPHASIS and (mark.family != "single" or mark.opens):
            return None  # whoever emphasises it quotes within it: it is his own
    else:
        return None
    if not mark.closes:
        return None
    said = text[opening.end : mark.start]
    if len(said.split()) < _FEWEST_EMPHASISED:
        return None
    before = text[max(0, opening.start - _MAX_CHARACTERS_BESIDE) : opening.start]
    is_cited = _is_cited(text, mark.end) or _CITED_BEFORE.search(before) is not None
    if not is_cited and not _is_beside_citation(text, opening.start, mark.end):
        return None
    said = _TAG.sub("", said).strip("*_~= \n") if said[0] in "*_~=<" else said.strip()
    is_sure = is_cited and mark.family in _STRESS and len(said.split()) >= _SURELY_EMPHASISED
    is_sure = is_sure and _REFERENCE.search(said) is None  # “Re: our client, decision 21 017 496” is no quotation
    return Quotation(said, opening.start, mark.end, True, is_sure)


def _is_beside_citation(text: str, start: int, end: int) -> bool:
    """Whether a citation stands in the sentence of what is emphasised, or in the line behind it."""
    before, after = text[max(0, start - _MAX_CHARACTERS_BESIDE) : start], text[end : end + _MOST_OF_CITATION]
    stops = list(_SENTENCE_ENDS.finditer(before))
    stop = _SENTENCE_ENDS.search(after)
    return (
        _CITES.search(before, stops[-1].end() if stops else 0) is not None
        or _CITES.search(after, 0, stop.start() if stop else len(after)) is not None
    )


def _is_cited(text: str, at: int) -> bool:
    """Whether a citation stands right behind a place."""
    joins = _JOINS.match(text, at)
    assert joins is not None  # it matches nothing, too
    end = joins.end() + (_MOST_OF_CITATION if joins[1] else _MOST_TO_CITATION)
    return _CITES.search(text, joins.end(), end) is not None


class _Singles:
    """Which single marks of a text close which: most of those behind an s are of plural possessives."""

    def __init__(self, text: str, marks: Sequence[_Mark], ends: Sequence[int]) -> None:
        self._text = text
        self._marks = marks
        self._ends = ends
        self._without_end = 0
        """The marks before this one begin no quotation of several paragraphs."""
        self.closing: dict[int, _Mark] = {}
        """The marks that close what others open, by the numbers of these."""
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

    def quotation(self, number: int, stop: int) -> Quotation | None:
        """A quotation in single marks; None where what opens it is an apostrophe."""
        opening, chosen = self._marks[number], self.closing.get(number)
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
        while (closing := self.closing.get(number)) is None:
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
        others = (mark for mark in _up_to(self._marks, number, stop) if mark.family in ("single", *_DOUBLE))
        first = next((mark for mark in others if mark.opens or mark.family != "single"), None)
        return first is not None and first.family != "single"

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
                self.closing[self._waiting.pop().number] = mark
        self._last_double = mark.start

    def _take_two(self, mark: _Mark) -> None:
        """Close two quotations with ’’, or one where the writer doubled its mark."""
        if mark.opens or not mark.closes or self._text[mark.start] not in "'’":
            self._last_double = mark.start
        elif len(self._waiting) > 1 and self._last_double < self._waiting[-2].mark.start:
            middle = mark.start + 1
            self.closing[self._waiting.pop().number] = mark._replace(end=middle)
            self.closing[self._waiting.pop().number] = mark._replace(start=middle)
        else:
            self.closing[self._waiting.pop().number] = mark

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
                self.closing[inner.number] = mark
                if waiting and inner.likely:
                    waiting[-1].heir = mark
                self._last = inner.number, mark
                return
            # A citation stands between: it is of a quotation that ended before.
            self.closing[inner.number] = [one for _, one in inner.likely if one.end <= cited][-1]
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
            self.closing[self._last[0]] = mark
            self._last = self._last[0], mark

    def _weight(self, mark: _Mark) -> int:
        text = self._text
        last = text[mark.start - 1]
        if last in '.!?…,;:)]”"':
            return _STOPPED
        if last.isspace():
            is_sure = re.match(r"\s{0,2}(?:[(\[–—.,;:]|\Z|\n)", text[mark.end : mark.end + 3])
            return _SURE if is_sure else _LIKE_A_POSSESSIVE
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
                self.closing[one.number] = closing
        self._waiting.clear()
        self._last = None

    def _likeliest(self, likely: Sequence[tuple[int, _Mark]]) -> _Mark:
        either = next((mark for weight, mark in likely if weight == _LIKE_BOTH), None)
        if either is not None:
            return either
        marks = [mark for _, mark in likely]
        ends = _SENTENCE_ENDS.search(self._text, marks[0].end, marks[-1].end)
        return [mark for mark in marks if ends is None or mark.start <= ends.end()][-1]
