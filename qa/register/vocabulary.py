"""The words that a register understands, and those that are meant by a mistyped one. No I/O."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from rapidfuzz.distance import OSA

from qa.register.words import ASIDES, PHRASES, PLAIN
from qa.text.bodies import councils
from qa.text.body_names import OPTIONAL

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|#")


def small_letters(name: str) -> str:
    """A name as a question is spelt."""
    return name.casefold().replace("’", "'").replace("&", " and ")


def without_apostrophe(word: str) -> str:
    """“kent” of “kent's”."""
    return re.sub(r"'s$|'", "", word) if "'" in word else word


def singular(word: str) -> str:
    """A word without the s of its plural."""
    return without_apostrophe(word).removesuffix("s")


def _words_of(pattern: str) -> Iterator[str]:
    """The words that may stand where a pattern matches, and some that are none: “decision”, “decisions”, “decisio”."""
    for word, optional in re.findall(r"([a-z][a-z']*)(\?|)", pattern):
        yield word
        if optional:
            yield word[:-1]
    for word, endings in re.findall(r"([a-z][a-z']*)\(\?:([a-z|]+)\)", pattern):
        yield from (word + ending for ending in endings.split("|"))


VOCABULARY = PLAIN | {word for phrase in (*ASIDES, *PHRASES) for word in _words_of(phrase.pattern.pattern)}


@functools.cache
def place_words() -> frozenset[str]:
    """The words of the names of councils that are known, held or not."""
    return frozenset(
        without_apostrophe(word)
        for council in councils()
        for name in (council.name, *council.short, *council.certain)
        for word in WORD.findall(small_letters(name))
    )


HEADS = OPTIONAL | {"trust"}
_CORE = (
    "decision decisions complaint complaints council councils category categories latest newest recent upheld outcome "
    "reference judgment judgement authority authorities ombudsman collection database ruling rulings earliest oldest "
    "proportion percentage number compare compared".split()
)


def mistyped(word: str) -> str | None:
    """The noun of the register that a word is meant to be."""
    if word.startswith("complainant"):
        return None
    return next((core for core in _CORE if len(word) > 4 and _is_mistyped(word, core)), None)


def _is_mistyped(word: str, core: str) -> bool:
    """Whether one letter is more, less, another, or has changed places with the next; of nine letters or more, two."""
    most = 2 if len(core) > 8 else 1
    return word[0] == core[0] and 0 < OSA.distance(word, core, score_cutoff=most) <= most
