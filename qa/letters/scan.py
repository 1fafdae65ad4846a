"""Somebody's own text → all that it cites and quotes, in its order. Pure: no index.

Citations are found by qa.text.pin_cites, quotations in marks by qa.text.quotations. Here are the quotations without
marks, what is set apart, and which of what was found stands within which. What belongs to what is not told here.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.text.spans import Spans
from qa.text.antecedents import read_citations
from qa.text.pin_cites import BLANK, FAR, Bodies, Citation, Sentences, is_link
from qa.text.quotations import TAG_AT_END, quotations, without_tags

_SPACES = frozenset("> \t\r\n\xa0")  # before what stands in lines of its own
_OPENING = " ([–—-\r\n\xa0"  # what may stand between a quotation and its citation
PUBLISHER = r"local\s+government\s+(?:and|&)\s+social\s+care\s+ombudsman"  # at the head of a full citation
NEXT_TO = re.compile(
    r"[\s.,;:()\[\]>–—-]*"
    r"(?:\b(?:see|at|in|from|per|as|compare|cf|ref|reference|source|ibid(?:em)?|id|supra|taken|lgsco|lgo|ombudsman(?:[’']s)?|final|decision|case|complaint|no|number|(?:that|this)\s+is|so\s+said\s+the\s+ombudsman"
    rf"|{PUBLISHER})\b[\s.,:(\[]*){{0,5}}",
    re.IGNORECASE,
)
INTRODUCES = re.compile(
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
_MAX_ENDS = 12  # at which words behind a colon may end
# Marks that nobody knows, such as {…} or \\emph{…}; but not [T]he, and not […] at the end
_UNREAD_MARKS = re.compile(r"(?:\{?\\[a-z]{1,9}[{\s]|(?!\[\w\]|\(\w{1,4}\))[^\w£…]){0,20}")
_UNREAD_MARKS_AT_END = re.compile(r"(?:(?<!…)[^\w.!?%…]){1,20}\Z")
_LONGEST_BEHIND_COLON = 2_000  # characters
_LIST_LINE = re.compile(r"(?:[•◦▪●‣*·–-]|\(?[a-z0-9]{1,3}[.)])\s", re.IGNORECASE)
_OWN_NUMBER = re.compile(r"(?:>[> ]{0,20})?[(\[]?(?P<number>[0-9]{1,4})[.)\]:]{0,2}\s{1,9}(?=\D)")
_GOES_ON = re.compile(r"[a-z]")
_MIN_WORDS_IN_BLOCK = 6
_ADDRESS = re.compile(r"https?://(?:[\w.:-]{1,100}+/){1,9}+[\w-]{9,14}")  # of a decision
_MAX_MARKS_BETWEEN = 9  # and spaces between a citation that is a heading and what is quoted under it
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class LetterQuotation:
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


@dataclass(frozen=True, slots=True)
class ParsedLetter:
    """What a letter cites and quotes, both in its order.

    `hidden` are the citations that stand within what is quoted or set apart: they belong to it, unless it is nothing
    that is told.
    """

    text: str
    sentences: Sentences
    citations: tuple[Citation, ...]
    quotations: tuple[LetterQuotation, ...]
    hidden: tuple[Citation, ...]


def scan(text: str, bodies: Bodies) -> ParsedLetter:
    """Find all of it."""
    every = list(_without_addresses(text, read_citations(text, bodies)))
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
    in_marks = (one for one in said if (block := _around(one, blocks)) is None or block.end < one.end)
    said = sorted([*blocks, *in_marks], key=lambda one: one.start)
    said = sorted([*said, *_behind_colons(text, citations, said)], key=lambda one: one.start)
    citations = [citation for citation in citations if _around(citation, said) is None]
    hidden = [citation for citation in every if (one := _around(citation, said)) and _may_be_own(citation, one)]
    return ParsedLetter(text, sentences, tuple(citations), tuple(said), tuple(hidden))


def _without_addresses(text: str, citations: Iterable[Citation]) -> Iterator[Citation]:
    """All but those that only stand in the address right behind a citation of the same decision: a full one ends so."""
    addresses = {found.end(): found.start() for found in _ADDRESS.finditer(text)}
    cited, end = None, 0
    for one in citations:
        reference = one.named.reference if one.named else None
        start = addresses.get(one.end, -1)
        if reference is None or reference != cited or start < end or _WORD.search(text[end:start]):
            yield one
        cited, end = reference, one.end


def _quoted(text: str, marked: str, citations: Sequence[Citation]) -> list[LetterQuotation]:
    """What stands in quotation marks; `marked` is the letter as the marks are to be read.

    A citation at the end of a quotation, within the marks, is no part of it; one alone in them is not quoted. What is
    only set apart, and cites a decision within, is the writer's own.
    """
    said = [
        LetterQuotation(found.text, found.start, found.end, is_closed=found.is_closed, is_sure=found.is_sure)
        for found in quotations(marked)
    ]
    # The heading that a section is cited by is not quoted.
    named = (place for one in citations for place in one.places if str(place.number).startswith("section "))
    headings = Spans((place.start, place.end) for place in named)
    said = [one for one in said if not headings.any_around(one.start)]
    cited = [citation.start for citation in citations if citation.has_reference]
    said = [
        one for one in said if one.is_sure or bisect.bisect_left(cited, one.start) == bisect.bisect_left(cited, one.end)
    ]
    alone: set[int] = set()
    for citation in citations:
        within = _around(citation, said) if citation.has_reference and citation.places else None
        if within is not None and not _WORD.search(without_tags(text[citation.end : within.end])):
            before = _without_lead(within.text.rpartition(text[citation.start : citation.end])[0], TAG_AT_END)
            end = within.start + len(_without_lead(text[within.start : citation.start], TAG_AT_END))
            if _WORD.search(before) and not _is_part_of(before, citation):
                at = bisect.bisect_left(said, within.start, key=lambda one: one.start)
                said[at] = replace(within, text=before, end=end, is_closed=True)
            else:
                alone.add(within.start)
    return [one for one in said if one.start not in alone]


def _may_be_own(citation: Citation, within: LetterQuotation) -> bool:
    """Whether a citation within marks is told where what these hold is not: in a quotation it is that of whoever is
    quoted, unless it names a decision.
    """
    return citation.has_reference or not within.is_sure


def _is_part_of(before: str, citation: Citation) -> bool:
    """Whether what stands before a citation, within the same marks, is only how it begins."""
    told = NEXT_TO.match(before)
    rest = before[told.end() if told else 0 :].casefold()
    rest = re.sub(r"^(?:the\s)?(?:final\s)?(?:decision|case|complaint)s?\b", "", rest).strip(" ,;:(")
    body = (citation.named.body or "").casefold() if citation.named else ""
    return not rest or rest == body or rest in body.split()


def _around(one: Citation | LetterQuotation, said: Sequence[LetterQuotation]) -> LetterQuotation | None:
    """The quotation that a citation or another quotation begins in."""
    at = bisect.bisect_right(said, one.start, key=lambda each: each.start) - 1
    return said[at] if at >= 0 and one.start < said[at].end else None


def _blocks(text: str, citations: Sequence[Citation], said: Sequence[LetterQuotation]) -> list[LetterQuotation]:
    """Quotations without marks: indented lines, or lines that begin with “>”, right before or after a citation.

    One that stands below its citation goes on over blank lines, to the next line at the margin.
    """
    lines = [(line.start(), line[0]) for line in re.finditer("^.*$", text, re.MULTILINE)]
    margin = min((_indent(line) for _, line in lines if line.strip()), default=0)
    starts = [citation.start for citation in citations]
    found: list[LetterQuotation] = []
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
        is_introduced = not before or before[-1] in ":–—-" or INTRODUCES.search(before) is not None
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
        elif following is None or not is_link(text, end, following.start, NEXT_TO, 3):
            after = lines[number][1].strip() if number < len(lines) else ""
            if after and not is_marked and not (above is not None and _ends(lines[number - 1][1])):
                continue
            if goes_on and above is None:
                whole = f"{found[-1].text}\n\n{_unmarked(text[start:end])}".strip()
                found[-1] = replace(found[-1], text=whole, end=end)
                may_go_on = True
                continue
            if above is None:
                continue
            line_above = text[text.rfind("\n", 0, above.start) + 1 : above.start]
            may_go_on = is_marked or _indent(lines[first][1]) > _indent(line_above)
        quoted = _unmarked(text[begins:end])
        if _is_in_marks(start, end, said):
            may_go_on = False
        else:
            is_sure = above is None or heads(text, above, start)
            is_sure = is_sure or _INTRODUCES_A_BLOCK.search(text, above.start if above else 0, start) is not None
            found.append(LetterQuotation(quoted, start, end, is_sure=is_sure))
    return [one for one in found if len(one.text.split()) >= _MIN_WORDS_IN_BLOCK]


def _behind_colons(
    text: str, citations: Sequence[Citation], said: Sequence[LetterQuotation]
) -> Iterator[LetterQuotation]:
    """Quotations without marks between “he says:” and the citation behind them. They may be the writer's own words."""
    ends = sorted([*(one.end for one in citations), *(one.end for one in said)])
    for citation in citations:
        at = bisect.bisect_right(ends, citation.start) - 1
        begin = max(ends[at] if at >= 0 else 0, citation.start - _LONGEST_BEHIND_COLON)
        start = max((colon.end() for colon in _SAYS.finditer(text, begin, citation.start)), default=None)
        if start is None or _around(citation, said) is not None:
            continue
        end = start + len(_without_lead(text[start : citation.start], _LEADS_TO))
        start += _UNREAD_MARKS.match(text[start:end]).end()  # type: ignore[union-attr]  # it may be empty
        quoted = _UNREAD_MARKS_AT_END.sub("", text[start:end])
        within = bisect.bisect_left(said, start, key=lambda one: one.start)
        is_marked = within < len(said) and said[within].start < citation.start
        if not is_marked and len(quoted.split()) >= _MIN_WORDS_IN_BLOCK:
            stops = sorted({stop for found in _MAY_END.finditer(quoted) for stop in found.span()} - {0, len(quoted)})
            yield LetterQuotation(quoted, start, end, is_sure=False, stops=tuple(stops[: 2 * _MAX_ENDS]))


def _without_lead(words: str, lead: re.Pattern[str]) -> str:
    """Words without what leads to the citation behind them, marks and a pattern: “…, see the decision in”."""
    while True:
        shorter = lead.sub("", words.rstrip(_OPENING))
        if shorter == words:
            return words
        words = shorter


def _stands_above(text: str, citation: Citation, start: int) -> bool:
    """Whether a citation stands so near above a block of lines that this may be quoted from it."""
    gap = gap_before(text, citation.end, start)
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


def _is_in_marks(start: int, end: int, said: Sequence[LetterQuotation]) -> bool:
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


def heads(text: str, citation: Citation, start: int) -> bool:
    """Whether a citation stands right above a quotation that begins there."""
    if start - citation.end > _MAX_MARKS_BETWEEN:
        return False
    gap = text[citation.end : start]
    return "\n" in gap and re.fullmatch(r"\W*", gap) is not None


def gap_before(text: str, start: int, end: int) -> str | None:
    """What stands between two places, without the spaces and marks before the second; None if that is very much."""
    while end > start and text[end - 1] in _SPACES:  # no other place has these before it, but all have what is before
        end -= 1
    return text[start:end] if end - start <= 2 * FAR else None
