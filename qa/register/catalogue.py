"""The words that a register understands, and what questions may name: bodies and categories, those held and the
Ombudsman’s own. No I/O.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from index.decisions import Reference
from index.store import Store
from index.text.body_names import OPTIONAL
from index.text.councils import councils
from qa.register.words import ASIDES, PHRASES, PLAIN, is_harmless
from qa.text.question_entities import BodyMatcher, QuestionEntities

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


CATEGORIES = {
    "Adult care services": "assessment and care plan; charging; residential care; domiciliary care; direct payments; "
    "disabled facilities grants",
    "Benefits and tax": "council tax; housing benefit; council tax support",
    "Children's care services": "adoption; child protection; disabled children; fostering; friends and family carers; "
    "looked after children",
    "Education": "alternative provision; school admissions; school exclusions; school transport; "
    "special educational needs; sen; send",
    "Environment and regulation": "antisocial behaviour; anti social behaviour; cemeteries and crematoria; drainage; "
    "health and safety; libraries; licensing; noise; pollution; refuse and recycling; trading standards; trees; bins",
    "Housing": "allocations; council house repairs; homelessness; housing allocations; housing repairs; "
    "private housing",
    "Planning": "building control; planning applications; planning enforcement; planning advice",
    "Transport and highways": "highways; highway repair and maintenance; potholes; "
    "roads; parking; rights of way; traffic "
    "management; blue badges; "
    "parking and other penalties",
}
"""The Ombudsman's own categories, https://www.lgo.org.uk/decisions; that nothing of one is held is an answer too."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What questions may name, made once for each version of the index."""

    bodies: tuple[str, ...]
    categories: tuple[str, ...]
    names: BodyMatcher
    """What finds the bodies in a text."""
    holds: Callable[[Reference], bool]
    years: range = range(0)
    """Of the first decision that is held to the last."""
    words: frozenset[str] = field(init=False, repr=False)
    """Those of the bodies' names."""
    part_words: frozenset[str] = field(init=False, repr=False)
    """Those of the names of categories, without the s of their plurals."""
    parts: tuple[tuple[str, tuple[str, ...], frozenset[str]], ...] = field(init=False, repr=False)
    """What may be told of categories: in small letters, the categories that it means, and its words."""

    def __post_init__(self) -> None:
        words = (word for body in self.bodies for word in WORD.findall(small_letters(body)))
        known = frozenset(without_apostrophe(word) for word in words)
        object.__setattr__(self, "words", known | {f"{word}s" for word in known - HEADS - VOCABULARY if len(word) > 3})
        parts = tuple(_parts(self.categories))
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "part_words", frozenset(word for _, _, words in parts for word in words))

    @classmethod
    def of(cls, store: Store, names: BodyMatcher) -> Catalogue:
        """That of a version, and of what finds its bodies."""
        facets = store.facets()
        years = range(facets.first.year, facets.last.year + 1) if facets.first and facets.last else range(0)
        bodies = tuple(name for name, _ in facets.bodies)
        return cls(bodies, tuple(name for name, _ in facets.categories), names, store.holds, years)

    def named(self, text: str) -> QuestionEntities:
        """The bodies and decisions that a text names, held or not."""
        return self.names.read(text, self.holds)


def _parts(categories: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], frozenset[str]]]:
    """The names of categories and their parts, the held ones first, the longest first within these."""
    held: dict[str, tuple[str, ...]] = {small_letters(name): (name,) for name in categories}
    for name in categories:
        for part in name.split(" > "):
            held[small_letters(part)] = (*held.get(small_letters(part), ()), name)
    others = {small_letters(name): (name,) for name in CATEGORIES} | {
        part: (f"{name} > {part.capitalize()}",) for name, parts in CATEGORIES.items() for part in parts.split("; ")
    }
    for names in (held, {part: meant for part, meant in others.items() if part not in held}):
        for part, meant in sorted(names.items(), key=lambda each: -len(each[0])):
            yield part, tuple(dict.fromkeys(meant)), frozenset(map(singular, WORD.findall(part)))


def _is_understood(word: str, catalogue: Catalogue) -> bool:
    """Whether a register understands a word, or a body that is held is called by it."""
    bare = without_apostrophe(word)
    return word in VOCABULARY or bare in VOCABULARY or is_harmless(word) or word[0].isdigit() or bare in catalogue.words


def is_known(word: str, catalogue: Catalogue) -> bool:
    """The same, or a category is called by it."""
    return _is_understood(word, catalogue) or singular(word) in catalogue.part_words


def count_strange(words: Sequence[str], catalogue: Catalogue) -> int:
    """How many words no register understands, and no body held is called by."""
    return sum(not _is_understood(word, catalogue) for word in words)
