"""Somebody's own text → the quotations in it, and which citation each belongs to. Pure: no index.

A quotation belongs to the citations of the footnote whose mark stands right behind it, else to the citation right after
it, else to the one before it. What is meant is told from words alone.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.text.dates import MONTH
from qa.text.pin_cites import (
    BLANK,
    FAR,
    OF_OTHER_SOURCE,
    Bodies,
    Citation,
    Place,
    Sentences,
    is_link,
    noted,
    read_citations,
    read_places,
)
from qa.text.quotations import TAG_AT_END, quotations, without_tags

_FEWEST_WORDS = 4  # of a quotation that is checked wherever it stands, not only in a sentence with a citation


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation of a letter; `citation` is the number of the one that it belongs to.

    Joined to it are those that stand in one sentence with it, or right before or after it, and those with its footnote;
    `others` are the further ones of that. `mark` is that of the footnote, if there is one. `aside` is what stands in
    brackets right behind it, looks like a number that is cited and could not be read; it then belongs to no citation.
    `stops` are the lengths of its text up to which alone it may be quoted, where no mark ends it; the rest is then the
    writer's own. `is_closed` says whether a mark ends it, not the paragraph; `is_sure` whether it is meant for a
    quotation, and is not only set apart below a citation.
    """

    text: str
    start: int
    end: int
    citation: int | None = None
    is_joined: bool = False
    others: tuple[int, ...] = ()
    mark: str | None = None
    aside: str = ""
    is_closed: bool = True
    is_sure: bool = True
    stops: tuple[int, ...] = ()


_SPACES = frozenset("> \t\r\n\xa0")  # before what stands in lines of its own
_OPENING = " ([–—-\r\n\xa0"  # what may stand between a quotation and its citation
_PUBLISHER = r"local\s+government\s+(?:and|&)\s+social\s+care\s+ombudsman"  # at the head of a full citation
_NEXT_TO = re.compile(
    r"[\s.,;:()\[\]>–—-]*"
    r"(?:\b(?:see|at|in|from|per|as|compare|cf|ref|reference|source|ibid(?:em)?|id|supra|taken|lgsco|lgo|ombudsman(?:[’']s)?|final|decision|case|complaint|no|number|(?:that|this)\s+is|so\s+said\s+the\s+ombudsman"
    rf"|{_PUBLISHER})\b[\s.,:(\[]*){{0,5}}",
    re.IGNORECASE,
)
_LABEL = (
    r"(?:source|taken|from|the|lgsco|lgo|ombudsman(?:[’']s)?|final|decision|case|complaint|no|number|ref(?:erence)?)\b"
)
_ALONE = re.compile(rf"[ \t\r\xa0>–—(\[-]*(?:{_LABEL}[ \xa0:.]*){{0,4}}(?:{_PUBLISHER},?[ \xa0]*)?", re.IGNORECASE)
_INTRODUCES = re.compile(
    r"(?::|\b(?:it|he|she|ombudsman)\s+(?:says|said|writes|wrote|found|finds)(?:\s+that)?,?)\s*$", re.I
)
_INTRODUCES_A_BLOCK = re.compile(
    r"(?:[:–—-]|\b(?:this|thus|these\swords|as\sfollows|the\sfollowing|says|said|writes|wrote|finds|found|states|stated)"
    r"(?:\sthat)?[.,]?)[\s>]{0,20}\Z",
    re.IGNORECASE,
)
_SAYING = (
    r"(?:says?|said|writes|wrote|finds|found|states|stated|reads|holds|held|notes|noted|concludes|concluded"
    r"|put(?:s|ting)?\sit)"
)
_SAYS = re.compile(  # “The question is this:” and “It follows:” introduce the writer's own words
    rf"\b(?:ombudsman(?:[’']s)?|investigator|he|she|it|they|decision|report|summary|paragraphs?|paras?|finding)\b"
    rf"[^.!?:\n]{{0,60}}?\b(?:{_SAYING}(?:[^\S\n](?:this|that|as\sfollows|thus|the\sfollowing|in\sterms))?|words)"
    r"[^\S\n]?:\s{1,9}",
    re.IGNORECASE,
)
_LEADS_TO = re.compile(
    r"[\s,;(\[–—-]{1,9}(?:at|in|see|from|per|under|compare|cf\.?|the|that|final|decision|case|complaint)\Z",
    re.IGNORECASE,
)
_MAY_END = re.compile(
    r"[.!?…]{1,9}[”’\"')\]]{0,3}(?=\s|\Z)|(?<=\S)(?=[^\S\n]{0,9}\n)"  # a sentence, a line,
    r"|;(?=\s{1,3}(?:and\s)?\(\w{1,4}\)\s)"  # or an item
)
_MOST_ENDS = 12  # at which words behind a colon may end
# Marks that nobody knows, such as {…} or \\emph{…}; but not [T]he, and not […] at the end
_UNREAD_MARKS = re.compile(r"(?:\{?\\[a-z]{1,9}[{\s]|(?!\[\w\]|\(\w{1,4}\))[^\w£…]){0,20}")
_UNREAD_MARKS_AT_END = re.compile(r"(?:(?<!…)[^\w.!?%…]){1,20}\Z")
_LONGEST_BEHIND_COLON = 2_000  # characters
_BEFORE_WORDS = re.compile(  # what stands between a citation and the words that it has behind it
    r"[\s.,;:|()\[\]–—•*-]{0,12}(?:(?:it|he|she|which|(?:the\s)?ombudsman)\s)?(?:says|said|states|stated|found|finds|reads)?"
    r"(?:\sthat)?[\s.,;:|(\[–—-]{0,12}",
    re.IGNORECASE,
)
_BRACKET_OPENS = re.compile(r"[.,;]?\s{0,3}[(\[–—-]")
_SEE = re.compile(r"[.,;]?\s{0,3}[(\[]\s?(?:see|cf)\b", re.IGNORECASE)
_FROM_ELSEWHERE = re.compile(  # said before a quotation, this is not of the citation before
    r"\b(?:at|see|points?|pages?|p\.?)\s{0,2}\d{1,3}\b|\[\d{1,3}\]"
    r"|\b(?:following|next|previous|preceding)\sparagraph\b|\b(?:another|different|earlier|later)\s(?:decision|case|complaint)\b"
    r"|\b(?:former|latter)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:(?:^|\n)[^\S\n]{0,9}|(?<=[.!?]\s))\d{1,3}[.)]?\s{1,9}\Z")  # nor where it has a number
_LONGEST_NUMBER = 24  # characters: one more than this has at most, so that none is taken to begin where it is cut
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# Raised numbers lose their place where a letter is copied as plain text.
_FOOTNOTE_MARK = re.compile(r"[.,;:)]?(?:\s?\[\^?[0-9]{1,3}\]|[⁰¹²³⁴-⁹]{1,3}|[0-9]{1,2}(?![\w.,/]))")
_FOOTNOTE = re.compile(r"^[^\S\n]*(?P<mark>\[\^?[0-9]{1,3}\]|[⁰¹²³⁴-⁹]{1,3}|[0-9]{1,2}[.)]?(?=[^\S\n]))", re.MULTILINE)
_IBID = re.compile(
    r"\b(?:ibid(?:em)?|id\.)(?:[.,]{0,2}\s*(?:at\s+)?(?P<numbers>\[?[0-9]{1,4}\]?(?:\s*(?:-|–|,|and)\s*[0-9]{1,4})*)(?!\w))?",
    re.I,
)
_ASIDE = re.compile(  # what stands right behind a quotation in brackets, or looks like a place without them
    r"""
    [^\S\n]? [.,;:]? [^\S\n]{0,2} (?: [–—-] [^\S\n] )?
    (?P<aside> \( (?: [^()\n] | \( [^()\n]{0,20} \) ){1,60} \)
      | (?: ibid(?:em)? | id\. | at | par[a-z]{0,7}\.? | pp?\.? | pages? | points? )
        [^\w\n£$€]{1,4} \d{1,4} \]? (?= [.,;:] (?!\d) | [^\S\n]* (?: \n | $ ) )
      | ibid(?:em)?\b
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LIKE_A_PLACE = re.compile(  # what of it is meant for a citation
    r"""
    \b (?: ibid(?:em)? | id | op\.?\ ?cit | loc\.?\ ?cit | supra ) \b
    | (?: \b (?: at | par[\w­]{0,10} | p{1,2} | pages? | points? | pt | sections? | nos? ) \b | [#§¶№] )
        [^\w£$€]{0,4} (?: \d{1,4} (?!\d) | [ivxlc]{1,7} \b )
    | \b (?: see \s{1,3} | p ) \d{1,4} \b | ^ \( \d{1,3} [,;] \s
    | (?:st|nd|rd|th) \ para | ^ [^\w£$€]{1,4} \d{1,3} (?: [^\w£$€%]{1,3} \d{1,3} ){0,3} [^\w%]{1,3} $
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DATED = re.compile(
    rf"\b(?:[0-9]{{1,2}}\s)?{MONTH}\b|\b(?:19|20)\d{{2}}\b|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[^\S\n]*([•◦▪●‣*·–-])[^\S\n]", re.MULTILINE)
_LIST_LINE = re.compile(r"(?:[•◦▪●‣*·–-]|\(?[a-z0-9]{1,3}[.)])\s", re.IGNORECASE)
_OWN_NUMBER = re.compile(r"(?:>[> ]{0,20})?[(\[]?(?P<number>[0-9]{1,4})[.)\]:]{0,2}\s{1,9}(?=\D)")
_GOES_ON = re.compile(r"[a-z]")
_FEWEST_IN_BLOCK = 6
_MOST_MARKS = 9  # and spaces between a citation that is a heading and what is quoted under it
_MOST_OF_NOTE = 20  # citations of a footnote that a quotation may be from
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a letter cites and quotes, both in its order.

    `hidden` are the citations that stand within what is quoted or set apart: they belong to it, unless it is nothing
    that is told.
    """

    text: str
    citations: tuple[Citation, ...]
    said: tuple[Said, ...]
    hidden: tuple[Citation, ...] = ()

    @classmethod
    def read(cls, text: str, bodies: Bodies | None = None) -> Mentions:
        """Read a letter."""
        every = read_citations(text, bodies or Bodies())
        said, sentences = _quoted(text, text, every), Sentences(text)
        broken = [
            citation
            for citation, within in ((citation, _around(citation, said)) for citation in every)
            if within is not None and citation.has_reference and citation.places
            if not within.is_closed or sentences.blanks.any_between(within.start, within.end)
        ]
        if broken:
            # A quotation that nobody closed ends where its citation begins.
            masked = list(text)
            for citation in broken:
                masked[citation.start : citation.end] = f"\n\n{'.' * (citation.end - citation.start - 4)}\n\n"
            said = _quoted(text, "".join(masked), every)
        citations = [citation for citation in every if _around(citation, said) is None]
        blocks = _blocks(text, citations, said)
        said = sorted([*blocks, *(one for one in said if _within(one, blocks) is None)], key=lambda one: one.start)
        said = sorted([*said, *_behind_colons(text, citations, said)], key=lambda one: one.start)
        citations = [citation for citation in citations if _around(citation, said) is None]
        hidden = [citation for citation in every if (one := _around(citation, said)) and _may_be_own(citation, one)]
        citations, notes = _footnotes(text, _with_ibid(text, citations, said))
        citations = _with_whole_ranges(citations)
        joined = tuple(_join(text, sentences, said, citations, notes))
        return cls(text, _with_each_place_once(citations), joined, _with_each_place_once(_with_whole_ranges(hidden)))


def _with_whole_ranges(citations: Sequence[Citation]) -> list[Citation]:
    """Citations with each range that runs backwards as one place."""
    whole: dict[int, tuple[Place, ...]] = {}  # several citations may share the same places
    for citation in citations:
        if any(place.runs_back for place in citation.places) and id(citation.places) not in whole:
            places: list[Place] = []
            for place in citation.places:
                if place.runs_back and places:
                    place = places.pop().back_to(place)
                places.append(place)
            whole[id(citation.places)] = tuple(places)
    return [replace(one, places=whole.get(id(one.places), one.places)) for one in citations]


def _with_each_place_once(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """Citations without the places that one tells again."""
    once: dict[int, tuple[Place, ...]] = {}  # several citations may share the same places
    for citation in citations:
        if id(citation.places) not in once:
            told: dict[Hashable, Place] = {}
            for place in citation.places:
                told.setdefault((place.number, place.item, place.last, place.says_inferred, place.runs_back), place)
            once[id(citation.places)] = tuple(told.values())
    return tuple(replace(citation, places=once[id(citation.places)]) for citation in citations)


def _quoted(text: str, marked: str, citations: Sequence[Citation]) -> list[Said]:
    """What stands in quotation marks; `marked` is the letter as the marks are to be read.

    A citation at the end of a quotation, within the marks, is no part of it; one alone in them is not quoted. What is
    only set apart, and cites a decision within, is the writer's own.
    """
    said = [
        Said(found.text, found.start, found.end, is_closed=found.is_closed, is_sure=found.is_sure)
        for found in quotations(marked)
    ]
    cited = [citation.start for citation in citations if citation.has_reference]
    said = [
        one for one in said if one.is_sure or bisect.bisect_left(cited, one.start) == bisect.bisect_left(cited, one.end)
    ]
    alone: set[int] = set()
    for citation in citations:
        within = _around(citation, said) if citation.has_reference and citation.places else None
        if within is not None and not _WORD.search(without_tags(text[citation.end : within.end])):
            before = _without_opening(within.text.rpartition(text[citation.start : citation.end])[0])
            end = within.start + len(_without_opening(text[within.start : citation.start]))
            if _WORD.search(before) and not _is_part_of(before, citation):
                said[_number_around(citation, said)] = replace(within, text=before, end=end, is_closed=True)
            else:
                alone.add(within.start)
    return [one for one in said if one.start not in alone]


def _without_opening(before: str) -> str:
    """What stands before a citation, without the marks and tags that lead to it."""
    while True:
        shorter = before.rstrip(_OPENING)
        if tag := TAG_AT_END.search(shorter):
            shorter = shorter[: tag.start()]
        if shorter == before:
            return before
        before = shorter


def _may_be_own(citation: Citation, within: Said) -> bool:
    """Whether a citation within marks is told where what these hold is not: in a quotation it is that of whoever is
    quoted, unless it names a decision.
    """
    return citation.has_reference or not within.is_sure


def _is_part_of(before: str, citation: Citation) -> bool:
    """Whether what stands before a citation, within the same marks, is only how it begins."""
    told = _NEXT_TO.match(before)
    rest = before[told.end() if told else 0 :].casefold()
    rest = re.sub(r"^(?:the\s)?(?:final\s)?(?:decision|case|complaint)s?\b", "", rest).strip(" ,;:(")
    body = (citation.named.body or "").casefold() if citation.named else ""
    return not rest or rest == body or rest in body.split()


def _around(citation: Citation, said: Sequence[Said]) -> Said | None:
    """The quotation that a citation stands in."""
    at = _number_around(citation, said)
    return said[at] if at >= 0 and citation.start < said[at].end else None


def _within(said: Said, blocks: Sequence[Said]) -> Said | None:
    """The block that a quotation in marks stands in."""
    at = bisect.bisect_right(blocks, said.start, key=lambda one: one.start) - 1
    return blocks[at] if at >= 0 and said.end <= blocks[at].end else None


def _number_around(citation: Citation, said: Sequence[Said]) -> int:
    """The number of the last quotation that begins before a citation; -1 if none does."""
    return bisect.bisect_right(said, citation.start, key=lambda one: one.start) - 1


def _blocks(text: str, citations: Sequence[Citation], said: Sequence[Said]) -> list[Said]:
    """Quotations without marks: indented lines, or lines that begin with “>”, right before or after a citation.

    One that stands below its citation goes on over blank lines, to the next line at the margin.
    """
    lines: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    margin = min((_indent(line) for _, line in lines if line.strip()), default=0)
    starts = [citation.start for citation in citations]
    found: list[Said] = []
    number, may_go_on = 0, False
    while number < len(lines):
        first = number
        while number < len(lines) and _is_set_apart(lines[number][1], margin):
            number += 1
        if number == first:
            may_go_on = may_go_on and not lines[number][1].strip()
            number += 1
            continue
        start = lines[first][0] + len(lines[first][1]) - len(lines[first][1].lstrip())
        is_marked = text[start] == ">"
        before = lines[first - 1][1].strip() if first else ""
        is_introduced = not before or before[-1] in ":–—-" or _INTRODUCES.search(before) is not None
        cited = bisect.bisect_left(starts, start)
        above = citations[cited - 1] if cited and _stands_above(text, citations[cited - 1], start) else None
        if (above is not None or may_go_on) and (is_marked or is_introduced):
            while number < len(lines) and _GOES_ON.match(lines[number][1]) and not _ends(lines[number - 1][1]):
                number += 1  # lines of it that were broken
        end = lines[number - 1][0] + len(lines[number - 1][1].rstrip())
        goes_on, may_go_on = may_go_on, False
        quoting = bisect.bisect_left(said, start, key=lambda one: one.start) - 1
        if quoting >= 0 and said[quoting].end > start:
            continue
        begins = start if above is None else _after_own_number(text, start, above)
        if not is_marked and (not is_introduced or _LIST_LINE.match(text, begins)):
            continue
        following = citations[cited] if cited < len(citations) else None
        if following is not None and following.start < end:
            end = start + len(text[start : following.start].rstrip(f"{_OPENING}>"))
        elif following is None or not is_link(text, end, following.start, _NEXT_TO, 3):
            after = lines[number][1].strip() if number < len(lines) else ""
            if after and not is_marked and not (above is not None and _ends(lines[number - 1][1])):
                continue
            if goes_on and above is None:
                found[-1] = replace(
                    found[-1], text=f"{found[-1].text}\n\n{_unmarked(text[start:end])}".strip(), end=end
                )
                may_go_on = True
                continue
            if above is None:
                continue
            may_go_on = is_marked or _indent(lines[first][1]) > _indent(
                text[text.rfind("\n", 0, above.start) + 1 : above.start]
            )
        quoted = _unmarked(text[begins:end])
        if _is_in_marks(start, end, said):
            may_go_on = False
        else:
            is_sure = above is None or _heads(text, above, start)
            is_sure = is_sure or _INTRODUCES_A_BLOCK.search(text, above.start if above else 0, start) is not None
            found.append(Said(quoted, start, end, is_sure=is_sure))
    return [one for one in found if len(one.text.split()) >= _FEWEST_IN_BLOCK]


def _behind_colons(text: str, citations: Sequence[Citation], said: Sequence[Said]) -> Iterator[Said]:
    """Quotations without marks between “he says:” and the citation behind them. They may be the writer's own words."""
    ends = sorted([*(one.end for one in citations), *(one.end for one in said)])
    for citation in citations:
        at = bisect.bisect_right(ends, citation.start) - 1
        begin = max(ends[at] if at >= 0 else 0, citation.start - _LONGEST_BEHIND_COLON)
        start = max((colon.end() for colon in _SAYS.finditer(text, begin, citation.start)), default=None)
        if start is None or _around(citation, said) is not None:
            continue
        end = start + len(_without_lead(text[start : citation.start]))
        start += _UNREAD_MARKS.match(text[start:end]).end()  # type: ignore[union-attr]  # it may be empty
        quoted = _UNREAD_MARKS_AT_END.sub("", text[start:end])
        within = bisect.bisect_left(said, start, key=lambda one: one.start)
        is_marked = within < len(said) and said[within].start < citation.start
        if not is_marked and len(quoted.split()) >= _FEWEST_IN_BLOCK:
            stops = sorted({stop for found in _MAY_END.finditer(quoted) for stop in found.span()} - {0, len(quoted)})
            yield Said(quoted, start, end, is_sure=False, stops=tuple(stops[: 2 * _MOST_ENDS]))


def _without_lead(words: str) -> str:
    """Words without what leads to the citation behind them: “…, see the decision in”."""
    while True:
        shorter = _LEADS_TO.sub("", words.rstrip(_OPENING))
        if shorter == words:
            return words
        words = shorter


def _stands_above(text: str, citation: Citation, start: int) -> bool:
    """Whether a citation stands so near above a block of lines that this may be quoted from it."""
    gap = _gap(text, citation.end, start)
    return gap is not None and (gap.endswith(":") or len(gap) <= FAR) and BLANK.search(gap) is None


def _after_own_number(text: str, start: int, citation: Citation) -> int:
    """Where a block begins, without the number that its paragraph has in the decision."""
    match = _OWN_NUMBER.match(text, start)
    is_own = match is not None and any(int(match["number"]) in place.numbers for place in citation.places)
    return match.end() if match is not None and is_own else start


def _ends(line: str) -> bool:
    return re.search(r"[.!?…][”’\"'»)\]]{0,3}\s*$", line) is not None


def _unmarked(block: str) -> str:
    return re.sub(r"(?m)^[^\S\n]*>[> ]*", "", block).strip()


def _is_in_marks(start: int, end: int, said: Sequence[Said]) -> bool:
    """Whether a block begins and ends with quotations in marks, which are then told, or is nearly all in marks."""
    first = bisect.bisect_left(said, start, key=lambda one: one.start)
    within = said[first : bisect.bisect_left(said, end, key=lambda one: one.start)]
    if not within:
        return False
    begins, ends = within[0].start <= start + 2, within[-1].end >= end - 1
    return (begins and ends) or ((begins or ends) and 2 * sum(one.end - one.start for one in within) > end - start)


def _indent(line: str) -> int:
    spaces = line[: len(line) - len(line.lstrip())]
    return len(spaces.replace("\t", "    "))


def _is_set_apart(line: str, margin: int) -> bool:
    return bool(line.strip()) and (line.lstrip().startswith(">") or _indent(line) >= margin + 2)


class _FromElsewhere:
    """Where a letter says, before a quotation, that this is not of the citation before. Dates say nothing of it.

    It is read once: many quotations have the same words before them.
    """

    def __init__(self, text: str) -> None:
        dates = [found.span() for found in _DATED.finditer(text)]
        self._starts = [start for start, _ in dates]
        self._ends = [end for _, end in dates]
        self._left_out = [0, *itertools.accumulate(end - start for start, end in dates)]
        kept = zip([0, *self._ends], [*self._starts, len(text)], strict=True)
        self._text = "".join(text[start:end] for start, end in kept)
        said = [found.span() for found in _FROM_ELSEWHERE.finditer(self._text)]
        self._said_from, self._said_to = [start for start, _ in said], [end for _, end in said]

    def is_said_between(self, start: int, end: int) -> bool:
        """Whether it is said between two places, a quotation beginning at the second one."""
        start, end = self._without_dates(start), self._without_dates(end)
        at = bisect.bisect_left(self._said_from, start)
        if at < len(self._said_to) and self._said_to[at] <= end:
            return True
        return _NUMBERED.search(self._text[max(start, end - _LONGEST_NUMBER) : end]) is not None

    def _without_dates(self, at: int) -> int:
        """Where a place of the letter is in its text without dates; behind one, if it stands within it."""
        before = bisect.bisect_left(self._starts, at)
        return max(at, self._ends[before - 1] if before else 0) - self._left_out[before]


class _Bullets:
    """Which lines of a letter are items of a list."""

    def __init__(self, text: str) -> None:
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._at: dict[int, str] = {}
        self._like: dict[str, list[tuple[int, int]]] = {}
        for found in _BULLET.finditer(text):
            self._at[found.start()] = found[1]
            self._like.setdefault(found[1], []).append(found.span())

    def last_like(self, own: int, start: int, end: int) -> int | None:
        """Where the last bullet between two places ends that is like the one in whose line `own` is."""
        line = self._lines[bisect.bisect_right(self._lines, own) - 1]
        like = self._like.get(self._at.get(line, ""), [])
        last = bisect.bisect_right(like, end, key=lambda span: span[1]) - 1
        return like[last][1] if last >= 0 and like[last][0] >= start else None


def _join(
    text: str,
    sentences: Sentences,
    said: Sequence[Said],
    citations: Sequence[Citation],
    notes: Mapping[str, tuple[int, ...]],
) -> list[Said]:
    """The quotations that are checked, each with the citation that it belongs to."""
    bullets, from_elsewhere = _Bullets(text), _FromElsewhere(text)
    starts = [citation.start for citation in citations]
    kept: list[Said] = []
    after_of: list[int | None] = []
    for one in said:
        match = _FOOTNOTE_MARK.match(text, one.end)
        mark = _mark_of(match[0]) if match else None
        following = bisect.bisect_left(starts, one.end)
        tight = following < len(citations) and _is_right_after(text, one, citations[following])
        if tight and following and _begins_anew(text, one, citations[following]):
            tight = not _introduces(text, sentences, citations[following - 1], one)
        beside = tight or mark is not None or _is_in_sentence(sentences, bullets, one, citations, following)
        if beside or _is_long(one):
            kept.append(replace(one, mark=mark))
            after_of.append(following if tight else None)
    _give_back(text, kept, citations, after_of)
    taken = {number for number in after_of if number is not None}
    joined: list[Said] = []
    for at, one in enumerate(kept):
        if one.mark is not None and notes.get(one.mark):
            first, *others = notes[one.mark][:_MOST_OF_NOTE]
            joined.append(replace(one, citation=first, is_joined=True, others=tuple(others)))
            continue
        number = after_of[at]
        following = bisect.bisect_left(starts, one.end)
        above = following - 1
        in_sentence = above >= 0 and not sentences.any_end_between(citations[above].end, one.start)
        introduced = above >= 0 and _introduces(text, sentences, citations[above], one)
        is_told_before = above not in taken and (in_sentence or introduced)
        if number is None and not is_told_before and one.mark is not None:  # there is no such footnote
            joined.append(one)
            continue
        if number is None and not is_told_before and (aside := _aside(text, one, citations, following)):
            joined.append(replace(one, aside=aside))
            continue
        is_joined = True
        if number is not None:
            pass
        elif is_told_before or (above >= 0 and above not in taken and _heads(text, citations[above], one.start)):
            number = above
        elif following < len(citations) and _leads_to(sentences, bullets, one, citations[following], kept, after_of):
            number = following
            taken.add(following)
        elif in_sentence or introduced:
            number = above
        else:
            is_joined = False
            if above >= 0 and not sentences.blanks.any_between(citations[above].end, one.start):
                begin = max(citations[above].end, one.start - FAR)
                number = None if from_elsewhere.is_said_between(begin, one.start) else above
        joined.append(replace(one, citation=number, is_joined=is_joined and number is not None))
    return [one for one in joined if one.is_joined or one.aside or one.mark or _is_long(one)]


def _aside(text: str, said: Said, citations: Sequence[Citation], following: int) -> str:
    """What is meant for a citation in brackets right behind a quotation, where none was read in it."""
    match = _ASIDE.match(text, said.end)
    if match is None or (following < len(citations) and citations[following].start < match.end()):
        return ""
    aside = match["aside"]
    return aside if _LIKE_A_PLACE.search(_DATED.sub("", aside)) else ""


def _give_back(text: str, kept: Sequence[Said], citations: Sequence[Citation], after_of: list[int | None]) -> None:
    """In a list of citations, each with its words behind it, none has the words of the entry before."""
    taken: set[int] = set()
    for at, number in enumerate(after_of):
        if number is None:
            continue
        if number and number - 1 not in taken and citations[number - 1].end <= kept[at].start:
            following = kept[at + 1] if at + 1 < len(kept) else None
            if _is_entry(text, citations[number - 1], kept[at], citations[number], following):
                after_of[at] = None
                continue
        taken.add(number)


def _is_entry(text: str, above: Citation, one: Said, below: Citation, following: Said | None) -> bool:
    """Whether a quotation stands right behind the citation above it, and the one below has words of its own."""
    if not _is_right_behind(text, above, one):
        return False
    gap = text[one.end : below.start]
    if _SEE.match(gap):
        return True
    is_apart = "\n" in gap or _BRACKET_OPENS.match(gap) is None
    return is_apart and following is not None and _is_right_behind(text, below, following)


def _is_right_behind(text: str, citation: Citation, said: Said) -> bool:
    is_near = 0 <= said.start - citation.end <= FAR
    return is_near and _BEFORE_WORDS.fullmatch(text[citation.end : said.start]) is not None


def _is_long(said: Said) -> bool:
    """Whether a quotation has so many words that it is checked wherever it stands."""
    return len(re.findall(r"\w+", said.text)) >= _FEWEST_WORDS


def _is_in_sentence(
    sentences: Sentences, bullets: _Bullets, said: Said, citations: Sequence[Citation], following: int
) -> bool:
    """Whether the citation before a quotation, or the one after it, stands in its sentence."""
    above = following - 1
    if above >= 0 and not sentences.any_end_between(citations[above].end, said.start):
        return True
    if following == len(citations) or sentences.any_end_between(said.end - 1, citations[following].start):
        return False
    return not _begins_item(bullets, said, citations[following])


def _begins_item(bullets: _Bullets, said: Said, citation: Citation) -> bool:
    """Whether a citation stands in a later item of a list than the quotation before it; alone in one it is of that."""
    later = bullets.last_like(said.start, said.end, citation.start)
    return later is not None and later < citation.start


def _with_ibid(text: str, citations: Sequence[Citation], said: Sequence[Said]) -> list[Citation]:
    """All citations, with those told by “(ibid, 51)” right behind a quotation: they are of the decision before."""
    every = list(citations)
    for one in said:
        bracket = _ASIDE.match(text, one.end)
        ibid = _IBID.search(bracket["aside"]) if bracket else None
        at = bisect.bisect_left(every, one.end, key=lambda citation: citation.start)
        if bracket is None or ibid is None or not at or (at < len(every) and every[at].start < bracket.end()):
            continue
        start, end = (bracket.start("aside") + place for place in ibid.span())
        rest = text[end : bracket.end("aside")]
        if re.search(r"\w", rest):  # more than is read here
            continue
        if at < len(every) and is_link(text, end, every[at].start, _NEXT_TO, 1):  # “ibid, paragraph 51” is read already
            continue
        every.insert(at, _same_as(every[at - 1], text, ibid, start, end))
    return every


def _same_as(before: Citation, text: str, ibid: re.Match[str], start: int, end: int) -> Citation:
    """The citation that “ibid” stands for, at other places where it has numbers."""
    numbers = ibid["numbers"]
    at = start + ibid.start("numbers") - ibid.start()
    places = tuple(read_places(numbers, start, at)) if numbers else before.places
    return noted(text, Citation(start, end, before.named, places, False, not numbers and before.says_inferred))


def _footnotes(text: str, citations: Sequence[Citation]) -> tuple[list[Citation], dict[str, tuple[int, ...]]]:
    """All citations, with those told by “ibid” in footnotes, and for each mark the numbers of those of its note.

    A footnote is a line that begins with its mark, and goes on to the next one or to a blank line.
    """
    starts = [citation.start for citation in citations]
    every = {id(citation): citation for citation in citations}
    within: dict[str, list[Citation]] = {}
    begins = list(_FOOTNOTE.finditer(text))
    before: list[Citation] = []
    for number, match in enumerate(begins):
        end = begins[number + 1].start() if number + 1 < len(begins) else len(text)
        blank = BLANK.search(text, match.end(), end)
        end = blank.start() if blank else end
        own = list(citations[bisect.bisect_left(starts, match.end()) : bisect.bisect_left(starts, end)])
        if ibid := _IBID.search(text, match.end(), min(end, match.end() + FAR)):
            meant = before[-1] if before else None
            if own and own[0].named is not None and not own[0].has_reference:
                del every[id(own[0])]
                own[0] = replace(own[0], named=meant.named if meant else None)
                every[id(own[0])] = own[0]
            elif not own and meant is not None:
                own = [_same_as(meant, text, ibid, *ibid.span())]
                every[id(own[0])] = own[0]
        before = own
        within.setdefault(_mark_of(match["mark"]), own)
    ordered = sorted(every.values(), key=lambda citation: citation.start)
    place_of = {id(citation): number for number, citation in enumerate(ordered)}
    return ordered, {mark: tuple(place_of[id(citation)] for citation in own) for mark, own in within.items()}


def _mark_of(written: str) -> str:
    """The mark of a footnote; [1] and ¹ are two."""
    raised = re.search("[⁰¹²³⁴-⁹]+", written)
    return raised[0].translate(_RAISED) if raised else re.sub(r"[^0-9\[\]]", "", written)


def _is_right_after(text: str, said: Said, citation: Citation) -> bool:
    """Whether a citation follows a quotation in brackets, after a dash, or on the next line."""
    if citation.start - said.end > FAR:
        return False
    line = text.rfind("\n", said.end, citation.start) + 1
    alone = line > 0 and _ALONE.fullmatch(text, line, citation.start) is not None
    if not is_link(text, said.end, citation.start, _NEXT_TO, 3 if alone else 1):
        return False
    first = text[said.end : citation.start].lstrip()[:1]
    if first in tuple("([–—-"):
        return True
    if first not in tuple(".,;") and not re.search(r"[.!?]\W{0,2}$", text[said.end - 3 : said.end]):
        return True
    # “…the agreement.” Paragraph 53 says “…”: a new sentence, and not where this stands.
    return re.match(r"\A[)\].,;]*[^\S\n]*(?:\n|$|[A-Z“])", text[citation.end : citation.end + FAR]) is not None


def _begins_anew(text: str, said: Said, citation: Citation) -> bool:
    """Whether a citation after a quotation stands on another line, or after a semicolon: it may be the next entry."""
    gap = text[said.end : citation.start]
    return "\n" in gap or gap.lstrip(" .")[:1] == ";"


def _heads(text: str, citation: Citation, start: int) -> bool:
    """Whether a citation stands right above a quotation that begins there."""
    if start - citation.end > _MOST_MARKS:
        return False
    gap = text[citation.end : start]
    return "\n" in gap and re.fullmatch(r"\W*", gap) is not None


def _gap(text: str, start: int, end: int) -> str | None:
    """What stands between two places, without the spaces and marks before the second; None if that is very much."""
    while end > start and text[end - 1] in _SPACES:  # no other place has these before it, but all have what is before
        end -= 1
    return text[start:end] if end - start <= 2 * FAR else None


def _introduces(text: str, sentences: Sentences, citation: Citation, said: Said) -> bool:
    """Whether “…at paragraph 50:” stands right before a quotation, or “…at paragraph 50. It says:”."""
    gap = _gap(text, citation.end, said.start)
    if gap is None or _INTRODUCES.search(gap) is None or BLANK.search(gap):
        return False
    return (
        not sentences.any_end_between(citation.end, citation.end + len(gap))
        or OF_OTHER_SOURCE.search(f"{gap.rstrip(':')} ") is None
    )


def _leads_to(
    sentences: Sentences,
    bullets: _Bullets,
    said: Said,
    citation: Citation,
    kept: Sequence[Said],
    after_of: Sequence[int | None],
) -> bool:
    """Whether a citation further on in the sentence is that of a quotation, and not of the next one of those kept."""
    if citation.start - said.end > FAR:
        return False
    if sentences.any_end_between(max(said.start, said.end - 2), citation.start):
        return False
    if _begins_item(bullets, said, citation):
        return False
    at = bisect.bisect_left(kept, citation.end, key=lambda one: one.start)
    return at == len(kept) or after_of[at] is not None or sentences.any_end_between(citation.end, kept[at].start)
