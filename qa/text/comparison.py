"""Whether a quotation stands in another text word for word, and what is nearest to it where it does not. Pure.

A text has a quotation *word for word* if it has the same words and the same punctuation in the same case; line breaks,
characters without width, the shape of quotation marks, apostrophes and hyphens, and the marks that a list had where it
was copied, do not count; nor does what whoever quotes marks as their own: [T]he for “the”, and [sic]. A quotation
begins and ends with whole words: “£1,50” does not stand in “£1,500”.

What is nearest to a quotation is told with every difference, so that nobody need look for it. Which of two wordings is
right is not for this module to say.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from index.decisions import WIDTHLESS
from qa.text.quotations import unpasted

Kind = Literal["same", "left_out", "put_in"]
Spend = Callable[[int], object]
"""Is called with each part of the work before it is done, in characters that are looked through, and may raise."""


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
_COUNTING = r"\(?(?:[a-z]|[ivx]{1,4})\)|\(?[0-9]{1,3}[.)]"  # the items of a list
_COUNTED_MARK = re.compile(rf"^[^\S\n]*(?P<mark>{_COUNTING})[^\S\n]+(?P<rest>.*)", re.MULTILINE)
_LIST_MARK = re.compile(rf"^[^\S\n]*(?:[•◦▪●‣∙·*–-]|{_COUNTING})[^\S\n]+|[•◦▪●‣]\s*", re.MULTILINE)
_SIC = re.compile(r"(?<!\s)\s*+[\[(]sic[\])]", re.IGNORECASE)
_ENCLOSED = re.compile(  # in marks of the writer's own, right within those of the quotation
    r"(?P<stress>\*{1,3}|_{1,3})(?P<stressed>[^*_]+)(?P=stress)|‘(?P<single>[^‘]+)’|'(?P<straight>[^']+)'"
)
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-‐]\r?\n[^\S\n]*(?=[a-z])")  # at the end of a line
_MAX_MARKED_WORDS = 3  # words such as [T]he that are tried with and without a capital
_AS_PUBLISHED = str.maketrans(dict.fromkeys(_SINGLE, "'") | {"‐": "-", "‑": "-"})
_TYPOGRAPHERS = frozenset(".,;")  # what they put within the quotation marks, whether it was there or not
_SENTENCE_STOPS = frozenset(".!?•◦▪●‣")
_MAX_QUOTATION_TOKENS = 20_000  # of a quotation; no decision has so many
_BEGINNING, _READING = 500, 1_000  # characters' worth of work: to look for anything, and to read a character
# The same: to see which words a text has, to begin to align a quotation with it, and to align a word with it and with
# each token of it.
_SHARING, _ALIGNING, _ALIGNING_WORD, _ALIGNING_TOKEN = 3_000, 60_000, 12_000, 6
_MAX_TEXTS_CACHED = 500  # published texts whose tokens are kept, for a text is compared with many quotations
# Of those so long that they are many paragraphs together; the tokens of one take a megabyte or two.
_LONG, _MAX_LONG_TEXTS_CACHED = 10_000, 60


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
        parts = [_part(token) for token in self.all]
        self.joined = "".join(parts)
        begins = itertools.accumulate(map(len, parts), initial=0)
        self._starts = [begin + token.spaced for begin, token in zip(begins, self.all, strict=False)]
        self.is_new = True
        """Whether nobody has been told what it took to read the text."""

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

    def find(self, row: str, size: int, stop: str) -> tuple[int, int] | None:
        """Where so many tokens, joined, stand in a row, with the stop if it follows: in characters of the text."""
        at = self.joined.find(row)
        if at < 0:
            return None
        if stop and (whole := self.joined.find(row + stop, at)) >= 0:
            at, size = whole, size + 1
        first = bisect.bisect_left(self._starts, at)
        return self.all[first].start, self.all[first + size - 1].end


class _Wording:
    """The tokens of a quotation in one of the ways in which it may have been written.

    Nearly every text lacks one of its words: `keys` and `stretch` are what any text has where it stands, however
    [T]he is published and whether or not the last stop is there.
    """

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self.size = len(tokens) - (tokens[-1].key in _TYPOGRAPHERS)
        self.stop = "".join(map(_part, tokens[self.size :]))
        changing = frozenset(_marked(tokens)[:_MAX_MARKED_WORDS])
        certain = [(number not in changing, token) for number, token in enumerate(tokens[: self.size])]
        self.keys = frozenset(token.key for is_certain, token in certain if is_certain)
        stretches = (
            "".join(_part(token) for _, token in stretch)
            for is_certain, stretch in itertools.groupby(certain, key=lambda one: one[0])
            if is_certain
        )
        self.stretch = max(stretches, key=len, default="").lstrip(" ")

    @functools.cached_property
    def rows(self) -> tuple[str, ...]:
        """Whatever stands in a row where the quotation stands word for word, but for the last stop."""
        return tuple("".join(map(_part, tokens[: self.size])).lstrip(" ") for tokens in _unmarked(self._tokens))


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


def _published(text: str, spend: Spend) -> _Tokens:
    """The tokens of a published text; those of what somebody wrote are not kept."""
    published = _long_published(text) if len(text) > _LONG else _short_published(text)
    is_new, published.is_new = published.is_new, False
    spend(_BEGINNING + is_new * _READING * len(text))
    return published


_short_published = functools.lru_cache(maxsize=_MAX_TEXTS_CACHED)(_Tokens)
_long_published = functools.lru_cache(maxsize=_MAX_LONG_TEXTS_CACHED)(_Tokens)


@functools.lru_cache(maxsize=2)
def _wanted(quoted: str) -> tuple[tuple[_Token, ...], ...]:
    """The tokens of a quotation as it was written, without the marks of lists, and with the words joined that a line's
    end broke, where it has words.

    The last one alone is kept, for it is looked for in many texts. None of one that is longer than any decision.
    """
    quoted = _SIC.sub("", unpasted(quoted))
    enclosed = _ENCLOSED.fullmatch(quoted.strip())
    bare = _LIST_MARK.sub(" ", enclosed[enclosed.lastgroup or 0] if enclosed else quoted)
    joined = (_BROKEN_WORD.sub(hyphen, bare) for hyphen in ("-", ""))
    written: dict[tuple[_Token, ...], None] = {}
    for said in dict.fromkeys((quoted, bare, *joined)):
        tokens = tuple(itertools.islice(_tokens(said), _MAX_QUOTATION_TOKENS + 1))
        if len(tokens) > _MAX_QUOTATION_TOKENS:
            return ()
        if any(token.is_word for token in tokens):
            written[tokens] = None
    return tuple(written)


@functools.lru_cache(maxsize=2)
def _wordings(quoted: str) -> tuple[_Wording, ...]:
    written = {"".join(map(_part, tokens)): tokens for tokens in reversed(_wanted(quoted))}
    return tuple(_Wording(tokens) for tokens in reversed(written.values()))


def list_marks(quoted: str) -> Iterator[tuple[str, str]]:
    """The numbers and letters of a list at the start of the lines of a quotation, each with the rest of its line.

    Where these are not published as they are, the quotation is looked for without them.
    """
    for match in _COUNTED_MARK.finditer(unpasted(quoted)):
        yield match["mark"], match["rest"].strip()


def size(quoted: str) -> int:
    """How many words and other characters of a quotation are compared with those of a text."""
    return len(next(reversed(_wanted(quoted)), ()))


def _unmarked(tokens: Sequence[_Token]) -> Iterator[Sequence[_Token]]:
    """The same tokens with [T]he as it may be published: as it is, “The” and “the”."""
    marked = _marked(tokens)
    yield tokens
    for capitals in itertools.product((True, False), repeat=min(len(marked), _MAX_MARKED_WORDS)) if marked else ():
        changed = list(tokens)
        for number, capital in zip(marked, capitals, strict=False):
            word = tokens[number].key.replace("[", "").replace("]", "")
            word = (word[0].upper() if capital else word[0].lower()) + word[1:]
            changed[number] = tokens[number]._replace(text=word, key=word)
        yield changed


def _marked(tokens: Sequence[_Token]) -> list[int]:
    """Which of some tokens are words such as [T]he."""
    return [number for number, token in enumerate(tokens) if token.is_word and token.text[0] == "["]


def _spend_freely(_: int) -> None:
    pass


def find(quoted: str, text: str, spend: Spend = _spend_freely) -> tuple[int, int] | None:
    """Where `quoted` stands in `text` word for word, in characters of `text`; None if it does not.

    A full stop, comma or semicolon at the end of `quoted` need not stand in `text`. The marks of a list at the start of
    its lines need not either.
    """
    published = _published(text, spend)
    looked_through = len(published.joined) + _BEGINNING
    for wording in _wordings(quoted):
        if not wording.keys <= published.keys:
            continue
        spend(looked_through)
        if wording.stretch not in published.joined:
            continue
        spend(looked_through * len(wording.rows))
        for row in wording.rows:
            if found := published.find(row, wording.size, wording.stop):
                return found
    return None


# Comparing. Each agreement counts for a stretch, each word more or less against it; in thousandths of a word.

_AGREES, _NEARLY_AGREES, _MARK_AGREES = 1000, 900, 200
_WORD_MORE, _MARK_MORE = 250, 50
_SKIPPED = 1  # a word that an ellipsis leaves out: of two places to go on at, the nearer one
_MIN_SIMILARITY = 0.5
_MIN_DIFFERING_WORDS = 3  # words that are looked for though they differ
_MAX_TEXTS_COMPARED = 8  # of many texts
_MAX_CELLS = 12_000_000  # words of both, multiplied; four times what a long paragraph and a long quotation have


def compare(quoted: str, text: str, spend: Spend = _spend_freely) -> Comparison | None:
    """The stretch of `text` that is nearest to `quoted`, and what differs.

    None where they have too little in common, and where both together are longer than any paragraph and its quotation.
    """
    published = _published(text, spend)
    said = list(next(reversed(_wanted(quoted)), ()))
    words = Counter(token.loose for token in said if token.is_word)
    # Of all words of both, as many as the share asks for can only agree if a third of those quoted do.
    if 3 * (words & published.words).total() < words.total() or not words:
        return None
    if len(said) * len(published.all) > _MAX_CELLS:
        return None
    spend(_ALIGNING + len(said) * (_ALIGNING_WORD + _ALIGNING_TOKEN * len(published.all)))
    said = list(max(_unmarked(said), key=lambda tokens: sum(token.key in published.keys for token in tokens)))
    pairs = _align(said, published)
    if not pairs:
        return None
    if said[-1].key in _TYPOGRAPHERS and pairs[-1][0] < len(said) - 1:
        said.pop()
    comparison = _diff(said, published.all, pairs)
    agreeing = sum(said[mine].is_word for mine, _ in pairs)
    if words.total() < _MIN_DIFFERING_WORDS and not (agreeing == words.total() and comparison.similarity == 1):
        return None
    return comparison if comparison.similarity >= _MIN_SIMILARITY else None


def nearest(quoted: str, texts: Sequence[str], spend: Spend = _spend_freely) -> list[tuple[int, Comparison]]:
    """Which of some texts have a wording near to a quotation, by their numbers, the nearest first.

    Only those are compared that have most of its words, each counting for more the fewer of them have it.
    """
    words = {token.loose for tokens in _wanted(quoted)[-1:] for token in tokens if token.is_word}
    having = []
    for text in texts:
        spend(_SHARING)
        having.append(words & _published(text, spend).words.keys())
    found_in = Counter(word for found in having for word in found)
    weights = {number: sum(1 / found_in[word] for word in found) for number, found in enumerate(having) if found}
    likely = sorted(weights, key=lambda number: -weights[number])[:_MAX_TEXTS_COMPARED]
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
            parts += [Difference("left_out", published_words), Difference("put_in", quoted_words)]
            parts.append(Difference("same", same))
            published_words = quoted_words = ""
        mine, theirs = at + 1, other + 1
    agreeing = sum(said[at].is_word for at, _ in pairs)
    words = sum(token.is_word for token in said)
    similarity = 2 * agreeing / (words + agreeing + words_left_out)
    told = itertools.groupby(filter(lambda part: part.text, parts), key=lambda part: part.kind)
    differences = tuple(Difference(kind, "".join(part.text for part in group)) for kind, group in told)
    is_abridged = has_gap and not differs
    return Comparison(published[begin].start, published[finish - 1].end, similarity, differences, is_abridged)


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
