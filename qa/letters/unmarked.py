"""Words beside a citation that read like a quotation without marks, but are not word for word. Pure.

Who tells in his own words what a paragraph says seldom has eight of its words in a row, unless he means to quote them.
Such a *run* is followed by the same words as in the paragraph, or by a break: the end of the sentence, a comma, a
bracket. Where it goes on without one, and the paragraph goes on otherwise, it is told; so is what differs between a run
and words before it that agree. Reported speech changes persons, tenses and “this”, and drops or adds a “that”; that is
no difference. What has marks is for qa.text.quotations.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from index.text.body_names import HONORIFICS
from index.text.number_words import NUMBER_WORDS
from qa.text.polarity import DENIAL, NEGATIONS

_RUN = 8  # words in a row
_MIN_CONTENT_WORDS = 2  # of them that are neither common nor part of a name, such as that of an Act
_MIN_WORDS_AGREEING_AGAIN = 2  # words that agree again, behind a difference or before it
_MIN_WORDS_BEFORE = 4  # words that agree before a difference, unless that is a number or a “not”
_WIDEST = 5  # words that differ between those that agree
_SHIFTED = 4  # words that reported speech changes together
_FEW_POSITIONS = 4  # of one run in a text
_LONGEST_REST = 8  # words that are shown behind a difference

_TOKEN = re.compile(
    r"""
    (?P<word>(?:[^\W_]|(?<=[0-9])[.,:/](?=[0-9])|(?<=[^\W_])[’'‘‐‑-](?=[^\W_]))+%?)
  | (?P<stop>[.!?]|\n[^\S\n]{0,9}\n)
  | (?P<break>[][,;:()–—…“”"«»]|(?<=\s)--?(?=\s))
    """,
    re.VERBOSE,
)
_NO_WORDS = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|&(?:amp;)?#?[0-9a-zA-Z]{2,8};|\\[a-z]{1,9}(?=\{)")
_JOINS = str.maketrans({"’": "'", "‘": "'", "‐": None, "‑": None, "-": None})
_GOES_ON, _BREAKS, _STOPS = range(3)

_COMMON = frozenset(
    """the of to a an in and that for it is was on by with as be at or from this had has have been its are were
    under section sections paragraph paragraphs act regulations""".split()
)
# What reported speech changes. A pronoun may stand for whomever it likes, a noun not for another noun.
_PRONOUNS = frozenset(
    """i we you he she they it me us him her them my our your his its their mine ours yours hers theirs myself himself
    herself itself themselves ourselves who whom whose""".split()
)
_STAND_INS = _PRONOUNS | HONORIFICS | {"the", "a", "an", "and"}
_PEOPLE = frozenset(
    """client client's clients complainant complainant's complainants ombudsman ombudsman's investigator council
    council's councils authority authority's mother mother's father father's parents parents' parent child child's
    children children's son son's daughter daughter's family family's both""".split()
)
_LEADS = frozenset("and but or so as which who though although because while when where if for yet nor".split())
_FILLERS = frozenset("that also then therefore however so thus indeed".split())
_SHIFTS = [
    frozenset(group.split())
    for group in (
        "is was are were am be been being",
        "has had have having",
        "do does did",
        "will would",
        "shall should",
        "can could",
        "may might",
        "this that the these those",
        "here there",
        "now then",
        "say says said",
        "find finds found",
        "make makes made",
        "give gives gave given",
        "take takes took taken",
        "tell tells told",
        "know knows knew known",
        "think thinks thought",
        "keep keeps kept",
        "see sees saw seen",
    )
]
_ENDINGS = ("ied", "ies", "ing", "ed", "es", "d", "s", "e", "y")


class _Word(NamedTuple):
    key: str
    start: int
    end: int
    before: int
    """What stands between the word before and this one: nothing, a mark that parts them, or the end of a sentence."""
    is_name: bool
    """Whether it has a capital though no sentence begins with it."""


class _Text:
    """The words of a published text, with where each run of them stands."""

    def __init__(self, text: str) -> None:
        self.words = _words(text.replace("\n", "\n\n"))  # the lines of a list are sentences each
        self.runs: dict[tuple[str, ...], list[int]] = {}
        keys = [word.key for word in self.words]
        for at in range(len(keys) - _RUN + 1):
            places = self.runs.setdefault(tuple(keys[at : at + _RUN]), [])
            if len(places) < _FEW_POSITIONS:
                places.append(at)


_read = functools.lru_cache(maxsize=500)(_Text)


def _runs(words: Sequence[_Word]) -> list[tuple[str, ...]]:
    """All runs of some words; empty for those that are no more than names, numbers and common words."""
    telling = [not (word.is_name or word.key[0].isdigit() or word.key in _COMMON) for word in words]
    keys = [word.key for word in words]
    return [
        tuple(keys[at : at + _RUN]) if sum(telling[at : at + _RUN]) >= _MIN_CONTENT_WORDS else ()
        for at in range(len(keys) - _RUN + 1)
    ]


def _words(text: str) -> list[_Word]:
    text = _NO_WORDS.sub(lambda match: " " * len(match[0]), text)
    found: list[_Word] = []
    before = _STOPS
    for match in _TOKEN.finditer(text):
        if match["word"] is None:
            before = max(before, _STOPS if match["stop"] else _BREAKS)
            continue
        is_name = match[0][0].isupper() and before != _STOPS
        found.append(_Word(match[0].translate(_JOINS).casefold(), match.start(), match.end(), before, is_name))
        before = _GOES_ON
    return found


def shares_words(beside: str, published: Sequence[str]) -> bool:
    """Whether some words have a run of those of a published text."""
    runs = _runs(_words(beside))
    return any(run in text.runs for text in map(_read, published) for run in runs)


def reads_like(beside: str, published: Sequence[str]) -> tuple[int, int, int] | None:
    """The first words that read like a quotation of one of some texts, but are not word for word in any.

    They are told as where they begin and end, in characters, and the number of the text. None where there are none.
    """
    mine = _words(beside)
    runs, texts = _runs(mine), [_read(text) for text in published]
    at = 0
    while at < len(runs):
        tried = [
            (number, _Alignment(mine, text.words, at, place))
            for number, text in enumerate(texts)
            for place in text.runs.get(runs[at], ())
        ]
        right = next((one for _, one in tried if one.differs is None), None)
        if tried and right is None:
            number, (first, last) = max(
                ((number, one.differs) for number, one in tried if one.differs), key=lambda one: one[1][1] - one[1][0]
            )
            return mine[first].start, mine[last].end, number
        at = at + 1 if right is None else max(at + 1, right.end - 1)
    return None


class _Alignment:
    """Words of a letter that agree with a run of a published text, as far as they go.

    `end` is behind the last one that agrees; `differs` are the first word and the last of what reads like a quotation
    and is none.
    """

    def __init__(self, mine: Sequence[_Word], theirs: Sequence[_Word], at: int, place: int) -> None:
        self._mine, self._theirs = mine, theirs
        self.end, other = self._agreeing(at + _RUN, place + _RUN)
        self.differs: tuple[int, int] | None = None
        while at > 0 and place > 0 and mine[at].before != _STOPS and mine[at - 1].key == theirs[place - 1].key:
            at, place = at - 1, place - 1  # names and common words
        begin = self._before(at, place)
        while self._goes_on(self.end, other):
            shift = self._shift(self.end, other)
            if shift is None:
                self.differs = (at if begin is None else begin, self._last(self.end, other))
                return
            self.end, other = self._agreeing(self.end + shift[0], other + shift[1])
        if begin is not None:
            self.differs = begin, self.end - 1

    def _agreeing(self, at: int, place: int) -> tuple[int, int]:
        while at < len(self._mine) and place < len(self._theirs) and self._mine[at].key == self._theirs[place].key:
            at, place = at + 1, place + 1
        return at, place

    def _goes_on(self, at: int, place: int) -> bool:
        """Whether both go on in their sentences, and the letter without a break."""
        if at >= len(self._mine) or place >= len(self._theirs):
            return False
        return not self._breaks(at) and _STOPS not in (self._theirs[place].before, self._theirs[place - 1].before)

    def _breaks(self, at: int) -> bool:
        """Whether the letter begins another clause with a word, or with the “and” before it."""
        begins = self._mine[at - 1].before != _GOES_ON and self._mine[at - 1].key in _LEADS
        return self._mine[at].before != _GOES_ON or begins

    def _shift(self, at: int, place: int) -> tuple[int, int] | None:
        """How many words on either side reported speech changed here, if both agree again behind them."""
        for size in range(1, 2 * _SHIFTED + 1):
            for own in range(max(0, size - _SHIFTED), min(size, _SHIFTED) + 1):
                other = size - own
                if self._agree_at(at + own, place + other) and _is_shifted(
                    self._mine[at : at + own], self._theirs[place : place + other]
                ):
                    return own, other
        return None

    def _agree_at(self, at: int, place: int) -> bool:
        """Whether the next words agree, or the letter breaks off there."""
        if at >= len(self._mine) or self._breaks(at):
            return True
        return self._agreeing(at, place)[0] - at >= _MIN_WORDS_AGREEING_AGAIN

    def _last(self, at: int, place: int) -> int:
        """The last word that is shown behind a difference: where both agree again, the last that does."""
        for size in range(1, 2 * _WIDEST + 1):
            for own in range(max(0, size - _WIDEST), min(size, _WIDEST) + 1):
                end, _ = self._agreeing(at + own, place + size - own)
                if end - at - own >= _MIN_WORDS_AGREEING_AGAIN:
                    return end - 1
        end = at + 1
        while end < min(len(self._mine), at + _LONGEST_REST) and self._mine[end].before == _GOES_ON:
            end += 1
        return end - 1

    def _before(self, at: int, place: int) -> int | None:
        """The first word of what agrees before a run, if something differs between."""
        own, other = self._stretch(self._mine, at), self._stretch(self._theirs, place)
        for size in range(1, 2 * _WIDEST + 1):
            for gap in range(max(0, size - _WIDEST), min(size, _WIDEST) + 1):
                mine, theirs = self._mine[at - gap : at], self._theirs[place - size + gap : place]
                fewest = _MIN_WORDS_AGREEING_AGAIN if _turns(mine, theirs) else _MIN_WORDS_BEFORE
                is_dropped = not mine or not theirs
                agreeing = self._agreeing_before(at - gap, place - size + gap, own, other, fewest, is_dropped)
                if agreeing is not None:
                    return None if _is_shifted(mine, theirs) else agreeing
        said, published = self._mine[max(own, at - 4) : at], self._theirs[max(other, place - 3) : place]
        if any(map(_is_negation, published)) and not any(map(_is_like_negation, said)):
            return max(own, at - len(said))
        if said and published and _is_number(said[-1]) and _is_number(published[-1]):
            return at - 1
        return None

    @staticmethod
    def _stretch(words: Sequence[_Word], at: int) -> int:
        """Where the sentence of a word begins, or not far before it."""
        first = at
        while first > 0 and words[first].before != _STOPS and at - first < 2 * _WIDEST + _MIN_WORDS_AGREEING_AGAIN:
            first -= 1
        return first

    def _agreeing_before(self, at: int, place: int, own: int, other: int, fewest: int, is_dropped: bool) -> int | None:
        """The first of the words that agree before a difference, if they are so many and no chance. Where a word is
        dropped or put in, few do if both sentences begin with them.
        """
        first = at
        while first > own and place > other and self._mine[first - 1].key == self._theirs[place - 1].key:
            first, place = first - 1, place - 1
        words = self._mine[first:at]
        is_telling = len(words) > _MIN_WORDS_AGREEING_AGAIN or any(word.key not in _COMMON for word in words)
        if is_dropped and words and words[0].before == _STOPS == self._theirs[place].before:
            fewest = _MIN_WORDS_AGREEING_AGAIN
        return first if len(words) >= fewest and is_telling else None


def _is_negation(word: _Word) -> bool:
    return word.key in NEGATIONS or word.key.endswith("n't")


def _is_like_negation(word: _Word) -> bool:
    return _is_negation(word) or DENIAL.match(word.key) is not None


def _turns(mine: Sequence[_Word], theirs: Sequence[_Word]) -> bool:
    """Whether words differ in a number, or in whether they deny something."""
    numbers = [[word.key for word in side if _is_number(word)] for side in (mine, theirs)]
    return numbers[0] != numbers[1] or any(map(_is_like_negation, mine)) != any(map(_is_like_negation, theirs))


def _is_number(word: _Word) -> bool:
    return word.key[:1].isdigit() or word.key in NUMBER_WORDS


def _is_shifted(mine: Sequence[_Word], theirs: Sequence[_Word]) -> bool:
    """Whether words differ from those published only as reported speech does."""
    own, other = ([word.key for word in side if not _is_person(word)] for side in (mine, theirs))
    if not own or not other:
        is_shifted = all(key in _FILLERS for key in own + other)
    else:
        is_shifted = len(own) == len(other) and all(map(_is_form, own, other))
    return is_shifted and not _are_others(mine, theirs)


def _are_others(mine: Sequence[_Word], theirs: Sequence[_Word]) -> bool:
    """Whether each side names somebody, so that one was put for another: “the mother” for “the father”."""
    own, other = ({word.key for word in side if _is_person(word) and not _is_stand_in(word)} for side in (mine, theirs))
    return bool(own and other and own != other)


def _is_person(word: _Word) -> bool:
    return word.is_name or word.key in _PEOPLE or _is_stand_in(word)


def _is_stand_in(word: _Word) -> bool:
    """Whether a word may stand for any person: a pronoun, “my client”, or “Mrs X”."""
    key = word.key.removesuffix("'s")
    is_letter = len(key) == 1 and key.isalpha()
    return key in _STAND_INS or is_letter or key.startswith(("client", "compl"))


def _is_form(one: str, other: str) -> bool:
    """Whether two words are forms of one, or one becomes the other in reported speech."""
    if one == other or any(one in shift and other in shift for shift in _SHIFTS):
        return True
    if one in _PRONOUNS and other in _PRONOUNS:
        return True
    stems = [{word, *(word.removesuffix(ending) for ending in _ENDINGS)} for word in (one, other)]
    return any(len(stem) > 2 and not stem[-1:].isdigit() for stem in stems[0] & stems[1])
