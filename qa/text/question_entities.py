"""A question → the bodies and references that it names, and the question without them.

What is named and held narrows the search; what is named and not held means that the decisions cannot answer. No I/O.

A *reference* counts in every form in which it is written, unless its digits are a sum, a date or part of a longer
number. One that is not held counts neither as the digits of a date nor after “account” or “phone”.

A *body* counts
  - by its full name, in any case;
  - by its *stem*, what is left of the name without “County Council”, “London Borough of”, “NHS Trust” and the like:
    where each of its words has a capital, or where a word such as “council”, “borough” or “case” follows. Where a kind
    is told, it must be the body's own: Kent City Council is not Kent County Council. A body held as just “Medway
    Council” may be told as any kind but a town or parish council.

A stem is whole words, and never part of a longer name: not West Kent, Kent Police, Mrs Kent or the University of Kent.
A stem that is an ordinary word, or the one word before “Surgery” or “Care Home”, never counts by itself,
wherever it stands in the sentence; it needs the word that follows. Where several bodies have one stem, it means all of
them. Where every word of a question has a capital, capitals tell nothing and count as small letters.

A body that is *not held* is recognised by capitals before “Council”, “Borough” or an NHS or children's “Trust”, or
after “London Borough of”; words that begin questions are no part of it. One word that begins a sentence is not taken
for a name before “council” in small letters. “North” and the like before a stem name another body than the stem's.
(“Brighton Council” is understood where Brighton and Hove is held.)

The councils of England (`qa.text.bodies`) are known by their places and short forms too, where they are spoken of as
councils (`qa.text.places`): “the Surrey case”, “what about Leeds?”, “did rbkc apologise”. So are held ones, where their
own names do not count. Where a council is not held and others that came after it are, it is told with them as its kin.

In the text a body becomes “the council” (“the trust”, “the school”), or goes without trace before “case”, after “in”,
and where it stands apart from the sentence. A reference goes, or becomes “the decision” where the sentence needs it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.decisions import Reference, fold
from index.text.body_names import DIRECTIONS, GENERIC, HEADS, KINDS, OWN_NOUN, Body, Key, body_of, lengths_of
from index.text.councils import Council, council_of
from index.text.references import LETTER_APART, TYPED_DIGITS, may_be_date
from qa.text.bodies import Kin, table
from qa.text.places import Place, is_spoken_of
from qa.text.question_words import ASKING, DETERMINERS, FOLLOWING, GERUND_AFTER, PLACING, PLAIN, QuestionWords


@dataclass(frozen=True, slots=True)
class QuestionEntities:
    """What a question names. `text` is the question without the names; it has words wherever the question has.

    `council` holds the full names of held bodies, `not_held` what is named but not held, as it was written. `kin` tells
    which held bodies came before or after one that is told and not held; where it is not in `not_held` either, as
    “Northants” is not where West Northamptonshire is held, it was read as them.
    """

    text: str
    council: tuple[str, ...]
    reference: tuple[Reference, ...]
    not_held: tuple[str, ...]
    kin: tuple[Kin, ...] = ()

    @property
    def is_unheld(self) -> bool:
        """Whether it names something, and nothing of it is held."""
        return bool(self.not_held) and not self.council and not self.reference


_HAS_WORD = re.compile(r"[^\W_]")

_DIGITS = re.compile(r"(?<!\w)[0-9]+(?:(?:\s|[-‐‑–])[0-9]+)*")
_DASHES = str.maketrans("‐‑–", "---")
_SUM_BEFORE = re.compile(r"[£$€+]\s?$|[0-9][.,/:]$")
_DECIMAL = re.compile(r"[.,/:][0-9]")
_SUM_AFTER = re.compile(r"\s?(?:%|(?:per ?cent|pounds?|quid|pence|euros?|dollars?|gbp)\b)", re.IGNORECASE)
_NUMBER_OF = re.compile(
    r"\b(?:account|phone|telephone|tel|mobile|fax|invoice|call|ring|text)(?:\s+(?:number|no))?[\s.:]*(?:on\s)?$", re.I
)


@dataclass(frozen=True, slots=True)
class _Found:
    """Something named: where it stands, and what it is. Without bodies and reference it is not held."""

    start: int
    end: int
    noun: str
    owns: bool = False
    bodies: tuple[Body, ...] = ()
    reference: Reference | None = None
    replaced: bool = False  # the bodies are those that came after the one that is told

    @property
    def is_not_held(self) -> bool:
        """Whether nothing of it is held."""
        return not self.bodies and self.reference is None


class BodyMatcher:
    """Knows the names of the held bodies, and finds them in questions."""

    def __init__(self, bodies: Sequence[str]) -> None:
        self._full = defaultdict[Key, tuple[Body, ...]](tuple)
        self._stems = defaultdict[Key, tuple[Body, ...]](tuple)
        self._halves = defaultdict[Key, tuple[Body, ...]](tuple)  # “Brighton” of Brighton and Hove
        self._bases: set[str] = set()  # “northamptonshire” of West Northamptonshire
        self._punctuated: set[Key] = set()
        self._table = table()
        self._rows = defaultdict[str, tuple[Body, ...]](tuple)  # by their names in the table
        for body in map(body_of, dict.fromkeys(bodies)):
            if not body.key:
                continue
            if len(body.key) > 1:
                self._full[body.key] += (body,)
                if body.key[0] == "the" and len(body.key) > 2:
                    self._full[body.key[1:]] += (body,)
            if body.stem:
                self._stems[body.stem] += (body,)
                if body.family == "council":
                    if "and" in body.stem:
                        self._halves[body.stem[: body.stem.index("and")]] += (body,)
                    kept = [word for word in body.stem if word not in DIRECTIONS]
                    if len(kept) == 1 and len(body.stem) > 1:
                        self._bases.add(kept[0])
            if "," in body.name or "(" in body.name:
                self._punctuated |= {body.key, body.stem}
            for row in self._rows_of(body):
                self._rows[row.name] += (body,)
        self._starts = {key[:2] for key in self._stems if len(key) > 1}
        self._lengths = lengths_of((*self._full, *self._stems, *((base,) for base in self._bases)))

    def read(self, question: str, is_held: Callable[[Reference], bool]) -> QuestionEntities:
        """Read what a question names; `is_held` tells of a reference whether its decision is held."""
        question = fold(question)
        found = list(_references(question, is_held))
        reading = QuestionWords(question, ((each.start, each.end) for each in found))
        for at in range(len(reading.words)):
            if (hit := self._at(reading, at)) is not None:
                found.append(self._marked(question, hit))
                reading.take(hit.start, hit.end)
        found += self._places(reading)
        if more := list(self._not_held(reading)):
            found += [*more, *self._places(reading)]
        found.sort(key=lambda each: each.start)
        others = dict.fromkeys(_told(question, each) for each in found if each.is_not_held or each.replaced)
        return QuestionEntities(
            _without(question, found),
            tuple(dict.fromkeys(body.name for each in found for body in each.bodies)),
            tuple(dict.fromkeys(each.reference for each in found if each.reference is not None)),
            tuple(dict.fromkeys(_told(question, each) for each in found if each.is_not_held)),
            tuple(dict.fromkeys(kin for told in others for kin in self._kin(told))),
        )

    def _at(self, reading: QuestionWords, at: int) -> _Found | None:
        """What is named from this word on: the longest name that counts."""
        for length, key, owns in reading.names(at, self._lengths, self._punctuated):
            found = self._in_full(reading, at, length, key, owns) or self._by_stem(reading, at, length, key, owns)
            if found is not None:
                return found
        return None

    def _in_full(self, reading: QuestionWords, at: int, length: int, key: Key, owns: bool) -> _Found | None:
        bodies = self._full.get(key, ())
        words = reading.words[at : at + length]
        capitals = reading.has_capitals(at, length)
        if not bodies or (GENERIC.issuperset(key) and not (capitals and all(word.capital for word in words))):
            return None
        start = reading.with_directions(at)
        if start < at and reading.words[start].capital == words[0].capital:
            if capitals:
                return None  # the longer name is found by its capitals
            return _Found(reading.words[start].start, words[-1].end, "council", owns)
        if capitals and at > 1 and reading.continues(at):
            return None
        return _Found(words[0].start, words[-1].end, bodies[0].noun, owns, bodies)

    def _by_stem(self, reading: QuestionWords, at: int, length: int, key: Key, owns: bool) -> _Found | None:
        bodies = self._stems.get(key, ())
        if not bodies and not (length == 1 and key[0] in self._bases):
            return None
        words, end = reading.words, at + length
        capitals = reading.has_capitals(at, length)
        if reading.is_person(at) or reading.is_hyphenated(at, end):
            return None
        told, after, headed = (frozenset[str](), end, False) if owns else reading.kind_after(end, bodies)
        before, prefixed = reading.prefix(at)
        follows = reading.joined(after) and words[after].bare in FOLLOWING
        directed = reading.with_directions(before)
        if directed < before or (
            not bodies and reading.is_direction(end) and (*key, words[end].key) not in self._starts
        ):
            return self._elsewhere(reading, directed, before, after, headed, headed or follows or owns)
        if not bodies:
            known = key in self._table.called and not told & KINDS
            return self._other(reading, at, after) if headed and not capitals and not known else None
        fitting = tuple(body for body in bodies if body.fits(told | prefixed))
        if capitals and not prefixed and reading.continues(at):
            return None
        if not fitting:
            return self._other(reading, before, after) if headed or (prefixed and words[before].capital) else None
        if not headed and not owns and capitals and reading.goes_on(after):
            return None
        by_type = bool(told | prefixed)
        kept = tuple(body for body in fitting if _counts(body, reading, at, capitals, by_type, headed, follows))
        if not kept:
            return None
        owns = words[after - 1].owns if after > end else owns
        return _Found(words[before].start, words[after - 1].end, kept[0].noun, owns, kept)

    @staticmethod
    def _other(reading: QuestionWords, start: int, end: int) -> _Found:
        return _Found(reading.words[start].start, reading.words[end - 1].end, "council", reading.words[end - 1].owns)

    def _elsewhere(
        self, reading: QuestionWords, directed: int, stem: int, after: int, headed: bool, told: bool
    ) -> _Found | None:
        """“North Kent”: a body of its own where it is spoken of as one, else a part of the county."""
        words = reading.words
        if directed == stem:  # “Cheshire West”
            after += 1
        if (headed and words[directed].capital and words[stem].capital) or reading.is_linked(after):
            return None  # the longer name is found by its capitals
        same = words[directed].capital and words[stem].capital
        placed = directed > 0 and words[directed - 1].key in PLACING
        return self._other(reading, directed, after) if told or (same and not placed) else None

    def _not_held(self, reading: QuestionWords) -> Iterator[_Found]:
        """Bodies that capitals and a last word such as “Council” show to be named."""
        for at, word in enumerate(reading.words):
            if reading.taken[at] or (word.key != "of" and word.bare not in HEADS):
                continue
            span = reading.phrase_after(at) if word.key == "of" else reading.phrase_before(at)
            if span is not None:
                start, name, end = span
                key = tuple(each.key for each in reading.words[start:name])
                told = frozenset(each.bare for each in reading.words[name:end])
                first, last = reading.words[start], reading.words[end - 1]
                bodies, replaced = tuple(body for body in self._halves.get(key, ()) if body.fits(told)), False
                if not bodies:
                    name_told = body_of(reading.question[first.start : last.end])
                    bodies, replaced = self._held(self._table.of(name_told), name_told.types)
                noun = "trust" if last.bare == "trust" else "council"
                hit = _Found(first.start, last.end, noun, last.owns, bodies, replaced=replaced)
                reading.take(hit.start, hit.end)
                yield hit

    def _places(self, reading: QuestionWords) -> Iterator[_Found]:
        """Councils of the table that are told by their place alone, or by a short form."""
        free, left = 0, list[tuple[Place, tuple[Council, ...]]]()
        for at in range(len(reading.words)):
            if at >= free and (told := self._table.place(reading, at)) is not None:
                free = told[0].after
                if is_spoken_of(told[0]):
                    yield self._taken(*told)
                else:
                    left.append(told)
        for place, rows in reversed(left):  # it may be told together with one that follows
            if is_spoken_of(place):
                yield self._taken(place, rows)

    def _taken(self, place: Place, rows: Sequence[Council]) -> _Found:
        first, last = place.reading.words[place.start], place.reading.words[place.after - 1]
        bodies, replaced = self._held(rows, place.kind)
        place.reading.take(first.start, last.end)
        return _Found(first.start, last.end, "council", last.owns, bodies, replaced=replaced)

    def _held(self, rows: Sequence[Council], told: frozenset[str]) -> tuple[tuple[Body, ...], bool]:
        """The held bodies of these rows, else those that came after; whether it is those."""
        held = tuple(dict.fromkeys(body for row in rows for body in self._rows.get(row.name, ())))
        if held or told & KINDS:
            return held, False
        after = (name for row in rows for name in self._table.lives_on(row))
        held = tuple(dict.fromkeys(body for name in after for body in self._rows.get(name, ())))
        return held, bool(held)

    def _rows_of(self, body: Body) -> tuple[Council, ...]:
        """The rows of the table that a body may be."""
        row = council_of(body.name)
        return (row,) if row is not None else self._table.of(body)

    @staticmethod
    def _marked(question: str, hit: _Found) -> _Found:
        """That what is told in full is another council than those it was read as: one that came before or after."""
        council = council_of(_told(question, hit)) if hit.bodies else None
        if council is None:
            return hit
        return replace(hit, replaced=all(council_of(body.name) not in (council, None) for body in hit.bodies))

    def _kin(self, told: str) -> Iterator[Kin]:
        for row in self._rows_of(body_of(told)):
            for name, relation in self._table.kin(row):
                for body in self._rows.get(name, ()):
                    yield Kin(told, body.name, relation)


def _told(question: str, found: _Found) -> str:
    return re.sub("['’]s?$", "", question[found.start : found.end])


def _counts(
    body: Body, reading: QuestionWords, at: int, capitals: bool, by_type: bool, headed: bool, follows: bool
) -> bool:
    """Whether a stem that fits a body is enough to name it."""
    if not body.ordinary:
        return capitals or by_type or follows
    if capitals:
        return by_type or follows
    word = reading.words[at]
    gerund = word.key.endswith("ing") and at > 0 and reading.words[at - 1].key in GERUND_AFTER
    return body.family != "provider" and headed and not gerund


def _references(question: str, is_held: Callable[[Reference], bool]) -> Iterator[_Found]:
    for run in _DIGITS.finditer(question):
        if len(run[0]) < 8 or _SUM_BEFORE.search(question, max(0, run.start() - 2), run.start()):
            continue
        spans = [(run.start() + start, run.start() + end) for start, end in _shapes(run[0])]
        for start, end in spans[:-1]:
            yield _reference(question, start, end, is_held)
        if spans and (found := _last_reference(question, *spans[-1], is_held)) is not None:
            yield found


def _last_reference(question: str, start: int, end: int, is_held: Callable[[Reference], bool]) -> _Found | None:
    """A reference with the letter that may follow it; “21 017 496 a” has a letter only where that is held.

    None where the digits are part of a word, or of what is not held, a sum, a date or the number of something else.
    """
    if _DECIMAL.match(question, end):
        return None
    letter = LETTER_APART.match(question, end)
    if letter is None and (question[end : end + 1].isalnum() or question[end : end + 1] == "_"):
        return None
    if letter is not None:
        found = _reference(question, start, letter.end(), is_held)
        if found.reference:
            return found
        end = end if letter["apart"] == " " else letter.end()
    found = _reference(question, start, end, is_held)
    is_other = _SUM_AFTER.match(question, end) or _NUMBER_OF.search(question[max(0, start - 40) : start])
    return None if not found.reference and (is_other or may_be_date(question[start:end])) else found


def _shapes(digits: str) -> Iterator[tuple[int, int]]:
    """Where the references are in a run of digits; none where it is not references all through."""
    spans, at = list[tuple[int, int]](), 0
    while at < len(digits):
        match = TYPED_DIGITS.match(digits, at)
        if match is None:
            return
        spans.append(match.span())
        at = match.end() + 1
    yield from spans


def _reference(question: str, start: int, end: int, is_held: Callable[[Reference], bool]) -> _Found:
    reference = Reference(question[start:end].translate(_DASHES))
    return _Found(start, end, "decision", reference=reference if is_held(reference) else None)


_FOLLOW = re.compile(rf"\A\s+(?:{'|'.join(sorted(FOLLOWING, key=len, reverse=True))})\b", re.IGNORECASE)
_CASE = re.compile(r"\A\s+cases?\b", re.IGNORECASE)
_THE = r"(?:(?:the|this|that|both)\s+)?"
_FRONT = r"(?:^|(?<=[.?!]\s))(?:in|for|from|under|on|about|re|regarding|concerning)\s+"
_WITHIN = re.compile(rf"(?:{_FRONT}|\bin\s+){_THE}$", re.IGNORECASE)
_IN = re.compile(r"\bin\s+(?:the\s+)?$", re.IGNORECASE)
_APART = re.compile(r"\A(?:\s*[-–—:;,.?!](?:\s|$)|\s-+(?=\s))")
_ASKED = re.compile(rf"\A\s+(?:{'|'.join(sorted(ASKING))})\b", re.IGNORECASE)
_CLOSE = re.compile(r"\A\s*(?:[,.;:?!)]|$)")
_ENDS = re.compile(r"\A\s*+\)?[\s.?!]*+$")
_LAST = re.compile(r"(\w+)\s*$")
_DETERMINED = re.compile(rf"(?:^|\s)(?:{DETERMINERS})\s+$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s{0,99}+(?:(?:,\s*+)?(?:and|or|&)|[,/])\s+|/", re.IGNORECASE)
_LABEL = re.compile(r"(?:\b(?:ref|reference|no|number|nr|lgo|lgsco)\b[.:]?\s*+|#){1,20}$", re.IGNORECASE)
_NOUN = re.compile(r"\b(?:(?:the|this|that)\s+)?(cases?|decisions?|complaints?)\s*:?\s*$", re.IGNORECASE)
_NOTHING_ELSE = re.compile(rf"the (?:council|trust|decision|provider|{'|'.join(OWN_NOUN.values())})(?:['’]s)?\W*")


def _without(question: str, found: Sequence[_Found]) -> str:
    """The question with what was found taken out or replaced by what it is."""
    if not found:
        return question
    text, at, named = "", 0, False
    for first, last in _groups(question, found):
        between, rest = question[at : first.start], question[last.end :]
        if first.noun == "decision":
            text, at = _drop_reference(text + between, rest, last.end, named and between.isspace())
        else:
            text, at = _drop_body(text + between, rest, last.end, first.noun, _owned(question, last))
        named = first.noun != "decision"
    text = _tidy(text + question[at:])
    own = _HAS_WORD.search(text)
    return text if own and not _NOTHING_ELSE.fullmatch(text) else question


def _groups(question: str, found: Sequence[_Found]) -> Iterator[tuple[_Found, _Found]]:
    """What stands together, “Kent and Halton”: the first and the last of it."""
    first = last = found[0]
    for each in found[1:]:
        if each.noun != last.noun or not _BETWEEN.fullmatch(question, last.end, each.start):
            yield first, last
            first = each
        last = each
    yield first, last


def _owned(question: str, found: _Found) -> str:
    if not found.owns:
        return ""
    ending = question[found.end - 2 : found.end]
    return ending[-1] + "s" if ending[-1] in "'’" else ending[0] + "s"


def _drop_body(text: str, rest: str, end: int, noun: str, owned: str) -> tuple[str, int]:
    """The text up to a name, and the character of the question at which it goes on."""
    follow = _CASE.match(rest) if owned else _FOLLOW.match(rest)
    within = _WITHIN.search(text)
    if follow:
        if within:
            return text[: within.start()], end + follow.end()
        last = _LAST.search(text)
        is_determined = _DETERMINED.search(text) or (last and last[1].lower() not in PLAIN)  # “my”, “two”, “the latest”
        return _article(text, "case") + ("" if is_determined else "the"), end
    if not owned:
        apart = _APART.match(rest)
        if text.endswith("(") and rest.startswith(")"):
            return text[:-1], end + 1
        if not _HAS_WORD.search(text) or re.search(r"[.?!]\s+$", text):
            if apart:
                return text, end + apart.end()
            if _ASKED.match(rest):
                return text, end
        if re.search(r"[-–—:;,(]\s*$", text) and _ENDS.match(rest):
            return re.sub(r"[-–—:;,(\s]+$", "", text), end
        inside = _IN.search(text)
        after = re.match(r"\s+(\w+)", rest)
        if inside and (_CLOSE.match(rest) or (after and after[1].lower() in PLAIN)):
            return text[: inside.start()], end
    return _with_noun(text, noun) + owned, end


def _drop_reference(text: str, rest: str, end: int, after_body: bool) -> tuple[str, int]:
    """The same for a reference."""
    text = _LABEL.sub("", text)
    if rest[:2] in {"'s", "’s"}:
        return _with_noun(text, "decision"), end
    if text.endswith("(") and rest.startswith(")"):
        return text[:-1], end + 1
    noun = _NOUN.search(text)
    if noun:
        within = _WITHIN.search(text[: noun.start()])
        return (text[: within.start()], end) if within else (f"{text[: noun.start()]}the {noun[1]}", end)
    within = _WITHIN.search(text)
    if within:
        return text[: within.start()], end
    last = _LAST.search(text)
    ends = _ENDS.match(rest) and not (last and last[1].lower() in PLAIN)
    if after_body or ends or not _HAS_WORD.search(text) or re.search(r"[-–—:;,.?!(]\s*$", text):
        return text, end
    return _with_noun(text, "decision"), end


def _with_noun(text: str, noun: str) -> str:
    return f"{_article(text, noun)}{'' if _DETERMINED.search(text) else 'the '}{noun}"


def _article(text: str, noun: str) -> str:
    return text if noun[0] in "aeiou" else re.sub(r"\b([Aa])n(\s+)$", r"\1\2", text)


def _tidy(text: str) -> str:
    text = " ".join(re.sub(r"\(\s*\)", "", text).split())
    text = re.sub(r"\s+([,;:.?!)])", r"\1", text)
    text = re.sub(r"([,;:])(?:\s*[,;:])+", r"\1", text)
    text = re.sub(r"^(?:[\s\-–—:;,.?!)]|[&/]\s)+", "", text)
    return re.sub(r"[\s\-–—:;,]+([.?!]*)$", r"\1", text)
