"""A generated text → its sentences, each with the paragraphs that it cites, and whether these say so. Pure.

Each paragraph that a language model is shown has a handle, `[P3]`. A sentence is supported if it cites paragraphs that
were shown, by their handles, and is grounded in them (qa.grounding). Nothing is dropped here: what is not supported
comes with its flaw.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.decisions import Decision, Paragraph
from index.store import Entry
from qa import grounding
from qa.grounding import Source, ungrounded

Unsupported = Literal["uncited", "not_shown", "characters", "dangling", "unfinished", grounding.Ungrounded]
"""Why a sentence is not supported."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph that the language model was shown, under a handle such as `P3`."""

    handle: str
    paragraph: Paragraph
    decision: Decision | Entry

    @property
    def citation(self) -> str:
        """As it goes into a letter."""
        return self.paragraph.pinpoint.cite(self.decision.body, self.paragraph.numbering)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a generated text, without its handles.

    `cited` are the paragraphs that it cites, of those that were shown. It is supported if it has no `flaw`; `detail`
    says in a sentence what its flaw is.
    """

    text: str
    cited: tuple[Shown, ...]
    flaw: Unsupported | None = None
    detail: str = ""

    @property
    def citations(self) -> list[str]:
        """Those of the paragraphs that it cites."""
        return [one.citation for one in self.cited]

    def __str__(self) -> str:
        """The sentence with its citations, where it is told as plain text."""
        return f"{self.text} [{'; '.join(self.citations)}]"


_ONE = r"[(\[]?[\[【]\s*P\d{1,3}(?:\s*(?:,|;|/|&|\band\b|[-–])\s*P?\d{1,3})*\s*[\]】][)\]]?"
_HANDLES = re.compile(
    rf"(?<![ \t])[ \t]*+(?:\n[ \t]*+)?{_ONE}(?:[ \t]*(?:[,;&]|and\b)?[ \t]*{_ONE})*[.,;]?", re.IGNORECASE | re.ASCII
)
_RANGE = 50  # handles in [P1-P9], at most
_AS_WORD = re.compile(r"(?:^|\b(?:according to|as|from|in|per|see))\s*\Z", re.IGNORECASE)
# What is written with other characters than these and those of the paragraphs cited may look like what it is not.
_PLAIN = frozenset(map(chr, range(32, 127))).difference("<>&|`") | frozenset("£’‘“”–—…")
_CLOSES = r"""["”’'»)*_]*"""
_END = re.compile(rf"\n|(?<=[.!?…]){_CLOSES}(?=\s|[(\[]?[\[【]\s*P\d)", re.IGNORECASE)
_CLOSING = re.compile(_CLOSES)
_COMING = re.compile(
    r"\s{0,99}+[(\[]?(?:[\[【][^\]】]{0,200}+)?\Z"
)  # behind a sentence that has come: its handle may be next
_ABBREVIATION = re.compile(r"(?<!\w)(?:Mr|Mrs|Ms|Mx|Dr|Prof|Cllr|paras?|e\.g|i\.e|v)\.\Z", re.IGNORECASE)
_LONGEST_ABBREVIATION = 8
_NUMBER = re.compile(r"\s{0,99}+\d{1,2}\.")  # of an item of a list
_MARKS = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)]|#{1,6})\s+|\*\*|__|`")  # of lists and of emphasis
_WORD = re.compile(r"[^\W_]")
_BLANK = re.compile(r"\n\s*\n")
# How a sentence begins that cannot be understood without the one before.
_LEANS = re.compile(
    r"[a-z]|(?:This|That|These|Those|It|They|He|She|His|Her|Their|Its|However|Therefore|Thus|Hence|Consequently|Such"
    r"|Nevertheless|But|And|So|Also|Instead|Otherwise|Then|As a result|For this reason|In addition|Similarly|Both"
    r"|Neither)\b"
)


class Reader:
    """Takes a generated text in pieces and gives its sentences, checked, as soon as each is complete."""

    def __init__(self, shown: Sequence[Shown]) -> None:
        self._shown = {one.handle: one for one in shown}
        self._sources = {one.handle: Source.of(one.paragraph, one.decision) for one in shown}
        self._waiting = ""
        self._is_gap = False  # whether the sentence before was not supported

    def feed(self, piece: str) -> Iterator[Statement]:
        """The sentences that this piece completes."""
        self._waiting = _BLANK.sub("\n", self._waiting + _visible(piece))
        sentences, self._waiting = _split(self._waiting, is_whole=False)
        for sentence in sentences:
            yield from self._statement(sentence)

    def finish(self) -> Iterator[Statement]:
        """The sentences that are left when the text has come whole."""
        sentences, rest = _split(self._waiting, is_whole=True)
        self._waiting = ""
        for sentence in (*sentences, rest):
            yield from self._statement(sentence)

    def _statement(self, sentence: str) -> Iterator[Statement]:
        if not _WORD.search(_HANDLES.sub("", sentence)):
            return  # an empty line, a rule, a handle alone
        statement = self._checked(sentence)
        if statement.flaw is None and self._is_gap and _LEANS.match(statement.text):
            detail = "It cannot be understood without the sentence before, which was left out."
            statement = replace(statement, flaw="dangling", detail=detail)
        self._is_gap = statement.flaw is not None
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
                statement, flaw="not_shown", detail=f"It cites a paragraph that there was not ([{unknown}])."
            )
        cited, shown = [self._sources[one] for one in known], list(self._sources.values())
        plain = _tidy(_HANDLES.sub("", sentence))
        known_characters = _PLAIN.union(*(one.paragraph.text for one in cited))
        if odd := sorted(frozenset(plain) - known_characters):
            name = unicodedata.name(odd[0], "a character without a name")
            return replace(statement, flaw="characters", detail=f"It has {name} in it, which what it cites has not.")
        flaw = ungrounded(plain, cited, shown)
        return statement if flaw is None else replace(statement, flaw=flaw.reason, detail=flaw.detail)

    def _in_words(self, match: re.Match[str]) -> str:
        """A handle that is a word of its sentence, as in “[P3] says so”, has to be read: it becomes the citation."""
        before, after = match.string[: match.start()], match.string[match.end() : match.end() + 1]
        end = match[0][-1] if match[0][-1] in ".,;" and not before.endswith((".", "!", "?")) else ""
        if not _AS_WORD.search(before):
            return f"{end} " if after.isalnum() else end
        named = [self._shown[handle].citation for handle in _handles(match[0]) if handle in self._shown]
        return f" {' and '.join(named)}{end}"


def _visible(text: str) -> str:
    """A text without what cannot be seen: it could turn round the order in which the rest is shown."""
    return "".join(one for one in text if one in "\n\t\r" or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co"))


def _split(text: str, is_whole: bool) -> tuple[list[str], str]:
    """The sentences of a text, each with the handles behind it; and what may still go on."""
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if (
            end <= start
            or _ABBREVIATION.search(text, max(start, end - _LONGEST_ABBREVIATION), end)
            or _NUMBER.fullmatch(text, start, end)
        ):
            continue
        if handles := _HANDLES.match(text, end):
            end = _CLOSING.match(text, handles.end()).end()  # type: ignore[union-attr]  # it matches nothing, too
        if not is_whole and _COMING.match(text, end):
            break
        sentences.append(text[start:end])
        start = end
    return sentences, text[start:]


def _handles(written: str) -> Iterator[str]:
    """The handles in `[P1, P3-P5]`."""
    for match in re.finditer(r"P?(\d+)(?:\s*[-–]\s*P?(\d+))?", written, re.IGNORECASE | re.ASCII):
        first, last = int(match[1]), int(match[2] or match[1])
        for number in range(first, min(last, first + _RANGE) + 1):
            yield f"P{number}"


def _tidy(text: str) -> str:
    text = re.sub(r" ([.,;:?!])", r"\1", " ".join(_MARKS.sub("", text).split()))
    return re.sub(r"([.!?])[.,;]\Z", r"\1", text)
