"""Whether the figures of a sentence are in what it cites, and about the same there. Pure."""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.text.mentions import GENERATED_MENTION
from index.text.references import GENERATED_REFERENCE
from qa.generation.grounding.alignment import (
    CLAUSE_END,
    MIN_CLAUSE_SHARE,
    Flaw,
    Source,
    Text,
    figures_within,
    line_spans,
    where,
)
from qa.generation.grounding.names import COUPLE, names_in, people
from qa.generation.grounding.places import NEAR_CHARACTERS
from qa.generation.grounding.words import FUNCTION_WORDS, UBIQUITOUS_STEMS, stem, stems_of, words_of
from qa.text.figures import Figure, figures


@dataclass(frozen=True, slots=True)
class NumberContext:
    """A number, and what stands next to it: the stem before it, those of what it counts, what is written in one.

    `between` are the words right before and behind it, whatever they are; empty if there are not both.
    """

    number: Figure
    before: frozenset[str]
    behind: frozenset[str]
    token: str
    between: tuple[str, ...]


def wrong_figure(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """A figure is not there, or is about something or somebody else there, or has other bounds."""
    stems = stems_of(word for source in sources for word in source.headed.words)
    for word in sorted(claim.words & _COUNTING):
        if stem(word) not in stems:
            return Flaw("figure", f"“{word}” is not in {where(sources)}.")
    if (one := _counted_as_one(claim, sources)) is not None:
        return Flaw("figure", f"“{one}” is more than that in {where(sources)}.")
    text = GENERATED_MENTION.sub("", GENERATED_REFERENCE.sub("", claim.text))
    found = figures(text)
    for figure in found:
        if not any(figure.is_told_in(source.figures) for source in sources):  # one of them tells it whole
            return Flaw("figure", f"“{figure.written}” is not in {where(sources)}.")
        if figure.kind == "number" and figure.unit is None and not _counts_the_same(figure, text, found, sources):
            return Flaw("figure", f"“{figure.written}” is about something else in {where(sources)}.")
        if figure.kind == "sum" and (names := _nearest_names(claim.text, figure.written)):
            # Who gets which sum: not if each line that tells the sum names somebody, and never one of these.
            lines = [line for source in sources for line in _lines(source.whole.text)]
            named = [named for named, sums in lines if figure.is_told_in(sums)]
            if named and all(named) and not names <= frozenset().union(*named):
                return Flaw("figure", f"“{figure.written}” is about somebody else in {where(sources)}.")
    clauses = _clauses(text, found)
    for figure, bounds, _ in _bounded(text):
        beside = frozenset[str]().union(
            *(
                words
                for source in sources
                for there, _, words in _bounded(source.whole.text)
                if (there.kind, there.value, there.month) == (figure.kind, figure.value, figure.month or there.month)
                and _is_told_there((there,), figure)
            )
        )
        if unsaid := sorted(word for word in bounds if not (_BOUNDS.get(word, frozenset()) | {word}) & beside):
            return Flaw("figure", f"“{unsaid[0]}” is not beside “{figure.written}” in {where(sources)}.")
    nearness = [(source, functools.cache(source.shares)) for source in sources]
    # Each of several paragraphs must say the half of a clause, for what they say only together none of them says.
    least = MIN_CLAUSE_SHARE if len(sources) > 1 else 0.0
    for figure in found:
        if _OF_LAW.search(text, max(0, figure.start - NEAR_CHARACTERS), figure.start):
            continue  # it counts nothing, and names the same wherever it stands
        if not any(_is_told_with(figure, clauses, source, shares, least) for source, shares in nearness):
            return Flaw("figure", f"“{figure.written}” is in another sentence of {where(sources)}.")
    return None


@functools.lru_cache(maxsize=512)  # as of all that is read of the same few paragraphs
def _lines(text: str) -> tuple[tuple[frozenset[str], tuple[Figure, ...]], ...]:
    """The people and the figures of each line of a paragraph."""
    parts = figures_within(figures(text), line_spans(text))
    return tuple(zip(map(people, text.split("\n")), parts, strict=True))


@functools.lru_cache(maxsize=512)
def _numbers(text: str) -> tuple[NumberContext, ...]:
    """Each figure of a text that is a number without a unit."""
    found = figures(text)
    return tuple(_context(text, one, found) for one in found if one.kind == "number" and one.unit is None)


# Words beside a figure that make more or less of it, or another time, each with those that say the same.
_BOUNDS = {
    word: frozenset(equals.split())
    for word, equals in {
        "within": "in inside of under", "over": "more above exceed exceeds exceeded exceeding during",
        "above": "over more", "under": "below less fewer", "below": "under less fewer", "up": "maximum most within",
        "more": "over above least minimum exceed exceeds exceeded exceeding", "less": "under below fewer",
        "fewer": "less under", "least": "minimum", "most": "maximum up", "until": "till by to", "till": "until by to",
        "before": "by until prior ahead", "by": "before until within", "since": "from after began beginning",
        "from": "since after of dated between began beginning",
        "after": "later following from since", "following": "after next later", "later": "after following",
        "earlier": "before previously ago", "ago": "earlier before", "late": "later overdue delay delayed",
        "every": "each per", "per": "each every a an", "once": "one", "twice": "two times", "thrice": "three times",
        "about": "around approximately some roughly", "around": "about approximately some roughly",
        "nearly": "almost", "almost": "nearly", "except": "but", "another": "further additional second",
        "further": "another additional", "additional": "another further", "minus": "", "plus": "", "half": "",
        "instead": "", "double": "twice", "prior": "before",
    }.items()
}  # fmt: skip
_BOUNDS_BEHIND = frozenset("later earlier ago late less more fewer or once twice thrice per every".split())
_BOUND_CHARACTERS = 40  # characters in which they are looked for
_SIGN_BEFORE = re.compile(r"(?<![^\s(\[“‘])[-–−—~+<>≈±*]+\Z")
_SIGN_BEHIND = re.compile(r"\s?[+*]|/[^\W\d]|\s?[x×]\s?\d")
_THOUSANDTHS = re.compile(r"\.\d{3}")  # £950.000 may be many thousands


@functools.lru_cache(maxsize=512)
def _bounded(text: str) -> tuple[tuple[Figure, frozenset[str], frozenset[str]], ...]:
    """Each figure of a text with the words and signs that bound it, and all that stand within two words of it.

    A word that is not next to a figure bounds it if what stands between tells nothing: “more than”, no “under section”.
    """
    bounded = []
    for figure in figures(text):
        ahead_of_it = text[max(0, figure.start - _BOUND_CHARACTERS) : figure.start]
        before = [*words_of(_BREAK.split(ahead_of_it.rstrip("£ "))[-1])][-2:]
        behind = [*words_of(_BREAK.split(text[figure.end : figure.end + _BOUND_CHARACTERS])[0])][:2]
        signs = {
            match[0].strip()
            for match in (
                _SIGN_BEFORE.search(ahead_of_it),
                _SIGN_BEHIND.match(text, figure.end),
                _THOUSANDTHS.search(figure.written) if figure.kind == "sum" else None,
            )
            if match
        }
        ahead = frozenset(before[-1:] + [word for word in before[:1] if before[-1] in FUNCTION_WORDS])
        after = frozenset(behind[:1] + [word for word in behind[1:] if behind[0] in FUNCTION_WORDS])
        past = {"after", "before", "following"} if figure.unit else set[str]()  # “a month after the visit”
        bounds = {word for word in ahead if word in _BOUNDS} | (after & (_BOUNDS_BEHIND | past) & _BOUNDS.keys())
        bounded.append((figure, frozenset(bounds | signs), frozenset([*before, *behind, *signs])))
    return tuple(bounded)


_AS_ONE = re.compile(r"\b(one|first|single)\s{1,9}(?:\w{1,30}\s{1,9})?([^\W\d_]{3,40})\b", re.IGNORECASE)


def _counted_as_one(claim: Text, sources: Sequence[Source]) -> str | None:
    """“One visit” or “the first visit”, which is no figure, where the paragraphs count visits, and never one."""
    for match in _AS_ONE.finditer(claim.text):
        counted = {stem(word) for word in words_of(match[0]) if word not in FUNCTION_WORDS}
        other = any(counted & there.behind for source in sources for there in _numbers(source.whole.text))
        if match[1].casefold() == "first" and any("first" in source.whole.words for source in sources):
            continue
        ones = (one for source in sources for one in _AS_ONE.finditer(source.whole.text))
        if other and not any(counted & {stem(word) for word in words_of(one[0])} for one in ones):
            return match[0]
    return None


_OF_LAW = re.compile(r"\b(?:sections?|regulations?|articles?|schedules?)\s{1,3}\Z", re.IGNORECASE)
_MIN_CLAUSE_STEMS = 3  # content words, at least, of a clause that by themselves find the sentence that says it


def _clauses(text: str, found: Sequence[Figure]) -> list[tuple[int, frozenset[str]]]:
    """The clauses of a text, each with where it ends and its stems, but for those that say nothing of what happened.

    These are the words of the figures `found` in it, and who is named: a paragraph goes on with “it” and “he”.
    """
    bare = list(text)
    for place, figure in enumerate(found):
        end = figure.end
        if place + 1 < len(found) and _LISTED.fullmatch(text, end, found[place + 1].start):
            end = found[place + 1].start  # no clause ends within “19 and 23 March”
        bare[figure.start : end] = " " * (end - figure.start)
    for couple in COUPLE.finditer(text):
        bare[couple.start(1) : couple.end(1)] = " " * len(couple[1])  # nor within “Mr X and Ms Z”
    plain = "".join(bare)
    ends = [*(match.end() for match in CLAUSE_END.finditer(plain)), len(text)]
    none = UBIQUITOUS_STEMS.union(stem(figure.unit) for figure in found if figure.unit)
    return [
        (end, frozenset(one for one in Text.read(plain[start:end]).stems - none if len(one) > 1))
        for start, end in itertools.pairwise([0, *ends])
    ]


def _is_told_with(
    figure: Figure,
    clauses: Sequence[tuple[int, frozenset[str]]],
    source: Source,
    nearness: Callable[[frozenset[str]], list[float]],
    least: float,
) -> bool:
    """Whether the sentence of a paragraph that is nearest to the clause of a figure tells the figure, too.

    If several say all of the clause, it is the shortest of these, as it says least besides. A clause that is short, or
    as near to sentences that do not tell the figure, is read with those next to it, first with those behind it.
    """
    sentences = source.sentences
    candidates = [*range(len(sentences))]
    last = bisect.bisect_right(clauses, figure.start, hi=len(clauses) - 1, key=lambda one: one[0])
    first, stems = last, clauses[last][1]
    while True:
        shares = nearness(stems)
        best = max((shares[one] for one in candidates), default=0.0)
        nearest = [one for one in candidates if shares[one] >= best]
        if len(stems) >= _MIN_CLAUSE_STEMS or len(clauses) == 1 + last - first:
            return best >= least and any(_is_told_there(sentences[one].figures, figure) for one in nearest)
        if stems and best >= max(least, MIN_CLAUSE_SHARE):
            if best == 1:
                candidates = nearest
                fewest = min(len(sentences[one].stems) for one in nearest)
                nearest = [one for one in nearest if len(sentences[one].stems) == fewest]
            if all(_is_told_there(sentences[one].figures, figure) for one in nearest):
                return True
        known = stems
        while stems == known and len(clauses) > 1 + last - first:
            if last + 1 < len(clauses):
                last += 1
                stems |= clauses[last][1]
            else:
                first -= 1
                stems |= clauses[first][1]


def _is_told_there(there: Sequence[Figure], figure: Figure) -> bool:
    """Whether a sentence has a figure that its paragraph has; a day or month there may be of a year before it."""
    return figure.is_told_in(there) or (
        figure.month is not None
        and any(
            one.month == figure.month and figure.day in (None, one.day) and one.year in (None, figure.year)
            for one in there
        )
    )


def _counts_the_same(number: Figure, text: str, found: Sequence[Figure], sources: Sequence[Source]) -> bool:
    """Whether a number without a unit is about the same as in a paragraph.

    It counts the same, as in “three visits”, or stands behind the same word, as in “section 47”; that does not do if
    both count, and not the same. A number by itself, as in “(no 28)” or “at [28]:”, is read as the number of a
    paragraph; that one says 28 of something else does not make it so.
    """
    here = _context(text, number, found)
    for there in (one for source in sources for one in _numbers(source.whole.text)):
        if not number.is_told_in((there.number,)):  # 28 days are no 28
            continue
        if here.behind & there.behind or (here.token and here.token == there.token):
            return True
        if here.between and here.between == there.between:
            return True
        if here.before & there.before and not (here.behind and there.behind):
            return True
    return False


_MAX_IN_A_ROW = 9  # numbers, at most, on either side of one, that count the same
_MAX_COUNTED_WORDS = 3  # words behind a number, at most, that tell what it counts
_CONTEXT_CHARACTERS = 80  # characters in which these are looked for, and the one before it
_BREAK = re.compile(r"[^\w\s’'&-]")
_LISTED = re.compile(r"(?:[\s,&/–-]|\b(?:and|or|to)\b)+")  # between the numbers of “flats 3, 4 and 5”
_BETWEEN = frozenset("and or to of the a between from".split())  # “flats 3 and 4”, “at the age of 4”
_MORE_OF_THEM = frozenset("further more other such same own different".split())  # “three further visits”
_LIKE_THIS = re.compile(r"\w{2}(?:ed|ing|al|ive|ous|ful|ary|ent|ant|able|ible|ic)\Z")  # “12 recorded visits”
_PLACE_WORDS = frozenset(
    """number numbers num numbered no nr par para paras paragraph paragraphs page pages item items line lines clause
    clauses citation citations cite cited reference references quote quoted entry row footnote footnotes""".split()
)


def _context(text: str, number: Figure, found: Sequence[Figure]) -> NumberContext:
    """What stands next to a number, of all figures `found` in its text, up to the next of them.

    Numbers in a row, “3, 4 and 5 visits”, count the same.
    """
    at = bisect.bisect_left(found, number.start, key=lambda one: one.start)
    first = last = at
    while first > max(0, at - _MAX_IN_A_ROW) and _LISTED.fullmatch(text, found[first - 1].end, found[first].start):
        first -= 1
    while last + 1 < min(len(found), at + _MAX_IN_A_ROW) and _LISTED.fullmatch(
        text, found[last].end, found[last + 1].start
    ):
        last += 1
    begins, ends = found[first].start, found[last].end
    before = text[max(0, begins - _CONTEXT_CHARACTERS, found[first - 1].end if first else 0) : begins]
    behind = text[ends : min(ends + _CONTEXT_CHARACTERS, found[last + 1].start if last + 1 < len(found) else len(text))]
    said, says = [*words_of(_BREAK.split(before)[-1])], [*words_of(_BREAK.split(behind)[0])]
    none = FUNCTION_WORDS | _PLACE_WORDS
    nearest = [word for word in said if word not in _BETWEEN][-1:]
    counted: list[str] = []
    for word in itertools.islice(itertools.dropwhile(_MORE_OF_THEM.__contains__, says), _MAX_COUNTED_WORDS):
        if word in FUNCTION_WORDS:
            break
        counted.append(word)
        if not _LIKE_THIS.search(word):
            break
    between = (said[-1], says[0]) if said and says and not _PLACE_WORDS.intersection((said[-1], says[0])) else ()
    return NumberContext(
        number,
        stems_of(word for word in nearest if word not in none),
        stems_of(counted),
        _token(text, number),
        between,
    )


def _token(text: str, figure: Figure) -> str:
    """What is written in one with a figure, as in “20(3)”; nothing if that is only the figure and marks around it."""
    before = text[max(0, figure.start - _CONTEXT_CHARACTERS) : figure.start].rpartition(" ")[2].lstrip("([“‘\"'")
    behind = re.split(r"\s", text[figure.end : figure.end + _CONTEXT_CHARACTERS], maxsplit=1)[0].rstrip(")]”’\"'.,;:!?")
    return f"{before}{text[figure.start : figure.end]}{behind}".casefold() if before or behind else ""


# Words that count or bound; each must stand in the paragraph in some form of its own.
_COUNTING = frozenset(
    """fortnight fortnightly daily weekly monthly quarterly annual annually yearly hourly nightly dozen couple
    half quarter most double triple hundred hundreds thousand thousands million millions grand days weeks months
    years each calendar working spring summer autumn winter final last eleventh twelfth thirteenth fourteenth
    fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth least maximum minimum
    monday tuesday wednesday thursday friday saturday sunday""".split()
)


def _nearest_names(text: str, written: str) -> set[str]:
    """The name that stands nearest to each place where a figure is written so."""
    names = names_in(text)
    places = [match.start() for match in re.finditer(rf"{re.escape(written)}(?!\d|[.,]\d)", text)]
    return {min(names, key=lambda name: abs(name[0] - at))[1] for at in places} if names else set()
