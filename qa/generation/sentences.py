"""A generated text → its sentences, each with the paragraphs that it cites, and whether these say so. Pure.

Each paragraph that a language model is shown has a handle, `[P3]`. A sentence is supported if it cites paragraphs that
were shown, by their handles, and is grounded in them (qa.generation.grounding). Nothing is dropped here: what is not
supported comes with its flaw.

What is shown of a sentence is what was checked of it, but for the citations that are read in it and the punctuation
behind its handles. A handle may stand nowhere where it would make another word, number or quotation of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.decisions import Reference
from index.text.sentences import STOPS, TYPED_CLOSES, is_abbreviation
from qa.generation.context import ContextParagraph
from qa.generation.grounding.alignment import Source, Ungrounded
from qa.generation.grounding.check import ungrounded
from qa.generation.grounding.places import NamedParagraphs
from qa.text.figures import figures
from qa.text.quotations import quotations

Unsupported = Literal["uncited", "not_shown", "characters", "dangling", "unfinished", Ungrounded]
"""Why a sentence is not supported."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a generated text, without its handles.

    `cited` are the paragraphs that it cites, of those that were shown. It is supported if it has no `flaw`; `detail`
    says in a sentence what its flaw is.
    """

    text: str
    cited: tuple[ContextParagraph, ...]
    flaw: Unsupported | None = None
    detail: str = ""

    @property
    def citations(self) -> list[str]:
        """Those of the paragraphs that it cites."""
        return [one.citation for one in self.cited]

    def __str__(self) -> str:
        """The sentence with its citations, as plain text."""
        return f"{self.text} [{'; '.join(self.citations)}]"


_HANDLE = r"[(\[]?[\[【]\s*P\d{1,3}(?:\s*(?:,|;|/|&|\band\b|[-–])\s*P?\d{1,3})*\s*[\]】][)\]]?"
_HANDLES = re.compile(
    rf"(?<![ \t])[ \t]*+(?:\n[ \t]*+)?{_HANDLE}(?:[ \t]*(?:[,;&]|and\b)?[ \t]*{_HANDLE})*[.,;]?",
    re.IGNORECASE | re.ASCII,
)
_MAX_RANGE = 50  # handles in [P1-P9], at most
_MAX_SENTENCE_CHARACTERS = 2_000  # characters of a sentence that is read; none that is honest has so many
_LOOKAHEAD_CHARACTERS = 400  # characters behind its end that tell whether it ends there: more than _MAY_GO_ON takes
_EXCERPT_CHARACTERS = 200  # characters of one that is longer, to say which it was
_INDENT = re.compile(r"[^\S\n]*")
_BESIDE_CHARACTERS = 40  # characters on either side of a handle that are looked at
_AS_WORD = re.compile(r"(?:^|\b(?:according to|as|from|in|per|see))\s*\Z", re.IGNORECASE)
# What is written with other characters than these and those of the paragraphs cited may look like what it is not.
_PLAIN_CHARACTERS = frozenset(map(chr, range(32, 127))).difference("<>&|`") | frozenset("£’‘“”–—…")
_CLOSES = f"[{re.escape(TYPED_CLOSES)}]*"
_END = re.compile(rf"\n|(?<=[{STOPS}]){_CLOSES}(?=\s|[(\[]?[\[【]\s*P\d)", re.IGNORECASE)
_CLOSING = re.compile(_CLOSES)
_MAY_GO_ON = re.compile(
    r"\s{0,99}+[(\[]?(?:[\[【][^\]】]{0,200}+)?\Z"
)  # behind a sentence that has come: its handle may be next
_NUMBER = re.compile(r"\s{0,99}+\d{1,2}\.")  # of an item of a list
_MARKS = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)]|#{1,6})\s+|\*\*|__|`")  # of lists and of emphasis
_WORD = re.compile(r"[^\W_]")
_BLANK_LINES = re.compile(r"\n\s*\n")
# How a sentence begins that goes on with whom or what the one before is about; “However, Kent Council …” does not.
_POINTING = "This|That|These|Those|It|They|He|She|His|Her|Their|Its|Such|Both|Neither"
_POINTS = re.compile(rf"(?:{_POINTING})\b")
# How one begins that cannot be understood without the one before.
_LEANS = re.compile(
    rf"[a-z]|(?:{_POINTING}|However|Therefore|Thus|Hence|Consequently|Nevertheless|But|And|So|Also|Instead|Otherwise"
    r"|Then|As a result|For this reason|In addition|Similarly)\b"
)


class SentenceChecker:
    """Takes a generated text in pieces and gives its sentences, checked, as soon as each is complete."""

    def __init__(self, shown: Sequence[ContextParagraph]) -> None:
        self._shown = {one.handle: one for one in shown}
        self._sources = {one.handle: Source.of(one.paragraph, one.decision) for one in shown}
        self._pending = ""
        self._searched = 0  # characters of it before which no sentence ends
        self._is_skipped = False  # whether what comes is of a sentence that is too long
        self._is_gap = False  # whether the sentence before was not supported
        self._last: frozenset[Reference] | None = None  # the decisions that the one before rests on

    def feed(self, piece: str) -> Iterator[Statement]:
        """The sentences that this piece completes."""
        self._pending = _BLANK_LINES.sub("\n", self._pending + _visible(piece))
        yield from self._read(is_whole=False)

    def finish(self) -> Iterator[Statement]:
        """The sentences that are left when the text has come whole."""
        yield from self._read(is_whole=True)

    def _read(self, is_whole: bool) -> Iterator[Statement]:
        """The sentences of what is pending; one that is too long is dropped, and its line with it."""
        text, self._pending = self._pending, ""
        at, searched = 0, self._searched
        while at < len(text):
            if self._is_skipped:
                end = text.find("\n", at)
                self._is_skipped = end < 0
                at = len(text) if end < 0 else end + 1
                continue
            begins = _INDENT.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
            searched, at = max(0, searched - (begins - at)), begins
            # No more than this decides where a sentence ends, so that it ends there in whatever pieces it comes.
            near = text[at : at + _MAX_SENTENCE_CHARACTERS + _LOOKAHEAD_CHARACTERS]
            is_all = len(near) < _MAX_SENTENCE_CHARACTERS + _LOOKAHEAD_CHARACTERS
            sentences, rest, searched = _split(near, is_whole and is_all, searched)
            if (is_whole and is_all) or not (sentences or is_all):
                sentences.append(rest)
            for sentence in sentences:
                if len(sentence) > _MAX_SENTENCE_CHARACTERS:
                    yield self._too_long(sentence)
                    at, searched = at + _MAX_SENTENCE_CHARACTERS, 0
                    break
                yield from self._statement(sentence)
                at += len(sentence)
            if is_all and not self._is_skipped:
                break
        self._pending, self._searched = text[at:], searched

    def _too_long(self, sentence: str) -> Statement:
        self._is_skipped = self._is_gap = True
        excerpt = _tidy(_HANDLES.sub(_gap, sentence[:_EXCERPT_CHARACTERS]))
        return Statement(
            f"{excerpt}…", (), "unfinished", f"It does not end within {_MAX_SENTENCE_CHARACTERS:,} characters."
        )

    def _statement(self, sentence: str) -> Iterator[Statement]:
        if not _WORD.search(_HANDLES.sub(_gap, sentence)):
            return  # an empty line, a rule, a handle alone
        statement = self._checked(sentence)
        decisions = frozenset(one.paragraph.pinpoint.reference for one in statement.cited)
        if statement.flaw is None and _LEANS.match(statement.text):
            detail = None
            if self._is_gap:
                detail = "It cannot be understood without the sentence before, which was left out."
            elif self._last is not None and not self._last & decisions and _POINTS.match(statement.text):
                detail = "It reads as if it went on with the sentence before, which is about another decision."
            if detail is not None:
                statement = replace(statement, flaw="dangling", detail=detail)
        self._is_gap = statement.flaw is not None
        self._last = decisions
        yield statement

    def _checked(self, sentence: str) -> Statement:
        named = list(dict.fromkeys(handle for match in _HANDLES.finditer(sentence) for handle in _handles(match[0])))
        known = [handle for handle in named if handle in self._shown]
        statement = Statement(_tidy(_HANDLES.sub(self._in_words, sentence)), tuple(self._shown[one] for one in known))
        if not named:
            return replace(statement, flaw="uncited", detail="It cites no paragraph.")
        if len(known) < len(named):
            unknown = next(handle for handle in named if handle not in self._shown)
            return replace(
                statement, flaw="not_shown", detail=f"It cites a paragraph that was not shown ([{unknown}])."
            )
        cited, shown = [self._sources[one] for one in known], list(self._sources.values())
        plain = _tidy(_HANDLES.sub(_gap, sentence))
        if misplaced := _misplaced(sentence):
            return replace(statement, flaw=misplaced[0], detail=misplaced[1])
        known_characters = _PLAIN_CHARACTERS.union(*(one.paragraph.text for one in cited))
        if odd := sorted(frozenset(plain) - known_characters):
            name = unicodedata.name(odd[0], "a character without a name")
            return replace(statement, flaw="characters", detail=f"It has {name}, which is not in what it cites.")
        flaw = ungrounded(plain, cited, shown, [*self._named(sentence)])
        if flaw is not None:
            return replace(statement, flaw=flaw.reason, detail=flaw.detail)
        if not _is_same(plain, statement.text, _tidy(_HANDLES.sub(_uncited, sentence))):
            detail = "Its citations change what it says."
            return replace(statement, flaw="wording", detail=detail)
        return statement

    def _named(self, sentence: str) -> Iterator[NamedParagraphs]:
        """The paragraphs whose handles are read as words of the sentence, each with what stands around its handle."""
        read = [match for match in _HANDLES.finditer(sentence) if _is_word(match)]
        ends = [0, *(match.end() for match in read)]
        begins = [*(match.start() for match in read[1:]), len(sentence)]
        for match, before, behind in zip(read, ends, begins, strict=False):
            sources = tuple(self._sources[one] for one in _handles(match[0]))
            around = sentence[before : match.start()], sentence[match.end() : behind]
            yield NamedParagraphs(sources, *(_HANDLES.sub(_gap, text) for text in around))

    def _in_words(self, match: re.Match[str]) -> str:
        """A handle that is a word of its sentence, as in “[P3] says so”, has to be read: it becomes the citation."""
        if not _is_word(match):
            return _uncited(match)
        named = [self._shown[handle].citation for handle in _handles(match[0]) if handle in self._shown]
        return f" {' and '.join(named)}{_uncited(match)}"


def _is_word(handle: re.Match[str]) -> bool:
    """Whether a handle is read as a word, as in “According to [P1] …”; one at the end of its sentence is none."""
    before = _AS_WORD.search(handle.string, max(0, handle.start() - _BESIDE_CHARACTERS), handle.start())
    return bool(before) and _WORD.search(handle.string, handle.end()) is not None


def _gap(handle: re.Match[str]) -> str:
    """What is checked instead of a handle."""
    behind = handle.string[handle.end() : handle.end() + _BESIDE_CHARACTERS].lstrip(
        "*_`"
    )  # marks of emphasis are not shown
    return " " if behind[:1].isalnum() else ""


def _uncited(handle: re.Match[str]) -> str:
    """What is shown instead of a handle, without the citation: the punctuation behind it, once."""
    before = handle.string[max(0, handle.start() - 1) : handle.start()]
    end = handle[0][-1] if handle[0][-1] in ".,;" and before not in (".", "!", "?") else ""
    return f"{end}{_gap(handle)}"


# What stands behind a handle and would be read together with what stands before it, or with the citation.
_HIDDEN = frozenset(("Mn", "Me", "Cf", "Cc", "Co", "Cn"))
_GOES_ON = re.compile(r"[^\W_]")
_NUMBER_GOES_ON = re.compile(r"[.,;:]{1,20}\d")
# What may stand behind a citation that is a word of its sentence: a word, or a comma or colon and one, that is read
# neither as more of the citation nor as another place.
_SENTENCE_GOES_ON = re.compile(
    r"""
    (?: [’']s\s{1,9}+ | \s{1,9}+ | \s{0,9}+[,:]\s{1,9}+(?:an?\s{1,9}+)? )
    ["“‘']?+ (?!(?:and|or|to|at|nos?|bis|ter|ff?|points?|items?|lines?|parts?|letters?|clauses?|numbers?|sections?
      |sub\w*|entry|limb|onwards?|next|[ivxlc]+)\b) [^\W\d_]{2}
    """,
    re.VERBOSE | re.IGNORECASE,
)


def _misplaced(sentence: str) -> tuple[Unsupported, str] | None:
    """Whether a handle stands within a word, a number or a quotation: without it, it is another than with it."""
    bare, at = "", 0
    places: list[tuple[int, bool]] = []  # where in the bare sentence a handle stood, and whether as a word
    for match in _HANDLES.finditer(sentence):
        bare += sentence[at : match.start()]
        places.append((len(bare), _is_word(match)))
        bare += _gap(match)
        at = match.end()
        before = _without_marks(sentence[max(0, match.start() - _BESIDE_CHARACTERS) : match.start()])
        ends = match.end() - (match[0][-1] in ".,;")
        behind = _without_marks(sentence[ends : ends + _BESIDE_CHARACTERS])
        is_within = before[-1:].isalnum() and match[0][0] in "([【" and _GOES_ON.match(behind)
        if is_within or _NUMBER_GOES_ON.match(behind) or (places[-1][1] and not _SENTENCE_GOES_ON.match(behind)):
            return "wording", "A citation is within one of its words or numbers."
    bare += sentence[at:]
    for quotation in filter(lambda one: one.is_closed, quotations(bare)):
        for place, is_word in places:
            # One next to a mark, as models often put it, is not read, and no words are torn apart by it.
            is_read = is_word or (
                _WORD.search(bare, quotation.start, place) and _WORD.search(bare, place, quotation.end)
            )
            if quotation.start < place < quotation.end and is_read:
                return "misquoted", "A citation is within a quotation."
    return None


def _without_marks(text: str) -> str:
    return "".join(one for one in text if unicodedata.category(one) not in _HIDDEN)


def _is_same(plain: str, text: str, uncited: str) -> bool:
    """Whether the text that is shown, which without its citations is `uncited`, has what was checked and no more."""
    if text in (plain, f"{plain}."):
        return True
    quoted = {_bare(one.text) for one in quotations(plain)}
    return (
        re.findall(r"\w+", plain) == re.findall(r"\w+", uncited)
        and [replace(one, written="") for one in figures(plain)]
        == [replace(one, written="") for one in figures(uncited)]
        and all(_bare(one.text) in quoted for one in quotations(text))
    )


def _bare(quoted: str) -> str:
    return quoted.rstrip(" .,;")


def _visible(text: str) -> str:
    """A text without what cannot be seen: it could turn round the order in which the rest is shown."""
    return "".join(one for one in text if one in "\n\t\r" or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co"))


def _split(text: str, is_whole: bool, searched: int) -> tuple[list[str], str, int]:
    """The sentences of a text, each with the handles behind it; what may still go on, and how much of that is searched.

    The first sentence is known not to end within the first `searched` characters.
    """
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(text, searched):
        end = match.end()
        if end <= start or is_abbreviation(text, end) or _NUMBER.fullmatch(text, start, end):
            continue
        if handles := _HANDLES.match(text, end):
            end = _CLOSING.match(text, handles.end()).end()  # type: ignore[union-attr]  # it matches nothing, too
        if not is_whole and _MAY_GO_ON.match(text, end):
            searched = match.start()
            break
        sentences.append(text[start:end])
        start = end
    else:
        last = max(text.rfind(mark, searched) for mark in STOPS)
        searched = len(text) if last < 0 else last  # whether a sentence ends behind the last may not be known yet
    return sentences, text[start:], max(0, searched - start)


def _handles(written: str) -> Iterator[str]:
    """The handles in `[P1, P3-P5]`."""
    for match in re.finditer(r"P?(\d+)(?:\s*[-–]\s*P?(\d+))?", written, re.IGNORECASE | re.ASCII):
        first, last = int(match[1]), int(match[2] or match[1])
        for number in range(first, min(last, first + _MAX_RANGE) + 1):
            yield f"P{number}"


def _tidy(text: str) -> str:
    text = re.sub(r" ([.,;:?!])", r"\1", " ".join(_MARKS.sub("", text).split()))
    return re.sub(r"([.!?])[.,;]\Z", r"\1", text)
