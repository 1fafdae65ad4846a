"""The bodies and decisions that a question names, put as B and R. No I/O.

A name counts in whatever case, for a question about the register has no other: qa.text.question_entities says
whether words are one. What a body is not held, qa.text.question_entities knows too; beyond that, capitals count
where a body would stand (“about Surrey”).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text.references import TYPED_REFERENCE
from qa.register.catalogue import Catalogue
from qa.register.tokens import Reading
from qa.register.vocabulary import HEADS, VOCABULARY, WORD, without_apostrophe
from qa.text.body_names import BEFORE_BOROUGH, BEFORE_OF, DIRECTIONS, SMALL


def with_names(text: str, question: str, catalogue: Catalogue) -> Reading:
    """A reading of a text, spelt out, in which the references and bodies are taken."""
    reading = Reading(text)
    take_references(reading, catalogue)
    take_bodies(reading, question, catalogue)
    return reading


def take_references(reading: Reading, catalogue: Catalogue) -> None:
    """Put R for each reference, of a decision that is held or not."""

    def take(match: re.Match[str]) -> str:
        named = catalogue.named(f"{match[0]} case")
        reading.references += named.reference
        reading.unknown += named.not_held
        return "R" if named.reference or named.not_held else match[0]

    reading.text = TYPED_REFERENCE.sub(take, reading.text)


_BEFORE_OF = (BEFORE_OF | BEFORE_BOROUGH) - {"council"}
_MAX_NAME_WORDS = 9
_MAX_TRIED = 40  # runs of words, whether they are a name


def take_bodies(reading: Reading, question: str, catalogue: Catalogue) -> None:
    """Put B for each held body that is named, in whatever case: a question about the register has no other names."""
    spans = [(match.start(), match.end(), without_apostrophe(match[0])) for match in WORD.finditer(reading.text)]
    pieces, at, done = list[str](), 0, 0
    seen = dict[str, tuple[tuple[str, ...], tuple[str, ...]] | None]()
    while at < len(spans):
        found = _body_at(reading.text, spans, at, catalogue, seen)
        if found is None:
            at += 1
            continue
        end, bodies, unknown = found
        pieces.append(reading.text[done : spans[at][0]] + "B")
        done, at = spans[end - 1][1], end
        reading.bodies.append(bodies)
        if unknown:
            reading.unknown.append(_as_written(unknown, question))
    reading.text = "".join(pieces) + reading.text[done:]


def _body_at(
    text: str,
    spans: Sequence[tuple[int, int, str]],
    at: int,
    catalogue: Catalogue,
    seen: dict[str, tuple[tuple[str, ...], tuple[str, ...]] | None],
) -> tuple[int, tuple[str, ...], str] | None:
    """Where the longest name that begins with this word ends, what it names, and how it is written if not held."""
    word = spans[at][2]
    if word.endswith("s") and word[:-1] in catalogue.words and word not in VOCABULARY | HEADS:
        word = word[:-1]  # “kents”
        spans = [*spans[:at], (spans[at][0], spans[at][1] - 1, word), *spans[at + 1 :]]
    after = spans[at + 1][2] if at + 1 < len(spans) else ""
    prefixed = (word in _BEFORE_OF and after in {"of", "borough"}) or (word in DIRECTIONS and after in catalogue.words)
    if not prefixed and (word not in catalogue.words or word in VOCABULARY):
        return None
    end = at + 1
    while end < min(len(spans), at + _MAX_NAME_WORDS) and spans[end][2] in catalogue.words | SMALL | HEADS:
        end += 1
    for last in range(end, at, -1):
        if spans[last - 1][2] in SMALL:
            continue
        written = re.sub(r"'s?$", "", text[spans[at][0] : spans[last - 1][1]])
        if written not in seen and len(seen) < _MAX_TRIED:
            seen[written] = _named(written, catalogue)
        if found := seen.get(written):
            return last, found[0], "" if found[0] else written
    return None


def _named(written: str, catalogue: Catalogue, held: bool = True) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The bodies that are held, and what is none, if the words are all of a name; `held` if one of them is likely."""
    title = (f"{written.title()} council case", f"{written.title()} case") if held else ()
    for asked in (f"{written} case", *title):
        named = catalogue.named(asked)
        if named.text == "the case" and (named.council or named.not_held):
            return named.council, named.not_held
    return None


def _as_written(name: str, question: str) -> str:
    """A name as the question has it, with its capitals."""
    match = re.search(re.escape(name), question.replace("’", "'"), re.IGNORECASE)
    return match[0] if match else name


_PLACE = re.compile(r"[A-Z][\w'’-]+(?: (?:and |upon |of )?[A-Z][\w'’-]+){0,3}")


def take_places(beside: Reading, question: str, catalogue: Catalogue) -> None:
    """Take the names of bodies that are known and not held, by their capitals."""
    for match in list(_PLACE.finditer(question))[:_MAX_PLACES]:
        if match.start() and (named := _named(match[0], catalogue, held=False)):
            beside.bodies.append(named[0])
            beside.unknown += () if named[0] else (match[0],)


_MAX_PLACES = 4  # names that stand in capitals, which are looked up
_SMALL = frozenset("and of upon the on".split())


def take_unknown(reading: Reading, question: str, catalogue: Catalogue) -> None:
    """Put B for what is no body that is held: one that is known, or with capitals where a body would stand."""
    tokens, strange = reading.marked.split(), set(reading.strange)
    told_by_case = any(word[0].islower() for word in question.split())
    at = len(tokens)
    while at > 0:
        end = at
        at -= 1
        if tokens[at] not in strange:
            continue
        while at > 0 and (
            tokens[at - 1] in strange or (tokens[at - 1] in _SMALL and at > 1 and tokens[at - 2] in strange)
        ):
            at -= 1
        run = " ".join(tokens[at:end])
        written = re.search(re.escape(run), question, re.IGNORECASE)
        named = _named(run, catalogue, held=False) if end - at < 5 else None
        capital = (
            told_by_case
            and written is not None
            and written.start() > 0
            and all(word[0].isupper() for word in written[0].split() if word not in _SMALL)
            and reading.has("DD|D|HOWMANY|CC|COLL|anything|any")
            and _is_slot([token for token in tokens[:at] if token != "the"], tokens[end:])
        )
        if named is None and not capital:
            # “about Surrey and wondered” is no name, but “Surrey” may be one.
            at = next((place for place in range(end - 1, at, -1) if tokens[place] in _SMALL), at)
            continue
        head = end < len(tokens) and tokens[end] in {"C", "CC"}
        if named is None or not named[0]:
            whole = re.search(rf"{re.escape(run)}(?: \w+)?" if head else re.escape(run), question, re.IGNORECASE)
            reading.unknown.append(whole[0] if whole else run)
        reading.bodies.insert(tokens[:at].count("B"), named[0] if named else ())
        tokens[at : end + head] = ["B"]
    reading.marked = " ".join(tokens)


_SLOT = frozenset(
    "about against from for on in at of with and or COMPARED did has does is was involving concerning concern re "
    "regarding to not EXCEPT B".split()
)


def _is_slot(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the name of a body would stand between these tokens."""
    return (bool(before) and before[-1] in _SLOT) or (bool(after) and after[0] in {"DD", "D", "C"})
