"""What was found in a letter → which citation each quotation belongs to, and which decision each citation. Pure.

A quotation belongs to the citations of the footnote whose mark stands right behind it, else to the citation right after
it, else to the one before it. What is meant is told from words alone.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from index.text.dates import MONTH
from index.text.mentions import PinCite, read_pin_cites
from index.text.sources import OF_OTHER_SOURCE
from qa.letters.scan import INTRODUCES, NEXT_TO, PUBLISHER, LetterQuotation, ParsedLetter, gap_before, heads
from qa.text.pin_cites import BLANK, FAR, Citation, is_link, noted

_MIN_WORDS = 4  # of a quotation that is checked wherever it stands, not only in a sentence with a citation
_LABEL = (
    r"(?:source|taken|from|the|lgsco|lgo|ombudsman(?:[’']s)?|final|decision|case|complaint|no|number|ref(?:erence)?)\b"
)
_ALONE = re.compile(rf"[ \t\r\xa0>–—(\[-]*(?:{_LABEL}[ \xa0:.]*){{0,4}}(?:{PUBLISHER},?[ \xa0]*)?", re.IGNORECASE)
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
_MAX_CITATIONS_OF_NOTE = 20  # citations of a footnote that a quotation may be from


def attach(letter: ParsedLetter) -> ParsedLetter:
    """A letter that was scanned, with what belongs to what."""
    text = letter.text
    citations, notes = _footnotes(text, _with_ibid(text, letter.citations, letter.quotations))
    return replace(
        letter,
        citations=_with_each_place_once(citations),
        quotations=_Joiner(letter, citations, notes).joined(),
        hidden=_with_each_place_once(letter.hidden),
    )


def _with_each_place_once(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """Citations without the places that one tells again."""
    once: dict[int, tuple[PinCite, ...]] = {}  # several citations may share the same places
    for citation in citations:
        if id(citation.places) not in once:
            told: dict[Hashable, PinCite] = {}
            for place in citation.places:
                told.setdefault(place.key, place)
            once[id(citation.places)] = tuple(told.values())
    return tuple(replace(citation, places=once[id(citation.places)]) for citation in citations)


class _FromElsewhere:
    """Where a letter says, before a quotation, that this is not of the citation before. Dates say nothing of it.

    It is read once: many quotations have the same words before them.
    """

    def __init__(self, text: str) -> None:
        self._text = _DATED.sub(lambda date: "~" * len(date[0]), text)
        self._spans = [found.span() for found in _FROM_ELSEWHERE.finditer(self._text)]

    def is_said_between(self, start: int, end: int) -> bool:
        """Whether it is said between two places, a quotation beginning at the second one."""
        at = bisect.bisect_left(self._spans, (start, 0))
        if at < len(self._spans) and self._spans[at][1] <= end:
            return True
        return _NUMBERED.search(self._text[max(start, end - _LONGEST_NUMBER) : end]) is not None


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


def _with_ibid(text: str, citations: Sequence[Citation], said: Sequence[LetterQuotation]) -> list[Citation]:
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
        if at < len(every) and is_link(text, end, every[at].start, NEXT_TO, 1):  # “ibid, paragraph 51” is read already
            continue
        every.insert(at, _same_as(every[at - 1], text, ibid, start, end))
    return every


def _same_as(before: Citation, text: str, ibid: re.Match[str], start: int, end: int) -> Citation:
    """The citation that “ibid” stands for, at other places where it has numbers."""
    numbers = ibid["numbers"]
    at = start + ibid.start("numbers") - ibid.start()
    places = tuple(read_pin_cites(numbers, start, at)) if numbers else before.places
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


class _Joiner:
    """Says which citation each quotation of a letter belongs to; `notes` are the citations of each footnote.

    A citation is told by its number. That which is *above* a quotation is the last one before it.
    """

    def __init__(
        self, letter: ParsedLetter, citations: Sequence[Citation], notes: Mapping[str, tuple[int, ...]]
    ) -> None:
        self._text, self._sentences = letter.text, letter.sentences
        self._citations, self._notes = citations, notes
        self._starts = [citation.start for citation in citations]
        self._bullets, self._from_elsewhere = _Bullets(letter.text), _FromElsewhere(letter.text)
        self._said: list[LetterQuotation] = []
        """The quotations that may be checked."""
        self._after_of: list[int | None] = []
        """Of each the citation right after it, if that is of it."""
        for said in letter.quotations:
            match = _FOOTNOTE_MARK.match(letter.text, said.end)
            following = self._following(said)
            is_tight = following < len(citations) and self._is_right_after(said, citations[following])
            if match or is_tight or self._is_in_sentence(said, following) or _is_long(said):
                self._said.append(replace(said, mark=_mark_of(match[0]) if match else None))
                self._after_of.append(following if is_tight else None)
        self._give_back()
        self._taken = {number for number in self._after_of if number is not None}

    def joined(self) -> tuple[LetterQuotation, ...]:
        """The quotations that are checked, each with the citation that it belongs to."""
        joined = [self._join(one, after) for one, after in zip(self._said, self._after_of, strict=True)]
        return tuple(one for one in joined if one.is_joined or one.aside or one.mark or _is_long(one))

    def _join(self, said: LetterQuotation, after: int | None) -> LetterQuotation:
        if said.mark is not None and self._notes.get(said.mark):
            first, *others = self._notes[said.mark][:_MAX_CITATIONS_OF_NOTE]
            return replace(said, citation=first, is_joined=True, others=tuple(others))
        if after is not None:
            return replace(said, citation=after, is_joined=True)
        following = self._following(said)
        number = following - 1
        above = self._citations[number] if number >= 0 else None
        is_near = above is not None and (
            not self._sentences.any_end_between(above.end, said.start) or self._introduces(above, said)
        )
        is_free = above is not None and number not in self._taken
        if not (is_near and is_free):
            if said.mark is not None:  # there is no such footnote
                return said
            if aside := self._aside(said, following):
                return replace(said, aside=aside)
        if is_free and above is not None and (is_near or heads(self._text, above, said.start)):
            return replace(said, citation=number, is_joined=True)
        if following < len(self._citations) and self._leads_to(said, self._citations[following]):
            self._taken.add(following)
            return replace(said, citation=following, is_joined=True)
        if is_near:
            return replace(said, citation=number, is_joined=True)
        if above is None or self._sentences.blanks.any_between(above.end, said.start):
            return said
        is_other = self._from_elsewhere.is_said_between(max(above.end, said.start - FAR), said.start)
        return said if is_other else replace(said, citation=number)

    def _following(self, said: LetterQuotation) -> int:
        return bisect.bisect_left(self._starts, said.end)

    def _aside(self, said: LetterQuotation, following: int) -> str:
        """What is meant for a citation in brackets right behind a quotation, where none was read in it."""
        match = _ASIDE.match(self._text, said.end)
        if match is None or bisect.bisect_left(self._starts, match.end()) > following:
            return ""
        aside = match["aside"]
        return aside if _LIKE_A_PLACE.search(_DATED.sub("", aside)) else ""

    def _give_back(self) -> None:
        """In a list of citations, each with its words behind it, none has the words of the entry before."""
        taken: set[int] = set()
        for at, number in enumerate(self._after_of):
            if number and number - 1 not in taken and self._is_entry(at, number):
                self._after_of[at] = None
            elif number is not None:
                taken.add(number)

    def _is_entry(self, at: int, number: int) -> bool:
        """Whether a quotation stands right behind the citation above it, and the one below has words of its own."""
        above, one, below = self._citations[number - 1], self._said[at], self._citations[number]
        if not self._is_right_behind(above, one):
            return False
        gap = self._text[one.end : below.start]
        if _SEE.match(gap):
            return True
        is_apart = "\n" in gap or _BRACKET_OPENS.match(gap) is None
        return is_apart and any(self._is_right_behind(below, following) for following in self._said[at + 1 : at + 2])

    def _is_right_behind(self, citation: Citation, said: LetterQuotation) -> bool:
        is_near = 0 <= said.start - citation.end <= FAR
        return is_near and _BEFORE_WORDS.fullmatch(self._text[citation.end : said.start]) is not None

    def _is_in_sentence(self, said: LetterQuotation, following: int) -> bool:
        """Whether the citation before a quotation, or the one after it, stands in its sentence."""
        if following and not self._sentences.any_end_between(self._citations[following - 1].end, said.start):
            return True
        if following == len(self._citations):
            return False
        after = self._citations[following]
        is_apart = self._sentences.any_end_between(said.end - 1, after.start)
        return not is_apart and not self._begins_item(said, after)

    def _begins_item(self, said: LetterQuotation, citation: Citation) -> bool:
        """Whether a citation stands in a later item of a list than the quotation before it, and not alone in that."""
        later = self._bullets.last_like(said.start, said.end, citation.start)
        return later is not None and later < citation.start

    def _is_right_after(self, said: LetterQuotation, citation: Citation) -> bool:
        """Whether a citation follows a quotation in brackets, after a dash, or on the next line, and is of it."""
        if citation.start - said.end > FAR:
            return False
        line = self._text.rfind("\n", said.end, citation.start) + 1
        alone = line > 0 and _ALONE.fullmatch(self._text, line, citation.start) is not None
        if not is_link(self._text, said.end, citation.start, NEXT_TO, 3 if alone else 1):
            return False
        gap = self._text[said.end : citation.start]
        first = gap.lstrip()[:1]
        is_new = first in tuple(".,;") or re.search(r"[.!?]\W{0,2}$", self._text[said.end - 3 : said.end])
        behind = self._text[citation.end : citation.end + FAR]
        # “…the agreement.” Paragraph 53 says “…”: a new sentence, and not where this stands.
        if first not in tuple("([–—-") and is_new and not re.match(r"\A[)\].,;]*[^\S\n]*(?:\n|$|[A-Z“])", behind):
            return False
        above = bisect.bisect_left(self._starts, said.end) - 1
        # On another line, or after a semicolon, it may be the next entry.
        may_be_next = above >= 0 and ("\n" in gap or gap.lstrip(" .")[:1] == ";")
        return not (may_be_next and self._introduces(self._citations[above], said))

    def _introduces(self, citation: Citation, said: LetterQuotation) -> bool:
        """Whether “…at paragraph 50:” stands right before a quotation, or “…at paragraph 50. It says:”."""
        gap = gap_before(self._text, citation.end, said.start)
        if gap is None or INTRODUCES.search(gap) is None or BLANK.search(gap):
            return False
        return (
            not self._sentences.any_end_between(citation.end, citation.end + len(gap))
            or OF_OTHER_SOURCE.search(f"{gap.rstrip(':')} ") is None
        )

    def _leads_to(self, said: LetterQuotation, citation: Citation) -> bool:
        """Whether a citation further on in the sentence is that of a quotation, and not of the next one."""
        is_far = citation.start - said.end > FAR
        if is_far or self._sentences.any_end_between(max(said.start, said.end - 2), citation.start):
            return False
        if self._begins_item(said, citation):
            return False
        at = bisect.bisect_left(self._said, citation.end, key=lambda one: one.start)
        if at == len(self._said) or self._after_of[at] is not None:
            return True
        return self._sentences.any_end_between(citation.end, self._said[at].start)


def _is_long(said: LetterQuotation) -> bool:
    """Whether a quotation has so many words that it is checked wherever it stands."""
    return len(re.findall(r"\w+", said.text)) >= _MIN_WORDS
