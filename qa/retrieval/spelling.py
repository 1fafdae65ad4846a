"""A question → the words that are mistyped in it, and what is read instead. No I/O but its lists of words.

A word is read otherwise only where all of this holds:

  - It is no word: no text of the index has it in any form, no body is called so, and it stands in no list. The lists
    are the English one that symspellpy comes with, of 82,765 words with their frequencies, and spelling.json: what
    people type to each other, what the first lacks, names of people and of places that are no councils. American
    spellings that they lack are read as British ones.
  - It has four letters or more, no digits, is no abbreviation, and no name after “Mr” and the like.
  - What is read is held: some text has it in some form, or it is a word of the name of a body. Where a word that is
    not held is likelier, the question is about that, and stays as it is.
  - It begins with the same letter, or with the same two changed about, and is within the errors that `_WORDS` and
    `_NAMES` let through. Names have less: there are more of them than any list has.
  - It is three times likelier than any other word, save its own forms.

How likely it is that a word was meant is told as by Kernighan, Church and Gale (A spelling correction program based on
a noisy channel model, 1990): how often the word stands in the index and in English, and how likely the errors are. They
are those of Damerau and Levenshtein; those that people make more often count less than 1: letters that changed places,
a letter once instead of twice, one vowel for another, a key for the one beside it.

Two words are read as one, or one as two, where that makes words that are held of some that are not.

A question of which more stays unknown than is understood, three words at least, is no English; nothing in it is read
otherwise.
"""

from __future__ import annotations

import functools
import importlib.resources
import itertools
import json
import math
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.store import Store
from index.text.body_names import TITLES
from index.text.councils import councils
from index.text.stemming import stem

_LISTS = Path(__file__).parent / "spelling.json"
_ENGLISH = "frequency_dictionary_en_82_765.txt"

_MIN_LETTERS = 4  # letters of a word that may be mistyped
_MIN_LETTERS_EACH = 4  # letters of each of two words that are written as one, or apart
_MAX_LOOKED_UP = 16  # words of one question at most; each takes up to a millisecond, and so many are no English
_MAX_UNKNOWN = 2  # words that may stay unknown in any question

_DECADES_PER_ERROR = 3.0  # by which an error makes a word less likely
_MIN_DECADES_AHEAD = 0.5  # decades by which a word must be likelier than any other
_DECADES_FOR_CAPITAL = 1.5  # decades by which a capital within a sentence makes a name likelier
_MIN_LIKELIHOOD_HELD = 1e-3  # how likely a word of the name of a body that is held is at least, and of any other body
_MIN_LIKELIHOOD_OTHER = 1e-5
_MIN_SHARE_ORDINARY = 4e-5  # share of English of a word that is ordinary, though in names: “city”, “east”, “reading”
_MIN_TEXTS = 3  # texts in which a word stands that is in no list, and yet no error
_MIN_SHARE_JOINED = 1e-5  # share of English of a word that may be run together with another
_MIN_LETTERS_WITH_CAPITAL = 8  # letters of a word that may be mistyped though it has a capital within a sentence

# How much an error counts.
_DOUBLED, _SWAPPED, _VOWEL_MISSING, _ALIKE, _NEAR, _ERROR, _FAR = 0.6, 0.7, 0.7, 0.8, 0.9, 1.0, 1.5
_ROUNDED = 0.01
_Limits = tuple[tuple[float, float], ...]
_TOUCHED: _Limits = ((5, 1), (11, 2), (math.inf, 3))  # letters of a word, up to so many letters that are not as written
_WORDS: _Limits = ((4, 0.7), (5, 0.9), (7, 1.4), (11, 2.0), (math.inf, 2.6))  # likewise, errors as they count
_NAMES: _Limits = ((4, 0.7), (7, 0.9), (11, 1.2), (math.inf, 2.6))
_VOWELS = frozenset("aeiouy")
_SOUNDS = frozenset(map(frozenset, ("cs", "ck", "sz", "gj")))
_KEYS = frozenset(frozenset(pair) for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm") for pair in itertools.pairwise(row))

_PREFIXES = ("un", "re", "non", "over", "under", "mis", "pre", "multi", "anti", "inter", "self")
_MIN_LETTERS_PREFIXED = 5  # letters of a word without its prefix

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_ADDRESSES = ("@", "://", "www.", "_")  # of a page, of mail, or in a name with an underscore
_BEGINNING = frozenset(".?!:;…•\"'“”‘’()[]\n")  # what a sentence begins after


@dataclass(frozen=True, slots=True)
class Correction:
    """What is read instead of `written`, which stands from `start` to `end` of a question, in characters."""

    start: int
    end: int
    written: str
    read: str


def corrected(question: str, corrections: Iterable[Correction]) -> str:
    """The question as it is read; the corrections must be those of this question, in its order."""
    parts, end = [], 0
    for correction in corrections:
        parts += [question[end : correction.start], correction.read]
        end = correction.end
    return "".join((*parts, question[end:]))


def council_names() -> tuple[str, ...]:
    """The names of the councils of England and their short forms."""
    return tuple(name for council in councils() for name in (council.name, *council.short))


@functools.cache
def english() -> Mapping[str, float]:
    """The words of English, in small letters, each with its share of all words that are written."""
    fields = (importlib.resources.files("symspellpy") / _ENGLISH).read_text(encoding="utf-8-sig").split()
    counts = dict(zip(fields[::2], map(int, fields[1::2]), strict=True))
    every = sum(counts.values())
    return {word: count / every for word, count in counts.items()}


@functools.cache
def _listed() -> frozenset[str]:
    lists = json.loads(_LISTS.read_text(encoding="utf-8"))
    return frozenset(word for lines in lists.values() for line in lines for word in line.split())


class Speller:
    """Reads the words of questions to one version of an index; may be used from several threads."""

    def __init__(self, held: Store, bodies: Iterable[str], others: Iterable[str] = ()) -> None:
        """`bodies` are the names of those that are held, `others` of those that need not be.

        What takes long is made when a question first has a word that is not known.
        """
        self._held = held
        self._names = dict.fromkeys(_words_of(others), _MIN_LIKELIHOOD_OTHER) | dict.fromkeys(
            _words_of(bodies), _MIN_LIKELIHOOD_HELD
        )
        self._counted: _Counted | None = None
        self._counting = threading.Lock()

    def correct(self, question: str) -> tuple[Correction, ...]:
        """What is mistyped in a question of 2,000 characters at most, in its order."""
        spans = [match.span() for match in _WORD.finditer(question)]
        found, unknown, left = self._joined(question, spans), 0, 0
        for start, end in spans:
            if self._is_word(question[start:end].casefold()):
                continue
            word = _mistyped(question, start, end)
            if word is None or self._is_known(word.folded):
                continue
            unknown += 1
            if unknown > _MAX_LOOKED_UP:
                return ()
            if (read := self._read(word)) is not None:
                found.append(Correction(start, start + len(word.text), word.text, _cased(read, word.text)))
            elif not word.is_capital:
                left += 1
        return () if left > max(_MAX_UNKNOWN, len(found)) else tuple(sorted(found, key=lambda each: each.start))

    def _is_word(self, word: str) -> bool:
        return word in english() or word in self._names or word in _listed()

    def _is_known(self, word: str) -> bool:
        """Whether it stands in a list, also with an “s” or a prefix, or in a text."""
        if self._is_word(word) or (word.endswith("s") and self._is_word(word[:-1])):
            return True
        without = (word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix))
        is_prefixed = any(len(rest) >= _MIN_LETTERS_PREFIXED and rest in english() for rest in without)
        return is_prefixed or self._is_held(word)

    def _is_held(self, word: str) -> bool:
        return any(found.is_held for found in self._held.words(word))

    def _read(self, word: _Mistyped) -> str | None:
        """What is read for a word that is not known, in small letters."""
        scored = self._likeliest(word)
        if not scored:
            return None if word.is_capital else self._apart(word.folded)
        (best, cost, read), *others = scored
        if any(score > best - _MIN_DECADES_AHEAD and stem(other) != stem(read) for score, _, other in others):
            return None
        if read in self._names:
            return read
        if word.is_capital and (len(word.folded) < _MIN_LETTERS_WITH_CAPITAL or cost > _ERROR):
            return None  # rather a name that no list has
        return read if self._is_held(read) else None

    def _likeliest(self, word: _Mistyped) -> list[tuple[float, float, str]]:
        """What may be meant, likeliest first: the logarithm of how likely it is, its errors, and the word."""
        index, size = self._made(), len(word.folded)
        near = []
        for read, touched in (*_english_shelves().near(word.folded), *index.shelves.near(word.folded)):
            likely = max((english().get(read, 0.0) + index.shares.get(read, 0.0)) / 2, self._names.get(read, 0.0))
            capital = _DECADES_FOR_CAPITAL if word.is_capital and read in self._names else 0.0
            near.append((math.log10(likely) + capital, touched, read))
        # The least that so many letters can count tells of nearly all of them that they are not meant.
        near.sort(key=lambda each: _DECADES_PER_ERROR * _DOUBLED * each[1] - each[0])
        scored: list[tuple[float, float, str]] = []
        best = -math.inf
        for likely, touched, read in near:
            if likely - _DECADES_PER_ERROR * _DOUBLED * touched < best - _MIN_DECADES_AHEAD:
                break
            cost = errors(word.folded, read)
            if cost < _up_to(_NAMES if read in index.proper else _WORDS, size) + _ROUNDED:
                scored.append((likely - _DECADES_PER_ERROR * cost, cost, read))
                best = max(best, scored[-1][0])
        return sorted(scored, reverse=True)

    def _made(self) -> _Counted:
        with self._counting:
            if self._counted is None:
                vocabulary = self._held.vocabulary()
                every = max(1, sum(vocabulary.values()))
                shares = {word: count / every for word, count in vocabulary.items() if len(word) >= _MIN_LETTERS}
                own = {word for word in shares if vocabulary[word] >= _MIN_TEXTS} | self._names.keys()
                proper = frozenset(name for name in self._names if english().get(name, 0.0) < _MIN_SHARE_ORDINARY)
                self._counted = _Counted(shares, _Shelves(own - english().keys()), proper)
            return self._counted

    def _apart(self, word: str) -> str | None:
        """The two words that were run together in one, where only one pair can be meant."""
        splits = ((word[:at], word[at:]) for at in range(_MIN_LETTERS_EACH, len(word) - _MIN_LETTERS_EACH + 1))
        pairs = [pair for pair in splits if all(map(self._is_joinable, pair))]
        return " ".join(pairs[0]) if len(pairs) == 1 else None

    def _is_joinable(self, word: str) -> bool:
        return english().get(word, 0.0) > _MIN_SHARE_JOINED and self._is_held(word)

    def _joined(self, question: str, spans: Sequence[tuple[int, int]]) -> list[Correction]:
        """Words that were written apart: of which one is not held, while both together are a word that is."""
        found: list[Correction] = []
        for (start, middle), (after, end) in itertools.pairwise(spans):
            if after - middle != 1 or min(middle - start, end - after) < _MIN_LETTERS_EACH or question[middle] != " ":
                continue
            parts = question[start:middle], question[after:end]
            joined = "".join(parts).casefold()
            if (
                joined in english()
                and parts[1].islower()
                and not all(map(self._is_held, parts))
                and self._is_held(joined)
                and not (found and found[-1].end > start)
            ):
                written = question[start:end]
                found.append(Correction(start, end, written, _cased(joined, written)))
        return found


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is made of an index once: the share of it that each word has, and its words that the English list lacks.

    `proper` are the words of names but those that are ordinary words too, such as “council”.
    """

    shares: Mapping[str, float]
    shelves: _Shelves
    proper: frozenset[str]


class _Shelves:
    """Words by their first two letters and their length."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[tuple[str, int], list[str]] = {}
        self._begins: dict[str, set[str]] = {}
        for word in words:
            if len(word) >= _MIN_LETTERS:
                self._words.setdefault((word[:2], len(word)), []).append(word)
                self._begins.setdefault(word[0], set()).add(word[:2])

    def near(self, written: str) -> Iterator[tuple[str, int]]:
        """The words that may have been meant, each with how many of its letters are not as written."""
        most = int(_up_to(_TOUCHED, len(written)))
        begins = {*self._begins.get(written[0], ()), written[1] + written[0]}
        sizes = range(len(written) - most, len(written) + most + 1)
        words = [word for size in sizes for begin in begins for word in self._words.get((begin, size), ())]
        for word, touched, _ in process.extract(written, words, scorer=OSA.distance, score_cutoff=most, limit=None):
            yield word, touched


@functools.cache
def _english_shelves() -> _Shelves:
    return _Shelves(english())


@dataclass(frozen=True, slots=True)
class _Mistyped:
    """A word of a question without what follows its apostrophe; `is_capital` where its capital begins no sentence."""

    text: str
    folded: str
    is_capital: bool


def _mistyped(question: str, start: int, end: int) -> _Mistyped | None:
    """The word at a place of a question, if it is one that may be mistyped."""
    text, _, tail = question[start:end].replace("’", "'").partition("'")
    shouted = question.isupper()
    if len(text) < _MIN_LETTERS or not text.isalpha() or tail.casefold() not in ("", "s"):
        return None
    if not (text[1:].islower() or shouted):
        return None
    before = question[:start].rstrip()
    if _is_address(question, start, end) or before.rpartition(" ")[2].strip("(.").casefold() in TITLES:
        return None
    begins = not before or before[-1] in _BEGINNING or "\n" in question[len(before) : start]
    is_capital = text[0].isupper() and not begins and not shouted and not question.istitle()
    return _Mistyped(text, text.casefold(), is_capital)


def _is_address(question: str, start: int, end: int) -> bool:
    first = max(question.rfind(mark, 0, start) for mark in " \n\t") + 1
    return any(mark in question[first : end + 1] for mark in _ADDRESSES)


def _words_of(names: Iterable[str]) -> list[str]:
    return [word for name in names for word in _LETTERS.findall(name.casefold()) if len(word) >= _MIN_LETTERS]


def _cased(read: str, written: str) -> str:
    """What is read, with a capital where what is written has one."""
    if written.isupper():
        return read.upper()
    return read[0].upper() + read[1:] if written[0].isupper() else read


def _up_to(limits: _Limits, letters: int) -> float:
    return next(limit for most, limit in limits if letters <= most)


def errors(written: str, read: str) -> float:
    """How many errors lie between two words, as they count: the distance of optimal string alignment.

    It is not symmetric: a vowel is left out sooner than one too many is written.
    """
    missing = [_missing(read, at) for at in range(len(read))]
    above = [0.0, *itertools.accumulate(missing)]
    before = above
    for row, letter in enumerate(written):
        added = _added(written, row)
        now = [above[0] + added]
        for column, other in enumerate(read):
            cost = min(
                above[column + 1] + added, now[column] + missing[column], above[column] + _instead(letter, other)
            )
            if row and column and letter == read[column - 1] and other == written[row - 1]:
                cost = min(cost, before[column - 1] + _SWAPPED)
            now.append(cost)
        before, above = above, now
    return above[-1]


def _missing(read: str, at: int) -> float:
    """What it counts that this letter was not written."""
    if _is_double(read, at):
        return _DOUBLED
    return _VOWEL_MISSING if read[at] in _VOWELS or read[at] == "h" else _NEAR


def _added(written: str, at: int) -> float:
    """What it counts that this letter was written and should not be there."""
    if _is_double(written, at):
        return _DOUBLED
    return _NEAR if written[at] in _VOWELS and at + 1 < len(written) else _ERROR


def _instead(written: str, read: str) -> float:
    """What it counts that a letter was written instead of another."""
    if written == read:
        return 0.0
    if written in _VOWELS and read in _VOWELS:
        return _ALIKE
    pair = frozenset((written, read))
    if pair in _SOUNDS:
        return _ALIKE
    return _NEAR if pair in _KEYS else _FAR


def _is_double(word: str, at: int) -> bool:
    return word[at] in (word[at - 1 : at], word[at + 1 : at + 2])
